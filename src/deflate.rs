//! Compressing by the browser, in both directions (RFC 1950). What a link holds may have been made to grow without end,
//! so what is taken apart is taken piece by piece.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;

use crate::js;

/// Why bytes did not come through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// The browser cannot do it.
    Unable,
    /// They are not compressed, or not whole.
    Damaged,
    /// They have become more than were wanted.
    TooLong,
}

/// The bytes, compressed; nothing where the browser cannot.
pub(crate) async fn compressed(bytes: &[u8]) -> Option<Vec<u8>> {
    through("CompressionStream", bytes, usize::MAX).await.ok()
}

/// The bytes that were compressed, if they are no more than `most`.
pub(crate) async fn decompressed(bytes: &[u8], most: usize) -> Result<Vec<u8>, Stopped> {
    through("DecompressionStream", bytes, most).await
}

/// Passes bytes through a stream of the browser that has this name.
async fn through(name: &str, bytes: &[u8], most: usize) -> Result<Vec<u8>, Stopped> {
    let reader = reader(name, bytes).ok_or(Stopped::Unable)?;
    let mut all = Vec::new();
    loop {
        let read = js::ask(&reader, "read", &JsValue::UNDEFINED).await;
        let read = read.ok_or(Stopped::Damaged)?;
        if js::member(&read, "done").is_truthy() {
            return Ok(all);
        }
        all.extend(Uint8Array::new(&js::member(&read, "value")).to_vec());
        if all.len() > most {
            // What is left of it is not wanted, whatever the browser says to that.
            js::call(&reader, "cancel", &JsValue::UNDEFINED);
            return Err(Stopped::TooLong);
        }
    }
}

/// What reads bytes that have come through a stream of this name; nothing where the browser does not know it.
fn reader(name: &str, bytes: &[u8]) -> Option<JsValue> {
    let stream = js::make(name, &"deflate".into())?;
    let blob = js::make("Blob", &Array::of1(&Uint8Array::from(bytes)))?;
    let readable = js::call(&blob, "stream", &JsValue::UNDEFINED)?;
    let readable = js::call(&readable, "pipeThrough", &stream)?;
    js::call(&readable, "getReader", &JsValue::UNDEFINED)
}
