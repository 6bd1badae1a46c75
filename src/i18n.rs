//! What the page says, in English. Names and help of fields stand in their descriptors, what is said of findings
//! in `dsw_words`.

use dsw_form::draft::{Draft, ROOT};
use dsw_form::import::{ImportError, Report};
use dsw_form::print::Printout;
use dsw_form::text::env_file::EnvFile;
use dsw_model::descriptor::{Condition, FieldDescriptor, Kind, Section, Shape, StructDescriptor};
use dsw_model::path::Path;
use dsw_model::rules::Diagnostic;

use crate::rail::Standing;

pub use self::secrecy::{confided, secrecy};
pub use dsw_words::{fix, message};
pub mod keeping;
pub mod picking;
mod secrecy;
pub mod sending;

/// What the page can do besides composing is not known yet.
pub const LOOKING: &str = "Looking for a gateway";

/// Title of a section, and what it decides.
pub fn section(section: Section) -> (&'static str, &'static str) {
    match section {
        Section::Basics => ("Basics", "What the instance is called, and who may see it."),
        Section::Compute => (
            "Compute",
            "What it runs on: a machine billed by the hour, or your own quota.",
        ),
        Section::Image => ("Image", "The software it starts with."),
        Section::Storage => ("Storage", "Decides what survives when the instance stops."),
        Section::Network => (
            "Network",
            "Leave it empty unless the instance must reach your own network.",
        ),
        Section::Environment => (
            "Environment and startup",
            "Variables, a start script, and the roles it may use.",
        ),
        Section::Labels => (
            "Labels and tags",
            "Labels are kept by DSW; tags are seen account-wide and in bills.",
        ),
        Section::Advanced => (
            "Advanced and other",
            "What few need, and what an import brought that is not documented.",
        ),
    }
}

/// How a section stands, in words.
pub fn standing(standing: Standing) -> String {
    match standing {
        Standing {
            errors: n @ 1.., ..
        } => count(n, "error"),
        Standing {
            warnings: n @ 1.., ..
        } => count(n, "warning"),
        Standing {
            needed: n @ 1.., ..
        } => needed(n),
        Standing { set: 0, .. } => "Optional, 0 set".to_owned(),
        Standing { set, .. } => format!("{set} set"),
    }
}

/// How the whole request stands, in words.
pub fn readiness(standing: Standing) -> String {
    match standing.tone() {
        Some("ok") => "Ready".to_owned(),
        None if standing.needed == 0 => "Nothing set".to_owned(),
        _ => self::standing(standing),
    }
}

/// A number of things: "1 error", "2 errors".
pub fn count(n: usize, thing: &str) -> String {
    let mut said = n.to_string();
    let mut at = said.len();
    // Thousands are told apart.
    while at > 3 {
        at -= 3;
        said.insert(at, ',');
    }
    said.push(' ');
    said.push_str(thing);
    if n != 1 {
        said.push('s');
    }
    said
}

/// A number of values that are still missing.
pub fn needed(n: usize) -> String {
    format!("{n} still needed")
}

/// The size of the body.
pub fn size(printout: &Printout) -> String {
    let (lines, bytes) = printout.size();
    format!("{}, {}", count(lines, "line"), count(bytes, "byte"))
}

/// Members that are not shown, because there are too many.
pub fn more_members(hidden: usize) -> String {
    format!(
        "{} more, kept and sent as they came.",
        count(hidden, "member")
    )
}

/// The begin of a text that may be too long to be shown.
pub fn excerpt(text: &str) -> String {
    const SHOWN: usize = 500;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} in all)", &text[..end], count(text.len(), "byte")),
        None => text.to_owned(),
    }
}

/// Name of what comes after the form: all answers once more, and the body that is sent.
pub const REVIEW: &str = "Review";

/// Name of the pane that shows the body.
pub const BODY: &str = "JSON body";

/// What is not shown of the body, though it is copied.
pub const SECRETS_HIDDEN: &str = "Secrets are hidden here, copied whole.";

/// How the lines of the body lead to their fields.
pub const CODE_KEYS: &str =
    "Up and Down move through the lines, Enter goes to the field of a line.";

/// What the page is not.
pub const UNOFFICIAL: &str = "Unofficial tool, not an Alibaba Cloud product. Rules follow the CreateInstance reference of API version 2022-01-01.";

/// The later parts of the page could not be loaded.
pub const NOT_LOADED: &str =
    "Checks, import and rows could not be loaded. Single fields and Copy work.";

/// The same in short, beside the way to try it again.
pub const UNCHECKED: &str = "Checks, import and rows are not loaded.";

/// The clipboard is not to be had.
pub const NO_CLIPBOARD: &str =
    "The browser does not allow copying. Select the JSON and press Ctrl+C.";

/// The download is not to be had.
pub const NO_DOWNLOAD: &str = "The browser does not allow the download. Copy the JSON instead.";

/// A file that cannot be read.
pub fn unreadable(file: &str) -> String {
    format!("{file} cannot be read. Open it and paste its text.")
}

/// That the body was taken away, with so many errors.
pub fn taken(done: &str, errors: usize) -> String {
    if errors == 0 {
        format!("{done}.")
    } else {
        format!("{done} with {}.", count(errors, "error"))
    }
}

/// That the body was taken away, while nothing can be said of its errors.
pub fn taken_unchecked(done: &str) -> String {
    format!("{done}, unchecked.")
}

/// Where a finding stands: each place by its label, and by its name for the API where the label may stand more
/// than once.
pub fn places(found: &Diagnostic) -> String {
    let mut places = String::new();
    for path in &found.paths {
        if !places.is_empty() {
            places.push_str(", ");
        }
        places.push_str(&place(path));
    }
    places
}

/// A place by its label, and by its name for the API where the label may stand more than once.
pub fn place(path: &Path) -> String {
    let label = path.field(ROOT).map_or("", |field| field.label);
    let mut place = label.to_owned();
    if path.steps().len() > 1 || label.is_empty() {
        place.push_str(if label.is_empty() { "" } else { ": " });
        place.push_str(&path.name(ROOT));
    }
    place
}

/// Where one is among the problems.
pub fn problem(number: usize, of: usize, found: &Diagnostic) -> String {
    format!("Problem {number} of {of}: {}", message(found))
}

/// What does not hinder.
pub fn warnings_left(n: usize) -> String {
    if n == 1 {
        "1 warning does not stop you:".to_owned()
    } else {
        format!("{n} warnings do not stop you:")
    }
}

/// Entries that are not listed, because there are too many.
pub fn more_errors(hidden: usize) -> String {
    format!(
        "{} more. F8 leads from one to the next.",
        count(hidden, "error")
    )
}

/// That a fix was made, by the words on its button.
pub fn fixed(fix: &str) -> String {
    for (before, after) in [("Use ", "Changed to "), ("Rename to ", "Renamed to ")] {
        if let Some(value) = fix.strip_prefix(before) {
            return format!("{after}{value}.");
        }
    }
    if fix.starts_with("Clear") {
        "Cleared.".to_owned()
    } else {
        format!("Done: {fix}.")
    }
}

/// Where a rule comes from.
pub fn source(source: &str) -> &'static str {
    match source {
        "documented" => "documented by the service",
        "guide" => "from the vendor's command line guide",
        "inferred" => "inferred from documented facts and examples",
        "policy" => "our advice",
        _ => "source unknown",
    }
}

/// The rules are not to be had.
pub const NO_RULES: &str =
    "The explanation could not be loaded. Check the connection, then close and open it again.";

/// The first letter large. The words are this file's own, so they begin with an ASCII letter.
pub fn capital(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_ascii_uppercase() + rest
}

/// Whether the text of a field tells the rows of a list apart before all others.
pub fn titles_row(field: &FieldDescriptor) -> bool {
    field.wire == "MountPath"
}

/// What the head of a row says of a value that makes it special.
pub fn row_badge(field: &FieldDescriptor, value: &Draft) -> Option<&'static str> {
    match (field.wire, value) {
        ("MountAccess", Draft::Text(text)) if text == "RO" => Some("RO"),
        ("Dynamic", Draft::Flag(true)) => Some("Dynamic"),
        _ => None,
    }
}

/// One row of a list, in words.
pub fn row_noun(field: &FieldDescriptor) -> &'static str {
    match field.wire {
        "Datasets" => "dataset",
        "CloudDisks" => "disk",
        "ForwardInfos" => "port forwarding",
        "ExtendedCIDRs" | "IngressWhitelists" | "EgressWhitelists" => "range",
        "AccessType" => "access type",
        "EnvironmentVariables" => "variable",
        "Labels" => "label",
        "Tag" => "tag",
        "Configs" => "role entry",
        "Roles" => "role",
        "MountPoints" => "mount point",
        "AccessRestrictionRules" => "rule",
        _ => "row",
    }
}

/// Words for a choice between alternatives.
#[derive(Clone, Copy, Debug)]
pub struct Alternatives {
    /// What is chosen.
    pub legend: &'static str,
    /// Each branch, and what follows from it where that needs words.
    pub branches: [(&'static str, &'static str); 2],
}

/// Words for the alternatives of which this field is the first.
pub fn alternatives(first: &str) -> Alternatives {
    let (legend, branches) = match first {
        "EcsSpec" => (
            "How is the instance paid for?",
            [
                (
                    "Pay-as-you-go",
                    "Public resources, billed from start to stop. A 100 GiB system disk is free.",
                ),
                (
                    "Resource quota",
                    "Resources bought in advance. Without a cloud disk, each stop clears the system disk.",
                ),
            ],
        ),
        "ImageId" => (
            "Where does the image come from?",
            [
                ("By ID", "Official images and those of the workspace."),
                ("By address", "Any registry that the instance can reach."),
            ],
        ),
        "DatasetId" => (
            "Source",
            [("Registered dataset", ""), ("Storage address", "")],
        ),
        _ => ("Mount settings", [("Options", ""), ("Outdated preset", "")]),
    };
    Alternatives { legend, branches }
}

/// What goes before the labels of what is kept of a branch that is not the active one.
pub const PARKED: &str = "Kept until you switch back, not sent: ";

/// The size of a script, and how the keyboard works in it.
pub fn script_size(lines: usize, bytes: usize, returns: usize) -> String {
    let mut said = format!("{}, {}. ", count(lines, "line"), count(bytes, "byte"));
    if returns > 0 {
        said = said + &count(returns, "carriage return") + " kept. ";
    }
    said + "Tab indents; to leave, press Esc, then Tab."
}

/// What a public key says of itself.
pub fn public_key(kind: &str, comment: &str) -> String {
    let comment = if comment.is_empty() {
        "without a comment"
    } else {
        comment
    };
    format!("{kind}, {comment}")
}

/// What lines of a `.env` file are.
pub const ENV_FILE: &str = "NAME=value in each line, with export and quotes or without.";

/// What was taken in from a `.env` file.
pub fn env_file(file: &EnvFile, added: usize, updated: usize) -> String {
    let mut said = format!("{} added, {updated} updated.", count(added, "variable"));
    if file.variables.is_empty() {
        "No line is a variable: write NAME=value.".clone_into(&mut said);
    } else if !file.skipped.is_empty() {
        let lines: Vec<_> = file.skipped.iter().map(usize::to_string).collect();
        said = said + " Skipped, since they are not NAME=value: line " + &lines.join(", ") + ".";
    }
    said
}

/// What becomes of user and password.
pub const LOGIN: &str = "Encoded in this page and kept nowhere else.";

/// What is wrong with user and password.
pub fn login_problem(user: &str, password: &str) -> Option<&'static str> {
    if user.is_empty() || password.is_empty() {
        Some("Enter a user and a password.")
    } else if user.contains(':') {
        Some("The user cannot hold a colon: it ends the user in the login.")
    } else {
        None
    }
}

/// What to know before typing: help, unit, default, and when the field applies.
pub fn hint(owner: &StructDescriptor, field: &FieldDescriptor) -> String {
    let mut hint = vec![field.help.to_owned()];
    match field.shape {
        Shape::Id(prefix) => hint.push(["Written ", prefix, " and letters or digits."].concat()),
        Shape::Digits => hint.push("Digits only.".to_owned()),
        // Their examples say it better.
        Shape::Free | Shape::MachineType | Shape::Version => {}
    }
    // Integers show their unit beside the control; a quantity is written with its unit.
    // Some helps name the unit.
    let unit = field.unit.rsplit(' ').next().unwrap_or_default();
    let told = field
        .help
        .to_ascii_lowercase()
        .contains(&unit.to_ascii_lowercase());
    if !(told || field.unit == "Gi" || matches!(field.kind, Kind::Integer)) {
        hint.push(format!("In {}.", field.unit));
    }
    if !field.default.is_empty() {
        hint.push(format!("Not set: the service uses {}.", field.default));
    }
    let label = |wire| owner.field(wire).map_or(wire, |(_, field)| field.label);
    match field.condition {
        Condition::Always => {}
        Condition::Set(wire) => hint.push(format!("Applies with {}.", label(wire))),
        Condition::Equals(wire, "true") => {
            hint.push(format!("Applies when {} is yes.", label(wire)));
        }
        Condition::Equals(wire, value) => {
            hint.push(format!("Applies when {} is {value}.", label(wire)));
        }
    }
    hint.join(" ")
}

/// What an import brought.
pub fn report(report: &Report) -> String {
    let mut said = vec![format!("Imported: {} set", count(report.kept, "value"))];
    for (n, what) in [
        (report.unknown.len(), "not in the reference but kept"),
        (report.foreign.len(), "of another type but kept"),
        (report.dropped.len(), "empty and left out"),
    ] {
        if n > 0 {
            said.push(format!("{n} {what}"));
        }
    }
    said.join(", ") + "."
}

/// Why an import failed, and what to do.
pub fn import_error(error: &ImportError) -> String {
    match error {
        ImportError::Json(problem) => {
            format!(
                "Line {}, column {}: {}. Nothing was changed.",
                problem.line, problem.column, problem.problem
            )
        }
        ImportError::NotAnObject { found } => {
            format!("A request is an object in braces, and this is {found}. Nothing was changed.")
        }
        ImportError::TooLong { bytes } => {
            format!(
                "The text has {bytes} bytes; the limit is 1 MiB. Take out what does not belong to the request."
            )
        }
        ImportError::NotUtf8 { line, column } => {
            format!(
                "The file is not UTF-8 text: see line {line}, column {column}. Save it as UTF-8 and open it again."
            )
        }
    }
}
