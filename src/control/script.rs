//! Texts of several lines: scripts and public keys.

use std::cell::Cell;
use std::rc::Rc;

use dsw_form::edit::Edit;
use dsw_form::text::{indent, line_ends, public_key};
use dsw_words::tr;
use leptos::prelude::document;
use wasm_bindgen::JsCast as _;
use web_sys::{Event, HtmlTextAreaElement, KeyboardEvent};

use super::text;
use crate::dom::{El, button, el_class, el_text};
use crate::field::Place;
use crate::i18n;
use crate::state::Slice;

/// Lines shown before the area scrolls.
const MOST_LINES: usize = 24;

/// A script: as high as it is long, and the Tab key indents.
pub(super) fn script(place: &Place) -> El {
    let note = place.id("-note");
    let area = noted(place, &note);
    // Tab indents once the person works in the script. Who only passes by moves on, and so does who presses Escape.
    let works = Rc::new(Cell::new(false));
    let (begins, ends) = (Rc::clone(&works), Rc::clone(&works));
    let area = area
        .on("click", move |_| begins.set(true))
        .on("blur", move |_| ends.set(false));
    let area = area.on("keydown", move |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        let held = key.shift_key() || key.ctrl_key() || key.alt_key() || key.meta_key();
        match key.key().as_str() {
            "Tab" if works.get() && !held && !key.is_composing() => indent_selection(&event),
            "Tab" | "Shift" => {}
            other => works.set(other != "Escape"),
        }
    });
    let line = el_class("p", "field-hint").attr("id", &note);
    let (shown, said) = (area.clone(), line.clone());
    place.slice.each(move |slice| {
        let text = slice.text();
        let lines = text.lines().count();
        shown.set("rows", Some(&lines.clamp(3, MOST_LINES).to_string()));
        let returns = line_ends::carriage_returns(&text);
        said.element()
            .set_text_content(Some(&i18n::script_size(lines, text.len(), returns)));
    });
    el_class("div", "stack stack-s").child(area).child(line)
}

/// A text area that a note below it describes too.
fn noted(place: &Place, note: &str) -> El {
    let described_by = [&place.described_by(), " ", note].concat();
    text::area(place).attr("aria-describedby", &described_by)
}

/// Indents what is selected. It is written as if typed, so that the browser can take it back.
fn indent_selection(event: &Event) {
    let target = event.target();
    let Some(area) = target.and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok()) else {
        return;
    };
    let place = |place: Result<Option<u32>, _>| place.ok().flatten().map(|place| place as usize);
    let (Some(start), Some(end)) = (place(area.selection_start()), place(area.selection_end()))
    else {
        return;
    };
    event.prevent_default();
    let (from, text) = indent::indent(&area.value(), start, end);
    let several = text.contains('\n');
    let (Ok(from), Ok(end)) = (u32::try_from(from), u32::try_from(end)) else {
        return;
    };
    if several && area.set_selection_range(from, end).is_err() {
        return;
    }
    insert(&text);
    if several {
        let until = area.selection_end().ok().flatten().unwrap_or(end);
        // A selection that cannot be kept is no loss: the text is indented.
        drop(area.set_selection_range(from, until));
    }
}

/// Writes text in place of the selection. There is no other way that the browser's own undo knows of.
fn insert(text: &str) {
    let document = document();
    let command = js_sys::Reflect::get(&document, &"execCommand".into());
    if let Some(command) = command
        .ok()
        .and_then(|command| command.dyn_into::<js_sys::Function>().ok())
    {
        drop(command.call3(&document, &"insertText".into(), &false.into(), &text.into()));
    }
}

/// A public key: what it says of itself stands below, with a way to be rid of white space around it.
pub(super) fn public_key(place: &Place) -> El {
    let (state, path) = (place.state, place.path.clone());
    let note = place.id("-note");
    let area = noted(place, &note);
    let line = el_class("p", "field-hint line").attr("id", &note);
    let region = line.region();
    place.slice.each(move |slice| {
        let text = slice.text();
        let words = public_key::read(&text).map(|key| i18n::public_key(key.kind, key.comment));
        let trimmed = text.trim().to_owned();
        let stray = trimmed.len() < text.len() && !trimmed.is_empty();
        let path = path.clone();
        region.fill(&|| {
            let mut said = Vec::new();
            if let Some(words) = &words {
                said.push(el_text("span", words));
            }
            if stray {
                let (path, trimmed) = (path.clone(), trimmed.clone());
                let trim = button("btn btn-s", move |_| {
                    state.edit(&path, Edit::Text(trimmed.clone()));
                    state.show(&path);
                });
                said.push(trim.text(tr("Remove the white space around it")));
            }
            said
        });
    });
    let line = place.slice.attr(line, "hidden", |slice: &Slice| {
        slice.text().is_empty().then(String::new)
    });
    el_class("div", "stack stack-s").child(area).child(line)
}
