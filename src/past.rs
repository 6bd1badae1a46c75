//! The last requests of this browser: what was copied, downloaded, sent, or gave way to another. No secret is in it.
//!
//! What ends with a request tells it here: [`remember`] for the one in the form, `sent` and `settled` for one that
//! goes to the service. The start page shows the [`recent`] ones and leads to all by [`open`]; [`restore`] puts one
//! into the form.

use std::cell::RefCell;

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_form::kept::{Begun, Kept, Origin};
use dsw_form::past::{End, Entry, Past};
use dsw_form::refusal::visible;
use dsw_form::store::{self, Stored};
use dsw_form::submission::{Outcome, Record};
use dsw_model::path::Path;
use dsw_words::{fill, tr};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, Storage};

use crate::differences::compared;
use crate::dom::{El, button, by_id, el, el_class, el_text, icon, icon_button};
use crate::draft_store::written;
use crate::exchange::EXCHANGE;
use crate::gateway::Mode;
use crate::i18n::keeping;
use crate::rail::badge;
use crate::sending::focus_later;
use crate::state::FormState;
use crate::storage::{self, PAST};
use crate::submit::{close_dialog, open_dialog};
use crate::time::moment_of;
use crate::toast::say;
use crate::{draft_store, offline};

/// Id of the button that opens the history.
const OPEN: &str = "past-open";
/// Id of the line that says what was deleted.
const GONE: &str = "past-gone";

thread_local! {
    /// What the form began with.
    static ORIGIN: RefCell<Option<Origin>> = const { RefCell::new(None) };
}

/// The requests that are kept, the latest first; none where a newer version of the page keeps them.
pub fn recent() -> Vec<Entry> {
    read().unwrap_or_default().0
}

/// Nothing where a newer version of the page has written it.
fn read() -> Option<Past> {
    let text = storage::local().and_then(|storage| storage.get_item(PAST).ok().flatten());
    text.map_or(Some(Past::default()), |text| Past::read(&text))
}

/// Keeps the requests: as many as there is room for, of the latest. What a browser does not keep is no loss to the
/// request itself.
fn write(mut past: Past) {
    let Some(storage) = storage::local() else {
        return;
    };
    while !past.0.is_empty() {
        match storage::put_once(&storage, PAST, &past.write()) {
            Err(storage::Lack::Full) => past.0.truncate(past.0.len() - 1),
            Ok(()) | Err(storage::Lack::Blocked) => return,
        }
    }
    storage.remove_item(PAST).ok();
}

/// Changes what is kept, unless a newer version of the page has written it.
fn change(change: impl FnOnce(&mut Past)) {
    if let Some(mut past) = read() {
        change(&mut past);
        write(past);
    }
}

/// Makes room: the oldest request goes. Returns whether there was one.
pub(crate) fn shed(storage: &Storage) -> bool {
    let Some(mut past) = read() else {
        return false;
    };
    if past.0.pop().is_none() {
        return false;
    }
    let made = if past.0.is_empty() {
        storage.remove_item(PAST).is_ok()
    } else {
        storage.set_item(PAST, &past.write()).is_ok()
    };
    // What cannot be made smaller makes no room the next time either.
    made || storage.remove_item(PAST).is_ok()
}

/// It has ended so with the request in the form: it is kept, unless it is empty.
pub fn remember(state: FormState, end: End) {
    if !state.with_draft(Draft::is_blank) {
        put(state, written(state), end);
    }
}

/// It has ended so with a draft that was kept.
pub(crate) fn remember_kept(state: FormState, kept: Kept, end: End) {
    put(state, store::write_with(&kept.draft, &kept.secrecy), end);
}

fn put(state: FormState, stored: Stored, end: End) {
    let mut entry = Entry::new(stored, end, &js_sys::Date::now().to_string());
    entry.region = state.region();
    change(|past| past.put(entry));
}

/// A request is on its way.
pub(crate) fn sent(record: &Record, stored: Stored, mode: Mode) {
    let mut entry = Entry::new(stored, End::Sent, &record.sent_at);
    entry.key.clone_from(&record.key);
    entry.region.clone_from(&record.region);
    let live = mode == Mode::Live;
    if live { "live" } else { "sandbox" }.clone_into(&mut entry.mode);
    change(|past| past.put(entry));
}

/// What became of a request is known, or known not to be.
pub(crate) fn settled(record: &Record, outcome: &Outcome) {
    let end = match outcome {
        Outcome::Created { .. } => End::Created,
        Outcome::Rejected(_) => End::Refused,
        Outcome::Unknown { .. } => End::Unknown,
        Outcome::NotSent(_) | Outcome::NotTaken(_) => End::NotSent,
        Outcome::Pending { .. } | Outcome::Unreachable(_) => return,
    };
    if let Some(mut past) = read()
        && past.settle(&record.key, end, &record.instance_id)
    {
        write(past);
    }
}

/// Puts a request of the past into the form, as one step. What stands there is kept in its place.
pub fn restore(state: FormState, entry: &Entry) {
    remember(state, End::Replaced);
    state.checked.set(true);
    state.confide_all(&entry.secrecy());
    state.edit(&Path::ROOT, Edit::Set(entry.draft()));
    begin_with(state, Begun::Past(entry.at.clone()));
    state.to_form();
    say(
        state,
        &keeping::taken_back(&time(entry), &entry.left_out),
        true,
    );
}

/// The form begins with what stands in it now: what has changed since can be told.
pub(crate) fn begin_with(state: FormState, begun: Begun) {
    begin_from(Some(Origin::new(begun, written(state))));
}

/// The form began with this, at an earlier visit or in another tab.
pub(crate) fn begin_from(origin: Option<Origin>) {
    ORIGIN.set(origin);
}

/// What the form began with; nothing where it began empty.
pub(crate) fn origin() -> Option<Origin> {
    ORIGIN.with_borrow(Option::clone)
}

/// When it ended so with a request, to the minute.
pub fn time(entry: &Entry) -> String {
    minute(&entry.at)
}

/// A time that is kept as milliseconds since 1970, to the minute.
pub(crate) fn minute(at: &str) -> String {
    let mut time = moment_of(at.parse().unwrap_or_default());
    time.truncate(time.len().saturating_sub(":00".len()));
    time
}

/// Opens the history.
pub fn open() {
    let button = by_id(OPEN);
    if let Some(button) = button
        .as_ref()
        .and_then(|it| it.element().dyn_ref::<HtmlElement>())
    {
        button.click();
    }
}

/// The button in the bar, and the dialogs that it leads to.
pub(crate) fn history(state: FormState) -> El {
    let view = View {
        state,
        shown: RwSignal::new(0),
        gone: RwSignal::new(Vec::new()),
    };
    let dialog = el_class("dialog", "dialog dialog-wide")
        .attr("id", "past")
        .attr("aria-labelledby", "past-h");
    let clearing = clearing();
    let (opened, closed, left, cleared) = (
        dialog.clone(),
        dialog.clone(),
        dialog.clone(),
        clearing.clone(),
    );
    let open = button("btn btn-icon", move |_| {
        view.gone.set(Vec::new());
        view.shown.update(|shown| *shown += 1);
        open_dialog(&opened);
    })
    .attr("data-kind", "ghost")
    .attr("id", OPEN)
    .attr("aria-label", tr("History"))
    .attr("title", tr("History"))
    .attr("aria-haspopup", "dialog")
    .child(icon("history"));
    let close = button("btn", move |_| close_dialog(&closed))
        .attr("autofocus", "")
        .text(tr("Close"));
    let delete = button("btn", move |_| view.delete(None))
        .attr("data-kind", "ghost")
        .flag_fn("hidden", move || {
            view.shown.track();
            recent().is_empty()
        })
        .text(tr("Delete these requests"));
    let everything = button("btn", move |_| {
        close_dialog(&left);
        fill_clearing();
        open_dialog(&cleared);
    })
    .attr("data-kind", "ghost")
    .text(tr("Clear everything…"));
    let restored = dialog.clone();
    let list = el("div").content_fn(move || {
        if view.shown.get() == 0 {
            return Vec::new();
        }
        let dialog = restored.clone();
        EXCHANGE.elements(move |exchange| (exchange.past)(view, &dialog))
    });
    let gone = el("div")
        .attr("id", GONE)
        .attr("role", "status")
        .attr("tabindex", "-1")
        .content_fn(move || view.deleted());
    let dialog = dialog.child(
        el_class("div", "stack")
            .child(el_text("h2", tr("History")).attr("id", "past-h"))
            .child(el_class("p", "soft").text(tr(
                "The last 20 requests of this browser: copied, downloaded, sent, or replaced by another. Secrets are not kept.",
            )))
            .child(gone)
            .child(list)
            .child(
                el_class("div", "line")
                    .child(everything)
                    .child(delete)
                    .child(el_class("span", "end"))
                    .child(close),
            ),
    );
    el("span").child(open).child(dialog).child(clearing)
}

/// The requests in the open history. `dialog` closes when one is restored.
pub(crate) fn list(view: View, dialog: &El) -> Vec<El> {
    vec![view.list(dialog)]
}

/// The history as it is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    state: FormState,
    /// Changes when the list is to be made anew.
    shown: RwSignal<usize>,
    /// What was deleted last.
    gone: RwSignal<Vec<Entry>>,
}

impl View {
    fn list(self, dialog: &El) -> El {
        let Some(past) = read() else {
            return el_text(
                "p",
                tr("A newer version of this page keeps the history. It is left as it is."),
            );
        };
        if past.0.is_empty() {
            return el_class("p", "soft").text(tr("Nothing yet."));
        }
        let rows = past.0.into_iter().map(|entry| self.row(dialog, entry));
        el_class("ol", "past").children(rows)
    }

    fn row(self, dialog: &El, entry: Entry) -> El {
        let named = keeping::named(&entry.name());
        let head = el_class("div", "line")
            .child(el_class("time", "num").text(&time(&entry)))
            .child(el_class("b", "mono").child(el("bdi").text(&visible(&named))))
            .child(end_badge(&entry));
        let mut facts = vec![visible(&entry.machine())];
        if !entry.mode.is_empty() {
            facts.push(keeping::mode(&entry.mode).to_owned());
        }
        facts.extend([entry.region.clone(), entry.instance_id.clone()]);
        facts.retain(|fact| !fact.is_empty());
        if !entry.left_out.is_empty() {
            facts.push(fill("without {}", &[&visible(&entry.left_out)]));
        }
        let place = el("div");
        let (region, compared, state) = (place.region(), entry.clone(), self.state);
        let compare = el_class("details", "past-compare")
            .on("toggle", move |_| {
                region.fill(&|| differences(state, &compared));
            })
            .child(el_text("summary", tr("Compare with the form")))
            .child(place);
        let (closed, restored) = (dialog.clone(), entry.clone());
        let restore = button("btn btn-s", move |_| {
            close_dialog(&closed);
            restore(state, &restored);
        })
        .text(tr("Restore"))
        .child(el_class("span", "hide").text(&[" ", &named].concat()));
        let label = fill("Delete {}", &[&named]);
        let delete = icon_button("trash", &label, move |_| self.delete(Some(&entry)));
        el("li")
            .child(
                head.child(el_class("span", "end"))
                    .child(restore)
                    .child(delete),
            )
            .child(
                (!facts.is_empty())
                    .then(|| el_class("p", "soft").child(el("bdi").text(&facts.join(" · ")))),
            )
            .child(compare)
    }

    /// Deletes a request, or all.
    fn delete(self, entry: Option<&Entry>) {
        let mut gone = Vec::new();
        change(|past| {
            let all = std::mem::take(&mut past.0).into_iter();
            (gone, past.0) = all.partition(|it| entry.is_none_or(|entry| it.is(entry)));
        });
        self.gone.set(gone);
        self.shown.update(|shown| *shown += 1);
        // What was pressed is gone.
        focus_later(GONE);
    }

    /// What was deleted, and the way back.
    fn deleted(self) -> Vec<El> {
        let gone = self.gone.get();
        if gone.is_empty() {
            return Vec::new();
        }
        let said = keeping::deleted(gone.len());
        let undo = button("btn btn-link", move |_| {
            let gone = self.gone.get_untracked();
            change(|past| past.put_back(gone));
            self.gone.set(Vec::new());
            self.shown.update(|shown| *shown += 1);
            focus_later(GONE);
        });
        vec![
            el_class("p", "line")
                .child(el_text("span", &said))
                .child(undo.text(tr("Undo"))),
        ]
    }
}

/// How it ended with a request.
pub(crate) fn end_badge(entry: &Entry) -> El {
    let (tone, words) = keeping::end(entry.end);
    badge(tone, words, None)
}

/// What lies between the form and a request of the past, as a table.
fn differences(state: FormState, entry: &Entry) -> Vec<El> {
    let bodies = [state.with_draft(Draft::body), entry.draft().body()];
    let heads = [tr("In the form"), tr("In this request")];
    let same = tr("The same request as in the form.");
    compared(state, &bodies, heads, same)
}

/// Id of the list of what is deleted with everything.
const CLEARING: &str = "clear-list";

/// The dialog that asks before everything is deleted.
fn clearing() -> El {
    let dialog = el_class("dialog", "dialog")
        .attr("id", "clear")
        .attr("aria-labelledby", "clear-h");
    let cancelled = dialog.clone();
    let cancel = button("btn", move |_| close_dialog(&cancelled))
        .attr("autofocus", "")
        .text(tr("Cancel"));
    let delete = button("btn", move |_| clear_everything())
        .attr("data-kind", "danger")
        .text(tr("Delete all of it"));
    dialog.child(
        el_class("div", "stack")
            .child(
                el_text("h2", tr("Clear everything kept in this browser?")).attr("id", "clear-h"),
            )
            .child(el_text("p", tr("This goes, and cannot be brought back:")))
            .child(el("ul").attr("id", CLEARING))
            .child(el_class("p", "soft").text(tr(
                "Instances that were created are not touched. The page then begins anew.",
            )))
            .child(
                el_class("div", "line")
                    .child(el_class("span", "end"))
                    .child(cancel)
                    .child(delete),
            ),
    )
}

/// Lists what is deleted.
fn fill_clearing() {
    let Some(list) = by_id(CLEARING) else { return };
    list.element().set_text_content(None);
    let mut all = Vec::new();
    for storage in [storage::local(), storage::session()].into_iter().flatten() {
        for key in storage::keys(&storage) {
            let told = storage::told(&key);
            all.extend(told.filter(|told| !all.contains(told)));
        }
    }
    all.push(tr("The copy of the page for use without a network"));
    let _ = list.children(all.into_iter().map(|told| el_text("li", told)));
}

/// Deletes everything that the page keeps in this browser, and begins anew.
fn clear_everything() {
    draft_store::end();
    for storage in [storage::local(), storage::session()].into_iter().flatten() {
        for key in storage::keys(&storage) {
            // What the browser does not let go of is listed again the next time.
            storage.remove_item(&key).ok();
        }
    }
    if let Some(storage) = storage::session() {
        storage.set_item(storage::CLEARED, "").ok();
    }
    spawn_local(async {
        offline::remove().await;
        let location = window().location();
        if let (Ok(history), Ok(path)) = (window().history(), location.pathname()) {
            // It fails only for addresses of another origin.
            drop(history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path)));
        }
        // It fails where the page is gone already.
        drop(location.reload());
    });
}
