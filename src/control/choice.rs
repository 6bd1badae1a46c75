//! Choices: from a closed list, or suggested with any other text allowed.

use dsw_form::edit::Edit;
use dsw_form::suggest;
use dsw_model::descriptor::Choice;
use dsw_words::{fill, tr};

use super::text;
use crate::dom::{El, el, el_class, value_of};
use crate::field::Place;
use crate::state::Slice;

/// An option: the value as sent, and what it means.
pub(super) fn option(value: &str, label: &str) -> El {
    el("option").attr("value", value).text(label)
}

/// A closed list. A value that is not on it, which an import may bring, is one more option.
pub(super) fn select(place: &Place, choices: &'static [Choice]) -> El {
    let (state, path) = (place.state, place.path.clone());
    let select = text::plain("select", &place.name, &place.described_by());
    let (shown, region) = (select.clone(), select.region());
    place.slice.each(move |slice| {
        let value = slice.text();
        let other = !value.is_empty() && choices.iter().all(|choice| choice.value != value);
        region.fill(&|| {
            let known = choices.iter().map(|Choice { value, label }| match *label {
                "" => option(value, value),
                label => option(value, &fill("{}, {}", &[value, tr(label)])),
            });
            let all = std::iter::once(option("", tr("Not set"))).chain(known);
            all.chain(other.then(|| option(&value, &value))).collect()
        });
        shown.set_value(&value);
    });
    let select = place.slice.attr(select, "aria-invalid", Slice::invalid);
    select.on("change", move |event| {
        state.edit(&path, Edit::Text(value_of(&event)));
        state.rest();
    })
}

/// A line of text with suggestions.
pub(super) fn suggest(place: &Place, choices: &'static [Choice]) -> El {
    let (input, list) = suggesting(place);
    let options = choices
        .iter()
        .map(|choice| option(choice.value, tr(choice.label)));
    el_class("div", "suggest")
        .child(input)
        .child(list.children(options))
}

/// A line of text that suggests what the field gives as its example, and where the request mounts data: that is
/// looked up when the field is entered, not on every keystroke elsewhere.
pub(super) fn mounts(place: &Place) -> El {
    let (state, example) = (place.state, place.field.example);
    let (input, list) = suggesting(place);
    let region = list.region();
    let input = input.on("focus", move |_| {
        let mounts = state.with_draft(suggest::mounts);
        region.fill(&|| {
            let mut options = vec![option(example, "")];
            for path in &mounts {
                options.push(option(path, ""));
            }
            options
        });
    });
    el_class("div", "suggest").child(input).child(list)
}

/// An input and its list of suggestions.
fn suggesting(place: &Place) -> (El, El) {
    let list = place.id("-list");
    let input = text::input(place).attr("list", &list);
    (input, el("datalist").attr("id", &list))
}
