//! The error summary: every error once, each leading to its field.

use dsw_model::rules::{Diagnostic, Severity};
use dsw_model::verdict::Found;

use crate::dom::{El, el, el_class, el_text};
use crate::i18n;
use crate::state::{FormState, Reviewed, control_id};

/// Id of the summary, which takes the focus when the result was asked for and has errors.
pub const SUMMARY: &str = "summary";

/// Shown once the result was asked for and has errors.
pub fn summary(state: FormState) -> El {
    let entry = move |found: &Diagnostic| {
        let path = found.path().clone();
        let link = el("a")
            .attr("href", &format!("#{}", control_id(&path)))
            .text(&i18n::message(found))
            .on("click", move |event| {
                event.prevent_default();
                state.show(&path);
            });
        el("li").child(link)
    };
    let list = el("ul");
    let element = el_class("div", "summary")
        .attr("id", SUMMARY)
        .attr("tabindex", "-1")
        .attr("role", "region")
        .attr("aria-labelledby", "summary-h")
        .child(el_text("h2", "There is a problem").attr("id", "summary-h"))
        .child(list.clone());
    let (shown, region) = (element.clone(), list.region());
    let errors = |reviewed: &Reviewed| -> Found {
        let errors = reviewed.review().diagnostics.iter();
        let errors = errors.filter(|found| reviewed.asked && found.severity == Severity::Error);
        errors.cloned().collect()
    };
    state.watch_part(errors, move |errors| {
        shown.set("hidden", errors.is_empty().then_some(""));
        region.fill(&|| errors.iter().map(|found| entry(found)).collect());
    });
    element
}
