//! How long it takes to bring a review and its printout up to date after one edit, of a request of 4 KiB and of
//! one of 160 KiB (1,000 datasets and 200 variables). `cargo bench -p dsw-form`; figures: `docs/performance.md`.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_form::import::from_object;
use dsw_form::print::Printout;
use dsw_form::review::{Reviewer, review};
use dsw_model::path;
use dsw_model::request::{CreateInstanceRequest as Request, Dataset};
use dsw_model::rules::Context;
use serde_json::{Map, Value, json};

/// A valid request with so many datasets and variables.
fn request(datasets: usize, variables: usize) -> Map<String, Value> {
    let row = |n: usize| match n % 10 {
        0..5 => json!({
            "DatasetId": format!("d-vsqjvs{n}rp5l206u"), "DatasetVersion": "v1",
            "MountPath": format!("/mnt/data{n}"), "MountAccess": "RW",
        }),
        _ => json!({
            "Uri": format!("oss://bucket-{n}.oss-cn-shanghai-internal.aliyuncs.com/data/path/"),
            "MountPath": format!("/mnt/data{n}"), "MountAccess": "RO",
            "Options": "{\"fs.oss.download.thread.concurrency\":\"10\",\"fs.jindo.args\":\"-oattr_timeout=3\"}",
        }),
    };
    let variable = |n: usize| {
        let value = format!("value-of-variable-{n}");
        (format!("VARIABLE_{n}"), Value::from(value))
    };
    let request = json!({
        "WorkspaceId": "40823", "InstanceName": "large_doc", "Accessibility": "PRIVATE",
        "EcsSpec": "ecs.c6.large", "ImageId": "image-05cefd0be2e",
        "Datasets": (0..datasets).map(row).collect::<Vec<_>>(),
        "UserVpc": {
            "VpcId": "vpc-1", "VSwitchId": "vsw-1", "SecurityGroupId": "sg-1",
            "ExtendedCIDRs": ["192.168.0.0/24", "192.168.1.0/24"], "DefaultRoute": "eth0",
        },
        "EnvironmentVariables": (0..variables).map(variable).collect::<Map<_, _>>(),
        "Labels": [{ "Key": "stsTokenOwner", "Value": "123" }],
        "Tag": [{ "Key": "tag1", "Value": "value1" }],
    });
    match request {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Times the edit of a text to and fro at each place; each time with the review and the printout after it.
fn edits(criterion: &mut Criterion, size: &str, start: &Draft, row: usize) {
    let context = Arc::new(Context::default());
    for (name, path) in [
        ("the name", path![Request::INSTANCE_NAME]),
        (
            "a mount path",
            path![Request::DATASETS, row, Dataset::MOUNT_PATH],
        ),
        ("a variable", path![Request::ENVIRONMENT_VARIABLES, row / 5]),
    ] {
        let mut draft = start.clone();
        let mut reviewer = Reviewer::default();
        let (changes, _) = reviewer.update(&draft, &context);
        let mut printout = Printout::default();
        printout.update(&draft, reviewer.review(), &changes);
        let mut texts = ["/mnt/edited", "/mnt/edited2"].into_iter().cycle();
        criterion.bench_function(&format!("{size}: edit of {name}"), |bencher| {
            bencher.iter(|| {
                let text = texts.next().unwrap_or_default();
                draft.apply(black_box(&path), Edit::Text(text.to_owned()));
                let (changes, touched) = reviewer.update(&draft, &context);
                printout.update(&draft, reviewer.review(), &changes);
                touched
            });
        });
    }
    criterion.bench_function(&format!("{size}: review from the start"), |bencher| {
        bencher.iter(|| review(black_box(start), &context));
    });
    let text = start.body().to_string();
    criterion.bench_function(
        &format!("{size}: import of {} bytes", text.len()),
        |bencher| {
            bencher.iter(|| dsw_form::import::import(black_box(&text)));
        },
    );
}

fn benches(criterion: &mut Criterion) {
    let small = from_object(request(22, 14)).draft;
    edits(criterion, "4 KiB", &small, 11);
    let large = from_object(request(1000, 200)).draft;
    edits(criterion, "160 KiB", &large, 500);
}

criterion_group!(all, benches);
criterion_main!(all);
