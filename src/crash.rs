//! What the page says when the program has stopped, which it never should.
//!
//! A panic ends the application wherever it stands, so nothing here waits for it or asks it for more than lies
//! ready: what is shown comes from `index.html`, what is offered from the last body or the browser's storage.

use std::cell::RefCell;

use crate::dom::by_id;
use crate::draft_store;
use crate::transfer::object_url;

/// Reads the body as it was last printed, secrets and all; nothing if it cannot be read now.
type Read = Box<dyn Fn() -> Option<String>>;

thread_local! {
    /// How the body is read. The preview is no place to read it from: it hides secrets.
    static BODY: RefCell<Option<Read>> = const { RefCell::new(None) };
}

/// Offers the body that is read so, should the program stop.
pub(crate) fn offer(read: Read) {
    BODY.set(Some(read));
}

/// Says that the program has stopped and offers what was last printed of the request, or was kept of it.
///
/// What the browser refuses here is left undone: nobody is left to be told.
pub fn show() {
    draft_store::remember_crash();
    // Neither a page that never came nor one that stands still is what one is looking at.
    if let Some(loading) = by_id("loading") {
        loading.element().set_attribute("hidden", "").ok();
    }
    let body = BODY.with(|body| body.try_borrow().ok()?.as_ref()?());
    let body = body.filter(|text| text.len() > 2);
    // Before the form has come, there is only what was kept, and that is no request. It has no secrets in it.
    let (name, note) = match body {
        Some(_) => ("create-instance.json", None),
        None => ("dsw-composer-draft.json", by_id("crashed-note")),
    };
    if let (Some(text), Some(link)) = (body.or_else(draft_store::stored), by_id("crashed-draft"))
        && let Ok(url) = object_url(&text)
    {
        link.element().set_attribute("download", name).ok();
        link.element().set_attribute("href", &url).ok();
        for shown in [Some(link), note].into_iter().flatten() {
            shown.element().remove_attribute("hidden").ok();
        }
    }
    if let Some(notice) = by_id("crashed") {
        notice.element().remove_attribute("hidden").ok();
    }
}
