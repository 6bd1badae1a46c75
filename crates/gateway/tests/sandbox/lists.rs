//! Lists that do not change.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use dsw_gateway::operation::Operation;
use dsw_gateway::region::Region;
use proptest::prelude::*;
use serde_json::Value;

use crate::bench::{Bench, entries_of, region};

const LISTS: [(Operation, &[(&str, &str)]); 6] = [
    (Operation::ListEcsSpecs, &[("AcceleratorType", "CPU")]),
    (Operation::ListEcsSpecs, &[("AcceleratorType", "GPU")]),
    (Operation::ListWorkspaces, &[]),
    (Operation::ListImages, &[]),
    (Operation::ListDatasets, &[]),
    (Operation::ListResources, &[("WorkspaceId", "40823")]),
];

/// For tests of many cases that change nothing.
static BENCH: OnceLock<Bench> = OnceLock::new();

fn names<'a>(entries: &'a [Value], member: &str) -> Vec<&'a str> {
    entries
        .iter()
        .map(|entry| entry[member].as_str().unwrap())
        .collect()
}

/// Asserts which entries a query finds, by a member, in order.
async fn finds(
    bench: &Bench,
    operation: Operation,
    query: &[(&'static str, &str)],
    member: &str,
    expected: &[&str],
) {
    let found = bench.list(operation, query).await;
    assert_eq!(names(&found, member), expected, "{query:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn all_pages_together_are_the_whole_list(
        list in 0..LISTS.len(),
        size in 1_usize..=100,
        descending: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let bench = BENCH.get_or_init(Bench::new);
            let (operation, query) = LISTS[list];
            let mut query = query.to_vec();
            if operation != Operation::ListResources {
                query.push(("Order", if descending { "DESC" } else { "ASC" }));
            }
            let whole = bench.list(operation, &query).await;
            let size_text = size.to_string();
            query.push(("PageSize", &size_text));
            let mut together = Vec::new();
            for page in 1.. {
                let page = page.to_string();
                let mut query = query.clone();
                query.push(("PageNumber", &page));
                let (_, answer) = bench.read(operation, &query).await;
                assert_eq!(answer["TotalCount"], whole.len());
                let entries = answer[entries_of(operation)].as_array().unwrap();
                if entries.is_empty() {
                    break;
                }
                assert!(entries.len() <= size);
                together.extend(entries.iter().cloned());
            }
            assert_eq!(together, whole);
        });
    }
}

#[tokio::test]
async fn pages_have_the_documented_sizes() {
    let bench = Bench::new();
    let sizes = [
        (LISTS[0], 10),
        (LISTS[1], 10),
        (LISTS[3], 20),
        (LISTS[4], 10),
    ];
    for ((operation, query), size) in sizes {
        let (_, answer) = bench.read(operation, query).await;
        let entries = answer[entries_of(operation)].as_array().unwrap();
        assert_eq!(entries.len(), size, "{operation:?}");
        assert!(answer["TotalCount"].as_u64().unwrap() > size as u64);
    }
}

#[tokio::test]
async fn each_product_answers_in_its_manner() {
    let bench = Bench::new();
    let (_, dsw) = bench.read(LISTS[0].0, LISTS[0].1).await;
    assert_eq!(dsw["Success"], true);
    assert_eq!(dsw["HttpStatusCode"], 200);
    let (_, workspaces) = bench.read(Operation::ListWorkspaces, &[]).await;
    assert!(workspaces.get("Success").is_none());
    let id = workspaces["RequestId"].as_str().unwrap();
    let parts: Vec<usize> = id.split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12]);

    let (status, refused) = bench.read(Operation::ListEcsSpecs, &[]).await;
    assert_eq!((status, &refused["Code"]), (400, &"ValidationError".into()));
    assert_eq!(refused["Success"], false);
    assert_eq!(refused["HttpStatusCode"], 400);
    let query = [("WorkspaceId", "1")];
    let (status, refused) = bench.read(Operation::ListDatasets, &query).await;
    assert_eq!(status, 404);
    assert_eq!(refused["HostId"], "aiworkspace.cn-hangzhou.aliyuncs.com");
    assert!(
        refused["Recommend"]
            .as_str()
            .unwrap()
            .starts_with("https://api.aliyun.com/")
    );
    assert!(refused.get("Success").is_none());
}

#[tokio::test]
async fn machines_are_listed_by_kind() {
    let bench = Bench::new();
    let mut all = BTreeSet::new();
    for kind in ["CPU", "GPU"] {
        let query = [("AcceleratorType", kind)];
        let machines = bench.list(Operation::ListEcsSpecs, &query).await;
        for machine in &machines {
            assert_eq!(machine["AcceleratorType"], kind);
            assert_eq!(machine["GPU"].as_u64().unwrap() > 0, kind == "GPU");
            assert_eq!(machine["GPUType"] == "", kind == "CPU");
            assert!(machine["CPU"].as_u64().unwrap() >= 2);
            assert!(machine["Memory"].as_f64().unwrap() >= 4.0);
            assert!(machine["Price"].as_f64().unwrap() > 0.0);
            assert_eq!(machine["Currency"], "CNY");
            // A spot machine can not be had where there is none at all.
            if machine["IsAvailable"] == false {
                assert_eq!(machine["SpotStockStatus"], "NoStock");
            }
            all.insert(machine["InstanceType"].as_str().unwrap().to_owned());
        }
        assert!(
            machines
                .iter()
                .any(|machine| machine["IsAvailable"] == false)
        );
        assert!(machines.iter().any(|machine| {
            machine["IsAvailable"] == true && machine["SpotStockStatus"] == "NoStock"
        }));
        let mut ascending = query.to_vec();
        ascending.extend([("SortBy", "gmtCreate"), ("Order", "ASC")]);
        let mut reversed = bench.list(Operation::ListEcsSpecs, &ascending).await;
        reversed.reverse();
        assert_eq!(reversed, machines);
    }
    assert!(all.len() >= 60, "{}", all.len());
    for family in [
        "g6",
        "g7",
        "c6",
        "c7",
        "r7",
        "gn6i-c4g1",
        "gn6v-c8g1",
        "gn7i-c8g1",
        "gn7e-c16g1",
    ] {
        let prefix = format!("ecs.{family}.");
        assert!(all.iter().any(|name| name.starts_with(&prefix)), "{family}");
    }
    for wrong in ["cpu", "Gpu", "TPU"] {
        let (status, _) = bench
            .read(Operation::ListEcsSpecs, &[("AcceleratorType", wrong)])
            .await;
        assert_eq!(status, 400, "{wrong}");
    }
    let query = [("AcceleratorType", "CPU"), ("ResourceType", "Lingjun")];
    finds(&bench, Operation::ListEcsSpecs, &query, "InstanceType", &[]).await;
}

#[tokio::test]
async fn workspaces_are_filtered() {
    let bench = Bench::new();
    let all = bench.list(Operation::ListWorkspaces, &[]).await;
    let defaults = all
        .iter()
        .filter(|workspace| workspace["IsDefault"] == true);
    assert_eq!(defaults.count(), 1);
    let by_name = [("WorkspaceName", "team")];
    let names = ["vision_team"];
    finds(
        &bench,
        Operation::ListWorkspaces,
        &by_name,
        "WorkspaceName",
        &names,
    )
    .await;
    let by_ids = [("WorkspaceIds", "41502, 40823,1")];
    let names = ["old_recommender", "pai_default"];
    finds(
        &bench,
        Operation::ListWorkspaces,
        &by_ids,
        "WorkspaceName",
        &names,
    )
    .await;
    for status in ["ENABLED", "DISABLED", "FROZEN", "INITIALIZING", "FAILURE"] {
        let found = bench
            .list(Operation::ListWorkspaces, &[("Status", status)])
            .await;
        assert!(found.iter().all(|workspace| workspace["Status"] == status));
        assert_eq!(found.is_empty(), status == "FAILURE", "{status}");
    }
    assert!(all[0].get("AdminNames").is_none());
    let verbose = bench
        .list(Operation::ListWorkspaces, &[("Verbose", "true")])
        .await;
    assert!(verbose[0]["AdminNames"].is_array());
}

#[tokio::test]
async fn images_tell_their_labels_only_when_asked() {
    let bench = Bench::new();
    let plain = bench.list(Operation::ListImages, &[]).await;
    assert!(plain.len() >= 36);
    assert!(plain.iter().all(|image| image.get("Labels").is_none()));
    let verbose = bench
        .list(Operation::ListImages, &[("Verbose", "true")])
        .await;
    assert_eq!(plain.len(), verbose.len());
    assert!(verbose.iter().all(|image| image["Labels"].is_array()));

    let query = [("Labels", "system.supported.dsw=true,system.chipType=GPU")];
    let found = bench.list(Operation::ListImages, &query).await;
    assert!(found.len() > 10 && found.len() < plain.len());
    let (status, _) = bench
        .read(Operation::ListImages, &[("Labels", "gpu")])
        .await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn images_are_filtered() {
    let bench = Bench::new();
    let by_name = [("Name", "team_base")];
    finds(
        &bench,
        Operation::ListImages,
        &by_name,
        "Name",
        &["team_base"],
    )
    .await;
    let by_words = [("Query", "registry wants a login")];
    finds(
        &bench,
        Operation::ListImages,
        &by_words,
        "Name",
        &["private_tools"],
    )
    .await;
    let uri = "registry-vpc.cn-hangzhou.aliyuncs.com/sample-team/team-base:v3";
    finds(
        &bench,
        Operation::ListImages,
        &[("ImageUri", uri)],
        "Name",
        &["team_base"],
    )
    .await;
    // It takes effect on images of one's own only.
    let private = bench
        .list(Operation::ListImages, &[("Accessibility", "PRIVATE")])
        .await;
    let mut private = names(&private, "Name");
    private.retain(|name| !name.contains(':'));
    assert_eq!(private, ["notebook_cpu", "missing_layers", "private_tools"]);
    // Images of a workspace are listed in that workspace only.
    let in_vision = [("WorkspaceId", "40901"), ("Name", "detector")];
    finds(
        &bench,
        Operation::ListImages,
        &in_vision,
        "Name",
        &["detector"],
    )
    .await;
    finds(
        &bench,
        Operation::ListImages,
        &[("Name", "detector")],
        "Name",
        &[],
    )
    .await;
}

#[tokio::test]
async fn datasets_are_of_every_kind() {
    let bench = Bench::new();
    let all = bench.list(Operation::ListDatasets, &[]).await;
    let kinds: BTreeSet<&str> = names(&all, "DataSourceType").into_iter().collect();
    assert_eq!(kinds, BTreeSet::from(["BMCPFS", "CPFS", "NAS", "OSS"]));
    for kind in kinds {
        let found = bench
            .list(Operation::ListDatasets, &[("DataSourceTypes", kind)])
            .await;
        assert!(
            found
                .iter()
                .all(|dataset| dataset["DataSourceType"] == kind)
        );
        let scheme = format!("{}://", kind.to_lowercase());
        assert!(
            found
                .iter()
                .all(|dataset| dataset["Uri"].as_str().unwrap().starts_with(&scheme))
        );
    }
    assert!(all.iter().any(|dataset| dataset["MountAccess"] == "RO"));
    assert!(
        all.iter()
            .any(|dataset| dataset["Uri"].as_str().unwrap().contains(".extreme."))
    );
    assert!(all.iter().all(|dataset| dataset.get("Versions").is_none()));
    for dataset in &all {
        let options = dataset["Options"].as_str().unwrap();
        let options: Value = serde_json::from_str(options).unwrap();
        assert!(options["mountPath"].as_str().unwrap().starts_with('/'));
    }
}

#[tokio::test]
async fn datasets_are_filtered() {
    let bench = Bench::new();
    let finds = |query: &'static [(&'static str, &'static str)],
                 expected: &'static [&'static str]| {
        let bench = &bench;
        async move { finds(bench, Operation::ListDatasets, query, "Name", expected).await }
    };
    finds(&[("Name", "notes")], &["my_notes"]).await;
    finds(&[("Accessibility", "PRIVATE")], &["my_notes"]).await;
    finds(&[("Properties", "FILE")], &["click_log"]).await;
    finds(
        &[("DataTypes", "VIDEO,AUDIO")],
        &["video_frames", "speech_samples"],
    )
    .await;
    finds(&[("SourceTypes", "ITAG")], &["labelled_reviews"]).await;
    finds(&[("Label", "lang")], &["raw_text", "speech_samples"]).await;
    finds(&[("Provider", "pai")], &["open_flowers", "open_digits"]).await;
    finds(
        &[("WorkspaceId", "41377"), ("Order", "DESC")],
        &["llm_lingjun", "llm_weights", "dialogues"],
    )
    .await;
    finds(&[("DatasetIds", "d-none")], &[]).await;
}

#[tokio::test]
async fn a_dataset_has_versions() {
    let bench = Bench::new();
    let found = bench
        .list(Operation::ListDatasets, &[("Name", "training_images")])
        .await;
    let id = found[0]["DatasetId"].as_str().unwrap();
    let reply = bench
        .call(
            Operation::ListDatasetVersions,
            Some(id),
            &[("PageSize", "2")],
            "",
        )
        .await
        .unwrap();
    let answer: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(answer["TotalCount"], 3);
    let versions = answer["DatasetVersions"].as_array().unwrap();
    assert_eq!(names(versions, "VersionName"), ["v1", "v2"]);
    assert_eq!(found[0]["LatestVersion"]["VersionName"], "v3");
    let reply = bench
        .call(Operation::ListDatasetVersions, Some("d-none"), &[], "")
        .await
        .unwrap();
    assert_eq!(reply.status, 404);
}

#[tokio::test]
async fn quotas_are_listed_with_their_workspace() {
    let bench = Bench::new();
    let query = [("WorkspaceId", "40823"), ("ResourceTypes", "ECS,Lingjun")];
    let found = bench.list(Operation::ListResources, &query).await;
    let expected = ["general_quota", "cpu_quota", "busy_quota", "lingjun_quota"];
    assert_eq!(names(&found, "Name"), expected);
    // What is free of a quota is the sandbox's own knowledge.
    assert!(found.iter().all(|resource| resource.get("Free").is_none()));
    for resource in &found {
        assert_eq!(resource["Quotas"][0]["Id"], resource["Id"]);
    }
    let terse = [("WorkspaceId", "40823"), ("Verbose", "false")];
    let terse = bench.list(Operation::ListResources, &terse).await;
    assert!(
        terse
            .iter()
            .all(|resource| resource.get("Quotas").is_none())
    );
    let (status, _) = bench.read(Operation::ListResources, &[]).await;
    assert_eq!(status, 400, "a workspace is required");
    let everywhere = bench
        .list(Operation::ListResources, &[("Option", "ListResource")])
        .await;
    assert_eq!(everywhere.len(), 7);
    let (_, one) = bench
        .read(Operation::ListQuotas, &[("Name", "vision_quota")])
        .await;
    assert_eq!(one["TotalCount"], 1);
    assert_eq!(one["Quotas"][0]["DisplayName"], "Vision");
}

#[tokio::test]
async fn regions_are_worlds_apart() {
    let mut ids: BTreeSet<String> = BTreeSet::new();
    let mut count = 0;
    let mut bench = Bench::new();
    for region in Region::all() {
        bench.region = region;
        let in_region = [
            (Operation::ListWorkspaces, "WorkspaceId"),
            (Operation::ListImages, "ImageId"),
            (Operation::ListDatasets, "DatasetId"),
        ];
        for (operation, id) in in_region {
            for entry in bench.list(operation, &[]).await {
                count += 1;
                ids.insert(entry[id].as_str().unwrap().to_owned());
                let uri = entry["Uri"].as_str().or(entry["ImageUri"].as_str());
                assert!(uri.is_none_or(|uri| uri.contains(region.id())), "{entry}");
            }
        }
    }
    assert_eq!(ids.len(), count, "an id is used twice");

    let gpus = |bench: &Bench| {
        let bench = Bench {
            region: bench.region,
            ..Bench::new()
        };
        async move {
            bench
                .list(Operation::ListEcsSpecs, &[("AcceleratorType", "GPU")])
                .await
                .len()
        }
    };
    bench.region = region("cn-hangzhou");
    let many = gpus(&bench).await;
    bench.region = region("eu-central-1");
    assert!(gpus(&bench).await < many);
}
