//! Which fields apply.

use dsw_model::descriptor::{Condition, StructDescriptor};

use crate::draft::{Draft, StructDraft};

/// Whether a field with this condition applies in an object with these values.
pub fn applies(condition: Condition, descriptor: &StructDescriptor, object: &StructDraft) -> bool {
    let value = |wire: &str| {
        let (index, _) = descriptor.field(wire)?;
        object.fields.get(index)
    };
    match condition {
        Condition::Always => true,
        Condition::Set(wire) => value(wire).is_some_and(|draft| !draft.is_blank()),
        Condition::Equals(wire, wanted) => match value(wire) {
            Some(Draft::Text(text)) => text == wanted,
            Some(Draft::Flag(flag)) => wanted == if *flag { "true" } else { "false" },
            _ => false,
        },
    }
}

/// Whether the field at this place is to be offered: it applies, or it holds a value. Nothing invisible is
/// ever sent.
pub fn shown(index: usize, descriptor: &StructDescriptor, object: &StructDraft) -> bool {
    let Some(field) = descriptor.fields.get(index) else {
        return false;
    };
    applies(field.condition, descriptor, object)
        || object
            .fields
            .get(index)
            .is_some_and(|draft| !draft.is_blank())
}
