//! Rules on each dataset by itself. What they have to do with each other stands in `mounts`.

use serde_json::Value;

use super::{Check, Context, Findings, Fix, Optional as _, Rule, Severity, Source, Text as _};
use crate::grammar::{self, Scheme};
use crate::json;
use crate::path;
use crate::request::Dataset;

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R17",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::EachDataset(|dataset, _, findings| {
            if dataset.dataset_id.is_set() && dataset.uri.is_set() {
                findings.on_each(&[Dataset::DATASET_ID, Dataset::URI]);
            }
        }),
    },
    Rule {
        id: "R18",
        severity: Severity::Error,
        // There would be nothing to mount.
        source: Source::Inferred,
        check: Check::EachDataset(|dataset, _, findings| {
            if !dataset.dataset_id.is_set() && !dataset.uri.is_set() {
                findings.on_each(&[Dataset::DATASET_ID, Dataset::URI]);
            }
        }),
    },
    Rule {
        id: "R19",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::EachDataset(|dataset, _, findings| {
            if dataset.dataset_version.is_set() && !dataset.dataset_id.is_set() {
                findings
                    .on(&[Dataset::DATASET_VERSION])
                    .mended_by_clearing();
            }
        }),
    },
    Rule {
        id: "R20",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::EachDataset(|dataset, _, findings| {
            if dataset.options.is_set() && dataset.option_type.is_set() {
                findings
                    .on_each(&[Dataset::OPTIONS, Dataset::OPTION_TYPE])
                    .mended_by(Fix::clear(path![Dataset::OPTION_TYPE]));
            }
        }),
    },
    Rule {
        id: "R21",
        severity: Severity::Warning,
        source: Source::Documented,
        check: Check::EachDataset(|dataset, _, findings| {
            if dataset.option_type.is_set() {
                // What options the presets stand for is documented nowhere, so none are put in their place.
                findings.on(&[Dataset::OPTION_TYPE]).mended_by_clearing();
            }
        }),
    },
    Rule {
        id: "R22",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::EachDataset(|dataset, context, findings| {
            let set = dataset.options.is_set() || dataset.option_type.is_set();
            if set && is_oss(dataset, context) == Some(false) {
                findings.on(&[Dataset::OPTIONS]);
            }
        }),
    },
    Rule {
        id: "R24",
        severity: Severity::Warning,
        // In the example all are texts, also the numbers.
        source: Source::Inferred,
        check: Check::EachDataset(|dataset, _, findings| {
            let options = dataset.options.as_deref().map(json::parse);
            let Some(Ok(Value::Object(options))) = options else {
                return;
            };
            if let Some((name, _)) = options.iter().find(|(_, value)| !value.is_string()) {
                findings.on(&[Dataset::OPTIONS]).with("name", name);
            }
        }),
    },
    Rule {
        id: "R25",
        severity: Severity::Error,
        // The command line guide asks for it.
        source: Source::Inferred,
        check: Check::EachDataset(|dataset, _, findings| {
            if !dataset.mount_path.is_set() {
                findings.on(&[Dataset::MOUNT_PATH]);
            }
        }),
    },
    Rule {
        id: "R29",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::EachDataset(|dataset, context, findings| {
            if dataset.dynamic == Some(true) && is_oss(dataset, context) == Some(false) {
                findings.on(&[Dataset::DYNAMIC]);
            }
        }),
    },
    Rule {
        id: "R30",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::EachDataset(|dataset, _, findings| {
            read_only(dataset, dataset.dynamic == Some(true), findings);
        }),
    },
    Rule {
        id: "R39",
        severity: Severity::Warning,
        // All documented addresses end so, and datasets that are folders are refused without.
        source: Source::Inferred,
        check: Check::EachDataset(|dataset, _, findings| {
            let uri = dataset.uri.text();
            // What has no scheme is no address at all: R38.
            if grammar::scheme(uri).is_some() && !uri.ends_with('/') {
                let bare = uri.trim_end();
                let slash = if bare.ends_with('/') { "" } else { "/" };
                findings
                    .on(&[Dataset::URI])
                    .mended_to(Some([bare, slash].concat()));
            }
        }),
    },
    Rule {
        id: "R40",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::EachDataset(|dataset, context, findings| {
            let uri = dataset.uri.text();
            let Some(host) = grammar::oss_host(uri) else {
                return;
            };
            if !host.contains('.') {
                findings.on(&[Dataset::URI]);
            } else if let (Some(named), Some(region)) = (grammar::oss_region(uri), &context.region)
                && named != region
            {
                findings
                    .on(&[Dataset::URI])
                    .with("named", named)
                    .with("region", region);
            }
        }),
    },
    Rule {
        id: "R41",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::EachDataset(|dataset, context, findings| {
            let id = dataset.dataset_id.as_ref();
            let registered = id.and_then(|id| context.datasets.get(id));
            let only = registered.is_some_and(|it| it.read_only == Some(true));
            read_only(dataset, only, findings);
        }),
    },
];

/// Whether the data lies in OSS, where that is known: from the address, or from the registered dataset. Where
/// both are given and disagree it is not.
pub(super) fn is_oss(dataset: &Dataset, context: &Context) -> Option<bool> {
    let by_address = dataset.uri.as_deref().and_then(grammar::scheme);
    let id = dataset.dataset_id.as_ref();
    let by_id = id
        .and_then(|id| context.datasets.get(id))
        .and_then(|registered| registered.storage);
    let storage = match (by_address, by_id) {
        (Some(one), Some(other)) if one != other => None,
        (one, other) => one.or(other),
    };
    storage.map(|storage| storage == Scheme::Oss)
}

/// Reports data that can only be read and is to be written.
fn read_only(dataset: &Dataset, only: bool, findings: &mut Findings<'_>) {
    if only && dataset.mount_access.as_deref() == Some("RW") {
        findings.on(&[Dataset::MOUNT_ACCESS]).mended_to(Some("RO"));
    }
}

#[cfg(test)]
mod tests {
    use crate::grammar::Scheme;
    use crate::rules::testing::{check_cases, check_cases_in, check_fixes, check_fixes_in};
    use crate::rules::{Context, Registered};

    /// Datasets of both kinds of storage, one read-only, and one of which nothing more is known.
    fn registered() -> Context {
        let entry =
            |id: &str, storage, read_only| (id.to_owned(), Registered { storage, read_only });
        Context {
            datasets: [
                entry("d-oss", Some(Scheme::Oss), Some(false)),
                entry("d-nas", Some(Scheme::Files), Some(true)),
                entry("d-any", None, None),
            ]
            .into(),
            ..Context::default()
        }
    }

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

    #[test]
    fn r21_old_presets() {
        let refused = r#"{"Datasets": [{"OptionType": "ReadOnly"}]}"#;
        check_cases(
            "R21",
            &[
                "{}",
                r#"{"Datasets": [{"OptionType": "", "Options": "{}"}]}"#,
            ],
            &[(refused, &["Datasets[0].OptionType"])],
        );
        check_fixes("R21", &[(refused, Some(r#"{"Datasets": [{}]}"#))]);
    }

    #[test]
    fn r22_options_are_for_oss() {
        let options: &[&str] = &["Datasets[0].Options"];
        check_cases(
            "R22",
            &[
                r#"{"Datasets": [{"Uri": "oss://b.e/p/", "Options": "{}"}]}"#,
                r#"{"Datasets": [{"Uri": "nas://b.e/p/", "Options": ""}]}"#,
                r#"{"Datasets": [{"DatasetId": "d-nas", "Options": "{}"}]}"#,
                // Of these it is not known.
                r#"{"Datasets": [{"Uri": "nfs://b.e/p/", "Options": "{}"}, {"Options": "{}"}]}"#,
            ],
            &[
                (
                    r#"{"Datasets": [{"Uri": "nas://b.e/p/", "Options": "{}"}]}"#,
                    options,
                ),
                (
                    r#"{"Datasets": [{"Uri": "cpfs://b.e/p/", "OptionType": "ReadOnly"}]}"#,
                    options,
                ),
                (
                    r#"{"Datasets": [{"Uri": "bmcpfs://b.e/p/", "Options": "{}"}]}"#,
                    options,
                ),
            ],
        );
        check_cases_in(
            &registered(),
            "R22",
            &[
                r#"{"Datasets": [{"DatasetId": "d-oss", "Options": "{}"}]}"#,
                r#"{"Datasets": [{"DatasetId": "d-any", "Options": "{}"}]}"#,
                r#"{"Datasets": [{"DatasetId": "d-1", "Options": "{}"}]}"#,
                r#"{"Datasets": [{"DatasetId": "d-nas", "Uri": "oss://b.e/p/", "Options": "{}"}]}"#,
                r#"{"Datasets": [{"DatasetId": "d-oss", "Uri": "nas://b.e/p/", "Options": "{}"}]}"#,
            ],
            &[
                (
                    r#"{"Datasets": [{"DatasetId": "d-nas", "Options": "{}"}]}"#,
                    options,
                ),
                (
                    r#"{"Datasets": [{"DatasetId": "d-any", "Uri": "nas://b.e/p/", "Options": "{}"}]}"#,
                    options,
                ),
            ],
        );
    }

    #[test]
    fn r23_options_are_an_object() {
        let options: &[&str] = &["Datasets[0].Options"];
        check_cases(
            "R23",
            &[
                "{}",
                r#"{"Datasets": [{"Options": ""}]}"#,
                r#"{"Datasets": [{"Options": "{}"}]}"#,
                r#"{"Datasets": [{"Options": " {\"a\": \"1\", \"b\": 2} "}]}"#,
            ],
            &[
                (r#"{"Datasets": [{"Options": "[]"}]}"#, options),
                (r#"{"Datasets": [{"Options": "-o ro"}]}"#, options),
                (r#"{"Datasets": [{"Options": "{\"a\": 1,}"}]}"#, options),
                (
                    r#"{"Datasets": [{"Options": "{\"a\": 1, \"a\": 2}"}]}"#,
                    options,
                ),
            ],
        );
    }

    #[test]
    fn r24_values_of_options_are_texts() {
        let options: &[&str] = &["Datasets[0].Options"];
        check_cases(
            "R24",
            &[
                "{}",
                r#"{"Datasets": [{"Options": ""}, {"Options": "{}"}]}"#,
                r#"{"Datasets": [{"Options": "{\"a\": \"1\"}"}]}"#,
                // What is no object is R23's.
                r#"{"Datasets": [{"Options": "[1]"}, {"Options": "{\"a\": 1"}]}"#,
            ],
            &[
                (
                    r#"{"Datasets": [{"Options": "{\"a\": \"1\", \"b\": 10}"}]}"#,
                    options,
                ),
                (r#"{"Datasets": [{"Options": "{\"a\": null}"}]}"#, options),
            ],
        );
    }

    #[test]
    fn r25_a_mount_path() {
        check_cases(
            "R25",
            &["{}", r#"{"Datasets": [{"MountPath": "/mnt/data"}]}"#],
            &[(
                r#"{"Datasets": [{"MountPath": ""}, {"DatasetId": "d-1"}]}"#,
                &["Datasets[0].MountPath", "Datasets[1].MountPath"],
            )],
        );
    }

    #[test]
    fn r26_mount_paths() {
        let path: &[&str] = &["Datasets[0].MountPath"];
        check_cases(
            "R26",
            &[
                "{}",
                r#"{"Datasets": [{"MountPath": ""}, {"MountPath": "/mnt/data/"}]}"#,
            ],
            &[
                (r#"{"Datasets": [{"MountPath": "mnt/data"}]}"#, path),
                (r#"{"Datasets": [{"MountPath": "/mnt/my data"}]}"#, path),
                (r#"{"Datasets": [{"MountPath": "/mnt/../etc"}]}"#, path),
            ],
        );
        check_fixes(
            "R26",
            &[
                (
                    r#"{"Datasets": [{"MountPath": " /mnt/data\n"}]}"#,
                    Some(r#"{"Datasets": [{"MountPath": "/mnt/data"}]}"#),
                ),
                (r#"{"Datasets": [{"MountPath": "/mnt/my data"}]}"#, None),
            ],
        );
    }

    #[test]
    fn r29_dynamic_mounts_of_oss() {
        let dynamic: &[&str] = &["Datasets[0].Dynamic"];
        check_cases(
            "R29",
            &[
                r#"{"Datasets": [{"Uri": "oss://b.e/p/", "Dynamic": true}]}"#,
                r#"{"Datasets": [{"Uri": "nas://b.e/p/", "Dynamic": false}]}"#,
                r#"{"Datasets": [{"Uri": "nfs://b.e/p/", "Dynamic": true}]}"#,
                r#"{"Datasets": [{"DatasetId": "d-nas", "Dynamic": true}]}"#,
            ],
            &[(
                r#"{"Datasets": [{"Uri": "nas://b.e/p/", "Dynamic": true}]}"#,
                dynamic,
            )],
        );
        check_cases_in(
            &registered(),
            "R29",
            &[
                r#"{"Datasets": [{"DatasetId": "d-oss", "Dynamic": true}]}"#,
                r#"{"Datasets": [{"DatasetId": "d-any", "Dynamic": true}]}"#,
            ],
            &[(
                r#"{"Datasets": [{"DatasetId": "d-nas", "Dynamic": true}]}"#,
                dynamic,
            )],
        );
    }

    #[test]
    fn r30_dynamic_mounts_are_read_only() {
        let refused = r#"{"Datasets": [{"Dynamic": true, "MountAccess": "RW"}]}"#;
        let mended = r#"{"Datasets": [{"Dynamic": true, "MountAccess": "RO"}]}"#;
        check_cases(
            "R30",
            &[
                mended,
                r#"{"Datasets": [{"Dynamic": true}, {"Dynamic": false, "MountAccess": "RW"}]}"#,
            ],
            &[(refused, &["Datasets[0].MountAccess"])],
        );
        check_fixes("R30", &[(refused, Some(mended))]);
    }

    #[test]
    fn r38_schemes() {
        let uri: &[&str] = &["Datasets[0].Uri"];
        check_cases(
            "R38",
            &[
                "{}",
                r#"{"Datasets": [{"Uri": ""}, {"Uri": "oss://b.e/p/"}, {"Uri": "nas://b.e/p/"}]}"#,
                r#"{"Datasets": [{"Uri": "cpfs://b.e/p/"}, {"Uri": "bmcpfs://b.e/p/"}]}"#,
            ],
            &[
                (r#"{"Datasets": [{"Uri": "https://b.e/p/"}]}"#, uri),
                (r#"{"Datasets": [{"Uri": "b.e/p/"}]}"#, uri),
                (r#"{"Datasets": [{"Uri": "OSS://b.e/p/"}]}"#, uri),
            ],
        );
        check_fixes(
            "R38",
            &[
                (
                    r#"{"Datasets": [{"Uri": " Oss://Bucket.e/P/"}]}"#,
                    Some(r#"{"Datasets": [{"Uri": "oss://Bucket.e/P/"}]}"#),
                ),
                (r#"{"Datasets": [{"Uri": "https://b.e/p/"}]}"#, None),
                (r#"{"Datasets": [{"Uri": "b.e/p/"}]}"#, None),
            ],
        );
    }

    #[test]
    fn r39_a_slash_at_the_end() {
        let uri: &[&str] = &["Datasets[0].Uri"];
        check_cases(
            "R39",
            &[
                "{}",
                r#"{"Datasets": [{"Uri": "oss://b.e/p/"}, {"Uri": ""}, {"Uri": "b.e/p"}]}"#,
            ],
            &[
                (r#"{"Datasets": [{"Uri": "oss://b.e/p"}]}"#, uri),
                (r#"{"Datasets": [{"Uri": "nas://b.e/p/ "}]}"#, uri),
            ],
        );
        check_fixes(
            "R39",
            &[
                (
                    r#"{"Datasets": [{"Uri": "oss://b.e/p\n"}]}"#,
                    Some(r#"{"Datasets": [{"Uri": "oss://b.e/p/"}]}"#),
                ),
                (
                    r#"{"Datasets": [{"Uri": "nas://b.e/p/ "}]}"#,
                    Some(r#"{"Datasets": [{"Uri": "nas://b.e/p/"}]}"#),
                ),
            ],
        );
    }

    #[test]
    fn r40_endpoints_of_oss() {
        let uri: &[&str] = &["Datasets[0].Uri"];
        let elsewhere =
            r#"{"Datasets": [{"Uri": "oss://b.oss-cn-shanghai-internal.aliyuncs.com/p/"}]}"#;
        check_cases(
            "R40",
            &[
                elsewhere,
                r#"{"Datasets": [{"Uri": "nas://b/p/"}, {"Uri": "oss://b.example.com/p/"}]}"#,
            ],
            &[(r#"{"Datasets": [{"Uri": "oss://b/p/"}]}"#, uri)],
        );
        let region = |name: &str| Context {
            region: Some(name.to_owned()),
            ..Context::default()
        };
        check_cases_in(&region("cn-shanghai"), "R40", &[elsewhere], &[]);
        check_cases_in(
            &region("cn-hangzhou"),
            "R40",
            &[r#"{"Datasets": [{"Uri": "oss://b.example.com/p/"}]}"#],
            &[(elsewhere, uri)],
        );
    }

    #[test]
    fn r41_access_of_the_dataset() {
        let refused = r#"{"Datasets": [{"DatasetId": "d-nas", "MountAccess": "RW"}]}"#;
        let mended = r#"{"Datasets": [{"DatasetId": "d-nas", "MountAccess": "RO"}]}"#;
        check_cases("R41", &[refused], &[]);
        check_cases_in(
            &registered(),
            "R41",
            &[
                mended,
                r#"{"Datasets": [{"DatasetId": "d-oss", "MountAccess": "RW"}]}"#,
                r#"{"Datasets": [{"DatasetId": "d-any", "MountAccess": "RW"}]}"#,
                r#"{"Datasets": [{"DatasetId": "d-1", "MountAccess": "RW"}]}"#,
            ],
            &[(refused, &["Datasets[0].MountAccess"])],
        );
        check_fixes_in(&registered(), "R41", &[(refused, Some(mended))]);
    }
}
