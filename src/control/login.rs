//! A secret made of a user and a password.

use dsw_form::edit::Edit;
use dsw_model::grammar::encode_base64;
use dsw_words::tr;
use leptos::prelude::Set as _;

use super::{disclosure, text};
use crate::dom::{El, button, el_class, focus_id};
use crate::field::Place;
use crate::i18n;

/// The secret, and below it a place to make it. What is typed there goes with it: only the result is kept.
pub(super) fn login(place: &Place) -> El {
    let (state, path, name) = (place.state, place.path.clone(), place.name.clone());
    let (opens, panel) = disclosure(
        &place.id("-login"),
        tr("Build from user and password"),
        move |open| {
            let said = format!("{name}-login-msg");
            let input = |part: &str, label: &str, kind: &str| {
                let id = format!("{name}-{part}");
                let input = text::plain("input", &id, &said).attr("type", kind);
                let label = el_class("label", "field-label")
                    .attr("for", &id)
                    .text(label);
                (
                    input.clone(),
                    el_class("div", "stack stack-s").child(label).child(input),
                )
            };
            let (user, user_part) = input("user", tr("User"), "text");
            let (password, password_part) = input("password", tr("Password"), "password");
            let message = el_class("p", "field-hint")
                .attr("id", &said)
                .attr("role", "status")
                .text(i18n::login());
            let (told, path, name) = (message.clone(), path.clone(), name.clone());
            let build = button("btn btn-s", move |_| {
                let (user, password) = (user.value(), password.value());
                let problem = i18n::login_problem(&user, &password);
                told.element()
                    .set_text_content(Some(problem.unwrap_or(i18n::login())));
                if problem.is_none() {
                    let secret = encode_base64((user + ":" + &password).as_bytes());
                    state.rest();
                    state.edit(&path, Edit::Text(secret));
                    state.rest();
                    open.set(false);
                    focus_id(&name);
                }
            });
            vec![
                el_class("div", "grid-2")
                    .child(user_part)
                    .child(password_part),
                message,
                el_class("div", "line").child(build.text(tr("Use this login"))),
            ]
        },
    );
    el_class("div", "stack stack-s")
        .child(text::secret(place))
        .child(el_class("div", "line").child(opens))
        .child(panel)
}
