//! From an object to a [`Document`]: its members by their names in a body.

use dsw_model::descriptor::{Kind, StructDescriptor, field_step, is_same_name};
use dsw_model::json::{JsonError, MAX_DEPTH, Problem};
use dsw_model::path::{Field, Path};
use dsw_model::request::CreateInstanceRequest as Request;
use serde_json::{Map, Value};

use super::gather::Origin;
use super::node::{Node, Object};
use super::{Absent, Document, Ignored, Mapped, ReadError, Source, Why};
use crate::draft::ROOT;
use crate::import::{ImportError, from_object};
use crate::submission::MARKER;

/// Where a value stands, in terms of what it stands in.
#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    Root,
    Field(&'a At<'a>, Field),
    Row(&'a At<'a>, usize),
    Key(&'a At<'a>, &'a str),
}

impl At<'_> {
    pub(super) fn path(&self) -> Path {
        match self {
            Self::Root => Path::ROOT,
            Self::Field(before, field) => before.path().join(*field),
            Self::Row(before, row) => before.path().join(*row),
            Self::Key(before, key) => before.path().join(*key),
        }
    }
}

/// Takes in an object that is a request, or what the service says of an instance.
pub(super) fn document(
    mut object: Object,
    origin: &Origin,
    is_reply: bool,
) -> Result<Document, ReadError> {
    let is_foreign = has_foreign_names(&object);
    let mut source = origin.source;
    if is_foreign && matches!(source, Source::Body | Source::Wrapped) && !object.is_typed {
        source = Source::Printout;
    }
    let mut taker = Taker {
        is_foreign,
        is_reply,
        mapped: Vec::new(),
        ignored: origin.ignored.clone(),
        absent: Vec::new(),
        is_too_deep: false,
    };
    if is_reply {
        taker.implied(&mut object);
        taker.unmark(&mut object);
    }
    let mut body = Value::Object(taker.members(ROOT, object, At::Root, 0));
    taker.is_foreign = false;
    taker.put_back(&mut body, origin.left_out.clone());
    let Value::Object(members) = body else {
        return Err(ReadError::NoRequest(source));
    };
    if taker.is_too_deep {
        let error = JsonError {
            problem: Problem::TooDeep,
            line: 1,
            column: 1,
        };
        return Err(ImportError::Json(error).into());
    }
    if is_reply && members.is_empty() {
        return Err(ReadError::NoRequest(source));
    }
    let name = members
        .get(wire(Request::INSTANCE_NAME))
        .and_then(Value::as_str)
        .unwrap_or_default();
    Ok(Document {
        source,
        name: name.to_owned(),
        region: origin.region.clone(),
        import: from_object(members),
        mapped: taker.mapped,
        repaired: [].into(),
        ignored: taker.ignored,
        absent: taker.absent,
    })
}

pub(super) struct Taker {
    /// Whether the members of all objects have names of a language.
    is_foreign: bool,
    is_reply: bool,
    mapped: Vec<Mapped>,
    ignored: Vec<Ignored>,
    pub(super) absent: Vec<Absent>,
    is_too_deep: bool,
}

impl Taker {
    /// Takes out what the service tells beside what it was asked for.
    fn implied(&mut self, object: &mut Object) {
        let is_set = |object: &Object, name: &str| {
            object.members.iter().any(|(known, node)| {
                is_same_name(known, name) && matches!(node, Node::Text(text) if !text.is_empty())
            })
        };
        for (chosen, implied) in [
            (Request::IMAGE_ID, Request::IMAGE_URL),
            (Request::RESOURCE_ID, Request::ECS_SPEC),
        ] {
            let (chosen, implied) = (wire(chosen), wire(implied));
            if is_set(object, chosen) && is_set(object, implied) {
                object
                    .members
                    .retain(|(name, _)| !is_same_name(name, implied));
                self.ignore(implied.to_owned(), Why::Implied);
            }
        }
    }

    /// Takes out the label by which this program found the instance again: another must not be found by it.
    fn unmark(&mut self, object: &mut Object) {
        let names_it = |(name, node): &(String, Node)| {
            let is_key = ["Key", "TagKey", "LabelKey"]
                .iter()
                .any(|key| is_same_name(name, key));
            is_key && matches!(node, Node::Text(text) if text == MARKER)
        };
        let is_of_it =
            |row: &Node| matches!(row, Node::Object(row) if row.members.iter().any(names_it));
        let mut found = false;
        object.members.retain_mut(|(name, node)| {
            let is_list = ["Labels", "Tag", "Tags"]
                .iter()
                .any(|list| is_same_name(name, list));
            let (true, Node::List(rows)) = (is_list, node) else {
                return true;
            };
            let before = rows.len();
            rows.retain(|row| !is_of_it(row));
            found |= rows.len() < before;
            !rows.is_empty() || before == 0
        });
        if found {
            self.ignore(MARKER.to_owned(), Why::Reported);
        }
    }

    pub(super) fn ignore(&mut self, name: String, why: Why) {
        self.ignored.push(Ignored { name, why });
    }

    fn members(
        &mut self,
        descriptor: &'static StructDescriptor,
        object: Object,
        at: At<'_>,
        depth: usize,
    ) -> Map<String, Value> {
        let has_own_names = object.is_typed || self.is_foreign;
        let mut members = Map::new();
        for (name, node) in object.members {
            let alike = || {
                let mut fields = descriptor.fields.iter();
                let same =
                    has_own_names.then(|| fields.position(|field| is_same_name(&name, field.wire)));
                let near = || self.is_reply.then(|| descriptor.near(&name));
                same.flatten().or_else(|| near().flatten())
            };
            let place = descriptor
                .field(&name)
                .map(|(index, _)| index)
                .or_else(alike);
            let Some((index, field)) =
                place.and_then(|index| Some((index, descriptor.fields.get(index)?)))
            else {
                let at = At::Key(&at, &name);
                if self.is_reply {
                    self.ignore(at.path().name(ROOT), Why::Reported);
                } else if let Some(value) = self.value(None, node, at, depth + 1) {
                    members.insert(name, value);
                }
                continue;
            };
            let at = At::Field(&at, field_step(index));
            if self.is_reply && field.read_only {
                self.ignore(at.path().name(ROOT), Why::Reported);
            } else if members.contains_key(field.wire) {
                self.ignore(name, Why::Twice);
            } else {
                let value = self.value(Some(field.kind), node, at, depth + 1);
                if name != field.wire {
                    let to = at.path();
                    self.mapped.push(Mapped { from: name, to });
                }
                if let Some(value) = value {
                    members.insert(field.wire.to_owned(), value);
                }
            }
        }
        members
    }

    /// The value of a member of this kind, or of one that the model does not know; nothing where it is not in
    /// the text.
    pub(super) fn value(
        &mut self,
        kind: Option<Kind>,
        node: Node,
        at: At<'_>,
        depth: usize,
    ) -> Option<Value> {
        if depth > MAX_DEPTH {
            self.is_too_deep = true;
            return None;
        }
        match (kind, node) {
            (_, Node::Lookup(variable)) => self.absent(at, Some(variable)),
            (kind, Node::Text(text)) => {
                let is_secret = matches!(kind, Some(Kind::Secret));
                if let Some(variable) = variable_of(&text, is_secret) {
                    self.absent(at, Some(variable.to_owned()))
                } else if (is_secret || self.is_reply) && is_masked(&text) {
                    self.absent(at, None)
                } else {
                    Some(Value::String(text))
                }
            }
            (Some(Kind::Struct(descriptor)), Node::Object(object)) => {
                Some(Value::Object(self.members(descriptor, object, at, depth)))
            }
            (kind, Node::Object(object)) => {
                let inner = match kind {
                    Some(Kind::Map(kind)) => Some(*kind),
                    _ => None,
                };
                let mut members = Map::new();
                for (name, node) in object.members {
                    if let Some(value) = self.value(inner, node, At::Key(&at, &name), depth + 1) {
                        members.insert(name, value);
                    }
                }
                Some(Value::Object(members))
            }
            (kind, Node::List(items)) => {
                let inner = match kind {
                    Some(Kind::List(kind)) => Some(*kind),
                    _ => None,
                };
                let rows = items.into_iter().enumerate();
                // A row is never left out, or those behind it would change their numbers.
                let rows = rows.map(|(row, node)| {
                    let value = self.value(inner, node, At::Row(&at, row), depth + 1);
                    value.unwrap_or_else(|| match inner {
                        Some(Kind::Struct(_)) => Value::Object(Map::new()),
                        _ => Value::String(String::new()),
                    })
                });
                Some(Value::Array(rows.collect()))
            }
            (_, other) => Some(other.into_value()),
        }
    }

    fn absent(&mut self, at: At<'_>, variable: Option<String>) -> Option<Value> {
        let member = at.path();
        self.absent.push(Absent { member, variable });
        None
    }
}

/// The name of a member of the request.
fn wire(field: Field) -> &'static str {
    ROOT.fields
        .get(usize::from(field.0))
        .map_or("", |field| field.wire)
}

/// The variable whose value belongs in the place of this text: the secrets of a body that was copied without
/// them, and
/// of members that are secrets any.
fn variable_of(text: &str, is_secret: bool) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    let is_variable = name
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    (is_variable && (is_secret || name.starts_with("DSW_"))).then_some(name)
}

/// Whether the service shows this in the place of a secret.
fn is_masked(text: &str) -> bool {
    text.contains("***") || !text.is_empty() && text.bytes().all(|byte| byte == b'*')
}

/// Whether the members have names of an SDK: one has such a name without doubt, and none has that of a body.
pub(super) fn has_foreign_names(object: &Object) -> bool {
    let names = || object.members.iter().map(|(name, _)| &**name);
    let is_plain = |name: &str| {
        let begins_small = name.starts_with(|c: char| c.is_ascii_lowercase());
        begins_small && name.contains(|c: char| c == '_' || c.is_ascii_uppercase())
    };
    let is_foreign = |name: &str| {
        let mut fields = ROOT.fields.iter();
        is_plain(name) && fields.any(|field| is_same_name(name, field.wire))
    };
    names().any(is_foreign) && !names().any(|name| ROOT.field(name).is_some())
}
