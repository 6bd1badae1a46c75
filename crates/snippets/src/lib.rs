//! A request as code: what one copies, runs, and has sent the body that the page shows.
//!
//! [`render`] makes a [`Snippet`] of a [`Request`] for a [`Target`]. Values are written by one encoder for each
//! language, never by pasting texts into templates, so whatever stands in a body stays inside of its literal. No
//! secret of the body is written: the code reads it from the environment. What a target cannot say, it tells in notes.
//!
//! ```
//! use dsw_model::secrecy::Secrecy;
//! use dsw_snippets::{Request, Target, render};
//!
//! let body = serde_json::json!({"InstanceName": "it's", "ImageAuth": "dTpw"});
//! let snippet = render(Target::Python, &Request {
//!     body: body.as_object().unwrap(),
//!     region: "cn-hangzhou",
//!     gateway: "",
//!     secrecy: &Secrecy::default(),
//! });
//! assert!(snippet.code.contains(r#""InstanceName": "it's""#));
//! assert!(snippet.code.contains(r#""ImageAuth": os.environ["DSW_IMAGE_AUTH"]"#));
//! assert_eq!(snippet.secrets[0].variable, "DSW_IMAGE_AUTH");
//! ```

mod exact;
mod go;
pub mod highlight;
mod java;
mod names;
mod note;
mod python;
mod ros;
mod shell;
mod target;
mod terraform;
mod text;
mod tree;
mod typed;
mod typescript;
mod value;
mod writer;

#[cfg(test)]
mod tests;

use dsw_model::secrecy::Secrecy;
use serde_json::{Map, Value};

pub use crate::highlight::Language;
pub use crate::note::Note;
pub use crate::target::Target;
pub use crate::tree::Secret;

use crate::note::Notes;
use crate::tree::Tree;

/// What is to be sent, and where.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The body.
    pub body: &'a Map<String, Value>,
    /// The region, such as `cn-hangzhou`. It chooses the host and is no part of the body.
    pub region: &'a str,
    /// Address of the gateway, for curl; empty for that of a gateway on the same machine.
    pub gateway: &'a str,
    /// What is known of environment variables: whether they are secrets.
    pub secrecy: &'a Secrecy,
}

/// A request as code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The code, with a line break at its end.
    pub code: String,
    /// What it is written in.
    pub language: Language,
    /// What a file of it is called.
    pub file_name: &'static str,
    /// What the code does not say as the body does, and what to know before running it.
    pub notes: Vec<Note>,
    /// The secrets that it reads from the environment.
    pub secrets: Vec<Secret>,
}

/// What every encoder is handed.
pub(crate) struct Input<'a> {
    pub(crate) tree: Tree<'a>,
    pub(crate) region: &'a str,
    pub(crate) gateway: &'a str,
    pub(crate) notes: Notes,
}

impl Input<'_> {
    /// The host of the service in the region.
    pub(crate) fn host(&self) -> String {
        ["pai-dsw.", self.region, ".aliyuncs.com"].concat()
    }
}

/// Writes a request as code.
pub fn render(target: Target, request: &Request<'_>) -> Snippet {
    let mut input = Input {
        tree: Tree::new(request.body, request.secrecy),
        region: request.region,
        gateway: request.gateway,
        notes: Notes::default(),
    };
    input.tree.tell(&mut input.notes);
    let code = match target {
        Target::Json => shell::json(&mut input),
        Target::Curl => shell::curl(&mut input),
        Target::Aliyun => shell::aliyun(&mut input),
        Target::AliyunPlugin => shell::plugin(&mut input),
        Target::PythonTyped => python::typed(&mut input),
        Target::Python => python::generic(&mut input),
        Target::TypeScript => typescript::generic(&mut input),
        Target::TypeScriptTyped => typescript::typed(&mut input),
        Target::Go => go::typed(&mut input),
        Target::Java => java::typed(&mut input),
        Target::Ros => ros::template(&mut input),
        Target::Terraform => terraform::module(&mut input),
    };
    // Of a secret that was left out nobody has to set the variable.
    let mut secrets = input.tree.secrets;
    secrets.retain(|secret| mentions(&code, &secret.variable));
    Snippet {
        code,
        language: target.language(),
        file_name: target.file_name(),
        notes: input.notes.into_list(),
        secrets,
    }
}

/// Whether code names a variable, and not only one whose name begins so.
fn mentions(code: &str, variable: &str) -> bool {
    let mut places = code.match_indices(variable);
    places.any(|(at, _)| {
        let behind = code.get(at + variable.len()..).unwrap_or_default();
        !behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
    })
}
