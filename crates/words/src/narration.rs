//! A whole request in plain language: for the review, for screen readers, for a pull request.
//!
//! What matters is told in sentences of its own. Whatever else is set is told at the end of its section by its label, so
//! that nothing that is sent goes unsaid. Secrets are never told, nor is what may hold some: the values of variables,
//! scripts, mount options, and members that nobody knows.

use dsw_model::descriptor::{
    Control, Describe as _, FieldDescriptor, Kind, Section, Source, StructDescriptor, field_step,
};
use dsw_model::grammar::names_secret;
use dsw_model::path;
use dsw_model::path::{Field, Path};
use dsw_model::request::{
    Affinity, AssignNodeSpec, BandwidthLimit, CloudDisk, CpuAffinity,
    CreateInstanceRequest as Request, Credential, CredentialConfig, Dataset, DockerConfig,
    DynamicMount, ForwardInfo, Label, MountPoint, OnStart, RequestedResource, Role, SpotSpec, Tag,
    UserCommand, UserVpc,
};
use dsw_model::rules::Context;
use dsw_model::rules::storage::DISK;
use serde_json::{Map, Value};

use crate::language::{fill, tr};
use crate::rich::{list, plain};
use crate::{costs, data};

/// Rows of a list that are told one by one, and names that are told of many.
const TOLD: usize = 5;

/// Letters of a value that are told.
const LETTERS: usize = 80;

/// What is said of one section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The section.
    pub section: Section,
    /// Whether its first sentence is one of those that tell the request in short: who it is, what it runs on, from
    /// which image, and, once that can be told, what lasts.
    pub leads: bool,
    /// Whole sentences. What weighs most stands between [`crate::MARKS`].
    pub sentences: Vec<String>,
}

/// The name that people know a value of a list by; empty where it is not known.
pub type NameOf<'a> = &'a dyn Fn(Source, &str) -> String;

/// Tells a body, section by section. It always says something.
pub fn narrate(body: &Map<String, Value>, known: &Context, name_of: NameOf<'_>) -> Vec<Part> {
    let request = Request::read(body);
    let mut teller = Teller {
        body,
        name_of,
        told: Vec::new(),
        parts: Section::ALL
            .map(|section| Part {
                section,
                leads: match section {
                    Section::Basics | Section::Compute | Section::Image => true,
                    Section::Storage => request.ecs_spec.is_some() || request.resource_id.is_some(),
                    _ => false,
                },
                sentences: Vec::new(),
            })
            .into(),
        section: Section::Basics,
    };
    teller.basics(&request, known);
    teller.compute(&request);
    teller.image(&request);
    teller.storage(&request, known);
    teller.network(&request);
    teller.environment(&request);
    teller.labels(&request);
    teller.advanced(&request);
    for (section, cost) in costs(&request) {
        teller.section = section;
        teller.say(cost);
    }
    teller.rest();
    let mut parts = teller.parts;
    parts.retain(|part| !part.sentences.is_empty());
    parts
}

/// The request in short: the sentences that lead.
pub fn in_short(parts: &[Part]) -> String {
    let parts = parts.iter().filter(|part| part.leads);
    let first: Vec<_> = parts
        .filter_map(|part| Some(plain(part.sentences.first()?)))
        .collect();
    first.join(tr(" "))
}

/// All of it as plain text, a paragraph for each section under its title.
pub fn as_text(parts: &[Part], title: &dyn Fn(Section) -> &'static str) -> String {
    let mut text = String::new();
    for part in parts {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(title(part.section));
        text.push('\n');
        for sentence in &part.sentences {
            text.push_str("- ");
            text.push_str(&plain(sentence));
            text.push('\n');
        }
    }
    text
}

struct Teller<'a> {
    body: &'a Map<String, Value>,
    name_of: NameOf<'a>,
    /// Where what has been told stands: each place with all in it.
    told: Vec<Path>,
    parts: Vec<Part>,
    section: Section,
}

/// A text that is set.
fn set(value: Option<&String>) -> Option<&str> {
    value.map(String::as_str).filter(|text| !text.is_empty())
}

fn rows<T>(value: Option<&Vec<T>>) -> &[T] {
    value.map_or(&[], Vec::as_slice)
}

/// A value as it is told: on one line, and not too long of it.
fn shown(value: &str) -> String {
    let mut said = String::new();
    for (at, letter) in value.chars().enumerate() {
        if at == LETTERS {
            said.push('…');
            break;
        }
        said.push(if letter.is_control() { ' ' } else { letter });
    }
    said
}

impl Teller<'_> {
    fn say(&mut self, sentence: String) {
        let section = self.section;
        if let Some(part) = self.parts.iter_mut().find(|part| part.section == section) {
            part.sentences.push(sentence);
        }
    }

    /// Marks places as told.
    fn told(&mut self, paths: impl IntoIterator<Item = Path>) {
        self.told.extend(paths);
    }

    /// A value with its name, where that is known.
    fn named(&self, source: Source, value: &str) -> String {
        let name = (self.name_of)(source, value);
        if name.is_empty() || name == value {
            shown(value)
        } else {
            fill("{} ({})", &[&shown(value), &shown(&name)])
        }
    }

    fn basics(&mut self, request: &Request, known: &Context) {
        self.section = Section::Basics;
        let name = set(request.instance_name.as_ref()).map(shown);
        let workspace =
            set(request.workspace_id.as_ref()).map(|id| self.named(Source::Workspaces, id));
        let public = set(request.accessibility.as_ref()) == Some("PUBLIC");
        let said = match (&name, &workspace, public) {
            (Some(name), Some(workspace), false) => {
                fill("Creates {}, a private instance in workspace {}.", &[name, workspace])
            }
            (Some(name), Some(workspace), true) => {
                fill("Creates {}, which everyone in workspace {} can see.", &[name, workspace])
            }
            (Some(name), None, false) => {
                fill("Creates {}, a private instance; its workspace is still to be chosen.", &[name])
            }
            (Some(name), None, true) => fill(
                "Creates {}, which everyone in its workspace can see; that is still to be chosen.",
                &[name],
            ),
            (None, Some(workspace), false) => fill(
                "Creates a private instance in workspace {}; its name is still to be entered.",
                &[workspace],
            ),
            (None, Some(workspace), true) => fill(
                "Creates an instance that everyone in workspace {} can see; its name is still to be entered.",
                &[workspace],
            ),
            (None, None, false) => {
                tr("Creates a private instance; its name and workspace are still to be entered.").to_owned()
            }
            (None, None, true) => tr(
                "Creates an instance that everyone in its workspace can see; its name and workspace are still to be entered.",
            )
            .to_owned(),
        };
        self.say(said);
        if name.is_some() {
            self.told([path![Request::INSTANCE_NAME]]);
        }
        if workspace.is_some() {
            self.told([path![Request::WORKSPACE_ID]]);
        }
        if let Some("PUBLIC" | "PRIVATE") = set(request.accessibility.as_ref()) {
            self.told([path![Request::ACCESSIBILITY]]);
        }
        if let Some(region) = &known.region {
            self.say(fill("It is created in the region {}.", &[region]));
        }
        if let Some(owner) = set(request.user_id.as_ref()) {
            self.say(fill(
                "Its owner is the account or user {}.",
                &[&shown(owner)],
            ));
            self.told([path![Request::USER_ID]]);
        }
    }

    fn compute(&mut self, request: &Request) {
        self.section = Section::Compute;
        let machine = set(request.ecs_spec.as_ref()).map(|it| self.named(Source::Machines, it));
        let quota = set(request.resource_id.as_ref()).map(|it| self.named(Source::Quotas, it));
        if machine.is_none() && quota.is_none() {
            self.say(tr("What it runs on is still to be chosen.").to_owned());
        }
        let spot = request.spot_spec.as_ref();
        if let Some(machine) = &machine {
            self.told([path![Request::ECS_SPEC]]);
            self.say(match spot {
                None => fill("It runs pay-as-you-go on {}.", &[machine]),
                Some(_) => fill("It runs on {}, as a spot machine.", &[machine]),
            });
        }
        if let Some(quota) = &quota {
            self.told([path![Request::RESOURCE_ID]]);
            self.say(fill("It runs on the resource quota {}.", &[quota]));
        }
        if let Some(spot) = spot {
            self.spot(spot);
        }
        let size = self.values(
            &path![Request::REQUESTED_RESOURCE],
            RequestedResource::DESCRIPTOR,
        );
        if !size.is_empty() {
            self.say(fill("It takes from the quota: {}.", &[&size]));
        }
        if let Some(priority) = request.priority {
            self.say(fill(
                "Its priority in the quota is {} of 9.",
                &[&priority.to_string()],
            ));
            self.told([path![Request::PRIORITY]]);
        }
        let capacity = match set(request.oversold_type.as_ref()) {
            Some("ForceQuotaOverSold") => {
                tr("It runs on idle capacity of the quota only, which can be taken back.")
            }
            Some("AcceptQuotaOverSold") => {
                tr("It may run on idle capacity of the quota, which can be taken back.")
            }
            Some("ForbiddenQuotaOverSold") => {
                tr("It runs on guaranteed capacity of the quota only.")
            }
            _ => "",
        };
        if !capacity.is_empty() {
            self.say(capacity.to_owned());
            self.told([path![Request::OVERSOLD_TYPE]]);
        }
        if let Some(driver) = set(request.driver.as_ref()) {
            self.say(fill("Its NVIDIA driver is {}.", &[&shown(driver)]));
            self.told([path![Request::DRIVER]]);
        }
        let affinity = request
            .affinity
            .as_ref()
            .and_then(|affinity| affinity.cpu.as_ref());
        if affinity.and_then(|cpu| cpu.enable) == Some(true) {
            self.say(tr("It is bound to CPU cores.").to_owned());
            self.told([path![Request::AFFINITY, Affinity::CPU, CpuAffinity::ENABLE]]);
        }
        let nodes = request.assign_node_spec.as_ref();
        if let Some(names) = nodes.and_then(|nodes| set(nodes.node_names.as_ref())) {
            self.say(fill("It runs on these nodes only: {}.", &[&shown(names)]));
            self.told([path![Request::ASSIGN_NODE_SPEC, AssignNodeSpec::NODE_NAMES]]);
        }
        if let Some(names) = nodes.and_then(|nodes| set(nodes.anti_affinity_node_names.as_ref())) {
            self.say(fill("It keeps off these nodes: {}.", &[&shown(names)]));
            self.told([path![
                Request::ASSIGN_NODE_SPEC,
                AssignNodeSpec::ANTI_AFFINITY_NODE_NAMES
            ]]);
        }
    }

    fn spot(&mut self, spot: &SpotSpec) {
        let at = |field| path![Request::SPOT_SPEC, field];
        match (
            set(spot.spot_strategy.as_ref()),
            set(spot.spot_price_limit.as_ref()),
        ) {
            (Some("SpotWithPriceLimit"), Some(limit)) => {
                self.say(fill(
                    "It pays at most {} an hour, and is lost when the market price is above that.",
                    &[&shown(limit)],
                ));
                self.told([at(SpotSpec::SPOT_STRATEGY), at(SpotSpec::SPOT_PRICE_LIMIT)]);
            }
            (Some("SpotWithPriceLimit"), None) => {
                self.say(tr("It pays up to a ceiling that is still to be entered.").to_owned());
                self.told([at(SpotSpec::SPOT_STRATEGY)]);
            }
            (Some("SpotAsPriceGo"), _) => {
                self.say(tr("It pays the market price, whatever that is.").to_owned());
                self.told([at(SpotSpec::SPOT_STRATEGY)]);
            }
            _ => {}
        }
        match set(spot.spot_duration.as_ref()) {
            Some("0") => self.say(tr("It can be taken back from the start.").to_owned()),
            None | Some("1") => self.say(tr("It is not taken back in its first hour.").to_owned()),
            Some(hours) => self.say(fill(
                "It is not taken back in its first hours: {}.",
                &[&shown(hours)],
            )),
        }
        if set(spot.spot_duration.as_ref()).is_some() {
            self.told([at(SpotSpec::SPOT_DURATION)]);
        }
        if let Some(share) = set(spot.spot_discount_limit.as_ref()) {
            self.say(fill(
                "Its ceiling as a share of the list price is {}.",
                &[&shown(share)],
            ));
            self.told([at(SpotSpec::SPOT_DISCOUNT_LIMIT)]);
        }
    }

    fn image(&mut self, request: &Request) {
        self.section = Section::Image;
        let id = set(request.image_id.as_ref());
        let url = set(request.image_url.as_ref());
        if id.is_none() && url.is_none() {
            self.say(tr("Its image is still to be chosen.").to_owned());
        }
        if let Some(id) = id {
            let image = self.named(Source::Images, id);
            self.say(fill("It starts from the image {}.", &[&image]));
            self.told([path![Request::IMAGE_ID]]);
        }
        if let Some(url) = url {
            self.say(fill("It starts from the image at {}.", &[&shown(url)]));
            self.told([path![Request::IMAGE_URL]]);
        }
        if request
            .image_auth
            .as_ref()
            .is_some_and(|login| !login.expose().is_empty())
        {
            // Only whether there is one: nothing of it is said.
            self.say(tr("A registry login goes along; it is not told here.").to_owned());
            self.told([path![Request::IMAGE_AUTH]]);
        }
    }

    fn storage(&mut self, request: &Request, known: &Context) {
        self.section = Section::Storage;
        for sentence in data(request, known) {
            self.say(sentence);
        }
        for row in 0..rows(request.cloud_disks.as_ref()).len().min(TOLD) {
            let disk = self.values(&path![Request::CLOUD_DISKS, row], CloudDisk::DESCRIPTOR);
            if !disk.is_empty() {
                self.say(fill("Cloud disk {}: {}.", &[&(row + 1).to_string(), &disk]));
            }
        }
        for (row, dataset) in rows(request.datasets.as_ref())
            .iter()
            .enumerate()
            .take(TOLD)
        {
            self.dataset(row, dataset);
        }
        let mounts = rows(request.datasets.as_ref()).len();
        if mounts > TOLD {
            self.say(fill("Datasets in all: {}.", &[&mounts.to_string()]));
        }
        if let Some(source) = set(request.workspace_source.as_ref()) {
            self.say(if source == DISK {
                tr("The working directory is to be on the cloud disk.").to_owned()
            } else {
                fill("The working directory is to be on {}.", &[&shown(source)])
            });
            self.told([path![Request::WORKSPACE_SOURCE]]);
        }
        let Some(mount) = &request.dynamic_mount else {
            return;
        };
        if mount.enable == Some(true) {
            self.say(tr("Data can be mounted while it runs.").to_owned());
            self.told([path![Request::DYNAMIC_MOUNT, DynamicMount::ENABLE]]);
        }
        let mut roots = Vec::new();
        for (row, point) in rows(mount.mount_points.as_ref())
            .iter()
            .enumerate()
            .take(TOLD)
        {
            if let Some(root) = set(point.root_path.as_ref()) {
                roots.push(shown(root));
                self.told([path![
                    Request::DYNAMIC_MOUNT,
                    DynamicMount::MOUNT_POINTS,
                    row,
                    MountPoint::ROOT_PATH
                ]]);
            }
        }
        if !roots.is_empty() {
            self.say(fill(
                "Dynamic mounts appear below: {}.",
                &[&list(&roots, TOLD)],
            ));
        }
    }

    fn dataset(&mut self, row: usize, dataset: &Dataset) {
        let at = |field| path![Request::DATASETS, row, field];
        let id = set(dataset.dataset_id.as_ref());
        let uri = set(dataset.uri.as_ref());
        let what = match (id, uri) {
            (Some(id), None) => self.named(Source::Datasets, id),
            (None, Some(uri)) => shown(uri),
            // What is mounted is not clear: all of it is told below by its labels.
            _ => return,
        };
        self.told([at(if id.is_some() {
            Dataset::DATASET_ID
        } else {
            Dataset::URI
        })]);
        let what = match set(dataset.dataset_version.as_ref()) {
            Some(version) if id.is_some() => {
                self.told([at(Dataset::DATASET_VERSION)]);
                fill("{} ({})", &[&what, &shown(version)])
            }
            _ => what,
        };
        let path = set(dataset.mount_path.as_ref());
        let place = path.map_or_else(
            || tr("a path that is still to be entered").to_owned(),
            shown,
        );
        if path.is_some() {
            self.told([at(Dataset::MOUNT_PATH)]);
        }
        let access = set(dataset.mount_access.as_ref());
        if let Some("RO" | "RW") = access {
            self.told([at(Dataset::MOUNT_ACCESS)]);
        }
        let dynamic = dataset.dynamic == Some(true);
        if dataset.dynamic.is_some() {
            self.told([at(Dataset::DYNAMIC)]);
        }
        let values: &[&str] = &[&what, &place];
        self.say(match (dynamic, access) {
            (true, Some("RW")) => fill("Mounts {} at {} while it runs, to be written to.", values),
            (true, Some("RO")) => fill("Mounts {} at {} while it runs, as read-only.", values),
            (true, _) => fill("Mounts {} at {} while it runs.", values),
            (false, Some("RW")) => fill("Mounts {} at {}, to be written to.", values),
            (false, Some("RO")) => fill("Mounts {} at {}, as read-only.", values),
            (false, _) => fill("Mounts {} at {}.", values),
        });
    }

    fn network(&mut self, request: &Request) {
        self.section = Section::Network;
        let Some(vpc) = &request.user_vpc else {
            return;
        };
        let at = |field| path![Request::USER_VPC, field];
        if let Some(id) = set(vpc.vpc_id.as_ref()) {
            self.say(fill("It joins your network {}.", &[&shown(id)]));
            self.told([at(UserVpc::VPC_ID)]);
        }
        if let Some(id) = set(vpc.vswitch_id.as_ref()) {
            self.say(fill("Its vSwitch there is {}.", &[&shown(id)]));
            self.told([at(UserVpc::VSWITCH_ID)]);
        }
        if let Some(id) = set(vpc.security_group_id.as_ref()) {
            self.say(fill(
                "What may reach it is decided by the security group {}.",
                &[&shown(id)],
            ));
            self.told([at(UserVpc::SECURITY_GROUP_ID)]);
        }
        let ranges: Vec<_> = rows(vpc.extended_cidrs.as_ref())
            .iter()
            .map(|range| shown(range))
            .collect();
        if !ranges.is_empty() {
            self.say(fill(
                "Through it these addresses are reached: {}.",
                &[&list(&ranges, TOLD)],
            ));
            self.told([at(UserVpc::EXTENDED_CIDRS)]);
        }
        let way = match set(vpc.default_route.as_ref()) {
            Some("eth0") => tr("It goes to the Internet through the shared gateway."),
            Some("eth1") => tr("It goes to the Internet through your network."),
            _ => "",
        };
        if !way.is_empty() {
            self.say(way.to_owned());
            self.told([at(UserVpc::DEFAULT_ROUTE)]);
        }
        for (row, entry) in rows(vpc.forward_infos.as_ref())
            .iter()
            .enumerate()
            .take(TOLD)
        {
            self.forward(row, entry);
        }
        let limits = self.values(&at(UserVpc::BANDWIDTH_LIMIT), BandwidthLimit::DESCRIPTOR);
        if !limits.is_empty() {
            self.say(fill("Its traffic is limited: {}.", &[&limits]));
        }
    }

    fn forward(&mut self, row: usize, entry: &ForwardInfo) {
        let at = |field| path![Request::USER_VPC, UserVpc::FORWARD_INFOS, row, field];
        let (inside, outside) = (
            set(entry.forward_port.as_ref()),
            set(entry.external_port.as_ref()),
        );
        let Some(inside) = inside else {
            return;
        };
        let inside = shown(inside);
        self.told([at(ForwardInfo::FORWARD_PORT)]);
        if outside.is_some() {
            self.told([at(ForwardInfo::EXTERNAL_PORT)]);
        }
        self.say(match outside {
            Some(outside) => fill(
                "Its port {} is reached from outside as port {}.",
                &[&inside, &shown(outside)],
            ),
            None => fill("Its port {} is reached from outside.", &[&inside]),
        });
    }

    fn environment(&mut self, request: &Request) {
        self.section = Section::Environment;
        // Names only: values may hold secrets.
        let names: Vec<_> = request
            .environment_variables
            .iter()
            .flatten()
            .map(|(name, _)| shown(name))
            .collect();
        if !names.is_empty() {
            self.say(fill(
                "Environment variables, whose values are not told here ({}): {}.",
                &[&names.len().to_string(), &list(&names, TOLD)],
            ));
            self.told([path![Request::ENVIRONMENT_VARIABLES]]);
        }
        let script = request
            .user_command
            .as_ref()
            .and_then(|command| command.on_start.as_ref());
        if let Some(script) = script.and_then(|script| set(script.content.as_ref())) {
            self.say(fill(
                "A script runs at every start; its lines: {}.",
                &[&script.lines().count().to_string()],
            ));
            self.told([path![
                Request::USER_COMMAND,
                UserCommand::ON_START,
                OnStart::CONTENT
            ]]);
        }
        let Some(config) = &request.credential_config else {
            return;
        };
        let at = |field| path![Request::CREDENTIAL_CONFIG, field];
        if let Some(enable) = config.enable {
            self.say(if enable {
                tr("Programs in it may use the rights of a RAM role.").to_owned()
            } else {
                tr("The use of a RAM role is turned off.").to_owned()
            });
            self.told([at(CredentialConfig::ENABLE)]);
        }
        let mut roles = Vec::new();
        for (row, entry) in rows(config.configs.as_ref()).iter().enumerate().take(TOLD) {
            for (inner, role) in rows(entry.roles.as_ref()).iter().enumerate().take(TOLD) {
                if let Some(arn) = set(role.role_arn.as_ref()) {
                    roles.push(shown(arn));
                    let path = at(CredentialConfig::CONFIGS)
                        .join(row)
                        .join(Credential::ROLES);
                    self.told([path.join(inner).join(Role::ROLE_ARN)]);
                }
            }
        }
        if !roles.is_empty() {
            self.say(fill("The role: {}.", &[&list(&roles, TOLD * TOLD)]));
        }
    }

    fn labels(&mut self, request: &Request) {
        self.section = Section::Labels;
        let labels = rows(request.labels.as_ref())
            .iter()
            .map(|it| pair(it.key.as_ref(), it.value.as_ref()));
        let labels: Vec<_> = labels.collect();
        let tags = rows(request.tag.as_ref())
            .iter()
            .map(|it| pair(it.key.as_ref(), it.value.as_ref()));
        let tags: Vec<_> = tags.collect();
        if labels.iter().any(|label| !label.is_empty()) {
            self.say(fill("Labels: {}.", &[&list(&labels, TOLD)]));
        }
        if tags.iter().any(|tag| !tag.is_empty()) {
            self.say(fill("Tags: {}.", &[&list(&tags, TOLD)]));
        }
        for (row, label) in rows(request.labels.as_ref())
            .iter()
            .enumerate()
            .take(named_of(labels.len()))
        {
            let at = |field| path![Request::LABELS, row, field];
            self.told(label.key.iter().map(|_| at(Label::KEY)));
            self.told(label.value.iter().map(|_| at(Label::VALUE)));
        }
        for (row, tag) in rows(request.tag.as_ref())
            .iter()
            .enumerate()
            .take(named_of(tags.len()))
        {
            let at = |field| path![Request::TAG, row, field];
            self.told(tag.key.iter().map(|_| at(Tag::KEY)));
            self.told(tag.value.iter().map(|_| at(Tag::VALUE)));
        }
    }

    fn advanced(&mut self, request: &Request) {
        self.section = Section::Advanced;
        let Some(docker) = &request.docker_config else {
            return;
        };
        let at = |field| path![Request::DOCKER_CONFIG, field];
        match (docker.enable, docker.containers_limit) {
            (Some(true), Some(most)) => {
                self.say(fill(
                    "It may run sub-containers, at most {}.",
                    &[&most.to_string()],
                ));
                self.told([at(DockerConfig::ENABLE), at(DockerConfig::CONTAINERS_LIMIT)]);
            }
            (Some(true), None) => {
                self.say(tr("It may run sub-containers.").to_owned());
                self.told([at(DockerConfig::ENABLE)]);
            }
            _ => {}
        }
    }

    /// The single values of an object, each with its label. They are told.
    fn values(&mut self, path: &Path, descriptor: &'static StructDescriptor) -> String {
        let mut said = Vec::new();
        let object = value_at(self.body, path).and_then(Value::as_object);
        for (index, field) in descriptor.fields.iter().enumerate() {
            let value = object.and_then(|object| object.get(field.wire));
            if let Some(value) = value.and_then(|value| single(field, value)) {
                said.push(fill("{} {}", &[tr(field.label), &value]));
                self.told.push(path.join(field_step(index)));
            }
        }
        said.join(tr(", "))
    }

    /// Tells by label whatever is set and was not told.
    fn rest(&mut self) {
        for section in Section::ALL {
            let mut left = Left {
                told: &self.told,
                found: Vec::new(),
            };
            for (index, field) in Request::DESCRIPTOR.fields.iter().enumerate() {
                if field.section == Some(section)
                    && let Some(value) = self.body.get(field.wire)
                {
                    left.look(field, field.kind, value, &path![field_step(index)]);
                }
            }
            let found: Vec<_> = left.found.iter().map(Found::words).collect();
            self.section = section;
            if !found.is_empty() {
                self.say(fill("Also set: {}.", &[&found.join(tr(", "))]));
            }
        }
        let known = Request::DESCRIPTOR;
        let unknown = self.body.keys().filter(|name| known.field(name).is_none());
        let unknown: Vec<_> = unknown.map(|name| shown(name)).collect();
        self.section = Section::Advanced;
        if !unknown.is_empty() {
            self.say(fill(
                "Sent as they are, though the reference does not know them: {}.",
                &[&list(&unknown, TOLD)],
            ));
        }
    }
}

/// How many of so many things a list of [`TOLD`] names; the others are told by how many they are.
fn named_of(count: usize) -> usize {
    if count <= TOLD + 1 { count } else { TOLD }
}

/// A label as `key=value`; the value is left out where it may be a secret.
fn pair(key: Option<&String>, value: Option<&String>) -> String {
    let (key, value) = (set(key).unwrap_or_default(), set(value).unwrap_or_default());
    if value.is_empty() {
        return shown(key);
    }
    let value = if names_secret(key, value) {
        "…".to_owned()
    } else {
        shown(value)
    };
    [&shown(key), "=", &value].concat()
}

/// The value at a path, as far as that leads through fields and rows.
fn value_at<'a>(body: &'a Map<String, Value>, path: &Path) -> Option<&'a Value> {
    use dsw_model::path::Step;
    let mut descriptor = Some(Request::DESCRIPTOR);
    let mut at: Option<&Value> = None;
    for step in path.steps() {
        match step {
            Step::Field(Field(index)) => {
                let field = descriptor?.fields.get(usize::from(*index))?;
                at = match at {
                    None => body.get(field.wire),
                    Some(value) => value.get(field.wire),
                };
                descriptor = match field.kind {
                    Kind::Struct(inner) => Some(inner),
                    Kind::List(Kind::Struct(inner)) => Some(*inner),
                    _ => None,
                };
            }
            Step::Row(row) => at = at?.get(usize::try_from(*row).ok()?),
            Step::Key(_) => return None,
        }
        at?;
    }
    at
}

/// A single value as it is told; nothing of a list, of an object, of what may hold a secret, and of what has another
/// type than its field.
fn single(field: &FieldDescriptor, value: &Value) -> Option<String> {
    let open = matches!(
        field.control,
        Control::Plain | Control::Quantity(_) | Control::Names | Control::Listed(_)
    );
    match (field.kind, value) {
        (Kind::Text, Value::String(text)) if open && !text.is_empty() => Some(shown(text)),
        (Kind::Integer, Value::Number(number)) => Some(shown(&number.to_string())),
        (Kind::Boolean, Value::Bool(true)) => Some(tr("yes").to_owned()),
        (Kind::Boolean, Value::Bool(false)) => Some(tr("no").to_owned()),
        _ => None,
    }
}

/// What was not told.
struct Left<'a> {
    told: &'a [Path],
    found: Vec<Found>,
}

/// A field that was not told: its label, its value where one may be told, and how many there are of it.
struct Found {
    field: &'static FieldDescriptor,
    value: Option<String>,
    count: usize,
}

impl Found {
    fn words(&self) -> String {
        let label = tr(self.field.label);
        match (&self.value, self.count) {
            (Some(value), 1) => fill("{} {}", &[label, value]),
            (None, 1) => label.to_owned(),
            (_, count) => fill("{} ({})", &[label, &count.to_string()]),
        }
    }
}

impl Left<'_> {
    fn look(&mut self, field: &'static FieldDescriptor, kind: Kind, value: &Value, path: &Path) {
        if self.told.contains(path) {
            return;
        }
        match (kind, value) {
            (Kind::Struct(descriptor), Value::Object(object)) if !object.is_empty() => {
                for (name, value) in object {
                    match descriptor.field(name) {
                        Some((index, inner)) => {
                            self.look(inner, inner.kind, value, &path.join(field_step(index)));
                        }
                        // By the object that it is in: its name may be anything.
                        None => self.add(field, None),
                    }
                }
            }
            (Kind::List(item), Value::Array(items)) if !items.is_empty() => {
                for (row, value) in items.iter().enumerate() {
                    self.look(field, *item, value, &path.join(row));
                }
            }
            (Kind::Map(_), Value::Object(members)) if !members.is_empty() => {
                for _ in members {
                    self.add(field, None);
                }
            }
            _ => self.add(field, single(field, value)),
        }
    }

    fn add(&mut self, field: &'static FieldDescriptor, value: Option<String>) {
        let same = |found: &&mut Found| std::ptr::eq(found.field, field);
        match self.found.iter_mut().find(same) {
            Some(found) => found.count += 1,
            None => self.found.push(Found {
                field,
                value,
                count: 1,
            }),
        }
    }
}
