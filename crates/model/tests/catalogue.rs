//! Invariants over all descriptors, and the examples they give.

use std::collections::BTreeSet;

use dsw_model::descriptor::{
    Choices, Condition, Describe as _, FieldDescriptor, Kind, Layout, Section, StructDescriptor,
};
use dsw_model::path::{Path, Step};
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_model::rules::{Context, Severity};
use serde_json::{Map, Value, json};

const ROOT: &StructDescriptor = Request::DESCRIPTOR;

/// All structs of the request, the root first.
fn structs() -> Vec<&'static StructDescriptor> {
    fn add(kind: Kind, found: &mut Vec<&'static StructDescriptor>) {
        match kind {
            Kind::Struct(descriptor) => {
                found.push(descriptor);
                descriptor
                    .fields
                    .iter()
                    .for_each(|field| add(field.kind, found));
            }
            Kind::List(inner) | Kind::Map(inner) => add(*inner, found),
            Kind::Text | Kind::Secret | Kind::Integer | Kind::Boolean | Kind::Json => {}
        }
    }
    let mut found = Vec::new();
    add(Kind::Struct(ROOT), &mut found);
    found
}

/// All fields of the request with their paths.
fn fields() -> Vec<(Path, &'static FieldDescriptor)> {
    let mut found = Vec::new();
    ROOT.walk(&mut |path, field| found.push((path.clone(), field)));
    found
}

/// The example of a field as JSON.
fn example(field: &FieldDescriptor) -> Option<Value> {
    fn of(kind: Kind, text: &str) -> Option<Value> {
        match kind {
            Kind::Text | Kind::Secret => Some(text.into()),
            Kind::Integer | Kind::Boolean => {
                Some(serde_json::from_str(text).expect("an integer or boolean"))
            }
            Kind::List(item) => Some(json!([of(*item, text)?])),
            Kind::Map(value) => Some(json!({ "NAME": of(*value, text)? })),
            Kind::Struct(_) | Kind::Json => None,
        }
    }
    if field.example.is_empty() {
        None
    } else {
        of(field.kind, field.example)
    }
}

/// A body in which the value stands at the path and nothing else.
fn body_with(path: &Path, value: Value) -> Map<String, Value> {
    let mut body = value;
    for end in (0..path.steps().len()).rev() {
        body = match &path.steps()[end] {
            Step::Field(field) => {
                let Some(Kind::Struct(owner)) = path.prefix(end).kind(ROOT) else {
                    panic!("no struct at {}", path.prefix(end).name(ROOT))
                };
                json!({ owner.fields[usize::from(field.0)].wire: body })
            }
            Step::Row(_) => json!([body]),
            Step::Key(key) => json!({ &**key: body }),
        };
    }
    match body {
        Value::Object(body) => body,
        _ => panic!("the root is an object"),
    }
}

/// An object in which every field that has an example holds it.
fn object_of_examples(descriptor: &StructDescriptor) -> Value {
    let mut object = Map::new();
    for field in descriptor.fields {
        let value = match field.kind {
            Kind::Struct(inner) => Some(object_of_examples(inner)),
            Kind::List(Kind::Struct(inner)) => Some(json!([object_of_examples(inner)])),
            _ => example(field),
        };
        if let Some(value) = value {
            object.insert(field.wire.to_owned(), value);
        }
    }
    object.into()
}

#[test]
fn names_are_unique() {
    let mut names = BTreeSet::new();
    for owner in structs() {
        assert!(
            names.insert(owner.name),
            "two structs {}: their texts would share a key",
            owner.name
        );
        let wires: BTreeSet<_> = owner.fields.iter().map(|field| field.wire).collect();
        let rusts: BTreeSet<_> = owner.fields.iter().map(|field| field.rust).collect();
        assert_eq!(wires.len(), owner.fields.len(), "{}", owner.name);
        assert_eq!(rusts.len(), owner.fields.len(), "{}", owner.name);
    }
}

#[test]
fn texts_are_sentences() {
    let check = |at: &str, help: &str| {
        assert!(help.ends_with('.'), "{at}: {help:?} ends in a full stop");
        assert!(
            help.starts_with(|c: char| c.is_ascii_uppercase()),
            "{at}: {help:?}"
        );
        assert!(
            !help.contains(['`', '*', '!']),
            "{at}: {help:?} is plain and calm"
        );
        assert!(!help.to_lowercase().contains("please"), "{at}: {help:?}");
        assert!(
            help.chars().count() <= 90,
            "{at}: a hint is at most 90 characters: {help:?}"
        );
    };
    for owner in structs() {
        check(owner.name, owner.help);
    }
    for (path, field) in fields() {
        let at = path.name(ROOT);
        check(&at, field.help);
        assert!(!field.label.is_empty(), "{at}");
        assert_eq!(
            field.label,
            field.label.trim_end_matches(['.', ':', ' ']),
            "{at}"
        );
    }
}

#[test]
fn conditions_and_alternatives_name_siblings() {
    for owner in structs() {
        for field in owner.fields {
            let (name, value) = match field.condition {
                Condition::Always => continue,
                Condition::Set(name) => (name, None),
                Condition::Equals(name, value) => (name, Some(value)),
            };
            let at = format!("{}.{}", owner.name, field.wire);
            assert_ne!(name, field.wire, "{at} depends on itself");
            let (_, sibling) = owner
                .field(name)
                .unwrap_or_else(|| panic!("{at}: no {name}"));
            match (value, sibling.kind, sibling.choices) {
                (None, ..) | (Some("true" | "false"), Kind::Boolean, _) => {}
                (Some(value), Kind::Text, Choices::Closed(list) | Choices::Open(list)) => {
                    assert!(
                        list.iter().any(|choice| choice.value == value),
                        "{at}: {value}"
                    );
                }
                (Some(value), ..) => panic!("{at}: {name} is never {value}"),
            }
        }
        for group in owner.alternatives {
            for wire in *group {
                assert!(owner.field(wire).is_some(), "{}: no {wire}", owner.name);
            }
        }
    }
}

#[test]
fn sections_belong_to_the_root_and_are_in_order() {
    let sections: Vec<_> = ROOT
        .fields
        .iter()
        .map(|field| field.section.expect(field.wire))
        .collect();
    assert!(sections.is_sorted(), "{sections:?}");
    let used: BTreeSet<_> = sections.into_iter().collect();
    assert!(used.iter().eq(&Section::ALL), "every section has a field");
    for owner in &structs()[1..] {
        for field in owner.fields {
            assert_eq!(field.section, None, "{}.{}", owner.name, field.wire);
        }
    }
}

#[test]
fn choices_are_of_text_and_hold_default_and_example() {
    for (path, field) in fields() {
        let at = path.name(ROOT);
        let (Choices::Closed(list) | Choices::Open(list)) = field.choices else {
            continue;
        };
        assert!(matches!(field.kind, Kind::Text), "{at}");
        let values: BTreeSet<_> = list.iter().map(|choice| choice.value).collect();
        assert_eq!(values.len(), list.len(), "{at}");
        for value in [field.default, field.example] {
            assert!(value.is_empty() || values.contains(value), "{at}: {value}");
        }
    }
}

#[test]
fn tables_have_flat_rows() {
    for owner in structs()
        .into_iter()
        .filter(|owner| owner.layout == Layout::Table)
    {
        for field in owner.fields {
            let flat = matches!(
                field.kind,
                Kind::Text | Kind::Secret | Kind::Integer | Kind::Boolean
            );
            assert!(flat, "{}.{}", owner.name, field.wire);
        }
    }
}

#[test]
fn every_example_has_the_type_of_its_field() {
    for (path, field) in fields() {
        let Some(value) = example(field) else {
            continue;
        };
        let body = body_with(&path, value);
        let kept = serde_json::to_value(Request::read(&body)).expect("a request is JSON");
        assert_eq!(kept, Value::Object(body), "{}", path.name(ROOT));
    }
}

#[test]
fn every_example_is_accepted_by_its_own_field() {
    // Put into a body without errors, so that what the field depends on is there.
    let full: Value = serde_json::from_str(include_str!("data/full.json")).expect("JSON");
    for (path, field) in fields() {
        let Some(value) = example(field) else {
            continue;
        };
        let at = path.name(ROOT);
        let (parent, _) = path.split_last().expect("a field is not the root");
        let Some(Kind::Struct(owner)) = parent.kind(ROOT) else {
            panic!("{at} is in no struct")
        };

        let mut body = full.clone();
        let siblings = body
            .pointer_mut(&parent.pointer(ROOT))
            .and_then(Value::as_object_mut);
        let siblings = siblings.expect("the full body has every object");
        for group in owner
            .alternatives
            .iter()
            .filter(|group| group.contains(&field.wire))
        {
            group.iter().for_each(|wire| drop(siblings.remove(*wire)));
        }
        siblings.insert(field.wire.to_owned(), value);

        let request = Request::read(body.as_object().expect("an object"));
        for found in dsw_model::judge(&request, &Context::default()) {
            let here = found.path().is_within(&path);
            assert!(
                !here || found.severity == Severity::Warning,
                "{at}: {found:?}"
            );
        }
    }
}

#[test]
fn limits_are_checked_wherever_they_are_declared() {
    // A struct on the way to the field that lacks `#[validate(nested)]` would hide the limit.
    let mut limits = 0;
    for (path, field) in fields() {
        let bounds = field.bounds;
        let outside = [
            bounds.min.map(|min| json!(min - 1)),
            bounds.max.map(|max| json!(max + 1)),
            bounds.max_length.map(|most| json!("a".repeat(most + 1))),
        ];
        for value in outside.into_iter().flatten() {
            limits += 1;
            let at = path.name(ROOT);
            let request = Request::read(&body_with(&path, value));
            let found = dsw_model::violation::check(&request);
            assert!(
                found.iter().any(|found| found.path() == &path),
                "{at}: {found:?}"
            );
        }
    }
    assert!(limits > 0);
}

#[test]
fn a_body_of_all_examples_survives() {
    let body = object_of_examples(ROOT);
    let request = Request::read(body.as_object().expect("an object"));
    assert_eq!(
        serde_json::to_value(&request).expect("a request is JSON"),
        body
    );
    assert_eq!(
        serde_json::from_value::<Request>(body).expect("a request"),
        request
    );
}
