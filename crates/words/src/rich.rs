//! Words in which a part weighs more than the rest, and lists in a sentence.

use crate::language::{fill, tr};

/// What stands around the part of a sentence that weighs most, such as what is lost. Values that are filled in are
/// shown whatever they hold: at worst a part of one weighs more.
pub const MARKS: [char; 2] = ['⟦', '⟧'];

/// The parts of a sentence in order, and whether each weighs more.
pub fn weighed(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut weighs = false;
    text.split_inclusive(MARKS).map(move |part| {
        let this = weighs;
        weighs = part.ends_with(MARKS[0]);
        (this, part.trim_end_matches(MARKS))
    })
}

/// The sentence without the marks.
pub fn plain(text: &str) -> String {
    text.replace(MARKS, "")
}

/// Things in a sentence, with commas between them; of more than `most`, the number that is not named.
pub(crate) fn list(things: &[String], most: usize) -> String {
    let comma = tr(", ");
    // One more takes no more room than to say that there is one more.
    if things.len() <= most + 1 {
        return things.join(comma);
    }
    let rest = (things.len() - most).to_string();
    fill("{} and {} more", &[&things[..most].join(comma), &rest])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_weigh_more() {
        let parts = |text: &'static str| {
            weighed(text)
                .filter(|(_, part)| !part.is_empty())
                .collect::<Vec<_>>()
        };
        assert_eq!(parts("kept"), [(false, "kept")]);
        assert_eq!(
            parts("it is ⟦lost⟧, ⟦all⟧"),
            [
                (false, "it is "),
                (true, "lost"),
                (false, ", "),
                (true, "all")
            ]
        );
        assert_eq!(parts(""), []);
        assert_eq!(plain("it is ⟦lost⟧"), "it is lost");
    }

    #[test]
    fn lists_name_some_and_count_the_rest() {
        let things: Vec<_> = ["a", "b", "c", "d"].map(str::to_owned).into();
        assert_eq!(list(&things[..1], 2), "a");
        assert_eq!(list(&things[..3], 2), "a, b, c");
        assert_eq!(list(&things, 2), "a, b and 2 more");
        assert_eq!(list(&[], 2), "");
    }
}
