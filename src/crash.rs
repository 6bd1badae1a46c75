//! What the page says when the program has stopped, which it never should.
//!
//! A panic ends the application wherever it stands, so nothing here asks it for anything: what is shown comes from
//! `index.html`, what is offered from the page itself and the browser's storage.

use leptos::prelude::document;

use crate::dom::by_id;
use crate::draft_store;
use crate::transfer::object_url;

/// Says that the program has stopped and offers what was last shown of the request, or was kept of it.
///
/// What the browser refuses here is left undone: nobody is left to be told.
pub fn show() {
    draft_store::remember_crash();
    // Neither a page that never came nor one that stands still is what one is looking at.
    if let Some(loading) = by_id("loading") {
        loading.element().set_attribute("hidden", "").ok();
    }
    let shown = document().query_selector("[data-testid=json-preview]");
    let shown = shown.ok().flatten().and_then(|code| code.text_content());
    let shown = shown.filter(|text| text.len() > 2);
    // Before the form has come, there is only what was kept, and that is no request.
    let name = match shown {
        Some(_) => "create-instance.json",
        None => "dsw-composer-draft.json",
    };
    if let (Some(text), Some(link)) = (shown.or_else(draft_store::stored), by_id("crashed-draft"))
        && let Ok(url) = object_url(&text)
    {
        link.element().set_attribute("download", name).ok();
        link.element().set_attribute("href", &url).ok();
        link.element().remove_attribute("hidden").ok();
    }
    if let Some(notice) = by_id("crashed") {
        notice.element().remove_attribute("hidden").ok();
    }
}
