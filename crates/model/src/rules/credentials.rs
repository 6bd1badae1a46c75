//! Rules of the section on environment and startup: the roles that the instance takes on.

use super::{
    Check, Findings, Fix, Optional as _, Rule, Severity, Source, Text as _, not_an_object,
};
use crate::grammar;
use crate::path::{Field, Path};
use crate::request::{CreateInstanceRequest as Request, Credential, CredentialConfig, Role};

use super::seen::Seen;

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R83",
        severity: Severity::Error,
        // That there has to be a role follows.
        source: Source::Documented,
        check: Check::Whole(READS, |request, _, findings| {
            for (row, entry) in entries(request).iter().enumerate() {
                let parts = [
                    (entry.key.is_set(), "a key"),
                    (entry.kind.is_set(), "one role or a chain"),
                    (entry.roles.is_set(), "a role"),
                ];
                missing(&parts, configs().join(row), findings);
            }
        }),
    },
    Rule {
        id: "R84",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::Whole(READS, |request, _, findings| {
            roles(request, |at, role| {
                let arn = role.role_arn.text();
                let parts = [
                    (!arn.is_empty(), "the ARN"),
                    (role.role_type.is_set(), "who takes it on"),
                ];
                if !missing(&parts, at.clone(), findings) && !grammar::is_role_arn(arn) {
                    let found = findings.at(at.clone());
                    if let Some(bare) = grammar::trimmed(arn, grammar::is_role_arn) {
                        found.mended_by(Fix::set(at.join(Role::ROLE_ARN), bare));
                    }
                }
            });
        }),
    },
    Rule {
        id: "R86",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(READS, |request, _, findings| {
            for (row, entry) in entries(request).iter().enumerate() {
                let count = entry.roles.as_ref().map_or(0, Vec::len);
                let at = || configs().join(row).join(Credential::ROLES);
                // An entry without roles is R83's.
                match entry.kind.text() {
                    kind @ "Role" if count > 1 => {
                        findings.at(at()).with("kind", kind).with("count", count);
                    }
                    kind @ "RoleChain" if count == 1 => {
                        findings.at(at()).with("kind", kind);
                    }
                    _ => {}
                }
            }
        }),
    },
    Rule {
        id: "R87",
        severity: Severity::Error,
        source: Source::Inferred,
        check: Check::Whole(READS, |request, _, findings| {
            let Some(config) = &request.credential_config else {
                return;
            };
            let entries = entries(request);
            let mut seen = Seen::of(entries.len());
            let mut twice = None;
            for entry in entries {
                match entry.key.as_deref().filter(|key| !key.is_empty()) {
                    Some(key) => twice = twice.or(seen.add(key.as_bytes()).map(|_| key)),
                    None => seen.skip(),
                }
            }
            let at = || at(CredentialConfig::ALIYUN_ENV_ROLE_KEY);
            let key = config.aliyun_env_role_key.text();
            let is_known = |key: &str| seen.find(key.as_bytes()).is_some();
            if let Some(twice) = twice {
                findings.at(at()).with("twice", twice);
            } else if !key.is_empty() && !is_known(key) {
                findings
                    .at(at())
                    .with("key", key)
                    .mended_to(grammar::trimmed(key, is_known));
            }
        }),
    },
    Rule {
        id: "R88",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(READS, |request, _, findings| {
            let config = request.credential_config.as_ref();
            if config.and_then(|config| config.enable) != Some(true) && !entries(request).is_empty()
            {
                findings
                    .at(at(CredentialConfig::ENABLE))
                    .mended_to(Some(true));
            }
        }),
    },
    Rule {
        id: "R89",
        severity: Severity::Warning,
        source: Source::Documented,
        check: Check::Whole(READS, |request, _, findings| {
            let count = entries(request).len();
            if count > 1 {
                findings.at(configs()).with("count", count);
            }
        }),
    },
    Rule {
        id: "R90",
        severity: Severity::Error,
        source: Source::Inferred,
        check: Check::Whole(READS, |request, _, findings| {
            roles(request, |at, role| {
                let policy = role.policy.as_deref().filter(|policy| !policy.is_empty());
                if let Some(problem) = policy.and_then(not_an_object) {
                    findings.at(at.join(Role::POLICY)).with("problem", problem);
                }
            });
        }),
    },
];

const READS: &[Field] = &[Request::CREDENTIAL_CONFIG];

fn at(field: Field) -> Path {
    Path::of(&[Request::CREDENTIAL_CONFIG, field])
}

fn configs() -> Path {
    at(CredentialConfig::CONFIGS)
}

fn entries(request: &Request) -> &[Credential] {
    let config = request.credential_config.as_ref();
    config
        .and_then(|config| config.configs.as_deref())
        .unwrap_or_default()
}

/// Calls `visit` with all roles of all entries, and their paths.
fn roles(request: &Request, mut visit: impl FnMut(Path, &Role)) {
    for (row, entry) in entries(request).iter().enumerate() {
        let list = configs().join(row).join(Credential::ROLES);
        for (row, role) in entry
            .roles
            .as_deref()
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            visit(list.join(row), role);
        }
    }
}

/// Reports the parts that are not set, and whether there are such.
fn missing(parts: &[(bool, &str)], at: Path, findings: &mut Findings<'_>) -> bool {
    let missing = parts.iter().filter(|(set, _)| !set).map(|(_, part)| *part);
    let missing: Vec<_> = missing.collect();
    if !missing.is_empty() {
        findings.at(at).with("missing", missing.join(", "));
    }
    !missing.is_empty()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing;

    /// A body with this in its credential settings.
    fn body(settings: &str) -> String {
        format!(r#"{{"CredentialConfig": {{{settings}}}}}"#)
    }

    #[track_caller]
    fn check_cases(id: &str, accepted: &[&str], refused: &[(&str, &[&str])]) {
        let accepted: Vec<_> = accepted.iter().map(|settings| body(settings)).collect();
        let mut accepted: Vec<_> = accepted.iter().map(String::as_str).collect();
        accepted.push("{}");
        for (settings, fields) in refused {
            let fields: Vec<_> = fields
                .iter()
                .map(|field| format!("CredentialConfig.{field}"))
                .collect();
            let fields: Vec<_> = fields.iter().map(String::as_str).collect();
            testing::check_cases(id, &accepted, &[(&body(settings), &fields)]);
        }
    }

    #[track_caller]
    fn check_fixes(id: &str, cases: &[(&str, Option<&str>)]) {
        for (settings, mended) in cases {
            let mended = mended.map(body);
            testing::check_fixes(id, &[(&body(settings), mended.as_deref())]);
        }
    }

    #[test]
    fn r83_parts_of_an_entry() {
        check_cases(
            "R83",
            &[r#""Configs": [{"Key": "0", "Type": "Role", "Roles": [{}]}]"#],
            &[
                (r#""Configs": [{}]"#, &["Configs[0]"]),
                (
                    r#""Configs": [{"Key": "0", "Type": "Role", "Roles": [{}]}, {"Type": "Role", "Roles": [{}]}]"#,
                    &["Configs[1]"],
                ),
                (
                    r#""Configs": [{"Key": "0", "Roles": [{}]}]"#,
                    &["Configs[0]"],
                ),
                (
                    r#""Configs": [{"Key": "0", "Type": "Role", "Roles": []}]"#,
                    &["Configs[0]"],
                ),
            ],
        );
    }

    #[test]
    fn r84_parts_of_a_role() {
        let role = |arn: &str| {
            format!(r#""Configs": [{{"Roles": [{{"RoleArn": "{arn}", "RoleType": "user"}}]}}]"#)
        };
        let (right, spaced) = (role("acs:ram::1:role/a"), role(" acs:ram::1:role/a"));
        let wrong = role("acs:ram::1:user/a");
        let at: &[&str] = &["Configs[0].Roles[0]"];
        check_cases(
            "R84",
            &[&right, r#""Configs": [{"Roles": []}]"#],
            &[
                (&wrong, at),
                (&role(""), at),
                (
                    r#""Configs": [{"Roles": [{"RoleArn": "acs:ram::1:role/a"}]}]"#,
                    at,
                ),
                (
                    r#""Configs": [{}, {"Roles": [{}]}]"#,
                    &["Configs[1].Roles[0]"],
                ),
            ],
        );
        check_fixes("R84", &[(&spaced, Some(&right)), (&wrong, None)]);
    }

    #[test]
    fn r86_number_of_roles() {
        check_cases(
            "R86",
            &[
                r#""Configs": [{"Type": "Role", "Roles": [{}]}, {"Type": "RoleChain", "Roles": [{}, {}]}]"#,
                r#""Configs": [{"Type": "RoleChain"}, {"Roles": [{}, {}]}]"#,
            ],
            &[(
                r#""Configs": [{"Type": "Role", "Roles": [{}, {}]}, {"Type": "RoleChain", "Roles": [{}]}]"#,
                &["Configs[0].Roles", "Configs[1].Roles"],
            )],
        );
    }

    #[test]
    fn r87_keys_of_entries() {
        check_cases(
            "R87",
            &[
                r#""AliyunEnvRoleKey": "0", "Configs": [{"Key": "1"}, {"Key": "0"}]"#,
                r#""AliyunEnvRoleKey": "", "Configs": [{}, {"Key": ""}]"#,
            ],
            &[
                (
                    r#""AliyunEnvRoleKey": "2", "Configs": [{"Key": "1"}]"#,
                    &["AliyunEnvRoleKey"],
                ),
                (r#""AliyunEnvRoleKey": "0""#, &["AliyunEnvRoleKey"]),
                (
                    r#""AliyunEnvRoleKey": "2", "Configs": [{"Key": "1"}, {}, {"Key": "1"}]"#,
                    &["AliyunEnvRoleKey"],
                ),
            ],
        );
        check_fixes(
            "R87",
            &[
                (
                    r#""AliyunEnvRoleKey": "0 ", "Configs": [{"Key": "0"}]"#,
                    Some(r#""AliyunEnvRoleKey": "0", "Configs": [{"Key": "0"}]"#),
                ),
                (
                    r#""AliyunEnvRoleKey": "0", "Configs": [{"Key": "1"}]"#,
                    None,
                ),
            ],
        );
    }

    #[test]
    fn r88_roles_turned_on() {
        let mended = r#""Configs": [{}], "Enable": true"#;
        check_cases(
            "R88",
            &[mended, r#""Enable": false, "Configs": []"#],
            &[
                (r#""Configs": [{}]"#, &["Enable"]),
                (r#""Configs": [{}], "Enable": false"#, &["Enable"]),
            ],
        );
        check_fixes("R88", &[(r#""Configs": [{}]"#, Some(mended))]);
    }

    #[test]
    fn r89_one_role_for_an_instance() {
        check_cases(
            "R89",
            &[r#""Configs": [{"Roles": [{}, {}]}]"#],
            &[(r#""Configs": [{}, {}]"#, &["Configs"])],
        );
    }

    #[test]
    fn r90_policies() {
        let at: &[&str] = &["Configs[0].Roles[0].Policy"];
        check_cases(
            "R90",
            &[
                r#""Configs": [{"Roles": [{}, {"Policy": ""}, {"Policy": "{\"Version\": \"1\"}"}]}]"#,
            ],
            &[
                (r#""Configs": [{"Roles": [{"Policy": "[]"}]}]"#, at),
                (r#""Configs": [{"Roles": [{"Policy": "{"}]}]"#, at),
            ],
        );
    }
}
