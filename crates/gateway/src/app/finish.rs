//! What is done to every answer: its headers (S15), the JSON of an error (S20), its line in the log (S21).

use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use tokio::time::Instant;

use super::{Service, route};
use crate::error::{Code, Error};
use crate::headers::{self, GATEWAY_MODE, REQUEST_ID};
use crate::limits::MAX_ERROR;
use crate::log::capped;
use crate::policy::{self, Refused};

impl Service {
    /// The answer to a request whose head is refused.
    pub(super) fn refused(&self, head: &Parts, refused: Refused) -> Response {
        let id: Arc<str> = self.app.world.token().into();
        self.app.metrics.refused(refused.promise);
        let text = |name| {
            head.headers
                .get(name)
                .map(|value: &HeaderValue| value.as_bytes())
        };
        let text = |name| text(name).map(String::from_utf8_lossy);
        tracing::warn!(
            request_id = &*id,
            promise = refused.promise,
            code = refused.error.code.as_str(),
            method = capped(head.method.as_str()),
            path = capped(head.uri.path()),
            host = text(header::HOST).as_deref().map(capped),
            origin = text(header::ORIGIN).as_deref().map(capped),
            "refused"
        );
        let response = refused.error.into_response();
        let mut response = self.finished(
            &head.method,
            route(head.uri.path()),
            Some(id),
            Instant::now(),
            response,
        );
        if refused.promise != "S03"
            && let Some(origin) = policy::listed(head, &self.app.settings)
        {
            share(response.headers_mut(), origin.clone());
        }
        response
    }

    /// The answer to a request that is refused before it could be understood.
    pub(super) fn unreadable(&self, promise: &'static str, error: Error) -> Response {
        let id = self.app.world.token();
        self.app.metrics.refused(promise);
        let code = error.code.as_str();
        tracing::warn!(request_id = id, promise, code, "refused");
        let mut response = error.into_response();
        render(&mut response, &id);
        headers::secure(response.headers_mut());
        let status = response.status().as_u16();
        self.app.metrics.answered("unknown", status);
        response
    }

    /// The answer to a browser's question on behalf of a page that the operator lists.
    pub(super) fn preflight(&self, origin: HeaderValue) -> Response {
        let mut response = StatusCode::NO_CONTENT.into_response();
        let headers = response.headers_mut();
        share(headers, origin);
        let methods = HeaderValue::from_static("GET, POST, PUT, DELETE");
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        let names = HeaderValue::from_static("authorization, content-type, idempotency-key");
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
        headers.insert(
            header::ACCESS_CONTROL_MAX_AGE,
            HeaderValue::from_static("600"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(GATEWAY_MODE, self.mode.clone());
        headers::secure(headers);
        self.app.metrics.answered("preflight", 204);
        response
    }

    /// An answer as it is sent.
    pub(super) fn finished(
        &self,
        method: &Method,
        route: &'static str,
        id: Option<Arc<str>>,
        began: Instant,
        mut response: Response,
    ) -> Response {
        let id = id.unwrap_or_else(|| self.app.world.token().into());
        let status = response.status();
        let code = render(&mut response, &id);
        let headers = response.headers_mut();
        if let Ok(id) = HeaderValue::try_from(&*id) {
            headers.insert(REQUEST_ID, id);
        }
        headers.insert(GATEWAY_MODE, self.mode.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers::secure(headers);
        let took = began.elapsed();
        self.app.metrics.answered(route, status.as_u16());
        self.app.metrics.took(route, took);
        tracing::info!(
            request_id = &*id,
            method = capped(method.as_str()),
            route,
            status = status.as_u16(),
            code = code.map(Code::as_str),
            milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            "answered"
        );
        if *method == Method::HEAD {
            *response.body_mut() = Body::empty();
        }
        response
    }
}

/// Writes the JSON of an error, be it ours or one that a library made of a request. Returns its code.
fn render(response: &mut Response, id: &str) -> Option<Code> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    let error = response.extensions_mut().remove::<Error>();
    let error = error.unwrap_or_else(|| foreign(status));
    let code = error.code;
    let mut json = error.to_json(id);
    if json.len() > MAX_ERROR {
        // What is too long are findings or what the service said; the code and the sentence are ours.
        let mut short = Error::new(code, error.message.chars().take(1024).collect::<String>());
        short.submission = error.submission;
        json = short.to_json(id);
    }
    *response.status_mut() = code.status();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(json.len()));
    if code == Code::TokenRequired {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    *response.body_mut() = Body::from(json);
    Some(code)
}

/// The error for an answer that the router made itself.
fn foreign(status: StatusCode) -> Error {
    let (code, sentence) = match status {
        StatusCode::NOT_FOUND => (Code::NotFound, "There is nothing at this path."),
        StatusCode::METHOD_NOT_ALLOWED => (
            Code::MethodNotAllowed,
            "This path takes other methods: see the Allow header.",
        ),
        status if status.is_client_error() => (
            Code::BadQuery,
            "The path or the query can not be understood. Percent-encode UTF-8.",
        ),
        _ => return super::internal(),
    };
    Error::new(code, sentence)
}

/// Lets the page of a listed origin read the answer (S05).
pub(super) fn share(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("location, retry-after, x-gateway-mode, x-request-id"),
    );
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
}
