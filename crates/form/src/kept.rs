//! [`Kept`]: a draft as the text that a browser keeps, with when it was kept and what it began with. Texts of older
//! versions are migrated. A member that may be missing needs no new version: older pages pass over it.

use dsw_model::secrecy::Secrecy;
use serde_json::{Map, Value};

use crate::draft::{Draft, ROOT};
use crate::json;
use crate::store::{self, Stored};

/// The version that is written.
pub const VERSION: usize = 1 + MIGRATIONS.len();

/// What makes of a document of one version one of the next: the first of version 1 one of version 2. They are pure, so
/// what stands in the storage stays as it is until something new is kept in its place.
const MIGRATIONS: [fn(Value) -> Option<Value>; 1] = [from_array];

const MEMBERS: [&str; 4] = ["version", "saved", "leftOut", "draft"];

/// The member that holds the [`Origin`]; none where there is none.
const ORIGIN: &str = "origin";

/// The longest origin that is kept, in bytes: with every pause in typing it is written again.
const MAX_ORIGIN: usize = 64 << 10;

/// What a form began with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// With a request that was imported.
    Import,
    /// With a preset, by its name in the program.
    Preset(String),
    /// With one of the person's own presets, by its name.
    Own(String),
    /// With a request that a link carried.
    Link,
    /// With a request of the past, by when it ended so with it: milliseconds since 1970, as digits.
    Past(String),
    /// With the settings of an instance, by its name.
    Instance(String),
}

impl Begun {
    /// Under what it is kept, and its name.
    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Import => ("import", ""),
            Self::Preset(id) => ("preset", id),
            Self::Own(name) => ("own", name),
            Self::Link => ("link", ""),
            Self::Past(at) => ("past", at),
            Self::Instance(name) => ("instance", name),
        }
    }

    fn read(kind: &str, name: &str) -> Option<Self> {
        let name = name.to_owned();
        Some(match kind {
            "import" => Self::Import,
            "preset" => Self::Preset(name),
            "own" => Self::Own(name),
            "link" => Self::Link,
            "past" => Self::Past(name),
            "instance" => Self::Instance(name),
            _ => return None,
        })
    }
}

/// The request that a form began with, without its secrets: what has changed since can be told.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// What it is.
    pub begun: Begun,
    /// The draft as [`store::write_with`] makes it.
    draft: Value,
}

impl Origin {
    /// The origin of a form with this in it.
    pub fn new(begun: Begun, stored: Stored) -> Self {
        Self {
            begun,
            draft: stored.value,
        }
    }

    /// The request, without its secrets.
    pub fn draft(&self) -> Draft {
        store::read(self.draft.clone())
    }

    /// As it is kept; nothing if it is too long for that. What one has called a secret since then is none of it.
    fn write(&self, secrecy: &Secrecy) -> Option<Value> {
        let (kind, name) = self.begun.parts();
        let draft = store::write_with(&self.draft(), secrecy).value;
        let value = Value::from_iter([Value::from(kind), Value::from(name), draft]);
        (value.to_string().len() <= MAX_ORIGIN).then_some(value)
    }

    fn read(value: Value) -> Option<Self> {
        let Value::Array(all) = value else {
            return None;
        };
        let [kind, name, draft] = <[Value; 3]>::try_from(all).ok()?;
        Some(Self {
            begun: Begun::read(kind.as_str()?, name.as_str()?)?,
            draft,
        })
    }
}

/// A draft that was kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// The draft, without its secrets.
    pub draft: Draft,
    /// What was said of its variables.
    pub secrecy: Secrecy,
    /// When, as the page writes times: `2026-11-22 18:20:00`.
    pub saved: String,
    /// Names of the fields whose secrets were left out, with commas between them.
    pub left_out: String,
    /// What the form began with, if that is known.
    pub origin: Option<Origin>,
}

/// What a text is that was found where a draft is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// A draft.
    Draft(Box<Kept>),
    /// A document of a version that is not known yet: to be left as it is.
    Newer,
    /// No draft.
    Unreadable,
}

/// The text of a draft that is kept at a time, with what the form began with.
pub fn write(stored: Stored, saved: &str, origin: Option<&Origin>) -> String {
    let secrecy = store::secrecy(&stored.value);
    let values = [
        Value::from(VERSION),
        Value::from(saved),
        Value::from(left_out(&stored)),
        stored.value,
    ];
    let members = MEMBERS.map(str::to_owned).into_iter().zip(values);
    let mut members: Map<_, _> = members.collect();
    if let Some(origin) = origin.and_then(|origin| origin.write(&secrecy)) {
        members.insert(ORIGIN.to_owned(), origin);
    }
    Value::Object(members).to_string()
}

/// Names of the fields whose secrets were left out, with commas between them.
pub fn left_out(stored: &Stored) -> String {
    let mut names = String::new();
    for path in &stored.left_out {
        if !names.is_empty() {
            names.push_str(", ");
        }
        let name = path.name(ROOT);
        // A member without a name is left out as well.
        names.push_str(if name.is_empty() { "\"\"" } else { &name });
    }
    names
}

/// Reads what was found.
pub fn read(text: &str) -> Found {
    let Ok(mut document) = json::parse(text) else {
        return Found::Unreadable;
    };
    let Some(version) = version(&document) else {
        return Found::Unreadable;
    };
    if version > VERSION {
        return Found::Newer;
    }
    for migrate in &MIGRATIONS[version - 1..] {
        let Some(next) = migrate(document) else {
            return Found::Unreadable;
        };
        document = next;
    }
    kept(document).map_or(Found::Unreadable, |kept| Found::Draft(Box::new(kept)))
}

/// The version of a document, from 1; nothing if it is none of ours.
fn version(document: &Value) -> Option<usize> {
    match document {
        Value::Array(_) => Some(1),
        // A number that is too large for any version is one of the future too.
        Value::Object(members) => match members.get(MEMBERS[0])? {
            Value::Number(number) => match number.as_u64() {
                Some(0) | None => None,
                Some(version) => Some(usize::try_from(version).unwrap_or(usize::MAX)),
            },
            _ => None,
        },
        _ => None,
    }
}

/// Version 1 was an array of time, names and draft.
fn from_array(document: Value) -> Option<Value> {
    let Value::Array(all) = document else {
        return None;
    };
    let [saved, left_out, draft] = <[Value; 3]>::try_from(all).ok()?;
    let values = [Value::from(2), saved, left_out, draft];
    let members = MEMBERS.map(str::to_owned).into_iter().zip(values);
    Some(Value::Object(members.collect()))
}

fn kept(document: Value) -> Option<Kept> {
    let Value::Object(mut members) = document else {
        return None;
    };
    let [_, saved, left_out, draft] = MEMBERS;
    let text = |members: &mut Map<String, Value>, name: &str| match members.remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let draft = members.remove(draft)?;
    Some(Kept {
        origin: members.remove(ORIGIN).and_then(Origin::read),
        saved: text(&mut members, saved)?,
        left_out: text(&mut members, left_out)?,
        secrecy: store::secrecy(&draft),
        draft: store::read(draft),
    })
}
