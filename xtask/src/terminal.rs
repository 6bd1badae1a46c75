//! What the person at the terminal sees.

use std::io::{self, Write};
use std::time::{Duration, Instant};

/// Prints a line. A closed pipe is nobody's fault and ends nothing.
pub(crate) fn say(text: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// Prints what went wrong, unless that has been said already.
pub(crate) fn complain(text: &str) {
    if text.is_empty() {
        return;
    }
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A step that takes a while: announced before, timed after.
#[derive(Debug)]
pub(crate) struct Step(Instant);

impl Step {
    /// Announces the step.
    pub(crate) fn begin(what: &str) -> Self {
        say(&format!("==> {what}"));
        Self(Instant::now())
    }

    /// Says how long it took.
    pub(crate) fn done(self) {
        say(&format!("    done in {}", elapsed(self.0.elapsed())));
    }
}

/// A duration as people say it: `0.4 s`, `12 s`, `3 min 5 s`.
pub(crate) fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_naturally() {
        assert_eq!(elapsed(Duration::from_millis(420)), "0.4 s");
        assert_eq!(elapsed(Duration::from_secs(12)), "12 s");
        assert_eq!(elapsed(Duration::from_secs(185)), "3 min 5 s");
    }
}
