//! [`Refusal`]: what an error reply of the service says, and which fields of the request it speaks of.
//!
//! A reply comes from the service itself, from the API gateway in front of it, or from our own gateway; as JSON, as
//! XML, or as the command line and the SDKs print it. Its words are data: nothing is made of them but a guess where
//! to look, and the reply itself is always at hand.

use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::request::CreateInstanceRequest as Request;
use serde_json::{Map, Value};

use self::places::{from_pointer, is_taken, spoken_of};
use crate::changes::is_same;
use crate::draft::{Draft, ROOT};
use crate::{json, print};

mod places;

/// The longest reply, in bytes: none is longer, and a request that is taken in is not to be read twice.
const MAX_BYTES: usize = 64 * 1024;

/// Most characters of an `InstanceName` (rule R04).
const MAX_NAME: usize = 27;

/// What an error reply says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refusal {
    /// `Code`, such as `ValidationError`; empty where there is none.
    pub code: String,
    /// `Message`, as it came.
    pub message: String,
    /// `RequestId`, for the vendor's support.
    pub request_id: String,
    /// The HTTP status, where the reply tells it.
    pub status: Option<u16>,
    /// `AccessDeniedDetail` as JSON; empty where there is none.
    pub detail: String,
    /// The reply as received.
    pub reply: String,
    /// The places that it speaks of, the likeliest first, with the values that were refused.
    places: Vec<(Path, Option<Draft>)>,
    /// A name to take in place of one that is in use.
    pub free_name: Option<String>,
}

/// Codes that are given before anybody looks at the body: what has no key, no right signature or no time is refused
/// whatever it asks for. A star stands for any ending.
const BEFORE_THE_BODY: [&str; 12] = [
    "InvalidAccessKeyId*",
    "MissingAccessKeyId",
    "IncompleteSignature",
    "Signature*",
    "InvalidTimeStamp*",
    "IllegalTimestamp",
    "InvalidSecurityToken*",
    "MissingSecurityToken",
    "SecurityTokenExpired",
    "Throttling*",
    "InvalidVersion",
    "InvalidAction*",
];

/// Other codes. `dsw-words` explains all of them.
const OTHERS: [&str; 9] = [
    "ValidationError",
    "InternalError*",
    "ServiceUnavailable*",
    "NoPermission*",
    "Forbidden*",
    "NotAuthorized*",
    "UnauthorizedOperation*",
    "MissingParam*",
    "InvalidParam*",
];

fn is_among(codes: &[&str], code: &str) -> bool {
    codes.iter().any(|known| match known.strip_suffix('*') {
        Some(start) => code.starts_with(start),
        None => code == *known,
    })
}

/// Whether what answers with this code may have read the body.
fn reads_body(code: &str) -> bool {
    !is_among(&BEFORE_THE_BODY, code)
}

/// Whether a word is a code of the service.
fn is_code(word: &str) -> bool {
    !word.contains(char::is_whitespace) && (is_among(&OTHERS, word) || !reads_body(word))
}

impl Refusal {
    /// Reads a reply, if it is one that tells an error. The draft is the one that was refused, as far as that is
    /// known.
    pub fn read(text: &str, draft: &Draft) -> Option<Self> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let mut refusal = match json::parse(text) {
            Ok(Value::Object(members)) => from_members(&members, draft)?,
            Ok(_) => return None,
            Err(_) => from_text(text.trim(), draft)?,
        };
        if refusal.reply.is_empty() {
            text.clone_into(&mut refusal.reply);
        }
        refusal.settle(draft);
        Some(refusal)
    }

    /// The refusal that someone else has read from a reply.
    pub fn told(
        code: &str,
        message: &str,
        request_id: &str,
        status: Option<u16>,
        reply: &str,
        draft: &Draft,
    ) -> Self {
        let mut refusal = Self {
            code: code.to_owned(),
            message: message.to_owned(),
            request_id: request_id.to_owned(),
            status,
            reply: reply.to_owned(),
            ..Self::default()
        };
        if let Ok(Value::Object(members)) = json::parse(reply) {
            refusal.detail = detail(&members);
        }
        refusal.settle(draft);
        refusal
    }

    /// Looks for what it speaks of.
    fn settle(&mut self, draft: &Draft) {
        let name = path![Request::INSTANCE_NAME];
        if self.places.is_empty() && reads_body(&self.code) {
            let taken = is_taken(&self.message);
            let mut paths = spoken_of(&self.message, draft);
            if taken && (paths.is_empty() || self.message.contains("ame") && !paths.contains(&name))
            {
                paths.insert(0, name.clone());
            }
            if taken && paths.first() == Some(&name) {
                let text = text_at(draft, &name);
                self.free_name = text.filter(|text| !text.is_empty()).map(next_name);
            }
            let with_value = |path: Path| {
                let value = draft.get(&path).cloned();
                (path, value)
            };
            self.places = paths.into_iter().map(with_value).collect();
        }
    }

    /// The fields that it speaks of, the likeliest first.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.places.iter().map(|(path, _)| path)
    }

    /// Whether it speaks of a field that still has the value which was refused.
    pub fn stands_at(&self, path: &Path, draft: &Draft) -> bool {
        let place = self.places.iter().find(|(place, _)| place == path);
        place.is_some_and(|(_, refused)| match (refused, draft.get(path)) {
            (Some(refused), Some(value)) => is_same(refused, value),
            (refused, value) => {
                refused.as_ref().is_none_or(Draft::is_blank) && value.is_none_or(Draft::is_blank)
            }
        })
    }
}

/// Reads the members of a reply, in any of its shapes.
fn from_members(members: &Map<String, Value>, draft: &Draft) -> Option<Refusal> {
    if members.keys().any(|name| ROOT.field(name).is_some()) {
        return None;
    }
    let inner = |name| member(members, name).and_then(Value::as_object);
    if let Some(error) = inner("error") {
        return from_gateway(error, draft);
    }
    let text = |name| member(members, name).and_then(Value::as_str);
    let success = member(members, "Success").and_then(Value::as_bool);
    let code = text("Code").or_else(|| text("ErrorCode"));
    let message = text("Message").or_else(|| text("ErrorMessage"));
    let is_error = match success {
        Some(success) => !success,
        None => code.is_some() && message.is_some(),
    };
    if !is_error {
        // What an SDK prints has the reply inside.
        let inside = inner("body").or_else(|| inner("data"))?;
        return from_members(inside, draft);
    }
    let status = member(members, "HttpStatusCode").or_else(|| member(members, "StatusCode"));
    Some(Refusal {
        code: code.unwrap_or_default().to_owned(),
        message: message.unwrap_or_default().to_owned(),
        request_id: text("RequestId").unwrap_or_default().to_owned(),
        status: status.and_then(number),
        detail: detail(members),
        ..Refusal::default()
    })
}

/// Reads an error of our own gateway: what the service said, if it did, and else what the gateway says.
fn from_gateway(error: &Map<String, Value>, draft: &Draft) -> Option<Refusal> {
    let said = error.get("upstream").and_then(Value::as_object);
    let text = |from: &Map<String, Value>, name: &str| {
        from.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let mut refusal = Refusal {
        code: text(error, "code"),
        message: text(error, "message"),
        request_id: text(error, "requestId"),
        ..Refusal::default()
    };
    if refusal.code.is_empty() {
        return None;
    }
    if let Some(said) = said {
        let reply = text(said, "reply");
        refusal.status = said.get("status").and_then(number);
        for (name, place) in [
            ("code", &mut refusal.code),
            ("message", &mut refusal.message),
            ("requestId", &mut refusal.request_id),
        ] {
            let told = text(said, name);
            if !told.is_empty() {
                *place = told;
            }
        }
        if let Ok(Value::Object(members)) = json::parse(&reply) {
            refusal.detail = detail(&members);
        }
        refusal.reply = reply;
    }
    let findings = error.get("findings").and_then(Value::as_array);
    for finding in findings.into_iter().flatten() {
        let is_error = finding.get("severity").and_then(Value::as_str) != Some("warning");
        if let Some(pointer) = finding.get("pointer").and_then(Value::as_str)
            && is_error
        {
            let path = from_pointer(pointer, draft);
            let value = draft.get(&path).cloned();
            if !path.steps().is_empty() {
                refusal.places.push((path, value));
            }
        }
    }
    Some(refusal)
}

/// Reads what is no JSON: XML, a whole reply of HTTP, or what a command line, an SDK or our own code prints.
fn from_text(text: &str, draft: &Draft) -> Option<Refusal> {
    if text.starts_with("HTTP/") {
        return from_http(text, draft);
    }
    let mut refusal = Refusal::default();
    if text.starts_with('<') {
        let element = |name: &str| {
            let (_, rest) = text.split_once(&["<", name, ">"].concat())?;
            let (inside, _) = rest.split_once(&["</", name, ">"].concat())?;
            Some(unescape(inside.trim()))
        };
        refusal.code = element("Code")?;
        refusal.message = element("Message")?;
        refusal.request_id = element("RequestId").unwrap_or_default();
        return Some(refusal);
    }
    let line = |name: &str| {
        let mut lines = text.lines();
        let value = lines.find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':'));
        value.map(|value| value.trim().to_owned())
    };
    if let Some(code) = line("ErrorCode") {
        refusal.code = code;
        refusal.message = line("Message")?;
        refusal.request_id = line("RequestId").unwrap_or_default();
        return Some(refusal);
    }
    // Go, with the time before it where the program logs it.
    let is_of_go = text.lines().next().is_some_and(|line| {
        let begin = without_time(line).trim_end();
        begin == "SDKError:"
    });
    if is_of_go {
        let message = line("Message")?;
        refusal = message
            .strip_prefix("code: ")
            .and_then(printed)
            .unwrap_or_default();
        if refusal.message.is_empty() {
            refusal.message = message;
        }
        refusal.code = line("Code")?;
        refusal.status = refusal.status.or(line("StatusCode")?.parse().ok());
        return Some(refusal);
    }
    // Error: ValidationError code: 400, The name is in use. request id: 7C21 Response: {...}
    let of_python = text.strip_prefix("Error:");
    if let Some((code, rest)) = of_python.and_then(|rest| rest.split_once(" code: ")) {
        let mut refusal = printed(rest)?;
        code.trim().clone_into(&mut refusal.code);
        return Some(refusal);
    }
    let mut at = 0;
    text.split_inclusive('\n').find_map(|line| {
        let rest = &text[at..];
        at += line.len();
        from_exception(line, rest).or_else(|| from_check(line, at == line.len()))
    })
}

/// Reads a reply with its headers.
fn from_http(text: &str, draft: &Draft) -> Option<Refusal> {
    let status = text.split_whitespace().nth(1)?.parse().ok();
    let blank = ["\r\n\r\n", "\n\n"]
        .into_iter()
        .filter_map(|blank| text.split_once(blank))
        .min_by_key(|(head, _)| head.len());
    let body = blank?.1.trim();
    let mut refusal = match json::parse(body) {
        Ok(Value::Object(members)) => from_members(&members, draft)?,
        Ok(_) => return None,
        // XML; or the answer behind one that says only that there will be one.
        Err(_) => from_text(body, draft)?,
    };
    refusal.status = refusal.status.or(status);
    Some(refusal)
}

/// What stands behind `code: ` in the words of an SDK: `400, The name is in use. request id: 7C21`.
fn printed(text: &str) -> Option<Refusal> {
    let (status, rest) = text.split_once(',')?;
    let (message, rest) = rest.split_once("request id:")?;
    Some(Refusal {
        status: status.trim().parse().ok(),
        message: message.trim().to_owned(),
        request_id: rest
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned(),
        ..Refusal::default()
    })
}

/// Reads the line with which a program ends whose SDK was refused; `rest` is the text from there on.
fn from_exception(line: &str, rest: &str) -> Option<Refusal> {
    let at = line.find("code: ")?;
    let code = code_of(without_time(line.get(..at)?).trim())?;
    let refusal = printed(&rest[at + "code: ".len()..])?;
    // What comes from a program with such words in it has no status there.
    refusal.status?;
    Some(Refusal {
        code: code.to_owned(),
        ..refusal
    })
}

/// The code in what an SDK prints before `code: `, which may be none: `Exception in thread "main" a.b.TeaException:`,
/// `a.b.ClientException: Error: Code`, `Code Code:`.
fn code_of(head: &str) -> Option<&str> {
    let is_word = |word: &str| !word.is_empty() && !word.contains(char::is_whitespace);
    if let Some((before, code)) = head.rsplit_once("Error: ") {
        let before = before.trim_end();
        return (is_exception(before) && is_word(code)).then_some(code);
    }
    if is_exception(head) {
        return Some("");
    }
    let head = head.strip_suffix(':')?;
    let (before, code) = head.rsplit_once(' ').unwrap_or((head, head));
    (before == code && is_word(code)).then_some(code)
}

/// Whether a text is the name of an exception with a colon behind it, as Java and Python write it, or nothing.
fn is_exception(text: &str) -> bool {
    let name = text
        .strip_prefix("Exception in thread ")
        .map_or(text, |rest| {
            rest.split_once(' ').map_or(rest, |(_, name)| name)
        });
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'$');
    text.is_empty()
        || name
            .strip_suffix("Exception:")
            .is_some_and(|name| name.contains('.') && name.bytes().all(is_part))
}

/// Reads what our own code ends with where a reply has no success: `ValidationError: The name is in use.`
fn from_check(line: &str, is_first: bool) -> Option<Refusal> {
    let line = without_time(line);
    let thrown = match line.strip_prefix("Exception in thread ") {
        Some(rest) => rest.split_once("Exception: ").map(|(_, said)| said),
        None => line.strip_prefix("Error: "),
    };
    // A request may well have a line with such a beginning, but none begins so.
    let (code, message) = thrown.or(is_first.then_some(line))?.split_once(": ")?;
    is_code(code).then(|| Refusal {
        code: code.to_owned(),
        message: message.trim().to_owned(),
        ..Refusal::default()
    })
}

/// A line without the time that a log writes before it.
fn without_time(line: &str) -> &str {
    line.trim_start_matches(|letter: char| letter.is_ascii_digit() || "/:. ".contains(letter))
}

/// The characters that stand for themselves only with an escape in XML.
fn unescape(text: &str) -> String {
    let mut text = text.to_owned();
    for (escape, letter) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(escape, letter);
    }
    text
}

/// A member by its name, in any letter case.
fn member<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let mut all = members.iter();
    all.find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// A status, as a number or as text.
fn number(value: &Value) -> Option<u16> {
    let number = value.as_u64().and_then(|number| u16::try_from(number).ok());
    number.or_else(|| value.as_str()?.parse().ok())
}

fn detail(members: &Map<String, Value>) -> String {
    match member(members, "AccessDeniedDetail") {
        None | Some(Value::Null) => String::new(),
        Some(detail) => print::pretty(detail),
    }
}

fn text_at<'a>(draft: &'a Draft, path: &Path) -> Option<&'a str> {
    match draft.get(path) {
        Some(Draft::Text(text)) => Some(text),
        _ => None,
    }
}

/// The name to try next: the number at its end and one, or `_2` where there is none that can be counted on; never longer
/// than a name may be.
pub fn next_name(name: &str) -> String {
    let stem = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let digits = &name[stem.len()..];
    let next = digits.parse::<u64>().ok();
    let (stem, end) = match next.and_then(|number| number.checked_add(1)) {
        // Zeros before it stay: 01, 02.
        Some(next) => {
            let next = next.to_string();
            let zeros = "0".repeat(digits.len().saturating_sub(next.len()));
            (stem, zeros + &next)
        }
        None => (name, "_2".to_owned()),
    };
    let room = MAX_NAME.saturating_sub(end.len());
    stem.chars().take(room).collect::<String>() + &end
}

/// A text of others with what cannot be seen written out: control characters, and those that turn the direction of
/// the text around them.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        let turns = matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}');
        if turns || letter.is_control() && !matches!(letter, '\n' | '\t') {
            shown.push('⟨');
            shown.push_str("U+");
            let code = u32::from(letter);
            for at in (0..4).rev() {
                let digit = char::from_digit(code >> (4 * at) & 15, 16);
                shown.extend(digit.map(|digit| digit.to_ascii_uppercase()));
            }
            shown.push('⟩');
        } else {
            shown.push(letter);
        }
    }
    shown
}

#[cfg(test)]
mod tests;
