//! The body as lines: the text that is shown, with the place of each line.
//!
//! A body may have tens of thousands of lines of which an edit changes one. So it is printed in [`Chunk`]s, one
//! for each field and for each row of a list or map, and a [`Printout`] prints again only those that changed.

use std::fmt::Write as _;
use std::ops::Deref;
use std::sync::Arc;

use dsw_model::descriptor::{Control, FieldDescriptor, Kind, field_step};
use dsw_model::path::{Path, Step};
use dsw_model::secrecy::Secrecy;
use dsw_model::verdict::Splice;
use serde_json::{Map, Value};

use crate::changes::{Changes, UNKNOWN, root_field};
use crate::draft::{Draft, ROOT};
use crate::review::Review;

/// One line of the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its text with indentation, without line break.
    pub text: String,
    /// The value that begins in it or, in a line that closes a bracket, ends.
    pub path: Path,
    /// Whether the line only closes a bracket.
    pub closes: bool,
    /// Whether the text in it is a secret, not to be shown unasked.
    pub secret: bool,
}

/// Lines that are printed together. A clone is the same chunk.
#[derive(Clone, Debug)]
pub struct Chunk(Arc<Printed>);

/// The lines of a chunk.
#[derive(Debug)]
pub struct Printed {
    /// The lines themselves.
    pub lines: Vec<Line>,
    /// Whether one of them holds a secret.
    pub secret: bool,
    /// The length of their texts.
    bytes: usize,
}

impl Deref for Chunk {
    type Target = Printed;

    fn deref(&self) -> &Printed {
        &self.0
    }
}

impl Chunk {
    /// Whether two chunks read the same.
    pub fn reads_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || self.lines.len() == other.lines.len()
                && self.bytes == other.bytes
                && self.secret == other.secret
                && self
                    .lines
                    .iter()
                    .zip(&other.lines)
                    .all(|(a, b)| a.text == b.text)
    }

    /// The value that begins in its first line.
    fn path(&self) -> &Path {
        &self.lines[0].path
    }
}

/// The body as one text, as it is copied and downloaded: two spaces to a level.
pub fn text(review: &Review) -> String {
    pretty(&review.body)
}

/// Any JSON as one text, two spaces to a level.
pub fn pretty(value: &Value) -> String {
    let mut printer = Printer::new(0);
    printer.value(String::new(), None, None, value, Path::ROOT, true);
    let lines: Vec<_> = printer.lines.into_iter().map(|line| line.text).collect();
    lines.join("\n")
}

/// Chunks that follow each other as one text.
pub fn joined(chunks: &[Chunk]) -> String {
    let mut text = String::new();
    for line in chunks.iter().flat_map(|chunk| &chunk.lines) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&line.text);
    }
    text
}

/// The printed body of a draft that is being edited.
///
/// Its lines, joined by line breaks, are the [`text`] of the body.
#[derive(Debug, Default)]
pub struct Printout {
    /// For each field of the request, and last for the members that the model does not know, its chunks; none
    /// for a field that is not set. A list or map has one for the line that opens it, for each row, and for
    /// the line that closes it.
    fields: Vec<Vec<Chunk>>,
    /// The chunks of the members that the model does not know, in the order of their names.
    names: Vec<usize>,
    /// The field after which no comma follows.
    last: usize,
    chunks: Vec<Chunk>,
    /// What was said of variables, and whether that is new since they were printed.
    secrecy: (Secrecy, bool),
}

impl Printout {
    /// The printout of a draft and its review.
    pub fn of(draft: &Draft, review: &Review) -> Self {
        let mut printout = Self::default();
        printout.update(draft, review, &Changes::all());
        printout
    }

    /// Hides variables by what was said of them, from the next update on. Returns whether that is new.
    pub fn keep_secret(&mut self, secrecy: &Secrecy) -> bool {
        let is_new = self.secrecy.0 != *secrecy;
        if is_new {
            self.secrecy = (secrecy.clone(), true);
        }
        is_new
    }

    /// All chunks, in the order of the body.
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// The number of lines, and of bytes with the line breaks between them.
    pub fn size(&self) -> (usize, usize) {
        self.chunks.iter().fold((0, 0), |(lines, bytes), chunk| {
            // No line break follows the last line.
            let breaks = chunk.lines.len() - usize::from(lines == 0);
            (lines + chunk.lines.len(), bytes + chunk.bytes + breaks)
        })
    }

    /// All lines.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.chunks.iter().flat_map(|chunk| &chunk.lines)
    }

    /// The chunk, and the line in it, in which the value of a path begins; nothing where it is not printed.
    /// `from` is a line to begin at: findings come in the order of the lines.
    pub fn locate(&self, path: &Path, from: (usize, usize)) -> Option<(usize, usize)> {
        let field = root_field(path);
        let index = self.fields.len().checked_sub(1)?.min(usize::from(field.0));
        let chunks = &self.fields[index];
        // The line that opens the body stands before the first field.
        let before = 1 + self.fields[..index].iter().map(Vec::len).sum::<usize>();
        let inside = match chunks.len() {
            0 => return None,
            1 => 0,
            _ if field == UNKNOWN => {
                // In no order that could be searched, and there may be thousands.
                let member = path.prefix(1);
                let found = self
                    .names
                    .binary_search_by(|at| chunks[*at].path().cmp(&member));
                self.names[found.ok()?]
            }
            rows => chunks[1..rows - 1].partition_point(|row| row.path() <= path),
        };
        let chunk = before + inside;
        let lines = &chunks[inside].lines;
        let begins = |line: &Line| !line.closes && line.path == *path;
        let start = if from.0 == chunk { from.1 } else { 0 };
        let found = lines[start..].iter().position(begins).map(|at| at + start);
        let line = found.or_else(|| lines[..start].iter().position(begins))?;
        Some((chunk, line))
    }

    /// Prints again what has changed.
    pub fn update(&mut self, draft: &Draft, review: &Review, changes: &Changes) {
        let (Draft::Struct(object), Some(body)) = (draft, review.body.as_object()) else {
            *self = Self {
                chunks: vec![chunk(0, |print| {
                    print.line("{}".to_owned(), &Path::ROOT, false);
                })],
                secrecy: std::mem::take(&mut self.secrecy),
                ..Self::default()
            };
            return;
        };
        self.fields.resize(ROOT.fields.len() + 1, Vec::new());
        let unknown = ROOT.fields.len();
        let is_set = |index: usize| match ROOT.fields.get(index) {
            Some(field) => body.contains_key(field.wire),
            None => body.keys().any(|name| ROOT.field(name).is_none()),
        };
        let last = (0..=unknown)
            .rev()
            .find(|index| is_set(*index))
            .unwrap_or(0);
        let moved = last != self.last;
        let ends = [self.last, last];
        self.last = last;
        for (index, (field, draft)) in ROOT.fields.iter().zip(&object.fields).enumerate() {
            let step = field_step(index);
            let other = self.secrecy.1 && matches!(field.control, Control::Variables);
            if changes.fields.has(step) || other {
                let rows = changes.rows(step).filter(|_| !other);
                let printed = std::mem::take(&mut self.fields[index]);
                let value = body.get(field.wire);
                self.fields[index] = value.map_or_else(Vec::new, |value| {
                    self.field(index, field, draft, value, rows, printed)
                });
            } else if moved
                && ends.contains(&index)
                && let Some(value) = body.get(field.wire)
            {
                // Only a comma comes or goes.
                let none = Splice {
                    at: draft.row_count(),
                    removed: 0,
                    added: 0,
                };
                let printed = std::mem::take(&mut self.fields[index]);
                self.fields[index] = self.field(index, field, draft, value, Some(none), printed);
            }
        }
        if changes.fields.has(UNKNOWN) || moved {
            let chunks = Self::unknown(body);
            self.names = (0..chunks.len()).collect();
            self.names
                .sort_unstable_by(|one, other| chunks[*one].path().cmp(chunks[*other].path()));
            self.fields[unknown] = chunks;
        }
        let brackets = if body.is_empty() {
            &["{}"][..]
        } else {
            &["{", "}"]
        };
        let mut brackets = brackets.iter().enumerate().map(|(n, text)| {
            chunk(0, |print| {
                print.line((*text).to_owned(), &Path::ROOT, n > 0);
            })
        });
        let mut chunks: Vec<Chunk> = brackets.next().into_iter().collect();
        chunks.extend(self.fields.iter().flatten().cloned());
        chunks.extend(brackets);
        self.chunks = chunks;
        self.secrecy.1 = false;
    }

    /// The chunks of a field that is set. `printed` are those from before, of which all but these rows stay.
    fn field(
        &self,
        index: usize,
        field: &FieldDescriptor,
        draft: &Draft,
        value: &Value,
        rows: Option<Splice>,
        mut printed: Vec<Chunk>,
    ) -> Vec<Chunk> {
        let path = Path::ROOT.join(field_step(index));
        let last = index == self.last;
        let head = named(field.wire);
        let (count, open, close) = match (field.kind, draft, value) {
            (Kind::List(_), Draft::List(_), Value::Array(items)) => (items.len(), "[", "]"),
            (Kind::Map(_), Draft::Map(_), Value::Object(members)) => (members.len(), "{", "}"),
            _ => {
                return vec![chunk(1, |print| {
                    print.value(head, Some(field.kind), Some(draft), value, path, last);
                })];
            }
        };
        let print_row = |nth: usize, row: usize| {
            let (path, last) = (path.join(row), nth + 1 == count);
            chunk(2, |print| match (field.kind, draft, value) {
                (Kind::List(item), Draft::List(rows), Value::Array(items)) => {
                    let draft = rows.get(row);
                    print.value(String::new(), Some(*item), draft, &items[row], path, last);
                }
                (Kind::Map(item), Draft::Map(rows), Value::Object(members)) => {
                    let (name, draft) = &rows[row];
                    let (head, value) = (named(name), &members[name.as_str()]);
                    print.value(head, Some(*item), Some(draft), value, path, last);
                    // A name alone hides nothing.
                    let text = value.as_str();
                    if matches!(field.control, Control::Variables)
                        && text != Some("")
                        && self.secrecy.0.hides(name, text.unwrap_or_default())
                    {
                        print.hide();
                    }
                }
                _ => {}
            })
        };
        let all_printed = count == draft.row_count();
        match rows {
            Some(rows) if all_printed && printed.len() + rows.added == count + 2 + rows.removed => {
                printed.remove(0);
                printed.pop();
                rows.apply(&mut printed, |row| print_row(row, row), |_| true);
                // The row before new ones at the end gets its comma, the one before old ones loses it.
                if rows.at > 0 && rows.at + rows.added == count {
                    printed[rows.at - 1] = print_row(rows.at - 1, rows.at - 1);
                }
            }
            _ => {
                let numbers = printed_rows(draft, value);
                let rows = numbers.into_iter().enumerate();
                printed = rows.map(|(nth, row)| print_row(nth, row)).collect();
            }
        }
        let line = |text: String, closes| chunk(1, |print| print.line(text, &path, closes));
        printed.insert(0, line(head + open, false));
        printed.push(line(comma_after(close, last), true));
        printed
    }

    /// The chunks of the members that the model does not know.
    fn unknown(body: &Map<String, Value>) -> Vec<Chunk> {
        let members = body.iter().filter(|(name, _)| ROOT.field(name).is_none());
        let mut members = members.peekable();
        let mut chunks = Vec::new();
        while let Some((name, value)) = members.next() {
            let (path, last) = (Path::ROOT.join(name.as_str()), members.peek().is_none());
            chunks.push(chunk(1, |print| {
                print.value(named(name), None, None, value, path, last);
            }));
        }
        chunks
    }
}

/// What is printed so many levels in.
fn chunk(depth: usize, print: impl FnOnce(&mut Printer)) -> Chunk {
    let mut printer = Printer::new(depth);
    print(&mut printer);
    let bytes = printer.lines.iter().map(|line| line.text.len()).sum();
    let lines = printer.lines;
    Chunk(Arc::new(Printed {
        secret: lines.iter().any(|line| line.secret),
        lines,
        bytes,
    }))
}

/// The rows of a list or map that its value holds, in order: those of a map without a name or with the name of
/// another are left out.
fn printed_rows(draft: &Draft, value: &Value) -> Vec<usize> {
    let (Draft::Map(rows), Value::Object(members)) = (draft, value) else {
        return (0..draft.row_count()).collect();
    };
    let mut names = members.keys().peekable();
    let rows = rows.iter().enumerate();
    rows.filter(|(_, (name, _))| names.next_if(|next| *next == name).is_some())
        .map(|(row, _)| row)
        .collect()
}

/// The name of a member and the colon behind it.
fn named(name: &str) -> String {
    Value::from(name).to_string() + ": "
}

fn comma_after(text: &str, last: bool) -> String {
    let comma = if last { "" } else { "," };
    text.to_owned() + comma
}

struct Printer {
    lines: Vec<Line>,
    depth: usize,
}

impl Printer {
    fn new(depth: usize) -> Self {
        Self {
            lines: Vec::new(),
            depth,
        }
    }

    /// Prints a value behind `head` (its member name and colon). Where kind or draft are unknown (inside a
    /// value that the model does not know) the lines lead to the value that is known.
    fn value(
        &mut self,
        mut head: String,
        kind: Option<Kind>,
        draft: Option<&Draft>,
        value: &Value,
        path: Path,
        last: bool,
    ) {
        let comma = if last { "" } else { "," };
        match value {
            Value::Array(items) if !items.is_empty() => {
                head.push('[');
                self.line(head, &path, false);
                self.depth += 1;
                for (row, item) in items.iter().enumerate() {
                    let (inner, inside) = match kind {
                        Some(Kind::List(item)) => (Some(*item), path.join(row)),
                        _ => (None, path.clone()),
                    };
                    let draft = draft.and_then(|draft| match draft {
                        Draft::List(rows) => rows.get(row),
                        _ => None,
                    });
                    self.value(
                        String::new(),
                        inner,
                        draft,
                        item,
                        inside,
                        row + 1 == items.len(),
                    );
                }
                self.depth -= 1;
                self.line(comma_after("]", last), &path, true);
            }
            Value::Object(members) if !members.is_empty() => {
                head.push('{');
                self.line(head, &path, false);
                self.depth += 1;
                // The rows of a map stand in the body in the same order, some left out.
                let mut row = 0;
                for (n, (name, member)) in members.iter().enumerate() {
                    let mut inner = (None, None, path.clone());
                    match (kind, draft) {
                        (Some(Kind::Struct(descriptor)), Some(Draft::Struct(object))) => {
                            inner = if let Some((index, field)) = descriptor.field(name) {
                                (
                                    Some(field.kind),
                                    object.fields.get(index),
                                    path.join(field_step(index)),
                                )
                            } else {
                                (None, None, path.join(Step::from(name.as_str())))
                            };
                        }
                        (Some(Kind::Map(item)), Some(Draft::Map(rows))) => {
                            while rows.get(row).is_some_and(|(key, _)| key != name) {
                                row += 1;
                            }
                            inner = (
                                Some(*item),
                                rows.get(row).map(|(_, draft)| draft),
                                path.join(row),
                            );
                            row += 1;
                        }
                        _ => {}
                    }
                    let (kind, draft, path) = inner;
                    self.value(
                        named(name),
                        kind,
                        draft,
                        member,
                        path,
                        n + 1 == members.len(),
                    );
                }
                self.depth -= 1;
                self.line(comma_after("}", last), &path, true);
            }
            scalar => {
                write!(head, "{scalar}{comma}").expect("writing to a String cannot fail");
                self.line(head, &path, false);
                if let Some(line) = self.lines.last_mut() {
                    // Also what came in another type: its parts have the path of the whole.
                    line.secret = matches!(path.kind(ROOT), Some(Kind::Secret));
                }
            }
        }
    }

    /// What is printed so far is a secret.
    fn hide(&mut self) {
        for line in &mut self.lines {
            line.secret = true;
        }
    }

    fn line(&mut self, text: String, path: &Path, closes: bool) {
        let indented = "  ".repeat(self.depth) + &text;
        self.lines.push(Line {
            text: indented,
            path: path.clone(),
            closes,
            secret: false,
        });
    }
}

#[cfg(test)]
mod tests {
    use dsw_model::rules::Context;

    use super::*;
    use crate::import::import;
    use crate::review::review;

    #[test]
    fn f62_variables_are_hidden_by_what_was_said_of_them() {
        let draft = import(r#"{"EnvironmentVariables": {"HF_TOKEN": "a", "HF_HOME": "b"}}"#);
        let draft = draft.expect("a request").draft;
        let review = review(&draft, &Context::default());
        let hidden = |printout: &Printout| {
            let lines = printout.lines().filter(|line| line.secret);
            lines
                .map(|line| line.text.trim().to_owned())
                .collect::<Vec<_>>()
        };
        let mut printout = Printout::of(&draft, &review);
        assert_eq!(hidden(&printout), [r#""HF_TOKEN": "a","#]);
        let before = printout.chunks().to_vec();
        let mut secrecy = Secrecy::default();
        secrecy.say("HF_TOKEN", false);
        secrecy.say("HF_HOME", true);
        printout.keep_secret(&secrecy);
        // Nothing of the draft has changed.
        printout.update(&draft, &review, &Changes::default());
        assert_eq!(hidden(&printout), [r#""HF_HOME": "b""#]);
        let same = |(one, other): (&Chunk, &Chunk)| one.reads_same(other);
        assert_eq!(
            before
                .iter()
                .zip(printout.chunks())
                .filter(|pair| !same(*pair))
                .count(),
            2
        );
    }
}
