//! The journal of submissions: a table in an embedded SQLite file (rule 4 of create).
//!
//! Each step is committed, and on the disk, before what it announces is done. The key is unique in the database
//! and every step names the state that it leaves, so of two programs on one journal only one can send. There is no
//! body in it, and no secret.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Row as _};

use crate::submission::{Said, State, Submission};

/// How long a submission that is settled is kept at least (rule 2).
pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long another connection may hold the file before a step fails.
const BUSY: Duration = Duration::from_secs(5);

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// The journal. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Journal(SqlitePool);

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
    Database(#[from] sqlx::Error),
    /// A row holds what no version of this program has written.
    #[error("the journal holds a row that is not understood")]
    Row,
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
        Ok(Self(pool))
    }

    async fn recover(&self, now: Timestamp) -> Result<(), JournalError> {
        sqlx::query(
            "UPDATE submissions SET state = 'UNKNOWN', settled_at = $1 WHERE state = 'SENT'",
        )
        .bind(now.as_millisecond())
        .execute(&self.0)
        .await?;
        let before = now
            .checked_sub(KEPT)
            .map_or(i64::MIN, Timestamp::as_millisecond);
        sqlx::query(
            "DELETE FROM submissions WHERE (state IN ('CONFIRMED', 'REJECTED', 'FOUND') AND settled_at < $1) \
             OR (state = 'PREPARED' AND prepared_at < $1)",
        )
        .bind(before)
        .execute(&self.0)
        .await?;
        Ok(())
    }

    /// Tries whether a step can be written at this moment (`/readyz`).
    ///
    /// # Errors
    ///
    /// When it can not.
    pub async fn writable(&self) -> Result<(), JournalError> {
        sqlx::query(
            "INSERT INTO writable (id, tried) VALUES (1, 1) \
             ON CONFLICT (id) DO UPDATE SET tried = writable.tried + 1",
        )
        .execute(&self.0)
        .await?;
        Ok(())
    }

    /// Closes the journal once all that was begun is written.
    pub async fn close(&self) {
        self.0.close().await;
    }

    /// The submission with this key.
    ///
    /// # Errors
    ///
    /// When the journal can not be read.
    pub async fn get(&self, key: &str) -> Result<Option<Entry>, JournalError> {
        let row = sqlx::query("SELECT * FROM submissions WHERE submission_key = $1")
            .bind(key)
            .fetch_optional(&self.0)
            .await?;
        row.map(|row| entry(&row)).transpose()
    }

    /// Writes a new submission down. If there is one with its key already, that one stays, and is returned.
    ///
    /// # Errors
    ///
    /// When it can not be written; then it must not be sent.
    pub async fn prepare(&self, new: &Entry) -> Result<Option<Entry>, JournalError> {
        let it = &new.submission;
        let length = i64::try_from(it.body_bytes).unwrap_or(i64::MAX);
        let done = sqlx::query(
            "INSERT INTO submissions (submission_key, fingerprint, state, region, instance_name, workspace_id, \
             marker, body_sha256, body_bytes, prepared_at, look_up_forbidden) \
             VALUES ($1, $2, 'PREPARED', $3, $4, $5, $6, $7, $8, $9, 0) \
             ON CONFLICT (submission_key) DO NOTHING",
        )
        .bind(&it.key)
        .bind(&new.fingerprint)
        .bind(&it.region)
        .bind(&it.instance_name)
        .bind(&it.workspace_id)
        .bind(&it.marker)
        .bind(&it.body_sha256)
        .bind(length)
        .bind(it.prepared_at.as_millisecond())
        .execute(&self.0)
        .await?;
        if done.rows_affected() == 1 {
            return Ok(None);
        }
        self.get(&it.key).await
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
        let done = sqlx::query(
            "UPDATE submissions SET state = 'SENT', sent_at = $2, look_up_forbidden = $3 \
             WHERE submission_key = $1 AND state = 'PREPARED'",
        )
        .bind(key)
        .bind(now.as_millisecond())
        .bind(i64::from(look_up_forbidden))
        .execute(&self.0)
        .await?;
        Ok(done.rows_affected() == 1)
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
        .execute(&self.0)
        .await?;
        Ok(())
    }

    /// Writes down what became of a submission that was sent. A settled one stays as it is.
    ///
    /// # Errors
    ///
    /// When it can not be written.
    pub async fn settle(
        &self,
        key: &str,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<(), JournalError> {
        let upstream = outcome.upstream.clone().map(|said| Said {
            reply: None,
            ..said
        });
        let upstream = upstream.and_then(|said| serde_json::to_string(&said).ok());
        sqlx::query(
            "UPDATE submissions SET state = $2, settled_at = $3, instance_id = $4, upstream = COALESCE($5, upstream) \
             WHERE submission_key = $1 AND state IN ('PREPARED', 'SENT', 'UNKNOWN')",
        )
        .bind(key)
        .bind(outcome.state.as_str())
        .bind(now.as_millisecond())
        .bind(&outcome.instance_id)
        .bind(upstream)
        .execute(&self.0)
        .await?;
        Ok(())
    }

    /// Writes down that an unknown submission was looked for in vain.
    ///
    /// # Errors
    ///
    /// When it can not be written.
    pub async fn checked(&self, key: &str, now: Timestamp) -> Result<(), JournalError> {
        sqlx::query("UPDATE submissions SET checked_at = $2 WHERE submission_key = $1 AND state = 'UNKNOWN'")
            .bind(key)
            .bind(now.as_millisecond())
            .execute(&self.0)
            .await?;
        Ok(())
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
