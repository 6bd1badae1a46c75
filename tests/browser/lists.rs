//! Lists and maps: rows come, go and move, and the focus with them.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, focused, property};

/// The ids of the datasets in the body.
fn ids(page: &Page) -> Vec<String> {
    let body = page.body();
    let rows = body["Datasets"].as_array().cloned().unwrap_or_default();
    rows.iter()
        .map(|row| row["DatasetId"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// A request with these datasets.
fn datasets(ids: &[&str]) -> String {
    let rows: Vec<Value> = ids.iter().map(|id| json!({"DatasetId": id})).collect();
    json!({"Datasets": rows}).to_string()
}

#[wasm_bindgen_test]
async fn a_row_is_added_and_takes_the_focus() {
    let page = Page::new();
    for row in 0..6 {
        page.add("Datasets").await;
        // Also where the list becomes a long one, whose rows come folded.
        assert_eq!(focused(), format!("Datasets[{row}].DatasetId"));
    }
}

#[wasm_bindgen_test]
async fn rows_are_duplicated_moved_and_deleted() {
    let page = Page::with(&datasets(&["a", "b", "c"])).await;
    page.press_named("Duplicate dataset 2").await;
    assert_eq!(ids(&page), ["a", "b", "b", "c"]);
    page.press_named("Move dataset 4 up").await;
    assert_eq!(ids(&page), ["a", "b", "c", "b"]);
    page.press_named("Move dataset 1 down").await;
    assert_eq!(ids(&page), ["b", "a", "c", "b"]);
    page.press_named("Delete dataset 2").await;
    assert_eq!(ids(&page), ["b", "c", "b"]);
    assert_eq!(page.said(), "Dataset 2 deleted.");
    assert_eq!(page.value("Datasets[1].DatasetId"), "c");
}

#[wasm_bindgen_test]
async fn the_focus_follows_what_is_deleted() {
    let page = Page::with(&datasets(&["a", "b", "c"])).await;
    page.press_named("Delete dataset 1").await;
    assert_eq!(focused(), "Datasets[0].DatasetId");
    page.press_named("Delete dataset 2").await;
    assert_eq!(focused(), "Datasets[0].DatasetId");
    page.press_named("Delete dataset 1").await;
    assert_eq!(focused(), "Datasets-add");
    assert_eq!(page.body(), json!({}));

    let page = Page::with(&datasets(&["a", "b", "c", "d", "e"])).await;
    page.press_named("Delete dataset 2").await;
    let stays = page.one("[id=\"Datasets\"]");
    let active = leptos::prelude::document().active_element();
    assert!(
        stays.contains(active.as_deref()),
        "the focus has left the list"
    );
}

#[wasm_bindgen_test]
async fn the_first_row_does_not_go_up_nor_the_last_one_down() {
    let page = Page::with(&datasets(&["a", "b"])).await;
    let disabled = |label: &str| {
        let button = page.one(&format!("button[aria-label=\"{label}\"]"));
        property(&button, "disabled").is_truthy()
    };
    assert!(disabled("Move dataset 1 up") && !disabled("Move dataset 1 down"));
    assert!(!disabled("Move dataset 2 up") && disabled("Move dataset 2 down"));
    page.add("Datasets").await;
    assert!(!disabled("Move dataset 2 down") && disabled("Move dataset 3 down"));
}

#[wasm_bindgen_test]
async fn names_in_a_map_may_repeat_while_they_are_typed() {
    const NAME: &str = "EnvironmentVariables";
    let page = Page::new();
    page.add(NAME).await;
    page.add(NAME).await;
    page.enter("EnvironmentVariables[0].Key", "A").await;
    page.enter("EnvironmentVariables[0].Value", "1").await;
    page.enter("EnvironmentVariables[1].Value", "2").await;
    page.leave().await;
    assert!(
        page.messages("EnvironmentVariables[1]")
            .contains("Enter a name")
    );
    page.enter("EnvironmentVariables[1].Key", "A").await;
    assert!(
        page.messages("EnvironmentVariables[1]")
            .contains("Row 1 has the name A already")
    );
    assert_eq!(page.messages("EnvironmentVariables[0]"), "");
    assert_eq!(page.body(), json!({NAME: {"A": "1"}}));
    assert_eq!(page.value("EnvironmentVariables[1].Value"), "2");
    page.enter("EnvironmentVariables[1].Key", "AB").await;
    assert_eq!(page.body(), json!({NAME: {"A": "1", "AB": "2"}}));
    page.press_named("Delete variable 1").await;
    assert_eq!(page.body(), json!({NAME: {"AB": "2"}}));
    assert_eq!(page.value("EnvironmentVariables[0].Key"), "AB");
    assert_eq!(focused(), "EnvironmentVariables[0].Key");
}

#[wasm_bindgen_test]
async fn a_row_that_is_not_sent_well_says_so_where_it_is() {
    let page = Page::with(r#"{"Datasets":[{"DatasetId":"a"},7,{"Uri":"oss://b"}]}"#).await;
    assert!(page.messages("Datasets[1]").contains("This should be"));
    assert_eq!(page.body()["Datasets"][1], json!(7));
    assert_eq!(page.value("Datasets[2].Uri"), "oss://b");
    page.press_named("Delete dataset 2").await;
    assert_eq!(page.messages("Datasets[1]"), "");
    assert_eq!(page.value("Datasets[1].Uri"), "oss://b");
}

#[wasm_bindgen_test]
async fn of_a_thousand_rows_few_are_in_the_page() {
    let rows: Vec<Value> = (0..1000).map(|n| json!({"Key": format!("k{n}")})).collect();
    let sets: Vec<Value> = (0..1000)
        .map(|n| json!({"Uri": format!("oss://{n}")}))
        .collect();
    let map: serde_json::Map<String, Value> =
        (0..1000).map(|n| (format!("N{n}"), json!("v"))).collect();
    let ranges: Vec<String> = (0..1000)
        .map(|n| format!("10.0.{}.0/24", n % 256))
        .collect();
    let request = json!({
        "Datasets": sets,
        "Labels": rows,
        "EnvironmentVariables": map,
        "UserVpc": {"ExtendedCIDRs": ranges},
    });
    let page = Page::with(&request.to_string()).await;
    assert_eq!(page.body(), request);
    for (name, row) in [
        ("Datasets", "ol > li"),
        ("Labels", "tbody"),
        ("EnvironmentVariables", "tbody > tr"),
        ("UserVpc.ExtendedCIDRs", "ol > li"),
    ] {
        let rows = page.all(&format!("[id=\"{name}\"] {row}")).len();
        assert!((10..=60).contains(&rows), "{name} shows {rows} rows");
        let more = page.all(&format!(
            "[id=\"{name}\"] > .line > button:not([hidden], [id], [data-kind])"
        ));
        assert_eq!(more.len(), 1, "{name} has no way to the other rows");
    }
}

#[wasm_bindgen_test]
async fn rows_beyond_those_shown_come_on_demand() {
    let texts: Vec<String> = (0..120).map(|n| format!("d-{n}")).collect();
    let many: Vec<&str> = texts.iter().map(String::as_str).collect();
    let page = Page::with(&datasets(&many)).await;
    let shown = || page.all("[id=Datasets] > ol > li").len();
    let more = "[id=Datasets] > .line > button:not([id])";
    assert_eq!(shown(), 50);
    assert_eq!(page.text(more), "Show 50 more of 70");
    page.press(more).await;
    assert_eq!(shown(), 100);
    page.press(more).await;
    assert_eq!(shown(), 120);
    assert!(page.one(more).has_attribute("hidden"));
    // A shorter request takes the rows away.
    page.import(&datasets(&["x"])).await;
    assert_eq!(shown(), 1);
    assert_eq!(ids(&page), ["x"]);
}

#[wasm_bindgen_test]
async fn the_head_of_a_row_says_where_and_how_it_is_mounted() {
    let request = json!({"Datasets": [
        {"DatasetId": "d-1", "DatasetVersion": "v2", "MountPath": "/mnt/a", "MountAccess": "RO"},
        {"Uri": "oss://b/c/", "MountPath": "/mnt/dynamic/a/", "MountAccess": "RW", "Dynamic": true},
        {"DatasetId": "d-3", "DatasetVersion": "v1"},
        {"DatasetId": "d-4", "Dynamic": false},
    ]});
    let page = Page::with(&request.to_string()).await;
    let heads = || {
        let heads = page.all("[id^=Datasets] > .row-head");
        let parts = heads.iter().map(|head| {
            let texts = |selector: &str| {
                let found = head.query_selector_all(selector).expect("a selector");
                let texts = (0..found.length()).filter_map(|at| found.get(at)?.text_content());
                texts.collect::<Vec<_>>().join(" | ")
            };
            let marks = ".badge:not([data-tone=error], [data-tone=warning])";
            (texts(".row-title > :last-child"), texts(marks))
        });
        parts.collect::<Vec<_>>()
    };
    let wanted = [
        ("/mnt/a d-1", "RO"),
        ("/mnt/dynamic/a/ oss://b/c/", "Dynamic"),
        ("d-3 v1", ""),
        ("d-4 ", ""),
    ];
    assert_eq!(
        heads(),
        wanted.map(|(title, marks)| (title.to_owned(), marks.to_owned()))
    );
    page.press("[id=\"Datasets[0]-row\"] .row-title").await;
    page.enter("Datasets[0].MountPath", "").await;
    page.enter("Datasets[0].MountAccess", "RW").await;
    assert_eq!(heads()[0], ("d-1 v2".to_owned(), String::new()));
}
