//! The draft in the browser's storage: kept after each pause, found again on the next visit. Secrets are not kept
//! ([`dsw_form::store`]).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dsw_form::draft::{Draft, ROOT};
use dsw_form::edit::Edit;
use dsw_form::store::Stored;
use dsw_form::{json, store};
use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_model::secrecy::Secrecy;
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsValue;
use web_sys::Storage;

use crate::dom::{El, after, button, by_id, el_class, on_window};
use crate::state::FormState;
use crate::toast::say;
use crate::transfer::save;
use crate::{i18n, later};

/// Where the draft is kept in the browser.
const DRAFT: &str = "dsw-composer.draft";
/// Where it is kept that the program has stopped.
const CRASHED: &str = "dsw-composer.crashed";
/// For how many milliseconds one pauses before the draft is kept.
const PAUSE: u64 = 300;

/// What the page says about the draft that is kept.
#[derive(Clone, Copy, Debug, Default)]
pub struct DraftStore {
    /// What the draft is called.
    name: RwSignal<String>,
    /// Whether and when it was kept; empty while there is nothing to keep.
    status: RwSignal<String>,
    /// What there is to say about a draft that was found; empty when that is dismissed.
    notice: RwSignal<String>,
    /// What one can do about it: a number of [`OFFERS`].
    offer: RwSignal<usize>,
    /// What was found, as it was kept.
    found: RwSignal<String>,
}

/// What one can do about a draft that was found, and the tone of what is said about it.
const OFFERS: [(&str, &str); 3] = [
    ("Start empty", "info"),
    ("Take over that draft", "warning"),
    ("Download it", "warning"),
];
const START_EMPTY: usize = 0;
const TAKE_OVER: usize = 1;
const DOWNLOAD: usize = 2;

/// A draft that was kept.
struct Kept {
    draft: Draft,
    /// What was said of its variables.
    secrecy: Secrecy,
    /// When, as [`now`] writes it.
    saved: String,
    /// Names of the fields whose secrets were left out.
    left_out: String,
}

/// What keeps the draft.
struct Keeper {
    state: FormState,
    store: DraftStore,
    /// What was kept last.
    last: RefCell<String>,
    /// How often the form was reviewed since the page came.
    reviews: Cell<usize>,
    waiting: Cell<bool>,
}

impl DraftStore {
    /// Takes up the draft of the last visit, and keeps what becomes of it.
    pub fn start(self, state: FormState) {
        later::with(move |parts| (parts.keep_draft)(self, state));
    }

    fn keep(self, state: FormState) {
        let crashed = storage().is_some_and(|storage| {
            let crashed = storage.get_item(CRASHED).ok().flatten().is_some();
            storage.remove_item(CRASHED).ok();
            crashed
        });
        let last = match stored() {
            Some(found) => {
                self.open(state, found, crashed);
                written(state)
            }
            // What was entered before this part came is still to be kept.
            None => store::write(&Draft::Unset),
        };
        let keeper = Rc::new(Keeper {
            state,
            store: self,
            last: RefCell::new(last.value.to_string()),
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
    fn open(self, state: FormState, found: String, crashed: bool) {
        let (text, offer) = match parse(&found) {
            Some(_) if crashed => (i18n::STOPPED.to_owned(), TAKE_OVER),
            // The parts came late: what was entered meanwhile stays.
            Some(_) if !state.with_draft(Draft::is_blank) => {
                (i18n::FOUND_LATE.to_owned(), TAKE_OVER)
            }
            Some(kept) => {
                let text = i18n::restored(moment(&kept.saved), &kept.left_out);
                self.name.set(name(&kept.draft));
                self.status.set(i18n::saved(moment(&kept.saved), 0));
                state.learn(|context| context.secrecy = kept.secrecy);
                state.begin(kept.draft);
                (text, START_EMPTY)
            }
            None => (i18n::UNREADABLE.to_owned(), DOWNLOAD),
        };
        self.tell(&text, offer, found);
    }

    fn tell(self, text: &str, offer: usize, found: String) {
        self.offer.set(offer);
        self.found.set(found);
        self.notice.set(text.to_owned());
    }

    /// Another tab has kept its draft.
    fn changed_elsewhere(self, event: &web_sys::Event) {
        let part = |name: &str| js_sys::Reflect::get(event, &name.into()).ok()?.as_string();
        if part("key").as_deref() == Some(DRAFT)
            && let Some(found) = part("newValue")
        {
            self.tell(i18n::ELSEWHERE, TAKE_OVER, found);
        }
    }

    /// Empties the form, which empties the storage.
    fn clear(self, state: FormState) {
        state.edit(&Path::ROOT, Edit::Set(Draft::Unset));
        self.dismiss();
        say(state, "Draft cleared.", true);
    }

    /// Takes the notice away. What was pressed goes, so the focus goes to the form.
    fn dismiss(self) {
        self.notice.set(String::new());
        if let Some(main) = by_id("main") {
            main.focus();
        }
    }

    fn accept(self, state: FormState) {
        let (found, offer) = untrack(|| (self.found.get(), self.offer.get()));
        match offer {
            START_EMPTY => self.clear(state),
            TAKE_OVER => {
                let (said, taken) = match parse(&found) {
                    Some(kept) => {
                        let said = i18n::restored(moment(&kept.saved), &kept.left_out);
                        state.learn(|context| context.secrecy = kept.secrecy);
                        state.edit(&Path::ROOT, Edit::Set(kept.draft));
                        (said, true)
                    }
                    None => (i18n::UNREADABLE.to_owned(), false),
                };
                self.dismiss();
                say(state, &said, taken);
            }
            // The notice stays: it can be downloaded again.
            _ => {
                if save(&found).is_err() {
                    say(state, i18n::NO_DOWNLOAD, false);
                }
            }
        }
    }

    /// What was found, above the form; nothing most of the time.
    pub fn notice(self, state: FormState) -> El {
        later::element(move |parts| (parts.draft_notice)(self, state))
    }

    fn notice_element(self, state: FormState) -> El {
        el_class("div", "found").content_fn(move || {
            let text = self.notice.get();
            if text.is_empty() {
                return Vec::new();
            }
            let (name, tone) = OFFERS[self.offer.get()];
            let act = button("btn btn-s", move |_| self.accept(state)).text(name);
            let dismiss = button("btn btn-s", move |_| self.dismiss())
                .attr("data-kind", "ghost")
                .text("Dismiss");
            vec![
                el_class("div", "callout line")
                    .attr("data-tone", tone)
                    .attr("id", "draft-found")
                    .child(el_class("p", "grow").text(&text))
                    .child(act)
                    .child(dismiss),
            ]
        })
    }

    /// How the draft is kept, in the bar; nothing while it is empty.
    pub fn status(self, state: FormState) -> El {
        later::element(move |parts| (parts.draft_status)(self, state))
    }

    fn status_element(self, state: FormState) -> El {
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

/// [`DraftStore::start`], once it can be done.
pub(crate) fn keep(store: DraftStore, state: FormState) {
    store.keep(state);
}

/// [`DraftStore::notice`], once it can be made.
pub(crate) fn notice(store: DraftStore, state: FormState) -> El {
    store.notice_element(state)
}

/// [`DraftStore::status`], once it can be made.
pub(crate) fn status(store: DraftStore, state: FormState) -> El {
    store.status_element(state)
}

impl Keeper {
    /// Keeps the draft, if it has changed since.
    fn keep(&self) {
        let draft = self.state.with_draft(Draft::clone);
        let stored = written(self.state);
        let text = stored.value.to_string();
        if *self.last.borrow() == text {
            return;
        }
        let time = now();
        let storage = storage();
        let (status, kept) = if draft.is_blank() {
            let removed = storage.is_none_or(|storage| storage.remove_item(DRAFT).is_ok());
            (String::new(), removed)
        } else {
            let mut names = String::new();
            for path in &stored.left_out {
                if !names.is_empty() {
                    names.push_str(", ");
                }
                names.push_str(&path.name(ROOT));
            }
            let mut all = "[".to_owned();
            for part in [&time, &names] {
                all.push_str(&Value::String(part.clone()).to_string());
                all.push(',');
            }
            all.push_str(&text);
            all.push(']');
            let kept = storage.is_some_and(|storage| storage.set_item(DRAFT, &all).is_ok());
            (i18n::saved(moment(&time), stored.left_out.len()), kept)
        };
        self.store.status.set(if kept {
            status
        } else {
            i18n::NOT_SAVED.to_owned()
        });
        self.store.name.set(name(&draft));
        *self.last.borrow_mut() = text;
    }
}

/// Keeps the draft after the next pause.
fn wait(keeper: &Rc<Keeper>) {
    if keeper.waiting.replace(true) {
        return;
    }
    let (keeper, reviews) = (Rc::clone(keeper), keeper.reviews.get());
    let act = move || {
        keeper.waiting.set(false);
        if keeper.reviews.get() == reviews {
            keeper.keep();
        } else {
            wait(&keeper);
        }
    };
    after(PAUSE, Box::new(act));
}

/// The draft as it is to be kept.
fn written(state: FormState) -> Stored {
    state.with_draft(|draft| state.with_known(|context| store::write_with(draft, &context.secrecy)))
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

/// The draft that was kept as this text; nothing if it is none.
fn parse(text: &str) -> Option<Kept> {
    let Ok(Value::Array(all)) = json::parse(text) else {
        return None;
    };
    let [Value::String(saved), Value::String(left_out), draft] =
        <[Value; 3]>::try_from(all).ok()?
    else {
        return None;
    };
    Some(Kept {
        secrecy: store::secrecy(&draft),
        draft: store::read(draft),
        saved,
        left_out,
    })
}

/// What a draft is called.
fn name(draft: &Draft) -> String {
    match draft.get(&path![Request::INSTANCE_NAME]) {
        Some(Draft::Text(name)) => name.clone(),
        _ => String::new(),
    }
}

/// The time of day where the browser is, as `2026-11-22 18:20:00`: so Swedish writes it.
pub(crate) fn now() -> String {
    js_sys::Date::new_0()
        .to_locale_string("sv-SE", &JsValue::UNDEFINED)
        .into()
}

/// A time of today as "18:20", any other with its day before.
pub(crate) fn moment(time: &str) -> &str {
    const DAY: usize = "2026-11-22 ".len();
    const MINUTES: usize = "2026-11-22 18:20".len();
    let today = now().get(..DAY) == time.get(..DAY);
    time.get(if today { DAY } else { 0 }..MINUTES)
        .unwrap_or(time)
}
