//! What a create is refused for.

use std::sync::Arc;

use dsw_gateway::operation::Operation;
use dsw_gateway::sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use crate::bench::{Bench, body, with};

async fn id_of(
    bench: &Bench,
    operation: Operation,
    member: &str,
    query: &[(&'static str, &str)],
) -> Value {
    bench.list(operation, query).await[0][member].clone()
}

/// Id of a quota, wherever it is.
async fn quota(bench: &Bench, name: &str) -> Value {
    let query = [("Option", "ListResource"), ("ResourceName", name)];
    id_of(bench, Operation::ListResources, "Id", &query).await
}

/// Id of a workspace's dataset.
async fn dataset(bench: &Bench, name: &str, workspace: &str) -> Value {
    let query = [("Name", name), ("WorkspaceId", workspace)];
    id_of(bench, Operation::ListDatasets, "DatasetId", &query).await
}

/// Id of a workspace's image.
async fn image(bench: &Bench, name: &str, workspace: &str) -> Value {
    let query = [("Name", name), ("WorkspaceId", workspace)];
    id_of(bench, Operation::ListImages, "ImageId", &query).await
}

/// Asserts that bodies with these members are refused, each with a message that holds this. All refusals that
/// `docs/sandbox.md` tells of are among the tests that use it.
async fn are_refused(bench: &Bench, cases: Vec<(&str, Value)>) {
    for (message, members) in cases {
        let body = with(body("refused"), members);
        let (status, answer) = bench.create(&body).await;
        assert_eq!(status, 400, "{body}");
        assert_eq!(answer["Success"], false);
        assert_eq!(answer["Code"], "ValidationError");
        let said = answer["Message"].as_str().unwrap();
        assert!(said.contains(message), "{said} instead of {message}");
    }
    // None of them left its name behind, and the body is fine but for what was wrong each time.
    bench.created(&body("refused")).await;
}

#[tokio::test]
async fn places_and_names_are_refused() {
    let bench = Bench::new();
    let cases = vec![
        ("WorkspaceId is required", json!({"WorkspaceId": null})),
        ("WorkspaceId", json!({"WorkspaceId": "1"})),
        ("WorkspaceId", json!({"WorkspaceId": 40823})),
        ("DISABLED", json!({"WorkspaceId": "41502"})),
        ("FROZEN", json!({"WorkspaceId": "41650"})),
        ("INITIALIZING", json!({"WorkspaceId": "42018"})),
        ("InstanceName is required", json!({"InstanceName": ""})),
        ("InstanceName", json!({"InstanceName": "with-hyphen"})),
        ("InstanceName", json!({"InstanceName": "a".repeat(28)})),
        (
            "InstanceName is already",
            json!({"InstanceName": "demo_notebook"}),
        ),
        (
            "InstanceName is already",
            json!({"InstanceName": "vision_lab"}),
        ),
        ("Accessibility", json!({"Accessibility": "public"})),
        ("Labels must be an array", json!({"Labels": {"a": "b"}})),
        ("Tag must be an array", json!({"Tag": [{"Value": "b"}]})),
        (
            "EnvironmentVariables",
            json!({"EnvironmentVariables": {"A": 1}}),
        ),
    ];
    are_refused(&bench, cases).await;
}

#[tokio::test]
async fn sizes_are_refused() {
    let bench = Bench::new();
    let general = quota(&bench, "general_quota").await;
    let warehouse = quota(&bench, "warehouse").await;
    let vision = quota(&bench, "vision_quota").await;
    let requested = |members: Value| json!({"EcsSpec": null, "ResourceId": general, "RequestedResource": members});
    let spot = |members: Value| json!({"SpotSpec": members});
    let priority = json!({"EcsSpec": null, "ResourceId": general, "Priority": 10,
        "RequestedResource": {"CPU": "4", "Memory": "8Gi"}});
    let cases = vec![
        ("EcsSpec or ResourceId", json!({"EcsSpec": null})),
        ("together", json!({"ResourceId": general})),
        (
            "EcsSpec: the machine type is not offered",
            json!({"EcsSpec": "ecs.t1.small"}),
        ),
        (
            "EcsSpec: the machine type is out of stock",
            json!({"EcsSpec": "ecs.c6.26xlarge"}),
        ),
        (
            "ResourceId",
            json!({"EcsSpec": null, "ResourceId": "quotanone"}),
        ),
        ("ResourceId", json!({"EcsSpec": null, "ResourceId": vision})),
        (
            "ResourceId",
            json!({"EcsSpec": null, "ResourceId": warehouse}),
        ),
        (
            "RequestedResource is required",
            json!({"EcsSpec": null, "ResourceId": general}),
        ),
        ("RequestedResource.CPU", requested(json!({"Memory": "8Gi"}))),
        (
            "RequestedResource.CPU",
            requested(json!({"CPU": "many", "Memory": "8Gi"})),
        ),
        (
            "CPU must be text",
            requested(json!({"CPU": 4, "Memory": "8Gi"})),
        ),
        (
            "RequestedResource.CPU is more",
            requested(json!({"CPU": "129", "Memory": "8Gi"})),
        ),
        (
            "RequestedResource.Memory",
            requested(json!({"CPU": "4", "Memory": "8 GiB"})),
        ),
        (
            "RequestedResource.Memory is more",
            requested(json!({"CPU": "4", "Memory": "1Ti"})),
        ),
        (
            "RequestedResource.GPU is more",
            requested(json!({"CPU": "4", "Memory": "8Gi", "GPU": "9"})),
        ),
        (
            "RequestedResource.GPUType",
            requested(json!({"CPU": "4", "Memory": "8Gi", "GPU": "1", "GPUType": "T4"})),
        ),
        ("Priority", priority),
        ("SpotStrategy", spot(json!({"SpotStrategy": "Cheap"}))),
        ("SpotStrategy", spot(json!({}))),
        (
            "SpotPriceLimit",
            spot(json!({"SpotStrategy": "SpotWithPriceLimit"})),
        ),
        (
            "SpotPriceLimit",
            spot(json!({"SpotStrategy": "SpotAsPriceGo", "SpotPriceLimit": "x"})),
        ),
    ];
    are_refused(&bench, cases).await;
}

#[tokio::test]
async fn images_and_datasets_are_refused() {
    let bench = Bench::new();
    let raw_text = dataset(&bench, "raw_text", "40823").await;
    let home = dataset(&bench, "home_share", "40823").await;
    let elsewhere = dataset(&bench, "detection_set", "40901").await;
    let training_only = image(&bench, "deepspeed", "40823").await;
    let their_image = image(&bench, "detector", "40901").await;
    let mount = |members: Value| {
        let mut dataset = json!({"MountPath": "/mnt/a"});
        dataset
            .as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        json!({"Datasets": [dataset]})
    };
    let uri = "oss://b.oss-cn-hangzhou-internal.aliyuncs.com/p/";
    let twice =
        json!({"Datasets": [{"Uri": uri, "MountPath": "/a"}, {"Uri": uri, "MountPath": "/a/"}]});
    let cases = vec![
        ("ImageId or ImageUrl", json!({"ImageId": null})),
        ("together", json!({"ImageUrl": "registry.example/a/b:1"})),
        ("ImageId", json!({"ImageId": "image-none"})),
        ("ImageId", json!({"ImageId": their_image})),
        (
            "ImageId: DSW does not support",
            json!({"ImageId": training_only}),
        ),
        (
            "ImageUrl",
            json!({"ImageId": null, "ImageUrl": "https://registry.example/a/b:1"}),
        ),
        ("Datasets must be an array", json!({"Datasets": {}})),
        ("Datasets[0].MountPath", json!({"Datasets": [{"Uri": uri}]})),
        (
            "Datasets[0].MountPath",
            json!({"Datasets": [{"Uri": uri, "MountPath": "mnt"}]}),
        ),
        ("Datasets[1].MountPath", twice),
        (
            "Datasets[0].DatasetId",
            mount(json!({"DatasetId": "d-none"})),
        ),
        (
            "Datasets[0].DatasetId",
            mount(json!({"DatasetId": elsewhere})),
        ),
        ("Datasets[0].DatasetId or Uri", mount(json!({}))),
        (
            "together",
            mount(json!({"DatasetId": raw_text, "Uri": uri})),
        ),
        (
            "Datasets[0].DatasetVersion",
            mount(json!({"DatasetId": raw_text, "DatasetVersion": "v9"})),
        ),
        ("Datasets[0].Uri", mount(json!({"Uri": "s3://bucket/"}))),
        (
            "Datasets[0].MountAccess",
            mount(json!({"Uri": uri, "MountAccess": "rw"})),
        ),
        (
            "can only be read",
            mount(json!({"DatasetId": raw_text, "MountAccess": "RW"})),
        ),
        (
            "for OSS only",
            mount(json!({"DatasetId": home, "Options": "{}"})),
        ),
        (
            "for OSS only",
            mount(json!({"DatasetId": home, "Dynamic": true})),
        ),
        (
            "dynamic",
            mount(json!({"Uri": uri, "Dynamic": true, "MountAccess": "RW"})),
        ),
    ];
    are_refused(&bench, cases).await;
}

#[tokio::test]
async fn what_is_no_object_is_refused() {
    let bench = Bench::new();
    for text in ["", "null", "[]", "{", "\u{feff}{}", "{\"a\":1} 2"] {
        let reply = bench
            .call(Operation::CreateInstance, None, &[], text)
            .await
            .unwrap();
        assert_eq!(reply.status, 400, "{text:?}");
    }
}

#[tokio::test]
async fn datasets_and_quotas_that_fit_are_accepted() {
    let bench = Bench::new();
    let dataset = id_of(
        &bench,
        Operation::ListDatasets,
        "DatasetId",
        &[("Name", "training_images")],
    )
    .await;
    let public = id_of(
        &bench,
        Operation::ListDatasets,
        "DatasetId",
        &[("Provider", "pai")],
    )
    .await;
    let mounts = json!({"Datasets": [
        {"DatasetId": dataset, "DatasetVersion": "v2", "MountPath": "/mnt/a", "MountAccess": "RW",
         "Options": "{}"},
        {"DatasetId": public, "MountPath": "/mnt/b", "MountAccess": "RO"},
        {"Uri": "nas://x.cn-hangzhou.nas.aliyuncs.com/", "MountPath": "/mnt/c"},
        {"Uri": "bmcpfs://x/", "MountPath": "/mnt/d"},
    ]});
    bench.created(&with(body("mounts"), mounts)).await;
    let query = [("WorkspaceId", "40823"), ("ResourceName", "general_quota")];
    let quota = id_of(&bench, Operation::ListResources, "Id", &query).await;
    for (name, requested) in [
        (
            "gi",
            json!({"CPU": "4", "Memory": "8Gi", "GPU": "1", "GPUType": "v100"}),
        ),
        (
            "long_name",
            json!({"CPU": "0.5", "Memory": "8GB", "GPU": "1", "GPUType": "Tesla-V100-16G"}),
        ),
        (
            "mib",
            json!({"CPU": "4", "Memory": "8192", "SharedMemory": "4Gi"}),
        ),
    ] {
        let members = json!({"EcsSpec": null, "ResourceId": quota, "RequestedResource": requested});
        bench.created(&with(body(name), members)).await;
    }
}

/// G01 leans on it: of creates with one name at most one is accepted.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_name_is_used_once() {
    let bench = Arc::new(Bench::new());
    let tasks = (0..32).map(|_| {
        let bench = Arc::clone(&bench);
        tokio::spawn(async move { bench.create(&body("once")).await.0 })
    });
    let mut accepted = 0;
    for task in tasks.collect::<Vec<_>>() {
        accepted += usize::from(task.await.unwrap() == 200);
    }
    assert_eq!(accepted, 1);
    // Capitals count.
    bench.created(&body("Once")).await;
    assert_eq!(bench.create(&body("once")).await.0, 400);
}

#[tokio::test]
async fn ids_differ_even_when_numbers_do_not() {
    let clock = crate::bench::Clock::new();
    let now = clock.world();
    let world = dsw_gateway::world::World::new(move || now.now(), || [7; 16]);
    let sandbox = Sandbox::new(world, Options::default()).unwrap();
    let bench = Bench {
        sandbox,
        ..Bench::new()
    };
    let mut ids = std::collections::BTreeSet::new();
    for name in ["a", "b", "c"] {
        ids.insert(bench.created(&body(name)).await);
    }
    assert_eq!(ids.len(), 3);
}
