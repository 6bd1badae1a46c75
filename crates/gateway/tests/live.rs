//! The live service: what is sent, and what is made of replies and of their absence. The service is a
//! stand-in that verifies signatures with the vendor's algorithm.

#![allow(clippy::unwrap_used, reason = "a test that cannot begin fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use dsw_gateway::credentials::{Chain, Environment, Places};
use dsw_gateway::live::Live;
use dsw_gateway::operation::{Id, Member, OPERATIONS, Operation};
use dsw_gateway::region::Region;
use dsw_gateway::transport::{Endpoint, EndpointError, Transport};
use dsw_gateway::upstream::{Call, Failure, MAX_REPLY, Reply, Step, Upstream};
use dsw_gateway::world::World;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use tokio_rustls::rustls::RootCertStore;

use standin::{Act, Captured, Seen, Standin, json, reply};

#[path = "support/standin.rs"]
mod standin;

const SECRET: &str = "marker-SECRET-5e1f";
const TOKEN: &str = "marker-TOKEN-77aa";

/// A clock that can be set, and numbers that count up.
struct Clock(Arc<AtomicI64>);

impl Clock {
    fn new() -> (Self, World) {
        let seconds = Arc::new(AtomicI64::new(1_767_225_600));
        let now = Arc::clone(&seconds);
        let counter = AtomicU64::new(1);
        let world = World::new(
            move || Timestamp::from_second(now.load(Ordering::Relaxed)).unwrap(),
            move || u128::from(counter.fetch_add(1, Ordering::Relaxed)).to_be_bytes(),
        );
        (Self(seconds), world)
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

fn environment(variables: &[(&str, &str)]) -> Environment {
    let variables: Vec<(String, String)> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let find = move |name: &str| {
        let found = variables.iter().find(|(variable, _)| variable == name);
        found.map(|(_, value)| value.clone())
    };
    Environment::new(find, None)
}

const KEY: &[(&str, &str)] = &[
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "testid"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET),
    ("ALIBABA_CLOUD_SECURITY_TOKEN", TOKEN),
];

fn live_with(variables: &[(&str, &str)], endpoint: Option<Endpoint>, roots: RootCertStore) -> Live {
    let (_, world) = Clock::new();
    let transport = Transport::new(roots);
    let places = Places::default();
    let chain = Chain::new(
        environment(variables),
        transport.clone(),
        world.clone(),
        places,
    );
    Live::new(world, chain, transport, endpoint)
}

fn live(endpoint: Endpoint) -> Live {
    live_with(KEY, Some(endpoint), RootCertStore::empty())
}

fn call(operation: Operation) -> Call {
    let facts = operation.facts();
    Call {
        operation,
        region: Region::parse("cn-hangzhou").unwrap(),
        id: facts
            .path
            .contains('{')
            .then(|| Id::parse("dsw-730x").unwrap()),
        query: Vec::new(),
        body: if operation.is_read() {
            Bytes::new()
        } else {
            Bytes::from_static(b"{ \"InstanceName\":\t\"n\xC3\xA4me\" }")
        },
    }
}

fn read() -> Call {
    call(Operation::ListInstances)
}

fn create() -> Call {
    call(Operation::CreateInstance)
}

fn lost(result: Result<Reply, Failure>) -> (String, bool) {
    match result {
        Err(Failure::Lost {
            reason, timed_out, ..
        }) => (reason, timed_out),
        other => panic!("not lost: {other:?}"),
    }
}

fn not_sent(result: Result<Reply, Failure>) -> (String, Step, String) {
    match result {
        Err(Failure::NotSent { host, step, reason }) => (host, step, reason),
        other => panic!("not unsent: {other:?}"),
    }
}

#[tokio::test]
async fn s08_s09_every_operation_is_sent_as_the_table_says_and_signed() {
    let service = Standin::start(|_| json(200, "{}")).await;
    let live = live(service.endpoint());
    for facts in &OPERATIONS {
        let mut call = call(facts.operation);
        call.query = facts
            .query
            .iter()
            .map(|(name, _)| (*name, "a b*ü/&=+~".to_owned()))
            .collect();
        let reply = live.call(call.clone()).await.unwrap();
        assert_eq!((reply.status, &reply.body[..]), (200, &b"{}"[..]));

        let seen = service.seen().pop().unwrap();
        assert!(seen.is_signed_with(SECRET), "{seen:?}");
        assert!(!seen.is_signed_with("another"));
        assert_eq!(seen.method, facts.method.as_str());
        assert_eq!(
            seen.path(),
            facts
                .path
                .replace("{InstanceId}", "dsw-730x")
                .replace("{DatasetId}", "dsw-730x")
        );
        let mut query = seen.query();
        query.sort();
        let mut expected: Vec<_> = call
            .query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        expected.sort();
        assert_eq!(query, expected);
        assert_eq!(seen.body, call.body);
        assert_eq!(seen.header("x-acs-action"), Some(facts.name));
        assert_eq!(seen.header("x-acs-version"), Some(facts.product.version()));
        assert_eq!(seen.header("x-acs-security-token"), Some(TOKEN));

        let mut names: Vec<_> = seen.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        let mut ours = vec![
            "accept",
            "accept-encoding",
            "authorization",
            "host",
            "user-agent",
            "x-acs-action",
            "x-acs-content-sha256",
            "x-acs-date",
            "x-acs-security-token",
            "x-acs-signature-nonce",
            "x-acs-version",
        ];
        if !facts.operation.is_read() {
            ours.extend(["connection", "content-length", "content-type"]);
        }
        ours.sort_unstable();
        assert_eq!(names, ours, "{}", facts.name);
    }
    let nonces: std::collections::HashSet<_> = service
        .seen()
        .iter()
        .map(|seen| seen.header("x-acs-signature-nonce").unwrap().to_owned())
        .collect();
    assert_eq!(nonces.len(), OPERATIONS.len());
}

#[tokio::test]
async fn rule_7_each_create_has_a_connection_of_its_own_and_reads_share() {
    let service = Standin::start(|_| json(200, "{}")).await;
    let live = live(service.endpoint());
    for _ in 0..3 {
        live.call(read()).await.unwrap();
    }
    assert_eq!(service.connections(), 1);
    for _ in 0..3 {
        live.call(create()).await.unwrap();
    }
    let seen = service.seen();
    let connections: Vec<_> = seen.iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [0, 0, 0, 1, 2, 3]);
    assert_eq!(seen[3].header("connection"), Some("close"));
}

#[tokio::test]
async fn rule_7_a_create_that_got_no_reply_is_not_sent_again() {
    for act in [
        Act::SendAndClose(Vec::new()),
        json(500, r#"{"Code":"InternalError"}"#),
        json(503, r#"{"Code":"ServiceUnavailable"}"#),
        json(429, r#"{"Code":"Throttling"}"#),
        json(400, r#"{"Code":"SignatureNonceUsed"}"#),
        // Not definite: this code with a status that says that the service failed.
        reply(
            500,
            &["Date: Thu, 01 Jan 2026 01:00:00 GMT"],
            r#"{"Code":"InvalidTimeStamp.Expired"}"#,
        ),
    ] {
        let service = Standin::start(move |_| act.clone()).await;
        let _ = live(service.endpoint()).call(create()).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(service.seen().len(), 1);
    }
}

#[tokio::test]
async fn s07_tls_is_spoken_and_the_certificate_is_checked() {
    let service = Standin::start_tls("localhost", |_| json(200, r#"{"Success":true}"#)).await;
    let endpoint = Endpoint::parse(&format!("https://localhost:{}", service.port)).unwrap();
    let trusting = live_with(KEY, Some(endpoint.clone()), service.roots.clone());
    for call in [create(), read()] {
        assert_eq!(trusting.call(call).await.unwrap().status, 200);
    }
    assert!(
        service
            .seen()
            .iter()
            .all(|seen| seen.is_signed_with(SECRET))
    );

    // Unknown authority.
    let distrusting = live_with(KEY, Some(endpoint), RootCertStore::empty());
    // Known authority, other name.
    let other = Standin::start_tls("other.example", |_| json(200, "{}")).await;
    let endpoint = Endpoint::parse(&format!("https://localhost:{}", other.port)).unwrap();
    let misled = live_with(KEY, Some(endpoint), other.roots.clone());
    for live in [distrusting, misled] {
        for call in [create(), read()] {
            let (host, step, reason) = not_sent(live.call(call).await);
            assert!(host.starts_with("localhost:"), "{host}");
            assert_eq!(step, Step::Tls, "{reason}");
            assert!(reason.contains("certificate"), "{reason}");
        }
    }
    assert!(other.seen().is_empty());
    assert_eq!(service.seen().len(), 2);
}

#[tokio::test]
async fn g06_what_can_not_be_reached_was_not_sent() {
    let refusing = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = refusing.local_addr().unwrap().port();
    drop(refusing);
    let plain = Standin::start(|_| json(200, "{}")).await;
    for (endpoint, expected) in [
        (format!("http://127.0.0.1:{port}"), Step::Connect),
        ("https://no-such-host.invalid".to_owned(), Step::Lookup),
        // Does not speak TLS.
        (format!("https://127.0.0.1:{}", plain.port), Step::Tls),
    ] {
        let live = live(Endpoint::parse(&endpoint).unwrap());
        for call in [create(), read()] {
            let (host, step, reason) = not_sent(live.call(call).await);
            assert!(endpoint.ends_with(&host), "{host}");
            assert_eq!(step, expected, "{reason}");
            assert!(!reason.is_empty());
        }
    }
    assert!(plain.seen().is_empty());
}

#[tokio::test]
async fn g06_without_credentials_nothing_is_sent() {
    let service = Standin::start(|_| json(200, "{}")).await;
    let none = [("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")];
    let live = live_with(&none, Some(service.endpoint()), RootCertStore::empty());
    let (_, step, reason) = not_sent(live.call(create()).await);
    assert_eq!(step, Step::Credentials);
    assert_eq!(reason, "the gateway's log says why");
    assert_eq!(service.connections(), 0);
}

#[tokio::test]
async fn g04_a_connection_that_hangs_is_given_up() {
    // A handshake that is never answered.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let endpoint = Endpoint::parse(&format!("https://127.0.0.1:{port}")).unwrap();
    let live = live(endpoint);
    let begin = Instant::now();
    let (_, step, _) = not_sent(live.call(create()).await);
    assert_eq!(step, Step::Tls);
    let took = begin.elapsed();
    assert!(
        took >= Duration::from_secs(5) && took < Duration::from_secs(7),
        "{took:?}"
    );
}

#[tokio::test]
async fn g04_a_reply_that_does_not_begin_is_given_up() {
    // A head that is begun is no reply yet.
    let service = Standin::start(|_| Act::SendAndHang(b"HTTP/1.1 200 OK\r\n".to_vec())).await;
    let live = live(service.endpoint());
    let begin = Instant::now();
    let (created, read) = tokio::join!(live.call(create()), live.call(read()));
    for result in [created, read] {
        let (reason, timed_out) = lost(result);
        assert!(timed_out, "{reason}");
        assert!(reason.contains("within 20 s"), "{reason}");
    }
    let took = begin.elapsed();
    assert!(
        took >= Duration::from_secs(20) && took < Duration::from_secs(23),
        "{took:?}"
    );
    assert_eq!(service.seen().len(), 2);
}

#[tokio::test]
async fn g05_bad_replies_are_no_replies() {
    let ok = "HTTP/1.1 200 OK\r\n";
    let cases: Vec<(&str, Act, &str)> = vec![
        ("nothing", Act::SendAndClose(Vec::new()), ""),
        (
            "cut head",
            Act::SendAndClose(b"HTTP/1.1 200 OK\r\nConte".to_vec()),
            "",
        ),
        (
            "cut body",
            Act::SendAndClose(format!("{ok}Content-Length: 10\r\n\r\n{{}}").into_bytes()),
            "",
        ),
        (
            "cut chunk",
            Act::SendAndClose(
                format!("{ok}Transfer-Encoding: chunked\r\n\r\n5\r\n{{}}").into_bytes(),
            ),
            "",
        ),
        (
            "garbage",
            Act::SendAndClose(b"\x16\x03\x01\x00garbage\r\n\r\n".to_vec()),
            "",
        ),
        (
            "two lengths",
            Act::SendAndClose(
                format!("{ok}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}").into_bytes(),
            ),
            "",
        ),
        (
            "endless head",
            Act::Endless(
                "HTTP/1.1 200 OK\r\n",
                "X-Header: aaaaaaaaaaaaaaaaaaaaaaaa\r\n",
            ),
            "",
        ),
        (
            "endless header",
            Act::Endless(
                "HTTP/1.1 200 OK\r\nX: ",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            ),
            "",
        ),
        (
            "endless body",
            Act::Endless(
                "HTTP/1.1 200 OK\r\n\r\n",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            ),
            "more than",
        ),
        (
            "announced",
            Act::SendAndHang(format!("{ok}Content-Length: {}\r\n\r\n", MAX_REPLY + 1).into_bytes()),
            "more than",
        ),
        (
            "coded",
            reply(200, &["Content-Encoding: gzip"], "{}"),
            "content coding",
        ),
    ];
    for (name, act, expected) in cases {
        let service = Standin::start(move |_| act.clone()).await;
        let live = live(service.endpoint());
        for call in [create(), read()] {
            let result = tokio::time::timeout(Duration::from_secs(15), live.call(call)).await;
            let (reason, timed_out) = lost(result.expect(name));
            assert!(
                reason.contains(expected) && !reason.is_empty(),
                "{name}: {reason}"
            );
            assert!(reason.len() < 1000 && !timed_out, "{name}: {reason}");
        }
    }
}

#[tokio::test]
async fn s11_replies_are_taken_up_to_their_limits() {
    // Four headers' worth of head, just below 64 KiB and just above.
    let head = |bytes: usize| {
        let header = format!("X: {}", "a".repeat(bytes));
        reply(200, &[&header], "{}")
    };
    for (act, fits) in [
        (head(65_000), true),
        (head(66_000), false),
        (reply(200, &[], &"a".repeat(MAX_REPLY)), true),
        (reply(200, &[], &"a".repeat(MAX_REPLY + 1)), false),
    ] {
        let service = Standin::start(move |_| act.clone()).await;
        let live = live(service.endpoint());
        for call in [create(), read()] {
            assert_eq!(live.call(call).await.is_ok(), fits);
        }
    }
}

#[tokio::test]
async fn s07_redirects_are_replies_and_are_not_followed() {
    let elsewhere = Standin::start(|_| json(200, "{}")).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("Location: http://127.0.0.1:{}/", elsewhere.port);
        let service = Standin::start(move |_| reply(status, &[&location], "")).await;
        let live = live(service.endpoint());
        for call in [create(), read()] {
            assert_eq!(live.call(call).await.unwrap().status, status);
        }
        assert_eq!(service.seen().len(), 2);
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn a_reply_says_how_long_to_wait_and_what_time_it_is() {
    let date = "Date: Thu, 01 Jan 2026 00:00:10 GMT";
    let cases: [(&[&str], Option<Duration>); 9] = [
        (&[], None),
        (
            &["x-acs-retry-after: 1500"],
            Some(Duration::from_millis(1500)),
        ),
        (
            &["x-acs-retry-after: 1500", "Retry-After: 7"],
            Some(Duration::from_millis(1500)),
        ),
        (
            &["x-acs-retry-after: soon", "Retry-After: 7"],
            Some(Duration::from_secs(7)),
        ),
        (&["x-acs-retry-after: 0"], None),
        (&["Retry-After: 18446744073709551616"], None),
        (
            &["Retry-After: 18446744073709551615"],
            Some(Duration::from_secs(u64::MAX)),
        ),
        (
            &["Retry-After: Thu, 01 Jan 2026 00:00:40 GMT"],
            Some(Duration::from_secs(30)),
        ),
        (
            &["Retry-After: Wed, 31 Dec 2025 00:00:00 GMT"],
            Some(Duration::ZERO),
        ),
    ];
    for (headers, expected) in cases {
        let mut headers = headers.to_vec();
        headers.push(date);
        let act = reply(503, &headers, "{}");
        let service = Standin::start(move |_| act.clone()).await;
        let reply = live(service.endpoint()).call(read()).await.unwrap();
        assert_eq!(reply.retry_after, expected, "{headers:?}");
        assert_eq!(reply.date, Some("2026-01-01T00:00:10Z".parse().unwrap()));
    }
}

/// G07: a service whose clock is 20 minutes ahead or behind.
#[tokio::test]
async fn g07_a_request_refused_for_its_time_is_sent_once_more_by_the_services_clock() {
    for minutes in [20, -20] {
        let (clock, world) = Clock::new();
        let theirs = clock.now() + SignedDuration::from_mins(minutes);
        let service = Standin::start(move |seen: &Seen| {
            let date: Timestamp = seen.header("x-acs-date").unwrap().parse().unwrap();
            let date_header = theirs
                .strftime("Date: %a, %d %b %Y %H:%M:%S GMT")
                .to_string();
            if date.duration_since(theirs).abs() > SignedDuration::from_mins(15) {
                reply(
                    400,
                    &[&date_header],
                    r#"{"Code":"InvalidTimeStamp.Expired"}"#,
                )
            } else {
                reply(200, &[&date_header], r#"{"Success":true}"#)
            }
        })
        .await;
        let transport = Transport::new(RootCertStore::empty());
        let chain = Chain::new(
            environment(KEY),
            transport.clone(),
            world.clone(),
            Places::default(),
        );
        let live = Live::new(world, chain, transport, Some(service.endpoint()));
        assert_eq!(live.offset(), SignedDuration::ZERO);
        assert_eq!(live.call(create()).await.unwrap().status, 200);
        assert_eq!(live.offset(), SignedDuration::from_mins(minutes));

        let seen = service.seen();
        assert_eq!(seen.len(), 2);
        assert!(seen.iter().all(|seen| seen.is_signed_with(SECRET)));
        assert_ne!(
            seen[0].header("x-acs-signature-nonce"),
            seen[1].header("x-acs-signature-nonce")
        );
        // From now on at once.
        assert_eq!(live.call(create()).await.unwrap().status, 200);
        assert_eq!(service.seen().len(), 3);
    }
}

#[tokio::test]
async fn g07_a_request_is_corrected_once_and_only_if_there_is_something_to_correct() {
    let near = "Date: Thu, 01 Jan 2026 00:00:10 GMT";
    let far = "Date: Thu, 01 Jan 2026 01:00:00 GMT";
    let cases: [(&[&str], &str, usize); 7] = [
        (&[far], r#"{"Code":"IllegalTimestamp"}"#, 2),
        (&[far], r#"{"code":"IllegalTimestamp"}"#, 2),
        (&[near], r#"{"Code":"IllegalTimestamp"}"#, 1),
        (&[], r#"{"Code":"IllegalTimestamp"}"#, 1),
        (&[far], r#"{"Code":"ValidationError"}"#, 1),
        (&[far], "IllegalTimestamp", 1),
        // The same variables are all there is.
        (&[far], r#"{"Code":"InvalidSecurityToken.Expired"}"#, 1),
    ];
    for (headers, body, sends) in cases {
        let act = reply(400, headers, body);
        let service = Standin::start(move |_| act.clone()).await;
        let reply = live(service.endpoint()).call(create()).await.unwrap();
        assert_eq!((reply.status, &reply.body[..]), (400, body.as_bytes()));
        assert_eq!(service.seen().len(), sends, "{headers:?} {body}");
    }
}

/// G07: the token expires at the service before its time; the source has another.
#[tokio::test]
async fn g07_a_token_that_the_service_calls_expired_is_renewed_once() {
    let (clock, world) = Clock::new();
    let given = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&given);
    let source = Standin::start(move |_| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        json(
            200,
            &format!(
                r#"{{"Code":"Success","AccessKeyId":"id{number}","AccessKeySecret":"{SECRET}",
                "SecurityToken":"token{number}","Expiration":"2027-01-01T00:00:00Z"}}"#
            ),
        )
    })
    .await;
    let service = Standin::start(|seen: &Seen| {
        if seen.header("x-acs-security-token") == Some("token0") {
            json(403, r#"{"Code":"InvalidSecurityToken.Expired"}"#)
        } else {
            json(200, r#"{"Success":true}"#)
        }
    })
    .await;
    let uri = format!("http://127.0.0.1:{}/", source.port);
    let variables = [
        ("ALIBABA_CLOUD_CREDENTIALS_URI", uri.as_str()),
        ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
    ];
    let transport = Transport::new(RootCertStore::empty());
    let chain = Chain::new(
        environment(&variables),
        transport.clone(),
        world.clone(),
        Places::default(),
    );
    chain.current().await.unwrap();
    clock.0.fetch_add(60, Ordering::Relaxed);
    let live = Live::new(world, chain, transport, Some(service.endpoint()));
    assert_eq!(live.call(create()).await.unwrap().status, 200);
    assert_eq!(given.load(Ordering::Relaxed), 2);
    let tokens: Vec<_> = service
        .seen()
        .iter()
        .map(|seen| seen.header("x-acs-security-token").unwrap().to_owned())
        .collect();
    assert_eq!(tokens, ["token0", "token1"]);
    assert!(
        service
            .seen()
            .iter()
            .all(|seen| seen.is_signed_with(SECRET))
    );
}

#[test]
fn s07_an_endpoint_is_a_host_and_plain_text_stays_on_this_machine() {
    for (text, authority) in [
        ("https://pai.example", "pai.example"),
        ("https://pai.example/", "pai.example"),
        ("https://pai.example:443", "pai.example"),
        ("https://PAI.example:8443", "pai.example:8443"),
        ("https://[::1]:1", "[::1]:1"),
        ("http://127.0.0.1", "127.0.0.1"),
        ("http://127.9.9.9:8080", "127.9.9.9:8080"),
        ("http://localhost:80", "localhost"),
        ("http://[::1]", "[::1]"),
    ] {
        let endpoint = Endpoint::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(endpoint.authority(), authority, "{text}");
    }
    for text in [
        "http://pai.example",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://[::2]",
    ] {
        assert_eq!(Endpoint::parse(text), Err(EndpointError::Plain), "{text}");
    }
    for text in [
        "",
        "pai.example",
        "ftp://pai.example",
        "https://",
        "https://user@pai.example",
        "https://user:pw@pai.example",
        "https://pai.example/path",
        "https://pai.example?x=y",
        "https://pai.example#x",
        "https://pai.example:",
        "https://pai.example:0",
        "https://pai.example:99999",
        "https://pai example",
        "//pai.example",
        "https:pai.example",
        "http://2130706433",
    ] {
        assert_eq!(
            Endpoint::parse(text),
            Err(EndpointError::Malformed),
            "{text}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// S07: whatever the values are, a call goes to the one address that the tables give, and what arrives
    /// is the values as they were.
    #[test]
    fn s07_values_stay_in_their_place(
        row in 0..OPERATIONS.len(),
        texts in proptest::collection::vec("\\PC{0,40}", 40),
        id in "[A-Za-z0-9_-]{1,64}",
    ) {
        let facts = &OPERATIONS[row];
        let mut call = call(facts.operation);
        call.id = call.id.and_then(|_| Id::parse(&id));
        let members = facts.query.iter().zip(texts);
        call.query = members
            .filter(|((_, member), text)| matches!(member, Member::Text) && member.accepts(text))
            .map(|((name, _), text)| (*name, text))
            .collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let seen = runtime.block_on(async {
            let service = Standin::start(|_| json(200, "{}")).await;
            let live = live(service.endpoint());
            live.call(call.clone()).await.unwrap();
            assert_eq!(service.connections(), 1);
            let seen = service.seen().pop().unwrap();
            assert_eq!(seen.header("host"), Some(service.endpoint().authority().as_str()));
            seen
        });
        let path = facts.path_with(call.id.as_ref());
        prop_assert_eq!(seen.path(), path);
        prop_assert!(seen.target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#'));
        prop_assert_eq!(seen.target.matches('?').count(), usize::from(!call.query.is_empty()));
        let mut expected: Vec<_> = call.query.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        expected.sort();
        prop_assert_eq!(seen.query(), expected);
        prop_assert!(seen.is_signed_with(SECRET));
    }
}

/// S10: secret and token appear in no log line of any level, no error, and nothing that can be printed.
#[tokio::test]
async fn s10_nothing_that_is_told_holds_a_secret() {
    let (captured, _guard) = Captured::begin();
    tracing::trace!(target: "library", "whatever libraries say");

    let mut told = Vec::new();
    let echo = |seen: &Seen| {
        // A service that gives back what it should not: a reply is data and is not logged.
        json(
            403,
            &format!(
                r#"{{"Code":"SignatureDoesNotMatch","Message":"{TOKEN} {:?}"}}"#,
                seen.headers.len()
            ),
        )
    };
    let echoing = Standin::start(echo).await;
    let closing = Standin::start(|_| Act::SendAndClose(Vec::new())).await;
    let late = "Date: Thu, 01 Jan 2026 01:00:00 GMT";
    let clock =
        Standin::start(move |_| reply(400, &[late], r#"{"Code":"IllegalTimestamp"}"#)).await;
    let expired = Standin::start(|_| json(403, r#"{"Code":"SecurityTokenExpired"}"#)).await;
    for service in [&echoing, &closing, &clock, &expired] {
        let live = live(service.endpoint());
        for call in [create(), read()] {
            match live.call(call).await {
                Ok(reply) => told.push(format!("{reply:?}")),
                Err(error) => told.push(format!("{error} {error:?}")),
            }
            told.push(format!("{live:?}"));
        }
        assert!(service.seen()[0].is_signed_with(SECRET));
    }
    let broken = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", SECRET),
        ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
    ];
    let live = live_with(&broken, Some(echoing.endpoint()), RootCertStore::empty());
    let error = live.call(create()).await.unwrap_err();
    told.push(format!("{error} {error:?} {live:?} {:?}", environment(KEY)));

    let logged = captured.text();
    assert!(logged.contains("credentials obtained"), "{logged}");
    assert!(
        logged.contains("whatever libraries say"),
        "their own lines are there too"
    );
    let told = told.concat();
    for secret in [SECRET, TOKEN] {
        assert!(!told.contains(secret), "{told}");
        assert!(!logged.contains(secret), "{logged}");
    }
}
