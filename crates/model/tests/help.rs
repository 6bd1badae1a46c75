//! F08, F32, F65: the texts that the page fetches when someone asks are complete, in both languages: where a value is
//! found and what it decides (`assets/help.json`), the rules (`assets/rules.json`), the terms (`assets/glossary.json`).

use std::collections::BTreeMap;

use dsw_model::descriptor::{Control, Describe as _, FieldDescriptor, Guide, Shape};
use dsw_model::reference;
use dsw_model::request::CreateInstanceRequest as Request;
use serde_json::{Map, Value};

const HELP: &str = include_str!("../../../assets/help.json");
const HELP_ZH: &str = include_str!("../../../assets/help.zh.json");
const RULES_ZH: &str = include_str!("../../../assets/rules.zh.json");
const TERMS: &str = include_str!("../../../assets/glossary.json");
const TERMS_ZH: &str = include_str!("../../../assets/glossary.zh.json");

fn texts(text: &str) -> Map<String, Value> {
    let Ok(Value::Object(texts)) = serde_json::from_str(text) else {
        panic!("no JSON object: {text:.60}");
    };
    texts
}

/// The fields of the request by their wire paths without rows.
fn fields() -> BTreeMap<String, &'static FieldDescriptor> {
    let mut fields = BTreeMap::new();
    Request::DESCRIPTOR.walk(&mut |path, field| {
        fields.insert(path.name(Request::DESCRIPTOR).replace("[0]", ""), field);
    });
    fields
}

fn has(entry: &Value, name: &str) -> bool {
    entry
        .get(name)
        .and_then(Value::as_str)
        .is_some_and(|text| !text.is_empty())
}

#[test]
fn f08_every_id_says_where_it_is_found() {
    for (name, field) in fields() {
        let is_id =
            !matches!(field.shape, Shape::Free) || matches!(field.control, Control::Listed(_));
        assert!(
            !is_id || field.guide == Guide::Where,
            "{name} is an ID: guide = Where"
        );
    }
}

#[test]
fn f08_help_is_there_for_the_fields_that_offer_it_and_no_others() {
    let fields = fields();
    for (language, help) in [("en", texts(HELP)), ("zh", texts(HELP_ZH))] {
        for (name, field) in &fields {
            let entry = help.get(name);
            match (field.guide, entry) {
                (Guide::Nothing, None) => {}
                (Guide::Why, Some(entry)) => {
                    assert!(has(entry, "why"), "{language}: {name} says what it decides");
                    assert!(
                        !has(entry, "where"),
                        "{language}: {name} is asked where: guide = Where"
                    );
                }
                (Guide::Where, Some(entry)) => {
                    assert!(
                        has(entry, "where"),
                        "{language}: {name} says where it is found"
                    );
                }
                (guide, entry) => panic!("{language}: {name}: {guide:?} and {entry:?}"),
            }
        }
        for name in help.keys() {
            assert!(fields.contains_key(name), "{language}: no field {name}");
        }
    }
}

/// Texts of a language are what the other has too, entry by entry and part by part.
#[track_caller]
fn are_alike(english: &Map<String, Value>, chinese: &Map<String, Value>) {
    let parts = |texts: &Map<String, Value>| -> Vec<(String, String)> {
        let all = texts.iter().flat_map(|(key, entry)| {
            let parts = entry.as_object().expect("an entry is an object").keys();
            parts.map(|part| (key.clone(), part.clone()))
        });
        all.collect()
    };
    assert_eq!(parts(english), parts(chinese));
}

#[test]
fn f65_help_and_terms_are_complete_in_chinese() {
    are_alike(&texts(HELP), &texts(HELP_ZH));
    are_alike(&texts(TERMS), &texts(TERMS_ZH));
}

#[test]
fn f32_f65_every_rule_has_its_texts_in_chinese() {
    let Value::Object(english) = reference::rules() else {
        panic!("the rules are an object");
    };
    let chinese = texts(RULES_ZH);
    assert_eq!(english.len(), 113);
    are_alike(&english, &chinese);
    for (rule, text) in &english {
        assert_eq!(text["source"], chinese[rule]["source"], "{rule}");
    }
}

#[test]
fn texts_are_sentences_in_their_language() {
    let english = [HELP, TERMS];
    let chinese = [HELP_ZH, TERMS_ZH, RULES_ZH];
    let names = ["where", "why", "cost", "when", "means"];
    for (file, ends) in english
        .map(|file| (file, '.'))
        .into_iter()
        .chain(chinese.map(|file| (file, '。')))
    {
        for (key, entry) in texts(file) {
            for name in names.into_iter().filter(|name| has(&entry, name)) {
                let text = entry[name].as_str().expect("a text");
                assert!(text.ends_with(ends), "{key}: {text:?} ends in {ends}");
                assert!(!text.contains(['!', '！', '\n']), "{key}: {text:?} is calm");
                assert!(
                    !text.replace("请求", "").contains('请')
                        && !text.to_lowercase().contains("please"),
                    "{key}: {text}"
                );
                assert!(text.chars().count() <= 300, "{key}: {text:?} is short");
            }
        }
    }
}

#[test]
fn the_first_five_decisions_say_what_they_decide() {
    let help = texts(HELP);
    for name in [
        "InstanceName",
        "WorkspaceId",
        "EcsSpec",
        "ResourceId",
        "ImageId",
        "ImageUrl",
        "CloudDisks",
        "Datasets",
        "WorkspaceSource",
    ] {
        assert!(has(&help[name], "why"), "{name}");
    }
    for name in [
        "EcsSpec",
        "ResourceId",
        "SpotSpec",
        "CloudDisks",
        "CloudDisks.Capacity",
    ] {
        assert!(has(&help[name], "cost"), "{name}");
    }
}

#[test]
fn the_glossary_has_the_terms_of_the_service() {
    let terms = texts(TERMS);
    assert!((25..=35).contains(&terms.len()), "{} terms", terms.len());
    for (key, entry) in &terms {
        assert!(has(entry, "term") && has(entry, "means"), "{key}");
    }
}
