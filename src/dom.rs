//! [`El`]: elements of the page, built by hand and kept current by Leptos's effects.
//!
//! Leptos's own views are typed: each element with its attributes and children is a type of its own, and code
//! is made for it. A form of a hundred fields is a hundred times the same few elements, and everybody who
//! opens the page waits for its bytes. Here an element is an element whatever is in it, and closures are
//! boxed, so the code exists once. `docs/decisions/0003-elements-by-hand.md` has the figures.
//!
//! Effects and listeners belong to the owner under which they are made and end with it.

use std::cell::RefCell;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, Event, EventTarget, HtmlElement};

/// Text for an attribute, or no such attribute.
pub type Attribute = Option<String>;

/// An element of the page.
#[derive(Clone, Debug)]
pub struct El(Element);

/// A new element.
pub fn el(tag: &str) -> El {
    El(must(document().create_element(tag)))
}

/// A new element of this class.
pub fn el_class(tag: &str, class: &str) -> El {
    el(tag).attr("class", class)
}

/// A new element with text in it.
pub fn el_text(tag: &str, text: &str) -> El {
    el(tag).text(text)
}

/// A form around one control that is typed in, so that the browser has this one to look at. With every letter Chrome
/// reads the form that a control is in, to see whether it could fill it in, and what is in no form counts as one: with
/// a large request that was half of the time to the frame (`docs/performance.md`). It is sent nowhere: outside of a
/// dialog the method does nothing.
pub fn form() -> El {
    el("form").attr("method", "dialog")
}

/// An icon of the sprite in `index.html`; it says nothing that the text beside it does not.
pub fn icon(name: &str) -> El {
    const SVG: Option<&str> = Some("http://www.w3.org/2000/svg");
    let new = |tag| El(must(document().create_element_ns(SVG, tag)));
    let image = new("use").attr("href", &format!("#i-{name}"));
    new("svg")
        .attr("class", "icon")
        .attr("aria-hidden", "true")
        .child(image)
}

/// A button with this text.
pub fn button(class: &str, act: impl FnMut(Event) + 'static) -> El {
    el_class("button", class)
        .attr("type", "button")
        .on("click", act)
}

/// A small button with an icon and no text; `label` is its name.
pub fn icon_button(image: &str, label: &str, act: impl FnMut(Event) + 'static) -> El {
    button("btn btn-icon btn-s", act)
        .attr("data-kind", "ghost")
        .attr("aria-label", label)
        .attr("title", label)
        .child(icon(image))
}

impl El {
    /// An element that is in the page already.
    pub fn existing(element: Element) -> Self {
        Self(element)
    }

    /// The element itself.
    pub fn element(&self) -> &Element {
        &self.0
    }

    /// Sets an attribute.
    #[must_use]
    pub fn attr(self, name: &str, value: &str) -> Self {
        set_attribute(&self.0, name, Some(value));
        self
    }

    /// Sets an attribute, or takes it away.
    pub fn set(&self, name: &str, value: Option<&str>) {
        set_attribute(&self.0, name, value);
    }

    /// Sets the value of a control. The caret stays where it is if nothing changes.
    pub fn set_value(&self, value: &str) {
        must(js_sys::Reflect::set(
            &self.0,
            &"value".into(),
            &value.into(),
        ));
    }

    /// The value of a control.
    pub fn value(&self) -> String {
        let value = js_sys::Reflect::get(&self.0, &"value".into());
        value
            .ok()
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    }

    /// Marks a radio button as the one chosen, or not.
    pub fn set_checked(&self, checked: bool) {
        must(js_sys::Reflect::set(
            &self.0,
            &"checked".into(),
            &checked.into(),
        ));
    }

    /// Sets an attribute that follows signals.
    #[must_use]
    pub fn attr_fn(self, name: &'static str, value: impl Fn() -> Attribute + 'static) -> Self {
        self.follow_attribute(name, Box::new(value));
        self
    }

    fn follow_attribute(&self, name: &'static str, value: Box<dyn Fn() -> Attribute>) {
        let element = self.0.clone();
        follow(Box::new(move || {
            set_attribute(&element, name, value().as_deref());
        }));
    }

    /// Sets an attribute without value that follows signals: there or not.
    #[must_use]
    pub fn flag_fn(self, name: &'static str, value: impl Fn() -> bool + 'static) -> Self {
        let value: Box<dyn Fn() -> bool> = Box::new(value);
        self.attr_fn(name, move || value().then(String::new))
    }

    /// Adds text.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        append(&self.0, &document().create_text_node(text));
        self
    }

    /// Adds text that follows signals.
    #[must_use]
    pub fn text_fn(self, text: impl Fn() -> String + 'static) -> Self {
        self.follow_text(Box::new(text));
        self
    }

    fn follow_text(&self, text: Box<dyn Fn() -> String>) {
        let node = document().create_text_node("");
        append(&self.0, &node);
        follow(Box::new(move || node.set_data(&text())));
    }

    /// Adds an element.
    #[must_use]
    pub fn child(self, child: impl Into<Option<El>>) -> Self {
        if let Some(El(child)) = child.into() {
            append(&self.0, &child);
        }
        self
    }

    /// Adds elements.
    #[must_use]
    pub fn children(self, children: impl IntoIterator<Item = El>) -> Self {
        for El(child) in children {
            append(&self.0, &child);
        }
        self
    }

    /// Gives the element content that is made anew whenever a signal it reads changes. Whatever belonged to
    /// the old content ends.
    #[must_use]
    pub fn content_fn(self, content: impl Fn() -> Vec<El> + 'static) -> Self {
        self.follow_content(Box::new(content));
        self
    }

    fn follow_content(&self, content: Box<dyn Fn() -> Vec<El>>) {
        let region = self.region();
        follow(Box::new(move || region.fill(&*content)));
    }

    /// The inside of the element, to be filled again and again.
    pub fn region(&self) -> Region {
        Region {
            element: self.0.clone(),
            owner: Owner::current().unwrap_or_default().child(),
        }
    }

    /// Gives the element as many children as `count` says. `make` is asked for a child once, by number; when
    /// the count falls the last children go, with all that belongs to them.
    #[must_use]
    pub fn rows_fn(
        self,
        count: impl Fn() -> usize + 'static,
        make: impl Fn(usize) -> El + 'static,
    ) -> Self {
        self.follow_rows(Box::new(count), Box::new(make));
        self
    }

    fn follow_rows(&self, count: Box<dyn Fn() -> usize>, make: Box<dyn Fn(usize) -> El>) {
        let element = self.0.clone();
        let parent = Owner::current().unwrap_or_default();
        let rows = RefCell::new(Vec::<(Owner, El)>::new());
        follow(Box::new(move || {
            let count = count();
            let mut rows = rows.borrow_mut();
            while rows.len() > count {
                let Some((owner, El(row))) = rows.pop() else {
                    break;
                };
                // First out of sight: leaving the page may still send it an event.
                row.remove();
                owner.cleanup();
            }
            while rows.len() < count {
                let owner = parent.child();
                let row = owner.with(|| untrack(|| make(rows.len())));
                append(&element, &row.0);
                rows.push((owner, row));
            }
        }));
    }

    /// Listens to an event.
    #[must_use]
    pub fn on(self, event: &str, act: impl FnMut(Event) + 'static) -> Self {
        listen(&self.0, event, Box::new(act));
        self
    }

    /// Scrolls no further than it takes to have the element in sight.
    pub fn bring_into_sight(&self) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        self.0
            .scroll_into_view_with_scroll_into_view_options(&options);
    }

    /// Puts the focus on the element. Returns whether it took it.
    pub fn focus(&self) -> bool {
        let element = self.0.dyn_ref::<HtmlElement>();
        // One that is hidden does not take it, and does not say so.
        element.is_some_and(|element| element.focus().is_ok())
            && document().active_element().as_ref() == Some(&self.0)
    }
}

/// Listens to an event of the whole document, such as `scroll`, which no element hears.
pub fn on_document(event: &str, act: impl FnMut(Event) + 'static) {
    listen_outside(document().into(), event, Box::new(act));
}

/// Listens to an event of the window, such as `pagehide`.
pub fn on_window(event: &str, act: impl FnMut(Event) + 'static) {
    listen_outside(window().into(), event, Box::new(act));
}

/// A listener to what outlives its owner. It ends with this.
struct Listener {
    target: EventTarget,
    event: String,
    closure: Closure<dyn FnMut(Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.closure.as_ref().unchecked_ref();
        must(
            self.target
                .remove_event_listener_with_callback(&self.event, function),
        );
    }
}

fn listen_outside(target: EventTarget, event: &str, act: Box<dyn FnMut(Event)>) {
    let closure = Closure::wrap(act);
    must(target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref()));
    StoredValue::new_local(Listener {
        target,
        event: event.to_owned(),
        closure,
    });
}

fn listen(target: &EventTarget, event: &str, act: Box<dyn FnMut(Event)>) {
    let closure = Closure::wrap(act);
    must(target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref()));
    StoredValue::new_local(closure);
}

/// The inside of an element, and all that belongs to it.
#[derive(Clone, Debug)]
pub struct Region {
    element: Element,
    owner: Owner,
}

impl Region {
    /// Replaces what is inside. Whatever belonged to it ends.
    pub fn fill(&self, content: &dyn Fn() -> Vec<El>) {
        self.element.set_text_content(None);
        self.owner.cleanup();
        for El(child) in self.owner.with(content) {
            append(&self.element, &child);
        }
    }
}

/// Runs now, and again whenever a signal that it read changes, until the owner ends.
pub fn follow(act: Box<dyn Fn()>) {
    StoredValue::new_local(RenderEffect::new(move |_| act()));
}

fn set_attribute(element: &Element, name: &str, value: Option<&str>) {
    must(match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    });
}

fn append(parent: &Element, child: &web_sys::Node) {
    must(parent.append_child(child));
}

/// The result of a call of the browser that fails only if this crate is wrong: a tag, a name or a place in
/// the tree that cannot be.
///
/// # Panics
///
/// If it failed. `expect` would also print the browser's error, and bring the code for printing any.
pub fn must<T>(result: Result<T, JsValue>) -> T {
    let Ok(value) = result else {
        panic!("the browser refused a change of the page")
    };
    value
}

/// The element of this id.
pub fn by_id(id: &str) -> Option<El> {
    document().get_element_by_id(id).map(El)
}

/// Puts the focus on the control with this id, or on the first one inside the element with this id or inside
/// what stands in for it. Returns whether there is one that takes it.
pub fn focus_id(id: &str) -> bool {
    // What chooses an alternative, and what explains a field, comes before it, but is not what one looks for.
    const CONTROLS: &str = ":is(input, select, textarea, button):not(.either input, .field-help *)";
    let Some(El(element)) = by_id(id) else {
        return false;
    };
    if element.matches(CONTROLS).unwrap_or_default() && El(element.clone()).focus() {
        return true;
    }
    let first = |around: &Element| {
        let found = around.query_selector_all(CONTROLS).ok();
        found.is_some_and(|found| {
            let all = (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok());
            all.map(El).any(|control| control.focus())
        })
    };
    let instead = format!("[data-for=\"{id}\"]");
    first(&element)
        || document()
            .query_selector(&instead)
            .ok()
            .flatten()
            .is_some_and(|instead| first(&instead))
}

/// Calls `act` after the page has taken in the changes made so far.
pub fn after_update(act: impl FnOnce() + 'static) {
    let act: Box<dyn FnOnce()> = Box::new(act);
    leptos::task::spawn_local(async move {
        leptos::task::tick().await;
        act();
    });
}

/// Calls `act` after so many milliseconds.
pub fn after(milliseconds: u64, act: Box<dyn FnOnce()>) {
    set_timeout(act, Duration::from_millis(milliseconds));
}

/// The text in the control that an event comes from.
pub fn value_of(event: &Event) -> String {
    let target = event.target().and_then(|target| target.dyn_into().ok());
    target.map(|target| El(target).value()).unwrap_or_default()
}
