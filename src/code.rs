//! The request as code: the tabs above the body, and what stands in its place while one of the others is chosen.
//!
//! The tabs come with the later half of the program; what writes code is fetched when somebody first chooses one
//! (`code/pane.rs`).

use std::cell::Cell;
use std::rc::Rc;

use dsw_form::past::End;
use dsw_model::secrecy::Secrecy;
use dsw_snippets::Target;
use dsw_words::tr;
use leptos::prelude::*;
use serde_json::{Map, Value};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::dom::{El, button, el, el_class, follow, icon, must};
use crate::exchange::EXCHANGE;
use crate::gateway::Gateway;
use crate::state::FormState;
use crate::storage::{self, CODE};
use crate::transfer::INSTEAD;
use crate::{i18n, part};

pub(crate) mod pane;

/// Id of what is shown in the place of the body.
const PANEL: &str = "code";
/// Id of the body as the panel of its tab.
const BODY: &str = "body";

/// A tab: one or two forms of the request, the usual one first.
type Tab = (&'static str, &'static [Form]);

/// A form of the request.
struct Form {
    /// What it is called in the browser's storage.
    key: &'static str,
    /// Who writes it.
    target: Target,
}

/// All tabs. What stands in [`Code::shown`] is the number of a tab, times [`FORMS`], and that of its form.
#[rustfmt::skip]
static TABS: [Tab; 9] = [
    ("JSON", &[of("json", Target::Json)]),
    ("curl", &[of("curl", Target::Curl)]),
    ("aliyun", &[of("aliyun", Target::Aliyun), of("aliyun-plugin", Target::AliyunPlugin)]),
    ("Python", &[of("python", Target::PythonTyped), of("python-generic", Target::Python)]),
    ("TypeScript", &[of("typescript", Target::TypeScript), of("typescript-typed", Target::TypeScriptTyped)]),
    ("Go", &[of("go", Target::Go)]),
    ("Java", &[of("java", Target::Java)]),
    ("ROS", &[of("ros", Target::Ros)]),
    ("Terraform", &[of("terraform", Target::Terraform)]),
];

/// A tab has no more forms than this.
const FORMS: usize = 2;

const fn of(key: &'static str, target: Target) -> Form {
    Form { key, target }
}

fn form(at: usize) -> &'static Form {
    &TABS[tab_of(at)].1[at % FORMS]
}

/// The tab of what stands in [`Code::shown`].
pub(crate) fn tab_of(at: usize) -> usize {
    at / FORMS
}

/// The targets that share a tab, each with what stands for it in [`Code::shown`].
pub(crate) fn forms(at: usize) -> impl Iterator<Item = (usize, Target)> {
    let tab = tab_of(at);
    let all = TABS[tab].1.iter().enumerate();
    all.map(move |(form, found)| (tab * FORMS + form, found.target))
}

/// What the output of the page shows. It is a handle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code {
    /// The gateway of the page, with its form.
    pub(crate) gateway: Gateway,
    /// The form of the request that is shown: 0 is the body.
    pub(crate) shown: RwSignal<usize>,
}

thread_local! {
    /// That of the page, for who presses something: there is no owner to ask then.
    static PRESENT: Cell<Option<Code>> = const { Cell::new(None) };
}

/// Shows what was shown on the last visit.
pub(crate) fn begin(gateway: Gateway) {
    let kept = storage::local().and_then(|storage| storage.get_item(CODE).ok().flatten());
    let mut shown = 0;
    for (tab, (_, forms)) in TABS.iter().enumerate() {
        let found = forms
            .iter()
            .position(|form| Some(form.key) == kept.as_deref());
        if let Some(form) = found {
            shown = tab * FORMS + form;
        }
    }
    let shown = RwSignal::new(shown);
    PRESENT.set(Some(Code { gateway, shown }));
}

impl Code {
    /// The target that is shown.
    pub(crate) fn target(self) -> Target {
        form(self.shown.get_untracked()).target
    }

    /// Shows a form from now on, and on the next visit.
    pub(crate) fn show(self, at: usize) {
        self.shown.set(at);
        if let Some(storage) = storage::local() {
            // A browser that keeps nothing begins with the body.
            drop(storage.set_item(CODE, form(at).key));
        }
    }
}

/// A body that does not change any more, and what was said of its variables.
#[derive(Debug)]
pub(crate) struct Body {
    members: Map<String, Value>,
    secrecy: Secrecy,
}

/// The reviewed body as code, folded; what is in it is fetched and made when it opens.
pub(crate) fn reviewed(body: Value, secrecy: &Secrecy) -> Option<El> {
    let code = PRESENT.get()?;
    // It always is one.
    let Value::Object(members) = body else {
        return None;
    };
    let secrecy = secrecy.clone();
    let body = Rc::new(Body { members, secrecy });
    let inside = el_class("div", "stack stack-s");
    let (region, opened) = (inside.region(), Cell::new(false));
    let fold = el_class("details", "fold")
        .attr("id", "review-code")
        .on("toggle", move |_| {
            if opened.replace(true) {
                return;
            }
            region.fill(&|| {
                let body = Rc::clone(&body);
                EXCHANGE.elements(move |exchange| (exchange.reviewed_code)(code, &body))
            });
        });
    let head = el("summary")
        .child(icon("chevron"))
        .text(tr("The request as code"));
    Some(fold.child(head).child(inside))
}

/// Shows the body, for who is to see something of it.
pub(crate) fn show_body() {
    if let Some(code) = PRESENT.get() {
        code.show(0);
    }
}

/// Copies or downloads the code that is shown.
fn take(state: FormState, end: End) {
    if let Some(code) = PRESENT.get() {
        EXCHANGE.with(state, move |exchange| (exchange.take_code)(code, end));
    }
}

/// Puts the tabs above the body, in the place of its heading, and a place for code beside the body, as soon as there are
/// styles for them.
pub(crate) fn tabs(output: &El) {
    let output = output.clone();
    if let Some(code) = PRESENT.get() {
        part::when_styled(Box::new(move || {
            // Meanwhile the page may have been built anew.
            if output.element().parent_node().is_some() {
                put_tabs(code, &output);
            }
        }));
    }
}

fn put_tabs(code: Code, output: &El) {
    let inside = |selector: &str| {
        let found = output.element().query_selector(selector).ok().flatten();
        El::existing(found.expect("the output has what it is made of"))
    };
    let insert = |new: &El, before: &El| {
        if let Some(parent) = before.element().parent_node() {
            must(parent.insert_before(new.element(), Some(before.element())));
        }
    };
    let heading = inside(".output-tools h2");
    let body = inside(".output-body > .code");
    let label = inside(".output-more b");
    let sizes = [inside(".output-more .num"), inside(".output-tools .num")];
    // That of the code stands where that of the body does.
    let size = el_class("span", "num");
    insert(&size, &sizes[1]);
    let all: Rc<[El]> = TABS
        .iter()
        .enumerate()
        .map(|(tab, _)| one(code, tab))
        .collect();
    let row = el_class("div", "tabs")
        .attr("role", "tablist")
        .attr("aria-label", tr("Output format"))
        .children(all.iter().cloned());
    let row = by_keys(row, &all);
    insert(&row, &size);
    // Who reads by headings finds the pane all the same.
    heading.set("class", Some("hide"));
    body.set("id", Some(BODY));
    body.set("role", Some("tabpanel"));
    let panel = el_class("div", "tabs-panel")
        .attr("id", PANEL)
        .attr("role", "tabpanel");
    insert(&panel, &inside(".output-foot"));
    let (inside, was_code) = (panel.region(), Cell::new(false));
    let output = output.clone();
    follow(Box::new(move || {
        let chosen = tab_of(code.shown.get());
        for (tab, element) in all.iter().enumerate() {
            element.set(
                "aria-selected",
                Some(if tab == chosen { "true" } else { "false" }),
            );
            element.set("tabindex", (tab != chosen).then_some("-1"));
        }
        // The first one stands at the begin. Bringing it into sight when the tabs come would move the page too.
        if chosen > 0 || was_code.get() {
            all[chosen].bring_into_sight();
        }
        let (if_body, if_code) = ((chosen == 0).then_some(""), (chosen > 0).then_some(""));
        let name = TABS[chosen].0;
        if was_code.replace(chosen > 0) != (chosen > 0) {
            inside.fill(&|| {
                if chosen == 0 {
                    return Vec::new();
                }
                let size = size.clone();
                untrack(|| EXCHANGE.elements(move |exchange| (exchange.code)(code, &size)))
            });
        }
        INSTEAD.set((chosen > 0).then_some(take));
        panel.set("hidden", if_body);
        size.set("hidden", if_body);
        panel.set("aria-labelledby", Some(&tab_id(chosen)));
        output.set("data-code", if_code);
        for size in &sizes {
            size.set("hidden", if_code);
        }
        label.element().set_text_content(Some(name));
        let title = if chosen == 0 { i18n::body() } else { name };
        heading.element().set_text_content(Some(title));
    }));
}

/// One tab. It leads to the form in which it was left.
fn one(code: Code, tab: usize) -> El {
    let left = StoredValue::new(tab * FORMS);
    follow(Box::new(move || {
        let at = code.shown.get();
        if tab_of(at) == tab {
            left.set_value(at);
        }
    }));
    button("", move |_| code.show(left.get_value()))
        .attr("id", &tab_id(tab))
        .attr("role", "tab")
        .attr("aria-controls", if tab == 0 { BODY } else { PANEL })
        .text(TABS[tab].0)
}

fn tab_id(tab: usize) -> String {
    ["tab-", TABS[tab].1[0].key].concat()
}

/// Leads from tab to tab by keys: what has the focus is shown.
fn by_keys(row: El, all: &Rc<[El]>) -> El {
    let all = Rc::clone(all);
    row.on("keydown", move |event| {
        let key = event.dyn_ref().map(KeyboardEvent::key).unwrap_or_default();
        let focused = document().active_element();
        let Some(at) = all
            .iter()
            .position(|tab| Some(tab.element()) == focused.as_ref())
        else {
            return;
        };
        let to = match key.as_str() {
            "ArrowRight" => at + 1,
            "ArrowLeft" => at + all.len() - 1,
            "Home" => 0,
            "End" => all.len() - 1,
            _ => return,
        };
        event.prevent_default();
        let tab = &all[to % all.len()];
        tab.focus();
        if let Some(tab) = tab.element().dyn_ref::<HtmlElement>() {
            tab.click();
        }
    })
}
