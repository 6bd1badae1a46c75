//! What is taken in, what is refused and where, and what body it makes.

use std::path::PathBuf;

use dsw_form::draft::ROOT;
use dsw_form::import::{Import, ImportError, MAX_BYTES, import, import_bytes};
use dsw_form::json::{JsonError, MAX_DEPTH, Problem};
use dsw_form::print::{self, Printout};
use dsw_form::review::review;
use dsw_model::path::Path;
use dsw_model::rules::Context;

#[track_caller]
fn taken_in(json: &str) -> Import {
    import(json).expect("a request")
}

/// The body that an import makes, and the fields of which it says: dropped, unknown, of another type.
#[track_caller]
fn becomes(json: &str, body: &str, reported: [&[&str]; 3]) {
    let Import { draft, report } = taken_in(json);
    assert_eq!(draft.body().to_string(), body, "{json}");
    let names = |paths: &[Path]| -> Vec<_> { paths.iter().map(|path| path.name(ROOT)).collect() };
    let told = [&report.dropped, &report.unknown, &report.foreign].map(|paths| names(paths));
    assert_eq!(told, reported.map(<[_]>::to_vec), "{json}");
}

#[track_caller]
fn refused(json: &str, problem: Problem, line: usize, column: usize) {
    let error = JsonError {
        problem,
        line,
        column,
    };
    assert_eq!(import(json), Err(ImportError::Json(error)));
}

#[test]
fn values_of_another_type_are_kept_as_they_came() {
    for (json, field) in [
        (r#"{"InstanceName":1}"#, "InstanceName"),
        (r#"{"InstanceName":true}"#, "InstanceName"),
        (r#"{"InstanceName":[]}"#, "InstanceName"),
        (r#"{"ImageAuth":12}"#, "ImageAuth"),
        (r#"{"Priority":"1"}"#, "Priority"),
        (r#"{"Priority":""}"#, "Priority"),
        (r#"{"Priority":1.0}"#, "Priority"),
        (r#"{"Priority":1e+2}"#, "Priority"),
        (
            r#"{"DynamicMount":{"Enable":"true"}}"#,
            "DynamicMount.Enable",
        ),
        (r#"{"DynamicMount":{"Enable":0}}"#, "DynamicMount.Enable"),
        (r#"{"UserVpc":[{"VpcId":"v"}]}"#, "UserVpc"),
        (r#"{"UserVpc":[]}"#, "UserVpc"),
        (r#"{"UserVpc":"{}"}"#, "UserVpc"),
        (r#"{"Datasets":{"Uri":"a"}}"#, "Datasets"),
        (r#"{"Datasets":{}}"#, "Datasets"),
        (r#"{"Datasets":[{"Uri":"a"},null]}"#, "Datasets[1]"),
        (r#"{"Datasets":["a",{"Uri":"a"}]}"#, "Datasets[0]"),
        (
            r#"{"UserVpc":{"ExtendedCIDRs":[1]}}"#,
            "UserVpc.ExtendedCIDRs[0]",
        ),
        (
            r#"{"EnvironmentVariables":{"A":1}}"#,
            "EnvironmentVariables[0]",
        ),
        (r#"{"EnvironmentVariables":[]}"#, "EnvironmentVariables"),
        (r#"{"MigrationOptions":"{}"}"#, "MigrationOptions"),
        (r#"{"MigrationOptions":[1]}"#, "MigrationOptions"),
    ] {
        becomes(json, json, [&[], &[], &[field]]);
        let Import { draft, .. } = taken_in(json);
        let review = review(&draft, &Context::default());
        let wrong: Vec<_> = review
            .diagnostics
            .iter()
            .filter(|found| found.code == "R112")
            .map(|found| found.path().name(ROOT))
            .collect();
        assert_eq!(wrong, [field], "{json}");
    }
}

#[test]
fn what_says_not_set_is_dropped_with_a_word() {
    for (json, body, dropped) in [
        (r#"{"InstanceName":null}"#, "{}", "InstanceName"),
        (r#"{"InstanceName":""}"#, "{}", "InstanceName"),
        (r#"{"ImageAuth":""}"#, "{}", "ImageAuth"),
        (r#"{"Priority":null}"#, "{}", "Priority"),
        (r#"{"Datasets":[]}"#, "{}", "Datasets"),
        (r#"{"UserVpc":{}}"#, "{}", "UserVpc"),
        (r#"{"UserVpc":{"VpcId":""}}"#, "{}", "UserVpc.VpcId"),
        (
            r#"{"EnvironmentVariables":{}}"#,
            "{}",
            "EnvironmentVariables",
        ),
        (r#"{"MigrationOptions":{}}"#, "{}", "MigrationOptions"),
        (
            r#"{"Datasets":[{"Uri":null},{"Uri":"a"}]}"#,
            r#"{"Datasets":[{},{"Uri":"a"}]}"#,
            "Datasets[0].Uri",
        ),
    ] {
        becomes(json, body, [&[dropped], &[], &[]]);
    }
    // Empty text is the value of an environment variable, and of a row.
    for json in [
        r#"{"EnvironmentVariables":{"A":""}}"#,
        r#"{"UserVpc":{"ExtendedCIDRs":["","10.0.0.0/8"]}}"#,
        r#"{"Datasets":[{},{}]}"#,
    ] {
        becomes(json, json, [&[], &[], &[]]);
    }
}

#[test]
fn unknown_members_are_kept_in_their_order_after_the_known() {
    becomes(
        r#"{"Z":null,"InstanceName":"a","__proto__":{"b":[],"a":""},"instancename":0,"":1,"WorkspaceId":"1"}"#,
        r#"{"WorkspaceId":"1","InstanceName":"a","Z":null,"__proto__":{"b":[],"a":""},"instancename":0,"":1}"#,
        [&[], &["Z", "__proto__", "instancename", ""], &[]],
    );
    becomes(
        r#"{"UserVpc":{"x":1},"Datasets":[{"constructor":2}]}"#,
        r#"{"Datasets":[{"constructor":2}],"UserVpc":{"x":1}}"#,
        [&[], &["UserVpc.x", "Datasets[0].constructor"], &[]],
    );
    becomes(
        r#"{"$serde_json::private::Number":"1","MigrationOptions":{"$serde_json::private::Number":"1"}}"#,
        r#"{"MigrationOptions":{"$serde_json::private::Number":"1"},"$serde_json::private::Number":"1"}"#,
        [&[], &["$serde_json::private::Number"], &[]],
    );
}

#[test]
fn numbers_keep_their_digits() {
    let long = "9".repeat(400);
    for number in [
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "-0",
        "1.50",
        "1e-400",
        &long,
    ] {
        for json in [
            format!(r#"{{"Priority":{number}}}"#),
            format!(r#"{{"MigrationOptions":{{"a":[{number}]}}}}"#),
            format!(r#"{{"unknown":{number}}}"#),
        ] {
            assert_eq!(taken_in(&json).draft.body().to_string(), json);
        }
    }
}

#[test]
fn names_that_stand_twice_are_refused() {
    let twice = |name: &str, first| Problem::Duplicate {
        name: name.to_owned(),
        first,
    };
    refused(
        "{\n  \"InstanceName\": \"a\",\n  \"InstanceName\": \"b\"\n}",
        twice("InstanceName", 2),
        3,
        3,
    );
    refused(r#"{"x":{"":1,"":2}}"#, twice("", 1), 1, 12);
}

#[test]
fn what_is_no_request_is_refused() {
    for (json, found) in [
        ("[]", "an array"),
        ("\"a\"", "text"),
        ("1", "a number"),
        ("null", "null"),
        ("true", "true or false"),
    ] {
        assert_eq!(import(json), Err(ImportError::NotAnObject { found }));
    }
    refused("", Problem::EndsEarly, 1, 1);
    refused("{\n \"a\": 1,\n}", Problem::TrailingComma, 2, 8);
}

#[test]
fn the_limit_counts_bytes() {
    let padded = |bytes: usize| format!("{}{{}}", " ".repeat(bytes - 2));
    assert!(import(&padded(MAX_BYTES)).is_ok());
    let long = padded(MAX_BYTES + 1);
    let refused = Err(ImportError::TooLong {
        bytes: MAX_BYTES + 1,
    });
    assert_eq!(import(&long), refused);
    assert_eq!(import_bytes(long.as_bytes()), refused);
    // A large file is not looked at.
    assert!(matches!(
        import_bytes(&vec![0xff; 2 * MAX_BYTES]),
        Err(ImportError::TooLong { .. })
    ));
}

#[test]
fn deep_nesting_is_refused_with_its_place() {
    let nested = |depth: usize| format!(r#"{{"a":{}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
    let deepest = nested(MAX_DEPTH - 1);
    assert_eq!(taken_in(&deepest).draft.body().to_string(), deepest);
    refused(&nested(MAX_DEPTH), Problem::TooDeep, 1, 6 + MAX_DEPTH);
    refused(&nested(100_000), Problem::TooDeep, 1, 6 + MAX_DEPTH);
}

#[test]
fn a_file_that_is_no_text_is_refused_with_its_place() {
    for (bytes, line, column) in [
        (&b"\xff"[..], 1, 1),
        (b"{\n  \"a\": \"\xe5\xb7\xa5\xff\"\n}", 2, 10),
        (b"{}\n\xe5\xb7", 2, 1),
        (b"\xed\xa0\x80", 1, 1),
    ] {
        assert_eq!(
            import_bytes(bytes),
            Err(ImportError::NotUtf8 { line, column })
        );
    }
    assert!(import_bytes(b"\xef\xbb\xbf{\"InstanceName\": \"\xe5\xb7\xa5\"}").is_ok());
}

#[test]
fn documented_requests_come_out_as_they_went_in() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../model/tests/data");
    for (file, codes) in [
        ("smallest.json", &[][..]),
        (
            "full.json",
            &["R06", "R104", "R104", "R21", "R50", "R96", "R99"],
        ),
        // The page shows every field at once, with stars for what is secret.
        (
            "api-page.json",
            &[
                "R06", "R10", "R102", "R113", "R113", "R12", "R17", "R20", "R21", "R30", "R31",
                "R34", "R50", "R56", "R56", "R76", "R76", "R96",
            ],
        ),
    ] {
        let json = std::fs::read_to_string(folder.join(file)).expect(file);
        let Import { draft, report } = taken_in(&json);
        assert_eq!(report.dropped, [], "{file}");
        assert_eq!(report.unknown, [], "{file}");
        assert_eq!(report.foreign, [], "{file}");
        let review = review(&draft, &Context::default());
        let mut found: Vec<_> = review.diagnostics.iter().map(|found| found.code).collect();
        found.sort_unstable();
        assert_eq!(found, codes, "{file}");
        let sorted = |json: &str| {
            let mut value: serde_json::Value = serde_json::from_str(json).expect(file);
            value.sort_all_objects();
            value.to_string()
        };
        let printed = print::text(&review);
        assert_eq!(sorted(&printed), sorted(&json), "{file}");
        assert_eq!(taken_in(&printed).draft, draft, "{file}");
        if file != "api-page.json" {
            // Its members stand in the order of the form.
            assert_eq!(printed, json.trim_end(), "{file}");
        }
    }
}

#[test]
fn lines_lead_to_fields_rows_and_unknown_members() {
    let json =
        r#"{"Datasets":[{"Uri":"a"},7],"EnvironmentVariables":{"A":"1"},"more":{"b":[true]}}"#;
    let Import { draft, .. } = taken_in(json);
    let printout = Printout::of(&draft, &review(&draft, &Context::default()));
    let lines: Vec<_> = printout
        .lines()
        .map(|line| (line.text.as_str(), line.path.name(ROOT), line.closes))
        .collect();
    let expected = [
        ("{", "", false),
        ("  \"Datasets\": [", "Datasets", false),
        ("    {", "Datasets[0]", false),
        ("      \"Uri\": \"a\"", "Datasets[0].Uri", false),
        ("    },", "Datasets[0]", true),
        ("    7", "Datasets[1]", false),
        ("  ],", "Datasets", true),
        (
            "  \"EnvironmentVariables\": {",
            "EnvironmentVariables",
            false,
        ),
        ("    \"A\": \"1\"", "EnvironmentVariables[0]", false),
        ("  },", "EnvironmentVariables", true),
        ("  \"more\": {", "more", false),
        ("    \"b\": [", "more", false),
        ("      true", "more", false),
        ("    ]", "more", true),
        ("  }", "more", true),
        ("}", "", true),
    ];
    let expected = expected.map(|(text, name, closes)| (text, name.to_owned(), closes));
    assert_eq!(lines, expected);
}
