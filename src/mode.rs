//! The mode in the bar: in words at all times, with the region, and a way to look again for a gateway that is lost.

use dsw_words::tr;
use leptos::prelude::*;

use crate::code;
use crate::dom::{El, button, by_id, el, el_class, follow, value_of};
use crate::gateway::{Gateway, Mode};
use crate::i18n::picking;
use crate::picker::known;
use crate::rail::badge;
use crate::sending::Sending;
use crate::state::FormState;
use crate::{opened, team, transfer};

/// Id of the words that hold only for a page without gateway.
pub(crate) const ALONE: &str = "alone";

/// Begins what outlives the page that is shown.
pub(crate) fn begin(state: FormState) {
    let gateway = Gateway::begin(state);
    known::begin(gateway);
    team::begin(gateway);
    Sending::begin(state);
    opened::begin(state);
    code::begin(gateway);
    transfer::anywhere(state);
}

/// Shows how the page works in `place`.
pub(crate) fn show(place: &El) {
    let gateway = Gateway::present();
    let words = el("span").content_fn(move || vec![mode_badge(gateway)]);
    let again = button("btn btn-s", move |_| gateway.look())
        .flag_fn("hidden", move || {
            !matches!(gateway.mode.get(), Mode::Lost | Mode::Offline)
        })
        .text(tr("Try again"));
    follow(Box::new(move || {
        let there = gateway.mode.get().is_there();
        if let Some(alone) = by_id(ALONE) {
            alone.set("hidden", there.then_some(""));
        }
    }));
    place.element().set_text_content(None);
    let _ = place
        .clone()
        .child(words)
        .child(again)
        .child(regions(gateway));
}

fn mode_badge(gateway: Gateway) -> El {
    let mode = gateway.mode.get();
    let (tone, first, rest) = picking::mode(mode);
    let mut first = first.to_owned();
    if mode == Mode::Live {
        // Where it costs money is always in sight.
        first.push_str(" · ");
        first.push_str(&gateway.region.get());
    }
    badge(tone, &first, None).child(el_class("span", "bar-opt").text(rest))
}

/// The regions to choose from; nothing where none are known.
fn regions(gateway: Gateway) -> El {
    let select = el_class("select", "input")
        .attr("id", "region")
        .attr("title", picking::region_hint())
        .content_fn(move || {
            let regions = gateway.regions.get();
            let option = |id: &str, name: &str| el("option").attr("value", id).text(name);
            regions
                .iter()
                .map(|region| option(&region.id, picking::region_name(&region.id, &region.name)))
                .collect()
        })
        .on("change", move |event| {
            gateway.choose_region(value_of(&event));
        });
    let shown = select.clone();
    follow(Box::new(move || {
        gateway.regions.track();
        gateway.region.with(|region| shown.set_value(region));
    }));
    el("label")
        .flag_fn("hidden", move || gateway.regions.with(Vec::is_empty))
        .child(el_class("span", "hide").text(picking::region()))
        .child(select)
}
