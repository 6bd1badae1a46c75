//! The little of HTTP/1.1 that serving files takes: one request head in, one response out.

use std::io::{self, BufRead, Read, Write};

/// More than any browser sends.
const LONGEST_HEAD: u64 = 32 * 1024;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// `GET`, `HEAD`, …
    pub(crate) method: String,
    /// The path as sent, without the query.
    pub(crate) path: String,
    /// Whether the answer may be compressed with brotli.
    pub(crate) brotli: bool,
    /// Whether another request may follow on the same connection.
    pub(crate) keep_alive: bool,
}

/// What is answered.
#[derive(Debug)]
pub(crate) struct Response<'site> {
    /// Code and reason.
    pub(crate) status: &'static str,
    /// Names and values; length and connection are added.
    pub(crate) headers: Vec<(&'static str, &'site str)>,
    /// The content.
    pub(crate) body: &'site [u8],
}

/// Why no request could be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The other side is gone, or says nothing.
    Gone,
    /// What it sent is no request.
    Malformed,
}

/// Reads one request without a body.
///
/// # Errors
///
/// When there is none, or it cannot be understood.
pub(crate) fn read(connection: &mut impl BufRead) -> Result<Request, Trouble> {
    let mut head = connection.take(LONGEST_HEAD);
    let mut line = || {
        let mut line = String::new();
        match head.read_line(&mut line) {
            Ok(0) => Err(Trouble::Gone),
            Ok(_) if line.ends_with('\n') => Ok(line.trim_end().to_owned()),
            Err(error) if error.kind() != io::ErrorKind::InvalidData => Err(Trouble::Gone),
            _ => Err(Trouble::Malformed),
        }
    };
    let first = line()?;
    let words: Vec<_> = first.split(' ').collect();
    let &[method, target, version @ ("HTTP/1.0" | "HTTP/1.1")] = words.as_slice() else {
        return Err(Trouble::Malformed);
    };
    let mut request = Request {
        method: method.to_owned(),
        path: target
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .to_owned(),
        brotli: false,
        keep_alive: version == "HTTP/1.1",
    };
    loop {
        let header = line()?;
        if header.is_empty() {
            return Ok(request);
        }
        let (name, value) = header.split_once(':').ok_or(Trouble::Malformed)?;
        let value = value.trim().to_ascii_lowercase();
        match name.to_ascii_lowercase().as_str() {
            "accept-encoding" => request.brotli = accepts_brotli(&value),
            "connection" if value == "close" => request.keep_alive = false,
            // A body would be taken for the next request: nothing here expects one.
            "content-length" if value != "0" => request.keep_alive = false,
            "transfer-encoding" => request.keep_alive = false,
            _ => {}
        }
    }
}

/// Writes the answer, of which a `HEAD` request gets the headers only.
///
/// # Errors
///
/// When the other side is gone.
pub(crate) fn write(
    connection: &mut impl Write,
    response: &Response<'_>,
    with_body: bool,
    keep_alive: bool,
) -> io::Result<()> {
    let mut head = format!(
        "HTTP/1.1 {}\r\nContent-Length: {}\r\n",
        response.status,
        response.body.len()
    );
    for (name, value) in &response.headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head.push_str(if keep_alive {
        "Connection: keep-alive\r\n\r\n"
    } else {
        "Connection: close\r\n\r\n"
    });
    let mut bytes = head.into_bytes();
    if with_body {
        bytes.extend_from_slice(response.body);
    }
    connection.write_all(&bytes)?;
    connection.flush()
}

fn accepts_brotli(encodings: &str) -> bool {
    encodings.split(',').any(|encoding| {
        let mut parts = encoding.split(';').map(str::trim);
        parts.next() == Some("br")
            && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read() {
        let text = "GET /a.js?v=1 HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, br\r\n\r\n";
        let expected = Request {
            method: "GET".to_owned(),
            path: "/a.js".to_owned(),
            brotli: true,
            keep_alive: true,
        };
        assert_eq!(read(&mut text.as_bytes()), Ok(expected));
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(40_000));
        let cases = [
            ("", Trouble::Gone),
            ("hello\r\n\r\n", Trouble::Malformed),
            ("GET / HTTP/3\r\n\r\n", Trouble::Malformed),
            ("GET / HTTP/1.1\r\nHost\r\n\r\n", Trouble::Malformed),
            ("GET / HTTP/1.1\r\nHost: x\r\n", Trouble::Gone),
            (&long, Trouble::Malformed),
        ];
        for (text, trouble) in cases {
            assert_eq!(read(&mut text.as_bytes()), Err(trouble), "{text:.40}");
        }
    }

    #[test]
    fn a_body_ends_the_connection() {
        let text = "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc";
        assert!(!read(&mut text.as_bytes()).expect("a request").keep_alive);
    }

    #[test]
    fn brotli_can_be_declined() {
        assert!(accepts_brotli("gzip, deflate, br;q=0.5"));
        assert!(!accepts_brotli("gzip, br;q=0"));
        assert!(!accepts_brotli("gzip, brotli"));
    }
}
