//! [`Tree`]: the body with its secrets taken out.

use std::collections::BTreeMap;

use dsw_model::descriptor::{Control, Describe as _, Kind, StructDescriptor};
use dsw_model::grammar::{has_secret, looks_secret, may_name_secret};
use dsw_model::request::CreateInstanceRequest;
use dsw_model::secrecy::Secrecy;
use dsw_words::tr;
use serde_json::{Map, Value};

use crate::exact::Exact;
use crate::names;
use crate::note::Notes;

/// The request's own table.
pub(crate) const ROOT: &StructDescriptor = CreateInstanceRequest::DESCRIPTOR;

/// A secret that code reads from the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// The variable that holds it, such as `DSW_IMAGE_AUTH`.
    pub variable: String,
    /// The member that it is the value of, such as `ImageAuth`.
    pub member: String,
}

/// A value of the body. It holds no secret.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node<'a> {
    Null,
    Bool(bool),
    /// As it is written.
    Number(&'a str),
    Text(&'a str),
    /// The number of a secret.
    Secret(usize),
    List(Vec<Node<'a>>),
    Map(Vec<(&'a str, Node<'a>)>),
}

impl Node<'_> {
    /// Collects the numbers of its secrets, in their order.
    pub(crate) fn secrets(&self, found: &mut Vec<usize>) {
        match self {
            Self::Secret(secret) => found.push(*secret),
            Self::List(items) => items.iter().for_each(|node| node.secrets(found)),
            Self::Map(members) => members.iter().for_each(|(_, node)| node.secrets(found)),
            _ => {}
        }
    }
}

/// The body.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    /// The body's object.
    pub(crate) root: Node<'a>,
    /// Its secrets, in their order.
    pub(crate) secrets: Vec<Secret>,
    /// Secrets that are no texts in the body.
    retyped: Vec<String>,
}

/// Where a value stands.
#[derive(Clone)]
struct Place {
    /// As it is told.
    path: String,
    /// The name of the member that it is in.
    name: String,
}

impl Place {
    fn member(&self, name: &str) -> Self {
        let path = member(&self.path, name);
        let name = name.to_owned();
        Self { path, name }
    }

    fn row(&self, row: usize) -> Self {
        let path = item(&self.path, row);
        let name = self.name.clone();
        Self { path, name }
    }
}

/// The path of a member.
pub(crate) fn member(path: &str, name: &str) -> String {
    let dot = if path.is_empty() { "" } else { "." };
    [path, dot, name].concat()
}

/// The path of a row.
pub(crate) fn item(path: &str, row: usize) -> String {
    [path, "[", &row.to_string(), "]"].concat()
}

/// Takes secrets out.
struct Sieve<'a> {
    secrecy: &'a Secrecy,
    secrets: Vec<Secret>,
    retyped: Vec<String>,
    /// The variables that are taken, each with the last number that was put behind it.
    taken: BTreeMap<String, usize>,
}

/// Variables that scripts have for something else: the token of the gateway, and what Terraform hands to its command.
const RESERVED: [&str; 3] = ["DSW_GATEWAY_TOKEN", "DSW_REGION", "DSW_BODY"];

/// How the texts in a value are judged.
#[derive(Clone, Copy)]
enum Sort {
    /// By what the model says of them.
    Known(Kind),
    /// They are environment variables.
    Variables,
    /// They are in something that is named like a secret: whatever they look like.
    Secret,
    /// The model says nothing of them: by their looks.
    Unknown,
}

impl<'a> Tree<'a> {
    pub(crate) fn new(body: &'a Map<String, Value>, secrecy: &Secrecy) -> Self {
        let mut sieve = Sieve {
            secrecy,
            secrets: Vec::new(),
            retyped: Vec::new(),
            taken: RESERVED.map(|name| (name.to_owned(), 1)).into(),
        };
        let place = Place {
            path: String::new(),
            name: String::new(),
        };
        let root = sieve.object(body, Sort::Known(Kind::Struct(ROOT)), &place);
        Self {
            root,
            secrets: sieve.secrets,
            retyped: sieve.retyped,
        }
    }

    /// The variable of a secret.
    pub(crate) fn variable(&self, secret: usize) -> &str {
        &self.secrets[secret].variable
    }

    /// The members of the body.
    pub(crate) fn members(&self) -> &[(&'a str, Node<'a>)] {
        match &self.root {
            Node::Map(members) => members,
            _ => &[],
        }
    }

    /// Says what holds for every target.
    pub(crate) fn tell(&self, notes: &mut Notes) {
        for member in &self.retyped {
            notes.about(
                tr("Sent as text, since it is read from the environment."),
                member.clone(),
            );
        }
    }

    /// Says which numbers do not survive.
    pub(crate) fn tell_inexact(&self, exact: Exact, notes: &mut Notes) {
        fn walk(node: &Node<'_>, path: &str, exact: Exact, notes: &mut Notes) {
            match node {
                Node::Number(number) if !exact.keeps(number) => {
                    let text = tr("The number is longer than the language keeps exactly.");
                    notes.about(text, path.to_owned());
                }
                Node::List(items) => {
                    for (row, node) in items.iter().enumerate() {
                        walk(node, &item(path, row), exact, notes);
                    }
                }
                Node::Map(members) => {
                    for (name, node) in members {
                        walk(node, &member(path, name), exact, notes);
                    }
                }
                _ => {}
            }
        }
        walk(&self.root, "", exact, notes);
    }
}

impl Sieve<'_> {
    fn value<'a>(&mut self, value: &'a Value, sort: Sort, place: &Place) -> Node<'a> {
        let sort = self.inherited(value, sort, &place.name);
        match value {
            Value::Null => Node::Null,
            Value::Bool(_) | Value::Array(_) | Value::Object(_)
                if matches!(sort, Sort::Known(Kind::Secret)) =>
            {
                self.retyped(place)
            }
            Value::Bool(flag) => Node::Bool(*flag),
            Value::Number(number) => {
                if self.hides(sort, &place.name, number.as_str()) {
                    self.retyped(place)
                } else {
                    Node::Number(number.as_str())
                }
            }
            Value::String(text) => {
                if !text.is_empty() && self.hides(sort, &place.name, text) {
                    self.secret(place)
                } else {
                    Node::Text(text)
                }
            }
            Value::Array(items) => {
                let sort = match sort {
                    Sort::Known(Kind::List(item)) => Sort::Known(*item),
                    Sort::Variables | Sort::Secret => sort,
                    Sort::Known(_) | Sort::Unknown => Sort::Unknown,
                };
                let rows = items.iter().enumerate();
                Node::List(
                    rows.map(|(row, item)| self.value(item, sort, &place.row(row)))
                        .collect(),
                )
            }
            Value::Object(object) => self.object(object, sort, place),
        }
    }

    fn object<'a>(
        &mut self,
        object: &'a Map<String, Value>,
        sort: Sort,
        place: &Place,
    ) -> Node<'a> {
        let members = object.iter().map(|(name, value)| {
            let inside = match sort {
                Sort::Known(Kind::Struct(descriptor)) => match descriptor.field(name) {
                    Some((_, field)) if matches!(field.control, Control::Variables) => {
                        Sort::Variables
                    }
                    Some((_, field)) => Sort::Known(field.kind),
                    None => Sort::Unknown,
                },
                Sort::Variables | Sort::Secret => sort,
                Sort::Known(_) | Sort::Unknown => Sort::Unknown,
            };
            (&**name, self.value(value, inside, &place.member(name)))
        });
        Node::Map(members.collect())
    }

    /// How what is inside of a value is judged: the name of a list or an object speaks for all of it.
    fn inherited(&self, value: &Value, sort: Sort, name: &str) -> Sort {
        let is_secret = match sort {
            _ if !value.is_object() && !value.is_array() => false,
            Sort::Variables => self.secrecy.hides(name, ""),
            Sort::Unknown => may_name_secret(name.as_bytes()),
            Sort::Known(_) | Sort::Secret => false,
        };
        if is_secret { Sort::Secret } else { sort }
    }

    /// Whether a text, or the digits of a number, is a secret.
    fn hides(&self, sort: Sort, name: &str, text: &str) -> bool {
        match sort {
            // A script may set a variable, and a person may have put a private key into the wrong field.
            Sort::Known(kind) => matches!(kind, Kind::Secret) || has_secret(text),
            Sort::Secret => true,
            Sort::Variables => self.secrecy.hides(name, text),
            Sort::Unknown => looks_secret(name, text),
        }
    }

    fn retyped<'a>(&mut self, place: &Place) -> Node<'a> {
        self.retyped.push(place.path.clone());
        self.secret(place)
    }

    fn secret<'a>(&mut self, place: &Place) -> Node<'a> {
        let name = ["DSW_", &names::variable(&place.name)].concat();
        let variable = self.free(name);
        self.secrets.push(Secret {
            variable,
            member: place.path.clone(),
        });
        Node::Secret(self.secrets.len() - 1)
    }

    /// The name of a variable that no other has: this one, or with the next number behind it.
    fn free(&mut self, name: String) -> String {
        let Some(last) = self.taken.get(&name) else {
            self.taken.insert(name.clone(), 1);
            return name;
        };
        let mut n = last + 1;
        let numbered = |n: usize| [&*name, "_", &n.to_string()].concat();
        // A member may be named like one with a number.
        while self.taken.contains_key(&numbered(n)) {
            n += 1;
        }
        let variable = numbered(n);
        self.taken.insert(variable.clone(), 1);
        self.taken.insert(name, n);
        variable
    }
}
