//! What an address asks for beyond a view: a request to be taken in, or a field to be shown. Both are taken out of the
//! address at once, so that who loads the page again is not asked again.
//!
//! A request in a link may come from anybody. It is shown as what it would change, and changes nothing before the
//! person says so; it is taken in by the rules of any import, as one step, and nothing is ever sent because of it.

use dsw_form::difference::{Change, difference};
use dsw_form::draft::{Draft, ROOT};
use dsw_form::import::MAX_BYTES;
use dsw_form::kept::Begun;
use dsw_form::link::{self, LinkError, Parcel, Place};
use dsw_form::past::End;
use dsw_form::refusal::visible;
use dsw_model::path::Path;
use dsw_words::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use wasm_bindgen::JsValue;

use crate::deflate::{self, Stopped};
use crate::differences::{more, table};
use crate::dom::{El, after, after_update, button, by_id, el, el_class, el_text, icon};
use crate::exchange::EXCHANGE;
use crate::gateway::{Gateway, Region};
use crate::i18n::{self, keeping, linking};
use crate::refused::{facts, mono};
use crate::sending::focus_later;
use crate::share::named;
use crate::state::{FormState, START, control_id};
use crate::submit::close_dialog;
use crate::toast::say;
use crate::{address, draft_store, js, modal, past};

/// Id of the dialog.
const DIALOG: &str = "opened";
/// How many names of secrets are listed.
const LISTED: usize = 60;
/// Milliseconds after which a field that was to be shown is there, if it will be.
const SHOWN: u64 = 300;

/// Takes links up from now on. A first visit that a link leads to begins at the start.
pub(crate) fn begin(state: FormState) {
    let owner = Owner::current().unwrap_or_default();
    address::on_hash(move |hash| {
        if let Some(asked) = asked(hash) {
            address::settle(state);
            owner.with(|| EXCHANGE.with(state, move |exchange| (exchange.opened)(state, &asked)));
        }
    });
    let Some(asked) = asked(&address::hash()) else {
        return;
    };
    if address::remembered().is_none() && draft_store::stored().is_none() {
        state.current.set(START);
    }
    address::settle(state);
    EXCHANGE.with(state, move |exchange| (exchange.opened)(state, &asked));
}

/// What a text asks for that is such an address, and nothing else.
pub(crate) fn in_text(text: &str) -> Option<String> {
    let text = text.trim();
    let at = text.find('#').filter(|_| text.starts_with("http"))?;
    asked(&text[at..]).filter(|_| !text.contains(char::is_whitespace))
}

/// What stands behind `#` in an address, if that is a link.
fn asked(hash: &str) -> Option<String> {
    // What was passed on as text may have been escaped on its way.
    let plain = js::call(&window(), "decodeURIComponent", &hash.into());
    let plain = plain.and_then(|plain| plain.as_string());
    let plain = plain.unwrap_or_else(|| hash.to_owned());
    let asked = plain.strip_prefix('#')?;
    link::asks(&plain).then(|| asked.to_owned())
}

/// Does what a link asks for.
pub(crate) fn take_up(state: FormState, asked: &str) {
    take_up_by(Gateway::present(), state, asked);
}

/// Does what a link asks for, where the gateway is at hand.
pub(crate) fn take_up_by(gateway: Gateway, state: FormState, asked: &str) {
    if let Some(name) = asked.strip_prefix(link::FIELD) {
        // A draft that was found is to be there.
        let name = name.trim().to_owned();
        after_update(move || show(state, &name));
    } else {
        let asked = asked.to_owned();
        spawn_local(async move {
            match read(&asked).await {
                Ok(parcel) => offer(state, gateway, parcel),
                Err(why) => refuse(why),
            };
        });
    }
}

/// Reads a link; what is wrong with one that cannot be read is said in words.
async fn read(asked: &str) -> Result<Parcel, &'static str> {
    let unread = linking::unread;
    let mut bytes = link::bytes(asked).map_err(unread)?;
    if link::is_compressed(&bytes) {
        let whole = deflate::decompressed(&bytes, MAX_BYTES).await;
        bytes = whole.map_err(|stopped| match stopped {
            Stopped::Unable => linking::unable(),
            Stopped::Damaged => unread(LinkError::Damaged),
            Stopped::TooLong => unread(LinkError::TooLong),
        })?;
    }
    Parcel::read(&bytes).map_err(unread)
}

/// Says why a link was not opened.
fn refuse(why: &'static str) -> El {
    let fill = move |dialog: &El| {
        let closed = dialog.clone();
        let close = button("btn", move |_| close_dialog(&closed)).text(tr("Close"));
        vec![
            el_class("p", "callout")
                .attr("data-tone", "error")
                .child(icon("error"))
                .child(el_text("span", why)),
            el_class("p", "soft").text(tr("Nothing was changed.")),
            el_class("div", "line")
                .child(el_class("span", "end"))
                .child(close),
        ]
    };
    let title = tr("This link cannot be opened");
    modal::open(DIALOG, "dialog", title, Box::new(fill))
}

/// Shows what the request of a link would change, and asks.
fn offer(state: FormState, gateway: Gateway, parcel: Parcel) -> El {
    let import = parcel.import();
    let bodies = [state.with_draft(Draft::body), import.draft.body()];
    let [now, new] = &bodies;
    let mut changes = state.with_known(|context| difference(now, new, &context.secrecy));
    let same = changes.is_empty();
    // These are told apart, as what is to be entered.
    changes.retain(|change| !parcel.left_out.contains(&change.path.name(ROOT)));
    let blank = state.with_draft(Draft::is_blank);
    let title = match (same, blank) {
        (true, _) => tr("The request of this link is in the form already"),
        (_, true) => tr("Fill in the request of this link?"),
        (_, false) => tr("Replace your draft with the request of this link?"),
    };
    let fill = move |dialog: &El| {
        let closed = dialog.clone();
        let leave = button("btn", move |_| close_dialog(&closed));
        let line = el_class("div", "line").child(el_class("span", "end"));
        if same {
            return vec![line.child(leave.text(tr("Close")))];
        }
        let mut all = Vec::new();
        all.push(summary(&parcel));
        all.extend(changed(&changes, blank));
        if !parcel.left_out.is_empty() {
            all.push(el_text(
                "p",
                tr(
                    "Secrets are in no link: after it is taken over, these are empty and to be entered.",
                ),
            ));
            let names = parcel.left_out.iter().take(LISTED);
            all.push(el_class("ul", "left-out").children(names.map(|name| named(name))));
        }
        all.push(el_class("p", "soft").text(tr(
            "Check it before you create anything: an image or a start script of somebody else runs in your instance. Nothing is sent now.",
        )));
        let wanted = RwSignal::new(true);
        all.push(region(gateway, &parcel, wanted));
        let taken = dialog.clone();
        let take = button("btn", move |_| {
            close_dialog(&taken);
            if wanted.get_untracked() && untrack(|| can_choose(gateway, &parcel.region)) {
                gateway.choose_region(parcel.region.clone());
            }
            take(state, &parcel);
        })
        .attr("data-kind", "primary");
        let (leaving, taking) = if blank {
            (tr("Not now"), tr("Fill it in"))
        } else {
            (tr("Keep my draft"), tr("Take it over"))
        };
        all.push(line.child(leave.text(leaving)).child(take.text(taking)));
        all
    };
    modal::open(DIALOG, "dialog dialog-wide", title, Box::new(fill))
}

/// What a request is called, what it runs on, and where.
fn summary(parcel: &Parcel) -> El {
    let text = |name| match parcel.body.get(name) {
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    };
    let mut told = vec![(tr("Name"), text("InstanceName"))];
    for (name, value) in [
        (tr("Machine"), text("EcsSpec")),
        (tr("Quota"), text("ResourceId")),
        (tr("Region"), parcel.region.clone()),
    ] {
        if !value.is_empty() {
            told.push((name, value));
        }
    }
    let told = told.into_iter().map(|(name, value)| {
        let value = keeping::named(&value);
        (name, mono(&i18n::excerpt(&visible(&value))))
    });
    facts(told.collect())
}

/// What changes, as a table; folded where the form is empty.
fn changed(changes: &[Change], blank: bool) -> Vec<El> {
    if changes.is_empty() {
        // Nothing but what is told below.
        return Vec::new();
    }
    let table = table(changes, [tr("In the form"), tr("In the link")]);
    let more = more(changes.len());
    if blank {
        let fold = el_class("details", "past-compare")
            .child(el_text("summary", &linking::fills_in(changes.len())))
            .child(table)
            .child(more);
        return vec![fold];
    }
    let lead = el_text("p", &linking::changes(changes.len()));
    [Some(lead), Some(table), more]
        .into_iter()
        .flatten()
        .collect()
}

/// The choice of the region that a link is for, where the page can choose it and has another.
fn region(gateway: Gateway, parcel: &Parcel, wanted: RwSignal<bool>) -> El {
    let id = parcel.region.clone();
    let input = el("input")
        .attr("type", "checkbox")
        .attr("id", "opened-region")
        .on("change", move |_| {
            wanted.update(|wanted| *wanted = !*wanted);
        });
    input.set_checked(true);
    let text = el("span").text_fn({
        let id = id.clone();
        move || gateway.region.with(|now| linking::region(&id, now))
    });
    el_class("label", "check")
        // The regions may come later than the link.
        .flag_fn("hidden", move || !can_choose(gateway, &id))
        .child(input)
        .child(text)
}

/// Whether a region is among those that can be chosen, and is not the one that is.
fn can_choose(gateway: Gateway, region: &str) -> bool {
    let known = |all: &Vec<Region>| all.iter().any(|it| it.id == region);
    gateway.regions.with(known) && gateway.region.with(|now| now != region)
}

/// Takes a request over, as one step. What stood in the form is kept in the history.
fn take(state: FormState, parcel: &Parcel) {
    let import = parcel.import();
    let said = linking::taken(i18n::report(&import.report), &parcel.left_out);
    past::remember(state, End::Replaced);
    state.confide_all(&parcel.secrecy());
    state.load(import);
    past::begin_with(state, Begun::Link);
    if state.current.get_untracked() == START {
        address::enter(state, true);
    } else {
        state.to_form();
    }
    say(state, &said, true);
    focus_later("main");
}

/// Shows a field, or says why it cannot.
fn show(state: FormState, name: &str) {
    match state.with_draft(|draft| link::place(draft, name)) {
        Place::There(path) => {
            state.show(&path);
            after(SHOWN, Box::new(move || look_for(state, &path)));
        }
        Place::NoRow(list) => {
            state.show(&list);
            say(
                state,
                &linking::no_row(name, &state.with_draft(|draft| i18n::place(draft, &list))),
                false,
            );
        }
        Place::Nowhere => say(state, &linking::nowhere(name), false),
    }
}

/// Says so if a field that was to be shown is not there: the policy of the team may hide it.
fn look_for(state: FormState, path: &Path) {
    let id = control_id(path);
    let instead = ["[data-for=\"", &id, "\"]"].concat();
    let instead = document().query_selector(&instead).ok().flatten();
    let places = [by_id(&id), instead.map(El::existing)];
    let is_seen = |place: &El| {
        let seen = js::call(place.element(), "checkVisibility", &JsValue::UNDEFINED);
        // Where the browser cannot tell it is taken to be.
        seen.is_none_or(|seen| seen.is_truthy())
    };
    // Who has looked for another field meanwhile is not told of this one.
    let wanted = state.wanted.with_untracked(|wanted| *wanted == id);
    if wanted && !places.iter().flatten().any(is_seen) {
        say(
            state,
            &linking::not_offered(&state.with_draft(|draft| i18n::place(draft, path))),
            false,
        );
    }
}
