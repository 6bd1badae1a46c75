//! The control route of the sandbox: which faults it plays.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Sandbox;
use super::fault::{self, Fault};
use crate::error::{Code, Error, Finding};

/// Most faults at a time.
const MOST_FAULTS: usize = 64;

/// The routes with which faults are told and chosen: `/api/sandbox/faults`.
///
/// `GET` answers `{"faults": [text, …], "known": [{"name", "value", "at", "about"}, …]}`. `PUT` takes
/// `{"faults": [text, …]}` and plays these from then on instead of others. `DELETE` ends all. Both answer
/// as `GET` does.
pub fn control(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/api/sandbox/faults", get(show).put(set).delete(clear))
        .with_state(sandbox)
}

async fn show(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    Json(document(&sandbox))
}

async fn clear(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    sandbox.set_faults(Vec::new());
    Json(document(&sandbox))
}

async fn set(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Json<Value>, Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wanted {
        faults: Vec<String>,
    }
    let wanted: Wanted = serde_json::from_slice(&body).map_err(|_| {
        Error::new(
            Code::BadJson,
            "Send an object whose one member, faults, is an array of texts.",
        )
    })?;
    if wanted.faults.len() > MOST_FAULTS {
        return Err(Error::new(
            Code::InvalidRequest,
            format!("Send at most {MOST_FAULTS} faults."),
        ));
    }
    let mut faults = Vec::with_capacity(wanted.faults.len());
    let mut findings = Vec::new();
    for (index, text) in wanted.faults.iter().enumerate() {
        match text.parse::<Fault>() {
            Ok(fault) => faults.push(fault),
            Err(error) => findings.push(Finding {
                rule: None,
                severity: "error",
                pointer: format!("/faults/{index}"),
                message: Some(error.to_string()),
            }),
        }
    }
    if !findings.is_empty() {
        let mut error = Error::new(
            Code::InvalidRequest,
            "Write each fault as name[=value][@operation][:count].",
        );
        error.findings = findings;
        return Err(error);
    }
    sandbox.set_faults(faults);
    Ok(Json(document(&sandbox)))
}

fn document(sandbox: &Sandbox) -> Value {
    let faults: Vec<String> = sandbox.faults().iter().map(Fault::to_string).collect();
    json!({"faults": faults, "known": fault::known()})
}
