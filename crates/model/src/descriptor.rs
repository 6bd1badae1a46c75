//! Static facts about the request: what fields there are and how each is presented.
//!
//! The tables are written by `#[derive(Describe)]` from the declarations in [`crate::request`];
//! forms, schemas and reference pages are made from them. They are plain data that anything may
//! walk.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::path::{Path, Step};
use crate::secret::Secret;

pub use dsw_model_derive::Describe;

/// A struct with a table of descriptors. Implemented by `#[derive(Describe)]`.
pub trait Describe: Default {
    /// The table of the struct.
    const DESCRIPTOR: &'static StructDescriptor;

    /// Reads the members that have the declared type and leaves out the others.
    ///
    /// Reading cannot fail, so one ill-typed member never hides the others. What was left out is
    /// told by the review of the draft, not here.
    fn read(object: &Map<String, Value>) -> Self;
}

/// Facts about a struct.
#[derive(Debug)]
pub struct StructDescriptor {
    /// The Rust name: first part of a translation key.
    pub name: &'static str,
    /// What the object is, for the person filling in the form.
    pub help: &'static str,
    /// The fields in declaration order, which is the order of the form and of the body.
    pub fields: &'static [FieldDescriptor],
    /// Groups of fields of which one is filled in, by wire name.
    pub alternatives: &'static [&'static [&'static str]],
    /// How a list of such objects is laid out.
    pub layout: Layout,
}

impl StructDescriptor {
    /// The field with this wire name, and its place.
    pub fn field(&self, wire: &str) -> Option<(usize, &FieldDescriptor)> {
        self.fields
            .iter()
            .enumerate()
            .find(|(_, field)| field.wire == wire)
    }

    /// The place of the field that a member of this unknown name most likely means: one whose name
    /// differs in capitals and in what stands between words only, or that has this name elsewhere.
    pub fn near(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| {
            is_same_name(field.wire, name)
                || !field.alias.is_empty() && is_same_name(field.alias, name)
        })
    }

    /// Calls `visit` with every field below `self`, parents first, and its path; rows are not
    /// entered by number: the fields of a list's items follow with the path of row 0.
    pub fn walk(&'static self, visit: &mut dyn FnMut(&Path, &'static FieldDescriptor)) {
        fn inside(kind: Kind, path: &Path, visit: &mut dyn FnMut(&Path, &'static FieldDescriptor)) {
            match kind {
                Kind::Struct(descriptor) => {
                    for (index, field) in descriptor.fields.iter().enumerate() {
                        let path = path.join(field_step(index));
                        visit(&path, field);
                        inside(field.kind, &path, visit);
                    }
                }
                Kind::List(item) => inside(*item, &path.join(0), visit),
                Kind::Text
                | Kind::Secret
                | Kind::Integer
                | Kind::Boolean
                | Kind::Json
                | Kind::Map(_) => {}
            }
        }
        inside(Kind::Struct(self), &Path::ROOT, visit);
    }
}

/// Whether two names are the same but for capitals and what stands between words.
pub fn is_same_name(name: &str, other: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = u8> {
        let bytes = name.bytes().filter(|byte| !matches!(byte, b'_' | b'-'));
        bytes.map(|byte| byte.to_ascii_lowercase())
    }
    letters(name).eq(letters(other))
}

/// The step into the field at this place of a declaration.
pub fn field_step(index: usize) -> crate::path::Field {
    crate::path::Field(u16::try_from(index).unwrap_or(u16::MAX))
}

/// Facts about a field.
#[derive(Debug)]
pub struct FieldDescriptor {
    /// Name of the member in the JSON body.
    pub wire: &'static str,
    /// Name of the Rust field, by which validator reports.
    pub rust: &'static str,
    /// What kind of value it holds.
    pub kind: Kind,
    /// Name for people, in sentence case.
    pub label: &'static str,
    /// What the field is for, in full sentences.
    pub help: &'static str,
    /// A value that the field accepts, written as text; for a list or a map, one value in it. Empty
    /// for objects, and where the reference gives none.
    pub example: &'static str,
    /// Unit of the value; empty without one.
    pub unit: &'static str,
    /// What the service takes when the field is left out; empty where the reference does not say.
    pub default: &'static str,
    /// Page of the form. Only the fields of the root have one; nested fields stand with their
    /// parent.
    pub section: Option<Section>,
    /// The values to choose from.
    pub choices: Choices,
    /// The rule that a value outside closed choices breaks: R111, unless the catalogue has one for
    /// this field alone.
    pub choice_rule: &'static str,
    /// How an id-like text is written (rule R113).
    pub shape: Shape,
    /// Another name of the member, in answers of the service or in its older versions; empty
    /// without one.
    pub alias: &'static str,
    /// When the field applies.
    pub condition: Condition,
    /// Limits that validator checks.
    pub bounds: Bounds,
    /// How the value is edited, where its kind leaves a choice.
    pub control: Control,
    /// What more there is to be told about it, in `assets/help.json`.
    pub guide: Guide,
    /// The service still takes it, but something else has taken its place.
    pub deprecated: bool,
    /// The service reports it; a request does not send it.
    pub read_only: bool,
}

impl FieldDescriptor {
    /// Whether the value is to be hidden and kept out of storage, links, code and logs.
    pub fn secret(&self) -> bool {
        matches!(self.kind, Kind::Secret)
    }
}

/// What kind of value a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A JSON string.
    Text,
    /// A JSON string that nobody else should see.
    Secret,
    /// A JSON number without fraction, in 64 bits.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// An object whose members the reference does not describe.
    Json,
    /// An object with known members.
    Struct(&'static StructDescriptor),
    /// An array of values of one kind.
    List(&'static Kind),
    /// An object from free names to values of one kind.
    Map(&'static Kind),
}

impl Kind {
    /// The kind of the value that a step leads to; nothing where there is no such step.
    pub fn inside(self, step: &Step) -> Option<Self> {
        match (self, step) {
            (Self::Struct(descriptor), Step::Field(field)) => {
                Some(descriptor.fields.get(usize::from(field.0))?.kind)
            }
            (Self::List(item), Step::Row(_)) | (Self::Map(item), Step::Row(_) | Step::Key(_)) => {
                Some(*item)
            }
            _ => None,
        }
    }
}

/// Page of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Workspace, name, visibility.
    Basics,
    /// Machine type or quota.
    Compute,
    /// Container image.
    Image,
    /// Disks, datasets, working directory.
    Storage,
    /// VPC of one's own.
    Network,
    /// Variables, start script, credentials.
    Environment,
    /// Labels and tags.
    Labels,
    /// What few need, and what the model does not know.
    Advanced,
}

impl Section {
    /// All sections in the order of the form.
    pub const ALL: [Self; 8] = [
        Self::Basics,
        Self::Compute,
        Self::Image,
        Self::Storage,
        Self::Network,
        Self::Environment,
        Self::Labels,
        Self::Advanced,
    ];
}

/// A value to choose, with words for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value as sent.
    pub value: &'static str,
    /// What it means, in a few words; empty where the value says it.
    pub label: &'static str,
}

/// Which values a text field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choices {
    /// Any.
    Free,
    /// One of these; another breaks the field's `choice_rule`.
    Closed(&'static [Choice]),
    /// These are known; others may exist.
    Open(&'static [Choice]),
}

/// How an id-like text is written, as far as examples show: texts of another form are warned of
/// (rule R113), not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// In any way.
    Free,
    /// Digits only.
    Digits,
    /// This prefix, then letters and digits: `vpc-1a2b3c`.
    Id(&'static str),
    /// Name of a machine type: two or three parts with dots between them, such as `ecs.c6.large`.
    MachineType,
    /// Two or three numbers with dots between them: `535.54.03`.
    Version,
}

impl Shape {
    /// Whether the text is written so.
    pub fn accepts(self, text: &str) -> bool {
        let all = |text: &str, is: fn(u8) -> bool| !text.is_empty() && text.bytes().all(is);
        let digits = |text: &str| all(text, |byte| byte.is_ascii_digit());
        let parts = text.split('.');
        let two_or_three = || matches!(parts.clone().count(), 2 | 3);
        match self {
            Self::Free => true,
            Self::Digits => digits(text),
            Self::Id(prefix) => text
                .strip_prefix(prefix)
                .is_some_and(|rest| all(rest, |byte| byte.is_ascii_alphanumeric())),
            Self::MachineType => {
                let lower = |byte: u8| byte.is_ascii_lowercase();
                let (family, rest) = text.split_once('.').unwrap_or((text, ""));
                all(family, lower)
                    && two_or_three()
                    && rest.split('.').all(|part| {
                        all(
                            part,
                            |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'),
                        )
                    })
            }
            Self::Version => two_or_three() && parts.clone().all(digits),
        }
    }

    /// The same as a regular expression, in the syntax that Rust, Python and JavaScript share;
    /// nothing for texts of any form.
    pub fn pattern(self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::Free => return None,
            Self::Digits => Cow::Borrowed("^[0-9]+$"),
            Self::Id(prefix) => Cow::Owned(["^", prefix, "[A-Za-z0-9]+$"].concat()),
            Self::MachineType => Cow::Borrowed(r"^[a-z]+\.[a-z0-9-]+(\.[a-z0-9-]+)?$"),
            Self::Version => Cow::Borrowed(r"^[0-9]+(\.[0-9]+){1,2}$"),
        })
    }
}

/// When a field applies. It speaks of fields of the same struct, by wire name.
///
/// Data, not a closure, so that the schema and the reference page can state it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Always.
    Always,
    /// When the field named is set.
    Set(&'static str),
    /// When the field named has this text, or is the boolean written so.
    Equals(&'static str, &'static str),
}

/// Limits of a value, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Smallest number.
    pub min: Option<i64>,
    /// Largest number.
    pub max: Option<i64>,
    /// Most characters of a text, or rows of a list.
    pub max_length: Option<usize>,
}

impl Bounds {
    /// No limits.
    pub const NONE: Self = Self {
        min: None,
        max: None,
        max_length: None,
    };
}

/// How a value is edited, where its kind leaves a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// What the kind suggests.
    Plain,
    /// A number with one of these units behind it, the usual one first: `32Gi`.
    Quantity(&'static [&'static str]),
    /// A shell script.
    Script,
    /// A JSON object written as text, mostly of names and texts: rows of names and values, or JSON.
    Options,
    /// A JSON object written as text, mostly with objects inside: JSON, or rows where it has none.
    JsonText,
    /// The line of an OpenSSH public key.
    PublicKey,
    /// Names separated by commas.
    Names,
    /// Text, with the places that the request mounts data at as suggestions.
    Mounts,
    /// A secret made of a user and a password: both joined by a colon, in Base64.
    Login,
    /// Environment variables, which are often kept in a `.env` file.
    Variables,
    /// Text that a list of the service offers values for; it may lack some.
    Listed(Source),
}

/// A list of the service that values of a field are picked from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Workspaces (`ListWorkspaces`).
    Workspaces,
    /// Machine types (`ListEcsSpecs`).
    Machines,
    /// Images (`ListImages`).
    Images,
    /// Registered datasets (`ListDatasets`).
    Datasets,
    /// Versions of the registered dataset in the same object (`ListDatasetVersions`).
    Versions,
    /// Quotas (`ListResources`).
    Quotas,
}

impl Control {
    /// Whether the value takes the whole width of the form: it has several lines.
    pub fn is_wide(self) -> bool {
        matches!(
            self,
            Self::Script | Self::Options | Self::JsonText | Self::PublicKey
        )
    }
}

/// What more there is to be told about a field than its help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guide {
    /// Nothing: the help says it all.
    Nothing,
    /// What the choice decides: what it costs, and what happens without it.
    Why,
    /// Where the value is found, and often what it decides too.
    Where,
}

/// How a list of objects is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One below the other, each with all its fields.
    Rows,
    /// A table with a column for each field, for small flat objects.
    Table,
}

/// A Rust type that can be the type of a field.
///
/// The derive names no type by string: it writes `<T as FieldType>::KIND` and the compiler resolves
/// it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of a field",
    note = "it holds String, Secret, i64, bool, a Describe struct, or a Vec or BTreeMap of these"
)]
pub trait FieldType: Sized {
    /// The kind of value.
    const KIND: Kind;

    /// The value, if it has the declared type.
    fn read(value: &Value) -> Option<Self>;
}

impl FieldType for String {
    const KIND: Kind = Kind::Text;

    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

impl FieldType for Secret {
    const KIND: Kind = Kind::Secret;

    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(Self::from)
    }
}

impl FieldType for i64 {
    const KIND: Kind = Kind::Integer;

    fn read(value: &Value) -> Option<Self> {
        value.as_i64()
    }
}

impl FieldType for bool {
    const KIND: Kind = Kind::Boolean;

    fn read(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl FieldType for Map<String, Value> {
    const KIND: Kind = Kind::Json;

    fn read(value: &Value) -> Option<Self> {
        value.as_object().cloned()
    }
}

impl<T: Describe> FieldType for T {
    const KIND: Kind = Kind::Struct(T::DESCRIPTOR);

    fn read(value: &Value) -> Option<Self> {
        value.as_object().map(T::read)
    }
}

/// Every field may be absent, so an `Option` has the kind of what it holds.
impl<T: FieldType> FieldType for Option<T> {
    const KIND: Kind = T::KIND;

    fn read(value: &Value) -> Option<Self> {
        T::read(value).map(Some)
    }
}

/// An ill-typed item becomes an empty one: rows keep their numbers, or findings would stand beside
/// the wrong row.
impl<T: FieldType + Default> FieldType for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);

    fn read(value: &Value) -> Option<Self> {
        let items = value.as_array()?;
        Some(
            items
                .iter()
                .map(|item| T::read(item).unwrap_or_default())
                .collect(),
        )
    }
}

impl<T: FieldType + Default> FieldType for BTreeMap<String, T> {
    const KIND: Kind = Kind::Map(&T::KIND);

    fn read(value: &Value) -> Option<Self> {
        let members = value.as_object()?;
        // Not `collect`: it sorts first, and the code for that would be downloaded too.
        let mut map = Self::new();
        for (name, value) in members {
            map.insert(name.clone(), T::read(value).unwrap_or_default());
        }
        Some(map)
    }
}

/// Reads one member; used by the code that `#[derive(Describe)]` writes.
#[doc(hidden)]
pub fn member<T: FieldType + Default>(object: &Map<String, Value>, wire: &str) -> T {
    crate::json::find(object, wire)
        .and_then(T::read)
        .unwrap_or_default()
}
