//! A stand-in for whoever is called over HTTP, byte by byte: it remembers what it was sent, and answers as it
//! is told, well or badly.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot begin fails")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use dsw_gateway::transport::Endpoint;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, crypto::ring};

/// A request as it was received.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Which connection it came over, counted from 0.
    pub(crate) connection: usize,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    /// The query, decoded.
    pub(crate) fn query(&self) -> Vec<(String, String)> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        pairs(query)
    }

    /// The body as a form, decoded.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        pairs(std::str::from_utf8(&self.body).unwrap())
    }

    /// Whether its signature is right, as the service finds out: from what was received alone.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let escape = |text: &str| {
            let escaped = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            [("%2D", "-"), ("%2E", "."), ("%5F", "_"), ("%7E", "~")]
                .iter()
                .fold(escaped, |text, (from, to)| text.replace(from, to))
        };
        let authorization = self.header("authorization").unwrap_or("");
        let part = |name: &str| {
            let (_, rest) = authorization.split_once(name).unwrap_or_default();
            rest.split(',').next().unwrap().to_owned()
        };
        let names = part("SignedHeaders=");
        let must =
            |name: &str| name == "host" || name == "content-type" || name.starts_with("x-acs-");
        if !self
            .headers
            .iter()
            .filter(|(name, _)| must(name))
            .all(|(name, _)| names.split(';').any(|signed| signed == name))
        {
            return false;
        }
        let hash = hex::encode(Sha256::digest(&self.body));
        if self.header("x-acs-content-sha256") != Some(&hash) {
            return false;
        }
        let mut query = self.query();
        query.sort();
        let query: Vec<_> = query
            .iter()
            .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
            .collect();
        let headers: Vec<_> = names
            .split(';')
            .map(|name| format!("{name}:{}\n", self.header(name).unwrap_or("").trim()))
            .collect();
        let headers = headers.concat();
        let canonical = [
            &self.method,
            self.path(),
            &query.join("&"),
            &headers,
            &names,
            &hash,
        ]
        .join("\n");
        let hash = hex::encode(Sha256::digest(canonical));
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("ACS3-HMAC-SHA256\n{hash}").as_bytes());
        authorization.starts_with("ACS3-HMAC-SHA256 Credential=")
            && part("Signature=") == hex::encode(mac.finalize().into_bytes())
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// What is done about a request.
#[derive(Clone)]
pub(crate) enum Act {
    /// These bytes are sent; the connection stays open.
    Send(Vec<u8>),
    /// These bytes are sent, then the connection is closed.
    SendAndClose(Vec<u8>),
    /// These bytes are sent, then nothing more; the connection stays open.
    SendAndHang(Vec<u8>),
    /// The first bytes are sent, then the others without end.
    Endless(&'static str, &'static str),
}

/// A whole reply with this status and JSON text.
pub(crate) fn json(status: u16, body: &str) -> Act {
    reply(status, &["Content-Type: application/json"], body)
}

/// A whole reply with these headers besides its length.
pub(crate) fn reply(status: u16, headers: &[&str], body: &str) -> Act {
    let headers: Vec<_> = headers
        .iter()
        .map(|header| [header, "\r\n"].concat())
        .collect();
    let headers = headers.concat();
    let length = body.len();
    Act::Send(
        format!("HTTP/1.1 {status} Status\r\nContent-Length: {length}\r\n{headers}\r\n{body}")
            .into_bytes(),
    )
}

/// The stand-in. It ends with the test's runtime.
pub(crate) struct Standin {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<Mutex<usize>>,
    /// Trusts the stand-in's certificate, where it has one.
    pub(crate) roots: RootCertStore,
}

impl Standin {
    /// One that speaks in plain text.
    pub(crate) async fn start(act: impl Fn(&Seen) -> Act + Send + Sync + 'static) -> Self {
        Self::start_with(None, act).await
    }

    /// One that speaks TLS, with a certificate for this name.
    pub(crate) async fn start_tls(
        name: &str,
        act: impl Fn(&Seen) -> Act + Send + Sync + 'static,
    ) -> Self {
        Self::start_with(Some(name), act).await
    }

    async fn start_with(
        name: Option<&str>,
        act: impl Fn(&Seen) -> Act + Send + Sync + 'static,
    ) -> Self {
        let mut roots = RootCertStore::empty();
        let acceptor = name.map(|name| {
            let CertifiedKey { cert, signing_key } =
                generate_simple_self_signed([name.to_owned()]).unwrap();
            roots.add(cert.der().clone()).unwrap();
            let key = signing_key.serialize_der().try_into().unwrap();
            let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(vec![cert.der().clone()], key)
                .unwrap();
            TlsAcceptor::from(Arc::new(config))
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let standin = Self {
            port: listener.local_addr().unwrap().port(),
            seen: Arc::default(),
            connections: Arc::default(),
            roots,
        };
        let seen = Arc::clone(&standin.seen);
        let connections = Arc::clone(&standin.connections);
        let act: Arc<dyn Fn(&Seen) -> Act + Send + Sync> = Arc::new(act);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = {
                    let mut connections = connections.lock().unwrap();
                    *connections += 1;
                    *connections - 1
                };
                let (seen, act, acceptor) = (Arc::clone(&seen), Arc::clone(&act), acceptor.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => serve(stream, number, &seen, &*act).await,
                        Some(acceptor) => match acceptor.accept(stream).await {
                            Ok(stream) => serve(stream, number, &seen, &*act).await,
                            // A client that does not trust the certificate.
                            Err(_) => None,
                        },
                    }
                });
            }
        });
        standin
    }

    /// Its address, in plain text.
    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint::parse(&format!("http://127.0.0.1:{}", self.port)).unwrap()
    }

    /// What it was sent so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// How many connections there were.
    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

/// Serves a connection until either side has enough of it.
async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    connection: usize,
    log: &Mutex<Vec<Seen>>,
    act: &(dyn Fn(&Seen) -> Act + Send + Sync),
) -> Option<()> {
    let mut buffer = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut buffer).await.ok()? == 0 {
                return None;
            }
        };
        let head: Vec<u8> = buffer.drain(..end).collect();
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.lines();
        let mut first = lines.next()?.split(' ');
        let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.map_or(0, |(_, value)| value.parse::<usize>().unwrap());
        while buffer.len() < length {
            if stream.read_buf(&mut buffer).await.ok()? == 0 {
                return None;
            }
        }
        let request = Seen {
            method,
            target,
            headers,
            body: buffer.drain(..length).collect(),
            connection,
        };
        log.lock().unwrap().push(request.clone());
        match act(&request) {
            Act::Send(bytes) => stream.write_all(&bytes).await.ok()?,
            Act::SendAndClose(bytes) => {
                stream.write_all(&bytes).await.ok()?;
                return stream.shutdown().await.ok();
            }
            Act::SendAndHang(bytes) => {
                stream.write_all(&bytes).await.ok()?;
                stream.flush().await.ok()?;
                tokio::time::sleep(Duration::from_hours(1)).await;
            }
            Act::Endless(first, rest) => {
                stream.write_all(first.as_bytes()).await.ok()?;
                loop {
                    stream.write_all(rest.as_bytes()).await.ok()?;
                }
            }
        }
        stream.flush().await.ok()?;
    }
}

/// Every line that is logged, of any level, while its guard lives.
#[derive(Clone, Default)]
pub(crate) struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// Listens on this thread from now on.
    pub(crate) fn begin() -> (Self, tracing::subscriber::DefaultGuard) {
        let captured = Self::default();
        let writer = captured.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone())
            .finish();
        let guard = tracing::subscriber::set_default(subscriber);
        (captured, guard)
    }

    /// What was logged so far.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl std::io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
