//! S09: signatures are those that the service expects.

#![allow(clippy::unwrap_used, reason = "a test that cannot begin fails")]

use std::io::Write;
use std::process::{Command, Stdio};

use dsw_gateway::credentials::{Credentials, Malformed};
use dsw_gateway::sign::{Request, Signed, sign};
use http::Method;
use jiff::Timestamp;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use proptest::{collection, option, prop_oneof, sample};
use serde_json::{Value, json};

fn header<'a>(signed: &'a Signed, name: &str) -> Option<&'a str> {
    let found = signed.headers.iter().find(|(header, _)| header == name);
    found.map(|(_, value)| value.to_str().unwrap())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn s09_every_vector_of_the_vendors_sdk_is_reproduced() {
    let file: Value = serde_json::from_str(include_str!("data/signing-vectors.json")).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 12);
    for vector in vectors {
        let name = text(&vector["name"]);
        let expected = &vector["minimal"];
        let credentials = Credentials::new(
            text(&vector["accessKeyId"]).to_owned(),
            text(&vector["accessKeySecret"]).to_owned(),
            vector["securityToken"].as_str().map(str::to_owned),
        )
        .unwrap();
        let body = match vector["bodyBytesHex"].as_str() {
            Some(bytes) => hex::decode(bytes).unwrap(),
            None => vector["body"].as_str().unwrap_or("").as_bytes().to_vec(),
        };
        let pairs = vector["queryPairs"].as_object().unwrap();
        let query: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), text(v))).collect();
        let request = Request {
            method: &text(&vector["method"]).parse::<Method>().unwrap(),
            host: text(&vector["host"]),
            path: text(&vector["path"]),
            query: &query,
            action: text(&vector["action"]),
            version: text(&vector["version"]),
            content_type: expected["headers"]["content-type"].as_str(),
            body: &body,
        };
        let date: Timestamp = text(&vector["date"]).parse().unwrap();
        let signed = sign(&request, &credentials, date, text(&vector["nonce"]));

        assert_eq!(
            signed.canonical_request,
            text(&expected["canonicalRequest"]),
            "{name}"
        );
        assert_eq!(
            signed.string_to_sign,
            text(&expected["stringToSign"]),
            "{name}"
        );
        assert_eq!(
            header(&signed, "authorization"),
            expected["authorization"].as_str(),
            "{name}"
        );
        let headers = expected["headers"].as_object().unwrap();
        assert_eq!(signed.headers.len(), headers.len() + 1, "{name}");
        for (header_name, value) in headers {
            assert_eq!(
                header(&signed, header_name),
                value.as_str(),
                "{name} {header_name}"
            );
        }
        // S10: what prints headers does not print these.
        for (header_name, value) in &signed.headers {
            let is_secret =
                ["authorization", "x-acs-security-token"].contains(&header_name.as_str());
            assert_eq!(value.is_sensitive(), is_secret, "{header_name}");
        }
        let query = text(&vector["canonicalQuery"]);
        let target = match query {
            "" => text(&vector["canonicalUri"]).to_owned(),
            _ => format!("{}?{query}", text(&vector["canonicalUri"])),
        };
        assert_eq!(signed.target, target, "{name}");
    }
}

/// The example that the vendor's page about signatures works through.
#[test]
fn s09_the_vendors_fixed_example_is_reproduced() {
    let credentials = Credentials::new(
        "YourAccessKeyId".to_owned(),
        "YourAccessKeySecret".to_owned(),
        None,
    )
    .unwrap();
    let request = Request {
        method: &Method::POST,
        host: "ecs.cn-shanghai.aliyuncs.com",
        path: "/",
        query: &[
            ("RegionId", "cn-shanghai"),
            (
                "ImageId",
                "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            ),
        ],
        action: "RunInstances",
        version: "2014-05-26",
        content_type: None,
        body: b"",
    };
    let date = "2023-10-26T10:22:32Z".parse().unwrap();
    let signed = sign(
        &request,
        &credentials,
        date,
        "3156853299f313e23d1673dc12e1703d",
    );
    let authorization = header(&signed, "authorization").unwrap();
    let (_, signature) = authorization.rsplit_once("Signature=").unwrap();
    assert_eq!(
        signature,
        "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    );
}

#[derive(Clone, Debug)]
struct Case {
    method: &'static str,
    host: String,
    path: String,
    query: Vec<(String, String)>,
    action: String,
    content_type: Option<&'static str>,
    body: Vec<u8>,
    key_id: String,
    secret: String,
    security_token: Option<String>,
    seconds: i64,
    nonce: [u8; 16],
}

fn cases() -> impl Strategy<Value = Case> {
    // Much of what has to be escaped, and much of what must not be.
    let character = || {
        prop_oneof![
            sample::select(
                "abzAZ09-_.~ *+/?&=%#:@!$'(),;<>[]{}|\\^`\""
                    .chars()
                    .collect::<Vec<_>>()
            ),
            proptest::char::any(),
        ]
    };
    let word = move |most| {
        collection::vec(character(), 0..most)
            .prop_map(|found| found.into_iter().collect::<String>())
    };
    let visible = |least: usize, most: usize| {
        let graphic = (b'!'..=b'~').prop_filter("a comma ends an id", |byte| *byte != b',');
        collection::vec(graphic, least..most)
            .prop_map(|bytes| String::from_utf8(bytes).expect("ASCII"))
    };
    let secret = word(40).prop_filter("not blank", |text| !text.trim().is_empty());
    let who = (visible(1, 30), secret, option::of(visible(1, 200)));
    let what = (
        sample::select(vec!["GET", "POST", "PUT", "DELETE"]),
        visible(1, 40),
        word(30).prop_map(|path| format!("/{path}")),
        collection::vec((word(12), word(30)), 0..8),
        visible(1, 30),
        option::of(sample::select(vec![
            "application/json; charset=utf-8",
            " text/plain ",
        ])),
        collection::vec(proptest::num::u8::ANY, 0..300),
    );
    let when = (
        0..4_000_000_000_i64,
        proptest::array::uniform16(proptest::num::u8::ANY),
    );
    (who, what, when).prop_map(|(who, what, when)| Case {
        method: what.0,
        host: what.1,
        path: what.2,
        query: what.3,
        action: what.4,
        content_type: what.5,
        body: what.6,
        key_id: who.0,
        secret: who.1.trim().to_owned(),
        security_token: who.2,
        seconds: when.0,
        nonce: when.1,
    })
}

/// The implementation that ours is compared with is `data/sign.py`.
#[test]
fn s09_ten_thousand_random_requests_agree_with_an_independent_implementation() {
    let mut runner = TestRunner::deterministic();
    let strategy = cases();
    let cases: Vec<Case> = (0..10_000)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect();

    let mut python = Command::new("python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/sign.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is there");
    let mut input = python.stdin.take().unwrap();
    let lines = cases.clone();
    let writer = std::thread::spawn(move || {
        for case in lines {
            let date = Timestamp::from_second(case.seconds).unwrap();
            let line = json!({
                "method": case.method, "host": case.host, "path": case.path, "query": case.query,
                "action": case.action, "version": "2022-01-01", "date": date.to_string(),
                "nonce": hex::encode(case.nonce), "content_type": case.content_type,
                "body": hex::encode(&case.body), "key_id": case.key_id, "secret": case.secret,
                "security_token": case.security_token,
            });
            writeln!(input, "{line}").unwrap();
        }
    });
    let output = python.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let answers = String::from_utf8(output.stdout).unwrap();
    assert_eq!(answers.lines().count(), cases.len());

    for (case, answer) in cases.iter().zip(answers.lines()) {
        let answer: Value = serde_json::from_str(answer).unwrap();
        let query: Vec<_> = case
            .query
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        let credentials = Credentials::new(
            case.key_id.clone(),
            case.secret.clone(),
            case.security_token.clone(),
        )
        .unwrap();
        let request = Request {
            method: &case.method.parse().unwrap(),
            host: &case.host,
            path: &case.path,
            query: &query,
            action: &case.action,
            version: "2022-01-01",
            content_type: case.content_type,
            body: &case.body,
        };
        let date = Timestamp::from_second(case.seconds).unwrap();
        let signed = sign(&request, &credentials, date, &hex::encode(case.nonce));
        assert_eq!(
            signed.canonical_request,
            text(&answer["canonical"]),
            "{case:?}"
        );
        assert_eq!(signed.string_to_sign, text(&answer["to_sign"]), "{case:?}");
        assert_eq!(
            header(&signed, "authorization"),
            answer["authorization"].as_str(),
            "{case:?}"
        );
    }
}

#[test]
fn what_can_not_be_a_key_is_refused() {
    let new = |id: &str, secret: &str, token: Option<&str>| {
        Credentials::new(id.to_owned(), secret.to_owned(), token.map(str::to_owned)).err()
    };
    assert_eq!(new(" LTAI1\n", "s\n", Some(" \n")), None);
    assert_eq!(new("", "s", None), Some(Malformed::KeyId));
    assert_eq!(new("a,SignedHeaders=", "s", None), Some(Malformed::KeyId));
    assert_eq!(new("a\r\nx: y", "s", None), Some(Malformed::KeyId));
    assert_eq!(new("a", " ", None), Some(Malformed::Secret));
    assert_eq!(
        new("a", "s", Some("t\r\nx: y")),
        Some(Malformed::SecurityToken)
    );
}

/// S10: the compiler finds two candidates, and fails, as soon as one of these traits is implemented.
#[test]
fn s10_credentials_can_not_be_printed_or_serialised() {
    trait Lacks<Marker> {
        fn it() {}
    }
    struct Debug;
    struct Display;
    struct Serialize;
    struct Clone;
    impl<T: ?Sized> Lacks<()> for T {}
    impl<T: ?Sized + std::fmt::Debug> Lacks<Debug> for T {}
    impl<T: ?Sized + std::fmt::Display> Lacks<Display> for T {}
    impl<T: ?Sized + serde::Serialize> Lacks<Serialize> for T {}
    impl<T: std::clone::Clone> Lacks<Clone> for T {}
    <Credentials as Lacks<_>>::it();
    <Signed as Lacks<_>>::it();
}
