//! Rules of the section on storage: disks and the working directory. Those on datasets stand in `datasets` and
//! `mounts`.

use super::datasets::is_oss;
use super::{Check, Optional as _, Rule, Severity, Source, has_quota};
use crate::grammar::{self, Decimal, Quantity};
use crate::path::{Field, Path};
use crate::request::{CloudDisk, CreateInstanceRequest as Request, Dataset, RequestedResource};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R42",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::Whole(SOURCE_AND_DATASETS, |request, _, findings| {
            let Some(source) = source(request) else {
                return;
            };
            let is_known = |source: &str| {
                source == DISK || datasets(request).any(|dataset| backs(dataset, source))
            };
            if !is_known(source) {
                let bare = source.trim();
                let meant = if bare.eq_ignore_ascii_case(DISK) {
                    Some(DISK)
                } else {
                    grammar::trimmed(source, is_known)
                };
                findings
                    .on(&[Request::WORKSPACE_SOURCE])
                    .with("source", source)
                    .mended_to(meant);
            }
        }),
    },
    Rule {
        id: "R43",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::Whole(SOURCE_AND_DATASETS, |request, context, findings| {
            let Some(source) = source(request) else {
                return;
            };
            for dataset in datasets(request).filter(|dataset| backs(dataset, source)) {
                if dataset.dynamic == Some(true) {
                    findings.on(&[Request::WORKSPACE_SOURCE]);
                    return;
                }
                if is_oss(dataset, context) == Some(true) {
                    findings
                        .on(&[Request::WORKSPACE_SOURCE])
                        .with("storage", "OSS");
                    return;
                }
            }
        }),
    },
    Rule {
        id: "R44",
        severity: Severity::Warning,
        source: Source::Documented,
        check: Check::Whole(SOURCE_AND_DATASETS, |request, _, findings| {
            let Some(source) = source(request) else {
                return;
            };
            if datasets(request).any(|dataset| is_mounted_at(dataset, source)) {
                return;
            }
            if let Some(dataset) = datasets(request).find(|dataset| backs(dataset, source)) {
                let path = dataset.mount_path.as_ref().filter(|path| !path.is_empty());
                findings
                    .on(&[Request::WORKSPACE_SOURCE])
                    .mended_to(path.cloned());
            }
        }),
    },
    Rule {
        id: "R45",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(
            &[
                Request::WORKSPACE_SOURCE,
                Request::RESOURCE_ID,
                Request::CLOUD_DISKS,
            ],
            |request, _, findings| {
                if source(request) == Some(DISK)
                    && has_quota(request)
                    && !request.cloud_disks.is_set()
                {
                    findings.on(&[Request::WORKSPACE_SOURCE]);
                }
            },
        ),
    },
    Rule {
        id: "R46",
        severity: Severity::Error,
        // By its example only.
        source: Source::Documented,
        check: Check::Whole(&[Request::CLOUD_DISKS], |request, _, findings| {
            for (row, capacity) in capacities(request) {
                if !grammar::is_capacity(capacity) {
                    findings
                        .at(disk(row, CloudDisk::CAPACITY))
                        .mended_to(grammar::to_capacity(capacity));
                }
            }
        }),
    },
    Rule {
        id: "R47",
        severity: Severity::Warning,
        // So much is free. Older texts spoke of 30 for machines without a GPU.
        source: Source::Inferred,
        check: Check::Whole(&[Request::CLOUD_DISKS], |request, _, findings| {
            for (row, capacity) in capacities(request) {
                let is_small = |amount| amount < Quantity::gib(100);
                if grammar::is_capacity(capacity)
                    && Quantity::parse(capacity)
                        .thousandths_of_kib()
                        .is_some_and(is_small)
                {
                    findings
                        .at(disk(row, CloudDisk::CAPACITY))
                        .with("size", capacity);
                }
            }
        }),
    },
    Rule {
        id: "R49",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(&[Request::CLOUD_DISKS], |request, _, findings| {
            let count = disks(request)
                .iter()
                .filter(|disk| disk.sub_type.as_deref() == Some("rootfs"))
                .count();
            if count > 1 {
                findings.on(&[Request::CLOUD_DISKS]).with("count", count);
            }
        }),
    },
    Rule {
        id: "R50",
        severity: Severity::Warning,
        // It is in the request's schema, but bytes in use can only be an answer.
        source: Source::Inferred,
        check: Check::Whole(&[Request::CLOUD_DISKS], |request, _, findings| {
            for (row, it) in disks(request).iter().enumerate() {
                if it.status.is_some() {
                    findings
                        .at(disk(row, CloudDisk::STATUS))
                        .mended_by_clearing();
                }
            }
        }),
    },
    Rule {
        id: "R51",
        severity: Severity::Warning,
        source: Source::Documented,
        check: Check::Whole(
            &[
                Request::CLOUD_DISKS,
                Request::RESOURCE_ID,
                Request::REQUESTED_RESOURCE,
            ],
            |request, _, findings| {
                let size = request.requested_resource.as_ref();
                if request.cloud_disks.is_set()
                    && has_quota(request)
                    && size.is_some_and(is_too_small_for_disks)
                {
                    findings.on(&[Request::CLOUD_DISKS]);
                }
            },
        ),
    },
];

const SOURCE_AND_DATASETS: &[Field] = &[Request::WORKSPACE_SOURCE, Request::DATASETS];

/// The word for the disk of the instance as its working directory.
pub const DISK: &str = "rootfsCloudDisk";

fn source(request: &Request) -> Option<&str> {
    let source = request.workspace_source.as_deref();
    source.filter(|source| !source.is_empty())
}

fn datasets(request: &Request) -> std::slice::Iter<'_, Dataset> {
    request.datasets.as_deref().unwrap_or_default().iter()
}

fn disks(request: &Request) -> &[CloudDisk] {
    request.cloud_disks.as_deref().unwrap_or_default()
}

/// Whether the dataset is what this working directory means.
pub fn backs(dataset: &Dataset, source: &str) -> bool {
    dataset.dataset_id.as_deref() == Some(source) || is_mounted_at(dataset, source)
}

fn is_mounted_at(dataset: &Dataset, source: &str) -> bool {
    let path = dataset
        .mount_path
        .as_deref()
        .filter(|path| !path.is_empty());
    path.is_some_and(|path| grammar::without_slash(path) == grammar::without_slash(source))
}

fn disk(row: usize, field: Field) -> Path {
    Path::of(&[Request::CLOUD_DISKS]).join(row).join(field)
}

/// The sizes of disks that are set, with their rows.
fn capacities(request: &Request) -> impl Iterator<Item = (usize, &str)> {
    let rows = disks(request).iter().enumerate();
    rows.filter_map(|(row, disk)| Some((row, disk.capacity.as_deref()?)))
        .filter(|(_, capacity)| !capacity.is_empty())
}

/// Whether an instance of this size is known to get no disk: less than 2 cores or 4 GiB, and no GPU.
pub fn is_too_small_for_disks(size: &RequestedResource) -> bool {
    let has_gpu = size
        .gpu
        .as_deref()
        .filter(|count| !count.is_empty())
        .is_some_and(|count| Decimal::parse(count).is_none_or(Decimal::is_positive));
    let cores = size.cpu.as_deref().and_then(Decimal::parse);
    let memory = size.memory.as_deref().map(Quantity::parse);
    let few = cores
        .and_then(Decimal::thousandths)
        .is_some_and(|cores| cores < 2_000);
    let little = memory
        .and_then(Quantity::thousandths_of_kib)
        .is_some_and(|memory| memory < Quantity::gib(4));
    !has_gpu && (few || little)
}

#[cfg(test)]
mod tests {
    use crate::grammar::Scheme;
    use crate::rules::testing::{check_cases, check_cases_in, check_fixes};
    use crate::rules::{Context, Registered};

    const SOURCE: &[&str] = &["WorkspaceSource"];
    const SIZE: &[&str] = &["CloudDisks[0].Capacity"];

    #[test]
    fn r42_what_backs_the_working_directory() {
        check_cases(
            "R42",
            &[
                "{}",
                r#"{"WorkspaceSource": ""}"#,
                r#"{"WorkspaceSource": "rootfsCloudDisk"}"#,
                r#"{"WorkspaceSource": "/mnt/b", "Datasets": [{"MountPath": "/mnt/a"}, {"MountPath": "/mnt/b/"}]}"#,
                r#"{"WorkspaceSource": "d-1", "Datasets": [{"DatasetId": "d-1"}]}"#,
            ],
            &[
                (r#"{"WorkspaceSource": "rootfs"}"#, SOURCE),
                (
                    r#"{"WorkspaceSource": "/mnt/b", "Datasets": [{"MountPath": "/mnt/a"}]}"#,
                    SOURCE,
                ),
                (
                    r#"{"WorkspaceSource": "/", "Datasets": [{"MountPath": ""}]}"#,
                    SOURCE,
                ),
            ],
        );
        check_fixes(
            "R42",
            &[
                (
                    r#"{"WorkspaceSource": " rootfsclouddisk"}"#,
                    Some(r#"{"WorkspaceSource": "rootfsCloudDisk"}"#),
                ),
                (
                    r#"{"WorkspaceSource": "/mnt/a ", "Datasets": [{"MountPath": "/mnt/a"}]}"#,
                    Some(r#"{"WorkspaceSource": "/mnt/a", "Datasets": [{"MountPath": "/mnt/a"}]}"#),
                ),
                (r#"{"WorkspaceSource": "/mnt/a "}"#, None),
            ],
        );
    }

    #[test]
    fn r43_no_working_directory_in_oss() {
        let by_id = r#"{"WorkspaceSource": "/mnt/a", "Datasets": [{"DatasetId": "d-oss", "MountPath": "/mnt/a"}]}"#;
        check_cases(
            "R43",
            &[
                "{}",
                by_id,
                r#"{"WorkspaceSource": "rootfsCloudDisk", "Datasets": [{"Uri": "oss://b.e/p/", "MountPath": "/mnt/a"}]}"#,
                r#"{"WorkspaceSource": "/mnt/a", "Datasets": [{"Uri": "nas://b.e/p/", "MountPath": "/mnt/a"}]}"#,
                r#"{"WorkspaceSource": "/mnt/a", "Datasets": [{"DatasetId": "d-1", "MountPath": "/mnt/a", "Dynamic": false}]}"#,
            ],
            &[
                (
                    r#"{"WorkspaceSource": "/mnt/a", "Datasets": [{"Uri": "oss://b.e/p/", "MountPath": "/mnt/a/"}]}"#,
                    SOURCE,
                ),
                (
                    r#"{"WorkspaceSource": "d-1", "Datasets": [{"DatasetId": "d-1", "Dynamic": true}]}"#,
                    SOURCE,
                ),
            ],
        );
        let registered = |storage| Registered {
            storage: Some(storage),
            read_only: None,
        };
        let context = Context {
            datasets: [
                ("d-oss".to_owned(), registered(Scheme::Oss)),
                ("d-nas".to_owned(), registered(Scheme::Files)),
            ]
            .into(),
            ..Context::default()
        };
        check_cases_in(
            &context,
            "R43",
            &[
                r#"{"WorkspaceSource": "d-nas", "Datasets": [{"DatasetId": "d-nas"}]}"#,
                r#"{"WorkspaceSource": "d-1", "Datasets": [{"DatasetId": "d-1"}]}"#,
            ],
            &[
                (by_id, SOURCE),
                (
                    r#"{"WorkspaceSource": "d-oss", "Datasets": [{"DatasetId": "d-oss"}]}"#,
                    SOURCE,
                ),
            ],
        );
    }

    #[test]
    fn r44_mount_paths_rather_than_ids() {
        let refused = r#"{"WorkspaceSource": "d-1", "Datasets": [{"DatasetId": "d-1", "MountPath": "/mnt/a"}]}"#;
        let mended = r#"{"WorkspaceSource": "/mnt/a", "Datasets": [{"DatasetId": "d-1", "MountPath": "/mnt/a"}]}"#;
        let without = r#"{"WorkspaceSource": "d-1", "Datasets": [{"DatasetId": "d-1"}]}"#;
        check_cases(
            "R44",
            &[
                "{}",
                mended,
                r#"{"WorkspaceSource": "d-2", "Datasets": [{"DatasetId": "d-1"}]}"#,
            ],
            &[(refused, SOURCE), (without, SOURCE)],
        );
        check_fixes("R44", &[(refused, Some(mended)), (without, None)]);
    }

    #[test]
    fn r45_a_disk_to_work_on() {
        check_cases(
            "R45",
            &[
                r#"{"ResourceId": "quota1", "WorkspaceSource": "/mnt/a"}"#,
                r#"{"WorkspaceSource": "rootfsCloudDisk"}"#,
                r#"{"ResourceId": "quota1", "WorkspaceSource": "rootfsCloudDisk", "CloudDisks": [{"Capacity": "100Gi"}]}"#,
            ],
            &[(
                r#"{"ResourceId": "quota1", "WorkspaceSource": "rootfsCloudDisk"}"#,
                SOURCE,
            )],
        );
    }

    #[test]
    fn r46_sizes_of_disks() {
        check_cases(
            "R46",
            &[
                "{}",
                r#"{"CloudDisks": [{}, {"Capacity": ""}, {"Capacity": "100Gi"}]}"#,
                r#"{"CloudDisks": [{"Capacity": "1Gi"}]}"#,
            ],
            &[
                (r#"{"CloudDisks": [{"Capacity": "100"}]}"#, SIZE),
                (r#"{"CloudDisks": [{"Capacity": "100.5Gi"}]}"#, SIZE),
                (r#"{"CloudDisks": [{"Capacity": "0Gi"}]}"#, SIZE),
                (
                    r#"{"CloudDisks": [{"Capacity": "100Gi"}, {"Capacity": "100GB"}]}"#,
                    &["CloudDisks[1].Capacity"],
                ),
            ],
        );
        check_fixes(
            "R46",
            &[
                (
                    r#"{"CloudDisks": [{"Capacity": "200GB"}, {"Capacity": " 100"}]}"#,
                    Some(r#"{"CloudDisks": [{"Capacity": "200Gi"}, {"Capacity": "100Gi"}]}"#),
                ),
                (r#"{"CloudDisks": [{"Capacity": "1Ti"}]}"#, None),
            ],
        );
    }

    #[test]
    fn r47_free_size() {
        check_cases(
            "R47",
            &[
                "{}",
                r#"{"CloudDisks": [{"Capacity": "100Gi"}, {"Capacity": "5000Gi"}]}"#,
                // What is no size is R46's.
                r#"{"CloudDisks": [{"Capacity": "30"}, {"Capacity": "30GB"}, {"Capacity": "30Mi"}]}"#,
            ],
            &[
                (r#"{"CloudDisks": [{"Capacity": "99Gi"}]}"#, SIZE),
                (r#"{"CloudDisks": [{"Capacity": "30Gi"}]}"#, SIZE),
            ],
        );
    }

    #[test]
    fn r49_one_system_disk() {
        check_cases(
            "R49",
            &[
                "{}",
                r#"{"CloudDisks": [{"SubType": "rootfs"}, {"SubType": "data"}, {}]}"#,
            ],
            &[(
                r#"{"CloudDisks": [{"SubType": "rootfs"}, {}, {"SubType": "rootfs"}]}"#,
                &["CloudDisks"],
            )],
        );
    }

    #[test]
    fn r50_usage_is_not_sent() {
        let refused = r#"{"CloudDisks": [{}, {"Capacity": "100Gi", "Status": {"Usage": 1}}]}"#;
        check_cases(
            "R50",
            &["{}", r#"{"CloudDisks": [{"Capacity": "100Gi"}]}"#],
            &[(refused, &["CloudDisks[1].Status"])],
        );
        check_fixes(
            "R50",
            &[(
                refused,
                Some(r#"{"CloudDisks": [{}, {"Capacity": "100Gi"}]}"#),
            )],
        );
    }

    #[test]
    fn r51_disks_of_small_instances() {
        let body = |size: &str| {
            format!(
                r#"{{"CloudDisks": [{{"Capacity": "100Gi"}}], "ResourceId": "q", "RequestedResource": {{{size}}}}}"#
            )
        };
        let accepted = [
            r#""CPU": "2", "Memory": "4Gi""#,
            r#""CPU": "1", "Memory": "2Gi", "GPU": "1""#,
            r#""GPU": "0""#,
            r#""CPU": "one", "Memory": "4GB""#,
        ]
        .map(body);
        let refused = [
            r#""CPU": "1.5", "Memory": "8Gi""#,
            r#""CPU": "4", "Memory": "4000Mi""#,
            r#""CPU": "4", "Memory": "4", "GPU": "0""#,
        ]
        .map(body);
        let mut accepted: Vec<_> = accepted.iter().map(String::as_str).collect();
        accepted.extend([
            "{}",
            r#"{"CloudDisks": [{}], "RequestedResource": {"CPU": "1"}}"#,
            r#"{"ResourceId": "q", "RequestedResource": {"CPU": "1"}}"#,
        ]);
        let at: &[&str] = &["CloudDisks"];
        let refused: Vec<_> = refused.iter().map(|body| (body.as_str(), at)).collect();
        check_cases("R51", &accepted, &refused);
    }
}
