//! What is counted, in the text format of Prometheus. Labels come from closed tables: nothing that a
//! client sends becomes one.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::upstream::{Call, Failure, Mode, Reply, Upstream};

/// Media type of what [`Metrics::text`] gives.
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All counters. Cheap to clone; clones count together.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    requests: Family<Request, Counter>,
    durations: Family<Route, Histogram>,
    refusals: Family<Refusal, Counter>,
    connections: Gauge,
    turned_away: Counter,
    calls: Family<Outcome, Counter>,
    call_durations: Family<Operation, Histogram>,
    calls_in_flight: Gauge,
    registry: Registry,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Request {
    route: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Refusal {
    promise: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Operation {
    operation: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Outcome {
    operation: &'static str,
    outcome: &'static str,
}

fn histogram() -> Histogram {
    Histogram::new([
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
    ])
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("dsw_composer");
        let requests = Family::default();
        let durations = Family::new_with_constructor(histogram as fn() -> Histogram);
        let refusals = Family::default();
        let connections = Gauge::default();
        let turned_away = Counter::default();
        let calls = Family::default();
        let call_durations = Family::new_with_constructor(histogram as fn() -> Histogram);
        let calls_in_flight = Gauge::default();
        registry.register("requests", "Requests answered", requests.clone());
        let text = "Time from a request's head to its answer, files aside";
        let unit = || Unit::Seconds;
        registry.register_with_unit("request_duration", text, unit(), durations.clone());
        let text = "Requests refused, by the promise of docs/security.md";
        registry.register("refusals", text, refusals.clone());
        registry.register("connections", "Connections now open", connections.clone());
        let text = "Connections refused because too many were open";
        registry.register("connections_turned_away", text, turned_away.clone());
        let text = "Calls to the service, by what came back: a class of status, not_sent or lost";
        registry.register("upstream_calls", text, calls.clone());
        let text = "Time from a call to its reply";
        registry.register_with_unit(
            "upstream_call_duration",
            text,
            unit(),
            call_durations.clone(),
        );
        let text = "Calls to the service now under way";
        registry.register("upstream_calls_in_flight", text, calls_in_flight.clone());
        Self(Arc::new(Inner {
            requests,
            durations,
            refusals,
            connections,
            turned_away,
            calls,
            call_durations,
            calls_in_flight,
            registry,
        }))
    }
}

impl Metrics {
    /// Counts an answer.
    pub(crate) fn answered(&self, route: &'static str, status: u16) {
        self.0
            .requests
            .get_or_create(&Request { route, status })
            .inc();
    }

    /// Notes how long an answer took.
    pub(crate) fn took(&self, route: &'static str, duration: Duration) {
        let histogram = self.0.durations.get_or_create(&Route { route });
        histogram.observe(duration.as_secs_f64());
    }

    /// Counts a request that a promise forbids.
    pub(crate) fn refused(&self, promise: &'static str) {
        self.0.refusals.get_or_create(&Refusal { promise }).inc();
    }

    /// Counts a connection as long as the value lives.
    pub(crate) fn connection(&self) -> impl Drop + use<> {
        Counted::new(self.0.connections.clone())
    }

    /// Counts a connection that there was no room for.
    pub(crate) fn turned_away(&self) {
        self.0.turned_away.inc();
    }

    /// The same service, its calls counted.
    pub fn counting(&self, upstream: Arc<dyn Upstream>) -> Arc<dyn Upstream> {
        Arc::new(CountingUpstream {
            upstream,
            metrics: self.clone(),
        })
    }

    /// All counters as text.
    #[expect(clippy::missing_panics_doc, reason = "text can be written to a string")]
    pub fn text(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.0.registry).expect("a string takes any text");
        text
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

/// One of what a gauge counts, as long as it lives.
struct Counted(Gauge);

impl Counted {
    fn new(gauge: Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[derive(Debug)]
struct CountingUpstream {
    upstream: Arc<dyn Upstream>,
    metrics: Metrics,
}

impl Upstream for CountingUpstream {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Reply, Failure>> {
        Box::pin(async move {
            let operation = call.operation.facts().name;
            let inner = &self.metrics.0;
            let _in_flight = Counted::new(inner.calls_in_flight.clone());
            let began = tokio::time::Instant::now();
            let result = self.upstream.call(call).await;
            let outcome = match &result {
                Ok(reply) => match reply.status {
                    200..=299 => "2xx",
                    300..=399 => "3xx",
                    400..=499 => "4xx",
                    500..=599 => "5xx",
                    _ => "odd",
                },
                Err(Failure::NotSent { .. }) => "not_sent",
                Err(Failure::Lost { .. }) => "lost",
            };
            let labels = Outcome { operation, outcome };
            inner.calls.get_or_create(&labels).inc();
            let histogram = inner.call_durations.get_or_create(&Operation { operation });
            histogram.observe(began.elapsed().as_secs_f64());
            result
        })
    }

    fn mode(&self) -> Mode {
        self.upstream.mode()
    }
}
