//! What more there is to be told about a field than its help: where its value is found, what it decides, what it costs.
//!
//! The button is there from the start, so that nothing moves when the rest comes; the texts are fetched when the
//! first of them is asked for (`src/texts.rs`).

use std::cell::Cell;

use dsw_model::descriptor::Guide;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_words::tr;

use crate::dom::{El, button, el, el_class, el_text};
use crate::field::Place;
use crate::sending::text_of;
use crate::state::FormState;
use crate::texts::{self, File, text};
use crate::{help, i18n, later, links};

/// The hint with the button that tells more, and the place of the answer, where there is more to tell.
pub(crate) fn with_more(place: &Place, hint: El) -> (El, Option<El>) {
    let asks = match place.field.guide {
        Guide::Nothing => return (hint, None),
        Guide::Why => tr("Why?"),
        Guide::Where => tr("Where do I find this?"),
    };
    let id = place.id("-guide");
    let answer = el_class("div", "guide").attr("id", &id).attr("hidden", "");
    let ask = button("btn btn-link", |_| {})
        .attr("aria-expanded", "false")
        .attr("aria-controls", &id)
        .text(asks)
        // Read behind the words: of the many buttons with these, which one it is.
        .child(
            el_class("span", "hide")
                .text(" ")
                .text(tr(place.field.label)),
        );
    let (state, name) = (place.state, place.name.clone());
    let (asked, shown) = (ask.clone(), answer.clone());
    let open = Cell::new(false);
    let ask = ask.on("click", move |_| {
        open.set(!open.get());
        let opens = open.get();
        asked.set("aria-expanded", Some(if opens { "true" } else { "false" }));
        shown.set("hidden", (!opens).then_some(""));
        if opens {
            let (name, shown) = (name.clone(), shown.clone());
            later::with(move |parts| (parts.guide)(state, &name, &shown));
        }
    });
    let help = el_class("div", "field-help");
    (help.child(hint).text(" ").child(ask), Some(answer))
}

/// Answers: `name` is the wire path of the field.
pub(crate) fn answer(state: FormState, name: &str, answer: &El) {
    let key = without_rows(name);
    texts::fill(
        File::Help,
        answer,
        Box::new(move |all| {
            let Some(entry) = all.get(&key) else {
                return vec![el_text("p", i18n::no_rules())];
            };
            let part = |name: &str, heading: &str| {
                let said = text(entry, name);
                (!said.is_empty()).then(|| {
                    let head = el_text("b", heading);
                    el("p").child(head).text(" ").text(said)
                })
            };
            let link = entry.get("console").map(|_| console(state));
            let terms = button("btn btn-link", move |_| help::open(state)).text(tr("Terms"));
            [
                part("where", tr("Where:")),
                link,
                part("why", tr("What it decides:")),
                part("cost", tr("What it costs:")),
                Some(el("p").child(terms)),
            ]
            .into_iter()
            .flatten()
            .collect()
        }),
    );
}

/// The way to the vendor's console, in the region and workspace that are chosen.
fn console(state: FormState) -> El {
    let region = state.with_known(|known| known.region.clone().unwrap_or_default());
    let workspace = state.with_draft(|draft| text_of(draft, Request::WORKSPACE_ID));
    let link = links::outside(&links::console(&region, &workspace));
    el("p").child(link.text(tr("Open the PAI console")))
}

/// A wire path as the texts have it: `Datasets.Uri` for `Datasets[3].Uri`.
fn without_rows(name: &str) -> String {
    let mut key = String::new();
    for part in name.split('[') {
        key.push_str(part.split_once(']').map_or(part, |(_, rest)| rest));
    }
    key
}
