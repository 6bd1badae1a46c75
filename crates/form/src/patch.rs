//! [`patch`]: what lies between two bodies as a JSON Patch (RFC 6902), for programs.

use dsw_model::descriptor::{Kind, field_step};
use dsw_model::path::{Path, Step};
use dsw_model::secrecy::Secrecy;
use serde_json::{Map, Value};

use crate::difference::{Hides, Pair, align, names};
use crate::draft::ROOT;

/// A JSON Patch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    /// The operations `add`, `remove` and `replace`, in the order in which they are made.
    pub operations: Vec<Value>,
    /// Where the new body has secrets that are not in it, in form order. Rows have the numbers of the new body.
    pub left_out: Vec<Path>,
}

impl Patch {
    /// The patch as a document.
    pub fn document(&self) -> Value {
        Value::Array(self.operations.clone())
    }
}

/// The patch that makes the new body of a request of the old one, but for secrets, which are left out. `secrecy` is what
/// was said of variables.
///
/// Only what differs is in it, and rows that came or went do not touch the others. Where long lists differ in so many rows
/// that looking for equal ones takes long, rows in the middle are compared by their places.
pub fn patch(old: &Value, new: &Value, secrecy: &Secrecy) -> Patch {
    let mut maker = Maker {
        secrecy,
        patch: Patch::default(),
    };
    let kind = Some(Kind::Struct(ROOT));
    maker.walk(kind, &Place::default(), [old, new], Hides::ByLooks);
    maker.patch
}

/// Where a value stands.
#[derive(Default)]
struct Place {
    /// While the operations are made one after the other.
    path: Path,
    /// In the new body, which has rows that the patch leaves out.
    new: Path,
}

impl Place {
    fn member(&self, step: Step) -> Self {
        Self {
            path: self.path.join(step.clone()),
            new: self.new.join(step),
        }
    }

    fn row(&self, row: usize, new: usize) -> Self {
        Self {
            path: self.path.join(row),
            new: self.new.join(new),
        }
    }
}

struct Maker<'a> {
    secrecy: &'a Secrecy,
    patch: Patch,
}

impl Maker<'_> {
    /// Looks at one place, which is in both bodies. `kind` is nothing where the model knows none.
    fn walk(&mut self, kind: Option<Kind>, place: &Place, [old, new]: [&Value; 2], hides: Hides) {
        if old == new {
            return;
        }
        let pair = [Some(old), Some(new)];
        match (kind, old, new) {
            (Some(Kind::Struct(_) | Kind::Map(_)) | None, Value::Object(_), Value::Object(_)) => {
                self.members(kind, place, pair, hides);
            }
            (Some(Kind::List(_)) | None, Value::Array(old), Value::Array(new)) => {
                self.rows(kind, place, old, new, hides);
            }
            _ if hides.whole(kind, pair) => self.patch.left_out.push(place.new.clone()),
            _ => self.operation("replace", place, Some(new.clone())),
        }
    }

    fn members(&mut self, kind: Option<Kind>, place: &Place, pair: Pair<'_>, hides: Hides) {
        for name in names(pair) {
            let values = pair.map(|value| value?.get(name));
            let (step, inner) = step(kind, name);
            let hides = self.member(kind, name, values, hides);
            let place = place.member(step);
            match values {
                [Some(old), Some(new)] => self.walk(inner, &place, [old, new], hides),
                [None, Some(new)] => {
                    if let Some(told) = self.told(inner, &place.new, new, hides) {
                        self.operation("add", &place, Some(told));
                    }
                }
                // Whoever has no secret there has nothing to remove.
                [Some(old), None] if self.is_secret(inner, old, hides) => {
                    self.patch.left_out.push(place.new);
                }
                _ => self.operation("remove", &place, None),
            }
        }
    }

    fn rows(
        &mut self,
        kind: Option<Kind>,
        place: &Place,
        old: &[Value],
        new: &[Value],
        hides: Hides,
    ) {
        let item = match kind {
            Some(Kind::List(item)) => Some(*item),
            _ => None,
        };
        // How many rows there are so far, while the operations are made one after the other.
        let mut at = 0;
        for [before, after] in align(old, new) {
            // A row that is gone has no place in the new body, and nothing is told of it.
            let place = place.row(at, after.unwrap_or_default());
            match (
                before.and_then(|row| old.get(row)),
                after.and_then(|row| new.get(row)),
            ) {
                (Some(old), Some(new)) => {
                    self.walk(item, &place, [old, new], hides);
                    at += 1;
                }
                (None, Some(new)) => {
                    if let Some(told) = self.told(item, &place.new, new, hides) {
                        self.operation("add", &place, Some(told));
                        at += 1;
                    }
                }
                _ => self.operation("remove", &place, None),
            }
        }
    }

    /// Whether a member is a secret.
    fn member(&self, kind: Option<Kind>, name: &str, values: Pair<'_>, hides: Hides) -> Hides {
        match kind {
            Some(Kind::Struct(descriptor)) if descriptor.field(name).is_some() => hides,
            Some(Kind::Map(item)) => hides.member(self.secrecy, Some(*item), name, values),
            _ => hides.member(self.secrecy, None, name, values),
        }
    }

    /// Whether nothing but a secret stands in a place.
    fn is_secret(&self, kind: Option<Kind>, value: &Value, hides: Hides) -> bool {
        let mut other = Maker {
            secrecy: self.secrecy,
            patch: Patch::default(),
        };
        other.told(kind, &Path::ROOT, value, hides).is_none()
    }

    /// A value that is new, without the secrets in it; nothing if there is nothing else. Notes what is left out; the path
    /// is that in the new body.
    fn told(
        &mut self,
        kind: Option<Kind>,
        path: &Path,
        value: &Value,
        hides: Hides,
    ) -> Option<Value> {
        let goes_in = hides != Hides::Yes;
        match (kind, value) {
            (Some(Kind::Struct(_) | Kind::Map(_)) | None, Value::Object(members)) if goes_in => {
                let mut told = Map::new();
                for (name, value) in members {
                    let (step, inner) = step(kind, name);
                    let hides = self.member(kind, name, [None, Some(value)], hides);
                    if let Some(value) = self.told(inner, &path.join(step), value, hides) {
                        told.insert(name.clone(), value);
                    }
                }
                (!told.is_empty() || members.is_empty()).then_some(Value::Object(told))
            }
            (Some(Kind::List(_)) | None, Value::Array(rows)) if goes_in => {
                let item = match kind {
                    Some(Kind::List(item)) => Some(*item),
                    _ => None,
                };
                let told = rows.iter().enumerate();
                let told =
                    told.filter_map(|(row, value)| self.told(item, &path.join(row), value, hides));
                Some(Value::Array(told.collect()))
            }
            _ if hides.whole(kind, [None, Some(value)]) => {
                self.patch.left_out.push(path.clone());
                None
            }
            _ => Some(value.clone()),
        }
    }

    fn operation(&mut self, name: &str, place: &Place, value: Option<Value>) {
        let mut members = Map::new();
        members.insert("op".to_owned(), Value::from(name));
        members.insert("path".to_owned(), Value::from(place.path.pointer(ROOT)));
        members.extend(value.map(|value| ("value".to_owned(), value)));
        self.patch.operations.push(Value::Object(members));
    }
}

/// The step to the member of this name, and the kind of its value.
fn step(kind: Option<Kind>, name: &str) -> (Step, Option<Kind>) {
    match kind {
        Some(Kind::Struct(descriptor)) => match descriptor.field(name) {
            Some((index, field)) => (field_step(index).into(), Some(field.kind)),
            None => (name.into(), None),
        },
        Some(Kind::Map(item)) => (name.into(), Some(*item)),
        _ => (name.into(), None),
    }
}
