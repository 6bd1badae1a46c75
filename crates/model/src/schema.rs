//! The request as a JSON Schema (2020-12), for editors, generators and tests that know no Rust.
//!
//! Types, choices, limits and words come from the descriptors. What the rules say beyond these
//! stands in one table, [`EXPRESSED`]: a rule, a place, and what the schema says there. Only errors
//! are in it; a warning never refuses a body. [`BEYOND`] lists the errors that a schema cannot see,
//! or not wholly.
//!
//! The schema accepts what the model accepts, so it treats the empty as the model does: a member
//! that is `null`, `""`, `[]` or `{}` is not set. Such members are accepted (rule R109 only advises
//! to leave them out), but they satisfy no rule that asks for a value, and break none that forbids
//! one. In an array `null` is a value of a wrong type, since rows are never left out.
//!
//! Nothing in the page refers to this module, so it is not part of what is downloaded.

use serde_json::{Map, Value, json};

use crate::descriptor::{Choices, FieldDescriptor, Kind, StructDescriptor, field_step};
use crate::path::Field;

pub use self::table::{BEYOND, EXPRESSED, Expressed};
use self::table::{ROOT, Says, Test};

mod table;

/// Name of the schema, by which others may refer to it.
pub const ID: &str = "urn:dsw-composer:create-instance:2022-01-01";

/// The schema of a request.
pub fn schema() -> Value {
    let mut schema = Map::new();
    schema.insert(
        "$schema".into(),
        "https://json-schema.org/draft/2020-12/schema".into(),
    );
    schema.insert("$id".into(), ID.into());
    schema.insert("title".into(), "CreateInstance request".into());
    schema.insert("$comment".into(), COMMENT.into());
    schema.insert("type".into(), "object".into());
    schema.extend(object(ROOT));
    let mut definitions = Map::new();
    definitions.insert("set".into(), not_empty());
    define(ROOT, &mut definitions);
    schema.insert("$defs".into(), definitions.into());
    schema.into()
}

/// Whether the schema refuses anything for this rule.
pub fn expresses(id: &str) -> bool {
    // Names in maps, and types.
    let mut said = ["R68", "R112"].contains(&id);
    ROOT.walk(&mut |_, field| {
        said |= matches!(field.choices, Choices::Closed(_)) && field.choice_rule == id;
    });
    said || EXPRESSED.iter().any(|rule| rule.id == id)
}

/// The id of the rule that a keyword of the schema stands for.
///
/// The keyword is named by the way that a validator took to it, as a JSON Pointer that goes through
/// `$ref`; validators call it evaluation path. Nothing where there is no such keyword.
pub fn rule_at<'a>(schema: &'a Value, keyword: &str) -> Option<&'a str> {
    let mut id = None;
    let mut here = schema;
    for step in keyword.split('/').skip(1) {
        let inside = match (here, here.get(step)) {
            (_, Some(Value::String(reference))) if step == "$ref" => reference
                .strip_prefix('#')
                .and_then(|at| schema.pointer(at)),
            (Value::Array(items), _) => step.parse().ok().and_then(|n: usize| items.get(n)),
            (_, inside) => inside,
        };
        here = inside?;
        id = here.get("$comment").and_then(Value::as_str).or(id);
    }
    // What is not marked are types, and the limits of all whole numbers.
    let id = id.filter(|_| !keyword.ends_with("/type"));
    Some(id.unwrap_or("R112"))
}

const COMMENT: &str = "Made from the declarations of DSW Composer; do not edit. An id such as R10 in a \
    $comment names the rule that stands there; types are rule R112. What is null, \"\", [] or {} is not set. \
    Other members are accepted, as the service may know more.";

/// Adds the definitions of the structs that are used in this one.
fn define(owner: &'static StructDescriptor, definitions: &mut Map<String, Value>) {
    for field in owner.fields {
        let kind = match field.kind {
            Kind::List(item) => *item,
            kind => kind,
        };
        if let Kind::Struct(inner) = kind {
            definitions.insert(inner.name.into(), object(inner).into());
            define(inner, definitions);
        }
    }
}

/// What holds for the objects of a struct. That they are objects is said where they stand, since a
/// field may also be null.
fn object(owner: &'static StructDescriptor) -> Map<String, Value> {
    let fields = owner.fields.iter();
    let properties: Map<_, _> = fields
        .map(|field| (field.wire.to_owned(), Value::Object(property(owner, field))))
        .collect();
    let rules: Vec<_> = rules_of(owner)
        .filter_map(|rule| {
            let mut said = rule.says.of_objects(owner)?;
            said["$comment"] = rule.id.into();
            Some(said)
        })
        .collect();
    let mut object = Map::new();
    object.insert("description".into(), owner.help.into());
    object.insert("properties".into(), properties.into());
    if !rules.is_empty() {
        object.insert("allOf".into(), rules.into());
    }
    object
}

fn property(owner: &'static StructDescriptor, field: &FieldDescriptor) -> Map<String, Value> {
    let mut property = Map::new();
    let mut add = |keyword: &str, value: Value| {
        property.insert(keyword.to_owned(), value);
    };
    add("title", field.label.into());
    add(
        "description",
        match field.unit {
            "" => field.help.into(),
            unit => format!("{} Unit: {unit}.", field.help).into(),
        },
    );
    for (keyword, value) in of_kind(field.kind) {
        if keyword == "type" {
            // A field that is not set may be null.
            add("type", json!([value, "null"]));
        } else {
            add(&keyword, value);
        }
    }
    if let Choices::Closed(choices) = field.choices {
        let values = choices.iter().map(|choice| json!(choice.value));
        add("enum", values.chain([json!(""), Value::Null]).collect());
    }
    let bounds = field.bounds;
    for (keyword, limit) in [("minimum", bounds.min), ("maximum", bounds.max)] {
        if let Some(limit) = limit {
            add(keyword, limit.into());
        }
    }
    if let Some(most) = bounds.max_length {
        let rows = matches!(field.kind, Kind::List(_));
        add(if rows { "maxItems" } else { "maxLength" }, most.into());
    }
    if !field.default.is_empty() {
        add("default", written(field.kind, field.default));
    }
    let examples = examples(field);
    if !examples.is_empty() {
        add("examples", examples.into());
    }
    let flags = [
        ("deprecated", field.deprecated),
        ("readOnly", field.read_only),
        ("writeOnly", field.secret()),
    ];
    for (keyword, _) in flags.iter().filter(|(_, set)| *set) {
        add(keyword, true.into());
    }
    if matches!(field.choices, Choices::Closed(_)) {
        say(&mut property, field.choice_rule, Map::new());
    }
    for rule in rules_of(owner) {
        if let Some(said) = rule.says.of_field(owner, field) {
            say(&mut property, rule.id, said);
        }
    }
    property
}

/// Adds what a rule says, marked with its id; apart from the rest if it cannot stand beside it.
fn say(schema: &mut Map<String, Value>, id: &str, mut said: Map<String, Value>) {
    said.insert("$comment".to_owned(), id.into());
    if said.keys().any(|keyword| schema.contains_key(keyword)) {
        let apart = schema.entry("allOf").or_insert_with(|| json!([]));
        if let Value::Array(apart) = apart {
            apart.push(said.into());
        }
    } else {
        schema.extend(said);
    }
}

/// What is said of this struct.
fn rules_of(owner: &'static StructDescriptor) -> impl Iterator<Item = &'static Expressed> {
    EXPRESSED
        .iter()
        .filter(move |rule| rule.owner.name == owner.name)
}

/// What holds for every value of this kind, whatever its field.
fn of_kind(kind: Kind) -> Map<String, Value> {
    let schema = match kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Secret => json!({ "type": "string", "format": "password" }),
        Kind::Integer => json!({
            "type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX,
        }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Json => json!({ "type": "object" }),
        Kind::Struct(inner) => json!({
            "type": "object", "$ref": format!("#/$defs/{}", inner.name),
        }),
        Kind::List(item) => json!({ "type": "array", "items": of_kind(*item) }),
        Kind::Map(value) => json!({
            "type": "object",
            "propertyNames": { "minLength": 1, "$comment": "R68" },
            "additionalProperties": of_kind(*value),
        }),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => unreachable!("each is written as an object"),
    }
}

/// The example, and the known values of an open list.
fn examples(field: &FieldDescriptor) -> Vec<Value> {
    let known = match field.choices {
        Choices::Open(choices) => choices,
        Choices::Free | Choices::Closed(_) => &[],
    };
    let known = known.iter().map(|choice| choice.value);
    let mut texts: Vec<_> = Some(field.example).into_iter().chain(known).collect();
    texts.retain(|text| !text.is_empty());
    if let Some(again) = texts.iter().skip(1).position(|text| *text == field.example) {
        texts.remove(again + 1);
    }
    let written = texts.into_iter().map(|text| written(field.kind, text));
    written.collect()
}

/// A value that a descriptor holds as text, as JSON.
fn written(kind: Kind, text: &str) -> Value {
    match kind {
        Kind::Integer | Kind::Boolean => {
            serde_json::from_str(text).expect("a number or boolean is written as JSON writes it")
        }
        Kind::List(item) => json!([written(*item, text)]),
        Kind::Map(value) => json!({ "NAME": written(*value, text) }),
        Kind::Text | Kind::Secret | Kind::Json | Kind::Struct(_) => text.into(),
    }
}

/// A value that is set.
fn not_empty() -> Value {
    json!({ "description": "A value that is not empty.", "not": { "enum": [null, "", [], {}] } })
}

/// Objects in which this field is set.
fn set(owner: &'static StructDescriptor, field: Field) -> Value {
    let value = match at(owner, field).kind {
        // An object is set if one of its known members is.
        Kind::Struct(inner) => {
            let members = (0..inner.fields.len()).map(|index| set(inner, field_step(index)));
            json!({ "anyOf": members.collect::<Vec<_>>() })
        }
        _ => json!({ "$ref": "#/$defs/set" }),
    };
    only(owner, field, value)
}

/// Objects that have this field, with a value that the schema accepts.
fn only(owner: &'static StructDescriptor, field: Field, value: Value) -> Value {
    let wire = at(owner, field).wire;
    json!({ "type": "object", "required": [wire], "properties": { wire: value } })
}

/// Objects in which one of these fields is set.
fn one_set(owner: &'static StructDescriptor, fields: &[Field]) -> Value {
    match fields {
        [field] => set(owner, *field),
        _ => json!({ "anyOf": fields.iter().map(|field| set(owner, *field)).collect::<Vec<_>>() }),
    }
}

/// The field of a constant.
fn at(owner: &'static StructDescriptor, field: Field) -> &'static FieldDescriptor {
    &owner.fields[usize::from(field.0)]
}

impl Test {
    /// Objects in which the test holds.
    fn schema(self, owner: &'static StructDescriptor) -> Value {
        match self {
            Self::Set(field) => set(owner, field),
            Self::Is(field, value) => {
                let value = written(at(owner, field).kind, value);
                only(owner, field, json!({ "const": value }))
            }
            Self::Matches(field, pattern) => only(
                owner,
                field,
                json!({ "type": "string", "pattern": pattern }),
            ),
        }
    }
}

impl Says {
    /// What is said of whole objects, if it is of them that something is said.
    fn of_objects(self, owner: &'static StructDescriptor) -> Option<Value> {
        Some(match self {
            Self::OneSet(fields) => one_set(owner, fields),
            Self::Never(tests) => {
                let tests = tests.iter().map(|test| test.schema(owner));
                json!({ "not": { "allOf": tests.collect::<Vec<_>>() } })
            }
            Self::WhereSet(fields, needed) => {
                json!({ "if": one_set(owner, fields), "then": set(owner, needed) })
            }
            Self::Where(test, needed) => {
                json!({ "if": test.schema(owner), "then": set(owner, needed) })
            }
            Self::Other(say) => say(),
            Self::Declared(_) | Self::Matches(..) | Self::Lacks(..) => return None,
        })
    }

    /// What is said of this field, if it is of it that something is said.
    fn of_field(
        self,
        owner: &'static StructDescriptor,
        field: &FieldDescriptor,
    ) -> Option<Map<String, Value>> {
        let (Self::Declared(named) | Self::Matches(named, _) | Self::Lacks(named, _)) = self else {
            return None;
        };
        if at(owner, named).wire != field.wire {
            return None;
        }
        let mut said = Map::new();
        match self {
            Self::Matches(_, pattern) if matches!(field.kind, Kind::List(_)) => {
                said.insert("items".to_owned(), json!({ "pattern": pattern }));
            }
            Self::Matches(_, pattern) => {
                said.insert("pattern".to_owned(), format!("^$|{pattern}").into());
            }
            Self::Lacks(_, pattern) => {
                let refused = json!({ "type": "string", "pattern": pattern });
                said.insert("not".to_owned(), refused);
            }
            // A limit stands there already.
            _ => {}
        }
        Some(said)
    }
}
