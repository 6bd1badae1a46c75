//! The journal of submissions: a table in an embedded SQLite file (rule 4 of create).
//!
//! Each step is committed, and on the disk, before what it announces is done; steps of several submissions that come at
//! the same time in one transaction (`journal/writer.rs`). The key is unique in the database and every step names the
//! state that it leaves, so of two programs on one journal only one can send. There is no body in it, and no secret.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Row as _};
use tokio::sync::{mpsc, oneshot};

use crate::submission::{Said, State, Submission};

mod writer;

use writer::{Settled, Step, Waiting};

/// How long a submission that is settled is kept at least (rule 2).
pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long another connection may hold the file before a step fails.
const BUSY: Duration = Duration::from_secs(5);

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// The journal. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Journal {
    pool: SqlitePool,
    /// To the one who writes the steps of all submissions.
    steps: mpsc::Sender<Waiting>,
}

/// Why the journal can not be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file can not be made or opened.
    #[error("the journal can not be opened")]
    Open(#[from] std::io::Error),
    /// Its tables can not be made, or are those of a newer version.
    #[error("the journal's tables can not be brought up to date")]
    Tables(#[from] sqlx::migrate::MigrateError),
    /// Reading or writing failed.
    #[error("the journal can not be read or written")]
    Database(#[source] Arc<sqlx::Error>),
    /// Nobody writes any more.
    #[error("the journal is closed")]
    Closed,
    /// A row holds what no version of this program has written.
    #[error("the journal holds a row that is not understood")]
    Row,
}

impl From<sqlx::Error> for JournalError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

/// A submission that is to be written down, or was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// SHA-256 of what is asked for (rule 3), in hex.
    pub fingerprint: String,
    /// How it stands.
    pub submission: Submission,
}

/// What became of a submission that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The state that it comes to.
    pub state: State,
    /// Id of the instance.
    pub instance_id: Option<String>,
    /// What the service said. The reply itself is not kept.
    pub upstream: Option<Said>,
}

impl Journal {
    /// Opens the journal in this file, which is made if need be, readable by its owner alone. Submissions that
    /// were being sent when the program ended are unknown from now on; those long settled are taken out.
    ///
    /// # Errors
    ///
    /// When the file can not be opened and written.
    pub async fn open(path: &Path, now: Timestamp) -> Result<Self, JournalError> {
        private_file(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal);
        let journal = Self::connect(options, 2).await?;
        journal.recover(now).await?;
        Ok(journal)
    }

    /// A journal that lasts as long as the program: for tests, and for a sandbox whose state is not kept.
    ///
    /// # Errors
    ///
    /// When SQLite can not be had.
    pub async fn in_memory() -> Result<Self, JournalError> {
        Self::connect(SqliteConnectOptions::new().in_memory(true), 1).await
    }

    async fn connect(
        options: SqliteConnectOptions,
        connections: u32,
    ) -> Result<Self, JournalError> {
        let options = options
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            // What a statement needs for itself is no file.
            .pragma("temp_store", "memory")
            .disable_statement_logging();
        // A journal in memory ends with its only connection, so none is closed for being idle or old.
        let pool = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(connections)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await?;
        MIGRATIONS.run(&pool).await?;
        let (steps, coming) = mpsc::channel(writer::QUEUE);
        tokio::spawn(writer::write(pool.clone(), coming));
        Ok(Self { pool, steps })
    }

    /// Has a step written down together with those of others. Returns whether it was made, once that is on the disk.
    async fn step(&self, step: Step) -> Result<bool, JournalError> {
        let (told, made) = oneshot::channel();
        let waiting = Waiting { step, told };
        let sent = self.steps.send(waiting).await;
        sent.map_err(|_| JournalError::Closed)?;
        made.await.map_err(|_| JournalError::Closed)?
    }

    async fn recover(&self, now: Timestamp) -> Result<(), JournalError> {
        sqlx::query(
            "UPDATE submissions SET state = 'UNKNOWN', settled_at = $1 WHERE state = 'SENT'",
        )
        .bind(now.as_millisecond())
        .execute(&self.pool)
        .await?;
        let before = now
            .checked_sub(KEPT)
            .map_or(i64::MIN, Timestamp::as_millisecond);
        sqlx::query(
            "DELETE FROM submissions WHERE (state IN ('CONFIRMED', 'REJECTED', 'FOUND') AND settled_at < $1) \
             OR (state = 'PREPARED' AND prepared_at < $1)",
        )
        .bind(before)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Tries whether a step can be written at this moment (`/readyz`).
    ///
    /// # Errors
    ///
    /// When it can not.
    pub async fn writable(&self) -> Result<(), JournalError> {
        self.step(Step::Try).await.map(|_| ())
    }

    /// Closes the journal once all that was begun is written.
    pub async fn close(&self) {
        // It comes after all that others have asked for, and nothing of its own can go wrong.
        let _ = self.step(Step::End).await;
        self.pool.close().await;
    }

    /// The submission with this key.
    ///
    /// # Errors
    ///
    /// When the journal can not be read.
    pub async fn get(&self, key: &str) -> Result<Option<Entry>, JournalError> {
        let row = sqlx::query("SELECT * FROM submissions WHERE submission_key = $1")
            .bind(key)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| entry(&row)).transpose()
    }

    /// Writes a new submission down, prepared or already about to be sent. If there is one with its key already, that
    /// one stays, and is returned; else it is written, and whoever is told so of one about to be sent sends it.
    ///
    /// # Errors
    ///
    /// When it can not be written; then it must not be sent.
    pub async fn prepare(&self, new: &Entry) -> Result<Option<Entry>, JournalError> {
        if self.step(Step::Prepare(Box::new(new.clone()))).await? {
            return Ok(None);
        }
        self.get(&new.submission.key).await
    }

    /// Writes down that a prepared submission is about to be sent. Whoever is told true sends it, and nobody else.
    ///
    /// # Errors
    ///
    /// When it can not be written; then it must not be sent.
    pub async fn send(
        &self,
        key: &str,
        now: Timestamp,
        look_up_forbidden: bool,
    ) -> Result<bool, JournalError> {
        let key = key.to_owned();
        let step = Step::Send {
            key,
            at: now,
            look_up_forbidden,
        };
        self.step(step).await
    }

    /// Writes down that nothing of a submission has left after all: it may be sent again.
    ///
    /// # Errors
    ///
    /// When it can not be written.
    pub async fn take_back(&self, key: &str) -> Result<(), JournalError> {
        sqlx::query(
            "UPDATE submissions SET state = 'PREPARED', sent_at = NULL, settled_at = NULL \
             WHERE submission_key = $1 AND state IN ('SENT', 'UNKNOWN')",
        )
        .bind(key)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Writes down what became of a submission. One that is settled stays as it is, and the answer is false.
    ///
    /// # Errors
    ///
    /// When it can not be written.
    pub async fn settle(
        &self,
        key: &str,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<bool, JournalError> {
        let upstream = outcome.upstream.clone().map(|said| Said {
            reply: None,
            ..said
        });
        let upstream = upstream.and_then(|said| serde_json::to_string(&said).ok());
        let settled = Settled {
            key: key.to_owned(),
            state: outcome.state,
            at: now,
            instance_id: outcome.instance_id.clone(),
            upstream,
        };
        self.step(Step::Settle(settled)).await
    }

    /// Writes down that an unknown submission was looked for in vain. False if it is not unknown any more.
    ///
    /// # Errors
    ///
    /// When it can not be written.
    pub async fn checked(&self, key: &str, now: Timestamp) -> Result<bool, JournalError> {
        let done = sqlx::query("UPDATE submissions SET checked_at = $2 WHERE submission_key = $1 AND state = 'UNKNOWN'")
            .bind(key)
            .bind(now.as_millisecond())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}

/// Makes the file, if there is none, so that only its owner can read it.
fn private_file(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).map(|_| ())
}

fn entry(row: &SqliteRow) -> Result<Entry, JournalError> {
    let time = |name: &str| -> Result<Option<Timestamp>, JournalError> {
        let millisecond: Option<i64> = row.try_get(name)?;
        let time = millisecond.map(Timestamp::from_millisecond).transpose();
        time.map_err(|_| JournalError::Row)
    };
    let state: String = row.try_get("state")?;
    let upstream: Option<String> = row.try_get("upstream")?;
    let upstream = upstream.map(|text| serde_json::from_str(&text)).transpose();
    let bytes: i64 = row.try_get("body_bytes")?;
    let forbidden: i64 = row.try_get("look_up_forbidden")?;
    Ok(Entry {
        fingerprint: row.try_get("fingerprint")?,
        submission: Submission {
            key: row.try_get("submission_key")?,
            state: State::parse(&state).ok_or(JournalError::Row)?,
            region: row.try_get("region")?,
            instance_name: row.try_get("instance_name")?,
            workspace_id: row.try_get("workspace_id")?,
            marker: row.try_get("marker")?,
            body_sha256: row.try_get("body_sha256")?,
            body_bytes: u64::try_from(bytes).map_err(|_| JournalError::Row)?,
            prepared_at: time("prepared_at")?.ok_or(JournalError::Row)?,
            sent_at: time("sent_at")?,
            settled_at: time("settled_at")?,
            checked_at: time("checked_at")?,
            instance_id: row.try_get("instance_id")?,
            upstream: upstream.map_err(|_| JournalError::Row)?,
            look_up_forbidden: forbidden != 0,
            candidates: Vec::new(),
        },
    })
}
