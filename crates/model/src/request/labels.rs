//! Names by which instances are found: labels and tags.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::descriptor::Describe;

/// A label, kept by DSW itself.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
#[describe(layout = Table)]
pub struct Label {
    /// Name of the label.
    #[field(label = "Key", example = "stsTokenOwner")]
    pub key: Option<String>,

    /// Text of the label.
    #[field(label = "Value", example = "123xxxxxxxx")]
    pub value: Option<String>,
}

/// A tag, shared with the other resources of the account.
#[dsw_model_derive::omit_unset]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, Describe)]
#[serde(default, rename_all = "PascalCase")]
#[describe(layout = Table)]
pub struct Tag {
    /// Name of the tag, at most 128 characters.
    #[field(label = "Key", example = "tag1", alias = "TagKey")]
    pub key: Option<String>,

    /// Text of the tag, at most 128 characters.
    #[field(label = "Value", example = "value1", alias = "TagValue")]
    pub value: Option<String>,
}
