//! Names with commas between them: one text, and the names in it to be seen and deleted.

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_form::text::items;
use dsw_model::path::Path;
use dsw_words::{fill, tr};

use super::text::{self, pasted};
use crate::dom::{El, after_update, el, el_class, focus_id, icon_button};
use crate::field::Place;
use crate::state::FormState;

/// One line of text; below it, each of several names with a button that deletes it.
pub(super) fn names(place: &Place) -> El {
    let (state, path) = (place.state, place.path.clone());
    let input = text::input(place).on("paste", move |event| {
        // An input has one line: the browser would join the lines to one name.
        let Some(lines) = pasted(&event).filter(|text| text.trim_end().contains('\n')) else {
            return;
        };
        event.prevent_default();
        let mut all = items::split(&text::text_at(state, &path));
        all.extend(items::split(&lines));
        state.rest();
        state.edit(&path, Edit::Text(all.join(",")));
        state.rest();
    });
    let list = el_class("ul", "chips").attr("aria-label", tr(place.field.label));
    let (region, shown) = (list.region(), list.clone());
    let (path, name) = (place.path.clone(), place.name.clone());
    place.slice.each(move |slice| {
        let parts: Vec<_> = match &slice.draft {
            Draft::Text(text) if text.contains(',') => text.split(',').map(str::trim).collect(),
            _ => Vec::new(),
        };
        shown.set("hidden", parts.is_empty().then_some(""));
        region.fill(&|| {
            let mut chips = Vec::new();
            for at in 0..parts.len() {
                chips.push(chip(state, &path, &name, &parts, at));
            }
            chips
        });
    });
    el_class("div", "stack stack-s").child(input).child(list)
}

/// One name, with the button that deletes it. The focus goes to the button that takes its place, or to the text
/// once one name is left.
fn chip(state: FormState, path: &Path, name: &str, parts: &[&str], at: usize) -> El {
    let part = if parts[at].is_empty() {
        tr("(empty)")
    } else {
        parts[at]
    };
    let path = path.clone();
    let next = match parts.len() {
        3.. => chip_id(name, at.min(parts.len() - 2)),
        _ => name.to_owned(),
    };
    let delete = icon_button("trash", &fill("Delete {}", &[part]), move |_| {
        let text = items::without_part(&text::text_at(state, &path), at);
        state.rest();
        state.edit(&path, Edit::Text(text));
        state.rest();
        let next = next.clone();
        after_update(move || {
            focus_id(&next);
        });
    });
    el("li")
        .child(el_class("span", "mono").text(part))
        .child(delete.attr("id", &chip_id(name, at)))
}

fn chip_id(name: &str, at: usize) -> String {
    format!("{name}-chip-{at}")
}
