//! Rules on how much of a resource quota the instance takes.

use super::{Check, Findings, Optional as _, Rule, Severity, Source, Text as _};
use crate::descriptor::{Choices, Describe as _};
use crate::grammar::{self, Decimal, Quantity};
use crate::path::{Field, Path};
use crate::request::{CreateInstanceRequest as Request, RequestedResource};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R74",
        severity: Severity::Error,
        // The type is documented, the range follows.
        source: Source::Inferred,
        check: Check::Whole(READS, |request, _, findings| {
            let Some(size) = &request.requested_resource else {
                return;
            };
            let is_cores = |text: &str| Decimal::parse(text).is_some_and(Decimal::is_positive);
            number(
                size.cpu.as_deref(),
                RequestedResource::CPU,
                is_cores,
                findings,
            );
            number(
                size.gpu.as_deref(),
                RequestedResource::GPU,
                grammar::is_whole,
                findings,
            );
        }),
    },
    Rule {
        id: "R75",
        severity: Severity::Warning,
        source: Source::Documented,
        check: Check::Whole(READS, |request, _, findings| {
            quantities(request, |path, text| {
                if matches!(Quantity::parse(text), Quantity::Bare(_)) {
                    findings.at(path).mended_to(grammar::to_quantity(text));
                }
            });
        }),
    },
    Rule {
        id: "R76",
        severity: Severity::Warning,
        // An example on the API page says 32GB itself, so this cannot be an error.
        source: Source::Documented,
        check: Check::Whole(READS, |request, _, findings| {
            quantities(request, |path, text| {
                if Quantity::parse(text) == Quantity::Other {
                    findings.at(path).mended_to(grammar::to_quantity(text));
                }
            });
        }),
    },
    Rule {
        id: "R77",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(READS, |request, _, findings| {
            let Some(size) = &request.requested_resource else {
                return;
            };
            let amount = |text: &String| Quantity::parse(text).thousandths_of_kib();
            let (Some(memory), Some(shared)) = (&size.memory, &size.shared_memory) else {
                return;
            };
            let amounts = (amount(memory), amount(shared));
            if matches!(amounts, (Some(memory), Some(shared)) if shared > memory) {
                findings
                    .at(at(RequestedResource::SHARED_MEMORY))
                    .with("shared", shared)
                    .with("memory", memory);
            }
        }),
    },
    Rule {
        id: "R78",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(READS, |request, _, findings| {
            let Some(size) = &request.requested_resource else {
                return;
            };
            let count = size.gpu.text();
            // What is no number is R74's.
            let Some(wanted) = Decimal::parse(if count.is_empty() { "0" } else { count }) else {
                return;
            };
            if wanted.is_positive() != size.gpu_type.is_set() {
                let found = findings.at(at(RequestedResource::GPU_TYPE));
                if wanted.is_positive() {
                    found.with("count", count);
                }
            }
        }),
    },
    Rule {
        id: "R79",
        severity: Severity::Warning,
        // The list is plainly out of date.
        source: Source::Documented,
        check: Check::Whole(READS, |request, _, findings| {
            let size = request.requested_resource.as_ref();
            let Some(model) = size.and_then(|size| size.gpu_type.as_deref()) else {
                return;
            };
            if !model.is_empty() && !is_known_model(model) {
                findings
                    .at(at(RequestedResource::GPU_TYPE))
                    .with("model", model)
                    .mended_to(grammar::trimmed(model, is_known_model));
            }
        }),
    },
];

const READS: &[Field] = &[Request::REQUESTED_RESOURCE];

fn at(field: Field) -> Path {
    Path::of(&[Request::REQUESTED_RESOURCE, field])
}

fn number(
    text: Option<&str>,
    field: Field,
    accepts: fn(&str) -> bool,
    findings: &mut Findings<'_>,
) {
    let Some(text) = text.filter(|text| !text.is_empty() && !accepts(text)) else {
        return;
    };
    let found = findings.at(at(field));
    if field == RequestedResource::GPU {
        found.with("part", "GPU");
    }
    found.mended_to(grammar::trimmed(text, accepts));
}

/// Calls `visit` with memory and shared memory, where they are set.
fn quantities(request: &Request, mut visit: impl FnMut(Path, &str)) {
    let Some(size) = &request.requested_resource else {
        return;
    };
    for (text, field) in [
        (&size.memory, RequestedResource::MEMORY),
        (&size.shared_memory, RequestedResource::SHARED_MEMORY),
    ] {
        if let Some(text) = text.as_deref().filter(|text| !text.is_empty()) {
            visit(at(field), text);
        }
    }
}

fn is_known_model(model: &str) -> bool {
    let field = usize::from(RequestedResource::GPU_TYPE.0);
    match RequestedResource::DESCRIPTOR.fields[field].choices {
        Choices::Free => true,
        Choices::Closed(known) | Choices::Open(known) => known
            .iter()
            .any(|known| known.value.eq_ignore_ascii_case(model)),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_cases, check_fixes};

    #[test]
    fn r74_cores_and_cards() {
        check_cases(
            "R74",
            &[
                "{}",
                r#"{"RequestedResource": {"CPU": "", "GPU": ""}}"#,
                r#"{"RequestedResource": {"CPU": "0.5", "GPU": "0"}}"#,
                r#"{"RequestedResource": {"CPU": "32", "GPU": "4"}}"#,
            ],
            &[
                (
                    r#"{"RequestedResource": {"CPU": "0", "GPU": "0.5"}}"#,
                    &["RequestedResource.CPU", "RequestedResource.GPU"],
                ),
                (
                    r#"{"RequestedResource": {"CPU": "-1"}}"#,
                    &["RequestedResource.CPU"],
                ),
                (
                    r#"{"RequestedResource": {"CPU": "4 cores"}}"#,
                    &["RequestedResource.CPU"],
                ),
                (
                    r#"{"RequestedResource": {"GPU": "one"}}"#,
                    &["RequestedResource.GPU"],
                ),
            ],
        );
        check_fixes(
            "R74",
            &[
                (
                    r#"{"RequestedResource": {"CPU": " 4"}}"#,
                    Some(r#"{"RequestedResource": {"CPU": "4"}}"#),
                ),
                (
                    r#"{"RequestedResource": {"GPU": "1 "}}"#,
                    Some(r#"{"RequestedResource": {"GPU": "1"}}"#),
                ),
                (r#"{"RequestedResource": {"GPU": "one"}}"#, None),
                (r#"{"RequestedResource": {"CPU": " 0 "}}"#, None),
            ],
        );
    }

    #[test]
    fn r75_a_unit() {
        check_cases(
            "R75",
            &[
                "{}",
                r#"{"RequestedResource": {"Memory": "", "SharedMemory": "16Gi"}}"#,
                r#"{"RequestedResource": {"Memory": "32GB"}}"#,
            ],
            &[(
                r#"{"RequestedResource": {"Memory": "32", "SharedMemory": "1.5"}}"#,
                &["RequestedResource.Memory", "RequestedResource.SharedMemory"],
            )],
        );
        check_fixes(
            "R75",
            &[
                (
                    r#"{"RequestedResource": {"Memory": "32"}}"#,
                    Some(r#"{"RequestedResource": {"Memory": "32Gi"}}"#),
                ),
                (
                    r#"{"RequestedResource": {"Memory": "32768"}}"#,
                    Some(r#"{"RequestedResource": {"Memory": "32Gi"}}"#),
                ),
            ],
        );
    }

    #[test]
    fn r76_the_units_of_the_service() {
        check_cases(
            "R76",
            &[
                "{}",
                r#"{"RequestedResource": {"Memory": "32Gi", "SharedMemory": "512Mi"}}"#,
                r#"{"RequestedResource": {"Memory": "1Ti", "SharedMemory": "1Ki"}}"#,
                r#"{"RequestedResource": {"Memory": "32"}}"#,
            ],
            &[
                (
                    r#"{"RequestedResource": {"Memory": "32GB", "SharedMemory": "32gi"}}"#,
                    &["RequestedResource.Memory", "RequestedResource.SharedMemory"],
                ),
                (
                    r#"{"RequestedResource": {"Memory": "much"}}"#,
                    &["RequestedResource.Memory"],
                ),
                (
                    r#"{"RequestedResource": {"Memory": "32 Gi"}}"#,
                    &["RequestedResource.Memory"],
                ),
            ],
        );
        check_fixes(
            "R76",
            &[
                (
                    r#"{"RequestedResource": {"Memory": "32GB", "SharedMemory": " 8G"}}"#,
                    Some(r#"{"RequestedResource": {"Memory": "32Gi", "SharedMemory": "8Gi"}}"#),
                ),
                (r#"{"RequestedResource": {"Memory": "much"}}"#, None),
            ],
        );
    }

    #[test]
    fn r77_shared_memory_is_part_of_memory() {
        check_cases(
            "R77",
            &[
                "{}",
                r#"{"RequestedResource": {"SharedMemory": "8Gi"}}"#,
                r#"{"RequestedResource": {"Memory": "8Gi", "SharedMemory": "8Gi"}}"#,
                r#"{"RequestedResource": {"Memory": "1Ti", "SharedMemory": "1000Gi"}}"#,
                // What cannot be compared is R76's.
                r#"{"RequestedResource": {"Memory": "8GB", "SharedMemory": "9Gi"}}"#,
            ],
            &[
                (
                    r#"{"RequestedResource": {"Memory": "8Gi", "SharedMemory": "8.001Gi"}}"#,
                    &["RequestedResource.SharedMemory"],
                ),
                // Without a unit it is MiB.
                (
                    r#"{"RequestedResource": {"Memory": "1000", "SharedMemory": "1Gi"}}"#,
                    &["RequestedResource.SharedMemory"],
                ),
            ],
        );
    }

    #[test]
    fn r78_number_and_model_of_gpus() {
        let model: &[&str] = &["RequestedResource.GPUType"];
        check_cases(
            "R78",
            &[
                "{}",
                r#"{"RequestedResource": {"GPU": "0"}}"#,
                r#"{"RequestedResource": {"GPU": "1", "GPUType": "V100"}}"#,
                r#"{"RequestedResource": {"GPU": "one", "GPUType": "V100"}}"#,
            ],
            &[
                (r#"{"RequestedResource": {"GPU": "1"}}"#, model),
                (
                    r#"{"RequestedResource": {"GPU": "1", "GPUType": ""}}"#,
                    model,
                ),
                (r#"{"RequestedResource": {"GPUType": "V100"}}"#, model),
                (
                    r#"{"RequestedResource": {"GPU": "0", "GPUType": "V100"}}"#,
                    model,
                ),
            ],
        );
    }

    #[test]
    fn r79_known_models() {
        check_cases(
            "R79",
            &[
                "{}",
                r#"{"RequestedResource": {"GPUType": ""}}"#,
                r#"{"RequestedResource": {"GPUType": "A100"}}"#,
                r#"{"RequestedResource": {"GPUType": "v100"}}"#,
            ],
            &[(
                r#"{"RequestedResource": {"GPUType": "Tesla-V100-16G"}}"#,
                &["RequestedResource.GPUType"],
            )],
        );
        check_fixes(
            "R79",
            &[
                (
                    r#"{"RequestedResource": {"GPUType": " T4"}}"#,
                    Some(r#"{"RequestedResource": {"GPUType": "T4"}}"#),
                ),
                (r#"{"RequestedResource": {"GPUType": "H20"}}"#, None),
            ],
        );
    }
}
