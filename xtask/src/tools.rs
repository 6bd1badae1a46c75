//! The programs that building the page takes: found where they fit, fetched where they do not.
//!
//! A program on PATH is taken if its version is exactly the wanted one. Everything else goes into
//! `.tools/`, one folder for each program and version, so that an upgrade never finds the old one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::terminal::Step;
use crate::{fetch, process};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
const TRUNK_VERSION: &str = "0.21.14";
const WASM_OPT_VERSION: &str = "132";
const WASM_SPLIT_VERSION: &str = "0.2.4";
/// The program that splits the page.
const SPLITTER: &str = "wasm-split-cli";
const NODE_MAJOR: u32 = 20;
const FUZZ_VERSION: &str = "0.13.1";

/// Tools are wanted soon and run for seconds: no optimisation, no debug information, and nothing
/// that only makes a program safer to change. Trunk takes 2 minutes this way and 8 as a release.
const QUICK_PROFILE: [(&str, &str); 4] = [
    ("CARGO_PROFILE_DEV_DEBUG", "0"),
    ("CARGO_PROFILE_DEV_PANIC", "abort"),
    ("CARGO_PROFILE_DEV_DEBUG_ASSERTIONS", "false"),
    ("CARGO_PROFILE_DEV_OVERFLOW_CHECKS", "false"),
];

/// Folders of the tools, to be put first on PATH.
#[derive(Debug)]
pub(crate) struct Tools {
    folders: Vec<PathBuf>,
    /// The folder of the packages from npm.
    pub(crate) npm: PathBuf,
    /// Runs tests that are compiled to WebAssembly.
    pub(crate) test_runner: PathBuf,
}

impl Tools {
    /// PATH for programs that use the tools.
    ///
    /// # Errors
    ///
    /// When a folder's name cannot stand on PATH.
    pub(crate) fn path(&self) -> Result<std::ffi::OsString> {
        process::path_with(&self.folders)
    }
}

/// Finds or fetches everything that building the page takes.
///
/// # Errors
///
/// When something that only a person can install is missing, or fetching fails.
pub(crate) fn ensure(project: &Project) -> Result<Tools> {
    prerequisites(project)?;
    wasm_target(project)?;
    let bindgen = project.wasm_bindgen_version()?;
    // Both need no TLS: Trunk gets its tools from here, and the test runner talks to this machine.
    let lean = ["--no-default-features"];
    let npm = npm_tools(project)?;
    let folders = vec![
        program(project, "trunk", "trunk", TRUNK_VERSION, &lean)?,
        program(project, "wasm-bindgen-cli", "wasm-bindgen", &bindgen, &lean)?,
        program(
            project,
            "wasm_split_cli_support",
            SPLITTER,
            WASM_SPLIT_VERSION,
            &["--features", "build-binary"],
        )?,
        wasm_opt(project, &npm),
    ];
    if build_folder(project).exists() {
        // More than a gigabyte, of no use any more; what is left of it does no harm.
        let _ = fs::remove_dir_all(build_folder(project));
    }
    let runner = format!("wasm-bindgen-test-runner{}", std::env::consts::EXE_SUFFIX);
    Ok(Tools {
        test_runner: folders[1].join(runner),
        npm,
        folders,
    })
}

/// Finds or installs the program that builds and runs the fuzz targets. Returns its folder.
///
/// # Errors
///
/// When it has to be installed and that fails.
pub(crate) fn cargo_fuzz(project: &Project) -> Result<PathBuf> {
    program(project, "cargo-fuzz", "cargo-fuzz", FUZZ_VERSION, &[])
}

/// Checks for what only a person can install.
///
/// # Errors
///
/// One sentence about the first thing that is missing.
pub(crate) fn prerequisites(project: &Project) -> Result<()> {
    for program in ["cargo", "rustc"] {
        if process::answer(process::command(project, program).arg("--version")).is_none() {
            return Err(Failure::new(format!(
                "The Rust compiler is missing (`{program}` does not run): install it with rustup, \
                 then run the same command again."
            )));
        }
    }
    let node = process::answer(process::command(project, "node").arg("--version"));
    if node
        .as_deref()
        .and_then(major_version)
        .is_none_or(|major| major < NODE_MAJOR)
    {
        return Err(Failure::new(match node {
            Some(version) => format!(
                "Node {version} is too old: install Node {NODE_MAJOR} or newer, then run the same \
                 command again."
            ),
            None => format!(
                "Node is missing (`node` does not run): install Node {NODE_MAJOR} or newer with \
                 npm, then run the same command again."
            ),
        }));
    }
    if process::find("npm").is_none() {
        return Err(Failure::new(
            "npm is missing: install it (it comes with Node), then run the same command again.",
        ));
    }
    Ok(())
}

/// Installs the packages of a folder's `package-lock.json`, unless they already are.
///
/// # Errors
///
/// When npm fails.
pub(crate) fn npm_packages(project: &Project, folder: &Path, what: &str) -> Result<()> {
    let lock_path = folder.join("package-lock.json");
    let lock = fs::read(&lock_path).map_err(|error| Failure::io(&lock_path, &error))?;
    // Written last: an interrupted installation has none and is begun again.
    let mark = folder.join("node_modules/.installed-lock");
    if fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let step = Step::begin(&format!("Fetching {what}"));
    let mut npm = process::command(project, process::NPM);
    npm.current_dir(folder)
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    fetch::run(npm.stdout(Stdio::null()), what)?;
    fs::write(&mark, lock).map_err(|error| Failure::io(&mark, &error))?;
    step.done();
    Ok(())
}

pub(crate) fn wasm_target(project: &Project) -> Result<()> {
    let mut rustc = process::command(project, "rustc");
    rustc.args(["--print", "target-libdir", "--target", TARGET]);
    let library = process::answer(&mut rustc).map(PathBuf::from);
    if library
        .is_some_and(|folder| fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()))
    {
        return Ok(());
    }
    if process::find("rustup").is_none() {
        return Err(Failure::new(format!(
            "The compiler has no standard library for {TARGET} and there is no `rustup` to fetch \
             it: install rustup, or that library with your system's packages."
        )));
    }
    let what = format!("the standard library for {TARGET}");
    let step = Step::begin(&format!("Fetching {what}"));
    fetch::run(
        process::command(project, "rustup").args(["target", "add", TARGET]),
        &what,
    )?;
    step.done();
    Ok(())
}

/// The folder that holds a program of a crate, which is installed if it has to be.
fn program(
    project: &Project,
    krate: &str,
    name: &str,
    version: &str,
    features: &[&str],
) -> Result<PathBuf> {
    let fits = |path: &Path| {
        if name == SPLITTER {
            // It tells no version. What runs in the folder named after one is of that one.
            let answer = process::answer(process::command(project, path).arg("--help"));
            return answer.is_some() && path.starts_with(project.tools());
        }
        let answer = process::answer(process::command(project, path).arg("--version"));
        answer.is_some_and(|answer| has_version(&answer, name, version))
    };
    let root = project.tools().join(format!("{name}-{version}"));
    let folder = root.join("bin");
    if fits(&folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))) {
        return Ok(folder);
    }
    if let Some(path) = process::find(name).filter(|path| fits(path)) {
        return Ok(path.parent().map_or(folder, Path::to_path_buf));
    }
    let what = format!("{name} {version}");
    let step = Step::begin(&format!("Building {what} (once; a few minutes)"));
    let install = |locked: &[&str]| {
        let mut cargo = process::command(project, "cargo");
        cargo
            .args(["install", krate, "--version", version, "--debug", "--root"])
            .arg(&root)
            .args(features)
            .args(locked)
            // What is there does not run, or it would have been taken; cargo's records say it is
            // installed, and cargo would believe them.
            .arg("--force")
            // Shared: what both tools depend on is compiled once, an interruption costs little.
            .arg("--target-dir")
            .arg(build_folder(project))
            .envs(QUICK_PROFILE)
            .env_remove("CARGO_BUILD_TARGET")
            .env_remove("RUSTFLAGS");
        // This program puts the folder on PATH itself; cargo's advice to do so would confuse.
        cargo.env("PATH", process::path_with(std::slice::from_ref(&folder))?);
        fetch::attempt(&mut cargo, &what)
    };
    // The author's own choice of dependencies, unless a registry's copy lacks one of them.
    let mut outcome = install(&["--locked"])?;
    if outcome
        .complaint()
        .is_some_and(|text| text.contains("failed to select a version"))
    {
        outcome = install(&[])?;
    }
    outcome.succeeded()?;
    step.done();
    Ok(folder)
}

/// The folder that holds wasm-opt: `npm`, which has it as a script that runs anywhere, unless PATH has it.
fn wasm_opt(project: &Project, npm: &Path) -> PathBuf {
    let fits = |path: &Path| {
        let answer = process::answer(process::command(project, path).arg("--version"));
        answer.is_some_and(|answer| has_version(&answer, "wasm-opt", WASM_OPT_VERSION))
    };
    let on_path = process::find("wasm-opt").filter(|path| fits(path));
    let folder = on_path.as_deref().and_then(Path::parent);
    folder.map_or_else(|| npm.join("node_modules/.bin"), Path::to_path_buf)
}

/// The folder of the packages from npm that building the page takes: wasm-opt, and what minifies its script.
fn npm_tools(project: &Project) -> Result<PathBuf> {
    let folder = project.tools().join("npm");
    fs::create_dir_all(&folder).map_err(|error| Failure::io(&folder, &error))?;
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        let from = project.root().join("xtask/npm").join(name);
        fs::copy(&from, folder.join(name)).map_err(|error| Failure::io(&from, &error))?;
    }
    npm_packages(
        project,
        &folder,
        &format!("wasm-opt {WASM_OPT_VERSION} and terser"),
    )?;
    Ok(folder)
}

/// Where tools are compiled. Kept only while something is left to compile.
fn build_folder(project: &Project) -> PathBuf {
    project.tools().join("build")
}

/// Whether a program's answer to `--version` names exactly this version.
fn has_version(answer: &str, name: &str, version: &str) -> bool {
    let mut words = answer.split_whitespace();
    words.next() == Some(name) && words.any(|word| word == version)
}

/// `v20.11.1` → 20.
fn major_version(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exactly_the_wanted_version_fits() {
        assert!(has_version("trunk 0.21.14", "trunk", "0.21.14"));
        assert!(has_version(
            "wasm-opt version 132 (version_132)",
            "wasm-opt",
            "132"
        ));
        assert!(!has_version("trunk 0.21.1", "trunk", "0.21.14"));
        assert!(!has_version("trunk 0.21.14-beta.1", "trunk", "0.21.14"));
        assert!(!has_version("other 0.21.14", "trunk", "0.21.14"));
    }

    #[test]
    fn node_names_its_major_version_first() {
        assert_eq!(major_version("v20.11.1"), Some(20));
        assert_eq!(major_version("20.11.1"), None);
        assert_eq!(major_version(""), None);
    }

    #[test]
    fn versions_agree_with_the_files_that_name_them_again() {
        let root = Project::find();
        let file = |name: &str| fs::read_to_string(root.root().join(name)).expect(name);
        let trunk = file("Trunk.toml");
        assert!(trunk.contains(&format!("trunk-version = \"={TRUNK_VERSION}\"")));
        assert!(
            file("xtask/npm/package.json")
                .contains(&format!("\"binaryen\": \"{WASM_OPT_VERSION}."))
        );
    }
}
