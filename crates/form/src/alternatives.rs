//! Alternatives: of some fields one is filled in. The others can be *parked*: kept in the draft beside their
//! object, not sent and not judged.
//!
//! A *branch* is one of the fields with those that apply only with it.

use dsw_model::descriptor::{Condition, StructDescriptor};

use crate::draft::{Draft, StructDraft};

/// The fields of one branch, by place: the alternative first.
pub fn branch(descriptor: &StructDescriptor, alternative: usize) -> impl Iterator<Item = usize> {
    let wire = descriptor.fields.get(alternative).map(|field| field.wire);
    let with = descriptor
        .fields
        .iter()
        .enumerate()
        .filter(move |(_, field)| matches!(field.condition, Condition::Set(on) if Some(on) == wire))
        .map(|(index, _)| index);
    wire.map(|_| alternative).into_iter().chain(with)
}

/// The alternatives among which a field stands, itself included; none if it is no alternative.
pub fn group(descriptor: &StructDescriptor, field: usize) -> Vec<usize> {
    let wire = descriptor.fields.get(field).map(|field| field.wire);
    let groups = descriptor.alternatives.iter();
    let mine = groups.filter(|group| group.iter().any(|name| Some(*name) == wire));
    let places = mine.flat_map(|group| group.iter().filter_map(|name| descriptor.field(name)));
    places.map(|(index, _)| index).collect()
}

/// The alternative on which a field depends: itself, or the one it applies with.
pub fn alternative_of(descriptor: &StructDescriptor, field: usize) -> Option<usize> {
    let own = match descriptor.fields.get(field)?.condition {
        Condition::Set(on) => descriptor.field(on)?.0,
        _ => field,
    };
    [own, field]
        .into_iter()
        .find(|place| !group(descriptor, *place).is_empty())
}

impl StructDraft {
    /// Whether an alternative has given way to another, and nothing has filled it in since.
    pub fn is_parked(&self, alternative: usize) -> bool {
        let parked = self.parked.iter().any(|(place, _)| *place == alternative);
        parked && self.fields.get(alternative).is_none_or(Draft::is_blank)
    }

    /// Which of these alternatives is the active one: the one for which the others gave way, or else the only
    /// one that is filled in.
    pub fn active(&self, group: &[usize]) -> Option<usize> {
        let only = |fits: &dyn Fn(usize) -> bool| {
            let mut fitting = group.iter().copied().filter(|place| fits(*place));
            fitting.next().filter(|_| fitting.next().is_none())
        };
        only(&|place| !self.is_parked(place)).or_else(|| {
            only(&|place| {
                self.fields
                    .get(place)
                    .is_some_and(|draft| !draft.is_blank())
            })
        })
    }

    /// The object with this alternative as the active one: what was parked of its branch is back, and the other
    /// branches are parked. A value that is there wins over one that was parked before.
    #[must_use]
    pub fn choose(&self, descriptor: &StructDescriptor, alternative: usize) -> Self {
        let mut chosen = self.clone();
        for other in group(descriptor, alternative) {
            for place in branch(descriptor, other) {
                let at = chosen
                    .parked
                    .iter()
                    .position(|(parked, _)| *parked == place);
                let Some(field) = chosen.fields.get_mut(place) else {
                    continue;
                };
                if other == alternative {
                    if let Some(at) = at {
                        let (_, back) = chosen.parked.remove(at);
                        if field.is_blank() {
                            *field = back;
                        }
                    }
                } else if !field.is_blank() || at.is_none() && place == other {
                    let away = std::mem::take(field);
                    match at {
                        Some(at) => chosen.parked[at].1 = away,
                        None => chosen.parked.push((place, away)),
                    }
                }
            }
        }
        chosen
    }

    /// The fields that hold a parked value, by place.
    pub fn parked_values(&self) -> impl Iterator<Item = usize> {
        let held = self.parked.iter().filter(|(_, draft)| !draft.is_blank());
        held.map(|(place, _)| *place)
    }
}
