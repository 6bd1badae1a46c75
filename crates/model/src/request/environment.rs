//! What programs in the instance find: start command and credentials.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::descriptor::Describe;
use crate::secret::Secret;

/// Commands of your own that the instance runs.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct UserCommand {
    /// Runs at every start, once the environment is ready and before JupyterLab.
    #[field(label = "At every start")]
    pub on_start: Option<OnStart>,
}

/// A command that runs at every start.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct OnStart {
    /// Shell script to run. Windows line ends break it.
    #[field(label = "Start script", example = "#!/bin/bash\necho ready", control = Script, guide = Why)]
    pub content: Option<String>,
}

/// RAM roles whose temporary credentials the instance may use.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct CredentialConfig {
    /// Turns the role on.
    #[field(label = "Use a role", example = "true")]
    pub enable: Option<bool>,

    /// Key of the role entry whose credentials programs find in their environment.
    #[field(label = "Role for the environment", example = "0", when = Equals("Enable", "true"), guide = Why)]
    pub aliyun_env_role_key: Option<String>,

    /// The role that the instance takes on. An instance has one role.
    #[field(label = "Role entries", when = Equals("Enable", "true"))]
    pub configs: Option<Vec<Credential>>,
}

/// A role, or a chain of roles, that the instance takes on.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct Credential {
    /// What to call this entry, such as 0.
    #[field(label = "Key", example = "0")]
    pub key: Option<String>,

    /// One role, or a chain in which one role takes on the next.
    #[field(
        label = "One role or a chain",
        example = "Role",
        closed("Role" = "one role", "RoleChain" = "chain of roles"),
        rule = "R85",
    )]
    #[serde(rename = "Type")]
    pub kind: Option<String>,

    /// The role, or the roles of the chain in order.
    #[field(label = "Roles")]
    pub roles: Option<Vec<Role>>,
}

/// A RAM role.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct Role {
    /// ARN of the RAM role. Find it in the RAM console under Roles.
    #[field(label = "Role ARN", example = "acs:ram::1234567890123456:role/name", guide = Where)]
    pub role_arn: Option<String>,

    /// Who takes on the role.
    #[field(
        label = "Taken on by",
        example = "service",
        closed("service" = "a service", "user" = "a user"),
        rule = "R85",
    )]
    pub role_type: Option<String>,

    /// ID of the account for which the role is taken on. The Account Center shows it.
    #[field(label = "For account", example = "1234567890123456", guide = Where)]
    pub assume_role_for: Option<String>,

    /// Narrows the rights of the role: a policy as a JSON object, written as text.
    #[field(label = "Extra policy", example = "{}", control = JsonText, guide = Why)]
    pub policy: Option<String>,

    /// User for whom the role is taken on. Leave it out.
    #[field(label = "User")]
    pub user_info: Option<UserInfo>,
}

/// A user for whom a role is taken on.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
pub struct UserInfo {
    /// ID of the user. Find it in the RAM console under Users.
    #[field(label = "User ID", example = "4561234", guide = Where)]
    pub id: Option<String>,

    /// What kind of user it is.
    #[field(
        label = "User type",
        example = "sub",
        open("customer", "sub", "AssumedRoleUser")
    )]
    #[serde(rename = "Type")]
    pub kind: Option<String>,

    /// ID of a temporary access key, from the security token service.
    #[field(label = "Temporary access key ID", guide = Where)]
    pub access_key_id: Option<Secret>,

    /// Token that belongs to the temporary access key.
    #[field(label = "Temporary token")]
    pub security_token: Option<Secret>,
}
