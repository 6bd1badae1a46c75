//! The format of policies as a JSON Schema (2020-12), from the table that the reader checks by.

use serde_json::{Map, Value, json};

use super::table::{FIELD, Member, POLICY, Shape};
use super::{MAX_WORDS, value, written};
use crate::descriptor::{Describe as _, FieldDescriptor};
use crate::path;
use crate::path::{Path, Step};
use crate::request::CreateInstanceRequest as Request;

/// Name of the schema, by which others may refer to it.
const ID: &str = "urn:dsw-composer:policy:1";

const COMMENT: &str = "Made from the table that DSW Composer reads policies by; do not edit. Beyond it the reader \
    refuses values that a rule refuses, entries that contradict each other, and names that stand twice.";

/// The schema of a policy.
pub fn schema() -> Value {
    let mut schema = Map::new();
    schema.insert(
        "$schema".into(),
        "https://json-schema.org/draft/2020-12/schema".into(),
    );
    schema.insert("$id".into(), ID.into());
    schema.insert("title".into(), "Policy of a team".into());
    schema.insert("$comment".into(), COMMENT.into());
    schema.extend(object(POLICY));
    schema.insert(
        "$defs".into(),
        json!({
            "words": {
                "anyOf": [
                    { "$ref": "#/$defs/said" },
                    {
                        "type": "object",
                        "properties": { "en": { "$ref": "#/$defs/said" }, "zh": { "$ref": "#/$defs/said" } },
                        "additionalProperties": false,
                        "minProperties": 1,
                    },
                ],
            },
            "said": { "type": "string", "pattern": "\\S", "maxLength": MAX_WORDS },
        }),
    );
    schema.into()
}

fn object(members: &'static [Member]) -> Map<String, Value> {
    let properties = members.iter().map(|member| {
        let mut said = of_shape(member.shape);
        said.insert("description".into(), member.help.into());
        (member.name.to_owned(), Value::Object(said))
    });
    let properties: Map<_, _> = properties.collect();
    let needed: Vec<_> = members
        .iter()
        .filter(|member| member.needed)
        .map(|member| member.name)
        .collect();
    let mut object = Map::new();
    object.insert("type".into(), "object".into());
    object.insert("properties".into(), properties.into());
    object.insert("additionalProperties".into(), false.into());
    if needed.is_empty() {
        let one = members
            .iter()
            .filter(|member| !matches!(member.name, "severity" | "message"));
        let one: Vec<_> = one
            .map(|member| json!({ "required": [member.name] }))
            .collect();
        object.insert("anyOf".into(), one.into());
    } else {
        object.insert("required".into(), needed.into());
    }
    object
}

fn of_shape(shape: Shape) -> Map<String, Value> {
    const BREAKS: &str = r"\n\r\u2028\u2029";
    let lines = format!(r"^\S([^{BREAKS}]*\S)?$");
    let schema = match shape {
        Shape::Object(members) => return object(members),
        Shape::Named(members) => {
            let mut inner = object(members);
            inner.remove("anyOf");
            json!({
                "type": "object",
                "minProperties": 1,
                "propertyNames": { "pattern": lines },
                "additionalProperties": inner,
            })
        }
        Shape::Fields => fields(),
        Shape::Patterns => texts(r"^\S+$"),
        Shape::Values => texts(&lines),
        Shape::Words => json!({ "$ref": "#/$defs/words" }),
        Shape::Text => json!({ "type": "string" }),
        Shape::Version => json!({ "const": 1 }),
        Shape::Choice(choices) => json!({ "enum": choices }),
        Shape::True => json!({ "const": true }),
        Shape::Amount => json!({ "type": "number", "exclusiveMinimum": 0 }),
        Shape::Currency => json!({ "type": "string", "pattern": "^[A-Z]{3}$" }),
        Shape::Link => json!({ "type": "string", "format": "uri", "pattern": r"^https://\S+$" }),
        Shape::Value => json!({}),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => unreachable!("each is written as an object"),
    }
}

fn texts(pattern: &str) -> Value {
    json!({
        "type": "array",
        "minItems": 1,
        "uniqueItems": true,
        "items": { "type": "string", "pattern": pattern },
    })
}

/// Each field with what can be said of it.
fn fields() -> Value {
    let mut properties = Map::new();
    Request::DESCRIPTOR.walk(&mut |path, field| {
        properties.insert(written(path), said_of(path, field));
    });
    json!({
        "type": "object",
        "minProperties": 1,
        "properties": properties,
        "additionalProperties": false,
    })
}

/// What can be said of a field: one of the three.
fn said_of(path: &Path, field: &FieldDescriptor) -> Value {
    let in_rows = path.steps().iter().any(|step| matches!(step, Step::Row(_)));
    let of_labels = path.is_within(&path![Request::LABELS]);
    let secret = value::is_secret(field.kind);
    let mut properties = Map::new();
    let mut one = Vec::new();
    for member in FIELD {
        let schema = match member.name {
            "hidden" if of_labels => continue,
            "fixed" if of_labels || secret || !value::is_single(field.kind) => continue,
            "default" if secret || in_rows || !value::may_default(field.kind) => continue,
            "fixed" | "default" => value::schema(field),
            _ => Value::Object(of_shape(member.shape)),
        };
        if matches!(member.name, "hidden" | "fixed" | "default") {
            one.push(json!({ "required": [member.name] }));
        }
        properties.insert(member.name.to_owned(), schema);
    }
    if one.is_empty() {
        return json!(false);
    }
    json!({
        "type": "object",
        "description": field.label,
        "properties": properties,
        "additionalProperties": false,
        "oneOf": one,
    })
}
