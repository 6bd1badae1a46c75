//! [`FormState`]: the draft, its review, and the slices that controls read.

use std::sync::Arc;

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_form::history::History;
use dsw_form::import::Import;
use dsw_form::review::{Review, review};
use dsw_model::descriptor::Kind;
use dsw_model::path::Path;
use dsw_model::rules::{Context, Diagnostic, Fix, Severity};
use leptos::prelude::*;

/// Everything that the page shows follows from this. It is a handle: copies lead to the same state.
#[derive(Clone, Copy, Debug)]
pub struct FormState {
    edited: RwSignal<Edited>,
    review: Memo<Arc<Review>>,
    /// Whether the person has asked for the result: from then on, missing values are told at their fields.
    pub asked: RwSignal<bool>,
    /// What the filter above the form lets through.
    pub filter: RwSignal<Filter>,
    /// What was just done, for the status line.
    pub said: RwSignal<String>,
    /// Whether what was just done can be taken back.
    pub undoable: RwSignal<bool>,
}

/// What is edited, with its past, and what is known from outside. One signal, so that every edit is told once.
#[derive(Debug, Default)]
struct Edited {
    draft: Draft,
    history: History,
    context: Context,
}

/// Which fields are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Lower-case text that a field's label, name or help holds.
    pub words: String,
    /// Which states of a field are let through.
    pub show: Show,
}

/// Which states of a field are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// All.
    #[default]
    All,
    /// Those that are sent.
    Set,
    /// Those with findings.
    Problems,
}

/// What a control shows of its field: the part of draft and review that is its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slice {
    /// The value; of objects, lists and maps only whether they hold something (their parts have slices of
    /// their own).
    pub draft: Draft,
    /// Number of rows of a list or map.
    pub rows: usize,
    /// Whether something of the field is sent.
    pub set: bool,
    /// The findings at the field that are to be shown now.
    pub findings: Vec<Diagnostic>,
}

impl Slice {
    /// The gravest tone of the findings, for `data-tone`.
    pub fn tone(&self) -> Option<&'static str> {
        self.findings
            .iter()
            .map(|found| found.severity)
            .min()
            .map(tone)
    }

    /// The value of `aria-invalid`: only errors make a value invalid.
    pub fn invalid(&self) -> Option<String> {
        (self.tone() == Some("error")).then(|| "true".to_owned())
    }

    /// The text of a typed value. A value of another type is written as JSON.
    pub fn text(&self) -> String {
        match &self.draft {
            Draft::Text(text) => text.clone(),
            Draft::Foreign(value) => value.to_string(),
            _ => String::new(),
        }
    }
}

/// The name of a severity's tone.
pub fn tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Whether values of this kind have parts with controls of their own.
pub fn is_container(kind: Kind) -> bool {
    matches!(kind, Kind::Struct(_) | Kind::List(_) | Kind::Map(_))
}

impl FormState {
    /// The state of an empty form.
    pub fn new() -> Self {
        let edited = RwSignal::new(Edited::default());
        // Each edit gives another review; comparing the whole of both would cost more than it saves.
        let review = Memo::new_with_compare(
            move |_| Arc::new(edited.with(|edited| review(&edited.draft, &edited.context))),
            |_, _| true,
        );
        Self {
            edited,
            review,
            asked: RwSignal::new(false),
            filter: RwSignal::default(),
            said: RwSignal::default(),
            undoable: RwSignal::new(false),
        }
    }

    /// Changes the value at a path. Returns whether that changed anything.
    pub fn edit(self, path: &Path, edit: Edit) -> bool {
        let mut changed = false;
        self.edited.maybe_update(|Edited { draft, history, .. }| {
            changed = history.apply(draft, path, edit);
            changed
        });
        changed
    }

    /// Makes the edit that a finding offers, as one step.
    pub fn mend(self, fix: &Fix) {
        self.edit(&Path::ROOT, Edit::from_fix(fix));
    }

    /// Takes in a whole request, as one step.
    pub fn load(self, import: Import) {
        self.edit(&Path::ROOT, Edit::Set(import.draft));
    }

    /// Takes the last step back, or makes it again. Returns the place that changed.
    pub fn step(self, back: bool) -> Option<Path> {
        let mut place = None;
        self.edited.maybe_update(|Edited { draft, history, .. }| {
            place = if back {
                history.undo(draft)
            } else {
                history.redo(draft)
            };
            place.is_some()
        });
        place
    }

    /// Whether there is a step to take back or to make again. It follows the draft.
    pub fn can_step(self, back: bool) -> bool {
        self.edited.with(|Edited { history, .. }| {
            if back {
                history.can_undo()
            } else {
                history.can_redo()
            }
        })
    }

    /// Ends a run of typing, so that the next letter begins a new step of undo.
    pub fn rest(self) {
        self.edited.update_untracked(|edited| edited.history.rest());
    }

    /// Reads the review; it follows the draft.
    pub fn with_review<T>(self, read: impl FnOnce(&Review) -> T) -> T {
        self.review.with(|review| read(review))
    }

    /// Reads the draft and follows it.
    pub fn with_draft<T>(self, read: impl FnOnce(&Draft) -> T) -> T {
        self.edited.with(|edited| read(&edited.draft))
    }

    /// Whether a finding is to be shown at its field now: one about a value that is missing waits until the
    /// result is asked for.
    pub fn is_due(self, found: &Diagnostic) -> bool {
        self.asked.get() || self.with_draft(|draft| !is_missing(draft, found))
    }

    /// The slice of a field. It changes only when what the field shows changes.
    pub fn slice(self, path: &Path, kind: Kind) -> Memo<Slice> {
        let path = path.clone();
        Memo::new(move |_| {
            let findings = self.with_review(|review| {
                review
                    .at(&path)
                    .filter(|found| self.is_due(found))
                    .cloned()
                    .collect()
            });
            self.with_draft(|draft| {
                let node = draft.get(&path);
                let set = node.is_some_and(|node| !node.is_blank());
                let rows = node.map_or(0, Draft::row_count);
                let draft = match node {
                    Some(Draft::Foreign(value)) => Draft::Foreign(value.clone()),
                    Some(node) if !is_container(kind) => node.clone(),
                    _ => Draft::Unset,
                };
                Slice {
                    draft,
                    rows,
                    set,
                    findings,
                }
            })
        })
    }
}

impl Default for FormState {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether a finding speaks of a value that is not there.
pub fn is_missing(draft: &Draft, found: &Diagnostic) -> bool {
    draft.get(found.path()).is_none_or(Draft::is_blank)
}
