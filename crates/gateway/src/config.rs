//! [`Config`]: what the operator decided, checked as a whole (S01, S02).

use std::fs;
use std::io::Read as _;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::cli::{Serve, Source};
use crate::region::Region;
use crate::sandbox::{self, Fault};
use crate::settings::{Settings, Token};
use crate::team::{Team, TeamError};
use crate::transport::Endpoint;
use crate::world::World;

use self::address::{host_of, is_loopback};

pub use self::address::{Authority, Origin};

mod address;

/// What the operator decided about serving.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where to listen.
    pub listen: Listen,
    /// Hosts that requests may be meant for, besides those of loopback listeners.
    pub authorities: Vec<Authority>,
    /// Origins of pages hosted elsewhere that may call.
    pub origins: Vec<Origin>,
    /// Whether a token is asked for, and which.
    pub token: TokenFrom,
    /// Who answers what is forwarded.
    pub service: Service,
    /// The region that the page begins with.
    pub region: Region,
    /// The language that the page begins with.
    pub language: Option<String>,
    /// Most connections at a time.
    pub max_connections: usize,
    /// The folder of the page, if it is not to be the one in the program.
    pub page: Option<PathBuf>,
    /// What the team allows.
    pub team: Option<Team>,
}

/// Where to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// On this port of the loopback address, and of that of IPv6 if the machine has it.
    Loopback(u16),
    /// On all of these.
    At(Vec<SocketAddr>),
}

/// Where the access token comes from (S04).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenFrom {
    /// None is asked for.
    Nowhere,
    /// It is made at the start.
    Chance,
    /// It stands in a file.
    File(PathBuf),
}

/// Who answers what is forwarded, fixed for the life of the program (S02).
#[derive(Clone, Debug, PartialEq)]
pub enum Service {
    /// Alibaba Cloud.
    Live {
        /// Another address than the regions' own.
        endpoint: Option<Endpoint>,
        /// The file of the journal.
        journal: PathBuf,
    },
    /// The service that is only emulated.
    Sandbox {
        /// The file that its state is kept in.
        state: Option<PathBuf>,
        /// Faults to be played.
        faults: Vec<Fault>,
        /// How long an instance takes from its creation until it runs.
        start_takes: Duration,
        /// The file of the journal; without one it is in memory.
        journal: Option<PathBuf>,
    },
}

/// Why a configuration is refused. Each names the option to change.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// S01.
    #[error(
        "--listen {0} can be reached from other machines: name the hosts that clients use with \
         --allow-authority, such as composer.example:{port}", port = .0.port()
    )]
    NoAuthority(SocketAddr),
    /// S01.
    #[error(
        "--listen {0} can be reached from other machines: ask for a token with --token or --token-file FILE"
    )]
    NoToken(SocketAddr),
    /// S05.
    #[error(
        "--allow-origin lets pages of other hosts call: ask for a token with --token or --token-file FILE"
    )]
    OriginWithoutToken,
    /// There is no folder to keep the journal in.
    #[error(
        "the journal has no place, since neither XDG_STATE_HOME nor HOME is set: name a file with --journal FILE"
    )]
    NoStateFolder,
    /// The token's file can not be read.
    #[error("--token-file {path}: {error}", path = .path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// What is in the token's file is no token.
    #[error("--token-file {path}: the file holds no token of 43 to 256 letters, digits, - and _", path = .0.display())]
    NotAToken(PathBuf),
    /// The policy can not be read.
    #[error(transparent)]
    Policy(#[from] TeamError),
    /// A page that is hosted alone takes the policy beside it; here it would look as if that held, and creates would
    /// not be held against it.
    #[error("{path} is not heeded by itself: name it with --policy {path}, or move it away", path = .0.display())]
    PolicyBesidePage(PathBuf),
}

impl Config {
    /// Checks what was given on the command line as a whole.
    ///
    /// # Errors
    ///
    /// When options do not go together, or one that others need is missing.
    pub fn new(given: Serve, source: &dyn Source) -> Result<Self, ConfigError> {
        let listen = if given.listen.is_empty() {
            Listen::Loopback(given.port)
        } else {
            Listen::At(given.listen)
        };
        let token = match given.token_file {
            Some(path) => TokenFrom::File(path),
            None if given.token || given.live => TokenFrom::Chance,
            None => TokenFrom::Nowhere,
        };
        if let Listen::At(addresses) = &listen
            && let Some(open) = addresses.iter().find(|at| !is_loopback(at.ip()))
        {
            if given.allow_authority.is_empty() {
                return Err(ConfigError::NoAuthority(*open));
            }
            if token == TokenFrom::Nowhere {
                return Err(ConfigError::NoToken(*open));
            }
        }
        if !given.allow_origin.is_empty() && token == TokenFrom::Nowhere {
            return Err(ConfigError::OriginWithoutToken);
        }
        let team = given.policy.as_deref().map(Team::read).transpose()?;
        let beside = given.page.as_ref().map(|page| page.join("policy.json"));
        if let Some(beside) = beside
            && team.is_none()
            // The one that the page comes with asks nothing.
            && beside.exists()
            && !Team::read(&beside)?.policy.is_empty()
        {
            return Err(ConfigError::PolicyBesidePage(beside));
        }
        let service = if given.live {
            Service::Live {
                endpoint: given.endpoint,
                journal: match given.journal {
                    Some(file) => file,
                    None => state_folder(source)?.join("journal.sqlite"),
                },
            }
        } else {
            let beside = given.state.as_deref().map(|state| {
                let mut name = state.as_os_str().to_owned();
                name.push(".journal");
                PathBuf::from(name)
            });
            Service::Sandbox {
                state: given.state,
                faults: given.fault,
                start_takes: sandbox::Options::default()
                    .start_takes
                    .div_f64(given.sandbox_speed),
                journal: given.journal.or(beside),
            }
        };
        Ok(Self {
            listen,
            authorities: given.allow_authority,
            origins: given.allow_origin,
            token,
            service,
            region: given.region,
            language: given.language,
            max_connections: given.max_connections as usize,
            page: given.page,
            team,
        })
    }

    /// The access token, made or read.
    ///
    /// # Errors
    ///
    /// When its file can not be read, or holds no token.
    pub fn token(&self, world: &World) -> Result<Option<Token>, ConfigError> {
        match &self.token {
            TokenFrom::Nowhere => Ok(None),
            TokenFrom::Chance => {
                let bits = [world.random(), world.random()].concat();
                Ok(Some(Token::new(URL_SAFE_NO_PAD.encode(bits))))
            }
            TokenFrom::File(path) => read_token(path).map(Some),
        }
    }

    /// What the service is to know, once it is known where it listens.
    pub fn settings(&self, bound: &[SocketAddr], token: Option<Token>) -> Settings {
        let mut authorities: Vec<_> = self.authorities.iter().map(|host| host.0.clone()).collect();
        for address in bound.iter().filter(|at| is_loopback(at.ip())) {
            let port = address.port();
            authorities.extend([address.to_string(), format!("localhost:{port}")]);
            // Clients leave out the port that they take by themselves.
            if port == 80 {
                authorities.extend([host_of(address.ip()), "localhost".to_owned()]);
            }
        }
        authorities.sort();
        authorities.dedup();
        Settings {
            authorities,
            origins: self.origins.iter().map(|origin| origin.0.clone()).collect(),
            token,
            default_region: self.region,
            language: self.language.clone(),
            max_connections: self.max_connections,
        }
    }
}

impl Listen {
    /// The addresses, each with whether the program can do without it.
    pub fn addresses(&self) -> Vec<(SocketAddr, bool)> {
        match self {
            Self::Loopback(port) => vec![
                ((Ipv4Addr::LOCALHOST, *port).into(), false),
                ((Ipv6Addr::LOCALHOST, *port).into(), true),
            ],
            Self::At(addresses) => addresses.iter().map(|at| (*at, false)).collect(),
        }
    }
}

/// Where programs keep what they should remember (XDG Base Directory Specification).
fn state_folder(source: &dyn Source) -> Result<PathBuf, ConfigError> {
    let absolute = |name| {
        source
            .var(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let folder = absolute("XDG_STATE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/state")));
    folder
        .map(|folder| folder.join("dsw-composer"))
        .ok_or(ConfigError::NoStateFolder)
}

/// Reads a token from its file.
fn read_token(path: &Path) -> Result<Token, ConfigError> {
    let mut text = String::new();
    let read = fs::File::open(path).and_then(|file| file.take(1024).read_to_string(&mut text));
    match read {
        Err(error) if error.kind() != std::io::ErrorKind::InvalidData => {
            return Err(ConfigError::TokenFile {
                path: path.to_owned(),
                error,
            });
        }
        _ => {}
    }
    let token = text.trim_ascii();
    let is_token = (43..=256).contains(&token.len())
        && token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if is_token {
        Ok(Token::new(token.to_owned()))
    } else {
        Err(ConfigError::NotAToken(path.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::cli::{self, Command};

    /// An environment with this home.
    struct Home(Option<&'static str>);

    impl Source for Home {
        fn var(&self, name: &str) -> Option<OsString> {
            self.0.filter(|_| name == "HOME").map(OsString::from)
        }

        fn names(&self) -> Vec<String> {
            Vec::new()
        }
    }

    fn config(line: &str) -> Result<Config, ConfigError> {
        let words = ["dsw-composer"].into_iter().chain(line.split_whitespace());
        let home = Home(Some("/home/u"));
        match cli::parse(words.map(OsString::from), &home) {
            Ok(Command::Serve(given)) => Config::new(*given, &home),
            other => panic!("{line}: {other:?}"),
        }
    }

    fn world() -> World {
        World::new(|| jiff::Timestamp::UNIX_EPOCH, || [7; 16])
    }

    #[test]
    fn s01_an_address_that_others_reach_needs_hosts_and_a_token() {
        use ConfigError::{NoAuthority, NoToken, OriginWithoutToken};
        let open = [
            "0.0.0.0:1",
            "192.0.2.1:1",
            "[::]:1",
            "[2001:db8::1]:1",
            "[::ffff:192.0.2.1]:1",
        ];
        for at in open {
            let given = |more: &str| config(&format!("--listen 127.0.0.1:1 --listen {at} {more}"));
            assert!(matches!(given(""), Err(NoAuthority(_))), "{at}");
            assert!(matches!(given("--token"), Err(NoAuthority(_))), "{at}");
            assert!(matches!(given("--live"), Err(NoAuthority(_))), "{at}");
            assert!(
                matches!(given("--allow-authority a.example"), Err(NoToken(_))),
                "{at}"
            );
            for token in ["--token", "--token-file t", "--live"] {
                let all = format!("--allow-authority a.example {token}");
                assert!(given(&all).is_ok(), "{at} {token}");
            }
        }
        for at in [
            "127.0.0.1:1",
            "127.1.2.3:1",
            "[::1]:1",
            "[::ffff:127.0.0.1]:1",
        ] {
            assert!(config(&format!("--listen {at}")).is_ok(), "{at}");
        }
        let origin = "--allow-origin https://a.example";
        assert!(matches!(config(origin), Err(OriginWithoutToken)));
        assert!(config(&format!("{origin} --token")).is_ok());
    }

    #[test]
    fn s01_without_options_only_this_machine_is_served() {
        let config = config("").expect("the default");
        let addresses = config.listen.addresses();
        let listed: Vec<_> = addresses.iter().map(|(at, _)| at.to_string()).collect();
        assert_eq!(listed, ["127.0.0.1:8080", "[::1]:8080"]);
        let bound: Vec<_> = addresses.iter().map(|(at, _)| *at).collect();
        let settings = config.settings(&bound, None);
        assert_eq!(
            settings.authorities,
            ["127.0.0.1:8080", "[::1]:8080", "localhost:8080"]
        );
        assert!(settings.origins.is_empty());
    }

    #[test]
    fn authorities_are_those_of_this_machine_and_those_that_are_named() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            (
                "--port 0",
                &["127.0.0.1:4711"],
                &["127.0.0.1:4711", "localhost:4711"],
            ),
            (
                "--port 80",
                &["[::1]:80"],
                &["[::1]", "[::1]:80", "localhost", "localhost:80"],
            ),
            (
                "--listen 0.0.0.0:1 --allow-authority A.Example:1 --token",
                &["0.0.0.0:1"],
                &["a.example:1"],
            ),
        ];
        for (line, bound, wanted) in cases {
            let bound: Vec<_> = bound
                .iter()
                .map(|at| at.parse().expect("an address"))
                .collect();
            let settings = config(line).expect(line).settings(&bound, None);
            assert_eq!(settings.authorities, *wanted, "{line}");
        }
    }

    #[test]
    fn s02_the_mode_is_sandbox_unless_live_is_asked_for() {
        let sandbox = |line| match config(line).map(|config| (config.service, config.token)) {
            Ok((Service::Sandbox { state, journal, .. }, token)) => (state, journal, token),
            other => panic!("{line}: {other:?}"),
        };
        assert_eq!(sandbox(""), (None, None, TokenFrom::Nowhere));
        assert_eq!(sandbox("--token").2, TokenFrom::Chance);
        let (state, journal, _) = sandbox("--state /s");
        assert_eq!(
            (state, journal),
            (Some("/s".into()), Some("/s.journal".into()))
        );
        assert_eq!(sandbox("--state /s --journal /j").1, Some("/j".into()));
        let live = config("--live").expect("live");
        assert_eq!(live.token, TokenFrom::Chance, "S04: always with a token");
        let journal = PathBuf::from("/home/u/.local/state/dsw-composer/journal.sqlite");
        assert_eq!(
            live.service,
            Service::Live {
                endpoint: None,
                journal
            }
        );
    }

    #[test]
    fn without_a_home_the_journal_must_be_named() {
        let given = |line: &str| {
            let words = ["dsw-composer"].into_iter().chain(line.split_whitespace());
            match cli::parse(words.map(OsString::from), &Home(None)) {
                Ok(Command::Serve(given)) => Config::new(*given, &Home(None)),
                other => panic!("{line}: {other:?}"),
            }
        };
        let error = given("--live").expect_err("no folder");
        assert!(error.to_string().contains("--journal"), "{error}");
        assert!(given("--live --journal /j").is_ok());
    }

    #[test]
    fn s04_a_token_has_256_bits() {
        let token = |line: &str| config(line).expect(line).token(&world());
        assert!(token("").expect("none").is_none());
        let made = token("--token").expect("made").expect("one");
        assert_eq!(
            URL_SAFE_NO_PAD.decode(made.reveal()).expect("base64").len(),
            32
        );

        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("token");
        let long = "A".repeat(43);
        for (text, is_token) in [
            (format!("{long}\n"), true),
            ("A".repeat(256), true),
            ("A".repeat(42), false),
            ("A".repeat(257), false),
            (format!("{long} {long}"), false),
            (format!("{long}="), false),
            (String::new(), false),
        ] {
            fs::write(&file, &text).expect("written");
            let read = token(&format!("--token-file {}", file.display()));
            match read {
                Ok(Some(token)) => assert!(is_token && token.is(text.trim()), "{text}"),
                Err(error) => {
                    assert!(!is_token, "{text}");
                    assert!(error.to_string().starts_with("--token-file "), "{error}");
                    assert!(
                        text.is_empty() || !error.to_string().contains(&text),
                        "S10: {error}"
                    );
                }
                Ok(None) => panic!("no token: {text}"),
            }
        }
        fs::write(&file, [0xff; 50]).expect("written");
        assert!(matches!(
            token(&format!("--token-file {}", file.display())),
            Err(ConfigError::NotAToken(_))
        ));
        fs::remove_file(&file).expect("removed");
        assert!(matches!(
            token(&format!("--token-file {}", file.display())),
            Err(ConfigError::TokenFile { .. })
        ));
    }
}
