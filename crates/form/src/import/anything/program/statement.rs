//! Statements that change an object after it was made: `request.name = …`, `body["Name"] = …`, `request.setName(…)`,
//! `request.datasets.append(…)`, `body.update(…)`.

use super::{ATTEMPTS, Scan};
use crate::import::anything::call::{Arguments, joined};
use crate::import::anything::node::{Node, Object};
use crate::import::anything::reader::{Reader, Wrong};

/// How many members of members may lead to what a statement changes.
const STEPS: usize = 16;

/// What a statement does.
enum Change {
    /// The member is given this value.
    Set(Node),
    /// The value is joined with that which is there.
    Join(Node),
    /// It is a row more.
    Append(Node),
    /// Members are given values.
    Merge(Vec<(String, Node)>),
    /// It is not known what.
    Unknown,
}

impl<'a> Scan<'a> {
    /// Reads a statement that changes an object, if a name begins one. Otherwise only the name is passed over, and
    /// false is returned where it leads to no object.
    pub(super) fn statement(&mut self, name: &'a str) -> bool {
        let behind = self.reader.at;
        let Some((place, mut steps)) = self.leads(name) else {
            self.reader.at = behind;
            return false;
        };
        loop {
            let is_setter = steps.last().is_some_and(|step| setter(step).is_some());
            let Some(change) = self.change(&mut steps) else {
                // It changes nothing.
                self.reader.at = behind;
                return true;
            };
            if !self.apply(place, &steps, change) {
                self.held[place].beside.push(name.to_owned());
                // A request may stand in it.
                self.reader.at = behind;
                return true;
            }
            // Setters are called one behind the other.
            let end = self.reader.at;
            if !is_setter || self.reader.skip().is_err() || !self.reader.eat(".") {
                self.reader.at = end;
                return true;
            }
            let next = self.reader.name();
            if setter(next).is_none() {
                self.reader.at = end;
                return true;
            }
            steps.pop();
            steps.push(next.to_owned());
        }
    }

    /// The object that a name and the brackets behind it lead to, and the members that lead on from it.
    fn leads(&mut self, name: &str) -> Option<(usize, Vec<String>)> {
        let name = ["this.", "self."]
            .iter()
            .find_map(|owner| name.strip_prefix(owner))
            .unwrap_or(name);
        let mut parts = name.split('.');
        // The last of that name: variables are given anew.
        let place = *self.holders.get(parts.next()?)?;
        let mut steps: Vec<_> = parts.take(STEPS + 1).map(str::to_owned).collect();
        while steps.len() <= STEPS {
            let before = self.reader.at;
            let step = match self.reader.peek() {
                Some('[') => self.bracket(),
                Some('.') => {
                    self.reader.at += 1;
                    Some(self.reader.name().to_owned()).filter(|name| !name.is_empty())
                }
                _ => break,
            };
            let Some(step) = step else {
                self.reader.at = before;
                break;
            };
            steps.push(step);
        }
        (!steps.is_empty() && steps.len() <= STEPS).then_some((place, steps))
    }

    /// The name or number between brackets.
    fn bracket(&mut self) -> Option<String> {
        self.reader.at += 1;
        let rest = self.reader.rest();
        if self.reader.opens_text() && self.attempts < ATTEMPTS {
            let text = self.reader.quoted("");
            self.attempts += usize::from(text.is_err());
            return match text {
                Ok(Node::Text(text)) if self.reader.eat("]") => Some(text),
                _ => None,
            };
        }
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        self.reader.at += length;
        (length > 0 && self.reader.eat("]")).then(|| rest[..length].to_owned())
    }

    /// What a statement does, if it is one. The steps lead to what it does it to then.
    fn change(&mut self, steps: &mut Vec<String>) -> Option<Change> {
        let behind = self.reader.at;
        let member = steps.last()?.clone();
        let rest = self.reader.rest();
        let written = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        self.reader.at += rest.len() - written.len();
        let is_given =
            written.starts_with('=') && !["==", "=>"].iter().any(|it| written.starts_with(it));
        if is_given || written.starts_with("+=") {
            self.reader.at += if is_given { 1 } else { 2 };
            let value = self.given(Reader::value);
            let change = if is_given { Change::Set } else { Change::Join };
            return Some(change(self.or_lookup(value, member, behind)));
        }
        let is_method = matches!(
            &*member,
            "append" | "add" | "push" | "extend" | "addAll" | "put" | "set" | "update" | "putAll"
        );
        if !(written.starts_with('(') && (is_method || setter(&member).is_some())) {
            return None;
        }
        steps.pop();
        let arguments = self.given(Reader::arguments);
        if let Some(name) = setter(&member) {
            steps.push(name.to_owned());
            let value = arguments.and_then(only);
            return Some(Change::Set(self.or_lookup(value, member, behind)));
        }
        Some(match &*member {
            "append" | "add" | "push" => {
                let value = arguments.and_then(only);
                Change::Append(self.or_lookup(value, member, behind))
            }
            "extend" | "addAll" => {
                let value = arguments.and_then(only);
                Change::Join(self.or_lookup(value, member, behind))
            }
            "put" | "set" => match arguments.and_then(pair) {
                Some((name, value)) => {
                    steps.push(name);
                    Change::Set(value)
                }
                None => Change::Unknown,
            },
            _ => arguments
                .and_then(merged)
                .map_or(Change::Unknown, Change::Merge),
        })
    }

    /// A value, or that it could not be read.
    fn or_lookup(&mut self, value: Option<Node>, member: String, behind: usize) -> Node {
        value.unwrap_or_else(|| {
            self.reader.at = behind + 1;
            Node::Lookup(member)
        })
    }

    /// Reads something, unless too many values could not be read already.
    fn given<T>(&mut self, read: fn(&mut Reader<'a>, usize) -> Result<T, Wrong>) -> Option<T> {
        if self.attempts >= ATTEMPTS {
            return None;
        }
        let given = read(&mut self.reader, 0).ok();
        self.attempts += usize::from(given.is_none());
        given
    }

    /// Does what a statement does. False if it can not be done.
    fn apply(&mut self, place: usize, steps: &[String], mut change: Change) -> bool {
        match &mut change {
            Change::Set(node) | Change::Join(node) | Change::Append(node) => self.link(node),
            Change::Merge(members) => members.iter_mut().for_each(|(_, node)| self.link(node)),
            Change::Unknown => return false,
        }
        // What was given to a member before is not followed.
        let (last, steps) = match (&change, steps.split_last()) {
            (Change::Set(_), Some((last, steps))) => (Some(last), steps),
            _ => (None, steps),
        };
        let Some(mut node) = self.followed(place, steps) else {
            return false;
        };
        if let Some(last) = last {
            let Some(member) = inside(node, last, &mut false) else {
                return false;
            };
            node = member;
        }
        match (change, &mut *node) {
            (Change::Set(value), node) => *node = value,
            (Change::Append(value), Node::List(rows)) => rows.push(value),
            (Change::Append(value), Node::Null) => *node = Node::List(vec![value]),
            (Change::Join(value @ Node::List(_)), Node::Null) => *node = value,
            (Change::Join(value), node) => {
                let before = std::mem::replace(node, Node::Null);
                *node = joined(before, value);
            }
            (Change::Merge(members), Node::Object(object)) => {
                for (name, value) in members {
                    object.set(&name, value);
                }
            }
            (Change::Merge(members), Node::Null) => {
                *node = Node::Object(Object::new(members, false));
            }
            _ => return false,
        }
        true
    }

    /// What the members lead to, through objects that were read apart. What is not there yet is made.
    fn followed(&mut self, mut place: usize, mut steps: &[String]) -> Option<&mut Node> {
        while let Some((next, left)) = link_in(&mut self.held.get_mut(place)?.node, steps) {
            place = next;
            steps = &steps[steps.len() - left..];
        }
        let mut node = &mut self.held.get_mut(place)?.node;
        let mut is_typed = false;
        for step in steps {
            node = inside(node, step, &mut is_typed)?;
        }
        Some(node)
    }
}

/// The object that is linked where these members lead, or on the way, and how many of them are left there.
fn link_in(node: &mut Node, steps: &[String]) -> Option<(usize, usize)> {
    let mut node = node;
    let mut left = steps.len();
    for step in steps {
        node = match node {
            Node::Object(object) => object.find(step)?,
            Node::List(rows) => rows.get_mut(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
        left -= 1;
        if let Node::Link(place) = node {
            return Some((*place, left));
        }
    }
    None
}

/// The member or row of this name, made if it is not there.
fn inside<'n>(node: &'n mut Node, step: &str, is_typed: &mut bool) -> Option<&'n mut Node> {
    if matches!(node, Node::Null) {
        *node = Node::Object(Object::new(Vec::new(), *is_typed));
    }
    match node {
        Node::Object(object) => {
            *is_typed = object.is_typed;
            if object.find(step).is_none() {
                object.set(step, Node::Null);
            }
            object.find(step)
        }
        Node::List(rows) => rows.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    }
}

/// The member that a method sets, by its name.
fn setter(method: &str) -> Option<&str> {
    let name = method
        .strip_prefix("set")
        .or_else(|| method.strip_prefix("Set"))?;
    (!name.is_empty() && name != "default").then_some(name)
}

/// What is handed over, if it is one.
fn only(mut arguments: Arguments) -> Option<Node> {
    let last = arguments.pop();
    last.filter(|_| arguments.is_empty()).map(|(_, node)| node)
}

/// A name and a value that are handed over.
fn pair(arguments: Arguments) -> Option<(String, Node)> {
    let [(None, Node::Text(name)), (None, value)] = <[_; 2]>::try_from(arguments).ok()? else {
        return None;
    };
    Some((name, value))
}

/// The members that are handed over: by their names, or in an object.
fn merged(arguments: Arguments) -> Option<Vec<(String, Node)>> {
    let mut members = Vec::new();
    for (name, node) in arguments {
        match (name, node) {
            (Some(name), node) => members.push((name, node)),
            (None, Node::Object(object)) => members.extend(object.members),
            _ => return None,
        }
    }
    Some(members)
}
