//! Alternatives: what gives way is kept, comes back as it was, and is neither sent nor judged meanwhile.

mod generate;

use dsw_form::alternatives::{alternative_of, branch, group};
use dsw_form::draft::{Draft, ROOT};
use dsw_form::edit::Edit;
use dsw_form::import::import;
use dsw_form::review::review;
use dsw_model::descriptor::{Describe as _, Kind, field_step};
use dsw_model::path;
use dsw_model::path::{Field, Path};
use dsw_model::request::{CreateInstanceRequest as Request, Dataset};
use dsw_model::rules::Context;
use proptest::prelude::*;

fn draft(json: &str) -> Draft {
    import(json).expect("a request").draft
}

fn choose(draft: &mut Draft, path: &Path, field: Field) -> Option<(Path, Edit)> {
    draft.apply(path, Edit::Choose(field))
}

#[track_caller]
fn sends(draft: &Draft, body: &str) {
    assert_eq!(draft.body().to_string(), body);
}

/// The wire names of the fields that hold a parked value.
fn parked(draft: &Draft, path: &Path) -> Vec<&'static str> {
    let (Some(Draft::Struct(object)), Some(Kind::Struct(descriptor))) =
        (draft.get(path), path.kind(ROOT))
    else {
        return Vec::new();
    };
    object
        .parked_values()
        .map(|place| descriptor.fields[place].wire)
        .collect()
}

fn active(draft: &Draft, path: &Path, field: Field) -> Option<usize> {
    let (Some(Draft::Struct(object)), Some(Kind::Struct(descriptor))) =
        (draft.get(path), path.kind(ROOT))
    else {
        return None;
    };
    object.active(&group(descriptor, usize::from(field.0)))
}

#[test]
fn a_branch_gives_way_with_what_depends_on_it_and_comes_back() {
    let json =
        r#"{"ResourceId":"dsw-1","RequestedResource":{"CPU":"4"},"Priority":3,"Driver":"535"}"#;
    let mut draft = draft(json);
    choose(&mut draft, &Path::ROOT, Request::ECS_SPEC);
    sends(&draft, r#"{"Driver":"535"}"#);
    assert_eq!(
        parked(&draft, &Path::ROOT),
        ["ResourceId", "RequestedResource", "Priority"]
    );
    draft.apply(&path![Request::ECS_SPEC], Edit::Text("ecs.c6.large".into()));
    sends(&draft, r#"{"EcsSpec":"ecs.c6.large","Driver":"535"}"#);
    choose(&mut draft, &Path::ROOT, Request::RESOURCE_ID);
    sends(&draft, json);
    assert_eq!(parked(&draft, &Path::ROOT), ["EcsSpec"]);
}

#[test]
fn what_is_parked_is_not_judged() {
    let mut draft = draft(r#"{"Datasets":[{"DatasetId":"d-1","Uri":"oss://a/"}]}"#);
    let row = path![Request::DATASETS, 0];
    let broken = |draft: &Draft| {
        let review = review(draft, &Context::default());
        review.diagnostics.iter().any(|found| found.code == "R17")
    };
    assert!(broken(&draft));
    choose(&mut draft, &row, Dataset::URI);
    assert!(!broken(&draft));
    sends(&draft, r#"{"Datasets":[{"Uri":"oss://a/"}]}"#);
}

#[test]
fn a_choice_among_alternatives_that_are_not_set_is_kept() {
    let mut draft = Draft::default();
    assert_eq!(active(&draft, &Path::ROOT, Request::IMAGE_ID), None);
    let (path, back) = choose(&mut draft, &Path::ROOT, Request::IMAGE_URL).expect("a change");
    assert_eq!(
        active(&draft, &Path::ROOT, Request::IMAGE_ID),
        Some(usize::from(Request::IMAGE_URL.0))
    );
    sends(&draft, "{}");
    assert_eq!(
        choose(&mut draft, &Path::ROOT, Request::IMAGE_URL),
        None,
        "it is chosen already"
    );
    draft.apply(&path, back);
    assert_eq!(draft, Draft::default());
}

#[test]
fn one_value_makes_its_alternative_the_active_one_and_two_make_none() {
    let row = path![Request::DATASETS, 0];
    for (json, wanted) in [
        (r#"{"Datasets":[{"MountPath":"/a"}]}"#, None),
        (r#"{"Datasets":[{"Uri":"oss://a/"}]}"#, Some(Dataset::URI)),
        (
            r#"{"Datasets":[{"DatasetId":"d-1","Uri":"oss://a/"}]}"#,
            None,
        ),
    ] {
        let wanted = wanted.map(|field| usize::from(field.0));
        assert_eq!(active(&draft(json), &row, Dataset::URI), wanted, "{json}");
    }
}

#[test]
fn a_parked_alternative_that_is_filled_in_again_is_parked_no_more() {
    let mut draft = draft(r#"{"ImageId":"image-1"}"#);
    choose(&mut draft, &Path::ROOT, Request::IMAGE_URL);
    draft.apply(&path![Request::IMAGE_ID], Edit::Text("image-2".into()));
    let image = usize::from(Request::IMAGE_ID.0);
    assert_eq!(active(&draft, &Path::ROOT, Request::IMAGE_URL), Some(image));
    choose(&mut draft, &Path::ROOT, Request::IMAGE_ID);
    sends(&draft, r#"{"ImageId":"image-2"}"#);
}

#[test]
fn fields_know_their_alternative() {
    let of = |field: Field| alternative_of(ROOT, usize::from(field.0));
    let place = |field: Field| Some(usize::from(field.0));
    assert_eq!(of(Request::PRIORITY), place(Request::RESOURCE_ID));
    assert_eq!(of(Request::ECS_SPEC), place(Request::ECS_SPEC));
    assert_eq!(of(Request::IMAGE_AUTH), place(Request::IMAGE_URL));
    assert_eq!(of(Request::DRIVER), None);
    let version = usize::from(Dataset::DATASET_VERSION.0);
    assert_eq!(
        branch(Dataset::DESCRIPTOR, usize::from(Dataset::DATASET_ID.0)).collect::<Vec<_>>(),
        [usize::from(Dataset::DATASET_ID.0), version]
    );
}

#[test]
fn a_copy_of_a_row_takes_along_what_is_parked() {
    let mut draft = draft(r#"{"Datasets":[{"DatasetId":"d-1"}]}"#);
    let list = path![Request::DATASETS];
    choose(&mut draft, &list.join(0), Dataset::URI);
    let copy = draft.get(&list.join(0)).expect("a row").clone();
    draft.apply(&list, Edit::Insert(1, String::new(), copy));
    draft.apply(&list, Edit::Move(1, 0));
    assert_eq!(parked(&draft, &list.join(0)), ["DatasetId"]);
    choose(&mut draft, &list.join(0), Dataset::DATASET_ID);
    sends(&draft, r#"{"Datasets":[{"DatasetId":"d-1"},{}]}"#);
}

/// A place of an object with alternatives, and one of them.
fn choices(draft: &Draft) -> Vec<(Path, Field)> {
    let mut choices = Vec::new();
    for path in generate::places(draft) {
        if let Some(Kind::Struct(descriptor)) = path.kind(ROOT)
            && draft.get(&path).is_some()
        {
            for name in descriptor.alternatives.concat() {
                let (index, _) = descriptor.field(name).expect("a field");
                choices.push((path.clone(), field_step(index)));
            }
        }
    }
    choices
}

proptest! {
    #[test]
    fn a_choice_is_taken_back_exactly(draft in generate::draft(), at in any::<prop::sample::Index>()) {
        let choices = choices(&draft);
        prop_assume!(!choices.is_empty());
        let (path, field) = at.get(&choices);
        let mut edited = draft.clone();
        if let Some((place, back)) = choose(&mut edited, path, *field) {
            prop_assert_ne!(&edited, &draft);
            edited.apply(&place, back);
        }
        prop_assert_eq!(edited, draft);
    }

    /// Of the body nothing but the fields of the group's branches changes, and what is left of them is what was
    /// there.
    #[test]
    fn a_choice_adds_nothing_to_a_body_without_parked_values(
        members in generate::object(),
        at in any::<prop::sample::Index>(),
    ) {
        let draft = dsw_form::import::from_object(members).draft;
        let choices = choices(&draft);
        let (path, field) = at.get(&choices);
        let mut edited = draft.clone();
        choose(&mut edited, path, *field);
        let (Some(Draft::Struct(before)), Some(Draft::Struct(after))) = (draft.get(path), edited.get(path)) else {
            // What came in another type has no alternatives.
            prop_assert_eq!(&edited, &draft);
            return Ok(());
        };
        let Some(Kind::Struct(descriptor)) = path.kind(ROOT) else { unreachable!() };
        let others: Vec<usize> = group(descriptor, usize::from(field.0))
            .into_iter()
            .filter(|other| *other != usize::from(field.0))
            .flat_map(|other| branch(descriptor, other))
            .collect();
        for (place, value) in before.fields.iter().enumerate() {
            if others.contains(&place) {
                prop_assert!(after.fields[place].is_blank());
                let kept = after.parked.iter().find(|(parked, _)| *parked == place);
                prop_assert!(value.is_blank() || kept.is_some_and(|(_, kept)| kept == value));
            } else {
                prop_assert_eq!(&after.fields[place], value);
            }
        }
        prop_assert_eq!(&after.unknown, &before.unknown);
    }

    #[test]
    fn going_and_coming_back_leaves_the_body_as_it_was(
        members in generate::object(),
        at in any::<prop::sample::Index>(),
    ) {
        let draft = dsw_form::import::from_object(members).draft;
        let choices = choices(&draft);
        let (path, field) = at.get(&choices);
        let Some(Draft::Struct(object)) = draft.get(path) else { return Ok(()) };
        let Some(Kind::Struct(descriptor)) = path.kind(ROOT) else { unreachable!() };
        let places = group(descriptor, usize::from(field.0));
        let Some(first) = object.active(&places) else { return Ok(()) };
        let held = |place: usize| branch(descriptor, place).any(|place| !object.fields[place].is_blank());
        // Where another branch holds something too, the first choice may park what the second does not bring back.
        prop_assume!(places.iter().all(|place| *place == first || !held(*place)));
        let mut edited = draft.clone();
        choose(&mut edited, path, *field);
        choose(&mut edited, path, field_step(first));
        prop_assert_eq!(edited.body(), draft.body());
    }
}
