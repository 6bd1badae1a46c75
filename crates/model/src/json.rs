//! Reading JSON text: exact, strict, and with the place of what is wrong.
//!
//! Numbers keep their digits and objects the order of their members. A member name that stands twice in one
//! object is refused: one of the two values would be lost without a word. The reader of `serde_json` does
//! neither (it takes an object with one certain member for a number, and the last of two members for both),
//! and readers that tell ranges cost the page four times as much: `docs/decisions/0004-json-reader.md`.

use serde_json::{Map, Value};

pub mod places;
pub mod pointer;
pub mod scan;

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at line {line}, column {column}")]
pub struct JsonError {
    /// What is wrong.
    pub problem: Problem,
    /// Line of the first character concerned, from 1.
    pub line: usize,
    /// Character in that line, from 1.
    pub column: usize,
}

/// What is wrong with a text that should be JSON. The words are shown to the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The text ends before the value does, or there is only white space.
    #[error("the text ends too early")]
    EndsEarly,
    /// Something follows the value.
    #[error("something follows the end of the JSON")]
    GoesOn,
    /// A comma with nothing after it.
    #[error("a comma is followed by nothing")]
    TrailingComma,
    /// Two members or items without a comma between them, or a bracket of the other kind.
    #[error("a comma or a closing bracket is missing")]
    MissingComma,
    /// A member without a colon.
    #[error("a colon is missing")]
    MissingColon,
    /// A member whose name is not text in double quotes.
    #[error("a name needs double quotes")]
    NameWithoutQuotes,
    /// Text without its closing quote; a line break ends it too.
    #[error("a closing quote is missing")]
    UnclosedText,
    /// A control character in a text, which has to be written as an escape.
    #[error("a control character has to be written with a backslash")]
    ControlCharacter,
    /// A backslash sequence that JSON does not have, or half of a surrogate pair.
    #[error("a backslash sequence is not one of JSON's")]
    Escape,
    /// A number that is not written as JSON writes numbers.
    #[error("a number is not written as JSON writes it")]
    Number,
    /// Objects or arrays in each other, deeper than the limit.
    #[error("brackets are nested too deep")]
    TooDeep,
    /// More members and items than the limit.
    #[error("there are too many members")]
    TooMany,
    /// The same name twice in one object.
    #[error("the name \"{name}\" stands in line {first} already")]
    Duplicate {
        /// The name.
        name: String,
        /// The line where it stands first.
        first: usize,
    },
    /// Something else that is no JSON value.
    #[error("a value is expected here")]
    NotAValue,
}

/// How deep objects and arrays may be nested: deeper than any request, and no danger for the stack.
pub const MAX_DEPTH: usize = 128;

/// What a text may hold at most. The reader enters itself once for each level, and no further than `depth`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How deep objects and arrays may be nested.
    pub depth: usize,
    /// How many members of objects and items of arrays there may be, at all levels together.
    pub members: usize,
}

/// Reads one JSON value.
///
/// # Errors
///
/// If the text is not exactly one JSON value, names a member twice, or is nested deeper than [`MAX_DEPTH`].
pub fn parse(text: &str) -> Result<Value, JsonError> {
    let limits = Limits {
        depth: MAX_DEPTH,
        members: usize::MAX,
    };
    parse_within(text, limits)
}

/// Reads one JSON value within these limits.
///
/// # Errors
///
/// As [`parse`], and if there is more in it than the limits allow.
pub fn parse_within(text: &str, limits: Limits) -> Result<Value, JsonError> {
    let mut reader = Reader::new(text, limits);
    // Files from some editors begin with a byte order mark, which is no part of the text.
    reader.eat("\u{feff}");
    let read = reader.value(0).and_then(|value| {
        reader.skip_white();
        if reader.rest().is_empty() {
            Ok(value)
        } else {
            Err(reader.wrong(Problem::GoesOn))
        }
    });
    read.map_err(|(problem, at)| {
        let (line, column) = line_and_column(text, at);
        JsonError {
            problem,
            line,
            column,
        }
    })
}

/// Members of an object that are looked at one by one: for more a hash is quicker.
const FEW: usize = 8;

/// The member of this name.
pub fn find<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    if object.len() > FEW {
        return object.get(name);
    }
    let mut members = object.iter();
    members
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// Line and column of a byte, both from 1; columns count characters.
pub fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.split('\n').count(), line.chars().count() + 1)
}

/// How many bytes stand before the first quote, backslash or control character. Those of characters beyond ASCII are
/// none of these.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // Eight at a time. The high bit of each byte that is below `limit` is set; after the first also of others.
    let below = |eight: u64, limit: u64| eight.wrapping_sub(ONES * limit) & !eight & HIGH;
    let mut length = 0;
    while let Some(eight) = bytes.get(length..).and_then(<[u8]>::first_chunk) {
        let eight = u64::from_le_bytes(*eight);
        let quotes = eight ^ (ONES * u64::from(b'"'));
        let backslashes = eight ^ (ONES * u64::from(b'\\'));
        let ends = below(eight, 0x20) | below(quotes, 1) | below(backslashes, 1);
        if ends != 0 {
            return length + ends.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    let is_end = |byte: &u8| matches!(*byte, 0..0x20 | b'"' | b'\\');
    let rest = bytes.get(length..).unwrap_or_default();
    length + rest.iter().position(is_end).unwrap_or(rest.len())
}

/// A problem and its byte.
type Wrong = (Problem, usize);

struct Reader<'a> {
    text: &'a str,
    /// The byte that is read next; always at the begin of a character.
    at: usize,
    depth: usize,
    /// How many more members and items there may be.
    left: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, limits: Limits) -> Self {
        Self {
            text,
            at: 0,
            depth: limits.depth,
            left: limits.members,
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn wrong(&self, problem: Problem) -> Wrong {
        let problem = if self.rest().is_empty() {
            Problem::EndsEarly
        } else {
            problem
        };
        (problem, self.at)
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    /// The byte that is read next.
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_white(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.next() {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, Wrong> {
        self.skip_white();
        if depth > self.depth {
            return Err((Problem::TooDeep, self.at));
        }
        match self.next() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => self.number(),
            _ if self.eat("true") => Ok(Value::Bool(true)),
            _ if self.eat("false") => Ok(Value::Bool(false)),
            _ if self.eat("null") => Ok(Value::Null),
            _ => Err(self.wrong(Problem::NotAValue)),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Wrong> {
        let mut items = Vec::new();
        self.members(b']', |reader| {
            items.push(reader.value(depth + 1)?);
            Ok(())
        })?;
        Ok(Value::Array(items))
    }

    fn object(&mut self, depth: usize) -> Result<Value, Wrong> {
        let mut members = Map::new();
        let mut starts = Vec::new();
        self.members(b'}', |reader| {
            let start = reader.at;
            if reader.next() != Some(b'"') {
                return Err(reader.wrong(Problem::NameWithoutQuotes));
            }
            let name = reader.string()?;
            if find(&members, &name).is_some() {
                let place = members.keys().take_while(|known| **known != name).count();
                let first = starts
                    .get(place)
                    .map_or(1, |first| line_and_column(reader.text, *first).0);
                return Err((Problem::Duplicate { name, first }, start));
            }
            reader.colon()?;
            let value = reader.value(depth + 1)?;
            members.insert(name, value);
            starts.push(start);
            Ok(())
        })?;
        Ok(Value::Object(members))
    }

    /// Reads what stands between brackets, separated by commas.
    fn members(
        &mut self,
        close: u8,
        mut each: impl FnMut(&mut Self) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        self.at += 1;
        self.skip_white();
        let closes = |reader: &Self| reader.next() == Some(close);
        if !closes(self) {
            loop {
                let start = self.at;
                self.left = self.left.checked_sub(1).ok_or((Problem::TooMany, start))?;
                each(self)?;
                self.skip_white();
                if closes(self) {
                    break;
                }
                let comma = self.at;
                if self.next() != Some(b',') {
                    return Err(self.wrong(Problem::MissingComma));
                }
                self.at += 1;
                self.skip_white();
                if closes(self) {
                    return Err((Problem::TrailingComma, comma));
                }
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Passes over the colon between a name and its value.
    fn colon(&mut self) -> Result<(), Wrong> {
        self.skip_white();
        if self.next() != Some(b':') {
            return Err(self.wrong(Problem::MissingColon));
        }
        self.at += 1;
        Ok(())
    }

    fn number(&mut self) -> Result<Value, Wrong> {
        let start = self.at;
        // serde_json knows how numbers are written, and keeps their digits.
        while let Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_') =
            self.next()
        {
            self.at += 1;
        }
        let number = self.text.get(start..self.at).unwrap_or_default().parse();
        number
            .map(Value::Number)
            .map_err(|_| (Problem::Number, start))
    }

    fn string(&mut self) -> Result<String, Wrong> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let plain = self.at;
            self.at += plain_length(self.text.as_bytes().get(plain..).unwrap_or_default());
            text.push_str(self.text.get(plain..self.at).unwrap_or_default());
            match self.next() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                None | Some(b'\n' | b'\r') => return Err((Problem::UnclosedText, start)),
                Some(_) => return Err((Problem::ControlCharacter, self.at)),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Wrong> {
        let start = self.at;
        let wrong = (Problem::Escape, start);
        self.at += 1;
        let letter = match self.next() {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = self.unit().ok_or((Problem::Escape, start))?;
                if !(0xD800..0xDC00).contains(&high) {
                    return char::from_u32(high).ok_or(wrong);
                }
                // The first half of a character beyond 16 bits: the second follows.
                let low = if self.eat("\\") { self.unit() } else { None };
                let low = low
                    .filter(|low| (0xDC00..0xE000).contains(low))
                    .ok_or((Problem::Escape, start))?;
                return char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
                    .ok_or(wrong);
            }
            _ => return Err(wrong),
        };
        self.at += 1;
        Ok(letter)
    }

    /// The 16 bits that `u` and four digits write.
    fn unit(&mut self) -> Option<u32> {
        let digits = self.rest().strip_prefix('u')?.get(..4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 5;
        u32::from_str_radix(digits, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, problem: Problem, line: usize, column: usize) {
        assert_eq!(
            parse(text),
            Err(JsonError {
                problem,
                line,
                column
            }),
            "{text:?}"
        );
    }

    #[test]
    fn what_is_wrong_has_a_name_and_a_place() {
        refused("", Problem::EndsEarly, 1, 1);
        refused(" \n ", Problem::EndsEarly, 2, 2);
        refused("{\"a\": 1", Problem::EndsEarly, 1, 8);
        refused("{\"a\": 1,}", Problem::TrailingComma, 1, 8);
        refused("[1,\n 2,\n]", Problem::TrailingComma, 2, 3);
        refused("[1 2]", Problem::MissingComma, 1, 4);
        refused("[1}", Problem::MissingComma, 1, 3);
        refused("{\"a\" 1}", Problem::MissingColon, 1, 6);
        refused("{a: 1}", Problem::NameWithoutQuotes, 1, 2);
        refused("{'a': 1}", Problem::NameWithoutQuotes, 1, 2);
        refused("{\"a\": 'b'}", Problem::NotAValue, 1, 7);
        refused("{\"a\": // b\n1}", Problem::NotAValue, 1, 7);
        refused("\"abc", Problem::UnclosedText, 1, 1);
        refused("[\"abc\n\"]", Problem::UnclosedText, 1, 2);
        refused("\"a\tb\"", Problem::ControlCharacter, 1, 3);
        refused(r#""\x41""#, Problem::Escape, 1, 2);
        refused(r#""\ud800""#, Problem::Escape, 1, 2);
        refused(r#""\ud800\u0041""#, Problem::Escape, 1, 2);
        refused(r#""\ud834udd1e""#, Problem::Escape, 1, 2);
        refused(r#""\u+041""#, Problem::Escape, 1, 2);
        refused("{} {}", Problem::GoesOn, 1, 4);
        refused("nul", Problem::NotAValue, 1, 1);
        refused("NaN", Problem::NotAValue, 1, 1);
        for number in ["01", "+1", ".5", "1.", "1e", "--1", "0x10", "1_000", "-"] {
            refused(number, Problem::Number, 1, 1);
        }
        let deep = "[".repeat(100_000);
        refused(&deep, Problem::TooDeep, 1, MAX_DEPTH + 2);
    }

    #[test]
    fn texts_end_where_they_end() {
        for byte in 0..=u8::MAX {
            let is_end = byte < b' ' || byte == b'"' || byte == b'\\';
            for at in 0..20 {
                for other in [b' ', b'a', b'!', b'#', b'[', 0x80, 0xff] {
                    let mut bytes = [other; 24];
                    bytes[at] = byte;
                    let expected = if is_end { at } else { 24 };
                    assert_eq!(plain_length(&bytes), expected, "{byte} {at} {other}");
                }
            }
        }
        assert_eq!(plain_length(b"abc\"\"\"\"\"\"\"\"\""), 3);
        assert_eq!(plain_length(b""), 0);
    }

    #[test]
    fn a_name_that_stands_twice_is_refused_with_both_places() {
        let name = || "b".to_owned();
        refused(
            "{\"a\": 1,\n\"b\": 2,\n \"b\": 3}",
            Problem::Duplicate {
                name: name(),
                first: 2,
            },
            3,
            2,
        );
        refused(
            r#"[{"b":{"b":1},"\u0062":2}]"#,
            Problem::Duplicate {
                name: name(),
                first: 1,
            },
            1,
            15,
        );
    }

    #[test]
    fn limits_hold_to_the_last_level_and_member() {
        let within = |text: &str, depth, members| {
            let problem = parse_within(text, Limits { depth, members }).map_err(|it| it.problem);
            problem.map(|value| value.to_string())
        };
        let text = r#"{"a":[1,{"b":2}]}"#;
        assert_eq!(within(text, 3, 4), Ok(text.to_owned()));
        assert_eq!(within(text, 2, 4), Err(Problem::TooDeep));
        assert_eq!(within(text, 3, 3), Err(Problem::TooMany));
    }

    #[test]
    fn columns_count_characters() {
        refused("[\"工作空间\" 1]", Problem::MissingComma, 1, 9);
    }

    #[test]
    fn values_are_read_exactly() {
        let same = |text: &str| {
            assert_eq!(
                parse(text).map(|value| value.to_string()),
                Ok(text.to_owned())
            );
        };
        for text in [
            "null",
            "true",
            "false",
            "0",
            "-0",
            "123456789012345678901234567890",
            "1.50",
            "1.50e+400",
            "\"\"",
            "\"\\\"\\\\\\n\"",
            "\"工作空间\"",
            "[]",
            "{}",
            "[1,[2,[]],{\"b\":1,\"a\":{\"__proto__\":null}}]",
            "{\"$serde_json::private::Number\":\"1\"}",
        ] {
            same(text);
        }
        assert_eq!(
            parse("12E30").map(|value| value.to_string()),
            Ok("12e+30".into()),
            "an exponent keeps its digits and gets the sign and the small letter of serde_json"
        );
        let text = |json: &str| parse(json).map(|value| value.as_str().map(str::to_owned));
        assert_eq!(
            text("\u{feff} \"a\" "),
            Ok(Some("a".into())),
            "a byte order mark is passed over"
        );
        assert_eq!(
            text(r#""\/\b\f\r\t\u0041\ud834\udd1e""#),
            Ok(Some("/\u{8}\u{c}\r\tA\u{1d11e}".into()))
        );
    }
}
