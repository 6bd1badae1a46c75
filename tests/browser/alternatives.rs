//! Alternatives: one is the active one, the others are kept, and nothing is out of reach.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, property, settle};

/// The radio button of an alternative.
fn radio(name: &str, wire: &str) -> String {
    format!("input[name=\"{name}\"][value=\"{wire}\"]")
}

fn chosen(page: &Page, name: &str) -> Vec<String> {
    let radios = page.controls(name);
    let chosen = radios
        .iter()
        .filter(|radio| property(radio, "checked").is_truthy());
    chosen
        .filter_map(|radio| radio.get_attribute("value"))
        .collect()
}

/// Whether a field is offered.
fn offered(page: &Page, name: &str) -> bool {
    page.all(&format!(
        "[data-void] [id=\"{name}\"], [data-void][id=\"{name}\"]"
    ))
    .is_empty()
        && page.has(name)
}

const PAY: &str = "EcsSpec | ResourceId";
const SOURCE: &str = "Datasets[0].DatasetId | Uri";

#[wasm_bindgen_test]
async fn the_untouched_page_offers_all_branches() {
    let page = Page::new();
    for name in [
        "EcsSpec",
        "ResourceId",
        "ImageId",
        "ImageUrl",
        "RequestedResource",
        "ImageAuth",
    ] {
        assert!(offered(&page, name), "{name}");
    }
    assert!(chosen(&page, PAY).is_empty());
    assert!(page.all(".parked:not([hidden])").is_empty());
}

#[wasm_bindgen_test]
async fn another_branch_parks_the_first_and_brings_it_back() {
    let request = json!({"ResourceId": "dsw-1", "Priority": 3, "Driver": "535"});
    let page = Page::with(&request.to_string()).await;
    assert_eq!(chosen(&page, PAY), ["ResourceId"]);
    assert!(!offered(&page, "EcsSpec") && offered(&page, "Priority"));
    page.press(&radio(PAY, "EcsSpec")).await;
    assert_eq!(page.body(), json!({"Driver": "535"}));
    let note = page.text(".parked:not([hidden])");
    assert!(
        note.ends_with("not sent: Resource quota, Priority"),
        "{note}"
    );
    assert!(
        offered(&page, "EcsSpec") && !offered(&page, "ResourceId") && !offered(&page, "Priority")
    );
    page.enter("EcsSpec", "ecs.c6.large").await;
    assert_eq!(page.messages("EcsSpec"), "");
    page.press(&radio(PAY, "ResourceId")).await;
    assert_eq!(page.body(), request);
    assert_eq!(page.value("ResourceId"), "dsw-1");
    page.press(".bar [aria-label=Undo]").await;
    assert_eq!(
        page.body(),
        json!({"EcsSpec": "ecs.c6.large", "Driver": "535"})
    );
    assert_eq!(chosen(&page, PAY), ["EcsSpec"]);
}

#[wasm_bindgen_test]
async fn two_values_are_both_shown_and_one_click_keeps_one() {
    let page =
        Page::with(r#"{"Datasets":[{"DatasetId":"d-1","DatasetVersion":"v1","Uri":"oss://a/"}]}"#)
            .await;
    assert!(chosen(&page, SOURCE).is_empty());
    assert!(offered(&page, "Datasets[0].DatasetId") && offered(&page, "Datasets[0].Uri"));
    assert!(
        ["Datasets[0].DatasetId", "Datasets[0].Uri"]
            .iter()
            .any(|name| page.messages(name).contains("Keep one"))
    );
    page.press(&radio(SOURCE, "Uri")).await;
    assert_eq!(page.body(), json!({"Datasets": [{"Uri": "oss://a/"}]}));
    assert!(!offered(&page, "Datasets[0].DatasetVersion"));
}

#[wasm_bindgen_test]
async fn filling_one_in_moves_nothing_while_one_works_there() {
    let page = Page::new();
    page.press("[id=ImageId]").await;
    page.enter("ImageId", "image-1").await;
    assert_eq!(chosen(&page, "ImageId | ImageUrl"), ["ImageId"]);
    assert!(offered(&page, "ImageUrl"), "the other goes while one types");
    page.press("[id=WorkspaceId]").await;
    assert!(
        offered(&page, "ImageUrl"),
        "what one is about to press moves"
    );
    page.import(r#"{"ImageUrl":"a/b"}"#).await;
    assert!(offered(&page, "ImageUrl") && !offered(&page, "ImageId"));
    page.import(r#"{"ImageId":"image-1"}"#).await;
    assert!(!offered(&page, "ImageUrl"));
    assert!(
        offered(&page, "ImageAuth"),
        "what was not chosen away stays"
    );
    page.enter("ImageId", "").await;
    assert!(offered(&page, "ImageUrl"));
}

#[wasm_bindgen_test]
async fn what_is_looked_for_is_shown() {
    let page = Page::with(r#"{"ImageId":"image-1"}"#).await;
    assert!(!offered(&page, "ImageUrl"));
    let filter = page.one("#filter");
    js_sys::Reflect::set(&filter, &"value".into(), &"imageurl".into()).expect("a value");
    crate::page::send(&filter, "input");
    settle().await;
    assert!(offered(&page, "ImageUrl"));
    page.enter("ImageUrl", "a/b").await;
    assert_eq!(
        page.body(),
        json!({"ImageId": "image-1", "ImageUrl": "a/b"})
    );
    assert!(page.messages("ImageId").contains("Keep one"));
}

#[wasm_bindgen_test]
async fn a_duplicate_keeps_what_is_parked() {
    let page = Page::with(r#"{"Datasets":[{"DatasetId":"d-1"}]}"#).await;
    page.press(&radio(SOURCE, "Uri")).await;
    page.press_named("Duplicate dataset 1").await;
    page.press(&radio("Datasets[1].DatasetId | Uri", "DatasetId"))
        .await;
    assert_eq!(page.body()["Datasets"][1], json!({"DatasetId": "d-1"}));
    assert_eq!(page.body()["Datasets"][0], json!({}));
}
