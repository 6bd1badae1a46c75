//! A map: a table of names and values.

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_model::descriptor::Kind;

use super::list::Rows;
use super::{table, text};
use crate::dom::{El, el, el_text, value_of};
use crate::field::{Place, foreign, grouped, messages};
use crate::state::{Reviewed, Slice};

/// One row for each entry. Names are rows of the draft, so they may repeat or be empty while being typed.
pub(super) fn map(place: &Place, item: Kind) -> El {
    let rows = Rows::new(place, item);
    let heads = vec![el_text("th", "Name"), el_text("th", "Value")];
    let body = {
        let rows = rows.clone();
        el("tbody").rows_fn(rows.shown(), move |row| entry(&rows, row, item))
    };
    grouped(place, "field")
        .child(foreign(place))
        .child(table::pairs(&rows, heads).child(body))
        .child(rows.foot())
}

fn entry(rows: &Rows, row: usize, item: Kind) -> El {
    let state = rows.state;
    let path = rows.path.join(row);
    let name = rows.row_name(row);
    let slice = state.slice(&path, item);
    let at = rows.path.clone();
    let described_by = format!("{}-hint {name}-msg", rows.name);
    let key_cell = text::plain("input", &format!("{name}.Key"), &described_by)
        .attr("type", "text")
        .attr("aria-label", &format!("Name {}", row + 1));
    let (shown, list) = (key_cell.clone(), rows.path.clone());
    let key = move |reviewed: &Reviewed| match reviewed.draft().get(&list) {
        Some(Draft::Map(rows)) => rows
            .get(row)
            .map(|(key, _)| key.clone())
            .unwrap_or_default(),
        _ => String::new(),
    };
    state.watch_part_at(&path, key, move |key| shown.set_value(key));
    let key_cell = slice
        .attr(key_cell, "aria-invalid", Slice::invalid)
        .on("input", move |event| {
            state.edit(&at, Edit::Rename(row, value_of(&event)));
        })
        .on("change", move |_| state.rest());
    let value_cell = text::bound(
        "input",
        state,
        &path,
        &format!("{name}.Value"),
        &described_by,
        &slice,
    )
    .attr("type", "text")
    .attr("aria-label", &format!("Value {}", row + 1));
    el("tr")
        .attr("id", &name)
        .child(
            el("td")
                .child(key_cell)
                .child(messages(state, &name, &slice)),
        )
        .child(el("td").child(value_cell))
        .child(el("td").child(rows.delete_button(row)))
}
