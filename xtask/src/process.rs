//! Running other programs.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::{env, fs};

use crate::failure::{Failure, Result};
use crate::project::Project;

/// npm is a script, and scripts have an extension on Windows.
pub(crate) const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// A program to be run in the root of the checkout, asking nothing.
pub(crate) fn command(project: &Project, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(project.root()).stdin(Stdio::null());
    command
}

/// Runs a program to its end, its output going to the terminal.
///
/// # Errors
///
/// When it cannot be started or fails; `purpose` begins the sentence.
pub(crate) fn run(command: &mut Command, purpose: &str) -> Result<()> {
    let status = command
        .status()
        .map_err(|error| not_started(command, &error))?;
    succeeded(status, purpose)
}

/// Runs a program to its end and returns what it printed, also to the terminal if `echo` is set.
///
/// # Errors
///
/// When it cannot be started.
pub(crate) fn output(command: &mut Command, echo: bool) -> Result<(ExitStatus, String)> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(command, &error))?;
    let mut text = Vec::new();
    if let Some(mut pipe) = child.stdout.take() {
        let mut chunk = [0; 8192];
        while let Ok(length @ 1..) = pipe.read(&mut chunk) {
            text.extend_from_slice(&chunk[..length]);
            if echo {
                let mut out = io::stdout().lock();
                let _ = out.write_all(&chunk[..length]).and_then(|()| out.flush());
            }
        }
    }
    let status = child.wait().map_err(|error| not_started(command, &error))?;
    Ok((status, String::from_utf8_lossy(&text).into_owned()))
}

/// What a program prints to standard output, if it runs and succeeds. Its complaints are dropped.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let (status, text) = output(command.stderr(Stdio::null()), false).ok()?;
    status.success().then(|| text.trim().to_owned())
}

/// Turns the end of a program into a result.
///
/// # Errors
///
/// When it did not succeed.
pub(crate) fn succeeded(status: ExitStatus, purpose: &str) -> Result<()> {
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "{purpose} failed ({status}); the reason stands above."
        )))
    }
}

/// The sentence for a program that could not be started.
pub(crate) fn not_started(command: &Command, error: &io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    Failure::new(match error.kind() {
        io::ErrorKind::NotFound => {
            format!("`{program}` was not found: install it or put it on PATH.")
        }
        _ => format!("`{program}` could not be started: {error}."),
    })
}

/// Looks a program up on PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let names: &[&str] = if cfg!(windows) {
        &[".exe", ".cmd", ""]
    } else {
        &[""]
    };
    env::split_paths(&env::var_os("PATH").unwrap_or_default())
        .flat_map(|folder| {
            names
                .iter()
                .map(move |end| folder.join(format!("{program}{end}")))
        })
        .find(|path| is_executable(path))
}

/// PATH with these folders before everything else.
///
/// # Errors
///
/// When a folder's name cannot stand on PATH.
pub(crate) fn path_with(folders: &[PathBuf]) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.iter().cloned().chain(env::split_paths(&path))).map_err(|_| {
        Failure::new(
            "The checkout's path holds a character that PATH cannot hold: move the checkout.",
        )
    })
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named() {
        let failure = run(&mut Command::new("no-such-program"), "Nothing").expect_err("no program");
        assert!(
            failure
                .to_string()
                .starts_with("`no-such-program` was not found")
        );
    }

    #[test]
    fn programs_are_found_on_path_only() {
        assert!(find("cargo").is_some());
        assert_eq!(find("no-such-program"), None);
    }
}
