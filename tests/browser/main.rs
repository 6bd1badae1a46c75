//! Component tests: the page in a real browser, its parts worked one at a time.
//!
//! `cargo xtask test --only browser` runs them.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test_configure;

mod alternatives;
mod controls;
mod findings;
mod form;
mod keystroke;
mod known;
mod languages;
mod lists;
mod page;
mod pickers;
mod preview;
mod texts;

wasm_bindgen_test_configure!(run_in_browser);
