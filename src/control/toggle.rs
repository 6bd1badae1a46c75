//! A boolean: not set, yes, no.

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_words::tr;

use crate::dom::{El, el, el_class, el_text};
use crate::field::{Place, foreign};

/// The three states side by side. "Not set" leaves the member out, which is not the same as `false`.
pub(super) fn segment(place: &Place) -> El {
    let options = [
        (tr("Not set"), "", None),
        (tr("Yes"), "true", Some(true)),
        (tr("No"), "false", Some(false)),
    ];
    let radios = options.map(|(text, value, flag)| {
        let (state, path) = (place.state, place.path.clone());
        let radio = radio(&place.name, value, el_text("span", text));
        let input = radio.input.clone();
        place.slice.each(move |slice| {
            input.set_checked(match (&slice.draft, flag) {
                (Draft::Flag(is), Some(flag)) => *is == flag,
                (Draft::Unset, None) => true,
                _ => false,
            });
        });
        radio.chosen(move || {
            state.edit(&path, Edit::Flag(flag));
        })
    });
    el_class("div", "line")
        .child(el_class("span", "segment").children(radios))
        .child(foreign(place))
}

/// One choice of a segment.
#[derive(Debug)]
pub struct Radio {
    /// The button itself.
    pub input: El,
    face: El,
}

/// A radio button with its face.
pub fn radio(name: &str, value: &str, face: El) -> Radio {
    Radio {
        input: el("input")
            .attr("type", "radio")
            .attr("name", name)
            .attr("value", value),
        face,
    }
}

impl Radio {
    /// Whether it is the one chosen at first.
    #[must_use]
    pub fn checked(self, checked: bool) -> Self {
        self.input.set_checked(checked);
        self
    }

    /// What choosing it does.
    pub fn chosen(self, act: impl Fn() + 'static) -> El {
        el("label")
            .child(self.input.on("change", move |_| act()))
            .child(self.face)
    }

    /// A name for a face without text.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self {
            input: self.input.attr("aria-label", name).attr("title", name),
            ..self
        }
    }
}
