//! A request on its way, from the review to what became of it. It happens at most once.
//!
//! The key is made with the review and kept beside the draft before anything is sent; whoever comes later (a second
//! click, another tab, the page after a reload) finds it, and asks what became of it instead of sending again.

use std::cell::Cell;
use std::rc::Rc;

use dsw_form::changes::Changes;
use dsw_form::draft::Draft;
use dsw_form::print::{self, Printout};
use dsw_form::review::review;
use dsw_form::store;
use dsw_form::submission::{Outcome, Record, Records, Stage, Trouble, with_marker};
use dsw_model::path;
use dsw_model::path::Field;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_model::rules::{Context, Severity};
use dsw_model::secrecy::Secrecy;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::dom::{after, after_update, by_id, on_window};
use crate::follow::Seen;
use crate::gateway::{Call, Gateway, Refused, escape};
use crate::past;
use crate::state::{FormState, REVIEW};
use crate::storage::SUBMISSIONS;

/// Milliseconds that the gateway has for a create: it gives up after 30 seconds itself (G04).
const CREATE_TIMEOUT: u32 = 45_000;
/// Milliseconds between two questions after a create that is on its way.
const POLL: u64 = 1_500;
/// Milliseconds after which a create that the gateway has not begun is not on its way any more.
const ARRIVAL: f64 = 4_000.0;
/// Seconds between attempts to reach the gateway again: the first, and the longest.
const RETRY: (u64, u64) = (3, 30);

/// A request as it is reviewed: these bytes are sent, and no others.
#[derive(Debug)]
pub(crate) struct Frozen {
    /// The body without the label: it tells whether the draft has changed since.
    base: String,
    /// The draft without the label.
    pub(crate) plain: Draft,
    /// The draft with the label.
    pub(crate) draft: Draft,
    /// The body.
    pub(crate) text: String,
    /// The same line by line.
    pub(crate) printout: Printout,
    /// What was said of variables.
    pub(crate) secrecy: Secrecy,
    /// SHA-256 of the body in hex; nothing where the browser cannot tell.
    pub(crate) sha256: Option<String>,
    /// The label's value; nothing where there is none.
    pub(crate) marker: Option<String>,
    /// What is remembered of it; nothing without a gateway.
    pub(crate) record: Option<Record>,
}

/// What is shown in place of the form.
#[derive(Clone, Debug)]
pub(crate) enum View {
    /// The review is being made.
    Preparing,
    /// What will be sent.
    Review(Rc<Frozen>),
    /// It is on its way.
    Sending(Rc<Record>),
    /// What became of it.
    Done(Rc<Record>, Rc<Outcome>),
}

/// Sends, and finds out what became of it. It is a handle: copies lead to the same one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sending {
    pub(crate) gateway: Gateway,
    /// What is shown.
    pub(crate) view: RwSignal<View, LocalStorage>,
    /// Whether the label is put into the body.
    pub(crate) marks: RwSignal<bool>,
    /// Whether the instance is being looked for.
    pub(crate) checking: RwSignal<bool>,
    /// Which of the things that go on is the present one: what was begun before does not show itself any more.
    turn: StoredValue<usize>,
    /// The instance that was followed last, and what is known of it.
    pub(crate) followed: StoredValue<(String, Seen), LocalStorage>,
}

impl Sending {
    /// The form.
    pub(crate) fn state(self) -> FormState {
        self.gateway.state
    }

    /// What is sent from the page in which something is made.
    ///
    /// # Panics
    ///
    /// Outside of a page.
    pub(crate) fn present() -> Self {
        use_context().expect("a page knows what it sends")
    }

    /// Begins where the last visit ended: what was on its way is asked after. What is made under the present owner
    /// finds it by [`Sending::present`].
    pub(crate) fn begin(state: FormState) {
        let sending = Self {
            gateway: Gateway::present(),
            view: RwSignal::new_local(View::Preparing),
            marks: RwSignal::new(true),
            checking: RwSignal::new(false),
            turn: StoredValue::new(0),
            followed: StoredValue::new_local(Default::default()),
        };
        provide_context(sending);
        let asked_for = state.current.get_untracked() == REVIEW;
        let records = kept();
        let last = records
            .0
            .first()
            .filter(|record| record.stage != Stage::Prepared);
        let unfinished = records
            .0
            .iter()
            .find(|record| record.stage == Stage::Sending);
        if let Some(record) = unfinished.or(last.filter(|_| asked_for)) {
            let record = record.clone();
            state.current.set(REVIEW);
            sending.ask_when_there(record);
        }
        let online = sending;
        on_window("online", move |_| online.ask_again());
    }

    /// Asks what became of a submission as soon as the gateway is found.
    fn ask_when_there(self, record: Record) {
        self.view.set(View::Sending(Rc::new(record.clone())));
        let asked = Cell::new(false);
        let turn = self.turn.get_value();
        Effect::new(move |_| {
            let mode = self.gateway.mode.get();
            if self.turn.get_value() != turn || asked.get() {
                return;
            }
            if mode.is_there() {
                asked.set(true);
                self.ask(record.clone());
            } else if mode != crate::gateway::Mode::Looking {
                self.settle(record.clone(), Outcome::Unreachable(unreachable()));
            }
        });
    }

    /// Begins something: what was begun before does not show itself any more.
    fn take_turn(self) -> usize {
        self.turn.update_value(|turn| *turn += 1);
        self.turn.get_value()
    }

    /// Makes a review of the draft as it is now, unless that is shown already or was sent before.
    pub(crate) fn review(self) {
        let base = self
            .state()
            .with_reviewed(|reviewed| print::text(reviewed.review()));
        let there = self.gateway.mode.get_untracked().is_there();
        let region = self.gateway.region.get_untracked();
        let marks = there && self.marks.get_untracked();
        let secrecy = self.state().with_known(|context| context.secrecy.clone());
        if let View::Review(shown) = self.view.get_untracked()
            && shown.base == base
            && shown.secrecy == secrecy
            && shown.record.is_some() == there
            && shown.marker.is_some() == marks
            && shown
                .record
                .as_ref()
                .is_none_or(|record| record.region == region)
        {
            return;
        }
        let draft = self.state().with_draft(Draft::clone);
        let turn = self.take_turn();
        spawn_local(async move {
            let mut frozen = Frozen {
                base,
                plain: draft.clone(),
                draft,
                text: String::new(),
                printout: Printout::default(),
                secrecy,
                sha256: None,
                marker: None,
                record: None,
            };
            if there {
                let mut told = region.clone();
                told.push_str(if marks { "\nmarked\n" } else { "\n\n" });
                told.push_str(&frozen.base);
                // Without a hash no body is known again: each is sent with a key of its own.
                let fingerprint = sha256(&told).await.unwrap_or_default();
                let known = kept();
                let known = known.of(&fingerprint).filter(|_| !fingerprint.is_empty());
                if let Some(record) = known.filter(|record| record.stage != Stage::Prepared) {
                    let record = record.clone();
                    if self.turn.get_value() == turn {
                        self.ask(record);
                    }
                    return;
                }
                let key = known.map_or_else(new_key, |record| Some(record.key.clone()));
                if let (true, Some(key)) = (marks, &key) {
                    frozen.mark(key).await;
                }
                frozen.fill().await;
                frozen.record = key.map(|key| frozen.record(key, fingerprint, region));
                if let Some(record) = &frozen.record {
                    // Before anything is sent (rule 1), and where another tab finds it.
                    remember(record);
                }
            } else {
                frozen.fill().await;
            }
            if self.turn.get_value() == turn {
                self.view.set(View::Review(Rc::new(frozen)));
            }
        });
    }

    /// How many errors keep the request from being sent.
    pub(crate) fn errors(self) -> usize {
        self.state()
            .with_reviewed(|reviewed| reviewed.review().count(Severity::Error))
    }

    /// Sends what was reviewed. Whoever has sent it already, in another tab too, has sent it for this one.
    pub(crate) fn send(self, frozen: &Rc<Frozen>) {
        let View::Review(shown) = self.view.get_untracked() else {
            return;
        };
        let Some(mut record) = frozen.record.clone() else {
            return;
        };
        if !Rc::ptr_eq(&shown, frozen) || self.errors() > 0 {
            return;
        }
        let kept = kept();
        let mine = kept.0.iter().find(|other| other.key == record.key);
        if let Some(sent) = mine.filter(|other| other.stage != Stage::Prepared) {
            self.ask(sent.clone());
            return;
        }
        record.stage = Stage::Sending;
        record.sent_at = js_sys::Date::now().to_string();
        remember(&record);
        let stored = self
            .state()
            .with_known(|context| store::write_with(&frozen.plain, &context.secrecy));
        past::sent(&record, stored, self.gateway.mode.get_untracked());
        let turn = self.take_turn();
        self.state().refuse(None);
        self.view.set(View::Sending(Rc::new(record.clone())));
        let frozen = Rc::clone(frozen);
        spawn_local(async move {
            let call = Call {
                method: "POST",
                path: "/api/v2/instances",
                query: &[("RegionId", &record.region)],
                headers: &[
                    ("Content-Type", "application/json"),
                    ("Idempotency-Key", &record.key),
                ],
                body: Some(&frozen.text),
                timeout: CREATE_TIMEOUT,
            };
            let outcome = match self.gateway.request(call).await {
                Ok(reply) => Outcome::of_submission(&reply.document, &frozen.draft),
                Err(error) => {
                    let reply = error.document.clone();
                    Outcome::of_error(error.status, trouble(error), &reply, &frozen.draft)
                }
            };
            if self.turn.get_value() == turn {
                self.settle(record, outcome);
            }
        });
    }

    /// Asks what became of a submission.
    pub(crate) fn ask(self, record: Record) {
        self.ask_after(record, 0);
    }

    fn ask_after(self, record: Record, tries: u64) {
        let turn = self.take_turn();
        if !matches!(self.view.get_untracked(), View::Done(shown, _) if shown.key == record.key) {
            self.view.set(View::Sending(Rc::new(record.clone())));
        }
        spawn_local(async move {
            let path = ["/api/v2/submissions/", &escape(&record.key)].concat();
            let query = [("RegionId", record.region.as_str())];
            let outcome = match self.gateway.request(Call::get(&path, &query)).await {
                Ok(reply) => Outcome::of_submission(&reply.document, &self.sent_draft()),
                Err(error) => Outcome::of_status_error(error.status, trouble(error)),
            };
            if self.turn.get_value() != turn {
                return;
            }
            let arriving = js_sys::Date::now() - sent_at(&record) < ARRIVAL;
            match outcome {
                // It may still be on its way to the gateway, from another tab.
                Outcome::NotSent(_) if record.stage == Stage::Sending && arriving => {
                    self.poll(record, turn);
                }
                // What was answered once is not unsent because the gateway has lost its memory.
                Outcome::NotSent(_) if record.stage == Stage::Answered => {
                    let outcome = if record.instance_id.is_empty() {
                        Outcome::unknown(false)
                    } else {
                        Outcome::Created {
                            instance_id: record.instance_id.clone(),
                            request_id: String::new(),
                            found: false,
                        }
                    };
                    self.settle(record, outcome);
                }
                outcome => self.settle_after(record, outcome, tries),
            }
        });
    }

    /// Tries again to reach the gateway, later and later: to ask is no harm.
    fn retry(self, record: Record, tries: u64) {
        let turn = self.turn.get_value();
        let seconds = (RETRY.0 * (tries + 1)).min(RETRY.1);
        let act = move || {
            if self.turn.get_value() == turn {
                self.ask_after(record, tries + 1);
            }
        };
        after(seconds * 1000, Box::new(act));
    }

    /// Asks again at once, where what became of it could not be found out.
    pub(crate) fn ask_again(self) {
        if let View::Done(record, outcome) = self.view.get_untracked()
            && matches!(*outcome, Outcome::Unreachable(_))
        {
            self.ask((*record).clone());
        }
    }

    fn poll(self, record: Record, turn: usize) {
        let act = move || {
            if self.turn.get_value() == turn {
                self.ask(record);
            }
        };
        after(POLL, Box::new(act));
    }

    /// Looks for the instance at the service.
    pub(crate) fn check(self, record: &Rc<Record>) {
        if self.checking.get_untracked() {
            return;
        }
        self.checking.set(true);
        let record = (**record).clone();
        let turn = self.take_turn();
        spawn_local(async move {
            let path = ["/api/v2/submissions/", &escape(&record.key), "/check"].concat();
            let call = Call {
                method: "POST",
                path: &path,
                query: &[("RegionId", &record.region)],
                headers: &[("Content-Type", "application/json")],
                body: Some("{}"),
                timeout: CREATE_TIMEOUT,
            };
            let answer = self.gateway.request(call).await;
            self.checking.set(false);
            if self.turn.get_value() != turn {
                return;
            }
            match answer {
                Ok(reply) => {
                    let outcome = Outcome::of_submission(&reply.document, &self.sent_draft());
                    self.settle(record, outcome);
                }
                Err(error) => {
                    crate::toast::say(
                        self.state(),
                        &crate::i18n::sending::check_failed(&trouble(error)),
                        false,
                    );
                }
            }
        });
    }

    /// Takes in what became of a submission, and shows it.
    fn settle(self, record: Record, outcome: Outcome) {
        self.settle_after(record, outcome, 0);
    }

    fn settle_after(self, mut record: Record, outcome: Outcome, tries: u64) {
        match &outcome {
            Outcome::Pending { sent } => {
                let turn = self.turn.get_value();
                let age = js_sys::Date::now() - sent_at(&record);
                if age < f64::from(CREATE_TIMEOUT) {
                    self.poll(record, turn);
                    return;
                }
                let outcome = if *sent {
                    Outcome::unknown(true)
                } else {
                    Outcome::NotSent(Trouble {
                        code: "NOT_SENT".to_owned(),
                        ..Trouble::default()
                    })
                };
                self.settle(record, outcome);
                return;
            }
            Outcome::Created { instance_id, .. } => {
                record.stage = Stage::Answered;
                record.instance_id.clone_from(instance_id);
                remember(&record);
            }
            Outcome::Rejected(refusal) => {
                record.stage = Stage::Answered;
                remember(&record);
                self.state().refuse(Some((**refusal).clone()));
            }
            Outcome::Unknown { .. } => {
                record.stage = Stage::Answered;
                remember(&record);
            }
            Outcome::NotSent(_) => {
                record.stage = Stage::Prepared;
                remember(&record);
            }
            Outcome::NotTaken(_) => forget(&record),
            // It stays on its way: we ask again, and so does the next visit.
            Outcome::Unreachable(_) => self.retry(record.clone(), tries),
        }
        past::settled(&record, &outcome);
        self.view.set(View::Done(Rc::new(record), Rc::new(outcome)));
    }

    /// Ends with a submission: the same body would be another one.
    pub(crate) fn start_over(self, record: &Record) {
        let mut records = kept();
        let mut old = record.clone();
        // It is remembered, but not taken for the next one.
        old.fingerprint = String::new();
        records.put(old);
        keep(&records);
        self.show_review();
    }

    /// Shows the review of the draft as it is.
    pub(crate) fn show_review(self) {
        self.view.set(View::Preparing);
        self.review();
    }

    /// The draft that was sent, as far as it is still there.
    fn sent_draft(self) -> Draft {
        self.state().with_draft(Draft::clone)
    }
}

impl Frozen {
    /// Puts the label in that belongs to a key: the first half of its SHA-256.
    async fn mark(&mut self, key: &str) {
        let hash = sha256(key).await;
        let Some(marker) = hash.and_then(|hash| hash.get(..32).map(str::to_owned)) else {
            return;
        };
        if let Some(marked) = with_marker(&self.draft, &marker) {
            self.draft = marked;
            self.marker = Some(marker);
        }
    }

    /// What is remembered of it.
    fn record(&self, key: String, fingerprint: String, region: String) -> Record {
        Record {
            key,
            fingerprint,
            region,
            name: text_of(&self.draft, Request::INSTANCE_NAME),
            workspace: text_of(&self.draft, Request::WORKSPACE_ID),
            bytes: self.text.len().to_string(),
            sha256: self.sha256.clone().unwrap_or_default(),
            ..Record::default()
        }
    }

    /// Makes the body of the draft.
    async fn fill(&mut self) {
        let made = review(&self.draft, &Context::default());
        self.text = print::text(&made);
        self.printout.keep_secret(&self.secrecy);
        self.printout.update(&self.draft, &made, &Changes::all());
        self.sha256 = sha256(&self.text).await;
    }
}

/// The text of a field of the request; empty where it has none.
pub(crate) fn text_of(draft: &Draft, field: Field) -> String {
    match draft.get(&path![field]) {
        Some(Draft::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// When a submission was sent, in milliseconds since 1970.
pub(crate) fn sent_at(record: &Record) -> f64 {
    record.sent_at.parse().unwrap_or_default()
}

fn trouble(error: Refused) -> Trouble {
    Trouble {
        code: error.code,
        message: error.message,
        request_id: error.request_id,
        retry_after: error.retry_after,
    }
}

fn unreachable() -> Trouble {
    Trouble {
        code: Refused::UNREACHABLE.to_owned(),
        ..Trouble::default()
    }
}

/// The submissions that are kept.
fn kept() -> Records {
    let storage = window().local_storage().ok().flatten();
    let text = storage.and_then(|storage| storage.get_item(SUBMISSIONS).ok().flatten());
    Records::read(&text.unwrap_or_default())
}

fn keep(records: &Records) {
    if let Ok(Some(storage)) = window().local_storage() {
        // Where nothing is kept a reload forgets the key; the page says so before it sends.
        drop(storage.set_item(SUBMISSIONS, &records.write()));
    }
}

fn remember(record: &Record) {
    let mut records = kept();
    records.put(record.clone());
    keep(&records);
}

fn forget(record: &Record) {
    let mut records = kept();
    records.forget(&record.key);
    keep(&records);
}

/// The submission sent last.
pub(crate) fn last_sent() -> Option<Record> {
    kept().last_sent().cloned()
}

/// Whether a submission is kept.
pub(crate) fn is_kept(record: &Record) -> bool {
    kept().0.iter().any(|other| other.key == record.key)
}

/// A key of 128 random bits, in hex; nothing in a browser without any.
fn new_key() -> Option<String> {
    let crypto = member(&window(), "crypto");
    let array = js_sys::Uint8Array::new_with_length(16);
    let random: js_sys::Function = member(&crypto, "getRandomValues").dyn_into().ok()?;
    random.call1(&crypto, &array).ok()?;
    Some(hex(&array.to_vec()))
}

/// SHA-256 of a text in hex; nothing where the browser keeps that from pages that came over an insecure connection.
async fn sha256(text: &str) -> Option<String> {
    let subtle = member(&member(&window(), "crypto"), "subtle");
    let digest: js_sys::Function = member(&subtle, "digest").dyn_into().ok()?;
    let bytes = js_sys::Uint8Array::from(text.as_bytes());
    let promise = digest.call2(&subtle, &"SHA-256".into(), &bytes).ok()?;
    let buffer = JsFuture::from(promise.unchecked_into::<js_sys::Promise>()).await;
    Some(hex(&js_sys::Uint8Array::new(&buffer.ok()?).to_vec()))
}

fn member(object: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    let digits = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    digits.collect()
}

/// Puts the focus on an element once it is there.
pub(crate) fn focus_later(id: &'static str) {
    after_update(move || {
        if let Some(element) = by_id(id) {
            element.focus();
        }
    });
}

/// A member of a document as text; empty where it is none.
pub(crate) fn text_in<'a>(document: &'a Value, name: &str) -> &'a str {
    document[name].as_str().unwrap_or_default()
}
