//! The JSON Schema against the review: both accept and refuse the same bodies, for the same rules.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use dsw_form::draft::ROOT;
use dsw_form::import::from_object;
use dsw_form::review::review;
use dsw_model::descriptor::{Choices, FieldDescriptor, Kind};
use dsw_model::reference::{WITH_FIX, about};
use dsw_model::rules::{Context, Machine, Registered, Severity};
use dsw_model::schema::{BEYOND, EXPRESSED, rule_at, schema};
use dsw_model::verdict::Found;
use generate::{any_json, object};
use jsonschema::{PatternOptions, ValidationError, Validator};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

#[expect(dead_code, reason = "the other tests use more of it")]
mod generate;

/// The schema, ready to judge.
struct Judge {
    schema: Value,
    validator: Validator,
}

impl Judge {
    fn new() -> Self {
        let schema = schema();
        // Patterns are to run anywhere, so they are compiled without look-around and references.
        let validator = jsonschema::options()
            .with_pattern_options(PatternOptions::regex())
            .build(&schema)
            .expect("a schema");
        Self { schema, validator }
    }

    /// The rules by which the schema refuses a body.
    fn refusals(&self, body: &Value) -> BTreeSet<&str> {
        let errors = self.validator.iter_errors(body);
        let rule = |error: ValidationError<'_>| {
            let keyword = error.evaluation_path().as_str();
            rule_at(&self.schema, keyword).expect("a keyword of the schema")
        };
        errors.map(rule).collect()
    }
}

/// What the model finds in a body.
fn found(body: &Value) -> Found {
    found_in(&Context::default(), body)
}

fn found_in(context: &Context, body: &Value) -> Found {
    let object = body.as_object().expect("a body is an object").clone();
    review(&from_object(object).draft, context).diagnostics
}

/// Whether the schema may miss a finding of this rule.
fn is_beyond(id: &str) -> bool {
    // While nothing is known of registered datasets, the addresses in the body tell all.
    let told = ["R22", "R29"].contains(&id);
    !told && BEYOND.iter().any(|(beyond, _)| *beyond == id)
}

/// Whether a number is written with a point or an exponent: to a schema 1.0 is a whole number.
fn holds_a_written_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_str().contains(['.', 'e', 'E']),
        Value::Array(items) => items.iter().any(holds_a_written_fraction),
        Value::Object(members) => members.values().any(holds_a_written_fraction),
        _ => false,
    }
}

/// What both say of a body.
struct Verdict {
    /// Whether they accept it; nothing where it is refused only by what a schema cannot see.
    accepted: Option<bool>,
    /// The rules by which both refuse it.
    rules: BTreeSet<&'static str>,
}

/// Compares both on a body.
fn compare(judge: &Judge, body: &Value) -> Result<Verdict, String> {
    let found = found(body);
    let errors = found
        .iter()
        .filter(|found| found.severity == Severity::Error);
    let errors: BTreeSet<_> = errors.map(|found| found.code).collect();
    let refusals = judge.refusals(body);
    let unless = |agree: bool| {
        let told = || format!("model: {errors:?}, schema: {refusals:?} on {body}");
        agree.then_some(()).ok_or_else(told)
    };
    if errors.contains("R112") {
        // The model tells nothing else of an ill-typed value; the schema may.
        let unseen = refusals.is_empty() && holds_a_written_fraction(body);
        unless(unseen || !refusals.is_empty())?;
        return Ok(Verdict {
            accepted: (!unseen).then_some(false),
            rules: BTreeSet::from(["R112"]),
        });
    }
    // What the schema refuses, the model refuses for the same rule...
    unless(refusals.iter().all(|id| errors.contains(id)))?;
    // ... and the reverse, but for what the schema cannot see.
    let (rules, unseen): (BTreeSet<_>, BTreeSet<_>) =
        errors.iter().copied().partition(|id| refusals.contains(id));
    unless(unseen.iter().all(|id| is_beyond(id)))?;
    let accepted = match (errors.is_empty(), refusals.is_empty()) {
        (false, true) => None,
        (accepted, _) => Some(accepted),
    };
    Ok(Verdict { accepted, rules })
}

/// A body that holds every field, and one that holds what an instance needs.
fn bodies() -> [Value; 2] {
    let full = include_str!("../../model/tests/data/full.json");
    let smallest = include_str!("../../model/tests/data/smallest.json");
    [full, smallest].map(|body| serde_json::from_str(body).expect("JSON"))
}

/// Texts that mean something in some field, rightly or nearly rightly written.
const TEXTS: &[&str] = &[
    "",
    " ",
    "a",
    "training_data",
    "train-1",
    "é",
    "a\n",
    "a23456789b123456789c1234567",
    "éééééééééééééééééééé1234567",
    "a23456789b123456789c12345678",
    "0",
    "1",
    "2",
    "9",
    "10",
    "-1",
    "+1",
    "007",
    "0.5",
    ".5",
    "1.",
    "1.2345",
    "1e3",
    "22",
    " 22",
    "22 ",
    "65535",
    "65536",
    "99999",
    "100000",
    "4294967296",
    "99999999999999999999999999",
    "dXNlcjpwYXNzd29yZA==",
    "dXNlcjpwYXNzd29yZA",
    "dXNlcjpwYXNzd29yZA=",
    "Zg",
    "Zg=",
    "Zm8=",
    "Zm9v",
    "Zm9vYg==",
    "Z",
    "Z===",
    "Zm9v=",
    "Zm9_",
    "====",
    "registry.example.com/a/b",
    "https://registry.example.com/a/b",
    "://",
    "a b",
    "a\u{85}b",
    "a\u{a0}b",
    "a\u{2003}b",
    "a\u{feff}b",
    "a\u{200b}b",
    "a\u{180e}b",
    "a\u{1c}b",
    "a\u{b}b",
    "10.0.0.0/8",
    "10.0.0.1/8",
    "192.168.0.0/24",
    "192.168.0.0",
    "192.168.0.0/33",
    "192.168.0.0/024",
    "192.168.00.0/24",
    "256.0.0.0/8",
    "0.0.0.0/0",
    "255.255.255.255/32",
    "10.0.0/8",
    "::/0",
    "10.0.0.0/8\n",
    "/",
    "/mnt/data",
    "/mnt/data/",
    "mnt",
    "/mnt/../etc",
    "/mnt/..",
    "/..a",
    "/.",
    "/a b",
    "/mnt/dynamic/x",
    "/mnt/dynamic/",
    "/mnt/dynamic",
    "//",
    "..",
    "oss://b.e/p/",
    "oss://b.e/p",
    "nas://f/",
    "cpfs://f/",
    "bmcpfs://f/",
    "OSS://b/",
    "s3://b/",
    "oss:/b",
    "oss://",
    "100Gi",
    "40Gi",
    "0Gi",
    "Gi",
    "100",
    "100GB",
    "1.5Gi",
    "0100Gi",
    "100gi",
    "100 Gi",
    "{}",
    "{\"a\": \"b\"}",
    "[]",
    "{",
    "{\"a\": 1}",
    "null",
    "acs:ram::1234567890123456:role/name",
    "acs:ram::1:role/",
    "acs:ram::x:role/name",
    "acs:ram::1:user/name",
    "ssh-ed25519 AAAA a",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "-----BEGIN PUBLIC KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----",
    "node-a",
    "node-a,node-b",
    "node-a,,node-b",
    ",node-a",
    "node-a,",
    "node-a, node-b",
    ",",
    "eth0",
    "eth1",
    "eth2",
    "rootfs",
    "RW",
    "RO",
    "rw",
    "PUBLIC",
    "public",
    "Role",
    "RoleChain",
    "service",
    "user",
    "SpotWithPriceLimit",
    "SpotAsPriceGo",
    "rootfsCloudDisk",
];

/// Values of all types, among them those that say "not set".
fn any_type() -> Vec<Value> {
    let number = |text: &str| Value::Number(text.parse().expect("a number"));
    let mut values = vec![
        json!(null),
        json!(true),
        json!(false),
        json!([]),
        json!({}),
        json!([null]),
        json!([{}]),
        json!([""]),
        json!({ "": "x" }),
        json!({ "a": "b" }),
        json!({ "a": "" }),
        json!({ "a": null }),
        json!({ "a": 1 }),
    ];
    let numbers = [
        "0",
        "1",
        "9",
        "10",
        "-1",
        "1.0",
        "1.5",
        "1e0",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "1e400",
    ];
    values.extend(numbers.map(number));
    values
}

/// What a field is tried with.
fn values(field: &FieldDescriptor) -> Vec<Value> {
    let mut values = any_type();
    let choices = match field.choices {
        Choices::Free => &[],
        Choices::Closed(choices) | Choices::Open(choices) => choices,
    };
    let known = choices.iter().map(|choice| choice.value);
    let texts = TEXTS.iter().copied().chain([field.example]).chain(known);
    // What only has a space too many.
    let texts = texts
        .map(Value::from)
        .chain([json!(format!(" {}", field.example))]);
    match field.kind {
        Kind::Text | Kind::Secret => values.extend(texts),
        Kind::List(Kind::Text) => values.extend(texts.map(|text| json!(["10.0.0.0/8", text]))),
        _ => values.push(json!("text")),
    }
    let limits = [field.bounds.min, field.bounds.max].into_iter().flatten();
    values.extend(
        limits
            .flat_map(|limit| [limit - 1, limit, limit + 1])
            .map(Value::from),
    );
    if let Some(most) = field.bounds.max_length {
        values.extend([most, most + 1].map(|length| Value::from("a".repeat(length))));
    }
    values
}

#[test]
fn the_schema_is_one() {
    jsonschema::draft202012::meta::validate(&schema()).expect("a schema of 2020-12");
    Judge::new();
}

/// Calls `visit` with every field by its name and bodies in which it has all sorts of values.
fn each_field(visit: &mut dyn FnMut(&str, &Value)) {
    let mut fields = Vec::new();
    ROOT.walk(&mut |path, field| fields.push((path.clone(), field)));
    let [full, smallest] = bodies();
    for (path, field) in fields {
        let (at, pointer) = (path.name(ROOT), path.pointer(ROOT));
        let (parent, _) = pointer.rsplit_once('/').expect("a pointer to a field");
        // Of the full body, the texts at its root and what is around the field are enough.
        let mut around = full.clone();
        let members = around.as_object_mut().expect("an object");
        let own = pointer[1..].split('/').next();
        members.retain(|name, value| value.is_string() || own == Some(name));
        for (body, values) in [(&around, values(field)), (&smallest, any_type())] {
            if body.pointer(parent).is_none() {
                continue;
            }
            visit(&at, body);
            for value in values.into_iter().map(Some).chain([None]) {
                let mut body = body.clone();
                let siblings = body.pointer_mut(parent).and_then(Value::as_object_mut);
                let siblings = siblings.expect("an object");
                match value {
                    Some(value) => drop(siblings.insert(field.wire.to_owned(), value)),
                    None => drop(siblings.shift_remove(field.wire)),
                }
                visit(&at, &body);
            }
        }
    }
}

/// Bodies that break rules on several fields together.
fn several_fields() -> Vec<Value> {
    let needed = bodies()[1].clone();
    let with = |members: Value| {
        let mut body = needed.clone();
        let object = body.as_object_mut().expect("an object");
        object.extend(members.as_object().expect("an object").clone());
        body
    };
    let dataset = |members: Value| with(json!({ "Datasets": [members] }));
    vec![
        json!({}),
        with(json!({ "Affinity": { "CPU": { "Enable": true } } })),
        with(json!({ "Affinity": { "CPU": { "Enable": false } } })),
        with(json!({ "Affinity": { "CPU": { "Enable": true } }, "ResourceId": "q" })),
        with(json!({ "SpotSpec": { "SpotStrategy": "SpotWithPriceLimit" } })),
        with(json!({ "SpotSpec": { "SpotStrategy": "SpotWithPriceLimit", "SpotPriceLimit": "" } })),
        with(json!({ "SpotSpec": { "SpotStrategy": "SpotWithPriceLimit" }, "ResourceId": "q" })),
        with(json!({ "SpotSpec": { "SpotStrategy": "SpotAsPriceGo" } })),
        with(json!({ "SpotSpec": { "SpotPriceLimit": "1" } })),
        with(json!({ "SpotSpec": { "SpotDuration": "0" } })),
        with(json!({ "SpotSpec": { "SpotDiscountLimit": "0.1" } })),
        with(json!({ "SpotSpec": { "SpotPriceLimit": "", "SpotDuration": null } })),
        with(json!({ "UserVpc": { "BandwidthLimit": { "IngressRate": "1" } } })),
        with(json!({ "UserVpc": { "BandwidthLimit": { "IngressRate": "" } } })),
        with(json!({ "UserVpc": { "BandwidthLimit": { "Unknown": "1" } } })),
        with(json!({ "UserVpc": { "DefaultRoute": "eth1" } })),
        with(json!({ "UserVpc": { "VswitchId": "vsw-1" } })),
        dataset(json!({ "Uri": "nas://f/", "MountPath": "/mnt/data", "Options": "{}" })),
        dataset(json!({ "Uri": "nas://f/", "MountPath": "/mnt/data", "OptionType": "ReadOnly" })),
        dataset(json!({ "Uri": "nas://f/", "MountPath": "/mnt/dynamic/a", "Dynamic": true })),
        dataset(
            json!({ "Uri": "s3://f/", "MountPath": "/mnt/dynamic/a", "Dynamic": true, "Options": "{}" }),
        ),
        dataset(json!({ "DatasetId": "d-1", "MountPath": "/mnt/dynamic/a", "Dynamic": true })),
        dataset(
            json!({ "DatasetId": "d-1", "MountPath": "/mnt/dynamic/a", "Dynamic": true, "MountAccess": "RW" }),
        ),
        dataset(json!({ "DatasetId": "d-1", "MountPath": "/mnt/data", "Dynamic": true })),
    ]
}

#[test]
fn every_field_and_every_rule_agrees() {
    let judge = Judge::new();
    let mut rules = BTreeSet::new();
    let mut fields: BTreeMap<String, BTreeSet<bool>> = BTreeMap::new();
    let mut compare = |at: &str, body: &Value| {
        let verdict = compare(&judge, body).unwrap_or_else(|told| panic!("{at}: {told}"));
        rules.extend(verdict.rules);
        verdict.accepted
    };
    each_field(&mut |at, body| {
        let accepted = compare(at, body);
        fields.entry(at.to_owned()).or_default().extend(accepted);
    });
    for body in several_fields() {
        compare("several fields", &body);
    }
    for (at, verdicts) in fields {
        assert_eq!(
            verdicts.len(),
            2,
            "{at} is both accepted and refused: {verdicts:?}"
        );
    }
    for rule in EXPRESSED {
        assert!(rules.contains(rule.id), "nothing breaks {}", rule.id);
    }
}

/// Knowledge that makes the rules speak which need some: what the full body names is the wrong choice.
fn knowledge() -> Context {
    let [full, _] = bodies();
    let name = |pointer: &str| {
        let name = full.pointer(pointer).and_then(Value::as_str);
        name.expect("a text").to_owned()
    };
    let machine = Machine {
        gpu: false,
        available: Some(false),
        spot_stock: Some(false),
    };
    let registered = Registered {
        storage: None,
        read_only: Some(true),
    };
    Context {
        region: Some("cn-hangzhou".to_owned()),
        machines: [(name("/EcsSpec"), machine)].into(),
        datasets: [(name("/Datasets/0/DatasetId"), registered)].into(),
        instance_names: [name("/InstanceName")].into(),
        ..Context::default()
    }
}

/// Findings stand where the reference page says, and those of a rule with fixes carry one at times.
#[test]
fn the_reference_tells_of_places_and_fixes() {
    let context = knowledge();
    let mut fixed = BTreeSet::new();
    let mut check = |body: &Value| {
        for found in found_in(&context, body) {
            let about = about(found.code).unwrap_or_else(|| panic!("no text about {}", found.code));
            for path in &found.paths {
                let name = path.name(ROOT);
                let place = name
                    .split('[')
                    .map(|part| part.split_once(']').map_or(part, |(_, rest)| rest));
                let place = place.collect::<Vec<_>>().join("[]");
                let is_there = |at: &&str| place.starts_with(at);
                assert!(
                    about.at.is_empty() || about.at.iter().any(is_there),
                    "{found:?} at {place}"
                );
            }
            if found.fix.is_some() {
                fixed.insert(found.code);
            }
        }
    };
    each_field(&mut |_, body| check(body));
    several_fields().iter().for_each(check);
    let with_fix: BTreeSet<_> = WITH_FIX.iter().copied().collect();
    assert_eq!(fixed, with_fix);
}

/// A change of a body: the member or row at a place is replaced, or taken away.
type Change = (Index, Option<Value>);

fn change() -> impl Strategy<Value = Change> {
    let value = prop_oneof![
        4 => select(TEXTS).prop_map(Value::from),
        2 => select(any_type()),
        1 => any_json(),
    ];
    (any::<Index>(), proptest::option::weighted(0.6, value))
}

/// Bodies near to those that are accepted.
fn near_body() -> impl Strategy<Value = Value> {
    let start = prop_oneof![3 => Just(bodies()[0].clone()), 1 => Just(bodies()[1].clone())];
    (start, vec(change(), 0..6), any_row()).prop_map(|(mut body, changes, row)| {
        if let (Some(Value::Array(rows)), Some(row)) = (body.get_mut("Datasets"), row) {
            rows.push(row);
        }
        for (place, value) in changes {
            let places = pointers(&body);
            let pointer = place.get(&places);
            let (parent, member) = pointer.rsplit_once('/').expect("a place in the body");
            let member = member.replace("~1", "/").replace("~0", "~");
            match (
                body.pointer_mut(parent).expect("a place in the body"),
                value,
            ) {
                (Value::Object(members), Some(value)) => drop(members.insert(member, value)),
                (Value::Object(members), None) => drop(members.shift_remove(&member)),
                (Value::Array(rows), value) => {
                    let row = member.parse::<usize>().expect("a row");
                    match value {
                        Some(value) => rows[row] = value,
                        None => drop(rows.remove(row)),
                    }
                }
                _ => unreachable!("only objects and arrays hold places"),
            }
            if places.len() == 1 {
                break;
            }
        }
        body
    })
}

/// One more dataset, or none.
fn any_row() -> impl Strategy<Value = Option<Value>> {
    let text = select(TEXTS);
    let names = [
        "DatasetId",
        "DatasetVersion",
        "Uri",
        "MountPath",
        "MountAccess",
        "Options",
        "OptionType",
    ];
    let members = vec((select(names.to_vec()), text), 0..4);
    proptest::option::of(
        (members, any::<Option<bool>>()).prop_map(|(members, dynamic)| {
            let mut row = Map::new();
            for (name, text) in members {
                row.insert(name.to_owned(), text.into());
            }
            row.extend(dynamic.map(|dynamic| ("Dynamic".to_owned(), dynamic.into())));
            row.into()
        }),
    )
}

/// The places of all members and rows.
fn pointers(body: &Value) -> Vec<String> {
    fn inside(value: &Value, at: &str, found: &mut Vec<String>) {
        let mut enter = |name: &str, value: &Value| {
            let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            inside(value, &at, found);
            found.push(at);
        };
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| enter(name, value)),
            Value::Array(rows) => {
                let rows = rows.iter().enumerate();
                rows.for_each(|(row, value)| enter(&row.to_string(), value));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    inside(body, "", &mut found);
    found
}

#[test]
fn any_body_agrees() {
    let judge = Judge::new();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(800));
    let far = object().prop_map(Value::Object);
    let body = prop_oneof![3 => near_body(), 1 => far];
    let verdicts = Cell::new([0; 3]);
    let result = runner.run(&body, |body| {
        let verdict = compare(&judge, &body).map_err(TestCaseError::fail)?;
        let mut counts = verdicts.get();
        counts[verdict.accepted.map_or(2, usize::from)] += 1;
        verdicts.set(counts);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    // A comparison of bodies that are all refused would prove little.
    let [refused, accepted, unseen] = verdicts.get();
    assert!(
        refused > 40 && accepted > 40,
        "{refused} refused, {accepted} accepted, {unseen} unseen"
    );
}
