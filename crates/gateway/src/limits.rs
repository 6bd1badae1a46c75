//! What a request may cost at most (S11), and the one way to read a body.
//!
//! Sizes hold for everybody and are constants. What also depends on time stands in [`Limits`], so that tests need
//! not wait.

use std::io;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};

use crate::error::{Code, Error};

/// Bytes of the largest request head, up to and with its empty line.
pub const MAX_HEAD: usize = 16 << 10;

/// Most header lines of a request.
pub const MAX_HEADERS: usize = 64;

/// Bytes of the longest request target.
pub const MAX_TARGET: usize = 8 << 10;

/// Bytes of the largest request body.
pub const MAX_BODY: usize = 1 << 20;

/// Bytes of the largest answer that tells of an error (S20).
pub const MAX_ERROR: usize = 64 << 10;

/// Most upstream calls at a time; a permit is had from [`crate::app::App::permit`].
pub const MAX_CALLS: usize = 64;

/// What takes time, or can be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a request head may take from its first byte on.
    pub head_time: Duration,
    /// How long a request body may take from the end of the head on.
    pub body_time: Duration,
    /// From when on a body has to keep to [`Self::body_rate`].
    pub body_grace: Duration,
    /// Bytes per second that a body has at least, on average.
    pub body_rate: u32,
    /// How long a connection may be silent between two requests, or not take what it was sent.
    pub idle: Duration,
    /// How long requests under way, and creates whose client has left, may take after the signal to stop (G08).
    pub stop: Duration,
    /// How long a client may take to read the last answer before the connection is closed under it.
    pub linger: Duration,
    /// Most upstream calls at a time.
    pub calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            body_grace: Duration::from_secs(5),
            body_rate: 1 << 10,
            idle: Duration::from_mins(1),
            stop: Duration::from_secs(35),
            linger: Duration::from_secs(2),
            calls: MAX_CALLS,
        }
    }
}

/// Reads a request's body as a whole.
///
/// # Errors
///
/// When it has more than [`MAX_BODY`] bytes, comes too slowly, or ends early. In each case the connection closes.
pub async fn read_body(body: Body) -> Result<Bytes, Error> {
    match Limited::new(body, MAX_BODY).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(too_large()),
        Err(error) => {
            let mut cause = Some(&*error as &(dyn std::error::Error + 'static));
            while let Some(this) = cause {
                let timed_out = this
                    .downcast_ref::<io::Error>()
                    .is_some_and(|error| error.kind() == io::ErrorKind::TimedOut);
                if timed_out {
                    let sentence =
                        "The body came too slowly. Send it within 30 s, at 1 KiB/s or more.";
                    return Err(Error::new(Code::TooSlow, sentence).closing());
                }
                cause = this.source();
            }
            let sentence = "The body ended before its Content-Length. Send the request again.";
            Err(Error::new(Code::BadFraming, sentence).closing())
        }
    }
}

/// The answer to a body over the limit.
pub(crate) fn too_large() -> Error {
    let sentence = "The body has more than 1 MiB (1,048,576 bytes). Make it smaller.";
    Error::new(Code::BodyTooLarge, sentence).closing()
}
