//! The rows of a list or map as the lines of one text: single values, or names and values.

use std::sync::Arc;

use dsw_model::descriptor::{Kind, StructDescriptor};

use super::items;
use crate::draft::{Draft, StructDraft};
use crate::edit::Edit;

/// The lines that hold all rows, if lines can: each would be read from its line as it is. Empty rows make no line.
pub fn write(kind: Kind, rows: &Draft) -> Option<String> {
    let mut lines = Vec::new();
    match rows {
        Draft::Unset => {}
        Draft::List(rows) => {
            for row in rows.iter().filter(|row| !is_empty(row)) {
                lines.push(match row {
                    Draft::Text(text) => text.clone(),
                    Draft::Struct(object) => line_of(object)?,
                    _ => return None,
                });
            }
        }
        Draft::Map(rows) => {
            for (name, value) in rows.iter() {
                let Draft::Text(value) = value else {
                    return None;
                };
                if !(name.is_empty() && value.is_empty()) {
                    lines.push([name, "=", value].concat());
                }
            }
        }
        _ => return None,
    }
    let text = lines.join("\n");
    let mut read = rows.clone();
    read_into(kind, &text, &mut read);
    same(rows, &read).then_some(text)
}

/// The edit that makes these lines the rows.
pub fn read(kind: Kind, text: &str) -> Edit {
    if matches!(kind, Kind::List(Kind::Text | Kind::Secret)) {
        return Edit::Rows(items::split(text));
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let pairs = lines.map(|line| {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        (name.trim().to_owned(), value.trim().to_owned())
    });
    Edit::Pairs(pairs.collect())
}

/// Whether the lines of a text say what these rows hold.
pub fn says(kind: Kind, text: &str, rows: &Draft) -> bool {
    let mut read = rows.clone();
    read_into(kind, text, &mut read);
    same(rows, &read)
}

/// The rows that names and values make in a list of objects of two texts, or in a map.
pub(crate) fn rows_of(kind: Kind, pairs: Vec<(String, String)>) -> Option<Draft> {
    let text = |text: String| {
        if text.is_empty() {
            Draft::Unset
        } else {
            Draft::Text(text)
        }
    };
    if pairs.is_empty() {
        return takes_pairs(kind).then_some(Draft::Unset);
    }
    Some(match kind {
        Kind::Map(Kind::Text) => Draft::Map(Arc::new(
            pairs
                .into_iter()
                .map(|(name, value)| (name, Draft::Text(value)))
                .collect(),
        )),
        Kind::List(&Kind::Struct(descriptor)) if is_pair(descriptor) => {
            let rows = pairs.into_iter().map(|(name, value)| {
                let mut object = StructDraft::empty(descriptor);
                object.fields = vec![text(name), text(value)];
                Draft::Struct(Arc::new(object))
            });
            Draft::List(Arc::new(rows.collect()))
        }
        _ => return None,
    })
}

/// Whether rows of this kind are names and values.
fn takes_pairs(kind: Kind) -> bool {
    match kind {
        Kind::Map(Kind::Text) => true,
        Kind::List(&Kind::Struct(descriptor)) => is_pair(descriptor),
        _ => false,
    }
}

fn is_pair(descriptor: &StructDescriptor) -> bool {
    let fields = descriptor.fields.iter();
    descriptor.fields.len() == 2 && fields.clone().all(|field| matches!(field.kind, Kind::Text))
}

/// The line of an object of two texts; nothing of one that holds something else.
fn line_of(object: &StructDraft) -> Option<String> {
    let text = |draft: &Draft| match draft {
        Draft::Unset => Some(String::new()),
        Draft::Text(text) => Some(text.clone()),
        _ => None,
    };
    let [name, value] = &*object.fields else {
        return None;
    };
    let whole = object.unknown.is_empty() && object.parked.is_empty();
    whole.then_some(())?;
    Some([&*text(name)?, "=", &text(value)?].concat())
}

fn read_into(kind: Kind, text: &str, rows: &mut Draft) {
    *rows = match read(kind, text) {
        Edit::Rows(texts) if texts.is_empty() => Draft::Unset,
        Edit::Rows(texts) => Draft::List(Arc::new(texts.into_iter().map(Draft::Text).collect())),
        Edit::Pairs(pairs) => rows_of(kind, pairs).unwrap_or_default(),
        _ => Draft::Unset,
    };
}

fn is_empty(row: &Draft) -> bool {
    match row {
        Draft::Struct(object) => object.is_empty() && object.parked.is_empty(),
        row => row.is_blank(),
    }
}

/// Whether two lists or maps hold the same, but for empty rows.
fn same(one: &Draft, other: &Draft) -> bool {
    let values = |draft: &Draft| match draft {
        Draft::List(rows) => rows
            .iter()
            .filter(|row| !is_empty(row))
            .map(|row| (String::new(), row.clone()))
            .collect(),
        Draft::Map(rows) => rows
            .iter()
            .filter(|(name, value)| !(name.is_empty() && value.is_blank()))
            .cloned()
            .collect(),
        _ => Vec::new(),
    };
    values(one) == values(other)
}

#[cfg(test)]
mod tests {
    use dsw_model::path;
    use dsw_model::path::Path;
    use dsw_model::request::{CreateInstanceRequest as Request, UserVpc};

    use super::*;
    use crate::draft::ROOT;
    use crate::import::import;

    fn at(json: &str, path: &Path) -> (Kind, Draft) {
        let draft = import(json).expect("a request").draft;
        let kind = path.kind(ROOT).expect("a field");
        (kind, draft.get(path).cloned().unwrap_or_default())
    }

    #[test]
    fn f17_rows_are_written_and_read_as_lines() {
        let labels = path![Request::LABELS];
        let rules = path![Request::ACCESS_RESTRICTION_RULES];
        let ranges = path![Request::USER_VPC, UserVpc::EXTENDED_CIDRS];
        for (json, path, text) in [
            ("{}", &labels, Some("")),
            (
                r#"{"Labels": [{"Key": "team", "Value": "nlp"}, {"Key": "a", "Value": "b=c"}, {"Key": "k"}]}"#,
                &labels,
                Some("team=nlp\na=b=c\nk="),
            ),
            (
                r#"{"AccessRestrictionRules": {"a": "1", "b": ""}}"#,
                &rules,
                Some("a=1\nb="),
            ),
            (
                r#"{"UserVpc": {"ExtendedCIDRs": ["10.0.0.0/8", "192.168.0.0/16"]}}"#,
                &ranges,
                Some("10.0.0.0/8\n192.168.0.0/16"),
            ),
            // What a line cannot hold has none.
            (
                r#"{"Labels": [{"Key": "a=b", "Value": "c"}]}"#,
                &labels,
                None,
            ),
            (
                r#"{"Labels": [{"Key": "a", "Value": "b\nc"}]}"#,
                &labels,
                None,
            ),
            (
                r#"{"Labels": [{"Key": "a", "Value": " b"}]}"#,
                &labels,
                None,
            ),
            (r#"{"Labels": [{"Key": "a", "New": 1}]}"#, &labels, None),
            (r#"{"Labels": ["a"]}"#, &labels, None),
            (r#"{"Labels": "a"}"#, &labels, None),
            (r#"{"AccessRestrictionRules": {"a": 1}}"#, &rules, None),
            (r#"{"UserVpc": {"ExtendedCIDRs": ["a,b"]}}"#, &ranges, None),
        ] {
            let (kind, rows) = at(json, path);
            assert_eq!(write(kind, &rows).as_deref(), text, "{json}");
            if let Some(text) = text {
                assert!(says(kind, text, &rows), "{json}");
                assert!(!says(kind, &format!("{text}\nmore=1"), &rows), "{json}");
            }
        }
    }

    #[test]
    fn f17_lines_become_rows_in_one_step() {
        let path = path![Request::LABELS];
        let mut draft = Draft::default();
        let lines = " team = nlp \n\nalone\n=value\n";
        let undo = draft.apply(&path, read(path.kind(ROOT).expect("a field"), lines));
        let rows = draft.get(&path).cloned().unwrap_or_default();
        assert_eq!(rows.row_count(), 3);
        assert!(says(
            path.kind(ROOT).expect("a field"),
            "team=nlp\nalone\n=value",
            &rows
        ));
        let (at, edit) = undo.expect("it changed something");
        draft.apply(&at, edit);
        assert_eq!(draft, Draft::default());
    }
}
