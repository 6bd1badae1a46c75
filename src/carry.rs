//! What is carried over when the page is built anew: what a person sees of it and would miss, though it is no part of
//! the state. Things are known by their ids, which do not change.

use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Element;

use crate::dom::{El, after_update, by_id, must};

/// Controls in which one types.
const TYPED: &str = "input:not([type=radio], [type=checkbox], [type=file])[id], textarea[id]";
/// What opens something that is named by `aria-controls`.
const OPENERS: &str = "[aria-controls][aria-expanded]";
/// How deep what is open stands in what is open.
const LEVELS: usize = 6;
/// Says that sections are laid out also where they are out of sight, and so have their true height.
const WHOLE: &str = "data-whole";
/// Frames after which the browser remembers that.
const FRAMES: usize = 3;

/// What is carried over.
#[derive(Debug, Default)]
pub(crate) struct Carried {
    /// Id of what has the focus.
    focus: String,
    /// What is selected in it, where it is a text; null otherwise.
    selection: [JsValue; 2],
    /// What is typed in, by id.
    typed: Vec<(String, String)>,
    /// What each opener opens, and whether it is open.
    opened: Vec<(String, bool)>,
    /// Something in sight, and how far it is from the top of the window.
    seen: Option<(String, f64)>,
}

/// All elements that a selector finds.
fn all(selector: &str) -> Vec<Element> {
    let found = must(document().query_selector_all(selector));
    let found = (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok());
    found.collect()
}

fn root() -> Element {
    let root = document().document_element();
    root.expect("a page has a root element")
}

fn member(element: &Element, name: &str) -> JsValue {
    js_sys::Reflect::get(element, &name.into()).unwrap_or(JsValue::NULL)
}

impl Carried {
    /// Looks at the page as it is.
    pub(crate) fn take() -> Self {
        let mut carried = Self::default();
        if let Some(active) = document().active_element() {
            carried.focus = active.id();
            // Of numbers and the like no selection is known.
            carried.selection =
                ["selectionStart", "selectionEnd"].map(|name| member(&active, name));
        }
        for element in all(TYPED) {
            carried
                .typed
                .push((element.id(), El::existing(element).value()));
        }
        for element in all(OPENERS) {
            let open = element.get_attribute("aria-expanded").as_deref() == Some("true");
            let opens = element.get_attribute("aria-controls").unwrap_or_default();
            carried.opened.push((opens, open));
        }
        carried.seen = in_sight();
        carried
    }

    /// Makes the new page as the old one was, once it is there.
    pub(crate) fn put_back(self) {
        after_update(move || self.open(LEVELS));
    }

    /// Opens and closes what was open and closed, from the outside to the inside.
    fn open(self, levels: usize) {
        let mut changed = false;
        for opener in all(OPENERS) {
            let open = opener.get_attribute("aria-expanded").as_deref() == Some("true");
            let opens = opener.get_attribute("aria-controls").unwrap_or_default();
            let was = self.opened.iter().find(|(name, _)| *name == opens);
            if was.is_some_and(|(_, was)| *was != open)
                && let Some(opener) = opener.dyn_ref::<web_sys::HtmlElement>()
            {
                opener.click();
                changed = true;
            }
        }
        if changed && levels > 0 {
            after_update(move || self.open(levels - 1));
        } else {
            after_update(move || self.finish());
        }
    }

    fn finish(self) {
        for (id, text) in &self.typed {
            if let Some(control) = by_id(id).filter(|control| control.value() != *text) {
                control.set_value(text);
            }
        }
        if let Some((id, top)) = self.seen {
            El::existing(root()).set(WHOLE, Some(""));
            keep_in_sight(id, top, FRAMES);
        }
        if let Some(control) = by_id(&self.focus).filter(|_| !self.focus.is_empty()) {
            let options = js_sys::Object::new();
            // What is in sight stays there.
            drop(js_sys::Reflect::set(
                &options,
                &"preventScroll".into(),
                &true.into(),
            ));
            if let Ok(focus) = member(control.element(), "focus").dyn_into::<js_sys::Function>() {
                drop(focus.call1(control.element(), &options));
            }
            let [start, end] = &self.selection;
            if start.as_f64().is_some()
                && let Ok(select) =
                    member(control.element(), "setSelectionRange").dyn_into::<js_sys::Function>()
            {
                drop(select.call2(control.element(), start, end));
            }
        }
    }
}

/// Scrolls so that a place is so far from the top of the window, and stays there.
fn keep_in_sight(id: String, top: f64, frames: usize) {
    if let Some(place) = by_id(&id) {
        let moved = place.element().get_bounding_client_rect().top() - top;
        window().scroll_by_with_x_and_y(0.0, moved);
    }
    if frames > 0 {
        request_animation_frame(move || keep_in_sight(id, top, frames - 1));
    } else {
        El::existing(root()).set(WHOLE, None);
    }
}

/// The first thing with an id that begins below the bar and in the window.
fn in_sight() -> Option<(String, f64)> {
    const BAR: f64 = 64.0;
    let height = f64::from(root().client_height());
    all("main section [id]").iter().find_map(|place| {
        let rect = place.get_bounding_client_rect();
        let seen = rect.top() >= BAR && rect.top() < height && rect.height() > 0.0;
        seen.then(|| (place.id(), rect.top()))
    })
}
