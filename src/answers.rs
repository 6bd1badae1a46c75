//! The answers of the form, section by section, each with a way back to its field. Secrets are not shown.

use std::rc::Rc;

use dsw_form::draft::{Draft, ROOT};
use dsw_form::refusal::visible;
use dsw_form::submission::MARKER;
use dsw_model::descriptor::{Kind, Section, field_step};
use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::request::{CreateInstanceRequest as Request, Label};
use dsw_words::{comma, fill, several, tr};

use crate::dom::{El, el, el_class, el_text};
use crate::i18n::{self, sending};
use crate::rail::anchor;
use crate::sending::{Frozen, Sending};
use crate::state::{FormState, control_id};

/// Answers of one section that are listed: more than that nobody reads.
const LISTED: usize = 60;

/// What is shown in place of a secret.
const HIDDEN: &str = "\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}";

/// One answer.
struct Answer {
    label: String,
    path: Path,
    value: String,
}

/// All sections with something in them.
pub(crate) fn sections(sending: Sending, frozen: &Rc<Frozen>) -> Vec<El> {
    let mut all = Vec::new();
    let Draft::Struct(object) = &frozen.draft else {
        return all;
    };
    for section in Section::ALL {
        let mut answers = Vec::new();
        for (index, (field, draft)) in ROOT.fields.iter().zip(&object.fields).enumerate() {
            if field.section == Some(section) {
                let path = Path::ROOT.join(field_step(index));
                collect(
                    frozen,
                    field.kind,
                    draft,
                    tr(field.label),
                    &path,
                    &mut answers,
                );
            }
        }
        if section == Section::Advanced {
            for (name, draft) in &object.unknown {
                let path = Path::ROOT.join(&**name);
                answers.push(Answer {
                    label: visible(name),
                    path,
                    value: text(draft),
                });
            }
        }
        let parked = object.parked_values().filter(|place| {
            ROOT.fields.get(*place).and_then(|field| field.section) == Some(section)
        });
        let parked = parked.count();
        if answers.is_empty() && parked == 0 {
            continue;
        }
        let (title, _) = i18n::section(section);
        let rows = answers
            .iter()
            .take(LISTED)
            .map(|it| row(sending.state(), frozen, it));
        let more = answers.len().saturating_sub(LISTED);
        let list = el_class("dl", "answers").children(rows);
        let heading = ["answers-", anchor(section)].concat();
        all.push(
            el_class("section", "stack stack-s")
                .attr("aria-labelledby", &heading)
                .child(el_text("h2", title).attr("id", &heading))
                .child((!answers.is_empty()).then_some(list))
                .child((more > 0).then(|| el_class("p", "soft").text(&sending::more_answers(more))))
                .child((parked > 0).then(|| {
                    el_class("p", "parked").child(el_text("span", &sending::parked(parked)))
                })),
        );
    }
    all
}

/// Adds what is set at a place: single values one by one, a row of a list as one.
fn collect(
    frozen: &Frozen,
    kind: Kind,
    draft: &Draft,
    label: &str,
    path: &Path,
    all: &mut Vec<Answer>,
) {
    if draft.is_blank() {
        return;
    }
    let mut add =
        |label: String, path: Path, value: String| all.push(Answer { label, path, value });
    match (kind, draft) {
        (Kind::Struct(descriptor), Draft::Struct(object)) => {
            for (index, (field, draft)) in descriptor.fields.iter().zip(&object.fields).enumerate()
            {
                let inner = fill("{}: {}", &[label, tr(field.label)]);
                collect(
                    frozen,
                    field.kind,
                    draft,
                    &inner,
                    &path.join(field_step(index)),
                    all,
                );
            }
            for (name, draft) in &object.unknown {
                let inner = fill("{}: {}", &[label, &visible(name)]);
                all.push(Answer {
                    label: inner,
                    path: path.join(&**name),
                    value: text(draft),
                });
            }
        }
        (Kind::List(item), Draft::List(rows)) => {
            for (row, draft) in rows.iter().enumerate() {
                let number = (row + 1).to_string();
                add(
                    [label, " ", &number].concat(),
                    path.join(row),
                    summary(*item, draft),
                );
            }
        }
        (Kind::Map(item), Draft::Map(rows)) => {
            for (row, (name, draft)) in rows.iter().enumerate() {
                let value = match draft {
                    Draft::Text(text) if frozen.secrecy.hides(name, text) => HIDDEN.to_owned(),
                    draft => summary(*item, draft),
                };
                add(
                    fill("{}: {}", &[label, &visible(name)]),
                    path.join(row),
                    value,
                );
            }
        }
        (Kind::Secret, _) => add(label.to_owned(), path.clone(), HIDDEN.to_owned()),
        (_, draft) => add(label.to_owned(), path.clone(), text(draft)),
    }
}

/// What a row holds, in one line.
fn summary(kind: Kind, draft: &Draft) -> String {
    match (kind, draft) {
        (Kind::Struct(descriptor), Draft::Struct(object)) => {
            let mut said = String::new();
            let fields = descriptor.fields.iter().zip(&object.fields);
            for (field, draft) in fields.filter(|(_, draft)| !draft.is_blank()) {
                if !said.is_empty() {
                    said.push_str(comma());
                }
                if let Draft::Flag(_) = draft {
                    let flag = summary(field.kind, draft);
                    said.push_str(&fill("{}: {}", &[tr(field.label), &flag]));
                } else {
                    said.push_str(&summary(field.kind, draft));
                }
            }
            said
        }
        (Kind::List(item), Draft::List(rows)) => {
            let rows: Vec<_> = rows.iter().map(|row| summary(*item, row)).collect();
            rows.join(comma())
        }
        (Kind::Map(_), Draft::Map(rows)) => several(rows.len(), "{} name", "{} names"),
        (Kind::Secret, _) => HIDDEN.to_owned(),
        (_, draft) => text(draft),
    }
}

/// A single value.
fn text(draft: &Draft) -> String {
    match draft {
        Draft::Text(text) => i18n::excerpt(&visible(text)),
        Draft::Flag(flag) => if *flag { tr("yes") } else { tr("no") }.to_owned(),
        Draft::Foreign(value) => i18n::excerpt(&visible(&value.to_string())),
        _ => String::new(),
    }
}

fn row(state: FormState, frozen: &Frozen, answer: &Answer) -> El {
    let path = answer.path.clone();
    let marker = frozen.marker.is_some()
        && path.prefix(1) == path![Request::LABELS]
        && frozen.draft.get(&path.concat(&path![Label::KEY]))
            == Some(&Draft::Text(MARKER.to_owned()));
    let label = if marker {
        tr("Submission mark")
    } else {
        &answer.label
    };
    let value = el("dd").child(el_class("bdi", "mono").text(&answer.value));
    // The mark is no part of the form: it is taken out below.
    let change = (!marker).then(|| {
        el("a")
            .attr("href", &format!("#{}", control_id(&answer.path)))
            .text(tr("Change"))
            .child(el_class("span", "hide").text(&[" ", label].concat()))
            .on("click", move |event| {
                event.prevent_default();
                state.show(&path);
            })
    });
    let hint = marker.then(|| el_class("p", "soft").text(sending::marker_hint()));
    el("div")
        .child(
            el("dt")
                .text(label)
                .text(" ")
                .child(el_text("code", &visible(&answer.path.name(ROOT)))),
        )
        .child(value.child(hint))
        .child(el("dd").child(change))
}
