//! What the programs are made of (S22): every crate comes from the lock file, from the registry or this folder, under
//! a licence that the project's own permits.

use crate::failure::{Failure, Result};
use crate::process;
use crate::project::Project;

/// Licences that ask for no more than to be named. A choice between licences needs one of these, a sum all.
const LICENCES: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Checks licence and source of each crate that any of our programs is built from.
///
/// # Errors
///
/// When one is refused, or the lock file would have to change.
pub(crate) fn check(project: &Project) -> Result<()> {
    let mut tree = process::command(project, "cargo");
    tree.args(["tree", "--locked", "--workspace", "--target", "all"])
        .args(["--edges", "normal,build", "--prefix", "none"])
        .args(["--format", "{l}|{p}"]);
    let (status, text) = process::output(&mut tree, false)?;
    process::succeeded(status, "Listing what the programs are made of")?;
    let root = project.root().to_string_lossy();
    match text.lines().find_map(|line| fault(line, &root)) {
        Some(fault) => Err(Failure::new(fault)),
        None => Ok(()),
    }
}

/// What is wrong with a crate, told by its line `licence|name version (source)`.
fn fault(line: &str, root: &str) -> Option<String> {
    let (licence, package) = line.split_once('|')?;
    let mut marks = package
        .split(" (")
        .skip(1)
        .map(|mark| mark.trim_end_matches(')'));
    // `*` is for what was listed above.
    let is_ours = |mark: &str| mark == "proc-macro" || mark == "*" || mark.starts_with(root);
    if let Some(source) = marks.find(|mark| !is_ours(mark)) {
        return Some(format!(
            "{package} comes from {source}: take it from the registry."
        ));
    }
    (!is_permitted(licence)).then(|| {
        format!("{package} is under \"{licence}\", which is not among the licences of supply.rs.")
    })
}

/// Whether a licence expression (SPDX, or with a slash as it was written once) lets us choose permitted licences.
fn is_permitted(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    // `AND` binds more than `OR`, brackets more than both; of each, the outermost is looked for.
    let any = parts(&expression, " OR ");
    if any.len() > 1 {
        return any.into_iter().any(is_permitted);
    }
    let all = parts(&expression, " AND ");
    if all.len() > 1 {
        return all.into_iter().all(is_permitted);
    }
    let one = expression.trim();
    match one
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        Some(inner) => is_permitted(inner),
        None => LICENCES.contains(&one),
    }
}

/// The parts of an expression between an operator that stands in no brackets.
fn parts<'a>(expression: &'a str, operator: &str) -> Vec<&'a str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0_usize, 0);
    for (at, letter) in expression.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 && at >= from && expression[at..].starts_with(operator) => {
                parts.push(&expression[from..at]);
                from = at + operator.len();
            }
            _ => {}
        }
    }
    parts.push(&expression[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_needs_one_permitted_licence_and_a_sum_all() {
        for permitted in [
            "MIT",
            "MIT/Apache-2.0",
            "MIT OR LGPL-2.1-or-later",
            "GPL-3.0 OR (MIT AND BSD-3-Clause)",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(is_permitted(permitted), "{permitted}");
        }
        for refused in [
            "",
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT OR Apache-2.0) AND GPL-3.0",
            "MIT WITH Something",
        ] {
            assert!(!is_permitted(refused), "{refused}");
        }
    }

    #[test]
    fn s22_crates_come_from_the_registry_or_this_folder() {
        let fault = |line| fault(line, "/here");
        for line in [
            "",
            "MIT|serde v1.0.0",
            "MIT|serde_derive v1.0.0 (proc-macro) (*)",
            "MIT|dsw-form v0.1.0 (/here/crates/form)",
        ] {
            assert_eq!(fault(line), None, "{line}");
        }
        for line in [
            "MIT|serde v1.0.0 (https://example.com/serde?rev=1#1)",
            "MIT|serde v1.0.0 (/elsewhere/serde)",
            "|nameless v1.0.0",
        ] {
            assert!(fault(line).is_some(), "{line}");
        }
    }
}
