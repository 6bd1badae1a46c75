//! One key, one create.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use dsw_gateway::lookup::{MARKER, marker};
use dsw_gateway::operation::Operation;
use dsw_gateway::upstream::Step;
use futures_util::future::join_all;
use http::Request;
use serde_json::json;
use tokio::time::timeout;

use crate::client::{KEY, app, body, in_time, landed, marked, post, post_bytes, send, status};
use crate::service::{Fault, Play, Service};
use crate::support;

fn slow() -> Arc<Service> {
    Arc::new(Service {
        pace: Duration::from_millis(500),
        ..Service::default()
    })
}

#[test]
fn s08_a_create_is_sent_byte_for_byte_and_confirmed() {
    in_time(async {
        let service = Arc::new(Service::default());
        let app = app(&service).await;
        let text = format!(" {}\n", marked(KEY));
        let told = post_bytes(&app, KEY, text.clone()).await;
        assert_eq!((told.status, told.code()), (200, "CONFIRMED"), "{told:?}");
        assert_eq!(told.body["instanceId"], "dsw-0001");
        assert_eq!(told.body["marker"], marker(KEY));
        let calls = service.calls(Operation::CreateInstance);
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].body, text.as_bytes());
        assert!(calls[0].query.is_empty());
        assert_eq!(status(&app, KEY).await.body, told.body);
    });
}

/// G03, rule 2: those who come while a create is under way join it.
#[test]
fn g03_eight_posts_with_one_key_are_one_create() {
    for body in [body(), marked(KEY)] {
        in_time(async {
            let service = slow();
            let app = app(&service).await;
            let told = join_all((0..8).map(|_| post(&app, KEY, &body))).await;
            for told in &told {
                assert_eq!((told.status, told.code()), (200, "CONFIRMED"), "{told:?}");
                assert_eq!(told.body["instanceId"], "dsw-0001");
            }
            assert_eq!(service.creates(), 1);
        });
    }
}

/// Rule 4: of two gateways on one journal only one sends.
#[test]
fn g01_two_gateways_on_one_journal_send_once() {
    // With a marker both look first, so that both come to the send at once; without one both write it down at once.
    for body in [marked(KEY), body()] {
        in_time(async {
            let service = slow();
            let first = app(&service).await;
            let second = crate::client::app_with(&service, first.journal.clone());
            let (one, other) = tokio::join!(post(&first, KEY, &body), post(&second, KEY, &body));
            let mut codes = [one.code(), other.code()];
            codes.sort_unstable();
            assert_eq!(codes, ["CONFIRMED", "IN_FLIGHT"], "{one:?} {other:?}");
            assert_eq!(service.creates(), 1);
        });
    }
}

/// G02: a client that leaves, at any stage, does not end the create.
#[test]
fn g02_a_client_may_leave_at_any_stage() {
    let mut left_at = BTreeSet::new();
    for tenth in (1..50).step_by(3) {
        in_time(async {
            let service = slow();
            let app = app(&service).await;
            let stays = Duration::from_millis(100 * tenth);
            if timeout(stays, post(&app, KEY, &marked(KEY))).await.is_err() {
                left_at.insert(service.calls.lock().unwrap().len());
            }
            // One who left before anything was read has asked for nothing.
            if left_at.contains(&0) && service.calls.lock().unwrap().is_empty() {
                return;
            }
            landed(&app).await;
            let told = status(&app, KEY).await;
            assert_eq!(told.code(), "CONFIRMED", "after {stays:?}: {told:?}");
            assert_eq!(service.creates(), 1);
        });
    }
    // While each of the two lists was read, and while the create was under way.
    assert!(
        left_at.is_superset(&BTreeSet::from([1, 2, 3])),
        "{left_at:?}"
    );
}

#[test]
fn g06_what_was_not_sent_may_be_sent_again() {
    for (step, next) in [
        (Step::Credentials, "credentials"),
        (Step::Lookup, "name server"),
        (Step::Connect, "port 443"),
        (Step::Tls, "certificates"),
    ] {
        in_time(async {
            let service = Service::creating(Play::Instead(Fault::NotSent(step)));
            let app = app(&service).await;
            let told = post(&app, KEY, &body()).await;
            let seen = (told.status, told.code(), told.state());
            assert_eq!(seen, (502, "NOT_SENT", "PREPARED"));
            let message = told.body["error"]["message"].as_str().unwrap();
            let step = step.to_string();
            for part in [
                "pai-dsw.cn-hangzhou.aliyuncs.com",
                &step,
                "connection refused",
                next,
            ] {
                assert!(message.contains(part), "{message}");
            }
            assert_eq!(status(&app, KEY).await.code(), "PREPARED");
            service.plan(|_| Play::Well);
            let told = post(&app, KEY, &body()).await;
            assert_eq!((told.status, told.code()), (200, "CONFIRMED"));
            assert_eq!(service.instances().len(), 1);
        });
    }
}

/// Rule 2: the syntax of keys.
#[test]
fn a_create_needs_one_well_formed_key() {
    in_time(async {
        let service = Arc::new(Service::default());
        let app = app(&service).await;
        let fits = "0123456789abcdef".to_owned();
        for keys in [
            vec![],
            vec![fits[1..].to_owned()],
            vec!["a".repeat(65)],
            vec![format!("{fits}.")],
            vec![format!("{fits} {fits}")],
            vec![String::new()],
            vec![fits.clone(), fits.clone()],
        ] {
            let mut request = Request::post("/api/v2/instances?RegionId=cn-hangzhou")
                .header("Host", support::AUTHORITY)
                .header("Content-Type", "application/json");
            for key in &keys {
                request = request.header("Idempotency-Key", key);
            }
            let told = send(&app, request.body(Body::from(body().to_string())).unwrap()).await;
            assert_eq!((told.status, told.code()), (400, "BAD_KEY"), "{keys:?}");
        }
        assert_eq!(service.creates(), 0);
        for key in [&fits, &"Z".repeat(64)] {
            assert_eq!(post(&app, key, &body()).await.status, 200);
        }
    });
}

/// Rules 2 and 3: the fingerprint tells bodies apart, and not how they are written.
#[test]
fn a_key_is_for_one_body_and_region() {
    in_time(async {
        let service = Arc::new(Service::default());
        let app = app(&service).await;
        let told = post(&app, KEY, &body()).await;
        assert_eq!(told.status, 200);
        let reordered = r#"{ "ImageId": "image-05cefd0be2e", "EcsSpec": "ecs.c6.large",
            "InstanceName": "tr\u0061in_1", "Accessibility": "PRIVATE", "WorkspaceId": "40823" }"#;
        let again = post_bytes(&app, KEY, reordered).await;
        assert_eq!(again.body, told.body);
        let mut other = body();
        other["InstanceName"] = json!("train_2");
        let refused = post(&app, KEY, &other).await;
        assert_eq!((refused.status, refused.code()), (422, "KEY_REUSED"));
        let elsewhere = Request::post("/api/v2/instances?RegionId=cn-beijing")
            .header("Host", support::AUTHORITY)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", KEY);
        let refused = send(
            &app,
            elsewhere.body(Body::from(body().to_string())).unwrap(),
        )
        .await;
        assert_eq!((refused.status, refused.code()), (422, "KEY_REUSED"));
        assert_eq!(service.creates(), 1);
    });
}

/// Rule 2: also while the first is under way.
#[test]
fn a_key_in_flight_is_for_one_body() {
    in_time(async {
        let service = slow();
        let app = app(&service).await;
        let mut other = body();
        other["InstanceName"] = json!("train_2");
        let body = body();
        let (told, refused) = tokio::join!(post(&app, KEY, &body), post(&app, KEY, &other));
        assert_eq!(told.status, 200);
        assert_eq!((refused.status, refused.code()), (422, "KEY_REUSED"));
        assert_eq!(service.creates(), 1);
    });
}

/// Rule 5: a marker of another key would make this instance be taken for that of the other.
#[test]
fn a_marker_belongs_to_its_key() {
    in_time(async {
        let service = Arc::new(Service::default());
        let app = app(&service).await;
        let told = post(&app, KEY, &marked("another-key-0123456789")).await;
        assert_eq!((told.status, told.code()), (422, "INVALID_REQUEST"));
        assert_eq!(
            told.body["error"]["findings"][0]["pointer"],
            "/Labels/0/Value"
        );
        assert_eq!(service.creates(), 0);
        let key = "0123456789abcdef0123456789abcdef";
        let known = "3eb1bd439947eb762998e566ccc2e099";
        assert_eq!(marker(key), known, "the first half of its SHA-256");
        assert_eq!(MARKER, "dsw-composer-submission");
    });
}

#[test]
fn a_body_that_breaks_rules_is_not_sent() {
    in_time(async {
        let service = Arc::new(Service::default());
        let app = app(&service).await;
        let told = post_bytes(&app, KEY, r#"{"InstanceName":"hunter-2","Strange":1}"#).await;
        assert_eq!((told.status, told.code()), (422, "INVALID_REQUEST"));
        let findings = told.body["error"]["findings"].as_array().unwrap();
        let finding = json!({ "rule": "R03", "severity": "error", "pointer": "/InstanceName" });
        assert!(findings.contains(&finding), "{findings:?}");
        assert!(!told.body.to_string().contains("hunter"), "S20");
        for (text, code) in [
            ("", "BAD_JSON"),
            ("[]", "BAD_JSON"),
            (r#"{"a":1,"a":"hunter2"}"#, "BAD_JSON"),
            ("{} {}", "BAD_JSON"),
            ("\u{feff}{}", "BAD_JSON"),
        ] {
            let told = post_bytes(&app, KEY, text).await;
            assert_eq!((told.status, told.code()), (400, code), "{text}");
            assert!(!told.body.to_string().contains("hunter"), "S20");
        }
        let told = post_bytes(&app, KEY, vec![b' '; (1 << 20) + 1]).await;
        assert_eq!((told.status, told.code()), (413, "BODY_TOO_LARGE"));
        assert_eq!(status(&app, KEY).await.status, 404);
        assert!(service.calls.lock().unwrap().is_empty());
        // Warnings do not stand in the way.
        let mut warned = body();
        warned["Strange"] = json!(1);
        assert_eq!(post(&app, KEY, &warned).await.status, 200);
    });
}
