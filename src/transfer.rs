//! Import and export: paste, file, drop; copy, download.

use std::cell::Cell;

use dsw_form::import::{Import, ImportError, import, import_bytes};
use dsw_form::kept::Begun;
use dsw_form::past::End;
use dsw_form::print;
use dsw_form::refusal::Refusal;
use dsw_model::rules::Severity;
use dsw_words::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, File, FileList, HtmlAnchorElement, HtmlInputElement, HtmlTextAreaElement};

use crate::control::plain;
use crate::dom::{El, after_update, by_id, el, el_class, el_text, icon};
use crate::later::{self, Progress};
use crate::state::{FormState, START};
use crate::summary::SUMMARY;
use crate::toast::say;
use crate::{address, i18n, past, refused};

/// Takes away what is shown: it is copied, or downloaded.
type Take = fn(FormState, End);

thread_local! {
    /// Takes away what the output shows in the place of the body, if it shows something else.
    pub(crate) static INSTEAD: Cell<Option<Take>> = const { Cell::new(None) };
}

/// What takes a request in and shows what hinders it.
#[derive(Clone, Copy, Debug)]
pub struct Importer {
    state: FormState,
    problem: RwSignal<String>,
}

impl Importer {
    fn take(self, area: &HtmlTextAreaElement, result: Result<Import, ImportError>) {
        match result {
            Ok(import) => {
                self.problem.set(String::new());
                let report = i18n::report(&import.report);
                past::remember(self.state, End::Replaced);
                self.state.load(import);
                past::begin_with(self.state, Begun::Import);
                if self.state.current.get_untracked() == START {
                    address::enter(self.state, true);
                }
                area.set_value("");
                say(self.state, &report, true);
            }
            Err(error) => {
                // The text stays where it is, to be mended, unless it is so long that the browser would take
                // seconds to lay it out.
                if matches!(error, ImportError::TooLong { .. }) {
                    area.set_value("");
                }
                self.problem.set(i18n::import_error(&error));
            }
        }
    }

    /// Takes a text for what it is if it is an error reply of the service: no request, but about one.
    fn take_reply(self, area: &HtmlTextAreaElement, text: &str) -> bool {
        let refusal = self.state.with_draft(|draft| Refusal::read(text, draft));
        let Some(refusal) = refusal else {
            return false;
        };
        self.problem.set(String::new());
        area.set_value("");
        refused::show(self.state, refusal);
        true
    }

    /// Takes in what stands in the area, also what was written before this can be done.
    fn take_text(self, area: &HtmlTextAreaElement) {
        let area = area.clone();
        later::with(move |parts| (parts.take_text)(self, &area));
    }

    fn take_file(self, area: &HtmlTextAreaElement, files: Option<FileList>) -> bool {
        let Some(file) = files.and_then(|files| files.item(0)) else {
            return false;
        };
        let area = area.clone();
        later::with(move |parts| (parts.take_file)(self, area, file));
        true
    }
}

/// Takes in the text of the area; an empty one is nothing to take.
pub(crate) fn take_text(importer: Importer, area: &HtmlTextAreaElement) {
    let text = area.value();
    if text.trim().is_empty() {
        importer.problem.set(String::new());
    } else if !importer.take_reply(area, &text) {
        importer.take(area, import(&text));
    }
}

/// Takes in a file.
pub(crate) fn take_file(importer: Importer, area: HtmlTextAreaElement, file: File) {
    spawn_local(async move {
        match bytes_of(&file).await {
            Ok(bytes) => {
                let reply = std::str::from_utf8(&bytes).ok();
                if !reply.is_some_and(|text| importer.take_reply(&area, text)) {
                    importer.take(&area, import_bytes(&bytes));
                }
            }
            Err(_) => say(importer.state, &i18n::unreadable(&file.name()), false),
        }
    });
}

/// The place where a request is pasted, dropped or opened.
pub fn importer(state: FormState) -> El {
    importer_called(state, "import-json", "2")
}

/// The same with another id, and so many lines.
pub fn importer_called(state: FormState, id: &'static str, lines: &str) -> El {
    let message_id = id.to_owned() + "-msg";
    let problem = RwSignal::new(String::new());
    let importer = Importer { state, problem };
    let failed = move || problem.with(|problem| !problem.is_empty());
    let text = plain("textarea", id, &message_id)
        .attr("data-testid", id)
        .attr("rows", lines)
        .attr("placeholder", tr("Paste JSON here, or drop a file"))
        .attr_fn("aria-invalid", move || failed().then(|| "true".to_owned()));
    let area: HtmlTextAreaElement = text.element().clone().unchecked_into();
    let typed_in = area.clone();
    let text = text.on("input", move |_| importer.take_text(&typed_in));
    let picked_for = area.clone();
    let file = el_class("input", "hide")
        .attr("type", "file")
        .attr("name", "import-file")
        .attr("accept", ".json,.txt,application/json,text/plain")
        .on("change", move |event| {
            let Some(input) = event
                .target()
                .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
            else {
                return;
            };
            importer.take_file(&picked_for, input.files());
            // Choosing the same file again is to open it again.
            input.set_value("");
        });
    let open = el_class("label", "btn btn-s")
        .child(icon("upload"))
        .text(tr("Open file"))
        .child(file);
    let head = el_class("div", "line")
        .child(
            el_class("label", "field-label")
                .attr("for", id)
                .text(tr("Import a request")),
        )
        .child(el_class("span", "end"))
        .child(open);
    let message = el("div")
        .attr("id", &message_id)
        .attr("role", "alert")
        .content_fn(move || {
            if !failed() {
                return Vec::new();
            }
            let text = el("span")
                .child(el_text("b", tr("Error:")))
                .text(" ")
                .text(&problem.get());
            vec![
                el_class("p", "field-msg")
                    .attr("data-tone", "error")
                    .child(icon("error"))
                    .child(text),
            ]
        });
    el_class("div", "output-import")
        .attr_fn("data-tone", move || failed().then(|| "error".to_owned()))
        // Without this the browser would open what is dropped in place of the page.
        .on("dragover", |event| event.prevent_default())
        .on("drop", move |event| dropped(importer, &area, &event))
        .child(head)
        .child(text)
        .child(message)
}

fn dropped(importer: Importer, area: &HtmlTextAreaElement, event: &Event) {
    event.prevent_default();
    let Some(data) = event
        .dyn_ref::<web_sys::DragEvent>()
        .and_then(web_sys::DragEvent::data_transfer)
    else {
        return;
    };
    if importer.take_file(area, data.files()) {
        return;
    }
    let text = data.get_data("text/plain").unwrap_or_default();
    if !text.trim().is_empty() {
        area.set_value(&text);
        importer.take_text(area);
    }
}

pub(crate) async fn bytes_of(file: &File) -> Result<Vec<u8>, JsValue> {
    let buffer = JsFuture::from(file.array_buffer()).await?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Copies what is shown, whatever is wrong with it, and says what is.
pub fn copy(state: FormState) {
    if let Some(take) = INSTEAD.get() {
        take(state, End::Copied);
        return;
    }
    let body = state.with_reviewed(|reviewed| print::text(reviewed.review()));
    write(state, &body, move |done| {
        if done {
            taken(state, End::Copied);
        } else {
            ask(state);
        }
    });
}

/// Copies a text, and says that.
pub(crate) fn copy_text(state: FormState, text: &str, done: &str) {
    let said = done.to_owned();
    write(state, text, move |done| {
        if done {
            say(state, &said, false);
        }
    });
}

/// Puts a text into the clipboard. `then` is told whether that was done; where it was not, the page says so.
pub(crate) fn write(state: FormState, text: &str, then: impl FnOnce(bool) + 'static) {
    let then: Box<dyn FnOnce(bool)> = Box::new(then);
    let clipboard = window().navigator().clipboard();
    // Browsers offer no clipboard to pages that came over an insecure connection.
    if clipboard.is_undefined() {
        say(state, i18n::no_clipboard(), false);
        return;
    }
    let written = clipboard.write_text(text);
    spawn_local(async move {
        let done = JsFuture::from(written).await.is_ok();
        then(done);
        if !done {
            say(state, i18n::no_clipboard(), false);
        }
    });
}

/// Downloads what is shown as a file, whatever is wrong with it, and says what is.
pub fn download(state: FormState) {
    if let Some(take) = INSTEAD.get() {
        take(state, End::Downloaded);
        return;
    }
    let body = state.with_reviewed(|reviewed| print::text(reviewed.review()));
    match save(&body) {
        Ok(()) => taken(state, End::Downloaded),
        Err(_) => say(state, i18n::no_download(), false),
    }
}

/// Offers a request as a file.
pub(crate) fn save(text: &str) -> Result<(), JsValue> {
    save_as(text, "create-instance.json")
}

/// Offers a text as a file of this name.
pub(crate) fn save_as(text: &str, name: &str) -> Result<(), JsValue> {
    let url = object_url(text)?;
    let link = document()
        .create_element("a")?
        .unchecked_into::<HtmlAnchorElement>();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&url)
}

/// An address under which a link finds this text.
pub(crate) fn object_url(text: &str) -> Result<String, JsValue> {
    let options = web_sys::BlobPropertyBag::new();
    // Of any other kind some browsers would change the ending of its name.
    options.set_type("application/octet-stream");
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options)?;
    web_sys::Url::create_object_url_with_blob(&blob)
}

/// Says that the body was taken away, and with how many errors as soon as that is known.
fn taken(state: FormState, end: End) {
    later::with(move |parts| (parts.remember)(state, end));
    if state.progress.get_untracked() == Progress::Failed {
        say(state, i18n::taken_unchecked(end), false);
    } else {
        later::with(move |_| say(state, &i18n::taken(end, ask(state)), false));
    }
}

/// The result was asked for: missing values are told from now on. If there are errors, the summary takes
/// the focus. Returns how many there are.
pub(crate) fn ask(state: FormState) -> usize {
    state.asked.set(true);
    let errors = state.with_reviewed(|reviewed| reviewed.review().count(Severity::Error));
    if errors > 0 {
        after_update(|| {
            if let Some(summary) = by_id(SUMMARY) {
                summary.focus();
            }
        });
    }
    errors
}
