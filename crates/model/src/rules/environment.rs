//! Rules of the section on environment and startup: variables and the start script. Those on roles stand in
//! `credentials`.

use super::{Check, Findings, Rule, Severity, Source};
use crate::grammar;
use crate::path::{Field, Path};
use crate::request::{CreateInstanceRequest as Request, OnStart, UserCommand};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R69",
        severity: Severity::Warning,
        source: Source::Policy,
        check: Check::Whole(READS, |request, _, findings| {
            variables(request, findings, |name, _| {
                !grammar::is_variable_name(name)
            });
        }),
    },
    Rule {
        id: "R70",
        severity: Severity::Warning,
        // That presets may be overwritten is documented, their names are ours.
        source: Source::Documented,
        check: Check::Whole(READS, |request, _, findings| {
            variables(request, findings, |name, _| {
                grammar::sets_system_variable(name)
            });
        }),
    },
    Rule {
        id: "R71",
        severity: Severity::Warning,
        // Everyone who can open the instance can read it. Nothing of the value is told, nor anything of what the person
        // says is no secret.
        source: Source::Policy,
        check: Check::Whole(READS, |request, context, findings| {
            let said = |name: &str| context.secrecy.said(name) != Some(false);
            variables(request, findings, |name, value| {
                !value.is_empty() && grammar::names_secret(name, value) && said(name)
            });
        }),
    },
    Rule {
        id: "R106",
        severity: Severity::Warning,
        source: Source::Policy,
        check: Check::Whole(&[Request::USER_COMMAND], |request, _, findings| {
            let command = request.user_command.as_ref();
            let start = command.and_then(|command| command.on_start.as_ref());
            let content = start.and_then(|start| start.content.as_deref());
            let Some(content) = content.filter(|content| !content.is_empty()) else {
                return;
            };
            let at = [
                Request::USER_COMMAND,
                UserCommand::ON_START,
                OnStart::CONTENT,
            ];
            if content.trim().is_empty() {
                findings.on(&at).with("blank", "yes").mended_by_clearing();
            } else if content.contains('\r') {
                let unix = content.replace("\r\n", "\n").replace('\r', "\n");
                findings.on(&at).mended_to(Some(unix));
            }
        }),
    },
];

const READS: &[Field] = &[Request::ENVIRONMENT_VARIABLES];

/// Reports the variables that are so. What has no name is not sent, which R68 says.
fn variables(request: &Request, findings: &mut Findings<'_>, is: impl Fn(&str, &str) -> bool) {
    let Some(variables) = &request.environment_variables else {
        return;
    };
    for (name, value) in variables {
        if !name.is_empty() && is(name, value) {
            let at = Path::of(READS).join(name.as_str());
            findings.at(at).with("name", name);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_cases, check_fixes};

    #[test]
    fn r69_names_of_variables() {
        check_cases(
            "R69",
            &[
                "{}",
                r#"{"EnvironmentVariables": {"userName": "Chris", "_A1": "", "": "a"}}"#,
            ],
            &[(
                r#"{"EnvironmentVariables": {"1A": "", "MY-VAR": "a", "A": "a b"}}"#,
                &["EnvironmentVariables.1A", "EnvironmentVariables.MY-VAR"],
            )],
        );
    }

    #[test]
    fn r70_variables_of_the_system() {
        check_cases(
            "R70",
            &[
                "{}",
                r#"{"EnvironmentVariables": {"MY_PATH": "/bin", "path": "/bin"}}"#,
            ],
            &[(
                r#"{"EnvironmentVariables": {"DSW_MODE": "a", "PATH": "/bin"}}"#,
                &["EnvironmentVariables.DSW_MODE", "EnvironmentVariables.PATH"],
            )],
        );
    }

    #[test]
    fn r71_no_secrets_in_variables() {
        check_cases(
            "R71",
            &[
                "{}",
                r#"{"EnvironmentVariables": {"userName": "Chris", "HF_TOKEN": "", "MAX_TOKENS": "9"}}"#,
            ],
            &[(
                r#"{"EnvironmentVariables": {"HF_TOKEN": "a", "ID": "LTAI5tABCDEFGHIJKLMNOPQR"}}"#,
                &["EnvironmentVariables.HF_TOKEN", "EnvironmentVariables.ID"],
            )],
        );
    }

    #[test]
    fn r106_start_scripts() {
        let content: &[&str] = &["UserCommand.OnStart.Content"];
        let windows = r#"{"UserCommand": {"OnStart": {"Content": "cd /mnt\r\necho a\r"}}}"#;
        let unix = r#"{"UserCommand": {"OnStart": {"Content": "cd /mnt\necho a\n"}}}"#;
        let blank = r#"{"UserCommand": {"OnStart": {"Content": " \r\n"}}}"#;
        check_cases(
            "R106",
            &[
                "{}",
                unix,
                r#"{"UserCommand": {"OnStart": {"Content": ""}}}"#,
            ],
            &[(windows, content), (blank, content)],
        );
        check_fixes(
            "R106",
            &[
                (windows, Some(unix)),
                (blank, Some(r#"{"UserCommand": {"OnStart": {}}}"#)),
            ],
        );
    }
}
