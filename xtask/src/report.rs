//! What is known about the built page: written after a build, read before the next one and by the
//! server.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::project::Project;

/// All bytes until the page can be used, headers included: 162 KiB, as much as a form made by RJSF takes with a part of
/// the function.
pub(crate) const BUDGET: u64 = 162 * 1024;

/// What the headers of one response may take of the budget.
const HEADERS: u64 = 900;

/// The built page, in facts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// Digest of what the page was built from.
    pub(crate) sources: String,
    /// Digest of what was built.
    pub(crate) results: String,
    /// Source expressions that allow the inline scripts.
    pub(crate) scripts: Vec<String>,
    /// The files, brotli copies aside.
    pub(crate) files: Vec<File>,
}

/// One file of the page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Path below `dist`, with slashes.
    pub(crate) name: String,
    /// Size as it is.
    pub(crate) bytes: u64,
    /// Size after brotli at its best.
    pub(crate) compressed: u64,
    /// Whether the page cannot be used before it is there.
    pub(crate) first: bool,
}

impl Report {
    /// Where it is kept.
    pub(crate) fn path(project: &Project) -> PathBuf {
        project.tools().join("page.report")
    }

    /// The report of the last build, if there is one.
    pub(crate) fn load(path: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(path).ok()?)
    }

    /// Keeps the report.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub(crate) fn save(&self, path: &Path) -> Result<()> {
        fs::write(path, self.text()).map_err(|error| Failure::io(path, &error))
    }

    /// Reads facts, one on a line, their parts separated by tabs.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut report = Self::default();
        for line in text.lines() {
            match line.split('\t').collect::<Vec<_>>()[..] {
                ["sources", digest] => digest.clone_into(&mut report.sources),
                ["results", digest] => digest.clone_into(&mut report.results),
                ["script", source] => report.scripts.push(source.to_owned()),
                ["file", name, bytes, compressed, when] => report.files.push(File {
                    name: name.to_owned(),
                    bytes: bytes.parse().ok()?,
                    compressed: compressed.parse().ok()?,
                    first: when == "first",
                }),
                _ => return None,
            }
        }
        Some(report)
    }

    fn text(&self) -> String {
        let mut text = format!("sources\t{}\nresults\t{}\n", self.sources, self.results);
        for script in &self.scripts {
            let _ = writeln!(text, "script\t{script}");
        }
        for File {
            name,
            bytes,
            compressed,
            first,
        } in &self.files
        {
            let when = if *first { "first" } else { "later" };
            let _ = writeln!(text, "file\t{name}\t{bytes}\t{compressed}\t{when}");
        }
        text
    }

    /// Bytes that are transferred until the page can be used.
    pub(crate) fn transferred(&self) -> u64 {
        let first = self.files.iter().filter(|file| file.first);
        first.map(|file| file.compressed + HEADERS).sum()
    }

    /// Sizes, for people.
    pub(crate) fn table(&self) -> String {
        let mut table = format!("{:>10} {:>10}  file\n", "bytes", "brotli");
        let mut line = |bytes: u64, compressed: u64, name: &str| {
            let _ = writeln!(table, "{bytes:>10} {compressed:>10}  {name}");
        };
        for file in &self.files {
            let later = if file.first { "" } else { " (when needed)" };
            line(
                file.bytes,
                file.compressed,
                &format!("{}{later}", file.name),
            );
        }
        line(
            self.files.iter().map(|file| file.bytes).sum(),
            self.files.iter().map(|file| file.compressed).sum(),
            "total",
        );
        let _ = write!(
            table,
            "Until the page can be used: {} of {BUDGET} bytes, {HEADERS} of them for each \
             response's headers.",
            self.transferred(),
        );
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "sources\tab\nresults\tcd\nscript\t'sha256-x='\n\
                        file\tindex.html\t900\t400\tfirst\n\
                        file\tlocales/zh.json\t90\t40\tlater\n";

    #[test]
    fn what_is_written_is_read() {
        let report = Report::parse(TEXT).expect("well-formed");
        assert_eq!(report.text(), TEXT);
        assert_eq!(report.files[1].name, "locales/zh.json");
        assert_eq!(Report::parse("nonsense"), None);
        assert_eq!(Report::parse("file\ta\tmany\t1\tfirst"), None);
    }

    #[test]
    fn only_what_is_loaded_first_counts_with_its_headers() {
        assert_eq!(
            Report::parse(TEXT).expect("well-formed").transferred(),
            1300
        );
    }
}
