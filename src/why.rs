//! The rule behind a finding: its id beside the message, and on demand when it applies, why, who says so, and what
//! mends it.

use std::cell::Cell;
use std::rc::Rc;

use dsw_model::rules::Diagnostic;
use dsw_words::{fill, tr};
use wasm_bindgen::JsCast as _;

use crate::dom::{El, button, el, el_class, el_text};
use crate::texts::{self, File, text};
use crate::{i18n, team};

/// Which rule is explained at a place. Messages are made anew while one types; what is open stays open.
#[derive(Clone, Debug, Default)]
pub struct Why(Rc<Cell<&'static str>>);

impl Why {
    /// The button that asks why, and the answer. `name` is the wire path of the place.
    pub fn of(&self, found: &Diagnostic, name: &str) -> [El; 2] {
        let code = found.code;
        let id = format!("{name}-why-{code}");
        let answer = el_class("span", "why").attr("id", &id);
        let open = Rc::clone(&self.0);
        let mend: Rc<str> = found
            .fix
            .as_ref()
            .map_or_else(String::new, |_| i18n::fix(found))
            .into();
        let ask = button("btn btn-s mono", {
            let (answer, mend) = (answer.clone(), Rc::clone(&mend));
            move |event| {
                let opens = open.get() != code;
                open.set(if opens { code } else { "" });
                if let Some(button) = event.current_target() {
                    let ask = El::existing(button.unchecked_into());
                    show(&ask, &answer, code, &mend, opens);
                }
            }
        })
        .attr("data-kind", "ghost")
        .attr("aria-label", &fill("Why: rule {}", &[code]))
        .attr("title", tr("Why"))
        .attr("aria-controls", &id)
        .text(code);
        show(&ask, &answer, code, &mend, self.0.get() == code);
        [ask, answer]
    }
}

/// Opens or closes the answer.
fn show(ask: &El, answer: &El, code: &'static str, mend: &Rc<str>, opens: bool) {
    ask.set("aria-expanded", Some(if opens { "true" } else { "false" }));
    answer.set("hidden", (!opens).then_some(""));
    if opens {
        let mends = if mend.is_empty() {
            tr("No single change mends it for certain, so none is offered.").to_owned()
        } else {
            fill("What mends it: {}.", &[mend])
        };
        if let Some(said) = team::why(code, &mends) {
            answer.element().set_text_content(None);
            let _ = answer.clone().children(said);
            return;
        }
        texts::fill(
            File::Rules,
            answer,
            Box::new(move |rules| {
                let Some(rule) = rules.get(code) else {
                    return vec![el_text("span", i18n::no_rules())];
                };
                let source = i18n::source(text(rule, "source"));
                let said = el("span").text(text(rule, "when")).text(" ");
                vec![
                    el_text("b", &fill("Rule {}, {}.", &[code, source])).text(" "),
                    said.text(text(rule, "why")).text(" ").text(&mends),
                ]
            }),
        );
    }
}
