//! [`Submission`]: one create, as the journal knows it and as the page is told of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a submission stands. Only these steps are made: `Prepared → Sent → Confirmed | Rejected | Unknown → Found`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum State {
    /// Judged and written down; nothing has been sent.
    Prepared,
    /// Sending has begun. One that is still here after a restart is unknown.
    Sent,
    /// The service said that it creates the instance.
    Confirmed,
    /// The service refused: there is no instance.
    Rejected,
    /// It was sent, and what became of it is not known (rule 8).
    Unknown,
    /// It was unknown, and its instance has been found.
    Found,
}

/// A create and what became of it. No body and no secret is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Submission {
    /// The caller's Idempotency-Key.
    pub key: String,
    /// How it stands.
    pub state: State,
    /// Id of the region.
    pub region: String,
    /// `InstanceName` of the body, if it has one.
    pub instance_name: Option<String>,
    /// `WorkspaceId` of the body, if it has one.
    pub workspace_id: Option<String>,
    /// Value of the label `dsw-composer-submission`, if the body has it (rule 5).
    pub marker: Option<String>,
    /// SHA-256 of the body's bytes, in hex.
    pub body_sha256: String,
    /// How many bytes the body has.
    pub body_bytes: u64,
    /// When it was written down.
    pub prepared_at: Timestamp,
    /// When sending began.
    pub sent_at: Option<Timestamp>,
    /// When its outcome became known, or was found to be unknown.
    pub settled_at: Option<Timestamp>,
    /// When it was last looked for in vain, everywhere (rule 9).
    pub checked_at: Option<Timestamp>,
    /// Id of the instance, once it is known.
    pub instance_id: Option<String>,
    /// What the service said, if it said something.
    pub upstream: Option<Said>,
}

/// What the service said in its own reply. It is data: capped, and shown as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Said {
    /// HTTP status.
    pub status: u16,
    /// `Code`, at most 128 characters.
    pub code: Option<String>,
    /// `Message`, at most 2 KiB.
    pub message: Option<String>,
    /// `RequestId`, at most 128 characters.
    pub request_id: Option<String>,
    /// The reply as received, at most 2 KiB of it. Not kept in the journal.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
}
