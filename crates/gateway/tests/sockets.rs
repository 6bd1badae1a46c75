//! The server as a whole, over real sockets: what hyper never gets to see, and what takes time.

use std::time::Duration;

use dsw_gateway::limits::Limits;

mod support;
use support::sockets::{Served, head, status};

#[tokio::test]
async fn a_file_and_the_health_of_the_program_are_served() {
    let served = Served::start(Limits::default()).await;
    let page = served.ask(&head("GET / HTTP/1.1")).await;
    assert_eq!(status(&page), 200, "{page}");
    let health = served.ask(&head("GET /healthz HTTP/1.1")).await;
    assert_eq!(status(&health), 200, "{health}");
    assert!(health.ends_with("\r\n\r\nok\n"), "{health}");
    served.stop().await;
}
