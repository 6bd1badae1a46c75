//! Steps of many submissions are written together, and each is told the truth about its own (rule 4, G01).

use std::path::Path;

use dsw_gateway::journal::{Entry, Journal, Outcome};
use dsw_gateway::submission::{State, Submission};
use futures_util::future::join_all;
use jiff::Timestamp;

use crate::client::in_time;
use crate::restart::{connection, fails};

/// So many that they take several transactions.
const MANY: usize = 100;

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn entry(key: &str) -> Entry {
    Entry {
        fingerprint: format!("fingerprint of {key}"),
        submission: Submission {
            key: key.to_owned(),
            state: State::Prepared,
            region: "cn-hangzhou".to_owned(),
            instance_name: None,
            workspace_id: Some("40823".to_owned()),
            marker: None,
            body_sha256: "0".repeat(64),
            body_bytes: 7,
            prepared_at: now(),
            sent_at: None,
            settled_at: None,
            checked_at: None,
            instance_id: None,
            upstream: None,
            look_up_forbidden: false,
            candidates: Vec::new(),
        },
    }
}

fn keys() -> Vec<String> {
    (0..MANY)
        .map(|n| format!("key-of-submission-{n}"))
        .collect()
}

async fn journal(folder: &Path) -> Journal {
    Journal::open(&folder.join("journal"), now()).await.unwrap()
}

fn confirmed(key: &str) -> Outcome {
    Outcome {
        state: State::Confirmed,
        instance_id: Some(format!("dsw-{key}")),
        upstream: None,
    }
}

/// How a file has a submission, for whoever opens it now.
async fn state_in(folder: &Path, key: &str) -> Option<String> {
    let mut other = connection(&folder.join("journal")).await;
    sqlx::query_scalar("SELECT state FROM submissions WHERE submission_key = $1")
        .bind(key)
        .fetch_optional(&mut other)
        .await
        .unwrap()
}

/// Rule 4: a step is in the file when it is told to be done, also where many come at once.
#[test]
fn what_is_told_is_written() {
    let folder = tempfile::tempdir().unwrap();
    in_time(async {
        let journal = &journal(folder.path()).await;
        let folder = folder.path();
        let all = keys().into_iter().map(|key| async move {
            assert_eq!(journal.prepare(&entry(&key)).await.unwrap(), None);
            assert_eq!(state_in(folder, &key).await.as_deref(), Some("PREPARED"));
            assert!(journal.send(&key, now(), true).await.unwrap());
            assert_eq!(state_in(folder, &key).await.as_deref(), Some("SENT"));
            assert!(journal.settle(&key, &confirmed(&key), now()).await.unwrap());
            assert_eq!(state_in(folder, &key).await.as_deref(), Some("CONFIRMED"));
            let known = journal.get(&key).await.unwrap().unwrap();
            assert_eq!(known.fingerprint, format!("fingerprint of {key}"));
            assert_eq!(known.submission.instance_id, Some(format!("dsw-{key}")));
            assert!(known.submission.look_up_forbidden);
        });
        join_all(all).await;
    });
}

/// G01: however many want to send one submission at once, one is told to; and what is settled stays so.
#[test]
fn g01_of_many_who_want_to_send_one_does() {
    let folder = tempfile::tempdir().unwrap();
    in_time(async {
        let journal = &journal(folder.path()).await;
        let keys = &keys();
        let prepared = keys.iter().chain(keys).map(|key| async move {
            let before = journal.prepare(&entry(key)).await.unwrap();
            before.is_none()
        });
        let new = join_all(prepared).await;
        assert_eq!(new.iter().filter(|new| **new).count(), MANY);
        let sends = || keys.iter().map(|key| journal.send(key, now(), false));
        let sent = join_all(sends().chain(sends()).chain(sends())).await;
        let ours = sent.into_iter().filter(|sent| *sent.as_ref().unwrap());
        assert_eq!(ours.count(), MANY);
        let rejected = Outcome {
            state: State::Rejected,
            instance_id: None,
            upstream: None,
        };
        let settles = keys.iter().map(|key| async {
            let outcome = confirmed(key);
            let both = [
                journal.settle(key, &outcome, now()),
                journal.settle(key, &rejected, now()),
            ];
            let made = join_all(both).await;
            let made: Vec<_> = made.into_iter().map(Result::unwrap).collect();
            assert_eq!(made, [true, false]);
            let known = journal.get(key).await.unwrap().unwrap().submission;
            assert_eq!(known.state, State::Confirmed);
        });
        join_all(settles).await;
        assert!(
            !journal
                .send("a-key-that-is-not-there", now(), false)
                .await
                .unwrap()
        );
    });
}

/// Rule 4: where one can not be written, nobody whose step is with it is told that it is.
#[test]
fn what_can_not_be_written_is_told_to_nobody() {
    let folder = tempfile::tempdir().unwrap();
    in_time(async {
        let journal = &journal(folder.path()).await;
        let keys = &keys();
        join_all(
            keys.iter()
                .map(|key| async { journal.prepare(&entry(key)).await.unwrap() }),
        )
        .await;
        let odd = "UPDATE ON submissions WHEN NEW.submission_key LIKE '%7'";
        fails(&folder.path().join("journal"), odd).await;
        let folder = folder.path();
        let sends = keys.iter().map(|key| async move {
            let made = journal.send(key, now(), false).await;
            let expected = if made.is_ok() { "SENT" } else { "PREPARED" };
            assert_eq!(
                state_in(folder, key).await.as_deref(),
                Some(expected),
                "{made:?}"
            );
            assert!(made.is_err() || !key.ends_with('7'));
        });
        join_all(sends).await;
        // It goes on: the connection is not left in a transaction.
        assert_eq!(
            journal
                .prepare(&entry("one-more-submission"))
                .await
                .unwrap(),
            None
        );
        assert_eq!(
            state_in(folder, "one-more-submission").await.as_deref(),
            Some("PREPARED")
        );
    });
}
