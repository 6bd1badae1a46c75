//! What the properties are tried with: JSON of all sorts, requests of the right types, random edits.

use std::sync::Arc;

use dsw_form::draft::{Draft, ROOT};
use dsw_form::edit::Edit;
use dsw_form::import::{draft_from_json, from_object};
use dsw_model::descriptor::{Choices, FieldDescriptor, Kind, StructDescriptor, field_step};
use dsw_model::path::{Path, Step};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

/// Numbers that 64 bits hold, and those of up to 400 digits, with fractions and exponents.
fn number() -> impl Strategy<Value = Value> {
    let written = prop_oneof![
        4 => any::<i64>().prop_map(|number| number.to_string()),
        2 => "-?(0|[1-9][0-9]{0,30})",
        1 => "-?[1-9][0-9]{0,399}",
        1 => r"-?(0|[1-9][0-9]{0,20})\.[0-9]{1,20}",
        1 => r"-?(0|[1-9][0-9]{0,5})(\.[0-9]{1,5})?[eE][+-]?[0-9]{1,5}",
    ];
    written.prop_map(|text| Value::Number(text.parse().expect("written as JSON writes it")))
}

/// Text that means something somewhere, and any other.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let known = [
        "",
        " ",
        "7",
        " 7 ",
        "-0",
        "99999999999999999999",
        " 99999999999999999999 ",
        "true",
        "{}",
        "{\"a\": 1.50}",
        "[1]",
        "train-1",
        "private",
        "PUBLIC",
        "forcequotaoversold",
        "10.0.0.1/8",
        "10.0.0.0/8",
        "https://registry.cn-hangzhou.aliyuncs.com/a/b",
        "dXNlcjpwYXNzd29yZA==",
        "工作空间",
    ];
    prop_oneof![
        3 => select(known.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-z0-9_]{1,30}",
    ]
}

/// All wire names of the request.
fn wire_names() -> Vec<String> {
    let mut names = Vec::new();
    ROOT.walk(&mut |_, field| names.push(field.wire.to_owned()));
    names
}

/// Names of members: known ones, nearly known ones, dangerous ones, any.
pub(crate) fn name() -> impl Strategy<Value = String> {
    let strange = [
        "PATH",
        "HF_TOKEN",
        "",
        "__proto__",
        "constructor",
        "a/b~c",
        "\u{1f600}",
        "0",
    ];
    let former = ["Tags", "TagKey", "TagValue", "Port"];
    prop_oneof![
        12 => select(wire_names()),
        2 => select(wire_names()).prop_map(|name| name.to_lowercase()),
        2 => select(former.to_vec()).prop_map(str::to_owned),
        2 => select(vec!["PATH", "HF_TOKEN"]).prop_map(str::to_owned),
        1 => Just("$serde_json::private::Number".to_owned()),
        2 => select(strange.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

/// Any JSON.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        2 => number(),
        3 => text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name(), inner), 0..5).prop_map(|members| Map::from_iter(members).into()),
        ]
    })
}

/// Any object, with members at the root that mostly have known names.
fn any_object() -> impl Strategy<Value = Map<String, Value>> {
    vec((name(), any_json()), 0..10).prop_map(Map::from_iter)
}

/// A request whose members mostly have their documented types.
fn typed_object() -> impl Strategy<Value = Map<String, Value>> {
    // Some of all parts, and all of some parts.
    prop_oneof![object_of(ROOT, 0.2, 0.4), object_of(ROOT, 0.1, 0.8)]
}

/// Objects of both sorts.
pub(crate) fn object() -> impl Strategy<Value = Map<String, Value>> {
    prop_oneof![any_object(), typed_object()]
}

fn object_of(
    descriptor: &'static StructDescriptor,
    filled: f64,
    filled_inside: f64,
) -> BoxedStrategy<Map<String, Value>> {
    let fields: Vec<_> = descriptor
        .fields
        .iter()
        .map(|field| {
            let value = prop_oneof![
                15 => value_of(field.kind, Some(field), filled_inside),
                1 => any_json(),
            ];
            proptest::option::weighted(filled, value.prop_map(|value| (field.wire, value)))
        })
        .collect();
    // What has another name of a known member mostly has its type.
    let unlike = (name(), any_json());
    let unknown = match descriptor
        .fields
        .iter()
        .find(|field| !field.alias.is_empty())
    {
        Some(field) => {
            let value = value_of(field.kind, Some(field), filled_inside);
            let alike = value.prop_map(|value| (field.alias.to_owned(), value));
            prop_oneof![unlike, alike].boxed()
        }
        None => unlike.boxed(),
    };
    let unknown = proptest::option::weighted(0.15, unknown);
    (fields, unknown, any::<bool>())
        .prop_map(|(fields, unknown, reversed)| {
            let mut members = Map::new();
            let mut fields: Vec<_> = fields.into_iter().flatten().collect();
            if reversed {
                fields.reverse();
            }
            let mut unknown = unknown.filter(|(name, _)| descriptor.field(name).is_none());
            for (n, (name, value)) in fields.into_iter().enumerate() {
                members.insert(name.to_owned(), value);
                if n == 1 {
                    members.extend(unknown.take());
                }
            }
            members.extend(unknown);
            members
        })
        .boxed()
}

fn value_of(kind: Kind, field: Option<&FieldDescriptor>, filled: f64) -> BoxedStrategy<Value> {
    match kind {
        Kind::Text | Kind::Secret => {
            let known = field.map_or_else(Vec::new, known_texts);
            if known.is_empty() {
                text().prop_map(Value::from).boxed()
            } else {
                prop_oneof![
                    select(known).prop_map(Value::from),
                    text().prop_map(Value::from)
                ]
                .boxed()
            }
        }
        Kind::Integer => number().boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Json => vec((name(), any_json()), 0..3)
            .prop_map(|members| Map::from_iter(members).into())
            .boxed(),
        Kind::Struct(descriptor) => object_of(descriptor, filled, filled)
            .prop_map(Value::Object)
            .boxed(),
        Kind::List(item) => {
            let row = prop_oneof![8 => value_of(*item, field, filled), 1 => any_json()];
            vec(row, 0..4).prop_map(Value::from).boxed()
        }
        Kind::Map(item) => {
            let row = prop_oneof![8 => value_of(*item, None, filled), 1 => any_json()];
            vec((name(), row), 0..4)
                .prop_map(|members| Map::from_iter(members).into())
                .boxed()
        }
    }
}

/// Texts that mean something in a field but are not quite right: what the rules find and what they mend.
fn near_texts(field: &FieldDescriptor) -> &'static [&'static str] {
    match field.wire {
        "CPU" | "GPU" => &["0", "0", "1", " 2", "1 ", "one"],
        "Memory" | "SharedMemory" => &["32GB", "32", " 8 gi", "8192", "2Ti", "1Gi", "much"],
        "GPUType" => &[" v100", "H20"],
        "ImageUrl" => &["registry.cn-beijing.aliyuncs.com/a/b"],
        "Capacity" => &["100", "200GB", " 100Gi", "30Gi", "1Ti"],
        "Uri" => &[
            "OSS://b.e/p/",
            "oss://b/p",
            "nas://id.e/p/ ",
            "https://b.e/p",
        ],
        "MountPath" => &[
            "/mnt/data/",
            " /mnt/data",
            "/mnt",
            "/mnt/dynamic/a",
            "/mnt/dynamic/",
            "data",
        ],
        "RootPath" => &["/mnt/dynamic", " /mnt/dynamic", "/data/", "data"],
        "WorkspaceSource" => &[
            "rootfsclouddisk",
            "/mnt/data",
            "/mnt/data ",
            "d-vsqjvs0rp5l206u",
            "/mnt/models",
        ],
        "ExtendedCIDRs" => &[
            "10.0.0.0/8",
            "10.1.0.0/16",
            "10.0.0.1/8",
            " 10.1.2.0/24",
            "0.0.0.0/0",
        ],
        "IngressWhitelists" | "EgressWhitelists" => &["10.0.0.1 ", "10.0.0.0/8", "all"],
        "DefaultRoute" => &["ETH1", "eth2"],
        "ForwardPort" | "ExternalPort" => &[" 22", "10086 ", "0", "ssh"],
        "SSHPublicKey" => &["ssh-rsa AAAA me\n", "-----BEGIN PRIVATE KEY-----", "AAAA"],
        "Content" => &["cd /mnt\r\necho\r", " \r\n", "\r"],
        "AliyunEnvRoleKey" => &["0 ", "1"],
        "RoleArn" => &[" acs:ram::1:role/a", "role/a"],
        "Policy" | "Options" => &["{\"a\": 1}", "[]", "{"],
        "SpotPriceLimit" => &[" 0.12", "0", "0.1234"],
        "SpotDuration" => &["1 ", "2", "1h"],
        "SpotDiscountLimit" => &[" 0.1", "10%"],
        "NodeNames" => &["a,,b", ",", "node-c,node-a", " "],
        "InstanceName" => &["training-data", " training_data", "taken"],
        "Key" => &["0", "1", "aliyun", ""],
        _ => &[],
    }
}

/// The example and the choices of a field, and what is nearly one of them.
fn known_texts(field: &FieldDescriptor) -> Vec<String> {
    let choices = match field.choices {
        Choices::Free => &[],
        Choices::Closed(choices) | Choices::Open(choices) => choices,
    };
    let choices = choices.iter().map(|choice| choice.value);
    let example = (!field.example.is_empty()).then_some(field.example);
    let known = choices.chain(example).map(str::to_owned);
    let mut texts: Vec<_> = known.collect();
    let near = texts
        .iter()
        .flat_map(|text| [format!(" {text}"), text.to_lowercase()]);
    let near: Vec<_> = near.collect();
    texts.extend(near);
    texts.extend(near_texts(field).iter().map(|text| (*text).to_owned()));
    texts
}

/// An edit before it is known what draft it meets.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    place: Index,
    way: u8,
    text: String,
    value: Value,
    from: Index,
    to: Index,
}

/// One edit to come.
pub(crate) fn act() -> impl Strategy<Value = Act> {
    (
        any::<Index>(),
        any::<u8>(),
        text(),
        any_json(),
        any::<Index>(),
        any::<Index>(),
    )
        .prop_map(|(place, way, text, value, from, to)| Act {
            place,
            way,
            text,
            value,
            from,
            to,
        })
}

/// A draft that was imported and then edited.
pub(crate) fn draft() -> impl Strategy<Value = Draft> {
    let start = prop_oneof![
        1 => Just(Draft::default()),
        5 => object().prop_map(|members| from_object(members).draft),
        4 => crowded(),
    ];
    (start, vec(act(), 0..8)).prop_map(|(mut draft, acts)| {
        for act in &acts {
            let (path, edit) = act.meet(&draft);
            draft.apply(&path, edit);
        }
        draft
    })
}

/// A draft in which every field is set and every row of objects stands twice, but for some that are cleared or
/// nearly right.
fn crowded() -> impl Strategy<Value = Draft> {
    fn doubled(value: &mut Value) {
        match value {
            Value::Object(members) => members.values_mut().for_each(doubled),
            Value::Array(items) if items.iter().any(Value::is_object) => {
                items.iter_mut().for_each(doubled);
                items.extend_from_within(..);
            }
            _ => {}
        }
    }
    let full = include_str!("../../../model/tests/data/full.json");
    let mut full: Map<String, Value> = serde_json::from_str(full).expect("an object");
    full.values_mut().for_each(doubled);
    let full = from_object(full).draft;
    let places = places(&full);
    // There are few fields outside rows, but most rules are about them.
    let outer = places.iter().filter(|path| path.steps().len() <= 2);
    let place = prop_oneof![select(outer.cloned().collect::<Vec<_>>()), select(places)];
    vec((place, any::<Index>(), 0..4_u8), 0..48).prop_map(move |changes| {
        let mut draft = full.clone();
        for (path, choice, way) in changes {
            let texts = path.field(ROOT).map(known_texts).unwrap_or_default();
            let edit = if way == 0 || texts.is_empty() {
                Edit::Set(Draft::Unset)
            } else {
                Edit::Text(choice.get(&texts).clone())
            };
            // Those of objects that are gone do nothing.
            if draft.get(&path).is_some() {
                draft.apply(&path, edit);
            }
        }
        draft
    })
}

/// All places of a draft that can be edited: fields, rows, unknown members, and one that is not there yet.
pub(crate) fn places(draft: &Draft) -> Vec<Path> {
    fn inside(kind: Kind, draft: &Draft, path: Path, places: &mut Vec<Path>) {
        let node = draft.get(&path);
        match kind {
            Kind::Struct(descriptor) => {
                for (index, field) in descriptor.fields.iter().enumerate() {
                    inside(field.kind, draft, path.join(field_step(index)), places);
                }
                if let Some(Draft::Struct(object)) = node {
                    for (name, _) in &object.unknown {
                        places.push(path.join(Step::Key(Arc::clone(name))));
                    }
                }
                places.push(path.join("Extra"));
            }
            Kind::List(item) | Kind::Map(item) => {
                for row in 0..node.map_or(0, Draft::row_count) {
                    inside(*item, draft, path.join(row), places);
                }
            }
            _ => {}
        }
        places.push(path);
    }
    let mut places = Vec::new();
    inside(Kind::Struct(ROOT), draft, Path::ROOT, &mut places);
    places
}

impl Act {
    /// The edit as it meets this draft. One in eight does not fit the place.
    pub(crate) fn meet(&self, draft: &Draft) -> (Path, Edit) {
        let places = places(draft);
        let set: Vec<_> = places
            .iter()
            .filter(|path| draft.get(path).is_some_and(|draft| !draft.is_blank()))
            .collect();
        // Half of the edits change what is there.
        let path = if self.way.is_multiple_of(2) || set.is_empty() {
            self.place.get(&places).clone()
        } else {
            (*self.place.get(&set)).clone()
        };
        let edit = self.edit(draft, &path);
        (path, edit)
    }

    /// An edit of this place.
    pub(crate) fn edit(&self, draft: &Draft, path: &Path) -> Edit {
        let way = self.way / 2;
        let rows = draft.get(path).map_or(0, Draft::row_count);
        if way.is_multiple_of(8) {
            return self.unfit(way / 8, rows);
        }
        let Some(kind) = path.kind(ROOT) else {
            return match way % 8 {
                1 => Edit::Set(Draft::Unset),
                2 | 3 => Edit::Set(Draft::Foreign(Arc::new(self.value.clone()))),
                4 => Edit::Text(self.text.clone()),
                _ => Edit::Text(self.value.to_string()),
            };
        };
        let any = || match &self.value {
            // A request is an object, whatever is imported.
            value if path.steps().is_empty() && !value.is_object() => Draft::Unset,
            value => draft_from_json(kind, value.clone()),
        };
        match (kind, way % 8) {
            (_, 1) => Edit::Set(any()),
            (Kind::List(_) | Kind::Map(_), 2) if rows > 0 => Edit::Remove(self.from.index(rows)),
            (Kind::List(_) | Kind::Map(_), 3) if rows > 0 => {
                Edit::Move(self.from.index(rows), self.to.index(rows))
            }
            (Kind::List(Kind::Text), 4) => {
                Edit::Rows(self.text.split(' ').map(str::to_owned).collect())
            }
            (Kind::Map(_), 4..=6) if rows > 0 => {
                Edit::Rename(self.from.index(rows), self.text.clone())
            }
            (Kind::List(item) | Kind::Map(item), _) => Edit::Insert(
                self.from.index(rows + 1),
                self.text.clone(),
                self.row(*item),
            ),
            (Kind::Struct(_), 2) => Edit::Set(Draft::Unset),
            (Kind::Struct(descriptor), 3..=5) if !descriptor.alternatives.is_empty() => {
                let all = descriptor.alternatives.concat();
                let (index, _) = descriptor
                    .field(self.from.get::<&str>(&all))
                    .expect("a field");
                Edit::Choose(field_step(index))
            }
            (Kind::Struct(_), _) => Edit::Set(self.row(kind)),
            (Kind::Boolean, _) => Edit::Flag([None, Some(true), Some(false)][usize::from(way % 3)]),
            (Kind::Integer, 2 | 3) => Edit::Text(i16::from(self.way).to_string()),
            _ => Edit::Text(self.text.clone()),
        }
    }

    fn unfit(&self, way: u8, rows: usize) -> Edit {
        match way % 8 {
            0 => Edit::Insert(rows + 1, self.text.clone(), Draft::Text(self.text.clone())),
            1 => Edit::Remove(rows),
            2 => Edit::Move(0, rows),
            3 => Edit::Rename(rows, self.text.clone()),
            4 => Edit::Flag(Some(true)),
            5 => Edit::Choose(field_step(usize::from(u16::MAX))),
            6 => Edit::Rows(vec![self.text.clone()]),
            _ => Edit::Text(self.text.clone()),
        }
    }

    /// A value of this kind with the example of every second field.
    fn row(&self, kind: Kind) -> Draft {
        let value = match kind {
            Kind::Struct(descriptor) => {
                let examples = descriptor
                    .fields
                    .iter()
                    .enumerate()
                    .filter(|(index, field)| {
                        !field.example.is_empty()
                            && (usize::from(self.way) + index).is_multiple_of(3)
                    })
                    .map(|(_, field)| (field.wire.to_owned(), json!(field.example)));
                Value::Object(examples.collect())
            }
            _ if self.way.is_multiple_of(3) => return Draft::blank_row(kind),
            _ => json!(self.text),
        };
        draft_from_json(kind, value)
    }
}
