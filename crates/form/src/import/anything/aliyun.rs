//! Calls of the `aliyun` CLI: the body as JSON, or a flag for each member.

use std::collections::BTreeSet;

use dsw_model::descriptor::{Kind, StructDescriptor, is_same_name};

use super::gather::{Found, Origin, in_body};
use super::node::{Node, Object};
use super::script::{body, file, whole_lookup};
use super::shell::Command;
use super::{Ignored, ReadError, Source, Why, data};
use crate::draft::ROOT;

/// A flag and the words behind it.
struct Flag<'a> {
    /// The flag as it is written.
    written: &'a str,
    /// The same without what stands before its name.
    name: &'a str,
    words: Vec<&'a str>,
}

/// The flag that a word is, and the value that stands in the word too. What begins with `-` but goes on as no name
/// does is a value: a key in PEM begins so.
fn flag(word: &str) -> Option<Flag<'_>> {
    let (written, value) = word
        .split_once('=')
        .map_or((word, None), |(written, value)| (written, Some(value)));
    let name = written.strip_prefix("--").or_else(|| {
        let letter = written.strip_prefix('-')?;
        (letter.len() == 1).then_some(letter)
    })?;
    let goes_on = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(goes_on);
    is_name.then(|| Flag {
        written,
        name,
        words: value.into_iter().collect(),
    })
}

/// Whether a flag says nothing that is lost: how the CLI writes and talks, and that it sends JSON.
fn says_nothing(flag: &Flag<'_>) -> bool {
    match flag.name {
        "header" => flag.words.iter().all(|header| is_of_json(header)),
        "force" | "quiet" | "secure" | "dryrun" | "log-level" | "method" => true,
        _ => false,
    }
}

/// Whether a header says that JSON is sent, or wanted.
fn is_of_json(header: &str) -> bool {
    let Some((name, value)) = header.split_once(['=', ':']) else {
        return false;
    };
    let is_known = is_same_name(name.trim(), "content-type") || is_same_name(name.trim(), "accept");
    is_known && value.trim_start().starts_with("application/json")
}

/// Whether a call by a path is that which creates: the path ends in the name of all instances.
fn is_of_all(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    path.trim_end_matches('/').ends_with("/instances")
}

/// Takes in what a call of the CLI sends, if it creates an instance.
pub(super) fn read(command: &Command, found: &mut Found) -> Result<(), ReadError> {
    let mut creates = false;
    let mut is_post = false;
    let mut path: Option<&str> = None;
    let mut flags: Vec<Flag<'_>> = Vec::new();
    for word in &command.words[1..] {
        if let Some(flag) = flag(word) {
            flags.push(flag);
        } else if word.eq_ignore_ascii_case("POST") {
            is_post = true;
        } else if is_post && path.is_none() && word.starts_with('/') {
            path = Some(word);
        } else if is_same_name(word, "CreateInstance") {
            creates = true;
        } else if let Some(flag) = flags.last_mut() {
            flag.words.push(word);
        }
    }
    let mut origin = Origin::of(Source::AliyunPlugin);
    let no_request = ReadError::NoRequest(Source::Aliyun);
    creates |= is_post && path.is_none_or(is_of_all);
    if !creates {
        return Err(no_request);
    }
    let mut object = Object::default();
    let mut sent = None;
    for flag in flags {
        let first = flag.words.first().copied();
        match flag.name {
            "region" | "RegionId" | "region-id" | "biz-region-id" => {
                origin.region = first
                    .filter(|word| super::program::is_region_name(word))
                    .map(str::to_owned);
            }
            "body" | "RequestBody" => sent = Some(flag.words.join(" ")),
            "body-file" => match first.unwrap_or("-") {
                // The script has written it.
                content if content.trim_start().starts_with('{') => sent = Some(content.to_owned()),
                name => return Err(file(name)),
            },
            _ if says_nothing(&flag) => {}
            name => {
                let mut fields = ROOT.fields.iter();
                if let Some(field) = fields.find(|field| is_same_name(name, field.wire)) {
                    let value = value(field.kind, &flag.words)?;
                    add(&mut object, field.wire, value);
                } else {
                    origin.ignored.push(Ignored {
                        name: flag.written.to_owned(),
                        why: Why::Flag,
                    });
                }
            }
        }
    }
    if let Some(sent) = sent {
        if let Some(name) = sent.strip_prefix("file://") {
            return Err(file(name));
        }
        origin.source = Source::Aliyun;
        return body(&sent, &origin, found);
    }
    if object.members.is_empty()
        && !command
            .words
            .iter()
            .any(|word| is_same_name(word, "CreateInstance"))
    {
        return Err(no_request);
    }
    found.gather(Node::Object(object), &origin)
}

/// Adds the value of a flag; to those that it has been given before, if there may be several.
fn add(object: &mut Object, wire: &str, value: Node) {
    let known = object.members.iter_mut().find(|(name, _)| name == wire);
    match (known, value) {
        (Some((_, Node::List(rows))), Node::List(more)) => rows.extend(more),
        (Some((_, Node::Object(known))), Node::Object(more)) => known.members.extend(more.members),
        (Some((_, known)), value) => *known = value,
        (None, value) => object.members.push((wire.to_owned(), value)),
    }
}

/// What the words behind a flag say.
fn value(kind: Kind, words: &[&str]) -> Result<Node, ReadError> {
    let text = words.join(" ");
    if let Some(name) = whole_lookup(&text) {
        return Ok(Node::Lookup(name.to_owned()));
    }
    let is_json = text.trim_start().starts_with(['{', '[']);
    if is_json && !matches!(kind, Kind::Text | Kind::Secret) {
        let mut nodes = data::read(&text, 0, true)
            .map_err(|wrong| in_body(&text, wrong))?
            .nodes;
        let rows = match (kind, &nodes[..]) {
            (Kind::List(_), [Node::List(_)]) => false,
            (Kind::List(_), _) => true,
            _ => false,
        };
        return Ok(if rows {
            Node::List(nodes)
        } else {
            nodes.swap_remove(0)
        });
    }
    let read = match kind {
        Kind::Struct(descriptor) => {
            pairs(words, Some(descriptor)).and_then(|mut rows| match rows.len() {
                1 => rows.pop(),
                _ => None,
            })
        }
        Kind::Map(_) => pairs(words, None).map(|rows| {
            let objects = rows.into_iter().filter_map(|row| match row {
                Node::Object(object) => Some(object.members),
                _ => None,
            });
            Node::Object(Object::new(objects.flatten().collect(), false))
        }),
        Kind::List(Kind::Struct(descriptor)) => pairs(words, Some(descriptor)).map(Node::List),
        Kind::List(item) => Some(Node::List(
            words.iter().map(|word| scalar(*item, word)).collect(),
        )),
        Kind::Boolean if words.is_empty() => Some(Node::Bool(true)),
        _ => None,
    };
    Ok(read.unwrap_or_else(|| scalar(kind, &text)))
}

/// Words `Name=Value` as objects: a name that stands there already begins the next.
fn pairs(words: &[&str], descriptor: Option<&StructDescriptor>) -> Option<Vec<Node>> {
    let mut rows = vec![Object::default()];
    let mut names = BTreeSet::new();
    for word in words {
        let (name, value) = word.split_once('=')?;
        let field = descriptor.and_then(|descriptor| {
            let mut fields = descriptor.fields.iter();
            fields.find(|field| is_same_name(name, field.wire))
        });
        let name = field.map_or(name, |field| field.wire);
        let value = scalar(field.map_or(Kind::Text, |field| field.kind), value);
        if !names.insert(name) {
            rows.push(Object::default());
            names = BTreeSet::from([name]);
        }
        if let Some(row) = rows.last_mut() {
            row.members.push((name.to_owned(), value));
        }
    }
    Some(rows.into_iter().map(Node::Object).collect())
}

/// A single value as a word writes it.
fn scalar(kind: Kind, word: &str) -> Node {
    // What a variable is a part of is not in the text either.
    if let Some((_, behind)) = word.split_once('\0') {
        return Node::Lookup(behind.split('\0').next().unwrap_or_default().to_owned());
    }
    match (kind, word) {
        (Kind::Boolean, "true") => Node::Bool(true),
        (Kind::Boolean, "false") => Node::Bool(false),
        (Kind::Integer, digits) => digits
            .parse()
            .map_or_else(|_| Node::Text(digits.to_owned()), Node::Number),
        _ => Node::Text(word.to_owned()),
    }
}
