//! How long all targets of a body of 4 KiB take together. `cargo bench -p dsw-snippets`; the limit is 2 ms.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use dsw_model::secrecy::Secrecy;
use dsw_snippets::{Request, Target, render};
use serde_json::{Value, json};

/// A valid request of about 4 KiB.
fn body() -> Value {
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
            Value::from(format!("value-of-variable-{n}")),
        )
    };
    json!({
        "WorkspaceId": "40823", "InstanceName": "large_doc", "Accessibility": "PRIVATE",
        "EcsSpec": "ecs.c6.large", "ImageUrl": "registry.cn-shanghai.aliyuncs.com/a/b:c", "ImageAuth": "dTpw",
        "Datasets": (0..14).map(dataset).collect::<Vec<_>>(),
        "UserVpc": {
            "VpcId": "vpc-1", "VSwitchId": "vsw-1", "SecurityGroupId": "sg-1", "ExtendedCIDRs": ["10.0.0.0/8"],
            "ForwardInfos": [{"Enable": true, "ForwardPort": "22", "SSHPublicKey": "ssh-ed25519 AAAA"}],
        },
        "EnvironmentVariables": (0..20).map(variable).collect::<serde_json::Map<_, _>>(),
        "UserCommand": {"OnStart": {"Content": "#!/bin/bash\necho \"it's ready\"\n"}},
        "MigrationOptions": {"Depth": {"Of": [1, 2.5, null, true]}},
    })
}

fn all_targets(criterion: &mut Criterion) {
    let body = body();
    let size = body.to_string().len();
    assert!((4_000..4_600).contains(&size), "{size} bytes");
    let secrecy = Secrecy::default();
    let request = Request {
        body: body.as_object().expect("it is one"),
        region: "cn-hangzhou",
        gateway: "",
        secrecy: &secrecy,
    };
    criterion.bench_function("all targets of 4 KiB", |bencher| {
        bencher.iter(|| {
            for target in Target::ALL {
                black_box(render(target, black_box(&request)));
            }
        });
    });
}

criterion_group!(benches, all_targets);
criterion_main!(benches);
