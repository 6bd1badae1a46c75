//! A JSON object written into a string: rows of names and values, or the JSON itself.

use std::cell::Cell;
use std::rc::Rc;

use dsw_form::edit::Edit;
use dsw_form::text::pairs;
use dsw_model::descriptor::Kind;
use dsw_words::{fill, tr};
use leptos::prelude::*;

use super::table::head;
use super::text;
use crate::dom::{
    El, after_update, button, el, el_class, el_text, focus_id, icon, icon_button, value_of,
};
use crate::field::Place;
use crate::later;
use crate::state::Slice;
use crate::toast;

/// Rows while the text is a flat object of texts, if it is to begin with them; else the JSON.
pub(super) fn options(place: &Place, rows_first: bool) -> El {
    let place = Rc::new(place.clone());
    // Whether the JSON is wanted, whatever it is; and how many rows are shown, none of them while it is.
    let as_json = Rc::new(Cell::new(!rows_first));
    let rows = RwSignal::new(0_usize);
    let (at, wanted) = (Rc::clone(&place), Rc::clone(&as_json));
    let add = button("btn btn-s", move |_| {
        wanted.set(false);
        let at = Rc::clone(&at);
        later::with(move |parts| (parts.inner.add_option)(&at));
    })
    .attr("id", &place.id("-add"))
    .child(icon("plus"))
    .text(tr("Add option"));
    let (at, wanted) = (Rc::clone(&place), Rc::clone(&as_json));
    let toggle = button("btn btn-s", move |_| {
        let json = rows.get_untracked() > 0;
        wanted.set(json);
        rows.set(if json { 0 } else { at.slice.with(count) });
    })
    .attr("data-kind", "ghost")
    .text_fn(move || {
        if rows.get() > 0 {
            tr("Edit as JSON")
        } else {
            tr("Edit as rows")
        }
        .to_owned()
    });
    let wanted = Rc::clone(&as_json);
    let area = text::area(&place)
        .on("input", move |_| wanted.set(true))
        .flag_fn("hidden", move || rows.get() > 0);
    let (adds, toggles) = (add.clone(), toggle.clone());
    place.slice.each(move |slice| {
        if !slice.set {
            as_json.set(!rows_first);
        }
        let found = count(slice);
        let shown = if as_json.get() { 0 } else { found };
        if rows.get_untracked() != shown {
            rows.set(shown);
        }
        toggles.set("hidden", (found == 0).then_some(""));
        // An object in which something is no text has no rows.
        adds.set("hidden", (slice.set && found == 0).then_some(""));
    });
    let heads = vec![el_text("th", tr("Name")), el_text("th", tr("Value"))];
    let table = el_class("table", "pairs")
        .attr("aria-label", tr(place.field.label))
        .attr("data-for", &place.name)
        .flag_fn("hidden", move || rows.get() == 0)
        .child(head(heads))
        .child(el("tbody").rows_fn(
            move || rows.get(),
            move |row| {
                let place = Rc::clone(&place);
                later::element(move |parts| (parts.inner.pair)(&place, row))
            },
        ));
    el_class("div", "stack stack-s")
        .child(area)
        .child(table)
        .child(el_class("div", "line").child(add).child(toggle))
}

/// Adds a pair with nothing in it.
pub(super) fn add(place: &Rc<Place>) {
    let row = change(place, usize::MAX, None);
    place.state.rest();
    focus_later(row_id(place, row - 1, NAME));
}

const NAME: &str = "Name";
const VALUE: &str = "Value";

/// How many rows the text has.
fn count(slice: &Slice) -> usize {
    pairs::split(&slice.text()).map_or(0, |pairs| pairs.len())
}

fn row_id(place: &Place, row: usize, part: &str) -> String {
    format!("{}.{row}.{part}", place.name)
}

fn focus_later(id: String) {
    after_update(move || {
        focus_id(&id);
    });
}

/// Changes a pair, or takes it away, and writes all of them again; a row that is not there is added. Returns how
/// many there are.
fn change(place: &Place, row: usize, edit: Option<(&'static str, String)>) -> usize {
    let mut pairs = pairs::split(&text::text_at(place.state, &place.path)).unwrap_or_default();
    match (pairs.get_mut(row), edit) {
        (Some(pair), Some((NAME, text))) => pair.0 = text,
        (Some(pair), Some((_, text))) => pair.1 = text,
        (Some(_), None) => {
            pairs.remove(row);
        }
        (None, _) => pairs.push((String::new(), String::new())),
    }
    place
        .state
        .edit(&place.path, Edit::Text(pairs::join(&pairs)));
    pairs.len()
}

/// One name with its value.
pub(super) fn pair(place: &Rc<Place>, row: usize) -> El {
    let state = place.state;
    // Of its own, so that it ends with the row.
    let slice = state.slice(&place.path, Kind::Text);
    let at_row = (row + 1).to_string();
    let labels = [fill("Name {}", &[&at_row]), fill("Value {}", &[&at_row])];
    let cells = [NAME, VALUE].into_iter().zip(labels).map(|(part, label)| {
        let input = text::plain("input", &row_id(place, row, part), &place.described_by())
            .attr("type", "text")
            .attr("aria-label", &label);
        let shown = input.clone();
        slice.each(move |slice| {
            let pairs = pairs::split(&slice.text()).unwrap_or_default();
            if let Some((name, value)) = pairs.get(row) {
                shown.set_value(if part == NAME { name } else { value });
            }
        });
        let at = Rc::clone(place);
        let input = input
            .on("input", move |event| {
                change(&at, row, Some((part, value_of(&event))));
            })
            .on("change", move |_| state.rest());
        el("td").child(input)
    });
    let at = Rc::clone(place);
    let label = fill("Delete option {}", &[&at_row]);
    let delete = icon_button("trash", &label, move |_| {
        state.rest();
        let left = change(&at, row, None);
        state.rest();
        focus_later(match left {
            0 => at.id("-add"),
            left => row_id(&at, row.min(left - 1), NAME),
        });
        toast::say(state, &fill("Option {} deleted.", &[&at_row]), true);
    });
    el("tr").children(cells).child(el("td").child(delete))
}
