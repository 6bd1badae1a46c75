//! [`Draft`] ⇄ JSON that a browser keeps: exact, but for secrets, which are left out and named.
//!
//! The body cannot be kept in its place: it holds neither a half-typed number nor a row without a name. What
//! comes back from storage may have been written by another version or by anybody, so whatever does not fit
//! its field is left out.

use std::sync::Arc;

use dsw_model::descriptor::{Kind, StructDescriptor, field_step};
use dsw_model::grammar::{has_secret, may_name_secret};
use dsw_model::path::Path;
use dsw_model::secrecy::Secrecy;
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
/// What was said of variables: their names, and whether each is a secret.
const SECRECY: &str = "secrecy";

/// A draft as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// What [`read`] takes.
    pub value: Value,
    /// The places of secrets, which are not in it, in form order.
    pub left_out: Vec<Path>,
}

/// What is kept of a draft of which nothing was said.
pub fn write(draft: &Draft) -> Stored {
    write_with(draft, &Secrecy::default())
}

/// What is kept of a draft, with what was said of its variables.
pub fn write_with(draft: &Draft, secrecy: &Secrecy) -> Stored {
    let mut writer = Writer {
        secrecy,
        left_out: Vec::new(),
    };
    let mut value = writer
        .node(Kind::Struct(ROOT), draft, &Path::ROOT)
        .unwrap_or_default();
    let said: Vec<_> = secrecy
        .all()
        .map(|(name, is_secret)| pair(name, Value::Bool(is_secret)))
        .collect();
    if let (false, Value::Object(members)) = (said.is_empty(), &mut value) {
        members.insert(SECRECY.to_owned(), Value::Array(said));
    }
    Stored {
        value,
        left_out: writer.left_out,
    }
}

/// What was said of the variables of a draft that was kept.
pub fn secrecy(value: &Value) -> Secrecy {
    let mut secrecy = Secrecy::default();
    let said = value.get(SECRECY).cloned().unwrap_or_default();
    for (name, is_secret) in pairs(said) {
        if let Value::Bool(is_secret) = is_secret {
            secrecy.say(&name, is_secret);
        }
    }
    secrecy
}

/// The draft that was kept; nothing of what does not fit.
pub fn read(value: Value) -> Draft {
    read_node(Kind::Struct(ROOT), value)
}

/// Writes a draft, and notes what is left out.
struct Writer<'a> {
    secrecy: &'a Secrecy,
    left_out: Vec<Path>,
}

impl Writer<'_> {
    /// A value as it is kept; nothing if it is a secret.
    fn node(&mut self, kind: Kind, draft: &Draft, path: &Path) -> Option<Value> {
        if is_secret(kind, draft) {
            self.left_out.push(path.clone());
            return None;
        }
        Some(match (kind, draft) {
            (_, Draft::Text(text)) => Value::String(text.clone()),
            (_, Draft::Flag(flag)) => Value::Bool(*flag),
            (_, Draft::Foreign(value)) => tagged(FOREIGN, Value::clone(value)),
            (Kind::Struct(descriptor), Draft::Struct(object)) => {
                self.object(descriptor, object, path)
            }
            (Kind::List(item), Draft::List(rows)) => {
                let mut all = Vec::with_capacity(rows.len());
                for (row, draft) in rows.iter().enumerate() {
                    all.push(self.row(*item, draft, &path.join(row)));
                }
                Value::Array(all)
            }
            (Kind::Map(item), Draft::Map(rows)) => {
                let mut all = Vec::with_capacity(rows.len());
                for (row, (name, draft)) in rows.iter().enumerate() {
                    let at = path.join(row);
                    let value = match draft {
                        Draft::Text(text) if !text.is_empty() && self.secrecy.hides(name, text) => {
                            self.left_out.push(at);
                            blank(*item)
                        }
                        // The person has said that it is none.
                        Draft::Text(text) => Value::String(text.clone()),
                        draft if self.hides(name, draft) => {
                            self.left_out.push(at);
                            blank(*item)
                        }
                        draft => self.row(*item, draft, &at),
                    };
                    all.push(pair(name, value));
                }
                tagged(ROWS, Value::Array(all))
            }
            // Not set. An edit never makes a value of another shape than its field's.
            _ => Value::Null,
        })
    }

    /// Whether an entry of a map that is no text is a secret.
    fn hides(&self, name: &str, draft: &Draft) -> bool {
        let by_name = may_name_secret(name.as_bytes()) && !draft.is_blank();
        by_name
            || matches!(draft, Draft::Foreign(value) if self.secrecy.hides(name, text_of(value)))
    }

    fn row(&mut self, kind: Kind, draft: &Draft, path: &Path) -> Value {
        self.node(kind, draft, path).unwrap_or_else(|| blank(kind))
    }

    fn object(
        &mut self,
        descriptor: &StructDescriptor,
        object: &StructDraft,
        path: &Path,
    ) -> Value {
        let mut fields = Map::new();
        for (index, (field, draft)) in descriptor.fields.iter().zip(&object.fields).enumerate() {
            if *draft != Draft::Unset {
                let at = path.join(field_step(index));
                if let Some(value) = self.node(field.kind, draft, &at) {
                    fields.insert(field.wire.to_owned(), value);
                }
            }
        }
        let mut unknown = Vec::new();
        for (name, draft) in &object.unknown {
            let at = path.join(&**name);
            if may_name_secret(name.as_bytes()) {
                self.left_out.push(at);
            } else if let Some(value) = self.node(Kind::Json, draft, &at) {
                unknown.push(pair(name, value));
            }
        }
        let mut parked = Vec::new();
        for (index, draft) in &object.parked {
            if let Some(field) = descriptor.fields.get(*index) {
                let at = path.join(field_step(*index));
                // That something is parked is kept also where the value is not: it tells which alternative was chosen.
                let value = self.node(field.kind, draft, &at);
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
}

/// What stands in the place of a row that is left out, so that those behind it keep their numbers.
fn blank(kind: Kind) -> Value {
    match kind {
        Kind::Text | Kind::Secret | Kind::Integer | Kind::Json => Value::String(String::new()),
        Kind::Struct(_) => tagged(FIELDS, Value::Object(Map::new())),
        Kind::Boolean | Kind::List(_) | Kind::Map(_) => Value::Null,
    }
}

fn tagged(tag: &str, value: Value) -> Value {
    let mut members = Map::new();
    members.insert(tag.to_owned(), value);
    Value::Object(members)
}

fn pair(name: &str, value: Value) -> Value {
    Value::Array(vec![Value::String(name.to_owned()), value])
}

/// What is judged of a value of whatever type: a text, or the digits of a number.
pub(crate) fn text_of(value: &Value) -> &str {
    match value {
        Value::String(text) => text,
        Value::Number(number) => number.as_str(),
        _ => "",
    }
}

/// Whether a member that the model does not know is a secret, or may hold one.
pub(crate) fn is_secret_member(name: &str, draft: &Draft) -> bool {
    may_name_secret(name.as_bytes()) || is_secret(Kind::Json, draft)
}

/// Whether a single value is a secret, or may hold one.
pub(crate) fn is_secret(kind: Kind, draft: &Draft) -> bool {
    match draft {
        Draft::Text(text) if matches!(kind, Kind::Secret) => !text.is_empty(),
        Draft::Text(text) => has_secret(text),
        // What stands in place of an object with secrets may hold them under any name.
        Draft::Foreign(value) => may_hold_secret(kind) || holds_secret(value),
        _ => false,
    }
}

/// Whether values of this kind are secrets or have some inside.
pub(crate) fn may_hold_secret(kind: Kind) -> bool {
    match kind {
        Kind::Secret => true,
        Kind::Struct(descriptor) => descriptor.fields.iter().any(|f| may_hold_secret(f.kind)),
        Kind::List(item) | Kind::Map(item) => may_hold_secret(*item),
        _ => false,
    }
}

/// Whether a JSON value has a secret in it, or a member that is named like one.
pub(crate) fn holds_secret(value: &Value) -> bool {
    match value {
        Value::String(text) => has_secret(text),
        Value::Array(items) => items.iter().any(holds_secret),
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| may_name_secret(name.as_bytes()) || holds_secret(value)),
        _ => false,
    }
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
