//! Helpers for the tables of cases beside the rules.
//!
//! Cases are JSON bodies. A case speaks of one rule; what others find in its body does not matter.

use serde_json::Value;

use super::{Context, Diagnostic};
use crate::descriptor::Describe as _;
use crate::path::{Path, Step};
use crate::request::CreateInstanceRequest;

/// A refused body, and the fields at which the rule must stand: those of all its findings, in order.
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
    for body in accepted {
        let found = findings(id, &parse(body), context);
        assert!(found.is_empty(), "{id} refuses {body}: {found:?}");
    }
    for (body, fields) in refused {
        let found = findings(id, &parse(body), context);
        let names: Vec<_> = found
            .iter()
            .flat_map(|found| &found.paths)
            .map(name)
            .collect();
        assert_eq!(names, *fields, "{id} on {body}");
    }
}

/// Checks that a rule mends the body so, or that it offers nothing.
#[track_caller]
pub(super) fn check_fixes(id: &str, cases: &[(&str, Option<&str>)]) {
    for (body, mended) in cases {
        let mut value = parse(body);
        let found = findings(id, &value, &Context::default());
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
        for (path, edit) in fixes.into_iter().flat_map(|fix| &fix.0) {
            apply(&mut value, path, edit.as_ref());
        }
        if let Some(mended) = mended {
            assert_eq!(value, parse(mended), "{id} on {body}");
            let left = findings(id, &value, &Context::default());
            assert!(left.is_empty(), "the fix of {id} leaves {left:?}");
        }
    }
}

/// What the rule finds in a body.
fn findings(id: &str, body: &Value, context: &Context) -> Vec<Diagnostic> {
    let object = body.as_object().expect("a case is an object");
    let mut found = crate::judge(&CreateInstanceRequest::read(object), context);
    found.retain(|found| found.code == id);
    found
}

fn apply(body: &mut Value, path: &Path, edit: Option<&Value>) {
    let (parent, last) = path.split_last().expect("a fix is at a field");
    let pointer = parent.pointer(CreateInstanceRequest::DESCRIPTOR);
    let parent = body
        .pointer_mut(&pointer)
        .expect("a fix changes what is there");
    match (last, edit) {
        (Step::Row(row), Some(value)) => parent[*row as usize] = value.clone(),
        (Step::Row(row), None) => {
            parent.as_array_mut().expect("a list").remove(*row as usize);
        }
        (_, edit) => {
            let name = name(path);
            let wire = name.rsplit('.').next().expect("never empty");
            let parent = parent.as_object_mut().expect("an object");
            match edit {
                Some(value) => parent.insert(wire.to_owned(), value.clone()),
                None => parent.remove(wire),
            };
        }
    }
}

fn name(path: &Path) -> String {
    path.name(CreateInstanceRequest::DESCRIPTOR)
}

fn parse(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error} in {body}"))
}
