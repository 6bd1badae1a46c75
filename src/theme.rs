//! The theme: light, dark, or that of the system.
//!
//! `assets/before.js` puts the theme that was chosen last on the root element before the page is painted.

use leptos::prelude::*;

use crate::dom::El;
use crate::storage::THEME;

/// That of the system.
pub const SYSTEM: &str = "system";

fn root() -> El {
    let root = document().document_element();
    El::existing(root.expect("a page has a root element"))
}

/// The theme that is shown: `light`, `dark` or [`SYSTEM`].
pub fn shown() -> String {
    let theme = root().element().get_attribute("data-theme");
    theme.unwrap_or_else(|| SYSTEM.to_owned())
}

/// Shows a theme and keeps it for the next visit.
pub fn choose(theme: &str) {
    root().set("data-theme", Some(theme));
    // It may have been chosen elsewhere than in the bar.
    let radio = ["[name=theme][value=", theme, "]"].concat();
    if let Ok(Some(radio)) = document().query_selector(&radio) {
        El::existing(radio).set_checked(true);
    }
    if let Ok(Some(storage)) = window().local_storage() {
        // A browser that keeps nothing loses the choice with the page, and nothing else.
        drop(storage.set_item(THEME, theme));
    }
}
