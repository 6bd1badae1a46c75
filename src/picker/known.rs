//! What the page finds out by itself while there is a gateway: what kind of machine, image and dataset the request
//! names, however they were entered, and whether the instance's name is in use. The rules judge by it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dsw_form::draft::Draft;
use dsw_form::offers::{Part, is_last_page, name_ask, names};
use dsw_model::descriptor::Source;
use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::request::{CreateInstanceRequest as Request, Dataset};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use super::lists::{self, Key};
use super::{PAUSE, part_of};
use crate::dom::{after, follow, on_document};
use crate::gateway::{Call, Gateway};
use crate::state::{FormState, control_id};

/// Whether a draft names something of a list.
type Names = fn(&Draft) -> bool;

/// The lists that are fetched by themselves, and what of the draft asks for each.
const ASKED: [(Source, Names); 3] = [
    (Source::Machines, |draft| {
        is_set(draft, &path![Request::ECS_SPEC])
    }),
    (Source::Images, |draft| {
        is_set(draft, &path![Request::IMAGE_ID])
    }),
    (Source::Datasets, |draft| {
        let rows = draft
            .get(&path![Request::DATASETS])
            .map_or(0, Draft::row_count);
        // The first rows tell of what kind they all are: nobody types a thousand ids.
        (0..rows.min(20)).any(|row| {
            is_set(
                draft,
                &path![Request::DATASETS].join(row).join(Dataset::DATASET_ID),
            )
        })
    }),
];

fn is_set(draft: &Draft, path: &Path) -> bool {
    draft.get(path).is_some_and(|draft| !draft.is_blank())
}

/// Begins to find out.
pub(crate) fn begin(gateway: Gateway) {
    let state = gateway.state;
    let tried = Rc::new(RefCell::new(Vec::<Key>::new()));
    let look = {
        let tried = Rc::clone(&tried);
        Rc::new(move || fetch_lists(gateway, &tried))
    };
    let again = Rc::clone(&look);
    follow(Box::new(move || {
        gateway.mode.track();
        gateway.region.track();
        untrack(|| again());
    }));
    let latest = Rc::new(Cell::new(0_u32));
    state.watch_part(
        |reviewed| {
            let draft = reviewed.draft();
            let part = super::part_in(draft, &Path::ROOT, Source::Images);
            (ASKED.map(|(_, asks)| asks(draft)), part)
        },
        move |_| {
            let mine = latest.get().wrapping_add(1);
            latest.set(mine);
            let (latest, look) = (Rc::clone(&latest), Rc::clone(&look));
            let act = move || {
                if latest.get() == mine {
                    look();
                }
            };
            after(PAUSE, Box::new(act));
        },
    );
    let asked = Rc::new(RefCell::new((String::new(), String::new())));
    on_document("focusout", move |event| {
        let left = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if left.is_some_and(|left| left.id() == control_id(&path![Request::INSTANCE_NAME])) {
            look_for_name(gateway, &asked);
        }
    });
}

/// Fetches the lists that tell what the request names. One that can not be had is not asked for again: the picker
/// says why.
fn fetch_lists(gateway: Gateway, tried: &Rc<RefCell<Vec<Key>>>) {
    let Some(mode) = gateway.mode.try_get_untracked() else {
        return;
    };
    if !mode.is_there() {
        return;
    }
    for (source, asks) in ASKED {
        let part = part_of(gateway.state, &Path::ROOT, source);
        let key = Key::of(gateway, source, part);
        if !gateway.state.with_draft(asks)
            || gateway.lists.find(&key).is_some()
            || tried.borrow().contains(&key)
        {
            continue;
        }
        tried.borrow_mut().push(key.clone());
        spawn_local(async move {
            // Without it the rules say nothing of what it would tell.
            drop(lists::load(gateway, key, &|_, _| {}).await);
        });
    }
}

/// Fetches the list of machines, unless it is there. Without it the start page does not tell what they cost.
pub(crate) fn fetch_machines(gateway: Gateway) {
    let key = Key::of(gateway, Source::Machines, Part::default());
    if gateway.lists.find(&key).is_none() {
        spawn_local(async move {
            drop(lists::load(gateway, key, &|_, _| {}).await);
        });
    }
}

/// Looks whether there is an instance of the name that was entered. `asked` is the region and name asked for last.
fn look_for_name(gateway: Gateway, asked: &Rc<RefCell<(String, String)>>) {
    let name = instance_name(gateway.state);
    let ask = (gateway.region.get_untracked(), name);
    if !gateway.mode.get_untracked().is_there() || ask.1.is_empty() || *asked.borrow() == ask {
        return;
    }
    asked.replace(ask.clone());
    let asked = Rc::clone(asked);
    spawn_local(async move {
        let (region, name) = &ask;
        let mut number = 1;
        loop {
            let call = name_ask(name);
            let query = call.page(number);
            let query: Vec<_> = query
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let Ok(reply) = gateway.request(Call::get(&call.path, &query)).await else {
                // It is asked for again when the name is left the next time; a create is judged by the service.
                asked.replace(Default::default());
                return;
            };
            // Names belong to a region.
            if gateway.region.try_get_untracked().as_ref() != Some(region) {
                return;
            }
            let found: Vec<_> = names(&reply.document).map(str::to_owned).collect();
            let ends = found.is_empty() || is_last_page(&reply.document, number);
            if found.contains(name) {
                gateway.state.learn(|context| {
                    context.instance_names.insert(name.clone());
                });
                return;
            }
            if ends {
                return;
            }
            number += 1;
        }
    });
}

fn instance_name(state: FormState) -> String {
    state.with_draft(|draft| match draft.get(&path![Request::INSTANCE_NAME]) {
        Some(Draft::Text(name)) => name.clone(),
        _ => String::new(),
    })
}
