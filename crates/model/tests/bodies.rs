//! Whole bodies, and what is found in them.

use std::collections::BTreeSet;

use dsw_model::descriptor::{Describe as _, Kind};
use dsw_model::path::Path;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_model::rules::{Context, Severity};
use serde_json::Value;

/// Reads a body both ways, which have to agree, and checks that nothing of it is lost.
fn read(body: &str) -> Request {
    let body: Value = serde_json::from_str(body).expect("JSON");
    let request = Request::read(body.as_object().expect("an object"));
    assert_eq!(
        request,
        serde_json::from_value(body.clone()).expect("a request")
    );
    assert_eq!(
        serde_json::to_value(&request).expect("a request is JSON"),
        body
    );
    request
}

fn found(request: &Request, severity: Severity) -> Vec<(&'static str, String)> {
    dsw_model::judge(request, &Context::default())
        .into_iter()
        .filter(|found| found.severity == severity)
        .map(|found| (found.code, found.path().name(Request::DESCRIPTOR)))
        .collect()
}

/// Collects the names of the fields that are set. All rows count as row 0: each field has to be in
/// one.
fn collect(kind: Kind, path: &Path, value: &Value, set: &mut BTreeSet<String>) {
    match kind {
        Kind::Struct(descriptor) => {
            for (index, field) in descriptor.fields.iter().enumerate() {
                if let Some(value) = value.get(field.wire) {
                    let path = path.join(dsw_model::descriptor::field_step(index));
                    set.insert(path.name(Request::DESCRIPTOR));
                    collect(field.kind, &path, value, set);
                }
            }
        }
        Kind::List(item) => {
            for value in value.as_array().expect("a list") {
                collect(*item, &path.join(0), value, set);
            }
        }
        _ => {}
    }
}

#[test]
fn nothing_is_found_in_the_smallest_body() {
    let request = read(include_str!("data/smallest.json"));
    assert_eq!(dsw_model::judge(&request, &Context::default()), []);
}

#[test]
fn the_full_body_holds_every_field_and_no_error() {
    let request = read(include_str!("data/full.json"));
    assert_eq!(found(&request, Severity::Error), []);
    // It could not hold every field without these.
    let warned: BTreeSet<_> = found(&request, Severity::Warning)
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    let expected = ["R06", "R104", "R21", "R50", "R96", "R99"];
    assert!(warned.iter().eq(&expected), "{warned:?}");

    let body = serde_json::to_value(&request).expect("a request is JSON");
    let mut set = BTreeSet::new();
    collect(
        Kind::Struct(Request::DESCRIPTOR),
        &Path::ROOT,
        &body,
        &mut set,
    );
    let mut missing = Vec::new();
    Request::DESCRIPTOR.walk(&mut |path, _| {
        let name = path.name(Request::DESCRIPTOR);
        if !set.contains(&name) {
            missing.push(name);
        }
    });
    // An image is named by id or by address, not by both (R10).
    assert_eq!(missing, ["ImageId"]);
}

#[test]
fn the_members_are_written_in_form_order() {
    let request = read(include_str!("data/full.json"));
    let written = serde_json::to_string_pretty(&request).expect("a request is JSON");
    let (written, expected) = (written.lines(), include_str!("data/full.json").lines());
    assert_eq!(written.clone().count(), expected.clone().count());
    for (number, (written, expected)) in written.zip(expected).enumerate() {
        assert_eq!(written, expected, "line {}", number + 1);
    }
}

#[test]
fn the_examples_of_the_api_page_contradict_each_other() {
    let request = read(include_str!("data/api-page.json"));
    let expected = |expected: &[(&'static str, &str)]| -> Vec<_> {
        let owned = expected.iter().map(|(code, at)| (*code, (*at).to_owned()));
        owned.collect()
    };
    assert_eq!(
        found(&request, Severity::Error),
        expected(&[
            ("R10", "ImageId"),
            ("R12", "ImageAuth"),
            ("R17", "Datasets[0].DatasetId"),
            ("R31", "Datasets[0].MountPath"),
            ("R30", "Datasets[0].MountAccess"),
            ("R20", "Datasets[0].Options"),
        ])
    );
    assert_eq!(
        found(&request, Severity::Warning),
        expected(&[
            ("R06", "EcsSpec"),
            ("R96", "SpotSpec.SpotDuration"),
            ("R76", "RequestedResource.Memory"),
            ("R76", "RequestedResource.SharedMemory"),
            ("R50", "CloudDisks[0].Status"),
            ("R21", "Datasets[0].OptionType"),
            ("R34", "DynamicMount.Enable"),
            ("R56", "UserVpc.ExtendedCIDRs[0]"),
            ("R56", "UserVpc.ExtendedCIDRs[1]"),
            ("R102", "DockerConfig.Enable"),
        ])
    );
}

/// Mixtures of examples that the reference shows for objects and lists as a whole.
#[test]
fn examples_of_objects_are_accepted() {
    for body in [
        r#"{"ResourceId": "q", "RequestedResource": {"CPU": "4", "Memory": "8Gi", "SharedMemory": "4Gi", "GPU": "1",
            "GPUType": "V100"}}"#,
        r#"{"UserVpc": {"VpcId": "vpc-xxxxx", "SecurityGroupId": "sg-xxxxxx",
            "ExtendedCIDRs": ["192.168.0.0/24", "192.168.1.0/24"]}}"#,
        r#"{"EnvironmentVariables": {"userName": "Chris"}}"#,
        r#"{"EnvironmentVariables": {"NAME": "MAAS"}}"#,
        r#"{"Labels": [{"Key": "stsTokenOwner", "Value": "123xxxxxxxx"}], "Tag": [{"Key": "tag1", "Value": "value1"}]}"#,
        r#"{"CloudDisks": [{"Capacity": "100Gi", "SubType": "rootfs", "MountPath": "/mnt/systemDisk",
            "Path": "workspace"}], "WorkspaceSource": "rootfsCloudDisk"}"#,
        r##"{"UserCommand": {"OnStart": {"Content": "#!/bin/bash\necho ready"}}}"##,
    ] {
        let request = read(body);
        let needed = ["R01", "R02", "R05", "R09"];
        for severity in [Severity::Error, Severity::Warning] {
            let mut found = found(&request, severity);
            found.retain(|(code, _)| !needed.contains(code));
            assert_eq!(found, [], "{body}");
        }
    }
    // The object's own example names a model that is not in the list beside it.
    let request = read(
        r#"{"ResourceId": "q", "RequestedResource": {"GPU": "1", "GPUType": "Tesla-V100-16G"}}"#,
    );
    let models = found(&request, Severity::Warning);
    assert!(models.contains(&("R79", "RequestedResource.GPUType".to_owned())));
}

#[test]
fn findings_are_sorted_by_path() {
    let request = read(
        r#"{"Priority": 10, "WorkspaceId": "", "InstanceName": "é-a23456789b123456789c12345678",
            "UserVpc": {"ExtendedCIDRs": ["1", "10.0.0.1/8"]}}"#,
    );
    let all: Vec<_> = dsw_model::judge(&request, &Context::default())
        .into_iter()
        .map(|found| (found.code, found.path().name(Request::DESCRIPTOR)))
        .collect();
    let all: Vec<_> = all.iter().map(|(code, at)| (*code, at.as_str())).collect();
    assert_eq!(
        all,
        [
            ("R01", "WorkspaceId"),
            ("R03", "InstanceName"),
            ("R04", "InstanceName"),
            ("R05", "EcsSpec"),
            ("R72", "Priority"),
            ("R73", "Priority"),
            ("R09", "ImageId"),
            ("R55", "UserVpc.ExtendedCIDRs[0]"),
            ("R56", "UserVpc.ExtendedCIDRs[1]"),
        ]
    );
}
