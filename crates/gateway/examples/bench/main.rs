//! What `cargo xtask bench gateway` measures with: a stand-in for the service, and clients that wrk is not.
//!
//! ```text
//! bench stub PORT                                    answers every read and create at once, signed or not
//! bench pace URL RATE SECONDS [TOKEN]                requests at fixed times: the answer times
//! bench create URL BODY CLIENTS SECONDS [TOKEN]      creates with fresh keys, as many as go
//! bench hold URL CONNECTIONS                         opens connections, says so, and holds them until input ends
//! bench slow URL CLIENTS RATE SECONDS                like pace, beside clients that send a byte a second
//! ```
//!
//! Figures are printed one on a line: name, tab, value. Times are in microseconds.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use client::Target;

mod client;
mod load;
mod stub;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    let seconds =
        |text: &str| Ok::<_, Box<dyn Error + Send + Sync>>(Duration::from_secs(text.parse()?));
    match *words {
        ["stub", port] => stub::serve(port.parse()?),
        ["pace", url, rate, time, ref token @ ..] => load::pace(
            &Target::new(url, token.first().copied())?,
            rate.parse()?,
            seconds(time)?,
        ),
        ["create", url, body, clients, time, ref token @ ..] => load::create(
            &Target::new(url, token.first().copied())?,
            Path::new(body),
            clients.parse()?,
            seconds(time)?,
        ),
        ["hold", url, connections] => load::hold(&Target::new(url, None)?, connections.parse()?),
        ["slow", url, clients, rate, time] => load::slow(
            &Target::new(url, None)?,
            clients.parse()?,
            rate.parse()?,
            seconds(time)?,
        ),
        _ => {
            Err("which of stub, pace, create, hold and slow, and with what? See its source.".into())
        }
    }
}

/// Prints a figure.
fn figure(name: &str, value: impl std::fmt::Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{name}\t{value}")?;
    out.flush()
}
