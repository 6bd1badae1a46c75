//! [`LeftOut`]: what a target cannot say, carried beside the request as [`dsw_model::left_out`] has it.

use dsw_model::descriptor::Kind;
use dsw_model::json::pointer;
use dsw_model::left_out::COMMENT;

use crate::text::Strings;
use crate::tree::{Node, ROOT, Tree};
use crate::value::{Dialect, JSON};
use crate::writer::Writer;

/// JSON whose secrets are the names of their variables.
const VALUES: Dialect = Dialect {
    secret: |out, variable| {
        for part in ["\"${", variable, "}\""] {
            out.push_str(part);
        }
    },
    ..JSON
};

/// The same in ASCII. What Java takes for escapes in a comment is one.
const ASCII: Dialect = Dialect {
    strings: Strings::Java,
    name: |out, name| Strings::Java.write(out, name),
    ..VALUES
};

/// How comments are written.
pub(crate) struct Comments {
    begin: &'static str,
    values: &'static Dialect,
}

/// From two slashes to the end of the line.
pub(crate) const SLASHES: Comments = Comments {
    begin: "// ",
    values: &VALUES,
};

/// The same in ASCII.
pub(crate) const ASCII_SLASHES: Comments = Comments {
    begin: "// ",
    values: &ASCII,
};

/// From a number sign to the end of the line.
pub(crate) const HASHES: Comments = Comments {
    begin: "# ",
    values: &VALUES,
};

/// The pointers of what is missing, and what belongs there.
#[derive(Debug, Default)]
pub(crate) struct LeftOut<'a>(Vec<(String, Node<'a>)>);

impl<'a> LeftOut<'a> {
    /// What is missing in what is said of a body.
    pub(crate) fn new(body: &Node<'a>, said: &Node<'a>) -> Self {
        let mut missing = Vec::new();
        compare(body, Some(said), Kind::Struct(ROOT), "", &mut missing);
        Self(missing)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes a comment for each.
    pub(crate) fn comments(&self, w: &mut Writer, comments: &Comments, tree: &Tree<'_>) {
        for (pointer, node) in &self.0 {
            let mut json = Writer::flat();
            json.push("{");
            member(&mut json, comments.values, pointer, node, tree);
            json.push("}");
            w.line(&[comments.begin, COMMENT, &json.text()]);
        }
    }

    /// Writes an object of all.
    pub(crate) fn object(&self, w: &mut Writer, tree: &Tree<'_>) {
        VALUES.several(w, VALUES.map, &self.0, |w, (pointer, node)| {
            member(w, &VALUES, pointer, node, tree);
        });
    }
}

fn member(w: &mut Writer, values: &Dialect, pointer: &str, node: &Node<'_>, tree: &Tree<'_>) {
    (values.name)(w.out(), pointer);
    w.push(values.colon);
    values.write(w, node, tree);
}

/// Collects what is missing. Only in the objects and rows that the model describes is it taken apart: in a map the
/// order of the members counts, and of a list with fewer rows nobody knows which are left.
fn compare<'a>(
    body: &Node<'a>,
    said: Option<&Node<'a>>,
    kind: Kind,
    at: &str,
    missing: &mut Vec<(String, Node<'a>)>,
) {
    let inside = |part: &str| {
        let mut at = at.to_owned();
        pointer::push(&mut at, part);
        at
    };
    match (body, said, kind) {
        (Node::Map(members), Some(Node::Map(said)), Kind::Struct(descriptor)) => {
            for (name, node) in members {
                let mut said = said.iter();
                let said = said.find(|(other, _)| other == name).map(|(_, node)| node);
                // Of what the model does not know nothing is said.
                let kind = descriptor.field(name).map_or(Kind::Json, |(_, it)| it.kind);
                compare(node, said, kind, &inside(name), missing);
            }
        }
        (Node::List(rows), Some(Node::List(said)), Kind::List(kind))
            if rows.len() == said.len() =>
        {
            for (row, (node, said)) in rows.iter().zip(said).enumerate() {
                compare(node, Some(said), *kind, &inside(&row.to_string()), missing);
            }
        }
        _ if said == Some(body) => {}
        _ => missing.push((at.to_owned(), body.clone())),
    }
}
