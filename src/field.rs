//! The frame around a control: label, hint, control, messages.
//!
//! The four parts are tied together by ids made from the field's wire path: the control has the path as its
//! id and name, the hint ends in `-hint`, the messages in `-msg`.

use std::cell::RefCell;
use std::rc::Rc;

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_model::descriptor::{Choices, FieldDescriptor, Kind, Layout, StructDescriptor};
use dsw_model::path::Path;
use dsw_model::policy::Stance;
use dsw_model::rules::{Diagnostic, Severity};
use dsw_words::{fill, tr};
use leptos::prelude::*;

use crate::dom::{El, button, el, el_class, el_text, follow, form, icon};
use crate::guide::with_more;
use crate::rail::badge;
use crate::state::{FormState, Live, Slice, is_container, tone};
use crate::toast::say;
use crate::why::Why;
use crate::{i18n, later, refused, team};

/// A field of the form: where it stands, what is known about it, what it shows.
#[derive(Clone, Debug)]
pub struct Place {
    /// The form.
    pub state: FormState,
    /// Path in the draft.
    pub path: Path,
    /// The path with wire names; name and id of the control.
    pub name: String,
    /// Facts about the field.
    pub field: &'static FieldDescriptor,
    /// The object that the field is part of.
    pub owner: &'static StructDescriptor,
    /// What the field shows.
    pub slice: Live,
}

impl Place {
    /// The id of something that belongs to the field: its name with this behind it.
    pub fn id(&self, tail: &str) -> String {
        self.name.clone() + tail
    }

    /// What describes the control: hint, then messages.
    pub fn described_by(&self) -> String {
        format!("{0}-hint {0}-msg", self.name)
    }
}

/// Puts label, hint and messages around a control that a label can lead to.
pub fn framed(place: &Place, control: El) -> El {
    let label = label(
        el_class("label", "field-label").attr("for", &place.name),
        place,
    );
    let (hint, answer) = with_more(place, hint(place));
    marked(form().attr("class", "field"), place)
        .child(label)
        .child(hint)
        .child(control)
        .child(messages(place.state, &place.name, &place.slice))
        // Below the control: fields side by side stay in line when it opens.
        .child(answer)
}

/// Puts legend, hint and messages around several controls.
pub fn grouped(place: &Place, class: &str) -> El {
    let (hint, answer) = with_more(place, hint(place));
    marked(el_class("fieldset", class), place)
        .attr("id", &place.name)
        .attr("aria-describedby", &place.described_by())
        .child(label(el_class("legend", "field-label"), place))
        .child(hint)
        .child(answer)
        .child(messages(place.state, &place.name, &place.slice))
}

/// The marks of the field's state, for the style sheet, and whether the filter hides it.
fn marked(element: El, place: &Place) -> El {
    let live = &place.slice;
    let element = live.attr(live.tone(element), "data-set", |slice| {
        slice.set.then(String::new)
    });
    // What has fields inside stays while one of them is shown: there the style sheet decides.
    let attribute = match place.field.kind {
        Kind::Struct(_) => None,
        Kind::List(Kind::Struct(inner)) if inner.layout == Layout::Rows => Some("data-off"),
        _ => Some("hidden"),
    };
    if let Some(attribute) = attribute {
        let (shown, live, filter) = (element.clone(), live.clone(), place.state.filter);
        let field = place.field;
        // Also by their English: it is what the reference says.
        let words = [
            field.label,
            &place.name,
            field.help,
            tr(field.label),
            tr(field.help),
        ];
        let words = words.join(" ").to_ascii_lowercase();
        let update = Rc::new(move || {
            let lets_through =
                filter.with(|filter| live.with(|slice| filter.lets_through(&words, slice)));
            shown.set(attribute, (!lets_through).then_some(""));
        });
        let again = Rc::clone(&update);
        place.slice.each(move |_| untrack(|| again()));
        follow(Box::new(move || update()));
    }
    element
}

/// Name for people, name for the API, flags.
fn label(element: El, place: &Place) -> El {
    let (field, owner) = (place.field, place.owner);
    // Of an object all of which is reported, its label says so.
    let reported = field.read_only && !owner.fields.iter().all(|field| field.read_only);
    let badge = |there: bool, text: &str, tone: &str| there.then(|| badge(tone, text, None));
    element
        .text(tr(field.label))
        .text(" ")
        .child(el_text("code", field.wire))
        .child(badge(field.secret(), tr("Secret"), ""))
        .child(badge(field.deprecated, tr("Deprecated"), "warning"))
        .child(badge(reported, tr("Reported by the service"), ""))
}

/// Help, unit, default, condition and example: what to know before typing.
fn hint(place: &Place) -> El {
    let field = place.field;
    let closed = matches!(field.choices, Choices::Closed(_));
    // Neither what the choices show already, nor what one line cannot.
    let unfit =
        closed || field.secret() || is_container(field.kind) || field.example.contains('\n');
    let unfit = unfit || matches!(field.kind, Kind::Boolean);
    let example = !(field.example.is_empty() || unfit);
    let hint = el_class("p", "field-hint")
        .attr("id", &format!("{}-hint", place.name))
        .text(&i18n::hint(place.owner, field));
    if example {
        hint.text(tr(" Example: "))
            .child(el_text("code", field.example))
    } else {
        hint
    }
}

/// The findings at a place. The element is always there, so that what describes the control never changes,
/// and takes no room while it is empty.
pub fn messages(state: FormState, name: &str, live: &Live) -> El {
    let element = el_class("div", "field-msgs")
        .attr("id", &format!("{name}-msg"))
        .attr("data-testid", &format!("error-{name}"));
    let region = element.region();
    let shown = RefCell::new((Vec::new(), false, Stance::Free));
    let (why, name) = (Why::default(), name.to_owned());
    live.each(move |slice| {
        let mut shown = shown.borrow_mut();
        if shown.0 != slice.findings || (shown.1, shown.2) != (slice.refused, slice.held) {
            region.fill(&|| {
                let parts = later::parts();
                parts.map_or_else(Vec::new, |parts| {
                    (parts.messages)(state, slice, &name, &why)
                })
            });
            shown.0.clone_from(&slice.findings);
            (shown.1, shown.2) = (slice.refused, slice.held);
        }
    });
    element
}

/// All that is said at a place: what the service refused, what the team has fixed, then the findings.
pub(crate) fn all_messages(state: FormState, slice: &Slice, name: &str, why: &Why) -> Vec<El> {
    let refused = slice.refused.then(|| refused::message(state));
    let findings = slice.findings.iter();
    let held = team::held(state, slice, name);
    refused
        .into_iter()
        .chain(held)
        .chain(findings.map(|found| message(state, found, name, why)))
        .collect()
}

/// A finding, with the mend that it offers and the rule behind it.
fn message(state: FormState, found: &Diagnostic, name: &str, why: &Why) -> El {
    let (mark, word) = match found.severity {
        Severity::Error => ("error", tr("Error:")),
        Severity::Warning => ("warning", tr("Warning:")),
    };
    let text = el("span")
        .child(el_text("b", word))
        .text(" ")
        .text(&i18n::message(found));
    let fix = found.fix.clone().map(|fix| {
        let path = found.path().clone();
        let words = i18n::fix(found);
        let done = i18n::fixed(found);
        button("btn btn-s", move |_| {
            state.mend(&fix);
            // The button goes with its message; the field it mended is where one was.
            state.show(&path);
            say(state, &done, true);
        })
        .child(icon("fix"))
        .text(&words)
    });
    let [ask, answer] = why.of(found, name);
    el_class("p", "field-msg")
        .attr("data-tone", tone(found.severity))
        .child(icon(mark))
        .child(text)
        .child(fix)
        .child(ask)
        .child(answer)
}

/// What came in another type than the field's: shown as it is sent, with a way to take it away. It takes no
/// room while there is nothing of the kind.
pub fn foreign(place: &Place) -> El {
    let (state, path, label) = (place.state, place.path.clone(), tr(place.field.label));
    foreign_value(&place.slice, move || {
        let path = path.clone();
        let remove = button("btn btn-s", move |_| {
            state.edit(&path, Edit::Set(Draft::Unset));
        });
        Some(remove.text(&fill("Remove {}", &[label])))
    })
}

/// A value of another type as it is sent, with a button beside it.
pub fn foreign_value(live: &Live, beside: impl Fn() -> Option<El> + 'static) -> El {
    let element = el_class("div", "foreign line");
    let region = element.region();
    live.each(move |slice| {
        region.fill(&|| match &slice.draft {
            Draft::Foreign(value) => [
                Some(el_text("code", &i18n::excerpt(&value.to_string()))),
                beside(),
            ]
            .into_iter()
            .flatten()
            .collect(),
            _ => Vec::new(),
        });
    });
    element
}
