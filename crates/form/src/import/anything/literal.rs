//! Values as programs write them: literals, objects of classes, and look-ups of variables.

use dsw_model::json::{MAX_DEPTH, Problem, line_and_column};

use super::RepairKind;
use super::node::{Node, Object};
use super::reader::{Dialect, Reader, Wrong, variable};

/// How much deeper values may stand in each other in a program: that at the deepest level of a body stands in
/// calls.
const CALLS: usize = 8;

/// What is handed to a function, with the names that Python gives to it.
type Arguments = Vec<(Option<String>, Node)>;

impl Reader<'_> {
    /// Reads the value that begins here.
    pub(super) fn value(&mut self, depth: usize) -> Result<Node, Wrong> {
        self.skip()?;
        let most = if self.dialect == Dialect::Json {
            MAX_DEPTH
        } else {
            MAX_DEPTH + CALLS
        };
        if depth > most {
            return Err((Problem::TooDeep, self.at));
        }
        let value = match self.peek() {
            Some('{') => self.object(depth, false)?,
            Some('[') if self.dialect == Dialect::Go => self.go_list(depth)?,
            Some('[') => Node::List(self.list(depth, ']', false)?),
            Some('(') if self.dialect != Dialect::Json => self.parenthesis(depth)?,
            // Go's address of an object.
            Some('&') if self.dialect == Dialect::Go => {
                self.at += 1;
                return self.value(depth + 1);
            }
            Some('\0') if self.has_lookups => self.lookup()?,
            Some('-' | '+' | '.' | '0'..='9') => self.number()?,
            _ if self.opens_text() => self.quoted("")?,
            _ => self.word(depth)?,
        };
        if self.dialect == Dialect::Json {
            Ok(value)
        } else {
            self.operators(value, depth)
        }
    }

    /// The variable between two NUL.
    fn lookup(&mut self) -> Result<Node, Wrong> {
        let start = self.at;
        self.at += 1;
        let end = self.rest().find('\0').ok_or((Problem::NotAValue, start))?;
        let name = self.rest()[..end].to_owned();
        self.at += end + 1;
        Ok(Node::Lookup(name))
    }

    /// Reads values until a bracket. What has no type before it is of the class of the list.
    fn list(&mut self, depth: usize, close: char, is_typed: bool) -> Result<Vec<Node>, Wrong> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.closes(close)? {
            let item = match self.peek() {
                Some('{') if is_typed => self.object(depth + 1, true)?,
                _ => self.value(depth + 1)?,
            };
            items.push(item);
            self.comma(close, false)?;
        }
        Ok(items)
    }

    /// Passes over this bracket, if it is here.
    fn closes(&mut self, close: char) -> Result<bool, Wrong> {
        self.skip()?;
        let closes = self.peek() == Some(close);
        self.at += usize::from(closes);
        Ok(closes)
    }

    /// Passes over a comma, also one that is missing or followed by nothing; not over the bracket.
    fn comma(&mut self, close: char, before_name: bool) -> Result<(), Wrong> {
        let end = self.at;
        self.skip()?;
        let here = self.at;
        let Some(next) = self.peek() else {
            return Err((Problem::EndsEarly, here));
        };
        if next == close {
            return Ok(());
        }
        if self.eat(",") {
            self.skip()?;
            if self.peek() == Some(close) {
                self.repair(here, RepairKind::TrailingComma);
            }
            return Ok(());
        }
        let has_break = self.text[end..here].contains('\n');
        let is_obvious = match self.dialect {
            Dialect::Hcl => has_break,
            Dialect::Json => {
                let begins_name =
                    self.opens_text() || has_break && (next.is_alphabetic() || next == '_');
                let is_bracket = matches!(next, '{' | '[');
                let follows_bracket = self.text[..end].ends_with(['}', ']']);
                let begins_value =
                    is_bracket || self.opens_text() || next.is_ascii_digit() || next == '-';
                if before_name {
                    begins_name
                } else {
                    has_break && begins_value || is_bracket && follows_bracket
                }
            }
            _ => false,
        };
        if !is_obvious {
            return Err((Problem::MissingComma, here));
        }
        self.repair(end, RepairKind::MissingComma);
        Ok(())
    }

    /// Reads names and values until a brace.
    fn object(&mut self, depth: usize, is_typed: bool) -> Result<Node, Wrong> {
        self.at += 1;
        let mut members = Vec::new();
        let mut starts = Vec::new();
        while !self.closes('}')? {
            let start = self.at;
            let name = self.member_name(depth)?;
            self.skip()?;
            let value = if self.eat(":") || self.dialect == Dialect::Hcl && self.eat("=") {
                self.value(depth + 1)?
            } else if self.dialect == Dialect::TypeScript && matches!(self.peek(), Some(',' | '}'))
            {
                Node::Lookup(name.clone())
            } else {
                return Err(self.wrong(Problem::MissingColon));
            };
            starts.push(start);
            members.push((name, value));
            self.comma('}', true)?;
        }
        self.object_of(members, &starts, is_typed)
    }

    /// An object of these members, which begin at these bytes.
    fn object_of(
        &self,
        members: Vec<(String, Node)>,
        starts: &[usize],
        is_typed: bool,
    ) -> Result<Node, Wrong> {
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_unstable_by(|a, b| members[*a].0.cmp(&members[*b].0).then(a.cmp(b)));
        let twice = order
            .windows(2)
            .find(|pair| members[pair[0]].0 == members[pair[1]].0);
        if let Some([first, second]) = twice.and_then(|pair| <[usize; 2]>::try_from(pair).ok()) {
            let first = line_and_column(self.text, starts[first]).0;
            let name = members[second].0.clone();
            return Err((Problem::Duplicate { name, first }, starts[second]));
        }
        Ok(Node::Object(Object { members, is_typed }))
    }

    fn member_name(&mut self, depth: usize) -> Result<String, Wrong> {
        let start = self.at;
        if self.opens_text() {
            return match self.quoted("")? {
                Node::Text(text) => Ok(text),
                _ => Err((Problem::NameWithoutQuotes, start)),
            };
        }
        let name = self.name();
        if !name.is_empty() {
            self.repair(start, RepairKind::NameWithoutQuotes);
            return Ok(name.to_owned());
        }
        // A computed name.
        if self.dialect == Dialect::TypeScript && self.eat("[") {
            if let Node::Text(text) = self.value(depth + 1)?
                && self.closes(']')?
            {
                return Ok(text);
            }
            return Err((Problem::NameWithoutQuotes, start));
        }
        Err(self.wrong(Problem::NameWithoutQuotes))
    }

    /// Reads what stands in parentheses: one value, several, or a type that is cast to.
    fn parenthesis(&mut self, depth: usize) -> Result<Node, Wrong> {
        let start = self.at;
        self.at += 1;
        if self.dialect == Dialect::Java {
            let is_type = !self.names().is_empty() && self.closes(')')?;
            self.skip()?;
            if is_type && self.peek().is_some_and(|next| !",);.}".contains(next)) {
                return self.value(depth + 1);
            }
            self.at = start;
        }
        let mut items = self.list(depth, ')', false)?;
        let is_several = self.text[..self.at - 1].trim_end().ends_with(',');
        Ok(if items.len() == 1 && !is_several {
            items.remove(0)
        } else {
            Node::List(items)
        })
    }

    /// Reads what begins with a name: an atom, a call, a look-up.
    fn word(&mut self, depth: usize) -> Result<Node, Wrong> {
        let start = self.at;
        let mut name = self.names();
        if self.dialect == Dialect::Json {
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

    /// JSON's atoms, and those of Python and JavaScript.
    fn json_word(&mut self, name: &str, start: usize) -> Result<Node, Wrong> {
        let (node, is_json) = match name {
            "true" | "True" | "TRUE" => (Node::Bool(true), name == "true"),
            "false" | "False" | "FALSE" => (Node::Bool(false), name == "false"),
            "null" | "None" | "NULL" | "undefined" => (Node::Null, name == "null"),
            "" => return Err(self.wrong(Problem::NotAValue)),
            _ => return Err((Problem::NotAValue, start)),
        };
        if !is_json {
            self.repair(start, RepairKind::Word);
        }
        Ok(node)
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
    fn go_list(&mut self, depth: usize) -> Result<Node, Wrong> {
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
    fn arguments(&mut self, depth: usize) -> Result<Arguments, Wrong> {
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
            | "dumps" | "stringify" | "jsonencode" | "valueOf" | "loads" | "parse"
                if !values.is_empty() =>
            {
                values.swap_remove(0)
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
            Node::Object(Object { members, is_typed }) if members.len() == starts.len() => {
                self.object_of(members, &starts, is_typed)
            }
            value => Ok(value),
        }
    }

    /// Reads what goes on behind a value: texts that are joined, and what stands in where there is none.
    fn operators(&mut self, mut value: Node, depth: usize) -> Result<Node, Wrong> {
        loop {
            let end = self.at;
            self.skip()?;
            let is_text = matches!(value, Node::Text(_));
            if is_text && self.dialect == Dialect::Python && self.opens_text() {
                let more = self.quoted("")?;
                value = joined(value, more);
            } else if self.dialect != Dialect::Hcl && self.eat("+") {
                let more = self.operand(depth)?;
                value = joined(value, more);
            } else if matches!(value, Node::Lookup(_))
                && (self.eat("??") || self.eat("||") || self.eat("or "))
            {
                self.operand(depth)?;
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

    /// A value without what goes on behind it.
    fn operand(&mut self, depth: usize) -> Result<Node, Wrong> {
        self.skip()?;
        if self.opens_text() {
            self.quoted("")
        } else {
            self.value(depth + 1)
        }
    }
}

/// An object of a class.
fn typed(members: Vec<(String, Node)>) -> Node {
    Node::Object(Object {
        members,
        is_typed: true,
    })
}

/// The variable of the environment that a call looks up.
fn looked_up(values: &[Node]) -> Option<Node> {
    match values.first() {
        Some(Node::Text(name)) => Some(Node::Lookup(name.clone())),
        _ => None,
    }
}

/// Two texts as one.
fn joined(first: Node, second: Node) -> Node {
    match (first, second) {
        (Node::Text(mut first), Node::Text(second)) => {
            first.push_str(&second);
            Node::Text(first)
        }
        (Node::Lookup(name), _) | (_, Node::Lookup(name)) => Node::Lookup(name),
        (first, _) => first,
    }
}
