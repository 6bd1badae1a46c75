//! Links: what they carry comes back as it was, no secret is in them, and whatever stands in one is survived.

mod generate;

use dsw_form::draft::{Draft, ROOT};
use dsw_form::edit::Edit;
use dsw_form::import::{MAX_BYTES, from_object};
use dsw_form::link::{self, LinkError, MAX_ADDRESS, Parcel, Place};
use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::request::{CreateInstanceRequest as Request, Dataset, UserVpc};
use dsw_model::secrecy::Secrecy;
use generate::{draft, object};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Nothing that the generators make holds it.
const MARKER: &str = "mArKeR7secret";

fn taken_in(request: Value) -> Draft {
    match request {
        Value::Object(members) => from_object(members).draft,
        _ => panic!("a request is an object"),
    }
}

fn packed(draft: &Draft) -> Parcel {
    Parcel::new(draft, &Secrecy::default(), "")
}

/// Takes a parcel through a link that is not compressed.
fn through(parcel: &Parcel) -> Result<Parcel, LinkError> {
    let fragment = link::fragment(parcel.write().as_bytes());
    let bytes = link::bytes(&fragment)?;
    assert!(!link::is_compressed(&bytes));
    Parcel::read(&bytes)
}

/// Puts secrets into a draft, wherever there is a place for some.
fn with_secrets(draft: &mut Draft, secrecy: &mut Secrecy) {
    let text = |text: &str| Draft::Text(text.to_owned());
    let variables = path![Request::ENVIRONMENT_VARIABLES];
    let script = format!("export DB_PASSWORD={MARKER}\n");
    let member = json!({"inner": {"access_key_secret": MARKER}});
    for (path, edit) in [
        (path![Request::IMAGE_AUTH], Edit::Text(MARKER.into())),
        (variables.clone(), Edit::Set(Draft::Unset)),
        (
            variables.clone(),
            Edit::Insert(0, "HF_TOKEN".into(), text(MARKER)),
        ),
        (
            variables.clone(),
            Edit::Insert(1, "PLAIN".into(), text(MARKER)),
        ),
        (
            variables,
            Edit::Insert(2, "A".into(), text(&format!("sk-{MARKER}{MARKER}"))),
        ),
        (
            Path::leading(ROOT, "UserCommand.OnStart.Content"),
            Edit::Text(script),
        ),
        (
            path!["Future_Password"],
            Edit::Text(json!(MARKER).to_string()),
        ),
        (path!["Future"], Edit::Text(member.to_string())),
    ] {
        draft.apply(&path, edit);
    }
    secrecy.say("PLAIN", true);
}

proptest! {
    #[test]
    fn f50_a_request_comes_back_as_it_was(object in object(), region in "[a-z]{2}-[a-z0-9]{1,12}") {
        let draft = from_object(object).draft;
        let parcel = Parcel::new(&draft, &Secrecy::default(), &region);
        let back = through(&parcel).expect("a link of ours");
        prop_assert_eq!(&back, &parcel);
        if parcel.left_out.is_empty() {
            prop_assert_eq!(back.import().draft.body(), draft.body());
        }
    }

    #[test]
    fn f50_what_was_edited_comes_back_as_its_body(draft in draft()) {
        let parcel = packed(&draft);
        let back = through(&parcel).expect("a link of ours");
        prop_assert_eq!(back.import(), parcel.import());
        prop_assert_eq!(back.left_out, parcel.left_out);
    }

    #[test]
    fn f51_s19_no_secret_is_in_a_link(mut draft in draft()) {
        let mut secrecy = Secrecy::default();
        with_secrets(&mut draft, &mut secrecy);
        let kept = draft.body().to_string();
        let parcel = Parcel::new(&draft, &secrecy, "cn-hangzhou");
        prop_assert!(!parcel.write().contains(MARKER), "{}", parcel.write());
        // Each place that held one is named.
        for name in ["ImageAuth", "EnvironmentVariables.HF_TOKEN", "EnvironmentVariables.PLAIN"] {
            prop_assert!(!kept.contains(MARKER) || parcel.left_out.iter().any(|it| it == name), "{name}");
        }
    }

    #[test]
    fn what_is_cut_off_is_damaged(object in object(), cut in any::<prop::sample::Index>()) {
        let whole = link::fragment(packed(&from_object(object).draft).write().as_bytes());
        let part = &whole[..cut.index(whole.len())];
        let read = link::bytes(part).and_then(|bytes| Parcel::read(&bytes));
        prop_assert_eq!(read, Err(LinkError::Damaged));
    }

    #[test]
    fn any_text_and_any_bytes_are_survived(
        text in any::<String>(),
        bytes in vec(any::<u8>(), 1..200),
        document in object(),
    ) {
        let _ = link::bytes(&text);
        let _ = link::bytes(&[link::REQUEST, "1.", &text].concat());
        let _ = Parcel::read(&bytes);
        let _ = Parcel::read(Value::Object(document).to_string().as_bytes());
        let back = link::bytes(&link::fragment(&bytes)).expect("a fragment of ours");
        prop_assert_eq!(back, bytes);
    }

    #[test]
    fn f52_the_name_of_every_place_leads_there(draft in draft()) {
        let mut places = Vec::new();
        places_in(&draft, &Path::ROOT, &mut places);
        for path in places {
            let name = draft.name_of(&path);
            let Place::There(found) = link::place(&draft, &name) else {
                panic!("{name} leads nowhere");
            };
            // Of entries with the same name the first is found.
            prop_assert_eq!(draft.name_of(&found), name);
        }
    }

    #[test]
    fn f52_any_name_is_survived(draft in draft(), name in any::<String>(), known in generate::name()) {
        let _ = link::place(&draft, &name);
        if let Place::There(path) = link::place(&draft, &known) {
            prop_assert!(path.kind(ROOT).is_some() || draft.get(&path).is_some());
        }
    }
}

/// The places of a draft that hold something, but for what stands in maps and members without names of their own.
fn places_in(draft: &Draft, at: &Path, places: &mut Vec<Path>) {
    match draft {
        Draft::Struct(object) => {
            for (index, inner) in object.fields.iter().enumerate() {
                let path = at.join(dsw_model::descriptor::field_step(index));
                places.push(path.clone());
                places_in(inner, &path, places);
            }
        }
        Draft::List(rows) => {
            for (row, inner) in rows.iter().enumerate() {
                let path = at.join(row);
                places.push(path.clone());
                places_in(inner, &path, places);
            }
        }
        Draft::Map(rows) => places.extend((0..rows.len()).map(|row| at.join(row))),
        _ => {}
    }
}

#[test]
fn f51_what_is_left_out_is_named_by_field_and_entry() {
    let mut secrecy = Secrecy::default();
    secrecy.say("MINE", true);
    secrecy.say("HF_TOKEN", false);
    let draft = taken_in(json!({
        "InstanceName": "shared",
        "ImageAuth": MARKER,
        "EnvironmentVariables": {"DB_PASSWORD": MARKER, "HF_TOKEN": "none", "MINE": MARKER, "HOME": "/root"},
        "Datasets": [{"Uri": "oss://a/", "MountPath": "/mnt/a"}],
    }));
    let parcel = Parcel::new(&draft, &secrecy, "cn-hangzhou");
    assert_eq!(
        parcel.left_out,
        [
            "ImageAuth",
            "EnvironmentVariables.DB_PASSWORD",
            "EnvironmentVariables.MINE"
        ]
    );
    assert_eq!(
        Value::Object(parcel.body.clone()),
        json!({
            "InstanceName": "shared",
            // The names stay, so that who opens it sees what to enter.
            "EnvironmentVariables": {"DB_PASSWORD": "", "HF_TOKEN": "none", "MINE": "", "HOME": "/root"},
            "Datasets": [{"Uri": "oss://a/", "MountPath": "/mnt/a"}],
        })
    );
    // What is a secret for one is so for the other; what is none for one is judged anew.
    let said = parcel.secrecy();
    assert_eq!(said.said("MINE"), Some(true));
    assert_eq!(said.said("HF_TOKEN"), None);
}

/// The beginning of a key that nobody is to see, in two parts, so that no tool takes this file for one.
const PRIVATE_KEY: &str = concat!("-----BEGIN OPENSSH PRIVATE ", "KEY-----\nmArKeR7secret\n");

#[test]
fn f51_s19_keys_and_issued_tokens_are_in_no_link_wherever_they_stand() {
    let token = "ghp_0123456789mArKeR7secret";
    let login = "huggingface-cli login hf_0123456789mArKeR7secret\n";
    for (request, place) in [
        (json!({"Extra": token}), "Extra"),
        (json!({"Extra": PRIVATE_KEY}), "Extra"),
        (json!({"Extra": {"a": [token]}}), "Extra"),
        (
            json!({"UserVpc": {"ForwardInfos": [{"SSHPublicKey": PRIVATE_KEY}]}}),
            "UserVpc.ForwardInfos[0].SSHPublicKey",
        ),
        (
            json!({"UserCommand": {"OnStart": {"Content": PRIVATE_KEY}}}),
            "UserCommand.OnStart.Content",
        ),
        (
            json!({"UserCommand": {"OnStart": {"Content": login}}}),
            "UserCommand.OnStart.Content",
        ),
        (
            json!({"EnvironmentVariables": {"A": [token]}}),
            "EnvironmentVariables.A",
        ),
        (
            json!({"Labels": [{"Key": "a", "Value": token}]}),
            "Labels[0].Value",
        ),
    ] {
        let parcel = packed(&taken_in(request.clone()));
        assert!(!parcel.write().contains(MARKER), "{request}");
        assert_eq!(parcel.left_out, [place], "{request}");
    }
}

#[test]
fn f51_s19_what_one_has_called_a_secret_is_in_no_link_of_whatever_type() {
    let mut secrecy = Secrecy::default();
    secrecy.say("A", true);
    for value in [
        json!("x987654"),
        json!(987_654),
        json!(["x987654"]),
        json!({"b": 987_654}),
    ] {
        let draft = taken_in(json!({"EnvironmentVariables": {"A": value, "B": 5}}));
        let parcel = Parcel::new(&draft, &secrecy, "");
        assert!(!parcel.write().contains("987654"), "{value}");
        assert_eq!(parcel.left_out, ["EnvironmentVariables.A"], "{value}");
        assert_eq!(parcel.body["EnvironmentVariables"]["B"], 5);
        let kept = dsw_form::store::write_with(&draft, &secrecy);
        assert!(!kept.value.to_string().contains("987654"), "{value}");
    }
}

#[test]
fn what_is_parked_is_neither_sent_nor_named() {
    let mut draft = taken_in(json!({"ImageUrl": "registry/a", "ImageAuth": MARKER}));
    draft.apply(&Path::ROOT, Edit::Choose(Request::IMAGE_ID));
    let parcel = packed(&draft);
    assert_eq!(Value::Object(parcel.body), draft.body());
    let kept: Vec<&str> = if draft.body().get("ImageAuth").is_some() {
        vec!["ImageAuth"]
    } else {
        Vec::new()
    };
    assert_eq!(parcel.left_out, kept);
}

#[test]
fn versions_and_damage_are_told_apart() {
    let whole = link::fragment(br#"{"body":{"InstanceName":"a"}}"#);
    assert!(whole.starts_with("request=1.ey"), "{whole}");
    let around = |text: &str| [text, &whole[link::REQUEST.len() + 2..]].concat();
    for (fragment, expected) in [
        (whole.clone(), None),
        // As mail programs and chats pass it on.
        (whole.clone() + ").", None),
        (whole.replace("ey", "e\r\n y"), None),
        (around("request=2."), Some(LinkError::Newer)),
        (
            around("request=18446744073709551616."),
            Some(LinkError::Newer),
        ),
        (around("request=0."), Some(LinkError::Damaged)),
        (around("request=01."), Some(LinkError::Damaged)),
        (around("request=one."), Some(LinkError::Damaged)),
        (around("request=."), Some(LinkError::Damaged)),
        (around("request=1"), Some(LinkError::Damaged)),
        (around("requests=1."), Some(LinkError::Damaged)),
        (around("request=1.+"), Some(LinkError::Damaged)),
        (around("request=1.*"), Some(LinkError::Damaged)),
        ("request=1.".into(), Some(LinkError::Damaged)),
        (String::new(), Some(LinkError::Damaged)),
    ] {
        let read = link::bytes(&fragment).and_then(|bytes| Parcel::read(&bytes));
        assert_eq!(read.as_ref().err().copied(), expected, "{fragment:?}");
        if let Ok(parcel) = read {
            assert_eq!(Value::Object(parcel.body), json!({"InstanceName": "a"}));
        }
    }
}

#[test]
fn what_is_no_parcel_is_damaged() {
    for document in [
        "",
        "7",
        "[]",
        "{}",
        r#"{"body":7}"#,
        r#"{"body":{},"body":{}}"#,
        r#"{"body":{"A":1,"A":2}}"#,
        r#"{"body":{},"region":7}"#,
        r#"{"body":{},"region":"<b>"}"#,
        r#"{"body":{},"leftOut":"A"}"#,
        r#"{"body":{},"leftOut":[7]}"#,
        r#"{"body":{}} "#,
        r#"{"body":{}}{}"#,
    ] {
        let expected = if document.ends_with("} ") {
            Ok(Parcel::default())
        } else {
            Err(LinkError::Damaged)
        };
        assert_eq!(Parcel::read(document.as_bytes()), expected, "{document}");
    }
    assert_eq!(
        Parcel::read(b"{\"body\":{\"\xff\":1}}"),
        Err(LinkError::Damaged)
    );
    // What a later version of this format adds without harm is passed over.
    assert_eq!(
        Parcel::read(br#"{"body":{},"note":1}"#),
        Ok(Parcel::default())
    );
}

#[test]
fn what_is_too_long_is_refused_before_it_is_read() {
    assert_eq!(
        Parcel::read(&vec![b'['; MAX_BYTES + 1]),
        Err(LinkError::TooLong)
    );
    assert_eq!(
        Parcel::read(&vec![b'['; MAX_BYTES]),
        Err(LinkError::Damaged)
    );
    let long = [link::REQUEST, "1.", &"A".repeat(MAX_BYTES * 4 / 3 + 8)].concat();
    assert_eq!(link::bytes(&long), Err(LinkError::TooLong));
    assert!(link::fragment(&vec![0; MAX_ADDRESS]).len() > MAX_ADDRESS);
}

#[test]
fn compressed_bytes_are_told_from_plain_ones() {
    assert!(!link::is_compressed(br#"{"body":{}}"#));
    // RFC 1950: the low half of the first byte is 8, and a brace is 0x7b.
    assert!(link::is_compressed(&[0x78, 0x9c]));
    assert!(!link::is_compressed(&[]));
}

#[test]
fn f52_names_lead_to_fields_rows_and_entries() {
    let draft = taken_in(json!({
        "Datasets": [{"Uri": "oss://a/", "Future": 1}],
        "EnvironmentVariables": {"PATH": "/bin", "a.b[0]": "1"},
        "Extra": true,
    }));
    let datasets = path![Request::DATASETS];
    let variables = path![Request::ENVIRONMENT_VARIABLES];
    let there = Place::There;
    for (name, expected) in [
        (
            "UserVpc.VpcId",
            there(path![Request::USER_VPC, UserVpc::VPC_ID]),
        ),
        ("Datasets", there(datasets.clone())),
        (
            "Datasets[0].MountPath",
            there(path![Request::DATASETS, 0, Dataset::MOUNT_PATH]),
        ),
        (
            "Datasets[0].Future",
            there(path![Request::DATASETS, 0, "Future"]),
        ),
        ("Datasets[1].MountPath", Place::NoRow(datasets.clone())),
        ("Datasets[4294967295]", Place::NoRow(datasets)),
        ("Datasets[4294967296]", Place::Nowhere),
        ("Datasets[0].Nothing", Place::Nowhere),
        (
            "EnvironmentVariables[0]",
            there(path![Request::ENVIRONMENT_VARIABLES, 0]),
        ),
        (
            "EnvironmentVariables.PATH",
            there(path![Request::ENVIRONMENT_VARIABLES, 0]),
        ),
        (
            "EnvironmentVariables.a.b[0]",
            there(path![Request::ENVIRONMENT_VARIABLES, 1]),
        ),
        ("EnvironmentVariables.NONE", Place::NoRow(variables)),
        ("Extra", there(path!["Extra"])),
        ("extra", Place::Nowhere),
        ("", Place::Nowhere),
        ("Priority[0]", Place::Nowhere),
        ("<img src=x>", Place::Nowhere),
    ] {
        assert_eq!(link::place(&draft, name), expected, "{name}");
    }
    assert_eq!(
        draft.name_of(&path![Request::ENVIRONMENT_VARIABLES, 0]),
        "EnvironmentVariables.PATH"
    );
    assert_eq!(draft.name_of(&path![Request::DATASETS, 0]), "Datasets[0]");
}
