//! What is shown of a list: filters, the table, where it comes from.

use std::rc::Rc;

use dsw_form::offers::{Amount, Fact, Offer, Part, Sieve, texts};
use dsw_model::descriptor::Source;
use dsw_model::rules::Price;
use dsw_words::tr;
use leptos::prelude::*;

use super::lists::List;
use super::{Picker, Row};
use crate::control::radio;
use crate::dom::{
    El, Region, after_update, button, by_id, el, el_class, el_text, follow, value_of,
};
use crate::gateway::Mode;
use crate::i18n::picking::{self, Column};
use crate::rail::badge;
use crate::state::Slice;
use crate::team;

/// Rows that are shown at first, and how many more at a time.
const ROWS: usize = 100;

/// What the table shows of each offer after its name.
fn columns(source: Source, sample: bool) -> &'static [Column] {
    const MACHINES: &[Column] = &[
        Column::Gpu,
        Column::Cores,
        Column::Memory,
        Column::Price,
        Column::Month,
        Column::Stock,
    ];
    match source {
        // What was in stock on the day of the sample says nothing.
        Source::Machines if sample => &MACHINES[..MACHINES.len() - 1],
        Source::Machines => MACHINES,
        Source::Images => &[
            Column::Framework,
            Column::Python,
            Column::Cuda,
            Column::Chip,
            Column::Origin,
        ],
        Source::Datasets | Source::Versions => &[Column::Storage, Column::Access],
        Source::Workspaces => &[Column::Status],
        Source::Quotas => &[Column::Holds, Column::Kind],
    }
}

/// The facts of which one chooses a text.
fn text_filters(source: Source) -> &'static [Fact] {
    match source {
        Source::Machines => &[Fact::GpuModel],
        Source::Images => &[
            Fact::Origin,
            Fact::Family,
            Fact::Chip,
            Fact::Python,
            Fact::Cuda,
        ],
        Source::Datasets => &[Fact::Storage],
        Source::Quotas => &[Fact::Kind],
        Source::Workspaces | Source::Versions => &[],
    }
}

/// The facts of which one chooses a limit, whether it is the least, and the limits.
const LIMITS: [(Fact, bool, &[u32]); 3] = [
    (Fact::Cores, true, &[2, 4, 8, 16, 32, 64]),
    (Fact::Memory, true, &[8, 16, 32, 64, 128, 256]),
    (Fact::Price, false, &[1, 2, 5, 10, 20, 50, 100]),
];

/// A list that is shown.
#[derive(Clone)]
struct View {
    picker: Picker,
    list: Rc<List>,
    sieve: RwSignal<Sieve, LocalStorage>,
    /// How many rows there are at most.
    limit: RwSignal<usize>,
    /// Where the filters are.
    filters: Region,
}

/// A list, with what it is filtered by.
pub(super) fn list(
    picker: &Picker,
    list: &Rc<List>,
    status: &El,
    part: RwSignal<Part, LocalStorage>,
) -> Vec<El> {
    let filters = el_class("div", "picker-filters");
    let view = View {
        picker: picker.clone(),
        list: Rc::clone(list),
        sieve: RwSignal::new_local(Sieve::default()),
        limit: RwSignal::new(ROWS),
        filters: filters.region(),
    };
    let values = list.offers.iter().map(|offer| offer.value.clone());
    picker.shown.values.replace(values.collect());
    view.fill_filters();
    let (foot, missing) = view.foot(part);
    picker.shown.missing.replace(Some(missing));
    let (table, none) = view.table(status);
    vec![filters, table, none, foot]
}

impl View {
    fn source(&self) -> Source {
        self.picker.source
    }

    fn fill_filters(&self) {
        self.filters.fill(&|| self.filters());
    }

    fn filters(&self) -> Vec<El> {
        let (offers, sieve) = (&self.list.offers, self.sieve);
        let mut filters = Vec::new();
        if self.source() == Source::Machines {
            filters.push(self.chips());
        }
        if self.source() != Source::Versions {
            let search = el_class("input", "input")
                .attr("type", "search")
                .attr("id", &self.picker.id("-search"))
                // Tells the style sheet, and Escape, whether it is empty.
                .attr("placeholder", " ")
                .attr("autocomplete", "off")
                .attr("spellcheck", "false")
                .on("input", move |event| {
                    sieve.update(|sieve| sieve.words = value_of(&event));
                });
            filters.push(
                el_class("label", "grow")
                    .text(picking::search())
                    .child(search),
            );
        }
        for fact in text_filters(self.source()) {
            let found = texts(offers, *fact);
            // What all have in common sets nothing apart.
            if found.len() > 1 {
                let options = found
                    .into_iter()
                    .map(|text| (text.to_owned(), picking::value(*fact, text).to_owned()));
                filters.push(self.select(*fact, options, move |sieve, text| {
                    sieve.want(*fact, text);
                }));
            }
        }
        if self.source() == Source::Machines {
            for (fact, least, limits) in LIMITS {
                let known = |limit: &&u32| {
                    let limit = Amount::whole(**limit);
                    let mut amounts = offers.iter().filter_map(|offer| offer.amount(fact));
                    amounts.any(|amount| (amount >= limit) == least)
                };
                let options = limits.iter().filter(known).map(|limit| {
                    (
                        limit.to_string(),
                        picking::limit(fact, *limit, &self.currency()),
                    )
                });
                filters.push(self.select(fact, options, move |sieve, text| {
                    let amount = Amount::parse(text);
                    if least {
                        sieve.want_at_least(fact, amount);
                    } else {
                        sieve.want_at_most(fact, amount);
                    }
                }));
            }
            if self.list.sample.is_none() {
                filters.push(self.stock());
            }
        }
        filters
    }

    /// Any, CPU or GPU.
    fn chips(&self) -> El {
        let name = self.picker.id("-chip");
        let radios = [(picking::any(), ""), ("CPU", "CPU"), ("GPU", "GPU")].map(|(text, chip)| {
            let sieve = self.sieve;
            radio(&name, chip, el_text("span", text))
                .checked(chip.is_empty())
                .chosen(move || sieve.update(|sieve| sieve.want(Fact::Chip, chip)))
        });
        el_class("fieldset", "segment")
            .child(el_class("legend", "hide").text(picking::filter(Fact::Chip)))
            .children(radios)
    }

    /// A choice of one filter. Each option has a value and words.
    fn select(
        &self,
        fact: Fact,
        options: impl Iterator<Item = (String, String)>,
        act: impl Fn(&mut Sieve, &str) + 'static,
    ) -> El {
        let sieve = self.sieve;
        let option = |value: &str, text: &str| el("option").attr("value", value).text(text);
        let id = self.picker.id(picking::filter(fact)).replace(' ', "-");
        let select = el_class("select", "input")
            .attr("id", &id)
            .child(option("", picking::any()))
            .children(options.map(|(value, text)| option(&value, &text)))
            .on("change", move |event| {
                sieve.update(|sieve| act(sieve, &value_of(&event)));
            });
        // A label around its select would hold the words of all options.
        let label = el("label").attr("for", &id).text(picking::filter(fact));
        el("div").child(label).child(select)
    }

    /// Whether only what is in stock is shown.
    fn stock(&self) -> El {
        let sieve = self.sieve;
        let check = el("input").attr("type", "checkbox").on("change", move |_| {
            sieve.update(|sieve| sieve.in_stock = !sieve.in_stock);
        });
        el_class("label", "check")
            .child(check)
            .text(picking::in_stock_only())
    }

    /// The currency of the prices, if there is one for all.
    fn currency(&self) -> String {
        match texts(&self.list.offers, Fact::Currency)[..] {
            [currency] => currency.to_owned(),
            _ => String::new(),
        }
    }

    /// The table, and what stands in its place where nothing matches.
    fn table(&self, status: &El) -> (El, El) {
        let source = self.source();
        let columns = columns(source, self.list.sample.is_some());
        let currency = self.currency();
        let head = |text: &str, class: &str| el_class("th", class).attr("scope", "col").text(text);
        let heads = columns.iter().map(|column| {
            let text = |column| picking::heading(column, &currency);
            let cell = head(&text(*column), class(*column));
            with_month(cell, *column, || text(Column::Month))
        });
        let body = el("tbody");
        let table = el("table")
            .child(el_class("caption", "hide").text(picking::noun(source, 2)))
            .child(
                el("thead").child(
                    el("tr")
                        .child(head(picking::noun(source, 1), ""))
                        .children(heads),
                ),
            )
            .child(body.clone());
        let view = self.clone();
        let clear = button("btn btn-s", move |_| {
            view.sieve.set(Sieve::default());
            view.fill_filters();
            // The button is gone.
            if let Some(search) = by_id(&view.picker.id("-search")) {
                search.focus();
            }
        });
        let none = el_class("p", "empty")
            .child(el_text(
                "span",
                picking::nothing(source, self.list.offers.is_empty()),
            ))
            .child((!self.list.offers.is_empty()).then(|| clear.text(picking::clear())));
        let (view, region, status) = (self.clone(), body.region(), status.clone());
        let (shown, empty) = (table.clone(), none.clone());
        follow(Box::new(move || {
            let offers = &view.list.offers;
            let limit = view.limit.get();
            let matching: Vec<&Offer> = view.sieve.with(|sieve| {
                offers
                    .iter()
                    .filter(|offer| sieve.lets_through(offer))
                    .collect()
            });
            status.element().set_text_content(Some(&picking::matching(
                source,
                matching.len(),
                offers.len(),
            )));
            shown.set("hidden", matching.is_empty().then_some(""));
            empty.set("hidden", (!matching.is_empty()).then_some(""));
            region.fill(&|| untrack(|| view.rows(&matching, limit, columns, &currency)));
        }));
        (table, none)
    }

    fn rows(&self, offers: &[&Offer], limit: usize, columns: &[Column], currency: &str) -> Vec<El> {
        let picker = &self.picker;
        let mut rows = Vec::new();
        let mut views = Vec::new();
        for offer in offers.iter().take(limit) {
            let (view, input) = self.row(offer, columns, currency);
            views.push(view.clone());
            rows.push(Row {
                value: offer.value.clone(),
                view,
                input,
            });
        }
        let first_new = rows.len();
        picker.shown.rows.replace(rows);
        picker.shown.follow(&picker.place.slice.with(Slice::text));
        if offers.len() > limit {
            let (more, shown) = (self.limit, Rc::clone(&picker.shown));
            let button = button("btn btn-s", move |_| {
                more.update(|limit| *limit += ROWS);
                // The focus goes to the first row that is new.
                let shown = Rc::clone(&shown);
                after_update(move || {
                    if let Some(row) = shown.rows.borrow().get(first_new) {
                        row.input.focus();
                    }
                });
            });
            let cell = el("td")
                .attr("colspan", &(columns.len() + 1).to_string())
                .child(button.text(&picking::more(ROWS.min(offers.len() - limit))));
            views.push(el("tr").child(cell));
        }
        views
    }

    /// A row, and the button that chooses it.
    fn row(&self, offer: &Offer, columns: &[Column], currency: &str) -> (El, El) {
        let mut sub = String::new();
        let told = |column: &&Column| !matches!(column, Column::Price | Column::Month);
        for column in columns.iter().filter(told) {
            let text = picking::cell(*column, offer, currency);
            if !text.is_empty() {
                sub.push_str(if sub.is_empty() { "" } else { ", " });
                sub.push_str(&picking::in_line(*column, &text));
            }
        }
        let face = el("span");
        let value = el_class("span", "mono").text(&offer.value);
        let face = if offer.name.is_empty() {
            face.child(value)
        } else {
            face.child(el_class("span", "picker-name").text(&offer.name))
                .child(el_class("span", "picker-id").child(value))
        };
        // What is said of an image is what its name and its labels say.
        let told = !offer.note.is_empty() && self.source() != Source::Images;
        let note = told.then(|| el_class("span", "picker-note").text(&offer.note));
        let price = offer.amount(Fact::Price).map(|amount| Price {
            amount,
            currency: offer.text(Fact::Currency).to_owned(),
        });
        let used = team::uses(&self.picker.place.path, &offer.value, price.as_ref());
        let unused = (!used).then(|| badge("warning", tr("Not for your team"), None));
        let face = face
            .child(unused)
            .child(note)
            .child(el_class("span", "picker-sub").text(&sub));
        let (picker, chosen) = (self.picker.clone(), offer.value.clone());
        let radio = radio(&picker.id("-value"), &offer.value, face);
        let input = radio.input.clone();
        let label = radio.chosen(move || picker.choose(&chosen));
        let cells = columns.iter().map(|column| {
            let text = picking::cell(*column, offer, currency);
            let cell = el_class("td", class(*column));
            match picking::tone(*column, offer) {
                Some(tone) => cell.child(badge(tone, &text, None)),
                None => with_month(cell.text(&text), *column, || {
                    picking::cell(Column::Month, offer, currency)
                }),
            }
        });
        let row = el("tr").child(el("td").child(label)).children(cells);
        (row, input)
    }

    /// Where the list comes from, what it lacks, and the ways out; and where is told of a value that it lacks.
    fn foot(&self, part: RwSignal<Part, LocalStorage>) -> (El, El) {
        let picker = &self.picker;
        let sandbox = picker.gateway.mode.get_untracked() == Mode::Sandbox;
        let whence = match &self.list.sample {
            Some(day) => picking::sample(&crate::time::day(day)),
            None => picking::whence(picker.source, sandbox, &self.list.time),
        };
        let lacks = part.with_untracked(|part| picking::lacks(picker.source, &part.workspace));
        let anew = self.list.sample.is_none();
        let missing = el_class("span", "picker-missing");
        let foot = el_class("div", "picker-foot")
            .child(missing.clone())
            .child(el_text("span", &whence))
            .child((!lacks.is_empty()).then(|| el_text("span", lacks)))
            .child(el_class("span", "end"))
            .child(anew.then(|| picker.again(part, picking::load_again(), "btn btn-link")))
            .child(picker.way_out("btn btn-link"));
        (foot, missing)
    }
}

/// The price of an hour has that of 30 days below it where there is no room for a column of its own.
fn with_month(cell: El, column: Column, month: impl FnOnce() -> String) -> El {
    if column == Column::Price {
        cell.child(el_class("span", "picker-below").text(&month()))
    } else {
        cell
    }
}

/// Numbers stand at the right; all but the price are told in a second line where there is no room.
fn class(column: Column) -> &'static str {
    match column {
        Column::Price => "r",
        Column::Gpu => "n picker-x",
        Column::Month => "r picker-m",
        Column::Cores | Column::Memory | Column::Stock => "r picker-x",
        _ => "picker-x",
    }
}
