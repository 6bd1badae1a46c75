//! Views of their own, which most visits open late or never: a part of the program (`part.rs`) that is fetched
//! when one of them is first wanted.

use dsw_form::refusal::Refusal;

use crate::dom::El;
use crate::part::part;
use crate::picker::{self, Picker};
use crate::sending::{Sending, View};
use crate::state::FormState;
use crate::{help, refused, submit};

/// The ways into it.
#[derive(Debug)]
pub(crate) struct More {
    /// The review, and what became of a request that was sent.
    pub(crate) review: fn(Sending, View) -> Vec<El>,
    /// What is inside of an open picker.
    pub(crate) picker: fn(&Picker) -> Vec<El>,
    /// Opens the help: terms, keys.
    pub(crate) help: fn(FormState),
    /// What is told of a refusal, above the form.
    pub(crate) refused: fn(FormState, &Refusal) -> Vec<El>,
}

static TABLE: More = More {
    review: submit::content,
    picker: picker::panel,
    help: help::open,
    refused: refused::inside,
};

part!(MORE = more: More);
