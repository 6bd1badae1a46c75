//! Reads that are passed on: judged by the table of operations, repeated where that is safe (G04).

use std::time::Duration;

use axum::extract::{MatchedPath, RawPathParams, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::{HeaderValue, Uri, header};
use tokio::time::{Instant, sleep_until};

use crate::app::App;
use crate::calls::{self, NoReply};
use crate::error::{Code, Error};
use crate::operation::{Id, OPERATIONS};
use crate::query::Query;
use crate::reply::{Heard, MAX_WAIT, Sense, succeeded};
use crate::upstream::{Call, Failure, Step};

/// The longest that a read takes, with all its repetitions (G04).
pub const TOTAL: Duration = Duration::from_secs(15);

/// How often a read is repeated at most.
const RETRIES: u32 = 2;

/// The longest pause before the first repetition where the service names none; it doubles each time. The pause
/// itself is random, so that those who failed together do not come back together.
const PAUSE: Duration = Duration::from_millis(400);

/// Passes a read on.
///
/// # Errors
///
/// When the query is not what the operation takes, or the service gives no answer.
pub async fn read(
    State(app): State<App>,
    path: MatchedPath,
    ids: Result<RawPathParams, axum::extract::rejection::RawPathParamsRejection>,
    uri: Uri,
) -> Result<Response, Error> {
    let nothing = || Error::new(Code::NotFound, "There is nothing at this path.");
    let mut reads = OPERATIONS.iter().filter(|facts| facts.operation.is_read());
    let facts = reads.find(|facts| facts.path == path.as_str());
    let facts = facts.ok_or_else(nothing)?;
    let ids = ids.map_err(|_| nothing())?;
    let id = match ids.iter().next() {
        Some((_, id)) => Some(Id::parse(id).ok_or_else(nothing)?),
        None => None,
    };
    let query = Query::parse(uri.query(), facts.query)?;
    let call = Call {
        operation: facts.operation,
        region: query.region()?,
        id,
        query: query.members,
        body: Bytes::new(),
    };
    let answer = ask(&app, &call, Instant::now() + TOTAL).await;
    let answer = answer.map_err(|unanswered| unanswered.into_error(&app))?;
    // As received: what the service says is passed on byte for byte.
    let json = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, json)], answer).into_response())
}

/// Why a read has no answer.
#[derive(Debug)]
pub enum Unanswered {
    /// There is no reply.
    NoReply(NoReply),
    /// There is a reply, and it is no success.
    Heard(Box<Heard>),
}

/// Asks until there is an answer, something that asking again does not change, or no time left. An answer is a strict
/// JSON object, as it was received.
///
/// # Errors
///
/// When there is no answer.
pub async fn ask(app: &App, call: &Call, deadline: Instant) -> Result<Bytes, Unanswered> {
    let mut attempt = 0;
    loop {
        let replied = calls::make(app, call.clone(), deadline).await;
        let (unanswered, pause) = match replied {
            Ok(reply) if succeeded(&reply) => return Ok(reply.body),
            Ok(reply) => {
                let heard = Heard::new(&reply);
                let pause = match heard.sense() {
                    Sense::Throttled | Sense::Failed => {
                        Some(heard.wait.unwrap_or_else(|| jitter(app, attempt)))
                    }
                    _ => None,
                };
                (Unanswered::Heard(Box::new(heard)), pause)
            }
            Err(failed @ NoReply::Failed(Failure::Lost { .. })) => {
                (Unanswered::NoReply(failed), Some(jitter(app, attempt)))
            }
            Err(other) => (Unanswered::NoReply(other), None),
        };
        let again = pause.map(|pause| Instant::now() + pause);
        match again {
            Some(again) if attempt < RETRIES && again < deadline => sleep_until(again).await,
            _ => return Err(unanswered),
        }
        attempt += 1;
    }
}

/// A random pause before this repetition.
fn jitter(app: &App, attempt: u32) -> Duration {
    let longest = PAUSE * 2_u32.pow(attempt);
    let [low, high, ..] = app.world.random();
    longest * u32::from(u16::from_be_bytes([low, high])) / u32::from(u16::MAX)
}

impl Unanswered {
    /// Whether the service refuses for want of a right.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, Self::Heard(heard) if heard.sense() == Sense::Refused && heard.is_forbidden())
    }

    /// The answer to whoever asked.
    pub fn into_error(self, app: &App) -> Error {
        match self {
            Self::NoReply(no_reply) => no_reply_error(no_reply),
            Self::Heard(heard) => heard_error(*heard, app),
        }
    }
}

fn no_reply_error(no_reply: NoReply) -> Error {
    match no_reply {
        NoReply::Busy(error) => *error,
        NoReply::Failed(Failure::NotSent { host, step, reason }) => not_sent(&host, step, &reason),
        NoReply::Failed(Failure::Lost {
            host,
            timed_out: false,
            ..
        }) => {
            let message = format!("The connection to {host} broke off before it answered.");
            Error::new(Code::BadUpstream, message)
        }
        NoReply::TimedOut | NoReply::Failed(Failure::Lost { .. }) => {
            let message = "The service did not answer in time. Try again.";
            Error::new(Code::UpstreamTimeout, message)
        }
    }
}

/// The answer to a call of which nothing was sent (G06): host, step and what to do next.
pub(crate) fn not_sent(host: &str, step: Step, reason: &str) -> Error {
    let next = match step {
        Step::Credentials => "Check the gateway's credentials, then try again.",
        Step::Lookup => "Check the gateway's name server, then try again.",
        Step::Connect => "Check that the gateway may reach this host on port 443, then try again.",
        Step::Tls => {
            "Check the gateway's clock, its certificates and any proxy in between, then try again."
        }
    };
    let message = format!("Nothing was sent to {host}: {step} failed ({reason}). {next}");
    Error::new(Code::NotSent, message)
}

fn heard_error(heard: Heard, app: &App) -> Error {
    let wait = heard.wait.unwrap_or(Duration::from_secs(1));
    let (code, message) = match heard.sense() {
        Sense::Throttled => (
            Code::Throttled,
            "The service asks to call less often. Wait, then try again.".to_owned(),
        ),
        Sense::Refused => (Code::UpstreamRefused, refusal(&heard, app)),
        Sense::Failed => (
            Code::BadUpstream,
            format!(
                "The service failed with status {}. Try again later.",
                heard.said.status
            ),
        ),
        Sense::Success | Sense::Garbage => (
            Code::BadUpstream,
            "The service answered something that is no answer.".to_owned(),
        ),
    };
    let mut error = Error::new(code, message);
    if code == Code::Throttled || heard.wait.is_some() {
        error.retry_after = Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
    }
    error.upstream = Some(Box::new(heard.said));
    error
}

/// What a refusal means for whoever can do something about it (G07).
pub(crate) fn refusal(heard: &Heard, app: &App) -> String {
    if heard.is_about_time() {
        let off = heard.date.map(|date| app.world.now().duration_since(date));
        return match off.map(|off| off.as_secs()) {
            Some(seconds) if seconds != 0 => format!(
                "The service refused because of the time: the gateway's clock is {} s {} the service's. Set it.",
                seconds.unsigned_abs(),
                if seconds > 0 { "ahead of" } else { "behind" },
            ),
            _ => "The service refused because of the time. Check the gateway's clock.".to_owned(),
        };
    }
    if heard.is_about_token() {
        return "The service refused the gateway's temporary credential. Renew it.".to_owned();
    }
    if heard.is_about_caller() {
        return "The service refused the gateway's credentials. Check them.".to_owned();
    }
    if heard.is_forbidden() {
        return "The gateway's account lacks the right to this.".to_owned();
    }
    "The service refused the call.".to_owned()
}

const _: () = assert!(
    MAX_WAIT.as_secs() >= TOTAL.as_secs(),
    "a long wait ends the read at once"
);
