//! [`router`]: the whole service as a value.
//!
//! A request passes, in this order: the judgement of its head ([`policy`]), the files of the page
//! ([`crate::assets`]), and the router of the API. Whatever comes out gets its headers, and an error its JSON, in
//! one place (`app/finish.rs`).

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Either, ready};
use http::request::Parts;
use http::{HeaderValue, Request};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;
use tower::util::ServiceExt as _;

use crate::assets::Assets;
use crate::create::Creates;
use crate::error::{Code, Error};
use crate::journal::Journal;
use crate::limits::Limits;
use crate::metrics::{self, Metrics};
use crate::policy::{self, Pass};
use crate::prices::Prices;
use crate::settings::Settings;
use crate::team::Team;
use crate::upstream::Upstream;
use crate::world::World;
use crate::{create, document, forward, operation};

mod finish;

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
    /// The page.
    pub page: Arc<Assets>,
    /// What a request may cost at most.
    pub limits: Limits,
    /// What is counted.
    pub metrics: Metrics,
    /// Work that goes on when the client has left (G02). Before the program stops it waits for all of it.
    pub tasks: TaskTracker,
    /// What the team allows, if it says so.
    pub team: Option<Team>,
    /// What machines cost.
    pub prices: Prices,
    /// Creates that are under way.
    pub creates: Creates,
    /// Routes of the API that only this program has, such as the sandbox's controls.
    pub extra: Router,
    calls: Arc<Semaphore>,
}

impl App {
    /// An application with the embedded page and the limits of the contract.
    pub fn new(
        settings: Settings,
        upstream: Arc<dyn Upstream>,
        journal: Journal,
        world: World,
    ) -> Self {
        let metrics = Metrics::default();
        let limits = Limits::default();
        Self {
            settings: Arc::new(settings),
            upstream: metrics.counting(upstream),
            journal,
            world,
            page: Arc::new(Assets::embedded()),
            limits,
            metrics,
            tasks: TaskTracker::new(),
            team: None,
            prices: Prices::default(),
            creates: Creates::default(),
            extra: Router::new(),
            calls: Arc::new(Semaphore::new(limits.calls)),
        }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self.calls = Arc::new(Semaphore::new(limits.calls));
        self
    }

    /// The same with another page.
    #[must_use]
    pub fn with_page(mut self, page: Assets) -> Self {
        self.page = Arc::new(page);
        self
    }

    /// The same with a policy, which creates are held against.
    #[must_use]
    pub fn with_team(mut self, team: Option<Team>) -> Self {
        self.team = team;
        self
    }

    /// The same with further routes, which are judged like all others.
    #[must_use]
    pub fn with_routes(mut self, extra: Router) -> Self {
        self.extra = extra;
        self
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

/// The id of a request, in its extensions: it is in its answer and in each of its log lines.
#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

/// The service.
pub fn router(app: App) -> Router {
    Router::new().fallback_service(Gateway::new(app))
}

/// The service, without the indirections of a router. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Gateway(Arc<Service>);

#[derive(Debug)]
struct Service {
    app: App,
    api: Router,
    mode: HeaderValue,
}

impl Gateway {
    /// The service of this application.
    pub fn new(app: App) -> Self {
        Self(Arc::new(Service {
            api: api(app.clone()),
            mode: HeaderValue::from_static(app.upstream.mode().as_str()),
            app,
        }))
    }

    /// The application behind it.
    pub(crate) fn app(&self) -> &App {
        &self.0.app
    }

    /// Answers a request. Never fails and never panics: what goes wrong is an answer.
    pub fn answer(&self, request: Request<Body>) -> impl Future<Output = Response> + Send + use<> {
        let (head, body) = request.into_parts();
        let service = &self.0;
        match policy::judge(&head, &service.app.settings) {
            Err(refused) => Either::Left(ready(service.refused(&head, refused))),
            Ok(Pass::Preflight(origin)) => Either::Left(ready(service.preflight(origin))),
            Ok(Pass::Serve(origin)) => match route(head.uri.path()) {
                FILE => Either::Left(ready(service.file(&head))),
                route => Either::Right(Arc::clone(service).dispatch(route, head, body, origin)),
            },
        }
    }

    /// The answer to a request that is refused before it could be understood.
    pub(crate) fn unreadable(&self, promise: &'static str, error: Error) -> Response {
        self.0.unreadable(promise, error)
    }
}

impl Service {
    /// The files of the page, which are most of all requests: nothing is waited for.
    fn file(&self, head: &Parts) -> Response {
        match self.app.page.answer(head) {
            Ok(response) => {
                let metrics = &self.app.metrics;
                metrics.answered(FILE, response.status().as_u16());
                response
            }
            Err(error) => {
                let response = error.into_response();
                self.finished(&head.method, FILE, None, Instant::now(), response)
            }
        }
    }

    async fn dispatch(
        self: Arc<Self>,
        route: &'static str,
        head: Parts,
        body: Body,
        origin: Option<HeaderValue>,
    ) -> Response {
        let began = Instant::now();
        let id: Arc<str> = self.app.world.token().into();
        let method = head.method.clone();
        let mut request = Request::from_parts(head, body);
        request.extensions_mut().insert(RequestId(Arc::clone(&id)));
        let served = AssertUnwindSafe(self.api.clone().oneshot(request)).catch_unwind();
        let response = match served.await {
            Ok(response) => response.unwrap_or_else(|never: Infallible| match never {}),
            Err(_panic) => {
                // The hook of the program has written where; what it says may hold anything.
                tracing::error!(request_id = &*id, "a request ended in a panic");
                internal().into_response()
            }
        };
        let mut response = self.finished(&method, route, Some(id), began, response);
        if let Some(origin) = origin {
            finish::share(response.headers_mut(), origin);
        }
        response
    }
}

/// A mistake of ours.
fn internal() -> Error {
    Error::new(
        Code::Internal,
        "A mistake in the gateway. Tell its operator the request id.",
    )
}

impl tower::Service<Request<Body>> for Gateway {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(self.answer(request).map(Ok))
    }
}

/// Paths that are no operation's. At most one segment stands in braces, for any one.
const ROUTES: [&str; 8] = [
    "/api/v2/submissions/{key}",
    "/api/v2/submissions/{key}/check",
    "/api/sandbox/faults",
    "/config.json",
    "/policy.json",
    "/healthz",
    "/readyz",
    "/metrics",
];

/// The route of the page's files.
const FILE: &str = "file";

/// The route of a path, as it is counted and logged: never a text that a client chose.
fn route(path: &str) -> &'static str {
    let matches = |pattern: &str| {
        let Some((before, after)) = pattern.split_once('{') else {
            return pattern == path;
        };
        let inside = path.strip_prefix(before).map(|rest| {
            let end = rest.find('/').unwrap_or(rest.len());
            &rest[end..]
        });
        inside.is_some_and(|rest| {
            after
                .split_once('}')
                .is_some_and(|(_, after)| rest == after)
        })
    };
    if policy::is_api(path) {
        let operations = operation::OPERATIONS.iter().map(|facts| facts.path);
        let mut patterns = operations.chain(ROUTES);
        patterns
            .find(|pattern| matches(pattern))
            .unwrap_or("unknown")
    } else {
        let mut others = ROUTES.iter().skip(3);
        others
            .find(|other| **other == path)
            .copied()
            .unwrap_or(FILE)
    }
}

/// The router of all that is no file.
fn api(app: App) -> Router {
    let extra = app.extra.clone();
    let mut router = Router::new();
    for facts in operation::OPERATIONS
        .iter()
        .filter(|facts| facts.operation.is_read())
    {
        router = router.route(facts.path, get(forward::read));
    }
    let config = document::bytes(&app);
    let config = move || ready(document::answer("application/json", config.clone()));
    router
        .route("/api/v2/instances", post(create::submit))
        .route("/api/v2/submissions/{key}", get(create::status))
        .route("/api/v2/submissions/{key}/check", post(create::check))
        .route("/config.json", get(config))
        .route("/policy.json", get(document::policy))
        .route("/healthz", get(async || document::answer(TEXT, "ok\n")))
        .route("/readyz", get(ready_to_serve))
        .route("/metrics", get(count))
        .with_state(app)
        .merge(extra)
}

const TEXT: &str = "text/plain; charset=utf-8";

/// `/readyz`: whether creates can be taken, which is whether the journal can be written.
async fn ready_to_serve(State(app): State<App>) -> Result<Response, Error> {
    match app.journal.writable().await {
        Ok(()) => Ok(document::answer(TEXT, "ready\n")),
        Err(error) => {
            tracing::warn!(%error, "the journal can not be written");
            let sentence =
                "The journal can not be written, so nothing can be created. See the gateway's log.";
            Err(Error::new(Code::JournalUnavailable, sentence))
        }
    }
}

/// `/metrics`.
async fn count(State(app): State<App>) -> Response {
    document::answer(metrics::MEDIA_TYPE, app.metrics.text())
}
