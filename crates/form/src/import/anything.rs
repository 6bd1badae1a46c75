//! Reading whatever holds a request: JSON as people write it, commands, programs, templates, replies of the
//! service.
//!
//! [`import`](super::import()) takes JSON alone, and nothing but JSON. What is here is for texts that a
//! person pastes: it is
//! tolerant in reading and strict in telling. What was mended, renamed or left out stands in the
//! [`Document`], member by
//! member; what is read in one way only by guessing is not read. Whatever the snippets write is read back as
//! the body that
//! they were made of, but for the secrets that they look up.
//!
//! ```
//! use dsw_form::import::anything::{Source, read};
//!
//! let documents = read("curl http://127.0.0.1:8080/api/v2/instances -d '{InstanceName: \"a\",}'").unwrap();
//! assert_eq!(documents[0].source, Source::Curl);
//! assert_eq!(documents[0].name, "a");
//! assert_eq!(documents[0].repaired.len(), 2, "a name without quotes, a comma with nothing behind it");
//! ```

use std::sync::Arc;

use dsw_model::json::{self, JsonError};
use dsw_model::path::Path;

use self::looks::Written;
use self::reader::Wrong;
use super::{Import, ImportError, MAX_BYTES};

mod aliyun;
mod call;
mod curl;
mod data;
mod gather;
mod left_out;
mod literal;
mod looks;
mod node;
mod program;
mod reader;
mod script;
mod shell;
mod take;
mod text;
mod windows;

/// The most requests that are read of one text.
pub const MAX_DOCUMENTS: usize = 200;

/// A request that was found, and what was done to find it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it was found in.
    pub source: Source,
    /// Its `InstanceName`, by which a person tells several requests apart; empty without one.
    pub name: String,
    /// The region that stands beside it, such as `cn-hangzhou`.
    pub region: Option<String>,
    /// The request, and what became of its members.
    pub import: Import,
    /// Members that were named otherwise than in a body.
    pub mapped: Vec<Mapped>,
    /// What is not JSON and was read all the same, in the order of the text. All documents of a text share
    /// it.
    pub repaired: Arc<[Repair]>,
    /// What stands there but is no part of a request.
    pub ignored: Vec<Ignored>,
    /// Members whose values are not in the text. They are not set.
    pub absent: Vec<Absent>,
}

/// What a request was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The body itself.
    Body,
    /// JSON with the body inside, as text or as an object.
    Wrapped,
    /// An object of an SDK as it is printed, with names of the language.
    Printout,
    /// A call with curl.
    Curl,
    /// The `aliyun` CLI with the body as JSON.
    Aliyun,
    /// The `aliyun` CLI with a flag for each member.
    AliyunPlugin,
    /// A Python program.
    Python,
    /// A TypeScript or JavaScript program.
    TypeScript,
    /// A Go program.
    Go,
    /// A Java program.
    Java,
    /// A template of the Resource Orchestration Service.
    Ros,
    /// A Terraform configuration.
    Terraform,
    /// What `GetInstance` answers.
    GetInstance,
    /// One of the instances that `ListInstances` answers.
    ListInstances,
}

/// A member that was named otherwise than in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// The name that it had, such as `workspace_id`.
    pub from: String,
    /// What it is in a request.
    pub to: Path,
}

/// Something that is not JSON and was read all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Line, from 1. Of a command it is that of the body in it, of everything else that of the text.
    pub line: usize,
    /// Character in that line, from 1.
    pub column: usize,
    /// What it is.
    pub kind: RepairKind,
}

/// What is not JSON and was read all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RepairKind {
    /// Fences of Markdown around it, and the text outside of them.
    Fence,
    /// A comment.
    Comment,
    /// A comma with nothing behind it.
    TrailingComma,
    /// No comma where one belongs.
    MissingComma,
    /// A text in single quotes.
    SingleQuotes,
    /// A text in typographic quotes.
    CurlyQuotes,
    /// A name without quotes.
    NameWithoutQuotes,
    /// `True`, `False`, `None` or `undefined`.
    Word,
    /// A line break, a tab or another control character within a text.
    RawCharacter,
    /// A backslash that JSON does not have.
    Escape,
    /// A space that JSON does not know.
    Space,
    /// A comma or semicolon behind the end.
    Stray,
}

/// Something that is no part of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// What it is called, such as `Status`, `UserVpc.Ip` or `--profile`.
    pub name: String,
    /// Why it is no part.
    pub why: Why,
}

/// Why something is no part of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// The service reports it of an instance.
    Reported,
    /// It stands beside the body.
    Beside,
    /// It is a flag that a command takes for itself, or that is not known.
    Flag,
    /// The member stands there under another of its names already.
    Twice,
    /// The service finds it by what else stands there, which is kept.
    Implied,
}

/// A member whose value is not in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// Which member.
    pub member: Path,
    /// The variable that holds it; nothing where the service has masked it.
    pub variable: Option<String>,
}

/// Why nothing was found in a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is no request for a reason that holds for JSON too, with the place in the text.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The body in a command is not JSON. The place is that in the body.
    #[error("the body in the command is not JSON: {0}")]
    Body(JsonError),
    /// A command takes the body from a file.
    #[error("the body stands in the file {name}, which is not here")]
    File {
        /// The file.
        name: String,
    },
    /// A command takes the body from its standard input.
    #[error("the command reads the body from its standard input, which is not here")]
    StandardInput,
    /// This was found, and no request in it.
    #[error("there is no request in it")]
    NoRequest(Source),
    /// There are more requests than are read at once.
    #[error("there are more than {MAX_DOCUMENTS} requests")]
    TooMany,
    /// It is nothing that is known.
    #[error("the text is neither JSON nor a command or program that is known")]
    Unknown,
}

impl ReadError {
    /// A problem with JSON or a literal at this byte of a text.
    fn at(text: &str, (problem, byte): Wrong) -> Self {
        let (line, column) = json::line_and_column(text, byte);
        let error = JsonError {
            problem,
            line,
            column,
        };
        Self::Import(ImportError::Json(error))
    }
}

/// Reads whatever holds requests. There is at least one, and they stand in the order of the text.
///
/// # Errors
///
/// If there is none, or what there is cannot be read in one obvious way.
pub fn read(text: &str) -> Result<Vec<Document>, ReadError> {
    if text.len() > MAX_BYTES {
        return Err(ImportError::TooLong { bytes: text.len() }.into());
    }
    let mut found = gather::Found::default();
    let fences = looks::fences(text);
    if fences.is_empty() {
        piece(text, 0, &mut found)?;
    } else if fences.len() > MAX_DOCUMENTS {
        return Err(ReadError::TooMany);
    } else {
        found.repair(
            text,
            fences
                .iter()
                .map(|fence| (fence.at, RepairKind::Fence))
                .collect(),
        );
        let mut first_error = None;
        for fence in fences {
            if let Err(error) = piece(&text[..fence.to], fence.from, &mut found) {
                first_error.get_or_insert(error);
            }
        }
        if let (true, Some(error)) = (found.documents.is_empty(), first_error) {
            return Err(error);
        }
    }
    Ok(found.finish())
}

/// Reads the bytes of a file.
///
/// # Errors
///
/// As [`read`], and if the bytes are not UTF-8.
pub fn read_bytes(bytes: &[u8]) -> Result<Vec<Document>, ReadError> {
    read(super::text_of(bytes)?)
}

/// Reads what stands from this byte on.
fn piece(text: &str, from: usize, found: &mut gather::Found) -> Result<(), ReadError> {
    let body = &text[from..];
    if let Ok(value) = json::parse(body) {
        return found.gather(value.into(), &gather::Origin::of(Source::Body));
    }
    match looks::written(text, from) {
        Some(Written::Data) => {
            if let Some(node) = data::escaped(body) {
                return found.gather(node, &gather::Origin::of(Source::Body));
            }
            let nodes =
                data::read(text, from, false).map_err(|wrong| ReadError::at(text, wrong))?;
            found.data(text, nodes, &gather::Origin::of(Source::Body))
        }
        Some(Written::Program(dialect)) => program::read(text, from, dialect, found),
        Some(Written::Script) => script::read(text, from, found),
        None if body.trim().is_empty() => {
            Err(ReadError::at(text, (json::Problem::EndsEarly, text.len())))
        }
        None => data_below(text, from, found),
    }
}

/// Reads data below something else: a note, or the head of a request of HTTP.
fn data_below(text: &str, from: usize, found: &mut gather::Found) -> Result<(), ReadError> {
    let at = looks::first_data(text, from).ok_or(ReadError::Unknown)?;
    let read = match data::read(text, at, false) {
        // What follows is no data either.
        Err((json::Problem::GoesOn, end)) => data::read(&text[..end], at, false),
        read => read,
    };
    let mut data = read.map_err(|_| ReadError::Unknown)?;
    let is_empty =
        |node: &node::Node| matches!(node, node::Node::Object(object) if object.members.is_empty());
    if data.nodes.iter().all(is_empty) {
        return Err(ReadError::Unknown);
    }
    let head = &text[from..at];
    let is_http = head
        .lines()
        .next()
        .is_some_and(|line| line.contains(" HTTP/"));
    if !is_http {
        data.repairs.push((at, RepairKind::Fence));
    }
    let mut origin = gather::Origin::of(Source::Body);
    origin.region = head.lines().find_map(script::region_of);
    found.data(text, data, &origin)
}
