//! What has changed, compared with what there is to compare with: told member by member, taken back, and written as a
//! JSON Patch. No secret is in any of it.

use std::ops::Range;
use std::rc::Rc;

use dsw_form::difference::{Change, difference};
use dsw_form::draft::{Draft, ROOT};
use dsw_form::refusal::visible;
use dsw_model::path::Path;
use dsw_words::{fill, tr};
use leptos::prelude::*;
use serde_json::Value;

use self::base::{bases, chosen, select};
pub(crate) use self::dialog::open;
use crate::dom::{El, button, el, el_class, el_text};
use crate::exchange::compare;
use crate::i18n::{self, keeping};
use crate::refused::mono;
use crate::state::FormState;

mod base;
mod dialog;

/// How many differences are listed: more than that nobody reads.
const LISTED: usize = 60;

/// What differs between two bodies, and which of it are secrets.
struct Told {
    changes: Vec<Change>,
    secrets: Vec<Path>,
}

fn tell(state: FormState, old: &Value, new: &Value) -> Told {
    let all = state.with_known(|context| difference(old, new, &context.secrecy));
    let (secrets, changes) = all.into_iter().partition(|change: &Change| change.secret);
    Told {
        changes,
        secrets: secrets
            .into_iter()
            .map(|change: Change| change.path)
            .collect(),
    }
}

impl Told {
    /// Changes that are taken back together: those of a row that came or went, or a single one.
    fn units(&self) -> Vec<Range<usize>> {
        let mut units: Vec<Range<usize>> = Vec::new();
        for (at, change) in self.changes.iter().enumerate() {
            match units.last_mut() {
                Some(unit) if self.changes[unit.start].shares_row(change) => unit.end = at + 1,
                _ => units.push(at..at + 1),
            }
        }
        units
    }

    /// That secrets are not compared; nothing where there are none.
    fn note(&self) -> Option<El> {
        if self.secrets.is_empty() {
            return None;
        }
        let said = fill(
            "Secrets are not kept, so they are not compared: {}.",
            &[&names(&self.secrets)],
        );
        Some(el_class("p", "soft").text(&said))
    }
}

/// What lies between two bodies, as a table; `same` is said where that is nothing.
pub(crate) fn compared(
    state: FormState,
    [old, new]: &[Value; 2],
    heads: [&str; 2],
    same: &str,
) -> Vec<El> {
    let told = tell(state, old, new);
    let mut shown = vec![if told.changes.is_empty() {
        el_text("p", same)
    } else {
        table(&told.changes, heads)
    }];
    shown.extend(more(told.changes.len()));
    shown.extend(told.note());
    shown
}

/// That there are more than are listed.
pub(crate) fn more(count: usize) -> Option<El> {
    let more = count.saturating_sub(LISTED);
    (more > 0).then(|| el_class("p", "soft").text(&keeping::more(more)))
}

/// Changes as a table, as many as are listed. `heads` name what was and what is.
pub(crate) fn table(changes: &[Change], [before, after]: [&str; 2]) -> El {
    let head = [tr("Field"), before, after];
    let head = head.map(|name| el("th").attr("scope", "col").text(name));
    let value = |change: &Change, tone: &str, value: &Option<String>| match value {
        Some(_) if change.secret => el_class("td", "soft").text(tr("hidden, since it is a secret")),
        Some(value) => el("td")
            .attr("data-tone", tone)
            .child(mono(&i18n::excerpt(&visible(value)))),
        None => el_class("td", "soft").text(tr("not set")),
    };
    let row = |change: &Change| {
        el("tr")
            .child(
                el("th")
                    .attr("scope", "row")
                    .text(label(&change.path))
                    .text(" ")
                    .child(code(&change.path)),
            )
            .child(value(change, "error", &change.before))
            .child(value(change, "ok", &change.after))
    };
    el_class("table", "difference")
        .child(el("thead").child(el("tr").children(head)))
        .child(el("tbody").children(changes.iter().take(LISTED).map(row)))
}

/// What the field is called in the form; empty for members that the model does not know.
fn label(path: &Path) -> &'static str {
    path.field(ROOT).map_or("", |field| tr(field.label))
}

/// How it stands in the body.
fn code(path: &Path) -> El {
    el_text("code", &visible(&path.name(ROOT)))
}

/// What has changed, for the review: against the request that one began with, one that was sent before, a preset.
/// Nothing where there is nothing to compare with.
pub(crate) fn since(state: FormState, reviewed: &Draft) -> Option<El> {
    let bases = Rc::new(bases(state));
    if bases.is_empty() {
        return None;
    }
    let at = RwSignal::new(chosen(&bases));
    let label = el_class("label", "line")
        .attr("id", "since-h")
        .child(el_text("span", tr("Difference to")))
        .child(select("since", &bases, at));
    let now = reviewed.body();
    let place = el("div").content_fn(move || {
        let Some(base) = bases.get(at.get()) else {
            return Vec::new();
        };
        let bodies = [base.draft(state).body(), now.clone()];
        compared(
            state,
            &bodies,
            [tr("Then"), tr("Now")],
            tr("Nothing has changed since."),
        )
    });
    let further = button("btn btn-s", move |_| compare(state))
        .attr("aria-haspopup", "dialog")
        .text(tr("Revert or copy the changes"));
    Some(
        el_class("section", "stack stack-s since")
            .attr("aria-labelledby", "since-h")
            .child(el("h2").child(label))
            .child(place)
            .child(el_class("div", "line").child(further)),
    )
}

/// The names of places, as they stand in the body.
fn names(paths: &[Path]) -> String {
    let names: Vec<_> = paths.iter().map(|path| visible(&path.name(ROOT))).collect();
    names.join(tr(", "))
}
