//! What a browser keeps of a draft: all of it but secrets, and nothing that could not be read again.

mod generate;

use std::sync::Arc;

use dsw_form::draft::{Draft, ROOT};
use dsw_form::edit::Edit;
use dsw_form::import::import;
use dsw_form::json;
use dsw_form::review::review;
use dsw_form::store::{Stored, read, write, write_with};
use dsw_model::path;
use dsw_model::request::{CreateInstanceRequest as Request, Dataset};
use dsw_model::rules::Context;
use dsw_model::secrecy::Secrecy;
use generate::{any_json, draft};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Writes a draft, takes it through text as storage does, and reads it.
fn kept(draft: &Draft) -> (Draft, Stored) {
    let stored = write(draft);
    let text = stored.value.to_string();
    let value = json::parse(&text).expect("what is written is JSON");
    (read(value), stored)
}

fn names(stored: &Stored) -> Vec<String> {
    stored.left_out.iter().map(|path| path.name(ROOT)).collect()
}

fn taken_in(request: &Value) -> Draft {
    import(&request.to_string()).expect("a request").draft
}

proptest! {
    #[test]
    fn a_draft_without_secrets_comes_back_as_it_was(draft in draft()) {
        let (back, stored) = kept(&draft);
        if stored.left_out.is_empty() {
            prop_assert_eq!(back, draft);
        } else {
            // What is left out is not kept, and with it gone nothing more is left out.
            for path in &stored.left_out {
                prop_assert!(back.get(path).is_none_or(Draft::is_blank), "{}", path.name(ROOT));
            }
            let (again, stored) = kept(&back);
            prop_assert_eq!(again, back);
            prop_assert_eq!(stored.left_out, vec![]);
        }
    }

    #[test]
    fn whatever_stands_in_storage_is_read_and_reviewed(value in any_json()) {
        let draft = read(value);
        let _ = review(&draft, &Context::default());
        let (back, stored) = kept(&draft);
        prop_assert!(!stored.left_out.is_empty() || back == draft);
    }
}

#[test]
fn what_a_body_cannot_hold_is_kept() {
    let mut draft = Draft::default();
    let variables = path![Request::ENVIRONMENT_VARIABLES];
    let text = |text: &str| Draft::Text(text.to_owned());
    for (path, edit) in [
        (path![Request::PRIORITY], Edit::Text("seven".into())),
        (
            path![Request::MIGRATION_OPTIONS],
            Edit::Text("{\"a\":".into()),
        ),
        (
            path![Request::ACCESSIBILITY],
            Edit::Set(Draft::Foreign(Arc::new(json!(1.50)))),
        ),
        (variables.clone(), Edit::Insert(0, "A".into(), text("1"))),
        (variables.clone(), Edit::Insert(1, "A".into(), text("2"))),
        (variables.clone(), Edit::Insert(2, String::new(), text(""))),
        (path!["Future"], Edit::Text("{half".into())),
    ] {
        assert!(draft.apply(&path, edit).is_some(), "{}", path.name(ROOT));
    }
    // The other alternative is parked with its version.
    let dataset = path![Request::DATASETS, 0];
    let parked = taken_in(&json!({"Datasets": [{"DatasetId": "d-1", "DatasetVersion": "v2"}]}));
    draft.apply(
        &path![Request::DATASETS],
        Edit::Set(
            parked
                .get(&path![Request::DATASETS])
                .cloned()
                .expect("a list"),
        ),
    );
    assert!(draft.apply(&dataset, Edit::Choose(Dataset::URI)).is_some());
    let (back, stored) = kept(&draft);
    assert_eq!(back, draft);
    assert_eq!(names(&stored), Vec::<String>::new());
    assert!(stored.value.to_string().contains("\"parked\""));
}

#[test]
fn secrets_are_left_out_and_named() {
    const SECRET: &str = "c2VjcmV0OnNlY3JldA";
    for (request, left_out) in [
        (json!({"ImageAuth": SECRET}), "ImageAuth"),
        (json!({"ImageAuth": {"User": SECRET}}), "ImageAuth"),
        (
            json!({"EnvironmentVariables": {"A": "1", "my_access_key": SECRET}}),
            "EnvironmentVariables[1]",
        ),
        (
            json!({"EnvironmentVariables": {"DB-Password": [SECRET]}}),
            "EnvironmentVariables[0]",
        ),
        (
            json!({"EnvironmentVariables": {"A": format!("LTAI5t{SECRET}")}}),
            "EnvironmentVariables[0]",
        ),
        (json!({"CredentialConfig": SECRET}), "CredentialConfig"),
        (json!({"apiToken": SECRET}), "apiToken"),
        (json!({"Future": [{"secret": SECRET}]}), "Future"),
        (
            json!({"MigrationOptions": {"passwd": SECRET}}),
            "MigrationOptions",
        ),
        (
            json!({"UserCommand": {"OnStart": {"Content": format!("export ID=LTAI{SECRET}")}}}),
            "UserCommand.OnStart.Content",
        ),
        (
            json!({"UserCommand": {"OnStart": {"Content": format!("cd /mnt\nexport HF_TOKEN='{SECRET}'\n")}}}),
            "UserCommand.OnStart.Content",
        ),
        (
            json!({"Datasets": [{"Options": format!("{{\"accessKeySecret\": \"{SECRET}\"}}")}]}),
            "Datasets[0].Options",
        ),
    ] {
        let draft = taken_in(&request);
        let stored = write(&draft);
        let text = stored.value.to_string();
        assert!(!text.contains(SECRET), "{text}");
        assert_eq!(names(&stored), [left_out], "{request}");
    }
}

#[test]
fn f62_what_a_person_says_of_variables_decides_and_is_kept() {
    let draft = taken_in(&json!({"EnvironmentVariables":
        {"HF_TOKEN": "marker-one", "OPENAI_API_KEY": "marker-two", "PLAIN": "marker-three", "OPTS": "--x password=marker-four"}}));
    let stored = write(&draft);
    let text = stored.value.to_string();
    assert!(
        text.contains("marker-three") && !text.contains("secrecy"),
        "{text}"
    );
    for hidden in ["marker-one", "marker-two", "marker-four"] {
        assert!(!text.contains(hidden), "{text}");
    }
    let mut secrecy = Secrecy::default();
    for (name, is_secret) in [("HF_TOKEN", false), ("OPTS", false), ("PLAIN", true)] {
        secrecy.say(name, is_secret);
    }
    let stored = write_with(&draft, &secrecy);
    let text = stored.value.to_string();
    assert_eq!(
        names(&stored),
        ["EnvironmentVariables[1]", "EnvironmentVariables[2]"]
    );
    assert!(
        text.contains("marker-one") && text.contains("marker-four"),
        "{text}"
    );
    assert!(
        !text.contains("marker-two") && !text.contains("marker-three"),
        "{text}"
    );
    assert_eq!(dsw_form::store::secrecy(&stored.value), secrecy);
    let back = read(stored.value);
    assert_eq!(
        back.get(&path![Request::ENVIRONMENT_VARIABLES])
            .map(Draft::row_count),
        Some(4)
    );
    assert_eq!(
        dsw_form::store::secrecy(&json!({"secrecy": [["A", 1], 2]})),
        Secrecy::default()
    );
}

#[test]
fn nothing_else_is_left_out() {
    let full = include_str!("../../model/tests/data/full.json");
    let draft = import(full).expect("a request").draft;
    let (back, stored) = kept(&draft);
    assert_eq!(
        names(&stored),
        [
            "ImageAuth",
            "CredentialConfig.Configs[0].Roles[0].UserInfo.AccessKeyId",
            "CredentialConfig.Configs[0].Roles[0].UserInfo.SecurityToken",
        ]
    );
    // Rows keep their places.
    let rows = path![Request::ENVIRONMENT_VARIABLES];
    assert_eq!(back.get(&rows), draft.get(&rows));
}

#[test]
fn a_script_that_reads_a_secret_from_elsewhere_is_kept() {
    for script in [
        "export TOKEN=$(cat /run/token)",
        "curl -H \"Authorization: $TOKEN\" http://a/?b=c",
        "TOKEN=\nexport A=1",
        "# LTAI, a token: see above",
        "LTAI",
    ] {
        let draft = taken_in(&json!({"UserCommand": {"OnStart": {"Content": script}}}));
        let (back, stored) = kept(&draft);
        assert_eq!((back, names(&stored)), (draft, vec![]), "{script}");
    }
}

#[test]
fn what_does_not_fit_its_field_is_left_out_alone() {
    let value = json!({"fields": {
        "InstanceName": ["a"],
        "WorkspaceId": "1",
        "NoSuchField": "2",
        "Labels": {"rows": "none"},
        "EnvironmentVariables": {"rows": [["A", "1"], "B", ["C"], [1, "2"]]},
    }, "unknown": [["Future", {"foreign": 1}], ["Future", {"foreign": 2}], ["Odd", true]]});
    let draft = read(value);
    assert_eq!(
        draft.body(),
        json!({"WorkspaceId": "1", "EnvironmentVariables": {"A": "1"}, "Future": 1})
    );
    assert_eq!(read(json!("text")), Draft::Unset);
    assert_eq!(read(json!({})).body(), json!({}));
    assert!(matches!(read(json!({})), Draft::Struct(object) if Arc::strong_count(&object) == 1));
}
