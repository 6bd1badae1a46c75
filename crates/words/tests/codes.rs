//! Each code that the vendor's texts name for these operations is explained, in both languages.

use std::fs;
use std::path::Path;

use dsw_form::import::import;
use dsw_form::refusal::Refusal;
use dsw_words::{explain, speak, speak_english};

/// The codes of the service and of the layer before it: those of the reference, and the reason of an instance that
/// fails.
const CODES: [&str; 23] = [
    "ValidationError",
    "InternalError",
    "InvalidAccessKeyId.NotFound",
    "InvalidAccessKeyId.Inactive",
    "SignatureDoesNotMatch",
    "SignatureNonceUsed",
    "InvalidTimeStamp.Expired",
    "IllegalTimestamp",
    "InvalidSecurityToken.Expired",
    "InvalidSecurityToken.Malformed",
    "SecurityTokenExpired",
    "NoPermission",
    "Forbidden.RAM",
    "NotAuthorized",
    "Throttling",
    "Throttling.User",
    "Throttling.Api",
    "ThrottlingException",
    "ServiceUnavailable",
    "InvalidVersion",
    "InvalidAction.NotFound",
    "MissingParameter",
    "ImagePullBackOff",
];

fn is_chinese(text: &str) -> bool {
    text.chars()
        .any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

#[test]
fn f31_every_code_of_the_reference_is_explained_in_both_languages() {
    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/zh.tsv");
    let catalogue = fs::read_to_string(catalogue).expect("the catalogue");
    for code in CODES {
        speak_english();
        let said = explain(code).unwrap_or_else(|| panic!("{code} is not explained"));
        for text in [said.means, said.todo] {
            assert!(text.ends_with('.') && !is_chinese(text), "{code}: {text}");
        }
    }
    speak(catalogue);
    for code in CODES {
        let said = explain(code).expect("it is explained in English");
        for text in [said.means, said.todo] {
            assert!(
                text.ends_with('。') && is_chinese(text),
                "{code} in Chinese: {text}"
            );
        }
    }
    speak_english();
}

#[test]
fn f31_a_code_says_what_is_its_own_and_not_what_its_family_says() {
    let means = |code| explain(code).expect("it is explained").means;
    for (one, other) in [
        ("InvalidAccessKeyId.NotFound", "InvalidAccessKeyId.Inactive"),
        ("InvalidAccessKeyId.NotFound", "InvalidAccessKeyId.Other"),
        (
            "InvalidSecurityToken.Expired",
            "InvalidSecurityToken.Malformed",
        ),
        ("Throttling.User", "Throttling.Api"),
        ("Throttling.User", "Throttling"),
        ("Forbidden.RAM", "Forbidden"),
        ("Forbidden.RAM", "NotAuthorized"),
    ] {
        assert_ne!(means(one), means(other), "{one}, {other}");
    }
}

#[test]
fn f31_of_a_code_that_is_not_known_nothing_is_made_up() {
    for code in ["", "Whatever", "validationerror", "Signature", "Success"] {
        assert_eq!(explain(code), None, "{code}");
    }
}

/// What our own code prints of a refusal is pasted back.
#[test]
fn each_code_that_is_explained_is_known_to_the_form() {
    let draft = import(r#"{"InstanceName": "a"}"#).expect("a request").draft;
    for code in CODES {
        // The reason of an instance that fails; no reply has it.
        if code == "ImagePullBackOff" {
            continue;
        }
        let printed = [code, ": The instance name already exists."].concat();
        let refusal = Refusal::read(&printed, &draft).expect(code);
        assert_eq!(refusal.code, code);
    }
}
