//! Findings as SARIF 2.1.0, the exchange format of static analysis that code hosts and editors read.

use std::path::Path;

use dsw_model::policy::RULES as POLICY_RULES;
use dsw_model::reference::RULES;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde_json::{Value, json};

use super::{Checked, Finding, Place, Report, Span, Unreadable};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What stands in a path of a URI as it is.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The log of one run.
pub(super) fn log(report: &Report) -> Value {
    let rules = RULES.iter().map(|rule| {
        json!({
            "id": rule.id,
            "shortDescription": { "text": rule.when },
            "fullDescription": { "text": rule.why },
        })
    });
    let of_team = POLICY_RULES.iter().map(|id| {
        json!({
            "id": id,
            "shortDescription": { "text": dsw_words::when(id) },
            "fullDescription": { "text": "The policy of the team asks for it: see its file." },
        })
    });
    let results = report.files.iter().flat_map(|file| {
        let found = file.findings.iter();
        found.map(|found| result(&uri(&file.path), found))
    });
    let problems = report.files.iter().filter_map(|file| {
        let problem = file.problem.as_ref()?;
        Some(notification(file, problem))
    });
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "dsw-composer",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.chain(of_team).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": report.unreadable == 0,
                "exitCode": report.outcome() as u8,
                "toolExecutionNotifications": problems.collect::<Vec<_>>(),
            }],
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn result(uri: &str, found: &Finding) -> Value {
    let fix = found
        .fix
        .as_ref()
        .map_or_else(String::new, |fix| format!(" Fix: {fix}."));
    let mut result = json!({
        "ruleId": found.rule,
        "level": found.severity,
        "message": { "text": format!("{}{fix}", found.message) },
        "locations": [location(uri, &found.place)],
    });
    let known = RULES
        .iter()
        .map(|rule| rule.id)
        .chain(POLICY_RULES.iter().copied());
    if let Some(index) = known.into_iter().position(|id| id == found.rule) {
        result["ruleIndex"] = index.into();
    }
    if !found.related.is_empty() {
        let related = found.related.iter().enumerate().map(|(n, place)| {
            let mut location = location(uri, place);
            location["id"] = (n + 1).into();
            location
        });
        result["relatedLocations"] = related.collect();
    }
    result
}

fn location(uri: &str, place: &Place) -> Value {
    let mut location = json!({ "physicalLocation": physical(uri, Some(place.span)) });
    if !place.pointer.is_empty() {
        location["logicalLocations"] =
            json!([{ "fullyQualifiedName": place.pointer, "kind": "property" }]);
    }
    location
}

fn physical(uri: &str, span: Option<Span>) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri } });
    if let Some(span) = span {
        physical["region"] = json!({
            "startLine": span.line,
            "startColumn": span.column,
        });
    }
    physical
}

/// A file that can not be judged is no finding about a request but a failure of the run.
fn notification(file: &Checked, problem: &Unreadable) -> Value {
    json!({
        "level": "error",
        "message": { "text": problem.message },
        "locations": [{ "physicalLocation": physical(&uri(&file.path), problem.span) }],
    })
}

/// A file's name as a URI reference.
fn uri(path: &Path) -> String {
    if path.as_os_str() == "-" {
        return "stdin".to_owned();
    }
    let bytes = path.as_os_str().as_encoded_bytes();
    let escaped = percent_encode(bytes, ESCAPED).to_string();
    if path.is_absolute() {
        format!("file://{escaped}")
    } else {
        escaped
    }
}
