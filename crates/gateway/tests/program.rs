//! The program as it is run: what it prints, and its exit codes.

#![allow(clippy::unwrap_used, reason = "a test that cannot begin fails")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use serde_sarif::sarif::{ResultLevel, Sarif};

/// A request without errors, and one with an error and a warning each at its place.
const FINE: &str = r#"{
  "WorkspaceId": "40823",
  "InstanceName": "train_1",
  "EcsSpec": "ecs.c6.large",
  "ImageId": "image-05cefd0be2exxxx"
}
"#;
const WRONG: &str = r#"{
  "WorkspaceId": "40823", "EcsSpec": "ecs.c6.large",
  "InstanceName": "größe_1-", "Imageid": "image-05cefd0be2exxxx",
  "EnvironmentVariables": {"A/B~": "x"},
  "UserVpc": {"VSwitchId": "vsw-bp1xxxx", "VpcId": "vpc-bp1xxxx", "SecurityGroupId": "sg-bp1xxxx"},
  "Datasets": [{"DatasetId": "d-1", "MountPath": "/mnt/a"}, {"DatasetId": "d-2", "MountPath": "/mnt/a"}]
}
"#;

fn program(arguments: &[&str], folder: &Path, input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dsw-composer"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

#[test]
fn findings_are_told_as_compilers_do() {
    let folder = folder(&[("wrong.json", WRONG.as_bytes())]);
    let output = program(&["check", "wrong.json"], folder.path(), b"");
    let wanted = "\
wrong.json:1:1: error R09 /ImageId: Enter an image ID, or the address of an image.
wrong.json:3:19: error R03 /InstanceName: Use only the letters A to Z, digits and underscores.
wrong.json:3:31: warning R110 /Imageid: The reference writes Imageid as ImageId. Fix: Rename to ImageId.
wrong.json:4:28: warning R69 /EnvironmentVariables/A~1B~0: Use letters, digits and underscores, and no digit first: shells read no other names.
wrong.json:5:14: error R54 /UserVpc/ExtendedCIDRs: List the address ranges to reach: a vSwitch needs them.
wrong.json:6:95: error R27 /Datasets/1/MountPath: Dataset 1 is mounted here already. Choose another path.
";
    assert_eq!(text(&output.stdout), wanted);
    assert_eq!(
        text(&output.stderr),
        "",
        "no progress where there is no terminal"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn exit_codes_tell_fine_wrong_and_unreadable() {
    let long = vec![b' '; 1024 * 1024 + 1];
    let folder = folder(&[
        ("fine.json", FINE.as_bytes()),
        (
            "bom.json",
            &[&b"\xef\xbb\xbf"[..], FINE.as_bytes()].concat(),
        ),
        (
            "warned.json",
            FINE.replace("40823\"", "40823\", \"Nobody\": 1").as_bytes(),
        ),
        ("wrong.json", WRONG.as_bytes()),
        ("cut.json", &FINE.as_bytes()[..FINE.len() - 3]),
        ("twice.json", b"{\"A\": 1,\n \"A\": 2}"),
        ("list.json", b"[]"),
        ("latin1.json", b"{\n\"A\": \"\xe4\"}"),
        ("long.json", &long),
    ]);
    for (files, code, part) in [
        ("fine.json", 0, ""),
        ("bom.json", 0, ""),
        ("warned.json", 0, "warned.json:2:27: warning R110 /Nobody: "),
        ("wrong.json", 1, "error R03"),
        (
            "fine.json warned.json",
            0,
            "2 files: 0 errors, 1 warning.\n",
        ),
        (
            "fine.json wrong.json",
            1,
            "2 files: 4 errors, 2 warnings.\n",
        ),
        (
            "cut.json",
            2,
            "cut.json:5:37: error: The file is not JSON: the text ends too early.\n",
        ),
        (
            "twice.json",
            2,
            "twice.json:2:2: error: The file is not JSON: the name \"A\" stands in line 1 already.\n",
        ),
        (
            "list.json",
            2,
            "list.json:1:1: error: A request is an object in braces, and this is an array.\n",
        ),
        (
            "latin1.json",
            2,
            "latin1.json:2:7: error: The file is not UTF-8 text.\n",
        ),
        (
            "long.json",
            2,
            "long.json:1:1: error: The file is longer than 1 MiB",
        ),
        (".", 2, ".: error: The file can not be read: "),
        (
            "nothing.json",
            2,
            "nothing.json: error: The file can not be read: ",
        ),
        (
            "wrong.json cut.json fine.json",
            2,
            "3 files: 4 errors, 2 warnings, 1 unreadable.\n",
        ),
    ] {
        let arguments: Vec<_> = ["check"].into_iter().chain(files.split(' ')).collect();
        let output = program(&arguments, folder.path(), b"");
        let said = text(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{files}: {said}");
        assert!(said.contains(part), "{files}: {said}");
        assert_eq!(said.is_empty(), part.is_empty(), "{files}: {said}");
    }
}

#[test]
fn standard_input_is_a_file_too() {
    let folder = folder(&[]);
    let fine = program(&["check", "-"], folder.path(), FINE.as_bytes());
    assert_eq!((fine.status.code(), text(&fine.stdout)), (Some(0), ""));
    let wrong = program(&["check", "-"], folder.path(), WRONG.as_bytes());
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stdout).starts_with("-:1:1: error R09 "));
}

#[test]
fn a_region_lets_more_rules_speak() {
    let body = FINE.replace(
        "\"ImageId\": \"image-05cefd0be2exxxx\"",
        "\"ImageUrl\": \"registry.cn-hangzhou.aliyuncs.com/a/b:c\"",
    );
    let folder = folder(&[]);
    for (region, told) in [("cn-hangzhou", false), ("cn-beijing", true)] {
        let output = program(
            &["check", "--region", region, "-"],
            folder.path(),
            body.as_bytes(),
        );
        assert_eq!(text(&output.stdout).contains("R15"), told, "{region}");
    }
}

#[test]
fn what_would_steer_a_terminal_is_written_as_an_escape() {
    let body = "{\"\\u001b[2J\u{202e}x\": 1}";
    let output = program(&["check", "-"], folder(&[]).path(), body.as_bytes());
    let said = text(&output.stdout);
    assert!(said.contains("/\\u{1b}[2J\\u{202e}x: "), "{said}");
    assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said}");
}

#[test]
fn json_tells_the_same() {
    let folder = folder(&[("cut.json", b"{"), ("wrong.json", WRONG.as_bytes())]);
    let arguments = ["check", "--format", "json", "wrong.json", "cut.json"];
    let output = program(&arguments, folder.path(), b"");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["errors"], 4);
    assert_eq!(report["warnings"], 2);
    assert_eq!(report["unreadable"], 1);
    let last = &report["files"][0]["findings"][5];
    let wanted = serde_json::json!({
        "rule": "R27", "severity": "error",
        "message": "Dataset 1 is mounted here already. Choose another path.",
        "pointer": "/Datasets/1/MountPath",
        "line": 6, "column": 95,
    });
    assert_eq!(*last, wanted);
    let first = &report["files"][0]["findings"][0];
    assert_eq!(first["pointer"], "/ImageId");
    assert_eq!(first["related"][0]["pointer"], "/ImageUrl");
    assert_eq!(report["files"][1]["problem"]["line"], 1);
    assert_eq!(output.status.code(), Some(2));
}

/// The schema of SARIF 2.1.0 as OASIS gives it out, which lies in the package whose types are made from it.
fn sarif_schema() -> Value {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let package = packages
        .find(|package| package["name"] == "serde-sarif")
        .unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let schema = fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap();
    // Brackets do not match in its pattern for languages.
    let broken = "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$";
    assert!(schema.contains(broken));
    serde_json::from_str(&schema.replace(broken, "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$")).unwrap()
}

#[test]
fn f42_sarif_is_sarif() {
    let folder = folder(&[
        ("a b.json", WRONG.as_bytes()),
        ("cut.json", b"{"),
        ("fine.json", FINE.as_bytes()),
    ]);
    let arguments = [
        "check",
        "--format=sarif",
        "a b.json",
        "cut.json",
        "fine.json",
    ];
    let output = program(&arguments, folder.path(), b"");
    assert_eq!(output.status.code(), Some(2));
    let text: Value = serde_json::from_slice(&output.stdout).unwrap();
    let validator = jsonschema::validator_for(&sarif_schema()).unwrap();
    let wrong: Vec<_> = validator
        .iter_errors(&text)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
    let mut broken = text.clone();
    broken["runs"][0]["results"][0]["level"] = "grave".into();
    assert!(!validator.is_valid(&broken), "the schema refuses nothing");
    let log: Sarif = serde_json::from_value(text).unwrap();
    assert_eq!(log.runs.len(), 1);
    let run = &log.runs[0];
    let rules = run.tool.driver.rules.as_ref().unwrap();
    let known = dsw_model::reference::RULES.len() + dsw_model::policy::RULES.len();
    assert_eq!(rules.len(), known);
    let results = run.results.as_ref().unwrap();
    assert_eq!(results.len(), 6);
    for result in results {
        let index = usize::try_from(result.rule_index.unwrap()).unwrap();
        assert_eq!(Some(&rules[index].id), result.rule_id.as_ref());
        assert!(matches!(
            result.level,
            Some(ResultLevel::Error | ResultLevel::Warning)
        ));
        let place = result.locations.as_ref().unwrap()[0]
            .physical_location
            .as_ref()
            .unwrap();
        let file = place.artifact_location.as_ref().unwrap().uri.as_deref();
        assert_eq!(file, Some("a%20b.json"));
        let region = place.region.as_ref().unwrap();
        assert!(region.start_line.unwrap() >= 1 && region.start_column.unwrap() >= 1);
    }
    let invocation = &run.invocations.as_ref().unwrap()[0];
    assert!(!invocation.execution_successful);
    assert_eq!(
        invocation
            .tool_execution_notifications
            .as_ref()
            .unwrap()
            .len(),
        1
    );
}

/// A value of the hook in `.pre-commit-hooks.yaml`, which has one line for each.
fn of_hook<'a>(hooks: &'a str, name: &str) -> &'a str {
    let mut lines = hooks
        .lines()
        .map(|line| line.trim_start_matches([' ', '-']));
    let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    value
        .unwrap_or_else(|| panic!("the hook has no {name}"))
        .trim_matches('\'')
}

/// What `pre-commit` does with a hook of this language: the words of its entry, and behind them the files.
#[test]
fn f42_the_hook_checks_what_is_committed() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.pre-commit-hooks.yaml");
    let hooks = fs::read_to_string(file).unwrap();
    assert_eq!(of_hook(&hooks, "language"), "system");
    let mut entry = of_hook(&hooks, "entry").split(' ');
    assert_eq!(entry.next(), Some("dsw-composer"));
    let entry: Vec<_> = entry.collect();
    let folder = folder(&[
        ("fine.json", FINE.as_bytes()),
        ("wrong.json", WRONG.as_bytes()),
    ]);
    let run = |files: &[&str]| program(&[&entry[..], files].concat(), folder.path(), b"");
    assert_eq!(run(&["fine.json"]).status.code(), Some(0));
    let output = run(&["fine.json", "wrong.json"]);
    assert_eq!(output.status.code(), Some(1), "the commit is stopped");
    assert!(text(&output.stdout).contains("wrong.json:1:1: error R09"));
}

#[test]
fn f42_the_rules_are_printed_for_people_and_for_programs() {
    let output = program(&["rules"], folder(&[]).path(), b"");
    assert_eq!(output.status.code(), Some(0));
    let lines: Vec<_> = text(&output.stdout).lines().collect();
    assert_eq!(lines.len(), dsw_model::reference::RULES.len());
    assert_eq!(lines[0], "R01 error WorkspaceId: The workspace is missing.");
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("R112 error any member: "))
    );
    let output = program(&["rules", "--format", "json"], folder(&[]).path(), b"");
    let rules: Value = serde_json::from_slice(&output.stdout).unwrap();
    let first = &rules["rules"][0];
    assert_eq!(first["id"], "R01");
    assert_eq!(first["when"]["zh"], "未填写工作空间。");
    assert_eq!(
        program(&["rules", "--format", "xml"], folder(&[]).path(), b"")
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn the_schema_is_that_of_the_documentation() {
    let output = program(&["schema"], folder(&[]).path(), b"");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/create-instance.schema.json");
    assert_eq!(text(&output.stdout), fs::read_to_string(file).unwrap());
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn completions_and_help_are_printed() {
    let folder = folder(&[]);
    for arguments in [
        &["completions", "bash"][..],
        &["--help"],
        &["help", "serve"],
        &["check", "--help"],
        &["--version"],
    ] {
        let output = program(arguments, folder.path(), b"");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(
            text(&output.stdout).contains("dsw-composer"),
            "{arguments:?}"
        );
    }
}

#[test]
fn mistakes_of_usage_end_with_their_code() {
    let folder = folder(&[]);
    for (arguments, part) in [
        (&["--port", "x"][..], "--port"),
        (&["serve", "--listen", "0.0.0.0:0"], "--allow-authority"),
        (
            &["--listen", "0.0.0.0:0", "--allow-authority", "a.example"],
            "--token",
        ),
        (&["--live"], "--journal"),
        (&["--token-file", "nothing"], "--token-file nothing: "),
        (&["check"], "<FILE>"),
        (&["check", "--format", "xml", "-"], "--format"),
    ] {
        let output = program(arguments, folder.path(), b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            text(&output.stderr).contains(part),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
    }
}

/// A policy that `FINE` breaks in two places.
const POLICY: &str = r#"{
  "version": 1,
  "regions": { "allowed": ["cn-beijing"] },
  "machines": { "allowed": ["ecs.g6.*"], "message": { "en": "Use a g6 machine.", "zh": "使用 g6 机型。" } }
}
"#;

#[test]
fn policy_a_request_is_checked_by_the_policy_of_the_team() {
    let folder = folder(&[
        ("fine.json", FINE.as_bytes()),
        ("policy.json", POLICY.as_bytes()),
    ]);
    let check = |more: &[&str]| {
        let arguments = [&["check", "fine.json"], more].concat();
        program(&arguments, folder.path(), b"")
    };
    assert_eq!(
        check(&[]).status.code(),
        Some(0),
        "nothing is heeded that was not named"
    );
    let output = check(&["--policy", "policy.json", "--region", "cn-hangzhou"]);
    let wanted = "\
fine.json:1:1: error P01: Your team does not work in this region. It uses cn-beijing.
fine.json:4:14: error P03 /EcsSpec: Use a g6 machine.
";
    assert_eq!(text(&output.stdout), wanted);
    assert_eq!(output.status.code(), Some(1));
    let output = check(&["--policy", "policy.json", "--format", "sarif"]);
    let log: Sarif = serde_json::from_slice(&output.stdout).unwrap();
    let run = &log.runs[0];
    let result = &run.results.as_ref().unwrap()[0];
    assert_eq!(result.rule_id.as_deref(), Some("P03"));
    let index = usize::try_from(result.rule_index.unwrap()).unwrap();
    assert_eq!(run.tool.driver.rules.as_ref().unwrap()[index].id, "P03");
}

#[test]
fn policy_a_broken_file_is_a_mistake_of_usage_with_its_place() {
    let broken = POLICY.replace("allowed\": [\"ecs", "allow\": [\"ecs");
    let folder = folder(&[
        ("fine.json", FINE.as_bytes()),
        ("policy.json", broken.as_bytes()),
    ]);
    for policy in ["policy.json", "none.json"] {
        let output = program(
            &["check", "--policy", policy, "fine.json"],
            folder.path(),
            b"",
        );
        assert_eq!(output.status.code(), Some(2), "{policy}");
        assert_eq!(text(&output.stdout), "");
        let place = "--policy policy.json: Line 4, column 17 (/machines/allow): No policy has this member here; allowed";
        let words = if policy == "none.json" {
            "--policy none.json: "
        } else {
            place
        };
        assert!(
            text(&output.stderr).contains(words),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn f45_f49_a_request_is_written_as_code_without_its_secrets() {
    let body = r#"{"WorkspaceId": "40823", "ImageUrl": "r/a:b", "ImageAuth": "dTpw", "Odd": 12345678901234567890}"#;
    let folder = folder(&[("request.json", body.as_bytes())]);
    let output = program(
        &["snippet", "--target", "typescript", "request.json"],
        folder.path(),
        b"",
    );
    let (code, notes) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "it has no name");
    assert!(
        code.contains("ImageAuth: secret('DSW_IMAGE_AUTH'),"),
        "{code}"
    );
    assert!(!code.contains("dTpw") && !notes.contains("dTpw"));
    assert!(
        notes.contains("note: DSW_IMAGE_AUTH is to hold the value of ImageAuth.\n"),
        "{notes}"
    );
    assert!(
        notes.contains("(Odd)\n"),
        "what is not exact is told: {notes}"
    );
    assert!(notes.contains("request.json: error: "), "{notes}");

    let fine = program(
        &["snippet", "--target", "json", "-"],
        folder.path(),
        FINE.as_bytes(),
    );
    assert_eq!((fine.status.code(), text(&fine.stderr)), (Some(0), ""));
    let cut = program(
        &["snippet", "--target", "json", "-"],
        folder.path(),
        b"{\"a\":",
    );
    assert_eq!((cut.status.code(), text(&cut.stdout)), (Some(2), ""));
    assert!(text(&cut.stderr).starts_with("-: error: The file is not JSON"));
}

#[test]
fn f45_targets_are_listed_and_chosen() {
    let folder = folder(&[]);
    let list = program(&["snippet", "--list"], folder.path(), b"");
    assert_eq!(list.status.code(), Some(0));
    let lines: Vec<_> = text(&list.stdout).lines().collect();
    assert_eq!(lines.len(), 12);
    assert!(
        lines.contains(&"python         --generic  alibabacloud-pai-dsw20220101 2.4.0"),
        "{lines:?}"
    );
    for (more, holds) in [
        (&["--typed"][..], "request = dsw.CreateInstanceRequest("),
        (
            &["--generic", "--region", "cn-beijing"],
            "pai-dsw.cn-beijing.aliyuncs.com",
        ),
        (&[], "request = dsw.CreateInstanceRequest("),
    ] {
        let arguments = [&["snippet", "--target", "python", "-"], more].concat();
        let output = program(&arguments, folder.path(), FINE.as_bytes());
        assert!(text(&output.stdout).contains(holds), "{more:?}");
    }
    for wrong in [
        &["snippet", "-"][..],
        &["snippet", "--target", "cobol", "-"],
        &["snippet", "--target", "python", "--typed", "--generic", "-"],
    ] {
        assert_eq!(
            program(wrong, folder.path(), b"").status.code(),
            Some(2),
            "{wrong:?}"
        );
    }
}
