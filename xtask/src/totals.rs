//! Adds up what test runners say.

use std::ops::AddAssign;

/// Passed and failed tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed.
    pub(crate) failed: u64,
}

impl Totals {
    /// One check that either passed or failed.
    pub(crate) fn one(passed: bool) -> Self {
        Self {
            passed: passed.into(),
            failed: (!passed).into(),
        }
    }

    /// Sums the closing lines of a runner: `test result: ok. 3 passed; 0 failed; …`, as cargo,
    /// the runner of browser tests and our own scripts print them.
    ///
    /// A runner that fails without a failed test (it did not compile, it crashed) counts as one.
    pub(crate) fn of_runner(output: &str, succeeded: bool) -> Self {
        let mut totals = Self::default();
        for line in output.lines() {
            // The browser's runner indents, and colours may stand around the line.
            let Some((_, counts)) = line.split_once("test result: ") else {
                continue;
            };
            totals.passed += count(counts, " passed;");
            totals.failed += count(counts, " failed;");
        }
        if !succeeded && totals.failed == 0 {
            totals.failed = 1;
        }
        totals
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The number right before a word.
fn count(text: &str, word: &str) -> u64 {
    let number = text
        .split_once(word)
        .and_then(|(before, _)| before.rsplit(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "running 3 tests
test a ... ok
test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 filtered out; finished in 0.01s
";

    #[test]
    fn closing_lines_are_summed() {
        assert_eq!(
            Totals::of_runner(OUTPUT, false),
            Totals {
                passed: 13,
                failed: 2
            }
        );
    }

    #[test]
    fn a_runner_that_fails_without_a_failed_test_counts() {
        assert_eq!(
            Totals::of_runner("error: could not compile", false),
            Totals::one(false)
        );
        assert_eq!(
            Totals::of_runner("test result: ok. 3 passed; 0 failed;", false),
            Totals {
                passed: 3,
                failed: 1
            }
        );
        assert_eq!(Totals::of_runner("", true), Totals::default());
    }
}
