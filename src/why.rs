//! The rule behind a finding: its id beside the message, and on demand when it applies, why, and who says so.
//!
//! The texts are for the few who ask, so they are no part of the program: `assets/rules.json` is loaded when the
//! first rule is asked for.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use dsw_form::json;
use gloo_net::http::Request;
use leptos::task::spawn_local;
use serde_json::{Map, Value};
use wasm_bindgen::JsCast as _;

use crate::dom::{El, button, el_class, el_text};
use crate::i18n;

/// Where the texts are, beside the page.
const RULES: &str = "assets/rules.json";

thread_local! {
    /// The texts, by rule, once they have come.
    static LOADED: OnceCell<Map<String, Value>> = const { OnceCell::new() };
}

/// Which rule is explained at a place. Messages are made anew while one types; what is open stays open.
#[derive(Clone, Debug, Default)]
pub struct Why(Rc<Cell<&'static str>>);

impl Why {
    /// The button that asks why, and the answer. `name` is the wire path of the place.
    pub fn of(&self, code: &'static str, name: &str) -> [El; 2] {
        let id = format!("{name}-why-{code}");
        let answer = el_class("span", "why").attr("id", &id);
        let open = Rc::clone(&self.0);
        let ask = button("btn btn-s mono", {
            let answer = answer.clone();
            move |event| {
                let opens = open.get() != code;
                open.set(if opens { code } else { "" });
                if let Some(button) = event.current_target() {
                    show(&El::existing(button.unchecked_into()), &answer, code, opens);
                }
            }
        })
        .attr("data-kind", "ghost")
        .attr("aria-label", &format!("Why: rule {code}"))
        .attr("title", "Why")
        .attr("aria-controls", &id)
        .text(code);
        show(&ask, &answer, code, self.0.get() == code);
        [ask, answer]
    }
}

/// Opens or closes the answer.
fn show(ask: &El, answer: &El, code: &'static str, opens: bool) {
    ask.set("aria-expanded", Some(if opens { "true" } else { "false" }));
    answer.set("hidden", (!opens).then_some(""));
    if opens && !tell(answer, code) {
        answer.element().set_text_content(Some("Loading…"));
        let answer = answer.clone();
        spawn_local(async move {
            if let Some(rules) = load().await {
                LOADED.with(|loaded| loaded.get_or_init(|| rules).len());
            }
            if !tell(&answer, code) {
                answer.element().set_text_content(Some(i18n::NO_RULES));
            }
        });
    }
}

/// Writes the answer, if the texts are there.
fn tell(answer: &El, code: &str) -> bool {
    LOADED.with(|loaded| {
        let Some(rule) = loaded.get().and_then(|rules| rules.get(code)) else {
            return false;
        };
        let part = |name: &str| rule.get(name).and_then(Value::as_str).unwrap_or_default();
        answer.element().set_text_content(None);
        let _ = answer
            .clone()
            .child(el_text(
                "b",
                &format!("Rule {code}, {}.", i18n::source(part("source"))),
            ))
            .text(" ")
            .text(part("when"))
            .text(" ")
            .text(part("why"));
        true
    })
}

/// The texts; nothing if they do not come, or something else does.
async fn load() -> Option<Map<String, Value>> {
    let answer = Request::get(RULES).send().await.ok()?;
    let text = answer.text().await.ok()?;
    // What a server says in place of a file is no such object either.
    match json::parse(&text) {
        Ok(Value::Object(rules)) if rules.contains_key("R01") => Some(rules),
        _ => None,
    }
}
