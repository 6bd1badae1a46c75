//! Amounts: decimal numbers as the service writes them, without the rounding of binary fractions.

use serde_json::Value;

/// Thousandths.
const PARTS: u64 = 1000;

/// A number that is not negative, to three decimals: a price, a number of cores, an amount of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(u64);

impl Amount {
    /// More than any.
    pub const MAX: Self = Self(u64::MAX);

    /// A whole number.
    pub fn whole(number: u32) -> Self {
        Self(u64::from(number) * PARTS)
    }

    /// The amount of a JSON number; nothing for what is none, negative, or written with an exponent.
    pub fn read(value: &Value) -> Option<Self> {
        let Value::Number(number) = value else {
            return None;
        };
        Self::parse(&number.to_string())
    }

    /// The amount that a text names, such as `12.71`. Further decimals are cut off.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) {
            return None;
        }
        let mut parts = whole.parse::<u64>().ok()?;
        for at in 0..3 {
            let digit = decimals.as_bytes().get(at).map_or(0, |byte| byte - b'0');
            parts = parts.checked_mul(10)?.checked_add(u64::from(digit))?;
        }
        Some(Self(parts))
    }

    /// So many times the amount.
    #[must_use]
    pub fn times(self, factor: u32) -> Self {
        Self(self.0.saturating_mul(u64::from(factor)))
    }

    /// The nearest whole number where it is a thousand or more: then the rest is of no account.
    #[must_use]
    pub fn rounded(self) -> Self {
        if self.0 < PARTS * PARTS {
            return self;
        }
        Self(self.0.saturating_add(PARTS / 2) / PARTS * PARTS)
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// As text with at least so many decimals, thousands told apart: `9,151.20`.
    pub fn show(self, decimals: usize) -> String {
        let mut text = (self.0 / PARTS).to_string();
        let mut at = text.len();
        while at > 3 {
            at -= 3;
            text.insert(at, ',');
        }
        let mut rest = (self.0 % PARTS + PARTS).to_string();
        // The first digit only keeps the zeros behind it.
        rest.remove(0);
        while rest.len() > decimals && rest.ends_with('0') {
            rest.pop();
        }
        if !rest.is_empty() {
            text.push('.');
            text.push_str(&rest);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_written() {
        for (text, shown) in [
            ("12.71", "12.71"),
            ("0.5", "0.50"),
            ("1", "1.00"),
            ("34.7425", "34.742"),
            ("9151.2", "9,151.20"),
            ("1234567", "1,234,567.00"),
        ] {
            assert_eq!(Amount::parse(text).expect(text).show(2), shown, "{text}");
        }
        assert_eq!(Amount::whole(62).show(0), "62");
        assert_eq!(Amount::parse("7.5").expect("a number").show(0), "7.5");
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "1e3",
            "1.5e3",
            "x",
            "99999999999999999999",
        ] {
            assert_eq!(Amount::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_numbers_are_amounts() {
        assert_eq!(Amount::read(&json!(62.5)), Amount::parse("62.5"));
        assert_eq!(Amount::read(&json!("62")), None);
        assert_eq!(Amount::read(&Value::Null), None);
    }

    #[test]
    fn large_amounts_are_rounded() {
        for (text, rounded) in [
            ("999.99", "999.99"),
            ("9151.2", "9,151"),
            ("9151.5", "9,152"),
            ("0.4", "0.4"),
        ] {
            assert_eq!(Amount::parse(text).expect(text).rounded().show(0), rounded);
        }
        assert!(!Amount::MAX.rounded().is_zero());
    }

    #[test]
    fn an_amount_is_multiplied_without_overflow() {
        let price = Amount::parse("12.71").expect("a number");
        assert_eq!(price.times(720).show(2), "9,151.20");
        assert_eq!(Amount::MAX.times(720), Amount::MAX);
    }
}
