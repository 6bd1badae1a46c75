//! How instances go, and how they are listed.

use std::time::Duration;

use dsw_gateway::operation::Operation;
use dsw_gateway::upstream::{Mode, Upstream};
use serde_json::{Value, json};

use crate::bench::{Bench, EVERYTHING, body, region, with};

/// The states that an instance goes through within five minutes.
async fn way(bench: &Bench, id: &str) -> Vec<String> {
    let mut seen = vec![bench.status(id).await];
    for _ in 0..300 {
        bench.clock.pass(Duration::from_secs(1));
        let status = bench.status(id).await;
        if seen.last() != Some(&status) {
            seen.push(status);
        }
    }
    seen
}

/// Names of the instances that a query finds, in order.
async fn found(bench: &Bench, query: &[(&'static str, &str)]) -> Vec<String> {
    let list = bench.list(Operation::ListInstances, query).await;
    let name = |instance: &Value| instance["InstanceName"].as_str().unwrap().to_owned();
    list.iter().map(name).collect()
}

fn quota_body(name: &str, quota: &str, gpus: u32) -> Value {
    let body = with(
        body(name),
        json!({
            "ResourceId": quota,
            "RequestedResource": {"CPU": "8", "Memory": "32Gi", "GPU": gpus.to_string()},
            "Priority": 5,
        }),
    );
    without(body, "EcsSpec")
}

fn without(mut body: Value, member: &str) -> Value {
    body.as_object_mut().unwrap().shift_remove(member);
    body
}

async fn quota(bench: &Bench, name: &str) -> String {
    let query = [("WorkspaceId", "40823"), ("ResourceName", name)];
    let found = bench.list(Operation::ListResources, &query).await;
    found[0]["Id"].as_str().unwrap().to_owned()
}

async fn image(bench: &Bench, name: &str) -> String {
    let found = bench.list(Operation::ListImages, &[("Name", name)]).await;
    found[0]["ImageId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_first_instance_comes_to_run() {
    let bench = Bench::new();
    assert_eq!(bench.sandbox.mode(), Mode::Sandbox);
    let id = bench.created(&body("first")).await;
    assert!(id.starts_with("dsw-") && id.len() == 20, "{id}");
    let early = bench.get(&id).await;
    assert_eq!(early["InstanceUrl"], "");
    let expected = [
        "Creating",
        "ResourceAllocating",
        "EnvPreparing",
        "Starting",
        "Running",
    ];
    assert_eq!(way(&bench, &id).await, expected);
    let shown = bench.get(&id).await;
    assert_eq!(shown["PaymentType"], "PayAsYouGo");
    assert_eq!(shown["AcceleratorType"], "CPU");
    assert_eq!(shown["ResourceName"], "ecs.c6.large");
    assert_eq!(shown["WorkspaceName"], "pai_default");
    assert_eq!(shown["GmtCreateTime"], "2026-02-01T08:00:00Z");
    for name in ["InstanceUrl", "JupyterlabUrl", "WebIDEUrl", "TerminalUrl"] {
        let url = shown[name].as_str().unwrap();
        assert!(url.starts_with("https://sandbox.example/"), "{name}: {url}");
    }
    assert_eq!(shown["AccumulatedRunningTimeInMs"], 275_000);
    assert_eq!(shown["PodIps"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_pace_can_be_chosen() {
    let bench = Bench::with(dsw_gateway::sandbox::Options {
        start_takes: Duration::from_secs(2),
        ..Default::default()
    });
    let id = bench.created(&body("quick")).await;
    bench.clock.pass(Duration::from_millis(1_999));
    assert_eq!(bench.status(&id).await, "Starting");
    bench.clock.pass(Duration::from_millis(1));
    assert_eq!(bench.status(&id).await, "Running");
}

#[tokio::test]
async fn an_instance_of_a_quota_queues() {
    let bench = Bench::new();
    let free = quota(&bench, "general_quota").await;
    let image_id = image(&bench, "pytorch:2.3-gpu").await;
    let body = with(quota_body("queued", &free, 1), json!({"ImageId": image_id}));
    let id = bench.created(&body).await;
    let expected = [
        "Creating",
        "Queuing",
        "ResourceAllocating",
        "EnvPreparing",
        "Starting",
        "Running",
    ];
    assert_eq!(way(&bench, &id).await, expected);
    let shown = bench.get(&id).await;
    assert_eq!(shown["PaymentType"], "Subscription");
    assert_eq!(shown["AcceleratorType"], "GPU");
    assert_eq!(shown["Priority"], 5);
}

#[tokio::test]
async fn a_busy_quota_lets_wait() {
    let bench = Bench::new();
    let busy = quota(&bench, "busy_quota").await;
    let id = bench.created(&quota_body("patient", &busy, 0)).await;
    bench.clock.pass(Duration::from_mins(4));
    assert_eq!(bench.status(&id).await, "Queuing");
    bench.clock.pass(Duration::from_secs(40));
    assert_eq!(bench.status(&id).await, "Running");
}

/// Each way to fail that `docs/sandbox.md` tells of: state before it, code.
#[tokio::test]
async fn failures_can_be_provoked() {
    let bench = Bench::new();
    let gpu_image = image(&bench, "pytorch:2.3-gpu").await;
    let lost_image = image(&bench, "missing_layers").await;
    let private_image = image(&bench, "private_tools").await;
    let url = |url: &str| with(without(body("x"), "ImageId"), json!({"ImageUrl": url}));
    let spot = |machine: &str, limit: &str| {
        with(
            body("x"),
            json!({
                "EcsSpec": machine,
                "SpotSpec": {"SpotStrategy": "SpotWithPriceLimit", "SpotPriceLimit": limit},
            }),
        )
    };
    let pull = ("EnvPreparing", "ImagePullBackOff");
    let cases = [
        (
            url("registry.cn-hangzhou.aliyuncs.com/team/missing:v1"),
            pull,
        ),
        (
            url("registry.cn-hangzhou.aliyuncs.com/private/tools:v1"),
            pull,
        ),
        (with(body("x"), json!({"ImageId": lost_image})), pull),
        (with(body("x"), json!({"ImageId": private_image})), pull),
        (
            with(body("x"), json!({"ImageId": gpu_image})),
            ("Starting", "ImageIncompatible"),
        ),
        (
            with(body("x"), json!({"EcsSpec": "ecs.gn6i-c4g1.xlarge"})),
            ("Starting", "ImageIncompatible"),
        ),
        (
            spot("ecs.g6.13xlarge", "9"),
            ("ResourceAllocating", "NoStock"),
        ),
        (
            spot("ecs.c6.large", "0.001"),
            ("ResourceAllocating", "SpotPriceTooLow"),
        ),
        (
            with(
                body("x"),
                json!({"UserCommand": {"OnStart": {"Content": "echo no\nexit 1\n"}}}),
            ),
            ("Starting", "UserCommandFailed"),
        ),
    ];
    for (index, (body, (before, code))) in cases.into_iter().enumerate() {
        let body = with(body, json!({"InstanceName": format!("fails_{index}")}));
        let id = bench.created(&body).await;
        let way = way(&bench, &id).await;
        assert_eq!(way[way.len() - 2..], [before, "Failed"], "{body}");
        let shown = bench.get(&id).await;
        assert_eq!(shown["ReasonCode"], code);
        assert!(!shown["ReasonMessage"].as_str().unwrap().is_empty());
        assert_eq!(shown["InstanceUrl"], "");
        assert_eq!(shown["AccumulatedRunningTimeInMs"], 0);
    }
    // The same with what is missing in place.
    let login = url("registry.cn-hangzhou.aliyuncs.com/private/tools:v1");
    let login = with(
        login,
        json!({"ImageAuth": "dXNlcjpwYXNz", "InstanceName": "logs_in"}),
    );
    let spot = with(spot("ecs.c6.large", "0.2"), json!({"InstanceName": "spot"}));
    for body in [login, spot] {
        let id = bench.created(&body).await;
        assert_eq!(way(&bench, &id).await.last().unwrap(), "Running");
    }
}

#[tokio::test]
async fn events_tell_what_happened() {
    let bench = Bench::new();
    let body = with(body("x"), json!({"EcsSpec": "ecs.gn6i-c4g1.xlarge"}));
    let id = bench.created(&body).await;
    bench.clock.pass(Duration::from_secs(30));
    let events = async |query: &[(&'static str, &str)]| {
        let reply = bench
            .call(Operation::GetInstanceEvents, Some(&id), query, "")
            .await
            .unwrap();
        let answer: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(answer["InstanceId"], id.as_str());
        let lines = answer["Events"].as_array().unwrap().clone();
        lines
            .iter()
            .map(|line| line.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let all = events(&[]).await;
    assert_eq!(all.len(), 5);
    assert!(
        all[0].starts_with("2026-02-01T08:00:00Z Normal Creating "),
        "{}",
        all[0]
    );
    assert!(all[4].contains("Warning Failed ") && all[4].contains("ImageIncompatible: "));
    assert_eq!(events(&[("MaxEventsNum", "2")]).await, all[..2]);
    assert_eq!(
        events(&[("StartTime", "2026-02-01T08:00:25Z")]).await,
        all[4..]
    );
    assert_eq!(
        events(&[("EndTime", "2026-02-01T08:00:00Z")]).await,
        all[..1]
    );
}

#[tokio::test]
async fn an_instance_is_shown_with_the_names_of_answers() {
    let bench = Bench::new();
    let datasets = bench
        .list(Operation::ListDatasets, &[("Name", "raw_text")])
        .await;
    let body = with(
        body("full"),
        json!({
            "Accessibility": "PUBLIC",
            "ImageId": null,
            "ImageUrl": "private-registry.cn-hangzhou.cr.aliyuncs.com/a/b:1",
            "ImageAuth": "c2VjcmV0LXVzZXI6c2VjcmV0LXBhc3M=",
            "Tag": [{"Key": "cost", "Value": "7"}],
            "Labels": [{"Key": "a", "Value": "b"}],
            "Datasets": [
                {"DatasetId": datasets[0]["DatasetId"], "MountPath": "/mnt/text"},
                {"Uri": "oss://b.oss-cn-hangzhou-internal.aliyuncs.com/p/", "MountPath": "/mnt/p/"},
            ],
            "CloudDisks": [{"Capacity": "200Gi", "SubType": "rootfs"}],
            "UserVpc": {"VpcId": "vpc-1", "ForwardInfos": [
                {"Name": "ssh", "Enable": true, "ForwardPort": "22", "ExternalPort": "10022",
                 "EipAllocationId": "eip-1"},
                {"Name": "off", "Enable": false, "ForwardPort": "80"},
            ]},
            "UserCommand": {"OnStart": {"Content": "echo hello"}},
            "DockerConfig": {"Enable": true},
            "OversoldType": "ForbiddenQuotaOverSold",
            "CredentialConfig": {"Enable": true, "Configs": [{"Key": "0", "Type": "Role", "Roles": [
                {"RoleArn": "acs:ram::1:role/a", "RoleType": "user",
                 "UserInfo": {"Id": "9", "AccessKeyId": "LTAI-secret", "SecurityToken": "secret-token"}},
            ]}]},
            "Unheard": "of",
        }),
    );
    let id = bench.created(&body).await;
    let pending = bench.get(&id).await;
    assert_eq!(
        pending["UserVpc"]["ForwardInfos"][0]["ConnectInfo"]["Phase"],
        "Pending"
    );
    bench.clock.pass(Duration::from_secs(30));
    let shown = bench.get(&id).await;
    assert_eq!(shown["Status"], "Running");
    assert_eq!(shown["Tags"], json!([{"TagKey": "cost", "TagValue": "7"}]));
    assert_eq!(shown["ImageAuth"], "****");
    assert!(!shown.to_string().contains("secret"), "{shown}");
    assert!(shown["UserCommandId"].as_str().unwrap().starts_with("uc-"));
    assert_eq!(shown["Datasets"][0]["ActualMountAccess"], "RO");
    assert_eq!(shown["Datasets"][1]["ActualMountAccess"], "RW");
    assert_eq!(shown["CloudDisks"][0]["Status"]["Capacity"], 200_u64 << 30);
    let forwards = &shown["UserVpc"]["ForwardInfos"];
    assert_eq!(forwards[0]["ConnectInfo"]["Phase"], "Ready");
    assert_eq!(forwards[0]["ConnectInfo"]["Intranet"]["Port"], "22");
    assert_eq!(forwards[0]["ConnectInfo"]["Internet"]["Port"], "10022");
    assert_eq!(forwards[1]["ConnectInfo"]["Phase"], "Disabled");
    for absent in ["Tag", "UserCommand", "SpotSpec", "OversoldType", "Unheard"] {
        assert!(shown.get(absent).is_none(), "{absent}");
    }
    let query = [("InstanceName", "full"), ("Accessibility", "PUBLIC")];
    let listed = &bench.list(Operation::ListInstances, &query).await[0];
    assert_eq!(listed["OversoldType"], "ForbiddenQuotaOverSold");
    for absent in ["UserCommandId", "DockerConfig", "PodIps"] {
        assert!(listed.get(absent).is_none(), "{absent}");
        assert!(shown.get(absent).is_some(), "{absent}");
    }
    let reply = bench
        .call(
            Operation::GetInstance,
            Some(&id),
            &[("Fields", "Status,InstanceId")],
            "",
        )
        .await
        .unwrap();
    let few: Value = serde_json::from_slice(&reply.body).unwrap();
    let members: Vec<&String> = few.as_object().unwrap().keys().collect();
    let expected = [
        "RequestId",
        "Success",
        "Code",
        "Message",
        "HttpStatusCode",
        "InstanceId",
        "Status",
    ];
    assert_eq!(members, expected);
}

#[tokio::test]
async fn an_unknown_instance_is_not_found() {
    let bench = Bench::new();
    for operation in [Operation::GetInstance, Operation::GetInstanceEvents] {
        let reply = bench
            .call(operation, Some("dsw-none"), &[], "")
            .await
            .unwrap();
        assert_eq!(reply.status, 404);
        let answer: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(answer["Success"], false);
        assert_eq!(answer["HttpStatusCode"], 404);
    }
}

#[tokio::test]
async fn an_account_is_found_with_instances_in_several_states() {
    let bench = Bench::new();
    let list = bench.list(Operation::ListInstances, &EVERYTHING).await;
    let public = [
        ("ResourceId", "ALL"),
        ("WorkspaceId", "ALL"),
        ("Accessibility", "PUBLIC"),
    ];
    let public = bench.list(Operation::ListInstances, &public).await;
    let state = |name: &str| {
        let mut all = list.iter().chain(&public);
        let instance = all
            .find(|instance| instance["InstanceName"] == name)
            .unwrap();
        instance["Status"].as_str().unwrap().to_owned()
    };
    // As the catalogue says.
    for (name, status) in [
        ("demo_notebook", "Running"),
        ("team_shared", "Running"),
        ("quota_training", "Running"),
        ("vision_lab", "Running"),
        ("old_experiment", "Stopped"),
        ("broken_image", "Failed"),
    ] {
        assert_eq!(state(name), status, "{name}");
    }
    let stopped = list.iter().find(|one| one["Status"] == "Stopped").unwrap();
    assert_eq!(stopped["AccumulatedRunningTimeInMs"], 3 * 3_600_000);
}

/// Rule 9 of create: the defaults hide instances.
#[tokio::test]
async fn the_defaults_of_listing_hide_instances() {
    let bench = Bench::new();
    let ours = ["broken_image", "demo_notebook", "old_experiment"];
    assert_eq!(found(&bench, &[]).await, ours);
    // With quotas.
    let all = found(&bench, &[("ResourceId", "ALL")]).await;
    assert_eq!(
        all,
        [
            "broken_image",
            "quota_training",
            "demo_notebook",
            "old_experiment"
        ]
    );
    let quota = quota(&bench, "general_quota").await;
    assert_eq!(
        found(&bench, &[("ResourceId", &quota)]).await,
        ["quota_training"]
    );
    // With other workspaces.
    assert!(
        found(&bench, &EVERYTHING)
            .await
            .contains(&"vision_lab".to_owned())
    );
    assert_eq!(
        found(&bench, &[("WorkspaceId", "40901")]).await,
        ["vision_lab"]
    );
    // Public ones only when they are asked for.
    assert_eq!(
        found(&bench, &[("Accessibility", "PUBLIC")]).await,
        ["team_shared"]
    );
    assert_eq!(found(&bench, &[("Accessibility", "PRIVATE")]).await, ours);
}

#[tokio::test]
async fn instances_are_filtered() {
    let bench = Bench::new();
    let labelled = with(
        body("labelled_one"),
        json!({
            "Labels": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}],
            "Tag": [{"Key": "cost", "Value": "7"}],
            "UserId": "42",
        }),
    );
    let id = bench.created(&labelled).await;
    bench.created(&body("labelled_two")).await;
    let one = vec!["labelled_one".to_owned()];
    for query in [
        ("InstanceId", id.as_str()),
        ("Labels", r#"{"a":"1"}"#),
        ("Labels", r#"{"a":"1","b":"2"}"#),
        ("Tag", r#"[{"Key":"cost","Value":"7"}]"#),
        ("CreateUserId", "42"),
    ] {
        assert_eq!(found(&bench, &[query]).await, one, "{query:?}");
    }
    for query in [
        ("Labels", r#"{"a":"2"}"#),
        ("Labels", r#"{"A":"1"}"#),
        ("Tag", r#"[{"Key":"cost","Value":"8"}]"#),
        ("InstanceName", "LABELLED"),
        ("Status", "Saving"),
        ("AcceleratorType", "GPU"),
        ("PaymentType", "Subscription"),
    ] {
        assert_eq!(
            found(&bench, &[query]).await,
            Vec::<String>::new(),
            "{query:?}"
        );
    }
    // A part of a name is enough.
    let both = ["labelled_two", "labelled_one"];
    for query in [
        ("InstanceName", "abelled"),
        ("Status", "Creating"),
        ("CreateTimeAfter", "2026-02-01T00:00:00Z"),
    ] {
        let mut both = both.to_vec();
        let mut names = found(&bench, &[query]).await;
        names.sort();
        both.sort_unstable();
        assert_eq!(names, both, "{query:?}");
    }
    let before = [("CreateTimeBefore", "2025-12-31T00:00:00Z")];
    assert_eq!(found(&bench, &before).await, ["old_experiment"]);
    let four_cores = [("MinCpu", "3000"), ("MaxCpu", "4000")];
    assert_eq!(found(&bench, &four_cores).await, ["old_experiment"]);
    assert_eq!(
        found(&bench, &[("MinMemory", "16")]).await,
        ["old_experiment"]
    );
    assert_eq!(
        found(&bench, &[("ImageName", "pytorch")]).await,
        ["demo_notebook"]
    );
    let v100 = [("GpuType", "v100"), ("ResourceId", "ALL")];
    assert_eq!(found(&bench, &v100).await, ["quota_training"]);
    let cards = [("MinGpuMemory", "20"), ("WorkspaceId", "ALL")];
    assert_eq!(found(&bench, &cards).await, ["vision_lab"]);
}

#[tokio::test]
async fn odd_queries_are_refused() {
    let bench = Bench::new();
    for query in [
        [("SortBy", "Priority"), ("PageSize", "5")],
        [("Order", "ASC"), ("PageSize", "5")],
        [("Labels", "a=1"), ("PageSize", "5")],
        [("Labels", r#"{"a":1}"#), ("PageSize", "5")],
        [
            ("Labels", r#"{"a":"","b":"","c":"","d":"","e":""}"#),
            ("PageSize", "5"),
        ],
        [("Tag", "{}"), ("PageSize", "5")],
        [("CreateTimeAfter", "yesterday"), ("PageSize", "5")],
        [("PageNumber", "0"), ("PageSize", "5")],
        [("PageNumber", "1"), ("PageSize", "101")],
        [("MinCpu", "-1"), ("PageSize", "5")],
        [("Accessibility", "public"), ("PageSize", "5")],
    ] {
        let (status, answer) = bench.read(Operation::ListInstances, &query).await;
        assert_eq!(
            (status, &answer["Code"]),
            (400, &"ValidationError".into()),
            "{query:?}"
        );
        let name = answer["Message"].as_str().unwrap();
        assert!(
            query.iter().any(|(member, _)| name.contains(member)),
            "{name}"
        );
    }
}

#[tokio::test]
async fn instances_come_in_order_and_pages_fit_together() {
    let bench = Bench::new();
    for index in 0..25 {
        bench.created(&body(&format!("n_{index:02}"))).await;
        // Some at the same moment.
        if index % 3 == 0 {
            bench.clock.pass(Duration::from_secs(1));
        }
    }
    let newest = found(&bench, &[]).await;
    let query = [("SortBy", "GmtCreateTime"), ("Order", "ASC")];
    let mut oldest = found(&bench, &query).await;
    assert_eq!(oldest[0], "old_experiment");
    oldest.reverse();
    assert_eq!(oldest, newest);
    let (_, first) = bench.read(Operation::ListInstances, &[]).await;
    assert_eq!(first["Instances"].as_array().unwrap().len(), 10);
    for size in ["1", "7", "28", "100"] {
        let mut together = Vec::new();
        for page in 1..=28 {
            let page = page.to_string();
            let query = [("PageSize", size), ("PageNumber", &page)];
            let (_, answer) = bench.read(Operation::ListInstances, &query).await;
            let entries = answer["Instances"].as_array().unwrap().clone();
            let name = |entry: &Value| entry["InstanceName"].as_str().unwrap().to_owned();
            together.extend(entries.iter().map(name));
        }
        assert_eq!(together, newest, "{size}");
    }
}

#[tokio::test]
async fn instances_of_one_region_are_not_in_another() {
    let mut bench = Bench::new();
    let id = bench.created(&body("here")).await;
    bench.region = region("cn-shanghai");
    let reply = bench
        .call(Operation::GetInstance, Some(&id), &[], "")
        .await
        .unwrap();
    assert_eq!(reply.status, 404);
    assert!(
        !found(&bench, &EVERYTHING)
            .await
            .contains(&"here".to_owned())
    );
    let (status, answer) = bench.create(&body("here")).await;
    assert_eq!(status, 400);
    assert!(answer["Message"].as_str().unwrap().contains("WorkspaceId"));
}
