//! What is said of variables that are secrets, or could be.

use dsw_words::{fill, tr};

/// What is said below a variable, and what can be done about it; nothing about one that nobody would think of.
pub fn secrecy(hides: bool, said: Option<bool>) -> Option<(&'static str, &'static str)> {
    Some(match (hides, said) {
        (true, None) => (
            tr("Looks like a secret: hidden here, not stored."),
            tr("Not a secret"),
        ),
        (true, Some(_)) => (
            tr("Kept secret: hidden here, not stored."),
            tr("Not a secret"),
        ),
        (false, Some(_)) => (tr("Not a secret, as you said."), tr("Keep it secret")),
        (false, None) => return None,
    })
}

/// What was done about a variable.
pub fn confided(name: &str, is_secret: bool) -> String {
    if is_secret {
        fill("{} is kept secret: hidden here, not stored.", &[name])
    } else {
        fill(
            "{} is no secret: shown, and stored with the draft.",
            &[name],
        )
    }
}
