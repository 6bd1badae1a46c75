//! [`Reader`]: spaces, comments, texts, numbers and words, as JSON and some languages write them.
//!
//! What JSON does not allow but obviously means one thing is read all the same, and noted.

use dsw_model::json::Problem;
use serde_json::Number;

use super::node::Node;
use super::{RepairKind, left_out};

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// JSON, and what people take for it.
    Json,
    Python,
    TypeScript,
    Go,
    Java,
    /// Terraform's.
    Hcl,
}

/// A problem and its byte.
pub(super) type Wrong = (Problem, usize);

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    /// The byte that is read next; always at the begin of a character.
    pub(super) at: usize,
    pub(super) dialect: Dialect,
    /// Whether a name between two NUL stands for the value of a variable: so the shell's words write it.
    pub(super) has_lookups: bool,
    /// What was mended, with its byte.
    pub(super) repairs: Vec<(usize, RepairKind)>,
    /// The bytes in comments where what belongs into the request begins, in their order.
    pub(super) left_out: Vec<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, dialect: Dialect) -> Self {
        Self {
            text,
            at: 0,
            dialect,
            has_lookups: false,
            repairs: Vec::new(),
            left_out: Vec::new(),
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn eat(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    pub(super) fn wrong(&self, problem: Problem) -> Wrong {
        let problem = if self.rest().is_empty() {
            Problem::EndsEarly
        } else {
            problem
        };
        (problem, self.at)
    }

    /// Notes that something at this byte is not JSON.
    pub(super) fn repair(&mut self, at: usize, kind: RepairKind) {
        if self.dialect == Dialect::Json {
            self.repairs.push((at, kind));
        }
    }

    /// The place of the next thing that is no space and no comment.
    pub(super) fn skip(&mut self) -> Result<(), Wrong> {
        while let Some(letter) = self.peek() {
            let has_hashes = matches!(self.dialect, Dialect::Json | Dialect::Python | Dialect::Hcl);
            // In Python they divide.
            let has_slashes = self.dialect != Dialect::Python;
            match letter {
                ' ' | '\t' | '\n' | '\r' => self.at += 1,
                '#' if has_hashes => self.line_comment(),
                '/' if has_slashes && self.rest().starts_with("//") => self.line_comment(),
                '/' if has_slashes && self.rest().starts_with("/*") => {
                    let Some(end) = self.rest().find("*/") else {
                        return Err((Problem::EndsEarly, self.at));
                    };
                    self.repair(self.at, RepairKind::Comment);
                    self.at += end + 2;
                }
                // A line that goes on.
                '\\' if self.dialect == Dialect::Python && self.rest().starts_with("\\\n") => {
                    self.at += 2;
                }
                _ if letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}') => {
                    // At the very begin it is a mark of the file.
                    if self.at > 0 || letter != '\u{feff}' {
                        self.repair(self.at, RepairKind::Space);
                    }
                    self.at += letter.len_utf8();
                }
                _ => break,
            }
        }
        Ok(())
    }

    fn line_comment(&mut self) {
        self.repair(self.at, RepairKind::Comment);
        let line = self.rest().lines().next().unwrap_or_default();
        let carried = left_out::in_comment(line).map(|at| self.at + at);
        // What could not be read is passed over twice.
        self.left_out
            .extend(carried.filter(|at| self.left_out.last() < Some(at)));
        self.at += line.len();
    }

    /// The name that begins here; empty if none does.
    pub(super) fn name(&mut self) -> &'a str {
        let rest = self.rest();
        let begins = rest.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$');
        let ends = |c: char| !(c.is_alphanumeric() || c == '_' || c == '$');
        let length = if begins {
            rest.find(ends).unwrap_or(rest.len())
        } else {
            0
        };
        self.at += length;
        &rest[..length]
    }

    /// Names with dots between them; empty if none begins here.
    pub(super) fn names(&mut self) -> &'a str {
        let (start, rest) = (self.at, self.rest());
        while !self.name().is_empty() {
            let behind = self.rest().strip_prefix('.');
            if !behind.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '_'))
            {
                break;
            }
            self.at += 1;
        }
        &rest[..self.at - start]
    }

    pub(super) fn number(&mut self) -> Result<Node, Wrong> {
        let start = self.at;
        let mut before = 'e';
        let bytes = self.rest().bytes();
        let length = bytes.take_while(|byte| {
            let byte = char::from(*byte);
            let is_sign = matches!(byte, '+' | '-') && matches!(before, 'e' | 'E');
            before = byte;
            is_sign || byte.is_ascii_alphanumeric() || matches!(byte, '.' | '_')
        });
        let length = length.count();
        self.at += length;
        let written = &self.text[start..self.at];
        let read: Option<Number> = match self.dialect {
            Dialect::Json | Dialect::Hcl => written.parse().ok(),
            Dialect::Java => written
                .trim_end_matches(['L', 'l'])
                .replace('_', "")
                .parse()
                .ok(),
            Dialect::TypeScript => written.trim_end_matches('n').replace('_', "").parse().ok(),
            Dialect::Python | Dialect::Go => written.replace('_', "").parse().ok(),
        };
        read.map(Node::Number).ok_or((Problem::Number, start))
    }
}
