//! Languages: everything that the page says goes through the catalogue, and a change of language loses nothing (F65).

use dsw_page::language::{Language, rebuild};
use dsw_page::state::{REVIEW, START};
use dsw_words::{speak, speak_english};
use leptos::prelude::{GetUntracked as _, Set as _, document, window};
use serde_json::{Value, json};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, focused, settle};

/// The Chinese texts.
const CHINESE: &str = include_str!("../../assets/zh.tsv");

/// A request with everything in it.
const FULL: &str = include_str!("../../crates/model/tests/data/full.json");

/// A catalogue that puts marks around each text.
fn pseudo() -> String {
    let lines = CHINESE.lines().filter(|line| !line.starts_with('#'));
    let lines = lines.filter_map(|line| line.split_once('\t'));
    let lines = lines.map(|(english, _)| format!("{english}\t«{english}»"));
    lines.collect::<Vec<_>>().join("\n")
}

/// A request whose texts are too short to be taken for words.
fn short(value: &mut Value) {
    match value {
        Value::String(text) => "q1".clone_into(text),
        Value::Array(all) => all.iter_mut().for_each(short),
        Value::Object(all) => all.values_mut().for_each(short),
        _ => {}
    }
}

/// What is left of a text without what the catalogue says, and without names of fields.
fn left(text: &str) -> String {
    let mut depth = 0;
    let mut left = String::new();
    for letter in text.chars() {
        match letter {
            '«' => depth += 1,
            '»' => depth -= 1,
            letter if depth == 0 => left.push(letter),
            _ => {}
        }
    }
    let words = left.split_whitespace();
    let words = words.filter(|word| !word.contains(['.', '[']) && *word != "SHA-256");
    words.collect::<Vec<_>>().join(" ")
}

/// All that is said in the page: texts, and the attributes that are read out or shown.
fn said() -> Vec<String> {
    const WALK: &str = "
        const names = 'code, .mono, bdi, pre, kbd, [lang], svg, textarea, .bar-name, .row-title';
        const host = document.getElementById('host');
        const all = [];
        const walker = document.createTreeWalker(host, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const node = walker.currentNode, parent = node.parentElement;
            // An option shows its value, perhaps with words behind it.
            const value = parent.localName === 'option' ? parent.value : '';
            if (!parent.closest(names)) all.push(node.data.replace(value, ''));
        }
        for (const element of host.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
            if (element.closest('[lang], .bar-brand')) continue;
            for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
                all.push(element.getAttribute(name) ?? '');
            }
        }
        return all;";
    let walk = js_sys::Function::new_no_args(WALK);
    let all = walk.call0(&window()).expect("a walk through the page");
    let all: js_sys::Array = all.unchecked_into();
    all.iter().filter_map(|text| text.as_string()).collect()
}

/// Fails where something is said that did not come from the catalogue.
fn assert_all_is_translated(place: &str) {
    let is_word = |text: &String| {
        let letters = text.split(|letter: char| !letter.is_ascii_alphabetic());
        letters
            .into_iter()
            // What others call their things, and what is called the same everywhere.
            .any(|word| {
                word.len() > 2 && !["JSON", "GiB", "vCPU", "GPU", "CPU", "CUDA"].contains(&word)
            })
    };
    let mut all: Vec<_> = said()
        .into_iter()
        .filter(|text| is_word(&left(text)))
        .collect();
    all.dedup();
    assert!(all.is_empty(), "{place}: {all:#?}");
}

async fn change(page: &Page, language: Language) {
    match language {
        Language::English => speak_english(),
        Language::Chinese => speak(CHINESE.to_owned()),
    }
    rebuild(page.state, language);
    // What was open opens again, one level at a time.
    for _ in 0..20 {
        settle().await;
    }
}

#[wasm_bindgen_test]
async fn f65_everything_that_is_said_comes_from_the_catalogue() {
    let page = Page::new();
    speak(pseudo());
    rebuild(page.state, Language::English);
    settle().await;
    assert_all_is_translated("an empty form");
    page.state.current.set(START);
    settle().await;
    assert_all_is_translated("the start");
    page.state.current.set(0);
    let mut request: Value = serde_json::from_str(FULL).expect("a request");
    short(&mut request);
    request["Q2"] = json!({ "q": 1 });
    page.import(&request.to_string()).await;
    for _ in 0..10 {
        settle().await;
    }
    page.state.guided.set(true);
    settle().await;
    assert_all_is_translated("the form section by section");
    page.state.guided.set(false);
    page.press(".output-tools button.copy").await;
    settle().await;
    assert!(page.all(".field-msg").len() > 30, "there are findings");
    assert_all_is_translated("a form with everything in it");
    page.state.current.set(REVIEW);
    for _ in 0..20 {
        settle().await;
    }
    assert!(page.has("review-h"), "the review is shown");
    assert_all_is_translated("the review");
    speak_english();
}

#[wasm_bindgen_test]
async fn f65_a_change_of_language_loses_nothing() {
    let page = Page::with(r#"{"Datasets":[{"Uri":"oss://a"},{"Uri":"b"}],"Priority":"x"}"#).await;
    page.enter("InstanceName", "train_1").await;
    page.press("[id=\"Datasets[0]-row\"] .row-title").await;
    page.enter("import-json", "{ half a request").await;
    let before = page.preview();
    let heading = || page.text("#basics-h");
    assert_eq!(heading(), "Basics");
    let control = page.control("InstanceName");
    let control: web_sys::HtmlInputElement = control.unchecked_into();
    control.focus().expect("it takes the focus");
    control.set_selection_range(2, 5).expect("a text");

    change(&page, Language::Chinese).await;
    assert_eq!(heading(), "基本信息");
    let root = document().document_element().expect("a root");
    assert_eq!(root.get_attribute("lang").as_deref(), Some("zh-CN"));
    assert_eq!(page.preview(), before);
    assert_eq!(page.value("InstanceName"), "train_1");
    assert_eq!(page.value("import-json"), "{ half a request");
    assert_eq!(focused(), "InstanceName");
    let control: web_sys::HtmlInputElement = page.control("InstanceName").unchecked_into();
    let selection = (control.selection_start(), control.selection_end());
    assert_eq!(selection, (Ok(Some(2)), Ok(Some(5))));
    let open = |row: usize| {
        let title = page.one(&format!("[id=\"Datasets[{row}]-row\"] .row-title"));
        title.get_attribute("aria-expanded")
    };
    assert_eq!(
        open(0).as_deref(),
        Some("false"),
        "what was closed stays closed"
    );
    assert_eq!(open(1).as_deref(), Some("true"));
    assert!(page.messages("Priority").starts_with("错误："));
    assert!(page.state.can_step(true), "there is a step to take back");

    // Nothing of the page before is left to show itself.
    page.enter("InstanceName", "train_2").await;
    assert_eq!(page.all("[id=InstanceName]").len(), 1);
    change(&page, Language::English).await;
    assert_eq!(heading(), "Basics");
    assert_eq!(page.value("InstanceName"), "train_2");
    assert_eq!(page.state.builds.get_untracked(), 2);
    assert!(page.messages("Priority").starts_with("Error:"));
    assert_eq!(root.get_attribute("lang").as_deref(), Some("en"));
}
