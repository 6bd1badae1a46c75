//! [`Writer`]: text with indentation.

/// A text that is written from begin to end, with the indentation that its next line has.
pub(crate) struct Writer {
    out: String,
    depth: usize,
    unit: &'static str,
    /// What stands between lines.
    between: char,
}

impl Writer {
    /// An empty text. `unit` is one step of indentation.
    pub(crate) fn new(unit: &'static str) -> Self {
        Self::at(0, unit)
    }

    /// An empty text whose lines stand so deep.
    pub(crate) fn at(depth: usize, unit: &'static str) -> Self {
        Self {
            out: String::new(),
            depth,
            unit,
            between: '\n',
        }
    }

    /// An empty text whose lines stand in one.
    pub(crate) fn flat() -> Self {
        Self {
            between: ' ',
            ..Self::new("")
        }
    }

    /// Goes on in the same line.
    pub(crate) fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// What was written so far, to go on in the same line.
    pub(crate) fn out(&mut self) -> &mut String {
        &mut self.out
    }

    /// Begins a line.
    pub(crate) fn begin(&mut self) {
        if !self.out.is_empty() {
            self.out.push(self.between);
        }
        for _ in 0..self.depth {
            self.out.push_str(self.unit);
        }
    }

    /// A whole line, of parts.
    pub(crate) fn line(&mut self, parts: &[&str]) {
        if parts.is_empty() {
            self.out.push('\n');
            return;
        }
        self.begin();
        for part in parts {
            self.out.push_str(part);
        }
    }

    /// Whole lines, as they are.
    pub(crate) fn lines(&mut self, text: &str) {
        for line in text.lines() {
            if line.is_empty() {
                self.line(&[]);
            } else {
                self.line(&[line]);
            }
        }
    }

    /// Lines that were written [at](Self::at) their own depth.
    pub(crate) fn block(&mut self, text: &str) {
        self.out.push('\n');
        self.out.push_str(text);
    }

    /// What follows stands deeper.
    pub(crate) fn deeper(&mut self) {
        self.depth += 1;
    }

    /// What follows stands less deep again.
    pub(crate) fn back(&mut self) {
        self.depth -= 1;
    }

    /// The text without a line break at its end.
    pub(crate) fn text(self) -> String {
        self.out
    }

    /// The text.
    pub(crate) fn finish(mut self) -> String {
        self.out.push('\n');
        self.out
    }
}
