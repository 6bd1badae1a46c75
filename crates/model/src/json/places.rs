//! From JSON Pointers to places in a text and back. For programs that tell people where to look.

use super::{Limits, MAX_DEPTH, Problem, Reader, Wrong, pointer};

/// Where something stands in a text. Lines and columns count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line and column of the name of a member; of any other value those of the value.
    pub name: (usize, usize),
    /// Line and column of the value.
    pub value: (usize, usize),
}

/// Where each of these pointers leads to in a text that [`super::parse`] reads. Where there is no such value, the
/// innermost one around the gap.
pub fn places(text: &str, pointers: &[&str]) -> Vec<Place> {
    let mut wanted: Vec<(&str, usize)> = pointers.iter().copied().zip(0..).collect();
    wanted.sort_unstable();
    // Names first, then values.
    let mut bytes = vec![0; 2 * pointers.len()];
    let _whole = walk_all(text, &mut String::new(), &mut |pointer, from, at| {
        // Values are met from the outside in, so the innermost has the last word.
        let first = wanted.partition_point(|(other, _)| *other < pointer);
        let inside = wanted[first..].iter();
        for (other, place) in inside.take_while(|(other, _)| other.starts_with(pointer)) {
            let rest = &other[pointer.len()..];
            if rest.is_empty() || rest.starts_with('/') {
                bytes[*place] = from;
                bytes[pointers.len() + *place] = at;
            }
        }
        true
    });
    let places = lines_and_columns(text, &bytes);
    let (names, values) = places.split_at(pointers.len());
    let both = names.iter().zip(values);
    both.map(|(&name, &value)| Place { name, value }).collect()
}

/// The pointer to what is at this byte of a text, where a reader has met a problem: a member whose name begins
/// there, or else the innermost value that has begun before.
pub fn pointer_at(text: &str, byte: usize) -> String {
    let mut pointer = String::new();
    let _stopped = walk_all(text, &mut pointer, &mut |_, from, _| from < byte);
    pointer
}

/// Lines and columns of these bytes, in one pass over the text. Both count from 1.
pub fn lines_and_columns(text: &str, bytes: &[usize]) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..bytes.len()).collect();
    order.sort_unstable_by_key(|place| bytes[*place]);
    let mut places = vec![(1, 1); bytes.len()];
    let (mut at, mut line, mut column) = (0, 1, 1);
    for place in order {
        for character in text.get(at..bytes[place]).unwrap_or_default().chars() {
            (line, column) = match character {
                '\n' => (line + 1, 1),
                _ => (line, column + 1),
            };
        }
        at = bytes[place];
        places[place] = (line, column);
    }
    places
}

/// What is asked at each value: its pointer, the byte at which its name begins (its own without one), and its
/// byte. It says whether to go on.
type Visit<'a> = dyn FnMut(&str, usize, usize) -> bool + 'a;

fn walk_all(text: &str, pointer: &mut String, visit: &mut Visit<'_>) -> Result<(), Wrong> {
    let limits = Limits {
        depth: MAX_DEPTH,
        members: usize::MAX,
    };
    let mut reader = Reader::new(text, limits);
    reader.eat("\u{feff}");
    reader.skip_white();
    let start = reader.at;
    walk(&mut reader, pointer, start, 0, visit)
}

/// Goes through a value and what is in it. If it fails or is stopped, the pointer stays as it is.
fn walk(
    reader: &mut Reader<'_>,
    pointer: &mut String,
    from: usize,
    depth: usize,
    visit: &mut Visit<'_>,
) -> Result<(), Wrong> {
    reader.skip_white();
    if depth > reader.depth {
        return Err((Problem::TooDeep, reader.at));
    }
    if !visit(pointer, from, reader.at) {
        return Err((Problem::GoesOn, reader.at));
    }
    let length = pointer.len();
    if reader.rest().starts_with('{') {
        reader.members(b'}', |reader| {
            let from = reader.at;
            if !reader.rest().starts_with('"') {
                return Err(reader.wrong(Problem::NameWithoutQuotes));
            }
            let name = reader.string()?;
            pointer::push(pointer, &name);
            reader.colon()?;
            walk(reader, pointer, from, depth + 1, visit)?;
            pointer.truncate(length);
            Ok(())
        })
    } else if reader.rest().starts_with('[') {
        let mut row = 0_usize;
        reader.members(b']', |reader| {
            let from = reader.at;
            pointer::push(pointer, &row.to_string());
            row += 1;
            walk(reader, pointer, from, depth + 1, visit)?;
            pointer.truncate(length);
            Ok(())
        })
    } else {
        reader.value(depth).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn pointers_lead_to_lines_and_columns() {
        let text =
            "{\"a/b\": [1,\n  {\"名\": \"x\", \"c\": 2}],\n \"ab\": null, \"a\": {\"~\": 0}}";
        let pointers = [
            "",
            "/a~1b",
            "/a~1b/1/c",
            "/a~1b/1",
            "/a~1b/1/none/inner",
            "/ab",
            "/a",
            "/a/~0",
            "/b",
        ];
        let expected = [
            (1, 1),
            (1, 9),
            (2, 19),
            (2, 3),
            (2, 3),
            (3, 8),
            (3, 19),
            (3, 25),
            (1, 1),
        ];
        let found = places(text, &pointers);
        let values: Vec<_> = found.iter().map(|place| place.value).collect();
        assert_eq!(values, expected);
        assert_eq!(found[1].name, (1, 2), "of a member the name");
        assert_eq!(found[3].name, (2, 3), "of an item the value");
    }

    #[test]
    fn a_problem_leads_to_a_pointer() {
        for (text, pointer) in [
            ("{\"a\":1,\"a\":2}", "/a"),
            (
                "{\"b\":{\"c/d\":[0,{\"x\":1,\"\\u0078\":2}]}}",
                "/b/c~1d/1/x",
            ),
            ("{\"a\":[1,tru]}", "/a/1"),
            ("{\"a\":{\"b\" 1}}", "/a/b"),
            ("{\"a\":[1 2]}", "/a"),
            ("[01]", "/0"),
            ("", ""),
        ] {
            let error = parse(text).expect_err(text);
            assert_eq!(error.line, 1, "one line each, in ASCII");
            assert_eq!(pointer_at(text, error.column - 1), pointer, "{text}");
        }
    }
}
