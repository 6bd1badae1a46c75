//! What the gateway is measured with and beside: nginx, wrk, and the vendor's SDK behind `FastAPI`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::terminal::Step;
use crate::{browser, fetch, process};

/// Programs that come from the system's packages.
const SYSTEM: [&str; 3] = ["nginx", "wrk", "python3"];

/// Where they are.
#[derive(Debug)]
pub(super) struct Tools {
    pub(super) nginx: PathBuf,
    /// The interpreter that has the packages of `xtask/bench/requirements.txt`.
    pub(super) python: PathBuf,
    /// The stand-in and the clients: an example of the gateway's.
    pub(super) bench: PathBuf,
    /// A line with all versions.
    pub(super) versions: String,
}

/// Finds or installs them, and builds our own. `target` is where cargo leaves programs.
///
/// # Errors
///
/// When one can not be had.
pub(super) fn ensure(project: &Project, target: &Path) -> Result<Tools> {
    if !cfg!(target_os = "linux") {
        return Err(Failure::new(
            "The gateway is measured on Linux alone: memory is read from /proc.",
        ));
    }
    // Debian has nginx where only root looks for programs.
    let find = |name: &str| {
        let hidden = Path::new("/usr/sbin").join(name);
        process::find(name).or_else(|| hidden.is_file().then_some(hidden))
    };
    if SYSTEM.iter().any(|name| find(name).is_none()) {
        // Where that is not possible, the one that is missing is named below.
        browser::install_packages(project, &["nginx-light", "wrk", "python3-venv"])?;
    }
    let found = |name: &str| {
        find(name).ok_or_else(|| {
            Failure::new(format!(
                "{name} is missing: install it with your system's packages."
            ))
        })
    };
    let (nginx, wrk, system_python) = (found("nginx")?, found("wrk")?, found("python3")?);
    let venv = project.tools().join("bench/venv");
    let python = venv.join("bin/python");
    let has_all = |python: &Path| {
        let import = "import fastapi, uvicorn, alibabacloud_pai_dsw20220101";
        process::answer(process::command(project, python).args(["-c", import])).is_some()
    };
    if !has_all(&python) {
        let step = Step::begin("Installing FastAPI and the vendor's SDK into .tools");
        let mut make = process::command(project, &system_python);
        process::run(
            make.args(["-m", "venv"]).arg(&venv),
            "Making a Python environment",
        )?;
        let mut pip = process::command(project, &python);
        pip.args(["-m", "pip", "install", "--quiet", "--requirement"])
            .arg(project.root().join("xtask/bench/requirements.txt"));
        fetch::run(&mut pip, "the Python packages")?;
        step.done();
    }
    let step = Step::begin("Building the clients of the measurement");
    let mut cargo = process::command(project, "cargo");
    cargo
        .args(["build", "--quiet", "--package", "dsw-gateway"])
        .args(["--example", "bench", "--profile", "server"]);
    process::run(&mut cargo, "Building the clients")?;
    step.done();
    let versions = [
        first_line(process::command(project, &nginx).arg("-v")),
        first_line(process::command(project, &wrk).arg("-v")),
        first_line(process::command(project, &python).arg("--version")),
        "FastAPI and SDK as in xtask/bench/requirements.txt".to_owned(),
    ];
    Ok(Tools {
        nginx,
        python,
        bench: target.join("examples/bench"),
        versions: versions.join("; "),
    })
}

/// What a program says of its version, be it to standard output or error.
fn first_line(command: &mut Command) -> String {
    let Ok(output) = command.output() else {
        return String::new();
    };
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let line = text.lines().next().unwrap_or_default();
    line.split(" Copyright")
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}
