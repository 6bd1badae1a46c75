//! The body edited in place, as JSON: an editor in the place of the preview, under a veil that hides its secrets.
//!
//! It is read as what is pasted is, and taken in as one step that changes only what was changed in it: half-typed
//! values and what is parked stay. What was typed is kept until the person says that it may go.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dsw_form::difference::{difference, revert};
use dsw_form::draft::{Draft, ROOT};
use dsw_form::edit::Edit;
use dsw_form::import::ImportError;
use dsw_form::import::anything::{self, Document, ReadError};
use dsw_form::refusal::visible;
use dsw_form::veil::Veil;
use dsw_model::path::Path;
use dsw_words::{fill, tr};
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, Event, HtmlTextAreaElement, KeyboardEvent};

use crate::arrival::point;
use crate::code;
use crate::commands::COMPOSING;
use crate::dom::{El, after, after_update, by_id, follow, must, on_window};
use crate::i18n::arriving;
use crate::state::{FormState, REVIEW};
use crate::toast::say;
use crate::transfer;

/// Id of the editor.
const AREA: &str = "edit-json";
/// Ids of what is said of it.
const STATUS: &str = "edit-json-status";
const HINT: &str = "edit-json-hint";
/// Id of the numbers beside it.
const LINES: &str = "edit-json-lines";
/// Id of what keeps what was typed.
const KEEP: &str = "edit-json-keep";
/// Milliseconds after the last letter at which the text is looked at.
const PAUSE: u64 = 250;
/// The height of a line in pixels, as the style sheet has it.
const LINE: i32 = 20;

mod frame;

thread_local! {
    static OPEN: RefCell<Option<Rc<Editor>>> = const { RefCell::new(None) };
}

/// What is wrong with a text, and where; the place is missing where it is the text as a whole.
#[derive(Clone, PartialEq)]
struct Wrong {
    words: String,
    place: Option<(usize, usize)>,
}

/// The editor while it is open.
struct Editor {
    state: FormState,
    owner: Owner,
    /// The body as it was before anything was typed, and the secrets under it.
    veil: RefCell<Veil>,
    /// What stands in the editor, also while the page is built anew.
    text: RefCell<String>,
    area: RefCell<Option<HtmlTextAreaElement>>,
    /// What is wrong with the text; nothing while it is a request.
    wrong: RwSignal<Option<Wrong>>,
    /// How many values are set in it.
    values: RwSignal<usize>,
    /// Whether the person is asked if what was typed may go.
    asked: RwSignal<bool>,
    /// Whether the form has changed since.
    stale: RwSignal<bool>,
    /// Counts the letters, so that only the last one is looked at.
    typed: Cell<u32>,
    lines: Cell<usize>,
}

/// Opens the editor, or goes to it.
pub(crate) fn open(state: FormState) {
    state.to_form();
    code::show_body();
    // On a narrow screen the body stands in a sheet.
    drop(window().location().set_hash("output"));
    if OPEN.with_borrow(Option::is_some) {
        focus();
        return;
    }
    let veil = veiled(state);
    // One of its own: who asked for it may be gone before it is.
    let owner = Owner::default();
    let editor = owner.with(|| Editor {
        state,
        owner: owner.clone(),
        text: RefCell::new(veil.text.clone()),
        veil: RefCell::new(veil),
        area: RefCell::default(),
        wrong: RwSignal::new(None),
        values: RwSignal::new(0),
        asked: RwSignal::new(false),
        stale: RwSignal::new(false),
        typed: Cell::new(0),
        lines: Cell::new(0),
    });
    let editor = Rc::new(editor);
    OPEN.set(Some(Rc::clone(&editor)));
    transfer::WAITS.set(Some(waits));
    owner.with(|| editor.begin());
}

/// The body as it is, without its secrets.
fn veiled(state: FormState) -> Veil {
    let body = state.with_draft(Draft::body);
    state.with_known(|context| Veil::over(&body, &context.secrecy))
}

/// The line of the preview that belongs to the field that one was in; the first where there is none.
fn present_line(pane: &Element) -> usize {
    let lines = pane.query_selector_all(".code-line").ok();
    let lines = lines.into_iter().flat_map(|lines| lines.values());
    let is_present = |line: JsValue| {
        let line = line.dyn_into::<Element>();
        line.is_ok_and(|line| line.has_attribute("aria-current"))
    };
    let mut lines = lines.map(|line| line.is_ok_and(is_present));
    lines
        .position(|present| present)
        .map_or(1, |before| before + 1)
}

/// Whether something was typed that has not been taken in. The person is told, and led there.
fn waits() -> bool {
    let open = OPEN.with_borrow(Clone::clone);
    let Some(editor) = open.filter(|editor| editor.is_changed()) else {
        return false;
    };
    code::show_body();
    focus();
    say(editor.state, unapplied(), false);
    true
}

fn unapplied() -> &'static str {
    tr("What you typed in the JSON is not in the request yet: apply it, or cancel.")
}

fn focus() {
    after_update(|| {
        by_id(AREA).map(|area| area.focus());
    });
}

impl Editor {
    /// Begins what lasts as long as the editor is open.
    fn begin(self: &Rc<Self>) {
        let (editor, state) = (Rc::clone(self), self.state);
        // When the page is built anew, in another language, so is the editor.
        follow(Box::new(move || {
            state.builds.track();
            let editor = Rc::clone(&editor);
            after_update(move || {
                if editor.is_open() {
                    editor.owner.with(|| untrack(|| editor.mount()));
                }
            });
        }));
        let leaving = Rc::clone(self);
        on_window("beforeunload", move |event| {
            if leaving.is_changed() {
                event.prevent_default();
            }
        });
        let reviewing = Rc::clone(self);
        follow(Box::new(move || {
            if state.current.get() == REVIEW && reviewing.is_open() && reviewing.is_changed() {
                say(state, unapplied(), false);
            }
        }));
        let watching = Rc::clone(self);
        state.watch(move |_| watching.form_changed());
    }

    fn is_open(self: &Rc<Self>) -> bool {
        OPEN.with_borrow(|open| open.as_ref().is_some_and(|it| Rc::ptr_eq(it, self)))
    }

    /// Puts the editor in the place of the preview.
    fn mount(self: &Rc<Self>) {
        let Ok(Some(pane)) = document().query_selector(".output pre.code") else {
            return;
        };
        let Some(around) = pane.parent_element() else {
            return;
        };
        let line = present_line(&pane);
        let frame = self.frame();
        must(around.insert_before(frame.element(), Some(&pane)));
        El::existing(pane).set("hidden", Some(""));
        self.show_lines();
        self.look();
        let editor = Rc::clone(self);
        after_update(move || editor.go_to(line, 1));
    }

    fn value(&self) -> String {
        self.area
            .borrow()
            .as_ref()
            .map_or_else(|| self.text.borrow().clone(), HtmlTextAreaElement::value)
    }

    /// Whether something was typed that has not been taken in.
    fn is_changed(&self) -> bool {
        self.value() != self.veil.borrow().text
    }

    /// A letter was typed.
    fn typed(self: &Rc<Self>) {
        self.text.replace(self.value());
        self.asked.set(false);
        self.show_lines();
        let mine = self.typed.get().wrapping_add(1);
        self.typed.set(mine);
        let editor = Rc::clone(self);
        after(
            PAUSE,
            Box::new(move || {
                if editor.typed.get() == mine && editor.is_open() {
                    editor.look();
                }
            }),
        );
    }

    /// Looks whether the text is a request.
    fn look(&self) {
        match self.read(&self.value()) {
            Ok(document) => {
                self.values.set(document.import.report.kept);
                self.wrong.set(None);
            }
            Err(wrong) => {
                if self
                    .wrong
                    .with_untracked(|old| old.as_ref() != Some(&wrong))
                {
                    self.wrong.set(Some(wrong));
                }
            }
        }
    }

    /// The request that a text is, with the secrets in their places.
    fn read(&self, text: &str) -> Result<Document, Wrong> {
        self.veil.borrow().check(text).map_err(|bad| Wrong {
            words: fill(
                "Line {}, column {}: this mark stands for no secret. It has to be a value of its own, in quotes.",
                &[&bad.line.to_string(), &bad.column.to_string()],
            ),
            place: Some((bad.line, bad.column)),
        })?;
        let documents = anything::read(text).map_err(|error| Wrong {
            words: arriving::error(&error),
            place: match &error {
                ReadError::Import(ImportError::Json(problem)) => {
                    Some((problem.line, problem.column))
                }
                _ => None,
            },
        })?;
        let Ok([mut document]) = <[Document; 1]>::try_from(documents) else {
            return Err(Wrong {
                words: tr("The text holds several requests. Leave one of them.").to_owned(),
                place: None,
            });
        };
        self.veil.borrow().lift(&mut document.import.draft);
        Ok(document)
    }

    /// Takes the text in, as one step.
    fn apply(self: &Rc<Self>) {
        let text = self.value();
        let document = match self.read(&text) {
            Ok(document) => document,
            Err(wrong) => {
                let place = wrong.place;
                self.wrong.set(Some(wrong));
                match place {
                    Some((line, column)) => self.go_to(line, column),
                    None => focus(),
                }
                return;
            }
        };
        let state = self.state;
        let old = state.with_draft(Draft::clone);
        let changes = state.with_known(|context| {
            difference(&document.import.draft.body(), &old.body(), &context.secrecy)
        });
        if changes.is_empty() {
            self.close();
            say(state, tr("Nothing was changed."), false);
            return;
        }
        let mut said = arriving::in_short(&document, &state.region());
        let gone = self.veil.borrow().missing(&text);
        if !gone.is_empty() {
            let names: Vec<_> = gone.iter().map(|path| visible(&path.name(ROOT))).collect();
            said.push_str(tr(" "));
            said.push_str(&fill(
                "Secrets replaced or taken away: {}.",
                &[&names.join(tr(", "))],
            ));
        }
        let edit = revert(&changes, &document.import.draft, &old);
        let mut made = old;
        made.apply(&Path::ROOT, edit.clone());
        // Rows that bear the same name, or none, are not told apart by the body.
        let edit = if made.body() == document.import.draft.body() {
            edit
        } else {
            Edit::Set(document.import.draft.clone())
        };
        self.close();
        state.checked.set(true);
        state.edit(&Path::ROOT, edit);
        transfer::tell(state, document, &said);
    }

    /// Ends without taking anything in. What was typed goes only if the person says so.
    fn cancel(self: &Rc<Self>) {
        if self.is_changed() {
            self.asked.set(true);
            after_update(|| {
                by_id(KEEP).map(|keep| keep.focus());
            });
        } else {
            self.close();
        }
    }

    /// Puts the preview back.
    fn close(self: &Rc<Self>) {
        OPEN.set(None);
        transfer::WAITS.set(None);
        if let Ok(Some(frame)) = document().query_selector(".edit-json") {
            frame.remove();
        }
        if let Ok(Some(pane)) = document().query_selector(".output pre.code") {
            let pane = El::existing(pane);
            pane.set("hidden", None);
            pane.focus();
        }
        let owner = self.owner.clone();
        // What was pressed is still being told.
        after_update(move || owner.cleanup());
    }

    fn key(self: &Rc<Self>, event: &Event) {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        if event.is_composing() || event.key_code() == COMPOSING || event.alt_key() {
            return;
        }
        match &*event.key() {
            "Enter" if event.ctrl_key() || event.meta_key() => self.apply(),
            "Escape" if self.asked.get_untracked() => {
                self.asked.set(false);
                focus();
            }
            "Escape" => self.cancel(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// Puts the cursor where something is wrong.
    fn go_to(&self, line: usize, column: usize) {
        let Some(area) = by_id(AREA) else { return };
        area.focus();
        point(&area, line, column);
        let lines = i32::try_from(line).unwrap_or(i32::MAX);
        let area = area.element();
        area.set_scroll_top(lines.saturating_sub(4).saturating_mul(LINE));
        self.scroll();
    }

    /// Numbers the lines.
    fn show_lines(&self) {
        let count = self.text.borrow().split('\n').count();
        let Some(numbers) = by_id(LINES) else {
            return;
        };
        if self.lines.replace(count) == count && numbers.element().first_child().is_some() {
            return;
        }
        let mut all = String::new();
        for line in 1..=count {
            all.push_str(&line.to_string());
            all.push('\n');
        }
        numbers.element().set_text_content(Some(&all));
        self.scroll();
    }

    /// The numbers go along with the lines.
    fn scroll(&self) {
        if let (Some(numbers), Some(area)) = (by_id(LINES), &*self.area.borrow()) {
            numbers.element().set_scroll_top(area.scroll_top());
        }
    }

    /// The form was edited while the editor is open: who has not typed sees that, who has is told.
    fn form_changed(&self) {
        let veil = veiled(self.state);
        if veil == *self.veil.borrow() {
            self.stale.set(false);
        } else if self.is_changed() {
            self.stale.set(true);
        } else {
            if let Some(area) = &*self.area.borrow() {
                area.set_value(&veil.text);
            }
            self.text.replace(veil.text.clone());
            self.veil.replace(veil);
            self.show_lines();
            self.look();
        }
    }
}
