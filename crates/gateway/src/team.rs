//! The policy of the team, from its file: what the page is told, and what creates are held against.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use dsw_model::policy::{MAX_BYTES, Policy, PolicyError};

/// The policy that holds for as long as the program runs, and its file as it is served. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    /// The policy, as it was read.
    pub policy: &'static Policy,
    /// The file, byte for byte: the page reads it by the same reader.
    pub bytes: Bytes,
}

/// Why there is no policy.
#[derive(Debug, thiserror::Error)]
pub enum TeamError {
    /// The file can not be read.
    #[error("--policy {}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// What is in it is no policy.
    #[error("--policy {}: {}", path.display(), dsw_words::policy_error(error))]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        error: PolicyError,
    },
}

impl Team {
    /// Reads the policy in a file.
    ///
    /// # Errors
    ///
    /// When the file can not be read, or is broken: a policy that is not understood must not let everything pass.
    pub fn read(path: &Path) -> Result<Self, TeamError> {
        let mut bytes = Vec::new();
        let most = MAX_BYTES as u64 + 1;
        let read = File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
        read.map_err(|error| TeamError::File {
            path: path.to_owned(),
            error,
        })?;
        let policy = Policy::read(&bytes).map_err(|error| TeamError::Broken {
            path: path.to_owned(),
            error,
        })?;
        Ok(Self {
            policy: Box::leak(Box::new(policy)),
            bytes: bytes.into(),
        })
    }
}
