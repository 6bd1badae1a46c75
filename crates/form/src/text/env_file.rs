//! Environment variables as `.env` files and shells write them.

use dsw_model::path::Path;

use crate::draft::Draft;
use crate::edit::Edit;

/// What a text brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvFile {
    /// Names and values in the order of the text.
    pub variables: Vec<(String, String)>,
    /// The lines that are no variable, from 1.
    pub skipped: Vec<usize>,
}

/// What taking variables into a map does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    /// The edits, in order.
    pub edits: Vec<(Path, Edit)>,
    /// How many variables are new.
    pub added: usize,
    /// How many were there and get another value.
    pub updated: usize,
}

impl EnvFile {
    /// The edits that take the variables into the map at `path`. Those that are there get their new value in
    /// place; of a name that stands twice the last counts, as in a shell.
    pub fn take_into(&self, draft: &Draft, path: &Path) -> Taken {
        let mut taken = Taken::default();
        let (mut names, mut values) = (Vec::new(), Vec::new());
        match draft.get(path) {
            Some(Draft::Map(rows)) => {
                for (name, value) in rows.iter() {
                    names.push(name.as_str());
                    values.push(value.clone());
                }
            }
            // What came in another type gives way.
            Some(Draft::Foreign(_)) => taken.edits.push((path.clone(), Edit::Set(Draft::Unset))),
            _ => {}
        }
        for (at, (name, value)) in self.variables.iter().enumerate() {
            if self.variables[at + 1..]
                .iter()
                .any(|(later, _)| later == name)
            {
                continue;
            }
            let value = Draft::Text(value.clone());
            if let Some(row) = names.iter().position(|known| known == name) {
                if values[row] != value {
                    taken.updated += 1;
                    taken.edits.push((path.join(row), Edit::Set(value)));
                }
            } else {
                let row = names.len() + taken.added;
                taken.added += 1;
                taken
                    .edits
                    .push((path.clone(), Edit::Insert(row, name.clone(), value)));
            }
        }
        taken
    }
}

/// Reads `NAME=value` line by line: with `export` before it or not, with quotes around the value or not.
///
/// Comments and empty lines say nothing. In double quotes `\n`, `\r`, `\t`, `\"`, `\\`, `\$` and `` \` `` are
/// escapes, in single quotes nothing is; quoted values may have several lines. `$NAME` is not replaced: it means
/// something only where the file comes from.
pub fn parse(text: &str) -> EnvFile {
    let mut found = EnvFile::default();
    let (mut rest, mut line) = (text, 1);
    while !rest.is_empty() {
        let (first, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let said = first.trim();
        let mut behind = after;
        if !(said.is_empty() || said.starts_with('#')) {
            if let Some((name, value, end)) = variable(rest) {
                found.variables.push((name, value));
                behind = &rest[end..];
            } else {
                found.skipped.push(line);
            }
        }
        line += rest[..rest.len() - behind.len()].matches('\n').count();
        rest = behind;
    }
    found
}

/// The variable that a text begins with, and where the next line begins.
fn variable(text: &str) -> Option<(String, String, usize)> {
    let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |at| from + at);
    let (before, _) = text[..line_end(0)].split_once('=')?;
    let name = before.trim();
    let name = match name.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => name,
    };
    let strange = |byte: u8| matches!(byte, b' ' | b'\t' | b'\'' | b'"' | b'#');
    if name.is_empty() || name.bytes().any(strange) {
        return None;
    }
    let begin = before.len() + 1;
    let begin = begin + text[begin..].len() - text[begin..].trim_start_matches([' ', '\t']).len();
    let quote = text[begin..]
        .chars()
        .next()
        .filter(|letter| matches!(letter, '"' | '\''));
    let (value, end) = if let Some(quote) = quote {
        let (value, end) = quoted(&text[begin + 1..], quote)?;
        let end = begin + 1 + end;
        let rest = text[end..line_end(end)].trim();
        if !(rest.is_empty() || rest.starts_with('#')) {
            return None;
        }
        (value, end)
    } else {
        let line = &text[begin..line_end(begin)];
        // A comment needs white space before it: a#b is a value.
        let comment = line.char_indices().find(|(at, letter)| {
            *letter == '#' && (*at == 0 || line[..*at].ends_with([' ', '\t']))
        });
        let value = &line[..comment.map_or(line.len(), |(at, _)| at)];
        (value.trim().to_owned(), begin)
    };
    Some((name.to_owned(), value, (line_end(end) + 1).min(text.len())))
}

/// The text up to the closing quote, and where it ends behind that.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            _ if letter == quote => return Some((value, at + 1)),
            '\\' if quote == '"' => match letters.next()?.1 {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                known @ ('"' | '\\' | '$' | '`') => value.push(known),
                other => value.extend(['\\', other]),
            },
            _ => value.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, variables: &[(&str, &str)], skipped: &[usize]) {
        let found = parse(text);
        let pairs: Vec<_> = found
            .variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(pairs, variables, "{text:?}");
        assert_eq!(found.skipped, skipped, "{text:?}");
    }

    #[test]
    fn variables_of_all_sorts() {
        reads("A=1\nB = 2 \n", &[("A", "1"), ("B", "2")], &[]);
        reads("export A=1\n\texport\tB=2", &[("A", "1"), ("B", "2")], &[]);
        reads("exports=1", &[("exports", "1")], &[]);
        reads("# no\n\n  # no\nA=", &[("A", "")], &[]);
        reads(
            "A=x # y\nB=x#y\nC=# y",
            &[("A", "x"), ("B", "x#y"), ("C", "")],
            &[],
        );
        reads("A=b=c\r\nD=\"e\" \r\n", &[("A", "b=c"), ("D", "e")], &[]);
        reads(r#"A="x \n\"\\\$\d" # y"#, &[("A", "x \n\"\\$\\d")], &[]);
        reads(r"A='x \n #' ", &[("A", r"x \n #")], &[]);
        reads("A=it's", &[("A", "it's")], &[]);
        reads("A=$HOME/${B}", &[("A", "$HOME/${B}")], &[]);
        reads("A=1\nA=2", &[("A", "1"), ("A", "2")], &[]);
        reads("\u{540d}=\u{503c}", &[("\u{540d}", "\u{503c}")], &[]);
    }

    #[test]
    fn variables_are_taken_in_beside_those_that_are_there() {
        let path =
            dsw_model::path![dsw_model::request::CreateInstanceRequest::ENVIRONMENT_VARIABLES];
        for (before, text, after, counts) in [
            (
                "{}",
                "A=1\nB=2",
                r#"{"EnvironmentVariables":{"A":"1","B":"2"}}"#,
                (2, 0),
            ),
            (
                r#"{"EnvironmentVariables":{"A":"0","B":"2"}}"#,
                "C=3\nB=2\nA=1",
                r#"{"EnvironmentVariables":{"A":"1","B":"2","C":"3"}}"#,
                (1, 1),
            ),
            (
                "{}",
                "A=1\nA=2",
                r#"{"EnvironmentVariables":{"A":"2"}}"#,
                (1, 0),
            ),
            (
                r#"{"EnvironmentVariables":[1]}"#,
                "A=1",
                r#"{"EnvironmentVariables":{"A":"1"}}"#,
                (1, 0),
            ),
        ] {
            let mut draft = crate::import::import(before).expect("a request").draft;
            let taken = parse(text).take_into(&draft, &path);
            assert_eq!((taken.added, taken.updated), counts, "{text}");
            draft.apply(&Path::ROOT, Edit::Many(taken.edits));
            assert_eq!(draft.body().to_string(), after, "{text}");
        }
    }

    #[test]
    fn quoted_values_may_have_several_lines() {
        reads("A=\"x\ny\"\nB=1\nno\n", &[("A", "x\ny"), ("B", "1")], &[4]);
        reads("A='x\n\n#y'", &[("A", "x\n\n#y")], &[]);
    }

    #[test]
    fn what_is_no_variable_is_skipped_with_its_line() {
        reads(
            "A=1\nhello\nB=2\n=3\nC D=4",
            &[("A", "1"), ("B", "2")],
            &[2, 4, 5],
        );
        reads("A=\"x\nB=2", &[("B", "2")], &[1]);
        reads("A='x' y\nB=2", &[("B", "2")], &[1]);
        reads("", &[], &[]);
    }
}
