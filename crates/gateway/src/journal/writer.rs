//! The one who writes: steps of many submissions in one transaction, so that the disk is waited for once for all of
//! them.
//!
//! A step is told to be done when the transaction that holds it is on the disk, no earlier. While one is being written
//! the next steps gather; nobody is kept waiting for company. The SQL is one statement for all steps of a kind,
//! each with the same conditions that a step alone would have, and each key is in a transaction once: so of two
//! steps of one submission the second sees what the first has done.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::query_builder::Separated;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Connection as _, QueryBuilder, Sqlite};
use tokio::sync::{mpsc, oneshot};

use super::{Entry, JournalError};
use crate::submission::State;

/// Most steps that wait for the writer; whoever comes after them waits for room.
pub(super) const QUEUE: usize = 1024;

/// Most steps of one transaction. With each number of rows a statement is another, and so many are kept prepared.
const MOST: usize = 32;

/// A step that is to be written down.
#[derive(Debug)]
pub(super) enum Step {
    /// A new submission in the state that it has, prepared or already about to be sent, unless there is one with its key.
    Prepare(Box<Entry>),
    /// A prepared submission is about to be sent.
    Send {
        key: String,
        at: Timestamp,
        look_up_forbidden: bool,
    },
    /// What became of a submission that is not settled yet.
    Settle(Settled),
    /// Nothing but whether it can be written.
    Try,
    /// The last one: nothing is written any more.
    End,
}

/// What became of a submission.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) key: String,
    pub(super) state: State,
    pub(super) at: Timestamp,
    pub(super) instance_id: Option<String>,
    /// What the service said, as JSON.
    pub(super) upstream: Option<String>,
}

/// A step, and who waits for it: it is told whether the step was made, or that it could not be written.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) step: Step,
    pub(super) told: oneshot::Sender<Result<bool, JournalError>>,
}

impl Step {
    fn key(&self) -> &str {
        match self {
            Self::Prepare(entry) => &entry.submission.key,
            Self::Send { key, .. } => key,
            Self::Settle(settled) => &settled.key,
            // No submission has these keys.
            Self::Try => "try",
            Self::End => "end",
        }
    }
}

/// Writes steps as they come, until the journal is closed or nobody is left who could have one.
pub(super) async fn write(pool: SqlitePool, mut steps: mpsc::Receiver<Waiting>) {
    // Another connection would not know what this one has read, and would read it again.
    let mut own = None;
    let is_only = pool.options().get_max_connections() == 1;
    let mut waiting = VecDeque::new();
    while gather(&mut steps, &mut waiting).await {
        let batch = batch(&mut waiting);
        let ends = batch.iter().any(|it| matches!(it.step, Step::End));
        match commit(&pool, &mut own, &batch).await {
            Ok(made) => {
                for Waiting { step, told } in batch {
                    // Whoever has gone does not want to know.
                    let _ = told.send(Ok(made.contains(step.key())));
                }
            }
            Err(error) => {
                // It may be the connection's fault.
                own = None;
                let error = Arc::new(error);
                for Waiting { told, .. } in batch {
                    let _ = told.send(Err(JournalError::Database(Arc::clone(&error))));
                }
            }
        }
        if is_only {
            own = None;
        }
        if ends {
            return;
        }
    }
}

/// Waits for a step, and takes those that come with it: as long as whatever else there is to do leads to another one,
/// which costs less time than a transaction of its own. False if there are no steps any more.
async fn gather(steps: &mut mpsc::Receiver<Waiting>, waiting: &mut VecDeque<Waiting>) -> bool {
    let mut coming = Vec::with_capacity(MOST);
    if waiting.is_empty() && steps.recv_many(&mut coming, MOST).await == 0 {
        return false;
    }
    loop {
        waiting.extend(coming.drain(..));
        if waiting.len() >= MOST {
            return true;
        }
        // All others have their turn.
        tokio::task::yield_now().await;
        while waiting.len() + coming.len() < MOST
            && let Ok(step) = steps.try_recv()
        {
            coming.push(step);
        }
        if coming.is_empty() {
            return true;
        }
    }
}

/// Takes steps out of those that wait, in their order, each key once.
fn batch(waiting: &mut VecDeque<Waiting>) -> Vec<Waiting> {
    let mut batch: Vec<Waiting> = Vec::with_capacity(waiting.len());
    for _ in 0..waiting.len() {
        let Some(next) = waiting.pop_front() else {
            break;
        };
        if batch
            .iter()
            .any(|other| other.step.key() == next.step.key())
        {
            waiting.push_back(next);
        } else {
            batch.push(next);
        }
    }
    batch
}

/// Writes steps to the disk, all of them or none. Returns the keys of those that were made.
async fn commit(
    pool: &SqlitePool,
    own: &mut Option<PoolConnection<Sqlite>>,
    batch: &[Waiting],
) -> Result<HashSet<String>, sqlx::Error> {
    let steps = || batch.iter().map(|waiting| &waiting.step);
    let statements = [
        prepares(steps()),
        sends(steps()),
        settles(steps()),
        tries(steps()),
    ];
    let mut statements: Vec<_> = statements.into_iter().flatten().collect();
    let connection = match own {
        Some(connection) => connection,
        None => own.insert(pool.acquire().await?),
    };
    // One statement is a transaction by itself.
    if let [only] = &mut statements[..] {
        return run(connection, only).await;
    }
    let mut transaction = connection.begin().await?;
    let mut made = HashSet::new();
    for statement in &mut statements {
        made.extend(run(&mut transaction, statement).await?);
    }
    transaction.commit().await?;
    Ok(made)
}

type Statement = QueryBuilder<Sqlite>;

async fn run(
    connection: &mut SqliteConnection,
    statement: &mut Statement,
) -> Result<HashSet<String>, sqlx::Error> {
    let made: Vec<String> = statement.build_query_scalar().fetch_all(connection).await?;
    Ok(made.into_iter().collect())
}

/// Begins a statement with a row for each of these; nothing if there is none.
fn rows<T>(
    begin: &str,
    items: impl Iterator<Item = T>,
    row: impl FnMut(Separated<'_, Sqlite, &'static str>, T),
) -> Option<Statement> {
    let mut items = items.peekable();
    items.peek()?;
    let mut statement = QueryBuilder::new(begin);
    statement.push_values(items, row);
    Some(statement)
}

/// New submissions. Of one whose key is there already nothing is written.
fn prepares<'a>(steps: impl Iterator<Item = &'a Step>) -> Option<Statement> {
    let new = steps.filter_map(|step| match step {
        Step::Prepare(entry) => Some(entry),
        _ => None,
    });
    let begin = "INSERT INTO submissions (submission_key, fingerprint, state, region, instance_name, workspace_id, \
                 marker, body_sha256, body_bytes, prepared_at, sent_at, look_up_forbidden) ";
    let mut insert = rows(begin, new, |mut row, entry| {
        let it = &entry.submission;
        row.push_bind(it.key.as_str())
            .push_bind(entry.fingerprint.as_str())
            .push_bind(it.state.as_str())
            .push_bind(it.region.as_str())
            .push_bind(it.instance_name.as_deref())
            .push_bind(it.workspace_id.as_deref())
            .push_bind(it.marker.as_deref())
            .push_bind(it.body_sha256.as_str())
            .push_bind(i64::try_from(it.body_bytes).unwrap_or(i64::MAX))
            .push_bind(it.prepared_at.as_millisecond())
            .push_bind(it.sent_at.map(Timestamp::as_millisecond))
            .push("0");
    })?;
    insert.push(" ON CONFLICT (submission_key) DO NOTHING RETURNING submission_key");
    Some(insert)
}

/// Prepared submissions that are about to be sent. Those that are in another state stay in it.
fn sends<'a>(steps: impl Iterator<Item = &'a Step>) -> Option<Statement> {
    let sent = steps.filter_map(|step| match step {
        Step::Send {
            key,
            at,
            look_up_forbidden,
        } => Some((key, at, look_up_forbidden)),
        _ => None,
    });
    let begin = "WITH step (own_key, sent_at, look_up_forbidden) AS (";
    let mut update = rows(begin, sent, |mut row, (key, at, look_up_forbidden)| {
        row.push_bind(key.as_str())
            .push_bind(at.as_millisecond())
            .push_bind(i64::from(*look_up_forbidden));
    })?;
    update.push(
        ") UPDATE submissions SET state = 'SENT', sent_at = step.sent_at, \
         look_up_forbidden = step.look_up_forbidden FROM step \
         WHERE submission_key = step.own_key AND state = 'PREPARED' RETURNING submission_key",
    );
    Some(update)
}

/// What became of submissions. One that is settled stays as it is.
fn settles<'a>(steps: impl Iterator<Item = &'a Step>) -> Option<Statement> {
    let settled = steps.filter_map(|step| match step {
        Step::Settle(settled) => Some(settled),
        _ => None,
    });
    let begin = "WITH step (own_key, state, settled_at, instance_id, upstream) AS (";
    let mut update = rows(begin, settled, |mut row, it| {
        row.push_bind(it.key.as_str())
            .push_bind(it.state.as_str())
            .push_bind(it.at.as_millisecond())
            .push_bind(it.instance_id.as_deref())
            .push_bind(it.upstream.as_deref());
    })?;
    update.push(
        ") UPDATE submissions SET state = step.state, settled_at = step.settled_at, \
         instance_id = step.instance_id, upstream = COALESCE(step.upstream, submissions.upstream) FROM step \
         WHERE submission_key = step.own_key AND submissions.state IN ('PREPARED', 'SENT', 'UNKNOWN') \
         RETURNING submission_key",
    );
    Some(update)
}

/// A row that is written to find out whether writing is possible.
fn tries<'a>(mut steps: impl Iterator<Item = &'a Step>) -> Option<Statement> {
    steps.find(|step| matches!(step, Step::Try))?;
    Some(QueryBuilder::new(
        "INSERT INTO writable (id, tried) VALUES (1, 1) \
         ON CONFLICT (id) DO UPDATE SET tried = writable.tried + 1 RETURNING 'try'",
    ))
}
