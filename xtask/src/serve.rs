//! `cargo xtask serve`.

use crate::failure::Result;
use crate::process;
use crate::project::Project;
use crate::terminal;
use crate::{page, server};

/// Builds the page if it has to be, and serves it until the program is stopped.
///
/// # Errors
///
/// When the port is taken, said before a build that takes minutes, or the page cannot be built.
pub(crate) fn run(project: &Project, open: bool, port: u16) -> Result<()> {
    let listener = server::listen(port)?;
    let address = server::address(&listener)?;
    let report = page::build(project)?;
    let page = server::Page::load(project, &report)?;
    terminal::say(&format!(
        "\nDSW Composer is at {address}\n\
         Ctrl-C stops it. After changes run `cargo xtask build` and reload."
    ));
    if open {
        open_browser(project, &address);
    }
    server::run(&listener, page);
    Ok(())
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
