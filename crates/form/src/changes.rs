//! [`Changes`]: what lies between two drafts.

use std::sync::Arc;

use dsw_model::descriptor::field_step;
use dsw_model::path::{Field, Path, Step};
use dsw_model::verdict::{Fields, Splice};

use crate::draft::Draft;

/// Stands for all members of a request that the model does not know.
pub const UNKNOWN: Field = Field(u16::MAX);

/// The fields of the request that differ between two drafts, and of lists and maps the rows.
///
/// Objects, lists and maps are compared by pointer, so the work follows the edit. What was made anew counts as
/// changed even if it is equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The fields that differ; [`UNKNOWN`] for members that the model does not know.
    pub fields: Fields,
    rows: Vec<(Field, Splice)>,
}

impl Changes {
    /// Everything, as when there is nothing to compare with.
    pub fn all() -> Self {
        Self {
            fields: Fields::ALL,
            rows: Vec::new(),
        }
    }

    /// What differs between two drafts of a request.
    pub fn between(old: &Draft, new: &Draft) -> Self {
        let (Draft::Struct(old), Draft::Struct(new)) = (old, new) else {
            return Self::all();
        };
        let mut changes = Self::default();
        if Arc::ptr_eq(old, new) {
            return changes;
        }
        for (index, (old, new)) in old.fields.iter().zip(&new.fields).enumerate() {
            if is_same(old, new) {
                continue;
            }
            let field = field_step(index);
            changes.fields.add(field);
            let rows = match (old, new) {
                (Draft::List(old), Draft::List(new)) => Splice::between(old, new, is_same),
                (Draft::Map(old), Draft::Map(new)) => Splice::between(old, new, |old, new| {
                    old.0 == new.0 && is_same(&old.1, &new.1)
                }),
                _ => continue,
            };
            changes.rows.push((field, rows));
        }
        if old.unknown != new.unknown {
            changes.fields.add(UNKNOWN);
        }
        changes
    }

    /// The rows of a list or map that differ, where it was one before and still is.
    pub fn rows(&self, field: Field) -> Option<Splice> {
        let entry = self.rows.iter().find(|(changed, _)| *changed == field);
        entry.map(|(_, rows)| *rows)
    }
}

/// The field of the request that a path leads to or into.
pub fn root_field(path: &Path) -> Field {
    match path.steps().first() {
        Some(Step::Field(field)) => *field,
        _ => UNKNOWN,
    }
}

/// Whether two values are the same; large ones only if they are shared.
pub(crate) fn is_same(old: &Draft, new: &Draft) -> bool {
    match (old, new) {
        (Draft::Struct(old), Draft::Struct(new)) => Arc::ptr_eq(old, new),
        (Draft::List(old), Draft::List(new)) => Arc::ptr_eq(old, new),
        (Draft::Map(old), Draft::Map(new)) => Arc::ptr_eq(old, new),
        _ => old == new,
    }
}
