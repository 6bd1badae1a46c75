//! What the codes of the gateway mean, for who does not read what the gateway says in English.

use dsw_words::tr;

use crate::language::{Language, current};

/// What the gateway says, or what its code means. A code that is not known here says what the gateway says.
pub(super) fn said(code: &str, message: &str) -> String {
    // Of these the page knows more than the gateway.
    const OURS: [&str; 6] = [
        "TOKEN_REQUIRED",
        "NOT_FOUND",
        "KEY_REUSED",
        "THROTTLED",
        "BUSY",
        "JOURNAL_UNAVAILABLE",
    ];
    let message = super::excerpt(&dsw_form::refusal::visible(message));
    if current() == Language::English && !message.is_empty() && !OURS.contains(&code) {
        return message;
    }
    meaning(code).map_or(message, str::to_owned)
}

/// What a code of the gateway means; nothing for any other.
pub(super) fn meaning(code: &str) -> Option<&'static str> {
    Some(match code {
        "BAD_FRAMING"
        | "BAD_QUERY"
        | "BAD_KEY"
        | "LENGTH_REQUIRED"
        | "METHOD_NOT_ALLOWED"
        | "UNSUPPORTED_MEDIA_TYPE" => tr(
            "The gateway does not understand the request. Reload the page: it may be an old one.",
        ),
        "UNKNOWN_REGION" => tr("The gateway does not offer this region. Choose another."),
        "BAD_JSON" => tr("The body is not one JSON object."),
        "UPSTREAM_REFUSED" => tr("The service refused the request."),
        "TOKEN_REQUIRED" => tr(
            "The access token is missing or wrong. Open the address that the gateway printed when it started.",
        ),
        "CROSS_SITE" => tr("The gateway takes requests of its own page only."),
        "NOT_FOUND" => tr("The request did not reach the gateway."),
        "TOO_SLOW" => tr("The request came too slowly. Try again."),
        "IN_FLIGHT" => tr("The same request is being sent at this moment."),
        "BODY_TOO_LARGE" => tr("The body has more than 1 MiB."),
        "TARGET_TOO_LONG" | "HEAD_TOO_LARGE" => tr("The request is too long for the gateway."),
        "MISDIRECTED" => tr(
            "The gateway is to be reached by another address: that which it printed when it started.",
        ),
        "INVALID_REQUEST" => tr("The rules find errors in the body."),
        "KEY_REUSED" => tr("The request has changed since it was sent with this key."),
        "THROTTLED" => tr("The service asks to wait."),
        "INTERNAL" => tr("The gateway made a mistake. Its operator finds it in the log."),
        "NOT_SENT" => tr("The service could not be reached, and nothing was sent."),
        "BAD_UPSTREAM" => tr("The service gave no proper answer."),
        "BUSY" => tr("The gateway is busy, or stopping."),
        "JOURNAL_UNAVAILABLE" => tr(
            "The gateway cannot write its journal, and sends nothing without it. This is for its operator.",
        ),
        "UPSTREAM_TIMEOUT" => tr("The service did not answer in time."),
        "OUTCOME_UNKNOWN" => tr("It was sent, and no clear answer came."),
        _ => return None,
    })
}
