//! The form: all fields, section by section.

use dsw_form::draft::ROOT;
use dsw_model::descriptor::Section;
use dsw_model::path::Path;
use dsw_words::tr;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use crate::control::{fields, radio, unknown_members};
use crate::dom::{El, after_update, el, el_class, el_text, follow, must, on_document, value_of};
use crate::later;
use crate::rail::anchor;
use crate::state::{Filter, FormState, Show, View};
use crate::{address, i18n};

/// The filter above the form, and every section with its fields.
pub fn sections(state: FormState, current: RwSignal<usize>) -> Vec<El> {
    let mut all = vec![filter(state)];
    let views = Section::ALL.map(|section| one_section(state, section, current));
    let elements = views.clone();
    on_document("scroll", move |_| {
        if untrack(|| state.view()) != View::All {
            return;
        }
        // The section that one reads is the last that has come into the upper part of the window.
        let limit = f64::from(
            document()
                .document_element()
                .map_or(0, |root| root.client_height()),
        ) * 0.4;
        let top = |view: &El| view.element().get_bounding_client_rect().top();
        let reading = elements
            .iter()
            .rposition(|view| top(view) < limit)
            .unwrap_or(0);
        if current.get_untracked() != reading {
            current.set(reading);
        }
    });
    all.extend(views);
    let none = el_class("p", "empty").text(tr("No field matches the filter."));
    all.push(none.clone());
    all.push(later::element(move |parts| (parts.steps)(state)));
    let again = none.clone();
    follow(Box::new(move || {
        state.filter.track();
        let none = none.clone();
        // The fields follow the filter first.
        after_update(move || mark_empty(&none));
    }));
    state.watch(move |_| {
        if state
            .filter
            .with_untracked(|filter| *filter != Filter::default())
        {
            mark_empty(&again);
        }
    });
    all
}

/// Marks sections, groups and lists in which the filter leaves nothing; `none` is shown where it leaves
/// nothing at all.
fn mark_empty(none: &El) {
    const SHOWN: &str = ".field:not([hidden], [data-void]), .list:not([data-off], [data-void])";
    let holders = must(document().query_selector_all(
        ".section, .group, .grid-2, .alternatives, .list[data-off], .list[data-empty], .row-body > *",
    ));
    let mut nothing = true;
    for at in 0..holders.length() {
        let Some(holder) = holders
            .item(at)
            .and_then(|node| node.dyn_into::<Element>().ok())
        else {
            continue;
        };
        let shows = must(holder.matches(SHOWN)) || must(holder.query_selector(SHOWN)).is_some();
        nothing &= !shows;
        El::existing(holder).set("data-empty", (!shows).then_some(""));
    }
    none.set("hidden", (!nothing).then_some(""));
}

fn one_section(state: FormState, section: Section, current: RwSignal<usize>) -> El {
    let (title, lead) = i18n::section(section);
    let heading = address::heading(section);
    let header = el_class("header", "stack stack-s")
        .child(
            el_text("h2", title)
                .attr("id", &heading)
                .attr("tabindex", "-1"),
        )
        .child(el_class("p", "soft").text(lead));
    let mine = |index: usize| ROOT.fields[index].section == Some(section);
    let data =
        (section == Section::Storage).then(|| later::element(move |parts| (parts.data)(state)));
    let unknown = (section == Section::Advanced).then(|| unknown_members(state, &Path::ROOT));
    el_class("section", "stack section")
        .attr("id", anchor(section))
        .attr("aria-labelledby", &heading)
        .flag_fn("data-open", move || {
            state.open.get() >> (section as u32) & 1 == 1
        })
        .flag_fn("data-here", move || current.get() == section as usize)
        .on("focusin", move |_| {
            // Only a move to another section is a change; the rail follows it.
            if current.get_untracked() != section as usize {
                current.set(section as usize);
            }
        })
        .child(header)
        .child(data)
        .children(fields(state, ROOT, &Path::ROOT, "", mine))
        .child(unknown)
}

/// Search, and which states of a field are shown.
fn filter(state: FormState) -> El {
    let options = [
        ("all", tr("All"), Show::All),
        ("set", tr("Set"), Show::Set),
        ("problems", tr("With problems"), Show::Problems),
    ];
    let radios = options.map(|(value, text, show)| {
        let radio = radio("show", value, el_text("span", text));
        let input = radio.input.clone();
        follow(Box::new(move || {
            input.set_checked(state.filter.with(|filter| filter.show == show));
        }));
        radio.chosen(move || {
            // Who looks for problems is told all there are.
            if show == Show::Problems {
                state.checked.set(true);
            }
            state.filter.update(|filter| filter.show = show);
        })
    });
    let search = el_class("input", "input")
        .attr("id", "filter")
        .attr("type", "search")
        .attr("placeholder", tr("Filter by name or help"))
        .attr("autocomplete", "off")
        .on("input", move |event| {
            state
                .filter
                .update(|filter| filter.words = value_of(&event));
        });
    let shown = search.clone();
    follow(Box::new(move || {
        state.filter.with(|filter| shown.set_value(&filter.words));
    }));
    let label = el_class("label", "grow")
        .child(el_class("span", "hide").text(tr("Filter fields")))
        .child(search);
    let show = el_class("fieldset", "segment")
        .child(el_class("legend", "hide").text(tr("Show")))
        .children(radios);
    el_class("div", "line filter")
        .attr("role", "search")
        .child(label)
        .child(el("div").child(show))
}
