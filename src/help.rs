//! The help: what the service's terms mean. It opens over the page, from the bar or from a term.

use dsw_words::tr;
use wasm_bindgen::JsCast as _;

use crate::commands;
use crate::dom::{El, button, by_id, el, el_class, el_text, icon, must, value_of};
use crate::state::FormState;
use crate::submit::{close_dialog, open_dialog};
use crate::texts::{self, File, Texts, text};

/// Id of the dialog; there is one at most.
const DIALOG: &str = "help";

/// Opens the help.
pub(crate) fn open(state: FormState) {
    if let Some(old) = by_id(DIALOG) {
        old.element().remove();
    }
    let dialog = dialog(state);
    let body = leptos::prelude::document()
        .body()
        .expect("a page has a body");
    must(body.append_child(dialog.element()));
    open_dialog(&dialog);
}

/// The dialog. What is kept in the page ends with it: it is made anew each time.
fn dialog(state: FormState) -> El {
    let dialog = el_class("dialog", "dialog help")
        .attr("id", DIALOG)
        .attr("aria-labelledby", "help-h");
    let closed = dialog.clone();
    let close = button("btn btn-icon btn-s end", move |_| close_dialog(&closed))
        .attr("data-kind", "ghost")
        .attr("aria-label", tr("Close"))
        .attr("title", tr("Close"))
        .child(icon("close"));
    let head = el_class("div", "line")
        .child(el_text("h2", tr("Help")).attr("id", "help-h"))
        .child(close);
    let left = dialog.clone();
    let commands = button("btn btn-s", move |_| {
        close_dialog(&left);
        (commands::LIST.run)(state);
    })
    .text((commands::LIST.name)())
    .text(" ")
    .child(commands::LIST.hint(state));
    let commands = commands::LIST.at(state, commands);
    dialog.child(
        el_class("div", "stack")
            .child(head)
            .child(el_class("div", "line").child(commands))
            .child(terms())
            .child(files()),
    )
}

/// What programs can read: the request as a schema, and the rules.
fn files() -> El {
    let file = |name: &str, words: &str| {
        let link = el("a")
            .attr("href", &["assets/", name].concat())
            .attr("download", name)
            .child(icon("download"))
            .text(words);
        el("li").child(link)
    };
    el_class("section", "stack stack-s")
        .attr("aria-labelledby", "files-h")
        .child(el_text("h3", tr("For programs")).attr("id", "files-h"))
        .child(
            el("ul")
                .child(file(
                    "create-instance.schema.json",
                    tr("The request as a JSON Schema"),
                ))
                .child(file(
                    "create-instance.rules.json",
                    tr("The rules as JSON, in English and Chinese"),
                )),
        )
}

/// The terms, with a filter above them.
fn terms() -> El {
    // It scrolls by itself, so the keyboard gets there.
    let list = el_class("div", "terms")
        .attr("tabindex", "0")
        .attr("role", "group")
        .attr("aria-labelledby", "terms-h");
    texts::fill(File::Terms, &list, Box::new(|all| vec![term_list(all)]));
    let sought = list.clone();
    let none = el_text("p", tr("No term matches.")).attr("hidden", "");
    let empty = none.clone();
    let search = el_class("input", "input")
        .attr("id", "term-filter")
        .attr("type", "search")
        .attr("autocomplete", "off")
        .attr("autofocus", "")
        .on("input", move |event| {
            let any = filter(&sought, &value_of(&event).to_lowercase());
            empty.set("hidden", any.then_some(""));
        });
    el_class("section", "stack stack-s")
        .attr("aria-labelledby", "terms-h")
        .child(el_text("h3", tr("Terms")).attr("id", "terms-h"))
        .child(
            el_class("label", "stack stack-s")
                .child(el_class("span", "field-hint").text(tr("Find a term")))
                .child(search),
        )
        .child(list)
        .child(none)
}

fn term_list(all: &Texts) -> El {
    let entries = all.iter().map(|(key, entry)| {
        let name = text(entry, "term");
        let name = if name.is_empty() { key } else { name };
        let other = text(entry, "other");
        let other = (!other.is_empty()).then(|| el_class("span", "soft").text(other));
        el("div")
            .child(el("dt").text(name).text(" ").child(other))
            .child(el_text("dd", text(entry, "means")))
    });
    el("dl").children(entries)
}

/// Shows the terms in which these words are. Returns whether there are any.
fn filter(list: &El, words: &str) -> bool {
    let entries = must(list.element().query_selector_all("dl > div"));
    let mut any = false;
    for at in 0..entries.length() {
        let entry = entries.get(at).and_then(|entry| entry.dyn_into().ok());
        if let Some(entry) = entry.map(El::existing) {
            let said = entry
                .element()
                .text_content()
                .unwrap_or_default()
                .to_lowercase();
            let shown = words.split_whitespace().all(|word| said.contains(word));
            entry.set("hidden", (!shown).then_some(""));
            any |= shown;
        }
    }
    any || entries.length() == 0
}
