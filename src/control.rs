//! Controls: what a person operates. [`field`] chooses one by the kind of the field's value.

use dsw_model::descriptor::{Choices, Control, Kind, Layout, StructDescriptor, field_step};
use dsw_model::path::Path;

use crate::dom::{El, el_class};
use crate::field::{Place, framed, grouped};
use crate::state::{FormState, is_container};

mod choice;
mod group;
mod list;
mod map;
mod table;
mod text;
mod toggle;
mod unknown;

pub use text::plain;
pub use toggle::radio;
pub use unknown::unknown_members;

/// A field with everything around it. `prefix` is the wire path of the object that it is part of.
pub fn field(
    state: FormState,
    owner: &'static StructDescriptor,
    index: usize,
    parent: &Path,
    prefix: &str,
) -> El {
    let field = &owner.fields[index];
    let dot = if prefix.is_empty() { "" } else { "." };
    let name = format!("{prefix}{dot}{}", field.wire);
    let path = parent.join(field_step(index));
    let slice = state.slice(&path, field.kind);
    let place = Place {
        state,
        path,
        name,
        field,
        owner,
        slice,
    };
    match field.kind {
        Kind::Struct(inner) => group::group(&place, inner),
        Kind::List(Kind::Struct(inner)) if inner.layout == Layout::Table => {
            table::table(&place, inner)
        }
        Kind::List(Kind::Struct(inner)) => list::objects(&place, inner),
        Kind::List(item) => list::values(&place, *item),
        Kind::Map(item) => map::map(&place, *item),
        Kind::Boolean => grouped(&place, "field").child(toggle::segment(&place)),
        Kind::Text | Kind::Secret | Kind::Integer | Kind::Json => {
            let control = match (field.kind, field.choices, field.control) {
                (Kind::Text, Choices::Closed(choices), _) => choice::select(&place, choices),
                (Kind::Text, Choices::Open(choices), _) => choice::suggest(&place, choices),
                (Kind::Json, ..) | (_, _, Control::Script) => text::area(&place),
                (Kind::Secret, ..) => text::secret(&place),
                _ => text::input(&place),
            };
            framed(&place, control)
        }
    }
}

/// The fields of an object, in declaration order: single values side by side, the others below each other.
pub fn fields(
    state: FormState,
    owner: &'static StructDescriptor,
    parent: &Path,
    prefix: &str,
    wanted: impl Fn(usize) -> bool,
) -> Vec<El> {
    let mut blocks: Vec<El> = Vec::new();
    let mut grid = None::<El>;
    for (index, descriptor) in owner
        .fields
        .iter()
        .enumerate()
        .filter(|(index, _)| wanted(*index))
    {
        let view = field(state, owner, index, parent, prefix);
        if is_container(descriptor.kind) || descriptor.control.is_wide() {
            blocks.extend(grid.take());
            blocks.push(view);
        } else {
            grid = Some(
                grid.unwrap_or_else(|| el_class("div", "grid-2"))
                    .child(view),
            );
        }
    }
    blocks.extend(grid);
    blocks
}
