//! F56: what happens to the data is told for every arrangement that the API reference tells apart.

use dsw_model::descriptor::Describe as _;
use dsw_model::grammar::Scheme;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_model::rules::{Context, Registered};
use dsw_words::{costs, data, plain};
use proptest::prelude::*;
use serde_json::{Map, Value};

#[path = "../../form/tests/generate/mod.rs"]
#[expect(dead_code, reason = "the tests of drafts use the rest")]
mod generate;

fn request(body: &str) -> Request {
    let Ok(Value::Object(body)) = serde_json::from_str(body) else {
        panic!("{body} is no object");
    };
    Request::read(&body)
}

/// Registered datasets: one in OSS, one of files, one that can only be read.
fn known() -> Context {
    let registered = |storage, read_only| Registered { storage, read_only };
    Context {
        datasets: [
            ("d-oss".to_owned(), registered(Some(Scheme::Oss), None)),
            ("d-nas".to_owned(), registered(Some(Scheme::Files), None)),
            (
                "d-ro".to_owned(),
                registered(Some(Scheme::Files), Some(true)),
            ),
        ]
        .into(),
        ..Context::default()
    }
}

/// What is said, without marks, with a line for each sentence.
fn said(body: &str) -> String {
    plain(&data(&request(body), &known()).join("\n"))
}

const FREE: &str = "/mnt/workspace and the system are on the free 100 GiB disk: kept when you stop, wiped once stopped for more than 15 days, and deleted with the instance.";
const FREE_SYSTEM: &str = "The system, with the packages that you install, is on the free 100 GiB disk: kept when you stop, wiped once stopped for more than 15 days, and deleted with the instance.";
const LARGER: &str = "/mnt/workspace and the system are on a disk of 200Gi: kept however long it is stopped, and deleted with the instance.";
const CLEARED: &str = "/mnt/workspace and the system are on the machine itself: cleared on every stop, with the packages that you installed.";
const CLEARED_SYSTEM: &str = "The system is cleared on every stop, since a quota is used without a cloud disk: packages that you installed are lost.";

#[test]
fn f56_what_the_system_is_on() {
    for (body, wanted) in [
        (
            "{}",
            "Whether /mnt/workspace and the system last depends on the machine: with pay-as-you-go they are wiped after 15 days stopped, on a quota without a cloud disk on every stop.",
        ),
        (r#"{"EcsSpec": "ecs.c6.large"}"#, FREE),
        (r#"{"EcsSpec": "e", "CloudDisks": [{}]}"#, FREE),
        (
            r#"{"EcsSpec": "e", "CloudDisks": [{"Capacity": "100Gi"}]}"#,
            FREE,
        ),
        (
            r#"{"EcsSpec": "e", "CloudDisks": [{"Capacity": "40Gi"}]}"#,
            FREE,
        ),
        (
            r#"{"EcsSpec": "e", "CloudDisks": [{"Capacity": "200Gi"}]}"#,
            LARGER,
        ),
        (
            // Of several the largest is told.
            r#"{"EcsSpec": "e", "CloudDisks": [{"Capacity": "100Gi"}, {"Capacity": "200Gi"}, {"Capacity": "120Gi"}]}"#,
            LARGER,
        ),
        (
            r#"{"EcsSpec": "e", "CloudDisks": [{"Capacity": "200 GB"}]}"#,
            "/mnt/workspace and the system are on a disk whose size cannot be read: up to 100Gi it is wiped once stopped for more than 15 days, and any is deleted with the instance.",
        ),
        (
            r#"{"EcsSpec": "e", "CloudDisks": [{"Capacity": "99999999999999999999999Gi"}]}"#,
            "/mnt/workspace and the system are on a disk of 99999999999999999999999Gi: kept however long it is stopped, and deleted with the instance.",
        ),
        (r#"{"ResourceId": "q"}"#, CLEARED),
        (
            r#"{"ResourceId": "q", "CloudDisks": [{"Capacity": "100Gi"}]}"#,
            "On a general-purpose quota /mnt/workspace and the system are on a cloud disk: kept when you stop, wiped once stopped for more than 15 days, and deleted with the instance.",
        ),
        (
            r#"{"ResourceId": "q", "CloudDisks": [{"Capacity": "200Gi"}]}"#,
            "On a general-purpose quota /mnt/workspace and the system are on a cloud disk of 200Gi: kept however long it is stopped, and deleted with the instance.",
        ),
        (
            r#"{"ResourceId": "q", "CloudDisks": [{"Capacity": "much"}]}"#,
            "On a general-purpose quota /mnt/workspace and the system are on a cloud disk whose size cannot be read: up to 100Gi it is wiped once stopped for more than 15 days, and any is deleted with the instance.",
        ),
        (
            r#"{"ResourceId": "q", "CloudDisks": [{"Capacity": "200Gi"}], "RequestedResource": {"CPU": "1", "Memory": "8Gi"}}"#,
            "With less than 2 cores or 4 GiB there is no cloud disk: /mnt/workspace and the system are cleared on every stop.",
        ),
        (
            r#"{"EcsSpec": "e", "ResourceId": "q"}"#,
            "A machine and a quota are both set, so take it that /mnt/workspace and the system are cleared on every stop.",
        ),
    ] {
        assert_eq!(said(body), wanted, "{body}");
    }
}

#[test]
fn f56_what_the_working_directory_is_on() {
    let nas = "/mnt/workspace is on /mnt/a, outside of the instance: it stays when you stop or delete that.";
    for (body, wanted) in [
        // With a disk it is on that, whatever is mounted.
        (
            r#"{"EcsSpec": "e", "Datasets": [{"Uri": "oss://b.e/p/", "MountPath": "/mnt/a", "MountAccess": "RO"}]}"#,
            [FREE, "Read-only, and left as it is: /mnt/a."].join("\n"),
        ),
        (
            r#"{"EcsSpec": "e", "WorkspaceSource": "rootfsCloudDisk"}"#,
            FREE.to_owned(),
        ),
        // A dataset of files that is named, by its path, by an address or by its id.
        (
            r#"{"EcsSpec": "e", "WorkspaceSource": "/mnt/a", "Datasets": [{"Uri": "nas://b.e/p/", "MountPath": "/mnt/a/"}]}"#,
            [&nas.replace("/mnt/a,", "/mnt/a/,"), FREE_SYSTEM].join("\n"),
        ),
        (
            r#"{"EcsSpec": "e", "WorkspaceSource": "d-1", "Datasets": [{"DatasetId": "d-1", "MountPath": "/mnt/a"}]}"#,
            [nas, FREE_SYSTEM].join("\n"),
        ),
        (
            r#"{"EcsSpec": "e", "WorkspaceSource": "/mnt/a", "Datasets": [{"Uri": "cpfs://b.e/p/", "MountPath": "/mnt/a", "MountAccess": "RO"}]}"#,
            ["/mnt/workspace is on /mnt/a, which is read-only: it stays as it is, and nothing can be saved in it.", FREE_SYSTEM].join("\n"),
        ),
        (
            r#"{"EcsSpec": "e", "WorkspaceSource": "d-ro", "Datasets": [{"DatasetId": "d-ro", "MountPath": "/mnt/a", "MountAccess": "RW"}]}"#,
            ["/mnt/workspace is on /mnt/a, which is read-only: it stays as it is, and nothing can be saved in it.", FREE_SYSTEM].join("\n"),
        ),
        // Without a disk it is the first dataset of files.
        (
            r#"{"ResourceId": "q", "Datasets": [{"Uri": "oss://b.e/p/", "MountPath": "/mnt/o", "MountAccess": "RW"}, {"Uri": "bmcpfs://b.e/p/", "MountPath": "/mnt/a"}]}"#,
            [nas, CLEARED_SYSTEM, "What is written here goes to your own storage and stays: /mnt/o."].join("\n"),
        ),
        (
            r#"{"ResourceId": "q", "Datasets": [{"DatasetId": "d-nas", "MountPath": "/mnt/a"}]}"#,
            [nas, CLEARED_SYSTEM].join("\n"),
        ),
        (
            r#"{"ResourceId": "q", "Datasets": [{"DatasetId": "d-x", "MountPath": "/mnt/a"}]}"#,
            ["/mnt/workspace is on /mnt/a if that is NAS or CPFS, and then stays; else it is on the machine itself and is lost on every stop.", CLEARED_SYSTEM, "In your own storage, which stays; whether it can be written to is up to the dataset: /mnt/a."].join("\n"),
        ),
        // Without one of these it is the machine's own storage.
        (
            r#"{"ResourceId": "q", "Datasets": [{"DatasetId": "d-oss", "MountPath": "/mnt/a"}]}"#,
            [CLEARED, "In your own storage, which stays; whether it can be written to is up to the dataset: /mnt/a."].join("\n"),
        ),
        (
            r#"{"ResourceId": "q", "Datasets": [{"MountPath": "/mnt/a"}]}"#,
            CLEARED.to_owned(),
        ),
        // What cannot be.
        (
            r#"{"ResourceId": "q", "WorkspaceSource": "rootfsCloudDisk"}"#,
            ["/mnt/workspace is to be on a cloud disk, and there is none: add one under Cloud disks.", CLEARED_SYSTEM].join("\n"),
        ),
        (
            r#"{"EcsSpec": "e", "WorkspaceSource": "/mnt/a", "Datasets": [{"Uri": "oss://b.e/p/", "MountPath": "/mnt/a", "MountAccess": "RO"}]}"#,
            ["/mnt/workspace cannot be on OSS or on a dynamic mount: choose another working directory.", FREE_SYSTEM, "Read-only, and left as it is: /mnt/a."].join("\n"),
        ),
        (
            r#"{"EcsSpec": "e", "WorkspaceSource": "d-1", "Datasets": [{"DatasetId": "d-1", "Dynamic": true}]}"#,
            ["/mnt/workspace cannot be on OSS or on a dynamic mount: choose another working directory.", FREE_SYSTEM, "Mounted while the instance runs, read-only, and left as it is: dataset 1."].join("\n"),
        ),
        (
            r#"{"EcsSpec": "e", "WorkspaceSource": "/mnt/z"}"#,
            ["/mnt/workspace is to be on something that this request does not mount: choose another working directory.", FREE_SYSTEM].join("\n"),
        ),
    ] {
        assert_eq!(said(body), wanted, "{body}");
    }
}

#[test]
fn f56_what_is_mounted_and_what_is_taken_back() {
    let first = |body: &str, wanted: &[&str]| {
        assert_eq!(said(body), [&[FREE], wanted].concat().join("\n"), "{body}");
    };
    first(
        r#"{"EcsSpec": "e", "Datasets": [
            {"Uri": "oss://b.e/p/", "MountPath": "/mnt/a", "MountAccess": "RW"},
            {"DatasetId": "d-nas", "MountPath": "/mnt/b", "MountAccess": "RO"},
            {"Uri": "nas://b.e/p/", "MountPath": "/mnt/c", "MountAccess": "RW"},
            {"DatasetId": "d-x"},
            {"DatasetId": "d-ro", "MountPath": "/mnt/e", "MountAccess": "RW"},
            {"Uri": "oss://b.e/q/", "MountPath": "/mnt/dynamic/f/", "Dynamic": true, "MountAccess": "RO"}]}"#,
        &[
            "What is written here goes to your own storage and stays: /mnt/a, /mnt/c.",
            "In your own storage, which stays; whether it can be written to is up to the dataset: dataset 4.",
            "Read-only, and left as it is: /mnt/b, /mnt/e.",
            "Mounted while the instance runs, read-only, and left as it is: /mnt/dynamic/f/.",
        ],
    );
    let many: Vec<_> = (0..9)
        .map(|n| {
            format!(r#"{{"Uri": "oss://b.e/p/", "MountPath": "/mnt/{n}", "MountAccess": "RO"}}"#)
        })
        .collect();
    first(
        &format!(r#"{{"EcsSpec": "e", "Datasets": [{}]}}"#, many.join(",")),
        &["Read-only, and left as it is: /mnt/0, /mnt/1, /mnt/2, /mnt/3 and 5 more."],
    );
    first(
        r#"{"EcsSpec": "e", "DynamicMount": {"Enable": true}}"#,
        &["Data that you mount while the instance runs is read-only."],
    );
    first(
        r#"{"EcsSpec": "e", "DynamicMount": {"Enable": false}}"#,
        &[],
    );
    first(
        r#"{"EcsSpec": "e", "SpotSpec": {"SpotStrategy": "SpotAsPriceGo"}}"#,
        &["A spot machine can be taken back while you work: save often, to storage that stays."],
    );
    first(
        r#"{"EcsSpec": "e", "OversoldType": "ForceQuotaOverSold"}"#,
        &[
            "Idle capacity of the quota can be taken back while you work: save often, to storage that stays.",
        ],
    );
    first(
        r#"{"EcsSpec": "e", "OversoldType": "AcceptQuotaOverSold"}"#,
        &[
            "If the instance gets idle capacity of the quota, that can be taken back while you work: save often, to storage that stays.",
        ],
    );
    first(
        r#"{"EcsSpec": "e", "OversoldType": "ForbiddenQuotaOverSold"}"#,
        &[],
    );
}

#[test]
fn what_is_lost_weighs_more() {
    let said = data(&request(r#"{"ResourceId": "q"}"#), &Context::default());
    let heavy: Vec<_> = dsw_words::weighed(&said[0])
        .filter_map(|(weighs, part)| weighs.then_some(part))
        .collect();
    assert_eq!(heavy, ["cleared on every stop"]);
}

#[test]
fn what_costs_is_told() {
    let told = |body: &str| -> Vec<String> {
        let costs = costs(&request(body)).into_iter();
        costs.map(|(_, words)| words).collect()
    };
    assert_eq!(told("{}"), [""; 0]);
    assert_eq!(
        told(r#"{"EcsSpec": "e", "CloudDisks": [{"Capacity": "100Gi"}]}"#),
        ["The machine is billed from start to stop."]
    );
    assert_eq!(
        told(r#"{"EcsSpec": "e", "SpotSpec": {}, "CloudDisks": [{"Capacity": "200Gi"}]}"#),
        [
            "The spot machine is billed at a lower price while it runs, and can be taken back.",
            "The whole disk of 200Gi keeps costing while the instance is stopped.",
        ]
    );
    assert_eq!(
        told(
            r#"{"ResourceId": "q", "UserVpc": {"ForwardInfos": [{"Name": "ssh"}, {"NatGatewayId": "ngw-1", "EipAllocationId": "eip-1"}]}}"#
        ),
        [
            "The quota is paid for in advance, whether the instance runs or not.",
            "The NAT gateway keeps costing while the instance is stopped.",
            "The elastic IP address keeps costing while the instance is stopped.",
        ]
    );
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(400))]

    /// F56: something is said of every request, whatever is in it.
    #[test]
    fn f56_something_is_always_said(body in generate::object(), registered in any::<bool>()) {
        let body: Map<String, Value> = body;
        let context = if registered { known() } else { Context::default() };
        let said = data(&Request::read(&body), &context);
        prop_assert!(!said.is_empty());
        for sentence in said {
            prop_assert!(sentence.ends_with(['.', '。']), "{}", sentence);
        }
    }
}
