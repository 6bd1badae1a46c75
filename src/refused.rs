//! What the service refused: at the field it speaks of, and above the form with code, request id and the reply.

use std::sync::Arc;

use dsw_form::edit::Edit;
use dsw_form::refusal::{Refusal, visible};
use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_words::{fill, tr};

use crate::dom::{El, after_update, button, by_id, el, el_class, el_text, icon, icon_button};
use crate::i18n::{self, sending};
use crate::links;
use crate::more::MORE;
use crate::state::{FormState, control_id};
use crate::toast::say;
use crate::transfer::copy_text;

/// Id of what is said above the form.
const PANEL: &str = "refused";

/// Shows a refusal, and leads to the field that it speaks of.
pub(crate) fn show(state: FormState, refusal: Refusal) {
    let first = refusal.paths().next().cloned();
    state.refuse(Some(refusal));
    let said = if let Some(path) = &first {
        state.show(path);
        sending::reply_read()
    } else {
        after_update(|| {
            by_id(PANEL).map(|panel| panel.focus());
        });
        sending::reply_read_nowhere()
    };
    say(state, said, false);
}

/// What is said above the form; nothing while nothing was refused.
pub(crate) fn panel(state: FormState) -> El {
    let place = el_class("div", "found");
    let region = place.region();
    state.watch_part(
        |reviewed| {
            let refusal = reviewed.refused().cloned();
            let named = refusal
                .as_ref()
                .is_some_and(|it| it.paths().next().is_some());
            let changed = named && reviewed.refused_places().next().is_none();
            (refusal, changed)
        },
        move |(refusal, changed)| {
            region.fill(&|| {
                let Some(refusal) = refusal else {
                    return Vec::new();
                };
                if *changed {
                    return vec![mended(state)];
                }
                let refusal = Arc::clone(refusal);
                let inside = MORE.elements(move |more| (more.refused)(state, &refusal));
                vec![
                    section(PANEL, "error")
                        .child(el_text("h2", sending::refused_title()).attr("id", "refused-h"))
                        .children(inside),
                ]
            });
        },
    );
    place
}

/// What is said once everything that was refused has another value.
fn mended(state: FormState) -> El {
    section(PANEL, "info")
        .child(el_text("h2", tr("Changed since the service refused it")).attr("id", "refused-h"))
        .child(el_text(
            "p",
            tr("What the reply speaks of has another value now. The request can be sent again."),
        ))
        .child(el_class("div", "line").child(dismissing(state)))
}

/// What is inside of it, with what one can do.
pub(crate) fn inside(state: FormState, refusal: &Refusal) -> Vec<El> {
    let mut all = content(state, refusal);
    all.push(actions(state, refusal).child(dismissing(state)));
    all
}

fn dismissing(state: FormState) -> El {
    button("btn", move |_| dismiss(state))
        .attr("data-kind", "ghost")
        .text(tr("Dismiss"))
}

/// A framed part of the page that can take the focus, named by the heading `{id}-h`.
pub(crate) fn section(id: &str, tone: &str) -> El {
    el_class("section", "summary stack")
        .attr("id", id)
        .attr("tabindex", "-1")
        .attr("data-tone", tone)
        .attr("aria-labelledby", &format!("{id}-h"))
}

/// What is not refused any more. What was pressed goes, so the focus goes to the form.
fn dismiss(state: FormState) {
    state.refuse(None);
    if let Some(main) = by_id("main") {
        main.focus();
    }
}

/// What was refused and where, with code, request id and the reply.
pub(crate) fn content(state: FormState, refusal: &Refusal) -> Vec<El> {
    let paths: Vec<Path> = refusal.paths().cloned().collect();
    let said = sending::said(refusal);
    let entry = |(n, path): (usize, &Path)| {
        let (target, place) = (
            path.clone(),
            state.with_draft(|draft| i18n::place(draft, path)),
        );
        let first = n == 0;
        let link = el("a")
            .attr("href", &format!("#{}", control_id(path)))
            .child(el("bdi").text(if first { &said } else { &place }))
            .on("click", move |event| {
                event.prevent_default();
                state.show(&target);
            });
        let place = first.then(|| el_class("span", "soft").text(&place));
        el("li").child(link).text(" ").child(place)
    };
    let mut all = vec![if paths.is_empty() {
        el("p").child(el("b").child(el("bdi").text(&said)))
    } else {
        el("ul").children(paths.iter().enumerate().map(entry))
    }];
    all.push(el_class("p", "soft").text(&sending::advice(&refusal.code)));
    let mut facts = vec![(tr("Code"), mono(&sending::code(refusal)))];
    if !refusal.request_id.is_empty() {
        facts.push((
            tr("Request"),
            copied(state, tr("request id"), &refusal.request_id),
        ));
    }
    all.push(self::facts(facts));
    if !refusal.detail.is_empty() {
        all.push(fold(tr("Access denied detail"), &refusal.detail));
    }
    if !refusal.reply.is_empty() {
        all.push(fold(tr("Reply as received"), &refusal.reply));
    }
    all
}

/// What one can do about it: another name, the vendor's words.
pub(crate) fn actions(state: FormState, refusal: &Refusal) -> El {
    let about = (!refusal.code.is_empty()).then(|| {
        links::outside(&links::troubleshoot(&refusal.code, &refusal.request_id))
            .attr("class", "btn")
            .attr("data-kind", "ghost")
            .text(tr("About this code"))
    });
    el_class("div", "line")
        .child(rename(state, refusal, "btn"))
        .child(about)
}

/// The button that takes another name, where the name is in use.
fn rename(state: FormState, refusal: &Refusal, class: &str) -> Option<El> {
    let name = refusal.free_name.clone()?;
    let (words, done) = (sending::use_name(&name), sending::used_name(&name));
    let act = move |_| {
        let path = path![Request::INSTANCE_NAME];
        state.rest();
        state.edit(&path, Edit::Text(name.clone()));
        state.rest();
        state.show(&path);
        say(state, &done, true);
    };
    Some(button(class, act).child(icon("fix")).text(&words))
}

/// What is said at a field.
pub(crate) fn message(state: FormState) -> El {
    let refusal = state.with_reviewed(|reviewed| reviewed.refused().cloned());
    let said = refusal.as_deref().map(sending::said).unwrap_or_default();
    let text = el("span")
        .child(el_text("b", tr("Refused:")))
        .text(" ")
        .child(el("bdi").text(&said));
    el_class("p", "field-msg")
        .attr("data-tone", "error")
        .child(icon("error"))
        .child(text)
        .child(refusal.and_then(|refusal| rename(state, &refusal, "btn btn-s")))
}

/// Facts with their names.
pub(crate) fn facts(facts: Vec<(&str, El)>) -> El {
    let pairs = facts
        .into_iter()
        .flat_map(|(name, value)| [el_text("dt", name), el("dd").child(value)]);
    el_class("dl", "facts").children(pairs)
}

/// A value as it is written.
pub(crate) fn mono(text: &str) -> El {
    el_class("bdi", "mono").text(text)
}

/// A value with a button that copies it. `what` is what it is called.
pub(crate) fn copied(state: FormState, what: &str, value: &str) -> El {
    let (taken, label) = (value.to_owned(), fill("Copy the {}", &[what]));
    let said = fill("Copied the {}.", &[what]);
    el_class("span", "line")
        .child(mono(&i18n::excerpt(&visible(value))))
        .child(icon_button("copy", &label, move |_| {
            copy_text(state, &taken, &said);
        }))
}

/// A text of others, folded.
pub(crate) fn fold(title: &str, text: &str) -> El {
    let size = el_class("span", "soft num").text(&i18n::bytes(text.len()));
    let code = el_class("pre", "code code-box")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", title)
        .child(el("code").child(el("bdi").text(&visible(text))));
    el_class("details", "fold")
        .child(
            el("summary")
                .child(icon("chevron"))
                .text(title)
                .text(" ")
                .child(size),
        )
        .child(el("div").child(code))
}
