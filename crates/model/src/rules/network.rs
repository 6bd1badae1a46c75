//! Rules of the section on networks. Those on forwarded ports stand in `forwards`.

use super::seen::Seen;
use super::{Check, Context, Findings, Optional as _, Rule, Severity, Source};
use crate::grammar::{self, Cidr};
use crate::path::Path;
use crate::request::{CreateInstanceRequest as Request, UserVpc};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R52",
        severity: Severity::Error,
        source: Source::Inferred,
        check: Check::Whole(&[Request::USER_VPC], parts_of_a_vpc),
    },
    Rule {
        id: "R53",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(&[Request::USER_VPC], |request, _, findings| {
            let Some(vpc) = &request.user_vpc else { return };
            if vpc.vpc_id.is_set() && !vpc.security_group_id.is_set() {
                findings.on(&[Request::USER_VPC, UserVpc::SECURITY_GROUP_ID]);
            }
        }),
    },
    Rule {
        id: "R54",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::Whole(&[Request::USER_VPC], |request, _, findings| {
            let Some(vpc) = &request.user_vpc else { return };
            if vpc.vswitch_id.is_set() && !vpc.extended_cidrs.is_set() {
                findings.on(&[Request::USER_VPC, UserVpc::EXTENDED_CIDRS]);
            }
        }),
    },
    Rule {
        id: "R55",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::Whole(&[Request::USER_VPC], |request, _, findings| {
            let is_range = |item: &str| Cidr::parse(item).is_some();
            for (row, item) in ranges(request).iter().enumerate() {
                if !is_range(item) {
                    findings
                        .at(range(row))
                        .with("item", item)
                        .mended_to(grammar::trimmed(item, is_range));
                }
            }
        }),
    },
    Rule {
        id: "R56",
        severity: Severity::Warning,
        // The example on the API page has host bits itself, so this cannot be an error.
        source: Source::Policy,
        check: Check::Whole(&[Request::USER_VPC], |request, _, findings| {
            for (row, item) in ranges(request).iter().enumerate() {
                let Some(cidr) = Cidr::parse(item).filter(|cidr| cidr.has_host_bits()) else {
                    continue;
                };
                let network = cidr.to_network().to_string();
                findings
                    .at(range(row))
                    .with("item", item)
                    .with("network", &network)
                    .mended_to(Some(network));
            }
        }),
    },
    Rule {
        id: "R57",
        severity: Severity::Warning,
        source: Source::Policy,
        check: Check::Whole(&[Request::USER_VPC], ranges_in_each_other),
    },
    Rule {
        id: "R59",
        severity: Severity::Error,
        // The interface eth1 is the one in the VPC.
        source: Source::Documented,
        check: Check::Whole(&[Request::USER_VPC], |request, _, findings| {
            let Some(vpc) = &request.user_vpc else { return };
            if vpc.default_route.as_deref() == Some("eth1") && !vpc.vpc_id.is_set() {
                findings.on(&[Request::USER_VPC, UserVpc::DEFAULT_ROUTE]);
            }
        }),
    },
];

fn parts_of_a_vpc(request: &Request, _: &Context, findings: &mut Findings<'_>) {
    let Some(vpc) = &request.user_vpc else { return };
    if vpc.vpc_id.is_set() {
        return;
    }
    let parts = [
        (vpc.vswitch_id.is_set(), "VSwitchId"),
        (vpc.security_group_id.is_set(), "SecurityGroupId"),
        (vpc.forward_infos.is_set(), "ForwardInfos"),
        (vpc.bandwidth_limit.is_set(), "BandwidthLimit"),
    ];
    if let Some((_, part)) = parts.into_iter().find(|(set, _)| *set) {
        findings
            .on(&[Request::USER_VPC, UserVpc::VPC_ID])
            .with("part", part);
    }
}

/// A range is found again, also in smaller ones, by its first address and the length of its prefix.
fn key(range: Cidr) -> [u8; 5] {
    let network = range.to_network();
    let [a, b, c, d] = network.address.octets();
    [a, b, c, d, network.prefix]
}

fn ranges_in_each_other(request: &Request, _: &Context, findings: &mut Findings<'_>) {
    let parsed = ranges(request).iter().map(|item| Cidr::parse(item));
    let parsed: Vec<_> = parsed.collect();
    let keys: Vec<_> = parsed.iter().map(|range| range.map(key)).collect();
    let mut seen = Seen::of(keys.len());
    // Which lengths of prefixes there are, one bit for each.
    let mut lengths = 0_u64;
    for key in &keys {
        if let Some(key) = key {
            lengths |= 1 << key[4];
            seen.add(key);
        } else {
            seen.skip();
        }
    }
    for (row, inner) in parsed.iter().enumerate() {
        let Some(inner) = inner else { continue };
        let same = seen.find(&key(*inner)).filter(|first| *first < row);
        let around = || {
            let shorter = (0..inner.prefix).rev();
            let mut known = shorter.filter(|length| lengths >> length & 1 == 1);
            known.find_map(|length| seen.find(&key(inner.widened(length))))
        };
        if let Some(other) = same.or_else(around) {
            findings
                .at(range(row))
                .with(if same.is_some() { "same" } else { "around" }, other + 1)
                .mended_by_clearing();
        }
    }
}

fn ranges(request: &Request) -> &[String] {
    let vpc = request.user_vpc.as_ref();
    vpc.and_then(|vpc| vpc.extended_cidrs.as_deref())
        .unwrap_or_default()
}

fn range(row: usize) -> Path {
    Path::of(&[Request::USER_VPC, UserVpc::EXTENDED_CIDRS]).join(row)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_cases, check_fixes};

    #[test]
    fn r52_parts_of_a_vpc() {
        let vpc_id: &[&str] = &["UserVpc.VpcId"];
        check_cases(
            "R52",
            &[
                "{}",
                r#"{"UserVpc": {"DefaultRoute": "eth0", "SecurityGroupId": "", "BandwidthLimit": {}}}"#,
                r#"{"UserVpc": {"VpcId": "vpc-1", "VSwitchId": "vsw-1", "SecurityGroupId": "sg-1"}}"#,
            ],
            &[
                (r#"{"UserVpc": {"VSwitchId": "vsw-1"}}"#, vpc_id),
                (
                    r#"{"UserVpc": {"VpcId": "", "SecurityGroupId": "sg-1"}}"#,
                    vpc_id,
                ),
                (
                    r#"{"UserVpc": {"ForwardInfos": [{"ForwardPort": "22"}]}}"#,
                    vpc_id,
                ),
                (
                    r#"{"UserVpc": {"BandwidthLimit": {"IngressRate": "1"}}}"#,
                    vpc_id,
                ),
            ],
        );
    }

    #[test]
    fn r53_security_group() {
        check_cases(
            "R53",
            &[
                "{}",
                "{\"UserVpc\": {}}",
                r#"{"UserVpc": {"VpcId": "vpc-1", "SecurityGroupId": "sg-1"}}"#,
            ],
            &[(
                r#"{"UserVpc": {"VpcId": "vpc-1"}}"#,
                &["UserVpc.SecurityGroupId"],
            )],
        );
    }

    #[test]
    fn r54_ranges_beside_a_vswitch() {
        check_cases(
            "R54",
            &[
                r#"{"UserVpc": {"VpcId": "vpc-1"}}"#,
                r#"{"UserVpc": {"VSwitchId": "vsw-1", "ExtendedCIDRs": ["10.0.0.0/8"]}}"#,
            ],
            &[
                (
                    r#"{"UserVpc": {"VSwitchId": "vsw-1"}}"#,
                    &["UserVpc.ExtendedCIDRs"],
                ),
                (
                    r#"{"UserVpc": {"VSwitchId": "vsw-1", "ExtendedCIDRs": []}}"#,
                    &["UserVpc.ExtendedCIDRs"],
                ),
            ],
        );
    }

    #[test]
    fn r55_ranges() {
        check_cases(
            "R55",
            &[
                "{}",
                r#"{"UserVpc": {"ExtendedCIDRs": ["192.168.0.1/24", "10.0.0.0/8"]}}"#,
            ],
            &[
                (
                    r#"{"UserVpc": {"ExtendedCIDRs": ["10.0.0.0/8", "192.168.0.0"]}}"#,
                    &["UserVpc.ExtendedCIDRs[1]"],
                ),
                (
                    r#"{"UserVpc": {"ExtendedCIDRs": ["", "10.0.0.0/33"]}}"#,
                    &["UserVpc.ExtendedCIDRs[0]", "UserVpc.ExtendedCIDRs[1]"],
                ),
            ],
        );
        check_fixes(
            "R55",
            &[
                (
                    r#"{"UserVpc": {"ExtendedCIDRs": [" 10.0.0.0/8\n"]}}"#,
                    Some(r#"{"UserVpc": {"ExtendedCIDRs": ["10.0.0.0/8"]}}"#),
                ),
                (r#"{"UserVpc": {"ExtendedCIDRs": ["10.0.0.0"]}}"#, None),
            ],
        );
    }

    #[test]
    fn r56_network_addresses() {
        let refused = r#"{"UserVpc": {"ExtendedCIDRs": ["10.0.0.0/8", "192.168.0.1/24"]}}"#;
        let mended = r#"{"UserVpc": {"ExtendedCIDRs": ["10.0.0.0/8", "192.168.0.0/24"]}}"#;
        check_cases(
            "R56",
            &[
                "{}",
                mended,
                r#"{"UserVpc": {"ExtendedCIDRs": ["192.168.0.1"]}}"#,
            ],
            &[(refused, &["UserVpc.ExtendedCIDRs[1]"])],
        );
        check_fixes("R56", &[(refused, Some(mended))]);
    }

    #[test]
    fn r57_ranges_in_each_other() {
        check_cases(
            "R57",
            &[
                "{}",
                r#"{"UserVpc": {"ExtendedCIDRs": ["10.0.0.0/9", "10.128.0.0/9", "11.0.0.0/8"]}}"#,
                // What is no range is R55's.
                r#"{"UserVpc": {"ExtendedCIDRs": ["a", "a", "10.0.0.0/8"]}}"#,
            ],
            &[
                (
                    r#"{"UserVpc": {"ExtendedCIDRs": ["10.0.0.0/8", "a", "10.0.0.1/8", "10.0.0.0/8"]}}"#,
                    &["UserVpc.ExtendedCIDRs[2]", "UserVpc.ExtendedCIDRs[3]"],
                ),
                (
                    r#"{"UserVpc": {"ExtendedCIDRs": ["10.1.0.0/16", "10.0.0.0/8", "10.2.3.4/32"]}}"#,
                    &["UserVpc.ExtendedCIDRs[0]", "UserVpc.ExtendedCIDRs[2]"],
                ),
                (
                    r#"{"UserVpc": {"ExtendedCIDRs": ["0.0.0.0/0", "10.0.0.0/8"]}}"#,
                    &["UserVpc.ExtendedCIDRs[1]"],
                ),
            ],
        );
        check_fixes(
            "R57",
            &[
                (
                    r#"{"UserVpc": {"ExtendedCIDRs": ["10.0.0.0/8", "10.0.0.0/8", "11.0.0.0/8"]}}"#,
                    Some(r#"{"UserVpc": {"ExtendedCIDRs": ["10.0.0.0/8", "11.0.0.0/8"]}}"#),
                ),
                (
                    r#"{"UserVpc": {"ExtendedCIDRs": ["10.1.0.0/16", "10.0.0.0/8"]}}"#,
                    Some(r#"{"UserVpc": {"ExtendedCIDRs": ["10.0.0.0/8"]}}"#),
                ),
            ],
        );
    }

    #[test]
    fn r59_way_through_the_vpc() {
        check_cases(
            "R59",
            &[
                r#"{"UserVpc": {"DefaultRoute": "eth0"}}"#,
                r#"{"UserVpc": {"DefaultRoute": "eth1", "VpcId": "vpc-1"}}"#,
            ],
            &[(
                r#"{"UserVpc": {"DefaultRoute": "eth1"}}"#,
                &["UserVpc.DefaultRoute"],
            )],
        );
    }
}
