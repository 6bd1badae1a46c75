//! What there is in a region: workspaces, machine types, images, datasets, quotas, and the instances that an
//! account is found with. All of it are samples.

use serde::Deserialize;
use serde_json::Value;

use super::answer::Object;
use crate::region::Region;

/// Machine types in the shape of `ListEcsSpecs`, with a date and a note. The page has the same list.
const MACHINES: &str = include_str!("../../../../assets/machines.json");

/// All else, with place holders for what differs between regions.
const CATALOGUE: &str = include_str!("catalogue.json");

/// Machine families that only the first [`FULL_REGIONS`] regions have.
const RARE_FAMILIES: [&str; 4] = ["ecs.gn7e-", "ecs.gn7-", "ecs.gn6e-", "ecs.gn5-"];
const FULL_REGIONS: usize = 5;

/// What there is in a region. Entries have the shape in which the service lists them.
#[derive(Debug)]
pub(super) struct Catalogue {
    /// Entries of `EcsSpecs`, the newest first.
    pub(super) machines: Vec<Object>,
    /// Entries of `Workspaces`.
    pub(super) workspaces: Vec<Object>,
    /// Entries of `Images`.
    pub(super) images: Vec<Object>,
    /// Entries of `Datasets`, each with all its `Versions`.
    pub(super) datasets: Vec<Object>,
    /// Entries of `Resources`, each with what is `Free` of it.
    pub(super) resources: Vec<Object>,
    /// Instances that are there from the beginning.
    pub(super) instances: Vec<Found>,
}

/// An instance that is there from the beginning.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Found {
    /// Its id.
    pub(super) instance_id: String,
    /// When it was created.
    pub(super) gmt_create_time: jiff::Timestamp,
    /// The state that it is in.
    pub(super) status: super::instance::Status,
    /// What it was created with.
    pub(super) body: Object,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Machines {
    ecs_specs: Vec<Object>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rest {
    workspaces: Vec<Object>,
    images: Vec<Object>,
    datasets: Vec<Object>,
    resources: Vec<Object>,
    instances: Vec<Found>,
}

impl Catalogue {
    /// The catalogue of a region. Ids differ from region to region; the first region's are the plain ones.
    pub(super) fn of(region: Region) -> Self {
        let index = Region::all().position(|other| other == region).unwrap_or(0);
        let world = if index == 0 {
            String::new()
        } else {
            format!("{index:02}")
        };
        let text = CATALOGUE
            .replace("{region}", region.id())
            .replace("{world}", &world);
        let rest: Rest = serde_json::from_str(&text).expect("the catalogue is checked in");
        let Machines { mut ecs_specs } =
            serde_json::from_str(MACHINES).expect("the machine list is checked in");
        if index >= FULL_REGIONS {
            ecs_specs.retain(|machine| {
                let name = text_of(machine, "InstanceType");
                !RARE_FAMILIES.iter().any(|rare| name.starts_with(rare))
            });
        }
        Self {
            machines: ecs_specs,
            workspaces: rest.workspaces,
            images: rest.images,
            datasets: rest.datasets,
            resources: rest.resources,
            instances: rest.instances,
        }
    }

    /// The machine type of this name.
    pub(super) fn machine(&self, name: &str) -> Option<&Object> {
        find(&self.machines, "InstanceType", name)
    }

    /// The workspace of this id.
    pub(super) fn workspace(&self, id: &str) -> Option<&Object> {
        find(&self.workspaces, "WorkspaceId", id)
    }

    /// Id of the workspace that is meant where none is named.
    pub(super) fn default_workspace(&self) -> &str {
        let default = self
            .workspaces
            .iter()
            .find(|workspace| workspace.get("IsDefault") == Some(&Value::Bool(true)));
        default.map_or("", |workspace| text_of(workspace, "WorkspaceId"))
    }

    /// The image of this id.
    pub(super) fn image(&self, id: &str) -> Option<&Object> {
        find(&self.images, "ImageId", id)
    }

    /// The dataset of this id.
    pub(super) fn dataset(&self, id: &str) -> Option<&Object> {
        find(&self.datasets, "DatasetId", id)
    }

    /// The resource whose quota has this id and can run instances.
    pub(super) fn quota(&self, id: &str) -> Option<&Object> {
        find(&self.resources, "Id", id).filter(|resource| {
            let kind = text_of(resource, "ResourceType");
            kind == "ECS" || kind == "Lingjun"
        })
    }
}

fn find<'a>(entries: &'a [Object], name: &str, value: &str) -> Option<&'a Object> {
    entries.iter().find(|entry| text_of(entry, name) == value)
}

/// A member that is text; empty text when it is not there.
pub(super) fn text_of<'a>(object: &'a Object, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or("")
}

/// A member that is a number; 0 when it is not there.
pub(super) fn number_of(object: &Object, name: &str) -> f64 {
    object.get(name).and_then(Value::as_f64).unwrap_or(0.0)
}

/// The value of the label with this key, in an entry's `Labels`.
pub(super) fn label_of<'a>(entry: &'a Object, key: &str) -> Option<&'a str> {
    labels(entry)
        .find(|(label, _)| *label == key)
        .map(|(_, value)| value)
}

/// Keys and values of an entry's `Labels`.
pub(super) fn labels(entry: &Object) -> impl Iterator<Item = (&str, &str)> {
    let list = entry.get("Labels").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .map(|label| (text_of(label, "Key"), text_of(label, "Value")))
}
