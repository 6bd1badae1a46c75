//! Words of a command as the prompt of Windows reads them: a caret takes what is behind it as it is, and
//! double quotes
//! alone hold a word together.

use super::looks::{program, prompt};
use super::shell::Command;

/// Whether a text is written for that prompt: its first line calls a program, with carets.
pub(super) fn is_written_so(text: &str) -> bool {
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let first = &first[prompt(first)..];
    let calls = first
        .trim_start()
        .split(' ')
        .next()
        .is_some_and(|word| matches!(program(word), "curl" | "aliyun"));
    let has_marks = first.contains(" ^\"") || first.ends_with('^') || first.contains(" \"{\"\"");
    calls && has_marks
}

/// The calls of programs that are known.
pub(super) fn read(text: &str) -> Vec<Command> {
    let mut commands = Vec::new();
    for line in lines(text) {
        let words = split(&line[prompt(&line)..]);
        if words
            .first()
            .is_some_and(|word| matches!(program(word), "curl" | "aliyun"))
        {
            commands.push(Command { words, input: None });
        }
    }
    commands
}

/// Commands without carets: what the prompt hands to a program.
fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut is_quoted = false;
    let mut letters = text.chars().filter(|letter| *letter != '\r').peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '^' if !is_quoted => match letters.next() {
                // The line goes on. A second line break is one of the word.
                Some('\n') => {
                    if letters.next_if_eq(&'\n').is_some() {
                        line.push('\n');
                    }
                }
                next => line.extend(next),
            },
            '"' => {
                is_quoted = !is_quoted;
                line.push('"');
            }
            '\n' if !is_quoted => lines.push(std::mem::take(&mut line)),
            _ => line.push(letter),
        }
    }
    lines.push(line);
    lines
}

/// The words of a command, as programs split them.
fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    let mut backslashes = 0;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\\' {
            backslashes += 1;
            continue;
        }
        let is_quote = letter == '"';
        // Before a quote, two backslashes are one, and one takes the quote as it is.
        let kept = if is_quote {
            backslashes / 2
        } else {
            backslashes
        };
        let is_plain_quote = is_quote && backslashes % 2 == 1;
        if kept > 0 || is_plain_quote {
            word.get_or_insert_default()
                .extend(std::iter::repeat_n('\\', kept));
        }
        backslashes = 0;
        match letter {
            '"' if is_plain_quote => word.get_or_insert_default().push('"'),
            '"' if is_quoted && letters.next_if_eq(&'"').is_some() => {
                word.get_or_insert_default().push('"');
            }
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            ' ' | '\t' | '\n' if !is_quoted => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    if backslashes > 0 {
        word.get_or_insert_default()
            .extend(std::iter::repeat_n('\\', backslashes));
    }
    words.extend(word);
    // A shell's words have none, and here a NUL would stand for a variable.
    for word in &mut words {
        word.retain(|letter| letter != '\0');
    }
    words
}

/// A text without the backslashes by which programs know quotes from those that hold words together.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut backslashes = 0;
    for letter in text.chars() {
        if letter == '\\' {
            backslashes += 1;
            continue;
        }
        let kept = if letter == '"' {
            backslashes / 2
        } else {
            backslashes
        };
        out.extend(std::iter::repeat_n('\\', kept));
        out.push(letter);
        backslashes = 0;
    }
    out.extend(std::iter::repeat_n('\\', backslashes));
    out
}
