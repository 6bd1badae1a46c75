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

/// What the review is for.
pub const REVIEW_LEAD: &str =
    "This is what will be sent. It does not change any more once you press Create.";

/// The same without a gateway.
pub const REVIEW_LEAD_COPY: &str =
    "This is the request. Without a gateway it is copied or downloaded, and sent by other means.";

/// What is said while the review is being made.
pub const PREPARING: &str = "Preparing the review…";

/// Where a request goes.
pub fn destination(live: bool) -> &'static str {
    if live {
        "Goes to the live service through the gateway. Billing starts when the instance runs."
    } else {
        "Goes to the sandbox of the gateway. Nothing real is created, and nothing is billed."
    }
}

/// What the label is for.
pub const MARKER_HINT: &str = "Lets us find the instance if the answer is lost.";

/// That there is no label.
pub const NO_MARKER: &str =
    "Without it a lost answer can only be looked for by the name of the instance.";

/// The browser does not tell the hash.
pub const NO_HASH: &str = "not available over an insecure connection";

/// What the dialog asks.
pub fn confirm(live: bool) -> &'static str {
    if live {
        "Create this instance for real?"
    } else {
        "Create this instance in the sandbox?"
    }
}

/// What is promised before a create.
pub const ONCE: &str =
    "Sent once. If the answer is lost, we look for the instance before anything is sent again.";

/// What is not promised where nothing is kept.
pub const NOT_KEPT: &str =
    "This browser keeps nothing. Stay on this page until the answer is there.";

/// Who sees the instance.
pub fn visibility(accessibility: &str) -> &str {
    match accessibility {
        "" | "PRIVATE" => "you and workspace administrators",
        "PUBLIC" => "everyone in the workspace",
        other => other,
    }
}

/// That a request is on its way.
pub fn under_way(name: &str) -> String {
    titled("Creating ", name)
}

/// The words and a name, or a word for an instance without one.
fn titled(words: &str, name: &str) -> String {
    let mut said = words.to_owned();
    said.push_str(&named(name));
    said
}

/// The name, or a word for an instance without one.
pub fn named(name: &str) -> String {
    if name.is_empty() {
        "the instance".to_owned()
    } else {
        super::excerpt(&visible(name))
    }
}

/// What is said while a request is on its way.
pub const UNDER_WAY: &str =
    "The answer is awaited, for up to 45 seconds. It is sent once, also if you reload this page.";

/// Heading of what became of a submission.
pub fn created(name: &str, found: bool) -> String {
    let mut said = named(name);
    said.push_str(if found {
        " was found"
    } else {
        " is being created"
    });
    said
}

/// What happens now.
pub const CREATED_LEAD: &str =
    "This usually takes 2 to 5 minutes. You can close this page; the instance goes on.";

/// The same after the answer was lost.
pub const FOUND_LEAD: &str = "The answer was lost, but the instance exists. It was created once, and is not to be sent again.";

/// That a refusal costs nothing.
pub const REJECTED_LEAD: &str = "Nothing was created and nothing is billed. Your input is kept.";

/// Heading of an outcome that is not known.
pub const UNKNOWN: &str = "We do not know whether the instance exists";

/// Why that is so, and what not to do.
pub fn unknown_lead(sent: &str) -> String {
    let mut said = "The request was sent".to_owned();
    if !sent.is_empty() {
        said.push_str(" at ");
        said.push_str(sent);
    }
    said.push_str(", and no clear answer came. The instance may have been created and may be billed. Sending it again could create a second one.");
    said
}

/// That the gateway cannot look for it.
pub const FORGOTTEN: &str =
    "The gateway does not know this submission any more. Look for the instance in the console.";

/// That it was looked for in vain.
pub fn not_found(checked: &str) -> String {
    let mut said = "Not found so far. Last look: ".to_owned();
    said.push_str(checked);
    said.push_str(". The service can take minutes to show an instance: look again.");
    said
}

/// That looking has failed.
pub fn check_failed(trouble: &dsw_form::submission::Trouble) -> String {
    let mut said = "It could not be looked for. ".to_owned();
    said.push_str(&trouble_said(trouble));
    said
}

/// Asks for a second confirmation.
pub const AGAIN_ANYWAY: &str = "Send it again all the same?";

/// What that may cost.
pub const AGAIN_RISK: &str = "If the first request has created an instance, you may end with two, both billed. Look in the console first.";

/// Heading and lead of a request that was not sent.
pub const NOT_SENT: [&str; 2] = [
    "The request was not sent",
    "Nothing was created and nothing was lost. You can try again: it is still the same submission.",
];

/// Heading and lead of a request that the gateway does not take.
pub const NOT_TAKEN: [&str; 2] = [
    "The gateway did not take the request",
    "Nothing was created and nothing was lost. Review it once more: it gets a new key.",
];

/// Heading and lead while what became of a submission cannot be found out.
pub const UNREACHABLE: [&str; 2] = [
    "The gateway does not answer",
    "Nothing you entered was lost. As soon as it answers we ask what became of the request; it is not sent again.",
];

/// What a code of the gateway or the page means.
pub fn trouble_said(trouble: &dsw_form::submission::Trouble) -> String {
    let known = match trouble.code.as_str() {
        "TOKEN_REQUIRED" => {
            "The access token is missing or wrong. Open the address that the gateway printed when it started."
        }
        "UNREACHABLE" => "There is no connection to the gateway. Check that it runs.",
        "TIMED_OUT" => "The gateway did not answer in time.",
        "NO_REPLY" => "What answered is no gateway, or is stopping.",
        "NOT_FOUND" => "The request did not reach the gateway.",
        "KEY_REUSED" => "The request has changed since it was sent with this key.",
        "THROTTLED" => "The service asks to wait.",
        "BUSY" => "The gateway is busy, or stopping.",
        "JOURNAL_UNAVAILABLE" => {
            "The gateway cannot write its journal, and sends nothing without it. This is for its operator."
        }
        _ => "",
    };
    let mut said = if known.is_empty() {
        super::excerpt(&visible(&trouble.message))
    } else {
        known.to_owned()
    };
    if let Some(seconds) = trouble.retry_after {
        said.push_str(" Wait ");
        said.push_str(&super::count(seconds as usize, "second"));
        said.push('.');
    }
    said
}

/// The submission sent last.
pub fn last_sent(name: &str, at: &str) -> String {
    let mut said = "Sent before: ".to_owned();
    said.push_str(&named(name));
    if !at.is_empty() {
        said.push_str(", ");
        said.push_str(at);
    }
    said.push('.');
    said
}

/// What a state of an instance means, where that helps.
pub fn state(status: &str) -> &'static str {
    match status {
        "Creating" => "Accepted, being set up.",
        "Queuing" => "Waits for resources of the quota.",
        "ResourceAllocating" => "A machine is being found.",
        "EnvPreparing" => "The environment is being prepared.",
        "Starting" => "The container starts; the image is pulled.",
        "Running" => "It can be used.",
        "Failed" => "It did not start.",
        "Stopped" => "It was stopped.",
        _ => "",
    }
}

/// When the next look comes.
pub fn next_look(seconds: u32) -> String {
    let mut said = "Next look in ".to_owned();
    said.push_str(&seconds.to_string());
    said.push_str(" s");
    said
}

/// That following has ended by itself.
pub const FOLLOWED: &str = "Not followed any longer, after 30 minutes.";

/// That a look has failed.
pub fn look_failed(trouble: &dsw_form::submission::Trouble) -> String {
    let mut said = "The last look failed. ".to_owned();
    said.push_str(&trouble_said(trouble));
    said
}

/// That the instance is gone.
pub const GONE: &str = "The service does not know the instance any more: it was deleted.";

/// What an instance has come to, for the status line.
pub fn arrived(name: &str, status: &str) -> String {
    let mut said = named(name);
    said.push_str(if status == "Running" {
        " is running."
    } else {
        " has failed."
    });
    said
}

/// Values of a branch that was left.
pub fn parked(count: usize) -> String {
    let mut said = "Not sent: ".to_owned();
    said.push_str(&super::count(count, "value"));
    said.push_str(" of the alternatives left.");
    said
}

/// Answers that are not listed.
pub fn more_answers(hidden: usize) -> String {
    let mut said = hidden.to_string();
    said.push_str(" more, in the body below.");
    said
}

/// What is not shown of the body.
pub const SECRETS: &str = "Secrets are hidden here, sent whole.";

/// The choice of the label.
pub const MARK: &str = "Label the instance with this submission.";

/// The label cannot be put in.
pub const NO_PLACE: &str = "Not possible: the labels of the request are not a list.";

/// What an instance costs is not known.
pub const NO_PRICE: &str = "unknown";

/// What is looked through.
pub const LOOK: &str = "Private and public, pay-as-you-go and quota, all pages.";

/// When it costs money.
pub fn billing(live: bool) -> &'static str {
    if live {
        "from the first minute it runs"
    } else {
        "none: nothing real is created"
    }
}

/// That only a person can tell.
pub const SAME_NAME: &str =
    "There are instances of this name. If one of them is yours and new, the request has worked.";
