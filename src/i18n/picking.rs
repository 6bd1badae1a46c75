//! What the page says about the gateway and about what is picked from lists.

use dsw_form::offers::{Amount, Fact, IN_STOCK, NO_SPOT, NO_STOCK, Offer};
use dsw_model::descriptor::Source;
use dsw_words::{fill, number, put, several, tr};

use crate::gateway::{Mode, Refused};
use crate::language::gap;

/// Tone of a mode, its words, and what follows from it where there is room.
pub fn mode(mode: Mode) -> (&'static str, &'static str, &'static str) {
    match mode {
        Mode::Looking => ("", super::looking(), ""),
        Mode::Absent => ("", tr("No gateway"), tr(" · copy and download only")),
        Mode::Offline => ("warning", tr("Offline"), tr(" · copy and download only")),
        Mode::Lost => ("warning", tr("Gateway not reachable"), ""),
        Mode::Sandbox => ("info", tr("Sandbox"), tr(" · nothing real is created")),
        Mode::Live => ("warning", tr("Live"), ""),
    }
}

/// Name of the choice of a region.
pub fn region() -> &'static str {
    tr("Region")
}

/// Name of a region: as the page knows it, else as the gateway says it.
pub fn region_name<'a>(id: &str, name: &'a str) -> &'a str {
    match id {
        "cn-hangzhou" => tr("China (Hangzhou)"),
        "cn-shanghai" => tr("China (Shanghai)"),
        "cn-beijing" => tr("China (Beijing)"),
        "cn-shenzhen" => tr("China (Shenzhen)"),
        "cn-wulanchabu" => tr("China (Ulanqab)"),
        "cn-guangzhou" => tr("China (Guangzhou)"),
        "cn-hongkong" => tr("China (Hong Kong)"),
        "cn-shanghai-finance-1" => tr("China East 2 Finance"),
        "ap-southeast-1" => tr("Singapore"),
        "ap-southeast-3" => tr("Malaysia (Kuala Lumpur)"),
        "ap-southeast-5" => tr("Indonesia (Jakarta)"),
        "ap-northeast-1" => tr("Japan (Tokyo)"),
        "ap-northeast-2" => tr("South Korea (Seoul)"),
        "ap-south-1" => tr("India (Mumbai)"),
        "eu-central-1" => tr("Germany (Frankfurt)"),
        "us-east-1" => tr("US (Virginia)"),
        "us-west-1" => tr("US (Silicon Valley)"),
        _ => name,
    }
}

/// What a region decides.
pub fn region_hint() -> &'static str {
    tr("Region: where lists come from and instances go. No part of the body")
}

/// The button that opens a list.
pub fn choose_button() -> &'static str {
    tr("Choose")
}

/// Its whole name.
pub fn choose(label: &str) -> String {
    fill("Choose: {} from a list", &[label])
}

/// Name of the search in a list.
pub fn search() -> &'static str {
    tr("Search")
}

/// No filter.
pub fn any() -> &'static str {
    tr("Any")
}

/// The filter for what can be had.
pub fn in_stock_only() -> &'static str {
    tr("In stock only")
}

/// Takes all filters away.
pub fn clear() -> &'static str {
    tr("Clear filters")
}

/// Fetches a list that could not be had.
pub fn try_again() -> &'static str {
    tr("Try again")
}

/// Fetches a list that may have changed.
pub fn load_again() -> &'static str {
    tr("Load again")
}

/// Versions are asked for without a dataset.
pub fn no_dataset() -> &'static str {
    tr("Enter a dataset first: versions belong to one.")
}

/// What a list holds: one, or many.
pub fn noun(source: Source, n: usize) -> &'static str {
    let (one, many) = match source {
        Source::Workspaces => (tr("Workspace"), tr("Workspaces")),
        Source::Machines => (tr("Machine type"), tr("Machine types")),
        Source::Images => (tr("Image"), tr("Images")),
        Source::Datasets => (tr("Dataset"), tr("Datasets")),
        Source::Versions => (tr("Version"), tr("Versions")),
        Source::Quotas => (tr("Quota"), tr("Quotas")),
    };
    if n == 1 { one } else { many }
}

/// A list is on its way.
pub fn coming(source: Source, got: u64, all: u64) -> String {
    if got < all {
        let so_far = match source {
            Source::Workspaces => tr("Loading workspaces: {} of {}"),
            Source::Machines => tr("Loading machine types: {} of {}"),
            Source::Images => tr("Loading images: {} of {}"),
            Source::Datasets => tr("Loading datasets: {} of {}"),
            Source::Versions => tr("Loading versions: {} of {}"),
            Source::Quotas => tr("Loading quotas: {} of {}"),
        };
        return put(so_far, &[&got.to_string(), &all.to_string()]);
    }
    match source {
        Source::Workspaces => tr("Loading workspaces…"),
        Source::Machines => tr("Loading machine types…"),
        Source::Images => tr("Loading images…"),
        Source::Datasets => tr("Loading datasets…"),
        Source::Versions => tr("Loading versions…"),
        Source::Quotas => tr("Loading quotas…"),
    }
    .to_owned()
}

/// How many match the filters.
pub fn matching(source: Source, n: usize, all: usize) -> String {
    let there = match source {
        Source::Workspaces => several(all, "{} workspace", "{} workspaces"),
        Source::Machines => several(all, "{} machine type", "{} machine types"),
        Source::Images => several(all, "{} image", "{} images"),
        Source::Datasets => several(all, "{} dataset", "{} datasets"),
        Source::Versions => several(all, "{} version", "{} versions"),
        Source::Quotas => several(all, "{} quota", "{} quotas"),
    };
    if n == all {
        there
    } else {
        fill("{} of {}", &[&number(n), &there])
    }
}

/// Nothing is shown, because there is nothing, or nothing matches.
pub fn nothing(source: Source, is_empty: bool) -> &'static str {
    match (source, is_empty) {
        (_, false) => tr("Nothing matches these filters."),
        (Source::Quotas, _) => {
            tr("There are no quotas here. Buy one in the console, or pay as you go.")
        }
        (Source::Datasets, _) => {
            tr("No datasets here. Register one in the console, or use an address.")
        }
        _ => tr("The list is empty. Enter the value, or choose another region or workspace."),
    }
}

/// More rows can be shown.
pub fn more(n: usize) -> String {
    fill("Show {} more", &[&number(n)])
}

/// A value that is not on the list.
pub fn missing(value: &str) -> String {
    fill("{} is not on this list. It is sent as entered.", &[value])
}

/// The way to the text control.
pub fn other(source: Source) -> &'static str {
    match source {
        Source::Machines => tr("Enter a type that is not listed"),
        Source::Versions => tr("Enter another version"),
        _ => tr("Enter an ID that is not listed"),
    }
}

/// Name of a filter.
pub fn filter(fact: Fact) -> &'static str {
    match fact {
        Fact::Chip => tr("Chip"),
        Fact::GpuModel => tr("GPU model"),
        Fact::Cores => "vCPU",
        Fact::Memory => tr("Memory"),
        Fact::Price => tr("Price per hour"),
        Fact::Origin => tr("Made by"),
        Fact::Family => tr("Framework"),
        Fact::Python => "Python",
        Fact::Cuda => "CUDA",
        Fact::Storage => tr("Storage"),
        Fact::Kind => tr("Kind"),
        _ => "",
    }
}

/// What the service's word for a fact is in the present language; the word itself where it is a name.
pub fn value(fact: Fact, word: &str) -> &str {
    match (fact, word) {
        (Fact::Origin, "Official") => tr("Official"),
        (Fact::Origin, "Custom") => tr("Custom"),
        (Fact::Origin, "Community") => tr("Community"),
        _ => word,
    }
}

/// A limit to choose.
pub fn limit(fact: Fact, limit: u32, currency: &str) -> String {
    let limit = limit.to_string();
    match fact {
        Fact::Price => fill("at most {} {}", &[currency, &limit]),
        Fact::Memory => fill("at least {} GiB", &[&limit]),
        _ => fill("at least {}", &[&limit]),
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
        Column::Memory => tr("Memory"),
        Column::Price if !currency.is_empty() => return fill("{} per hour", &[currency]),
        Column::Price => tr("Per hour"),
        Column::Month => tr("30 days"),
        Column::Stock => tr("Stock"),
        Column::Origin => tr("Made by"),
        Column::Framework => tr("Framework"),
        Column::Chip => tr("Chip"),
        Column::Python => "Python",
        Column::Cuda => "CUDA",
        Column::Storage => tr("Storage"),
        Column::Access => tr("Access"),
        Column::Status => tr("State"),
        Column::Kind => tr("Kind"),
        Column::Holds => tr("In all"),
    }
    .to_owned()
}

/// Hours of 30 days.
const MONTH: u32 = 720;

/// What a column says of an offer. What is not known is said to be, never 0.
pub fn cell(column: Column, offer: &Offer, currency: &str) -> String {
    let text = |fact| offer.text(fact).to_owned();
    let known = |fact| match offer.text(fact) {
        "" => tr("Unknown").to_owned(),
        text => text.to_owned(),
    };
    let number = |fact, unit: &str| match offer.amount(fact) {
        Some(amount) => amount.show(0) + unit,
        None => tr("Unknown").to_owned(),
    };
    let money = |show: fn(Amount) -> String| match offer.amount(Fact::Price) {
        Some(price) if currency.is_empty() => text(Fact::Currency) + " " + &show(price),
        Some(price) => show(price),
        None => tr("Unknown").to_owned(),
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
            IN_STOCK => tr("In stock"),
            NO_SPOT => tr("No spot"),
            NO_STOCK => tr("Sold out"),
            _ => tr("Unknown"),
        }
        .to_owned(),
        Column::Origin => value(Fact::Origin, offer.text(Fact::Origin)).to_owned(),
        Column::Framework => text(Fact::Framework),
        Column::Chip => known(Fact::Chip),
        Column::Python => text(Fact::Python),
        Column::Cuda => text(Fact::Cuda),
        Column::Storage => known(Fact::Storage),
        Column::Access => match offer.text(Fact::Access) {
            "RO" => tr("Read-only"),
            "RW" => tr("Read-write"),
            _ => tr("Unknown"),
        }
        .to_owned(),
        Column::Status => match offer.text(Fact::Status) {
            "ENABLED" => tr("Usable"),
            "INITIALIZING" => tr("Being set up"),
            "FAILURE" => tr("Failed"),
            "DISABLED" => tr("Disabled"),
            "FROZEN" => tr("Frozen"),
            "UPDATING" => tr("Being updated"),
            "" => tr("Unknown"),
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
        return tr("Unknown").to_owned();
    };
    if count.is_zero() {
        return tr("None").to_owned();
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
        Column::Gpu if text == tr("None") => tr("no GPU").to_owned(),
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
        (Source::Machines, true) => tr("Sandbox sample prices, not an offer.").to_owned(),
        (_, true) => tr("Sandbox samples.").to_owned(),
        (Source::Machines, false) => fill("List prices as the service told them at {}.", &[time]),
        (_, false) => fill("As the service told at {}.", &[time]),
    }
}

/// A sample of machine types.
pub fn sample(day: &str) -> String {
    fill(
        "A sample of {}, as there is no gateway. Prices are no offer; types and stock may differ.",
        &[day],
    )
}

/// What a list lacks while no workspace is entered.
pub fn lacks(source: Source, workspace: &str) -> &'static str {
    match source {
        _ if !workspace.is_empty() => "",
        Source::Images => tr("Enter a workspace to see its own images too."),
        Source::Datasets => tr("No workspace is entered: these are of the default workspace."),
        _ => "",
    }
}

/// Why a list can not be had: in short, and what to do.
pub fn refused(source: Source, refused: &Refused) -> (String, String) {
    let title = fill("{} could not be loaded.", &[noun(source, 2)]);
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
            return tr("The gateway does not answer. See that it runs and that you are online.")
                .to_owned();
        }
        Refused::TIMED_OUT => return tr("The gateway did not answer in time.").to_owned(),
        Refused::NO_REPLY => {
            return fill(
                "The answer is none of a gateway's (status {}). See its address.",
                &[&refused.status.to_string()],
            );
        }
        "TOKEN_REQUIRED" => {
            tr("The gateway wants its access token. Open the address that it printed at its start.")
                .to_owned()
        }
        "UPSTREAM_REFUSED" if !message.is_empty() => fill("The service refused: {}", &[message]),
        code => super::gateway::said(code, &refused.message),
    };
    if let Some(seconds) = refused.retry_after {
        said.push_str(gap());
        said.push_str(&super::wait(seconds));
    }
    let denied = refused.document["error"]["upstream"]["status"].as_u64() == Some(403)
        || code.contains("Forbidden")
        || code.contains("NoPermission");
    if denied && !right.is_empty() {
        said.push_str(gap());
        said.push_str(&fill(
            "The key of the gateway needs the right {}.",
            &[right],
        ));
    }
    let id = match refused.upstream("requestId") {
        "" => refused.request_id.as_str(),
        id => id,
    };
    let code = if code.is_empty() { &refused.code } else { code };
    said.push_str(gap());
    said.push_str(&if id.is_empty() {
        fill("Code {}.", &[code])
    } else {
        fill("Code {}, request {}.", &[code, id])
    });
    said
}

/// What goes before the price of the machine that is chosen.
pub fn estimate_label() -> &'static str {
    tr("Machine")
}

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
    let (hour, month) = (most.show(3), most.times(MONTH).show(2));
    if !spot {
        let said = fill(
            " {0} {1} per hour, {2} for 30 days.",
            &[currency, &hour, &month],
        );
        return [said, gap().to_owned() + whence];
    }
    let said = fill(
        " at most {0} {1} per hour, {2} for 30 days.",
        &[currency, &hour, &month],
    );
    let regular = fill("The regular price is {} {}.", &[currency, &price.show(3)]);
    [said, [gap(), &regular, gap(), whence].concat()]
}

/// The price is that of a sample.
pub fn sample_price(day: &str) -> String {
    fill("Sample price of {}, not an offer.", &[day])
}

/// What a machine costs is not known.
pub fn no_price() -> &'static str {
    tr(": price unknown. The list of machine types does not tell it.")
}
