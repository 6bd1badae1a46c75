//! How the instance is reached and what it reaches.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::descriptor::Describe;

/// A network of your own that the instance joins.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct UserVpc {
    /// ID of the VPC to join, in the region of the instance. Find it in the VPC console.
    #[field(label = "VPC", example = "vpc-xxxxx", shape = Id("vpc-"), guide = Where)]
    pub vpc_id: Option<String>,

    /// ID of a vSwitch in that VPC, from the VPC console. It makes address ranges necessary.
    #[field(label = "vSwitch", example = "vsw-xxxxx", shape = Id("vsw-"), when = Set("VpcId"), guide = Where)]
    #[serde(rename = "VSwitchId")]
    pub vswitch_id: Option<String>,

    /// ID of a security group in that VPC. Find it in the ECS console under Security Groups.
    #[field(label = "Security group", example = "sg-xxxxxx", shape = Id("sg-"), when = Set("VpcId"), guide = Where)]
    pub security_group_id: Option<String>,

    /// One IPv4 range in each row, all those of the VPC. Required once a vSwitch is given.
    #[field(label = "Reachable address ranges", example = "192.168.0.0/24", when = Set("VpcId"), guide = Where)]
    #[serde(rename = "ExtendedCIDRs")]
    pub extended_cidrs: Option<Vec<String>>,

    /// Which way traffic to the Internet takes.
    #[field(
        label = "Way to the Internet",
        example = "eth0",
        closed("eth0" = "shared gateway", "eth1" = "your VPC"),
        rule = "R58",
        guide = Why,
    )]
    pub default_route: Option<String>,

    /// Ports of the instance to open to the outside, such as that of SSH.
    #[field(label = "Forwarded ports", when = Set("VpcId"), guide = Why)]
    pub forward_infos: Option<Vec<ForwardInfo>>,

    /// Caps on the traffic of the instance.
    #[field(label = "Bandwidth limit", when = Set("VpcId"))]
    pub bandwidth_limit: Option<BandwidthLimit>,
}

/// A port of the instance that can be reached from outside.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct ForwardInfo {
    /// What to call this entry.
    #[field(label = "Name", example = "ssh")]
    pub name: Option<String>,

    /// Turns this entry on.
    #[field(label = "Forward this port", example = "true")]
    pub enable: Option<bool>,

    /// Port in the instance, from 1 to 65535. SSH is on 22.
    #[field(label = "Instance port", example = "22", alias = "Port")]
    pub forward_port: Option<String>,

    /// Port on the public address, from 1 to 65535.
    #[field(label = "Public port", example = "10086")]
    pub external_port: Option<String>,

    /// ID from the VPC console. The gateway is billed even while the instance is stopped.
    #[field(label = "NAT gateway", example = "ngw-bp1uewa15k4iy5770abcd", shape = Id("ngw-"), guide = Where)]
    pub nat_gateway_id: Option<String>,

    /// ID of a network load balancer instead of a NAT gateway, from the load balancer console.
    #[field(label = "Network load balancer", guide = Where)]
    pub nlb_gateway_id: Option<String>,

    /// ID from the VPC console of the address on the gateway. It is billed while you keep it.
    #[field(label = "Elastic IP address", example = "eip-25877c70gddh1234", shape = Id("eip-"), guide = Where)]
    pub eip_allocation_id: Option<String>,

    /// Where the port can be reached from. The values are not documented.
    #[field(label = "Reachable from")]
    pub access_type: Option<Vec<String>>,

    /// Name of the container that the port belongs to.
    #[field(label = "Container", example = "dsw-notebook")]
    pub container_name: Option<String>,

    /// The line in your .pub file. Never paste a private key.
    #[field(
        label = "SSH public key",
        example = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA user@host",
        control = PublicKey,
        guide = Where,
    )]
    #[serde(rename = "SSHPublicKey")]
    pub ssh_public_key: Option<String>,
}

/// Caps on the traffic of the instance.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct BandwidthLimit {
    /// Cap on incoming traffic. Its unit is not documented; it is sent as written.
    #[field(label = "Incoming limit")]
    pub ingress_rate: Option<String>,

    /// Cap on outgoing traffic. Its unit is not documented; it is sent as written.
    #[field(label = "Outgoing limit")]
    pub egress_rate: Option<String>,

    /// Sources that the incoming limit leaves alone: one address or range in each row.
    #[field(label = "Incoming exceptions")]
    pub ingress_whitelists: Option<Vec<String>>,

    /// Destinations that the outgoing limit leaves alone: one address or range in each row.
    #[field(label = "Outgoing exceptions")]
    pub egress_whitelists: Option<Vec<String>>,
}
