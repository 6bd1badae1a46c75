//! The structs against the field table of the reference, path by path, in both directions.

use std::collections::BTreeMap;

use dsw_model::descriptor::{
    Choices, Describe as _, FieldDescriptor, Kind, Shape, StructDescriptor,
};
use dsw_model::request::CreateInstanceRequest;
use proptest::prelude::*;
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

/// What is compared of one field.
#[derive(Debug, Default, PartialEq)]
struct Facts {
    kind: String,
    choices: Vec<String>,
    flags: Vec<&'static str>,
    default: String,
    unit: String,
}

/// The names of the flags that are set: open, secret, deprecated, read-only.
fn flags(set: [bool; 4]) -> Vec<&'static str> {
    let names = ["open", "secret", "deprecated", "read-only"];
    names
        .into_iter()
        .zip(set)
        .filter(|(_, set)| *set)
        .map(|(name, _)| name)
        .collect()
}

/// A row of the reference.
#[expect(clippy::struct_excessive_bools, reason = "the table is what it is")]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    path: String,
    wire_name: String,
    r#type: String,
    r#enum: Option<Vec<String>>,
    enum_open: bool,
    min: Option<i64>,
    max: Option<i64>,
    max_length: Option<usize>,
    pattern: Option<String>,
    rules: Vec<String>,
    unit: Option<String>,
    default: Value,
    deprecated: bool,
    read_only: bool,
    sensitive: bool,
}

fn rows() -> Vec<Row> {
    serde_json::from_str(include_str!("data/create-instance.fields.json")).expect("the field table")
}

impl Row {
    fn facts(&self) -> Facts {
        Facts {
            kind: self.r#type.clone(),
            choices: self.r#enum.clone().unwrap_or_default(),
            flags: flags([
                self.enum_open,
                self.sensitive,
                self.deprecated,
                self.read_only,
            ]),
            default: match &self.default {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            },
            // The unit of a quantity is part of its text; only the unit is declared.
            unit: match self.unit.as_deref() {
                Some("quantity with Gi") => "Gi".to_owned(),
                unit => unit.unwrap_or_default().to_owned(),
            },
        }
    }
}

fn type_name(kind: Kind) -> String {
    match kind {
        Kind::Text | Kind::Secret => "string".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Json => "map<string,any>".to_owned(),
        Kind::Struct(_) => "object".to_owned(),
        Kind::List(item) => format!("array<{}>", type_name(*item)),
        Kind::Map(value) => format!("map<string,{}>", type_name(*value)),
    }
}

fn facts(field: &FieldDescriptor) -> Facts {
    let (choices, open) = match field.choices {
        Choices::Free => (&[][..], false),
        Choices::Closed(list) => (list, false),
        Choices::Open(list) => (list, true),
    };
    Facts {
        kind: type_name(field.kind),
        choices: choices
            .iter()
            .map(|choice| choice.value.to_owned())
            .collect(),
        flags: flags([open, field.secret(), field.deprecated, field.read_only]),
        default: field.default.to_owned(),
        unit: field.unit.to_owned(),
    }
}

/// The fields by their path as the reference writes it: `Datasets[].Uri`, `EnvironmentVariables.*`.
fn declared() -> BTreeMap<String, (Facts, Option<&'static FieldDescriptor>)> {
    fn add(
        owner: &'static StructDescriptor,
        prefix: &str,
        found: &mut BTreeMap<String, (Facts, Option<&'static FieldDescriptor>)>,
    ) {
        for field in owner.fields {
            let path = format!("{prefix}{}", field.wire);
            match field.kind {
                Kind::Struct(inner) => add(inner, &format!("{path}."), found),
                Kind::List(Kind::Struct(inner)) => add(inner, &format!("{path}[]."), found),
                Kind::Map(value) => {
                    let facts = Facts {
                        kind: type_name(*value),
                        ..Facts::default()
                    };
                    found.insert(format!("{path}.*"), (facts, None));
                }
                Kind::Json => {
                    let facts = Facts {
                        kind: "any".to_owned(),
                        ..Facts::default()
                    };
                    found.insert(format!("{path}.*"), (facts, None));
                }
                _ => {}
            }
            found.insert(path, (facts(field), Some(field)));
        }
    }
    let mut found = BTreeMap::new();
    add(CreateInstanceRequest::DESCRIPTOR, "", &mut found);
    found
}

#[test]
fn structs_and_reference_have_the_same_paths() {
    let declared: Vec<_> = declared().into_keys().collect();
    let mut referenced: Vec<_> = rows().into_iter().map(|row| row.path).collect();
    referenced.sort();
    assert_eq!(declared, referenced);
    assert_eq!(declared.len(), 110);
}

#[test]
fn structs_and_reference_say_the_same() {
    let declared = declared();
    for row in rows() {
        let (facts, field) = &declared[&row.path];
        assert_eq!(*facts, row.facts(), "{}", row.path);
        assert_eq!(
            field.map_or("*", |field| field.wire),
            row.wire_name,
            "{}",
            row.path
        );
    }
}

#[test]
fn declared_limits_are_those_of_the_reference() {
    let declared = declared();
    for row in rows() {
        let Some(field) = declared[&row.path].1 else {
            continue;
        };
        let limits = field.bounds;
        if let Some(length) = limits.max_length {
            assert_eq!(Some(length), row.max_length, "{}", row.path);
        }
        // The limits of numbers written as text are for the rules; what is only reported has none.
        if matches!(field.kind, Kind::Integer) && !field.read_only {
            assert_eq!((limits.min, limits.max), (row.min, row.max), "{}", row.path);
        }
    }
}

/// The shapes that fields declare, and their patterns in the reference.
fn shapes() -> Vec<(String, Shape, String)> {
    let declared = declared();
    let rows = rows().into_iter();
    let rows = rows.filter(|row| row.rules.iter().any(|rule| rule == "R113"));
    rows.map(|row| {
        let field = declared[&row.path].1.expect("a field");
        (row.path, field.shape, row.pattern.expect("a pattern"))
    })
    .collect()
}

#[test]
fn shapes_are_the_patterns_of_the_reference() {
    let shapes = shapes();
    for (path, shape, pattern) in &shapes {
        assert_eq!(shape.pattern().as_deref(), Some(pattern.as_str()), "{path}");
    }
    let declared = declared().into_values();
    let others = declared.filter(|(_, field)| field.is_some_and(|it| it.shape != Shape::Free));
    assert_eq!(others.count(), shapes.len());
    assert_eq!(shapes.len(), 11);
}

#[test]
fn closed_choices_name_their_rule() {
    for row in rows()
        .iter()
        .filter(|row| row.r#enum.is_some() && !row.enum_open)
    {
        let field = declared()[&row.path].1.expect("a field");
        assert!(
            row.rules.iter().any(|rule| rule == field.choice_rule),
            "{}",
            row.path
        );
    }
}

proptest! {
    #[test]
    fn shapes_accept_what_their_patterns_match(text in "((ecs|vpc-|sg-|image-|d-)?[.a-zA-Z0-9 \n-]{0,8}|[0-9.]{0,10}|.*)") {
        for (path, shape, pattern) in shapes() {
            let regex = Regex::new(&pattern).expect("the syntax of regex");
            prop_assert_eq!(shape.accepts(&text), regex.is_match(&text), "{} with {:?}", path, text);
        }
    }
}
