//! `CreateInstance`: what the service refuses for what its world is like, and the way that an instance goes.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::answer::{Object, Refusal};
use super::body::{gibibytes, number, object, one_of, pairs, text};
use super::catalogue::{Catalogue, label_of, number_of, text_of};
use super::instance::{Instance, Size, mask_secrets, size_of};
use crate::region::Region;

/// Members of a body that are kept and shown again. Others have no effect, as with the service.
const KEPT: [&str; 27] = [
    "WorkspaceId",
    "InstanceName",
    "Accessibility",
    "EcsSpec",
    "ResourceId",
    "RequestedResource",
    "Priority",
    "OversoldType",
    "ImageId",
    "ImageUrl",
    "ImageAuth",
    "UserId",
    "Driver",
    "Datasets",
    "WorkspaceSource",
    "CloudDisks",
    "DynamicMount",
    "UserVpc",
    "EnvironmentVariables",
    "UserCommand",
    "CredentialConfig",
    "Labels",
    "Tag",
    "Affinity",
    "DockerConfig",
    "MigrationOptions",
    "AccessRestrictionRules",
];

/// Most characters of a name.
const LONGEST_NAME: usize = 27;

/// What a create is made from besides its body.
pub(super) struct Order<'a> {
    /// Where.
    pub(super) region: Region,
    /// What there is in that region.
    pub(super) catalogue: &'a Catalogue,
    /// When.
    pub(super) now: Timestamp,
    /// How long an instance takes until it runs.
    pub(super) start_takes: Duration,
    /// Id of the new instance.
    pub(super) id: String,
    /// Whether a name is in use in that region.
    pub(super) is_taken: &'a dyn Fn(&str) -> bool,
}

impl Order<'_> {
    /// Makes the instance that a body asks for.
    pub(super) fn make(self, body: &[u8]) -> Result<Instance, Refusal> {
        let mut body: Object = serde_json::from_slice(body)
            .map_err(|_| Refusal::validation("The body must be one JSON object."))?;
        body.retain(|_, value| !value.is_null());
        self.judge_workspace(&body)?;
        self.judge_name(&body)?;
        let (size, is_busy) = self.judge_size(&body)?;
        let (image_name, image_url) = self.judge_image(&body)?;
        self.judge_datasets(&body)?;
        one_of(&body, "Accessibility", &["PUBLIC", "PRIVATE"])?;
        for name in ["Labels", "Tag"] {
            pairs(&body, name)?;
        }
        if let Some(variables) = body.get("EnvironmentVariables") {
            let variables = variables.as_object();
            if !variables.is_some_and(|all| all.values().all(Value::is_string)) {
                return Err(Refusal::validation(
                    "EnvironmentVariables must be an object whose values are text.",
                ));
            }
        }
        let obstacle = self.obstacle(&body, &size, &image_url)?;
        let steps = self.way(!text_of(&body, "ResourceId").is_empty(), is_busy, obstacle);
        body.retain(|name, _| KEPT.contains(&name.as_str()));
        mask_secrets(&mut body);
        Ok(Instance {
            id: self.id,
            region: self.region.id().to_owned(),
            body,
            steps,
            size,
            image_name,
            image_url,
            listed_from: None,
            has_lost_labels: false,
        })
    }

    fn judge_workspace(&self, body: &Object) -> Result<(), Refusal> {
        let id = text(body, "WorkspaceId")?
            .ok_or_else(|| Refusal::validation("WorkspaceId is required."))?;
        let workspace = self.catalogue.workspace(id).ok_or_else(|| {
            Refusal::validation("WorkspaceId: the workspace does not exist in this region.")
        })?;
        match text_of(workspace, "Status") {
            "ENABLED" => Ok(()),
            status => Err(Refusal::validation(format!(
                "WorkspaceId: the workspace is {status} and cannot be used."
            ))),
        }
    }

    fn judge_name(&self, body: &Object) -> Result<(), Refusal> {
        let name = text(body, "InstanceName")?
            .ok_or_else(|| Refusal::validation("InstanceName is required."))?;
        let fits = name.len() <= LONGEST_NAME
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !fits {
            return Err(Refusal::validation(format!(
                "InstanceName must have letters, digits and underscores only, at most {LONGEST_NAME}."
            )));
        }
        if (self.is_taken)(name) {
            return Err(Refusal::validation(
                "InstanceName is already in use by another instance.",
            ));
        }
        Ok(())
    }

    /// What it runs on, and whether that has to be waited for.
    fn judge_size(&self, body: &Object) -> Result<(Size, bool), Refusal> {
        match (text(body, "EcsSpec")?, text(body, "ResourceId")?) {
            (None, None) => Err(Refusal::validation("EcsSpec or ResourceId is required.")),
            (Some(_), Some(_)) => Err(Refusal::validation(
                "EcsSpec and ResourceId must not be given together.",
            )),
            (Some(name), None) => {
                let machine = self.catalogue.machine(name).ok_or_else(|| {
                    Refusal::validation("EcsSpec: the machine type is not offered in this region.")
                })?;
                if machine.get("IsAvailable") != Some(&Value::Bool(true)) {
                    return Err(Refusal::validation(
                        "EcsSpec: the machine type is out of stock in this region.",
                    ));
                }
                Ok((size_of(machine), false))
            }
            (None, Some(id)) => self.judge_quota(body, id),
        }
    }

    fn judge_quota(&self, body: &Object, id: &str) -> Result<(Size, bool), Refusal> {
        let quota = self
            .catalogue
            .quota(id)
            .filter(|quota| text_of(quota, "WorkspaceId") == text_of(body, "WorkspaceId"))
            .ok_or_else(|| {
                Refusal::validation("ResourceId: the workspace has no quota with this id.")
            })?;
        if let Some(priority) = body.get("Priority")
            && !priority
                .as_i64()
                .is_some_and(|priority| (1..=9).contains(&priority))
        {
            return Err(Refusal::validation(
                "Priority must be a whole number from 1 to 9.",
            ));
        }
        let requested = object(body, "RequestedResource")?.ok_or_else(|| {
            Refusal::validation("RequestedResource is required when ResourceId is given.")
        })?;
        let amount = |name: &'static str, read: fn(&str) -> Option<f64>| {
            text(requested, name)?
                .map(|value| {
                    read(value).ok_or_else(|| {
                        Refusal::validation(format!(
                            "RequestedResource.{name} is not an amount that can be read."
                        ))
                    })
                })
                .transpose()
        };
        let needed = |name: &str, value: Option<f64>| {
            value.filter(|value| *value > 0.0).ok_or_else(|| {
                Refusal::validation(format!("RequestedResource.{name} must be more than 0."))
            })
        };
        let size = Size {
            cpu: needed("CPU", amount("CPU", number)?)?,
            memory: needed("Memory", amount("Memory", gibibytes)?)?,
            gpu: amount("GPU", number)?.unwrap_or(0.0),
            gpu_type: text(requested, "GPUType")?.unwrap_or("").to_owned(),
            gpu_memory: 0.0,
        };
        amount("SharedMemory", gibibytes)?;
        let total = |name: &str| total_of(quota, name);
        for (name, wanted, all) in [
            ("CPU", size.cpu, number(total("CPU"))),
            ("Memory", size.memory, gibibytes(total("Memory"))),
            ("GPU", size.gpu, number(total("GPU"))),
        ] {
            if wanted > all.unwrap_or(0.0) {
                return Err(Refusal::validation(format!(
                    "RequestedResource.{name} is more than the quota has."
                )));
            }
        }
        let model = total("GPUType");
        if size.gpu > 0.0
            && !size.gpu_type.is_empty()
            && !size
                .gpu_type
                .to_ascii_uppercase()
                .split('-')
                .any(|part| part == model)
        {
            return Err(Refusal::validation(format!(
                "RequestedResource.GPUType: the quota has {model} cards."
            )));
        }
        let none = Object::new();
        let free = quota
            .get("Free")
            .and_then(Value::as_object)
            .unwrap_or(&none);
        let is_busy = size.cpu > number_of(free, "CPU")
            || size.memory > number_of(free, "Memory")
            || size.gpu > number_of(free, "GPU");
        Ok((size, is_busy))
    }

    /// Name and address of the image.
    fn judge_image(&self, body: &Object) -> Result<(String, String), Refusal> {
        match (text(body, "ImageId")?, text(body, "ImageUrl")?) {
            (None, None) => Err(Refusal::validation("ImageId or ImageUrl is required.")),
            (Some(_), Some(_)) => Err(Refusal::validation(
                "ImageId and ImageUrl must not be given together.",
            )),
            (Some(id), None) => {
                let image = self.image(body, id).ok_or_else(|| {
                    Refusal::validation("ImageId: the workspace has no image with this id.")
                })?;
                if label_of(image, "system.official") == Some("true")
                    && label_of(image, "system.supported.dsw") != Some("true")
                {
                    return Err(Refusal::validation(
                        "ImageId: DSW does not support the image.",
                    ));
                }
                Ok((
                    text_of(image, "Name").to_owned(),
                    text_of(image, "ImageUri").to_owned(),
                ))
            }
            (None, Some(url)) => {
                if url.contains("://") || url.contains(char::is_whitespace) || !url.contains('/') {
                    return Err(Refusal::validation(
                        "ImageUrl must be host/namespace/name:tag, without a scheme.",
                    ));
                }
                let name = url.rsplit('/').next().unwrap_or(url);
                Ok((name.to_owned(), url.to_owned()))
            }
        }
    }

    /// An image that the workspace has: official, its own and public, or the account's own.
    fn image(&self, body: &Object, id: &str) -> Option<&Object> {
        self.catalogue.image(id).filter(|image| {
            let place = text_of(image, "WorkspaceId");
            place.is_empty() || place == text_of(body, "WorkspaceId")
        })
    }

    fn judge_datasets(&self, body: &Object) -> Result<(), Refusal> {
        let Some(datasets) = body.get("Datasets") else {
            return Ok(());
        };
        let datasets = datasets
            .as_array()
            .ok_or_else(|| Refusal::validation("Datasets must be an array."))?;
        let mut mounts: Vec<&str> = Vec::new();
        for (index, dataset) in datasets.iter().enumerate() {
            let wrong = |what: &str| Refusal::validation(format!("Datasets[{index}].{what}"));
            let dataset = dataset.as_object().ok_or_else(|| {
                Refusal::validation(format!("Datasets[{index}] must be an object."))
            })?;
            let member = |name: &str| {
                text(dataset, name).map_err(|_| wrong(&format!("{name} must be text.")))
            };
            let path = member("MountPath")?.ok_or_else(|| wrong("MountPath is required."))?;
            if !path.starts_with('/') {
                return Err(wrong("MountPath must begin with a slash."));
            }
            let path = path.trim_end_matches('/');
            if mounts.contains(&path) {
                return Err(wrong("MountPath is used by another dataset."));
            }
            mounts.push(path);
            let (kind, access) = match (member("DatasetId")?, member("Uri")?) {
                (Some(id), None) => {
                    let known = self.dataset(body, id).ok_or_else(|| {
                        wrong("DatasetId: the workspace has no dataset with this id.")
                    })?;
                    if let Some(version) = member("DatasetVersion")? {
                        let versions = known.get("Versions").and_then(Value::as_array);
                        let is_there = versions
                            .into_iter()
                            .flatten()
                            .filter_map(Value::as_object)
                            .any(|known| text_of(known, "VersionName") == version);
                        if !is_there {
                            return Err(wrong("DatasetVersion: the dataset has no such version."));
                        }
                    }
                    (
                        text_of(known, "DataSourceType"),
                        text_of(known, "MountAccess"),
                    )
                }
                (None, Some(uri)) => (
                    kind_of(uri).ok_or_else(|| {
                        wrong("Uri must begin with oss://, nas://, cpfs:// or bmcpfs://.")
                    })?,
                    "RW",
                ),
                (None, None) => return Err(wrong("DatasetId or Uri is required.")),
                (Some(_), Some(_)) => {
                    return Err(wrong("DatasetId and Uri must not be given together."));
                }
            };
            let wanted = member("MountAccess")?;
            if wanted.is_some_and(|wanted| wanted != "RW" && wanted != "RO") {
                return Err(wrong("MountAccess must be RW or RO."));
            }
            if wanted == Some("RW") && access == "RO" {
                return Err(wrong("MountAccess: the dataset can only be read."));
            }
            let is_dynamic = dataset.get("Dynamic") == Some(&Value::Bool(true));
            if kind != "OSS" && (is_dynamic || member("Options")?.is_some()) {
                return Err(wrong("Options and Dynamic are for OSS only."));
            }
            if is_dynamic && wanted == Some("RW") {
                return Err(wrong("MountAccess: dynamic mounts can only be read."));
            }
        }
        Ok(())
    }

    /// A dataset that the workspace has, or a public one.
    fn dataset(&self, body: &Object, id: &str) -> Option<&Object> {
        self.catalogue.dataset(id).filter(|dataset| {
            let place = text_of(dataset, "WorkspaceId");
            place.is_empty() || place == text_of(body, "WorkspaceId")
        })
    }
}

/// The kind of storage that an address speaks of.
fn kind_of(uri: &str) -> Option<&'static str> {
    let (scheme, rest) = uri.split_once("://")?;
    if rest.is_empty() {
        return None;
    }
    match scheme {
        "oss" => Some("OSS"),
        "nas" => Some("NAS"),
        "cpfs" => Some("CPFS"),
        "bmcpfs" => Some("BMCPFS"),
        _ => None,
    }
}

/// How much a quota has of something, as text.
fn total_of<'a>(quota: &'a Object, name: &str) -> &'a str {
    let specs = quota
        .get("Quotas")
        .and_then(|quotas| quotas.get(0)?.get("Specs")?.as_array());
    specs
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .find(|spec| text_of(spec, "Name") == name)
        .map_or("", |spec| text_of(spec, "Value"))
}
