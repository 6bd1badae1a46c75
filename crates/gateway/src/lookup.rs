//! Looking for the instance of a submission (rule 9 of create).
//!
//! The service has no key of its own for a create, so it is found by what the body says: the marker among its
//! labels, or else its name. What the service filters is compared again here.

use bytes::Bytes;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use crate::app::App;
use crate::error::{Code, Error};
use crate::forward::{Unanswered, ask};
use crate::operation::{Id, Operation};
use crate::region::Region;
use crate::reply::{member, object};
use crate::submission::{Candidate, Submission};
use crate::upstream::Call;

/// Key of the label that marks the instance of a submission (rule 5).
pub const MARKER: &str = "dsw-composer-submission";

/// Instances on a page of a list.
const PAGE: u64 = 100;

/// The most pages of one list that are read.
const MAX_PAGES: u64 = 100;

/// The marker of a key: the first half of its SHA-256, in hex.
pub fn marker(key: &str) -> String {
    hex::encode(&Sha256::digest(key.as_bytes())[..16])
}

/// What a look-up finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Exactly one instance with the marker.
    Instance(String),
    /// Instances that may be it: more than one with the marker, or those of the same name.
    Candidates(Vec<Candidate>),
    /// None.
    Nothing,
}

/// Why a look-up is not complete. It says nothing of absence.
#[derive(Debug)]
pub enum LookUpError {
    /// A list was not answered.
    Unanswered(Box<Unanswered>),
    /// A list does not hold what it says that it holds.
    Odd,
}

impl LookUpError {
    /// Whether the service refuses for want of a right.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, Self::Unanswered(unanswered) if unanswered.is_forbidden())
    }

    /// The answer to whoever asked.
    pub fn into_error(self, app: &App) -> Error {
        match self {
            Self::Unanswered(unanswered) => unanswered.into_error(app),
            Self::Odd => Error::new(
                Code::BadUpstream,
                "The service's list of instances is not whole. Try again.",
            ),
        }
    }
}

/// Looks for instances that carry the submission's marker. Without a marker there are none.
///
/// # Errors
///
/// When a list is not complete and nothing was found in the others.
pub async fn by_marker(
    app: &App,
    region: Region,
    submission: &Submission,
    deadline: Instant,
) -> Result<Found, LookUpError> {
    let Some(marker) = &submission.marker else {
        return Ok(Found::Nothing);
    };
    let labels = json!({ MARKER: marker }).to_string();
    let carries = |instance: &Map<String, Value>| label(instance) == Some(marker);
    let query = [("Labels", labels)];
    let mut found = list(app, region, submission, &query, carries, deadline).await?;
    Ok(match found.len() {
        0 => Found::Nothing,
        1 => Found::Instance(found.remove(0).instance_id),
        // Someone has copied it, and which is which is not for us to say.
        _ => Found::Candidates(found),
    })
}

/// Looks everywhere: by marker, and if that finds nothing by name.
///
/// # Errors
///
/// When a list is not complete and nothing was found in the others.
pub async fn everywhere(
    app: &App,
    region: Region,
    submission: &Submission,
    deadline: Instant,
) -> Result<Found, LookUpError> {
    let found = by_marker(app, region, submission, deadline).await?;
    let Some(name) = submission.instance_name.as_deref() else {
        return Ok(found);
    };
    if found != Found::Nothing {
        return Ok(found);
    }
    let may_be_it = |instance: &Map<String, Value>| {
        let same = member(instance, "InstanceName").and_then(Value::as_str) == Some(name);
        // One with another marker is that of another submission.
        same && label(instance).is_none()
    };
    let query = [("InstanceName", name.to_owned())];
    let found = list(app, region, submission, &query, may_be_it, deadline).await?;
    Ok(match found.len() {
        0 => Found::Nothing,
        _ => Found::Candidates(found),
    })
}

/// The value of an instance's marker.
fn label(instance: &Map<String, Value>) -> Option<&str> {
    let mut labels = member(instance, "Labels")?.as_array()?.iter();
    labels.find_map(|label| {
        let label = label.as_object()?;
        let key = member(label, "Key")?.as_str()?;
        (key == MARKER).then(|| member(label, "Value")?.as_str())?
    })
}

/// The instances that a filter lists and that `is` accepts, each once. Lists leave out instances unless they are
/// asked for all resources, and for private and public ones apart.
async fn list(
    app: &App,
    region: Region,
    submission: &Submission,
    filter: &[(&'static str, String)],
    is: impl Fn(&Map<String, Value>) -> bool + Send,
    deadline: Instant,
) -> Result<Vec<Candidate>, LookUpError> {
    let workspace = submission.workspace_id.as_deref().unwrap_or("ALL");
    let mut found: Vec<Candidate> = Vec::new();
    let mut failed = None;
    for visibility in ["PRIVATE", "PUBLIC"] {
        let mut number = 1;
        loop {
            let mut query = vec![
                ("PageNumber", number.to_string()),
                ("PageSize", PAGE.to_string()),
                ("Accessibility", visibility.to_owned()),
                ("WorkspaceId", workspace.to_owned()),
                ("ResourceId", "ALL".to_owned()),
            ];
            query.extend_from_slice(filter);
            let call = Call {
                operation: Operation::ListInstances,
                region,
                id: None,
                query,
                body: Bytes::new(),
            };
            let page = match ask(app, &call, deadline).await {
                Ok(answer) => match object(&answer) {
                    Some(list) => page(&list, &is),
                    None => Err(LookUpError::Odd),
                },
                Err(unanswered) => Err(LookUpError::Unanswered(Box::new(unanswered))),
            };
            match page {
                Ok(page) => {
                    for candidate in page.accepted {
                        if found
                            .iter()
                            .all(|it| it.instance_id != candidate.instance_id)
                        {
                            found.push(candidate);
                        }
                    }
                    if number * PAGE >= page.total {
                        break;
                    }
                    // A page too few is an incomplete list.
                    if page.count == 0 || number == MAX_PAGES {
                        failed = Some(LookUpError::Odd);
                        break;
                    }
                    number += 1;
                }
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
    }
    match failed {
        Some(failed) if found.is_empty() => Err(failed),
        _ => Ok(found),
    }
}

struct Page {
    total: u64,
    count: usize,
    accepted: Vec<Candidate>,
}

/// Reads one page of a list.
fn page(
    object: &Map<String, Value>,
    is: &impl Fn(&Map<String, Value>) -> bool,
) -> Result<Page, LookUpError> {
    let total = member(object, "TotalCount").and_then(Value::as_u64);
    let instances = member(object, "Instances").and_then(Value::as_array);
    let (Some(total), Some(instances)) = (total, instances) else {
        return Err(LookUpError::Odd);
    };
    let mut accepted = Vec::new();
    for instance in instances {
        let instance = instance.as_object().ok_or(LookUpError::Odd)?;
        if !is(instance) {
            continue;
        }
        let text = |name: &str| -> Option<String> {
            let text = member(instance, name)?.as_str()?;
            Some(text.chars().take(128).collect())
        };
        let id = text("InstanceId").filter(|id| is_instance_id(id));
        accepted.push(Candidate {
            instance_id: id.ok_or(LookUpError::Odd)?,
            status: text("Status"),
            created: text("GmtCreateTime"),
        });
    }
    Ok(Page {
        total,
        count: instances.len(),
        accepted,
    })
}

/// Whether this is an id that the service gives to instances: `dsw-` and letters or digits.
pub fn is_instance_id(text: &str) -> bool {
    let rest = text.strip_prefix("dsw-").unwrap_or_default();
    !rest.is_empty() && Id::parse(text).is_some()
}
