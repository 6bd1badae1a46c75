//! Tables of pairs: lists of small flat objects, with a column for each field.

use dsw_model::descriptor::{Kind, StructDescriptor, field_step};
use dsw_words::tr;

use super::list::{Rows, or_as_text};
use super::{text, unknown_members};
use crate::dom::{El, el, el_class, el_text, form};
use crate::field::{Place, foreign, foreign_value, grouped, messages};
use crate::later;
use crate::state::Slice;

/// The head of a table around rows; there is no table while there are no rows.
pub(super) fn pairs(rows: &Rows, heads: Vec<El>) -> El {
    let none = |slice: &Slice| (slice.rows == 0).then(String::new);
    rows.slice
        .attr(el_class("table", "pairs movable"), "hidden", none)
        .child(head(heads))
}

/// The headings of a table, and an empty one above the buttons of the rows.
pub(super) fn head(heads: Vec<El>) -> El {
    let heads = heads.into_iter().map(|head| head.attr("scope", "col"));
    el("thead").child(el("tr").children(heads).child(el("td")))
}

/// One row for each object.
pub(super) fn table(place: &Place, inner: &'static StructDescriptor) -> El {
    let rows = Rows::new(place, Kind::Struct(inner));
    let heads = inner.fields.iter().map(|field| {
        let wire = (field.wire != field.label).then(|| el_text("code", field.wire));
        el_text("th", tr(field.label)).text(" ").child(wire)
    });
    let table = {
        let rows = rows.clone();
        pairs(&rows, heads.collect()).rows_fn(rows.shown(), move |row| {
            let rows = rows.clone();
            later::element(move |parts| (parts.inner.table_row)(&rows, row, inner))
        })
    };
    grouped(place, "field")
        .child(foreign(place))
        .children(or_as_text(place, &rows, table))
}

/// One row of a table.
pub(super) fn object(rows: &Rows, row: usize, inner: &'static StructDescriptor) -> El {
    let state = rows.state;
    let path = rows.path.join(row);
    let name = rows.row_name(row);
    let cells = inner.fields.iter().enumerate().map(|(index, field)| {
        let path = path.join(field_step(index));
        let name = format!("{name}.{}", field.wire);
        let slice = state.slice(&path, field.kind);
        let label = [tr(field.label), " ", &(row + 1).to_string()].concat();
        let cell = text::cell(state, &path, &name, &label, &rows.name, &slice);
        el("td")
            .child(form().child(cell))
            .child(messages(state, &name, &slice))
    });
    let slice = state.slice(&path, Kind::Struct(inner));
    // What concerns the row as a whole, or is not in the reference, stands below its cells.
    let below = el("td")
        .attr("colspan", &(inner.fields.len() + 1).to_string())
        .child(foreign_value(&slice, || None))
        .child(messages(state, &name, &slice))
        .child(unknown_members(state, &path));
    el("tbody")
        .attr("id", &name)
        .child(
            el("tr")
                .children(cells)
                .child(el("td").child(rows.buttons(row))),
        )
        .child(el("tr").child(below))
}
