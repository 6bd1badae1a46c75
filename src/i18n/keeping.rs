//! What is said of the draft that is kept, of the requests of the past, and of the page without a network.

use dsw_form::kept::Begun;
use dsw_form::past::{End, Entry};
use dsw_words::{fill, several, tr};

use crate::draft_store::{Notice, Status, Why};
use crate::time::moment;
use crate::{past, start};

/// How the draft is kept.
pub(crate) fn status(status: &Status) -> String {
    match status {
        Status::Nothing => String::new(),
        Status::Saved { time, left_out: 0 } => fill("Saved {}", &[&moment(time)]),
        Status::Saved { time, left_out: 1 } => fill("Saved {}, without 1 secret", &[&moment(time)]),
        Status::Saved { time, left_out } => fill(
            "Saved {}, without {} secrets",
            &[&moment(time), &left_out.to_string()],
        ),
        Status::Failed(why) => match why {
            Why::Full => tr("Not saved: the browser's storage is full."),
            Why::Blocked => tr("Not saved: this browser keeps nothing."),
            Why::Newer => tr("Not saved: a newer version's draft is kept here."),
            Why::Elsewhere => tr("Not saved: another tab has a newer draft."),
            Why::Cleared => tr("Not saved: cleared in another tab."),
        }
        .to_owned(),
    }
}

/// A draft was found and is shown.
pub(crate) fn restored(time: &str, left_out: &str) -> String {
    if left_out.is_empty() {
        fill("Draft restored from {}.", &[time])
    } else {
        fill(
            "Draft restored from {}. Secrets were not kept. Enter again: {}.",
            &[time, left_out],
        )
    }
}

/// What there is to say about a draft that was found.
pub(crate) fn notice(notice: &Notice) -> String {
    match notice {
        Notice::Restored { saved, left_out } => restored(&moment(saved), left_out),
        Notice::Stopped(_) => tr(
            "The page stopped on your last visit, so the form starts empty. Your next change replaces the draft; the history keeps it.",
        )
        .to_owned(),
        Notice::Late(_) => tr("This browser keeps a draft of your last visit.").to_owned(),
        Notice::Elsewhere(_) => tr(
            "The draft was changed in another tab. Nothing is saved here until you choose which one to keep.",
        )
        .to_owned(),
        Notice::Newer(_) => tr(
            "A newer version of this page has kept a draft here. It is left as it is, and what you enter is not saved.",
        )
        .to_owned(),
        Notice::Unreadable(_) => tr(
            "The draft kept in this browser cannot be read, so the form starts empty. It was set aside.",
        )
        .to_owned(),
    }
}

/// How it ended with a request, and the tone of that.
pub(crate) fn end(end: End) -> (&'static str, &'static str) {
    match end {
        End::Replaced => ("", tr("Replaced")),
        End::Copied => ("", tr("Copied")),
        End::Downloaded => ("", tr("Downloaded")),
        End::Sent => ("warning", tr("Sent, no answer yet")),
        End::Created => ("ok", tr("Created")),
        End::Refused => ("error", tr("Refused")),
        End::Unknown => ("warning", tr("Outcome unknown")),
        End::NotSent => ("", tr("Not sent")),
    }
}

/// A request of the past is in the form.
pub(crate) fn taken_back(time: &str, left_out: &str) -> String {
    if left_out.is_empty() {
        fill("Request of {} restored.", &[time])
    } else {
        fill(
            "Request of {} restored. Secrets were not kept. Enter again: {}.",
            &[time, left_out],
        )
    }
}

/// Requests were deleted from the history.
pub(crate) fn deleted(count: usize) -> String {
    several(count, "{} request deleted.", "{} requests deleted.")
}

/// Differences that are not listed, because there are too many.
pub(crate) fn more(hidden: usize) -> String {
    several(hidden, "{} more difference.", "{} more differences.")
}

/// What a request is called.
pub(crate) fn named(name: &str) -> String {
    if name.is_empty() {
        tr("(no name)").to_owned()
    } else {
        name.to_owned()
    }
}

/// Where a request was sent to.
pub(crate) fn mode(mode: &str) -> &'static str {
    if mode == "live" {
        tr("Live")
    } else {
        tr("Sandbox")
    }
}

/// What a form began with.
pub(crate) fn begun(begun: &Begun) -> String {
    match begun {
        Begun::Import => tr("Imported request").to_owned(),
        Begun::Preset(id) => fill("Preset: {}", &[start::title(id)]),
        Begun::Own(name) => fill("Preset: {}", &[name]),
        Begun::Link => tr("Request of a link").to_owned(),
        Begun::Past(at) => fill("Request of {}", &[&past::minute(at)]),
        Begun::Instance(name) => fill("Settings of {}", &[name]),
    }
}

/// A request of the past, to be compared with.
pub(crate) fn entry(entry: &Entry) -> String {
    let (name, time) = (named(&entry.name()), past::time(entry));
    if entry.key.is_empty() {
        fill("{}, {}", &[&name, &[&time, " ", end(entry.end).1].concat()])
    } else {
        fill("{}, sent {}", &[&name, &time])
    }
}

/// Differences were taken back.
pub(crate) fn reverted(count: usize) -> String {
    several(count, "{} change reverted.", "{} changes reverted.")
}

/// How much is in a JSON Patch.
pub(crate) fn operations(count: usize) -> String {
    several(count, "{} operation.", "{} operations.")
}
