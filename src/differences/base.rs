//! What there is to compare with: what the form began with, requests of the past, the team's values, presets.

use std::rc::Rc;

use dsw_form::draft::{Draft, ROOT};
use dsw_form::edit::Edit;
use dsw_form::kept::Origin;
use dsw_form::own_presets::{OwnPreset, OwnPresets};
use dsw_form::past::Entry;
use dsw_form::presets::{Preset, presets};
use dsw_form::refusal::visible;
use dsw_model::descriptor::Kind;
use dsw_model::path::Path;
use dsw_model::policy::Team;
use dsw_words::tr;
use leptos::prelude::*;

use crate::dom::{El, el, el_class, must, value_of};
use crate::i18n::keeping;
use crate::state::FormState;
use crate::storage::{self, COMPARED, PRESETS};
use crate::{past, start};

/// Something to compare with.
#[derive(Clone)]
pub(super) enum Base {
    /// What the form began with.
    Origin(Origin),
    /// A request of the past.
    Entry(Box<Entry>),
    /// The values of the team's policy.
    Team(&'static dyn Team),
    Preset(Preset),
    Own(OwnPreset),
}

impl Base {
    /// What it is known by for as long as the tab is open.
    fn id(&self) -> String {
        match self {
            Self::Origin(_) => "origin".to_owned(),
            Self::Entry(entry) => ["past ", &entry.key, " ", &entry.at].concat(),
            Self::Team(_) => "team".to_owned(),
            Self::Preset(preset) => ["preset ", &preset.id].concat(),
            Self::Own(preset) => ["own ", &preset.name].concat(),
        }
    }

    /// The heading under which it is offered; nothing for the one that is looked for first.
    fn group(&self) -> Option<&'static str> {
        match self {
            Self::Origin(_) => None,
            Self::Entry(entry) if !entry.key.is_empty() => Some(tr("Sent")),
            Self::Entry(_) => Some(tr("History")),
            Self::Team(_) => Some(tr("Your team")),
            Self::Preset(_) | Self::Own(_) => Some(tr("Presets")),
        }
    }

    pub(super) fn name(&self) -> String {
        match self {
            Self::Origin(origin) => keeping::begun(&origin.begun),
            Self::Entry(entry) => keeping::entry(entry),
            Self::Team(_) => tr("Your team's values").to_owned(),
            Self::Preset(preset) => start::title(&preset.id).to_owned(),
            Self::Own(preset) => preset.name.clone(),
        }
    }

    /// The request, without secrets. Of the team's values those are compared that it has, and no others.
    pub(super) fn draft(&self, state: FormState) -> Draft {
        match self {
            Self::Origin(origin) => origin.draft(),
            Self::Entry(entry) => entry.draft(),
            Self::Team(team) => {
                let mut draft = state.with_draft(Draft::clone);
                // Rows that are there are the person's own, as when the team's values are filled in.
                let is_compared = |path: &Path| {
                    !matches!(path.kind(ROOT), Some(Kind::List(_)))
                        || draft.get(path).is_none_or(Draft::is_blank)
                };
                if let Some(fix) = team.start(&is_compared) {
                    draft.apply(&Path::ROOT, Edit::from_fix(&fix));
                }
                draft
            }
            Self::Preset(preset) => preset.draft.clone(),
            Self::Own(preset) => preset.draft(),
        }
    }
}

/// All that there is to compare with, the nearest first.
pub(super) fn bases(state: FormState) -> Vec<Base> {
    let (sent, others): (Vec<_>, Vec<_>) = past::recent()
        .into_iter()
        .map(|entry| Base::Entry(Box::new(entry)))
        .partition(|base| matches!(base, Base::Entry(entry) if !entry.key.is_empty()));
    let team = state.with_known(|context| context.policy);
    let team = team.filter(|team| team.start(&|_| true).is_some());
    let own = storage::local().and_then(|storage| storage.get_item(PRESETS).ok().flatten());
    // What is no list of presets, or a newer one, offers none.
    let own = own.and_then(|text| OwnPresets::read(&text).ok());
    let mut all: Vec<_> = past::origin().map(Base::Origin).into_iter().collect();
    all.extend(sent);
    all.extend(team.map(Base::Team));
    all.extend(others);
    let with_values = presets().into_iter().filter(|it| !it.draft.is_blank());
    all.extend(with_values.map(Base::Preset));
    all.extend(own.unwrap_or_default().0.into_iter().map(Base::Own));
    all
}

/// The one that was compared with last, or else the nearest.
pub(super) fn chosen(all: &[Base]) -> usize {
    let last = storage::session().and_then(|storage| storage.get_item(COMPARED).ok().flatten());
    let found = last.and_then(|last| all.iter().position(|base| base.id() == last));
    found.unwrap_or_default()
}

/// A choice of what to compare with.
pub(super) fn select(id: &str, bases: &Rc<Vec<Base>>, at: RwSignal<usize>) -> El {
    let select = el_class("select", "input").attr("id", id);
    let (mut group, mut head) = (select.clone(), None);
    for (place, base) in bases.iter().enumerate() {
        if base.group() != head {
            head = base.group();
            group = head.map_or_else(|| select.clone(), |head| el("optgroup").attr("label", head));
            if head.is_some() {
                must(select.element().append_child(group.element()));
            }
        }
        let option = el("option")
            .attr("value", &place.to_string())
            .text(&visible(&base.name()));
        if place == at.get_untracked() {
            option.set("selected", Some(""));
        }
        must(group.element().append_child(option.element()));
    }
    let bases = Rc::clone(bases);
    select.on("change", move |event| {
        let place = value_of(&event).parse().unwrap_or_default();
        let base: Option<&Base> = bases.get(place);
        if let (Some(storage), Some(base)) = (storage::session(), base) {
            // A browser that keeps nothing begins with the nearest the next time.
            storage.set_item(COMPARED, &base.id()).ok();
        }
        at.set(place);
    })
}
