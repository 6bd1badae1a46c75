//! The gateway of DSW Composer: serves the page, judges requests with the page's own model, signs them and
//! forwards them to the service, or to a sandbox that emulates it.
//!
//! What it promises, and by which test each promise is kept, stands in `docs/security.md`.
//!
//! [`app::router`] makes the whole service as a value from an [`app::App`]; tests call it without a socket.
//! Nothing below the program's entry point reads the clock, the environment or randomness: they
//! come as a [`world::World`] and a configuration.

pub mod app;
pub mod assets;
pub mod calls;
pub mod check;
pub mod cli;
pub mod config;
pub mod create;
pub mod credentials;
mod document;
pub mod error;
pub mod forward;
pub mod headers;
pub mod journal;
pub mod judge;
pub mod limits;
pub mod live;
pub mod log;
pub mod lookup;
pub mod metrics;
pub mod operation;
pub mod policy;
pub mod prices;
pub mod query;
pub mod region;
pub mod reply;
pub mod rules;
pub mod sandbox;
pub mod server;
pub mod settings;
pub mod sign;
pub mod snippet;
pub mod start;
pub mod submission;
pub mod team;
pub mod transport;
pub mod upstream;
pub mod world;
