//! An instance followed from its creation to where it runs or has failed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dsw_form::refusal::visible;
use dsw_form::submission::{FOLLOWED, Phase, Record, Trouble, pause};
use dsw_words::{Explained, english, explain, fill, tr};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use crate::dom::{El, after, button, el, el_class, el_text, icon, on_document};
use crate::gateway::{Call, escape};
use crate::i18n::{self, sending};
use crate::language::gap;
use crate::links;
use crate::outcome::step;
use crate::rail::badge;
use crate::sending::{Sending, text_in};
use crate::time::moment_of;
use crate::toast::say;

/// Addresses of an instance, and what they open.
const ADDRESSES: [(&str, &str); 4] = [
    ("InstanceUrl", english("Open the instance")),
    ("JupyterlabUrl", english("JupyterLab")),
    ("WebIDEUrl", english("Web IDE")),
    ("TerminalUrl", english("Terminal")),
];

/// What is known of an instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    /// The states seen, and when each was first.
    states: Vec<(String, String)>,
    /// `ReasonCode` and `ReasonMessage`.
    reason: [String; 2],
    /// What opens it, by [`ADDRESSES`].
    addresses: [String; 4],
    /// Why the last look failed, if it did.
    problem: Option<Trouble>,
    /// Why it is followed no longer: a text to be said, or a space where its state says that; empty while it is.
    ended: &'static str,
}

/// What follows an instance.
struct Follower {
    sending: Sending,
    record: Rc<Record>,
    id: String,
    seen: RwSignal<Seen>,
    paused: RwSignal<bool>,
    /// Seconds to the next look.
    left: RwSignal<u32>,
    looks: Cell<u32>,
    /// Seconds that it has been followed.
    followed: Cell<u32>,
    looking: Cell<bool>,
    /// Ends with what shows it.
    over: Rc<Cell<bool>>,
    /// The state that was told last.
    told: RefCell<String>,
}

impl Follower {
    /// Changes what is known of the instance. It is kept beside the page, which may be built anew.
    fn change(&self, act: impl FnOnce(&mut Seen)) {
        self.seen.update(act);
        let known = (self.id.clone(), self.seen.get_untracked());
        self.sending.followed.set_value(known);
    }

    fn ends(&self) -> bool {
        self.seen.with_untracked(|seen| !seen.ended.is_empty())
    }

    /// Looks at the instance now.
    fn look(self: &Rc<Self>) {
        if self.looking.replace(true) {
            return;
        }
        let me = Rc::clone(self);
        spawn_local(async move {
            let path = ["/api/v2/instances/", &escape(&me.id)].concat();
            let query = [("RegionId", me.record.region.as_str())];
            let answer = me.sending.gateway.request(Call::get(&path, &query)).await;
            me.looking.set(false);
            if me.over.get() {
                return;
            }
            me.looks.set(me.looks.get() + 1);
            me.left.set(pause(me.looks.get()));
            match answer {
                Ok(reply) => me.take(&reply.document),
                Err(error) => {
                    let gone = error.document["error"]["upstream"]["status"].as_u64() == Some(404);
                    let trouble = Trouble {
                        code: error.code,
                        message: error.message,
                        request_id: error.request_id,
                        retry_after: None,
                    };
                    me.change(|seen| {
                        if gone {
                            seen.ended = sending::GONE;
                        } else {
                            seen.problem = Some(trouble);
                        }
                    });
                }
            }
        });
    }

    /// Takes in what the service says of the instance.
    fn take(&self, instance: &Value) {
        let status = i18n::excerpt(&visible(text_in(instance, "Status")));
        self.change(|seen| {
            seen.problem = None;
            if seen.states.last().is_none_or(|(last, _)| *last != status) {
                let now = moment_of(js_sys::Date::now());
                seen.states.push((status.clone(), now));
            }
            let text = |name| i18n::excerpt(&visible(text_in(instance, name)));
            seen.reason = [text("ReasonCode"), text("ReasonMessage")];
            seen.addresses = ADDRESSES.map(|(name, _)| text_in(instance, name).to_owned());
            if Phase::of(&status) != Phase::Moving {
                seen.ended = " ";
            }
        });
        let arrived = matches!(Phase::of(&status), Phase::Running | Phase::Failed);
        if arrived && *self.told.borrow() != status {
            self.told.replace(status.clone());
            let said = sending::arrived(&self.record.name, &status);
            say(self.sending.state(), &said, false);
        }
    }

    /// A second goes by.
    fn tick(self: &Rc<Self>) {
        let me = Rc::clone(self);
        let act = move || {
            if me.over.get() || me.ends() {
                return;
            }
            if !me.paused.get_untracked() && !document().hidden() {
                me.followed.set(me.followed.get() + 1);
                let left = me.left.get_untracked();
                if me.followed.get() >= FOLLOWED {
                    me.change(|seen| seen.ended = sending::FOLLOWED);
                } else if left > 1 {
                    me.left.set(left - 1);
                } else {
                    me.look();
                }
            }
            me.tick();
        };
        after(1000, Box::new(act));
    }

    /// Looks again, and goes on from there.
    fn again(self: &Rc<Self>) {
        let ended = self.ends();
        self.change(|seen| seen.ended = "");
        self.followed.set(0);
        self.looks.set(0);
        self.look();
        if ended {
            self.tick();
        }
    }
}

/// An instance that is followed, as it is shown.
pub(crate) struct Followed {
    /// The state that it has come to, once it runs or has failed.
    pub(crate) arrived: Box<dyn Fn() -> Option<String>>,
    /// Its state as a badge.
    pub(crate) state: El,
    /// What opens it.
    pub(crate) opens: El,
    /// How it came there.
    pub(crate) progress: El,
}

/// Follows an instance.
pub(crate) fn follow(sending: Sending, record: &Rc<Record>, id: &str) -> Followed {
    let over = Rc::new(Cell::new(false));
    let known = sending.followed.get_value();
    let (_, known) = Some(known).filter(|(of, _)| of == id).unwrap_or_default();
    let follower = Rc::new(Follower {
        sending,
        record: Rc::clone(record),
        id: id.to_owned(),
        seen: RwSignal::new(known),
        paused: RwSignal::new(false),
        left: RwSignal::new(0),
        looks: Cell::new(0),
        followed: Cell::new(0),
        looking: Cell::new(false),
        over: Rc::clone(&over),
        told: RefCell::default(),
    });
    let ending = StoredValue::new_local(over);
    on_cleanup(move || {
        // Where the whole page ends this may have ended first.
        ending.try_with_value(|over| over.set(true));
    });
    follower.look();
    follower.tick();
    let shown = Rc::clone(&follower);
    on_document("visibilitychange", move |_| {
        if !document().hidden() && !shown.ends() && !shown.paused.get_untracked() {
            shown.look();
        }
    });
    let seen = follower.seen;
    let last = move || seen.with(|seen| seen.states.last().map(|(status, _)| status.clone()));
    let state = el_class("span", "line").content_fn(move || {
        last().map_or_else(Vec::new, |status| vec![badge(tone(&status), &status, None)])
    });
    let opens = el_class("div", "line opens").content_fn(move || seen.with(addresses));
    Followed {
        arrived: Box::new(move || {
            last().filter(|status| matches!(Phase::of(status), Phase::Running | Phase::Failed))
        }),
        state,
        opens,
        progress: progress(&follower),
    }
}

fn tone(status: &str) -> &'static str {
    match Phase::of(status) {
        Phase::Moving => "info",
        Phase::Running => "ok",
        Phase::Failed => "error",
        Phase::Settled => "warning",
    }
}

/// What opens the instance: as links if they are safe, else as text.
fn addresses(seen: &Seen) -> Vec<El> {
    let running = seen
        .states
        .last()
        .is_some_and(|(status, _)| Phase::of(status) == Phase::Running);
    if !running {
        return Vec::new();
    }
    let all = ADDRESSES.iter().zip(&seen.addresses);
    all.filter(|(_, url)| !url.is_empty())
        .map(|((_, words), url)| {
            if links::is_safe(url) {
                links::outside(url)
                    .attr("class", "btn")
                    .child(icon("link"))
                    .text(tr(words))
            } else {
                el("span")
                    .text(&fill("{}: ", &[tr(words)]))
                    .child(el_class("bdi", "mono").text(&i18n::excerpt(&visible(url))))
            }
        })
        .collect()
}

/// The states that were seen, and the one that is waited for.
fn progress(follower: &Rc<Follower>) -> El {
    let (seen, paused, left) = (follower.seen, follower.paused, follower.left);
    let rest = button("btn btn-s", move |_| {
        paused.update(|paused| *paused = !*paused);
    })
    .attr_fn("aria-pressed", move || Some(paused.get().to_string()))
    .flag_fn("hidden", move || seen.with(|seen| !seen.ended.is_empty()))
    .text(tr("Pause"));
    let looked = Rc::clone(follower);
    let again = button("btn btn-s", move |_| looked.again())
        .flag_fn("hidden", move || seen.with(|seen| seen.ended.is_empty()))
        .text(tr("Look again"));
    let next = el_class("span", "soft num").text_fn(move || {
        if seen.with(|seen| !seen.ended.is_empty()) {
            String::new()
        } else if paused.get() {
            tr("Paused").to_owned()
        } else {
            sending::next_look(left.get())
        }
    });
    let head = el_class("div", "line")
        .child(el_text("h2", tr("Progress")).attr("id", "progress-h"))
        .child(el_class("span", "end"))
        .child(next)
        .child(rest)
        .child(again);
    let sent = moment_of(crate::sending::sent_at(&follower.record));
    let list = el_class("ol", "timeline").content_fn(move || seen.with(|seen| steps(seen, &sent)));
    let notes = el_class("div", "stack stack-s notes").content_fn(move || {
        seen.with(|seen| {
            let problem = seen.problem.as_ref().map(sending::look_failed);
            let ended = tr(seen.ended).trim().to_owned();
            let notes = problem.into_iter().chain([ended]);
            let notes = notes.filter(|note| !note.is_empty());
            notes
                .map(|note| el_class("p", "soft").text(&note))
                .collect()
        })
    });
    el_class("section", "stack stack-s")
        .attr("aria-labelledby", "progress-h")
        .child(head)
        .child(list)
        .child(notes)
}

fn steps(seen: &Seen, sent: &str) -> Vec<El> {
    let mut all = vec![step("ok", "done", el_text("span", tr("Sent")), sent, "")];
    let last = seen.states.len();
    for (n, (status, time)) in seen.states.iter().enumerate() {
        let is_last = n + 1 == last;
        let (tone, image) = match (is_last, Phase::of(status)) {
            (true, Phase::Failed) => ("error", "error"),
            (true, Phase::Settled) => ("warning", "warning"),
            (true, Phase::Moving) => ("info", "ring"),
            _ => ("ok", "done"),
        };
        let mut small = sending::state(status).to_owned();
        if is_last {
            for reason in &seen.reason {
                if !reason.is_empty() {
                    if !small.is_empty() {
                        small.push(' ');
                    }
                    small.push_str(reason);
                }
            }
            if let Some(Explained { means, todo }) = explain(&seen.reason[0]) {
                if !small.ends_with(['.', '。']) {
                    small.push_str(tr("."));
                }
                for text in [means, todo] {
                    small.push_str(gap());
                    small.push_str(text);
                }
            }
        }
        let words = el_class("bdi", "mono").text(status);
        let item = step(tone, image, words, time, &small);
        let now = is_last && Phase::of(status) == Phase::Moving;
        item.set("data-now", now.then_some(""));
        all.push(item);
    }
    if seen
        .states
        .last()
        .is_none_or(|(status, _)| Phase::of(status) == Phase::Moving)
    {
        let words = el_class("span", "mono").text("Running");
        all.push(step("", "ring", words, tr("not yet"), ""));
    }
    all
}
