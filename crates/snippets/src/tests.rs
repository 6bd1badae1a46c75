//! What is written is read back: whatever a body holds, each target's literal is that body, and no secret is in it.

use std::collections::BTreeSet;

use dsw_form::draft::ROOT;
use dsw_form::import::anything::{self, Document, Ignored, Source, Why};
use dsw_form::import::from_object;
use dsw_form::json;
use dsw_model::descriptor::{Describe as _, Kind};
use dsw_model::request::CreateInstanceRequest;
use dsw_model::secrecy::Secrecy;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value};

use self::read::{read_shell, read_value};
use crate::highlight::spans;
use crate::{Language, Request, Snippet, Target, render};

#[expect(dead_code, reason = "the tests of the form use more of it")]
#[path = "../../form/tests/generate/mod.rs"]
mod generate;
mod read;

/// Texts that mean something to one of the languages.
const NASTY: [&str; 26] = [
    "'",
    "\"",
    "`",
    "\\",
    "\\\\'",
    "'\\''",
    "$(id)",
    "${HOME}",
    "$${x}",
    "%{if}",
    "%%{x}",
    "$$${",
    "\n",
    "\r\n",
    "\t",
    "\u{1}",
    "\u{7f}",
    "\u{85}",
    "\u{2028}\u{2029}",
    "\u{202e}",
    "\u{feff}",
    "EOF\n",
    "JSON\n)\"",
    "\\u0022",
    "*/",
    "\u{1f600}工作",
];

/// A secret that is looked for in everything that is written.
const MARKER: &str = "MARKERdXNlcjpwYXNz";

/// Puts texts into the texts of a body, and secrets where secrets belong.
fn spoil(value: &mut Value, nasty: &[(Index, &str)], count: &mut usize) {
    match value {
        Value::String(text) => {
            for (index, nasty) in nasty {
                if index.index(8) == *count % 8 {
                    text.push_str(nasty);
                }
            }
            *count += 1;
        }
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, nasty, count)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|value| spoil(value, nasty, count)),
        _ => {}
    }
}

fn body() -> impl Strategy<Value = Map<String, Value>> {
    let nasty = proptest::collection::vec((any::<Index>(), select(NASTY.to_vec())), 0..6);
    (generate::object(), nasty).prop_map(|(object, nasty)| {
        let mut value = Value::Object(object);
        spoil(&mut value, &nasty, &mut 0);
        let Value::Object(mut body) = value else {
            unreachable!("it was one")
        };
        body.insert("ImageAuth".to_owned(), MARKER.into());
        if let Some(Value::Object(variables)) = body.get_mut("EnvironmentVariables") {
            variables.insert("HF_TOKEN".to_owned(), MARKER.into());
            variables.insert(
                "harmless".to_owned(),
                "sk-0123456789MARKERdXNlcjpwYXNz".into(),
            );
        }
        body.insert(
            "Unknown".to_owned(),
            serde_json::json!({"Password": MARKER, "DbPassword": [MARKER]}),
        );
        body
    })
}

fn written(target: Target, body: &Map<String, Value>) -> Snippet {
    render(
        target,
        &Request {
            body,
            region: "cn-hangzhou",
            gateway: "",
            secrecy: &Secrecy::default(),
        },
    )
}

/// What was read back of a snippet. A secret is the text `secret:VARIABLE`.
fn read_back(target: Target, snippet: &Snippet) -> Value {
    let code = &*snippet.code;
    let behind = |begin: &str| {
        let at = code
            .find(begin)
            .unwrap_or_else(|| panic!("{target:?} lacks {begin}: {code}"));
        &code[at + begin.len()..]
    };
    let json = |text: &str| json::parse(text).unwrap_or_else(|error| panic!("{error:?}: {text}"));
    match target {
        Target::Json => json(code),
        Target::Ros => json(code)["Resources"]["DswInstance"]["Properties"].clone(),
        Target::Curl | Target::Aliyun | Target::AliyunPlugin => {
            json(&read_shell(behind("\nbody=")))
        }
        Target::Python => read_value(Language::Python, behind("\nbody = ")),
        Target::PythonTyped => read_value(Language::Python, behind("\nrequest = ")),
        Target::TypeScript => read_value(Language::TypeScript, behind("const body = ")),
        Target::TypeScriptTyped => read_value(Language::TypeScript, behind("const request = ")),
        Target::Go => read_value(Language::Go, behind("request := ")),
        Target::Java => read_value(Language::Java, behind("CreateInstanceRequest request = ")),
        Target::Terraform => read_value(Language::Hcl, behind("dsw_body = ")),
    }
}

/// What is known of a comparison.
struct Compared<'a> {
    snippet: &'a Snippet,
    /// Members that the notes say are left out.
    left_out: BTreeSet<&'a str>,
}

impl Compared<'_> {
    fn same(&self, body: &Value, read: &Value, path: &str) {
        if let Some(variable) = secret(read) {
            let found = self
                .snippet
                .secrets
                .iter()
                .find(|secret| secret.variable == variable);
            assert_eq!(
                found.map(|secret| &*secret.member),
                Some(path),
                "{variable}"
            );
            return;
        }
        match (body, read) {
            (Value::Object(body), Value::Object(read)) => {
                let mut expected = 0;
                for (name, value) in body {
                    let path = crate::tree::member(path, name);
                    if !self.left_out.contains(&*path) {
                        expected += 1;
                        let read = read
                            .get(name)
                            .unwrap_or_else(|| panic!("{path} is missing: {}", self.snippet.code));
                        self.same(value, read, &path);
                    }
                }
                assert_eq!(read.len(), expected, "{path}: {read:?}");
            }
            (Value::Array(body), Value::Array(read)) => {
                let rows = body
                    .iter()
                    .enumerate()
                    .map(|(row, value)| (value, crate::tree::item(path, row)));
                let rows: Vec<_> = rows
                    .filter(|(_, path)| !self.left_out.contains(&**path))
                    .collect();
                assert_eq!(rows.len(), read.len(), "{path}");
                for ((value, path), read) in rows.into_iter().zip(read) {
                    self.same(value, read, &path);
                }
            }
            _ => assert_eq!(body, read, "{path}"),
        }
    }
}

/// The variable that a value is looked up in.
fn secret(read: &Value) -> Option<&str> {
    match read {
        Value::String(text) => text
            .strip_prefix("secret:")
            .or_else(|| text.strip_prefix("${")?.strip_suffix('}'))
            .filter(|variable| variable.starts_with("DSW_")),
        Value::Object(members) if members.len() == 1 => {
            let variable = members.get("Ref")?.as_str()?;
            variable.starts_with("DSW_").then_some(variable)
        }
        _ => None,
    }
}

/// A value without its secrets: in their place nothing is set.
fn without(value: &Value, path: &str, secrets: &BTreeSet<&str>) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().filter_map(|(name, value)| {
                let path = crate::tree::member(path, name);
                let is_kept = !secrets.contains(&*path);
                is_kept.then(|| (name.clone(), without(value, &path, secrets)))
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => {
            let rows = items.iter().enumerate().map(|(row, value)| {
                let path = crate::tree::item(path, row);
                if secrets.contains(&*path) {
                    return "".into();
                }
                without(value, &path, secrets)
            });
            Value::Array(rows.collect())
        }
        other => other.clone(),
    }
}

/// What a snippet is taken for when it is pasted.
fn source(target: Target, code: &str) -> Source {
    match target {
        Target::Json => Source::Body,
        Target::Curl => Source::Curl,
        Target::AliyunPlugin if code.contains(" create-instance ") => Source::AliyunPlugin,
        Target::Aliyun | Target::AliyunPlugin => Source::Aliyun,
        Target::PythonTyped | Target::Python => Source::Python,
        Target::TypeScript | Target::TypeScriptTyped => Source::TypeScript,
        Target::Go => Source::Go,
        Target::Java => Source::Java,
        Target::Ros => Source::Ros,
        Target::Terraform => Source::Terraform,
    }
}

/// The one request that a snippet is pasted as.
fn pasted(target: Target, snippet: &Snippet) -> Document {
    let read = anything::read(&snippet.code);
    let mut documents =
        read.unwrap_or_else(|error| panic!("{target:?}: {error:?}: {}", snippet.code));
    assert_eq!(documents.len(), 1, "{target:?}: {}", snippet.code);
    documents.remove(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn f38_what_is_pasted_back_is_the_request_again(mut body in body()) {
        // The places of what is in it are written as those of what is beside it.
        body.shift_remove("");
        let secrets = written(Target::Json, &body).secrets;
        let places: BTreeSet<_> = secrets.iter().map(|secret| &*secret.member).collect();
        let Value::Object(expected) = without(&Value::Object(body.clone()), "", &places) else {
            unreachable!("it is an object")
        };
        let draft = from_object(expected).draft;
        let secrets: BTreeSet<_> = secrets.iter().map(|it| (it.member.clone(), Some(it.variable.clone()))).collect();
        for target in Target::ALL {
            let snippet = written(target, &body);
            let document = pasted(target, &snippet);
            prop_assert_eq!(document.source, source(target, &snippet.code));
            prop_assert_eq!(
                document.import.draft.body().to_string(),
                draft.body().to_string(),
                "{:?}: {}", target, &snippet.code
            );
            prop_assert_eq!(&document.import.draft, &draft);
            let told = document.absent.iter();
            let told = told.map(|absent| (absent.member.name(ROOT), absent.variable.clone()));
            prop_assert_eq!(told.collect::<BTreeSet<_>>(), secrets.clone(), "{:?}: {}", target, &snippet.code);
            let is_beside = |ignored: &Ignored| ignored.why == Why::Beside;
            prop_assert!(!document.ignored.iter().any(is_beside), "{target:?}: {:?}", document.ignored);
            prop_assert!(document.repaired.is_empty(), "{target:?}: {:?}", document.repaired);
            let has_region = !matches!(target, Target::Json | Target::Ros);
            prop_assert_eq!(document.region.as_deref(), has_region.then_some("cn-hangzhou"), "{:?}: {}", target, &snippet.code);
        }
    }

    #[test]
    fn f48_s18_every_literal_is_read_back_as_the_body(body in body()) {
        let whole = Value::Object(body.clone());
        for target in Target::ALL {
            let snippet = written(target, &body);
            let notes = snippet.notes.iter();
            let left_out = notes.filter(|note| note.text.starts_with("Left out"));
            let left_out: BTreeSet<_> = left_out.flat_map(|note| &note.members).map(String::as_str).collect();
            let says_all = matches!(
                target,
                Target::Json | Target::Curl | Target::Aliyun | Target::AliyunPlugin | Target::Python
                    | Target::TypeScript | Target::Terraform
            );
            prop_assert!(!says_all || left_out.is_empty(), "{target:?} leaves out {left_out:?}");
            let compared = Compared { snippet: &snippet, left_out };
            compared.same(&whole, &read_back(target, &snippet), "");

            prop_assert!(!snippet.code.contains("MARKER"), "F49: {target:?} gives the secret away");
            let notes: String = snippet.notes.iter().map(crate::Note::line).collect();
            prop_assert!(!notes.contains("MARKER"), "F49: {target:?} tells the secret");

            let spans = spans(snippet.language, &snippet.code);
            let joined: String = spans.iter().map(|(_, text)| *text).collect();
            prop_assert_eq!(&joined, &snippet.code);
            let hidden = |c: char| c != '\n' && c != '\t' && crate::text::is_hidden(c);
            prop_assert!(!snippet.code.contains(hidden), "{target:?}: what is not seen is escaped");
        }
    }

    #[test]
    fn any_text_is_highlighted_and_none_of_it_lost(text in any::<String>(), index in any::<Index>()) {
        let target = Target::ALL[index.index(Target::ALL.len())];
        let spans = spans(target.language(), &text);
        prop_assert!(spans.iter().all(|(_, text)| !text.is_empty()));
        let joined: String = spans.iter().map(|(_, text)| *text).collect();
        prop_assert_eq!(joined, text);
    }
}

fn of(target: Target, body: &Value) -> Snippet {
    written(target, body.as_object().expect("it is an object"))
}

#[test]
fn f46_every_target_has_a_word_a_package_and_a_name() {
    for target in Target::ALL {
        assert_eq!(Target::find(target.word(), target.typed()), Some(target));
        assert!(target == Target::Json || target.package().contains(|c: char| c.is_ascii_digit()));
        let snippet = of(target, &serde_json::json!({"InstanceName": "a"}));
        assert_eq!(snippet.file_name, target.file_name());
        assert!(
            snippet.code.ends_with('\n') && !snippet.code.contains("\n\n\n"),
            "{}",
            snippet.code
        );
        let version = target.package().rsplit(' ').next().unwrap_or_default();
        let names_its_version = snippet.code.contains(version);
        assert!(names_its_version, "{target:?} does not name {version}");
    }
    assert_eq!(Target::find("python", None), Some(Target::PythonTyped));
    assert_eq!(Target::find("typescript", None), Some(Target::TypeScript));
    assert_eq!(Target::find("cobol", None), None);
}

#[test]
fn f46_ros_takes_what_its_type_has_and_tells_the_rest() {
    let body = serde_json::json!({
        "InstanceName": "a", "ImageId": "image-1", "EnvironmentVariables": {"HF_TOKEN": MARKER, "Ref": "x"},
        "Datasets": [{"DatasetId": "d-1", "Uri": "oss://b/"}],
    });
    let snippet = of(Target::Ros, &body);
    let template: Value = serde_json::from_str(&snippet.code).expect("it is JSON");
    assert_eq!(
        template["Resources"]["DswInstance"],
        serde_json::json!({
            "Type": "ALIYUN::PaiDswApi::Instance",
            "Properties": {
                "InstanceName": "a",
                "EnvironmentVariables": {"HF_TOKEN": {"Ref": "DSW_HF_TOKEN"}, "Ref": "x"},
                "Datasets": [{"DatasetId": "d-1"}],
            },
        })
    );
    assert_eq!(
        template["Metadata"],
        serde_json::json!({"LeftOutOfTheRequest": {"/ImageId": "image-1", "/Datasets/0/Uri": "oss://b/"}})
    );
    assert_eq!(
        template["Parameters"],
        serde_json::json!({"DSW_HF_TOKEN": {"Type": "String", "NoEcho": true}})
    );
    let told: Vec<_> = snippet
        .notes
        .iter()
        .map(|note| note.members.join(" "))
        .collect();
    assert_eq!(
        told,
        [
            "ImageId Datasets[0].Uri",
            "EcsSpec ImageUrl",
            "EnvironmentVariables.Ref",
            ""
        ]
    );
}

#[test]
fn f46_typed_code_carries_what_the_models_do_not_have() {
    let body = serde_json::json!({
        "InstanceName": "a", "New/er": {"DbPassword": MARKER, "b": ["\u{5de5}\u{2028}\\u000a", null]},
        "Datasets": [{"Uri": "oss://b/", "Newer": 1.5}],
    });
    for (target, begin, text) in [
        (Target::PythonTyped, "# ", "\u{5de5}\\u2028\\\\u000a"),
        (Target::TypeScriptTyped, "  // ", "\u{5de5}\\u2028\\\\u000a"),
        (Target::Go, "\t// ", "\u{5de5}\\u2028\\\\u000a"),
        // Java reads escapes in comments too, and may take the file for another encoding.
        (Target::Java, "        // ", "\\u5de5\\u2028\\\\u000a"),
    ] {
        let snippet = of(target, &body);
        let lines = snippet.code.lines();
        let told: Vec<_> = lines.filter(|line| line.contains("Left out")).collect();
        let expected = [
            format!(
                "{begin}Left out of the request: {{\"/New~1er\": {{ \"DbPassword\": \"${{DSW_DB_PASSWORD}}\", \"b\": [ \"{text}\", null ] }}}}"
            ),
            format!("{begin}Left out of the request: {{\"/Datasets/0/Newer\": 1.5}}"),
        ];
        assert_eq!(told, expected, "{target:?}");
        assert_eq!(snippet.secrets, [], "{target:?}: the program reads none");
        if target == Target::Java {
            assert!(snippet.code.is_ascii());
        }
    }
    let body = serde_json::json!({"InstanceName": "a"});
    for target in Target::ALL {
        let code = of(target, &body).code;
        assert!(
            !code.contains("Left") && !code.contains("Metadata"),
            "{code}"
        );
    }
}

#[test]
fn programs_check_success_and_try_once() {
    let body = serde_json::json!({"InstanceName": "a"});
    for target in Target::ALL {
        if matches!(target, Target::Json | Target::Ros) {
            continue;
        }
        let code = of(target, &body).code;
        assert!(code.to_lowercase().contains("success"), "{target:?}");
        assert!(!code.to_lowercase().contains("retry"), "{target:?}");
    }
}

/// The beginning of a key that nobody is to see, in two parts, so that no tool takes this file for one.
const PRIVATE_KEY: &str = concat!("-----BEGIN OPENSSH PRIVATE ", "KEY-----\nMARKER\n");

/// Bodies with a secret, each in another kind of place.
fn secretive() -> [Value; 13] {
    use serde_json::json;
    [
        json!({"apiToken": {"deep": MARKER}}),
        json!({"Credentials": {"user": "u", "value": MARKER}}),
        json!({"Passwords": [{"v": MARKER}]}),
        json!({"Passwords": [[MARKER], 7, null, true]}),
        json!({"EnvironmentVariables": {"DB_PASSWORD": {"a": MARKER}}}),
        json!({"EnvironmentVariables": {"DB_PASSWORD": [{"a": MARKER}]}}),
        json!({"Datasets": [{"Options": json!({"accessKeySecret": MARKER}).to_string()}]}),
        json!({"UserCommand": {"OnStart": {"Content": format!("export HF_TOKEN={MARKER}")}}}),
        json!({"CredentialConfig": format!("password={MARKER}")}),
        json!({"UserVpc": {"ForwardInfos": [{"SSHPublicKey": PRIVATE_KEY}]}}),
        json!({"Labels": [{"Key": "a", "Value": "ghp_0123456789MARKERabcd"}]}),
        json!({"Priority": format!("--password={MARKER}")}),
        json!({"UserVpc": format!("DB_PASSWORD={MARKER}")}),
    ]
}

#[test]
fn f49_s18_no_secret_of_any_place_is_written() {
    for body in secretive() {
        for target in Target::ALL {
            let snippet = of(target, &body);
            let notes: String = snippet.notes.iter().map(crate::Note::line).collect();
            for shown in [&*snippet.code, &notes, snippet.file_name] {
                assert!(!shown.contains("MARKER"), "{target:?} of {body}: {shown}");
            }
        }
    }
}

#[test]
fn f38_f49_what_is_pasted_back_tells_each_secret() {
    for body in secretive() {
        for target in Target::ALL {
            let snippet = of(target, &body);
            let secrets = of(Target::Json, &body).secrets;
            let expected: Vec<_> = secrets.iter().map(|secret| &*secret.variable).collect();
            let document = pasted(target, &snippet);
            let told: Vec<_> = document
                .absent
                .iter()
                .filter_map(|absent| absent.variable.as_deref())
                .collect();
            assert_eq!(told, expected, "{target:?}: {}", snippet.code);
        }
    }
}

#[test]
fn variables_that_scripts_have_are_not_given_to_secrets() {
    let mut secrecy = Secrecy::default();
    for name in ["REGION", "BODY"] {
        secrecy.say(name, true);
    }
    let body = serde_json::json!({
        "EnvironmentVariables": {"GATEWAY_TOKEN": "a", "REGION": "b", "BODY": "c", "BODY_2": "sk-0123456789abcdef"},
    });
    let request = Request {
        body: body.as_object().expect("it is one"),
        region: "cn-hangzhou",
        gateway: "",
        secrecy: &secrecy,
    };
    for target in Target::ALL {
        let snippet = render(target, &request);
        let variables = snippet.secrets.iter().map(|secret| &*secret.variable);
        assert_eq!(
            variables.collect::<Vec<_>>(),
            [
                "DSW_GATEWAY_TOKEN_2",
                "DSW_REGION_2",
                "DSW_BODY_2",
                "DSW_BODY_2_2"
            ],
            "{target:?}"
        );
    }
}

#[test]
fn many_secrets_of_one_name_take_no_longer_than_they_should() {
    let body = serde_json::json!({"Passwords": vec!["a"; 20_000]});
    let begun = std::time::Instant::now();
    let snippet = of(Target::Curl, &body);
    assert_eq!(snippet.secrets[19_999].variable, "DSW_PASSWORDS_20000");
    // With a search from the first number on it took minutes.
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[test]
fn variables_are_secret_as_the_person_says() {
    let body = serde_json::json!({"EnvironmentVariables": {"HF_TOKEN": "a", "PLAIN": "b"}});
    let mut secrecy = Secrecy::default();
    secrecy.say("HF_TOKEN", false);
    secrecy.say("PLAIN", true);
    let snippet = render(
        Target::Python,
        &Request {
            body: body.as_object().expect("it is one"),
            region: "cn-hangzhou",
            gateway: "",
            secrecy: &secrecy,
        },
    );
    assert!(snippet.code.contains(r#""HF_TOKEN": "a""#));
    assert!(snippet.code.contains(r#""PLAIN": os.environ["DSW_PLAIN"]"#));
}

#[test]
fn secrets_of_one_name_have_variables_of_their_own_and_empty_ones_are_none() {
    let body = serde_json::json!({
        "ImageAuth": "", "A": {"Password": "x"}, "B": {"Password": "y"}, "C": {"Password": 7},
    });
    let snippet = of(Target::Python, &body);
    let variables: Vec<_> = snippet
        .secrets
        .iter()
        .map(|secret| &*secret.variable)
        .collect();
    assert_eq!(
        variables,
        ["DSW_PASSWORD", "DSW_PASSWORD_2", "DSW_PASSWORD_3"]
    );
    assert!(snippet.code.contains(r#""ImageAuth": """#));
    assert_eq!(
        snippet.notes[0].members,
        ["C.Password"],
        "a number becomes text"
    );
}

#[test]
fn a_secret_that_is_left_out_needs_no_variable() {
    let body = serde_json::json!({"Unknown": {"HF_TOKEN": "x"}, "EnvironmentVariables": {"HF_TOKEN": "y"}});
    for (target, variables) in [
        (Target::Python, vec!["DSW_HF_TOKEN", "DSW_HF_TOKEN_2"]),
        (Target::PythonTyped, vec!["DSW_HF_TOKEN_2"]),
    ] {
        let snippet = of(target, &body);
        let secrets = snippet.secrets.iter();
        assert_eq!(
            secrets.map(|secret| &*secret.variable).collect::<Vec<_>>(),
            variables
        );
    }
}

#[test]
fn the_plugin_says_flags_or_why_not() {
    let body = serde_json::json!({
        "WorkspaceId": "40823", "Priority": 1, "ImageAuth": "dTpw",
        "Datasets": [{"DatasetId": "d-1", "Dynamic": false}],
        "UserVpc": {"VpcId": "vpc-1", "ExtendedCIDRs": ["10.0.0.0/8"]},
        "EnvironmentVariables": {"userName": "Chris"},
    });
    let snippet = of(Target::AliyunPlugin, &body);
    for flag in [
        "--workspace-id 40823",
        "--priority 1",
        "--image-auth \"$DSW_IMAGE_AUTH\"",
        "--datasets DatasetId=d-1 Dynamic=false",
        "--user-vpc '{\n",
        "--environment-variables userName=Chris",
    ] {
        assert!(snippet.code.contains(flag), "{flag}: {}", snippet.code);
    }
    assert!(!snippet.code.contains("--body"));
    for unsaid in [
        serde_json::json!({"Datasets": [{"DatasetId": "d-1"}, {"DatasetId": "d-2"}]}),
        serde_json::json!({"Datasets": [{"Options": "{\"a\":\"b\"}"}]}),
        serde_json::json!({"InstanceName": "--force"}),
        serde_json::json!({"Unknown": 1}),
        serde_json::json!({"EnvironmentVariables": {"A": "b c"}}),
    ] {
        let snippet = of(Target::AliyunPlugin, &unsaid);
        assert!(snippet.code.contains("--body"), "{}", snippet.code);
        let name = unsaid
            .as_object()
            .and_then(|body| body.keys().next())
            .expect("one member");
        assert_eq!(snippet.notes[0].members, [name.as_str()]);
    }
}

#[test]
fn what_is_not_exact_is_told() {
    let body = serde_json::json!({"Unknown": [0.1, 1]});
    let long = json::parse(r#"{"Unknown": 12345678901234567890123}"#).expect("it is JSON");
    for (target, tells) in [
        (Target::Json, false),
        (Target::Curl, false),
        (Target::Python, false),
        (Target::TypeScript, true),
        (Target::Terraform, false),
    ] {
        let tells_of = |body| {
            of(target, body)
                .notes
                .iter()
                .any(|note| note.text.contains("longer than"))
        };
        assert!(!tells_of(&body), "{target:?}");
        assert_eq!(tells_of(&long), tells, "{target:?}");
    }
}

#[test]
fn what_is_too_long_for_a_program_or_a_class_is_told() {
    use serde_json::json;
    let tells = |target: Target, body: &Value, text: &str| {
        let notes = of(target, body).notes;
        notes.iter().any(|note| note.text.contains(text))
    };
    let long = json!({"UserVpc": {"ExtendedCIDRs": ["a".repeat(140_000)]}});
    let description = json!({"InstanceName": "a".repeat(140_000)});
    let several = json!({"InstanceName": "a".repeat(70_000), "EcsSpec": "a".repeat(70_000)});
    for (target, body, is_told) in [
        (Target::Aliyun, &long, true),
        (Target::AliyunPlugin, &long, true),
        (Target::AliyunPlugin, &description, true),
        // Each flag is an argument of its own.
        (Target::AliyunPlugin, &several, false),
        (Target::Aliyun, &several, true),
        (Target::Terraform, &several, true),
        (
            Target::Terraform,
            &json!({"InstanceName": "a".repeat(100_000)}),
            false,
        ),
        (Target::Curl, &long, false),
    ] {
        assert_eq!(tells(target, body, "128 KiB"), is_told, "{target:?}");
    }
    for (letter, count, is_told) in [
        ("a", 65_535, false),
        ("a", 65_536, true),
        ("\u{e9}", 32_767, false),
        ("\u{e9}", 32_768, true),
        ("\u{5de5}", 21_845, false),
        ("\u{5de5}", 21_846, true),
        ("\u{1f600}", 10_922, false),
        ("\u{1f600}", 10_923, true),
        ("\0", 32_768, true),
    ] {
        let body = json!({"InstanceName": letter.repeat(count)});
        assert_eq!(
            tells(Target::Java, &body, "Longer than Java"),
            is_told,
            "{letter:?} {count}"
        );
    }
}

#[test]
fn the_python_sdk_adds_empty_lists_and_that_is_told() {
    let body =
        serde_json::json!({"UserVpc": {"VpcId": "vpc-1"}, "DynamicMount": {"MountPoints": [{}]}});
    let note = of(Target::PythonTyped, &body).notes;
    assert_eq!(note[0].members, ["UserVpc.ForwardInfos"]);
    assert!(of(Target::Python, &body).notes.is_empty());
}

#[test]
fn every_member_of_the_model_can_be_typed() {
    fn example(kind: Kind) -> Value {
        match kind {
            Kind::Text => "a".into(),
            Kind::Secret => MARKER.into(),
            Kind::Integer => 1.into(),
            Kind::Boolean => true.into(),
            Kind::Json => serde_json::json!({"a": [1]}),
            Kind::Struct(descriptor) => {
                let members = descriptor.fields.iter();
                Value::Object(
                    members
                        .map(|field| (field.wire.to_owned(), example(field.kind)))
                        .collect(),
                )
            }
            Kind::List(item) => vec![example(*item)].into(),
            Kind::Map(item) => serde_json::json!({"k": example(*item)}),
        }
    }
    let body = example(Kind::Struct(CreateInstanceRequest::DESCRIPTOR));
    for target in [
        Target::PythonTyped,
        Target::TypeScriptTyped,
        Target::Go,
        Target::Java,
    ] {
        let snippet = of(target, &body);
        assert!(
            !snippet
                .notes
                .iter()
                .any(|note| note.text.starts_with("Left out")),
            "{target:?}"
        );
        let compared = Compared {
            snippet: &snippet,
            left_out: BTreeSet::new(),
        };
        compared.same(&body, &read_back(target, &snippet), "");
    }
}
