//! What the page says about sending a request, and about what became of it.

use dsw_form::refusal::{Cause, Refusal, visible};

/// That the service refused a request.
pub const REFUSED: &str = "The service refused the request";

/// The same of a reply that was pasted.
pub const REPLY_READ: &str = "An error reply, read: the field that it speaks of is marked.";

/// The same where no field is known.
pub const REPLY_READ_NOWHERE: &str = "An error reply, read. It names no field of the form.";

/// What stands where the service gave no words.
const NO_MESSAGE: &str = "The service gave no reason.";

/// What the service said, as data of others is shown.
pub fn said(refusal: &Refusal) -> String {
    if refusal.message.trim().is_empty() {
        NO_MESSAGE.to_owned()
    } else {
        super::excerpt(&visible(&refusal.message))
    }
}

/// Code and status.
pub fn code(refusal: &Refusal) -> String {
    let mut said = if refusal.code.is_empty() {
        "none".to_owned()
    } else {
        super::excerpt(&visible(&refusal.code))
    };
    if let Some(status) = refusal.status {
        said.push_str(", HTTP ");
        said.push_str(&status.to_string());
    }
    said
}

/// What to do about a code.
pub fn advice(cause: Cause) -> &'static str {
    match cause {
        Cause::AccessKey => {
            "The access key of the gateway is unknown or switched off. Its operator has to replace it."
        }
        Cause::Signature => {
            "The signature does not fit: a wrong secret, or a header changed on the way. This is for the operator of the gateway."
        }
        Cause::Nonce => "The same signed request came twice. Send it anew.",
        Cause::Clock => {
            "The clock of the gateway is off by more than 15 minutes. Its operator has to set it."
        }
        Cause::Token => {
            "The temporary credentials of the gateway have run out. Its operator has to refresh them."
        }
        Cause::Permission => {
            "A right is missing: ask your administrator for the action that the details name, in RAM or as a role of the workspace."
        }
        Cause::Throttled => "Too many calls at once. Wait a minute, then send it again.",
        Cause::Trouble => {
            "The service has trouble, and may have created the instance all the same. Look for it before you send the request again."
        }
        Cause::Program => {
            "The operation or its version does not exist. Check what sent the request."
        }
        Cause::Body => "Change what it speaks of, then send it again.",
        Cause::Other => "This code is not in our list. The vendor's page may explain it.",
    }
}

/// The fix for a name that is in use.
pub fn use_name(name: &str) -> String {
    "Use ".to_owned() + name
}
