//! What the page says about the gateway and about what is picked from lists.

use dsw_form::offers::{Amount, Fact, IN_STOCK, NO_SPOT, NO_STOCK, Offer};
use dsw_model::descriptor::Source;

use super::count;
use crate::gateway::{Mode, Refused};

/// Tone of a mode, its words, and what follows from it where there is room.
pub fn mode(mode: Mode) -> (&'static str, &'static str, &'static str) {
    match mode {
        Mode::Looking => ("", super::LOOKING, ""),
        Mode::Absent => ("", "No gateway", " · copy and download only"),
        Mode::Lost => ("warning", "Gateway not reachable", ""),
        Mode::Sandbox => ("info", "Sandbox", " · nothing real is created"),
        Mode::Live => ("warning", "Live", ""),
    }
}

/// Name of the choice of a region.
pub const REGION: &str = "Region";

/// What a region decides.
pub const REGION_HINT: &str = "Region: where lists come from and instances go. No part of the body";

/// The button that opens a list.
pub const CHOOSE: &str = "Choose";

/// Its whole name.
pub fn choose(label: &str) -> String {
    ["Choose: ", label, " from a list"].concat()
}

/// Name of the search in a list.
pub const SEARCH: &str = "Search";

/// No filter.
pub const ANY: &str = "Any";

/// The filter for what can be had.
pub const IN_STOCK_ONLY: &str = "In stock only";

/// Takes all filters away.
pub const CLEAR: &str = "Clear filters";

/// Fetches a list that could not be had.
pub const TRY_AGAIN: &str = "Try again";

/// Fetches a list that may have changed.
pub const LOAD_AGAIN: &str = "Load again";

/// Versions are asked for without a dataset.
pub const NO_DATASET: &str = "Enter a dataset first: versions belong to one.";

/// What a list holds: one, or many.
pub fn noun(source: Source, n: usize) -> &'static str {
    let (one, many) = match source {
        Source::Workspaces => ("Workspace", "Workspaces"),
        Source::Machines => ("Machine type", "Machine types"),
        Source::Images => ("Image", "Images"),
        Source::Datasets => ("Dataset", "Datasets"),
        Source::Versions => ("Version", "Versions"),
        Source::Quotas => ("Quota", "Quotas"),
    };
    if n == 1 { one } else { many }
}

/// The same inside of a sentence.
fn things(source: Source, n: usize) -> String {
    noun(source, n).to_ascii_lowercase()
}

/// A list is on its way.
pub fn coming(source: Source, got: u64, all: u64) -> String {
    let mut said = "Loading ".to_owned() + &things(source, 2);
    if got < all {
        said.push_str(": ");
        said.push_str(&got.to_string());
        said.push_str(" of ");
        said.push_str(&all.to_string());
    } else {
        said.push('…');
    }
    said
}

/// How many match the filters.
pub fn matching(source: Source, n: usize, all: usize) -> String {
    let mut said = String::new();
    if n != all {
        said.push_str(&n.to_string());
        said.push_str(" of ");
    }
    said.push_str(&all.to_string());
    said.push(' ');
    said.push_str(&things(source, all));
    said
}

/// Nothing is shown, because there is nothing, or nothing matches.
pub fn nothing(source: Source, is_empty: bool) -> &'static str {
    match (source, is_empty) {
        (_, false) => "Nothing matches these filters.",
        (Source::Quotas, _) => {
            "There are no quotas here. Buy one in the console, or pay as you go."
        }
        (Source::Datasets, _) => {
            "No datasets here. Register one in the console, or use an address."
        }
        _ => "The list is empty. Enter the value, or choose another region or workspace.",
    }
}

/// More rows can be shown.
pub fn more(n: usize) -> String {
    ["Show ", &n.to_string(), " more"].concat()
}

/// A value that is not on the list.
pub fn missing(value: &str) -> String {
    [value, " is not on this list. It is sent as entered."].concat()
}

/// The way to the text control.
pub fn other(source: Source) -> &'static str {
    match source {
        Source::Machines => "Enter a type that is not listed",
        Source::Versions => "Enter another version",
        _ => "Enter an ID that is not listed",
    }
}

/// Name of a filter.
pub fn filter(fact: Fact) -> &'static str {
    match fact {
        Fact::Chip => "Chip",
        Fact::GpuModel => "GPU model",
        Fact::Cores => "vCPU",
        Fact::Memory => "Memory",
        Fact::Price => "Price per hour",
        Fact::Origin => "Made by",
        Fact::Family => "Framework",
        Fact::Python => "Python",
        Fact::Cuda => "CUDA",
        Fact::Storage => "Storage",
        Fact::Kind => "Kind",
        _ => "",
    }
}

/// A limit to choose.
pub fn limit(fact: Fact, limit: u32, currency: &str) -> String {
    let limit = limit.to_string();
    match fact {
        Fact::Price => ["at most ", currency, " ", &limit].concat(),
        Fact::Memory => ["at least ", &limit, " GiB"].concat(),
        _ => "at least ".to_owned() + &limit,
    }
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Number, model and memory of the GPUs.
    Gpu,
    /// Number of vCPUs.
    Cores,
    /// Memory.
    Memory,
    /// Price of an hour.
    Price,
    /// Price of 30 days.
    Month,
    /// Whether it can be had.
    Stock,
    /// Who made it.
    Origin,
    /// Framework and version.
    Framework,
    /// For CPU or GPU.
    Chip,
    /// Version of Python.
    Python,
    /// Version of CUDA.
    Cuda,
    /// Kind of storage.
    Storage,
    /// Whether it can be written.
    Access,
    /// State of a workspace.
    Status,
    /// Kind of quota.
    Kind,
    /// What a quota holds.
    Holds,
}

/// Heading of a column. The currency is that of all prices, or empty.
pub fn heading(column: Column, currency: &str) -> String {
    match column {
        Column::Gpu => "GPU",
        Column::Cores => "vCPU",
        Column::Memory => "Memory",
        Column::Price if !currency.is_empty() => return currency.to_owned() + " per hour",
        Column::Price => "Per hour",
        Column::Month => "30 days",
        Column::Stock => "Stock",
        Column::Origin => "Made by",
        Column::Framework => "Framework",
        Column::Chip => "Chip",
        Column::Python => "Python",
        Column::Cuda => "CUDA",
        Column::Storage => "Storage",
        Column::Access => "Access",
        Column::Status => "State",
        Column::Kind => "Kind",
        Column::Holds => "In all",
    }
    .to_owned()
}

/// Hours of 30 days.
const MONTH: u32 = 720;

/// What a column says of an offer. What is not known is said to be, never 0.
pub fn cell(column: Column, offer: &Offer, currency: &str) -> String {
    let text = |fact| offer.text(fact).to_owned();
    let known = |fact| match offer.text(fact) {
        "" => "Unknown".to_owned(),
        text => text.to_owned(),
    };
    let number = |fact, unit: &str| match offer.amount(fact) {
        Some(amount) => amount.show(0) + unit,
        None => "Unknown".to_owned(),
    };
    let money = |show: fn(Amount) -> String| match offer.amount(Fact::Price) {
        Some(price) if currency.is_empty() => text(Fact::Currency) + " " + &show(price),
        Some(price) => show(price),
        None => "Unknown".to_owned(),
    };
    match column {
        Column::Gpu => gpu(offer),
        Column::Cores => number(Fact::Cores, ""),
        Column::Memory => number(Fact::Memory, " GiB"),
        Column::Price => money(|price| price.show(3)),
        Column::Month => money(|price| {
            let month = price.times(MONTH).rounded();
            month.show(if month < Amount::whole(1000) { 2 } else { 0 })
        }),
        Column::Stock => match offer.text(Fact::Stock) {
            IN_STOCK => "In stock",
            NO_SPOT => "No spot",
            NO_STOCK => "Sold out",
            _ => "Unknown",
        }
        .to_owned(),
        Column::Origin => text(Fact::Origin),
        Column::Framework => text(Fact::Framework),
        Column::Chip => known(Fact::Chip),
        Column::Python => text(Fact::Python),
        Column::Cuda => text(Fact::Cuda),
        Column::Storage => known(Fact::Storage),
        Column::Access => match offer.text(Fact::Access) {
            "RO" => "Read-only",
            "RW" => "Read-write",
            _ => "Unknown",
        }
        .to_owned(),
        Column::Status => match offer.text(Fact::Status) {
            "ENABLED" => "Usable",
            "INITIALIZING" => "Being set up",
            "FAILURE" => "Failed",
            "DISABLED" => "Disabled",
            "FROZEN" => "Frozen",
            "UPDATING" => "Being updated",
            "" => "Unknown",
            other => other,
        }
        .to_owned(),
        Column::Kind => text(Fact::Kind),
        Column::Holds => text(Fact::Holds),
    }
}

/// The GPUs of a machine: `1 × A10 24 GB`.
fn gpu(offer: &Offer) -> String {
    let Some(count) = offer.amount(Fact::Gpus) else {
        return "Unknown".to_owned();
    };
    if count.is_zero() {
        return "None".to_owned();
    }
    let mut said = count.show(0) + " × ";
    said.push_str(match offer.text(Fact::GpuModel) {
        "" => "GPU",
        model => model,
    });
    if let Some(memory) = offer
        .amount(Fact::GpuMemory)
        .filter(|memory| !memory.is_zero())
    {
        said.push(' ');
        said.push_str(&memory.show(0));
        said.push_str(" GB");
    }
    said
}

/// What a column says, in a line with others.
pub fn in_line(column: Column, text: &str) -> String {
    match column {
        Column::Gpu if text == "None" => "no GPU".to_owned(),
        Column::Cores => text.to_owned() + " vCPU",
        Column::Python => "Python ".to_owned() + text,
        Column::Cuda => "CUDA ".to_owned() + text,
        Column::Stock | Column::Access | Column::Status => text.to_ascii_lowercase(),
        _ => text.to_owned(),
    }
}

/// The tone of what a column says, where it is a badge.
pub fn tone(column: Column, offer: &Offer) -> Option<&'static str> {
    match (column, offer.text(Fact::Stock), offer.text(Fact::Status)) {
        (Column::Stock, IN_STOCK, _) | (Column::Status, _, "ENABLED") => Some("ok"),
        (Column::Stock, NO_SPOT | NO_STOCK, _) | (Column::Status, ..) => Some("warning"),
        (Column::Stock, ..) => Some(""),
        _ => None,
    }
}

/// Where a list comes from.
pub fn whence(source: Source, sandbox: bool, time: &str) -> String {
    match (source, sandbox) {
        (Source::Machines, true) => "Sandbox sample prices, not an offer.".to_owned(),
        (_, true) => "Sandbox samples.".to_owned(),
        (Source::Machines, false) => {
            ["List prices as the service told them at ", time, "."].concat()
        }
        (_, false) => ["As the service told at ", time, "."].concat(),
    }
}

/// A sample of machine types.
pub fn sample(day: &str) -> String {
    [
        "A sample of ",
        day,
        ", as there is no gateway. Prices are no offer; types and stock may differ.",
    ]
    .concat()
}

/// What a list lacks while no workspace is entered.
pub fn lacks(source: Source, workspace: &str) -> &'static str {
    match source {
        _ if !workspace.is_empty() => "",
        Source::Images => "Enter a workspace to see its own images too.",
        Source::Datasets => "No workspace is entered: these are of the default workspace.",
        _ => "",
    }
}

/// Why a list can not be had: in short, and what to do.
pub fn refused(source: Source, refused: &Refused) -> (String, String) {
    let title = noun(source, 2).to_owned() + " could not be loaded.";
    (title, reason(refused, right(source)))
}

/// The right that a list takes, as far as that is known.
fn right(source: Source) -> &'static str {
    match source {
        Source::Machines => "paidsw:ListEcsSpecs",
        Source::Workspaces => "aiworkspace:ListWorkspaces",
        Source::Datasets => "paidataset:ListDatasets",
        Source::Images | Source::Versions | Source::Quotas => "",
    }
}

/// Why a call failed, and what to do, with code and request id. `right` is what the call takes; empty where that is
/// not known.
pub fn reason(refused: &Refused, right: &str) -> String {
    let (code, message) = (refused.upstream("code"), refused.upstream("message"));
    let mut said = match refused.code.as_str() {
        Refused::UNREACHABLE => {
            return "The gateway does not answer. See that it runs and that you are online."
                .to_owned();
        }
        Refused::TIMED_OUT => return "The gateway did not answer in time.".to_owned(),
        Refused::NO_REPLY => {
            let status = refused.status.to_string();
            return [
                "The answer is none of a gateway's (status ",
                &status,
                "). See its address.",
            ]
            .concat();
        }
        "TOKEN_REQUIRED" => {
            "The gateway wants its access token. Open the address that it printed at its start."
                .to_owned()
        }
        "UPSTREAM_REFUSED" if !message.is_empty() => ["The service refused: ", message].concat(),
        _ => refused.message.clone(),
    };
    if let Some(seconds) = refused.retry_after {
        said.push_str(" Wait ");
        said.push_str(&count(
            usize::try_from(seconds).unwrap_or_default(),
            "second",
        ));
        said.push('.');
    }
    let denied = refused.document["error"]["upstream"]["status"].as_u64() == Some(403)
        || code.contains("Forbidden")
        || code.contains("NoPermission");
    if denied && !right.is_empty() {
        said.push_str(" The key of the gateway needs the right ");
        said.push_str(right);
        said.push('.');
    }
    let id = match refused.upstream("requestId") {
        "" => refused.request_id.as_str(),
        id => id,
    };
    said.push_str(" Code ");
    said.push_str(if code.is_empty() { &refused.code } else { code });
    if !id.is_empty() {
        said.push_str(", request ");
        said.push_str(id);
    }
    said.push('.');
    said
}

/// What goes before the price of the machine that is chosen.
pub const ESTIMATE: &str = "Machine";

/// What it costs: the most that is paid, and how that comes about. A spot machine costs no more than the regular
/// price, nor than the ceiling if there is one.
pub fn estimate(
    price: Amount,
    ceiling: Option<Amount>,
    currency: &str,
    spot: bool,
    whence: &str,
) -> [String; 2] {
    let most = ceiling.map_or(price, |ceiling| ceiling.min(price));
    let mut said = if spot { " at most " } else { " " }.to_owned();
    for part in [currency, " ", &most.show(3), " per hour, "] {
        said.push_str(part);
    }
    said.push_str(&most.times(MONTH).show(2));
    said.push_str(" for 30 days.");
    let mut more = " ".to_owned();
    if spot {
        for part in ["The regular price is ", currency, " ", &price.show(3), ". "] {
            more.push_str(part);
        }
    }
    more.push_str(whence);
    [said, more]
}

/// The price is that of a sample.
pub fn sample_price(day: &str) -> String {
    ["Sample price of ", day, ", not an offer."].concat()
}

/// What a machine costs is not known.
pub const NO_PRICE: &str = ": price unknown. The list of machine types does not tell it.";
