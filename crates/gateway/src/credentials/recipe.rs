//! [`Recipe`]: what it takes to get credentials, as the variables or a file tell it; and getting them.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::Request;
use http_body_util::Full;
use jiff::Timestamp;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{Credentials, Environment, Malformed, instance, sts, uri};
use crate::transport::{self, Endpoint, Limits, NoReply, Received, Transport};
use crate::world::World;

/// Bytes of the largest file or answer with credentials.
const MAX_SIZE: usize = 1 << 20;

/// Why a source has no credentials. None of it holds anything secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No source has any.
    #[error("no source has credentials: {0}")]
    Nowhere(String),
    /// One thing is given without another.
    #[error("{given} is given without {missing}")]
    Incomplete {
        /// What is there.
        given: &'static str,
        /// What it needs besides.
        missing: &'static str,
    },
    /// What is given is no access key.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A file is of no use.
    #[error("{path}: {reason}")]
    File {
        /// Which file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Somebody could not be asked, or gave no answer.
    #[error("{who}: {reason}")]
    NoAnswer {
        /// Who was asked.
        who: String,
        /// What went wrong.
        reason: String,
        /// Whether there was nobody to be asked.
        absent: bool,
    },
    /// Somebody refused.
    #[error("{who} refused with status {status}{}", with_code(code.as_deref()))]
    Refused {
        /// Who was asked.
        who: String,
        /// HTTP status.
        status: u16,
        /// The code that was given as the reason.
        code: Option<String>,
    },
    /// Somebody answered something else.
    #[error("{who} answered {what}")]
    BadAnswer {
        /// Who was asked.
        who: String,
        /// What it was instead.
        what: &'static str,
    },
    /// A variable's value is not what it must be.
    #[error("{name} is not {expected}")]
    BadVariable {
        /// The variable.
        name: &'static str,
        /// What it must be.
        expected: &'static str,
    },
}

fn with_code(code: Option<&str>) -> String {
    code.map(|code| format!(" ({code})")).unwrap_or_default()
}

impl Error {
    pub(super) fn file(path: &Path, reason: impl Into<String>) -> Self {
        Self::File {
            path: path.display().to_string(),
            reason: reason.into(),
        }
    }
}

/// Where the services are that credentials come from.
#[derive(Clone, Debug)]
pub struct Places {
    /// The instance metadata service.
    pub metadata: Endpoint,
    /// The Security Token Service, in place of the one that the region decides.
    pub sts: Option<Endpoint>,
}

impl Default for Places {
    fn default() -> Self {
        let metadata = "http://100.100.100.200".parse().ok();
        Self {
            metadata: metadata
                .and_then(|uri| Endpoint::of(&uri))
                .expect("a fixed address"),
            sts: None,
        }
    }
}

/// What all sources need.
pub(super) struct Context {
    pub(super) environment: Environment,
    pub(super) transport: Transport,
    pub(super) world: World,
    pub(super) places: Places,
}

/// What it takes to get credentials.
pub(super) enum Recipe {
    /// They are here.
    Key(Credentials),
    /// Others are to be exchanged for those of a role.
    Role { base: Box<Recipe>, role: sts::Role },
    /// A token of an identity provider is to be exchanged for those of a role.
    OidcRole {
        role: sts::Role,
        provider: String,
        token_file: PathBuf,
    },
    /// The instance has a role; its name may have to be asked for.
    Instance { role: Option<String> },
    /// Somebody gives them away at an address.
    Uri(String),
}

/// Credentials, and until when they are good.
pub(super) struct Fetched {
    pub(super) credentials: Credentials,
    pub(super) expires: Option<Timestamp>,
}

impl Recipe {
    /// A key, with the token that a temporary one has.
    pub(super) fn key(
        key_id: Option<String>,
        secret: Option<String>,
        security_token: Option<String>,
    ) -> Result<Self, Malformed> {
        let text = Option::unwrap_or_default;
        Credentials::new(text(key_id), text(secret), security_token).map(Self::Key)
    }

    /// Gets them.
    pub(super) fn fetch(self, context: &Context) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(async move {
            match self {
                Self::Key(credentials) => Ok(Fetched {
                    credentials,
                    expires: None,
                }),
                Self::Role { base, role } => {
                    let base = base.fetch(context).await?;
                    sts::assume(&role, &base.credentials, context).await
                }
                Self::OidcRole {
                    role,
                    provider,
                    token_file,
                } => sts::assume_with_oidc(&role, &provider, &token_file, context).await,
                Self::Instance { role } => instance::fetch(role, context).await,
                Self::Uri(address) => uri::fetch(&address, context).await,
            }
        })
    }
}

/// Credentials as all services write them.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    code: Option<String>,
    access_key_id: Option<String>,
    access_key_secret: Option<Zeroizing<String>>,
    security_token: Option<Zeroizing<String>>,
    expiration: Option<String>,
}

impl Answer {
    /// Whether it says that it is a success, where it says anything about it.
    pub(super) fn is_success(&self) -> bool {
        self.code.as_deref().is_none_or(|code| code == "Success")
    }

    /// Takes the credentials.
    pub(super) fn take(self, who: &str, now: Timestamp) -> Result<Fetched, Error> {
        let bad = |what| Error::BadAnswer {
            who: who.to_owned(),
            what,
        };
        let credentials = Credentials::new(
            self.access_key_id.unwrap_or_default(),
            bare(self.access_key_secret).unwrap_or_default(),
            bare(self.security_token),
        )?;
        if credentials.security_token().is_none() {
            return Err(bad("a key without its token"));
        }
        let expires = self.expiration.and_then(|text| text.parse().ok());
        let expires: Timestamp = expires.ok_or_else(|| bad("a key without its time of expiry"))?;
        if expires <= now {
            return Err(bad("a key that has expired; check the clock"));
        }
        Ok(Fetched {
            credentials,
            expires: Some(expires),
        })
    }
}

/// The text of a secret, to be moved to where it is wiped from in turn.
pub(super) fn bare(secret: Option<Zeroizing<String>>) -> Option<String> {
    secret.map(|mut secret| std::mem::take(&mut *secret))
}

/// Asks somebody over HTTP. `who` is named in errors.
pub(super) async fn ask(
    who: &str,
    endpoint: &Endpoint,
    request: Request<Full<Bytes>>,
    limits: Limits,
    context: &Context,
) -> Result<Received, Error> {
    let asked = context.transport.ask(endpoint, request, limits, MAX_SIZE);
    // A body may come drop by drop.
    let limit = limits.connect + limits.first_byte;
    let asked = tokio::time::timeout(limit, asked).await;
    asked
        .unwrap_or_else(|_| Err(NoReply::late(limit)))
        .map_err(|error| Error::NoAnswer {
            who: who.to_owned(),
            reason: error.to_string(),
            absent: matches!(error, NoReply::Unreachable(_)),
        })
}

/// Reads an answer as JSON. What it holds instead is not told: it may be secret.
pub(super) fn read<'a, T: Deserialize<'a>>(who: &str, body: &'a [u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|_| Error::BadAnswer {
        who: who.to_owned(),
        what: "something that is no JSON of credentials",
    })
}

/// A refusal, with the code that it gives, if that is a code.
pub(super) fn refused(who: &str, reply: &Received) -> Error {
    #[derive(Deserialize)]
    struct Refusal {
        #[serde(alias = "code", rename = "Code")]
        code: Option<String>,
    }
    let code = serde_json::from_slice(&reply.body)
        .ok()
        .and_then(|refusal: Refusal| refusal.code);
    let is_code = |code: &String| {
        code.len() <= 128
            && code
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    Error::Refused {
        who: who.to_owned(),
        status: reply.status,
        code: code.filter(is_code),
    }
}

/// Reads a file that may hold secrets, if there is one. Says so when it is `private` and others may read it.
pub(super) async fn read_file(
    path: &Path,
    private: bool,
) -> Result<Option<Zeroizing<String>>, Error> {
    let failed = |error: std::io::Error| Error::file(path, transport::reason(&error));
    let metadata = match tokio::fs::metadata(path).await {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if usize::try_from(metadata.len()).is_ok_and(|length| length > MAX_SIZE) {
        return Err(Error::file(path, "it has more than 1 MiB"));
    }
    let text = tokio::fs::read_to_string(path).await.map_err(failed)?;
    if private && is_shared(&metadata) {
        tracing::warn!(path = %path.display(), "other users can read this file with credentials: chmod 600");
    }
    Ok(Some(Zeroizing::new(text)))
}

/// Whether others than its owner may read a file.
#[cfg(unix)]
fn is_shared(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o044 != 0
}

/// Whether others than its owner may read a file: not told by permissions alone on this system.
#[cfg(not(unix))]
fn is_shared(_metadata: &std::fs::Metadata) -> bool {
    false
}
