//! One word of a shell: its quotes, and what is put in for variables and commands.

use dsw_model::json::Problem;

use super::{Shell, name_length};
use crate::import::anything::ReadError;

impl Shell<'_> {
    /// Reads one word; empty if none begins here.
    pub(super) fn word(&mut self, depth: usize) -> Result<String, ReadError> {
        let mut word = String::new();
        while let Some(letter) = self.peek() {
            let start = self.at;
            match letter {
                ' ' | '\t' | '\n' | ';' | '|' | '&' | '(' | ')' | '<' | '>' => break,
                '\r' if self.rest().starts_with("\r\n") => break,
                '\'' => {
                    let inside = &self.rest()[1..];
                    let end = inside
                        .find('\'')
                        .ok_or_else(|| self.wrong(Problem::UnclosedText, start))?;
                    push(&mut word, &inside[..end]);
                    self.at += end + 2;
                }
                '"' => {
                    self.at += 1;
                    while !self.eat("\"") {
                        if self.rest().is_empty() {
                            return Err(self.wrong(Problem::UnclosedText, start));
                        }
                        self.inside_quotes(&mut word, false, depth)?;
                    }
                }
                '\u{2018}'..='\u{201f}' if word.is_empty() && !self.has_no_curly => {
                    self.curly(&mut word);
                }
                '$' if self.rest().starts_with("$'") => self.ansi(&mut word)?,
                '$' if self.rest().starts_with("$\"") => self.at += 1,
                // So PowerShell goes on in the next line.
                '`' if self.eat("`\n") || self.eat("`\r\n") => {}
                '$' | '`' => self.expansion(&mut word, depth)?,
                '\\' => {
                    self.at += 1;
                    if !(self.eat("\n") || self.eat("\r\n"))
                        && let Some(next) = self.peek()
                    {
                        push(&mut word, next.encode_utf8(&mut [0; 4]));
                        self.at += next.len_utf8();
                    }
                }
                _ => {
                    push(&mut word, letter.encode_utf8(&mut [0; 4]));
                    self.at += letter.len_utf8();
                }
            }
        }
        Ok(word)
    }

    /// Reads what a mail or a document has put between curly quotes. It ends where a blank follows one.
    fn curly(&mut self, word: &mut String) {
        let inside = &self.rest()['\u{2018}'.len_utf8()..];
        let is_curly = |letter: char| ('\u{2018}'..='\u{201f}').contains(&letter);
        let mut letters = inside.char_indices().peekable();
        while let Some((end, letter)) = letters.next() {
            let is_end = letters.peek().is_none_or(|(_, next)| next.is_whitespace());
            if is_end && is_curly(letter) {
                push(word, &inside[..end]);
                self.at += end + 2 * letter.len_utf8();
                return;
            }
        }
        // None of those that follow ends either.
        self.has_no_curly = true;
    }

    /// Reads the next piece of what stands in double quotes, or in a here-document.
    pub(super) fn inside_quotes(
        &mut self,
        out: &mut String,
        is_document: bool,
        depth: usize,
    ) -> Result<(), ReadError> {
        let rest = self.rest();
        let stops: &[char] = if is_document {
            &['$', '`', '\\', '\n']
        } else {
            &['$', '`', '\\', '"']
        };
        let plain = rest.find(stops).unwrap_or(rest.len());
        if plain > 0 {
            push(out, &rest[..plain]);
            self.at += plain;
            return Ok(());
        }
        match self.peek() {
            Some('$' | '`') => self.expansion(out, depth),
            Some('\\') => {
                self.at += 1;
                let next = self.peek();
                match next {
                    Some('\n') => self.at += 1,
                    Some(next)
                        if matches!(next, '$' | '`' | '\\') || next == '"' && !is_document =>
                    {
                        out.push(next);
                        self.at += 1;
                    }
                    _ => out.push('\\'),
                }
                Ok(())
            }
            Some(letter) => {
                push(out, letter.encode_utf8(&mut [0; 4]));
                self.at += letter.len_utf8();
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Reads a text in which backslashes mean what they mean in C.
    fn ansi(&mut self, word: &mut String) -> Result<(), ReadError> {
        let start = self.at;
        self.at += 2;
        loop {
            let Some(letter) = self.peek() else {
                return Err(self.wrong(Problem::UnclosedText, start));
            };
            self.at += letter.len_utf8();
            match letter {
                '\'' => return Ok(()),
                '\\' => {
                    let escaped = self
                        .peek()
                        .ok_or_else(|| self.wrong(Problem::UnclosedText, start))?;
                    self.at += escaped.len_utf8();
                    let (radix, digits) = match escaped {
                        'x' => (16, 2),
                        'u' => (16, 4),
                        'U' => (16, 8),
                        '0'..='7' => {
                            self.at -= 1;
                            (8, 3)
                        }
                        _ => (0, 0),
                    };
                    if digits > 0 {
                        let number = self.digits(radix, digits);
                        let letter = number
                            .and_then(char::from_u32)
                            .filter(|letter| *letter != '\0');
                        word.push(letter.ok_or_else(|| self.wrong(Problem::Escape, start))?);
                        continue;
                    }
                    match escaped {
                        'n' => word.push('\n'),
                        't' => word.push('\t'),
                        'r' => word.push('\r'),
                        'a' => word.push('\u{7}'),
                        'b' => word.push('\u{8}'),
                        'e' | 'E' => word.push('\u{1b}'),
                        'f' => word.push('\u{c}'),
                        'v' => word.push('\u{b}'),
                        '\\' | '\'' | '"' | '?' => word.push(escaped),
                        _ => {
                            word.push('\\');
                            push(word, escaped.encode_utf8(&mut [0; 4]));
                        }
                    }
                }
                _ => push(word, letter.encode_utf8(&mut [0; 4])),
            }
        }
    }

    /// The number that up to so many digits write.
    fn digits(&mut self, radix: u32, most: usize) -> Option<u32> {
        let digits = self
            .rest()
            .chars()
            .take(most)
            .take_while(|digit| digit.is_digit(radix));
        let length = digits.count();
        let number = u32::from_str_radix(&self.rest()[..length], radix).ok();
        self.at += length;
        number
    }

    /// Reads what begins with `$` or a backquote, and puts what it comes to into a word.
    fn expansion(&mut self, out: &mut String, depth: usize) -> Result<(), ReadError> {
        let start = self.at;
        if self.eat("$(") {
            let printed = self.nested(depth)?;
            let printed = printed.trim_end_matches('\n');
            self.expand(printed.len())?;
            out.push_str(printed);
            return Ok(());
        }
        if self.eat("`") {
            let end = self
                .rest()
                .find('`')
                .ok_or_else(|| self.wrong(Problem::UnclosedText, start))?;
            self.at += end + 1;
            out.push_str("\0`…`\0");
            return Ok(());
        }
        self.at += 1;
        if self.eat("{") {
            let length = name_length(self.rest());
            let name = &self.rest()[..length];
            let mut depth = 1_usize;
            while depth > 0 {
                match self.peek() {
                    Some('\\') => self.at += 1,
                    Some('{') => depth += 1,
                    Some('}') => depth -= 1,
                    Some(_) => {}
                    None => return Err(self.wrong(Problem::EndsEarly, start)),
                }
                self.at += self.peek().map_or(0, char::len_utf8);
            }
            return self.value_of(name, out);
        }
        let length = name_length(self.rest());
        if length > 0 {
            let name = &self.rest()[..length];
            self.at += length;
            return self.value_of(name, out);
        }
        match self.peek() {
            // Parameters of the script and of functions.
            Some('0'..='9' | '@' | '*' | '#' | '?' | '!' | '$' | '-') => {
                self.at += 1;
                out.push_str("\0$\0");
            }
            _ => out.push('$'),
        }
        Ok(())
    }

    /// Reads the commands up to the parenthesis that closes them. Returns what they print.
    pub(super) fn nested(&mut self, depth: usize) -> Result<String, ReadError> {
        let start = self.at;
        let printed = self.commands(depth + 1)?;
        if self.eat(")") {
            Ok(printed)
        } else {
            Err(self.wrong(Problem::EndsEarly, start))
        }
    }

    fn value_of(&mut self, name: &str, out: &mut String) -> Result<(), ReadError> {
        let known = self.script.variables.get(name);
        let length = known.map_or(name.len(), String::len);
        match known {
            Some(value) => out.push_str(value),
            None => out.extend(["\0", name, "\0"]),
        }
        self.expand(length)
    }
}

/// Puts text of the script into a word, without the NUL that a shell would drop.
fn push(word: &mut String, text: &str) {
    word.extend(text.split('\0'));
}
