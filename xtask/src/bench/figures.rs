//! Figures as programs print them, and the table of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What wrk prints.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wrk {
    /// Requests per second.
    pub(super) rate: f64,
    /// 99th percentile of the answer times, in milliseconds.
    pub(super) p99: f64,
    /// Answers that were errors, and requests without an answer.
    pub(super) errors: u64,
}

impl Wrk {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let after = |word: &str| text.split_once(word).map(|(_, rest)| rest.trim_start());
        let number = |text: &str| text.split([' ', '\n', ',']).next()?.parse::<f64>().ok();
        let rate = number(after("Requests/sec:")?)?;
        let p99 = milliseconds(after("99%")?.split_whitespace().next()?)?;
        let mut errors = 0;
        if let Some(count) = after("Non-2xx or 3xx responses:") {
            errors += count.split_whitespace().next()?.parse::<u64>().ok()?;
        }
        if let Some(kinds) = after("Socket errors:") {
            let line = kinds.lines().next()?;
            errors += line
                .split([' ', ','])
                .filter_map(|word| word.parse::<u64>().ok())
                .sum::<u64>();
        }
        Some(Self { rate, p99, errors })
    }
}

/// A time as wrk writes it: `1.23ms`, `456.00us`, `1.02s`.
fn milliseconds(text: &str) -> Option<f64> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0), ("m", 60_000.0)];
    let (number, factor) = units
        .iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    Some(number.parse::<f64>().ok()? * factor)
}

/// What `bench` prints: names and numbers.
pub(super) fn named(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    let figures = lines.filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?)));
    figures.collect()
}

/// The time in the middle of what criterion prints, in microseconds.
pub(super) fn criterion(text: &str) -> Option<f64> {
    let times = text.split_once("time:")?.1.split_once('[')?.1;
    let words: Vec<_> = times.split([' ', ']']).collect();
    let (&number, &unit) = (words.get(2)?, words.get(3)?);
    let factor = match unit {
        "ps" => 1e-6,
        "ns" => 1e-3,
        "µs" => 1.0,
        "ms" => 1e3,
        "s" => 1e6,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * factor)
}

/// The one in the middle.
pub(super) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The figures, each with what it is compared with.
#[derive(Debug, Default)]
pub(super) struct Table(String);

impl Table {
    /// Adds a row: what was measured, here, elsewhere, and the bar with whether it is met.
    pub(super) fn row(&mut self, what: &str, here: &str, beside: &str, bar: &str, met: bool) {
        let met = if met { "yes" } else { "**no**" };
        let _ = writeln!(self.0, "| {what} | {here} | {beside} | {bar} | {met} |");
    }

    /// The whole, as Markdown.
    pub(super) fn text(&self) -> String {
        format!(
            "| what | gateway | beside | bar | met |\n| --- | ---: | ---: | --- | --- |\n{}",
            self.0
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrk_is_understood() {
        let text = "Running 2s test @ http://127.0.0.1:9000/\n  1 threads and 32 connections\n  \
            Thread Stats   Avg      Stdev     Max   +/- Stdev\n    Latency     1.02ms    0.5ms  20.1ms   90.00%\n  \
            Latency Distribution\n     50%    0.98ms\n     75%    1.10ms\n     90%    1.20ms\n     99%  980.50us\n  \
            12345 requests in 2.00s, 10.00MB read\n  Socket errors: connect 0, read 2, write 0, timeout 1\n  \
            Non-2xx or 3xx responses: 4\nRequests/sec:   6172.50\nTransfer/sec:      5.00MB\n";
        let parsed = Wrk::parse(text).expect("wrk's words");
        assert_eq!((parsed.rate, parsed.errors), (6172.5, 7));
        assert!((parsed.p99 - 0.9805).abs() < 1e-9);
        assert_eq!(
            Wrk::parse("unable to connect to 127.0.0.1:9000 Connection refused"),
            None
        );
        assert_eq!(milliseconds("1.5s"), Some(1500.0));
        assert_eq!(milliseconds("2.00ms"), Some(2.0));
    }

    #[test]
    fn criterion_is_understood() {
        let text = "sign a body of 4 KiB    time:   [8.1013 µs 8.1234 µs 8.2000 µs]\n";
        assert_eq!(criterion(text), Some(8.1234));
        assert_eq!(criterion("time:   [1.0 ns 2000.0 ns 3.0 µs]"), Some(2.0));
        assert_eq!(criterion("error"), None);
    }

    #[test]
    fn figures_are_read_by_name() {
        let figures = named("answers\t10\np99\t123\nnot a figure\n");
        assert_eq!(figures.get("p99"), Some(&123.0));
        assert_eq!(figures.len(), 2);
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
    }
}
