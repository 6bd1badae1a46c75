//! What the review finds that only a draft can show, the fixes it offers, and what edits make of a draft.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dsw_form::condition::shown;
use dsw_form::draft::{Draft, ROOT, StructDraft};
use dsw_form::edit::Edit;
use dsw_form::import::import;
use dsw_form::review::{Review, is_missing, review};
use dsw_model::descriptor::{Describe as _, StructDescriptor};
use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::request::{CreateInstanceRequest as Request, CredentialConfig, UserVpc};
use dsw_model::rules::{Context, Diagnostic};

#[track_caller]
fn draft(json: &str) -> Draft {
    import(json).expect("a request").draft
}

fn judged(draft: &Draft) -> Review {
    review(draft, &Context::default())
}

/// The places of all findings with this code.
fn places(draft: &Draft, code: &str) -> Vec<String> {
    let review = judged(draft);
    let found = review.diagnostics.iter().filter(|found| found.code == code);
    found.map(|found| found.path().name(ROOT)).collect()
}

fn text(text: &str) -> Edit {
    Edit::Text(text.to_owned())
}

/// The only finding with this code, and the body after its fix; the finding is then gone.
#[track_caller]
fn mended(draft: &Draft, code: &str, body: Option<&str>) -> Arc<Diagnostic> {
    let review = judged(draft);
    let mut found = review
        .diagnostics
        .into_iter()
        .filter(|found| found.code == code);
    let (Some(first), None) = (found.next(), found.next()) else {
        panic!("{} has not one {code}", review.body);
    };
    let fixed = first.fix.as_ref().map(|fix| {
        let mut fixed = draft.clone();
        fixed.apply(&Path::ROOT, Edit::from_fix(fix));
        assert_eq!(places(&fixed, code), [""; 0], "{code} in {}", review.body);
        fixed.body().to_string()
    });
    assert_eq!(fixed.as_deref(), body, "{code} in {}", review.body);
    first
}

#[test]
fn r112_values_of_another_type() {
    for (json, wanted, found, fixed) in [
        (
            r#"{"InstanceName":7}"#,
            "text",
            "a number",
            Some(r#"{"InstanceName":"7"}"#),
        ),
        (
            r#"{"WorkspaceId":12345678901234567890123}"#,
            "text",
            "a number",
            Some(r#"{"WorkspaceId":"12345678901234567890123"}"#),
        ),
        (
            r#"{"InstanceName":false}"#,
            "text",
            "true or false",
            Some(r#"{"InstanceName":"false"}"#),
        ),
        (r#"{"InstanceName":["a"]}"#, "text", "an array", None),
        (r#"{"ImageAuth":true}"#, "text", "true or false", None),
        (
            r#"{"ImageAuth":1.50}"#,
            "text",
            "a number",
            Some(r#"{"ImageAuth":"1.50"}"#),
        ),
        (
            r#"{"Priority":" 7 "}"#,
            "a whole number",
            "text",
            Some(r#"{"Priority":7}"#),
        ),
        (r#"{"Priority":"seven"}"#, "a whole number", "text", None),
        (r#"{"Priority":1.5}"#, "a whole number", "a number", None),
        (
            r#"{"DynamicMount":{"Enable":"true"}}"#,
            "true or false",
            "text",
            Some(r#"{"DynamicMount":{"Enable":true}}"#),
        ),
        (
            r#"{"DynamicMount":{"Enable":"True"}}"#,
            "true or false",
            "text",
            None,
        ),
        (r#"{"UserVpc":1}"#, "an object", "a number", None),
        (r#"{"Datasets":"a"}"#, "an array", "text", None),
        (r#"{"Datasets":[null]}"#, "an object", "null", None),
        (
            r#"{"EnvironmentVariables":{"A":1}}"#,
            "text",
            "a number",
            Some(r#"{"EnvironmentVariables":{"A":"1"}}"#),
        ),
        (
            r#"{"EnvironmentVariables":"A=1"}"#,
            "an object",
            "text",
            None,
        ),
        (r#"{"MigrationOptions":[]}"#, "an object", "an array", None),
    ] {
        let diagnostic = mended(&draft(json), "R112", fixed);
        assert_eq!(diagnostic.param("wanted"), wanted, "{json}");
        assert_eq!(diagnostic.param("found"), found, "{json}");
    }
}

#[test]
fn r112_text_that_is_no_number() {
    let priority = path![Request::PRIORITY];
    for (typed, body, fixed) in [
        ("x", "{}", None),
        ("1.0", "{}", None),
        ("01", "{}", None),
        ("+1", "{}", None),
        (" 1", "{}", Some(r#"{"Priority":1}"#)),
    ] {
        let mut draft = Draft::default();
        draft.apply(&priority, text(typed));
        assert_eq!(draft.body().to_string(), body);
        let found = mended(&draft, "R112", fixed);
        assert_eq!(found.param("text"), typed);
        assert!(!places(&draft, "R72").contains(&"Priority".to_owned()));
    }
}

#[test]
fn r112_numbers_beyond_64_bits() {
    let json = r#"{"Priority":9223372036854775808}"#;
    let large = draft(json);
    assert_eq!(large.body().to_string(), json);
    let found = mended(&large, "R112", None);
    assert_eq!(found.param("large"), "9223372036854775808");
    assert_eq!(
        places(&large, "R72"),
        [""; 0],
        "what is not read is not judged"
    );
    assert_eq!(
        places(&draft(r#"{"Priority":9223372036854775807}"#), "R112"),
        [""; 0]
    );
}

/// Taking the quotes or spaces off a number that 64 bits do not hold was offered as a fix, and left the same
/// finding.
#[test]
fn r112_numbers_beyond_64_bits_are_not_mended_by_half() {
    mended(
        &draft(r#"{"Priority":"9223372036854775808"}"#),
        "R112",
        None,
    );
    let mut draft = Draft::default();
    draft.apply(&path![Request::PRIORITY], text(" 9223372036854775808"));
    mended(&draft, "R112", None);
}

#[test]
fn r112_hides_no_other_finding() {
    let json = r#"{"WorkspaceId":{},"InstanceName":"train-1","Datasets":[1,{}],"UserVpc":7}"#;
    let draft = draft(json);
    let found: Vec<_> = judged(&draft)
        .diagnostics
        .iter()
        .map(|found| (found.code, found.path().name(ROOT)))
        .collect();
    let found: Vec<_> = found
        .iter()
        .map(|(code, name)| (*code, name.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("R112", "WorkspaceId"),
            ("R03", "InstanceName"),
            ("R05", "EcsSpec"),
            ("R09", "ImageId"),
            ("R112", "Datasets[0]"),
            ("R109", "Datasets[1]"),
            ("R18", "Datasets[1].DatasetId"),
            ("R25", "Datasets[1].MountPath"),
            ("R112", "UserVpc"),
        ]
    );
}

/// Each finding was looked for among all values of another type: a file that is read at once took minutes.
#[test]
fn r112_many_rows_of_another_type_are_reviewed_at_once() {
    let rows = 40_000;
    let draft = draft(&format!("{{\"Datasets\":[{}]}}", vec!["1"; rows].join(",")));
    let review = judged(&draft);
    let codes = ["R112", "R18"].map(|code| {
        let found = review.diagnostics.iter().filter(|found| found.code == code);
        found.count()
    });
    assert_eq!(codes, [rows, 0]);
}

#[test]
fn r110_near_names() {
    for (json, known, fixed) in [
        (
            r#"{"instancename":"a"}"#,
            "InstanceName",
            Some(r#"{"InstanceName":"a"}"#),
        ),
        (
            r#"{"instance_name":"a"}"#,
            "InstanceName",
            Some(r#"{"InstanceName":"a"}"#),
        ),
        (r#"{"_":"a"}"#, "", None),
        (
            r#"{"INSTANCENAME":["a"]}"#,
            "InstanceName",
            Some(r#"{"InstanceName":["a"]}"#),
        ),
        (
            r#"{"InstanceName":"b","instanceName":"a"}"#,
            "InstanceName",
            None,
        ),
        (
            r#"{"Datasets":[{"Uri":"a"},{"mountpath":"/mnt"}]}"#,
            "MountPath",
            Some(r#"{"Datasets":[{"Uri":"a"},{"MountPath":"/mnt"}]}"#),
        ),
        (
            r#"{"UserVpc":{"VswitchId":"vsw-1"}}"#,
            "VSwitchId",
            Some(r#"{"UserVpc":{"VSwitchId":"vsw-1"}}"#),
        ),
        // Names of answers, and of older versions.
        (
            r#"{"Tags":[{"TagKey":"a","TagValue":"b"},{"key":"c"}]}"#,
            "Tag",
            Some(r#"{"Tag":[{"Key":"a","Value":"b"},{"Key":"c"}]}"#),
        ),
        (r#"{"Tags":"a"}"#, "Tag", Some(r#"{"Tag":"a"}"#)),
        (
            r#"{"UserVpc":{"ForwardInfos":[{"Port":"22"}]}}"#,
            "ForwardPort",
            Some(r#"{"UserVpc":{"ForwardInfos":[{"ForwardPort":"22"}]}}"#),
        ),
        (
            r#"{"Tag":[{"TagKey":"a"}]}"#,
            "Key",
            Some(r#"{"Tag":[{"Key":"a"}]}"#),
        ),
        (r#"{"Name":"a"}"#, "", None),
        (r#"{"__proto__":{}}"#, "", None),
        (r#"{"UserVpc":{"":{}}}"#, "", None),
    ] {
        let draft = draft(json);
        let found = mended(&draft, "R110", fixed);
        assert_eq!(found.param("known"), known, "{json}");
    }
}

#[test]
fn r110_members_inside_keep_names_that_are_taken() {
    let mut draft =
        draft(r#"{"Tags":[{"Key":"a","TagKey":"b","key":"c"},{"tagkey":"d","key":"e","More":1}]}"#);
    let review = judged(&draft);
    let found = review.diagnostics.iter().find(|found| found.code == "R110");
    let fix = found
        .and_then(|found| found.fix.as_ref())
        .expect("Tags is nearly Tag");
    draft.apply(&Path::ROOT, Edit::from_fix(fix));
    assert_eq!(
        draft.body().to_string(),
        r#"{"Tag":[{"Key":"a","TagKey":"b","key":"c"},{"Key":"d","key":"e","More":1}]}"#
    );
}

#[test]
fn r111_closed_lists() {
    for (json, fixed) in [
        (
            r#"{"Accessibility":"private"}"#,
            Some(r#"{"Accessibility":"PRIVATE"}"#),
        ),
        (
            r#"{"Accessibility":" Public "}"#,
            Some(r#"{"Accessibility":"PUBLIC"}"#),
        ),
        (r#"{"Accessibility":"nobody"}"#, None),
        (
            r#"{"Datasets":[{},{"MountAccess":"rw"}]}"#,
            Some(r#"{"Datasets":[{},{"MountAccess":"RW"}]}"#),
        ),
    ] {
        let found = mended(&draft(json), "R111", fixed);
        assert!(!found.param("choices").is_empty());
    }
    for json in [
        "{}",
        r#"{"Accessibility":"PRIVATE"}"#,
        r#"{"RequestedResource":{"GPUType":"v100"}}"#,
    ] {
        assert_eq!(places(&draft(json), "R111"), [""; 0], "{json}");
    }
}

/// Fields with a rule of their own for a value outside their list break that one alone.
#[test]
fn closed_lists_with_a_rule_of_their_own() {
    for (code, json, at, fixed) in [
        (
            "R48",
            r#"{"CloudDisks":[{"SubType":"ROOTFS"}]}"#,
            "CloudDisks[0].SubType",
            Some(r#"{"CloudDisks":[{"SubType":"rootfs"}]}"#),
        ),
        (
            "R48",
            r#"{"CloudDisks":[{"SubType":"data"}]}"#,
            "CloudDisks[0].SubType",
            None,
        ),
        (
            "R58",
            r#"{"UserVpc":{"DefaultRoute":"eth2"}}"#,
            "UserVpc.DefaultRoute",
            None,
        ),
        (
            "R85",
            r#"{"CredentialConfig":{"Configs":[{"Type":"role"}]}}"#,
            "CredentialConfig.Configs[0].Type",
            Some(r#"{"CredentialConfig":{"Configs":[{"Type":"Role"}]}}"#),
        ),
        (
            "R85",
            r#"{"CredentialConfig":{"Configs":[{"Roles":[{"RoleType":"admin"}]}]}}"#,
            "CredentialConfig.Configs[0].Roles[0].RoleType",
            None,
        ),
        (
            "R91",
            r#"{"SpotSpec":{"SpotStrategy":"NoSpot"}}"#,
            "SpotSpec.SpotStrategy",
            None,
        ),
    ] {
        let draft = draft(json);
        let found = mended(&draft, code, fixed);
        assert_eq!(found.path().name(ROOT), at);
        assert!(!found.param("choices").is_empty());
        assert_eq!(places(&draft, "R111"), [""; 0], "{json}");
    }
}

#[test]
fn r113_shapes_of_ids() {
    for (json, at, fixed) in [
        (r#"{"WorkspaceId":"my-space"}"#, "WorkspaceId", None),
        (
            r#"{"WorkspaceId":" 40823\n"}"#,
            "WorkspaceId",
            Some(r#"{"WorkspaceId":"40823"}"#),
        ),
        (r#"{"UserId":"161228528250****"}"#, "UserId", None),
        (r#"{"EcsSpec":"c6"}"#, "EcsSpec", None),
        (r#"{"ImageId":"05cefd0be2e"}"#, "ImageId", None),
        (r#"{"Driver":"535"}"#, "Driver", None),
        (
            r#"{"Datasets":[{"DatasetId":"d-vsqjvs****rp5l206u"}]}"#,
            "Datasets[0].DatasetId",
            None,
        ),
        (r#"{"UserVpc":{"VpcId":"vsw-1"}}"#, "UserVpc.VpcId", None),
        (
            r#"{"UserVpc":{"VSwitchId":"vsw-1 "}}"#,
            "UserVpc.VSwitchId",
            Some(r#"{"UserVpc":{"VSwitchId":"vsw-1"}}"#),
        ),
        (
            r#"{"UserVpc":{"SecurityGroupId":"sg"}}"#,
            "UserVpc.SecurityGroupId",
            None,
        ),
        (
            r#"{"UserVpc":{"ForwardInfos":[{"NatGatewayId":"nat-1"}]}}"#,
            "UserVpc.ForwardInfos[0].NatGatewayId",
            None,
        ),
        (
            r#"{"UserVpc":{"ForwardInfos":[{"EipAllocationId":"1.2.3.4"}]}}"#,
            "UserVpc.ForwardInfos[0].EipAllocationId",
            None,
        ),
    ] {
        let found = mended(&draft(json), "R113", fixed);
        assert_eq!(found.path().name(ROOT), at);
        assert!(!found.param("example").is_empty());
    }
    for json in [
        "{}",
        r#"{"WorkspaceId":"40823","EcsSpec":"ecs.gn6v-c8g1.2xlarge","Driver":"535.54.03"}"#,
        r#"{"ResourceId":"any thing"}"#,
    ] {
        assert_eq!(places(&draft(json), "R113"), [""; 0], "{json}");
    }
}

#[test]
fn r68_names_of_map_rows() {
    let map = path![Request::ENVIRONMENT_VARIABLES];
    let mut draft = draft(r#"{"EnvironmentVariables":{"A":"1","B":"2","C":"3"}}"#);
    draft.apply(&map, Edit::Rename(1, String::new()));
    draft.apply(&map, Edit::Rename(2, "A".to_owned()));
    assert_eq!(
        draft.body().to_string(),
        r#"{"EnvironmentVariables":{"A":"1"}}"#
    );
    let review = judged(&draft);
    let found: Vec<_> = review
        .diagnostics
        .iter()
        .filter(|found| found.code == "R68")
        .collect();
    assert_eq!(found.len(), 2);
    assert_eq!(*found[0].path(), map.join(1));
    assert_eq!((found[0].param("name"), found[0].param("row")), ("", ""));
    assert_eq!(*found[1].path(), map.join(2));
    assert_eq!((found[1].param("name"), found[1].param("row")), ("A", "1"));

    draft.apply(&map, Edit::Rename(2, "B".to_owned()));
    assert_eq!(
        draft.body().to_string(),
        r#"{"EnvironmentVariables":{"A":"1","B":"3"}}"#
    );
    for row in [2, 0] {
        draft.apply(&map, Edit::Remove(row));
    }
    assert_eq!(
        draft.body().to_string(),
        "{}",
        "a row without a name is not sent"
    );
    assert_eq!(places(&draft, "R68"), ["EnvironmentVariables[0]"]);
}

/// Blank rows of objects that no other rule speaks of were sent without a word.
#[test]
fn r109_blank_rows_of_objects() {
    for (json, at, fixed) in [
        (
            r#"{"CloudDisks":[{},{"Capacity":"100Gi"}]}"#,
            "CloudDisks[0]",
            r#"{"CloudDisks":[{"Capacity":"100Gi"}]}"#,
        ),
        (
            r#"{"UserVpc":{"ForwardInfos":[{}]}}"#,
            "UserVpc.ForwardInfos[0]",
            "{}",
        ),
        (
            r#"{"UserVpc":{"ExtendedCIDRs":["10.0.0.0/8",""]}}"#,
            "UserVpc.ExtendedCIDRs[1]",
            r#"{"UserVpc":{"ExtendedCIDRs":["10.0.0.0/8"]}}"#,
        ),
    ] {
        let found = mended(&draft(json), "R109", Some(fixed));
        assert_eq!(found.path().name(ROOT), at);
    }
}

#[test]
fn r109_blank_rows() {
    let list = path![Request::USER_VPC, UserVpc::EXTENDED_CIDRS];
    let mut draft = draft(r#"{"UserVpc":{"ExtendedCIDRs":["10.0.0.0/8","",""]}}"#);
    assert_eq!(
        places(&draft, "R109"),
        ["UserVpc.ExtendedCIDRs[1]", "UserVpc.ExtendedCIDRs[2]"]
    );
    draft.apply(&list.join(1), text("10.0.0.0/9"));
    draft.apply(&list.join(0), text(""));
    assert_eq!(
        draft.body().to_string(),
        r#"{"UserVpc":{"ExtendedCIDRs":["","10.0.0.0/9",""]}}"#
    );
    assert_eq!(
        places(&draft, "R109"),
        ["UserVpc.ExtendedCIDRs[0]", "UserVpc.ExtendedCIDRs[2]"]
    );
}

#[test]
fn emptied_text_is_not_set() {
    let name = path![Request::INSTANCE_NAME];
    let mut draft = draft(r#"{"InstanceName":"a","UserVpc":{"VpcId":"v"}}"#);
    draft.apply(&name, text(""));
    assert_eq!(draft.get(&name), Some(&Draft::Unset));
    draft.apply(&path![Request::USER_VPC, UserVpc::VPC_ID], text(""));
    assert_eq!(
        draft.body().to_string(),
        "{}",
        "nor is an object in which nothing is set"
    );
    assert_eq!(places(&draft, "R02"), ["InstanceName"]);
}

#[test]
fn json_is_edited_as_text() {
    let options = path![Request::MIGRATION_OPTIONS];
    for (at, path) in [("MigrationOptions", options), ("more", path!["more"])] {
        let mut draft = draft(r#"{"MigrationOptions":{"a":1},"more":{"a":1}}"#);
        let with = |body: &str| {
            let other = if at == "more" {
                "MigrationOptions"
            } else {
                "more"
            };
            let mut members = [(at, body), (other, r#"{"a":1}"#)];
            members.sort_unstable();
            let members = members.iter().filter(|(_, body)| !body.is_empty());
            let members: Vec<_> = members
                .map(|(name, body)| format!("\"{name}\":{body}"))
                .collect();
            format!("{{{}}}", members.join(","))
        };
        draft.apply(&path, text("{\"b\": 2.50}"));
        assert_eq!(draft.body().to_string(), with(r#"{"b":2.50}"#));
        assert_eq!(places(&draft, "R112"), [""; 0]);

        draft.apply(&path, text("{\"b\": 1,\n\"b\": 2}"));
        assert_eq!(
            draft.body().to_string(),
            with(""),
            "what is no JSON is not sent"
        );
        let review = judged(&draft);
        let wrong: Vec<_> = review
            .at(&path)
            .filter(|found| found.code == "R112")
            .collect();
        assert_eq!(wrong.len(), 1);
        assert_eq!(
            wrong[0].param("problem"),
            "the name \"b\" stands in line 1 already at line 2, column 1"
        );

        draft.apply(&path, text("[1]"));
        let unknown = at == "more";
        assert_eq!(
            draft.body().to_string(),
            with(if unknown { "[1]" } else { "" })
        );
        assert_eq!(places(&draft, "R112").is_empty(), unknown);
    }
}

#[test]
fn an_unknown_member_is_added_and_taken_away() {
    let json = r#"{"a":1,"b":2,"c":3}"#;
    let mut draft = draft(json);
    let start = draft.clone();
    let undo = draft.apply(&path!["a"], Edit::Set(Draft::Unset));
    assert_eq!(draft.body().to_string(), r#"{"b":2,"c":3}"#);
    let (path, edit) = undo.expect("it was there");
    draft.apply(&path, edit);
    assert_eq!(draft, start, "and stands again where it stood");
    assert!(draft.apply(&path!["d"], Edit::Set(Draft::Unset)).is_none());
    assert!(draft.apply(&path!["d"], text("4")).is_some());
    assert_eq!(draft.body().to_string(), r#"{"a":1,"b":2,"c":3,"d":4}"#);
}

/// It left an empty list behind, which undo could not take back.
#[test]
fn a_row_that_does_not_fit_leaves_nothing_behind() {
    for field in [
        Request::DATASETS,
        Request::ENVIRONMENT_VARIABLES,
        Request::WORKSPACE_ID,
    ] {
        let mut draft = draft(r#"{"InstanceName":"a"}"#);
        let start = draft.clone();
        let row = Edit::Insert(1, "A".to_owned(), Draft::Text("1".to_owned()));
        assert_eq!(draft.apply(&path![field], row), None);
        assert_eq!(draft, start);
    }
}

#[test]
fn an_edit_inside_a_value_of_another_type_takes_its_place() {
    let mut draft = draft(r#"{"UserVpc":[1,2]}"#);
    let start = draft.clone();
    let (path, undo) = draft
        .apply(&path![Request::USER_VPC, UserVpc::VPC_ID], text("v"))
        .expect("it changes");
    assert_eq!(draft.body().to_string(), r#"{"UserVpc":{"VpcId":"v"}}"#);
    draft.apply(&path, undo);
    assert_eq!(draft, start);
}

#[test]
fn fields_are_shown_where_they_apply_or_hold_a_value() {
    #[track_caller]
    fn is_shown(json: &str, at: Path, descriptor: &StructDescriptor, wire: &str) -> bool {
        let draft = draft(json);
        let empty = StructDraft::empty(descriptor);
        let object = match draft.get(&at) {
            Some(Draft::Struct(object)) => object,
            _ => &empty,
        };
        let (index, _) = descriptor.field(wire).expect(wire);
        shown(index, descriptor, object)
    }
    for (json, expected) in [
        ("{}", false),
        (r#"{"ResourceId":""}"#, false),
        (r#"{"ResourceId":"quota"}"#, true),
        (r#"{"ResourceId":7}"#, true),
        (r#"{"Priority":1}"#, true),
        (r#"{"Priority":"high"}"#, true),
        (r#"{"Priority":null}"#, false),
    ] {
        assert_eq!(
            is_shown(json, Path::ROOT, ROOT, "Priority"),
            expected,
            "{json}"
        );
    }
    for (json, expected) in [
        ("{}", false),
        (r#"{"CredentialConfig":{"Enable":true}}"#, true),
        (r#"{"CredentialConfig":{"Enable":false}}"#, false),
        (r#"{"CredentialConfig":{"Enable":"true"}}"#, false),
        (
            r#"{"CredentialConfig":{"Enable":false,"Configs":[{}]}}"#,
            true,
        ),
    ] {
        let descriptor = CredentialConfig::DESCRIPTOR;
        let at = path![Request::CREDENTIAL_CONFIG];
        assert_eq!(
            is_shown(json, at, descriptor, "Configs"),
            expected,
            "{json}"
        );
    }
    assert!(!shown(usize::MAX, ROOT, &StructDraft::empty(ROOT)));
}

#[test]
fn rows_are_put_in_taken_away_and_moved() {
    let list = path![Request::USER_VPC, UserVpc::EXTENDED_CIDRS];
    let map = path![Request::ENVIRONMENT_VARIABLES];
    let start = draft(
        r#"{"UserVpc":{"ExtendedCIDRs":["a","b","c","d"]},"EnvironmentVariables":{"a":"1","b":"2","c":"3","d":"4"}}"#,
    );
    let row = || Draft::Text("x".to_owned());
    for (edit, rows) in [
        (Edit::Move(0, 2), "b c a d"),
        (Edit::Move(3, 1), "a d b c"),
        (Edit::Move(1, 2), "a c b d"),
        (Edit::Remove(1), "a c d"),
        (Edit::Insert(0, "x".to_owned(), row()), "x a b c d"),
        (Edit::Insert(4, "x".to_owned(), row()), "a b c d x"),
        (Edit::Insert(5, "x".to_owned(), row()), "a b c d"),
        (Edit::Move(0, 4), "a b c d"),
        (Edit::Remove(4), "a b c d"),
    ] {
        for path in [&list, &map] {
            let mut draft = start.clone();
            let inverse = draft.apply(path, edit.clone());
            let names: Vec<_> = match draft.get(path) {
                Some(Draft::List(rows)) => rows.iter().map(|row| format!("{row:?}")).collect(),
                Some(Draft::Map(rows)) => rows.iter().map(|(name, _)| name.clone()).collect(),
                other => panic!("{other:?} has no rows"),
            };
            let names = names.join(" ").replace("Text(\"", "").replace("\")", "");
            assert_eq!(names, rows, "{edit:?}");
            if let Some((path, edit)) = inverse {
                draft.apply(&path, edit);
            }
            assert_eq!(draft, start, "{edit:?} is taken back");
        }
    }
}

/// Thousands of members that nobody knows each have a finding; none of them is looked for among all the others.
#[test]
fn f35_the_time_for_unknown_members_grows_with_their_number() {
    let members = (0..20_000).map(|n| format!("\"Member{n}\":0"));
    let text = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
    let draft = import(&text).expect("a request").draft;
    let review = review(&draft, &Context::default());
    let begun = Instant::now();
    let missing = review
        .diagnostics
        .iter()
        .filter(|found| is_missing(&draft, found));
    assert!(missing.count() < 10 && review.diagnostics.len() > 20_000);
    let took = begun.elapsed();
    assert!(
        took < Duration::from_secs(1),
        "{took:?} for one look at each finding"
    );
}
