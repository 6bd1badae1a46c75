//! The one polite status line: what was just done, with a way to take it back.

use std::cell::Cell;
use std::rc::Rc;

use dsw_words::tr;
use leptos::prelude::*;

use crate::dom::{El, after, button, el_class, el_text};
use crate::state::FormState;

/// For how many milliseconds it is shown; while one points at it or is in it, for as many again.
const SHOWN: u64 = 10_000;

/// Says what was done, and offers to take it back if it can be.
pub fn say(state: FormState, text: &str, undoable: bool) {
    state.undoable.set(undoable);
    state.said.set(text.to_owned());
}

/// The status line.
pub fn toast(state: FormState) -> El {
    let area = el_class("div", "toast-area").attr("role", "status");
    let (shown, latest) = (area.clone(), Rc::new(Cell::new(0)));
    area.content_fn(move || {
        let text = state.said.get();
        latest.set(latest.get() + 1);
        if text.is_empty() {
            return Vec::new();
        }
        expire(state, shown.clone(), Rc::clone(&latest));
        let undo = state.undoable.get_untracked().then(|| {
            let undo = button("btn btn-link", move |_| {
                state.step(true);
                say(state, tr("Undone."), false);
            });
            undo.text(tr("Undo"))
        });
        let dismiss = button("btn btn-link", move |_| say(state, "", false)).text(tr("Dismiss"));
        vec![
            el_class("div", "toast")
                .child(el_text("span", &text))
                .child(undo)
                .child(dismiss),
        ]
    })
}

/// Takes the status line away after a while, unless something else was said.
fn expire(state: FormState, area: El, latest: Rc<Cell<usize>>) {
    let mine = latest.get();
    let act = move || {
        if latest.get() != mine {
            return;
        }
        let held = area.element().query_selector(":hover, :focus");
        if held.ok().flatten().is_some() {
            expire(state, area, latest);
        } else {
            say(state, "", false);
        }
    };
    after(SHOWN, Box::new(act));
}
