//! Programs: the request in them, wherever it stands.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use dsw_model::json;
use dsw_model::left_out::COMMENT;

use super::gather::{Found, Origin, is_known};
use super::node::{Node, Object};
use super::reader::{Dialect, Reader, Wrong};
use super::take::is_same_name;
use super::{MAX_DOCUMENTS, ReadError, Source, data};

/// How many values may fail to be read: each is read up to where it fails, and a text may be long.
const ATTEMPTS: usize = 32;

/// The class of the request.
const CLASS: &str = "CreateInstanceRequest";

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
    if dialect == Dialect::Python && scan.nodes.is_empty() {
        let mut other = Scan::new(text, from, Dialect::Hcl);
        other.run();
        if !other.nodes.is_empty() {
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
    if scan.nodes.is_empty() {
        return Err(match scan.error {
            Some(wrong) => ReadError::at(text, wrong),
            None => ReadError::NoRequest(source),
        });
    }
    let mut origin = Origin::of(source);
    origin.region = scan.region;
    let mut left_out = scan.left_out.into_iter().peekable();
    for (place, node) in scan.nodes.into_iter().enumerate() {
        let mut origin = origin.clone();
        while let Some((_, line)) = left_out.next_if(|(holder, _)| *holder == place) {
            match json::parse(line).map(Node::from) {
                Ok(Node::Object(object)) => origin.left_out.members.extend(object.members),
                _ => origin.beside(COMMENT.trim_end_matches([':', ' '])),
            }
        }
        found.gather(node, &origin)?;
    }
    Ok(())
}

struct Scan<'a> {
    reader: Reader<'a>,
    nodes: Vec<Node>,
    /// The variables that hold an object of the request's class, with its place among the values.
    holders: Vec<(&'a str, usize)>,
    /// Where the members of these objects stand in them.
    places: BTreeMap<(usize, String), usize>,
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
            nodes: Vec::new(),
            holders: Vec::new(),
            places: BTreeMap::new(),
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
        while self.nodes.len() <= MAX_DOCUMENTS {
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
                    self.attempt(start, variable);
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
                let is_class = name.split('.').any(|part| part == CLASS);
                let opens = self.reader.rest().trim_start().starts_with(['(', '{']);
                // An object that begins with a word.
                let is_object = match self.reader.dialect {
                    Dialect::Go => name == "map",
                    Dialect::Python => name == "dict" && opens,
                    _ => false,
                };
                if is_class && opens || is_object && may_begin {
                    self.attempt(start, variable);
                    variable = "";
                } else if let Some((holder, member)) = self.held(name) {
                    self.set(holder, member);
                } else if is_region(name) {
                    self.region();
                } else if !matches!(name, "new" | "await") {
                    variable = name.rsplit('.').next().unwrap_or(name);
                }
                may_begin = matches!(name, "return" | "default");
                continue;
            }
            if letter == '{' && may_begin {
                self.attempt(start, variable);
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

    /// Reads the value at this byte, and keeps it if it is a request.
    fn attempt(&mut self, start: usize, variable: &'a str) {
        self.reader.at = start;
        let result = self.reader.value(0);
        let is_body = BODY_NAMES.iter().any(|name| is_same_name(name, variable));
        match result {
            Ok(node) => {
                let object = match &node {
                    Node::Object(object) => object,
                    Node::Text(text) if is_json(text) => return self.nodes.push(node),
                    _ => return,
                };
                if is_body || is_known(object) || holds_body(object) {
                    let holder = self.nodes.len();
                    if object.is_typed {
                        // What stands behind it may have been looked at already.
                        let above = &mut self.reader.left_out;
                        let above = above.drain(..above.partition_point(|at| *at < start));
                        let text = self.reader.text;
                        let lines = above.filter_map(|at| text.get(at..)?.lines().next());
                        self.left_out.extend(lines.map(|line| (holder, line)));
                    }
                    if object.is_typed && !variable.is_empty() {
                        self.holders.push((variable, holder));
                        let names = object
                            .members
                            .iter()
                            .map(|(name, _)| (holder, name.clone()));
                        self.places.extend(names.zip(0..));
                    }
                    self.nodes.push(node);
                } else if self.region.is_none() {
                    // The settings of a client.
                    let mut members = object.members.iter();
                    let region = members.find(|(name, _)| is_region(name));
                    self.region = region
                        .and_then(|(name, _)| object.text(name))
                        .map(str::to_owned);
                }
            }
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

    /// The place of the request that a name leads to, and its member.
    fn held(&self, name: &'a str) -> Option<(usize, &'a str)> {
        let (variable, member) = name.split_once('.')?;
        // The last of that name: variables are given anew.
        let holder = self
            .holders
            .iter()
            .rev()
            .find(|(holder, _)| *holder == variable)?;
        Some((holder.1, member))
    }

    /// Reads a statement that sets a member of a request, if it is one.
    fn set(&mut self, holder: usize, member: &'a str) {
        let before = self.reader.at;
        let rest = self.reader.rest();
        let written = rest.trim_start();
        let setter = member
            .strip_prefix("set")
            .filter(|_| written.starts_with('('));
        let is_given = written.starts_with('=') && !written.starts_with("==");
        let Some(name) = setter.or_else(|| is_given.then_some(member)) else {
            return;
        };
        self.reader.at = before + rest.len() - written.len() + 1;
        let value = self.given().unwrap_or_else(|| {
            // It is told that it could not be read.
            self.reader.at = before + 1;
            Node::Lookup(member.to_owned())
        });
        if let Some(Node::Object(object)) = self.nodes.get_mut(holder) {
            let end = object.members.len();
            match self.places.entry((holder, name.to_owned())) {
                Entry::Occupied(place) => object.members[*place.get()].1 = value,
                Entry::Vacant(place) => {
                    place.insert(end);
                    object.members.push((name.to_owned(), value));
                }
            }
        }
    }

    /// Reads a value, unless too many could not be read already.
    fn given(&mut self) -> Option<Node> {
        if self.attempts >= ATTEMPTS {
            return None;
        }
        let value = self.reader.value(0).ok();
        self.attempts += usize::from(value.is_none());
        value
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
