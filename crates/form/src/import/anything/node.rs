//! [`Node`]: a value as it was read of a command or a program, before it is known what of it is a request.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

/// A value that was read, or what stands in its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Object(Object),
    /// A value that is not in the text: a variable of the environment, or of the program.
    Lookup(String),
    /// An object that a program keeps in a variable, by its place among the values that were read of it. None is left
    /// once the program was read.
    Link(usize),
}

/// The members of an object, as they were named.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object {
    pub(super) members: Vec<(String, Node)>,
    /// Whether it is an object of an SDK's class, whose members have names of the language.
    pub(super) is_typed: bool,
    /// Where its members stand, once they are looked for to be changed one by one.
    places: Option<BTreeMap<String, usize>>,
}

impl Object {
    pub(super) fn new(members: Vec<(String, Node)>, is_typed: bool) -> Self {
        Self {
            members,
            is_typed,
            places: None,
        }
    }

    /// The member of this name, to be changed.
    pub(super) fn find(&mut self, name: &str) -> Option<&mut Node> {
        let members = &self.members;
        let places = self.places.get_or_insert_with(|| {
            let names = members.iter().map(|(name, _)| name.clone());
            names.zip(0..).collect()
        });
        let place = *places.get(name)?;
        self.members.get_mut(place).map(|(_, node)| node)
    }

    /// Gives a member another value.
    pub(super) fn set(&mut self, name: &str, value: Node) {
        if let Some(node) = self.find(name) {
            *node = value;
            return;
        }
        if let Some(places) = &mut self.places {
            places.insert(name.to_owned(), self.members.len());
        }
        self.members.push((name.to_owned(), value));
    }

    /// The member of this name.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        let mut members = self.members.iter();
        members
            .find(|(known, _)| known == name)
            .map(|(_, node)| node)
    }

    /// The text of this member.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Node::Text(text)) => Some(text),
            _ => None,
        }
    }
}

impl Node {
    /// What it is, in words.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
            Self::Lookup(_) | Self::Link(_) => "a variable",
        }
    }

    /// The value; the empty text where it is not in the text. Of objects nothing is left out.
    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => Value::Bool(flag),
            Self::Number(number) => Value::Number(number),
            Self::Text(text) => Value::String(text),
            Self::List(items) => items.into_iter().map(Self::into_value).collect(),
            Self::Object(object) => {
                let members = object.members.into_iter();
                let members = members.map(|(name, node)| (name, node.into_value()));
                Value::Object(members.collect())
            }
            Self::Lookup(_) | Self::Link(_) => Value::String(String::new()),
        }
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(flag),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(members) => Self::Object(Object::from(members)),
        }
    }
}

impl From<Map<String, Value>> for Object {
    fn from(members: Map<String, Value>) -> Self {
        let members = members.into_iter();
        let members = members.map(|(name, value)| (name, Node::from(value)));
        Self::new(members.collect(), false)
    }
}
