//! [`judge`]: whether a body may be sent, by the same parser, model and rules as the page
//! (`docs/decisions/0010-the-gateway-judges-as-the-page-does.md`).

use std::str;

use dsw_form::draft::{Draft, ROOT};
use dsw_form::import::{self, ImportError, type_name};
use dsw_form::review::review;
use dsw_model::descriptor::{FieldType, Kind};
use dsw_model::json::places::pointer_at;
use dsw_model::json::{self, JsonError, Limits, Problem};
use dsw_model::path::{Field, Path, Step};
use dsw_model::policy::RULES as POLICY_RULES;
use dsw_model::rules::{Context, Diagnostic, Severity};
use dsw_model::verdict::Found;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::error::{Code, Error, Finding};
use crate::sign::hex;

pub use dsw_form::import::MAX_BYTES;

/// What a body may hold at most (S11).
pub const LIMITS: Limits = Limits {
    depth: 32,
    members: 10_000,
};

/// A body that is a request, and what the rules find in it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What the rules find, in the order of the form: what the page shows for the same bytes and context.
    pub findings: Vec<Finding>,
    /// The same as the model finds it: with what its words are made of.
    pub diagnostics: Found,
    /// The body as it was read.
    pub body: Map<String, Value>,
    /// How long it was.
    bytes: usize,
    draft: Draft,
}

/// Why bytes are not a request at all (S13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub error: ImportError,
    /// JSON Pointer to where it is wrong.
    pub pointer: String,
    /// Line, from 1.
    pub line: usize,
    /// Character in that line, from 1.
    pub column: usize,
}

/// Judges the bytes of a body. What is not known from elsewhere (the context) is not asked about.
///
/// # Errors
///
/// If the bytes are not one strict JSON object within [`LIMITS`].
pub fn judge(bytes: &[u8], context: &Context) -> Result<Judged, Refusal> {
    let body = read(bytes)?;
    let draft = import::from_members(&body).draft;
    let review = review(&draft, context);
    let findings = review.diagnostics.iter().map(|found| Finding {
        rule: Some(found.code),
        severity: match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        pointer: with_names(found.path(), &draft).pointer(ROOT),
        // What a policy asks nobody else can know; its words hold nothing of the body (S20).
        message: POLICY_RULES
            .contains(&found.code)
            .then(|| dsw_words::message(found)),
    });
    Ok(Judged {
        findings: findings.collect(),
        diagnostics: review.diagnostics,
        body,
        bytes: bytes.len(),
        draft,
    })
}

/// Reads bytes as one strict JSON object: UTF-8 without a byte order mark, within [`LIMITS`].
fn read(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let at_start = |error| Refusal {
        error,
        pointer: String::new(),
        line: 1,
        column: 1,
    };
    if bytes.len() > MAX_BYTES {
        return Err(at_start(ImportError::TooLong { bytes: bytes.len() }));
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let valid = str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
        let (line, column) = json::line_and_column(valid, valid.len());
        Refusal {
            error: ImportError::NotUtf8 { line, column },
            pointer: pointer_at(valid, valid.len()),
            line,
            column,
        }
    })?;
    // The page's reader passes over the mark of a file; what is sent to the service must not have one.
    let parsed = if text.starts_with('\u{feff}') {
        Err(JsonError {
            problem: Problem::NotAValue,
            line: 1,
            column: 1,
        })
    } else {
        json::parse_within(text, LIMITS)
    };
    match parsed {
        Ok(Value::Object(body)) => Ok(body),
        Ok(other) => Err(at_start(ImportError::NotAnObject {
            found: type_name(&other),
        })),
        Err(error) => Err(Refusal {
            pointer: pointer_at(text, byte_at(text, error.line, error.column)),
            line: error.line,
            column: error.column,
            error: ImportError::Json(error),
        }),
    }
}

/// The byte at this line and column.
fn byte_at(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split('\n').take(line - 1).map(|it| it.len() + 1).sum();
    let rest = text.get(before..).unwrap_or_default();
    before
        + rest
            .chars()
            .take(column - 1)
            .map(char::len_utf8)
            .sum::<usize>()
}

/// The path with the names of map entries in place of their rows: bytes have no rows of maps.
fn with_names(path: &Path, draft: &Draft) -> Path {
    let steps = path.steps().iter().enumerate();
    let named = steps.map(|(n, step)| match (step, draft.get(&path.prefix(n))) {
        (Step::Row(row), Some(Draft::Map(rows))) => rows
            .get(*row as usize)
            .map_or_else(|| step.clone(), |(name, _)| Step::from(name.as_str())),
        _ => step.clone(),
    });
    named.collect()
}

impl Judged {
    /// Whether the body may be sent: warnings do not stand in the way.
    pub fn may_be_sent(&self) -> bool {
        self.findings.iter().all(|found| found.severity != "error")
    }

    /// The value of a field of the request, if it is well typed.
    pub fn value<T: FieldType>(&self, Field(index): Field) -> Option<T> {
        let field = ROOT.fields.get(usize::from(index))?;
        T::read(self.body.get(field.wire)?)
    }

    /// JSON Pointers to all places that a finding is about, the one most likely to change first.
    pub fn pointers(&self, found: &Diagnostic) -> Vec<String> {
        let paths = found.paths.iter();
        paths
            .map(|path| with_names(path, &self.draft).pointer(ROOT))
            .collect()
    }

    /// SHA-256 of the body without regard to the order of members and white space (rule 3 of create), and of
    /// where it is to be created, in hex.
    pub fn fingerprint(&self, operation: &str, region: &str) -> String {
        let mut canonical = Vec::with_capacity(self.bytes + 64);
        canonical.extend_from_slice(operation.as_bytes());
        canonical.push(b'\n');
        canonical.extend_from_slice(region.as_bytes());
        canonical.push(b'\n');
        write_object(&self.body, &mut canonical);
        hex(&Sha256::digest(&canonical).into())
    }

    /// The secret texts of the body, longest first: what must not be kept, even where the service repeats it.
    pub fn secrets(&self) -> Vec<String> {
        let mut secrets = Vec::new();
        for (name, value) in &self.body {
            if let Some((_, field)) = ROOT.field(name) {
                collect_secrets(field.kind, value, &mut secrets);
            }
        }
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets
    }
}

fn collect_secrets(kind: Kind, value: &Value, secrets: &mut Vec<String>) {
    match (kind, value) {
        (Kind::Secret, Value::String(text)) if !text.is_empty() => secrets.push(text.clone()),
        (Kind::Struct(descriptor), Value::Object(members)) => {
            for (name, value) in members {
                if let Some((_, field)) = descriptor.field(name) {
                    collect_secrets(field.kind, value, secrets);
                }
            }
        }
        (Kind::List(item), Value::Array(items)) => {
            for value in items {
                collect_secrets(*item, value, secrets);
            }
        }
        (Kind::Map(item), Value::Object(members)) => {
            for value in members.values() {
                collect_secrets(*item, value, secrets);
            }
        }
        _ => {}
    }
}

/// Writes a value with sorted members. It is as deep as the limits allow, no deeper.
fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(members) => write_object(members, out),
        Value::Array(items) => {
            out.push(b'[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        Value::String(text) => write_text(text, out),
        scalar => out.extend_from_slice(scalar.to_string().as_bytes()),
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(out, text).expect("a vector takes any text");
}

fn write_object(members: &Map<String, Value>, out: &mut Vec<u8>) {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_unstable_by_key(|(name, _)| *name);
    out.push(b'{');
    for (n, (name, value)) in sorted.into_iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        write_text(name, out);
        out.push(b':');
        write(value, out);
    }
    out.push(b'}');
}

impl Refusal {
    /// The answer to it. Of the body it holds places and names of members, no values.
    pub fn into_error(self) -> Error {
        let (line, column) = (self.line, self.column);
        let message = match &self.error {
            ImportError::TooLong { .. } => {
                let message = format!("The body is too large: at most {MAX_BYTES} bytes.");
                return Error::new(Code::BodyTooLarge, message);
            }
            ImportError::NotUtf8 { .. } => "the body is not UTF-8 text".to_owned(),
            ImportError::NotAnObject { found } => {
                format!("a request is an object, and this is {found}")
            }
            ImportError::Json(JsonError {
                problem: Problem::Duplicate { first, .. },
                ..
            }) => format!("a name stands twice in one object, first in line {first}"),
            ImportError::Json(error) => error.problem.to_string(),
        };
        let told = format!("The body is refused at line {line}, column {column}: {message}.");
        let mut error = Error::new(Code::BadJson, told);
        error.findings = told_within(vec![Finding {
            rule: None,
            severity: "error",
            pointer: self.pointer,
            message: Some(message),
        }]);
        error
    }
}

/// The answer to a body that breaks rules: its errors first, then what else was found.
pub fn refused(findings: Vec<Finding>) -> Error {
    let (mut told, warnings): (Vec<_>, Vec<_>) = findings
        .into_iter()
        .partition(|found| found.severity == "error");
    let count = told.len();
    let message = match count {
        1 => "The rules find 1 error in the body. Nothing was sent.".to_owned(),
        _ => format!("The rules find {count} errors in the body. Nothing was sent."),
    };
    told.extend(warnings);
    let mut error = Error::new(Code::InvalidRequest, message);
    error.findings = told_within(told);
    error
}

/// Bytes that the findings of one answer may take, so that an answer stays below 64 KiB (S20).
const FINDINGS_BYTES: usize = 32 << 10;

/// Bytes of the longest pointer that is told whole. The names in it are the caller's.
const POINTER_BYTES: usize = 512;

/// As many of these findings as fit, with long pointers cut back to the last step that fits.
fn told_within(findings: Vec<Finding>) -> Vec<Finding> {
    let mut left = FINDINGS_BYTES;
    let mut told = Vec::new();
    for mut finding in findings {
        while finding.pointer.len() > POINTER_BYTES {
            let end = finding.pointer.rfind('/').unwrap_or(0);
            finding.pointer.truncate(end);
        }
        // What stands around pointer and words has at most 100 bytes, and escapes make six of one.
        let words = finding.message.as_ref().map_or(0, String::len);
        let size = 100 + 6 * (finding.pointer.len() + words);
        if size > left {
            break;
        }
        left -= size;
        told.push(finding);
    }
    told
}
