//! Chromium and its driver, for tests in a real browser.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::terminal::Step;
use crate::{fetch, process};

/// The browser of the tests.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    /// Chromium itself.
    pub(crate) chromium: PathBuf,
    /// What lets other programs steer it.
    pub(crate) driver: PathBuf,
}

/// Finds the browser, or installs it where that needs no question.
///
/// # Errors
///
/// When there is none and only a person can install it.
pub(crate) fn ensure(project: &Project) -> Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    install(project)?;
    find().ok_or_else(by_hand)
}

fn find() -> Option<Browser> {
    let named = |variable: &str, names: &[&str]| match env::var_os(variable) {
        Some(path) if !path.is_empty() => Some(PathBuf::from(path)),
        _ => names.iter().find_map(|name| process::find(name)),
    };
    Some(Browser {
        chromium: named(
            "CHROMIUM",
            &["chromium", "chromium-browser", "google-chrome"],
        )?,
        driver: named("CHROMEDRIVER", &["chromedriver"])?,
    })
}

fn install(project: &Project) -> Result<()> {
    if install_packages(project, &["chromium", "chromium-driver"])? {
        Ok(())
    } else {
        Err(by_hand())
    }
}

/// Installs packages where that needs no question: root may on Debian, and so may those whom sudo does not ask.
/// Returns whether it may be done here at all.
///
/// # Errors
///
/// When it fails.
pub(crate) fn install_packages(project: &Project, packages: &[&str]) -> Result<bool> {
    if !Path::new("/etc/debian_version").exists() {
        return Ok(false);
    }
    let words = |program: &str, argument: &str| {
        process::answer(process::command(project, program).arg(argument))
    };
    let sudo: &[&str] = if words("id", "-u").as_deref() == Some("0") {
        &[]
    } else if process::answer(process::command(project, "sudo").args(["-n", "true"])).is_some() {
        &["sudo", "-n"]
    } else {
        return Ok(false);
    };
    let names = packages.join(", ");
    let step = Step::begin(&format!("Installing {names} with apt-get"));
    let apt_get = |arguments: &[&str]| {
        let words: Vec<_> = [
            sudo,
            &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"],
            arguments,
        ]
        .concat();
        fetch::run(
            process::command(project, words[0]).args(&words[1..]),
            &names,
        )
    };
    apt_get(&["update"])?;
    apt_get(&[&["install", "--yes", "--no-install-recommends"], packages].concat())?;
    step.done();
    Ok(true)
}

fn by_hand() -> Failure {
    Failure::new(
        "Chromium or its driver is missing: install both (Debian: \
         `apt-get install chromium chromium-driver`), or name the programs in the \
         variables CHROMIUM and CHROMEDRIVER.",
    )
}
