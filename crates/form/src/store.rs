//! [`Draft`] ⇄ JSON that a browser keeps: exact, but for secrets, which are left out and named.
//!
//! The body cannot be kept in its place: it holds neither a half-typed number nor a row without a name. What
//! comes back from storage may have been written by another version or by anybody, so whatever does not fit
//! its field is left out.

use std::sync::Arc;

use dsw_model::descriptor::{Kind, StructDescriptor, field_step};
use dsw_model::grammar::{begins_access_key_id, may_name_secret};
use dsw_model::path::Path;
use serde_json::{Map, Value};

use crate::draft::{Draft, ROOT, StructDraft};

/// The members of an object, by wire name.
const FIELDS: &str = "fields";
/// The members that the model does not know, as pairs.
const UNKNOWN: &str = "unknown";
/// What is parked of the alternatives that were not chosen, as pairs of wire name and value.
const PARKED: &str = "parked";
/// The rows of a map, as pairs.
const ROWS: &str = "rows";
/// A value of another type than the field's.
const FOREIGN: &str = "foreign";

/// A draft as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// What [`read`] takes.
    pub value: Value,
    /// The places of secrets, which are not in it, in form order.
    pub left_out: Vec<Path>,
}

/// What is kept of a draft.
pub fn write(draft: &Draft) -> Stored {
    let mut left_out = Vec::new();
    let value = write_node(Kind::Struct(ROOT), draft, &Path::ROOT, &mut left_out);
    Stored {
        value: value.unwrap_or_default(),
        left_out,
    }
}

/// The draft that was kept; nothing of what does not fit.
pub fn read(value: Value) -> Draft {
    read_node(Kind::Struct(ROOT), value)
}

/// A value as it is kept; nothing if it is a secret.
fn write_node(kind: Kind, draft: &Draft, path: &Path, left_out: &mut Vec<Path>) -> Option<Value> {
    if is_secret(kind, draft) {
        left_out.push(path.clone());
        return None;
    }
    Some(match (kind, draft) {
        (_, Draft::Text(text)) => Value::String(text.clone()),
        (_, Draft::Flag(flag)) => Value::Bool(*flag),
        (_, Draft::Foreign(value)) => tagged(FOREIGN, Value::clone(value)),
        (Kind::Struct(descriptor), Draft::Struct(object)) => {
            write_struct(descriptor, object, path, left_out)
        }
        (Kind::List(item), Draft::List(rows)) => {
            let mut all = Vec::with_capacity(rows.len());
            for (row, draft) in rows.iter().enumerate() {
                all.push(write_row(*item, draft, &path.join(row), left_out));
            }
            Value::Array(all)
        }
        (Kind::Map(item), Draft::Map(rows)) => {
            let mut all = Vec::with_capacity(rows.len());
            for (row, (name, draft)) in rows.iter().enumerate() {
                let at = path.join(row);
                let value = if may_name_secret(name.as_bytes()) && !draft.is_blank() {
                    left_out.push(at);
                    blank(*item)
                } else {
                    write_row(*item, draft, &at, left_out)
                };
                all.push(pair(name, value));
            }
            tagged(ROWS, Value::Array(all))
        }
        // Not set. An edit never makes a value of another shape than its field's.
        _ => Value::Null,
    })
}

fn write_row(kind: Kind, draft: &Draft, path: &Path, left_out: &mut Vec<Path>) -> Value {
    write_node(kind, draft, path, left_out).unwrap_or_else(|| blank(kind))
}

/// What stands in the place of a row that is left out, so that those behind it keep their numbers.
fn blank(kind: Kind) -> Value {
    write_node(kind, &Draft::blank_row(kind), &Path::ROOT, &mut Vec::new()).unwrap_or_default()
}

fn write_struct(
    descriptor: &StructDescriptor,
    object: &StructDraft,
    path: &Path,
    left_out: &mut Vec<Path>,
) -> Value {
    let mut fields = Map::new();
    for (index, (field, draft)) in descriptor.fields.iter().zip(&object.fields).enumerate() {
        if *draft != Draft::Unset {
            let at = path.join(field_step(index));
            if let Some(value) = write_node(field.kind, draft, &at, left_out) {
                fields.insert(field.wire.to_owned(), value);
            }
        }
    }
    let mut unknown = Vec::new();
    for (name, draft) in &object.unknown {
        let at = path.join(&**name);
        if may_name_secret(name.as_bytes()) {
            left_out.push(at);
        } else if let Some(value) = write_node(Kind::Json, draft, &at, left_out) {
            unknown.push(pair(name, value));
        }
    }
    let mut parked = Vec::new();
    for (index, draft) in &object.parked {
        if let Some(field) = descriptor.fields.get(*index) {
            let at = path.join(field_step(*index));
            // That something is parked is kept also where the value is not: it tells which alternative was chosen.
            let value = write_node(field.kind, draft, &at, left_out);
            parked.push(pair(field.wire, value.unwrap_or_default()));
        }
    }
    let mut members = Map::new();
    members.insert(FIELDS.to_owned(), Value::Object(fields));
    if !parked.is_empty() {
        members.insert(PARKED.to_owned(), Value::Array(parked));
    }
    if !unknown.is_empty() {
        members.insert(UNKNOWN.to_owned(), Value::Array(unknown));
    }
    Value::Object(members)
}

fn tagged(tag: &str, value: Value) -> Value {
    let mut members = Map::new();
    members.insert(tag.to_owned(), value);
    Value::Object(members)
}

fn pair(name: &str, value: Value) -> Value {
    Value::Array(vec![Value::String(name.to_owned()), value])
}

/// Whether a single value is a secret, or may hold one.
fn is_secret(kind: Kind, draft: &Draft) -> bool {
    match draft {
        Draft::Text(text) if matches!(kind, Kind::Secret) => !text.is_empty(),
        Draft::Text(text) => has_secret(text),
        // What stands in place of an object with secrets may hold them under any name.
        Draft::Foreign(value) => may_hold_secret(kind) || holds_secret(value),
        _ => false,
    }
}

/// Whether values of this kind are secrets or have some inside.
fn may_hold_secret(kind: Kind) -> bool {
    match kind {
        Kind::Secret => true,
        Kind::Struct(descriptor) => descriptor.fields.iter().any(|f| may_hold_secret(f.kind)),
        Kind::List(item) | Kind::Map(item) => may_hold_secret(*item),
        _ => false,
    }
}

/// Whether a JSON value has a secret in it, or a member that is named like one.
fn holds_secret(value: &Value) -> bool {
    match value {
        Value::String(text) => has_secret(text),
        Value::Array(items) => items.iter().any(holds_secret),
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| may_name_secret(name.as_bytes()) || holds_secret(value)),
        _ => false,
    }
}

/// Whether a text has a secret in it: the id of an access key, a variable of a script with such a name that is
/// given a value, or JSON with such a member.
fn has_secret(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    (0..bytes.len()).any(|at| match bytes[at] {
        b'L' => begins_access_key_id(&bytes[at..]),
        sign @ (b'=' | b':') => {
            let before = bytes[..at].trim_ascii_end();
            let quotes = before
                .iter()
                .rev()
                .take_while(|byte| b"\"\\".contains(byte));
            let name = &before[..before.len() - quotes.count()];
            // A colon gives a value only where the name before it is quoted.
            let is_quoted = name.len() < before.len();
            let length = name.iter().rev().take_while(|byte| is_part(byte)).count();
            let value = bytes[at + 1..]
                .iter()
                .find(|byte| !b"\"\'\\ ".contains(byte));
            // A reference to another variable gives nothing away.
            let given = value.is_some_and(|byte| !b"$\n\r;".contains(byte));
            given && (is_quoted || sign == b'=') && may_name_secret(&name[name.len() - length..])
        }
        _ => false,
    })
}

fn read_node(kind: Kind, value: Value) -> Draft {
    match (kind, value) {
        (Kind::Text | Kind::Secret | Kind::Integer | Kind::Json, Value::String(text)) => {
            Draft::Text(text)
        }
        (Kind::Boolean, Value::Bool(flag)) => Draft::Flag(flag),
        (Kind::List(item), Value::Array(rows)) => {
            let rows = rows.into_iter().map(|row| read_node(*item, row));
            Draft::List(Arc::new(rows.collect()))
        }
        (kind, Value::Object(members)) => read_object(kind, members),
        _ => Draft::Unset,
    }
}

/// What is written with a tag: objects, maps, values of another type.
fn read_object(kind: Kind, members: Map<String, Value>) -> Draft {
    let mut object = match kind {
        Kind::Struct(descriptor) => Some((descriptor, StructDraft::empty(descriptor))),
        _ => None,
    };
    for (tag, value) in members {
        match (&*tag, kind, &mut object) {
            (FOREIGN, ..) => return Draft::Foreign(Arc::new(value)),
            (ROWS, Kind::Map(item), _) => {
                let rows = pairs(value).map(|(name, value)| (name, read_node(*item, value)));
                return Draft::Map(Arc::new(rows.collect()));
            }
            (FIELDS, _, Some((descriptor, object))) => read_fields(descriptor, object, value),
            (PARKED, _, Some((descriptor, object))) => {
                for (name, value) in pairs(value) {
                    let Some((index, field)) = descriptor.field(&name) else {
                        continue;
                    };
                    if object.parked.iter().all(|(known, _)| *known != index) {
                        let draft = read_node(field.kind, value);
                        object.parked.push((index, draft));
                    }
                }
            }
            (UNKNOWN, _, Some((_, object))) => {
                for (name, value) in pairs(value) {
                    let draft = read_node(Kind::Json, value);
                    let twice = object.unknown.iter().any(|(known, _)| **known == *name);
                    if draft != Draft::Unset && !twice {
                        object.unknown.push((name.into(), draft));
                    }
                }
            }
            _ => {}
        }
    }
    object.map_or(Draft::Unset, |(_, object)| Draft::Struct(Arc::new(object)))
}

fn read_fields(descriptor: &StructDescriptor, object: &mut StructDraft, value: Value) {
    let Value::Object(fields) = value else { return };
    for (name, value) in fields {
        if let Some((index, field)) = descriptor.field(&name) {
            object.fields[index] = read_node(field.kind, value);
        }
    }
}

/// The pairs of name and value in an array; what is none is left out.
fn pairs(value: Value) -> impl Iterator<Item = (String, Value)> {
    let rows = match value {
        Value::Array(rows) => rows,
        _ => Vec::new(),
    };
    rows.into_iter().filter_map(|row| match row {
        Value::Array(row) => match <[Value; 2]>::try_from(row) {
            Ok([Value::String(name), value]) => Some((name, value)),
            _ => None,
        },
        _ => None,
    })
}
