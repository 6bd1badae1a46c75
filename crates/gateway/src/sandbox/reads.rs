//! The lists that do not change: workspaces, machine types, images, datasets, quotas.

use serde_json::Value;

use super::answer::{Object, Refusal};
use super::catalogue::{Catalogue, label_of, labels, text_of};
use super::listing::Query;

/// `ListEcsSpecs`. `AcceleratorType` has to be given.
pub(super) fn machines(catalogue: &Catalogue, query: Query<'_>) -> Result<Object, Refusal> {
    let kind = query
        .one_of("AcceleratorType", &["CPU", "GPU"])?
        .ok_or_else(|| query.wrong("AcceleratorType", "is required: CPU or GPU"))?;
    query.one_of("SortBy", &["gmtCreate"])?;
    if query.text("ResourceType").is_some_and(|kind| kind != "ECS") {
        return query.page("EcsSpecs", 10, Vec::new(), Object::clone);
    }
    let mut machines: Vec<&Object> = catalogue
        .machines
        .iter()
        .filter(|machine| text_of(machine, "AcceleratorType") == kind)
        .collect();
    // The table has the newest first, which is the default.
    if !query.is_descending("DESC")? {
        machines.reverse();
    }
    query.page("EcsSpecs", 10, machines, Object::clone)
}

/// `ListWorkspaces`.
pub(super) fn workspaces(catalogue: &Catalogue, query: Query<'_>) -> Result<Object, Refusal> {
    let name = query.text("WorkspaceName");
    let ids = query.parts("WorkspaceIds");
    let status = query.text("Status");
    let is_verbose = query.is_true("Verbose")?.unwrap_or(false);
    let mut workspaces: Vec<&Object> = catalogue
        .workspaces
        .iter()
        .filter(|workspace| {
            name.is_none_or(|name| text_of(workspace, "WorkspaceName").contains(name))
                && ids
                    .as_ref()
                    .is_none_or(|ids| ids.contains(&text_of(workspace, "WorkspaceId")))
                && status.is_none_or(|status| text_of(workspace, "Status") == status)
        })
        .collect();
    sort(query, &mut workspaces)?;
    query.page("Workspaces", 20, workspaces, |workspace| {
        let mut shown = workspace.clone();
        if !is_verbose {
            shown.retain(|name, _| name != "AdminNames" && name != "ExtraInfos");
        }
        shown
    })
}

/// `ListImages`: official images, and a workspace's own. Labels are shown only when verbose.
pub(super) fn images(catalogue: &Catalogue, query: Query<'_>) -> Result<Object, Refusal> {
    let workspace = workspace(catalogue, query)?;
    let name = query.text("Name");
    let words = query.text("Query");
    let uri = query.text("ImageUri");
    let access = query.one_of("Accessibility", &["PUBLIC", "PRIVATE"])?;
    let is_verbose = query.is_true("Verbose")?.unwrap_or(false);
    let wanted = query
        .parts("Labels")
        .unwrap_or_default()
        .into_iter()
        .map(|pair| {
            pair.split_once('=')
                .ok_or_else(|| query.wrong("Labels", "must be Key=Value pairs joined by commas"))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut images: Vec<&Object> = catalogue
        .images
        .iter()
        .filter(|image| {
            let is_official = text_of(image, "WorkspaceId").is_empty();
            (is_official || text_of(image, "WorkspaceId") == workspace)
                && name.is_none_or(|name| text_of(image, "Name").contains(name))
                && words.is_none_or(|words| {
                    text_of(image, "Name").contains(words)
                        || text_of(image, "Description").contains(words)
                })
                && uri.is_none_or(|uri| text_of(image, "ImageUri") == uri)
                // It takes effect only for images of one's own.
                && access.is_none_or(|access| {
                    is_official || text_of(image, "Accessibility") == access
                })
                && wanted
                    .iter()
                    .all(|(key, value)| label_of(image, key) == Some(value))
        })
        .collect();
    sort(query, &mut images)?;
    query.page("Images", 20, images, |image| {
        let mut shown = image.clone();
        if !is_verbose {
            shown.retain(|name, _| name != "Labels");
        }
        shown
    })
}

/// `ListDatasets`: those of a workspace, and public ones.
pub(super) fn datasets(catalogue: &Catalogue, query: Query<'_>) -> Result<Object, Refusal> {
    let workspace = workspace(catalogue, query)?;
    let name = query.text("Name");
    let ids = query.parts("DatasetIds");
    let kinds = query.parts("DataSourceTypes");
    let property = query.text("Properties");
    let types = query.parts("DataTypes");
    let sources = query.parts("SourceTypes");
    let label = query.text("Label");
    let provider = query.text("Provider");
    let access = query.one_of("Accessibility", &["PUBLIC", "PRIVATE"])?;
    let is_in = |list: &Option<Vec<&str>>, value: &str| {
        list.as_ref().is_none_or(|list| list.contains(&value))
    };
    let mut datasets: Vec<&Object> = catalogue
        .datasets
        .iter()
        .filter(|dataset| {
            let is_public = text_of(dataset, "WorkspaceId").is_empty();
            let place = if provider == Some("pai") {
                is_public
            } else {
                text_of(dataset, "WorkspaceId") == workspace
            };
            place
                && name.is_none_or(|name| text_of(dataset, "Name").contains(name))
                && is_in(&ids, text_of(dataset, "DatasetId"))
                && is_in(&kinds, text_of(dataset, "DataSourceType"))
                && property.is_none_or(|property| text_of(dataset, "Property") == property)
                && is_in(&types, text_of(dataset, "DataType"))
                && is_in(&sources, text_of(dataset, "SourceType"))
                && access.is_none_or(|access| text_of(dataset, "Accessibility") == access)
                && label.is_none_or(|label| {
                    labels(dataset).any(|(key, value)| key.contains(label) || value.contains(label))
                })
        })
        .collect();
    sort(query, &mut datasets)?;
    query.page("Datasets", 10, datasets, |dataset| {
        let mut shown = dataset.clone();
        shown.retain(|name, _| name != "Versions");
        shown
    })
}

/// `ListDatasetVersions` of the dataset with this id.
pub(super) fn dataset_versions(
    catalogue: &Catalogue,
    query: Query<'_>,
    id: &str,
) -> Result<Object, Refusal> {
    let dataset = catalogue.dataset(id).ok_or_else(|| {
        Refusal::api_gateway(404, "DatasetNotFound", "The dataset does not exist.")
    })?;
    let versions = dataset.get("Versions").and_then(Value::as_array);
    let mut versions: Vec<&Object> = versions
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .collect();
    sort(query, &mut versions)?;
    query.page("DatasetVersions", 10, versions, Object::clone)
}

/// `ListResources`: of a workspace, or with `Option=ListResource` all that one may see.
pub(super) fn resources(catalogue: &Catalogue, query: Query<'_>) -> Result<Object, Refusal> {
    let option = query.one_of("Option", &["ListResourceByWorkspace", "ListResource"])?;
    let workspace = match (option, query.text("WorkspaceId")) {
        (_, Some(_)) => Some(workspace(catalogue, query)?),
        (Some("ListResource"), None) => None,
        (_, None) => {
            return Err(query.wrong(
                "WorkspaceId",
                "is required when Option is ListResourceByWorkspace",
            ));
        }
    };
    let group = query.text("GroupName");
    let name = query.text("ResourceName");
    let kinds = query.parts("ResourceTypes");
    let products = query.parts("ProductTypes");
    let is_verbose = query.is_true("Verbose")?.unwrap_or(true);
    let resources: Vec<&Object> = catalogue
        .resources
        .iter()
        .filter(|resource| {
            workspace.is_none_or(|workspace| text_of(resource, "WorkspaceId") == workspace)
                && group.is_none_or(|group| text_of(resource, "GroupName") == group)
                && name.is_none_or(|name| text_of(resource, "Name") == name)
                && kinds
                    .as_ref()
                    .is_none_or(|kinds| kinds.contains(&text_of(resource, "ResourceType")))
                && products
                    .as_ref()
                    .is_none_or(|products| products.contains(&text_of(resource, "ProductType")))
        })
        .collect();
    query.page("Resources", 20, resources, |resource| {
        let mut shown = resource.clone();
        shown.retain(|name, _| name != "Free" && (is_verbose || name != "Quotas"));
        shown
    })
}

/// `ListQuotas`, which has no pages.
pub(super) fn quotas(catalogue: &Catalogue, query: Query<'_>) -> Object {
    let name = query.text("Name");
    let quotas: Vec<Value> = catalogue
        .resources
        .iter()
        .filter_map(|resource| resource.get("Quotas")?.as_array())
        .flatten()
        .filter_map(Value::as_object)
        .filter(|quota| name.is_none_or(|name| text_of(quota, "Name") == name))
        .map(|quota| Value::Object(quota.clone()))
        .collect();
    let mut data = Object::new();
    data.insert("TotalCount".to_owned(), quotas.len().into());
    data.insert("Quotas".to_owned(), Value::Array(quotas));
    data
}

/// Id of the workspace that is asked about, by default the default one.
fn workspace<'a>(catalogue: &'a Catalogue, query: Query<'a>) -> Result<&'a str, Refusal> {
    match query.text("WorkspaceId") {
        None => Ok(catalogue.default_workspace()),
        Some(id) if catalogue.workspace(id).is_some() => Ok(id),
        Some(_) => Err(Refusal::api_gateway(
            404,
            "WorkspaceNotFound",
            "WorkspaceId is not the id of a workspace in this region.",
        )),
    }
}

/// Brings entries into the order asked for: by time of creation, or of the last change; ascending by default.
/// Entries of one time keep their order.
fn sort(query: Query<'_>, entries: &mut [&Object]) -> Result<(), Refusal> {
    let by = query
        .one_of("SortBy", &["GmtCreateTime", "GmtModifiedTime"])?
        .unwrap_or("GmtCreateTime");
    // The catalogue writes all times alike, so that texts sort as times do.
    entries.sort_by_key(|entry| text_of(entry, by));
    if query.is_descending("ASC")? {
        entries.reverse();
    }
    Ok(())
}
