//! Where things are, and which versions the project asks for.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// The checkout that this program belongs to.
#[derive(Debug)]
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// The checkout that cargo runs this program for, wherever it was started.
    pub(crate) fn find() -> Self {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .parent()
            .map_or_else(PathBuf::new, Path::to_path_buf);
        Self { root }
    }

    /// The folder of the workspace's manifest.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The built page.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Programs that were fetched for this project, and notes about the last build.
    pub(crate) fn tools(&self) -> PathBuf {
        self.root.join(".tools")
    }

    /// The version of the wasm-bindgen library, which the program of that name has to match.
    ///
    /// # Errors
    ///
    /// When `Cargo.lock` is missing or does not name it.
    pub(crate) fn wasm_bindgen_version(&self) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let lock = fs::read_to_string(&path).map_err(|error| Failure::io(&path, &error))?;
        locked_version(&lock, "wasm-bindgen")
            .map(str::to_owned)
            .ok_or_else(|| {
                Failure::new("Cargo.lock does not name wasm-bindgen: restore it from git.")
            })
    }
}

/// The version of a package in the text of a `Cargo.lock`.
fn locked_version<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let value = |line: &'lock str, key: &str| {
        line.strip_prefix(key)?
            .strip_prefix(" = \"")?
            .strip_suffix('"')
    };
    let mut lines = lock.lines();
    lines.find(|line| value(line, "name") == Some(package))?;
    lines
        .take_while(|line| !line.is_empty())
        .find_map(|line| value(line, "version"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"version = 4

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.99"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = [
 "cfg-if",
]
"#;

    #[test]
    fn version_is_that_of_the_package_with_exactly_that_name() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(LOCK, "wasm-bindgen-macro"), Some("0.2.99"));
        assert_eq!(locked_version(LOCK, "wasm"), None);
        assert_eq!(locked_version("", "wasm-bindgen"), None);
    }

    #[test]
    fn this_checkout_names_a_version() {
        assert!(Project::find().wasm_bindgen_version().is_ok());
    }
}
