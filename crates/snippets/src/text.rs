//! Texts as literals: what each language cannot hold raw inside of quotes.

/// How a language writes texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strings {
    /// JSON (RFC 8259).
    Json,
    /// Python, TypeScript and so on, between double quotes but for TypeScript.
    Python,
    /// Between single quotes.
    TypeScript,
    /// Interpreted string literals.
    Go,
    /// All but ASCII as escapes, since the compiler may take a source for another encoding.
    Java,
    /// Terraform's: `${` and `%{` mean something.
    Hcl,
}

impl Strings {
    fn quote(self) -> char {
        if self == Self::TypeScript { '\'' } else { '"' }
    }

    /// Whether a character beyond 16 bits is written as one code point, not as two surrogates.
    fn has_wide_escapes(self) -> bool {
        matches!(self, Self::Python | Self::Go | Self::Hcl)
    }

    /// Writes a text between quotes.
    pub(crate) fn write(self, out: &mut String, text: &str) {
        let quote = self.quote();
        out.push(quote);
        let mut letters = text.chars().peekable();
        let mut before = ' ';
        while let Some(letter) = letters.next() {
            let begins = matches!(letter, '$' | '%') && letters.peek() == Some(&'{');
            match letter {
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                _ if letter == quote => {
                    out.push('\\');
                    out.push(letter);
                }
                // Doubled it is plain text, unless the same stands before it.
                _ if self == Self::Hcl && begins && before == letter => self.escape(out, letter),
                _ if self == Self::Hcl && begins => {
                    out.push(letter);
                    out.push(letter);
                }
                _ if is_hidden(letter) || self == Self::Java && !letter.is_ascii() => {
                    self.escape(out, letter);
                }
                _ => out.push(letter),
            }
            before = letter;
        }
        out.push(quote);
    }

    /// Writes a character by its number.
    fn escape(self, out: &mut String, letter: char) {
        if self.has_wide_escapes() && !matches!(letter, '\0'..='\u{ffff}') {
            out.push_str("\\U");
            hex(out, letter.into(), 8);
            return;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            out.push_str("\\u");
            hex(out, (*unit).into(), 4);
        }
    }
}

fn hex(out: &mut String, number: u32, digits: u32) {
    for place in (0..digits).rev() {
        let digit = (number >> (4 * place)) & 15;
        out.push(char::from_digit(digit, 16).unwrap_or('0'));
    }
}

/// Whether a character is not seen, steers what follows, or ends a line for some: it is written by its number, so
/// that code reads as it runs.
pub(crate) fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Writes a text as one word of a shell.
pub(crate) fn word(out: &mut String, text: &str) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:,@%+=".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        out.push_str(text);
        return;
    }
    out.push('\'');
    for (index, part) in text.split('\'').enumerate() {
        if index > 0 {
            out.push_str("'\\''");
        }
        out.push_str(part);
    }
    out.push('\'');
}
