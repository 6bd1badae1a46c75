//! What patterns of policies match.

/// Whether any of these patterns matches a text as a whole. A `*` stands for any letters, or none.
pub(super) fn any(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| matches(pattern, text))
}

/// The one value that patterns allow, if they allow just one.
pub(super) fn only(patterns: &[String]) -> Option<&str> {
    match patterns {
        [one] if !one.contains('*') => Some(one),
        _ => None,
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut left) = text.strip_prefix(first) else {
        return false;
    };
    // What stands between two stars is taken where it comes first: that leaves most to the rest.
    let (between, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in between.split('*') {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

/// Whether the address of an image begins with one of these: a registry, or a registry and what follows in it,
/// up to the border of a part. A `*` stands for letters within one part.
pub(super) fn is_from(registries: &[String], url: &str) -> bool {
    let parts: Vec<&str> = url.split('/').collect();
    // An address has a registry and a name; dots lead elsewhere.
    if parts.len() < 2
        || parts.iter().any(|part| matches!(*part, "" | "." | ".."))
        || url.contains(char::is_whitespace)
    {
        return false;
    }
    registries.iter().any(|registry| {
        let wanted: Vec<&str> = registry.split('/').collect();
        wanted.len() <= parts.len()
            && wanted
                .iter()
                .zip(&parts)
                .enumerate()
                .all(|(at, (wanted, part))| {
                    let name = part.split([':', '@']).next().unwrap_or_default();
                    // The last part of an address has a tag or a digest behind it.
                    matches(wanted, part) || at + 1 == parts.len() && matches(wanted, name)
                })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_letters() {
        for (pattern, text, is_match) in [
            ("ecs.g6.large", "ecs.g6.large", true),
            ("ecs.g6.large", "ecs.g6.larger", false),
            ("ecs.g6.*", "ecs.g6.large", true),
            ("ecs.g6.*", "ecs.g6.", true),
            ("ecs.g6.*", "ecs.g6e.large", false),
            ("*", "", true),
            ("**", "any", true),
            ("*.large", "ecs.g6.large", true),
            ("*.large", "ecs.g6.xlarge", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXc", false),
            ("名*", "名字", true),
            ("ECS.*", "ecs.g6", false),
        ] {
            assert_eq!(matches(pattern, text), is_match, "{pattern} {text}");
        }
    }

    #[test]
    fn registries_match_part_by_part() {
        let from = |registry: &str, url: &str| is_from(&[registry.to_owned()], url);
        let host = "registry.cn-hangzhou.aliyuncs.com";
        for (registry, url, is_match) in [
            (host.to_owned(), format!("{host}/team/a:1"), true),
            (format!("{host}/team"), format!("{host}/team/a:1"), true),
            (
                format!("{host}/team"),
                format!("{host}/team/b/a@sha256:0"),
                true,
            ),
            (format!("{host}/team/a"), format!("{host}/team/a:1"), true),
            (format!("{host}/team/a"), format!("{host}/team/a"), true),
            (format!("{host}/team/a:1"), format!("{host}/team/a:1"), true),
            (
                format!("{host}/team/a:1"),
                format!("{host}/team/a:2"),
                false,
            ),
            (format!("{host}/team"), format!("{host}/teams/a:1"), false),
            (format!("{host}/team"), format!("{host}/team2/a:1"), false),
            (
                format!("{host}/team"),
                format!("x.example/{host}/team/a"),
                false,
            ),
            (
                format!("{host}/team"),
                format!("{host}/team/../other/a"),
                false,
            ),
            (format!("{host}/team"), format!("{host}//team/a"), false),
            (format!("{host}/team"), format!("{host}/team/a "), false),
            (host.to_owned(), host.to_owned(), false),
            (host.to_owned(), format!("{host}:1"), false),
            (host.to_owned(), format!("{host}:5000/a"), false),
            (host.to_owned(), format!("{host}.evil.example/a"), false),
            (
                "registry*.aliyuncs.com/team".to_owned(),
                format!("{host}/team/a"),
                true,
            ),
            (
                "*.aliyuncs.com/team".to_owned(),
                "evil.example/x.aliyuncs.com/team".to_owned(),
                false,
            ),
            ("*/team".to_owned(), format!("{host}/team/a"), true),
        ] {
            assert_eq!(from(&registry, &url), is_match, "{registry} {url}");
        }
    }
}
