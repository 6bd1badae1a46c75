//! `cargo xtask test`: every check and every test, and one line that says how it went.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use crate::browser::{self, Browser};
use crate::cli::Part;
use crate::failure::{Failure, Result};
use crate::process;
use crate::program::{Gateway, Profile};
use crate::project::Project;
use crate::report::{BUDGET, Report};
use crate::site::Site;
use crate::terminal::{self, Step};
use crate::totals::Totals;
use crate::{checks, fuzz, page, program, server, snippets, tools};

/// How many seconds the fuzzer tries each importer.
const FUZZED: u32 = 2;

/// Runs all parts, or one of them. A part that fails does not stop the others.
///
/// # Errors
///
/// When a test failed or could not be run. The last line of standard output says how many.
pub(crate) fn run(project: &Project, only: Option<Part>) -> Result<()> {
    let wanted = |part| only.is_none_or(|only| only == part);
    let mut totals = Totals::default();
    if wanted(Part::Lint) {
        totals += checks::totals(project);
    }
    if wanted(Part::Unit) {
        totals += part("Native tests", || native(project));
        totals += part("Tests of the build scripts", || build_scripts(project));
    }
    if wanted(Part::Fuzz) {
        totals += part("Texts made by a fuzzer", || fuzz::totals(project, FUZZED));
    }
    if wanted(Part::Snippets) {
        totals += part("Generated code, by the tools of its languages", || {
            snippets::run(project)
        });
    }
    if wanted(Part::Browser) {
        totals += part("Component tests in Chromium", || components(project));
    }
    // Both look at the same built page; without one, each has failed.
    if wanted(Part::EndToEnd) || wanted(Part::Bytes) {
        let report = page::build(project).map_err(|failure| failure.to_string());
        let built = || report.as_ref().map_err(Failure::new);
        if wanted(Part::EndToEnd) {
            totals += part("End-to-end tests in Chromium", || {
                end_to_end(project, built()?)
            });
        }
        if wanted(Part::Bytes) {
            totals += part("Byte budget", || Ok(byte_budget(built()?)));
            totals += part("Code for a tab that nobody has chosen", || {
                code_is_apart(&project.dist(), built()?)
            });
        }
    }
    let Totals { passed, failed } = totals;
    terminal::say(&format!("{passed} passed, {failed} failed"));
    // The line above is the last one; the exit code says the rest.
    if failed > 0 {
        Err(Failure::silent())
    } else {
        Ok(())
    }
}

/// Announces and times a part. One that cannot be run has failed.
fn part(what: &str, run: impl FnOnce() -> Result<Totals>) -> Totals {
    let step = Step::begin(what);
    let totals = run().unwrap_or_else(|failure| {
        terminal::complain(&format!("{what}: {failure}"));
        Totals::one(false)
    });
    step.done();
    totals
}

fn native(project: &Project) -> Result<Totals> {
    let mut cargo = process::command(project, "cargo");
    runner(cargo.args(["test", "--workspace", "--no-fail-fast"]))
}

fn build_scripts(project: &Project) -> Result<Totals> {
    let mut node = process::command(project, "node");
    runner(node.args(["tests/end_to_end/run.mjs", "xtask/node"]))
}

fn components(project: &Project) -> Result<Totals> {
    let browser = browser::ensure(project)?;
    let tools = tools::ensure(project)?;
    let mut cargo = process::command(project, "cargo");
    cargo
        .args([
            "test",
            "--target",
            tools::TARGET,
            "--package",
            "dsw-page",
            "--tests",
            "--no-fail-fast",
        ])
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            &tools.test_runner,
        )
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            capabilities(project, &browser)?,
        )
        .env("CHROMEDRIVER", &browser.driver)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        // Of the runner itself; panics of tests keep theirs.
        .env("RUST_LIB_BACKTRACE", "0");
    runner(&mut cargo)
}

fn end_to_end(project: &Project, report: &Report) -> Result<Totals> {
    let browser = browser::ensure(project)?;
    let folder = project.root().join("tests/end_to_end");
    tools::npm_packages(project, &folder, "Playwright and axe")?;
    // What is copied from the page is run.
    let python = snippets::sdks(project)?;
    let program = program::build(project, Profile::Dev)?;
    let options = ["--port", "0", "--log-level", "error"].map(OsString::from);
    let gateway = Gateway::start(project, program.as_os_str(), &options)?;
    // The same page without a gateway.
    let listener = server::listen(0)?;
    let plain = server::address(&listener)?;
    let site = Site::load(&project.dist(), report)?;
    thread::spawn(move || server::run(&listener, site));
    let mut node = process::command(project, "node");
    node.arg("tests/end_to_end/run.mjs")
        .env("DSW_URL", &gateway.address)
        .env("DSW_PLAIN_URL", plain)
        .env("DSW_PROGRAM", program)
        .env("DSW_PAGE", project.dist())
        .env("DSW_PYTHON", python)
        .env("CHROMIUM", browser.chromium);
    runner(&mut node)
}

fn byte_budget(report: &Report) -> Totals {
    terminal::say(&report.table());
    Totals::one(report.transferred() <= BUDGET)
}

/// What only the crate that writes code says, each for another language.
const CODE: [&str; 4] = [
    "create_instance_with_options",
    "callApi(params",
    "ALIYUN::PaiDswApi::Instance",
    "terraform_data",
];

/// Whether what writes code is in no part of the page that everybody fetches, and all of it in one that is fetched when
/// it is wanted.
fn code_is_apart(dist: &Path, report: &Report) -> Result<Totals> {
    let mut elsewhere = [false; CODE.len()];
    let mut is_apart = true;
    for file in &report.files {
        let path = dist.join(&file.name);
        if path.extension().is_none_or(|ending| ending != "wasm") {
            continue;
        }
        let bytes = fs::read(&path).map_err(|error| Failure::io(&path, &error))?;
        let for_all = file.first || file.name.contains("-later-");
        for (text, elsewhere) in CODE.iter().zip(&mut elsewhere) {
            let is_here = bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes());
            if is_here && for_all {
                terminal::complain(&format!("{} has the code of {text}.", file.name));
                is_apart = false;
            }
            *elsewhere |= is_here;
        }
    }
    // Where it is nowhere, it was looked for in vain.
    Ok(Totals::one(is_apart && elsewhere.iter().all(|is| *is)))
}

/// Runs a runner of tests, its output going to the terminal, and counts what it says.
pub(crate) fn runner(command: &mut Command) -> Result<Totals> {
    let (status, text) = process::output(command, true)?;
    Ok(Totals::of_runner(&text, status.success()))
}

/// `webdriver.json`, with the browser's path if that is not where its driver looks.
fn capabilities(project: &Project, browser: &Browser) -> Result<PathBuf> {
    let shared = project.root().join("webdriver.json");
    if std::env::var_os("CHROMIUM").is_none() {
        return Ok(shared);
    }
    let text = fs::read_to_string(&shared).map_err(|error| Failure::io(&shared, &error))?;
    let own = project.tools().join("webdriver.json");
    let chromium = browser.chromium.display().to_string();
    let chromium = chromium.replace('\\', "\\\\").replace('"', "\\\"");
    let options = "\"goog:chromeOptions\": {";
    let text = text.replacen(
        options,
        &format!("{options} \"binary\": \"{chromium}\","),
        1,
    );
    fs::write(&own, text).map_err(|error| Failure::io(&own, &error))?;
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::File;

    #[test]
    fn code_that_everybody_fetches_is_found() {
        let dist = std::env::temp_dir().join(format!("dsw-xtask-{}", std::process::id()));
        fs::create_dir_all(&dist).expect("a folder");
        let all = CODE.join("\0");
        let is_apart = |files: &[(&str, bool, &str)]| {
            let mut report = Report::default();
            for (name, first, text) in files {
                fs::write(dist.join(name), text).expect("a file");
                report.files.push(File {
                    name: (*name).to_owned(),
                    bytes: 0,
                    compressed: 0,
                    first: *first,
                });
            }
            code_is_apart(&dist, &report).expect("files").failed == 0
        };
        let apart = ("a-exchange-0.wasm", false, &*all);
        assert!(is_apart(&[
            ("a_bg.wasm", true, "x"),
            ("a-later-0.wasm", false, "x"),
            apart
        ]));
        assert!(!is_apart(&[("a_bg.wasm", true, CODE[3]), apart]));
        assert!(!is_apart(&[("a-later-0.wasm", false, CODE[0]), apart]));
        assert!(!is_apart(&[
            ("a_bg.wasm", true, "x"),
            ("a-exchange-0.wasm", false, CODE[1])
        ]));
        fs::remove_dir_all(&dist).expect("the folder");
    }
}
