//! `cargo xtask bench`: the page beside others, by a harness that lives elsewhere; the gateway in `gateway`;
//! what Lighthouse says in `lighthouse`.

use std::ffi::OsString;
use std::path::Path;

use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::{page, process, terminal};

mod figures;
pub(crate) mod gateway;
pub(crate) mod lighthouse;
mod tools;

/// Builds the page and measures it with the harness in `peers`; without one, prints the sizes.
///
/// # Errors
///
/// When the page does not build, or `peers` holds no harness.
pub(crate) fn run(project: &Project, peers: Option<&Path>, extra: &[OsString]) -> Result<()> {
    let harness = peers.map(|folder| {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
        if folder.join("harness/bench.mjs").is_file() {
            Ok(folder)
        } else {
            Err(Failure::new(format!(
                "{} holds no harness/bench.mjs: give the bench harness's folder after --peers.",
                folder.display()
            )))
        }
    });
    let harness = harness.transpose()?;
    let report = page::build(project)?;
    let Some(folder) = harness else {
        terminal::say(&report.table());
        terminal::say(
            "To measure times as well, give the folder of the bench harness: --peers DIR",
        );
        return Ok(());
    };
    let mut target = OsString::from("ours=");
    target.push(project.dist());
    target.push(":ours");
    let mut node = process::command(project, "node");
    node.current_dir(folder)
        .args(["harness/bench.mjs", "--target"])
        .arg(target)
        .args(extra);
    process::run(&mut node, "Measuring")
}
