//! `cargo xtask bench lighthouse`: what Lighthouse says of the page as the gateway serves it.

use std::ffi::OsStr;

use crate::failure::Result;
use crate::program::{Gateway, Profile};
use crate::project::Project;
use crate::{browser, page, process, program, tools};

/// Measures start page, guided form and all fields, as on a desktop and as on a phone, `runs` times each.
///
/// # Errors
///
/// When something can not be had, built or started, or Lighthouse fails.
pub(crate) fn run(project: &Project, runs: u32) -> Result<()> {
    page::build(project)?;
    let gateway = program::build(project, Profile::Server)?;
    let folder = project.root().join("xtask/lighthouse");
    tools::npm_packages(project, &folder, "Lighthouse")?;
    let browser = browser::ensure(project)?;
    let options = ["--port", "0", "--log-level", "error"].map(Into::into);
    let gateway = Gateway::start(project, gateway.as_os_str(), &options)?;
    let mut node = process::command(project, "node");
    node.arg(folder.join("measure.mjs"))
        .args([OsStr::new(&gateway.address), OsStr::new(&runs.to_string())])
        .env("CHROMIUM", browser.chromium);
    process::run(&mut node, "Measuring")
}
