//! The sandbox as an upstream: what it lists, what it refuses, how instances go, which faults it plays.
#![allow(clippy::unwrap_used, reason = "a test that cannot begin fails")]

mod bench;
mod creation;
mod faults;
mod instances;
mod keeping;
mod lists;
mod random;
