//! Whatever holds a request is read as that request, what was done is told, and what cannot be read says why.

use dsw_form::draft::ROOT;
use dsw_form::import::ImportError;
use dsw_form::import::anything::{
    Document, MAX_DOCUMENTS, ReadError, Repair, RepairKind, Source, Why, read, read_bytes,
};
use dsw_form::json::{JsonError, Problem};

#[track_caller]
fn all(text: &str) -> Vec<Document> {
    read(text).unwrap_or_else(|error| panic!("{error:?}: {text}"))
}

#[track_caller]
fn one(text: &str) -> Document {
    let mut documents = all(text);
    assert_eq!(documents.len(), 1, "{text}");
    documents.remove(0)
}

fn body(document: &Document) -> String {
    document.import.draft.body().to_string()
}

/// The text is read as this body, found in this.
#[track_caller]
fn reads(text: &str, source: Source, expected: &str) -> Document {
    let document = one(text);
    assert_eq!(body(&document), expected, "{text}");
    assert_eq!(document.source, source, "{text}");
    document
}

/// The text is read as this body, with these repairs: kind, line and column.
#[track_caller]
fn mended(text: &str, expected: &str, repairs: &[(RepairKind, usize, usize)]) {
    let document = one(text);
    assert_eq!(body(&document), expected, "{text}");
    let told = document.repaired.iter();
    let told: Vec<_> = told
        .map(|Repair { line, column, kind }| (*kind, *line, *column))
        .collect();
    assert_eq!(told, repairs, "{text}");
}

#[track_caller]
fn json_error(text: &str, problem: Problem, line: usize, column: usize) {
    let error = JsonError {
        problem,
        line,
        column,
    };
    let expected = ReadError::Import(ImportError::Json(error));
    assert_eq!(read(text), Err(expected), "{text}");
}

/// What was ignored, and why.
fn ignored(document: &Document) -> Vec<(&str, Why)> {
    let ignored = document.ignored.iter();
    ignored.map(|it| (&*it.name, it.why)).collect()
}

/// The members whose values are not there, with the variables that hold them.
fn absent(document: &Document) -> Vec<(String, Option<&str>)> {
    let absent = document.absent.iter();
    absent
        .map(|it| (it.member.name(ROOT), it.variable.as_deref()))
        .collect()
}

fn mapped(document: &Document) -> Vec<(&str, String)> {
    let mapped = document.mapped.iter();
    mapped.map(|it| (&*it.from, it.to.name(ROOT))).collect()
}

const A: &str = r#"{"InstanceName":"a"}"#;

#[test]
fn f38_a_body_is_read_as_it_is() {
    let document = reads(
        r#"{"InstanceName":"a","Priority":1,"New":[1.50,{"b":1,"a":2}],"ImageId":""}"#,
        Source::Body,
        r#"{"InstanceName":"a","Priority":1,"New":[1.50,{"b":1,"a":2}]}"#,
    );
    assert_eq!(document.name, "a");
    assert_eq!(document.region, None);
    let report = &document.import.report;
    assert_eq!(
        (report.kept, report.unknown.len(), report.dropped.len()),
        (2, 1, 1)
    );
    assert!(document.mapped.is_empty() && document.repaired.is_empty());
    assert!(document.ignored.is_empty() && document.absent.is_empty());
    reads("\u{feff}{}", Source::Body, "{}");
}

#[test]
fn f38_a_body_inside_of_something_is_found() {
    for text in [
        r#"{"body": {"InstanceName": "a"}}"#,
        r#"{"Body": {"InstanceName": "a"}}"#,
        r#"{"request": {"InstanceName": "a"}}"#,
        r#"{"RequestBody": {"InstanceName": "a"}}"#,
        r#"{"CreateInstanceRequest": {"InstanceName": "a"}}"#,
        r#"{"body": "{\"InstanceName\": \"a\"}"}"#,
        r#"{"data": {"request": {"body": {"InstanceName": "a"}}}}"#,
        r#""{\"InstanceName\": \"a\"}""#,
        r#""\"{\\\"InstanceName\\\": \\\"a\\\"}\"""#,
        r#"[{"body": {"InstanceName": "a"}}]"#,
    ] {
        reads(text, Source::Wrapped, A);
    }
    let document =
        one(r#"{"RegionId": "cn-beijing", "method": "POST", "body": {"InstanceName": "a"}}"#);
    assert_eq!(document.region.as_deref(), Some("cn-beijing"));
    assert_eq!(ignored(&document), [("method", Why::Beside)]);
    // What is a request itself is not one inside of something.
    let text = r#"{"InstanceName":"a","body":{"InstanceName":"b"}}"#;
    reads(text, Source::Body, text);
    let text = r#"{"New":1,"body":{"Other":2}}"#;
    reads(text, Source::Body, text);
}

#[test]
fn f37_what_obviously_means_one_thing_is_mended_and_told() {
    use RepairKind::{
        Comment, CurlyQuotes, Escape, Fence, MissingComma, NameWithoutQuotes, RawCharacter,
        SingleQuotes, Space, Stray, TrailingComma, Word,
    };
    mended("{\"InstanceName\": \"a\",\n}", A, &[(TrailingComma, 1, 21)]);
    mended(
        "{'InstanceName': 'a'}",
        A,
        &[(SingleQuotes, 1, 2), (SingleQuotes, 1, 18)],
    );
    mended("{InstanceName: \"a\"}", A, &[(NameWithoutQuotes, 1, 2)]);
    mended(
        "{“InstanceName”: “a”}",
        A,
        &[(CurlyQuotes, 1, 2), (CurlyQuotes, 1, 18)],
    );
    mended(
        "// one\n/* two\n*/ {\"InstanceName\": # three\n\"a\"}",
        A,
        &[(Comment, 1, 1), (Comment, 2, 1), (Comment, 3, 21)],
    );
    mended(
        "{\"InstanceName\": \"a\"\n\"Priority\": 1 \"DockerConfig\": {\"Enable\": True}}",
        r#"{"InstanceName":"a","Priority":1,"DockerConfig":{"Enable":true}}"#,
        &[(MissingComma, 1, 21), (MissingComma, 2, 14), (Word, 2, 42)],
    );
    mended(
        "{\"New\": [{} {}, 1\n2, None, undefined]}",
        r#"{"New":[{},{},1,2,null,null]}"#,
        &[
            (MissingComma, 1, 12),
            (MissingComma, 1, 18),
            (Word, 2, 4),
            (Word, 2, 10),
        ],
    );
    mended(
        "{\"New\": \"a\nb\tc\"}",
        r#"{"New":"a\nb\tc"}"#,
        &[(RawCharacter, 1, 11), (RawCharacter, 2, 2)],
    );
    mended(
        r#"{"New": "it\'s"}"#,
        r#"{"New":"it's"}"#,
        &[(Escape, 1, 12)],
    );
    mended("{\u{a0}\"InstanceName\": \"a\"}", A, &[(Space, 1, 2)]);
    mended("{\"InstanceName\": \"a\"};", A, &[(Stray, 1, 22)]);
    mended(
        "The request:\n\n```json\n{\"InstanceName\": \"a\",}\n```\nDone.",
        A,
        &[(Fence, 3, 1), (TrailingComma, 4, 21)],
    );
    // Line and column count characters.
    mended(
        "{\"New\": \"工作\",}",
        r#"{"New":"工作"}"#,
        &[(TrailingComma, 1, 13)],
    );
    mended(
        "{\"New\": “it’s \"so\"”}",
        r#"{"New":"it’s \"so\""}"#,
        &[(CurlyQuotes, 1, 9)],
    );
}

#[test]
fn f36_digits_and_order_survive_a_repair() {
    let numbers = "[1.50,12345678901234567890123,1e+2,-0]";
    let text = ["{b: ", numbers, ", a: {d: 1, c: 2,},}"].concat();
    let expected = [r#"{"b":"#, numbers, r#","a":{"d":1,"c":2}}"#].concat();
    reads(&text, Source::Body, &expected);
}

#[test]
fn f37_what_is_not_obvious_is_refused_with_its_place() {
    json_error("", Problem::EndsEarly, 1, 1);
    json_error(" \n ", Problem::EndsEarly, 2, 2);
    json_error("{\"a\": 1", Problem::EndsEarly, 1, 8);
    json_error("{'a': 1,\n 'b' 2}", Problem::MissingColon, 2, 6);
    json_error("{\"a\": [1 2],}", Problem::MissingComma, 1, 10);
    json_error("{a: 1,\n b: NaN}", Problem::NotAValue, 2, 5);
    json_error("{a: 1,\n b: 0x10}", Problem::Number, 2, 5);
    json_error("{a: 1,\n b: b}", Problem::NotAValue, 2, 5);
    json_error("{a: 'it's'}", Problem::MissingComma, 1, 9);
    json_error("{a: 1,, b: 2}", Problem::NameWithoutQuotes, 1, 7);
    json_error("{a: \"C:\\data\"}", Problem::Escape, 1, 8);
    json_error("{a: /* b", Problem::EndsEarly, 1, 5);
    json_error("{a: 1} b", Problem::GoesOn, 1, 8);
    let twice = Problem::Duplicate {
        name: "a".into(),
        first: 1,
    };
    json_error("{a: 1,\n 'a': 2}", twice, 2, 2);
    json_error(&"[".repeat(100_000), Problem::TooDeep, 1, 130);
    assert_eq!(
        read("[1, 2]"),
        Err(ImportError::NotAnObject { found: "an array" }.into())
    );
    assert_eq!(
        read("'a'"),
        Err(ReadError::Unknown),
        "nothing that holds a request begins so"
    );
    assert_eq!(read("hello"), Err(ReadError::Unknown));
    let long = " ".repeat(1024 * 1024 + 1);
    assert_eq!(
        read(&long),
        Err(ImportError::TooLong { bytes: long.len() }.into())
    );
    assert!(matches!(
        read_bytes(b"{\xff"),
        Err(ReadError::Import(ImportError::NotUtf8 {
            line: 1,
            column: 2
        }))
    ));
}

#[test]
fn f38_several_requests_are_several_documents() {
    for text in [
        "{\"InstanceName\": \"a\"}\n{\"InstanceName\": \"b\"}\n",
        "{\"InstanceName\": \"a\"}{\"InstanceName\": \"b\"}",
        "[{\"InstanceName\": \"a\"}, {\"InstanceName\": \"b\"}]",
        "{\"InstanceName\": \"a\"},\n{\"InstanceName\": \"b\"}",
        "```\n{\"InstanceName\": \"a\"}\n```\nand\n```json\n{\"InstanceName\": \"b\"}\n```",
        "curl -d '{\"InstanceName\": \"a\"}' http://h/\ncurl -d '{\"InstanceName\": \"b\"}' http://h/",
        "curl -d '{\"InstanceName\": \"a\"}' -d '{\"InstanceName\": \"b\"}' http://h/",
        "first = {'InstanceName': 'a'}\nsecond = {'InstanceName': 'b'}\n",
    ] {
        let documents = all(text);
        let names: Vec<_> = documents.iter().map(|it| &*it.name).collect();
        assert_eq!(names, ["a", "b"], "{text}");
    }
    assert!(all("{}\n{}").iter().all(|it| it.repaired.is_empty()));
    let many = "{}".repeat(MAX_DOCUMENTS);
    assert_eq!(all(&many).len(), MAX_DOCUMENTS);
    assert_eq!(read(&(many + "{}")), Err(ReadError::TooMany));
}

#[test]
fn f38_what_an_sdk_prints_gets_the_names_of_a_body() {
    let text = "{'workspace_id': '40823', 'instance_name': 'a', 'priority': 1, 'user_vpc': \
                {'v_switch_id': 'vsw-1', 'extended_cidrs': None, 'forward_infos': \
                [{'sshpublic_key': 'k', 'enable': True}]}, 'environment_variables': \
                {'user_name': \"it's\"}, 'other_one': 2}";
    let document = reads(
        text,
        Source::Printout,
        r#"{"WorkspaceId":"40823","InstanceName":"a","Priority":1,"UserVpc":{"VSwitchId":"vsw-1","ForwardInfos":[{"Enable":true,"SSHPublicKey":"k"}]},"EnvironmentVariables":{"user_name":"it's"},"other_one":2}"#,
    );
    assert!(document.repaired.is_empty(), "so Python writes it");
    let expected = [
        ("workspace_id", "WorkspaceId"),
        ("instance_name", "InstanceName"),
        ("priority", "Priority"),
        ("user_vpc", "UserVpc"),
        ("v_switch_id", "UserVpc.VSwitchId"),
        ("extended_cidrs", "UserVpc.ExtendedCIDRs"),
        ("forward_infos", "UserVpc.ForwardInfos"),
        ("sshpublic_key", "UserVpc.ForwardInfos[0].SSHPublicKey"),
        ("enable", "UserVpc.ForwardInfos[0].Enable"),
        ("environment_variables", "EnvironmentVariables"),
    ];
    let expected = expected.map(|(from, to)| (from, to.to_owned()));
    let mut told = mapped(&document);
    let mut expected = expected.to_vec();
    told.sort_unstable();
    expected.sort_unstable();
    assert_eq!(told, expected);
    reads(
        r#"{"workspaceId": "1", "userVpc": {"vSwitchId": "v"}, "instanceName": "a"}"#,
        Source::Printout,
        r#"{"WorkspaceId":"1","InstanceName":"a","UserVpc":{"VSwitchId":"v"}}"#,
    );
    // One name of a body, and it is one.
    let text = r#"{"WorkspaceId":"1","instance_name":"a"}"#;
    reads(text, Source::Body, text);
    let document = one("{'workspace_id': '1', 'workspaceId': '2'}");
    assert_eq!(ignored(&document), [("workspaceId", Why::Twice)]);
}

#[test]
fn f38_curl_in_all_its_quotings() {
    for text in [
        r#"curl -d '{"InstanceName":"a"}' http://h/"#,
        r#"curl --data '{"InstanceName":"a"}' http://h/"#,
        r#"curl --data-raw '{"InstanceName":"a"}' http://h/"#,
        r#"curl --data-binary '{"InstanceName":"a"}' http://h/"#,
        r#"curl --json '{"InstanceName":"a"}' http://h/"#,
        r#"curl --data='{"InstanceName":"a"}' http://h/"#,
        r#"curl -sSd'{"InstanceName":"a"}' http://h/"#,
        r#"curl -XPOST -H 'd: e' -sSd '{"InstanceName":"a"}' http://h/"#,
        r#"curl --json '{"InstanceName":' --json '"a"}' http://h/"#,
        r#"$ curl -d "{\"InstanceName\":\"a\"}" http://h/"#,
        r#"curl -d $'{"InstanceName":"\x61"}' http://h/"#,
        r#"curl -d \{\"InstanceName\":\"a\"\} http://h/"#,
        "curl http://h/ \\\n  -H 'A: b' \\\n  -d '{\"InstanceName\":\n\"a\"}'",
        "curl -d @- http://h/ <<'EOF'\n{\"InstanceName\":\"a\"}\nEOF\n",
        "curl http://h/ -d @- <<-EOF\n\t{\"InstanceName\":\"a\"}\n\tEOF\n",
        "curl -d @- http://h/ <<< '{\"InstanceName\":\"a\"}'",
        "echo '{\"InstanceName\":\"a\"}' | curl -d @- http://h/",
        "cat <<EOF | curl --data-binary @- http://h/\n{\"InstanceName\":\"a\"}\nEOF",
        "NAME=a\ncurl -d \"{\\\"InstanceName\\\":\\\"$NAME\\\"}\" http://h/",
        "body=$(cat <<EOF\n{\"InstanceName\":\"a\"}\nEOF\n)\ncurl -d \"$body\" http://h/",
        "sudo /usr/bin/curl.exe -d '{\"InstanceName\":\"a\"}' http://h/",
        "me@host:~$ curl -d '{\"InstanceName\":\"a\"}' http://h/",
        "curl.exe http://h/ `\n  -d '{\"InstanceName\":\"a\"}'",
        "curl ^\"http://h/^\" ^\n  -H ^\"A: b^\" ^\n  --data-raw ^\"^{^\\^\"InstanceName^\\^\":^\\^\"a^\\^\"^}^\"",
        "curl http://h/ ^\r\n  -d \"{\\\"InstanceName\\\":\\\"a\\\"}\"\r\n",
        "curl http://h/ ^\n  -d \"{\"\"InstanceName\"\":\"\"a\"\"}\"",
    ] {
        reads(text, Source::Curl, A);
    }
    let document = one(
        "curl 'https://pai-dsw.cn-shanghai.aliyuncs.com/api/v2/instances' -d '{InstanceName:\"a\"}'",
    );
    assert_eq!(document.region.as_deref(), Some("cn-shanghai"));
    assert_eq!(document.repaired.len(), 1);
    let document = one("curl 'http://h/api/v2/instances?RegionId=cn-beijing&a=b' -d '{}'");
    assert_eq!(document.region.as_deref(), Some("cn-beijing"));
    let document = one(
        "curl -d \"{\\\"InstanceName\\\":\\\"$NAME\\\",\\\"ImageAuth\\\":\\\"${AUTH}\\\",\\\"New\\\":\\\"x-$(date)\\\"}\" http://h/",
    );
    assert_eq!(
        absent(&document),
        [
            ("InstanceName".to_owned(), Some("NAME")),
            ("ImageAuth".to_owned(), Some("AUTH")),
            ("New".to_owned(), Some("$(…)")),
        ]
    );
}

#[test]
fn f38_a_body_that_is_not_in_the_text_is_explained() {
    let file = |name: &str| ReadError::File { name: name.into() };
    let no_request = ReadError::NoRequest;
    for (text, error) in [
        ("curl -d @body.json http://h/", file("body.json")),
        ("curl -d \"$(cat body.json)\" http://h/", file("body.json")),
        ("curl -d \"$(<body.json)\" http://h/", file("body.json")),
        ("curl -d @- http://h/ < body.json", file("body.json")),
        ("cat body.json | curl -d @- http://h/", file("body.json")),
        (
            "aliyun pai-dsw POST /api/v2/instances --body \"$(cat body.json)\"",
            file("body.json"),
        ),
        (
            "aliyun pai-dsw POST /api/v2/instances --body-file body.json",
            file("body.json"),
        ),
        ("curl -d @- http://h/", ReadError::StandardInput),
        ("curl http://h/", no_request(Source::Curl)),
        ("curl -d \"$BODY\" http://h/", no_request(Source::Curl)),
        (
            "aliyun pai-dsw list-instances --workspace-id 1",
            no_request(Source::Aliyun),
        ),
        ("import os\nprint(os.environ)", no_request(Source::Python)),
        ("package main\nfunc main() {}", no_request(Source::Go)),
        (
            r#"{"Instances": [], "TotalCount": 0}"#,
            no_request(Source::ListInstances),
        ),
        (
            r#"{"Resources": {"A": {"Type": "ALIYUN::ECS::VPC"}}}"#,
            no_request(Source::Ros),
        ),
        (
            r#"{"InstanceId": "dsw-1", "Success": true, "RequestId": "r"}"#,
            no_request(Source::GetInstance),
        ),
    ] {
        assert_eq!(read(text), Err(error), "{text}");
    }
    let error = read("curl -d '{\"a\": 1,\n\"b\" 2}' http://h/");
    let expected = JsonError {
        problem: Problem::MissingColon,
        line: 2,
        column: 5,
    };
    assert_eq!(error, Err(ReadError::Body(expected)));
    json_error("curl -d '{}", Problem::UnclosedText, 1, 9);
    json_error(
        "body = {\n  'InstanceName' 1\n}",
        Problem::MissingColon,
        2,
        18,
    );
}

#[test]
fn f38_the_cli_with_a_body_or_with_flags() {
    for text in [
        "aliyun pai-dsw POST /api/v2/instances --region cn-beijing --body '{\"InstanceName\":\"a\"}'",
        "aliyun pai-dsw POST /api/v2/instances --region cn-beijing --body \"$(cat <<'JSON'\n{\"InstanceName\":\"a\"}\nJSON\n)\"\n",
        "aliyun --region cn-beijing pai-dsw CreateInstance --body='{\"InstanceName\":\"a\"}'",
    ] {
        let document = reads(text, Source::Aliyun, A);
        assert_eq!(document.region.as_deref(), Some("cn-beijing"), "{text}");
    }
    let document = reads(
        "aliyun pai-dsw create-instance --region cn-hangzhou --profile mine \\\n  \
         --workspace-id 40823 --instance-name a --priority 2 \\\n  \
         --datasets DatasetId=d-1 MountPath=/mnt/a Dynamic=false DatasetId=d-2 \\\n  \
         --datasets Uri=oss://b/p?x=y \\\n  \
         --user-vpc '{\"VpcId\":\"vpc-1\",\"ExtendedCIDRs\":[\"10.0.0.0/8\"],}' \\\n  \
         --labels Key=team Value=vision \\\n  \
         --environment-variables userName=Chris A=\"b c\" --image-auth \"$AUTH\"",
        Source::AliyunPlugin,
        r#"{"WorkspaceId":"40823","InstanceName":"a","Priority":2,"Datasets":[{"DatasetId":"d-1","MountPath":"/mnt/a","Dynamic":false},{"DatasetId":"d-2"},{"Uri":"oss://b/p?x=y"}],"UserVpc":{"VpcId":"vpc-1","ExtendedCIDRs":["10.0.0.0/8"]},"EnvironmentVariables":{"userName":"Chris","A":"b c"},"Labels":[{"Key":"team","Value":"vision"}]}"#,
    );
    assert_eq!(document.region.as_deref(), Some("cn-hangzhou"));
    assert_eq!(ignored(&document), [("--profile", Why::Flag)]);
    assert_eq!(absent(&document), [("ImageAuth".to_owned(), Some("AUTH"))]);
}

#[test]
fn f38_what_begins_with_a_dash_is_a_flag_only_if_it_is_named_so() {
    let document = reads(
        "aliyun pai-dsw create-instance --instance-name a -p default --image-auth \"-----BEGIN PRIVATE KEY-----\nMIIE\" --other=1",
        Source::AliyunPlugin,
        r#"{"InstanceName":"a","ImageAuth":"-----BEGIN PRIVATE KEY-----\nMIIE"}"#,
    );
    assert_eq!(
        ignored(&document),
        [("-p", Why::Flag), ("--other", Why::Flag)]
    );
    let document = reads(
        "aliyun pai-dsw POST '/api/v2/instances?a=b' --header 'Content-Type=application/json' --header \"X=y\" --body '{\"InstanceName\":\"a\"}'",
        Source::Aliyun,
        A,
    );
    assert_eq!(ignored(&document), [("--header", Why::Flag)]);
}

#[test]
fn f38_another_operation_is_no_request() {
    let body = "'{\"InstanceName\":\"a\"}'";
    for (begin, source) in [
        (
            "aliyun pai-dsw POST /api/v2/instances/dsw-1/snapshots --body",
            Source::Aliyun,
        ),
        (
            "aliyun pai-dsw PUT /api/v2/instances/dsw-1 --body",
            Source::Aliyun,
        ),
        (
            "curl -X PUT http://h/api/v2/instances/dsw-1 -d",
            Source::Curl,
        ),
        (
            "curl http://h/api/v2/instances/dsw-1/snapshots?a=b -d",
            Source::Curl,
        ),
    ] {
        let text = [begin, " ", body].concat();
        assert_eq!(read(&text), Err(ReadError::NoRequest(source)), "{text}");
    }
    for begin in [
        "aliyun pai-dsw POST --region cn-beijing /api/v2/instances/ --body",
        "curl http://h/api/v2/instances/?RegionId=a -H 'Referer: http://h/instances/dsw-1' -d",
    ] {
        one(&[begin, " ", body].concat());
    }
    let file = ReadError::File {
        name: "body.json".into(),
    };
    assert_eq!(
        read("aliyun pai-dsw POST /api/v2/instances --body file://body.json"),
        Err(file)
    );
}

#[test]
fn f38_programs_as_people_write_them() {
    for (text, source) in [
        (
            "body = {\n  'InstanceName': 'a',  # a name\n}",
            Source::Python,
        ),
        (
            "request = CreateInstanceRequest(instance_name='a')",
            Source::Python,
        ),
        (
            "from x import y\nrequests.post(url, json={\"InstanceName\": \"a\"})",
            Source::Python,
        ),
        (
            "import json\ndata = json.dumps({\"InstanceName\": 'a' ''})",
            Source::Python,
        ),
        (
            "request = dsw.CreateInstanceRequest().from_map({\"InstanceName\": r'a'})",
            Source::Python,
        ),
        ("body = dict(InstanceName='''a''')", Source::Python),
        ("const body = { InstanceName: `a` };", Source::TypeScript),
        (
            "fetch(url)\nconst a = 1\nfetch(url, { method: 'POST', body: JSON.stringify({ InstanceName: 'a' }) })",
            Source::TypeScript,
        ),
        (
            "const request = new CreateInstanceRequest({ instanceName: 'a' });",
            Source::TypeScript,
        ),
        (
            "request := &dsw.CreateInstanceRequest{\n\tInstanceName: tea.String(\"a\"),\n}",
            Source::Go,
        ),
        (
            "body := map[string]interface{}{\"InstanceName\": `a`}",
            Source::Go,
        ),
        (
            "CreateInstanceRequest request = new CreateInstanceRequest()\n  .setInstanceName(\"a\");",
            Source::Java,
        ),
        (
            "CreateInstanceRequest request = CreateInstanceRequest.builder().instanceName(\"a\").build();",
            Source::Java,
        ),
        (
            "from x import *\nrequest = CreateInstanceRequest()\nrequest.instance_name = 'b'\nrequest.instance_name = 'a'\nprint(request.instance_name)",
            Source::Python,
        ),
        (
            "CreateInstanceRequest request = new CreateInstanceRequest();\nrequest.setInstanceName(\"a\");\nclient.createInstance(request);",
            Source::Java,
        ),
        (
            "request := &dsw.CreateInstanceRequest{}\nrequest.InstanceName = tea.String(\"a\")\nif request.InstanceName == nil {}",
            Source::Go,
        ),
        (
            "const request = new $dsw.CreateInstanceRequest({});\nrequest.instanceName = 'a';",
            Source::TypeScript,
        ),
        (
            "locals {\n  body = {\n    InstanceName = \"a\" // a name\n  }\n}",
            Source::Terraform,
        ),
        ("dsw_body = {\n  InstanceName = \"a\"\n}", Source::Terraform),
    ] {
        reads(text, source, A);
    }
}

#[test]
fn f38_what_is_set_after_an_object_was_made_is_in_it() {
    const AP: &str = r#"{"InstanceName":"a","Priority":2}"#;
    for (text, source) in [
        (
            "body = {'InstanceName': 'a'}\nbody['Priority'] = 2",
            Source::Python,
        ),
        (
            "body = {}\nbody['InstanceName'] = 'a'\nbody['Priority'] = 1\nbody['Priority'] = 2",
            Source::Python,
        ),
        (
            "import os\nsettings: dict[str, Any] = {}\nsettings['InstanceName'] = 'a'\nsettings.update({'Priority': 2})",
            Source::Python,
        ),
        (
            "import os\nbody = dict(InstanceName='a')\nbody.update(Priority=2)",
            Source::Python,
        ),
        (
            "import os\nbody = {'InstanceName': 'a-', 'Priority': 2}\nbody['InstanceName'] = 'a'\nprint(body['Priority'], body.get('a'))",
            Source::Python,
        ),
        (
            "const body = { InstanceName: 'a' };\nbody.Priority = 2;",
            Source::TypeScript,
        ),
        (
            "const settings: Record<string, unknown> = {};\nsettings[\"Priority\"] = 2; settings['InstanceName'] = 'a';",
            Source::TypeScript,
        ),
        (
            "body := map[string]interface{}{\"InstanceName\": \"a\"}\nbody[\"Priority\"] = 2",
            Source::Go,
        ),
        (
            "package main\nrequest := &dsw.CreateInstanceRequest{}\nrequest.SetInstanceName(\"a\").SetPriority(2)",
            Source::Go,
        ),
        (
            "import java.util.*;\nMap<String, Object> body = new HashMap<>();\nbody.put(\"InstanceName\", \"a\");\nbody.put(\"Priority\", 2);",
            Source::Java,
        ),
        (
            "CreateInstanceRequest r = new CreateInstanceRequest();\nr.setInstanceName(\"a\")\n  .setPriority(2);",
            Source::Java,
        ),
        (
            "import os\nself.request = CreateInstanceRequest()\nself.request.instance_name = 'a'\nself.request.priority = 2",
            Source::Python,
        ),
    ] {
        let document = one(text);
        assert_eq!(document.source, source, "{text}");
        assert_eq!(ignored(&document), [], "{text}");
        let body: serde_json::Value = serde_json::from_str(&body(&document)).expect("it is JSON");
        assert_eq!(
            body,
            serde_json::from_str::<serde_json::Value>(AP).expect("it is JSON"),
            "{text}"
        );
    }
}

#[test]
fn f38_what_is_set_within_an_object_is_in_it() {
    const VPC: &str = r#"{"UserVpc":{"VpcId":"v"}}"#;
    for (text, source) in [
        (
            "request = CreateInstanceRequest()\nrequest.user_vpc = CreateInstanceRequestUserVpc()\nrequest.user_vpc.vpc_id = 'v'",
            Source::Python,
        ),
        (
            "request = CreateInstanceRequest()\nvpc = CreateInstanceRequestUserVpc(vpc_id='x')\nrequest.user_vpc = vpc\nvpc.vpc_id = 'v'",
            Source::Python,
        ),
        (
            "vpc = CreateInstanceRequestUserVpc(vpc_id='v')\nrequest = CreateInstanceRequest(user_vpc=vpc)",
            Source::Python,
        ),
        (
            "vpc = {}\nbody = {'UserVpc': vpc}\nbody['UserVpc']['VpcId'] = 'v'",
            Source::Python,
        ),
        (
            "import os\nbody = {}\nbody['UserVpc'] = {}\nbody['UserVpc'].update({'VpcId': 'v'})",
            Source::Python,
        ),
        (
            "CreateInstanceRequest request = new CreateInstanceRequest();\nCreateInstanceRequest.CreateInstanceRequestUserVpc vpc = new CreateInstanceRequest.CreateInstanceRequestUserVpc(); vpc.setVpcId(\"v\"); request.setUserVpc(vpc);",
            Source::Java,
        ),
        (
            "package main\nvpc := &dsw.CreateInstanceRequestUserVpc{VpcId: tea.String(\"v\")}\nrequest := &dsw.CreateInstanceRequest{UserVpc: vpc}",
            Source::Go,
        ),
    ] {
        reads(text, source, VPC);
    }
    let rows = r#"{"Datasets":[{"Uri":"oss://x/"},{"Uri":"oss://y/"}]}"#;
    for (text, source) in [
        (
            "request = CreateInstanceRequest()\nrequest.datasets = []\nrequest.datasets.append(CreateInstanceRequestDatasets(uri='oss://x/'))\nrow = CreateInstanceRequestDatasets()\nrow.uri = 'oss://y/'\nrequest.datasets.append(row)",
            Source::Python,
        ),
        (
            "request = CreateInstanceRequest(datasets=[CreateInstanceRequestDatasets(uri='oss://x/')])\nrequest.datasets += [CreateInstanceRequestDatasets(uri='z')]\nrequest.datasets[1].uri = 'oss://y/'",
            Source::Python,
        ),
        (
            "const body = { Datasets: [] };\nbody.Datasets.push({ Uri: 'oss://x/' });\nbody.Datasets.push({ Uri: 'oss://y/' });",
            Source::TypeScript,
        ),
    ] {
        reads(text, source, rows);
    }
    for (text, source) in [
        (
            "rows = []\nrows.append({'Uri': 'oss://x/'})\nbody = {'Datasets': rows}\nrows.append({'Uri': 'oss://y/'})",
            Source::Python,
        ),
        (
            "const rows: Row[] = [];\nrows.push(new CreateInstanceRequestDatasets({ uri: 'oss://x/' }));\nrows.push({ Uri: 'oss://y/' });\nconst request = new CreateInstanceRequest({ datasets: rows });",
            Source::TypeScript,
        ),
        (
            "List<CreateInstanceRequestDatasets> rows = new ArrayList<>();\nCreateInstanceRequest r = new CreateInstanceRequest();\nrows.add(new CreateInstanceRequestDatasets().setUri(\"oss://x/\"));\nrows.add(new CreateInstanceRequestDatasets().setUri(\"oss://y/\"));\nr.setDatasets(rows);",
            Source::Java,
        ),
    ] {
        reads(text, source, rows);
    }
    let text = "import os\nbodies = []\nrows = []\nbodies.append({'InstanceName': 'a'})\nbodies.append(CreateInstanceRequest(instance_name='b'))\nrows.append(CreateInstanceRequestDatasets(uri='c'))";
    let names: Vec<_> = all(text).iter().map(|it| it.name.clone()).collect();
    assert_eq!(names, ["a", "b"]);
    // What it comes to is not known.
    let document = one(
        "import os\nbody = {'InstanceName': 'a'}\nbody.update(other)\nbody['Driver'] = d\nbody['Labels'] = []\nbody['Labels'].append(label)\nbody['UserId'] += 'x'",
    );
    assert_eq!(ignored(&document), [("body.update", Why::Beside)]);
    let expected = [("Driver", "d"), ("Labels[0]", "label"), ("UserId", "…")];
    assert_eq!(
        absent(&document),
        expected.map(|(member, variable)| (member.to_owned(), Some(variable)))
    );
    // They hold each other, and one holds itself.
    let document =
        one("import os\na = {}\nb = {}\na['x'] = b\nb['x'] = a\nb['y'] = b\nbody = {'UserVpc': a}");
    assert_eq!(absent(&document).len(), 2);
    let document = one("import os\nbody = {'InstanceName': os.getenv('\\x009')}");
    assert_eq!(absent(&document).len(), 1);
}

#[test]
fn f38_what_stands_behind_a_plus_is_not_lost() {
    for (text, expected) in [
        (
            "body = {'InstanceName': 'a-' + str(5)}",
            r#"{"InstanceName":"a-5"}"#,
        ),
        (
            "const body = { InstanceName: 'a-' + 1 + '-b' };",
            r#"{"InstanceName":"a-1-b"}"#,
        ),
        (
            "body = {'Datasets': [{'Uri': 'x'}] + [{'Uri': 'y'}]}",
            r#"{"Datasets":[{"Uri":"x"},{"Uri":"y"}]}"#,
        ),
        (
            "body = {'WorkspaceId': str(40823), 'Priority': int('2')}",
            r#"{"WorkspaceId":"40823","Priority":2}"#,
        ),
        (
            "const body = { WorkspaceId: String(40823), Priority: Number('2') };",
            r#"{"WorkspaceId":"40823","Priority":2}"#,
        ),
        (
            "CreateInstanceRequest r = new CreateInstanceRequest().setWorkspaceId(String.valueOf(40823)).setPriority(Long.valueOf(\"2\"));",
            r#"{"WorkspaceId":"40823","Priority":2}"#,
        ),
    ] {
        let document = one(text);
        assert_eq!(body(&document), expected, "{text}");
        assert_eq!(absent(&document), [], "{text}");
    }
    let document = one(
        "body = {'InstanceName': 'a', 'Priority': 1 + 2, 'Driver': 'a' + 1.50, 'UserId': 'a' + x, 'Labels': [] + 1, 'ImageId': 1 + 'a'}",
    );
    let told = absent(&document);
    let told: Vec<_> = told
        .iter()
        .map(|(member, variable)| (&**member, *variable))
        .collect();
    let unknown = Some("…");
    assert_eq!(
        told,
        [
            ("Priority", unknown),
            ("Driver", unknown),
            ("UserId", Some("x")),
            ("Labels", unknown),
            ("ImageId", unknown)
        ]
    );
    assert_eq!(body(&document), A);
    json_error(
        "body = {'InstanceName': 'a',\n 'Priority': 9 // 2}",
        Problem::MissingComma,
        2,
        16,
    );
}

#[test]
fn f38_commands_as_they_are_copied_from_somewhere() {
    for text in [
        "Here's my command:\ncurl -d '{\"InstanceName\":\"a\"}' http://h/",
        "It's so:\nBODY='{\"InstanceName\":\"a\"}'\ncurl -d \"$BODY\" http://h/",
        "read -r -d '' BODY <<'X'\n{\"InstanceName\":\"a\"}\nX\ncurl -d \"$BODY\" http://h/",
        "cat > body.json <<'X' 2>/dev/null\n{\"InstanceName\":\"a\"}\nX\ncurl -d @body.json http://h/ 2>/dev/null",
        "tee body.json <<'X' >/dev/null\n{\"InstanceName\":\"a\"}\nX\ncat body.json 2>/dev/null | curl -d @- http://h/",
        "echo '{\"InstanceName\":\"a\"}' >body.json\ncurl -d @- http://h/ < body.json",
        "C:\\Users\\me>curl -d \"{\\\"InstanceName\\\":\\\"a\\\"}\" http://h/",
        "PS C:\\Users\\me> curl.exe -d '{\\\"InstanceName\\\":\\\"a\\\"}' http://h/",
        "C:\\Users\\me>curl ^\n  -d \"{\"\"InstanceName\"\":\"\"a\"\"}\" http://h/",
        "curl -d \"{\"\"InstanceName\"\":\"\"a\"\"}\" http://h/",
        "curl http://h/ \\  \n  -d '{\"InstanceName\":\"a\"}'",
        "curl -d ‘{\"InstanceName\":\"a\"}’ http://h/",
        "curl -d “{“InstanceName”: “a”}” http://h/",
    ] {
        reads(text, Source::Curl, A);
    }
    reads(
        "curl.exe -d '{\\\"InstanceName\\\":\\\"a \\\\\\\"b\\\\\\\"\\\"}' h",
        Source::Curl,
        r#"{"InstanceName":"a \"b\""}"#,
    );
    let document = one("read -r NAME\ncurl -d \"{\\\"InstanceName\\\":\\\"$NAME\\\"}\" http://h/");
    assert_eq!(
        absent(&document),
        [("InstanceName".to_owned(), Some("NAME"))]
    );
    let text = "aliyun pai-dsw POST /api/v2/instances --body-file body.json";
    let body = "cat > body.json <<'X'\n{\"InstanceName\":\"a\"}\nX\n";
    reads(&[body, text].concat(), Source::Aliyun, A);
    assert_eq!(read("Please set the InstanceName"), Err(ReadError::Unknown));
    reads("set -e\nBODY='{\"InstanceName\":\"a\"}'", Source::Curl, A);
}

#[test]
fn f38_json_that_is_escaped_or_stands_below_something() {
    for text in [
        r#"{\"InstanceName\":\"a\"}"#,
        r#"{\n  \"InstanceName\": \"a\"\n}"#,
    ] {
        reads(text, Source::Wrapped, A);
    }
    mended(
        "The body is this:\n\n{\"InstanceName\": \"a\",}\n\nThanks!",
        A,
        &[
            (RepairKind::Fence, 3, 1),
            (RepairKind::TrailingComma, 3, 21),
        ],
    );
    let document = reads(
        "POST /api/v2/instances HTTP/1.1\nHost: pai-dsw.cn-beijing.aliyuncs.com\nContent-Type: application/json\n\n{\"InstanceName\":\"a\"}\n",
        Source::Body,
        A,
    );
    assert_eq!(document.region.as_deref(), Some("cn-beijing"));
    assert!(document.repaired.is_empty());
    for text in ["a\n{}", "a\n{b c}"] {
        assert_eq!(read(text), Err(ReadError::Unknown));
    }
}

#[test]
fn f38_objects_as_node_and_python_print_them() {
    for text in [
        "CreateInstanceRequest {\n  instanceName: 'a',\n  labels: undefined,\n  userVpc: CreateInstanceRequestUserVpc { vpcId: 'v' }\n}",
        "{'headers': {}, 'body': {'instance_name': 'a', 'labels': None, 'user_vpc': {'vpc_id': 'v'}}}",
    ] {
        let document = reads(
            text,
            Source::Printout,
            r#"{"InstanceName":"a","UserVpc":{"VpcId":"v"}}"#,
        );
        assert_eq!(document.repaired.len(), 0, "{text}");
    }
    mended(
        "{'New': '\\x1b[0m\\xe9'}",
        "{\"New\":\"\\u001b[0mé\"}",
        &[
            (RepairKind::SingleQuotes, 1, 2),
            (RepairKind::SingleQuotes, 1, 9),
            (RepairKind::Escape, 1, 10),
            (RepairKind::Escape, 1, 17),
        ],
    );
    json_error("{'a': Something}", Problem::NotAValue, 1, 7);
}

#[test]
fn f38_json_in_the_text_of_a_program() {
    for (text, source) in [
        (
            "fetch(\"http://h/\", {\n  \"headers\": {},\n  \"body\": \"{\\\"InstanceName\\\":\\\"a\\\"}\",\n  \"method\": \"POST\"\n});",
            Source::TypeScript,
        ),
        (
            "import requests\npayload = '{\"InstanceName\": \"a\"}'",
            Source::Python,
        ),
        (
            "r = requests.post(url, data=\"\"\"{\n\"InstanceName\": \"a\"\n}\"\"\")",
            Source::Python,
        ),
        (
            "String body = \"{\\\"InstanceName\\\":\\\"a\\\"}\";",
            Source::Java,
        ),
        (
            "package main\npayload := strings.NewReader(`{\"InstanceName\": \"a\"}`)",
            Source::Go,
        ),
        (
            "curl.exe -d '{\\\"InstanceName\\\": \\\"a\\\"}' http://h/",
            Source::Curl,
        ),
    ] {
        reads(text, source, A);
    }
    assert_eq!(
        read("import os\npayload = '{\"Name\": \"a\"}'\nother = '{'"),
        Err(ReadError::NoRequest(Source::Python))
    );
}

#[test]
fn f49_what_a_program_looks_up_or_computes_is_named() {
    let document = one(
        "import os\nbody = {'InstanceName': name, 'ImageAuth': os.getenv('AUTH'), 'UserId': os.environ.get('ID', ''), 'Driver': f'{d}x'}",
    );
    assert_eq!(
        absent(&document),
        [
            ("InstanceName".to_owned(), Some("name")),
            ("ImageAuth".to_owned(), Some("AUTH")),
            ("UserId".to_owned(), Some("ID")),
            ("Driver".to_owned(), Some("d")),
        ]
    );
    let document =
        one("request = CreateInstanceRequest()\nrequest.user_id = lambda: 1\nrequest.driver = d");
    assert_eq!(
        absent(&document),
        [
            ("UserId".to_owned(), Some("lambda")),
            ("Driver".to_owned(), Some("d")),
        ]
    );
    let document = one(
        "const body = { InstanceName, ImageAuth: process.env.AUTH ?? '', UserId: process.env['ID']! };",
    );
    let variables: Vec<_> = document
        .absent
        .iter()
        .map(|it| it.variable.as_deref())
        .collect();
    assert_eq!(variables, [Some("InstanceName"), Some("AUTH"), Some("ID")]);
}

#[test]
fn f06_an_instance_of_the_service_becomes_a_request() {
    let document = reads(
        r#"{"RequestId": "r", "Success": true, "InstanceId": "dsw-1", "InstanceName": "a", "Status": "Running",
            "GmtCreateTime": "2022-01-01T00:00:00Z", "ImageId": "image-1", "ImageUrl": "registry/a", "EcsSpec": "ecs.c6.large",
            "ImageAuth": "****", "Tags": [{"TagKey": "k", "TagValue": "v"}], "UserCommandId": "uc-1", "ResourceId": "",
            "CloudDisks": [{"Capacity": "100Gi", "Status": {"Usage": 1}}],
            "UserVpc": {"VpcId": "vpc-1", "Ip": "10.0.0.1", "ForwardInfos": [{"Enable": true, "ConnectInfo": {"Phase": "Ready"}}]},
            "EnvironmentVariables": {"A": "b", "TOKEN": "******"}, "Datasets": [{"DatasetId": "d", "ActualMountAccess": "RO"}]}"#,
        Source::GetInstance,
        r#"{"InstanceName":"a","EcsSpec":"ecs.c6.large","ImageId":"image-1","CloudDisks":[{"Capacity":"100Gi"}],"Datasets":[{"DatasetId":"d"}],"UserVpc":{"VpcId":"vpc-1","ForwardInfos":[{"Enable":true}]},"EnvironmentVariables":{"A":"b"},"Tag":[{"Key":"k","Value":"v"}]}"#,
    );
    assert_eq!(
        mapped(&document),
        [
            ("TagKey", "Tag[0].Key".to_owned()),
            ("TagValue", "Tag[0].Value".to_owned()),
            ("Tags", "Tag".to_owned()),
        ]
    );
    assert_eq!(
        absent(&document),
        [
            ("ImageAuth".to_owned(), None),
            ("EnvironmentVariables.TOKEN".to_owned(), None)
        ]
    );
    assert_eq!(
        ignored(&document),
        [
            ("ImageUrl", Why::Implied),
            ("RequestId", Why::Reported),
            ("Success", Why::Reported),
            ("InstanceId", Why::Reported),
            ("Status", Why::Reported),
            ("GmtCreateTime", Why::Reported),
            ("UserCommandId", Why::Reported),
            ("CloudDisks[0].Status", Why::Reported),
            ("UserVpc.Ip", Why::Reported),
            ("UserVpc.ForwardInfos[0].ConnectInfo", Why::Reported),
            ("Datasets[0].ActualMountAccess", Why::Reported),
        ]
    );
    let list = r#"{"TotalCount": 2, "Instances": [{"InstanceId": "dsw-1", "InstanceName": "a"}, {"InstanceId": "dsw-2", "InstanceName": "b"}]}"#;
    for text in [
        list.to_owned(),
        [r#"{"statusCode": 200, "body": "#, list, "}"].concat(),
    ] {
        let documents = all(&text);
        let names = documents.iter().map(|it| (&*it.name, it.source));
        let expected = [("a", Source::ListInstances), ("b", Source::ListInstances)];
        assert_eq!(names.collect::<Vec<_>>(), expected);
    }
}

#[test]
fn f06_a_reply_that_an_sdk_prints_becomes_a_request() {
    let reply = "{'instance_id': 'dsw-1', 'instance_name': 'a', 'status': 'Running', 'image_id': 'i', 'image_url': 'u', 'tags': [{'tag_key': 'k', 'tag_value': 'v'}]}";
    for text in [
        reply.to_owned(),
        ["{'statusCode': 200, 'body': ", reply, "}"].concat(),
        ["{'body': {'instances': [", reply, "]}}"].concat(),
    ] {
        let document = one(&text);
        assert_eq!(
            body(&document),
            r#"{"InstanceName":"a","ImageId":"i","Tag":[{"Key":"k","Value":"v"}]}"#,
            "{text}"
        );
        let told = ignored(&document);
        for expected in [
            ("ImageUrl", Why::Implied),
            ("instance_id", Why::Reported),
            ("status", Why::Reported),
        ] {
            assert!(told.contains(&expected), "{text}: {told:?}");
        }
    }
    reads(
        reply,
        Source::GetInstance,
        r#"{"InstanceName":"a","ImageId":"i","Tag":[{"Key":"k","Value":"v"}]}"#,
    );
}

#[test]
fn f06_the_label_of_the_submission_is_not_cloned() {
    let label = r#"{"Key": "dsw-composer-submission", "Value": "s"}"#;
    let own = r#"{"Key": "a", "Value": "b"}"#;
    let reply = |labels: &str| {
        format!(
            r#"{{"InstanceId": "dsw-1", "Status": "Running", "InstanceName": "a", "Labels": [{labels}]}}"#
        )
    };
    for (labels, expected) in [
        (label.to_owned(), A),
        (
            [label, ",", own].concat(),
            r#"{"InstanceName":"a","Labels":[{"Key":"a","Value":"b"}]}"#,
        ),
    ] {
        let document = reads(&reply(&labels), Source::GetInstance, expected);
        assert!(ignored(&document).contains(&("dsw-composer-submission", Why::Reported)));
        assert_eq!(document.import.report.dropped.len(), 0);
    }
    // A request says what is to be sent.
    let request = format!(r#"{{"Labels":[{}]}}"#, label.replace(' ', ""));
    reads(&request, Source::Body, &request);
}

/// Something secret that stands where a value is computed or ignored.
const MARKER: &str = "MARKERdXNlcjpwYXNz";

#[test]
fn s18_what_is_told_of_a_text_holds_no_value_of_it() {
    for text in [
        "const body = { InstanceName: 'a', ImageAuth: `${sign('M')}`, Driver: f('M'), UserId: process.env.X ?? 'M' };",
        "import os\nbody = {'InstanceName': 'a', 'ImageAuth': f'{sign(\"M\")}', 'UserId': os.getenv('X', 'M'), 'Driver': 'M' + x}",
        "locals {\n body = {\n InstanceName = \"a\"\n ImageAuth = \"${sign(\"M\")}\"\n }\n}",
        "curl -H 'Authorization: Bearer M' -u me:M -d '{\"InstanceName\":\"a\"}' 'http://h/?token=M'",
        "aliyun pai-dsw create-instance --instance-name a --access-key-secret M --image-auth \"$(sign M)\" --driver \"${A:-M}\"",
        "{\"InstanceId\": \"dsw-1\", \"InstanceName\": \"a\", \"Status\": \"M\", \"ImageAuth\": \"M***\"}",
        "{\"body\": {\"InstanceName\": \"a\"}, \"AccessKeySecret\": \"M\"}",
        "{InstanceName: 'a', InstanceName: 'M'}",
        "{InstanceName: 'M' 'M'}",
        "curl -d '{\"ImageAuth\": \"M\" M}'",
        "request = CreateInstanceRequest(instance_name='a')\nrequest.image_auth = sign('M')\nrequest.driver = lambda: 'M'",
    ] {
        let text = text.replace('M', MARKER);
        let told = match read(&text) {
            Ok(documents) => {
                let told = documents.iter().map(|it| {
                    assert!(!body(it).contains(MARKER), "{text}: {}", body(it));
                    format!(
                        "{:?} {:?} {:?} {:?}",
                        it.mapped, it.ignored, it.absent, it.repaired
                    )
                });
                told.collect()
            }
            Err(error) => format!("{error:?} {error}"),
        };
        assert!(!told.contains(MARKER), "{text}: {told}");
    }
}

#[test]
fn f38_what_code_left_out_is_put_back() {
    let document = reads(
        r#"# Left out of the request: {"/New": {"Password": "${DSW_PASSWORD}", "image_url": 1}}
# Left out of the request: {"/Datasets/1/Newer": 1.50}
# Left out of the request: {"/EnvironmentVariables": {"A": 1, "B": "x"}}
request = dsw.CreateInstanceRequest(
    instance_name="mine",
    environment_variables={"B": os.environ["DSW_B"]},
    datasets=[dsw.CreateInstanceRequestDatasets(uri="oss://a/"), dsw.CreateInstanceRequestDatasets(uri="oss://b/")],
)
"#,
        Source::Python,
        r#"{"InstanceName":"mine","Datasets":[{"Uri":"oss://a/"},{"Uri":"oss://b/","Newer":1.50}],"EnvironmentVariables":{"A":1,"B":"x"},"New":{"image_url":1}}"#,
    );
    assert_eq!(
        absent(&document),
        [("New.Password".to_owned(), Some("DSW_PASSWORD"))],
        "a variable whose value is put back is not absent"
    );
    assert_eq!(ignored(&document), []);

    // What a person has changed in the code is newer, but a whole map is put into the place of its part.
    let document = reads(
        r#"// Left out of the request: {"/ImageId": "left", "/Driver": "${DSW_A}", "/UserId": 1}
// Left out of the request: {"/EnvironmentVariables": {"A": 1}, "/Datasets": "x"}
x := &dsw.CreateInstanceRequest{
    ImageId: tea.String("edited"), Driver: tea.String("d"), UserId: tea.String(""),
    EnvironmentVariables: map[string]*string{"B": os.Getenv("B")},
    Datasets: []*dsw.CreateInstanceRequestDatasets{{Uri: tea.String("u")}},
}"#,
        Source::Go,
        r#"{"UserId":1,"Driver":"d","ImageId":"edited","Datasets":[{"Uri":"u"}],"EnvironmentVariables":{"A":1}}"#,
    );
    let twice = ["/ImageId", "/Driver", "/Datasets"].map(|name| (name, Why::Twice));
    assert_eq!(ignored(&document), twice);
    assert_eq!(absent(&document), []);

    // Each stands above its own request.
    let comment = "// Left out of the request: ";
    let request = "request := &dsw.CreateInstanceRequest{InstanceName: dara.String(\"a\")}\n";
    let text = format!(
        "package main\n{comment}{{\"/A\": 1}}\n{request}\n{request}{comment}{{\"/B\": 2}}\n{request}"
    );
    let bodies: Vec<_> = all(&text).iter().map(body).collect();
    let expected = [
        r#"{"InstanceName":"a","A":1}"#,
        A,
        r#"{"InstanceName":"a","B":2}"#,
    ];
    assert_eq!(bodies, expected);

    // Within a request it is of that request, and behind it of the next.
    let text = format!(
        "package main\nx := &dsw.CreateInstanceRequest{{\n{comment}{{\"/A\": 1}}\nInstanceName: dara.String(\"a\")}}\n{comment}{{\"/B\": 2}}\n{request}"
    );
    let bodies: Vec<_> = all(&text).iter().map(body).collect();
    assert_eq!(bodies, [expected[0], expected[2]]);

    // What leads nowhere any more, and what is no longer JSON, is told.
    let text = format!(
        "package main\n{comment}{{\"/Datasets/3/Uri\": \"x\", \"\": {{}}}}\n{comment}{{\"/A\": \n{request}"
    );
    let document = reads(&text, Source::Go, A);
    let told = [
        ("Left out of the request", Why::Beside),
        ("/Datasets/3/Uri", Why::Beside),
        ("", Why::Beside),
    ];
    assert_eq!(ignored(&document), told);
}

#[test]
fn f38_what_a_template_left_out_is_put_back_into_its_instance() {
    let template = |resources: &str| {
        format!(
            r#"{{"ROSTemplateFormatVersion": "2015-09-01",
            "Metadata": {{"LeftOutOfTheRequest": {{"/ImageId": "i-1", "/ImageAuth": "${{DSW_IMAGE_AUTH}}", "/Datasets/0/Uri": "oss://b/"}}}},
            "Resources": {{{resources}}}}}"#
        )
    };
    let instance = |row: &str| {
        format!(
            r#"{{"Type": "ALIYUN::PaiDswApi::Instance", "Properties": {{"Datasets": [{{{row}}}]}}}}"#
        )
    };
    let one = instance(r#""MountPath": "/edited""#);
    let document = reads(
        &template(&format!(r#""A": {one}"#)),
        Source::Ros,
        r#"{"ImageId":"i-1","Datasets":[{"Uri":"oss://b/","MountPath":"/edited"}]}"#,
    );
    assert_eq!(
        absent(&document),
        [("ImageAuth".to_owned(), Some("DSW_IMAGE_AUTH"))]
    );
    // It is of the first.
    let other = instance(r#""MountPath": "/b""#);
    let text = template(&format!(r#""A": {one}, "B": {other}"#));
    let bodies: Vec<_> = all(&text).iter().map(body).collect();
    assert_eq!(bodies[1], r#"{"Datasets":[{"MountPath":"/b"}]}"#);
}

#[test]
fn f38_a_variable_is_no_object_whatever_it_is_called() {
    let document = reads(
        "rows = []\nrows.append({'Uri': 'oss://a/'})\nbody = {'InstanceName': os.environ[\"\\x000\"], 'Datasets': rows}",
        Source::Python,
        r#"{"Datasets":[{"Uri":"oss://a/"}]}"#,
    );
    let told = absent(&document);
    assert_eq!(told, [("InstanceName".to_owned(), Some("\0\x30"))]);
}
