//! The one polite status line: what was just done, with a way to take it back.

use leptos::prelude::*;

use crate::dom::{El, button, el_class, el_text};
use crate::state::FormState;

/// Says what was done, and offers to take it back if it can be.
pub fn say(state: FormState, text: &str, undoable: bool) {
    state.undoable.set(undoable);
    state.said.set(text.to_owned());
}

/// The status line.
pub fn toast(state: FormState) -> El {
    el_class("div", "toast-area")
        .attr("role", "status")
        .content_fn(move || {
            let text = state.said.get();
            if text.is_empty() {
                return Vec::new();
            }
            let undo = state.undoable.get_untracked().then(|| {
                let undo = button("btn btn-link", move |_| {
                    state.step(true);
                    say(state, "Undone.", false);
                });
                undo.text("Undo")
            });
            let dismiss = button("btn btn-link", move |_| say(state, "", false)).text("Dismiss");
            vec![
                el_class("div", "toast")
                    .child(el_text("span", &text))
                    .child(undo)
                    .child(dismiss),
            ]
        })
}
