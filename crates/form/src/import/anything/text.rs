//! Texts between quotes, with the escapes of each language.

use dsw_model::json::Problem;

use super::RepairKind;
use super::node::Node;
use super::reader::{Dialect, Reader, Wrong};

/// What stands around a text.
struct Quote {
    mark: char,
    is_triple: bool,
    /// Whether a backslash is none.
    is_raw: bool,
    /// Whether braces hold what is put in.
    is_format: bool,
}

/// A text that is being read.
#[derive(Default)]
struct Text {
    out: String,
    /// The first variable that is put in.
    lookup: Option<String>,
}

impl<'a> Reader<'a> {
    /// Whether a text begins here.
    pub(super) fn opens_text(&self) -> bool {
        self.peek().is_some_and(|letter| match self.dialect {
            Dialect::Json => letter == '"' || letter == '\'' || is_curly(letter),
            Dialect::Python => matches!(letter, '"' | '\''),
            Dialect::TypeScript => matches!(letter, '"' | '\'' | '`'),
            Dialect::Go => matches!(letter, '"' | '`'),
            Dialect::Java | Dialect::Hcl => letter == '"',
        })
    }

    /// Reads the text that begins here. `prefix` is what a letter before it says in Python.
    pub(super) fn quoted(&mut self, prefix: &str) -> Result<Node, Wrong> {
        let start = self.at;
        let mark = self.peek().ok_or((Problem::EndsEarly, start))?;
        match mark {
            '\'' => self.repair(start, RepairKind::SingleQuotes),
            '"' => {}
            _ => self.repair(start, RepairKind::CurlyQuotes),
        }
        self.at += mark.len_utf8();
        let has_triple = matches!(self.dialect, Dialect::Python | Dialect::Java);
        let is_triple = has_triple && mark.is_ascii() && self.follows_twice(mark);
        if is_triple {
            self.at += 2;
        }
        let quote = Quote {
            mark,
            is_triple,
            is_raw: prefix.contains(['r', 'R']) || self.dialect == Dialect::Go && mark == '`',
            is_format: prefix.contains(['f', 'F']),
        };
        let mut text = Text::default();
        loop {
            let letter = self.peek().ok_or((Problem::UnclosedText, start))?;
            if self.closes_text(&quote, letter) {
                let Text { out, lookup } = text;
                return Ok(lookup.map_or(Node::Text(out), Node::Lookup));
            }
            self.letter(&quote, letter, &mut text)
                .map_err(|wrong| wrong.unwrap_or((Problem::UnclosedText, start)))?;
        }
    }

    /// Whether the quote follows twice.
    fn follows_twice(&self, mark: char) -> bool {
        let mut letters = self.rest().chars();
        letters.next() == Some(mark) && letters.next() == Some(mark)
    }

    /// Passes over what ends a text, if it is here.
    fn closes_text(&mut self, quote: &Quote, letter: char) -> bool {
        let width = letter.len_utf8();
        let closes = if is_curly(quote.mark) {
            is_curly(letter) && self.closes_curly(letter)
        } else if quote.is_triple {
            letter == quote.mark && {
                self.at += 1;
                let follows = self.follows_twice(letter);
                self.at -= 1;
                follows
            }
        } else {
            letter == quote.mark
        };
        if closes {
            self.at += if quote.is_triple { 3 } else { width };
        }
        closes
    }

    /// Reads the next letter of a text, or what stands for one. The error is nothing where the text has no
    /// end.
    fn letter(
        &mut self,
        quote: &Quote,
        letter: char,
        text: &mut Text,
    ) -> Result<(), Option<Wrong>> {
        let here = self.at;
        let is_python = self.dialect == Dialect::Python;
        let is_template = self.dialect == Dialect::TypeScript && quote.mark == '`';
        match letter {
            '\\' if !quote.is_raw => self.escape(&mut text.out)?,
            '\\' if is_python => {
                // A raw text keeps both, but the quote behind it does not end the text.
                self.at += 1;
                text.out.push('\\');
                if let Some(next) = self
                    .peek()
                    .filter(|next| *next == quote.mark || *next == '\\')
                {
                    text.out.push(next);
                    self.at += 1;
                }
            }
            '\0' if self.has_lookups => {
                self.at += 1;
                let end = self.rest().find('\0').ok_or(None)?;
                let name = &self.rest()[..end];
                text.lookup.get_or_insert_with(|| name.to_owned());
                self.at += end + 1;
            }
            '$' | '%' if self.dialect == Dialect::Hcl => self.hcl(letter, text)?,
            '$' if is_template && self.rest().starts_with("${") => {
                self.at += 1;
                let name = computed(self.braces()?);
                text.lookup.get_or_insert_with(|| name.to_owned());
            }
            '{' | '}' if quote.is_format && self.follows_twice(letter) => {
                self.at += 2;
                text.out.push(letter);
            }
            '{' if quote.is_format => {
                let name = computed(self.braces()?);
                text.lookup.get_or_insert_with(|| name.to_owned());
            }
            '\n' | '\r' if quote.is_triple || quote.mark == '`' => {
                self.at += 1;
                text.out.push(letter);
            }
            _ if letter < ' ' && self.dialect == Dialect::Json => {
                self.repair(here, RepairKind::RawCharacter);
                self.at += 1;
                text.out.push(letter);
            }
            '\n' | '\r' => return Err(None),
            _ => {
                self.at += letter.len_utf8();
                text.out.push(letter);
            }
        }
        Ok(())
    }

    /// Whether a curly quote ends its text: something that may follow a text follows.
    fn closes_curly(&self, quote: char) -> bool {
        let behind = self.rest()[quote.len_utf8()..].trim_start();
        behind.is_empty() || behind.starts_with([',', ':', '}', ']'])
    }

    /// What `$` and `%` mean in Terraform.
    fn hcl(&mut self, letter: char, text: &mut Text) -> Result<(), Wrong> {
        self.at += 1;
        let rest = self.rest();
        if rest.starts_with('{') {
            let name = computed(self.braces()?);
            text.lookup.get_or_insert_with(|| name.to_owned());
            return Ok(());
        }
        text.out.push(letter);
        if rest.starts_with(letter) && rest[1..].starts_with('{') {
            text.out.push('{');
            self.at += 2;
        }
        Ok(())
    }

    /// What stands between the brace here and the one that closes it.
    fn braces(&mut self) -> Result<&'a str, Wrong> {
        let start = self.at;
        let mut depth = 0_usize;
        for (index, letter) in self.rest().char_indices() {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let inside = self.rest()[..index].get(1..).unwrap_or_default().trim();
                self.at += index + 1;
                return Ok(inside);
            }
        }
        Err((Problem::EndsEarly, start))
    }

    fn escape(&mut self, out: &mut String) -> Result<(), Wrong> {
        use Dialect::{Go, Hcl, Java, Json, Python, TypeScript};
        let start = self.at;
        let wrong = (Problem::Escape, start);
        self.at += 1;
        let letter = self.peek().ok_or(wrong.clone())?;
        let dialect = self.dialect;
        self.at += letter.len_utf8();
        let plain = match (letter, dialect) {
            ('"' | '\\', _)
            | ('/' | '`' | '$', TypeScript)
            | ('/', Json)
            | ('\'', Python | TypeScript | Java) => letter,
            ('\'', Json) => {
                self.repair(start, RepairKind::Escape);
                letter
            }
            // So Python prints it.
            ('x', Json) => {
                self.repair(start, RepairKind::Escape);
                self.hex(2).and_then(char::from_u32).ok_or(wrong)?
            }
            ('n', _) => '\n',
            ('r', _) => '\r',
            ('t', _) => '\t',
            ('b', Json | Python | TypeScript | Go | Java) => '\u{8}',
            ('f', Json | Python | TypeScript | Go | Java) => '\u{c}',
            ('a', Python | Go) => '\u{7}',
            ('v', Python | Go | TypeScript) => '\u{b}',
            ('s', Java) => ' ',
            ('\n', Python | TypeScript | Java) => return Ok(()),
            ('u', TypeScript) if self.rest().starts_with('{') => {
                let digits = self.braces()?;
                let number = u32::from_str_radix(digits, 16).ok();
                number.and_then(char::from_u32).ok_or(wrong)?
            }
            ('u', _) => self.unicode().ok_or(wrong)?,
            ('U', Python | Go | Hcl) => self.hex(8).and_then(char::from_u32).ok_or(wrong)?,
            // In Go it is a byte, which is a character below 128 alone.
            ('x', Python | TypeScript | Go) => {
                let number = self.hex(2).filter(|number| dialect != Go || *number < 128);
                number.and_then(char::from_u32).ok_or(wrong)?
            }
            ('0'..='7', Python | Java | Go | TypeScript) => {
                self.at -= 1;
                let digits = self
                    .rest()
                    .bytes()
                    .take(3)
                    .take_while(|byte| (b'0'..b'8').contains(byte));
                let length = digits.count();
                let number = u32::from_str_radix(&self.rest()[..length], 8).ok();
                self.at += length;
                number.and_then(char::from_u32).ok_or(wrong)?
            }
            // Python keeps the backslash of what it does not know, and TypeScript the letter alone.
            ('N', Python) => return Err(wrong),
            (_, Python) => {
                out.push('\\');
                letter
            }
            (_, TypeScript) => letter,
            _ => return Err(wrong),
        };
        out.push(plain);
        Ok(())
    }

    /// The character of four digits, or of two times four.
    fn unicode(&mut self) -> Option<char> {
        let high = self.hex(4)?;
        if !(0xD800..0xDC00).contains(&high) {
            return char::from_u32(high);
        }
        let low = if self.eat("\\u") {
            self.hex(4)?
        } else {
            return None;
        };
        let low = Some(low).filter(|low| (0xDC00..0xE000).contains(low))?;
        char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let written = self.rest().get(..digits)?;
        if !written.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += digits;
        u32::from_str_radix(written, 16).ok()
    }
}

/// A variable by its own name, without what a language puts before those of the environment.
pub(super) fn variable(written: &str) -> &str {
    let begins = ["process.env.", "var.", "os.environ.", "local."];
    begins
        .iter()
        .find_map(|begin| written.strip_prefix(begin))
        .unwrap_or(written)
}

/// The variable that an expression begins with. Nothing else of it is told: it may hold a secret.
fn computed(expression: &str) -> &str {
    let variable = variable(expression);
    let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'));
    let length = variable.find(ends).unwrap_or(variable.len());
    if length == 0 {
        "…"
    } else {
        &variable[..length]
    }
}

fn is_curly(letter: char) -> bool {
    matches!(letter, '\u{2018}'..='\u{201f}' | '«' | '»')
}
