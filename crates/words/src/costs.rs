//! What costs money, as far as the API reference names it: no prices, which are the service's to tell.

use dsw_model::descriptor::Section;
use dsw_model::grammar::is_capacity;
use dsw_model::request::CreateInstanceRequest;

use crate::language::{fill, tr};

/// GiB of the system disk that are free.
pub(crate) const FREE: u64 = 100;

/// What the request costs, in whole sentences, each with the section that it belongs to.
pub fn costs(request: &CreateInstanceRequest) -> Vec<(Section, String)> {
    let set = |value: &Option<String>| value.as_deref().is_some_and(|text| !text.is_empty());
    let mut said = Vec::new();
    let mut say = |section, words: &str| said.push((section, words.to_owned()));
    let (machine, quota) = (set(&request.ecs_spec), set(&request.resource_id));
    if machine && request.spot_spec.is_some() {
        say(
            Section::Compute,
            tr("The spot machine is billed at a lower price while it runs, and can be taken back."),
        );
    } else if machine {
        say(
            Section::Compute,
            tr("The machine is billed from start to stop."),
        );
    }
    if quota {
        say(
            Section::Compute,
            tr("The quota is paid for in advance, whether the instance runs or not."),
        );
    }
    let forwards = request
        .user_vpc
        .as_ref()
        .and_then(|vpc| vpc.forward_infos.as_deref())
        .unwrap_or_default();
    if forwards.iter().any(|row| set(&row.nat_gateway_id)) {
        say(
            Section::Network,
            tr("The NAT gateway keeps costing while the instance is stopped."),
        );
    }
    if forwards.iter().any(|row| set(&row.eip_allocation_id)) {
        say(
            Section::Network,
            tr("The elastic IP address keeps costing while the instance is stopped."),
        );
    }
    if let Some(size) = larger_disk(request) {
        let words = fill(
            "The whole disk of {} keeps costing while the instance is stopped.",
            &[size],
        );
        say(Section::Storage, &words);
    }
    said.sort_by_key(|(section, _)| *section);
    said
}

/// The size of the largest disk, if it is larger than the free one.
pub(crate) fn larger_disk(request: &CreateInstanceRequest) -> Option<&str> {
    let disks = request.cloud_disks.as_deref().unwrap_or_default();
    let sizes = disks.iter().filter_map(|disk| disk.capacity.as_deref());
    let sizes = sizes.filter(|size| is_capacity(size));
    // A number of more digits than any disk has is a large one.
    let gib = |size: &str| {
        let number = size.strip_suffix("Gi").map(str::parse);
        number.and_then(Result::ok).unwrap_or(u64::MAX)
    };
    sizes
        .filter(|size| gib(size) > FREE)
        .max_by_key(|size| gib(size))
}
