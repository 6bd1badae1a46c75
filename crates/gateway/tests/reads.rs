//! Reads that are passed on (S06, G04, G05, G06).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use dsw_gateway::app::router;
use dsw_gateway::error::Error;
use dsw_gateway::operation::Operation;
use dsw_gateway::region::Region;
use dsw_gateway::upstream::{Failure, Reply, Step};
use futures_util::FutureExt as _;
use http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tokio::time::Instant;
use tower::ServiceExt as _;

mod support;

use support::{Stub, reply};

const WORKSPACES: &str = "/api/v1/workspaces?RegionId=cn-hangzhou";
const GOOD: &str = r#"{"RequestId":"r","TotalCount":0,"Workspaces":[]}"#;

/// What a client is told.
struct Told {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    fn code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .unwrap_or("none")
            .to_owned()
    }
}

async fn get(stub: &Arc<Stub>, path: &str) -> Told {
    let app = support::app(stub.clone()).await;
    let request = Request::get(path)
        .header("Host", support::AUTHORITY)
        .body(Body::empty())
        .unwrap();
    let response = router(app).oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    // The body of an error is written where the request's id is known.
    let error = head.extensions.get::<Error>().filter(|_| bytes.is_empty());
    Told {
        status: head.status.as_u16(),
        bytes: error.map_or_else(|| bytes.to_vec(), |error| error.to_json("r")),
        headers: head.headers,
    }
}

type Answer = Result<Reply, Failure>;

/// A service that answers these, one after the other, and then hangs.
fn answers(answers: impl IntoIterator<Item = Answer>) -> Arc<Stub> {
    let answers = Mutex::new(answers.into_iter().collect::<VecDeque<_>>());
    Stub::new(move |_| match answers.lock().unwrap().pop_front() {
        Some(answer) => std::future::ready(answer).boxed(),
        None => std::future::pending().boxed(),
    })
}

fn lost() -> Answer {
    Err(Failure::Lost {
        host: "aiworkspace.cn-hangzhou.aliyuncs.com".to_owned(),
        reason: "connection reset".to_owned(),
        timed_out: false,
    })
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "one answer among others, some of which are failures"
)]
fn waits(status: u16, seconds: u64) -> Answer {
    Ok(Reply {
        retry_after: Some(Duration::from_secs(seconds)),
        ..reply(status, "{}")
    })
}

#[tokio::test]
async fn a_read_is_passed_on_and_its_answer_comes_back_as_it_was() {
    let odd = "{ \"TotalCount\" : 1.50, \"success\":true,\n\"x\":\"\\u540d\"}";
    let stub = answers([Ok(reply(200, odd))]);
    let path =
        "/api/v1/images?Labels=a%3Db%2Cc%3Dd&RegionId=eu-central-1&PageSize=100&Verbose=true";
    let told = get(&stub, path).await;
    assert_eq!((told.status, &*told.bytes), (200, odd.as_bytes()));
    assert_eq!(told.headers["content-type"], "application/json");
    let calls = stub.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].operation, Operation::ListImages);
    assert_eq!(calls[0].region, Region::parse("eu-central-1").unwrap());
    let query = [
        ("Labels", "a=b,c=d"),
        ("PageSize", "100"),
        ("Verbose", "true"),
    ];
    assert_eq!(
        calls[0].query,
        query.map(|(name, value)| (name, value.to_owned()))
    );
}

#[tokio::test]
async fn s07_ids_are_parsed() {
    let stub = answers([Ok(reply(200, GOOD)), Ok(reply(200, GOOD))]);
    let region = "RegionId=cn-hangzhou";
    assert_eq!(
        get(&stub, &format!("/api/v2/instances/dsw-1?{region}"))
            .await
            .status,
        200
    );
    let events = format!("/api/v2/instances/dsw-1/events?{region}&MaxEventsNum=5");
    assert_eq!(get(&stub, &events).await.status, 200);
    let calls = stub.calls();
    let ids: Vec<_> = calls
        .iter()
        .map(|call| call.id.as_ref().unwrap().as_str())
        .collect();
    assert_eq!(ids, ["dsw-1", "dsw-1"]);
    assert_eq!(calls[1].operation, Operation::GetInstanceEvents);
    for id in [
        "..",
        "a.b",
        "a%2Fb",
        "a%00",
        "%ff",
        "a%20b",
        &"a".repeat(65),
    ] {
        let told = get(&stub, &format!("/api/v2/instances/{id}?{region}")).await;
        assert_eq!(told.status, 404, "{id}");
    }
    assert_eq!(stub.calls().len(), 2);
}

#[tokio::test]
async fn s06_a_query_that_is_not_in_the_table_reaches_nobody() {
    let stub = answers([]);
    for (path, code) in [
        ("/api/v1/workspaces", "UNKNOWN_REGION"),
        (
            "/api/v1/workspaces?RegionId=evil.example/",
            "UNKNOWN_REGION",
        ),
        ("/api/v1/workspaces?RegionId=cn-hangzhou&x=1", "BAD_QUERY"),
        (
            "/api/v1/workspaces?RegionId=cn-hangzhou&PageSize=101",
            "BAD_QUERY",
        ),
        (
            "/api/v1/workspaces?RegionId=cn-hangzhou&PageSize=1&PageSize=1",
            "BAD_QUERY",
        ),
        (
            "/api/v1/workspaces?RegionId=cn-hangzhou&Verbose=%zz",
            "BAD_QUERY",
        ),
    ] {
        let told = get(&stub, path).await;
        assert_eq!((told.status, &*told.code()), (400, code), "{path}");
    }
    assert!(stub.calls().is_empty());
}

/// G04: twice again, after random pauses, where that is safe and helps.
#[tokio::test(start_paused = true)]
async fn g04_reads_are_repeated_twice() {
    for fault in [
        lost,
        || Ok(reply(500, "{}")),
        || Ok(reply(503, "x")),
        || Ok(reply(429, "{}")),
        || Ok(reply(400, r#"{"Code":"Throttling.User"}"#)),
        || Ok(reply(200, r#"{"Success":false,"code":"Throttling"}"#)),
        || waits(429, 3),
    ] {
        let stub = answers([fault(), fault(), Ok(reply(200, GOOD))]);
        assert_eq!(get(&stub, WORKSPACES).await.status, 200);
        assert_eq!(stub.calls().len(), 3);
        let stub = answers([fault(), fault(), fault(), Ok(reply(200, GOOD))]);
        assert!(get(&stub, WORKSPACES).await.status >= 400);
        assert_eq!(stub.calls().len(), 3);
    }
    for fault in [
        || Ok(reply(400, r#"{"Code":"X"}"#)),
        || Ok(reply(404, "")),
        || Ok(reply(302, "")),
        || Ok(reply(200, "{")),
        || {
            Err(Failure::NotSent {
                host: "h".to_owned(),
                step: Step::Tls,
                reason: "r".to_owned(),
            })
        },
    ] {
        let stub = answers([fault(), Ok(reply(200, GOOD))]);
        assert!(get(&stub, WORKSPACES).await.status >= 400);
        assert_eq!(stub.calls().len(), 1);
    }
}

/// G04: the wish to wait is heard, up to a minute, but not beyond the total.
#[tokio::test(start_paused = true)]
async fn g04_retry_after_is_heard_within_the_total() {
    let start = Instant::now();
    let stub = answers([waits(429, 7), waits(503, 7), Ok(reply(200, GOOD))]);
    assert_eq!(get(&stub, WORKSPACES).await.status, 200);
    assert_eq!(start.elapsed().as_secs(), 14);
    for (asked, told_so) in [(16, "16"), (60, "60"), (61, "60"), (u64::MAX, "60")] {
        let start = Instant::now();
        let stub = answers([waits(429, asked)]);
        let told = get(&stub, WORKSPACES).await;
        assert_eq!((told.status, &*told.code()), (429, "THROTTLED"));
        assert_eq!(told.headers["retry-after"], told_so);
        assert!(
            start.elapsed() < Duration::from_secs(1),
            "nobody waits in vain"
        );
    }
}

/// G04: fifteen seconds for all of it.
#[tokio::test(start_paused = true)]
async fn g04_a_read_takes_fifteen_seconds_at_most() {
    for first in [vec![], vec![lost()], vec![waits(429, 10)]] {
        let start = Instant::now();
        let told = get(&answers(first), WORKSPACES).await;
        assert_eq!((told.status, &*told.code()), (504, "UPSTREAM_TIMEOUT"));
        assert_eq!(start.elapsed().as_secs(), 15);
    }
}

/// G05: what is no answer is never passed on as one.
#[tokio::test(start_paused = true)]
async fn g05_garbage_is_no_success() {
    let deep = format!("{{\"a\":{}", "[".repeat(1 << 20));
    let wide = format!("{{\"a\":[{}0]}}", "0,".repeat(500_000));
    for body in [
        "",
        " ",
        "{",
        "{}x",
        "[]",
        "null",
        "7",
        "\"x\"",
        "<html>",
        "{\"a\":NaN}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":01}",
        r#"{"Success":"true"}"#,
        r#"{"Success":null}"#,
        r#"{"Success":1}"#,
        r#"{"Success":true,"success":true}"#,
        &deep,
        &wide,
    ] {
        let told = get(&answers([Ok(reply(200, body))]), WORKSPACES).await;
        let shown = body.get(..20).unwrap_or(body);
        assert_eq!(
            (told.status, &*told.code()),
            (502, "BAD_UPSTREAM"),
            "{shown}"
        );
        assert!(told.bytes.len() < 64 << 10, "S20");
    }
    let bytes = Bytes::from_static(b"{\"a\":\"\xff\"}");
    let told = get(
        &answers([Ok(Reply {
            body: bytes,
            ..reply(200, "")
        })]),
        WORKSPACES,
    )
    .await;
    assert_eq!(told.code(), "BAD_UPSTREAM");
    let large = Bytes::from(format!("{{\"a\":\"{}\"}}", "a".repeat(4 << 20)));
    let told = get(
        &answers([Ok(Reply {
            body: large,
            ..reply(200, "")
        })]),
        WORKSPACES,
    )
    .await;
    assert_eq!(told.code(), "BAD_UPSTREAM");
    for status in [0, 99, 100, 201, 204, 206, 301, 304, 600, 999] {
        let told = get(&answers([Ok(reply(status, GOOD))]), WORKSPACES).await;
        assert_eq!(
            (told.status, &*told.code()),
            (502, "BAD_UPSTREAM"),
            "{status}"
        );
    }
}

/// What the service says of a refusal is told, bounded, in whichever letters it says it.
#[tokio::test(start_paused = true)]
async fn refusals_are_told() {
    let long = format!(
        r#"{{"code":"{}","message":"{}","requestId":"{}"}}"#,
        "c".repeat(999),
        "名".repeat(999),
        "r".repeat(999)
    );
    for (status, body, code, message) in [
        (
            400,
            r#"{"Code":"C","Message":"M","RequestId":"R"}"#,
            "C",
            "M",
        ),
        (
            403,
            r#"{"code":"C","message":"M","requestId":"R"}"#,
            "C",
            "M",
        ),
        (
            200,
            r#"{"Success":false,"Code":"C","Message":"M","RequestId":"R"}"#,
            "C",
            "M",
        ),
        (404, &long, &"c".repeat(128), &"名".repeat(682)),
    ] {
        let told = get(&answers([Ok(reply(status, body))]), WORKSPACES).await;
        assert_eq!((told.status, &*told.code()), (400, "UPSTREAM_REFUSED"));
        let upstream = &told.json()["error"]["upstream"];
        assert_eq!(upstream["status"], status);
        assert_eq!(
            (&upstream["code"], &upstream["message"]),
            (&code.into(), &message.into())
        );
    }
    let xml = "<?xml version='1.0'?><Error><Code>Forbidden</Code></Error>";
    let told = get(&answers([Ok(reply(403, xml))]), WORKSPACES).await;
    assert_eq!((told.status, &*told.code()), (400, "UPSTREAM_REFUSED"));
    let upstream = &told.json()["error"]["upstream"];
    assert_eq!(
        (&upstream["code"], &upstream["reply"]),
        (&Value::Null, &xml.into())
    );
}

/// G06: host, step and what to do.
#[tokio::test]
async fn g06_what_was_not_sent_says_why() {
    for (step, words) in [
        (
            Step::Credentials,
            ["getting credentials", "Check the gateway's credentials"],
        ),
        (Step::Lookup, ["looking up the address", "name server"]),
        (Step::Connect, ["connecting", "port 443"]),
        (Step::Tls, ["TLS", "certificates"]),
    ] {
        let stub = answers([Err(Failure::NotSent {
            host: "aiworkspace.cn-hangzhou.aliyuncs.com".to_owned(),
            step,
            reason: "cause".to_owned(),
        })]);
        let told = get(&stub, WORKSPACES).await;
        assert_eq!((told.status, &*told.code()), (502, "NOT_SENT"));
        let message = told.json()["error"]["message"].to_string();
        for part in words
            .iter()
            .chain(&["aiworkspace.cn-hangzhou.aliyuncs.com", "cause"])
        {
            assert!(message.contains(part), "{message}");
        }
    }
}

/// G07: how far the clock is off. The upstream has tried once more by then.
#[tokio::test(start_paused = true)]
async fn g07_a_wrong_clock_is_told_by_how_much() {
    for (date, words) in [
        ("2026-01-01T00:20:00Z", "1200 s behind"),
        ("2025-12-31T23:40:00Z", "1200 s ahead of"),
    ] {
        let refused = || {
            Ok(Reply {
                date: Some(date.parse().unwrap()),
                ..reply(400, r#"{"Code":"InvalidTimeStamp.Expired"}"#)
            })
        };
        let stub = answers([refused()]);
        let told = get(&stub, WORKSPACES).await;
        assert_eq!((told.status, stub.calls().len()), (400, 1));
        let message = told.json()["error"]["message"].to_string();
        assert!(message.contains(words), "{message}");
    }
}

/// S11: no more than 64 calls at a time.
#[tokio::test(start_paused = true)]
async fn s11_calls_under_way_are_bounded() {
    let stub = answers([]);
    let app = support::app(stub.clone()).await;
    let ask = || {
        let request = Request::get(WORKSPACES).header("Host", support::AUTHORITY);
        router(app.clone()).oneshot(request.body(Body::empty()).unwrap())
    };
    let told = futures_util::future::join_all((0..70).map(|_| ask())).await;
    let count = |status| {
        told.iter()
            .filter(|it| it.as_ref().unwrap().status() == status)
            .count()
    };
    assert_eq!((count(504), count(503)), (64, 6));
    assert_eq!(stub.calls().len(), 64);
}
