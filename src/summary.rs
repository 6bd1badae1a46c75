//! The error summary: every error once, each leading to its field; and the way from one problem to the next.

use std::sync::Arc;

use dsw_form::draft::ROOT;
use dsw_model::path::Path;
use dsw_model::rules::{Diagnostic, Severity};
use dsw_words::tr;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use crate::commands::NEXT;
use crate::dom::{El, button, el, el_class, el_text, follow};
use crate::state::{FormState, Reviewed, control_id};
use crate::toast::say;
use crate::{address, i18n, later, team};

/// Id of the summary, which takes the focus when the result was asked for and has errors.
pub const SUMMARY: &str = "summary";

/// Findings of one severity that are listed: more than that nobody reads.
const LISTED: usize = 50;

/// A finding with the names of its places, which change by themselves: variables can be renamed.
type Entry = (Arc<Diagnostic>, String);

/// What the summary tells.
#[derive(PartialEq)]
struct Told {
    errors: Vec<Entry>,
    warnings: Vec<Entry>,
    /// How many there are, listed or not.
    counts: [usize; 2],
}

impl Told {
    fn of(state: FormState, reviewed: &Reviewed) -> Self {
        let entry = |found: &Arc<Diagnostic>| {
            let places = state.with_draft(|draft| i18n::places(draft, found));
            (Arc::clone(found), places)
        };
        let listed = |severity| {
            let all = listed(reviewed, severity);
            (all.clone().take(LISTED).map(entry).collect(), all.count())
        };
        let (errors, error_count) = listed(Severity::Error);
        let (warnings, warning_count) = listed(Severity::Warning);
        Self {
            errors,
            warnings,
            counts: [error_count, warning_count],
        }
    }
}

/// The findings of one severity that are told.
fn listed(
    reviewed: &Reviewed,
    severity: Severity,
) -> impl Iterator<Item = &Arc<Diagnostic>> + Clone {
    let all = reviewed.review().diagnostics.iter();
    all.filter(move |found| reviewed.is_listed(found) && found.severity == severity)
}

/// Shown once the result was asked for and has errors. The page's title says so too.
pub fn summary(state: FormState) -> El {
    later::element(move |parts| (parts.summary)(state))
}

/// The summary of the form; the page's title says that there are errors.
pub(crate) fn content(state: FormState) -> El {
    let errors = RwSignal::new(false);
    state.watch_part(
        |reviewed| listed(reviewed, Severity::Error).next().is_some(),
        move |any| errors.set(*any),
    );
    follow(Box::new(move || {
        document().set_title(&address::title(state, errors.get()));
    }));
    with_id(state, SUMMARY, false)
}

/// A summary with this id; `warns`: also where there is nothing but warnings.
pub(crate) fn with_id(state: FormState, id: &'static str, warns: bool) -> El {
    let link = move |found: &Arc<Diagnostic>| {
        let at = control_id(found.path());
        let words = i18n::message(found);
        let found = Arc::clone(found);
        el("a")
            .attr("href", &format!("#{at}"))
            .text(&words)
            .on("click", move |event| {
                event.prevent_default();
                lead_to(state, &found);
            })
    };
    let content = el_class("div", "stack stack-s");
    let heading_id = id.to_owned() + "-h";
    let element = el_class("div", "summary")
        .attr("id", id)
        .attr("tabindex", "-1")
        .attr("role", "region")
        .attr("aria-labelledby", &heading_id)
        .child(content.clone());
    let (shown, region) = (element.clone(), content.region());
    let told = move |reviewed: &Reviewed| Told::of(state, reviewed);
    state.watch_part(told, move |told| {
        let [errors, warnings] = told.counts;
        let only_warns = errors == 0;
        shown.set(
            "hidden",
            (only_warns && !(warns && warnings > 0)).then_some(""),
        );
        shown.set("data-tone", only_warns.then_some("warning"));
        let list = |entries: &[Entry]| {
            let entry = |(found, places): &Entry| {
                let places = el_text("span", places).attr("class", "soft");
                el("li").child(link(found)).text(" ").child(places)
            };
            el("ul").children(entries.iter().map(entry))
        };
        region.fill(&|| {
            let left = i18n::warnings_left(warnings);
            if only_warns {
                return vec![
                    el_text("h2", &left).attr("id", &heading_id),
                    list(&told.warnings).attr("data-tone", "warning"),
                ];
            }
            let heading = el_text("h2", tr("There is a problem")).attr("id", &heading_id);
            let mut all = vec![heading, list(&told.errors)];
            if errors > LISTED {
                all.push(el_text("p", &i18n::more_errors(errors - LISTED)));
            }
            if warnings > 0 {
                all.push(el_class("p", "soft").text(&left));
                all.push(list(&told.warnings).attr("data-tone", "warning"));
            }
            all
        });
    });
    element
}

/// Leads to the place of a finding. What concerns the request as a whole has its place outside of the form.
fn lead_to(state: FormState, found: &Diagnostic) {
    if !team::show(found) {
        state.show(found.path());
    }
}

/// The button that leads to the next problem; it goes with the last one.
pub fn next_button(state: FormState) -> El {
    let next = button("btn btn-s end", move |_| (NEXT.run)(state))
        .attr("data-kind", "ghost")
        .attr("title", tr("Shift+F8 leads back"))
        .text((NEXT.name)())
        .text(" ")
        .child(NEXT.hint(state));
    let next = NEXT.at(state, next);
    let shown = next.clone();
    state.watch_part(
        |reviewed| reviewed.review().diagnostics.is_empty(),
        move |none| shown.set("hidden", none.then_some("")),
    );
    next
}

/// Leads to the next problem after the place that has the focus, or to the one before it, and says which it is.
/// Behind the last comes the first. Who asks for problems is told all, missing values too.
pub fn next_problem(state: FormState, back: bool) {
    later::with(move |parts| (parts.next_problem)(state, back));
}

/// Leads to the next problem.
pub(crate) fn go_to_problem(state: FormState, back: bool) {
    let place = focused_place();
    let visited = state.visited.get_untracked();
    let found = state.with_reviewed(|reviewed| {
        let all = &reviewed.review().diagnostics;
        let count = all.len();
        let last = visited.checked_sub(1).and_then(|last| all.get(last));
        // Where the focus has not moved on, several problems at one place are stepped through one by one.
        let stays =
            place.steps().is_empty() || last.is_some_and(|last| place.is_within(last.path()));
        let next = match (stays, back) {
            (true, false) => visited,
            (true, true) => visited.checked_sub(2).unwrap_or(count),
            // They stand in form order.
            (false, false) => all
                .iter()
                .take_while(|found| *found.path() <= place)
                .count(),
            (false, true) => {
                let before = all.iter().take_while(|found| *found.path() < place);
                before.count().checked_sub(1).unwrap_or(count)
            }
        };
        let ends = if back { count.checked_sub(1)? } else { 0 };
        let at = if next < count { next } else { ends };
        let found = all.get(at)?;
        Some((at, Arc::clone(found), i18n::problem(at + 1, count, found)))
    });
    let Some((at, found, said)) = found else {
        say(state, tr("No problems found."), false);
        return;
    };
    state.visited.set(at + 1);
    state.asked.set(true);
    close_sheet();
    lead_to(state, &found);
    say(state, &said, false);
}

/// The place of the form that has the focus; the root where none has.
fn focused_place() -> Path {
    let focused = document().active_element();
    let named = focused.and_then(|element| element.closest("main [id]").ok().flatten());
    let id = named.map(|element| element.id()).unwrap_or_default();
    // What belongs to a control, such as a button beside it, has its name and a word behind that.
    Path::leading(ROOT, id.split('-').next().unwrap_or_default())
}

/// On a narrow screen the output covers the form: the field that is shown next is to be seen.
fn close_sheet() {
    let back = document().query_selector("#output:target .output-less");
    if let Some(back) = back.ok().flatten() {
        back.unchecked_into::<HtmlElement>().click();
    }
}
