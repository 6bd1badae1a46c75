//! The section rail: where one is, and how each section stands.

use dsw_form::draft::{Draft, ROOT};
use dsw_model::descriptor::{Section, field_step};
use dsw_model::path::Path;
use dsw_model::rules::Severity;
use leptos::prelude::*;

use crate::dom::{El, el, el_class, el_text, icon};
use crate::i18n;
use crate::state::{FormState, is_missing};

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
fn section_of(path: &Path) -> Section {
    path.prefix(1)
        .field(ROOT)
        .and_then(|field| field.section)
        .unwrap_or(Section::Advanced)
}

/// The standing of a section, or of the whole request.
pub fn standing(state: FormState, section: Option<Section>) -> Memo<Standing> {
    Memo::new(move |_| {
        compute(state, |path| {
            section.is_none_or(|section| section == section_of(path))
        })
    })
}

/// The standing of what these paths lead to.
pub fn compute(state: FormState, counts: impl Fn(&Path) -> bool) -> Standing {
    let mut standing = Standing::default();
    let asked = state.asked.get();
    state.with_draft(|draft| {
        if let Draft::Struct(object) = draft {
            for (index, field) in object.fields.iter().enumerate() {
                let path = Path::ROOT.join(field_step(index));
                standing.set += usize::from(!field.is_blank() && counts(&path));
            }
            for (name, _) in &object.unknown {
                standing.set += usize::from(counts(&Path::ROOT.join(&**name)));
            }
        }
        state.with_review(|review| {
            for found in &review.diagnostics {
                if !counts(found.path()) {
                    continue;
                }
                match found.severity {
                    Severity::Error if !asked && is_missing(draft, found) => standing.needed += 1,
                    Severity::Warning if !asked && is_missing(draft, found) => {}
                    Severity::Error => standing.errors += 1,
                    Severity::Warning => standing.warnings += 1,
                }
            }
        });
    });
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

/// The rail.
pub fn rail(state: FormState, current: RwSignal<usize>) -> El {
    let links = Section::ALL.map(|section| {
        let standing = standing(state, Some(section));
        let mark = el_class("span", "rail-mark").content_fn(move || {
            vec![icon(match standing.get().tone() {
                Some("ok") => "done",
                Some(tone) => tone,
                None => "ring",
            })]
        });
        let link = el_class("a", "rail-link")
            .attr("href", &format!("#{}", anchor(section)))
            .attr_fn("data-tone", move || {
                standing.get().tone().map(str::to_owned)
            })
            .attr_fn("aria-current", move || {
                (current.get() == section as usize).then(|| "step".to_owned())
            })
            .on("click", move |_| current.set(section as usize))
            .child(mark)
            .child(el_text("span", i18n::section(section).0))
            .child(el("small").text_fn(move || i18n::standing(standing.get())));
        el("li").child(link)
    });
    let inner = el_class("div", "rail-in")
        .child(el_class("ol", "rail-list").children(links))
        .child(el_class("p", "rail-foot").text(i18n::UNOFFICIAL));
    el_class("nav", "rail")
        .attr("aria-label", "Sections")
        .child(inner)
}

/// Badges that count errors and warnings; nothing where there are none.
pub fn count_badges(standing: Standing) -> Vec<El> {
    [(standing.errors, "error"), (standing.warnings, "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, tone)| badge(tone, &i18n::count(count, tone), Some(tone)))
        .collect()
}

/// A badge of this tone, with an icon before its text.
pub fn badge(tone: &str, text: &str, image: Option<&str>) -> El {
    el_class("span", "badge")
        .attr("data-tone", tone)
        .child(image.map(icon))
        .text(text)
}
