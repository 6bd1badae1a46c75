//! The rules as a file for programs: what each is called, how grave it is, where it is found, when, why, and what is said
//! of it and of its fixes, in English and in Chinese. `docs/create-instance.rules.json` is made of it, and
//! `docs/rules.schema.json` tells its shape.

use dsw_model::path::Path;
use dsw_model::reference::{About, RULES, Share, WITH_FIX, severities, source_name};
use dsw_model::rules::{Change, Diagnostic, Fix, Severity, source};
use serde_json::{Map, Value, json};

use crate::{WORDS, fix, speak, speak_english, tr};

/// Version of the shape of the file: what reads it can refuse another.
const VERSION: u32 = 1;

/// Rules whose fix takes something away or moves it, and puts no value in.
const TAKES: &[&str] = &[
    "R19", "R20", "R21", "R32", "R50", "R57", "R63", "R94", "R105", "R109",
];
/// Rules with fixes of both sorts.
const BOTH: &[&str] = &["R101", "R106"];
/// Rules whose fix turns something on.
const TURNS_ON: &[&str] = &["R34", "R37", "R88", "R102"];

/// The rules in both languages. `catalogue` is that of Chinese (`assets/zh.tsv`), `texts` those of
/// `assets/rules.zh.json`: when each rule is found, and why, by its id. English is spoken afterwards.
///
/// The rules of a team's policy are not among them: they stand in the file of the team.
pub fn rules_file(catalogue: &str, texts: &Map<String, Value>) -> Value {
    speak_english();
    let english: Vec<_> = RULES.iter().map(said_of).collect();
    speak(catalogue.to_owned());
    let chinese: Vec<_> = RULES.iter().map(said_of).collect();
    speak_english();
    let said = english.iter().zip(&chinese);
    let rules = RULES.iter().zip(said).map(|(about, (english, chinese))| {
        let other = |name: &str| texts.get(about.id).and_then(|texts| texts[name].as_str());
        let text = |english: &str, name| json!({ "en": english, "zh": other(name) });
        json!({
            "id": about.id,
            "severities": severities(about.id),
            "source": source(about.id).map(source_name),
            "fields": about.at,
            "when": text(about.when, "when"),
            "why": text(about.why, "why"),
            "messages": pairs(&english.messages, &chinese.messages),
            "fixes": pairs(&english.fixes, &chinese.fixes),
            "schema": match Share::of(about.id) {
                Share::All => "all",
                Share::Part => "part",
                Share::None | Share::NoError => "none",
            },
        })
    });
    json!({
        "$schema": "rules.schema.json",
        "version": VERSION,
        "operation": "CreateInstance",
        "apiVersion": "2022-01-01",
        "rules": rules.collect::<Vec<_>>(),
    })
}

/// What is said of the findings of a rule, in the present language.
struct Said {
    messages: Vec<String>,
    fixes: Vec<String>,
}

fn said_of(about: &About) -> Said {
    let words = WORDS.iter().filter(|(key, _)| {
        let case = key.strip_prefix(about.id);
        case.is_some_and(|case| case.is_empty() || case.starts_with(' '))
    });
    Said {
        messages: words.map(|(_, words)| tr(words).to_owned()).collect(),
        fixes: fixes(about.id),
    }
}

/// Texts with their translations.
fn pairs(english: &[String], chinese: &[String]) -> Vec<Value> {
    let pairs = english.iter().zip(chinese);
    pairs
        .map(|(english, chinese)| json!({ "en": english, "zh": chinese }))
        .collect()
}

/// What the fixes of a rule do; braces stand for the value that is put in.
fn fixes(id: &'static str) -> Vec<String> {
    let take = || Change::Clear(Path::ROOT);
    let set = |value: Value| Change::Set(Path::ROOT, value);
    let changes = if !WITH_FIX.contains(&id) {
        Vec::new()
    } else if TAKES.contains(&id) {
        vec![take()]
    } else if BOTH.contains(&id) {
        vec![set("{}".into()), take()]
    } else if TURNS_ON.contains(&id) {
        vec![set(true.into())]
    } else {
        vec![set("{}".into())]
    };
    let said = changes.into_iter().map(|change| {
        fix(&Diagnostic {
            code: id,
            severity: Severity::Error,
            paths: Vec::new(),
            params: vec![("known", "{}".to_owned())],
            fix: Some(Fix(vec![change])),
        })
    });
    said.collect()
}

/// The shape of the file, as a JSON Schema (2020-12).
pub fn rules_schema() -> Value {
    let text = json!({
        "type": "object",
        "description": "A text in English and in Simplified Chinese.",
        "required": ["en", "zh"],
        "properties": { "en": { "type": "string" }, "zh": { "type": "string" } },
        "additionalProperties": false,
    });
    let all = |description: &str| {
        json!({
            "description": description,
            "type": "array",
            "items": { "$ref": "#/$defs/text" },
        })
    };
    let one =
        |description: &str, values: &[&str]| json!({ "description": description, "enum": values });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rules of DSW Composer about the CreateInstance request of Alibaba Cloud PAI-DSW",
        "type": "object",
        "required": ["version", "operation", "apiVersion", "rules"],
        "properties": {
            "$schema": { "type": "string" },
            "version": { "description": "Version of this shape.", "const": VERSION },
            "operation": { "const": "CreateInstance" },
            "apiVersion": { "description": "Version of the API that the rules follow.", "type": "string" },
            "rules": { "type": "array", "items": { "$ref": "#/$defs/rule" } },
        },
        "additionalProperties": false,
        "$defs": {
            "text": text,
            "rule": {
                "type": "object",
                "required": [
                    "id", "severities", "source", "fields", "when", "why", "messages", "fixes", "schema",
                ],
                "properties": {
                    "id": {
                        "description": "What a finding calls it: `rule` in the JSON of `check`, `ruleId` in SARIF.",
                        "type": "string",
                        "pattern": "^R[0-9]{2,3}$",
                    },
                    "severities": {
                        "description": "What its findings are. An error is known to be refused by the service.",
                        "type": "array",
                        "minItems": 1,
                        "uniqueItems": true,
                        "items": { "enum": ["error", "warning"] },
                    },
                    "source": one(
                        "On what it rests: the documentation of the service, the vendor's command line guide, what follows \
                         from both, or our own advice.",
                        &["documented", "guide", "inferred", "policy"],
                    ),
                    "fields": {
                        "description": "The members at which it is found, `[]` for any row; none if that may be any member.",
                        "type": "array",
                        "items": { "type": "string" },
                    },
                    "when": { "description": "When it is found.", "$ref": "#/$defs/text" },
                    "why": { "description": "On what it rests, in words.", "$ref": "#/$defs/text" },
                    "messages": all(
                        "What is said of a finding, one for each of its cases; `{}`, or `{0}` and so on, stand for values.",
                    ),
                    "fixes": all("What can be done about it in one step; none where there is no one obvious way."),
                    "schema": one(
                        "How much of its errors `create-instance.schema.json` says.",
                        &["all", "part", "none"],
                    ),
                },
                "additionalProperties": false,
            },
        },
    })
}
