//! Rules of the section on disks and datasets.

use super::{Check, Fix, Rule, Severity, Source, is_set};
use crate::path;
use crate::request::Dataset;

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R17",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::EachDataset(|dataset, _, findings| {
            if is_set(dataset.dataset_id.as_ref()) && is_set(dataset.uri.as_ref()) {
                findings.at([path![Dataset::DATASET_ID], path![Dataset::URI]]);
            }
        }),
    },
    Rule {
        id: "R18",
        severity: Severity::Error,
        // There would be nothing to mount.
        source: Source::Inferred,
        check: Check::EachDataset(|dataset, _, findings| {
            if !is_set(dataset.dataset_id.as_ref()) && !is_set(dataset.uri.as_ref()) {
                findings.at([path![Dataset::DATASET_ID], path![Dataset::URI]]);
            }
        }),
    },
    Rule {
        id: "R19",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::EachDataset(|dataset, _, findings| {
            if is_set(dataset.dataset_version.as_ref()) && !is_set(dataset.dataset_id.as_ref()) {
                findings
                    .at([path![Dataset::DATASET_VERSION]])
                    .mended_by(Fix::clear(path![Dataset::DATASET_VERSION]));
            }
        }),
    },
    Rule {
        id: "R20",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::EachDataset(|dataset, _, findings| {
            if is_set(dataset.options.as_ref()) && is_set(dataset.option_type.as_ref()) {
                findings
                    .at([path![Dataset::OPTIONS], path![Dataset::OPTION_TYPE]])
                    .mended_by(Fix::clear(path![Dataset::OPTION_TYPE]));
            }
        }),
    },
];

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_cases, check_fixes};

    #[test]
    fn r17_one_source() {
        check_cases(
            "R17",
            &[
                "{}",
                r#"{"Datasets": [{"DatasetId": "d-1"}, {"Uri": "oss://b.e/p/"}]}"#,
                r#"{"Datasets": [{"DatasetId": "d-1", "Uri": ""}]}"#,
            ],
            &[(
                r#"{"Datasets": [{"DatasetId": "d-1"}, {"DatasetId": "d-1", "Uri": "oss://b.e/p/"}]}"#,
                &["Datasets[1].DatasetId", "Datasets[1].Uri"],
            )],
        );
    }

    #[test]
    fn r18_a_source() {
        check_cases(
            "R18",
            &[
                "{}",
                r#"{"Datasets": []}"#,
                r#"{"Datasets": [{"Uri": "oss://b.e/p/"}]}"#,
            ],
            &[(
                r#"{"Datasets": [{"DatasetId": "d-1"}, {"MountPath": "/mnt/data"}]}"#,
                &["Datasets[1].DatasetId", "Datasets[1].Uri"],
            )],
        );
    }

    #[test]
    fn r19_version_of_a_dataset() {
        let refused = r#"{"Datasets": [{"Uri": "oss://b.e/p/", "DatasetVersion": "v1"}]}"#;
        check_cases(
            "R19",
            &[
                "{}",
                r#"{"Datasets": [{"DatasetId": "d-1", "DatasetVersion": "v1"}]}"#,
            ],
            &[(refused, &["Datasets[0].DatasetVersion"])],
        );
        check_fixes(
            "R19",
            &[(refused, Some(r#"{"Datasets": [{"Uri": "oss://b.e/p/"}]}"#))],
        );
    }

    #[test]
    fn r20_options_and_their_old_form() {
        let refused =
            r#"{"Datasets": [{"DatasetId": "d-1", "Options": "{}", "OptionType": "ReadOnly"}]}"#;
        check_cases(
            "R20",
            &[
                r#"{"Datasets": [{"DatasetId": "d-1", "Options": "{}"}]}"#,
                r#"{"Datasets": [{"DatasetId": "d-1", "OptionType": "ReadOnly"}]}"#,
            ],
            &[(refused, &["Datasets[0].Options", "Datasets[0].OptionType"])],
        );
        check_fixes(
            "R20",
            &[(
                refused,
                Some(r#"{"Datasets": [{"DatasetId": "d-1", "Options": "{}"}]}"#),
            )],
        );
    }
}
