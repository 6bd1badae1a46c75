//! The file of the rules is current, complete, and of the shape that its schema tells.

use std::path::{Path, PathBuf};
use std::{env, fs};

use dsw_form::import::import;
use dsw_form::review::review;
use dsw_model::rules::{self, Context};
use dsw_words::{fix, message, rules_file, rules_schema};
use serde_json::{Map, Value};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The file as it is to be.
fn made() -> Value {
    let texts: Map<String, Value> =
        serde_json::from_str(&read("assets/rules.zh.json")).expect("an object");
    rules_file(&read("assets/zh.tsv"), &texts)
}

/// Fails if a file is not what it should be, and writes it anew, but for a run of continuous integration.
#[track_caller]
fn is_current(file: &str, wanted: &Value) {
    let wanted = serde_json::to_string_pretty(wanted).expect("it is JSON") + "\n";
    if fs::read_to_string(root().join(file)).is_ok_and(|text| text == wanted) {
        return;
    }
    assert!(
        env::var_os("CI").is_none(),
        "{file} is out of date: run `cargo test -p dsw-words --test rules` and commit it"
    );
    fs::write(root().join(file), wanted).unwrap_or_else(|error| panic!("{file}: {error}"));
    panic!("{file} was out of date and is written anew: look at it and commit it");
}

#[test]
fn f42_the_file_of_the_rules_is_current() {
    is_current("docs/create-instance.rules.json", &made());
}

#[test]
fn f42_the_schema_of_the_rules_is_current() {
    is_current("docs/rules.schema.json", &rules_schema());
}

#[test]
fn f42_the_file_of_the_rules_is_as_its_schema_tells() {
    let validator = jsonschema::validator_for(&rules_schema()).expect("a schema");
    let file = made();
    let wrong: Vec<_> = validator
        .iter_errors(&file)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    // It is a schema that refuses.
    for (pointer, value) in [
        ("/rules/0/severities", Value::Array(Vec::new())),
        ("/rules/0/source", "hearsay".into()),
        ("/rules/0/when/zh", Value::Null),
        ("/rules/0/id", "X".into()),
    ] {
        let mut broken = file.clone();
        *broken.pointer_mut(pointer).expect("a place") = value;
        assert!(!validator.is_valid(&broken), "{pointer}");
    }
}

#[test]
fn f42_every_rule_has_its_words_in_both_languages() {
    let file = made();
    let all = file["rules"].as_array().expect("a list");
    let ids: Vec<_> = all.iter().map(|rule| rule["id"].as_str()).collect();
    assert!(rules::ids().into_iter().all(|id| ids.contains(&Some(id))));
    let is_chinese = |text: &Value| {
        let text = text.as_str().unwrap_or_default();
        text.chars()
            .any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
    };
    for rule in all {
        let texts = ["messages", "fixes"].map(|name| rule[name].as_array().expect("a list"));
        assert!(!texts[0].is_empty(), "{}", rule["id"]);
        // Of a fix there may be no word but a name.
        let said = texts[0].iter().chain([&rule["when"], &rule["why"]]);
        for text in said {
            assert!(is_chinese(&text["zh"]), "{}: {text}", rule["id"]);
            assert!(!is_chinese(&text["en"]), "{}: {text}", rule["id"]);
        }
        for text in texts[1] {
            assert!(text["zh"].is_string(), "{}: {text}", rule["id"]);
        }
    }
}

/// Whether a text is a pattern with something in the place of its braces.
fn fits(text: &str, pattern: &str) -> bool {
    let parts: Vec<_> = pattern
        .split('{')
        .map(|part| match part.split_once('}') {
            Some((place, after)) if place.bytes().all(|digit| digit.is_ascii_digit()) => after,
            _ => part,
        })
        .collect();
    let [first, middle @ .., last] = &parts[..] else {
        return text == pattern;
    };
    let inside = text
        .strip_prefix(first)
        .and_then(|rest| rest.strip_suffix(last));
    let found = inside.and_then(|inside| {
        middle.iter().try_fold(inside, |rest, part| {
            rest.find(part).map(|at| &rest[at + part.len()..])
        })
    });
    found.is_some()
}

#[test]
fn f42_what_findings_say_is_what_the_file_says() {
    let file = made();
    let cases: Vec<Value> =
        serde_json::from_str(&read("tests/end_to_end/fixtures/rules.json")).expect("cases");
    let (mut fixed, mut unsaid) = (0, Vec::new());
    for case in &cases {
        let draft = import(&case["body"].to_string()).expect("a request").draft;
        for found in &review(&draft, &Context::default()).diagnostics {
            let mut all = file["rules"].as_array().into_iter().flatten();
            let rule = all.find(|rule| rule["id"] == found.code).expect("a rule");
            let said_in = |name: &str, said: &str| {
                let texts = rule[name].as_array().into_iter().flatten();
                let mut texts = texts.filter_map(|text| text["en"].as_str());
                texts.any(|text| fits(said, text))
            };
            let said = message(found);
            if !said_in("messages", &said) {
                unsaid.push([found.code, ": ", &said].concat());
            }
            if found.fix.is_some() {
                fixed += 1;
                let said = fix(found);
                if !said_in("fixes", &said) {
                    unsaid.push([found.code, ": ", &said].concat());
                }
            }
        }
    }
    assert!(unsaid.is_empty(), "{unsaid:#?}");
    assert!(fixed > 40, "{fixed} fixes");
}
