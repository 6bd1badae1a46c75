//! One key, one create.

use std::sync::Arc;
use std::time::Duration;

use dsw_gateway::operation::Operation;
use futures_util::future::join_all;
use serde_json::json;
use tokio::time::timeout;

use crate::client::{KEY, app, body, check, in_time, landed, marked, post, post_bytes, status};
use crate::service::{Fault, Play, Service};

fn slow() -> Arc<Service> {
    Arc::new(Service {
        pace: Duration::from_millis(500),
        ..Service::default()
    })
}

#[test]
fn a_create_is_sent_as_it_came_and_confirmed() {
    in_time(async {
        let service = Arc::new(Service::default());
        let app = app(&service).await;
        let text = format!(" {}\n", marked(KEY));
        let told = post_bytes(&app, KEY, text.clone()).await;
        assert_eq!((told.status, told.code()), (200, "CONFIRMED"), "{told:?}");
        assert_eq!(told.body["instanceId"], "dsw-0001");
        let calls = service.calls(Operation::CreateInstance);
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].body, text.as_bytes(), "S08");
        assert_eq!(status(&app, KEY).await.body, told.body);
    });
}

/// G03, rule 2: those who come while a create is under way join it.
#[test]
fn eight_posts_with_one_key_are_one_create() {
    in_time(async {
        let service = slow();
        let app = app(&service).await;
        let body = marked(KEY);
        let told = join_all((0..8).map(|_| post(&app, KEY, &body))).await;
        for told in &told {
            assert_eq!((told.status, &told.body), (200, &told.body), "{told:?}");
            assert_eq!(told.body["instanceId"], "dsw-0001");
        }
        assert_eq!(service.creates(), 1);
    });
}

/// G02: a client that leaves, at any stage, does not end the create.
#[test]
fn g02_a_client_may_leave_at_any_stage() {
    for stage in 0..12 {
        in_time(async {
            let service = slow();
            let app = app(&service).await;
            let stays = Duration::from_millis(300 * stage);
            let left = timeout(stays, post(&app, KEY, &marked(KEY))).await;
            landed(&app).await;
            let told = status(&app, KEY).await;
            if stage == 0 {
                // It may have left before it had sent anything.
                assert!(service.creates() <= 1);
                return;
            }
            assert_eq!(told.code(), "CONFIRMED", "stage {stage}: {left:?}");
            assert_eq!(service.creates(), 1);
        });
    }
}

#[test]
fn g06_what_was_not_sent_may_be_sent_again() {
    in_time(async {
        let service = Service::creating(Play::Instead(Fault::NotSent(
            dsw_gateway::upstream::Step::Connect,
        )));
        let app = app(&service).await;
        let told = post(&app, KEY, &body()).await;
        assert_eq!(
            (told.status, told.code(), told.state()),
            (502, "NOT_SENT", "PREPARED")
        );
        let message = told.body["error"]["message"].as_str().unwrap();
        for part in [
            "pai-dsw.cn-hangzhou.aliyuncs.com",
            "connecting",
            "connection refused",
            "port 443",
        ] {
            assert!(message.contains(part), "{message}");
        }
        service.plan(|_| Play::Well);
        let told = post(&app, KEY, &body()).await;
        assert_eq!((told.status, told.code()), (200, "CONFIRMED"));
        assert_eq!(service.instances().len(), 1);
        let _ = (check(&app, KEY).await, json!(null));
    });
}
