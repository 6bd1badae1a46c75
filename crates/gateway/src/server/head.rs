//! Where a request's head and body end, and whether that is beyond doubt (S11, S12).
//!
//! hyper takes more than the contract does: bare line feeds, chunked bodies, a Content-Length that stands twice. A head
//! is judged here first, and hyper is shown only heads on whose meaning everybody agrees.

use http::Uri;

use crate::error::{Code, Error};
use crate::limits::{self, MAX_BODY, MAX_HEAD, MAX_HEADERS, MAX_TARGET};

/// What the bytes received so far are.
#[derive(Debug)]
pub(super) enum Judged {
    /// The beginning of a head.
    Partial,
    /// A head of `head` bytes, after which a body of `body` bytes comes.
    Whole { head: usize, body: u64 },
    /// Nothing that is answered but with this; the promise is the one that it would break.
    Refused(&'static str, Error),
}

fn framing(sentence: &str) -> Judged {
    Judged::Refused("S12", Error::new(Code::BadFraming, sentence).closing())
}

fn limit(code: Code, sentence: &str) -> Judged {
    Judged::Refused("S11", Error::new(code, sentence).closing())
}

/// Judges the head at the beginning of what has been received.
pub(super) fn judge(bytes: &[u8]) -> Judged {
    let seen = &bytes[..bytes.len().min(MAX_HEAD)];
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let parsed = request.parse(seen);
    // A target is complete, and known, before the head is.
    if request
        .path
        .map_or_else(|| unfinished_target(seen), str::len)
        > MAX_TARGET
    {
        let sentence = "The request target has more than 8 KiB (8,192 bytes). Shorten the query.";
        return limit(Code::TargetTooLong, sentence);
    }
    let head = match parsed {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) if bytes.len() < MAX_HEAD => {
            // What is odd stays odd, however much follows.
            return if has_bare_newline(seen) {
                framing(LINES)
            } else {
                Judged::Partial
            };
        }
        Ok(httparse::Status::Partial) => {
            let sentence =
                "The request head has more than 16 KiB (16,384 bytes). Send less in headers.";
            return limit(Code::HeadTooLarge, sentence);
        }
        Err(httparse::Error::TooManyHeaders) => {
            let sentence = "The request has more than 64 headers. Send fewer.";
            return limit(Code::HeadTooLarge, sentence);
        }
        Err(_) => return framing("This is no request of HTTP/1.1."),
    };
    if has_bare_newline(&seen[..head]) {
        return framing(LINES);
    }
    let (Some(method), Some(target)) = (request.method, request.path) else {
        return framing("This is no request of HTTP/1.1.");
    };
    if let Some(refused) = odd_target(method, target) {
        return refused;
    }
    let mut length = None;
    for header in &*request.headers {
        let name = header.name;
        if name.eq_ignore_ascii_case("transfer-encoding") {
            let sentence =
                "Send the body whole, with Content-Length and without Transfer-Encoding.";
            let error = Error::new(Code::LengthRequired, sentence).closing();
            return Judged::Refused("S12", error);
        }
        if name.eq_ignore_ascii_case("upgrade") {
            let sentence = "No other protocol is spoken here. Send the request without Upgrade.";
            let error = Error::new(Code::BadFraming, sentence).closing();
            return Judged::Refused("S06", error);
        }
        if name.eq_ignore_ascii_case("content-length") {
            let value = digits(header.value);
            if value.is_none() || length.replace(value).is_some() {
                return framing("Send one Content-Length, in decimal digits only.");
            }
        }
    }
    let body = length.flatten().unwrap_or(0);
    if body > MAX_BODY as u64 {
        return Judged::Refused("S11", limits::too_large());
    }
    Judged::Whole { head, body }
}

const LINES: &str = "End each line of the request head with CR LF.";

/// Whether a line ends with a line feed alone.
fn has_bare_newline(head: &[u8]) -> bool {
    let mut before = 0;
    head.iter().any(|byte| {
        let is_bare = *byte == b'\n' && before != b'\r';
        before = *byte;
        is_bare
    })
}

/// How much of the target is there, as long as its end is not.
fn unfinished_target(head: &[u8]) -> usize {
    let start = head.iter().position(|byte| !matches!(byte, b'\r' | b'\n'));
    let line = start.map_or(&[][..], |start| &head[start..]);
    let mut words = line.split(|byte| *byte == b' ');
    words.nth(1).map_or(0, <[u8]>::len)
}

/// What is answered to a target that is neither a path nor an absolute address, in characters that an address has.
fn odd_target(method: &str, target: &str) -> Option<Judged> {
    if method == "CONNECT" {
        let mut error = Error::new(Code::MethodNotAllowed, "CONNECT is not served.").closing();
        error.allow = Some("GET, HEAD, POST, PUT, DELETE, OPTIONS");
        return Some(Judged::Refused("S06", error));
    }
    let is_plain =
        |byte| matches!(byte, 0x21..=0x7e) && !matches!(byte, b'"' | b'#' | b'<' | b'>' | b'\\');
    let has_form =
        target.starts_with('/') || target.contains("://") || (target == "*" && method == "OPTIONS");
    if has_form && target.bytes().all(is_plain) && target.parse::<Uri>().is_ok() {
        return None;
    }
    Some(framing(
        "The request target is no path. Percent-encode what is no letter or digit.",
    ))
}

/// The number of decimal digits, such as can be the length of something.
fn digits(value: &[u8]) -> Option<u64> {
    let is_number = (1..=19).contains(&value.len()) && value.iter().all(u8::is_ascii_digit);
    is_number.then(|| {
        let add = |sum, digit: &u8| sum * 10 + u64::from(digit - b'0');
        value.iter().fold(0, add)
    })
}
