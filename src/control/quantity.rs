//! A quantity: number and unit, over one text.

use std::cell::Cell;
use std::rc::Rc;

use dsw_form::edit::Edit;
use dsw_form::text::quantity;
use dsw_words::{fill, tr};

use super::choice::option;
use super::text;
use crate::dom::{El, el_class, value_of};
use crate::field::Place;
use crate::state::Slice;

/// A number with its unit beside it. A text with a unit of its own is taken as it is typed; what is no such
/// quantity stands whole in the input, and the unit says so.
pub(super) fn quantity(place: &Place, units: &'static [&'static str]) -> El {
    let (state, path, live) = (place.state, place.path.clone(), place.slice.clone());
    let usual = units.first().copied().unwrap_or_default();
    // The unit that a bare number takes: the last one shown, also while the text is none for a moment.
    let unit = Rc::new(Cell::new(usual));
    let described_by = place.described_by();
    let input = text::plain("input", &place.name, &described_by)
        .attr("type", "text")
        .attr("inputmode", "decimal");
    let id = place.id("-unit");
    let select = text::plain("select", &id, &described_by)
        .attr("aria-label", &fill("{} unit", &[tr(place.field.label)]));
    let (shown, choice, region) = (input.clone(), select.clone(), select.region());
    let (current, last) = (Rc::clone(&unit), Cell::new(None));
    live.each(move |slice| {
        let text = slice.text();
        let parts = quantity::split(&text, units);
        let (number, chosen, other) = match &parts {
            Some(parts) => (parts.number, parts.unit, tr("No unit")),
            None if text.is_empty() => ("", usual, ""),
            None => (text.as_str(), "", tr("As typed")),
        };
        if parts.is_some() || text.is_empty() {
            current.set(chosen);
        }
        // What is no unit can be seen, not chosen: it is there while it is so.
        let other = if chosen.is_empty() { other } else { "" };
        if last.replace(Some(other)) != Some(other) {
            region.fill(&|| {
                let mut options = Vec::new();
                for unit in units {
                    options.push(option(unit, unit));
                }
                if !other.is_empty() {
                    options.push(option("", other));
                }
                options
            });
        }
        choice.set_value(chosen);
        shown.set_value(number);
    });
    let input = live.attr(input, "aria-invalid", Slice::invalid);
    let input = input
        .on("input", {
            let (path, unit) = (path.clone(), Rc::clone(&unit));
            move |event| {
                let text = quantity::join(&value_of(&event), unit.get());
                state.edit(&path, Edit::Text(text));
            }
        })
        .on("change", move |_| state.rest());
    let shown = select.clone();
    let select = select.on("change", move |event| {
        let value = value_of(&event);
        let Some(chosen) = units.iter().find(|known| **known == value) else {
            return;
        };
        unit.set(chosen);
        let text = live.with(Slice::text);
        if let Some(text) = quantity::with_unit(&text, chosen) {
            state.rest();
            state.edit(&path, Edit::Text(text));
            state.rest();
        } else if !text.is_empty() {
            // There is no number to go with the unit: the text stays what it is.
            shown.set_value("");
        }
    });
    el_class("div", "affix").child(input).child(select)
}
