//! The accept loop: connections, their limits (S11, S12), and how the program stops (G08).
//!
//! `axum::serve` has no timers, so hyper is driven here, behind a gate of its own (`server/gate.rs`).

use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use futures_util::FutureExt as _;
use http_body_util::BodyExt as _;
use hyper::body::Body as _;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use crate::app::{App, Gateway};
use crate::error::{Code, Error};
use crate::limits::{Limits, MAX_HEAD, MAX_HEADERS};

mod gate;
mod head;

use gate::Gate;

/// Where the program listens.
#[derive(Debug, Default)]
pub struct Listeners(Vec<TcpListener>);

impl Listeners {
    /// This port on the loopback addresses of IPv4 and IPv6 (S01). Port 0 takes any port, the same on both. A
    /// machine without IPv6 is listened to on IPv4 alone.
    ///
    /// # Errors
    ///
    /// When the port is taken or reserved.
    pub async fn loopback(port: u16) -> io::Result<Self> {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = first.local_addr()?.port();
        let mut listeners = vec![first];
        match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
            Ok(second) => listeners.push(second),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            Err(error) => tracing::info!(%error, "there is no IPv6 loopback: IPv4 only"),
        }
        Ok(Self(listeners))
    }

    /// One address that the operator chose.
    ///
    /// # Errors
    ///
    /// When it is taken, reserved, or not of this machine.
    pub async fn at(address: SocketAddr) -> io::Result<Self> {
        Ok(Self(vec![TcpListener::bind(address).await?]))
    }

    /// Listens where others do as well.
    pub fn add(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// The addresses that are listened to.
    ///
    /// # Errors
    ///
    /// When the system does not say.
    pub fn addresses(&self) -> io::Result<Vec<SocketAddr>> {
        self.0.iter().map(TcpListener::local_addr).collect()
    }
}

/// Lets the program hold as many connections as the system allows.
///
/// # Errors
///
/// When the system does not say how many that are.
pub fn raise_file_limit() -> io::Result<u64> {
    rlimit::increase_nofile_limit(rlimit::INFINITY)
}

/// Most clients at a time that are told that there is no room for them.
const MOST_TURNED_AWAY: usize = 64;

/// Serves until `stop` completes. Then no connection is accepted any more, idle ones are closed, and requests
/// under way and tasks get [`Limits::stop`] to finish. Returns whether all of them did.
pub async fn serve(listeners: Listeners, app: App, stop: impl Future<Output = ()>) -> bool {
    let limits = app.limits;
    let most = app
        .settings
        .max_connections
        .clamp(1, Semaphore::MAX_PERMITS);
    let (stopping, stopped) = watch::channel(false);
    let server = Arc::new(Server {
        room: Arc::new(Semaphore::new(most)),
        desk: Arc::new(Semaphore::new(MOST_TURNED_AWAY)),
        tasks: app.tasks.clone(),
        gateway: Gateway::new(app),
        http: http(),
        limits,
        stopped,
    });
    let loops = listeners.0.into_iter().map(|listener| {
        let server = Arc::clone(&server);
        tokio::spawn(async move { server.accept_all(listener).await })
    });
    let loops: Vec<_> = loops.collect();
    stop.await;
    tracing::info!("stopping: no new connections");
    for accepting in loops {
        accepting.abort();
    }
    // The receivers are those of connections; without any nobody has to be told.
    stopping.send_replace(true);
    server.tasks.close();
    let all = u32::try_from(most).unwrap_or(u32::MAX);
    let finished = async {
        // Each connection holds one permit.
        let _connections = server.room.acquire_many(all).await;
        server.tasks.wait().await;
    };
    let in_time = timeout(limits.stop, finished).await.is_ok();
    if in_time {
        tracing::info!("stopped");
    } else {
        tracing::warn!("stopped while requests were under way");
    }
    in_time
}

/// How hyper speaks HTTP. What it would refuse has been refused before it sees it.
fn http() -> http1::Builder {
    let mut http = http1::Builder::new();
    http.half_close(true)
        .header_read_timeout(None)
        .max_headers(MAX_HEADERS)
        .max_header_size(MAX_HEAD)
        .max_buf_size(4 * MAX_HEAD);
    http
}

struct Server {
    gateway: Gateway,
    http: http1::Builder,
    limits: Limits,
    /// A permit for each connection.
    room: Arc<Semaphore>,
    /// A permit for each client that is turned away.
    desk: Arc<Semaphore>,
    tasks: tokio_util::task::TaskTracker,
    stopped: watch::Receiver<bool>,
}

impl Server {
    async fn accept_all(self: Arc<Self>, listener: TcpListener) {
        loop {
            let stream = match listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Either this one connection is gone already, or there are no descriptors left; then a pause helps.
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(Duration::from_millis(20)).await;
                    continue;
                }
            };
            let server = Arc::clone(&self);
            if let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() {
                tokio::spawn(async move {
                    server.talk(stream).await;
                    drop(permit);
                });
            } else if let Ok(permit) = Arc::clone(&self.desk).try_acquire_owned() {
                tokio::spawn(async move {
                    server.turn_away(stream).await;
                    drop(permit);
                });
            }
        }
    }

    /// Answers the requests of a connection.
    async fn talk(&self, stream: TcpStream) {
        let _counted = self.gateway.app().metrics.connection();
        // Answers are written whole, so there is nothing to wait for. It is a hint, and works without.
        let _ = stream.set_nodelay(true);
        let mut stopped = self.stopped.clone();
        let mut gate = Gate::new(stream, self.limits);
        let gateway = &self.gateway;
        let (stream, refused) = loop {
            tokio::select! {
                begun = gate.has_begun() => if !begun { return },
                _ = stopped.wait_for(|stopped| *stopped) => return,
            }
            // Apart, so that a connection that rests does not hold room for hyper's.
            let conversation = Box::pin(self.converse(gate, &mut stopped));
            let Some(after) = conversation.await else {
                return;
            };
            if !after.rests() {
                break after.into_parts();
            }
            gate = after;
        };
        let last = refused.map(|refused| {
            let mut response = gateway.unreadable(refused.promise, refused.error);
            if refused.is_head {
                *response.body_mut() = Body::empty();
            }
            response
        });
        self.part(stream, last).await;
    }

    /// Lets hyper answer requests as long as they come. Returns the connection, unless it broke.
    async fn converse(
        &self,
        gate: Gate<TcpStream>,
        stopped: &mut watch::Receiver<bool>,
    ) -> Option<Gate<TcpStream>> {
        let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
            let body_follows = !request.body().is_end_stream();
            let request = request.map(|body| {
                if body_follows {
                    Body::new(body)
                } else {
                    Body::empty()
                }
            });
            let answered = self.gateway.answer(request);
            Box::pin(answered.map(Ok::<_, std::convert::Infallible>))
        });
        let mut connection = self.http.serve_connection(gate, service);
        let mut is_stopping = false;
        loop {
            tokio::select! {
                ended = poll_fn(|cx| connection.poll_without_shutdown(cx)) => match ended {
                    Ok(()) => return Some(connection.into_parts().io),
                    Err(error) => {
                        tracing::debug!(%error, "a connection broke");
                        return None;
                    }
                },
                _ = stopped.wait_for(|stopped| *stopped), if !is_stopping => {
                    is_stopping = true;
                    Pin::new(&mut connection).graceful_shutdown();
                }
            }
        }
    }

    /// Says that there is no room.
    async fn turn_away(&self, stream: TcpStream) {
        let metrics = &self.gateway.app().metrics;
        metrics.turned_away();
        let sentence = "Too many connections are open. Try again in a moment.";
        let mut error = Error::new(Code::Busy, sentence).closing();
        error.retry_after = Some(1);
        let last = self.gateway.unreadable("S11", error);
        self.part(stream, Some(last)).await;
    }

    /// Writes a last answer, and closes the connection in such a way that the client gets to read it: a connection that
    /// is closed with something unread in it is reset, and what was sent is lost.
    async fn part(&self, mut stream: TcpStream, last: Option<Response>) {
        let parting = async {
            if let Some(response) = last {
                stream.write_all(&written(response).await).await?;
            }
            stream.shutdown().await?;
            let mut rest = [0; 4 << 10];
            while stream.read(&mut rest).await? > 0 {}
            io::Result::Ok(())
        };
        if let Ok(Err(error)) = timeout(self.limits.linger, parting).await {
            tracing::debug!(%error, "a client left before its last answer");
        }
    }
}

/// An answer as bytes, for a client whose request hyper never saw.
async fn written(response: Response) -> Vec<u8> {
    let (head, body) = response.into_parts();
    let reason = head.status.canonical_reason().unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {} {reason}\r\n", head.status.as_str()).into_bytes();
    for (name, value) in &head.headers {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    match body.collect().await {
        Ok(body) => bytes.extend_from_slice(&body.to_bytes()),
        // It is text that is there already.
        Err(error) => tracing::error!(%error, "an error could not be written"),
    }
    bytes
}
