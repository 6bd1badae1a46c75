//! A create happens at most once, and what is told of it is true (G01, G02 and the rules of create).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../support/mod.rs"]
mod support;

mod client;
mod once;
mod outcomes;
mod restart;
mod service;
mod simulation;
mod together;
