//! Drafts of a request, edited and reviewed without a user interface.
//!
//! What a person has typed is not yet a request: rows are half filled, numbers are not numbers, pasted JSON
//! has members nobody knows. A [`Draft`](draft::Draft) can hold all of it. [`Draft::apply`](draft::Draft::apply)
//! changes it, [`review`](review::review) says what body it makes and what is wrong with it, and
//! [`import`](import::import) makes one from JSON. None of them can fail on what a person does.
//!
//! ```
//! use dsw_form::draft::Draft;
//! use dsw_form::edit::Edit;
//! use dsw_form::review::review;
//! use dsw_model::path;
//! use dsw_model::request::CreateInstanceRequest as Request;
//! use dsw_model::rules::Context;
//!
//! let mut draft = Draft::default();
//! draft.apply(&path![Request::INSTANCE_NAME], Edit::Text("train-1".into()));
//! let review = review(&draft, &Context::default());
//! assert_eq!(review.body.to_string(), r#"{"InstanceName":"train-1"}"#);
//! assert!(review.diagnostics.iter().any(|found| found.code == "R03"), "a hyphen is refused");
//! ```

pub mod alternatives;
pub mod body;
pub mod changes;
pub mod condition;
pub mod difference;
pub mod draft;
pub mod edit;
pub mod find;
pub mod history;
pub mod import;
pub mod kept;
pub mod link;
pub mod offers;
pub mod own_presets;
pub mod past;
pub mod patch;
pub mod presets;
pub mod print;
pub mod refusal;
pub mod review;
pub mod store;
pub mod submission;
pub mod suggest;
pub mod text;
pub mod veil;

pub use dsw_model::json;
