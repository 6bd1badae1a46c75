//! What the page says about the request as code.

use dsw_form::past::End;
use dsw_snippets::Target;
use dsw_snippets::highlight::Language;
use dsw_words::{fill, number, tr};

/// How a target differs from the other of its tab.
pub(crate) fn form(target: Target) -> &'static str {
    match target {
        Target::Aliyun => tr("Plain call"),
        Target::AliyunPlugin => tr("Flags of the plugin"),
        _ if target.typed() == Some(true) => tr("Models of the SDK"),
        _ => tr("Body as JSON"),
    }
}

/// What runs the code, and how to install that.
pub(crate) fn made_for(target: Target) -> String {
    let package = target.package();
    match target.language() {
        // It has no room for more.
        Language::Json => fill("Made for {}.", &[package]),
        _ => fill(
            "Made for {}. The first lines say what to install.",
            &[package],
        ),
    }
}

/// There is nothing to be sent yet.
pub(crate) fn nothing_set() -> &'static str {
    tr("Nothing is set yet. Fill in the form, or paste a request: it is written here as you go.")
}

/// No region is known.
pub(crate) fn no_region(region: &str) -> String {
    fill(
        "No region is chosen: {} stands in the code. Put yours in its place.",
        &[region],
    )
}

/// No gateway is known.
pub(crate) fn no_gateway() -> &'static str {
    tr("No gateway is known here: this calls one on your own machine, as dsw-composer starts it.")
}

/// Members that a note does not name, because there are too many.
pub(crate) fn more(n: usize) -> String {
    fill("and {} more", &[&number(n)])
}

/// That the code was copied or downloaded, with so many errors. `what` is the language, or the name of the file.
pub(crate) fn taken(end: End, what: &str, errors: usize) -> String {
    fill(
        match (end, errors) {
            (End::Downloaded, 0) => "Downloaded {}.",
            (End::Downloaded, 1) => "Downloaded {} with {} error.",
            (End::Downloaded, _) => "Downloaded {} with {} errors.",
            (_, 0) => "Copied as {}.",
            (_, 1) => "Copied as {} with {} error.",
            (_, _) => "Copied as {} with {} errors.",
        },
        &[what, &number(errors)],
    )
}
