//! `cargo xtask clean`.

use std::fs;
use std::path::Path;

use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::{process, terminal};

/// Removes what was built and says so; fetched programs only when asked, because they take minutes.
///
/// # Errors
///
/// When something cannot be removed.
pub(crate) fn run(project: &Project, with_tools: bool) -> Result<()> {
    remove(&project.dist())?;
    if with_tools {
        remove(&project.tools())?;
        remove(&project.root().join("tests/end_to_end/node_modules"))?;
    }
    terminal::say("Removing what cargo built");
    process::run(
        process::command(project, "cargo").arg("clean"),
        "`cargo clean`",
    )
}

fn remove(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    terminal::say(&format!("Removing {}", folder.display()));
    fs::remove_dir_all(folder).map_err(|error| Failure::io(folder, &error))
}
