//! `cargo xtask fuzz`: a fuzzer makes texts for each importer and looks for one that it does not survive.
//!
//! The fuzzer is libFuzzer, which the targets bring along and a C++ compiler builds; cargo-fuzz runs it. What the
//! project's own compiler puts in tells it what a text reaches. Sanitizers are off: they need a nightly compiler, and
//! there is no unsafe code that they could watch.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::terminal::{self, Step};
use crate::totals::Totals;
use crate::{browser, process, tools};

/// The longest text that is made, in bytes.
const LONGEST: u32 = 2048;

/// `cargo xtask fuzz`.
///
/// # Errors
///
/// When a text was found, or the fuzzer cannot be had.
pub(crate) fn run(project: &Project, seconds: u32) -> Result<()> {
    match totals(project, seconds)?.failed {
        0 => Ok(()),
        _ => Err(Failure::new(
            "A text was found; its file is named above. Once that is mended, it belongs into \
             crates/form/tests/corpus.",
        )),
    }
}

/// Tries each importer for so many seconds. Each counts as one test.
///
/// # Errors
///
/// When the fuzzer cannot be had, or the targets do not build.
pub(crate) fn totals(project: &Project, seconds: u32) -> Result<Totals> {
    if process::find("c++").is_none() {
        // Where that is not possible, the build says what it lacks.
        browser::install_packages(project, &["g++"])?;
    }
    let folder = tools::cargo_fuzz(project)?;
    let path = process::path_with(&[folder])?;
    let cargo = |word: &str| {
        let mut cargo = process::command(project, "cargo");
        // Not with those of other builds, which are made in another way.
        cargo.args([
            "fuzz",
            word,
            "--sanitizer",
            "none",
            "--target-dir",
            "target/fuzz",
        ]);
        cargo.env("PATH", &path);
        cargo
    };
    let step = Step::begin("Building the fuzz targets");
    process::run(&mut cargo("build"), "Building the fuzz targets")?;
    step.done();
    let found = project.root().join("target/fuzz/found");
    fs::create_dir_all(&found).map_err(|error| Failure::io(&found, &error))?;
    let mut totals = Totals::default();
    for target in targets(project)? {
        totals += Totals::one(survives(
            &mut cargo("run"),
            project,
            &target,
            &found,
            seconds,
        )?);
    }
    Ok(totals)
}

/// The names of the targets.
fn targets(project: &Project) -> Result<Vec<String>> {
    let folder = project.root().join("fuzz/fuzz_targets");
    let files = fs::read_dir(&folder).map_err(|error| Failure::io(&folder, &error))?;
    let names = files.filter_map(|file| {
        let path = file.ok()?.path();
        Some(path.file_stem()?.to_str()?.to_owned())
    });
    let mut names: Vec<_> = names.collect();
    names.sort();
    Ok(names)
}

/// Whether an importer survives what the fuzzer makes.
fn survives(
    cargo: &mut Command,
    project: &Project,
    target: &str,
    found: &Path,
    seconds: u32,
) -> Result<bool> {
    // What was reached before is where the next run begins.
    let corpus = project.root().join("target/fuzz/corpus").join(target);
    fs::create_dir_all(&corpus).map_err(|error| Failure::io(&corpus, &error))?;
    cargo.arg(target).arg(&corpus).args([
        "crates/form/tests/corpus",
        "--",
        "-dict=fuzz/words.dict",
        "-verbosity=0",
        // A text that takes so long is one, too.
        "-timeout=5",
    ]);
    cargo.arg(format!("-max_total_time={seconds}"));
    cargo.arg(format!("-max_len={LONGEST}"));
    cargo.arg(format!("-artifact_prefix={}/{target}-", found.display()));
    // It tells a lot, which is of use where it has found something.
    let log = project
        .root()
        .join("target/fuzz")
        .join([target, ".log"].concat());
    let file = fs::File::create(&log).map_err(|error| Failure::io(&log, &error))?;
    let both = file
        .try_clone()
        .map_err(|error| Failure::io(&log, &error))?;
    let status = cargo.stdout(file).stderr(both).status();
    let status = status.map_err(|error| process::not_started(cargo, &error))?;
    if status.success() {
        terminal::say(&format!("fuzz {target} ... ok"));
    } else {
        let told = fs::read(&log).map_err(|error| Failure::io(&log, &error))?;
        terminal::complain(&String::from_utf8_lossy(&told));
        terminal::say(&format!("fuzz {target} ... FAILED"));
    }
    Ok(status.success())
}
