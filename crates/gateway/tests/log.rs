//! The log (S21). A binary of its own: while other tests begin and end logs of theirs, lines get lost.

#![expect(clippy::unwrap_used, reason = "a test that cannot begin fails")]

use std::io;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use dsw_gateway::app::{App, router};
use dsw_gateway::settings::{Settings, Token};
use http::Request;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

mod support;
use support::{AUTHORITY, Stub};

/// Names and values.
type Headers<'a> = &'a [(&'a str, &'a str)];

/// Status and body of the answer to a GET.
async fn ask(app: &App, path: &str, headers: Headers<'_>) -> (u16, String) {
    let mut request = Request::get(path);
    let own = [("host", AUTHORITY)];
    let is_own = !headers.iter().any(|(name, _)| *name == "host");
    for (name, value) in own.iter().filter(|_| is_own).chain(headers) {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let (head, body) = router(app.clone())
        .oneshot(request)
        .await
        .unwrap()
        .into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (
        head.status.as_u16(),
        String::from_utf8(body.to_vec()).unwrap(),
    )
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// S21: a line of the log is one JSON object, whatever is in a request, and holds no token, query or body. Refusals
/// are counted.
#[tokio::test]
async fn s21_nothing_forges_a_line_of_the_log() {
    let written = Lines::default();
    let writer = written.clone();
    let log =
        dsw_gateway::log::subscriber(move || writer.clone(), "info", support::world()).unwrap();
    let guard = tracing::subscriber::set_default(log);
    let stub = Stub::new(|_| async { Ok(support::reply(200, "{}")) });
    let mut app = support::app(stub).await;
    let token = Token::new("secret-token-4711".to_owned());
    app.settings = Arc::new(Settings {
        token: Some(token),
        ..support::settings()
    });
    let forged = "a\"}\t{\"level\":\"ERROR\"";
    let bearer = [("authorization", "Bearer secret-token-4711")];
    let wrong = [("authorization", "Bearer wrong-token-4712")];
    let endless = "x".repeat(5_000);
    let requests: [(u16, &str, Headers<'_>); 6] = [
        (200, "/metrics", &bearer),
        (401, "/api/v2/ecsspecs?RegionId=query-4713", &wrong),
        (
            403,
            "/api/v2/ecsspecs",
            &[("origin", forged), ("sec-fetch-site", "cross-site")],
        ),
        (403, "/api/v2/ecsspecs", &[("origin", &endless)]),
        (421, "/%0a%22%7d", &[("host", forged)]),
        (421, "/", &[("host", &endless)]),
    ];
    for (expected, path, headers) in requests {
        let (status, _) = ask(&app, path, headers).await;
        assert_eq!(status, expected, "{path}");
    }
    let (_, counted) = ask(&app, "/metrics", &bearer).await;
    drop(guard);
    let log = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let events: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    // One for each answer, and one more for each refusal.
    assert_eq!(events.len(), 7 + 5, "{log}");
    for event in &events {
        assert!(
            event["timestamp"].is_string() && event["level"] != "ERROR",
            "{event}"
        );
        assert_eq!(event["request_id"].as_str().unwrap().len(), 32);
        assert!(event.to_string().len() < 1_000, "{event}");
    }
    for marker in ["4711", "4712", "4713"] {
        assert!(!log.contains(marker), "{marker}: {log}");
    }
    for line in [
        "dsw_composer_refusals_total{promise=\"S03\"} 2",
        "dsw_composer_refusals_total{promise=\"S04\"} 1",
        "dsw_composer_refusals_total{promise=\"S05\"} 2",
        "dsw_composer_requests_total{route=\"/metrics\",status=\"200\"} 1",
    ] {
        assert!(counted.contains(line), "{line}: {counted}");
    }
    assert!(counted.ends_with("# EOF\n"));
}
