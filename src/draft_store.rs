//! The draft in the browser's storage: kept within a second, found again on the next visit, and never overwritten
//! where it is not known what stands there. Secrets are not kept ([`dsw_form::store`]).
//!
//! Of several tabs each remembers what it has seen in the storage. What it has not seen comes from another tab, or
//! from another version of the page, and is told before anything takes its place; what gives way is kept in the history.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_form::kept::{self, Found, Kept};
use dsw_form::past::End;
use dsw_form::store::{self, Stored};
use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_words::tr;
use leptos::prelude::*;
use web_sys::Event;

use crate::dom::{El, after, button, by_id, el_class, el_text, icon, on_document, on_window};
use crate::i18n::keeping;
use crate::state::FormState;
use crate::storage::{self, ASIDE, CLEARED, CRASHED, DRAFT, Lack};
use crate::time::{moment, now};
use crate::toast::say;
use crate::transfer::{download, save};
use crate::{i18n, later, offline, past};

/// For how many milliseconds one pauses before the draft is kept.
const PAUSE: u64 = 300;
/// After how many pauses it is kept though one types on: within a second of the first letter (G09).
const PAUSES: u32 = 3;

/// What the page says about the draft that is kept, where it keeps one.
#[derive(Clone, Copy, Debug, Default)]
pub struct DraftStore(());

thread_local! {
    /// What keeps the draft of this page; nothing where none is kept.
    static KEEPER: RefCell<Option<Rc<Keeper>>> = const { RefCell::new(None) };
}

/// How the draft is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Status {
    /// There is nothing to keep.
    #[default]
    Nothing,
    /// It was kept.
    Saved {
        /// When.
        time: String,
        /// How many secrets were left out.
        left_out: usize,
    },
    /// It is not.
    Failed(Why),
}

/// Why the draft is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The storage is full.
    Full,
    /// The browser keeps nothing.
    Blocked,
    /// A newer version of the page has kept one.
    Newer,
    /// Another tab has kept another one.
    Elsewhere,
    /// It was cleared in another tab.
    Cleared,
}

/// What there is to say about something that was found, with the text of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Notice {
    /// It is in the form.
    Restored {
        /// When it was kept.
        saved: String,
        /// Names of the secrets that were left out.
        left_out: String,
    },
    /// It may be what stopped the page.
    Stopped(String),
    /// Something was entered before it could be opened.
    Late(String),
    /// Another tab has kept it.
    Elsewhere(String),
    /// A newer version has kept it.
    Newer(String),
    /// It is no draft.
    Unreadable(String),
}

/// What one can do about it.
#[derive(Clone, Copy, Debug)]
enum Act {
    StartEmpty,
    TakeOver,
    KeepMine,
    Download,
    Delete,
    Dismiss,
}

/// What keeps the draft.
struct Keeper {
    state: FormState,
    /// What the draft is called.
    name: RwSignal<String>,
    status: RwSignal<Status>,
    notices: RwSignal<Vec<Notice>>,
    /// What stands in the storage, as far as this tab has seen it.
    seen: RefCell<Option<String>>,
    /// What stands there and has not been in this form: the history takes it when it gives way.
    foreign: RefCell<Option<String>>,
    /// The draft that was kept last.
    last: RefCell<String>,
    /// How often the form was reviewed since the page came.
    reviews: Cell<usize>,
    waiting: Cell<bool>,
    /// Whether nothing is to be kept any more.
    ended: Cell<bool>,
}

impl DraftStore {
    /// Takes up the draft of the last visit, and keeps what becomes of it.
    pub fn start(self, state: FormState) {
        later::with(move |parts| (parts.keep_draft)(state));
    }

    /// What was found, above the form; nothing most of the time.
    pub fn notice(self, _state: FormState) -> El {
        later::element(|parts| (parts.draft_notice)())
    }

    /// How the draft is kept, in the bar; nothing while it is empty.
    pub fn status(self, _state: FormState) -> El {
        later::element(|parts| (parts.draft_status)())
    }
}

/// [`DraftStore::start`], once it can be done.
pub(crate) fn keep(state: FormState) {
    let keeper = Rc::new(Keeper {
        state,
        name: RwSignal::default(),
        status: RwSignal::default(),
        notices: RwSignal::default(),
        seen: RefCell::default(),
        foreign: RefCell::default(),
        last: RefCell::default(),
        reviews: Cell::new(0),
        waiting: Cell::new(false),
        ended: Cell::new(false),
    });
    keeper.begin();
    let leaving = Rc::clone(&keeper);
    on_window("pagehide", move |_| leaving.keep());
    let hidden = Rc::clone(&keeper);
    on_document("visibilitychange", move |_| hidden.keep());
    let unsaved = Rc::clone(&keeper);
    on_window("beforeunload", move |event| {
        unsaved.keep();
        if unsaved.is_unsaved() {
            event.prevent_default();
        }
    });
    let other = Rc::clone(&keeper);
    on_window("storage", move |event| other.changed_elsewhere(&event));
    let watching = Rc::clone(&keeper);
    state.watch(move |_| {
        watching.reviews.set(watching.reviews.get().wrapping_add(1));
        wait(&watching, PAUSES);
    });
    KEEPER.set(Some(keeper));
    tell_cleared(state);
    // What keeps a draft is a page of its own, and not one of a test.
    offline::begin();
}

/// Says that everything was deleted, if that was a moment ago.
fn tell_cleared(state: FormState) {
    let storage = storage::session();
    let cleared = storage.filter(|it| it.get_item(CLEARED).is_ok_and(|it| it.is_some()));
    if let Some(storage) = cleared {
        storage.remove_item(CLEARED).ok();
        say(
            state,
            tr("Everything kept in this browser was deleted."),
            false,
        );
    }
}

/// Keeps the draft now. Returns whether nothing would be lost if the page were left.
pub(crate) fn keep_now() -> bool {
    keeper().is_none_or(|keeper| {
        keeper.keep();
        !keeper.is_unsaved()
    })
}

/// Keeps nothing from now on.
pub(crate) fn end() {
    if let Some(keeper) = keeper() {
        keeper.ended.set(true);
    }
}

/// Empties the form, and with it what is kept of it.
pub(crate) fn clear() {
    if let Some(keeper) = keeper() {
        keeper.clear();
    }
}

fn keeper() -> Option<Rc<Keeper>> {
    KEEPER.with_borrow(Option::clone)
}

/// [`DraftStore::notice`], once it can be made.
pub(crate) fn notice() -> El {
    let place = el_class("div", "found");
    let Some(keeper) = keeper() else {
        return place;
    };
    place.content_fn(move || {
        let notices = keeper.notices.get();
        notices
            .iter()
            .map(|found| callout(&keeper, found))
            .collect()
    })
}

fn callout(keeper: &Rc<Keeper>, notice: &Notice) -> El {
    let (id, tone, acts): (_, _, &[Act]) = match notice {
        Notice::Restored { .. } => ("draft-found", "info", &[Act::StartEmpty, Act::Dismiss]),
        Notice::Stopped(_) | Notice::Late(_) => {
            ("draft-found", "warning", &[Act::TakeOver, Act::Dismiss])
        }
        Notice::Elsewhere(_) => (
            "draft-elsewhere",
            "warning",
            &[Act::TakeOver, Act::KeepMine, Act::Download],
        ),
        Notice::Newer(_) => ("draft-newer", "warning", &[Act::Download, Act::Dismiss]),
        Notice::Unreadable(_) => (
            "draft-aside",
            "warning",
            &[Act::Download, Act::Delete, Act::Dismiss],
        ),
    };
    let act = |act: &Act| {
        let (act, keeper, notice) = (*act, Rc::clone(keeper), notice.clone());
        let name = match act {
            Act::StartEmpty => tr("Start empty"),
            Act::TakeOver => tr("Take over that draft"),
            Act::KeepMine => tr("Keep this one"),
            Act::Download => tr("Download it"),
            Act::Delete => tr("Delete it"),
            Act::Dismiss => tr("Dismiss"),
        };
        let kind = if matches!(act, Act::Dismiss) {
            "ghost"
        } else {
            ""
        };
        button("btn btn-s", move |_| keeper.act(act, &notice))
            .attr("data-kind", kind)
            .text(name)
    };
    el_class("div", "callout line")
        .attr("data-tone", tone)
        .attr("id", id)
        .child(el_class("p", "grow").text(&keeping::notice(notice)))
        .children(acts.iter().map(act))
}

/// [`DraftStore::status`], once it can be made.
pub(crate) fn status() -> El {
    let place = el_class("div", "bar-draft");
    let Some(keeper) = keeper() else {
        return place.attr("hidden", "");
    };
    let (state, name, status) = (keeper.state, keeper.name, keeper.status);
    let failed = move || matches!(status.get(), Status::Failed(_));
    let take = button("btn btn-s", move |_| download(state))
        .flag_fn("hidden", move || !failed())
        .text(tr("Download"));
    let clear = button("btn btn-s", move |_| keeper.clear())
        .attr("data-kind", "ghost")
        .flag_fn("hidden", failed)
        .attr("title", tr("Clear draft"))
        .child(icon("trash"))
        .child(el_text("span", tr("Clear draft")));
    let name = el_class("span", "mono").text_fn(move || name.get());
    let words = move || keeping::status(&status.get());
    // It may be cut off.
    let words = el_class("span", "soft num")
        .attr_fn("title", move || Some(words()))
        .text_fn(words);
    place
        .attr_fn("data-tone", move || failed().then(|| "warning".to_owned()))
        .flag_fn("hidden", move || status.get() == Status::Nothing)
        .child(name)
        .child(words)
        .child(take)
        .child(clear)
}

impl Keeper {
    /// Takes up what is found.
    fn begin(&self) {
        let crashed = storage::local().is_some_and(|storage| {
            let crashed = storage.get_item(CRASHED).ok().flatten().is_some();
            storage.remove_item(CRASHED).ok();
            crashed
        });
        self.last
            .replace(store::write(&Draft::Unset).value.to_string());
        if let Some(aside) = storage::local().and_then(|it| it.get_item(ASIDE).ok().flatten()) {
            self.tell(Notice::Unreadable(aside));
        }
        let Some(text) = stored() else { return };
        self.seen.replace(Some(text.clone()));
        match kept::read(&text) {
            Found::Draft(kept) => {
                if crashed || !self.state.with_draft(Draft::is_blank) {
                    self.foreign.replace(Some(text.clone()));
                    self.tell(if crashed {
                        Notice::Stopped(text)
                    } else {
                        // The parts came late: what was entered meanwhile stays.
                        Notice::Late(text)
                    });
                    return;
                }
                let Kept {
                    draft,
                    secrecy,
                    saved,
                    left_out,
                    origin,
                } = *kept;
                self.name.set(name(&draft));
                self.status.set(Status::Saved {
                    time: saved.clone(),
                    left_out: 0,
                });
                self.tell(Notice::Restored { saved, left_out });
                self.state.confide_all(&secrecy);
                past::begin_from(origin);
                self.state.begin(draft);
                self.last.replace(self.written());
            }
            Found::Newer => {
                self.status.set(Status::Failed(Why::Newer));
                self.tell(Notice::Newer(text));
            }
            Found::Unreadable => {
                // What takes its place is not to be the end of it.
                if storage::put(ASIDE, &text).is_ok() {
                    let removed = storage::local().map(|it| it.remove_item(DRAFT));
                    if removed.is_some_and(|removed| removed.is_ok()) {
                        self.seen.replace(None);
                    }
                }
                self.notices
                    .update(|all| all.retain(|it| !matches!(it, Notice::Unreadable(_))));
                self.tell(Notice::Unreadable(text));
            }
        }
    }

    /// The draft as it is compared with what was kept.
    fn written(&self) -> String {
        written(self.state).value.to_string()
    }

    fn tell(&self, notice: Notice) {
        self.notices.update(|all| {
            let kind = std::mem::discriminant(&notice);
            all.retain(|it| std::mem::discriminant(it) != kind);
            all.push(notice);
        });
    }

    /// Keeps the draft, if it has changed since.
    fn keep(&self) {
        let draft = self.state.with_draft(Draft::clone);
        let stored = written(self.state);
        let text = stored.value.to_string();
        if self.ended.get() || *self.last.borrow() == text {
            return;
        }
        let left_out = stored.left_out.len();
        let time = now();
        let done = if draft.is_blank() {
            self.replace(None)
        } else {
            self.replace(Some(kept::write(stored, &time, past::origin().as_ref())))
        };
        self.name.set(name(&draft));
        self.status.set(match done {
            Ok(()) => {
                self.last.replace(text);
                if draft.is_blank() {
                    Status::Nothing
                } else {
                    Status::Saved { time, left_out }
                }
            }
            // What cannot be kept and is nothing is not missed.
            Err(_) if draft.is_blank() => Status::Nothing,
            Err(why) => Status::Failed(why),
        });
    }

    /// Puts a text in the place of what stands in the storage, if that has been seen.
    fn replace(&self, text: Option<String>) -> Result<(), Why> {
        let storage = storage::local().ok_or(Why::Blocked)?;
        let there = storage.get_item(DRAFT).map_err(|_| Why::Blocked)?;
        if let Some(there) = &there {
            if matches!(kept::read(there), Found::Newer) {
                self.tell(Notice::Newer(there.clone()));
                return Err(Why::Newer);
            }
            if Some(there) != self.seen.borrow().as_ref() {
                self.tell(Notice::Elsewhere(there.clone()));
                return Err(Why::Elsewhere);
            }
        }
        if let Some(text) = self.foreign.borrow().as_deref()
            && let Found::Draft(kept) = kept::read(text)
        {
            past::remember_kept(self.state, *kept, End::Replaced);
        }
        match &text {
            Some(text) => storage::put(DRAFT, text).map_err(|lack| match lack {
                Lack::Full => Why::Full,
                Lack::Blocked => Why::Blocked,
            })?,
            None => storage.remove_item(DRAFT).map_err(|_| Why::Blocked)?,
        }
        self.seen.replace(text);
        self.foreign.replace(None);
        Ok(())
    }

    /// Whether something would be lost if the page were left now.
    fn is_unsaved(&self) -> bool {
        let blank = self.state.with_draft(Draft::is_blank);
        !self.ended.get() && !blank && *self.last.borrow() != self.written()
    }

    /// Another tab has kept its draft, or cleared it.
    fn changed_elsewhere(&self, event: &Event) {
        let part = |name: &str| js_sys::Reflect::get(event, &name.into()).ok()?.as_string();
        let key = part("key");
        // Without a key everything was deleted.
        if key.as_deref().is_some_and(|key| key != DRAFT) {
            return;
        }
        if let Some(text) = part("newValue") {
            self.tell(match kept::read(&text) {
                Found::Newer => Notice::Newer(text),
                _ => Notice::Elsewhere(text),
            });
            return;
        }
        self.seen.replace(None);
        self.notices
            .update(|all| all.retain(|it| !matches!(it, Notice::Elsewhere(_))));
        if !self.state.with_draft(Draft::is_blank) {
            // It is kept again with the next change, and not before.
            self.last.replace(String::new());
            self.status.set(Status::Failed(Why::Cleared));
        }
    }

    /// Empties the form, which empties the storage.
    fn clear(&self) {
        self.state.edit(&Path::ROOT, Edit::Set(Draft::Unset));
        self.notices
            .update(|all| all.retain(|it| !matches!(it, Notice::Restored { .. })));
        leave_notice();
        say(self.state, tr("Draft cleared."), true);
    }

    fn act(&self, act: Act, notice: &Notice) {
        let state = self.state;
        let text = match notice {
            Notice::Restored { .. } => "",
            Notice::Stopped(text)
            | Notice::Late(text)
            | Notice::Elsewhere(text)
            | Notice::Newer(text)
            | Notice::Unreadable(text) => text,
        };
        match act {
            Act::StartEmpty => {
                self.clear();
                return;
            }
            Act::Download => {
                // The notice stays: it can be downloaded again.
                if save(text).is_err() {
                    say(state, i18n::no_download(), false);
                }
                return;
            }
            Act::TakeOver => {
                self.seen.replace(Some(text.to_owned()));
                match kept::read(text) {
                    Found::Draft(kept) => {
                        self.foreign.replace(None);
                        past::remember(state, End::Replaced);
                        let said = keeping::restored(&moment(&kept.saved), &kept.left_out);
                        state.confide_all(&kept.secrecy);
                        past::begin_from(kept.origin);
                        state.edit(&Path::ROOT, Edit::Set(kept.draft));
                        self.last.replace(self.written());
                        self.status.set(Status::Saved {
                            time: kept.saved,
                            left_out: 0,
                        });
                        say(state, &said, true);
                    }
                    _ => say(state, tr("That draft cannot be read."), false),
                }
            }
            Act::KeepMine => {
                self.seen.replace(Some(text.to_owned()));
                self.foreign.replace(Some(text.to_owned()));
                self.last.replace(String::new());
                self.keep();
                say(
                    state,
                    tr("This draft is kept. The other one is in the history."),
                    false,
                );
            }
            Act::Delete => {
                if let Some(storage) = storage::local() {
                    // Where it cannot be deleted it is offered again.
                    storage.remove_item(ASIDE).ok();
                }
            }
            Act::Dismiss => {}
        }
        self.notices.update(|all| all.retain(|it| it != notice));
        leave_notice();
    }
}

/// What was pressed goes, so the focus goes to the form.
fn leave_notice() {
    if let Some(main) = by_id("main") {
        main.focus();
    }
}

/// Keeps the draft after the next pause, or after so many of them.
fn wait(keeper: &Rc<Keeper>, pauses: u32) {
    if keeper.waiting.replace(true) {
        return;
    }
    let (keeper, reviews) = (Rc::clone(keeper), keeper.reviews.get());
    let act = move || {
        keeper.waiting.set(false);
        if keeper.reviews.get() == reviews || pauses <= 1 {
            keeper.keep();
        } else {
            wait(&keeper, pauses - 1);
        }
    };
    after(PAUSE, Box::new(act));
}

/// What the start page says of the draft: how it is kept, and the names of the secrets that were left out of the one that
/// was found.
pub(crate) fn told() -> (String, String) {
    let Some(keeper) = keeper() else {
        return Default::default();
    };
    let left_out = keeper.notices.with(|all| {
        let found = all.iter().find_map(|notice| match notice {
            Notice::Restored { left_out, .. } => Some(left_out.clone()),
            _ => None,
        });
        found.unwrap_or_default()
    });
    (keeping::status(&keeper.status.get()), left_out)
}

/// The draft as it is to be kept.
pub(crate) fn written(state: FormState) -> Stored {
    state.with_draft(|draft| state.with_known(|context| store::write_with(draft, &context.secrecy)))
}

/// The draft as it is kept; nothing where none is.
pub(crate) fn stored() -> Option<String> {
    storage::local()?.get_item(DRAFT).ok().flatten()
}

/// The draft that is kept; nothing where none is, or where it cannot be read.
pub fn found() -> Option<Kept> {
    match kept::read(&stored()?) {
        Found::Draft(kept) => Some(*kept),
        _ => None,
    }
}

/// The program has stopped: the next visit is not to begin with what may have stopped it.
pub(crate) fn remember_crash() {
    if let Some(storage) = storage::local() {
        // A browser that keeps nothing brings no draft back either.
        storage.set_item(CRASHED, "").ok();
    }
}

/// What a draft is called.
fn name(draft: &Draft) -> String {
    match draft.get(&path![Request::INSTANCE_NAME]) {
        Some(Draft::Text(name)) => name.clone(),
        _ => String::new(),
    }
}
