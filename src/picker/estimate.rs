//! What the machine that is chosen costs, below the body.

use dsw_form::draft::Draft;
use dsw_form::offers::{Amount, Fact, Part};
use dsw_model::descriptor::Source;
use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::request::{CreateInstanceRequest as Request, SpotSpec};
use dsw_words::fill;
use leptos::prelude::*;

use super::lists::Key;
use crate::dom::{El, el_class, el_text};
use crate::gateway::{Gateway, Mode};
use crate::i18n::picking;
use crate::state::{FormState, Reviewed};

/// What of the draft decides the price.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Chosen {
    machine: String,
    spot: bool,
    /// The most that is paid for an hour; empty without a ceiling.
    ceiling: String,
}

/// The estimate; nothing while no machine is chosen, or no list tells of machines.
pub(crate) fn estimate(state: FormState) -> El {
    let gateway = Gateway::present();
    let chosen = RwSignal::new_local(Chosen::default());
    state.watch_part(chosen_in, move |new| chosen.set(new.clone()));
    el_class("div", "estimate").content_fn(move || {
        // Another list may be there by now.
        gateway.lists.track();
        gateway.region.track();
        let sandbox = gateway.mode.get() == Mode::Sandbox;
        chosen.with(|chosen| untrack(|| words(gateway, sandbox, chosen)))
    })
}

fn chosen_in(reviewed: &Reviewed) -> Chosen {
    let draft = reviewed.draft();
    let text = |path: &Path| match draft.get(path) {
        Some(Draft::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let spot = path![Request::SPOT_SPEC];
    Chosen {
        machine: text(&path![Request::ECS_SPEC]),
        spot: draft.get(&spot).is_some_and(|spot| !spot.is_blank()),
        ceiling: text(&spot.join(SpotSpec::SPOT_PRICE_LIMIT)),
    }
}

/// What a machine costs by the hour, and whether that is the price of a sample; nothing where it is not known.
pub(crate) fn by_the_hour(gateway: Gateway, machine: &str) -> Option<(String, bool)> {
    let key = Key::of(gateway, Source::Machines, Part::default());
    let list = gateway.lists.find(&key)?;
    let offer = list.offers.iter().find(|offer| offer.value == machine)?;
    let price = offer.amount(Fact::Price)?;
    let sandbox = gateway.mode.get_untracked() == Mode::Sandbox;
    let amount = [offer.text(Fact::Currency), " ", &price.show(3)].concat();
    let said = fill("{} per hour", &[&amount]);
    Some((said, sandbox || list.sample.is_some()))
}

fn words(gateway: Gateway, sandbox: bool, chosen: &Chosen) -> Vec<El> {
    let key = Key::of(gateway, Source::Machines, Part::default());
    let Some(list) = gateway
        .lists
        .find(&key)
        .filter(|_| !chosen.machine.is_empty())
    else {
        return Vec::new();
    };
    let offer = list
        .offers
        .iter()
        .find(|offer| offer.value == chosen.machine);
    let price = offer.and_then(|offer| Some((offer, offer.amount(Fact::Price)?)));
    let line = el_class("p", "line-text").child(el_text("b", picking::estimate_label()));
    let Some((offer, price)) = price else {
        return vec![line.text(picking::no_price())];
    };
    let whence = match &list.sample {
        Some(day) => picking::sample_price(&crate::time::day(day)),
        None => picking::whence(Source::Machines, sandbox, &list.time),
    };
    let ceiling = Amount::parse(&chosen.ceiling).filter(|_| chosen.spot);
    let [price, more] = picking::estimate(
        price,
        ceiling,
        offer.text(Fact::Currency),
        chosen.spot,
        &whence,
    );
    vec![
        line.text(&price)
            .child(el_class("span", "soft").text(&more)),
    ]
}
