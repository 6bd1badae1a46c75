//! What the start page does: the draft that there is, presets chosen, and what they set.

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_form::kept::Begun;
use dsw_form::past::End;
use dsw_form::presets::presets;
use dsw_form::refusal::visible;
use dsw_form::review::review;
use dsw_model::path::Path;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_model::rules::Context;
use dsw_words::{fill, several, tr};
use leptos::prelude::*;

use crate::address::{self, START_HEADING};
use crate::dom::{El, button, by_id, el, el_class, follow, icon};
use crate::gateway::Gateway;
use crate::i18n::keeping;
use crate::picker::{estimate, known};
use crate::rail::{badge, standings, total};
use crate::sending::text_of;
use crate::state::{FormState, Reviewed, START, View};
use crate::toast::say;
use crate::{draft_store, i18n, past, team};

/// What is said of the draft.
#[derive(Clone, Debug, Default, PartialEq)]
struct There {
    name: String,
    set: usize,
    errors: usize,
}

fn there(reviewed: &Reviewed) -> Option<There> {
    let draft = reviewed.draft();
    (!draft.is_blank()).then(|| There {
        name: text_of(draft, Request::INSTANCE_NAME),
        set: standings(reviewed).iter().map(|section| section.set).sum(),
        errors: total(reviewed).errors,
    })
}

/// The draft to continue with; nothing while the form is empty.
pub(crate) fn draft(state: FormState) -> El {
    let shown = RwSignal::new(None);
    // It is counted where it is shown, and not with every letter in the form.
    let look = move |reviewed: &Reviewed| {
        let starts = state.current.get_untracked() == START;
        starts.then(|| there(reviewed)).flatten()
    };
    state.watch_part(look, move |now| shown.set(now.clone()));
    follow(Box::new(move || {
        state.current.track();
        shown.set(state.with_reviewed(look));
    }));
    el_class("div", "found").content_fn(move || {
        let Some(there) = shown.get() else {
            return Vec::new();
        };
        let (saved, secrets) = draft_store::told();
        let mut said = Vec::new();
        if !saved.is_empty() {
            said.push(fill("{}.", &[&saved]));
        }
        said.push(fill(
            "{}, {}.",
            &[&fields(there.set), &i18n::errors(there.errors)],
        ));
        if !secrets.is_empty() {
            said.push(fill("Secrets are not kept. Enter again: {}.", &[&secrets]));
        }
        let heading = el_class("h2", "").attr("id", "draft-h");
        let heading = if there.name.is_empty() {
            heading.text(tr("Continue with your draft"))
        } else {
            heading
                .text(tr("Continue with"))
                .text(" ")
                .child(el_class("span", "mono").text(&there.name))
        };
        let delete = button("btn", move |_| delete())
            .attr("data-kind", "ghost")
            .attr("id", "draft-delete")
            .text(tr("Delete draft"));
        let go_on = button("btn", move |_| address::enter(state, true))
            .attr("data-kind", "primary")
            .attr("id", "draft-continue")
            .text(tr("Continue"));
        vec![
            el_class("section", "callout line")
                .attr("data-tone", "info")
                .attr("aria-labelledby", "draft-h")
                .child(
                    el_class("div", "grow")
                        .child(heading)
                        .child(el_class("p", "soft").text(&said.join(" "))),
                )
                .child(delete)
                .child(go_on),
        ]
    })
}

/// Empties the form, which can be taken back.
fn delete() {
    draft_store::clear();
    if let Some(heading) = by_id(START_HEADING) {
        heading.focus();
    }
}

/// A number of fields.
fn fields(n: usize) -> String {
    several(n, "{} field set", "{} fields set")
}

/// Begins with a preset, as one step: what stood in the form comes back with Undo.
pub(crate) fn begin_with(state: FormState, id: &'static str) {
    let Some(preset) = presets().into_iter().find(|preset| preset.id == id) else {
        return;
    };
    let blank = preset.draft.is_blank();
    let was_blank = state.with_draft(Draft::is_blank);
    let filled = begin(state, preset.draft);
    past::begin_with(state, Begun::Preset(id.to_owned()));
    if filled.is_some() || !(blank && was_blank) {
        let said = fill("{}: {}.", &[super::title(id), &fields(preset_sets(id))]);
        say(state, &with_more(said, filled), true);
    }
    // Who begins with nothing knows the request; the others are led.
    address::enter(state, !blank);
}

fn preset_sets(id: &str) -> usize {
    let preset = presets().into_iter().find(|preset| preset.id == id);
    preset.map_or(0, |preset| preset.sets())
}

/// One sentence, and another if there is one.
pub(super) fn with_more(said: String, more: Option<String>) -> String {
    match more {
        Some(more) => [&*said, tr(" "), &more].concat(),
        None => said,
    }
}

/// Begins with a draft and the values of the team that it leaves open, as one step. Nothing is asked for yet. Returns
/// what is to be said of the team's values.
pub(crate) fn begin(state: FormState, mut draft: Draft) -> Option<String> {
    let filled = team::fill_in_first(&mut draft);
    past::remember(state, End::Replaced);
    state.asked.set(false);
    state.asked_in.set(0);
    state.checked.set(false);
    state.edit(&Path::ROOT, Edit::Set(draft));
    filled
}

/// Says at each preset what it sets and asks for, and what its machine costs as soon as that is known.
pub(crate) fn counts(state: FormState, places: Vec<super::Counted>) {
    let gateway = Gateway::present();
    for (preset, (id, [place, price])) in presets().iter().zip(places) {
        debug_assert_eq!(preset.id, id, "cards stand in the order of the presets");
        let found = review(&preset.draft, &Context::default());
        let (sets, leaves) = (preset.sets(), preset.leaves(&found).to_string());
        place.element().set_text_content(Some(&match sets {
            0 => fill("nothing, asks for {} values", &[&leaves]),
            sets => fill(
                "{} fields, asks for {} values",
                &[&sets.to_string(), &leaves],
            ),
        }));
        let machine = text_of(&preset.draft, Request::ECS_SPEC);
        if machine.is_empty() {
            continue;
        }
        let spot = id == "spot";
        follow(Box::new(move || {
            gateway.lists.track();
            gateway.region.track();
            gateway.mode.track();
            let said = match estimate::by_the_hour(gateway, &machine) {
                Some((hour, sample)) => {
                    let hour = if spot {
                        fill("at most {}", &[&hour])
                    } else {
                        hour
                    };
                    let whence = if sample {
                        tr("sample")
                    } else {
                        tr("list price")
                    };
                    fill("{}, {}", &[&hour, whence])
                }
                None => tr("unknown").to_owned(),
            };
            price.element().set_text_content(Some(&said));
        }));
    }
    follow(Box::new(move || {
        // Without a gateway there is but a sample, which comes when somebody chooses from it.
        if gateway.mode.get().is_there() && state.view() == View::Start {
            untrack(|| known::fetch_machines(gateway));
        }
    }));
}

/// How many of the last requests are shown.
const SHOWN: usize = 3;

/// The last requests of this browser, each to begin with again; nothing where there is none.
pub(crate) fn recent(state: FormState) -> El {
    el("div").content_fn(move || {
        // They may be others when one comes back.
        let entries = match state.view() {
            View::Start => past::recent(),
            _ => Vec::new(),
        };
        if entries.is_empty() {
            return Vec::new();
        }
        let rows = entries.into_iter().take(SHOWN).map(|entry| {
            let named = visible(&keeping::named(&entry.name()));
            let machine = visible(&entry.machine());
            let (tone, words) = keeping::end(entry.end);
            let time = past::time(&entry);
            let again = button("btn-link row-title", move |_| past::restore(state, &entry))
                .child(el_class("bdi", "mono").text(&named));
            el_class("li", "row").child(
                el_class("div", "row-head")
                    .child(again)
                    .child(el_class("bdi", "soft mono").text(&machine))
                    .child(badge(tone, words, None))
                    .child(el_class("time", "soft num").text(&time)),
            )
        });
        let all = button("btn btn-s", |_| past::open())
            .child(icon("history"))
            .text(tr("All of the last requests"));
        vec![
            super::section(
                "recent-h",
                tr("Recent requests"),
                tr("What was copied, downloaded, sent or replaced in this browser. Choose one to begin with it."),
            )
            .attr("id", "recent")
            .child(el_class("ol", "rows").children(rows))
            .child(el_class("div", "line").child(all)),
        ]
    })
}
