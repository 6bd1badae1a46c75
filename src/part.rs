//! A part of the program that is fetched when somebody first wants it, with the styles of all such parts.
//!
//! Like the later half ([`crate::later`]) it is a WebAssembly module of its own in what `cargo xtask build` makes, and is
//! reached through one table of functions only; but nothing waits for it except the place in which it is shown. Built in
//! any other way it is there from the start.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::thread::LocalKey;

use dsw_words::tr;
use js_sys::{Function, Promise};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::dom::{El, button, el, el_class, el_text, icon, must};
use crate::state::FormState;
use crate::toast;

/// Where the styles of these parts are.
const STYLES: &str = "assets/later.css";

/// What fetches a table: whether it came.
pub(crate) type Fetch = fn() -> Pin<Box<dyn Future<Output = bool>>>;

/// A part of the program with this table.
pub(crate) struct Part<T: 'static> {
    /// The table, once it has come.
    pub(crate) came: &'static LocalKey<Cell<Option<&'static T>>>,
    /// Puts it there.
    pub(crate) fetch: Fetch,
}

impl<T> Part<T> {
    /// Elements that come when they can: at once, or in place of a note that they are on their way. If they do not
    /// come, the note says so and offers to try again.
    pub(crate) fn elements(&self, make: impl Fn(&'static T) -> Vec<El> + 'static) -> Vec<El> {
        let came = self.came;
        if let Some(table) = came.get() {
            return make(table);
        }
        let show = move || came.get().map(&make).unwrap_or_default();
        wait(self.fetch, Box::new(show))
    }

    /// Does something with the table: at once, or when it has come. If it does not come, the status line says so. It
    /// belongs to the present owner, if there is one.
    pub(crate) fn with(&self, state: FormState, act: impl FnOnce(&'static T) + 'static) {
        let came = self.came;
        if let Some(table) = came.get() {
            act(table);
            return;
        }
        let act = move || {
            if let Some(table) = came.get() {
                act(table);
            }
        };
        once(state, self.fetch, Box::new(act));
    }
}

/// Makes `TABLE`, a static of this type, the way into a part of its own, with the name that the tool that splits the page
/// gives it: `part!(MORE = more: More)`. Only the function that fetches names the table: by it the tool finds the border.
macro_rules! part {
    ($part:ident = $name:ident: $table:ty) => {
        thread_local! {
            static CAME: std::cell::Cell<Option<&'static $table>> =
                const { std::cell::Cell::new(WHOLE) };
        }

        /// That of a page that is one module.
        const WHOLE: Option<&'static $table> = if cfg!(feature = "split") {
            None
        } else {
            Some(&TABLE)
        };

        /// This part.
        pub(crate) static $part: $crate::part::Part<$table> = $crate::part::Part {
            came: &CAME,
            fetch: || {
                Box::pin(async {
                    let came = fetch().await.ok();
                    CAME.set(came);
                    came.is_some()
                })
            },
        };

        #[cfg(feature = "split")]
        #[allow(
            clippy::unnecessary_wraps,
            reason = "that loading may fail is added by the macro"
        )]
        #[wasm_split_helpers::wasm_split($name, fallible)]
        fn fetch() -> Result<&'static $table, wasm_split_helpers::SplitLoaderError> {
            Ok(&TABLE)
        }

        #[cfg(not(feature = "split"))]
        async fn fetch() -> Result<&'static $table, std::convert::Infallible> {
            std::future::ready(Ok(&TABLE)).await
        }
    };
}
pub(crate) use part;

/// What shows something when it can.
type Show = Box<dyn Fn() -> Vec<El>>;

/// A note in a place of its own, until what is fetched can be shown there.
fn wait(fetch: Fetch, show: Show) -> Vec<El> {
    let place = el_class("div", "line").attr("role", "status");
    load(place.clone(), fetch, show);
    vec![place]
}

fn once(state: FormState, fetch: Fetch, act: Box<dyn FnOnce()>) {
    let owner = Owner::current();
    spawn_local(async move {
        if come(fetch).await {
            // What is pressed has no owner. One that was made here would end at once, with all that is made under it.
            match owner {
                Some(owner) => owner.with(|| untrack(act)),
                None => act(),
            }
        } else {
            toast::say(state, not_there(), false);
        }
    });
}

fn not_there() -> &'static str {
    tr("This part could not be loaded. Check the connection.")
}

/// Fetches a part and its styles, both at the same time.
async fn come(fetch: Fetch) -> bool {
    let styled = JsFuture::from(styles());
    let came = fetch().await;
    // Without its styles nothing is shown: it could not be read.
    if styled.await.is_err() {
        LOADED.take();
        return false;
    }
    came
}

thread_local! {
    /// What is kept once the styles are there.
    static LOADED: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

/// Loads the styles of these parts, unless that has begun.
pub(crate) fn styles() -> Promise {
    let begun = LOADED.with_borrow(Clone::clone);
    begun.unwrap_or_else(|| {
        let loading = Promise::new(&mut |there, missing| {
            let call = |act: Function| {
                move |_| {
                    // It settles a promise, which cannot fail.
                    drop(act.call0(&JsValue::NULL));
                }
            };
            let link = el("link")
                .attr("rel", "stylesheet")
                .attr("href", STYLES)
                .on("load", call(there))
                .on("error", call(missing));
            if let Some(head) = document().head() {
                must(head.append_child(link.element()));
            }
        });
        LOADED.set(Some(loading.clone()));
        loading
    })
}

/// Acts when the styles are there. It belongs to the present owner.
pub(crate) fn when_styled(act: Box<dyn FnOnce()>) {
    let owner = Owner::current().unwrap_or_default();
    spawn_local(async move {
        if JsFuture::from(styles()).await.is_ok() {
            owner.with(|| untrack(act));
        } else {
            // Who wants a part tries again.
            LOADED.take();
        }
    });
}

/// Fetches a part for a place.
fn load(place: El, fetch: Fetch, show: Show) {
    place.set("aria-busy", Some("true"));
    place.element().set_text_content(Some(tr("Loading…")));
    let owner = Owner::current().unwrap_or_default();
    spawn_local(async move {
        let came = come(fetch).await;
        place.set("aria-busy", None);
        if came {
            fill(&place, &owner, &*show);
        } else {
            offer(&place, owner, fetch, show);
        }
    });
}

/// Shows what has come, unless the place has gone meanwhile.
fn fill(place: &El, owner: &Owner, show: &dyn Fn() -> Vec<El>) {
    let Some(parent) = place.element().parent_node() else {
        return;
    };
    for made in owner.with(|| untrack(show)) {
        must(parent.insert_before(made.element(), Some(place.element())));
    }
    place.element().remove();
}

/// Says that it did not come, and offers to try again.
fn offer(place: &El, owner: Owner, fetch: Fetch, show: Show) {
    let show = Cell::new(Some(show));
    let inside = place.clone();
    let again = button("btn btn-s", move |_| {
        if let Some(show) = show.take() {
            owner.with(|| load(inside.clone(), fetch, show));
        }
    });
    place.element().set_text_content(None);
    let _ = place
        .clone()
        .child(icon("error"))
        .child(el_text("span", not_there()))
        .child(again.text(tr("Try again")));
}
