//! A person's own presets: what is kept of them, and what comes of files.

use dsw_form::import::import;
use dsw_form::own_presets::{BadName, LONGEST, MOST, OwnPresets, Taken, Unread};
use dsw_form::store::write;

const BODY: &str = r#"{"WorkspaceId": "40823", "ImageAuth": "c2VjcmV0", "Other": [1.50]}"#;

fn with(names: &[&str]) -> OwnPresets {
    let mut all = OwnPresets::default();
    for name in names {
        let body = [r#"{"InstanceName": ""#, name, "\"}"].concat();
        all.add(name, write(&import(&body).expect("a request").draft))
            .expect("a name that is free");
    }
    all
}

#[test]
fn f04_what_is_kept_is_read_again_without_secrets() {
    let mut all = OwnPresets::default();
    assert_eq!(
        all.add(" mine ", write(&import(BODY).unwrap().draft)),
        Ok(1)
    );
    let text = all.write();
    assert!(!text.contains("c2VjcmV0"), "{text}");
    let again = OwnPresets::read(&text).unwrap();
    assert_eq!(again, all);
    assert_eq!(again.0[0].name, "mine");
    let body = again.0[0].draft().body().to_string();
    assert_eq!(body, r#"{"WorkspaceId":"40823","Other":[1.50]}"#);
}

#[test]
fn f04_names_are_unique_and_bounded() {
    let mut all = with(&["a", "b"]);
    let draft = all.0[0].draft();
    let long = "x".repeat(LONGEST + 1);
    for (name, why) in [
        (" ", BadName::Empty),
        ("a", BadName::Taken),
        (&*long, BadName::Long),
    ] {
        assert_eq!(all.add(name, write(&draft)), Err(why));
        assert_eq!(all.rename(1, name), Err(why));
    }
    assert_eq!(all.rename(1, "b"), Ok(()));
    assert_eq!(all.rename(1, " c "), Ok(()));
    assert_eq!(all, {
        let mut wanted = with(&["a", "b"]);
        wanted.0[1].name = "c".to_owned();
        wanted
    });
    while all.0.len() < MOST {
        let name = all.0.len().to_string();
        all.add(&name, write(&draft)).unwrap();
    }
    assert_eq!(all.add("one more", write(&draft)), Err(BadName::Full));
    assert_eq!(all.rename(0, "renamed"), Ok(()));
}

#[test]
fn f04_a_file_adds_and_takes_nothing_away() {
    let mut all = with(&["a", "b"]);
    let mut other = with(&["b", "c"]);
    other.add("a", write(&import(BODY).unwrap().draft)).unwrap();
    let taken = all.take(&other.write()).unwrap();
    let expected = Taken {
        added: 2,
        renamed: 1,
        known: 1,
        left: 0,
    };
    assert_eq!(taken, expected);
    let names: Vec<_> = all.0.iter().map(|preset| preset.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "a (2)"]);
    // The same again changes nothing, but that what was renamed is not known by its old name.
    assert_eq!(all.take(&with(&["b", "c"]).write()).unwrap().known, 2);
    assert_eq!(all.0.len(), 4);
}

#[test]
fn f04_bad_files_are_refused_and_bad_entries_left_out() {
    for (text, why) in [
        ("", Unread::Other),
        ("[]", Unread::Other),
        ("not JSON", Unread::Other),
        (r#"{"WorkspaceId": "1"}"#, Unread::Other),
        (r#"{"dsw-composer-presets": 1}"#, Unread::Other),
        (
            r#"{"dsw-composer-presets": 1, "presets": {}}"#,
            Unread::Other,
        ),
        (
            r#"{"dsw-composer-presets": 2, "presets": []}"#,
            Unread::Newer,
        ),
    ] {
        let mut all = with(&["a"]);
        assert_eq!(all.take(text), Err(why), "{text}");
        assert_eq!(all, with(&["a"]), "{text}");
    }
    let entries = r#"{"dsw-composer-presets": 1, "presets": [
        1, {"name": "no request"}, {"name": "", "request": {"fields": {"WorkspaceId": "1"}}},
        {"name": "good", "request": {"fields": {"WorkspaceId": "1", "ImageAuth": "secret", "Priority": {}}}}
    ]}"#;
    let mut all = OwnPresets::default();
    let taken = all.take(entries).unwrap();
    assert_eq!((taken.added, taken.left), (1, 3));
    assert!(!all.write().contains("secret"));
}
