//! JSON → [`Draft`]. Any JSON object becomes a draft, and nothing of it is lost without a word.

use std::sync::Arc;

use dsw_model::descriptor::{Kind, StructDescriptor, field_step};
use dsw_model::path::{Path, Trail};
use serde_json::{Map, Value};

use crate::draft::{Draft, ROOT, StructDraft};
use crate::json::{self, JsonError};
use crate::print;

pub mod anything;

/// The longest text that is read, in bytes: larger than any request the service takes, small enough to be
/// read and shown at once.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Why a text cannot be taken in as a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It is not JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// It is JSON, but not an object.
    #[error("a request is an object, and this is {found}")]
    NotAnObject {
        /// What it is: `an array`, `text`, …
        found: &'static str,
    },
    /// It is longer than [`MAX_BYTES`].
    #[error("the text has {bytes} bytes; the limit is {MAX_BYTES}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// It is a file that is not UTF-8 text.
    #[error("the file is not UTF-8 text: line {line}, column {column}")]
    NotUtf8 {
        /// Line of the first byte that is not text, from 1.
        line: usize,
        /// Character in that line, from 1.
        column: usize,
    },
}

/// A request taken in.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The request, to be edited.
    pub draft: Draft,
    /// What became of its parts.
    pub report: Report,
}

/// What became of the parts of an imported request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Members that are now fields of the form with a value of their own (objects and lists not counted).
    pub kept: usize,
    /// Members that say "not set" (`null`, empty text, an empty array or object): left out.
    pub dropped: Vec<Path>,
    /// Members that the model does not know: kept and sent as they came.
    pub unknown: Vec<Path>,
    /// Members of another type than documented: kept and sent as they came.
    pub foreign: Vec<Path>,
}

/// Takes in the text of a request.
///
/// # Errors
///
/// If the text is too long, is not JSON, or is no object.
pub fn import(text: &str) -> Result<Import, ImportError> {
    if text.len() > MAX_BYTES {
        return Err(ImportError::TooLong { bytes: text.len() });
    }
    match json::parse(text)? {
        Value::Object(members) => Ok(from_object(members)),
        other => Err(ImportError::NotAnObject {
            found: type_name(&other),
        }),
    }
}

/// Takes in the bytes of a file.
///
/// # Errors
///
/// As [`import`], and if the bytes are not UTF-8.
pub fn import_bytes(bytes: &[u8]) -> Result<Import, ImportError> {
    import(text_of(bytes)?)
}

/// The text of a file.
fn text_of(bytes: &[u8]) -> Result<&str, ImportError> {
    if bytes.len() > MAX_BYTES {
        return Err(ImportError::TooLong { bytes: bytes.len() });
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
        let (line, column) = json::line_and_column(valid, valid.len());
        ImportError::NotUtf8 { line, column }
    })
}

/// Takes in a request that is parsed already.
pub fn from_object(members: Map<String, Value>) -> Import {
    from_members(&members)
}

/// The same for a request that is needed further on.
pub fn from_members(members: &Map<String, Value>) -> Import {
    let mut report = Report::default();
    let object = struct_draft(ROOT, members, &Trail::Start(&Path::ROOT), &mut report);
    Import {
        draft: Draft::Struct(Arc::new(object)),
        report,
    }
}

/// The draft of one value of this kind.
pub fn draft_from_json(kind: Kind, value: Value) -> Draft {
    let start = Trail::Start(&Path::ROOT);
    field_draft(kind, &value, &start, &mut Report::default())
}

/// What a JSON value is, in words.
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Whether this is how JSON writes a number without fraction or exponent.
pub fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits.len() == 1 || !digits.starts_with('0'))
}

/// A field: values that say "not set" are dropped.
fn field_draft(kind: Kind, value: &Value, at: &Trail<'_>, report: &mut Report) -> Draft {
    let empty = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() && matches!(kind, Kind::Text | Kind::Secret),
        Value::Array(items) => items.is_empty() && matches!(kind, Kind::List(_)),
        Value::Object(members) => {
            members.is_empty() && matches!(kind, Kind::Struct(_) | Kind::Map(_) | Kind::Json)
        }
        _ => false,
    };
    if empty {
        report.dropped.push(at.path());
        return Draft::Unset;
    }
    row_draft(kind, value, at, report)
}

/// A row: it is never left out, or the rows behind it would change their numbers.
fn row_draft(kind: Kind, value: &Value, at: &Trail<'_>, report: &mut Report) -> Draft {
    match (kind, value) {
        (Kind::Struct(descriptor), Value::Object(members)) => {
            Draft::Struct(Arc::new(struct_draft(descriptor, members, at, report)))
        }
        (Kind::List(item), Value::Array(items)) => {
            let rows = items.iter().enumerate();
            let rows =
                rows.map(|(row, value)| row_draft(*item, value, &Trail::Row(at, row), report));
            Draft::List(Arc::new(rows.collect()))
        }
        (Kind::Map(item), Value::Object(members)) => {
            let rows = members.iter().enumerate().map(|(row, (key, value))| {
                let value = row_draft(*item, value, &Trail::Row(at, row), report);
                (key.clone(), value)
            });
            Draft::Map(Arc::new(rows.collect()))
        }
        (kind, value) => {
            let draft = match (kind, value) {
                (Kind::Text | Kind::Secret, Value::String(text)) => Draft::Text(text.clone()),
                (Kind::Integer, Value::Number(number)) if is_integer(number.as_str()) => {
                    Draft::Text(number.as_str().to_owned())
                }
                (Kind::Boolean, Value::Bool(flag)) => Draft::Flag(*flag),
                (Kind::Json, value @ Value::Object(_)) => Draft::Text(print::pretty(value)),
                (_, value) => {
                    report.foreign.push(at.path());
                    return Draft::Foreign(Arc::new(value.clone()));
                }
            };
            report.kept += 1;
            draft
        }
    }
}

fn struct_draft(
    descriptor: &StructDescriptor,
    members: &Map<String, Value>,
    at: &Trail<'_>,
    report: &mut Report,
) -> StructDraft {
    let mut object = StructDraft::empty(descriptor);
    for (name, value) in members {
        if let Some((index, field)) = descriptor.field(name) {
            let at = Trail::Field(at, field_step(index));
            object.fields[index] = field_draft(field.kind, value, &at, report);
        } else {
            report.unknown.push(at.path().join(name.as_str()));
            let value = Draft::Foreign(Arc::new(value.clone()));
            object.unknown.push((name.as_str().into(), value));
        }
    }
    object
}
