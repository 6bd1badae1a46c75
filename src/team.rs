//! The team's policy on the page: found beside the page or at the gateway, judged by like any rule, and shown at the
//! fields that it speaks of.
//!
//! Most pages have none. What reads a policy and shows it is a WebAssembly module of its own in what `cargo xtask build`
//! makes, reached through one table and fetched where there is something to read.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use dsw_form::draft::{Draft, ROOT};
use dsw_form::edit::Edit;
use dsw_form::json;
use dsw_model::path::{Path, Step};
use dsw_model::policy::{Lost, Policy, PolicyError, Stance, Team};
use dsw_model::rules::{Diagnostic, Fix, Price};
use dsw_words::{fill, number, policy_error, tr, when};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use web_sys::Element;

use crate::dom::{El, after_update, button, by_id, el_class, el_text, follow, icon};
use crate::gateway::{self, Gateway, Mode, Refused};
use crate::state::{FormState, Slice, tone};
use crate::toast::say;
use crate::why::Why;
use crate::{draft_store, i18n, links, refused, storage};

/// Where the policy is, at the gateway and beside the page.
const FILE: &str = "policy.json";

/// Id of what is said of the policy above the form.
const NOTICE: &str = "team";

/// Id of the choice of the region, which is no part of the request.
const REGION: &str = "region";

/// What is known of the policy.
#[derive(Clone, Debug, Default)]
enum Known {
    /// There is none, or it is on its way.
    #[default]
    Nothing,
    /// It was read; it may be broken.
    There(Rc<Read>),
    /// It is not to be had, for this reason.
    Lost(String),
}

/// A policy as it was read.
#[derive(Debug)]
struct Read {
    policy: &'static Policy,
    /// The same for those who judge.
    team: &'static dyn Team,
    /// Why it is broken.
    fault: Option<PolicyError>,
}

/// The ways into what is fetched where there is a policy.
#[derive(Debug)]
struct Inside {
    read: fn(&str) -> Read,
    notice: fn(Gateway, &Read) -> El,
    held: fn(FormState, &Read, &Slice, &str) -> Option<El>,
}

static INSIDE: Inside = Inside {
    read,
    notice,
    held: held_by,
};

/// The way to it. Only this function names the table: by it the tool that splits the page finds the border.
#[cfg(feature = "split")]
#[allow(
    clippy::unnecessary_wraps,
    reason = "that loading may fail is added by the macro"
)]
#[wasm_split_helpers::wasm_split(policy, fallible)]
fn fetch() -> Result<&'static Inside, wasm_split_helpers::SplitLoaderError> {
    Ok(&INSIDE)
}

#[cfg(not(feature = "split"))]
async fn fetch() -> Result<&'static Inside, std::convert::Infallible> {
    std::future::ready(Ok(&INSIDE)).await
}

thread_local! {
    static CAME: Cell<Option<&'static Inside>> = const { Cell::new(None) };
    /// What is known now, and the gateway that it came from.
    static PRESENT: Cell<Option<Present>> = const { Cell::new(None) };
}

/// What is known, for as long as the page is there.
#[derive(Clone, Copy)]
struct Present {
    gateway: Gateway,
    known: RwSignal<Known, LocalStorage>,
}

/// What is known of the policy now.
fn known() -> Known {
    PRESENT
        .get()
        .and_then(|present| present.known.try_get_untracked())
        .unwrap_or_default()
}

/// Looks for the policy, again whenever there is another gateway.
pub(crate) fn begin(gateway: Gateway) {
    let present = Present {
        gateway,
        known: RwSignal::new_local(Known::Nothing),
    };
    PRESENT.set(Some(present));
    follow(Box::new(move || {
        // Of a gateway that is lost nothing new can be told.
        if !matches!(gateway.mode.get(), Mode::Looking | Mode::Lost) {
            untrack(|| look(present));
        }
    }));
}

fn look(present: Present) {
    spawn_local(async move {
        let known = find(present.gateway).await;
        if !present.known.is_disposed() {
            take(present, known);
        }
    });
}

/// Finds out what there is. Where there is a gateway its policy counts: creates are held against that.
async fn find(gateway: Gateway) -> Known {
    let there = gateway.mode.get_untracked().is_there();
    if there {
        match gateway.file("/policy.json").await {
            Ok((200, text)) if asks(&text) => return understand(&text).await,
            Ok((200 | 204 | 404, _)) => {}
            Ok((status, text)) => return Known::Lost(reason(status, &text)),
            Err(refused) => return Known::Lost(silence(&refused)),
        }
        if gateway.is_here() {
            return Known::Nothing;
        }
    }
    match gateway::file(FILE, "").await {
        Ok((200, text)) if asks(&text) => {
            keep(Some(&text));
            understand(&text).await
        }
        Ok((200 | 204 | 404, _)) => {
            keep(None);
            Known::Nothing
        }
        Ok((status, _)) => Known::Lost(reason(status, "")),
        // Without a connection what was there last still holds.
        Err(_) => match kept() {
            Some(text) => understand(&text).await,
            None => Known::Nothing,
        },
    }
}

/// Whether a file may ask for anything. The one that a page comes with asks nothing, and needs no reader.
fn asks(text: &str) -> bool {
    match json::parse(text) {
        Ok(Value::Object(members)) => {
            members.get("version") != Some(&Value::from(1))
                || members
                    .keys()
                    .any(|name| name != "version" && name != "$schema")
        }
        _ => true,
    }
}

async fn understand(text: &str) -> Known {
    match fetch().await {
        Ok(inside) => {
            CAME.set(Some(inside));
            Known::There(Rc::new((inside.read)(text)))
        }
        Err(_) => Known::Lost(tr("The part of the page that reads it did not come.").to_owned()),
    }
}

/// Why a reply is no policy.
fn reason(status: u16, text: &str) -> String {
    let document = json::parse(text).unwrap_or_default();
    match document["error"]["message"].as_str() {
        Some(message) => message.to_owned(),
        None => fill("The server replied with status {}.", &[&status.to_string()]),
    }
}

fn silence(refused: &Refused) -> String {
    if refused.code == Refused::TIMED_OUT {
        tr("The server did not reply in time.").to_owned()
    } else {
        tr("The server could not be reached.").to_owned()
    }
}

/// Keeps the policy beside the page for when there is no connection.
fn keep(text: Option<&str>) {
    let Some(storage) = storage::local() else {
        return;
    };
    // A browser that keeps nothing has no policy then.
    drop(match text {
        Some(text) => storage.set_item(storage::POLICY, text),
        None => storage.remove_item(storage::POLICY),
    });
}

fn kept() -> Option<String> {
    storage::local()?.get_item(storage::POLICY).ok()?
}

/// Judges by what was found from now on. A request that has just begun begins with the team's values.
fn take(present: Present, known: Known) {
    let state = present.gateway.state;
    let team: Option<&'static dyn Team> = match &known {
        Known::Nothing => None,
        Known::There(read) => Some(read.team),
        Known::Lost(_) => Some(&Lost),
    };
    // What was there before the first look, and still is not there, is nothing new.
    if team.is_some() || !matches!(self::known(), Known::Nothing) {
        state.learn(|context| context.policy = team);
    }
    present.known.set(known);
    let fresh = draft_store::stored().is_none()
        && state.with_draft(Draft::is_blank)
        && !state.can_step(true)
        && !state.can_step(false);
    if fresh {
        fill_in(state);
    }
}

/// Fills in the team's values where nothing stands, as one step.
fn fill_in(state: FormState) {
    if let Some(fix) = state.with_draft(missing) {
        state.mend(&fix);
        say(state, &filled_in(&fix), true);
    }
}

/// Fills in the team's values where nothing stands in a draft that a new request is to begin with. Returns what is said
/// of that; nothing where nothing was filled in.
pub(crate) fn fill_in_first(draft: &mut Draft) -> Option<String> {
    let fix = missing(draft)?;
    draft.apply(&Path::ROOT, Edit::from_fix(&fix));
    Some(filled_in(&fix))
}

/// What fills in the team's values where nothing stands; nothing if they are there.
fn missing(draft: &Draft) -> Option<Fix> {
    let Known::There(read) = known() else {
        return None;
    };
    read.team.start(&|path| is_free(draft, path))
}

fn filled_in(fix: &Fix) -> String {
    let count = number(fix.0.len());
    fill("Values of your team were filled in: {}.", &[&count])
}

/// Whether nothing stands at a place, nor anything of another type around it.
fn is_free(draft: &Draft, path: &Path) -> bool {
    let around = (1..=path.steps().len()).map(|count| path.prefix(count));
    let foreign = |at: Path| matches!(draft.get(&at), Some(Draft::Foreign(_)));
    !around.clone().any(foreign) && draft.get(path).is_none_or(Draft::is_blank)
}

/// What stands above the form: what is said of the policy, and what the service refused.
pub(crate) fn notices(state: FormState) -> El {
    let place = el_class("div", "found");
    if let Some(present) = PRESENT.get() {
        let region = place.region();
        follow(Box::new(move || {
            let known = present.known.get();
            untrack(|| region.fill(&|| notice_of(present.gateway, &known).into_iter().collect()));
        }));
    }
    el_class("div", "notices")
        .child(place)
        .child(refused::panel(state))
}

fn notice_of(gateway: Gateway, known: &Known) -> Option<El> {
    match known {
        Known::Nothing => None,
        Known::There(read) => Some((CAME.get()?.notice)(gateway, read)),
        Known::Lost(reason) => {
            let title = tr("Your team's policy could not be loaded");
            Some(trouble(gateway, title, reason))
        }
    }
}

/// What is said of a policy that does not hold as it should, and the way to try again.
fn trouble(gateway: Gateway, title: &str, reason: &str) -> El {
    let again = button("btn btn-s", move |_| {
        if let Some(present) = PRESENT.get() {
            // The button goes with what it stands in.
            if let Some(main) = by_id("main") {
                main.focus();
            }
            look(present);
        }
        say(gateway.state, tr("Looking for your team's policy…"), false);
    });
    refused::section(NOTICE, "error")
        .child(el_text("h2", title).attr("id", "team-h"))
        .child(el_text("p", reason))
        .child(el_text(
            "p",
            tr("Nothing can be created until then. What you enter can still be copied and downloaded."),
        ))
        .child(el_class("div", "line").child(again.text(tr("Try again"))))
}

/// Leads to what a finding about the request as a whole speaks of. Returns whether it is such a one.
pub(crate) fn show(found: &Diagnostic) -> bool {
    let whole = found.path().steps().is_empty();
    if whole {
        let id = if found.code == "P01" { REGION } else { NOTICE };
        after_update(move || {
            by_id(id).map(|place| place.focus());
        });
    }
    whole
}

/// Why a rule of the policy is there: that the team asks for it, and whom to ask. Nothing for other rules.
pub(crate) fn why(code: &str, mends: &str) -> Option<Vec<El>> {
    if !code.starts_with('P') {
        return None;
    }
    let title = fill("Rule {}, from your team's policy.", &[code]);
    let mut said = vec![
        el_text("b", &title).text(" "),
        el_text("span", when(code)).text(" "),
        el_text("span", mends),
    ];
    if let Known::There(read) = known() {
        said.extend(contact(read.team));
    }
    Some(said)
}

/// Whom to ask, and where to read more.
fn contact(team: &dyn Team) -> Vec<El> {
    let (words, link) = team.contact();
    let words = words.said(tr("en"));
    let words = (!words.is_empty()).then(|| el_class("span", "team-contact").text(" ").text(words));
    let link = links::is_safe(link).then(|| {
        el_class("span", "team-link")
            .text(" ")
            .child(links::outside(link).text(tr("More about the policy")))
    });
    words.into_iter().chain(link).collect()
}

/// Whether the team uses what a list offers for a field.
pub(crate) fn uses(path: &Path, value: &str, price: Option<&Price>) -> bool {
    let Known::There(read) = known() else {
        return true;
    };
    let [Step::Field(field)] = path.steps() else {
        return true;
    };
    read.team.allows(*field, value) && !price.is_some_and(|price| read.team.is_too_dear(price))
}

/// What is said of a field that the policy has fixed, at the field. Marks its frame and locks its controls.
pub(crate) fn held(state: FormState, slice: &Slice, name: &str) -> Option<El> {
    let Known::There(read) = known() else {
        return None;
    };
    (CAME.get()?.held)(state, &read, slice, name)
}

// From here on only what is reached through the table.

fn read(text: &str) -> Read {
    let (policy, fault) = match Policy::parse(text) {
        Ok(policy) => (policy, None),
        Err(fault) => (Policy::broken(fault.line, fault.column), Some(fault)),
    };
    // It holds for as long as the page is there.
    let policy: &'static Policy = Box::leak(Box::new(policy));
    Read {
        policy,
        team: policy,
        fault,
    }
}

fn notice(gateway: Gateway, read: &Read) -> El {
    if let Some(fault) = &read.fault {
        let title = tr("Your team's policy is broken");
        return trouble(gateway, title, &policy_error(fault));
    }
    let state = gateway.state;
    let name = read.policy.name.said(tr("en"));
    let said = if name.is_empty() {
        tr("The policy of your team holds in this form.").to_owned()
    } else {
        fill("This policy holds in this form: {}.", &[name])
    };
    let fills = button("btn btn-s", move |_| {
        fill_in(state);
        if let Some(notice) = by_id(NOTICE) {
            notice.focus();
        }
    })
    .text(tr("Fill in your team's values"));
    let (team, shown) = (read.team, fills.clone());
    state.watch_part(
        move |reviewed| {
            team.start(&|path| is_free(reviewed.draft(), path))
                .is_none()
        },
        move |none| shown.set("hidden", none.then_some("")),
    );
    let line = el_class("p", "line-text")
        .child(el_text("span", &said))
        .children(contact(read.team));
    let whole = el_class("div", "stack stack-s");
    let (region, why) = (whole.region(), Why::default());
    state.watch_part(
        |reviewed| {
            let found = reviewed.review().diagnostics.iter();
            let whole = found.filter(|found| found.path().steps().is_empty());
            whole.cloned().collect::<Vec<_>>()
        },
        move |found| {
            region.fill(&|| {
                let said = |found: &Arc<Diagnostic>| {
                    el_class("p", "field-msg")
                        .attr("data-tone", tone(found.severity))
                        .child(icon(tone(found.severity)))
                        .child(el_text("span", &i18n::message(found)))
                        .children(why.of(found, NOTICE))
                };
                found.iter().map(said).collect()
            });
        },
    );
    el_class("div", "team")
        .attr("id", NOTICE)
        .attr("tabindex", "-1")
        .child(
            el_class("div", "line")
                .child(icon("lock"))
                .child(line)
                .child(fills),
        )
        .child(whole)
}

fn held_by(state: FormState, read: &Read, slice: &Slice, name: &str) -> Option<El> {
    let path = Path::leading(ROOT, name);
    // Where it has another value the finding says so, and the way out stays open.
    let locked = slice.held == Stance::Fixed
        && !state
            .with_reviewed(|reviewed| reviewed.review().at(&path).any(|found| found.code == "P08"));
    let (id, held) = (name.to_owned(), slice.held);
    after_update(move || dress(&id, held, locked));
    if !locked {
        return None;
    }
    let own = read
        .policy
        .said_of(&path)
        .map_or("", |words| words.said(tr("en")));
    let said = if own.is_empty() {
        tr("Your team has fixed this value.")
    } else {
        own
    };
    let message = el_class("p", "field-msg").child(icon("lock"));
    Some(message.child(el_text("span", said)))
}

/// Marks the frame of a field, and locks or frees its controls.
fn dress(name: &str, held: Stance, locked: bool) {
    let messages = by_id(&(name.to_owned() + "-msg"));
    let Some(frame) = messages.and_then(|messages| messages.element().parent_element()) else {
        return;
    };
    let frame = El::existing(frame);
    let mark = match held {
        Stance::Free => None,
        Stance::Hidden => Some("hidden"),
        Stance::Fixed => Some("fixed"),
    };
    frame.set("data-held", mark);
    for control in all(frame.element(), "input, select, textarea, button") {
        let matches = |kind: &str| control.element().matches(kind).unwrap_or_default();
        if matches(".field-msgs *, .field-help *") {
            continue;
        }
        let typed = matches("textarea, input:not([type=radio], [type=checkbox], [type=file])");
        let attribute = if typed { "readonly" } else { "disabled" };
        if locked {
            control.set(attribute, Some(""));
            control.set("data-locked", Some(""));
        } else if matches("[data-locked]") {
            control.set(attribute, None);
            control.set("data-locked", None);
        }
    }
    // The way to a branch that is not offered is none.
    let wire = name.rsplit('.').next().unwrap_or_default();
    let around = frame.element().closest(".alternatives").ok().flatten();
    for option in around
        .iter()
        .flat_map(|around| all(around, ".either input"))
    {
        if option.value() == wire
            && let Some(label) = option.element().closest("label").ok().flatten()
        {
            El::existing(label).set("data-held", mark);
        }
    }
}

fn all(around: &Element, kind: &str) -> Vec<El> {
    use wasm_bindgen::JsCast as _;
    let Ok(found) = around.query_selector_all(kind) else {
        return Vec::new();
    };
    let nodes = (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok());
    nodes.map(El::existing).collect()
}
