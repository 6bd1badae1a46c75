//! The `dsw-composer` program.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use dsw_gateway::check;
use dsw_gateway::cli::{self, Command, Serve, Source};
use dsw_gateway::config::{Config, ConfigError};
use dsw_gateway::world::World;

/// The environment of this process.
struct Environment;

impl Source for Environment {
    fn var(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    fn names(&self) -> Vec<String> {
        let names = std::env::vars_os().map(|(name, _)| name.into_string());
        names.filter_map(Result::ok).collect()
    }
}

fn main() -> ExitCode {
    let command =
        cli::parse(std::env::args_os(), &Environment).unwrap_or_else(|error| error.exit());
    let done = match command {
        Command::Serve(options) => return serve(*options),
        Command::Check(options) => {
            check::run(&options, &mut io::stdin().lock(), &mut io::stdout().lock()).map(Into::into)
        }
        Command::Schema => schema(),
        Command::Completions { shell } => {
            let script = cli::completions(shell);
            io::stdout().write_all(&script).map(|()| ExitCode::SUCCESS)
        }
    };
    match done {
        Ok(code) => code,
        // Whoever was to read it has gone, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(2),
        Err(error) => {
            let _ = writeln!(io::stderr(), "dsw-composer: standard output: {error}");
            ExitCode::from(2)
        }
    }
}

/// Serves until a signal ends it.
fn serve(options: Serve) -> ExitCode {
    let world = World::new(jiff::Timestamp::now, || {
        let mut bits = [0; 16];
        getrandom::fill(&mut bits).expect("the system has randomness");
        bits
    });
    let usage = |error: ConfigError| -> ! { cli::mistake(&error.to_string()).exit() };
    let config = Config::new(options, &Environment).unwrap_or_else(|error| usage(error));
    let _token = config.token(&world).unwrap_or_else(|error| usage(error));
    ExitCode::SUCCESS
}

fn schema() -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &dsw_model::schema::schema())?;
    writeln!(out)?;
    Ok(ExitCode::SUCCESS)
}
