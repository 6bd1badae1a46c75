//! What surrounds the fields: messages in time, counts, filter, undo and redo.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, focused, property, settle};

#[wasm_bindgen_test]
async fn missing_values_are_told_once_the_result_was_asked_for() {
    let page = Page::new();
    page.enter("InstanceName", "a").await;
    assert_eq!(page.messages("WorkspaceId"), "");
    assert!(page.one("#summary").has_attribute("hidden"));
    page.press(".output-tools button[data-kind=primary]").await;
    // The clipboard takes its time.
    for _ in 0..50 {
        settle().await;
        if !page.messages("WorkspaceId").is_empty() {
            break;
        }
    }
    let told = page.messages("WorkspaceId");
    assert!(told.contains("Enter the ID of the workspace"), "{told:?}");
    assert!(!page.one("#summary").has_attribute("hidden"));
    assert_eq!(focused(), "summary");
    let errors = page.all("#summary li a").len();
    assert!(
        page.text(".output-foot")
            .contains(&format!("{errors} errors"))
    );
    page.enter("WorkspaceId", "1").await;
    assert_eq!(page.all("#summary li a").len(), errors - 1);
}

#[wasm_bindgen_test]
async fn each_entry_of_the_summary_leads_to_its_field() {
    let page = Page::with(r#"{"InstanceName":"a-b","ResourceId":"quota1","Priority":77}"#).await;
    page.press(".output-tools button[data-kind=primary]").await;
    for name in ["InstanceName", "Priority", "WorkspaceId"] {
        page.press(&format!("#summary a[href=\"#{name}\"]")).await;
        assert_eq!(focused(), name);
    }
}

#[wasm_bindgen_test]
async fn the_rail_counts_what_is_needed_set_and_wrong() {
    let page = Page::new();
    let basics = || page.text(".rail-link[href='#basics'] small");
    assert!(basics().contains("still needed"), "{}", basics());
    assert_eq!(
        page.text(".rail-link[href='#network'] small"),
        "Optional, 0 set"
    );
    page.enter("WorkspaceId", "1").await;
    page.enter("InstanceName", "a").await;
    assert_eq!(basics(), "Done");
    page.enter("InstanceName", "a-b").await;
    assert_eq!(basics(), "1 error");
    let tone = || {
        page.one(".rail-link[href='#basics']")
            .get_attribute("data-tone")
    };
    assert_eq!(tone().as_deref(), Some("error"));
    assert!(page.text(".output-foot").contains("1 error"));
    page.enter("InstanceName", "ab").await;
    assert_eq!(tone().as_deref(), Some("ok"));
    page.enter("UserVpc.VpcId", "vpc-1").await;
    assert!(page.text(".rail-link[href='#network'] small") != "Optional, 0 set");
}

#[wasm_bindgen_test]
async fn an_unknown_member_counts_in_the_last_section() {
    let page = Page::with(r#"{"Future":1}"#).await;
    let advanced = page.text(".rail-link[href='#advanced'] small");
    assert!(
        advanced == "1 set" || advanced.contains("warning"),
        "{advanced}"
    );
}

/// The names of the single controls whose field the filter lets through.
fn shown(page: &Page) -> Vec<String> {
    let fields = page.all(".field:not([hidden]) > .field-label[for], fieldset.field:not([hidden])");
    let names = fields.iter().map(|field| {
        let name = field.get_attribute("for");
        name.unwrap_or_else(|| field.id())
    });
    names.collect()
}

#[wasm_bindgen_test]
async fn the_filter_lets_through_what_is_looked_for() {
    let page = Page::new();
    let search = async |words: &str| {
        let input = page.one("#filter");
        js_sys::Reflect::set(&input, &"value".into(), &words.into()).expect("a value");
        crate::page::send(&input, "input");
        settle().await;
    };
    let all = shown(&page)
        .into_iter()
        .filter(|name| !name.ends_with("-json"))
        .count();
    assert!(all > 40);
    for (words, wanted) in [
        ("spotpricelimit", "SpotSpec.SpotPriceLimit"),
        ("REGISTRY LOGIN", "ImageAuth"),
        ("password base64", "ImageAuth"),
    ] {
        search(words).await;
        assert_eq!(shown(&page), [wanted], "{words}");
    }
    search("").await;
    assert_eq!(shown(&page).len(), all);
}

#[wasm_bindgen_test]
async fn the_filter_lets_through_what_is_set_or_wrong() {
    let page = Page::with(r#"{"WorkspaceId":"1","InstanceName":"a-b"}"#).await;
    for (value, wanted) in [
        ("set", vec!["WorkspaceId", "InstanceName"]),
        ("problems", vec!["InstanceName"]),
    ] {
        page.press(&format!("[name=show][value=\"{value}\"]")).await;
        assert_eq!(shown(&page), wanted);
    }
}

#[wasm_bindgen_test]
async fn undo_and_redo_are_there_when_there_is_a_step() {
    let page = Page::new();
    let undo = ".bar [aria-label=Undo]";
    let redo = ".bar [aria-label=Redo]";
    let can = |button: &str| !property(&page.one(button), "disabled").is_truthy();
    assert!(!can(undo) && !can(redo));
    page.enter("WorkspaceId", "1").await;
    crate::page::send(&page.control("WorkspaceId"), "change");
    page.import(r#"{"InstanceName":"a","Datasets":[{"Uri":"oss://a"}]}"#)
        .await;
    assert!(can(undo) && !can(redo));
    page.press(undo).await;
    assert_eq!(page.body(), json!({"WorkspaceId": "1"}));
    assert_eq!(page.value("InstanceName"), "");
    assert!(can(undo) && can(redo));
    page.press(undo).await;
    assert_eq!(page.body(), json!({}));
    assert!(!can(undo) && can(redo));
    page.press(redo).await;
    page.press(redo).await;
    assert_eq!(page.value("Datasets[0].Uri"), "oss://a");
    assert!(can(undo) && !can(redo));
    // A new edit leaves nothing to make again.
    page.press(undo).await;
    page.enter("WorkspaceId", "2").await;
    assert!(!can(redo));
}

#[wasm_bindgen_test]
async fn a_run_of_typing_is_one_step() {
    let page = Page::new();
    for text in ["a", "ab", "abc"] {
        page.enter("InstanceName", text).await;
    }
    page.press(".bar [aria-label=Undo]").await;
    assert_eq!(page.body(), json!({}));
    assert_eq!(page.value("InstanceName"), "");
}

#[wasm_bindgen_test]
async fn an_import_that_is_refused_leaves_all_as_it_is() {
    let page = Page::with(r#"{"InstanceName":"a"}"#).await;
    page.enter("import-json", "{\"a\": 1,\n \"b\" 2}").await;
    assert!(
        page.text("#import-json-msg")
            .contains("Line 2, column 6: a colon is missing")
    );
    assert_eq!(page.value("import-json"), "{\"a\": 1,\n \"b\" 2}");
    assert_eq!(page.body(), json!({"InstanceName": "a"}));
}
