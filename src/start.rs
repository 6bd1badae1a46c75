//! The start page: what there is to go on with, presets, and what one has already.
//!
//! Its words are in the first half, so that a first visit sees it at once; what is counted, read from the storage or
//! done comes with the later one.

use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_words::tr;

use crate::address::START_HEADING;
use crate::dom::{El, button, el, el_class, el_text, form};
use crate::i18n;
use crate::later;
use crate::state::{FormState, control_id};
use crate::transfer::{START_AREA, importer_called};

pub(crate) mod begun;
pub(crate) mod own;

/// Name of the preset that is suggested.
const SUGGESTED: &str = "gpu";

/// A preset, by its name in the program, with the places for what it sets and what it costs.
pub type Counted = (&'static str, [El; 2]);

/// What is said of a preset.
struct Card {
    /// Its name in the program.
    id: &'static str,
    title: &'static str,
    lead: &'static str,
    /// What it is called in a line: a term, the name of a value, and words.
    facts: [[&'static str; 3]; 2],
}

/// What is said of the presets, in the order in which they are shown (`crates/form/presets.json`).
fn cards() -> [Card; 6] {
    const CPU: &str = "ecs.c6.large";
    const GPU: &str = "ecs.gn7i-c16g1.4xlarge";
    let (machine, pays) = (tr("Machine"), tr("Pays"));
    let hourly = [pays, "", tr("by the hour, from start to stop")];
    let card = |id, title, lead, facts| Card {
        id,
        title,
        lead,
        facts,
    };
    [
        card(
            "cpu",
            tr("CPU trial"),
            tr("A small machine to look around with. Its 100 GiB system disk is free."),
            [[machine, CPU, tr("2 vCPU, 4 GiB")], hourly],
        ),
        card(
            SUGGESTED,
            tr("One-GPU training"),
            tr("One A10 card with 24 GB, for training and fine-tuning."),
            [[machine, GPU, "A10"], hourly],
        ),
        card(
            "quota",
            tr("Dedicated quota"),
            tr("Runs on resources that your team has bought. You choose cores, memory and cards."),
            [
                [pays, "", tr("nothing more: the quota is paid for")],
                [
                    tr("Keeps data"),
                    "",
                    tr("in a dataset; each stop clears the system disk"),
                ],
            ],
        ),
        card(
            "spot",
            tr("Spot machine"),
            tr(
                "Costs less, but can be taken back while you work. For work that saves checkpoints.",
            ),
            [
                [machine, GPU, "A10"],
                [pays, "", tr("by the hour, up to a ceiling that you set")],
            ],
        ),
        card(
            "image",
            tr("Private image"),
            tr("Starts from an image in your own registry. The login is built in this page."),
            [
                [machine, CPU, tr("2 vCPU, 4 GiB")],
                [tr("Secrets"), "", tr("stay in memory, are never stored")],
            ],
        ),
        card(
            "blank",
            tr("Blank"),
            tr("All fields are empty. What is empty is not sent."),
            [
                [tr("For"), "", tr("those who know the request")],
                [pays, "", tr("whatever you choose")],
            ],
        ),
    ]
}

/// The title of a preset.
pub(crate) fn title(id: &str) -> &'static str {
    let card = cards().into_iter().find(|card| card.id == id);
    card.map_or("", |card| card.title)
}

/// The start page.
pub fn start(state: FormState) -> El {
    let header = el_class("header", "stack stack-s")
        .child(
            el_text("h1", tr("Create a DSW notebook instance"))
                .attr("id", START_HEADING)
                .attr("tabindex", "-1"),
        )
        .child(el_class("p", "soft").text(tr(
            "Fill in a form, watch the request take shape, and see at once what the service would refuse. \
             Nothing leaves this page until you send it.",
        )));
    let mut counts = Vec::new();
    let list = cards().map(|card| {
        // The room is there from the start, so that nothing moves when they come.
        let count = el_text("dd", "\u{2026}");
        let price = el_class("dd", "num").text(tr("unknown"));
        counts.push((card.id, [count.clone(), price.clone()]));
        card_element(state, &card, count, price)
    });
    later::with(move |parts| (parts.counts)(state, counts));
    let presets = section(
        "presets-h",
        tr("Start from a preset"),
        tr("A preset fills in a few fields. All stay editable, and nothing is created."),
    )
    .child(el_class("ul", "cards").children(list));
    let paste = section(
        "paste-h",
        tr("Paste what you have"),
        tr(
            "A JSON body, a curl or aliyun command, SDK code, or a reply of the service. A report tells what became of it.",
        ),
    )
    .child(form().child(importer_called(state, START_AREA, "7")));
    // Its id is not that of its address: on a first visit the browser would go there, past the bar.
    el_class("div", "stack stack-l start")
        .child(header)
        .child(later::element(move |parts| (parts.draft)(state)))
        .child(presets)
        .child(
            el_class("div", "columns")
                .child(paste)
                .child(at_hand(state)),
        )
        // Below, so that nothing moves when they come.
        .child(later::element(move |parts| (parts.own_presets)(state)))
        .child(later::element(move |parts| (parts.recent)(state)))
        .child(el_class("footer", "soft").child(el_text("p", i18n::unofficial())))
}

/// A part of the page with its heading.
pub(crate) fn section(heading: &str, title: &str, lead: &str) -> El {
    el_class("section", "stack")
        .attr("aria-labelledby", heading)
        .child(
            el("div")
                .child(el_text("h2", title).attr("id", heading))
                .child(el_class("p", "soft").text(lead)),
        )
}

fn card_element(state: FormState, card: &Card, count: El, price: El) -> El {
    let id = card.id;
    let choose = button("card-go", move |_| {
        later::with(move |parts| (parts.begin_with)(state, id));
    })
    .attr("id", &["preset-", id].concat())
    .text(card.title);
    let suggested = id == SUGGESTED;
    let badge = suggested.then(|| crate::rail::badge("info", tr("Suggested"), None));
    let mut facts = el_class("dl", "facts");
    let has_machine = card.facts.iter().any(|[_, name, _]| !name.is_empty());
    for [term, name, words] in card.facts {
        let name = (!name.is_empty()).then(|| el_class("span", "mono").text(name));
        let comma = if name.is_some() { ", " } else { "" };
        facts = facts
            .child(el_text("dt", term))
            .child(el("dd").child(name).text(comma).text(words));
    }
    if has_machine {
        facts = facts.child(el_text("dt", tr("Costs"))).child(price);
    }
    let element = el_class("li", "card")
        .child(el("h3").child(choose).child(badge))
        .child(el_class("p", "soft").text(card.lead))
        .child(facts.child(el_text("dt", tr("Sets"))).child(count));
    element.set("data-pick", suggested.then_some(""));
    element
}

/// What every instance needs, and the way to where each value is explained.
fn at_hand(state: FormState) -> El {
    let row = |name: &str, words: &str, place: Path| {
        let link = el("a")
            .attr("href", &["#", &control_id(&place)].concat())
            .text(tr("Where?"))
            .child(el_class("span", "hide").text(" ").text(name))
            .on("click", move |event| {
                event.prevent_default();
                let place = place.clone();
                crate::address::enter(state, true);
                state.show(&place);
            });
        el_class("li", "row").child(
            el_class("div", "row-head")
                .child(
                    el_class("span", "grow")
                        .child(el_text("b", name))
                        .text(" ")
                        .child(el_class("span", "soft").text(words)),
                )
                .child(link),
        )
    };
    section(
        "at-hand-h",
        tr("Have these at hand"),
        tr("Four things every instance needs. Each field tells where its value is found."),
    )
    .child(
        el_class("ol", "rows")
            .child(row(
                tr("Workspace"),
                tr("its number"),
                path![Request::WORKSPACE_ID],
            ))
            .child(row(
                tr("Name"),
                tr("letters, digits, underscores; at most 27"),
                path![Request::INSTANCE_NAME],
            ))
            .child(row(
                tr("Machine or quota"),
                tr("its type, or the ID of the quota"),
                path![Request::ECS_SPEC],
            ))
            .child(row(
                tr("Image"),
                tr("its ID or address"),
                path![Request::IMAGE_ID],
            )),
    )
}
