//! A create happens at most once, and what is told of it is true (G01, G02 and the rules of create).

#[path = "../support/mod.rs"]
mod support;

mod client;
mod once;
mod service;
