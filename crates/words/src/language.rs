//! The language in which words are said.
//!
//! English stands in the code, where it is used. Another language is a *catalogue*: a text file that has for each
//! English text, as it stands in the code, the one that takes its place. It is loaded when somebody wants it; what it
//! lacks stays English, and a test of the page sees to it that it lacks nothing.

use std::cell::Cell;

/// Texts of a language, by their English, in the order of that.
type Catalogue = &'static [(&'static str, &'static str)];

thread_local! {
    static CATALOGUE: Cell<Catalogue> = const { Cell::new(&[]) };
    /// The catalogue that was loaded last.
    static LOADED: Cell<Catalogue> = const { Cell::new(&[]) };
}

/// The text in the present language. `english` stands in the code, as it is.
pub fn tr(english: &'static str) -> &'static str {
    known(english).unwrap_or(english)
}

/// What takes the place of a text that comes from elsewhere, such as a parameter of a finding; nothing where the
/// present language has nothing for it.
pub(crate) fn known(english: &str) -> Option<&'static str> {
    let catalogue = CATALOGUE.get();
    let found = catalogue.binary_search_by(|(key, _)| (*key).cmp(english));
    found.ok().map(|at| catalogue[at].1)
}

/// Says how many there are: `one` for a single thing, `many` for any other number.
pub fn several(n: usize, one: &'static str, many: &'static str) -> String {
    fill(if n == 1 { one } else { many }, &[&number(n)])
}

/// A number with its thousands told apart, as both languages write it.
pub fn number(n: usize) -> String {
    let mut said = n.to_string();
    let mut at = said.len();
    while at > 3 {
        at -= 3;
        said.insert(at, ',');
    }
    said
}

/// Marks a text that is said elsewhere, by [`tr`]: so the test of the catalogue finds it.
pub const fn english(text: &'static str) -> &'static str {
    text
}

/// The text in the present language, with values in its places: `{}` is the next of them, `{0}` the first wherever it
/// stands, since other languages have another order. A place without a value stays empty.
pub fn fill(english: &'static str, values: &[&str]) -> String {
    put(tr(english), values)
}

/// Puts values into the places of a text that is in the present language already. Other braces stay as they are.
pub fn put(text: &str, values: &[&str]) -> String {
    let mut said = String::new();
    let mut next = 0;
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        said.push_str(&rest[..at]);
        rest = &rest[at..];
        let (place, length) = match rest.as_bytes() {
            [b'{', b'}', ..] => {
                next += 1;
                (next - 1, 2)
            }
            [b'{', digit @ b'0'..=b'9', b'}', ..] => (usize::from(digit - b'0'), 3),
            _ => {
                said.push('{');
                rest = &rest[1..];
                continue;
            }
        };
        said.push_str(values.get(place).copied().unwrap_or_default());
        rest = &rest[length..];
    }
    said.push_str(rest);
    said
}

/// Says everything in another language from now on, in this thread. `catalogue` has one text a line: the English, a
/// tab, the translation; empty lines and those that begin with `#` are for people. It is kept for as long as the program
/// runs, since texts that are in use point into it.
pub fn speak(catalogue: String) {
    let text: &'static str = catalogue.leak();
    let entries = text.lines().filter(|line| !line.starts_with('#'));
    let mut entries: Vec<_> = entries.filter_map(|line| line.split_once('\t')).collect();
    entries.sort_unstable();
    LOADED.set(entries.leak());
    CATALOGUE.set(LOADED.get());
}

/// Says everything by the catalogue that was loaded last. Returns whether there is one.
pub fn speak_again() -> bool {
    CATALOGUE.set(LOADED.get());
    !LOADED.get().is_empty()
}

/// Says everything in English from now on, in this thread.
pub fn speak_english() {
    CATALOGUE.set(&[]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_catalogue_lacks_stays_english() {
        assert_eq!(tr("Undo"), "Undo");
        speak("# actions\n\nUndo\t撤销\n{} of {}\t共 {1} 个，第 {0} 个\n".to_owned());
        assert_eq!(tr("Undo"), "撤销");
        assert_eq!(tr("Redo"), "Redo");
        assert_eq!(fill("{} of {}", &["2", "5"]), "共 5 个，第 2 个");
        speak_english();
        assert_eq!(tr("Undo"), "Undo");
        assert!(speak_again());
        assert_eq!(tr("Undo"), "撤销");
        speak_english();
    }

    #[test]
    fn numbers_are_grouped_and_counted() {
        for (n, said) in [
            (0, "0 errors"),
            (1, "1 error"),
            (999, "999 errors"),
            (1000, "1,000 errors"),
            (12_345_678, "12,345,678 errors"),
        ] {
            assert_eq!(several(n, "{} error", "{} errors"), said);
        }
    }

    #[test]
    fn values_stand_in_their_places() {
        for (text, said) in [
            ("no place", "no place"),
            ("{}{}", "ab"),
            ("{1}, {0}", "b, a"),
            ("{} and {2}", "a and "),
            ("an open {", "an open {"),
            ("${x} and {}", "${x} and a"),
        ] {
            assert_eq!(put(text, &["a", "b"]), said);
        }
        // A value is not read again.
        assert_eq!(put("{}{}", &["{}", "b"]), "{}b");
    }
}
