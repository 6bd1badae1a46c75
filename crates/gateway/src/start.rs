//! From a [`Config`] to a running gateway.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::App;
use crate::assets::Assets;
use crate::cli::Source;
use crate::config::{Config, Listen, Service, TokenFrom};
use crate::credentials::{self, Chain, Environment, Places};
use crate::journal::{Journal, JournalError};
use crate::live::Live;
use crate::sandbox::{self, Sandbox, StateError};
use crate::server::{self, Listeners};
use crate::settings::Token;
use crate::transport::{NoRoots, Transport, native_roots};
use crate::upstream::Mode;
use crate::world::World;

/// A gateway that is ready to serve.
#[derive(Debug)]
pub struct Gateway {
    listeners: Listeners,
    app: App,
    /// What to tell the operator: mode and address.
    pub greeting: String,
}

/// Why the program can not serve.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address can not be listened at.
    #[error("cannot listen at {address}: {error}{}", hint(error))]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// The system does not say where it listens.
    #[error("cannot learn the addresses that are listened at: {0}")]
    Addresses(io::Error),
    /// The page can not be read.
    #[error("--page {}: {error}", path.display())]
    Page {
        /// Its folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Nobody could be trusted.
    #[error(transparent)]
    Roots(#[from] NoRoots),
    /// S02: without credentials live does not start.
    #[error("--live needs credentials, and there are none: {0}")]
    Credentials(#[from] credentials::Error),
    /// The folder of the journal can not be made.
    #[error("--journal {}: cannot make its folder: {error}", path.display())]
    JournalFolder {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The journal can not be used.
    #[error("{}: {error}{}", journal_name(path.as_deref()), cause(error))]
    Journal {
        /// The file; without one it is in memory.
        path: Option<PathBuf>,
        /// Why.
        error: JournalError,
    },
    /// The state of the sandbox can not be used.
    #[error("--state: {error}{}", cause(error))]
    State {
        /// Why.
        error: StateError,
    },
}

/// What to do about an address that is not to be had.
fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "; stop the program that holds it, or choose another with --port"
        }
        io::ErrorKind::PermissionDenied => "; choose one above 1023 with --port",
        _ => "",
    }
}

fn journal_name(path: Option<&Path>) -> String {
    path.map_or_else(
        || "the journal in memory".to_owned(),
        |path| format!("--journal {}", path.display()),
    )
}

/// What is behind an error.
fn cause(error: &dyn std::error::Error) -> String {
    error
        .source()
        .map_or_else(String::new, |source| format!(": {source}"))
}

impl Gateway {
    /// Listens, and makes all that serving needs. Nothing is answered before [`Self::run`].
    ///
    /// # Errors
    ///
    /// When something that it needs is not to be had.
    pub async fn new(
        config: &Config,
        token: Option<Token>,
        source: Arc<dyn Source + Send + Sync>,
        world: World,
    ) -> Result<Self, StartError> {
        let listeners = listen(&config.listen).await?;
        let bound = listeners.addresses().map_err(StartError::Addresses)?;
        let page = match &config.page {
            None => Assets::embedded(),
            Some(path) => Assets::from_folder(path).map_err(|error| StartError::Page {
                path: path.clone(),
                error,
            })?,
        };
        let settings = config.settings(&bound, token.clone());
        let greeting = |mode: Mode| {
            let address = address(config, &bound);
            let token = match (&token, &config.token) {
                // Whoever wrote the file knows it.
                (Some(_), TokenFrom::File(path)) => {
                    format!(", with the token in {}", path.display())
                }
                (Some(token), _) => format!("/#token={}", token.reveal()),
                (None, _) => String::new(),
            };
            format!("DSW Composer ({}) is at {address}{token}", mode.as_str())
        };
        match &config.service {
            Service::Live { endpoint, journal } => {
                let transport = Transport::new(native_roots()?);
                let credentials = Chain::new(
                    environment(source),
                    transport.clone(),
                    world.clone(),
                    Places::default(),
                );
                credentials.current().await?;
                let live = Live::new(world.clone(), credentials, transport, endpoint.clone());
                let journal = open(Some(journal), &world).await?;
                Ok(Self {
                    listeners,
                    app: App::new(settings, Arc::new(live), journal, world)
                        .with_page(page)
                        .with_team(config.team.clone()),
                    greeting: greeting(Mode::Live),
                })
            }
            Service::Sandbox {
                state,
                faults,
                start_takes,
                journal,
            } => {
                let options = sandbox::Options {
                    start_takes: *start_takes,
                    file: state.clone(),
                    faults: faults.clone(),
                };
                let sandbox = Sandbox::new(world.clone(), options);
                let sandbox = Arc::new(sandbox.map_err(|error| StartError::State { error })?);
                let journal = open(journal.as_deref(), &world).await?;
                let control = sandbox::control(Arc::clone(&sandbox));
                Ok(Self {
                    listeners,
                    app: App::new(settings, sandbox, journal, world)
                        .with_page(page)
                        .with_team(config.team.clone())
                        .with_routes(control),
                    greeting: greeting(Mode::Sandbox),
                })
            }
        }
    }

    /// Serves until `stop` completes, and what is under way then has ended or run out of time. Returns whether
    /// all of it has ended.
    pub async fn run(self, stop: impl Future<Output = ()>) -> bool {
        let journal = self.app.journal.clone();
        let in_time = server::serve(self.listeners, self.app, stop).await;
        journal.close().await;
        in_time
    }
}

async fn listen(listen: &Listen) -> Result<Listeners, StartError> {
    match listen {
        Listen::Loopback(port) => {
            let address = SocketAddr::from(([127, 0, 0, 1], *port));
            let listeners = Listeners::loopback(*port).await;
            listeners.map_err(|error| StartError::Listen { address, error })
        }
        Listen::At(addresses) => {
            let mut listeners = Listeners::default();
            for &address in addresses {
                let more = Listeners::at(address).await;
                listeners.add(more.map_err(|error| StartError::Listen { address, error })?);
            }
            Ok(listeners)
        }
    }
}

/// Where a browser finds the page.
fn address(config: &Config, bound: &[SocketAddr]) -> String {
    let own = bound.iter().find(|at| at.ip().to_canonical().is_loopback());
    match (own, config.authorities.first()) {
        (Some(address), _) => format!("http://{address}"),
        (None, Some(authority)) => format!("http://{authority}"),
        (None, None) => "no address".to_owned(),
    }
}

/// What the sources of credentials may know. Only live asks for it (S02).
fn environment(source: Arc<dyn Source + Send + Sync>) -> Environment {
    let home = source.var("HOME").map(PathBuf::from);
    Environment::new(move |name| source.var(name)?.into_string().ok(), home)
}

/// Opens the journal in a file, whose folder is made if need be, or one in memory.
async fn open(path: Option<&Path>, world: &World) -> Result<Journal, StartError> {
    let Some(path) = path else {
        let journal = Journal::in_memory().await;
        return journal.map_err(|error| StartError::Journal { path: None, error });
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        private_folder(folder).map_err(|error| StartError::JournalFolder {
            path: path.to_owned(),
            error,
        })?;
    }
    let journal = Journal::open(path, world.now()).await;
    journal.map_err(|error| StartError::Journal {
        path: Some(path.to_owned()),
        error,
    })
}

/// Makes a folder that only its owner enters, unless it is there already.
fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
