//! [`router`]: the whole service as a value.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;

use crate::create::Creates;
use crate::error::{Code, Error};
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
    /// Work that goes on when the client has left (G02). Before the program stops it waits for all of it.
    pub tasks: TaskTracker,
    /// Creates that are under way.
    pub creates: Creates,
    calls: Arc<Semaphore>,
}

impl App {
    /// An application with the limits of the contract.
    pub fn new(
        settings: Settings,
        upstream: Arc<dyn Upstream>,
        journal: Journal,
        world: World,
    ) -> Self {
        Self {
            settings: Arc::new(settings),
            upstream,
            journal,
            world,
            tasks: TaskTracker::new(),
            creates: Creates::default(),
            calls: Arc::new(Semaphore::new(64)),
        }
    }

    /// Room for one more call to the service, as long as the permit lives (S11).
    ///
    /// # Errors
    ///
    /// When as many calls as there may be are under way: nobody waits in a queue that an attacker fills.
    pub fn permit(&self) -> Result<OwnedSemaphorePermit, Error> {
        let permit = Arc::clone(&self.calls).try_acquire_owned();
        permit.map_err(|_| {
            let sentence = "Too many calls to the service are under way. Try again in a moment.";
            let mut error = Error::new(Code::Busy, sentence);
            error.retry_after = Some(1);
            error
        })
    }
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
