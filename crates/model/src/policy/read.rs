//! From the text of a policy to a [`Policy`].

use serde_json::{Map, Value};

use super::table::{Member, POLICY, Shape};
use super::{Ask, Entry, MAX_WORDS, Policy, PolicyError, Problem, Unknown, Wanted, Words, sense};
use crate::amount::Amount;
use crate::json::{self, JsonError, places, pointer};
use crate::request::CreateInstanceRequest as Request;
use crate::rules::{Price, Severity};

/// What is wrong, and at which pointer.
#[derive(Debug)]
pub(super) struct Wrong {
    problem: Problem,
    pointer: String,
    /// Whether the name is the matter, not the value.
    of_name: bool,
}

impl Wrong {
    pub(super) fn at(pointer: &str, problem: Problem) -> Self {
        Self {
            problem,
            pointer: pointer.to_owned(),
            of_name: false,
        }
    }

    pub(super) fn name(pointer: &str, problem: Problem) -> Self {
        Self {
            of_name: true,
            ..Self::at(pointer, problem)
        }
    }
}

/// The pointer to a member or item.
pub(super) fn inside(pointer: &str, name: &str) -> String {
    let mut pointer = pointer.to_owned();
    pointer::push(&mut pointer, name);
    pointer
}

pub(super) fn policy(text: &str) -> Result<Policy, PolicyError> {
    let value = json::parse(text).map_err(|error| {
        let JsonError {
            problem,
            line,
            column,
        } = error;
        let before = text.split('\n').take(line - 1).map(|line| line.len() + 1);
        let start: usize = before.sum();
        let rest = text.get(start..).unwrap_or_default().chars();
        let byte = start + rest.take(column - 1).map(char::len_utf8).sum::<usize>();
        PolicyError {
            problem: Problem::Json(problem),
            pointer: places::pointer_at(text, byte),
            line,
            column,
        }
    })?;
    read(&value).map_err(|wrong| {
        let place = places::places(text, &[&wrong.pointer])[0];
        let (line, column) = if wrong.of_name {
            place.name
        } else {
            place.value
        };
        PolicyError {
            problem: wrong.problem,
            pointer: wrong.pointer,
            line,
            column,
        }
    })
}

fn read(value: &Value) -> Result<Policy, Wrong> {
    object(POLICY, value, "")?;
    let mut policy = build(value);
    let fields = sense::fields(&value["fields"])?;
    policy.entries.extend(fields.entries);
    policy.entries.extend(price(&value["price"]));
    policy.start = fields.start;
    sense::agrees(&mut policy, &fields.names)?;
    Ok(policy)
}

/// Checks an object: all of its members are known, and none is missing.
fn object(members: &'static [Member], value: &Value, at: &str) -> Result<(), Wrong> {
    let Value::Object(given) = value else {
        return Err(Wrong::at(at, Problem::Type(Wanted::Object)));
    };
    for (name, value) in given {
        let at = inside(at, name);
        let Some(member) = members.iter().find(|member| member.name == name) else {
            let known = members.iter().map(|member| member.name);
            let near = near(name, known);
            return Err(Wrong::name(&at, Problem::Unknown { near }));
        };
        check(member.shape, value, &at)?;
    }
    let mut needed = members.iter().filter(|member| member.needed);
    match needed.find(|member| !given.contains_key(member.name)) {
        Some(missing) => Err(Wrong::at(at, Problem::Missing(missing.name))),
        None => Ok(()),
    }
}

/// Checks a value.
pub(super) fn check(shape: Shape, value: &Value, at: &str) -> Result<(), Wrong> {
    let holds = |is: bool, problem| {
        if is {
            Ok(())
        } else {
            Err(Wrong::at(at, problem))
        }
    };
    let wanted = match (shape, value) {
        (Shape::Object(members), value) => {
            object(members, value, at)?;
            // Images have to name at least one way, a contact something.
            let says = |member: &Member| {
                !matches!(member.name, "severity" | "message") && value.get(member.name).is_some()
            };
            let needs = members.iter().any(|member| member.needed);
            return holds(needs || members.iter().any(says), Problem::Empty);
        }
        (Shape::Named(members), Value::Object(named)) => return each_named(members, named, at),
        // What is in them depends on the field.
        (Shape::Fields, Value::Object(fields)) => {
            return holds(!fields.is_empty(), Problem::Empty);
        }
        (Shape::Patterns, Value::Array(items)) => return list(items, true, at),
        (Shape::Values, Value::Array(items)) => return list(items, false, at),
        (Shape::Words, Value::String(text)) => {
            return worded(text).map_err(|problem| Wrong::at(at, problem));
        }
        (Shape::Words, Value::Object(said)) => return each_language(said, at),
        (Shape::Choice(choices), Value::String(text)) => {
            let problem = Problem::Choice(choices.join(", "));
            return holds(choices.contains(&text.as_str()), problem);
        }
        (Shape::Amount, Value::Number(_)) => {
            let amount = Amount::read(value);
            return holds(amount.is_some_and(|it| !it.is_zero()), Problem::Ceiling);
        }
        (Shape::Currency, Value::String(text)) => {
            let is = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
            return holds(is, Problem::Currency);
        }
        (Shape::Link, Value::String(text)) => {
            let rest = text.strip_prefix("https://").unwrap_or_default();
            let is = !rest.is_empty() && !text.contains(char::is_whitespace);
            return holds(is, Problem::Link);
        }
        (Shape::Version, value) => return holds(value.as_i64() == Some(1), Problem::Version),
        (Shape::True, Value::Bool(true)) | (Shape::Text, Value::String(_)) | (Shape::Value, _) => {
            return Ok(());
        }
        (Shape::Named(_) | Shape::Fields, _) => Wanted::Object,
        (Shape::Patterns | Shape::Values, _) => Wanted::Array,
        (Shape::Words, _) => Wanted::Words,
        (Shape::Text | Shape::Choice(_) | Shape::Currency | Shape::Link, _) => Wanted::Text,
        (Shape::Amount, _) => Wanted::Number,
        (Shape::True, _) => Wanted::True,
    };
    holds(false, Problem::Type(wanted))
}

/// Checks an object of names that the team chooses.
fn each_named(
    members: &'static [Member],
    named: &Map<String, Value>,
    at: &str,
) -> Result<(), Wrong> {
    if named.is_empty() {
        return Err(Wrong::at(at, Problem::Empty));
    }
    for (name, value) in named {
        let at = inside(at, name);
        plain(name, false).map_err(|problem| Wrong::name(&at, problem))?;
        object(members, value, &at)?;
    }
    Ok(())
}

/// Checks a list of texts.
fn list(items: &[Value], without_spaces: bool, at: &str) -> Result<(), Wrong> {
    if items.is_empty() {
        return Err(Wrong::at(at, Problem::Empty));
    }
    for (row, item) in items.iter().enumerate() {
        let checked = match item {
            Value::String(text) => plain(text, without_spaces),
            _ => Err(Problem::Type(Wanted::Text)),
        };
        let checked = match checked {
            Ok(()) if items[..row].contains(item) => Err(Problem::Twice),
            checked => checked,
        };
        checked.map_err(|problem| Wrong::at(&inside(at, &row.to_string()), problem))?;
    }
    Ok(())
}

/// Checks words in several languages.
fn each_language(said: &Map<String, Value>, at: &str) -> Result<(), Wrong> {
    const LANGUAGES: [&str; 2] = ["en", "zh"];
    if said.is_empty() {
        return Err(Wrong::at(at, Problem::Empty));
    }
    for (name, value) in said {
        let at = inside(at, name);
        if !LANGUAGES.contains(&name.as_str()) {
            let near = near(name, LANGUAGES.into_iter());
            return Err(Wrong::name(&at, Problem::Unknown { near }));
        }
        let checked = match value {
            Value::String(text) => worded(text),
            _ => Err(Problem::Type(Wanted::Text)),
        };
        checked.map_err(|problem| Wrong::at(&at, problem))?;
    }
    Ok(())
}

/// Whether a text can be what a value is compared with: without white space around it or line breaks in it, or
/// without any.
fn plain(text: &str, without_any: bool) -> Result<(), Problem> {
    let breaks = |letter: char| matches!(letter, '\n' | '\r' | '\u{2028}' | '\u{2029}');
    if text.is_empty() {
        Err(Problem::Empty)
    } else if text.trim() != text
        || text.contains(breaks)
        || without_any && text.contains(char::is_whitespace)
    {
        Err(Problem::Spaces)
    } else {
        Ok(())
    }
}

fn worded(text: &str) -> Result<(), Problem> {
    if text.trim().is_empty() {
        Err(Problem::Empty)
    } else if text.chars().count() > MAX_WORDS {
        Err(Problem::Wordy)
    } else {
        Ok(())
    }
}

/// The name that was most likely meant: one that differs in capitals, or in two letters at most.
pub(super) fn near<T: AsRef<str>>(name: &str, known: impl Iterator<Item = T>) -> Option<T> {
    let measured = known.map(|known| {
        let distance = if known.as_ref().eq_ignore_ascii_case(name) {
            0
        } else {
            distance(name, known.as_ref())
        };
        (distance, known)
    });
    let nearest = measured.min_by_key(|(distance, _)| *distance)?;
    // Of a short name too little is left for a likeness.
    let most = 2.min(name.chars().count() / 2);
    (nearest.0 <= most).then_some(nearest.1)
}

/// How many letters have to be added, left out or changed to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (n, letter) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = n + 1;
        for (m, wanted) in other.iter().enumerate() {
            let changed = before + usize::from(letter != *wanted);
            before = row[m + 1];
            row[m + 1] = changed.min(before + 1).min(row[m] + 1);
        }
    }
    row[other.len()]
}

/// The parts of a policy that say something of the request as a whole. Everything in it was checked.
fn build(value: &Value) -> Policy {
    let mut entries = Vec::new();
    let mut add = |part: &Value, ask: Ask| entries.push(entry(part, ask));
    let allowed = |part: &Value| texts(&part["allowed"]);
    let part = |name: &str| Some(&value[name]).filter(|part| !part.is_null());
    if let Some(regions) = part("regions") {
        add(regions, Ask::Region(allowed(regions)));
    }
    if let Some(workspaces) = part("workspaces") {
        add(
            workspaces,
            Ask::Text(Request::WORKSPACE_ID, allowed(workspaces)),
        );
    }
    if let Some(machines) = part("machines") {
        add(machines, Ask::Text(Request::ECS_SPEC, allowed(machines)));
    }
    if let Some(images) = part("images") {
        let (ids, mut registries) = (texts(&images["ids"]), texts(&images["registries"]));
        for registry in &mut registries {
            registry.truncate(registry.trim_end_matches('/').len());
        }
        add(images, Ask::Image { ids, registries });
    }
    for (name, list) in [("labels", Request::LABELS), ("tags", Request::TAG)] {
        for (key, wanted) in value[name].as_object().into_iter().flatten() {
            let (key, values) = (key.clone(), allowed(wanted));
            add(wanted, Ask::Key { list, key, values });
        }
    }
    Policy {
        name: words(&value["name"]),
        contact: words(&value["contact"]["text"]),
        link: text(&value["contact"]["link"]),
        entries,
        start: Vec::new(),
    }
}

fn price(part: &Value) -> Option<Entry> {
    let most = Price {
        amount: Amount::read(&part["ceiling"])?,
        currency: text(&part["currency"]),
    };
    let unknown = match part["unknown"].as_str() {
        Some("block") => Unknown::Block,
        Some("allow") => Unknown::Allow,
        _ => Unknown::Warn,
    };
    Some(entry(part, Ask::Price { most, unknown }))
}

/// What is asked in a part, with its severity and words.
pub(super) fn entry(part: &Value, ask: Ask) -> Entry {
    Entry {
        severity: match part["severity"].as_str() {
            Some("warning") => Severity::Warning,
            _ => Severity::Error,
        },
        words: words(&part["message"]),
        ask,
    }
}

fn words(value: &Value) -> Words {
    match value {
        Value::String(text) => Words {
            en: text.clone(),
            zh: String::new(),
        },
        value => Words {
            en: text(&value["en"]),
            zh: text(&value["zh"]),
        },
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.map(text).collect()
}

/// The object with these members, for a body that is made of paths.
pub(super) fn put(body: &mut Map<String, Value>, names: &str, value: &Value) {
    match names.split_once('.') {
        None => {
            body.insert(names.to_owned(), value.clone());
        }
        Some((first, rest)) => {
            let inner = body
                .entry(first)
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}
