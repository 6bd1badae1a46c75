//! The reference page: fields, rules and contradictions, as Markdown.

use std::fmt::Write as _;

use super::{CONTRADICTIONS, RULES, Share, WITH_FIX, severities, source_name};
use crate::descriptor::{
    Bounds, Choice, Choices, Condition, Describe as _, FieldDescriptor, Kind, Section, Shape,
    StructDescriptor,
};
use crate::request::CreateInstanceRequest;
use crate::rules::source;
use crate::schema::BEYOND;

const ROOT: &StructDescriptor = CreateInstanceRequest::DESCRIPTOR;

/// The page for people, `docs/reference.md`.
pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for section in Section::ALL {
        fields(section, &mut page);
    }
    rule_table(&mut page);
    contradictions(&mut page);
    page
}

const INTRODUCTION: &str = "# CreateInstance: fields and rules

Made from the declarations in `crates/model` by `cargo test -p dsw-model --test generated`; do not edit. The
same facts for programs are in [create-instance.schema.json](create-instance.schema.json).

All members are optional to the service's own schema; what an instance needs all the same is said by the
[rules](#rules). `[]` stands for any row of an array. Every field is also held to
[R109](#r109) (leave out what is empty), [R111](#r111) (closed lists) and [R112](#r112) (types); members that
are not listed are kept and sent ([R110](#r110)).

## Fields
";

fn fields(section: Section, page: &mut String) {
    let heads = [
        "Member", "Label", "Type", "Allowed", "Unit", "Default", "Applies", "Example", "Rules",
        "Help",
    ];
    let mut rows = Vec::new();
    let mut inside = false;
    ROOT.walk(&mut |path, field| {
        // A nested field belongs to the section of its parent, which comes before it.
        inside = field.section.map_or(inside, |own| own == section);
        if inside {
            let path = path.name(ROOT).replace("[0]", "[]");
            rows.push(row(&path, field));
        }
    });
    // Writing to a String cannot fail.
    let _ = write!(page, "\n### {section:?}\n\n");
    table(&heads, rows, page);
}

fn row(path: &str, field: &FieldDescriptor) -> Vec<String> {
    let flags = [
        ("secret", field.secret()),
        ("deprecated", field.deprecated),
        ("read-only", field.read_only),
    ];
    let flags = flags.iter().filter(|(_, set)| *set).map(|(flag, _)| *flag);
    let types = [kind_name(field.kind)]
        .into_iter()
        .chain(flags.map(str::to_owned));
    vec![
        code(path),
        field.label.to_owned(),
        types.collect::<Vec<_>>().join(", "),
        allowed(field),
        field.unit.to_owned(),
        code(field.default),
        match field.condition {
            Condition::Always => String::new(),
            Condition::Set(name) => format!("with {}", code(name)),
            Condition::Equals(name, value) => format!("with {} = {}", code(name), code(value)),
        },
        code(field.example),
        rules_at(path, field).join(", "),
        field.help.to_owned(),
    ]
}

/// A kind in the words of JSON.
fn kind_name(kind: Kind) -> String {
    match kind {
        Kind::Text | Kind::Secret => "string".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Json | Kind::Struct(_) => "object".to_owned(),
        Kind::List(item) => format!("array of {}s", kind_name(*item)),
        Kind::Map(value) => format!("object of {}s", kind_name(*value)),
    }
}

fn allowed(field: &FieldDescriptor) -> String {
    let list = |choices: &[Choice]| {
        let choices = choices.iter().map(|choice| match choice.label {
            "" => code(choice.value),
            label => format!("{} ({label})", code(choice.value)),
        });
        choices.collect::<Vec<_>>().join(", ")
    };
    let mut parts = Vec::new();
    match field.choices {
        Choices::Free => {}
        Choices::Closed(choices) => parts.push(list(choices)),
        Choices::Open(choices) => parts.push(format!("known: {}", list(choices))),
    }
    parts.extend(field.shape.pattern().map(|pattern| code(&pattern)));
    let Bounds {
        min,
        max,
        max_length,
    } = field.bounds;
    match (min, max) {
        (Some(min), Some(max)) => parts.push(format!("{min} to {max}")),
        (Some(min), None) => parts.push(format!("{min} or more")),
        (None, Some(max)) => parts.push(format!("at most {max}")),
        (None, None) => {}
    }
    if let Some(most) = max_length {
        let what = if matches!(field.kind, Kind::List(_)) {
            "rows"
        } else {
            "characters"
        };
        parts.push(format!("at most {most} {what}"));
    }
    parts.join("; ")
}

/// Links to the rules that are found at a field or at a row of it.
fn rules_at(path: &str, field: &FieldDescriptor) -> Vec<String> {
    let rules = RULES.iter().filter(|about| {
        let here = |at: &&str| at.strip_suffix("[]").unwrap_or(at) == path;
        about.at.iter().any(here)
    });
    let mut ids: Vec<_> = rules.map(|about| about.id).collect();
    if matches!(field.choices, Choices::Closed(_)) && !ids.contains(&field.choice_rule) {
        ids.push(field.choice_rule);
    }
    if field.shape != Shape::Free {
        ids.push("R113");
    }
    ids.into_iter().map(link).collect()
}

fn link(id: &str) -> String {
    format!("[{id}](#{})", id.to_lowercase())
}

/// How grave the findings of a rule are, in words.
fn severity(id: &str) -> String {
    severities(id).join(", ")
}

fn rule_table(page: &mut String) {
    page.push_str(RULES_INTRODUCTION);
    let rows = RULES.iter().filter_map(|about| {
        let source = source(about.id)?;
        let places: Vec<_> = about.at.iter().map(|at| code(at)).collect();
        let schema = match Share::of(about.id) {
            Share::All => "yes",
            Share::Part => "in part",
            Share::None => "no",
            Share::NoError => "",
        };
        Some(vec![
            format!("<a id=\"{}\"></a>{}", about.id.to_lowercase(), about.id),
            severity(about.id),
            places.join(", "),
            about.when.to_owned(),
            about.why.to_owned(),
            source_name(source).to_owned(),
            if WITH_FIX.contains(&about.id) {
                "yes"
            } else {
                ""
            }
            .to_owned(),
            schema.to_owned(),
        ])
    });
    let heads = [
        "Id",
        "Severity",
        "Where",
        "Found when",
        "Why",
        "Source",
        "Fix",
        "In the schema",
    ];
    table(&heads, rows, page);
    page.push_str("\nWhat the schema cannot see:\n\n");
    for (id, why) in BEYOND {
        let _ = writeln!(page, "- {}: {why}", link(id));
    }
}

const RULES_INTRODUCTION: &str = "
## Rules

An **error** is known to be refused by the service; a **warning** is advised against, or the sources disagree.
Sources: *documented* by the vendor, the vendor's command line *guide*, *inferred* from documented facts and
examples, or our own *policy*. A rule with a fix offers an edit that mends what it finds.

";

fn contradictions(page: &mut String) {
    page.push_str(CONTRADICTIONS_INTRODUCTION);
    let rows = CONTRADICTIONS.iter().map(|known| {
        [known.id, known.shown, known.finding, known.send]
            .map(str::to_owned)
            .to_vec()
    });
    table(
        &["Id", "The reference shows", "What is behind it", "Send"],
        rows,
        page,
    );
}

const CONTRADICTIONS_INTRODUCTION: &str = "
## Where the reference contradicts itself

The API reference of the vendor disagrees with itself, or misleads, in these places.

";

fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>, page: &mut String) {
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        page.push('|');
        for cell in cells {
            page.push(' ');
            page.push_str(&cell);
            page.push_str(" |");
        }
        page.push('\n');
    };
    line(&mut heads.iter().map(|head| (*head).to_owned()));
    line(&mut heads.iter().map(|_| "---".to_owned()));
    for row in rows {
        line(&mut row.into_iter().map(|cell| escape(&cell)));
    }
}

/// A text as code; nothing for the empty text.
fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("`{}`", text.replace('\n', "\\n"))
}

/// A vertical bar would end the cell.
fn escape(cell: &str) -> String {
    cell.replace('|', "\\|")
}
