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
mod left_out;
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

use crate::left_out::LeftOut;
use crate::note::Notes;
use crate::tree::{Node, Tree};

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
    /// The secrets that the code looks up.
    used: Vec<usize>,
}

impl<'a> Input<'a> {
    /// Takes note that the code says this, and returns what of the body is missing in it.
    pub(crate) fn leave_out(&mut self, said: &Node<'a>) -> LeftOut<'a> {
        self.used.clear();
        said.secrets(&mut self.used);
        LeftOut::new(&self.tree.root, said)
    }

    /// The host of the service in the region.
    pub(crate) fn host(&self) -> String {
        ["pai-dsw.", self.region, ".aliyuncs.com"].concat()
    }
}

/// Writes a request as code.
pub fn render(target: Target, request: &Request<'_>) -> Snippet {
    let tree = Tree::new(request.body, request.secrecy);
    let mut input = Input {
        used: (0..tree.secrets.len()).collect(),
        tree,
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
    let secrets = input.used.iter().map(|&it| input.tree.secrets[it].clone());
    let secrets = secrets.collect();
    Snippet {
        code,
        language: target.language(),
        file_name: target.file_name(),
        notes: input.notes.into_list(),
        secrets,
    }
}
