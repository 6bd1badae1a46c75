//! Several texts written as one: names with commas between them, ranges line by line.

/// The texts in a list that a person wrote or pasted: one a line, or with commas between them. White space
/// around them is no part of them, and what is empty is none.
pub fn split(text: &str) -> Vec<String> {
    text.split(['\n', ','])
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The text of a list with this part taken out. The parts are those between the commas.
pub fn without_part(text: &str, part: usize) -> String {
    let mut parts: Vec<_> = text.split(',').collect();
    if part < parts.len() {
        parts.remove(part);
    }
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_commas_part_texts() {
        for (text, items) in [
            ("", &[][..]),
            (" \n,\r\n", &[]),
            ("a", &["a"]),
            ("a\nb", &["a", "b"]),
            ("a\r\nb\r\n", &["a", "b"]),
            (" a , b,\n\nc d ", &["a", "b", "c d"]),
        ] {
            assert_eq!(split(text), items, "{text:?}");
        }
    }

    #[test]
    fn a_part_is_taken_out_and_the_others_stay_as_they_are() {
        for (text, part, left) in [
            ("a,b,c", 1, "a,c"),
            (" a, b", 0, " b"),
            ("a,,b", 1, "a,b"),
            ("a", 0, ""),
            ("a,b", 2, "a,b"),
        ] {
            assert_eq!(without_part(text, part), left, "{text:?} {part}");
        }
    }
}
