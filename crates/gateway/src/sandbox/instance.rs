//! [`Instance`]: what was created, the states that it goes through, and how it is shown.
//!
//! An instance's way is laid down when it is created; its state is a function of the time. Nothing runs in
//! the background, and a restart changes nothing.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::{Object, Refusal};
use super::catalogue::{number_of, text_of};
use super::listing::Query;

/// The account that everything belongs to unless it says otherwise.
pub(super) const ACCOUNT: &str = "1234567890123456";

/// What a secret is shown as.
const MASK: &str = "****";

/// States of an instance that the sandbox knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Status {
    /// Accepted.
    Creating,
    /// Waiting for resources of its quota.
    Queuing,
    /// A machine is being found.
    ResourceAllocating,
    /// The image is being pulled.
    EnvPreparing,
    /// The container is starting.
    Starting,
    /// Usable.
    Running,
    /// Stopped, with its disk kept.
    Stopped,
    /// It could not be started.
    Failed,
}

impl Status {
    /// As the service writes it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Creating => "Creating",
            Self::Queuing => "Queuing",
            Self::ResourceAllocating => "ResourceAllocating",
            Self::EnvPreparing => "EnvPreparing",
            Self::Starting => "Starting",
            Self::Running => "Running",
            Self::Stopped => "Stopped",
            Self::Failed => "Failed",
        }
    }

    /// What the list of events says of it.
    fn event(self) -> &'static str {
        match self {
            Self::Creating => "The instance is accepted",
            Self::Queuing => "Waiting for free resources of the quota",
            Self::ResourceAllocating => "Looking for a machine",
            Self::EnvPreparing => "Pulling the image and mounting the data",
            Self::Starting => "Starting the container",
            Self::Running => "The instance is ready",
            Self::Stopped => "The instance is stopped",
            Self::Failed => "The instance could not be started",
        }
    }
}

/// A step of an instance's way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Step {
    /// When it is reached.
    pub(super) at: Timestamp,
    /// The state from then on.
    pub(super) status: Status,
    /// Why it failed: `ReasonCode` and `ReasonMessage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<(String, String)>,
}

/// What it runs on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Size {
    /// Cores.
    pub(super) cpu: f64,
    /// GiB.
    pub(super) memory: f64,
    /// Cards.
    pub(super) gpu: f64,
    /// Model of the cards.
    pub(super) gpu_type: String,
    /// GB of each card.
    pub(super) gpu_memory: f64,
}

/// An instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Instance {
    /// `dsw-…`.
    pub(super) id: String,
    /// Id of its region.
    pub(super) region: String,
    /// Members of the body that are shown again, without secrets.
    pub(super) body: Object,
    /// Its way: never empty, in order of time.
    pub(super) steps: Vec<Step>,
    /// What it runs on.
    pub(super) size: Size,
    /// Name of its image.
    pub(super) image_name: String,
    /// Address of its image.
    pub(super) image_url: String,
    /// From when on it is listed, where that is later than its creation (a fault).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) listed_from: Option<Timestamp>,
    /// Whether its labels got lost (a fault).
    #[serde(default)]
    pub(super) has_lost_labels: bool,
}

impl Instance {
    /// When it was created.
    pub(super) fn created(&self) -> Timestamp {
        self.steps.first().map_or(Timestamp::MIN, |step| step.at)
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        text_of(&self.body, "InstanceName")
    }

    /// About how many bytes its body has.
    pub(super) fn weight(&self) -> usize {
        Value::Object(self.body.clone()).to_string().len()
    }

    /// Lets it fail in the place of running.
    pub(super) fn fail(&mut self, reason: &str) {
        if let Some(last) = self.steps.last_mut() {
            last.status = Status::Failed;
            let message = "The instance could not be started (a fault of the sandbox).";
            last.reason = Some((reason.to_owned(), message.to_owned()));
        }
    }

    /// Lets it stop when it has run for this long.
    pub(super) fn stop_after(&mut self, ran: SignedDuration) {
        if let Some(at) = self
            .steps
            .last()
            .and_then(|last| last.at.checked_add(ran).ok())
        {
            self.steps.push(Step {
                at,
                status: Status::Stopped,
                reason: None,
            });
        }
    }

    /// The step that it has come to.
    pub(super) fn step(&self, now: Timestamp) -> Option<&Step> {
        let reached = self.steps.iter().rev().find(|step| step.at <= now);
        // A clock that was set back does not take an instance away.
        reached.or(self.steps.first())
    }

    /// The state that it has come to.
    pub(super) fn status(&self, now: Timestamp) -> Status {
        self.step(now).map_or(Status::Creating, |step| step.status)
    }

    /// How long it has run.
    pub(super) fn running_for(&self, now: Timestamp) -> SignedDuration {
        let started = self
            .steps
            .iter()
            .find(|step| step.status == Status::Running && step.at <= now);
        let Some(started) = started else {
            return SignedDuration::ZERO;
        };
        let ended = self
            .steps
            .iter()
            .find(|step| step.at > started.at && step.at <= now);
        ended.map_or(now, |step| step.at).duration_since(started.at)
    }

    /// `Events` of `GetInstanceEvents`: one line for each step that is reached.
    pub(super) fn events(&self, query: Query<'_>, now: Timestamp) -> Result<Object, Refusal> {
        let start = query.moment("StartTime")?.unwrap_or(Timestamp::MIN);
        let end = query.moment("EndTime")?.unwrap_or(Timestamp::MAX);
        let most = query.number("MaxEventsNum")?.unwrap_or(2000);
        let events: Vec<Value> = self
            .steps
            .iter()
            .filter(|step| step.at <= now && (start..=end).contains(&step.at))
            .take(usize::try_from(most).unwrap_or(usize::MAX))
            .map(|step| {
                let kind = match step.status {
                    Status::Failed => "Warning",
                    _ => "Normal",
                };
                let reason = match &step.reason {
                    Some((code, message)) => format!(": {code}: {message}"),
                    None => String::new(),
                };
                let line = format!(
                    "{} {kind} {} {}{reason}",
                    seconds(step.at),
                    step.status.as_str(),
                    step.status.event()
                );
                line.into()
            })
            .collect();
        let mut data = Object::new();
        data.insert("InstanceId".to_owned(), self.id.as_str().into());
        data.insert("Events".to_owned(), Value::Array(events));
        Ok(data)
    }

    /// How it is paid for.
    pub(super) fn payment_type(&self) -> &'static str {
        if self.resource_id().is_empty() {
            "PayAsYouGo"
        } else {
            "Subscription"
        }
    }

    /// Kind of its machine.
    pub(super) fn accelerator(&self) -> &'static str {
        if self.size.gpu > 0.0 { "GPU" } else { "CPU" }
    }

    /// Id of the quota that it runs on; empty on public resources.
    pub(super) fn resource_id(&self) -> &str {
        text_of(&self.body, "ResourceId")
    }
}

/// Masks what is secret in a body, before it is kept anywhere.
pub(super) fn mask_secrets(body: &mut Object) {
    if body.contains_key("ImageAuth") {
        body.insert("ImageAuth".to_owned(), MASK.into());
    }
    let configs = body
        .get_mut("CredentialConfig")
        .and_then(|config| config.get_mut("Configs"));
    let roles = configs
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(|config| config.get_mut("Roles")?.as_array_mut())
        .flatten();
    for user in roles.filter_map(|role| role.get_mut("UserInfo")?.as_object_mut()) {
        for name in ["AccessKeyId", "SecurityToken"] {
            if user.contains_key(name) {
                user.insert(name.to_owned(), MASK.into());
            }
        }
    }
}

/// Size of a machine type.
pub(super) fn size_of(machine: &Object) -> Size {
    Size {
        cpu: number_of(machine, "CPU"),
        memory: number_of(machine, "Memory"),
        gpu: number_of(machine, "GPU"),
        gpu_type: text_of(machine, "GPUType").to_owned(),
        gpu_memory: number_of(machine, "GPUMemorySize"),
    }
}

/// A moment in whole seconds, as DSW writes it.
pub(super) fn seconds(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
