//! [`Policy`]: what a team allows, in a file of its own that the page and the gateway read alike.
//!
//! A policy only ever narrows what the service takes: what it says ends as findings like those of the rules, with
//! ids that begin with `P`, and in the team's own words where it has some. The file is strict: a member that nobody
//! knows, or entries that contradict each other, make the whole of it broken, and then nothing may be created. A
//! slip of the pen must not let everything pass.
//!
//! `docs/policy.md` explains the file to those who write one, and `docs/policy.schema.json` to their editors.

use std::fmt;

use serde_json::{Map, Value};

use crate::amount::Amount;
use crate::descriptor::Describe as _;
use crate::json;
use crate::path::{Field, Path, Step};
use crate::request::CreateInstanceRequest as Request;
use crate::rules::{Change, Context, Diagnostic, Fix, Price, Severity};
use crate::verdict::Fields;

pub use self::schema::schema;

mod judge;
mod pattern;
mod read;
mod schema;
mod sense;
mod table;
mod value;

/// The longest file that is read, in bytes.
pub const MAX_BYTES: usize = 256 << 10;

/// The most characters of a team's own words in one place. They travel in answers, which are bounded (S20).
pub const MAX_WORDS: usize = 300;

/// What a team allows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// Whose policy it is; empty where it does not say.
    pub name: Words,
    /// Whom to ask, in the team's words.
    pub contact: Words,
    /// Where to read more: an `https:` address, or empty.
    pub link: String,
    /// What is asked of a request, in the order of [`RULES`].
    entries: Vec<Entry>,
    /// What a new request begins with, where nothing else is there: no secrets, nothing blank, nothing in rows.
    start: Vec<(Path, Value)>,
}

/// Words of the team, in the languages that it wrote them in. Both are empty where there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// English, or the only language.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Words {
    /// The words in this language (`en` or `zh`), or in the one that there is.
    pub fn said(&self, language: &str) -> &str {
        match (language, &*self.zh, &*self.en) {
            ("zh", "", en) => en,
            ("zh", zh, _) | (_, zh, "") => zh,
            (_, _, en) => en,
        }
    }
}

/// One thing that is asked of a request.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    severity: Severity,
    words: Words,
    ask: Ask,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
enum Ask {
    /// The file is mended in this place: until then nothing may be created.
    Mended { line: usize, column: usize },
    /// The region is one of these.
    Region(Vec<String>),
    /// A text is one of these: the workspace or the machine.
    Text(Field, Vec<String>),
    /// The image has one of these ids, or comes from one of these registries.
    Image {
        ids: Vec<String>,
        registries: Vec<String>,
    },
    /// A list of keys and values (labels, tags) has this key, with one of these values, or any if there are none.
    Key {
        list: Field,
        key: String,
        values: Vec<String>,
    },
    /// The field is not set. Rows have the number 0 in its path, and so below.
    Unset(Path),
    /// The field has this value.
    Value(Path, Value),
    /// The machine costs no more than this an hour.
    Price { most: Price, unknown: Unknown },
}

/// What is made of a price that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unknown {
    /// Nothing may be created.
    Block,
    /// There is a warning.
    Warn,
    /// It passes.
    Allow,
}

/// The ids of the rules of policies: the codes of their findings. Words for them are in the crate for words.
///
/// The file can not be read; region, workspace, machine, image; labels, tags; a hidden field that is set, a fixed one
/// that has another value; a price that is too high, one that is not known.
pub const RULES: &[&str] = &[
    "P00", "P01", "P02", "P03", "P04", "P05", "P06", "P07", "P08", "P09", "P10",
];

/// Why a policy is broken, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the policy is broken at line {line}, column {column} ({pointer:?}): {problem:?}")]
pub struct PolicyError {
    /// What is wrong.
    pub problem: Problem,
    /// JSON Pointer to where it is wrong; empty for the file as a whole.
    pub pointer: String,
    /// Line, from 1.
    pub line: usize,
    /// Character in that line, from 1.
    pub column: usize,
}

/// What is wrong with a policy. What to say of it is in the crate for words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is longer than [`MAX_BYTES`].
    TooLong,
    /// It is not UTF-8 text.
    NotUtf8,
    /// It is not JSON.
    Json(json::Problem),
    /// A value of another type.
    Type(Wanted),
    /// A member that no policy has here.
    Unknown {
        /// The one that was meant, most likely.
        near: Option<&'static str>,
    },
    /// A member is missing.
    Missing(&'static str),
    /// The version is not 1.
    Version,
    /// A text or number that is none of these.
    Choice(String),
    /// Nothing is in it.
    Empty,
    /// The same text twice in a list.
    Twice,
    /// Spaces where none belong, or a line break.
    Spaces,
    /// Words that are longer than [`MAX_WORDS`].
    Wordy,
    /// A link that does not begin with `https://`, or has spaces in it.
    Link,
    /// A ceiling that is not above 0, or has an exponent.
    Ceiling,
    /// A currency that is not three capital letters.
    Currency,
    /// No field has this path.
    Field {
        /// The one that was meant, most likely.
        near: Option<String>,
    },
    /// An entry for a field that says nothing of it.
    NothingSaid,
    /// Two of `hidden`, `fixed` and `default` for one field.
    Both(&'static str, &'static str),
    /// A value for a secret: everyone who opens the page reads the policy.
    Secret,
    /// A fixed value for a field that holds several.
    NotSingle,
    /// A default for a field in rows, or for a whole object.
    NoDefault,
    /// The labels are hidden or their parts fixed: the one by which a create is found again must have its place.
    Labels,
    /// A field inside of another that the policy speaks of too.
    Inside(String),
    /// A value that this rule refuses, whoever the team is.
    Refused(&'static str),
    /// A value that another part of the same policy does not allow.
    Forbidden(&'static str),
    /// A hidden field without which no request passes this rule.
    Needed(&'static str),
}

/// The type that was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A text.
    Text,
    /// A text, or an object with `en`, `zh` or both.
    Words,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// `true`.
    True,
    /// `true` or `false`.
    Boolean,
}

/// What a policy says of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stance {
    /// Nothing.
    #[default]
    Free,
    /// It is not offered, and not to be set.
    Hidden,
    /// It has a value, and no other.
    Fixed,
}

/// A policy as those ask it who judge requests and show them. They reach it through a table of functions, so that a
/// page without a policy does without the code for one.
pub trait Team: fmt::Debug + Send + Sync {
    /// Whom to ask, in the team's words, and where to read more: an `https:` address, or empty.
    fn contact(&self) -> (&Words, &str);

    /// How many things it asks.
    fn count(&self) -> usize;

    /// Whether the answer to one of the things that it asks, by its number, may be another when these fields have
    /// changed.
    fn reads(&self, number: usize, changed: Fields) -> bool;

    /// What one of the things that it asks, by its number, finds in a body: one without what is blank.
    fn ask(&self, number: usize, body: &Map<String, Value>, context: &Context) -> Vec<Diagnostic>;

    /// What it says of the field at a path.
    fn stance(&self, path: &Path) -> Stance;

    /// Whether a field of the request may have this text: of workspaces, machines and images. Anything else may, and
    /// so may what is only warned of.
    fn allows(&self, field: Field, text: &str) -> bool;

    /// Whether a price is above the ceiling. One in another currency can not be compared.
    fn is_too_dear(&self, price: &Price) -> bool;

    /// What fills in the values that a request is to begin with, where `is_free` says that nothing stands; nothing if
    /// there is none.
    fn start(&self, is_free: &dyn Fn(&Path) -> bool) -> Option<Fix>;
}

impl PartialEq for dyn Team {
    /// A policy is read once: another one is another.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::addr_eq(self, other)
    }
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    ///
    /// If anything in it is not as it has to be, with the place.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        read::policy(text)
    }

    /// Reads the bytes of a policy's file.
    ///
    /// # Errors
    ///
    /// As [`Policy::parse`], and if the bytes are too many, or no text.
    pub fn read(bytes: &[u8]) -> Result<Self, PolicyError> {
        let whole = |problem, (line, column)| PolicyError {
            problem,
            pointer: String::new(),
            line,
            column,
        };
        if bytes.len() > MAX_BYTES {
            return Err(whole(Problem::TooLong, (1, 1)));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let valid = &bytes[..error.valid_up_to()];
            let valid = std::str::from_utf8(valid).unwrap_or_default();
            whole(Problem::NotUtf8, json::line_and_column(valid, valid.len()))
        })?;
        Self::parse(text)
    }

    /// What holds while a policy is broken: nothing may be created. The place is told with the finding.
    pub fn broken(line: usize, column: usize) -> Self {
        Self {
            entries: vec![Entry {
                severity: Severity::Error,
                words: Words::default(),
                ask: Ask::Mended { line, column },
            }],
            ..Self::default()
        }
    }

    /// Whether it says anything of what a machine costs.
    pub fn asks_for_prices(&self) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|entry| matches!(entry.ask, Ask::Price { .. }))
    }

    /// Whether it asks nothing, and fills nothing in.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.start.is_empty()
    }

    /// The team's words for what holds for the field at a path, if it has any.
    pub fn said_of(&self, path: &Path) -> Option<&Words> {
        let plain = without_rows(path);
        let mut entries = self.entries.iter();
        let entry = entries.find(|entry| match &entry.ask {
            Ask::Unset(at) | Ask::Value(at, _) => *at == plain,
            _ => false,
        });
        entry.map(|entry| &entry.words)
    }

    /// All that it finds in a body.
    pub fn judge(&self, body: &Map<String, Value>, context: &Context) -> Vec<Diagnostic> {
        let numbers = 0..self.count();
        numbers
            .flat_map(|number| self.ask(number, body, context))
            .collect()
    }
}

impl Team for Policy {
    fn contact(&self) -> (&Words, &str) {
        (&self.contact, &self.link)
    }

    fn count(&self) -> usize {
        self.entries.len()
    }

    fn reads(&self, number: usize, changed: Fields) -> bool {
        judge::reads(&self.entries[number].ask, changed)
    }

    fn ask(&self, number: usize, body: &Map<String, Value>, context: &Context) -> Vec<Diagnostic> {
        judge::ask(&self.entries[number], body, context)
    }

    fn stance(&self, path: &Path) -> Stance {
        let plain = without_rows(path);
        let stances = self.entries.iter().map(|entry| match &entry.ask {
            Ask::Unset(at) if *at == plain => Stance::Hidden,
            Ask::Value(at, _) if *at == plain => Stance::Fixed,
            _ => Stance::Free,
        });
        let mut told = stances.filter(|stance| *stance != Stance::Free);
        told.next().unwrap_or_default()
    }

    fn allows(&self, field: Field, text: &str) -> bool {
        self.entries.iter().all(|entry| {
            entry.severity == Severity::Warning
                || match &entry.ask {
                    Ask::Text(of, allowed) if *of == field => pattern::any(allowed, text),
                    Ask::Image { ids, .. } if field == Request::IMAGE_ID => pattern::any(ids, text),
                    _ => true,
                }
        })
    }

    fn is_too_dear(&self, price: &Price) -> bool {
        self.entries.iter().any(|entry| match &entry.ask {
            Ask::Price { most, .. } => {
                most.currency == price.currency && price.amount > most.amount
            }
            _ => false,
        })
    }

    fn start(&self, is_free: &dyn Fn(&Path) -> bool) -> Option<Fix> {
        let free = self.start.iter().filter(|(path, _)| is_free(path));
        let changes: Vec<_> = free
            .map(|(path, value)| Change::Set(path.clone(), value.clone()))
            .collect();
        (!changes.is_empty()).then_some(Fix(changes))
    }
}

/// What holds while there is a policy, most likely, that is not to be had: nothing may be created.
#[derive(Clone, Copy, Debug)]
pub struct Lost;

impl Team for Lost {
    fn contact(&self) -> (&Words, &str) {
        const NONE: &Words = &Words {
            en: String::new(),
            zh: String::new(),
        };
        (NONE, "")
    }

    fn count(&self) -> usize {
        1
    }

    fn reads(&self, _: usize, _: Fields) -> bool {
        false
    }

    fn ask(&self, _: usize, _: &Map<String, Value>, _: &Context) -> Vec<Diagnostic> {
        vec![Diagnostic {
            code: "P00",
            severity: Severity::Error,
            paths: vec![Path::ROOT],
            params: vec![("lost", String::new())],
            fix: None,
        }]
    }

    fn stance(&self, _: &Path) -> Stance {
        Stance::Free
    }

    fn allows(&self, _: Field, _: &str) -> bool {
        true
    }

    fn is_too_dear(&self, _: &Price) -> bool {
        false
    }

    fn start(&self, _: &dyn Fn(&Path) -> bool) -> Option<Fix> {
        None
    }
}

/// A path in which all rows have the number 0.
fn without_rows(path: &Path) -> Path {
    let steps = path.steps().iter();
    steps
        .map(|step| match step {
            Step::Row(_) => Step::Row(0),
            step => step.clone(),
        })
        .collect()
}

/// The wire path of a field as policies write it, with `[]` for rows.
fn written(path: &Path) -> String {
    path.name(Request::DESCRIPTOR).replace("[0]", "[]")
}

/// An amount and its currency, as they are told.
fn money(amount: Amount, currency: &str) -> String {
    let mut said = amount.show(2);
    if !currency.is_empty() {
        said.push(' ');
        said.push_str(currency);
    }
    said
}
