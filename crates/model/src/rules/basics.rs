//! Rules of the section on basics.

use super::{Check, Optional as _, Rule, Severity, Source};
use crate::request::CreateInstanceRequest as Request;

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R01",
        severity: Severity::Error,
        // The schema calls it optional, the command line guide required.
        source: Source::Inferred,
        check: Check::Whole(&[Request::WORKSPACE_ID], |request, _, findings| {
            if !request.workspace_id.is_set() {
                findings.on(&[Request::WORKSPACE_ID]);
            }
        }),
    },
    Rule {
        id: "R02",
        severity: Severity::Error,
        // As R01.
        source: Source::Inferred,
        check: Check::Whole(&[Request::INSTANCE_NAME], |request, _, findings| {
            if !request.instance_name.is_set() {
                findings.on(&[Request::INSTANCE_NAME]);
            }
        }),
    },
    Rule {
        id: "R107",
        severity: Severity::Warning,
        // The guide says that the service refuses it. What is known of other instances may be out of date.
        source: Source::VendorGuide,
        check: Check::Whole(&[Request::INSTANCE_NAME], |request, context, findings| {
            let name = request.instance_name.as_ref();
            if let Some(name) = name.filter(|name| context.instance_names.contains(*name)) {
                findings.on(&[Request::INSTANCE_NAME]).with("name", name);
            }
        }),
    },
];

#[cfg(test)]
mod tests {
    use crate::rules::Context;
    use crate::rules::testing::{check_cases, check_cases_in, check_fixes};

    #[test]
    fn r01_workspace() {
        check_cases(
            "R01",
            &[r#"{"WorkspaceId": "40823"}"#],
            &[
                ("{}", &["WorkspaceId"]),
                (r#"{"WorkspaceId": ""}"#, &["WorkspaceId"]),
            ],
        );
    }

    #[test]
    fn r02_name() {
        check_cases(
            "R02",
            &[r#"{"InstanceName": "training_data"}"#],
            &[
                ("{}", &["InstanceName"]),
                (r#"{"InstanceName": ""}"#, &["InstanceName"]),
            ],
        );
    }

    #[test]
    fn r03_characters_of_a_name() {
        check_cases(
            "R03",
            &[
                "{}",
                r#"{"InstanceName": ""}"#,
                r#"{"InstanceName": "Training_data_01"}"#,
            ],
            &[
                (r#"{"InstanceName": "train-1"}"#, &["InstanceName"]),
                (r#"{"InstanceName": " a"}"#, &["InstanceName"]),
                (r#"{"InstanceName": "é"}"#, &["InstanceName"]),
            ],
        );
        check_fixes(
            "R03",
            &[
                (
                    r#"{"InstanceName": "train-1 b"}"#,
                    Some(r#"{"InstanceName": "train_1_b"}"#),
                ),
                (r#"{"InstanceName": "tráin-1"}"#, None),
            ],
        );
    }

    #[test]
    fn r107_a_name_of_its_own() {
        let refused = r#"{"InstanceName": "training_data"}"#;
        let context = Context {
            instance_names: ["training_data".to_owned()].into(),
            ..Context::default()
        };
        check_cases("R107", &[refused], &[]);
        check_cases_in(
            &context,
            "R107",
            &[
                "{}",
                // Capitals count, and so does every letter.
                r#"{"InstanceName": "Training_data"}"#,
                r#"{"InstanceName": "training_data_2"}"#,
            ],
            &[(refused, &["InstanceName"])],
        );
    }

    #[test]
    fn r04_length_of_a_name() {
        check_cases(
            "R04",
            &[
                "{}",
                r#"{"InstanceName": "a23456789b123456789c1234567"}"#,
                // Characters are counted, not bytes.
                r#"{"InstanceName": "éééééééééééééééééééé1234567"}"#,
            ],
            &[(
                r#"{"InstanceName": "a23456789b123456789c12345678"}"#,
                &["InstanceName"],
            )],
        );
    }
}
