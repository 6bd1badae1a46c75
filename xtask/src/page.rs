//! Builds the page with Trunk, unless it is already what a build would make.

use std::ffi::OsString;
use std::path::PathBuf;
use std::{env, fs};

use crate::failure::{Failure, Result};
use crate::process;
use crate::project::Project;
use crate::report::Report;
use crate::terminal::{self, Step};
use crate::{fetch, fingerprint, split, tools};

/// Builds the page in release mode into `dist/`, if anything changed since the last time.
///
/// # Errors
///
/// When a tool cannot be had or the page does not build.
pub(crate) fn build(project: &Project) -> Result<Report> {
    let path = Report::path(project);
    // Taken before the build: what changes meanwhile is built next time.
    let sources = fingerprint::sources(project.root())?;
    if let Some(report) = Report::load(&path)
        && report.sources == sources
        && report.results == fingerprint::results(&project.dist())?
    {
        terminal::say("The page is up to date.");
        return Ok(report);
    }
    let tools = tools::ensure(project)?;
    fetch_crates(project)?;

    let step = Step::begin("Building the page (release; the first time takes minutes)");
    let mut trunk = process::command(project, "trunk");
    trunk
        .args(["build", "--release", "--offline", "--skip-version-check"])
        .args(["--features", split::FEATURE])
        .env("PATH", tools.path()?)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(project))
        // Trunk takes options from these and stops at values that other programs allow.
        .env_remove("NO_COLOR")
        .env_remove("RUST_LOG")
        // Where a build stopped inside of Trunk helps nobody.
        .env("RUST_LIB_BACKTRACE", "0");
    process::run(&mut trunk, "Building the page")?;
    step.done();

    let step = Step::begin("Splitting the page");
    let halves = split::split(project, &tools)?;
    step.done();

    let step = Step::begin("Minifying and compressing");
    let mut node = process::command(project, "node");
    node.arg("xtask/node/page.mjs")
        .arg(project.dist())
        .arg(&tools.npm)
        .arg(&halves)
        .arg(project.root().join("assets"));
    let (status, facts) = process::output(&mut node, false)?;
    process::succeeded(status, "Compressing the page")?;
    let facts = Report::parse(&facts).ok_or_else(|| {
        Failure::new("xtask/node/page.mjs printed something else than its report.")
    })?;
    let results = fingerprint::results(&project.dist())?;
    let report = Report {
        sources,
        results,
        ..facts
    };
    fs::create_dir_all(project.tools()).map_err(|error| Failure::io(&project.tools(), &error))?;
    report.save(&path)?;
    step.done();
    Ok(report)
}

/// Flags that leave in the page what it is split by, and take the folders of this machine out of the page: what is left of a path in a panic's
/// message is the crate and its file. It saves two kilobytes of every download, and two machines
/// build the same page.
fn flags(project: &Project) -> OsString {
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        let home = env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" })?;
        Some(PathBuf::from(home).join(".cargo"))
    });
    let registries = cargo_home.map(|home| home.join("registry").join("src"));
    let registries = registries.and_then(|folder| fs::read_dir(folder).ok());
    let crates = registries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mut flags = OsString::from(split::LINKING);
    for folder in crates.chain([project.root().to_owned()]) {
        flags.push("\u{1f}--remap-path-prefix=");
        flags.push(folder.join(""));
        flags.push("=");
    }
    flags
}

/// Downloads what the page is made of, so that Trunk needs no network.
fn fetch_crates(project: &Project) -> Result<()> {
    let what = "the crates that the page uses";
    fetch::run(process::command(project, "cargo").arg("fetch"), what)
}
