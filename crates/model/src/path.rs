//! Where something stands in a request: [`Path`], made of [`Step`]s.

use std::sync::Arc;

use crate::descriptor::{FieldDescriptor, Kind, StructDescriptor};
use crate::json::pointer;

/// A field of one struct, by its place in the declaration.
///
/// `#[derive(Describe)]` declares one constant for each field (`UserVpc::VPC_ID`), so a path that
/// names a field which does not exist is a compile error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Field(pub u16);

/// One step from a value to a value inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Into a field of a struct.
    Field(Field),
    /// Into a row of a list, or of a map as it is being typed. Counted from 0.
    Row(u32),
    /// Into the member of an object that has this name: an entry of a map, or a member that the
    /// model does not know.
    Key(Arc<str>),
}

impl From<Field> for Step {
    fn from(field: Field) -> Self {
        Self::Field(field)
    }
}

impl From<usize> for Step {
    fn from(row: usize) -> Self {
        Self::Row(u32::try_from(row).unwrap_or(u32::MAX))
    }
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.into())
    }
}

/// A place in a request or a draft, as steps from the root.
///
/// Paths sort in form order: by declaration, then by row.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Step>);

/// A place that a walk has come to, in terms of the place before it: nothing is allocated for places of which nothing is
/// told.
#[derive(Clone, Copy, Debug)]
pub enum Trail<'a> {
    /// Where the walk began.
    Start(&'a Path),
    /// A field of a struct.
    Field(&'a Trail<'a>, Field),
    /// A row of a list or map, counted from 0.
    Row(&'a Trail<'a>, usize),
}

impl Trail<'_> {
    /// The path to this place.
    pub fn path(&self) -> Path {
        match self {
            Self::Start(path) => Path::clone(path),
            Self::Field(before, field) => before.path().join(*field),
            Self::Row(before, row) => before.path().join(*row),
        }
    }
}

/// Makes a [`Path`] from fields, row numbers and keys: `path![Request::DATASETS, 0, Dataset::URI]`.
#[macro_export]
macro_rules! path {
    ($($step:expr),* $(,)?) => {
        $crate::path::Path::from_iter([$($crate::path::Step::from($step)),*])
    };
}

impl FromIterator<Step> for Path {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

impl Path {
    /// The whole request.
    pub const ROOT: Self = Self(Vec::new());

    /// The field to which these lead, each inside the one before it.
    pub fn of(fields: &[Field]) -> Self {
        Self(fields.iter().map(|field| Step::Field(*field)).collect())
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The path one step further in.
    #[must_use]
    pub fn join(&self, step: impl Into<Step>) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step.into());
        Self(steps)
    }

    /// The path that leads on from here by the steps of `inner`.
    #[must_use]
    pub fn concat(&self, inner: &Self) -> Self {
        Self([&*self.0, &*inner.0].concat())
    }

    /// The path of the first `count` steps.
    #[must_use]
    pub fn prefix(&self, count: usize) -> Self {
        Self(self.0[..count.min(self.0.len())].to_vec())
    }

    /// The path one step out, and the last step; nothing at the root.
    pub fn split_last(&self) -> Option<(Self, &Step)> {
        let (last, parents) = self.0.split_last()?;
        Some((Self(parents.to_vec()), last))
    }

    /// Whether `self` is `other` or stands somewhere inside it.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The path as people write it, with wire names: `Datasets[0].MountPath`.
    ///
    /// It is the `name` of the field's control. The root is the empty text.
    pub fn name(&self, root: &'static StructDescriptor) -> String {
        let mut name = String::new();
        self.render(root, |step| match step {
            Rendered::Name(part) => {
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(part);
            }
            Rendered::Row(row) => {
                name.push('[');
                name.push_str(&row.to_string());
                name.push(']');
            }
        });
        name
    }

    /// The path that a name leads to, as [`Path::name`] writes it, as far as it is one of `root`'s.
    pub fn leading(root: &'static StructDescriptor, name: &str) -> Self {
        let mut path = Self::ROOT;
        let mut kind = Kind::Struct(root);
        for part in name.split(['.', '[']) {
            let step = match (kind, part.strip_suffix(']')) {
                (Kind::Struct(descriptor), None) => {
                    let Some((index, _)) = descriptor.field(part) else {
                        break;
                    };
                    Step::from(crate::descriptor::field_step(index))
                }
                (_, Some(row)) => match row.parse() {
                    Ok(row) => Step::Row(row),
                    Err(_) => break,
                },
                _ => break,
            };
            let Some(inner) = kind.inside(&step) else {
                break;
            };
            path.0.push(step);
            kind = inner;
        }
        path
    }

    /// The path as an RFC 6901 JSON Pointer: `/Datasets/0/MountPath`. The root is the empty text.
    ///
    /// A row of a map is rendered by its number; turn it into a [`Step::Key`] first where the name
    /// is known.
    pub fn pointer(&self, root: &'static StructDescriptor) -> String {
        let mut pointer = String::new();
        self.render(root, |step| match step {
            Rendered::Name(name) => pointer::push(&mut pointer, name),
            Rendered::Row(row) => pointer::push(&mut pointer, &row.to_string()),
        });
        pointer
    }

    /// The descriptor of the field that the path leads to or into, if the path is one of `root`'s.
    ///
    /// The path of a row leads to the field that holds the list.
    pub fn field(&self, root: &'static StructDescriptor) -> Option<&'static FieldDescriptor> {
        let mut owner = Kind::Struct(root);
        let mut last = None;
        for step in &self.0 {
            if let (Kind::Struct(descriptor), Step::Field(field)) = (owner, step) {
                last = descriptor.fields.get(usize::from(field.0));
            }
            owner = owner.inside(step)?;
        }
        last
    }

    /// The kind of value that the path leads to, if the path is one of `root`'s.
    pub fn kind(&self, root: &'static StructDescriptor) -> Option<Kind> {
        self.0.iter().try_fold(Kind::Struct(root), Kind::inside)
    }

    fn render(&self, root: &'static StructDescriptor, mut each: impl FnMut(Rendered<'_>)) {
        let mut kind = Some(Kind::Struct(root));
        for step in &self.0 {
            match (step, kind) {
                (Step::Field(field), Some(Kind::Struct(descriptor))) => {
                    let name = descriptor
                        .fields
                        .get(usize::from(field.0))
                        .map_or("?", |f| f.wire);
                    each(Rendered::Name(name));
                }
                (Step::Field(_), _) => each(Rendered::Name("?")),
                (Step::Row(row), _) => each(Rendered::Row(*row)),
                (Step::Key(key), _) => each(Rendered::Name(key)),
            }
            kind = kind.and_then(|kind| kind.inside(step));
        }
    }
}

/// A step with its wire name.
enum Rendered<'a> {
    Name(&'a str),
    Row(u32),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptor::Describe as _;
    use crate::request::{CreateInstanceRequest as Request, Dataset};

    const ROOT: &StructDescriptor = Request::DESCRIPTOR;

    #[test]
    fn names_and_pointers_are_written_with_wire_names() {
        for (path, name, pointer) in [
            (Path::ROOT, "", ""),
            (path![Request::DATASETS], "Datasets", "/Datasets"),
            (
                path![Request::DATASETS, 3, Dataset::URI],
                "Datasets[3].Uri",
                "/Datasets/3/Uri",
            ),
            (
                path![Request::ENVIRONMENT_VARIABLES, "a/b~c"],
                "EnvironmentVariables.a/b~c",
                "/EnvironmentVariables/a~1b~0c",
            ),
            (path!["Unknown", "inner"], "Unknown.inner", "/Unknown/inner"),
        ] {
            assert_eq!(path.name(ROOT), name);
            assert_eq!(path.pointer(ROOT), pointer);
        }
    }

    #[test]
    fn a_name_leads_to_a_path() {
        for (name, path) in [
            ("", Path::ROOT),
            ("Datasets[3].Uri", path![Request::DATASETS, 3, Dataset::URI]),
            ("Datasets[3]-row", path![Request::DATASETS]),
            ("Datasets[3].Nothing", path![Request::DATASETS, 3]),
            (
                "EnvironmentVariables[7].Key",
                path![Request::ENVIRONMENT_VARIABLES, 7],
            ),
            ("Priority.Inner", path![Request::PRIORITY]),
            ("Priority[0]", path![Request::PRIORITY]),
            ("import-json", Path::ROOT),
        ] {
            assert_eq!(Path::leading(ROOT, name), path, "{name}");
        }
        ROOT.walk(&mut |path, _| assert_eq!(Path::leading(ROOT, &path.name(ROOT)), *path));
    }

    #[test]
    fn a_path_leads_to_a_field_and_a_kind() {
        let uri = path![Request::DATASETS, 0, Dataset::URI];
        assert_eq!(uri.field(ROOT).map(|field| field.wire), Some("Uri"));
        assert!(matches!(uri.kind(ROOT), Some(Kind::Text)));

        let row = path![Request::DATASETS, 0];
        assert_eq!(row.field(ROOT).map(|field| field.wire), Some("Datasets"));
        assert!(matches!(row.kind(ROOT), Some(Kind::Struct(_))));

        assert!(path![Request::DATASETS, "key"].field(ROOT).is_none());
        assert!(path![Field(u16::MAX)].kind(ROOT).is_none());
    }

    #[test]
    fn paths_sort_in_form_order_and_nest() {
        let datasets = path![Request::DATASETS];
        let second = path![Request::DATASETS, 1, Dataset::DATASET_ID];
        let tenth = path![Request::DATASETS, 9, Dataset::DATASET_ID];
        assert!(
            [
                path![Request::WORKSPACE_ID],
                datasets.clone(),
                second.clone(),
                tenth
            ]
            .is_sorted()
        );
        assert!(second.is_within(&datasets));
        assert!(second.is_within(&Path::ROOT));
        assert!(!datasets.is_within(&second));
        assert_eq!(second.prefix(1), datasets);
        let (parent, last) = second.split_last().expect("not the root");
        assert_eq!(parent.join(last.clone()), second);
    }
}
