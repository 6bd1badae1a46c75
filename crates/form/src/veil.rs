//! [`Veil`]: the body as a text to be edited, in which marks stand for secrets, and what puts them back.
//!
//! `docs/decisions/0020-the-body-is-edited-under-a-veil.md` tells why.

use std::sync::Arc;

use dsw_model::descriptor::{Control, Kind, field_step};
use dsw_model::path::{Path, Step};
use dsw_model::secrecy::Secrecy;
use serde_json::Value;

use crate::draft::{Draft, ROOT, StructDraft};
use crate::json;
use crate::print::pretty;

/// What marks begin with; a number follows.
const BULLET: char = '\u{2022}';

/// How many of them a mark has. Where the body has as many already there are more.
const FEWEST: usize = 6;

/// The most bullets that follow each other in a body.
fn longest_run(body: &Value) -> usize {
    let text = body.to_string();
    let runs = text.split(|letter| letter != BULLET);
    let longest = runs.map(str::len).max().unwrap_or_default();
    longest / BULLET.len_utf8()
}

/// A body with marks in place of its secrets: of what the preview hides.
#[derive(Debug, PartialEq)]
pub struct Veil {
    /// The body, two spaces to a level.
    pub text: String,
    mark: String,
    secrets: Vec<(Path, Value)>,
}

/// A mark that stands for nothing, or not where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mark of a secret that does not stand for one: line {line}, column {column}")]
pub struct BadMark {
    /// Line, from 1.
    pub line: usize,
    /// Character in that line, from 1.
    pub column: usize,
}

impl Veil {
    /// Veils a body. `secrecy` is what was said of variables.
    pub fn over(body: &Value, secrecy: &Secrecy) -> Self {
        // A text of the person's own is no mark.
        let length = FEWEST.max(longest_run(body) + 1);
        let mut veil = Self {
            text: String::new(),
            mark: BULLET.to_string().repeat(length),
            secrets: Vec::new(),
        };
        let mut body = body.clone();
        veil.hide(Some(Kind::Struct(ROOT)), &Path::ROOT, &mut body, secrecy);
        veil.text = pretty(&body);
        veil
    }

    /// Puts marks in place of the secrets of a value.
    fn hide(&mut self, kind: Option<Kind>, path: &Path, value: &mut Value, secrecy: &Secrecy) {
        match (kind, value) {
            (Some(Kind::Secret), value) => self.hide_all(path, value),
            (Some(Kind::Struct(descriptor)), Value::Object(members)) => {
                for (name, value) in members {
                    let Some((index, field)) = descriptor.field(name) else {
                        continue;
                    };
                    let path = path.join(field_step(index));
                    match (field.control, value) {
                        (Control::Variables, Value::Object(variables)) => {
                            for (name, value) in variables {
                                if secrecy.hides(name, value.as_str().unwrap_or_default()) {
                                    self.hide_all(&path.join(&**name), value);
                                }
                            }
                        }
                        (_, value) => self.hide(Some(field.kind), &path, value, secrecy),
                    }
                }
            }
            (Some(Kind::List(item)), Value::Array(rows)) => {
                for (row, value) in rows.iter_mut().enumerate() {
                    self.hide(Some(*item), &path.join(row), value, secrecy);
                }
            }
            (Some(Kind::Map(item)), Value::Object(members)) => {
                for (name, value) in members {
                    self.hide(Some(*item), &path.join(Step::from(&**name)), value, secrecy);
                }
            }
            _ => {}
        }
    }

    /// Puts marks in place of whatever says something.
    fn hide_all(&mut self, path: &Path, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for value in members.values_mut() {
                    self.hide_all(path, value);
                }
            }
            Value::Array(rows) => {
                for value in rows {
                    self.hide_all(path, value);
                }
            }
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            secret => {
                let number = (self.secrets.len() + 1).to_string();
                let mark = Value::from([&*self.mark, &number].concat());
                let secret = std::mem::replace(secret, mark);
                self.secrets.push((path.clone(), secret));
            }
        }
    }

    /// How many secrets are under it.
    pub fn count(&self) -> usize {
        self.secrets.len()
    }

    /// The places of the secrets whose marks are not in a text: they were replaced or taken away.
    pub fn missing(&self, text: &str) -> Vec<Path> {
        let mut stand: Vec<_> = self.marks(text).filter_map(|(_, number)| number).collect();
        stand.sort_unstable();
        let numbered = self.secrets.iter().zip(1..);
        let missing = numbered.filter(|(_, number)| stand.binary_search(number).is_err());
        missing.map(|((path, _), _)| path.clone()).collect()
    }

    /// Looks at the marks in a text: each has to be all that stands between two quotes.
    ///
    /// # Errors
    ///
    /// If one stands for no secret, or is a part of another text, or the name of a member.
    pub fn check(&self, text: &str) -> Result<(), BadMark> {
        for (at, number) in self.marks(text) {
            if number.is_none() {
                let (line, column) = json::line_and_column(text, at);
                return Err(BadMark { line, column });
            }
        }
        Ok(())
    }

    /// Where marks begin in a text, each with its number; nothing where it stands for no secret.
    fn marks<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, Option<usize>)> + 'a {
        text.match_indices(&*self.mark).map(|(at, mark)| {
            let quote = text[..at].chars().next_back();
            let quote = quote.filter(|sign| matches!(sign, '"' | '\''));
            let rest = &text[at + mark.len()..];
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at(digits);
            let after = quote.and_then(|quote| after.strip_prefix(quote));
            let is_value = after.is_some_and(|after| !after.trim_start().starts_with(':'));
            let number = number
                .parse()
                .ok()
                .filter(|number| (1..=self.secrets.len()).contains(number));
            (at, number.filter(|_| is_value))
        })
    }

    /// The secret that a text stands for.
    fn secret(&self, text: &str) -> Option<&Value> {
        let number: usize = text.strip_prefix(&*self.mark)?.parse().ok()?;
        let (_, secret) = self.secrets.get(number.checked_sub(1)?)?;
        Some(secret)
    }

    /// The draft of an edited text with the secrets in place of their marks.
    pub fn lift(&self, draft: &mut Draft) {
        let lifted = match draft {
            Draft::Text(text) => match self.secret(text) {
                Some(Value::String(secret)) => Draft::Text(secret.clone()),
                Some(secret) => Draft::Foreign(Arc::new(secret.clone())),
                // JSON in a field of its own.
                None if text.contains(&*self.mark) => match json::parse(text) {
                    Ok(mut value) => {
                        self.lift_value(&mut value);
                        Draft::Text(pretty(&value))
                    }
                    Err(_) => return,
                },
                None => return,
            },
            Draft::Foreign(value) => {
                self.lift_value(Arc::make_mut(value));
                return;
            }
            Draft::Struct(object) => {
                let StructDraft {
                    fields, unknown, ..
                } = Arc::make_mut(object);
                for draft in fields
                    .iter_mut()
                    .chain(unknown.iter_mut().map(|(_, draft)| draft))
                {
                    self.lift(draft);
                }
                return;
            }
            Draft::List(rows) => {
                for draft in Arc::make_mut(rows) {
                    self.lift(draft);
                }
                return;
            }
            Draft::Map(rows) => {
                for (_, draft) in Arc::make_mut(rows) {
                    self.lift(draft);
                }
                return;
            }
            Draft::Unset | Draft::Flag(_) => return,
        };
        *draft = lifted;
    }

    fn lift_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(secret) = self.secret(text) {
                    *value = secret.clone();
                }
            }
            Value::Array(rows) => rows.iter_mut().for_each(|value| self.lift_value(value)),
            Value::Object(members) => members
                .values_mut()
                .for_each(|value| self.lift_value(value)),
            _ => {}
        }
    }
}
