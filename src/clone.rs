//! A new request with the settings of an instance that there is: found in the list of the service, fetched whole, and
//! taken in like any other reply.

use std::cell::RefCell;
use std::rc::Rc;

use dsw_form::import::anything;
use dsw_form::kept::Begun;
use dsw_form::offers::{Instance, instance_asks, is_last_page, read_instances, whole};
use dsw_form::refusal::visible;
use dsw_model::path;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_words::{fill, tr};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use crate::arrival;
use crate::dom::{El, button, by_id, el, el_class, el_text, icon};
use crate::exchange::EXCHANGE;
use crate::gateway::{Call, Gateway, Refused};
use crate::i18n::{arriving, picking};
use crate::palette::{self, About, Entry, MOST};
use crate::time::moment_of;
use crate::toast::say;

/// Id of the button that opens the list.
const OPEN: &str = "clone-open";
/// Pages of a list after which it is taken to be endless.
const MOST_PAGES: u64 = 100;

/// How far the list is.
#[derive(Debug, Default)]
enum Stage {
    /// It is on its way.
    #[default]
    Coming,
    /// It is there.
    There,
    /// It can not be had.
    Failed,
}

/// The list.
#[derive(Debug, Default)]
struct Listing {
    all: Vec<Instance>,
    stage: Stage,
}

/// The button that opens the list; where there is no gateway it is not offered.
pub(crate) fn offer(gateway: Gateway) -> El {
    button("btn btn-s", move |_| {
        EXCHANGE.with(gateway.state, move |exchange| (exchange.clone)(gateway));
    })
    .attr("id", OPEN)
    .attr("aria-haspopup", "dialog")
    .flag_fn("hidden", move || !gateway.mode.get().is_there())
    .child(icon("dup"))
    .text(tr("From a running instance"))
}

/// Opens the list, from wherever one is; without a gateway it says what is missing.
pub(crate) fn press(state: crate::state::FormState) {
    let button = by_id(OPEN).filter(|it| !it.element().has_attribute("hidden"));
    let button = button.as_ref();
    match button.and_then(|it| it.element().dyn_ref::<HtmlElement>()) {
        Some(button) => button.click(),
        None => say(
            state,
            tr("There is no gateway that could list the instances."),
            false,
        ),
    }
}

/// Opens the list.
pub(crate) fn open(gateway: Gateway) {
    let listing = Rc::new(RefCell::new(Listing::default()));
    let foot = el("div");
    let (listed, told) = (Rc::clone(&listing), Rc::clone(&listing));
    let source = move |words: &str| {
        let listed = listed.borrow();
        let fitting = listed.all.iter().filter(|instance| instance.has(words));
        fitting
            .take(MOST)
            .map(|instance| entry(gateway, instance))
            .collect()
    };
    let refresh = palette::open(About {
        title: tr("New request from an instance"),
        hint: tr("Name, ID, machine type or state"),
        source: Box::new(source),
        said: Box::new(move |shown| {
            let listing = told.borrow();
            match &listing.stage {
                Stage::Coming => tr("Loading…").to_owned(),
                Stage::Failed => tr("The instances could not be loaded.").to_owned(),
                Stage::There if listing.all.is_empty() => {
                    tr("There is no instance in this region.").to_owned()
                }
                Stage::There => arriving::instances(shown, listing.all.len()),
            }
        }),
        foot: Some(
            el_class("div", "clone-foot stack stack-s")
                .child(el_class("p", "soft").text(tr(
                    "Its settings become a new request. The instance itself stays as it is.",
                )))
                .child(foot.clone()),
        ),
    });
    if let Some(refresh) = refresh {
        fetch(gateway, listing, foot, refresh);
    }
}

/// Fetches the list, page by page, and shows each page as it comes.
fn fetch(gateway: Gateway, listing: Rc<RefCell<Listing>>, foot: El, refresh: Rc<dyn Fn()>) {
    *listing.borrow_mut() = Listing::default();
    foot.element().set_text_content(None);
    refresh();
    spawn_local(async move {
        let end = load(gateway, &listing, &*refresh).await;
        listing.borrow_mut().stage = if end.is_ok() {
            Stage::There
        } else {
            Stage::Failed
        };
        if let Err(refused) = end {
            let words = picking::reason(&refused, "paidsw:ListInstances");
            let (again, place) = (Rc::clone(&refresh), foot.clone());
            let retry = button("btn btn-s", move |_| {
                palette::focus();
                fetch(
                    gateway,
                    Rc::clone(&listing),
                    place.clone(),
                    Rc::clone(&again),
                );
            });
            let _ = foot.child(
                el_class("div", "callout")
                    .attr("data-tone", "error")
                    .child(icon("error"))
                    .child(
                        el_class("div", "stack stack-s")
                            .child(el_text("p", &words))
                            .child(el_class("p", "line").child(retry.text(tr("Try again")))),
                    ),
            );
        }
        refresh();
    });
}

async fn load(
    gateway: Gateway,
    listing: &RefCell<Listing>,
    refresh: &dyn Fn(),
) -> Result<(), Refused> {
    for ask in instance_asks() {
        for number in 1..=MOST_PAGES {
            let query = ask.page(number);
            let query: Vec<_> = query
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let call = Call::get(&ask.path, &query);
            let page = gateway.request(call).await?.document;
            let rows = read_instances(&page, &mut listing.borrow_mut().all);
            refresh();
            // A service that counts wrong is not asked for ever.
            if is_last_page(&page, number) || rows == 0 {
                break;
            }
        }
    }
    // The newest first, whoever may see them.
    let all = &mut listing.borrow_mut().all;
    all.sort_by(|one, other| other.created.cmp(&one.created));
    Ok(())
}

fn entry(gateway: Gateway, instance: &Instance) -> Entry {
    let named = if instance.name.is_empty() {
        tr("without a name")
    } else {
        &instance.name
    };
    let time = js_sys::Date::new(&instance.created.as_str().into()).get_time();
    let mut facts = vec![
        visible(&instance.status),
        visible(&instance.machine),
        visible(&instance.workspace),
        moment_of(time),
    ];
    facts.retain(|fact| !fact.is_empty());
    let chosen = instance.clone();
    Entry {
        label: visible(named),
        detail: facts.join(" · "),
        code: visible(&instance.id),
        act: Rc::new(move || take(gateway, chosen.clone())),
    }
}

/// Fetches an instance whole and takes it in.
fn take(gateway: Gateway, instance: Instance) {
    let state = gateway.state;
    say(state, tr("Fetching the instance…"), false);
    spawn_local(async move {
        let path = ["/api/v2/instances/", &crate::gateway::escape(&instance.id)].concat();
        let reply = match gateway.request(Call::get(&path, &[])).await {
            Ok(reply) => reply,
            Err(refused) => {
                let why = picking::reason(&refused, "paidsw:GetInstance");
                let said = fill("The instance could not be fetched. {}", &[&why]);
                return say(state, &said, false);
            }
        };
        let read = anything::read(&whole(&reply.document, &instance));
        let Some(document) = read.ok().and_then(|documents| documents.into_iter().next()) else {
            return say(
                state,
                tr("The service's answer is not that of an instance. Nothing was changed."),
                false,
            );
        };
        let name = instance.name;
        arrival::take(state, document, Begun::Instance(name.clone()));
        // Two instances of one name are refused: the rules tell so, as soon as they know of this one.
        state.learn(|context| {
            context.instance_names.insert(name);
        });
        state.show(&path![Request::INSTANCE_NAME]);
    });
}
