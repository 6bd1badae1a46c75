//! Rule 12 of create: every fault can be played, with its effect or without.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use dsw_gateway::operation::Operation;
use dsw_gateway::sandbox::{Fault, control};
use dsw_gateway::upstream::{Failure, MAX_REPLY, Reply, Step};
use http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::bench::{Bench, EVERYTHING, body, with};

async fn create(bench: &Bench, name: &str) -> Result<Reply, Failure> {
    let body = body(name).to_string();
    bench
        .call(Operation::CreateInstance, None, &[], &body)
        .await
}

/// Whether an instance of this name is there, as far as the look-up can tell.
async fn is_there(bench: &Bench, name: &str) -> bool {
    let list = bench.list(Operation::ListInstances, &EVERYTHING).await;
    list.iter().any(|instance| instance["InstanceName"] == name)
}

fn json_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent() {
    for (fault, step) in [
        ("dns", Step::Lookup),
        ("connect", Step::Connect),
        ("tls", Step::Tls),
        ("credentials", Step::Credentials),
    ] {
        let bench = Bench::faulty(&[&format!("{fault}:1")]);
        match create(&bench, "x").await {
            Err(Failure::NotSent { host, step: at, .. }) => {
                assert_eq!(host, "pai-dsw.cn-hangzhou.aliyuncs.com");
                assert_eq!(at, step);
            }
            other => panic!("{fault}: {other:?}"),
        }
        assert!(!is_there(&bench, "x").await, "{fault}");
        assert_eq!(
            create(&bench, "x").await.unwrap().status,
            200,
            "{fault} is used up"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn no_reply_comes() {
    for (fault, has_effect, times_out, seconds) in [
        ("drop-before", false, false, 0),
        ("drop-after", true, false, 0),
        ("reset", true, false, 0),
        ("hang-before", false, true, 20),
        ("hang", true, true, 20),
        ("hang=3", true, true, 3),
        ("huge", true, false, 0),
    ] {
        let bench = Bench::faulty(&[&format!("{fault}@CreateInstance:1")]);
        let begun = tokio::time::Instant::now();
        match create(&bench, "x").await {
            Err(Failure::Lost { timed_out, .. }) => assert_eq!(timed_out, times_out, "{fault}"),
            other => panic!("{fault}: {other:?}"),
        }
        assert_eq!(begun.elapsed().as_secs(), seconds, "{fault}");
        assert_eq!(is_there(&bench, "x").await, has_effect, "{fault}");
    }
}

#[tokio::test]
async fn replies_say_something_else() {
    for (fault, status, code, has_effect) in [
        ("throttle", 429, "Throttling.User", false),
        ("error-500", 500, "InternalError", false),
        ("error-500-after", 500, "InternalError", true),
        ("error-503", 503, "ServiceUnavailable", false),
        ("error-503-after", 503, "ServiceUnavailable", true),
        ("not-success", 200, "InternalError", false),
        ("forbidden", 403, "NoPermission", false),
        ("expired-token", 403, "InvalidSecurityToken.Expired", false),
        ("clock-skew", 400, "InvalidTimeStamp.Expired", false),
        ("nonce-used", 400, "SignatureNonceUsed", false),
        ("signature", 400, "SignatureDoesNotMatch", false),
    ] {
        let bench = Bench::faulty(&[&format!("{fault}@CreateInstance:1")]);
        let reply = create(&bench, "x").await.unwrap();
        let answer = json_of(&reply);
        assert_eq!(
            (reply.status, &answer["Code"]),
            (status, &code.into()),
            "{fault}"
        );
        assert_ne!(answer["Success"], true, "{fault}");
        assert!(answer["RequestId"].as_str().unwrap().len() == 36, "{fault}");
        assert_eq!(is_there(&bench, "x").await, has_effect, "{fault}");
        // The layers differ in their members.
        let is_dsw = code == "InternalError";
        assert_eq!(answer.get("HostId").is_none(), is_dsw, "{fault}");
    }
}

#[tokio::test]
async fn details_of_refusals() {
    let bench = Bench::faulty(&[
        "throttle=1500:1",
        "clock-skew=30:1",
        "forbidden:1",
        "status=302:1",
    ]);
    let throttled = create(&bench, "x").await.unwrap();
    assert_eq!(throttled.retry_after, Some(Duration::from_millis(1_500)));
    let skewed = create(&bench, "x").await.unwrap();
    let expected = "2026-02-01T08:30:00Z".parse().unwrap();
    assert_eq!(skewed.date, Some(expected));
    let forbidden = json_of(&create(&bench, "x").await.unwrap());
    let detail = &forbidden["AccessDeniedDetail"];
    assert_eq!(detail["AuthAction"], "paidsw:CreateInstance");
    let other = create(&bench, "x").await.unwrap();
    assert_eq!((other.status, other.body.as_ref()), (302, b"{}".as_ref()));
    assert!(!is_there(&bench, "x").await);
    assert!(bench.sandbox.faults().is_empty());
}

#[tokio::test]
async fn replies_are_garbage_after_the_effect() {
    for fault in [
        "malformed",
        "cut",
        "not-utf8",
        "wrong-types",
        "odd-id",
        "odd-id=x y",
    ] {
        let bench = Bench::faulty(&[&format!("{fault}@CreateInstance:1")]);
        let reply = create(&bench, "x").await.unwrap();
        assert_eq!(reply.status, 200);
        let answer = serde_json::from_slice::<Value>(&reply.body).ok();
        match fault {
            "wrong-types" => assert_eq!(answer.unwrap()["Success"], "true"),
            "odd-id" => assert_eq!(answer.unwrap()["InstanceId"], "dsw-../../odd"),
            "odd-id=x y" => assert_eq!(answer.unwrap()["InstanceId"], "x y"),
            "not-utf8" => assert!(std::str::from_utf8(&reply.body).is_err()),
            _ => assert!(answer.is_none(), "{fault}"),
        }
        assert!(is_there(&bench, "x").await, "{fault}");
    }
    let bench = Bench::faulty(&["huge=1000000@CreateInstance"]);
    let reply = create(&bench, "x").await.unwrap();
    assert_eq!(reply.body.len(), 1_000_000);
    assert_eq!(json_of(&reply)["Success"], true);
    assert!(reply.body.len() < MAX_REPLY);
}

#[tokio::test]
async fn an_instance_is_listed_late() {
    let bench = Bench::faulty(&["late=60:1"]);
    let id = bench.created(&body("late")).await;
    assert!(!is_there(&bench, "late").await);
    // It can be had by its id, and its name is taken.
    assert_eq!(bench.status(&id).await, "Creating");
    assert_eq!(bench.create(&body("late")).await.0, 400);
    bench.clock.pass(Duration::from_secs(59));
    assert!(!is_there(&bench, "late").await);
    bench.clock.pass(Duration::from_secs(1));
    assert!(is_there(&bench, "late").await);
}

#[tokio::test]
async fn labels_get_lost() {
    let bench = Bench::faulty(&["no-labels:1"]);
    let labels = json!({"Labels": [{"Key": "dsw-composer-submission", "Value": "m"}]});
    bench.created(&with(body("lost"), labels.clone())).await;
    bench.created(&with(body("kept"), labels)).await;
    let query = [("Labels", r#"{"dsw-composer-submission":"m"}"#)];
    let found = bench.list(Operation::ListInstances, &query).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["InstanceName"], "kept");
    let found = bench
        .list(Operation::ListInstances, &[("InstanceName", "lost")])
        .await;
    assert_eq!(found[0]["Labels"], json!([]));
}

#[tokio::test]
async fn filters_are_ignored() {
    let bench = Bench::faulty(&["ignore-filters:2"]);
    let by_label = [("Labels", r#"{"no":"such"}"#)];
    let by_name = [("InstanceName", "no_such")];
    assert_eq!(
        bench.list(Operation::ListInstances, &by_label).await.len(),
        3
    );
    assert_eq!(
        bench.list(Operation::ListInstances, &by_name).await.len(),
        3
    );
    assert_eq!(
        bench.list(Operation::ListInstances, &by_name).await.len(),
        0
    );
}

#[tokio::test]
async fn an_instance_fails_on_demand() {
    let bench = Bench::faulty(&["fails=OutOfLuck:1"]);
    let id = bench.created(&body("x")).await;
    bench.clock.pass(Duration::from_mins(1));
    let shown = bench.get(&id).await;
    assert_eq!(
        (&shown["Status"], &shown["ReasonCode"]),
        (&json!("Failed"), &json!("OutOfLuck"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_slow_call_is_answered_all_the_same() {
    let bench = Bench::faulty(&["slow=1500@ListWorkspaces:1"]);
    let begun = tokio::time::Instant::now();
    let (status, _) = bench.read(Operation::ListWorkspaces, &[]).await;
    assert_eq!(
        (status, begun.elapsed()),
        (200, Duration::from_millis(1_500))
    );
    bench.read(Operation::ListWorkspaces, &[]).await;
    assert_eq!(begun.elapsed(), Duration::from_millis(1_500));
}

#[tokio::test]
async fn a_caller_that_leaves_a_hanging_create_has_created() {
    let bench = Bench::faulty(&["hang=3600"]);
    let waited = tokio::time::timeout(Duration::from_millis(20), create(&bench, "left")).await;
    assert!(waited.is_err());
    assert!(is_there(&bench, "left").await);
}

#[tokio::test]
async fn faults_strike_where_and_as_often_as_told() {
    let bench = Bench::faulty(&[
        "error-503@ListImages:2",
        "late=5",
        "drop-after:1",
        "error-500:1",
    ]);
    // Reads of another kind are not struck.
    assert_eq!(bench.read(Operation::ListWorkspaces, &[]).await.0, 200);
    for expected in [503, 503, 200] {
        assert_eq!(bench.read(Operation::ListImages, &[]).await.0, expected);
    }
    // A fault that shapes goes together with the first that decides.
    assert!(create(&bench, "a").await.is_err());
    assert!(!is_there(&bench, "a").await);
    bench.clock.pass(Duration::from_secs(5));
    assert!(is_there(&bench, "a").await);
    assert_eq!(create(&bench, "b").await.unwrap().status, 500);
    assert_eq!(create(&bench, "b").await.unwrap().status, 200);
    let left: Vec<String> = bench
        .sandbox
        .faults()
        .iter()
        .map(Fault::to_string)
        .collect();
    assert_eq!(left, ["late=5"]);
    // Reads are struck by faults for all.
    let bench = Bench::faulty(&["connect@any"]);
    let read = bench.call(Operation::ListInstances, None, &[], "").await;
    assert!(matches!(read, Err(Failure::NotSent { .. })));
}

#[test]
fn faults_are_written_as_they_are_read() {
    for text in [
        "hang",
        "hang=5",
        "hang=5:1",
        "hang@any",
        "hang=0@ListImages:4294967295",
        "odd-id=",
        "odd-id=<b>@GetInstance",
        "dns@CreateInstance:3",
    ] {
        let fault: Fault = text.parse().unwrap();
        assert_eq!(fault.to_string(), text);
    }
    // What goes without saying is not said.
    let fault: Fault = "hang@CreateInstance".parse().unwrap();
    assert_eq!(fault.to_string(), "hang");
}

#[test]
fn what_is_no_fault_is_refused() {
    let long = "odd-id=".to_owned() + &"x".repeat(200);
    for (text, reason) in [
        ("", "there is no such fault"),
        ("Hang", "there is no such fault"),
        ("reset=1", "the fault reset takes no value"),
        (
            "hang=",
            "the value of hang must be seconds, a whole number from 0 to 3600",
        ),
        ("hang=+1", "the value of hang"),
        ("hang=3601", "the value of hang"),
        (
            "status=99",
            "the value of status must be status, a whole number from 100 to 599",
        ),
        ("hang@Anything", "after @ comes"),
        ("hang@", "after @ comes"),
        ("hang:0", "after : comes"),
        ("hang:", "after : comes"),
        ("hang:+1", "after : comes"),
        ("hang:4294967296", "after : comes"),
        ("odd-id=\n", "a fault is at most"),
        (long.as_str(), "a fault is at most"),
    ] {
        let error = text.parse::<Fault>().unwrap_err().to_string();
        assert!(error.starts_with(reason), "{text:?}: {error}");
    }
}

/// What the control route answers.
async fn control_call(
    bench: &Arc<dsw_gateway::sandbox::Sandbox>,
    request: Request<Body>,
) -> (u16, Value) {
    let response = control(Arc::clone(bench)).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    if let Some(error) = response.extensions().get::<dsw_gateway::error::Error>() {
        return (status, serde_json::from_slice(&error.to_json("r")).unwrap());
    }
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    )
}

#[tokio::test]
async fn faults_are_chosen_over_the_control_route() {
    let sandbox = Arc::new(Bench::faulty(&["dns:1"]).sandbox);
    let get = || {
        Request::get("/api/sandbox/faults")
            .body(Body::empty())
            .unwrap()
    };
    let put = |body: &str| {
        Request::put("/api/sandbox/faults")
            .body(Body::from(body.to_owned()))
            .unwrap()
    };
    let (status, answer) = control_call(&sandbox, get()).await;
    assert_eq!((status, &answer["faults"]), (200, &json!(["dns:1"])));
    let known = answer["known"].as_array().unwrap();
    assert!(known.len() >= 30);
    let documentation = include_str!("../../../../docs/sandbox.md");
    for fault in known {
        // Each name is one that can be sent back, and strikes where it says.
        let name = fault["name"].as_str().unwrap();
        assert!(documentation.contains(&format!("`{name}`")), "{name}");
        let at = fault["at"].as_str().unwrap();
        let parsed: Fault = format!("{name}@{at}").parse().unwrap();
        assert_eq!(parsed.to_string(), name);
    }
    let wanted = json!({"faults": ["hang=5@CreateInstance:1", "no-labels"]}).to_string();
    let (status, answer) = control_call(&sandbox, put(&wanted)).await;
    assert_eq!(
        (status, &answer["faults"]),
        (200, &json!(["hang=5:1", "no-labels"]))
    );

    for wrong in [
        "",
        "[]",
        "{}",
        r#"{"faults":"hang"}"#,
        r#"{"faults":[1]}"#,
        r#"{"faults":[],"x":1}"#,
    ] {
        let (status, answer) = control_call(&sandbox, put(wrong)).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!("BAD_JSON")),
            "{wrong}"
        );
    }
    let (status, answer) = control_call(&sandbox, put(r#"{"faults":["hang","nonsense"]}"#)).await;
    assert_eq!(status, 422);
    assert_eq!(answer["error"]["findings"][0]["pointer"], "/faults/1");
    let many = json!({"faults": vec!["hang"; 65]}).to_string();
    assert_eq!(control_call(&sandbox, put(&many)).await.0, 422);
    // What was refused changed nothing.
    let (_, answer) = control_call(&sandbox, get()).await;
    assert_eq!(answer["faults"], json!(["hang=5:1", "no-labels"]));
    let delete = Request::delete("/api/sandbox/faults")
        .body(Body::empty())
        .unwrap();
    let (status, answer) = control_call(&sandbox, delete).await;
    assert_eq!((status, &answer["faults"]), (200, &json!([])));
    let post = Request::post("/api/sandbox/faults")
        .body(Body::empty())
        .unwrap();
    assert_eq!(control_call(&sandbox, post).await.0, 405);
}
