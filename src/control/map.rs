//! A map: a table of names and values.

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_form::text::env_file;
use dsw_model::descriptor::{Control, Kind};
use dsw_model::grammar;
use dsw_model::path::Path;
use leptos::prelude::{Get as _, GetUntracked as _, RwSignal, Set as _};

use super::list::Rows;
use super::{disclosure, table, text};
use crate::dom::{El, button, el, el_class, el_text, focus_id, form, value_of};
use crate::field::{Place, foreign, grouped, messages};
use crate::state::{Reviewed, Slice};
use crate::toast;
use crate::{i18n, later};

/// One row for each entry. Names are rows of the draft, so they may repeat or be empty while being typed.
pub(super) fn map(place: &Place, item: Kind) -> El {
    let rows = Rows::new(place, item);
    let heads = vec![el_text("th", "Name"), el_text("th", "Value")];
    let body = {
        let rows = rows.clone();
        el("tbody").rows_fn(rows.shown(), move |row| {
            let rows = rows.clone();
            later::element(move |parts| (parts.inner.entry)(&rows, row, item))
        })
    };
    let (paste, panel) = match place.field.control {
        Control::Variables => paste(place),
        _ => Default::default(),
    };
    grouped(place, "field")
        .child(foreign(place))
        .child(table::pairs(&rows, heads).child(body))
        .child(rows.foot().child(paste))
        .child(panel)
}

/// A button that opens a place for the lines of a `.env` file, and that place.
fn paste(place: &Place) -> (Option<El>, Option<El>) {
    let owner = place.clone();
    let (button, panel) = disclosure(&place.id("-env"), "Paste .env", move |open| {
        later::parts().map_or_else(Vec::new, |parts| (parts.inner.env_file)(&owner, open))
    });
    (Some(button), Some(panel))
}

/// What takes in the lines of a `.env` file; it closes the place that it stands in.
pub(super) fn env_file(place: &Place, open: RwSignal<bool>) -> Vec<El> {
    let (state, path) = (place.state, place.path.clone());
    let (id, said) = (place.id("-env-text"), place.id("-env-msg"));
    let area = text::plain("textarea", &id, &said).attr("rows", "5");
    let message = el_class("p", "field-hint")
        .attr("id", &said)
        .attr("role", "status")
        .text(i18n::ENV_FILE);
    let (typed, told, add) = (area.clone(), message.clone(), place.id("-add"));
    let take = button("btn btn-s", move |_| {
        let file = env_file::parse(&typed.value());
        let taken = state.with_draft(|draft| file.take_into(draft, &path));
        let words = i18n::env_file(&file, taken.added, taken.updated);
        state.edit(&Path::ROOT, Edit::Many(taken.edits));
        if file.skipped.is_empty() && !file.variables.is_empty() {
            open.set(false);
            focus_id(&add);
            toast::say(state, &words, true);
        } else {
            // What was skipped is there to be mended.
            told.element().set_text_content(Some(&words));
        }
    });
    vec![
        el_class("label", "field-label")
            .attr("for", &id)
            .text("Lines of a .env file"),
        message,
        area,
        el_class("div", "line").child(take.text("Take in")),
    ]
}

/// One row of a map.
pub(super) fn entry(rows: &Rows, row: usize, item: Kind) -> El {
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
    let secret = RwSignal::new(false);
    let variables = rows.control == Control::Variables;
    let key = move |reviewed: &Reviewed| {
        let rows = reviewed.draft().get(&list);
        let entry = match rows {
            Some(Draft::Map(rows)) => rows.get(row),
            _ => None,
        };
        entry.map_or_else(Default::default, |(key, value)| {
            let value = match value {
                Draft::Text(value) => value,
                _ => "",
            };
            (key.clone(), variables && grammar::names_secret(key, value))
        })
    };
    state.watch_part_at(&path, key, move |(key, names_secret): &(String, bool)| {
        shown.set_value(key);
        if secret.get_untracked() != *names_secret {
            secret.set(*names_secret);
        }
    });
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
    .attr("aria-label", &format!("Value {}", row + 1));
    // Framed together only while there is a button beside it.
    let value_cell = form()
        .attr_fn("class", move || secret.get().then(|| "affix".to_owned()))
        .children(text::veiled(
            value_cell,
            &format!("value of {} {}", rows.noun, row + 1),
            secret,
        ));
    el("tr")
        .attr("id", &name)
        .child(
            el("td")
                .child(form().child(key_cell))
                .child(messages(state, &name, &slice)),
        )
        .child(el("td").child(value_cell))
        .child(el("td").child(rows.buttons(row)))
}
