//! The presets: each is judged by the rules, and leaves nothing but what only the person can decide.

use dsw_form::draft::ROOT;
use dsw_form::presets::presets;
use dsw_form::review::{is_missing, review};
use dsw_model::rules::Context;

/// The members that each sets, and what it leaves to the person: where the rules say that something is missing (of
/// alternatives at the one that is chosen), and what it is about besides.
const EXPECTED: [(&str, &[&str], &[&str]); 6] = [
    (
        "cpu",
        &["EcsSpec", "Accessibility"],
        &["WorkspaceId", "InstanceName", "ImageId"],
    ),
    (
        "gpu",
        &["EcsSpec", "Accessibility"],
        &["WorkspaceId", "InstanceName", "ImageId"],
    ),
    (
        "quota",
        &["Accessibility", "Datasets"],
        &[
            "WorkspaceId",
            "InstanceName",
            "ResourceId",
            "ImageId",
            "Datasets[0].DatasetId",
            "RequestedResource",
        ],
    ),
    (
        "spot",
        &["EcsSpec", "Accessibility", "SpotSpec", "Datasets"],
        &[
            "WorkspaceId",
            "InstanceName",
            "SpotSpec.SpotPriceLimit",
            "ImageId",
            "Datasets[0].DatasetId",
        ],
    ),
    (
        "image",
        &["EcsSpec", "Accessibility"],
        &["WorkspaceId", "InstanceName", "ImageUrl", "ImageAuth"],
    ),
    (
        "blank",
        &[],
        &["WorkspaceId", "InstanceName", "EcsSpec", "ImageId"],
    ),
];

#[test]
fn f02_all_that_the_rules_find_in_a_preset_is_what_the_person_decides() {
    let all = presets();
    assert_eq!(all.len(), EXPECTED.len());
    for (preset, (id, sets, leaves)) in all.iter().zip(EXPECTED) {
        assert_eq!(preset.id, id);
        let review = review(&preset.draft, &Context::default());
        let mut left = Vec::new();
        for found in &review.diagnostics {
            assert!(is_missing(&preset.draft, found), "{id}: {found:?}");
            left.push(found.path().name(ROOT));
        }
        left.extend(preset.asks.iter().map(|path| path.name(ROOT)));
        assert_eq!(left, leaves, "{id}");
        assert_eq!(preset.leaves(&review), leaves.len(), "{id}");
        let body: serde_json::Value = serde_json::from_str(&review.body.to_string()).unwrap();
        let body = body.as_object().unwrap();
        let set: Vec<_> = sets
            .iter()
            .filter(|name| body.contains_key(**name))
            .collect();
        assert_eq!(set.len(), body.len(), "{id}: {body:?}");
        assert_eq!(preset.sets(), sets.len(), "{id}");
    }
}

#[test]
fn f02_a_preset_that_is_about_an_alternative_has_chosen_it() {
    for (id, chosen) in [("quota", "ResourceId"), ("image", "ImageUrl")] {
        let preset = presets()
            .into_iter()
            .find(|preset| preset.id == id)
            .unwrap();
        let dsw_form::draft::Draft::Struct(object) = &preset.draft else {
            panic!("{id} is an object");
        };
        let (index, _) = ROOT.field(chosen).unwrap();
        let group = dsw_form::alternatives::group(ROOT, index);
        assert_eq!(object.active(&group), Some(index), "{id}");
    }
}
