//! What became of a request: created, refused, not known, not sent.

use std::rc::Rc;

use dsw_form::refusal::visible;
use dsw_form::submission::{Outcome, Record, Trouble};
use dsw_model::path;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_words::{fill, tr};
use leptos::prelude::*;

use crate::dom::{El, button, el, el_class, el_text, icon};
use crate::gateway::Mode;
use crate::i18n::{self, sending};
use crate::refused::{self, copied, facts, mono};
use crate::sending::{Sending, sent_at};
use crate::state::FormState;
use crate::submit::{close_dialog, heading, open_dialog};
use crate::time::moment_of;
use crate::transfer::copy_text;
use crate::{follow, links};

/// A request on its way.
pub(crate) fn under_way(record: &Record) -> Vec<El> {
    vec![
        el_class("header", "stack stack-s")
            .attr("aria-busy", "true")
            .child(heading(&sending::under_way(&record.name)))
            .child(el_class("p", "soft waiting").text(sending::under_way_lead())),
        facts_of(record),
    ]
}

/// What became of it.
pub(crate) fn done(sending: Sending, record: &Rc<Record>, outcome: &Outcome) -> Vec<El> {
    crate::sending::focus_later(crate::submit::HEADING);
    match outcome {
        Outcome::Created {
            instance_id,
            request_id,
            found,
        } => created(sending, record, instance_id, request_id, *found),
        Outcome::Rejected(refusal) => {
            let state = sending.state();
            let again = start_over(sending, record, tr("Review again"));
            let actions = refused::actions(state, refusal)
                .child(again)
                .child(to_form(sending));
            vec![
                framed("error")
                    .child(head(sending::refused_title(), sending::rejected_lead()))
                    .children(refused::content(state, refusal))
                    .child(actions),
            ]
        }
        Outcome::Unknown {
            checked_at,
            can_check,
            candidates,
        } => vec![unknown(sending, record, checked_at, *can_check, candidates)],
        Outcome::NotSent(trouble) => {
            let again = button("btn", move |_| sending.show_review())
                .attr("data-kind", "primary")
                .text(tr("Try again"));
            vec![failed(
                "error",
                sending::not_sent(),
                sending,
                trouble,
                again,
            )]
        }
        Outcome::NotTaken(trouble) => {
            let again = button("btn", move |_| sending.show_review())
                .attr("data-kind", "primary")
                .text(tr("Review again"));
            vec![failed(
                "error",
                sending::not_taken(),
                sending,
                trouble,
                again,
            )]
        }
        Outcome::Unreachable(trouble) => {
            let asked = Rc::clone(record);
            let again = button("btn", move |_| sending.ask((*asked).clone()))
                .attr("data-kind", "primary")
                .text(tr("Ask again"));
            vec![failed(
                "warning",
                sending::unreachable(),
                sending,
                trouble,
                again,
            )]
        }
        // It is followed until it has come to one of the others.
        Outcome::Pending { .. } => under_way(record),
    }
}

fn framed(tone: &str) -> El {
    el_class("section", "summary stack")
        .attr("data-tone", tone)
        .attr("role", "alert")
        .attr("aria-labelledby", crate::submit::HEADING)
}

fn head(title: &str, lead: &str) -> El {
    el_class("div", "stack stack-s")
        .child(heading(title))
        .child(el_class("p", "soft").text(lead))
}

fn to_form(sending: Sending) -> El {
    button("btn", move |_| sending.state().to_form())
        .attr("data-kind", "ghost")
        .child(icon("back"))
        .text(tr("Back to the form"))
}

fn start_over(sending: Sending, record: &Rc<Record>, text: &str) -> El {
    let old = Rc::clone(record);
    button("btn", move |_| sending.start_over(&old)).text(text)
}

/// Something that did not happen, and why.
fn failed(tone: &str, words: [&str; 2], sending: Sending, trouble: &Trouble, again: El) -> El {
    let mut told = vec![(tr("Code"), mono(&i18n::excerpt(&trouble.code)))];
    if !trouble.request_id.is_empty() {
        let id = copied(sending.state(), tr("request id"), &trouble.request_id);
        told.push((tr("Request"), id));
    }
    framed(tone)
        .child(head(words[0], words[1]))
        .child(el("p").child(el("bdi").text(&sending::trouble_said(trouble))))
        .child(facts(told))
        .child(el_class("div", "line").child(again).child(to_form(sending)))
}

/// The instance, and how it goes on with it.
fn created(
    sending: Sending,
    record: &Rc<Record>,
    id: &str,
    request_id: &str,
    found: bool,
) -> Vec<El> {
    let state = sending.state();
    let mut told = vec![(tr("Instance"), copied(state, tr("instance id"), id))];
    if !request_id.is_empty() {
        told.push((tr("Request"), copied(state, tr("request id"), request_id)));
    }
    told.push((tr("Region"), mono(&record.region)));
    told.push((tr("Sent"), mono(&sent(record))));
    let live = sending.gateway.mode.get_untracked() == Mode::Live;
    told.push((tr("Billing"), el_text("span", sending::billing(live))));
    let lead = if found {
        sending::found_lead()
    } else {
        sending::created_lead(live)
    };
    let another = button("btn", move |_| state.show(&path![Request::INSTANCE_NAME]))
        .attr("data-kind", "ghost")
        .text(tr("Create another"));
    let followed = follow::follow(sending, record, id);
    let (name, arrived) = (record.name.clone(), followed.arrived);
    // What it has come to, and until then what was done.
    let heading = heading("").text_fn(move || {
        arrived().map_or_else(
            || sending::created(&name, found),
            |status| sending::came_to(&name, &status),
        )
    });
    vec![
        el_class("header", "stack stack-s")
            .child(el_class("div", "line").child(heading).child(followed.state))
            .child(el_class("p", "soft").text(lead)),
        el_class("section", "group stack")
            .attr("aria-label", tr("Instance"))
            .child(facts(told))
            .child(followed.opens)
            .child(
                el_class("div", "line")
                    .child(console(sending, record))
                    .child(live.then(|| stop(state, record, id)).flatten())
                    .child(el_class("span", "end"))
                    .child(another),
            ),
        followed.progress,
    ]
}

/// What ends the billing of the machine, as a command to be copied. Nothing where the id is one that a shell would read
/// otherwise: none of the service's is.
fn stop(state: FormState, record: &Record, id: &str) -> Option<El> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if ![id, &record.region]
        .iter()
        .all(|text| text.bytes().all(is_plain))
    {
        return None;
    }
    let path = ["/api/v2/instances/", id, "/stop --region "].concat();
    let command = ["aliyun pai-dsw PUT ", &path, &record.region].concat();
    let button = button("btn", move |_| {
        copy_text(
            state,
            &command,
            tr("Copied the command that stops the instance."),
        );
    })
    .attr("title", tr("For the aliyun CLI"))
    .child(icon("copy"))
    .text(tr("Copy stop command"));
    Some(button)
}

/// The way to the vendor's console; nothing where nothing real was created.
fn console(sending: Sending, record: &Record) -> Option<El> {
    (sending.gateway.mode.get_untracked() == Mode::Live).then(|| {
        links::outside(&links::console(&record.region, &record.workspace))
            .attr("class", "btn")
            .child(icon("link"))
            .text(tr("Look in the console"))
    })
}

/// Nobody knows: first it is looked for.
fn unknown(
    sending: Sending,
    record: &Rc<Record>,
    checked_at: &str,
    can_check: bool,
    candidates: &[[String; 3]],
) -> El {
    let looked = Rc::clone(record);
    let check = button("btn", move |_| sending.check(&looked))
        .attr("data-kind", "primary")
        .attr_fn("aria-busy", move || {
            sending.checking.get().then(|| "true".to_owned())
        })
        .child(icon("search"))
        .text(tr("Check whether it exists"));
    let status = if !can_check {
        sending::forgotten().to_owned()
    } else if checked_at.is_empty() {
        String::new()
    } else {
        sending::not_found(&moment_of(js_sys::Date::parse(checked_at)))
    };
    let looked_for = !checked_at.is_empty() || !can_check;
    let again = looked_for.then(|| again_anyway(sending, record));
    framed("warning")
        .child(
            el_class("div", "stack stack-s")
                .child(heading(sending::unknown_title()))
                .child(el_text(
                    "p",
                    &sending::unknown_lead(&moment_of(sent_at(record))),
                )),
        )
        .child((!status.is_empty()).then(|| el_text("p", &status)))
        .child(
            el_class("div", "line")
                .child(can_check.then_some(check))
                .child(console(sending, record))
                .child(to_form(sending)),
        )
        .child(same_name(sending, candidates))
        .child(steps_of(record, checked_at))
        .children(again.into_iter().flatten())
}

/// Instances of the same name: whether one is that of the submission only a person can say.
fn same_name(sending: Sending, candidates: &[[String; 3]]) -> Option<El> {
    let entry = |[id, status, created]: &[String; 3]| {
        el("li")
            .child(copied(sending.state(), tr("instance id"), id))
            .child(el_class("bdi", "soft").text(&i18n::excerpt(&visible(status))))
            .child(el_class("bdi", "soft num").text(&i18n::excerpt(&visible(created))))
    };
    (!candidates.is_empty()).then(|| {
        el_class("div", "stack stack-s")
            .child(el_text("p", sending::same_name()))
            .child(el("ul").children(candidates.iter().map(entry)))
    })
}

/// What was done about it, and what is still to be done.
fn steps_of(record: &Record, checked_at: &str) -> El {
    let sent = step(
        "ok",
        "done",
        el_text("span", tr("Sent once")),
        &moment_of(sent_at(record)),
        &amount(record),
    );
    let lost = step(
        "warning",
        "warning",
        el_text("span", tr("No clear answer")),
        "",
        "",
    );
    let (tone, image, when) = if checked_at.is_empty() {
        ("", "ring", tr("when you press Check").to_owned())
    } else {
        (
            "warning",
            "search",
            moment_of(js_sys::Date::parse(checked_at)),
        )
    };
    let words = el_text("span", tr("Look for the mark and the name"));
    let look = step(tone, image, words, &when, sending::look());
    el_class("ol", "timeline").children([sent, lost, look])
}

/// A step of what was done: icon, words, time, and more about it.
pub(crate) fn step(tone: &str, image: &str, words: El, time: &str, small: &str) -> El {
    el("li")
        .attr("data-tone", tone)
        .child(icon(image))
        .child(words)
        .child(el_text("time", time))
        .child((!small.is_empty()).then(|| el_text("small", small)))
}

/// The way out for who knows better, with a second question.
fn again_anyway(sending: Sending, record: &Rc<Record>) -> [El; 2] {
    let dialog = el_class("dialog", "dialog").attr("aria-labelledby", "again-h");
    let (opened, cancelled, agreed) = (dialog.clone(), dialog.clone(), dialog.clone());
    let cancel = button("btn", move |_| close_dialog(&cancelled))
        .attr("autofocus", "")
        .text(tr("Cancel"));
    let old = Rc::clone(record);
    let agree = button("btn", move |_| {
        close_dialog(&agreed);
        sending.start_over(&old);
    })
    .text(tr("Review it as a new request"));
    let dialog = dialog.child(
        el_class("div", "stack")
            .child(el_text("h2", sending::again_anyway()).attr("id", "again-h"))
            .child(el_text("p", sending::again_risk()))
            .child(
                el_class("div", "line")
                    .child(el_class("span", "end"))
                    .child(cancel)
                    .child(agree),
            ),
    );
    let open = button("btn btn-s", move |_| open_dialog(&opened))
        .attr("data-kind", "ghost")
        .text(tr("I have looked: send it again…"));
    [el_class("div", "line").child(open), dialog]
}

/// What was sent, and where to.
fn facts_of(record: &Record) -> El {
    facts(vec![
        (tr("Name"), mono(&sending::named(&record.name))),
        (tr("Region"), mono(&record.region)),
        (tr("Sent"), mono(&sent(record))),
    ])
}

/// How much was sent, its hash, and when.
fn sent(record: &Record) -> String {
    let said = amount(record);
    let at = moment_of(sent_at(record));
    if at.is_empty() {
        said
    } else {
        fill("{}, {}", &[&said, &at])
    }
}

/// How much was sent, and its hash.
fn amount(record: &Record) -> String {
    let said = i18n::bytes(record.bytes.parse().unwrap_or_default());
    match record.sha256.get(..8) {
        Some(hash) => fill("{}, {}", &[&said, &["SHA-256 ", hash].concat()]),
        None => said,
    }
}

/// What was sent before this review, and the way to what became of it.
pub(crate) fn last_sent(sending: Sending, shown: Option<&Record>) -> Option<El> {
    let shown = shown?;
    let last = crate::sending::last_sent().filter(|last| last.key != shown.key)?;
    let said = sending::last_sent(&last.name, &moment_of(sent_at(&last)));
    let show =
        button("btn btn-s", move |_| sending.ask(last.clone())).text(tr("Show what became of it"));
    Some(
        el_class("div", "callout line")
            .attr("data-tone", "info")
            .attr("id", "sent-before")
            .child(el_class("p", "grow").text(&said))
            .child(show),
    )
}
