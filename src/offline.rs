//! The page without a network: a copy of it that a service worker keeps, and what the page says when there is a newer
//! one (`docs/decisions/0013-offline.md`).

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::js;
use crate::storage::PREFIX;

/// Deletes the copy, and ends the service worker that serves it.
pub(crate) async fn remove() {
    let workers = js::member(&window().navigator(), "serviceWorker");
    let none = JsValue::UNDEFINED;
    let found = js::ask(&workers, "getRegistrations", &none).await;
    for registration in found.iter().flat_map(js_sys::Array::from) {
        js::ask(&registration, "unregister", &none).await;
    }
    let caches = js::member(&window(), "caches");
    let names = js::ask(&caches, "keys", &none).await;
    for name in names.iter().flat_map(js_sys::Array::from) {
        if name
            .as_string()
            .is_some_and(|name| name.starts_with(PREFIX))
        {
            js::ask(&caches, "delete", &name).await;
        }
    }
}
