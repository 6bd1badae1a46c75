//! Rules of the section on networks: forwarded ports and limits of bandwidth.

use super::seen::Seen;
use super::{Check, Optional as _, Rule, Severity, Source, Text as _};
use crate::grammar;
use crate::path::{Field, Path};
use crate::request::{BandwidthLimit, CreateInstanceRequest as Request, ForwardInfo, UserVpc};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R60",
        severity: Severity::Error,
        // The type is documented, the range follows.
        source: Source::Inferred,
        check: Check::Whole(READS, |request, _, findings| {
            for (row, entry) in entries(request).iter().enumerate() {
                for (port, field) in [
                    (&entry.forward_port, ForwardInfo::FORWARD_PORT),
                    (&entry.external_port, ForwardInfo::EXTERNAL_PORT),
                ] {
                    let port = port.as_deref().unwrap_or_default();
                    if !port.is_empty() && !grammar::is_port(port) {
                        findings
                            .at(at(row, field))
                            .mended_to(grammar::trimmed(port, grammar::is_port));
                    }
                }
            }
        }),
    },
    Rule {
        id: "R61",
        severity: Severity::Error,
        source: Source::Inferred,
        check: Check::Whole(READS, |request, _, findings| {
            for (row, entry) in entries(request).iter().enumerate() {
                if entry.enable == Some(true) && !entry.forward_port.is_set() {
                    findings.at(at(row, ForwardInfo::FORWARD_PORT));
                }
            }
        }),
    },
    Rule {
        id: "R62",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(READS, |request, _, findings| {
            for (row, entry) in entries(request).iter().enumerate() {
                if entry.forward_port.as_deref() == Some("22") && !entry.ssh_public_key.is_set() {
                    findings.at(at(row, ForwardInfo::SSH_PUBLIC_KEY));
                }
            }
        }),
    },
    Rule {
        id: "R63",
        severity: Severity::Error,
        source: Source::Policy,
        check: Check::Whole(READS, |request, _, findings| {
            for (row, entry) in entries(request).iter().enumerate() {
                let key = entry.ssh_public_key.text();
                if grammar::holds_private_key(key) {
                    findings
                        .at(at(row, ForwardInfo::SSH_PUBLIC_KEY))
                        .mended_by_clearing();
                }
            }
        }),
    },
    Rule {
        id: "R64",
        severity: Severity::Warning,
        source: Source::Policy,
        check: Check::Whole(READS, |request, _, findings| {
            for (row, entry) in entries(request).iter().enumerate() {
                let key = entry.ssh_public_key.text();
                // A private key is R63's.
                if !key.is_empty()
                    && !grammar::is_ssh_public_key(key)
                    && !grammar::holds_private_key(key)
                {
                    findings
                        .at(at(row, ForwardInfo::SSH_PUBLIC_KEY))
                        .mended_to(grammar::trimmed(key, grammar::is_ssh_public_key));
                }
            }
        }),
    },
    Rule {
        id: "R65",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(READS, |request, _, findings| {
            for (row, entry) in entries(request).iter().enumerate() {
                let nat = entry.nat_gateway_id.is_set();
                // A load balancer takes the place of the gateway.
                let gateway = nat || entry.nlb_gateway_id.is_set();
                let address = entry.eip_allocation_id.is_set();
                if nat && !address {
                    findings.at(at(row, ForwardInfo::EIP_ALLOCATION_ID));
                } else if address && !gateway {
                    findings
                        .at(at(row, ForwardInfo::NAT_GATEWAY_ID))
                        .with("missing", "gateway");
                }
            }
        }),
    },
    Rule {
        id: "R66",
        severity: Severity::Error,
        source: Source::Inferred,
        check: Check::Whole(READS, |request, _, findings| {
            let ends: Vec<_> = entries(request).iter().map(public_end).collect();
            let mut seen = Seen::of(ends.len());
            for (row, end) in ends.iter().enumerate() {
                if end.is_empty() {
                    seen.skip();
                } else if let Some(earlier) = seen.add(end.as_bytes()) {
                    findings
                        .at(at(row, ForwardInfo::EXTERNAL_PORT))
                        .with("row", earlier + 1);
                }
            }
        }),
    },
    Rule {
        id: "R67",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(READS, |request, _, findings| {
            let vpc = request.user_vpc.as_ref();
            let Some(limit) = vpc.and_then(|vpc| vpc.bandwidth_limit.as_ref()) else {
                return;
            };
            for (list, field) in [
                (
                    &limit.ingress_whitelists,
                    BandwidthLimit::INGRESS_WHITELISTS,
                ),
                (&limit.egress_whitelists, BandwidthLimit::EGRESS_WHITELISTS),
            ] {
                for (row, item) in list.as_deref().unwrap_or_default().iter().enumerate() {
                    // An empty row is R109's.
                    if !item.is_empty() && !grammar::is_address_or_range(item) {
                        let list = Path::of(&[Request::USER_VPC, UserVpc::BANDWIDTH_LIMIT, field]);
                        findings
                            .at(list.join(row))
                            .mended_to(grammar::trimmed(item, grammar::is_address_or_range));
                    }
                }
            }
        }),
    },
];

const READS: &[Field] = &[Request::USER_VPC];

fn at(row: usize, field: Field) -> Path {
    let list = Path::of(&[Request::USER_VPC, UserVpc::FORWARD_INFOS]);
    list.join(row).join(field)
}

fn entries(request: &Request) -> &[ForwardInfo] {
    let vpc = request.user_vpc.as_ref();
    vpc.and_then(|vpc| vpc.forward_infos.as_deref())
        .unwrap_or_default()
}

/// Public address and port of an entry, as one text; empty where one of them is not set.
fn public_end(entry: &ForwardInfo) -> String {
    match (&entry.eip_allocation_id, &entry.external_port) {
        (Some(address), Some(port)) if !address.is_empty() && !port.is_empty() => {
            [address.as_str(), port].join(" ")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing;

    /// Bodies with these forwarding entries, written without their quotes: `ForwardPort: 22, Enable: true`.
    fn body(entries: &str) -> String {
        format!(r#"{{"UserVpc": {{"ForwardInfos": [{entries}]}}}}"#)
    }

    #[track_caller]
    fn check_cases(id: &str, accepted: &[&str], refused: &[(&str, &[&str])]) {
        let accepted: Vec<_> = accepted.iter().map(|entries| body(entries)).collect();
        let mut accepted: Vec<_> = accepted.iter().map(String::as_str).collect();
        accepted.push("{}");
        let at = |fields: &[&str]| -> Vec<String> {
            let full = |field| format!("UserVpc.ForwardInfos[{field}");
            fields.iter().map(full).collect()
        };
        for (entries, fields) in refused {
            let fields = at(fields);
            let fields: Vec<_> = fields.iter().map(String::as_str).collect();
            testing::check_cases(id, &accepted, &[(&body(entries), &fields)]);
        }
    }

    #[track_caller]
    fn check_fixes(id: &str, cases: &[(&str, Option<&str>)]) {
        for (entries, mended) in cases {
            let mended = mended.map(body);
            testing::check_fixes(id, &[(&body(entries), mended.as_deref())]);
        }
    }

    #[test]
    fn r60_ports() {
        check_cases(
            "R60",
            &[
                r#"{"ForwardPort": "22", "ExternalPort": "65535"}"#,
                r#"{"ForwardPort": ""}"#,
            ],
            &[
                (
                    r#"{"ForwardPort": "0", "ExternalPort": "65536"}"#,
                    &["0].ForwardPort", "0].ExternalPort"],
                ),
                (r#"{}, {"ForwardPort": "ssh"}"#, &["1].ForwardPort"]),
                (r#"{"ExternalPort": "10086-10090"}"#, &["0].ExternalPort"]),
            ],
        );
        check_fixes(
            "R60",
            &[
                (
                    r#"{"ForwardPort": " 22"}"#,
                    Some(r#"{"ForwardPort": "22"}"#),
                ),
                (r#"{"ForwardPort": "ssh"}"#, None),
            ],
        );
    }

    #[test]
    fn r61_a_port_to_forward() {
        check_cases(
            "R61",
            &[
                r#"{"Enable": true, "ForwardPort": "22"}"#,
                r#"{"Enable": false}, {"Name": "a"}"#,
            ],
            &[(
                r#"{"Enable": true, "ForwardPort": ""}"#,
                &["0].ForwardPort"],
            )],
        );
    }

    #[test]
    fn r62_a_key_for_ssh() {
        check_cases(
            "R62",
            &[
                r#"{"ForwardPort": "22", "SSHPublicKey": "ssh-rsa AAAA"}"#,
                r#"{"ForwardPort": "8888"}"#,
            ],
            &[(r#"{"ForwardPort": "22"}"#, &["0].SSHPublicKey"])],
        );
    }

    #[test]
    fn r63_no_private_keys() {
        let refused = r#"{"SSHPublicKey": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl"}"#;
        check_cases(
            "R63",
            &[r#"{"SSHPublicKey": "ssh-rsa AAAA private key"}"#],
            &[(refused, &["0].SSHPublicKey"])],
        );
        check_fixes("R63", &[(refused, Some("{}"))]);
    }

    #[test]
    fn r64_public_keys() {
        check_cases(
            "R64",
            &[
                r#"{"SSHPublicKey": ""}, {"SSHPublicKey": "ssh-ed25519 AAAA user@host"}"#,
                r#"{"SSHPublicKey": "-----BEGIN OPENSSH PRIVATE KEY-----"}"#,
            ],
            &[
                (r#"{"SSHPublicKey": "AAAA"}"#, &["0].SSHPublicKey"]),
                (
                    r#"{"SSHPublicKey": "ssh-rsa AAAA\nssh-rsa BBBB"}"#,
                    &["0].SSHPublicKey"],
                ),
            ],
        );
        check_fixes(
            "R64",
            &[
                (
                    r#"{"SSHPublicKey": "ssh-rsa AAAA me\n"}"#,
                    Some(r#"{"SSHPublicKey": "ssh-rsa AAAA me"}"#),
                ),
                (r#"{"SSHPublicKey": "AAAA"}"#, None),
            ],
        );
    }

    #[test]
    fn r65_gateway_and_address() {
        check_cases(
            "R65",
            &[
                r#"{"Name": "a"}, {"NatGatewayId": "ngw-1", "EipAllocationId": "eip-1"}"#,
                r#"{"NlbGatewayId": "nlb-1", "EipAllocationId": "eip-1"}, {"NlbGatewayId": "nlb-1"}"#,
            ],
            &[
                (r#"{"NatGatewayId": "ngw-1"}"#, &["0].EipAllocationId"]),
                (
                    r#"{"EipAllocationId": "eip-1", "NatGatewayId": ""}"#,
                    &["0].NatGatewayId"],
                ),
            ],
        );
    }

    #[test]
    fn r66_public_ports() {
        check_cases(
            "R66",
            &[
                r#"{"EipAllocationId": "eip-1", "ExternalPort": "1"}, {"EipAllocationId": "eip-1", "ExternalPort": "2"}"#,
                r#"{"EipAllocationId": "eip-1", "ExternalPort": "1"}, {"EipAllocationId": "eip-2", "ExternalPort": "1"}"#,
                r#"{"ExternalPort": "1"}, {"ExternalPort": "1"}, {"EipAllocationId": "eip-1"}, {"EipAllocationId": "eip-1"}"#,
            ],
            &[(
                r#"{"EipAllocationId": "eip-1", "ExternalPort": "1"}, {}, {"EipAllocationId": "eip-1", "ExternalPort": "1"}"#,
                &["2].ExternalPort"],
            )],
        );
    }

    #[test]
    fn r67_exceptions_from_limits() {
        testing::check_cases(
            "R67",
            &[
                "{}",
                r#"{"UserVpc": {"BandwidthLimit": {"IngressWhitelists": ["10.0.0.0/8", "10.0.0.1", "fe80::/10", ""]}}}"#,
            ],
            &[(
                r#"{"UserVpc": {"BandwidthLimit": {"IngressWhitelists": ["10.0.0.0/8", "a"], "EgressWhitelists": ["10.0.0.0/33"]}}}"#,
                &[
                    "UserVpc.BandwidthLimit.IngressWhitelists[1]",
                    "UserVpc.BandwidthLimit.EgressWhitelists[0]",
                ],
            )],
        );
        testing::check_fixes(
            "R67",
            &[
                (
                    r#"{"UserVpc": {"BandwidthLimit": {"EgressWhitelists": [" 10.0.0.1"]}}}"#,
                    Some(r#"{"UserVpc": {"BandwidthLimit": {"EgressWhitelists": ["10.0.0.1"]}}}"#),
                ),
                (
                    r#"{"UserVpc": {"BandwidthLimit": {"EgressWhitelists": ["a"]}}}"#,
                    None,
                ),
            ],
        );
    }
}
