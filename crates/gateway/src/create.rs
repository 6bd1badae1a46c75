//! A create that happens at most once (rules of create).
//!
//! A request is judged first. Then its key decides: one that is under way is joined, one that is done gets the
//! stored result, and a new one is made in a task of its own (`create/task.rs`), which a client that leaves does not
//! end (G02).

use std::collections::HashMap;
use std::collections::hash_map;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use http::{HeaderMap, HeaderValue, Request, Uri, header};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use dsw_model::policy::Policy;
use dsw_model::request::{CreateInstanceRequest as Create, Label};
use dsw_model::rules::Context;

use crate::app::App;
use crate::error::{Code, Error, Finding};
use crate::journal::{Entry, JournalError, Outcome};
use crate::judge::{self, Judged, judge};
use crate::limits::read_body;
use crate::lookup::{self, Found, MARKER};
use crate::operation::{Member, Operation};
use crate::policy::is_key;
use crate::query::Query;
use crate::region::Region;
use crate::sign::hex;
use crate::submission::{State as Stands, Submission};

mod task;

/// The longest that a create takes, with the look-up before it (G04).
pub const TOTAL: Duration = Duration::from_secs(30);

/// The longest that a look-up takes which someone has asked for.
const LOOK_UP: Duration = Duration::from_secs(15);

/// How long a submission may be on its way by another program on the same journal. A later one is unknown.
const UNDER_WAY: jiff::SignedDuration = jiff::SignedDuration::from_mins(1);

/// How a create ends: as a submission that has its instance, or with what is told instead.
type Ended = Result<Box<Submission>, Box<Error>>;

/// Creates that are under way, by their keys. Cheap to clone; all clones know the same.
#[derive(Clone, Debug, Default)]
pub struct Creates(Arc<Mutex<HashMap<String, Flight>>>);

/// One create under way.
#[derive(Clone, Debug)]
struct Flight {
    fingerprint: String,
    ended: Shared<BoxFuture<'static, Ended>>,
}

/// What is asked for, judged and ready.
#[derive(Debug)]
struct Wanted {
    entry: Entry,
    region: Region,
    body: Bytes,
    /// Secret texts of the body, which are not to be told even where the service repeats them.
    secrets: Vec<String>,
}

/// `POST /api/v2/instances`: judges, writes down, looks up, sends once.
pub async fn submit(State(app): State<App>, request: Request<Body>) -> Response {
    let wanted = match Wanted::read(&app, request).await {
        Ok(wanted) => wanted,
        Err(error) => return error.into_response(),
    };
    answer(begin(&app, wanted).await)
}

/// Joins the create of the same key, or begins one.
async fn begin(app: &App, wanted: Wanted) -> Ended {
    let key = wanted.entry.submission.key.clone();
    let ended = {
        let mut flights = app.creates.flights();
        match flights.entry(key.clone()) {
            hash_map::Entry::Occupied(flight) => {
                if flight.get().fingerprint != wanted.entry.fingerprint {
                    return Err(Box::new(key_reused()));
                }
                flight.get().ended.clone()
            }
            hash_map::Entry::Vacant(place) => {
                let fingerprint = wanted.entry.fingerprint.clone();
                let landing = Landing {
                    creates: app.creates.clone(),
                    key: key.clone(),
                };
                let work = app.clone();
                let task = app.tasks.spawn(async move {
                    let _landing = landing;
                    task::run(&work, wanted).await
                });
                let app = app.clone();
                let ended = async move {
                    match task.await {
                        Ok(ended) => ended,
                        Err(_panic) => Err(Box::new(after_panic(&app, &key).await)),
                    }
                };
                let ended = ended.boxed().shared();
                place.insert(Flight { fingerprint, ended }).ended.clone()
            }
        }
    };
    ended.await
}

impl Creates {
    fn flights(&self) -> std::sync::MutexGuard<'_, HashMap<String, Flight>> {
        // The map is whole between any two of its operations.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has(&self, key: &str) -> bool {
        self.flights().contains_key(key)
    }
}

/// Takes a create out of the map when its task ends, however it ends.
struct Landing {
    creates: Creates,
    key: String,
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.creates.flights().remove(&self.key);
    }
}

/// What is told when the task of a create has ended in a panic.
async fn after_panic(app: &App, key: &str) -> Error {
    tracing::error!("a create ended in a panic");
    match app.journal.get(key).await {
        Ok(Some(entry)) if entry.submission.state == Stands::Sent => {
            outcome_unknown(became_unknown(app, entry.submission).await)
        }
        _ => Error::new(
            Code::Internal,
            "A mistake in the gateway. Nothing was sent.",
        ),
    }
}

impl Wanted {
    /// Reads and judges a request.
    async fn read(app: &App, request: Request<Body>) -> Result<Self, Error> {
        let (head, body) = request.into_parts();
        let operation = Operation::CreateInstance.facts();
        let region = Query::parse(head.uri.query(), operation.query)?.region()?;
        let key = key(&head.headers)?;
        let body = read_body(body).await?;
        let judged = judged(app, body.clone(), region).await?;
        let fingerprint = judged.fingerprint(operation.name, region.id());
        let marker = marker_of(&judged, &key)?;
        let secrets = judged.secrets();
        // Longer ones could not be asked for, and are nothing that the service has given.
        let plain = |text: &String| Member::Text.accepts(text);
        let submission = Submission {
            key,
            state: Stands::Prepared,
            region: region.id().to_owned(),
            instance_name: judged.value(Create::INSTANCE_NAME).filter(plain),
            workspace_id: judged.value(Create::WORKSPACE_ID).filter(plain),
            marker,
            body_sha256: hex(&Sha256::digest(&body).into()),
            body_bytes: body.len() as u64,
            prepared_at: now(app),
            sent_at: None,
            settled_at: None,
            checked_at: None,
            instance_id: None,
            upstream: None,
            look_up_forbidden: false,
            candidates: Vec::new(),
        };
        Ok(Self {
            entry: Entry {
                fingerprint,
                submission,
            },
            region,
            body,
            secrets,
        })
    }
}

/// The time, as exactly as the journal keeps it.
fn now(app: &App) -> Timestamp {
    let now = app.world.now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// The one Idempotency-Key of a request (rule 2).
fn key(headers: &HeaderMap) -> Result<String, Error> {
    let mut keys = headers.get_all("idempotency-key").iter();
    let key = keys.next().filter(|_| keys.next().is_none());
    let key = key
        .and_then(|key| key.to_str().ok())
        .filter(|key| is_key(key.as_bytes()));
    key.map(str::to_owned).ok_or_else(|| {
        let message = "A create needs one Idempotency-Key: 16 to 64 letters, digits, `-` or `_`.";
        Error::new(Code::BadKey, message)
    })
}

/// Bytes of the longest body that is judged in passing. A longer one would keep others waiting.
const IN_PASSING: usize = 16 << 10;

/// Judges a body, by the rules and the team's policy; one that breaks them is an error.
async fn judged(app: &App, body: Bytes, region: Region) -> Result<Judged, Error> {
    let policy = app.team.as_ref().map(|team| team.policy);
    let mut context = Context {
        region: Some(region.id().to_owned()),
        policy: policy.map(|policy| policy as _),
        ..Context::default()
    };
    let mut judged = judged_in(body.clone(), &context).await?;
    // What is no request, or runs on a quota, is worth no look at the prices.
    let on_machine = || judged.value::<String>(Create::ECS_SPEC).is_some();
    if policy.is_some_and(Policy::asks_for_prices) && on_machine() {
        context.prices = (*app.prices.of(app, region).await).clone();
        judged = judged_in(body, &context).await?;
    }
    if judged.may_be_sent() {
        Ok(judged)
    } else {
        Err(judge::refused(judged.findings))
    }
}

async fn judged_in(body: Bytes, context: &Context) -> Result<Judged, Error> {
    let judged = if body.len() <= IN_PASSING {
        judge(&body, context)
    } else {
        let context = context.clone();
        let task = tokio::task::spawn_blocking(move || judge(&body, &context));
        let ended = task.await;
        ended.map_err(|_| {
            Error::new(
                Code::Internal,
                "A mistake in the gateway. Nothing was sent.",
            )
        })?
    };
    judged.map_err(judge::Refusal::into_error)
}

/// The marker among the labels of a body (rule 5). One that belongs to another key is refused: the instance would be
/// taken for that of the other submission.
fn marker_of(judged: &Judged, key: &str) -> Result<Option<String>, Error> {
    let labels: Option<Vec<Label>> = judged.value(Create::LABELS);
    let labels = labels.iter().flatten().enumerate();
    let mut marked = labels.filter(|(_, label)| label.key.as_deref() == Some(MARKER));
    let Some((row, label)) = marked.next() else {
        return Ok(None);
    };
    let expected = lookup::marker(key);
    if label.value.as_ref() == Some(&expected) {
        return Ok(Some(expected));
    }
    let message = format!("The label {MARKER} of this key is {expected}.");
    let mut error = Error::new(
        Code::InvalidRequest,
        format!("The label {MARKER} belongs to another key. Take it out, or set it to {expected}."),
    );
    error.findings = vec![Finding {
        rule: None,
        severity: "error",
        pointer: format!("/Labels/{row}/Value"),
        message: Some(message),
    }];
    Err(error)
}

/// `GET /api/v2/submissions/{key}`: how a submission stands.
///
/// # Errors
///
/// When there is none with this key.
pub async fn status(
    State(app): State<App>,
    Path(key): Path<String>,
    uri: Uri,
) -> Result<Response, Error> {
    Query::parse(uri.query(), &[])?;
    let submission = known(&app, &key).await?;
    Ok(Json(submission).into_response())
}

/// `POST /api/v2/submissions/{key}/check`: looks for the instance of an unknown submission (rule 9).
///
/// # Errors
///
/// When there is none with this key, or the look-up fails.
pub async fn check(
    State(app): State<App>,
    Path(key): Path<String>,
    request: Request<Body>,
) -> Result<Response, Error> {
    let (head, body) = request.into_parts();
    let query = Query::parse(head.uri.query(), &[])?;
    if !matches!(&*read_body(body).await?, b"" | b"{}") {
        return Err(Error::new(
            Code::BadJson,
            "The body of a check is `{}`, or nothing.",
        ));
    }
    let submission = known(&app, &key).await?;
    if query
        .region
        .is_some_and(|region| region.id() != submission.region)
    {
        let message = "RegionId in the query is not that of the submission.";
        return Err(Error::new(Code::BadQuery, message));
    }
    if submission.state != Stands::Unknown {
        return Ok(Json(submission).into_response());
    }
    match look(&app, submission, Instant::now() + LOOK_UP).await {
        Ok(submission) => Ok(Json(submission).into_response()),
        Err(mut error) => {
            error.submission = known(&app, &key).await.ok().map(Box::new);
            Err(error)
        }
    }
}

/// The submission with this key. One that was being sent by a program that has gone is unknown.
async fn known(app: &App, key: &str) -> Result<Submission, Error> {
    let entry = if is_key(key.as_bytes()) {
        app.journal
            .get(key)
            .await
            .map_err(|error| unavailable(&error))?
    } else {
        None
    };
    let entry = entry.ok_or_else(|| {
        let message = "There is no submission with this key.";
        Error::new(Code::NotFound, message)
    })?;
    Ok(as_it_stands(app, entry.submission).await)
}

/// A submission that is being sent, but by nobody, is unknown.
async fn as_it_stands(app: &App, submission: Submission) -> Submission {
    let sent = submission
        .sent_at
        .filter(|_| submission.state == Stands::Sent);
    let gone = sent.is_some_and(|sent| now(app).duration_since(sent) >= UNDER_WAY);
    if gone && !app.creates.has(&submission.key) {
        became_unknown(app, submission).await
    } else {
        submission
    }
}

/// Looks for the instance of an unknown submission, and writes down what comes of it.
async fn look(app: &App, submission: Submission, deadline: Instant) -> Result<Submission, Error> {
    let region = Region::parse(&submission.region);
    let region = region.ok_or_else(|| unavailable(&JournalError::Row))?;
    let found = lookup::everywhere(app, region, &submission, deadline).await;
    let now = now(app);
    match found.map_err(|error| error.into_error(app))? {
        Found::Instance(id) => Ok(found_it(app, submission, id).await),
        other => {
            let checked = app.journal.checked(&submission.key, now).await;
            if !checked.map_err(|error| unavailable(&error))? {
                // Another look-up has found it in the meantime.
                return known(app, &submission.key).await;
            }
            Ok(Submission {
                checked_at: Some(now),
                candidates: match other {
                    Found::Candidates(candidates) => candidates,
                    _ => Vec::new(),
                },
                ..submission
            })
        }
    }
}

/// The submission with its instance, which a look-up has found.
async fn found_it(app: &App, submission: Submission, id: String) -> Submission {
    let outcome = Outcome {
        state: Stands::Found,
        instance_id: Some(id),
        upstream: None,
    };
    settle(app, submission, outcome).await
}

async fn became_unknown(app: &App, submission: Submission) -> Submission {
    let outcome = Outcome {
        state: Stands::Unknown,
        instance_id: None,
        upstream: None,
    };
    settle(app, submission, outcome).await
}

/// Writes an outcome down, unless another was written before, which then holds. It is told also if writing fails: it
/// is true, and what the journal says then (sent) is taken for unknown, which is not wrong.
async fn settle(app: &App, submission: Submission, outcome: Outcome) -> Submission {
    let now = now(app);
    match app.journal.settle(&submission.key, &outcome, now).await {
        Ok(true) => {}
        Ok(false) => {
            if let Ok(Some(entry)) = app.journal.get(&submission.key).await {
                return entry.submission;
            }
        }
        Err(error) => {
            let state = outcome.state.as_str();
            tracing::error!(%error, state, "an outcome could not be written down");
        }
    }
    Submission {
        state: outcome.state,
        settled_at: Some(now),
        instance_id: outcome.instance_id,
        upstream: outcome.upstream.or(submission.upstream),
        ..submission
    }
}

/// The answer to a create.
fn answer(ended: Ended) -> Response {
    match ended {
        Ok(submission) => Json(submission).into_response(),
        Err(error) => {
            let unknown = error
                .submission
                .as_ref()
                .filter(|_| error.code == Code::OutcomeUnknown);
            let location = unknown.map(|it| format!("/api/v2/submissions/{}", it.key));
            let mut response = error.into_response();
            // A key has no character that a header can not hold.
            if let Some(Ok(location)) = location.map(HeaderValue::try_from) {
                response.headers_mut().insert(header::LOCATION, location);
            }
            response
        }
    }
}

fn key_reused() -> Error {
    let message = "This key was used for another body or region. Use a new key for a new request.";
    Error::new(Code::KeyReused, message)
}

fn in_flight(submission: Submission) -> Error {
    let message = "This submission is being sent at this moment. Ask for its status.";
    let mut error = Error::new(Code::InFlight, message);
    error.submission = Some(Box::new(submission));
    error
}

fn unavailable(error: &JournalError) -> Error {
    tracing::error!(%error, "the journal can not be used");
    let message = "The journal can not be used, so nothing is sent. See the gateway's log.";
    Error::new(Code::JournalUnavailable, message)
}

fn outcome_unknown(submission: Submission) -> Error {
    let message = "The request was sent, and whether an instance is being created is not known. \
                   Check the submission before you send anything again.";
    let mut error = Error::new(Code::OutcomeUnknown, message);
    error.upstream = submission.upstream.clone().map(Box::new);
    error.submission = Some(Box::new(submission));
    error
}
