//! The `CreateInstance` request: its structs, what is known of each field, and the rules it is
//! judged by.
//!
//! - [`request`] declares every field once, as a field of a plain struct.
//! - [`descriptor`] holds the tables derived from these declarations; forms, schemas and reference
//!   pages are made from them.
//! - [`mod@path`] names places in a request.
//! - [`rules`] and [`violation`] say what is wrong with a request, and [`judge`] asks both.
//! - [`response`] is what the service answers.
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

pub mod descriptor;
pub mod grammar;
pub mod json;
pub mod path;
#[expect(
    clippy::doc_markdown,
    reason = "help is read as plain text by the person filling in the form"
)]
pub mod request;
pub mod response;
pub mod rules;
pub mod secret;
pub mod violation;

use crate::request::CreateInstanceRequest;
use crate::rules::{Context, Diagnostic};

/// Everything that can be said of a request, in form order: by path, then by rule.
pub fn judge(request: &CreateInstanceRequest, context: &Context) -> Vec<Diagnostic> {
    let mut found = violation::check(request);
    for (row, dataset) in request.datasets.iter().flatten().enumerate() {
        let base = path![CreateInstanceRequest::DATASETS, row];
        found.extend(
            violation::check_dataset(dataset)
                .into_iter()
                .map(|mut told| {
                    told.place_in(&base);
                    told
                }),
        );
    }
    found.extend(rules::check(request, context));
    rules::sort(&mut found);
    found
}
