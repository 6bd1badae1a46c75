//! `dsw-composer snippet`: a request as code, on the command line.

use std::io::{self, Read, Write};
use std::path::Path;

use dsw_model::rules::Context;
use dsw_model::secrecy::Secrecy;
use dsw_snippets::{Request, Target, render};

use crate::check::{Outcome, read, unreadable, visible};
use crate::cli::Snippet;
use crate::judge;

/// Writes a request as code to `out`, and to `notes` what the code does not say, which variables it reads, and whether
/// the request has errors.
///
/// # Errors
///
/// When either can not be written.
pub fn run(
    options: &Snippet,
    stdin: &mut dyn Read,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> io::Result<Outcome> {
    if options.list {
        list(out)?;
        return Ok(Outcome::Fine);
    }
    let (Some(target), Some(path)) = (options.target(), &options.file) else {
        // The command line asks for both.
        return Ok(Outcome::Unreadable);
    };
    let context = Context {
        region: Some(options.region.id().to_owned()),
        ..Context::default()
    };
    let judged = match read(path, stdin) {
        Ok(bytes) => judge::judge(&bytes, &context).map_err(|refusal| unreadable(&refusal)),
        Err(error) => Err(format!("The file can not be read: {error}.")),
    };
    let judged = match judged {
        Ok(judged) => judged,
        Err(problem) => {
            writeln!(notes, "{}: error: {}", name(path), visible(&problem))?;
            return Ok(Outcome::Unreadable);
        }
    };
    let snippet = render(
        target,
        &Request {
            body: &judged.body,
            region: options.region.id(),
            gateway: "",
            secrecy: &Secrecy::default(),
        },
    );
    out.write_all(snippet.code.as_bytes())?;
    out.flush()?;
    for note in &snippet.notes {
        writeln!(notes, "note: {}", visible(&note.line()))?;
    }
    for secret in &snippet.secrets {
        let note = dsw_words::held(&secret.variable, &visible(&secret.member));
        writeln!(notes, "note: {note}")?;
    }
    if judged.may_be_sent() {
        return Ok(Outcome::Fine);
    }
    let file = name(path);
    writeln!(
        notes,
        "{file}: error: The request has errors; `dsw-composer check` tells them."
    )?;
    Ok(Outcome::Errors)
}

fn name(path: &Path) -> String {
    visible(&path.to_string_lossy())
}

/// All targets: what is behind `--target`, the form, and what runs it.
fn list(out: &mut dyn Write) -> io::Result<()> {
    for target in Target::ALL {
        let form = match target.typed() {
            Some(true) => "--typed",
            Some(false) => "--generic",
            None => "",
        };
        let line = format!("{:<14} {form:<10} {}", target.word(), target.package());
        writeln!(out, "{}", line.trim_end())?;
    }
    out.flush()
}
