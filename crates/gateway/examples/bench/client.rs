//! One connection that asks one thing after another. It blocks: a thread that sleeps wakes up closer to its time
//! than a task does.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use http::Uri;

use crate::Result;

/// Whom to ask, and for what.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    authority: String,
    path: String,
    token: Option<String>,
}

impl Target {
    pub(crate) fn new(url: &str, token: Option<&str>) -> Result<Self> {
        let uri: Uri = url.parse()?;
        Ok(Self {
            authority: uri.authority().ok_or("the URL has no host")?.to_string(),
            path: uri
                .path_and_query()
                .map_or("/", |path| path.as_str())
                .to_owned(),
            token: token.map(str::to_owned),
        })
    }

    pub(crate) fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.authority)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        Ok(stream)
    }

    /// The begin of a request, up to its last header.
    pub(crate) fn head(&self, method: &str) -> String {
        let mut head = format!(
            "{method} {} HTTP/1.1\r\nHost: {}\r\n",
            self.path, self.authority
        );
        if let Some(token) = &self.token {
            head = format!("{head}Authorization: Bearer {token}\r\n");
        }
        head
    }
}

/// A connection that is kept.
pub(crate) struct Client<'a> {
    target: &'a Target,
    stream: Option<BufReader<TcpStream>>,
}

impl<'a> Client<'a> {
    pub(crate) fn new(target: &'a Target) -> Self {
        Self {
            target,
            stream: None,
        }
    }

    /// Sends a request and reads its answer whole: the status.
    pub(crate) fn ask(&mut self, request: &[u8]) -> io::Result<u16> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => BufReader::new(self.target.connect()?),
        };
        stream.get_mut().write_all(request)?;
        let (status, keep) = read_answer(&mut stream)?;
        if keep {
            self.stream = Some(stream);
        }
        Ok(status)
    }
}

/// Reads one answer: its status, and whether the connection stays.
pub(crate) fn read_answer(stream: &mut BufReader<TcpStream>) -> io::Result<(u16, bool)> {
    let odd = || io::Error::from(io::ErrorKind::InvalidData);
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let status = status.ok_or_else(odd)?;
    let (mut length, mut keep) = (0, true);
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().map_err(|_| odd())?,
            "connection" => keep = !value.trim().eq_ignore_ascii_case("close"),
            "transfer-encoding" => return Err(odd()),
            _ => {}
        }
    }
    let read = io::copy(&mut stream.take(length), &mut io::sink())?;
    if read == length {
        Ok((status, keep))
    } else {
        Err(odd())
    }
}
