//! Members that the model does not know: kept, shown as JSON, sent.

use std::sync::Arc;

use dsw_form::draft::{Draft, ROOT};
use dsw_form::edit::Edit;
use dsw_model::descriptor::Kind;
use dsw_model::path::{Path, Step};
use dsw_words::{fill, tr};

use super::text;
use crate::dom::{El, button, el_class, el_text, form};
use crate::field::messages;
use crate::state::{FormState, Reviewed, control_id};
use crate::{i18n, later};

/// Members shown: an object has a few at most, unless it is no request at all.
const FIRST_MEMBERS: usize = 50;

/// The unknown members of the object at this path, each with its JSON; nothing while there are none.
pub fn unknown_members(state: FormState, parent: &Path) -> El {
    let element = el_class("div", "unknown stack");
    let region = element.region();
    let (at, inside, parent) = (parent.clone(), parent.clone(), parent.clone());
    let names = move |reviewed: &Reviewed| match reviewed.draft().get(&inside) {
        Some(Draft::Struct(object)) => object
            .unknown
            .iter()
            .map(|(name, _)| Arc::clone(name))
            .collect(),
        _ => Vec::<Arc<str>>::new(),
    };
    state.watch_part_at(&at, names, move |names| {
        // Only an import brings any, and a draft that was kept.
        region.fill(&|| {
            later::parts().map_or_else(Vec::new, |parts| {
                (parts.inner.unknown)(state, &parent, names)
            })
        });
    });
    element
}

/// Members that the model does not know, as far as they are shown.
pub(super) fn members(state: FormState, parent: &Path, names: &[Arc<str>]) -> Vec<El> {
    let shown = names.iter().take(FIRST_MEMBERS);
    let mut members: Vec<_> = shown.map(|name| member(state, parent, name)).collect();
    if names.len() > FIRST_MEMBERS {
        let hidden = names.len() - FIRST_MEMBERS;
        members.push(el_class("p", "soft").text(&i18n::more_members(hidden)));
    }
    members
}

fn member(state: FormState, parent: &Path, name: &Arc<str>) -> El {
    let path = parent.join(Step::Key(Arc::clone(name)));
    let id = control_id(&path);
    let slice = state.slice(&path, Kind::Json);
    let removed = path.clone();
    let remove = button("btn btn-s", move |_| {
        state.edit(&removed, Edit::Set(Draft::Unset));
    });
    let label = el_class("label", "field-label")
        .attr("for", &id)
        .text(tr("Imported, not in the reference "))
        .child(el_text("code", name));
    let hint = el_class("p", "field-hint")
        .attr("id", &format!("{id}-hint"))
        .text(tr("Kept and sent as it came."));
    let area = text::bound(
        "textarea",
        state,
        &path,
        &id,
        &format!("{id}-hint {id}-msg"),
        &slice,
    )
    .attr("name", &path.name(ROOT))
    .attr("rows", "3");
    slice
        .tone(form().attr("class", "field"))
        .attr("data-set", "")
        .child(label)
        .child(hint)
        .child(area)
        .child(messages(state, &id, &slice))
        .child(el_class("div", "line").child(remove.text(&fill("Remove {}", &[name]))))
}
