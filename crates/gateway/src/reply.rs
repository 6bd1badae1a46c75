//! Reading what the service says. A reply is data that nobody vouches for: whatever it is, it is read
//! without a panic, and only what is exactly a success counts as one (G05).

use std::str;
use std::time::Duration;

use dsw_model::json::{self, Limits, scan};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::submission::Said;
use crate::upstream::{MAX_REPLY, Reply};

/// Most characters of a code or a request's id that are passed on.
const MAX_CODE: usize = 128;

/// Most bytes of a message, and of a reply as it came, that are passed on.
const MAX_TEXT: usize = 2 << 10;

/// The longest wait that a service may ask for (G04).
pub const MAX_WAIT: Duration = Duration::from_mins(1);

/// Whether a reply is a success, which most are: what [`Heard::sense`] says of it, without keeping what is in it.
pub fn succeeded(reply: &Reply) -> bool {
    let text = str::from_utf8(&reply.body).ok();
    let text = text.filter(|text| reply.status == 200 && text.len() <= MAX_REPLY);
    let Some(members) = text.and_then(|text| scan::members(text, LIMITS)) else {
        return false;
    };
    let mut told = members
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("Success"));
    match (told.next(), told.next()) {
        (None, _) => true,
        (Some((_, value)), None) => *value == "true",
        _ => false,
    }
}

/// A reply that has been read.
#[derive(Clone, Debug)]
pub struct Heard {
    /// What the service said, as far as it is passed on.
    pub said: Said,
    /// The members of its body, if it is one strict JSON object.
    pub object: Option<Map<String, Value>>,
    /// How long the service asks to wait, at most [`MAX_WAIT`].
    pub wait: Option<Duration>,
    /// The service's clock.
    pub date: Option<Timestamp>,
}

/// What a reply comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// It succeeded: status 200, an object, and nothing in it says otherwise.
    Success,
    /// The service asks to call less often.
    Throttled,
    /// The service refused: any other 4xx, or a 200 that says `"Success": false`.
    Refused,
    /// The service failed: any 5xx.
    Failed,
    /// It is no answer.
    Garbage,
}

impl Heard {
    /// Reads a reply.
    pub fn new(reply: &Reply) -> Self {
        let object = object(&reply.body);
        let text = |name: &str, most: usize| {
            let value = object.as_ref().and_then(|object| member(object, name));
            value.and_then(Value::as_str).map(|text| capped(text, most))
        };
        let said = Said {
            status: reply.status,
            code: text("Code", MAX_CODE),
            message: text("Message", MAX_TEXT),
            request_id: text("RequestId", MAX_CODE),
            reply: {
                let start = &reply.body[..reply.body.len().min(MAX_TEXT)];
                Some(capped(&String::from_utf8_lossy(start), MAX_TEXT))
            },
        };
        Self {
            said,
            wait: reply.retry_after.map(|wait| wait.min(MAX_WAIT)),
            date: reply.date,
            object,
        }
    }

    /// `Success`: none where it is missing; otherwise whether it is exactly true or false, and stands there once.
    pub fn success(&self) -> Option<Option<bool>> {
        let object = self.object.as_ref()?;
        let mut names = object.keys();
        let told = names.any(|name| name.eq_ignore_ascii_case("Success"));
        told.then(|| member(object, "Success").and_then(Value::as_bool))
    }

    /// What it comes to.
    pub fn sense(&self) -> Sense {
        if self.said.status >= 400 && self.is_throttled() {
            return Sense::Throttled;
        }
        match (self.said.status, self.success()) {
            (200, None | Some(Some(true))) if self.object.is_some() => Sense::Success,
            (200, Some(Some(false))) if self.code_begins("Throttling") => Sense::Throttled,
            (200, Some(Some(false))) | (400..=499, _) => Sense::Refused,
            (500..=599, _) => Sense::Failed,
            _ => Sense::Garbage,
        }
    }

    /// Whether the service asks to call less often: 429, a code of that kind, or a wait with any refusal.
    fn is_throttled(&self) -> bool {
        self.said.status == 429
            || self.code_begins("Throttling")
            || self.wait.is_some() && self.said.status < 500
    }

    /// Whether its code is this, or this and a more special one after a dot.
    pub fn code_is(&self, code: &str) -> bool {
        let rest = self
            .said
            .code
            .as_deref()
            .and_then(|it| it.strip_prefix(code));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    fn code_begins(&self, start: &str) -> bool {
        let code = self.said.code.as_deref();
        code.is_some_and(|code| code.starts_with(start))
    }

    /// Whether it refuses because the gateway's clock is wrong.
    pub fn is_about_time(&self) -> bool {
        TIME.iter().any(|code| self.code_is(code))
    }

    /// Whether it refuses because a temporary credential has run out.
    pub fn is_about_token(&self) -> bool {
        TOKEN.iter().any(|code| self.code_is(code))
    }

    /// Whether it refuses who calls, and not what is called: signature, key, time or token.
    pub fn is_about_caller(&self) -> bool {
        let mut codes = SIGNATURE.iter().chain(TIME).chain(TOKEN);
        codes.any(|code| self.code_is(code))
    }

    /// Whether it refuses for want of a right.
    pub fn is_forbidden(&self) -> bool {
        self.said.status == 403
            || ["NoPermission", "Forbidden", "NotAuthorized"]
                .iter()
                .any(|code| self.code_is(code))
    }
}

/// Codes of a signature that does not fit, or a key that is not known. That of a used nonce is none of them: it
/// says that the same request came before, and perhaps had its effect.
const SIGNATURE: &[&str] = &[
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "MissingAccessKeyId",
    "InvalidSignature",
];

/// Codes of a wrong clock.
const TIME: &[&str] = &["InvalidTimeStamp", "IllegalTimestamp"];

/// Codes of a temporary credential that has run out or is wrong.
const TOKEN: &[&str] = &[
    "InvalidSecurityToken",
    "SecurityTokenExpired",
    "MissingSecurityToken",
];

/// What a reply may hold at most, besides its length. A page of a hundred instances has some thousand members.
const LIMITS: Limits = Limits {
    depth: 64,
    members: 400_000,
};

/// The body, if it is one strict JSON object.
pub(crate) fn object(body: &[u8]) -> Option<Map<String, Value>> {
    if body.len() > MAX_REPLY {
        return None;
    }
    match json::parse_within(str::from_utf8(body).ok()?, LIMITS) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// The member of this name; services write some in small letters, or with the first letter small. Two spellings of
/// it in one object are no answer.
pub fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let mut members = object
        .iter()
        .filter(|(other, _)| other.eq_ignore_ascii_case(name));
    let (_, value) = members.next()?;
    members.next().is_none().then_some(value)
}

/// A text cut to so many bytes, at the end of a character.
fn capped(text: &str, most: usize) -> String {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}
