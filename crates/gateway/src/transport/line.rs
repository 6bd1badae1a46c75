//! [`Line`]: one connection, moved on by whoever asks over it; and [`Pool`]: lines that wait to be asked again.
//!
//! No task of its own stands between a request and its reply, so that nobody has to be woken on the way.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use hyper::client::conn::http1::{Builder, Connection, SendRequest};
use tokio::time::{Instant, sleep, timeout};

use super::{
    Endpoint, Limits, NoReply, Received, Stream, Transport, Unreachable, reason, receive, unused,
};
use crate::upstream::MAX_REPLY_HEAD;

/// One connection, over which one thing is asked after another.
pub(super) struct Line {
    sender: SendRequest<Full<Bytes>>,
    connection: Connection<Stream, Full<Bytes>>,
    /// Whether the connection has not come to its end yet.
    is_open: bool,
}

/// Why a line gives no reply.
pub(super) enum Unanswered {
    /// Nothing was written: here the request is again, and why.
    Unsent(Box<Request<Full<Bytes>>>, String),
    /// The request may have been received.
    Failed(NoReply),
}

impl From<Unanswered> for NoReply {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::Unsent(_, reason) => unused(reason).into(),
            Unanswered::Failed(no_reply) => no_reply,
        }
    }
}

impl Line {
    pub(super) async fn new(stream: Stream) -> Result<Self, Unreachable> {
        let mut http = Builder::new();
        http.max_buf_size(MAX_REPLY_HEAD);
        let shaken = http.handshake(stream).await;
        let (sender, connection) = shaken.map_err(|error| unused(reason(&error)))?;
        Ok(Self {
            sender,
            connection,
            is_open: true,
        })
    }

    /// Sends a request, and receives its reply of at most so many bytes.
    pub(super) async fn ask(
        &mut self,
        request: Request<Full<Bytes>>,
        first_byte: Duration,
        most: usize,
    ) -> Result<Received, Unanswered> {
        let Self {
            sender,
            connection,
            is_open,
        } = self;
        let exchange = async {
            let answer = async {
                if let Err(error) = sender.ready().await {
                    return Err(Unanswered::Unsent(Box::new(request), reason(&error)));
                }
                let answer = sender.try_send_request(request).await;
                answer.map_err(|mut error| {
                    let reason = reason(error.error());
                    // The request comes back only if none of it was written.
                    match error.take_message() {
                        Some(request) => Unanswered::Unsent(Box::new(request), reason),
                        None => Unanswered::Failed(NoReply::lost(reason)),
                    }
                })
            };
            let answer = timeout(first_byte, answer).await;
            let late = |_| Unanswered::Failed(NoReply::late(first_byte));
            let response = answer.map_err(late)??;
            receive(response, most).await.map_err(Unanswered::Failed)
        };
        let mut exchange = pin!(exchange);
        poll_fn(|cx| {
            if let Poll::Ready(ended) = exchange.as_mut().poll(cx) {
                return Poll::Ready(ended);
            }
            // What it comes to, an error as well, the exchange is told.
            if *is_open {
                *is_open = Pin::new(&mut *connection).poll(cx).is_pending();
            }
            exchange.as_mut().poll(cx)
        })
        .await
    }

    /// Whether it can be asked again, as far as is known without looking.
    fn is_open(&self) -> bool {
        self.is_open && !self.sender.is_closed()
    }
}

/// Lines that wait for the next request, to one host; and how long they do.
const MAX_IDLE: usize = crate::limits::MAX_CALLS;
const IDLE: Duration = Duration::from_secs(30);

/// Lines for what may be asked again, and so may share connections: reads. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Pool {
    transport: Transport,
    idle: Arc<Mutex<Idle>>,
}

#[derive(Default)]
struct Idle {
    /// With the time from which on each waits; the one that waits for the shortest time last.
    lines: HashMap<Endpoint, Vec<(Instant, Line)>>,
    /// Whether somebody comes to close those that have waited for too long.
    is_swept: bool,
}

impl Pool {
    pub(crate) fn new(transport: Transport) -> Self {
        Self {
            transport,
            idle: Arc::default(),
        }
    }

    /// Sends a request over a line that may have been used before, and receives the reply. If that line was closed in
    /// the meantime and took nothing of the request, another is used.
    pub(crate) async fn ask(
        &self,
        endpoint: &Endpoint,
        mut request: Request<Full<Bytes>>,
        limits: Limits,
        most: usize,
    ) -> Result<Received, NoReply> {
        loop {
            let before = self.take(endpoint);
            let is_fresh = before.is_none();
            let mut line = match before {
                Some(line) => line,
                None => self.transport.line(endpoint, limits.connect).await?,
            };
            match line.ask(request, limits.first_byte, most).await {
                Ok(received) => {
                    self.put(endpoint, line);
                    return Ok(received);
                }
                Err(Unanswered::Unsent(back, _)) if !is_fresh => request = *back,
                Err(unanswered) => return Err(unanswered.into()),
            }
        }
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        // It is whole between any two of its operations.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, endpoint: &Endpoint) -> Option<Line> {
        let (_, line) = self.idle().lines.get_mut(endpoint)?.pop()?;
        Some(line)
    }

    fn put(&self, endpoint: &Endpoint, line: Line) {
        if !line.is_open() {
            return;
        }
        let mut idle = self.idle();
        if !idle.lines.contains_key(endpoint) {
            idle.lines.insert(endpoint.clone(), Vec::new());
        }
        if let Some(lines) = idle.lines.get_mut(endpoint)
            && lines.len() < MAX_IDLE
        {
            lines.push((Instant::now(), line));
        }
        if !std::mem::replace(&mut idle.is_swept, true) {
            tokio::spawn(self.clone().sweep());
        }
    }

    /// Closes lines that have waited for too long, as long as any wait.
    async fn sweep(self) {
        loop {
            sleep(IDLE).await;
            let mut idle = self.idle();
            idle.lines.retain(|_, lines| {
                lines.retain(|(since, line)| since.elapsed() < IDLE && line.is_open());
                !lines.is_empty()
            });
            if idle.lines.is_empty() {
                idle.is_swept = false;
                return;
            }
        }
    }
}
