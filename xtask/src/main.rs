//! `cargo xtask`: fetches what is missing, builds, serves and tests the page and the program.
//!
//! Everything heavy is done by other programs (cargo, Trunk, Node, Chromium); what is here finds
//! or installs them, runs them in the right order and says in plain words what is going on.

use std::process::ExitCode;

mod bench;
mod browser;
mod checks;
mod clean;
mod cli;
mod failure;
mod fetch;
mod fingerprint;
mod fuzz;
mod http;
mod page;
mod process;
mod program;
mod project;
mod report;
mod serve;
mod server;
mod site;
mod snippets;
mod split;
mod supply;
mod terminal;
mod test;
mod tools;
mod totals;

use crate::cli::Command;
use crate::failure::Result;
use crate::program::Profile;
use crate::project::Project;

fn main() -> ExitCode {
    let command = match cli::parse(std::env::args_os().skip(1)) {
        Ok(command) => command,
        Err(mistake) => {
            terminal::complain(&mistake);
            return ExitCode::from(2);
        }
    };
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal::complain(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let project = Project::find();
    match command {
        Command::Help => {
            terminal::say(cli::HELP);
            Ok(())
        }
        Command::Serve { open, port, extra } => serve::run(&project, open, port, &extra),
        Command::Build => {
            let report = page::build(&project)?;
            terminal::say(&report.table());
            Ok(())
        }
        Command::Program => {
            page::build(&project)?;
            let program = program::build(&project, Profile::Server)?;
            terminal::say(&format!("The program is {}", program.display()));
            Ok(())
        }
        Command::Test { only } => test::run(&project, only),
        Command::Fuzz { seconds } => fuzz::run(&project, seconds),
        Command::Fmt => checks::format(&project),
        Command::Lint => checks::run(&project),
        Command::Bench { peers, extra } => bench::run(&project, peers.as_deref(), &extra),
        Command::BenchGateway(amount) => bench::gateway::run(&project, amount),
        Command::BenchLighthouse { runs } => bench::lighthouse::run(&project, runs),
        Command::Clean { tools } => clean::run(&project, tools),
    }
}
