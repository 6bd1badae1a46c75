//! What code carries beside its request ([`dsw_model::left_out`]), put back where it belongs.

use std::collections::BTreeMap;

use dsw_model::descriptor::{Kind, field_step};
use dsw_model::json::pointer;
use dsw_model::left_out::COMMENT;
use dsw_model::path::Path;
use serde_json::Value;
use serde_json::map::Entry;

use super::Why;
use super::node::{Node, Object};
use super::take::{At, Taker};
use crate::draft::ROOT;

/// The byte of a comment at which what it carries begins.
pub(super) fn in_comment(comment: &str) -> Option<usize> {
    let words = comment.trim_start_matches(['#', '/', ' ']);
    let begins = words.starts_with(COMMENT);
    begins.then(|| comment.len() - words.len() + COMMENT.len())
}

/// What was put back: where, and how many variables were known to be absent before.
type Placed = BTreeMap<Path, usize>;

impl Taker {
    /// Puts values where their names, which are pointers, lead. One that leads nowhere is told, and one that stands
    /// there already: what a person wrote into the code is newer.
    pub(super) fn put_back(&mut self, body: &mut Value, left_out: Object) {
        let mut placed = Placed::new();
        for (pointer, node) in left_out.members {
            let parts: Vec<_> = pointer::parts(&pointer).collect();
            let root = Some(Kind::Struct(ROOT));
            let told = match self.place(body, root, &parts, At::Root, node, 1) {
                Some(Put::There(path, before)) => {
                    placed.insert(path, before);
                    continue;
                }
                Some(Put::Twice) => Why::Twice,
                None => Why::Beside,
            };
            self.ignore(pointer, told);
        }
        if !placed.is_empty() {
            self.found_again(&placed);
        }
    }

    /// Forgets the variables in whose places values were put. Those of these values themselves came later.
    fn found_again(&mut self, placed: &Placed) {
        let mut number = 0;
        self.absent.retain(|absent| {
            number += 1;
            let most = absent.member.steps().len();
            let mut wholes = (1..=most).map(|count| absent.member.prefix(count));
            !wholes.any(|whole| placed.get(&whole).is_some_and(|before| number <= *before))
        });
    }

    fn place(
        &mut self,
        whole: &mut Value,
        kind: Option<Kind>,
        parts: &[String],
        at: At<'_>,
        node: Node,
        depth: usize,
    ) -> Option<Put> {
        let (part, parts) = parts.split_first()?;
        let (at, kind) = match (&whole, kind) {
            (Value::Array(_), kind) => {
                let kind = match kind {
                    Some(Kind::List(kind)) => Some(*kind),
                    _ => None,
                };
                (At::Row(&at, part.parse().ok()?), kind)
            }
            (_, Some(Kind::Struct(descriptor))) => match descriptor.field(part) {
                Some((index, field)) => (At::Field(&at, field_step(index)), Some(field.kind)),
                None => (At::Key(&at, part), None),
            },
            (_, Some(Kind::Map(kind))) => (At::Key(&at, part), Some(*kind)),
            _ => (At::Key(&at, part), None),
        };
        if !parts.is_empty() {
            let inside = match whole {
                Value::Object(members) => members.get_mut(part),
                Value::Array(rows) => rows.get_mut(part.parse::<usize>().ok()?),
                _ => None,
            };
            return self.place(inside?, kind, parts, at, node, depth + 1);
        }
        let place = match whole {
            Value::Object(members) => match members.entry(&**part) {
                Entry::Occupied(place) => place.into_mut(),
                Entry::Vacant(place) => {
                    let before = self.absent.len();
                    if let Some(value) = self.value(kind, node, at, depth) {
                        place.insert(value);
                    }
                    return Some(Put::There(at.path(), before));
                }
            },
            Value::Array(rows) => rows.get_mut(part.parse::<usize>().ok()?)?,
            _ => return None,
        };
        if !gives_way(place, &node) {
            return Some(Put::Twice);
        }
        let before = self.absent.len();
        *place = self
            .value(kind, node, at, depth)
            .unwrap_or_else(|| Value::String(String::new()));
        Some(Put::There(at.path(), before))
    }
}

/// Where a value came to.
enum Put {
    /// There, when so many variables were known to be absent.
    There(Path, usize),
    /// Another stands there.
    Twice,
}

/// Whether what stands in the code gives way to what it carries: nothing does, and a part of a map or list to the whole.
fn gives_way(stands: &Value, carried: &Node) -> bool {
    match (stands, carried) {
        (Value::String(text), _) => text.is_empty(),
        (Value::Null, _)
        | (Value::Object(_), Node::Object(_))
        | (Value::Array(_), Node::List(_)) => true,
        _ => false,
    }
}
