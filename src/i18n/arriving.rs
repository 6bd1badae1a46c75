//! What is said of an import: what it was, what became of it, what is wrong with it.

use dsw_form::import::ImportError;
use dsw_form::import::anything::{Document, ReadError, Repair, RepairKind, Source, Why};
use dsw_form::json::JsonError;
use dsw_form::refusal::visible;
use dsw_words::{english, fill, number, several, tr};

use crate::language::gap;

/// What a request was found in.
pub(crate) fn source(source: Source) -> &'static str {
    match source {
        Source::Body => tr("a JSON body"),
        Source::Wrapped => tr("JSON with the body inside"),
        Source::Printout => tr("an object as an SDK prints it"),
        Source::Curl => tr("a curl command"),
        Source::Aliyun => tr("an aliyun command"),
        Source::AliyunPlugin => tr("an aliyun command with flags"),
        Source::Python => tr("a Python program"),
        Source::TypeScript => tr("a TypeScript program"),
        Source::Go => tr("a Go program"),
        Source::Java => tr("a Java program"),
        Source::Ros => tr("a ROS template"),
        Source::Terraform => tr("a Terraform configuration"),
        Source::GetInstance => tr("a reply of GetInstance"),
        Source::ListInstances => tr("a reply of ListInstances"),
    }
}

/// A number of values.
pub(crate) fn values(n: usize) -> String {
    several(n, "{} value", "{} values")
}

/// What an import brought, in short. `region` is that of the page.
pub(crate) fn in_short(document: &Document, region: &str) -> String {
    let mut said = super::report(&document.import.report);
    let mut add = |text: &str| {
        said.push_str(gap());
        said.push_str(text);
    };
    match document.source {
        Source::Body => {}
        other => add(&fill("Read from {}.", &[source(other)])),
    }
    let (repaired, mapped) = (document.repaired.len(), document.mapped.len());
    let (ignored, absent) = (document.ignored.len(), document.absent.len());
    if repaired > 0 {
        add(&several(
            repaired,
            "{} place repaired.",
            "{} places repaired.",
        ));
    }
    if mapped > 0 {
        add(&several(mapped, "{} name changed.", "{} names changed."));
    }
    if ignored > 0 {
        add(&fill("{} left out.", &[&number(ignored)]));
    }
    if absent > 0 {
        add(&several(
            absent,
            "{} secret to be entered again.",
            "{} secrets to be entered again.",
        ));
    }
    if let Some(named) = document.region.as_deref().filter(|named| *named != region) {
        add(&fill("It names the region {}.", &[&visible(named)]));
    }
    said
}

/// What was mended, and where.
pub(crate) fn repair(repair: Repair) -> String {
    let what = match repair.kind {
        RepairKind::Fence => tr("the fence around it was taken off"),
        RepairKind::Comment => tr("a comment was left out"),
        RepairKind::TrailingComma => tr("a comma with nothing behind it was left out"),
        RepairKind::MissingComma => tr("a missing comma was put in"),
        RepairKind::SingleQuotes => tr("single quotes were taken for double ones"),
        RepairKind::CurlyQuotes => tr("typographic quotes were taken for straight ones"),
        RepairKind::NameWithoutQuotes => tr("a name got its quotes"),
        RepairKind::Word => tr("a word of another language was taken for that of JSON"),
        RepairKind::RawCharacter => tr("a control character in a text was kept as it is"),
        RepairKind::Escape => tr("a backslash that JSON does not have was read"),
        RepairKind::Space => tr("a space that JSON does not know was left out"),
        RepairKind::Stray => tr("a sign behind the end was left out"),
    };
    fill(
        "Line {}, column {}: {}.",
        &[&repair.line.to_string(), &repair.column.to_string(), what],
    )
}

/// Why something is no part of the request.
pub(crate) fn why(why: Why) -> &'static str {
    match why {
        Why::Reported => tr("the service reports it of an instance; no request has it"),
        Why::Beside => tr("stands beside the body"),
        Why::Flag => tr("a flag of the command, not of the request"),
        Why::Twice => tr("stands there under another name already"),
        Why::Implied => tr("follows from what was kept"),
    }
}

/// Why nothing was taken in, and what to do.
pub(crate) fn error(error: &ReadError) -> String {
    match error {
        ReadError::Import(error) => import_error(error),
        ReadError::Body(problem) => place(
            english("The body in the command is not JSON. Line {} of the body, column {}: {}."),
            problem,
        ),
        ReadError::File { name } => fill(
            "The command reads the body from the file {}, which this page cannot see. Open that file here, or paste its text.",
            &[&visible(name)],
        ),
        ReadError::StandardInput => tr(
            "The command reads the body from its standard input (@-). Paste the JSON that goes there.",
        )
        .to_owned(),
        ReadError::NoRequest(found) => fill(
            "This is {}, but there is no request in it. Paste what holds the body of CreateInstance.",
            &[source(*found)],
        ),
        ReadError::TooMany => {
            tr("There are more than 200 requests in it. Paste fewer at a time.").to_owned()
        }
        ReadError::Unknown => tr(
            "This is neither JSON nor a command, program or reply that is known here. Paste the body, or a whole command.",
        )
        .to_owned(),
    }
}

/// Why a text is no JSON request, and what to do.
pub(crate) fn import_error(error: &ImportError) -> String {
    match error {
        ImportError::Json(problem) => place(
            english("Line {}, column {}: {}. Nothing was changed."),
            problem,
        ),
        ImportError::NotAnObject { found } => fill(
            "A request is an object in braces, and this is {}. Nothing was changed.",
            &[tr(found)],
        ),
        ImportError::TooLong { bytes } => fill(
            "The text has {} bytes; the limit is 1 MiB. Take out what does not belong to the request.",
            &[&number(*bytes)],
        ),
        ImportError::NotUtf8 { line, column } => fill(
            "The file is not UTF-8 text: see line {}, column {}. Save it as UTF-8 and open it again.",
            &[&line.to_string(), &column.to_string()],
        ),
    }
}

/// Words with the place of a problem and what it is.
fn place(words: &'static str, problem: &JsonError) -> String {
    fill(
        words,
        &[
            &problem.line.to_string(),
            &problem.column.to_string(),
            &dsw_words::problem(&problem.problem.to_string()),
        ],
    )
}

/// Instances that are shown, of so many.
pub(crate) fn instances(shown: usize, all: usize) -> String {
    fill(
        "{} of {} instances. Enter takes one.",
        &[&number(shown), &number(all)],
    )
}

/// How many requests a text holds.
pub(crate) fn found(count: usize) -> String {
    fill("{} requests were found in it.", &[&number(count)])
}

/// Requests that are shown, of so many.
pub(crate) fn requests(shown: usize, all: usize) -> String {
    fill(
        "{} of {} requests. Enter takes one.",
        &[&number(shown), &number(all)],
    )
}

/// Lines that are not shown.
pub(crate) fn more(hidden: usize) -> String {
    fill("and {} more", &[&number(hidden)])
}
