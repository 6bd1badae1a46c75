//! The draft in the browser's storage: kept after each pause, found again on the next visit. Secrets are not kept
//! ([`dsw_form::store`]).

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use dsw_form::draft::{Draft, ROOT};
use dsw_form::edit::Edit;
use dsw_form::{json, store};
use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::request::CreateInstanceRequest as Request;
use leptos::prelude::*;
use serde_json::{Map, Value};
use wasm_bindgen::JsCast as _;
use web_sys::{Storage, StorageEvent};

use crate::dom::{El, button, el, el_class, on_window};
use crate::i18n;
use crate::state::FormState;
use crate::toast::say;
use crate::transfer::save;

/// Where the draft is kept in the browser.
const DRAFT: &str = "dsw-composer.draft";
/// Where it is kept that the program has stopped.
const CRASHED: &str = "dsw-composer.crashed";
/// How long one pauses before the draft is kept.
const PAUSE: Duration = Duration::from_millis(300);

/// What the page says about the draft that is kept.
#[derive(Clone, Copy, Debug, Default)]
pub struct DraftStore {
    /// What the draft is called.
    name: RwSignal<String>,
    /// Whether and when it was kept; empty while there is nothing to keep.
    status: RwSignal<String>,
    /// What was found, until it is dismissed.
    notice: RwSignal<Option<Notice>>,
}

/// What there is to say about a draft that was found.
#[derive(Clone, Debug, PartialEq)]
struct Notice {
    text: String,
    offer: Offer,
    /// What was found, as it was kept.
    found: String,
}

/// What one can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offer {
    StartEmpty,
    TakeOver,
    Download,
}

/// A draft that was kept.
struct Kept {
    draft: Draft,
    /// When, as ISO 8601.
    saved: String,
    /// Names of the fields whose secrets were left out.
    left_out: Vec<String>,
}

/// What keeps the draft.
struct Keeper {
    state: FormState,
    store: DraftStore,
    /// The draft that was kept last.
    last: RefCell<Draft>,
    /// How often the form was reviewed since the page came.
    reviews: Cell<usize>,
    waiting: Cell<bool>,
}

impl DraftStore {
    /// Takes up the draft of the last visit, and keeps what becomes of it.
    pub fn start(self, state: FormState) {
        if let Some(found) = stored() {
            self.open(state, found);
        }
        let keeper = Rc::new(Keeper {
            state,
            store: self,
            last: RefCell::new(state.with_draft(Draft::clone)),
            reviews: Cell::new(0),
            waiting: Cell::new(false),
        });
        let leaving = Rc::clone(&keeper);
        on_window("pagehide", move |_| leaving.keep());
        on_window("storage", move |event| self.changed_elsewhere(&event));
        state.watch(move |_| {
            keeper.reviews.set(keeper.reviews.get().wrapping_add(1));
            wait(&keeper);
        });
    }

    /// Restores what was found, unless it may be what stopped the page.
    fn open(self, state: FormState, found: String) {
        let crashed = storage().is_some_and(|storage| {
            let crashed = storage.get_item(CRASHED).ok().flatten().is_some();
            storage.remove_item(CRASHED).ok();
            crashed
        });
        let (text, offer) = match parse(&found) {
            Some(_) if crashed => (i18n::STOPPED.to_owned(), Offer::TakeOver),
            Some(kept) => {
                let time = moment(&kept.saved);
                self.name.set(name(&kept.draft));
                self.status.set(i18n::saved(&time, kept.left_out.len()));
                state.begin(kept.draft);
                (i18n::restored(&time, &kept.left_out), Offer::StartEmpty)
            }
            None => (i18n::UNREADABLE.to_owned(), Offer::Download),
        };
        self.notice.set(Some(Notice { text, offer, found }));
    }

    /// Another tab has kept its draft.
    fn changed_elsewhere(self, event: &web_sys::Event) {
        let event: &StorageEvent = event.unchecked_ref();
        if event.key().as_deref() == Some(DRAFT)
            && let Some(found) = event.new_value()
        {
            self.notice.set(Some(Notice {
                text: i18n::ELSEWHERE.to_owned(),
                offer: Offer::TakeOver,
                found,
            }));
        }
    }

    /// Empties the form, which empties the storage.
    fn clear(self, state: FormState) {
        state.edit(&Path::ROOT, Edit::Set(Draft::Unset));
        self.notice.set(None);
        say(state, "Draft cleared.", true);
    }

    fn accept(self, state: FormState, notice: &Notice) {
        match notice.offer {
            Offer::StartEmpty => return self.clear(state),
            Offer::TakeOver => match parse(&notice.found) {
                Some(kept) => {
                    state.edit(&Path::ROOT, Edit::Set(kept.draft));
                    say(
                        state,
                        &i18n::restored(&moment(&kept.saved), &kept.left_out),
                        true,
                    );
                }
                None => say(state, i18n::UNREADABLE, false),
            },
            Offer::Download => {
                if save(&notice.found).is_err() {
                    say(state, i18n::NO_DOWNLOAD, false);
                }
                // It can be downloaded again.
                return;
            }
        }
        self.notice.set(None);
    }

    /// What was found, above the form; nothing most of the time.
    pub fn notice(self, state: FormState) -> El {
        el("div").content_fn(move || {
            let Some(notice) = self.notice.get() else {
                return Vec::new();
            };
            let (name, tone) = match notice.offer {
                Offer::StartEmpty => ("Start empty", "info"),
                Offer::TakeOver => ("Take over that draft", "warning"),
                Offer::Download => ("Download it", "warning"),
            };
            let text = el_class("p", "grow").text(&notice.text);
            let act = button("btn btn-s", move |_| self.accept(state, &notice)).text(name);
            let dismiss = button("btn btn-s", move |_| self.notice.set(None))
                .attr("data-kind", "ghost")
                .text("Dismiss");
            vec![
                el_class("div", "callout line")
                    .attr("data-tone", tone)
                    .attr("id", "draft-found")
                    .child(text)
                    .child(act)
                    .child(dismiss),
            ]
        })
    }

    /// How the draft is kept, in the bar; nothing while it is empty.
    pub fn status(self, state: FormState) -> El {
        let clear = button("btn btn-s", move |_| self.clear(state))
            .attr("data-kind", "ghost")
            .text("Clear draft");
        let name = el_class("span", "mono").text_fn(move || self.name.get());
        let status = el_class("span", "soft num").text_fn(move || self.status.get());
        el_class("div", "bar-draft")
            .flag_fn("hidden", move || self.status.with(String::is_empty))
            .child(name)
            .child(status)
            .child(clear)
    }
}

impl Keeper {
    /// Keeps the draft, if it has changed since.
    fn keep(&self) {
        let draft = self.state.with_draft(Draft::clone);
        if *self.last.borrow() == draft {
            return;
        }
        let (status, kept) = if draft.is_blank() {
            let removed = storage().is_none_or(|storage| storage.remove_item(DRAFT).is_ok());
            (String::new(), removed)
        } else {
            let (text, left_out) = write(&draft);
            let kept = storage().is_some_and(|storage| storage.set_item(DRAFT, &text).is_ok());
            (i18n::saved(&moment(&now()), left_out), kept)
        };
        let status = if kept {
            status
        } else {
            i18n::NOT_SAVED.to_owned()
        };
        self.store.status.set(status);
        self.store.name.set(name(&draft));
        *self.last.borrow_mut() = draft;
    }
}

/// Keeps the draft after the next pause.
fn wait(keeper: &Rc<Keeper>) {
    if keeper.waiting.replace(true) {
        return;
    }
    let (keeper, reviews) = (Rc::clone(keeper), keeper.reviews.get());
    set_timeout(
        move || {
            keeper.waiting.set(false);
            if keeper.reviews.get() == reviews {
                keeper.keep();
            } else {
                wait(&keeper);
            }
        },
        PAUSE,
    );
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The draft as it is kept; nothing where none is.
pub(crate) fn stored() -> Option<String> {
    storage()?.get_item(DRAFT).ok().flatten()
}

/// The program has stopped: the next visit is not to begin with what may have stopped it.
pub(crate) fn remember_crash() {
    if let Some(storage) = storage() {
        // A browser that keeps nothing brings no draft back either.
        storage.set_item(CRASHED, "").ok();
    }
}

/// The text that is kept of a draft, and how many secrets it lacks.
fn write(draft: &Draft) -> (String, usize) {
    let stored = store::write(draft);
    let left_out = stored.left_out.len();
    let names = stored
        .left_out
        .iter()
        .map(|path| Value::String(path.name(ROOT)));
    let mut all = Map::new();
    all.insert("saved".to_owned(), Value::String(now()));
    all.insert("left_out".to_owned(), Value::Array(names.collect()));
    all.insert("draft".to_owned(), stored.value);
    (Value::Object(all).to_string(), left_out)
}

/// The draft that was kept as this text; nothing if it is none.
fn parse(text: &str) -> Option<Kept> {
    let Ok(Value::Object(mut all)) = json::parse(text) else {
        return None;
    };
    let draft = store::read(all.shift_remove("draft")?);
    let Some(Value::String(saved)) = all.shift_remove("saved") else {
        return None;
    };
    let left_out = match all.shift_remove("left_out") {
        Some(Value::Array(names)) => names,
        _ => Vec::new(),
    };
    let left_out = left_out.into_iter().filter_map(|name| match name {
        Value::String(name) => Some(name),
        _ => None,
    });
    Some(Kept {
        draft,
        saved,
        left_out: left_out.collect(),
    })
}

/// What a draft is called.
fn name(draft: &Draft) -> String {
    match draft.get(&path![Request::INSTANCE_NAME]) {
        Some(Draft::Text(name)) => name.clone(),
        _ => String::new(),
    }
}

fn now() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}

/// A time of today as "10:42", any other with its day before.
fn moment(iso: &str) -> String {
    let (then, now) = (js_sys::Date::new(&iso.into()), js_sys::Date::new_0());
    let day = |date: &js_sys::Date| String::from(date.to_date_string());
    let mut text = String::new();
    if day(&then) != day(&now) {
        text.push_str(&day(&then));
        text.push_str(", ");
    }
    for (part, end) in [(then.get_hours(), ":"), (then.get_minutes(), "")] {
        if part < 10 {
            text.push('0');
        }
        text.push_str(&part.to_string());
        text.push_str(end);
    }
    text
}
