//! What the instance stores: disks, datasets, dynamic mounts.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::descriptor::{Describe, Source};
use crate::violation;

/// A disk of the instance.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct CloudDisk {
    /// Whole number with Gi, 100Gi or more. The disk can grow later but never shrink.
    #[field(label = "Size", example = "100Gi", unit = "Gi", control = Quantity(&["Gi"]), guide = Why)]
    pub capacity: Option<String>,

    /// What the disk is for. A rootfs disk holds the system environment.
    #[field(label = "Disk type", example = "rootfs", closed("rootfs" = "system disk"), rule = "R48")]
    pub sub_type: Option<String>,

    /// Folder of the instance in which the disk appears.
    #[field(label = "Mount path", example = "/mnt/systemDisk")]
    pub mount_path: Option<String>,

    /// Folder on the disk that is mounted.
    #[field(label = "Folder on the disk", example = "workspace")]
    pub path: Option<String>,

    /// Space as the service reports it. Leave it out of a request.
    #[field(label = "Usage", read_only)]
    pub status: Option<CloudDiskStatus>,
}

/// Space on a disk, as the service reports it.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct CloudDiskStatus {
    /// Space that is still free.
    #[field(
        label = "Free space",
        example = "31841058816",
        unit = "bytes",
        read_only
    )]
    pub available: Option<i64>,

    /// Space that is in use.
    #[field(label = "Used space", example = "371195904", unit = "bytes", read_only)]
    pub usage: Option<i64>,

    /// Size of the disk.
    #[field(
        label = "Total space",
        example = "32212254720",
        unit = "bytes",
        read_only
    )]
    pub capacity: Option<i64>,
}

/// Data that is mounted into the instance.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
#[describe(
    alternatives("DatasetId", "Uri"),
    alternatives("Options", "OptionType")
)]
pub struct Dataset {
    /// ID of a registered dataset, from ListDatasets. Use this or a storage address.
    #[field(label = "Dataset", example = "d-vsqjvs0rp5l206u", shape = Id("d-"), control = Listed(Source::Datasets), guide = Where)]
    pub dataset_id: Option<String>,

    /// Version of the registered dataset. ListDatasetVersions names them.
    #[field(label = "Dataset version", example = "v1", default = "v1", when = Set("DatasetId"), control = Listed(Source::Versions), guide = Where)]
    pub dataset_version: Option<String>,

    /// Folder in oss, nas, cpfs or bmcpfs, ending in a slash. The storage console shows it.
    #[field(
        label = "Storage address",
        example = "oss://bucket-name.oss-cn-shanghai-internal.aliyuncs.com/data/path/",
        guide = Where,
    )]
    #[validate(custom(function = violation::storage_address))]
    pub uri: Option<String>,

    /// Where the data appears in the instance, such as /mnt/data. No two mounts share a path.
    #[field(label = "Mount path", example = "/mnt/data", guide = Why)]
    #[validate(custom(function = violation::mount_path))]
    pub mount_path: Option<String>,

    /// Whether the instance may change the data. Read-only data stays read-only.
    #[field(label = "Access", example = "RW", closed("RW" = "read-write", "RO" = "read-only"), guide = Why)]
    pub mount_access: Option<String>,

    /// For OSS only: a JSON object written as text, with text for its values.
    #[field(
        label = "Mount options",
        example = r#"{"fs.oss.download.thread.concurrency":"10"}"#,
        control = Options,
        guide = Why,
    )]
    #[validate(custom(function = violation::options))]
    pub options: Option<String>,

    /// Outdated preset for OSS. Use mount options instead.
    #[field(
        label = "Mount type",
        example = "ReadOnly",
        open(
            "FastReadWrite" = "fast read-write",
            "IncrementalReadWrite" = "incremental read-write",
            "ConsistentReadWrite" = "consistent read-write",
            "ReadOnly" = "read-only",
        ),
        deprecated,
    )]
    pub option_type: Option<String>,

    /// For OSS on a general-purpose quota: mounted at run time, read-only, below a dynamic root.
    #[field(label = "Mount while running", example = "true", default = "false", guide = Why)]
    pub dynamic: Option<bool>,
}

/// Mounting of data while the instance runs.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct DynamicMount {
    /// Lets data be mounted while the instance runs.
    #[field(label = "Allow dynamic mounts", example = "true")]
    pub enable: Option<bool>,

    /// Folders below which dynamic mounts appear.
    #[field(label = "Dynamic roots", when = Equals("Enable", "true"))]
    pub mount_points: Option<Vec<MountPoint>>,
}

/// A folder below which data can be mounted while the instance runs.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct MountPoint {
    /// Path of the folder, from / on. Dynamic datasets are mounted below it.
    #[field(
        label = "Root path",
        example = "/mnt/dynamic/",
        default = "/mnt/dynamic/"
    )]
    pub root_path: Option<String>,

    /// Options for everything below this root: a JSON object written as text.
    #[field(label = "Mount options", control = Options)]
    pub options: Option<String>,
}
