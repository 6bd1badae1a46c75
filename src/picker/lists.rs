//! The lists that were fetched, and how one is.

use std::rc::Rc;

use dsw_form::offers::{self, Offer, Part, asks, is_last_page};
use dsw_model::descriptor::Source;
use dsw_model::rules::Context;
use leptos::prelude::*;
use serde_json::Value;

use crate::gateway::{Call, Gateway, Refused, fetch};
use crate::time::{moment, now};

/// The sample of machine types, beside the page.
const SAMPLE: &str = "assets/machines.json";
/// Pages of a list after which it is taken to be endless.
const MOST_PAGES: u64 = 200;

/// Which list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    source: Source,
    /// The region; nothing for the sample.
    region: Option<String>,
    /// What of the draft decides it.
    pub(crate) part: Part,
}

impl Key {
    /// The list that there is now.
    pub(crate) fn of(gateway: Gateway, source: Source, part: Part) -> Self {
        let there = gateway.mode.get_untracked().is_there();
        Self {
            source,
            region: there.then(|| gateway.region.get_untracked()),
            part,
        }
    }
}

/// A list, whole.
#[derive(Clone, Debug)]
pub(crate) struct List {
    /// What it offers.
    pub(crate) offers: Vec<Offer>,
    /// The day of a sample, such as `2026-01-15`; nothing for what the service said.
    pub(crate) sample: Option<String>,
    /// The time of day at which it came, such as `21:05`.
    pub(crate) time: String,
}

/// The lists that were fetched since the page came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lists(RwSignal<Vec<(Key, Rc<List>)>, LocalStorage>);

impl Default for Lists {
    fn default() -> Self {
        Self(RwSignal::new_local(Vec::new()))
    }
}

impl Lists {
    /// The list, if it was fetched.
    pub(crate) fn find(self, key: &Key) -> Option<Rc<List>> {
        self.0.with_untracked(|all| {
            let found = all.iter().find(|(known, _)| known == key);
            found.map(|(_, list)| Rc::clone(list))
        })
    }

    /// Follows the lists: what reads them is done again when one comes.
    pub(crate) fn track(self) {
        self.0.track();
    }

    fn keep(self, key: Key, list: &Rc<List>) {
        self.0.update(|all| {
            all.retain(|(known, _)| *known != key);
            all.push((key, Rc::clone(list)));
        });
    }
}

/// Fetches a list, keeps it, and tells the rules what it says. `step` is told how many rows have come, and of how
/// many in all.
///
/// # Errors
///
/// When a page can not be had: half a list would hide the rest.
pub(crate) async fn load(
    gateway: Gateway,
    key: Key,
    step: &dyn Fn(u64, u64),
) -> Result<Rc<List>, Refused> {
    let (mut found, mut learned) = (Vec::new(), Context::default());
    let mut sample = None;
    let mut take = |page: &Value, sample: bool| {
        offers::read(key.source, page, &mut found);
        offers::learn(key.source, page, sample, &mut learned);
    };
    if key.region.is_none() {
        let page = fetch(&Call::get(SAMPLE, &[]), SAMPLE, "").await?.document;
        take(&page, true);
        sample = Some(page["date"].as_str().unwrap_or_default().to_owned());
    } else {
        let (mut got, mut before) = (0, 0);
        for ask in asks(key.source, &key.part) {
            let (mut number, mut total) = (1, 0);
            loop {
                let query = ask.page(number);
                let query: Vec<_> = query
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                let page = gateway
                    .request(Call::get(&ask.path, &query))
                    .await?
                    .document;
                take(&page, false);
                total = page["TotalCount"].as_u64().unwrap_or(total);
                let rows = offers::rows(key.source, &page);
                got += rows;
                step(got, before + total);
                // A service that counts wrong is not asked for ever.
                if is_last_page(&page, number) || rows == 0 || number == MOST_PAGES {
                    break;
                }
                number += 1;
            }
            before += total;
        }
    }
    offers::sort(key.source, &mut found);
    if gateway.mode.is_disposed() {
        // The page is gone.
        return Err(Refused::by_page(Refused::UNREACHABLE, 0));
    }
    let time = now();
    let list = Rc::new(List {
        offers: found,
        sample,
        time: moment(&time),
    });
    // What was left meanwhile is kept, but says nothing of where one is now.
    if Key::of(gateway, key.source, key.part.clone()) == key {
        gateway.state.learn(|context| {
            context.machines.append(&mut learned.machines);
            context.images.append(&mut learned.images);
            context.datasets.append(&mut learned.datasets);
            context.prices.append(&mut learned.prices);
        });
    }
    gateway.lists.keep(key, &list);
    Ok(list)
}
