//! What is said of findings: what is wrong, and what a fix does; what is said of a request: all of it in words, what
//! happens to the data, what it costs; and the language in which anything is said.
//!
//! The page and the command line say the same. Other words of the page stand in its `i18n.rs`.

use dsw_model::rules::{Change, Diagnostic};
use serde_json::Value;

pub use self::codes::{Explained, explain};
pub use self::costs::costs;
pub use self::data::data;
use self::language::known;
pub use self::language::{
    english, fill, number, put, several, speak, speak_again, speak_english, tr,
};
pub use self::narration::{NameOf, Part, as_text, in_short, narrate};
pub use self::policy::{policy_error, when};
pub use self::rich::{MARKS, plain, weighed};
pub use self::rules_file::{rules_file, rules_schema};
pub use self::snippet::held;

mod codes;
mod costs;
mod data;
mod language;
mod narration;
mod policy;
mod rich;
mod rules_file;
mod snippet;

/// What a fix does, for its button.
pub fn fix(found: &Diagnostic) -> String {
    match fix_of(found) {
        Mend::Rename(name) => fill("Rename to {}", &[name]),
        Mend::Add(key) => fill("Add {}", &[key]),
        Mend::Use(value) => fill("Use {}", &[&value]),
        Mend::Other(english, _) => tr(english).to_owned(),
    }
}

/// That a fix was made.
pub fn fixed(found: &Diagnostic) -> String {
    match fix_of(found) {
        Mend::Rename(name) => fill("Renamed to {}.", &[name]),
        Mend::Add(key) => fill("{} added.", &[key]),
        Mend::Use(value) => fill("Changed to {}.", &[&value]),
        Mend::Other(_, done) => tr(done).to_owned(),
    }
}

/// What a fix does.
enum Mend<'a> {
    /// It gives a member this name.
    Rename(&'a str),
    /// It adds this key.
    Add(&'a str),
    /// It puts this value in.
    Use(String),
    /// What is said of it before and after.
    Other(&'static str, &'static str),
}

fn fix_of(found: &Diagnostic) -> Mend<'_> {
    let changes = found.fix.iter().flat_map(|fix| &fix.0);
    let mut value = changes.filter_map(|change| match change {
        Change::Set(_, value) => Some(value),
        _ => None,
    });
    match (found.code, value.next_back()) {
        ("R110", _) => Mend::Rename(found.param("known")),
        ("P05" | "P06", Some(Value::Array(_))) => Mend::Add(found.param("key")),
        // In quotes, since the quotes are what mends it.
        ("R112", Some(value)) => Mend::Use(value.to_string()),
        ("R30" | "R41", _) => Mend::Other("Change to RO", "Changed to RO."),
        ("R39", _) => Mend::Other("Add the slash", "The slash was added."),
        ("R64" | "R84", _) => Mend::Other("Leave out the spaces", "The spaces were left out."),
        ("R101", Some(_)) => Mend::Other("Drop empty names", "Empty names were dropped."),
        ("R106", Some(_)) => Mend::Other("Use Unix line ends", "The line ends are Unix ones now."),
        (_, Some(Value::Bool(_))) => Mend::Other("Turn it on", "It was turned on."),
        (_, Some(Value::String(text))) => Mend::Use(text.clone()),
        (_, Some(value)) => Mend::Use(value.to_string()),
        ("R20", _) => Mend::Other("Clear OptionType", "OptionType was cleared."),
        ("R32", _) => Mend::Other(
            "Move dynamic mounts last",
            "Dynamic mounts were moved last.",
        ),
        ("R50", _) => Mend::Other("Drop it", "It was dropped."),
        ("R57" | "R109", _) => Mend::Other("Delete the row", "The row was deleted."),
        (_, None) => Mend::Other("Clear it", "Cleared."),
    }
}

/// What a finding says: what is wrong, with the value and the limit, and what to do.
pub fn message(found: &Diagnostic) -> String {
    if found.code.starts_with('P') {
        return policy::message(found);
    }
    let has = |name: &&str| !found.param(name).is_empty();
    let words = WORDS.iter().find(|(key, _)| {
        let case = key.strip_prefix(found.code);
        case.is_some_and(|case| case.is_empty() || case.strip_prefix(' ').as_ref().is_some_and(has))
    });
    match words {
        Some((_, words)) => said(words, found),
        // A rule without words of its own still says where to read about it.
        None => fill("Rule {} of the reference is broken.", &[found.code]),
    }
}

/// The words with the values of the finding in place of the braces, in their order.
fn said(words: &'static str, found: &Diagnostic) -> String {
    let values: Vec<String> = found
        .params
        .iter()
        .map(|(name, value)| match *name {
            "problem" => problem(value),
            // Kinds of values, in words.
            "wanted" | "found" => known(value).unwrap_or(value).to_owned(),
            "missing" => listed(value),
            "choices" => value.replace(", ", comma()),
            _ => value.clone(),
        })
        .collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    fill(words, &values)
}

/// Values with commas between them, each in the present language where it has a word for it.
fn listed(values: &str) -> String {
    let mut said = String::new();
    for value in values.split(", ") {
        if !said.is_empty() {
            said.push_str(comma());
        }
        said.push_str(known(value).unwrap_or(value));
    }
    said
}

/// What stands between the members of a list.
pub fn comma() -> &'static str {
    tr(", ")
}

/// What is wrong with a text that should be JSON, as its reader says it: the problem, and perhaps where it is.
pub fn problem(english: &str) -> String {
    let placed = english.rsplit_once(" at line ");
    let placed = placed.and_then(|(what, place)| Some((what, place.split_once(", column ")?)));
    if let Some((what, (line, column))) = placed {
        return fill("{} at line {}, column {}", &[&problem(what), line, column]);
    }
    let twice = english.strip_prefix("the name \"");
    let twice = twice.and_then(|rest| rest.strip_suffix(" already"));
    match twice.and_then(|rest| rest.rsplit_once("\" stands in line ")) {
        Some((name, first)) => fill("the name \"{}\" stands in line {} already", &[name, first]),
        None => known(english).unwrap_or(english).to_owned(),
    }
}

/// The words for each rule; for a rule that speaks of several cases, those for findings with the parameter named
/// behind its id come before the others. Braces stand for the values of the parameters, in the order in which
/// the finding has them.
const WORDS: &[(&str, &str)] = &[
    (
        "R01",
        "Enter the ID of the workspace that the instance belongs to.",
    ),
    ("R02", "Enter a name using letters, digits and underscores."),
    (
        "R03",
        "Use only the letters A to Z, digits and underscores.",
    ),
    ("R04", "The name has {} characters; the limit is {}."),
    (
        "R05",
        "Enter a machine type, or a resource quota of your own.",
    ),
    (
        "R06",
        "A machine type and a resource quota are both set. The quota has the machine already; keep one.",
    ),
    (
        "R07",
        "These sizes count only with a resource quota; a machine type brings its own.",
    ),
    (
        "R08",
        "With a resource quota, say how much of it the instance takes: enter CPU and memory.",
    ),
    ("R09", "Enter an image ID, or the address of an image."),
    (
        "R10",
        "An image ID and an image address are both set. Keep one.",
    ),
    (
        "R11",
        "The login is used only with an image address, and there is none.",
    ),
    (
        "R12",
        "This is not Base64. Encode the text user:password and enter the result.",
    ),
    (
        "R13",
        "The login holds no colon. Encode user, colon and password together.",
    ),
    (
        "R14",
        "Leave out the scheme, such as https://, and all spaces.",
    ),
    (
        "R15",
        "The registry is in {}, the instance in {}. Use a registry of the same region.",
    ),
    (
        "R16",
        "The image is made for {}, the machine has {}. The instance would not start.",
    ),
    (
        "R17",
        "A dataset ID and a storage address are both set. Keep one.",
    ),
    ("R18", "Enter a dataset ID or a storage address."),
    (
        "R19",
        "A version needs a dataset ID. Enter the ID or clear the version.",
    ),
    (
        "R20",
        "Mount options and the outdated option type are both set. Keep the options.",
    ),
    (
        "R21",
        "This preset is outdated. Clear it, and write what you need as mount options.",
    ),
    (
        "R22",
        "Mount options are for OSS, and this data is not in OSS. Clear them.",
    ),
    ("R23", "Write a JSON object: {}."),
    (
        "R24",
        "The value of {} is not text. Put it in double quotes.",
    ),
    (
        "R25",
        "Enter the folder in which the data is to appear, such as /mnt/data.",
    ),
    (
        "R26",
        "Begin the path with / and leave out spaces and \u{201c}..\u{201d}.",
    ),
    (
        "R27",
        "Dataset {} is mounted here already. Choose another path.",
    ),
    (
        "R28",
        "This lies inside the mount of dataset {} and hides a part of it.",
    ),
    (
        "R29",
        "Only data in OSS can be mounted while the instance runs. Turn this off.",
    ),
    (
        "R30",
        "Data mounted while the instance runs is read-only. Change the access to RO.",
    ),
    (
        "R31",
        "Choose a path below {}: this data is mounted while the instance runs.",
    ),
    (
        "R32",
        "Datasets that are mounted at start come before those mounted later.",
    ),
    (
        "R33",
        "Mounting while the instance runs needs a general-purpose resource quota.",
    ),
    (
        "R34",
        "A dataset is to be mounted while the instance runs. Allow dynamic mounts.",
    ),
    ("R35", "Enter the path of the folder, beginning with /."),
    ("R36", "Row {} has this root already. Change or delete one."),
    (
        "R37",
        "There are dynamic roots, but dynamic mounts are not allowed. Allow them.",
    ),
    (
        "R38",
        "Begin the address with oss://, nas://, cpfs:// or bmcpfs://.",
    ),
    ("R39", "End the address of a folder with a slash."),
    (
        "R40 region",
        "The data is in {}, the instance in {}. Use storage of the same region.",
    ),
    (
        "R40",
        "Write the endpoint too: oss://bucket.oss-cn-hangzhou-internal.aliyuncs.com/folder/.",
    ),
    (
        "R41",
        "This dataset can only be read. Change the access to RO.",
    ),
    (
        "R42",
        "Enter rootfsCloudDisk, or the mount path of one of the datasets.",
    ),
    (
        "R43 storage",
        "Data in OSS cannot be the working directory. Use NAS or CPFS.",
    ),
    (
        "R43",
        "A dynamic mount cannot be the working directory. Use another dataset.",
    ),
    (
        "R44",
        "This is the ID of a dataset. Its mount path is the better choice.",
    ),
    (
        "R45",
        "With a resource quota there is no disk unless you add one under Cloud disks.",
    ),
    ("R46", "Write a whole number with Gi, such as 100Gi."),
    ("R47", "{} is less than the 100Gi that are free."),
    ("R48", "{} is not one of the values: {}. Capitals count."),
    ("R49", "There are {} system disks. An instance has one."),
    (
        "R50",
        "The service reports the usage. It does not belong in a request.",
    ),
    (
        "R51",
        "A disk needs a GPU, or at least 2 cores and 4Gi of memory.",
    ),
    ("R52", "Enter the VPC ID: {} needs one."),
    (
        "R53",
        "Choose a security group of the VPC, or traffic to the instance may be refused.",
    ),
    (
        "R54",
        "List the address ranges to reach: a vSwitch needs them.",
    ),
    (
        "R55",
        "Write an IPv4 range as address/length, such as 192.168.0.0/24.",
    ),
    ("R56", "{} is an address inside a range. The range is {}."),
    ("R57 same", "Row {} is the same range. Delete one."),
    ("R57", "This range lies inside that of row {}. Delete it."),
    ("R58", "{} is not one of the values: {}. Capitals count."),
    (
        "R59",
        "The way through your VPC (eth1) needs a VPC ID. Enter one or use eth0.",
    ),
    ("R60", "Enter a port: a whole number from 1 to 65535."),
    (
        "R61",
        "Enter the port of the instance that is to be forwarded.",
    ),
    (
        "R62",
        "Port 22 is SSH. Enter your public key, or nobody can log in.",
    ),
    (
        "R63",
        "This is a private key. Clear it, and enter the line in your .pub file.",
    ),
    (
        "R64",
        "This is not one public key. Enter the whole line in your .pub file.",
    ),
    (
        "R65 missing",
        "An elastic IP address needs the NAT gateway that it is bound to.",
    ),
    (
        "R65",
        "To be reached over the Internet, a NAT gateway needs an elastic IP address.",
    ),
    (
        "R66",
        "Row {} uses the same address and public port. Change one.",
    ),
    (
        "R67",
        "Write an address or a range, such as 192.168.0.0/24.",
    ),
    (
        "R68 name",
        "Row {} has the name {} already. Only the first is sent.",
    ),
    ("R68", "Enter a name; a value without one is not sent."),
    (
        "R69",
        "Use letters, digits and underscores, and no digit first: shells read no other names.",
    ),
    (
        "R70",
        "The system sets {} itself. Your value takes its place.",
    ),
    (
        "R71",
        "This looks like a secret. Everyone who can open the instance can read it; use a role.",
    ),
    ("R72", "Priority is {}; enter {} to {}."),
    ("R73", "The priority counts only with a resource quota."),
    (
        "R74 part",
        "Enter the number of GPUs: 0 or another whole number.",
    ),
    (
        "R74",
        "Enter the number of cores: more than 0, such as 4 or 0.5.",
    ),
    (
        "R75",
        "Without a unit the service takes MiB. Add the unit, such as 32Gi.",
    ),
    ("R76", "Use the units Ki, Mi, Gi or Ti, such as 32Gi."),
    (
        "R77",
        "The shared memory is {}, more than the memory of {}.",
    ),
    ("R78 count", "Enter the GPU model too."),
    (
        "R78",
        "A GPU model is set but no GPUs. Enter how many, or clear the model.",
    ),
    (
        "R79",
        "{} is not a known model. Keep it if the quota has it.",
    ),
    (
        "R80 key",
        "{} is the key of row {} already. Change or delete one.",
    ),
    ("R80", "Enter a key, or delete the row."),
    ("R81 most", "There are {} tags; a resource has {} at most."),
    ("R81 limit", "The key has {} characters; the limit is {}."),
    ("R81 address", "A key holds no http:// or https://."),
    (
        "R81",
        "Keys beginning with aliyun or acs: are kept for the system. Choose another.",
    ),
    (
        "R82",
        "CPU binding needs a general-purpose resource quota. Enter one or turn it off.",
    ),
    ("R83", "This entry lacks: {}."),
    ("R84 missing", "This role lacks: {}."),
    (
        "R84",
        "Write the ARN as acs:ram::1234567890123456:role/name.",
    ),
    ("R85", "{} is not one of the values: {}. Capitals count."),
    ("R86 count", "{} holds one role; there are {}."),
    ("R86", "{} holds two roles or more; there is one."),
    ("R87 twice", "Two role entries have the key {}. Change one."),
    ("R87", "No role entry has the key {}."),
    (
        "R88",
        "There are role entries, but no role is used. Turn it on.",
    ),
    (
        "R89",
        "There are {} role entries. An instance has one role.",
    ),
    ("R90", "Write a JSON object: {}."),
    (
        "R91 choices",
        "{} is not one of the values: {}. Capitals count.",
    ),
    ("R91", "Choose how the price is found."),
    (
        "R92",
        "Enter the most you pay for an hour, or follow the market price.",
    ),
    (
        "R93",
        "Enter a price above 0 with at most three decimals, such as 0.12.",
    ),
    ("R94", "At the market price no ceiling is used. Clear it."),
    (
        "R95 hours",
        "Only 0 and 1 are described; {} may be refused.",
    ),
    ("R95", "Enter a whole number of hours, such as 0 or 1."),
    (
        "R96 hours",
        "A Lingjun quota has no protected time. Clear it there.",
    ),
    ("R96", "A Lingjun quota needs a ceiling share, such as 0.1."),
    ("R97", "Enter a share above 0 and up to 1, such as 0.1."),
    (
        "R98",
        "Preemptible resources are those of a quota, and there is none.",
    ),
    (
        "R99",
        "Spot pricing is for machines, preemptible resources are for quotas. Keep one.",
    ),
    (
        "R100",
        "Nodes are those of a resource quota, and there is none.",
    ),
    ("R101 node", "{} is to be used and to be avoided. Keep one."),
    ("R101", "There is an empty name between commas."),
    ("R102 min", "The limit is {}; the lowest is {}."),
    (
        "R102",
        "Settings of sub-containers count only when these are allowed.",
    ),
    (
        "R103",
        "Sub-containers need a Lingjun or general-purpose 1.0 resource quota.",
    ),
    (
        "R104",
        "No members are documented here. Leave it out unless support gave you them.",
    ),
    ("R105", "The machine has no GPU, so no driver is needed."),
    (
        "R106 blank",
        "The script is blank. Write a command or clear it.",
    ),
    ("R106", "Windows line ends break the script."),
    (
        "R107",
        "There is an instance named {} already. Choose another name.",
    ),
    (
        "R108 stock",
        "This machine is not to be had at spot prices now. Choose another.",
    ),
    ("R108", "This machine is not to be had now. Choose another."),
    (
        "R109",
        "This row is empty and would be sent so. Fill it in or delete it.",
    ),
    ("R110 known", "The reference writes {} as {}."),
    (
        "R110",
        "The reference does not know this member. It is sent as it is.",
    ),
    ("R111", "{} is not one of the values: {}. Capitals count."),
    ("R112 problem", "This is not JSON yet: {}."),
    (
        "R112 large",
        "The number is too large for the service, which takes 64 bits.",
    ),
    (
        "R112 found",
        "This should be {}, and it is {}. It is sent as it is.",
    ),
    ("R112", "Enter {}; \u{201c}{}\u{201d} is left out."),
    ("R113", "This should look like {}. Check it."),
];

#[cfg(test)]
mod tests {
    use dsw_model::rules::Severity;

    use super::*;

    /// A finding with these parameters.
    fn found(code: &'static str, params: &[(&'static str, &str)]) -> Diagnostic {
        let mut found = Diagnostic {
            code,
            severity: Severity::Error,
            paths: vec![dsw_model::path::Path::ROOT],
            params: Vec::new(),
            fix: None,
        };
        for (name, value) in params {
            found.with(name, value);
        }
        found
    }

    #[test]
    fn every_rule_has_words() {
        for rule in dsw_model::rules::ids() {
            let words = message(&found(rule, &[]));
            assert!(!words.contains("of the reference is broken"), "{rule}");
            assert!(words.ends_with('.'), "{rule}: {words}");
            assert!(!words.contains('!'), "{rule}: {words}");
            assert!(!words.to_lowercase().contains("please"), "{rule}: {words}");
            assert!(words.len() <= 110, "{rule}: {words}");
        }
        assert!(message(&found("R0", &[])).contains("R0"));
    }

    #[test]
    fn words_hold_the_values() {
        for (code, params, words) in [
            (
                "R04",
                &[("length", "29"), ("limit", "27")][..],
                "The name has 29 characters; the limit is 27.",
            ),
            (
                "R31",
                &[("root", "/mnt/dynamic/")],
                "Choose a path below /mnt/dynamic/: this data is mounted while the instance runs.",
            ),
            (
                "R57",
                &[("same", "1")],
                "Row 1 is the same range. Delete one.",
            ),
            (
                "R57",
                &[("around", "1")],
                "This range lies inside that of row 1. Delete it.",
            ),
            (
                "R72",
                &[("value", "10"), ("min", "1"), ("max", "9")],
                "Priority is 10; enter 1 to 9.",
            ),
            (
                "R81",
                &[("count", "21"), ("most", "20")],
                "There are 21 tags; a resource has 20 at most.",
            ),
            (
                "R86",
                &[("kind", "RoleChain")],
                "RoleChain holds two roles or more; there is one.",
            ),
            (
                "R102",
                &[("value", "0"), ("min", "1")],
                "The limit is 0; the lowest is 1.",
            ),
            (
                "R58",
                &[("value", "eth2"), ("choices", "eth0, eth1")],
                "eth2 is not one of the values: eth0, eth1. Capitals count.",
            ),
            (
                "R113",
                &[("example", "vpc-xxxxx")],
                "This should look like vpc-xxxxx. Check it.",
            ),
        ] {
            assert_eq!(message(&found(code, params)), words);
        }
    }

    #[test]
    fn fixes_say_what_they_do() {
        use dsw_model::path::Path;
        use dsw_model::rules::Fix;
        let set = |value: Value| Fix::set(Path::ROOT, value);
        for (code, fix, words) in [
            ("R76", set("32Gi".into()), "Use 32Gi"),
            ("R112", set("7".into()), "Use \"7\""),
            ("R34", set(true.into()), "Turn it on"),
            ("R30", set("RO".into()), "Change to RO"),
            ("R39", set("oss://b.e/p/".into()), "Add the slash"),
            ("R106", set("echo".into()), "Use Unix line ends"),
            ("R106", Fix::clear(Path::ROOT), "Clear it"),
            ("R57", Fix::clear(Path::ROOT), "Delete the row"),
            (
                "R32",
                Fix(vec![Change::Move(Path::ROOT, 0, 1)]),
                "Move dynamic mounts last",
            ),
            ("R50", Fix::clear(Path::ROOT), "Drop it"),
        ] {
            let mut found = found(code, &[]);
            found.mended_by(fix);
            assert_eq!(super::fix(&found), words, "{code}");
        }
    }
}
