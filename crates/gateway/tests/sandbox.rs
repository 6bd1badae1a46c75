//! The sandbox as an upstream: what it lists, what it refuses, how instances go, which faults it plays.
#![allow(clippy::unwrap_used, reason = "a test that cannot begin fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use dsw_gateway::operation::{Id, Member, OPERATIONS, Operation};
use dsw_gateway::region::Region;
use dsw_gateway::sandbox::{Fault, Options, Sandbox, StateError};
use dsw_gateway::upstream::{Call, Failure, MAX_REPLY, Mode, Reply, Step, Upstream};
use dsw_gateway::world::World;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A clock that is set by hand.
#[derive(Clone)]
struct Clock(Arc<AtomicI64>);

impl Clock {
    fn new() -> Self {
        let start: Timestamp = "2026-02-01T08:00:00Z".parse().unwrap();
        Self(Arc::new(AtomicI64::new(start.as_millisecond())))
    }

    fn pass(&self, time: Duration) {
        let millis = i64::try_from(time.as_millis()).unwrap();
        self.0.fetch_add(millis, Ordering::Relaxed);
    }

    fn world(&self) -> World {
        let (clock, counter) = (self.clone(), AtomicU64::new(1));
        World::new(
            move || Timestamp::from_millisecond(clock.0.load(Ordering::Relaxed)).unwrap(),
            move || u128::from(counter.fetch_add(1, Ordering::Relaxed)).to_be_bytes(),
        )
    }
}

/// A sandbox and its clock.
struct Bench {
    clock: Clock,
    sandbox: Sandbox,
    region: Region,
}

impl Bench {
    fn new() -> Self {
        Self::with(Options::default())
    }

    fn with(options: Options) -> Self {
        let clock = Clock::new();
        Self {
            sandbox: Sandbox::new(clock.world(), options).unwrap(),
            clock,
            region: region("cn-hangzhou"),
        }
    }

    fn faulty(faults: &[&str]) -> Self {
        Self::with(Options {
            faults: faults.iter().map(|fault| fault.parse().unwrap()).collect(),
            ..Options::default()
        })
    }

    async fn call(
        &self,
        operation: Operation,
        id: Option<&str>,
        query: &[(&'static str, &str)],
        body: &str,
    ) -> Result<Reply, Failure> {
        let call = Call {
            operation,
            region: self.region,
            id: id.map(|id| Id::parse(id).unwrap()),
            query: query
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        };
        self.sandbox.call(call).await
    }

    /// Status and JSON of a read.
    async fn read(&self, operation: Operation, query: &[(&'static str, &str)]) -> (u16, Value) {
        let reply = self.call(operation, None, query, "").await.unwrap();
        (reply.status, serde_json::from_slice(&reply.body).unwrap())
    }

    /// Entries of a list, all on one page.
    async fn list(&self, operation: Operation, query: &[(&'static str, &str)]) -> Vec<Value> {
        let mut query = query.to_vec();
        query.push(("PageSize", "100"));
        let (status, answer) = self.read(operation, &query).await;
        assert_eq!(status, 200, "{answer}");
        let entries = answer[entries_of(operation)].as_array().unwrap().clone();
        assert_eq!(answer["TotalCount"], entries.len());
        entries
    }

    async fn create(&self, body: &Value) -> (u16, Value) {
        let reply = self
            .call(Operation::CreateInstance, None, &[], &body.to_string())
            .await
            .unwrap();
        (reply.status, serde_json::from_slice(&reply.body).unwrap())
    }

    /// Creates an instance that is accepted; its id.
    async fn created(&self, body: &Value) -> String {
        let (status, answer) = self.create(body).await;
        assert_eq!(
            (status, &answer["Success"]),
            (200, &json!(true)),
            "{answer}"
        );
        answer["InstanceId"].as_str().unwrap().to_owned()
    }

    /// An instance as GetInstance shows it.
    async fn get(&self, id: &str) -> Value {
        let reply = self
            .call(Operation::GetInstance, Some(id), &[], "")
            .await
            .unwrap();
        assert_eq!(reply.status, 200);
        serde_json::from_slice(&reply.body).unwrap()
    }

    async fn status(&self, id: &str) -> String {
        self.get(id).await["Status"].as_str().unwrap().to_owned()
    }
}

fn region(id: &str) -> Region {
    Region::parse(id).unwrap()
}

fn entries_of(operation: Operation) -> &'static str {
    match operation {
        Operation::ListEcsSpecs => "EcsSpecs",
        Operation::ListWorkspaces => "Workspaces",
        Operation::ListImages => "Images",
        Operation::ListDatasets => "Datasets",
        Operation::ListDatasetVersions => "DatasetVersions",
        Operation::ListResources => "Resources",
        Operation::ListQuotas => "Quotas",
        Operation::ListInstances => "Instances",
        other => panic!("{other:?} is no list"),
    }
}

/// The smallest body that is accepted.
fn body(name: &str) -> Value {
    json!({
        "WorkspaceId": "40823",
        "InstanceName": name,
        "EcsSpec": "ecs.c6.large",
        "ImageId": "image-05cefd0be2exxxx",
    })
}

/// The body with other members; null takes one away.
fn with(mut body: Value, members: Value) -> Value {
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

const EVERYTHING: [(&str, &str); 2] = [("ResourceId", "ALL"), ("WorkspaceId", "ALL")];

#[tokio::test]
async fn a_first_instance_comes_to_run() {
    let bench = Bench::new();
    assert_eq!(bench.sandbox.mode(), Mode::Sandbox);
    let id = bench.created(&body("first")).await;
    let mut seen = vec![bench.status(&id).await];
    for _ in 0..26 {
        bench.clock.pass(Duration::from_secs(1));
        let status = bench.status(&id).await;
        if seen.last() != Some(&status) {
            seen.push(status);
        }
    }
    let way = [
        "Creating",
        "ResourceAllocating",
        "EnvPreparing",
        "Starting",
        "Running",
    ];
    assert_eq!(seen, way);
    let shown = bench.get(&id).await;
    assert_eq!(shown["PaymentType"], "PayAsYouGo");
    for name in ["InstanceUrl", "JupyterlabUrl", "WebIDEUrl", "TerminalUrl"] {
        let url = shown[name].as_str().unwrap();
        assert!(url.starts_with("https://sandbox.example/"), "{name}: {url}");
    }
    assert_eq!(shown["AccumulatedRunningTimeInMs"], 1_000);
}
