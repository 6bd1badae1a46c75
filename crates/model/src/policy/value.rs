//! Values that a policy gives to fields: whether they are of the field's kind, and that as a schema.

use serde_json::{Value, json};

use super::read::{Wrong, inside};
use super::{Problem, Wanted};
use crate::descriptor::{Choices, FieldDescriptor, Kind};

/// Whether a field may have a fixed value: one that stands for itself.
pub(super) fn is_single(kind: Kind) -> bool {
    matches!(kind, Kind::Text | Kind::Integer | Kind::Boolean)
}

/// Whether a field may have a default: a single value, or a list or map of what is no secret.
pub(super) fn may_default(kind: Kind) -> bool {
    match kind {
        Kind::List(Kind::Struct(inner)) => inner.fields.iter().all(|field| !is_secret(field.kind)),
        Kind::List(item) | Kind::Map(item) => is_single(*item),
        kind => is_single(kind) || matches!(kind, Kind::Json),
    }
}

pub(super) fn is_secret(kind: Kind) -> bool {
    match kind {
        Kind::Secret => true,
        Kind::Struct(inner) => inner.fields.iter().any(|field| is_secret(field.kind)),
        Kind::List(item) | Kind::Map(item) => is_secret(*item),
        _ => false,
    }
}

/// Checks the value of a field.
pub(super) fn check(field: &FieldDescriptor, value: &Value, at: &str) -> Result<(), Wrong> {
    if let (Choices::Closed(choices), Value::String(text)) = (field.choices, value)
        && choices.iter().all(|choice| choice.value != text)
    {
        let known: Vec<_> = choices.iter().map(|choice| choice.value).collect();
        return Err(Wrong::at(at, Problem::Choice(known.join(", "))));
    }
    of_kind(field.kind, value, at)?;
    let is_empty = match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    if is_empty {
        return Err(Wrong::at(at, Problem::Empty));
    }
    Ok(())
}

fn of_kind(kind: Kind, value: &Value, at: &str) -> Result<(), Wrong> {
    let wanted = match (kind, value) {
        (Kind::Text | Kind::Secret, Value::String(_))
        | (Kind::Boolean, Value::Bool(_))
        | (Kind::Json, Value::Object(_)) => return Ok(()),
        (Kind::Integer, Value::Number(number)) if number.as_i64().is_some() => return Ok(()),
        (Kind::List(item), Value::Array(items)) => {
            for (row, value) in items.iter().enumerate() {
                of_kind(*item, value, &inside(at, &row.to_string()))?;
            }
            return Ok(());
        }
        (Kind::Map(item), Value::Object(members)) => {
            for (name, value) in members {
                let at = inside(at, name);
                if name.is_empty() {
                    return Err(Wrong::name(&at, Problem::Empty));
                }
                of_kind(*item, value, &at)?;
            }
            return Ok(());
        }
        (Kind::Struct(descriptor), Value::Object(members)) => {
            for (name, value) in members {
                let at = inside(at, name);
                let Some((_, field)) = descriptor.field(name) else {
                    let near = descriptor
                        .near(name)
                        .map(|near| descriptor.fields[near].wire);
                    return Err(Wrong::name(&at, Problem::Unknown { near }));
                };
                check(field, value, &at)?;
            }
            return Ok(());
        }
        (Kind::Text | Kind::Secret, _) => Wanted::Text,
        (Kind::Integer, _) => Wanted::Integer,
        (Kind::Boolean, _) => Wanted::Boolean,
        (Kind::Json | Kind::Struct(_) | Kind::Map(_), _) => Wanted::Object,
        (Kind::List(_), _) => Wanted::Array,
    };
    Err(Wrong::at(at, Problem::Type(wanted)))
}

/// The schema of the values of a field.
pub(super) fn schema(field: &FieldDescriptor) -> Value {
    let mut schema = schema_of(field.kind);
    if let Choices::Closed(choices) = field.choices {
        let known: Vec<_> = choices.iter().map(|choice| choice.value).collect();
        return json!({ "enum": known });
    }
    match field.kind {
        Kind::Text | Kind::Secret => schema["minLength"] = json!(1),
        Kind::List(_) => schema["minItems"] = json!(1),
        Kind::Map(_) | Kind::Struct(_) | Kind::Json => schema["minProperties"] = json!(1),
        Kind::Integer | Kind::Boolean => {}
    }
    schema
}

fn schema_of(kind: Kind) -> Value {
    match kind {
        Kind::Text | Kind::Secret => json!({ "type": "string" }),
        Kind::Integer => json!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Json => json!({ "type": "object" }),
        Kind::List(item) => json!({ "type": "array", "items": schema_of(*item) }),
        Kind::Map(item) => json!({
            "type": "object",
            "propertyNames": { "minLength": 1 },
            "additionalProperties": schema_of(*item),
        }),
        Kind::Struct(inner) => {
            let fields = inner.fields.iter();
            let properties: serde_json::Map<_, _> = fields
                .map(|field| (field.wire.to_owned(), schema(field)))
                .collect();
            json!({ "type": "object", "properties": properties, "additionalProperties": false })
        }
    }
}
