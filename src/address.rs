//! The views of the page and their addresses: `#start`, `#all`, `#guided`, `#guided/<section>`, `#review`. Each is an
//! entry of the browser's history, so that Back leads to where one was.

use std::cell::Cell;
use std::rc::Rc;

use dsw_form::link;
use dsw_model::descriptor::Section;
use dsw_words::{fill, tr};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::dom::{after, after_update, by_id, follow, on_window};
use crate::draft_store;
use crate::rail::anchor;
use crate::state::{FormState, REVIEW, START, View};
use crate::storage::MODE;
use crate::{i18n, js};

const GUIDED: &str = "guided";
const ALL: &str = "all";

/// Id of the heading of the start page.
pub const START_HEADING: &str = "start-h";

/// A place that an address names: what [`FormState::current`] is there, and whether the form is the guided one, if the
/// address says that.
type Named = (usize, Option<bool>);

/// What an address names. `#all` leads to all fields, wherever one is among them.
fn named(hash: &str) -> Option<Named> {
    let place = hash.strip_prefix('#')?;
    let section = match place {
        "start" => return Some((START, None)),
        "review" => return Some((REVIEW, None)),
        ALL => return Some((0, Some(false))),
        GUIDED => "",
        _ => place.strip_prefix("guided/")?,
    };
    Some((section_named(section).unwrap_or(0), Some(true)))
}

/// The number of the section with this anchor.
fn section_named(name: &str) -> Option<usize> {
    Section::ALL
        .iter()
        .position(|section| anchor(*section) == name)
}

/// The address of a section of the form.
pub fn of_section(section: Section, guided: bool) -> String {
    let anchor = anchor(section);
    if guided {
        ["#guided/", anchor].concat()
    } else {
        ["#", anchor].concat()
    }
}

/// The address of the page, without what stands behind `#`.
pub fn page() -> String {
    let mut address = window().location().href().unwrap_or_default();
    address.truncate(address.find('#').unwrap_or(address.len()));
    address
}

/// What stands behind `#` in the address, with that sign.
pub(crate) fn hash() -> String {
    window().location().hash().unwrap_or_default()
}

/// Calls `act` with what stands behind `#`, with that sign, whenever the address leads elsewhere. It is that of the
/// event: by the time that this is told the next may stand in the address.
pub(crate) fn on_hash(mut act: impl FnMut(&str) + 'static) {
    on_window("hashchange", move |event| {
        let address = js::member(&event, "newURL").as_string();
        let address = address.unwrap_or_default();
        act(address.find('#').map_or("", |at| &address[at..]));
    });
}

/// Writes the present view into the address, in place of what stands there.
pub(crate) fn settle(state: FormState) {
    if let Ok(history) = window().history() {
        // It fails only for addresses that are none.
        drop(history.replace_state_with_url(&JsValue::NULL, "", Some(&address(state))));
    }
}

/// The form that was used last in this browser, if it keeps such things.
pub(crate) fn remembered() -> Option<bool> {
    let storage = window().local_storage().ok().flatten()?;
    let mode = storage.get_item(MODE).ok().flatten()?;
    Some(mode == GUIDED)
}

/// Chooses the form, for the next visits too.
pub fn choose(state: FormState, guided: bool) {
    if let Ok(Some(storage)) = window().local_storage() {
        // A browser that keeps nothing loses the choice with the page, and nothing else.
        drop(storage.set_item(MODE, if guided { GUIDED } else { ALL }));
    }
    state.guided.set(guided);
    if state.current.get_untracked() >= REVIEW {
        state.current.set(0);
    }
}

/// Goes into the form: into the one that was used last, or else into this one.
pub fn enter(state: FormState, guided: bool) {
    choose(state, remembered().unwrap_or(guided));
}

/// Begins with the view that the address names, and keeps both in step. Without one a first visit begins at the start,
/// and who has been here before with the form that was used last.
pub fn begin(state: FormState) {
    let mode = remembered();
    let mut place = named(&hash());
    if place.is_none() {
        let first = hash().is_empty() && mode.is_none() && draft_store::stored().is_none();
        place = first.then_some((START, None));
    }
    let (current, guided) = place.unwrap_or((0, None));
    state.guided.set(guided.or(mode).unwrap_or_default());
    state.current.set(current);
    if hash().is_empty() {
        // The entry that one comes back to says what it is.
        settle(state);
    }
    // Where the address has led: there it is right already, and another may be on its way.
    let led = Rc::new(Cell::new(None));
    let leads = Rc::clone(&led);
    on_hash(move |hash| {
        go(state, hash);
        leads.set(Some((
            state.current.get_untracked(),
            state.guided.get_untracked(),
        )));
    });
    let last = Cell::new(None);
    follow(Box::new(move || {
        let now = (state.current.get(), state.guided.get());
        let shown = match view(now) {
            View::All => (0, false),
            View::Guided => now,
            View::Start | View::Review => (now.0, false),
        };
        if now.0 < REVIEW {
            state.section.set_value(now.0);
        }
        let by_address = led.take() == Some(now);
        if last.replace(Some(shown)).is_some_and(|last| last != shown) {
            untrack(|| {
                if !by_address {
                    tell_address(state);
                }
                arrive(state);
            });
        }
    }));
}

fn view((current, guided): (usize, bool)) -> View {
    match current {
        START => View::Start,
        REVIEW => View::Review,
        _ if guided => View::Guided,
        _ => View::All,
    }
}

impl FormState {
    /// The view that one is in. Whoever asks follows it.
    pub fn view(self) -> View {
        view((self.current.get(), self.guided.get()))
    }

    /// Leads from the start or the review to where one was in the form.
    pub fn to_form(self) {
        if self.current.get_untracked() >= REVIEW {
            self.current.set(self.section.get_value());
        }
    }
}

/// The address of the present view.
fn address(state: FormState) -> String {
    untrack(|| match state.view() {
        View::Start => "#start".to_owned(),
        View::Review => "#review".to_owned(),
        View::All => "#all".to_owned(),
        View::Guided => of_section(Section::ALL[state.current.get()], true),
    })
}

/// Goes where an address leads. One that names no view may name a place of the form; what else there is (the skip link,
/// the sheet of a narrow screen) is in every view.
fn go(state: FormState, hash: &str) {
    if let Some((current, guided)) = named(hash) {
        if let Some(guided) = guided {
            state.guided.set(guided);
        }
        // Among all fields the address says nothing of where one is.
        if guided != Some(false) || state.current.get_untracked() >= REVIEW {
            state.current.set(current);
        }
        return;
    }
    let Some(place) = hash.strip_prefix('#').and_then(by_id) else {
        return;
    };
    if hash == "#output" {
        // It stands beside the form.
        state.to_form();
    }
    let section = place.element().closest(".section").ok().flatten();
    if let Some(section) = section.and_then(|section| section_named(&section.id())) {
        state.current.set(section);
        // The place was hidden when the browser looked for it, and what stands before it has its height only once it
        // was in sight.
        after_update(move || {
            place.element().scroll_into_view();
            after(100, Box::new(move || place.element().scroll_into_view()));
        });
    }
}

/// The address names the view that is there.
fn tell_address(state: FormState) {
    // First a link that was followed names its own.
    after(
        0,
        Box::new(move || {
            let address = address(state);
            let hash = hash();
            if link::asks(&hash) {
                // It was followed just now, and leads elsewhere.
                return;
            }
            let there = match untrack(|| state.view()) {
                View::All => {
                    named(&hash).is_none_or(|(at, guided)| at < REVIEW && guided == Some(false))
                }
                View::Guided => named(&hash) == Some((state.current.get_untracked(), Some(true))),
                View::Start | View::Review => hash == address,
            };
            if !there {
                // It fails only for addresses that are none.
                drop(window().location().set_hash(&address));
            }
        }),
    );
}

/// Another view is there: it is seen from its beginning, and the focus is on its heading, unless that is in it already.
fn arrive(state: FormState) {
    after_update(move || {
        let (id, around) = match untrack(|| state.view()) {
            View::Start => (START_HEADING.to_owned(), "#start".to_owned()),
            // It puts the focus on its heading itself, once it has one.
            View::Review => (String::new(), "#review".to_owned()),
            View::All => ("main".to_owned(), ".section".to_owned()),
            View::Guided => {
                let section = Section::ALL[state.current.get_untracked()];
                (heading(section), ["#", anchor(section)].concat())
            }
        };
        let focused = document().active_element();
        let within = focused.and_then(|focused| focused.closest(&around).ok().flatten());
        if within.is_none() {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            if let Some(heading) = by_id(&id) {
                heading.focus();
            }
        }
    });
}

/// Id of the heading of a section.
pub fn heading(section: Section) -> String {
    [anchor(section), "-h"].concat()
}

/// The title of the page, for the view and whether errors are told.
pub fn title(state: FormState, errors: bool) -> String {
    const PRODUCT: &str = "DSW Composer";
    let of = |view: &str| fill("{} - DSW Composer", &[view]);
    let title = match state.view() {
        View::Start => of(tr("Start")),
        View::All => PRODUCT.to_owned(),
        View::Guided => of(i18n::section(Section::ALL[state.current.get()]).0),
        View::Review => of(i18n::review()),
    };
    if errors {
        fill("Error: {}", &[&title])
    } else {
        title
    }
}
