//! Members that the model does not know: kept, shown as JSON, sent.

use std::sync::Arc;

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_model::descriptor::Kind;
use dsw_model::path::{Path, Step};
use leptos::prelude::*;

use super::text;
use crate::dom::{El, button, el_class, el_text};
use crate::field::{messages, toned};
use crate::state::FormState;

/// The unknown members of the object at this path, each with its JSON; nothing while there are none.
pub fn unknown_members(state: FormState, parent: &Path, prefix: &str) -> El {
    let names = {
        let parent = parent.clone();
        move || {
            state.with_draft(|draft| match draft.get(&parent) {
                Some(Draft::Struct(object)) => object
                    .unknown
                    .iter()
                    .map(|(name, _)| Arc::clone(name))
                    .collect(),
                _ => Vec::<Arc<str>>::new(),
            })
        }
    };
    // Only whether the names have changed matters here, and a text tells it.
    let known = names.clone();
    let changed = Memo::new(move |_| known().join("\n"));
    let (parent, prefix) = (parent.clone(), prefix.to_owned());
    el_class("div", "unknown stack").content_fn(move || {
        changed.track();
        untrack(&names)
            .into_iter()
            .map(|name| member(state, &parent, &prefix, name))
            .collect()
    })
}

fn member(state: FormState, parent: &Path, prefix: &str, name: Arc<str>) -> El {
    let dot = if prefix.is_empty() { "" } else { "." };
    let id = format!("{prefix}{dot}{name}");
    let path = parent.join(Step::Key(Arc::clone(&name)));
    let slice = state.slice(&path, Kind::Json);
    let removed = path.clone();
    let remove = button("btn btn-s", move |_| {
        state.edit(&removed, Edit::Set(Draft::Unset));
    });
    let label = el_class("label", "field-label")
        .attr("for", &id)
        .text("Imported, not in the reference ")
        .child(el_text("code", &name));
    let hint = el_class("p", "field-hint")
        .attr("id", &format!("{id}-hint"))
        .text("Kept and sent as it came.");
    let area = text::bound(
        "textarea",
        state,
        &path,
        &id,
        &format!("{id}-hint {id}-msg"),
        slice,
    )
    .attr("rows", "3");
    toned(el_class("div", "field"), slice)
        .attr("data-set", "")
        .child(label)
        .child(hint)
        .child(area)
        .child(messages(state, &id, slice))
        .child(el_class("div", "line").child(remove.text(&format!("Remove {name}"))))
}
