//! An instance as the service shows it: with names of its own, and with what it tells besides.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::Object;
use super::catalogue::{Catalogue, text_of};
use super::instance::{ACCOUNT, Instance, Status, seconds};

impl Instance {
    /// As `ListInstances` shows it.
    pub(super) fn summary(&self, catalogue: &Catalogue, now: Timestamp) -> Object {
        let mut shown = self.shown(catalogue, now);
        if self.has_lost_labels {
            shown.insert("Labels".to_owned(), json!([]));
        }
        // Only GetInstance tells these.
        for name in ["AccessRestrictionRules", "DockerConfig"] {
            shown.shift_remove(name);
        }
        shown
    }

    /// As `GetInstance` shows it.
    pub(super) fn details(&self, catalogue: &Catalogue, now: Timestamp) -> Object {
        let mut shown = self.shown(catalogue, now);
        shown.shift_remove("OversoldType");
        if self.body.contains_key("UserCommand") {
            let id = self.id.replacen("dsw-", "uc-", 1);
            shown.insert("UserCommandId".to_owned(), id.into());
        }
        if let Some(disks) = shown.get_mut("CloudDisks").and_then(Value::as_array_mut) {
            for disk in disks.iter_mut().filter_map(Value::as_object_mut) {
                let gib = text_of(disk, "Capacity")
                    .strip_suffix("Gi")
                    .and_then(|number| number.parse().ok())
                    .unwrap_or(100_u64);
                let capacity = gib.saturating_mul(1 << 30);
                let usage = capacity / 50;
                disk.insert(
                    "Status".to_owned(),
                    json!({"Capacity": capacity, "Usage": usage, "Available": capacity - usage}),
                );
            }
        }
        if let Some(datasets) = shown.get_mut("Datasets").and_then(Value::as_array_mut) {
            for dataset in datasets.iter_mut().filter_map(Value::as_object_mut) {
                let access = actual_access(catalogue, dataset);
                dataset.insert("ActualMountAccess".to_owned(), access.into());
            }
        }
        if self.status(now) == Status::Running {
            let ip = self.ip("172.16");
            shown.insert(
                "PodIps".to_owned(),
                json!([{"InterfaceName": "eth0", "Ip": ip, "Type": "IPv4"}]),
            );
        }
        shown
    }

    fn shown(&self, catalogue: &Catalogue, now: Timestamp) -> Object {
        let mut shown = self.body.clone();
        let step = self.step(now);
        let status = self.status(now);
        // The request's names and the answer's differ here.
        shown.shift_remove("UserCommand");
        if let Some(Value::Array(tags)) = shown.shift_remove("Tag") {
            let tags = tags.iter().filter_map(Value::as_object).map(
                |tag| json!({"TagKey": text_of(tag, "Key"), "TagValue": text_of(tag, "Value")}),
            );
            shown.insert("Tags".to_owned(), tags.collect());
        }
        let mut set = |name: &str, value: Value| {
            shown.insert(name.to_owned(), value);
        };
        set("InstanceId", self.id.as_str().into());
        set("Status", status.as_str().into());
        let (code, message) = step
            .and_then(|step| step.reason.clone())
            .unwrap_or_default();
        set("ReasonCode", code.into());
        set("ReasonMessage", message.into());
        set("GmtCreateTime", seconds(self.created()).into());
        set(
            "GmtModifiedTime",
            seconds(step.map_or(self.created(), |step| step.at)).into(),
        );
        set("PaymentType", self.payment_type().into());
        set("AcceleratorType", self.accelerator().into());
        let running = i64::try_from(self.running_for(now).as_millis()).unwrap_or(i64::MAX);
        set("AccumulatedRunningTimeInMs", running.into());
        set("ImageName", self.image_name.as_str().into());
        set("ImageUrl", self.image_url.as_str().into());
        set("WorkspaceName", self.workspace_name(catalogue).into());
        set("ResourceName", self.resource_name().into());
        set("UserName", "sandbox_user".into());
        let is_running = status == Status::Running;
        for (name, path) in [
            ("InstanceUrl", ""),
            ("JupyterlabUrl", "lab/"),
            ("WebIDEUrl", "ide/"),
            ("TerminalUrl", "tty/"),
        ] {
            let url = format!("https://sandbox.example/{}/{}/{path}", self.region, self.id);
            set(name, if is_running { url } else { String::new() }.into());
        }
        for (name, default) in [
            ("Accessibility", Value::from("PRIVATE")),
            ("UserId", ACCOUNT.into()),
            ("Labels", json!([])),
            ("Tags", json!([])),
            ("Datasets", json!([])),
            ("CloudDisks", json!([])),
            ("EnvironmentVariables", json!({})),
        ] {
            shown.entry(name).or_insert(default);
        }
        if let Some(Value::Object(vpc)) = shown.get_mut("UserVpc") {
            self.connect(vpc, is_running);
        }
        shown
    }

    /// Adds to a network what the service tells of it.
    fn connect(&self, vpc: &mut Object, is_running: bool) {
        if is_running {
            vpc.insert("Ip".to_owned(), self.ip("10.0").into());
        }
        let forwards = vpc.get_mut("ForwardInfos").and_then(Value::as_array_mut);
        for forward in forwards
            .into_iter()
            .flatten()
            .filter_map(Value::as_object_mut)
        {
            let is_enabled = forward.get("Enable") == Some(&Value::Bool(true));
            let mut info = json!({"Phase": "Pending", "Message": ""});
            if is_running && is_enabled {
                let port = text_of(forward, "ForwardPort");
                let outside = match text_of(forward, "ExternalPort") {
                    "" => port,
                    outside => outside,
                };
                info = json!({
                    "Phase": "Ready",
                    "Message": "",
                    "Intranet": {"Endpoint": self.ip("10.0"), "Port": port},
                });
                // The last block of addresses that are kept for documentation.
                if !text_of(forward, "EipAllocationId").is_empty() {
                    info["Internet"] = json!({"Endpoint": "203.0.113.10", "Port": outside});
                }
            } else if !is_enabled {
                info["Phase"] = "Disabled".into();
            }
            forward.insert("ConnectInfo".to_owned(), info);
        }
    }

    /// An address that stays the same for an instance.
    fn ip(&self, network: &str) -> String {
        let sum = self.id.bytes().fold(0_u16, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(byte.into())
        });
        let [high, low] = sum.to_be_bytes();
        format!("{network}.{high}.{}", low.clamp(2, 254))
    }

    fn resource_name(&self) -> String {
        match text_of(&self.body, "EcsSpec") {
            "" => format!("{} vCPU, {} GiB", self.size.cpu, self.size.memory),
            machine => machine.to_owned(),
        }
    }

    fn workspace_name<'a>(&self, catalogue: &'a Catalogue) -> &'a str {
        catalogue
            .workspace(text_of(&self.body, "WorkspaceId"))
            .map_or("", |workspace| text_of(workspace, "WorkspaceName"))
    }
}

/// How a dataset is really mounted.
fn actual_access(catalogue: &Catalogue, dataset: &Object) -> &'static str {
    let is_read_only = dataset.get("Dynamic") == Some(&Value::Bool(true))
        || text_of(dataset, "MountAccess") == "RO"
        || catalogue
            .dataset(text_of(dataset, "DatasetId"))
            .is_some_and(|known| text_of(known, "MountAccess") == "RO");
    if is_read_only { "RO" } else { "RW" }
}
