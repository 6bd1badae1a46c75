//! What `#[validate(…)]` refuses, as diagnostics.
//!
//! validator reports in hash maps by Rust names; here they become paths and parameters in form
//! order. Nothing else writes or reads its errors.

use std::borrow::Cow;

use serde_json::Value;
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::descriptor::{Describe, Kind, StructDescriptor, field_step};
use crate::grammar;
use crate::path::Path;
use crate::request::{CreateInstanceRequest, Dataset};
use crate::rules::{self, Diagnostic, Fix, Severity, Source};
use crate::secret::Secret;

/// The rules that stand as `#[validate(…)]` on their fields. What breaks one of them is an error.
pub const RULES: &[(&str, Source)] = &[
    ("R03", Source::Documented),
    ("R04", Source::Documented),
    ("R12", Source::Documented),
    ("R14", Source::Inferred),
    ("R23", Source::Inferred),
    ("R26", Source::Policy),
    ("R38", Source::Documented),
    ("R72", Source::Documented),
    ("R102", Source::Inferred),
];

/// What single values of a request break, but for those in datasets, in form order.
///
/// A request may have thousands of datasets, so each is checked by itself ([`check_dataset`]), and
/// `CreateInstanceRequest::datasets` bears no `#[validate(nested)]`.
pub fn check(request: &CreateInstanceRequest) -> Vec<Diagnostic> {
    told(request)
}

/// What single values of a dataset break, in form order. Paths count from the dataset.
pub fn check_dataset(dataset: &Dataset) -> Vec<Diagnostic> {
    told(dataset)
}

fn told<T: Describe + Validate>(object: &T) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Err(errors) = object.validate() {
        collect(&errors, T::DESCRIPTOR, &Path::ROOT, &mut found);
    }
    found
}

fn collect(
    errors: &ValidationErrors,
    owner: &'static StructDescriptor,
    at: &Path,
    found: &mut Vec<Diagnostic>,
) {
    for (index, field) in owner.fields.iter().enumerate() {
        let Some(kind) = errors.errors().get(field.rust) else {
            continue;
        };
        let path = at.join(field_step(index));
        match (kind, field.kind) {
            (ValidationErrorsKind::Field(errors), _) => {
                found.extend(errors.iter().filter_map(|error| diagnostic(error, &path)));
            }
            (ValidationErrorsKind::Struct(errors), Kind::Struct(inner)) => {
                collect(errors, inner, &path, found);
            }
            (ValidationErrorsKind::List(rows), Kind::List(Kind::Struct(inner))) => {
                for (row, errors) in rows {
                    collect(errors, inner, &path.join(*row), found);
                }
            }
            // validator and descriptors read the same declaration.
            _ => {}
        }
    }
}

fn diagnostic(error: &ValidationError, path: &Path) -> Option<Diagnostic> {
    // Codes are literals in the attributes, so there is no other case.
    let Cow::Borrowed(code) = error.code else {
        return None;
    };
    let mut diagnostic = Diagnostic {
        code,
        severity: Severity::Error,
        paths: vec![path.clone()],
        params: Vec::new(),
        fix: None,
    };
    // The refused value itself is not passed on: validator adds it always, and it may be a secret.
    let (min, max) = (error.params.get("min"), error.params.get("max"));
    match error.params.get("value") {
        Some(Value::String(text)) => {
            if let Some(limit) = max {
                diagnostic
                    .with("length", text.chars().count())
                    .with("limit", limit);
            }
        }
        Some(Value::Number(number)) => {
            diagnostic.with("value", number);
            for (name, limit) in [("min", min), ("max", max)] {
                if let Some(limit) = limit {
                    diagnostic.with(name, limit);
                }
            }
        }
        _ => {}
    }
    if let Some(Value::String(problem)) = error.params.get(PROBLEM) {
        diagnostic.with(PROBLEM, problem);
    }
    if let Some(fixed) = error.params.get(FIX) {
        diagnostic.mended_by(Fix::set(path.clone(), fixed.clone()));
    }
    Some(diagnostic)
}

/// Name of the parameter by which a function below hands on a mended value.
const FIX: &str = "fix";

/// Name of the parameter by which a function below says why a text is not JSON.
const PROBLEM: &str = "problem";

/// R03: the characters of a name.
pub(crate) fn instance_name(text: &str) -> Result<(), ValidationError> {
    if grammar::is_name(text) {
        return Ok(());
    }
    Err(refusal("R03", grammar::to_name(text)))
}

/// R12: Base64.
pub(crate) fn image_auth(secret: &Secret) -> Result<(), ValidationError> {
    match grammar::decode_base64(secret.expose()) {
        Some(_) => Ok(()),
        None => Err(refusal("R12", None)),
    }
}

/// R14: no scheme, no white space.
pub(crate) fn image_url(text: &str) -> Result<(), ValidationError> {
    if grammar::is_image_url(text) {
        return Ok(());
    }
    Err(refusal(
        "R14",
        grammar::to_image_url(text).map(str::to_owned),
    ))
}

/// R23: a JSON object, written as text.
pub(crate) fn options(text: &str) -> Result<(), ValidationError> {
    match rules::not_an_object(text) {
        Some(problem) if !text.is_empty() => {
            let mut error = refusal("R23", None);
            error.params.insert(PROBLEM.into(), problem.into());
            Err(error)
        }
        _ => Ok(()),
    }
}

/// R26: an absolute path, without white space and `..`.
pub(crate) fn mount_path(text: &str) -> Result<(), ValidationError> {
    let accepts = |text: &str| text.is_empty() || grammar::is_mount_path(text);
    if accepts(text) {
        return Ok(());
    }
    let fixed = grammar::trimmed(text, grammar::is_mount_path);
    Err(refusal("R26", fixed.map(str::to_owned)))
}

/// R38: a scheme that the service knows.
pub(crate) fn storage_address(text: &str) -> Result<(), ValidationError> {
    if text.is_empty() || grammar::scheme(text).is_some() {
        return Ok(());
    }
    let fixed = text.trim_start().split_once("://").map(|(scheme, rest)| {
        // Capitals count in all of the address but its scheme.
        [&scheme.to_ascii_lowercase(), "://", rest].concat()
    });
    Err(refusal(
        "R38",
        fixed.filter(|fixed| grammar::scheme(fixed).is_some()),
    ))
}

fn refusal(code: &'static str, fixed: Option<String>) -> ValidationError {
    let mut error = ValidationError::new(code);
    if let Some(fixed) = fixed {
        error.params.insert(FIX.into(), fixed.into());
    }
    error
}
