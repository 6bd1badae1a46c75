//! Any JSON as a literal of a language.

use crate::text::Strings;
use crate::tree::{Node, Tree};
use crate::writer::Writer;

/// How a language writes JSON's values.
pub(crate) struct Dialect {
    pub(crate) strings: Strings,
    /// null, true and false.
    pub(crate) atoms: [&'static str; 3],
    /// What stands around lists and maps.
    pub(crate) list: [&'static str; 2],
    pub(crate) map: [&'static str; 2],
    /// Between a name and its value.
    pub(crate) colon: &'static str,
    /// Whether a comma follows the last of several too.
    pub(crate) ends_with_comma: bool,
    /// Writes the name of a member.
    pub(crate) name: fn(&mut String, &str),
    pub(crate) number: fn(&mut String, &str),
    /// Writes the look-up of a variable.
    pub(crate) secret: fn(&mut String, &str),
}

/// Writes a number as it is.
pub(crate) fn digits(out: &mut String, number: &str) {
    out.push_str(number);
}

impl Dialect {
    /// Writes a value. Several stand in a line each.
    pub(crate) fn write(&self, w: &mut Writer, node: &Node<'_>, tree: &Tree<'_>) {
        match node {
            Node::Null => w.push(self.atoms[0]),
            Node::Bool(flag) => w.push(self.atoms[if *flag { 1 } else { 2 }]),
            Node::Number(number) => (self.number)(w.out(), number),
            Node::Text(text) => self.strings.write(w.out(), text),
            Node::Secret(secret) => (self.secret)(w.out(), tree.variable(*secret)),
            Node::List(items) => self.several(w, self.list, items, |w, node| {
                self.write(w, node, tree);
            }),
            Node::Map(members) => self.several(w, self.map, members, |w, (name, node)| {
                (self.name)(w.out(), name);
                w.push(self.colon);
                self.write(w, node, tree);
            }),
        }
    }

    /// Writes several things between two brackets.
    pub(crate) fn several<T>(
        &self,
        w: &mut Writer,
        [open, close]: [&str; 2],
        things: &[T],
        mut write: impl FnMut(&mut Writer, &T),
    ) {
        w.push(open);
        if let Some(last) = things.len().checked_sub(1) {
            w.deeper();
            for (index, thing) in things.iter().enumerate() {
                w.begin();
                write(w, thing);
                if index < last || self.ends_with_comma {
                    w.push(",");
                }
            }
            w.back();
            w.begin();
        }
        w.push(close);
    }
}

/// JSON. A secret is written as its variable between two NUL, which JSON has nowhere else.
pub(crate) const JSON: Dialect = Dialect {
    strings: Strings::Json,
    atoms: ["null", "true", "false"],
    list: ["[", "]"],
    map: ["{", "}"],
    colon: ": ",
    ends_with_comma: false,
    name: |out, name| Strings::Json.write(out, name),
    number: digits,
    secret: |out, variable| {
        out.push('\0');
        out.push_str(variable);
        out.push('\0');
    },
};
