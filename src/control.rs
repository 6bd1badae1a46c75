//! Controls: what a person operates. [`field`] chooses one by the kind of the field's value.

use std::rc::Rc;
use std::sync::Arc;

use dsw_form::condition::applies;
use dsw_model::descriptor::{
    Choices, Condition, Control, FieldDescriptor, Kind, Layout, Section, Source, StructDescriptor,
    field_step,
};
use dsw_model::path::Path;
use leptos::prelude::*;

use self::either::Owner;
use self::list::Rows;
use crate::dom::{El, button, el_class, follow};
use crate::field::{Place, framed, grouped};
use crate::picker;
use crate::state::{FormState, is_container};

mod choice;
mod either;
mod group;
mod list;
mod login;
mod map;
mod names;
mod options;
mod quantity;
mod script;
mod table;
mod text;
mod toggle;
mod unknown;

pub use text::plain;
pub use toggle::radio;
pub use unknown::unknown_members;

/// What comes later of the controls (`src/later.rs`): rows, which there are none of in an empty form, and what opens.
#[derive(Debug)]
pub struct Inner {
    object_row: fn(&Rows, usize, &'static StructDescriptor) -> El,
    table_row: fn(&Rows, usize, &'static StructDescriptor) -> El,
    value_row: fn(&Rows, usize, Kind) -> El,
    entry: fn(&Rows, usize, Kind) -> El,
    pair: fn(&Rc<Place>, usize) -> El,
    lines: fn(&Rows, Kind, &'static str) -> El,
    offer_text: fn(FormState, Path, Kind, El, RwSignal<bool>),
    add_row: fn(&Rows),
    add_option: fn(&Rc<Place>),
    env_file: fn(&Place, RwSignal<bool>) -> Vec<El>,
    unknown: fn(FormState, &Path, &[Arc<str>]) -> Vec<El>,
    pick: fn(&Place, Source, &El),
}

impl Inner {
    /// All of it. Named in `src/later.rs` and nowhere else.
    pub(crate) const ALL: Self = Self {
        object_row: list::object_row,
        table_row: table::object,
        value_row: list::value_row,
        entry: map::entry,
        pair: options::pair,
        lines: list::text_of,
        offer_text: list::offer_text,
        add_row: Rows::add,
        add_option: options::add,
        env_file: map::env_file,
        unknown: unknown::members,
        pick: picker::attach,
    };
}

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
                (Kind::Json, ..) => text::area(&place),
                (_, _, Control::Quantity(units)) => quantity::quantity(&place, units),
                (_, _, Control::Script) => script::script(&place),
                (_, _, Control::Options) => options::options(&place, true),
                (_, _, Control::JsonText) => options::options(&place, false),
                (_, _, Control::PublicKey) => script::public_key(&place),
                (_, _, Control::Names) => names::names(&place),
                (_, _, Control::Mounts) => choice::mounts(&place),
                (_, _, Control::Login) => login::login(&place),
                (_, _, Control::Listed(source)) => text::listed(&place, source),
                (Kind::Secret, ..) => text::secret(&place),
                (_, _, Control::Plain | Control::Variables) => text::input(&place),
            };
            framed(&place, control)
        }
    }
}

/// The fields of an object, in declaration order: single values side by side, the others below each other.
/// Alternatives stand together, below the choice between them.
pub fn fields(
    state: FormState,
    descriptor: &'static StructDescriptor,
    parent: &Path,
    prefix: &str,
    wanted: impl Fn(usize) -> bool,
) -> Vec<El> {
    let owner = Rc::new(Owner {
        state,
        descriptor,
        path: parent.clone(),
        prefix: match prefix {
            "" => String::new(),
            prefix => format!("{prefix}."),
        },
    });
    let make = |index: usize, block: Option<&El>| {
        let view = field(state, descriptor, index, parent, prefix);
        either::offered(&owner, index, &view, block);
        guided(&owner, index, &view);
        view
    };
    let mut layout = Grid::default();
    let mut placed = Vec::new();
    for index in (0..descriptor.fields.len()).filter(|index| wanted(*index)) {
        let members = either::members(descriptor, index);
        if !members.is_empty() {
            let block = el_class("div", "stack alternatives");
            let mut inside = Grid::default();
            for member in &members {
                inside.add(&descriptor.fields[*member], make(*member, Some(&block)));
            }
            layout.block(
                block
                    .child(either::choice(&owner, index))
                    .children(inside.end()),
            );
            placed.extend(members);
        } else if !placed.contains(&index) {
            layout.add(&descriptor.fields[index], make(index, None));
        }
    }
    layout.end()
}

/// Marks what the guided form does not show at once: what does not apply, and what few need. It shows a field that
/// holds a value or has a message all the same, and one that somebody was led to.
fn guided(owner: &Rc<Owner>, index: usize, view: &El) {
    let (state, descriptor) = (owner.state, owner.descriptor);
    let field = &descriptor.fields[index];
    let folded = owner.prefix.is_empty() && is_folded(field);
    if folded {
        view.set("data-more", Some(""));
    }
    if let Condition::Set(wire) | Condition::Equals(wire, _) = field.condition {
        let at = Rc::clone(owner);
        let shown = view.clone();
        let other = descriptor.field(wire).map_or(index, |(other, _)| other);
        state.watch_part_at(
            &owner.path.join(field_step(other)),
            move |reviewed| {
                at.object(reviewed)
                    .is_some_and(|object| applies(field.condition, descriptor, object))
            },
            move |applies| shown.set("data-idle", (!applies).then_some("")),
        );
    } else if !folded {
        return;
    }
    let (shown, name) = (view.clone(), owner.prefix.clone() + field.wire);
    follow(Box::new(move || {
        let wanted = state.wanted.with(|wanted| wanted.starts_with(&name));
        shown.set("data-wanted", wanted.then_some(""));
    }));
}

/// Whether the guided form folds a field of the root: of the sections in which something has to be decided, all but
/// that.
pub(crate) fn is_folded(field: &FieldDescriptor) -> bool {
    const DECIDED: [&str; 11] = [
        "WorkspaceId",
        "InstanceName",
        "EcsSpec",
        "SpotSpec",
        "ResourceId",
        "RequestedResource",
        "ImageId",
        "ImageUrl",
        "ImageAuth",
        "CloudDisks",
        "Datasets",
    ];
    matches!(
        field.section,
        Some(Section::Basics | Section::Compute | Section::Image | Section::Storage)
    ) && !DECIDED.contains(&field.wire)
}

/// Fields as they are laid out.
#[derive(Default)]
struct Grid {
    blocks: Vec<El>,
    /// The single values that stand side by side.
    line: Option<El>,
}

impl Grid {
    fn add(&mut self, field: &FieldDescriptor, view: El) {
        if is_container(field.kind) || field.control.is_wide() {
            self.block(view);
        } else {
            let line = self.line.take();
            let line = line.unwrap_or_else(|| el_class("div", "grid-2"));
            self.line = Some(line.child(view));
        }
    }

    fn block(&mut self, view: El) {
        self.blocks.extend(self.line.take());
        self.blocks.push(view);
    }

    /// Ends the line. Returns all that is laid out.
    fn end(&mut self) -> Vec<El> {
        self.blocks.extend(self.line.take());
        std::mem::take(&mut self.blocks)
    }
}

/// A button that opens a place below it, and that place. What is in it is made when it opens and ends when it
/// closes; it is told by what it can close itself.
fn disclosure(
    id: &str,
    label: &str,
    content: impl Fn(RwSignal<bool>) -> Vec<El> + 'static,
) -> (El, El) {
    let open = RwSignal::new(false);
    let opens = button("btn btn-s", move |_| open.update(|open| *open = !*open))
        .attr("data-kind", "ghost")
        .attr("aria-controls", id)
        .attr_fn("aria-expanded", move || Some(open.get().to_string()))
        .text(label);
    let place = el_class("div", "opened stack stack-s")
        .attr("id", id)
        .flag_fn("hidden", move || !open.get())
        .content_fn(move || {
            if open.get() {
                untrack(|| content(open))
            } else {
                Vec::new()
            }
        });
    (opens, place)
}
