//! Texts that controls take apart: whatever a person writes, taking apart and putting together loses nothing.

use dsw_form::text::{env_file, items, line_ends, pairs, public_key, quantity};
use proptest::collection::vec;
use proptest::prelude::*;

const UNITS: &[&str] = &["Gi", "Mi", "Ti", "Ki"];

proptest! {
    #[test]
    fn a_quantity_is_its_number_and_unit(text in prop_oneof!["[0-9]{1,3}(\\.[0-9]{1,2})?(Gi|Mi|GB)?", ".*"]) {
        if let Some(parts) = quantity::split(&text, UNITS) {
            prop_assert_eq!(parts.number.to_owned() + parts.unit, &text[..]);
            prop_assert_eq!(quantity::join(parts.number, parts.unit), text);
        }
    }

    #[test]
    fn typing_a_quantity_keeps_what_is_typed(typed in ".*") {
        let text = quantity::join(&typed, "Gi");
        prop_assert!(text == typed || text == typed.clone() + "Gi");
        if text != typed {
            prop_assert_eq!(quantity::split(&text, UNITS).map(|parts| parts.number), Some(&typed[..]));
        }
    }

    #[test]
    fn items_hold_every_letter_that_is_no_separator(text in "[a-z0-9./ ,\\r\\n\u{4e2d}]{0,40}") {
        let kept = |text: &str| {
            text.chars()
                .filter(|letter| *letter != ',' && !letter.is_whitespace())
                .collect::<String>()
        };
        let found = items::split(&text);
        prop_assert_eq!(kept(&found.concat()), kept(&text));
        prop_assert_eq!(items::split(&found.join("\n")), found);
    }

    #[test]
    fn taking_a_part_out_leaves_the_others(parts in vec("[^,]*", 1..6), at in any::<prop::sample::Index>()) {
        let at = at.index(parts.len());
        let mut left = parts.clone();
        left.remove(at);
        prop_assert_eq!(items::without_part(&parts.join(","), at), left.join(","));
    }

    #[test]
    fn pairs_come_apart_as_they_were_put_together(given in vec((".*", ".*"), 1..5)) {
        let text = pairs::join(&given);
        prop_assert_eq!(pairs::split(&text), Some(given));
    }

    #[test]
    fn what_comes_apart_is_the_object_that_is_read(text in r#"\{("[a-c]{0,2}" ?: ?"[x\\\\"]{0,3}",? ?){0,3}\}"#) {
        match (pairs::split(&text), dsw_form::json::parse(&text)) {
            (Some(found), Ok(value)) => {
                let members = value.as_object().expect("an object");
                prop_assert_eq!(found.len(), members.len());
                for ((name, value), (key, member)) in found.iter().zip(members) {
                    prop_assert_eq!((name, Some(&value[..])), (key, member.as_str()));
                }
            }
            // The reader refuses a name that stands twice.
            (Some(found), Err(_)) => {
                let mut names: Vec<_> = found.into_iter().map(|(name, _)| name).collect();
                names.sort();
                prop_assert!(names.windows(2).any(|two| two[0] == two[1]));
            }
            (None, read) => prop_assert!(read.is_err()),
        }
    }

    #[test]
    fn no_text_is_too_strange(text in ".*") {
        let _ = pairs::split(&text);
        let _ = public_key::read(&text);
        let _ = quantity::with_unit(&text, "Gi");
    }

    #[test]
    fn line_ends_of_what_is_untouched_stay(
        old in "[ab\\r\\n\u{4e2d}]{0,16}",
        from in any::<prop::sample::Index>(),
        length in 0_usize..4,
        new in "[ab\\n\u{4e2d}]{0,4}",
    ) {
        let shown = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
        let before: Vec<char> = shown(&old).chars().collect();
        let from = from.index(before.len() + 1);
        let to = (from + length).min(before.len());
        let after: String = before[..from].iter().copied().chain(new.chars()).chain(before[to..].iter().copied()).collect();
        let kept = line_ends::keep(&old, &after);
        prop_assert_eq!(shown(&kept), after);
        prop_assert!(kept.matches('\r').count() <= old.matches('\r').count());
        prop_assert_eq!(line_ends::keep(&old, &shown(&old)), old);
    }

    #[test]
    fn written_variables_are_read(given in vec(("[A-Z_][A-Z0-9_]{0,5}", "[ -~\\n\u{4e2d}]{0,12}"), 0..5)) {
        let quoted = |value: &str| {
            let escaped = value.replace('\\', r"\\").replace('"', "\\\"").replace('$', "\\$");
            format!("\"{escaped}\"")
        };
        let mut text = String::new();
        for (name, value) in &given {
            text += &["export ", name, "=", &quoted(value), "\n"].concat();
        }
        let found = env_file::parse(&text);
        prop_assert_eq!(found.variables, given);
        prop_assert_eq!(found.skipped, Vec::<usize>::new());
    }

    #[test]
    fn each_line_of_a_file_is_read_or_named(text in "([A-Z]{0,2}[= ]?[a-z\"'# ]{0,4}\\n){0,6}") {
        let found = env_file::parse(&text);
        let lines = text.lines().count();
        prop_assert!(found.variables.len() + found.skipped.len() <= lines);
        prop_assert!(found.skipped.windows(2).all(|two| two[0] < two[1]));
        prop_assert!(found.skipped.iter().all(|line| (1..=lines).contains(line)));
    }
}
