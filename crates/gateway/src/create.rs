//! A create that happens at most once (rules of create).

use axum::extract::{Path, State};
use axum::response::Response;
use http::Request;

use crate::app::App;
use crate::error::{Code, Error};

/// `POST /api/v2/instances`: judges, writes down, looks up, sends once.
///
/// # Errors
///
/// When it is not sent, refused, or its outcome is unknown.
pub async fn submit(
    State(_app): State<App>,
    _request: Request<axum::body::Body>,
) -> Result<Response, Error> {
    Err(Error::new(Code::Internal, "Not built yet."))
}

/// `GET /api/v2/submissions/{key}`: how a submission stands.
///
/// # Errors
///
/// When there is none with this key.
pub async fn status(State(_app): State<App>, Path(_key): Path<String>) -> Result<Response, Error> {
    Err(Error::new(Code::Internal, "Not built yet."))
}

/// `POST /api/v2/submissions/{key}/check`: looks for the instance of an unknown submission (rule 9).
///
/// # Errors
///
/// When there is none with this key, or the look-up fails.
pub async fn check(State(_app): State<App>, Path(_key): Path<String>) -> Result<Response, Error> {
    Err(Error::new(Code::Internal, "Not built yet."))
}
