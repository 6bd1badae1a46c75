//! Splits the page's program: what a first visit waits for, and what comes after the form
//! (`docs/decisions/0008-code-splitting.md`).
//!
//! Trunk knows nothing of this. It compiles the program and makes a page of it; here the compiled program is split,
//! each half goes through what Trunk's own would have gone through, and `xtask/node/page.mjs` puts both into the page.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::failure::{Failure, Result};
use crate::process;
use crate::project::Project;
use crate::tools::{TARGET, Tools};

/// The feature of the page that makes two halves of it.
pub(crate) const FEATURE: &str = "split";

/// What the linker has to leave in the program, so that it can be taken apart.
pub(crate) const LINKING: &str = "-Clink-args=--emit-relocs";

/// The name of the program.
const NAME: &str = "dsw-page";

/// What makes WebAssembly small.
const OPTIMISING: [&str; 14] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--one-caller-inline-max-function-size=0",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--strip-producers",
    "--strip-target-features",
    "--strip-debug",
];

/// Splits the program that was compiled last. Returns the folder with its parts and what loads them.
///
/// # Errors
///
/// When a tool fails.
pub(crate) fn split(project: &Project, tools: &Tools) -> Result<PathBuf> {
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| OsString::from("target"));
    let target = project.root().join(target);
    let program = target.join(TARGET).join("release").join(NAME);
    let (halves, page) = (target.join("split"), target.join("split/page"));
    if halves.exists() {
        fs::remove_dir_all(&halves).map_err(|error| Failure::io(&halves, &error))?;
    }
    fs::create_dir_all(&page).map_err(|error| Failure::io(&page, &error))?;
    let path = tools.path()?;
    let run = |name: &str, arguments: &[&str], files: &[&Path]| {
        let mut tool = process::command(project, name);
        tool.args(arguments).args(files).env("PATH", &path);
        process::run(&mut tool, "Splitting the page")
    };
    run(
        "wasm-split-cli",
        &["--target", "web", "--out-name", NAME],
        &[&program.with_extension("wasm"), &halves],
    )?;
    // What the linker exports is what the later half imports.
    let options = ["--target", "web", "--no-typescript", "--keep-lld-exports"];
    let first = halves.join(NAME).with_extension("wasm");
    run(
        "wasm-bindgen",
        &[&options[..], &["--out-name", NAME, "--out-dir"]].concat(),
        &[&page, &first],
    )?;
    let bound = page.join(format!("{NAME}_bg.wasm"));
    let mut parts = vec![(bound.clone(), bound)];
    let unreadable = |error| Failure::io(&halves, &error);
    for entry in fs::read_dir(&halves).map_err(unreadable)? {
        let from = entry.map_err(unreadable)?.path();
        let name = from.file_name().unwrap_or_default();
        // What is fetched later, by the names that `src/later.rs`, `src/more.rs`, `src/exchange.rs` and `src/team.rs` give, and what these share.
        if from != first && from.extension().is_some_and(|ending| ending == "wasm") {
            let to = page.join(name);
            parts.push((from, to));
        }
    }
    for (from, to) in &parts {
        run("wasm-opt", &OPTIMISING, &[from, Path::new("-o"), to])?;
    }
    let loader = "__wasm_split.js";
    let from = halves.join(loader);
    fs::copy(&from, page.join(loader)).map_err(|error| Failure::io(&from, &error))?;
    Ok(page)
}
