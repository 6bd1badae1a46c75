//! What all lists have in common: query members, order, pages.

use serde_json::Value;

use super::answer::{Object, Refusal};
use crate::upstream::Call;

/// Most entries of a page.
const LARGEST_PAGE: usize = 100;

/// A query, read as its operation reads it.
#[derive(Clone, Copy)]
pub(super) struct Query<'a>(pub(super) &'a Call);

impl<'a> Query<'a> {
    /// A member, if it is there and not empty.
    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        self.0.query(name).filter(|value| !value.is_empty())
    }

    /// A member that is `true` or `false`.
    pub(super) fn is_true(self, name: &str) -> Result<Option<bool>, Refusal> {
        self.text(name)
            .map(|value| match value {
                "true" => Ok(true),
                "false" => Ok(false),
                _ => Err(self.wrong(name, "must be true or false")),
            })
            .transpose()
    }

    /// A member that is a whole number.
    pub(super) fn number(self, name: &str) -> Result<Option<u64>, Refusal> {
        self.text(name)
            .map(|value| {
                value
                    .parse()
                    .map_err(|_| self.wrong(name, "must be a whole number"))
            })
            .transpose()
    }

    /// A member that is one of these.
    pub(super) fn one_of(
        self,
        name: &str,
        values: &[&'static str],
    ) -> Result<Option<&'a str>, Refusal> {
        match self.text(name) {
            Some(value) if !values.contains(&value) => {
                Err(self.wrong(name, &format!("must be one of {}", values.join(", "))))
            }
            value => Ok(value),
        }
    }

    /// A member that is a moment.
    pub(super) fn moment(self, name: &str) -> Result<Option<jiff::Timestamp>, Refusal> {
        self.text(name)
            .map(|value| {
                value
                    .parse()
                    .map_err(|_| self.wrong(name, "must be a time such as 2026-01-15T08:00:00Z"))
            })
            .transpose()
    }

    /// A member's parts between commas.
    pub(super) fn parts(self, name: &str) -> Option<Vec<&'a str>> {
        let parts = self.text(name)?.split(',').map(str::trim);
        Some(parts.filter(|part| !part.is_empty()).collect())
    }

    /// A member is wrong, in the manner of the product that is asked.
    pub(super) fn wrong(self, name: &str, what: &str) -> Refusal {
        let product = self.0.operation.facts().product;
        Refusal::parameter(product, format!("{name} {what}."))
    }

    /// One page of these entries, which are in order: `TotalCount` and the page under this name.
    pub(super) fn page<T>(
        self,
        name: &'static str,
        default_size: usize,
        entries: Vec<T>,
        show: impl Fn(T) -> Object,
    ) -> Result<Object, Refusal> {
        let number = self.bounded("PageNumber", 1, usize::MAX)?;
        let size = self.bounded("PageSize", default_size, LARGEST_PAGE)?;
        let total = entries.len();
        let page = entries
            .into_iter()
            .skip((number - 1).saturating_mul(size))
            .take(size)
            .map(|entry| Value::Object(show(entry)));
        let page = page.collect();
        let mut data = Object::new();
        data.insert("TotalCount".to_owned(), total.into());
        data.insert(name.to_owned(), Value::Array(page));
        Ok(data)
    }

    fn bounded(self, name: &str, default: usize, most: usize) -> Result<usize, Refusal> {
        let Some(number) = self.number(name)? else {
            return Ok(default);
        };
        usize::try_from(number)
            .ok()
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| match most {
                usize::MAX => self.wrong(name, "must be at least 1"),
                most => self.wrong(name, &format!("must be from 1 to {most}")),
            })
    }

    /// Whether the order asked for is the reverse of the one that entries are in, given whether that is
    /// ascending and which is the default.
    pub(super) fn is_descending(self, default: &'static str) -> Result<bool, Refusal> {
        Ok(self.one_of("Order", &["ASC", "DESC"])?.unwrap_or(default) == "DESC")
    }
}
