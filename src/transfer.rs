//! Import and export: paste, file, drop; copy, download.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use dsw_form::import::anything::{Document, Source};
use dsw_form::import::{Import, import_bytes};
use dsw_form::kept::Begun;
use dsw_form::past::End;
use dsw_form::print;
use dsw_model::rules::Severity;
use dsw_words::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    ClipboardEvent, DataTransfer, DragEvent, Element, Event, File, FileList, HtmlAnchorElement,
    HtmlInputElement,
};

use crate::commands::TYPED_IN;
use crate::control::plain;
use crate::dom::{El, after_update, button, by_id, el, el_class, el_text, icon, on_document};
use crate::exchange::EXCHANGE;
use crate::gateway::Gateway;
use crate::later::{self, Progress};
use crate::state::{FormState, START};
use crate::summary::SUMMARY;
use crate::toast::say;
use crate::{address, clone, i18n, past};

/// Takes away what is shown: it is copied, or downloaded.
type Take = fn(FormState, End);

thread_local! {
    /// Takes away what the output shows in the place of the body, if it shows something else.
    pub(crate) static INSTEAD: Cell<Option<Take>> = const { Cell::new(None) };
    /// Asked before the request is taken away: whether something that was typed is to be taken in first. It says so.
    pub(crate) static WAITS: Cell<Option<fn() -> bool>> = const { Cell::new(None) };
}

/// Whether the request cannot be taken away now; the person was told why.
pub(crate) fn waits() -> bool {
    WAITS.get().is_some_and(|waits| waits())
}

/// What takes a request in and shows what hinders it.
#[derive(Clone, Copy, Debug)]
pub struct Importer {
    pub(crate) state: FormState,
    /// Id of the area in which one pastes.
    pub(crate) id: &'static str,
}

impl Importer {
    /// The one that is in sight.
    fn present(state: FormState) -> Self {
        let start = state.current.get_untracked() == START;
        let id = if start { START_AREA } else { AREA };
        Self { state, id }
    }

    /// The text in the area; nothing if that is blank.
    fn text(self) -> Vec<u8> {
        let text = by_id(self.id).map(|area| area.value());
        let text = text.filter(|text| !text.trim().is_empty());
        text.unwrap_or_default().into_bytes()
    }

    /// What stood in the area was taken in.
    pub(crate) fn done(self) {
        self.tell("");
        if let Some(area) = by_id(self.id) {
            area.set_value("");
        }
    }

    /// Says something of the text in the area that is nothing wrong.
    pub(crate) fn show(self, said: El) {
        self.tell("");
        if let Some(message) = by_id(&[self.id, MESSAGE].concat()) {
            let _ = message.child(said);
        }
    }

    /// Says what is wrong with the text in the area; nothing any more if that is empty.
    pub(crate) fn tell(self, problem: &str) {
        let failed = !problem.is_empty();
        let Some(area) = by_id(self.id) else {
            return;
        };
        area.set("aria-invalid", failed.then_some("true"));
        if let Ok(Some(around)) = area.element().closest(AROUND) {
            El::existing(around).set("data-tone", failed.then_some("error"));
        }
        let Some(message) = by_id(&[self.id, MESSAGE].concat()) else {
            return;
        };
        message.element().set_text_content(None);
        let text = el("span")
            .child(el_text("b", tr("Error:")))
            .text(" ")
            .text(problem);
        let said = el_class("p", "field-msg")
            .attr("data-tone", "error")
            .child(icon("error"))
            .child(text);
        let _ = message.child(failed.then_some(said));
    }
}

/// Takes in the text of the area; an empty one is nothing to take.
pub(crate) fn take_text(importer: Importer) {
    let text = importer.text();
    if text.is_empty() {
        importer.tell("");
    } else if !take_plain(importer, &text) {
        EXCHANGE.with(importer.state, move |exchange| {
            // By now it may be another, or have been taken in.
            let text = importer.text();
            if !text.is_empty() {
                (exchange.read)(importer, &text);
            }
        });
    }
}

/// Takes in the file that was chosen in a control.
pub(crate) fn take_chosen(importer: Importer, event: &Event) {
    let target = event.target();
    let Some(input) = target.and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
        return;
    };
    take_file(importer, input.files());
    // Choosing the same file again is to open it again.
    input.set_value("");
}

/// Takes in the first of some files. Returns whether there is one.
fn take_file(importer: Importer, files: Option<FileList>) -> bool {
    let Some(file) = files.and_then(|files| files.item(0)) else {
        return false;
    };
    spawn_local(async move {
        match bytes_of(&file).await {
            Ok(bytes) => read(importer, bytes),
            Err(_) => say(importer.state, &i18n::unreadable(&file.name()), false),
        }
    });
    true
}

/// Takes in a file or a text.
fn read(importer: Importer, bytes: Vec<u8>) {
    if !take_plain(importer, &bytes) {
        EXCHANGE.with(importer.state, move |exchange| {
            (exchange.read)(importer, &bytes);
        });
    }
}

/// Takes in a plain body, at once. Returns whether it is one: whatever else it is, or what is wrong with it, is found out
/// by what is fetched for that.
fn take_plain(importer: Importer, bytes: &[u8]) -> bool {
    let import = import_bytes(bytes).ok().filter(is_plain);
    let Some(import) = import else {
        return false;
    };
    importer.done();
    let said = i18n::report(&import.report);
    let document = Document {
        source: Source::Body,
        name: String::new(),
        region: None,
        import,
        mapped: Vec::new(),
        repaired: Arc::default(),
        ignored: Vec::new(),
        absent: Vec::new(),
    };
    take(importer.state, document, &said, Begun::Import);
    true
}

/// Whether each of its members is one of the request: then it is no reply, and holds no request inside.
fn is_plain(import: &Import) -> bool {
    let mut unknown = import.report.unknown.iter();
    unknown.all(|path| path.steps().len() > 1)
}

thread_local! {
    /// What was taken in last.
    static LAST: RefCell<Option<Rc<Document>>> = const { RefCell::new(None) };
    /// The gateway of the page.
    static GATEWAY: Cell<Option<Gateway>> = const { Cell::new(None) };
}

/// The gateway of the page, once there is something to paste into.
pub(crate) fn gateway() -> Option<Gateway> {
    GATEWAY.get()
}

/// What was taken in last, since the page came; nothing before that.
pub(crate) fn last() -> Option<Rc<Document>> {
    LAST.with_borrow(Clone::clone)
}

/// Takes in a request, as one step, says that, and keeps what is to be told of it. `begun` is what the form begins with.
pub(crate) fn take(state: FormState, document: Document, said: &str, begun: Begun) {
    past::remember(state, End::Replaced);
    state.load(document.import.clone());
    past::begin_with(state, begun);
    if state.current.get_untracked() == START {
        address::enter(state, true);
    }
    tell(state, document, said);
}

/// Says that a request was taken in, and keeps what is to be told of it.
pub(crate) fn tell(state: FormState, document: Document, said: &str) {
    LAST.set(Some(Rc::new(document)));
    say(state, said, true);
    if let Some(gateway) = GATEWAY.get() {
        after_update(move || offer_report(gateway));
    }
}

/// Id of the area in which one pastes at the start.
pub(crate) const START_AREA: &str = "start-json";
/// Id of that in the output pane.
const AREA: &str = "import-json";
/// What holds an area, with all that belongs to it.
const AROUND: &str = ".output-import";
/// Where a text can be dropped, too.
const DROPPED: &str = AROUND;
/// What the id of what is wrong ends with, behind that of the area.
const MESSAGE: &str = "-msg";
/// What the id of what opens the report ends with, behind that of the area.
const REPORT: &str = "-report";

/// Leads to what opens the report, below the area beside the form, if the focus is nowhere.
pub(crate) fn focus_report() {
    let lost = document()
        .query_selector("body:focus, :focus")
        .ok()
        .flatten();
    if lost.is_none()
        && let Some(report) = by_id(&[AREA, REPORT].concat())
    {
        report.focus();
    }
}

/// Offers the report of the last import, in the status line and below the areas in which one pastes.
fn offer_report(gateway: Gateway) {
    for area in [START_AREA, AREA] {
        let report = by_id(&[area, REPORT].concat());
        let place = report.and_then(|report| report.element().closest(".line").ok().flatten());
        if let Some(place) = place {
            El::existing(place).set("hidden", None);
        }
    }
    if let Ok(Some(toast)) = document().query_selector(".toast") {
        // The status line goes by itself, with all that is in it.
        let _ = El::existing(toast).child(report_button(gateway, "btn btn-link", tr("Report")));
    }
}

fn report_button(gateway: Gateway, class: &str, name: &str) -> El {
    button(class, move |_| {
        EXCHANGE.with(gateway.state, move |exchange| (exchange.report)(gateway));
    })
    .attr("aria-haspopup", "dialog")
    .text(name)
}

/// What stands below the area in which one pastes: the report of the last import, and at the start another way to begin.
pub(crate) fn below(importer: Importer) -> El {
    let gateway = Gateway::present();
    GATEWAY.set(Some(gateway));
    let report = report_button(gateway, "btn btn-s", tr("Import report"))
        .attr("id", &[importer.id, REPORT].concat());
    let place = el_class("div", "line").child(report);
    // Without a report it takes no room, so nothing moves when this comes.
    place.set("hidden", last().is_none().then_some(""));
    if importer.id == START_AREA {
        el_class("div", "line")
            .child(clone::offer(gateway))
            .child(place)
    } else {
        place
    }
}

/// The place where a request is pasted, dropped or opened.
pub fn importer(state: FormState) -> El {
    importer_called(state, AREA, "2")
}

/// The same with another id, and so many lines.
pub fn importer_called(state: FormState, id: &'static str, lines: &str) -> El {
    let message_id = [id, MESSAGE].concat();
    let importer = Importer { state, id };
    let text = plain("textarea", id, &message_id)
        .attr("data-testid", id)
        .attr("rows", lines)
        .attr("placeholder", tr("Paste a request here, or drop a file"))
        .on("input", move |_| {
            later::with(move |parts| (parts.take_text)(importer));
        });
    let file = el_class("input", "hide")
        .attr("type", "file")
        .attr("name", "import-file")
        .on("change", move |event| {
            later::with(move |parts| (parts.take_chosen)(importer, &event));
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
    let message = el("div").attr("id", &message_id).attr("role", "alert");
    el_class("div", "output-import")
        .child(head)
        .child(text)
        .child(message)
        .child(later::element(move |parts| (parts.below)(importer)))
}

/// Takes in what is pasted where one does not type, and files that are dropped anywhere: for those who know the request
/// the whole page is the area in which one pastes.
pub(crate) fn anywhere(state: FormState) {
    on_document("paste", move |event| {
        let data = event.dyn_ref().and_then(ClipboardEvent::clipboard_data);
        let open = document().query_selector("dialog[open]").ok().flatten();
        let free = !is_at(&event, TYPED_IN) && open.is_none();
        if data.is_some_and(|data| free && put(state, &data, true)) {
            event.prevent_default();
        }
    });
    on_document("dragover", |event| {
        let types = dragged(&event).map(|data| data.types());
        let is_file = |kind: JsValue| kind.as_string().as_deref() == Some("Files");
        let brings_file = types.is_some_and(|types| types.iter().any(is_file));
        if brings_file || is_at(&event, DROPPED) {
            event.prevent_default();
        }
    });
    on_document("drop", move |event| {
        let here = is_at(&event, DROPPED);
        // Without this the browser would open a file in place of the page.
        if dragged(&event).is_some_and(|data| put(state, &data, here)) || here {
            event.prevent_default();
        }
    });
}

/// Whether an event is at something, or in it.
fn is_at(event: &Event, selector: &str) -> bool {
    let target = event.target().and_then(|at| at.dyn_into::<Element>().ok());
    let found = target.and_then(|at| at.closest(selector).ok().flatten());
    found.is_some()
}

/// Takes in a file, or a text where that is wanted. Returns whether there is either.
fn put(state: FormState, data: &DataTransfer, text: bool) -> bool {
    let importer = Importer::present(state);
    if take_file(importer, data.files()) {
        return true;
    }
    let said = data.get_data("text/plain").unwrap_or_default();
    let area = by_id(importer.id).filter(|_| text && !said.trim().is_empty());
    if let Some(area) = &area {
        area.set_value(&said);
        take_text(importer);
    }
    area.is_some()
}

fn dragged(event: &Event) -> Option<DataTransfer> {
    event.dyn_ref::<DragEvent>()?.data_transfer()
}

pub(crate) async fn bytes_of(file: &File) -> Result<Vec<u8>, JsValue> {
    let buffer = JsFuture::from(file.array_buffer()).await?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Copies what is shown, whatever is wrong with it, and says what is.
pub fn copy(state: FormState) {
    if waits() {
        return;
    }
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
    put_into_clipboard(
        text,
        Box::new(move |done| {
            then(done);
            if !done {
                say(state, i18n::no_clipboard(), false);
            }
        }),
    );
}

/// Puts a text into the clipboard. `then` is told whether that was done.
pub(crate) fn put_into_clipboard(text: &str, then: Box<dyn FnOnce(bool)>) {
    let clipboard = window().navigator().clipboard();
    // Browsers offer no clipboard to pages that came over an insecure connection.
    if clipboard.is_undefined() {
        then(false);
        return;
    }
    let written = clipboard.write_text(text);
    spawn_local(async move { then(JsFuture::from(written).await.is_ok()) });
}

/// Downloads what is shown as a file, whatever is wrong with it, and says what is.
pub fn download(state: FormState) {
    if waits() {
        return;
    }
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
