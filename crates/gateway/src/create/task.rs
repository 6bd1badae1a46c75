//! The one task of a create: from the journal to the service and back.

use std::time::Duration;

use tokio::time::Instant;

use super::{
    Ended, Stands, TOTAL, Wanted, as_it_stands, found_it, in_flight, key_reused, look, now,
    outcome_unknown, settle, unavailable,
};
use crate::app::App;
use crate::calls::{self, NoReply};
use crate::error::{Code, Error};
use crate::forward::{not_sent, refusal};
use crate::journal::Outcome;
use crate::lookup::{self, Found, is_instance_id};
use crate::operation::Operation;
use crate::reply::{Heard, Sense, member};
use crate::submission::{Said, Submission};
use crate::upstream::{Call, Failure};

/// The longest that the look-up before the first send takes: what is left is enough for the send itself.
const LOOK_UP: Duration = Duration::from_secs(8);

/// Makes a create, or tells what became of it before.
pub(super) async fn run(app: &App, wanted: Wanted) -> Ended {
    let deadline = Instant::now() + TOTAL;
    let mut entry = wanted.entry.clone();
    // Without a marker nothing is looked up before the send, so both steps are written down as one.
    let unmarked = entry.submission.marker.is_none();
    let permit = unmarked.then(|| app.permit().ok()).flatten();
    if permit.is_some() {
        entry.submission.state = Stands::Sent;
        entry.submission.sent_at = Some(now(app));
    }
    let before = app.journal.prepare(&entry).await;
    let submission = match before.map_err(|error| unavailable(&error))? {
        None if permit.is_some() => return call(app, wanted, entry.submission, deadline).await,
        None => entry.submission,
        Some(before) if before.fingerprint != wanted.entry.fingerprint => {
            return Err(Box::new(key_reused()));
        }
        Some(before) => before.submission,
    };
    drop(permit);
    if submission.state != Stands::Prepared {
        return stored(app, as_it_stands(app, submission).await, deadline).await;
    }
    let forbidden =
        match lookup::by_marker(app, wanted.region, &submission, Instant::now() + LOOK_UP).await {
            Ok(Found::Nothing) => false,
            Ok(Found::Instance(id)) => return Ok(Box::new(found_it(app, submission, id).await)),
            Ok(Found::Candidates(candidates)) => {
                let mut submission = super::became_unknown(app, submission).await;
                submission.candidates = candidates;
                return Err(Box::new(outcome_unknown(submission)));
            }
            Err(error) if error.is_forbidden() => {
                tracing::warn!(
                    "a create is sent without the look-up before it, which the service forbids"
                );
                true
            }
            Err(error) => {
                let mut error = error.into_error(app);
                error.message = format!(
                    "Nothing was sent: the look-up before it failed. {}",
                    error.message
                );
                error.submission = Some(Box::new(submission));
                return Err(Box::new(error));
            }
        };
    send(app, wanted, submission, forbidden, deadline).await
}

/// What is told of a submission that is settled.
fn settled(submission: Submission) -> Ended {
    if submission.state != Stands::Rejected {
        return Ok(Box::new(submission));
    }
    let mut error = Error::new(
        Code::UpstreamRefused,
        "The service refused this submission.",
    );
    error.upstream = submission.upstream.clone().map(Box::new);
    error.submission = Some(Box::new(submission));
    Err(Box::new(error))
}

/// What became of a submission that was sent before. Nothing is sent again (rules 2, 8).
async fn stored(app: &App, submission: Submission, deadline: Instant) -> Ended {
    match submission.state {
        Stands::Confirmed | Stands::Found | Stands::Rejected => settled(submission),
        Stands::Prepared | Stands::Sent => Err(Box::new(in_flight(submission))),
        Stands::Unknown => {
            // A look-up that failed says nothing of the instance.
            let looked = look(app, submission.clone(), deadline)
                .await
                .unwrap_or(submission);
            if looked.state == Stands::Unknown {
                Err(Box::new(outcome_unknown(looked)))
            } else {
                settled(looked)
            }
        }
    }
}

/// Sends a prepared submission, once.
async fn send(
    app: &App,
    wanted: Wanted,
    submission: Submission,
    look_up_forbidden: bool,
    deadline: Instant,
) -> Ended {
    let prepared = |mut error: Error| {
        error.submission = Some(Box::new(submission.clone()));
        Box::new(error)
    };
    let _permit = app.permit().map_err(prepared)?;
    let sent_at = now(app);
    let ours = app
        .journal
        .send(&submission.key, sent_at, look_up_forbidden)
        .await;
    if !ours.map_err(|error| prepared(unavailable(&error)))? {
        return Err(Box::new(in_flight(submission)));
    }
    let submission = Submission {
        state: Stands::Sent,
        sent_at: Some(sent_at),
        look_up_forbidden,
        ..submission
    };
    call(app, wanted, submission, deadline).await
}

/// Calls the service for a submission that is written down as sent. Whoever calls this holds a permit.
async fn call(app: &App, wanted: Wanted, submission: Submission, deadline: Instant) -> Ended {
    let call = Call {
        operation: Operation::CreateInstance,
        region: wanted.region,
        id: None,
        query: Vec::new(),
        body: wanted.body,
    };
    let replied = calls::answer(app, call, deadline).await;
    match replied {
        Ok(reply) => ended(app, submission, Heard::new(&reply), &wanted.secrets).await,
        Err(NoReply::Failed(Failure::NotSent { host, step, reason })) => {
            let error = not_sent(&host, step, &reason);
            Err(Box::new(took_back(app, submission, error).await))
        }
        Err(_) => {
            let submission = super::became_unknown(app, submission).await;
            Err(Box::new(outcome_unknown(submission)))
        }
    }
}

/// Nothing has left: the submission stands where it stood before (rule 8).
async fn took_back(app: &App, submission: Submission, mut error: Error) -> Error {
    match app.journal.take_back(&submission.key).await {
        Ok(()) => {
            error.submission = Some(Box::new(Submission {
                state: Stands::Prepared,
                sent_at: None,
                ..submission
            }));
        }
        Err(failed) => {
            tracing::error!(error = %failed, "that nothing was sent could not be written down");
            error.submission = Some(Box::new(submission));
        }
    }
    error
}

/// What a reply makes of a submission.
async fn ended(app: &App, submission: Submission, heard: Heard, secrets: &[String]) -> Ended {
    let verdict = verdict(&heard);
    let message = refusal(&heard, app);
    let said = without(secrets, heard.said);
    let (state, instance_id) = match verdict {
        Verdict::Confirmed(id) => (Stands::Confirmed, Some(id)),
        Verdict::Rejected => (Stands::Rejected, None),
        Verdict::Unknown => (Stands::Unknown, None),
    };
    let outcome = Outcome {
        state,
        instance_id,
        upstream: Some(said.clone()),
    };
    let mut submission = settle(app, submission, outcome).await;
    submission.upstream = submission.upstream.map(|said| Said {
        reply: None,
        ..said
    });
    let mut error = match submission.state {
        Stands::Confirmed | Stands::Found => return Ok(Box::new(submission)),
        Stands::Rejected => {
            let mut error = Error::new(Code::UpstreamRefused, message);
            error.submission = Some(Box::new(submission));
            error
        }
        _ => {
            let mut error = outcome_unknown(submission);
            error.retry_after = heard.wait.map(|wait| wait.as_secs().max(1));
            error
        }
    };
    error.upstream = Some(Box::new(said));
    Err(Box::new(error))
}

/// What a reply says of a create (rule 8).
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    /// The instance with this id is being created.
    Confirmed(String),
    /// There is no instance.
    Rejected,
    /// Neither is certain.
    Unknown,
}

/// Statuses of a service that did not look at what is asked for, or does not know it.
const REFUSALS: [u16; 6] = [401, 403, 404, 405, 413, 415];

fn verdict(heard: &Heard) -> Verdict {
    let status = heard.said.status;
    if heard.sense() == Sense::Success && heard.success() == Some(Some(true)) {
        let object = heard.object.as_ref();
        let id = object.and_then(|object| member(object, "InstanceId")?.as_str());
        return match id.filter(|id| is_instance_id(id)) {
            Some(id) => Verdict::Confirmed(id.to_owned()),
            None => Verdict::Unknown,
        };
    }
    // These say that something was done, or may have been, whatever the status.
    let doubtful = heard.sense() != Sense::Refused
        || heard.success() == Some(Some(true))
        || heard.code_is("InternalError")
        || heard.code_is("SignatureNonceUsed");
    let definite = REFUSALS.contains(&status)
        || status == 400 && (heard.code_is("ValidationError") || heard.is_about_caller());
    if definite && !doubtful {
        Verdict::Rejected
    } else {
        Verdict::Unknown
    }
}

/// Texts shorter than this stand in any message by chance.
const SHORT: usize = 4;

/// What the service said, without secrets of the body that it repeats.
fn without(secrets: &[String], mut said: Said) -> Said {
    for text in [&mut said.message, &mut said.reply].into_iter().flatten() {
        for secret in secrets.iter().filter(|secret| secret.len() >= SHORT) {
            if text.contains(secret.as_str()) {
                *text = text.replace(secret.as_str(), "…");
            }
        }
    }
    said
}
