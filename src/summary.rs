//! The error summary: every error once, each leading to its field.

use dsw_form::draft::ROOT;
use dsw_model::rules::{Diagnostic, Severity};
use leptos::prelude::*;

use crate::dom::{El, el, el_class, el_text, focus_name};
use crate::i18n;
use crate::state::{FormState, Slice};

/// Id of the summary, which takes the focus when the result was asked for and has errors.
pub const SUMMARY: &str = "summary";

/// Shown once the result was asked for and has errors.
pub fn summary(state: FormState) -> El {
    let errors = Memo::new(move |_| {
        let mut slice = Slice::default();
        if state.asked.get() {
            state.with_review(|review| {
                let errors = review
                    .diagnostics
                    .iter()
                    .filter(|found| found.severity == Severity::Error);
                slice.findings = errors.cloned().collect();
            });
        }
        slice
    });
    let entry = |found: &Diagnostic| {
        let name = found.path().name(ROOT);
        let link = el("a")
            .attr("href", &format!("#{name}"))
            .text(&i18n::message(found))
            .on("click", move |event| {
                if focus_name(&name) {
                    event.prevent_default();
                }
            });
        el("li").child(link)
    };
    el_class("div", "summary")
        .attr("id", SUMMARY)
        .attr("tabindex", "-1")
        .attr("role", "region")
        .attr("aria-labelledby", "summary-h")
        .flag_fn("hidden", move || {
            errors.with(|errors| errors.findings.is_empty())
        })
        .child(el_text("h2", "There is a problem").attr("id", "summary-h"))
        .child(
            el("ul").content_fn(move || {
                errors.with(|errors| errors.findings.iter().map(entry).collect())
            }),
        )
}
