//! [`review`]: what body a draft makes, and what is wrong with it.
//!
//! [`Reviewer`] keeps what an edit does not touch, so that the work of a keystroke follows the edit and not
//! the request: [`Changes`] tells which fields and rows differ, and only these are written, inspected and
//! judged again.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use dsw_model::descriptor::{Choices, FieldDescriptor, Kind, StructDescriptor, field_step};
use dsw_model::grammar::trimmed;
use dsw_model::path::{Path, Step, Trail};
use dsw_model::policy::{Stance, Team};
use dsw_model::request::CreateInstanceRequest;
use dsw_model::rules::{self, Change, Context, Diagnostic, Fix, Severity};
use dsw_model::verdict::{Fields, Found, Splice, Verdict};
use serde_json::{Map, Value};

use crate::body::{self, integer, unknown_value};
use crate::changes::{Changes, root_field};
use crate::draft::{Draft, ROOT, StructDraft};
use crate::import::type_name;
use crate::json;

/// What a draft comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// The JSON to send: an object.
    pub body: Value,
    /// What is wrong with it, in form order.
    pub diagnostics: Found,
    /// For each path that a diagnostic stands at: the number of the diagnostic, and of the path in it. In the
    /// order of the paths.
    by_path: Vec<(usize, usize)>,
}

impl Default for Review {
    fn default() -> Self {
        Self {
            body: Value::Object(Map::new()),
            diagnostics: Vec::new(),
            by_path: Vec::new(),
        }
    }
}

impl Review {
    /// The diagnostics that stand at exactly this path.
    pub fn at<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a Arc<Diagnostic>> + 'a {
        self.places_from(path)
            .take_while(move |(at, _)| *at == path)
            .map(|(_, found)| found)
    }

    /// The diagnostics that stand at this path or inside it, each once.
    pub fn within<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a Arc<Diagnostic>> + 'a {
        let inside = self
            .places_from(path)
            .take_while(move |(at, _)| at.is_within(path));
        inside.filter_map(move |(at, found)| {
            let paths = found.paths.iter().filter(|at| at.is_within(path));
            (paths.min() == Some(at)).then_some(found)
        })
    }

    /// Every place at which a diagnostic stands, in form order.
    pub fn places(&self) -> impl Iterator<Item = (&Path, &Arc<Diagnostic>)> {
        self.by_path.iter().map(|entry| self.place(*entry))
    }

    /// How many diagnostics are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics
            .iter()
            .filter(|found| found.severity == severity)
            .count()
    }

    fn place(&self, (n, at): (usize, usize)) -> (&Path, &Arc<Diagnostic>) {
        let found = &self.diagnostics[n];
        (&found.paths[at], found)
    }

    fn places_from<'a>(
        &'a self,
        path: &Path,
    ) -> impl Iterator<Item = (&'a Path, &'a Arc<Diagnostic>)> {
        let before = |entry: &(usize, usize)| self.place(*entry).0 < path;
        let start = self.by_path.partition_point(before);
        self.by_path[start..].iter().map(|entry| self.place(*entry))
    }

    /// Takes new diagnostics over and puts them in order. Returns the fields that any of them, or of those
    /// that are gone, stands at.
    fn replace(&mut self, mut found: Found) -> Fields {
        rules::sort(&mut found);
        let mut changed = Fields::default();
        let mut mark = |found: &Diagnostic| {
            for path in &found.paths {
                changed.add(root_field(path));
            }
        };
        let (mut old, mut new) = (&*self.diagnostics, &*found);
        loop {
            let order = match (old.first(), new.first()) {
                (Some(was), Some(is)) => rules::order(was, is),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            if order == Ordering::Equal && is_same(&old[0], &new[0]) {
                (old, new) = (&old[1..], &new[1..]);
            } else if order == Ordering::Greater {
                mark(&new[0]);
                new = &new[1..];
            } else {
                mark(&old[0]);
                old = &old[1..];
            }
        }
        self.diagnostics = found;
        let mut by_path = Vec::with_capacity(self.diagnostics.len());
        for (n, found) in self.diagnostics.iter().enumerate() {
            for (at, path) in found.paths.iter().enumerate() {
                // The first path of each comes in order, so nearly all are put at the end.
                let place = by_path.partition_point(|(n, at): &(usize, usize)| {
                    self.diagnostics[*n].paths[*at] <= *path
                });
                by_path.insert(place, (n, at));
            }
        }
        self.by_path = by_path;
        changed
    }
}

fn is_same(one: &Arc<Diagnostic>, other: &Arc<Diagnostic>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

/// Whether a finding speaks of a value that is not there and has to be entered.
///
/// A member that the model does not know always is there; and where a fix does more than clear the place, something
/// that is there contradicts the gap: a dataset that follows a dynamic one is not called so by a value of its own.
pub fn is_missing(draft: &Draft, found: &Diagnostic) -> bool {
    // A finding about the request as a whole is about what is there, and so is one about a member that the model does
    // not know. Of these there may be thousands, and each is looked for among all.
    if matches!(found.path().steps().last(), Some(Step::Key(_)) | None) {
        return false;
    }
    // A label that the team asks for may be missing beside others.
    if matches!(found.code, "P05" | "P06") && found.path().steps().len() == 1 {
        return true;
    }
    let blank = draft.get(found.path()).is_none_or(Draft::is_blank);
    let mut changes = found.fix.iter().flat_map(|fix| &fix.0);
    blank && changes.all(|change| matches!(change, Change::Clear(_)))
}

/// Judges a draft. It is a pure function of its arguments and cannot fail.
pub fn review(draft: &Draft, context: &Context) -> Review {
    let mut reviewer = Reviewer::new();
    reviewer.update(draft, &Arc::new(context.clone()));
    reviewer.review
}

/// What judges a draft: all that a [`Reviewer`] does beyond making the body. It is kept apart behind a table of
/// functions, so that a page can be there before the code of its rules is.
pub trait Judge: fmt::Debug {
    /// Judges what has changed in a draft, whose body the review has already, and puts the findings into the
    /// review. Returns the fields at which a finding has come or gone.
    fn judge(
        &mut self,
        review: &mut Review,
        draft: &Draft,
        context: &Context,
        changes: &Changes,
    ) -> Fields;
}

/// The judge who knows all the rules, at the begin of his work.
pub fn judge() -> Box<dyn Judge> {
    Box::<Inspector>::default()
}

/// The review of a draft that is being edited.
///
/// After each update it is what [`review`] gives for that draft and context. Without a judge, which is how a
/// default one begins, it makes the body and finds nothing.
#[derive(Debug, Default)]
pub struct Reviewer {
    review: Review,
    draft: Draft,
    context: Option<Arc<Context>>,
    judge: Option<Box<dyn Judge>>,
}

impl Reviewer {
    /// A reviewer who judges from the start.
    pub fn new() -> Self {
        let mut reviewer = Self::default();
        reviewer.appoint(judge());
        reviewer
    }

    /// Judges from now on: the next update looks at the whole draft.
    pub fn appoint(&mut self, judge: Box<dyn Judge>) {
        self.judge = Some(judge);
        self.context = None;
    }

    /// Whether drafts are judged, and not only written as a body.
    pub fn is_judging(&self) -> bool {
        self.judge.is_some()
    }

    /// What the team's policy says of the field at a path.
    pub fn stance(&self, path: &Path) -> Stance {
        let context = self.context.as_ref();
        let policy = context.and_then(|context| context.policy);
        policy.map_or(Stance::Free, |policy| policy.stance(path))
    }

    /// The last review.
    pub fn review(&self) -> &Review {
        &self.review
    }

    /// The draft that was reviewed last.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Writes the body of a draft and judges it. Returns what has changed, and the fields of which either a value
    /// or a finding has.
    pub fn update(&mut self, draft: &Draft, context: &Arc<Context>) -> (Changes, Fields) {
        let known = self.context.as_ref();
        let changes = if known.is_some_and(|known| Arc::ptr_eq(known, context)) {
            Changes::between(&self.draft, draft)
        } else {
            Changes::all()
        };
        self.draft = draft.clone();
        self.context = Some(Arc::clone(context));
        // It always is an object.
        if let Value::Object(body) = &mut self.review.body {
            body::update(body, draft, &changes);
        }
        let mut touched = changes.fields;
        if let Some(judge) = &mut self.judge {
            touched.add_all(judge.judge(&mut self.review, draft, context, &changes));
        }
        (changes, touched)
    }
}

/// Judges by the draft itself, by the limits of single values and by the rules, and keeps what it found.
#[derive(Debug, Default)]
struct Inspector {
    /// For each field of the request, and last for the members that the model does not know: what the draft
    /// itself shows. Of lists row by row.
    inspected: Vec<Vec<Found>>,
    request: CreateInstanceRequest,
    verdict: Verdict,
    /// For each thing that the team's policy asks, what was found.
    team: Vec<Found>,
    /// All findings as they were collected last, before they were put in order.
    collected: Found,
}

impl Judge for Inspector {
    /// The typed request is read from the well-typed part of the body alone, so one ill-typed value never
    /// hides what is wrong with the others. A rule about a value that the typed request does not hold for this
    /// reason is dropped: it would only say that the field is missing.
    fn judge(
        &mut self,
        review: &mut Review,
        draft: &Draft,
        context: &Context,
        changes: &Changes,
    ) -> Fields {
        self.inspect(draft, changes);
        let datasets = changes.rows(CreateInstanceRequest::DATASETS);
        if let Value::Object(body) = &mut review.body {
            self.request.read_again(body, changes.fields, datasets);
            self.ask_team(body, context, changes.fields);
        }
        self.verdict
            .update(&self.request, context, changes.fields, datasets);
        let found = self.collect(draft);
        let same = found.len() == self.collected.len()
            && found
                .iter()
                .zip(&self.collected)
                .all(|(new, old)| is_same(new, old));
        if same {
            return Fields::default();
        }
        self.collected.clone_from(&found);
        review.replace(found)
    }
}

impl Inspector {
    /// Looks again at what has changed in the draft.
    fn inspect(&mut self, draft: &Draft, changes: &Changes) {
        let Draft::Struct(object) = draft else {
            self.inspected.clear();
            return;
        };
        self.inspected.resize(ROOT.fields.len() + 1, Vec::new());
        let start = Trail::Start(&Path::ROOT);
        let parts = self.inspected.iter_mut().enumerate();
        for (index, part) in parts {
            let (step, Some(field)) = (field_step(index), ROOT.fields.get(index)) else {
                // What is offered for a misspelt member depends on whether the field it means is set.
                if !(changes.fields.is_empty() || object.unknown.is_empty() && part.is_empty()) {
                    let mut found = Vec::new();
                    inspect_unknown(ROOT, object, &start, &mut found);
                    *part = vec![shared(found)];
                }
                continue;
            };
            if !changes.fields.has(step) {
                continue;
            }
            let at = Trail::Field(&start, step);
            let draft = &object.fields[index];
            if let (Kind::List(item), Draft::List(rows)) = (field.kind, draft) {
                let whole = Splice {
                    at: 0,
                    removed: part.len(),
                    added: rows.len(),
                };
                let splice = changes.rows(step).unwrap_or(whole);
                let make = |row| {
                    let mut found = Vec::new();
                    inspect_row(*item, &rows[row], &Trail::Row(&at, row), &mut found);
                    shared(found)
                };
                splice.apply(part, make, |found| !found.is_empty());
            } else {
                let mut found = Vec::new();
                inspect(field.kind, Some(field), draft, &at, &mut found);
                *part = vec![shared(found)];
            }
        }
    }

    /// Asks again what the team's policy asks of these fields.
    fn ask_team(&mut self, body: &Map<String, Value>, context: &Context, changed: Fields) {
        let count = context.policy.map_or(0, Team::count);
        self.team.resize(count, Vec::new());
        for (number, found) in self.team.iter_mut().enumerate() {
            if let Some(policy) = context.policy
                && (changed == Fields::ALL || policy.reads(number, changed))
            {
                *found = shared(policy.ask(number, body, context));
            }
        }
    }

    /// All findings, in no order.
    fn collect(&self, draft: &Draft) -> Found {
        let mut found: Found = self.inspected.iter().flatten().flatten().cloned().collect();
        let mut hidden: Vec<Path> = Vec::new();
        for path in found
            .iter()
            .filter(|found| found.code == "R112")
            .map(|found| found.path())
        {
            hidden.insert(hidden.partition_point(|other| other < path), path.clone());
        }
        let is_hidden = |path: &Path| {
            let mut outwards = (0..=path.steps().len()).map(|count| path.prefix(count));
            outwards.any(|at| hidden.binary_search(&at).is_ok())
        };
        let mut names = Names::default();
        for told in self.verdict.found().chain(self.team.iter().flatten()) {
            let told = without_parked(names.with_rows(told, draft), draft);
            if hidden.is_empty() || !told.paths.iter().any(is_hidden) {
                found.push(told);
            }
        }
        found
    }
}

fn shared(found: Vec<Diagnostic>) -> Found {
    found.into_iter().map(Arc::new).collect()
}

/// Of alternatives of which one is missing, those that gave way are not where it is looked for.
fn without_parked(told: Arc<Diagnostic>, draft: &Draft) -> Arc<Diagnostic> {
    let Draft::Struct(object) = draft else {
        return told;
    };
    let is_parked = |path: &Path| matches!(path.steps(), [Step::Field(field)] if object.is_parked(usize::from(field.0)));
    if object.parked.is_empty() || told.paths.len() < 2 || !told.paths.iter().any(is_parked) {
        return told;
    }
    let mut found = Diagnostic::clone(&told);
    found.paths.retain(|path| !is_parked(path));
    if found.paths.is_empty() {
        return told;
    }
    Arc::new(found)
}

/// The rows of a map by their names. A name that stands twice is that of the first row.
#[derive(Default)]
struct Names {
    map: Path,
    rows: Map<String, Value>,
}

impl Names {
    /// Entries of a map are known to the rules by name, to the draft by row.
    fn with_rows(&mut self, told: &Arc<Diagnostic>, draft: &Draft) -> Arc<Diagnostic> {
        let keyed = |path: &Path| {
            path.steps()
                .iter()
                .position(|step| matches!(step, Step::Key(_)))
        };
        if !told.paths.iter().any(|path| keyed(path).is_some()) {
            return Arc::clone(told);
        }
        let mut found = Diagnostic::clone(told);
        for path in &mut found.paths {
            let Some(at) = keyed(path) else { continue };
            let (map, Step::Key(key)) = (path.prefix(at), &path.steps()[at]) else {
                continue;
            };
            if self.rows.is_empty() || self.map != map {
                self.rows = Map::new();
                if let Some(Draft::Map(rows)) = draft.get(&map) {
                    for (row, (name, _)) in rows.iter().enumerate().rev() {
                        self.rows.insert(name.clone(), Value::from(row));
                    }
                }
                self.map = map;
            }
            let row = self.rows.get(&**key).and_then(Value::as_u64);
            if let Some(row) = row.and_then(|row| u32::try_from(row).ok()) {
                let steps = path.steps().iter().enumerate();
                *path = steps
                    .map(|(n, step)| {
                        if n == at {
                            Step::Row(row)
                        } else {
                            step.clone()
                        }
                    })
                    .collect();
            }
        }
        Arc::new(found)
    }
}

fn error(code: &'static str, at: &Trail<'_>) -> Diagnostic {
    finding(code, Severity::Error, at)
}

fn finding(code: &'static str, severity: Severity, at: &Trail<'_>) -> Diagnostic {
    Diagnostic {
        code,
        severity,
        paths: vec![at.path()],
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
    at: &Trail<'_>,
    found: &mut Vec<Diagnostic>,
) {
    match (kind, draft) {
        (Kind::Struct(descriptor), Draft::Struct(object)) => {
            inspect_struct(descriptor, object, at, found);
        }
        (Kind::List(item), Draft::List(rows)) => {
            for (row, draft) in rows.iter().enumerate() {
                inspect_row(*item, draft, &Trail::Row(at, row), found);
            }
        }
        (Kind::Map(item), Draft::Map(rows)) => {
            // Which row has a name first: looking back from each row would take long in a long map.
            let mut first = Map::new();
            for (row, (name, draft)) in rows.iter().enumerate() {
                let at = Trail::Row(at, row);
                if name.is_empty() {
                    found.push(error("R68", &at));
                } else if let Some(earlier) = first.get(name) {
                    let mut twice = error("R68", &at);
                    twice.with("row", earlier).with("name", name);
                    found.push(twice);
                } else {
                    first.insert(name.clone(), Value::from(row + 1));
                }
                inspect(*item, None, draft, &at, found);
            }
        }
        (Kind::Integer, Draft::Text(text)) => match integer(text) {
            None => {
                let mut wrong = error("R112", at);
                wrong.with("wanted", wanted(kind)).with("text", text);
                if let Some(number) = number_in(text) {
                    wrong.mended_by(Fix::set(at.path(), number));
                }
                found.push(wrong);
            }
            Some(number) if number.as_i64().is_none() => {
                let mut wrong = error("R112", at);
                wrong.with("wanted", wanted(kind)).with("large", text);
                found.push(wrong);
            }
            Some(_) => {}
        },
        (Kind::Json, Draft::Text(text)) => match json::parse(text) {
            Ok(Value::Object(_)) => {}
            Ok(other) => found.push(wrong_type(kind, &other, at)),
            Err(problem) => found.push(not_json(&problem, at)),
        },
        (_, Draft::Foreign(value)) => found.push(wrong_type(kind, value, at)),
        (Kind::Text, Draft::Text(text)) => {
            if let Some(field) = field {
                inspect_text(field, text, at, found);
            }
        }
        _ => {}
    }
}

/// Reports what only the draft can show of a row of a list.
fn inspect_row(item: Kind, draft: &Draft, at: &Trail<'_>, found: &mut Vec<Diagnostic>) {
    // A row is never left out, so it would be sent empty.
    if draft.is_blank() {
        let mut blank = finding("R109", Severity::Warning, at);
        blank.mended_by(Fix::clear(at.path()));
        found.push(blank);
    }
    inspect(item, None, draft, at, found);
}

/// Holds a text against the closed choices and the shape that its field declares.
fn inspect_text(field: &FieldDescriptor, text: &str, at: &Trail<'_>, found: &mut Vec<Diagnostic>) {
    if let Choices::Closed(choices) = field.choices
        && !choices.iter().any(|choice| choice.value == text)
    {
        let mut other = error(field.choice_rule, at);
        let known: Vec<_> = choices.iter().map(|choice| choice.value).collect();
        other.with("value", text).with("choices", known.join(", "));
        let near = choices
            .iter()
            .find(|choice| choice.value.eq_ignore_ascii_case(text.trim()));
        if let Some(near) = near {
            other.mended_by(Fix::set(at.path(), near.value));
        }
        found.push(other);
    }
    if !field.shape.accepts(text) {
        let mut other = finding("R113", Severity::Warning, at);
        other.with("example", field.example);
        if let Some(bare) = trimmed(text, |bare| field.shape.accepts(bare)) {
            other.mended_by(Fix::set(at.path(), bare));
        }
        found.push(other);
    }
}

fn inspect_struct(
    descriptor: &'static StructDescriptor,
    object: &Arc<StructDraft>,
    at: &Trail<'_>,
    found: &mut Vec<Diagnostic>,
) {
    for (index, (field, draft)) in descriptor.fields.iter().zip(&object.fields).enumerate() {
        if *draft != Draft::Unset {
            let at = Trail::Field(at, field_step(index));
            inspect(field.kind, Some(field), draft, &at, found);
        }
    }
    inspect_unknown(descriptor, object, at, found);
}

/// Reports the members that the model does not know.
fn inspect_unknown(
    descriptor: &'static StructDescriptor,
    object: &Arc<StructDraft>,
    at: &Trail<'_>,
    found: &mut Vec<Diagnostic>,
) {
    for (name, draft) in &object.unknown {
        let path = at.path();
        let own = path.join(Step::Key(Arc::clone(name)));
        let at = Trail::Start(&own);
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
                    Change::Clear(own.clone()),
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

fn wrong_type(kind: Kind, value: &Value, at: &Trail<'_>) -> Diagnostic {
    let mut wrong = error("R112", at);
    wrong
        .with("wanted", wanted(kind))
        .with("found", type_name(value));
    // A number where text is wanted is most often the right value without its quotes, and the reverse.
    match (kind, value) {
        (Kind::Text | Kind::Secret, Value::Number(number)) => {
            wrong.mended_by(Fix::set(at.path(), number.as_str()));
        }
        (Kind::Text, Value::Bool(flag)) => {
            wrong.mended_by(Fix::set(at.path(), if *flag { "true" } else { "false" }));
        }
        (Kind::Integer, Value::String(text)) => {
            if let Some(number) = number_in(text) {
                wrong.mended_by(Fix::set(at.path(), number));
            }
        }
        (Kind::Boolean, Value::String(text)) if text == "true" || text == "false" => {
            wrong.mended_by(Fix::set(at.path(), text == "true"));
        }
        _ => {}
    }
    wrong
}

/// The number that a text writes but for white space around it, if the field can hold it.
fn number_in(text: &str) -> Option<Value> {
    integer(text.trim()).filter(|number| number.as_i64().is_some())
}

fn not_json(problem: &json::JsonError, at: &Trail<'_>) -> Diagnostic {
    let mut wrong = error("R112", at);
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
