//! Rules: what the service will refuse or what is unwise, beyond single values.
//!
//! A rule is an id, a severity, a source and a [`Check`]: a function of the request and a
//! [`Context`]. Adding one means writing one small function in the file of its section, one entry
//! in that file's `RULES` and one table of cases. What concerns a single value of the request
//! itself or of a dataset and is an error (length, range, format) stands as `#[validate(…)]` on
//! its field instead, with the rule's id as its code; [`crate::violation`] brings both together.
//! Deeper down single values have rules too: validator's code for entering a struct is downloaded.
//!
//! The ids, severities and sources are those of the rule catalogue
//! (`tests/data/create-instance.rules.json`), and a test compares them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::amount::Amount;
use crate::grammar::Scheme;
use crate::json;
use crate::path::{Field, Path};
use crate::policy::Team;
use crate::request::{
    AssignNodeSpec, BandwidthLimit, CreateInstanceRequest, Dataset, RequestedResource, SpotSpec,
};
use crate::secrecy::Secrecy;
use crate::secret::Secret;

pub mod advanced;
pub mod basics;
pub mod compute;
pub mod credentials;
pub mod datasets;
pub mod environment;
pub mod forwards;
pub mod image;
pub mod labels;
pub mod mounts;
pub mod network;
mod seen;
pub mod size;
pub mod spot;
pub mod storage;
#[cfg(test)]
mod testing;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The service is known to refuse the request: it is not to be submitted.
    Error,
    /// The documentation advises against it, or its sources disagree: it may be submitted.
    Warning,
}

/// Where a rule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The vendor's documentation says it.
    Documented,
    /// The vendor's command line guide says it.
    VendorGuide,
    /// It follows from documented facts or examples.
    Inferred,
    /// Our own advice.
    Policy,
}

/// A rule of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Id in the catalogue, `R01` and so on: the code of its diagnostics.
    pub id: &'static str,
    /// How grave a breach is. A rule that speaks of two cases has that of the graver one here.
    pub severity: Severity,
    /// Where it comes from.
    pub source: Source,
    /// Reports each breach.
    pub check: Check,
}

/// What a rule looks at, and the function that looks.
///
/// A request may have thousands of datasets, and it is judged after every keystroke. So a rule says
/// what it depends on, and is asked again only when that has changed.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Looks at the request as a whole; these are the fields of the request that it reads, no more.
    Whole(&'static [Field], WholeCheck),
    /// Looks at each dataset by itself. Paths, also those of fixes, count from the dataset.
    EachDataset(DatasetCheck),
}

/// A function that reports what it finds in a request.
pub type WholeCheck = fn(&CreateInstanceRequest, &Context, &mut Findings<'_>);

/// A function that reports what it finds in one dataset.
pub type DatasetCheck = fn(&Dataset, &Context, &mut Findings<'_>);

/// Knowledge that a request does not hold, such as what the pickers have learned from the service.
///
/// A rule that needs some says nothing while it is unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// Region that the instance is to be created in, such as `cn-hangzhou`.
    pub region: Option<String>,
    /// Machine types by their name (`EcsSpec`).
    pub machines: BTreeMap<String, Machine>,
    /// Images by their id (`ImageId`).
    pub images: BTreeMap<String, Image>,
    /// Registered datasets by their id (`DatasetId`).
    pub datasets: BTreeMap<String, Registered>,
    /// Names of the instances that there are, whoever pays for them (`InstanceName`).
    pub instance_names: BTreeSet<String>,
    /// What the person has said of environment variables.
    pub secrecy: Secrecy,
    /// What an hour of a machine type costs, by its name (`EcsSpec`).
    pub prices: BTreeMap<String, Price>,
    /// What the team allows. There is one as long as the program runs, so nothing has to own it.
    pub policy: Option<&'static dyn Team>,
}

/// What an hour of a machine type costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// How much.
    pub amount: Amount,
    /// Of which currency, such as `CNY`; empty where that is not known.
    pub currency: String,
}

/// What is known of a machine type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// Whether it has GPUs.
    pub gpu: bool,
    /// Whether it can be had pay-as-you-go (`IsAvailable`), where that is known.
    pub available: Option<bool>,
    /// Whether there are spot machines of this type (`SpotStockStatus` is `WithStock`), where that is known.
    pub spot_stock: Option<bool>,
}

/// What is known of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Whether it is made for GPUs (label `system.chipType` is `GPU`).
    pub gpu: bool,
}

/// What is known of a registered dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registered {
    /// Kind of storage that holds its data (`DataSourceType`), where that is known.
    pub storage: Option<Scheme>,
    /// Whether it can only be read (`MountAccess` is `RO`), where that is known.
    pub read_only: Option<bool>,
}

/// One finding of a review.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Id of the rule.
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// The fields concerned, never empty. The first is the one most likely to change.
    pub paths: Vec<Path>,
    /// Values for the message, by name. Messages are made from code and parameters where they are
    /// shown, in the reader's language.
    pub params: Params,
    /// An edit that mends it, where there is an obvious one.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// The field most likely to change.
    pub fn path(&self) -> &Path {
        &self.paths[0]
    }

    /// The parameter of this name; empty where there is none.
    pub fn param(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(key, _)| *key == name)
            .map_or("", |(_, value)| value)
    }
}

/// Named values for a message.
pub type Params = Vec<(&'static str, String)>;

/// An edit that mends a finding: changes made in this order, as one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix(pub Vec<Change>);

/// One change of a [`Fix`].
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Gives the field this value.
    Set(Path, Value),
    /// Clears the field, or takes the row away.
    Clear(Path),
    /// Takes the first row of a list away and puts it back so that it has the second number.
    Move(Path, usize, usize),
}

impl Fix {
    /// Gives one field a value.
    pub fn set(path: Path, value: impl Into<Value>) -> Self {
        Self(vec![Change::Set(path, value.into())])
    }

    /// Clears one field, or takes one row away.
    pub fn clear(path: Path) -> Self {
        Self(vec![Change::Clear(path)])
    }
}

impl Change {
    /// What is changed.
    pub fn path(&self) -> &Path {
        match self {
            Self::Set(path, _) | Self::Clear(path) | Self::Move(path, ..) => path,
        }
    }

    fn path_mut(&mut self) -> &mut Path {
        match self {
            Self::Set(path, _) | Self::Clear(path) | Self::Move(path, ..) => path,
        }
    }
}

/// Collects what the rules report.
#[derive(Debug)]
pub struct Findings<'a> {
    rule: &'a Rule,
    found: &'a mut Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    /// Collects what this rule reports.
    pub(crate) fn of(rule: &'a Rule, found: &'a mut Vec<Diagnostic>) -> Self {
        Self { rule, found }
    }

    /// Reports a breach at this place; what is returned takes parameters and a fix.
    pub fn at(&mut self, path: Path) -> &mut Diagnostic {
        self.at_all(vec![path])
    }

    /// Reports a breach at several places, that most likely to change first.
    ///
    /// # Panics
    ///
    /// When there is none: a finding has to stand somewhere.
    pub fn at_all(&mut self, paths: Vec<Path>) -> &mut Diagnostic {
        assert!(!paths.is_empty(), "a finding stands at a field");
        self.found.push(Diagnostic {
            code: self.rule.id,
            severity: self.rule.severity,
            paths,
            params: Vec::new(),
            fix: None,
        });
        self.found.last_mut().expect("just pushed")
    }

    // Most rules say where in one of these ways. That they take slices keeps the rules small, and the page.

    /// Reports a breach at the field to which these lead, each inside the one before it.
    pub fn on(&mut self, fields: &[Field]) -> &mut Diagnostic {
        self.at(Path::of(fields))
    }

    /// Reports a breach at all of these fields, which stand side by side.
    pub fn on_each(&mut self, fields: &[Field]) -> &mut Diagnostic {
        self.at_all(fields.chunks(1).map(Path::of).collect())
    }

    /// Reports a breach at a field of a row of the list to which these fields lead.
    pub fn in_row(&mut self, list: &[Field], row: usize, field: Field) -> &mut Diagnostic {
        self.at(Path::of(list).join(row).join(field))
    }
}

impl Diagnostic {
    /// Adds a value for the message.
    pub fn with(&mut self, name: &'static str, value: impl ToString) -> &mut Self {
        self.params.push((name, value.to_string()));
        self
    }

    /// Adds the edit that mends it.
    pub fn mended_by(&mut self, fix: Fix) -> &mut Self {
        self.fix = Some(fix);
        self
    }

    /// Adds the edit that gives the field most likely to change another value, where there is one.
    pub(crate) fn mended_to(&mut self, value: Option<impl Into<Value>>) -> &mut Self {
        if let Some(value) = value {
            self.fix = Some(Fix::set(self.path().clone(), value));
        }
        self
    }

    /// Adds the edit that clears the field, or takes the row away, that is most likely to change.
    pub(crate) fn mended_by_clearing(&mut self) -> &mut Self {
        let path = self.path().clone();
        self.mended_by(Fix::clear(path))
    }

    /// Says that this case is less grave than the rule's others.
    pub fn warn(&mut self) -> &mut Self {
        self.severity = Severity::Warning;
        self
    }

    /// Counts paths from the root that were counted from this place.
    pub(crate) fn place_in(&mut self, base: &Path) {
        for path in &mut self.paths {
            *path = base.concat(path);
        }
        for change in self.fix.iter_mut().flat_map(|fix| &mut fix.0) {
            *change.path_mut() = base.concat(change.path());
        }
    }
}

/// All rules, file by file.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        basics::RULES,
        compute::RULES,
        size::RULES,
        spot::RULES,
        image::RULES,
        storage::RULES,
        datasets::RULES,
        mounts::RULES,
        network::RULES,
        forwards::RULES,
        environment::RULES,
        credentials::RULES,
        labels::RULES,
        advanced::RULES,
    ]
    .into_iter()
    .flatten()
}

/// The rules that the review of drafts raises. They hold for all fields that declare closed choices
/// or a shape, or speak of what a typed request cannot hold: a value of another type, an unknown
/// member, a name twice.
pub const OF_DRAFTS: &[(&str, Severity, Source)] = &[
    // Closed choices that have a rule of their own. R91, another one, asks for a choice besides.
    ("R48", Severity::Error, Source::Documented),
    ("R58", Severity::Error, Source::Documented),
    ("R68", Severity::Error, Source::Policy),
    ("R85", Severity::Error, Source::Documented),
    // What is empty is left out of the body, so nothing is there to be refused.
    ("R109", Severity::Warning, Source::Policy),
    ("R110", Severity::Warning, Source::Policy),
    ("R111", Severity::Error, Source::Documented),
    ("R112", Severity::Error, Source::Documented),
    ("R113", Severity::Warning, Source::Inferred),
];

/// The ids of all rules, each once, be they of [`all`], of [`crate::violation::RULES`] or of
/// [`OF_DRAFTS`].
pub fn ids() -> BTreeSet<&'static str> {
    let of_drafts = OF_DRAFTS.iter().map(|(id, ..)| *id);
    let single = crate::violation::RULES.iter().map(|(id, _)| *id);
    let written = all().map(|rule| rule.id);
    written.chain(single).chain(of_drafts).collect()
}

/// Where the rule of this id comes from, be it one of [`all`], of [`crate::violation::RULES`] or
/// of [`OF_DRAFTS`].
pub fn source(id: &str) -> Option<Source> {
    let of_drafts = OF_DRAFTS.iter().map(|(known, _, source)| (*known, *source));
    let single = crate::violation::RULES.iter().copied();
    let written = all().map(|rule| (rule.id, rule.source));
    written
        .chain(single)
        .chain(of_drafts)
        .find(|(known, _)| *known == id)
        .map(|(_, source)| source)
}

/// Brings findings into form order.
pub fn sort(found: &mut [Arc<Diagnostic>]) {
    found.sort_by(|a, b| order(a, b));
}

/// Form order: by path, then by rule.
pub fn order(a: &Diagnostic, b: &Diagnostic) -> Ordering {
    // Ids are compared as numbers are: R20 before R100.
    a.path()
        .cmp(b.path())
        .then_with(|| (a.code.len(), a.code).cmp(&(b.code.len(), b.code)))
}

/// Whether the instance runs on a resource quota.
fn has_quota(request: &CreateInstanceRequest) -> bool {
    request.resource_id.is_set()
}

/// Why a text is not a JSON object; nothing if it is one.
pub(crate) fn not_an_object(text: &str) -> Option<String> {
    match json::parse(text) {
        Ok(Value::Object(_)) => None,
        Ok(_) => Some("it is another value".to_owned()),
        Err(problem) => Some(problem.to_string()),
    }
}

/// A value that may be absent. What is empty is not sent, so to the rules it is not there.
trait Optional {
    /// Whether it is there and not empty.
    fn is_set(&self) -> bool;
}

impl<T: Blank> Optional for Option<T> {
    fn is_set(&self) -> bool {
        self.as_ref().is_some_and(|value| !value.is_blank())
    }
}

/// A text that may be absent.
trait Text {
    /// The text; empty where there is none.
    fn text(&self) -> &str;
}

impl Text for Option<String> {
    fn text(&self) -> &str {
        self.as_deref().unwrap_or_default()
    }
}

/// A value that can be empty.
///
/// Comparing with a default value would say the same, but the code that compares all that a list or struct can
/// hold would be downloaded.
trait Blank {
    fn is_blank(&self) -> bool;
}

impl Blank for String {
    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

impl Blank for Secret {
    fn is_blank(&self) -> bool {
        // Exposed to see that there is something.
        self.expose().is_empty()
    }
}

impl<T> Blank for Vec<T> {
    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

impl Blank for Map<String, Value> {
    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

impl<T> Blank for BTreeMap<String, T> {
    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

/// Whether none of these texts is set.
fn are_blank(texts: &[&Option<String>]) -> bool {
    !texts.iter().any(|text| text.is_set())
}

impl Blank for SpotSpec {
    fn is_blank(&self) -> bool {
        let Self {
            spot_strategy,
            spot_price_limit,
            spot_duration,
            spot_discount_limit,
        } = self;
        are_blank(&[
            spot_strategy,
            spot_price_limit,
            spot_duration,
            spot_discount_limit,
        ])
    }
}

impl Blank for RequestedResource {
    fn is_blank(&self) -> bool {
        let Self {
            cpu,
            memory,
            shared_memory,
            gpu,
            gpu_type,
        } = self;
        are_blank(&[cpu, memory, shared_memory, gpu, gpu_type])
    }
}

impl Blank for AssignNodeSpec {
    fn is_blank(&self) -> bool {
        let Self {
            node_names,
            anti_affinity_node_names,
        } = self;
        are_blank(&[node_names, anti_affinity_node_names])
    }
}

impl Blank for BandwidthLimit {
    fn is_blank(&self) -> bool {
        let Self {
            ingress_rate,
            egress_rate,
            ingress_whitelists,
            egress_whitelists,
        } = self;
        are_blank(&[ingress_rate, egress_rate])
            && !ingress_whitelists.is_set()
            && !egress_whitelists.is_set()
    }
}

#[cfg(test)]
mod tests {
    use super::testing::Entry;
    use super::*;
    use crate::violation;

    /// How many rules have this id, be they written here, on their fields or for drafts.
    fn homes(id: &str) -> usize {
        let written = all().map(|rule| rule.id);
        let single = violation::RULES.iter().map(|(id, _)| *id);
        let of_drafts = OF_DRAFTS.iter().map(|(id, ..)| *id);
        written
            .chain(single)
            .chain(of_drafts)
            .filter(|known| *known == id)
            .count()
    }

    #[test]
    fn rules_have_one_home() {
        for id in (1..=113).map(|number| format!("R{number:02}")) {
            // R102 is a limit of one field, and a warning about another.
            assert_eq!(homes(&id), if id == "R102" { 2 } else { 1 }, "{id}");
        }
    }

    #[test]
    fn all_rules_are_named() {
        let catalogue = Entry::all();
        let all: BTreeSet<_> = catalogue.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids(), all);
    }

    #[test]
    fn rules_agree_with_the_catalogue() {
        let catalogue = Entry::all();
        let entry = |id: &str| catalogue.iter().find(|entry| entry.id == id).expect(id);
        for rule in all() {
            assert!(entry(rule.id).has(rule.severity), "{}", rule.id);
            assert_eq!(rule.source, entry(rule.id).source(), "{}", rule.id);
        }
        for (id, known) in violation::RULES {
            assert!(entry(id).has(Severity::Error), "{id}");
            assert_eq!(*known, entry(id).source(), "{id}");
        }
        for (id, severity, known) in OF_DRAFTS {
            // The catalogue gives no severity to R109: it says to drop the value.
            assert!(entry(id).has(*severity) || *id == "R109", "{id}");
            assert_eq!(*known, entry(id).source(), "{id}");
        }
        for entry in &catalogue {
            let known = homes(&entry.id) > 0;
            assert_eq!(
                source(&entry.id),
                known.then(|| entry.source()),
                "{}",
                entry.id
            );
        }
    }

    #[test]
    fn parameters_serve_the_messages() {
        let body = serde_json::json!({
            "InstanceName": "a23456789b123456789c123456789",
            "Priority": 10,
            "DockerConfig": { "Enable": true, "ContainersLimit": 0 },
            "ImageUrl": "registry.cn-shanghai.aliyuncs.com/a/b",
            "ImageAuth": "not Base64",
            "UserVpc": { "VSwitchId": "vsw-1", "ExtendedCIDRs": ["10.0.0.1/8", "x"] },
        });
        let context = Context {
            region: Some("cn-hangzhou".to_owned()),
            ..Context::default()
        };
        let request = crate::descriptor::Describe::read(body.as_object().expect("an object"));
        let found = crate::judge(&request, &context);
        for (code, params) in [
            ("R04", vec![("length", "29"), ("limit", "27")]),
            ("R72", vec![("value", "10"), ("min", "1"), ("max", "9")]),
            ("R102", vec![("value", "0"), ("min", "1")]),
            // Nothing of a secret is told.
            ("R12", vec![]),
            (
                "R15",
                vec![("named", "cn-shanghai"), ("region", "cn-hangzhou")],
            ),
            ("R52", vec![("part", "VSwitchId")]),
            ("R55", vec![("item", "x")]),
            (
                "R56",
                vec![("item", "10.0.0.1/8"), ("network", "10.0.0.0/8")],
            ),
        ] {
            let diagnostic = found.iter().find(|found| found.code == code).expect(code);
            let told: Vec<_> = diagnostic
                .params
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            assert_eq!(told, params, "{code}");
        }
    }
}
