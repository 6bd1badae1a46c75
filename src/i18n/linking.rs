//! What is said of links.

use dsw_form::link::{LinkError, MAX_ADDRESS};
use dsw_form::refusal::visible;
use dsw_words::{comma, fill, number, several, tr};

use crate::i18n::excerpt;
use crate::language::gap;

/// Nothing is in the form that a link could hold; `secrets` tells whether secrets are.
pub(crate) fn nothing(secrets: bool) -> &'static str {
    if secrets {
        tr("Only secrets are in the form, and no link holds any.")
    } else {
        tr("The form is empty, so there is no request to share.")
    }
}

/// The length of an address.
pub(crate) fn length(characters: usize) -> String {
    fill(
        "{} of at most {} characters",
        &[&number(characters), &number(MAX_ADDRESS)],
    )
}

/// A link that would be too long.
pub(crate) fn too_long() -> String {
    fill(
        "The link would be longer than {} characters, and many programs cut such links. Hand on a file instead: it holds the same, and can be opened where requests are imported.",
        &[&number(MAX_ADDRESS)],
    )
}

/// The link leads to one's own machine.
pub(crate) fn own_machine() -> &'static str {
    tr(
        "This page is at an address of your own machine, so the link opens here only. Others put what begins with # behind the address of theirs.",
    )
}

/// A link was copied, without these.
pub(crate) fn copied(left_out: &[String]) -> String {
    match left_out.len() {
        0 => tr("Link copied.").to_owned(),
        n => several(
            n,
            "Link copied, without {} secret.",
            "Link copied, without {} secrets.",
        ),
    }
}

/// The clipboard is not to be had.
pub(crate) fn not_copied() -> &'static str {
    tr("The browser does not allow copying. The link is selected: press Ctrl+C.")
}

/// The same for the link to a field.
pub(crate) fn field_not_copied(address: &str) -> String {
    fill(
        "The browser does not allow copying. The link is: {}",
        &[address],
    )
}

/// The link to a field was copied.
pub(crate) fn copied_field(name: &str) -> String {
    fill("Link to {} copied.", &[&visible(name)])
}

/// No field has this name.
pub(crate) fn nowhere(name: &str) -> String {
    fill("No field is called \"{}\".", &[&excerpt(&visible(name))])
}

/// The row that a link leads to is not there.
pub(crate) fn no_row(name: &str, list: &str) -> String {
    fill(
        "{} is not in the form. This is {}.",
        &[&excerpt(&visible(name)), list],
    )
}

/// The field that a link leads to is not shown.
pub(crate) fn not_offered(place: &str) -> String {
    fill("{} is not offered with what is chosen now.", &[place])
}

/// Why a link with a request was not opened, and what to do.
pub(crate) fn unread(error: LinkError) -> &'static str {
    match error {
        LinkError::Newer => tr(
            "A newer version of this page has made the link. Load this page again to get that version, then open the link once more.",
        ),
        LinkError::Damaged => tr(
            "Part of the link is missing, or was changed on its way. Copy it again, as a whole, or ask for the request as a file.",
        ),
        LinkError::TooLong => tr(
            "The link holds more than 1 MiB, which no request needs. Ask for the request as a file.",
        ),
    }
}

/// The browser cannot take the link apart.
pub(crate) fn unable() -> &'static str {
    tr("This browser cannot open compressed links. Update it, or ask for the request as a file.")
}

/// What was taken in, with what the link does not hold.
pub(crate) fn taken(report: String, left_out: &[String]) -> String {
    if left_out.is_empty() {
        return report;
    }
    let names: Vec<_> = left_out.iter().map(|name| visible(name)).collect();
    let missing = fill("Secrets to enter: {}.", &[&excerpt(&names.join(comma()))]);
    [&*report, gap(), &missing].concat()
}

/// How many values a link changes.
pub(crate) fn changes(n: usize) -> String {
    several(
        n,
        "It changes {} value of your draft:",
        "It changes {} values of your draft:",
    )
}

/// How many values a link fills in.
pub(crate) fn fills_in(n: usize) -> String {
    several(n, "It sets {} value", "It sets {} values")
}

/// The choice of the region that a link is for.
pub(crate) fn region(wanted: &str, now: &str) -> String {
    fill("Choose the region {} too; now it is {}", &[wanted, now])
}
