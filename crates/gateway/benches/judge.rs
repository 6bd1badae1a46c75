//! How long it takes to judge a body (Q4): one of 4 KiB, and the worst of 1 MiB that could be thought of.
//! `cargo bench -p dsw-gateway --bench judge --features jemalloc`; figures: `docs/performance.md`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use dsw_gateway::judge::{MAX_BYTES, judge};
use dsw_model::rules::Context;
use serde_json::{Map, Value, json};

/// That of the program for servers.
#[cfg(all(feature = "jemalloc", target_os = "linux"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// A valid request with so many datasets and variables.
fn request(datasets: usize, variables: usize) -> Value {
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
        (
            format!("VARIABLE_{n}"),
            Value::from(format!("value-of-variable-{n}")),
        )
    };
    json!({
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
    })
}

/// Bodies that cost as much as may be: long, deep, wide, or full of mistakes.
fn hostile() -> Vec<(&'static str, String)> {
    let rows = |field: &str, row: &str, most: usize| {
        let count = (MAX_BYTES / (row.len() + 1) - 1).min(most);
        let rows = vec![row; count].join(",");
        format!("{{\"{field}\":[{rows}]}}")
    };
    let long = |start: &str, unit: &str, end: &str| {
        let count = (MAX_BYTES - start.len() - end.len()) / unit.len();
        [start, &unit.repeat(count), end].concat()
    };
    let members = |inside: &str| {
        let members: Vec<_> = (0..9_000)
            .map(|n| format!("\"{n:0100}\":{inside}"))
            .collect();
        format!("{{{}}}", members.join(","))
    };
    let inner = |field: &str, inside: &str| format!("{{\"{field}\":{}}}", members(inside));
    let number = format!("{{\"Priority\":{}}}", "9".repeat(MAX_BYTES - 20));
    let uri = r#"{"Uri":"oss://a.oss-cn-hangzhou.aliyuncs.com/","MountPath":"/a/b/c/d","OptionType":"x","Options":"["}"#;
    let path = format!(r#"{{"MountPath":"/{}"}}"#, "a/".repeat(150));
    vec![
        ("1,666 datasets with faults", rows("Datasets", uri, 1_666)),
        (
            "3,300 datasets with long paths",
            rows("Datasets", &path, 3_300),
        ),
        ("9,900 empty datasets", rows("Datasets", "{}", 9_900)),
        (
            "4,900 tags of one key",
            rows("Tag", r#"{"Key":"a"}"#, 4_900),
        ),
        (
            "9,900 ranges",
            rows("UserVpc\":{\"ExtendedCIDRs", "\"10.0.0.0/8\"", 9_900).replace("]}", "]}}"),
        ),
        ("9,000 members nobody knows", members("\"x\"")),
        ("9,000 variables", inner("EnvironmentVariables", "7")),
        ("a long name", long("{\"InstanceName\":\"", "名", "\"}")),
        ("escapes", long("{\"WorkspaceId\":\"", "\\u540d", "\"}")),
        ("an image", long("{\"ImageUrl\":\"", "a/", "\"}")),
        (
            "a script",
            long("{\"UserCommand\":{\"OnStart\":\"", "\\n", "\"}}"),
        ),
        (
            "a key",
            long(
                "{\"CredentialConfig\":{\"AliyunEnvRoleKey\":\"",
                "=",
                "\"}}",
            ),
        ),
        (
            "options",
            long("{\"Datasets\":[{\"Options\":\"", "[", "\"}]}"),
        ),
        ("a login", long("{\"ImageAuth\":\"", "dXNl", "\"}")),
        ("a long number", number),
        ("white space", long("{", "\n", "}")),
        ("depth", long("", "[", "")),
        ("too many", long("[", "0,", "0]")),
        (
            "one name twice at the end",
            long("{\"a\":\"", "a", "\",\"a\":1}"),
        ),
        ("no text", long("{\"a\":\"", "\u{7f}", "\u{1}")),
    ]
}

fn benches(criterion: &mut Criterion) {
    let context = Context::default();
    let body = request(22, 14).to_string();
    let name = format!("a body of {} bytes", body.len());
    criterion.bench_function(&name, |bencher| {
        bencher.iter(|| judge(black_box(body.as_bytes()), &context).is_ok());
    });
    let mut group = criterion.benchmark_group("1 MiB");
    group.sample_size(10);
    for (name, body) in hostile() {
        assert!(body.len() <= MAX_BYTES, "{name}");
        group.bench_function(name, |bencher| {
            bencher.iter(|| match judge(black_box(body.as_bytes()), &context) {
                Ok(judged) => dsw_gateway::judge::refused(judged.findings),
                Err(refusal) => refusal.into_error(),
            });
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
