//! Tests of what is read from error replies.

use dsw_model::request::{Dataset, UserVpc};
use proptest::prelude::*;

use super::*;
use crate::edit::Edit;

fn draft(request: &str) -> Draft {
    crate::import::import(request).expect("a request").draft
}

/// Reads a reply to the request of the other tests.
fn read(reply: &str) -> Option<Refusal> {
    Refusal::read(reply, &draft(REQUEST))
}

const REQUEST: &str = r#"{
    "WorkspaceId": "40823", "InstanceName": "qwen_finetune_01", "EcsSpec": "ecs.c6.large",
    "ImageUrl": "registry.example.com/a/b:1", "ImageAuth": "dXNlcjpwYXNz",
    "Datasets": [{"DatasetId": "d-111", "MountPath": "/mnt/a"}, {"DatasetId": "d-222", "MountPath": "/mnt/b"}],
    "UserVpc": {"VpcId": "vpc-1a2b", "VSwitchId": "vsw-9z"},
    "EnvironmentVariables": {"A": "x", "B": "value_of_b"},
    "Labels": [{"Key": "team", "Value": "nlp"}]
}"#;

fn names(message: &str) -> Vec<String> {
    let reply = format!(
        r#"{{"Code": "ValidationError", "Message": {}}}"#,
        Value::from(message)
    );
    let refusal = read(&reply).expect("an error");
    refusal.paths().map(|path| path.name(ROOT)).collect()
}

#[test]
fn every_shape_of_an_error_is_read() {
    let inner = r#"{\"Code\":\"ValidationError\",\"Message\":\"m\",\"RequestId\":\"7C21\"}"#;
    let gateway = format!(
        r#"{{"error": {{"code": "UPSTREAM_REFUSED", "message": "The service refused.", "requestId": "g-1", "upstream":
            {{"status": 400, "code": "ValidationError", "message": "m", "requestId": "7C21", "reply": "{inner}"}}}}}}"#
    );
    for reply in [
        r#"{"RequestId": "7C21", "Success": false, "Code": "ValidationError", "Message": "m", "HttpStatusCode": 400}"#,
        r#"{"requestid": "7C21", "success": false, "code": "ValidationError", "message": "m", "httpStatusCode": "400"}"#,
        r#"{"RequestId": "7C21", "HostId": "pai-dsw.cn-hangzhou.aliyuncs.com", "Code": "ValidationError", "Message": "m",
            "Recommend": "https://example.com", "StatusCode": 400}"#,
        r#"{"headers": {}, "statusCode": 200, "body":
            {"RequestId": "7C21", "Success": false, "Code": "ValidationError", "Message": "m", "HttpStatusCode": 400}}"#,
        &gateway,
        "Error: ValidationError code: 400, m request id: 7C21 Response: {'Code': 'ValidationError'}",
    ] {
        let refusal = read(reply).expect(reply);
        let told = [&refusal.code, &refusal.message, &refusal.request_id];
        assert_eq!(told, ["ValidationError", "m", "7C21"], "{reply}");
        assert_eq!(refusal.status, Some(400), "{reply}");
        assert!(reply == refusal.reply || reply == gateway, "{reply}");
    }
    for reply in [
        "<?xml version='1.0'?><Error><RequestId>7C21</RequestId><Code>Forbidden.RAM</Code><Message>a &lt; b &amp;amp;</Message></Error>",
        "ERROR: SDK.ServerError\nErrorCode: Forbidden.RAM\nRecommend: x\nRequestId: 7C21\nMessage: a < b &amp;",
    ] {
        let reply = reply.replacen(
            "<?xml version='1.0'?>",
            "",
            usize::from(reply.starts_with("<?")),
        );
        let refusal = read(&reply).expect(&reply);
        let told = [&refusal.code, &refusal.message, &refusal.request_id];
        assert_eq!(told, ["Forbidden.RAM", "a < b &amp;", "7C21"], "{reply}");
    }
}

#[test]
fn what_programs_print_is_read() {
    let said = "The instance name already exists.";
    let go = "SDKError:\n   StatusCode: 400\n   Code: ValidationError\n   Message: code: 400, The instance name already exists. request id: 7C21\n   Data: {\"Code\":\"ValidationError\"}\n";
    for (printed, code) in [
        (go.to_owned(), "ValidationError"),
        (
            format!("2026/11/26 11:35:50 {go}exit status 1"),
            "ValidationError",
        ),
        (
            format!(
                "Exception in thread \"main\" com.aliyun.tea.TeaException: code: 400, {said} request id: 7C21\n\tat com.aliyun.teaopenapi.Client.doRequest(Client.java:1)"
            ),
            "",
        ),
        (
            format!(
                "Tea.exceptions.TeaException: Error: ValidationError code: 400, {said} request id: 7C21 Data: {{'Code': 'x'}}"
            ),
            "ValidationError",
        ),
        (
            format!(
                "Traceback (most recent call last):\n  File \"create.py\", line 20, in <module>\n    response = client.call_api()\ndarabonba.exceptions.ClientException: Error: ValidationError code: 400, {said} request id: 7C21 Response: {{}}"
            ),
            "ValidationError",
        ),
        (
            format!("ValidationError ValidationError: code: 400, {said} request id: 7C21"),
            "ValidationError",
        ),
        (
            format!(
                "/a/create.ts:12\n    throw error;\n    ^\n\nValidationError: code: 400, {said} request id: 7C21\n    at async main"
            ),
            "ValidationError",
        ),
    ] {
        let refusal = read(&printed).expect(&printed);
        let told = [&*refusal.code, &refusal.message, &refusal.request_id];
        assert_eq!(told, [code, said, "7C21"], "{printed}");
        assert_eq!(refusal.status, Some(400), "{printed}");
        assert_eq!(
            refusal.free_name.as_deref(),
            Some("qwen_finetune_02"),
            "{printed}"
        );
        assert_eq!(refusal.reply, printed);
    }
}

#[test]
fn what_our_own_code_ends_with_is_read() {
    for printed in [
        "ValidationError: The instance name already exists.",
        "2026/11/26 11:35:50 ValidationError: The instance name already exists.\nexit status 1",
        "/a/create.ts:30\n    throw new Error(`${reply.Code}`);\n\nError: ValidationError: The instance name already exists.\n    at main",
        "Exception in thread \"main\" java.lang.IllegalStateException: ValidationError: The instance name already exists.\n\tat CreateDswInstance.main",
    ] {
        let refusal = read(printed).expect(printed);
        let told = [&*refusal.code, &refusal.message];
        assert_eq!(
            told,
            ["ValidationError", "The instance name already exists."],
            "{printed}"
        );
        assert_eq!(refusal.free_name.as_deref(), Some("qwen_finetune_02"));
    }
}

#[test]
fn a_reply_with_its_headers_is_read() {
    let body =
        r#"{"Code": "ValidationError", "Message": "m", "RequestId": "7C21", "Success": false}"#;
    for (head, status) in [
        (
            "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n",
            400,
        ),
        ("HTTP/2 403\ncontent-type: application/json\n\n", 403),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad Request\r\nA: b\r\n\r\n",
            400,
        ),
    ] {
        let reply = [head, body, "\r\n"].concat();
        let refusal = read(&reply).expect(&reply);
        let told = [&*refusal.code, &refusal.message, &refusal.request_id];
        assert_eq!(told, ["ValidationError", "m", "7C21"]);
        assert_eq!((refusal.status, refusal.reply), (Some(status), reply));
    }
    let denied = "HTTP/1.1 403 Forbidden\r\n\r\n<Error><Code>Forbidden.RAM</Code><Message>m</Message></Error>";
    assert_eq!(
        read(denied).map(|it| it.code).as_deref(),
        Some("Forbidden.RAM")
    );
}

#[test]
fn a_long_message_takes_no_longer_than_its_beginning() {
    for part in ["InstanceName_x ", "a.b-c/d ", "\u{5de5}", "d-111 "] {
        let message = part.repeat(60_000 / part.len());
        let reply = format!(r#"{{"Code": "ValidationError", "Message": "{message}"}}"#);
        let begun = std::time::Instant::now();
        let refusal = read(&reply).expect("an error");
        assert_eq!(refusal.message, message);
        assert!(
            begun.elapsed().as_millis() < 1000,
            "{part}: {:?}",
            begun.elapsed()
        );
    }
}

#[test]
fn what_is_no_error_is_not_taken_for_one() {
    for text in [
        "",
        "{}",
        "[]",
        "{",
        "null",
        "text",
        "<p>Code</p>",
        REQUEST,
        r#"{"Success": true, "Code": "null", "Message": "XXX", "InstanceId": "dsw-1"}"#,
        r#"{"InstanceName": "a", "Code": "a", "Message": "b"}"#,
        r#"{"Code": "a"}"#,
        r#"{"Message": "a"}"#,
        r#"{"error": "a"}"#,
        r#"{"error": {"code": 7}}"#,
        r#"{"Unknown": {"Code": "a", "Message": "b"}}"#,
        "InstanceName: a\nEnvironmentVariables:\n  Throttling: b\n  Forbidden: c",
        "InstanceName: The instance name already exists.",
        "EnvironmentVariables:\n  A: 'code: 400, m request id: 7C21'",
        "A: code: none, m request id: 7C21",
        "# Error: ValidationError: seen before\nInstanceName: a",
        "aliyun pai-dsw create-instance --instance-name 'code: 400, m request id: 7C21'",
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n{\"InstanceName\": \"a\", \"Code\": \"a\", \"Message\": \"b\"}",
        "HTTP/1.1 200 OK\r\n\r\n{\"Success\": true, \"InstanceId\": \"dsw-1\"}",
        "POST /api/v2/instances HTTP/1.1\r\n\r\n{\"InstanceName\": \"a\"}",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
    let long = format!(r#"{{"Code": "a", "Message": "{}"}}"#, "b".repeat(MAX_BYTES));
    assert_eq!(read(&long), None);
}

#[test]
fn a_denied_permission_brings_its_detail() {
    let reply = r#"{"Code": "NoPermission", "Message": "m", "accessDeniedDetail": {"AuthAction": "paidsw:CreateInstance"}}"#;
    let refusal = read(reply).expect("an error");
    assert!(refusal.detail.contains("paidsw:CreateInstance"));
}

#[test]
fn fields_are_found_by_name_value_and_word() {
    for (message, fields) in [
        ("The instance name already exists.", &["InstanceName"][..]),
        (
            "Name already exists in workspace 40823",
            &["InstanceName", "WorkspaceId"],
        ),
        ("InstanceName is invalid", &["InstanceName"]),
        ("instance_name: too long", &["InstanceName"]),
        (
            "Datasets[1].MountPath must not be empty",
            &["Datasets[1].MountPath"],
        ),
        (
            "body.Datasets[0].DatasetId is wrong",
            &["Datasets[0].DatasetId"],
        ),
        ("/Datasets/1/MountPath is wrong", &["Datasets[1].MountPath"]),
        ("Dataset d-222 does not exist", &["Datasets[1].DatasetId"]),
        ("The dataset cannot be mounted", &["Datasets"]),
        ("MountPath is wrong", &["Datasets"]),
        ("SecurityGroupId is mandatory", &["UserVpc.SecurityGroupId"]),
        (
            "VSwitchId vsw-9z is not in the zone",
            &["UserVpc.VSwitchId"],
        ),
        ("vswitch is not in the zone", &["UserVpc.VSwitchId"]),
        ("ecs.c6.large is out of stock", &["EcsSpec"]),
        ("The inventory is not sufficient", &["EcsSpec"]),
        ("The image cannot be pulled", &["ImageUrl"]),
        ("Workspace does not exist", &["WorkspaceId"]),
        (
            "Variable value_of_b is not allowed",
            &["EnvironmentVariables[1]"],
        ),
        ("Priority must be 1", &["Priority"]),
        ("Size is wrong, dXNlcjpwYXNz", &[]),
        ("Something is wrong", &[]),
        ("镜像不存在", &["ImageUrl"]),
    ] {
        assert_eq!(names(message), fields, "{message}");
    }
}

#[test]
fn a_name_in_use_gets_another() {
    for (message, free) in [
        (
            "The instance name already exists.",
            Some("qwen_finetune_02"),
        ),
        ("Duplicate name", Some("qwen_finetune_02")),
        ("实例名称已存在", Some("qwen_finetune_02")),
        ("The instance name does not exist.", None),
        ("The dataset already exists.", None),
        ("The instance name is too long.", None),
    ] {
        let reply = format!(r#"{{"Code": "ValidationError", "Message": "{message}"}}"#);
        let refusal = read(&reply).expect("an error");
        assert_eq!(refusal.free_name.as_deref(), free, "{message}");
    }
    for (name, next) in [
        ("a", "a_2"),
        ("a_9", "a_10"),
        ("a09", "a10"),
        ("7", "8"),
        ("abcdefghijklmnopqrstuvwxyz_", "abcdefghijklmnopqrstuvwxy_2"),
        ("abcdefghijklmnopqrstuvwxy99", "abcdefghijklmnopqrstuvwx100"),
        ("a18446744073709551614", "a18446744073709551615"),
        ("a18446744073709551615", "a18446744073709551615_2"),
        ("run99999999999999999999", "run99999999999999999999_2"),
        ("1234567890123456789012345", "1234567890123456789012345_2"),
        ("123456789012345678901234567", "1234567890123456789012345_2"),
    ] {
        assert_eq!(next_name(name), next);
    }
}

#[test]
fn findings_of_the_gateway_lead_to_their_fields() {
    let reply = r#"{"error": {"code": "INVALID_REQUEST", "message": "m", "requestId": "g", "findings": [
        {"rule": "R1", "severity": "error", "pointer": "/Datasets/1/MountPath"},
        {"rule": "R2", "severity": "warning", "pointer": "/WorkspaceId"},
        {"rule": "R3", "severity": "error", "pointer": "/EnvironmentVariables/B"},
        {"rule": "R4", "severity": "error", "pointer": ""}]}}"#;
    let refusal = read(reply).expect("an error");
    let found: Vec<_> = refusal.paths().map(|path| path.name(ROOT)).collect();
    assert_eq!(found, ["Datasets[1].MountPath", "EnvironmentVariables[1]"]);
    assert_eq!(refusal.request_id, "g");
}

#[test]
fn it_stands_at_a_field_until_that_is_edited() {
    let mut draft = draft(REQUEST);
    let reply = r#"{"Code": "ValidationError", "Message": "InstanceName and SecurityGroupId and Datasets"}"#;
    let refusal = Refusal::read(reply, &draft).expect("an error");
    let places = [
        path![Request::INSTANCE_NAME],
        path![Request::USER_VPC, UserVpc::SECURITY_GROUP_ID],
        path![Request::DATASETS],
    ];
    assert!(places.iter().all(|path| refusal.stands_at(path, &draft)));
    assert!(!refusal.stands_at(&path![Request::WORKSPACE_ID], &draft));
    draft.apply(
        &path![Request::DATASETS, 0, Dataset::MOUNT_PATH],
        Edit::Text("/x".into()),
    );
    draft.apply(&places[0], Edit::Text("other".into()));
    draft.apply(&places[1], Edit::Text("sg-1".into()));
    assert!(!places.iter().any(|path| refusal.stands_at(path, &draft)));
}

#[test]
fn what_is_refused_before_the_body_is_read_speaks_of_no_field() {
    for (code, fields) in [
        ("InvalidAccessKeyId.NotFound", 0),
        ("SignatureDoesNotMatch", 0),
        ("SignatureNonceUsed", 0),
        ("InvalidTimeStamp.Expired", 0),
        ("InvalidSecurityToken.Malformed", 0),
        ("Throttling.User", 0),
        ("InvalidAction.NotFound", 0),
        ("Forbidden.RAM", 1),
        ("InternalError", 1),
        ("MissingParameter", 1),
        ("Whatever", 1),
        ("", 1),
    ] {
        let reply = format!(r#"{{"Code": "{code}", "Message": "See InstanceName"}}"#);
        let refusal = read(&reply).expect("an error");
        assert_eq!(refusal.paths().count(), fields, "{code}");
    }
}

#[test]
fn s17_what_cannot_be_seen_is_written_out() {
    assert_eq!(visible("a\u{202e}b\u{7}\n名"), "a⟨U+202E⟩b⟨U+0007⟩\n名");
}

proptest! {
    #[test]
    fn any_reply_is_read_without_harm(code in ".*", message in ".*", tail in ".*") {
        let reply = format!(r#"{{"Code": {}, "Message": {}}}"#, Value::from(&*code), Value::from(&*message));
        let refusal = read(&reply).expect("an error");
        prop_assert!(refusal.paths().count() <= 9);
        prop_assert_eq!(refusal.message, message);
        read(&tail);
        read(&format!("<Code>{tail}"));
        read(&format!("Error: {tail} code: 1, {code}"));
    }

    #[test]
    fn a_next_name_is_new_and_fits(name in "[A-Za-z0-9_]{1,27}") {
        let next = next_name(&name);
        prop_assert!(next.len() <= MAX_NAME && next != name);
    }
}
