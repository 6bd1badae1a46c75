//! The journal: what it holds after a program was killed, and what happens when it can not be written (rule 4, G08).

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dsw_gateway::app::App;
use dsw_gateway::journal::{Journal, JournalError};
use dsw_gateway::operation::Operation;
use jiff::{SignedDuration, Timestamp};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tokio::time::timeout;

use crate::client::{KEY, app_with, body, check, get, in_time, marked, post, status};
use crate::service::{Fault, Play, Service};

fn start() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

async fn app_at(service: &Arc<Service>, file: &Path) -> App {
    app_with(service, Journal::open(file, start()).await.unwrap())
}

/// G01, G08, rule 4: the program is killed while each of its calls is under way, or between them.
#[test]
fn g08_a_restart_tells_the_truth() {
    let mut ends = BTreeSet::new();
    for tenth in (1..40).step_by(2) {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("journal");
        let service = Arc::new(Service {
            pace: Duration::from_millis(500),
            ..Service::default()
        });
        let told = in_time(async {
            let app = app_at(&service, &file).await;
            let lives = Duration::from_millis(100 * tenth);
            timeout(lives, post(&app, KEY, &marked(KEY))).await.ok()
        });
        let creates = service.creates();
        let there = service.instances().len();
        in_time(async {
            let app = app_at(&service, &file).await;
            let after = status(&app, KEY).await;
            let state = after.code().to_owned();
            match &*state {
                "NOT_FOUND" | "PREPARED" => assert_eq!(creates, 0),
                "UNKNOWN" => assert!(there <= 1),
                "CONFIRMED" => assert_eq!(there, 1),
                _ => panic!("{after:?}"),
            }
            if told.is_some() {
                assert_eq!(state, "CONFIRMED");
            }
            let again = post(&app, KEY, &marked(KEY)).await;
            match (&*state, there) {
                ("UNKNOWN", 0) => assert_eq!(again.code(), "OUTCOME_UNKNOWN"),
                ("UNKNOWN", _) => assert_eq!(again.code(), "FOUND"),
                _ => assert_eq!(again.code(), "CONFIRMED"),
            }
            assert!(service.creates() <= 1);
            ends.insert((state, there));
        });
    }
    let seen: BTreeSet<_> = ends
        .iter()
        .map(|(state, there)| (state.as_str(), *there))
        .collect();
    for end in [
        ("PREPARED", 0),
        ("UNKNOWN", 0),
        ("UNKNOWN", 1),
        ("CONFIRMED", 1),
    ] {
        assert!(seen.contains(&end), "{end:?} was not met: {seen:?}");
    }
}

/// The same without a marker: nothing is looked up before the send, so it is written down as sent at once. Of one that
/// was killed nobody knows, and it is not sent again.
#[test]
fn g08_a_restart_tells_the_truth_of_an_unmarked_create() {
    let mut ends = BTreeSet::new();
    for tenth in (1..20).step_by(2) {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("journal");
        let service = Arc::new(Service {
            pace: Duration::from_millis(500),
            ..Service::default()
        });
        in_time(async {
            let app = app_at(&service, &file).await;
            let lives = Duration::from_millis(100 * tenth);
            timeout(lives, post(&app, KEY, &body())).await.ok()
        });
        let creates = service.creates();
        in_time(async {
            let app = app_at(&service, &file).await;
            let state = status(&app, KEY).await.code().to_owned();
            let again = post(&app, KEY, &body()).await;
            let expected = match &*state {
                // It came no further than here.
                "NOT_FOUND" => {
                    assert_eq!(creates, 0);
                    "CONFIRMED"
                }
                "UNKNOWN" => "OUTCOME_UNKNOWN",
                other => other,
            };
            assert_eq!(again.code(), expected, "{again:?}");
            assert!(service.creates() <= 1);
            ends.insert(state);
        });
    }
    for end in ["UNKNOWN", "CONFIRMED"] {
        assert!(ends.contains(end), "{end} was not met: {ends:?}");
    }
    assert!(!ends.contains("PREPARED"), "{ends:?}");
}

/// Rule 2: what is done is told for thirty days at least, also after a restart; then it may go. What is not known
/// stays.
#[test]
fn results_are_kept_for_thirty_days() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("journal");
    let (unknown, rejected) = ("unknown-key-0123456789", "rejected-key-0123456789");
    let service = Arc::new(Service::default());
    in_time(async {
        let app = app_at(&service, &file).await;
        assert_eq!(post(&app, KEY, &body()).await.code(), "CONFIRMED");
        service.plan(|_| Play::Instead(Fault::Lost));
        assert_eq!(post(&app, unknown, &body()).await.state(), "UNKNOWN");
        service.plan(|_| Play::Instead(Fault::Says(403, r#"{"Code":"NoPermission"}"#)));
        assert_eq!(post(&app, rejected, &body()).await.state(), "REJECTED");
        service.plan(|_| Play::Well);
    });
    for (days, kept) in [(29, true), (31, false)] {
        in_time(async {
            let later = start() + SignedDuration::from_hours(24 * days);
            let app = app_with(&service, Journal::open(&file, later).await.unwrap());
            for (key, state) in [(KEY, "CONFIRMED"), (rejected, "REJECTED")] {
                let told = status(&app, key).await;
                assert_eq!(
                    told.code(),
                    if kept { state } else { "NOT_FOUND" },
                    "{days} days"
                );
            }
            assert_eq!(status(&app, unknown).await.code(), "UNKNOWN");
        });
    }
    assert_eq!(service.creates(), 3);
}

/// The journal's file, as another program sees it.
pub(crate) async fn connection(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Makes each write of this kind fail, as a full disk does.
pub(crate) async fn fails(file: &Path, write: &str) {
    let statement = format!(
        "CREATE TRIGGER full BEFORE {write} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    );
    let mut connection = connection(file).await;
    sqlx::query(sqlx::AssertSqlSafe(statement))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// Rule 4: what can not be written down is not sent; reads go on.
#[test]
fn without_a_journal_nothing_is_sent() {
    for (write, calls) in [
        ("INSERT ON submissions", 0),
        ("UPDATE ON submissions WHEN NEW.state = 'SENT'", 2),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("journal");
        in_time(async {
            let service = Arc::new(Service::default());
            let app = app_at(&service, &file).await;
            assert!(app.journal.writable().await.is_ok());
            fails(&file, write).await;
            let told = post(&app, KEY, &marked(KEY)).await;
            assert_eq!(
                (told.status, told.code()),
                (503, "JOURNAL_UNAVAILABLE"),
                "{write}"
            );
            assert_eq!(service.creates(), 0);
            assert_eq!(service.calls(Operation::ListInstances).len(), calls);
            let read = get(&app, "/api/v1/workspaces?RegionId=cn-hangzhou").await;
            assert_eq!(read.status, 200);
        });
    }
    in_time(async {
        let service = Arc::new(Service::default());
        let app = crate::client::app(&service).await;
        app.journal.close().await;
        assert!(app.journal.writable().await.is_err());
        for told in [
            post(&app, KEY, &body()).await,
            status(&app, KEY).await,
            check(&app, KEY).await,
        ] {
            assert_eq!((told.status, told.code()), (503, "JOURNAL_UNAVAILABLE"));
        }
        assert!(service.calls.lock().unwrap().is_empty());
    });
}

/// Rule 4: the truth is told also when it can not be written down any more, and nothing else later.
#[test]
fn an_outcome_that_can_not_be_written_is_told_and_never_contradicted() {
    for (play, code) in [
        (Play::Well, "CONFIRMED"),
        (Play::Instead(Fault::Says(403, "{}")), "UPSTREAM_REFUSED"),
        (Play::DoneThen(Fault::Lost), "OUTCOME_UNKNOWN"),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("journal");
        let service = Service::creating(play);
        in_time(async {
            let app = app_at(&service, &file).await;
            fails(&file, "UPDATE ON submissions WHEN NEW.state <> 'SENT'").await;
            assert_eq!(post(&app, KEY, &body()).await.code(), code);
            let told = status(&app, KEY).await;
            assert_eq!(told.code(), "SENT");
            let again = post(&app, KEY, &body()).await;
            assert_eq!((again.status, again.code()), (409, "IN_FLIGHT"));
            let mut connection = connection(&file).await;
            sqlx::query("DROP TRIGGER full")
                .execute(&mut connection)
                .await
                .unwrap();
            connection.close().await.unwrap();
        });
        in_time(async {
            let app = app_at(&service, &file).await;
            assert_eq!(status(&app, KEY).await.code(), "UNKNOWN");
            assert_eq!(service.creates(), 1);
        });
    }
}

/// Rule 4 and S19: no body, and no secret in it.
#[test]
fn s19_the_journal_holds_no_body() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("journal");
    let service = Service::creating(Play::Instead(Fault::Says(
        400,
        r#"{"Code":"ValidationError","Message":"ImageAuth dXNlcjpodW50ZXIyaHVudGVyMg== is wrong"}"#,
    )));
    in_time(async {
        let app = app_at(&service, &file).await;
        let mut body = body();
        body.as_object_mut().unwrap().remove("ImageId");
        body["ImageUrl"] = "registry.cn-hangzhou.aliyuncs.com/a/b:1".into();
        body["ImageAuth"] = "dXNlcjpodW50ZXIyaHVudGVyMg==".into();
        body["EnvironmentVariables"] = serde_json::json!({ "HF_TOKEN": "hf_marker" });
        assert_eq!(post(&app, KEY, &body).await.state(), "REJECTED");
        // While it is open: what is in its log counts too.
        hold_nothing(
            directory.path(),
            &["dXNlcjpodW50ZXIy", "hf_marker", "registry.cn-hangzhou"],
        );
    });
}

/// No file of the journal holds any of these texts, and none can be read by others.
fn hold_nothing(directory: &Path, texts: &[&str]) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let holds = |text: &str| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        for text in texts {
            assert!(!holds(text), "{text} in {}", path.display());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{} is for its owner alone", path.display());
        }
    }
}

#[test]
fn a_journal_that_can_not_be_opened_says_so() {
    in_time(async {
        let directory = tempfile::tempdir().unwrap();
        let nowhere = directory.path().join("none").join("journal");
        let opened = Journal::open(&nowhere, start()).await;
        assert!(matches!(opened, Err(JournalError::Open(_))), "{opened:?}");
        let other = directory.path().join("other");
        std::fs::write(&other, [b'x'; 4096]).unwrap();
        assert!(Journal::open(&other, start()).await.is_err());
    });
}
