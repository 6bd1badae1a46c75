//! Checks that need no test: formatting, Clippy, documentation, and who may depend on whom.

use std::process::Command;

use crate::failure::{Failure, Result};
use crate::process;
use crate::project::Project;
use crate::supply;
use crate::terminal::{self, Step};
use crate::tools;
use crate::totals::Totals;

/// Logic is tested without a browser, so these crates must not know one; with the targets that they are built
/// for. Crates of the gateway know a browser for targets that it is not built for.
const NATIVE_CRATES: [(&str, &[&str]); 5] = [
    ("dsw-model", &["--target", "all"]),
    ("dsw-form", &["--target", "all"]),
    ("dsw-snippets", &["--target", "all"]),
    ("dsw-words", &["--target", "all"]),
    ("dsw-gateway", &[]),
];
const BROWSER_CRATES: [&str; 4] = ["leptos", "js-sys", "wasm-bindgen", "web-sys"];

/// `cargo xtask fmt`.
///
/// # Errors
///
/// When a file cannot be formatted.
pub(crate) fn format(project: &Project) -> Result<()> {
    component(project, "fmt", "rustfmt")?;
    process::run(
        process::command(project, "cargo").args(["fmt", "--all"]),
        "Formatting",
    )
}

/// `cargo xtask lint`.
///
/// # Errors
///
/// When a check fails.
pub(crate) fn run(project: &Project) -> Result<()> {
    match totals(project).failed {
        0 => Ok(()),
        1 => Err(Failure::new("1 check failed; the reasons stand above.")),
        failed => Err(Failure::new(format!(
            "{failed} checks failed; the reasons stand above."
        ))),
    }
}

/// Runs every check, each counting as one test. One that fails does not stop the others.
pub(crate) fn totals(project: &Project) -> Totals {
    let mut totals = Totals::default();
    let mut check = |what: &str, result: &dyn Fn() -> Result<()>| {
        let step = Step::begin(what);
        let result = result();
        if let Err(failure) = &result {
            terminal::complain(&format!("{what}: {failure}"));
        }
        totals += Totals::one(result.is_ok());
        step.done();
    };
    check("Formatting", &|| {
        component(project, "fmt", "rustfmt")?;
        cargo(project, &["fmt", "--all", "--check"])
    });
    check("Clippy", &|| {
        component(project, "clippy", "clippy")?;
        cargo(
            project,
            &[
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ],
        )
    });
    check("Clippy for WebAssembly", &|| {
        component(project, "clippy", "clippy")?;
        tools::wasm_target(project)?;
        let arguments = [
            "clippy",
            "--target",
            tools::TARGET,
            "-p",
            "dsw-page",
            "--all-targets",
        ];
        cargo(
            project,
            &[&arguments[..], &["--", "-D", "warnings"]].concat(),
        )
    });
    check("Documentation", &|| {
        let mut doc = process::command(project, "cargo");
        doc.args(["doc", "--no-deps", "--workspace"])
            .env("RUSTDOCFLAGS", "-D warnings");
        process::run(&mut doc, "Building the documentation")
    });
    check("Dependency rules", &|| dependencies(project));
    check("Licences and sources", &|| supply::check(project));
    totals
}

/// The crates that hold logic must not depend on the browser.
fn dependencies(project: &Project) -> Result<()> {
    for (krate, targets) in NATIVE_CRATES {
        let mut tree = process::command(project, "cargo");
        tree.args(["tree", "--package", krate, "--edges", "normal,build"])
            .args(targets)
            .args(["--prefix", "none", "--format", "{p}"]);
        let (status, text) = process::output(&mut tree, false)?;
        process::succeeded(status, "Listing dependencies")?;
        if let Some(name) = browser_crate(&text) {
            return Err(Failure::new(format!(
                "{krate} depends on {name}: move what needs it to the root package."
            )));
        }
    }
    Ok(())
}

/// The first crate of a dependency tree that needs a browser.
fn browser_crate(tree: &str) -> Option<&str> {
    tree.lines()
        .filter_map(|line| line.split(' ').next())
        .find(|name| BROWSER_CRATES.contains(name))
}

fn cargo(project: &Project, arguments: &[&str]) -> Result<()> {
    let mut cargo: Command = process::command(project, "cargo");
    process::run(cargo.args(arguments), &format!("`cargo {}`", arguments[0]))
}

/// Fetches a part of the toolchain that a minimal installation leaves out.
fn component(project: &Project, subcommand: &str, name: &str) -> Result<()> {
    if process::answer(process::command(project, "cargo").args([subcommand, "--version"])).is_some()
    {
        return Ok(());
    }
    if process::find("rustup").is_none() {
        return Err(Failure::new(format!(
            "{name} is missing: install it with your system's packages."
        )));
    }
    crate::fetch::run(
        process::command(project, "rustup").args(["component", "add", name]),
        name,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_are_told_by_their_whole_name() {
        assert_eq!(
            browser_crate("dsw-form v0.1.0\nserde v1.0.0\nweb-sys v0.3.1\n"),
            Some("web-sys")
        );
        assert_eq!(browser_crate("dsw-form v0.1.0\nleptos-free v1.0.0\n"), None);
    }
}
