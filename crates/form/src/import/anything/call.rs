//! What begins with a word in a program: objects of classes, calls, look-ups of variables.

use dsw_model::json::Problem;

use super::node::{Node, Object};
use super::reader::{Dialect, Reader, Wrong};
use super::text::variable;

/// What is handed to a function, with the names that Python gives to it.
pub(super) type Arguments = Vec<(Option<String>, Node)>;

impl Reader<'_> {
    /// Reads what begins with a name: an atom, a call, a look-up.
    pub(super) fn word(&mut self, depth: usize) -> Result<Node, Wrong> {
        let start = self.at;
        let mut name = self.names();
        if self.dialect == Dialect::Json {
            let is_class = name.len() > 5 && name.starts_with(|c: char| c.is_uppercase());
            let behind = self.at;
            if is_class {
                // So an object is printed. No atom is as long.
                self.skip()?;
                if self.peek() == Some('{') {
                    return self.object(depth, false);
                }
                self.at = behind;
            }
            return self.json_word(name, start);
        }
        while matches!(name, "new" | "await") {
            self.skip()?;
            name = self.names();
        }
        match name {
            "" => return Err(self.wrong(Problem::NotAValue)),
            "null" | "None" | "nil" | "undefined" => return Ok(Node::Null),
            "true" | "True" => return Ok(Node::Bool(true)),
            "false" | "False" => return Ok(Node::Bool(false)),
            "NaN" | "Infinity" => return Err((Problem::Number, start)),
            _ => {}
        }
        let is_prefix = name.len() <= 2 && name.bytes().all(|byte| b"rbufRBUF".contains(&byte));
        if self.dialect == Dialect::Python && is_prefix && self.opens_text() {
            return self.quoted(name);
        }
        if self.dialect == Dialect::Java && self.rest().starts_with('<') {
            let end = self
                .rest()
                .find(['>', '\n'])
                .filter(|end| self.rest()[*end..].starts_with('>'));
            self.at += end.map_or(0, |end| end + 1);
        }
        if self.dialect == Dialect::Go && name == "map" {
            self.at = start;
            self.go_type();
            return self.braced(depth, false);
        }
        let after_name = self.at;
        self.skip()?;
        let value = match self.peek() {
            Some('(') => {
                let arguments = self.arguments(depth)?;
                self.called(name, arguments, start)?
            }
            Some('{') if self.dialect == Dialect::Go => self.braced(depth, true)?,
            Some('[') => {
                self.at += 1;
                let inside = self.value(depth + 1)?;
                if !self.closes(']')? {
                    return Err(self.wrong(Problem::NotAValue));
                }
                match inside {
                    Node::Text(text) if matches!(name, "os.environ" | "process.env") => {
                        Node::Lookup(text)
                    }
                    _ => Node::Lookup(name.to_owned()),
                }
            }
            _ => {
                self.at = after_name;
                Node::Lookup(variable(name).to_owned())
            }
        };
        self.chain(value, depth)
    }

    /// The members of an object of Go, between braces.
    fn braced(&mut self, depth: usize, is_typed: bool) -> Result<Node, Wrong> {
        self.skip()?;
        if self.peek() != Some('{') {
            return Err(self.wrong(Problem::NotAValue));
        }
        self.object(depth, is_typed)
    }

    /// A slice of Go.
    pub(super) fn go_list(&mut self, depth: usize) -> Result<Node, Wrong> {
        let start = self.at;
        self.go_type();
        let class = self.text[start..self.at]
            .rsplit(['.', '*', ']'])
            .next()
            .unwrap_or_default();
        let is_typed = class.starts_with(|c: char| c.is_uppercase());
        if self.peek() != Some('{') {
            return Err(self.wrong(Problem::NotAValue));
        }
        Ok(Node::List(self.list(depth, '}', is_typed)?))
    }

    /// Passes over a type of Go.
    fn go_type(&mut self) {
        loop {
            if self.eat("interface{}") || self.eat("struct{}") {
                return;
            }
            if self.eat("*") || self.eat("[]") {
                continue;
            }
            let name = self.names();
            if name == "map" && self.eat("[") {
                self.names();
                if self.eat("]") {
                    continue;
                }
            }
            return;
        }
    }

    /// Reads what is handed to a function.
    pub(super) fn arguments(&mut self, depth: usize) -> Result<Arguments, Wrong> {
        self.at += 1;
        let mut arguments = Vec::new();
        while !self.closes(')')? {
            let start = self.at;
            let name = self.name();
            self.skip()?;
            let is_named =
                !name.is_empty() && self.rest().starts_with('=') && !self.rest().starts_with("==");
            if is_named {
                self.at += 1;
            } else {
                self.at = start;
            }
            let value = self.value(depth + 1)?;
            arguments.push((is_named.then(|| name.to_owned()), value));
            self.comma(')', false)?;
        }
        Ok(arguments)
    }

    /// What a call comes to, as far as that can be told without running it.
    fn called(&self, name: &str, arguments: Arguments, start: usize) -> Result<Node, Wrong> {
        let (owner, function) = name.rsplit_once('.').unwrap_or(("", name));
        let is_named = arguments.iter().any(|(name, _)| name.is_some());
        if is_named {
            let members = arguments.into_iter();
            let members: Vec<_> = members
                .map(|(name, node)| (name.unwrap_or_default(), node))
                .collect();
            let starts = vec![start; members.len()];
            let is_typed = function != "dict";
            return self.object_of(members, &starts, is_typed);
        }
        let mut values: Vec<_> = arguments.into_iter().map(|(_, node)| node).collect();
        let unknown = || Node::Lookup(name.to_owned());
        Ok(match function {
            "getenv" | "Getenv" | "secret" | "env" => looked_up(&values).unwrap_or_else(unknown),
            "get" if owner == "os.environ" => looked_up(&values).unwrap_or_else(unknown),
            "String" | "Int64" | "Int32" | "Int" | "Bool" | "Ptr" | "str" | "int" | "bool"
            | "dumps" | "stringify" | "jsonencode" | "valueOf" | "loads" | "parse" | "parseInt"
            | "parseLong"
                if !values.is_empty() =>
            {
                let value = values.swap_remove(0);
                let is_text = matches!(name, "String" | "str" | "String.valueOf");
                let is_number = matches!(function, "int" | "parseInt" | "parseLong")
                    || matches!(name, "Integer.valueOf" | "Long.valueOf");
                match &value {
                    Node::Number(_) if is_text => written(&value).map_or_else(unknown, Node::Text),
                    Node::Text(text) if is_number => number(text).unwrap_or_else(unknown),
                    _ => value,
                }
            }
            "Number" | "BigDecimal" | "BigInteger" | "Decimal" => match &values[..] {
                [Node::Text(digits)] => {
                    Node::Number(digits.parse().map_err(|_| (Problem::Number, start))?)
                }
                [Node::Number(number)] => Node::Number(number.clone()),
                _ => unknown(),
            },
            "of" | "map" | "singletonMap" if function != "of" || owner == "Map" => {
                let mut members = Vec::new();
                let mut values = values.into_iter();
                while let (Some(name), Some(value)) = (values.next(), values.next()) {
                    let Node::Text(name) = name else {
                        return Ok(unknown());
                    };
                    members.push((name, value));
                }
                let starts = vec![start; members.len()];
                self.object_of(members, &starts, false)?
            }
            "of" | "asList" | "singletonList" => Node::List(values),
            "list" | "tuple" | "emptyList" | "ArrayList" => match values.pop() {
                Some(list @ Node::List(_)) => list,
                None => Node::List(values),
                Some(_) => unknown(),
            },
            "emptyMap" | "HashMap" | "LinkedHashMap" if values.is_empty() => {
                Node::Object(Object::default())
            }
            "builder" if values.is_empty() => typed(Vec::new()),
            // An object of a class, made of nothing or of another object.
            _ if function.starts_with(|c: char| c.is_uppercase()) => match values.pop() {
                None => typed(Vec::new()),
                Some(Node::Object(object)) if values.is_empty() => typed(object.members),
                Some(_) => unknown(),
            },
            _ => unknown(),
        })
    }

    /// Reads the calls that follow a value with dots before them.
    fn chain(&mut self, mut value: Node, depth: usize) -> Result<Node, Wrong> {
        let mut starts = Vec::new();
        loop {
            let end = self.at;
            self.skip()?;
            let start = self.at;
            if self.dialect == Dialect::Hcl || !self.eat(".") {
                self.at = end;
                break;
            }
            self.skip()?;
            let name = self.name();
            if name.is_empty() {
                return Err(self.wrong(Problem::NotAValue));
            }
            self.skip()?;
            if self.peek() != Some('(') {
                value = Node::Lookup(name.to_owned());
                continue;
            }
            let mut arguments = self.arguments(depth)?;
            let argument = if arguments.len() == 1 {
                arguments.pop()
            } else {
                None
            };
            value = match (value, name, argument) {
                (_, "from_map" | "fromMap", Some((_, argument))) => argument,
                (value, "build" | "to_map" | "toMap" | "encode", _) => value,
                (Node::Object(mut object), _, Some((_, argument))) if object.is_typed => {
                    let member = name
                        .strip_prefix("set")
                        .filter(|rest| !rest.is_empty())
                        .unwrap_or(name);
                    object.members.push((member.to_owned(), argument));
                    starts.push(start);
                    Node::Object(object)
                }
                _ => Node::Lookup(name.to_owned()),
            };
        }
        match value {
            Node::Object(Object {
                members, is_typed, ..
            }) if members.len() == starts.len() => self.object_of(members, &starts, is_typed),
            value => Ok(value),
        }
    }

    /// Reads what goes on behind a value: texts that are joined, and what stands in where there is none.
    pub(super) fn operators(&mut self, mut value: Node, depth: usize) -> Result<Node, Wrong> {
        loop {
            let end = self.at;
            self.skip()?;
            let is_text = matches!(value, Node::Text(_));
            if is_text && self.dialect == Dialect::Python && self.opens_text() {
                let more = self.quoted("")?;
                value = joined(value, more);
            } else if self.dialect != Dialect::Hcl && self.eat("+") {
                let more = self.operand(depth + 1)?;
                value = joined(value, more);
            } else if matches!(value, Node::Lookup(_))
                && (self.eat("??") || self.eat("||") || self.eat("or "))
            {
                self.operand(depth + 1)?;
            } else if matches!(value, Node::Lookup(_))
                && self.dialect == Dialect::TypeScript
                && self.eat("!")
            {
                // It is said not to be undefined.
            } else {
                self.at = end;
                return Ok(value);
            }
        }
    }
}

/// An object of a class.
fn typed(members: Vec<(String, Node)>) -> Node {
    Node::Object(Object::new(members, true))
}

/// The variable of the environment that a call looks up.
fn looked_up(values: &[Node]) -> Option<Node> {
    match values.first() {
        Some(Node::Text(name)) => Some(Node::Lookup(name.clone())),
        _ => None,
    }
}

/// What a plus makes of two values. What else it may come to is not told from the text.
pub(super) fn joined(first: Node, second: Node) -> Node {
    match (first, second) {
        (Node::Text(first), Node::Text(second)) => Node::Text(first + &second),
        (Node::Text(first), second) => match written(&second) {
            Some(digits) => Node::Text(first + &digits),
            None => computed(second),
        },
        (Node::List(mut first), Node::List(second)) => {
            first.extend(second);
            Node::List(first)
        }
        (Node::Lookup(name), _) => Node::Lookup(name),
        (_, second) => computed(second),
    }
}

/// The value that an expression comes to, by the variable in it.
fn computed(node: Node) -> Node {
    match node {
        Node::Lookup(name) => Node::Lookup(name),
        _ => Node::Lookup("…".to_owned()),
    }
}

/// A whole number as a text: all languages write it in one way.
fn written(node: &Node) -> Option<String> {
    match node {
        Node::Number(number) => Some(number.to_string()).filter(|digits| is_whole(digits)),
        _ => None,
    }
}

/// The whole number that a text writes.
fn number(text: &str) -> Option<Node> {
    let digits = text.trim();
    let number = is_whole(digits).then(|| digits.parse().ok());
    number.flatten().map(Node::Number)
}

fn is_whole(digits: &str) -> bool {
    let digits = digits.strip_prefix('-').unwrap_or(digits);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
