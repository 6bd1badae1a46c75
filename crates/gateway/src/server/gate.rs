//! [`Gate`]: what stands between a connection and hyper.
//!
//! It lets through only whole heads that were judged ([`super::head`]), each followed by exactly as many bytes as its
//! Content-Length says, and it watches the clock: hyper's own timer knows heads, but neither bodies nor clients
//! that do not read (S11, S12). What is refused hyper never sees: to it the connection ends, so that it finishes what
//! came before, and the refusal is answered after that. So one request never gets two replies.
//!
//! hyper reads only when it waits for a head or a body (`half_close` keeps it from reading at other times), so what
//! it waits for is known here.

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::ReadBufCursor;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::head::{self, Judged};
use crate::error::{Code, Error};
use crate::limits::Limits;

/// Bytes that are read at a time.
const CHUNK: usize = 8 << 10;

/// A buffer that is larger than this is not kept while the connection waits.
const KEPT: usize = 2 << 10;

/// After so much silence hyper lets go of a connection, and with it of 16 KiB of buffers.
const REST: Duration = Duration::from_secs(1);

/// A connection, judged.
#[derive(Debug)]
pub(super) struct Gate<S> {
    stream: S,
    limits: Limits,
    /// What has been received and not been handed on: `received[handed..]`.
    received: Vec<u8>,
    handed: usize,
    /// How many of these bytes may be handed on.
    passed: usize,
    phase: Phase,
    refused: Option<Refusal>,
    /// When the client last took something.
    wrote: Instant,
    /// Whether it has not yet taken all that it was sent.
    is_full: bool,
    /// Whether the connection is with nobody: nothing has come for a while, and hyper has let go of it.
    rests: bool,
    timer: Option<Pin<Box<Sleep>>>,
}

/// What is to be answered before the connection is closed.
#[derive(Debug)]
pub(super) struct Refusal {
    /// Number of the promise that the request would break.
    pub(super) promise: &'static str,
    /// What is answered.
    pub(super) error: Error,
    /// Whether the request is a HEAD, whose answer has no body.
    pub(super) is_head: bool,
}

/// What is expected next.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// Nothing yet: hyper has not asked for the next request.
    Busy,
    /// A head, of which nothing has come since then.
    Idle(Instant),
    /// The rest of a head that began then.
    Head(Instant),
    /// The rest of a body.
    Body {
        since: Instant,
        received: u64,
        left: u64,
    },
}

impl<S> Gate<S> {
    pub(super) fn new(stream: S, limits: Limits) -> Self {
        Self {
            stream,
            limits,
            received: Vec::new(),
            handed: 0,
            passed: 0,
            phase: Phase::Busy,
            refused: None,
            wrote: Instant::now(),
            is_full: false,
            rests: true,
            timer: None,
        }
    }

    /// Whether hyper was told of an end only because nothing has come for a while.
    pub(super) fn rests(&self) -> bool {
        self.rests
    }

    /// The connection, and what is to be answered before it is closed.
    pub(super) fn into_parts(self) -> (S, Option<Refusal>) {
        (self.stream, self.refused)
    }

    /// Lets through what may be. Afterwards either something may be handed on, or more has to be received, or the
    /// request is refused.
    fn judge(&mut self) {
        let waiting = &self.received[self.handed..];
        match self.phase {
            _ if waiting.is_empty() => {}
            Phase::Body {
                since,
                received,
                left,
            } => {
                let now = left.min(waiting.len() as u64);
                self.pass(now, since, received, left);
            }
            Phase::Busy | Phase::Idle(_) | Phase::Head(_) => match head::judge(waiting) {
                Judged::Partial => {
                    if !matches!(self.phase, Phase::Head(_)) {
                        self.phase = Phase::Head(Instant::now());
                    }
                }
                Judged::Whole { head, body } => {
                    self.passed = head;
                    self.phase = match body {
                        0 => Phase::Busy,
                        left => Phase::Body {
                            since: Instant::now(),
                            received: 0,
                            left,
                        },
                    };
                }
                Judged::Refused(promise, error) => {
                    self.refused = Some(Refusal {
                        promise,
                        error,
                        is_head: waiting.starts_with(b"HEAD "),
                    });
                }
            },
        }
    }

    /// Lets so many bytes of a body through.
    fn pass(&mut self, now: u64, since: Instant, received: u64, left: u64) {
        self.passed = usize::try_from(now).unwrap_or(usize::MAX);
        self.phase = match left - now {
            0 => Phase::Busy,
            left => Phase::Body {
                since,
                received: received + now,
                left,
            },
        };
    }

    /// Hands on what may be.
    fn hand_on(&mut self, to: &mut ReadBufCursor<'_>) {
        let count = self.passed.min(to.remaining());
        to.put_slice(&self.received[self.handed..self.handed + count]);
        self.handed += count;
        self.passed -= count;
        if self.handed == self.received.len() {
            self.handed = 0;
            self.received.clear();
            self.received.shrink_to(KEPT);
        }
    }

    /// Until when the client has time for what is expected of it.
    fn deadline(&self) -> Instant {
        let Limits {
            head_time,
            body_time,
            body_grace,
            body_rate,
            idle,
            ..
        } = self.limits;
        match self.phase {
            Phase::Busy => self.wrote + idle,
            Phase::Idle(since) if self.rests => since.max(self.wrote) + idle,
            Phase::Idle(since) => since.max(self.wrote) + idle.min(REST),
            Phase::Head(since) => since + head_time,
            Phase::Body {
                since, received, ..
            } => {
                let earned = Duration::from_secs(received) / body_rate;
                since + earned.max(body_grace).min(body_time)
            }
        }
    }

    /// Completes when the deadline has passed. The timer is moved when it fires, not with each byte.
    fn poll_late(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline();
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        if timer.deadline() > deadline {
            timer.as_mut().reset(deadline);
        }
        while timer.as_mut().poll(cx).is_ready() {
            if Instant::now() >= deadline {
                return Poll::Ready(());
            }
            timer.as_mut().reset(deadline);
        }
        Poll::Pending
    }
}

impl<S> Gate<S> {
    /// Tells hyper of an end, once the client has taken what came before: at an end hyper waits for nobody.
    fn poll_end(&self) -> Poll<io::Result<()>> {
        if self.is_full {
            Poll::Pending
        } else {
            Poll::Ready(Ok(()))
        }
    }
}

impl<S: AsyncRead + Unpin> Gate<S> {
    /// Waits until the client says something; meanwhile the connection costs little. Returns whether it did.
    pub(super) async fn has_begun(&mut self) -> bool {
        self.rests = true;
        let begun = std::future::poll_fn(|cx| {
            self.expect_head();
            match self.poll_receive(cx) {
                Poll::Ready(Ok(count)) => Poll::Ready(count > 0),
                Poll::Ready(Err(_)) => Poll::Ready(false),
                Poll::Pending => self.poll_late(cx).map(|()| false),
            }
        })
        .await;
        self.rests = false;
        begun
    }

    fn expect_head(&mut self) {
        if matches!(self.phase, Phase::Busy) {
            self.phase = Phase::Idle(Instant::now());
        }
    }

    /// Receives what has come. Returns how many bytes; none at the end.
    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut chunk = [MaybeUninit::uninit(); CHUNK];
        let mut chunk = ReadBuf::uninit(&mut chunk);
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut chunk))?;
        self.received.extend_from_slice(chunk.filled());
        Poll::Ready(Ok(chunk.filled().len()))
    }
}

impl<S: AsyncRead + Unpin> hyper::rt::Read for Gate<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut to: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let gate = &mut *self;
        loop {
            if gate.passed == 0 && gate.refused.is_none() {
                gate.expect_head();
                gate.judge();
            }
            if gate.passed > 0 {
                gate.hand_on(&mut to);
                return Poll::Ready(Ok(()));
            }
            if gate.refused.is_some() {
                return gate.poll_end();
            }
            match gate.poll_receive(cx) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(_)) => {}
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {
                    ready!(gate.poll_late(cx));
                    match gate.phase {
                        Phase::Head(_) => {
                            let sentence = "The request head came too slowly. Send it within 10 s.";
                            let error = Error::new(Code::TooSlow, sentence).closing();
                            gate.refused = Some(Refusal {
                                promise: "S11",
                                error,
                                is_head: false,
                            });
                        }
                        Phase::Body { .. } => {
                            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                        }
                        Phase::Idle(since) => {
                            gate.rests = Instant::now() < since.max(gate.wrote) + gate.limits.idle;
                        }
                        Phase::Busy => {}
                    }
                    return gate.poll_end();
                }
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> Gate<S> {
    /// Notes that the client took something, or gives up on one that takes nothing.
    fn after_write(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(_)) => {
                self.wrote = Instant::now();
                if std::mem::take(&mut self.is_full) {
                    // The end may have waited for this.
                    cx.waker().wake_by_ref();
                }
            }
            Poll::Pending => {
                self.is_full = true;
                let deadline = self.wrote + self.limits.idle;
                if Instant::now() >= deadline {
                    return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                }
                // The timer may be set for something later; it is asked again when it fires.
                let timer = self
                    .timer
                    .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
                if timer.deadline() > deadline || timer.is_elapsed() {
                    timer.as_mut().reset(deadline);
                }
                if timer.as_mut().poll(cx).is_ready() {
                    cx.waker().wake_by_ref();
                }
            }
            Poll::Ready(Err(_)) => {}
        }
        written
    }
}

impl<S: AsyncWrite + Unpin> hyper::rt::Write for Gate<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.after_write(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.after_write(cx, written)
    }
}
