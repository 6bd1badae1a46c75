//! What comes after the form: the review, and from there on the way to the service.

use std::cell::Cell;
use std::rc::Rc;

use dsw_form::past::End;
use dsw_model::path;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_words::tr;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use crate::dom::{El, button, el, el_class, el_text, follow, icon, must, on_window};
use crate::gateway::Mode;
use crate::i18n::{self, sending};
use crate::more::MORE;
use crate::narration::in_full;
use crate::picker::estimate::estimate;
use crate::refused::{copied, facts, mono};
use crate::sending::{Frozen, Sending, View, focus_later, is_kept, text_of};
use crate::state::{FormState, REVIEW};
use crate::transfer::copy_text;
use crate::{answers, code, differences, exchange, outcome, past, preview, summary};

/// Id of the heading, which takes the focus when the view changes.
pub(crate) const HEADING: &str = "review-h";

/// Id of the errors that are in the way.
const ERRORS: &str = "review-summary";

/// The view in place of the form; nothing while one is in the form.
pub(crate) fn view(state: FormState) -> El {
    let sending = Sending::present();
    mark_the_way(sending);
    follow(Box::new(move || {
        let there = state.current.get() == REVIEW;
        sending.gateway.mode.track();
        sending.gateway.region.track();
        sending.marks.track();
        if there
            && matches!(
                sending.view.get_untracked(),
                View::Preparing | View::Review(_)
            )
        {
            // Who reviews asks for the result: what is missing is told.
            state.asked.set(true);
            after_review(sending);
        }
    }));
    state.watch(move |_| {
        if state.current.get_untracked() == REVIEW
            && matches!(sending.view.get_untracked(), View::Review(_))
        {
            after_review(sending);
        }
    });
    follow(Box::new(move || {
        let there = state.current.get() == REVIEW;
        untrack(|| {
            if there {
                focus_later(HEADING);
            } else if let View::Done(..) = sending.view.get() {
                // Who comes back from the form has it reviewed anew: the outcome is found again if nothing changed.
                sending.view.set(View::Preparing);
            }
        });
    }));
    el_class("div", "stack stack-l review")
        .attr("id", "review")
        .flag_fn("hidden", move || state.current.get() != REVIEW)
        .content_fn(move || {
            if state.current.get() != REVIEW {
                return Vec::new();
            }
            let view = sending.view.get();
            untrack(|| MORE.elements(move |more| (more.review)(sending, view.clone())))
        })
}

/// What stands in the view.
pub(crate) fn content(sending: Sending, view: View) -> Vec<El> {
    // What comes later than the view finds the focus nowhere.
    if document().active_element() == document().body().map(Into::into) {
        focus_later(HEADING);
    }
    match view {
        View::Preparing => vec![el_class("p", "soft").text(sending::preparing())],
        View::Review(frozen) => review(sending, &frozen),
        View::Sending(record) => outcome::under_way(&record),
        View::Done(record, outcome) => outcome::done(sending, &record, &outcome),
    }
}

/// Reviews once the draft has been judged.
fn after_review(sending: Sending) {
    crate::dom::after_update(move || sending.review());
}

/// Where something can be created, the way there is the first one to take; copying is the second.
fn mark_the_way(sending: Sending) {
    follow(Box::new(move || {
        let there = sending.gateway.mode.get().is_there();
        let mark = |selector: &str, primary: bool| {
            let found = must(document().query_selector_all(selector));
            for at in 0..found.length() {
                let element = found.get(at).and_then(|node| node.dyn_into().ok());
                if let Some(element) = element {
                    El::existing(element).set("data-kind", primary.then_some("primary"));
                }
            }
        };
        mark(".output .to-review", there);
        mark(".output .copy", !there);
    }));
}

/// What will be sent.
fn review(sending: Sending, frozen: &Rc<Frozen>) -> Vec<El> {
    let there = frozen.record.is_some();
    let lead = if there {
        sending::review_lead()
    } else {
        sending::review_lead_copy()
    };
    let header = el_class("header", "stack stack-s")
        .child(heading(i18n::review()))
        .child(el_class("p", "soft").text(lead));
    let mut all = vec![summary::with_id(sending.state(), ERRORS, true), header];
    all.extend(outcome::last_sent(sending, frozen.record.as_ref()));
    all.push(in_full(sending.state(), sending.gateway));
    all.extend(answers::sections(sending, frozen));
    all.extend(differences::since(sending.state(), &frozen.plain));
    all.push(body(sending.state(), frozen));
    // Without the label, which belongs to the way through this page.
    all.extend(code::reviewed(frozen.plain.body(), &frozen.secrecy));
    all.push(send_box(sending, frozen));
    all
}

/// The heading of the view.
pub(crate) fn heading(text: &str) -> El {
    el("h1")
        .attr("id", HEADING)
        .attr("tabindex", "-1")
        .text(text)
}

/// The exact body, folded; what is in it is made when it opens.
fn body(state: FormState, frozen: &Rc<Frozen>) -> El {
    let code = el_class("code", "review-code");
    let region = code.clone();
    let secrets = frozen.printout.chunks().iter().any(|chunk| chunk.secret);
    let revealed = state.reveal();
    let opened = RwSignal::new(false);
    let shown = Rc::clone(frozen);
    follow(Box::new(move || {
        let revealed = revealed.get();
        if opened.get() {
            region
                .element()
                .set_inner_html(&preview::printed(shown.printout.chunks(), revealed));
        }
    }));
    let reveal = secrets.then(|| {
        button("btn btn-s", move |_| {
            revealed.update(|shown| *shown = !*shown);
        })
        .attr_fn("aria-pressed", move || Some(revealed.get().to_string()))
        .text(tr("Show secrets"))
    });
    let note = secrets.then(|| {
        el_class("p", "line soft")
            .child(el_text("span", sending::secrets()))
            .child(reveal)
    });
    let pre = el_class("pre", "code code-box")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", i18n::body())
        .child(code);
    let head = el("summary")
        .child(icon("chevron"))
        .text(i18n::body())
        .text(" ")
        .child(el_class("span", "soft num").text(&i18n::size(&frozen.printout)));
    let fold = el_class("details", "fold").on("toggle", move |_| opened.set(true));
    // On paper it is there, whether it is open or not.
    let (printed, was_open) = (fold.clone(), Rc::new(Cell::new(None)));
    let (after, left) = (fold.clone(), Rc::clone(&was_open));
    on_window("beforeprint", move |_| {
        let is_open = printed.element().has_attribute("open");
        was_open.set(was_open.get().or(Some(is_open)));
        opened.set(true);
        printed.set("open", Some(""));
    });
    on_window("afterprint", move |_| {
        if left.take() == Some(false) {
            after.set("open", None);
        }
    });
    fold.child(head)
        .child(el_class("div", "stack stack-s").child(note).child(pre))
}

/// The last word before it is sent.
fn send_box(sending: Sending, frozen: &Rc<Frozen>) -> El {
    let state = sending.state();
    let record = frozen.record.as_ref();
    let mut told = vec![(
        tr("Body"),
        el_class("span", "num").text(&i18n::size(&frozen.printout)),
    )];
    told.push((
        "SHA-256",
        match &frozen.sha256 {
            Some(hash) => copied(state, tr("SHA-256 of the body"), hash),
            None => el_text("span", sending::no_hash()),
        },
    ));
    let mark = record.map(|_| mark_choice(sending, frozen));
    let (text, done) = (frozen.text.clone(), tr("Copied what is reviewed."));
    let copy = button("btn", move |_| {
        past::remember(state, End::Copied);
        copy_text(state, &text, done);
    })
    .attr("data-kind", if record.is_some() { "" } else { "primary" })
    .child(icon("copy"))
    .text(tr("Copy"));
    let share = button("btn", move |_| exchange::share(state))
        .attr("aria-haspopup", "dialog")
        .child(icon("link"))
        .text(tr("Share link"));
    let back = button("btn", move |_| state.to_form())
        .child(icon("back"))
        .text(tr("Back to the form"));
    let dialog = record.map(|_| confirm(sending, frozen));
    let create = dialog.clone().map(|dialog| {
        button("btn", move |_| {
            // Where errors are in the way they are told, and have the focus.
            state.asked.set(true);
            if sending.errors() > 0 {
                focus_later(ERRORS);
            } else {
                open_dialog(&dialog);
            }
        })
        .attr("data-kind", "primary")
        .attr("id", "create")
        .text(tr("Create instance"))
    });
    let lead = record.map(|_| {
        let live = sending.gateway.mode.get_untracked() == Mode::Live;
        el_text("p", sending::destination(live))
    });
    el_class("section", "group stack")
        .attr("aria-labelledby", "send-h")
        .child(
            el_text(
                "h2",
                if record.is_some() {
                    tr("Send")
                } else {
                    tr("Take it away")
                },
            )
            .attr("id", "send-h"),
        )
        .child(lead)
        .child(facts(told))
        .child(mark)
        .child(
            el_class("div", "line")
                .child(back)
                .child(el_class("span", "end"))
                .child(share)
                .child(copy)
                .child(create),
        )
        .child(dialog)
}

/// Whether the label is in the body.
fn mark_choice(sending: Sending, frozen: &Frozen) -> El {
    let marks = frozen.marker.is_some();
    let input = el("input")
        .attr("type", "checkbox")
        .attr("id", "submission-mark")
        .on("change", move |_| {
            sending.marks.update(|marks| *marks = !*marks);
        });
    let wanted = sending.marks.get_untracked();
    input.set_checked(wanted);
    let hint = if marks {
        sending::marker_hint()
    } else if wanted {
        sending::no_place()
    } else {
        sending::no_marker()
    };
    el_class("label", "check").child(input).child(
        el("span")
            .text(sending::mark())
            .text(" ")
            .child(el_class("span", "soft").text(hint)),
    )
}

/// The dialog that asks once more.
fn confirm(sending: Sending, frozen: &Rc<Frozen>) -> El {
    let live = sending.gateway.mode.get_untracked() == Mode::Live;
    let text = |field| text_of(&frozen.draft, field);
    let spot =
        matches!(frozen.draft.get(&path![Request::SPOT_SPEC]), Some(draft) if !draft.is_blank());
    let (machine, quota) = (text(Request::ECS_SPEC), text(Request::RESOURCE_ID));
    let record = frozen.record.clone().unwrap_or_default();
    let mut told = vec![
        (tr("Name"), mono(&sending::named(&record.name))),
        (tr("Region"), mono(&record.region)),
    ];
    if !machine.is_empty() {
        let value = el("span").child(mono(&machine));
        told.push((
            tr("Machine"),
            if spot {
                value.text(tr(", spot"))
            } else {
                value
            },
        ));
    }
    if !quota.is_empty() {
        told.push((tr("Quota"), mono(&quota)));
    }
    told.push((
        tr("Visible to"),
        el_text("span", sending::visibility(&text(Request::ACCESSIBILITY))),
    ));
    let price = estimate(sending.state());
    let known = price.element().first_child().is_some();
    if live && !known {
        told.push((tr("Costs"), el_text("b", sending::no_price())));
    }
    let kept = is_kept(&record);
    let dialog = el_class("dialog", "dialog")
        .attr("id", "confirm")
        .attr("aria-labelledby", "confirm-h");
    let (cancelled, sent) = (dialog.clone(), dialog.clone());
    let cancel = button("btn", move |_| close_dialog(&cancelled))
        .attr("autofocus", "")
        .text(tr("Cancel"));
    let body = Rc::clone(frozen);
    let create = button("btn", move |_| {
        close_dialog(&sent);
        sending.send(&body);
    })
    .attr("data-kind", "primary")
    .text(tr("Create instance"));
    dialog.child(
        el_class("div", "stack")
            .child(el_text("h2", sending::confirm(live)).attr("id", "confirm-h"))
            .child(facts(told))
            .child(known.then_some(price))
            .child(el_class("p", "soft").text(sending::once()))
            .child((!kept).then(|| el_text("p", sending::not_kept())))
            .child(
                el_class("div", "line")
                    .child(el_class("span", "end"))
                    .child(cancel)
                    .child(create),
            ),
    )
}

/// Opens a dialog, over everything else.
pub(crate) fn open_dialog(dialog: &El) {
    call(dialog, "showModal");
}

/// Closes a dialog.
pub(crate) fn close_dialog(dialog: &El) {
    call(dialog, "close");
}

fn call(element: &El, method: &str) {
    let function = js_sys::Reflect::get(element.element(), &method.into());
    let function = function
        .ok()
        .and_then(|method| method.dyn_into::<js_sys::Function>().ok());
    if let Some(function) = function {
        // It fails only if it is open already, which two clicks in one moment may do.
        drop(function.call0(element.element()));
    }
}
