//! Rules on where data is mounted: what datasets have to do with each other, and dynamic mounting.

use super::seen::Seen;
use super::{Change, Check, Context, Findings, Fix, Rule, Severity, Source, Text as _, has_quota};
use crate::descriptor::Describe as _;
use crate::grammar;
use crate::path::{Field, Path};
use crate::request::{CreateInstanceRequest as Request, Dataset, DynamicMount, MountPoint};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R27",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::Whole(&[Request::DATASETS], |request, _, findings| {
            let mut seen = Seen::of(rows(request).len());
            for (row, folder) in folders(request) {
                let Some(folder) = folder else {
                    seen.skip();
                    continue;
                };
                if let Some(earlier) = seen.add(folder.as_bytes()) {
                    findings
                        .in_row(&[Request::DATASETS], row, Dataset::MOUNT_PATH)
                        .with("row", earlier + 1);
                }
            }
        }),
    },
    Rule {
        id: "R28",
        severity: Severity::Warning,
        source: Source::Policy,
        check: Check::Whole(&[Request::DATASETS], nested_paths),
    },
    Rule {
        id: "R31",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::Whole(&[Request::DATASETS, Request::DYNAMIC_MOUNT], below_a_root),
    },
    Rule {
        id: "R32",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::Whole(&[Request::DATASETS], |request, _, findings| {
            let rows = rows(request);
            let first = rows.iter().position(is_dynamic).unwrap_or(rows.len());
            if let Some(behind) = rows[first..].iter().position(|row| !is_dynamic(row)) {
                findings
                    .in_row(&[Request::DATASETS], first + behind, Dataset::DYNAMIC)
                    .mended_by(dynamic_last(rows));
            }
        }),
    },
    Rule {
        id: "R33",
        severity: Severity::Warning,
        // On general-purpose quotas only; nothing in a request says which kind a quota is.
        source: Source::Documented,
        check: Check::Whole(
            &[Request::DATASETS, Request::RESOURCE_ID],
            |request, _, findings| {
                if has_quota(request) {
                    return;
                }
                for (row, dataset) in rows(request).iter().enumerate() {
                    if is_dynamic(dataset) {
                        findings.in_row(&[Request::DATASETS], row, Dataset::DYNAMIC);
                    }
                }
            },
        ),
    },
    Rule {
        id: "R34",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(
            &[Request::DATASETS, Request::DYNAMIC_MOUNT],
            |request, _, findings| {
                let enable = request.dynamic_mount.as_ref().and_then(|it| it.enable);
                if enable != Some(true) && rows(request).iter().any(is_dynamic) {
                    findings
                        .on(&[Request::DYNAMIC_MOUNT, DynamicMount::ENABLE])
                        .mended_to(Some(true));
                }
            },
        ),
    },
    Rule {
        id: "R35",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::Whole(&[Request::DYNAMIC_MOUNT], |request, _, findings| {
            for (row, point) in points(request).iter().enumerate() {
                let root = point.root_path.text();
                if !root.starts_with('/') {
                    let is_absolute = |root: &str| root.starts_with('/');
                    findings
                        .at(root_path(row))
                        .with("root", root)
                        .mended_to(grammar::trimmed(root, is_absolute));
                }
            }
        }),
    },
    Rule {
        id: "R36",
        severity: Severity::Error,
        source: Source::Inferred,
        check: Check::Whole(&[Request::DYNAMIC_MOUNT], |request, _, findings| {
            let points = points(request);
            let mut seen = Seen::of(points.len());
            for (row, point) in points.iter().enumerate() {
                let root = point.root_path.text();
                if root.is_empty() {
                    seen.skip();
                } else if let Some(earlier) = seen.add(grammar::without_slash(root).as_bytes()) {
                    findings.at(root_path(row)).with("row", earlier + 1);
                }
            }
        }),
    },
    Rule {
        id: "R37",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(&[Request::DYNAMIC_MOUNT], |request, _, findings| {
            let enable = request.dynamic_mount.as_ref().and_then(|it| it.enable);
            if enable == Some(false) && !points(request).is_empty() {
                findings
                    .on(&[Request::DYNAMIC_MOUNT, DynamicMount::ENABLE])
                    .mended_to(Some(true));
            }
        }),
    },
];

fn rows(request: &Request) -> &[Dataset] {
    request.datasets.as_deref().unwrap_or_default()
}

fn is_dynamic(dataset: &Dataset) -> bool {
    dataset.dynamic == Some(true)
}

/// The folder that each dataset is mounted at, without a slash at its end; nothing where none is given.
fn folders(request: &Request) -> impl Iterator<Item = (usize, Option<&str>)> {
    rows(request).iter().enumerate().map(|(row, dataset)| {
        let path = dataset.mount_path.as_deref();
        let path = path.filter(|path| !path.is_empty());
        (row, path.map(grammar::without_slash))
    })
}

fn points(request: &Request) -> &[MountPoint] {
    let mount = request.dynamic_mount.as_ref();
    mount
        .and_then(|mount| mount.mount_points.as_deref())
        .unwrap_or_default()
}

fn root_path(row: usize) -> Path {
    let points = Path::of(&[Request::DYNAMIC_MOUNT, DynamicMount::MOUNT_POINTS]);
    points.join(row).join(MountPoint::ROOT_PATH)
}

fn nested_paths(request: &Request, _: &Context, findings: &mut Findings<'_>) {
    let mut seen = Seen::of(rows(request).len());
    for (_, folder) in folders(request) {
        match folder {
            Some(folder) => drop(seen.add(folder.as_bytes())),
            None => seen.skip(),
        }
    }
    let mut last = None;
    for (row, folder) in folders(request) {
        if let Some(outer) = folder.and_then(|folder| nearest(folder, &seen, &mut last)) {
            findings
                .in_row(&[Request::DATASETS], row, Dataset::MOUNT_PATH)
                .with("row", outer + 1);
        }
    }
}

/// The number of the nearest folder around this one that is known.
///
/// Most datasets stand side by side, so the answer for the folder around one is that for the next: `last`
/// keeps it.
fn nearest<'a>(
    folder: &'a str,
    known: &Seen<'_>,
    last: &mut Option<(&'a str, Option<usize>)>,
) -> Option<usize> {
    let around = grammar::parent(folder)?;
    if let Some((asked, answer)) = *last
        && asked == around
    {
        return answer;
    }
    let answer = grammar::ancestors(folder).find_map(|folder| known.find(folder.as_bytes()));
    *last = Some((around, answer));
    answer
}

fn below_a_root(request: &Request, _: &Context, findings: &mut Findings<'_>) {
    let field: Field = MountPoint::ROOT_PATH;
    let default = MountPoint::DESCRIPTOR.fields[usize::from(field.0)].default;
    let points = points(request);
    let mut roots = Seen::of(points.len() + 1);
    let given = points.iter().filter_map(|point| point.root_path.as_deref());
    for root in given.clone().filter(|root| !root.is_empty()) {
        roots.add(grammar::without_slash(root).as_bytes());
    }
    let shown = given.clone().find(|root| !root.is_empty());
    if shown.is_none() {
        roots.add(grammar::without_slash(default).as_bytes());
    }
    let mut last = None;
    for ((row, folder), dataset) in folders(request).zip(rows(request)) {
        let Some(folder) = folder.filter(|_| is_dynamic(dataset)) else {
            continue;
        };
        if nearest(folder, &roots, &mut last).is_none() {
            findings
                .in_row(&[Request::DATASETS], row, Dataset::MOUNT_PATH)
                .with("root", shown.unwrap_or(default));
        }
    }
}

/// The fewest moves that bring dynamic datasets behind the others; both keep their order.
///
/// What stays where it is are the others before some row and the dynamic ones from there on. Of all such rows
/// the best is found in one pass; then each dynamic one before it moves down to it, and each other behind it up.
fn dynamic_last(rows: &[Dataset]) -> Fix {
    let mut wrong = rows.iter().filter(|row| !is_dynamic(row)).count();
    let (mut fewest, mut cut) = (wrong, 0);
    for (row, dataset) in rows.iter().enumerate() {
        if is_dynamic(dataset) {
            wrong += 1;
        } else {
            wrong -= 1;
        }
        if wrong < fewest {
            (fewest, cut) = (wrong, row + 1);
        }
    }
    let list = || Path::of(&[Request::DATASETS]);
    let mut moves = Vec::with_capacity(fewest);
    let mut down = 0;
    for (row, _) in rows[..cut]
        .iter()
        .enumerate()
        .filter(|(_, row)| is_dynamic(row))
    {
        // Those before it that have gone made it come up by as many.
        moves.push(Change::Move(list(), row - down, cut - 1));
        down += 1;
    }
    let behind = rows.iter().enumerate().skip(cut);
    let up = behind.filter(|(_, row)| !is_dynamic(row)).enumerate();
    moves.extend(up.map(|(count, (row, _))| Change::Move(list(), row, cut - down + count)));
    Fix(moves)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::rules::testing::{check_cases, check_fixes};

    #[test]
    fn r27_each_its_own_path() {
        check_cases(
            "R27",
            &[
                "{}",
                r#"{"Datasets": [{}, {}, {"MountPath": ""}, {"MountPath": ""}]}"#,
                r#"{"Datasets": [{"MountPath": "/mnt/a"}, {"MountPath": "/mnt/A"}, {"MountPath": "/mnt/a/b"}]}"#,
            ],
            &[
                (
                    r#"{"Datasets": [{"MountPath": "/mnt/a"}, {}, {"MountPath": "/mnt/a/"}, {"MountPath": "/mnt/a"}]}"#,
                    &["Datasets[2].MountPath", "Datasets[3].MountPath"],
                ),
                (
                    r#"{"Datasets": [{"MountPath": "/"}, {"MountPath": "/"}]}"#,
                    &["Datasets[1].MountPath"],
                ),
            ],
        );
    }

    #[test]
    fn r28_paths_in_each_other() {
        check_cases(
            "R28",
            &[
                "{}",
                r#"{"Datasets": [{"MountPath": "/mnt/a"}, {"MountPath": "/mnt/ab"}, {"MountPath": "/mnt/b"}]}"#,
                r#"{"Datasets": [{"MountPath": "/mnt/a"}, {"MountPath": "/mnt/a/"}, {}]}"#,
            ],
            &[
                (
                    r#"{"Datasets": [{"MountPath": "/mnt/a/b/c"}, {"MountPath": "/mnt/a/d"}, {"MountPath": "/mnt/a/"}]}"#,
                    &["Datasets[0].MountPath", "Datasets[1].MountPath"],
                ),
                (
                    r#"{"Datasets": [{"MountPath": "/"}, {"MountPath": "/mnt"}]}"#,
                    &["Datasets[1].MountPath"],
                ),
            ],
        );
    }

    #[test]
    fn r31_below_a_dynamic_root() {
        let path: &[&str] = &["Datasets[0].MountPath"];
        check_cases(
            "R31",
            &[
                "{}",
                r#"{"Datasets": [{"MountPath": "/mnt/a"}, {"Dynamic": true}]}"#,
                r#"{"Datasets": [{"Dynamic": true, "MountPath": "/mnt/dynamic/a/b/"}]}"#,
                r#"{"Datasets": [{"Dynamic": true, "MountPath": "/data/a"}],
                    "DynamicMount": {"MountPoints": [{"RootPath": "/other/"}, {"RootPath": "/data"}]}}"#,
                r#"{"Datasets": [{"Dynamic": true, "MountPath": "/a"}], "DynamicMount": {"MountPoints": [{"RootPath": "/"}]}}"#,
                r#"{"Datasets": [{"Dynamic": true, "MountPath": "/mnt/dynamic/a"}], "DynamicMount": {"MountPoints": [{}]}}"#,
            ],
            &[
                (
                    r#"{"Datasets": [{"Dynamic": true, "MountPath": "/mnt/a"}]}"#,
                    path,
                ),
                (
                    r#"{"Datasets": [{"Dynamic": true, "MountPath": "/mnt/dynamic/"}]}"#,
                    path,
                ),
                (
                    r#"{"Datasets": [{"Dynamic": true, "MountPath": "/mnt/dynamics/a"}]}"#,
                    path,
                ),
                (
                    r#"{"Datasets": [{"Dynamic": true, "MountPath": "/mnt/dynamic/a"}],
                        "DynamicMount": {"MountPoints": [{"RootPath": "/data/"}]}}"#,
                    path,
                ),
            ],
        );
    }

    #[test]
    fn r32_dynamic_mounts_last() {
        let refused = r#"{"Datasets": [{"Uri": "a"}, {"Uri": "b", "Dynamic": true}, {"Uri": "c", "Dynamic": false}, {"Uri": "d"}]}"#;
        let mended = r#"{"Datasets": [{"Uri": "a"}, {"Uri": "c", "Dynamic": false}, {"Uri": "d"}, {"Uri": "b", "Dynamic": true}]}"#;
        check_cases(
            "R32",
            &[
                "{}",
                r#"{"Datasets": [{"Dynamic": true}, {"Dynamic": true}]}"#,
                mended,
            ],
            &[(refused, &["Datasets[2].Dynamic"])],
        );
        check_fixes("R32", &[(refused, Some(mended))]);
    }

    /// The most rows that can stay where they are, by trying all ways to choose them.
    fn most_kept(flags: &[bool]) -> usize {
        let is_in_order = |chosen: &u32| {
            let kept = flags
                .iter()
                .enumerate()
                .filter(|(n, _)| chosen >> n & 1 == 1);
            kept.map(|(_, dynamic)| dynamic).is_sorted()
        };
        let choices = (0..1_u32 << flags.len()).filter(is_in_order);
        choices
            .map(|chosen| chosen.count_ones() as usize)
            .max()
            .expect("none is a choice")
    }

    proptest! {
        #[test]
        fn dynamic_mounts_move_no_more_than_they_must(flags in vec(any::<bool>(), 0..10)) {
            let rows: Vec<_> = flags
                .iter()
                .map(|dynamic| Dataset { dynamic: Some(*dynamic), ..Dataset::default() })
                .collect();
            let fix = dynamic_last(&rows);
            prop_assert_eq!(fix.0.len(), flags.len() - most_kept(&flags));

            let mut order: Vec<_> = (0..flags.len()).collect();
            for change in fix.0 {
                let Change::Move(_, from, to) = change else { panic!("{change:?} is no move") };
                let row = order.remove(from);
                order.insert(to, row);
            }
            let mut expected: Vec<_> = (0..flags.len()).collect();
            expected.sort_by_key(|row| flags[*row]);
            prop_assert_eq!(order, expected);
        }
    }

    #[test]
    fn r33_dynamic_mounts_need_a_quota() {
        check_cases(
            "R33",
            &[
                r#"{"Datasets": [{"Dynamic": false}]}"#,
                r#"{"Datasets": [{"Dynamic": true}], "ResourceId": "quota1"}"#,
            ],
            &[(
                r#"{"Datasets": [{}, {"Dynamic": true}]}"#,
                &["Datasets[1].Dynamic"],
            )],
        );
    }

    #[test]
    fn r34_dynamic_mounting_turned_on() {
        let enable: &[&str] = &["DynamicMount.Enable"];
        let (unset, off) = (
            r#"{"Datasets": [{"Dynamic": true}]}"#,
            r#"{"Datasets": [{"Dynamic": true}], "DynamicMount": {"Enable": false}}"#,
        );
        let mended = r#"{"Datasets": [{"Dynamic": true}], "DynamicMount": {"Enable": true}}"#;
        check_cases(
            "R34",
            &[
                "{}",
                mended,
                r#"{"Datasets": [{}], "DynamicMount": {"Enable": false}}"#,
            ],
            &[(unset, enable), (off, enable)],
        );
        check_fixes("R34", &[(unset, Some(mended)), (off, Some(mended))]);
    }

    #[test]
    fn r35_roots() {
        let root: &[&str] = &["DynamicMount.MountPoints[0].RootPath"];
        check_cases(
            "R35",
            &[
                "{}",
                r#"{"DynamicMount": {"MountPoints": [{"RootPath": "/mnt/dynamic/"}]}}"#,
            ],
            &[
                (
                    r#"{"DynamicMount": {"MountPoints": [{"Options": "{}"}]}}"#,
                    root,
                ),
                (
                    r#"{"DynamicMount": {"MountPoints": [{"RootPath": ""}]}}"#,
                    root,
                ),
                (
                    r#"{"DynamicMount": {"MountPoints": [{"RootPath": "mnt"}]}}"#,
                    root,
                ),
            ],
        );
        check_fixes(
            "R35",
            &[
                (
                    r#"{"DynamicMount": {"MountPoints": [{"RootPath": " /mnt/"}]}}"#,
                    Some(r#"{"DynamicMount": {"MountPoints": [{"RootPath": "/mnt/"}]}}"#),
                ),
                (r#"{"DynamicMount": {"MountPoints": [{}]}}"#, None),
            ],
        );
    }

    #[test]
    fn r36_each_root_once() {
        check_cases(
            "R36",
            &[
                "{}",
                r#"{"DynamicMount": {"MountPoints": [{}, {}, {"RootPath": "/a"}, {"RootPath": "/a/b"}]}}"#,
            ],
            &[(
                r#"{"DynamicMount": {"MountPoints": [{"RootPath": "/a"}, {}, {"RootPath": "/a/"}]}}"#,
                &["DynamicMount.MountPoints[2].RootPath"],
            )],
        );
    }

    #[test]
    fn r37_roots_that_are_turned_off() {
        let refused = r#"{"DynamicMount": {"Enable": false, "MountPoints": [{"RootPath": "/a"}]}}"#;
        let mended = r#"{"DynamicMount": {"Enable": true, "MountPoints": [{"RootPath": "/a"}]}}"#;
        check_cases(
            "R37",
            &[
                mended,
                r#"{"DynamicMount": {"Enable": false, "MountPoints": []}}"#,
                r#"{"DynamicMount": {"MountPoints": [{"RootPath": "/a"}]}}"#,
            ],
            &[(refused, &["DynamicMount.Enable"])],
        );
        check_fixes("R37", &[(refused, Some(mended))]);
    }
}
