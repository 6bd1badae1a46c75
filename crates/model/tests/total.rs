//! Reading and judging cannot fail, whatever they are given; what has the right type is kept.

use dsw_model::descriptor::{Describe as _, Kind};
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_model::rules::Context;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Any JSON, its members now and then of known names, so that some of it is understood.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name(), inner), 0..8).prop_map(|members| Map::from_iter(members).into()),
        ]
    })
}

/// Any text, sometimes one that means something.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        Just("dXNlcjpwYXNzd29yZA".to_owned()),
        Just("https://registry.cn-hangzhou.aliyuncs.com/a".to_owned()),
        "[0-9.]{0,12}/[0-9]{0,3}",
    ]
}

fn name() -> impl Strategy<Value = String> {
    let mut names = Vec::new();
    Request::DESCRIPTOR.walk(&mut |_, field| names.push(field.wire.to_owned()));
    prop_oneof![9 => proptest::sample::select(names), 1 => any::<String>()]
}

/// What is understood of a value of this kind; nothing where it has another type.
fn understood(kind: Kind, value: &Value) -> Option<Value> {
    match kind {
        Kind::Text | Kind::Secret => value.is_string().then(|| value.clone()),
        Kind::Integer => value.as_i64().map(Value::from),
        Kind::Boolean => value.is_boolean().then(|| value.clone()),
        Kind::Json => value.is_object().then(|| value.clone()),
        Kind::Struct(descriptor) => {
            let object = value.as_object()?;
            let known = descriptor.fields.iter().filter_map(|field| {
                let value = understood(field.kind, object.get(field.wire)?)?;
                Some((field.wire.to_owned(), value))
            });
            Some(known.collect::<Map<_, _>>().into())
        }
        Kind::List(item) => {
            let rows = value.as_array()?.iter();
            Some(rows.map(|row| row_of(*item, row)).collect())
        }
        Kind::Map(item) => {
            let rows = value.as_object()?.iter();
            Some(rows.map(|(k, v)| (k.clone(), row_of(*item, v))).collect())
        }
    }
}

/// A row is never left out, or those behind it would get other numbers: an ill-typed one is empty.
fn row_of(kind: Kind, value: &Value) -> Value {
    understood(kind, value).unwrap_or_else(|| match kind {
        Kind::Struct(_) => Map::new().into(),
        _ => "".into(),
    })
}

proptest! {
    #[test]
    fn what_has_the_right_type_is_kept_row_by_row(members in vec((name(), json()), 0..12)) {
        let body = Map::from_iter(members);
        let read = serde_json::to_value(Request::read(&body)).expect("a request is JSON");
        let kind = Kind::Struct(Request::DESCRIPTOR);
        prop_assert_eq!(Some(read), understood(kind, &body.into()));
    }

    #[test]
    fn any_object_is_read_and_judged(members in vec((name(), json()), 0..12)) {
        let body = Map::from_iter(members);
        let request = Request::read(&body);
        let context = Context { region: Some("cn-shanghai".to_owned()), ..Context::default() };
        for found in dsw_model::judge(&request, &context) {
            for path in &found.paths {
                prop_assert!(path.field(Request::DESCRIPTOR).is_some(), "{:?}", found);
            }
        }

        // What was understood is written as it was read.
        let written = serde_json::to_value(&request).expect("a request is JSON");
        let again = Request::read(written.as_object().expect("an object"));
        prop_assert_eq!(&again, &request);
        prop_assert_eq!(serde_json::from_value::<Request>(written).expect("a request"), request);
    }
}
