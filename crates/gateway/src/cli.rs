//! The command line, and how variables of the environment stand in for its options.
//!
//! Every option can be given as a variable too: `--max-connections` as `DSW_COMPOSER_MAX_CONNECTIONS`. What
//! is given on the command line wins. Variables are put into the command line before it is read, so both are
//! judged by the same rules and a mistake in either is told in the same words.

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use tracing::level_filters::LevelFilter;

use dsw_snippets::Target;

use crate::config::{Authority, Origin};
use crate::region::Region;
use crate::sandbox::Fault;
use crate::transport::Endpoint;

use self::variables::{as_options, names, variable};

pub use self::variables::{PREFIX, Source, strangers};

#[cfg(test)]
mod tests;
mod variables;

/// The `dsw-composer` program.
#[derive(Debug, Parser)]
#[command(
    name = "dsw-composer",
    version,
    about = "Composes, checks and submits the CreateInstance request of Alibaba Cloud PAI-DSW",
    long_about = "Composes, checks and submits the CreateInstance request of Alibaba Cloud PAI-DSW.\n\n\
        Without a command it serves: a page for your browser, and the gateway behind it. Unless --live is given, \
        the gateway is a sandbox: a service that is only emulated, needs no account and costs nothing.",
    after_help = "Examples:\n  \
        dsw-composer                          the page with a sandbox, at http://127.0.0.1:8080\n  \
        dsw-composer --live                   the page with your account\n  \
        dsw-composer check request.json       what is wrong with a request\n  \
        dsw-composer snippet --target python request.json\n  \
        dsw-composer schema > request.schema.json\n  \
        dsw-composer rules --format json > rules.json\n\n\
        `dsw-composer help serve` explains the options of serving.",
    override_usage = "dsw-composer [COMMAND] [OPTIONS]",
    subcommand_required = true,
    max_term_width = 100
)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

/// What the program is to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Serves the page and the gateway behind it (what happens without a command)
    Serve(Box<Serve>),
    /// Checks requests by the rules of the page
    Check(Check),
    /// Writes a request as code: a command, a program, a template
    Snippet(Snippet),
    /// Prints the request as a JSON Schema (2020-12)
    #[command(after_help = "Example:\n  dsw-composer schema > request.schema.json")]
    Schema,
    /// Prints the rules by which requests are judged
    Rules(Rules),
    /// Prints the completions of a shell
    #[command(
        after_help = "Example:\n  dsw-composer completions bash > ~/.local/share/bash-completion/completions/dsw-composer"
    )]
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Options of `serve`.
#[derive(Clone, Debug, Args)]
#[command(
    long_about = "Serves the page and the gateway behind it.\n\n\
        The gateway is a sandbox unless --live is given: a service that is only emulated, needs no account and \
        costs nothing. With --live it signs requests with your credentials and forwards them to Alibaba Cloud. \
        The mode is fixed when the program starts and never changes.",
    after_help = "Each option can be given as a variable too: --max-connections as DSW_COMPOSER_MAX_CONNECTIONS. \
        Options on the command line win; several values in one variable are separated by spaces; \
        a switch is true or false.\n\n\
        Examples:\n  \
        dsw-composer serve --port 9000\n  \
        dsw-composer serve --fault hang=5@CreateInstance:1\n  \
        dsw-composer serve --live --region cn-beijing\n  \
        dsw-composer serve --live --listen 0.0.0.0:8080 --allow-authority composer.example:8080\n\n\
        Exit codes:\n  \
        0  stopped by SIGINT or SIGTERM, after what was under way had ended\n  \
        1  it can not start, or not go on: the address is in use, there are no credentials, …\n  \
        2  an option or a variable is wrong"
)]
pub struct Serve {
    /// Port of this machine alone; 0 takes any that is free
    #[arg(
        long,
        value_name = "PORT",
        default_value_t = 8080,
        conflicts_with = "listen",
        help_heading = "Network"
    )]
    pub port: u16,

    /// Listens here instead; may be repeated
    ///
    /// An address that other machines reach needs --allow-authority and a token besides.
    #[arg(long, value_name = "IP:PORT", help_heading = "Network")]
    pub listen: Vec<SocketAddr>,

    /// Another host that clients may use in their requests, as they write it; may be repeated
    ///
    /// Such as composer.example:8080, or composer.example where a proxy takes requests at the usual port.
    /// Requests meant for any other host are refused.
    #[arg(long, value_name = "HOST[:PORT]", help_heading = "Network")]
    pub allow_authority: Vec<Authority>,

    /// A page hosted elsewhere that may call the gateway; may be repeated
    #[arg(
        long,
        value_name = "ORIGIN",
        long_help = "A page hosted elsewhere that may call the gateway; may be repeated\n\n\
            Such as https://composer.example. It needs a token.",
        help_heading = "Network"
    )]
    pub allow_origin: Vec<Origin>,

    /// Most connections at a time
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 1024,
        value_parser = clap::value_parser!(u32).range(1..=1_000_000),
        help_heading = "Network"
    )]
    pub max_connections: u32,

    /// Asks for an access token, made at each start
    ///
    /// The address that is printed holds it. Always so with --live.
    #[arg(long, conflicts_with = "token_file", help_heading = "Access")]
    pub token: bool,

    /// Asks for the access token in this file: 43 to 256 letters, digits, - and _
    #[arg(long, value_name = "FILE", help_heading = "Access")]
    pub token_file: Option<PathBuf>,

    /// Signs with your credentials and forwards to Alibaba Cloud, where instances cost money
    ///
    /// Credentials are looked for as the vendor's own tools do: in variables, an OIDC role,
    /// ~/.aliyun/config.json, the credentials file, the role of the machine.
    #[arg(long, help_heading = "Live")]
    pub live: bool,

    /// Sends to this address instead of the region's own; http:// only on this machine
    #[arg(
        long,
        value_name = "URL",
        requires = "live",
        value_parser = Endpoint::parse,
        help_heading = "Live"
    )]
    pub endpoint: Option<Endpoint>,

    /// Keeps the journal of submissions in this file
    ///
    /// With --live it is $XDG_STATE_HOME/dsw-composer/journal.sqlite unless told otherwise. A sandbox keeps it
    /// in memory, or with --state in FILE.journal.
    #[arg(long, value_name = "FILE", help_heading = "Live")]
    pub journal: Option<PathBuf>,

    /// Keeps what the sandbox holds in this file, and begins with it
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "live",
        help_heading = "Sandbox"
    )]
    pub state: Option<PathBuf>,

    /// Plays a fault, written `NAME[=VALUE][@OPERATION][:COUNT]`; may be repeated
    ///
    /// So hang=5@CreateInstance:1 lets the next create hang for 5 seconds. A wrong one is answered with the list of
    /// names.
    #[arg(
        long,
        value_name = "FAULT",
        conflicts_with = "live",
        help_heading = "Sandbox"
    )]
    pub fault: Vec<Fault>,

    /// How many times faster than by itself an instance of the sandbox starts, which takes 25 seconds
    #[arg(
        long,
        value_name = "FACTOR",
        default_value_t = 1.0,
        value_parser = speed,
        conflicts_with = "live",
        help_heading = "Sandbox"
    )]
    pub sandbox_speed: f64,

    /// Region that the page begins with
    #[arg(
        long,
        value_name = "REGION",
        default_value = "cn-hangzhou",
        value_parser = region(),
        help_heading = "Page"
    )]
    pub region: Region,

    /// Language that the page begins with, such as en; without it the browser's
    #[arg(long, value_name = "LANGUAGE", value_parser = language, help_heading = "Page")]
    pub language: Option<String>,

    /// Serves the page in this folder instead of the one in the program
    #[arg(long, value_name = "FOLDER", help_heading = "Page")]
    pub page: Option<PathBuf>,

    /// Holds creates against the team's policy in this file, and hands it to the page
    ///
    /// It says which regions, workspaces, machines and images the team uses, and more. A file that is not understood
    /// is refused.
    #[arg(long, value_name = "FILE", help_heading = "Page")]
    pub policy: Option<PathBuf>,

    /// How the log is written to standard error: by itself text on a terminal, JSON elsewhere
    #[arg(long, value_name = "FORMAT", help_heading = "Log")]
    pub log: Option<LogFormat>,

    /// What is logged: this and what is graver
    #[arg(
        long,
        value_name = "LEVEL",
        default_value = "info",
        value_parser = level(),
        help_heading = "Log"
    )]
    pub log_level: LevelFilter,
}

/// How a log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object in each line.
    Json,
}

/// Options of `check`.
#[derive(Clone, Debug, Args)]
#[command(
    long_about = "Checks requests by the rules of the page: what it calls an error or a warning is called so here, \
        in the same words. Nothing is sent anywhere.",
    after_help = "Examples:\n  \
        dsw-composer check request.json\n  \
        dsw-composer check --format sarif requests/*.json > findings.sarif\n  \
        dsw-composer check --policy policy.json --region cn-hangzhou request.json\n  \
        jq .request job.json | dsw-composer check -\n\n\
        Exit codes:\n  \
        0  no errors; there may be warnings\n  \
        1  at least one error\n  \
        2  a file can not be read or is not one JSON object, or an option is wrong"
)]
pub struct Check {
    /// Files that hold one request each; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// How findings are printed to standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,

    /// Region that the requests are for; some rules need to know it
    #[arg(long, value_name = "REGION", value_parser = region())]
    pub region: Option<Region>,

    /// Checks by the team's policy in this file too
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}

/// Options of `snippet`.
#[derive(Clone, Debug, Args)]
#[command(
    long_about = "Writes a request as code that sends it: a command, a program, a template. Secrets are not written: the \
        code reads them from variables. Nothing is sent.\n\n\
        The code goes to standard output; what it does not say as the request does, and which variables it reads, to \
        standard error.",
    after_help = "Examples:\n  \
        dsw-composer snippet --list\n  \
        dsw-composer snippet --target python request.json > create_instance.py\n  \
        dsw-composer snippet --target typescript --generic --region cn-beijing request.json\n  \
        jq .request job.json | dsw-composer snippet --target curl -\n\n\
        Exit codes:\n  \
        0  written; the request has no errors\n  \
        1  written; the request has at least one error\n  \
        2  the file can not be read or is not one JSON object, or an option is wrong"
)]
pub struct Snippet {
    /// File that holds the request; - is standard input
    #[arg(required_unless_present = "list", value_name = "FILE")]
    pub file: Option<PathBuf>,

    /// What the request is written as
    #[arg(
        long,
        value_name = "TARGET",
        required_unless_present = "list",
        value_parser = PossibleValuesParser::new(words())
    )]
    pub target: Option<String>,

    /// Uses the models of the SDK, where there is a choice
    #[arg(long, conflicts_with = "generic")]
    pub typed: bool,

    /// Takes the request as it is, where there is a choice
    #[arg(long)]
    pub generic: bool,

    /// Lists the targets with their forms, and what runs each
    #[arg(long, conflicts_with_all = ["file", "target", "typed", "generic"])]
    pub list: bool,

    /// Region that the code sends to
    #[arg(long, value_name = "REGION", default_value = "cn-hangzhou", value_parser = region())]
    pub region: Region,
}

impl Snippet {
    /// The target, in the form that is asked for. One without a choice of forms is written in the one that it has.
    pub fn target(&self) -> Option<Target> {
        let typed = match (self.typed, self.generic) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        };
        let word = self.target.as_deref()?;
        Target::find(word, typed).or_else(|| Target::find(word, None))
    }
}

/// The words of all targets, each once.
fn words() -> Vec<&'static str> {
    let mut words: Vec<_> = Target::ALL.iter().map(|target| target.word()).collect();
    words.dedup();
    words
}

/// Options of `rules`.
#[derive(Clone, Debug, Args)]
#[command(
    long_about = "Prints the rules by which requests are judged: as a list for people, or as JSON for programs, with when \
        each is found, why, and what is said of it, in English and in Chinese.",
    after_help = "Examples:\n  \
        dsw-composer rules\n  \
        dsw-composer rules --format json > rules.json\n  \
        dsw-composer rules --format json | jq '.rules[] | select(.id == \"R75\")'"
)]
pub struct Rules {
    /// How the rules are printed to standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: RulesFormat,
}

/// How the rules are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RulesFormat {
    /// One line for each rule: id, severity, fields, when it is found.
    Text,
    /// The whole file, `docs/create-instance.rules.json`.
    Json,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One line for each finding, as compilers print them.
    Text,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0, which code hosts and editors read.
    Sarif,
}

fn region() -> impl TypedValueParser<Value = Region> {
    PossibleValuesParser::new(Region::all().map(Region::id))
        .try_map(|id| Region::parse(&id).ok_or("not one of the regions"))
}

fn level() -> impl TypedValueParser<Value = LevelFilter> {
    PossibleValuesParser::new(["error", "warn", "info", "debug", "trace"])
        .try_map(|level| level.parse::<LevelFilter>())
}

fn speed(text: &str) -> Result<f64, &'static str> {
    let speed = text
        .parse()
        .ok()
        .filter(|speed| (0.01..=10_000.0).contains(speed));
    speed.ok_or("give a number from 0.01 to 10000")
}

fn language(text: &str) -> Result<String, &'static str> {
    let is_tag = text.split('-').all(|part| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    is_tag
        .then(|| text.to_owned())
        .ok_or("give a language tag, such as en or zh-CN")
}

/// Reads the command line, the program's name first, and the variables.
///
/// # Errors
///
/// What is wrong with it, or the help that was asked for: either is printed by [`clap::Error::exit`].
pub fn parse(
    arguments: impl IntoIterator<Item = OsString>,
    source: &dyn Source,
) -> Result<Command, clap::Error> {
    let mut arguments: Vec<_> = arguments.into_iter().collect();
    if arguments.is_empty() {
        arguments.push("dsw-composer".into());
    }
    if arguments
        .get(1)
        .is_none_or(|first| is_option_of_serve(first))
    {
        arguments.insert(1, "serve".into());
    }
    let program = Program::command();
    let matches = program.clone().try_get_matches_from(&arguments)?;
    let Some((name, given)) = matches.subcommand() else {
        return Err(program.clone().error(ErrorKind::MissingSubcommand, ""));
    };
    let command = program
        .find_subcommand(name)
        .map(clap::Command::get_arguments);
    let mut added = Vec::new();
    for argument in command.into_iter().flatten() {
        let by_hand = given.try_contains_id(argument.get_id().as_str()).is_ok()
            && given.value_source(argument.get_id().as_str()) == Some(ValueSource::CommandLine);
        if let Some(variable) = variable(argument)
            && !by_hand
            && let Some(value) = source.var(&variable).filter(|value| !value.is_empty())
        {
            added.extend(as_options(argument, &variable, &value)?);
        }
    }
    // Behind the subcommand, since a `--` may stand further on.
    arguments.splice(2..2, added.iter().map(|(_, option)| option.clone()));
    let matches = program.try_get_matches_from(&arguments).map_err(|error| {
        let culprit = added.iter().find(|(variable, _)| names(&error, variable));
        match culprit {
            Some((variable, _)) => mistake(&format!("{variable}: {}", plain(&error))),
            None => error,
        }
    })?;
    Ok(Program::from_arg_matches(&matches)?.command)
}

/// A mistake of usage in these words.
pub fn mistake(words: &str) -> clap::Error {
    Program::command().error(ErrorKind::ValueValidation, words)
}

/// The completions of a shell, as a script for it.
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Program::command(), "dsw-composer", &mut script);
    script
}

/// Whether a first argument is an option of `serve` and no subcommand, nor one for the program as a whole.
fn is_option_of_serve(first: &OsStr) -> bool {
    let first = first.to_string_lossy();
    first.starts_with('-') && !["-h", "--help", "-V", "--version"].contains(&&*first)
}

/// The words of an error without the begin that clap gives every error.
fn plain(error: &clap::Error) -> String {
    let text = error.render().to_string();
    text.strip_prefix("error: ")
        .unwrap_or(&text)
        .trim_end()
        .to_owned()
}
