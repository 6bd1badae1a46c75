//! Whether a language keeps a number as it is written.

/// What a language keeps of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exact {
    /// 64-bit floating point, all of them.
    Double,
    /// Whole numbers of up to 4,300 digits, which is as long as they may be written; others as floating point.
    Python,
    /// Floating point of 512 bits.
    Terraform,
}

/// Decimal digits that survive a conversion to 64-bit floating point and back, whatever they are.
const DOUBLE_DIGITS: usize = 15;

impl Exact {
    /// Whether a number, written as JSON writes it, comes out with the same value. Of floating point this says no to
    /// a few numbers that happen to survive.
    pub(crate) fn keeps(self, number: &str) -> bool {
        let written = number.trim_start_matches('-');
        let is_whole = written.bytes().all(|byte| byte.is_ascii_digit());
        let (mantissa, exponent) = match written.find(['e', 'E']) {
            Some(at) => (
                &written[..at],
                written[at + 1..].parse().unwrap_or(i32::MAX),
            ),
            None => (written, 0),
        };
        let whole = mantissa.find('.').unwrap_or(mantissa.len());
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let significant = digits.trim_matches('0');
        if significant.is_empty() {
            return true;
        }
        let leading = digits.len() - digits.trim_start_matches('0').len();
        // Where the decimal point would stand behind the first significant digit.
        let places = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let magnitude = places(whole)
            .saturating_sub(places(leading))
            .saturating_add(exponent);
        match self {
            Self::Python if is_whole => written.len() <= 4_300,
            Self::Double | Self::Python => {
                let is_safe = is_whole && written.parse::<u64>().is_ok_and(|n| n <= 1 << 53);
                is_safe || significant.len() <= DOUBLE_DIGITS && (-290..=301).contains(&magnitude)
            }
            Self::Terraform => significant.len() <= 150 && (-150..=150).contains(&magnitude),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_survive() {
        for number in [
            "0",
            "-0",
            "1",
            "9007199254740992",
            "1.5e3",
            "0.0001",
            "123456789012345e10",
            "1e300",
        ] {
            assert!(Exact::Double.keeps(number), "{number}");
        }
        for number in [
            "9007199254740993",
            "1234567890.1234567",
            "1e400",
            "1e-400",
            "1e99999999999",
        ] {
            assert!(!Exact::Double.keeps(number), "{number}");
        }
        assert!(
            Exact::Python.keeps(&"9".repeat(4_300)) && !Exact::Python.keeps(&"9".repeat(4_301))
        );
        assert!(!Exact::Python.keeps("1e400"));
        assert!(
            Exact::Terraform.keeps(&"9".repeat(150)) && !Exact::Terraform.keeps(&"9".repeat(151))
        );
    }
}
