//! Links to be handed on: the request in the form, without its secrets, and the way to a field. What is in a link, and
//! what was left out of it, is told before it is copied.

use dsw_form::draft::{Draft, ROOT};
use dsw_form::link::{self, MAX_ADDRESS, Parcel, Place};
use dsw_form::past::End;
use dsw_form::print;
use dsw_form::refusal::visible;
use dsw_model::descriptor::{Kind, field_step};
use dsw_model::path::Path;
use dsw_model::request::{CreateInstanceRequest as Request, UserVpc};
use dsw_words::tr;
use leptos::task::spawn_local;
use serde_json::Value;
use wasm_bindgen::JsValue;

use crate::dom::{El, button, el, el_class, el_text, icon};
use crate::gateway::escape;
use crate::i18n::{self, linking};
use crate::refused::{facts, mono};
use crate::state::FormState;
use crate::submit::close_dialog;
use crate::toast::say;
use crate::transfer::{put_into_clipboard, save};
use crate::{address, deflate, js, modal, past};

/// Id of the dialog.
const DIALOG: &str = "share";
/// Id of the line that says what became of copying.
const SAID: &str = "share-said";
/// The names of machines that are one's own: nobody else gets there.
const OWN: [&str; 4] = ["localhost", "127.0.0.1", "[::1]", ""];
/// How many rows of a list are offered by their names; others can be written.
const ROWS: usize = 20;

/// Shows the link to the request in the form, and those to its fields.
pub(crate) fn open(state: FormState) {
    let parcel = state.with_draft(|draft| {
        state.with_known(|context| {
            let region = context.region.as_deref().unwrap_or_default();
            Parcel::new(draft, &context.secrecy, region)
        })
    });
    spawn_local(async move {
        let document = parcel.write();
        // Where the browser cannot compress the link is longer, and works all the same.
        let packed = deflate::compressed(document.as_bytes()).await;
        let bytes = packed.unwrap_or_else(|| document.into_bytes());
        let address = [&*address::page(), "#", &link::fragment(&bytes)].concat();
        let fill = move |dialog: &El| inside(state, dialog, parcel, address);
        modal::open(DIALOG, "dialog share", tr("Share link"), Box::new(fill));
    });
}

fn inside(state: FormState, dialog: &El, parcel: Parcel, address: String) -> Vec<El> {
    let mut all = Vec::new();
    if parcel.body.is_empty() {
        all.push(el_text("p", linking::nothing(!parcel.left_out.is_empty())));
        all.extend(left_out(&parcel.left_out));
    } else {
        all.extend(request(state, dialog, parcel, address));
    }
    all.push(field(state, dialog));
    let said = el_class("p", "field-hint")
        .attr("id", SAID)
        .attr("role", "status");
    let closed = dialog.clone();
    let close = button("btn", move |_| close_dialog(&closed)).text(tr("Close"));
    all.push(
        el_class("div", "line")
            .child(said)
            .child(el_class("span", "end"))
            .child(close),
    );
    all
}

/// The link to the request, or the file that takes its place where it would be too long.
fn request(state: FormState, dialog: &El, parcel: Parcel, address: String) -> Vec<El> {
    let length = address.len();
    let fits = length <= MAX_ADDRESS;
    let mut told = vec![(
        tr("Length"),
        el_class("span", "num").text(&linking::length(length)),
    )];
    if !parcel.region.is_empty() {
        told.push((tr("Region"), mono(&parcel.region)));
    }
    let mut all = vec![el_class("p", "soft").text(tr(
        "Who opens the link sees what it changes in their form, and decides. It never sends anything.",
    ))];
    all.extend(left_out(&parcel.left_out));
    all.push(el_text(
        "p",
        tr("Everything else can be read by whoever has the link."),
    ));
    all.push(facts(told));
    if !fits {
        let saved = print::pretty(&Value::Object(parcel.body));
        let file = button("btn", move |_| {
            let said = if save(&saved).is_ok() {
                past::remember(state, End::Downloaded);
                tr("Downloaded.")
            } else {
                i18n::no_download()
            };
            tell(said);
        })
        .attr("data-kind", "primary")
        .child(icon("download"))
        .text(tr("Download as a file"));
        all.push(
            el_class("p", "callout")
                .attr("data-tone", "warning")
                .child(icon("warning"))
                .child(el_text("span", &linking::too_long())),
        );
        all.push(el_class("div", "line").child(file));
        return all;
    }
    let area = el_class("textarea", "input mono")
        .attr("id", "share-link")
        .attr("name", "share-link")
        .attr("readonly", "")
        .attr("rows", "3")
        .attr("spellcheck", "false");
    area.set_value(&address);
    let (shown, closed) = (area.clone(), dialog.clone());
    let names = parcel.left_out;
    let copy = button("btn", move |_| {
        let (shown, closed) = (shown.clone(), closed.clone());
        let said = linking::copied(&names);
        let copied = Box::new(move |done| {
            if done {
                past::remember(state, End::Copied);
                close_dialog(&closed);
                say(state, &said, false);
            } else {
                js::call(shown.element(), "select", &JsValue::UNDEFINED);
                tell(linking::not_copied());
            }
        });
        put_into_clipboard(&address, copied);
    })
    .attr("data-kind", "primary")
    .child(icon("copy"))
    .text(tr("Copy link"));
    let own = is_own(&address::page());
    all.push(
        el_class("div", "stack stack-s")
            .child(
                el_class("label", "field-label")
                    .attr("for", "share-link")
                    .text(tr("Link")),
            )
            .child(area),
    );
    all.extend(own.then(|| el_class("p", "field-hint").text(linking::own_machine())));
    all.push(el_class("div", "line").child(copy));
    all
}

/// What is not in the link: each place by its label and its name.
fn left_out(names: &[String]) -> Vec<El> {
    if names.is_empty() {
        let said = tr("No secret was found in the request, so nothing was left out.");
        return vec![
            el_class("p", "line")
                .child(icon("done"))
                .child(el_text("span", said)),
        ];
    }
    let entries = names.iter().map(|name| named(name));
    vec![
        el_class("p", "line")
            .child(icon("lock"))
            .child(el_text("b", tr("Left out, since they are secrets:"))),
        el_class("ul", "left-out")
            .attr("data-testid", "left-out")
            .children(entries),
    ]
}

/// A place of a link, as an entry of a list.
pub(crate) fn named(name: &str) -> El {
    let path = Path::leading(ROOT, name);
    let label = path.field(ROOT).map_or("", |field| tr(field.label));
    el("li")
        .text(label)
        .text(" ")
        .child(el_text("code", &i18n::excerpt(&visible(name))))
}

/// Where a link to a field is made.
fn field(state: FormState, dialog: &El) -> El {
    let example = Path::of(&[Request::USER_VPC, UserVpc::VPC_ID]).name(ROOT);
    let input = el_class("input", "input mono")
        .attr("id", "share-field")
        .attr("name", "share-field")
        .attr("type", "text")
        .attr("list", "share-fields")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false")
        .attr("placeholder", &example);
    let mut options = Vec::new();
    state.with_draft(|draft| offer(Kind::Struct(ROOT), Some(draft), &Path::ROOT, &mut options));
    let list = el("datalist").attr("id", "share-fields").children(options);
    let (written, closed) = (input.clone(), dialog.clone());
    let copy = button("btn", move |_| {
        let name = written.value();
        let name = name.trim();
        let known = state.with_draft(|draft| link::place(draft, name)) != Place::Nowhere;
        written.set("aria-invalid", (!known).then_some("true"));
        if !known {
            written.focus();
            tell(&linking::nowhere(name));
            return;
        }
        let address = [&*address::page(), "#", link::FIELD, &escape(name)].concat();
        let (closed, said) = (closed.clone(), linking::copied_field(name));
        let shown = linking::field_not_copied(&address);
        let copied = Box::new(move |done| {
            if done {
                close_dialog(&closed);
                say(state, &said, false);
            } else {
                tell(&shown);
            }
        });
        put_into_clipboard(&address, copied);
    })
    .text(tr("Copy link to the field"));
    el_class("div", "stack stack-s")
        .child(
            el_class("label", "field-label")
                .attr("for", "share-field")
                .text(tr("Link to a single field, without any value")),
        )
        .child(
            el_class("div", "line")
                .child(el_class("div", "grow").child(input))
                .child(copy),
        )
        .child(list)
}

/// Offers the places of a kind, with the rows that there are.
fn offer(kind: Kind, draft: Option<&Draft>, at: &Path, options: &mut Vec<El>) {
    match kind {
        Kind::Struct(descriptor) => {
            for (index, field) in descriptor.fields.iter().enumerate() {
                let path = at.join(field_step(index));
                options.push(
                    el("option")
                        .attr("value", &path.name(ROOT))
                        .text(tr(field.label)),
                );
                let inner = match draft {
                    Some(Draft::Struct(object)) => object.fields.get(index),
                    _ => None,
                };
                offer(field.kind, inner, &path, options);
            }
        }
        Kind::List(item) => {
            let rows = draft.map_or(0, Draft::row_count).min(ROWS);
            for row in 0..rows {
                let inner = match draft {
                    Some(Draft::List(rows)) => rows.get(row),
                    _ => None,
                };
                offer(*item, inner, &at.join(row), options);
            }
        }
        _ => {}
    }
}

/// Whether an address is of one's own machine.
fn is_own(address: &str) -> bool {
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    OWN.iter().any(|own| {
        let port = host.strip_prefix(own);
        port.is_some_and(|port| port.is_empty() || port.starts_with(':'))
    })
}

/// Says something in the dialog.
fn tell(text: &str) {
    if let Some(line) = crate::dom::by_id(SAID) {
        line.element().set_text_content(Some(text));
    }
}
