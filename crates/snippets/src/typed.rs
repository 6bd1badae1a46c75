//! A request as objects of an SDK's classes, which know names and types of their members.

use dsw_model::descriptor::{Kind, StructDescriptor};
use dsw_words::tr;

use crate::names::Class;
use crate::note::Notes;
use crate::tree::{Node, ROOT, Tree, item, member};
use crate::value::Dialect;
use crate::writer::Writer;

/// How a language writes objects of classes.
pub(crate) struct Model {
    /// How it writes what has no class.
    pub(crate) values: &'static Dialect,
    /// What stands before and behind the members of an object.
    pub(crate) object: fn(&mut String, &Class),
    pub(crate) object_end: &'static str,
    /// What stands before and behind the value of a member.
    pub(crate) member: fn(&mut String, &str),
    pub(crate) member_end: &'static str,
    /// What stands around texts, whole numbers, and `true` and `false`.
    pub(crate) text: [&'static str; 2],
    pub(crate) integer: [&'static str; 2],
    pub(crate) boolean: [&'static str; 2],
    /// What stands before the rows of a list; nothing where it is as with other values.
    pub(crate) list: Option<fn(&mut String, Kind, &Class)>,
    /// What stands before the members of a map of texts.
    pub(crate) map: Option<&'static str>,
}

/// The body without what the models cannot hold; that is told.
pub(crate) fn fitting<'a>(tree: &Tree<'a>, notes: &mut Notes) -> Node<'a> {
    fit(&tree.root, Kind::Struct(ROOT), "", notes).unwrap_or(Node::Map(Vec::new()))
}

/// A value as far as a model of this kind holds it; nothing where it does not.
fn fit<'a>(node: &Node<'a>, kind: Kind, path: &str, notes: &mut Notes) -> Option<Node<'a>> {
    let fits = match (kind, node) {
        (Kind::Text | Kind::Secret, Node::Text(_) | Node::Secret(_))
        | (Kind::Boolean, Node::Bool(_))
        | (Kind::Json, Node::Map(_)) => Some(node.clone()),
        (Kind::Integer, Node::Number(number)) if number.parse::<i64>().is_ok() => {
            Some(node.clone())
        }
        (Kind::Struct(descriptor), Node::Map(members)) => {
            Some(Node::Map(known(members, descriptor, path, notes)))
        }
        (Kind::List(kind), Node::List(items)) => {
            let rows = items.iter().enumerate();
            let rows = rows.filter_map(|(row, node)| fit(node, *kind, &item(path, row), notes));
            Some(Node::List(rows.collect()))
        }
        (Kind::Map(kind), Node::Map(members)) => {
            let members = members.iter().filter_map(|(name, node)| {
                let node = fit(node, *kind, &member(path, name), notes)?;
                Some((*name, node))
            });
            Some(Node::Map(members.collect()))
        }
        _ => None,
    };
    if fits.is_none() {
        let text =
            tr("Left out, and carried in a comment: the SDK's model takes another type of value.");
        notes.about(text, path.to_owned());
    }
    fits
}

fn known<'a>(
    members: &[(&'a str, Node<'a>)],
    descriptor: &StructDescriptor,
    path: &str,
    notes: &mut Notes,
) -> Vec<(&'a str, Node<'a>)> {
    let members = members.iter().filter_map(|(name, node)| {
        let path = member(path, name);
        let Some((_, field)) = descriptor.field(name) else {
            let text = tr("Left out, and carried in a comment: the SDK's model does not have it. curl and aliyun send it.");
            notes.about(text, path);
            return None;
        };
        Some((*name, fit(node, field.kind, &path, notes)?))
    });
    members.collect()
}

impl Model {
    /// Writes the request. `node` is [`fitting`].
    pub(crate) fn request(&self, w: &mut Writer, node: &Node<'_>, tree: &Tree<'_>) {
        self.value(w, node, Kind::Struct(ROOT), &Class::root(), tree);
    }

    fn value(&self, w: &mut Writer, node: &Node<'_>, kind: Kind, class: &Class, tree: &Tree<'_>) {
        match (kind, node) {
            (Kind::Struct(descriptor), Node::Map(members)) => {
                self.members(w, members, descriptor, class, tree);
            }
            (Kind::List(kind), Node::List(items)) => {
                let [open, close] = self.values.list;
                let open = self.list.map_or_else(
                    || open.to_owned(),
                    |list| {
                        let mut open = String::new();
                        list(&mut open, *kind, class);
                        open
                    },
                );
                self.values.several(w, [&open, close], items, |w, node| {
                    self.value(w, node, *kind, class, tree);
                });
            }
            (Kind::Map(kind), Node::Map(members)) => {
                let [open, close] = self.values.map;
                let brackets = [self.map.unwrap_or(open), close];
                self.values
                    .several(w, brackets, members, |w, (name, node)| {
                        (self.values.name)(w.out(), name);
                        w.push(self.values.colon);
                        self.value(w, node, *kind, class, tree);
                    });
            }
            _ => {
                let [before, behind] = match kind {
                    Kind::Text | Kind::Secret => self.text,
                    Kind::Integer => self.integer,
                    Kind::Boolean => self.boolean,
                    _ => ["", ""],
                };
                w.push(before);
                // A model takes a number of its own type, as it is.
                match (kind, node) {
                    (Kind::Integer, Node::Number(number)) => w.push(number),
                    _ => self.values.write(w, node, tree),
                }
                w.push(behind);
            }
        }
    }

    fn members(
        &self,
        w: &mut Writer,
        members: &[(&str, Node<'_>)],
        descriptor: &StructDescriptor,
        class: &Class,
        tree: &Tree<'_>,
    ) {
        (self.object)(w.out(), class);
        w.deeper();
        for (wire, node) in members {
            if let Some((_, field)) = descriptor.field(wire) {
                w.begin();
                (self.member)(w.out(), wire);
                self.value(w, node, field.kind, &class.inside(wire), tree);
                w.push(self.member_end);
            }
        }
        w.back();
        if !self.object_end.is_empty() {
            if !members.is_empty() {
                w.begin();
            }
            w.push(self.object_end);
        }
    }
}
