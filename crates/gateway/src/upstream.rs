//! [`Upstream`]: whoever answers the calls that are forwarded. The live service, the sandbox, and the
//! stand-ins of tests are all of this one kind.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;

use crate::operation::{Id, Operation};
use crate::region::Region;

/// Whoever answers.
pub trait Upstream: Send + Sync + fmt::Debug + 'static {
    /// Makes one call and sends it at most once: no retry, no redirect (rule 7 of create). Only after the
    /// service refused it for its time or its token is it sent once more, corrected (G07). Time limits
    /// within a call (G04: connecting, first byte) are kept here; the limit of the whole is the caller's.
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Reply, Failure>>;

    /// Whether calls go to the real service or are only emulated.
    fn mode(&self) -> Mode;
}

/// Where calls go. Fixed when the program starts (S02).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// To an emulated service; nothing real is created, no credentials are read.
    Sandbox,
    /// To Alibaba Cloud, signed.
    Live,
}

impl Mode {
    /// Value of `X-Gateway-Mode`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Live => "live",
        }
    }
}

/// One call, all of it from closed tables but the query's values, the id and the body.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// What is called.
    pub operation: Operation,
    /// Where.
    pub region: Region,
    /// The id in the path, where the operation has one.
    pub id: Option<Id>,
    /// Names and values of the query, decoded, as the operation's table allows them.
    pub query: Vec<(&'static str, String)>,
    /// The body, byte for byte as it is to be sent. Only of creates.
    pub body: Bytes,
}

impl fmt::Debug for Call {
    // A body may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation)
            .field("region", &self.region)
            .field("id", &self.id)
            .field("body", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Call {
    /// The value of a query member.
    pub fn query(&self, name: &str) -> Option<&str> {
        let member = self.query.iter().find(|(member, _)| *member == name);
        member.map(|(_, value)| value.as_str())
    }
}

/// What came back, whole and within its limits. It is data, not to be trusted.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The body as received, at most [`MAX_REPLY`] bytes.
    pub body: Bytes,
    /// How long to wait before asking again (`x-acs-retry-after` or `Retry-After`), if it says so.
    pub retry_after: Option<Duration>,
    /// The service's clock (`Date`), if it says so: for telling how far ours is off (G07).
    pub date: Option<jiff::Timestamp>,
}

/// Bytes of the largest reply that is taken (S11).
pub const MAX_REPLY: usize = 4 << 20;

/// Bytes of the largest head of a reply that is taken (S11).
pub const MAX_REPLY_HEAD: usize = 64 << 10;

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("body", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Why there is no reply.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Nothing of the request has left: it has no effect (G06).
    #[error("not sent to {host}: {step} failed: {reason}")]
    NotSent {
        /// The host that was to be reached.
        host: String,
        /// What failed.
        step: Step,
        /// The cause, in words, without anything secret.
        reason: String,
    },
    /// The request, or part of it, has been sent, and no whole reply came: it may have had its effect.
    #[error("no reply from {host}: {reason}")]
    Lost {
        /// The host.
        host: String,
        /// The cause, in words.
        reason: String,
        /// Whether time ran out.
        timed_out: bool,
    },
}

/// What is done before a request can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Getting credentials.
    Credentials,
    /// Looking up the host's address.
    Lookup,
    /// Connecting.
    Connect,
    /// Agreeing on encryption, and checking the certificate.
    Tls,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Credentials => "getting credentials",
            Self::Lookup => "looking up the address",
            Self::Connect => "connecting",
            Self::Tls => "the TLS handshake",
        })
    }
}
