//! Rules of the section on machine, quota and nodes.

use super::seen::Seen;
use super::{
    Check, Context, Findings, Optional as _, Rule, Severity, Source, Text as _, has_quota,
};
use crate::path;
use crate::path::Field;
use crate::request::{
    Affinity, AssignNodeSpec, CpuAffinity, CreateInstanceRequest as Request, RequestedResource,
};

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
                if !request.ecs_spec.is_set() && !request.resource_id.is_set() {
                    findings.on_each(&[Request::ECS_SPEC, Request::RESOURCE_ID]);
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
                if request.ecs_spec.is_set() && request.resource_id.is_set() {
                    findings.on_each(&[Request::ECS_SPEC, Request::RESOURCE_ID]);
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
                if request.requested_resource.is_set() && !request.resource_id.is_set() {
                    findings.on(&[Request::REQUESTED_RESOURCE]);
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
    Rule {
        id: "R73",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(
            &[Request::PRIORITY, Request::RESOURCE_ID],
            |request, _, findings| {
                let set = request.priority.is_some();
                only_with_a_quota(set, &[Request::PRIORITY], request, findings);
            },
        ),
    },
    Rule {
        id: "R82",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::Whole(
            &[Request::AFFINITY, Request::RESOURCE_ID],
            |request, _, findings| {
                let affinity = request.affinity.as_ref().and_then(|it| it.cpu.as_ref());
                let set = affinity.is_some_and(|it| it.enable == Some(true));
                let at = &[Request::AFFINITY, Affinity::CPU, CpuAffinity::ENABLE];
                only_with_a_quota(set, at, request, findings);
            },
        ),
    },
    Rule {
        id: "R98",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(
            &[Request::OVERSOLD_TYPE, Request::RESOURCE_ID],
            |request, _, findings| {
                let set = request.oversold_type.is_set();
                only_with_a_quota(set, &[Request::OVERSOLD_TYPE], request, findings);
            },
        ),
    },
    Rule {
        id: "R99",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(
            &[Request::SPOT_SPEC, Request::OVERSOLD_TYPE],
            |request, _, findings| {
                if request.spot_spec.is_set() && request.oversold_type.is_set() {
                    findings.on_each(&[Request::SPOT_SPEC, Request::OVERSOLD_TYPE]);
                }
            },
        ),
    },
    Rule {
        id: "R100",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(
            &[Request::ASSIGN_NODE_SPEC, Request::RESOURCE_ID],
            |request, _, findings| {
                let set = request.assign_node_spec.is_set();
                only_with_a_quota(set, &[Request::ASSIGN_NODE_SPEC], request, findings);
            },
        ),
    },
    Rule {
        id: "R101",
        severity: Severity::Error,
        source: Source::Inferred,
        check: Check::Whole(&[Request::ASSIGN_NODE_SPEC], nodes),
    },
    Rule {
        id: "R105",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(
            &[Request::DRIVER, Request::ECS_SPEC],
            |request, context, findings| {
                let name = request.ecs_spec.as_ref();
                let machine = name.and_then(|name| context.machines.get(name));
                if request.driver.is_set() && machine.is_some_and(|machine| !machine.gpu) {
                    findings.on(&[Request::DRIVER]).mended_by_clearing();
                }
            },
        ),
    },
    Rule {
        id: "R108",
        severity: Severity::Warning,
        source: Source::VendorGuide,
        check: Check::Whole(
            &[Request::ECS_SPEC, Request::SPOT_SPEC],
            |request, context, findings| {
                let name = request.ecs_spec.as_ref();
                let Some(machine) = name.and_then(|name| context.machines.get(name)) else {
                    return;
                };
                if machine.available == Some(false) {
                    findings.on(&[Request::ECS_SPEC]);
                } else if machine.spot_stock == Some(false) && request.spot_spec.is_set() {
                    findings.on(&[Request::ECS_SPEC]).with("stock", "spot");
                }
            },
        ),
    },
];

/// Reports what is set without a resource quota to which it would apply.
fn only_with_a_quota(set: bool, at: &[Field], request: &Request, findings: &mut Findings<'_>) {
    if set && !has_quota(request) {
        findings.on(at);
    }
}

fn nodes(request: &Request, _: &Context, findings: &mut Findings<'_>) {
    let Some(spec) = &request.assign_node_spec else {
        return;
    };
    let used = spec.node_names.text();
    let avoided = spec.anti_affinity_node_names.text();
    if used.is_empty() {
        return;
    }
    let at = [Request::ASSIGN_NODE_SPEC, AssignNodeSpec::NODE_NAMES];
    let names = || used.split(',').map(str::trim);
    let mut seen = Seen::of(avoided.split(',').count());
    for name in avoided.split(',') {
        seen.add(name.trim().as_bytes());
    }
    let both = |name: &&str| !name.is_empty() && seen.find(name.as_bytes()).is_some();
    if let Some(both) = names().find(both) {
        findings.on(&at).with("node", both);
    } else if names().any(str::is_empty) {
        let left: Vec<_> = names().filter(|name| !name.is_empty()).collect();
        let found = findings.on(&at);
        match left.as_slice() {
            [] => found.mended_by_clearing(),
            names => found.mended_to(Some(names.join(","))),
        };
    }
}

fn size_within_the_quota(request: &Request, _: &Context, findings: &mut Findings<'_>) {
    if !request.resource_id.is_set() || request.ecs_spec.is_set() {
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
    .filter(|(value, _)| value.is_none_or(String::is_empty))
    .map(|(_, field)| path![Request::REQUESTED_RESOURCE, field])
    .collect();
    if !missing.is_empty() {
        findings.at_all(missing);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_cases, check_cases_in, check_fixes, check_fixes_in};
    use crate::rules::{Context, Machine};

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
    fn r73_priority_without_quota() {
        check_cases(
            "R73",
            &["{}", r#"{"ResourceId": "quota1", "Priority": 1}"#],
            &[(r#"{"Priority": 1}"#, &["Priority"])],
        );
    }

    #[test]
    fn r82_cpu_binding_without_quota() {
        check_cases(
            "R82",
            &[
                "{}",
                r#"{"Affinity": {"CPU": {"Enable": false}}}"#,
                r#"{"Affinity": {"CPU": {"Enable": true}}, "ResourceId": "quota1"}"#,
            ],
            &[(
                r#"{"Affinity": {"CPU": {"Enable": true}}}"#,
                &["Affinity.CPU.Enable"],
            )],
        );
    }

    #[test]
    fn r98_preemptible_resources_without_quota() {
        check_cases(
            "R98",
            &[
                r#"{"OversoldType": ""}"#,
                r#"{"OversoldType": "ForceQuotaOverSold", "ResourceId": "quota1"}"#,
            ],
            &[(
                r#"{"OversoldType": "ForceQuotaOverSold"}"#,
                &["OversoldType"],
            )],
        );
    }

    #[test]
    fn r99_spot_and_preemptible_resources() {
        check_cases(
            "R99",
            &[
                r#"{"OversoldType": "ForceQuotaOverSold", "SpotSpec": {}}"#,
                r#"{"SpotSpec": {"SpotStrategy": "SpotAsPriceGo"}}"#,
            ],
            &[(
                r#"{"OversoldType": "ForceQuotaOverSold", "SpotSpec": {"SpotStrategy": "SpotAsPriceGo"}}"#,
                &["SpotSpec", "OversoldType"],
            )],
        );
    }

    #[test]
    fn r100_nodes_without_quota() {
        check_cases(
            "R100",
            &[
                r#"{"AssignNodeSpec": {}}"#,
                r#"{"AssignNodeSpec": {"NodeNames": "a"}, "ResourceId": "quota1"}"#,
            ],
            &[(
                r#"{"AssignNodeSpec": {"NodeNames": "a"}}"#,
                &["AssignNodeSpec"],
            )],
        );
    }

    #[test]
    fn r101_names_of_nodes() {
        let at: &[&str] = &["AssignNodeSpec.NodeNames"];
        check_cases(
            "R101",
            &[
                "{}",
                r#"{"AssignNodeSpec": {"NodeNames": ""}}"#,
                r#"{"AssignNodeSpec": {"NodeNames": "a,b", "AntiAffinityNodeNames": "c"}}"#,
                r#"{"AssignNodeSpec": {"NodeNames": "a, b"}}"#,
                r#"{"AssignNodeSpec": {"NodeNames": "a", "AntiAffinityNodeNames": "A,aa"}}"#,
            ],
            &[
                (
                    r#"{"AssignNodeSpec": {"NodeNames": "a,b", "AntiAffinityNodeNames": "c, b"}}"#,
                    at,
                ),
                (r#"{"AssignNodeSpec": {"NodeNames": "a,,b"}}"#, at),
                (r#"{"AssignNodeSpec": {"NodeNames": ",a"}}"#, at),
                (r#"{"AssignNodeSpec": {"NodeNames": " "}}"#, at),
            ],
        );
        check_fixes(
            "R101",
            &[
                (
                    r#"{"AssignNodeSpec": {"NodeNames": "a, ,b,"}}"#,
                    Some(r#"{"AssignNodeSpec": {"NodeNames": "a,b"}}"#),
                ),
                (
                    r#"{"AssignNodeSpec": {"NodeNames": ", "}}"#,
                    Some(r#"{"AssignNodeSpec": {}}"#),
                ),
                (
                    r#"{"AssignNodeSpec": {"NodeNames": "a,", "AntiAffinityNodeNames": "a"}}"#,
                    None,
                ),
            ],
        );
    }

    #[test]
    fn r105_driver_without_gpu() {
        let mut context = Context::default();
        for (name, gpu) in [("cpu", false), ("gpu", true)] {
            let machine = Machine {
                gpu,
                ..Machine::default()
            };
            context.machines.insert(name.to_owned(), machine);
        }
        let refused = r#"{"EcsSpec": "cpu", "Driver": "535.54.03"}"#;
        check_cases("R105", &[refused], &[]);
        check_cases_in(
            &context,
            "R105",
            &[
                r#"{"EcsSpec": "cpu", "Driver": ""}"#,
                r#"{"EcsSpec": "gpu", "Driver": "535.54.03"}"#,
                r#"{"EcsSpec": "unknown", "Driver": "535.54.03"}"#,
            ],
            &[(refused, &["Driver"])],
        );
        check_fixes_in(
            &context,
            "R105",
            &[(refused, Some(r#"{"EcsSpec": "cpu"}"#))],
        );
    }

    #[test]
    fn r108_machines_to_be_had() {
        let mut context = Context::default();
        for (name, available, spot_stock) in [
            ("unsaid", None, None),
            ("plenty", Some(true), Some(true)),
            ("no-spot", Some(true), Some(false)),
            ("sold-out", Some(false), None),
        ] {
            let machine = Machine {
                gpu: false,
                available,
                spot_stock,
            };
            context.machines.insert(name.to_owned(), machine);
        }
        let spot = r#"{"EcsSpec": "no-spot", "SpotSpec": {"SpotStrategy": "SpotAsPriceGo"}}"#;
        let sold_out = r#"{"EcsSpec": "sold-out"}"#;
        check_cases("R108", &[spot, sold_out], &[]);
        check_cases_in(
            &context,
            "R108",
            &[
                "{}",
                r#"{"EcsSpec": "unknown"}"#,
                r#"{"EcsSpec": "no-spot"}"#,
                r#"{"EcsSpec": "unsaid", "SpotSpec": {"SpotStrategy": "SpotAsPriceGo"}}"#,
                r#"{"EcsSpec": "plenty", "SpotSpec": {"SpotStrategy": "SpotAsPriceGo"}}"#,
            ],
            &[(spot, &["EcsSpec"]), (sold_out, &["EcsSpec"])],
        );
    }
}
