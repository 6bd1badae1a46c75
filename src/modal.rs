//! Dialogs that are made when they are wanted, and go when they are closed.

use std::cell::Cell;

use leptos::prelude::*;

use crate::dom::{El, after, by_id, el_class, el_text, must};
use crate::submit::{close_dialog, open_dialog};

/// What makes the inside of a dialog.
pub(crate) type Fill = Box<dyn FnOnce(&El) -> Vec<El>>;

/// Opens a dialog of this id and title, in place of one that is open. What belongs to it ends when it closes.
pub(crate) fn open(id: &str, class: &str, title: &str, fill: Fill) -> El {
    if let Some(old) = by_id(id) {
        close_dialog(&old);
        old.set("id", None);
    }
    // One of its own: what has opened it may end before it.
    let owner = Owner::default();
    let heading = [id, "-h"].concat();
    let dialog = el_class("dialog", class)
        .attr("id", id)
        .attr("aria-labelledby", &heading);
    let (closed, over) = (dialog.clone(), Cell::new(Some(owner.clone())));
    let dialog = owner.with(|| {
        let inside = fill(&dialog);
        let stack = el_class("div", "stack")
            .child(
                el_text("h2", title)
                    .attr("id", &heading)
                    .attr("tabindex", "-1")
                    // A long one is read from its beginning.
                    .attr("autofocus", ""),
            )
            .children(inside);
        dialog.child(stack).on("close", move |_| {
            let (closed, over) = (closed.clone(), over.take());
            // It cannot end while it is being told so.
            after(
                0,
                Box::new(move || {
                    closed.element().remove();
                    if let Some(over) = over {
                        over.cleanup();
                    }
                }),
            );
        })
    });
    let body = document().body().expect("a page has a body");
    must(body.append_child(dialog.element()));
    open_dialog(&dialog);
    dialog
}
