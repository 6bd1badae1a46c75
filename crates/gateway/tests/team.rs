//! The policy of a team at the gateway: a create that bypasses the page is held against it all the same (S23).

#![allow(clippy::unwrap_used, reason = "a test that cannot begin fails")]

use std::sync::Arc;

use axum::body::Body;
use dsw_gateway::app::{App, router};
use dsw_gateway::operation::Operation;
use dsw_gateway::settings::{Settings, Token};
use dsw_gateway::team::{Team, TeamError};
use dsw_model::policy::{Policy, Problem};
use http::Request;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

mod support;
use support::{AUTHORITY, Stub};

const KEY: &str = "0123456789abcdef-a";

fn team(text: &str) -> Team {
    let policy = Policy::parse(text).unwrap();
    Team {
        policy: Box::leak(Box::new(policy)),
        bytes: text.to_owned().into(),
    }
}

/// A body without anything to find fault with, but for a policy.
fn body() -> Value {
    json!({
        "WorkspaceId": "40823", "InstanceName": "train_1", "EcsSpec": "ecs.c6.large", "ImageId": "image-05cefd0be2e",
    })
}

/// A service that lists machines and creates instances; without `lists` it knows no prices.
fn service(lists: bool) -> Arc<Stub> {
    Stub::new(move |call| async move {
        let machine = |name: &str, price| json!({ "InstanceType": name, "AcceleratorType": "CPU", "Price": price, "Currency": "CNY" });
        let (status, text) = match call.operation {
            Operation::ListEcsSpecs if lists => {
                let specs = match call.query("AcceleratorType") {
                    Some("CPU") => json!([machine("ecs.c6.large", 0.45)]),
                    _ => json!([machine("ecs.gn7i.large", 12.71)]),
                };
                let page = json!({ "RequestId": "r", "Success": true, "TotalCount": 1, "EcsSpecs": specs });
                (200, page.to_string())
            }
            Operation::ListEcsSpecs => (403, r#"{"Code":"Forbidden","RequestId":"r"}"#.to_owned()),
            Operation::ListInstances => {
                let page =
                    json!({ "RequestId": "r", "Success": true, "TotalCount": 0, "Instances": [] });
                (200, page.to_string())
            }
            _ => {
                let created = json!({
                    "RequestId": "r", "Success": true, "HttpStatusCode": 200, "InstanceId": "dsw-1",
                });
                (200, created.to_string())
            }
        };
        Ok(support::reply(status, &text))
    })
}

async fn send(app: &App, request: Request<Body>) -> (u16, http::HeaderMap, Vec<u8>) {
    let response = router(app.clone()).oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (head.status.as_u16(), head.headers, bytes.to_vec())
}

/// Sends a create: its status and document.
async fn post(app: &App, key: &str, region: &str, body: &Value) -> (u16, Value) {
    let request = Request::post(format!("/api/v2/instances?RegionId={region}"))
        .header("Host", AUTHORITY)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", key)
        .body(Body::from(body.to_string()))
        .unwrap();
    let (status, _, bytes) = send(app, request).await;
    (status, serde_json::from_slice(&bytes).unwrap())
}

fn sent(service: &Stub, operation: Operation) -> usize {
    let calls = service.calls();
    calls
        .iter()
        .filter(|call| call.operation == operation)
        .count()
}

/// Rule, pointer and words of each finding.
fn findings(document: &Value) -> Vec<[&str; 3]> {
    let found = document["error"]["findings"].as_array().unwrap().iter();
    found
        .map(|found| {
            ["rule", "pointer", "message"].map(|name| found[name].as_str().unwrap_or_default())
        })
        .collect()
}

#[tokio::test]
async fn s23_a_create_that_bypasses_the_page_is_refused() {
    let service = service(true);
    let text = r#"{"version":1,
        "machines": {"allowed": ["ecs.g6.*"], "message": "Use a g6 machine."},
        "labels": {"team": {}},
        "fields": {"Accessibility": {"fixed": "PRIVATE"}}}"#;
    let app = support::app(service.clone())
        .await
        .with_team(Some(team(text)));
    let (status, document) = post(&app, KEY, "cn-hangzhou", &body()).await;
    assert_eq!(status, 422);
    assert_eq!(document["error"]["code"], "INVALID_REQUEST");
    assert_eq!(
        findings(&document),
        [
            [
                "P08",
                "/Accessibility",
                "Your team has fixed this to PRIVATE."
            ],
            ["P03", "/EcsSpec", "Use a g6 machine."],
            [
                "P05",
                "/Labels",
                "Add the label team, which your team asks for."
            ],
        ]
    );
    assert_eq!(service.calls().len(), 0, "nothing was sent");
    let mut fine = body();
    fine["EcsSpec"] = json!("ecs.g6.large");
    fine["Accessibility"] = json!("PRIVATE");
    fine["Labels"] = json!([{"Key": "team", "Value": "any"}]);
    let (status, document) = post(&app, KEY, "cn-hangzhou", &fine).await;
    assert_eq!(status, 200, "{document}");
    assert_eq!(sent(&service, Operation::CreateInstance), 1);
    assert_eq!(
        sent(&service, Operation::ListEcsSpecs),
        0,
        "no ceiling, no look at prices"
    );
}

#[tokio::test]
async fn s23_the_region_of_a_create_is_held_against_the_policy() {
    let service = service(true);
    let text = r#"{"version":1,"regions":{"allowed":["cn-hangzhou"]}}"#;
    let app = support::app(service.clone())
        .await
        .with_team(Some(team(text)));
    let (status, document) = post(&app, KEY, "cn-beijing", &body()).await;
    assert_eq!(status, 422);
    let words = "Your team does not work in this region. It uses cn-hangzhou.";
    assert_eq!(findings(&document), [["P01", "", words]]);
    assert_eq!(service.calls().len(), 0);
    assert_eq!(post(&app, KEY, "cn-hangzhou", &body()).await.0, 200);
}

#[tokio::test]
async fn s23_a_ceiling_is_held_against_what_the_service_says() {
    let text = |unknown: &str| {
        format!(
            r#"{{"version":1,"price":{{"ceiling":12.5,"currency":"CNY","unknown":"{unknown}"}}}}"#
        )
    };
    let service_with = service(true);
    let app = support::app(service_with.clone())
        .await
        .with_team(Some(team(&text("block"))));
    let mut dear = body();
    dear["EcsSpec"] = json!("ecs.gn7i.large");
    let (status, document) = post(&app, KEY, "cn-hangzhou", &dear).await;
    assert_eq!(status, 422);
    let words = "This machine costs 12.71 CNY an hour; the ceiling of your team is 12.50 CNY.";
    assert_eq!(findings(&document), [["P09", "/EcsSpec", words]]);
    let mut unlisted = body();
    unlisted["EcsSpec"] = json!("ecs.r7.large");
    let (_, document) = post(&app, KEY, "cn-hangzhou", &unlisted).await;
    assert_eq!(findings(&document)[0][0], "P10");
    assert_eq!(post(&app, KEY, "cn-hangzhou", &body()).await.0, 200);
    assert_eq!(
        sent(&service_with, Operation::ListEcsSpecs),
        2,
        "each list once: they are kept"
    );
    // A quota costs nothing by the hour, so nothing is asked.
    let mut quota = body();
    quota.as_object_mut().unwrap().remove("EcsSpec");
    quota["ResourceId"] = json!("quota1");
    quota["RequestedResource"] = json!({ "CPU": "4", "Memory": "8Gi" });
    let (status, document) = post(&app, "0123456789abcdef-q", "cn-beijing", &quota).await;
    assert_eq!(status, 200, "{document}");
    assert_eq!(sent(&service_with, Operation::ListEcsSpecs), 2);

    for (unknown, status) in [("block", 422), ("warn", 200), ("allow", 200)] {
        let service = service(false);
        let app = support::app(service.clone())
            .await
            .with_team(Some(team(&text(unknown))));
        let (told, document) = post(&app, KEY, "cn-hangzhou", &body()).await;
        assert_eq!(told, status, "{unknown}: {document}");
        if status == 422 {
            assert_eq!(findings(&document)[0][0], "P10");
        }
    }
}

#[tokio::test]
async fn s23_the_page_is_told_the_policy_as_it_is() {
    let text = "{\"version\":  1,\n \"name\": \"视觉\"}";
    let get = |path: &str, token: &str| {
        let mut request = Request::get(path).header("Host", AUTHORITY);
        if !token.is_empty() {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        request.body(Body::empty()).unwrap()
    };
    let app = support::app(service(true)).await;
    let (status, _, bytes) = send(&app, get("/policy.json", "")).await;
    assert_eq!(
        (status, bytes.len()),
        (204, 0),
        "there is none, which is no error"
    );
    let app = app.with_team(Some(team(text)));
    // The page adds the region to what it asks.
    for path in ["/policy.json", "/policy.json?RegionId=cn-hangzhou"] {
        let (status, headers, bytes) = send(&app, get(path, "")).await;
        assert_eq!((status, &*bytes), (200, text.as_bytes()));
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(headers["cache-control"], "no-store");
    }
    // It names what a team uses: who needs a token needs it here too.
    let settings = Settings {
        token: Some(Token::new("A".repeat(43))),
        ..support::settings()
    };
    let app = App::new(
        settings,
        service(true),
        support::journal().await,
        support::world(),
    )
    .with_team(Some(team(text)));
    assert_eq!(send(&app, get("/policy.json", "")).await.0, 401);
    assert_eq!(
        send(&app, get("/policy.json", &"A".repeat(43))).await.0,
        200
    );
}

#[test]
fn s23_a_file_that_is_not_understood_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.json");
    let missing = Team::read(&file).expect_err("no file");
    assert!(matches!(missing, TeamError::File { .. }), "{missing}");
    std::fs::write(&file, r#"{"version":1,"machine":{}}"#).unwrap();
    let broken = Team::read(&file).expect_err("broken");
    let words = broken.to_string();
    assert!(words.ends_with(
        "policy.json: Line 1, column 14 (/machine): No policy has this member here; machines is meant, it seems."
    ), "{words}");
    let TeamError::Broken { error, .. } = broken else {
        panic!("{broken}");
    };
    assert!(matches!(error.problem, Problem::Unknown { .. }));
    std::fs::write(&file, r#"{"version":1}"#).unwrap();
    assert_eq!(&*Team::read(&file).unwrap().bytes, br#"{"version":1}"#);
}
