//! One create as the page sees it: what it remembers of it, and what became of it.

use serde_json::{Map, Value};

use crate::draft::Draft;
use crate::edit::Edit;
use crate::refusal::Refusal;
use dsw_model::descriptor::Describe as _;
use dsw_model::path;
use dsw_model::request::{CreateInstanceRequest as Request, Label};

/// Name of the label by which the instance is found if the answer is lost.
pub const MARKER: &str = "dsw-composer-submission";

/// How many submissions are remembered.
const REMEMBERED: usize = 8;

/// How far a submission has come, as the page remembers it. What became of it is asked of the gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// It has its key; nothing was sent, or nothing arrived.
    #[default]
    Prepared,
    /// It is on its way, or was when the page was left.
    Sending,
    /// It was answered.
    Answered,
}

/// What is remembered of a submission, beside the draft. No body and no secret is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The Idempotency-Key.
    pub key: String,
    /// What tells the body from others: a hash of it, without the label, and of the region.
    pub fingerprint: String,
    /// Where the instance is to be.
    pub region: String,
    /// `InstanceName`; empty without one.
    pub name: String,
    /// `WorkspaceId`; empty without one.
    pub workspace: String,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// How many bytes were sent.
    pub bytes: String,
    /// When it was sent: milliseconds since 1970; empty before.
    pub sent_at: String,
    /// Id of the instance, once known.
    pub instance_id: String,
    /// How far it has come.
    pub stage: Stage,
}

impl Record {
    fn members(&mut self) -> [(&'static str, &mut String); 9] {
        [
            ("key", &mut self.key),
            ("fingerprint", &mut self.fingerprint),
            ("region", &mut self.region),
            ("name", &mut self.name),
            ("workspace", &mut self.workspace),
            ("sha256", &mut self.sha256),
            ("bytes", &mut self.bytes),
            ("sentAt", &mut self.sent_at),
            ("instanceId", &mut self.instance_id),
        ]
    }

    fn read(value: &Value) -> Option<Self> {
        let mut record = Self::default();
        for (name, member) in record.members() {
            value.get(name)?.as_str()?.clone_into(member);
        }
        record.stage = match value.get("stage")?.as_str()? {
            "prepared" => Stage::Prepared,
            "sending" => Stage::Sending,
            _ => Stage::Answered,
        };
        is_key(&record.key).then_some(record)
    }

    fn write(&self) -> Value {
        let mut all = Map::new();
        for (name, member) in self.clone().members() {
            all.insert(name.to_owned(), Value::from(member.as_str()));
        }
        let stage = match self.stage {
            Stage::Prepared => "prepared",
            Stage::Sending => "sending",
            Stage::Answered => "answered",
        };
        all.insert("stage".to_owned(), Value::from(stage));
        Value::Object(all)
    }
}

/// The submissions that are remembered, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records(pub Vec<Record>);

impl Records {
    /// Reads what was kept; what is no record is left out.
    pub fn read(text: &str) -> Self {
        match crate::json::parse(text) {
            Ok(Value::Array(all)) => Self(all.iter().filter_map(Record::read).collect()),
            _ => Self::default(),
        }
    }

    /// What is to be kept.
    pub fn write(&self) -> String {
        self.0
            .iter()
            .map(Record::write)
            .collect::<Value>()
            .to_string()
    }

    /// The one of this body.
    pub fn of(&self, fingerprint: &str) -> Option<&Record> {
        let mut all = self.0.iter();
        all.find(|record| record.fingerprint == fingerprint)
    }

    /// The last one that was sent.
    pub fn last_sent(&self) -> Option<&Record> {
        let mut all = self.0.iter();
        all.find(|record| record.stage != Stage::Prepared)
    }

    /// Remembers one, in place of what was remembered of it. What was only prepared is forgotten first, then the
    /// oldest.
    pub fn put(&mut self, record: Record) {
        self.0.retain(|old| old.key != record.key);
        self.0.insert(0, record);
        if self.0.len() > REMEMBERED {
            let idle = self.0[1..]
                .iter()
                .rposition(|old| old.stage == Stage::Prepared);
            let at = idle.map_or(self.0.len() - 1, |at| at + 1);
            self.0.remove(at);
        }
    }

    /// Forgets the one of this key: the next send of its body is another submission.
    pub fn forget(&mut self, key: &str) {
        self.0.retain(|record| record.key != key);
    }
}

/// Whether a text is an Idempotency-Key (rule 2).
pub fn is_key(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (16..=64).contains(&text.len()) && text.bytes().all(is_part)
}

/// The draft with the label, in place of an older one; nothing if what stands in its place is no list of labels.
pub fn with_marker(draft: &Draft, marker: &str) -> Option<Draft> {
    let labels = path![Request::LABELS];
    let rows = match draft.get(&labels) {
        Some(Draft::List(rows)) => rows.as_slice(),
        Some(node) if !node.is_blank() => return None,
        _ => &[],
    };
    let key = path![Label::KEY];
    let is_old = |row: &Draft| row.get(&key) == Some(&Draft::Text(MARKER.to_owned()));
    let mut copy = draft.clone();
    let at = rows.iter().position(is_old);
    if at.is_none() {
        let row = Draft::blank_row(dsw_model::descriptor::Kind::Struct(Label::DESCRIPTOR));
        copy.apply(&labels, Edit::Insert(rows.len(), String::new(), row))?;
    }
    let row = at.unwrap_or(rows.len());
    copy.apply(
        &path![Request::LABELS, row, Label::KEY],
        Edit::Text(MARKER.to_owned()),
    );
    copy.apply(
        &path![Request::LABELS, row, Label::VALUE],
        Edit::Text(marker.to_owned()),
    );
    Some(copy)
}

/// What became of a submission.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The instance is being created.
    Created {
        /// Its id.
        instance_id: String,
        /// Id of the service's reply; empty where it was lost.
        request_id: String,
        /// Whether it was found after the answer was lost.
        found: bool,
    },
    /// There is no instance.
    Rejected(Box<Refusal>),
    /// Whether there is an instance is not known.
    Unknown {
        /// When it was looked for in vain, as the gateway writes times; empty before.
        checked_at: String,
        /// Whether the gateway can look for it.
        can_check: bool,
        /// Instances of the same name, of which a person has to say whether one is it: id, state, when it was created.
        candidates: Vec<[String; 3]>,
    },
    /// It is on its way, as far as the gateway knows.
    Pending {
        /// Whether sending has begun: one that stays so is unknown, one that does not was not sent.
        sent: bool,
    },
    /// Nothing was sent: the same key may be sent again.
    NotSent(Trouble),
    /// Nothing was sent with this key and this body: a new review makes another key.
    NotTaken(Trouble),
    /// What became of it cannot be found out now.
    Unreachable(Trouble),
}

/// Why something could not be done, as the gateway or the page says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    /// Stable code, such as `NOT_SENT`.
    pub code: String,
    /// A sentence; empty where the page has its own.
    pub message: String,
    /// Id of the request; empty without one.
    pub request_id: String,
    /// Seconds to wait, if the service asked for it.
    pub retry_after: Option<u32>,
}

impl Outcome {
    /// Nothing more is known than that nothing is known.
    pub fn unknown(can_check: bool) -> Self {
        Self::Unknown {
            checked_at: String::new(),
            can_check,
            candidates: Vec::new(),
        }
    }

    /// What a submission says, as the gateway tells it. The draft is the one that was sent, as far as it is known.
    pub fn of_submission(submission: &Value, draft: &Draft) -> Self {
        let text = |from: &Value, name: &str| {
            from.get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let said = &submission["upstream"];
        let state = submission.get("state").and_then(Value::as_str);
        match state {
            Some(state @ ("CONFIRMED" | "FOUND")) => Self::Created {
                instance_id: text(submission, "instanceId"),
                request_id: text(said, "requestId"),
                found: state == "FOUND",
            },
            Some("REJECTED") => {
                let status = said["status"]
                    .as_u64()
                    .and_then(|status| u16::try_from(status).ok());
                Self::Rejected(Box::new(Refusal::told(
                    &text(said, "code"),
                    &text(said, "message"),
                    &text(said, "requestId"),
                    status,
                    &text(said, "reply"),
                    draft,
                )))
            }
            Some("UNKNOWN") => Self::Unknown {
                checked_at: text(submission, "checkedAt"),
                can_check: true,
                candidates: submission["candidates"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|it| {
                        [
                            text(it, "instanceId"),
                            text(it, "status"),
                            text(it, "created"),
                        ]
                    })
                    .collect(),
            },
            Some(state @ ("PREPARED" | "SENT")) => Self::Pending {
                sent: state == "SENT",
            },
            _ => Self::Unreachable(Trouble {
                code: "NO_REPLY".to_owned(),
                ..Trouble::default()
            }),
        }
    }

    /// What an error of the gateway says of a create that was asked for. `status` is 0 without a reply.
    pub fn of_error(status: u16, trouble: Trouble, reply: &Value, draft: &Draft) -> Self {
        let submission = reply.get("submission").filter(|value| value.is_object());
        match (trouble.code.as_str(), status) {
            ("UPSTREAM_REFUSED" | "INVALID_REQUEST" | "BAD_JSON", _) => {
                match Refusal::read(&reply.to_string(), draft) {
                    Some(refusal) => Self::Rejected(Box::new(refusal)),
                    None => Self::Unreachable(trouble),
                }
            }
            ("OUTCOME_UNKNOWN", _) => submission.map_or(Self::unknown(true), |submission| {
                Self::of_submission(submission, draft)
            }),
            ("IN_FLIGHT", _) => Self::Pending { sent: true },
            ("KEY_REUSED" | "BAD_KEY" | "UNKNOWN_REGION" | "BODY_TOO_LARGE", _) => {
                Self::NotTaken(trouble)
            }
            ("NOT_SENT" | "THROTTLED" | "BUSY" | "JOURNAL_UNAVAILABLE", _) => {
                Self::NotSent(trouble)
            }
            // Refused before anyone looked at it.
            (code, 400..=499) if code != "NO_REPLY" => Self::NotSent(trouble),
            // A reply lost on the way, or a failure in the middle: the gateway knows how far it came.
            _ => Self::Unreachable(trouble),
        }
    }

    /// What an error says of a submission that was asked after.
    pub fn of_status_error(status: u16, trouble: Trouble) -> Self {
        if status == 404 && trouble.code == "NOT_FOUND" {
            // It never arrived.
            Self::NotSent(trouble)
        } else {
            Self::Unreachable(trouble)
        }
    }
}

/// What an instance is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It is on its way to another state.
    Moving,
    /// It can be used.
    Running,
    /// It has failed.
    Failed,
    /// It stays as it is, though it does not run: it was stopped meanwhile.
    Settled,
}

impl Phase {
    /// What a state of the service means. One that is not known is moving.
    pub fn of(status: &str) -> Self {
        match status {
            "Running" => Self::Running,
            "Failed" => Self::Failed,
            "Stopped" | "Saved" | "SaveFailed" | "Arrearge" => Self::Settled,
            _ => Self::Moving,
        }
    }
}

/// Seconds between two looks at an instance, after so many of them: 10, growing to 30.
pub fn pause(looks: u32) -> u32 {
    (10 + looks.saturating_sub(6) * 2).min(30)
}

/// Seconds after which an instance is followed no longer.
pub const FOLLOWED: u32 = 30 * 60;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(key: &str, stage: Stage) -> Record {
        Record {
            key: format!("{key}{}", "0".repeat(16)),
            fingerprint: format!("f{key}"),
            stage,
            ..Record::default()
        }
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let mut records = Records::default();
        for (key, stage) in [
            ("a", Stage::Prepared),
            ("b", Stage::Sending),
            ("c", Stage::Answered),
        ] {
            records.put(record(key, stage));
        }
        assert_eq!(Records::read(&records.write()), records);
        assert_eq!(
            records.of("fb").map(|record| record.stage),
            Some(Stage::Sending)
        );
        assert_eq!(
            records
                .last_sent()
                .map(|record| record.fingerprint.as_str()),
            Some("fc")
        );
        for text in ["", "{}", "[1]", r#"[{"key":"short"}]"#, "[{}]"] {
            assert_eq!(Records::read(text), Records::default(), "{text}");
        }
    }

    #[test]
    fn what_was_sent_is_remembered_longer() {
        let mut records = Records::default();
        records.put(record("sent", Stage::Sending));
        for n in 0..20 {
            records.put(record(&n.to_string(), Stage::Prepared));
        }
        assert_eq!(records.0.len(), REMEMBERED);
        assert!(records.of("fsent").is_some() && records.of("f19").is_some());
        records.forget(&record("sent", Stage::Sending).key);
        assert!(records.of("fsent").is_none());
    }

    #[test]
    fn the_marker_is_a_label_of_the_body() {
        let marked = |request: &str| {
            let draft = crate::import::import(request).expect("a request").draft;
            with_marker(&draft, "5f0c").map(|draft| draft.body())
        };
        let label = json!({"Key": MARKER, "Value": "5f0c"});
        assert_eq!(marked("{}"), Some(json!({"Labels": [label]})));
        let other = json!({"Key": "team", "Value": "nlp"});
        assert_eq!(
            marked(r#"{"Labels": [{"Key": "team", "Value": "nlp"}]}"#),
            Some(json!({"Labels": [other, label]}))
        );
        assert_eq!(
            marked(
                r#"{"Labels": [{"Key": "dsw-composer-submission", "Value": "old"}, {"Key": "team", "Value": "nlp"}]}"#
            ),
            Some(json!({"Labels": [label, other]}))
        );
        assert_eq!(marked(r#"{"Labels": "text"}"#), None);
    }

    fn answered(state: &str) -> Outcome {
        let submission = json!({
            "key": "k", "state": state, "instanceId": "dsw-1", "checkedAt": "2026-01-01T00:00:00Z",
            "upstream": {"status": 400, "code": "ValidationError", "message": "m", "requestId": "r"}
        });
        Outcome::of_submission(&submission, &Draft::default())
    }

    #[test]
    fn submissions_tell_their_outcome() {
        let created = |found| Outcome::Created {
            instance_id: "dsw-1".to_owned(),
            request_id: "r".to_owned(),
            found,
        };
        assert_eq!(answered("CONFIRMED"), created(false));
        assert_eq!(answered("FOUND"), created(true));
        assert!(
            matches!(answered("REJECTED"), Outcome::Rejected(refusal) if refusal.code == "ValidationError")
        );
        assert!(
            matches!(answered("UNKNOWN"), Outcome::Unknown { checked_at, .. } if !checked_at.is_empty())
        );
        assert_eq!(answered("PREPARED"), Outcome::Pending { sent: false });
        assert_eq!(answered("SENT"), Outcome::Pending { sent: true });
        assert!(matches!(answered("NEW"), Outcome::Unreachable(_)));
    }

    #[test]
    fn g01_an_error_is_never_taken_for_an_outcome_that_it_does_not_tell() {
        let of = |code: &str, status| {
            let reply = json!({"error": {"code": code, "message": "m", "requestId": "g"}});
            let trouble = Trouble {
                code: code.to_owned(),
                ..Trouble::default()
            };
            Outcome::of_error(status, trouble, &reply, &Draft::default())
        };
        assert!(matches!(of("UPSTREAM_REFUSED", 400), Outcome::Rejected(_)));
        assert!(matches!(of("INVALID_REQUEST", 422), Outcome::Rejected(_)));
        assert!(matches!(
            of("OUTCOME_UNKNOWN", 504),
            Outcome::Unknown { .. }
        ));
        assert_eq!(of("IN_FLIGHT", 409), Outcome::Pending { sent: true });
        for (code, status) in [
            ("NOT_SENT", 502),
            ("THROTTLED", 429),
            ("BUSY", 503),
            ("TOKEN_REQUIRED", 401),
            ("CROSS_SITE", 403),
        ] {
            assert!(matches!(of(code, status), Outcome::NotSent(_)), "{code}");
        }
        assert!(matches!(of("KEY_REUSED", 422), Outcome::NotTaken(_)));
        for (code, status) in [
            ("UNREACHABLE", 0),
            ("TIMED_OUT", 0),
            ("INTERNAL", 500),
            ("NO_REPLY", 200),
            ("BAD_UPSTREAM", 502),
            ("NO_REPLY", 502),
            ("NO_REPLY", 408),
        ] {
            assert!(
                matches!(of(code, status), Outcome::Unreachable(_)),
                "{code}"
            );
        }
        let status = |status, code: &str| {
            Outcome::of_status_error(
                status,
                Trouble {
                    code: code.to_owned(),
                    ..Trouble::default()
                },
            )
        };
        assert!(matches!(status(404, "NOT_FOUND"), Outcome::NotSent(_)));
        // What stands in the place of the gateway does not know of it either.
        assert!(matches!(status(404, "NO_REPLY"), Outcome::Unreachable(_)));
        assert!(matches!(status(0, "UNREACHABLE"), Outcome::Unreachable(_)));
    }

    #[test]
    fn an_unknown_state_is_moving() {
        for (status, phase) in [
            ("Creating", Phase::Moving),
            ("Running", Phase::Running),
            ("Failed", Phase::Failed),
            ("Stopped", Phase::Settled),
            ("Something new", Phase::Moving),
            ("", Phase::Moving),
        ] {
            assert_eq!(Phase::of(status), phase, "{status}");
        }
        assert_eq!([0, 6, 7, 16, 100].map(pause), [10, 10, 12, 30, 30]);
    }

    #[test]
    fn keys_are_what_the_gateway_takes() {
        assert!(is_key("0123456789abcdef") && is_key(&"a".repeat(64)));
        for text in [
            "",
            "short",
            &"a".repeat(65),
            "0123456789abcde ",
            "0123456789abcdé",
        ] {
            assert!(!is_key(text), "{text}");
        }
    }
}
