//! The server over real sockets: what hyper never gets to see (S12), and what takes time (S11, G08).

#![expect(clippy::unwrap_used, reason = "a test that cannot begin fails")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::routing::{get, put};
use dsw_gateway::limits::{Limits, MAX_BODY, MAX_HEAD, MAX_HEADERS, MAX_TARGET, read_body};
use dsw_gateway::server::Listeners;
use dsw_gateway::settings::Settings;
use tokio::net::TcpStream;
use tokio::sync::Notify;

mod support;
use support::AUTHORITY;
use support::sockets::{Served, head, header, status};

/// A POST that passes the policy, up to the empty line. It is asked at a path that does not exist, so that
/// nobody reads its body unless the server does.
fn post(more: &str) -> String {
    format!(
        "POST /api/v2/instances HTTP/1.1\r\nHost: {AUTHORITY}\r\nContent-Type: application/json\r\n\
         Idempotency-Key: 0123456789abcdef\r\n{more}\r\n"
    )
}

fn code(answer: &str) -> String {
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let json: serde_json::Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"));
    json["error"]["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_and_the_health_of_the_program_are_served() {
    let served = Served::start(Limits::default()).await;
    let page = served.ask(&head("GET / HTTP/1.1")).await;
    assert_eq!(status(&page), 200, "{page}");
    let health = served.ask(&head("GET /healthz HTTP/1.1")).await;
    assert_eq!(status(&health), 200, "{health}");
    assert!(health.ends_with("\r\n\r\nok\n"), "{health}");
    assert!(served.stop().await);
}

/// A GET with these headers besides Host.
fn get_with(more: &str) -> String {
    format!("GET /healthz HTTP/1.1\r\nHost: {AUTHORITY}\r\n{more}\r\n")
}

/// Requests whose headers may mean several things, and the status that each gets.
fn doubtful() -> Vec<(u16, String)> {
    vec![
        // What has a Transfer-Encoding, whatever else it has.
        (
            411,
            post("Transfer-Encoding: chunked\r\n") + "2\r\n{}\r\n0\r\n\r\n",
        ),
        (
            411,
            post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n",
        ),
        (
            411,
            post("Transfer-Encoding: chunked\r\nContent-Length: 6\r\n") + "0\r\n\r\n",
        ),
        (
            411,
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n") + "0\r\n\r\n",
        ),
        (411, post("Transfer-Encoding: xchunked\r\n")),
        (411, post("Transfer-Encoding: chunked, identity\r\n")),
        (411, post("Transfer-Encoding:\tchunked\r\n")),
        (411, post("tRANSFER-eNCODING: chunked\r\n")),
        (411, post("Transfer-Encoding:\r\n")),
        (
            411,
            post("Transfer-Encoding: chunked\r\n") + "2;a=b\r\n{}\r\n0\r\n\r\n",
        ),
        (
            411,
            post("Transfer-Encoding: chunked\r\n") + "ffffffffffffffff2\r\n",
        ),
        (
            411,
            get_with("Transfer-Encoding: chunked\r\n") + "0\r\n\r\n",
        ),
        // Lengths that are none, or two.
        (
            400,
            post("Content-Length: 2\r\nContent-Length: 3\r\n") + "{}",
        ),
        (
            400,
            post("Content-Length: 2\r\nContent-Length: 2\r\n") + "{}",
        ),
        (400, post("Content-Length: 2, 2\r\n") + "{}"),
        (400, post("Content-Length: 2,3\r\n") + "{}"),
        (400, post("Content-Length: +2\r\n") + "{}"),
        (400, post("Content-Length: -2\r\n") + "{}"),
        (400, post("Content-Length: 0x2\r\n") + "{}"),
        (400, post("Content-Length: 2 2\r\n") + "{}"),
        (400, post("Content-Length: 2.0\r\n") + "{}"),
        (400, post("Content-Length: \r\n") + "{}"),
        (400, post("Content-Length: 18446744073709551618\r\n") + "{}"),
        // Lines that end, begin or are folded oddly.
        (400, post("X: a\r\n b\r\nContent-Length: 2\r\n") + "{}"),
        (400, post("X: a\r\n\tTransfer-Encoding: chunked\r\n") + "{}"),
        (400, post("Transfer-Encoding : chunked\r\n") + "0\r\n\r\n"),
        (400, post(" Transfer-Encoding: chunked\r\n") + "0\r\n\r\n"),
        (
            400,
            post("X: a\rTransfer-Encoding: chunked\r\n") + "0\r\n\r\n",
        ),
        (
            400,
            post("X: a\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n",
        ),
        (400, post("X: a\0b\r\n")),
        (400, post("X\0: a\r\n")),
        (400, post("X: a\u{7f}b\r\n")),
        (400, post(": a\r\n")),
        (400, post("no colon\r\n")),
        (400, format!("GET /healthz HTTP/1.1\nHost: {AUTHORITY}\n\n")),
        (
            400,
            format!("GET /healthz HTTP/1.1\r\nHost: {AUTHORITY}\n\r\n"),
        ),
        (
            400,
            format!("\nGET /healthz HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
    ]
}

/// What has no first line of HTTP/1.1, or one that leads elsewhere.
fn no_first_lines() -> Vec<(u16, String)> {
    vec![
        // First lines that are none.
        (
            400,
            format!("GET  /healthz HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
        (
            400,
            format!("GET /healthz  HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
        (
            400,
            format!("GET /healthz HTTP/1.1 \r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
        (
            400,
            format!(" GET /healthz HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
        (
            400,
            format!("GET\t/healthz HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
        (
            400,
            format!("GET /healthz HTTP/2.0\r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
        (
            400,
            format!("GET /healthz HTTP/0.9\r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
        (400, format!("GET /healthz\r\nHost: {AUTHORITY}\r\n\r\n")),
        (
            400,
            format!("GET healthz HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
        (
            400,
            format!("GET {AUTHORITY} HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
        (400, format!("GET * HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n")),
        (
            400,
            format!("GET /a#b HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
        (
            400,
            format!("GET /a\\b HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
        (400, format!("GET /ä HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n")),
        (
            400,
            format!("GET /a\0 HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
        (400, format!("G(T / HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n")),
        (400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned()),
        (400, "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}".to_owned()),
        // Another protocol (S06).
        (
            400,
            get_with("Connection: Upgrade\r\nUpgrade: websocket\r\n"),
        ),
        (
            400,
            get_with("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"),
        ),
        (
            405,
            format!("CONNECT {AUTHORITY} HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
        (
            405,
            format!("TRACE / HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n"),
        ),
    ]
}

/// S12. Each of these is answered once, with this status, and the connection closes; what would be a second request
/// for somebody who reads the framing differently is never answered.
#[tokio::test]
async fn s12_a_request_whose_framing_is_in_doubt_is_refused_and_the_connection_closed() {
    let served = Served::start(Limits::default()).await;
    let smuggled = format!("GET /healthz HTTP/1.1\r\nHost: {AUTHORITY}\r\n\r\n");
    for (expected, bytes) in doubtful().into_iter().chain(no_first_lines()) {
        let mut client = served.connect().await;
        client.send(&bytes).await;
        client.send(&smuggled).await;
        let answer = client.rest().await;
        assert_eq!(status(&answer), expected, "{bytes:?}: {answer}");
        assert_eq!(
            answer.matches("HTTP/1.1 ").count(),
            1,
            "{bytes:?}: {answer}"
        );
        assert_eq!(header(&answer, "connection"), Some("close"), "{bytes:?}");
        assert_eq!(header(&answer, "content-type"), Some("application/json"));
        assert!(
            header(&answer, "content-security-policy").is_some(),
            "{answer}"
        );
        assert!(!code(&answer).is_empty());
    }
    assert!(served.stub.calls().is_empty());
}

/// S12. What is in order is answered in order, and the connection stays open.
#[tokio::test]
async fn s12_requests_in_order_are_answered_in_order() {
    let served = Served::start(Limits::default()).await;
    let mut client = served.connect().await;
    let get = |path: &str| head(&format!("GET {path} HTTP/1.1"));
    // All at once, with an empty line before one of them, as old clients send it after a body.
    let all = [
        get("/healthz"),
        b"\r\n".to_vec(),
        get("/config.json"),
        get("/"),
    ]
    .concat();
    client.send(&all).await;
    assert!(client.answer().await.ends_with("ok\n"));
    assert!(client.answer().await.contains("\"gateway\":\"/\""));
    assert!(client.answer().await.contains("<!doctype html>"));
    // Byte by byte.
    for byte in get("/healthz") {
        client.send([byte]).await;
    }
    assert!(client.answer().await.ends_with("ok\n"));
    // A body that nobody reads does not become a request.
    let smuggled = String::from_utf8(get("/healthz")).unwrap();
    let length = format!("Content-Length: {}\r\n", smuggled.len());
    client
        .send(format!(
            "POST /nothing HTTP/1.1\r\nHost: {AUTHORITY}\r\n{length}\r\n{smuggled}"
        ))
        .await;
    let answer = client.answer().await;
    assert_eq!(status(&answer), 404, "{answer}");
    client.finish().await;
    assert_eq!(client.rest().await, "");
}

/// S12. A refusal waits for the answers to what came before.
#[tokio::test]
async fn s12_what_comes_before_an_odd_request_is_answered_first() {
    let served = Served::start(Limits::default()).await;
    let mut client = served.connect().await;
    let odd = post("Transfer-Encoding: chunked\r\n") + "0\r\n\r\n";
    client
        .send([&head("GET /healthz HTTP/1.1"), odd.as_bytes()].concat())
        .await;
    let both = client.rest().await;
    let (first, second) = both.split_once("ok\n").unwrap();
    assert_eq!(status(first), 200, "{both}");
    assert_eq!(status(second), 411, "{both}");
}

#[tokio::test]
async fn s12_head_is_refused_without_a_body() {
    let served = Served::start(Limits::default()).await;
    let answer = served
        .ask(
            format!("HEAD / HTTP/1.1\r\nHost: {AUTHORITY}\r\nTransfer-Encoding: chunked\r\n\r\n")
                .as_bytes(),
        )
        .await;
    assert_eq!(status(&answer), 411);
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
}

/// S11: just below and just above each limit of size.
#[tokio::test]
async fn s11_sizes_are_limited() {
    let served = Served::start(Limits::default()).await;
    let host = format!("Host: {AUTHORITY}\r\n");
    let target = |length: usize| {
        let query = "a".repeat(length - "/healthz?".len());
        format!("GET /healthz?{query} HTTP/1.1\r\n{host}\r\n")
    };
    let whole = |length: usize| {
        let start = format!("GET /healthz HTTP/1.1\r\n{host}X: ");
        let filling = "a".repeat(length - start.len() - 4);
        format!("{start}{filling}\r\n\r\n")
    };
    let headers = |count: usize| {
        format!(
            "GET /healthz HTTP/1.1\r\n{host}{}\r\n",
            "X: a\r\n".repeat(count - 1)
        )
    };
    for (below, above, refused) in [
        (
            target(MAX_TARGET),
            target(MAX_TARGET + 1),
            (414, "TARGET_TOO_LONG"),
        ),
        (
            target(MAX_TARGET),
            target(2 * MAX_HEAD),
            (414, "TARGET_TOO_LONG"),
        ),
        (
            whole(MAX_HEAD),
            whole(MAX_HEAD + 1),
            (431, "HEAD_TOO_LARGE"),
        ),
        (
            whole(MAX_HEAD),
            whole(5 * MAX_HEAD),
            (431, "HEAD_TOO_LARGE"),
        ),
        (
            headers(MAX_HEADERS),
            headers(MAX_HEADERS + 1),
            (431, "HEAD_TOO_LARGE"),
        ),
    ] {
        let answer = served.ask(below.as_bytes()).await;
        assert_eq!(status(&answer), 200, "{answer}");
        let answer = served.ask(above.as_bytes()).await;
        assert_eq!((status(&answer), code(&answer).as_str()), refused);
        assert_eq!(header(&answer, "connection"), Some("close"));
    }
    // An endless target, or head, is not waited for.
    let mut client = served.connect().await;
    client
        .send(format!("GET /{}", "a".repeat(MAX_TARGET)))
        .await;
    assert_eq!(status(&client.rest().await), 414);
    let mut client = served.connect().await;
    client
        .send(format!("GET / HTTP/1.1\r\nX: {}", "a".repeat(MAX_HEAD)))
        .await;
    assert_eq!(status(&client.rest().await), 431);
}

/// S11, S12: a length over the limit is answered before anything of the body is sent, and no 100 precedes it.
#[tokio::test]
async fn s11_a_body_over_the_limit_is_refused_by_its_length() {
    let served = Served::start(Limits::default()).await;
    for expect in ["", "Expect: 100-continue\r\n"] {
        let mut client = served.connect().await;
        client
            .send(post(&format!(
                "{expect}Content-Length: {}\r\n",
                MAX_BODY + 1
            )))
            .await;
        let answer = client.rest().await;
        assert_eq!(
            (status(&answer), code(&answer).as_str()),
            (413, "BODY_TOO_LARGE")
        );
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        assert_eq!(header(&answer, "connection"), Some("close"));
    }
}

/// S11: a client that begins and does not go on.
#[tokio::test]
async fn s11_a_head_has_to_come_in_time() {
    let head_time = Duration::from_millis(300);
    let served = Served::start(Limits {
        head_time,
        ..Limits::default()
    })
    .await;
    // Nothing at all may stay for longer: browsers open connections that they do not use at once.
    let mut silent = served.connect().await;
    let mut client = served.connect().await;
    let began = Instant::now();
    client.send("GET / HTTP/1.1\r\nHo").await;
    tokio::time::sleep(head_time / 2).await;
    // A byte now and then does not help.
    client.send("st").await;
    let answer = client.rest().await;
    assert_eq!((status(&answer), code(&answer).as_str()), (408, "TOO_SLOW"));
    assert!(began.elapsed() >= head_time && began.elapsed() < 4 * head_time);
    silent.send(head("GET /healthz HTTP/1.1")).await;
    assert_eq!(status(&silent.answer().await), 200);
    // The second head on a connection is no other than the first.
    silent.send("GET").await;
    assert_eq!(status(&silent.rest().await), 408);
}

/// S11: a connection on which nothing happens is closed without a word.
#[tokio::test]
async fn s11_an_idle_connection_is_closed() {
    let idle = Duration::from_millis(300);
    let served = Served::start(Limits {
        idle,
        ..Limits::default()
    })
    .await;
    let began = Instant::now();
    assert_eq!(served.connect().await.rest().await, "");
    assert!(began.elapsed() >= idle && began.elapsed() < 4 * idle);
    let mut client = served.connect().await;
    for _ in 0..3 {
        tokio::time::sleep(idle / 2).await;
        client.send(head("GET /healthz HTTP/1.1")).await;
        assert_eq!(status(&client.answer().await), 200);
    }
    let began = Instant::now();
    assert_eq!(client.rest().await, "");
    assert!(began.elapsed() >= idle / 2 && began.elapsed() < 4 * idle);
}

/// S11: nobody waits for more than so many connections, and whoever is turned away is told.
#[tokio::test]
async fn s11_connections_are_limited() {
    let served = Served::start_with(|mut app| {
        let settings = Settings {
            max_connections: 3,
            ..support::settings()
        };
        app.settings = settings.into();
        app
    })
    .await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut client = served.connect().await;
        client.send(head("GET /healthz HTTP/1.1")).await;
        assert_eq!(status(&client.answer().await), 200);
        held.push(client);
    }
    let mut one_too_many = served.connect().await;
    one_too_many.send(head("GET /healthz HTTP/1.1")).await;
    one_too_many.finish().await;
    let answer = one_too_many.rest().await;
    assert_eq!((status(&answer), code(&answer).as_str()), (503, "BUSY"));
    assert_eq!(header(&answer, "retry-after"), Some("1"));
    drop(held.pop());
    // The place is free once the gateway has seen that the client has left.
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let answer = served.ask(&head("GET /healthz HTTP/1.1")).await;
        if status(&answer) == 200 {
            return;
        }
    }
    panic!("the place is not given to another");
}

/// S11, Q3: two hundred clients that never finish their heads take nothing from others.
#[tokio::test]
async fn s11_slow_clients_do_not_slow_others() {
    let served = Served::start(Limits::default()).await;
    let mut slow = Vec::new();
    for _ in 0..200 {
        let mut client = served.connect().await;
        client.send("GET / HTTP/1.1\r\nHost: ").await;
        slow.push(client);
    }
    let began = Instant::now();
    for _ in 0..20 {
        assert_eq!(
            status(&served.ask(&head("GET /healthz HTTP/1.1")).await),
            200
        );
    }
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
}

/// A body that comes as slowly as this, to a route that reads it.
async fn slow_body(limits: Limits, pieces: usize, piece: usize, pause: Duration) -> String {
    let read = |body: Body| async { read_body(body).await.map(|body| body.len().to_string()) };
    let routes = Router::new().route("/api/sandbox/faults", put(read));
    let served = Served::start_with(|app| app.with_limits(limits).with_routes(routes)).await;
    let mut client = served.connect().await;
    let length = pieces * piece;
    client
        .send(format!(
            "PUT /api/sandbox/faults HTTP/1.1\r\nHost: {AUTHORITY}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n"
        ))
        .await;
    for _ in 0..pieces {
        tokio::time::sleep(pause).await;
        if !client.try_send(&vec![b'a'; piece]).await {
            break;
        }
    }
    client.answer().await
}

/// S11: a body has a time as a whole.
#[tokio::test]
async fn s11_a_body_has_to_come_in_time() {
    let limits = Limits {
        body_time: Duration::from_millis(300),
        ..Limits::default()
    };
    let pause = Duration::from_millis(60);
    let answer = slow_body(limits, 3, 10_000, pause).await;
    assert_eq!(status(&answer), 200, "{answer}");
    let answer = slow_body(limits, 20, 10_000, pause).await;
    assert_eq!((status(&answer), code(&answer).as_str()), (408, "TOO_SLOW"));
    assert_eq!(header(&answer, "connection"), Some("close"));
}

/// S11: after its grace a body has to come at a least rate.
#[tokio::test]
async fn s11_a_body_has_to_come_at_a_least_rate() {
    let limits = Limits {
        body_grace: Duration::from_millis(200),
        body_rate: 10_000,
        ..Limits::default()
    };
    let pause = Duration::from_millis(50);
    // 20,000 bytes a second, for longer than the grace.
    let answer = slow_body(limits, 10, 1_000, pause).await;
    assert_eq!(status(&answer), 200, "{answer}");
    // 2,000 bytes a second.
    let answer = slow_body(limits, 20, 100, pause).await;
    assert_eq!((status(&answer), code(&answer).as_str()), (408, "TOO_SLOW"));
    // The same, but over before the grace is.
    let answer = slow_body(limits, 3, 100, pause).await;
    assert_eq!(status(&answer), 200, "{answer}");
}

/// S11: as large a body as there may be is read, at once and in pieces, with and without `Expect`.
#[tokio::test]
async fn s11_a_body_at_the_limit_is_read() {
    for (pieces, piece) in [(1, MAX_BODY), (16, MAX_BODY / 16)] {
        let answer = slow_body(Limits::default(), pieces, piece, Duration::ZERO).await;
        assert!(answer.ends_with("\r\n\r\n1048576"), "{answer}");
    }
}

/// S11: a client that asks for much and takes nothing is not waited for.
#[tokio::test]
async fn s11_a_client_that_does_not_read_is_left() {
    let idle = Duration::from_millis(300);
    let large = || async { vec![b'a'; 32 << 20] };
    let routes = Router::new().route("/api/sandbox/faults", get(large));
    let limits = Limits {
        idle,
        ..Limits::default()
    };
    let served = Served::start_with(|app| app.with_limits(limits).with_routes(routes)).await;
    let mut client = served.connect().await;
    client.send(head("GET /api/sandbox/faults HTTP/1.1")).await;
    tokio::time::sleep(5 * idle).await;
    // What the system had taken is there, the rest is not.
    assert!(client.count_rest().await < 32 << 20);
}

/// G08: at the signal to stop nobody new is let in, who says nothing is left, and who has asked is answered.
#[tokio::test]
async fn g08_requests_under_way_are_answered_when_the_program_stops() {
    let release = Arc::new(Notify::new());
    let waiting = Arc::clone(&release);
    let slow = move || async move { waiting.notified().await };
    let routes = Router::new().route("/api/sandbox/faults", get(slow));
    let created = Arc::new(Notify::new());
    let task = Arc::clone(&created);
    let served = Served::start_with(|app| {
        // As a create does whose client has left.
        app.tasks.spawn(async move { task.notified().await });
        app.with_routes(routes)
    })
    .await;
    let mut silent = served.connect().await;
    let mut idle = served.connect().await;
    idle.send(head("GET /healthz HTTP/1.1")).await;
    idle.answer().await;
    let mut asking = served.connect().await;
    asking.send(head("GET /api/sandbox/faults HTTP/1.1")).await;
    let address = served.address;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let began = Instant::now();
    let stopping = tokio::spawn(served.stop());
    assert_eq!(silent.rest().await, "");
    assert_eq!(idle.rest().await, "");
    assert!(
        began.elapsed() < Duration::from_millis(500),
        "they are closed at once"
    );
    assert!(TcpStream::connect(address).await.is_err());
    release.notify_waiters();
    let answer = asking.rest().await;
    assert_eq!(status(&answer), 200, "{answer}");
    assert_eq!(header(&answer, "connection"), Some("close"));
    drop((silent, idle, asking));
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!stopping.is_finished(), "the create is still under way");
    created.notify_waiters();
    assert!(stopping.await.unwrap());
}

/// G08: but not for ever.
#[tokio::test]
async fn g08_stopping_has_an_end() {
    let stop = Duration::from_millis(300);
    let limits = Limits {
        stop,
        ..Limits::default()
    };
    let routes = Router::new().route("/api/sandbox/faults", get(std::future::pending::<()>));
    let served = Served::start_with(|app| app.with_limits(limits).with_routes(routes)).await;
    let mut asking = served.connect().await;
    asking.send(head("GET /api/sandbox/faults HTTP/1.1")).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let began = Instant::now();
    assert!(!served.stop().await);
    assert!(began.elapsed() >= stop && began.elapsed() < 4 * stop);
}

/// S01: without a word of the operator only this machine can connect.
#[tokio::test]
async fn s01_only_loopback_is_listened_to() {
    let listeners = Listeners::loopback(0).await.unwrap();
    let addresses = listeners.addresses().unwrap();
    assert!(!addresses.is_empty() && addresses.len() <= 2);
    assert_eq!(addresses[0].ip(), std::net::Ipv4Addr::LOCALHOST);
    for address in &addresses {
        assert!(address.ip().is_loopback());
        assert_eq!(address.port(), addresses[0].port());
    }
    let taken = Listeners::loopback(addresses[0].port()).await.unwrap_err();
    assert_eq!(taken.kind(), std::io::ErrorKind::AddrInUse);
}

/// S12: a refusal waits until the client has taken the answer before it, however slowly.
#[tokio::test]
async fn s12_what_is_refused_cuts_off_no_answer() {
    const LARGE: usize = 16 << 20;
    let large = || async { vec![b'a'; LARGE] };
    let routes = Router::new().route("/api/sandbox/faults", get(large));
    let served = Served::start_with(|app| app.with_routes(routes)).await;
    let mut client = served.connect().await;
    let odd = post("Transfer-Encoding: chunked\r\n");
    let asked = head("GET /api/sandbox/faults HTTP/1.1");
    client.send([&asked, odd.as_bytes()].concat()).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let both = client.rest().await;
    let (_, rest) = both.split_once("\r\n\r\n").unwrap();
    assert!(rest.bytes().take(LARGE).all(|byte| byte == b'a'));
    assert_eq!(status(&rest[LARGE..]), 411);
}

/// A connection that has rested for a while is as good as a new one, again and again.
#[tokio::test]
async fn a_connection_that_rested_goes_on() {
    let served = Served::start(Limits::default()).await;
    let mut client = served.connect().await;
    for _ in 0..3 {
        client.send(head("GET /healthz HTTP/1.1")).await;
        assert_eq!(status(&client.answer().await), 200);
        tokio::time::sleep(Duration::from_millis(1_200)).await;
    }
    client.send("GET /healthz HTTP/1.1\r\n").await;
    client.send(format!("Host: {AUTHORITY}\r\n\r\n")).await;
    assert_eq!(status(&client.answer().await), 200);
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    // And ends with the program.
    assert!(served.stop().await);
    assert_eq!(client.rest().await, "");
}
