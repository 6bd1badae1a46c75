//! The output pane: import, the live body, copy and download, counts.

use dsw_words::tr;
use leptos::prelude::*;

use crate::dom::{El, button, el, el_class, el_text, icon};
use crate::i18n;
use crate::later::{self, Progress};
use crate::preview::preview;
use crate::rail::{Standing, badge, count_badges, total};
use crate::state::{FormState, REVIEW};
use crate::summary::next_button;
use crate::transfer::{copy, download, importer};

/// The pane at the right; a bottom sheet on narrow screens.
pub fn output(state: FormState) -> El {
    let (sizes, badges) = (
        [el_class("small", "soft num"), el_class("span", "num")],
        || el_class("span", "line"),
    );
    let all_badges = [badges(), badges()];
    let shown = sizes.clone();
    state.watch_part(
        |reviewed| i18n::size(&reviewed.printout),
        move |size| {
            for element in &shown {
                element.element().set_text_content(Some(size));
            }
        },
    );
    let regions = all_badges.each_ref().map(El::region);
    state.watch_part(
        |reviewed| reviewed.is_judged().then(|| total(reviewed)),
        move |standing| {
            for region in &regions {
                // What was not judged is not praised either.
                region.fill(&|| standing.map_or_else(Vec::new, badges_of));
            }
        },
    );
    let [size_in_handle, size_in_tools] = sizes;
    let [badges_more, badges_foot] = all_badges;
    let copy_button = |class: &str| {
        button(class, move |_| copy(state))
            .attr("data-kind", "primary")
            .child(icon("copy"))
            .text(tr("Copy"))
    };

    let more = el_class("a", "output-more")
        .attr("href", "#output")
        .child(
            el_class("span", "line")
                .child(icon("up"))
                .child(el_text("b", "JSON"))
                .child(badges_more),
        )
        .child(size_in_handle);
    let less = el_class("a", "output-less").attr("href", "#main").child(
        el_class("span", "line")
            .child(icon("down"))
            .child(el_text("b", tr("Back to the form"))),
    );
    let to_review = |class: &str| {
        el_class("a", class)
            .attr("href", "#review")
            .on("click", move |_| state.current.set(REVIEW))
            .text(i18n::review())
    };
    let handle = el_class("div", "output-handle")
        .child(more)
        .child(less)
        .child(to_review("btn to-review"))
        .child(copy_button("btn copy"));

    let save = button("btn btn-s", move |_| download(state)).attr("data-kind", "ghost");
    let tools = el_class("div", "output-tools")
        .child(el_text("h2", i18n::body()))
        .child(size_in_tools)
        .child(save.child(icon("download")).text(tr("Download")))
        .child(copy_button("btn btn-s copy"))
        .child(to_review("btn btn-s to-review"));
    let revealed = state.reveal();
    let reveal = button("btn btn-s end", move |_| {
        revealed.update(|shown| *shown = !*shown);
    })
    .attr_fn("aria-pressed", move || Some(revealed.get().to_string()))
    .text(tr("Show secrets"));
    let secrets = el_class("p", "line soft")
        .child(el_text("span", i18n::secrets_hidden()))
        .child(reveal);
    let shown = secrets.clone();
    state.watch_part(
        |reviewed| reviewed.printout.chunks().iter().any(|chunk| chunk.secret),
        move |any| shown.set("hidden", (!any).then_some("")),
    );
    let foot = foot(state, secrets, badges_foot);
    let body = el_class("div", "output-body")
        .child(importer(state))
        .child(tools)
        .child(preview(state, revealed))
        .child(foot);
    let pane = el_class("aside", "output")
        .attr("id", "output")
        .attr("aria-label", tr("Output"))
        .child(
            el("div")
                .attr("class", "output-in")
                .child(handle)
                .child(body),
        );
    let shown = pane.clone();
    later::with(move |parts| (parts.code)(&shown));
    pane
}

/// The line below the body: what is hidden in it, what is wrong with it, and what leads to that.
fn foot(state: FormState, secrets: El, badges: El) -> El {
    el_class("div", "output-foot")
        .attr_fn("aria-busy", move || {
            (state.progress.get() == Progress::Coming).then(|| "true".to_owned())
        })
        .child(not_loaded(state))
        .child(secrets)
        .child(
            el_class("div", "line")
                .child(badges)
                .child(next_button(state)),
        )
        .child(later::element(move |parts| (parts.estimate)(state)))
        .child(later::element(move |parts| (parts.words)(state)))
        .child(
            el_class("p", "hide")
                .attr("id", "code-keys")
                .text(i18n::code_keys()),
        )
}

/// That the later parts of the page are missing, and the way to try again; nothing as a rule.
fn not_loaded(state: FormState) -> El {
    let again = button("btn btn-s", move |_| later::begin(state)).text(tr("Try again"));
    el_class("p", "line")
        .attr("data-testid", "not-loaded")
        .flag_fn("hidden", move || state.progress.get() != Progress::Failed)
        .child(el_text("span", i18n::unchecked()))
        .child(again)
}

fn badges_of(standing: Standing) -> Vec<El> {
    let mut badges = count_badges(standing);
    if standing.needed > 0 {
        badges.push(badge("", &i18n::needed(standing.needed), None));
    } else if badges.is_empty() {
        badges.push(badge("ok", tr("No problems found"), Some("done")));
    }
    badges
}
