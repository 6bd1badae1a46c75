//! Drafts as they are kept: every version that was ever written is read (G11), and nothing else is taken for one.

mod generate;

use std::fs;
use std::path::Path;

use dsw_form::draft::Draft;
use dsw_form::import::import;
use dsw_form::kept::{Begun, Found, Kept, Origin, VERSION, read, write};
use dsw_form::store;
use dsw_model::secrecy::Secrecy;
use generate::{any_json, draft};
use proptest::prelude::*;

fn fixture(version: usize) -> String {
    let path = format!("tests/data/drafts/v{version}.json");
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
    text.expect("each version has its fixture, which is kept for good")
}

fn draft_of(text: &str) -> Kept {
    match read(text) {
        Found::Draft(kept) => *kept,
        other => panic!("{other:?}: {text}"),
    }
}

/// G11. A new version needs a fixture and a migration from the one before.
#[test]
fn g11_every_version_that_was_written_is_read() {
    let newest = draft_of(&fixture(VERSION));
    assert_eq!(newest.saved, "2026-11-22 18:20:00");
    assert_eq!(newest.left_out, "ImageAuth, EnvironmentVariables[1]");
    let body = newest.draft.body();
    assert_eq!(body["InstanceName"], "train_1");
    assert_eq!(
        body["Future"].to_string(),
        r#"{"a":12345678901234567890123}"#
    );
    for version in 1..=VERSION {
        assert_eq!(draft_of(&fixture(version)), newest, "version {version}");
    }
}

#[test]
fn g11_what_is_written_is_of_the_newest_version() {
    let newest = draft_of(&fixture(VERSION));
    let text = write(store::write(&newest.draft), &newest.saved, None);
    // The secrets are gone already, so there is nothing to be left out any more.
    let fixture = fixture(VERSION);
    let expected = fixture
        .trim()
        .replace("ImageAuth, EnvironmentVariables[1]", "");
    assert_eq!(text, expected);
}

/// G11: a version of the future is left as it is, and told apart from what is no draft at all.
#[test]
fn g11_newer_versions_and_other_texts_are_told_apart() {
    for text in [
        r#"{"version":3}"#,
        r#"{"version":18446744073709551615,"draft":{}}"#,
        r#"{"draft":7,"version":99}"#,
    ] {
        assert_eq!(read(text), Found::Newer, "{text}");
    }
    for text in [
        "",
        "{",
        "7",
        "null",
        "[]",
        "{}",
        "[1,2]",
        r#"["a","b"]"#,
        r#"["a","b",{},{}]"#,
        r#"{"version":0,"saved":"","leftOut":"","draft":{}}"#,
        r#"{"version":1,"saved":"","leftOut":"","draft":{}}"#,
        r#"{"version":"2","saved":"","leftOut":"","draft":{}}"#,
        r#"{"version":2.5,"saved":"","leftOut":"","draft":{}}"#,
        r#"{"version":-2,"saved":"","leftOut":"","draft":{}}"#,
        r#"{"version":2,"saved":7,"leftOut":"","draft":{}}"#,
        r#"{"version":2,"saved":"","leftOut":""}"#,
    ] {
        assert_eq!(read(text), Found::Unreadable, "{text}");
    }
}

#[test]
fn a_member_without_a_name_is_named_too() {
    let text = r#"{"": [{"HF_TOKEN": null, "DB_PASSWORD": "hunter2"}]}"#;
    let imported = import(text).unwrap();
    let kept = draft_of(&write(store::write(&imported.draft), "", None));
    assert_eq!(kept.left_out, "\"\"");
}

/// F40: what has changed since the import can be told after a reload too.
#[test]
fn f40_what_a_form_began_with_is_kept_without_secrets() {
    let request = r#"{"InstanceName": "a", "ImageAuth": "c2VjcmV0", "EnvironmentVariables": {"DB_PASSWORD": "hunter2"}}"#;
    let imported = import(request).expect("a request").draft;
    for begun in [
        Begun::Import,
        Begun::Preset("training".to_owned()),
        Begun::Own("mine".to_owned()),
        Begun::Link,
        Begun::Past("1".to_owned()),
        Begun::Instance("train_1".to_owned()),
    ] {
        let origin = Origin::new(begun, store::write(&imported));
        let text = write(store::write(&Draft::Unset), "", Some(&origin));
        assert!(
            !text.contains("c2VjcmV0") && !text.contains("hunter2"),
            "{text}"
        );
        assert_eq!(draft_of(&text).origin.as_ref(), Some(&origin));
        let body = origin.draft().body();
        assert_eq!(
            body.to_string(),
            r#"{"InstanceName":"a","EnvironmentVariables":{"DB_PASSWORD":""}}"#
        );
    }
}

/// S19: what one calls a secret after the form has begun with it is no longer kept.
#[test]
fn s19_f40_what_is_called_a_secret_later_is_taken_out_of_what_a_form_began_with() {
    let request = r#"{"EnvironmentVariables": {"HF_HOME": "marker"}}"#;
    let imported = import(request).expect("a request").draft;
    let origin = Origin::new(Begun::Import, store::write(&imported));
    let kept = |secrecy: &Secrecy| write(store::write_with(&imported, secrecy), "", Some(&origin));
    assert!(kept(&Secrecy::default()).contains("marker"));
    let mut secrecy = Secrecy::default();
    secrecy.say("HF_HOME", true);
    let text = kept(&secrecy);
    assert!(!text.contains("marker"), "{text}");
    assert!(draft_of(&text).origin.is_some());
}

/// What is no origin costs the origin, and not the draft; a long one is not kept with every pause in typing.
#[test]
fn f40_an_origin_that_cannot_be_kept_is_none() {
    let kept = fixture(VERSION);
    let kept = kept.trim().strip_suffix('}').expect("an object");
    for origin in [
        "7",
        "[]",
        r#"["import"]"#,
        r#"["other","",{}]"#,
        r#"["import",7,{}]"#,
    ] {
        let found = draft_of(&format!("{kept},\"origin\":{origin}}}"));
        assert_eq!(found, draft_of(&fixture(VERSION)), "{origin}");
    }
    let long = import(&format!(r#"{{"Future": "{}"}}"#, "x".repeat(64 << 10)));
    let origin = Origin::new(Begun::Import, store::write(&long.expect("a request").draft));
    let text = write(store::write(&Draft::Unset), "", Some(&origin));
    assert_eq!(draft_of(&text).origin, None);
}

proptest! {
    #[test]
    fn what_is_kept_is_read(draft in draft(), saved in ".*") {
        let stored = store::write(&draft);
        let whole = stored.left_out.is_empty();
        let kept = draft_of(&write(stored, &saved, None));
        prop_assert_eq!(&kept.saved, &saved);
        prop_assert_eq!(kept.left_out.is_empty(), whole);
        if whole {
            let blank = kept.draft == Draft::Unset && draft.is_blank();
            prop_assert!(blank || kept.draft == draft);
        }
    }

    /// Whatever stands there, reading it does not fail.
    #[test]
    fn g11_any_text_is_read(text in ".*", value in any_json(), cut in 0usize..200) {
        let _ = read(&text);
        let _ = read(&value.to_string());
        let fixture = fixture(VERSION);
        let _ = read(fixture.get(..cut).unwrap_or_default());
    }
}
