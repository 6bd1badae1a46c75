//! What is told of a create, whatever the service does (rules 6, 8, 9 and 11, G05, G07).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use dsw_gateway::lookup::{MARKER, marker};
use dsw_gateway::operation::Operation;
use serde_json::json;

use crate::client::{KEY, Told, app, body, check, in_time, landed, marked, post, status};
use crate::service::{Fault, Play, Service};

/// Rule 11: never a 2xx, and the way to the status.
#[track_caller]
fn is_unknown(told: &Told) {
    let seen = (told.status, told.code(), told.state());
    assert_eq!(seen, (504, "OUTCOME_UNKNOWN", "UNKNOWN"), "{told:?}");
    let location = told
        .headers
        .get("location")
        .map(|it| it.to_str().unwrap().to_owned());
    assert_eq!(location, Some(format!("/api/v2/submissions/{KEY}")));
}

/// Rule 8, the replies that leave no doubt that there is no instance.
#[test]
fn definite_refusals_are_refusals() {
    for (status_code, code) in [
        (400, "ValidationError"),
        (400, "SignatureDoesNotMatch"),
        (404, "InvalidAccessKeyId.NotFound"),
        (400, "InvalidAccessKeyId.Inactive"),
        (400, "InvalidTimeStamp.Expired"),
        (400, "IllegalTimestamp"),
        (400, "InvalidSecurityToken.Expired"),
        (400, "SecurityTokenExpired"),
        (401, "NoPermission"),
        (403, "Forbidden.RAM"),
        (404, "InvalidAction.NotFound"),
        (405, "X"),
        (413, "X"),
        (415, "X"),
    ] {
        for names in ["Code Message RequestId", "code message requestId"] {
            in_time(async {
                let mut names = names.split(' ');
                let mut name = || names.next().unwrap();
                let text = json!({ name(): code, name(): "no", name(): "r-1" }).to_string();
                let service =
                    Service::creating(Play::Instead(Fault::Says(status_code, text.leak())));
                let app = app(&service).await;
                let told = post(&app, KEY, &body()).await;
                let seen = (told.status, told.code(), told.state());
                assert_eq!(
                    seen,
                    (400, "UPSTREAM_REFUSED", "REJECTED"),
                    "{status_code} {code}"
                );
                let upstream = &told.body["error"]["upstream"];
                assert_eq!(upstream["status"], status_code);
                assert_eq!(upstream["code"], code);
                assert_eq!(upstream["message"], "no");
                assert_eq!(upstream["requestId"], "r-1");
                assert!(upstream["reply"].as_str().unwrap().contains("r-1"));
                let before = service.creates();
                let again = post(&app, KEY, &body()).await;
                assert_eq!(
                    (again.status, again.code()),
                    (400, "UPSTREAM_REFUSED"),
                    "stored"
                );
                assert_eq!(again.body["error"]["upstream"]["message"], "no");
                assert_eq!(service.creates(), before, "what is done is not sent again");
            });
        }
    }
}

/// Replies that say nothing for certain. `true` where the instance was created all the same.
fn doubtful() -> Vec<(Fault, bool)> {
    let mut faults = Vec::new();
    for text in [
        "",
        "{",
        "null",
        "[]",
        "{}",
        r#"{"Success":true}"#,
        r#"{"Success":true,"InstanceId":7}"#,
        r#"{"Success":true,"InstanceId":""}"#,
        r#"{"Success":true,"InstanceId":"dsw-"}"#,
        r#"{"Success":true,"InstanceId":"i-1"}"#,
        r#"{"Success":true,"InstanceId":"dsw-1/../2"}"#,
        r#"{"Success":"true","InstanceId":"dsw-1"}"#,
        r#"{"Success":null,"InstanceId":"dsw-1"}"#,
        r#"{"InstanceId":"dsw-1"}"#,
        r#"{"Success":false,"InstanceId":"dsw-1"}"#,
        r#"{"Success":false,"Code":"ValidationError","Message":"no"}"#,
        r#"{"Success":true,"InstanceId":"dsw-1""#,
        r#"{"Success":true,"InstanceId":"dsw-1"}x"#,
        r#"{"Success":true,"InstanceId":"dsw-1","InstanceId":"dsw-2"}"#,
        r#"{"Success":true,"InstanceId":"dsw-1","instanceId":"dsw-2"}"#,
        r#"{"Success":true,"success":false,"InstanceId":"dsw-1"}"#,
        "<html>",
    ] {
        faults.push((Fault::Says(200, text), true));
    }
    let whole = r#"{"Success":true,"InstanceId":"dsw-1"}"#;
    for status in [
        100, 201, 202, 204, 206, 301, 302, 307, 308, 400, 402, 403, 404, 409, 418, 422, 429, 499,
    ] {
        faults.push((Fault::Says(status, whole), true));
    }
    for status in [500, 501, 502, 503, 504, 507, 599] {
        faults.push((Fault::Says(status, r#"{"Code":"ValidationError"}"#), true));
        faults.push((Fault::Says(status, whole), true));
    }
    for (status, text) in [
        (400, r#"{"Code":"InternalError"}"#),
        (403, r#"{"Code":"InternalError"}"#),
        (400, r#"{"Code":"SignatureNonceUsed"}"#),
        (403, r#"{"Code":"SignatureNonceUsed"}"#),
        (400, r#"{"Code":"Throttling.User"}"#),
        (403, r#"{"Code":"Throttling"}"#),
        (400, r#"{"Code":"ValidationErrors"}"#),
        (400, r#"{"Code":"Something"}"#),
        (400, "<Error><Code>ValidationError</Code></Error>"),
        (429, "{}"),
        (429, "x"),
    ] {
        faults.push((Fault::Says(status, text), false));
    }
    faults.push((Fault::Wait(429, "{}", Duration::from_secs(3)), false));
    faults.push((
        Fault::Wait(503, "{}", Duration::from_secs(1_000_000_000)),
        true,
    ));
    faults.push((Fault::Lost, true));
    faults.push((Fault::Lost, false));
    faults.push((Fault::Hang, true));
    faults
}

/// G05 and rules 8, 9, 11: whatever is not certain is unknown, is not sent again, and is found if it is there.
#[test]
fn all_else_is_unknown_until_it_is_found() {
    for (fault, created) in doubtful() {
        in_time(async {
            let play = if created {
                Play::DoneThen(fault.clone())
            } else {
                Play::Instead(fault.clone())
            };
            let service = Service::creating(play);
            let app = app(&service).await;
            let told = post(&app, KEY, &marked(KEY)).await;
            is_unknown(&told);
            assert_eq!(status(&app, KEY).await.code(), "UNKNOWN");
            let again = post(&app, KEY, &marked(KEY)).await;
            if created {
                assert_eq!((again.status, again.code()), (200, "FOUND"), "{fault:?}");
                assert_eq!(again.body["instanceId"], "dsw-0001");
            } else {
                is_unknown(&again);
                assert!(again.body["submission"]["checkedAt"].is_string());
            }
            assert_eq!(service.creates(), 1, "{fault:?}");
        });
    }
}

/// G04: a create that hangs is given up after 30 s, and what is asked to wait for is bounded.
#[test]
fn g04_a_create_takes_thirty_seconds_at_most() {
    in_time(async {
        let service = Service::creating(Play::DoneThen(Fault::Hang));
        let app = app(&service).await;
        let start = tokio::time::Instant::now();
        is_unknown(&post(&app, KEY, &marked(KEY)).await);
        let took = start.elapsed().as_secs_f64();
        assert!((30.0..33.0).contains(&took), "{took} s");
    });
    in_time(async {
        let wait = Duration::from_secs(u64::MAX);
        let service = Service::creating(Play::Instead(Fault::Wait(429, "{}", wait)));
        let told = post(&app(&service).await, KEY, &body()).await;
        assert_eq!(told.headers["retry-after"], "60");
    });
}

/// G05: a reply of 4 MiB, deeply nested, of bytes that are no text.
#[test]
fn g05_hostile_replies_are_unknown() {
    let deep = "[".repeat(4 << 20);
    let long = format!(
        r#"{{"Code":"{}","Message":"{}"}}"#,
        "c".repeat(1 << 20),
        "名".repeat(1 << 20)
    );
    let escapes = format!(
        r#"{{"Success":true,"InstanceId":"dsw-1","x":"{}"}}"#,
        "\\u0000".repeat(100_000)
    );
    for text in [deep, long, escapes] {
        in_time(async {
            let success = text.contains("Success");
            let service = Service::creating(Play::Instead(Fault::Says(200, text.leak())));
            let told = post(&app(&service).await, KEY, &body()).await;
            if success {
                assert_eq!(told.code(), "CONFIRMED");
            } else {
                is_unknown(&told);
                let upstream = &told.body["error"]["upstream"];
                assert!(upstream["code"].as_str().is_none_or(|it| it.len() <= 128));
                assert!(
                    upstream["message"]
                        .as_str()
                        .is_none_or(|it| it.len() <= 2048)
                );
                assert!(upstream["reply"].as_str().unwrap().len() <= 2048);
            }
        });
    }
}

/// Rule 6: what is there already is the answer.
#[test]
fn an_instance_with_the_marker_is_found_before_anything_is_sent() {
    for (visibility, resource) in [
        ("PRIVATE", None),
        ("PUBLIC", None),
        ("PRIVATE", Some("quota-1")),
    ] {
        in_time(async {
            let service = Arc::new(Service::default());
            let mut instance = marked(KEY);
            instance["Accessibility"] = json!(visibility);
            if let Some(resource) = resource {
                instance["ResourceId"] = json!(resource);
            }
            let id = service.create(instance);
            let app = app(&service).await;
            let told = post(&app, KEY, &marked(KEY)).await;
            assert_eq!((told.status, told.code()), (200, "FOUND"), "{told:?}");
            assert_eq!(told.body["instanceId"], id);
            assert_eq!(service.creates(), 0);
            assert_eq!(post(&app, KEY, &marked(KEY)).await.code(), "FOUND");
        });
    }
}

/// Rule 6: where the look-up is forbidden, the create goes on and says so.
#[test]
fn a_forbidden_look_up_is_told() {
    for (status_code, text) in [
        (403, "{}"),
        (400, r#"{"Code":"NoPermission"}"#),
        (404, r#"{"code":"Forbidden.RAM"}"#),
    ] {
        in_time(async {
            let service = Service::listing(Play::Instead(Fault::Says(status_code, text)));
            let app = app(&service).await;
            let told = post(&app, KEY, &marked(KEY)).await;
            assert_eq!((told.status, told.code()), (200, "CONFIRMED"), "{told:?}");
            assert_eq!(told.body["lookUpForbidden"], true);
            assert_eq!(status(&app, KEY).await.body["lookUpForbidden"], true);
        });
    }
}

/// Rule 6: a look-up that fails in any other way is no leave to send.
#[test]
fn a_look_up_that_fails_sends_nothing() {
    for (fault, seen) in [
        (Fault::Says(500, "{}"), (502, "BAD_UPSTREAM")),
        (Fault::Says(200, "x"), (502, "BAD_UPSTREAM")),
        (
            Fault::Says(200, r#"{"Success":true}"#),
            (502, "BAD_UPSTREAM"),
        ),
        (
            Fault::Says(200, r#"{"TotalCount":101,"Instances":[]}"#),
            (502, "BAD_UPSTREAM"),
        ),
        (
            Fault::Says(200, r#"{"TotalCount":1,"Instances":[7]}"#),
            (502, "BAD_UPSTREAM"),
        ),
        (
            Fault::Says(200, r#"{"TotalCount":-1,"Instances":[]}"#),
            (502, "BAD_UPSTREAM"),
        ),
        (Fault::Says(429, "{}"), (429, "THROTTLED")),
        (
            Fault::Says(400, r#"{"Code":"Odd"}"#),
            (400, "UPSTREAM_REFUSED"),
        ),
        (Fault::Lost, (502, "BAD_UPSTREAM")),
        (Fault::Hang, (504, "UPSTREAM_TIMEOUT")),
        (
            Fault::NotSent(dsw_gateway::upstream::Step::Lookup),
            (502, "NOT_SENT"),
        ),
    ] {
        in_time(async {
            let service = Service::listing(Play::Instead(fault.clone()));
            let app = app(&service).await;
            let told = post(&app, KEY, &marked(KEY)).await;
            assert_eq!((told.status, told.code()), seen, "{fault:?}");
            assert_eq!(told.state(), "PREPARED");
            assert_eq!(service.creates(), 0);
            service.plan(|_| Play::Well);
            assert_eq!(post(&app, KEY, &marked(KEY)).await.code(), "CONFIRMED");
        });
    }
}

/// Rule 9: labels are compared by us. A service that does not filter shows the instances of others.
#[test]
fn labels_are_not_left_to_the_filter() {
    in_time(async {
        let list = json!({ "TotalCount": 2, "Instances": [
            { "InstanceId": "dsw-1", "Labels": [{ "Key": MARKER, "Value": marker("another-key-0123456789") }] },
            { "InstanceId": "dsw-2", "Labels": [{ "Key": "other", "Value": marker(KEY) }] },
        ]});
        let service = Service::listing(Play::Instead(Fault::Says(200, list.to_string().leak())));
        let told = post(&app(&service).await, KEY, &marked(KEY)).await;
        assert_eq!((told.status, told.code()), (200, "CONFIRMED"));
        assert_eq!(service.creates(), 1);
    });
}

/// Rule 9: all pages, in the body's workspace, of all resources.
#[test]
fn a_look_up_reads_all_pages() {
    in_time(async {
        let service = Arc::new(Service::default());
        for _ in 0..250 {
            let mut other = marked(KEY);
            other["Labels"][0]["Value"] = json!(marker("another-key-0123456789"));
            service.create(other);
        }
        let id = service.create(marked(KEY));
        service.ignore_labels.store(true, Ordering::Relaxed);
        let app = app(&service).await;
        let told = post(&app, KEY, &marked(KEY)).await;
        assert_eq!((told.status, told.code()), (200, "FOUND"), "{told:?}");
        assert_eq!(told.body["instanceId"], id);
        let calls = service.calls(Operation::ListInstances);
        assert_eq!(calls.len(), 4);
        for (call, (page, visibility)) in calls.iter().zip([
            ("1", "PRIVATE"),
            ("2", "PRIVATE"),
            ("3", "PRIVATE"),
            ("1", "PUBLIC"),
        ]) {
            assert_eq!(call.query("PageNumber"), Some(page));
            assert_eq!(call.query("Accessibility"), Some(visibility));
            assert_eq!(call.query("ResourceId"), Some("ALL"));
            assert_eq!(call.query("WorkspaceId"), Some("40823"));
        }
        assert_eq!(service.creates(), 0);
    });
}

/// Two with one marker: which is which is not for us to say, and a third is not made.
#[test]
fn two_instances_with_one_marker_are_no_answer() {
    in_time(async {
        let service = Arc::new(Service::default());
        service.create(marked(KEY));
        service.create(marked(KEY));
        let told = post(&app(&service).await, KEY, &marked(KEY)).await;
        is_unknown(&told);
        let candidates = told.body["submission"]["candidates"].as_array().unwrap();
        assert_eq!(candidates.len(), 2);
        assert_eq!(service.creates(), 0);
    });
}

/// Rules 5 and 9: without a marker a name is a hint, and a person decides.
#[test]
fn an_instance_of_the_same_name_is_a_candidate() {
    for drops_labels in [false, true] {
        in_time(async {
            let service = Arc::new(Service {
                drops_labels,
                ..Service::default()
            });
            service.plan(|call| match call.operation {
                Operation::CreateInstance => Play::DoneThen(Fault::Lost),
                _ => Play::Well,
            });
            let mut longer = body();
            longer["InstanceName"] = json!("train_11");
            service.create(longer);
            let app = app(&service).await;
            let sent = if drops_labels { marked(KEY) } else { body() };
            is_unknown(&post(&app, KEY, &sent).await);
            let told = check(&app, KEY).await;
            assert_eq!((told.status, told.code()), (200, "UNKNOWN"), "{told:?}");
            assert!(told.body["checkedAt"].is_string());
            let expected =
                json!([{ "instanceId": "dsw-0002", "status": "Creating", "created": null }]);
            assert_eq!(told.body["candidates"], expected);
            is_unknown(&post(&app, KEY, &sent).await);
            assert_eq!(service.creates(), 1);
        });
    }
}

/// Rule 9: what becomes visible late is found by a later check; a check that fails is no absence.
#[test]
fn a_check_looks_now() {
    in_time(async {
        let service = Service::creating(Play::DoneThen(Fault::Lost));
        let app = app(&service).await;
        assert_eq!(check(&app, KEY).await.status, 404);
        service.late.store(2, Ordering::Relaxed);
        is_unknown(&post(&app, KEY, &marked(KEY)).await);
        let told = check(&app, KEY).await;
        assert_eq!((told.status, told.code()), (200, "UNKNOWN"));
        service.plan(|_| Play::Instead(Fault::Says(500, "")));
        let before = status(&app, KEY).await;
        let told = check(&app, KEY).await;
        assert_eq!(
            (told.status, told.code(), told.state()),
            (502, "BAD_UPSTREAM", "UNKNOWN")
        );
        assert_eq!(status(&app, KEY).await.body, before.body);
        service.plan(|_| Play::Well);
        for _ in 0..2 {
            let told = check(&app, KEY).await;
            assert_eq!((told.status, told.code()), (200, "FOUND"), "{told:?}");
            assert_eq!(told.body["instanceId"], "dsw-0001");
        }
        assert_eq!(service.creates(), 1);
    });
}

/// G07: the upstream has sent it once more, corrected, before it tells of such a refusal; here it is final.
#[test]
fn g07_a_wrong_clock_or_an_old_token_is_told() {
    for (code, words) in [
        ("InvalidTimeStamp.Expired", "Check the gateway's clock"),
        ("InvalidSecurityToken.Expired", "temporary credential"),
        ("SignatureDoesNotMatch", "credentials"),
    ] {
        in_time(async {
            let refusal = json!({ "Code": code }).to_string().leak();
            let service = Service::creating(Play::Instead(Fault::Says(400, refusal)));
            let told = post(&app(&service).await, KEY, &body()).await;
            assert_eq!(service.creates(), 1);
            assert_eq!((told.status, told.state()), (400, "REJECTED"));
            let message = told.body["error"]["message"].as_str().unwrap();
            assert!(message.contains(words), "{message}");
        });
    }
}

/// Rule 4 and S19: what the service repeats of a secret is neither told nor kept.
#[test]
fn s19_a_secret_that_is_repeated_is_hidden() {
    in_time(async {
        let auth = "dXNlcjpodW50ZXIyaHVudGVyMg==";
        let reply =
            json!({ "Code": "ValidationError", "Message": format!("ImageAuth {auth} is wrong") });
        let service = Service::creating(Play::Instead(Fault::Says(400, reply.to_string().leak())));
        let app = app(&service).await;
        let mut body = body();
        body.as_object_mut().unwrap().remove("ImageId");
        body["ImageUrl"] = json!("registry.cn-hangzhou.aliyuncs.com/a/b:1");
        body["ImageAuth"] = json!(auth);
        let told = post(&app, KEY, &body).await;
        assert_eq!(told.state(), "REJECTED", "{told:?}");
        assert_eq!(
            told.body["error"]["upstream"]["message"],
            "ImageAuth … is wrong"
        );
        assert!(!told.body.to_string().contains(auth));
        assert!(!status(&app, KEY).await.body.to_string().contains(auth));
        landed(&app).await;
    });
}
