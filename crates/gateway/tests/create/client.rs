//! What a client sends, and what it is told.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use dsw_gateway::app::{App, router};
use dsw_gateway::error::Error;
use dsw_gateway::journal::Journal;
use dsw_gateway::lookup::{MARKER, marker};
use http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::service::Service;
use crate::support;

/// A key.
pub(crate) const KEY: &str = "key-0123456789abcdef";

/// What a client is told.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Told {
    /// The code of the error, or the state of the submission.
    pub(crate) fn code(&self) -> &str {
        let code = self.body["error"]["code"].as_str();
        code.or_else(|| self.body["state"].as_str())
            .unwrap_or("nothing")
    }

    /// The state of the submission, wherever it is told.
    pub(crate) fn state(&self) -> &str {
        let state = self.body["submission"]["state"].as_str();
        state
            .or_else(|| self.body["state"].as_str())
            .unwrap_or("nothing")
    }
}

/// A body without anything to find fault with.
pub(crate) fn body() -> Value {
    json!({
        "WorkspaceId": "40823", "InstanceName": "train_1", "Accessibility": "PRIVATE",
        "EcsSpec": "ecs.c6.large", "ImageId": "image-05cefd0be2e",
    })
}

/// The same with the marker of a key.
pub(crate) fn marked(key: &str) -> Value {
    let mut body = body();
    body["Labels"] = json!([{ "Key": MARKER, "Value": marker(key) }]);
    body
}

/// An application with a journal in memory.
pub(crate) async fn app(service: &Arc<Service>) -> App {
    support::app(service.clone()).await
}

/// An application with this journal.
pub(crate) fn app_with(service: &Arc<Service>, journal: Journal) -> App {
    App::new(
        support::settings(),
        service.clone(),
        journal,
        support::world(),
    )
}

/// Sends a create.
pub(crate) async fn post(app: &App, key: &str, body: &Value) -> Told {
    post_bytes(app, key, body.to_string()).await
}

/// Sends a create of these bytes.
pub(crate) async fn post_bytes(app: &App, key: &str, body: impl Into<Body>) -> Told {
    let request = Request::post("/api/v2/instances?RegionId=cn-hangzhou")
        .header("Host", support::AUTHORITY)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", key)
        .body(body.into())
        .unwrap();
    send(app, request).await
}

/// Asks for a submission.
pub(crate) async fn status(app: &App, key: &str) -> Told {
    get(app, &format!("/api/v2/submissions/{key}")).await
}

/// Asks to look for a submission.
pub(crate) async fn check(app: &App, key: &str) -> Told {
    let path = format!("/api/v2/submissions/{key}/check?RegionId=cn-hangzhou");
    let request = Request::post(path)
        .header("Host", support::AUTHORITY)
        .header("Content-Type", "application/json")
        .body(Body::from("{}"))
        .unwrap();
    send(app, request).await
}

/// Reads.
pub(crate) async fn get(app: &App, path: &str) -> Told {
    let request = Request::get(path)
        .header("Host", support::AUTHORITY)
        .body(Body::empty())
        .unwrap();
    send(app, request).await
}

/// Sends a request.
pub(crate) async fn send(app: &App, request: Request<Body>) -> Told {
    let response = router(app.clone()).oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    // The body of an error is written where the request's id is known.
    let error = head.extensions.get::<Error>().filter(|_| bytes.is_empty());
    let bytes = error.map_or_else(|| bytes.to_vec(), |error| error.to_json("r"));
    Told {
        status: head.status.as_u16(),
        headers: head.headers,
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
    }
}

/// Waits until all creates have ended.
pub(crate) async fn landed(app: &App) {
    app.tasks.close();
    app.tasks.wait().await;
    app.tasks.reopen();
}

/// Runs a test in a time of its own, which passes some thirty times faster than ours. It does not jump: the
/// journal's threads live in our time, and a clock that jumps whenever the program waits for them is no clock. What
/// still runs at the end is dropped where it stands, as when the program is killed.
pub(crate) fn in_time<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(async {
        tokio::spawn(async {
            loop {
                std::thread::sleep(Duration::from_micros(100));
                tokio::time::advance(Duration::from_millis(5)).await;
            }
        });
        test.await
    })
}
