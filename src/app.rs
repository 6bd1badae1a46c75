//! The application: bar, rail, form, output.

use std::cell::Cell;
use std::rc::Rc;

use dsw_words::tr;
use leptos::mount::mount_to_body;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use crate::address;
use crate::commands::{self, Command};
use crate::control::radio;
use crate::crash;
use crate::dom::{
    El, after, button, by_id, el, el_class, el_text, follow, icon, icon_button, on_document,
};
use crate::draft_store::{self, DraftStore};
use crate::gateway::take_token;
use crate::i18n::looking;
use crate::language;
use crate::later::{self, Progress};
use crate::mode::ALONE;
use crate::output::output;
use crate::part;
use crate::rail::{badge, rail};
use crate::sections::sections;
use crate::start::start;
use crate::state::{FormState, View};
use crate::summary::summary;
use crate::theme;
use crate::toast::toast;

/// Milliseconds without a key that end a run of typing.
const PAUSE: f64 = 1000.0;

/// Puts the application into the page, in place of what is shown while it loads.
///
/// # Panics
///
/// If the page has no body.
pub fn mount() {
    take_token();
    if cfg!(not(feature = "split")) {
        // All parts are there, so nothing else asks for their styles.
        drop(part::styles());
    }
    std::panic::set_hook(Box::new(|info| {
        leptos::logging::error!("{info}");
        crash::show();
    }));
    // Who comes back to a draft finds it, with what is wrong in it: no form that fills itself a moment later.
    let waits = draft_store::stored().is_some() && later::parts().is_none();
    let chinese = language::begins_in_chinese();
    if waits || chinese {
        // Leptos runs nothing before it is mounted.
        wasm_bindgen_futures::spawn_local(async move {
            if chinese {
                language::begin().await;
            }
            open(if waits {
                Some(later::load().await)
            } else {
                None
            });
        });
    } else {
        open(None);
    }
}

/// Puts the application into the page. `progress` tells how far the parts are that come later, if they were waited
/// for.
fn open(progress: Option<Progress>) {
    let body = El::existing(document().body().expect("a page has a body").into());
    mount_to_body(move || {
        let state = FormState::new();
        address::begin(state);
        let last = Cell::new(0.0);
        on_document("keydown", move |event| {
            // What is typed after a pause is a step of its own.
            if event.time_stamp() - last.replace(event.time_stamp()) > PAUSE {
                state.rest();
            }
            if let Some(event) = event.dyn_ref() {
                commands::pressed(state, event);
            }
        });
        on_document("visibilitychange", move |_| {
            if document().hidden() {
                state.left.update(|left| *left += 1);
            }
        });
        let store = DraftStore::default();
        store.start(state);
        // Behind the page, what says that it has stopped is where one looks last.
        let _ = body.child(page(state, store)).child(by_id("crashed"));
        match progress {
            Some(progress) => later::arrive(state, progress),
            None if later::parts().is_none() => later::begin_when_quiet(state),
            None => {}
        }
    });
    if let Some(loading) = by_id("loading") {
        loading.element().remove();
    }
    go_to_target();
}

/// Goes where the address leads once more: when the browser looked there was no page yet.
fn go_to_target() {
    let location = window().location();
    if let Ok(hash) = location.hash()
        && !hash.is_empty()
    {
        // It is the address that one is at: no step of the history, and nothing is loaded.
        drop(location.replace(&hash));
    }
}

/// The whole page over a state, of which the browser keeps nothing.
pub fn app(state: FormState) -> El {
    page(state, DraftStore::default())
}

/// The whole page over a state, with what is said about the draft that is kept. What is in it is made anew when the
/// language changes; what is to outlive that begins here.
pub fn page(state: FormState, store: DraftStore) -> El {
    // What is made from here on may ask for the gateway and for what is sent.
    later::with(move |parts| (parts.begin)(state));
    let shell = el_class("div", "shell").attr_fn("data-view", move || {
        let view = match state.view() {
            View::All => return None,
            View::Start => "start",
            View::Guided => "guided",
            View::Review => "review",
        };
        Some(view.to_owned())
    });
    let region = shell.region();
    follow(Box::new(move || {
        state.builds.track();
        untrack(|| region.fill(&|| inside(state, store)));
    }));
    tell_on_leaving(state, shell)
}

/// What is in the page.
fn inside(state: FormState, store: DraftStore) -> Vec<El> {
    let current = state.current;
    let mode = el_class("div", "mode");
    let shown = mode.clone().child(badge("", looking(), None));
    later::with(move |parts| (parts.gateway)(&shown));
    let header = el_class("header", "stack stack-s")
        .child(el_text("h1", tr("Create a DSW instance")))
        .child(
            el_class("p", "soft")
                .text(tr("Fill in what is still needed, or paste a request."))
                .child(el_text("span", tr(" Nothing leaves this page.")).attr("id", ALONE)),
        );
    let form = el_class("div", "stack stack-l form")
        .child(header)
        .child(language::notice(state))
        .child(later::element(move |parts| (parts.refused)(state)))
        .child(summary(state))
        .children(sections(state, current));
    vec![
        el_class("a", "skip")
            .attr("href", "#main")
            .text(tr("Skip to the form")),
        bar(state, store, mode),
        rail(state, current),
        el_class("main", "shell-main")
            .attr("id", "main")
            .attr("tabindex", "-1")
            .child(store.notice(state))
            .child(start(state))
            .child(form)
            .child(later::element(move |parts| (parts.review)(state))),
        output(state),
        toast(state),
        later::element(move |parts| (parts.update)(state)),
    ]
}

/// Tells what waited at a control when that is left. A message takes room: where one leaves by pressing something,
/// it comes when that has been pressed, or what is pressed would move away from under the pointer.
fn tell_on_leaving(state: FormState, shell: El) -> El {
    let pressed = Rc::new(Cell::new(false));
    for event in ["pointerup", "pointercancel"] {
        let pressed = Rc::clone(&pressed);
        on_document(event, move |_| {
            pressed.set(false);
            // The click follows.
            after(0, Box::new(move || state.leave()));
        });
    }
    let left = Rc::clone(&pressed);
    shell
        .on("pointerdown", move |_| pressed.set(true))
        .on("focusout", move |_| {
            if !left.get() {
                state.leave();
            }
        })
}

/// Name of the product, mode, undo and redo, language, theme.
fn bar(state: FormState, store: DraftStore, mode: El) -> El {
    let step = |back: bool, command: &'static Command, image: &str| {
        let name = (command.name)();
        let button = button("btn btn-icon", move |_| (command.run)(state))
            .attr("data-kind", "ghost")
            .attr("aria-label", name)
            .attr("title", name)
            .child(icon(image));
        let button = command.at(state, button);
        let shown = button.clone();
        state.watch_part(
            move |_| state.can_step(back),
            move |can| shown.set("disabled", (!can).then_some("")),
        );
        button
    };
    let shown = theme::shown();
    let themes = [
        (theme::SYSTEM, tr("Follow the system"), "auto"),
        ("light", tr("Light"), "sun"),
        ("dark", tr("Dark"), "moon"),
    ];
    let themes = themes.map(|(value, name, image)| {
        let chosen = shown == value;
        radio("theme", value, el("span").child(icon(image)))
            .named(name)
            .checked(chosen)
            .chosen(move || theme::choose(value))
    });
    let brand = el_class("a", "bar-brand")
        .attr("href", "#start")
        .attr("aria-label", "DSW Composer");
    let steps = el_class("div", "bar-group")
        .child(step(true, &commands::UNDO, "undo"))
        .child(step(false, &commands::REDO, "redo"))
        .child(later::element(move |parts| (parts.history)(state)));
    let find = button("btn bar-find", move |_| (commands::FIND.run)(state))
        .attr("aria-haspopup", "dialog")
        .attr("title", (commands::FIND.name)())
        .child(icon("search"))
        .child(el_text("span", (commands::FIND.name)()))
        .child(commands::FIND.hint(state));
    let find = commands::FIND.at(state, find);
    let help = icon_button("help", tr("Help"), move |_| {
        later::with_more(state, |more, state| (more.help)(state));
    })
    .attr("aria-haspopup", "dialog");
    el_class("header", "bar")
        .child(
            brand
                .child(icon("brand"))
                .child(el_class("span", "bar-name").text("DSW Composer")),
        )
        .child(mode)
        .child(store.status(state))
        .child(el_class("span", "end"))
        .child(find)
        .child(steps)
        .child(language::segment(state))
        .child(
            el_class("fieldset", "segment segment-s")
                .child(el_class("legend", "hide").text(tr("Theme")))
                .children(themes),
        )
        .child(help)
}
