//! The start page: ways to begin.

use dsw_words::tr;

use crate::address::{self, START_HEADING};
use crate::dom::{El, button, el_class, el_text};
use crate::state::FormState;

/// The start page.
pub fn start(state: FormState) -> El {
    let begin = |text: &str, guided: bool| {
        button("btn", move |_| address::choose(state, guided)).text(text)
    };
    let header = el_class("header", "stack stack-s")
        .child(
            el_text("h1", tr("Create a DSW notebook instance"))
                .attr("id", START_HEADING)
                .attr("tabindex", "-1"),
        )
        .child(el_class("p", "soft").text(tr(
            "Fill in a form, watch the request take shape, and see at once what the service would refuse. \
             Nothing leaves this page until you send it.",
        )));
    el_class("div", "stack stack-l start")
        .attr("id", "start")
        .child(header)
        .child(
            el_class("div", "line")
                .child(begin(tr("Guided"), true).attr("data-kind", "primary"))
                .child(begin(tr("All fields"), false)),
        )
}
