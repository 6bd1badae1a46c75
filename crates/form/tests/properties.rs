//! The invariants of drafts, tried with any JSON, any request and any edits.

mod generate;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use dsw_form::condition;
use dsw_form::draft::{Draft, ROOT};
use dsw_form::edit::Edit;
use dsw_form::history::History;
use dsw_form::import::{Import, from_object, import, import_bytes};
use dsw_form::json::{self, Problem};
use dsw_form::print::{self, Line, Printout};
use dsw_form::review::{Review, Reviewer, review};
use dsw_model::amount::Amount;
use dsw_model::descriptor::{Describe as _, FieldDescriptor, Kind, StructDescriptor, field_step};
use dsw_model::grammar::{Scheme, looks_secret};
use dsw_model::path;
use dsw_model::path::{Field, Path, Step};
use dsw_model::policy::Policy;
use dsw_model::request::{CreateInstanceRequest as Request, Dataset, UserVpc};
use dsw_model::rules::{
    Change, Context, Diagnostic, Image, Machine, OF_DRAFTS, Price, Registered, Severity,
};
use dsw_model::secrecy::Secrecy;
use generate::{act, any_json, draft, name, object, places, text};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value};

/// The names and numbers that lead to a value of a body.
type Place = Vec<String>;

/// All values of a body that hold no others, with their places.
fn leaves(value: &Value) -> BTreeMap<Place, Value> {
    fn inside(value: &Value, at: &mut Place, leaves: &mut BTreeMap<Place, Value>) {
        let mut enter = |name: String, value: &Value| {
            at.push(name);
            inside(value, at, leaves);
            at.pop();
        };
        match value {
            Value::Object(members) if !members.is_empty() => {
                for (name, value) in members {
                    enter(name.clone(), value);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for (n, value) in items.iter().enumerate() {
                    enter(n.to_string(), value);
                }
            }
            leaf => {
                leaves.insert(at.clone(), leaf.clone());
            }
        }
    }
    let mut leaves = BTreeMap::new();
    inside(value, &mut Vec::new(), &mut leaves);
    leaves
}

/// The lines of a draft's body, printed from the start.
fn lines(draft: &Draft, review: &Review) -> Vec<Line> {
    let printout = Printout::of(draft, review);
    printout.lines().cloned().collect()
}

fn value_of(review: &Review, Field(index): Field) -> Option<&Value> {
    review.body.get(ROOT.fields[usize::from(index)].wire)
}

fn at<'a>(value: &'a Value, place: &[String]) -> Option<&'a Value> {
    place.iter().try_fold(value, |value, name| match value {
        Value::Object(members) => members.get(name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Where the value at this path of a draft stands in its body; nothing for rows without a name.
fn place(draft: &Draft, path: &Path) -> Option<Place> {
    let mut kind = Kind::Struct(ROOT);
    let mut place = Vec::new();
    for (n, step) in path.steps().iter().enumerate() {
        place.push(match (step, kind) {
            (Step::Field(field), Kind::Struct(descriptor)) => {
                descriptor.fields[usize::from(field.0)].wire.to_owned()
            }
            (Step::Row(row), Kind::Map(_)) => match draft.get(&path.prefix(n)) {
                Some(Draft::Map(rows)) => rows.get(*row as usize)?.0.clone(),
                _ => return None,
            },
            (Step::Row(row), _) => row.to_string(),
            (Step::Key(key), _) => key.to_string(),
            (Step::Field(_), _) => return None,
        });
        kind = kind.inside(step).unwrap_or(Kind::Json);
    }
    Some(place)
}

/// Whether a path leads to or into a variable that looks like a secret.
fn is_secret_variable(draft: &Draft, path: &Path) -> bool {
    let variable = path.prefix(2);
    let holder = variable.split_last().map(|(holder, _)| holder);
    if holder != Some(path![Request::ENVIRONMENT_VARIABLES]) || path.steps().len() < 2 {
        return false;
    }
    let value = draft.get(&variable).cloned().unwrap_or_default();
    let text = match &value {
        Draft::Text(text) => text,
        _ => "",
    };
    let name = place(draft, &variable).and_then(|mut place| place.pop());
    name.is_some_and(|name| looks_secret(&name, text)) && !value.is_blank()
}

/// The value with the known members of each object first, in the order of their declaration.
fn arranged(kind: Option<Kind>, value: &Value) -> Value {
    match (kind, value) {
        (Some(Kind::Struct(descriptor)), Value::Object(members)) => {
            let known = descriptor.fields.iter().filter_map(|field| {
                let value = members.get(field.wire)?;
                Some((field.wire.to_owned(), arranged(Some(field.kind), value)))
            });
            let unknown = members
                .iter()
                .filter(|(name, _)| descriptor.field(name).is_none());
            let unknown = unknown.map(|(name, value)| (name.clone(), value.clone()));
            known.chain(unknown).collect::<Map<_, _>>().into()
        }
        (Some(Kind::List(item)), Value::Array(items)) => items
            .iter()
            .map(|value| arranged(Some(*item), value))
            .collect(),
        _ => value.clone(),
    }
}

/// Whether an environment variable or the like has no name: its row is kept for the person to name it, and
/// R68 says that it is not sent.
fn nameless_rows(draft: &Draft) -> Vec<Path> {
    let mut nameless = Vec::new();
    for path in places(draft) {
        if let Some(Draft::Map(rows)) = draft.get(&path) {
            let rows = rows.iter().enumerate();
            nameless.extend(
                rows.filter(|(_, (name, _))| name.is_empty())
                    .map(|(row, _)| path.join(row)),
            );
        }
    }
    nameless
}

/// The struct at this path, with its descriptor, wherever there is one.
fn structs(draft: &Draft) -> Vec<(Path, &'static StructDescriptor)> {
    places(draft)
        .into_iter()
        .filter(|path| matches!(draft.get(path), Some(Draft::Struct(_))))
        .filter_map(|path| match path.kind(ROOT) {
            Some(Kind::Struct(descriptor)) => Some((path, descriptor)),
            _ => None,
        })
        .collect()
}

fn context() -> Context {
    let machine = Machine {
        gpu: false,
        available: Some(false),
        spot_stock: Some(false),
    };
    let registered = Registered {
        storage: Some(Scheme::Files),
        read_only: Some(true),
    };
    let price = Price {
        amount: Amount::whole(1000),
        currency: "CNY".to_owned(),
    };
    Context {
        region: Some("cn-shanghai".to_owned()),
        machines: [("ecs.c6.large".to_owned(), machine)].into(),
        images: [("image-05cefd0be2exxxx".to_owned(), Image { gpu: true })].into(),
        datasets: [("d-vsqjvs0rp5l206u".to_owned(), registered)].into(),
        instance_names: ["taken".to_owned()].into(),
        secrecy: Secrecy::default(),
        prices: [("ecs.c6.large".to_owned(), price)].into(),
        policy: Some(&*POLICY),
    }
}

/// A policy that asks for something of every kind.
static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    Policy::parse(include_str!("../../../docs/policy.example.json")).expect("the example")
});

/// Where a change may change the body. Where a row is taken away, those behind it get other numbers.
fn changed_place(draft: &Draft, change: &Change) -> Option<Place> {
    match (change, change.path().split_last()) {
        (Change::Clear(_), Some((list, Step::Row(_)))) => place(draft, &list),
        _ => place(draft, change.path()),
    }
}

/// How the two bodies differ, apart from what stands at or inside these places, or is an object or list on the
/// way to them.
fn outside(before: &Value, after: &Value, places: &[Place]) -> Vec<Place> {
    let touched = |place: &Place| {
        places
            .iter()
            .any(|at| place.starts_with(at) || at.starts_with(place))
    };
    let (before, after) = (leaves(before), leaves(after));
    let all = before.keys().chain(after.keys());
    all.filter(|place| !touched(place) && before.get(*place) != after.get(*place))
        .cloned()
        .collect()
}

/// Where an edit at this path may change the body: there, or in the value of another type that it replaces.
fn anchor(draft: &Draft, path: &Path) -> Option<Place> {
    let count = path.steps().len();
    let top = (0..count)
        .find(|&count| matches!(draft.get(&path.prefix(count)), Some(Draft::Foreign(_))))
        .unwrap_or(count);
    place(draft, &path.prefix(top))
}

/// JSON in which every character of every text is written as an escape.
fn escaped(value: &Value) -> String {
    let text = |text: &str| {
        let units = text.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
        format!("\"{}\"", units.collect::<String>())
    };
    match value {
        Value::String(string) => text(string),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(escaped).collect();
            format!("[ {} ]", items.join(" ,\r\n"))
        }
        Value::Object(members) => {
            let members = members.iter();
            let members: Vec<_> = members
                .map(|(name, value)| format!("{}\t:{}", text(name), escaped(value)))
                .collect();
            format!("{{{}\n}}", members.join(","))
        }
        scalar => scalar.to_string(),
    }
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn an_import_keeps_every_value_or_reports_it(members in object()) {
        let value = Value::Object(members.clone());
        let Import { draft, report } = from_object(members);
        let body = draft.body();

        let dropped: Option<Vec<Place>> =
            report.dropped.iter().map(|path| place(&draft, path)).collect();
        let dropped = dropped.expect("what is dropped is a field");
        for place in &dropped {
            let dropped = at(&value, place);
            prop_assert!(
                [Value::Null, "".into(), Map::new().into(), Value::Array(Vec::new())]
                    .iter()
                    .any(|empty| Some(empty) == dropped),
                "{place:?} says something"
            );
            prop_assert_eq!(at(&body, place), None);
        }
        let nameless: Vec<_> = nameless_rows(&draft)
            .iter()
            .filter_map(|path| place(&draft, path))
            .collect();
        let is_out = |place: &Place| {
            dropped.contains(place) || nameless.iter().any(|row| place.starts_with(row))
        };
        for (place, leaf) in leaves(&value).iter().filter(|(place, _)| !is_out(place)) {
            let kept = at(&body, place);
            prop_assert_eq!(kept, Some(leaf), "at {:?}", place);
        }
        for (place, leaf) in leaves(&body) {
            // An object whose members all say "not set" is left as a row, or as the whole.
            let emptied = leaf == Value::Object(Map::new())
                && at(&value, &place).is_some_and(Value::is_object);
            prop_assert!(emptied || at(&value, &place) == Some(&leaf), "at {place:?}");
        }

        let arranged = arranged(Some(Kind::Struct(ROOT)), &value);
        if dropped.is_empty() && nameless.is_empty() {
            prop_assert_eq!(body.to_string(), arranged.to_string());
        }
        // What is sent is imported as it is.
        let again = from_object(body.as_object().expect("an object").clone());
        prop_assert_eq!(again.draft.body().to_string(), body.to_string());
        prop_assert_eq!(again.report.dropped, []);
        prop_assert_eq!(again.report.kept, report.kept - nameless.iter().filter(|place| {
            at(&value, place).is_some_and(Value::is_string)
        }).count());
        prop_assert_eq!(again.report.unknown.len(), report.unknown.len());
    }

    #[test]
    fn what_an_import_reports_stands_in_the_draft(members in object()) {
        let value = Value::Object(members.clone());
        let text = value.to_string();
        let Import { draft, report } = from_object(members);
        for path in &report.foreign {
            prop_assert!(matches!(draft.get(path), Some(Draft::Foreign(_))), "{path:?}");
        }
        for path in &report.unknown {
            prop_assert!(matches!(draft.get(path), Some(Draft::Foreign(_))), "{path:?}");
        }
        for path in &report.dropped {
            prop_assert_eq!(draft.get(path), Some(&Draft::Unset));
        }
        let mut held = [0, 0];
        for path in places(&draft) {
            match (draft.get(&path), path.kind(ROOT)) {
                (Some(Draft::Foreign(_)), Some(_)) => held[0] += 1,
                (Some(Draft::Text(_) | Draft::Flag(_)), Some(_)) => held[1] += 1,
                _ => {}
            }
        }
        prop_assert_eq!(held, [report.foreign.len(), report.kept]);
        prop_assert_eq!(import(&text), Ok(Import { draft, report }));
    }

    #[test]
    fn any_draft_is_reviewed_and_printed(draft in draft(), path in any::<Index>()) {
        let review = review(&draft, &context());
        prop_assert_eq!(&review.body, &draft.body());
        for found in &review.diagnostics {
            prop_assert!(!found.paths.is_empty());
            let known = dsw_model::rules::source(found.code).is_some()
                || dsw_model::policy::RULES.contains(&found.code);
            prop_assert!(known, "{}", found.code);
            for path in &found.paths {
                // A member whose name is empty has no other.
                let nameless = *path == Path::ROOT || *path == path![""];
                prop_assert_eq!(path.name(ROOT).is_empty(), nameless, "{:?}", path);
                let known = path.steps().iter().all(|step| !matches!(step, Step::Key(_)));
                prop_assert_eq!(path.kind(ROOT).is_some(), known, "{:?}", path);
                prop_assert!(review.at(path).any(|other| other == found));
                prop_assert!(review.within(&path.prefix(1)).any(|inside| inside == found));
            }
        }
        let of_draft = |found: &&Arc<Diagnostic>| {
            OF_DRAFTS.iter().any(|(code, ..)| *code == found.code)
        };
        let (of_draft, of_rules): (Vec<_>, Vec<_>) = review.diagnostics.iter().partition(of_draft);
        for wrong in of_draft.iter().filter(|found| found.code == "R112") {
            let inside = |path: &Path| path.is_within(wrong.path());
            let said_twice = of_rules.iter().find(|found| found.paths.iter().any(inside));
            prop_assert_eq!(said_twice, None, "{:?} is wrong already", wrong.path());
        }
        prop_assert_eq!(review.within(&Path::ROOT).count(), review.diagnostics.len());
        prop_assert_eq!(
            review.count(Severity::Error) + review.count(Severity::Warning),
            review.diagnostics.len()
        );
        prop_assert!(review.diagnostics.is_sorted_by_key(|found| found.path()));
        let place = path.get(&places(&draft)).clone();
        let there: Vec<_> = review.at(&place).collect();
        let expected: Vec<_> = review
            .diagnostics
            .iter()
            .filter(|found| found.paths.contains(&place))
            .collect();
        prop_assert_eq!(there, expected);
    }

    /// What an edit does not touch is kept from the review before; what is kept has to be right.
    #[test]
    fn a_review_that_is_kept_current_is_what_a_fresh_one_is(
        start in draft(),
        acts in vec((act(), prop::bool::weighted(0.1)), 1..10),
    ) {
        let mut draft = start;
        let contexts = [Arc::new(Context::default()), Arc::new(context())];
        let (mut reviewer, mut known) = (Reviewer::new(), 0);
        reviewer.update(&draft, &contexts[known]);
        let mut printout = Printout::of(&draft, reviewer.review());
        for (act, learns) in &acts {
            let before = reviewer.review().clone();
            let (path, edit) = act.meet(&draft);
            draft.apply(&path, edit);
            known = (known + usize::from(*learns)) % contexts.len();
            let (changes, touched) = reviewer.update(&draft, &contexts[known]);
            let fresh = review(&draft, &contexts[known]);
            printout.update(&draft, reviewer.review(), &changes);
            let printed: Vec<_> = printout.lines().cloned().collect();
            prop_assert_eq!(&printed, &lines(&draft, &fresh));
            let mut from = (0, 0);
            for (path, _) in fresh.places() {
                let begins = |line: &&Line| !line.closes && line.path == *path;
                let line = printout.locate(path, from).map(|(chunk, line)| {
                    from = (chunk, line);
                    &printout.chunks()[chunk].lines[line]
                });
                prop_assert_eq!(line, printed.iter().find(begins), "{:?}", path);
            }
            prop_assert_eq!(reviewer.review(), &fresh);
            prop_assert_eq!(reviewer.review().body.to_string(), fresh.body.to_string());
            prop_assert_eq!(reviewer.draft(), &draft);
            for index in (0..ROOT.fields.len()).map(field_step) {
                let field = Path::ROOT.join(index);
                let found = |review: &Review| review.within(&field).cloned().collect::<Vec<_>>();
                let differs = found(&before) != found(&fresh)
                    || value_of(&before, index) != value_of(&fresh, index);
                prop_assert!(touched.has(index) || !differs, "{field:?} has changed");
            }
        }
    }

    #[test]
    fn an_edit_changes_the_body_at_its_path_only(start in draft(), acts in vec(act(), 1..6)) {
        let mut draft = start;
        for act in acts {
            let (path, edit) = act.meet(&draft);
            let before = draft.clone();
            let changed = draft.apply(&path, edit.clone()).is_some();
            prop_assert_eq!(changed, draft != before, "{:?} says whether it changed", edit);
            let differs = match anchor(&before, &path) {
                Some(place) => outside(&before.body(), &draft.body(), &[place]),
                // A row without a name is not sent, so it changes nothing.
                None => outside(&before.body(), &draft.body(), &[]),
            };
            prop_assert_eq!(differs, Vec::<Place>::new(), "{:?} at {}", edit, path.name(ROOT));
        }
    }

    #[test]
    fn edits_are_taken_back_exactly(start in draft(), acts in vec(act(), 1..12), many in any::<bool>()) {
        let mut draft = start.clone();
        let mut inverses = Vec::new();
        if many {
            let edits = acts.iter().map(|act| act.meet(&start)).collect();
            inverses.extend(draft.apply(&Path::ROOT, Edit::Many(edits)));
        } else {
            for act in acts {
                let (path, edit) = act.meet(&draft);
                inverses.extend(draft.apply(&path, edit));
            }
        }
        for (path, edit) in inverses.into_iter().rev() {
            draft.apply(&path, edit);
        }
        prop_assert_eq!(draft, start);
    }

    #[test]
    fn history_leads_back_and_forth(
        start in prop_oneof![draft(), variables()],
        place in any::<Index>(),
        steps in vec((act(), prop::bool::weighted(0.7), 0..12_u8), 1..14),
    ) {
        let mut draft = start.clone();
        let mut history = History::default();
        let set: Vec<_> = places(&draft)
            .into_iter()
            .filter(|path| draft.get(path).is_some_and(|draft| draft.row_count() > 0))
            .collect();
        let mut path = if set.is_empty() { Path::ROOT } else { place.get(&set).clone() };
        for (act, stay, way) in steps {
            // Half of the edits go on in the control of the one before.
            let edit = if stay && draft.get(&path).is_some() {
                act.edit(&draft, &path)
            } else {
                let (next, edit) = act.meet(&draft);
                path = next;
                edit
            };
            match way {
                0 => history.rest(),
                1 => drop(history.undo(&mut draft)),
                2 => drop(history.redo(&mut draft)),
                _ => {}
            }
            history.apply(&mut draft, &path, edit);
        }
        while history.redo(&mut draft).is_some() {}
        let end = draft.clone();
        while history.undo(&mut draft).is_some() {}
        prop_assert_eq!(&draft, &start);
        while history.redo(&mut draft).is_some() {}
        prop_assert_eq!(&draft, &end);
        while history.undo(&mut draft).is_some() {}
        prop_assert_eq!(&draft, &start);
    }

    #[test]
    fn rows_have_one_number_in_draft_body_and_request(draft in draft()) {
        let body = draft.body();
        let request = body.as_object().map(Request::read).expect("an object");
        let typed = serde_json::to_value(&request).expect("a request is JSON");
        for path in places(&draft) {
            let (Some(kind), Some(place)) = (path.kind(ROOT), place(&draft, &path)) else { continue };
            match (kind, draft.get(&path)) {
                (Kind::List(item), Some(Draft::List(rows))) if !rows.is_empty() => {
                    let count = |body: &Value| {
                        at(body, &place).and_then(Value::as_array).map(Vec::len)
                    };
                    prop_assert_eq!(count(&body), Some(rows.len()), "{}", path.name(ROOT));
                    prop_assert_eq!(count(&typed), Some(rows.len()), "{}", path.name(ROOT));
                    for (row, draft) in rows.iter().enumerate() {
                        let mut place = place.clone();
                        place.push(row.to_string());
                        let empty: Value = match item {
                            Kind::Struct(_) => Map::new().into(),
                            _ => "".into(),
                        };
                        match draft {
                            Draft::Text(text) => {
                                prop_assert_eq!(at(&typed, &place), Some(&Value::from(text.as_str())));
                            }
                            Draft::Foreign(value) => {
                                prop_assert_eq!(at(&body, &place), Some(&**value));
                                prop_assert_eq!(at(&typed, &place), Some(&empty));
                            }
                            draft if draft.is_blank() => {
                                prop_assert_eq!(at(&body, &place), Some(&empty));
                                prop_assert_eq!(at(&typed, &place), Some(&empty));
                            }
                            _ => {}
                        }
                    }
                }
                (Kind::Text | Kind::Secret, Some(Draft::Text(text)))
                    if matches!(path.steps().last(), Some(Step::Field(_))) && !text.is_empty() =>
                {
                    let text = Value::from(text.as_str());
                    prop_assert_eq!(at(&body, &place), Some(&text));
                    prop_assert_eq!(at(&typed, &place), Some(&text));
                }
                _ => {}
            }
        }
    }

    #[test]
    fn findings_about_a_row_name_that_row(draft in draft()) {
        let review = review(&draft, &context());
        let has = |code: &str, path: &Path| {
            review.diagnostics.iter().any(|found| found.code == code && found.path() == path)
        };
        for row in 0..draft.get(&path![Request::DATASETS]).map_or(0, Draft::row_count) {
            let at = path![Request::DATASETS, row];
            let (id, uri) = (at.join(Dataset::DATASET_ID), at.join(Dataset::URI));
            let is_foreign = |path: &Path| matches!(draft.get(path), Some(Draft::Foreign(_)));
            let is_blank = |path: &Path| draft.get(path).is_none_or(Draft::is_blank);
            prop_assert_eq!(has("R112", &at), is_foreign(&at));
            prop_assert_eq!(
                has("R18", &id),
                !is_foreign(&at) && is_blank(&id) && is_blank(&uri),
                "row {}", row
            );
        }
        for list in places(&draft) {
            let Some(Draft::List(rows)) = draft.get(&list) else { continue };
            let Some(Kind::List(Kind::Text)) = list.kind(ROOT) else { continue };
            for (row, draft) in rows.iter().enumerate() {
                let at = list.join(row);
                prop_assert_eq!(has("R109", &at), draft.is_blank());
                prop_assert_eq!(has("R112", &at), matches!(draft, Draft::Foreign(_)));
            }
        }
        for found in &review.diagnostics {
            let ranges = path![Request::USER_VPC, UserVpc::EXTENDED_CIDRS];
            if matches!(found.code, "R55" | "R56") {
                prop_assert!(found.path().is_within(&ranges));
                let row = draft.get(found.path());
                prop_assert!(row.is_none_or(Draft::is_blank)
                    || row == Some(&Draft::Text(found.param("item").to_owned())));
            }
            if found.code == "R68" {
                let (map, step) = found.path().split_last().expect("a row");
                let (Some(Draft::Map(rows)), Step::Row(row)) = (draft.get(&map), step) else {
                    panic!("R68 stands at a row");
                };
                let row = *row as usize;
                prop_assert!(rows[row].0.is_empty()
                    || rows[..row].iter().any(|(name, _)| *name == rows[row].0));
            }
        }
    }

    #[test]
    fn lines_are_the_body_and_lead_to_their_values(draft in draft()) {
        let review = review(&draft, &Context::default());
        let lines = lines(&draft, &review);
        let joined: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
        let joined = joined.join("\n");
        prop_assert_eq!(&joined, &print::text(&review));
        let printout = Printout::of(&draft, &review);
        prop_assert_eq!(printout.size(), (lines.len(), joined.len()));
        prop_assert_eq!(
            &joined,
            &serde_json::to_string_pretty(&review.body).expect("a value is JSON")
        );
        prop_assert_eq!(json::parse(&joined), Ok(review.body.clone()));
        for line in &lines {
            let value = place(&draft, &line.path).and_then(|place| at(&review.body, &place).cloned());
            let Some(value) = value else {
                return Err(TestCaseError::fail(format!("no value for {line:?}")));
            };
            let text = line.text.trim_start().trim_end_matches(',');
            let name = line.path.steps().last().and_then(|_| place(&draft, &line.path)?.pop());
            let secret = matches!(line.path.kind(ROOT), Some(Kind::Secret)) && !line.closes;
            let secret = secret && !text.ends_with(['[', '{']);
            prop_assert_eq!(line.secret, secret || is_secret_variable(&draft, &line.path), "{:?}", line);
            if !value.is_object() && !value.is_array() {
                prop_assert!(!line.closes);
                prop_assert!(text.ends_with(&value.to_string()), "{line:?}");
                if matches!(line.path.steps().last(), Some(Step::Field(_) | Step::Key(_))) {
                    let name = Value::from(name.expect("a field has a name")).to_string();
                    prop_assert!(text.starts_with(&name), "{line:?}");
                }
            } else if line.closes {
                prop_assert!(["]", "}"].contains(&text), "{line:?}");
            }
        }
    }

    #[test]
    fn an_edit_of_one_text_changes_one_line(draft in draft(), place in any::<Index>(), new in text()) {
        let texts: Vec<_> = places(&draft)
            .into_iter()
            .filter(|path| matches!(path.kind(ROOT), Some(Kind::Text | Kind::Secret)))
            .filter(|path| matches!(draft.get(path), Some(Draft::Text(text)) if !text.is_empty()))
            .collect();
        prop_assume!(!texts.is_empty() && !new.is_empty());
        let path = place.get(&texts);
        let lines = |draft: &Draft| lines(draft, &review(draft, &Context::default()));
        let before = lines(&draft);
        let mut edited = draft.clone();
        let changed = edited.apply(path, Edit::Text(new)).is_some();
        let after = lines(&edited);
        prop_assert_eq!(before.len(), after.len());
        let differ: Vec<_> = before
            .iter()
            .zip(&after)
            .filter(|(before, after)| before != after)
            .map(|(_, after)| &after.path)
            .collect();
        // Rows of a map that have no name, or one that stands there already, are not sent.
        let sent = before.iter().any(|line| line.path == *path);
        let expected: Vec<_> = (changed && sent).then_some(path).into_iter().collect();
        prop_assert_eq!(differ, expected);
    }

    #[test]
    fn fields_that_hold_a_value_are_shown(draft in draft()) {
        let body = draft.body();
        for (path, descriptor) in structs(&draft) {
            let Some(Draft::Struct(object)) = draft.get(&path) else { continue };
            let sent = place(&draft, &path).and_then(|place| at(&body, &place)?.as_object());
            for (index, field) in descriptor.fields.iter().enumerate() {
                let value = &object.fields[index];
                let applies = condition::applies(field.condition, descriptor, object);
                prop_assert_eq!(
                    condition::shown(index, descriptor, object),
                    applies || !value.is_blank(),
                    "{}", field.wire
                );
                if sent.is_some_and(|sent| sent.contains_key(field.wire)) {
                    prop_assert!(condition::shown(index, descriptor, object), "{}", field.wire);
                }
            }
        }
    }

    #[test]
    fn a_fix_removes_its_finding_and_changes_nothing_else(draft in draft()) {
        let before = review(&draft, &context());
        for found in &before.diagnostics {
            let Some(fix) = &found.fix else { continue };
            let mut fixed = draft.clone();
            let inverse = fixed.apply(&Path::ROOT, Edit::from_fix(fix));
            let after = review(&fixed, &context());
            let takes_row = fix.0.iter().any(|change| {
                matches!((change, change.path().split_last()), (Change::Clear(_), Some((_, Step::Row(_)))))
            });
            if takes_row {
                // Others like it move up to its place.
                let count = |review: &Review| {
                    review.diagnostics.iter().filter(|it| it.code == found.code).count()
                };
                prop_assert!(count(&after) < count(&before), "{:?} is left", found);
            } else {
                prop_assert!(
                    !after.diagnostics.iter().any(|left| {
                        // Of labels, each that is asked for is missing at the same place.
                        left.code == found.code && left.path() == found.path()
                            && left.param("key") == found.param("key")
                    }),
                    "{:?} is left", found
                );
            }
            let places: Option<Vec<_>> =
                fix.0.iter().map(|change| changed_place(&draft, change)).collect();
            let differs = outside(&before.body, &after.body, &places.expect("fixes stand in the draft"));
            prop_assert_eq!(differs, Vec::<Place>::new(), "{:?}", found);
            let (path, edit) = inverse.expect("a fix changes something");
            fixed.apply(&path, edit);
            prop_assert_eq!(&fixed, &draft);
        }
    }
}

/// A draft of environment variables, of which names and values are typed.
fn variables() -> impl Strategy<Value = Draft> {
    vec((text(), text()), 1..4).prop_map(|rows| {
        let rows = rows
            .into_iter()
            .map(|(name, value)| (name, Draft::Text(value)));
        let mut draft = Draft::default();
        let rows = Draft::Map(Arc::new(rows.collect()));
        draft.apply(&path![Request::ENVIRONMENT_VARIABLES], Edit::Set(rows));
        draft
    })
}

/// Any JSON without the name that `serde_json`'s own reader takes for a number.
fn plain_json() -> impl Strategy<Value = Value> {
    any_json().prop_filter("serde_json reads it as a number", |value| {
        !value.to_string().contains("$serde_json")
    })
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn json_is_read_as_it_is_written(value in any_json()) {
        prop_assert_eq!(json::parse(&value.to_string()), Ok(value.clone()));
        prop_assert_eq!(json::parse(&print::pretty(&value)), Ok(value.clone()));
        prop_assert_eq!(json::parse(&escaped(&value)), Ok(value));
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place(
        text in prop_oneof![
            any::<String>(),
            "[\\[\\]{}\",:0-9a-fn-u \\\\\n.+-]{0,40}",
            "\"(\\\\u[dD][89a-fA-F][0-9a-f]{2}|\\\\[a-z]|x){0,6}\"?",
        ],
    ) {
        if let Err(error) = json::parse(&text) {
            let lines: Vec<_> = text.split('\n').collect();
            prop_assert!((1..=lines.len()).contains(&error.line), "{error}");
            let line = lines[error.line - 1].chars().count();
            prop_assert!((1..=line + 1).contains(&error.column), "{error}");
        }
        prop_assert_eq!(import_bytes(text.as_bytes()), import(&text));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..64)) {
        let read = import_bytes(&bytes);
        if std::str::from_utf8(&bytes).is_err() {
            prop_assert!(read.is_err());
        }
    }

    #[test]
    fn what_is_json_is_agreed_with_serde_json(
        value in plain_json(),
        pretty in any::<bool>(),
        mutations in vec((any::<Index>(), 0..3_u8, letter()), 0..4),
    ) {
        let text = if pretty { print::pretty(&value) } else { value.to_string() };
        let mut letters: Vec<_> = text.chars().collect();
        for (place, way, letter) in mutations {
            let at = place.index(letters.len() + 1);
            match way {
                0 => letters.insert(at, letter),
                _ if at == letters.len() => {}
                1 => drop(letters.remove(at)),
                _ => letters[at] = letter,
            }
        }
        let text: String = letters.into_iter().collect();
        let theirs = serde_json::from_str::<Value>(&text);
        match (json::parse(&text), theirs) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs),
            (Err(ours), theirs) if matches!(ours.problem, Problem::Duplicate { .. }) => {
                // serde_json takes the last of both, if nothing else is wrong.
                prop_assert!(theirs.is_ok() || ours.line > 0);
            }
            (Err(ours), Err(_)) => prop_assert!(ours.line > 0 && ours.column > 0),
            (ours, theirs) => {
                return Err(TestCaseError::fail(format!("{text:?}: {ours:?}, {theirs:?}")));
            }
        }
    }

    #[test]
    fn a_name_that_stands_twice_is_refused_wherever_it_stands(
        name in name(),
        others in vec(any_json(), 0..3),
        depth in 0..4_usize,
    ) {
        let quoted = Value::from(name.as_str()).to_string();
        let between: Vec<_> = others
            .iter()
            .enumerate()
            .map(|(n, value)| format!("\"other {n}\": {value},\n"))
            .collect();
        let text = format!(
            "{}{{{quoted}: 1,\n{}{quoted}: 2}}{}",
            "{\"a\": [".repeat(depth),
            between.concat(),
            "]}".repeat(depth)
        );
        let error = json::parse(&text).expect_err("a name stands twice");
        prop_assert_eq!(error.problem, Problem::Duplicate { name, first: 1 });
        prop_assert_eq!((error.line, error.column), (2 + others.len(), 1));
    }
}

fn letter() -> impl Strategy<Value = char> {
    prop_oneof![
        select(
            "[]{}\",:\\0123456789.eE+-tfn \n\tu\u{1}"
                .chars()
                .collect::<Vec<_>>()
        ),
        any::<char>().prop_filter("a mark at the start is passed over", |letter| {
            *letter != '\u{feff}'
        }),
    ]
}

/// The walk over places finds every field, so that the properties above speak of all of them.
#[test]
fn every_field_is_a_place() {
    let draft = Draft::default();
    let known = places(&draft);
    let mut fields = Vec::new();
    ROOT.walk(&mut |path: &Path, _: &FieldDescriptor| fields.push(path.clone()));
    let outside_rows = |path: &&Path| !path.steps().iter().any(|step| matches!(step, Step::Row(_)));
    for path in fields.iter().filter(outside_rows) {
        assert!(known.contains(path), "{}", path.name(ROOT));
    }
    assert_eq!(path![field_step(0)].name(ROOT), "WorkspaceId");
}

/// The drafts that the properties are tried with break the rules often, and in ways that are mended: else the
/// property of fixes would say little.
#[test]
fn generated_drafts_break_the_rules() {
    let mut runner = TestRunner::deterministic();
    let (mut broken, mut mended) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..2_000 {
        let tree = draft().new_tree(&mut runner).expect("a draft");
        for found in review(&tree.current(), &context()).diagnostics {
            broken.insert(found.code);
            if found.fix.is_some() {
                mended.insert(found.code);
            }
        }
    }
    let all = (1..=113).map(|number| format!("R{number:02}"));
    let never: Vec<_> = all.filter(|id| !broken.contains(id.as_str())).collect();
    assert_eq!(never, [""; 0], "no draft breaks these");
    let fixed = [
        "R03", "R14", "R19", "R20", "R21", "R26", "R30", "R32", "R34", "R35", "R37", "R38", "R39",
        "R41", "R42", "R44", "R46", "R48", "R50", "R55", "R56", "R57", "R58", "R60", "R63", "R64",
        "R67", "R74", "R75", "R76", "R79", "R84", "R85", "R87", "R88", "R91", "R93", "R94", "R95",
        "R97", "R101", "R102", "R105", "R106", "R109", "R110", "R111", "R112", "R113", "P05",
        "P07", "P08",
    ];
    let fixed: BTreeSet<_> = fixed.into();
    assert_eq!(mended, fixed);
}
