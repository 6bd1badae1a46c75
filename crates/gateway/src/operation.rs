//! The closed table of operations that may be forwarded (S06).
//!
//! Method and path of a request choose the operation, and with it host, version, and the query members that
//! it may have. What is not in the table cannot be forwarded.

use http::Method;

use crate::region::Region;

/// One of the two products behind the form, each with its own hosts, action names and version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Product {
    /// Instances and machine types.
    PaiDsw,
    /// Workspaces, images, datasets, quotas.
    AiWorkspace,
}

impl Product {
    /// Value of `x-acs-version`.
    pub fn version(self) -> &'static str {
        match self {
            Self::PaiDsw => "2022-01-01",
            Self::AiWorkspace => "2021-02-04",
        }
    }

    /// The host that serves it in a region.
    pub fn host(self, region: Region) -> String {
        let product = match self {
            Self::PaiDsw => "pai-dsw",
            Self::AiWorkspace => "aiworkspace",
        };
        format!("{product}.{region}.aliyuncs.com")
    }
}

/// An operation of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Creates an instance, which costs money from then on.
    CreateInstance,
    /// One instance, with its state.
    GetInstance,
    /// Instances, page by page.
    ListInstances,
    /// What happened to an instance.
    GetInstanceEvents,
    /// Machine types.
    ListEcsSpecs,
    /// Workspaces.
    ListWorkspaces,
    /// Images.
    ListImages,
    /// Registered datasets.
    ListDatasets,
    /// Versions of a registered dataset.
    ListDatasetVersions,
    /// Resources of a workspace, among them its quotas.
    ListResources,
    /// Quotas by name.
    ListQuotas,
}

/// What a query member may hold. None is longer than [`MAX_VALUE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// Any text without control characters.
    Text,
    /// A whole number in decimal, between these two.
    Integer(u64, u64),
    /// `true` or `false`.
    Boolean,
    /// One of these, letter by letter.
    OneOf(&'static [&'static str]),
}

/// Bytes of the longest value of a query member.
pub const MAX_VALUE: usize = 1024;

/// Facts about an operation.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Which operation.
    pub operation: Operation,
    /// Value of `x-acs-action`.
    pub name: &'static str,
    /// Who serves it.
    pub product: Product,
    /// Method, here and upstream.
    pub method: Method,
    /// Path, here and upstream; at most one segment is an id in braces.
    pub path: &'static str,
    /// Query members that are passed on. `RegionId` is always needed besides, and stays here.
    pub query: &'static [(&'static str, Member)],
}

const PAGE: (&str, Member) = ("PageNumber", Member::Integer(1, 100_000));
/// No largest page size is documented; more than 100 was never seen to be given.
const SIZE: (&str, Member) = ("PageSize", Member::Integer(1, 100));
const ORDER: (&str, Member) = ("Order", Member::OneOf(&["ASC", "DESC"]));
const VISIBILITY: (&str, Member) = ("Accessibility", Member::OneOf(&["PUBLIC", "PRIVATE"]));
const THOUSANDTHS: Member = Member::Integer(0, 1_000_000_000);
const GIGABYTES: Member = Member::Integer(0, 1_000_000);

/// The table. A dataset's or an instance's id is the one thing in a path that a caller chooses.
pub static OPERATIONS: [Facts; 11] = [
    Facts {
        operation: Operation::CreateInstance,
        name: "CreateInstance",
        product: Product::PaiDsw,
        method: Method::POST,
        path: "/api/v2/instances",
        query: &[],
    },
    Facts {
        operation: Operation::ListInstances,
        name: "ListInstances",
        product: Product::PaiDsw,
        method: Method::GET,
        path: "/api/v2/instances",
        query: &[
            PAGE,
            SIZE,
            ORDER,
            (
                "SortBy",
                Member::OneOf(&["Priority", "GmtCreateTime", "GmtModifiedTime"]),
            ),
            VISIBILITY,
            ("WorkspaceId", Member::Text),
            ("ResourceId", Member::Text),
            ("InstanceName", Member::Text),
            ("InstanceId", Member::Text),
            ("Status", Member::Text),
            (
                "PaymentType",
                Member::OneOf(&["PayAsYouGo", "Subscription"]),
            ),
            ("AcceleratorType", Member::OneOf(&["CPU", "GPU"])),
            ("CreateUserId", Member::Text),
            ("ImageName", Member::Text),
            ("GpuType", Member::Text),
            ("CreateTimeAfter", Member::Text),
            ("CreateTimeBefore", Member::Text),
            ("MinCpu", THOUSANDTHS),
            ("MaxCpu", THOUSANDTHS),
            ("MinGpu", THOUSANDTHS),
            ("MaxGpu", THOUSANDTHS),
            ("MinMemory", GIGABYTES),
            ("MaxMemory", GIGABYTES),
            ("MinGpuMemory", GIGABYTES),
            ("MaxGpuMemory", GIGABYTES),
            ("Labels", Member::Text),
            ("Tag", Member::Text),
        ],
    },
    Facts {
        operation: Operation::GetInstance,
        name: "GetInstance",
        product: Product::PaiDsw,
        method: Method::GET,
        path: "/api/v2/instances/{InstanceId}",
        query: &[("Fields", Member::Text)],
    },
    Facts {
        operation: Operation::GetInstanceEvents,
        name: "GetInstanceEvents",
        product: Product::PaiDsw,
        method: Method::GET,
        path: "/api/v2/instances/{InstanceId}/events",
        query: &[
            ("StartTime", Member::Text),
            ("EndTime", Member::Text),
            ("MaxEventsNum", Member::Integer(1, 2_000)),
        ],
    },
    Facts {
        operation: Operation::ListEcsSpecs,
        name: "ListEcsSpecs",
        product: Product::PaiDsw,
        method: Method::GET,
        path: "/api/v2/ecsspecs",
        query: &[
            PAGE,
            SIZE,
            ORDER,
            ("SortBy", Member::OneOf(&["gmtCreate"])),
            ("AcceleratorType", Member::OneOf(&["CPU", "GPU"])),
            ("ResourceType", Member::Text),
        ],
    },
    Facts {
        operation: Operation::ListWorkspaces,
        name: "ListWorkspaces",
        product: Product::AiWorkspace,
        method: Method::GET,
        path: "/api/v1/workspaces",
        query: &[
            PAGE,
            SIZE,
            ORDER,
            (
                "SortBy",
                Member::OneOf(&["GmtCreateTime", "GmtModifiedTime"]),
            ),
            ("WorkspaceName", Member::Text),
            ("WorkspaceIds", Member::Text),
            (
                "Status",
                Member::OneOf(&[
                    "ENABLED",
                    "INITIALIZING",
                    "FAILURE",
                    "DISABLED",
                    "FROZEN",
                    "UPDATING",
                ]),
            ),
            ("Verbose", Member::Boolean),
        ],
    },
    Facts {
        operation: Operation::ListImages,
        name: "ListImages",
        product: Product::AiWorkspace,
        method: Method::GET,
        path: "/api/v1/images",
        query: &[
            PAGE,
            SIZE,
            ORDER,
            ("SortBy", Member::OneOf(&["GmtCreateTime"])),
            VISIBILITY,
            ("WorkspaceId", Member::Text),
            ("Name", Member::Text),
            ("Query", Member::Text),
            ("ImageUri", Member::Text),
            ("Labels", Member::Text),
            ("Verbose", Member::Boolean),
        ],
    },
    Facts {
        operation: Operation::ListDatasets,
        name: "ListDatasets",
        product: Product::AiWorkspace,
        method: Method::GET,
        path: "/api/v1/datasets",
        query: &[
            PAGE,
            SIZE,
            ORDER,
            ("SortBy", Member::OneOf(&["GmtCreateTime"])),
            VISIBILITY,
            ("WorkspaceId", Member::Text),
            ("Name", Member::Text),
            ("DatasetIds", Member::Text),
            ("DataSourceTypes", Member::Text),
            ("Properties", Member::OneOf(&["DIRECTORY", "FILE"])),
            ("DataTypes", Member::Text),
            ("SourceTypes", Member::Text),
            ("Label", Member::Text),
            ("Provider", Member::Text),
        ],
    },
    Facts {
        operation: Operation::ListDatasetVersions,
        name: "ListDatasetVersions",
        product: Product::AiWorkspace,
        method: Method::GET,
        path: "/api/v1/datasets/{DatasetId}/versions",
        query: &[
            PAGE,
            SIZE,
            ORDER,
            ("SortBy", Member::OneOf(&["GmtCreateTime"])),
        ],
    },
    Facts {
        operation: Operation::ListResources,
        name: "ListResources",
        product: Product::AiWorkspace,
        method: Method::GET,
        path: "/api/v1/resources",
        query: &[
            PAGE,
            SIZE,
            ("WorkspaceId", Member::Text),
            ("GroupName", Member::Text),
            ("ResourceName", Member::Text),
            ("ResourceTypes", Member::Text),
            ("ProductTypes", Member::Text),
            ("Option", Member::Text),
            ("Verbose", Member::Boolean),
        ],
    },
    Facts {
        operation: Operation::ListQuotas,
        name: "ListQuotas",
        product: Product::AiWorkspace,
        method: Method::GET,
        path: "/api/v1/quotas",
        query: &[("Name", Member::Text)],
    },
];

impl Operation {
    /// Its row of the table.
    #[expect(clippy::missing_panics_doc, reason = "each operation has its row")]
    pub fn facts(self) -> &'static Facts {
        let row = OPERATIONS.iter().find(|facts| facts.operation == self);
        row.expect("each operation has its row")
    }

    /// Whether it may be repeated without harm.
    pub fn is_read(self) -> bool {
        self != Self::CreateInstance
    }
}

impl Facts {
    /// The path upstream, with this id in the place of its braces.
    pub fn path_with(&self, id: Option<&Id>) -> String {
        match (self.path.split_once('{'), id) {
            (Some((before, rest)), Some(Id(id))) => {
                let after = rest.split_once('}').map_or("", |(_, after)| after);
                [before, id, after].concat()
            }
            _ => self.path.to_owned(),
        }
    }
}

impl Member {
    /// Whether a value may be passed on.
    pub fn accepts(self, value: &str) -> bool {
        value.len() <= MAX_VALUE
            && match self {
                Self::Text => !value.chars().any(char::is_control),
                Self::Integer(least, most) => {
                    let is_plain = !value.is_empty()
                        && value.len() <= 10
                        && value.bytes().all(|byte| byte.is_ascii_digit());
                    is_plain
                        && value
                            .parse()
                            .is_ok_and(|number: u64| (least..=most).contains(&number))
                }
                Self::Boolean => value == "true" || value == "false",
                Self::OneOf(values) => values.contains(&value),
            }
    }
}

/// An id in a path: letters, digits, `-` and `_`, so that no escape can hide in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Id(String);

impl Id {
    /// Takes a text for an id, if it is one: 1 to 64 characters.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        fits.then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_stands_once_in_the_table() {
        for facts in &OPERATIONS {
            assert!(
                std::ptr::eq(facts.operation.facts(), facts),
                "{}",
                facts.name
            );
        }
    }

    #[test]
    fn an_id_takes_the_place_of_its_braces() {
        let id = Id::parse("dsw-730x").expect("an id");
        let path = |operation: Operation| operation.facts().path_with(Some(&id));
        assert_eq!(path(Operation::GetInstance), "/api/v2/instances/dsw-730x");
        assert_eq!(
            path(Operation::GetInstanceEvents),
            "/api/v2/instances/dsw-730x/events"
        );
        assert_eq!(path(Operation::ListImages), "/api/v1/images");
    }

    #[test]
    fn s07_an_id_can_not_leave_its_segment() {
        for text in [
            "",
            ".",
            "..",
            "a/b",
            "a%2fb",
            "a?b",
            "a#b",
            "a b",
            "ä",
            "a\n",
            &"a".repeat(65),
        ] {
            assert_eq!(Id::parse(text), None, "{text}");
        }
    }

    #[test]
    fn members_take_what_their_type_says() {
        assert!(Member::Integer(1, 100).accepts("100"));
        for text in ["", "0", "101", "+1", "1.0", " 1", "99999999999999999999"] {
            assert!(!Member::Integer(1, 100).accepts(text), "{text}");
        }
        assert!(Member::Boolean.accepts("true") && !Member::Boolean.accepts("True"));
        assert!(Member::Text.accepts("名") && !Member::Text.accepts("a\u{7}"));
        assert!(!Member::Text.accepts(&"a".repeat(MAX_VALUE + 1)));
        assert!(Member::OneOf(&["CPU"]).accepts("CPU") && !Member::OneOf(&["CPU"]).accepts("cpu"));
    }
}
