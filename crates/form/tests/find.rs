//! F63: fields are found by label, name, help and value, in both languages.

use std::time::Instant;

use dsw_form::draft::{Draft, ROOT};
use dsw_form::find::{Hit, find};
use dsw_form::import::import;
use dsw_model::rules::Context;

fn english(text: &'static str) -> &'static str {
    text
}

fn draft(json: &str) -> Draft {
    import(json).expect("a request").draft
}

fn hits(json: &str, words: &str) -> Vec<Hit> {
    find(&draft(json), &Context::default(), words, &english, 20)
}

/// The names of what is found.
fn names(json: &str, words: &str) -> Vec<String> {
    hits(json, words).into_iter().map(|hit| hit.name).collect()
}

/// Where the best of what is found leads to.
fn leads(json: &str, words: &str) -> Option<String> {
    Some(hits(json, words).first()?.path.name(ROOT))
}

#[test]
fn f63_by_label_name_and_help_the_best_first() {
    for (words, first) in [
        ("instance name", "InstanceName"),
        ("InstanceName", "InstanceName"),
        ("instancename", "InstanceName"),
        ("vswitch", "UserVpc.VSwitchId"),
        ("UserVpc.VSwitchId", "UserVpc.VSwitchId"),
        ("datasets mountpath", "Datasets.MountPath"),
        ("Datasets.MountPath", "Datasets.MountPath"),
        // Input methods write wide letters.
        (
            "\u{ff29}\u{ff4e}\u{ff53}\u{ff54}\u{ff41}\u{ff4e}\u{ff43}\u{ff45}\u{3000}name",
            "InstanceName",
        ),
        ("priority", "Priority"),
    ] {
        assert_eq!(
            names("{}", words).first().map(String::as_str),
            Some(first),
            "{words}"
        );
    }
    assert!(names("{}", "").is_empty() && names("{}", "  ").is_empty());
    assert!(names("{}", "no such field at all").is_empty());
    // Every word has to fit.
    assert!(names("{}", "priority zebra").is_empty());
    // What only stands in the help comes last.
    let found = hits("{}", "workspace");
    assert_eq!(found[0].name, "WorkspaceId");
}

#[test]
fn f63_every_field_is_found_by_its_label_and_by_its_name() {
    ROOT.walk(&mut |path, field| {
        let name = path.name(ROOT).replace("[0]", "");
        for words in [field.label, field.wire, &name] {
            let found = find(&Draft::default(), &Context::default(), words, &english, 200);
            assert!(
                found.iter().any(|hit| hit.name == name),
                "{name} by {words:?}"
            );
        }
        let found = find(&Draft::default(), &Context::default(), &name, &english, 200);
        assert_eq!(
            found[0].name, name,
            "the whole name leads to the field first"
        );
    });
}

#[test]
fn f63_the_other_language_is_found_beside_english() {
    let chinese = |text: &'static str| match text {
        "Instance name" => "实例名称",
        "Datasets" => "数据集",
        other => other,
    };
    for (words, first) in [
        ("实例", "InstanceName"),
        ("instance name", "InstanceName"),
        ("数据集 mount path", "Datasets.MountPath"),
    ] {
        let found = find(&Draft::default(), &Context::default(), words, &chinese, 20);
        assert_eq!(found[0].name, first, "{words}");
    }
}

#[test]
fn f63_by_value_in_any_row_and_member() {
    let request = r#"{"Datasets": [{"MountPath": "/mnt/data"}, {"MountPath": "/mnt/other"}],
        "UserVpc": {"ExtendedCIDRs": ["10.0.0.0/8", "192.168.0.0/16"]},
        "EnvironmentVariables": {"HF_HOME": "/mnt/cache"}, "Nobody": {"knows": "this"}}"#;
    for (words, leads_to) in [
        ("/mnt/other", "Datasets[1].MountPath"),
        ("/MNT/other", "Datasets[1].MountPath"),
        ("192.168", "UserVpc.ExtendedCIDRs[1]"),
        ("hf_home", "EnvironmentVariables[0]"),
        ("/mnt/cache", "EnvironmentVariables[0]"),
        ("nobody", "Nobody"),
        ("knows", "Nobody"),
        // A word of the label and one of the value.
        ("mount path other", "Datasets[1].MountPath"),
    ] {
        assert_eq!(leads(request, words).as_deref(), Some(leads_to), "{words}");
    }
    let found = hits(request, "/mnt/other");
    assert_eq!(found[0].value.as_deref(), Some("/mnt/other"));
    assert_eq!(
        found[0].trail,
        [("Datasets", Some(1)), ("Mount path", None)]
    );
    // By its label a field is found in each row; without rows it leads to the list.
    let rows = hits(request, "mount path");
    assert_eq!(
        rows.iter()
            .filter(|hit| hit.name.ends_with("].MountPath"))
            .count(),
        2
    );
    assert_eq!(
        leads("{}", "datasets mount path").as_deref(),
        Some("Datasets")
    );
}

#[test]
fn f62_secrets_are_found_by_name_and_never_by_value() {
    let request = r#"{"ImageAuth": "marker-one", "EnvironmentVariables": {"HF_TOKEN": "marker-two", "PLAIN": "marker-three"},
        "UserCommand": {"OnStart": {"Content": "export DB_PASSWORD=marker-four"}}, "MyToken": "marker-five",
        "CredentialConfig": {"Configs": [{"Roles": [{"UserInfo": {"SecurityToken": "marker-six"}}]}]}}"#;
    let found = hits(request, "marker");
    let names: Vec<_> = found.iter().map(|hit| &*hit.name).collect();
    assert_eq!(names, ["EnvironmentVariables.PLAIN"]);
    assert!(
        hits(request, "image login")
            .iter()
            .all(|hit| hit.value.is_none())
    );
    assert_eq!(
        leads(request, "hf_token").as_deref(),
        Some("EnvironmentVariables[0]")
    );

    let mut context = Context::default();
    context.secrecy.say("PLAIN", true);
    context.secrecy.say("HF_TOKEN", false);
    let found = find(&draft(request), &context, "marker", &english, 20);
    let names: Vec<_> = found.iter().map(|hit| &*hit.name).collect();
    assert_eq!(names, ["EnvironmentVariables.HF_TOKEN"]);
}

#[test]
fn f63_thousands_of_rows_are_searched_at_once() {
    let rows: Vec<_> = (0..7000)
        .map(|n| format!(r#"{{"DatasetId":"d-{n}","MountPath":"/mnt/data/of/a/long/path/{n}","MountAccess":"RW"}}"#))
        .collect();
    let request = draft(&format!(r#"{{"Datasets":[{}]}}"#, rows.join(",")));
    let begin = Instant::now();
    let found = find(&request, &Context::default(), "path/6999", &english, 20);
    assert_eq!(found[0].path.name(ROOT), "Datasets[6999].MountPath");
    assert_eq!(
        find(&request, &Context::default(), "mount", &english, 20).len(),
        20
    );
    assert!(
        find(
            &request,
            &Context::default(),
            "nothing like that",
            &english,
            20
        )
        .is_empty()
    );
    // Built for speed it takes some milliseconds: this is a guard against what grows with the square.
    let took = begin.elapsed().as_millis();
    assert!(took < 3000, "three searches took {took} ms");
}
