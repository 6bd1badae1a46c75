//! What stands in the place of the preview while the body is edited.

use std::rc::Rc;

use dsw_words::{fill, number, several, tr};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use super::{AREA, Editor, HINT, KEEP, LINES, STATUS, focus};
use crate::dom::{El, button, el, el_class, el_text, icon};
use crate::toast::say;

impl Editor {
    pub(super) fn frame(self: &Rc<Self>) -> El {
        let (typing, pressed, scrolled) = (Rc::clone(self), Rc::clone(self), Rc::clone(self));
        let wrong = self.wrong;
        let area = el_class("textarea", "input")
            .attr("id", AREA)
            .attr("aria-label", tr("Request body as JSON"))
            .attr("aria-describedby", [HINT, " ", STATUS].concat().as_str())
            .attr("aria-keyshortcuts", "Control+Enter")
            .attr("spellcheck", "false")
            .attr("autocomplete", "off")
            .attr("autocapitalize", "off")
            .attr("wrap", "off")
            .attr_fn("aria-invalid", move || {
                wrong.with(Option::is_some).then(|| "true".to_owned())
            })
            .on("input", move |_| typing.typed())
            .on("scroll", move |_| scrolled.scroll());
        area.set_value(&self.text.borrow());
        self.area.replace(area.element().clone().dyn_into().ok());
        let numbers = el_class("div", "edit-numbers")
            .attr("aria-hidden", "true")
            .attr("id", LINES);
        let (status, asking, stale) = (Rc::clone(self), Rc::clone(self), self.stale);
        let secrets = (self.veil.borrow().count() > 0).then(|| {
            el_class("p", "soft").text(tr(
                "•••••• with a number stands for a secret, which stays as it is. Write over it to replace it.",
            ))
        });
        let head = el_class("p", "soft").attr("id", HINT).text(tr(
            "Any form of JSON is read. Ctrl+Enter applies, Esc cancels.",
        ));
        let changed = el_class("p", "callout")
            .attr("data-tone", "warning")
            .flag_fn("hidden", move || !stale.get())
            .text(tr(
                "The form has changed since. What you apply takes the place of that.",
            ));
        el_class("div", "edit-json")
            .attr("role", "group")
            .attr("aria-label", tr("Edit JSON"))
            .on("keydown", move |event| pressed.key(&event))
            .child(head)
            .child(el_class("div", "edit-area").child(numbers).child(area))
            .child(
                el("div")
                    .attr("id", STATUS)
                    .attr("role", "status")
                    .content_fn(move || status.status()),
            )
            .child(secrets)
            .child(changed)
            .child(el_class("div", "line").content_fn(move || asking.actions()))
    }

    /// What can be done: apply or cancel, or whether what was typed may go.
    fn actions(self: &Rc<Self>) -> Vec<El> {
        if self.asked.get() {
            let (gone, kept) = (Rc::clone(self), Rc::clone(self));
            let keep = button("btn", move |_| {
                kept.asked.set(false);
                focus();
            })
            .attr("id", KEEP);
            let discard = button("btn", move |_| {
                gone.close();
                say(gone.state, tr("The edited JSON was discarded."), false);
            })
            .attr("data-kind", "danger");
            return vec![
                el_class("span", "grow").text(tr("Discard what you changed?")),
                discard.text(tr("Discard")),
                keep.text(tr("Keep editing")),
            ];
        }
        let (applied, left) = (Rc::clone(self), Rc::clone(self));
        vec![
            button("btn", move |_| applied.apply())
                .attr("data-kind", "primary")
                .text(tr("Apply")),
            button("btn", move |_| left.cancel()).text(tr("Cancel")),
        ]
    }

    /// Whether the text is a request, and what is wrong with it.
    fn status(self: &Rc<Self>) -> Vec<El> {
        let Some(wrong) = self.wrong.get() else {
            let values = several(
                self.values.get(),
                "Valid: {} value set.",
                "Valid: {} values set.",
            );
            return vec![
                el_class("p", "field-msg")
                    .attr("data-tone", "ok")
                    .child(icon("done"))
                    .child(el_text("span", &values)),
            ];
        };
        let there = Rc::clone(self);
        let go = wrong.place.map(|(line, column)| {
            button("btn btn-link", move |_| there.go_to(line, column))
                .text(&fill("Go to line {}", &[&number(line)]))
        });
        vec![
            el_class("p", "field-msg")
                .attr("data-tone", "error")
                .child(icon("error"))
                .child(el_text("span", &wrong.words))
                .child(go),
        ]
    }
}
