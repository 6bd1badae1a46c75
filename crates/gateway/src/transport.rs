//! How others are reached: name look-up, connection, TLS, one request, one reply within its limits.
//!
//! Nothing is repeated and no redirect is followed. Certificates are always checked: there is no switch.

use std::error::Error;
use std::fmt::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::uri::{Scheme, Uri};
use http::{HeaderMap, Request, Response, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::upstream::{MAX_REPLY_HEAD, Step};

mod line;

use line::Line;
pub(crate) use line::Pool;

/// Time for looking up a host, connecting and agreeing on encryption, together (G04).
pub const CONNECT: Duration = Duration::from_secs(5);
/// Time from the request until the whole head of the reply is there (G04).
pub const FIRST_BYTE: Duration = Duration::from_secs(20);

/// Characters of the longest reason that is told.
const MAX_REASON: usize = 300;

/// A connection, encrypted or not.
type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Whom to connect to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    secure: bool,
    /// A name or an address, without brackets.
    host: String,
    port: u16,
}

/// Why an address is not taken for the service's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It is not of this form.
    #[error("an endpoint is https://host or https://host:port, with nothing after it")]
    Malformed,
    /// What is sent must be encrypted, unless it stays on this machine.
    #[error("http: is only for this machine; use https:, or 127.0.0.1")]
    Plain,
}

impl Endpoint {
    /// The standard port of a host, encrypted.
    pub(crate) fn secure(host: String) -> Self {
        Self {
            secure: true,
            host,
            port: 443,
        }
    }

    /// An address that the operator gives in place of the service's own: `https://host[:port]`, or
    /// `http://…` when it does not leave this machine (S07).
    ///
    /// # Errors
    ///
    /// When it is something else.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let uri: Uri = text.parse().map_err(|_| EndpointError::Malformed)?;
        let bare = matches!(uri.path(), "" | "/") && uri.query().is_none() && !text.contains('#');
        let endpoint = Self::of(&uri)
            .filter(|_| bare)
            .ok_or(EndpointError::Malformed)?;
        if endpoint.secure || endpoint.is_loopback() {
            Ok(endpoint)
        } else {
            Err(EndpointError::Plain)
        }
    }

    /// The endpoint that a whole address is at, if it can be one: without user and password.
    pub(crate) fn of(uri: &Uri) -> Option<Self> {
        let secure = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return None,
        };
        let authority = uri.authority()?;
        let host = authority.host().to_ascii_lowercase();
        let host = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(&host);
        ServerName::try_from(host).ok()?;
        let standard = if secure { 443 } else { 80 };
        // A port that is no number is part of what `port` does not find.
        let port = match authority.as_str().rsplit_once(':') {
            Some((_, rest)) if !rest.ends_with(']') => {
                authority.port_u16().filter(|port| *port > 0)?
            }
            _ => standard,
        };
        (!authority.as_str().contains('@')).then(|| Self {
            secure,
            host: host.to_owned(),
            port,
        })
    }

    /// Whether it is on this machine by its very name.
    pub(crate) fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback(),
            Err(_) => self.host == "localhost",
        }
    }

    /// Value of `Host`: the host, and its port if that is not the standard one.
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        if self.port == if self.secure { 443 } else { 80 } {
            host
        } else {
            format!("{host}:{}", self.port)
        }
    }

    /// The whole address of a target: a path, perhaps with a query.
    pub(crate) fn address(&self, target: &str) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}{target}", self.authority())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address(""))
    }
}

/// No connection came about, so nothing of a request has left.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{step} failed: {reason}")]
pub(crate) struct Unreachable {
    /// What failed.
    pub(crate) step: Step,
    /// The cause, in words.
    pub(crate) reason: String,
}

/// Why there is no reply to a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoReply {
    /// Nothing of it has left.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    /// It may have been received.
    #[error("{reason}")]
    Lost {
        /// The cause, in words.
        reason: String,
        /// Whether time ran out.
        timed_out: bool,
    },
}

impl NoReply {
    /// A reply that was not taken.
    pub(crate) fn lost(reason: impl Into<String>) -> Self {
        Self::Lost {
            reason: reason.into(),
            timed_out: false,
        }
    }

    /// No reply in time.
    pub(crate) fn late(limit: Duration) -> Self {
        Self::Lost {
            reason: format!("no answer within {} s", limit.as_secs()),
            timed_out: true,
        }
    }
}

/// A whole reply.
pub(crate) struct Received {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What all connections share. Cheap to clone.
#[derive(Clone)]
pub struct Transport {
    tls: TlsConnector,
}

/// The certificates that this system trusts cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("no certificate of an authority is trusted here: {0}")]
pub struct NoRoots(String);

/// The authorities that this system trusts.
///
/// # Errors
///
/// When there are none: nobody could be reached.
pub fn native_roots() -> Result<RootCertStore, NoRoots> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (_, ignored) = roots.add_parsable_certificates(found.certs);
    for error in &found.errors {
        tracing::warn!(%error, "some trusted certificates can not be read");
    }
    if ignored > 0 {
        tracing::warn!(ignored, "some trusted certificates are not understood");
    }
    if roots.is_empty() {
        let reason = found.errors.first().map(ToString::to_string);
        let hint = || "install the package ca-certificates, or set SSL_CERT_FILE".to_owned();
        return Err(NoRoots(reason.unwrap_or_else(hint)));
    }
    Ok(roots)
}

impl Transport {
    /// A transport that trusts these authorities, and no others.
    ///
    /// # Panics
    ///
    /// Never: the cipher suites are fixed, and fit the protocol versions.
    pub fn new(roots: RootCertStore) -> Self {
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has suites for the default versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Self {
            tls: TlsConnector::from(Arc::new(config)),
        }
    }

    /// Connects, within [`CONNECT`] or what is left of it.
    async fn connect(&self, endpoint: &Endpoint, limit: Duration) -> Result<Stream, Unreachable> {
        let deadline = Instant::now() + limit;
        let failed = |step| move |reason| Unreachable { step, reason };
        let addresses = lookup(endpoint, deadline)
            .await
            .map_err(failed(Step::Lookup))?;
        let stream = connect_any(&addresses, deadline)
            .await
            .map_err(failed(Step::Connect))?;
        if !endpoint.secure {
            return Ok(MaybeHttpsStream::Http(TokioIo::new(stream)));
        }
        let name = ServerName::try_from(endpoint.host.clone())
            .map_err(|error| failed(Step::Tls)(reason(&error)))?;
        let stream = TokioIo::new(TokioIo::new(stream));
        match timeout_at(deadline, self.tls.connect(name, stream)).await {
            Ok(Ok(stream)) => Ok(MaybeHttpsStream::from(stream)),
            Ok(Err(error)) => Err(failed(Step::Tls)(reason(&error))),
            Err(_) => Err(failed(Step::Tls)("no answer in time".to_owned())),
        }
    }

    /// A connection that can be asked.
    async fn line(&self, endpoint: &Endpoint, limit: Duration) -> Result<Line, Unreachable> {
        Line::new(self.connect(endpoint, limit).await?).await
    }

    /// Sends a request over a connection of its own, and receives the reply, of at most so many bytes.
    pub(crate) async fn ask(
        &self,
        endpoint: &Endpoint,
        request: Request<Full<Bytes>>,
        limits: Limits,
        most: usize,
    ) -> Result<Received, NoReply> {
        let mut line = self.line(endpoint, limits.connect).await?;
        Ok(line.ask(request, limits.first_byte, most).await?)
    }
}

/// How long the parts of a call may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connect: Duration,
    pub(crate) first_byte: Duration,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}

/// A connection that was closed before the request was written.
fn unused(reason: String) -> Unreachable {
    Unreachable {
        step: Step::Connect,
        reason,
    }
}

/// Reads the rest of a reply, of at most so many bytes and without content coding (S11).
async fn receive(response: Response<Incoming>, most: usize) -> Result<Received, NoReply> {
    let (head, body) = response.into_parts();
    // A head that is larger but came in one piece fits into the connection's buffer.
    let lines = head.headers.iter();
    let head_size: usize = lines
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if head_size > MAX_REPLY_HEAD {
        return Err(NoReply::lost(format!(
            "the reply's head has more than {MAX_REPLY_HEAD} bytes"
        )));
    }
    let too_large = || NoReply::lost(format!("the reply has more than {most} bytes"));
    let coding = head.headers.get(header::CONTENT_ENCODING);
    if coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(NoReply::lost(
            "the reply has a content coding that was not asked for",
        ));
    }
    if body.size_hint().lower() > u64::try_from(most).unwrap_or(u64::MAX) {
        return Err(too_large());
    }
    match Limited::new(body, most).collect().await {
        Ok(body) => Ok(Received {
            status: head.status.as_u16(),
            headers: head.headers,
            body: body.to_bytes(),
        }),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(error) => Err(NoReply::lost(reason(&*error))),
    }
}

async fn lookup(endpoint: &Endpoint, deadline: Instant) -> Result<Vec<SocketAddr>, String> {
    let looking = lookup_host((endpoint.host.as_str(), endpoint.port));
    let found: Vec<_> = match timeout_at(deadline, looking).await {
        Ok(Ok(found)) => found.collect(),
        Ok(Err(error)) => return Err(reason(&error)),
        Err(_) => return Err("no answer in time".to_owned()),
    };
    if found.is_empty() {
        return Err("the host has no address".to_owned());
    }
    Ok(found)
}

/// Tries one address after the other; the time that is left is shared among those that are left.
async fn connect_any(addresses: &[SocketAddr], deadline: Instant) -> Result<TcpStream, String> {
    let mut last = String::new();
    for (tried, address) in addresses.iter().enumerate() {
        let now = Instant::now();
        let left = u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
        let share = deadline.saturating_duration_since(now) / left;
        match timeout_at(now + share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Only latency is lost without it.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "small packets may be delayed");
                }
                return Ok(stream);
            }
            Ok(Err(error)) => last = reason(&error),
            Err(_) => "no answer in time".clone_into(&mut last),
        }
    }
    Err(last)
}

/// An error and its causes in one line of bounded length, without control characters.
pub(crate) fn reason(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let told = error.to_string();
        if !text.contains(&told) {
            // Writing to a `String` does not fail.
            let _ = write!(text, ": {told}");
        }
        cause = error.source();
    }
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(MAX_REASON).collect()
}
