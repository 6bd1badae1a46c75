//! [`Submission`]: one create, as the journal knows it and as the page is told of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a submission stands. Only these steps are made: `Prepared → Sent → Confirmed | Rejected | Unknown → Found`;
/// `Sent → Prepared` when it turns out that nothing has left; `Prepared → Found` when the look-up before the first
/// send finds the instance; and `Unknown → Confirmed | Rejected` when the reply comes to one that another program on
/// the same journal took for lost.
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

impl State {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Prepared, "PREPARED"),
        (Self::Sent, "SENT"),
        (Self::Confirmed, "CONFIRMED"),
        (Self::Rejected, "REJECTED"),
        (Self::Unknown, "UNKNOWN"),
        (Self::Found, "FOUND"),
    ];

    /// The state as it is written in answers and in the journal.
    #[expect(clippy::missing_panics_doc, reason = "each state stands in the table")]
    pub fn as_str(self) -> &'static str {
        let mut all = Self::ALL.iter();
        let (_, text) = all
            .find(|(state, _)| *state == self)
            .expect("each state stands in the table");
        text
    }

    /// The state that is written so.
    pub fn parse(text: &str) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|(_, other)| *other == text)
            .map(|(state, _)| *state)
    }
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
    /// Whether it was sent without the look-up before it, because the service forbade that (rule 6).
    pub look_up_forbidden: bool,
    /// What the last look-up found under the same name, without the marker of another submission: a person has to
    /// decide whether it is this one (rule 5). Told once, not kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
}

/// An instance that may be that of a submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Its id.
    pub instance_id: String,
    /// Its state, such as `Running`, if the service tells one; at most 128 characters.
    pub status: Option<String>,
    /// When it was created, as the service writes it; at most 128 characters.
    pub created: Option<String>,
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
