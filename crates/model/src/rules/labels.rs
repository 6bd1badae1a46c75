//! Rules of the section on labels and tags.

use super::seen::Seen;
use super::{Check, Context, Findings, Rule, Severity, Source};
use crate::path::Path;
use crate::request::{CreateInstanceRequest as Request, Label, Tag};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R80",
        severity: Severity::Error,
        source: Source::Inferred,
        check: Check::Whole(&[Request::LABELS, Request::TAG], |request, _, findings| {
            let labels = request.labels.as_deref().unwrap_or_default();
            let labels: Vec<_> = labels.iter().map(|it| text(it.key.as_ref())).collect();
            repeated(&labels, label, findings);
            repeated(&keys(request), tag, findings);
        }),
    },
    Rule {
        id: "R81",
        severity: Severity::Warning,
        // These are the limits of tags in general, not checked for this service.
        source: Source::Inferred,
        check: Check::Whole(&[Request::TAG], limits_of_tags),
    },
];

/// The most tags that a resource has.
const MOST_TAGS: usize = 20;

/// The most characters of a tag's key.
const LONGEST_KEY: usize = 128;

fn tag(row: usize) -> Path {
    Path::of(&[Request::TAG]).join(row).join(Tag::KEY)
}

fn label(row: usize) -> Path {
    Path::of(&[Request::LABELS]).join(row).join(Label::KEY)
}

fn text(key: Option<&String>) -> &str {
    key.map(String::as_str).unwrap_or_default()
}

/// The keys of the tags.
fn keys(request: &Request) -> Vec<&str> {
    let tags = request.tag.as_deref().unwrap_or_default();
    tags.iter().map(|tag| text(tag.key.as_ref())).collect()
}

/// Reports the keys that are empty or stand there already.
fn repeated(keys: &[&str], at: fn(usize) -> Path, findings: &mut Findings<'_>) {
    let mut seen = Seen::of(keys.len());
    for (row, key) in keys.iter().enumerate() {
        if key.is_empty() {
            seen.skip();
            findings.at(at(row));
        } else if let Some(earlier) = seen.add(key.as_bytes()) {
            findings
                .at(at(row))
                .with("key", key)
                .with("row", earlier + 1);
        }
    }
}

fn limits_of_tags(request: &Request, _: &Context, findings: &mut Findings<'_>) {
    let keys = keys(request);
    for (row, key) in keys.iter().enumerate() {
        let length = key.chars().count();
        let lower = key.to_ascii_lowercase();
        if lower.starts_with("aliyun") || lower.starts_with("acs:") {
            findings.at(tag(row)).with("key", key);
        } else if key.contains("http://") || key.contains("https://") {
            findings
                .at(tag(row))
                .with("key", key)
                .with("address", "yes");
        } else if length > LONGEST_KEY {
            findings
                .at(tag(row))
                .with("length", length)
                .with("limit", LONGEST_KEY);
        }
    }
    let count = keys.len();
    if count > MOST_TAGS {
        findings
            .at(tag(MOST_TAGS))
            .with("count", count)
            .with("most", MOST_TAGS);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_cases;

    #[test]
    fn r80_keys() {
        check_cases(
            "R80",
            &[
                "{}",
                r#"{"Labels": [{"Key": "a"}, {"Key": "A"}], "Tag": [{"Key": "a"}]}"#,
            ],
            &[
                (
                    r#"{"Labels": [{"Key": ""}, {"Value": "a"}, {"Key": "a"}, {"Key": "a"}]}"#,
                    &["Labels[0].Key", "Labels[1].Key", "Labels[3].Key"],
                ),
                (
                    r#"{"Tag": [{"Key": "a"}, {"Key": "b"}, {"Key": "a"}, {}]}"#,
                    &["Tag[2].Key", "Tag[3].Key"],
                ),
            ],
        );
    }

    #[test]
    fn r81_limits_of_tags() {
        let key: &[&str] = &["Tag[0].Key"];
        let tags = |count: usize| {
            let tags: Vec<_> = (0..count).map(|n| format!(r#"{{"Key": "{n}"}}"#)).collect();
            format!(r#"{{"Tag": [{}]}}"#, tags.join(","))
        };
        let long = |length| format!(r#"{{"Tag": [{{"Key": "{}"}}]}}"#, "é".repeat(length));
        check_cases(
            "R81",
            &[
                "{}",
                &tags(20),
                &long(128),
                r#"{"Tag": [{"Key": "my-aliyun"}, {"Key": "http:"}, {}], "Labels": [{"Key": "aliyun"}]}"#,
            ],
            &[
                (r#"{"Tag": [{"Key": "Aliyun-a"}]}"#, key),
                (r#"{"Tag": [{"Key": "acs:a"}]}"#, key),
                (r#"{"Tag": [{"Key": "see https://a"}]}"#, key),
                (&long(129), key),
                (&tags(22), &["Tag[20].Key"]),
            ],
        );
    }
}
