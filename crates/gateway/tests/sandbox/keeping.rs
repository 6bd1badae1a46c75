//! A sandbox with a file shows the same instances when it is started anew.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dsw_gateway::operation::Operation;
use dsw_gateway::sandbox::{Options, Sandbox, StateError};
use serde_json::json;

use crate::bench::{Bench, Clock, EVERYTHING, body, with};

fn options(path: &Path) -> Options {
    Options {
        file: Some(path.to_owned()),
        ..Options::default()
    }
}

#[tokio::test]
async fn a_restart_shows_the_same_instances() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.json");
    let before = Bench::with(options(&path));
    let late = "late=600:1".parse().unwrap();
    before.created(&body("first")).await;
    before.sandbox.set_faults(vec![late]);
    before
        .created(&with(body("hidden"), json!({"Priority": 3})))
        .await;
    before.created(&body("third")).await;
    before.clock.pass(Duration::from_secs(5));
    let expected = before.list(Operation::ListInstances, &EVERYTHING).await;

    let sandbox = Sandbox::new(before.clock.world(), options(&path)).unwrap();
    let after = Bench { sandbox, ..before };
    let shown = after.list(Operation::ListInstances, &EVERYTHING).await;
    assert_eq!(shown, expected);
    assert!(
        shown
            .iter()
            .any(|instance| instance["Status"] == "ResourceAllocating")
    );
    // Names stay taken, and their way goes on.
    assert_eq!(after.create(&body("hidden")).await.0, 400);
    after.clock.pass(Duration::from_mins(10));
    let shown = after
        .list(Operation::ListInstances, &[("InstanceName", "hidden")])
        .await;
    assert_eq!(shown[0]["Status"], "Running");
    // Nothing is left beside the file.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// What was answered is in the file, whoever else writes it at that moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn creates_at_the_same_time_are_all_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.json");
    let bench = Arc::new(Bench::with(options(&path)));
    let tasks = (0..96).map(|index| {
        let (bench, path) = (Arc::clone(&bench), path.clone());
        tokio::spawn(async move {
            let id = bench.created(&body(&format!("kept_{index}"))).await;
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.contains(&id), "{index}");
            let _: serde_json::Value = serde_json::from_str(&text).unwrap();
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let again = Bench::with(options(&path));
    let query = [("InstanceName", "kept_")];
    assert_eq!(again.list(Operation::ListInstances, &query).await.len(), 96);
}

/// S19: secrets of a body are not written anywhere.
#[tokio::test]
async fn the_file_holds_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.json");
    let bench = Bench::with(options(&path));
    let secrets = json!({
        "ImageId": null,
        "ImageUrl": "private.example/a/b:1",
        "ImageAuth": "bWFya2VyLXVzZXI6bWFya2Vy",
        "CredentialConfig": {"Configs": [{"Roles": [
            {"UserInfo": {"AccessKeyId": "marker", "SecurityToken": "marker"}},
        ]}]},
    });
    bench.created(&with(body("secretive"), secrets)).await;
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("secretive"));
    assert!(
        !text.contains("marker") && !text.contains("bWFya2Vy"),
        "{text}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "others can read it");
    }
}

#[test]
fn a_file_that_can_not_be_used_is_told_of_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.json");
    let open = |path: &Path| Sandbox::new(Clock::new().world(), options(path)).unwrap_err();
    for text in ["", "{}", "nonsense", r#"{"version":1,"instances":[{}]}"#] {
        fs::write(&path, text).unwrap();
        assert!(matches!(open(&path), StateError::Form { .. }), "{text}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    let newer = r#"{"version":2,"anything":true}"#;
    fs::write(&path, newer).unwrap();
    assert!(matches!(open(&path), StateError::Newer { version: 2, .. }));
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);
    assert!(matches!(open(folder.path()), StateError::Read { .. }));
    let nowhere = folder.path().join("no/such/folder.json");
    assert!(matches!(open(&nowhere), StateError::Write { .. }));
}

#[tokio::test]
async fn without_a_file_nothing_is_kept() {
    let bench = Bench::new();
    bench.created(&body("gone")).await;
    let again = Bench::new();
    let query = [("InstanceName", "gone")];
    assert!(
        again
            .list(Operation::ListInstances, &query)
            .await
            .is_empty()
    );
}
