//! Indenting: what the Tab key writes into a script.

/// One level.
const LEVEL: &str = "  ";

/// What takes the place of a selection when it is indented: where that begins, and the text. A selection in one
/// line gets a level in its place; of several lines each gets one before it. Places count UTF-16 units, as
/// browsers do.
pub fn indent(text: &str, start: usize, end: usize) -> (usize, String) {
    let units: Vec<u16> = text.encode_utf16().collect();
    let end = end.min(units.len());
    let start = start.min(end);
    let is_end = |unit: &u16| *unit == u16::from(b'\n');
    if !units[start..end].iter().any(is_end) {
        return (start, LEVEL.to_owned());
    }
    let from = units[..start]
        .iter()
        .rposition(is_end)
        .map_or(0, |at| at + 1);
    let lines = String::from_utf16_lossy(&units[from..end]);
    let mut indented = String::new();
    for line in lines.split_inclusive('\n') {
        if line != "\n" {
            indented.push_str(LEVEL);
        }
        indented.push_str(line);
    }
    (from, indented)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_or_a_word_gets_a_level() {
        assert_eq!(indent("ab", 1, 1), (1, "  ".to_owned()));
        assert_eq!(indent("", 0, 0), (0, "  ".to_owned()));
        assert_eq!(indent("ab\ncd", 9, 12), (5, "  ".to_owned()));
    }

    #[test]
    fn each_line_of_several_gets_a_level() {
        assert_eq!(indent("a\nbc\nd", 3, 6), (2, "  bc\n  d".to_owned()));
        assert_eq!(indent("a\n\nb\n", 0, 5), (0, "  a\n\n  b\n".to_owned()));
        assert_eq!(
            indent("\u{1f600}\nb", 1, 4),
            (0, "  \u{1f600}\n  b".to_owned())
        );
    }
}
