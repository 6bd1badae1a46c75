//! [`Edit`]: one change of a draft, and [`Draft::apply`], which makes it.

use std::sync::Arc;

use dsw_model::descriptor::Kind;
use dsw_model::path::{Field, Path, Step};
use dsw_model::rules::{Change, Fix};

use crate::alternatives;
use crate::draft::{Draft, ROOT, StructDraft};
use crate::import::draft_from_json;
use crate::text::lines::rows_of;

/// One change of the value at a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// The text of a control. In a field, emptied text is "not set"; in a row it stays.
    Text(String),
    /// A boolean, or "not set".
    Flag(Option<bool>),
    /// Any value; at the root, a whole request.
    Set(Draft),
    /// Puts a row of a list or map before the row of this number; the key is that of a map.
    Insert(usize, String, Draft),
    /// Takes away the row of this number.
    Remove(usize),
    /// Takes the first row away and puts it back so that it has the second number.
    Move(usize, usize),
    /// Renames the row of this number of a map.
    Rename(usize, String),
    /// The rows of a list of texts, as they are typed in one control.
    Rows(Vec<String>),
    /// The rows of a map, or of a list of objects of two texts, as they are typed in one control: names and values.
    Pairs(Vec<(String, String)>),
    /// Makes one alternative of an object the active one: the branches of the others are parked.
    Choose(Field),
    /// Several edits in this order, as one step. Their paths count from the root, whatever path the edit
    /// itself is applied at.
    Many(Vec<(Path, Edit)>),
}

impl Edit {
    /// The edit that makes a fix.
    pub fn from_fix(fix: &Fix) -> Self {
        let edits = fix.0.iter().map(|change| {
            let edit = match change {
                Change::Set(path, value) => Self::Set(match path.kind(ROOT) {
                    Some(kind) => draft_from_json(kind, value.clone()),
                    None => Draft::Foreign(Arc::new(value.clone())),
                }),
                Change::Clear(path) => match path.split_last() {
                    Some((list, Step::Row(row))) => return (list, Self::Remove(*row as usize)),
                    _ => Self::Set(Draft::Unset),
                },
                Change::Move(_, from, to) => Self::Move(*from, *to),
            };
            (change.path().clone(), edit)
        });
        Self::Many(edits.collect())
    }
}

impl Draft {
    /// Makes one change and returns the change that takes it back: undoing all of them, last first, gives
    /// the very draft one started from.
    ///
    /// Absent objects on the way are created. An edit that changes nothing, or that leads to a row that is
    /// not there or to a value of another shape, does nothing and returns nothing.
    pub fn apply(&mut self, path: &Path, edit: Edit) -> Option<(Path, Edit)> {
        if let Edit::Many(edits) = edit {
            let mut inverse: Vec<_> = edits
                .into_iter()
                .filter_map(|(path, edit)| self.apply(&path, edit))
                .collect();
            inverse.reverse();
            return (!inverse.is_empty()).then_some((Self::ROOT_PATH, Edit::Many(inverse)));
        }
        if let Edit::Choose(field) = edit {
            let new = self.chosen(path, field)?;
            return self.apply(path, Edit::Set(new));
        }
        // The first object that has to be created decides what is taken back.
        let steps = path.steps();
        let missing = (0..steps.len()).find(|&count| {
            let parent = self.get(&path.prefix(count));
            matches!(parent, Some(Self::Unset | Self::Foreign(_)))
        });
        if let Some(count) = missing {
            let parent = path.prefix(count);
            let mut created = blank_object(&parent)?;
            for depth in count + 1..steps.len() {
                let inside = blank_object(&path.prefix(depth))?;
                created = nest(created, &steps[count..depth], inside)?;
            }
            let kind = path.kind(ROOT)?;
            let relative: Path = steps[count..].iter().cloned().collect();
            change_node(created.descend(relative.steps())?, kind, false, edit)?;
            let old = std::mem::replace(self.descend(parent.steps())?, created);
            return Some((parent, Edit::Set(old)));
        }
        if let Some((parent, Step::Key(name))) = path.split_last()
            && matches!(parent.kind(ROOT), Some(Kind::Struct(_)))
        {
            return self.change_unknown(&parent, path, name, edit);
        }
        let kind = path.kind(ROOT)?;
        let in_row = matches!(steps.last(), Some(Step::Row(_)));
        // Look before the spine is copied: an edit that does nothing is to share everything.
        self.get(path)?;
        let inverse = change_node(self.descend(steps)?, kind, in_row, edit)?;
        Some((path.clone(), inverse))
    }

    const ROOT_PATH: Path = Path::ROOT;

    /// The object at a path with this alternative as the active one; nothing if there is no such alternative.
    fn chosen(&self, path: &Path, Field(field): Field) -> Option<Self> {
        let Kind::Struct(descriptor) = path.kind(ROOT)? else {
            return None;
        };
        let field = usize::from(field);
        if alternatives::group(descriptor, field).is_empty() {
            return None;
        }
        let new = match self.get(path) {
            Some(Self::Struct(object)) => object.choose(descriptor, field),
            // What came in another type is no object to choose in.
            Some(Self::Unset) | None => StructDraft::empty(descriptor).choose(descriptor, field),
            _ => return None,
        };
        Some(Self::Struct(Arc::new(new)))
    }

    /// Changes, adds or takes away a member that the model does not know.
    fn change_unknown(
        &mut self,
        parent: &Path,
        path: &Path,
        name: &Arc<str>,
        edit: Edit,
    ) -> Option<(Path, Edit)> {
        let new = match edit {
            Edit::Text(text) => Self::Text(text),
            Edit::Set(draft) => draft,
            _ => return None,
        };
        let Self::Struct(object) = self.get(parent)? else {
            return None;
        };
        let place = object.unknown.iter().position(|(known, _)| known == name);
        match place {
            Some(place) if object.unknown[place].1 == new => return None,
            None if new == Self::Unset => return None,
            _ => {}
        }
        let before = Self::Struct(Arc::clone(object));
        let Self::Struct(object) = self.descend(parent.steps())? else {
            return None;
        };
        let object = Arc::make_mut(object);
        match (place, new) {
            // Taking a member away changes the order of the others only as a whole can restore.
            (Some(place), Self::Unset) => {
                object.unknown.remove(place);
                Some((parent.clone(), Edit::Set(before)))
            }
            (Some(place), new) => {
                let old = std::mem::replace(&mut object.unknown[place].1, new);
                Some((path.clone(), Edit::Set(old)))
            }
            (None, new) => {
                object.unknown.push((Arc::clone(name), new));
                Some((path.clone(), Edit::Set(Self::Unset)))
            }
        }
    }

    /// The value at these steps, to be changed: what is shared with other drafts on the way is copied.
    fn descend(&mut self, steps: &[Step]) -> Option<&mut Self> {
        steps
            .iter()
            .try_fold(self, |node, step| match (node, step) {
                (Self::Struct(object), Step::Field(field)) => {
                    Arc::make_mut(object).fields.get_mut(usize::from(field.0))
                }
                (Self::Struct(object), Step::Key(key)) => {
                    let unknown = &mut Arc::make_mut(object).unknown;
                    unknown
                        .iter_mut()
                        .find(|(name, _)| name == key)
                        .map(|(_, value)| value)
                }
                (Self::List(rows), Step::Row(row)) => Arc::make_mut(rows).get_mut(*row as usize),
                (Self::Map(rows), Step::Row(row)) => Arc::make_mut(rows)
                    .get_mut(*row as usize)
                    .map(|(_, value)| value),
                _ => None,
            })
    }
}

/// An object with nothing set, for the object that stands at this path.
fn blank_object(path: &Path) -> Option<Draft> {
    match path.kind(ROOT)? {
        Kind::Struct(descriptor) => Some(Draft::Struct(Arc::new(StructDraft::empty(descriptor)))),
        _ => None,
    }
}

fn nest(mut outer: Draft, steps: &[Step], inner: Draft) -> Option<Draft> {
    *outer.descend(steps)? = inner;
    Some(outer)
}

/// Changes one value and returns the inverse; nothing if nothing changes or the edit does not fit.
fn change_node(node: &mut Draft, kind: Kind, in_row: bool, edit: Edit) -> Option<Edit> {
    match edit {
        Edit::Text(text) => {
            if !matches!(kind, Kind::Text | Kind::Secret | Kind::Integer | Kind::Json) {
                return None;
            }
            let new = if text.is_empty() && !in_row {
                Draft::Unset
            } else {
                Draft::Text(text)
            };
            replace(node, new)
        }
        Edit::Flag(flag) => {
            if !matches!(kind, Kind::Boolean) {
                return None;
            }
            replace(node, flag.map_or(Draft::Unset, Draft::Flag))
        }
        Edit::Set(new) => replace(node, new),
        Edit::Insert(at, key, row) => {
            // Look first: what does not fit is not to leave an empty list behind.
            if at > node.row_count() {
                return None;
            }
            match kind {
                Kind::List(_) => rows_of_list(node)?.insert(at, row),
                Kind::Map(_) => rows_of_map(node)?.insert(at, (key, row)),
                _ => return None,
            }
            Some(Edit::Remove(at))
        }
        Edit::Remove(at) => {
            let inverse = match node {
                Draft::List(rows) if at < rows.len() => {
                    Edit::Insert(at, String::new(), Arc::make_mut(rows).remove(at))
                }
                Draft::Map(rows) if at < rows.len() => {
                    let (key, row) = Arc::make_mut(rows).remove(at);
                    Edit::Insert(at, key, row)
                }
                _ => return None,
            };
            // A list whose last row is gone is not set, as before its first row.
            if node.row_count() == 0 {
                *node = Draft::Unset;
            }
            Some(inverse)
        }
        Edit::Move(from, to) => {
            let count = node.row_count();
            if from == to || from >= count || to >= count {
                return None;
            }
            let changes = match node {
                Draft::List(rows) => shift(rows, from, to),
                Draft::Map(rows) => shift(rows, from, to),
                _ => false,
            };
            changes.then_some(Edit::Move(to, from))
        }
        Edit::Rename(at, key) => {
            let Draft::Map(rows) = node else { return None };
            if rows.get(at).is_none_or(|(old, _)| *old == key) {
                return None;
            }
            let old = std::mem::replace(&mut Arc::make_mut(rows)[at].0, key);
            Some(Edit::Rename(at, old))
        }
        Edit::Rows(texts) => {
            if !matches!(kind, Kind::List(Kind::Text | Kind::Secret)) {
                return None;
            }
            let rows: Vec<_> = texts.into_iter().map(Draft::Text).collect();
            let new = if rows.is_empty() {
                Draft::Unset
            } else {
                Draft::List(Arc::new(rows))
            };
            replace(node, new)
        }
        Edit::Pairs(pairs) => replace(node, rows_of(kind, pairs)?),
        Edit::Many(_) | Edit::Choose(_) => None,
    }
}

fn replace(node: &mut Draft, new: Draft) -> Option<Edit> {
    (*node != new).then(|| Edit::Set(std::mem::replace(node, new)))
}

/// The rows of a list, which begins with its first row. What came in another type has none.
fn rows_of_list(node: &mut Draft) -> Option<&mut Vec<Draft>> {
    if *node == Draft::Unset {
        *node = Draft::List(Arc::default());
    }
    match node {
        Draft::List(rows) => Some(Arc::make_mut(rows)),
        _ => None,
    }
}

fn rows_of_map(node: &mut Draft) -> Option<&mut Vec<(String, Draft)>> {
    if *node == Draft::Unset {
        *node = Draft::Map(Arc::default());
    }
    match node {
        Draft::Map(rows) => Some(Arc::make_mut(rows)),
        _ => None,
    }
}

/// Moves a row. Returns whether that changes anything: among rows that are all the same it does not.
fn shift<T: Clone + PartialEq>(rows: &mut Arc<Vec<T>>, from: usize, to: usize) -> bool {
    let between = from.min(to)..=from.max(to);
    if rows[between.clone()].iter().all(|row| *row == rows[from]) {
        return false;
    }
    let rows = &mut Arc::make_mut(rows)[between];
    if from < to {
        rows.rotate_left(1);
    } else {
        rows.rotate_right(1);
    }
    true
}
