//! What the page asks of the browser by name, where a typed binding would cost every visitor its bytes.

use leptos::prelude::window;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A member of an object; undefined where there is none.
pub(crate) fn member(object: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Calls a method with one value. Nothing where there is no such method, or where it fails.
pub(crate) fn call(object: &JsValue, method: &str, value: &JsValue) -> Option<JsValue> {
    let method: js_sys::Function = member(object, method).dyn_into().ok()?;
    method.call1(object, value).ok()
}

/// Makes an object of a class that the browser may have. Nothing where it has none, or refuses.
pub(crate) fn make(class: &str, value: &JsValue) -> Option<JsValue> {
    let reflect = member(&window(), "Reflect");
    let construct: js_sys::Function = member(&reflect, "construct").dyn_into().ok()?;
    let class = member(&window(), class);
    let values = js_sys::Array::of1(value);
    construct.call2(&reflect, &class, &values).ok()
}

/// Calls a method that promises something, and waits for that. Nothing where it fails.
pub(crate) async fn ask(object: &JsValue, method: &str, value: &JsValue) -> Option<JsValue> {
    let promise = call(object, method, value)?.dyn_into::<js_sys::Promise>();
    JsFuture::from(promise.ok()?).await.ok()
}
