//! [`difference`]: what lies between two bodies, member by member.

use dsw_model::descriptor::{Kind, field_step};
use dsw_model::grammar::may_name_secret;
use dsw_model::path::Path;
use dsw_model::secrecy::Secrecy;
use serde_json::{Map, Value};

use crate::draft::ROOT;
use crate::store::{holds_secret, may_hold_secret};

/// A single value that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it stands: in the new body, or in the old one if it is gone. Entries of maps are told by their names.
    pub path: Path,
    /// What stood there; nothing if it is new.
    pub before: Option<String>,
    /// What stands there now; nothing if it is gone.
    pub after: Option<String>,
    /// Whether either is a secret, or may be one: then both are without their text.
    pub secret: bool,
}

/// What differs between two bodies of a request, in form order. `secrecy` is what was said of variables. Rows that
/// were inserted or removed in one place are told as such; rows that changed their places are told as changed.
pub fn difference(old: &Value, new: &Value, secrecy: &Secrecy) -> Vec<Change> {
    let mut comparison = Comparison {
        secrecy,
        changes: Vec::new(),
    };
    let kind = Some(Kind::Struct(ROOT));
    comparison.walk(kind, &Path::ROOT, [Some(old), Some(new)], Hides::ByLooks);
    comparison.changes
}

/// Whether a value is a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hides {
    /// Whatever it looks like.
    Yes,
    /// If it looks like one.
    ByLooks,
    /// Whatever it looks like: the person has said so.
    No,
}

/// The old and the new value of a place; nothing where there is none.
type Pair<'a> = [Option<&'a Value>; 2];

struct Comparison<'a> {
    secrecy: &'a Secrecy,
    changes: Vec<Change>,
}

impl Comparison<'_> {
    /// Looks at one place. `kind` is nothing where the model knows none.
    fn walk(&mut self, kind: Option<Kind>, path: &Path, pair: Pair<'_>, hides: Hides) {
        if pair[0] == pair[1] {
            return;
        }
        let all = |is: fn(&Value) -> bool| pair.iter().flatten().all(|value| is(value));
        match kind {
            Some(Kind::Struct(_) | Kind::Map(_)) if all(Value::is_object) => {
                self.members(kind, path, pair, hides);
            }
            Some(Kind::List(item)) if all(Value::is_array) => self.rows(*item, path, pair, hides),
            _ => {
                let secret = match hides {
                    Hides::Yes => true,
                    Hides::No => false,
                    // What stands in place of an object with secrets may hold them under any name.
                    Hides::ByLooks => {
                        kind.is_some_and(may_hold_secret)
                            || pair.into_iter().flatten().any(holds_secret)
                    }
                };
                let [before, after] = pair.map(|value| match value? {
                    _ if secret => Some(String::new()),
                    Value::String(text) => Some(text.clone()),
                    other => Some(other.to_string()),
                });
                self.changes.push(Change {
                    path: path.clone(),
                    before,
                    after,
                    secret,
                });
            }
        }
    }

    /// Looks at the members of an object or a map: the known ones as declared, then the others by name.
    fn members(&mut self, kind: Option<Kind>, path: &Path, pair: Pair<'_>, hides: Hides) {
        let (known, inner) = match kind {
            Some(Kind::Struct(descriptor)) => (descriptor.fields, None),
            Some(Kind::Map(item)) => (&[][..], Some(*item)),
            _ => (&[][..], None),
        };
        for (index, field) in known.iter().enumerate() {
            let values = pair.map(|value| value?.get(field.wire));
            let path = path.join(field_step(index));
            self.walk(Some(field.kind), &path, values, hides);
        }
        let [old, new] = pair.map(|value| value.and_then(Value::as_object));
        let new_names = new.into_iter().flat_map(Map::keys);
        let gone = |name: &&String| new.is_none_or(|new| !new.contains_key(*name));
        let old_names = old.into_iter().flat_map(Map::keys).filter(gone);
        for name in new_names.chain(old_names) {
            if known.iter().any(|field| field.wire == name) {
                continue;
            }
            let values = pair.map(|value| value?.get(name));
            let hides = self.hides(inner, name, values, hides);
            self.walk(inner, &path.join(&**name), values, hides);
        }
    }

    /// Whether the member of this name is a secret.
    fn hides(&self, inner: Option<Kind>, name: &str, values: Pair<'_>, around: Hides) -> Hides {
        if around == Hides::Yes {
            return Hides::Yes;
        }
        let texts = values.into_iter().flatten().map(Value::as_str);
        let texts: Option<Vec<_>> = texts.collect();
        match texts {
            // Of texts with names of the person's own the person can say it.
            Some(texts) if inner.is_some() => {
                if texts.iter().any(|text| self.secrecy.hides(name, text)) {
                    Hides::Yes
                } else {
                    Hides::No
                }
            }
            _ if may_name_secret(name.as_bytes()) => Hides::Yes,
            _ => around,
        }
    }

    /// Looks at the rows of a list: equal ones at both ends stay out of it, those between are compared one by one.
    fn rows(&mut self, item: Kind, path: &Path, pair: Pair<'_>, hides: Hides) {
        let [old, new] = pair.map(|value| {
            let rows = value.and_then(Value::as_array);
            rows.map_or(&[][..], Vec::as_slice)
        });
        let same = |(old, new): &(&Value, &Value)| old == new;
        let first = old.iter().zip(new).take_while(same).count();
        let (old, new) = (&old[first..], &new[first..]);
        let last = old.iter().rev().zip(new.iter().rev());
        let last = last.take_while(same).count();
        let (old, new) = (&old[..old.len() - last], &new[..new.len() - last]);
        for row in 0..old.len().max(new.len()) {
            let path = path.join(first + row);
            self.walk(Some(item), &path, [old.get(row), new.get(row)], hides);
        }
    }
}
