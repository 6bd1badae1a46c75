//! Reading members of a body, as strictly as the service: another type is refused.

use serde_json::Value;

use super::answer::{Object, Refusal};

/// A member that is text and not empty.
pub(super) fn text<'a>(object: &'a Object, name: &str) -> Result<Option<&'a str>, Refusal> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(value)) => Ok(Some(value.as_str()).filter(|value| !value.is_empty())),
        Some(_) => Err(Refusal::validation(format!("{name} must be text."))),
    }
}

/// A member that is an object.
pub(super) fn object<'a>(parent: &'a Object, name: &str) -> Result<Option<&'a Object>, Refusal> {
    match parent.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(value)) => Ok(Some(value)),
        Some(_) => Err(Refusal::validation(format!("{name} must be an object."))),
    }
}

/// A member that is one of these texts.
pub(super) fn one_of<'a>(
    object: &'a Object,
    name: &str,
    values: &[&str],
) -> Result<Option<&'a str>, Refusal> {
    match text(object, name)? {
        Some(value) if !values.contains(&value) => Err(Refusal::validation(format!(
            "{name} must be one of {}.",
            values.join(", ")
        ))),
        value => Ok(value),
    }
}

/// Checks a list of keys and values.
pub(super) fn pairs(body: &Object, name: &str) -> Result<(), Refusal> {
    let Some(list) = body.get(name) else {
        return Ok(());
    };
    let fits = list.as_array().is_some_and(|list| {
        list.iter().all(|pair| {
            let text = |member| pair.get(member).is_none_or(Value::is_string);
            pair.get("Key").is_some_and(Value::is_string) && text("Value")
        })
    });
    if fits {
        return Ok(());
    }
    Err(Refusal::validation(format!(
        "{name} must be an array of objects with Key and Value."
    )))
}

/// A number in text, such as `4` or `0.5`; not below 0.
pub(super) fn number(text: &str) -> Option<f64> {
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_plain.then(|| text.parse().ok()).flatten()
}

/// An amount of memory in GiB. Without a unit it is MiB, as the service reads it.
pub(super) fn gibibytes(text: &str) -> Option<f64> {
    let digits = text.trim_end_matches(|byte: char| byte.is_ascii_alphabetic());
    let factor = match &text[digits.len()..] {
        "Ki" => 1.0 / 1024.0 / 1024.0,
        "" | "Mi" | "M" | "MB" => 1.0 / 1024.0,
        "Gi" | "G" | "GB" => 1.0,
        "Ti" | "T" | "TB" => 1024.0,
        _ => return None,
    };
    Some(number(digits)? * factor)
}
