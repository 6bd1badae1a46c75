//! [`Draft`]: the tree that a form edits.

use std::sync::Arc;

use dsw_model::descriptor::{Kind, StructDescriptor, field_step};
use dsw_model::path::{Path, Step, Trail};
use dsw_model::request::CreateInstanceRequest;
use serde_json::Value;

use dsw_model::descriptor::Describe as _;

/// The descriptor that every draft of a request follows.
pub const ROOT: &StructDescriptor = CreateInstanceRequest::DESCRIPTOR;

/// One value as it is being edited, or a whole request.
///
/// Objects, lists, maps and imported values are shared: a clone costs one pointer, and an edit copies only what lies between
/// the root and the value that changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Draft {
    /// Absent from the body.
    #[default]
    Unset,
    /// Anything that is typed: text, secrets, integers, choices, raw JSON.
    Text(String),
    /// A boolean.
    Flag(bool),
    /// An object with known members.
    Struct(Arc<StructDraft>),
    /// Rows of an array.
    List(Arc<Vec<Draft>>),
    /// Rows of an object with free names; a name may repeat while it is being typed.
    Map(Arc<Vec<(String, Draft)>>),
    /// An imported value of another type than the field's. It is sent as it came.
    Foreign(Arc<Value>),
}

/// The members of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct StructDraft {
    /// The known members, in the order of the descriptor.
    pub fields: Vec<Draft>,
    /// Members that the model does not know, in imported order: as they came ([`Draft::Foreign`]) or as JSON
    /// being typed ([`Draft::Text`]).
    pub unknown: Vec<(Arc<str>, Draft)>,
    /// Values of known members that gave way to an alternative, with their places: kept, but neither sent nor
    /// judged. An alternative that gave way stands here even if it was not set.
    pub parked: Vec<(usize, Draft)>,
}

impl StructDraft {
    /// An object in which nothing is set.
    pub fn empty(descriptor: &StructDescriptor) -> Self {
        Self {
            fields: vec![Draft::Unset; descriptor.fields.len()],
            unknown: Vec::new(),
            parked: Vec::new(),
        }
    }

    /// Whether nothing is set. What is parked is not.
    pub fn is_empty(&self) -> bool {
        self.unknown.is_empty() && self.fields.iter().all(Draft::is_blank)
    }
}

impl Draft {
    /// A blank row for a list of values of this kind.
    pub fn blank_row(kind: Kind) -> Self {
        match kind {
            Kind::Struct(descriptor) => Self::Struct(Arc::new(StructDraft::empty(descriptor))),
            Kind::Text | Kind::Secret | Kind::Integer | Kind::Json => Self::Text(String::new()),
            Kind::Boolean | Kind::List(_) | Kind::Map(_) => Self::Unset,
        }
    }

    /// Whether a field with this value holds nothing to send.
    ///
    /// A list or map with rows is not blank, even if its rows are.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Unset => true,
            Self::Text(text) => text.is_empty(),
            Self::Flag(_) | Self::Foreign(_) => false,
            Self::Struct(object) => object.is_empty(),
            Self::List(rows) => rows.is_empty(),
            Self::Map(rows) => rows.is_empty(),
        }
    }

    /// The value at a path of this draft; nothing where the path leads through something absent.
    pub fn get(&self, path: &Path) -> Option<&Self> {
        path.steps()
            .iter()
            .try_fold(self, |node, step| node.child(step))
    }

    /// Tells the place of each value of a known member that is set and of its documented type, in the order of the form.
    pub fn values(&self, tell: &mut dyn FnMut(Path)) {
        self.values_at(&Trail::Start(&Path::ROOT), tell);
    }

    fn values_at(&self, at: &Trail<'_>, tell: &mut dyn FnMut(Path)) {
        match self {
            Self::Unset | Self::Foreign(_) => {}
            Self::Text(text) if text.is_empty() => {}
            Self::Text(_) | Self::Flag(_) => tell(at.path()),
            Self::Struct(object) => {
                for (index, field) in object.fields.iter().enumerate() {
                    field.values_at(&Trail::Field(at, field_step(index)), tell);
                }
            }
            Self::List(rows) => {
                for (row, value) in rows.iter().enumerate() {
                    value.values_at(&Trail::Row(at, row), tell);
                }
            }
            Self::Map(rows) => {
                for (row, (_, value)) in rows.iter().enumerate() {
                    value.values_at(&Trail::Row(at, row), tell);
                }
            }
        }
    }

    /// The name of a place as people write it: `Datasets[0].MountPath`. Rows of maps have the name of their entry, unless
    /// it is empty: `EnvironmentVariables.PATH`.
    pub fn name_of(&self, path: &Path) -> String {
        if let Some((map, Step::Row(row))) = path.split_last()
            && let Some(Self::Map(rows)) = self.get(&map)
            && let Some((entry, _)) = rows.get(*row as usize)
            && !entry.is_empty()
        {
            return map.join(&**entry).name(ROOT);
        }
        path.name(ROOT)
    }

    /// The number of rows of a list or map; 0 for anything else.
    pub fn row_count(&self) -> usize {
        match self {
            Self::List(rows) => rows.len(),
            Self::Map(rows) => rows.len(),
            _ => 0,
        }
    }

    fn child(&self, step: &Step) -> Option<&Self> {
        match (self, step) {
            (Self::Struct(object), Step::Field(field)) => object.fields.get(usize::from(field.0)),
            (Self::Struct(object), Step::Key(key)) => object
                .unknown
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            (Self::List(rows), Step::Row(row)) => rows.get(*row as usize),
            (Self::Map(rows), Step::Row(row)) => rows.get(*row as usize).map(|(_, value)| value),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f38_every_value_that_is_kept_is_told_with_its_place() {
        let body = r#"{"InstanceName": "a", "EcsSpec": "", "Priority": 5, "ImageId": 7, "Unknown": 1,
            "EnvironmentVariables": {"A": "x", "B": "y"}, "Affinity": {"CPU": {"Enable": false}},
            "Datasets": [{"MountPath": "/a"}, {"DatasetId": "d-1", "Other": 2}]}"#;
        let import = crate::import::import(body).expect("a request");
        let mut told = Vec::new();
        import.draft.values(&mut |path| told.push(path.name(ROOT)));
        assert_eq!(told.len(), import.report.kept);
        told.sort();
        assert_eq!(
            told,
            [
                "Affinity.CPU.Enable",
                "Datasets[0].MountPath",
                "Datasets[1].DatasetId",
                "EnvironmentVariables[0]",
                "EnvironmentVariables[1]",
                "InstanceName",
                "Priority",
            ]
        );
    }
}
