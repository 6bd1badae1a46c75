//! `cargo xtask bench lighthouse`: what Lighthouse says of the page as the gateway serves it, and how long it is busy
//! while somebody types.

use crate::failure::Result;
use crate::program::{Gateway, Profile};
use crate::project::Project;
use crate::{browser, page, process, program, tools};

/// Measures start page, guided form and all fields, as on a desktop and as on a phone, `runs` times each; then types.
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
    let runs = runs.to_string();
    for (script, arguments) in [("measure.mjs", &[&runs][..]), ("typing.mjs", &[])] {
        let mut node = process::command(project, "node");
        node.arg(folder.join(script))
            .arg(&gateway.address)
            .args(arguments)
            .env("CHROMIUM", &browser.chromium);
        process::run(&mut node, "Measuring")?;
    }
    Ok(())
}
