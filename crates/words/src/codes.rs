//! What the codes mean with which the service refuses a request, and what to do about each.

use crate::{english, tr};

/// What is known of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explained {
    /// What has happened, in the present language.
    pub means: &'static str,
    /// What to do about it.
    pub todo: &'static str,
}

/// What a code of the service means and what to do, such as `Forbidden.RAM`; nothing for one that is not known.
pub fn explain(code: &str) -> Option<Explained> {
    let fits = |known: &str| match known.strip_suffix('*') {
        Some(start) => code.starts_with(start),
        None => code == known,
    };
    let (_, means, todo) = CODES.iter().find(|(known, ..)| fits(known))?;
    Some(Explained {
        means: tr(means),
        todo: tr(todo),
    })
}

const REPLACE_KEY: &str =
    english("Replace the access key of the gateway, or of the program that sent the request.");
const CHECK_SECRET: &str = english(
    "Check the access key of the gateway or program, both parts of it, and any proxy that changes headers.",
);
const SET_CLOCK: &str = english("Set the clock of the machine that signs the request.");
const NEW_TOKEN: &str =
    english("Get new temporary credentials: log in again, or let the role issue them.");
const SAME_SET: &str =
    english("Take all three parts of the temporary credentials from the same set.");
const ASK_RIGHT: &str = english(
    "Ask your administrator for the action that the details name, in RAM or as a role of the workspace.",
);
const WAIT: &str = english("Wait a minute, then send it again.");
const LOOK: &str = english(
    "The service may have created the instance all the same. Look for it before you send the request again.",
);
const CHANGE: &str = english("Change what the message speaks of, then send it again.");

/// Codes, what they mean, and what to do; a star stands for any ending. The first that fits counts, so a family stands
/// behind its members.
const CODES: &[(&str, &str, &str)] = &[
    (
        "ValidationError",
        english(
            "The service does not take something in the body. A name that is in use counts too.",
        ),
        CHANGE,
    ),
    (
        "InternalError*",
        english("Something went wrong inside the service."),
        LOOK,
    ),
    (
        "ServiceUnavailable*",
        english("The service cannot answer at the moment."),
        LOOK,
    ),
    (
        "InvalidAccessKeyId.NotFound",
        english("The service does not know the access key that signed the request."),
        REPLACE_KEY,
    ),
    (
        "InvalidAccessKeyId.Inactive",
        english("The access key that signed the request is switched off."),
        REPLACE_KEY,
    ),
    (
        "InvalidAccessKeyId*",
        english("The service does not accept the access key that signed the request."),
        REPLACE_KEY,
    ),
    (
        "MissingAccessKeyId",
        english("The request names no access key."),
        REPLACE_KEY,
    ),
    (
        "SignatureDoesNotMatch",
        english("The signature does not fit: the secret is wrong, or a header changed on the way."),
        CHECK_SECRET,
    ),
    (
        "IncompleteSignature",
        english("The signature lacks a part that the service needs."),
        CHECK_SECRET,
    ),
    (
        "SignatureNonceUsed",
        english("The same signed request came twice, so the second was refused."),
        english(
            "The first may have worked: look for the instance. If there is none, send the request anew.",
        ),
    ),
    (
        "InvalidTimeStamp*",
        english("The time in the request is off by more than 15 minutes."),
        SET_CLOCK,
    ),
    (
        "IllegalTimestamp",
        english("The time in the request is off, or not written as the service reads it."),
        SET_CLOCK,
    ),
    (
        "InvalidSecurityToken.Expired",
        english("The temporary credentials have run out."),
        NEW_TOKEN,
    ),
    (
        "SecurityTokenExpired",
        english("The temporary credentials have run out."),
        NEW_TOKEN,
    ),
    (
        "InvalidSecurityToken*",
        english("The security token is damaged, or belongs to other credentials."),
        SAME_SET,
    ),
    (
        "MissingSecurityToken",
        english("The access key is a temporary one, and its security token is missing."),
        SAME_SET,
    ),
    (
        "NoPermission*",
        english("A right is missing: neither RAM nor a role in the workspace allows this."),
        ASK_RIGHT,
    ),
    (
        "Forbidden.RAM",
        english("A right is missing: no RAM policy of the caller allows this."),
        ASK_RIGHT,
    ),
    (
        "NotAuthorized*",
        english("A right is missing: the caller may not do this, or not in this workspace."),
        ASK_RIGHT,
    ),
    (
        "Forbidden*",
        english("A right is missing: the service forbids this to the caller."),
        ASK_RIGHT,
    ),
    (
        "UnauthorizedOperation*",
        english("A right is missing: the service forbids this to the caller."),
        ASK_RIGHT,
    ),
    (
        "Throttling.User",
        english("Too many calls of this account at once."),
        WAIT,
    ),
    (
        "Throttling.Api",
        english("Too many calls of this operation at once."),
        WAIT,
    ),
    ("Throttling*", english("Too many calls at once."), WAIT),
    (
        "InvalidVersion",
        english("The service has no such version of its API."),
        english("The program that sent it has to name version 2022-01-01."),
    ),
    (
        "InvalidAction*",
        english("The service has no such operation."),
        english("The program that sent it has to call CreateInstance by POST /api/v2/instances."),
    ),
    (
        "MissingParam*",
        english("A value that the service needs is missing."),
        english("Set what the message names, then send it again."),
    ),
    (
        "InvalidParam*",
        english("The service does not take one of the values."),
        CHANGE,
    ),
    (
        "ImagePullBackOff",
        english("The image could not be fetched, so the instance did not start."),
        english(
            "Check the address of the image, its login, and that the instance reaches the registry.",
        ),
    ),
];
