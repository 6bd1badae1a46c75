//! What the page says, in the language of the page. Names and help of fields stand in their descriptors, what is said
//! of findings in `dsw_words`.

use dsw_form::draft::{Draft, ROOT};
use dsw_form::import::Report;
use dsw_form::past::End;
use dsw_form::print::Printout;
use dsw_form::text::env_file::EnvFile;
use dsw_model::descriptor::{Condition, FieldDescriptor, Kind, Section, Shape, StructDescriptor};
use dsw_model::path::{Path, Step};
use dsw_model::rules::Diagnostic;

use crate::language::gap;
use crate::rail::Standing;

pub use self::secrecy::{confided, secrecy};
use dsw_words::{comma, fill, number, several, tr};
pub use dsw_words::{fix, fixed, message};
pub(crate) mod arriving;
pub(crate) mod code;
mod gateway;
pub mod keeping;
pub(crate) mod linking;
pub mod picking;
mod secrecy;
pub mod sending;

/// What the page can do besides composing is not known yet.
pub fn looking() -> &'static str {
    tr("Looking for a gateway")
}

/// Title of a section, and what it decides.
pub fn section(section: Section) -> (&'static str, &'static str) {
    match section {
        Section::Basics => (
            tr("Basics"),
            tr("What the instance is called, and who may see it."),
        ),
        Section::Compute => (
            tr("Compute"),
            tr("What it runs on: a machine billed by the hour, or your own quota."),
        ),
        Section::Image => (tr("Image"), tr("The software it starts with.")),
        Section::Storage => (
            tr("Storage"),
            tr("Decides what survives when the instance stops."),
        ),
        Section::Network => (
            tr("Network"),
            tr("Leave it empty unless the instance must reach your own network."),
        ),
        Section::Environment => (
            tr("Environment and startup"),
            tr("Variables, a start script, and the roles it may use."),
        ),
        Section::Labels => (
            tr("Labels and tags"),
            tr("Labels are kept by DSW; tags are seen account-wide and in bills."),
        ),
        Section::Advanced => (
            tr("Advanced and other"),
            tr("What few need, and what an import brought that is not documented."),
        ),
    }
}

/// How a section stands, in words.
pub fn standing(standing: Standing) -> String {
    match standing {
        Standing {
            errors: n @ 1.., ..
        } => errors(n),
        Standing {
            warnings: n @ 1.., ..
        } => warnings(n),
        Standing {
            needed: n @ 1.., ..
        } => needed(n),
        Standing { set: 0, .. } => tr("Optional, 0 set").to_owned(),
        Standing { set, .. } => fill("{} set", &[&number(set)]),
    }
}

/// How the whole request stands, in words.
pub fn readiness(standing: Standing) -> String {
    match standing.tone() {
        Some("ok") => tr("Ready").to_owned(),
        None if standing.needed == 0 => tr("Nothing set").to_owned(),
        _ => self::standing(standing),
    }
}

/// A number of errors.
pub fn errors(n: usize) -> String {
    several(n, "{} error", "{} errors")
}

/// A number of warnings.
pub fn warnings(n: usize) -> String {
    several(n, "{} warning", "{} warnings")
}

/// The length of a text.
pub fn bytes(n: usize) -> String {
    several(n, "{} byte", "{} bytes")
}

/// The lines of a text.
fn lines(n: usize) -> String {
    several(n, "{} line", "{} lines")
}

/// How long to wait before asking again.
fn wait(seconds: u32) -> String {
    let seconds = usize::try_from(seconds).unwrap_or(usize::MAX);
    several(seconds, "Wait {} second.", "Wait {} seconds.")
}

/// A number of values that are still missing.
pub fn needed(n: usize) -> String {
    fill("{} still needed", &[&number(n)])
}

/// The size of the body.
pub fn size(printout: &Printout) -> String {
    let (lines, bytes) = printout.size();
    extent(lines, bytes)
}

/// The size of a text.
pub fn extent(lines: usize, bytes: usize) -> String {
    fill("{}, {}", &[&self::lines(lines), &self::bytes(bytes)])
}

/// Members that are not shown, because there are too many.
pub fn more_members(hidden: usize) -> String {
    several(
        hidden,
        "{} more member, kept and sent as it came.",
        "{} more members, kept and sent as they came.",
    )
}

/// The begin of a text that may be too long to be shown.
pub fn excerpt(text: &str) -> String {
    const SHOWN: usize = 500;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => fill("{}… ({} in all)", &[&text[..end], &bytes(text.len())]),
        None => text.to_owned(),
    }
}

/// Name of what comes after the form: all answers once more, and the body that is sent.
pub fn review() -> &'static str {
    tr("Review")
}

/// Name of the pane that shows the body.
pub fn body() -> &'static str {
    tr("JSON body")
}

/// What is not shown of the body, though it is copied.
pub fn secrets_hidden() -> &'static str {
    tr("Secrets are hidden here, copied whole.")
}

/// How the lines of the body lead to their fields.
pub fn code_keys() -> &'static str {
    tr("Up and Down move through the lines, Enter goes to the field of a line.")
}

/// What the page is not.
pub fn unofficial() -> &'static str {
    tr(
        "Unofficial tool, not an Alibaba Cloud product. Rules follow the CreateInstance reference of API version 2022-01-01.",
    )
}

/// The later parts of the page could not be loaded.
pub fn not_loaded() -> &'static str {
    tr("Checks, import and rows could not be loaded. Single fields and Copy work.")
}

/// The same in short, beside the way to try it again.
pub fn unchecked() -> &'static str {
    tr("Checks, import and rows are not loaded.")
}

/// The clipboard is not to be had.
pub fn no_clipboard() -> &'static str {
    tr("The browser does not allow copying. Select the text and press Ctrl+C.")
}

/// The download is not to be had.
pub fn no_download() -> &'static str {
    tr("The browser does not allow the download. Copy it instead.")
}

/// A file that cannot be read.
pub fn unreadable(file: &str) -> String {
    fill("{} cannot be read. Open it and paste its text.", &[file])
}

/// That the body was copied or downloaded, with so many errors.
pub fn taken(end: End, errors: usize) -> String {
    match (end, errors) {
        (End::Downloaded, 0) => tr("Downloaded.").to_owned(),
        (End::Downloaded, n) => {
            several(n, "Downloaded with {} error.", "Downloaded with {} errors.")
        }
        (_, 0) => tr("Copied.").to_owned(),
        (_, n) => several(n, "Copied with {} error.", "Copied with {} errors."),
    }
}

/// That the body was copied or downloaded, while nothing can be said of its errors.
pub fn taken_unchecked(end: End) -> &'static str {
    match end {
        End::Downloaded => tr("Downloaded, unchecked."),
        _ => tr("Copied, unchecked."),
    }
}

/// Where a finding stands: each place by its label, and by its name for the API where the label may stand more
/// than once.
pub fn places(draft: &Draft, found: &Diagnostic) -> String {
    let mut places = String::new();
    for path in &found.paths {
        if !places.is_empty() {
            places.push_str(comma());
        }
        places.push_str(&place(draft, path));
    }
    places
}

/// A place by its label, and by its name for the API where the label may stand more than once.
pub fn place(draft: &Draft, path: &Path) -> String {
    let label = path.field(ROOT).map_or("", |field| tr(field.label));
    let name = draft.name_of(path);
    match (label, path.steps().len()) {
        ("", _) => name,
        (label, 0 | 1) => label.to_owned(),
        (label, _) => fill("{}: {}", &[label, &name]),
    }
}

/// Where one is among the problems.
pub fn problem(at: usize, of: usize, found: &Diagnostic) -> String {
    let (at, of) = (number(at), number(of));
    fill("Problem {} of {}: {}", &[&at, &of, &message(found)])
}

/// What does not hinder.
pub fn warnings_left(n: usize) -> String {
    several(
        n,
        "{} warning does not stop you:",
        "{} warnings do not stop you:",
    )
}

/// Entries that are not listed, because there are too many.
pub fn more_errors(hidden: usize) -> String {
    several(
        hidden,
        "{} more error. F8 leads from one to the next.",
        "{} more errors. F8 leads from one to the next.",
    )
}

/// Where a rule comes from.
pub fn source(source: &str) -> &'static str {
    match source {
        "documented" => tr("documented by the service"),
        "guide" => tr("from the vendor's command line guide"),
        "inferred" => tr("inferred from documented facts and examples"),
        "policy" => tr("our advice"),
        _ => tr("source unknown"),
    }
}

/// The rules are not to be had.
pub fn no_rules() -> &'static str {
    tr("The explanation could not be loaded. Check the connection, then close and open it again.")
}

/// The first letter large, where letters have sizes.
pub fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// Whether the text of a field tells the rows of a list apart before all others.
pub fn titles_row(field: &FieldDescriptor) -> bool {
    field.wire == "MountPath"
}

/// What the head of a row says of a value that makes it special.
pub fn row_badge(field: &FieldDescriptor, value: &Draft) -> Option<&'static str> {
    match (field.wire, value) {
        ("MountAccess", Draft::Text(text)) if text == "RO" => Some("RO"),
        ("Dynamic", Draft::Flag(true)) => Some(tr("Dynamic")),
        _ => None,
    }
}

/// One row of a list, in words.
pub fn row_noun(field: &FieldDescriptor) -> &'static str {
    match field.wire {
        "Datasets" => tr("dataset"),
        "CloudDisks" => tr("disk"),
        "ForwardInfos" => tr("port forwarding"),
        "ExtendedCIDRs" | "IngressWhitelists" | "EgressWhitelists" => tr("range"),
        "AccessType" => tr("access type"),
        "EnvironmentVariables" => tr("variable"),
        "Labels" => tr("label"),
        "Tag" => tr("tag"),
        "Configs" => tr("role entry"),
        "Roles" => tr("role"),
        "MountPoints" => tr("mount point"),
        "AccessRestrictionRules" => tr("rule"),
        _ => tr("row"),
    }
}

/// The row of a list that a path leads to: "Dataset 2".
pub(crate) fn row(path: &Path) -> String {
    let noun = path.field(ROOT).map_or(tr("row"), row_noun);
    let number = match path.steps().last() {
        Some(Step::Row(row)) => number(*row as usize + 1),
        _ => String::new(),
    };
    capital(&[noun, " ", &number].concat())
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
            tr("How is the instance paid for?"),
            [
                (
                    tr("Pay-as-you-go"),
                    tr(
                        "Public resources, billed from start to stop. A 100 GiB system disk is free.",
                    ),
                ),
                (
                    tr("Resource quota"),
                    tr(
                        "Resources bought in advance. Without a cloud disk, each stop clears the system disk.",
                    ),
                ),
            ],
        ),
        "ImageId" => (
            tr("Where does the image come from?"),
            [
                (
                    tr("By ID"),
                    tr("Official images and those of the workspace."),
                ),
                (
                    tr("By address"),
                    tr("Any registry that the instance can reach."),
                ),
            ],
        ),
        "DatasetId" => (
            tr("Source"),
            [(tr("Registered dataset"), ""), (tr("Storage address"), "")],
        ),
        _ => (
            tr("Mount settings"),
            [(tr("Options"), ""), (tr("Outdated preset"), "")],
        ),
    };
    Alternatives { legend, branches }
}

/// What goes before the labels of what is kept of a branch that is not the active one.
pub fn parked() -> &'static str {
    tr("Kept until you switch back, not sent: ")
}

/// The size of a script, and how the keyboard works in it.
pub fn script_size(lines: usize, bytes: usize, returns: usize) -> String {
    let mut said = fill("{}, {}. ", &[&self::lines(lines), &self::bytes(bytes)]);
    if returns > 0 {
        said.push_str(&several(
            returns,
            "{} carriage return kept. ",
            "{} carriage returns kept. ",
        ));
    }
    said + tr("Tab indents; to leave, press Esc, then Tab.")
}

/// What a public key says of itself.
pub fn public_key(kind: &str, comment: &str) -> String {
    if comment.is_empty() {
        fill("{}, without a comment", &[kind])
    } else {
        fill("{}, {}", &[kind, comment])
    }
}

/// What lines of a `.env` file are.
pub fn env_file_hint() -> &'static str {
    tr("NAME=value in each line, with export and quotes or without.")
}

/// What was taken in from a `.env` file.
pub fn env_file(file: &EnvFile, added: usize, updated: usize) -> String {
    if file.variables.is_empty() {
        return tr("No line is a variable: write NAME=value.").to_owned();
    }
    let one = added == 1;
    let (added, updated) = (number(added), number(updated));
    let mut said = fill(
        if one {
            "{} variable added, {} updated."
        } else {
            "{} variables added, {} updated."
        },
        &[&added, &updated],
    );
    if !file.skipped.is_empty() {
        let lines: Vec<_> = file.skipped.iter().map(usize::to_string).collect();
        said.push_str(gap());
        said.push_str(&fill(
            "Skipped, since they are not NAME=value: line {}.",
            &[&lines.join(comma())],
        ));
    }
    said
}

/// What becomes of user and password.
pub fn login() -> &'static str {
    tr("Encoded in this page and kept nowhere else.")
}

/// What is wrong with user and password.
pub fn login_problem(user: &str, password: &str) -> Option<&'static str> {
    if user.is_empty() || password.is_empty() {
        Some(tr("Enter a user and a password."))
    } else if user.contains(':') {
        Some(tr(
            "The user cannot hold a colon: it ends the user in the login.",
        ))
    } else {
        None
    }
}

/// What to know before typing: help, unit, default, and when the field applies.
pub fn hint(owner: &StructDescriptor, field: &FieldDescriptor) -> String {
    let mut hint = vec![tr(field.help).to_owned()];
    match field.shape {
        Shape::Id(prefix) => hint.push(fill("Written {} and letters or digits.", &[prefix])),
        Shape::Digits => hint.push(tr("Digits only.").to_owned()),
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
        hint.push(fill("In {}.", &[tr(field.unit)]));
    }
    if !field.default.is_empty() {
        hint.push(fill("Not set: the service uses {}.", &[field.default]));
    }
    let label = |wire| owner.field(wire).map_or(wire, |(_, field)| tr(field.label));
    match field.condition {
        Condition::Always => {}
        Condition::Set(wire) => hint.push(fill("Applies with {}.", &[label(wire)])),
        Condition::Equals(wire, "true") => {
            hint.push(fill("Applies when {} is yes.", &[label(wire)]));
        }
        Condition::Equals(wire, value) => {
            hint.push(fill("Applies when {} is {}.", &[label(wire), value]));
        }
    }
    hint.join(gap())
}

/// What an import brought.
pub fn report(report: &Report) -> String {
    let mut said = several(
        report.kept,
        "Imported: {} value set",
        "Imported: {} values set",
    );
    let (unknown, foreign, dropped) = (
        report.unknown.len(),
        report.foreign.len(),
        report.dropped.len(),
    );
    if unknown > 0 {
        said.push_str(&fill(
            ", {} not in the reference but kept",
            &[&number(unknown)],
        ));
    }
    if foreign > 0 {
        said.push_str(&fill(", {} of another type but kept", &[&number(foreign)]));
    }
    if dropped > 0 {
        said.push_str(&fill(", {} empty and left out", &[&number(dropped)]));
    }
    said + tr(".")
}
