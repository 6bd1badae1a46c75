//! Random calls: nothing panics, and every reply is one of the service's.

use dsw_gateway::operation::{Facts, Member, OPERATIONS, Operation};
use dsw_gateway::region::Region;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use crate::bench::Bench;

/// Values for a query member, sensible or not.
fn value(member: Member) -> BoxedStrategy<String> {
    let any = ".{0,20}".boxed();
    match member {
        Member::Text => prop_oneof![
            any,
            select(vec![
                "ALL",
                "40823",
                "a=b,c",
                "{}",
                r#"{"a":"b"}"#,
                "[]",
                "a",
                ",",
                "2026-01-01T00:00:00Z"
            ])
            .prop_map(str::to_owned),
        ]
        .boxed(),
        Member::Integer(least, most) => prop_oneof![
            (least..=most).prop_map(|number| number.to_string()),
            select(vec!["0", "-1", "99999999999999999999", "1e3", ""]).prop_map(str::to_owned),
        ]
        .boxed(),
        Member::Boolean => select(vec!["true", "false", "TRUE"])
            .prop_map(str::to_owned)
            .boxed(),
        Member::OneOf(values) => prop_oneof![
            9 => select(values.to_vec()).prop_map(str::to_owned),
            1 => any,
        ]
        .boxed(),
    }
}

fn query(facts: &Facts) -> BoxedStrategy<Vec<(&'static str, String)>> {
    if facts.query.is_empty() {
        return Just(Vec::new()).boxed();
    }
    let member = select(facts.query.to_vec())
        .prop_flat_map(|(name, member)| value(member).prop_map(move |value| (name, value)));
    prop::collection::vec(member, 0..5).boxed()
}

/// Any JSON, often with names that a body has.
fn json() -> impl Strategy<Value = Value> {
    let names = vec![
        "WorkspaceId",
        "InstanceName",
        "EcsSpec",
        "ResourceId",
        "RequestedResource",
        "CPU",
        "Memory",
        "GPU",
        "GPUType",
        "ImageId",
        "ImageUrl",
        "ImageAuth",
        "Datasets",
        "DatasetId",
        "DatasetVersion",
        "Uri",
        "MountPath",
        "MountAccess",
        "Options",
        "Dynamic",
        "UserVpc",
        "ForwardInfos",
        "Enable",
        "ForwardPort",
        "CloudDisks",
        "Capacity",
        "Labels",
        "Tag",
        "Key",
        "Value",
        "SpotSpec",
        "SpotStrategy",
        "SpotPriceLimit",
        "UserCommand",
        "OnStart",
        "Content",
        "CredentialConfig",
        "Configs",
        "Roles",
        "UserInfo",
        "AccessKeyId",
        "Priority",
        "EnvironmentVariables",
        "x",
    ];
    let texts = vec![
        "40823",
        "name",
        "ecs.c6.large",
        "image-05cefd0be2exxxx",
        "/mnt/a",
        "oss://a/",
        "RW",
        "4",
        "8Gi",
        "99999999999999999999Gi",
        "SpotAsPriceGo",
        "0.5",
        "..",
        "äGi",
        "",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        select(texts).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((select(names.clone()), inner), 0..8).prop_map(|members| {
                let members = members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value));
                Value::Object(members.collect())
            }),
        ]
    })
}

/// A body that would be accepted, with some members put in the place of others.
fn create_body() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,40}",
        json().prop_map(|body| body.to_string()),
        json().prop_map(|members| {
            let mut body = crate::bench::body("random");
            if let (Some(body), Some(members)) = (body.as_object_mut(), members.as_object()) {
                body.extend(members.clone());
            }
            body.to_string()
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_call_is_answered(
        calls in prop::collection::vec(
            (0..OPERATIONS.len()).prop_flat_map(|index| (
                Just(OPERATIONS[index].operation),
                query(&OPERATIONS[index]),
                create_body(),
                0..17_usize,
                select(vec![None, Some("dsw-x"), Some("d-x")]),
            )),
            1..12,
        ),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut bench = Bench::new();
            let mut created = Vec::new();
            for (operation, query, body, place, id) in calls {
                bench.region = Region::all().nth(place % 2).unwrap();
                let query: Vec<_> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let id = created.last().map(String::as_str).or(id);
                let reply = bench.call(operation, id, &query, &body).await.unwrap();
                let answer: Value = serde_json::from_slice(&reply.body).unwrap();
                assert_eq!(answer["RequestId"].as_str().unwrap().len(), 36);
                assert!(matches!(reply.status, 200 | 400 | 404), "{answer}");
                if reply.status != 200 {
                    assert!(answer["Code"].is_string() && answer["Message"].is_string());
                } else if operation == Operation::CreateInstance {
                    created.push(answer["InstanceId"].as_str().unwrap().to_owned());
                }
            }
            // Whatever was created can be shown.
            for region in Region::all().take(2) {
                bench.region = region;
                bench.list(Operation::ListInstances, &crate::bench::EVERYTHING).await;
            }
        });
    }
}
