//! Fields by what they are called, what they are for, and what they hold.

use dsw_model::descriptor::{FieldDescriptor, Kind, StructDescriptor, field_step};
use dsw_model::path::Path;
use dsw_model::rules::Context;

use crate::draft::{Draft, ROOT};
use crate::store;

/// Of a long list, so many rows are found by what their fields are called; all of them by what they hold.
const ROWS: usize = 8;

/// How well a word fits a field; the less, the better.
mod fit {
    /// It is its label or name.
    pub(super) const WHOLE: u8 = 0;
    /// Its label or name begins with the word.
    pub(super) const BEGINS: u8 = 1;
    /// A part of its label or name does.
    pub(super) const PART: u8 = 2;
    /// It stands somewhere in label or name.
    pub(super) const INSIDE: u8 = 3;
    /// It stands in the value.
    pub(super) const VALUE: u8 = 4;
    /// It stands in the label or name of what the field is part of.
    pub(super) const AROUND: u8 = 5;
    /// It stands in the help.
    pub(super) const HELP: u8 = 6;
}

/// A field that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where it stands: where there are no rows yet, the list that they would stand in.
    pub path: Path,
    /// What is found there, with what it is part of, from the outside in: labels in English, and the number of a row
    /// behind that of its list.
    pub trail: Vec<(&'static str, Option<usize>)>,
    /// Its name for the API, with those of what it is part of; of an entry the name that it has been given.
    pub name: String,
    /// The name that a person gave it: of an entry of a map, or of a member that nobody knows; else empty.
    pub given: String,
    /// The value, if a word stands in it.
    pub value: Option<String>,
}

/// The fields in which all of the words stand, the best first, at most so many.
///
/// Words are compared in any case; `say` gives the text in the language of the page, and both it and the English one
/// are looked at. The value of a secret is not.
pub fn find(
    draft: &Draft,
    context: &Context,
    words: &str,
    say: &dyn Fn(&'static str) -> &'static str,
    most: usize,
) -> Vec<Hit> {
    let words = words.to_lowercase();
    let words: Vec<String> = words.split_whitespace().map(half_width).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut search = Search {
        words,
        context,
        say,
        most,
        hits: Vec::new(),
        valued: 0,
        trail: Vec::new(),
    };
    search.inside(ROOT, Some(draft), &Path::ROOT, Quick::No);
    // Those that fit equally well stay in form order.
    search.hits.sort_by_key(|(rank, _)| *rank);
    search.hits.truncate(most);
    search.hits.into_iter().map(|(_, hit)| hit).collect()
}

/// Letters, digits and signs as wide as a Chinese one, which input methods write, as the plain ones.
fn half_width(word: &str) -> String {
    let plain = |letter| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        letter => letter,
    };
    word.chars()
        .map(plain)
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a field is looked at only if its value fits.
#[derive(Clone, Copy, PartialEq)]
enum Quick {
    No,
    Yes,
}

/// A worst fit, then the sum of all.
type Rank = (u8, u32);

struct Search<'a> {
    words: Vec<String>,
    context: &'a Context,
    say: &'a dyn Fn(&'static str) -> &'static str,
    most: usize,
    hits: Vec<(Rank, Hit)>,
    /// How many were found by a value.
    valued: usize,
    /// The fields around, with the number of the row.
    trail: Vec<(&'static FieldDescriptor, Option<usize>)>,
}

impl Search<'_> {
    fn inside(
        &mut self,
        descriptor: &'static StructDescriptor,
        draft: Option<&Draft>,
        path: &Path,
        quick: Quick,
    ) {
        let object = match draft {
            Some(Draft::Struct(object)) => Some(object),
            _ => None,
        };
        for (index, field) in descriptor.fields.iter().enumerate() {
            let value = object.and_then(|object| object.fields.get(index));
            let at = path.join(field_step(index));
            self.field(field, value, &at, quick);
        }
        for (name, value) in object.into_iter().flat_map(|object| &object.unknown) {
            let hides = store::is_secret_member(name, value);
            let value = (!hides).then(|| text_of(value)).flatten();
            self.entry(name, value, path.join(&**name));
        }
    }

    fn field(
        &mut self,
        field: &'static FieldDescriptor,
        value: Option<&Draft>,
        path: &Path,
        quick: Quick,
    ) {
        let text = value.filter(|value| !store::is_secret(field.kind, value));
        let text = text.and_then(text_of);
        if quick == Quick::No || self.is_in(text.as_deref()) {
            self.consider(field, text, path);
        }
        match (field.kind, value) {
            (Kind::Struct(inner), value) => {
                self.trail.push((field, None));
                self.inside(inner, value, path, quick);
                self.trail.pop();
            }
            (Kind::List(item), Some(Draft::List(rows))) if !rows.is_empty() => {
                for (row, draft) in rows.iter().enumerate() {
                    let quick = if row < ROWS { quick } else { Quick::Yes };
                    self.row(field, *item, (row, draft), &path.join(row), quick);
                    if self.is_full() {
                        break;
                    }
                }
            }
            (Kind::List(Kind::Struct(inner)), _) => {
                self.trail.push((field, None));
                self.listless(inner, path);
                self.trail.pop();
            }
            (Kind::Map(_), Some(Draft::Map(rows))) => {
                self.trail.push((field, None));
                for (row, (name, draft)) in rows.iter().enumerate() {
                    let value = match draft {
                        Draft::Text(text) if !self.context.secrecy.hides(name, text) => {
                            text_of(draft)
                        }
                        _ => None,
                    };
                    self.entry(name, value, path.join(row));
                    if self.is_full() {
                        break;
                    }
                }
                self.trail.pop();
            }
            _ => {}
        }
    }

    /// Whether so many were found by a value that the others need not be looked for.
    fn is_full(&self) -> bool {
        self.valued >= self.most
    }

    /// One row of a list.
    fn row(
        &mut self,
        field: &'static FieldDescriptor,
        item: Kind,
        (row, draft): (usize, &Draft),
        path: &Path,
        quick: Quick,
    ) {
        self.trail.push((field, Some(row)));
        match item {
            Kind::Struct(inner) => self.inside(inner, Some(draft), path, quick),
            kind => {
                let text = (!store::is_secret(kind, draft)).then(|| text_of(draft));
                let text = text.flatten();
                if self.is_in(text.as_deref()) {
                    self.add_if_it_fits(&[], &[], "", text, path.clone());
                }
            }
        }
        self.trail.pop();
    }

    /// The fields of rows that there are none of: they lead to their list.
    fn listless(&mut self, descriptor: &'static StructDescriptor, list: &Path) {
        for field in descriptor.fields {
            self.consider(field, None, list);
            let (Kind::Struct(inner) | Kind::List(&Kind::Struct(inner))) = field.kind else {
                continue;
            };
            self.trail.push((field, None));
            self.listless(inner, list);
            self.trail.pop();
        }
    }

    /// Adds a field if all words fit.
    fn consider(&mut self, field: &'static FieldDescriptor, value: Option<String>, path: &Path) {
        let say = self.say;
        self.trail.push((field, None));
        // Only who writes a name with all that is around it looks for one.
        let whole = if self.words.iter().any(|word| word.contains(['.', '['])) {
            self.name("")
        } else {
            String::new()
        };
        let own = [field.label, say(field.label), field.wire, &whole];
        let help = [field.help, say(field.help)];
        self.add_if_it_fits(&own, &help, "", value, path.clone());
        self.trail.pop();
    }

    /// Adds an entry of a map, or a member that the model does not know.
    fn entry(&mut self, name: &str, value: Option<String>, path: Path) {
        self.add_if_it_fits(&[name], &[], name, value, path);
    }

    fn add_if_it_fits(
        &mut self,
        own: &[&str],
        help: &[&str],
        given: &str,
        value: Option<String>,
        path: Path,
    ) {
        let mut rank: Rank = (0, 0);
        let (mut is_own, mut is_valued) = (false, false);
        let around = self.trail.len() - usize::from(!own.is_empty() && given.is_empty());
        for word in &self.words {
            let fits = own.iter().filter_map(|text| fit_in(text, word));
            let mut best = fits.min();
            if best.is_none() && value.as_deref().is_some_and(|value| holds(value, word)) {
                best = Some(fit::VALUE);
                is_valued = true;
            }
            if best.is_none() && help.iter().any(|text| holds(text, word)) {
                best = Some(fit::HELP);
            }
            is_own |= best.is_some();
            // Where the help has it too, what is around tells more.
            if best.is_none_or(|best| best == fit::HELP) {
                let stands = |(field, _): &(&'static FieldDescriptor, Option<usize>)| {
                    holds(field.label, word)
                        || holds((self.say)(field.label), word)
                        || holds(field.wire, word)
                };
                if self.trail[..around].iter().any(stands) {
                    best = Some(fit::AROUND);
                }
            }
            let Some(best) = best else { return };
            rank = (rank.0.max(best), rank.1 + u32::from(best));
        }
        if !is_own || is_valued && self.is_full() {
            return;
        }
        self.valued += usize::from(is_valued);
        let hit = Hit {
            trail: self
                .trail
                .iter()
                .map(|(field, row)| (field.label, *row))
                .collect(),
            name: self.name(given),
            given: given.to_owned(),
            value: value.filter(|_| is_valued),
            path,
        };
        self.hits.push((rank, hit));
    }

    /// The wire name of where the search is, with the name given there behind it.
    fn name(&self, given: &str) -> String {
        let mut name = String::new();
        let rows = self.trail.iter().map(|(field, row)| (field.wire, *row));
        for (part, row) in rows.chain((!given.is_empty()).then_some((given, None))) {
            if !name.is_empty() {
                name.push('.');
            }
            name.push_str(part);
            if let Some(row) = row {
                name.push('[');
                name.push_str(&row.to_string());
                name.push(']');
            }
        }
        name
    }

    /// Whether one of the words stands in a value.
    fn is_in(&self, value: Option<&str>) -> bool {
        value.is_some_and(|value| self.words.iter().any(|word| holds(value, word)))
    }
}

/// What a value reads like; nothing for what has values of its own inside.
fn text_of(value: &Draft) -> Option<String> {
    match value {
        Draft::Text(text) if !text.is_empty() => Some(text.clone()),
        Draft::Foreign(value) => Some(value.to_string()),
        _ => None,
    }
}

/// How well a word fits a label or a name; nothing if it does not stand in it. Parts begin behind what is no letter, and
/// with a capital: `MountPath`.
fn fit_in(text: &str, word: &str) -> Option<u8> {
    let bytes = text.as_bytes();
    let mut best = None;
    for at in places(text, word) {
        let is_part = at > 0 && {
            let (before, first) = (bytes[at - 1], bytes[at]);
            !before.is_ascii_alphanumeric() && before.is_ascii()
                || first.is_ascii_uppercase() && !before.is_ascii_uppercase()
        };
        let fit = match at {
            0 if text.len() == word.len() => fit::WHOLE,
            0 => fit::BEGINS,
            _ if is_part => fit::PART,
            _ => fit::INSIDE,
        };
        best = Some(best.map_or(fit, |best: u8| best.min(fit)));
    }
    best
}

/// Whether a word stands in a text.
fn holds(text: &str, word: &str) -> bool {
    places(text, word).next().is_some()
}

/// Where a word of small letters stands in a text, in any case of ASCII letters.
fn places<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let windows = text.as_bytes().windows(word.len().max(1)).enumerate();
    windows.filter_map(|(at, part)| part.eq_ignore_ascii_case(word.as_bytes()).then_some(at))
}
