//! [`Environment`]: what the sources of credentials may know of the process's environment.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Environment variables and the home directory, as the program's entry point hands them in. Cheap to clone.
#[derive(Clone)]
pub struct Environment {
    variables: Arc<dyn Fn(&str) -> Option<String> + Send + Sync>,
    home: Option<PathBuf>,
}

impl Environment {
    /// An environment with these variables and this home directory.
    pub fn new(
        variables: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
        home: Option<PathBuf>,
    ) -> Self {
        Self {
            variables: Arc::new(variables),
            home,
        }
    }

    /// The value of a variable, if it is set and not blank.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        (self.variables)(name).filter(|value| !value.trim().is_empty())
    }

    /// Whether a variable says `true`.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
    }

    /// A path below the home directory.
    pub(crate) fn in_home(&self, path: impl AsRef<Path>) -> Option<PathBuf> {
        self.home.as_ref().map(|home| home.join(path))
    }
}

impl fmt::Debug for Environment {
    // The variables hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment").finish_non_exhaustive()
    }
}
