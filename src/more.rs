//! Views of their own, which most visits open late or never: a part of the program ([`Part`]) that is fetched when one
//! of them is first wanted.

use std::cell::Cell;

use dsw_form::refusal::Refusal;

use crate::dom::El;
use crate::part::Part;
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

thread_local! {
    static CAME: Cell<Option<&'static More>> = const { Cell::new(WHOLE) };
}

/// That of a page that is one module.
const WHOLE: Option<&'static More> = if cfg!(feature = "split") {
    None
} else {
    Some(&TABLE)
};

/// This part.
pub(crate) static MORE: Part<More> = Part {
    came: &CAME,
    fetch: || {
        Box::pin(async {
            let came = fetch().await.ok();
            CAME.set(came);
            came.is_some()
        })
    },
};

/// The way to it. Only this function names the table: by it the tool that splits the page finds the border.
#[cfg(feature = "split")]
#[allow(
    clippy::unnecessary_wraps,
    reason = "that loading may fail is added by the macro"
)]
#[wasm_split_helpers::wasm_split(more, fallible)]
fn fetch() -> Result<&'static More, wasm_split_helpers::SplitLoaderError> {
    Ok(&TABLE)
}

#[cfg(not(feature = "split"))]
async fn fetch() -> Result<&'static More, std::convert::Infallible> {
    std::future::ready(Ok(&TABLE)).await
}
