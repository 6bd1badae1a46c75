//! [`Sandbox`]: an [`Upstream`] that emulates the service, so that everything can be tried without an account.
//!
//! It reads no credentials and reaches no network. What it answers and how each refusal, failure and fault
//! is provoked stands in `docs/sandbox.md`. All data are samples.

mod answer;
mod body;
mod catalogue;
mod control;
mod creation;
mod fault;
mod instance;
mod instances;
mod listing;
mod play;
mod reads;
mod show;
mod state;
mod way;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::SignedDuration;
use serde_json::Value;

use crate::operation::Operation;
use crate::region::Region;
use crate::upstream::{Call, Failure, Mode, Reply, Upstream};
use crate::world::World;

use answer::{Object, Refusal, internal_error, success};
use catalogue::Catalogue;
use creation::Order;
use fault::Faults;
use instance::{Instance, Status};
use listing::Query;
use play::Before;

pub use control::control;
pub use fault::{Fault, FaultError, Kind};
pub use state::StateError;

/// Most instances that are kept.
const MOST_INSTANCES: usize = 10_000;

/// Most bytes of the bodies of all of them.
const MOST_BYTES: usize = 64 << 20;

/// What may be decided about a sandbox.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long an instance takes from its creation until it runs.
    pub start_takes: Duration,
    /// Where instances are kept, so that the program shows them again when it is started anew.
    pub file: Option<PathBuf>,
    /// Faults that are played from the beginning.
    pub faults: Vec<Fault>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            start_takes: Duration::from_secs(25),
            file: None,
            faults: Vec::new(),
        }
    }
}

/// The emulated service.
pub struct Sandbox(Arc<Inner>);

struct Inner {
    world: World,
    options: Options,
    /// What there is in each region, in the order of [`Region::all`]; made when it is first asked for.
    places: Vec<OnceLock<Place>>,
    kept: Mutex<Kept>,
    /// Held while the file is written.
    writing: Mutex<()>,
    faults: Mutex<Faults>,
}

/// A region: worlds apart.
struct Place {
    catalogue: Catalogue,
    /// Instances that are there from the beginning.
    found: Vec<Instance>,
}

/// Instances that were created here.
#[derive(Default)]
struct Kept {
    instances: Vec<Instance>,
    /// Bytes of their bodies.
    bytes: usize,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("options", &self.0.options)
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    /// A sandbox with the instances of its file, if there is one.
    ///
    /// # Errors
    ///
    /// When the file can not be read or written, or holds something else.
    pub fn new(world: World, options: Options) -> Result<Self, StateError> {
        let mut kept = Kept::default();
        if let Some(path) = &options.file {
            kept.instances = state::read(path)?.unwrap_or_default();
            kept.bytes = kept.instances.iter().map(Instance::weight).sum();
            // A file that can not be written is told of now, not after the first creation.
            state::write(path, &kept.instances)?;
        }
        let faults = Faults::new(options.faults.clone());
        Ok(Self(Arc::new(Inner {
            world,
            options,
            places: Region::all().map(|_| OnceLock::new()).collect(),
            kept: Mutex::new(kept),
            writing: Mutex::new(()),
            faults: Mutex::new(faults),
        })))
    }

    /// The faults that are still to be played.
    pub fn faults(&self) -> Vec<Fault> {
        lock(&self.0.faults).list().cloned().collect()
    }

    /// Plays these faults from now on, and no others.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        *lock(&self.0.faults) = Faults::new(faults);
    }
}

impl Upstream for Sandbox {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Reply, Failure>> {
        Box::pin(self.0.call(call))
    }

    fn mode(&self) -> Mode {
        Mode::Sandbox
    }
}

impl Inner {
    async fn call(self: &Arc<Self>, call: Call) -> Result<Reply, Failure> {
        let faults = lock(&self.faults).take(call.operation);
        for fault in faults.iter().filter(|fault| fault.kind() == Kind::Slow) {
            tokio::time::sleep(Duration::from_millis(fault.number())).await;
        }
        // Of those that decide, at most one is taken.
        let deciding = faults.iter().find(|fault| !fault.is_shaping());
        if let Some(fault) = deciding {
            match self.before(&call, fault).await {
                Before::Reply(reply) => return Ok(reply),
                Before::Failure(failure) => return Err(failure),
                Before::Nothing => {}
            }
        }
        let served = self.serve(&call, &faults).await;
        match deciding {
            Some(fault) => self.after(&call, fault, served).await,
            None => Ok(served),
        }
    }

    /// Does what is asked, and answers as the service does.
    async fn serve(self: &Arc<Self>, call: &Call, faults: &[Fault]) -> Reply {
        let product = call.operation.facts().product;
        let result = if call.operation == Operation::CreateInstance {
            self.create(call, faults).await
        } else {
            self.read(call, faults)
        };
        match result {
            Ok(data) => success(&self.world, product, data),
            Err(refusal) => refusal.reply(&self.world, product, call.region),
        }
    }

    fn read(&self, call: &Call, faults: &[Fault]) -> Result<Object, Refusal> {
        let place = self.place(call.region);
        let catalogue = &place.catalogue;
        let query = Query(call);
        let id = || call.id.as_ref().map_or("", |id| id.as_str());
        let now = self.world.now();
        match call.operation {
            Operation::ListEcsSpecs => reads::machines(catalogue, query),
            Operation::ListWorkspaces => reads::workspaces(catalogue, query),
            Operation::ListImages => reads::images(catalogue, query),
            Operation::ListDatasets => reads::datasets(catalogue, query),
            Operation::ListDatasetVersions => reads::dataset_versions(catalogue, query, id()),
            Operation::ListResources => reads::resources(catalogue, query),
            Operation::ListQuotas => Ok(reads::quotas(catalogue, query)),
            Operation::ListInstances => {
                let ignores_filters = faults
                    .iter()
                    .any(|fault| fault.kind() == Kind::IgnoreFilters);
                let kept = lock(&self.kept);
                let all = kept.in_region(call.region).chain(&place.found);
                instances::list(catalogue, all, query, now, ignores_filters)
            }
            Operation::GetInstance => {
                let mut shown = self.instance(call)?.details(catalogue, now);
                if let Some(fields) = query.parts("Fields") {
                    shown.retain(|name, _| fields.contains(&name.as_str()));
                }
                Ok(shown)
            }
            Operation::GetInstanceEvents => self.instance(call)?.events(query, now),
            // It is not a read; `serve` has it.
            Operation::CreateInstance => Err(internal_error()),
        }
    }

    /// The instance that a call names.
    fn instance(&self, call: &Call) -> Result<Instance, Refusal> {
        let kept = lock(&self.kept);
        let mut all = kept
            .in_region(call.region)
            .chain(&self.place(call.region).found);
        let id = call.id.as_ref().map(crate::operation::Id::as_str);
        all.find(|instance| Some(instance.id.as_str()) == id)
            .cloned()
            .ok_or_else(|| Refusal::dsw(404, "ValidationError", "The instance does not exist."))
    }

    async fn create(self: &Arc<Self>, call: &Call, faults: &[Fault]) -> Result<Object, Refusal> {
        let id = self.make(call, faults)?;
        if self.options.file.is_some() {
            let sandbox = Arc::clone(self);
            // It goes on when the caller does not wait for it.
            let written = tokio::task::spawn_blocking(move || sandbox.keep()).await;
            if let Ok(Err(error)) = &written {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "the sandbox's instances are not kept"
                );
            }
        }
        let mut data = Object::new();
        data.insert("InstanceId".to_owned(), id.into());
        Ok(data)
    }

    /// Makes an instance and takes it in; answers its id. One at a time, so that no name is used twice.
    fn make(&self, call: &Call, faults: &[Fault]) -> Result<String, Refusal> {
        let place = self.place(call.region);
        let now = self.world.now();
        let mut kept = lock(&self.kept);
        if kept.instances.len() >= MOST_INSTANCES
            || kept.bytes.saturating_add(call.body.len()) > MOST_BYTES
        {
            return Err(Refusal::validation(
                "The sandbox holds no more instances; start it anew without its file.",
            ));
        }
        let all = || kept.in_region(call.region).chain(&place.found);
        let plain = format!("dsw-{}", &self.world.token()[16..]);
        let id = if all().any(|instance| instance.id == plain) {
            format!("{plain}{:x}", kept.instances.len())
        } else {
            plain
        };
        let order = Order {
            region: call.region,
            catalogue: &place.catalogue,
            now,
            start_takes: self.options.start_takes,
            id,
            is_taken: &|name| all().any(|instance| instance.name() == name),
        };
        let mut instance = order.make(&call.body)?;
        for fault in faults {
            match fault.kind() {
                Kind::Late => {
                    let wait =
                        SignedDuration::from_secs(i64::try_from(fault.number()).unwrap_or(0));
                    instance.listed_from = now.checked_add(wait).ok();
                }
                Kind::NoLabels => instance.has_lost_labels = true,
                Kind::Fails => instance.fail(fault.text()),
                _ => {}
            }
        }
        let id = instance.id.clone();
        kept.bytes += instance.weight();
        kept.instances.push(instance);
        Ok(id)
    }

    /// Writes the instances of this moment into the file.
    fn keep(&self) -> Result<(), StateError> {
        let Some(path) = &self.options.file else {
            return Ok(());
        };
        let _writing = lock(&self.writing);
        // Taken while nobody else writes, so that the file never goes back in time.
        let instances = lock(&self.kept).instances.clone();
        state::write(path, &instances)
    }

    fn place(&self, region: Region) -> &Place {
        let index = Region::all().position(|other| other == region);
        let place = index.and_then(|index| self.places.get(index));
        place
            .expect("there is a place for each region")
            .get_or_init(|| Place::of(region))
    }
}

impl Place {
    fn of(region: Region) -> Self {
        let mut catalogue = Catalogue::of(region);
        let found = std::mem::take(&mut catalogue.instances);
        let found = found
            .into_iter()
            .map(|found| {
                let order = Order {
                    region,
                    catalogue: &catalogue,
                    now: found.gmt_create_time,
                    start_takes: Duration::from_mins(3),
                    id: found.instance_id,
                    is_taken: &|_| false,
                };
                let mut instance = order
                    .make(Value::Object(found.body).to_string().as_bytes())
                    .expect("instances of the catalogue are in order");
                if found.status == Status::Stopped {
                    instance.stop_after(SignedDuration::from_hours(3));
                }
                instance
            })
            .collect();
        Self { catalogue, found }
    }
}

impl Kept {
    fn in_region(&self, region: Region) -> impl Iterator<Item = &Instance> {
        self.instances
            .iter()
            .filter(move |instance| instance.region == region.id())
    }
}

/// What a lock holds. Nothing panics while it is held; if it did, what it holds would be whole all the same.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
