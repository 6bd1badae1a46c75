//! Who may call: authorities, sites, tokens, methods (S03–S06), through the whole router.

#![expect(clippy::unwrap_used, reason = "a test that cannot begin fails")]

use axum::body::Body;
use dsw_gateway::app::App;
use dsw_gateway::settings::{Settings, Token};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use proptest::prelude::*;
use tower::ServiceExt as _;

mod support;
use support::sockets::{Served, status};
use support::{AUTHORITY, Stub};

const KEY: &str = "0123456789abcdef";
const LISTED: &str = "https://composer.example";
const CREATE: &str = "/api/v2/instances?RegionId=cn-hangzhou";
const READ: &str = "/api/v2/ecsspecs?RegionId=cn-hangzhou";

/// What a gateway answers: status, code, headers.
struct Answer {
    status: StatusCode,
    code: Option<String>,
    headers: HeaderMap,
}

async fn ask(settings: Settings, request: Request<Body>) -> Answer {
    let stub = Stub::new(|_| async { Ok(support::reply(200, "{}")) });
    let mut app: App = support::app(stub).await;
    app.settings = settings.into();
    let response = dsw_gateway::app::router(app)
        .oneshot(request)
        .await
        .unwrap();
    let (head, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let json = serde_json::from_slice(&body).unwrap_or(serde_json::Value::Null);
    Answer {
        status: head.status,
        code: json["error"]["code"].as_str().map(str::to_owned),
        headers: head.headers,
    }
}

/// A create as our own page sends it, but for these headers; a value of "" takes one away.
fn create(changes: &[(&str, &str)]) -> Request<Body> {
    request(Method::POST, CREATE, changes)
}

fn request(method: Method, target: &str, changes: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method.clone()).uri(target);
    let is_changed = |name: &str| changes.iter().any(|(changed, _)| *changed == name);
    let mut own = vec![("host", AUTHORITY)];
    if method == Method::POST || method == Method::PUT {
        own.extend([
            ("content-type", "application/json"),
            ("idempotency-key", KEY),
        ]);
    }
    let own = own.into_iter().filter(|(name, _)| !is_changed(name));
    for (name, value) in own.chain(changes.iter().copied()) {
        if !value.is_empty() {
            request = request.header(name, value);
        }
    }
    // A body that never comes: who waits for it before refusing hangs.
    let body = Body::from_stream(futures_util::stream::pending::<
        Result<bytes::Bytes, std::io::Error>,
    >());
    request
        .body(if method == Method::GET {
            Body::empty()
        } else {
            body
        })
        .unwrap()
}

fn with_token() -> Settings {
    Settings {
        token: Some(Token::new("right".repeat(8))),
        ..support::settings()
    }
}

/// What the policy says of a request; `None` if it lets it pass. What comes after the policy is not waited for.
fn refusal(settings: &Settings, request: Request<Body>) -> Option<(&'static str, &'static str)> {
    let (head, _) = request.into_parts();
    let refused = dsw_gateway::policy::judge(&head, settings).err()?;
    Some((refused.promise, refused.error.code.as_str()))
}

/// S03, on real sockets: who is meant by another name gets nothing, be it a page, a file or the API.
#[tokio::test]
async fn s03_requests_for_another_authority_are_refused() {
    let served = Served::start_with(|mut app| {
        let authorities = vec![AUTHORITY.to_owned(), "localhost:8080".to_owned()];
        app.settings = Settings {
            authorities,
            ..support::settings()
        }
        .into();
        app
    })
    .await;
    let host = |host: &str| format!("Host: {host}\r\n");
    let mut cases = vec![
        (200, "/", host("127.0.0.1:8080")),
        (200, "/", host("localhost:8080")),
        (200, "/", host("LocalHost:8080")),
        (200, "/", host("  127.0.0.1:8080\t")),
        (200, "http://127.0.0.1:8080/", host("127.0.0.1:8080")),
        (200, "http://localhost:8080/", host("127.0.0.1:8080")),
        (421, "http://evil.example/", host("127.0.0.1:8080")),
        (421, "http://127.0.0.1:8080/", host("evil.example")),
        (421, "https://127.0.0.1:8080/", host("127.0.0.1:8080")),
        (421, "http://evil@127.0.0.1:8080/", host("127.0.0.1:8080")),
        (421, "/", String::new()),
        (421, "/", "Host:\r\n".to_owned()),
        (421, "/", host("127.0.0.1:8080") + &host("127.0.0.1:8080")),
        (421, "/", host("127.0.0.1:8080") + &host("evil.example")),
        (421, "/", host("evil.example") + &host("127.0.0.1:8080")),
    ];
    for other in [
        "127.0.0.1",
        "127.0.0.1:80",
        "127.0.0.1:8081",
        "127.0.0.1:08080",
        "127.0.0.1:8080.",
        "127.0.0.1.:8080",
        "127.1:8080",
        "0x7f.0.0.1:8080",
        "2130706433:8080",
        "0.0.0.0:8080",
        "[::1]:8080",
        "[::ffff:127.0.0.1]:8080",
        "localhost",
        "localhost.:8080",
        "localhost:8080@evil.example",
        "evil@127.0.0.1:8080",
        "evil.example:8080",
        "127.0.0.1:8080.evil.example",
        "127.0.0.1:8080, evil.example",
        "127.0.0.1:8080/",
        "http://127.0.0.1:8080",
    ] {
        cases.push((421, "/", host(other)));
    }
    for path in [
        "/healthz",
        "/readyz",
        "/metrics",
        "/config.json",
        "/api/v2/ecsspecs",
        "/nothing",
    ] {
        cases.push((421, path, host("rebound.example:8080")));
    }
    // No proxy speaks for others here.
    let ours = host("127.0.0.1:8080");
    for header in [
        "Forwarded: host=evil.example",
        "X-Forwarded-Host: evil.example",
        "X-Original-URL: /api/v2/none",
    ] {
        cases.push((200, "/", format!("{ours}{header}\r\n")));
    }
    for header in [
        "Forwarded: host=127.0.0.1:8080",
        "X-Forwarded-Host: 127.0.0.1:8080",
        "X-Host: 127.0.0.1:8080",
    ] {
        cases.push((421, "/", format!("{}{header}\r\n", host("evil.example"))));
    }
    cases.push((
        200,
        "/healthz",
        format!("{ours}X-HTTP-Method-Override: DELETE\r\n"),
    ));
    for (expected, target, headers) in cases {
        let mut client = served.connect().await;
        client
            .send(format!("GET {target} HTTP/1.1\r\n{headers}\r\n"))
            .await;
        let answer = client.answer().await;
        assert_eq!(status(&answer), expected, "{target} {headers:?}: {answer}");
        if expected == 421 {
            assert_eq!(
                client.rest().await,
                "",
                "{headers:?}: the connection closes"
            );
        }
    }
    let answer = served.ask(b"GET / HTTP/1.0\r\n\r\n").await;
    assert_eq!(status(&answer), 421, "{answer}");
}

/// S04: all of the API, and the counters, need the token; the page and what it has to know first do not.
#[tokio::test]
async fn s04_without_the_token_there_is_no_api() {
    let right = format!("Bearer {}", "right".repeat(8));
    for (authorization, passes) in [
        (right.as_str(), true),
        (&right.replace("Bearer", "bearer"), true),
        ("", false),
        ("Bearer", false),
        ("Bearer ", false),
        ("Bearer wrong", false),
        (&format!("{right} "), true), // Space around a value is none of it.
        (&format!("{right}x"), false),
        (&right[..right.len() - 1], false),
        (&right.replace("right", "Right"), false),
        (&right.replace("Bearer", "Basic"), false),
        (&right["Bearer ".len()..], false),
    ] {
        // hyper and http trim nothing here; what a socket would have trimmed is trimmed by hand.
        let authorization = authorization.trim_end();
        for target in [
            CREATE,
            READ,
            "/api/v2/submissions/0123456789abcdef",
            "/metrics",
            "/api/none",
        ] {
            let method = if target == CREATE {
                Method::POST
            } else {
                Method::GET
            };
            let request = request(method, target, &[("authorization", authorization)]);
            let expected = (!passes).then_some(("S04", "TOKEN_REQUIRED"));
            assert_eq!(
                refusal(&with_token(), request),
                expected,
                "{target} {authorization}"
            );
        }
        for target in ["/", "/healthz", "/readyz", "/config.json", "/main.css"] {
            let request = request(Method::GET, target, &[("authorization", authorization)]);
            assert_eq!(refusal(&with_token(), request), None, "{target}");
        }
    }
    let twice = Request::get(READ)
        .header("host", AUTHORITY)
        .header("authorization", &right)
        .header("authorization", "Bearer wrong")
        .body(Body::empty())
        .unwrap();
    assert!(refusal(&with_token(), twice).is_some());
    let answer = ask(with_token(), create(&[])).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
}

/// S05: every combination of what a browser says of a write, and which of them pass.
#[test]
fn s05_only_our_own_page_and_programs_may_write() {
    let settings = support::settings();
    let ours = format!("http://{AUTHORITY}");
    let sites = [
        "",
        "same-origin",
        "same-site",
        "cross-site",
        "none",
        "Same-Origin",
        "same-origin, cross-site",
    ];
    let origins = [
        "",
        &ours,
        "null",
        "http://localhost:8080",
        "http://127.0.0.1:8081",
        "http://127.0.0.1",
        LISTED,
        "https://127.0.0.1:8080",
        "HTTP://127.0.0.1:8080",
        "http://127.0.0.1:8080/",
        "http://evil.example",
    ];
    let kinds = [
        ("application/json", true),
        ("application/json; charset=utf-8", true),
        ("application/json;charset=UTF-8", true),
        ("Application/JSON", true),
        ("", false),
        ("text/plain", false),
        ("application/x-www-form-urlencoded", false),
        ("multipart/form-data; boundary=x", false),
        ("application/json; charset=utf-16", false),
        ("application/json; charset=utf-8; x=y", false),
        ("application/json;", false),
        ("application/jsonp", false),
        ("text/plain; application/json", false),
        ("application/vnd.api+json", false),
    ];
    let keys = [
        (KEY, true),
        ("A-Z_a-z_0-9_0123", true),
        ("", false),
        ("0123456789abcde", false),
        ("0123456789abcde!", false),
        ("0123456789abcdef 0123", false),
    ];
    for site in sites {
        for origin in origins {
            for (kind, kind_fits) in kinds {
                for (key, key_fits) in keys {
                    let request = create(&[
                        ("sec-fetch-site", site),
                        ("origin", origin),
                        ("content-type", kind),
                        ("idempotency-key", key),
                    ]);
                    let expected = if !(site.is_empty() || site == "same-origin")
                        || !(origin.is_empty() || origin == ours)
                    {
                        Some(("S05", "CROSS_SITE"))
                    } else if !kind_fits {
                        Some(("S05", "UNSUPPORTED_MEDIA_TYPE"))
                    } else if !key_fits {
                        Some(("S05", "BAD_KEY"))
                    } else {
                        None
                    };
                    assert_eq!(
                        refusal(&settings, request),
                        expected,
                        "{site:?} {origin:?} {kind:?} {key:?}"
                    );
                }
            }
        }
    }
}

/// S05: headers that stand twice are not what they seem.
#[test]
fn s05_headers_that_stand_twice_are_refused() {
    for (name, values) in [
        (
            "origin",
            [
                format!("http://{AUTHORITY}"),
                "http://evil.example".to_owned(),
            ],
        ),
        (
            "sec-fetch-site",
            ["same-origin".to_owned(), "cross-site".to_owned()],
        ),
        (
            "content-type",
            ["application/json".to_owned(), "text/plain".to_owned()],
        ),
        ("idempotency-key", [KEY.to_owned(), KEY.to_owned()]),
    ] {
        let request = create(&[(name, &values[0]), (name, &values[1])]);
        assert!(refusal(&support::settings(), request).is_some(), "{name}");
    }
}

/// S05: a content coding would hide what is sent.
#[test]
fn s05_bodies_are_sent_as_they_are() {
    let request = create(&[("content-encoding", "gzip")]);
    let expected = Some(("S05", "UNSUPPORTED_MEDIA_TYPE"));
    assert_eq!(refusal(&support::settings(), request), expected);
}

/// S05: other pages may not read either; a person who types the address may.
#[test]
fn s05_other_pages_may_not_read() {
    for (site, origin, passes) in [
        ("", "", true),
        ("same-origin", "", true),
        ("none", "", true),
        ("same-site", "", false),
        ("cross-site", "", false),
        ("", "http://evil.example", false),
        ("none", "http://evil.example", false),
    ] {
        for target in [READ, "/config.json", "/policy.json", "/metrics"] {
            let request = request(
                Method::GET,
                target,
                &[("sec-fetch-site", site), ("origin", origin)],
            );
            assert_eq!(
                refusal(&support::settings(), request).is_none(),
                passes,
                "{target} {site} {origin}"
            );
        }
        // A link on another page may lead to ours.
        let request = request(Method::GET, "/", &[("sec-fetch-site", site)]);
        assert_eq!(refusal(&support::settings(), request), None);
    }
}

/// S05: a page of an origin that the operator lists may call, with the token, and nobody else is told anything.
#[tokio::test]
async fn s05_listed_origins_may_call_with_the_token() {
    let settings = Settings {
        origins: vec![LISTED.to_owned()],
        ..with_token()
    };
    let right = format!("Bearer {}", "right".repeat(8));
    let calls = |origin: &str, authorization: &str| {
        let headers = [
            ("origin", origin),
            ("sec-fetch-site", "cross-site"),
            ("authorization", authorization),
        ];
        request(Method::GET, READ, &headers)
    };
    assert_eq!(refusal(&settings, calls(LISTED, &right)), None);
    for (origin, authorization, code) in [
        (LISTED, "", "TOKEN_REQUIRED"),
        ("http://composer.example", &right, "CROSS_SITE"),
        ("https://composer.example.evil", &right, "CROSS_SITE"),
        ("https://composer.example/", &right, "CROSS_SITE"),
        ("https://COMPOSER.example", &right, "CROSS_SITE"),
        ("null", &right, "CROSS_SITE"),
    ] {
        let request = calls(origin, authorization);
        assert_eq!(
            refusal(&settings, request).map(|(_, code)| code),
            Some(code),
            "{origin}"
        );
    }
    // Without a token in the settings, none is right.
    let open = Settings {
        token: None,
        ..settings.clone()
    };
    assert!(refusal(&open, calls(LISTED, "")).is_some());

    let preflight = |origin: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
        ];
        request(Method::OPTIONS, CREATE, &headers)
    };
    let answer = ask(settings.clone(), preflight(LISTED)).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.headers["access-control-allow-origin"], LISTED);
    assert_eq!(answer.headers["vary"], "Origin");
    let names = "authorization, content-type, idempotency-key";
    assert_eq!(answer.headers["access-control-allow-headers"], names);
    let ours = request(
        Method::GET,
        "/config.json",
        &[("origin", LISTED), ("sec-fetch-site", "cross-site")],
    );
    let answer = ask(settings.clone(), ours).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["access-control-allow-origin"], LISTED);
    let refused = ask(settings.clone(), calls(LISTED, "")).await;
    assert_eq!(refused.status, 401);
    assert_eq!(
        refused.headers["access-control-allow-origin"], LISTED,
        "the page can read why"
    );
    for request in [
        preflight("http://evil.example"),
        calls("http://evil.example", &right),
        calls(&format!("http://{AUTHORITY}"), &right),
        request(Method::GET, "/", &[("origin", LISTED)]),
    ] {
        let answer = ask(settings.clone(), request).await;
        let told = answer
            .headers
            .keys()
            .find(|name| name.as_str().starts_with("access-control-"));
        assert_eq!(told, None);
    }
    for answer in [ask(settings.clone(), preflight(LISTED)).await, refused] {
        assert_eq!(answer.headers.get("access-control-allow-credentials"), None);
    }
}

/// S06: paths that are not in the table, and methods that a path does not take.
#[tokio::test]
async fn s06_what_is_not_in_the_table_is_refused() {
    let settings = support::settings();
    for (method, target, expected, allow) in [
        (Method::GET, "/api", 404, None),
        (Method::GET, "/api/", 404, None),
        (Method::GET, "/api/v2", 404, None),
        (Method::GET, "/api/v2/ecsspecs/", 404, None),
        (Method::GET, "/api/v2/Ecsspecs", 404, None),
        (Method::GET, "/api/v2/ecsspecs/x", 404, None),
        (Method::GET, "/api/v2//ecsspecs", 404, None),
        (Method::GET, "/api/v2/%65csspecs", 404, None),
        (Method::GET, "/api/v2/../v2/ecsspecs", 404, None),
        (Method::GET, "/api/v1/ecsspecs", 404, None),
        (
            Method::DELETE,
            "/api/v2/instances/dsw-1",
            405,
            Some("GET,HEAD"),
        ),
        (Method::PUT, "/api/v2/instances", 405, Some("GET,HEAD,POST")),
        (Method::POST, "/api/v2/ecsspecs", 405, Some("GET,HEAD")),
        (
            Method::OPTIONS,
            "/api/v2/instances",
            405,
            Some("GET,HEAD,POST"),
        ),
        (
            Method::PATCH,
            "/api/v2/instances",
            405,
            Some("GET,HEAD,POST"),
        ),
        (
            Method::from_bytes(b"BREW").unwrap(),
            "/api/v2/ecsspecs",
            405,
            Some("GET,HEAD"),
        ),
        (Method::POST, "/healthz", 405, Some("GET,HEAD")),
        (Method::POST, "/", 405, Some("GET, HEAD")),
        (
            Method::TRACE,
            "/",
            405,
            Some("GET, HEAD, POST, PUT, DELETE, OPTIONS"),
        ),
        (
            Method::CONNECT,
            "/",
            405,
            Some("GET, HEAD, POST, PUT, DELETE, OPTIONS"),
        ),
    ] {
        let kind = [("content-type", "application/json")];
        let answer = ask(settings.clone(), request(method.clone(), target, &kind)).await;
        assert_eq!(answer.status, expected, "{method} {target}");
        let code = if expected == 404 {
            "NOT_FOUND"
        } else {
            "METHOD_NOT_ALLOWED"
        };
        assert_eq!(answer.code.as_deref(), Some(code), "{method} {target}");
        let told = answer
            .headers
            .get("allow")
            .map(|value| value.to_str().unwrap());
        assert_eq!(told, allow, "{method} {target}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// S06: whatever is asked, nothing but what is in the table reaches the service.
    #[test]
    fn s06_random_requests_reach_nobody(
        method in "GET|POST|PUT|DELETE|PATCH|OPTIONS|HEAD|[A-Z]{1,8}",
        path in "/(api/)?(v[0-9]/)?(instances|ecsspecs|images|datasets|[a-z%.]{0,9})(/[a-z%.0-9-]{0,9}){0,3}",
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let stub = Stub::new(|_| async { Ok(support::reply(200, "{}")) });
            let app = support::app(stub.clone()).await;
            let request = Request::builder()
                .method(&*method)
                .uri(&path)
                .header("host", AUTHORITY)
                .header("content-type", "application/json")
                .body(Body::from("{}"))
                .unwrap();
            dsw_gateway::app::router(app).oneshot(request).await.unwrap();
            // Without a region even what is in the table goes nowhere.
            prop_assert!(stub.calls().is_empty());
            Ok(())
        })?;
    }
}
