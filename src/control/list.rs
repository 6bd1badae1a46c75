//! Lists: rows of objects, and rows of single values.

use std::sync::Arc;

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_form::text::{items, lines};
use dsw_model::descriptor::{Control, Kind, StructDescriptor};
use dsw_model::path::Path;
use dsw_words::{fill, number, several, tr};
use leptos::prelude::*;

use super::{fields, text, unknown_members};
use crate::dom::{
    El, after_update, button, el, el_class, focus_id, follow, form, icon, icon_button, value_of,
};
use crate::field::{Place, foreign, foreign_value, grouped, messages};
use crate::i18n;
use crate::later::{self, Progress};
use crate::rail::{badge, count_badges, standing_within};
use crate::state::{FormState, Live, Reviewed};
use crate::toast;

/// Rows shown before the person asks for more: enough to read, few enough to stay quick.
const FIRST_ROWS: usize = 50;

/// A list of objects with at most so many rows comes open, a longer one folded: then its rows are a list of
/// contents.
const OPEN_ROWS: usize = 3;

/// What a list does with its rows. Rows are known by their number: when one goes, the values of those
/// behind it move up and no control is made anew.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// The form.
    pub(super) state: FormState,
    /// The list or map.
    pub(super) path: Path,
    /// Its wire path.
    pub(super) name: String,
    /// How a row is edited.
    pub(super) control: Control,
    /// One row, in words: "dataset".
    pub(super) noun: &'static str,
    /// A row with nothing in it.
    item: Kind,
    /// The list, which knows the number of its rows.
    pub(super) slice: Live,
    /// The number of its rows.
    count: RwSignal<usize>,
    /// How many of them are shown.
    limit: RwSignal<usize>,
}

impl Rows {
    /// The rows of a field.
    pub(super) fn new(place: &Place, item: Kind) -> Self {
        let count = RwSignal::new(0);
        place.slice.each(move |slice| {
            if slice.rows != count.get_untracked() {
                count.set(slice.rows);
            }
        });
        let (limit, wanted) = (RwSignal::new(FIRST_ROWS), place.state.wanted);
        let inside = format!("{}[", place.name);
        follow(Box::new(move || {
            // A row that is looked for is shown, with those before it.
            let row = wanted.with(|wanted| {
                let (row, _) = wanted.strip_prefix(&inside)?.split_once(']')?;
                row.parse::<usize>().ok()
            });
            if let Some(row) = row.filter(|row| *row >= limit.get_untracked()) {
                limit.set(row + 1);
            }
        }));
        Self {
            state: place.state,
            path: place.path.clone(),
            name: place.name.clone(),
            control: place.field.control,
            noun: i18n::row_noun(place.field),
            item,
            slice: place.slice.clone(),
            count,
            limit,
        }
    }

    /// How many rows there are, also right after an edit.
    fn count(&self) -> usize {
        self.state
            .with_draft(|draft| draft.get(&self.path).map_or(0, Draft::row_count))
    }

    /// How many rows are shown: none before what they are made by has come.
    pub(super) fn shown(&self) -> impl Fn() -> usize + 'static {
        let (count, limit, progress) = (self.count, self.limit, self.state.progress);
        move || match progress.get() {
            Progress::There => count.get().min(limit.get()),
            Progress::Coming | Progress::Failed => 0,
        }
    }

    /// Wire path of a row.
    pub(super) fn row_name(&self, row: usize) -> String {
        format!("{}[{row}]", self.name)
    }

    /// A row in words: "Dataset 2".
    pub(super) fn row_label(&self, row: usize) -> String {
        i18n::capital(&self.row_named(row))
    }

    /// The same inside of a sentence: "dataset 2".
    pub(super) fn row_named(&self, row: usize) -> String {
        [self.noun, " ", &(row + 1).to_string()].concat()
    }

    /// Adds a row with nothing in it.
    pub(super) fn add(&self) {
        let at = self.count();
        let row = Edit::Insert(at, String::new(), Draft::blank_row(self.item));
        if self
            .slice
            .with(|slice| matches!(slice.draft, Draft::Foreign(_)))
        {
            // What came in another type gives way; undoing brings it back.
            let clear = (self.path.clone(), Edit::Set(Draft::Unset));
            self.state.edit(
                &Path::ROOT,
                Edit::Many(vec![clear, (self.path.clone(), row)]),
            );
        } else {
            self.state.edit(&self.path, row);
        }
        self.state.show(&self.path.join(at));
        let said = fill("{} added.", &[&self.row_label(at)]);
        toast::say(self.state, &said, false);
    }

    /// The focus goes to the row that takes the place of the one deleted, or to the button that adds one.
    fn remove(&self, row: usize) {
        self.state.edit(&self.path, Edit::Remove(row));
        match self.count() {
            0 => {
                focus_id(&format!("{}-add", self.name));
            }
            left => self.state.show(&self.path.join(row.min(left - 1))),
        }
        let said = fill("{} deleted.", &[&self.row_label(row)]);
        toast::say(self.state, &said, true);
    }

    fn shift(&self, from: usize, to: usize) {
        if !self.state.edit(&self.path, Edit::Move(from, to)) {
            return;
        }
        let (row, to_row) = (self.row_label(from), (to + 1).to_string());
        toast::say(self.state, &fill("{} moved to {}.", &[&row, &to_row]), true);
        // The focus goes along; at the end of the list only the way back is left.
        let up = if to < from {
            to > 0
        } else {
            to + 1 == self.count()
        };
        let button = format!("{}-{}", self.row_name(to), if up { "up" } else { "down" });
        after_update(move || {
            focus_id(&button);
        });
    }

    /// Takes several texts in at a row, as one step: an empty row becomes the first of them. Returns whether there
    /// were several.
    fn take_in(&self, row: usize, items: &[String]) -> bool {
        if items.len() < 2 {
            return false;
        }
        let path = self.path.join(row);
        let empty = text::text_at(self.state, &path).is_empty();
        let mut edits = Vec::new();
        for (at, item) in items.iter().enumerate() {
            edits.push(if empty && at == 0 {
                (path.clone(), Edit::Text(item.clone()))
            } else {
                let at = row + at + usize::from(!empty);
                let insert = Edit::Insert(at, String::new(), Draft::Text(item.clone()));
                (self.path.clone(), insert)
            });
        }
        self.state.edit(&Path::ROOT, Edit::Many(edits));
        let last = row + items.len() - usize::from(empty);
        self.state.show(&self.path.join(last));
        let said = several(items.len(), "{} value taken in.", "{} values taken in.");
        toast::say(self.state, &said, true);
        true
    }

    fn duplicate(&self, row: usize) {
        let copy = self
            .state
            .with_draft(|draft| draft.get(&self.path.join(row)).cloned());
        if let Some(copy) = copy {
            self.state
                .edit(&self.path, Edit::Insert(row + 1, String::new(), copy));
            let said = fill("{} duplicated.", &[&self.row_label(row)]);
            toast::say(self.state, &said, true);
        }
    }

    /// The buttons below the rows: the way to those that are not shown, and to one more.
    pub(super) fn foot(&self) -> El {
        let rows = self.clone();
        let add = button("btn btn-s", move |_| {
            let rows = rows.clone();
            later::with(move |parts| (parts.inner.add_row)(&rows));
        })
        .attr("id", &format!("{}-add", self.name))
        .child(icon("plus"))
        .text(&fill("Add {}", &[self.noun]));
        let (count, limit) = (self.count, self.limit);
        let hidden = move || count.get().saturating_sub(limit.get());
        let more = button("btn btn-s", move |_| {
            limit.update(|limit| *limit += FIRST_ROWS);
        })
        .flag_fn("hidden", move || hidden() == 0)
        .text_fn(move || {
            let (next, all) = (number(hidden().min(FIRST_ROWS)), number(hidden()));
            fill("Show {} more of {}", &[&next, &all])
        });
        el_class("div", "line").child(more).child(add)
    }

    /// A button in a row, named after what it does.
    pub(super) fn row_button(
        &self,
        image: &str,
        label: &str,
        row: usize,
        act: fn(&Self, usize),
    ) -> El {
        let rows = self.clone();
        icon_button(image, label, move |_| act(&rows, row))
            .attr("id", &format!("{}-{image}", self.row_name(row)))
    }

    /// The buttons that move a row.
    fn move_buttons(&self, row: usize) -> [El; 2] {
        let count = self.count;
        let name = self.row_named(row);
        let label = fill("Move {} up", &[&name]);
        let up = self.row_button("up", &label, row, |rows, row| {
            rows.shift(row, row.wrapping_sub(1));
        });
        let label = fill("Move {} down", &[&name]);
        let down = self.row_button("down", &label, row, |rows, row| {
            rows.shift(row, row + 1);
        });
        up.set("disabled", (row == 0).then_some(""));
        [up, down.flag_fn("disabled", move || row + 1 >= count.get())]
    }

    /// The buttons of a row of a table.
    pub(super) fn buttons(&self, row: usize) -> El {
        let [up, down] = self.move_buttons(row);
        el_class("span", "bar-group")
            .child(up)
            .child(down)
            .child(self.delete_button(row))
    }

    /// The button that deletes a row.
    pub(super) fn delete_button(&self, row: usize) -> El {
        let label = fill("Delete {}", &[&self.row_named(row)]);
        self.row_button("trash", &label, row, Self::remove)
    }
}

/// A list of objects: one foldable row each.
pub(super) fn objects(place: &Place, inner: &'static StructDescriptor) -> El {
    let rows = Rows::new(place, Kind::Struct(inner));
    let list = el_class("ol", "rows").rows_fn(rows.shown(), {
        let rows = rows.clone();
        move |row| {
            let rows = rows.clone();
            later::element(move |parts| (parts.inner.object_row)(&rows, row, inner))
        }
    });
    grouped(place, "list")
        .child(foreign(place))
        .child(list)
        .child(rows.foot())
}

/// One row of a list of objects: head with title and buttons, and the fields while it is open.
pub(super) fn object_row(rows: &Rows, row: usize, inner: &'static StructDescriptor) -> El {
    let state = rows.state;
    let path = rows.path.join(row);
    let name = rows.row_name(row);
    let body_id = format!("{name}-body");
    let open = RwSignal::new(rows.count() <= OPEN_ROWS);
    let (wanted, inside) = (state.wanted, name.clone());
    follow(Box::new(move || {
        if wanted.with(|wanted| wanted.starts_with(&inside)) && !open.get_untracked() {
            open.set(true);
        }
    }));
    let slice = state.slice(&path, Kind::Struct(inner));
    let (title, rest) = (el_class("span", "mono"), el_class("span", "soft"));
    let title_button = button("row-title", move |_| open.update(|open| *open = !*open))
        .attr_fn("aria-expanded", move || Some(open.get().to_string()))
        .attr("aria-controls", &body_id)
        .child(icon("chevron"))
        .child(el_class("span", "soft num").text(&(row + 1).to_string()))
        .child(
            el("span")
                .child(title.clone())
                .text(" ")
                .child(rest.clone()),
        );
    let [up, down] = rows.move_buttons(row);
    let duplicate = fill("Duplicate {}", &[&rows.row_named(row)]);
    let buttons = el_class("span", "bar-group")
        .child(up)
        .child(down)
        .child(rows.row_button("dup", &duplicate, row, Rows::duplicate))
        .child(rows.delete_button(row));
    let badges = el_class("span", "line");
    let (body_path, body_name) = (path.clone(), name.clone());
    let body = el_class("div", "row-body")
        .attr("id", &body_id)
        .flag_fn("hidden", move || !open.get())
        .content_fn(move || {
            if !open.get() {
                return Vec::new();
            }
            let mut all = untrack(|| fields(state, inner, &body_path, &body_name, |_| true));
            all.push(unknown_members(state, &body_path));
            vec![
                el_class("div", "stack")
                    .attr("id", &body_name)
                    .children(all),
            ]
        });
    let element = el_class("li", "row")
        .attr("id", &format!("{name}-row"))
        .child(
            el_class("div", "row-head")
                .child(title_button)
                .child(badges.clone())
                .child(buttons),
        )
        .child(messages(state, &name, &slice))
        .child(foreign_value(&slice, || None))
        .child(body);
    let (row, region, inside) = (element.clone(), badges.region(), path.clone());
    state.watch_part_at(
        &path,
        move |reviewed| {
            let head = head(inner, reviewed.draft().get(&inside));
            (head, standing_within(reviewed, &inside))
        },
        move |(head, standing)| {
            title.element().set_text_content(Some(&head.title));
            rest.element().set_text_content(Some(&head.rest));
            row.set("data-tone", standing.tone());
            region.fill(&|| {
                let mut badges = Vec::new();
                for words in &head.badges {
                    badges.push(badge("", words, None));
                }
                badges.extend(count_badges(*standing));
                badges
            });
        },
    );
    element
}

/// What the head of a row says of its object.
#[derive(Default, PartialEq)]
struct Head {
    /// What tells it from the others.
    title: String,
    /// What else is known of it.
    rest: String,
    /// In what way it is special.
    badges: Vec<&'static str>,
}

/// The head of a row: the first two texts of the object, the place where it appears before all others.
fn head(inner: &StructDescriptor, draft: Option<&Draft>) -> Head {
    let Some(Draft::Struct(object)) = draft else {
        return Head::default();
    };
    let (mut texts, mut badges) = (Vec::new(), Vec::new());
    for (field, value) in inner.fields.iter().zip(&object.fields) {
        badges.extend(i18n::row_badge(field, value));
        match value {
            Draft::Text(text) if !text.is_empty() && !field.secret() => {
                let at = if i18n::titles_row(field) {
                    0
                } else {
                    texts.len()
                };
                texts.insert(at, text);
            }
            _ => {}
        }
    }
    let mut texts = texts.into_iter();
    let mut next = || {
        texts
            .next()
            .map_or_else(String::new, |text| text.chars().take(120).collect())
    };
    Head {
        title: next(),
        rest: next(),
        badges,
    }
}

/// A list of single values: one line each, or all of them in one text.
pub(super) fn values(place: &Place, item: Kind) -> El {
    let rows = Rows::new(place, item);
    let list = el_class("ol", "rows").rows_fn(rows.shown(), {
        let rows = rows.clone();
        move |row| {
            let rows = rows.clone();
            later::element(move |parts| (parts.inner.value_row)(&rows, row, item))
        }
    });
    grouped(place, "field")
        .child(foreign(place))
        .children(or_as_text(place, &rows, list))
}

/// Rows that can also be edited as one text, and the buttons below them.
pub(super) fn or_as_text(place: &Place, rows: &Rows, list: El) -> [El; 3] {
    let as_text = RwSignal::new(false);
    let kind = place.field.kind;
    let toggle = button("btn btn-s", move |_| {
        as_text.update(|as_text| *as_text = !*as_text);
    })
    .attr("id", &format!("{}-as", rows.name))
    .attr("data-kind", "ghost")
    .text_fn(move || {
        if as_text.get() {
            tr("Edit as rows")
        } else {
            tr("Edit as text")
        }
        .to_owned()
    });
    let (offered, path) = (toggle.clone(), rows.path.clone());
    later::with({
        let state = rows.state;
        move |parts| (parts.inner.offer_text)(state, path, kind, offered, as_text)
    });
    let text = el("div").content_fn({
        let (rows, label) = (rows.clone(), tr(place.field.label));
        move || {
            as_text
                .get()
                .then(|| {
                    let rows = rows.clone();
                    later::element(move |parts| (parts.inner.lines)(&rows, kind, label))
                })
                .into_iter()
                .collect()
        }
    });
    let foot = rows.foot().flag_fn("data-as-text", move || as_text.get());
    [
        el("div")
            .flag_fn("hidden", move || as_text.get())
            .child(list),
        text,
        foot.child(toggle),
    ]
}

/// Offers to edit rows as text while lines can hold them.
pub(super) fn offer_text(
    state: FormState,
    path: Path,
    kind: Kind,
    offered: El,
    as_text: RwSignal<bool>,
) {
    state.watch_part(
        move |reviewed| SameRows::of(reviewed, &path),
        move |SameRows(list)| {
            let fits = lines::write(kind, list).is_some();
            offered.set("hidden", (!fits).then_some(""));
            if !fits {
                as_text.set(false);
            }
        },
    );
}

/// One row of a list of single values.
pub(super) fn value_row(rows: &Rows, row: usize, item: Kind) -> El {
    let name = rows.row_name(row);
    let path = rows.path.join(row);
    let slice = rows.state.slice(&path, item);
    let label = rows.row_label(row);
    let cell = text::cell(rows.state, &path, &name, &label, &rows.name, &slice);
    let all = rows.clone();
    let cell = cell.on("paste", move |event| {
        if let Some(text) = text::pasted(&event)
            && all.take_in(row, &items::split(&text))
        {
            event.prevent_default();
        }
    });
    let line = form()
        .attr("class", "value-row")
        .child(cell)
        .child(rows.delete_button(row));
    slice
        .tone(el_class("li", "value"))
        .child(line)
        .child(messages(rows.state, &name, &slice))
}

/// A list that is compared without a look at its rows: an edit elsewhere leaves them where they are.
struct SameRows(Draft);

impl SameRows {
    fn of(reviewed: &Reviewed, path: &Path) -> Self {
        Self(reviewed.draft().get(path).cloned().unwrap_or_default())
    }
}

impl PartialEq for SameRows {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Draft::List(rows), Draft::List(others)) => Arc::ptr_eq(rows, others),
            (Draft::Map(rows), Draft::Map(others)) => Arc::ptr_eq(rows, others),
            (one, other) => one == other,
        }
    }
}

/// All rows in one text, one a line.
pub(super) fn text_of(rows: &Rows, kind: Kind, label: &'static str) -> El {
    let (state, path) = (rows.state, rows.path.clone());
    let described_by = format!("{0}-hint {0}-msg", rows.name);
    let hint = match kind {
        Kind::List(Kind::Text | Kind::Secret) => tr("One a line"),
        _ => tr("One a line: name=value"),
    };
    let area = text::plain("textarea", &format!("{}-text", rows.name), &described_by)
        .attr("aria-label", &fill("{}, one a line", &[label]))
        .attr("rows", "6")
        .attr("placeholder", hint);
    let (shown, at) = (area.clone(), path.clone());
    state.watch_part(
        move |reviewed| SameRows::of(reviewed, &at),
        move |SameRows(list)| {
            // What says the same stays as it is being typed.
            if !lines::says(kind, &shown.value(), list) {
                shown.set_value(&lines::write(kind, list).unwrap_or_default());
            }
        },
    );
    area.on("input", move |event| {
        state.edit(&path, lines::read(kind, &value_of(&event)));
    })
    .on("change", move |_| state.rest())
}
