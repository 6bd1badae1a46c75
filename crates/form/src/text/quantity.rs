//! Quantities: a number with its unit behind it, such as `32Gi`.

/// A quantity in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity<'a> {
    /// The number as it is written.
    pub number: &'a str,
    /// One of the known units; empty if there is none.
    pub unit: &'static str,
}

/// Takes a text apart into a number and one of these units, or none. Nothing if it is anything else, such as
/// `32GB` or ` 32Gi`.
pub fn split<'a>(text: &'a str, units: &[&'static str]) -> Option<Quantity<'a>> {
    let (number, unit) = split_number(text)?;
    let unit = std::iter::once(&"")
        .chain(units)
        .find(|known| **known == unit)?;
    Some(Quantity { number, unit })
}

/// What a person means who writes `typed` beside this unit: a number takes the unit, and everything else, also
/// what has a unit of its own, is taken as it is written.
pub fn join(typed: &str, unit: &str) -> String {
    match split_number(typed) {
        Some((number, "")) => number.to_owned() + unit,
        _ => typed.to_owned(),
    }
}

/// The quantity of a text with this unit in place of what stands behind its number; nothing if it does not
/// begin with a number.
pub fn with_unit(text: &str, unit: &str) -> Option<String> {
    let (number, _) = split_number(text.trim_start())?;
    Some(number.to_owned() + unit)
}

/// The number that a text begins with, and what follows: digits, perhaps with a point and more digits.
fn split_number(text: &str) -> Option<(&str, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(text);
    if end == 0 {
        return None;
    }
    if let Some(rest) = text[end..].strip_prefix('.') {
        let decimals = digits(rest);
        if decimals > 0 {
            end += 1 + decimals;
        }
    }
    Some(text.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS: &[&str] = &["Gi", "Mi"];

    #[test]
    fn a_number_and_a_known_unit_come_apart() {
        for (text, parts) in [
            ("32Gi", Some(("32", "Gi"))),
            ("1.5Mi", Some(("1.5", "Mi"))),
            ("32", Some(("32", ""))),
            ("007Gi", Some(("007", "Gi"))),
            ("32GB", None),
            ("32gi", None),
            ("32 Gi", None),
            (" 32Gi", None),
            ("32Gi\n", None),
            ("1.", None),
            (".5Gi", None),
            ("-1Gi", None),
            ("abc", None),
            ("Gi", None),
            ("", None),
        ] {
            let found = split(text, UNITS).map(|found| (found.number, found.unit));
            assert_eq!(found, parts, "{text:?}");
        }
    }

    #[test]
    fn only_a_bare_number_takes_the_unit() {
        for (typed, text) in [
            ("32", "32Gi"),
            ("1.5", "1.5Gi"),
            ("32Gi", "32Gi"),
            ("32Mi", "32Mi"),
            ("32G", "32G"),
            ("1.", "1."),
            ("abc", "abc"),
            (" 32", " 32"),
            ("", ""),
        ] {
            assert_eq!(join(typed, "Gi"), text, "{typed:?}");
        }
        assert_eq!(join("32", ""), "32");
    }

    #[test]
    fn a_chosen_unit_takes_the_place_of_what_is_there() {
        for (text, chosen) in [
            ("32", Some("32Mi")),
            ("32Gi", Some("32Mi")),
            ("32GB", Some("32Mi")),
            (" 32 GB", Some("32Mi")),
            ("abc", None),
            ("", None),
        ] {
            assert_eq!(with_unit(text, "Mi").as_deref(), chosen, "{text:?}");
        }
    }
}
