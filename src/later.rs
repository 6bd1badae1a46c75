//! What is not needed to begin: the judge and his rules, the words of messages, import, the draft that is kept.
//!
//! `cargo xtask build` puts this into a WebAssembly module of its own, which is fetched once the form is on screen
//! (`docs/decisions/0008-code-splitting.md`). The rest of the page reaches it through [`Parts`] only, so what is
//! called there and nowhere else is no part of the first download. Built in any other way the page is one module,
//! and all parts are there from the start.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dsw_form::past::End;
use dsw_form::review::{Judge, judge};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Event;

use crate::control::Inner;
use crate::dom::{El, after, after_update, el, must, on_document};
use crate::language::Language;
use crate::more::{MORE, More};
use crate::picker::estimate;
use crate::start::{Counted, begun, own};
use crate::state::{FormState, Slice};
use crate::transfer::Importer;
use crate::why::Why;
use crate::{
    code, draft_store, field, guide, guided, i18n, language, mode, narration, offline, palette,
    past, submit, summary, team, toast, transfer,
};

/// The ways into what comes later.
#[derive(Debug)]
pub struct Parts {
    /// A new judge.
    pub judge: fn() -> Box<dyn Judge>,
    /// All that is said at a field.
    pub messages: fn(FormState, &Slice, &str, &Why) -> Vec<El>,
    /// Answers where a value is found and what it decides.
    pub guide: fn(FormState, &str, &El),
    /// What the start page says of a draft that there is.
    pub draft: fn(FormState) -> El,
    /// Begins with a preset, by its name in the program.
    pub begin_with: fn(FormState, &'static str),
    /// Says at the presets what they set and ask for: each place, and whose it is.
    pub counts: fn(FormState, Vec<Counted>),
    /// The last requests of this browser.
    pub recent: fn(FormState) -> El,
    /// The person's own presets.
    pub own_presets: fn(FormState) -> El,
    /// What leads through the guided form, below a section.
    pub steps: fn(FormState) -> El,
    /// What happens to the data, with the choices of the form as they are.
    pub data: fn(FormState) -> El,
    /// The request in words, in short.
    pub words: fn(FormState) -> El,
    /// Finds a field: who presses a key and types on is not to wait.
    pub find: fn(FormState),
    /// Lists what the page can do.
    pub commands: fn(FormState),
    /// Does something with views that are fetched when they are wanted.
    pub(crate) more: fn(FormState, fn(&'static More, FormState)),
    /// What the team's policy says of the form as a whole, and what the service refused.
    pub refused: fn(FormState) -> El,
    /// What comes after the form: the review, and what became of a request that was sent.
    pub review: fn(FormState) -> El,
    /// The error summary.
    pub summary: fn(FormState) -> El,
    /// Leads to the next problem, or back.
    pub next_problem: fn(FormState, bool),
    /// Takes in a request as text.
    pub take_text: fn(Importer),
    /// Takes in a request from the file that was chosen.
    pub take_chosen: fn(Importer, &Event),
    /// What stands below the area in which one pastes.
    pub below: fn(Importer) -> El,
    /// What comes later of the controls.
    pub inner: Inner,
    /// Begins what outlives the page that is shown: the gateway, and what is sent to it.
    pub begin: fn(FormState),
    /// Shows how the page works in this place in the bar.
    pub gateway: fn(&El),
    /// A person chooses a language.
    pub choose_language: fn(FormState, Language),
    /// That the language that was wanted is not to be had.
    pub language_missing: fn(FormState) -> El,
    /// What the machine that is chosen costs.
    pub estimate: fn(FormState) -> El,
    /// Takes up the draft of the last visit and keeps what becomes of it.
    pub keep_draft: fn(FormState),
    /// What is said about a draft that was found.
    pub draft_notice: fn() -> El,
    /// How the draft is kept.
    pub draft_status: fn() -> El,
    /// Keeps the request in the form for the history: it has ended so with it.
    pub remember: fn(FormState, End),
    /// The history, in the bar.
    pub history: fn(FormState) -> El,
    /// The tabs of the output, with what they lead to.
    pub code: fn(&El),
    /// That there is a new version of the page.
    pub update: fn(FormState) -> El,
}

static PARTS: Parts = Parts {
    judge,
    messages: field::all_messages,
    guide: guide::answer,
    draft: begun::draft,
    begin_with: begun::begin_with,
    counts: begun::counts,
    recent: begun::recent,
    own_presets: own::own_presets,
    steps: guided::steps,
    data: narration::data,
    words: narration::in_short,
    find: palette::find_field,
    commands: palette::list_commands,
    more: |state, act| MORE.with(state, move |more| act(more, state)),
    refused: team::notices,
    review: submit::view,
    summary: summary::content,
    next_problem: summary::go_to_problem,
    take_text: transfer::take_text,
    take_chosen: transfer::take_chosen,
    below: transfer::below,
    inner: Inner::ALL,
    begin: mode::begin,
    gateway: mode::show,
    choose_language: language::choose,
    language_missing: language::missing,
    estimate: estimate::estimate,
    keep_draft: draft_store::keep,
    draft_notice: draft_store::notice,
    draft_status: draft_store::status,
    remember: past::remember,
    history: past::history,
    code: code::tabs,
    update: offline::update,
};

/// How far the parts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// They are on their way.
    Coming,
    /// They are there.
    There,
    /// They could not be loaded.
    Failed,
}

/// Something to be done with the parts.
type Act = Box<dyn FnOnce(&'static Parts)>;

thread_local! {
    static CAME: Cell<Option<&'static Parts>> = const { Cell::new(WHOLE) };
    /// What waits for the parts, in the order in which it was asked for.
    static WAITING: RefCell<Vec<Act>> = const { RefCell::new(Vec::new()) };
    /// What begins to fetch the parts, until something does.
    static BEGIN: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// Milliseconds after which the parts are fetched if nothing was typed, and once more if something was.
const QUIET: u64 = 600;

/// The parts of a page that is one module.
const WHOLE: Option<&'static Parts> = if cfg!(feature = "split") {
    None
} else {
    Some(&PARTS)
};

/// The way to the parts. Only this function names them: by it the tool that splits the page finds the border.
#[cfg(feature = "split")]
#[allow(
    clippy::unnecessary_wraps,
    reason = "that loading may fail is added by the macro"
)]
#[wasm_split_helpers::wasm_split(later, fallible)]
fn fetch() -> Result<&'static Parts, wasm_split_helpers::SplitLoaderError> {
    Ok(&PARTS)
}

#[cfg(not(feature = "split"))]
async fn fetch() -> Result<&'static Parts, std::convert::Infallible> {
    std::future::ready(Ok(&PARTS)).await
}

/// The parts, once they are there.
pub fn parts() -> Option<&'static Parts> {
    CAME.get()
}

/// How far the parts are now.
pub fn progress() -> Progress {
    if parts().is_some() {
        Progress::There
    } else {
        Progress::Coming
    }
}

/// Fetches the parts. What waits for them is not yet done.
pub async fn load() -> Progress {
    match fetch().await {
        Ok(parts) => {
            CAME.set(Some(parts));
            Progress::There
        }
        Err(_) => Progress::Failed,
    }
}

/// Fetches the parts for a page that is there without them. When they come, all is judged and what waits is done;
/// if they do not, the page says so.
pub fn begin(state: FormState) {
    state.progress.set(Progress::Coming);
    spawn_local(async move {
        let progress = load().await;
        if progress == Progress::Failed {
            toast::say(state, i18n::not_loaded(), false);
        }
        arrive(state, progress);
    });
}

/// Fetches the parts for a page that is there without them, when that is in nobody's way: after a moment, or at once
/// when something needs them, or is about to, because a field is left or something is pressed. What is typed first
/// shares neither the line nor the processor with them.
pub fn begin_when_quiet(state: FormState) {
    BEGIN.set(Some(Box::new(move || begin(state))));
    for event in ["focusout", "pointerdown"] {
        on_document(event, |_| begin_now());
    }
    let quiet = Rc::new(Cell::new(true));
    let typed = Rc::clone(&quiet);
    on_document("input", move |_| typed.set(false));
    after(
        QUIET,
        Box::new(move || {
            if quiet.get() {
                begin_now();
            } else {
                // Who types on is not interrupted at once, but is to be told what is wrong, and to find a draft.
                after(QUIET, Box::new(begin_now));
            }
        }),
    );
}

/// Begins to fetch the parts, if that has not begun.
fn begin_now() {
    if let Some(begin) = BEGIN.take() {
        begin();
    }
}

/// Tells the page how far the parts are, and does what waits for them.
pub fn arrive(state: FormState, progress: Progress) {
    state.progress.set(progress);
    if let Some(parts) = parts() {
        // First all is judged.
        after_update(move || {
            for act in WAITING.take() {
                act(parts);
            }
        });
    }
}

/// Does something with the parts: at once, or when they are there. It belongs to the present owner.
pub fn with(act: impl FnOnce(&'static Parts) + 'static) {
    with_boxed(Box::new(act));
}

/// Does something with views that are fetched when they are wanted.
pub(crate) fn with_more(state: FormState, act: fn(&'static More, FormState)) {
    with(move |parts| (parts.more)(state, act));
}

fn with_boxed(act: Act) {
    if let Some(parts) = parts() {
        act(parts);
        return;
    }
    let owner = Owner::current().unwrap_or_default();
    let act: Act = Box::new(move |parts| owner.with(|| untrack(|| act(parts))));
    WAITING.with_borrow_mut(|waiting| waiting.push(act));
    begin_now();
}

/// An element that is made by the parts. Until they are there, one that takes no room stands in its place.
pub fn element(make: impl FnOnce(&'static Parts) -> El + 'static) -> El {
    if let Some(parts) = parts() {
        return make(parts);
    }
    let place = el("template");
    let old = place.element().clone();
    with(move |parts| {
        let new = make(parts);
        if let Some(parent) = old.parent_node() {
            must(parent.replace_child(new.element(), &old));
        }
    });
    place
}
