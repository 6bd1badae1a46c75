//! Every field of the request has its control, tied to its label, help and messages.

use dsw_form::draft::ROOT;
use dsw_model::descriptor::{Choices, FieldDescriptor, Kind};
use dsw_model::path::Path;
use serde_json::json;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::page::{Page, property, settle};

const FULL: &str = include_str!("../../crates/model/tests/data/full.json");

/// Every field of the request with its name; fields of rows under those of the first row.
fn all_fields() -> Vec<(String, &'static FieldDescriptor)> {
    let mut fields = Vec::new();
    ROOT.walk(&mut |path: &Path, field| fields.push((path.name(ROOT), field)));
    assert!(fields.len() > 90, "{} fields", fields.len());
    fields
}

/// Checks that a field has the control that its kind asks for.
fn check(page: &Page, name: &str, field: &FieldDescriptor) {
    match field.kind {
        Kind::Struct(_) => assert!(page.has(name), "{name}"),
        Kind::List(_) | Kind::Map(_) => {
            assert!(page.has(name) && page.has(&format!("{name}-add")), "{name}");
        }
        Kind::Boolean => {
            let values = page
                .controls(name)
                .iter()
                .map(|radio| radio.get_attribute("value"))
                .collect::<Option<Vec<_>>>();
            assert_eq!(
                values,
                Some(["", "true", "false"].map(str::to_owned).to_vec())
            );
        }
        Kind::Text | Kind::Secret | Kind::Integer | Kind::Json => {
            let control = page.control(name);
            assert_eq!(control.id(), name);
            let tag = control.tag_name();
            let kind = control.get_attribute("type").unwrap_or_default();
            match (field.kind, field.choices) {
                (Kind::Json, _) => assert_eq!(tag, "TEXTAREA", "{name}"),
                (Kind::Secret, _) => assert_eq!(kind, "password", "{name}"),
                (_, Choices::Closed(_)) => assert_eq!(tag, "SELECT", "{name}"),
                (_, Choices::Open(choices)) => {
                    let list = control.get_attribute("list").expect("suggestions");
                    let options = page.all(&format!("[id=\"{list}\"] option"));
                    assert_eq!(options.len(), choices.len(), "{name}");
                }
                _ => assert!(tag == "TEXTAREA" || kind == "text", "{name}"),
            }
        }
    }
}

#[wasm_bindgen_test]
async fn every_field_has_a_control_with_its_path_as_name() {
    let page = Page::new();
    let fields = all_fields();
    for (name, field) in fields.iter().filter(|(name, _)| !name.contains('[')) {
        check(&page, name, field);
    }
    for (name, field) in &fields {
        check(&page, name, field);
        match field.kind {
            Kind::List(item) => {
                page.add(name).await;
                if !matches!(item, Kind::Struct(_)) {
                    page.control(&format!("{name}[0]"));
                }
            }
            Kind::Map(_) => {
                page.add(name).await;
                page.control(&format!("{name}[0].Key"));
                page.control(&format!("{name}[0].Value"));
            }
            _ => {}
        }
    }
    assert!(page.has("Datasets[0].MountPath"));
    every_control_is_tied(&page);
}

/// Checks that each control has a label, and that what it refers to is there, once.
fn every_control_is_tied(page: &Page) {
    let controls = page.all("input, select, textarea");
    assert!(controls.len() > 100);
    for control in controls {
        let name = control.get_attribute("name").unwrap_or_default();
        let labels = property(&control, "labels");
        let labels: web_sys::NodeList = labels.into();
        assert!(
            labels.length() > 0 || control.has_attribute("aria-label"),
            "{name} has no label"
        );
        let around = control
            .closest("fieldset[aria-describedby]")
            .expect("a selector");
        let described = control
            .get_attribute("aria-describedby")
            .or_else(|| around?.get_attribute("aria-describedby"));
        for id in described.unwrap_or_default().split_whitespace() {
            page.one(&format!("[id=\"{id}\"]"));
        }
    }
    for label in page.all("label[for]") {
        let name = label.get_attribute("for").expect("it has one");
        page.one(&format!("[id=\"{name}\"]"));
    }
    for (name, field) in all_fields() {
        let label = page.all(&format!("label[for=\"{name}\"], [id=\"{name}\"] > legend"));
        if let Some(label) = label.first() {
            let text = label.text_content().unwrap_or_default();
            assert!(
                text.contains(field.label) && text.contains(field.wire),
                "{name}"
            );
        }
    }
}

#[wasm_bindgen_test]
async fn a_boolean_has_three_states() {
    const NAME: &str = "Affinity.CPU.Enable";
    let page = Page::new();
    let states = || {
        let radios = page.controls(NAME);
        radios
            .iter()
            .map(|radio| property(radio, "checked").is_truthy())
            .collect::<Vec<_>>()
    };
    assert_eq!(states(), [true, false, false]);
    for (value, body, wanted) in [
        (
            "true",
            json!({"Affinity": {"CPU": {"Enable": true}}}),
            [false, true, false],
        ),
        (
            "false",
            json!({"Affinity": {"CPU": {"Enable": false}}}),
            [false, false, true],
        ),
        ("", json!({}), [true, false, false]),
    ] {
        page.press(&format!("[name=\"{NAME}\"][value=\"{value}\"]"))
            .await;
        assert_eq!(page.body(), body);
        assert_eq!(states(), wanted);
    }
}

#[wasm_bindgen_test]
async fn a_secret_is_hidden_until_asked_for() {
    let page = Page::new();
    page.enter("ImageAuth", "dXNlcjpwYXNzd29yZA==").await;
    let kind = || page.control("ImageAuth").get_attribute("type");
    assert_eq!(kind().as_deref(), Some("password"));
    let toggle = "button[aria-label=\"Show Registry login\"]";
    page.press(toggle).await;
    assert_eq!(kind().as_deref(), Some("text"));
    assert_eq!(
        page.one(toggle).get_attribute("aria-pressed").as_deref(),
        Some("true")
    );
    page.press(toggle).await;
    assert_eq!(kind().as_deref(), Some("password"));
    assert_eq!(page.value("ImageAuth"), "dXNlcjpwYXNzd29yZA==");
}

#[wasm_bindgen_test]
async fn text_that_is_no_integer_stays_as_typed_and_is_not_sent() {
    // The priority counts only with a quota.
    let page = Page::with(r#"{"ResourceId":"quota1"}"#).await;
    page.enter("Priority", "hi").await;
    assert_eq!(page.value("Priority"), "hi");
    assert_eq!(page.body(), json!({"ResourceId": "quota1"}));
    assert!(
        page.messages("Priority")
            .contains("\u{201c}hi\u{201d} is left out")
    );
    assert_eq!(
        page.control("Priority")
            .get_attribute("aria-invalid")
            .as_deref(),
        Some("true")
    );
    page.enter("Priority", "5").await;
    assert_eq!(page.body(), json!({"ResourceId": "quota1", "Priority": 5}));
    assert_eq!(page.messages("Priority"), "");
    assert!(!page.control("Priority").has_attribute("aria-invalid"));
}

#[wasm_bindgen_test]
async fn a_closed_choice_shows_what_an_import_brings() {
    let page = Page::with(r#"{"Accessibility":"SECRET"}"#).await;
    assert_eq!(page.value("Accessibility"), "SECRET");
    assert!(
        page.messages("Accessibility")
            .contains("not one of the values")
    );
    page.enter("Accessibility", "PUBLIC").await;
    assert_eq!(page.body(), json!({"Accessibility": "PUBLIC"}));
    page.enter("Accessibility", "").await;
    assert_eq!(page.body(), json!({}));
}

#[wasm_bindgen_test]
async fn unknown_members_are_shown_as_json_and_edited() {
    let page = Page::with(r#"{"Future":{"a":[1]},"UserVpc":{"Ipv6":true}}"#).await;
    assert_eq!(page.value("UserVpc.Ipv6"), "true");
    let shown: serde_json::Value = serde_json::from_str(&page.value("Future")).expect("JSON");
    assert_eq!(shown, json!({"a": [1]}));
    page.enter("Future", "[2").await;
    assert!(page.messages_of_control("Future").contains("not JSON yet"));
    page.enter("Future", "[2]").await;
    assert_eq!(
        page.body(),
        json!({"UserVpc": {"Ipv6": true}, "Future": [2]})
    );
    // They come and go with the import.
    page.import(r#"{"Other":1}"#).await;
    assert!(page.controls("Future").is_empty() && page.controls("UserVpc.Ipv6").is_empty());
    assert_eq!(page.value("Other"), "1");
}

#[wasm_bindgen_test]
async fn values_of_another_type_are_shown_and_removed() {
    let request = json!({
        "WorkspaceId": 1,
        "SpotSpec": "none",
        "Affinity": {"CPU": {"Enable": "yes"}},
        "Datasets": {"a": 1},
        "EnvironmentVariables": [1],
        "UserVpc": {"ExtendedCIDRs": 5},
    });
    let page = Page::with(&request.to_string()).await;
    assert_eq!(page.body(), request);
    assert_eq!(page.value("WorkspaceId"), "1");
    for (name, shown) in [
        ("SpotSpec", "\"none\""),
        ("Affinity.CPU.Enable", "\"yes\""),
        ("Datasets", "{\"a\":1}"),
        ("EnvironmentVariables", "[1]"),
        ("UserVpc.ExtendedCIDRs", "5"),
    ] {
        assert!(page.messages(name).contains("This should be"), "{name}");
        let foreign = format!("[id=\"{name}\"] > .foreign, [id=\"{name}\"] > .line > .foreign");
        assert_eq!(page.text(&format!(":is({foreign}) code")), shown);
        page.press(&format!(":is({foreign}) button")).await;
        assert_eq!(page.messages(name), "", "{name}");
    }
    assert_eq!(page.body(), json!({"WorkspaceId": 1}));
    page.enter("WorkspaceId", "1").await;
    assert_eq!(page.body(), json!({"WorkspaceId": "1"}));
}

#[wasm_bindgen_test]
async fn what_is_typed_in_has_a_form_of_its_own() {
    let page = Page::with(FULL).await;
    for closed in page.all(".row-title[aria-expanded=false]") {
        closed.unchecked_into::<HtmlElement>().click();
    }
    settle().await;
    let typed = page.all(
        "main :is(input:not([type=radio], [type=search], [type=file]), textarea, select)[name]",
    );
    assert!(typed.len() > 90, "{} controls", typed.len());
    for control in typed {
        let name = control.get_attribute("name").unwrap_or_default();
        let form = control.closest("form").expect("a selector").expect(&name);
        assert_eq!(
            form.get_attribute("method").as_deref(),
            Some("dialog"),
            "{name}"
        );
        // Options and logins are a few texts in one.
        let inside = form
            .query_selector_all("input, textarea, select")
            .expect("a selector");
        assert!(
            inside.length() <= 5,
            "{} controls with {name}",
            inside.length()
        );
    }
    assert!(page.all("form form").is_empty(), "forms stand in forms");
}
