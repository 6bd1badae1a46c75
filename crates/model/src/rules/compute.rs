//! Rules of the section on machine, quota and size.

use super::{Check, Context, Findings, Rule, Severity, Source, is_set};
use crate::path;
use crate::request::{CreateInstanceRequest as Request, RequestedResource};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R05",
        severity: Severity::Error,
        // A machine type is the pay-as-you-go mode, a quota the prepaid one; there is no third.
        source: Source::Inferred,
        check: Check::Whole(
            &[Request::ECS_SPEC, Request::RESOURCE_ID],
            |request, _, findings| {
                if !is_set(request.ecs_spec.as_ref()) && !is_set(request.resource_id.as_ref()) {
                    findings.at([path![Request::ECS_SPEC], path![Request::RESOURCE_ID]]);
                }
            },
        ),
    },
    Rule {
        id: "R06",
        severity: Severity::Warning,
        // Nowhere said to be exclusive.
        source: Source::Inferred,
        check: Check::Whole(
            &[Request::ECS_SPEC, Request::RESOURCE_ID],
            |request, _, findings| {
                if is_set(request.ecs_spec.as_ref()) && is_set(request.resource_id.as_ref()) {
                    findings.at([path![Request::ECS_SPEC], path![Request::RESOURCE_ID]]);
                }
            },
        ),
    },
    Rule {
        id: "R07",
        severity: Severity::Warning,
        // On public resources the machine type gives the size.
        source: Source::Inferred,
        check: Check::Whole(
            &[Request::REQUESTED_RESOURCE, Request::RESOURCE_ID],
            |request, _, findings| {
                if is_set(request.requested_resource.as_ref())
                    && !is_set(request.resource_id.as_ref())
                {
                    findings.at([path![Request::REQUESTED_RESOURCE]]);
                }
            },
        ),
    },
    Rule {
        id: "R08",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(
            &[
                Request::RESOURCE_ID,
                Request::ECS_SPEC,
                Request::REQUESTED_RESOURCE,
            ],
            size_within_the_quota,
        ),
    },
];

fn size_within_the_quota(request: &Request, _: &Context, findings: &mut Findings<'_>) {
    if !is_set(request.resource_id.as_ref()) || is_set(request.ecs_spec.as_ref()) {
        return;
    }
    let size = request.requested_resource.as_ref();
    let missing: Vec<_> = [
        (
            size.and_then(|size| size.cpu.as_ref()),
            RequestedResource::CPU,
        ),
        (
            size.and_then(|size| size.memory.as_ref()),
            RequestedResource::MEMORY,
        ),
    ]
    .into_iter()
    .filter(|(value, _)| !is_set(*value))
    .map(|(_, field)| path![Request::REQUESTED_RESOURCE, field])
    .collect();
    if !missing.is_empty() {
        findings.at(missing);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_cases;

    #[test]
    fn r05_something_to_run_on() {
        check_cases(
            "R05",
            &[
                r#"{"EcsSpec": "ecs.c6.large"}"#,
                r#"{"ResourceId": "quota1"}"#,
                r#"{"EcsSpec": "ecs.c6.large", "ResourceId": "quota1"}"#,
            ],
            &[
                ("{}", &["EcsSpec", "ResourceId"]),
                (
                    r#"{"EcsSpec": "", "ResourceId": ""}"#,
                    &["EcsSpec", "ResourceId"],
                ),
            ],
        );
    }

    #[test]
    fn r06_machine_and_quota() {
        check_cases(
            "R06",
            &[
                "{}",
                r#"{"EcsSpec": "ecs.c6.large", "ResourceId": ""}"#,
                r#"{"ResourceId": "quota1"}"#,
            ],
            &[(
                r#"{"EcsSpec": "ecs.c6.large", "ResourceId": "quota1"}"#,
                &["EcsSpec", "ResourceId"],
            )],
        );
    }

    #[test]
    fn r07_size_without_quota() {
        check_cases(
            "R07",
            &[
                r#"{"EcsSpec": "ecs.c6.large"}"#,
                r#"{"RequestedResource": {}}"#,
                r#"{"RequestedResource": {"CPU": "4"}, "ResourceId": "quota1"}"#,
            ],
            &[(
                r#"{"RequestedResource": {"CPU": "4"}, "EcsSpec": "ecs.c6.large"}"#,
                &["RequestedResource"],
            )],
        );
    }

    #[test]
    fn r08_quota_without_size() {
        check_cases(
            "R08",
            &[
                "{}",
                r#"{"ResourceId": "quota1", "EcsSpec": "ecs.c6.large"}"#,
                r#"{"ResourceId": "quota1", "RequestedResource": {"CPU": "4", "Memory": "8Gi"}}"#,
            ],
            &[
                (
                    r#"{"ResourceId": "quota1"}"#,
                    &["RequestedResource.CPU", "RequestedResource.Memory"],
                ),
                (
                    r#"{"ResourceId": "quota1", "RequestedResource": {"CPU": "4"}}"#,
                    &["RequestedResource.Memory"],
                ),
                (
                    r#"{"ResourceId": "quota1", "RequestedResource": {"CPU": "", "Memory": "8Gi"}}"#,
                    &["RequestedResource.CPU"],
                ),
            ],
        );
    }

    #[test]
    fn r72_priority() {
        check_cases(
            "R72",
            &["{}", r#"{"Priority": 1}"#, r#"{"Priority": 9}"#],
            &[
                (r#"{"Priority": 0}"#, &["Priority"]),
                (r#"{"Priority": 10}"#, &["Priority"]),
                (r#"{"Priority": -9223372036854775808}"#, &["Priority"]),
            ],
        );
    }

    #[test]
    fn r102_number_of_sub_containers() {
        check_cases(
            "R102",
            &[
                "{}",
                r#"{"DockerConfig": {"Enable": true, "ContainersLimit": 1}}"#,
            ],
            &[(
                r#"{"DockerConfig": {"Enable": true, "ContainersLimit": 0}}"#,
                &["DockerConfig.ContainersLimit"],
            )],
        );
    }
}
