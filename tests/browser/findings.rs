//! When findings are told; and what the page says when it has stopped.

use leptos::prelude::{Set as _, document, window};
use serde_json::{Value, json};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, Response};

use crate::page::{Page, settle};

/// The control of this name, with the focus.
fn focus(page: &Page, name: &str) -> HtmlElement {
    let control: HtmlElement = page.control(name).unchecked_into();
    control.focus().expect("it takes the focus");
    control
}

/// Where a range of addresses is typed.
const RANGE: &str = "UserVpc.ExtendedCIDRs[0]";

#[wasm_bindgen_test]
async fn new_findings_wait_while_a_control_is_typed_in() {
    let page = Page::new();
    page.add("UserVpc.ExtendedCIDRs").await;
    let control = focus(&page, RANGE);
    for text in ["1", "10.0", "10.0.0.0"] {
        page.enter(RANGE, text).await;
        assert_eq!(page.messages(RANGE), "", "{text}");
        assert!(!control.has_attribute("aria-invalid"));
        // Counts and preview do not wait.
        assert!(
            page.text(".rail-link[href='#network'] small")
                .contains("error")
        );
        assert_eq!(page.all(".code-line[data-tone=error]").len(), 1);
    }
    page.leave().await;
    assert!(page.messages(RANGE).contains("IPv4 range"));
    // What is told follows each letter, and goes when it is mended.
    focus(&page, RANGE);
    page.enter(RANGE, "10.0.0.0/").await;
    assert!(page.messages(RANGE).contains("IPv4 range"));
    page.enter(RANGE, "10.0.0.0/8").await;
    assert_eq!(page.messages(RANGE), "");
    page.enter(RANGE, "10.0.0.0/99").await;
    assert_eq!(page.messages(RANGE), "");
}

#[wasm_bindgen_test]
async fn asking_for_the_result_ends_all_waiting() {
    let page = Page::new();
    page.add("UserVpc.ExtendedCIDRs").await;
    focus(&page, RANGE);
    page.enter(RANGE, "10.0.0.0").await;
    page.state.asked.set(true);
    settle().await;
    assert!(page.messages(RANGE).contains("IPv4 range"));
}

#[wasm_bindgen_test]
async fn what_typing_on_cannot_mend_is_told_at_once() {
    for (name, text, told) in [
        ("InstanceName", "a-", true),
        ("InstanceName", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", true),
        ("Priority", "10", true),
        ("Priority", "-", false),
        ("Priority", "x", false),
        ("ImageAuth", "dXN", false),
    ] {
        let page = Page::new();
        focus(&page, name);
        page.enter(name, text).await;
        assert_eq!(!page.messages(name).is_empty(), told, "{name} {text}");
    }
}

#[wasm_bindgen_test]
async fn errors_across_fields_wait_for_the_result() {
    let both = json!({"ImageId": "image-1", "ImageUrl": "registry/a/b:1"});
    let page = Page::new();
    page.enter("ImageId", "image-1").await;
    page.enter("ImageUrl", "registry/a/b:1").await;
    assert_eq!(page.body(), both);
    assert_eq!(page.messages("ImageId"), "");
    assert_eq!(page.text(".rail-link[href='#image'] small"), "1 error");
    page.press("[name=show][value=problems]").await;
    assert!(page.messages("ImageId").contains("Keep one"));
    assert!(page.messages("ImageUrl").contains("Keep one"));

    let page = Page::with(&both.to_string()).await;
    assert!(page.messages("ImageId").contains("Keep one"));
}

#[wasm_bindgen_test]
async fn the_title_says_that_there_are_errors_once_the_result_was_asked_for() {
    let page = Page::with(r#"{"InstanceName":"a-b"}"#).await;
    assert_eq!(document().title(), "DSW Composer");
    page.state.asked.set(true);
    settle().await;
    assert_eq!(document().title(), "Error: DSW Composer");
    let smallest = include_str!("../../crates/model/tests/data/smallest.json");
    page.import(smallest).await;
    assert_eq!(document().title(), "DSW Composer");
}

#[wasm_bindgen_test]
async fn deprecated_fields_say_what_to_use_instead() {
    let page = Page::with(r#"{"Datasets":[{}]}"#).await;
    let hint = page.text("[id=\"Datasets[0].OptionType-hint\"]");
    assert!(hint.contains("Use mount options instead"), "{hint}");
}

/// The notice of `index.html`, put into the page under test.
fn notice() -> web_sys::Element {
    let holder = document().create_element("div").expect("an element");
    holder.set_inner_html(include_str!("../../index.html"));
    let found = holder.query_selector("#crashed").expect("a selector");
    let notice = found.expect("index.html has the notice");
    let body = document().body().expect("a body");
    body.append_child(&notice).expect("a place for the notice");
    notice
}

/// Where the draft is that is offered when the program stops now.
fn stopped() -> String {
    let notice = notice();
    assert!(notice.has_attribute("hidden"));
    dsw_page::crash::show();
    assert!(!notice.has_attribute("hidden"));
    let link = notice.query_selector("#crashed-draft").expect("a selector");
    let link = link.expect("a link to the draft");
    assert!(!link.has_attribute("hidden"));
    let note = notice.query_selector("#crashed-note").expect("a selector");
    assert!(note.expect("a note").has_attribute("hidden"));
    notice.remove();
    let storage = window().local_storage().expect("storage").expect("storage");
    storage
        .remove_item("dsw-composer.crashed")
        .expect("it can be removed");
    link.get_attribute("href").expect("an address")
}

/// The text that is downloaded from there.
async fn downloaded(href: &str) -> String {
    let answer = JsFuture::from(window().fetch_with_str(href)).await;
    let answer: Response = answer.expect("the draft").unchecked_into();
    let text = JsFuture::from(answer.text().expect("a text")).await;
    text.expect("the text").as_string().expect("text")
}

#[wasm_bindgen_test]
async fn a_program_that_stops_offers_the_body_with_its_secrets() {
    const SECRET: &str = "dXNlcjpwYXNzd29yZA==";
    let request = json!({"InstanceName": "a", "ImageAuth": SECRET, "Future": [1]});
    let page = Page::with(&request.to_string()).await;
    let shown = page.preview();
    assert!(!shown.contains(SECRET), "the preview hides it");
    let text = downloaded(&stopped()).await;
    assert_eq!(text.replace(SECRET, "\u{2022}".repeat(6).as_str()), shown);
    assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), request);
    // It may stop in the middle of a review.
    let review = page.state.last_review();
    let held = review.borrow_mut();
    let href = stopped();
    drop(held);
    assert_eq!(downloaded(&href).await, text);
}
