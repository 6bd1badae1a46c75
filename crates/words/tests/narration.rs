//! F57: a request in words. All that is set is told, and no secret.

use dsw_form::import::from_object;
use dsw_model::descriptor::{Describe as _, FieldDescriptor, Kind, Section, Source};
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_model::rules::Context;
use dsw_words::{Part, as_text, in_short, narrate, speak, speak_english};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

#[path = "../../form/tests/generate/mod.rs"]
#[expect(dead_code, reason = "the tests of drafts use the rest")]
mod generate;

/// The Chinese texts of the page.
const CHINESE: &str = include_str!("../../../assets/zh.tsv");

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(object) = value else {
        panic!("no object")
    };
    object
}

fn told(body: &Map<String, Value>) -> Vec<Part> {
    narrate(body, &Context::default(), &|_, _| String::new())
}

fn title(section: Section) -> &'static str {
    [
        "Basics",
        "Compute",
        "Image",
        "Storage",
        "Network",
        "Environment",
        "Labels",
        "Advanced",
    ][section as usize]
}

fn text(body: &Map<String, Value>) -> String {
    as_text(&told(body), &title)
}

/// A request of the first-timer.
fn small() -> Map<String, Value> {
    object(json!({
        "WorkspaceId": "40823",
        "InstanceName": "training_data",
        "EcsSpec": "ecs.c6.large",
        "ImageId": "image-05cefd0be2exxxx",
    }))
}

/// A request of everything: that of the catalogue.
fn full() -> Map<String, Value> {
    object(serde_json::from_str(include_str!("../../model/tests/data/full.json")).expect("JSON"))
}

#[test]
fn f57_a_small_request() {
    assert_eq!(
        text(&small()),
        "Basics
- Creates training_data, a private instance in workspace 40823.

Compute
- It runs pay-as-you-go on ecs.c6.large.
- The machine is billed from start to stop.

Image
- It starts from the image image-05cefd0be2exxxx.

Storage
- /mnt/workspace and the system are on the free 100 GiB disk: kept when you stop, wiped once stopped for more than 15 days, and deleted with the instance.
"
    );
    assert_eq!(
        in_short(&told(&small())),
        "Creates training_data, a private instance in workspace 40823. It runs pay-as-you-go on ecs.c6.large. It starts from the image image-05cefd0be2exxxx. /mnt/workspace and the system are on the free 100 GiB disk: kept when you stop, wiped once stopped for more than 15 days, and deleted with the instance."
    );
}

#[test]
fn f57_names_and_the_region_are_told_where_they_are_known() {
    let known = Context {
        region: Some("cn-hangzhou".to_owned()),
        ..Context::default()
    };
    let name = |source, value: &str| match (source, value) {
        (Source::Workspaces, "40823") => "nlp-research".to_owned(),
        (Source::Machines, _) => "2 vCPU, 4 GiB".to_owned(),
        // Some things are called by their value.
        (_, value) => value.to_owned(),
    };
    let parts = narrate(&small(), &known, &name);
    assert_eq!(
        parts[0].sentences,
        [
            "Creates training_data, a private instance in workspace 40823 (nlp-research).",
            "It is created in the region cn-hangzhou.",
        ]
    );
    assert_eq!(
        parts[1].sentences[0],
        "It runs pay-as-you-go on ecs.c6.large (2 vCPU, 4 GiB)."
    );
    assert_eq!(
        parts[2].sentences,
        ["It starts from the image image-05cefd0be2exxxx."]
    );
}

#[test]
fn f57_an_empty_request_says_what_is_missing() {
    assert_eq!(
        in_short(&told(&Map::new())),
        "Creates a private instance; its name and workspace are still to be entered. What it runs on is still to be chosen. Its image is still to be chosen."
    );
}

/// Compares what is said of one section.
#[track_caller]
fn check(cases: &[(Value, Section, &[&str])]) {
    for (body, section, wanted) in cases {
        let parts = told(&object(body.clone()));
        let part = parts.iter().find(|part| part.section == *section);
        let said = part.map_or(&[][..], |part| &part.sentences);
        assert_eq!(said, *wanted, "{body}");
    }
}

#[test]
fn f57_who_it_is_and_what_it_runs_on() {
    check(&[
        (
            json!({"Accessibility": "PUBLIC", "UserId": "12"}),
            Section::Basics,
            &[
                "Creates an instance that everyone in its workspace can see; its name and workspace are still to be entered.",
                "Its owner is the account or user 12.",
            ],
        ),
        (
            json!({"InstanceName": "a", "WorkspaceId": "1", "Accessibility": "PUBLIC"}),
            Section::Basics,
            &["Creates a, which everyone in workspace 1 can see."],
        ),
        (
            json!({"InstanceName": "a", "Accessibility": "SOME"}),
            Section::Basics,
            &[
                "Creates a, a private instance; its workspace is still to be chosen.",
                "Also set: Visibility SOME.",
            ],
        ),
        (
            json!({"EcsSpec": "e", "SpotSpec": {"SpotStrategy": "SpotWithPriceLimit", "SpotPriceLimit": "3.7", "SpotDuration": "0"}}),
            Section::Compute,
            &[
                "It runs on e, as a spot machine.",
                "It pays at most 3.7 an hour, and is lost when the market price is above that.",
                "It can be taken back from the start.",
                "The spot machine is billed at a lower price while it runs, and can be taken back.",
            ],
        ),
        (
            json!({"EcsSpec": "e", "SpotSpec": {"SpotStrategy": "SpotAsPriceGo", "SpotPriceLimit": "3"}}),
            Section::Compute,
            &[
                "It runs on e, as a spot machine.",
                "It pays the market price, whatever that is.",
                "It is not taken back in its first hour.",
                "The spot machine is billed at a lower price while it runs, and can be taken back.",
                "Also set: Ceiling price 3.",
            ],
        ),
        (
            json!({"ResourceId": "q", "Priority": 3, "OversoldType": "AcceptQuotaOverSold", "Driver": "535.54.03",
                "RequestedResource": {"CPU": "4", "Memory": "8Gi", "GPU": "1", "GPUType": "A10"},
                "Affinity": {"CPU": {"Enable": true}},
                "AssignNodeSpec": {"NodeNames": "a,b", "AntiAffinityNodeNames": "c"}}),
            Section::Compute,
            &[
                "It runs on the resource quota q.",
                "It takes from the quota: CPU cores 4, Memory 8Gi, GPUs 1, GPU model A10.",
                "Its priority in the quota is 3 of 9.",
                "It may run on idle capacity of the quota, which can be taken back.",
                "Its NVIDIA driver is 535.54.03.",
                "It is bound to CPU cores.",
                "It runs on these nodes only: a,b.",
                "It keeps off these nodes: c.",
                "The quota is paid for in advance, whether the instance runs or not.",
            ],
        ),
    ]);
}

#[test]
fn f57_image_network_environment_and_the_rest() {
    check(&[
        (
            json!({"ImageUrl": "r.cn-hangzhou.aliyuncs.com/a/b:c", "ImageAuth": "dTpw"}),
            Section::Image,
            &[
                "It starts from the image at r.cn-hangzhou.aliyuncs.com/a/b:c.",
                "A registry login goes along; it is not told here.",
            ],
        ),
        (
            json!({"UserVpc": {"VpcId": "vpc-1", "VSwitchId": "vsw-1", "SecurityGroupId": "sg-1",
                "ExtendedCIDRs": ["10.0.0.0/8", "192.168.0.0/16"], "DefaultRoute": "eth1",
                "ForwardInfos": [{"ForwardPort": "22", "ExternalPort": "10022", "SSHPublicKey": "ssh-ed25519 AAAA"}, {"ForwardPort": "80"}],
                "BandwidthLimit": {"EgressRate": "100"}}}),
            Section::Network,
            &[
                "It joins your network vpc-1.",
                "Its vSwitch there is vsw-1.",
                "What may reach it is decided by the security group sg-1.",
                "Through it these addresses are reached: 10.0.0.0/8, 192.168.0.0/16.",
                "It goes to the Internet through your network.",
                "Its port 22 is reached from outside as port 10022.",
                "Its port 80 is reached from outside.",
                "Its traffic is limited: Outgoing limit 100.",
                "Also set: SSH public key.",
            ],
        ),
        (
            json!({"EnvironmentVariables": {"A": "1", "B": "2"}, "UserCommand": {"OnStart": {"Content": "a\nb"}},
                "CredentialConfig": {"Enable": true, "Configs": [{"Key": "0", "Type": "Role", "Roles": [{"RoleArn": "acs:ram::1:role/r", "RoleType": "service"}]}]}}),
            Section::Environment,
            &[
                "Environment variables, whose values are not told here (2): A, B.",
                "A script runs at every start; its lines: 2.",
                "Programs in it may use the rights of a RAM role.",
                "The role: acs:ram::1:role/r.",
                "Also set: Key 0, One role or a chain Role, Taken on by service.",
            ],
        ),
        (
            json!({"Labels": [{"Key": "team", "Value": "nlp"}, {"Key": "api_token", "Value": "hunter2"}], "Tag": [{"Key": "cost", "Value": "7"}]}),
            Section::Labels,
            &["Labels: team=nlp, api_token=….", "Tags: cost=7."],
        ),
        (
            json!({"DockerConfig": {"Enable": true, "ContainersLimit": 5}, "MigrationOptions": {"a": 1}, "Strange": 1, "Other": {}}),
            Section::Advanced,
            &[
                "It may run sub-containers, at most 5.",
                "Also set: Migration settings.",
                "Sent as they are, though the reference does not know them: Strange, Other.",
            ],
        ),
        (json!({}), Section::Network, &[]),
    ]);
}

#[test]
fn f57_mounts_are_told_one_by_one_and_the_rest_counted() {
    let rows: Vec<_> = (0..7)
        .map(|n| json!({"Uri": format!("oss://b.e/{n}/"), "MountPath": format!("/mnt/{n}"), "MountAccess": "RO"}))
        .collect();
    let mut body = object(json!({"EcsSpec": "e", "Datasets": rows}));
    let parts = told(&body);
    let storage = parts.iter().find(|part| part.section == Section::Storage);
    let said = &storage.expect("a part").sentences[2..];
    assert_eq!(said[0], "Mounts oss://b.e/0/ at /mnt/0, as read-only.");
    assert_eq!(said[4], "Mounts oss://b.e/4/ at /mnt/4, as read-only.");
    assert_eq!(
        said[5..],
        [
            "Datasets in all: 7.",
            "Also set: Storage address (2), Mount path (2), Access (2)."
        ]
    );
    body.insert(
        "Datasets".to_owned(),
        json!([{"DatasetId": "d-1", "DatasetVersion": "v2", "MountPath": "/mnt/a", "MountAccess": "RW"}, {"Uri": "oss://b.e/", "Dynamic": true}]),
    );
    let parts = told(&body);
    let storage = parts.iter().find(|part| part.section == Section::Storage);
    let said = &storage.expect("a part").sentences;
    assert!(said.contains(&"Mounts d-1 (v2) at /mnt/a, to be written to.".to_owned()));
    assert!(said.contains(
        &"Mounts oss://b.e/ at a path that is still to be entered while it runs.".to_owned()
    ));
}

/// F65: the same in Chinese, without a word of English but values.
#[test]
fn f57_in_chinese() {
    speak(CHINESE.to_owned());
    let small = text(&small());
    let empty = text(&Map::new());
    let full = text(&full());
    speak_english();
    assert_eq!(
        small,
        "Basics
- 将在工作空间 40823 中创建私有实例 training_data。

Compute
- 以按量付费方式运行在 ecs.c6.large 上。
- 实例规格从启动到停止期间计费。

Image
- 从镜像 image-05cefd0be2exxxx 启动。

Storage
- /mnt/workspace 和系统位于免费的 100 GiB 系统盘：停止后保留，停止超过 15 天即被清空，并随实例一起删除。
"
    );
    for text in [small, empty, full] {
        for line in text.lines().filter(|line| line.starts_with("- ")) {
            assert!(line.ends_with('。'), "{line}");
            for word in ["the ", "its ", "It ", "Also", " and ", " is "] {
                assert!(!line.contains(word), "{line}");
            }
        }
    }
}

/// All that is set: the steps to each, and the field that declares it.
fn leaves(body: &Map<String, Value>) -> Vec<(Vec<String>, Option<&'static FieldDescriptor>)> {
    fn inside(
        kind: Option<Kind>,
        field: Option<&'static FieldDescriptor>,
        value: &Value,
        at: &[String],
        all: &mut Vec<(Vec<String>, Option<&'static FieldDescriptor>)>,
    ) {
        let join = |step: &str| [at, &[step.to_owned()]].concat();
        match (kind, value) {
            (Some(Kind::Struct(descriptor)), Value::Object(object)) => {
                for (name, value) in object {
                    let inner = descriptor.field(name).map(|(_, field)| field);
                    inside(inner.map(|it| it.kind), inner, value, &join(name), all);
                }
            }
            (Some(Kind::List(item)), Value::Array(rows)) => {
                for (row, value) in rows.iter().enumerate() {
                    inside(Some(*item), field, value, &join(&row.to_string()), all);
                }
            }
            (Some(Kind::Map(_)), Value::Object(members)) => {
                for name in members.keys() {
                    all.push((join(name), field));
                }
            }
            _ => all.push((at.to_vec(), field)),
        }
    }
    let mut all = Vec::new();
    let root = Some(Kind::Struct(Request::DESCRIPTOR));
    inside(root, None, &Value::Object(body.clone()), &[], &mut all);
    all
}

/// The body without what stands there; what is empty then goes too.
fn without(value: &mut Value, at: &[String]) {
    let [step, rest @ ..] = at else { return };
    match value {
        Value::Object(object) => {
            if !rest.is_empty()
                && let Some(inner) = object.get_mut(step)
            {
                without(inner, rest);
            }
            let empty = |value: &Value| {
                value.as_object().is_some_and(Map::is_empty)
                    || value.as_array().is_some_and(Vec::is_empty)
            };
            if rest.is_empty() || object.get(step).is_some_and(empty) {
                object.shift_remove(step);
            }
        }
        Value::Array(rows) => {
            let row: usize = step.parse().expect("the number of a row");
            if !rest.is_empty() {
                without(&mut rows[row], rest);
            }
            if rest.is_empty() || rows[row].as_object().is_some_and(Map::is_empty) {
                rows.remove(row);
            }
        }
        _ => {}
    }
}

/// What a body says of itself without each of what is set in it.
fn check_all_is_told(body: &Map<String, Value>) {
    let all = text(body);
    for (at, field) in leaves(body) {
        let mut less = Value::Object(body.clone());
        let value = at.iter().fold(&less, |value, step| match value {
            Value::Array(rows) => &rows[step.parse::<usize>().expect("the number of a row")],
            value => &value[step],
        });
        // Where the service takes the same without it, the same is said.
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        if field.is_some_and(|field| field.default == value) {
            continue;
        }
        without(&mut less, &at);
        let less = text(&object(less));
        assert_ne!(all, less, "{at:?} is not told: {body:?}");
    }
}

#[test]
fn f57_all_of_the_full_request_is_told() {
    check_all_is_told(&full());
}

/// The body with a secret in every place where one may be.
fn with_secrets(kind: Kind, value: &mut Value, secret: &str) {
    match (kind, value) {
        (Kind::Struct(descriptor), Value::Object(object)) => {
            for (name, value) in object {
                if let Some((_, field)) = descriptor.field(name) {
                    let open = ["Content", "Options", "Policy", "SSHPublicKey"];
                    if open.contains(&field.wire) && value.is_string() {
                        *value = secret.into();
                    }
                    with_secrets(field.kind, value, secret);
                } else {
                    *value = secret.into();
                }
            }
        }
        (Kind::List(item), Value::Array(rows)) => {
            for row in rows {
                with_secrets(*item, row, secret);
            }
        }
        (Kind::Map(_) | Kind::Json, Value::Object(members)) => {
            for value in members.values_mut() {
                *value = secret.into();
            }
        }
        (Kind::Secret, value) => *value = secret.into(),
        _ => {}
    }
}

fn check_no_secret(body: &Map<String, Value>) {
    let secret = "hunter2-Secret";
    let mut body = Value::Object(body.clone());
    with_secrets(Kind::Struct(Request::DESCRIPTOR), &mut body, secret);
    let body = object(body);
    assert!(!text(&body).contains(secret), "{body:?}");
    assert!(!in_short(&told(&body)).contains(secret), "{body:?}");
}

/// F62: in the request that has a value everywhere.
#[test]
fn f62_no_secret_of_the_full_request_is_told() {
    let mut body = full();
    body.insert("Strange".to_owned(), json!("x"));
    check_no_secret(&body);
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(64))]

    /// F57: whatever is set is told: without it the words differ.
    #[test]
    fn f57_all_that_is_set_is_told(body in generate::object()) {
        let body = object(from_object(body).draft.body());
        check_all_is_told(&body);
    }

    /// F62: no value of a secret, a variable, a script, of options or of what nobody knows is told.
    #[test]
    fn f62_no_secret_is_told(body in generate::object()) {
        check_no_secret(&body);
    }

    /// Something is said of every request.
    #[test]
    fn f57_something_is_always_said(body in generate::object()) {
        prop_assert!(!in_short(&told(&body)).is_empty());
    }
}
