//! The guided form: what leads from section to section, and what it says when one goes on.
//!
//! It is the same form as that of all fields. The style sheet shows one section of it, and there only what is decided
//! by everybody, what holds a value and what has a message ([`crate::control`] marks the rest).

use dsw_form::draft::ROOT;
use dsw_form::review::is_missing;
use dsw_model::descriptor::Section;
use dsw_model::path::Path;
use dsw_model::rules::Severity;
use dsw_words::{fill, several, tr};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::control::is_folded;
use crate::dom::{El, after_update, button, by_id, el_class, el_text, follow, icon, on_document};
use crate::i18n;
use crate::rail::{folded, section_of};
use crate::state::{FormState, REVIEW, Reviewed, View};
use crate::summary::SUMMARY;

/// Below a section: what is folded in it, the way back and the way on.
pub(crate) fn steps(state: FormState) -> El {
    on_document("keydown", move |event| {
        if let Some(event) = event.dyn_ref() {
            enter(state, event);
        }
    });
    follow(Box::new(move || {
        // In the other form it comes to be another place.
        state.guided.track();
        if state.current.get() <= REVIEW {
            after_update(show_in_rail);
        }
    }));
    // How the section stands: what its folded part holds, and its errors.
    let shown = RwSignal::new((String::new(), 0));
    let look = move |reviewed: &Reviewed| {
        let here = state.current.get_untracked();
        if !state.guided.get_untracked() {
            return Default::default();
        }
        let words = i18n::standing(folded(reviewed, here));
        (words, errors_in(reviewed, here))
    };
    state.watch_part(look, move |now| shown.set(now.clone()));
    follow(Box::new(move || {
        state.current.track();
        state.guided.track();
        shown.set(state.with_reviewed(look));
    }));
    el_class("div", "stack steps").content_fn(move || {
        let here = state.current.get();
        if state.view() != View::Guided {
            return Vec::new();
        }
        let more = ROOT.fields.iter().any(|field| {
            is_folded(field)
                && field
                    .section
                    .is_some_and(|section| section as usize == here)
        });
        let more = more.then(|| more_button(state, here, shown));
        let back = (here > 0).then(|| {
            button("btn", move |_| state.current.set(here - 1))
                .attr("id", "step-back")
                .child(icon("back"))
                .text(tr("Back"))
        });
        let next = button("btn", move |_| next(state))
            .attr("id", "step-next")
            .attr("data-kind", "primary")
            .text_fn(move || {
                let told = state.asked_in.get() >> here & 1 == 1;
                match shown.with(|(_, errors)| *errors) {
                    errors @ 1.. if told => {
                        several(errors, "Go on with {} error", "Go on with {} errors")
                    }
                    _ => fill("Next: {}", &[title(here + 1)]),
                }
            });
        // What is behind the last decision can be left out.
        let review = (Section::Storage as usize..REVIEW - 1)
            .contains(&here)
            .then(|| {
                button("btn end", move |_| state.current.set(REVIEW))
                    .attr("id", "step-review")
                    .text(tr("Skip the rest and review"))
            });
        let line = el_class("div", "line")
            .child(back)
            .child(next)
            .child(review);
        more.into_iter().chain([line]).collect()
    })
}

/// The button that unfolds what few need, with what that holds.
fn more_button(state: FormState, here: usize, shown: RwSignal<(String, usize)>) -> El {
    let open = move || state.open.get() >> here & 1 == 1;
    button("fold-more", move |_| {
        state.open.update(|open| *open ^= 1 << here);
    })
    .attr("id", "step-more")
    .attr_fn("aria-expanded", move || Some(open().to_string()))
    .child(icon("chevron"))
    .child(el_text("span", tr("More settings of this section")))
    .child(el_class("small", "soft").text_fn(move || shown.with(|(words, _)| words.clone())))
}

fn title(number: usize) -> &'static str {
    match Section::ALL.get(number) {
        Some(section) => i18n::section(*section).0,
        None => i18n::review(),
    }
}

fn errors_in(reviewed: &Reviewed, section: usize) -> usize {
    let all = reviewed.review().diagnostics.iter();
    let errors = all.filter(|found| {
        found.severity == Severity::Error && section_of(found.path()) as usize == section
    });
    errors.count()
}

/// Goes on to the next section. The first time errors are in the way they are told; who wants to can go on all the same.
fn next(state: FormState) {
    let here = state.current.get_untracked();
    let told = state.asked_in.get_untracked() >> here & 1 == 1;
    let errors = state.with_reviewed(|reviewed| errors_in(reviewed, here));
    if errors == 0 || told {
        state.current.set(here + 1);
        return;
    }
    state.asked_in.update(|asked| *asked |= 1 << here);
    after_update(|| {
        if let Some(summary) = by_id(SUMMARY) {
            summary.focus();
        }
    });
}

/// Enter in a field of one line goes to the next value that the section still needs; where it needs none it goes on. It
/// never sends anything. What has a list of suggestions, or rows, keeps the key to itself.
fn enter(state: FormState, event: &KeyboardEvent) {
    let held = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
    if event.key() != "Enter" || held || event.is_composing() || event.default_prevented() {
        return;
    }
    if untrack(|| state.view()) != View::Guided {
        return;
    }
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let Some(target) = target.filter(|target| {
        const LINE: &str =
            ".section .field > input:not([list]), .section .field .affix > input:not([list])";
        target.matches(LINE).unwrap_or_default()
    }) else {
        return;
    };
    let place = Path::leading(ROOT, &target.id());
    if place.steps().len() != 1 || place.name(ROOT) != target.id() {
        return;
    }
    event.prevent_default();
    let needed = state.with_reviewed(|reviewed| {
        let here = section_of(&place);
        let all = reviewed.review().diagnostics.iter();
        let mut needed = all.filter(|found| {
            found.severity == Severity::Error
                && section_of(found.path()) == here
                && is_missing(reviewed.draft(), found)
                && *found.path() > place
        });
        needed.next().map(|found| found.path().clone())
    });
    match needed {
        Some(path) => state.show(&path),
        None => next(state),
    }
}

/// On a narrow screen the rail is a strip: where one is has to be in sight.
fn show_in_rail() {
    let query = |selector| document().query_selector(selector).ok().flatten();
    if let (Some(strip), Some(link)) = (query(".rail-list"), query(".rail-link[aria-current]")) {
        let (strip, link): (HtmlElement, HtmlElement) =
            (strip.unchecked_into(), link.unchecked_into());
        let begin = link.offset_left() - strip.offset_left();
        let seen =
            strip.scroll_left()..=strip.scroll_left() + strip.client_width() - link.offset_width();
        if !seen.contains(&begin) {
            strip.set_scroll_left(begin - 16);
        }
    }
}
