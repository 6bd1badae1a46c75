//! [`router`]: the whole service as a value.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::journal::Journal;
use crate::settings::Settings;
use crate::upstream::Upstream;
use crate::world::World;
use crate::{create, forward, operation};

/// All that a request may need. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    /// What the operator decided.
    pub settings: Arc<Settings>,
    /// Who answers what is forwarded.
    pub upstream: Arc<dyn Upstream>,
    /// Submissions.
    pub journal: Journal,
    /// Time and randomness.
    pub world: World,
}

/// The service.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for facts in operation::OPERATIONS
        .iter()
        .filter(|facts| facts.operation.is_read())
    {
        router = router.route(facts.path, get(forward::read));
    }
    router
        .route("/api/v2/instances", post(create::submit))
        .route("/api/v2/submissions/{key}", get(create::status))
        .route("/api/v2/submissions/{key}/check", post(create::check))
        .with_state(app)
}
