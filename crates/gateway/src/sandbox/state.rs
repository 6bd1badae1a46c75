//! What lasts: the instances, in memory and, if it is wanted, in a file.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::instance::Instance;

/// What the file says of itself.
const VERSION: u32 = 1;

/// Why the file with the sandbox's instances can not be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// It can not be read.
    #[error("cannot read the sandbox's file {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// It can not be written.
    #[error("cannot write the sandbox's file {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// It holds something else.
    #[error("{} is not a file that the sandbox wrote; move it away or name another", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: serde_json::Error,
    },
    /// It was written by a newer program.
    #[error("{} has version {version}, which is newer than this program", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
}

#[derive(Deserialize)]
struct Head {
    version: u32,
}

#[derive(Deserialize)]
struct Kept {
    instances: Vec<Instance>,
}

#[derive(Serialize)]
struct Keep<'a> {
    version: u32,
    instances: &'a [Instance],
}

/// The instances in a file; none when there is no file yet.
pub(super) fn read(path: &Path) -> Result<Option<Vec<Instance>>, StateError> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(StateError::Read {
                path: path.to_owned(),
                source,
            });
        }
    };
    let form = |source| StateError::Form {
        path: path.to_owned(),
        source,
    };
    // The version first: what a newer file holds may not be readable.
    let Head { version } = serde_json::from_slice(&text).map_err(form)?;
    if version > VERSION {
        return Err(StateError::Newer {
            path: path.to_owned(),
            version,
        });
    }
    let kept: Kept = serde_json::from_slice(&text).map_err(form)?;
    Ok(Some(kept.instances))
}

/// Puts the instances into the file: whole or not at all.
pub(super) fn write(path: &Path, instances: &[Instance]) -> Result<(), StateError> {
    let failed = |source| StateError::Write {
        path: path.to_owned(),
        source,
    };
    let text = serde_json::to_vec(&Keep {
        version: VERSION,
        instances,
    })
    .map_err(|error| failed(error.into()))?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // Variables of an instance may be nobody else's business.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = |mut file: File| {
        file.write_all(&text)?;
        file.sync_all()
    };
    options
        .open(&beside)
        .and_then(write)
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(failed)
}
