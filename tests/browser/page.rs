//! The page under test, and what a person does with it.

use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

use dsw_page::app::app;
use dsw_page::dom::El;
use dsw_page::state::FormState;
use leptos::mount::mount_to;
use leptos::prelude::{document, window};
use serde_json::Value;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, EventInit, HtmlElement};

/// The page, mounted into an element of its own. It goes when this is dropped.
pub(crate) struct Page {
    /// The state that the page shows.
    pub(crate) state: FormState,
    host: Element,
    _mounted: Box<dyn Any>,
}

impl Page {
    /// The page with an empty form.
    pub(crate) fn new() -> Self {
        // A test that failed left its page behind, and perhaps its language.
        dsw_words::speak_english();
        while let Some(host) = document().get_element_by_id("host") {
            host.remove();
        }
        let host = document().create_element("div").expect("an element");
        host.set_id("host");
        let body = document().body().expect("a body");
        body.append_child(&host).expect("a place for the page");
        let state = Rc::new(Cell::new(None));
        let mounted = mount_to(host.clone().unchecked_into(), {
            let (host, state) = (host.clone(), Rc::clone(&state));
            move || {
                let fresh = FormState::new();
                state.set(Some(fresh));
                let _ = El::existing(host).child(app(fresh));
            }
        });
        Self {
            state: state.get().expect("the page has been mounted"),
            host,
            _mounted: Box::new(mounted),
        }
    }

    /// The page with this request taken in.
    pub(crate) async fn with(request: &str) -> Self {
        let page = Self::new();
        page.import(request).await;
        page
    }

    /// All elements that a selector finds.
    pub(crate) fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.host.query_selector_all(selector).expect("a selector");
        (0..found.length())
            .filter_map(|at| found.get(at)?.dyn_into().ok())
            .collect()
    }

    /// The one element that a selector finds.
    pub(crate) fn one(&self, selector: &str) -> Element {
        let found = self.all(selector);
        assert_eq!(found.len(), 1, "{selector}");
        found[0].clone()
    }

    /// Whether there is an element with this id.
    pub(crate) fn has(&self, id: &str) -> bool {
        !self.all(&format!("[id=\"{id}\"]")).is_empty()
    }

    /// The controls of this name: one, or the choices of a segment.
    pub(crate) fn controls(&self, name: &str) -> Vec<Element> {
        self.all(&format!("[name=\"{name}\"]"))
    }

    /// The control of this name.
    pub(crate) fn control(&self, name: &str) -> Element {
        self.one(&format!("[name=\"{name}\"]"))
    }

    /// What stands in the control of this name.
    pub(crate) fn value(&self, name: &str) -> String {
        property(&self.control(name), "value")
            .as_string()
            .expect("a control holds text")
    }

    /// Types into the control of this name, in place of what is there.
    pub(crate) async fn enter(&self, name: &str, text: &str) {
        let control = self.control(name);
        let is_select = control.tag_name() == "SELECT";
        js_sys::Reflect::set(&control, &"value".into(), &text.into()).expect("a value");
        send(&control, if is_select { "change" } else { "input" });
        settle().await;
    }

    /// Leaves the control that has the focus.
    pub(crate) async fn leave(&self) {
        let control = document().active_element().expect("something has it");
        let control: HtmlElement = control.unchecked_into();
        control.blur().expect("it can be left");
        settle().await;
    }

    /// Takes in a request.
    pub(crate) async fn import(&self, request: &str) {
        self.enter("import-json", request).await;
        assert_eq!(self.text("#import-json-msg"), "", "{request}");
    }

    /// Presses the one element that a selector finds.
    pub(crate) async fn press(&self, selector: &str) {
        let element: HtmlElement = self.one(selector).unchecked_into();
        element.focus().expect("it takes the focus");
        element.click();
        settle().await;
    }

    /// Presses the button of this name.
    pub(crate) async fn press_named(&self, label: &str) {
        self.press(&format!("button[aria-label=\"{label}\"]")).await;
    }

    /// Adds a row to the list of this name.
    pub(crate) async fn add(&self, name: &str) {
        self.press(&format!("[id=\"{name}-add\"]")).await;
    }

    /// The text of the one element that a selector finds.
    pub(crate) fn text(&self, selector: &str) -> String {
        self.one(selector).text_content().unwrap_or_default()
    }

    /// The messages at the field of this name.
    pub(crate) fn messages(&self, name: &str) -> String {
        self.text(&format!("[data-testid=\"error-{name}\"]"))
    }

    /// The messages that the control of this name refers to.
    pub(crate) fn messages_of_control(&self, name: &str) -> String {
        let described = self.control(name).get_attribute("aria-describedby");
        let described = described.expect("a control is described");
        let id = described.split(' ').find(|id| id.ends_with("-msg"));
        self.text(&format!("[id=\"{}\"]", id.expect("messages")))
    }

    /// What the status line says.
    pub(crate) fn said(&self) -> String {
        self.text(".toast-area .toast > span")
    }

    /// The text of the preview.
    pub(crate) fn preview(&self) -> String {
        self.text("[data-testid=json-preview]")
    }

    /// The body that the preview shows.
    pub(crate) fn body(&self) -> Value {
        serde_json::from_str(&self.preview()).expect("the preview is JSON")
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.host.remove();
    }
}

/// Waits until the page has taken in all that happened.
pub(crate) async fn settle() {
    let later = js_sys::Promise::new(&mut |done, _| {
        window()
            .set_timeout_with_callback(&done)
            .expect("a browser has timers");
    });
    JsFuture::from(later).await.expect("the time comes");
}

/// Sends an event to an element, as the browser does.
pub(crate) fn send(element: &Element, event: &str) {
    let options = EventInit::new();
    options.set_bubbles(true);
    let event = Event::new_with_event_init_dict(event, &options).expect("an event");
    element.dispatch_event(&event).expect("a listener");
}

/// Presses a key on an element, as the browser does. Returns whether the page leaves the key to the browser.
pub(crate) fn key(element: &Element, key: &str) -> bool {
    let press = js_sys::Function::new_with_args(
        "element, key",
        "return element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))",
    );
    let left = press.call2(&JsValue::NULL, element, &key.into());
    left.expect("a listener").is_truthy()
}

/// Pastes a text into an element, as the browser does. Returns whether the page leaves it to the browser.
pub(crate) fn paste(element: &Element, text: &str) -> bool {
    let paste = js_sys::Function::new_with_args(
        "element, text",
        "const clipboardData = new DataTransfer();
         clipboardData.setData('text/plain', text);
         return element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))",
    );
    let left = paste.call2(&JsValue::NULL, element, &text.into());
    left.expect("a listener").is_truthy()
}

/// A property of an element.
pub(crate) fn property(element: &Element, name: &str) -> JsValue {
    js_sys::Reflect::get(element, &name.into()).expect("a property")
}

/// Name, or else id, of the element that has the focus.
pub(crate) fn focused() -> String {
    let element = document().active_element().expect("something has it");
    let name = element.get_attribute("name");
    name.unwrap_or_else(|| element.id())
}
