//! The body as lines: the text that is shown, copied and sent, with the place of each line.

use std::fmt::Write as _;

use dsw_model::descriptor::{Kind, field_step};
use dsw_model::path::{Path, Step};
use serde_json::Value;

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
}

/// The body in lines, two spaces to a level: joined by line breaks they are the pretty-printed body.
pub fn lines(review: &Review, draft: &Draft) -> Vec<Line> {
    let mut printer = Printer {
        lines: Vec::new(),
        depth: 0,
    };
    printer.value(
        String::new(),
        Some(Kind::Struct(ROOT)),
        Some(draft),
        &review.body,
        Path::ROOT,
        true,
    );
    printer.lines
}

/// The body as one text, as it is shown, copied and downloaded.
pub fn text(review: &Review) -> String {
    pretty(&review.body)
}

/// Any JSON as one text, two spaces to a level.
pub fn pretty(value: &Value) -> String {
    let mut printer = Printer {
        lines: Vec::new(),
        depth: 0,
    };
    printer.value(String::new(), None, None, value, Path::ROOT, true);
    let lines: Vec<_> = printer.lines.into_iter().map(|line| line.text).collect();
    lines.join("\n")
}

struct Printer {
    lines: Vec<Line>,
    depth: usize,
}

impl Printer {
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
                self.line(format!("]{comma}"), &path, true);
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
                    let mut head = String::new();
                    write!(head, "{}: ", Value::from(name.as_str()))
                        .expect("writing to a String cannot fail");
                    self.value(head, kind, draft, member, path, n + 1 == members.len());
                }
                self.depth -= 1;
                self.line(format!("}}{comma}"), &path, true);
            }
            scalar => {
                write!(head, "{scalar}{comma}").expect("writing to a String cannot fail");
                self.line(head, &path, false);
            }
        }
    }

    fn line(&mut self, text: String, path: &Path, closes: bool) {
        let indented = "  ".repeat(self.depth) + &text;
        self.lines.push(Line {
            text: indented,
            path: path.clone(),
            closes,
        });
    }
}
