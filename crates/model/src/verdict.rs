//! [`Verdict`]: all that is found in a request, brought up to date after each change.
//!
//! A request may have thousands of rows and is judged after every keystroke. What a change does not touch
//! is not asked again: rules name the fields that they read, and datasets are judged one by one.

use std::sync::Arc;

use crate::path;
use crate::path::Field;
use crate::request::{CreateInstanceRequest as Request, Dataset};
use crate::rules::{self, Check, Context, DatasetCheck, Diagnostic, Findings, Rule};
use crate::violation;

/// Findings are shared: those that stay are not copied.
pub type Found = Vec<Arc<Diagnostic>>;

/// A run of rows of a list in place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Splice {
    /// The first row that differs.
    pub at: usize,
    /// How many rows there were from here on that are not there any more.
    pub removed: usize,
    /// How many rows are there instead.
    pub added: usize,
}

impl Splice {
    /// What turns rows into others, with the fewest rows that differ.
    pub fn between<T>(old: &[T], new: &[T], same: impl Fn(&T, &T) -> bool) -> Self {
        let shorter = old.len().min(new.len());
        let head = (0..shorter)
            .take_while(|&row| same(&old[row], &new[row]))
            .count();
        let tail = (1..=shorter - head)
            .take_while(|back| same(&old[old.len() - back], &new[new.len() - back]))
            .count();
        Self {
            at: head,
            removed: old.len() - head - tail,
            added: new.len() - head - tail,
        }
    }

    /// Whether the rows behind it have other numbers now.
    pub fn shifts(self) -> bool {
        self.removed != self.added
    }

    /// Puts new rows in the place of the old, and says which of the others have to be made again: those
    /// that have other numbers now and depend on them.
    pub fn apply<T>(
        self,
        rows: &mut Vec<T>,
        mut make: impl FnMut(usize) -> T,
        depends: impl Fn(&T) -> bool,
    ) {
        // By single steps: `Vec::splice` is much code for each type, and all of it is downloaded.
        for row in self.at..self.at + self.added {
            if row < self.at + self.removed {
                rows[row] = make(row);
            } else {
                rows.insert(row, make(row));
            }
        }
        if self.removed > self.added {
            rows.drain(self.at + self.added..self.at + self.removed);
        }
        if self.shifts() {
            for (row, old) in rows.iter_mut().enumerate().skip(self.at + self.added) {
                if depends(old) {
                    *old = make(row);
                }
            }
        }
    }
}

/// Which fields of a request have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fields(u64);

impl Fields {
    /// All of them.
    pub const ALL: Self = Self(u64::MAX);

    /// Adds a field of the request.
    pub fn add(&mut self, Field(index): Field) {
        self.0 |= 1 << index.min(63);
    }

    /// Adds those of another set.
    pub fn add_all(&mut self, Self(others): Self) {
        self.0 |= others;
    }

    /// Whether a field of the request is among them.
    pub fn has(self, Field(index): Field) -> bool {
        self.0 & 1 << index.min(63) != 0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What is found in a request, part by part.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// What single values break.
    values: Found,
    /// For each rule about the request as a whole, what it found.
    whole: Vec<Found>,
    /// For each dataset, what is found in it.
    datasets: Vec<Found>,
}

impl Verdict {
    /// Judges a request from the start.
    pub fn new(request: &Request, context: &Context) -> Self {
        let mut verdict = Self::default();
        verdict.update(request, context, Fields::ALL, None);
        verdict
    }

    /// Judges a request again of which these fields have changed; `datasets` are the rows that are new,
    /// where not all of them are to be looked at.
    pub fn update(
        &mut self,
        request: &Request,
        context: &Context,
        changed: Fields,
        datasets: Option<Splice>,
    ) {
        keep_same(&mut self.values, violation::check(request));
        let whole = rules::all().filter_map(|rule| match rule.check {
            Check::Whole(reads, check) => Some((rule, reads, check)),
            Check::EachDataset(_) => None,
        });
        for (n, (rule, reads, check)) in whole.enumerate() {
            if n == self.whole.len() {
                self.whole.push(Vec::new());
            }
            if reads.iter().any(|field| changed.has(*field)) {
                let mut found = Vec::new();
                check(request, context, &mut Findings::of(rule, &mut found));
                keep_same(&mut self.whole[n], found);
            }
        }
        if changed.has(Request::DATASETS) {
            let rows = request.datasets.as_deref().unwrap_or_default();
            let splice = datasets.unwrap_or(Splice {
                at: 0,
                removed: self.datasets.len(),
                added: rows.len(),
            });
            let mut checks = Vec::new();
            for rule in rules::all() {
                if let Check::EachDataset(check) = rule.check {
                    checks.push((rule, check));
                }
            }
            splice.apply(
                &mut self.datasets,
                |row| judge_dataset(&rows[row], context, row, &checks),
                |found| !found.is_empty(),
            );
        }
    }

    /// All findings, in no order.
    pub fn found(&self) -> impl Iterator<Item = &Arc<Diagnostic>> {
        let parts = self.whole.iter().chain(&self.datasets);
        self.values.iter().chain(parts.flatten())
    }
}

/// Everything that can be said of one dataset by itself.
fn judge_dataset(
    dataset: &Dataset,
    context: &Context,
    row: usize,
    checks: &[(&Rule, DatasetCheck)],
) -> Found {
    let mut found = violation::check_dataset(dataset);
    for (rule, check) in checks {
        check(dataset, context, &mut Findings::of(rule, &mut found));
    }
    if found.is_empty() {
        return Vec::new();
    }
    let base = path![Request::DATASETS, row];
    let placed = found.into_iter().map(|mut diagnostic| {
        diagnostic.place_in(&base);
        Arc::new(diagnostic)
    });
    placed.collect()
}

/// Takes new findings over; findings that are as they were stay the very same.
fn keep_same(old: &mut Found, new: Vec<Diagnostic>) {
    let same = old.len() == new.len() && old.iter().zip(&new).all(|(old, new)| **old == *new);
    if !same {
        *old = new.into_iter().map(Arc::new).collect();
    }
}
