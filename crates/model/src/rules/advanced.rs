//! Rules of the section on what few need.

use super::{Check, Optional as _, Rule, Severity, Source, has_quota};
use crate::request::{CreateInstanceRequest as Request, DockerConfig};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R102",
        // Less than one container is an error: it stands on its field.
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(&[Request::DOCKER_CONFIG], |request, _, findings| {
            let Some(docker) = &request.docker_config else {
                return;
            };
            let set = docker.containers_limit.is_some() || docker.mount_access_config_path.is_set();
            if set && docker.enable != Some(true) {
                findings
                    .on(&[Request::DOCKER_CONFIG, DockerConfig::ENABLE])
                    .mended_to(Some(true));
            }
        }),
    },
    Rule {
        id: "R103",
        severity: Severity::Warning,
        // On Lingjun and general-purpose 1.0 quotas only; nothing in a request says which kind a quota is.
        source: Source::Documented,
        check: Check::Whole(
            &[Request::DOCKER_CONFIG, Request::RESOURCE_ID],
            |request, _, findings| {
                let docker = request.docker_config.as_ref();
                if docker.is_some_and(|docker| docker.enable == Some(true)) && !has_quota(request) {
                    findings.on(&[Request::DOCKER_CONFIG, DockerConfig::ENABLE]);
                }
            },
        ),
    },
    Rule {
        id: "R104",
        severity: Severity::Warning,
        // Their members are documented nowhere.
        source: Source::Inferred,
        check: Check::Whole(
            &[
                Request::MIGRATION_OPTIONS,
                Request::ACCESS_RESTRICTION_RULES,
            ],
            |request, _, findings| {
                if request.migration_options.is_set() {
                    findings.on(&[Request::MIGRATION_OPTIONS]);
                }
                if request.access_restriction_rules.is_set() {
                    findings.on(&[Request::ACCESS_RESTRICTION_RULES]);
                }
            },
        ),
    },
];

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_cases, check_fixes};

    #[test]
    fn r102_sub_containers() {
        let off = r#"{"DockerConfig": {"ContainersLimit": 10}}"#;
        let on = r#"{"DockerConfig": {"ContainersLimit": 10, "Enable": true}}"#;
        check_cases(
            "R102",
            &[
                "{}",
                on,
                r#"{"DockerConfig": {"Enable": true, "ContainersLimit": 1}}"#,
                r#"{"DockerConfig": {"Enable": false}}"#,
            ],
            &[
                (
                    r#"{"DockerConfig": {"Enable": true, "ContainersLimit": 0}}"#,
                    &["DockerConfig.ContainersLimit"],
                ),
                (off, &["DockerConfig.Enable"]),
                (
                    r#"{"DockerConfig": {"Enable": false, "MountAccessConfigPath": "/mnt/a"}}"#,
                    &["DockerConfig.Enable"],
                ),
            ],
        );
        check_fixes("R102", &[(off, Some(on))]);
    }

    #[test]
    fn r103_sub_containers_without_quota() {
        check_cases(
            "R103",
            &[
                r#"{"DockerConfig": {"Enable": false}}"#,
                r#"{"DockerConfig": {"Enable": true}, "ResourceId": "quota1"}"#,
            ],
            &[(
                r#"{"DockerConfig": {"Enable": true}}"#,
                &["DockerConfig.Enable"],
            )],
        );
    }

    #[test]
    fn r104_undocumented_settings() {
        check_cases(
            "R104",
            &[
                "{}",
                r#"{"MigrationOptions": {}, "AccessRestrictionRules": {}}"#,
            ],
            &[(
                r#"{"MigrationOptions": {"a": 1}, "AccessRestrictionRules": {"a": "1"}}"#,
                &["MigrationOptions", "AccessRestrictionRules"],
            )],
        );
    }
}
