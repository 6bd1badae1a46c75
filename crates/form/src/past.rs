//! [`Past`]: the last requests of a browser, without secrets, and what became of each.

use dsw_model::path;
use dsw_model::path::Field;
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_model::secrecy::Secrecy;
use serde_json::{Map, Value};

use crate::draft::Draft;
use crate::json;
use crate::kept::left_out;
use crate::store::{self, Stored};

/// How many requests are kept.
pub const KEPT: usize = 20;

/// The version that is written. One that is newer is left as it is.
const VERSION: u64 = 1;

/// How it ended with a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// Another took its place in the form.
    #[default]
    Replaced,
    /// It was copied.
    Copied,
    /// It was downloaded.
    Downloaded,
    /// It was sent, and not answered yet.
    Sent,
    /// An instance was created.
    Created,
    /// The service refused it.
    Refused,
    /// It was sent, and whether there is an instance is not known.
    Unknown,
    /// It was to be sent, and was not.
    NotSent,
}

impl End {
    /// Each, by the name under which it is kept.
    const NAMES: [(Self, &'static str); 8] = [
        (Self::Replaced, "replaced"),
        (Self::Copied, "copied"),
        (Self::Downloaded, "downloaded"),
        (Self::Sent, "sent"),
        (Self::Created, "created"),
        (Self::Refused, "refused"),
        (Self::Unknown, "unknown"),
        (Self::NotSent, "notSent"),
    ];

    fn name(self) -> &'static str {
        let entry = Self::NAMES.iter().find(|(end, _)| *end == self);
        entry.map_or("", |(_, name)| name)
    }

    fn read(name: &str) -> Option<Self> {
        let entry = Self::NAMES.iter().find(|(_, known)| *known == name);
        entry.map(|(end, _)| *end)
    }
}

/// One request of the past. No secret is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// When it ended so: milliseconds since 1970, as digits.
    pub at: String,
    /// How.
    pub end: End,
    /// The key of the submission; empty where it was not sent.
    pub key: String,
    /// The mode of the gateway that it was sent to: `live`, `sandbox`; empty where it was not sent.
    pub mode: String,
    /// The region that was chosen; empty without one.
    pub region: String,
    /// Id of the instance, once known.
    pub instance_id: String,
    /// Names of the fields whose secrets were left out, with commas between them.
    pub left_out: String,
    /// The draft as [`store::write_with`] makes it.
    draft: Value,
}

impl Entry {
    /// A request that ended so, with nothing that tells where it was sent.
    pub fn new(stored: Stored, end: End, at: &str) -> Self {
        Self {
            at: at.to_owned(),
            end,
            left_out: left_out(&stored),
            draft: stored.value,
            ..Self::default()
        }
    }

    /// What was said of its variables.
    pub fn secrecy(&self) -> Secrecy {
        store::secrecy(&self.draft)
    }

    /// The request, without its secrets.
    pub fn draft(&self) -> Draft {
        store::read(self.draft.clone())
    }

    /// `InstanceName`; empty without one.
    pub fn name(&self) -> String {
        self.text(Request::INSTANCE_NAME)
    }

    /// The machine that it asks for, or the quota; empty without either.
    pub fn machine(&self) -> String {
        let machine = self.text(Request::ECS_SPEC);
        if machine.is_empty() {
            self.text(Request::RESOURCE_ID)
        } else {
            machine
        }
    }

    fn text(&self, field: Field) -> String {
        match self.draft().get(&path![field]) {
            Some(Draft::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }

    /// Whether it is the other, whatever became of it since.
    pub fn is(&self, other: &Self) -> bool {
        self.key == other.key && (!self.key.is_empty() || self.at == other.at)
    }

    fn members(&mut self) -> [(&'static str, &mut String); 6] {
        [
            ("at", &mut self.at),
            ("key", &mut self.key),
            ("mode", &mut self.mode),
            ("region", &mut self.region),
            ("instanceId", &mut self.instance_id),
            ("leftOut", &mut self.left_out),
        ]
    }

    fn read(value: &Value) -> Option<Self> {
        let mut entry = Self::default();
        for (name, member) in entry.members() {
            value.get(name)?.as_str()?.clone_into(member);
        }
        entry.end = End::read(value.get("end")?.as_str()?)?;
        entry.draft = value.get("draft")?.clone();
        entry.at.parse::<f64>().is_ok().then_some(entry)
    }

    fn write(&self) -> Value {
        let mut all = Map::new();
        for (name, member) in self.clone().members() {
            all.insert(name.to_owned(), Value::from(member.as_str()));
        }
        all.insert("end".to_owned(), Value::from(self.end.name()));
        all.insert("draft".to_owned(), self.draft.clone());
        Value::Object(all)
    }
}

/// The requests that are kept, the latest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past(pub Vec<Entry>);

impl Past {
    /// Reads what was kept; what is no entry is left out. Nothing if a newer version wrote it, which is to be left as
    /// it is.
    pub fn read(text: &str) -> Option<Self> {
        let Ok(Value::Object(members)) = json::parse(text) else {
            return Some(Self::default());
        };
        let version = members.get("version").and_then(Value::as_u64);
        if version.is_some_and(|version| version > VERSION) {
            return None;
        }
        let entries = members.get("entries").and_then(Value::as_array);
        let entries = entries.into_iter().flatten().filter_map(Entry::read);
        Some(Self(entries.take(KEPT).collect()))
    }

    /// What [`Past::read`] takes.
    pub fn write(&self) -> String {
        let mut all = Map::new();
        all.insert("version".to_owned(), Value::from(VERSION));
        let entries = self.0.iter().map(Entry::write).collect();
        all.insert("entries".to_owned(), Value::Array(entries));
        Value::Object(all).to_string()
    }

    /// Adds a request. An equal one is not kept twice, unless both were sent; one that was sent, or taken away while
    /// this one was not, stays where it is, since it tells more. The oldest go when there are too many.
    pub fn put(&mut self, entry: Entry) {
        let same = |other: &Entry| other.draft == entry.draft;
        let says_more =
            |other: &Entry| same(other) && (!other.key.is_empty() || entry.end == End::Replaced);
        if entry.key.is_empty() && self.0.iter().any(says_more) {
            return;
        }
        self.0
            .retain(|it| !(it.is(&entry) || same(it) && it.key.is_empty()));
        self.0.insert(0, entry);
        self.0.truncate(KEPT);
    }

    /// Notes what became of a submission. Returns whether it is here and that is news.
    pub fn settle(&mut self, key: &str, end: End, instance_id: &str) -> bool {
        let entry = self.0.iter_mut().find(|entry| entry.key == key);
        let Some(entry) = entry.filter(|entry| !key.is_empty() && entry.end != end) else {
            return false;
        };
        entry.end = end;
        instance_id.clone_into(&mut entry.instance_id);
        true
    }

    /// Puts back what was taken out, each at its time.
    pub fn put_back(&mut self, entries: Vec<Entry>) {
        self.0.extend(entries);
        let at = |entry: &Entry| entry.at.parse::<f64>().unwrap_or_default();
        self.0.sort_by(|one, other| at(other).total_cmp(&at(one)));
        self.0.truncate(KEPT);
    }

    /// Takes one out.
    pub fn remove(&mut self, entry: &Entry) {
        self.0.retain(|it| !it.is(entry));
    }
}
