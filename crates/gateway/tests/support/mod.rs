//! What router tests share: a stand-in for the service, and an application around it.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot begin fails")]

pub(crate) mod sockets;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use bytes::Bytes;
use dsw_gateway::app::App;
use dsw_gateway::journal::Journal;
use dsw_gateway::region::Region;
use dsw_gateway::settings::Settings;
use dsw_gateway::upstream::{Call, Failure, Mode, Reply, Upstream};
use dsw_gateway::world::World;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::runtime::Runtime;

/// The authority that test requests are meant for.
pub(crate) const AUTHORITY: &str = "127.0.0.1:8080";

type Answer = dyn Fn(Call) -> BoxFuture<'static, Result<Reply, Failure>> + Send + Sync;

/// A stand-in for the service: answers as it is told, and remembers what it was asked.
pub(crate) struct Stub {
    answer: Box<Answer>,
    calls: Mutex<Vec<Call>>,
}

impl Stub {
    /// A stand-in that answers with this function.
    pub(crate) fn new<F>(answer: impl Fn(Call) -> F + Send + Sync + 'static) -> Arc<Self>
    where
        F: Future<Output = Result<Reply, Failure>> + Send + 'static,
    {
        Arc::new(Self {
            answer: Box::new(move |call| Box::pin(answer(call))),
            calls: Mutex::default(),
        })
    }

    /// What it was asked so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}

impl fmt::Debug for Stub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stub")
    }
}

impl Upstream for Stub {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Reply, Failure>> {
        self.calls.lock().unwrap().push(call.clone());
        (self.answer)(call)
    }

    fn mode(&self) -> Mode {
        Mode::Sandbox
    }
}

/// A reply with this status and JSON text.
pub(crate) fn reply(status: u16, body: &str) -> Reply {
    Reply {
        status,
        body: Bytes::copy_from_slice(body.as_bytes()),
        retry_after: None,
        date: None,
    }
}

/// A clock that stands still, and numbers that count up.
pub(crate) fn world() -> World {
    let counter = AtomicU64::new(1);
    World::new(
        || "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap(),
        move || u128::from(counter.fetch_add(1, Ordering::Relaxed)).to_be_bytes(),
    )
}

/// The settings of a gateway on [`AUTHORITY`].
pub(crate) fn settings() -> Settings {
    Settings {
        authorities: vec![AUTHORITY.to_owned()],
        origins: Vec::new(),
        token: None,
        default_region: Region::parse("cn-hangzhou").unwrap(),
        language: None,
        max_connections: 1024,
    }
}

/// A journal in memory. It is opened outside of the test's own time: a paused clock jumps to its next timer whenever
/// the program waits for another thread, and the journal has threads.
pub(crate) async fn journal() -> Journal {
    static OUTSIDE: LazyLock<Runtime> = LazyLock::new(|| {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(1).enable_all().build().unwrap()
    });
    let opened = OUTSIDE.spawn(async {
        let journal = Journal::in_memory().await;
        // Its one connection is given back by another task.
        tokio::time::sleep(Duration::from_millis(20)).await;
        journal
    });
    opened.await.unwrap().unwrap()
}

/// An application in front of this service.
pub(crate) async fn app(upstream: Arc<dyn Upstream>) -> App {
    App::new(settings(), upstream, journal().await, world())
}
