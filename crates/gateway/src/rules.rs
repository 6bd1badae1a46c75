//! `dsw-composer rules`: the rules by which requests are judged, for people and for programs.

use std::io::{self, Write};

use dsw_model::reference::{RULES, severities};

use crate::cli::RulesFormat;

/// The rules as JSON, with all that is said of them in both languages. A test of `dsw-words` keeps it current.
const FILE: &str = include_str!("../../../docs/create-instance.rules.json");

/// Prints the rules.
///
/// # Errors
///
/// When `out` can not be written.
pub fn print(format: RulesFormat, out: &mut dyn Write) -> io::Result<()> {
    match format {
        RulesFormat::Json => out.write_all(FILE.as_bytes())?,
        RulesFormat::Text => {
            for about in RULES {
                let severities = severities(about.id).join(", ");
                let at = match about.at {
                    [] => "any member".to_owned(),
                    at => at.join(", "),
                };
                writeln!(out, "{} {severities} {at}: {}", about.id, about.when)?;
            }
        }
    }
    out.flush()
}
