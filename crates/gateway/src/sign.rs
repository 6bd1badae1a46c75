//! The signature of a request to the service: ACS3-HMAC-SHA256 (S09).
//!
//! All of it is a pure function of request, credentials, date and nonce. What is signed is what is sent:
//! [`Signed`] has the target and the headers as they go onto the wire, and the hash is over the body's bytes.

use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

use crate::credentials::Credentials;

/// The algorithm's name, as it stands in the string to sign and in `Authorization`.
const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// What must be escaped in paths and queries: all but letters, digits, `-`, `_`, `.` and `~`.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a Method,
    /// Value of `Host`: a host name, with its port if that is not the usual one.
    pub host: &'a str,
    /// The path, not escaped, beginning with `/`.
    pub path: &'a str,
    /// Names and values of the query, not escaped, in any order.
    pub query: &'a [(&'a str, &'a str)],
    /// Value of `x-acs-action`.
    pub action: &'a str,
    /// Value of `x-acs-version`.
    pub version: &'a str,
    /// Value of `content-type`. Without one the header is neither signed nor sent.
    pub content_type: Option<&'a str>,
    /// The body, byte for byte as it is sent.
    pub body: &'a [u8],
}

/// A request's signature, and all that must be sent with it. It does not print itself: a token may be in it.
#[expect(
    missing_debug_implementations,
    reason = "the headers may hold a security token (S10)"
)]
pub struct Signed {
    /// Path and query, escaped, as they were signed.
    pub target: String,
    /// All headers that were signed, then `authorization`, as they are to be sent.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The text whose hash is signed.
    pub canonical_request: String,
    /// The text that is signed.
    pub string_to_sign: String,
}

/// Signs a request. `nonce` must be new for each request that is sent, and visible ASCII characters.
///
/// # Panics
///
/// When host, action, version, content type or nonce could not be sent as a header: they come from closed
/// tables and checked options, never from a caller's request.
pub fn sign(
    request: &Request<'_>,
    credentials: &Credentials,
    date: Timestamp,
    nonce: &str,
) -> Signed {
    let path = canonical_path(request.path);
    let query = canonical_query(request.query);
    let hash = hex(&Sha256::digest(request.body).into());
    let date = date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();

    // In the order of their names.
    let signed = [
        ("content-type", request.content_type),
        ("host", Some(request.host)),
        ("x-acs-action", Some(request.action)),
        ("x-acs-content-sha256", Some(hash.as_str())),
        ("x-acs-date", Some(date.as_str())),
        ("x-acs-security-token", credentials.security_token()),
        ("x-acs-signature-nonce", Some(nonce)),
        ("x-acs-version", Some(request.version)),
    ];
    let signed = signed.map(|(name, value)| value.map(|value| (name, value.trim())));
    let signed = || signed.iter().flatten().copied();
    let names = signed().map(|(name, _)| name).collect::<Vec<_>>().join(";");

    let mut canonical_request = format!("{}\n{path}\n{query}\n", request.method);
    for (name, value) in signed() {
        for part in [name, ":", value, "\n"] {
            canonical_request.push_str(part);
        }
    }
    for part in ["\n", &names, "\n", &hash] {
        canonical_request.push_str(part);
    }
    let hash = hex(&Sha256::digest(&canonical_request).into());
    let string_to_sign = [ALGORITHM, "\n", &hash].concat();

    let mut mac = Hmac::<Sha256>::new_from_slice(credentials.secret().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(string_to_sign.as_bytes());
    let signature = hex(&mac.finalize().into_bytes().into());
    let key_id = credentials.key_id();
    let authorization =
        format!("{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}");

    let headers = signed()
        .chain([("authorization", authorization.as_str())])
        .map(|(name, value)| {
            let mut header = HeaderValue::from_str(value).expect("a value that can be sent");
            header.set_sensitive(name == "authorization" || name == "x-acs-security-token");
            (HeaderName::from_static(name), header)
        })
        .collect();
    let target = if query.is_empty() {
        path
    } else {
        [&path, "?", &query].concat()
    };
    Signed {
        target,
        headers,
        canonical_request,
        string_to_sign,
    }
}

/// A digest in hex. `hex::encode` would go digit by digit through an iterator of characters.
pub(crate) fn hex(digest: &[u8; 32]) -> String {
    let mut digits = vec![0; 64];
    hex::encode_to_slice(digest, &mut digits).expect("a digest has 64 digits");
    String::from_utf8(digits).expect("digits are ASCII")
}

/// The path with each of its segments escaped; `/` when it is empty.
fn canonical_path(path: &str) -> String {
    if path.is_empty() {
        return "/".to_owned();
    }
    let segments = path.split('/').map(escape);
    segments.collect::<Vec<_>>().join("/")
}

/// The query, sorted by name in the order of code points, escaped. An empty value keeps its `=`.
fn canonical_query(query: &[(&str, &str)]) -> String {
    let mut sorted = query.to_vec();
    sorted.sort_unstable();
    let pairs = sorted
        .iter()
        .map(|(name, value)| [escape(name), escape(value)].join("="));
    pairs.collect::<Vec<_>>().join("&")
}

/// The text with all but unreserved characters escaped.
pub(crate) fn escape(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}
