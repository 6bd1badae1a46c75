//! Files that are made from the model are current, and what they are made from is in order.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use dsw_model::descriptor::{Describe as _, Kind};
use dsw_model::reference::{self, CONTRADICTIONS, RULES, WITH_FIX};
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_model::rules::{self, OF_DRAFTS, Severity};
use dsw_model::schema::{self, BEYOND};
use dsw_model::violation;
use serde_json::Value;

/// Fails if a file is not what it should be, and writes it anew, but for a run of continuous integration:
/// nobody would see it there.
#[track_caller]
fn is_current(file: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(file);
    if fs::read_to_string(&path).is_ok_and(|text| text == wanted) {
        return;
    }
    assert!(
        env::var_os("CI").is_none(),
        "{file} is out of date: run `cargo test -p dsw-model --test generated` and commit it"
    );
    fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("a folder");
    fs::write(&path, wanted).unwrap_or_else(|error| panic!("{file}: {error}"));
    panic!("{file} was out of date and is written anew: look at it and commit it");
}

#[test]
fn the_schema_is_current() {
    let text = serde_json::to_string_pretty(&schema::schema()).expect("a schema is JSON");
    is_current("docs/create-instance.schema.json", &(text + "\n"));
}

#[test]
fn the_schema_of_policies_is_current() {
    let text =
        serde_json::to_string_pretty(&dsw_model::policy::schema()).expect("a schema is JSON");
    is_current("docs/policy.schema.json", &(text + "\n"));
}

#[test]
fn the_reference_page_is_current() {
    is_current("docs/reference.md", &reference::page());
}

#[test]
fn the_texts_about_rules_are_current() {
    is_current(
        "assets/rules.json",
        &(reference::rules().to_string() + "\n"),
    );
}

/// All rules of the model with their severities, be they written, on fields or for drafts.
fn rules() -> Vec<(&'static str, Severity)> {
    let written = rules::all().map(|rule| (rule.id, rule.severity));
    let single = violation::RULES
        .iter()
        .map(|(id, _)| (*id, Severity::Error));
    let of_drafts = OF_DRAFTS.iter().map(|(id, severity, _)| (*id, *severity));
    written.chain(single).chain(of_drafts).collect()
}

#[test]
fn every_rule_has_its_texts() {
    let ids: Vec<_> = RULES.iter().map(|about| about.id).collect();
    let numbered: Vec<_> = (1..=113).map(|number| format!("R{number:02}")).collect();
    assert_eq!(ids, numbered);
    for (id, _) in rules() {
        assert!(reference::about(id).is_some(), "{id}");
    }
    for id in WITH_FIX {
        assert!(ids.contains(id), "{id}");
    }
    let numbers: Vec<_> = CONTRADICTIONS.iter().map(|known| known.id).collect();
    let numbered: Vec<_> = (1..=24).map(|number| format!("D{number:02}")).collect();
    assert_eq!(numbers, numbered);
}

#[test]
fn texts_are_sentences() {
    let rules = RULES
        .iter()
        .flat_map(|about| [about.when, about.why].map(|text| (about.id, text)));
    let known = CONTRADICTIONS.iter();
    let known = known
        .flat_map(|known| [known.shown, known.finding, known.send].map(|text| (known.id, text)));
    for (id, text) in rules.chain(known).chain(BEYOND.iter().copied()) {
        assert!(text.ends_with('.'), "{id}: {text:?} ends in a full stop");
        assert!(!text.starts_with(char::is_whitespace), "{id}: {text:?}");
        assert!(!text.contains(['!', '\n']), "{id}: {text:?} is calm");
        assert!(text.chars().count() <= 200, "{id}: {text:?} is short");
    }
}

#[test]
fn rules_are_found_where_the_catalogue_says() {
    let catalogue: Value =
        serde_json::from_str(include_str!("data/create-instance.rules.json")).expect("JSON");
    let mut fields = BTreeSet::new();
    Request::DESCRIPTOR.walk(&mut |path, field| {
        let path = path.name(Request::DESCRIPTOR).replace("[0]", "[]");
        if let Kind::List(_) = field.kind {
            fields.insert(format!("{path}[]"));
        }
        fields.insert(path);
    });
    for (about, entry) in RULES.iter().zip(catalogue.as_array().expect("a list")) {
        let text = |name: &str| entry[name].as_str().expect("text");
        assert_eq!(about.id, text("id"));
        for at in about.at {
            assert!(fields.contains(*at), "{}: no field {at}", about.id);
        }
        // These may be found at any field, or descriptors say at which.
        if matches!(about.id, "R109" | "R110" | "R111" | "R112" | "R113") {
            assert!(about.at.is_empty(), "{}", about.id);
            continue;
        }
        let mut places: Vec<String> = Vec::new();
        for part in text("attachTo").split([',', '/']) {
            let part = part
                .split(" (")
                .next()
                .expect("split gives at least one")
                .trim();
            let part = part
                .replace("[i]", "[]")
                .replace("[j]", "[]")
                .replace(".<name>", "");
            // `A[i].B / .C` means `A[i].B` and `A[i].C`; once the point is left out.
            let place = match places.last().and_then(|before| before.rsplit_once('.')) {
                Some((parent, _)) if !fields.contains(&part) => {
                    format!("{parent}.{}", part.trim_start_matches('.'))
                }
                _ => part,
            };
            places.push(place);
        }
        if about.id == "R68" {
            // The catalogue speaks of the one object of free names that people know.
            places.push("AccessRestrictionRules".to_owned());
        }
        assert_eq!(about.at, places, "{}", about.id);
    }
}

#[test]
fn the_schema_knows_of_every_error() {
    let errors = rules()
        .into_iter()
        .filter(|(_, severity)| *severity == Severity::Error);
    let errors: BTreeSet<_> = errors.map(|(id, _)| id).collect();
    let told = rules()
        .into_iter()
        .map(|(id, _)| id)
        .filter(|id| schema::expresses(id));
    let told: BTreeSet<_> = told.collect();
    let beyond: BTreeSet<_> = BEYOND.iter().map(|(id, _)| *id).collect();
    assert_eq!(errors, &told | &beyond);
    // What is told stands in the schema under its id.
    let schema = schema::schema().to_string();
    for id in told {
        assert!(schema.contains(id), "{id}");
    }
}
