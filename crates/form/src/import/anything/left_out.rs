//! What code carries beside its request ([`dsw_model::left_out`]), put back where it belongs.

use dsw_model::descriptor::{Kind, field_step};
use dsw_model::json::pointer;
use dsw_model::left_out::COMMENT;
use serde_json::Value;

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

impl Taker {
    /// Puts values where their names, which are pointers, lead. One that leads nowhere is told.
    pub(super) fn put_back(&mut self, body: &mut Value, left_out: Object) {
        for (pointer, node) in left_out.members {
            let parts: Vec<_> = pointer::parts(&pointer).collect();
            let placed = self.place(body, Some(Kind::Struct(ROOT)), &parts, At::Root, node, 1);
            if placed.is_none() {
                self.ignore(pointer, Why::Beside);
            }
        }
    }

    fn place(
        &mut self,
        whole: &mut Value,
        kind: Option<Kind>,
        parts: &[String],
        at: At<'_>,
        node: Node,
        depth: usize,
    ) -> Option<()> {
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
        let path = at.path();
        self.absent.retain(|absent| !absent.member.is_within(&path));
        let value = self.value(kind, node, at, depth);
        match (whole, value) {
            (Value::Object(members), Some(value)) => drop(members.insert(part.clone(), value)),
            (Value::Object(members), None) => drop(members.shift_remove(part)),
            (Value::Array(rows), value) => {
                *rows.get_mut(part.parse::<usize>().ok()?)? =
                    value.unwrap_or_else(|| Value::String(String::new()));
            }
            _ => return None,
        }
        Some(())
    }
}
