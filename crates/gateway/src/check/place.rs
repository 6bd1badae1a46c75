//! Where the values of a request stand in its text.

use std::fmt;
use std::ops::Range;

use dsw_form::draft::ROOT;
use dsw_model::descriptor::Kind;
use dsw_model::path::{Path, Step};
use jsonc_parser::ast::{ObjectProp, ObjectPropName, Value};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde::Serialize;

/// A part of a text. Lines and columns count from 1, columns in characters; the end is behind the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Span {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
}

impl Span {
    /// The one character at this place.
    pub(super) fn point(line: usize, column: usize) -> Self {
        Self {
            line,
            column,
            end_line: line,
            end_column: column + 1,
        }
    }

    /// Its begin, as compilers print places.
    pub(super) fn start(self) -> impl fmt::Display {
        format!("{}:{}", self.line, self.column)
    }
}

/// A text and where what is in it.
pub(super) struct Places<'a> {
    text: &'a str,
    /// Bytes and characters of such a text are the same.
    is_ascii: bool,
    /// The first byte of each line.
    lines: Vec<usize>,
    root: Option<Value<'a>>,
}

impl<'a> Places<'a> {
    /// The places of a text that is JSON.
    pub(super) fn of(text: &'a str) -> Self {
        let strict = ParseOptions {
            allow_comments: false,
            allow_loose_object_property_names: false,
            allow_trailing_commas: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        };
        // What the model's reader takes and this one does not has no places; its findings stand at the begin.
        let parsed = parse_to_ast(text, &CollectOptions::default(), &strict).ok();
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            text,
            is_ascii: text.is_ascii(),
            lines: std::iter::once(0)
                .chain(breaks.map(|(at, _)| at + 1))
                .collect(),
            root: parsed.and_then(|parsed| parsed.value),
        }
    }

    /// The JSON Pointer of a path, with the names that stand in the text, and its place: that of the value, of
    /// the name if the name is the matter, and of what should hold it where there is none.
    pub(super) fn find(&self, path: &Path) -> (String, Span) {
        let mut pointer = String::new();
        let mut kind = Some(Kind::Struct(ROOT));
        let mut value = self.root.as_ref();
        // What is missing is said of the last thing that is there: of the request its opening brace.
        let mut range = value.map_or(0..0, |root| root.start()..root.start() + 1);
        let mut steps = path.steps().iter();
        while let Some(step) = steps.next() {
            let name = match (step, kind) {
                (Step::Field(field), Some(Kind::Struct(descriptor))) => descriptor
                    .fields
                    .get(usize::from(field.0))
                    .map(|field| field.wire),
                (Step::Key(key), _) => Some(&**key),
                _ => None,
            };
            let is_last = steps.len() == 0;
            let mut member = None;
            let inner = match (value, step) {
                (Some(Value::Object(object)), Step::Row(row)) => {
                    member = object.properties.get(*row as usize);
                    member.map(|member| &member.value)
                }
                (Some(Value::Array(array)), Step::Row(row)) => array.elements.get(*row as usize),
                (Some(Value::Object(object)), _) => {
                    member = name.and_then(|name| named(&object.properties, name));
                    member.map(|member| &member.value)
                }
                _ => None,
            };
            push(&mut pointer, step, member, name);
            if let Some(inner) = inner {
                range = match (member, step) {
                    // Of a member that nobody knows, and of an entry of a map, the name is the matter.
                    (Some(member), Step::Key(_) | Step::Row(_)) if is_last => {
                        range_of(&member.name)
                    }
                    _ => inner.start()..inner.end(),
                };
                if let Some(member) = member
                    && !is_last
                {
                    range = range_of(&member.name);
                }
            }
            value = inner;
            kind = kind.and_then(|kind| kind.inside(step));
        }
        (pointer, self.span(range))
    }

    fn span(&self, range: Range<usize>) -> Span {
        let (line, column) = self.line_and_column(range.start);
        let (end_line, end_column) = self.line_and_column(range.end.max(range.start + 1));
        Span {
            line,
            column,
            end_line,
            end_column,
        }
    }

    fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= byte);
        let start = self.lines[line - 1];
        let before = &self.text.as_bytes()[start..byte.min(self.text.len()).max(start)];
        let column = if self.is_ascii {
            before.len()
        } else {
            String::from_utf8_lossy(before).chars().count()
        };
        (line, column + 1)
    }
}

fn named<'v, 'a>(members: &'v [ObjectProp<'a>], name: &str) -> Option<&'v ObjectProp<'a>> {
    members.iter().find(|member| member.name.as_str() == name)
}

fn range_of(name: &ObjectPropName<'_>) -> Range<usize> {
    name.start()..name.end()
}

/// Adds a step to a pointer. An entry of a map goes by its name.
fn push(pointer: &mut String, step: &Step, member: Option<&ObjectProp<'_>>, name: Option<&str>) {
    pointer.push('/');
    match (member, name, step) {
        (Some(member), ..) => pointer.push_str(&escaped(member.name.as_str())),
        (None, Some(name), _) => pointer.push_str(&escaped(name)),
        (None, None, Step::Row(row)) => pointer.push_str(&row.to_string()),
        (None, None, _) => pointer.push('?'),
    }
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
