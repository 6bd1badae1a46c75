//! What goes out and comes in beyond the plain body: code, links, differences, requests in other forms, the history. A
//! part of the program (`part.rs`) that is fetched when one of them is first wanted.

use std::rc::Rc;

use dsw_form::past::End;
use dsw_words::tr;

use crate::code::{Body, Code, pane};
use crate::dom::{El, button, icon};
use crate::gateway::Gateway;
use crate::part::part;
use crate::state::FormState;
use crate::transfer::Importer;
use crate::{arrival, clone, differences, edit_json, opened, past, share as sharing, transfer};

/// The ways into it.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// The requests in the open history.
    pub(crate) past: fn(past::View, &El) -> Vec<El>,
    /// Shows the links to the request in the form and to its fields.
    pub(crate) share: fn(FormState),
    /// Does what a link asks for: what stands behind `#` in it.
    pub(crate) opened: fn(FormState, &str),
    /// Opens what has changed, and the ways to take it back.
    pub(crate) differences: fn(FormState),
    /// Makes an editor of the preview.
    pub(crate) edit_json: fn(FormState),
    /// The request as code, in the form that is chosen; its size is told in the element.
    pub(crate) code: fn(Code, &El) -> Vec<El>,
    /// A reviewed body as code.
    pub(crate) reviewed_code: fn(Code, &Rc<Body>) -> Vec<El>,
    /// Copies or downloads the code that is shown.
    pub(crate) take_code: fn(Code, End),
    /// Takes in whatever this is, or says what is wrong with it.
    pub(crate) read: fn(Importer, &[u8]),
    /// Opens the report of the last import.
    pub(crate) report: fn(Gateway),
    /// Lists the instances that there are, to begin with the settings of one.
    pub(crate) clone: fn(Gateway),
}

static TABLE: Exchange = Exchange {
    past: past::list,
    share: sharing::open,
    opened: opened::take_up,
    differences: differences::open,
    edit_json: edit_json::open,
    code: pane::pane,
    reviewed_code: pane::reviewed,
    take_code: pane::take,
    read: arrival::read,
    report: arrival::report,
    clone: clone::open,
};

/// What leads to it from below the body.
pub(crate) fn doors(state: FormState) -> [El; 3] {
    let door = |act: fn(FormState), image: &str, name: &str| {
        button("btn btn-s", move |_| act(state))
            .attr("data-kind", "ghost")
            .child(icon(image))
            .text(name)
    };
    [
        door(edit, "fix", tr("Edit JSON")),
        door(compare, "history", tr("What changed")).attr("aria-haspopup", "dialog"),
        door(share, "link", tr("Share")).attr("aria-haspopup", "dialog"),
    ]
}

/// Makes an editor of the preview.
pub(crate) fn edit(state: FormState) {
    EXCHANGE.with(state, move |exchange| (exchange.edit_json)(state));
}

/// Opens what has changed.
pub(crate) fn compare(state: FormState) {
    if !transfer::waits() {
        EXCHANGE.with(state, move |exchange| (exchange.differences)(state));
    }
}

/// Shows the links to the request in the form and to its fields.
pub(crate) fn share(state: FormState) {
    if !transfer::waits() {
        EXCHANGE.with(state, move |exchange| (exchange.share)(state));
    }
}

part!(EXCHANGE = exchange: Exchange);
