//! Alternatives: which branch is the active one, and what is kept of the others.

use std::cell::Cell;
use std::rc::Rc;

use dsw_form::alternatives::{alternative_of, group};
use dsw_form::draft::{Draft, StructDraft};
use dsw_form::edit::Edit;
use dsw_model::descriptor::{StructDescriptor, field_step};
use dsw_model::path::Path;
use dsw_words::{comma, tr};
use leptos::prelude::*;

use super::toggle::radio;
use crate::dom::{El, el, el_class, el_text, follow};
use crate::i18n;
use crate::state::{FormState, Reviewed};

/// The object whose alternatives these are.
pub(super) struct Owner {
    /// The form.
    pub(super) state: FormState,
    /// What is known about the object.
    pub(super) descriptor: &'static StructDescriptor,
    /// Path in the draft.
    pub(super) path: Path,
    /// Its wire path with a dot behind it; empty for the root.
    pub(super) prefix: String,
}

impl Owner {
    fn wire(&self, index: usize) -> &'static str {
        self.descriptor.fields[index].wire
    }

    /// The object as it was reviewed.
    pub(super) fn object<'a>(&self, reviewed: &'a Reviewed) -> Option<&'a StructDraft> {
        match reviewed.draft().get(&self.path) {
            Some(Draft::Struct(object)) => Some(object),
            _ => None,
        }
    }

    /// Which of these alternatives is the active one, by its place among them, and words for what is kept of the
    /// others.
    fn standing(&self, reviewed: &Reviewed, group: &[usize]) -> (Option<usize>, String) {
        let Some(object) = self.object(reviewed) else {
            return (None, String::new());
        };
        let active = object.active(group);
        let mut parked = String::new();
        for index in object.parked_values() {
            let of = alternative_of(self.descriptor, index);
            if of != active && of.is_some_and(|of| group.contains(&of)) {
                let label = tr(self.descriptor.fields[index].label);
                parked.push_str(if parked.is_empty() {
                    i18n::parked()
                } else {
                    comma()
                });
                parked.push_str(label);
            }
        }
        let place = group.iter().position(|index| Some(*index) == active);
        (place, parked)
    }
}

/// The places of the fields that stand together with the first of some alternatives: the alternatives, and what
/// is declared between them and applies with one of them.
pub(super) fn members(descriptor: &StructDescriptor, first: usize) -> Vec<usize> {
    let group = group(descriptor, first);
    if group.first() != Some(&first) {
        return Vec::new();
    }
    let last = group.last().copied().unwrap_or(first);
    (first..=last)
        .filter(|index| alternative_of(descriptor, *index).is_some_and(|of| group.contains(&of)))
        .collect()
}

/// The choice between alternatives: radio buttons, and a note about what is kept but not sent.
pub(super) fn choice(owner: &Rc<Owner>, first: usize) -> El {
    let group = group(owner.descriptor, first);
    let words = i18n::alternatives(owner.wire(first));
    let mut wires = String::new();
    for index in &group {
        if !wires.is_empty() {
            wires.push_str(" | ");
        }
        wires.push_str(owner.wire(*index));
    }
    let name = owner.prefix.clone() + &wires;
    // Where what follows from a choice needs words, it is a card; else one of a line.
    let cards = !words.branches[0].1.is_empty();
    let mut faces = Vec::new();
    let mut inputs = Vec::new();
    for (index, (label, hint)) in group.iter().copied().zip(words.branches) {
        let face = el("span");
        let face = if cards {
            face.child(el_text("b", label))
                .child(el_class("span", "field-hint").text(hint))
        } else {
            face.text(label)
        };
        let radio = radio(&name, owner.wire(index), face);
        inputs.push(radio.input.clone());
        let owner = Rc::clone(owner);
        let face = radio.chosen(move || {
            owner
                .state
                .edit(&owner.path, Edit::Choose(field_step(index)));
        });
        faces.push(if cards {
            face.attr("class", "either-option")
        } else {
            face
        });
    }
    let said = el("span");
    let note = el_class("p", "parked").child(said.clone());
    let shown = note.clone();
    let at = Rc::clone(owner);
    owner.state.watch_part(
        move |reviewed| at.standing(reviewed, &group),
        move |(active, parked)| {
            for (at, input) in inputs.iter().enumerate() {
                input.set_checked(*active == Some(at));
            }
            shown.set("hidden", parked.is_empty().then_some(""));
            said.element().set_text_content(Some(parked));
        },
    );
    let legend = el_class("legend", "field-label")
        .text(words.legend)
        .text(" ")
        .child(el_text("code", &wires));
    let options = if cards {
        el_class("div", "either-options")
    } else {
        el_class("span", "segment")
    };
    el_class("fieldset", "either")
        .child(legend)
        .child(options.children(faces))
        .child(note)
}

/// Why a field is not offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Void {
    /// It is.
    #[default]
    No,
    /// The other alternative is filled in.
    Filled,
    /// The other alternative was chosen.
    Chosen,
}

/// Hides a field while another alternative than its own is the active one. A field with a value or a finding is
/// never hidden, nor is one that is searched for. `block` is where the alternatives stand: filling one in there
/// does not take the other away at once, or what one is about to press would move.
pub(super) fn offered(owner: &Rc<Owner>, index: usize, view: &El, block: Option<&El>) {
    let Some(alternative) = alternative_of(owner.descriptor, index) else {
        return;
    };
    let state = owner.state;
    let name = owner.prefix.clone() + owner.wire(index);
    let why = Rc::new(Cell::new(Void::No));
    let (now, shown, around) = (Rc::clone(&why), view.clone(), block.cloned());
    let update: Rc<dyn Fn()> = Rc::new(move || {
        let looked_for = state.wanted.with(|wanted| wanted.starts_with(&name))
            || state.filter.with(|filter| !filter.words.is_empty());
        let hides = match now.get() {
            Void::No => false,
            Void::Filled => around.as_ref().is_none_or(|around| {
                !around
                    .element()
                    .matches(":focus-within")
                    .unwrap_or_default()
            }),
            Void::Chosen => true,
        };
        shown.set("data-void", (hides && !looked_for).then_some(""));
    });
    let (again, at) = (Rc::clone(&update), Rc::clone(owner));
    let path = owner.path.join(field_step(index));
    let group = group(owner.descriptor, alternative);
    // What stands elsewhere stays until another branch is chosen: its hint says with what it applies.
    let stands_in = block.is_some();
    state.watch_part(
        move |reviewed| {
            let Some(object) = at.object(reviewed) else {
                return Void::No;
            };
            let away = object
                .active(&group)
                .is_some_and(|active| active != alternative);
            if !away
                || !object.fields[index].is_blank()
                || reviewed
                    .review()
                    .within(&path)
                    .any(|found| reviewed.is_due(found))
            {
                Void::No
            } else if object.is_parked(alternative) {
                Void::Chosen
            } else if stands_in {
                Void::Filled
            } else {
                Void::No
            }
        },
        move |now| {
            why.set(*now);
            untrack(|| again());
        },
    );
    follow(Box::new(move || update()));
}
