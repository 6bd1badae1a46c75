//! The `CreateInstance` request: its structs, what is known of each field, and the rules it is
//! judged by.
//!
//! - [`request`] declares every field once, as a field of a plain struct.
//! - [`descriptor`] holds the tables derived from these declarations; forms, schemas and reference
//!   pages are made from them.
//! - [`mod@path`] names places in a request.
//! - [`rules`] and [`violation`] say what is wrong with a request; [`verdict`] asks both, and asks
//!   again no more than a change needs. [`judge`] asks once.
//! - [`policy`] reads and holds what a team allows.
//! - [`json`] reads JSON text, such as that in mount options.
//! - [`response`] is what the service answers.
//! - [`schema`] and [`reference`](mod@reference) write what is known down for programs and for people.
//!
//! ```
//! use dsw_model::descriptor::Describe;
//! use dsw_model::request::CreateInstanceRequest;
//! use dsw_model::rules::Context;
//!
//! let body = serde_json::json!({
//!     "WorkspaceId": "40823", "InstanceName": "train-1",
//!     "EcsSpec": "ecs.c6.large", "ImageId": "image-05cefd0be2exxxx",
//! });
//! let request = CreateInstanceRequest::read(body.as_object().unwrap());
//! let found = dsw_model::judge(&request, &Context::default());
//! assert_eq!(found[0].code, "R03", "a hyphen is refused");
//! assert_eq!(found[0].path().name(CreateInstanceRequest::DESCRIPTOR), "InstanceName");
//! ```

// The derive writes `::dsw_model` so that it works in other crates and in its own tests too.
extern crate self as dsw_model;

pub mod amount;
pub mod descriptor;
pub mod grammar;
pub mod json;
pub mod left_out;
pub mod path;
pub mod policy;
pub mod reference;
#[expect(
    clippy::doc_markdown,
    reason = "help is read as plain text by the person filling in the form"
)]
pub mod request;
pub mod response;
pub mod rules;
pub mod schema;
pub mod secrecy;
pub mod secret;
pub mod verdict;
pub mod violation;

use crate::request::CreateInstanceRequest;
use crate::rules::Context;
use crate::verdict::{Found, Verdict};

/// Everything that can be said of a request, in form order: by path, then by rule.
///
/// Of a request that is being edited, [`verdict::Verdict`] keeps what a change does not touch.
pub fn judge(request: &CreateInstanceRequest, context: &Context) -> Found {
    let mut found: Found = Verdict::new(request, context).found().cloned().collect();
    rules::sort(&mut found);
    found
}
