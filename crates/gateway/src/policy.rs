//! Who may call, decided from the head of a request before its body is read (S03–S06).
//!
//! Everything here is a pure function of head and [`Settings`]. Headers by which a proxy would speak for others
//! (`Forwarded`, `X-Forwarded-…`, `X-HTTP-Method-Override`, `X-Original-URL`) are never looked at.

use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use crate::error::{Code, Error};
use crate::settings::Settings;

/// The header that a create needs (rule 2).
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Where creates are sent.
const CREATE: &str = "/api/v2/instances";

/// A request that may go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pass {
    /// It is served. To a page of another origin that the operator lists, the answer names that origin.
    Serve(Option<HeaderValue>),
    /// It is a browser's question whether a page of this listed origin may call.
    Preflight(HeaderValue),
}

/// A request that may not.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Number of the promise that it would break, such as `S03`.
    pub promise: &'static str,
    /// What is answered.
    pub error: Error,
}

fn refused(promise: &'static str, error: Error) -> Refused {
    Refused { promise, error }
}

/// Judges the head of a request.
///
/// # Errors
///
/// With the promise that it would break.
pub fn judge(head: &Parts, settings: &Settings) -> Result<Pass, Refused> {
    authority(head, settings)?;
    let path = head.uri.path();
    methods(&head.method)?;
    let is_api = is_api(path);
    if !is_api && !matches!(path, "/config.json" | "/policy.json" | "/metrics") {
        return Ok(Pass::Serve(None));
    }
    let origin = site(head, settings)?;
    if head.method == Method::OPTIONS
        && let Some(origin) = origin
        && head
            .headers
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
    {
        return Ok(Pass::Preflight(origin.clone()));
    }
    // Without the configuration document nobody could know that a token is needed.
    if path != "/config.json" {
        token(&head.headers, settings, origin.is_some())?;
    }
    if is_api && is_write(&head.method) {
        content(head)?;
    }
    Ok(Pass::Serve(origin.cloned()))
}

/// Whether a path belongs to the API, where every answer is JSON.
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

fn is_write(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The only value of a header. A header that stands twice has none.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, ()> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(()),
    }
}

/// S03: the request is meant for us. One Host, and the target's own authority if it has one, are on the list.
fn authority(head: &Parts, settings: &Settings) -> Result<(), Refused> {
    let is_ours = |authority: &[u8]| {
        let mut ours = settings.authorities.iter();
        ours.any(|ours| ours.as_bytes().eq_ignore_ascii_case(authority))
    };
    let host = only(&head.headers, &header::HOST).ok().flatten();
    let host_fits = host.is_some_and(|host| is_ours(host.as_bytes()));
    let target_fits = head.uri.authority().is_none_or(|authority| {
        is_ours(authority.as_str().as_bytes()) && head.uri.scheme_str() == Some("http")
    });
    if host_fits && target_fits {
        return Ok(());
    }
    let sentence = "This gateway does not answer under this host name and port. Use the address that it printed \
                    when it started, or add the one you use to its allowed authorities.";
    Err(refused(
        "S03",
        Error::new(Code::Misdirected, sentence).closing(),
    ))
}

/// S06: methods that are refused whatever the path.
fn methods(method: &Method) -> Result<(), Refused> {
    if *method != Method::TRACE && *method != Method::CONNECT {
        return Ok(());
    }
    let mut error =
        Error::new(Code::MethodNotAllowed, "TRACE and CONNECT are not served.").closing();
    error.allow = Some("GET, HEAD, POST, PUT, DELETE, OPTIONS");
    Err(refused("S06", error))
}

/// S05: what the browser says about who asks. Returns the origin if it is another one that is listed.
fn site<'a>(head: &'a Parts, settings: &Settings) -> Result<Option<&'a HeaderValue>, Refused> {
    let cross_site = || {
        let sentence = "This request comes from a page of another origin. Open the gateway's own page, or add the \
                        page's origin to the gateway's allowed origins.";
        refused("S05", Error::new(Code::CrossSite, sentence))
    };
    let origin = only(&head.headers, &header::ORIGIN).map_err(|()| cross_site())?;
    let site = only(&head.headers, &SEC_FETCH_SITE).map_err(|()| cross_site())?;
    if let Some(origin) = listed(head, settings) {
        return Ok(Some(origin));
    }
    let host = head.headers.get(header::HOST).map(HeaderValue::as_bytes);
    let origin_fits =
        origin.is_none_or(|origin| origin.as_bytes().strip_prefix(b"http://") == host);
    let site_fits = match site.map(HeaderValue::as_bytes) {
        None | Some(b"same-origin") => true,
        // A person who types the address of a read into the browser.
        Some(b"none") => !is_write(&head.method),
        Some(_) => false,
    };
    if origin_fits && site_fits {
        Ok(None)
    } else {
        Err(cross_site())
    }
}

/// The origin of the page that asks, if it is another one that the operator lists.
pub fn listed<'a>(head: &'a Parts, settings: &Settings) -> Option<&'a HeaderValue> {
    let origin = only(&head.headers, &header::ORIGIN).ok().flatten()?;
    let mut listed = settings.origins.iter();
    let is_listed = listed.any(|listed| listed.as_bytes() == origin.as_bytes());
    is_listed.then_some(origin)
}

/// S04: the token, if there is one. A page of another origin cannot do without.
fn token(headers: &HeaderMap, settings: &Settings, is_foreign: bool) -> Result<(), Refused> {
    let Some(token) = &settings.token else {
        return if is_foreign {
            Err(token_required())
        } else {
            Ok(())
        };
    };
    let sent = only(headers, &header::AUTHORIZATION).ok().flatten();
    let sent = sent.and_then(|value| value.to_str().ok());
    let sent = sent.and_then(|value| value.split_once(' '));
    let is_right =
        sent.is_some_and(|(scheme, sent)| scheme.eq_ignore_ascii_case("bearer") && token.is(sent));
    if is_right {
        Ok(())
    } else {
        Err(token_required())
    }
}

fn token_required() -> Refused {
    let sentence = "The access token is missing or wrong. Open the address with the token that the gateway printed \
                    when it started.";
    refused("S04", Error::new(Code::TokenRequired, sentence))
}

/// S05: what is written comes as JSON, as no form of another page can send it; a create has its key.
fn content(head: &Parts) -> Result<(), Refused> {
    let has_body = head
        .headers
        .get(header::CONTENT_LENGTH)
        .is_some_and(|length| length != "0");
    if head.method != Method::DELETE || has_body {
        let kind = only(&head.headers, &header::CONTENT_TYPE).ok().flatten();
        let is_json = kind.is_some_and(|kind| is_json(kind.as_bytes()));
        if !is_json || head.headers.contains_key(header::CONTENT_ENCODING) {
            let sentence = "Send the body as it is, with Content-Type: application/json.";
            return Err(refused(
                "S05",
                Error::new(Code::UnsupportedMediaType, sentence),
            ));
        }
    }
    if head.method == Method::POST && head.uri.path() == CREATE {
        let key = only(&head.headers, &IDEMPOTENCY_KEY).ok().flatten();
        if !key.is_some_and(|key| is_key(key.as_bytes())) {
            let sentence =
                "A create needs an Idempotency-Key of 16 to 64 letters, digits, \"-\" or \"_\".";
            return Err(refused("S05", Error::new(Code::BadKey, sentence)));
        }
    }
    Ok(())
}

fn is_json(kind: &[u8]) -> bool {
    let (essence, parameters) = match kind.iter().position(|byte| *byte == b';') {
        Some(at) => (&kind[..at], &kind[at + 1..]),
        None => (kind, &b"charset=utf-8"[..]),
    };
    essence
        .trim_ascii_end()
        .eq_ignore_ascii_case(b"application/json")
        && parameters
            .trim_ascii()
            .eq_ignore_ascii_case(b"charset=utf-8")
}

/// Whether a text is an Idempotency-Key (rule 2): 16 to 64 letters, digits, `-` and `_`.
pub fn is_key(text: &[u8]) -> bool {
    (16..=64).contains(&text.len())
        && text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
