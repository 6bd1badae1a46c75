//! What happens to the data of an instance: when it is stopped, when it has been stopped for long, when it is deleted,
//! and when its machine is taken back.
//!
//! The facts are those of the API reference: on public resources, and on general-purpose quotas with a cloud disk,
//! 100 GiB are free, wiped once the instance has been stopped for more than 15 days, unless the disk is larger; the
//! disk goes with the instance. On a quota without a cloud disk each stop clears the system. What is mounted lies
//! outside of the instance.

use dsw_model::grammar::{Scheme, is_capacity, scheme};
use dsw_model::request::{CreateInstanceRequest, Dataset};
use dsw_model::rules::Context;
use dsw_model::rules::storage::{DISK, backs, is_too_small_for_disks};

use crate::costs::larger_disk;
use crate::language::{fill, tr};
use crate::rich::list;

/// Mounts that are named; of more than these the number is told.
const NAMED: usize = 4;

/// What the system of the instance is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Disk<'a> {
    /// Neither a machine nor a quota is chosen.
    Open,
    /// A machine and a quota are both chosen.
    Both,
    /// The free disk of public resources.
    Free,
    /// A disk of public resources that is larger than the free one: its size.
    Larger(&'a str),
    /// A disk of public resources of a size that cannot be read.
    Unclear,
    /// The free disk of a quota.
    QuotaFree,
    /// A disk of a quota that is larger than the free one: its size.
    QuotaLarger(&'a str),
    /// A disk of a quota of a size that cannot be read.
    QuotaUnclear,
    /// No disk: a quota has one only if it is asked for.
    None,
    /// A disk was asked for, but with so little of the quota there is none.
    TooSmall,
}

/// What /mnt/workspace is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Folder {
    /// The same as the system.
    System,
    /// A cloud disk, which there is not.
    NoDisk,
    /// The dataset in this row.
    Dataset(usize),
    /// The first dataset that may be one of files, if it is; it is registered, and nothing is known of it.
    Perhaps(usize),
    /// A dataset in OSS or a dynamic one, which cannot back it.
    Unfit,
    /// Nothing that there is.
    Unknown,
}

/// What becomes of the data, in whole sentences. There is always something to be said.
///
/// What is lost stands between [`crate::MARKS`].
pub fn data(request: &CreateInstanceRequest, known: &Context) -> Vec<String> {
    let (disk, rows) = (disk(request), datasets(request));
    let folder = folder(request, disk, known);
    let mut said = Vec::new();
    match folder {
        Folder::System => {}
        Folder::NoDisk => said.push(
            tr("/mnt/workspace is to be on a cloud disk, and there is none: add one under Cloud disks.").to_owned(),
        ),
        Folder::Dataset(row) => said.push(on_dataset(&rows[row], row, known)),
        Folder::Perhaps(row) => said.push(fill(
            "/mnt/workspace is on {} if that is NAS or CPFS, and then ⟦stays⟧; else it is on the machine itself and ⟦is lost on every stop⟧.",
            &[&named(&rows[row], row)],
        )),
        Folder::Unfit => said.push(
            tr("/mnt/workspace cannot be on OSS or on a dynamic mount: choose another working directory.").to_owned(),
        ),
        Folder::Unknown => said.push(
            tr("/mnt/workspace is to be on something that this request does not mount: choose another working directory.")
                .to_owned(),
        ),
    }
    said.push(system(disk, folder == Folder::System));
    mounts(request, folder, known, &mut said);
    taken_back(request, &mut said);
    said
}

fn text(value: Option<&String>) -> &str {
    value.map_or("", String::as_str)
}

fn datasets(request: &CreateInstanceRequest) -> &[Dataset] {
    request.datasets.as_deref().unwrap_or_default()
}

fn disk(request: &CreateInstanceRequest) -> Disk<'_> {
    let machine = !text(request.ecs_spec.as_ref()).is_empty();
    let quota = !text(request.resource_id.as_ref()).is_empty();
    let disks = request.cloud_disks.as_deref().unwrap_or_default();
    let share = request.requested_resource.as_ref();
    let unclear = disks
        .iter()
        .map(|disk| text(disk.capacity.as_ref()))
        .any(|size| !size.is_empty() && !is_capacity(size));
    match (machine, quota, larger_disk(request)) {
        (false, false, _) => Disk::Open,
        (true, true, _) => Disk::Both,
        (true, false, Some(size)) => Disk::Larger(size),
        (true, false, None) if unclear => Disk::Unclear,
        (true, false, None) => Disk::Free,
        (false, true, _) if disks.is_empty() => Disk::None,
        (false, true, _) if share.is_some_and(is_too_small_for_disks) => Disk::TooSmall,
        (false, true, Some(size)) => Disk::QuotaLarger(size),
        (false, true, None) if unclear => Disk::QuotaUnclear,
        (false, true, None) => Disk::QuotaFree,
    }
}

/// The kind of storage behind a dataset, where it is known.
fn storage(dataset: &Dataset, known: &Context) -> Option<Scheme> {
    let by_address = scheme(text(dataset.uri.as_ref()));
    by_address.or_else(|| {
        known
            .datasets
            .get(text(dataset.dataset_id.as_ref()))?
            .storage
    })
}

fn is_dynamic(dataset: &Dataset) -> bool {
    dataset.dynamic == Some(true)
}

fn folder(request: &CreateInstanceRequest, disk: Disk<'_>, known: &Context) -> Folder {
    let rows = datasets(request);
    let source = text(request.workspace_source.as_ref());
    let has_none = matches!(disk, Disk::None | Disk::TooSmall);
    if source == DISK {
        return if has_none {
            Folder::NoDisk
        } else {
            Folder::System
        };
    }
    if !source.is_empty() {
        let Some(row) = rows.iter().position(|row| backs(row, source)) else {
            return Folder::Unknown;
        };
        let unfit = is_dynamic(&rows[row]) || storage(&rows[row], known) == Some(Scheme::Oss);
        return if unfit {
            Folder::Unfit
        } else {
            Folder::Dataset(row)
        };
    }
    if !has_none {
        return Folder::System;
    }
    // Without a disk it is the first dataset of files, and without one of these the machine's own storage.
    let may_be_files = |row: &Dataset| {
        !is_dynamic(row) && storage(row, known) != Some(Scheme::Oss) && !is_empty(row)
    };
    match rows.iter().position(may_be_files) {
        Some(row) if storage(&rows[row], known).is_some() => Folder::Dataset(row),
        Some(row) => Folder::Perhaps(row),
        None => Folder::System,
    }
}

/// Whether a row does not say what is mounted.
fn is_empty(dataset: &Dataset) -> bool {
    text(dataset.uri.as_ref()).is_empty() && text(dataset.dataset_id.as_ref()).is_empty()
}

/// A mount by its path; by its number where it has none.
fn named(dataset: &Dataset, row: usize) -> String {
    match text(dataset.mount_path.as_ref()) {
        "" => fill("dataset {}", &[&(row + 1).to_string()]),
        path => path.to_owned(),
    }
}

/// That the working directory is on a dataset.
fn on_dataset(dataset: &Dataset, row: usize, known: &Context) -> String {
    let name = named(dataset, row);
    if access(dataset, known) == Some(false) {
        return fill(
            "/mnt/workspace is on {}, which is read-only: it stays as it is, and ⟦nothing can be saved in it⟧.",
            &[&name],
        );
    }
    fill(
        "/mnt/workspace is on {}, outside of the instance: it stays when you stop or delete that.",
        &[&name],
    )
}

/// What becomes of the system, and of the working directory where that is on the same.
fn system(disk: Disk<'_>, with_folder: bool) -> String {
    match (disk, with_folder) {
        (Disk::Open, true) => tr("Whether /mnt/workspace and the system last depends on the machine: with pay-as-you-go they are ⟦wiped after 15 days stopped⟧, on a quota without a cloud disk ⟦on every stop⟧.").to_owned(),
        (Disk::Open, false) => tr("Whether the system lasts depends on the machine: with pay-as-you-go it is ⟦wiped after 15 days stopped⟧, on a quota without a cloud disk ⟦on every stop⟧.").to_owned(),
        (Disk::Both, true) => tr("A machine and a quota are both set, so take it that /mnt/workspace and the system are ⟦cleared on every stop⟧.").to_owned(),
        (Disk::Both, false) => tr("A machine and a quota are both set, so take it that the system is ⟦cleared on every stop⟧.").to_owned(),
        (Disk::Free, true) => tr("/mnt/workspace and the system are on the free 100 GiB disk: kept when you stop, ⟦wiped once stopped for more than 15 days⟧, and ⟦deleted with the instance⟧.").to_owned(),
        (Disk::Free, false) => tr("The system, with the packages that you install, is on the free 100 GiB disk: kept when you stop, ⟦wiped once stopped for more than 15 days⟧, and ⟦deleted with the instance⟧.").to_owned(),
        (Disk::Larger(size), true) => fill("/mnt/workspace and the system are on a disk of {}: kept however long it is stopped, and ⟦deleted with the instance⟧.", &[size]),
        (Disk::Larger(size), false) => fill("The system, with the packages that you install, is on a disk of {}: kept however long it is stopped, and ⟦deleted with the instance⟧.", &[size]),
        (Disk::Unclear, true) => tr("/mnt/workspace and the system are on a disk whose size cannot be read: up to 100Gi it is ⟦wiped once stopped for more than 15 days⟧, and any is ⟦deleted with the instance⟧.").to_owned(),
        (Disk::Unclear, false) => tr("The system is on a disk whose size cannot be read: up to 100Gi it is ⟦wiped once stopped for more than 15 days⟧, and any is ⟦deleted with the instance⟧.").to_owned(),
        (Disk::QuotaFree, true) => tr("On a general-purpose quota /mnt/workspace and the system are on a cloud disk: kept when you stop, ⟦wiped once stopped for more than 15 days⟧, and ⟦deleted with the instance⟧.").to_owned(),
        (Disk::QuotaFree, false) => tr("On a general-purpose quota the system is on a cloud disk: kept when you stop, ⟦wiped once stopped for more than 15 days⟧, and ⟦deleted with the instance⟧.").to_owned(),
        (Disk::QuotaLarger(size), true) => fill("On a general-purpose quota /mnt/workspace and the system are on a cloud disk of {}: kept however long it is stopped, and ⟦deleted with the instance⟧.", &[size]),
        (Disk::QuotaLarger(size), false) => fill("On a general-purpose quota the system is on a cloud disk of {}: kept however long it is stopped, and ⟦deleted with the instance⟧.", &[size]),
        (Disk::QuotaUnclear, true) => tr("On a general-purpose quota /mnt/workspace and the system are on a cloud disk whose size cannot be read: up to 100Gi it is ⟦wiped once stopped for more than 15 days⟧, and any is ⟦deleted with the instance⟧.").to_owned(),
        (Disk::QuotaUnclear, false) => tr("On a general-purpose quota the system is on a cloud disk whose size cannot be read: up to 100Gi it is ⟦wiped once stopped for more than 15 days⟧, and any is ⟦deleted with the instance⟧.").to_owned(),
        (Disk::None, true) => tr("/mnt/workspace and the system are on the machine itself: ⟦cleared on every stop⟧, with the packages that you installed.").to_owned(),
        (Disk::None, false) => tr("The system is ⟦cleared on every stop⟧, since a quota is used without a cloud disk: packages that you installed are lost.").to_owned(),
        (Disk::TooSmall, true) => tr("With less than 2 cores or 4 GiB there is no cloud disk: /mnt/workspace and the system are ⟦cleared on every stop⟧.").to_owned(),
        (Disk::TooSmall, false) => tr("With less than 2 cores or 4 GiB there is no cloud disk: the system is ⟦cleared on every stop⟧.").to_owned(),
    }
}

/// Whether what is mounted can be written to, where that is known.
fn access(dataset: &Dataset, known: &Context) -> Option<bool> {
    let registered = known.datasets.get(text(dataset.dataset_id.as_ref()));
    let read_only = registered.and_then(|known| known.read_only) == Some(true);
    match text(dataset.mount_access.as_ref()) {
        _ if read_only || is_dynamic(dataset) => Some(false),
        "RO" => Some(false),
        "RW" => Some(true),
        _ => None,
    }
}

/// What becomes of the data that is mounted.
fn mounts(
    request: &CreateInstanceRequest,
    folder: Folder,
    known: &Context,
    said: &mut Vec<String>,
) {
    let mut groups: [Vec<String>; 4] = Default::default();
    for (row, dataset) in datasets(request).iter().enumerate() {
        if folder == Folder::Dataset(row) || is_empty(dataset) {
            continue;
        }
        let group = match access(dataset, known) {
            Some(true) => 0,
            None => 1,
            Some(false) if is_dynamic(dataset) => 3,
            Some(false) => 2,
        };
        groups[group].push(named(dataset, row));
    }
    let [written, open, read, dynamic] = groups.map(|names| list(&names, NAMED));
    if !written.is_empty() {
        said.push(fill(
            "What is written here goes to your own storage and stays: {}.",
            &[&written],
        ));
    }
    if !open.is_empty() {
        said.push(fill(
            "In your own storage, which stays; whether it can be written to is up to the dataset: {}.",
            &[&open],
        ));
    }
    if !read.is_empty() {
        said.push(fill("Read-only, and left as it is: {}.", &[&read]));
    }
    if !dynamic.is_empty() {
        said.push(fill(
            "Mounted while the instance runs, read-only, and left as it is: {}.",
            &[&dynamic],
        ));
    }
    let roots = request.dynamic_mount.as_ref();
    if roots.and_then(|mount| mount.enable) == Some(true)
        && !datasets(request).iter().any(is_dynamic)
    {
        said.push(tr("Data that you mount while the instance runs is read-only.").to_owned());
    }
}

/// What becomes of the data when the machine is taken back.
fn taken_back(request: &CreateInstanceRequest, said: &mut Vec<String>) {
    if request.spot_spec.is_some() {
        said.push(
            tr("A spot machine can be ⟦taken back while you work⟧: save often, to storage that stays.").to_owned(),
        );
    }
    match text(request.oversold_type.as_ref()) {
        "ForceQuotaOverSold" => said.push(
            tr("Idle capacity of the quota can be ⟦taken back while you work⟧: save often, to storage that stays.").to_owned(),
        ),
        "AcceptQuotaOverSold" => said.push(
            tr("If the instance gets idle capacity of the quota, that can be ⟦taken back while you work⟧: save often, to storage that stays.").to_owned(),
        ),
        _ => {}
    }
}
