//! Policies of teams: what they find, what makes them broken, and that their schema says the same.

use std::sync::LazyLock;

use dsw_model::amount::Amount;
use dsw_model::descriptor::Describe as _;
use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::policy::{
    Lost, MAX_BYTES, MAX_WORDS, Policy, Problem, RULES, Stance, Team as _, Wanted, schema,
};
use dsw_model::request::{CreateInstanceRequest as Request, Dataset, UserVpc};
use dsw_model::rules::{Change, Context, Diagnostic, Price, Severity};
use jsonschema::{PatternOptions, Validator};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

fn policy(text: &str) -> Policy {
    Policy::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A policy of version 1 with these members besides.
fn with(members: &str) -> Policy {
    policy(&format!("{{\"version\": 1, {members}}}"))
}

fn context() -> Context {
    let price = |amount, currency: &str| Price {
        amount: Amount::parse(amount).expect("an amount"),
        currency: currency.to_owned(),
    };
    Context {
        region: Some("cn-hangzhou".to_owned()),
        prices: [
            ("ecs.g6.large".to_owned(), price("0.5", "CNY")),
            ("ecs.gn7i.large".to_owned(), price("12.501", "CNY")),
            ("ecs.us.large".to_owned(), price("0.1", "USD")),
        ]
        .into(),
        ..Context::default()
    }
}

fn found(policy: &Policy, body: &str) -> Vec<Diagnostic> {
    let body: Map<String, Value> = serde_json::from_str(body).expect("an object");
    policy.judge(&body, &context())
}

/// What is found, as `code path`.
fn told(policy: &Policy, body: &str) -> Vec<String> {
    let found = found(policy, body);
    let told = found.iter().map(|found| {
        let name = found.path().name(Request::DESCRIPTOR);
        format!("{} {name}", found.code).trim_end().to_owned()
    });
    told.collect()
}

/// Each rule: a part of a policy, bodies that it accepts, bodies that it refuses and where.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn every_kind_of_breach() {
    type Case = (
        &'static str,
        &'static [&'static str],
        &'static [(&'static str, &'static [&'static str])],
    );
    let cases: &[Case] = &[
        (r#""regions": {"allowed": ["cn-*"]}"#, &["{}"], &[]),
        (
            r#""regions": {"allowed": ["cn-beijing", "us-*"]}"#,
            &[],
            &[("{}", &["P01"])],
        ),
        (
            r#""workspaces": {"allowed": ["40823", "9*"]}"#,
            &[
                "{}",
                r#"{"WorkspaceId":"40823"}"#,
                r#"{"WorkspaceId":"91"}"#,
            ],
            &[
                (r#"{"WorkspaceId":"40824"}"#, &["P02 WorkspaceId"]),
                (r#"{"WorkspaceId":"40823 "}"#, &["P02 WorkspaceId"]),
                (r#"{"workspaceid":"40823"}"#, &["P02 workspaceid"]),
            ],
        ),
        (
            r#""machines": {"allowed": ["ecs.g6.*"]}"#,
            &[
                "{}",
                r#"{"EcsSpec":"ecs.g6.large"}"#,
                r#"{"ResourceId":"quota1"}"#,
                r#"{"EcsSpec":5}"#,
            ],
            &[
                (r#"{"EcsSpec":"ecs.g6e.large"}"#, &["P03 EcsSpec"]),
                (r#"{"ecsSpec":"ecs.g6.large"}"#, &["P03 ecsSpec"]),
            ],
        ),
        (
            r#""images": {"ids": ["image-a*"], "registries": ["r.example.com/team/"]}"#,
            &[
                "{}",
                r#"{"ImageId":"image-a1"}"#,
                r#"{"ImageUrl":"r.example.com/team/a:1"}"#,
            ],
            &[
                (r#"{"ImageId":"image-b1"}"#, &["P04 ImageId"]),
                (
                    r#"{"ImageUrl":"r.example.com/teams/a:1"}"#,
                    &["P04 ImageUrl"],
                ),
                (
                    r#"{"ImageId":"x","ImageUrl":"y"}"#,
                    &["P04 ImageId", "P04 ImageUrl"],
                ),
            ],
        ),
        (
            r#""images": {"ids": ["image-a"]}"#,
            &[r#"{"ImageId":"image-a"}"#],
            &[(
                r#"{"ImageUrl":"r.example.com/team/a:1"}"#,
                &["P04 ImageUrl"],
            )],
        ),
        (
            r#""images": {"registries": ["r.example.com"]}"#,
            &[r#"{"ImageUrl":"r.example.com/a"}"#],
            &[(r#"{"ImageId":"image-a"}"#, &["P04 ImageId"])],
        ),
        (
            r#""labels": {"team": {"allowed": ["vision", "x-*"]}}"#,
            &[
                r#"{"Labels":[{"Key":"team","Value":"vision"}]}"#,
                r#"{"Labels":[{"Key":"a"},{"Key":"team","Value":"x-1"}]}"#,
                r#"{"Labels":{}}"#,
            ],
            &[
                ("{}", &["P05 Labels"]),
                (
                    r#"{"Labels":[{"Key":"Team","Value":"vision"}]}"#,
                    &["P05 Labels"],
                ),
                (
                    r#"{"Labels":[{"Key":"a"},{"Key":"team","Value":"b"}]}"#,
                    &["P05 Labels[1].Value"],
                ),
                (
                    r#"{"Labels":[{"Key":"team","Value":"vision"},{"Key":"team","Value":""}]}"#,
                    &["P05 Labels[1].Value"],
                ),
                (
                    r#"{"labels":[{"Key":"team","Value":"vision"}]}"#,
                    &["P05 Labels", "P05 labels"],
                ),
            ],
        ),
        (
            r#""tags": {"owner": {}}"#,
            &[r#"{"Tag":[{"Key":"owner","Value":"any"}]}"#],
            &[
                ("{}", &["P06 Tag"]),
                (r#"{"Tag":[{"Key":"owner"}]}"#, &["P06 Tag[0].Value"]),
            ],
        ),
        (
            r#""fields": {"Driver": {"hidden": true}, "UserVpc.VpcId": {"hidden": true},
                          "Datasets[].Options": {"hidden": true}, "SpotSpec": {"hidden": true}}"#,
            &[
                "{}",
                r#"{"UserVpc":{"VSwitchId":"v"},"Datasets":[{"Uri":"oss://a"}]}"#,
            ],
            &[
                (r#"{"Driver":"535.54.03"}"#, &["P07 Driver"]),
                (r#"{"UserVpc":{"VpcId":"vpc-1"}}"#, &["P07 UserVpc.VpcId"]),
                (r#"{"UserVpc":{"vpcId":"vpc-1"}}"#, &["P07 UserVpc.vpcId"]),
                (r#"{"SpotSpec":{"SpotDuration":"1"}}"#, &["P07 SpotSpec"]),
                (
                    r#"{"Datasets":[{"Uri":"oss://a"},{"Options":"{}"}]}"#,
                    &["P07 Datasets[1].Options"],
                ),
            ],
        ),
        (
            r#""fields": {"Accessibility": {"fixed": "PRIVATE"}, "Priority": {"fixed": 5}}"#,
            &[r#"{"Accessibility":"PRIVATE","Priority":5}"#],
            &[
                ("{}", &["P08 Accessibility", "P08 Priority"]),
                (
                    r#"{"Accessibility":"PUBLIC","Priority":5}"#,
                    &["P08 Accessibility"],
                ),
                (
                    r#"{"Accessibility":"PRIVATE","Priority":"5"}"#,
                    &["P08 Priority"],
                ),
            ],
        ),
        (
            r#""fields": {"UserVpc.DefaultRoute": {"fixed": "eth0"}, "Datasets[].Dynamic": {"fixed": false}}"#,
            &[
                r#"{"UserVpc":{"DefaultRoute":"eth0"}}"#,
                r#"{"UserVpc":{"DefaultRoute":"eth0"},"Datasets":[{"Dynamic":false}]}"#,
            ],
            &[
                ("{}", &["P08 UserVpc.DefaultRoute"]),
                (
                    r#"{"UserVpc":{"DefaultRoute":"eth1"},"Datasets":[{},{"Dynamic":true}]}"#,
                    &[
                        "P08 UserVpc.DefaultRoute",
                        "P08 Datasets[0].Dynamic",
                        "P08 Datasets[1].Dynamic",
                    ],
                ),
            ],
        ),
        (
            r#""price": {"ceiling": 12.5, "currency": "CNY", "unknown": "block"}"#,
            &[
                "{}",
                r#"{"EcsSpec":"ecs.g6.large"}"#,
                r#"{"ResourceId":"q"}"#,
            ],
            &[
                (r#"{"EcsSpec":"ecs.gn7i.large"}"#, &["P09 EcsSpec"]),
                (r#"{"EcsSpec":"ecs.other"}"#, &["P10 EcsSpec"]),
                (r#"{"EcsSpec":"ecs.us.large"}"#, &["P10 EcsSpec"]),
            ],
        ),
        (
            r#""price": {"ceiling": 12.501, "currency": "CNY", "unknown": "allow"}"#,
            &[
                r#"{"EcsSpec":"ecs.gn7i.large"}"#,
                r#"{"EcsSpec":"ecs.other"}"#,
                r#"{"EcsSpec":"ecs.us.large"}"#,
            ],
            &[],
        ),
    ];
    let mut seen = Vec::new();
    for (part, accepted, refused) in cases {
        let policy = with(part);
        for body in *accepted {
            assert_eq!(told(&policy, body), [""; 0], "{part} {body}");
        }
        for (body, places) in *refused {
            assert_eq!(told(&policy, body), *places, "{part} {body}");
            let found = found(&policy, body);
            assert!(
                found.iter().all(|it| it.severity == Severity::Error),
                "{part}"
            );
            seen.extend(found.iter().map(|found| found.code));
        }
    }
    let never: Vec<_> = RULES.iter().filter(|rule| !seen.contains(rule)).collect();
    assert_eq!(never, [&"P00"], "no case breaks these");
}

#[test]
fn a_breach_may_be_a_warning() {
    for (part, body) in [
        (
            r#""regions": {"allowed": ["x"], "severity": "warning"}"#,
            "{}",
        ),
        (
            r#""machines": {"allowed": ["x"], "severity": "warning"}"#,
            r#"{"EcsSpec":"y"}"#,
        ),
        (r#""labels": {"a": {"severity": "warning"}}"#, "{}"),
        (
            r#""fields": {"Driver": {"hidden": true, "severity": "warning"}}"#,
            r#"{"Driver":"1.2"}"#,
        ),
        (
            r#""price": {"ceiling": 1, "currency": "CNY", "severity": "warning"}"#,
            r#"{"EcsSpec":"ecs.gn7i.large"}"#,
        ),
        (
            r#""price": {"ceiling": 1, "currency": "CNY"}"#,
            r#"{"EcsSpec":"unknown"}"#,
        ),
    ] {
        let found = found(&with(part), body);
        assert_eq!(found.len(), 1, "{part}");
        assert_eq!(found[0].severity, Severity::Warning, "{part}");
    }
}

#[test]
fn a_breach_says_what_the_team_says_and_how_to_mend_it() {
    let policy = with(
        r#""machines": {"allowed": ["ecs.g6.large"], "message": {"en": "Ask Li.", "zh": "问李。"}},
           "labels": {"team": {"allowed": ["vision"]}},
           "fields": {"Driver": {"hidden": true, "message": "No."}, "Accessibility": {"fixed": "PRIVATE"}}"#,
    );
    let body = r#"{"EcsSpec":"x","Driver":"1.2","Labels":[{"Key":"a","Value":"b"}]}"#;
    let found = found(&policy, body);
    let codes: Vec<_> = found.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["P03", "P05", "P07", "P08"]);
    assert_eq!(
        (found[0].param("en"), found[0].param("zh")),
        ("Ask Li.", "问李。")
    );
    assert_eq!((found[2].param("en"), found[2].param("zh")), ("No.", ""));
    let fixes: Vec<_> = found
        .iter()
        .map(|found| found.fix.as_ref().expect("a way to mend it").0[0].clone())
        .collect();
    let labels = json!([{"Key": "a", "Value": "b"}, {"Key": "team", "Value": "vision"}]);
    assert_eq!(
        fixes,
        [
            Change::Set(path![Request::ECS_SPEC], json!("ecs.g6.large")),
            Change::Set(path![Request::LABELS], labels),
            Change::Clear(path![Request::DRIVER]),
            Change::Set(path![Request::ACCESSIBILITY], json!("PRIVATE")),
        ]
    );
    // Where the team leaves a choice there is no one way.
    let open = with(r#""machines": {"allowed": ["a", "b"]}, "labels": {"k": {}}"#);
    for found in self::found(&open, r#"{"EcsSpec":"x"}"#) {
        assert_eq!(found.fix, None, "{}", found.code);
    }
}

#[test]
fn values_that_were_refused_are_not_repeated() {
    let policy = policy(include_str!("../../../docs/policy.example.json"));
    let body = json!({
        "WorkspaceId": "hunter2", "EcsSpec": "hunter2", "ImageId": "hunter2", "ImageUrl": "hunter2/a",
        "Accessibility": "hunter2", "ResourceId": "hunter2",
        "Labels": [{"Key": "team", "Value": "hunter2"}],
        "Datasets": [{"MountAccess": "hunter2"}],
    });
    let found = found(&policy, &body.to_string());
    assert!(found.len() > 8);
    for found in found {
        let told = format!("{:?}", found.params);
        assert!(!told.contains("hunter2"), "S20: {told}");
    }
}

#[test]
fn what_a_request_begins_with() {
    let policy = with(
        r#""workspaces": {"allowed": ["1", "2"]},
           "labels": {"team": {"allowed": ["vision"]}, "free": {}},
           "fields": {"Priority": {"default": 3}, "Accessibility": {"fixed": "PRIVATE"},
                      "UserVpc.DefaultRoute": {"fixed": "eth0"}, "Datasets[].MountAccess": {"fixed": "RO"},
                      "EnvironmentVariables": {"default": {"A": "1"}}, "Driver": {"hidden": true}}"#,
    );
    let fix = policy.start(&|_| true).expect("something");
    let set: Vec<_> = fix
        .0
        .iter()
        .map(|change| match change {
            Change::Set(path, value) => (path.name(Request::DESCRIPTOR), value.to_string()),
            other => panic!("{other:?}"),
        })
        .collect();
    let wanted = [
        ("Accessibility", r#""PRIVATE""#),
        ("Priority", "3"),
        ("UserVpc.DefaultRoute", r#""eth0""#),
        ("EnvironmentVariables", r#"{"A":"1"}"#),
        ("Labels", r#"[{"Key":"team","Value":"vision"}]"#),
    ];
    let wanted = wanted.map(|(path, value)| (path.to_owned(), value.to_owned()));
    assert_eq!(set, wanted);
    let free = policy.start(&|path| *path == path![Request::PRIORITY]);
    assert_eq!(free.expect("one").0.len(), 1);
    assert_eq!(policy.start(&|_| false), None);
}

#[test]
fn what_is_said_of_a_field() {
    let policy = with(
        r#""machines": {"allowed": ["ecs.g6.*"]}, "images": {"ids": ["a"]},
           "workspaces": {"allowed": ["1"], "severity": "warning"},
           "price": {"ceiling": 2, "currency": "CNY"},
           "fields": {"Driver": {"hidden": true, "message": "No."}, "Accessibility": {"fixed": "PRIVATE"},
                      "Datasets[].MountAccess": {"fixed": "RO"}}"#,
    );
    let row = path![Request::DATASETS, 7, Dataset::MOUNT_ACCESS];
    assert_eq!(policy.stance(&path![Request::DRIVER]), Stance::Hidden);
    assert_eq!(policy.stance(&row), Stance::Fixed);
    assert_eq!(policy.stance(&path![Request::DATASETS]), Stance::Free);
    assert_eq!(policy.stance(&Path::ROOT), Stance::Free);
    assert!(policy.allows(Request::ECS_SPEC, "ecs.g6.large"));
    assert!(!policy.allows(Request::ECS_SPEC, "ecs.g7.large"));
    assert!(!policy.allows(Request::IMAGE_ID, "b"));
    assert!(policy.allows(Request::WORKSPACE_ID, "2"), "only warned of");
    assert!(policy.allows(Request::RESOURCE_ID, "any"));
    let price = |text, currency: &str| Price {
        amount: Amount::parse(text).expect("an amount"),
        currency: currency.to_owned(),
    };
    assert!(policy.is_too_dear(&price("2.001", "CNY")));
    assert!(!policy.is_too_dear(&price("2", "CNY")));
    assert!(!policy.is_too_dear(&price("3", "USD")));
}

/// Each fault with its place: nothing of a policy passes because it was misread.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn a_broken_policy_names_the_place() {
    let near = |name: &str| Some(name.to_owned());
    let cases: Vec<(&str, Problem, &str, (usize, usize))> = vec![
        (
            "",
            Problem::Json(dsw_model::json::Problem::EndsEarly),
            "",
            (1, 1),
        ),
        ("[]", Problem::Type(Wanted::Object), "", (1, 1)),
        ("{}", Problem::Missing("version"), "", (1, 1)),
        (r#"{"version":2}"#, Problem::Version, "/version", (1, 12)),
        (r#"{"version":"1"}"#, Problem::Version, "/version", (1, 12)),
        (
            "{\"version\": 1,\n \"version\": 1}",
            Problem::Json(dsw_model::json::Problem::Duplicate {
                name: "version".to_owned(),
                first: 1,
            }),
            "/version",
            (2, 2),
        ),
        (
            "{\"version\": 1,\n  \"machine\": {}}",
            Problem::Unknown {
                near: Some("machines"),
            },
            "/machine",
            (2, 3),
        ),
        (
            r#"{"version":1,"machines":{"allow":["a"]}}"#,
            Problem::Unknown {
                near: Some("allowed"),
            },
            "/machines/allow",
            (1, 26),
        ),
        (
            r#"{"version":1,"zzzzzz":1}"#,
            Problem::Unknown { near: None },
            "/zzzzzz",
            (1, 14),
        ),
        (
            r#"{"version":1,"machines":{}}"#,
            Problem::Missing("allowed"),
            "/machines",
            (1, 25),
        ),
        (
            r#"{"version":1,"machines":[]}"#,
            Problem::Type(Wanted::Object),
            "/machines",
            (1, 25),
        ),
        (
            r#"{"version":1,"machines":{"allowed":"a"}}"#,
            Problem::Type(Wanted::Array),
            "/machines/allowed",
            (1, 36),
        ),
        (
            r#"{"version":1,"machines":{"allowed":[]}}"#,
            Problem::Empty,
            "/machines/allowed",
            (1, 36),
        ),
        (
            r#"{"version":1,"machines":{"allowed":[1]}}"#,
            Problem::Type(Wanted::Text),
            "/machines/allowed/0",
            (1, 37),
        ),
        (
            r#"{"version":1,"machines":{"allowed":["a","a"]}}"#,
            Problem::Twice,
            "/machines/allowed/1",
            (1, 41),
        ),
        (
            r#"{"version":1,"machines":{"allowed":["a b"]}}"#,
            Problem::Spaces,
            "/machines/allowed/0",
            (1, 37),
        ),
        (
            r#"{"version":1,"machines":{"allowed":[""]}}"#,
            Problem::Empty,
            "/machines/allowed/0",
            (1, 37),
        ),
        (
            r#"{"version":1,"machines":{"allowed":["a"],"severity":"fatal"}}"#,
            Problem::Choice("error, warning".to_owned()),
            "/machines/severity",
            (1, 53),
        ),
        (
            r#"{"version":1,"machines":{"allowed":["a"],"message":1}}"#,
            Problem::Type(Wanted::Words),
            "/machines/message",
            (1, 52),
        ),
        (
            r#"{"version":1,"machines":{"allowed":["a"],"message":" "}}"#,
            Problem::Empty,
            "/machines/message",
            (1, 52),
        ),
        (
            r#"{"version":1,"name":{}}"#,
            Problem::Empty,
            "/name",
            (1, 21),
        ),
        (
            r#"{"version":1,"name":{"de":"x"}}"#,
            Problem::Unknown { near: None },
            "/name/de",
            (1, 22),
        ),
        (
            r#"{"version":1,"name":{"en":null}}"#,
            Problem::Type(Wanted::Text),
            "/name/en",
            (1, 27),
        ),
        (
            r#"{"version":1,"contact":{}}"#,
            Problem::Empty,
            "/contact",
            (1, 24),
        ),
        (
            r#"{"version":1,"contact":{"link":"http://a"}}"#,
            Problem::Link,
            "/contact/link",
            (1, 32),
        ),
        (
            r#"{"version":1,"contact":{"link":"javascript:alert(1)"}}"#,
            Problem::Link,
            "/contact/link",
            (1, 32),
        ),
        (
            r#"{"version":1,"images":{"message":"x"}}"#,
            Problem::Empty,
            "/images",
            (1, 23),
        ),
        (
            r#"{"version":1,"labels":{}}"#,
            Problem::Empty,
            "/labels",
            (1, 23),
        ),
        (
            r#"{"version":1,"labels":{"":{}}}"#,
            Problem::Empty,
            "/labels/",
            (1, 24),
        ),
        (
            r#"{"version":1,"labels":{"a ":{}}}"#,
            Problem::Spaces,
            "/labels/a ",
            (1, 24),
        ),
        (
            r#"{"version":1,"labels":{"a":{"value":["b"]}}}"#,
            Problem::Unknown { near: None },
            "/labels/a/value",
            (1, 29),
        ),
        (
            r#"{"version":1,"fields":{}}"#,
            Problem::Empty,
            "/fields",
            (1, 23),
        ),
        (
            r#"{"version":1,"fields":{"accessibility":{"hidden":true}}}"#,
            Problem::Field {
                near: near("Accessibility"),
            },
            "/fields/accessibility",
            (1, 24),
        ),
        (
            r#"{"version":1,"fields":{"VpcId":{"hidden":true}}}"#,
            Problem::Field {
                near: near("UserVpc.VpcId"),
            },
            "/fields/VpcId",
            (1, 24),
        ),
        (
            r#"{"version":1,"fields":{"Datasets[0].Uri":{"hidden":true}}}"#,
            Problem::Field {
                near: near("Datasets[].Uri"),
            },
            "/fields/Datasets[0].Uri",
            (1, 24),
        ),
        (
            r#"{"version":1,"fields":{"Entirely":{"hidden":true}}}"#,
            Problem::Field { near: None },
            "/fields/Entirely",
            (1, 24),
        ),
        (
            r#"{"version":1,"fields":{"Driver":{}}}"#,
            Problem::NothingSaid,
            "/fields/Driver",
            (1, 24),
        ),
        (
            r#"{"version":1,"fields":{"Driver":{"message":"x"}}}"#,
            Problem::NothingSaid,
            "/fields/Driver",
            (1, 24),
        ),
        (
            r#"{"version":1,"fields":{"Driver":{"hidden":false}}}"#,
            Problem::Type(Wanted::True),
            "/fields/Driver/hidden",
            (1, 43),
        ),
        (
            r#"{"version":1,"fields":{"Driver":{"hidden":true,"fixed":"1.2"}}}"#,
            Problem::Both("hidden", "fixed"),
            "/fields/Driver/fixed",
            (1, 48),
        ),
        (
            r#"{"version":1,"fields":{"Driver":{"default":"1.2","fixed":"1.2"}}}"#,
            Problem::Both("fixed", "default"),
            "/fields/Driver/default",
            (1, 34),
        ),
        (
            r#"{"version":1,"fields":{"Driver":{"fixed":""}}}"#,
            Problem::Empty,
            "/fields/Driver/fixed",
            (1, 42),
        ),
        (
            r#"{"version":1,"fields":{"Driver":{"fixed":null}}}"#,
            Problem::Type(Wanted::Text),
            "/fields/Driver/fixed",
            (1, 42),
        ),
        (
            r#"{"version":1,"fields":{"Priority":{"fixed":"5"}}}"#,
            Problem::Type(Wanted::Integer),
            "/fields/Priority/fixed",
            (1, 44),
        ),
        (
            r#"{"version":1,"fields":{"Accessibility":{"fixed":"SECRET"}}}"#,
            Problem::Choice("PUBLIC, PRIVATE".to_owned()),
            "/fields/Accessibility/fixed",
            (1, 49),
        ),
        (
            r#"{"version":1,"fields":{"ImageAuth":{"fixed":"eA=="}}}"#,
            Problem::Secret,
            "/fields/ImageAuth/fixed",
            (1, 37),
        ),
        (
            r#"{"version":1,"fields":{"UserVpc":{"fixed":{}}}}"#,
            Problem::NotSingle,
            "/fields/UserVpc/fixed",
            (1, 35),
        ),
        (
            r#"{"version":1,"fields":{"UserVpc":{"default":{}}}}"#,
            Problem::NoDefault,
            "/fields/UserVpc/default",
            (1, 35),
        ),
        (
            r#"{"version":1,"fields":{"Datasets[].Uri":{"default":"oss://a"}}}"#,
            Problem::NoDefault,
            "/fields/Datasets[].Uri/default",
            (1, 42),
        ),
        (
            r#"{"version":1,"fields":{"Labels":{"hidden":true}}}"#,
            Problem::Labels,
            "/fields/Labels/hidden",
            (1, 34),
        ),
        (
            r#"{"version":1,"fields":{"Labels[].Value":{"fixed":"x"}}}"#,
            Problem::Labels,
            "/fields/Labels[].Value/fixed",
            (1, 42),
        ),
        (
            r#"{"version":1,"fields":{"UserVpc":{"hidden":true},"UserVpc.VpcId":{"hidden":true}}}"#,
            Problem::Inside("UserVpc".to_owned()),
            "/fields/UserVpc.VpcId",
            (1, 50),
        ),
        (
            r#"{"version":1,"fields":{"UserVpc.VpcId":{"default":"vpc-1"},"UserVpc":{"hidden":true}}}"#,
            Problem::Inside("UserVpc.VpcId".to_owned()),
            "/fields/UserVpc",
            (1, 60),
        ),
        (
            r#"{"version":1,"fields":{"InstanceName":{"default":"a-b"}}}"#,
            Problem::Refused("R03"),
            "/fields/InstanceName/default",
            (1, 50),
        ),
        (
            r#"{"version":1,"fields":{"Priority":{"fixed":10}}}"#,
            Problem::Refused("R72"),
            "/fields/Priority/fixed",
            (1, 44),
        ),
        (
            r#"{"version":1,"machines":{"allowed":["ecs.g6.*"]},"fields":{"EcsSpec":{"default":"ecs.g7.large"}}}"#,
            Problem::Forbidden("P03"),
            "/fields/EcsSpec/default",
            (1, 81),
        ),
        (
            r#"{"version":1,"fields":{"Datasets":{"default":[{"Uri":"oss://a.b/","MountPath":"/mnt/a","MountAccess":"RW"}]},"Datasets[].MountAccess":{"fixed":"RO"}}}"#,
            Problem::Forbidden("P08"),
            "/fields/Datasets/default",
            (1, 46),
        ),
        (
            r#"{"version":1,"labels":{"team":{"allowed":["a"]}},"fields":{"Labels":{"default":[{"Key":"team","Value":"b"}]}}}"#,
            Problem::Forbidden("P05"),
            "/fields/Labels/default",
            (1, 80),
        ),
        (
            r#"{"version":1,"fields":{"WorkspaceId":{"hidden":true}}}"#,
            Problem::Needed("R01"),
            "/fields/WorkspaceId/hidden",
            (1, 39),
        ),
        (
            r#"{"version":1,"fields":{"EcsSpec":{"hidden":true},"ResourceId":{"hidden":true}}}"#,
            Problem::Needed("R05"),
            "/fields/EcsSpec/hidden",
            (1, 35),
        ),
        (
            r#"{"version":1,"tags":{"owner":{}},"fields":{"Tag":{"hidden":true}}}"#,
            Problem::Needed("P06"),
            "/fields/Tag/hidden",
            (1, 51),
        ),
        (
            r#"{"version":1,"price":{"ceiling":0,"currency":"CNY"}}"#,
            Problem::Ceiling,
            "/price/ceiling",
            (1, 33),
        ),
        (
            r#"{"version":1,"price":{"ceiling":1e3,"currency":"CNY"}}"#,
            Problem::Ceiling,
            "/price/ceiling",
            (1, 33),
        ),
        (
            r#"{"version":1,"price":{"ceiling":"1","currency":"CNY"}}"#,
            Problem::Type(Wanted::Number),
            "/price/ceiling",
            (1, 33),
        ),
        (
            r#"{"version":1,"price":{"ceiling":1,"currency":"cny"}}"#,
            Problem::Currency,
            "/price/currency",
            (1, 46),
        ),
        (
            r#"{"version":1,"price":{"ceiling":1}}"#,
            Problem::Missing("currency"),
            "/price",
            (1, 22),
        ),
    ];
    for (text, problem, pointer, place) in cases {
        let error = Policy::parse(text).expect_err(text);
        assert_eq!(error.problem, problem, "{text}");
        assert_eq!(error.pointer, pointer, "{text}");
        assert_eq!((error.line, error.column), place, "{text}");
    }
}

#[test]
fn bytes_have_their_limits() {
    let long = |length: usize| format!(r#"{{"version":1,"name":"{}"}}"#, "名".repeat(length));
    assert!(Policy::parse(&long(MAX_WORDS)).is_ok());
    let error = Policy::parse(&long(MAX_WORDS + 1)).expect_err("too long");
    assert_eq!(error.problem, Problem::Wordy);
    let padded = |bytes: usize| format!(r#"{{"version":1{}}}"#, " ".repeat(bytes - 13));
    assert!(Policy::read(padded(MAX_BYTES).as_bytes()).is_ok());
    let error = Policy::read(padded(MAX_BYTES + 1).as_bytes()).expect_err("too long");
    assert_eq!(error.problem, Problem::TooLong);
    let error = Policy::read(b"{\n\xff}").expect_err("no text");
    assert_eq!(
        (error.problem, error.line, error.column),
        (Problem::NotUtf8, 2, 1)
    );
    // A mark at the begin, as some editors write it, is no fault.
    assert!(Policy::read("\u{feff}{\"version\":1}".as_bytes()).is_ok());
}

#[test]
fn a_broken_policy_lets_nothing_pass() {
    let broken = Policy::broken(3, 5);
    for body in ["{}", r#"{"EcsSpec":"ecs.g6.large"}"#] {
        let found = found(&broken, body);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].code, found[0].severity), ("P00", Severity::Error));
        assert_eq!(
            (found[0].param("line"), found[0].param("column")),
            ("3", "5")
        );
        let lost = Lost.ask(0, &Map::new(), &context());
        assert_eq!((lost[0].code, lost[0].severity), ("P00", Severity::Error));
    }
}

#[test]
fn nested_values_are_found() {
    let policy = with(r#""fields": {"UserVpc.VpcId": {"fixed": "vpc-1"}}"#);
    let found = found(&policy, r#"{"UserVpc":{"VpcId":"vpc-2"}}"#);
    assert_eq!(*found[0].path(), path![Request::USER_VPC, UserVpc::VPC_ID]);
}

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    jsonschema::options()
        .with_pattern_options(PatternOptions::regex())
        .build(&schema())
        .expect("a schema")
});

/// What only the reader sees: the schema has no words for it.
fn is_beyond(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::Refused(_)
            | Problem::Forbidden(_)
            | Problem::Needed(_)
            | Problem::Inside(_)
            | Problem::Ceiling
            | Problem::Json(_)
    )
}

/// To a schema 1.0 is a whole number.
fn holds_a_written_fraction(text: &str) -> bool {
    fn inside(value: &Value) -> bool {
        match value {
            Value::Number(number) => number.as_str().contains(['.', 'e', 'E']),
            Value::Array(items) => items.iter().any(inside),
            Value::Object(members) => members.values().any(inside),
            _ => false,
        }
    }
    inside(&serde_json::from_str(text).expect("JSON"))
}

fn agree(value: &Value) -> Result<(), String> {
    let text = value.to_string();
    let by_schema = VALIDATOR.is_valid(value);
    let by_reader = Policy::parse(&text);
    let agrees = match &by_reader {
        Ok(_) => by_schema,
        Err(error) => !by_schema || is_beyond(&error.problem) || holds_a_written_fraction(&text),
    };
    if agrees {
        return Ok(());
    }
    let refusals: Vec<_> = VALIDATOR
        .iter_errors(value)
        .map(|error| error.to_string())
        .collect();
    Err(format!("{text}: {by_reader:?}, the schema: {refusals:?}"))
}

/// Texts from which documents are changed at one place.
const PIECES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "1",
    "2",
    "12.5",
    "-1",
    "\"\"",
    "\" \"",
    "\"a\"",
    "\"a b\"",
    "\"*\"",
    "\"CNY\"",
    "\"cny\"",
    "\"error\"",
    "\"warning\"",
    "\"block\"",
    "\"PRIVATE\"",
    "\"https://a.example\"",
    "\"http://a\"",
    "\"a\\nb\"",
    "[]",
    "[1]",
    "[\"a\"]",
    "[\"a\",\"a\"]",
    "[\"a b\"]",
    "[[]]",
    "{}",
    "{\"en\":\"x\"}",
    "{\"en\":\"\"}",
    "{\"de\":\"x\"}",
    "{\"allowed\":[\"a\"]}",
    "{\"allowed\":[]}",
    "{\"hidden\":true}",
    "{\"hidden\":false}",
    "{\"fixed\":\"a\"}",
    "{\"fixed\":5}",
    "{\"default\":\"a\"}",
    "{\"default\":[\"a\"]}",
    "{\"default\":{\"a\":\"b\"}}",
    "{\"default\":[{\"Key\":\"a\",\"Value\":\"b\"}]}",
    "{\"hidden\":true,\"fixed\":\"a\"}",
    "{\"message\":\"x\"}",
    "{\"a\":{}}",
    "{\"a \":{}}",
    "{\"\":{}}",
];

/// Names of members, those of policies and others.
fn names() -> Vec<String> {
    let mut names = Vec::new();
    Request::DESCRIPTOR.walk(&mut |path, _| {
        names.push(path.name(Request::DESCRIPTOR).replace("[0]", "[]"));
    });
    let others = [
        "$schema",
        "version",
        "name",
        "contact",
        "text",
        "link",
        "regions",
        "workspaces",
        "machines",
        "images",
        "ids",
        "registries",
        "labels",
        "tags",
        "fields",
        "price",
        "ceiling",
        "currency",
        "unknown",
        "allowed",
        "severity",
        "message",
        "hidden",
        "fixed",
        "default",
        "en",
        "zh",
        "other",
        "",
        "a b",
    ];
    names.extend(others.map(str::to_owned));
    names
}

/// All places in a document.
fn places(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                self::places(value, format!("{at}/{name}"), places);
            }
        }
        Value::Array(items) => {
            for (row, value) in items.iter().enumerate() {
                self::places(value, format!("{at}/{row}"), places);
            }
        }
        _ => {}
    }
    places.push(at);
}

#[test]
fn the_example_is_a_policy() {
    let text = include_str!("../../../docs/policy.example.json");
    let policy = policy(text);
    assert_eq!(policy.name.said("zh"), "视觉团队");
    let value: Value = serde_json::from_str(text).expect("JSON");
    agree(&value).expect("both accept it");
    assert!(VALIDATOR.is_valid(&value));
}

#[test]
fn each_field_is_spoken_of_alike() {
    for name in names() {
        for piece in PIECES {
            let said: Value = serde_json::from_str(piece).expect("JSON");
            let document = json!({ "version": 1, "fields": { &*name: said } });
            agree(&document).expect("the schema says what the reader says");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    /// The example, changed in a few places: both accept it, or neither.
    #[test]
    fn schema_and_reader_agree(
        changes in prop::collection::vec((any::<Index>(), select(PIECES), select(names()), 0..3_u8), 1..4),
    ) {
        let text = include_str!("../../../docs/policy.example.json");
        let mut value: Value = serde_json::from_str(text).expect("JSON");
        for (at, piece, name, how) in &changes {
            let mut all = Vec::new();
            places(&value, String::new(), &mut all);
            let place = value.pointer_mut(at.get(&all[..]).as_str()).expect("a place");
            let piece: Value = serde_json::from_str(piece).expect("JSON");
            match (how, place) {
                (0, Value::Object(members)) => { members.insert(name.clone(), piece); }
                (0, Value::Array(items)) => items.push(piece),
                (1, Value::Object(members)) => { let last = members.keys().next_back().cloned(); last.map(|last| members.remove(&last)); }
                (1, Value::Array(items)) => { items.pop(); }
                (_, place) => *place = piece,
            }
        }
        prop_assert_eq!(agree(&value), Ok(()));
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in r#"[\[\]{}",:0-9eE.\\untrfals \n名-]{0,60}"#) {
        drop(Policy::parse(&text));
    }
}
