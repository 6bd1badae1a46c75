//! What the instance runs on: size, spot pricing, placement.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::descriptor::Describe;

/// What the instance takes from its resource quota.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct RequestedResource {
    /// Number of CPU cores.
    #[field(label = "CPU cores", example = "32", unit = "cores")]
    #[serde(rename = "CPU")]
    pub cpu: Option<String>,

    /// Memory with its unit, such as 32Gi. Without a unit the service takes MiB.
    #[field(
        label = "Memory",
        example = "32Gi",
        unit = "Gi",
        control = Quantity(&["Gi", "Mi", "Ti", "Ki"]),
        guide = Why,
    )]
    pub memory: Option<String>,

    /// Part of the memory that processes share, such as 16Gi; at most all of it.
    #[field(
        label = "Shared memory",
        example = "16Gi",
        unit = "Gi",
        control = Quantity(&["Gi", "Mi", "Ti", "Ki"]),
        guide = Why,
    )]
    pub shared_memory: Option<String>,

    /// Number of GPU cards.
    #[field(label = "GPUs", example = "4", unit = "cards")]
    #[serde(rename = "GPU")]
    pub gpu: Option<String>,

    /// GPU model of the quota. The list is not complete; type another if you have it.
    #[field(
        label = "GPU model",
        example = "V100",
        open("V100", "A100", "T4", "A10", "P100"),
        guide = Where,
    )]
    #[serde(rename = "GPUType")]
    pub gpu_type: Option<String>,
}

/// A machine at a lower price, which can be taken back.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct SpotSpec {
    /// Set the most you pay for an hour, or follow the market price.
    #[field(
        label = "Price",
        example = "SpotWithPriceLimit",
        closed("SpotWithPriceLimit" = "up to a limit", "SpotAsPriceGo" = "market price"),
        rule = "R91",
        guide = Why,
    )]
    pub spot_strategy: Option<String>,

    /// The most you pay for an hour, with up to three decimals. Above it the machine is lost.
    #[field(
        label = "Ceiling price",
        example = "0.12",
        unit = "currency per hour",
        when = Equals("SpotStrategy", "SpotWithPriceLimit"),
        guide = Why,
    )]
    pub spot_price_limit: Option<String>,

    /// Hours during which the machine is not taken back; 0 for none. Not for Lingjun.
    #[field(label = "Protected time", example = "0", unit = "hours", default = "1", guide = Why)]
    pub spot_duration: Option<String>,

    /// Ceiling as a share of the list price, such as 0.1. Lingjun quotas need it.
    #[field(label = "Ceiling share", example = "0.1", guide = Why)]
    pub spot_discount_limit: Option<String>,
}

/// How closely the instance is tied to its hardware.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct Affinity {
    /// Ties the instance to CPU cores. Only with a general-purpose resource quota.
    #[field(label = "CPU binding")]
    #[serde(rename = "CPU")]
    pub cpu: Option<CpuAffinity>,
}

/// Whether the instance is tied to CPU cores.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct CpuAffinity {
    /// Turns CPU binding on.
    #[field(label = "Bind CPU cores", example = "true", default = "false")]
    pub enable: Option<bool>,
}

/// Nodes of the quota to use or to avoid.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct AssignNodeSpec {
    /// Names of quota nodes that may run the instance, separated by commas.
    #[field(label = "Use nodes", example = "node-a,node-b", control = Names, guide = Where)]
    pub node_names: Option<String>,

    /// Names of quota nodes that must not run the instance, separated by commas.
    #[field(label = "Avoid nodes", example = "node-c", control = Names)]
    pub anti_affinity_node_names: Option<String>,
}
