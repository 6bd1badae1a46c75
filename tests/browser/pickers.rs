//! Pickers without a gateway: how they stand beside their controls. What they do with one is tested on the built page
//! (`tests/end_to_end/pick.test.mjs`).

use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, settle};

/// The fields that are picked from lists.
const LISTED: [&str; 4] = ["WorkspaceId", "EcsSpec", "ResourceId", "ImageId"];

async fn without_gateway(request: &str) -> Page {
    let page = Page::with(request).await;
    while page.text(".mode").contains("Looking") {
        settle().await;
    }
    page
}

fn opener(name: &str) -> String {
    format!("[id=\"pick-{name}-open\"]")
}

#[wasm_bindgen_test]
async fn the_text_control_stays_the_fields_own() {
    let page = without_gateway(r#"{"Datasets": [{"DatasetId": "d-1"}]}"#).await;
    let rows = ["Datasets[0].DatasetId", "Datasets[0].DatasetVersion"];
    for name in LISTED.iter().chain(&rows) {
        let control = page.control(name);
        assert_eq!(control.id(), *name);
        assert_eq!(control.tag_name(), "INPUT", "{name}");
        // Only machines have a sample.
        let hidden = page.one(&opener(name)).has_attribute("hidden");
        assert_eq!(hidden, *name != "EcsSpec", "{name}");
    }
    page.enter("EcsSpec", "ecs.not.listed").await;
    assert_eq!(page.body()["EcsSpec"], "ecs.not.listed");
}

#[wasm_bindgen_test]
async fn the_list_follows_what_is_typed_and_a_choice_is_one_step() {
    let page = without_gateway("{}").await;
    page.press(&opener("EcsSpec")).await;
    let status = "[data-testid=\"pick-EcsSpec-status\"]";
    while page.text(status).starts_with("Loading") {
        settle().await;
    }
    assert!(page.text(status).ends_with("machine types"));
    let chosen = || -> Vec<_> {
        let rows = page.all("[id=\"pick-EcsSpec\"] tr[data-on] [type=radio]");
        rows.iter()
            .filter_map(|radio| radio.get_attribute("value"))
            .collect()
    };
    let missing = "[id=\"pick-EcsSpec\"] .picker-missing";
    assert_eq!((chosen(), page.text(missing)), (Vec::new(), String::new()));
    page.enter("EcsSpec", "ecs.g6.large").await;
    assert_eq!(chosen(), ["ecs.g6.large"]);
    page.enter("EcsSpec", "ecs.g6.larges").await;
    assert!(chosen().is_empty());
    assert!(
        page.text(missing)
            .starts_with("ecs.g6.larges is not on this list.")
    );
    page.press("[id=\"pick-EcsSpec\"] [value=\"ecs.c6.large\"]")
        .await;
    assert_eq!(page.body()["EcsSpec"], "ecs.c6.large");
    assert_eq!(
        (chosen(), page.text(missing)),
        (vec!["ecs.c6.large".to_owned()], String::new())
    );
    page.press(".bar [aria-label=Undo]").await;
    assert_eq!(page.body()["EcsSpec"], "ecs.g6.larges");
    page.press(&opener("EcsSpec")).await;
    assert!(
        page.all("[id=\"pick-EcsSpec\"] > *").is_empty(),
        "a closed list holds nothing"
    );
}
