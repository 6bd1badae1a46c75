//! The command line: words, flags, help.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::bench::gateway::{self, Amount};

/// The port of the page unless told otherwise.
const PORT: u16 = 8080;

/// What `cargo xtask` prints without a word.
pub(crate) const HELP: &str = "\
Usage: cargo xtask <command>

  serve    Builds page and program and serves them with a sandbox at http://127.0.0.1:8080
           (--open, --port N, --fault FAULT; after -- any option of `dsw-composer serve`)
  build    Builds the page into dist/ and prints its sizes
  program  Builds the page, and a fast program that holds it: target/server/dsw-composer
  test     Runs every check and every test (--only lint|unit|fuzz|snippets|browser|e2e|bytes)
  fuzz     Has a fuzzer look for texts that an importer does not survive (--seconds N for each, 60)
  fmt      Formats the Rust code
  lint     Checks formatting, Clippy, documentation and the dependency rules
  bench    Measures the page beside other form libraries (--peers DIR [-- options of the harness])
  bench gateway  Measures the gateway beside nginx and the vendor's SDK
                 (--runs N, --seconds N, --only files|reads|creates|memory|slow|judge)
  bench lighthouse  Scores the page as the gateway serves it (--runs N)
  clean    Removes what was built (--tools: the fetched programs, too)

A fresh machine needs rustup with cargo, Node with npm, and git; the rest is fetched on first use.";

/// One command with its flags.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Lists the commands.
    Help,
    /// Builds and serves.
    Serve {
        /// Whether to open a browser.
        open: bool,
        /// Where to listen.
        port: u16,
        /// Options that are handed to the program as they are.
        extra: Vec<OsString>,
    },
    /// Builds the page.
    Build,
    /// Builds the page and the program that holds it.
    Program,
    /// Tests.
    Test {
        /// One part only.
        only: Option<Part>,
    },
    /// Looks for texts that an importer does not survive.
    Fuzz {
        /// How long each importer is tried.
        seconds: u32,
    },
    /// Formats.
    Fmt,
    /// Checks without running.
    Lint,
    /// Measures.
    Bench {
        /// The folder of the bench harness.
        peers: Option<PathBuf>,
        /// What is handed to the harness as it is.
        extra: Vec<OsString>,
    },
    /// Measures the gateway.
    BenchGateway(Amount),
    /// Scores the page.
    BenchLighthouse {
        /// Of each figure the one in the middle is taken.
        runs: u32,
    },
    /// Removes.
    Clean {
        /// Whether fetched programs go, too.
        tools: bool,
    },
}

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Formatting, Clippy, documentation, dependency rules.
    Lint,
    /// Native tests.
    Unit,
    /// A short run of the fuzzer.
    Fuzz,
    /// Generated code, judged by the tools of its languages.
    Snippets,
    /// Component tests in a browser.
    Browser,
    /// Tests of the built page in a browser.
    EndToEnd,
    /// The byte budget.
    Bytes,
}

impl Part {
    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "lint" => Self::Lint,
            "unit" => Self::Unit,
            "fuzz" => Self::Fuzz,
            "snippets" => Self::Snippets,
            "browser" => Self::Browser,
            "e2e" => Self::EndToEnd,
            "bytes" => Self::Bytes,
            _ => return None,
        })
    }
}

/// Reads the arguments after the program's name.
///
/// # Errors
///
/// One sentence about the first argument that cannot be understood.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut arguments = Arguments(arguments.into_iter().collect::<Vec<_>>().into_iter());
    let Some(word) = arguments.next() else {
        return Ok(Command::Help);
    };
    let mut command = match word.as_str() {
        "help" | "--help" | "-h" => Command::Help,
        "serve" => Command::Serve {
            open: false,
            port: PORT,
            extra: Vec::new(),
        },
        "program" => Command::Program,
        "build" => Command::Build,
        "test" => Command::Test { only: None },
        "fuzz" => Command::Fuzz { seconds: 60 },
        "fmt" => Command::Fmt,
        "lint" => Command::Lint,
        "bench" => Command::Bench {
            peers: None,
            extra: Vec::new(),
        },
        "clean" => Command::Clean { tools: false },
        _ => {
            return Err(format!(
                "Unknown command `{word}`: `cargo xtask` lists the commands."
            ));
        }
    };
    while let Some(flag) = arguments.next() {
        match (&mut command, flag.as_str()) {
            (Command::Bench { peers: None, .. }, "gateway") => {
                command = Command::BenchGateway(Amount {
                    runs: 3,
                    seconds: 10,
                    only: None,
                });
            }
            (Command::Bench { peers: None, .. }, "lighthouse") => {
                command = Command::BenchLighthouse { runs: 3 };
            }
            (
                Command::BenchGateway(Amount { runs, .. }) | Command::BenchLighthouse { runs },
                "--runs",
            ) => *runs = arguments.count(&flag)?,
            (Command::Fuzz { seconds }, "--seconds") => *seconds = arguments.count(&flag)?,
            (Command::BenchGateway(amount), "--seconds") => {
                amount.seconds = arguments.count(&flag)?;
            }
            (Command::BenchGateway(amount), "--only") => {
                let value = arguments.value(&flag)?;
                let words = gateway::words();
                let only = words.into_iter().find(|word| *word == value);
                amount.only = Some(only.ok_or_else(|| {
                    let words = words.join(", ");
                    format!("Unknown part `{value}`: --only takes one of {words}.")
                })?);
            }
            (_, "--help" | "-h") => return Ok(Command::Help),
            (Command::Serve { open, .. }, "--open") => *open = true,
            (Command::Serve { port, .. }, "--port") => {
                let value = arguments.value(&flag)?;
                *port = value.parse().map_err(|_| {
                    format!("`{value}` is not a port: give a number from 0 to 65535 after --port.")
                })?;
            }
            (Command::Serve { extra, .. }, "--fault") => {
                let value = arguments.value(&flag)?;
                extra.extend(["--fault".into(), value.into()]);
            }
            (Command::Serve { extra, .. }, "--") => extra.extend(arguments.0.by_ref()),
            (Command::Test { only }, "--only") => {
                let value = arguments.value(&flag)?;
                *only = Some(Part::from_word(&value).ok_or_else(|| {
                    format!(
                        "Unknown part `{value}`: --only takes lint, unit, fuzz, snippets, browser, e2e or bytes."
                    )
                })?);
            }
            (Command::Bench { peers, .. }, "--peers") => {
                *peers = Some(arguments.value(&flag)?.into());
            }
            (Command::Bench { extra, .. }, "--") => *extra = arguments.0.by_ref().collect(),
            (Command::Clean { tools }, "--tools") => *tools = true,
            _ => {
                return Err(format!(
                    "Unknown option `{flag}` for `{word}`: `cargo xtask --help` lists the options."
                ));
            }
        }
    }
    Ok(command)
}

/// The arguments still to be read; `--flag=value` counts as two.
struct Arguments(std::vec::IntoIter<OsString>);

impl Arguments {
    fn next(&mut self) -> Option<String> {
        let argument = self.0.next()?.to_string_lossy().into_owned();
        match argument.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => {
                let rest = self.0.by_ref();
                self.0 = std::iter::once(value.into())
                    .chain(rest)
                    .collect::<Vec<_>>()
                    .into_iter();
                Some(flag.to_owned())
            }
            _ => Some(argument),
        }
    }

    fn value(&mut self, flag: &str) -> Result<String, String> {
        self.0
            .next()
            .map(|value| value.to_string_lossy().into_owned())
            .ok_or_else(|| format!("{flag} needs a value: `cargo xtask --help` shows an example."))
    }

    fn count(&mut self, flag: &str) -> Result<u32, String> {
        let value = self.value(flag)?;
        let count = value.parse().ok().filter(|count| *count > 0);
        count.ok_or_else(|| format!("`{value}` is not a count: give a whole number after {flag}."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn words_and_flags() {
        let accepted = [
            ("", Command::Help),
            ("--help", Command::Help),
            ("serve --help", Command::Help),
            (
                "serve",
                Command::Serve {
                    open: false,
                    port: 8080,
                    extra: Vec::new(),
                },
            ),
            (
                "serve --open --port 9000",
                Command::Serve {
                    open: true,
                    port: 9000,
                    extra: Vec::new(),
                },
            ),
            (
                "serve --port=9000 --fault=a --open --fault b -- --live --port",
                Command::Serve {
                    open: true,
                    port: 9000,
                    extra: ["--fault", "a", "--fault", "b", "--live", "--port"]
                        .map(OsString::from)
                        .to_vec(),
                },
            ),
            ("build", Command::Build),
            ("program", Command::Program),
            ("test", Command::Test { only: None }),
            (
                "test --only e2e",
                Command::Test {
                    only: Some(Part::EndToEnd),
                },
            ),
            ("clean --tools", Command::Clean { tools: true }),
            ("fuzz", Command::Fuzz { seconds: 60 }),
            ("fuzz --seconds 5", Command::Fuzz { seconds: 5 }),
            (
                "bench gateway --runs 1 --only creates",
                Command::BenchGateway(Amount {
                    runs: 1,
                    seconds: 10,
                    only: Some("creates"),
                }),
            ),
            (
                "bench lighthouse --runs 1",
                Command::BenchLighthouse { runs: 1 },
            ),
            (
                "bench --peers ../bench -- --runs 3",
                Command::Bench {
                    peers: Some("../bench".into()),
                    extra: vec!["--runs".into(), "3".into()],
                },
            ),
        ];
        for (line, command) in accepted {
            assert_eq!(parsed(line).as_ref(), Ok(&command), "{line}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        let refused = [
            ("sevre", "`sevre`"),
            ("serve --prot 1", "`--prot`"),
            ("serve --port", "--port needs a value"),
            ("serve --fault", "--fault needs a value"),
            ("serve --port 70000", "`70000` is not a port"),
            ("test --only all", "`all`"),
            ("build --open", "`--open`"),
            ("bench gateway --only all", "`all`"),
            ("bench gateway --seconds 0", "`0` is not a count"),
            ("bench lighthouse --runs 0", "`0` is not a count"),
            ("bench getaway", "`getaway`"),
            ("fuzz --seconds 0", "`0` is not a count"),
        ];
        for (line, part) in refused {
            let message = parsed(line).expect_err(line);
            assert!(message.contains(part), "{line}: {message}");
        }
    }
}
