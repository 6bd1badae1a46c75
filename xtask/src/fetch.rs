//! Running programs that fetch something: the one place that knows how a missing network looks.

use std::env;
use std::io::{self, IsTerminal, Read, Write};
use std::process::{Command, ExitStatus, Stdio};

use crate::failure::{Failure, Result};
use crate::process;

/// How cargo, rustup, npm and apt say that nobody answered. In lower case.
const UNREACHABLE: &[&str] = &[
    "could not resolve",
    "couldn't resolve",
    "temporary failure resolving",
    "could not connect",
    "couldn't connect",
    "failed to connect",
    "unable to connect",
    "connection refused",
    "network failure",
    "error sending request",
    "dns error",
    "timed out",
    "timeout was reached",
    "--offline was specified",
    "--offline flag",
    "offline mode",
    "enotfound",
    "enotcached",
    "eai_again",
    "econnrefused",
    "econnreset",
    "etimedout",
];

/// How a program that fetches something ended, other than by a missing network.
#[derive(Debug)]
pub(crate) struct Outcome {
    status: ExitStatus,
    complaint: String,
    what: String,
}

impl Outcome {
    /// What the program printed from its first error on, if it failed.
    pub(crate) fn complaint(&self) -> Option<&str> {
        (!self.status.success()).then_some(&self.complaint)
    }

    /// Prints the complaint, if there is one.
    ///
    /// # Errors
    ///
    /// When the program failed.
    pub(crate) fn succeeded(&self) -> Result<()> {
        if let Some(complaint) = self.complaint() {
            let _ = io::stderr().write_all(complaint.as_bytes());
        }
        process::succeeded(self.status, &format!("Fetching {}", self.what))
    }
}

/// Runs a program that fetches `what`.
///
/// # Errors
///
/// When the network is missing, or the program fails for another reason.
pub(crate) fn run(command: &mut Command, what: &str) -> Result<()> {
    attempt(command, what)?.succeeded()
}

/// Runs a program that fetches `what` and may fail for a reason that the caller can mend.
///
/// Its progress is shown. Once it complains, the complaint is held back: a missing network needs
/// one sentence and not the program's account of it.
///
/// # Errors
///
/// When the program cannot be started or the network is missing.
pub(crate) fn attempt(command: &mut Command, what: &str) -> Result<Outcome> {
    if io::stderr().is_terminal() {
        // Through a pipe, cargo would not show how far it is.
        command
            .env("CARGO_TERM_PROGRESS_WHEN", "always")
            .env("CARGO_TERM_PROGRESS_WIDTH", "80");
    }
    command.env("CARGO_TERM_COLOR", "never");
    let mut child = command
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| process::not_started(command, &error))?;
    let complaint = child.stderr.take().map(relay).unwrap_or_default();
    let status = child
        .wait()
        .map_err(|error| process::not_started(command, &error))?;
    // Cargo then says that a package does not exist, and does not mention the setting.
    let offline = env::var_os("CARGO_NET_OFFLINE").is_some_and(|value| value == "true");
    if !status.success() && (offline || is_unreachable(&complaint)) {
        return Err(Failure::new(format!(
            "The network is needed to fetch {what}, and it did not answer: check the \
             connection, the proxy and offline settings, then run the same command again."
        )));
    }
    Ok(Outcome {
        status,
        complaint,
        what: what.to_owned(),
    })
}

/// Passes everything on up to the first error, and returns the rest.
fn relay(pipe: impl Read) -> String {
    let mut held = String::new();
    let mut segment = Vec::new();
    for byte in io::BufReader::new(pipe).bytes().map_while(io::Result::ok) {
        segment.push(byte);
        // A progress bar ends with a carriage return and not with a line feed.
        if byte == b'\n' || byte == b'\r' {
            pass(&mut segment, &mut held);
        }
    }
    pass(&mut segment, &mut held);
    held
}

fn pass(segment: &mut Vec<u8>, held: &mut String) {
    let text = String::from_utf8_lossy(segment);
    let begins_complaint = ["error", "npm error", "npm ERR!", "E:"]
        .iter()
        .any(|start| text.starts_with(start));
    if text.starts_with("warning: spurious network error") {
        // Cargo tries again and says so each time; what counts is whether it succeeds.
    } else if begins_complaint || !held.is_empty() {
        held.push_str(&text);
    } else {
        let _ = io::stderr().write_all(segment);
    }
    segment.clear();
}

fn is_unreachable(complaint: &str) -> bool {
    let complaint = complaint.to_lowercase();
    UNREACHABLE.iter().any(|sign| complaint.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_complaint_is_held_back() {
        let text = "Compiling a\nBuilding [=> ]\rerror: failed\n\nCaused by:\n  nobody\n";
        assert_eq!(
            relay(text.as_bytes()),
            "error: failed\n\nCaused by:\n  nobody\n"
        );
        assert_eq!(
            relay("warning: spurious network error (3 tries remaining)\n".as_bytes()),
            ""
        );
    }

    #[test]
    fn a_missing_network_is_told_from_other_errors() {
        assert!(is_unreachable("error: [6] Could not resolve hostname"));
        assert!(is_unreachable("npm error code ENOTFOUND"));
        assert!(!is_unreachable("error: could not compile `trunk`"));
    }
}
