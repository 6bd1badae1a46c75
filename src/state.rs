//! [`FormState`]: the draft, its review, and the slices that controls read.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use dsw_form::changes::root_field;
use dsw_form::draft::{Draft, ROOT};
use dsw_form::edit::Edit;
use dsw_form::history::History;
use dsw_form::import::Import;
use dsw_form::print::Printout;
use dsw_form::refusal::Refusal;
use dsw_form::review::{Review, Reviewer, is_missing};
use dsw_model::descriptor::{Kind, Section};
use dsw_model::path::{Field, Path, Step};
use dsw_model::policy::Stance;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_model::rules::{Context, Diagnostic, Fix, Severity};
use dsw_model::secrecy::Secrecy;
use dsw_model::verdict::{Fields, Found};
use leptos::prelude::*;

use crate::commands;
use crate::dom::{Attribute, El, after_update, focus_id, follow};
use crate::later::{self, Progress};
use crate::rail::section_of;

/// What stands in [`FormState::current`] for the review, which comes after the last section.
pub const REVIEW: usize = Section::ALL.len();

/// The same for the start page.
pub const START: usize = REVIEW + 1;

/// What the page shows (`src/address.rs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Ways to begin.
    Start,
    /// The form, all of it.
    All,
    /// The form, section by section.
    Guided,
    /// What will be sent.
    Review,
}

/// Everything that the page shows follows from this. It is a handle: copies lead to the same state.
///
/// After each edit one effect shows the new review to everything that watches it. A form has hundreds of
/// watchers, each of which looks at a place of its own and compares; when they were effects of their own,
/// waking them took more than half of a keystroke (`docs/decisions/0003-elements-by-hand.md`).
#[derive(Clone, Copy, Debug)]
pub struct FormState {
    edited: RwSignal<Edited>,
    /// Whether the person has asked for the result: from then on, missing values are told at their fields.
    pub asked: RwSignal<bool>,
    /// The sections of which the result was asked for, as bits: there missing values are told too.
    pub asked_in: RwSignal<u32>,
    /// Whether errors across fields are told: once a request was taken in, or problems were looked for.
    pub checked: RwSignal<bool>,
    /// What the filter above the form lets through.
    pub filter: RwSignal<Filter>,
    /// What was just done, for the status line.
    pub said: RwSignal<String>,
    /// Whether what was just done can be taken back.
    pub undoable: RwSignal<bool>,
    /// Id of the control that is looked for: rows on the way to it open.
    pub wanted: RwSignal<String>,
    /// How many of the problems have been stepped through.
    pub visited: RwSignal<usize>,
    /// How far the parts are that come after the form.
    pub progress: RwSignal<Progress>,
    /// The section that one is in, by its number; [`REVIEW`] in the review, [`START`] at the start.
    pub current: RwSignal<usize>,
    /// How often the page was built anew, in another language.
    pub builds: RwSignal<usize>,
    /// The sections of which the guided form shows all, as bits.
    pub open: RwSignal<u32>,
    /// Whether the form is shown section by section.
    pub guided: RwSignal<bool>,
    /// The section that one was in last.
    pub section: StoredValue<usize>,
    /// How often the page was left for another: what was revealed is hidden again.
    pub left: RwSignal<usize>,
    /// Whether single keys do something.
    pub single_keys: RwSignal<bool>,
    reviewed: StoredValue<Rc<RefCell<Reviewed>>, LocalStorage>,
    watchers: StoredValue<Vec<Watcher>, LocalStorage>,
}

/// The last review, with what else is shown of it.
#[derive(Debug, Default)]
pub struct Reviewed {
    reviewer: Reviewer,
    /// The body, line by line.
    pub printout: Printout,
    /// Whether missing values are told.
    pub asked: bool,
    /// The sections of which missing values are told, as bits.
    asked_in: u32,
    /// The section that is shown alone, if one is.
    here: Option<usize>,
    /// Whether errors across fields are told.
    checked: bool,
    /// The place at which new findings wait.
    typing: Option<Path>,
    /// What the service refused last.
    refused: Option<Arc<Refusal>>,
    /// The fields of which something that is shown has changed since the review before.
    touched: Fields,
}

/// Something that looks at each new review.
struct Watcher {
    id: usize,
    /// The field that it looks at; without one it looks at everything.
    field: Option<Field>,
    look: Rc<dyn Fn(&Reviewed)>,
}

/// What is edited, with its past, and what is known from outside. One signal, so that every edit is told once.
#[derive(Debug, Default)]
struct Edited {
    draft: Draft,
    history: History,
    context: Arc<Context>,
    /// The place that is typed in, while new findings at it wait until it is left.
    typing: Option<Path>,
    /// What the service refused last, until that is dismissed.
    refused: Option<Arc<Refusal>>,
}

/// Which fields are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words that a field's label, name or help holds, in any case.
    pub words: String,
    /// Which states of a field are let through.
    pub show: Show,
}

impl Filter {
    /// Whether a field with these words and this slice is shown.
    pub fn lets_through(&self, words: &str, slice: &Slice) -> bool {
        let shown = match self.show {
            Show::All => true,
            Show::Set => slice.set,
            Show::Problems => slice.troubled,
        };
        let wanted = self.words.to_ascii_lowercase();
        shown && wanted.split_whitespace().all(|word| words.contains(word))
    }
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
    /// The value; of objects, lists and maps only whether they came in another type (their parts have slices
    /// of their own).
    pub draft: Draft,
    /// Number of rows of a list or map.
    pub rows: usize,
    /// Whether something of the field is sent.
    pub set: bool,
    /// The findings at the field that are to be shown now.
    pub findings: Found,
    /// Whether there are findings to be shown at the field or inside it.
    pub troubled: bool,
    /// Whether the service refused the field, which has been left as it was.
    pub refused: bool,
    /// What the team's policy says of the field.
    pub held: Stance,
}

/// A slice that is kept current, for those who show it.
#[derive(Clone)]
pub struct Live(Rc<Shown>);

/// What is done with a slice that has changed.
type ShowSlice = Box<dyn Fn(&Slice)>;

struct Shown {
    slice: RefCell<Slice>,
    shows: RefCell<Vec<ShowSlice>>,
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.slice.borrow().fmt(f)
    }
}

impl Live {
    /// Reads the slice as it is now.
    pub fn with<T>(&self, read: impl FnOnce(&Slice) -> T) -> T {
        read(&self.0.slice.borrow())
    }

    /// Shows the slice now and whenever it changes.
    pub fn each(&self, show: impl Fn(&Slice) + 'static) {
        self.with(&show);
        self.0.shows.borrow_mut().push(Box::new(show));
    }

    /// Sets an attribute of an element by the slice.
    pub fn attr(&self, element: El, name: &'static str, value: fn(&Slice) -> Attribute) -> El {
        let shown = element.clone();
        self.each(move |slice| shown.set(name, value(slice).as_deref()));
        element
    }

    /// Keeps the value of a typed control.
    pub fn value(&self, element: El) -> El {
        let shown = element.clone();
        self.each(move |slice| shown.set_value(&slice.text()));
        self.attr(element, "aria-invalid", Slice::invalid)
    }

    /// Marks an element with the gravest tone of the findings.
    pub fn tone(&self, element: El) -> El {
        self.attr(element, "data-tone", |slice| {
            slice.tone().map(str::to_owned)
        })
    }
}

impl Reviewed {
    /// The draft that was reviewed.
    pub fn draft(&self) -> &Draft {
        self.reviewer.draft()
    }

    /// Whether the draft was judged: until the judge has come there are no findings.
    pub fn is_judged(&self) -> bool {
        self.reviewer.is_judging()
    }

    /// Body and findings.
    pub fn review(&self) -> &Review {
        self.reviewer.review()
    }

    fn update(&mut self, edited: &Edited, asked: bool, asked_in: u32, checked: bool) {
        if !self.is_judged()
            && let Some(parts) = later::parts()
        {
            self.reviewer.appoint((parts.judge)());
        }
        let (changes, mut touched) = self.reviewer.update(&edited.draft, &edited.context);
        if self.printout.keep_secret(&edited.context.secrecy) {
            touched.add(Request::ENVIRONMENT_VARIABLES);
        }
        self.printout
            .update(&edited.draft, self.reviewer.review(), &changes);
        if (self.asked, self.asked_in, self.checked) != (asked, asked_in, checked) {
            touched = Fields::ALL;
        }
        if self.typing != edited.typing {
            // What waited at a place that is left is told now.
            for path in self.typing.iter().chain(&edited.typing) {
                touched.add(root_field(path));
            }
            self.typing.clone_from(&edited.typing);
        }
        if self.refused.as_ref().map(Arc::as_ptr) != edited.refused.as_ref().map(Arc::as_ptr) {
            touched = Fields::ALL;
            self.refused.clone_from(&edited.refused);
        }
        self.asked = asked;
        self.asked_in = asked_in;
        self.checked = checked;
        self.touched = touched;
    }

    /// Whether a finding is told at its field now (`docs/decisions/0007-when-messages-appear.md`): what waits
    /// is counted and marked already.
    pub fn is_told(&self, found: &Diagnostic) -> bool {
        let crosses = found.paths.len() > 1 && found.severity == Severity::Error;
        let typed = self
            .typing
            .as_ref()
            .is_some_and(|at| found.paths.contains(at));
        self.is_asked(found)
            || self.is_due(found) && (self.checked || !crosses) && (!typed || is_final(found))
    }

    /// Whether a finding counts as a problem now: one about a value that is missing is still needed until the
    /// result is asked for.
    pub fn is_due(&self, found: &Diagnostic) -> bool {
        self.is_asked(found) || !is_missing(self.draft(), found)
    }

    /// Whether the result was asked for, of the whole or of the section that a finding is in.
    fn is_asked(&self, found: &Diagnostic) -> bool {
        self.asked || self.asked_in >> (section_of(found.path()) as u32) & 1 == 1
    }

    /// Whether a finding is listed in the summary above the form: where the sections are shown one by one, each lists its
    /// own, unless the whole was asked for.
    pub fn is_listed(&self, found: &Diagnostic) -> bool {
        let elsewhere = |here| section_of(found.path()) as usize != here;
        self.is_asked(found) && (self.asked || !self.here.is_some_and(elsewhere))
    }

    /// What the service refused last; nothing once that was dismissed.
    pub fn refused(&self) -> Option<&Arc<Refusal>> {
        self.refused.as_ref()
    }

    /// The places that it speaks of and that have been left as they were.
    pub fn refused_places(&self) -> impl Iterator<Item = &Path> {
        let refusal = self.refused.as_deref().into_iter();
        refusal.flat_map(|refusal| {
            let paths = refusal.paths();
            paths.filter(|path| refusal.stands_at(path, self.draft()))
        })
    }

    fn slice(&self, path: &Path, kind: Kind) -> Slice {
        let findings: Found = self
            .review()
            .at(path)
            .filter(|found| self.is_told(found))
            .cloned()
            .collect();
        let node = self.draft().get(path);
        let refused = self
            .refused()
            .is_some_and(|refusal| refusal.stands_at(path, self.draft()));
        Slice {
            draft: match node {
                Some(Draft::Foreign(value)) => Draft::Foreign(value.clone()),
                Some(node) if !is_container(kind) => node.clone(),
                _ => Draft::Unset,
            },
            rows: node.map_or(0, Draft::row_count),
            set: node.is_some_and(|node| !node.is_blank()),
            refused,
            held: self.reviewer.stance(path),
            troubled: refused
                || !findings.is_empty()
                || is_container(kind) && self.review().within(path).any(|found| self.is_due(found)),
            findings,
        }
    }
}

impl Slice {
    /// The gravest tone of the findings, for `data-tone`.
    pub fn tone(&self) -> Option<&'static str> {
        if self.refused {
            return Some("error");
        }
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

/// Whether a text cannot come right by typing on, so that there is nothing to wait for: it has a letter that is
/// never taken, or is too long or too large already.
fn is_final(found: &Diagnostic) -> bool {
    let (value, max) = (found.param("value"), found.param("max"));
    // Numbers as the reader of JSON takes them: without leading zeros.
    let too_large = !max.is_empty() && (value.len(), value) > (max.len(), max);
    matches!(found.code, "R03" | "R04" | "R14") || too_large && !value.starts_with('-')
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
        let (asked, checked) = (RwSignal::new(false), RwSignal::new(false));
        let asked_in = RwSignal::new(0);
        let (current, guided) = (RwSignal::new(0), RwSignal::new(false));
        let progress = RwSignal::new(later::progress());
        let reviewed = Rc::<RefCell<Reviewed>>::default();
        let state = Self {
            edited,
            asked,
            asked_in,
            checked,
            filter: RwSignal::default(),
            said: RwSignal::default(),
            undoable: RwSignal::new(false),
            wanted: RwSignal::default(),
            visited: RwSignal::new(0),
            progress,
            current,
            builds: RwSignal::new(0),
            open: RwSignal::new(0),
            guided,
            section: StoredValue::new(0),
            left: RwSignal::new(0),
            single_keys: RwSignal::new(commands::single_keys()),
            reviewed: StoredValue::new_local(Rc::clone(&reviewed)),
            watchers: StoredValue::new_local(Vec::new()),
        };
        follow(Box::new(move || {
            progress.track();
            let here = guided.get().then(|| current.get());
            edited.with(|edited| {
                let mut reviewed = reviewed.borrow_mut();
                reviewed.update(edited, asked.get(), asked_in.get(), checked.get());
                reviewed.here = here.filter(|here| *here < REVIEW);
            });
            untrack(|| state.tell(&reviewed.borrow()));
        }));
        state
    }

    /// Shows a review to everything that watches. What is told may add and end watchers.
    fn tell(self, reviewed: &Reviewed) {
        let is_touched = |watcher: &&Watcher| {
            watcher
                .field
                .is_none_or(|field| reviewed.touched.has(field))
        };
        let ids = self.watchers.with_value(|all| {
            let touched = all.iter().filter(is_touched);
            touched.map(|watcher| watcher.id).collect::<Vec<_>>()
        });
        for id in ids {
            let look = self.watchers.with_value(|all| {
                let at = all.binary_search_by_key(&id, |watcher| watcher.id).ok()?;
                Some(Rc::clone(&all[at].look))
            });
            if let Some(look) = look {
                look(reviewed);
            }
        }
    }

    /// Reads the last review.
    pub fn with_reviewed<T>(self, read: impl FnOnce(&Reviewed) -> T) -> T {
        read(&self.last_review().borrow())
    }

    /// The last review, for who is to read it where nothing else may be asked.
    pub fn last_review(self) -> Rc<RefCell<Reviewed>> {
        self.reviewed.with_value(Rc::clone)
    }

    /// Reads the draft as it is now, also before its review.
    pub fn with_draft<T>(self, read: impl FnOnce(&Draft) -> T) -> T {
        self.edited.with_untracked(|edited| read(&edited.draft))
    }

    /// Reads what is known from outside.
    pub fn with_known<T>(self, read: impl FnOnce(&Context) -> T) -> T {
        self.edited.with_untracked(|edited| read(&edited.context))
    }

    /// Looks at the review now and after each edit, until the owner ends.
    pub fn watch(self, look: impl Fn(&Reviewed) + 'static) {
        self.add_watcher(None, Rc::new(look));
    }

    /// Looks at the review now and whenever something has changed in the field that a path leads to or into.
    pub fn watch_at(self, path: &Path, look: impl Fn(&Reviewed) + 'static) {
        self.add_watcher(Some(root_field(path)), Rc::new(look));
    }

    fn add_watcher(self, field: Option<Field>, look: Rc<dyn Fn(&Reviewed)>) {
        self.with_reviewed(|reviewed| look(reviewed));
        let mut id = 0;
        self.watchers.update_value(|all| {
            id = all.last().map_or(0, |last| last.id + 1);
            all.push(Watcher { id, field, look });
        });
        on_cleanup(move || {
            // Where the whole page ends, the watchers may have ended first.
            self.watchers
                .try_update_value(|all| all.retain(|watcher| watcher.id != id));
        });
    }

    /// Shows something of the review now and whenever it changes.
    pub fn watch_part<T: PartialEq + 'static>(
        self,
        part: impl Fn(&Reviewed) -> T + 'static,
        show: impl Fn(&T) + 'static,
    ) {
        self.watch(when_changed(part, show));
    }

    /// Shows something of the field that a path leads to or into, now and whenever it changes.
    pub fn watch_part_at<T: PartialEq + 'static>(
        self,
        path: &Path,
        part: impl Fn(&Reviewed) -> T + 'static,
        show: impl Fn(&T) + 'static,
    ) {
        self.watch_at(path, when_changed(part, show));
    }

    /// The slice of a field. Those who show it are told only when what the field shows changes.
    pub fn slice(self, path: &Path, kind: Kind) -> Live {
        let path = path.clone();
        let shown = Rc::new(Shown {
            slice: RefCell::new(self.with_reviewed(|reviewed| reviewed.slice(&path, kind))),
            shows: RefCell::default(),
        });
        let live = Live(Rc::clone(&shown));
        let at = path.clone();
        self.watch_at(&at, move |reviewed| {
            let new = reviewed.slice(&path, kind);
            if *shown.slice.borrow() != new {
                *shown.slice.borrow_mut() = new;
                for show in shown.shows.borrow().iter() {
                    show(&shown.slice.borrow());
                }
            }
        });
        live
    }

    /// Puts the focus on the control of a place, or of the nearest place around it that has one. Rows on the
    /// way open, and a filter that hides it ends.
    pub fn show(self, path: &Path) {
        // A row opens, then what is in it is made, then the rows inside it open.
        const LEVELS: usize = 6;
        if self
            .filter
            .with_untracked(|filter| *filter != Filter::default())
        {
            self.filter.set(Filter::default());
        }
        if untrack(|| self.view()) != View::All {
            self.current.set(section_of(path) as usize);
        }
        self.wanted.set(control_id(path));
        seek(path.clone(), LEVELS);
    }

    /// Changes the value at a path. Returns whether that changed anything.
    pub fn edit(self, path: &Path, edit: Edit) -> bool {
        let typed = match &edit {
            Edit::Text(_) => Some(path.clone()),
            Edit::Rename(row, _) => Some(path.join(*row)),
            _ => None,
        };
        // Where a finding is told already, it follows each letter.
        let quiet = |at: &Path| {
            self.with_reviewed(|reviewed| {
                !reviewed
                    .review()
                    .at(at)
                    .any(|found| reviewed.is_told(found))
            })
        };
        let typed = typed.filter(|at| is_typed_in(at) && quiet(at));
        self.edited.update_untracked(|edited| edited.typing = typed);
        let mut changed = false;
        self.edited.maybe_update(|Edited { draft, history, .. }| {
            changed = history.apply(draft, path, edit);
            changed
        });
        changed
    }

    /// Something has been left: if it is the control that was typed in, what waited there is told.
    pub fn leave(self) {
        self.edited.maybe_update(|edited| {
            let at = edited.typing.take_if(|at| !is_typed_in(at));
            let waits = |at: &Path| {
                self.with_reviewed(|reviewed| reviewed.review().at(at).next().is_some())
            };
            at.is_some_and(|at| waits(&at))
        });
    }

    /// Makes the edit that a finding offers, as one step.
    pub fn mend(self, fix: &Fix) {
        self.edit(&Path::ROOT, Edit::from_fix(fix));
    }

    /// Begins with this draft instead of an empty one: that is no step to be taken back.
    pub fn begin(self, draft: Draft) {
        self.edited.update(|edited| edited.draft = draft);
    }

    /// Judges by this knowledge from now on: that is no step either.
    pub fn know(self, context: Context) {
        self.edited.update(|edited| {
            // What the person has said is no knowledge from elsewhere, and the team's policy holds everywhere.
            let (secrecy, policy) = (edited.context.secrecy.clone(), edited.context.policy);
            edited.context = Arc::new(Context {
                secrecy,
                policy,
                ..context
            });
        });
    }

    /// Adds to what is known.
    pub fn learn(self, add: impl FnOnce(&mut Context)) {
        self.edited
            .update(|edited| add(Arc::make_mut(&mut edited.context)));
    }

    /// Takes in whether the variable of this name is a secret: that is no step, but can be said otherwise at any time.
    pub fn confide(self, name: &str, is_secret: bool) {
        self.learn(|context| context.secrecy.say(name, is_secret));
    }

    /// Takes in what was said of variables at another time. What has been said since then counts.
    pub fn confide_all(self, said: &Secrecy) {
        self.learn(|context| {
            for (name, is_secret) in said.all() {
                if context.secrecy.said(name).is_none() {
                    context.secrecy.say(name, is_secret);
                }
            }
        });
    }

    /// A switch for what is hidden until asked for, and whenever the page is left.
    pub fn reveal(self) -> RwSignal<bool> {
        let shown = RwSignal::new(false);
        follow(Box::new(move || {
            self.left.track();
            shown.set(false);
        }));
        shown
    }

    /// The region that is chosen; empty without one.
    pub fn region(self) -> String {
        let region = |edited: &Edited| edited.context.region.clone();
        self.edited.with_untracked(region).unwrap_or_default()
    }

    /// Tells what the service refused, at the fields concerned; or nothing any more. That is no step either.
    pub fn refuse(self, refusal: Option<Refusal>) {
        self.edited
            .update(|edited| edited.refused = refusal.map(Arc::new));
    }

    /// Takes in a whole request, as one step.
    pub fn load(self, import: Import) {
        self.checked.set(true);
        self.edited
            .maybe_update(|edited| edited.refused.take().is_some());
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

    /// Whether there is a step to take back or to make again.
    pub fn can_step(self, back: bool) -> bool {
        self.edited.with_untracked(|Edited { history, .. }| {
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
}

/// Shows a part of each review that differs from the one before.
fn when_changed<T: PartialEq>(
    part: impl Fn(&Reviewed) -> T,
    show: impl Fn(&T),
) -> impl Fn(&Reviewed) {
    let last = RefCell::new(None);
    move |reviewed| {
        let new = Some(part(reviewed));
        if *last.borrow() != new {
            new.as_ref().map(&show);
            *last.borrow_mut() = new;
        }
    }
}

/// Whether the control of a place is one for text and has the focus. What a script enters is not typed.
fn is_typed_in(path: &Path) -> bool {
    document().active_element().is_some_and(|element| {
        element.matches("input, textarea").unwrap_or_default()
            && element.id().starts_with(&control_id(path))
    })
}

/// Looks for the control of a place until it is there; then for that of the place around it.
fn seek(path: Path, tries: usize) {
    after_update(move || {
        if focus_id(&control_id(&path)) {
            return;
        }
        if tries > 0 {
            seek(path, tries - 1);
        } else if let Some((around, _)) = path.split_last() {
            seek(around, 0);
        }
    });
}

/// Id of the control of a place: its wire path.
///
/// What a request calls its members is up to the person: the id of a member that the model does not know
/// begins with a sign that no other id has, and holds no sign that ids are joined with.
pub fn control_id(path: &Path) -> String {
    let name = path.name(ROOT);
    if !path.steps().iter().any(|step| matches!(step, Step::Key(_))) {
        return name;
    }
    let mut id = "~".to_owned();
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() || matches!(letter, '.' | '[' | ']') {
            id.push(letter);
        } else {
            id.push('%');
            id.push_str(&u32::from(letter).to_string());
        }
    }
    id
}

impl Default for FormState {
    fn default() -> Self {
        Self::new()
    }
}
