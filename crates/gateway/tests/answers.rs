//! What is answered: files (S14), headers (S15), errors (S20), and what tells of the program itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot begin fails")]

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use bytes::Bytes;
use dsw_gateway::app::{App, router};
use dsw_gateway::assets::{Assets, File};
use dsw_gateway::error::{Code, Error, Finding};
use dsw_gateway::journal::Journal;
use dsw_gateway::limits::MAX_ERROR;
use dsw_gateway::settings::{Settings, Token};
use dsw_gateway::submission::Said;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

mod support;
use support::{AUTHORITY, Stub};

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{:?}", self.body))
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// Names and values.
type Headers<'a> = &'a [(&'a str, &'a str)];

async fn ask(app: App, method: Method, path: &str, headers: Headers<'_>) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    let own = [("host", AUTHORITY)];
    let is_own = !headers.iter().any(|(name, _)| *name == "host");
    for (name, value) in own.iter().filter(|_| is_own).chain(headers) {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let (head, body) = router(app).oneshot(request).await.unwrap().into_parts();
    Answer {
        status: head.status,
        headers: head.headers,
        body: body.collect().await.unwrap().to_bytes(),
    }
}

async fn app() -> App {
    let stub = Stub::new(|_| async { Ok(support::reply(200, "{}")) });
    support::app(stub).await
}

fn page() -> Assets {
    let file = |path: &'static str, plain: &'static str, is_coded: bool| File {
        path: Cow::Borrowed(path),
        plain: Bytes::from_static(plain.as_bytes()),
        brotli: is_coded.then(|| Bytes::from_static(b"after brotli")),
        gzip: is_coded.then(|| Bytes::from_static(b"after gzip")),
    };
    Assets::new([
        file("index.html", "<script>start()</script>", true),
        file("dsw-page-0123456789abcdef.js", "start", true),
        file("assets/rules.json", "{}", false),
        file("sw.js", "serve()", true),
    ])
}

/// F68: the service worker is asked for anew each time, and may fetch what the page is made of.
#[tokio::test]
async fn s16_the_service_worker_has_a_policy_of_its_own() {
    let answer = ask(app().await.with_page(page()), Method::GET, "/sw.js", &[]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "no-cache");
    assert_eq!(
        answer.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
    );
    let script = "/dsw-page-0123456789abcdef.js";
    let answer = ask(app().await.with_page(page()), Method::GET, script, &[]).await;
    assert!(!answer.header("content-security-policy").contains("'self'"));
}

/// S14: what is no file of the page is not found, however it is written.
#[tokio::test]
async fn s14_no_path_leads_out_of_the_page() {
    let app = app().await.with_page(page());
    for path in [
        "/..",
        "/../Cargo.toml",
        "/./index.html",
        "/assets/../index.html",
        "/%2e%2e/Cargo.toml",
        "/..%2fCargo.toml",
        "/%2e%2e%2fetc%2fpasswd",
        "//etc/passwd.txt",
        "/etc/passwd.txt",
        "//index.html",
        "/index.html/",
        "/assets",
        "/assets/",
        "/assets/.hidden",
        "/.git/config",
        "/.env",
        "/index.html.br",
        "/index.html%00.js",
        "/INDEX.HTML",
        "/assets%2frules.json",
        "/Cargo.toml",
        "/proc/self/environ",
        "/main-0123456789abcdef.css",
    ] {
        let answer = ask(app.clone(), Method::GET, path, &[]).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.json()["error"]["code"], "NOT_FOUND", "{path}");
    }
    // A browser that goes to a page which is none gets the page; for a file it would be a wrong one.
    let html = [("accept", "text/html,application/xhtml+xml;q=0.9")];
    for (path, expected) in [
        ("/", 200),
        ("/nothing", 200),
        ("/a/b/", 200),
        ("/nothing.js", 404),
        ("/a.b/..", 404),
        ("/%2e%2e", 404),
        ("/api/nothing", 404),
    ] {
        let answer = ask(app.clone(), Method::GET, path, &html).await;
        assert_eq!(answer.status, expected, "{path}");
    }
}

/// S14: files below a folder are read once; what begins with a dot, and links, are left out.
#[tokio::test]
async fn s14_a_folder_is_read_when_the_program_starts() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("assets")).unwrap();
    write("index.html", "page");
    write("assets/a.txt", "plain");
    write("assets/a.txt.br", "small");
    write(".secret", "secret");
    std::os::unix::fs::symlink("/etc/hosts", folder.path().join("hosts.txt")).unwrap();
    let app = app()
        .await
        .with_page(Assets::from_folder(folder.path()).unwrap());
    write("index.html", "changed");
    write("new.txt", "new");
    for (path, expected) in [
        ("/", "page"),
        ("/assets/a.txt", "plain"),
        ("/.secret", ""),
        ("/hosts.txt", ""),
        ("/new.txt", ""),
        ("/assets/a.txt.br", ""),
    ] {
        let answer = ask(app.clone(), Method::GET, path, &[]).await;
        if expected.is_empty() {
            assert_eq!(answer.status, 404, "{path}");
        } else {
            assert_eq!(answer.body, expected, "{path}");
        }
    }
    let br = [("accept-encoding", "br")];
    let answer = ask(app, Method::GET, "/assets/a.txt", &br).await;
    assert_eq!(
        (&*answer.body, answer.header("content-encoding")),
        (&b"small"[..], "br")
    );
}

/// S14: codings, caching and the questions of caches.
#[tokio::test]
async fn s14_files_are_sent_as_asked_for() {
    let app = app().await.with_page(page());
    let get = |path: &'static str, headers: Vec<(&'static str, String)>| {
        let app = app.clone();
        async move {
            let headers: Vec<_> = headers
                .iter()
                .map(|(name, value)| (*name, &**value))
                .collect();
            ask(app, Method::GET, path, &headers).await
        }
    };
    let script = "/dsw-page-0123456789abcdef.js";
    for (accepted, body, coding) in [
        ("gzip, deflate, br", "after brotli", "br"),
        ("gzip", "after gzip", "gzip"),
        ("br;q=0", "start", ""),
    ] {
        let answer = get(script, vec![("accept-encoding", accepted.to_owned())]).await;
        assert_eq!(answer.body, body);
        assert_eq!(answer.header("content-encoding"), coding);
        assert_eq!(answer.header("content-length"), body.len().to_string());
        assert_eq!(
            answer.header("content-type"),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(answer.header("vary"), "Accept-Encoding");
        assert_eq!(
            answer.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        // The same bytes are not sent again, and others are not taken for them.
        let tag = answer.header("etag").to_owned();
        for (tags, expected) in [
            (tag.clone(), 304),
            (format!("W/{tag}"), 304),
            (format!("\"other\", {tag}"), 304),
            ("*".to_owned(), 304),
            ("\"other\"".to_owned(), 200),
            (tag.trim_matches('"').to_owned(), 200),
        ] {
            let headers = vec![
                ("accept-encoding", accepted.to_owned()),
                ("if-none-match", tags.clone()),
            ];
            let answer = get(script, headers).await;
            assert_eq!(answer.status, expected, "{tags}");
            assert_eq!(answer.body.is_empty(), expected == 304);
            assert_eq!(answer.header("etag"), tag);
            assert_eq!(answer.header("vary"), "Accept-Encoding");
        }
        let other = vec![
            ("if-none-match", tag),
            ("accept-encoding", "identity;q=0.1, *;q=0".to_owned()),
        ];
        let expected = if coding.is_empty() { 304 } else { 200 };
        assert_eq!(get(script, other).await.status, expected);
    }
    let page = get("/", vec![]).await;
    assert_eq!(page.header("cache-control"), "no-cache");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let rules = get(
        "/assets/rules.json",
        vec![("accept-encoding", "br".to_owned())],
    )
    .await;
    assert_eq!(
        (rules.header("content-encoding"), rules.header("vary")),
        ("", "")
    );
    let head = ask(
        app.clone(),
        Method::HEAD,
        script,
        &[("accept-encoding", "br")],
    )
    .await;
    assert_eq!(
        (head.status.as_u16(), head.header("content-length")),
        (200, "12")
    );
    assert!(head.body.is_empty());
}

const SECURE: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// S15: whatever is answered, these headers are there, and none that tells of the program.
#[tokio::test]
async fn s15_every_answer_has_its_headers() {
    let failing = || async { Err::<(), _>(Error::new(Code::BadUpstream, "The service failed.")) };
    let routes = Router::new().route("/api/sandbox/faults", get(failing));
    let app = app().await.with_page(page()).with_routes(routes);
    let host = [("host", "evil.example")];
    let known = [("if-none-match", "*")];
    let cases: [(u16, Method, &str, Headers<'_>); 13] = [
        (200, Method::GET, "/", &[]),
        (200, Method::HEAD, "/", &[]),
        (304, Method::GET, "/", &known),
        (200, Method::GET, "/assets/rules.json", &[]),
        (200, Method::GET, "/healthz", &[]),
        (200, Method::GET, "/config.json", &[]),
        (200, Method::GET, "/metrics", &[]),
        (404, Method::GET, "/nothing", &[]),
        (204, Method::GET, "/policy.json", &[]),
        (404, Method::GET, "/api/nothing", &[]),
        (405, Method::POST, "/", &[]),
        (421, Method::GET, "/", &host),
        (502, Method::GET, "/api/sandbox/faults", &[]),
    ];
    for (expected, method, path, headers) in cases {
        let answer = ask(app.clone(), method.clone(), path, headers).await;
        assert_eq!(answer.status, expected, "{method} {path}");
        for (name, value) in SECURE {
            assert_eq!(answer.header(name), value, "{method} {path}");
        }
        for feature in ["camera=()", "microphone=()", "geolocation=()", "usb=()"] {
            assert!(answer.header("permissions-policy").contains(feature));
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        let is_page = path == "/" && expected < 400;
        assert_eq!(
            policy.contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-"),
            is_page,
            "{path}"
        );
        for name in [
            "server",
            "x-powered-by",
            "set-cookie",
            "access-control-allow-origin",
        ] {
            assert_eq!(answer.headers.get(name), None);
        }
        let is_file = matches!(path, "/" | "/assets/rules.json") && expected < 400;
        if !is_file {
            assert_eq!(
                answer.header("cache-control"),
                "no-store",
                "{method} {path}"
            );
            assert_eq!(
                answer.header("x-gateway-mode"),
                "sandbox",
                "{method} {path}"
            );
            assert_eq!(answer.header("x-request-id").len(), 32, "{method} {path}");
        }
    }
}

/// S20: each code is answered with its status, as JSON with code, sentence and request id.
#[tokio::test]
async fn s20_errors_are_json_with_a_stable_code() {
    for code in Code::ALL {
        let failing = move || async move { Err::<(), _>(Error::new(*code, "Do something else.")) };
        let routes = Router::new().route("/api/sandbox/faults", get(failing));
        let answer = ask(
            app().await.with_routes(routes),
            Method::GET,
            "/api/sandbox/faults",
            &[],
        )
        .await;
        assert_eq!(answer.status, code.status());
        assert_eq!(answer.header("content-type"), "application/json");
        let expected = json!({"error": {
            "code": code.as_str(),
            "message": "Do something else.",
            "requestId": answer.header("x-request-id"),
        }});
        assert_eq!(answer.json(), expected);
    }
}

/// S20: a panic is answered, and tells nothing of itself.
#[tokio::test]
async fn s20_a_panic_is_a_mistake_of_ours_and_no_more() {
    async fn panicking() {
        panic!("the marker 4711 of src/secret.rs")
    }
    let app = app()
        .await
        .with_routes(Router::new().route("/api/sandbox/faults", get(panicking)));
    for _ in 0..2 {
        let answer = ask(app.clone(), Method::GET, "/api/sandbox/faults", &[]).await;
        assert_eq!(answer.status, 500);
        assert_eq!(answer.json()["error"]["code"], "INTERNAL");
        assert!(!String::from_utf8_lossy(&answer.body).contains("4711"));
    }
    assert_eq!(ask(app, Method::GET, "/healthz", &[]).await.status, 200);
}

/// S20: an error is never longer than 64 KiB, whatever it is made of.
#[tokio::test]
async fn s20_errors_are_capped() {
    let failing = |findings: usize, reply: usize| {
        move || async move {
            let mut error = Error::new(Code::InvalidRequest, "The rules find errors.");
            let finding = Finding {
                rule: Some("R04"),
                severity: "error",
                pointer: "/InstanceName".into(),
                message: None,
            };
            error.findings = vec![finding; findings];
            error.upstream = Some(Box::new(Said {
                reply: Some("a".repeat(reply)),
                ..Said::default()
            }));
            Err::<(), _>(error)
        }
    };
    for (findings, reply, is_whole) in [(500, 2048, true), (2_000, 0, false), (0, MAX_ERROR, false)]
    {
        let routes = Router::new().route("/api/sandbox/faults", get(failing(findings, reply)));
        let answer = ask(
            app().await.with_routes(routes),
            Method::GET,
            "/api/sandbox/faults",
            &[],
        )
        .await;
        assert_eq!(answer.status, 422);
        assert!(answer.body.len() <= MAX_ERROR);
        assert_eq!(answer.json()["error"]["code"], "INVALID_REQUEST");
        assert_eq!(answer.json()["error"]["upstream"].is_object(), is_whole);
    }
}

/// S20: what the framework itself refuses reads like all other errors.
#[tokio::test]
async fn s20_the_frameworks_own_refusals_are_errors_too() {
    let answer = ask(app().await, Method::GET, "/api/v2/submissions/%ff", &[]).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["error"]["code"], "BAD_QUERY");
    assert_eq!(answer.header("content-type"), "application/json");
}

/// What the page has to know first (S02: the mode).
#[tokio::test]
async fn the_configuration_document_says_what_the_page_has_to_know() {
    let answer = ask(app().await, Method::GET, "/config.json", &[]).await;
    let document = answer.json();
    assert_eq!(document["gateway"], "/");
    assert_eq!(document["mode"], "sandbox");
    assert_eq!(document["tokenRequired"], false);
    assert_eq!(document["defaultRegion"], "cn-hangzhou");
    assert_eq!(document["language"], Value::Null);
    assert_eq!(document["regions"].as_array().unwrap().len(), 17);
    let first = json!({"id": "cn-hangzhou", "name": "China (Hangzhou)"});
    assert_eq!(document["regions"][0], first);
    assert_eq!(document["version"], env!("CARGO_PKG_VERSION"));
    let mut with_token = app().await;
    with_token.settings = Arc::new(Settings {
        token: Some(Token::new("t".to_owned())),
        language: Some("de".to_owned()),
        ..support::settings()
    });
    let document = ask(with_token, Method::GET, "/config.json", &[])
        .await
        .json();
    assert_eq!(document["tokenRequired"], true);
    assert_eq!(document["language"], "de");
}

#[tokio::test]
async fn health_and_readiness_are_told() {
    let answer = ask(app().await, Method::GET, "/healthz", &[]).await;
    assert_eq!((answer.status.as_u16(), &*answer.body), (200, &b"ok\n"[..]));
    let mut app = app().await;
    app.journal = Journal::in_memory().await.unwrap();
    let answer = ask(app, Method::GET, "/readyz", &[]).await;
    assert_eq!(
        (answer.status.as_u16(), &*answer.body),
        (200, &b"ready\n"[..])
    );
}

/// S11: no more calls than there may be are under way at a time, and the rest are told so at once.
#[tokio::test]
async fn s11_upstream_calls_are_limited() {
    let app = app().await;
    let held: Vec<_> = (0..64).map(|_| app.permit().unwrap()).collect();
    let error = app.permit().unwrap_err();
    assert_eq!((error.code, error.retry_after), (Code::Busy, Some(1)));
    drop(held);
    assert!(app.permit().is_ok());
}
