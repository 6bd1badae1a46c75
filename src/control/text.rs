//! Typed values: one line, several lines, secrets.

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_form::text::line_ends;
use dsw_model::descriptor::{Kind, Source};
use dsw_model::path::Path;
use dsw_words::{fill, tr};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::Event;

use crate::dom::{El, button, el, el_class, value_of};
use crate::field::Place;
use crate::later;
use crate::state::{FormState, Live};

/// An input or text area bound to the text at a path. What cannot be the value of its field stays as it was
/// typed, with a message.
pub(super) fn bound(
    tag: &str,
    state: FormState,
    path: &Path,
    name: &str,
    described_by: &str,
    live: &Live,
) -> El {
    let path = path.clone();
    let lines = tag == "textarea";
    live.value(plain(tag, name, described_by))
        .on("input", move |event| {
            let mut text = value_of(&event);
            if lines {
                text = line_ends::keep(&text_at(state, &path), &text);
            }
            state.edit(&path, Edit::Text(text));
        })
        .on("change", move |_| state.rest())
}

/// The text at a path as it is now. A value of another type is written as JSON.
pub(super) fn text_at(state: FormState, path: &Path) -> String {
    state.with_draft(|draft| match draft.get(path) {
        Some(Draft::Text(text)) => text.clone(),
        Some(Draft::Foreign(value)) => value.to_string(),
        _ => String::new(),
    })
}

/// The text that is about to be pasted.
pub(super) fn pasted(event: &Event) -> Option<String> {
    let event = event.dyn_ref::<web_sys::ClipboardEvent>()?;
    event.clipboard_data()?.get_data("text/plain").ok()
}

/// A text control for wire values, in which the browser is to change and suggest nothing.
pub fn plain(tag: &str, name: &str, described_by: &str) -> El {
    el_class(tag, "input")
        .attr("id", name)
        .attr("name", name)
        .attr("aria-describedby", described_by)
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false")
}

fn control(tag: &str, place: &Place) -> El {
    bound(
        tag,
        place.state,
        &place.path,
        &place.name,
        &place.described_by(),
        &place.slice,
    )
}

/// One line. Integers are typed as text too.
pub(super) fn input(place: &Place) -> El {
    let input = control("input", place).attr("type", "text");
    if !matches!(place.field.kind, Kind::Integer) {
        return input;
    }
    let input = input
        .attr("inputmode", "numeric")
        .attr("class", "input input-short");
    if place.field.unit.is_empty() {
        return input;
    }
    let unit = el_class("span", "affix-unit").text(tr(place.field.unit));
    el_class("div", "affix").child(input).child(unit)
}

/// One line, beside which a list of the service comes later.
pub(super) fn listed(place: &Place, source: Source) -> El {
    let around = el("div").child(el_class("div", "affix").child(input(place)));
    let (place, inside) = (place.clone(), around.clone());
    later::with(move |parts| (parts.inner.pick)(&place, source, &inside));
    around
}

/// Several lines: scripts, keys, JSON.
pub(super) fn area(place: &Place) -> El {
    control("textarea", place).attr("rows", "3")
}

/// A secret: hidden until asked for.
pub(super) fn secret(place: &Place) -> El {
    let always = RwSignal::new(true);
    let parts = veiled(
        place.state,
        control("input", place),
        tr(place.field.label),
        always,
    );
    el_class("div", "affix").children(parts)
}

/// An input whose text is hidden until asked for while it is `secret`, and the button that shows it.
pub(super) fn veiled(state: FormState, input: El, label: &str, secret: RwSignal<bool>) -> [El; 2] {
    let shown = state.reveal();
    let input = input.attr_fn("type", move || {
        let veiled = secret.get() && !shown.get();
        Some(if veiled { "password" } else { "text" }.to_owned())
    });
    let toggle = button("btn", move |_| shown.update(|shown| *shown = !*shown))
        .attr("aria-label", &fill("Show {}", &[label]))
        .attr_fn("aria-pressed", move || Some(shown.get().to_string()))
        .flag_fn("hidden", move || !secret.get())
        .text_fn(move || if shown.get() { tr("Hide") } else { tr("Show") }.to_owned());
    [input, toggle]
}

/// One line of a row: it has no frame, so its label is spoken only.
pub(super) fn cell(
    state: FormState,
    path: &Path,
    name: &str,
    label: &str,
    hint: &str,
    live: &Live,
) -> El {
    bound(
        "input",
        state,
        path,
        name,
        &format!("{hint}-hint {name}-msg"),
        live,
    )
    .attr("type", "text")
    .attr("aria-label", label)
}
