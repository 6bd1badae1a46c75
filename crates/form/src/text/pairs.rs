//! A flat JSON object of texts, written into a string: as names and values.

use serde_json::Value;

use crate::json;

/// Names and values in their order.
pub type Pairs = Vec<(String, String)>;

/// Takes apart a JSON object whose values are all texts; nothing for any other text.
///
/// A name may stand twice: so it is while the second is being typed.
pub fn split(text: &str) -> Option<Pairs> {
    let mut pairs = Pairs::new();
    let mut rest = text.trim_matches(WHITE).strip_prefix('{')?;
    if rest.trim_start_matches(WHITE) == "}" {
        return Some(pairs);
    }
    loop {
        let (name, after) = read_text(rest)?;
        let (value, after) = read_text(after.strip_prefix(':')?)?;
        pairs.push((name, value));
        match after {
            "}" => return Some(pairs),
            _ => rest = after.strip_prefix(',')?,
        }
    }
}

/// Writes names and values as an object, as compactly as can be; no text for none.
pub fn join(pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return String::new();
    }
    let written = |text: &String| Value::from(text.as_str()).to_string();
    let members: Vec<_> = pairs
        .iter()
        .map(|(name, value)| written(name) + ":" + &written(value))
        .collect();
    String::from("{") + &members.join(",") + "}"
}

/// What JSON takes for white space.
const WHITE: [char; 4] = [' ', '\t', '\n', '\r'];

/// The text in quotes that comes next, and what follows it.
fn read_text(rest: &str) -> Option<(String, &str)> {
    let rest = rest.trim_start_matches(WHITE);
    let inside = rest.strip_prefix('"')?;
    let mut escaped = false;
    let end = inside.find(|letter| {
        let closes = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        closes
    })?;
    let (text, after) = rest.split_at(end + 2);
    match json::parse(text) {
        Ok(Value::String(text)) => Some((text, after.trim_start_matches(WHITE))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, wanted: Option<&[(&str, &str)]>) {
        let found = split(text);
        let found: Option<Vec<_>> = found.as_ref().map(|pairs| {
            pairs
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect()
        });
        assert_eq!(found.as_deref(), wanted, "{text:?}");
    }

    #[test]
    fn flat_objects_of_texts_come_apart() {
        reads("{}", Some(&[]));
        reads(" { } ", Some(&[]));
        reads(r#"{"a":"1","b":""}"#, Some(&[("a", "1"), ("b", "")]));
        reads(
            "\n{ \"b\" : \"1\" ,\n\t\"a\":\"2\" }\n",
            Some(&[("b", "1"), ("a", "2")]),
        );
        reads(r#"{"a\"\\":"\u00e4\n"}"#, Some(&[("a\"\\", "\u{e4}\n")]));
        reads(r#"{"a":"1","a":"2"}"#, Some(&[("a", "1"), ("a", "2")]));
        reads(r#"{"{":"},"}"#, Some(&[("{", "},")]));
    }

    #[test]
    fn everything_else_stays_whole() {
        for text in [
            "",
            "{",
            "[]",
            r#""a""#,
            r#"{"a":1}"#,
            r#"{"a":true}"#,
            r#"{"a":{"b":"c"}}"#,
            r#"{"a":"1",}"#,
            r#"{"a":"1"} x"#,
            r#"{"a":"1"}}"#,
            r#"{"a" "1"}"#,
            r#"{"a":"1" "b":"2"}"#,
            r#"{a:"1"}"#,
            r#"{"a":"\d"}"#,
            "{\"a\":\"\n\"}",
            r#"{"a":"1\"}"#,
            "\u{a0}{}",
        ] {
            reads(text, None);
        }
    }

    #[test]
    fn pairs_are_written_compactly_in_their_order() {
        let pairs = [
            ("b".to_owned(), "1\"".to_owned()),
            ("a".to_owned(), String::new()),
        ];
        assert_eq!(join(&pairs), r#"{"b":"1\"","a":""}"#);
        assert_eq!(join(&[]), "");
    }
}
