//! [`Error`]: what is told of a request that is not served (S20).
//!
//! The answer is JSON with a stable code, a message that holds nothing of what was refused, and the
//! request's id. `{"error": {"code", "message", "requestId", "findings"?, "upstream"?}, "submission"?}`.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::submission::{Said, Submission};

/// Stable codes, and the status that each is answered with.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:literal $text:literal,)*) => {
        /// What went wrong. Codes do not change their meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code as it is written in an answer.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The status of an answer with this code.
            pub fn status(self) -> StatusCode {
                let status = match self { $(Self::$name => $status,)* };
                StatusCode::from_u16(status).expect("the table holds valid statuses")
            }
        }
    };
}

codes! {
    /// The request's framing is not to be trusted; the connection closes (S12).
    BadFraming = 400 "BAD_FRAMING",
    /// A query member is unknown, stands twice, or has a value that it can not have.
    BadQuery = 400 "BAD_QUERY",
    /// `RegionId` is missing or not one of the regions that are offered.
    UnknownRegion = 400 "UNKNOWN_REGION",
    /// A create without an Idempotency-Key, or with an odd one (rule 2).
    BadKey = 400 "BAD_KEY",
    /// The body is not one strict JSON object (S13).
    BadJson = 400 "BAD_JSON",
    /// The service refused the call.
    UpstreamRefused = 400 "UPSTREAM_REFUSED",
    /// The access token is missing or wrong (S04).
    TokenRequired = 401 "TOKEN_REQUIRED",
    /// A browser says that another site sent this (S05).
    CrossSite = 403 "CROSS_SITE",
    /// There is nothing at this path.
    NotFound = 404 "NOT_FOUND",
    /// The path takes other methods.
    MethodNotAllowed = 405 "METHOD_NOT_ALLOWED",
    /// Head or body came too slowly (S11).
    TooSlow = 408 "TOO_SLOW",
    /// The same key is being sent at this moment (rule 2).
    InFlight = 409 "IN_FLIGHT",
    /// A body without Content-Length (S12).
    LengthRequired = 411 "LENGTH_REQUIRED",
    /// The body has more than 1 MiB (S11).
    BodyTooLarge = 413 "BODY_TOO_LARGE",
    /// The target has more than 8 KiB (S11).
    TargetTooLong = 414 "TARGET_TOO_LONG",
    /// Not `application/json`, or with a content coding (S05).
    UnsupportedMediaType = 415 "UNSUPPORTED_MEDIA_TYPE",
    /// The request is meant for another host (S03).
    Misdirected = 421 "MISDIRECTED",
    /// The rules find errors in the body.
    InvalidRequest = 422 "INVALID_REQUEST",
    /// The key was used for another body (rule 2).
    KeyReused = 422 "KEY_REUSED",
    /// The service asks to wait.
    Throttled = 429 "THROTTLED",
    /// The request's head is too large (S11).
    HeadTooLarge = 431 "HEAD_TOO_LARGE",
    /// A mistake in the gateway.
    Internal = 500 "INTERNAL",
    /// The service could not be reached; nothing was sent (G06).
    NotSent = 502 "NOT_SENT",
    /// The service answered something that is no answer (G05), or failed.
    BadUpstream = 502 "BAD_UPSTREAM",
    /// Too many calls are under way (S11), or the gateway is stopping (G08).
    Busy = 503 "BUSY",
    /// The journal can not be written: nothing was sent (rule 4).
    JournalUnavailable = 503 "JOURNAL_UNAVAILABLE",
    /// The service did not answer a read in time (G04).
    UpstreamTimeout = 504 "UPSTREAM_TIMEOUT",
    /// A create was sent, and whether it had an effect is not known (rule 11).
    OutcomeUnknown = 504 "OUTCOME_UNKNOWN",
}

/// A request that is not served, and why. Answered as JSON by [`crate::app::router`], which adds the request's id.
#[derive(Clone, Debug)]
pub struct Error {
    /// What went wrong.
    pub code: Code,
    /// The same in a sentence that says what to do, without any value that was refused.
    pub message: String,
    /// Where in the body, by which rules.
    pub findings: Vec<Finding>,
    /// What the service said.
    pub upstream: Option<Box<Said>>,
    /// The submission that this is about.
    pub submission: Option<Box<Submission>>,
    /// Seconds to wait before asking again.
    pub retry_after: Option<u64>,
    /// Methods that the path takes, such as `GET, HEAD`.
    pub allow: Option<&'static str>,
    /// Whether the connection is to be closed.
    pub close: bool,
}

/// A finding of the rules, as the page would tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Id of the rule, such as `R04` or `P03`; none for what is wrong with the JSON itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// JSON Pointer (RFC 6901) to the field most likely to change.
    pub pointer: String,
    /// What is wrong, for what is wrong with the JSON itself and for what the team's policy asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl Error {
    /// An error with this sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            findings: Vec::new(),
            upstream: None,
            submission: None,
            retry_after: None,
            allow: None,
            close: false,
        }
    }

    /// The same, with the connection closed after the answer.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.close = true;
        self
    }

    /// The answer's body.
    #[expect(
        clippy::missing_panics_doc,
        reason = "an error is plain data and can be written"
    )]
    pub fn to_json(&self, request_id: &str) -> Vec<u8> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Inner<'a> {
            code: &'a str,
            message: &'a str,
            request_id: &'a str,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            findings: &'a [Finding],
            #[serde(skip_serializing_if = "Option::is_none")]
            upstream: Option<&'a Said>,
        }
        #[derive(Serialize)]
        struct Outer<'a> {
            error: Inner<'a>,
            #[serde(skip_serializing_if = "Option::is_none")]
            submission: Option<&'a Submission>,
        }
        let outer = Outer {
            error: Inner {
                code: self.code.as_str(),
                message: &self.message,
                request_id,
                findings: &self.findings,
                upstream: self.upstream.as_deref(),
            },
            submission: self.submission.as_deref(),
        };
        serde_json::to_vec(&outer).expect("an error is plain data")
    }
}

impl IntoResponse for Error {
    /// The status and headers; the body is written when the request's id is known, from the error that is
    /// left in the extensions.
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        if self.close {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response.extensions_mut().insert(self);
        response
    }
}
