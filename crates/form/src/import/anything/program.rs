//! Programs: the request in them, wherever it stands.

use std::collections::BTreeMap;

use dsw_model::descriptor::is_same_name;
use dsw_model::json;
use dsw_model::left_out::COMMENT;

use super::gather::{Found, Origin, is_known};
use super::node::{Node, Object};
use super::reader::{Dialect, Reader, Wrong};
use super::take::has_foreign_names;
use super::{MAX_DOCUMENTS, ReadError, Source, data};

mod statement;

/// How many values may fail to be read: each is read up to where it fails, and a text may be long.
const ATTEMPTS: usize = 32;

/// The class of the request.
const CLASS: &str = "CreateInstanceRequest";

/// How deep objects that were read apart may stand in each other.
const LINKS: usize = 8;

/// Names of variables that hold a body, whatever is in it.
const BODY_NAMES: [&str; 3] = ["body", "dswbody", "request"];

/// Reads the requests in a program.
pub(super) fn read(
    text: &str,
    from: usize,
    dialect: Dialect,
    found: &mut Found,
) -> Result<(), ReadError> {
    let mut scan = Scan::new(text, from, dialect);
    scan.run();
    // `x = {` may be Terraform too.
    if dialect == Dialect::Python && !scan.has_request() {
        let mut other = Scan::new(text, from, Dialect::Hcl);
        other.run();
        if other.has_request() {
            scan = other;
        }
    }
    let source = match scan.reader.dialect {
        Dialect::Json => Source::Body,
        Dialect::Python => Source::Python,
        Dialect::TypeScript => Source::TypeScript,
        Dialect::Go => Source::Go,
        Dialect::Java => Source::Java,
        Dialect::Hcl => Source::Terraform,
    };
    let requests = scan.settled();
    if requests.is_empty() {
        return Err(match scan.error {
            Some(wrong) => ReadError::at(text, wrong),
            None => ReadError::NoRequest(source),
        });
    }
    let mut origin = Origin::of(source);
    origin.region = scan.region;
    let mut left_out = scan.left_out.into_iter().peekable();
    for (place, node) in requests {
        let mut origin = origin.clone();
        while let Some((_, line)) = left_out.next_if(|(holder, _)| *holder == place) {
            match json::parse(line).map(Node::from) {
                Ok(Node::Object(object)) => origin.left_out.members.extend(object.members),
                _ => origin.beside(COMMENT.trim_end_matches([':', ' '])),
            }
        }
        for name in &scan.held[place].beside {
            origin.beside(name);
        }
        found.gather(node, &origin)?;
    }
    Ok(())
}

/// What is known of a value without what stands in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    Request,
    /// An object of a class that is a part of one.
    Part,
    /// Its members tell, once all are set.
    Open,
}

/// A value that may be a request, or an object that one may hold.
struct Held<'a> {
    node: Node,
    is: Is,
    /// The variable that it is given to.
    variable: &'a str,
    /// Whether it stands in another.
    is_linked: bool,
    /// Statements on it whose effects are not known.
    beside: Vec<String>,
}

struct Scan<'a> {
    reader: Reader<'a>,
    held: Vec<Held<'a>>,
    /// The variables that hold an object, with its place among the values.
    holders: BTreeMap<&'a str, usize>,
    /// How many of the values are requests for sure.
    requests: usize,
    /// What the comments above requests carry, with the place of the request among the values.
    left_out: Vec<(usize, &'a str)>,
    region: Option<String>,
    /// The first value that could not be read.
    error: Option<Wrong>,
    attempts: usize,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str, from: usize, dialect: Dialect) -> Self {
        let mut reader = Reader::new(text, dialect);
        reader.at = from;
        Self {
            reader,
            held: Vec::new(),
            holders: BTreeMap::new(),
            requests: 0,
            left_out: Vec::new(),
            region: None,
            error: None,
            attempts: 0,
        }
    }

    /// Goes through a program, from word to word, and reads what may be a request.
    fn run(&mut self) {
        // The variable that a value is given to, and whether one may begin.
        let mut variable = "";
        let mut may_begin = false;
        // One more than is taken is enough to tell.
        while self.requests <= MAX_DOCUMENTS {
            if self.reader.skip().is_err() {
                return;
            }
            let Some(letter) = self.reader.peek() else {
                return;
            };
            let start = self.reader.at;
            if self.reader.opens_text() {
                if may_begin && self.holds_brace() {
                    // JSON in a text.
                    self.attempt(start, variable, Is::Open);
                    if self.reader.at == start + 1 {
                        self.reader.at = start;
                        self.pass_text();
                    }
                } else {
                    self.pass_text();
                }
                may_begin = false;
                continue;
            }
            let name = self.reader.names();
            if !name.is_empty() {
                let class = class(name);
                let opens = self.reader.rest().trim_start().starts_with(['(', '{']);
                // An object that begins with a word.
                let is_object = match self.reader.dialect {
                    Dialect::Go => name == "map",
                    Dialect::Python => name == "dict" && opens,
                    Dialect::Java => is_java_object(name),
                    _ => false,
                };
                if let Some(is) = class.filter(|_| opens) {
                    self.attempt(start, variable, is);
                    variable = "";
                } else if is_object && may_begin {
                    self.attempt(start, variable, Is::Open);
                    variable = "";
                } else if self.statement(name) {
                    // It is done.
                } else if is_region(name) {
                    self.region();
                } else if matches!(name, "new" | "await") {
                    continue;
                } else {
                    variable = name.rsplit('.').next().unwrap_or(name);
                    self.pass_type();
                }
                may_begin = matches!(name, "return" | "default");
                continue;
            }
            // A list whose rows are added to it.
            let is_list =
                letter == '[' && !variable.is_empty() && self.reader.rest().starts_with("[]");
            if (letter == '{' || is_list) && may_begin {
                self.attempt(start, variable, Is::Open);
                may_begin = false;
                continue;
            }
            self.reader.at += letter.len_utf8();
            may_begin = matches!(letter, '=' | '(' | ':' | ',' | '[');
            // What is not given to the variable.
            if !matches!(letter, '=' | ':' | '&') {
                variable = "";
            }
        }
    }

    /// Whether the text that begins here begins with a brace itself.
    fn holds_brace(&self) -> bool {
        let rest = self.reader.rest();
        let quotes = rest
            .bytes()
            .take(3)
            .take_while(|byte| b"\"'`".contains(byte));
        rest[quotes.count()..].trim_start().starts_with('{')
    }

    /// Passes over a text, also one that is not well-formed. One that has no end hides what follows: in a
    /// line, or all.
    fn pass_text(&mut self) {
        let rest = self.reader.rest();
        let bytes = rest.as_bytes();
        let quote = bytes.first().copied().unwrap_or_default();
        let is_triple =
            self.reader.dialect != Dialect::TypeScript && bytes.starts_with(&[quote; 3]);
        let is_raw = quote == b'`' && self.reader.dialect == Dialect::Go;
        let is_long = is_triple || quote == b'`';
        let width = if is_triple { 3 } else { 1 };
        let mut at = width;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' if !is_raw => at += 1,
                b'\n' if !is_long => break,
                byte if *byte == quote && (!is_triple || bytes[at..].starts_with(&[quote; 3])) => {
                    at += width;
                    break;
                }
                _ => {}
            }
            at += 1;
        }
        let end = (at..rest.len()).find(|at| rest.is_char_boundary(*at));
        self.reader.at += end.unwrap_or(rest.len());
    }

    /// Passes over the type of a variable up to what it is given: `: dict[str, Any]`.
    fn pass_type(&mut self) {
        let has_types = matches!(self.reader.dialect, Dialect::Python | Dialect::TypeScript);
        let rest = self.reader.rest();
        if !has_types || !rest.starts_with(':') {
            return;
        }
        let is_type = |byte: u8| byte.is_ascii_alphanumeric() || b":<>[]|,._ ".contains(&byte);
        let length = rest
            .bytes()
            .take(120)
            .take_while(|byte| is_type(*byte))
            .count();
        let behind = rest.get(length..).unwrap_or_default();
        if behind.starts_with('=') && !behind.starts_with("==") {
            self.reader.at += length;
        }
    }

    /// Reads the value at this byte, and keeps it if it may be a request, or a part of one.
    fn attempt(&mut self, start: usize, variable: &'a str, is: Is) {
        self.reader.at = start;
        match self.reader.value(0) {
            Ok(node) => self.keep(variable, is, node),
            Err(wrong) => {
                self.error.get_or_insert(wrong);
                self.attempts += 1;
                self.reader.at = start + 1;
                if self.attempts >= ATTEMPTS {
                    self.reader.at = self.reader.text.len();
                }
            }
        }
    }

    /// Keeps a value that ends here.
    fn keep(&mut self, variable: &'a str, mut is: Is, mut node: Node) {
        let is_body = BODY_NAMES.iter().any(|name| is_same_name(name, variable));
        match &node {
            Node::Object(object) => {
                if is == Is::Open && (is_body || is_request(object)) {
                    is = Is::Request;
                }
                if is == Is::Request && object.is_typed {
                    self.take_comments();
                }
                if is != Is::Request && self.region.is_none() {
                    // The settings of a client.
                    let mut members = object.members.iter();
                    let region = members.find(|(name, _)| is_region(name));
                    self.region = region
                        .and_then(|(name, _)| object.text(name))
                        .map(str::to_owned);
                }
            }
            Node::Text(text) if is_json(text) => is = Is::Request,
            Node::List(rows) if rows.is_empty() => {}
            _ => return,
        }
        if is != Is::Request && variable.is_empty() {
            return;
        }
        self.link(&mut node);
        if !matches!(node, Node::Text(_)) && !variable.is_empty() {
            self.holders.insert(variable, self.held.len());
        }
        self.requests += usize::from(is == Is::Request);
        self.held.push(Held {
            node,
            is,
            variable,
            is_linked: false,
            beside: Vec::new(),
        });
    }

    /// Gives the comments above a request and within it to the next value. What stands behind it may have been
    /// looked at already.
    fn take_comments(&mut self) {
        let (place, end, text) = (self.held.len(), self.reader.at, self.reader.text);
        let taken = &mut self.reader.left_out;
        let taken = taken.drain(..taken.partition_point(|at| *at < end));
        let lines = taken.filter_map(|at| text.get(at..)?.lines().next());
        self.left_out.extend(lines.map(|line| (place, line)));
    }

    /// Links the objects that a value names by their variables, but for requests.
    fn link(&mut self, node: &mut Node) {
        match node {
            Node::Lookup(name) => {
                let place = self.holders.get(&**name).copied();
                if let Some(place) = place.filter(|place| self.held[*place].is != Is::Request) {
                    self.held[place].is_linked = true;
                    *node = Node::Link(place);
                }
            }
            Node::List(rows) => rows.iter_mut().for_each(|row| self.link(row)),
            Node::Object(object) => {
                object
                    .members
                    .iter_mut()
                    .for_each(|(_, node)| self.link(node));
            }
            _ => {}
        }
    }

    /// Puts objects in the places where they are linked, each in the first. A variable stands for it in others.
    fn settle(&mut self, node: &mut Node, depth: usize) {
        match node {
            Node::Link(place) => {
                let Some(held) = self.held.get_mut(*place) else {
                    return;
                };
                let linked = std::mem::replace(&mut held.node, Node::Null);
                if depth < LINKS && !matches!(linked, Node::Null) {
                    *node = linked;
                    self.settle(node, depth + 1);
                } else {
                    held.node = linked;
                    *node = Node::Lookup(held.variable.to_owned());
                }
            }
            Node::List(rows) => rows.iter_mut().for_each(|row| self.settle(row, depth)),
            Node::Object(object) => {
                let members = object.members.iter_mut();
                members.for_each(|(_, node)| self.settle(node, depth));
            }
            _ => {}
        }
    }

    /// Whether there is a request now that all members are set.
    fn has_request(&self) -> bool {
        self.held.iter().any(Held::is_request)
    }

    /// The requests and their places among the values, with all that they hold. What stands in another comes last:
    /// it is one by itself only where that is none.
    fn settled(&mut self) -> Vec<(usize, Node)> {
        let mut requests = Vec::new();
        for is_linked in [false, true] {
            for place in 0..self.held.len() {
                let held = &mut self.held[place];
                if held.is_linked == is_linked && held.is_request() {
                    let mut node = std::mem::replace(&mut held.node, Node::Null);
                    self.settle(&mut node, 0);
                    requests.push((place, node));
                }
            }
        }
        requests.sort_by_key(|(place, _)| *place);
        requests
    }

    /// Reads the region that a line gives.
    fn region(&mut self) {
        // Not further than a region could stand: a line may be long, and say the word often.
        let rest = self.reader.rest();
        let near = rest
            .char_indices()
            .nth(120)
            .map_or(rest, |(end, _)| &rest[..end]);
        let line = near.lines().next().unwrap_or_default();
        let mut parts = line.split(['"', '\'']).skip(1);
        let region = parts.next().filter(|text| is_region_name(text));
        if self.region.is_none() {
            self.region = region.map(str::to_owned);
        }
    }
}

impl Held<'_> {
    fn is_request(&self) -> bool {
        match (self.is, &self.node) {
            (Is::Request, _) => true,
            (Is::Open, Node::Object(object)) => is_request(object),
            (Is::Open, Node::List(rows)) => rows.iter().any(|row| {
                // Of a class it may be a part of one.
                matches!(row, Node::Object(object)
                    if is_request(object) && (!object.is_typed || has_foreign_names(object)))
            }),
            _ => false,
        }
    }
}

fn is_request(object: &Object) -> bool {
    is_known(object) || holds_body(object)
}

/// What a class is by its name, of which a function may be called. The names of its parts begin with its own.
fn class(name: &str) -> Option<Is> {
    let is_function = |part: &&str| part.starts_with(|c: char| c.is_lowercase());
    let mut parts = name.rsplit('.').peekable();
    parts.next_if(is_function);
    let behind = parts.next()?.strip_prefix(CLASS)?;
    match behind.chars().next() {
        None => Some(Is::Request),
        Some(next) => next.is_uppercase().then_some(Is::Part),
    }
}

/// What makes a map or a list in Java.
fn is_java_object(name: &str) -> bool {
    matches!(
        name,
        "HashMap" | "LinkedHashMap" | "ArrayList" | "Map.of" | "JSONObject"
    )
}

/// Whether a text is the JSON of a request.
fn is_json(text: &str) -> bool {
    let is_request = |node: &Node| matches!(node, Node::Object(object) if is_known(object));
    data::read(text, 0, false).is_ok_and(|data| data.nodes.iter().any(is_request))
}

/// Whether an object holds a body, as an argument by its name does.
fn holds_body(object: &Object) -> bool {
    match object.get("body") {
        Some(Node::Object(inner)) => is_known(inner),
        Some(Node::Text(text)) => is_json(text),
        _ => false,
    }
}

fn is_region(name: &str) -> bool {
    let name = name.rsplit('.').next().unwrap_or(name);
    ["region", "regionid", "setregionid", "dswregion"]
        .iter()
        .any(|region| is_same_name(name, region))
}

/// Whether a text is written as the names of regions are.
pub(super) fn is_region_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.len() <= 32 && text.contains('-') && text.bytes().all(is_plain)
}
