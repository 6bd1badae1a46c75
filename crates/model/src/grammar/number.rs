//! Numbers that are written as text, some with a unit.
//!
//! They are compared digit by digit or as whole numbers: the code that reads floating-point numbers is large.

/// A number as it is written: digits, perhaps a point and more digits. No sign, no exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal<'a> {
    /// The digits before the point.
    pub whole: &'a str,
    /// The digits behind it.
    pub fraction: &'a str,
}

impl<'a> Decimal<'a> {
    /// Reads `12` or `0.5`.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        (is_whole(whole) && is_whole(fraction)).then_some(Self { whole, fraction })
    }

    /// Whether it is above 0.
    pub fn is_positive(self) -> bool {
        !(is_zero(self.whole) && is_zero(self.fraction))
    }

    /// Whether it is at most 1.
    pub fn is_share(self) -> bool {
        match self.whole.trim_start_matches('0') {
            "" => true,
            "1" => is_zero(self.fraction),
            _ => false,
        }
    }

    /// How many thousandths it has, what is smaller left out; nothing if they are too many.
    pub fn thousandths(self) -> Option<u64> {
        let mut thousandths: u64 = self.whole.parse().ok()?;
        let fraction = self.fraction.bytes().chain([b'0'; 3]);
        for digit in fraction.take(3) {
            thousandths = thousandths
                .checked_mul(10)?
                .checked_add(u64::from(digit - b'0'))?;
        }
        Some(thousandths)
    }
}

fn is_zero(digits: &str) -> bool {
    digits.bytes().all(|digit| digit == b'0')
}

/// Whether the text is a whole number from 0: digits only.
pub fn is_whole(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the text is a port: a whole number from 1 to 65535, without zeros before it.
pub fn is_port(text: &str) -> bool {
    is_whole(text) && !text.starts_with('0') && text.parse::<u16>().is_ok()
}

/// Splits a text into what is written before its first letter or space and the rest.
fn split_unit(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    text.split_at(end.unwrap_or(text.len()))
}

/// An amount of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// With a unit that the service knows, Ki, Mi, Gi or Ti: so many thousandths of a KiB, if they can be
    /// counted.
    Known(Option<u64>),
    /// A number without a unit, which the service takes for MiB: so many thousandths of a KiB, likewise.
    Bare(Option<u64>),
    /// Anything else.
    Other,
}

impl Quantity {
    /// Reads `32Gi`.
    pub fn parse(text: &str) -> Self {
        let (number, unit) = split_unit(text);
        let Some(number) = Decimal::parse(number) else {
            return Self::Other;
        };
        let in_kib = |power: u32| number.thousandths()?.checked_mul(1024_u64.pow(power));
        match unit {
            "Ki" => Self::Known(in_kib(0)),
            "Mi" => Self::Known(in_kib(1)),
            "Gi" => Self::Known(in_kib(2)),
            "Ti" => Self::Known(in_kib(3)),
            "" => Self::Bare(in_kib(1)),
            _ => Self::Other,
        }
    }

    /// How many thousandths of a KiB it is, where that is known.
    pub fn thousandths_of_kib(self) -> Option<u64> {
        match self {
            Self::Known(amount) | Self::Bare(amount) => amount,
            Self::Other => None,
        }
    }

    /// This many GiB, in thousandths of a KiB.
    pub const fn gib(amount: u64) -> u64 {
        amount * 1024 * 1024 * 1000
    }
}

/// The amount of memory that a text most likely means, in the service's units: `32Gi` for `32 GB` and for
/// `32`, `8Gi` for `8192`.
pub fn to_quantity(text: &str) -> Option<String> {
    let (number, unit) = split_unit(text.trim());
    let number_of = Decimal::parse(number)?;
    let letter = match unit.trim_start().to_ascii_lowercase().as_str() {
        "k" | "kb" | "ki" | "kib" => "Ki",
        "m" | "mb" | "mi" | "mib" => "Mi",
        "g" | "gb" | "gi" | "gib" => "Gi",
        "t" | "tb" | "ti" | "tib" => "Ti",
        // A person who leaves the unit out thinks of GiB, unless the number is one of MiB beyond doubt.
        "" => {
            let mib = number_of.whole.parse::<u64>().ok();
            let mib = mib.filter(|mib| *mib >= 1024 && mib.is_multiple_of(1024));
            match mib.filter(|_| !number.contains('.')) {
                Some(mib) => return Some((mib / 1024).to_string() + "Gi"),
                None => "Gi",
            }
        }
        _ => return None,
    };
    Some([number, letter].concat())
}

/// Whether the text is the size of a disk: a whole number from 1 with `Gi`.
pub fn is_capacity(text: &str) -> bool {
    let number = text.strip_suffix("Gi");
    number.is_some_and(|number| is_whole(number) && !number.starts_with('0'))
}

/// The size of a disk that a text most likely means: `100Gi` for `100 GB` and for `100`.
pub fn to_capacity(text: &str) -> Option<String> {
    let (number, unit) = split_unit(text.trim());
    let unit = unit.trim_start();
    let gib = ["", "g", "gb", "gi", "gib"];
    let capacity = gib
        .iter()
        .any(|known| unit.eq_ignore_ascii_case(known))
        .then(|| [number, "Gi"].concat())?;
    is_capacity(&capacity).then_some(capacity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals() {
        for (text, positive, share, thousandths) in [
            ("0", false, true, Some(0)),
            ("0.000", false, true, Some(0)),
            ("0.0004", true, true, Some(0)),
            ("0.1", true, true, Some(100)),
            ("1.000", true, true, Some(1_000)),
            ("01", true, true, Some(1_000)),
            ("1.001", true, false, Some(1_001)),
            ("10", true, false, Some(10_000)),
            ("2.34567", true, false, Some(2_345)),
            ("18446744073709551615", true, false, None),
            ("99999999999999999999", true, false, None),
        ] {
            let number = Decimal::parse(text).expect(text);
            assert_eq!(number.is_positive(), positive, "{text}");
            assert_eq!(number.is_share(), share, "{text}");
            assert_eq!(number.thousandths(), thousandths, "{text}");
        }
        for refused in [
            "", ".", "1.", ".5", "-1", "+1", "1e3", " 1", "1,5", "1.2.3", "٣",
        ] {
            assert_eq!(Decimal::parse(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn ports() {
        for accepted in ["1", "22", "65535"] {
            assert!(is_port(accepted), "{accepted:?}");
        }
        for refused in [
            "",
            "0",
            "022",
            "65536",
            "-1",
            "+22",
            "22 ",
            "ssh",
            "99999999999",
        ] {
            assert!(!is_port(refused), "{refused:?}");
        }
    }

    #[test]
    fn quantities() {
        for (text, thousandths) in [
            ("1Ki", 1_000),
            ("0.5Mi", 512_000),
            ("32Gi", Quantity::gib(32)),
            ("1Ti", Quantity::gib(1024)),
        ] {
            assert_eq!(
                Quantity::parse(text),
                Quantity::Known(Some(thousandths)),
                "{text}"
            );
        }
        assert_eq!(
            Quantity::parse("1024"),
            Quantity::Bare(Some(Quantity::gib(1)))
        );
        assert_eq!(Quantity::parse("99999999999999Ti"), Quantity::Known(None));
        for text in [
            "", "Gi", "32GB", "32G", "32gi", "32 Gi", " 32Gi", "-1Gi", "1.Gi", "1Gi/s",
        ] {
            assert_eq!(Quantity::parse(text), Quantity::Other, "{text:?}");
        }
    }

    #[test]
    fn meant_quantities() {
        for (text, meant) in [
            ("32GB", Some("32Gi")),
            ("32G", Some("32Gi")),
            (" 32 gi ", Some("32Gi")),
            ("32GiB", Some("32Gi")),
            ("1.5g", Some("1.5Gi")),
            ("512MB", Some("512Mi")),
            ("1tb", Some("1Ti")),
            ("9K", Some("9Ki")),
            ("32", Some("32Gi")),
            ("1000", Some("1000Gi")),
            ("1024", Some("1Gi")),
            ("8192", Some("8Gi")),
            ("1024.5", Some("1024.5Gi")),
            ("", None),
            ("much", None),
            ("32PB", None),
            ("-1G", None),
            ("1.2.3G", None),
        ] {
            assert_eq!(to_quantity(text).as_deref(), meant, "{text:?}");
            if let Some(meant) = meant {
                assert!(
                    matches!(Quantity::parse(meant), Quantity::Known(_)),
                    "{meant}"
                );
            }
        }
    }

    #[test]
    fn capacities() {
        for accepted in ["100Gi", "1Gi"] {
            assert!(is_capacity(accepted), "{accepted:?}");
        }
        for (refused, meant) in [
            ("100", Some("100Gi")),
            ("100GB", Some("100Gi")),
            (" 100 Gi", Some("100Gi")),
            ("100gib", Some("100Gi")),
            ("0Gi", None),
            ("0100Gi", None),
            ("100.5Gi", None),
            ("100Mi", None),
            ("1Ti", None),
            ("Gi", None),
            ("", None),
        ] {
            assert!(!is_capacity(refused), "{refused:?}");
            assert_eq!(to_capacity(refused).as_deref(), meant, "{refused:?}");
        }
    }
}
