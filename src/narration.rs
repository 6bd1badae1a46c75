//! The request in words, what happens to the data, and what costs: said anew when one has paused, since a whole
//! request is read for it.

use std::cell::Cell;
use std::rc::Rc;

use dsw_model::descriptor::{Describe as _, Section, Source};
use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_words::{Part, as_text, costs, narrate, tr, weighed};
use leptos::prelude::*;
use serde_json::{Map, Value};

use crate::dom::{El, after, button, el, el_class, el_text, follow, icon};
use crate::gateway::Gateway;
use crate::picker::estimate::estimate;
use crate::picker::name_of;
use crate::state::{FormState, control_id};
use crate::transfer::copy_text;
use crate::{exchange, i18n};

/// Milliseconds without a change after which the words are said anew.
const PAUSE: u64 = 300;

/// What happens to the data, above the fields that decide it.
pub(crate) fn data(state: FormState) -> El {
    let said = el_class("div", "stack stack-s");
    let region = said.region();
    when_idle(state, move || {
        let sentences = with_body(state, |body| {
            let request = Request::read(body);
            let mut sentences = state.with_known(|known| dsw_words::data(&request, known));
            let costs = costs(&request).into_iter();
            sentences.extend(
                costs
                    .filter(|(section, _)| *section == Section::Storage)
                    .map(|(_, cost)| cost),
            );
            sentences
        });
        region.fill(&|| vec![paragraph(&sentences)]);
    });
    let choices = [
        path![Request::ECS_SPEC],
        path![Request::RESOURCE_ID],
        path![Request::CLOUD_DISKS],
        path![Request::DATASETS],
        path![Request::WORKSPACE_SOURCE],
    ];
    let mut from = el_class("p", "soft").text(tr("Worked out from, and changes with:"));
    for (number, path) in choices.into_iter().enumerate() {
        from = from.text(if number == 0 { " " } else { tr(", ") });
        from = from.child(leads_to(state, path));
    }
    el_class("section", "callout told")
        .attr("data-tone", "info")
        .attr("aria-labelledby", "data-h")
        .child(icon("data"))
        .child(
            el_class("div", "stack stack-s")
                .child(el_text("h3", tr("What happens to your data")).attr("id", "data-h"))
                .child(said)
                .child(from),
        )
}

/// A link to a field, by its label.
fn leads_to(state: FormState, path: Path) -> El {
    let label = path
        .field(Request::DESCRIPTOR)
        .map_or("", |field| field.label);
    el("a")
        .attr("href", &["#", &control_id(&path)].concat())
        .text(tr(label))
        .on("click", move |event| {
            event.prevent_default();
            state.show(&path);
        })
}

/// The request in words, in short, below the body; with a way to take all of it along.
pub(crate) fn in_short(state: FormState) -> El {
    let words = el_class("span", "words-text");
    let shown = words.clone();
    let gateway = Gateway::present();
    let said = move || {
        let short = dsw_words::in_short(&told(state, gateway));
        shown.element().set_text_content(Some(&short));
    };
    when_idle(state, said.clone());
    follow(Box::new(move || {
        // Names come with the lists.
        gateway.lists.track();
        untrack(&said);
    }));
    el_class("div", "words")
        .child(
            el("p")
                .child(el_text("b", tr("In words:")))
                .text(" ")
                .child(words),
        )
        .child(
            el_class("div", "line")
                .child(copy_button(state, gateway, "btn btn-s").attr("data-kind", "ghost"))
                .children(exchange::doors(state)),
        )
}

/// The whole request in words, for the review.
pub(crate) fn in_full(state: FormState, gateway: Gateway) -> El {
    let parts = told(state, gateway);
    let rows = parts.iter().map(|part| {
        el("div")
            .child(el_text("dt", i18n::section(part.section).0))
            .child(el("dd").child(paragraph(&part.sentences)))
    });
    el_class("section", "group")
        .attr("aria-labelledby", "words-h")
        .child(el_text("h2", tr("The request in words")).attr("id", "words-h"))
        .child(el_class("dl", "words-list").children(rows))
        .child(
            el_class("div", "line")
                .child(estimate(state))
                .child(copy_button(state, gateway, "btn btn-s end")),
        )
}

fn copy_button(state: FormState, gateway: Gateway, class: &str) -> El {
    button(class, move |_| {
        let text = as_text(&told(state, gateway), &|section| i18n::section(section).0);
        copy_text(state, &text, tr("Copied the request in words."));
    })
    .child(icon("copy"))
    .text(tr("Copy in words"))
}

/// What is said of the request as it is.
fn told(state: FormState, gateway: Gateway) -> Vec<Part> {
    let name = |source: Source, value: &str| name_of(gateway, source, value);
    with_body(state, |body| {
        state.with_known(|known| narrate(body, known, &name))
    })
}

fn with_body<T>(state: FormState, read: impl FnOnce(&Map<String, Value>) -> T) -> T {
    state.with_reviewed(|reviewed| match &reviewed.review().body {
        Value::Object(body) => read(body),
        // It always is an object.
        _ => read(&Map::new()),
    })
}

/// Sentences as one paragraph; what weighs most stands out.
fn paragraph(sentences: &[String]) -> El {
    let mut all = el("p");
    for (number, sentence) in sentences.iter().enumerate() {
        if number > 0 {
            all = all.text(tr(" "));
        }
        for (weighs, part) in weighed(sentence).filter(|(_, part)| !part.is_empty()) {
            all = if weighs {
                all.child(el_text("b", part))
            } else {
                all.text(part)
            };
        }
    }
    all
}

/// Acts now, and again when nothing has changed for a while after something had.
fn when_idle(state: FormState, act: impl Fn() + 'static) {
    act();
    let act = Rc::new(act);
    // It ends with the owner, and what was to be said then is not.
    let latest = StoredValue::new_local(0_u32);
    let first = Cell::new(true);
    state.watch(move |_| {
        if first.replace(false) {
            return;
        }
        let mine = latest.get_value().wrapping_add(1);
        latest.set_value(mine);
        let act = Rc::clone(&act);
        after(
            PAUSE,
            Box::new(move || {
                if latest.try_get_value() == Some(mine) {
                    act();
                }
            }),
        );
    });
}
