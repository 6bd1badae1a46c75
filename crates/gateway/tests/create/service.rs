//! A service that creates instances and lists them as the real one does, and fails as it is told.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use dsw_gateway::operation::Operation;
use dsw_gateway::upstream::{Call, Failure, Mode, Reply, Step, Upstream};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

/// How a call is answered.
#[derive(Clone, Debug)]
pub(crate) enum Play {
    /// As it should be.
    Well,
    /// This instead; nothing is done.
    Instead(Fault),
    /// It is done, and then this is all that is seen of it.
    DoneThen(Fault),
}

/// What is seen of a call that does not go well.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// A reply of this status and body.
    Says(u16, &'static str),
    /// The same, with the wish to wait.
    Wait(u16, &'static str, Duration),
    /// The connection breaks.
    Lost,
    /// Nothing, ever.
    Hang,
    /// The call can not be sent.
    NotSent(Step),
}

#[derive(Clone, Debug)]
pub(crate) struct Instance {
    id: String,
    body: Value,
    /// How many more lists do not show it yet.
    late: usize,
}

pub(crate) type Plan = dyn Fn(&Call) -> Play + Send + Sync;

/// The service.
pub(crate) struct Service {
    pub(crate) plan: Mutex<Box<Plan>>,
    pub(crate) instances: Mutex<Vec<Instance>>,
    pub(crate) calls: Mutex<Vec<Call>>,
    /// How long a call takes before it is done, and again before its answer is there.
    pub(crate) pace: Duration,
    /// How many lists do not show a new instance yet.
    pub(crate) late: AtomicUsize,
    /// Whether lists do not know the filter by labels.
    pub(crate) ignore_labels: AtomicBool,
    /// Whether labels are lost.
    pub(crate) drops_labels: bool,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Service")
    }
}

impl Default for Service {
    fn default() -> Self {
        Self {
            plan: Mutex::new(Box::new(|_| Play::Well)),
            instances: Mutex::default(),
            calls: Mutex::default(),
            pace: Duration::ZERO,
            late: AtomicUsize::new(0),
            ignore_labels: AtomicBool::new(false),
            drops_labels: false,
        }
    }
}

impl Service {
    /// A service that answers by this plan.
    pub(crate) fn planned(plan: impl Fn(&Call) -> Play + Send + Sync + 'static) -> Arc<Self> {
        let service = Self::default();
        service.plan(plan);
        Arc::new(service)
    }

    /// A service whose creates go like this.
    pub(crate) fn creating(play: Play) -> Arc<Self> {
        Self::planned(move |call| match call.operation {
            Operation::CreateInstance => play.clone(),
            _ => Play::Well,
        })
    }

    /// A service whose lists go like this.
    pub(crate) fn listing(play: Play) -> Arc<Self> {
        Self::planned(move |call| match call.operation {
            Operation::ListInstances => play.clone(),
            _ => Play::Well,
        })
    }

    /// Answers by this plan from now on.
    pub(crate) fn plan(&self, plan: impl Fn(&Call) -> Play + Send + Sync + 'static) {
        *self.plan.lock().unwrap() = Box::new(plan);
    }

    /// What was asked, of this operation.
    pub(crate) fn calls(&self, operation: Operation) -> Vec<Call> {
        let calls = self.calls.lock().unwrap();
        calls
            .iter()
            .filter(|call| call.operation == operation)
            .cloned()
            .collect()
    }

    /// How many creates came.
    pub(crate) fn creates(&self) -> usize {
        self.calls(Operation::CreateInstance).len()
    }

    /// Ids of the instances that there are.
    pub(crate) fn instances(&self) -> Vec<String> {
        let instances = self.instances.lock().unwrap();
        instances
            .iter()
            .map(|instance| instance.id.clone())
            .collect()
    }

    /// Ids of the instances of this name.
    pub(crate) fn named(&self, name: &str) -> Vec<String> {
        let instances = self.instances.lock().unwrap();
        let named = instances
            .iter()
            .filter(|it| it.body["InstanceName"] == name);
        named.map(|it| it.id.clone()).collect()
    }

    /// Shows all instances in lists from now on.
    pub(crate) fn show_all(&self) {
        self.late.store(0, Ordering::Relaxed);
        for instance in self.instances.lock().unwrap().iter_mut() {
            instance.late = 0;
        }
    }

    /// Creates an instance by another way.
    pub(crate) fn create(&self, mut body: Value) -> String {
        if self.drops_labels {
            body["Labels"] = Value::Null;
        }
        let mut instances = self.instances.lock().unwrap();
        let id = format!("dsw-{:04}", instances.len() + 1);
        instances.push(Instance {
            id: id.clone(),
            body,
            late: self.late.load(Ordering::Relaxed),
        });
        id
    }

    fn answer(&self, call: &Call) -> Reply {
        match call.operation {
            Operation::CreateInstance => {
                let id = self.create(serde_json::from_slice(&call.body).unwrap());
                says(200, &created(&id))
            }
            Operation::ListInstances => says(200, &self.list(call).to_string()),
            _ => says(200, r#"{"RequestId":"r","TotalCount":0}"#),
        }
    }

    /// As documented: what is not asked for by its defaults is not shown.
    fn list(&self, call: &Call) -> Value {
        let labels: Value = call
            .query("Labels")
            .map_or(json!({}), |it| serde_json::from_str(it).unwrap());
        let is = |body: &Value| {
            let visibility = body["Accessibility"].as_str().unwrap_or("PRIVATE");
            let in_quota = body.get("ResourceId").is_some();
            call.query("Accessibility").unwrap_or("PUBLIC") == visibility
                && (call.query("ResourceId") == Some("ALL") || !in_quota)
                && match call.query("WorkspaceId") {
                    Some("ALL") => true,
                    workspace => body["WorkspaceId"].as_str() == workspace,
                }
                && call.query("InstanceName").is_none_or(|part| {
                    body["InstanceName"]
                        .as_str()
                        .is_some_and(|name| name.contains(part))
                })
                && (self.ignore_labels.load(Ordering::Relaxed)
                    || labels.as_object().unwrap().iter().all(|(key, value)| {
                        let wanted = json!({ "Key": key, "Value": value });
                        body["Labels"]
                            .as_array()
                            .is_some_and(|labels| labels.contains(&wanted))
                    }))
        };
        let mut instances = self.instances.lock().unwrap();
        let mut shown = Vec::new();
        for instance in instances.iter_mut() {
            if instance.late > 0 {
                instance.late -= 1;
            } else if is(&instance.body) {
                shown.push(json!({
                    "InstanceId": instance.id, "InstanceName": instance.body["InstanceName"],
                    "Labels": instance.body["Labels"], "Status": "Creating",
                }));
            }
        }
        let number = |name, otherwise| call.query(name).map_or(otherwise, |it| it.parse().unwrap());
        let size: usize = number("PageSize", 10);
        let from = (number("PageNumber", 1) - 1) * size;
        let page: Vec<_> = shown.iter().skip(from).take(size).cloned().collect();
        json!({ "RequestId": "r", "Success": true, "TotalCount": shown.len(), "Instances": page })
    }
}

/// The answer to a create.
pub(crate) fn created(id: &str) -> String {
    json!({ "RequestId": "r", "Success": true, "HttpStatusCode": 200, "InstanceId": id })
        .to_string()
}

fn says(status: u16, body: &str) -> Reply {
    Reply {
        status,
        body: Bytes::copy_from_slice(body.as_bytes()),
        retry_after: None,
        date: None,
    }
}

async fn fail(fault: Fault) -> Result<Reply, Failure> {
    let host = || "pai-dsw.cn-hangzhou.aliyuncs.com".to_owned();
    match fault {
        Fault::Says(status, body) => Ok(says(status, body)),
        Fault::Wait(status, body, wait) => Ok(Reply {
            retry_after: Some(wait),
            ..says(status, body)
        }),
        Fault::Lost => Err(Failure::Lost {
            host: host(),
            reason: "connection reset".to_owned(),
            timed_out: false,
        }),
        Fault::Hang => std::future::pending().await,
        Fault::NotSent(step) => Err(Failure::NotSent {
            host: host(),
            step,
            reason: "connection refused".to_owned(),
        }),
    }
}

impl Upstream for Service {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Reply, Failure>> {
        Box::pin(async move {
            self.calls.lock().unwrap().push(call.clone());
            let play = (self.plan.lock().unwrap())(&call);
            tokio::time::sleep(self.pace).await;
            let answered = match play {
                Play::Well => Ok(self.answer(&call)),
                Play::Instead(fault) => fail(fault).await,
                Play::DoneThen(fault) => {
                    self.answer(&call);
                    fail(fault).await
                }
            };
            tokio::time::sleep(self.pace).await;
            answered
        })
    }

    fn mode(&self) -> Mode {
        Mode::Sandbox
    }
}
