//! Reads that are passed on: judged by the table of operations, repeated where that is safe (G04).

use axum::extract::State;
use axum::response::Response;
use http::Request;

use crate::app::App;
use crate::error::{Code, Error};

/// Passes a read on.
///
/// # Errors
///
/// When the query is not what the operation takes, or the service gives no answer.
pub async fn read(
    State(_app): State<App>,
    _request: Request<axum::body::Body>,
) -> Result<Response, Error> {
    Err(Error::new(Code::Internal, "Not built yet."))
}
