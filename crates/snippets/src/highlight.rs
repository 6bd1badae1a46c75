//! Code in spans of a class each, to be coloured.
//!
//! It knows as much of a language as generated code needs: where texts and comments begin and end, which words mean
//! something. Any text can be highlighted; what the spans hold is always that text.

/// What code is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// JSON.
    Json,
    /// bash.
    Shell,
    /// Python 3.
    Python,
    /// TypeScript.
    TypeScript,
    /// Go.
    Go,
    /// Java.
    Java,
    /// Terraform's.
    Hcl,
}

/// What a piece of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Names, white space, and whatever else.
    Plain,
    /// A text between quotes, with them.
    Text,
    /// A number.
    Number,
    /// A word of the language.
    Keyword,
    /// A comment, to the end of its line.
    Comment,
    /// A value that is a word, such as `true` and `null`.
    Atom,
    /// Brackets, commas, operators.
    Punctuation,
}

impl Language {
    /// What comments begin with; nothing where there are none.
    fn comment(self) -> &'static str {
        match self {
            Self::Json => "",
            Self::Shell | Self::Python | Self::Hcl => "#",
            Self::TypeScript | Self::Go | Self::Java => "//",
        }
    }

    fn quotes(self) -> &'static str {
        match self {
            Self::Json | Self::Go | Self::Java | Self::Hcl => "\"",
            Self::Shell | Self::Python => "\"'",
            Self::TypeScript => "\"'`",
        }
    }

    fn atoms(self) -> &'static [&'static str] {
        match self {
            Self::Python => &["None", "True", "False"],
            Self::Go => &["nil", "true", "false"],
            Self::TypeScript => &["null", "true", "false", "undefined"],
            Self::Shell => &[],
            Self::Json | Self::Java | Self::Hcl => &["null", "true", "false"],
        }
    }

    fn keywords(self) -> &'static [&'static str] {
        match self {
            Self::Json => &[],
            Self::Shell => &["set", "local", "if", "then", "fi", "printf", "echo"],
            Self::Python => &["from", "import", "as", "if", "not", "raise"],
            Self::TypeScript => &[
                "import", "from", "as", "function", "async", "await", "const", "new", "if",
                "throw", "return",
            ],
            Self::Go => &[
                "package",
                "import",
                "func",
                "if",
                "return",
                "map",
                "interface",
            ],
            Self::Java => &[
                "import", "public", "static", "class", "void", "throws", "new", "if", "throw",
                "return", "for", "int",
            ],
            Self::Hcl => &[
                "variable",
                "locals",
                "resource",
                "provisioner",
                "var",
                "local",
            ],
        }
    }

    /// Whether a backslash within these quotes takes the meaning of what follows.
    fn escapes(self, quote: char) -> bool {
        !(self == Self::Shell && quote == '\'')
    }
}

/// Cuts code into spans, in order. Together they are the code.
pub fn spans(language: Language, code: &str) -> Vec<(Class, &str)> {
    let mut spans: Vec<(Class, &str)> = Vec::new();
    let mut rest = code;
    // Where the last span begins.
    let mut start = 0;
    while let Some(first) = rest.chars().next() {
        let (class, length) = next(
            language,
            rest,
            first,
            start == 0 || code[..start].ends_with(is_space),
        );
        let (piece, behind) = rest.split_at(length);
        start += length;
        rest = behind;
        match spans.last_mut() {
            Some((last, text)) if *last == class && class != Class::Text => {
                *text = &code[start - length - text.len()..start];
            }
            _ => spans.push((class, piece)),
        }
    }
    spans
}

fn is_space(letter: char) -> bool {
    letter.is_ascii_whitespace()
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '$')
}

/// The class and the length of what a text begins with; its length is not 0.
fn next(language: Language, text: &str, first: char, is_after_space: bool) -> (Class, usize) {
    let comment = language.comment();
    // In a shell a # within a word is part of it.
    let may_be_comment = language != Language::Shell || is_after_space;
    if !comment.is_empty() && may_be_comment && text.starts_with(comment) {
        return (Class::Comment, text.find('\n').unwrap_or(text.len()));
    }
    if language == Language::Shell && first == '\\' {
        // What follows is no quote.
        let next = text.chars().nth(1).map_or(0, char::len_utf8);
        return (Class::Plain, 1 + next);
    }
    if language.quotes().contains(first) {
        return (Class::Text, quoted(text, first, language.escapes(first)));
    }
    if first.is_ascii_digit() {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
        return (
            Class::Number,
            text.find(|c| !is_part(c)).unwrap_or(text.len()),
        );
    }
    if is_word(first) {
        let length = text.find(|c| !is_word(c)).unwrap_or(text.len());
        let word = &text[..length];
        let class = if language.atoms().contains(&word) {
            Class::Atom
        } else if language.keywords().contains(&word) {
            Class::Keyword
        } else {
            Class::Plain
        };
        return (class, length);
    }
    let class = if first.is_ascii_punctuation() {
        Class::Punctuation
    } else {
        Class::Plain
    };
    (class, first.len_utf8())
}

/// The length of a text between quotes, or of what there is of it.
fn quoted(text: &str, quote: char, escapes: bool) -> usize {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        if is_escaped {
            is_escaped = false;
        } else if escapes && letter == '\\' {
            is_escaped = true;
        } else if letter == quote {
            return at + letter.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_have_their_class() {
        let code = "x = [None, 'it\\'s'] # \"done\"\nfrom 1.5e3";
        let spans = spans(Language::Python, code);
        let of = |class| -> Vec<_> {
            let spans = spans.iter().filter(|(found, _)| *found == class);
            spans.map(|(_, text)| *text).collect()
        };
        assert_eq!(of(Class::Text), ["'it\\'s'"]);
        assert_eq!(of(Class::Atom), ["None"]);
        assert_eq!(of(Class::Comment), ["# \"done\""]);
        assert_eq!(of(Class::Keyword), ["from"]);
        assert_eq!(of(Class::Number), ["1.5e3"]);
        assert_eq!(of(Class::Punctuation), ["=", "[", ",", "]"]);
    }

    #[test]
    fn in_a_shell_single_quotes_know_no_backslash() {
        let spans = spans(Language::Shell, "a='\\' b#c");
        assert_eq!(
            spans,
            [
                (Class::Plain, "a"),
                (Class::Punctuation, "="),
                (Class::Text, "'\\'"),
                (Class::Plain, " b"),
                (Class::Punctuation, "#"),
                (Class::Plain, "c"),
            ]
        );
    }

    #[test]
    fn in_a_shell_a_backslash_takes_the_meaning_of_a_quote() {
        let spans = spans(Language::Shell, "${a//\\\"/b} \"c\" \\");
        let texts = spans.iter().filter(|(class, _)| *class == Class::Text);
        assert_eq!(texts.map(|(_, text)| *text).collect::<Vec<_>>(), ["\"c\""]);
        assert_eq!(spans.last(), Some(&(Class::Plain, " \\")));
    }
}
