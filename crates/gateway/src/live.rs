//! [`Live`]: the real service, as an [`Upstream`]. Each call is built anew from closed tables, signed, and
//! sent over TLS.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, header};
use http_body_util::Full;
use jiff::{SignedDuration, Timestamp};

use crate::credentials::{Chain, Credentials};
use crate::operation::Product;
use crate::region::Region;
use crate::sign::{self, Signed, sign};
use crate::transport::{
    CONNECT, Endpoint, FIRST_BYTE, Limits, NoReply, Pool, Received, Transport, Unreachable,
};
use crate::upstream::{Call, Failure, MAX_REPLY, Mode, Reply, Step, Upstream};
use crate::world::World;

/// What this program calls itself.
const USER_AGENT: &str = concat!("dsw-composer/", env!("CARGO_PKG_VERSION"));
/// What the body of a create is.
const JSON: &str = "application/json; charset=utf-8";
/// By how much the clock must differ from what was used, for another attempt to make sense.
const NOTABLE: SignedDuration = SignedDuration::from_secs(60);

/// The live service. Needs a Tokio runtime.
pub struct Live {
    world: World,
    credentials: Chain,
    transport: Transport,
    /// For reads, which may be repeated and so may share connections.
    pool: Pool,
    endpoint: Option<Endpoint>,
    /// Milliseconds that the service's clock is ahead of ours, as far as it mattered so far (G07).
    offset: AtomicI64,
}

impl Live {
    /// The service as these credentials see it. An `endpoint` takes the place of all of its hosts.
    pub fn new(
        world: World,
        credentials: Chain,
        transport: Transport,
        endpoint: Option<Endpoint>,
    ) -> Self {
        Self {
            world,
            credentials,
            pool: Pool::new(transport.clone()),
            transport,
            endpoint,
            offset: AtomicI64::new(0),
        }
    }

    /// How far the service's clock is ahead of ours. Zero until it refused a request for its time.
    pub fn offset(&self) -> SignedDuration {
        SignedDuration::from_millis(self.offset.load(Ordering::Relaxed))
    }

    /// Where the credentials come from.
    pub fn credentials(&self) -> &Chain {
        &self.credentials
    }

    /// Whom a call goes to (S07).
    fn endpoint(&self, product: Product, region: Region) -> Endpoint {
        let own = || Endpoint::secure(product.host(region));
        self.endpoint.clone().unwrap_or_else(own)
    }

    async fn make(&self, call: Call) -> Result<Reply, Failure> {
        let endpoint = self.endpoint(call.operation.facts().product, call.region);
        let held = self.credentials.current().await;
        // Paths and addresses of this machine are for its log, not for whoever called (S20).
        let held = held.map_err(|error| {
            tracing::error!(%error, "there are no credentials");
            Failure::NotSent {
                host: endpoint.authority(),
                step: Step::Credentials,
                reason: "the gateway's log says why".to_owned(),
            }
        })?;
        let offset = self.offset();
        let reply = self.send(&call, &endpoint, held.credentials(), offset);
        let reply = reply.await?;
        let corrected = match Refusal::of(&reply) {
            None => None,
            Some(Refusal::Time) => self.follow_clock(&reply, offset).then_some(held),
            Some(Refusal::Token) => match self.credentials.instead_of(&held).await {
                Ok(other) => (!other.credentials().is(held.credentials())).then_some(other),
                Err(error) => {
                    tracing::warn!(%error, "the service calls the credentials expired; there are no others");
                    None
                }
            },
        };
        match corrected {
            // The refusal was definite, so this is still the only request that can have an effect.
            Some(held) => {
                let credentials = held.credentials();
                self.send(&call, &endpoint, credentials, self.offset())
                    .await
            }
            None => Ok(reply),
        }
    }

    /// Signs with a fresh nonce and date, and sends.
    async fn send(
        &self,
        call: &Call,
        endpoint: &Endpoint,
        credentials: &Credentials,
        offset: SignedDuration,
    ) -> Result<Reply, Failure> {
        let host = endpoint.authority();
        let date = self.world.now().saturating_add(offset);
        let date = date.expect("a time and an offset of milliseconds can be added");
        let signed = signed(call, &host, credentials, date, &self.world.token());
        let request = request(call, signed);
        let limits = Limits {
            connect: CONNECT,
            first_byte: FIRST_BYTE,
        };
        let answer = if call.operation.is_read() {
            self.pool.ask(endpoint, request, limits, MAX_REPLY).await
        } else {
            self.transport
                .ask(endpoint, request, limits, MAX_REPLY)
                .await
        };
        match answer {
            Ok(received) => Ok(self.reply(received)),
            Err(NoReply::Unreachable(Unreachable { step, reason })) => {
                Err(Failure::NotSent { host, step, reason })
            }
            Err(NoReply::Lost { reason, timed_out }) => Err(Failure::Lost {
                host,
                reason,
                timed_out,
            }),
        }
    }

    fn reply(&self, received: Received) -> Reply {
        let date = date(&received.headers, header::DATE.as_str());
        let now = date.unwrap_or_else(|| self.world.now());
        Reply {
            status: received.status,
            retry_after: retry_after(&received.headers, now),
            date,
            body: received.body,
        }
    }

    /// Goes by the service's clock from now on. Whether that differs from what was `used`.
    fn follow_clock(&self, reply: &Reply, used: SignedDuration) -> bool {
        let Some(date) = reply.date else {
            return false;
        };
        let offset = date.duration_since(self.world.now());
        if (offset - used).abs() < NOTABLE {
            return false;
        }
        let milliseconds = i64::try_from(offset.as_millis()).unwrap_or(0);
        self.offset.store(milliseconds, Ordering::Relaxed);
        let seconds = offset.as_secs();
        tracing::warn!(
            seconds,
            "the clock is wrong: the service's is ahead by so much"
        );
        true
    }
}

impl Upstream for Live {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Reply, Failure>> {
        Box::pin(self.make(call))
    }

    fn mode(&self) -> Mode {
        Mode::Live
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live")
            .field("credentials", &self.credentials)
            .field("endpoint", &self.endpoint)
            .field("offset", &self.offset())
            .finish_non_exhaustive()
    }
}

/// The call, signed: method, path and names come from the table, values and body from the call (S07, S08).
fn signed(
    call: &Call,
    host: &str,
    credentials: &Credentials,
    date: Timestamp,
    nonce: &str,
) -> Signed {
    let facts = call.operation.facts();
    let query: Vec<_> = call
        .query
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let request = sign::Request {
        method: &facts.method,
        host,
        path: &facts.path_with(call.id.as_ref()),
        query: &query,
        action: facts.name,
        version: facts.product.version(),
        content_type: (!call.body.is_empty()).then_some(JSON),
        body: &call.body,
    };
    sign(&request, credentials, date, nonce)
}

/// The request as it is sent: the headers that were signed, and a few that need not be. None is a client's.
fn request(call: &Call, signed: Signed) -> Request<Full<Bytes>> {
    let facts = call.operation.facts();
    let mut request = Request::new(Full::new(call.body.clone()));
    *request.method_mut() = facts.method.clone();
    let target = Uri::try_from(signed.target);
    *request.uri_mut() = target.expect("tables and escapes make a target");
    let headers = request.headers_mut();
    headers.extend(signed.headers);
    let ours = [
        (header::ACCEPT, "application/json"),
        (header::ACCEPT_ENCODING, "identity"),
        (header::USER_AGENT, USER_AGENT),
    ];
    for (name, value) in ours {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !call.operation.is_read() {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    request
}

/// A definite refusal after which another attempt makes sense, if it is made differently (G07).
enum Refusal {
    /// The request's time is too far from the service's.
    Time,
    /// The security token has expired.
    Token,
}

impl Refusal {
    fn of(reply: &Reply) -> Option<Self> {
        #[derive(serde::Deserialize)]
        struct Body {
            #[serde(rename = "Code", alias = "code")]
            code: String,
        }
        let status = StatusCode::from_u16(reply.status).ok()?;
        if !status.is_client_error() {
            return None;
        }
        let body: Body = serde_json::from_slice(&reply.body).ok()?;
        match body.code.as_str() {
            "InvalidTimeStamp.Expired" | "IllegalTimestamp" => Some(Self::Time),
            "InvalidSecurityToken.Expired" | "SecurityTokenExpired" => Some(Self::Token),
            _ => None,
        }
    }
}

/// How long to wait: `x-acs-retry-after` in milliseconds, or `Retry-After` in seconds or as a date.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let number = |name| text(name).and_then(|text| text.trim().parse().ok());
    if let Some(milliseconds) = number("x-acs-retry-after").filter(|wait| *wait > 0) {
        return Some(Duration::from_millis(milliseconds));
    }
    if let Some(seconds) = number("retry-after") {
        return Some(Duration::from_secs(seconds));
    }
    let wait = date(headers, "retry-after")?.duration_since(now);
    Some(wait.try_into().unwrap_or(Duration::ZERO))
}

/// The date in a header.
fn date(headers: &HeaderMap, name: &str) -> Option<Timestamp> {
    let text = headers.get(name)?.to_str().ok()?;
    let date = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    Some(date.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::{Environment, Places};
    use crate::operation::OPERATIONS;
    use tokio_rustls::rustls::RootCertStore;

    fn live(endpoint: Option<Endpoint>) -> Live {
        let world = World::new(|| Timestamp::UNIX_EPOCH, || [0; 16]);
        let transport = Transport::new(RootCertStore::empty());
        let environment = Environment::new(|_| None, None);
        let places = Places::default();
        let chain = Chain::new(environment, transport.clone(), world.clone(), places);
        Live::new(world, chain, transport, endpoint)
    }

    #[test]
    fn s07_hosts_come_from_closed_tables_or_from_the_operator() {
        let own = live(None);
        let given = live(Endpoint::parse("https://pai.example:8443").ok());
        for facts in &OPERATIONS {
            for region in Region::all() {
                let endpoint = own.endpoint(facts.product, region);
                let host = facts.product.host(region);
                assert_eq!(endpoint.address("/"), format!("https://{host}/"));
                assert!(host.ends_with(&format!(".{region}.aliyuncs.com")));
                let endpoint = given.endpoint(facts.product, region);
                assert_eq!(endpoint.address("/"), "https://pai.example:8443/");
            }
        }
    }
}
