//! Rules of the section on the image.

use super::{Check, Context, Findings, Optional as _, Rule, Severity, Source};
use crate::grammar;
use crate::request::CreateInstanceRequest as Request;
use crate::secret::Secret;

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R09",
        severity: Severity::Error,
        // The command line guide asks for one of them.
        source: Source::Inferred,
        check: Check::Whole(
            &[Request::IMAGE_ID, Request::IMAGE_URL],
            |request, _, findings| {
                if !request.image_id.is_set() && !request.image_url.is_set() {
                    findings.on_each(&[Request::IMAGE_ID, Request::IMAGE_URL]);
                }
            },
        ),
    },
    Rule {
        id: "R10",
        severity: Severity::Error,
        // The API page does not say so; a sample there sends both.
        source: Source::VendorGuide,
        check: Check::Whole(
            &[Request::IMAGE_ID, Request::IMAGE_URL],
            |request, _, findings| {
                if request.image_id.is_set() && request.image_url.is_set() {
                    findings.on_each(&[Request::IMAGE_ID, Request::IMAGE_URL]);
                }
            },
        ),
    },
    Rule {
        id: "R11",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(
            &[Request::IMAGE_AUTH, Request::IMAGE_URL],
            |request, _, findings| {
                if request.image_auth.is_set() && !request.image_url.is_set() {
                    findings.on(&[Request::IMAGE_AUTH]);
                }
            },
        ),
    },
    Rule {
        id: "R13",
        severity: Severity::Warning,
        // The parameter holds "username and password"; that a colon parts them is registry custom.
        source: Source::Inferred,
        check: Check::Whole(&[Request::IMAGE_AUTH], |request, _, findings| {
            // Exposed to look for a colon; nothing of it is kept.
            let Some(auth) = request.image_auth.as_ref().map(Secret::expose) else {
                return;
            };
            let decoded = grammar::decode_base64(auth).filter(|decoded| !decoded.is_empty());
            if decoded.is_some_and(|decoded| !decoded.contains(&b':')) {
                findings.on(&[Request::IMAGE_AUTH]);
            }
        }),
    },
    Rule {
        id: "R15",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(&[Request::IMAGE_URL], image_region),
    },
    Rule {
        id: "R16",
        severity: Severity::Warning,
        // The guide says that such an instance would not start.
        source: Source::VendorGuide,
        check: Check::Whole(&[Request::ECS_SPEC, Request::IMAGE_ID], chip_type),
    },
];

fn image_region(request: &Request, context: &Context, findings: &mut Findings<'_>) {
    let (Some(url), Some(region)) = (&request.image_url, &context.region) else {
        return;
    };
    if let Some(named) = grammar::image_region(url).filter(|named| named != region) {
        findings
            .on(&[Request::IMAGE_URL])
            .with("named", named)
            .with("region", region);
    }
}

fn chip_type(request: &Request, context: &Context, findings: &mut Findings<'_>) {
    let machine = request
        .ecs_spec
        .as_ref()
        .and_then(|name| context.machines.get(name));
    let image = request
        .image_id
        .as_ref()
        .and_then(|id| context.images.get(id));
    let (Some(machine), Some(image)) = (machine, image) else {
        return;
    };
    if machine.gpu != image.gpu {
        findings
            .on_each(&[Request::ECS_SPEC, Request::IMAGE_ID])
            .with("image", if image.gpu { "GPU" } else { "CPU" })
            .with("machine", if machine.gpu { "GPU" } else { "CPU" });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_cases, check_cases_in, check_fixes};
    use crate::rules::{Context, Image, Machine};

    #[test]
    fn r09_an_image() {
        check_cases(
            "R09",
            &[
                r#"{"ImageId": "image-1"}"#,
                r#"{"ImageUrl": "registry.example.com/a/b"}"#,
            ],
            &[
                ("{}", &["ImageId", "ImageUrl"]),
                (r#"{"ImageId": ""}"#, &["ImageId", "ImageUrl"]),
            ],
        );
    }

    #[test]
    fn r10_one_image() {
        check_cases(
            "R10",
            &["{}", r#"{"ImageId": "image-1", "ImageUrl": ""}"#],
            &[(
                r#"{"ImageId": "image-1", "ImageUrl": "registry.example.com/a/b"}"#,
                &["ImageId", "ImageUrl"],
            )],
        );
    }

    #[test]
    fn r11_login_without_address() {
        check_cases(
            "R11",
            &[
                r#"{"ImageAuth": ""}"#,
                r#"{"ImageAuth": "YTpi", "ImageUrl": "registry.example.com/a/b"}"#,
            ],
            &[(
                r#"{"ImageAuth": "YTpi", "ImageId": "image-1"}"#,
                &["ImageAuth"],
            )],
        );
    }

    #[test]
    fn r12_login_is_base64() {
        check_cases(
            "R12",
            &[
                "{}",
                r#"{"ImageAuth": ""}"#,
                r#"{"ImageAuth": "dXNlcjpwYXNzd29yZA=="}"#,
            ],
            &[
                (r#"{"ImageAuth": "****"}"#, &["ImageAuth"]),
                (r#"{"ImageAuth": "user:password"}"#, &["ImageAuth"]),
            ],
        );
    }

    #[test]
    fn r13_login_has_a_colon() {
        check_cases(
            "R13",
            &[
                "{}",
                r#"{"ImageAuth": ""}"#,
                r#"{"ImageAuth": "dXNlcjpwYXNzd29yZA=="}"#,
                // What is no Base64 at all is R12's.
                r#"{"ImageAuth": "****"}"#,
            ],
            &[(r#"{"ImageAuth": "cGFzc3dvcmQ="}"#, &["ImageAuth"])],
        );
    }

    #[test]
    fn r14_no_scheme() {
        check_cases(
            "R14",
            &[
                "{}",
                r#"{"ImageUrl": ""}"#,
                r#"{"ImageUrl": "registry.example.com/a/b:c"}"#,
            ],
            &[
                (
                    r#"{"ImageUrl": "https://registry.example.com/a/b"}"#,
                    &["ImageUrl"],
                ),
                (
                    r#"{"ImageUrl": "registry.example.com/a/b "}"#,
                    &["ImageUrl"],
                ),
            ],
        );
        check_fixes(
            "R14",
            &[
                (
                    r#"{"ImageUrl": " https://registry.example.com/a/b"}"#,
                    Some(r#"{"ImageUrl": "registry.example.com/a/b"}"#),
                ),
                (r#"{"ImageUrl": "registry.example.com/a b"}"#, None),
            ],
        );
    }

    #[test]
    fn r15_region_of_the_registry() {
        let url = r#"{"ImageUrl": "registry-vpc.cn-shanghai.aliyuncs.com/a/b"}"#;
        let region = |name: &str| Context {
            region: Some(name.to_owned()),
            ..Context::default()
        };
        check_cases("R15", &[url], &[]);
        check_cases_in(&region("cn-shanghai"), "R15", &["{}", url], &[]);
        check_cases_in(
            &region("cn-hangzhou"),
            "R15",
            &["{}", r#"{"ImageUrl": "docker.io/library/python"}"#],
            &[(url, &["ImageUrl"])],
        );
    }

    #[test]
    fn r16_gpu_image_on_cpu_machine() {
        let mut context = Context::default();
        for (name, gpu) in [("cpu", false), ("gpu", true)] {
            let machine = Machine {
                gpu,
                ..Machine::default()
            };
            context.machines.insert(name.to_owned(), machine);
            context.images.insert(name.to_owned(), Image { gpu });
        }
        check_cases_in(
            &context,
            "R16",
            &[
                "{}",
                r#"{"EcsSpec": "cpu", "ImageId": "cpu"}"#,
                r#"{"EcsSpec": "gpu", "ImageId": "gpu"}"#,
                r#"{"EcsSpec": "cpu", "ImageId": "unknown"}"#,
                r#"{"EcsSpec": "unknown", "ImageId": "gpu"}"#,
            ],
            &[
                (
                    r#"{"EcsSpec": "cpu", "ImageId": "gpu"}"#,
                    &["EcsSpec", "ImageId"],
                ),
                (
                    r#"{"EcsSpec": "gpu", "ImageId": "cpu"}"#,
                    &["EcsSpec", "ImageId"],
                ),
            ],
        );
    }
}
