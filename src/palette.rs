//! What one finds by typing: fields, and what the page can do. A dialog with a combobox: the focus stays in its text, the
//! arrow keys move through the list below it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dsw_form::draft::{Draft, ROOT};
use dsw_form::find::{Hit, find};
use dsw_model::descriptor::{Section, field_step};
use dsw_model::path::Path;
use dsw_words::{fill, tr};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, KeyboardEvent};

use crate::commands::{self, Command, KEYED, Key};
use crate::dom::{
    El, after, after_update, button, by_id, el, el_class, el_text, focus_id, icon, must,
};
use crate::i18n;
use crate::language::{self, Language};
use crate::state::{FormState, REVIEW, START};
use crate::submit::{close_dialog, open_dialog};
use crate::{address, clone, draft_store, exchange, help, past, theme, transfer};

/// Id of the dialog; there is one at most.
const DIALOG: &str = "palette";
const INPUT: &str = "palette-input";
const LIST: &str = "palette-list";
/// What the ids of options begin with.
const OPTION: &str = "palette-option-";
/// So many entries are passed over at once.
const PAGE: usize = 8;

/// So many are shown: more than that nobody reads, who could type another letter.
pub(crate) const MOST: usize = 40;
/// Of a value so many letters are shown.
const EXCERPT: usize = 60;

/// One entry of the list.
pub(crate) struct Entry {
    pub(crate) label: String,
    /// What else is said of it.
    pub(crate) detail: String,
    /// How it stands in the JSON, the keys that do it, or an id.
    pub(crate) code: String,
    /// What is done when it is chosen, after the dialog was closed.
    pub(crate) act: Rc<dyn Fn()>,
}

/// What is found, by the words that were typed.
pub(crate) type Source = Box<dyn Fn(&str) -> Vec<Entry>>;

/// What a dialog is about.
pub(crate) struct About {
    /// Its name.
    pub(crate) title: &'static str,
    /// What is typed in.
    pub(crate) hint: &'static str,
    /// What is found.
    pub(crate) source: Source,
    /// What is said of so many entries.
    pub(crate) said: Box<dyn Fn(usize) -> String>,
    /// What stands below the list.
    pub(crate) foot: Option<El>,
}

/// Finds a field.
pub(crate) fn find_field(state: FormState) {
    let source = move |words: &str| {
        if words.trim().is_empty() {
            return sections(state);
        }
        let hits = state.with_draft(|draft| hits(state, draft, words));
        hits.into_iter().map(|hit| field(state, hit)).collect()
    };
    open(About {
        title: tr("Find a field"),
        hint: tr("Name, API name, help or value"),
        source: Box::new(source),
        said: Box::new(found),
        foot: None,
    });
}

fn hits(state: FormState, draft: &Draft, words: &str) -> Vec<Hit> {
    state.with_known(|context| find(draft, context, words, &tr, MOST))
}

/// All that the page can do.
pub(crate) fn list_commands(state: FormState) {
    let source = move |words: &str| {
        let words = words.to_lowercase();
        let fits = |entry: &Entry| {
            let said = [&*entry.label, " ", &entry.code].concat().to_lowercase();
            words.split_whitespace().all(|word| said.contains(word))
        };
        everything(state).into_iter().filter(fits).collect()
    };
    open(About {
        title: tr("Commands and keys"),
        hint: tr("Find a command"),
        source: Box::new(source),
        said: Box::new(found),
        foot: Some(single_keys(state)),
    });
}

/// The commands without keys.
static OTHERS: &[Command] = &[
    Command {
        name: || tr("Copy the JSON"),
        keys: &[],
        run: transfer::copy,
    },
    Command {
        name: || tr("Download the JSON"),
        keys: &[],
        run: transfer::download,
    },
    Command {
        name: || tr("Share link"),
        keys: &[],
        run: exchange::share,
    },
    Command {
        name: || tr("Import a request"),
        keys: &[],
        run: |state| {
            state.to_form();
            // On a narrow screen it stands in a sheet.
            drop(window().location().set_hash("output"));
            after_update(|| {
                focus_id("import-json");
            });
        },
    },
    Command {
        name: || tr("Edit JSON"),
        keys: &[],
        run: exchange::edit,
    },
    Command {
        name: || tr("What changed"),
        keys: &[],
        run: exchange::compare,
    },
    Command {
        name: || tr("New request from an instance"),
        keys: &[],
        run: clone::press,
    },
    Command {
        name: || tr("Print the review"),
        keys: &[],
        run: |state| {
            state.current.set(REVIEW);
            // It is made by and by.
            after(500, Box::new(|| drop(window().print())));
        },
    },
    Command {
        name: || tr("Recent requests"),
        keys: &[],
        run: |_| past::open(),
    },
    Command {
        name: || tr("Clear draft"),
        keys: &[],
        run: |_| draft_store::clear(),
    },
    Command {
        name: || tr("Start page"),
        keys: &[],
        run: |state| state.current.set(START),
    },
    Command {
        name: || tr("Guided form"),
        keys: &[],
        run: |state| address::choose(state, true),
    },
    Command {
        name: || tr("All fields"),
        keys: &[],
        run: |state| address::choose(state, false),
    },
    Command {
        name: || tr("Theme: that of the system"),
        keys: &[],
        run: |_| theme::choose(theme::SYSTEM),
    },
    Command {
        name: || tr("Theme: light"),
        keys: &[],
        run: |_| theme::choose("light"),
    },
    Command {
        name: || tr("Theme: dark"),
        keys: &[],
        run: |_| theme::choose("dark"),
    },
    Command {
        name: || tr("Language: English"),
        keys: &[],
        run: |state| language::choose(state, Language::English),
    },
    Command {
        name: || tr("Language: Chinese"),
        keys: &[],
        run: |state| language::choose(state, Language::Chinese),
    },
    Command {
        name: || tr("Help: the terms of the service"),
        keys: &[],
        run: help::open,
    },
];

/// All commands.
fn everything(state: FormState) -> Vec<Entry> {
    let all = KEYED.iter().copied().chain(OTHERS);
    let all = all.filter(|command| !std::ptr::eq(*command, &raw const commands::LIST));
    let all = all.map(|command| {
        let run = command.run;
        let keys: Vec<_> = command.keys.iter().map(|key| spoken(*key)).collect();
        Entry {
            label: (command.name)().to_owned(),
            detail: String::new(),
            code: keys.join(", "),
            act: Rc::new(move || run(state)),
        }
    });
    all.collect()
}

fn spoken(key: Key) -> String {
    key.text().replace("Control", "Ctrl")
}

/// Whether single keys do something.
fn single_keys(state: FormState) -> El {
    let input = el("input")
        .attr("type", "checkbox")
        .attr("id", "single-keys")
        .on("change", move |_| {
            commands::turn_single_keys(state, !state.single_keys.get_untracked());
        });
    input.set_checked(state.single_keys.get_untracked());
    el_class("label", "check").child(input).child(el_text(
        "span",
        tr("Single keys, / and ?, work outside of text fields"),
    ))
}

/// The sections of the form.
fn sections(state: FormState) -> Vec<Entry> {
    let sections = Section::ALL.map(|section| {
        let (title, lead) = i18n::section(section);
        Entry {
            label: title.to_owned(),
            detail: lead.to_owned(),
            code: String::new(),
            act: Rc::new(move || go_to(state, section)),
        }
    });
    sections.into()
}

/// Goes to the first control of a section.
fn go_to(state: FormState, section: Section) {
    let first = ROOT
        .fields
        .iter()
        .position(|field| field.section == Some(section));
    if let Some(first) = first {
        state.show(&Path::ROOT.join(field_step(first)));
    }
}

fn field(state: FormState, hit: Hit) -> Entry {
    let mut parts: Vec<String> = Vec::new();
    for (name, row) in &hit.trail {
        let mut part = tr(name).to_owned();
        if let Some(row) = row {
            part.push(' ');
            part.push_str(&(row + 1).to_string());
        }
        parts.push(part);
    }
    if !hit.given.is_empty() {
        parts.push(hit.given.clone());
    }
    let label = parts.pop().unwrap_or_default();
    let mut detail = parts.join(" \u{203a} ");
    if let Some(value) = &hit.value {
        let value: String = value.chars().take(EXCERPT).collect();
        if !detail.is_empty() {
            detail.push_str(": ");
        }
        detail.push_str(&value);
    }
    Entry {
        label,
        detail,
        code: hit.name,
        act: Rc::new(move || state.show(&hit.path)),
    }
}

/// The list that is shown, and which of it is chosen.
struct Shown {
    entries: Vec<Entry>,
    chosen: usize,
}

/// How many entries lead to a place.
fn found(entries: usize) -> String {
    match entries {
        0 => tr("Nothing found.").to_owned(),
        MOST => fill("The best {}. Enter goes there.", &[&MOST.to_string()]),
        n => fill("Found: {}. Enter goes there.", &[&n.to_string()]),
    }
}

/// Opens the dialog, unless it is open. What is returned lists anew what is found; it does nothing once the dialog was
/// closed.
pub(crate) fn open(about: About) -> Option<Rc<dyn Fn()>> {
    if by_id(DIALOG).is_some() {
        return None;
    }
    let owner = Owner::new();
    let (dialog, list) = owner.with(|| dialog(about));
    let over = Cell::new(Some(owner));
    let closed = dialog.clone();
    let dialog = dialog.on("close", move |_| {
        let (dialog, owner) = (closed.clone(), over.take());
        // It cannot end while it is being told so.
        after(
            0,
            Box::new(move || {
                dialog.element().remove();
                if let Some(owner) = owner {
                    owner.cleanup();
                }
            }),
        );
    });
    let body = document().body().expect("a page has a body");
    must(body.append_child(dialog.element()));
    list();
    open_dialog(&dialog);
    focus_id(INPUT);
    Some(list)
}

/// Leads back to where one types, from what stands below the list.
pub(crate) fn focus() {
    focus_id(INPUT);
}

/// The dialog, and what lists in it what is found: that needs the dialog in the page.
fn dialog(about: About) -> (El, Rc<dyn Fn()>) {
    let About {
        title,
        hint,
        source,
        said: words,
        foot,
    } = about;
    let dialog = el_class("dialog", "dialog palette")
        .attr("id", DIALOG)
        .attr("aria-label", title);
    let list = el_class("ul", "palette-list")
        .attr("id", LIST)
        .attr("role", "listbox")
        .attr("aria-label", title);
    let said = el_class("p", "field-hint").attr("role", "status");
    let input = el_class("input", "input")
        .attr("id", INPUT)
        .attr("type", "text")
        .attr("role", "combobox")
        .attr("aria-label", title)
        .attr("aria-autocomplete", "list")
        .attr("aria-controls", LIST)
        .attr("aria-expanded", "true")
        .attr("placeholder", hint)
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false");
    let shown = Rc::new(RefCell::new(Shown {
        entries: Vec::new(),
        chosen: 0,
    }));
    let (typed, now, all, told) = (input.clone(), Rc::clone(&shown), list.clone(), said.clone());
    let refresh: Rc<dyn Fn()> = Rc::new(move || {
        // By now it may have closed.
        if by_id(LIST).is_none() {
            return;
        }
        let entries = source(&typed.value());
        told.element().set_text_content(Some(&words(entries.len())));
        all.element().set_text_content(None);
        for (at, entry) in entries.iter().enumerate() {
            let option = option(at, entry);
            must(all.element().append_child(option.element()));
        }
        all.set("hidden", entries.is_empty().then_some(""));
        typed.set(
            "aria-expanded",
            Some(if entries.is_empty() { "false" } else { "true" }),
        );
        *now.borrow_mut() = Shown { entries, chosen: 0 };
        choose(&now, &typed, 0);
    });
    let (again, after_all) = (Rc::clone(&refresh), Rc::clone(&refresh));
    let (moved, field) = (Rc::clone(&shown), input.clone());
    let ended = dialog.clone();
    let input = input
        .on("input", move |event| {
            // What an input method has not finished is looked for when it has.
            if !is_composing(&event) {
                again();
            }
        })
        .on("compositionend", move |_| after_all())
        .on("keydown", move |event| {
            if let Some(event) = event.dyn_ref() {
                pressed(&ended, &moved, &field, event);
            }
        });
    let ended = dialog.clone();
    let list = list
        // The focus stays in the text.
        .on("pointerdown", |event| event.prevent_default())
        .on("click", move |event| {
            if let Some(number) = option_of(&event) {
                enter(&ended, &shown, number);
            }
        });
    let closed = dialog.clone();
    let close = button("btn btn-icon", move |_| close_dialog(&closed))
        .attr("data-kind", "ghost")
        .attr("aria-label", tr("Close"))
        .attr("title", tr("Close"))
        .child(icon("close"));
    let dialog = dialog
        .child(
            el_class("div", "palette-head")
                .child(icon("search"))
                .child(input)
                .child(close),
        )
        .child(list)
        .child(el_class("div", "palette-foot").child(said).child(foot));
    (dialog, refresh)
}

/// Moves through the list, and enters what is chosen in it.
fn pressed(dialog: &El, shown: &Rc<RefCell<Shown>>, input: &El, event: &KeyboardEvent) {
    if event.is_composing() || event.key_code() == commands::COMPOSING {
        return;
    }
    let (count, chosen) = {
        let shown = shown.borrow();
        (shown.entries.len(), shown.chosen)
    };
    let last = count.saturating_sub(1);
    let next = match event.key().as_str() {
        "ArrowDown" if chosen < last => chosen + 1,
        "ArrowDown" => 0,
        "ArrowUp" => chosen.checked_sub(1).unwrap_or(last),
        "PageDown" => (chosen + PAGE).min(last),
        "PageUp" => chosen.saturating_sub(PAGE),
        "Enter" => {
            event.prevent_default();
            enter(dialog, shown, chosen);
            return;
        }
        _ => return,
    };
    event.prevent_default();
    choose(shown, input, next);
}

/// The number of the option that an event comes from.
fn option_of(event: &Event) -> Option<usize> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let option = target.closest("[role=option]").ok()??;
    option.id().strip_prefix(OPTION)?.parse().ok()
}

fn is_composing(event: &Event) -> bool {
    let composing = js_sys::Reflect::get(event, &"isComposing".into());
    composing.is_ok_and(|composing| composing.is_truthy())
}

fn option_id(at: usize) -> String {
    [OPTION, &at.to_string()].concat()
}

fn option(at: usize, entry: &Entry) -> El {
    let code = (!entry.code.is_empty()).then(|| el_text("code", &entry.code));
    let detail = (!entry.detail.is_empty()).then(|| el_class("small", "soft").text(&entry.detail));
    el_class("li", "palette-option")
        .attr("id", &option_id(at))
        .attr("role", "option")
        .attr("aria-selected", "false")
        .child(el_text("span", &entry.label))
        .child(code)
        .child(detail)
}

/// Chooses an entry of the list.
fn choose(shown: &Rc<RefCell<Shown>>, input: &El, at: usize) {
    let mut shown = shown.borrow_mut();
    let mark = |at: usize, chosen: &str| {
        if let Some(option) = by_id(&option_id(at)) {
            option.set("aria-selected", Some(chosen));
        }
    };
    mark(shown.chosen, "false");
    shown.chosen = at;
    mark(at, "true");
    let there = at < shown.entries.len();
    input.set(
        "aria-activedescendant",
        there.then(|| option_id(at)).as_deref(),
    );
    if let Some(option) = by_id(&option_id(at)) {
        option.bring_into_sight();
    }
}

/// Closes the dialog and does what an entry stands for.
fn enter(dialog: &El, shown: &Rc<RefCell<Shown>>, at: usize) {
    let act = shown
        .borrow()
        .entries
        .get(at)
        .map(|entry| Rc::clone(&entry.act));
    if let Some(act) = act {
        // First the focus goes back to where it was.
        close_dialog(dialog);
        act();
    }
}
