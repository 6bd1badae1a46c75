//! Which calls bring a list.

use dsw_model::descriptor::Source;
use serde_json::Value;

/// Rows of a page; more were never seen to be given.
const PAGE_SIZE: u64 = 100;

/// A call to be made page by page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Path at the gateway.
    pub path: String,
    /// Members of the query, without those of the page.
    pub query: Vec<(&'static str, String)>,
}

/// What of the draft decides which list is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The workspace; empty while none is chosen.
    pub workspace: String,
    /// The dataset whose versions are asked for; empty for other lists.
    pub dataset: String,
}

/// The calls that bring a list.
pub fn asks(source: Source, part: &Part) -> Vec<Ask> {
    let ask = |path: &str, query: &[(&'static str, &str)]| Ask {
        path: path.to_owned(),
        query: query
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect(),
    };
    let workspace = ("WorkspaceId", part.workspace.as_str());
    // The newest comes first: what is old is mostly there for those who know its id.
    let (by, order) = (("SortBy", "GmtCreateTime"), ("Order", "DESC"));
    match source {
        Source::Workspaces => vec![ask("/api/v1/workspaces", &[])],
        // The type of a machine is not to be guessed from its name, so each type is asked for.
        Source::Machines => ["CPU", "GPU"]
            .map(|chip| ask("/api/v2/ecsspecs", &[("AcceleratorType", chip)]))
            .into(),
        Source::Images => {
            const FOR_DSW: (&str, &str) = ("Labels", "system.supported.dsw=true");
            // Labels come only so.
            const VERBOSE: (&str, &str) = ("Verbose", "true");
            let official = ask("/api/v1/images", &[FOR_DSW, VERBOSE, by, order]);
            // Those of the workspace come first: there are few, and one looks for them.
            let own = ask("/api/v1/images", &[FOR_DSW, VERBOSE, by, order, workspace]);
            if part.workspace.is_empty() {
                vec![official]
            } else {
                vec![own, official]
            }
        }
        Source::Datasets => vec![
            ask("/api/v1/datasets", &[by, order, workspace]),
            // Public ones belong to no workspace.
            ask(
                "/api/v1/datasets",
                &[by, order, workspace, ("Provider", "pai")],
            ),
        ],
        Source::Versions => {
            let path = ["/api/v1/datasets/", &part.dataset, "/versions"].concat();
            vec![ask(&path, &[by, order])]
        }
        Source::Quotas if part.workspace.is_empty() => {
            vec![ask("/api/v1/resources", &[("Option", "ListResource")])]
        }
        Source::Quotas => vec![ask("/api/v1/resources", &[workspace])],
    }
}

/// The call that tells whether an instance has this name, whoever pays for it. It brings all names that hold it.
pub fn name_ask(name: &str) -> Ask {
    let query = [
        ("ResourceId", "ALL"),
        ("WorkspaceId", "ALL"),
        ("InstanceName", name),
    ];
    Ask {
        path: "/api/v2/instances".to_owned(),
        query: query.map(|(name, value)| (name, value.to_owned())).into(),
    }
}

/// The names of the instances on a page.
pub fn names(page: &Value) -> impl Iterator<Item = &str> {
    let rows = page["Instances"].as_array().into_iter().flatten();
    rows.filter_map(|row| row["InstanceName"].as_str())
}

impl Ask {
    /// The members of the query for this page, which counts from 1.
    pub fn page(&self, number: u64) -> Vec<(&'static str, String)> {
        let mut query = self.query.clone();
        query.push(("PageNumber", number.to_string()));
        query.push(("PageSize", PAGE_SIZE.to_string()));
        query
    }
}

/// Whether this page, which counts from 1, is the last. Nothing but `TotalCount` tells it; a page without it is.
pub fn is_last_page(page: &Value, number: u64) -> bool {
    number * PAGE_SIZE >= page["TotalCount"].as_u64().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn part(workspace: &str, dataset: &str) -> Part {
        Part {
            workspace: workspace.to_owned(),
            dataset: dataset.to_owned(),
        }
    }

    fn lines(source: Source, part: &Part) -> Vec<String> {
        let line = |ask: Ask| {
            let query = ask
                .query
                .iter()
                .map(|(name, value)| format!(" {name}={value}"));
            ask.path.clone() + &query.collect::<String>()
        };
        asks(source, part).into_iter().map(line).collect()
    }

    #[test]
    fn each_list_is_asked_for_as_the_service_wants() {
        let of = part("40823", "d-1");
        let newest = "SortBy=GmtCreateTime Order=DESC";
        let dsw = format!("Labels=system.supported.dsw=true Verbose=true {newest}");
        for (source, wanted) in [
            (Source::Workspaces, vec!["/api/v1/workspaces".to_owned()]),
            (
                Source::Machines,
                ["CPU", "GPU"]
                    .map(|chip| format!("/api/v2/ecsspecs AcceleratorType={chip}"))
                    .into(),
            ),
            (
                Source::Images,
                vec![
                    format!("/api/v1/images {dsw} WorkspaceId=40823"),
                    format!("/api/v1/images {dsw}"),
                ],
            ),
            (
                Source::Datasets,
                vec![
                    format!("/api/v1/datasets {newest} WorkspaceId=40823"),
                    format!("/api/v1/datasets {newest} WorkspaceId=40823 Provider=pai"),
                ],
            ),
            (
                Source::Versions,
                vec![format!("/api/v1/datasets/d-1/versions {newest}")],
            ),
            (
                Source::Quotas,
                vec!["/api/v1/resources WorkspaceId=40823".to_owned()],
            ),
        ] {
            assert_eq!(lines(source, &of), wanted);
        }
        let nowhere = part("", "");
        assert_eq!(
            lines(Source::Images, &nowhere),
            [format!("/api/v1/images {dsw}")]
        );
        assert_eq!(
            lines(Source::Datasets, &nowhere),
            [
                format!("/api/v1/datasets {newest}"),
                format!("/api/v1/datasets {newest} Provider=pai")
            ]
        );
        assert_eq!(
            lines(Source::Quotas, &nowhere),
            ["/api/v1/resources Option=ListResource"]
        );
    }

    #[test]
    fn the_total_tells_which_page_is_the_last() {
        for (total, number, last) in [
            (json!({"TotalCount": 0}), 1, true),
            (json!({"TotalCount": 100}), 1, true),
            (json!({"TotalCount": 101}), 1, false),
            (json!({"TotalCount": 101}), 2, true),
            (json!({}), 1, true),
            (json!({"TotalCount": "many"}), 1, true),
        ] {
            assert_eq!(is_last_page(&total, number), last, "{total} page {number}");
        }
        let query = name_ask("training_data").page(2);
        assert!(query.contains(&("PageNumber", "2".to_owned())));
        assert!(query.contains(&("PageSize", "100".to_owned())));
        assert!(query.contains(&("ResourceId", "ALL".to_owned())));
    }

    #[test]
    fn names_are_those_of_the_instances() {
        let page = json!({"Instances": [{"InstanceName": "a"}, {"InstanceName": 5}, {}, {"InstanceName": "b"}]});
        assert_eq!(names(&page).collect::<Vec<_>>(), ["a", "b"]);
    }
}
