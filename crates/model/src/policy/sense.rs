//! Whether a policy makes sense: its fields are fields of the request, their values could be sent, and no part of it
//! forbids what another asks for.

use serde_json::{Map, Value};

use super::read::{Wrong, check, entry, inside, near, put};
use super::table::{FIELD, Shape};
use super::{Ask, Entry, Policy, Problem, pattern, value, written};
use crate::descriptor::{Describe as _, FieldDescriptor};
use crate::path;
use crate::path::{Field, Path, Step};
use crate::request::{CreateInstanceRequest as Request, Label};
use crate::rules::{Context, Severity};

/// What the part about single fields says.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) entries: Vec<Entry>,
    pub(super) start: Vec<(Path, Value)>,
    /// Each field with the pointer to what is said of it.
    pub(super) names: Vec<(Path, String)>,
}

/// Reads the part about single fields.
pub(super) fn fields(part: &Value) -> Result<Fields, Wrong> {
    let mut fields = Fields::default();
    for (name, said) in part.as_object().into_iter().flatten() {
        let at = inside("/fields", name);
        let (path, field) = field(name).map_err(|problem| Wrong::name(&at, problem))?;
        check(Shape::Object(FIELD), said, &at).map_err(|wrong| match said {
            // An entry with words alone is as idle as one with nothing in it.
            Value::Object(said) if !says_something(said) && known(said) => {
                Wrong::name(&at, Problem::NothingSaid)
            }
            _ => wrong,
        })?;
        let says = ["hidden", "fixed", "default"];
        let mut says = says.iter().filter(|what| has(said, what));
        let (Some(&what), second) = (says.next(), says.next()) else {
            return Err(Wrong::name(&at, Problem::NothingSaid));
        };
        if let Some(&second) = second {
            let at = inside(&at, second);
            return Err(Wrong::name(&at, Problem::Both(what, second)));
        }
        let place = inside(&at, what);
        stands(&path, field, what, &said[what], &place)?;
        for (other, pointer) in &fields.names {
            // A list may have a default and fixed parts: whether these agree is seen by judging it.
            let inside = path.is_within(other) && pointer.ends_with("/hidden");
            if inside || other.is_within(&path) && what == "hidden" {
                return Err(Wrong::name(&at, Problem::Inside(written(other))));
            }
        }
        match what {
            "hidden" => fields.entries.push(entry(said, Ask::Unset(path.clone()))),
            what => {
                let value = &said[what];
                let in_rows = path.steps().iter().any(|step| matches!(step, Step::Row(_)));
                if what == "fixed" {
                    let ask = Ask::Value(path.clone(), value.clone());
                    fields.entries.push(entry(said, ask));
                }
                if !in_rows {
                    fields.start.push((path.clone(), value.clone()));
                }
            }
        }
        fields.names.push((path, place));
    }
    Ok(fields)
}

fn has(said: &Value, what: &str) -> bool {
    said.as_object().is_some_and(|said| said.contains_key(what))
}

fn says_something(said: &Map<String, Value>) -> bool {
    ["hidden", "fixed", "default"]
        .iter()
        .any(|what| said.contains_key(*what))
}

fn known(said: &Map<String, Value>) -> bool {
    said.keys()
        .all(|name| FIELD.iter().any(|member| member.name == name))
}

/// The field of a wire path, in which `[]` stands for rows.
fn field(name: &str) -> Result<(Path, &'static FieldDescriptor), Problem> {
    let mut found = None;
    let mut all = Vec::new();
    Request::DESCRIPTOR.walk(&mut |path, field| {
        let known = written(path);
        if known == name {
            found = Some((path.clone(), field));
        }
        all.push((known, field.wire));
    });
    found.ok_or_else(|| {
        let last = |wire: &str| wire.eq_ignore_ascii_case(name);
        let same = all.iter().find(|(_, wire)| last(wire));
        let near = match same {
            Some((path, _)) => Some(path.clone()),
            None => near(name, all.into_iter().map(|(path, _)| path)),
        };
        Problem::Field { near }
    })
}

/// Whether what is said of a field can be said of it.
fn stands(
    path: &Path,
    field: &FieldDescriptor,
    what: &str,
    given: &Value,
    at: &str,
) -> Result<(), Wrong> {
    let wrong = |problem| Err(Wrong::name(at, problem));
    let in_rows = path.steps().iter().any(|step| matches!(step, Step::Row(_)));
    let of_labels = path.is_within(&path![Request::LABELS]);
    match what {
        "hidden" if of_labels => wrong(Problem::Labels),
        "hidden" => Ok(()),
        _ if value::is_secret(field.kind) => wrong(Problem::Secret),
        "fixed" if of_labels => wrong(Problem::Labels),
        "fixed" if !value::is_single(field.kind) => wrong(Problem::NotSingle),
        "default" if in_rows || !value::may_default(field.kind) => wrong(Problem::NoDefault),
        _ => value::check(field, given, at),
    }
}

/// Whether the parts of a policy agree, and each of its values could be sent. Adds to what a request begins with the
/// labels and tags that can have one value only.
pub(super) fn agrees(policy: &mut Policy, names: &[(Path, String)]) -> Result<(), Wrong> {
    let mut body = Map::new();
    for (path, value) in &policy.start {
        put(&mut body, &written(path), value);
    }
    let context = Context::default();
    let own = policy.judge(&body, &context);
    let told = crate::judge(&Request::read(&body), &context);
    let errors = || {
        told.iter()
            .filter(|found| found.severity == Severity::Error)
    };
    // A key that is missing may still be added, unless there is no place for it.
    let (missing, own): (Vec<_>, Vec<_>) = own
        .into_iter()
        .partition(|found| matches!(found.code, "P05" | "P06") && found.path().steps().len() == 1);
    for (path, pointer) in names {
        if pointer.ends_with("/hidden") {
            let needed = errors().map(|found| &**found).chain(&missing);
            let mut needed = needed.filter(|found| {
                let mut paths = found.paths.iter();
                paths.clone().any(|at| at.is_within(path)) && paths.all(|at| is_hidden(names, at))
            });
            if let Some(found) = needed.next() {
                return Err(Wrong::name(pointer, Problem::Needed(found.code)));
            }
            continue;
        }
        if let Some(found) = own.iter().find(|found| found.path().is_within(path)) {
            return Err(Wrong::at(pointer, Problem::Forbidden(found.code)));
        }
        if let Some(found) = errors().find(|found| found.path().is_within(path)) {
            return Err(Wrong::at(pointer, Problem::Refused(found.code)));
        }
    }
    for list in [Request::LABELS, Request::TAG] {
        if policy.start.iter().any(|(path, _)| *path == path![list]) {
            continue;
        }
        let rows: Vec<Value> = policy
            .entries
            .iter()
            .filter_map(|entry| key(entry, list))
            .collect();
        if !rows.is_empty() {
            policy.start.push((path![list], rows.into()));
        }
    }
    policy.start.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(())
}

fn is_hidden(names: &[(Path, String)], at: &Path) -> bool {
    let mut names = names.iter();
    names.any(|(path, pointer)| pointer.ends_with("/hidden") && at.is_within(path))
}

/// The row for a key that can have one value only.
fn key(entry: &Entry, wanted: Field) -> Option<Value> {
    let Ask::Key { list, key, values } = &entry.ask else {
        return None;
    };
    let value = pattern::only(values).filter(|_| *list == wanted)?;
    Some(row(key, value))
}

/// A row of labels or tags, which have the same members.
pub(super) fn row(key: &str, value: &str) -> Value {
    let name = |Field(index): Field| Label::DESCRIPTOR.fields[usize::from(index)].wire;
    let members = [(Label::KEY, key), (Label::VALUE, value)];
    let members = members.map(|(field, text)| (name(field).to_owned(), Value::from(text)));
    Value::Object(members.into_iter().collect())
}
