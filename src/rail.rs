//! The section rail: where one is, and how each section stands.

use std::cell::Cell;

use dsw_form::draft::{Draft, ROOT};
use dsw_model::descriptor::{FieldDescriptor, Section};
use dsw_model::path::Path;
use dsw_model::rules::{Diagnostic, Severity};
use dsw_words::tr;
use leptos::prelude::*;

use crate::control::{is_folded, radio};
use crate::dom::{El, el, el_class, el_text, follow, icon};
use crate::state::{FormState, REVIEW, Reviewed};
use crate::{address, i18n};

/// How a section stands, or all of them together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Findings that are errors, about values that are there (or that were asked for).
    pub errors: usize,
    /// Findings that are warnings, likewise.
    pub warnings: usize,
    /// Values that are missing, before the result was asked for.
    pub needed: usize,
    /// Fields that are sent.
    pub set: usize,
}

impl Standing {
    fn add(&mut self, reviewed: &Reviewed, found: &Diagnostic) {
        match found.severity {
            Severity::Error if !reviewed.is_due(found) => self.needed += 1,
            Severity::Warning if !reviewed.is_due(found) => {}
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
    }

    /// The tone of the whole.
    pub fn tone(self) -> Option<&'static str> {
        match self {
            Self { errors: 1.., .. } => Some("error"),
            Self { warnings: 1.., .. } => Some("warning"),
            Self {
                needed: 0,
                set: 1..,
                ..
            } => Some("ok"),
            _ => None,
        }
    }
}

/// The section that a path lies in. What the model does not know stands in the last one.
pub(crate) fn section_of(path: &Path) -> Section {
    if path.steps().is_empty() {
        // The region, and what concerns all of the request.
        return Section::Basics;
    }
    path.prefix(1)
        .field(ROOT)
        .and_then(|field| field.section)
        .unwrap_or(Section::Advanced)
}

/// The standing of every section, in the order of the form.
pub fn standings(reviewed: &Reviewed) -> [Standing; Section::ALL.len()] {
    let mut all = [Standing::default(); Section::ALL.len()];
    if let Draft::Struct(object) = reviewed.draft() {
        for (field, draft) in ROOT.fields.iter().zip(&object.fields) {
            if let Some(section) = field.section {
                all[section as usize].set += usize::from(!draft.is_blank());
            }
        }
        all[Section::Advanced as usize].set += object.unknown.len();
    }
    for found in &reviewed.review().diagnostics {
        all[section_of(found.path()) as usize].add(reviewed, found);
    }
    for path in reviewed.refused_places() {
        all[section_of(path) as usize].errors += 1;
    }
    all
}

/// The standing of what the guided form folds in a section.
pub fn folded(reviewed: &Reviewed, section: usize) -> Standing {
    let mut standing = Standing::default();
    let is_folded = |field: &FieldDescriptor| {
        field.section.is_some_and(|of| of as usize == section) && is_folded(field)
    };
    if let Draft::Struct(object) = reviewed.draft() {
        let fields = ROOT.fields.iter().zip(&object.fields);
        let set = fields.filter(|(field, draft)| is_folded(field) && !draft.is_blank());
        standing.set = set.count();
    }
    for found in &reviewed.review().diagnostics {
        if found.path().prefix(1).field(ROOT).is_some_and(is_folded) {
            standing.add(reviewed, found);
        }
    }
    standing
}

/// The standing of the whole request.
pub fn total(reviewed: &Reviewed) -> Standing {
    let mut total = Standing::default();
    for found in &reviewed.review().diagnostics {
        total.add(reviewed, found);
    }
    total
}

/// The standing of what lies at a path and inside it. What is set there is not counted.
pub fn standing_within(reviewed: &Reviewed, path: &Path) -> Standing {
    let mut standing = Standing::default();
    for found in reviewed.review().within(path) {
        standing.add(reviewed, found);
    }
    standing
}

/// Anchor of a section.
pub fn anchor(section: Section) -> &'static str {
    match section {
        Section::Basics => "basics",
        Section::Compute => "compute",
        Section::Image => "image",
        Section::Storage => "storage",
        Section::Network => "network",
        Section::Environment => "environment",
        Section::Labels => "labels",
        Section::Advanced => "advanced",
    }
}

/// The sections in which every request needs something.
const DECISIONS: [usize; 3] = [
    Section::Basics as usize,
    Section::Compute as usize,
    Section::Image as usize,
];

/// The rail.
pub fn rail(state: FormState, current: RwSignal<usize>) -> El {
    let mut updates = Vec::new();
    let mut entry = |number: usize, link: El, title: &str| {
        let (mark, words) = (el_class("span", "rail-mark"), el("small"));
        let link = link
            .attr_fn("aria-current", move || {
                (current.get() == number).then(|| "step".to_owned())
            })
            .on("click", move |_| current.set(number))
            .child(mark.clone())
            .child(el_text("span", title))
            .child(words.clone());
        let (region, shown) = (mark.region(), link.clone());
        updates.push(move |standing: Standing| {
            shown.set("data-tone", standing.tone());
            words.element().set_text_content(Some(&match number {
                REVIEW => i18n::readiness(standing),
                // Where something had to be decided it is.
                number if DECISIONS.contains(&number) && standing.tone() == Some("ok") => {
                    tr("Done").to_owned()
                }
                _ => i18n::standing(standing),
            }));
            region.fill(&|| {
                vec![icon(match standing.tone() {
                    Some("ok") => "done",
                    Some(tone) => tone,
                    None => "ring",
                })]
            });
        });
        el("li").child(link)
    };
    let link = || el_class("a", "rail-link");
    let links = Section::ALL.map(|section| {
        let link = link().attr_fn("href", move || {
            let guided = state.guided.get();
            let address = address::of_section(section, guided);
            // No element has this name, so it is given whole: what begins with the sign leads to one.
            let page = if guided {
                address::page()
            } else {
                String::new()
            };
            Some(page + &address)
        });
        entry(section as usize, link, i18n::section(section).0)
    });
    let review = entry(REVIEW, link().attr("href", "#review"), i18n::review());
    let last = Cell::new([None; REVIEW + 1]);
    state.watch(move |reviewed| {
        let mut all = [Standing::default(); REVIEW + 1];
        all[..REVIEW].copy_from_slice(&standings(reviewed));
        all[REVIEW] = total(reviewed);
        all[REVIEW].set = all[..REVIEW].iter().map(|section| section.set).sum();
        for (at, update) in updates.iter().enumerate() {
            if last.get()[at] != Some(all[at]) {
                update(all[at]);
            }
        }
        last.set(all.map(Some));
    });
    let inner = el_class("div", "rail-in")
        .child(modes(state))
        .child(el_class("ol", "rail-list").children(links).child(review))
        .child(el_class("p", "rail-foot").text(i18n::unofficial()));
    el_class("nav", "rail")
        .attr("aria-label", tr("Sections"))
        .child(inner)
}

/// The choice of the form: section by section, or all fields.
fn modes(state: FormState) -> El {
    let mode = |guided: bool, value: &str, text: &str| {
        let radio = radio("mode", value, el_text("span", text));
        let input = radio.input.clone();
        follow(Box::new(move || {
            input.set_checked(state.guided.get() == guided);
        }));
        radio.chosen(move || address::choose(state, guided))
    };
    let segment = el_class("fieldset", "segment")
        .child(el_class("legend", "hide").text(tr("Form")))
        .child(mode(true, "guided", tr("Guided")))
        .child(mode(false, "all", tr("All fields")));
    el_class("div", "rail-mode").child(segment)
}

/// Badges that count errors and warnings; nothing where there are none.
pub fn count_badges(standing: Standing) -> Vec<El> {
    let mut badges = Vec::new();
    if standing.errors > 0 {
        let said = i18n::errors(standing.errors);
        badges.push(badge("error", &said, Some("error")));
    }
    if standing.warnings > 0 {
        let said = i18n::warnings(standing.warnings);
        badges.push(badge("warning", &said, Some("warning")));
    }
    badges
}

/// A badge of this tone, with an icon before its text.
pub fn badge(tone: &str, text: &str, image: Option<&str>) -> El {
    el_class("span", "badge")
        .attr("data-tone", tone)
        .child(image.map(icon))
        .text(text)
}
