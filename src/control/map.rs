//! A map: a table of names and values.

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_form::text::env_file;
use dsw_model::descriptor::{Control, Kind};
use dsw_model::path::Path;
use dsw_words::{fill, tr};
use leptos::prelude::{GetUntracked as _, RwSignal, Set as _};

use super::list::{Rows, or_as_text};
use super::{disclosure, table, text};
use crate::dom::{El, button, el, el_class, el_text, focus_id, form, value_of};
use crate::field::{Place, foreign, grouped, messages};
use crate::state::{FormState, Reviewed, Slice};
use crate::toast;
use crate::{i18n, later};

/// One row for each entry. Names are rows of the draft, so they may repeat or be empty while being typed.
pub(super) fn map(place: &Place, item: Kind) -> El {
    let rows = Rows::new(place, item);
    let heads = vec![el_text("th", tr("Name")), el_text("th", tr("Value"))];
    let body = {
        let rows = rows.clone();
        el("tbody").rows_fn(rows.shown(), move |row| {
            let rows = rows.clone();
            later::element(move |parts| (parts.inner.entry)(&rows, row, item))
        })
    };
    let table = table::pairs(&rows, heads).child(body);
    let field = grouped(place, "field").child(foreign(place));
    if place.field.control != Control::Variables {
        return field.children(or_as_text(place, &rows, table));
    }
    // Variables may be secrets, which do not stand in a text: lines are taken in instead.
    let [paste, panel] = paste(place);
    field
        .child(table)
        .child(rows.foot().child(paste))
        .child(panel)
}

/// A button that opens a place for the lines of a `.env` file, and that place.
fn paste(place: &Place) -> [El; 2] {
    let owner = place.clone();
    let (button, panel) = disclosure(&place.id("-env"), tr("Paste .env"), move |open| {
        later::parts().map_or_else(Vec::new, |parts| (parts.inner.env_file)(&owner, open))
    });
    [button, panel]
}

/// What takes in the lines of a `.env` file; it closes the place that it stands in.
pub(super) fn env_file(place: &Place, open: RwSignal<bool>) -> Vec<El> {
    let (state, path) = (place.state, place.path.clone());
    let (id, said) = (place.id("-env-text"), place.id("-env-msg"));
    let area = text::plain("textarea", &id, &said).attr("rows", "5");
    let message = el_class("p", "field-hint")
        .attr("id", &said)
        .attr("role", "status")
        .text(i18n::env_file_hint());
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
            .text(tr("Lines of a .env file")),
        message,
        area,
        el_class("div", "line").child(take.text(tr("Take in"))),
    ]
}

/// One row of a map.
pub(super) fn entry(rows: &Rows, row: usize, item: Kind) -> El {
    let state = rows.state;
    let path = rows.path.join(row);
    let name = rows.row_name(row);
    let at_row = (row + 1).to_string();
    let slice = state.slice(&path, item);
    let at = rows.path.clone();
    let described_by = format!("{}-hint {name}-msg", rows.name);
    let key_cell = text::plain("input", &format!("{name}.Key"), &described_by)
        .attr("type", "text")
        .attr("aria-label", &fill("Name {}", &[&at_row]));
    let (shown, list) = (key_cell.clone(), rows.path.clone());
    let secret = RwSignal::new(false);
    let note = el_class("div", "line field-hint secrecy");
    let region = note.region();
    let keep = keep_button(rows, row);
    let (offered, noted) = (keep.clone(), rows.path.clone());
    let variables = rows.control == Control::Variables;
    let standing = move |reviewed: &Reviewed| {
        let rows = reviewed.draft().get(&list);
        let entry = match rows {
            Some(Draft::Map(rows)) => rows.get(row),
            _ => None,
        };
        let Some((key, value)) = entry else {
            return Standing::default();
        };
        let value = match value {
            Draft::Text(value) => value,
            _ => "",
        };
        if !variables {
            return Standing {
                name: key.clone(),
                ..Standing::default()
            };
        }
        Standing {
            name: key.clone(),
            hides: state.with_known(|context| context.secrecy.hides(key, value)),
            said: state.with_known(|context| context.secrecy.said(key)),
        }
    };
    state.watch_part_at(&path, standing, move |standing: &Standing| {
        shown.set_value(&standing.name);
        if secret.get_untracked() != standing.hides {
            secret.set(standing.hides);
        }
        let quiet = !variables || standing.hides || standing.said.is_some();
        offered.set("hidden", (quiet || standing.name.is_empty()).then_some(""));
        region.fill(&|| {
            let Some((words, act)) = i18n::secrecy(standing.hides, standing.said) else {
                return Vec::new();
            };
            let (path, hides) = (noted.clone(), standing.hides);
            let button = button("btn btn-s", move |_| confide(state, &path, row, !hides));
            vec![el_text("span", words), button.text(act)]
        });
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
    .attr("aria-label", &fill("Value {}", &[&at_row]));
    // Beside the value of a variable there is always a button.
    let framed = form();
    framed.set("class", variables.then_some("affix"));
    let framed = framed.children(text::veiled(
        state,
        value_cell,
        &fill("value of {} {}", &[rows.noun, &at_row]),
        secret,
    ));
    el("tr")
        .attr("id", &name)
        .child(
            el("td")
                .child(form().child(key_cell))
                .child(messages(state, &name, &slice)),
        )
        .child(
            el("td")
                .child(framed.child(variables.then_some(keep)))
                .child(note),
        )
        .child(el("td").child(rows.buttons(row)))
}

/// The button that makes a secret of a variable.
fn keep_button(rows: &Rows, row: usize) -> El {
    let label = fill("Keep {} secret", &[&rows.row_named(row)]);
    let keep = rows.row_button("lock", &label, row, |rows, row| {
        confide(rows.state, &rows.path, row, true);
    });
    keep.attr("class", "btn btn-icon")
        .attr("data-kind", "")
        .attr("data-testid", "keep-secret")
}

/// What the page knows of the secrecy of an entry.
#[derive(Default, PartialEq)]
struct Standing {
    name: String,
    hides: bool,
    /// What the person has said of it.
    said: Option<bool>,
}

/// Takes in that the variable of a row is a secret, or none. The focus stays in the row.
fn confide(state: FormState, list: &Path, row: usize, is_secret: bool) {
    let name = state.with_draft(|draft| match draft.get(list) {
        Some(Draft::Map(rows)) => rows.get(row).map(|(name, _)| name.clone()),
        _ => None,
    });
    if let Some(name) = name {
        state.confide(&name, is_secret);
        state.show(&list.join(row));
        toast::say(state, &i18n::confided(&name, is_secret), false);
    }
}
