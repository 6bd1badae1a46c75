//! How long it takes to read a request of 160 KiB back from each target, to the draft. `cargo bench -p dsw-snippets
//! --bench import`; figures: `docs/performance.md`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use dsw_form::import::{anything, import};
use dsw_model::secrecy::Secrecy;
use dsw_snippets::{Request, Target, render};
use serde_json::{Map, Value, json};

/// A valid request of about 160 KiB, with members that every target can say.
fn body() -> Map<String, Value> {
    let dataset = |n: usize| {
        json!({
            "Uri": format!("oss://bucket-{n}.oss-cn-shanghai-internal.aliyuncs.com/data/path/"),
            "MountPath": format!("/mnt/data{n}"), "MountAccess": "RO",
            "Options": "{\"fs.oss.download.thread.concurrency\":\"10\",\"fs.jindo.args\":\"-oattr_timeout=3\"}",
        })
    };
    let variable = |n: usize| {
        (
            format!("VARIABLE_{n}"),
            Value::from(format!("it's \"value\" {n}")),
        )
    };
    let body = json!({
        "WorkspaceId": "40823", "InstanceName": "large_doc", "EcsSpec": "ecs.c6.large",
        "ImageUrl": "registry.cn-shanghai.aliyuncs.com/a/b:c", "ImageAuth": "dTpw", "Priority": 1,
        "Datasets": (0..720).map(dataset).collect::<Vec<_>>(),
        "EnvironmentVariables": (0..200).map(variable).collect::<Map<_, _>>(),
    });
    match body {
        Value::Object(body) => body,
        _ => Map::new(),
    }
}

/// JSON as a person may have written it: no quotes around names, single ones around texts, comments.
fn repaired(json: &str) -> String {
    let lines = json.lines().map(|line| match line.split_once("\": ") {
        Some((name, value)) if !value.contains('\\') => {
            let value = value.replacen('"', "'", 1);
            let value = value
                .strip_suffix("\",")
                .map_or(value.clone(), |value| [value, "',"].concat());
            [&name.replace('"', ""), ": ", &value, " // why\n"].concat()
        }
        _ => [line, "\n"].concat(),
    });
    lines.collect()
}

fn benches(criterion: &mut Criterion) {
    let body = body();
    let secrecy = Secrecy::default();
    let request = Request {
        body: &body,
        region: "cn-hangzhou",
        gateway: "",
        secrecy: &secrecy,
    };
    let json = Value::Object(body.clone()).to_string();
    assert!(
        (155 << 10..165 << 10).contains(&json.len()),
        "{} bytes",
        json.len()
    );
    criterion.bench_function("strict import of the body", |bencher| {
        bencher.iter(|| import(black_box(&json)));
    });
    let mut time = |name: &str, text: &str| {
        let documents = anything::read(text).expect("it is read");
        assert_eq!(documents[0].name, "large_doc");
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| anything::read(black_box(text)));
        });
    };
    time("a body", &json);
    let pretty = render(Target::Json, &request).code;
    let written = repaired(&pretty);
    let repairs = anything::read(&written).expect("it is mended")[0]
        .repaired
        .len();
    assert!(repairs > 1000, "{repairs} repairs");
    time("a body with repairs", &written);
    for target in Target::ALL {
        time(
            &[target.word(), ", ", target.label()].concat(),
            &render(target, &request).code,
        );
    }
}

criterion_group!(all, benches);
criterion_main!(all);
