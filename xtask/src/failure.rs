//! What went wrong, as one sentence for the person at the terminal.

use std::fmt;

/// A sentence that says what is wrong and, where there is something to do, what.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// The result of everything that can fail here.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// Wraps a finished sentence.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// For what has been said already.
    pub(crate) fn silent() -> Self {
        Self(String::new())
    }

    /// For files that cannot be read or written.
    pub(crate) fn io(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self(format!("{}: {error}.", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
