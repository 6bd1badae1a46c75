//! What the page says about sending a request, and about what became of it.

use dsw_form::refusal::{Refusal, visible};
use dsw_words::{Explained, english, explain, fill, number, several, tr};

use crate::language::gap;

/// That the service refused a request.
pub fn refused_title() -> &'static str {
    tr("The service refused the request")
}

/// The same of a reply that was pasted.
pub fn reply_read() -> &'static str {
    tr("An error reply, read: the field that it speaks of is marked.")
}

/// The same where no field is known.
pub fn reply_read_nowhere() -> &'static str {
    tr("An error reply, read. It names no field of the form.")
}

/// What stands where the service gave no words.
fn no_message() -> &'static str {
    tr("The service gave no reason.")
}

/// What the service said, as data of others is shown.
pub fn said(refusal: &Refusal) -> String {
    if refusal.message.trim().is_empty() {
        no_message().to_owned()
    } else {
        super::excerpt(&visible(&refusal.message))
    }
}

/// Code and status.
pub fn code(refusal: &Refusal) -> String {
    let code = if refusal.code.is_empty() {
        tr("none").to_owned()
    } else {
        super::excerpt(&visible(&refusal.code))
    };
    match refusal.status {
        Some(status) => {
            let status = "HTTP ".to_owned() + &status.to_string();
            fill("{}, {}", &[&code, &status])
        }
        None => code,
    }
}

/// What a code means, of the service or of the gateway, and what to do about it.
pub fn advice(code: &str) -> String {
    if let Some(Explained { means, todo }) = explain(code) {
        return [means, gap(), todo].concat();
    }
    let unknown = tr("This code is not in our list. The vendor's page may explain it.");
    super::gateway::meaning(code).unwrap_or(unknown).to_owned()
}

/// The fix for a name that is in use.
pub fn use_name(name: &str) -> String {
    fill("Use {}", &[name])
}

/// That it was taken.
pub fn used_name(name: &str) -> String {
    fill("Changed to {}.", &[name])
}

/// What the review is for.
pub fn review_lead() -> &'static str {
    tr("This is what will be sent. It does not change any more once you press Create.")
}

/// The same without a gateway.
pub fn review_lead_copy() -> &'static str {
    tr(
        "This is the request. Without a gateway it is copied or downloaded, and sent by other means.",
    )
}

/// What is said while the review is being made.
pub fn preparing() -> &'static str {
    tr("Preparing the review…")
}

/// Where a request goes.
pub fn destination(live: bool) -> &'static str {
    if live {
        tr("Goes to the live service through the gateway. Billing starts when the instance runs.")
    } else {
        tr("Goes to the sandbox of the gateway. Nothing real is created, and nothing is billed.")
    }
}

/// What the label is for.
pub fn marker_hint() -> &'static str {
    tr("Lets us find the instance if the answer is lost.")
}

/// That there is no label.
pub fn no_marker() -> &'static str {
    tr("Without it a lost answer can only be looked for by the name of the instance.")
}

/// The browser does not tell the hash.
pub fn no_hash() -> &'static str {
    tr("not available over an insecure connection")
}

/// What the dialog asks.
pub fn confirm(live: bool) -> &'static str {
    if live {
        tr("Create this instance for real?")
    } else {
        tr("Create this instance in the sandbox?")
    }
}

/// What is promised before a create.
pub fn once() -> &'static str {
    tr("Sent once. If the answer is lost, we look for the instance before anything is sent again.")
}

/// What is not promised where nothing is kept.
pub fn not_kept() -> &'static str {
    tr("This browser keeps nothing. Stay on this page until the answer is there.")
}

/// Who sees the instance.
pub fn visibility(accessibility: &str) -> &str {
    match accessibility {
        "" | "PRIVATE" => tr("you and workspace administrators"),
        "PUBLIC" => tr("everyone in the workspace"),
        other => other,
    }
}

/// That a request is on its way.
pub fn under_way(name: &str) -> String {
    fill("Creating {}", &[&named(name)])
}

/// The name, or a word for an instance without one.
pub fn named(name: &str) -> String {
    if name.is_empty() {
        tr("the instance").to_owned()
    } else {
        super::excerpt(&visible(name))
    }
}

/// What is said while a request is on its way.
pub fn under_way_lead() -> &'static str {
    tr(
        "The answer is awaited, for up to 45 seconds. It is sent once, also if you reload this page.",
    )
}

/// Heading of what became of a submission.
pub fn created(name: &str, found: bool) -> String {
    let name = named(name);
    if found {
        fill("{} was found", &[&name])
    } else {
        fill("{} is being created", &[&name])
    }
}

/// What happens now.
pub fn created_lead(live: bool) -> &'static str {
    if live {
        tr("This usually takes 2 to 5 minutes. You can close this page; the instance goes on.")
    } else {
        tr(
            "The sandbox is faster than the service, where this usually takes 2 to 5 minutes. You can close this page; the instance goes on.",
        )
    }
}

/// The same after the answer was lost.
pub fn found_lead() -> &'static str {
    tr(
        "The answer was lost, but the instance exists. It was created once, and is not to be sent again.",
    )
}

/// That a refusal costs nothing.
pub fn rejected_lead() -> &'static str {
    tr("Nothing was created and nothing is billed. Your input is kept.")
}

/// Heading of an outcome that is not known.
pub fn unknown_title() -> &'static str {
    tr("We do not know whether the instance exists")
}

/// Why that is so, and what not to do.
pub fn unknown_lead(sent: &str) -> String {
    if sent.is_empty() {
        tr("The request was sent, and no clear answer came. The instance may have been created and may be billed. Sending it again could create a second one.").to_owned()
    } else {
        fill(
            "The request was sent at {}, and no clear answer came. The instance may have been created and may be billed. Sending it again could create a second one.",
            &[sent],
        )
    }
}

/// That the gateway cannot look for it.
pub fn forgotten() -> &'static str {
    tr("The gateway does not know this submission any more. Look for the instance in the console.")
}

/// That it was looked for in vain.
pub fn not_found(checked: &str) -> String {
    fill(
        "Not found so far. Last look: {}. The service can take minutes to show an instance: look again.",
        &[checked],
    )
}

/// That looking has failed.
pub fn check_failed(trouble: &dsw_form::submission::Trouble) -> String {
    [
        tr("It could not be looked for."),
        gap(),
        &trouble_said(trouble),
    ]
    .concat()
}

/// Asks for a second confirmation.
pub fn again_anyway() -> &'static str {
    tr("Send it again all the same?")
}

/// What that may cost.
pub fn again_risk() -> &'static str {
    tr(
        "If the first request has created an instance, you may end with two, both billed. Look in the console first.",
    )
}

/// Heading and lead of a request that was not sent.
pub fn not_sent() -> [&'static str; 2] {
    [
        tr("The request was not sent"),
        tr(
            "Nothing was created and nothing was lost. You can try again: it is still the same submission.",
        ),
    ]
}

/// Heading and lead of a request that the gateway does not take.
pub fn not_taken() -> [&'static str; 2] {
    [
        tr("The gateway did not take the request"),
        tr("Nothing was created and nothing was lost. Review it once more: it gets a new key."),
    ]
}

/// Heading and lead while what became of a submission cannot be found out.
pub fn unreachable() -> [&'static str; 2] {
    [
        tr("The gateway does not answer"),
        tr(
            "Nothing you entered was lost. As soon as it answers we ask what became of the request; it is not sent again.",
        ),
    ]
}

/// What a code of the gateway or the page means.
pub fn trouble_said(trouble: &dsw_form::submission::Trouble) -> String {
    let mut said = match trouble.code.as_str() {
        "UNREACHABLE" => {
            tr("There is no connection to the gateway. Check that it runs.").to_owned()
        }
        "TIMED_OUT" => tr("The gateway did not answer in time.").to_owned(),
        "NO_REPLY" => tr("What answered is no gateway, or is stopping.").to_owned(),
        code => super::gateway::said(code, &trouble.message),
    };
    if let Some(seconds) = trouble.retry_after {
        said.push_str(gap());
        said.push_str(&super::wait(seconds));
    }
    said
}

/// The submission sent last.
pub fn last_sent(name: &str, at: &str) -> String {
    let name = named(name);
    if at.is_empty() {
        fill("Sent before: {}.", &[&name])
    } else {
        fill("Sent before: {}, {}.", &[&name, at])
    }
}

/// What a state of an instance means, where that helps.
pub fn state(status: &str) -> &'static str {
    match status {
        "Creating" => tr("Accepted, being set up."),
        "Queuing" => tr("Waits for resources of the quota."),
        "ResourceAllocating" => tr("A machine is being found."),
        "EnvPreparing" => tr("The environment is being prepared."),
        "Starting" => tr("The container starts; the image is pulled."),
        "Running" => tr("It can be used."),
        "Failed" => tr("It did not start."),
        "Stopped" => tr("It was stopped."),
        _ => "",
    }
}

/// When the next look comes.
pub fn next_look(seconds: u32) -> String {
    fill("Next look in {} s", &[&seconds.to_string()])
}

/// That following has ended by itself.
pub const FOLLOWED: &str = english("Not followed any longer, after 30 minutes.");

/// That a look has failed.
pub fn look_failed(trouble: &dsw_form::submission::Trouble) -> String {
    [tr("The last look failed."), gap(), &trouble_said(trouble)].concat()
}

/// That the instance is gone.
pub const GONE: &str = english("The service does not know the instance any more: it was deleted.");

/// What an instance has come to, for the heading.
pub fn came_to(name: &str, status: &str) -> String {
    let name = named(name);
    if status == "Running" {
        fill("{} is running", &[&name])
    } else {
        fill("{} did not start", &[&name])
    }
}

/// What an instance has come to, for the status line.
pub fn arrived(name: &str, status: &str) -> String {
    let name = named(name);
    if status == "Running" {
        fill("{} is running.", &[&name])
    } else {
        fill("{} has failed.", &[&name])
    }
}

/// Values of a branch that was left.
pub fn parked(count: usize) -> String {
    several(
        count,
        "Not sent: {} value of the alternatives left.",
        "Not sent: {} values of the alternatives left.",
    )
}

/// Answers that are not listed.
pub fn more_answers(hidden: usize) -> String {
    fill("{} more, in the body below.", &[&number(hidden)])
}

/// What is not shown of the body.
pub fn secrets() -> &'static str {
    tr("Secrets are hidden here, sent whole.")
}

/// The choice of the label.
pub fn mark() -> &'static str {
    tr("Label the instance with this submission.")
}

/// The label cannot be put in.
pub fn no_place() -> &'static str {
    tr("Not possible: the labels of the request are not a list.")
}

/// What an instance costs is not known.
pub fn no_price() -> &'static str {
    tr("unknown")
}

/// What is looked through.
pub fn look() -> &'static str {
    tr("Private and public, pay-as-you-go and quota, all pages.")
}

/// When it costs money.
pub fn billing(live: bool) -> &'static str {
    if live {
        tr("from the first minute it runs")
    } else {
        tr("none: nothing real is created")
    }
}

/// That only a person can tell.
pub fn same_name() -> &'static str {
    tr("There are instances of this name. If one of them is yours and new, the request has worked.")
}
