//! An object: a group with its fields.

use dsw_model::descriptor::StructDescriptor;

use super::{fields, unknown_members};
use crate::dom::{El, el_class};
use crate::field::{Place, foreign, grouped};

/// A fieldset around the fields of an object.
pub(super) fn group(place: &Place, inner: &'static StructDescriptor) -> El {
    let fields = fields(place.state, inner, &place.path, &place.name, |_| true);
    grouped(place, "group")
        .child(foreign(place))
        .child(el_class("div", "stack").children(fields))
        .child(unknown_members(place.state, &place.path))
}
