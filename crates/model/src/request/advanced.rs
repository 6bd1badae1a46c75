//! What few need: containers inside the instance.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::descriptor::Describe;

/// Containers inside the instance.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct DockerConfig {
    /// Allows containers inside the instance. It cannot be turned on later.
    #[field(label = "Allow sub-containers", example = "true")]
    pub enable: Option<bool>,

    /// How many containers there may be, from 1 on.
    #[field(label = "Most sub-containers", example = "10", when = Equals("Enable", "true"))]
    #[validate(range(min = 1, code = "R102"))]
    pub containers_limit: Option<i64>,

    /// Path of the file that says which data folders the containers may use.
    #[field(label = "Mount rules file", when = Equals("Enable", "true"))]
    pub mount_access_config_path: Option<String>,
}
