//! The instances that there are, to begin a request with the settings of one.

use serde_json::Value;

use super::ask::Ask;
use super::text;

/// An instance as the list of the service tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instance {
    /// `InstanceId`, by which it is fetched whole.
    pub id: String,
    /// `InstanceName`; empty where the service tells none.
    pub name: String,
    /// `Status`, such as `Running`.
    pub status: String,
    /// What it runs on: `EcsSpec`, or the quota (`ResourceId`).
    pub machine: String,
    /// `WorkspaceName`, or `WorkspaceId` where it has none.
    pub workspace: String,
    /// `GmtCreateTime`, as the service writes it.
    pub created: String,
    /// `OversoldType`, which the service tells in lists only.
    pub oversold: String,
}

impl Instance {
    /// Whether each of the words stands in what is told of it, in any case.
    pub fn has(&self, words: &str) -> bool {
        let told = [
            &*self.name,
            &self.id,
            &self.status,
            &self.machine,
            &self.workspace,
            &self.created,
        ];
        let told = told.join("\n").to_lowercase();
        let words = words.to_lowercase();
        words.split_whitespace().all(|word| told.contains(word))
    }
}

/// The calls that bring all instances, the newest first: whoever pays for them, and whoever may see them. Without a
/// visibility the service leaves some out.
pub fn instance_asks() -> [Ask; 2] {
    ["PRIVATE", "PUBLIC"].map(|visibility| {
        let query = [
            ("ResourceId", "ALL"),
            ("WorkspaceId", "ALL"),
            ("Accessibility", visibility),
            ("SortBy", "GmtCreateTime"),
            ("Order", "DESC"),
        ];
        Ask {
            path: "/api/v2/instances".to_owned(),
            query: query.map(|(name, value)| (name, value.to_owned())).into(),
        }
    })
}

/// Reads a page of the list. What has no id, or stands twice, is left out. Returns how many rows the page has.
pub fn read_instances(page: &Value, all: &mut Vec<Instance>) -> usize {
    let rows = page["Instances"].as_array().map_or(&[][..], Vec::as_slice);
    for row in rows {
        let first = |names: [&str; 2]| {
            let mut told = names.iter().map(|name| text(row, name));
            told.find(|text| !text.is_empty())
                .unwrap_or_default()
                .to_owned()
        };
        let instance = Instance {
            id: text(row, "InstanceId").to_owned(),
            name: text(row, "InstanceName").to_owned(),
            status: text(row, "Status").to_owned(),
            machine: first(["EcsSpec", "ResourceId"]),
            workspace: first(["WorkspaceName", "WorkspaceId"]),
            created: text(row, "GmtCreateTime").to_owned(),
            oversold: text(row, "OversoldType").to_owned(),
        };
        if !instance.id.is_empty() && all.iter().all(|known| known.id != instance.id) {
            all.push(instance);
        }
    }
    rows.len()
}

/// What the service tells of one instance (`GetInstance`), with what it tells in lists only: the text that is taken in.
pub fn whole(details: &Value, listed: &Instance) -> String {
    let mut details = details.clone();
    if let Some(members) = details.as_object_mut()
        && !listed.oversold.is_empty()
        && !members.contains_key("OversoldType")
    {
        members.insert("OversoldType".to_owned(), listed.oversold.as_str().into());
    }
    details.to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn f06_all_instances_are_asked_for() {
        let asks = instance_asks();
        for (ask, visibility) in asks.iter().zip(["PRIVATE", "PUBLIC"]) {
            let query = ask.page(1);
            for pair in [
                ("ResourceId", "ALL"),
                ("WorkspaceId", "ALL"),
                ("Accessibility", visibility),
                // One without the other is an error.
                ("SortBy", "GmtCreateTime"),
                ("Order", "DESC"),
            ] {
                assert!(query.contains(&(pair.0, pair.1.to_owned())), "{pair:?}");
            }
        }
    }

    #[test]
    fn f06_a_page_is_read_with_care() {
        let page = json!({"TotalCount": 6, "Instances": [
            {"InstanceId": "dsw-1", "InstanceName": "a", "Status": "Running", "EcsSpec": "ecs.c6.large",
             "WorkspaceName": "team", "WorkspaceId": "1", "GmtCreateTime": "2026-01-15T08:00:00Z"},
            {"InstanceId": "dsw-2", "ResourceId": "quota-1", "EcsSpec": "", "WorkspaceId": "2", "OversoldType": "X"},
            {"InstanceId": "dsw-1", "InstanceName": "again"},
            {"InstanceName": "without an id"},
            {"InstanceId": 5},
            null,
        ]});
        let mut all = Vec::new();
        assert_eq!(read_instances(&page, &mut all), 6);
        assert_eq!(all.len(), 2);
        assert_eq!(
            (&*all[0].machine, &*all[0].workspace),
            ("ecs.c6.large", "team")
        );
        assert_eq!((&*all[1].machine, &*all[1].workspace), ("quota-1", "2"));
        assert_eq!(all[1].oversold, "X");
        assert_eq!(read_instances(&json!({"Instances": {}}), &mut all), 0);
        assert!(all[0].has("RUNNING c6"));
        assert!(all[0].has(""));
        assert!(!all[0].has("running quota"));
    }

    #[test]
    fn f06_what_only_the_list_tells_comes_along() {
        let listed = |oversold: &str| Instance {
            oversold: oversold.to_owned(),
            ..Instance::default()
        };
        let details = json!({"InstanceId": "dsw-1"});
        let told =
            |text: &str| serde_json::from_str::<Value>(text).expect("JSON")["OversoldType"].clone();
        assert_eq!(told(&whole(&details, &listed(""))), Value::Null);
        assert_eq!(told(&whole(&details, &listed("A"))), "A");
        let own = json!({"OversoldType": "B"});
        assert_eq!(told(&whole(&own, &listed("A"))), "B");
    }
}
