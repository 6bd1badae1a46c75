//! The dialog: what has changed, each with the way to take it back, and all of it as a JSON Patch.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

use dsw_form::difference::{Change, by_numbers, revert};
use dsw_form::draft::Draft;
use dsw_form::patch::{Patch, patch};
use dsw_form::print::pretty;
use dsw_form::refusal::visible;
use dsw_model::path::{Path, Step};
use dsw_words::{english, fill, number, tr};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use super::base::{Base, bases, chosen, select};
use super::{LISTED, Told, code, label, more, names, tell};
use crate::dom::{El, after_update, button, by_id, el, el_class, el_text, icon};
use crate::i18n::{self, keeping};
use crate::modal;
use crate::rail::badge;
use crate::state::FormState;
use crate::submit::close_dialog;
use crate::transfer::{save_as, write};

/// Id of the dialog; there is one at most.
const DIALOG: &str = "differences";
/// Id of the line that says what was done in it.
const SAID: &str = "differences-said";
/// What a JSON Patch is called as a file.
const FILE: &str = "create-instance.patch.json";

/// Opens the dialog.
pub(crate) fn open(state: FormState) {
    let fill = move |dialog: &El| View::new(state).content(dialog);
    modal::open(
        DIALOG,
        "dialog dialog-wide",
        tr("What changed"),
        Box::new(fill),
    );
}

/// The dialog as it is shown.
#[derive(Clone)]
struct View {
    state: FormState,
    bases: Rc<Vec<Base>>,
    /// Which of them is compared with.
    at: RwSignal<usize>,
    /// Changes when the list is to be made anew.
    turn: RwSignal<usize>,
    /// What was done last, and whether it can be taken back.
    said: RwSignal<(String, bool)>,
}

impl View {
    fn new(state: FormState) -> Self {
        let bases = bases(state);
        Self {
            state,
            at: RwSignal::new(chosen(&bases)),
            bases: Rc::new(bases),
            turn: RwSignal::new(0),
            said: RwSignal::default(),
        }
    }

    /// What is in the dialog.
    fn content(&self, dialog: &El) -> Vec<El> {
        let closed = dialog.clone();
        let close = button("btn", move |_| close_dialog(&closed)).text(tr("Close"));
        let choice = el_class("label", "line since")
            .child(el_text("span", tr("Compared with")))
            .child(select("differences-base", &self.bases, self.at));
        let (view, shown) = (self.clone(), dialog.clone());
        let before = Cell::new(self.at.get_untracked());
        let list = el_class("div", "stack stack-s").content_fn(move || {
            view.turn.track();
            let at = view.at.get();
            if before.replace(at) != at {
                // It was said of another list.
                view.said.set(<_>::default());
            }
            untrack(|| view.list(at, &shown))
        });
        let view = self.clone();
        let said = el("div")
            .attr("id", SAID)
            .attr("role", "status")
            .attr("tabindex", "-1")
            .content_fn(move || view.status());
        let (patched, saved, whole) = (self.clone(), self.clone(), self.clone());
        let none = self.clone();
        let foot = el_class("div", "line")
            .child(
                button("btn", move |_| whole.revert_all())
                    .child(icon("undo"))
                    .text(tr("Revert all"))
                    .flag_fn("hidden", move || none.is_same()),
            )
            .child(
                button("btn", move |_| patched.copy())
                    .child(icon("copy"))
                    .text(tr("Copy as JSON Patch")),
            )
            .child(
                button("btn", move |_| saved.download())
                    .attr("data-kind", "ghost")
                    .child(icon("download"))
                    .text(tr("Download")),
            )
            .child(el_class("span", "end"))
            .child(close);
        vec![choice, said, list, foot]
    }

    /// The draft that is compared with, and the one in the form.
    fn drafts(&self, at: usize) -> [Draft; 2] {
        let old = self.bases.get(at).map(|base| base.draft(self.state));
        [old.unwrap_or_default(), self.state.with_draft(Draft::clone)]
    }

    fn told(&self, at: usize) -> Told {
        let [old, new] = self.drafts(at);
        tell(self.state, &old.body(), &new.body())
    }

    /// Whether there is nothing to be taken back.
    fn is_same(&self) -> bool {
        self.turn.track();
        self.told(self.at.get()).changes.is_empty()
    }

    fn list(&self, at: usize, dialog: &El) -> Vec<El> {
        let told = self.told(at);
        let units = told.units();
        let mut shown = Vec::new();
        if units.is_empty() {
            let name = self.bases.get(at).map_or_else(String::new, Base::name);
            let same = fill("Nothing has changed since: {}.", &[&visible(&name)]);
            shown.push(el_text("p", &same));
        } else {
            shown.push(el_class("p", "soft").text(&counts(&told, &units)));
            let rows = units.iter().take(LISTED).enumerate();
            let rows = rows.map(|(nth, unit)| self.unit(nth, &told.changes[unit.clone()], dialog));
            shown.push(el_class("ul", "changes").children(rows.collect::<Vec<_>>()));
        }
        shown.extend(more(units.len()));
        shown.extend(told.note());
        shown
    }

    /// What is taken back together.
    fn unit(&self, nth: usize, changes: &[Change], dialog: &El) -> El {
        let change = &changes[0];
        let name = unit_name(change);
        let place = change.row.as_ref().unwrap_or(&change.path);
        let (view, taken) = (self.clone(), changes.to_vec());
        let said = fill("Reverted: {}.", &[&name]);
        let back = button("btn btn-s", move |_| {
            view.take_back(&taken, &said);
            focus(nth);
        })
        .text(tr("Revert"))
        .child(el_class("span", "hide").text(&[" ", &name].concat()));
        let (state, closed, shown) = (self.state, dialog.clone(), place.clone());
        let title = button("btn-link", move |_| {
            close_dialog(&closed);
            show(state, &shown);
        })
        .text(&name);
        let (tone, kind) = kind_of(change);
        let words = el_class("div", "line grow")
            .child(title)
            .child(code(place))
            .child(badge(tone, kind, None));
        let head = el_class("div", "line").child(words).child(back);
        let item = el("li").child(head);
        if change.row.is_none() {
            return item.child(values(change));
        }
        let inner = changes.iter().map(|change| {
            el("li")
                .child(el_text("span", &member_name(change)).text(" "))
                .child(code(&change.path))
                .child(values(change))
        });
        item.child(el_class("ul", "changes-in").children(inner))
    }

    /// Takes changes back, as one step.
    fn take_back(&self, changes: &[Change], said: &str) {
        let [old, new] = self.drafts(self.at.get_untracked());
        self.state.edit(&Path::ROOT, revert(changes, &old, &new));
        self.tell(said, true);
        self.turn.update(|turn| *turn += 1);
    }

    fn revert_all(&self) {
        let told = self.told(self.at.get_untracked());
        let count = told.units().len();
        self.take_back(&told.changes, &keeping::reverted(count));
        focus(0);
    }

    fn tell(&self, said: &str, undoable: bool) {
        self.said.set((said.to_owned(), undoable));
    }

    /// What was done last, and the way back.
    fn status(&self) -> Vec<El> {
        let (said, undoable) = self.said.get();
        if said.is_empty() {
            return Vec::new();
        }
        let view = self.clone();
        let undo = undoable.then(|| {
            button("btn btn-link", move |_| {
                view.state.step(true);
                view.tell(tr("Undone."), false);
                view.turn.update(|turn| *turn += 1);
                focus(0);
            })
            .text(tr("Undo"))
        });
        vec![
            el_class("p", "line")
                .child(el_text("span", &said))
                .child(undo),
        ]
    }

    fn patch(&self) -> Patch {
        let [old, new] = self
            .drafts(self.at.get_untracked())
            .map(|draft| draft.body());
        self.state
            .with_known(|context| patch(&old, &new, &context.secrecy))
    }

    fn copy(&self) {
        let patch = self.patch();
        let said = patch_words(&patch, tr("Copied as JSON Patch."));
        let view = self.clone();
        write(self.state, &pretty(&patch.document()), move |done| {
            // What is said outside of the dialog is not heard in it.
            view.tell(if done { &said } else { i18n::no_clipboard() }, false);
        });
    }

    fn download(&self) {
        let patch = self.patch();
        let done = save_as(&pretty(&patch.document()), FILE).is_ok();
        let said = patch_words(&patch, tr("Downloaded as JSON Patch."));
        self.tell(if done { &said } else { i18n::no_download() }, false);
    }
}

/// What was pressed is gone: the focus goes to what stands in its place, or before it, or to what was done.
fn focus(nth: usize) {
    after_update(move || {
        let Ok(all) = document().query_selector_all("#differences .changes > li > .line > .btn")
        else {
            return;
        };
        let next = all.get(u32::try_from(nth).unwrap_or_default());
        let next = next.or_else(|| all.get(all.length().checked_sub(1)?));
        match next.and_then(|node| node.dyn_into().ok()) {
            Some(next) => El::existing(next).focus(),
            None => by_id(SAID).is_some_and(|said| said.focus()),
        };
    });
}

/// What was done with a patch, and what is not in it.
fn patch_words(patch: &Patch, done: &str) -> String {
    let count = keeping::operations(patch.operations.len());
    let mut said = [done, tr(" "), &count].concat();
    if !patch.left_out.is_empty() {
        let names = names(&patch.left_out);
        said.push_str(tr(" "));
        said.push_str(&fill("Secrets are not in it: {}.", &[&names]));
    }
    said
}

/// What is taken back together is called: a row by its number, a member by its label.
fn unit_name(change: &Change) -> String {
    match &change.row {
        Some(row) => i18n::row(row),
        None => member_name(change),
    }
}

/// The label of a member; the name of one that has none, or of an entry.
fn member_name(change: &Change) -> String {
    match change.path.steps().last() {
        Some(Step::Key(name)) => visible(name),
        _ => label(&change.path).to_owned(),
    }
}

/// The tone of a difference, and a word for it.
fn kind_of(change: &Change) -> (&'static str, &'static str) {
    match (&change.before, &change.after) {
        (None, _) => ("ok", tr("Added")),
        (_, None) => ("error", tr("Removed")),
        _ => ("info", tr("Changed")),
    }
}

/// How many there are of each kind.
fn counts(told: &Told, units: &[Range<usize>]) -> String {
    let mut said = String::new();
    for (kind, words) in [
        ("info", english("{} changed")),
        ("ok", english("{} added")),
        ("error", english("{} removed")),
    ] {
        let of_kind = units
            .iter()
            .filter(|unit| kind_of(&told.changes[unit.start]).0 == kind);
        let count = of_kind.count();
        if count > 0 {
            if !said.is_empty() {
                said.push_str(tr(", "));
            }
            said.push_str(&fill(words, &[&number(count)]));
        }
    }
    said + tr(".")
}

/// What stood there, and what stands there now.
fn values(change: &Change) -> El {
    let value = |tag: &str, value: &Option<String>| match value {
        Some(text) if text.is_empty() => el_class("span", "soft").text(tr("empty")),
        Some(text) => el_class(tag, "mono").text(&i18n::excerpt(&visible(text))),
        None => el_class("span", "soft").text(tr("not set")),
    };
    let hidden = |text| el_class("span", "hide").text(text);
    el_class("p", "change")
        .child(hidden(tr("Before:")))
        .child(value("del", &change.before))
        .child(
            el_class("span", "soft")
                .attr("aria-hidden", "true")
                .text("→"),
        )
        .child(hidden(tr("Now:")))
        .child(value("ins", &change.after))
}

/// Shows a place of the form.
fn show(state: FormState, path: &Path) {
    state.to_form();
    state.show(&state.with_draft(|draft| by_numbers(path, draft)));
}
