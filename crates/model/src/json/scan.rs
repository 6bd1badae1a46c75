//! Reading without keeping: whether a text is one strict JSON object, and what its own members are.
//! For programs that pass on what others have written.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Limits, Problem, Reader, Wrong, plain_length};

/// A member of an object: its name, and its value as it is written.
pub type Member<'a> = (Cow<'a, str>, &'a str);

/// The members of the object that a text is, if [`super::parse_within`] reads it as one: what is refused there, at
/// any level, is refused here. Of what is inside its members nothing is kept.
pub fn members(text: &str, limits: Limits) -> Option<Vec<Member<'_>>> {
    let mut reader = Reader::new(text, limits);
    reader.eat("\u{feff}");
    reader.skip_white();
    let mut members = Vec::new();
    object(&mut reader, &mut Vec::new(), 0, &mut |name, value| {
        members.push((name, value));
    })
    .ok()?;
    reader.skip_white();
    reader.rest().is_empty().then_some(members)
}

/// What is told of each member of an object.
type Each<'a, 'f> = dyn FnMut(Cow<'a, str>, &'a str) + 'f;

/// The names so far of all objects that are open, from the outside in.
type Names<'a> = Vec<Cow<'a, str>>;

/// So many names of one object are compared one by one; of more there is a table.
const FEW: usize = 16;

fn object<'a>(
    reader: &mut Reader<'a>,
    names: &mut Names<'a>,
    depth: usize,
    each: &mut Each<'a, '_>,
) -> Result<(), Wrong> {
    if reader.next() != Some(b'{') {
        return Err(reader.wrong(Problem::NotAValue));
    }
    let first = names.len();
    let mut table = HashSet::new();
    reader.members(b'}', |reader| {
        let start = reader.at;
        if reader.next() != Some(b'"') {
            return Err(reader.wrong(Problem::NameWithoutQuotes));
        }
        let name = string(reader)?;
        let own = &names[first..];
        let is_known = if own.len() < FEW {
            own.contains(&name)
        } else {
            if table.is_empty() {
                table.extend(own.iter().cloned());
            }
            !table.insert(name.clone())
        };
        if is_known {
            // Who reads without keeping is told no lines.
            let name = name.into_owned();
            return Err((Problem::Duplicate { name, first: 1 }, start));
        }
        names.push(name);
        reader.colon()?;
        reader.skip_white();
        let start = reader.at;
        value(reader, names, depth + 1)?;
        if depth == 0 {
            let name = names.last().cloned().unwrap_or_default();
            each(name, reader.text.get(start..reader.at).unwrap_or_default());
        }
        Ok(())
    })?;
    names.truncate(first);
    Ok(())
}

fn value<'a>(reader: &mut Reader<'a>, names: &mut Names<'a>, depth: usize) -> Result<(), Wrong> {
    reader.skip_white();
    if depth > reader.depth {
        return Err((Problem::TooDeep, reader.at));
    }
    match reader.next() {
        Some(b'{') => object(reader, names, depth, &mut |_, _| {}),
        Some(b'[') => reader.members(b']', |reader| value(reader, names, depth + 1)),
        Some(b'"') => string(reader).map(|_| ()),
        _ => reader.value(depth).map(|_| ()),
    }
}

/// A text, which is its own piece of the whole unless it has escapes.
fn string<'a>(reader: &mut Reader<'a>) -> Result<Cow<'a, str>, Wrong> {
    let start = reader.at + 1;
    let bytes = reader.text.as_bytes().get(start..).unwrap_or_default();
    let length = plain_length(bytes);
    if bytes.get(length) == Some(&b'"') {
        reader.at = start + length + 1;
        let plain = reader.text.get(start..start + length);
        return Ok(Cow::Borrowed(plain.unwrap_or_default()));
    }
    reader.string().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse_within;
    use proptest::prelude::*;
    use serde_json::Value;

    const LIMITS: Limits = Limits {
        depth: 4,
        members: 40,
    };

    /// Whether both readers come to the same.
    fn agree(text: &str) -> bool {
        let Ok(Value::Object(read)) = parse_within(text, LIMITS) else {
            return members(text, LIMITS).is_none();
        };
        let Some(scanned) = members(text, LIMITS) else {
            return false;
        };
        scanned.len() == read.len()
            && scanned
                .iter()
                .zip(&read)
                .all(|((name, text), (known, value))| {
                    name == known && parse_within(text, LIMITS).as_ref() == Ok(value)
                })
    }

    #[test]
    fn g05_what_the_reader_refuses_is_refused() {
        let many = |count: usize, last: &str| {
            let names: Vec<_> = (0..count).map(|n| format!("\"n{n}\":{n}")).collect();
            format!("{{{},{last}}}", names.join(","))
        };
        for (text, is_object) in [
            ("{}", true),
            (" {\"a\" : [1, {\"b\": null}], \"c\":\"\\u0064\"} ", true),
            ("\u{feff}{\"a\":1}", true),
            ("{\"a\":{\"b\":1},\"b\":{\"b\":1}}", true),
            ("{\"a\":1,\"a\":2}", false),
            ("{\"a\":1,\"\\u0061\":2}", false),
            ("{\"x\":[{\"y\":{\"a\":1,\"a\":2}}]}", false),
            ("{\"a\":{\"b\":1},\"c\":2,\"a\":3}", false),
            (&many(30, "\"n29x\":1"), true),
            (&many(30, "\"n29\":1"), false),
            (&many(30, "\"n2\":1"), false),
            (&many(40, "\"x\":1"), false),
            ("{\"a\":[[[1]]]}", true),
            ("{\"a\":[[[[1]]]]}", false),
            ("{\"a\":01}", false),
            ("{\"a\":\"\t\"}", false),
            ("{\"a\":\"b}", false),
            ("{\"a\" 1}", false),
            ("{\"a\":1,}", false),
            ("{\"a\":1]", false),
            ("{a:1}", false),
            ("{} {}", false),
            ("[]", false),
            ("7", false),
            ("", false),
        ] {
            assert_eq!(members(text, LIMITS).is_some(), is_object, "{text}");
            assert!(agree(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn g05_both_readers_come_to_the_same(
            text in r#"\{("(a|b|\\u0061)":(1|-2\.5|"c\\n"|\[\]|\[1,2\]|\{"a":1(,"(a|b)":0)?\}|tru?e|null),?){0,4}\}?"#
        ) {
            prop_assert!(agree(&text), "{}", text);
        }
    }
}
