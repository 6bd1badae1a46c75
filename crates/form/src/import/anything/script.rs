//! Commands of a shell: those that send a request.

use std::collections::BTreeMap;

use dsw_model::descriptor::is_same_name;

use super::gather::{Found, Origin, in_body};
use super::looks::{self, program};
use super::shell::{Command, Script};
use super::{ReadError, Source, aliyun, curl, data, shell, windows};

/// Variables that hold a body.
const BODY_NAMES: [&str; 5] = ["body", "request", "payload", "data", "json"];

/// Reads the requests that the commands from this byte on send.
pub(super) fn read(text: &str, from: usize, found: &mut Found) -> Result<(), ReadError> {
    let script = if windows::is_written_so(&text[from..]) {
        Script {
            commands: windows::read(&text[from..]),
            variables: BTreeMap::new(),
        }
    } else {
        match shell::read(text, from) {
            Ok(script) => script,
            // What is written above a command may hold quotes that nothing closes.
            Err(error) => match looks::first_command(text, from).filter(|at| *at > from) {
                Some(at) => shell::read(text, at)?,
                None => return Err(error),
            },
        }
    };
    let before = found.documents.len();
    let mut first_error = None;
    for command in &script.commands {
        let result = match program(&command.words[0]) {
            "curl" => curl::read(command, found),
            _ => aliyun::read(command, found),
        };
        if let Err(error) = result {
            first_error.get_or_insert(error);
        }
    }
    if found.documents.len() > before {
        return Ok(());
    }
    // A command that takes the body from somewhere else says less than the variable that holds it.
    for (name, value) in &script.variables {
        if BODY_NAMES.iter().any(|body| is_same_name(body, name))
            && value.trim_start().starts_with('{')
        {
            return body(value, &Origin::of(Source::Curl), found);
        }
    }
    let program = match script.commands.first() {
        Some(Command { words, .. }) if program(&words[0]) == "aliyun" => Source::Aliyun,
        _ => Source::Curl,
    };
    Err(first_error.unwrap_or(ReadError::NoRequest(program)))
}

/// Takes in a body that a command sends.
pub(super) fn body(text: &str, origin: &Origin, found: &mut Found) -> Result<(), ReadError> {
    if let Some(name) = whole_lookup(text) {
        return Err(match name.strip_prefix('@') {
            Some(name) => file(name),
            None => ReadError::NoRequest(origin.source),
        });
    }
    // So PowerShell wants it.
    let unescaped = data::is_escaped(text).then(|| windows::unescaped(text));
    let text = unescaped.as_deref().unwrap_or(text);
    let data = data::read(text, 0, true).map_err(|wrong| in_body(text, wrong))?;
    found.data(text, data, origin)
}

/// Says that a body is in a file.
pub(super) fn file(name: &str) -> ReadError {
    match name {
        "-" => ReadError::StandardInput,
        _ => ReadError::File {
            name: name.to_owned(),
        },
    }
}

/// The variable, or the file behind an `@`, that a whole word stands for.
pub(super) fn whole_lookup(word: &str) -> Option<&str> {
    let name = word.trim().strip_prefix('\0')?.strip_suffix('\0')?;
    (!name.contains('\0')).then_some(name)
}

/// The region that a host or an address names.
pub(super) fn region_of(address: &str) -> Option<String> {
    let begins = [("RegionId=", '&'), ("pai-dsw.", '.')];
    let found = begins.iter().find_map(|(begin, end)| {
        let (_, behind) = address.split_once(begin)?;
        behind
            .split(*end)
            .next()
            .filter(|region| super::program::is_region_name(region))
    });
    found.map(str::to_owned)
}
