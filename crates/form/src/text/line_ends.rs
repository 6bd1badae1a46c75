//! Line ends: a browser gives every one back as a line feed. What the person did not touch keeps its own.

/// The text that was meant, where `shown` is `old` as a text area gives it back after an edit. Before and behind
/// what was changed the line ends of `old` are kept; what was written has line feeds.
pub fn keep(old: &str, shown: &str) -> String {
    if !old.contains('\r') {
        return shown.to_owned();
    }
    let (before, after) = (letters(old), letters(shown));
    let same = |pairs: &mut dyn Iterator<Item = (&(usize, char), &(usize, char))>| {
        pairs.take_while(|(a, b)| a.1 == b.1).count()
    };
    let head = same(&mut before.iter().zip(&after));
    let most = before.len().min(after.len()) - head;
    let tail = same(&mut before.iter().rev().zip(after.iter().rev())).min(most);
    let place =
        |letters: &[(usize, char)], at: usize, end| letters.get(at).map_or(end, |letter| letter.0);
    let mut text = old[..place(&before, head, old.len())].to_owned();
    let written = place(&after, head, shown.len())..place(&after, after.len() - tail, shown.len());
    for part in [
        &shown[written],
        &old[place(&before, before.len() - tail, old.len())..],
    ] {
        if text.ends_with('\r') && part.starts_with('\n') {
            // Two line ends have met that would become one.
            text.push('\n');
        }
        text.push_str(part);
    }
    text
}

/// How many line ends have a carriage return.
pub fn carriage_returns(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\r').count()
}

/// The letters with their places, a line end of any kind being one line feed.
fn letters(text: &str) -> Vec<(usize, char)> {
    let mut letters = Vec::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        match letter {
            '\n' if at > 0 && text.as_bytes()[at - 1] == b'\r' => {}
            '\r' => letters.push((at, '\n')),
            letter => letters.push((at, letter)),
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untouched_line_ends_stay() {
        for (old, shown, wanted) in [
            ("a\r\nb\r\nc", "a\nb!\nc", "a\r\nb!\r\nc"),
            ("a\r\nb", "a\nb", "a\r\nb"),
            ("a\r\nb", "a\nb\n", "a\r\nb\n"),
            ("a\r\nb", "ab", "ab"),
            ("a\rb\nc\r\n", "xa\nb\nc\n", "xa\rb\nc\r\n"),
            ("\r\n", "\n\n", "\r\n\n"),
            ("\r\n\r\n", "\n", "\r\n"),
            ("a\r\n", "", ""),
            ("a\nb", "a\n\nb", "a\n\nb"),
            (
                "\u{e4}\r\n\u{1f600}",
                "\u{e4}\nx\u{1f600}",
                "\u{e4}\r\nx\u{1f600}",
            ),
        ] {
            assert_eq!(keep(old, shown), wanted, "{old:?} {shown:?}");
        }
    }

    #[test]
    fn carriage_returns_are_counted() {
        assert_eq!(carriage_returns("a\r\nb\rc\n"), 2);
    }
}
