//! [`difference`]: what lies between two bodies, member by member, and [`revert`], which takes it back.

use dsw_model::descriptor::{Kind, field_step};
use dsw_model::grammar::may_name_secret;
use dsw_model::path::{Path, Step};
use dsw_model::secrecy::Secrecy;
use serde_json::{Map, Value};

use crate::draft::{Draft, ROOT, StructDraft};
use crate::edit::Edit;
use crate::json;
use crate::store::{holds_secret, may_hold_secret, text_of};

mod align;

pub(crate) use self::align::align;

/// A single value that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it stands: in the new body, or in the old one if its row is gone. Entries of maps are told by their names.
    pub path: Path,
    /// What stood there; nothing if it is new.
    pub before: Option<String>,
    /// What stands there now; nothing if it is gone.
    pub after: Option<String>,
    /// Whether either is a secret, or may be one: then both are without their text.
    pub secret: bool,
    /// The row of a list that came or went as a whole and that this is in, in terms of `path`: the outermost.
    pub row: Option<Path>,
    /// Where it stood in the old body.
    from: Path,
    /// Where it stands in the new body; of a row that is gone, where it would.
    to: Path,
}

impl Change {
    /// Whether this and another belong to the same row that came or went.
    pub fn shares_row(&self, other: &Self) -> bool {
        self.row.is_some()
            && self.row == other.row
            // Rows that are gone have the numbers that they had.
            && self.after.is_none() == other.after.is_none()
    }
}

/// What differs between two bodies of a request, in form order. `secrecy` is what was said of variables. Rows that
/// were inserted or removed are told as such; rows that changed their places are told as changed, or as gone and new.
pub fn difference(old: &Value, new: &Value, secrecy: &Secrecy) -> Vec<Change> {
    let mut comparison = Comparison {
        secrecy,
        changes: Vec::new(),
    };
    let place = Place {
        from: Path::ROOT,
        to: Path::ROOT,
        row: None,
    };
    let kind = Some(Kind::Struct(ROOT));
    comparison.walk(kind, &place, [Some(old), Some(new)], Hides::ByLooks);
    comparison.changes
}

/// The edit of the new draft that takes back some of its differences from the old one, as one step. `changes` are
/// those of their bodies, in order; of a row that came or went one stands for all that is in it.
pub fn revert(changes: &[Change], old: &Draft, new: &Draft) -> Edit {
    let mut edits = Vec::new();
    let mut draft = new.clone();
    // Also in the new draft as it was: what is edited stands behind what is looked for.
    let [mut stood, mut stands] = [old, new].map(Rows::new);
    let mut last: Option<&Change> = None;
    // Backwards, so that the numbers of rows before it hold.
    for change in changes.iter().rev() {
        if last.is_some_and(|last| last.shares_row(change)) {
            continue;
        }
        last = Some(change);
        if let Some((path, edit)) = change.back(&mut stood, &mut stands, &draft) {
            draft.apply(&path, edit.clone());
            edits.push((path, edit));
        }
    }
    Edit::Many(edits)
}

impl Change {
    /// What takes this back in a draft. The rows are those of the old draft, and of the new one as it was.
    fn back(&self, old: &mut Rows<'_>, new: &mut Rows<'_>, draft: &Draft) -> Option<(Path, Edit)> {
        let count = self.row.as_ref().map(|row| row.steps().len());
        let place = |path: &Path, rows: &mut Rows<'_>| {
            let count = count.unwrap_or(path.steps().len());
            rows.numbered(&path.prefix(count))
        };
        let mut stood = || {
            let from = place(&self.from, old);
            old.draft.get(&from).cloned()
        };
        let at = place(&self.to, new);
        let (around, step) = at.split_last()?;
        Some(match step {
            Step::Row(row) if count.is_some() => match &self.after {
                None => (around, Edit::Insert(*row as usize, String::new(), stood()?)),
                Some(_) => (around, Edit::Remove(*row as usize)),
            },
            // An entry that has no row: it is gone.
            Step::Key(name) if matches!(around.kind(ROOT), Some(Kind::Map(_))) => {
                let rows = draft.get(&around).map_or(0, Draft::row_count);
                (around, Edit::Insert(rows, name.to_string(), stood()?))
            }
            Step::Row(row) if self.before.is_none() => (around, Edit::Remove(*row as usize)),
            Step::Key(name) if draft.get(&around).is_none_or(|it| *it == Draft::Unset) => {
                let Some(Kind::Struct(descriptor)) = around.kind(ROOT) else {
                    return None;
                };
                let mut object = StructDraft::empty(descriptor);
                object.unknown.push((name.clone(), stood()?));
                (around, Edit::Set(Draft::Struct(object.into())))
            }
            _ => (at, Edit::Set(stood().unwrap_or_default())),
        })
    }
}

/// The numbers of the entries of a map by their names, each of the first with its name.
struct Rows<'a> {
    draft: &'a Draft,
    /// Where the map is that was looked at last: changes of the same map follow each other.
    map: Path,
    /// Its names with their numbers, sorted; nothing before the first map.
    numbers: Option<Vec<(&'a str, usize)>>,
}

impl<'a> Rows<'a> {
    fn new(draft: &'a Draft) -> Self {
        let (map, numbers) = (Path::ROOT, None);
        Self {
            draft,
            map,
            numbers,
        }
    }

    /// The number of an entry.
    fn find(&mut self, map: &Path, rows: &'a [(String, Draft)], name: &str) -> Option<usize> {
        if self.numbers.is_none() || self.map != *map {
            let names = rows.iter().enumerate();
            let mut numbers: Vec<_> = names.map(|(row, (name, _))| (&**name, row)).collect();
            numbers.sort_unstable();
            self.map = map.clone();
            self.numbers = Some(numbers);
        }
        let numbers = self.numbers.as_ref()?;
        let at = numbers.partition_point(|(known, _)| *known < name);
        let (known, row) = numbers.get(at)?;
        (*known == name).then_some(*row)
    }

    /// The path with the numbers of entries of maps in place of their names, where the draft has such entries.
    fn numbered(&mut self, path: &Path) -> Path {
        let mut found = Path::ROOT;
        for step in path.steps() {
            let row = match (self.draft.get(&found), step) {
                (Some(Draft::Map(rows)), Step::Key(name)) => self.find(&found, rows, name),
                _ => None,
            };
            found = found.join(row.map_or_else(|| step.clone(), Step::from));
        }
        found
    }
}

/// The path with the numbers of entries of maps in place of their names, where a draft has such entries.
pub fn by_numbers(path: &Path, draft: &Draft) -> Path {
    Rows::new(draft).numbered(path)
}

/// Whether a value is a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hides {
    /// Whatever it looks like.
    Yes,
    /// If it looks like one.
    ByLooks,
    /// Whatever it looks like: the person has said so.
    No,
}

/// The old and the new value of a place; nothing where there is none.
pub(crate) type Pair<'a> = [Option<&'a Value>; 2];

impl Hides {
    /// Whether a value that is told whole, or that takes the place of such a one, is a secret.
    pub(crate) fn whole(self, kind: Option<Kind>, pair: Pair<'_>) -> bool {
        match self {
            Self::Yes => true,
            Self::No => false,
            // What stands in place of an object with secrets may hold them under any name.
            Self::ByLooks => {
                kind.is_some_and(may_hold_secret) || pair.into_iter().flatten().any(holds_secret)
            }
        }
    }

    /// Whether the member of this name is a secret. `inner` is the kind of a map's values.
    pub(crate) fn member(
        self,
        secrecy: &Secrecy,
        inner: Option<Kind>,
        name: &str,
        values: Pair<'_>,
    ) -> Self {
        if self == Self::Yes {
            return Self::Yes;
        }
        let mut there = values.into_iter().flatten();
        // Of what has a name of the person's own the person can say it, whatever its type.
        if inner.is_some() {
            if there
                .clone()
                .any(|value| secrecy.hides(name, text_of(value)))
            {
                return Self::Yes;
            }
            if there.all(Value::is_string) {
                return Self::No;
            }
        }
        if may_name_secret(name.as_bytes()) {
            Self::Yes
        } else {
            self
        }
    }
}

/// Where the walk is.
struct Place {
    /// In the old body.
    from: Path,
    /// In the new body.
    to: Path,
    /// The number of steps to the row that came or went as a whole, and whether it went.
    row: Option<(usize, bool)>,
}

impl Place {
    fn join(&self, from: impl Into<Step>, to: impl Into<Step>) -> Self {
        Self {
            from: self.from.join(from),
            to: self.to.join(to),
            row: self.row,
        }
    }
}

struct Comparison<'a> {
    secrecy: &'a Secrecy,
    changes: Vec<Change>,
}

impl Comparison<'_> {
    /// Looks at one place. `kind` is nothing where the model knows none.
    fn walk(&mut self, kind: Option<Kind>, place: &Place, pair: Pair<'_>, hides: Hides) {
        if pair[0] == pair[1] {
            return;
        }
        let all = |is: fn(&Value) -> bool| pair.iter().flatten().all(|value| is(value));
        let before = self.changes.len();
        match kind {
            Some(Kind::Struct(_) | Kind::Map(_)) if all(Value::is_object) => {
                self.members(kind, place, pair, hides);
                if self.changes.len() == before {
                    self.tell(place, pair, false);
                }
            }
            Some(Kind::List(item)) if all(Value::is_array) => {
                self.rows(*item, place, pair, hides);
                if self.changes.len() == before {
                    self.tell(place, pair, false);
                }
            }
            _ => self.tell(place, pair, hides.whole(kind, pair)),
        }
    }

    /// Tells of a place as a whole.
    fn tell(&mut self, place: &Place, pair: Pair<'_>, secret: bool) {
        let texts = pair.into_iter().flatten().filter(|value| value.is_string());
        let changes_type = texts.count() == 1 && pair.iter().all(Option::is_some);
        let [before, after] = pair.map(|value| match value? {
            _ if secret => Some(String::new()),
            // Without its quotes "1" would look like 1.
            Value::String(text) if !changes_type || json::parse(text).is_err() => {
                Some(text.clone())
            }
            other => Some(other.to_string()),
        });
        let path = match place.row {
            Some((_, true)) => &place.from,
            _ => &place.to,
        };
        self.changes.push(Change {
            row: place.row.map(|(count, _)| path.prefix(count)),
            path: path.clone(),
            before,
            after,
            secret,
            from: place.from.clone(),
            to: place.to.clone(),
        });
    }

    /// Looks at the members of an object or a map: the known ones as declared, then the others by name.
    fn members(&mut self, kind: Option<Kind>, place: &Place, pair: Pair<'_>, hides: Hides) {
        let (known, inner) = match kind {
            Some(Kind::Struct(descriptor)) => (descriptor.fields, None),
            Some(Kind::Map(item)) => (&[][..], Some(*item)),
            _ => (&[][..], None),
        };
        for (index, field) in known.iter().enumerate() {
            let values = pair.map(|value| value?.get(field.wire));
            let step = field_step(index);
            self.walk(Some(field.kind), &place.join(step, step), values, hides);
        }
        for name in names(pair) {
            if known.iter().any(|field| field.wire == name) {
                continue;
            }
            let values = pair.map(|value| value?.get(name));
            let hides = hides.member(self.secrecy, inner, name, values);
            self.walk(inner, &place.join(&**name, &**name), values, hides);
        }
    }

    /// Looks at the rows of a list.
    fn rows(&mut self, item: Kind, place: &Place, pair: Pair<'_>, hides: Hides) {
        let [old, new] = pair.map(|value| {
            let rows = value.and_then(Value::as_array);
            rows.map_or(&[][..], Vec::as_slice)
        });
        let mut next = [0, 0];
        for rows in align(old, new) {
            let mut at = place.join(next[0], next[1]);
            if rows.contains(&None) {
                let count = at.to.steps().len();
                at.row = at.row.or(Some((count, rows[1].is_none())));
            }
            let values = [
                rows[0].and_then(|row| old.get(row)),
                rows[1].and_then(|row| new.get(row)),
            ];
            self.walk(Some(item), &at, values, hides);
            next = [0, 1].map(|side| rows[side].map_or(next[side], |row| row + 1));
        }
    }
}

/// The names of the members of either object: those of the new one first, then those that are gone.
pub(crate) fn names(pair: Pair<'_>) -> impl Iterator<Item = &String> {
    let [old, new] = pair.map(|value| value.and_then(Value::as_object));
    let gone = move |name: &&String| new.is_none_or(|new| !new.contains_key(*name));
    let new_names = new.into_iter().flat_map(Map::keys);
    new_names.chain(old.into_iter().flat_map(Map::keys).filter(gone))
}
