//! The one polite status line: what was just done, with a way to take it back.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dsw_words::tr;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Event, HtmlElement};

use crate::dom::{El, after, button, el_class, el_text};
use crate::js;
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
    // What had the focus before something in it, while that has it.
    let before = Rc::new(RefCell::new(None::<HtmlElement>));
    let (enters, leaves) = (Rc::clone(&before), Rc::clone(&before));
    let area = area
        .on("focusin", move |event| {
            if let Some(from) = other(&event) {
                enters.replace(Some(from));
            }
        })
        .on("focusout", move |event| {
            if other(&event).is_some() {
                leaves.take();
            }
        });
    area.content_fn(move || {
        let text = state.said.get();
        // What has it goes now.
        if let Some(before) = before.take() {
            drop(before.focus());
        }
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

/// Where the focus comes from or goes to, outside of the status line.
fn other(event: &Event) -> Option<HtmlElement> {
    let other = js::member(event, "relatedTarget").dyn_into::<HtmlElement>();
    other
        .ok()
        .filter(|other| other.closest(".toast").ok().flatten().is_none())
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
