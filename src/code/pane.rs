//! The code itself: written anew with every change of the request, coloured, with what it does not say below it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dsw_form::past::End;
use dsw_form::refusal::visible;
use dsw_model::rules::Severity;
use dsw_model::secrecy::Secrecy;
use dsw_snippets::highlight::{Class, Language, spans};
use dsw_snippets::{Note, Request, Snippet, Target, render};
use dsw_words::tr;
use leptos::prelude::*;
use serde_json::{Map, Value};
use web_sys::Element;

use crate::code::{Body, Code, forms, tab_of};
use crate::control::radio;
use crate::dom::{El, after, button, el, el_class, el_text, follow, icon, must, value_of};
use crate::gateway::Gateway;
use crate::i18n;
use crate::i18n::code as words;
use crate::preview::{BLOCK, escape, set_height, write_numbers};
use crate::state::FormState;
use crate::{past, toast, transfer};

/// The region of the code where none is chosen.
const REGION: &str = "cn-hangzhou";

/// How many members a note names at first.
const NAMED: usize = 6;
/// Members of it that are named once it is unfolded: more than that nobody reads.
const UNFOLDED: usize = 500;

/// Lines that take longer to be written than there is time before a frame (`docs/performance.md`).
const LONG: usize = 1500;

/// Milliseconds after which so many lines are written anew.
const WHILE: u64 = 200;

/// The code that is chosen. `size` is where its size is told.
pub(crate) fn pane(code: Code, size: &El) -> Vec<El> {
    let head = el_class("div", "code-head");
    let (inside, tab) = (head.region(), Cell::new(0));
    follow(Box::new(move || {
        // The choice within a tab stays while one chooses.
        let at = code.shown.get();
        if tab.replace(tab_of(at)) != tab_of(at) {
            untrack(|| inside.fill(&|| choice(code, at)));
        }
    }));
    let (shown, pane, notes) = Shown::new(size);
    let last = Rc::clone(&shown);
    let is_long = move || last.borrow().blocks.len() * BLOCK > LONG;
    let show = Rc::new(move || shown.borrow_mut().show(written(code)));
    let chosen = Rc::clone(&show);
    follow(Box::new(move || {
        code.shown.track();
        code.gateway.mode.track();
        untrack(|| chosen());
    }));
    soon(code.gateway.state, is_long, show);
    vec![head, pane, notes]
}

/// The choice between the forms of a tab; nothing where there is one.
fn choice(code: Code, at: usize) -> Vec<El> {
    let all: Vec<_> = forms(at).collect();
    if all.len() < 2 {
        return Vec::new();
    }
    let radios = all.into_iter().map(|(number, target)| {
        radio(
            "code-form",
            &number.to_string(),
            el_text("span", words::form(target)),
        )
        .checked(number == at)
        .chosen(move || code.show(number))
    });
    vec![
        el_class("fieldset", "segment segment-s")
            .child(el_class("legend", "hide").text(tr("Form of the call")))
            .children(radios),
    ]
}

/// What was written, and what there is to be told about it.
struct Written {
    snippet: Snippet,
    told: Vec<Note>,
}

/// Writes the request as it is, in the form that is chosen.
fn written(code: Code) -> Written {
    let (state, target) = (code.gateway.state, code.target());
    let none = Map::new();
    state.with_reviewed(|reviewed| {
        // It always is an object.
        let body = match &reviewed.review().body {
            Value::Object(body) => body,
            _ => &none,
        };
        state.with_known(|known| write(code.gateway, target, body, &known.secrecy))
    })
}

/// Writes a body for where the page is led to.
fn write(
    gateway: Gateway,
    target: Target,
    body: &Map<String, Value>,
    secrecy: &Secrecy,
) -> Written {
    let (address, chosen) = (gateway.origin(), gateway.region.get_untracked());
    let region = if chosen.is_empty() { REGION } else { &chosen };
    let request = Request {
        body,
        region,
        gateway: &address,
        secrecy,
    };
    let snippet = render(target, &request);
    let mut told = Vec::new();
    if body.is_empty() {
        told.push(words::nothing_set().to_owned());
    }
    for secret in &snippet.secrets {
        told.push(dsw_words::held(&secret.variable, &visible(&secret.member)));
    }
    if chosen.is_empty() && snippet.code.contains(REGION) {
        told.push(words::no_region(REGION));
    }
    if address.is_empty() && target == Target::Curl {
        told.push(words::no_gateway().to_owned());
    }
    let mut last = snippet.notes.clone();
    last.push(plain(words::made_for(target)));
    let told = told.into_iter().map(plain).chain(last).collect();
    Written { snippet, told }
}

fn plain(text: String) -> Note {
    Note {
        text,
        members: Vec::new(),
    }
}

/// What stands in the page.
struct Shown {
    code: Element,
    /// Blocks of lines, with what was written into each.
    blocks: Vec<(Element, String)>,
    size: El,
    notes: El,
    told: Vec<Note>,
}

impl Shown {
    /// Nothing yet, the place for code and that for what is told about it.
    fn new(size: &El) -> (Rc<RefCell<Self>>, El, El) {
        let code = el("code").attr("data-testid", "code-preview");
        // Both scroll by themselves, so the keyboard gets there.
        let notes = el_class("ul", "code-notes")
            .attr("tabindex", "0")
            .attr("aria-label", tr("Notes on the code"));
        let shown = Self {
            code: code.element().clone(),
            blocks: Vec::new(),
            size: size.clone(),
            notes: notes.clone(),
            told: Vec::new(),
        };
        let pane = el_class("pre", "code")
            .attr("tabindex", "0")
            .attr("role", "region")
            .attr("aria-label", tr("The request as code"))
            .child(code);
        (Rc::new(RefCell::new(shown)), pane, notes)
    }

    /// Brings the page to what was written: blocks that read the same stay.
    fn show(&mut self, written: Written) {
        let Written { snippet, told } = written;
        let text = snippet.code.trim_end_matches('\n');
        let blocks = coloured(snippet.language, text);
        let mut lines = 0;
        let all = blocks.len();
        for (at, (html, count)) in blocks.into_iter().enumerate() {
            if self.blocks.len() == at {
                let element = must(document().create_element("span"));
                element.set_class_name("code-chunk");
                must(self.code.append_child(&element));
                self.blocks.push((element, String::new()));
            }
            let (element, old) = &mut self.blocks[at];
            if *old != html {
                element.set_inner_html(&html);
                write_numbers(element, lines, count);
                set_height(element, count);
                *old = html;
            }
            lines += count;
        }
        for (element, _) in self.blocks.drain(all..) {
            element.remove();
        }
        let size = i18n::extent(lines, snippet.code.len());
        self.size.element().set_text_content(Some(&size));
        if self.told != told {
            self.notes.element().set_text_content(None);
            let _ = self.notes.clone().children(told.iter().map(note));
            self.told = told;
        }
    }
}

/// A note, with the members that it is about.
fn note(note: &Note) -> El {
    let named = |mut place: El, members: &[String]| {
        for member in members {
            place = place.text(" ").child(el_text("code", &visible(member)));
        }
        place
    };
    let (first, more) = note
        .members
        .split_at_checked(NAMED)
        .unwrap_or((&note.members, &[]));
    let line = named(el("li").text(&note.text), first);
    if more.is_empty() {
        return line;
    }
    let fold = el("details").child(el_text("summary", &words::more(more.len())));
    line.text(" ")
        .child(named(fold, &more[..more.len().min(UNFOLDED)]))
}

/// Code as HTML in blocks of lines, each with the number of its lines.
fn coloured(language: Language, code: &str) -> Vec<(String, usize)> {
    const LINE: &str = "<span class=\"code-line\">";
    let mut blocks = Vec::new();
    let (mut html, mut lines) = (LINE.to_owned(), 1);
    for (class, text) in spans(language, code) {
        for (number, part) in text.split('\n').enumerate() {
            if number > 0 {
                html.push_str("\n</span>");
                if lines == BLOCK {
                    blocks.push((std::mem::take(&mut html), lines));
                    lines = 0;
                }
                html.push_str(LINE);
                lines += 1;
            }
            let class = match class {
                Class::Plain => "",
                Class::Text => "s",
                Class::Number => "n",
                Class::Keyword | Class::Atom => "b",
                Class::Comment | Class::Punctuation => "p",
            };
            if class.is_empty() || part.is_empty() {
                escape(part, &mut html);
            } else {
                html.push_str("<i class=");
                html.push_str(class);
                html.push('>');
                escape(part, &mut html);
                html.push_str("</i>");
            }
        }
    }
    html.push_str("</span>");
    blocks.push((html, lines));
    blocks
}

/// Acts after each change of the request, before the next frame or, while what was written last is long, after a while:
/// several changes at once are one.
fn soon(state: FormState, is_long: impl Fn() -> bool + 'static, act: Rc<dyn Fn()>) {
    // It ends with the owner, and so does what waits then.
    let due = StoredValue::new(false);
    let first = Cell::new(true);
    state.watch(move |_| {
        if first.replace(false) || due.get_value() {
            return;
        }
        due.set_value(true);
        let act = Rc::clone(&act);
        let now = move || {
            if due.try_set_value(false).is_none() {
                act();
            }
        };
        if is_long() {
            after(WHILE, Box::new(now));
        } else {
            request_animation_frame(now);
        }
    });
}

/// Copies or downloads the code, whatever is wrong with the request, and says what is.
pub(crate) fn take(code: Code, end: End) {
    let state = code.gateway.state;
    let asked = move || transfer::ask(state);
    take_away(state, code.target(), &written(code).snippet, end, asked);
}

/// Takes code away. `errors` is asked how many the request has, once that was tried.
fn take_away(
    state: FormState,
    target: Target,
    snippet: &Snippet,
    end: End,
    errors: impl Fn() -> usize + 'static,
) {
    let taken = move |what: &str| {
        past::remember(state, end);
        toast::say(state, &words::taken(end, what, errors()), false);
    };
    if end != End::Downloaded {
        transfer::write(state, &snippet.code, move |done| {
            if done {
                taken(target.label());
            }
        });
    } else if transfer::save_as(&snippet.code, snippet.file_name).is_ok() {
        taken(snippet.file_name);
    } else {
        toast::say(state, i18n::no_download(), false);
    }
}

/// A body that is reviewed as code, with a choice of what it is written as.
pub(crate) fn reviewed(code: Code, body: &Rc<Body>) -> Vec<El> {
    let (gateway, state) = (code.gateway, code.gateway.state);
    let others = &Target::ALL[1..];
    let first = others.iter().position(|target| *target == code.target());
    let chosen = RwSignal::new(first.unwrap_or_default());
    let options = others
        .iter()
        .enumerate()
        .map(|(at, target)| el_text("option", target.label()).attr("value", &at.to_string()));
    let select = el_class("select", "input")
        .attr("id", "review-code-target")
        .children(options)
        .on("change", move |event| {
            chosen.set(value_of(&event).parse().unwrap_or_default());
        });
    select.set_value(&chosen.get().to_string());
    let target = move || others[chosen.get().min(others.len() - 1)];
    let body = Rc::clone(body);
    let made = Rc::new(move || write(gateway, target(), &body.members, &body.secrecy));
    let size = el_class("span", "num");
    let (shown, pane, notes) = Shown::new(&size);
    pane.set("class", Some("code code-box"));
    El::existing(shown.borrow().code.clone()).set("class", Some("review-code"));
    let again = Rc::clone(&made);
    follow(Box::new(move || {
        gateway.mode.track();
        gateway.region.track();
        let written = again();
        untrack(|| shown.borrow_mut().show(written));
    }));
    let errors = move || state.with_reviewed(|all| all.review().count(Severity::Error));
    let taking = |end: End, image: &str, text: &str| {
        let made = Rc::clone(&made);
        button("btn", move |_| {
            let (target, written) = untrack(|| (target(), made()));
            take_away(state, target, &written.snippet, end, errors);
        })
        .child(icon(image))
        .text(text)
    };
    let head = el_class("div", "line")
        .child(
            el_class("label", "line")
                .text(tr("Written as"))
                .child(select),
        )
        .child(size)
        .child(el_class("span", "end"))
        .child(taking(End::Downloaded, "download", tr("Download")))
        .child(taking(End::Copied, "copy", tr("Copy")));
    vec![head, pane, notes]
}
