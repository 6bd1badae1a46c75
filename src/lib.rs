//! The page of DSW Composer: a form over a draft, made with Leptos.
//!
//! Logic lives in `dsw-form` and `dsw-model`; this crate shows it. A control sends edits to [`state::FormState`] and
//! reads its own slice of what comes back.

pub mod address;
pub mod answers;
pub mod app;
pub mod carry;
pub mod commands;
pub mod control;
pub mod crash;
mod deflate;
mod differences;
pub mod dom;
pub mod draft_store;
mod edit_json;
pub mod exchange;
pub mod field;
pub mod follow;
pub mod gateway;
pub mod guide;
pub mod guided;
pub mod help;
pub mod i18n;
mod js;
pub mod language;
pub mod later;
pub mod links;
mod modal;
pub mod mode;
pub mod more;
pub mod narration;
mod offline;
mod opened;
pub mod outcome;
pub mod output;
pub mod palette;
mod part;
pub mod past;
pub mod picker;
pub mod preview;
pub mod rail;
pub mod refused;
pub mod sections;
pub mod sending;
mod share;
pub mod start;
pub mod state;
mod storage;
pub mod submit;
pub mod summary;
mod team;
pub mod texts;
pub mod theme;
pub mod time;
pub mod toast;
pub mod transfer;
pub mod why;
