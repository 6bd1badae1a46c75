//! Pickers: values for a field from a list of the service. The text control stays the field's own, so that any other
//! value can be entered; the list opens below it.
//!
//! Which lists there are, how they are read and filtered, and what the rules learn from them is in
//! [`dsw_form::offers`]. Without a gateway there is one list, a dated sample of machine types.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_form::offers::{Fact, Part};
use dsw_model::descriptor::Source;
use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::request::{CreateInstanceRequest as Request, Dataset};
use dsw_words::{fill, tr};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};

use self::lists::{Key, List};
use crate::dom::{El, after, button, by_id, el_class, el_text, follow, icon};
use crate::field::Place;
use crate::gateway::{Gateway, Mode, Refused};
use crate::i18n::picking;
use crate::more::MORE;
use crate::state::FormState;

pub(crate) mod estimate;
pub(crate) mod known;
pub(crate) mod lists;
mod view;

/// Milliseconds without a change of what decides which list it is, before that is fetched.
const PAUSE: u64 = 600;

/// How far the list of an open picker is.
#[derive(Clone, Debug)]
enum Stage {
    /// It is on its way: rows that have come, rows in all.
    Coming(u64, u64),
    /// It is there.
    There(Rc<List>),
    /// It can not be had.
    Failed(Refused),
}

/// A picker.
#[derive(Clone, Debug)]
pub(crate) struct Picker {
    gateway: Gateway,
    place: Place,
    source: Source,
    open: RwSignal<bool>,
    stage: RwSignal<Stage, LocalStorage>,
    /// What counts the fetches, so that one that was overtaken is told.
    turn: Rc<Cell<u32>>,
    /// What is shown of the list.
    shown: Rc<Shown>,
}

/// The rows that are shown, which follow the field's value.
#[derive(Debug, Default)]
struct Shown {
    rows: RefCell<Vec<Row>>,
    /// What is said of a value that is not on the list.
    missing: RefCell<Option<El>>,
    /// All values of the list.
    values: RefCell<Vec<String>>,
}

/// A row of the table.
#[derive(Debug)]
struct Row {
    value: String,
    view: El,
    input: El,
}

/// Puts a picker beside a text control. `around` holds a line with the control, and nothing else.
pub(crate) fn attach(place: &Place, source: Source, around: &El) {
    let picker = Picker {
        gateway: Gateway::present(),
        place: place.clone(),
        source,
        open: RwSignal::new(false),
        stage: RwSignal::new_local(Stage::Coming(0, 0)),
        turn: Rc::default(),
        shown: Rc::default(),
    };
    let id = picker.id("");
    let (open, mode) = (picker.open, picker.gateway.mode);
    let opens = button("btn", move |_| open.update(|open| *open = !*open))
        .attr("id", &picker.id("-open"))
        .attr("aria-controls", &id)
        .attr("aria-label", &picking::choose(tr(place.field.label)))
        .attr_fn("aria-expanded", move || Some(open.get().to_string()))
        // There is a sample of machine types only.
        .flag_fn("hidden", move || {
            source != Source::Machines && !mode.get().is_there()
        })
        .text(picking::choose_button())
        .child(icon("down"));
    let rows = Rc::clone(&picker.shown);
    let opens = opens.on("keydown", move |event| {
        if event
            .dyn_ref()
            .is_some_and(|event: &KeyboardEvent| event.key() == "ArrowDown")
        {
            event.prevent_default();
            if open.get_untracked() {
                rows.enter();
            } else {
                open.set(true);
            }
        }
    });
    if let Some(line) = around.element().first_element_child() {
        let _ = El::existing(line).child(opens.clone());
    }
    let shown = Rc::clone(&picker.shown);
    place.slice.each(move |slice| shown.follow(&slice.text()));
    let field = around.element().closest(".field").ok().flatten();
    let field = field.map(El::existing);
    let (inside, rows) = (picker.clone(), Rc::clone(&picker.shown));
    let panel = el_class("fieldset", "picker")
        .attr("id", &id)
        .flag_fn("hidden", move || {
            if let Some(field) = &field {
                field.set("data-wide", open.get().then_some(""));
            }
            !open.get()
        })
        .on("keydown", move |event| {
            if let Some(event) = event.dyn_ref() {
                act_by_key(event, open, &opens, &rows);
            }
        })
        .content_fn(move || {
            inside.shown.clear();
            if inside.open.get() {
                let inside = inside.clone();
                untrack(|| MORE.elements(move |more| (more.picker)(&inside)))
            } else {
                Vec::new()
            }
        });
    let _ = around.clone().child(panel);
}

/// What stands in an open picker.
pub(crate) fn panel(picker: &Picker) -> Vec<El> {
    picker.panel()
}

/// Escape closes the list, and so does Enter on a row, which is the choice then. The focus goes back to what opened it.
/// Down leads from the search to the rows.
fn act_by_key(event: &KeyboardEvent, open: RwSignal<bool>, opens: &El, shown: &Shown) {
    if event.is_composing() {
        return;
    }
    let target = event.target().and_then(|target| target.dyn_into().ok());
    let on = |kind: &str| {
        let target: Option<&HtmlElement> = target.as_ref();
        target.filter(|target| target.matches(kind).unwrap_or_default())
    };
    let closes = match event.key().as_str() {
        // The first one empties the search.
        "Escape" => on("[type=search]:not(:placeholder-shown)").is_none(),
        "Enter" => {
            let row = on("td [type=radio]");
            if let Some(row) = row.filter(|_| on(":checked").is_none()) {
                row.click();
            }
            row.is_some()
        }
        "ArrowDown" if on("[type=search]").is_some() => {
            event.prevent_default();
            shown.enter();
            false
        }
        _ => false,
    };
    if closes {
        event.prevent_default();
        opens.focus();
        open.set(false);
    }
}

impl Shown {
    /// Leads to the row that is chosen, or else to the first.
    fn enter(&self) {
        let row = {
            let rows = self.rows.borrow();
            let chosen = |row: &&Row| row.view.element().has_attribute("data-on");
            let row = rows.iter().find(chosen).or(rows.first());
            row.map(|row| row.input.clone())
        };
        row.map(|row| row.focus());
    }

    /// Marks the row of this value.
    fn follow(&self, value: &str) {
        for row in self.rows.borrow().iter() {
            let chosen = row.value == value;
            row.input.set_checked(chosen);
            row.view.set("data-on", chosen.then_some(""));
        }
        if let Some(missing) = &*self.missing.borrow() {
            let known = self.values.borrow().iter().any(|known| known == value);
            let said = if value.is_empty() || known {
                String::new()
            } else {
                picking::missing(value)
            };
            missing.element().set_text_content(Some(&said));
        }
    }

    fn clear(&self) {
        self.rows.borrow_mut().clear();
        self.values.borrow_mut().clear();
        self.missing.borrow_mut().take();
    }
}

impl Picker {
    /// Ids do not begin with the name of the field: what one does here is no typing in its control.
    fn id(&self, tail: &str) -> String {
        ["pick-", &self.place.name, tail].concat()
    }

    /// What the panel holds while it is open.
    fn panel(&self) -> Vec<El> {
        let part = RwSignal::new_local(part_of(self.place.state, &self.place.path, self.source));
        self.follow_part(part);
        let (fetching, gateway) = (self.clone(), self.gateway);
        follow(Box::new(move || {
            // Another gateway or region has another list.
            gateway.region.track();
            if gateway.mode.get() != Mode::Looking {
                let part = part.get();
                untrack(|| fetching.fetch(part, false));
            }
        }));
        let legend = el_class("legend", "hide").text(&picking::choose(tr(self.place.field.label)));
        // The words are there before they change, or nobody hears them.
        let status = el_class("p", "picker-status")
            .attr("role", "status")
            .attr("data-testid", &self.id("-status"));
        let inside = self.clone();
        let told = status.clone();
        let content = el_class("div", "picker-in").content_fn(move || {
            inside.shown.clear();
            inside.stage.track();
            untrack(|| inside.content(&told, part))
        });
        vec![legend, status, content]
    }

    /// Follows what decides which list it is, after pauses.
    fn follow_part(&self, part: RwSignal<Part, LocalStorage>) {
        let (state, path, source) = (self.place.state, self.place.path.clone(), self.source);
        let latest = Rc::new(Cell::new(0_u32));
        state.watch_part(
            move |reviewed| part_in(reviewed.draft(), &path, source),
            move |new| {
                let mine = latest.get().wrapping_add(1);
                latest.set(mine);
                let (latest, new) = (Rc::clone(&latest), new.clone());
                let take = move || {
                    // By now the panel may have closed.
                    let differs = part.try_with_untracked(|old| *old != new);
                    if latest.get() == mine && differs == Some(true) {
                        part.set(new);
                    }
                };
                after(PAUSE, Box::new(take));
            },
        );
    }

    /// Fetches the list, from the service if `anew` or if it is not there yet.
    fn fetch(&self, part: Part, anew: bool) {
        let key = Key::of(self.gateway, self.source, part);
        let turn = self.turn.get().wrapping_add(1);
        self.turn.set(turn);
        if self.lacks_dataset(&key.part) {
            return self.stage.set(Stage::Coming(0, 0));
        }
        if let Some(list) = self.gateway.lists.find(&key).filter(|_| !anew) {
            return self.stage.set(Stage::There(list));
        }
        self.stage.set(Stage::Coming(0, 0));
        let (stage, latest, gateway) = (self.stage, Rc::clone(&self.turn), self.gateway);
        spawn_local(async move {
            let count = Rc::clone(&latest);
            // What was closed or overtaken meanwhile shows nothing.
            let show = move |new: Stage| {
                if count.get() == turn && !stage.is_disposed() {
                    stage.set(new);
                }
            };
            let step = |got, all| show(Stage::Coming(got, all));
            let end = match lists::load(gateway, key, &step).await {
                Ok(list) => Stage::There(list),
                Err(refused) => Stage::Failed(refused),
            };
            show(end);
        });
    }

    /// Versions are those of a dataset.
    fn lacks_dataset(&self, part: &Part) -> bool {
        self.source == Source::Versions && part.dataset.is_empty()
    }

    fn content(&self, status: &El, part: RwSignal<Part, LocalStorage>) -> Vec<El> {
        let say = |text: &str| status.element().set_text_content(Some(text));
        if self.lacks_dataset(&part.get_untracked()) {
            say(picking::no_dataset());
            return Vec::new();
        }
        match self.stage.get_untracked() {
            Stage::Coming(got, all) => {
                say(&picking::coming(self.source, got, all));
                let bar = || el_class("span", "skeleton");
                vec![
                    el_class("div", "picker-wait")
                        .attr("aria-hidden", "true")
                        .children([bar(), bar(), bar()]),
                ]
            }
            Stage::Failed(refused) => {
                let (title, words) = picking::refused(self.source, &refused);
                say(&title);
                let again = self.again(part, picking::try_again(), "btn btn-s");
                let text = el_class("div", "stack stack-s")
                    .child(el_text("p", &words))
                    .child(
                        el_class("p", "line")
                            .child(again)
                            .child(self.way_out("btn btn-s")),
                    );
                vec![
                    el_class("div", "callout")
                        .attr("data-tone", "error")
                        .child(icon("error"))
                        .child(text),
                ]
            }
            Stage::There(list) => view::list(self, &list, status, part),
        }
    }

    /// The button that fetches the list anew.
    fn again(&self, part: RwSignal<Part, LocalStorage>, text: &str, class: &str) -> El {
        let picker = self.clone();
        // The button goes with what it stands in; the focus goes to what opened the list.
        let opener = self.id("-open");
        button(class, move |_| {
            if let Some(opener) = by_id(&opener) {
                opener.focus();
            }
            picker.fetch(part.get_untracked(), true);
        })
        .text(text)
    }

    /// The button that leads to the text control.
    fn way_out(&self, class: &str) -> El {
        let name = self.place.name.clone();
        button(class, move |_| {
            if let Some(control) = by_id(&name) {
                control.focus();
            }
        })
        .text(picking::other(self.source))
    }

    /// Puts a value into the field.
    fn choose(&self, value: &str) {
        let state = self.place.state;
        state.rest();
        state.edit(&self.place.path, Edit::Text(value.to_owned()));
        state.rest();
    }
}

/// What people know a value by, from the lists that were fetched; empty where none tells.
pub(crate) fn name_of(gateway: Gateway, source: Source, value: &str) -> String {
    let key = Key::of(gateway, source, part_of(gateway.state, &Path::ROOT, source));
    let Some(list) = gateway.lists.find(&key) else {
        return String::new();
    };
    let Some(offer) = list.offers.iter().find(|offer| offer.value == value) else {
        return String::new();
    };
    if source != Source::Machines {
        return offer.name.clone();
    }
    let amount = |fact| {
        offer
            .amount(fact)
            .map(|amount| amount.show(0))
            .unwrap_or_default()
    };
    let (cores, memory, gpus) = (
        amount(Fact::Cores),
        amount(Fact::Memory),
        amount(Fact::Gpus),
    );
    match offer.text(Fact::GpuModel) {
        "" => fill("{} vCPU, {} GiB", &[&cores, &memory]),
        model => fill(
            "{} vCPU, {} GiB, GPU {} × {}",
            &[&cores, &memory, &gpus, model],
        ),
    }
}

/// What decides which list belongs to the field at a path.
fn part_of(state: FormState, path: &Path, source: Source) -> Part {
    state.with_draft(|draft| part_in(draft, path, source))
}

fn part_in(draft: &Draft, path: &Path, source: Source) -> Part {
    let text = |path: &Path| match draft.get(path) {
        Some(Draft::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let depends = matches!(source, Source::Images | Source::Datasets | Source::Quotas);
    let beside = path.split_last().map(|(around, _)| around);
    Part {
        workspace: if depends {
            text(&path![Request::WORKSPACE_ID])
        } else {
            String::new()
        },
        dataset: match (source, beside) {
            (Source::Versions, Some(around)) => text(&around.join(Dataset::DATASET_ID)),
            _ => String::new(),
        },
    }
}
