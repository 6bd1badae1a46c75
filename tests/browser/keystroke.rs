//! One keystroke changes one field, one message and one line, and touches nothing else.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, MutationObserver, MutationObserverInit, MutationRecord};

use crate::page::{Page, settle};

const FULL: &str = include_str!("../../crates/model/tests/data/full.json");

/// Waits until the page has found out that there is no gateway: that changes the bar, whatever one types.
async fn found_out(page: &Page) {
    while page.text(".mode").contains("Looking") {
        settle().await;
    }
}

/// Enters a text and returns the element of every change that it made to the page.
async fn changes(page: &Page, name: &str, text: &str) -> Vec<Element> {
    found_out(page).await;
    let seen = Rc::new(RefCell::new(Vec::new()));
    let see = {
        let seen = Rc::clone(&seen);
        Closure::<dyn FnMut(js_sys::Array)>::new(move |records: js_sys::Array| {
            for record in records.iter() {
                seen.borrow_mut().extend(changed(&record.unchecked_into()));
            }
        })
    };
    let observer = MutationObserver::new(see.as_ref().unchecked_ref()).expect("an observer");
    let options = MutationObserverInit::new();
    options.set_subtree(true);
    options.set_child_list(true);
    options.set_attributes(true);
    options.set_attribute_old_value(true);
    options.set_character_data(true);
    observer
        .observe_with_options(&page.one("#host > .shell"), &options)
        .expect("it observes");
    page.enter(name, text).await;
    observer.disconnect();
    seen.take()
}

/// The element that a record tells of. An attribute that was set to what it was has not changed.
fn changed(record: &MutationRecord) -> Option<Element> {
    let target = record.target()?;
    let element = match target.dyn_into::<Element>() {
        Ok(element) => element,
        Err(text) => text.parent_element()?,
    };
    let same = record
        .attribute_name()
        .is_some_and(|name| element.get_attribute(&name) == record.old_value());
    (!same).then_some(element)
}

/// The changes that lie in none of these places.
fn outside(changes: &[Element], places: &[&str]) -> Vec<String> {
    let apart = changes.iter().filter(|element| {
        let inside = |place: &&str| element.closest(place).expect("a selector").is_some();
        !places.iter().any(inside)
    });
    apart
        .map(|element| {
            let short = element.clone_node().expect("a copy");
            short.unchecked_into::<Element>().outer_html()
        })
        .collect()
}

/// How many lines of the preview are among the changes.
fn lines(changes: &[Element]) -> usize {
    let mut lines: Vec<Element> = Vec::new();
    for element in changes {
        if let Some(line) = element.closest(".code-line").expect("a selector")
            && !lines.contains(&line)
        {
            lines.push(line);
        }
    }
    lines.len()
}

/// The field around a control, found by its messages.
const FIELD: &str = ".field:has(> [data-testid=error-InstanceName])";

#[wasm_bindgen_test]
async fn a_letter_that_breaks_a_rule_changes_one_field_one_message_one_line() {
    let page = Page::with(FULL).await;
    let changes = changes(&page, "InstanceName", "training-data").await;
    assert!(page.messages("InstanceName").contains("Use only"));
    assert!(
        page.preview()
            .contains("\"InstanceName\": \"training-data\"")
    );
    assert_eq!(lines(&changes), 1);
    let message = [".field-msgs"].map(|place| changes.len() - outside(&changes, &[place]).len());
    assert_eq!(message, [1], "one message");
    // Beside these: counts of the section and of the whole, and that there is a step to undo.
    let counts = [
        ".rail-link[href='#basics']",
        ".rail-link[href='#review']",
        ".output-more",
        ".output-less",
    ];
    let more = [
        ".output-tools > .num",
        ".output-foot",
        ".bar [aria-label=Undo]",
    ];
    let places = [&[FIELD, ".code-line"][..], &counts, &more].concat();
    assert_eq!(outside(&changes, &places), Vec::<String>::new());
}

#[wasm_bindgen_test]
async fn a_letter_that_breaks_nothing_changes_one_line_and_the_size() {
    let page = Page::with(FULL).await;
    // The mount path stands in the head of its row too.
    let places = [
        ".code-line",
        ".output-more",
        ".output-tools > .num",
        ".row-title",
    ];
    for (name, text) in [
        ("InstanceName", "training_data2"),
        ("Datasets[0].MountPath", "/mnt/data/2"),
        ("UserVpc.ExtendedCIDRs[0]", "32.0.0.0/3"),
        ("EnvironmentVariables[1].Value", "Chris2"),
        ("Tag[0].Value", "value2"),
    ] {
        // The step before this one has made undo possible.
        page.enter(name, &format!("{text}0")).await;
        let changes = changes(&page, name, text).await;
        assert_eq!(lines(&changes), 1, "{name}");
        assert_eq!(outside(&changes, &places), Vec::<String>::new(), "{name}");
    }
}

#[wasm_bindgen_test]
async fn what_changes_nothing_touches_nothing() {
    let page = Page::with(FULL).await;
    let changes = changes(&page, "InstanceName", "training_data").await;
    assert_eq!(outside(&changes, &[]), Vec::<String>::new());
}
