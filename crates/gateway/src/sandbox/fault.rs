//! Faults that the sandbox plays on demand (rule 12 of create).
//!
//! A fault is written `name[=value][@operation][:count]`: `hang=5@CreateInstance:1` lets the next create hang
//! for five seconds. The command line and the control route take the same texts.

use std::fmt;
use std::str::FromStr;

use crate::operation::{OPERATIONS, Operation};

/// What may go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The host's address is not found.
    Dns,
    /// The connection is refused.
    Connect,
    /// The certificate is not trusted.
    Tls,
    /// There are no credentials.
    Credentials,
    /// The connection is lost before the call has any effect.
    DropBefore,
    /// The connection is lost after the call had its effect.
    DropAfter,
    /// The connection is reset within the reply, after the effect.
    Reset,
    /// No reply; no effect.
    HangBefore,
    /// No reply; the effect is there.
    Hang,
    /// The reply takes longer.
    Slow,
    /// 429 with `x-acs-retry-after`.
    Throttle,
    /// 500 `InternalError` without effect.
    Error500,
    /// 500 `InternalError` after the effect.
    Error500After,
    /// 503 `ServiceUnavailable` without effect.
    Error503,
    /// 503 `ServiceUnavailable` after the effect.
    Error503After,
    /// 200 with `"Success": false`, without effect.
    NotSuccess,
    /// Some other status, without effect.
    Status,
    /// 403 `NoPermission`.
    Forbidden,
    /// The STS token has expired.
    ExpiredToken,
    /// The service's clock is another, and the request's date is refused.
    ClockSkew,
    /// The nonce was used before.
    NonceUsed,
    /// The signature does not match.
    Signature,
    /// A reply that is no JSON, after the effect.
    Malformed,
    /// A reply that ends in its middle, after the effect.
    Cut,
    /// A reply that is larger than any should be, after the effect.
    Huge,
    /// A reply that is not UTF-8, after the effect.
    NotUtf8,
    /// A reply whose members have other types, after the effect.
    WrongTypes,
    /// A reply whose `InstanceId` is not one, after the effect.
    OddId,
    /// The new instance is not listed for a while.
    Late,
    /// The labels of the new instance get lost.
    NoLabels,
    /// The new instance fails.
    Fails,
    /// `ListInstances` does not filter by name and labels.
    IgnoreFilters,
}

/// What may be given with a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    /// Nothing.
    None,
    /// A whole number of this, with its default and the most that it may be.
    Number(&'static str, u64, u64),
    /// A text, with its default.
    Text(&'static str, &'static str),
}

struct Row {
    kind: Kind,
    name: &'static str,
    value: Value,
    /// Where it strikes unless told; none is any operation.
    at: Option<Operation>,
    about: &'static str,
}

const CREATE: Option<Operation> = Some(Operation::CreateInstance);

const fn row(
    kind: Kind,
    name: &'static str,
    value: Value,
    at: Option<Operation>,
    about: &'static str,
) -> Row {
    Row {
        kind,
        name,
        value,
        at,
        about,
    }
}

#[rustfmt::skip]
static FAULTS: [Row; 32] = [
    row(Kind::Dns, "dns", Value::None, None, "The address of the host is not found; nothing is sent."),
    row(Kind::Connect, "connect", Value::None, None, "The connection is refused; nothing is sent."),
    row(Kind::Tls, "tls", Value::None, None, "The certificate is not trusted; nothing is sent."),
    row(Kind::Credentials, "credentials", Value::None, None, "There are no credentials; nothing is sent."),
    row(Kind::DropBefore, "drop-before", Value::None, CREATE, "The connection is lost before the call has an effect."),
    row(Kind::DropAfter, "drop-after", Value::None, CREATE, "The connection is lost after the call had its effect."),
    row(Kind::Reset, "reset", Value::None, CREATE, "The connection is reset within the reply; the call had its effect."),
    row(Kind::HangBefore, "hang-before", Value::Number("seconds", 20, 3_600), CREATE, "No reply comes, and the call had no effect."),
    row(Kind::Hang, "hang", Value::Number("seconds", 20, 3_600), CREATE, "No reply comes; the call had its effect."),
    row(Kind::Slow, "slow", Value::Number("milliseconds", 3_000, 3_600_000), None, "The call takes longer."),
    row(Kind::Throttle, "throttle", Value::Number("milliseconds", 2_000, 3_600_000), None, "429 Throttling.User with x-acs-retry-after; no effect."),
    row(Kind::Error500, "error-500", Value::None, CREATE, "500 InternalError; no effect."),
    row(Kind::Error500After, "error-500-after", Value::None, CREATE, "500 InternalError, but the call had its effect."),
    row(Kind::Error503, "error-503", Value::None, CREATE, "503 ServiceUnavailable; no effect."),
    row(Kind::Error503After, "error-503-after", Value::None, CREATE, "503 ServiceUnavailable, but the call had its effect."),
    row(Kind::NotSuccess, "not-success", Value::None, CREATE, "Status 200 with Success false; no effect."),
    row(Kind::Status, "status", Value::Number("status", 307, 599), CREATE, "Another status with an empty object; no effect."),
    row(Kind::Forbidden, "forbidden", Value::None, None, "403 NoPermission with AccessDeniedDetail."),
    row(Kind::ExpiredToken, "expired-token", Value::None, None, "The STS token has expired."),
    row(Kind::ClockSkew, "clock-skew", Value::Number("minutes", 20, 100_000), None, "The service's clock is ahead by this, and it refuses the date."),
    row(Kind::NonceUsed, "nonce-used", Value::None, CREATE, "SignatureNonceUsed, as if the request had come twice."),
    row(Kind::Signature, "signature", Value::None, None, "SignatureDoesNotMatch."),
    row(Kind::Malformed, "malformed", Value::None, CREATE, "A reply that is no JSON; the call had its effect."),
    row(Kind::Cut, "cut", Value::None, CREATE, "A reply that ends in its middle; the call had its effect."),
    row(Kind::Huge, "huge", Value::Number("bytes", 5 << 20, 64 << 20), CREATE, "A reply of so many bytes; the call had its effect."),
    row(Kind::NotUtf8, "not-utf8", Value::None, CREATE, "A reply that is not UTF-8; the call had its effect."),
    row(Kind::WrongTypes, "wrong-types", Value::None, CREATE, "A reply whose members have other types; the call had its effect."),
    row(Kind::OddId, "odd-id", Value::Text("id", "dsw-../../odd"), CREATE, "A reply with this InstanceId; the call had its effect."),
    row(Kind::Late, "late", Value::Number("seconds", 60, 100_000), CREATE, "The new instance is not listed for so long."),
    row(Kind::NoLabels, "no-labels", Value::None, CREATE, "The labels of the new instance get lost."),
    row(Kind::Fails, "fails", Value::Text("reason", "ImagePullBackOff"), CREATE, "The new instance ends as Failed with this ReasonCode."),
    row(Kind::IgnoreFilters, "ignore-filters", Value::None, Some(Operation::ListInstances), "ListInstances ignores InstanceName and Labels."),
];

/// Most bytes of a fault's text.
const LONGEST: usize = 200;

/// A fault that is to be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    kind: Kind,
    /// As given.
    value: Option<String>,
    at: Option<Operation>,
    /// How often still; none is always.
    left: Option<u32>,
}

/// Why a text is not a fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// No fault has this name.
    #[error("there is no such fault; the names are {}", names())]
    Name,
    /// The fault takes no value.
    #[error("the fault {0} takes no value")]
    NoValue(&'static str),
    /// The value is not one.
    #[error("the value of {name} must be {what}")]
    Value {
        /// The fault's name.
        name: &'static str,
        /// What it takes.
        what: String,
    },
    /// No operation has this name.
    #[error("after @ comes the name of an operation, such as CreateInstance, or any")]
    Operation,
    /// The count is not one.
    #[error("after : comes how often, a whole number from 1 to 4294967295")]
    Count,
    /// The text is longer than any fault.
    #[error("a fault is at most {LONGEST} bytes of text without control characters")]
    Text,
}

fn names() -> String {
    let names: Vec<&str> = FAULTS.iter().map(|row| row.name).collect();
    names.join(", ")
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        if text.len() > LONGEST || text.chars().any(char::is_control) {
            return Err(FaultError::Text);
        }
        let (rest, left) = match text.rsplit_once(':') {
            Some((rest, count)) => {
                let is_plain = count.bytes().all(|byte| byte.is_ascii_digit());
                let count = count.parse().ok().filter(|count| is_plain && *count > 0);
                (rest, Some(count.ok_or(FaultError::Count)?))
            }
            None => (text, None),
        };
        let (rest, at) = match rest.rsplit_once('@') {
            Some((rest, "any")) => (rest, Some(None)),
            Some((rest, name)) => {
                let facts = OPERATIONS.iter().find(|facts| facts.name == name);
                let operation = facts.ok_or(FaultError::Operation)?.operation;
                (rest, Some(Some(operation)))
            }
            None => (rest, None),
        };
        let (name, value) = match rest.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (rest, None),
        };
        let row = FAULTS.iter().find(|row| row.name == name);
        let row = row.ok_or(FaultError::Name)?;
        match (row.value, value) {
            (Value::None, Some(_)) => return Err(FaultError::NoValue(row.name)),
            (Value::Number(unit, _, most), Some(value)) => {
                let least = if row.kind == Kind::Status { 100 } else { 0 };
                let is_plain = value.bytes().all(|byte| byte.is_ascii_digit());
                let number = value.parse::<u64>().ok().filter(|_| is_plain);
                if !number.is_some_and(|number| (least..=most).contains(&number)) {
                    return Err(FaultError::Value {
                        name: row.name,
                        what: format!("{unit}, a whole number from {least} to {most}"),
                    });
                }
            }
            _ => {}
        }
        Ok(Self {
            kind: row.kind,
            value: value.map(str::to_owned),
            at: at.unwrap_or(row.at),
            left,
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = self.row();
        f.write_str(row.name)?;
        if let Some(value) = &self.value {
            write!(f, "={value}")?;
        }
        if self.at != row.at {
            write!(f, "@{}", self.at.map_or("any", |at| at.facts().name))?;
        }
        if let Some(left) = self.left {
            write!(f, ":{left}")?;
        }
        Ok(())
    }
}

impl Fault {
    fn row(&self) -> &'static Row {
        let row = FAULTS.iter().find(|row| row.kind == self.kind);
        row.expect("each kind has its row")
    }

    /// What goes wrong.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its value where that is a number.
    pub(super) fn number(&self) -> u64 {
        let given = self.value.as_ref().and_then(|value| value.parse().ok());
        match (given, self.row().value) {
            (Some(given), _) => given,
            (None, Value::Number(_, default, _)) => default,
            (None, _) => 0,
        }
    }

    /// Its value where that is text.
    pub(super) fn text(&self) -> &str {
        match (&self.value, self.row().value) {
            (Some(given), _) => given,
            (None, Value::Text(_, default)) => default,
            (None, _) => "",
        }
    }

    /// Whether it only changes how a call is served, so that others may strike the same call.
    pub(super) fn is_shaping(&self) -> bool {
        matches!(
            self.kind,
            Kind::Slow | Kind::Late | Kind::NoLabels | Kind::Fails | Kind::IgnoreFilters
        )
    }

    fn strikes(&self, operation: Operation) -> bool {
        self.at.is_none_or(|at| at == operation) && self.left != Some(0)
    }
}

/// What each fault is, for those who want to play one: name, what its value is, where it strikes, and what it
/// does.
pub(super) fn known() -> Vec<serde_json::Value> {
    let describe = |row: &Row| {
        let value = match row.value {
            Value::None => serde_json::Value::Null,
            Value::Number(unit, default, most) => {
                serde_json::json!({"is": unit, "default": default, "most": most})
            }
            Value::Text(what, default) => serde_json::json!({"is": what, "default": default}),
        };
        serde_json::json!({
            "name": row.name,
            "value": value,
            "at": row.at.map_or("any", |at| at.facts().name),
            "about": row.about,
        })
    };
    FAULTS.iter().map(describe).collect()
}

/// The faults that are to be played, in order.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self(faults)
    }

    /// Those left.
    pub(super) fn list(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// Those that strike a call, each of them counted: all that only shape it, and the first that decides it.
    pub(super) fn take(&mut self, operation: Operation) -> Vec<Fault> {
        let mut is_decided = false;
        let mut taken = Vec::new();
        for fault in &mut self.0 {
            if !fault.strikes(operation) || (is_decided && !fault.is_shaping()) {
                continue;
            }
            is_decided |= !fault.is_shaping();
            taken.push(fault.clone());
            if let Some(left) = &mut fault.left {
                *left -= 1;
            }
        }
        self.0.retain(|fault| fault.left != Some(0));
        taken
    }
}
