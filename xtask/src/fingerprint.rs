//! Tells whether anything changed since the last build, by content and not by date.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::{env, fs};

use crate::failure::{Failure, Result};

/// Folders, wherever they are, that hold results and not sources.
const RESULTS: &[&str] = &[".git", ".tools", "dist", "node_modules", "target"];

/// The one folder of sources that no page is made from, which changes often.
const PROGRAM: &str = "crates/gateway";

/// Variables that change what the compiler makes.
const VARIABLES: &[&str] = &[
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTFLAGS",
    "RUSTUP_TOOLCHAIN",
];

/// A digest of everything that the page could be made from: all files of the checkout but results and the program.
/// Listing what matters instead would serve a stale page the day that a new kind of file does.
///
/// # Errors
///
/// When a file cannot be read.
pub(crate) fn sources(root: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for name in VARIABLES {
        env::var_os(name).hash(&mut hasher);
    }
    add(
        root,
        &|path| is_result(path) || path == root.join(PROGRAM),
        &mut hasher,
    )?;
    Ok(format!("{:016x}", hasher.finish()))
}

/// A digest of a folder of results. A missing folder is an empty one.
///
/// # Errors
///
/// When a file cannot be read.
pub(crate) fn results(folder: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    if folder.is_dir() {
        add(folder, &|_| false, &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn is_result(path: &Path) -> bool {
    RESULTS
        .iter()
        .any(|name| path.file_name() == Some(name.as_ref()))
}

fn add(
    folder: &Path,
    leaves_out: &dyn Fn(&Path) -> bool,
    hasher: &mut DefaultHasher,
) -> Result<()> {
    let failed = |error| Failure::io(folder, &error);
    let mut entries = fs::read_dir(folder)
        .map_err(failed)?
        .collect::<std::io::Result<Vec<_>>>()
        .map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if leaves_out(&path) {
            continue;
        }
        if path.is_dir() {
            path.hash(hasher);
            add(&path, leaves_out, hasher)?;
        } else if path.is_file() {
            path.hash(hasher);
            fs::read(&path)
                .map_err(|error| Failure::io(&path, &error))?
                .hash(hasher);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_of_a_source_changes_the_digest_and_results_do_not() {
        let root = env::temp_dir().join(format!("dsw-fingerprint-{}", std::process::id()));
        fs::create_dir_all(root.join("src")).expect("a folder");
        fs::create_dir_all(root.join("target")).expect("a folder");
        fs::create_dir_all(root.join("crates/gateway")).expect("a folder");
        let write = |name: &str, text: &str| fs::write(root.join(name), text).expect(name);
        write("src/main.rs", "a");
        let first = sources(&root).expect("readable");
        write("target/out", "x");
        write("crates/gateway/main.rs", "x");
        assert_eq!(sources(&root).expect("readable"), first);
        write("src/main.rs", "b");
        let second = sources(&root).expect("readable");
        assert_ne!(second, first);
        write("src/new.css", "");
        assert_ne!(sources(&root).expect("readable"), second);
        fs::remove_dir_all(&root).expect("own folder");
    }
}
