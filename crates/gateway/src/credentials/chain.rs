//! [`Chain`]: the sources one after the other, and the renewal of what they give.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::recipe::{Context, Error, Fetched, Places, Recipe};
use super::{Credentials, Environment, file, profile, sts};
use crate::transport::Transport;
use crate::world::World;

/// How long a renewal that failed is not tried again, while the old credentials are still good; and how old
/// credentials that the service calls expired must be to be renewed ahead of time.
const PAUSE: SignedDuration = SignedDuration::from_secs(10);

/// A source of credentials, in the order in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `ALIBABA_CLOUD_ACCESS_KEY_ID` and its companions.
    Environment,
    /// A role that is taken with the token of an identity provider.
    OidcRole,
    /// The profile of the vendor's command line.
    Profile,
    /// The credentials file of the vendor's SDKs.
    File,
    /// The role of the machine.
    InstanceRole,
    /// An address that gives credentials away.
    Uri,
}

impl Source {
    /// All sources, in the vendor's order.
    pub const ALL: [Self; 6] = [
        Self::Environment,
        Self::OidcRole,
        Self::Profile,
        Self::File,
        Self::InstanceRole,
        Self::Uri,
    ];

    /// Its name, for logs and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Environment => "environment variables",
            Self::OidcRole => "OIDC role",
            Self::Profile => "profile in ~/.aliyun/config.json",
            Self::File => "credentials file",
            Self::InstanceRole => "instance role",
            Self::Uri => "credentials URI",
        }
    }

    /// What it takes to get its credentials, if this source is there at all.
    async fn recipe(self, context: &Context) -> Result<Option<Recipe>, Error> {
        let environment = &context.environment;
        match self {
            Self::Environment => {
                const ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
                const SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
                let incomplete = |given, missing| Err(Error::Incomplete { given, missing });
                match (environment.get(ID), environment.get(SECRET)) {
                    (None, None) => Ok(None),
                    (Some(_), None) => incomplete(ID, SECRET),
                    (None, Some(_)) => incomplete(SECRET, ID),
                    (id, secret) => {
                        let token = environment.get("ALIBABA_CLOUD_SECURITY_TOKEN");
                        Ok(Some(Recipe::key(id, secret, token)?))
                    }
                }
            }
            Self::OidcRole => Ok(sts::of_environment(environment).map(
                |(role, provider, token_file)| Recipe::OidcRole {
                    role,
                    provider,
                    token_file: token_file.into(),
                },
            )),
            Self::Profile => profile::recipe(context).await,
            Self::File => file::recipe(context).await,
            Self::InstanceRole if environment.is_true("ALIBABA_CLOUD_ECS_METADATA_DISABLED") => {
                Ok(None)
            }
            Self::InstanceRole => Ok(Some(Recipe::Instance {
                role: environment.get("ALIBABA_CLOUD_ECS_METADATA"),
            })),
            Self::Uri => Ok(environment
                .get("ALIBABA_CLOUD_CREDENTIALS_URI")
                .map(Recipe::Uri)),
        }
    }

    /// Its credentials, if this source is there at all.
    async fn fetch(self, context: &Context) -> Result<Option<Fetched>, Error> {
        match self.recipe(context).await? {
            Some(recipe) => recipe.fetch(context).await.map(Some),
            None => Ok(None),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Credentials in use.
#[expect(missing_debug_implementations, reason = "it holds credentials (S10)")]
pub struct Held {
    credentials: Credentials,
    since: Timestamp,
    expires: Option<Timestamp>,
}

impl Held {
    /// The credentials.
    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Until when they are good, as far as that is known.
    pub fn expires(&self) -> Option<Timestamp> {
        self.expires
    }

    fn is_good(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }

    /// Whether four fifths of their life are over.
    fn is_due(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| {
            let life = expires.duration_since(self.since);
            now.duration_since(self.since) * 5 >= life * 4
        })
    }
}

/// The vendor's default chain of sources. The first that has credentials is kept to from then on, so that
/// a service that is away for a moment does not make another account act. Cheap to clone.
#[derive(Clone)]
pub struct Chain(Arc<Inner>);

struct Inner {
    context: Context,
    state: Mutex<State>,
    /// Held by whoever asks the sources: one at a time.
    flight: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    source: Option<Source>,
    held: Option<Arc<Held>>,
    /// How often the sources were asked.
    attempts: u64,
    /// Why the last attempt failed, if it did.
    error: Option<Error>,
    /// Before this no further attempt is made ahead of time.
    not_before: Option<Timestamp>,
}

impl Chain {
    /// A chain over this environment, which has not asked anybody yet.
    pub fn new(
        environment: Environment,
        transport: Transport,
        world: World,
        places: Places,
    ) -> Self {
        Self(Arc::new(Inner {
            context: Context {
                environment,
                transport,
                world,
                places,
            },
            state: Mutex::default(),
            flight: tokio::sync::Mutex::default(),
        }))
    }

    /// The source that is in use, once one is.
    pub fn source(&self) -> Option<Source> {
        self.state().source
    }

    /// Credentials that are good now. Asking once at the start tells whether there are any (S02).
    ///
    /// They are renewed in the background when four fifths of their life are over; until they expire the old
    /// ones are given out. However many ask, one request is made.
    ///
    /// # Errors
    ///
    /// When there are none.
    pub async fn current(&self) -> Result<Arc<Held>, Error> {
        let now = self.now();
        let (held, attempts) = {
            let state = self.state();
            (state.held.clone(), state.attempts)
        };
        if let Some(held) = held.filter(|held| held.is_good(now)) {
            if self.is_due(now) {
                let chain = self.clone();
                tokio::spawn(async move { chain.renew_ahead().await });
            }
            return Ok(held);
        }
        let _flight = self.0.flight.lock().await;
        {
            // Somebody else may have asked in the meantime: the answer was for all who waited.
            let state = self.state();
            if state.attempts != attempts {
                if let Some(held) = state.held.as_ref().filter(|held| held.is_good(now)) {
                    return Ok(Arc::clone(held));
                }
                if let Some(error) = &state.error {
                    return Err(error.clone());
                }
            }
        }
        self.renew().await
    }

    /// Other credentials than these, which the service calls expired (G07). The same, if the source has no
    /// others or was asked a moment ago.
    ///
    /// # Errors
    ///
    /// When the source has none any more.
    pub async fn instead_of(&self, refused: &Arc<Held>) -> Result<Arc<Held>, Error> {
        let _flight = self.0.flight.lock().await;
        let now = self.now();
        let held = self.state().held.clone();
        if let Some(held) = held.filter(|held| !Arc::ptr_eq(held, refused) && held.is_good(now)) {
            return Ok(held);
        }
        if now.duration_since(refused.since) < PAUSE {
            return Ok(Arc::clone(refused));
        }
        self.renew().await
    }

    async fn renew_ahead(&self) {
        let Ok(_flight) = self.0.flight.try_lock() else {
            return;
        };
        if !self.is_due(self.now()) {
            return;
        }
        if let Err(error) = self.renew().await {
            tracing::warn!(%error, "credentials can not be renewed; the old ones are used until they expire");
        }
    }

    /// Asks the source in use, or all of them. Only whoever holds `flight` calls it.
    async fn renew(&self) -> Result<Arc<Held>, Error> {
        let source = self.source();
        let result = match source {
            Some(source) => match source.fetch(&self.0.context).await {
                Ok(Some(fetched)) => Ok((source, fetched)),
                Ok(None) => Err(Error::Nowhere(format!("{source}: not there any more"))),
                Err(error) => Err(error),
            },
            None => self.search().await,
        };
        let now = self.now();
        let mut state = self.state();
        state.attempts += 1;
        match result {
            Ok((source, fetched)) => {
                let held = Arc::new(Held {
                    credentials: fetched.credentials,
                    since: now,
                    expires: fetched.expires,
                });
                state.source = Some(source);
                state.held = Some(Arc::clone(&held));
                state.error = None;
                state.not_before = None;
                let expires = held.expires.map(tracing::field::display);
                tracing::info!(%source, expires, "credentials obtained");
                Ok(held)
            }
            Err(error) => {
                state.error = Some(error.clone());
                state.not_before = now.checked_add(PAUSE).ok();
                Err(error)
            }
        }
    }

    /// The first source that has credentials. One that is there but has none is told about.
    async fn search(&self) -> Result<(Source, Fetched), Error> {
        let mut reasons = Vec::new();
        for source in Source::ALL {
            match source.fetch(&self.0.context).await {
                Ok(Some(fetched)) => return Ok((source, fetched)),
                Ok(None) => reasons.push(format!("{source}: not set")),
                Err(error) => {
                    // Most machines have no metadata service, and nobody said that this one has.
                    if !matches!(error, Error::NoAnswer { absent: true, .. }) {
                        tracing::warn!(%source, %error, "a source of credentials has none");
                    }
                    reasons.push(format!("{source}: {error}"));
                }
            }
        }
        Err(Error::Nowhere(reasons.join("; ")))
    }

    fn is_due(&self, now: Timestamp) -> bool {
        let state = self.state();
        state.held.as_ref().is_some_and(|held| held.is_due(now))
            && state.not_before.is_none_or(|before| now >= before)
    }

    fn now(&self) -> Timestamp {
        self.0.context.world.now()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is replaced as a whole and is never half-written.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Chain");
        debug
            .field("source", &self.source())
            .finish_non_exhaustive()
    }
}
