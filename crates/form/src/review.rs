//! [`review`]: what body a draft makes, and what is wrong with it.

use std::sync::Arc;

use dsw_model::descriptor::{
    Choices, Describe as _, FieldDescriptor, Kind, StructDescriptor, field_step,
};
use dsw_model::grammar::trimmed;
use dsw_model::path::{Path, Step};
use dsw_model::request::CreateInstanceRequest;
use dsw_model::rules::{Change, Context, Diagnostic, Fix, Severity};
use serde_json::{Map, Value};

use crate::body::{integer, unknown_value};
use crate::draft::{Draft, ROOT, StructDraft};
use crate::import::type_name;
use crate::json;

/// What a draft comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// The JSON to send.
    pub body: Value,
    /// What is wrong with it, in form order.
    pub diagnostics: Vec<Diagnostic>,
    /// For each path that a diagnostic stands at, the diagnostic's number; sorted.
    by_path: Vec<(Path, usize)>,
}

impl Review {
    /// The diagnostics that stand at exactly this path.
    pub fn at<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a Diagnostic> + 'a {
        self.numbers_from(path)
            .take_while(move |(at, _)| at == path)
            .map(|(_, n)| &self.diagnostics[*n])
    }

    /// The diagnostics that stand at this path or inside it, each once.
    pub fn within<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a Diagnostic> + 'a {
        let inside = self
            .numbers_from(path)
            .take_while(move |(at, _)| at.is_within(path));
        inside.filter_map(move |(at, n)| {
            let found = &self.diagnostics[*n];
            let paths = found.paths.iter().filter(|at| at.is_within(path));
            (paths.min() == Some(at)).then_some(found)
        })
    }

    /// How many diagnostics are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics
            .iter()
            .filter(|found| found.severity == severity)
            .count()
    }

    fn numbers_from<'a>(&'a self, path: &Path) -> impl Iterator<Item = &'a (Path, usize)> {
        let start = self.by_path.partition_point(|(at, _)| at < path);
        self.by_path[start..].iter()
    }
}

/// Judges a draft. It is a pure function of its arguments and cannot fail.
///
/// The typed request is read from the well-typed part of the body alone, so one ill-typed value never hides
/// what is wrong with the others. A rule about a value that the typed request does not hold for this reason
/// is dropped: it would only say that the field is missing.
pub fn review(draft: &Draft, context: &Context) -> Review {
    let body = draft.body();
    let mut diagnostics = Vec::new();
    inspect(
        Kind::Struct(ROOT),
        None,
        draft,
        &Path::ROOT,
        &mut diagnostics,
    );
    // They are found in form order, but for unknown members, of which no rule speaks.
    let hidden: Vec<Path> = diagnostics
        .iter()
        .filter(|found| found.code == "R112")
        .map(|found: &Diagnostic| found.path().clone())
        .collect();
    let request = body
        .as_object()
        .map(CreateInstanceRequest::read)
        .unwrap_or_default();
    let is_hidden = |path: &Path| {
        let mut outwards = (0..=path.steps().len()).map(|count| path.prefix(count));
        outwards.any(|at| hidden.binary_search(&at).is_ok())
    };
    diagnostics.extend(
        dsw_model::judge(&request, context)
            .into_iter()
            .map(|found| with_rows(found, draft))
            .filter(|found| !found.paths.iter().any(is_hidden)),
    );
    dsw_model::rules::sort(&mut diagnostics);
    let mut by_path = Vec::with_capacity(diagnostics.len());
    for (n, found) in diagnostics.iter().enumerate() {
        for path in &found.paths {
            // The first path of each comes in order, so nearly all are put at the end.
            let at = by_path.partition_point(|(other, _)| other <= path);
            by_path.insert(at, (path.clone(), n));
        }
    }
    Review {
        body,
        diagnostics,
        by_path,
    }
}

/// Entries of a map are known to the rules by name, to the draft by row.
fn with_rows(mut found: Diagnostic, draft: &Draft) -> Diagnostic {
    for path in &mut found.paths {
        let steps = path.steps().iter().enumerate();
        let keyed = steps
            .filter(|(_, step)| matches!(step, Step::Key(_)))
            .map(|(at, _)| at)
            .next();
        let Some(at) = keyed else { continue };
        let (Step::Key(key), Some(Draft::Map(rows))) =
            (&path.steps()[at], draft.get(&path.prefix(at)))
        else {
            continue;
        };
        if let Some(row) = rows.iter().position(|(name, _)| **name == **key) {
            let steps = path.steps().iter().enumerate();
            *path = steps
                .map(|(n, step)| {
                    if n == at {
                        Step::from(row)
                    } else {
                        step.clone()
                    }
                })
                .collect();
        }
    }
    found
}

fn error(code: &'static str, path: &Path) -> Diagnostic {
    finding(code, Severity::Error, path)
}

fn finding(code: &'static str, severity: Severity, path: &Path) -> Diagnostic {
    Diagnostic {
        code,
        severity,
        paths: vec![path.clone()],
        params: Vec::new(),
        fix: None,
    }
}

/// Reports what only the draft can show: text that is no value of its field, values of another type, blank rows,
/// names that repeat, members nobody knows; and what holds for all fields alike: closed lists and shapes.
fn inspect(
    kind: Kind,
    field: Option<&'static FieldDescriptor>,
    draft: &Draft,
    path: &Path,
    found: &mut Vec<Diagnostic>,
) {
    match (kind, draft) {
        (Kind::Struct(descriptor), Draft::Struct(object)) => {
            inspect_struct(descriptor, object, path, found);
        }
        (Kind::List(item), Draft::List(rows)) => {
            for (row, draft) in rows.iter().enumerate() {
                let path = path.join(row);
                // A row is never left out, so it would be sent empty.
                if draft.is_blank() {
                    let mut blank = finding("R109", Severity::Warning, &path);
                    blank.mended_by(Fix::clear(path.clone()));
                    found.push(blank);
                }
                inspect(*item, None, draft, &path, found);
            }
        }
        (Kind::Map(item), Draft::Map(rows)) => {
            // Which row has a name first: looking back from each row would take long in a long map.
            let mut first = Map::new();
            for (row, (name, draft)) in rows.iter().enumerate() {
                let path = path.join(row);
                if name.is_empty() {
                    found.push(error("R68", &path));
                } else if let Some(earlier) = first.get(name) {
                    let mut twice = error("R68", &path);
                    twice.with("name", name).with("row", earlier);
                    found.push(twice);
                } else {
                    first.insert(name.clone(), Value::from(row + 1));
                }
                inspect(*item, None, draft, &path, found);
            }
        }
        (Kind::Integer, Draft::Text(text)) => match integer(text) {
            None => {
                let mut wrong = error("R112", path);
                wrong.with("wanted", wanted(kind)).with("text", text);
                if let Some(number) = number_in(text) {
                    wrong.mended_by(Fix::set(path.clone(), number));
                }
                found.push(wrong);
            }
            Some(number) if number.as_i64().is_none() => {
                let mut wrong = error("R112", path);
                wrong.with("wanted", wanted(kind)).with("large", text);
                found.push(wrong);
            }
            Some(_) => {}
        },
        (Kind::Json, Draft::Text(text)) => match json::parse(text) {
            Ok(Value::Object(_)) => {}
            Ok(other) => found.push(wrong_type(kind, &other, path)),
            Err(problem) => found.push(not_json(&problem, path)),
        },
        (_, Draft::Foreign(value)) => found.push(wrong_type(kind, value, path)),
        (Kind::Text, Draft::Text(text)) => {
            if let Some(field) = field {
                inspect_text(field, text, path, found);
            }
        }
        _ => {}
    }
}

/// Holds a text against the closed choices and the shape that its field declares.
fn inspect_text(field: &FieldDescriptor, text: &str, path: &Path, found: &mut Vec<Diagnostic>) {
    if let Choices::Closed(choices) = field.choices
        && !choices.iter().any(|choice| choice.value == text)
    {
        let mut other = error(field.choice_rule, path);
        let known: Vec<_> = choices.iter().map(|choice| choice.value).collect();
        other.with("value", text).with("choices", known.join(", "));
        let near = choices
            .iter()
            .find(|choice| choice.value.eq_ignore_ascii_case(text.trim()));
        if let Some(near) = near {
            other.mended_by(Fix::set(path.clone(), near.value));
        }
        found.push(other);
    }
    if !field.shape.accepts(text) {
        let mut other = finding("R113", Severity::Warning, path);
        other.with("example", field.example);
        if let Some(bare) = trimmed(text, |bare| field.shape.accepts(bare)) {
            other.mended_by(Fix::set(path.clone(), bare));
        }
        found.push(other);
    }
}

fn inspect_struct(
    descriptor: &'static StructDescriptor,
    object: &Arc<StructDraft>,
    path: &Path,
    found: &mut Vec<Diagnostic>,
) {
    for (index, (field, draft)) in descriptor.fields.iter().zip(&object.fields).enumerate() {
        if *draft != Draft::Unset {
            inspect(
                field.kind,
                Some(field),
                draft,
                &path.join(field_step(index)),
                found,
            );
        }
    }
    for (name, draft) in &object.unknown {
        let at = path.join(Step::Key(Arc::clone(name)));
        if let Draft::Text(text) = draft
            && let Err(problem) = json::parse(text)
        {
            found.push(not_json(&problem, &at));
            continue;
        }
        let mut unknown = finding("R110", Severity::Warning, &at);
        unknown.with("name", name);
        if let Some(near) = descriptor.near(name) {
            let field = &descriptor.fields[near];
            unknown.with("known", field.wire);
            if object.fields[near].is_blank()
                && let Some(value) = unknown_value(draft)
            {
                let known = path.join(field_step(near));
                unknown.mended_by(Fix(vec![
                    Change::Clear(at.clone()),
                    Change::Set(known, renamed(field.kind, &value)),
                ]));
            }
        }
        found.push(unknown);
    }
}

/// The value with the names that the reference gives to members whose own are nearly so, where these are free:
/// the tags of an answer are `TagKey` and `TagValue` in `Tags`, those of a request `Key` and `Value` in `Tag`.
fn renamed(kind: Kind, value: &Value) -> Value {
    match (kind, value) {
        (Kind::Struct(descriptor), Value::Object(members)) => {
            let mut new = Map::new();
            for (name, value) in members {
                let near = match descriptor.field(name) {
                    Some((known, _)) => Some(known),
                    None => descriptor.near(name),
                };
                let field = near.map(|near| &descriptor.fields[near]);
                let field = field.filter(|field| {
                    field.wire == name
                        || !members.contains_key(field.wire) && !new.contains_key(field.wire)
                });
                match field {
                    Some(field) => new.insert(field.wire.to_owned(), renamed(field.kind, value)),
                    None => new.insert(name.clone(), value.clone()),
                };
            }
            Value::Object(new)
        }
        (Kind::List(item), Value::Array(items)) => {
            Value::Array(items.iter().map(|value| renamed(*item, value)).collect())
        }
        _ => value.clone(),
    }
}

fn wrong_type(kind: Kind, value: &Value, path: &Path) -> Diagnostic {
    let mut wrong = error("R112", path);
    wrong
        .with("wanted", wanted(kind))
        .with("found", type_name(value));
    // A number where text is wanted is most often the right value without its quotes, and the reverse.
    match (kind, value) {
        (Kind::Text | Kind::Secret, Value::Number(number)) => {
            wrong.mended_by(Fix::set(path.clone(), number.as_str()));
        }
        (Kind::Text, Value::Bool(flag)) => {
            wrong.mended_by(Fix::set(path.clone(), if *flag { "true" } else { "false" }));
        }
        (Kind::Integer, Value::String(text)) => {
            if let Some(number) = number_in(text) {
                wrong.mended_by(Fix::set(path.clone(), number));
            }
        }
        (Kind::Boolean, Value::String(text)) if text == "true" || text == "false" => {
            wrong.mended_by(Fix::set(path.clone(), text == "true"));
        }
        _ => {}
    }
    wrong
}

/// The number that a text writes but for white space around it, if the field can hold it.
fn number_in(text: &str) -> Option<Value> {
    integer(text.trim()).filter(|number| number.as_i64().is_some())
}

fn not_json(problem: &json::JsonError, path: &Path) -> Diagnostic {
    let mut wrong = error("R112", path);
    wrong.with("problem", problem);
    wrong
}

/// What a field of this kind wants, in words.
fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Secret => "text",
        Kind::Integer => "a whole number",
        Kind::Boolean => "true or false",
        Kind::Json | Kind::Struct(_) | Kind::Map(_) => "an object",
        Kind::List(_) => "an array",
    }
}
