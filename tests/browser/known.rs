//! Rules that need to know more than the request says: machines, images, datasets, names, the region.
//!
//! Nothing on the page knows these yet, so the tests tell the form. The other rules are provoked on the built page
//! (`tests/end_to_end/rules.test.mjs`).

use dsw_model::grammar::Scheme;
use dsw_model::rules::{Context, Image, Machine, Registered};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, settle};

/// The messages of a rule at a field.
fn told(page: &Page, rule: &str, at: &str) -> usize {
    page.all(&message(rule, at)).len()
}

fn message(rule: &str, at: &str) -> String {
    format!("[data-testid=\"error-{at}\"] .field-msg:has([aria-label=\"Why: rule {rule}\"])")
}

/// A body that breaks the rule only for who knows this, where that is told, and what the fix makes of it.
async fn check(rule: &str, context: Context, body: Value, at: &[&str], mended: Option<Value>) {
    let page = Page::with(&body.to_string()).await;
    for at in at {
        assert_eq!(told(&page, rule, at), 0, "{rule} is not known at {at}");
    }
    page.state.know(context);
    settle().await;
    assert_eq!(page.body(), body, "{rule}: knowing changes nothing");
    for at in at {
        assert_eq!(told(&page, rule, at), 1, "{rule} at {at}");
    }
    let fix = format!("{} button:not([aria-controls])", message(rule, at[0]));
    match mended {
        None => assert!(page.all(&fix).is_empty(), "{rule} has no fix"),
        Some(mended) => {
            page.press(&fix).await;
            assert_eq!(page.body(), mended, "{rule}");
            assert_eq!(told(&page, rule, at[0]), 0, "{rule} is mended");
        }
    }
}

fn in_region(region: &str) -> Context {
    Context {
        region: Some(region.to_owned()),
        ..Context::default()
    }
}

fn with_machine(name: &str, machine: Machine) -> Context {
    Context {
        machines: [(name.to_owned(), machine)].into(),
        ..Context::default()
    }
}

fn with_dataset(storage: Option<Scheme>, read_only: Option<bool>) -> Context {
    let registered = Registered { storage, read_only };
    Context {
        datasets: [("d-1".to_owned(), registered)].into(),
        ..Context::default()
    }
}

#[wasm_bindgen_test]
async fn another_region() {
    check(
        "R15",
        in_region("cn-hangzhou"),
        json!({"ImageUrl": "registry.cn-shanghai.aliyuncs.com/a/b:1"}),
        &["ImageUrl"],
        None,
    )
    .await;
    check(
        "R40",
        in_region("cn-hangzhou"),
        json!({"Datasets": [{
            "Uri": "oss://bucket.oss-cn-shanghai-internal.aliyuncs.com/data/",
            "MountPath": "/mnt/data",
        }]}),
        &["Datasets[0].Uri"],
        None,
    )
    .await;
}

#[wasm_bindgen_test]
async fn machines_and_images_that_do_not_fit() {
    let mut context = with_machine("ecs.c6.large", Machine::default());
    context
        .images
        .insert("image-1".to_owned(), Image { gpu: true });
    check(
        "R16",
        context,
        json!({"EcsSpec": "ecs.c6.large", "ImageId": "image-1"}),
        &["EcsSpec", "ImageId"],
        None,
    )
    .await;
    check(
        "R105",
        with_machine("ecs.c6.large", Machine::default()),
        json!({"EcsSpec": "ecs.c6.large", "Driver": "535.54.03"}),
        &["Driver"],
        Some(json!({"EcsSpec": "ecs.c6.large"})),
    )
    .await;
}

#[wasm_bindgen_test]
async fn machines_that_cannot_be_had() {
    let machine = Machine {
        available: Some(false),
        ..Machine::default()
    };
    let request = json!({"EcsSpec": "ecs.c6.large"});
    let context = with_machine("ecs.c6.large", machine);
    check("R108", context, request, &["EcsSpec"], None).await;
}

#[wasm_bindgen_test]
async fn names_that_are_taken() {
    let context = Context {
        instance_names: ["training_data".to_owned()].into(),
        ..Context::default()
    };
    let request = json!({"InstanceName": "training_data"});
    check("R107", context, request, &["InstanceName"], None).await;
}

#[wasm_bindgen_test]
async fn registered_datasets_that_do_not_allow_it() {
    let dataset = |more: Value| {
        let mut dataset = json!({"DatasetId": "d-1", "MountPath": "/mnt/dynamic/a"});
        let members = dataset.as_object_mut().expect("an object");
        members.extend(more.as_object().expect("an object").clone());
        json!({"Datasets": [dataset]})
    };
    check(
        "R22",
        with_dataset(Some(Scheme::Files), None),
        dataset(json!({"Options": "{}"})),
        &["Datasets[0].Options"],
        None,
    )
    .await;
    check(
        "R29",
        with_dataset(Some(Scheme::Files), None),
        dataset(json!({"Dynamic": true, "MountAccess": "RO"})),
        &["Datasets[0].Dynamic"],
        None,
    )
    .await;
    check(
        "R41",
        with_dataset(None, Some(true)),
        dataset(json!({"MountAccess": "RW"})),
        &["Datasets[0].MountAccess"],
        Some(dataset(json!({"MountAccess": "RO"}))),
    )
    .await;
}
