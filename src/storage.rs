//! What the page keeps in the browser: each key of it, in one place.

use dsw_words::tr;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::Storage;

use crate::past;

/// What all keys of the page begin with.
pub(crate) const PREFIX: &str = "dsw-composer";
/// The draft.
pub(crate) const DRAFT: &str = "dsw-composer.draft";
/// What was found in its place and is no draft.
pub(crate) const ASIDE: &str = "dsw-composer.draft.aside";
/// That the program has stopped.
pub(crate) const CRASHED: &str = "dsw-composer.crashed";
/// The last requests.
pub(crate) const PAST: &str = "dsw-composer.past";
/// That single keys are turned off.
pub(crate) const SINGLE_KEYS: &str = "dsw-composer.single-keys";
/// Which form was used last.
pub(crate) const MODE: &str = "dsw-composer.mode";
/// The person's own presets.
pub(crate) const PRESETS: &str = "dsw-composer.presets";
/// The language that a person has chosen. `assets/before.js` reads it.
pub(crate) const LANGUAGE: &str = "dsw-composer.language";
/// The language that the operator has named, so that the next visit begins in it. `assets/before.js` reads it.
pub(crate) const LANGUAGE_OFFERED: &str = "dsw-composer.language.default";
/// The access token of the gateway, for as long as the tab is open (S04).
pub(crate) const TOKEN: &str = "dsw-composer.token";
/// The region chosen last.
pub(crate) const REGION: &str = "dsw-composer.region";
/// The submissions, beside the draft.
pub(crate) const SUBMISSIONS: &str = "dsw-composer.submissions";
/// The theme. `assets/before.js` reads it.
pub(crate) const THEME: &str = "dsw-composer.theme";
/// The policy of the team, as it was found beside the page last.
pub(crate) const POLICY: &str = "dsw-composer.policy";
/// What was compared with last, for as long as the tab is open.
pub(crate) const COMPARED: &str = "dsw-composer.compared";
/// The form in which the request is shown.
pub(crate) const CODE: &str = "dsw-composer.code";
/// That everything was deleted a moment ago, for as long as the tab is open.
pub(crate) const CLEARED: &str = "dsw-composer.cleared";

/// What is kept under a key, in words; nothing for keys that nobody is to be told of.
pub(crate) fn told(key: &str) -> Option<&'static str> {
    Some(match key {
        DRAFT => tr("The draft in the form"),
        ASIDE => tr("A draft that could not be read"),
        PAST => tr("The history of requests"),
        SUBMISSIONS => tr("What is needed to ask what became of requests that were sent"),
        PRESETS => tr("Your own presets"),
        TOKEN => tr("The access token of the gateway, in this tab"),
        POLICY => tr("The policy of your team, for when there is no connection"),
        CRASHED | CLEARED => return None,
        _ => tr("Settings, such as theme, language and region"),
    })
}

/// What keeps things for good; nothing where the browser does not let the page have it.
pub(crate) fn local() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What keeps things for as long as the tab is open.
pub(crate) fn session() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// The keys of the page in a storage.
pub(crate) fn keys(storage: &Storage) -> Vec<String> {
    let count = storage.length().unwrap_or_default();
    let all = (0..count).filter_map(|at| storage.key(at).ok().flatten());
    all.filter(|key| key.starts_with(PREFIX)).collect()
}

/// Why something was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// There is no room left.
    Full,
    /// The browser keeps nothing for this page.
    Blocked,
}

/// Keeps a text. Where there is no room, the oldest requests of the past make some.
pub(crate) fn put(key: &str, text: &str) -> Result<(), Lack> {
    let storage = local().ok_or(Lack::Blocked)?;
    loop {
        match put_once(&storage, key, text) {
            Err(Lack::Full) if past::shed(&storage) => {}
            done => return done,
        }
    }
}

/// Keeps a text if there is room for it as it is.
pub(crate) fn put_once(storage: &Storage, key: &str, text: &str) -> Result<(), Lack> {
    storage.set_item(key, text).map_err(|error| {
        let name = js_sys::Reflect::get(&error, &JsValue::from("name"));
        let name = name.ok().and_then(|name| name.as_string());
        if name.as_deref() == Some("QuotaExceededError") {
            Lack::Full
        } else {
            Lack::Blocked
        }
    })
}
