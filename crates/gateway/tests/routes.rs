//! The router as a whole.

use axum::body::Body;
use http::Request;
use tower::ServiceExt;

mod support;

#[tokio::test]
async fn what_is_not_in_the_table_reaches_nobody() {
    let stub = support::Stub::new(|_| async { Ok(support::reply(200, "{}")) });
    let router = dsw_gateway::app::router(support::app(stub.clone()).await);
    let request = Request::get("/api/v2/lifecycle")
        .header("Host", support::AUTHORITY)
        .body(Body::empty())
        .unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(response.status(), 404);
    assert!(stub.calls().is_empty());
}
