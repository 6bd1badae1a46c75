//! Whatever comes in beyond a plain body: other forms of a request, replies of the service, several requests at once;
//! what is wrong with a text that is none of these; and the report of what an import brought.

use std::cell::Cell;
use std::rc::Rc;
use std::str;

use dsw_form::draft::Draft;
use dsw_form::import::ImportError;
use dsw_form::import::anything::{Document, ReadError, read_bytes};
use dsw_form::json::JsonError;
use dsw_form::kept::Begun;
use dsw_form::refusal::{Refusal, visible};
use dsw_form::review::review;
use dsw_model::path::Path;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_model::rules::Severity;
use dsw_words::{fill, tr};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::dom::{El, after, after_update, button, by_id, el, el_class, el_text, icon, must};
use crate::gateway::Gateway;
use crate::i18n::{self, arriving};
use crate::palette::{self, About, Entry, MOST};
use crate::rail::badge;
use crate::refused::{self, facts, mono};
use crate::sending::text_of;
use crate::state::{FormState, START, control_id};
use crate::submit::{close_dialog, open_dialog};
use crate::toast::say;
use crate::transfer::{self, Importer};
use crate::{address, opened};

/// Id of the report; there is one at most.
const REPORT: &str = "import-report";
/// How many lines of one sort are shown: more than that nobody reads.
const LISTED: usize = 100;

/// Takes in whatever this is, or says what is wrong with it. What is wrong leaves the text where it is.
pub(crate) fn read(importer: Importer, bytes: &[u8]) {
    let state = importer.state;
    // An address of this page with a request in it asks as it does when it is opened.
    let asked = str::from_utf8(bytes).ok().and_then(opened::in_text);
    if let (Some(asked), Some(gateway)) = (asked, transfer::gateway()) {
        importer.done();
        opened::take_up_by(gateway, state, &asked);
        return;
    }
    // An error reply is no request, but about one.
    let refusal = str::from_utf8(bytes).ok().and_then(|text| {
        let read = |draft: &Draft| Refusal::read(text, draft);
        state.with_draft(read)
    });
    if let Some(refusal) = refusal {
        importer.done();
        let show = move || refused::show(state, refusal);
        if state.current.get_untracked() == START {
            // It is told above the form. The focus goes to its heading first.
            address::enter(state, true);
            after(0, Box::new(show));
        } else {
            show();
        }
        return;
    }
    match read_bytes(bytes) {
        Ok(mut documents) => match documents.pop() {
            Some(document) if documents.is_empty() => take_from(importer, document),
            Some(last) => {
                documents.push(last);
                choose(importer, documents);
            }
            // There is at least one.
            None => {}
        },
        Err(error) => refuse(importer, bytes, &error),
    }
}

thread_local! {
    /// How long the text was that was refused last, in bytes: who types in it changes a letter at a time.
    static REFUSED: Cell<usize> = const { Cell::new(0) };
}

/// Says what is wrong with a text, which stays where it is, to be mended; and leads there, unless one is typing in it.
fn refuse(importer: Importer, bytes: &[u8], error: &ReadError) {
    /// A letter has so many bytes at most.
    const LETTER: usize = 4;
    let state = importer.state;
    importer.tell(&arriving::error(error));
    let typed = REFUSED.replace(bytes.len()).abs_diff(bytes.len()) <= LETTER;
    let Some(area) = by_id(importer.id) else {
        return;
    };
    // So long that the browser would take seconds to lay it out.
    if matches!(error, ReadError::Import(ImportError::TooLong { .. })) {
        area.set_value("");
    }
    let here = area.element().matches(":focus").unwrap_or_default();
    if here && typed {
        return;
    }
    if !here && state.current.get_untracked() != START {
        state.to_form();
        // On a narrow screen it stands in a sheet.
        drop(window().location().set_hash("output"));
    }
    let place = match error {
        ReadError::Import(ImportError::Json(JsonError { line, column, .. })) => {
            Some((*line, *column))
        }
        _ => None,
    };
    after_update(move || {
        area.focus();
        if let Some((line, column)) = place {
            point(&area, line, column);
        }
    });
}

/// Puts the caret to a place in a text. Lines and characters count from 1.
pub(crate) fn point(area: &El, line: usize, column: usize) {
    let text = area.value();
    let Some(before) = line.checked_sub(2).map_or(Some(0), |ends| {
        let mut ends = text.match_indices('\n').skip(ends);
        ends.next().map(|(at, _)| at + 1)
    }) else {
        return;
    };
    let inside = text[before..].chars().take(column.saturating_sub(1));
    let units = text[..before].encode_utf16().count() + inside.map(char::len_utf16).sum::<usize>();
    let units = JsValue::from_f64(f64::from(u32::try_from(units).unwrap_or(u32::MAX)));
    for end in ["selectionStart", "selectionEnd"] {
        // It fails only for controls that hold no text.
        drop(js_sys::Reflect::set(area.element(), &end.into(), &units));
    }
}

/// Takes in what was read of the area.
fn take_from(importer: Importer, document: Document) {
    importer.done();
    take(importer.state, document, Begun::Import);
}

/// Takes in a request as one step, and says in short what it brought. `begun` is what the form begins with.
pub(crate) fn take(state: FormState, document: Document, begun: Begun) {
    let said = arriving::in_short(&document, &state.region());
    transfer::take(state, document, &said, begun);
}

/// Lets one choose among several requests. Closing the list leaves the text where it is.
fn choose(importer: Importer, documents: Vec<Document>) {
    let state = importer.state;
    let count = documents.len();
    // Who closes the list finds the way back to it.
    let again = button("btn btn-s", move |_| transfer::take_text(importer)).text(tr("Choose one"));
    importer.show(
        el_class("p", "line")
            .child(el_text("span", &arriving::found(count)))
            .child(again),
    );
    let all: Vec<_> = documents.into_iter().map(Rc::new).collect();
    let lines: Vec<_> = all
        .iter()
        .map(|document| described(state, document))
        .collect();
    let source = move |words: &str| {
        let words = words.to_lowercase();
        let fits = |(label, detail, code): &(String, String, String)| {
            let told = [&**label, " ", detail, " ", code].concat().to_lowercase();
            words.split_whitespace().all(|word| told.contains(word))
        };
        let fitting = lines.iter().zip(&all).filter(|(line, _)| fits(line));
        let entry =
            |((label, detail, code), document): (&(String, String, String), &Rc<Document>)| {
                let chosen = Rc::clone(document);
                Entry {
                    label: label.clone(),
                    detail: detail.clone(),
                    code: code.clone(),
                    act: Rc::new(move || take_from(importer, (*chosen).clone())),
                }
            };
        fitting.take(MOST).map(entry).collect()
    };
    palette::open(About {
        title: tr("Which request?"),
        hint: tr("Name, machine type or source"),
        source: Box::new(source),
        said: Box::new(move |shown| arriving::requests(shown, count)),
        foot: Some(el_class("p", "soft").text(tr("Esc keeps the text."))),
    });
}

/// What tells a request from others: its name; its machine, how much it sets and what is wrong with it; its source.
fn described(state: FormState, document: &Document) -> (String, String, String) {
    let draft = &document.import.draft;
    let found = state.with_known(|context| review(draft, context));
    let machine = text_of(draft, Request::ECS_SPEC);
    let machine = if machine.is_empty() {
        text_of(draft, Request::RESOURCE_ID)
    } else {
        machine
    };
    let label = if document.name.is_empty() {
        tr("without a name").to_owned()
    } else {
        visible(&document.name)
    };
    let mut parts = vec![
        visible(&machine),
        arriving::values(document.import.report.kept),
    ];
    for (severity, words) in [
        (Severity::Error, i18n::errors as fn(usize) -> String),
        (Severity::Warning, i18n::warnings),
    ] {
        let count = found.count(severity);
        parts.push(if count > 0 {
            words(count)
        } else {
            String::new()
        });
    }
    parts.retain(|part| !part.is_empty());
    let source = arriving::source(document.source).to_owned();
    (label, parts.join(" · "), source)
}

/// Opens the report of the last import.
pub(crate) fn report(gateway: Gateway) {
    let Some(document) = transfer::last() else {
        return;
    };
    if let Some(old) = by_id(REPORT) {
        old.element().remove();
    }
    let owner = Owner::new();
    let dialog = owner.with(|| dialog(gateway, &document));
    let body = leptos::prelude::document()
        .body()
        .expect("a page has a body");
    must(body.append_child(dialog.element()));
    let over = Cell::new(Some(owner));
    let dialog = dialog.on("close", move |_| {
        // What opened it may have gone meanwhile, with the status line.
        after_update(transfer::focus_report);
        if let Some(owner) = over.take() {
            after(0, Box::new(move || owner.cleanup()));
        }
    });
    open_dialog(&dialog);
}

fn dialog(gateway: Gateway, document: &Document) -> El {
    let state = gateway.state;
    let dialog = el_class("dialog", "dialog dialog-wide arrival")
        .attr("id", REPORT)
        .attr("aria-labelledby", "import-report-h");
    let view = View {
        state,
        draft: &document.import.draft,
        dialog: dialog.clone(),
    };
    let closed = dialog.clone();
    let close = button("btn btn-icon btn-s end", move |_| close_dialog(&closed))
        .attr("data-kind", "ghost")
        .attr("autofocus", "")
        .attr("aria-label", tr("Close"))
        .attr("title", tr("Close"))
        .child(icon("close"));
    let head = el_class("div", "line")
        .child(el_text("h2", tr("What the import brought")).attr("id", "import-report-h"))
        .child(close);
    let mut told = vec![(
        tr("Source"),
        el_text("span", arriving::source(document.source)),
    )];
    if !document.name.is_empty() {
        told.push((tr("Name"), mono(&visible(&document.name))));
    }
    if let Some(region) = &document.region {
        told.push((tr("Region"), view.region(gateway, region)));
    }
    let report = &document.import.report;
    let mut stack = el_class("div", "stack").child(head).child(facts(told));
    let parts = [
        view.absent(document),
        View::repaired(document),
        view.mapped(document),
        View::ignored(document),
        view.paths(
            tr("Not in the reference, kept and sent as they came"),
            "info",
            &report.unknown,
        ),
        view.paths(
            tr("Of another type than documented, kept and sent as they came"),
            "warning",
            &report.foreign,
        ),
        view.paths(tr("Empty, so not set"), "", &report.dropped),
        view.kept(&document.import.draft, report.kept),
    ];
    stack = stack.children(parts.into_iter().flatten());
    dialog.child(stack)
}

/// The report as it is shown.
struct View<'a> {
    state: FormState,
    /// What the import brought.
    draft: &'a Draft,
    dialog: El,
}

impl View<'_> {
    /// A part with its heading and how many lines it has; nothing without a line.
    fn part(title: &str, tone: &str, count: usize, lines: impl Iterator<Item = El>) -> Option<El> {
        if count == 0 {
            return None;
        }
        let more = count.saturating_sub(LISTED);
        let more = (more > 0).then(|| el_class("li", "soft").text(&arriving::more(more)));
        Some(
            el_class("section", "stack stack-s")
                .child(el_class("h3", "line").text(title).child(badge(
                    tone,
                    &dsw_words::number(count),
                    None,
                )))
                .child(el("ul").children(lines.take(LISTED)).child(more)),
        )
    }

    /// A place in the form, and the way there.
    fn link(&self, path: &Path) -> El {
        let (state, dialog, target) = (self.state, self.dialog.clone(), path.clone());
        el("a")
            .attr("href", &["#", &control_id(path)].concat())
            .child(el("bdi").text(&visible(&i18n::place(self.draft, path))))
            .on("click", move |event| {
                event.prevent_default();
                close_dialog(&dialog);
                state.show(&target);
            })
    }

    /// The region that stands in the text; where the page is in another, a button that changes that.
    fn region(&self, gateway: Gateway, region: &str) -> El {
        let present = gateway.region.get_untracked();
        let offered = gateway
            .regions
            .with_untracked(|all| all.iter().any(|known| known.id == region));
        let words = el_class("span", "line").child(mono(&visible(region)));
        if !offered || present == region {
            return words;
        }
        let (target, state, dialog) = (region.to_owned(), self.state, self.dialog.clone());
        let change = button("btn btn-s", move |_| {
            gateway.choose_region(target.clone());
            close_dialog(&dialog);
            say(state, &fill("The region is {} now.", &[&target]), false);
        });
        words
            .child(el_class("span", "soft").text(&fill("The page is set to {}.", &[&present])))
            .child(change.text(&fill("Use {}", &[region])))
    }

    /// What is to be entered again.
    fn absent(&self, document: &Document) -> Option<El> {
        let lines = document.absent.iter().map(|absent| {
            let why = match &absent.variable {
                Some(variable) => fill("stands in the variable {}", &[&visible(variable)]),
                None => tr("the service hides it").to_owned(),
            };
            el("li")
                .child(self.link(&absent.member))
                .text(": ")
                .text(&why)
        });
        let count = document.absent.len();
        Self::part(tr("Enter again"), "warning", count, lines)
    }

    fn repaired(document: &Document) -> Option<El> {
        let lines = document
            .repaired
            .iter()
            .map(|repair| el_text("li", &arriving::repair(*repair)));
        Self::part(tr("Repaired"), "info", document.repaired.len(), lines)
    }

    fn mapped(&self, document: &Document) -> Option<El> {
        let lines = document.mapped.iter().map(|mapped| {
            el("li")
                .child(mono(&visible(&mapped.from)))
                .text(" → ")
                .child(self.link(&mapped.to))
                .child(self.api_name(&mapped.to))
        });
        Self::part(tr("Renamed"), "info", document.mapped.len(), lines)
    }

    fn ignored(document: &Document) -> Option<El> {
        let lines = document.ignored.iter().map(|ignored| {
            el("li")
                .child(mono(&visible(&ignored.name)))
                .text(": ")
                .text(arriving::why(ignored.why))
        });
        Self::part(tr("Left out"), "", document.ignored.len(), lines)
    }

    fn paths(&self, title: &str, tone: &str, paths: &[Path]) -> Option<El> {
        let lines = paths.iter().map(|path| el("li").child(self.link(path)));
        Self::part(title, tone, paths.len(), lines)
    }

    /// The values that are in the form now, folded: there may be hundreds.
    fn kept(&self, draft: &Draft, count: usize) -> Option<El> {
        let mut paths = Vec::new();
        draft.values(&mut |path| paths.push(path));
        if paths.is_empty() {
            return None;
        }
        let part = Self::part(tr("Kept"), "ok", count, std::iter::empty())?;
        let lines = paths
            .iter()
            .take(LISTED)
            .map(|path| el("li").child(self.link(path)).child(self.api_name(path)));
        let more = paths.len().saturating_sub(LISTED);
        let more = (more > 0).then(|| el_class("li", "soft").text(&arriving::more(more)));
        let fold = el_class("details", "fold")
            .child(
                el("summary")
                    .child(icon("chevron"))
                    .text(tr("Member by member")),
            )
            .child(el("div").child(el("ul").children(lines).child(more)));
        Some(part.child(fold))
    }

    /// The name of a place for the API, where its words do not hold it already.
    fn api_name(&self, path: &Path) -> Option<El> {
        let name = visible(&self.draft.name_of(path));
        let told = i18n::place(self.draft, path).contains(&name);
        (!told).then(|| el_class("code", "soft").text(" ").text(&name))
    }
}
