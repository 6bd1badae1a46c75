//! What the page can do, and the keys that do it: one table, from which the handler of keys, `aria-keyshortcuts` and the
//! list of commands (`palette`) are made.
//!
//! No key does anything while an input method composes, while a dialog is open, or with a modifier that screen readers
//! and input methods use. Single keys do nothing where one types, and can be turned off (WCAG 2.1.4).

use dsw_words::tr;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, KeyboardEvent};

use crate::dom::{El, el_class};
use crate::later;
use crate::state::{FormState, REVIEW};
use crate::storage::SINGLE_KEYS;
use crate::summary::next_problem;
use crate::toast::say;

/// What the key code is while an input method composes, in browsers that do not say so otherwise.
pub(crate) const COMPOSING: u32 = 229;

/// Who types there types a letter, or chooses by one.
pub(crate) const TYPED_IN: &str = ":is(input:not([type=radio], [type=checkbox]), textarea, select)";

/// What is no part of the form, and holds a text, has a history of its own. Everywhere else undo is the form's, in its
/// text controls too: the browser's history of a control is broken by every value that is set in it, and ends at its
/// border.
const OWN_HISTORY: &str = ":is(#filter, :is(input:not([type=radio], [type=checkbox]), textarea):not(.form *))\
     :not(:placeholder-shown)";

/// Something that the page can do.
#[derive(Debug)]
pub struct Command {
    /// What it does, in the present language.
    pub name: fn() -> &'static str,
    /// The keys that do it; the first is told.
    pub keys: &'static [Key],
    /// Does it.
    pub run: fn(FormState),
}

/// A key, and what is held with it.
#[derive(Clone, Copy, Debug)]
pub enum Key {
    /// A letter or sign alone. Shift is part of what is typed.
    Single(&'static str),
    /// A function key, with or without Shift.
    Function(&'static str, bool),
    /// With Control, or Command on Apple's machines; with or without Shift.
    Control(&'static str, bool),
}

/// Takes the last step back.
pub static UNDO: Command = Command {
    name: || tr("Undo"),
    keys: &[Key::Control("Z", false)],
    run: |state| take_step(state, true),
};

/// Makes it again.
pub static REDO: Command = Command {
    name: || tr("Redo"),
    keys: &[Key::Control("Z", true), Key::Control("Y", false)],
    run: |state| take_step(state, false),
};

/// Leads to the next problem.
pub static NEXT: Command = Command {
    name: || tr("Next problem"),
    keys: &[Key::Function("F8", false)],
    run: |state| next_problem(state, false),
};

/// Finds a field.
pub static FIND: Command = Command {
    name: || tr("Find a field"),
    keys: &[Key::Single("/")],
    run: |state| later::with(move |parts| (parts.find)(state)),
};

/// The list of all commands.
pub static LIST: Command = Command {
    name: || tr("Commands and keys"),
    keys: &[Key::Single("?")],
    run: |state| later::with(move |parts| (parts.commands)(state)),
};

/// Leads to the problem before.
pub static PREVIOUS: Command = Command {
    name: || tr("Previous problem"),
    keys: &[Key::Function("F8", true)],
    run: |state| next_problem(state, true),
};

/// Leads to the review.
pub static REVIEWED: Command = Command {
    name: || tr("Review"),
    keys: &[Key::Control("Enter", false)],
    run: |state| state.current.set(REVIEW),
};

/// Those with keys.
pub static KEYED: &[&Command] = &[&FIND, &LIST, &UNDO, &REDO, &NEXT, &PREVIOUS, &REVIEWED];

impl Key {
    /// As `aria-keyshortcuts` and people write it.
    pub fn text(self) -> String {
        let mut text = String::new();
        let (key, control, shift) = match self {
            Self::Single(key) => (key, false, false),
            Self::Function(key, shift) => (key, false, shift),
            Self::Control(key, shift) => (key, true, shift),
        };
        if control {
            text.push_str("Control+");
        }
        if shift {
            text.push_str("Shift+");
        }
        text.push_str(key);
        text
    }

    /// Whether it is pressed.
    fn is(self, event: &KeyboardEvent) -> bool {
        let (key, shift) = (event.key(), event.shift_key());
        let control = event.ctrl_key() || event.meta_key();
        match self {
            Self::Single(wanted) => !control && key == wanted,
            Self::Function(wanted, shifted) => !control && shift == shifted && key == wanted,
            Self::Control(wanted, shifted) => {
                control && shift == shifted && key.eq_ignore_ascii_case(wanted)
            }
        }
    }

    fn is_single(self) -> bool {
        matches!(self, Self::Single(_))
    }
}

impl Command {
    /// Tells the keys of the command at what does the same by pointer.
    pub fn at(&'static self, state: FormState, element: El) -> El {
        let Some(key) = self.keys.first() else {
            return element;
        };
        element.attr_fn("aria-keyshortcuts", move || {
            (!key.is_single() || state.single_keys.get()).then(|| key.text())
        })
    }

    /// The key of the command, to be seen.
    pub fn hint(&'static self, state: FormState) -> Option<El> {
        let key = self.keys.first()?;
        let hint = el_class("kbd", "kbd")
            .attr("aria-hidden", "true")
            .text(&key.text().replace("Control", "Ctrl"));
        Some(hint.flag_fn("hidden", move || {
            key.is_single() && !state.single_keys.get()
        }))
    }
}

/// Does what a key stands for.
pub fn pressed(state: FormState, event: &KeyboardEvent) {
    if event.is_composing() || event.key_code() == COMPOSING || event.alt_key() {
        return;
    }
    let all = KEYED.iter();
    let mut all = all.flat_map(|command: &&'static Command| {
        command.keys.iter().map(move |key| (*command, *key))
    });
    let Some((command, key)) = all.find(|(_, key)| key.is(event)) else {
        return;
    };
    let target = event.target();
    let target = target.as_ref().and_then(|target| target.dyn_ref());
    let at = |selector| target.is_some_and(|at: &Element| at.matches(selector).unwrap_or_default());
    let open = document().query_selector("dialog[open]").ok().flatten();
    let is_off = key.is_single() && (!state.single_keys.get_untracked() || at(TYPED_IN));
    let is_step = std::ptr::eq(command, &raw const UNDO) || std::ptr::eq(command, &raw const REDO);
    let own = is_step && at(OWN_HISTORY);
    if open.is_some() || is_off || own {
        return;
    }
    event.prevent_default();
    (command.run)(state);
}

/// Whether single keys do something in this browser.
pub fn single_keys() -> bool {
    let storage = window().local_storage().ok().flatten();
    storage
        .and_then(|storage| storage.get_item(SINGLE_KEYS).ok().flatten())
        .is_none()
}

/// Turns single keys on or off, for the next visits too.
pub(crate) fn turn_single_keys(state: FormState, on: bool) {
    state.single_keys.set(on);
    if let Ok(Some(storage)) = window().local_storage() {
        // A browser that keeps nothing loses the choice with the page, and nothing else.
        drop(if on {
            storage.remove_item(SINGLE_KEYS)
        } else {
            storage.set_item(SINGLE_KEYS, "off")
        });
    }
}

/// Takes a step back or makes it again, and shows where it was.
fn take_step(state: FormState, back: bool) {
    if let Some(place) = state.step(back) {
        let said = if back {
            tr("Undone.")
        } else {
            tr("Done again.")
        };
        say(state, said, false);
        // The place may be a row that is gone: then its list is the place to look at.
        state.show(&place);
    }
}
