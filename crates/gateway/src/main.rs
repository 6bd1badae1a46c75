//! The `dsw-composer` program.

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use dsw_gateway::cli::{self, Command, LogFormat, Serve, Source};
use dsw_gateway::config::{Config, ConfigError};
use dsw_gateway::start::Gateway;
use dsw_gateway::team::Team;
use dsw_gateway::world::World;
use dsw_gateway::{check, log, rules, server, snippet};
use tracing::level_filters::LevelFilter;

/// It gives back what a wave of connections needed, by threads of its own and within seconds.
#[cfg(all(feature = "jemalloc", target_os = "linux"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

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
            let team = options.policy.as_deref().map(Team::read).transpose();
            let team = team.unwrap_or_else(|error| cli::mistake(&error.to_string()).exit());
            let (mut stdin, mut out) = (io::stdin().lock(), io::stdout().lock());
            check::run(&options, team.as_ref(), &mut stdin, &mut out).map(Into::into)
        }
        Command::Snippet(options) => {
            let (mut stdin, mut out) = (io::stdin().lock(), io::stdout().lock());
            snippet::run(&options, &mut stdin, &mut out, &mut io::stderr()).map(Into::into)
        }
        Command::Schema => schema(),
        Command::Rules(options) => {
            rules::print(options.format, &mut io::stdout().lock()).map(|()| ExitCode::SUCCESS)
        }
        Command::Completions { shell } => {
            let script = cli::completions(shell);
            io::stdout().write_all(&script).map(|()| ExitCode::SUCCESS)
        }
    };
    match done {
        Ok(code) => code,
        // Whoever was to read it has gone, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(2),
        Err(error) => failed(&format!("standard output: {error}"), 2),
    }
}

fn schema() -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &dsw_model::schema::schema())?;
    writeln!(out)?;
    Ok(ExitCode::SUCCESS)
}

/// Says why the program ends.
fn failed(words: &str, code: u8) -> ExitCode {
    // If nobody hears it, the code still says so.
    let _ = writeln!(io::stderr(), "dsw-composer: {words}");
    ExitCode::from(code)
}

/// Serves until a signal ends it.
fn serve(options: Serve) -> ExitCode {
    let world = World::new(jiff::Timestamp::now, random);
    let usage = |error: ConfigError| -> ! { cli::mistake(&error.to_string()).exit() };
    let (format, level) = (options.log, options.log_level);
    let config = Config::new(options, &Environment).unwrap_or_else(|error| usage(error));
    let token = config.token(&world).unwrap_or_else(|error| usage(error));
    if let Err(error) = begin_log(format, level, world.clone()) {
        return failed(&format!("the log can not begin: {error}"), 1);
    }
    for name in cli::strangers(&Environment) {
        tracing::warn!(
            name,
            "no option has the name of this variable; it has no effect"
        );
    }
    if let Err(error) = server::raise_file_limit() {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("the runtime can not begin: {error}"), 1),
    };
    runtime.block_on(async {
        let gateway = Gateway::new(&config, token, Arc::new(Environment), world).await;
        let gateway = match gateway {
            Ok(gateway) => gateway,
            Err(error) => return failed(&error.to_string(), 1),
        };
        let stop = match signals() {
            Ok(stop) => stop,
            Err(error) => return failed(&format!("signals can not be heard: {error}"), 1),
        };
        // The page is served even if nobody is told where.
        let mut out = io::stdout();
        let _ = writeln!(out, "{}", gateway.greeting).and_then(|()| out.flush());
        if gateway.run(stop).await {
            ExitCode::SUCCESS
        } else {
            failed("stopped while requests were under way", 1)
        }
    })
}

/// 128 random bits. The system is asked for many at a time.
fn random() -> [u8; 16] {
    const MANY: usize = 64;
    thread_local! {
        static LEFT: RefCell<Vec<[u8; 16]>> = const { RefCell::new(Vec::new()) };
    }
    LEFT.with_borrow_mut(|left| {
        left.pop().unwrap_or_else(|| {
            let mut bytes = [0; 16 * MANY];
            getrandom::fill(&mut bytes).expect("the system has randomness");
            let (first, rest) = bytes.split_first_chunk().expect("there are many");
            left.extend(rest.as_chunks().0);
            *first
        })
    })
}

fn begin_log(
    format: Option<LogFormat>,
    level: LevelFilter,
    world: World,
) -> Result<(), Box<dyn std::error::Error>> {
    let by_itself = if io::stderr().is_terminal() {
        LogFormat::Text
    } else {
        LogFormat::Json
    };
    let filter = level.to_string();
    match format.unwrap_or(by_itself) {
        LogFormat::Json => {
            tracing::subscriber::set_global_default(log::subscriber(io::stderr, &filter, world)?)?;
        }
        LogFormat::Text => {
            tracing::subscriber::set_global_default(log::for_people(io::stderr, &filter, world)?)?;
        }
    }
    Ok(())
}

/// Completes when the program is to stop. A second signal ends it at once.
#[cfg(unix)]
fn signals() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            std::process::exit(1);
        });
    })
}

/// Completes when the program is to stop.
#[cfg(not(unix))]
fn signals() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
