//! [`Draft`] → body: the JSON to send.

use dsw_model::descriptor::{Kind, StructDescriptor, field_step};
use serde_json::{Map, Value};

use crate::changes::{Changes, UNKNOWN};
use crate::draft::{Draft, ROOT, StructDraft};
use crate::import::is_integer;
use crate::json;

impl Draft {
    /// The body of a request: every well-typed value, and what was imported unknown or in another type, as
    /// it came. Text that cannot be the value of its field, such as a number that is none, is left out of a
    /// field and empty in a row; the review says so.
    pub fn body(&self) -> Value {
        field_value(Kind::Struct(ROOT), self).unwrap_or_else(|| Value::Object(Map::new()))
    }
}

/// Brings a body up to date that was made from a draft before these changes.
pub(crate) fn update(body: &mut Map<String, Value>, draft: &Draft, changes: &Changes) {
    let Draft::Struct(object) = draft else {
        body.clear();
        return;
    };
    // Known members stand first, in the order of the fields: how many there are before this one.
    let mut place = 0;
    for (index, (field, draft)) in ROOT.fields.iter().zip(&object.fields).enumerate() {
        let step = field_step(index);
        let there = body
            .keys()
            .nth(place)
            .is_some_and(|name| name == field.wire);
        if !changes.fields.has(step) {
            place += usize::from(there);
            continue;
        }
        if let (Some(rows), Kind::List(item), Draft::List(drafts), Some(Value::Array(values))) = (
            changes.rows(step),
            field.kind,
            draft,
            body.get_mut(field.wire),
        ) && !drafts.is_empty()
        {
            // A row does not know its number.
            rows.apply(values, |row| row_value(*item, &drafts[row]), |_| false);
            place += 1;
            continue;
        }
        match field_value(field.kind, draft) {
            Some(new) => {
                match body.values_mut().nth(place).filter(|_| there) {
                    Some(old) => *old = new,
                    None => {
                        body.shift_insert(place, field.wire.to_owned(), new);
                    }
                }
                place += 1;
            }
            None if there => {
                body.shift_remove(field.wire);
            }
            None => {}
        }
    }
    if changes.fields.has(UNKNOWN) {
        body.retain(|name, _| ROOT.field(name).is_some());
        insert_unknown(object, body);
    }
}

/// The value of a field; nothing if it is not set.
fn field_value(kind: Kind, draft: &Draft) -> Option<Value> {
    if draft.is_blank() {
        return None;
    }
    match (kind, draft) {
        (Kind::Struct(descriptor), Draft::Struct(object)) => {
            let members = struct_value(descriptor, object);
            (!members.is_empty()).then_some(Value::Object(members))
        }
        (Kind::Map(item), Draft::Map(rows)) => {
            let members = map_value(*item, rows);
            (!members.is_empty()).then_some(Value::Object(members))
        }
        (Kind::List(item), Draft::List(rows)) => Some(Value::Array(
            rows.iter().map(|row| row_value(*item, row)).collect(),
        )),
        (Kind::Text | Kind::Secret, Draft::Text(text)) => Some(Value::String(text.clone())),
        (Kind::Integer, Draft::Text(text)) => integer(text),
        (Kind::Json, Draft::Text(text)) => {
            json_object(text).filter(|members| members != &Value::Object(Map::new()))
        }
        (Kind::Boolean, Draft::Flag(flag)) => Some(Value::Bool(*flag)),
        (_, Draft::Foreign(value)) => Some(Value::clone(value)),
        _ => None,
    }
}

/// The value of a row, which is never left out.
fn row_value(kind: Kind, draft: &Draft) -> Value {
    field_value(kind, draft).unwrap_or_else(|| match kind {
        Kind::Text | Kind::Secret => Value::String(String::new()),
        Kind::Struct(_) | Kind::Map(_) => Value::Object(Map::new()),
        Kind::List(_) => Value::Array(Vec::new()),
        Kind::Integer | Kind::Boolean | Kind::Json => Value::Null,
    })
}

fn struct_value(descriptor: &StructDescriptor, object: &StructDraft) -> Map<String, Value> {
    let mut members = Map::new();
    for (field, draft) in descriptor.fields.iter().zip(&object.fields) {
        if let Some(value) = field_value(field.kind, draft) {
            members.insert(field.wire.to_owned(), value);
        }
    }
    insert_unknown(object, &mut members);
    members
}

fn insert_unknown(object: &StructDraft, members: &mut Map<String, Value>) {
    for (name, draft) in &object.unknown {
        if let Some(value) = unknown_value(draft) {
            members.insert(name.as_ref().to_owned(), value);
        }
    }
}

/// Rows without a name are left out, and of rows with the same name the first counts.
fn map_value(item: Kind, rows: &[(String, Draft)]) -> Map<String, Value> {
    let mut members = Map::new();
    for (name, draft) in rows {
        if !name.is_empty() && !members.contains_key(name) {
            members.insert(name.clone(), row_value(item, draft));
        }
    }
    members
}

/// The value of a member that the model does not know: as it came, or as it is being typed.
pub(crate) fn unknown_value(draft: &Draft) -> Option<Value> {
    match draft {
        Draft::Foreign(value) => Some(Value::clone(value)),
        Draft::Text(text) => json::parse(text).ok(),
        _ => None,
    }
}

/// The number that a text writes, digit for digit.
pub(crate) fn integer(text: &str) -> Option<Value> {
    is_integer(text)
        .then(|| text.parse().ok().map(Value::Number))
        .flatten()
}

/// The object that a text writes.
fn json_object(text: &str) -> Option<Value> {
    json::parse(text).ok().filter(Value::is_object)
}
