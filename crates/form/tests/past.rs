//! The last requests of a browser: how they are kept, and how they differ from the present one.

mod generate;

use dsw_form::difference::{Change, difference};
use dsw_form::draft::{Draft, ROOT};
use dsw_form::import::import;
use dsw_form::past::{End, Entry, KEPT, Past};
use dsw_form::store::{write, write_with};
use dsw_model::secrecy::Secrecy;
use generate::{any_json, draft};
use proptest::prelude::*;
use serde_json::{Value, json};

const SECRET: &str = "c2VjcmV0OnNlY3JldA";

fn taken_in(request: &Value) -> Draft {
    import(&request.to_string()).expect("a request").draft
}

fn named(name: &str, end: End, at: &str) -> Entry {
    Entry::new(write(&taken_in(&json!({"InstanceName": name}))), end, at)
}

fn sent(name: &str, key: &str, at: &str) -> Entry {
    let mut entry = named(name, End::Sent, at);
    key.clone_into(&mut entry.key);
    "sandbox".clone_into(&mut entry.mode);
    "cn-hangzhou".clone_into(&mut entry.region);
    entry
}

fn told(past: &Past) -> Vec<(String, End)> {
    past.0
        .iter()
        .map(|entry| (entry.name(), entry.end))
        .collect()
}

#[test]
fn f05_the_last_twenty_are_kept() {
    let mut past = Past::default();
    for n in 0..30 {
        past.put(named(&n.to_string(), End::Copied, &n.to_string()));
    }
    assert_eq!(past.0.len(), KEPT);
    assert_eq!(told(&past)[0], ("29".to_owned(), End::Copied));
    assert_eq!(told(&past)[KEPT - 1], ("10".to_owned(), End::Copied));
}

#[test]
fn f05_equal_requests_are_kept_once_unless_they_were_sent() {
    let mut past = Past::default();
    past.put(named("a", End::Copied, "1"));
    past.put(named("b", End::Copied, "2"));
    past.put(named("a", End::Downloaded, "3"));
    // That it gave way says less than that it was taken away.
    past.put(named("a", End::Replaced, "3"));
    let name = |name: &str, end| (name.to_owned(), end);
    assert_eq!(
        told(&past),
        [name("a", End::Downloaded), name("b", End::Copied)]
    );
    past.put(sent("a", "k1", "4"));
    assert_eq!(told(&past), [name("a", End::Sent), name("b", End::Copied)]);
    assert!(past.settle("k1", End::Created, "dsw-1"));
    assert!(!past.settle("k1", End::Created, "dsw-1"));
    assert!(!past.settle("k2", End::Created, "dsw-2"));
    assert!(!past.settle("", End::Created, "dsw-2"));
    // What was created stays told, and a second one of the same request is another.
    past.put(named("a", End::Copied, "5"));
    past.put(sent("a", "k2", "6"));
    past.put(sent("a", "k2", "7"));
    assert_eq!(
        told(&past),
        [
            name("a", End::Sent),
            name("a", End::Created),
            name("b", End::Copied)
        ]
    );
    assert_eq!(past.0[0].at, "7");
    assert_eq!(past.0[1].instance_id, "dsw-1");
    let (before, second) = (past.clone(), past.0[1].clone());
    past.remove(&second);
    assert_eq!(told(&past), [name("a", End::Sent), name("b", End::Copied)]);
    past.put_back(vec![second]);
    assert_eq!(past, before);
}

#[test]
fn f05_what_is_kept_is_read_again() {
    let mut past = Past::default();
    let request = json!({"InstanceName": "a", "ResourceId": "quota1", "ImageAuth": SECRET});
    past.put(Entry::new(write(&taken_in(&request)), End::Replaced, "1"));
    for (at, end) in [
        End::Copied,
        End::Downloaded,
        End::Sent,
        End::Created,
        End::Refused,
        End::Unknown,
        End::NotSent,
    ]
    .into_iter()
    .enumerate()
    {
        let at = (at + 2).to_string();
        let mut entry = sent("b", &["k", &at].concat(), &at);
        entry.end = end;
        past.put(entry);
    }
    assert_eq!(Past::read(&past.write()), Some(past.clone()));
    let last = past.0.last().expect("the first that was put");
    assert_eq!(
        (last.name(), last.machine()),
        ("a".to_owned(), "quota1".to_owned())
    );
    assert_eq!(last.left_out, "ImageAuth");
    assert_eq!(
        last.draft().body(),
        json!({"InstanceName": "a", "ResourceId": "quota1"})
    );
    assert!(!past.write().contains(SECRET));
}

#[test]
fn f05_what_is_no_entry_is_left_out_and_a_newer_version_is_not_touched() {
    let one = Past(vec![named("a", End::Copied, "1")]);
    let mut document: Value = serde_json::from_str(&one.write()).expect("JSON");
    let entries = document["entries"].as_array_mut().expect("entries");
    for odd in [
        json!(7),
        json!({}),
        json!({"at": "x", "end": "copied", "draft": {}}),
    ] {
        entries.push(odd);
    }
    assert_eq!(Past::read(&document.to_string()), Some(one));
    for text in ["", "{", "[]", "{}", r#"{"version":1,"entries":7}"#] {
        assert_eq!(Past::read(text), Some(Past::default()), "{text}");
    }
    assert_eq!(Past::read(r#"{"version":2,"entries":[]}"#), None);
}

/// Each change as `path: before > after`, with `-` for nothing and `*` for a secret.
fn said(changes: &[Change]) -> Vec<String> {
    let text = |change: &Change, text: &Option<String>| match text {
        None => "-".to_owned(),
        Some(_) if change.secret => "*".to_owned(),
        Some(text) => text.clone(),
    };
    changes
        .iter()
        .map(|it| {
            let (before, after) = (text(it, &it.before), text(it, &it.after));
            format!("{}: {before} > {after}", it.path.name(ROOT))
        })
        .collect()
}

#[test]
fn f40_differences_are_told_member_by_member() {
    let dataset = |uri: &str, path: &str| json!({"Uri": uri, "MountPath": path});
    for (old, new, expected) in [
        (json!({}), json!({}), vec![]),
        (
            json!({"InstanceName": "a", "Priority": 1, "WorkspaceId": "1"}),
            json!({"InstanceName": "b", "WorkspaceId": "1", "EcsSpec": "ecs.c6.large"}),
            vec![
                "EcsSpec: - > ecs.c6.large",
                "InstanceName: a > b",
                "Priority: 1 > -",
            ],
        ),
        (
            json!({"Datasets": [dataset("a", "/a"), dataset("b", "/b")]}),
            json!({"Datasets": [dataset("b", "/b")]}),
            vec!["Datasets[0].MountPath: /a > -", "Datasets[0].Uri: a > -"],
        ),
        (
            json!({"Datasets": [dataset("a", "/a"), dataset("c", "/c")]}),
            json!({"Datasets": [dataset("a", "/a"), dataset("b", "/b"), dataset("c", "/c")]}),
            vec!["Datasets[1].MountPath: - > /b", "Datasets[1].Uri: - > b"],
        ),
        (
            json!({"Datasets": [dataset("a", "/a")]}),
            json!({"Datasets": [dataset("a", "/b")]}),
            vec!["Datasets[0].MountPath: /a > /b"],
        ),
        (
            json!({"EnvironmentVariables": {"A": "1", "B": "2"}}),
            json!({"EnvironmentVariables": {"C": "3", "A": "2"}}),
            vec![
                "EnvironmentVariables.C: - > 3",
                "EnvironmentVariables.A: 1 > 2",
                "EnvironmentVariables.B: 2 > -",
            ],
        ),
        (
            json!({"Future": {"a": 1}, "Gone": true}),
            json!({"Future": {"a": 2}}),
            vec![r#"Future: {"a":1} > {"a":2}"#, "Gone: true > -"],
        ),
        // A value of another type is told whole.
        (
            json!({"Datasets": "text"}),
            json!({"Datasets": []}),
            vec!["Datasets: text > []"],
        ),
    ] {
        let mut found = said(&difference(&old, &new, &Secrecy::default()));
        let mut expected = expected;
        if old["EnvironmentVariables"].is_null() {
            found.sort_unstable();
            expected.sort_unstable();
        }
        assert_eq!(found, expected, "{old} {new}");
    }
}

#[test]
fn f40_secrets_are_not_in_differences() {
    for (member, path) in [
        (json!({"ImageAuth": SECRET}), "ImageAuth"),
        (json!({"ImageAuth": {"User": SECRET}}), "ImageAuth"),
        (
            json!({"EnvironmentVariables": {"DB_PASSWORD": SECRET}}),
            "EnvironmentVariables.DB_PASSWORD",
        ),
        (
            json!({"EnvironmentVariables": {"A": format!("LTAI5t{SECRET}")}}),
            "EnvironmentVariables.A",
        ),
        (json!({"apiToken": {"deep": SECRET}}), "apiToken"),
        (json!({"Future": {"passwd": SECRET}}), "Future"),
    ] {
        for (old, new, expected) in [
            (&json!({}), &member, "- > *"),
            (&member, &json!({}), "* > -"),
        ] {
            let changes = difference(old, new, &Secrecy::default());
            assert_eq!(said(&changes), [format!("{path}: {expected}")]);
            assert!(!format!("{changes:?}").contains(SECRET));
        }
    }
}

/// F62: what a person says of a variable counts here too.
#[test]
fn f62_variables_that_were_said_to_be_secrets_are_treated_so() {
    let mut secrecy = Secrecy::default();
    secrecy.say("HF_HOME", true);
    secrecy.say("HF_TOKEN", false);
    let request = json!({"EnvironmentVariables": {"HF_HOME": SECRET, "HF_TOKEN": "told"}});
    let entry = Entry::new(write_with(&taken_in(&request), &secrecy), End::Copied, "1");
    assert_eq!(entry.left_out, "EnvironmentVariables[0]");
    assert_eq!(entry.secrecy(), secrecy);
    let past = Past(vec![entry]);
    assert_eq!(Past::read(&past.write()), Some(past.clone()));
    assert!(!past.write().contains(SECRET) && past.write().contains("told"));
    let changes = difference(&json!({}), &request, &secrecy);
    assert_eq!(
        said(&changes),
        [
            "EnvironmentVariables.HF_HOME: - > *",
            "EnvironmentVariables.HF_TOKEN: - > told"
        ]
    );
}

proptest! {
    /// F62: whatever the request, what is kept of it has no secret that the store would leave out.
    #[test]
    fn f62_no_secret_is_kept_of_the_past(draft in draft()) {
        let with = |draft: &Draft| {
            let mut past = Past::default();
            past.put(Entry::new(write(draft), End::Copied, "1"));
            past
        };
        let past = with(&draft);
        let again = with(&past.0[0].draft());
        // Nothing more is left out of what was kept.
        prop_assert_eq!(&again.0[0].left_out, "");
        prop_assert_eq!(Past::read(&past.write()), Some(past));
    }

    #[test]
    fn f40_equal_bodies_do_not_differ_and_others_do(old in any_json(), new in any_json()) {
        prop_assert_eq!(difference(&old, &old, &Secrecy::default()), vec![]);
        prop_assert_eq!(difference(&old, &new, &Secrecy::default()).is_empty(), old == new || is_nothing(&old, &new));
    }
}

/// Whether bodies differ in nothing that is sent: in empty objects and lists alone.
fn is_nothing(old: &Value, new: &Value) -> bool {
    let told = |value: &Value| taken_in(&json!({"Any": value})).body();
    told(old) == told(new)
}
