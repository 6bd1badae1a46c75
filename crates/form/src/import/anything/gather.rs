//! From what was read to documents: what of it is a request.

use std::sync::Arc;

use dsw_model::descriptor::is_same_name;
use dsw_model::json::places::lines_and_columns;
use dsw_model::left_out::METADATA;

use super::data::Data;
use super::node::{Node, Object};
use super::take::{self, has_foreign_names};
use super::{Document, Ignored, MAX_DOCUMENTS, ReadError, Repair, RepairKind, Source, Why, data};
use crate::draft::ROOT;
use crate::import::ImportError;

/// How many wrappers may stand in each other, and texts that hold JSON.
const WRAPPERS: usize = 8;

/// Names of members that hold a body, in lower case.
const WRAPPER_NAMES: [&str; 8] = [
    "body",
    "request",
    "requestbody",
    "createinstancerequest",
    "payload",
    "data",
    "json",
    "params",
];

/// What the service says of an instance beside its id.
const REPORTED: [&str; 6] = [
    "Status",
    "GmtCreateTime",
    "InstanceUrl",
    "RequestId",
    "Success",
    "PaymentType",
];

/// Where a request comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) source: Source,
    pub(super) region: Option<String>,
    pub(super) ignored: Vec<Ignored>,
    /// What stands beside the request and belongs into it, by pointers.
    pub(super) left_out: Object,
}

impl Origin {
    pub(super) fn of(source: Source) -> Self {
        Self {
            source,
            region: None,
            ignored: Vec::new(),
            left_out: Object::default(),
        }
    }

    /// Notes something that stands beside the request.
    pub(super) fn beside(&mut self, name: &str) {
        let name = name.to_owned();
        let why = Why::Beside;
        self.ignored.push(Ignored { name, why });
    }
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) documents: Vec<Document>,
    repaired: Vec<Repair>,
}

impl Found {
    /// Notes what was mended in a text.
    pub(super) fn repair(&mut self, text: &str, mut repairs: Vec<(usize, RepairKind)>) {
        repairs.sort_unstable();
        let bytes: Vec<_> = repairs.iter().map(|(byte, _)| *byte).collect();
        let places = lines_and_columns(text, &bytes);
        let repairs = repairs.into_iter().zip(places);
        self.repaired
            .extend(repairs.map(|((_, kind), (line, column))| Repair { line, column, kind }));
    }

    /// All that was found.
    pub(super) fn finish(mut self) -> Vec<Document> {
        // Fences were noted before what is between them.
        self.repaired
            .sort_by_key(|repair| (repair.line, repair.column));
        let repaired: Arc<[Repair]> = self.repaired.into();
        for document in &mut self.documents {
            document.repaired = Arc::clone(&repaired);
        }
        self.documents
    }

    /// Takes in data that was read of a text.
    pub(super) fn data(
        &mut self,
        text: &str,
        data: Data,
        origin: &Origin,
    ) -> Result<(), ReadError> {
        let mut repairs = data.repairs;
        if data.nodes.iter().any(|node| is_printout(node, 0)) {
            // So Python writes texts and words, and JavaScript names.
            repairs.retain(|(_, kind)| {
                !matches!(
                    kind,
                    RepairKind::SingleQuotes | RepairKind::Word | RepairKind::NameWithoutQuotes
                )
            });
        }
        self.repair(text, repairs);
        data.nodes
            .into_iter()
            .try_for_each(|node| self.gather(node, origin))
    }

    /// Takes in a value.
    pub(super) fn gather(&mut self, node: Node, origin: &Origin) -> Result<(), ReadError> {
        self.inside(node, origin, 0)
    }

    fn inside(&mut self, node: Node, origin: &Origin, level: usize) -> Result<(), ReadError> {
        let is_whole = matches!(origin.source, Source::Body | Source::Wrapped);
        match node {
            Node::Object(object) => self.object(object, origin, level),
            Node::List(items)
                if level < WRAPPERS
                    && !items.is_empty()
                    && items.iter().all(|item| matches!(item, Node::Object(_))) =>
            {
                items
                    .into_iter()
                    .try_for_each(|item| self.inside(item, origin, level + 1))
            }
            // JSON in a text.
            Node::Text(text)
                if level < WRAPPERS && text.trim_start().starts_with(['{', '[', '"']) =>
            {
                let mut origin = origin.clone();
                if is_whole {
                    origin.source = Source::Wrapped;
                }
                let data = data::read(&text, 0, false).map_err(|wrong| in_body(&text, wrong))?;
                self.repair(&text, data.repairs);
                data.nodes
                    .into_iter()
                    .try_for_each(|node| self.inside(node, &origin, level + 1))
            }
            Node::Lookup(_) => Err(ReadError::NoRequest(origin.source)),
            other => Err(ImportError::NotAnObject {
                found: other.type_name(),
            }
            .into()),
        }
    }

    fn object(
        &mut self,
        mut object: Object,
        origin: &Origin,
        level: usize,
    ) -> Result<(), ReadError> {
        if level < WRAPPERS && !is_known(&object) {
            let instances = named(&object, "Instances");
            if let Some((name, Node::List(_))) = instances {
                let name = name.clone();
                return self.instances(remove(&mut object, &name), origin);
            }
            if let Some(name) = wrapper(&object) {
                let inner = remove(&mut object, &name);
                let mut origin = origin.clone();
                if origin.source == Source::Body {
                    origin.source = Source::Wrapped;
                }
                for (name, node) in object.members {
                    match node {
                        Node::Text(region) if is_same_name(&name, "RegionId") => {
                            origin.region = Some(region);
                        }
                        _ => origin.beside(&name),
                    }
                }
                return self.inside(inner, &origin, level + 1);
            }
            if let Some(Node::Object(_)) = object.get("Resources") {
                return self.template(object, origin);
            }
        }
        if is_reply(&object) {
            let mut origin = origin.clone();
            if matches!(origin.source, Source::Body | Source::Wrapped) {
                origin.source = Source::GetInstance;
            }
            return self.document(object, &origin, true);
        }
        self.document(object, origin, false)
    }

    /// The instances that a list of the service has.
    fn instances(&mut self, instances: Node, origin: &Origin) -> Result<(), ReadError> {
        let mut origin = origin.clone();
        origin.source = Source::ListInstances;
        let before = self.documents.len();
        if let Node::List(items) = instances {
            for item in items {
                if let Node::Object(object) = item {
                    self.document(object, &origin, true)?;
                }
            }
        }
        if self.documents.len() == before {
            return Err(ReadError::NoRequest(Source::ListInstances));
        }
        Ok(())
    }

    /// The instances that a template of ROS makes.
    fn template(&mut self, mut template: Object, origin: &Origin) -> Result<(), ReadError> {
        let mut origin = origin.clone();
        origin.source = Source::Ros;
        let parameters = match remove(&mut template, "Parameters") {
            Node::Object(object) => object,
            _ => Object::default(),
        };
        if let Node::Object(mut metadata) = remove(&mut template, "Metadata")
            && let Node::Object(left_out) = remove(&mut metadata, METADATA)
        {
            origin.left_out = left_out;
        }
        let before = self.documents.len();
        if let Node::Object(resources) = remove(&mut template, "Resources") {
            for (name, resource) in resources.members {
                let Node::Object(mut resource) = resource else {
                    continue;
                };
                let is_instance = resource.text("Type").is_some_and(|kind| {
                    kind.starts_with("ALIYUN::PaiDsw") && kind.ends_with("::Instance")
                });
                match remove(&mut resource, "Properties") {
                    Node::Object(mut properties) if is_instance => {
                        refer(&mut properties, &parameters);
                        self.document(properties, &origin, false)?;
                        // It was left out of one.
                        origin.left_out.members.clear();
                    }
                    _ => origin.beside(&name),
                }
            }
        }
        if self.documents.len() == before {
            return Err(ReadError::NoRequest(Source::Ros));
        }
        Ok(())
    }

    fn document(
        &mut self,
        object: Object,
        origin: &Origin,
        is_reply: bool,
    ) -> Result<(), ReadError> {
        if self.documents.len() >= MAX_DOCUMENTS {
            return Err(ReadError::TooMany);
        }
        self.documents
            .push(take::document(object, origin, is_reply)?);
        Ok(())
    }
}

/// A problem with a body that stands in something else.
pub(super) fn in_body(text: &str, wrong: super::reader::Wrong) -> ReadError {
    match ReadError::at(text, wrong) {
        ReadError::Import(ImportError::Json(error)) => ReadError::Body(error),
        other => other,
    }
}

/// Whether an object is a request, by the names of its members.
pub(super) fn is_known(object: &Object) -> bool {
    let mut names = object.members.iter();
    object.is_typed
        || names.any(|(name, _)| ROOT.field(name).is_some())
        || has_foreign_names(object)
}

/// Whether a value is printed by a program: it, or what it wraps, has the names of an SDK.
fn is_printout(node: &Node, level: usize) -> bool {
    match node {
        Node::Object(object) => {
            let is_wrapper = |name: &str| {
                let mut names = WRAPPER_NAMES.iter().chain(&["instances"]);
                names.any(|wrapper| is_same_name(name, wrapper))
            };
            let mut members = object.members.iter();
            has_foreign_names(object)
                || level < WRAPPERS
                    && members.any(|(name, node)| is_wrapper(name) && is_printout(node, level + 1))
        }
        Node::List(items) => {
            level < WRAPPERS && items.iter().any(|item| is_printout(item, level + 1))
        }
        _ => false,
    }
}

/// Whether an object is what the service says of an instance.
fn is_reply(object: &Object) -> bool {
    matches!(named(object, "InstanceId"), Some((_, Node::Text(_))))
        && REPORTED.iter().any(|name| named(object, name).is_some())
}

/// The member of this name, as a body or an SDK writes it.
fn named<'o>(object: &'o Object, name: &str) -> Option<&'o (String, Node)> {
    let mut members = object.members.iter();
    members.find(|(known, _)| is_same_name(known, name))
}

/// The member that holds the body, if the object has one and is none itself.
fn wrapper(object: &Object) -> Option<String> {
    let is_alone = object.members.len() == 1;
    let holds = |node: &Node| match node {
        Node::Object(inner) => {
            is_alone || is_known(inner) || is_reply(inner) || named(inner, "Instances").is_some()
        }
        Node::List(items) => items
            .iter()
            .any(|item| matches!(item, Node::Object(inner) if is_known(inner))),
        Node::Text(text) => text.trim_start().starts_with('{'),
        _ => false,
    };
    let mut members = object.members.iter();
    let found = members.find(|(name, node)| {
        WRAPPER_NAMES
            .iter()
            .any(|wrapper| is_same_name(name, wrapper))
            && holds(node)
    });
    found.map(|(name, _)| name.clone())
}

/// Takes a member out; null if it is not there.
fn remove(object: &mut Object, name: &str) -> Node {
    let place = object.members.iter().position(|(known, _)| known == name);
    place.map_or(Node::Null, |place| object.members.remove(place).1)
}

/// Puts what a template's parameters hold in the place of what refers to them.
fn refer(object: &mut Object, parameters: &Object) {
    for (_, node) in &mut object.members {
        refer_node(node, parameters);
    }
}

fn refer_node(node: &mut Node, parameters: &Object) {
    match node {
        Node::Object(object) => {
            if let ([_], Some(name)) = (&object.members[..], object.text("Ref"))
                && let Some(Node::Object(parameter)) = parameters.get(name)
            {
                let name = name.to_owned();
                *node = parameter
                    .get("Default")
                    .cloned()
                    .unwrap_or(Node::Lookup(name));
                return;
            }
            refer(object, parameters);
        }
        Node::List(items) => items
            .iter_mut()
            .for_each(|item| refer_node(item, parameters)),
        _ => {}
    }
}
