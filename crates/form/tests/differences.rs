//! What lies between two requests: taken back member by member, written as a JSON Patch, edited as JSON. F39, F40.

mod generate;

use std::collections::HashSet;

use dsw_form::difference::{Change, difference, revert};
use dsw_form::draft::{Draft, ROOT};
use dsw_form::import::{from_object, import};
use dsw_form::patch::patch;
use dsw_form::store;
use dsw_form::veil::{BadMark, Veil};
use dsw_model::path::Path;
use dsw_model::secrecy::Secrecy;
use generate::{act, draft, object};
use json_patch::jsonptr::PointerBuf;
use json_patch::{AddOperation, PatchOperation, RemoveOperation, ReplaceOperation};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

const SECRET: &str = "c2VjcmV0OnNlY3JldA";

fn taken_in(request: &Value) -> Draft {
    import(&request.to_string()).expect("a request").draft
}

fn between(old: &Draft, new: &Draft) -> Vec<Change> {
    difference(&old.body(), &new.body(), &Secrecy::default())
}

/// The body of a draft of which these changes were taken back.
fn taken_back(changes: &[Change], old: &Draft, new: &Draft) -> Value {
    let mut draft = new.clone();
    draft.apply(&Path::ROOT, revert(changes, old, new));
    draft.body()
}

fn dataset(uri: &str) -> Value {
    json!({"Uri": uri, "MountPath": format!("/mnt/{uri}")})
}

#[test]
fn f40_each_difference_is_taken_back_by_itself() {
    let old = json!({
        "InstanceName": "a",
        "Priority": 1,
        "UserVpc": {"VpcId": "vpc-1", "Future": 1},
        "EnvironmentVariables": {"A": "1", "B": "2"},
        "Datasets": [dataset("a"), dataset("b"), dataset("c")],
        "Gone": true,
    });
    let new = json!({
        "InstanceName": "b",
        "EcsSpec": "ecs.c6.large",
        "EnvironmentVariables": {"C": "3", "A": "2"},
        "Datasets": [dataset("b"), {"Uri": "c", "MountPath": "/mnt/other"}, dataset("d")],
        "Future": {"a": 2},
    });
    let (old, new) = (taken_in(&old), taken_in(&new));
    let changes = between(&old, &new);
    let names: Vec<_> = changes.iter().map(|it| it.path.name(ROOT)).collect();
    let mut left: HashSet<_> = (0..changes.len()).collect();
    for (at, change) in changes.iter().enumerate() {
        let body = taken_back(std::slice::from_ref(change), &old, &new);
        let mut draft = new.clone();
        draft.apply(
            &Path::ROOT,
            revert(std::slice::from_ref(change), &old, &new),
        );
        assert_eq!(draft.body(), body);
        let rest = between(&old, &draft);
        // It is gone from the list, with the rest of its row, and nothing else is.
        let mine = changes
            .iter()
            .filter(|it| *it == change || it.shares_row(change))
            .count();
        assert_eq!(rest.len(), changes.len() - mine, "{}", names[at]);
        left.remove(&at);
    }
    assert!(left.is_empty() && changes.len() > 12, "{names:?}");
    assert_eq!(taken_back(&changes, &old, &new), old.body());
}

#[test]
fn f40_rows_that_came_or_went_are_told_as_such() {
    let old = taken_in(&json!({"Datasets": [dataset("a"), dataset("b"), dataset("c")]}));
    let new =
        taken_in(&json!({"Datasets": [dataset("b"), dataset("x"), dataset("c"), dataset("y")]}));
    let rows: Vec<_> = between(&old, &new)
        .iter()
        .map(|change| {
            let row = change
                .row
                .as_ref()
                .map_or(String::new(), |row| row.name(ROOT));
            (change.path.name(ROOT), row, change.after.is_some())
        })
        .collect();
    let told =
        |member: &str, row: &str, is_new| (format!("{row}.{member}"), row.to_owned(), is_new);
    let mut expected = Vec::new();
    for (row, is_new) in [
        ("Datasets[0]", false),
        ("Datasets[1]", true),
        ("Datasets[3]", true),
    ] {
        for member in ["Uri", "MountPath"] {
            expected.push(told(member, row, is_new));
        }
    }
    let sorted = |mut all: Vec<(String, String, bool)>| {
        all.sort();
        all
    };
    assert_eq!(sorted(rows), sorted(expected));
    // A row in which nothing is set is one too.
    let blank = taken_in(&json!({"Datasets": [{}]}));
    let changes = between(&Draft::Unset, &blank);
    assert_eq!(changes.len(), 1);
    assert_eq!(taken_back(&changes, &Draft::Unset, &blank), json!({}));
}

/// The one who takes back all but secrets keeps the secrets that are there.
#[test]
fn f40_secrets_stay_when_all_is_taken_back() {
    let old = taken_in(
        &json!({"InstanceName": "a", "EnvironmentVariables": {"A": "1", "DB_PASSWORD": SECRET}}),
    );
    let old = store::read(store::write(&old).value);
    let new = json!({
        "InstanceName": "b",
        "ImageAuth": SECRET,
        "EnvironmentVariables": {"DB_PASSWORD": SECRET, "B": "1"},
    });
    let new = taken_in(&new);
    let mut changes = between(&old, &new);
    assert!(!format!("{changes:?}").contains(SECRET));
    changes.retain(|change| !change.secret);
    assert_eq!(
        taken_back(&changes, &old, &new),
        json!({
            "InstanceName": "a",
            "ImageAuth": SECRET,
            "EnvironmentVariables": {"DB_PASSWORD": SECRET, "A": "1"},
        })
    );
}

#[test]
fn f40_a_patch_is_minimal_and_in_order() {
    for (old, new, operations) in [
        (json!({}), json!({}), json!([])),
        (
            json!({"InstanceName": "a", "Priority": 1, "a/b~c": 1}),
            json!({"InstanceName": "b", "a/b~c": {"~": 2}, "EcsSpec": "x"}),
            json!([
                {"op": "replace", "path": "/InstanceName", "value": "b"},
                {"op": "replace", "path": "/a~1b~0c", "value": {"~": 2}},
                {"op": "add", "path": "/EcsSpec", "value": "x"},
                {"op": "remove", "path": "/Priority"},
            ]),
        ),
        (
            json!({"Datasets": [dataset("a"), dataset("b"), dataset("c")]}),
            json!({"Datasets": [dataset("b"), {"Uri": "x"}, dataset("c"), {"Uri": "y"}]}),
            json!([
                {"op": "remove", "path": "/Datasets/0"},
                {"op": "add", "path": "/Datasets/1", "value": {"Uri": "x"}},
                {"op": "add", "path": "/Datasets/3", "value": {"Uri": "y"}},
            ]),
        ),
        (
            json!({"UserVpc": {"VpcId": "1"}, "Future": {"deep": [1, {"a": 1}]}}),
            json!({"UserVpc": {"VpcId": "2"}, "Future": {"deep": [1, {"a": 2}, 3]}}),
            json!([
                {"op": "replace", "path": "/UserVpc/VpcId", "value": "2"},
                {"op": "replace", "path": "/Future/deep/1/a", "value": 2},
                {"op": "add", "path": "/Future/deep/2", "value": 3},
            ]),
        ),
        (
            json!({}),
            json!({"UserVpc": {"VpcId": "1", "SecurityGroupId": "2"}}),
            json!([{"op": "add", "path": "/UserVpc", "value": {"VpcId": "1", "SecurityGroupId": "2"}}]),
        ),
    ] {
        let made = patch(&old, &new, &Secrecy::default());
        assert_eq!(made.document(), operations, "{old} {new}");
        assert_eq!(made.left_out, vec![]);
    }
}

/// What is secret is left out of a patch, and named.
#[test]
fn f40_what_a_patch_leaves_out_is_told_by_the_rows_of_the_new_body() {
    let keys = ["LTAI5tABCDEFGHIJKLMNOPQR", "LTAI5tABCDEFGHIJKLMNOPQS"];
    let old = json!({"X": ["z"]});
    for (new, places) in [
        (json!({"X": [keys[0], keys[1], "z"]}), ["X[0]", "X[1]"]),
        (json!({"X": [keys[0], "a", keys[1]]}), ["X[0]", "X[2]"]),
        (
            json!({"X": ["z", keys[0], {"a": [1, keys[1]]}]}),
            ["X[1]", "X[2].a[1]"],
        ),
    ] {
        let patch = patch(&old, &new, &Secrecy::default());
        let told: Vec<_> = patch.left_out.iter().map(|path| path.name(ROOT)).collect();
        assert_eq!(told, places, "{new}");
        assert!(!patch.document().to_string().contains("LTAI"), "{new}");
    }
}

#[test]
fn f40_f62_what_one_has_called_a_secret_is_hidden_whatever_its_type() {
    let mut secrecy = Secrecy::default();
    secrecy.say("A", true);
    let with = |value: Value| json!({"EnvironmentVariables": {"A": value}});
    let secrets = [
        json!("x987654"),
        json!(987_654),
        json!(["x987654"]),
        json!({"b": "x987654"}),
    ];
    for secret in secrets {
        for other in [json!("a"), json!(5), json!(null), json!({"b": 1})] {
            for [old, new] in [[&secret, &other], [&other, &secret]] {
                let [old, new] = [old, new].map(|value| with(value.clone()));
                let changes = difference(&old, &new, &secrecy);
                assert_eq!(changes.len(), 1);
                assert!(changes[0].secret, "{old} {new}");
                let told = format!("{changes:?}{:?}", patch(&old, &new, &secrecy));
                assert!(!told.contains("987654"), "{told}");
            }
        }
    }
    // What one has called none is told.
    secrecy.say("A", false);
    let changes = difference(&with("a".into()), &with(5.into()), &secrecy);
    assert_eq!(changes[0].after.as_deref(), Some("5"));
}

#[test]
fn f40_a_change_of_the_type_alone_can_be_seen() {
    let told = |old: Value, new: Value| {
        let [old, new] = [old, new].map(|value| json!({"Priority": value}));
        let changes = difference(&old, &new, &Secrecy::default());
        let change = changes.into_iter().next().expect("one change");
        (
            change.before.expect("it stood"),
            change.after.expect("it stands"),
        )
    };
    let pair = |before: &str, after: &str| (before.to_owned(), after.to_owned());
    assert_eq!(told(json!("1"), json!(1)), pair("\"1\"", "1"));
    assert_eq!(told(json!(null), json!("null")), pair("null", "\"null\""));
    assert_eq!(told(json!("high"), json!(1)), pair("high", "1"));
    assert_eq!(told(json!("1"), json!("2")), pair("1", "2"));
}

#[test]
fn f40_many_variables_are_taken_back_in_time() {
    let variables = |value: &str| {
        let all = (0..20_000).map(|n| (format!("V{n}"), Value::from(value)));
        Value::Object(all.collect())
    };
    let [old, new] = ["a", "b"].map(|value| {
        taken_in(&json!({"EnvironmentVariables": variables(value), "InstanceName": value}))
    });
    let changes = between(&old, &new);
    assert_eq!(changes.len(), 20_001);
    let begun = std::time::Instant::now();
    let edit = revert(&changes, &old, &new);
    assert!(begun.elapsed().as_secs() < 3, "{:?}", begun.elapsed());
    let mut draft = new.clone();
    draft.apply(&Path::ROOT, edit);
    assert_eq!(draft.body(), old.body());
}

#[test]
fn f39_a_veil_over_many_bullets_and_many_secrets_is_made_in_time() {
    let passwords = (0..5_000).map(|n| (format!("PASSWORD_{n}"), Value::from("x")));
    let variables: Map<_, _> = passwords.collect();
    let bullets = "\u{2022}".repeat(40_000);
    let body = json!({"InstanceName": bullets, "ImageAuth": "x"});
    let begun = std::time::Instant::now();
    let veil = Veil::over(&body, &Secrecy::default());
    assert_eq!((veil.count(), veil.check(&veil.text)), (1, Ok(())));
    // A mark has one bullet more than the text of the person's own.
    assert!(veil.text.contains(&"\u{2022}".repeat(40_001)));

    let body = json!({"EnvironmentVariables": variables});
    let veil = Veil::over(&body, &Secrecy::default());
    assert_eq!(veil.missing(&veil.text), []);
    assert_eq!(veil.missing("{}").len(), 5_000);
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
}

#[test]
fn f40_f62_no_secret_is_in_a_patch() {
    let token = format!("LTAI5t{SECRET}");
    for (new, path) in [
        (json!({"ImageAuth": SECRET}), "ImageAuth"),
        (json!({"ImageAuth": {"User": SECRET}}), "ImageAuth"),
        (
            json!({"EnvironmentVariables": {"DB_PASSWORD": SECRET}}),
            "EnvironmentVariables.DB_PASSWORD",
        ),
        (
            json!({"EnvironmentVariables": {"A": token}}),
            "EnvironmentVariables.A",
        ),
        (json!({"apiToken": {"deep": SECRET}}), "apiToken"),
        (
            json!({"Future": [{"passwd": SECRET, "a": 1}]}),
            "Future.0.passwd",
        ),
        (
            json!({"Datasets": [{"Uri": "a", "Options": format!("accessKeySecret={SECRET}")}]}),
            "Datasets[0].Options",
        ),
    ] {
        let pointer = path.replace("[0]", ".0");
        for old in [json!({}), json!({"InstanceName": "a"})] {
            let made = patch(&old, &new, &Secrecy::default());
            let text = made.document().to_string();
            assert!(!text.contains(SECRET), "{text}");
            let left_out: Vec<_> = made.left_out.iter().map(|path| path.name(ROOT)).collect();
            assert_eq!(left_out.join(" ").replace("[0]", ".0"), pointer, "{new}");
            // And none is removed from whoever has one.
            let back = patch(&new, &old, &Secrecy::default())
                .document()
                .to_string();
            assert!(!back.contains(SECRET), "{back}");
        }
        let replaced = patch(&new, &changed(&new), &Secrecy::default());
        assert!(!replaced.document().to_string().contains(SECRET));
        assert_eq!(replaced.left_out.len(), 1, "{new}");
    }
    let mut secrecy = Secrecy::default();
    secrecy.say("A", true);
    secrecy.say("HF_TOKEN", false);
    let made = patch(
        &json!({}),
        &json!({"EnvironmentVariables": {"A": SECRET, "HF_TOKEN": "x"}}),
        &secrecy,
    );
    assert_eq!(
        made.document(),
        json!([{"op": "add", "path": "/EnvironmentVariables", "value": {"HF_TOKEN": "x"}}])
    );
}

/// A request with other secrets.
fn changed(value: &Value) -> Value {
    let text = value.to_string().replace(SECRET, &format!("{SECRET}x"));
    serde_json::from_str(&text).expect("JSON")
}

/// A request, and another one: often one that was made of it.
fn pair() -> impl Strategy<Value = (Draft, Draft)> {
    let edited = (draft(), vec(act(), 0..6)).prop_map(|(old, acts)| {
        let mut new = old.clone();
        for act in &acts {
            let (path, edit) = act.meet(&new);
            new.apply(&path, edit);
        }
        (old, new)
    });
    let other = (object(), object())
        .prop_map(|(old, new)| (from_object(old).draft, from_object(new).draft));
    prop_oneof![3 => edited, 1 => other]
}

/// A request as it is imported: names stand once, and nothing is half typed.
fn imported(draft: &Draft) -> Draft {
    match draft.body() {
        Value::Object(members) => from_object(members).draft,
        _ => Draft::Unset,
    }
}

/// What another implementation makes of a body. It is handed the operations one by one: serde would take a member of
/// one certain name for a number, and the sign from `-0`.
fn applied(old: &Value, operations: &[Value]) -> Value {
    let operations = operations.iter().map(|operation| {
        let path = operation["path"].as_str().expect("a path");
        let path = PointerBuf::parse(path).expect("a JSON Pointer");
        let value = operation.get("value").cloned().unwrap_or_default();
        match operation["op"].as_str() {
            Some("add") => PatchOperation::Add(AddOperation { path, value }),
            Some("replace") => PatchOperation::Replace(ReplaceOperation { path, value }),
            Some("remove") => PatchOperation::Remove(RemoveOperation { path }),
            other => panic!("{other:?}"),
        }
    });
    let mut document = old.clone();
    json_patch::patch(&mut document, &operations.collect::<Vec<_>>()).expect("a patch that fits");
    document
}

/// A body without its secrets.
fn without_secrets(body: &Value) -> Value {
    let told = patch(&json!({}), body, &Secrecy::default());
    applied(&json!({}), &told.operations)
}

/// Another implementation that makes the operations comes to the new body.
fn assert_patched(old: &Value, new: &Value) {
    let made = patch(old, new, &Secrecy::default());
    // Whatever is left out, it fits.
    let document = applied(old, &made.operations);
    assert!(document == *new || !made.left_out.is_empty(), "{old} {new}");
    let is_empty = made.operations.is_empty() && made.left_out.is_empty();
    assert_eq!(is_empty, old == new, "{old} {new}");
    let (old, new) = (without_secrets(old), without_secrets(new));
    let made = patch(&old, &new, &Secrecy::default());
    assert_eq!(made.left_out, vec![], "{old} {new}");
    assert_eq!(applied(&old, &made.operations), new, "{old} {new}");
}

/// A small request, of values of which another has many too.
fn small() -> impl Strategy<Value = Value> {
    let rows = [
        json!({}),
        dataset("a"),
        dataset("b"),
        json!({"Uri": "a"}),
        json!(7),
        json!("c"),
    ];
    let name = select(vec!["a", "b/~", "", "Uri", "HF_TOKEN"]).boxed();
    let members = |name: BoxedStrategy<&'static str>, value: BoxedStrategy<Value>| {
        vec((name, value), 0..4).prop_map(object_of).boxed()
    };
    let leaf = select(vec![
        json!(1),
        json!("x"),
        Value::Null,
        json!([1, 2]),
        json!([2, 1, 3]),
        json!({"a": [1]}),
    ])
    .boxed();
    let inner = prop_oneof![
        leaf.clone(),
        members(name.clone(), leaf.clone()),
        vec(leaf.clone(), 0..5).prop_map(Value::from)
    ]
    .boxed();
    let datasets = vec(select(rows.to_vec()), 0..7).prop_map(Value::from);
    let value = select(vec![json!("x"), json!("y"), json!(1)]).boxed();
    let variables = members(name.clone(), value);
    let named = prop_oneof![
        2 => datasets.prop_map(|value| ("Datasets", value)),
        1 => variables.prop_map(|value| ("EnvironmentVariables", value)),
        1 => members(name, inner.clone()).prop_map(|value| ("UserVpc", value)),
        2 => inner.prop_map(|value| ("Future", value)),
        1 => leaf.prop_map(|value| ("InstanceName", value)),
    ];
    vec(named, 0..5).prop_map(object_of)
}

fn object_of(members: Vec<(&str, Value)>) -> Value {
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn f40_a_patch_makes_the_new_body_of_the_old_one(old in small(), new in small()) {
        assert_patched(&old, &new);
    }
}

proptest! {
    /// The same with whole requests.
    #[test]
    fn f40_a_patch_makes_the_new_request_of_the_old_one((old, new) in pair()) {
        assert_patched(&old.body(), &new.body());
    }
}

proptest! {
    /// F40: taking back all differences gives the old body, and taking back one leaves the others.
    #[test]
    fn f40_what_is_taken_back_is_as_it_was((old, new) in pair()) {
        let (old, new) = (imported(&old), imported(&new));
        let changes = between(&old, &new);
        prop_assert_eq!(taken_back(&changes, &old, &new), old.body());
    }

    /// F39: what was not edited under the veil is what it was, secrets and all.
    #[test]
    fn f39_a_veil_is_lifted_from_what_it_lies_over(draft in draft(), dots in "\u{2022}{0,9}") {
        let Value::Object(mut body) = draft.body() else {
            return Ok(());
        };
        body.insert("Dots".to_owned(), Value::from(dots));
        let body = Value::Object(body);
        let veil = Veil::over(&body, &Secrecy::default());
        prop_assert_eq!(veil.check(&veil.text), Ok(()));
        prop_assert_eq!(veil.missing(&veil.text), vec![]);
        let mut lifted = import(&veil.text).expect("a request").draft;
        veil.lift(&mut lifted);
        prop_assert_eq!(lifted.body(), taken_in(&body).body());
    }
}

#[test]
fn f39_f62_secrets_are_under_the_veil_and_come_back() {
    let body = json!({
        "ImageAuth": SECRET,
        "EnvironmentVariables": {"DB_PASSWORD": SECRET, "PORT": "80", "SECRET_EMPTY": ""},
    });
    let veil = Veil::over(&body, &Secrecy::default());
    assert!(!veil.text.contains(SECRET));
    assert_eq!(veil.count(), 2);
    let mark = |number: usize| format!("\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}{number}");
    assert!(
        veil.text
            .contains(&format!("\"DB_PASSWORD\": \"{}\"", mark(2))),
        "{}",
        veil.text
    );
    let lifted = |text: &str| {
        let mut draft = import(text).expect("a request").draft;
        veil.lift(&mut draft);
        draft.body()
    };
    // It may be moved, doubled and renamed.
    let moved = json!({
        "EnvironmentVariables": {"OTHER": mark(1), "DB_PASSWORD": mark(2), "AGAIN": mark(2)},
        "Future": [{"a": mark(2)}],
    });
    assert_eq!(
        lifted(&moved.to_string()),
        json!({
            "EnvironmentVariables": {"OTHER": SECRET, "DB_PASSWORD": SECRET, "AGAIN": SECRET},
            "Future": [{"a": SECRET}],
        })
    );
    // One that was replaced or taken away is named.
    let replaced = veil.text.replace(&mark(1), "new");
    let names = |text: &str| -> Vec<_> {
        veil.missing(text)
            .iter()
            .map(|path| path.name(ROOT))
            .collect()
    };
    assert_eq!(names(&replaced), ["ImageAuth"]);
    assert_eq!(
        names("{}"),
        ["ImageAuth", "EnvironmentVariables.DB_PASSWORD"]
    );
    // What stands for nothing is told with its place.
    for (text, column) in [
        (format!("{{\"ImageAuth\": \"{}\"}}", mark(3)), 16),
        (format!("{{\"ImageAuth\": \"{}\"}}", mark(0)), 16),
        (format!("{{\"ImageAuth\": \"x{}\"}}", mark(1)), 17),
        (format!("{{\"ImageAuth\": \"{}x\"}}", mark(1)), 16),
        (format!("{{\"{}\": 1}}", mark(1)), 3),
        (format!("{{\"a\": {}}}", mark(1)), 7),
    ] {
        assert_eq!(
            veil.check(&text),
            Err(BadMark { line: 1, column }),
            "{text}"
        );
    }
}

#[test]
fn f39_json_in_a_field_and_values_of_another_type_are_lifted_too() {
    let body: Map<String, Value> =
        Map::from_iter([("ImageAuth".to_owned(), json!({"User": [7, SECRET]}))]);
    let veil = Veil::over(&Value::Object(body.clone()), &Secrecy::default());
    assert!(
        !veil.text.contains('7') && !veil.text.contains(SECRET),
        "{}",
        veil.text
    );
    let mut draft = import(&veil.text).expect("a request").draft;
    veil.lift(&mut draft);
    assert_eq!(draft.body(), Value::Object(body));
}
