//! What is fetched when somebody first wants it: views of their own, which most visits open late or never.
//!
//! Like the later half of the program ([`crate::later`]) this is a WebAssembly module of its own in what `cargo xtask
//! build` makes, reached through one table only; but nothing waits for it except the place in which it is shown. Built
//! in any other way it is there from the start.

use std::cell::Cell;

use dsw_words::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::dom::{El, button, el_class, el_text, icon, must};
use crate::picker::Picker;
use crate::sending::{Sending, View};
use crate::state::FormState;
use crate::{help, past, picker, submit, toast};

/// The ways into it.
#[derive(Debug)]
pub(crate) struct More {
    /// The review, and what became of a request that was sent.
    pub(crate) review: fn(Sending, View) -> Vec<El>,
    /// What is inside of an open picker.
    pub(crate) picker: fn(&Picker) -> Vec<El>,
    /// The requests in the open history.
    pub(crate) past: fn(past::View, &El) -> Vec<El>,
    /// Opens the help: terms, keys.
    pub(crate) help: fn(FormState),
}

static MORE: More = More {
    review: submit::content,
    picker: picker::panel,
    past: past::list,
    help: help::open,
};

thread_local! {
    static CAME: Cell<Option<&'static More>> = const { Cell::new(WHOLE) };
}

/// That of a page that is one module.
const WHOLE: Option<&'static More> = if cfg!(feature = "split") {
    None
} else {
    Some(&MORE)
};

/// The way to it. Only this function names the table: by it the tool that splits the page finds the border.
#[cfg(feature = "split")]
#[allow(
    clippy::unnecessary_wraps,
    reason = "that loading may fail is added by the macro"
)]
#[wasm_split_helpers::wasm_split(more, fallible)]
fn fetch() -> Result<&'static More, wasm_split_helpers::SplitLoaderError> {
    Ok(&MORE)
}

#[cfg(not(feature = "split"))]
async fn fetch() -> Result<&'static More, std::convert::Infallible> {
    std::future::ready(Ok(&MORE)).await
}

/// What shows something when it can.
type Show = Box<dyn Fn(&'static More) -> Vec<El>>;

/// Elements that come when they can: at once, or in place of a note that they are on their way. If they do not come,
/// the note says so and offers to try again.
pub(crate) fn elements(make: impl Fn(&'static More) -> Vec<El> + 'static) -> Vec<El> {
    if let Some(more) = CAME.get() {
        return make(more);
    }
    let place = el_class("div", "line").attr("role", "status");
    load(place.clone(), Box::new(make));
    vec![place]
}

/// Does something with it: at once, or when it has come. If it does not come, the status line says so.
pub(crate) fn with(state: FormState, act: fn(&'static More, FormState)) {
    if let Some(more) = CAME.get() {
        act(more, state);
        return;
    }
    spawn_local(async move {
        match fetch().await {
            Ok(more) => {
                CAME.set(Some(more));
                act(more, state);
            }
            Err(_) => toast::say(state, not_there(), false),
        }
    });
}

fn not_there() -> &'static str {
    tr("This part could not be loaded. Check the connection.")
}

/// Fetches it for a place.
fn load(place: El, show: Show) {
    place.set("aria-busy", Some("true"));
    place.element().set_text_content(Some(tr("Loading…")));
    let owner = Owner::current().unwrap_or_default();
    spawn_local(async move {
        let came = fetch().await;
        place.set("aria-busy", None);
        match came {
            Ok(more) => {
                CAME.set(Some(more));
                fill(&place, &owner, &*show, more);
            }
            Err(_) => offer(&place, owner, show),
        }
    });
}

/// Shows what has come, unless the place has gone meanwhile.
fn fill(place: &El, owner: &Owner, show: &dyn Fn(&'static More) -> Vec<El>, more: &'static More) {
    let Some(parent) = place.element().parent_node() else {
        return;
    };
    for made in owner.with(|| untrack(|| show(more))) {
        must(parent.insert_before(made.element(), Some(place.element())));
    }
    place.element().remove();
}

/// Says that it did not come, and offers to try again.
fn offer(place: &El, owner: Owner, show: Show) {
    let show = Cell::new(Some(show));
    let inside = place.clone();
    let again = button("btn btn-s", move |_| {
        if let Some(show) = show.take() {
            owner.with(|| load(inside.clone(), show));
        }
    });
    place.element().set_text_content(None);
    let _ = place
        .clone()
        .child(icon("error"))
        .child(el_text("span", not_there()))
        .child(again.text(tr("Try again")));
}
