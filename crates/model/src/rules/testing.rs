//! Helpers for the tables of cases beside the rules.
//!
//! Cases are JSON bodies. A case speaks of one rule; what others find in its body does not matter.
//! Every finding is held against the rule catalogue: its severity, and where it stands.

use std::sync::{Arc, LazyLock};

use jsonschema::Validator;
use serde::Deserialize;
use serde_json::Value;

use super::{Change, Check, Context, Diagnostic, Severity, Source};
use crate::descriptor::Describe as _;
use crate::path::{Path, Step};
use crate::request::CreateInstanceRequest;
use crate::schema::{BEYOND, rule_at, schema};

/// A refused body, and the fields at which the rule must stand: those of all its findings, in
/// order.
type Refused<'a> = (&'a str, &'a [&'a str]);

/// Checks a rule, with nothing known beyond the request.
#[track_caller]
pub(super) fn check_cases(id: &str, accepted: &[&str], refused: &[Refused<'_>]) {
    check_cases_in(&Context::default(), id, accepted, refused);
}

/// Checks a rule.
#[track_caller]
pub(super) fn check_cases_in(
    context: &Context,
    id: &str,
    accepted: &[&str],
    refused: &[Refused<'_>],
) {
    // The schema knows nothing beyond the body.
    let asks_schema = *context == Context::default();
    for body in accepted {
        let found = findings(id, &parse(body), context);
        assert!(found.is_empty(), "{id} refuses {body}: {found:?}");
        assert!(
            !asks_schema || !schema_refuses(id, body),
            "the schema refuses {body} for {id}"
        );
    }
    let entry = Entry::of(id);
    if !refused.is_empty() {
        let bodies = accepted.iter().chain(refused.iter().map(|(body, _)| body));
        check_reads(context, id, bodies.map(|body| parse(body)).collect());
    }
    for (body, fields) in refused {
        let found = findings(id, &parse(body), context);
        let paths = found.iter().flat_map(|found| &found.paths);
        assert_eq!(
            paths.map(name).collect::<Vec<_>>(),
            *fields,
            "{id} on {body}"
        );
        let error = found.iter().any(|found| found.severity == Severity::Error);
        let told = asks_schema && error && !BEYOND.iter().any(|(beyond, _)| *beyond == id);
        assert!(
            !told || schema_refuses(id, body),
            "the schema accepts {body} for {id}"
        );
        for found in &found {
            assert!(entry.has(found.severity), "{id}: {}", entry.severity);
            // Any of the fields that the catalogue names, in its order.
            let mut places = entry.places().into_iter();
            for path in &found.paths {
                let place = pattern(&name(path));
                assert!(
                    places.any(|known| known == place),
                    "{id} at {place}: {}",
                    entry.attach_to
                );
            }
        }
    }
}

/// Whether the JSON Schema refuses a body for this rule.
fn schema_refuses(id: &str, body: &str) -> bool {
    static SCHEMA: LazyLock<(Value, Validator)> = LazyLock::new(|| {
        let schema = schema();
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        (schema, validator)
    });
    let (schema, validator) = &*SCHEMA;
    validator
        .iter_errors(&parse(body))
        .any(|error| rule_at(schema, error.evaluation_path().as_str()) == Some(id))
}

/// Checks that the rule reads the fields it names, and no others: it finds the same where all others are absent,
/// and something else in some body where one of these is.
#[track_caller]
fn check_reads(context: &Context, id: &str, bodies: Vec<Value>) {
    let rule = super::all().find(|rule| rule.id == id);
    let Some(Check::Whole(reads, _)) = rule.map(|rule| rule.check) else {
        return;
    };
    let fields = CreateInstanceRequest::DESCRIPTOR.fields;
    let reads: Vec<_> = reads
        .iter()
        .map(|field| fields[usize::from(field.0)].wire)
        .collect();
    let without = |body: &Value, is: &dyn Fn(&str) -> bool| {
        let mut body = body.clone();
        body.as_object_mut()
            .expect("an object")
            .retain(|name, _| !is(name));
        findings(id, &body, context)
    };
    for body in &bodies {
        let found = without(body, &|name| !reads.contains(&name));
        assert_eq!(
            found,
            findings(id, body, context),
            "{id} reads more of {body}"
        );
    }
    for wire in &reads {
        let matters =
            |body: &Value| without(body, &|name| name == *wire) != findings(id, body, context);
        assert!(
            bodies.iter().any(matters),
            "{id} does not need {wire}, or no case shows it"
        );
    }
}

/// An entry of the rule catalogue.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    pub(super) id: String,
    severity: String,
    attach_to: String,
    kind: String,
}

impl Entry {
    /// The whole catalogue.
    pub(super) fn all() -> Vec<Self> {
        let catalogue = include_str!("../../tests/data/create-instance.rules.json");
        serde_json::from_str(catalogue).expect("the catalogue is JSON")
    }

    fn of(id: &str) -> Self {
        Self::all()
            .into_iter()
            .find(|entry| entry.id == id)
            .expect("a rule of the catalogue")
    }

    /// Whether findings of the rule can have this severity. Some rules speak of two cases.
    pub(super) fn has(&self, severity: Severity) -> bool {
        let word = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        self.severity.split(" / ").any(|part| part == word)
    }

    pub(super) fn source(&self) -> Source {
        match self.kind.as_str() {
            "documented" => Source::Documented,
            "vendor-guide" => Source::VendorGuide,
            "inferred" => Source::Inferred,
            "policy" => Source::Policy,
            kind => panic!("unknown kind {kind}"),
        }
    }

    /// The places that the catalogue names: `A[i].B, .C` and `A[i].B / .C` mean `A[i].B` and
    /// `A[i].C`.
    fn places(&self) -> Vec<String> {
        let mut places: Vec<String> = Vec::new();
        for part in self.attach_to.split([',', '/']).map(str::trim) {
            let part = part.split(" (").next().expect("split gives at least one");
            let place = match (part.strip_prefix('.'), places.last()) {
                (Some(field), Some(before)) => {
                    let (parent, _) = before.rsplit_once('.').expect("a field of an object");
                    format!("{parent}.{field}")
                }
                (None, Some(before)) if !is_at_root(part) => {
                    let (parent, _) = before.rsplit_once('.').expect("a field of an object");
                    format!("{parent}.{part}")
                }
                _ => part.to_owned(),
            };
            places.push(place);
        }
        places
    }
}

fn is_at_root(place: &str) -> bool {
    let field = place
        .split(['.', '['])
        .next()
        .expect("split gives at least one");
    CreateInstanceRequest::DESCRIPTOR.field(field).is_some()
}

/// A name as the catalogue writes it: `Configs[3].Roles[0]` becomes `Configs[i].Roles[j]`.
fn pattern(name: &str) -> String {
    if name.starts_with("EnvironmentVariables.") {
        return "EnvironmentVariables.<name>".to_owned();
    }
    let mut letters = ["i", "j"].into_iter();
    let mut parts = name.split('[');
    let mut pattern = parts.next().expect("split gives at least one").to_owned();
    for part in parts {
        let (_, rest) = part.split_once(']').expect("a row number is closed");
        pattern.push('[');
        pattern.push_str(letters.next().expect("lists are nested twice at most"));
        pattern.push(']');
        pattern.push_str(rest);
    }
    pattern
}

/// Checks that a rule mends the body so, or that it offers nothing.
#[track_caller]
pub(super) fn check_fixes(id: &str, cases: &[(&str, Option<&str>)]) {
    check_fixes_in(&Context::default(), id, cases);
}

/// Checks what a rule mends, with this known beyond the request.
#[track_caller]
pub(super) fn check_fixes_in(context: &Context, id: &str, cases: &[(&str, Option<&str>)]) {
    for (body, mended) in cases {
        let mut value = parse(body);
        let found = findings(id, &value, context);
        assert!(!found.is_empty(), "{id} accepts {body}");
        let fixes: Vec<_> = found
            .iter()
            .filter_map(|found| found.fix.as_ref())
            .collect();
        assert_eq!(
            fixes.is_empty(),
            mended.is_none(),
            "{id} on {body}: {fixes:?}"
        );
        for change in fixes.into_iter().flat_map(|fix| &fix.0) {
            apply(&mut value, change);
        }
        if let Some(mended) = mended {
            assert_eq!(value, parse(mended), "{id} on {body}");
            let left = findings(id, &value, context);
            assert!(left.is_empty(), "the fix of {id} leaves {left:?}");
        }
    }
}

/// What the rule finds in a body.
fn findings(id: &str, body: &Value, context: &Context) -> Vec<Diagnostic> {
    let object = body.as_object().expect("a case is an object");
    let found = crate::judge(&CreateInstanceRequest::read(object), context);
    found
        .into_iter()
        .filter(|found| found.code == id)
        .map(Arc::unwrap_or_clone)
        .collect()
}

fn apply(body: &mut Value, change: &Change) {
    let (parent, last) = change.path().split_last().expect("a fix is at a field");
    let pointer = parent.pointer(CreateInstanceRequest::DESCRIPTOR);
    if let (Change::Set(..), None, [Step::Field(_)]) =
        (change, body.pointer(&pointer), parent.steps())
    {
        // A fix may begin an object of the request.
        body[name(&parent)] = Value::Object(serde_json::Map::new());
    }
    let parent = body
        .pointer_mut(&pointer)
        .expect("a fix changes what is there");
    let member = name(change.path());
    let member = member.rsplit('.').next().expect("never empty");
    match (change, last) {
        (Change::Set(_, value), Step::Row(row)) => parent[*row as usize] = value.clone(),
        (Change::Set(_, value), _) => parent[member] = value.clone(),
        (Change::Clear(_), Step::Row(row)) => {
            parent.as_array_mut().expect("a list").remove(*row as usize);
        }
        (Change::Clear(_), _) => {
            parent.as_object_mut().expect("an object").remove(member);
        }
        (Change::Move(_, from, to), _) => {
            let rows = parent[member].as_array_mut().expect("a list");
            let row = rows.remove(*from);
            rows.insert(*to, row);
        }
    }
}

fn name(path: &Path) -> String {
    path.name(CreateInstanceRequest::DESCRIPTOR)
}

fn parse(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error} in {body}"))
}
