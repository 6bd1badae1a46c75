//! `dsw-composer check`: what the page would say of a request, on the command line.

use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use dsw_form::draft::ROOT;
use dsw_form::import::ImportError;
use dsw_model::descriptor::Kind;
use dsw_model::json::places::places;
use dsw_model::path::{self as model, Step};
use dsw_model::rules::{Context, Severity};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::cli::{Check, Format};
use crate::judge::{self, MAX_BYTES, Refusal};
use crate::team::Team;

mod sarif;

/// How a check ended; each has its exit code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// There are no errors.
    #[default]
    Fine,
    /// There is at least one error.
    Errors,
    /// At least one file can not be read, or is not one JSON object.
    Unreadable,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome as u8)
    }
}

/// All that was checked.
#[derive(Debug, Default, Serialize)]
struct Report {
    /// In the order in which they were named.
    files: Vec<Checked>,
    errors: usize,
    warnings: usize,
    /// Files of which nothing can be said.
    unreadable: usize,
}

/// One file.
#[derive(Debug, Serialize)]
struct Checked {
    /// As it was named; `-` is standard input.
    file: String,
    #[serde(skip)]
    path: PathBuf,
    findings: Vec<Finding>,
    /// Why nothing can be said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Unreadable>,
}

/// A finding with its words and its place in the text.
#[derive(Debug, Serialize)]
struct Finding {
    rule: &'static str,
    severity: &'static str,
    /// What is wrong and what to do.
    message: String,
    /// What would mend it, where there is an obvious way.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
    /// The place most likely to change.
    #[serde(flatten)]
    place: Place,
    /// Other places that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Place>,
}

/// A place in a request and in its text.
#[derive(Debug, Serialize)]
struct Place {
    /// JSON Pointer (RFC 6901).
    pointer: String,
    /// Where it stands in the text; of a member that is missing, what should hold it.
    #[serde(flatten)]
    span: Span,
}

/// Line and column of a place in a text, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Span {
    line: usize,
    column: usize,
}

impl From<(usize, usize)> for Span {
    fn from((line, column): (usize, usize)) -> Self {
        Self { line, column }
    }
}

/// As compilers print places.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Why nothing can be said of a file.
#[derive(Debug, Serialize)]
struct Unreadable {
    message: String,
    /// From where on it can not be read, where it is text at all.
    #[serde(flatten)]
    span: Option<Span>,
}

/// Checks files, by the policy of a team if there is one, and prints what is found; `out` is standard output, and standard error shows the progress of
/// many files if it is a terminal.
///
/// # Errors
///
/// When `out` can not be written.
pub fn run(
    options: &Check,
    team: Option<&Team>,
    stdin: &mut dyn Read,
    out: &mut dyn Write,
) -> io::Result<Outcome> {
    let context = Context {
        region: options.region.map(|region| region.id().to_owned()),
        policy: team.map(|team| team.policy as _),
        ..Context::default()
    };
    let bar = progress(options.files.len());
    let mut report = Report::default();
    for path in &options.files {
        bar.set_message(visible(&path.to_string_lossy()));
        let checked = check(path, stdin, &context);
        let is = |severity| {
            checked
                .findings
                .iter()
                .filter(move |found| found.severity == severity)
        };
        report.errors += is(name(Severity::Error)).count();
        report.warnings += is(name(Severity::Warning)).count();
        report.unreadable += usize::from(checked.problem.is_some());
        if options.format == Format::Text {
            let text = checked.text();
            bar.suspend(|| out.write_all(text.as_bytes()))?;
        }
        report.files.push(checked);
        bar.inc(1);
    }
    bar.finish_and_clear();
    match options.format {
        Format::Text if report.files.len() > 1 => writeln!(out, "{}", report.summary())?,
        Format::Text => {}
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?,
        Format::Sarif => writeln!(
            out,
            "{}",
            serde_json::to_string_pretty(&sarif::log(&report))?
        )?,
    }
    out.flush()?;
    Ok(report.outcome())
}

/// Shows how far many files are, on a terminal only.
fn progress(files: usize) -> ProgressBar {
    if files < 2 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{pos}/{len} {bar:20} {wide_msg}")
        .expect("the template is well formed");
    ProgressBar::new(files as u64).with_style(style)
}

fn check(path: &Path, stdin: &mut dyn Read, context: &Context) -> Checked {
    let (findings, problem) = match read(path, stdin) {
        Ok(bytes) => match judge(&bytes, context) {
            Ok(findings) => (findings, None),
            Err(problem) => (Vec::new(), Some(problem)),
        },
        Err(error) => {
            let problem = Unreadable {
                message: format!("The file can not be read: {error}."),
                span: None,
            };
            (Vec::new(), Some(problem))
        }
    };
    Checked {
        file: path.to_string_lossy().into_owned(),
        path: path.to_owned(),
        findings,
        problem,
    }
}

/// The bytes of a file, but for a byte order mark; of one that is too long for a request only the begin.
pub(crate) fn read(path: &Path, stdin: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = MAX_BYTES as u64 + 4;
    if path.as_os_str() == "-" {
        stdin.take(most).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(most).read_to_end(&mut bytes)?;
    }
    // Some editors begin files with it, and count columns without it.
    if bytes.starts_with("\u{feff}".as_bytes()) {
        bytes.drain(..'\u{feff}'.len_utf8());
    }
    Ok(bytes)
}

/// What is found in the bytes of a file, in the order of the text, as compilers do; the model's is that of the form.
fn judge(bytes: &[u8], context: &Context) -> Result<Vec<Finding>, Unreadable> {
    let judged = judge::judge(bytes, context).map_err(|refusal| {
        let message = unreadable(&refusal);
        let place = (refusal.line, refusal.column);
        Unreadable {
            message,
            span: Some(place.into()),
        }
    })?;
    let text = str::from_utf8(bytes).expect("what was judged is text");
    let found = judged.diagnostics.iter();
    let pointers: Vec<_> = found.clone().map(|found| judged.pointers(found)).collect();
    let all: Vec<_> = pointers.iter().flatten().map(String::as_str).collect();
    let mut places = places(text, &all).into_iter();
    let findings = found.zip(&pointers).map(|(found, pointers)| {
        let mut at = found.paths.iter().zip(pointers).map(|(path, pointer)| {
            let place = places.next().expect("there is one for each pointer");
            let span = if is_about_name(path) {
                place.name
            } else {
                place.value
            };
            Place {
                pointer: pointer.clone(),
                span: span.into(),
            }
        });
        let place = at.next().expect("a finding stands somewhere");
        Finding {
            rule: found.code,
            severity: name(found.severity),
            message: dsw_words::message(found),
            fix: found.fix.as_ref().map(|_| dsw_words::fix(found)),
            place,
            related: at.collect(),
        }
    });
    let mut findings: Vec<_> = findings.collect();
    findings.sort_by_key(|found| found.place.span);
    Ok(findings)
}

/// Whether a path leads to a member whose name is the matter: one that nobody knows, or an entry of a map.
fn is_about_name(path: &model::Path) -> bool {
    let Some((parent, last)) = path.split_last() else {
        return false;
    };
    matches!(last, Step::Key(_)) || matches!(parent.kind(ROOT), Some(Kind::Map(_)))
}

/// Why the bytes of a file are no request, in a sentence.
pub(crate) fn unreadable(refusal: &Refusal) -> String {
    match &refusal.error {
        ImportError::Json(error) => format!("The file is not JSON: {}.", error.problem),
        ImportError::NotAnObject { found } => {
            format!("A request is an object in braces, and this is {found}.")
        }
        ImportError::TooLong { .. } => {
            "The file is longer than 1 MiB, which is more than any request.".to_owned()
        }
        ImportError::NotUtf8 { .. } => "The file is not UTF-8 text.".to_owned(),
    }
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

impl Checked {
    /// One line for each finding, as compilers print them.
    fn text(&self) -> String {
        let file = visible(&self.file);
        let mut text = String::new();
        if let Some(problem) = &self.problem {
            let at = problem
                .span
                .map_or_else(String::new, |span| format!(":{span}"));
            line(
                &mut text,
                &format!("{file}{at}: error: {}", problem.message),
            );
        }
        for found in &self.findings {
            let Place { pointer, span } = &found.place;
            let at = if pointer.is_empty() { "" } else { " " };
            let fix = found
                .fix
                .as_ref()
                .map_or_else(String::new, |fix| format!(" Fix: {fix}."));
            line(
                &mut text,
                &format!(
                    "{file}:{}: {} {}{at}{pointer}: {}{fix}",
                    span, found.severity, found.rule, found.message
                ),
            );
        }
        text
    }
}

impl Report {
    fn outcome(&self) -> Outcome {
        match (self.unreadable, self.errors) {
            (0, 0) => Outcome::Fine,
            (0, _) => Outcome::Errors,
            _ => Outcome::Unreadable,
        }
    }

    fn summary(&self) -> String {
        let count = |n, thing| format!("{n} {thing}{}", if n == 1 { "" } else { "s" });
        let mut summary = format!(
            "{}: {}, {}",
            count(self.files.len(), "file"),
            count(self.errors, "error"),
            count(self.warnings, "warning")
        );
        if self.unreadable > 0 {
            let _ = write!(summary, ", {} unreadable", self.unreadable);
        }
        summary + "."
    }
}

fn line(text: &mut String, line: &str) {
    text.push_str(&visible(line));
    text.push('\n');
}

/// Text for a terminal: what would steer it, or turn the direction of what follows, is written as an escape.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        let steers = letter.is_control()
            || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if steers {
            let _ = write!(shown, "{}", letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    shown
}
