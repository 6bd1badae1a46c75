//! Texts for the few who ask: of rules, of fields, of the service's terms. They are no part of the program: files
//! beside the page, of which one is loaded when the first of its texts is wanted.

use std::cell::RefCell;
use std::rc::Rc;

use dsw_form::json;
use dsw_words::tr;
use gloo_net::http::Request;
use leptos::task::spawn_local;
use serde_json::{Map, Value};

use crate::dom::El;
use crate::i18n;
use crate::language::{self, Language};

/// The texts of one file, by their keys.
pub(crate) type Texts = Map<String, Value>;

/// What is made of texts.
pub(crate) type Tell = Box<dyn Fn(&Texts) -> Vec<El>>;

/// A file of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum File {
    /// When a rule is found, why, and who says so; by rule.
    Rules,
    /// Where a value is found, what it decides and what it costs; by field.
    Help,
    /// What the service's terms mean; by term.
    Terms,
}

impl File {
    /// Where it is in the present language, and one of its keys: what a server says in place of a file has it not.
    fn place(self) -> (&'static str, &'static str) {
        match (self, language::current()) {
            (Self::Rules, Language::English) => ("assets/rules.json", "R01"),
            (Self::Rules, Language::Chinese) => ("assets/rules.zh.json", "R01"),
            (Self::Help, Language::English) => ("assets/help.json", "InstanceName"),
            (Self::Help, Language::Chinese) => ("assets/help.zh.json", "InstanceName"),
            (Self::Terms, Language::English) => ("assets/glossary.json", "DSW"),
            (Self::Terms, Language::Chinese) => ("assets/glossary.zh.json", "DSW"),
        }
    }
}

thread_local! {
    /// The files that have come, by their addresses.
    static LOADED: RefCell<Vec<(&'static str, Rc<Texts>)>> = const { RefCell::new(Vec::new()) };
}

/// Fills a place with what the texts of a file say. Until they come it says so, and also if they do not: then the next
/// call tries again.
pub(crate) fn fill(file: File, place: &El, tell: Tell) {
    if let Some(texts) = find(file) {
        write(place, tell(&texts));
        return;
    }
    place.element().set_text_content(Some(tr("Loading…")));
    let place = place.clone();
    spawn_local(async move {
        let texts = match find(file) {
            Some(texts) => Some(texts),
            None => load(file).await,
        };
        match texts {
            Some(texts) => write(&place, tell(&texts)),
            None => place.element().set_text_content(Some(i18n::no_rules())),
        }
    });
}

/// A text of an entry; empty where it has none.
pub(crate) fn text<'a>(entry: &'a Value, name: &str) -> &'a str {
    entry.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn write(place: &El, content: Vec<El>) {
    place.element().set_text_content(None);
    let _ = place.clone().children(content);
}

fn find(file: File) -> Option<Rc<Texts>> {
    let (address, _) = file.place();
    LOADED.with_borrow(|all| {
        let found = all.iter().find(|(known, _)| *known == address);
        found.map(|(_, texts)| Rc::clone(texts))
    })
}

/// The texts; nothing if they do not come, or something else does.
async fn load(file: File) -> Option<Rc<Texts>> {
    let (address, key) = file.place();
    let answer = Request::get(address).send().await.ok()?;
    let text = answer.text().await.ok()?;
    match json::parse(&text) {
        Ok(Value::Object(texts)) if texts.contains_key(key) => {
            let texts = Rc::new(texts);
            LOADED.with_borrow_mut(|all| all.push((address, Rc::clone(&texts))));
            Some(texts)
        }
        _ => None,
    }
}
