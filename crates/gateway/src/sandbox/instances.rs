//! `ListInstances`, with its treacherous defaults.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::answer::{Object, Refusal};
use super::catalogue::{Catalogue, labels, text_of};
use super::instance::{ACCOUNT, Instance, Size};
use super::listing::Query;

/// `ListInstances`. Its defaults hide instances: without `ResourceId` those of quotas, without
/// `Accessibility` the public ones, without `WorkspaceId` those of other workspaces than the default one.
pub(super) fn list<'a>(
    catalogue: &Catalogue,
    instances: impl Iterator<Item = &'a Instance>,
    query: Query<'_>,
    now: Timestamp,
    ignores_filters: bool,
) -> Result<Object, Refusal> {
    let sort_by = query.one_of("SortBy", &["Priority", "GmtCreateTime", "GmtModifiedTime"])?;
    let order = query.one_of("Order", &["ASC", "DESC"])?;
    if sort_by.is_some() != order.is_some() {
        return Err(Refusal::validation(
            "SortBy and Order must be given together.",
        ));
    }
    let filter = Filter::read(catalogue, query, ignores_filters)?;
    let mut found: Vec<&Instance> = instances
        .filter(|instance| {
            instance.listed_from.is_none_or(|from| from <= now) && filter.takes(instance, now)
        })
        .collect();
    // By id among equals, so that pages fit together.
    let key = |instance: &Instance| match sort_by {
        Some("Priority") => {
            let priority = instance.body.get("Priority").and_then(Value::as_i64);
            i128::from(priority.unwrap_or(0))
        }
        Some("GmtModifiedTime") => {
            let step = instance.step(now);
            step.map_or(0, |step| step.at.as_nanosecond())
        }
        _ => instance.created().as_nanosecond(),
    };
    found.sort_by(|a, b| (key(a), &a.id).cmp(&(key(b), &b.id)));
    if order.unwrap_or("DESC") == "DESC" {
        found.reverse();
    }
    query.page("Instances", 10, found, |instance| {
        instance.summary(catalogue, now)
    })
}

type Measure = fn(&Size) -> f64;

/// Query members that bound a size, and what they bound, in their unit.
const MEASURES: [(&str, &str, Measure); 4] = [
    ("MinCpu", "MaxCpu", |size| size.cpu * 1000.0),
    ("MinGpu", "MaxGpu", |size| size.gpu * 1000.0),
    ("MinMemory", "MaxMemory", |size| size.memory),
    ("MinGpuMemory", "MaxGpuMemory", |size| size.gpu_memory),
];

/// What `ListInstances` is asked for.
struct Filter<'a> {
    query: Query<'a>,
    workspace: Option<&'a str>,
    access: &'a str,
    labels: Vec<(String, String)>,
    tags: Vec<(String, String)>,
    after: Option<Timestamp>,
    before: Option<Timestamp>,
    /// Members of [`Size`] with their bounds.
    bounds: Vec<(Option<u64>, Option<u64>, Measure)>,
    name: Option<&'a str>,
}

impl<'a> Filter<'a> {
    fn read(
        catalogue: &'a Catalogue,
        query: Query<'a>,
        ignores_filters: bool,
    ) -> Result<Self, Refusal> {
        let workspace = match query.text("WorkspaceId") {
            None => Some(catalogue.default_workspace()),
            Some("ALL") => None,
            Some(id) => Some(id),
        };
        let bounds = MEASURES
            .iter()
            .map(|(least, most, of)| Ok((query.number(least)?, query.number(most)?, *of)))
            .collect::<Result<_, _>>()?;
        let mut labels = wanted_labels(query)?;
        let mut name = query.text("InstanceName");
        if ignores_filters {
            labels.clear();
            name = None;
        }
        Ok(Self {
            query,
            workspace,
            access: query
                .one_of("Accessibility", &["PUBLIC", "PRIVATE"])?
                .unwrap_or("PRIVATE"),
            labels,
            tags: wanted_tags(query)?,
            after: query.moment("CreateTimeAfter")?,
            before: query.moment("CreateTimeBefore")?,
            bounds,
            name,
        })
    }

    fn takes(&self, instance: &Instance, now: Timestamp) -> bool {
        let query = self.query;
        let is = |name: &str, value: &str| query.text(name).is_none_or(|wanted| wanted == value);
        let body = &instance.body;
        let text_or = |name, default| match text_of(body, name) {
            "" => default,
            value => value,
        };
        let fits_resource = match query.text("ResourceId") {
            None => instance.resource_id().is_empty(),
            Some("ALL") => true,
            Some(id) => instance.resource_id() == id,
        };
        let has_label = |key: &str, value: &str| {
            !instance.has_lost_labels && labels(body).any(|label| label == (key, value))
        };
        let tags = || {
            let tags = body.get("Tag").and_then(Value::as_array);
            tags.into_iter().flatten().filter_map(Value::as_object)
        };
        fits_resource
            && self
                .workspace
                .is_none_or(|workspace| text_of(body, "WorkspaceId") == workspace)
            && text_or("Accessibility", "PRIVATE") == self.access
            && self.name.is_none_or(|name| instance.name().contains(name))
            && is("InstanceId", &instance.id)
            && is("Status", instance.status(now).as_str())
            && is("PaymentType", instance.payment_type())
            && is("AcceleratorType", instance.accelerator())
            && is("CreateUserId", text_or("UserId", ACCOUNT))
            && query
                .text("ImageName")
                .is_none_or(|name| instance.image_name.contains(name))
            && query
                .text("GpuType")
                .is_none_or(|wanted| instance.size.gpu_type.eq_ignore_ascii_case(wanted))
            && self.after.is_none_or(|after| instance.created() >= after)
            && self
                .before
                .is_none_or(|before| instance.created() <= before)
            && self.bounds.iter().all(|(least, most, of)| {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "bounds that large bound nothing"
                )]
                let value = |bound: u64| bound as f64;
                let size = of(&instance.size);
                least.is_none_or(|least| size >= value(least))
                    && most.is_none_or(|most| size <= value(most))
            })
            && self.labels.iter().all(|(key, value)| has_label(key, value))
            && self.tags.iter().all(|(key, value)| {
                tags().any(|tag| {
                    text_of(tag, "Key") == key
                        && (value.is_empty() || text_of(tag, "Value") == value)
                })
            })
    }
}

/// `Labels`: a JSON object of texts, at most four.
fn wanted_labels(query: Query<'_>) -> Result<Vec<(String, String)>, Refusal> {
    let Some(text) = query.text("Labels") else {
        return Ok(Vec::new());
    };
    let labels: std::collections::BTreeMap<String, String> = serde_json::from_str(text)
        .map_err(|_| query.wrong("Labels", "must be a JSON object whose values are text"))?;
    if labels.len() > 4 {
        return Err(query.wrong("Labels", "must have at most four members"));
    }
    Ok(labels.into_iter().collect())
}

/// `Tag`: a JSON array of objects with `Key` and, if it matters, `Value`.
fn wanted_tags(query: Query<'_>) -> Result<Vec<(String, String)>, Refusal> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Tag {
        key: String,
        #[serde(default)]
        value: String,
    }
    let Some(text) = query.text("Tag") else {
        return Ok(Vec::new());
    };
    let tags: Vec<Tag> = serde_json::from_str(text)
        .map_err(|_| query.wrong("Tag", "must be a JSON array of objects with Key and Value"))?;
    Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
}
