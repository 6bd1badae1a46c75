//! The gateway's verdict is the page's, on the same bytes (S13, G15).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use dsw_form::draft::ROOT;
use dsw_form::import::{ImportError, import};
use dsw_form::print;
use dsw_form::review::review;
use dsw_gateway::error::Finding;
use dsw_gateway::judge::{self, LIMITS, MAX_BYTES, Refusal, judge};
use dsw_model::amount::Amount;
use dsw_model::json::{self, Problem};
use dsw_model::path::{Path, Step};
use dsw_model::policy::{Policy, RULES};
use dsw_model::rules::{Context, Price, Severity};
use proptest::prelude::*;
use serde_json::{Map, Value};

#[path = "../../form/tests/generate/mod.rs"]
#[allow(dead_code, reason = "made for the properties of drafts")]
mod generate;

/// What a page finds that takes the text in: rule, severity, pointer.
fn page(text: &str, context: &Context) -> Vec<(String, Severity, String)> {
    let draft = import(text).expect("a request").draft;
    let body: Value = json::parse(text).expect("JSON");
    let review = review(&draft, context);
    let found = review.diagnostics.iter();
    found
        .map(|it| (it.code.to_owned(), it.severity, pointer(it.path(), &body)))
        .collect()
}

/// The pointer of a path, step by step: a row of a map is the member at that place.
fn pointer(path: &Path, body: &Value) -> String {
    let mut pointer = String::new();
    for count in 1..=path.steps().len() {
        let here = path.prefix(count);
        let step = match (path.steps()[count - 1].clone(), body.pointer(&pointer)) {
            (Step::Row(row), Some(Value::Object(members))) => {
                let name = members
                    .keys()
                    .nth(row as usize)
                    .expect("as many members as rows");
                name.replace('~', "~0").replace('/', "~1")
            }
            (Step::Row(row), _) => row.to_string(),
            (Step::Key(key), _) => key.replace('~', "~0").replace('/', "~1"),
            (Step::Field(_), _) => here.field(ROOT).expect("a field").wire.to_owned(),
        };
        pointer.push('/');
        pointer.push_str(&step);
    }
    pointer
}

fn gateway(text: &str, context: &Context) -> Vec<(String, Severity, String)> {
    let judged = judge(text.as_bytes(), context).expect("a request");
    let severity = |finding: &Finding| match finding.severity {
        "error" => Severity::Error,
        _ => Severity::Warning,
    };
    let found = judged.findings.iter();
    found
        .map(|it| {
            (
                it.rule.expect("a rule").to_owned(),
                severity(it),
                it.pointer.clone(),
            )
        })
        .collect()
}

/// Without anything known, in a region, and under the policy of a team.
fn contexts() -> [Context; 3] {
    let price = Price {
        amount: Amount::whole(1000),
        currency: "CNY".to_owned(),
    };
    [
        Context::default(),
        Context {
            region: Some("cn-hangzhou".to_owned()),
            ..Context::default()
        },
        Context {
            region: Some("cn-beijing".to_owned()),
            prices: [("ecs.c6.large".to_owned(), price)].into(),
            policy: Some(&*POLICY),
            ..Context::default()
        },
    ]
}

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    Policy::parse(include_str!("../../../docs/policy.example.json")).expect("the example")
});

/// All bodies that the page's own tests know, each of which breaks its rule.
#[test]
fn g15_the_verdict_is_the_pages_for_each_rule() {
    let cases: Value = serde_json::from_str(include_str!(
        "../../../tests/end_to_end/fixtures/rules.json"
    ))
    .expect("JSON");
    let cases = cases.as_array().expect("a list");
    assert!(cases.len() > 90);
    for case in cases {
        for body in [&case["body"], &case["mended"]] {
            let Value::Object(_) = body else { continue };
            for context in contexts() {
                assert_eq!(
                    gateway(&body.to_string(), &context),
                    page(&body.to_string(), &context)
                );
            }
        }
        let id = case["id"].as_str().expect("an id");
        let found = gateway(&case["body"].to_string(), &Context::default());
        let is_draft_only = case.get("typed").is_some();
        assert!(
            is_draft_only || found.iter().any(|(rule, ..)| rule == id) || needs_more(id),
            "{id}: {found:?}"
        );
    }
}

/// A body for each rule of a team's policy.
#[test]
fn g15_the_verdict_is_the_pages_under_a_policy() {
    let contexts = contexts();
    let mut broken = BTreeSet::new();
    for body in [
        r#"{"WorkspaceId":"1","EcsSpec":"ecs.r7.large","ImageId":"m-1","ImageUrl":"r.example.com/a"}"#,
        r#"{"EcsSpec":"ecs.c6.large","ecsSpec":"ecs.r7.large","Labels":[{"Key":"team","Value":"x"}]}"#,
        r#"{"Accessibility":"PUBLIC","ResourceId":"q","Tag":[{"Key":"owner"}],"Datasets":[{},{"MountAccess":"RW"}]}"#,
        r#"{"Accessibility":5,"resourceid":"q","Labels":{},"Datasets":[7,{"mountaccess":"RW"}]}"#,
    ] {
        for context in &contexts {
            let found = gateway(body, context);
            assert_eq!(found, page(body, context));
            broken.extend(found.into_iter().map(|(rule, ..)| rule));
        }
    }
    let never: Vec<_> = RULES
        .iter()
        .filter(|rule| !broken.contains(**rule))
        .collect();
    assert_eq!(never, [&"P00"], "no body breaks these");
}

/// Rules that need to know what only pickers know, or what is only typed.
fn needs_more(id: &str) -> bool {
    ["R15", "R16", "R68", "R114"].contains(&id)
}

fn cases() -> ProptestConfig {
    ProptestConfig {
        // A case that fails becomes a test of its own.
        failure_persistence: None,
        ..ProptestConfig::with_cases(300)
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn g15_the_verdict_is_the_pages_for_random_bodies(object in generate::object(), context in 0..3_usize) {
        let text = Value::Object(object).to_string();
        let context = &contexts()[context];
        prop_assume!(judge(text.as_bytes(), context).is_ok());
        let found = gateway(&text, context);
        prop_assert_eq!(&found, &page(&text, context));
        let body: Value = json::parse(&text).expect("JSON");
        for (rule, _, pointer) in &found {
            prop_assert!(leads(&body, pointer), "{} at {}", rule, pointer);
        }
    }

    /// What the page prints and sends is judged as the page has judged it. Names that are empty are not sent.
    #[test]
    fn g15_what_the_page_sends_is_judged_as_on_the_page(object in generate::object()) {
        let context = Context::default();
        let draft = dsw_form::import::from_object(object).draft;
        let sent = print::pretty(&draft.body());
        prop_assume!(judge(sent.as_bytes(), &context).is_ok());
        let on_page = review(&draft, &context).diagnostics;
        prop_assume!(on_page.iter().all(|it| it.code != "R68"));
        let body = json::parse(&sent).expect("JSON");
        let on_page = on_page.iter().map(|it| (it.code.to_owned(), it.severity, pointer(it.path(), &body)));
        prop_assert_eq!(gateway(&sent, &context), on_page.collect::<Vec<_>>());
    }

    #[test]
    fn s13_any_bytes_are_judged_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = judge(&bytes, &Context::default()).map_err(Refusal::into_error);
    }

    #[test]
    fn s13_any_text_like_json_is_judged_without_a_panic(text in r#"[\[\]{}",:0-9eE.\\untrfals \n名-]{0,60}"#) {
        let _ = judge(text.as_bytes(), &Context::default()).map_err(Refusal::into_error);
    }

    /// Rule 3: what is written otherwise is the same, and what is other is not.
    #[test]
    fn a_fingerprint_is_of_the_members_and_not_of_their_order(object in generate::object()) {
        let context = Context::default();
        let print = |value: &Map<String, Value>| {
            let text = print::pretty(&Value::Object(value.clone()));
            judge(text.as_bytes(), &context).ok().map(|it| it.fingerprint("CreateInstance", "cn-hangzhou"))
        };
        let reversed: Map<_, _> = object.clone().into_iter().rev().collect();
        prop_assert_eq!(print(&object), print(&reversed));
        let mut other = object.clone();
        other.insert("One more".to_owned(), Value::Null);
        prop_assert!(print(&object).is_none() || print(&object) != print(&other));
    }
}

/// Whether a pointer leads to a value of the body, or to a member that an object of it lacks.
fn leads(body: &Value, pointer: &str) -> bool {
    let mut here = body;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        here = match here {
            Value::Object(members) => match members.get(&step) {
                Some(inner) => inner,
                None => return true,
            },
            Value::Array(items) => match step.parse().ok().and_then(|row: usize| items.get(row)) {
                Some(inner) => inner,
                None => return false,
            },
            // A group that is null or empty text is not set, and what it lacks is missing.
            Value::Null => return true,
            _ => return false,
        };
    }
    true
}

/// S13: what is no strict JSON object is refused with its place, and nothing of its values is told.
#[test]
fn s13_what_is_not_strict_is_refused_with_its_place() {
    let long = "a".repeat(5_000);
    let twice = format!(r#"{{"Labels":[{{"hunter2":1,"{long}":2,"{long}":3}}]}}"#);
    for (text, pointer, place, words) in [
        (
            r#"{"a":"hunter2","\u0061":1}"#,
            "/a",
            (1, 16),
            "a name stands twice",
        ),
        (
            "{\"EnvironmentVariables\":{\"A\":\"hunter2\",\n\"A\":1}}",
            "/EnvironmentVariables/A",
            (2, 1),
            "first in line 1",
        ),
        (&twice, "/Labels/0", (1, 5_030), "a name stands twice"),
        ("{\"a\":NaN}", "/a", (1, 6), "a value is expected"),
        (
            "{\"a\":1/*hunter2*/}",
            "",
            (1, 7),
            "a comma or a closing bracket",
        ),
        ("{\"a\":01}", "/a", (1, 6), "a number is not written"),
        ("{} hunter2", "", (1, 4), "follows the end"),
        ("{\"a\":\"hunter2", "/a", (1, 6), "a closing quote"),
        ("\u{feff}{}", "", (1, 1), "a value is expected"),
        ("[\"hunter2\"]", "", (1, 1), "this is an array"),
        ("", "", (1, 1), "ends too early"),
    ] {
        let refusal = judge(text.as_bytes(), &Context::default()).expect_err(text);
        assert_eq!((refusal.line, refusal.column), place, "{words}");
        let error = refusal.into_error();
        assert_eq!(error.code.as_str(), "BAD_JSON");
        assert_eq!(error.findings[0].pointer, pointer);
        let told = String::from_utf8(error.to_json("r")).expect("text");
        assert!(told.contains(words), "{told}");
        assert!(!told.contains("hunter2"), "S20: {told}");
        assert!(told.len() < 1_000);
    }
    let refusal = judge(b"{\"a\":\n\"\xff\"}", &Context::default()).expect_err("no text");
    assert_eq!(
        (refusal.line, refusal.column, &*refusal.pointer),
        (2, 2, "/a")
    );
    assert!(matches!(refusal.error, ImportError::NotUtf8 { .. }));
}

/// S11: just below each limit, and just above.
#[test]
fn s11_limits_of_a_body() {
    let problem = |text: &str| match judge(text.as_bytes(), &Context::default()) {
        Err(Refusal {
            error: ImportError::Json(error),
            ..
        }) => Some(error.problem),
        Err(Refusal { error, .. }) => panic!("{error}"),
        Ok(_) => None,
    };
    let nested = |depth: usize| {
        format!(
            "{{\"a\":{}0{}}}",
            "[".repeat(depth - 1),
            "]".repeat(depth - 1)
        )
    };
    assert_eq!(problem(&nested(LIMITS.depth)), None);
    assert_eq!(problem(&nested(LIMITS.depth + 1)), Some(Problem::TooDeep));
    let wide = |members: usize| format!("{{\"a\":[0{}]}}", ",0".repeat(members - 2));
    assert_eq!(problem(&wide(LIMITS.members)), None);
    assert_eq!(problem(&wide(LIMITS.members + 1)), Some(Problem::TooMany));
    let long = |bytes: usize| format!("{{\"a\":\"{}\"}}", "a".repeat(bytes - 8));
    assert_eq!(problem(&long(MAX_BYTES)), None);
    let refusal = judge(long(MAX_BYTES + 1).as_bytes(), &Context::default()).expect_err("too long");
    assert_eq!(refusal.into_error().code.as_str(), "BODY_TOO_LARGE");
}

/// S20: an answer stays below 64 KiB, whatever is found, and errors come first.
#[test]
fn s20_an_answer_is_bounded() {
    let long = "n\\u0001".repeat(150);
    let members: Vec<_> = (0..800).map(|n| format!("\"{long}{n}\":{{}}")).collect();
    let text = format!("{{{},\"Priority\":\"x\"}}", members.join(","));
    let judged = judge(text.as_bytes(), &Context::default()).expect("a request");
    assert!(judged.findings.len() > 800);
    let error = judge::refused(judged.findings);
    assert_eq!(error.findings[0].severity, "error");
    assert!(error.findings.iter().any(|it| it.severity == "warning"));
    let length = error.to_json("r").len();
    assert!(length < 64 << 10, "{length}");
}
