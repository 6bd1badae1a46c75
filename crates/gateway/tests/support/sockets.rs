//! A gateway on a real socket, and clients that write what they like.

use std::sync::Arc;
use std::time::Duration;

use dsw_gateway::app::App;
use dsw_gateway::limits::Limits;
use dsw_gateway::server::{self, Listeners};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::{AUTHORITY, Stub};

/// A gateway that listens.
pub(crate) struct Served {
    pub(crate) address: std::net::SocketAddr,
    pub(crate) stub: Arc<Stub>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<bool>,
}

/// How long anything may take before a test has failed.
const PATIENCE: Duration = Duration::from_secs(10);

impl Served {
    /// A gateway with these limits in front of a service that answers `{}`.
    pub(crate) async fn start(limits: Limits) -> Self {
        Self::start_with(|app| app.with_limits(limits)).await
    }

    /// The same, with a changed application.
    pub(crate) async fn start_with(change: impl FnOnce(App) -> App) -> Self {
        let stub = Stub::new(|_| async { Ok(super::reply(200, "{}")) });
        let app = change(super::app(stub.clone()).await);
        let listeners = Listeners::at(([127, 0, 0, 1], 0).into()).await.unwrap();
        let address = listeners.addresses().unwrap()[0];
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(server::serve(listeners, app, async {
            let _ = stopped.await;
        }));
        Self {
            address,
            stub,
            stop,
            running,
        }
    }

    /// A connection to it.
    pub(crate) async fn connect(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// What comes back for these bytes, until the connection is closed by the gateway or nothing more comes.
    pub(crate) async fn ask(&self, bytes: &[u8]) -> String {
        let mut client = self.connect().await;
        client.send(bytes).await;
        client.finish().await;
        client.rest().await
    }

    /// Asks it to stop. Returns whether all was finished by then.
    pub(crate) async fn stop(self) -> bool {
        self.stop.send(()).unwrap();
        timeout(PATIENCE, self.running).await.unwrap().unwrap()
    }
}

/// One connection.
pub(crate) struct Client(TcpStream);

impl Client {
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Says that nothing more will be sent.
    pub(crate) async fn finish(&mut self) {
        // The other side may have closed already.
        let _ = self.0.shutdown().await;
    }

    /// All that comes until the gateway closes the connection.
    pub(crate) async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        timeout(PATIENCE, self.0.read_to_end(&mut bytes))
            .await
            .expect("the gateway closes the connection")
            .unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// One answer, by its Content-Length; the connection stays open.
    pub(crate) async fn answer(&mut self) -> String {
        let mut bytes = Vec::new();
        loop {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length =
                    header(head, "content-length").map_or(0, |value| value.parse().unwrap());
                if body.len() >= length {
                    assert_eq!(body.len(), length, "{text}");
                    return text;
                }
            }
            let mut byte = [0];
            timeout(PATIENCE, self.0.read_exact(&mut byte))
                .await
                .expect("an answer comes")
                .unwrap();
            bytes.extend(byte);
        }
    }
}

/// A head with this first line, our Host, and an empty line.
pub(crate) fn head(first: &str) -> Vec<u8> {
    format!("{first}\r\nHost: {AUTHORITY}\r\n\r\n").into_bytes()
}

/// The status of an answer.
pub(crate) fn status(answer: &str) -> u16 {
    let word = answer.split(' ').nth(1);
    word.and_then(|word| word.parse().ok())
        .unwrap_or_else(|| panic!("no answer: {answer:?}"))
}

/// The value of a header.
pub(crate) fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next().unwrap();
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines
        .find(|(line, _)| line.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}
