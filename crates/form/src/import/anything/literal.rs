//! Values as programs write them: literals, objects of classes, and look-ups of variables.

use dsw_model::json::{MAX_DEPTH, Problem, line_and_column};

use super::RepairKind;
use super::node::{Node, Object};
use super::reader::{Dialect, Reader, Wrong};

/// How much deeper values may stand in each other in a program: that at the deepest level of a body stands in
/// calls.
const CALLS: usize = 8;

impl Reader<'_> {
    /// Reads the value that begins here.
    pub(super) fn value(&mut self, depth: usize) -> Result<Node, Wrong> {
        let value = self.operand(depth)?;
        if self.dialect == Dialect::Json {
            Ok(value)
        } else {
            self.operators(value, depth)
        }
    }

    /// Reads a value without what goes on behind it.
    pub(super) fn operand(&mut self, depth: usize) -> Result<Node, Wrong> {
        self.skip()?;
        let most = if self.dialect == Dialect::Json {
            MAX_DEPTH
        } else {
            MAX_DEPTH + CALLS
        };
        if depth > most {
            return Err((Problem::TooDeep, self.at));
        }
        Ok(match self.peek() {
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
        })
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
    pub(super) fn list(
        &mut self,
        depth: usize,
        close: char,
        is_typed: bool,
    ) -> Result<Vec<Node>, Wrong> {
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
    pub(super) fn closes(&mut self, close: char) -> Result<bool, Wrong> {
        self.skip()?;
        let closes = self.peek() == Some(close);
        self.at += usize::from(closes);
        Ok(closes)
    }

    /// Passes over a comma, also one that is missing or followed by nothing; not over the bracket.
    pub(super) fn comma(&mut self, close: char, before_name: bool) -> Result<(), Wrong> {
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
    pub(super) fn object(&mut self, depth: usize, is_typed: bool) -> Result<Node, Wrong> {
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
    pub(super) fn object_of(
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
        Ok(Node::Object(Object::new(members, is_typed)))
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

    /// JSON's atoms, and those of Python and JavaScript.
    pub(super) fn json_word(&mut self, name: &str, start: usize) -> Result<Node, Wrong> {
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
}
