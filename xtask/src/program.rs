//! The `dsw-composer` program: built with cargo, and run with the page.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread;

use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::terminal::{self, Step};
use crate::{fetch, process};

/// What the program is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// To be run here and soon: it reads the page from its folder.
    Dev,
    /// To be taken elsewhere: it is fast, and holds the page.
    Server,
}

/// Builds the program. The page must have been built before.
///
/// # Errors
///
/// When it does not build.
pub(crate) fn build(project: &Project, profile: Profile) -> Result<PathBuf> {
    fetch::run(
        process::command(project, "cargo").arg("fetch"),
        "the crates that the program uses",
    )?;
    let (name, folder) = match profile {
        Profile::Dev => ("dev", "debug"),
        Profile::Server => ("server", "server"),
    };
    let step = Step::begin("Building the program (the first time takes a minute or more)");
    let mut cargo = process::command(project, "cargo");
    cargo
        .args(["build", "--quiet", "--offline", "--package", "dsw-gateway"])
        .args(["--bin", "dsw-composer", "--profile", name]);
    if profile == Profile::Server {
        cargo.args(["--features", "jemalloc"]);
        cargo.env("DSW_COMPOSER_PAGE", project.dist());
    }
    process::run(&mut cargo, "Building the program")?;
    step.done();
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let file = ["dsw-composer", env::consts::EXE_SUFFIX].concat();
    Ok(project.root().join(target).join(folder).join(file))
}

/// A running gateway. It ends with this value.
#[derive(Debug)]
pub(crate) struct Gateway {
    child: Child,
    /// Where the page is, as the program says it.
    pub(crate) address: String,
}

impl Gateway {
    /// Starts `dsw-composer serve` with the page of the last build, and waits until it says where it is.
    ///
    /// # Errors
    ///
    /// When it can not be started, or ends before it serves; it has said why.
    pub(crate) fn start(project: &Project, program: &OsStr, options: &[OsString]) -> Result<Self> {
        let mut command = process::command(project, program);
        command
            .arg("serve")
            .arg("--page")
            .arg(project.dist())
            .args(options)
            .stdout(Stdio::piped());
        let mut child = command
            .spawn()
            .map_err(|error| process::not_started(&command, &error))?;
        let output = child.stdout.take().map(BufReader::new);
        let mut lines = output
            .into_iter()
            .flat_map(|output| output.lines().map_while(std::result::Result::ok));
        let address = lines.find_map(|line| {
            let address = address_in(&line);
            terminal::say(&line);
            address
        });
        let Some(address) = address else {
            let status = child
                .wait()
                .map_err(|error| process::not_started(&command, &error))?;
            return Err(Failure::new(format!(
                "The program ended before it served ({status}); the reason stands above."
            )));
        };
        // What it says later is passed on as well, and never fills the pipe.
        thread::spawn(move || lines.for_each(|line| terminal::say(&line)));
        Ok(Self { child, address })
    }

    /// Waits until the program ends by itself.
    ///
    /// # Errors
    ///
    /// When it did not end well.
    pub(crate) fn wait(mut self) -> Result<()> {
        let status = self.child.wait();
        let status =
            status.map_err(|error| Failure::new(format!("The program is lost: {error}.")))?;
        process::succeeded(status, "Serving")
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // One that has ended already can not be ended again, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address in what the program says when it serves.
fn address_in(line: &str) -> Option<String> {
    let address = line
        .split([' ', ','])
        .find(|word| word.starts_with("http://"))?;
    Some(address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_the_programs_words() {
        let line = "DSW Composer (sandbox) is at http://127.0.0.1:8080/#token=x";
        assert_eq!(
            address_in(line).as_deref(),
            Some("http://127.0.0.1:8080/#token=x")
        );
        assert_eq!(address_in("DSW Composer starts"), None);
    }
}
