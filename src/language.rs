//! The language of the page: which one, and how it is changed.
//!
//! English stands in the code. The Chinese texts are a catalogue (`assets/zh.tsv`), which is fetched when Chinese is
//! wanted. `assets/before.js` decides that before anything is written, marks the root element with it and has the
//! catalogue on its way while the program loads; a page that is Chinese waits for it. A change of language builds the
//! page anew over the same state (`docs/decisions/0015-languages.md`).

use std::cell::Cell;

use dsw_words::{speak, speak_again, speak_english, tr};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit, Response};

use crate::carry::Carried;
use crate::control::radio;
use crate::dom::{El, button, el_class, el_text};
use crate::later;
use crate::state::FormState;
use crate::storage::LANGUAGE;
use crate::storage::LANGUAGE_OFFERED;

/// Where the Chinese texts are, beside the page.
const CATALOGUE: &str = "assets/zh.tsv";
/// Milliseconds that the page waits for them.
const WAIT: u32 = 15_000;

/// A language that the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, as it stands in the code.
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// Its tag, for `lang` and for the browser's own words.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The language of a tag, such as `zh` or `en-GB`; nothing for others.
    fn of(tag: &str) -> Option<Self> {
        match tag.get(..2)? {
            "en" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            _ => None,
        }
    }
}

thread_local! {
    static CURRENT: Cell<Language> = const { Cell::new(Language::English) };
    /// Whether Chinese was wanted last and did not come.
    static MISSING: Cell<bool> = const { Cell::new(false) };
}

/// The language that the page speaks now.
pub fn current() -> Language {
    CURRENT.get()
}

/// What stands between two sentences.
pub fn gap() -> &'static str {
    match current() {
        Language::English => " ",
        Language::Chinese => "",
    }
}

/// Whether the page is to begin in Chinese.
pub(crate) fn begins_in_chinese() -> bool {
    let root = document().document_element();
    root.and_then(|root| Language::of(&root.get_attribute("lang")?)) == Some(Language::Chinese)
}

/// Begins in Chinese, once its texts are there; in English if they do not come.
pub(crate) async fn begin() {
    let loaded = load().await;
    MISSING.set(!loaded);
    enter(if loaded {
        Language::Chinese
    } else {
        Language::English
    });
}

/// Fetches the Chinese texts and says everything in them. Returns whether they came.
async fn load() -> bool {
    let catalogue = fetch().await;
    // Some servers answer with a page of theirs where there is no such file.
    let catalogue = catalogue.filter(|text| text.starts_with('#'));
    catalogue.map(speak).is_some()
}

async fn fetch() -> Option<String> {
    let init = RequestInit::new();
    init.set_signal(Some(&AbortSignal::timeout_with_u32(WAIT)));
    let answer = JsFuture::from(window().fetch_with_str_and_init(CATALOGUE, &init)).await;
    let answer: Response = answer.ok()?.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}

/// Tells everybody which language it is.
fn enter(language: Language) {
    CURRENT.set(language);
    if let Some(root) = document().document_element() {
        El::existing(root).set("lang", Some(language.tag()));
    }
}

/// The choice of language, in the bar.
pub(crate) fn segment(state: FormState) -> El {
    let languages = [
        (Language::English, "EN", "English"),
        (Language::Chinese, "中文", "简体中文"),
    ];
    let languages = languages.map(|(language, short, name)| {
        let tag = language.tag();
        let mut radio = radio("language", tag, el_text("span", short).attr("lang", tag));
        radio.input = radio
            .input
            .attr("id", ["language-", tag].concat().as_str())
            .attr("lang", tag);
        radio
            .named(name)
            .checked(current() == language)
            .chosen(move || later::with(move |parts| (parts.choose_language)(state, language)))
    });
    el_class("fieldset", "segment segment-s")
        .child(el_class("legend", "hide").text(tr("Language")))
        .children(languages)
}

/// That Chinese was wanted and is not to be had; nothing as a rule.
pub(crate) fn notice(state: FormState) -> Option<El> {
    MISSING
        .get()
        .then(|| later::element(move |parts| (parts.language_missing)(state)))
}

/// [`notice`], once it can be made. It is in both languages: who reads it wanted Chinese.
pub(crate) fn missing(state: FormState) -> El {
    let chinese = "未能加载中文文本，页面暂以英文显示。";
    let english = "The Chinese texts could not be loaded, so the page is in English.";
    let again = button("btn btn-s", move |_| choose(state, Language::Chinese))
        .attr("id", "language-again")
        .child(el_text("span", "重试").attr("lang", "zh-CN"))
        .text(" / Try again");
    el_class("div", "callout line")
        .attr("data-tone", "warning")
        .attr("role", "alert")
        .attr("data-testid", "language-missing")
        .child(
            el_class("p", "grow")
                .child(el_text("span", chinese).attr("lang", "zh-CN"))
                .text(" ")
                .child(el_text("span", english)),
        )
        .child(again)
}

/// A person chooses a language: it is remembered, and the page speaks it as soon as its texts are there.
pub(crate) fn choose(state: FormState, language: Language) {
    keep(LANGUAGE, language.tag());
    change(state, language);
}

/// The operator names a language, for those who have chosen none. Anything else than a tag of one that the page speaks
/// leaves it to the browser.
pub(crate) fn offer(state: FormState, tag: Option<&str>) {
    let offered = tag.and_then(Language::of);
    let storage = window().local_storage().ok().flatten();
    match (offered, &storage) {
        (Some(language), _) => keep(LANGUAGE_OFFERED, language.tag()),
        // It fails only where nothing is kept.
        (None, Some(storage)) => drop(storage.remove_item(LANGUAGE_OFFERED)),
        (None, None) => {}
    }
    let chosen = storage.and_then(|storage| storage.get_item(LANGUAGE).ok().flatten());
    if let Some(language) = offered.filter(|language| *language != current())
        && chosen.is_none()
    {
        change(state, language);
    }
}

fn keep(name: &str, tag: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        // A browser that keeps nothing begins in its own language the next time.
        drop(storage.set_item(name, tag));
    }
}

/// Speaks another language as soon as its texts are there.
fn change(state: FormState, language: Language) {
    spawn_local(async move {
        MISSING.set(match language {
            Language::English => {
                speak_english();
                false
            }
            Language::Chinese => !(speak_again() || load().await),
        });
        if MISSING.get() {
            rebuild(state, current());
        } else {
            rebuild(state, language);
        }
    });
}

/// Builds the page anew in a language whose texts are there, and puts back what was not in the state: the focus, what
/// was open, where one was.
pub fn rebuild(state: FormState, language: Language) {
    let carried = Carried::take();
    enter(language);
    // It was said in the language before.
    state.said.set(String::new());
    state.builds.update(|builds| *builds += 1);
    carried.put_back();
}
