//! What the service offers for a field: its lists, read into [`Offer`]s that can be searched and filtered, and what
//! the rules learn from them.
//!
//! The service's answers are documented loosely (a size without a unit, a price without a period), so everything is
//! read with care: what is missing or of another type is not known, and shown as that.

use dsw_model::descriptor::Source;
use dsw_model::grammar::Scheme;
use dsw_model::rules::{Context, Image, Machine, Price, Registered};
use serde_json::Value;

mod ask;
mod instances;

pub use self::ask::{Ask, Part, asks, is_last_page, name_ask, names};
pub use self::instances::{Instance, instance_asks, read_instances, whole};
pub use dsw_model::amount::Amount;

/// Something that is known of an offer, and can be shown in a column or filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// `CPU` or `GPU` (machines: `AcceleratorType`; images: label `system.chipType`).
    Chip,
    /// Name of the GPU, such as `A10`.
    GpuModel,
    /// Number of GPUs.
    Gpus,
    /// Memory of each GPU, in GB as far as is known.
    GpuMemory,
    /// Number of vCPUs.
    Cores,
    /// Memory in GiB.
    Memory,
    /// Price of an hour.
    Price,
    /// Currency of the price, such as `CNY`.
    Currency,
    /// Whether it can be had: one of [`IN_STOCK`], [`NO_SPOT`], [`NO_STOCK`], or not known.
    Stock,
    /// Who made it: `Official`, `Custom` or what the service says.
    Origin,
    /// Framework without its version, such as `PyTorch`.
    Family,
    /// Framework with its version.
    Framework,
    /// Version of Python.
    Python,
    /// Version of CUDA.
    Cuda,
    /// Kind of storage, such as `OSS`.
    Storage,
    /// `RO` where it can only be read.
    Access,
    /// State of a workspace; only `ENABLED` is usable.
    Status,
    /// `true` of the workspace that is taken where none is named.
    Default,
    /// Kind of resource of a quota, such as `ECS` or `Lingjun`.
    Kind,
    /// What a quota holds in all, such as `CPU 128, Memory 512Gi`.
    Holds,
}

/// It can be had, as a spot machine too.
pub const IN_STOCK: &str = "yes";
/// It can be had, but not as a spot machine.
pub const NO_SPOT: &str = "no-spot";
/// It can not be had now.
pub const NO_STOCK: &str = "no";

/// One thing that can be picked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// What goes into the field.
    pub value: String,
    /// Its name for people; empty where the value is its name.
    pub name: String,
    /// A sentence about it; empty without one.
    pub note: String,
    texts: Vec<(Fact, String)>,
    amounts: Vec<(Fact, Amount)>,
}

impl Offer {
    /// A fact that is a text; empty where it is not known.
    pub fn text(&self, fact: Fact) -> &str {
        let found = self.texts.iter().find(|(known, _)| *known == fact);
        found.map_or("", |(_, text)| text)
    }

    /// A fact that is a number, where it is known.
    pub fn amount(&self, fact: Fact) -> Option<Amount> {
        let found = self.amounts.iter().find(|(known, _)| *known == fact);
        found.map(|(_, amount)| *amount)
    }

    fn tell(&mut self, fact: Fact, text: &str) {
        if !text.is_empty() {
            self.texts.push((fact, text.to_owned()));
        }
    }

    fn count(&mut self, fact: Fact, value: &Value) {
        if let Some(amount) = Amount::read(value) {
            self.amounts.push((fact, amount));
        }
    }
}

/// Which offers are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sieve {
    /// Words that value, name or note hold, in any case.
    pub words: String,
    /// Facts that have this text.
    pub texts: Vec<(Fact, String)>,
    /// Facts that are at least so much.
    pub at_least: Vec<(Fact, Amount)>,
    /// Facts that are at most so much.
    pub at_most: Vec<(Fact, Amount)>,
    /// Only what can be had.
    pub in_stock: bool,
}

impl Sieve {
    /// Whether an offer is shown. What is not known of it passes no filter that asks for it.
    pub fn lets_through(&self, offer: &Offer) -> bool {
        let texts = |(fact, wanted): &(Fact, String)| offer.text(*fact) == wanted;
        let least = |(fact, least): &(Fact, Amount)| offer.amount(*fact) >= Some(*least);
        let most = |(fact, most): &(Fact, Amount)| {
            offer.amount(*fact).is_some_and(|amount| amount <= *most)
        };
        let stock = || matches!(offer.text(Fact::Stock), IN_STOCK | NO_SPOT);
        if !(self.texts.iter().all(texts)
            && self.at_least.iter().all(least)
            && self.at_most.iter().all(most)
            && (!self.in_stock || stock()))
        {
            return false;
        }
        let words = self.words.to_lowercase();
        let mut held = [offer.value.as_str(), &offer.name, &offer.note].join("\n");
        for (fact, text) in &offer.texts {
            // Of these the page shows other words.
            if !matches!(fact, Fact::Stock | Fact::Access | Fact::Default) {
                held.push('\n');
                held.push_str(text);
            }
        }
        let held = held.to_lowercase();
        words.split_whitespace().all(|word| held.contains(word))
    }

    /// Sets or clears the text that a fact has to have.
    pub fn want(&mut self, fact: Fact, text: &str) {
        self.texts.retain(|(known, _)| *known != fact);
        if !text.is_empty() {
            self.texts.push((fact, text.to_owned()));
        }
    }

    /// Sets or clears the least of a fact.
    pub fn want_at_least(&mut self, fact: Fact, least: Option<Amount>) {
        want_limit(&mut self.at_least, fact, least);
    }

    /// Sets or clears the most of a fact.
    pub fn want_at_most(&mut self, fact: Fact, most: Option<Amount>) {
        want_limit(&mut self.at_most, fact, most);
    }
}

fn want_limit(limits: &mut Vec<(Fact, Amount)>, fact: Fact, limit: Option<Amount>) {
    limits.retain(|(known, _)| *known != fact);
    limits.extend(limit.map(|limit| (fact, limit)));
}

/// The texts that a fact has among these offers, each once, versions in their order.
pub fn texts(offers: &[Offer], fact: Fact) -> Vec<&str> {
    let mut found = Vec::new();
    for text in offers.iter().map(|offer| offer.text(fact)) {
        if !text.is_empty() && !found.contains(&text) {
            found.push(text);
        }
    }
    found.sort_by_key(|text| natural(text));
    found
}

/// A text by which `3.9` comes before `3.10`: its numbers all have as many digits.
fn natural(text: &str) -> String {
    const DIGITS: usize = 6;
    let mut key = String::new();
    let mut digits = String::new();
    for letter in text.chars().chain(['\0']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        if !digits.is_empty() {
            key.push_str(&"0".repeat(DIGITS.saturating_sub(digits.len())));
            key.push_str(&digits);
            digits.clear();
        }
        key.push(letter);
    }
    key
}

/// Reads one page of a list. What has no value for the field is left out, and so is what stands twice.
pub fn read(source: Source, page: &Value, offers: &mut Vec<Offer>) {
    for item in items(source, page) {
        let read = match source {
            Source::Workspaces => workspace,
            Source::Machines => machine,
            Source::Images => image,
            Source::Datasets => dataset,
            Source::Versions => version,
            Source::Quotas => quota,
        };
        let offer = read(item);
        if !offer.value.is_empty() && offers.iter().all(|known| known.value != offer.value) {
            offers.push(offer);
        }
    }
}

/// How many rows a page has, of use or not.
pub fn rows(source: Source, page: &Value) -> u64 {
    page[member(source)]
        .as_array()
        .map_or(0, |rows| rows.len() as u64)
}

/// Puts the cheapest machine first, and last those whose price is not known; the default workspace first, and last
/// those that are not usable. Other lists stay as they come.
pub fn sort(source: Source, offers: &mut [Offer]) {
    offers.sort_by_key(|offer| match source {
        Source::Machines => offer.amount(Fact::Price).unwrap_or(Amount::MAX),
        Source::Workspaces if offer.text(Fact::Status) != "ENABLED" => Amount::whole(2),
        Source::Workspaces if offer.text(Fact::Default).is_empty() => Amount::whole(1),
        _ => Amount::whole(0),
    });
}

/// Tells the rules what a page of a list says. A `sample` of machines says nothing of what can be had.
pub fn learn(source: Source, page: &Value, sample: bool, context: &mut Context) {
    for item in items(source, page) {
        let key = |member: &str| text(item, member).to_owned();
        match source {
            Source::Machines => {
                let stock = |member: &str| text(item, member);
                let machine = Machine {
                    gpu: text(item, "AcceleratorType") == "GPU",
                    available: item["IsAvailable"].as_bool().filter(|_| !sample),
                    spot_stock: match stock("SpotStockStatus") {
                        "WithStock" if !sample => Some(true),
                        "NoStock" if !sample => Some(false),
                        _ => None,
                    },
                };
                context.machines.insert(key("InstanceType"), machine);
                // What a sample says of money holds nowhere.
                if let Some(amount) = Amount::read(&item["Price"]).filter(|_| !sample) {
                    let currency = text(item, "Currency").to_owned();
                    let price = Price { amount, currency };
                    context.prices.insert(key("InstanceType"), price);
                }
            }
            Source::Images => {
                let gpu = match label(item, "system.chipType") {
                    "" => continue,
                    chip => chip.eq_ignore_ascii_case("GPU"),
                };
                context.images.insert(key("ImageId"), Image { gpu });
            }
            Source::Datasets => {
                let registered = Registered {
                    storage: match text(item, "DataSourceType") {
                        "OSS" => Some(Scheme::Oss),
                        "NAS" | "CPFS" | "BMCPFS" => Some(Scheme::Files),
                        _ => None,
                    },
                    read_only: match text(item, "MountAccess") {
                        "RO" => Some(true),
                        "RW" => Some(false),
                        _ => None,
                    },
                };
                context.datasets.insert(key("DatasetId"), registered);
            }
            Source::Workspaces | Source::Versions | Source::Quotas => {}
        }
    }
}

/// The member that holds the rows of a page.
fn member(source: Source) -> &'static str {
    match source {
        Source::Workspaces => "Workspaces",
        Source::Machines => "EcsSpecs",
        Source::Images => "Images",
        Source::Datasets => "Datasets",
        Source::Versions => "DatasetVersions",
        Source::Quotas => "Resources",
    }
}

/// The rows of a page.
fn items(source: Source, page: &Value) -> impl Iterator<Item = &Value> {
    let rows = page[member(source)].as_array().into_iter().flatten();
    // A resource of a workspace has quotas, and it is those that an instance runs on.
    rows.flat_map(move |row| match (source, row["Quotas"].as_array()) {
        (Source::Quotas, Some(quotas)) => quotas.iter(),
        _ => std::slice::from_ref(row).iter(),
    })
}

/// A member that is a text; empty where there is none.
fn text<'a>(item: &'a Value, member: &str) -> &'a str {
    item[member].as_str().unwrap_or_default()
}

/// The value of a label; empty where there is none.
fn label<'a>(item: &'a Value, key: &str) -> &'a str {
    let labels = item["Labels"].as_array().into_iter().flatten();
    let mut found = labels.filter(|label| text(label, "Key") == key);
    found.next().map_or("", |label| text(label, "Value"))
}

fn workspace(item: &Value) -> Offer {
    let name = match text(item, "DisplayName") {
        "" => text(item, "WorkspaceName"),
        name => name,
    };
    let mut offer = named(item, "WorkspaceId", name);
    offer.tell(Fact::Status, text(item, "Status"));
    if item["IsDefault"] == true {
        offer.tell(Fact::Default, "true");
    }
    offer
}

fn machine(item: &Value) -> Offer {
    let mut offer = named(item, "InstanceType", "");
    offer.tell(Fact::Chip, text(item, "AcceleratorType"));
    offer.tell(Fact::GpuModel, text(item, "GPUType"));
    offer.tell(Fact::Currency, text(item, "Currency"));
    offer.count(Fact::Gpus, &item["GPU"]);
    offer.count(Fact::GpuMemory, &item["GPUMemorySize"]);
    offer.count(Fact::Cores, &item["CPU"]);
    offer.count(Fact::Memory, &item["Memory"]);
    offer.count(Fact::Price, &item["Price"]);
    let stock = match (item["IsAvailable"].as_bool(), text(item, "SpotStockStatus")) {
        (Some(true), "NoStock") => NO_SPOT,
        (Some(true), _) => IN_STOCK,
        (Some(false), _) => NO_STOCK,
        (None, _) => "",
    };
    offer.tell(Fact::Stock, stock);
    offer
}

fn image(item: &Value) -> Offer {
    let mut offer = named(item, "ImageId", text(item, "Name"));
    let origin = match (label(item, "system.origin"), label(item, "system.official")) {
        ("", "true") => "Official",
        ("", _) => "Custom",
        (origin, _) => origin,
    };
    let framework = label(item, "system.framework");
    let (family, version) = framework.rsplit_once(' ').unwrap_or((framework, ""));
    let family = if version.starts_with(|first: char| first.is_ascii_digit()) {
        family
    } else {
        framework
    };
    offer.tell(Fact::Origin, origin);
    offer.tell(Fact::Family, family);
    offer.tell(Fact::Framework, framework);
    offer.tell(Fact::Chip, label(item, "system.chipType"));
    offer.tell(Fact::Python, label(item, "system.pythonVersion"));
    offer.tell(Fact::Cuda, label(item, "system.dsw.cudaVersion"));
    offer
}

fn dataset(item: &Value) -> Offer {
    let mut offer = named(item, "DatasetId", text(item, "Name"));
    offer.tell(Fact::Storage, text(item, "DataSourceType"));
    offer.tell(Fact::Access, text(item, "MountAccess"));
    offer
}

fn version(item: &Value) -> Offer {
    let mut offer = named(item, "VersionName", "");
    offer.tell(Fact::Storage, text(item, "DataSourceType"));
    offer.tell(Fact::Access, text(item, "MountAccess"));
    offer
}

fn quota(item: &Value) -> Offer {
    let name = match text(item, "DisplayName") {
        "" => text(item, "Name"),
        name => name,
    };
    let mut offer = named(item, "Id", name);
    if text(item, "QuotaType") == "MaxCompute" {
        // No instance runs on these.
        offer.value.clear();
    }
    let mut holds = String::new();
    for spec in item["Specs"].as_array().into_iter().flatten() {
        if !holds.is_empty() {
            holds.push_str(", ");
        }
        holds.push_str(text(spec, "Name"));
        holds.push(' ');
        holds.push_str(text(spec, "Value"));
    }
    offer.tell(Fact::Kind, text(item, "CardType"));
    offer.tell(Fact::Holds, &holds);
    offer
}

fn named(item: &Value, value: &str, name: &str) -> Offer {
    Offer {
        value: text(item, value).to_owned(),
        name: name.to_owned(),
        note: text(item, "Description").to_owned(),
        ..Offer::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn all(source: Source, page: &Value) -> Vec<Offer> {
        let mut offers = Vec::new();
        read(source, page, &mut offers);
        offers
    }

    fn values(offers: &[Offer]) -> Vec<&str> {
        offers.iter().map(|offer| offer.value.as_str()).collect()
    }

    fn machines() -> Value {
        let machine = |name: &str, gpu: u64, cores: u64, price: Value, stock: (bool, &str)| {
            json!({
                "InstanceType": name, "AcceleratorType": if gpu > 0 { "GPU" } else { "CPU" },
                "CPU": cores, "Memory": cores * 4, "GPU": gpu, "GPUType": if gpu > 0 { "A10" } else { "" },
                "GPUMemorySize": gpu * 24, "Price": price, "Currency": "CNY",
                "IsAvailable": stock.0, "SpotStockStatus": stock.1,
            })
        };
        json!({"TotalCount": 5, "EcsSpecs": [
            machine("ecs.g6.large", 0, 2, json!(0.5), (true, "WithStock")),
            machine("ecs.gn7i.xlarge", 1, 8, json!(12.71), (true, "NoStock")),
            machine("ecs.g6.xlarge", 0, 4, Value::Null, (false, "NoStock")),
            machine("ecs.c6.large", 0, 2, json!(0.4), (true, "WithStock")),
            {"InstanceType": "ecs.new"},
            {"InstanceType": "ecs.c6.large", "CPU": 99},
            {"InstanceType": 7},
            "text",
        ]})
    }

    #[test]
    fn machines_are_read_and_the_cheapest_comes_first() {
        let mut offers = all(Source::Machines, &machines());
        sort(Source::Machines, &mut offers);
        assert_eq!(
            values(&offers),
            [
                "ecs.c6.large",
                "ecs.g6.large",
                "ecs.gn7i.xlarge",
                "ecs.g6.xlarge",
                "ecs.new"
            ]
        );
        let gpu = &offers[2];
        assert_eq!(gpu.text(Fact::Chip), "GPU");
        assert_eq!(gpu.text(Fact::Stock), NO_SPOT);
        assert_eq!(gpu.amount(Fact::Price), Amount::parse("12.71"));
        assert_eq!(
            offers[0].amount(Fact::Cores),
            Some(Amount::whole(2)),
            "what stands twice counts once"
        );
        assert_eq!(offers[3].text(Fact::Stock), NO_STOCK);
        assert_eq!(offers[3].amount(Fact::Price), None, "unknown is not 0");
        assert_eq!(
            offers[4].text(Fact::Stock),
            "",
            "unknown is not out of stock"
        );
    }

    #[test]
    fn a_sieve_lets_through_what_it_asks_for() {
        let offers = all(Source::Machines, &machines());
        let through = |sieve: Sieve| {
            let kept: Vec<_> = offers
                .iter()
                .filter(|offer| sieve.lets_through(offer))
                .cloned()
                .collect();
            values(&kept).join(" ")
        };
        let everything = Sieve::default();
        assert_eq!(through(everything.clone()).split(' ').count(), 5);
        let mut gpu = everything.clone();
        gpu.want(Fact::Chip, "CPU");
        gpu.want(Fact::Chip, "GPU");
        assert_eq!(through(gpu), "ecs.gn7i.xlarge");
        let mut large = everything.clone();
        large.want_at_least(Fact::Memory, Some(Amount::whole(16)));
        assert_eq!(through(large.clone()), "ecs.gn7i.xlarge ecs.g6.xlarge");
        large.want_at_most(Fact::Price, Some(Amount::whole(20)));
        assert_eq!(
            through(large.clone()),
            "ecs.gn7i.xlarge",
            "no price passes no ceiling"
        );
        large.want_at_most(Fact::Price, None);
        assert_eq!(through(large), "ecs.gn7i.xlarge ecs.g6.xlarge");
        let stock = Sieve {
            in_stock: true,
            ..Sieve::default()
        };
        assert_eq!(through(stock), "ecs.g6.large ecs.gn7i.xlarge ecs.c6.large");
        for (words, wanted) in [
            ("A10", "ecs.gn7i.xlarge"),
            ("ecs LARGE c6", "ecs.c6.large"),
            ("yes", ""),
            ("nothing", ""),
        ] {
            let words = Sieve {
                words: words.to_owned(),
                ..Sieve::default()
            };
            assert_eq!(through(words.clone()), wanted, "{words:?}");
        }
    }

    #[test]
    fn images_tell_what_their_labels_say() {
        let labels = |labels: &[(&str, &str)]| {
            labels
                .iter()
                .map(|(key, value)| json!({"Key": key, "Value": value}))
                .collect::<Vec<_>>()
        };
        let page = json!({"Images": [
            {"ImageId": "image-1", "Name": "pytorch", "Labels": labels(&[
                ("system.chipType", "GPU"), ("system.framework", "PyTorch 2.3"),
                ("system.pythonVersion", "3.10"), ("system.dsw.cudaVersion", "12.1"),
                ("system.official", "true"),
            ])},
            {"ImageId": "image-2", "Name": "mine", "Labels": labels(&[
                ("system.framework", "Stable Diffusion"), ("system.pythonVersion", "3.9"),
                ("system.chipType", "CPU"),
            ])},
            {"ImageId": "image-3", "Labels": labels(&[("system.origin", "Community")])},
        ]});
        let offers = all(Source::Images, &page);
        let of = |fact| {
            offers
                .iter()
                .map(|offer| offer.text(fact))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(Fact::Origin), ["Official", "Custom", "Community"]);
        assert_eq!(of(Fact::Family), ["PyTorch", "Stable Diffusion", ""]);
        assert_eq!(texts(&offers, Fact::Python), ["3.9", "3.10"]);
        let mut context = Context::default();
        learn(Source::Images, &page, false, &mut context);
        assert_eq!(
            context.images.len(),
            2,
            "an image without the label may be for either"
        );
        assert!(context.images["image-1"].gpu && !context.images["image-2"].gpu);
    }

    #[test]
    fn rules_learn_what_can_be_had_unless_it_is_a_sample() {
        for (sample, available, spot) in [(false, Some(false), Some(false)), (true, None, None)] {
            let mut context = Context::default();
            learn(Source::Machines, &machines(), sample, &mut context);
            let machine = &context.machines["ecs.g6.xlarge"];
            assert_eq!(
                (machine.gpu, machine.available, machine.spot_stock),
                (false, available, spot)
            );
            assert!(context.machines["ecs.gn7i.xlarge"].gpu);
        }
    }

    #[test]
    fn rules_learn_where_datasets_lie_and_who_writes_them() {
        let dataset = |id: &str, kind: &str, access: &str| json!({"DatasetId": id, "Name": "n", "DataSourceType": kind, "MountAccess": access});
        let page = json!({"Datasets": [
            dataset("d-1", "OSS", "RO"), dataset("d-2", "BMCPFS", "RW"), dataset("d-3", "NEW", ""),
        ]});
        let mut context = Context::default();
        learn(Source::Datasets, &page, false, &mut context);
        let known = |id: &str| (context.datasets[id].storage, context.datasets[id].read_only);
        assert_eq!(known("d-1"), (Some(Scheme::Oss), Some(true)));
        assert_eq!(known("d-2"), (Some(Scheme::Files), Some(false)));
        assert_eq!(known("d-3"), (None, None));
        let offers = all(Source::Datasets, &page);
        assert_eq!(values(&offers), ["d-1", "d-2", "d-3"]);
        assert_eq!(offers[0].text(Fact::Access), "RO");
    }

    #[test]
    fn quotas_are_those_inside_of_the_resources() {
        let quota = |id: &str, kind: &str| {
            json!({"Id": id, "Name": "general", "DisplayName": "General", "QuotaType": kind, "CardType": "GPU",
                "Specs": [{"Name": "CPU", "Value": "128"}, {"Name": "Memory", "Value": "512Gi"}]})
        };
        let page = json!({"Resources": [
            {"Id": "group", "Quotas": [quota("quota1", "PAI"), quota("mc", "MaxCompute")]},
            {"Id": "alone", "Name": "old"},
        ]});
        let offers = all(Source::Quotas, &page);
        assert_eq!(values(&offers), ["quota1", "alone"]);
        assert_eq!(offers[0].name, "General");
        assert_eq!(offers[0].text(Fact::Holds), "CPU 128, Memory 512Gi");
    }

    #[test]
    fn workspaces_and_versions_have_their_names() {
        let page = json!({"Workspaces": [
            {"WorkspaceId": "1", "WorkspaceName": "a", "DisplayName": "A", "Status": "ENABLED"},
            {"WorkspaceId": "2", "WorkspaceName": "b", "Status": "FROZEN"},
        ]});
        let offers = all(Source::Workspaces, &page);
        assert_eq!(
            (offers[0].name.as_str(), offers[1].name.as_str()),
            ("A", "b")
        );
        assert_eq!(offers[1].text(Fact::Status), "FROZEN");
        let page = json!({"Workspaces": [
            {"WorkspaceId": "1", "Status": "FROZEN", "IsDefault": false},
            {"WorkspaceId": "2", "Status": "ENABLED", "IsDefault": false},
            {"WorkspaceId": "3", "Status": "ENABLED", "IsDefault": true},
            {"WorkspaceId": "4", "Status": "ENABLED"},
        ]});
        let mut offers = all(Source::Workspaces, &page);
        sort(Source::Workspaces, &mut offers);
        assert_eq!(values(&offers), ["3", "2", "4", "1"]);
        let page = json!({"DatasetVersions": [{"VersionName": "v1"}, {"VersionName": "v2"}]});
        assert_eq!(values(&all(Source::Versions, &page)), ["v1", "v2"]);
    }

    #[test]
    fn whatever_comes_is_read() {
        for page in [
            json!(null),
            json!([]),
            json!("x"),
            json!({"EcsSpecs": {}}),
            json!({"EcsSpecs": [null, 1, []]}),
        ] {
            for source in [
                Source::Workspaces,
                Source::Machines,
                Source::Images,
                Source::Datasets,
                Source::Versions,
                Source::Quotas,
            ] {
                assert!(all(source, &page).is_empty());
                let mut context = Context::default();
                learn(source, &page, false, &mut context);
            }
        }
    }
}
