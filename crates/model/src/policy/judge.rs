//! What a policy finds in a body.

use serde_json::{Map, Value};

use super::{Ask, Entry, Unknown, money, pattern, sense};
use crate::descriptor::{Describe as _, Kind, StructDescriptor, field_step};
use crate::path;
use crate::path::{Field, Path, Step};
use crate::request::{CreateInstanceRequest as Request, Label};
use crate::rules::{Context, Diagnostic, Fix, Severity};
use crate::verdict::Fields;

const ROOT: &StructDescriptor = Request::DESCRIPTOR;

/// Stands for all members that the model does not know.
const UNKNOWN: Field = Field(u16::MAX);

/// Allowed values that a finding tells.
const TOLD: usize = 4;

/// [`super::Team::reads`] of one thing that is asked.
pub(super) fn reads(ask: &Ask, changed: Fields) -> bool {
    let has = |field| changed.has(field);
    has(UNKNOWN)
        || match ask {
            Ask::Mended { .. } | Ask::Region(_) => false,
            Ask::Text(field, _) | Ask::Key { list: field, .. } => has(*field),
            Ask::Image { .. } => has(Request::IMAGE_ID) || has(Request::IMAGE_URL),
            Ask::Unset(path) | Ask::Value(path, _) => {
                matches!(path.steps().first(), Some(Step::Field(field)) if has(*field))
            }
            Ask::Price { .. } => has(Request::ECS_SPEC),
        }
}

/// [`super::Team::ask`] of one entry.
pub(super) fn ask(entry: &Entry, body: &Map<String, Value>, context: &Context) -> Vec<Diagnostic> {
    let mut findings = Findings {
        entry,
        found: Vec::new(),
    };
    findings.ask(body, context);
    findings.found
}

/// What one entry finds.
struct Findings<'a> {
    entry: &'a Entry,
    found: Vec<Diagnostic>,
}

/// What stands at a place that a policy speaks of.
enum There<'a> {
    /// This value; nothing if it is not set.
    Value(Option<&'a Value>),
    /// A member that nobody knows, which the service might take for the field of this name.
    Alias(&'static str),
}

impl Findings<'_> {
    fn at(&mut self, code: &'static str, path: Path) -> &mut Diagnostic {
        let mut found = Diagnostic {
            code,
            severity: self.entry.severity,
            paths: vec![path],
            params: Vec::new(),
            fix: None,
        };
        for (language, words) in [("en", &self.entry.words.en), ("zh", &self.entry.words.zh)] {
            if !words.is_empty() {
                found.with(language, words);
            }
        }
        self.found.push(found);
        self.found.last_mut().expect("just pushed")
    }

    fn ask(&mut self, body: &Map<String, Value>, context: &Context) {
        match &self.entry.ask {
            Ask::Mended { line, column } => {
                let broken = self.at("P00", Path::ROOT);
                broken.with("line", line).with("column", column);
            }
            Ask::Region(allowed) => {
                let region = context.region.as_deref();
                if region.is_some_and(|region| !pattern::any(allowed, region)) {
                    self.at("P01", Path::ROOT).with("allowed", told(allowed));
                }
            }
            Ask::Text(field, allowed) => {
                let code = if *field == Request::WORKSPACE_ID {
                    "P02"
                } else {
                    "P03"
                };
                self.text(body, *field, code, "allowed", allowed, pattern::any);
            }
            Ask::Image { ids, registries } => {
                self.text(body, Request::IMAGE_ID, "P04", "ids", ids, pattern::any);
                let from = pattern::is_from;
                self.text(
                    body,
                    Request::IMAGE_URL,
                    "P04",
                    "registries",
                    registries,
                    from,
                );
            }
            Ask::Key { list, key, values } => self.key(body, *list, key, values),
            Ask::Unset(path) => walk(body, path, &mut |at, there| match there {
                There::Value(None) => {}
                There::Value(Some(_)) => {
                    let fix = Fix::clear(at.clone());
                    self.at("P07", at).mended_by(fix);
                }
                There::Alias(known) => self.alias("P07", at, known),
            }),
            Ask::Value(path, wanted) => walk(body, path, &mut |at, there| match there {
                There::Value(Some(value)) if value == wanted => {}
                There::Value(_) => {
                    let shown = match wanted {
                        Value::String(text) => text.clone(),
                        other => other.to_string(),
                    };
                    let fix = Fix::set(at.clone(), wanted.clone());
                    self.at("P08", at).with("value", shown).mended_by(fix);
                }
                There::Alias(known) => self.alias("P08", at, known),
            }),
            Ask::Price { most, unknown } => {
                let path = path![Request::ECS_SPEC];
                let Some(Value::String(machine)) = body.get(wire(Request::ECS_SPEC)) else {
                    return;
                };
                let ceiling = money(most.amount, &most.currency);
                match context.prices.get(machine) {
                    Some(price) if price.currency == most.currency => {
                        if price.amount > most.amount {
                            self.at("P09", path)
                                .with("price", money(price.amount, &price.currency))
                                .with("ceiling", ceiling);
                        }
                    }
                    _ if *unknown == Unknown::Allow => {}
                    _ => {
                        let found = self.at("P10", path);
                        found.with("ceiling", ceiling);
                        found.severity = match unknown {
                            Unknown::Block => Severity::Error,
                            _ => Severity::Warning,
                        };
                        // The team's words speak of what is too dear.
                        found.params.retain(|(name, _)| *name == "ceiling");
                    }
                }
            }
        }
    }

    /// A text of the request that has to be allowed. Where nothing is, its parameter is empty and named for that.
    fn text(
        &mut self,
        body: &Map<String, Value>,
        field: Field,
        code: &'static str,
        kind: &'static str,
        allowed: &[String],
        is_allowed: fn(&[String], &str) -> bool,
    ) {
        walk(body, &path![field], &mut |at, there| match there {
            There::Value(Some(Value::String(text))) if !is_allowed(allowed, text) => {
                let only = pattern::only(allowed).filter(|_| kind != "registries");
                let fix = only.map(|only| Fix::set(at.clone(), only));
                let found = self.at(code, at);
                if allowed.is_empty() {
                    found.with("none", kind);
                } else {
                    found.with(kind, told(allowed));
                }
                found.fix = fix;
            }
            There::Value(_) => {}
            There::Alias(known) => self.alias(code, at, known),
        });
    }

    fn alias(&mut self, code: &'static str, at: Path, known: &'static str) {
        let found = self.at(code, at);
        // What the team says is about the value.
        found.params.clear();
        found.with("alias", known);
    }

    /// A key that the labels or tags have to have.
    fn key(&mut self, body: &Map<String, Value>, list: Field, key: &str, values: &[String]) {
        let code = if list == Request::LABELS {
            "P05"
        } else {
            "P06"
        };
        let given = body.get(wire(list));
        let rows: &[Value] = match given {
            Some(Value::Array(rows)) => rows,
            None => &[],
            // Another type is another finding.
            Some(_) => return,
        };
        let (name, value) = (inner(Label::KEY), inner(Label::VALUE));
        let mut found = false;
        for (row, label) in rows.iter().enumerate() {
            if label[name] != key {
                continue;
            }
            found = true;
            let text = label[value].as_str().unwrap_or_default();
            if !text.is_empty() && (values.is_empty() || pattern::any(values, text)) {
                continue;
            }
            let at = path![list, row, Label::VALUE];
            let fix = pattern::only(values).map(|only| Fix::set(at.clone(), only));
            let wrong = self.at(code, at).with("key", key);
            if values.is_empty() {
                wrong.with("blank", "");
            } else {
                wrong.with("other", told(values));
            }
            wrong.fix = fix;
        }
        if !found {
            let fix = pattern::only(values).map(|only| {
                let mut rows = rows.to_vec();
                rows.push(sense::row(key, only));
                Fix::set(path![list], rows)
            });
            let missing = self.at(code, path![list]).with("key", key);
            if !values.is_empty() {
                missing.with("values", told(values));
            }
            missing.fix = fix;
        }
        let mut unknown = body.keys().filter(|name| ROOT.field(name).is_none());
        let near = |name: &&String| ROOT.near(name).map(field_step) == Some(list);
        if let Some(alias) = unknown.find(near) {
            self.alias(code, path![alias.as_str()], wire(list));
        }
    }
}

/// The name of a field of the request.
fn wire(Field(index): Field) -> &'static str {
    ROOT.fields[usize::from(index)].wire
}

/// The name of a member of labels and tags.
fn inner(Field(index): Field) -> &'static str {
    Label::DESCRIPTOR.fields[usize::from(index)].wire
}

/// What is allowed, as far as one reads such lists.
fn told(allowed: &[String]) -> String {
    let mut told = allowed[..allowed.len().min(TOLD)].join(", ");
    if allowed.len() > TOLD {
        told.push_str(", …");
    }
    told
}

/// Goes to a place in a body: in lists to that of each row.
fn walk(body: &Map<String, Value>, path: &Path, each: &mut dyn FnMut(Path, There<'_>)) {
    into_object(ROOT, Some(body), path.steps(), &Path::ROOT, each);
}

fn into_object(
    descriptor: &'static StructDescriptor,
    object: Option<&Map<String, Value>>,
    steps: &[Step],
    at: &Path,
    each: &mut dyn FnMut(Path, There<'_>),
) {
    let Some((Step::Field(Field(index)), rest)) = steps.split_first() else {
        return;
    };
    let index = usize::from(*index);
    let field = &descriptor.fields[index];
    for name in object.into_iter().flat_map(Map::keys) {
        // Whether the service minds capitals nobody says.
        if descriptor.field(name).is_none() && descriptor.near(name) == Some(index) {
            each(at.join(&**name), There::Alias(field.wire));
        }
    }
    let value = object.and_then(|object| object.get(field.wire));
    into(field.kind, value, rest, &at.join(field_step(index)), each);
}

fn into(
    kind: Kind,
    value: Option<&Value>,
    steps: &[Step],
    at: &Path,
    each: &mut dyn FnMut(Path, There<'_>),
) {
    match (kind, value, steps.first()) {
        (_, value, None) => each(at.clone(), There::Value(value)),
        (Kind::Struct(inner), None, Some(_)) => into_object(inner, None, steps, at, each),
        (Kind::Struct(inner), Some(Value::Object(object)), Some(_)) => {
            into_object(inner, Some(object), steps, at, each);
        }
        (Kind::List(item), Some(Value::Array(rows)), Some(_)) => {
            for (row, value) in rows.iter().enumerate() {
                into(*item, Some(value), &steps[1..], &at.join(row), each);
            }
        }
        // Another type is another finding, and a list that is not there has no rows.
        _ => {}
    }
}
