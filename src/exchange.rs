//! What goes out and comes in beyond the plain body: code, links, differences, requests in other forms, the history. A
//! part of the program ([`Part`]) that is fetched when one of them is first wanted.

use std::cell::Cell;

use crate::dom::El;
use crate::part::Part;
use crate::past;

/// The ways into it.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// The requests in the open history.
    pub(crate) past: fn(past::View, &El) -> Vec<El>,
}

static TABLE: Exchange = Exchange { past: past::list };

thread_local! {
    static CAME: Cell<Option<&'static Exchange>> = const { Cell::new(WHOLE) };
}

/// That of a page that is one module.
const WHOLE: Option<&'static Exchange> = if cfg!(feature = "split") {
    None
} else {
    Some(&TABLE)
};

/// This part.
pub(crate) static EXCHANGE: Part<Exchange> = Part {
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
#[wasm_split_helpers::wasm_split(exchange, fallible)]
fn fetch() -> Result<&'static Exchange, wasm_split_helpers::SplitLoaderError> {
    Ok(&TABLE)
}

#[cfg(not(feature = "split"))]
async fn fetch() -> Result<&'static Exchange, std::convert::Infallible> {
    std::future::ready(Ok(&TABLE)).await
}
