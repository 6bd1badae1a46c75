//! Variables of the environment that stand in for options.

use std::ffi::{OsStr, OsString};

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, CommandFactory};

use super::{Program, mistake};

/// What the names of all variables begin with.
pub const PREFIX: &str = "DSW_COMPOSER_";

/// Where variables come from: the environment of the process, or a table in tests.
pub trait Source {
    /// The value of a variable, if it is set.
    fn var(&self, name: &str) -> Option<OsString>;

    /// The names of all variables, as far as they are text.
    fn names(&self) -> Vec<String>;
}

/// Variables that look like ours and name no option: misspelt, most likely.
pub fn strangers(source: &dyn Source) -> Vec<String> {
    let program = Program::command();
    let known: Vec<_> = program
        .get_subcommands()
        .flat_map(clap::Command::get_arguments)
        .filter_map(variable)
        .collect();
    let mut names = source.names();
    names.retain(|name| name.starts_with(PREFIX) && !known.contains(name));
    names.sort();
    names
}

/// The variable that stands in for an option.
pub(super) fn variable(argument: &Arg) -> Option<String> {
    if matches!(
        argument.get_action(),
        ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
    ) {
        return None;
    }
    let name = argument.get_long()?.to_ascii_uppercase().replace('-', "_");
    Some([PREFIX, &name].concat())
}

/// The options that a variable stands in for, each with the variable's name.
pub(super) fn as_options(
    argument: &Arg,
    variable: &str,
    value: &OsStr,
) -> Result<Vec<(String, OsString)>, clap::Error> {
    let option = |value: Option<&OsStr>| {
        let mut option = OsString::from("--");
        option.push(argument.get_long().unwrap_or_default());
        if let Some(value) = value {
            option.push("=");
            option.push(value);
        }
        (variable.to_owned(), option)
    };
    match argument.get_action() {
        ArgAction::SetTrue => match value.to_str() {
            Some("true" | "1") => Ok(vec![option(None)]),
            Some("false" | "0") => Ok(Vec::new()),
            _ => Err(mistake(&format!("{variable} takes true or false"))),
        },
        ArgAction::Append => {
            let text = value
                .to_str()
                .ok_or_else(|| mistake(&format!("{variable} is not UTF-8 text")))?;
            let values = text.split_whitespace();
            Ok(values.map(|value| option(Some(value.as_ref()))).collect())
        }
        _ => Ok(vec![option(Some(value))]),
    }
}

/// Whether an error is about the option that this variable stands in for.
pub(super) fn names(error: &clap::Error, variable: &str) -> bool {
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
        return false;
    };
    let name = option.trim_start_matches('-');
    let name = name.split([' ', '=', '[']).next().unwrap_or_default();
    variable.strip_prefix(PREFIX) == Some(&*name.to_ascii_uppercase().replace('-', "_"))
}
