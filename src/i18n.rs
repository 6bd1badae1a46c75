//! What the page says, in English. Names and help of fields stand in their descriptors.

use dsw_form::import::{ImportError, Report};
use dsw_form::print::Line;
use dsw_form::text::env_file::EnvFile;
use dsw_model::descriptor::{Condition, FieldDescriptor, Kind, Section, Shape, StructDescriptor};
use dsw_model::rules::{Change, Diagnostic};
use serde_json::Value;

use crate::rail::Standing;

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

/// A number of things: "1 error", "2 errors".
pub fn count(n: usize, thing: &str) -> String {
    if n == 1 {
        format!("1 {thing}")
    } else {
        format!("{n} {thing}s")
    }
}

/// A number of values that are still missing.
pub fn needed(n: usize) -> String {
    format!("{n} still needed")
}

/// The size of the body.
pub fn size(lines: &[Line]) -> String {
    // Line breaks stand between the lines.
    let bytes = lines.iter().map(|line| line.text.len() + 1).sum::<usize>() - 1;
    format!("{}, {}", count(lines.len(), "line"), count(bytes, "byte"))
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

/// What the page is not.
pub const UNOFFICIAL: &str = "Unofficial tool, not an Alibaba Cloud product. Rules follow the CreateInstance reference of API version 2022-01-01.";

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

/// The first letter large. The words are this file's own, so they begin with an ASCII letter.
pub fn capital(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_ascii_uppercase() + rest
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
    if !(field.unit.is_empty() || field.unit == "Gi" || matches!(field.kind, Kind::Integer)) {
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

/// What a fix does, for its button.
pub fn fix(found: &Diagnostic) -> String {
    let mut values = found
        .fix
        .iter()
        .flat_map(|fix| &fix.0)
        .filter_map(|change| match change {
            Change::Set(_, value) => Some(value),
            _ => None,
        });
    match (found.code, values.next_back()) {
        ("R110", _) => format!("Rename to {}", found.param("known")),
        // In quotes, since the quotes are what mends it.
        ("R112", Some(value)) => format!("Use {value}"),
        (_, Some(Value::String(text))) => format!("Use {text}"),
        (_, Some(value)) => format!("Use {value}"),
        ("R20", None) => "Clear OptionType".to_owned(),
        (_, None) => "Clear it".to_owned(),
    }
}

/// What a finding says: what is wrong, with the value and the limit, and what to do.
pub fn message(found: &Diagnostic) -> String {
    let p = |name| found.param(name);
    let text = match found.code {
        "R01" => "Enter the ID of the workspace that the instance belongs to.",
        "R02" => "Enter a name using letters, digits and underscores.",
        "R03" => "Use only the letters A to Z, digits and underscores.",
        "R04" => {
            return format!(
                "The name has {} characters; the limit is {}.",
                p("length"),
                p("limit")
            );
        }
        "R05" => "Enter a machine type, or a resource quota of your own.",
        "R06" => {
            "A machine type and a resource quota are both set. The quota has the machine already; keep one."
        }
        "R07" => "These sizes count only with a resource quota; a machine type brings its own.",
        "R08" => {
            "With a resource quota, say how much of it the instance takes: enter CPU and memory."
        }
        "R09" => "Enter an image ID, or the address of an image.",
        "R10" => "An image ID and an image address are both set. Keep one.",
        "R11" => "The login is used only with an image address, and there is none.",
        "R12" => "This is not Base64. Encode the text user:password and enter the result.",
        "R13" => "The login holds no colon. Encode user, colon and password together.",
        "R14" => "Leave out the scheme, such as https://, and all spaces.",
        "R15" => {
            return format!(
                "The registry is in {}, the instance in {}. Use a registry of the same region.",
                p("named"),
                p("region")
            );
        }
        "R16" => {
            return format!(
                "The image is made for {}, the machine has {}. The instance would not start.",
                p("image"),
                p("machine")
            );
        }
        "R17" => "A dataset ID and a storage address are both set. Keep one.",
        "R18" => "Enter a dataset ID or a storage address.",
        "R19" => "A version needs a dataset ID. Enter the ID or clear the version.",
        "R20" => "Mount options and the outdated option type are both set. Keep the options.",
        "R52" => return format!("Enter the VPC ID: {} needs one.", p("part")),
        "R53" => "Choose a security group of the VPC, or traffic to the instance may be refused.",
        "R54" => "List the address ranges to reach: a vSwitch needs them.",
        "R55" => "Write an IPv4 range as address/length, such as 192.168.0.0/24.",
        "R56" => {
            return format!(
                "{} is an address inside a range. The range is {}.",
                p("item"),
                p("network")
            );
        }
        "R68" if p("name").is_empty() => "Enter a name; a value without one is not sent.",
        "R68" => {
            return format!(
                "Row {} has the name {} already. Only the first is sent.",
                p("row"),
                p("name")
            );
        }
        "R72" => return range("Priority", found),
        "R102" => return range("The limit", found),
        "R109" => "This row is empty and would be sent so. Fill it in or delete it.",
        "R110" if p("known").is_empty() => {
            "The reference does not know this member. It is sent as it is."
        }
        "R110" => return format!("The reference writes this member {}.", p("known")),
        "R111" => {
            return format!(
                "{} is not one of the values: {}. Capitals count.",
                p("value"),
                p("choices")
            );
        }
        "R112" if !p("problem").is_empty() => {
            return format!("This is not JSON yet: {}.", p("problem"));
        }
        "R112" if !p("large").is_empty() => {
            "The number is too large for the service, which takes 64 bits."
        }
        "R112" if !p("found").is_empty() => {
            return format!(
                "This should be {}, and it is {}. It is sent as it is.",
                p("wanted"),
                p("found")
            );
        }
        "R112" => {
            return format!(
                "Enter {}; \u{201c}{}\u{201d} is left out.",
                p("wanted"),
                p("text")
            );
        }
        // A rule without words of its own still says where to read about it.
        code => return format!("Rule {code} of the reference is broken."),
    };
    text.to_owned()
}

fn range(what: &str, found: &Diagnostic) -> String {
    let (value, min, max) = (found.param("value"), found.param("min"), found.param("max"));
    if max.is_empty() {
        format!("{what} is {value}; the lowest is {min}.")
    } else {
        format!("{what} is {value}; enter {min} to {max}.")
    }
}
