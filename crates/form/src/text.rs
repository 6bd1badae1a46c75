//! Texts that hold more than one thing: how a control takes them apart and puts them together again.
//!
//! Everywhere the text is what is edited and sent. What cannot be taken apart is shown whole, and nothing of it is
//! ever changed but by the person who writes it.

pub mod env_file;
pub mod indent;
pub mod items;
pub mod line_ends;
pub mod lines;
pub mod pairs;
pub mod public_key;
pub mod quantity;
