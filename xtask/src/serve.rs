//! `cargo xtask serve`.

use std::ffi::OsString;

use crate::failure::Result;
use crate::process;
use crate::program::{self, Gateway, Profile};
use crate::project::Project;
use crate::terminal;
use crate::{page, server};

/// Builds page and program if they have to be, and serves until the program is stopped: a sandbox, unless
/// `options` for the program say otherwise.
///
/// # Errors
///
/// When the port is taken, said before a build that takes minutes, or something does not build.
pub(crate) fn run(project: &Project, open: bool, port: u16, options: &[OsString]) -> Result<()> {
    drop(server::listen(port)?);
    page::build(project)?;
    let program = program::build(project, Profile::Dev)?;
    let port = ["--port".into(), port.to_string().into()];
    let options = [&port[..], options].concat();
    terminal::say("");
    let gateway = Gateway::start(project, program.as_os_str(), &options)?;
    terminal::say("Ctrl-C stops it. After changes stop it and run the command again.");
    if open {
        open_browser(project, &gateway.address);
    }
    gateway.wait()
}

/// A browser that does not open is worth a word and no more: the address stands above.
fn open_browser(project: &Project, address: &str) {
    let (program, arguments): (_, &[&str]) = if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    if process::command(project, program)
        .args(arguments)
        .arg(address)
        .spawn()
        .is_err()
    {
        terminal::complain(&format!(
            "`{program}` was not found: open the address yourself."
        ));
    }
}
