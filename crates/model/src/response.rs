//! What the service answers to `CreateInstance`.

use serde::Deserialize;
use serde_json::{Map, Value};

/// The answer to a create.
///
/// Members are optional and may be ill-typed or unknown: an answer is shown as it came, and this is
/// only what is read from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateInstanceResponse {
    /// Whether the service accepted the instance.
    pub success: Option<bool>,
    /// Id of the new instance, `dsw-…`.
    pub instance_id: Option<String>,
    /// Why not: `ValidationError`, or `InternalError` for everything else.
    pub code: Option<String>,
    /// The same in words.
    pub message: Option<String>,
    /// Status that the service reports within the answer.
    pub http_status_code: Option<i64>,
    /// What to tell support.
    pub request_id: Option<String>,
}

impl CreateInstanceResponse {
    /// Reads the members that have the documented type.
    pub fn read(object: &Map<String, Value>) -> Self {
        let text = |name| object.get(name).and_then(Value::as_str).map(str::to_owned);
        Self {
            success: object.get("Success").and_then(Value::as_bool),
            instance_id: text("InstanceId"),
            code: text("Code"),
            message: text("Message"),
            http_status_code: object.get("HttpStatusCode").and_then(Value::as_i64),
            request_id: text("RequestId"),
        }
    }

    /// Whether the instance is being created, given the HTTP status that the answer came with.
    ///
    /// A 200 alone does not say so: an answer can carry `"Success": false` all the same. `Code` and
    /// `Message` say nothing of it either: their documented values on success are place holders.
    pub fn is_success(&self, status: u16) -> bool {
        status == 200 && self.success == Some(true)
    }
}

impl<'de> Deserialize<'de> for CreateInstanceResponse {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(|object| Self::read(&object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> CreateInstanceResponse {
        serde_json::from_str(text).expect("an object")
    }

    #[test]
    fn the_documented_answer_is_read_in_full() {
        let response = read(
            r#"{
                "RequestId": "E7D55162-4489-1619-AAF5-3F97D5FCA948",
                "Success": true,
                "Message": "\"XXX\"",
                "Code": "null",
                "HttpStatusCode": 200,
                "InstanceId": "dsw-730xxxxxxxxxx"
            }"#,
        );
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            response,
            CreateInstanceResponse {
                success: Some(true),
                instance_id: text("dsw-730xxxxxxxxxx"),
                code: text("null"),
                message: text("\"XXX\""),
                http_status_code: Some(200),
                request_id: text("E7D55162-4489-1619-AAF5-3F97D5FCA948"),
            }
        );
    }

    #[test]
    fn success_needs_both_the_status_and_the_member() {
        let accepted = read(r#"{"Success": true}"#);
        assert!(accepted.is_success(200));
        assert!(!accepted.is_success(400));
        for other in [r#"{"Success": false}"#, r#"{"Success": "true"}"#, "{}"] {
            assert!(!read(other).is_success(200), "{other}");
        }
    }

    #[test]
    fn ill_typed_and_unknown_members_do_no_harm() {
        let response = read(
            r#"{"Success": null, "Code": 7, "HttpStatusCode": "400", "New": [1], "InstanceId": "dsw-1"}"#,
        );
        assert_eq!(response.instance_id.as_deref(), Some("dsw-1"));
        assert_eq!(
            (response.success, response.code, response.http_status_code),
            (None, None, None)
        );
    }
}
