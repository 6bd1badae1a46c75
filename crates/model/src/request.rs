//! The request: every field is declared here or in a file below, once.
//!
//! Every field is an `Option`: the service marks all of them optional, and what an instance needs
//! all the same is said by the rules. The doc comment of a field is its help, read by the person
//! who fills it in. The order of the fields is that of the form and of the body.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use validator::Validate;

use crate::descriptor::{Describe, FieldType, Source};
use crate::secret::Secret;
use crate::verdict::{Fields, Splice};
use crate::violation;

pub use self::advanced::DockerConfig;
pub use self::compute::{Affinity, AssignNodeSpec, CpuAffinity, RequestedResource, SpotSpec};
pub use self::environment::{Credential, CredentialConfig, OnStart, Role, UserCommand, UserInfo};
pub use self::labels::{Label, Tag};
pub use self::network::{BandwidthLimit, ForwardInfo, UserVpc};
pub use self::storage::{CloudDisk, CloudDiskStatus, Dataset, DynamicMount, MountPoint};

mod advanced;
mod compute;
mod environment;
mod labels;
mod network;
mod storage;

/// A notebook instance to be created.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
#[describe(
    alternatives("EcsSpec", "ResourceId"),
    alternatives("ImageId", "ImageUrl")
)]
pub struct CreateInstanceRequest {
    /// The number of your workspace: under Workspaces in the console, or from ListWorkspaces.
    #[field(label = "Workspace", example = "40823", section = Basics, shape = Digits, control = Listed(Source::Workspaces), guide = Where)]
    pub workspace_id: Option<String>,

    /// Use the letters A to Z, digits and underscores; at most 27 characters.
    #[field(label = "Instance name", example = "training_data", section = Basics, guide = Why)]
    #[validate(length(max = 27, code = "R04"), custom(function = violation::instance_name))]
    pub instance_name: Option<String>,

    /// Who sees the instance: everyone in the workspace, or its owner and administrators.
    #[field(
        label = "Visibility",
        example = "PRIVATE",
        default = "PRIVATE",
        section = Basics,
        closed("PUBLIC" = "everyone in the workspace", "PRIVATE" = "owner and administrators"),
        guide = Why,
    )]
    pub accessibility: Option<String>,

    /// Account or RAM user that owns the instance; empty means you. The RAM console has the ID.
    #[field(label = "Owner", example = "1612285282501234", section = Basics, shape = Digits, guide = Where)]
    pub user_id: Option<String>,

    /// Pay-as-you-go machine, by its name from ListEcsSpecs (InstanceType).
    #[field(label = "Machine type", example = "ecs.c6.large", section = Compute, shape = MachineType, control = Listed(Source::Machines), guide = Where)]
    pub ecs_spec: Option<String>,

    /// A spot machine costs less, but can be taken back while you work.
    #[field(label = "Spot pricing", section = Compute, guide = Why)]
    pub spot_spec: Option<SpotSpec>,

    /// ID of the quota to run on, bought in advance. ListResources names those of a workspace.
    #[field(label = "Resource quota", example = "dsw-123456789", section = Compute, control = Listed(Source::Quotas), guide = Where)]
    pub resource_id: Option<String>,

    /// How much of the quota the instance takes: cores, memory and GPUs.
    #[field(label = "Size within the quota", section = Compute, when = Set("ResourceId"), guide = Why)]
    pub requested_resource: Option<RequestedResource>,

    /// Who is served first when the quota is short: 1 is served last, 9 first.
    #[field(label = "Priority", example = "1", section = Compute, when = Set("ResourceId"), guide = Why)]
    #[validate(range(min = 1, max = 9, code = "R72"))]
    pub priority: Option<i64>,

    /// Whether to run on idle capacity of the quota, which can be taken back.
    #[field(
        label = "Preemptible resources",
        example = "ForbiddenQuotaOverSold",
        section = Compute,
        when = Set("ResourceId"),
        closed(
            "ForceQuotaOverSold" = "only preemptible",
            "AcceptQuotaOverSold" = "preemptible accepted",
            "ForbiddenQuotaOverSold" = "guaranteed only",
        ),
        guide = Why,
    )]
    pub oversold_type: Option<String>,

    /// Version of the NVIDIA driver, for machines with a GPU.
    #[field(label = "Driver", example = "535.54.03", section = Compute, shape = Version, guide = Where)]
    pub driver: Option<String>,

    /// How closely the instance is tied to its hardware.
    #[field(label = "Affinity", section = Compute, when = Set("ResourceId"))]
    pub affinity: Option<Affinity>,

    /// Which nodes of the quota to use or to avoid.
    #[field(label = "Nodes", section = Compute, when = Set("ResourceId"), guide = Why)]
    pub assign_node_spec: Option<AssignNodeSpec>,

    /// Official or workspace image, by its ID from ListImages.
    #[field(label = "Image", example = "image-05cefd0be2exxxx", section = Image, shape = Id("image-"), control = Listed(Source::Images), guide = Where)]
    pub image_id: Option<String>,

    /// Registry, namespace, name and tag of an image, without https:// before them.
    #[field(
        label = "Image address",
        example = "registry.cn-shanghai.aliyuncs.com/pai_product/tensorflow:py36_cpu_tf1.12_ubuntu",
        section = Image,
        guide = Where,
    )]
    #[validate(custom(function = violation::image_url))]
    pub image_url: Option<String>,

    /// Login for a private image: user:password, written as Base64.
    #[field(
        label = "Registry login",
        example = "dXNlcjpwYXNzd29yZA==",
        section = Image,
        when = Set("ImageUrl"),
        control = Login,
        guide = Where,
    )]
    #[validate(custom(function = violation::image_auth))]
    pub image_auth: Option<Secret>,

    /// On public resources 100 GiB are free. A larger disk is billed even while stopped.
    #[field(label = "Cloud disks", section = Storage, guide = Why)]
    pub cloud_disks: Option<Vec<CloudDisk>>,

    /// Data to mount, in this order. Dynamic mounts come last.
    #[field(label = "Datasets", section = Storage, guide = Why)]
    pub datasets: Option<Vec<Dataset>>,

    /// What backs /mnt/workspace: rootfsCloudDisk, or the mount path of a NAS or CPFS dataset.
    #[field(
        label = "Working directory",
        example = "rootfsCloudDisk",
        section = Storage,
        control = Mounts,
        guide = Why,
    )]
    pub workspace_source: Option<String>,

    /// Folders below which data can be mounted while the instance runs.
    #[field(label = "Dynamic mounting", section = Storage, when = Set("ResourceId"), guide = Why)]
    pub dynamic_mount: Option<DynamicMount>,

    /// Connects the instance to a network of your own.
    #[field(label = "Your VPC", section = Network, guide = Why)]
    pub user_vpc: Option<UserVpc>,

    /// Names and values set in the instance. Everyone who can open it can read them.
    #[field(
        label = "Environment variables",
        example = "MAAS",
        section = Environment,
        control = Variables,
        guide = Why,
    )]
    pub environment_variables: Option<BTreeMap<String, String>>,

    /// Commands of your own that the instance runs.
    #[field(label = "Commands", section = Environment)]
    pub user_command: Option<UserCommand>,

    /// Lets programs in the instance use the rights of a RAM role, without access keys.
    #[field(label = "Instance role", section = Environment, guide = Why)]
    pub credential_config: Option<CredentialConfig>,

    /// Kept by DSW itself, to find instances by.
    #[field(label = "Labels", section = Labels, guide = Why)]
    pub labels: Option<Vec<Label>>,

    /// Tags of your account, to find resources and to split costs.
    #[field(label = "Tags", section = Labels, alias = "Tags", guide = Why)]
    pub tag: Option<Vec<Tag>>,

    /// Containers inside the instance. They need a Lingjun or general-purpose quota.
    #[field(label = "Sub-containers", section = Advanced, when = Set("ResourceId"), guide = Why)]
    #[validate(nested)]
    pub docker_config: Option<DockerConfig>,

    /// A JSON object. Its members are not documented; they are sent as written.
    #[field(label = "Migration settings", section = Advanced)]
    pub migration_options: Option<Map<String, Value>>,

    /// Names and values are not documented; they are sent as written.
    #[field(label = "Access restrictions", section = Advanced)]
    pub access_restriction_rules: Option<BTreeMap<String, String>>,
}

impl CreateInstanceRequest {
    /// Reads a body again of which these fields have changed; `datasets` are the rows that are new, where not
    /// all of them are to be read. The result is that of [`Describe::read`].
    ///
    /// What can be long and has not changed is left alone: it is out of the body while the rest is read.
    pub fn read_again(
        &mut self,
        body: &mut Map<String, Value>,
        changed: Fields,
        datasets: Option<Splice>,
    ) {
        let wire = |field: crate::path::Field| Self::DESCRIPTOR.fields[usize::from(field.0)].wire;
        let mut hidden = Vec::new();
        let mut hide = |name: &'static str| {
            let value = body.get_mut(name).map(Value::take);
            hidden.push((name, value.unwrap_or_default()));
        };
        let keeps_variables = !changed.has(Self::ENVIRONMENT_VARIABLES);
        if keeps_variables {
            hide(wire(Self::ENVIRONMENT_VARIABLES));
        }
        let keeps_datasets = !changed.has(Self::DATASETS) || datasets.is_some();
        if keeps_datasets {
            hide(wire(Self::DATASETS));
        }
        let mut new = <Self as Describe>::read(body);
        for (name, value) in hidden {
            if let Some(place) = body.get_mut(name) {
                *place = value;
            }
        }
        if keeps_variables {
            new.environment_variables = self.environment_variables.take();
        }
        if keeps_datasets {
            new.datasets = self.datasets.take();
            if let Some(rows) = datasets {
                new.update_datasets(body.get(wire(Self::DATASETS)), rows);
            }
        }
        *self = new;
    }

    fn update_datasets(&mut self, value: Option<&Value>, rows: Splice) {
        match (&mut self.datasets, value.and_then(Value::as_array)) {
            (Some(typed), Some(items)) => rows.apply(
                typed,
                |row| FieldType::read(&items[row]).unwrap_or_default(),
                // A row does not know its number.
                |_| false,
            ),
            _ => self.datasets = value.and_then(FieldType::read),
        }
    }
}
