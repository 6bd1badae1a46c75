//! Generated code before the tools of its own languages: bash, Python, TypeScript, Go, Java.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::program::{self, Profile};
use crate::project::Project;
use crate::terminal::Step;
use crate::totals::Totals;
use crate::{browser, fetch, process, test, tools};

/// A program that comes from the system's packages, and Debian's name of its package.
type Program = (&'static str, &'static str);

/// What runs scripts and the vendor's SDKs.
const SDKS: [Program; 3] = [
    ("bash", "bash"),
    ("curl", "curl"),
    ("python3", "python3-venv"),
];

/// What judges code that is not run with the vendor's SDK.
const OTHERS: [Program; 2] = [("go", "golang-go"), ("javac", "default-jdk-headless")];

/// Has every target written by the program and judged by its language's own tools.
///
/// # Errors
///
/// When a tool can not be had or the program does not build.
pub(crate) fn run(project: &Project) -> Result<Totals> {
    let python = sdks(project)?;
    ensure(project, &OTHERS)?;
    let program = program::build(project, Profile::Dev)?;
    let mut node = process::command(project, "node");
    node.args(["tests/end_to_end/run.mjs", "tests/snippets"])
        .env("DSW_PROGRAM", program)
        .env("DSW_PYTHON", python)
        .env("DSW_GOCACHE", project.tools().join("snippets/go"));
    test::runner(&mut node)
}

/// Installs what runs scripts and the vendor's SDKs for Python and TypeScript, if it is missing. Returns the
/// interpreter that has the first.
///
/// # Errors
///
/// When something can not be had.
pub(crate) fn sdks(project: &Project) -> Result<PathBuf> {
    ensure(project, &SDKS)?;
    let folder = project.root().join("tests/snippets");
    tools::npm_packages(project, &folder, "TypeScript and the vendor's SDK for it")?;
    python(project, &found("python3")?, &folder)
}

/// Installs the programs that are missing.
fn ensure(project: &Project, programs: &[Program]) -> Result<()> {
    let missing: Vec<_> = programs
        .iter()
        .filter(|(name, _)| process::find(name).is_none())
        .map(|(_, package)| *package)
        .collect();
    if !missing.is_empty() {
        // Where that is not possible, the one that is missing is named below.
        browser::install_packages(project, &missing)?;
    }
    programs
        .iter()
        .try_for_each(|(name, _)| found(name).map(drop))
}

fn found(name: &str) -> Result<PathBuf> {
    process::find(name).ok_or_else(|| {
        Failure::new(format!(
            "{name} is missing: install it with your system's packages."
        ))
    })
}

/// The interpreter that has the packages of `tests/snippets/requirements.txt`.
fn python(project: &Project, system: &Path, folder: &Path) -> Result<PathBuf> {
    let venv = project.tools().join("snippets/venv");
    let python = venv.join("bin/python");
    let import = "import alibabacloud_credentials, alibabacloud_pai_dsw20220101";
    let mut check = process::command(project, &python);
    if process::answer(check.args(["-c", import])).is_some() {
        return Ok(python);
    }
    let step = Step::begin("Installing the vendor's SDK for Python into .tools");
    let mut make = process::command(project, system);
    process::run(
        make.args(["-m", "venv"]).arg(&venv),
        "Making a Python environment",
    )?;
    let mut pip = process::command(project, &python);
    pip.args(["-m", "pip", "install", "--quiet", "--requirement"])
        .arg(folder.join("requirements.txt"));
    fetch::run(&mut pip, "the vendor's SDK for Python")?;
    step.done();
    Ok(python)
}
