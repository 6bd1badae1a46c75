//! What a text is, by its looks: data, a program, commands; and what stands between fences of Markdown.

use super::reader::{Dialect, Reader};

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Data,
    Program(Dialect),
    /// Commands of a shell.
    Script,
}

/// Something between fences.
#[derive(Debug)]
pub(super) struct Fence {
    /// The byte of the fence.
    pub(super) at: usize,
    /// What stands between, in bytes.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// What stands between the fences of a text that begins neither with JSON nor with code.
pub(super) fn fences(text: &str) -> Vec<Fence> {
    let mut fences: Vec<Fence> = Vec::new();
    if text.trim_start().starts_with(['{', '[', '"']) {
        return fences;
    }
    let mut open: Option<(Fence, &str)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let begins = at + line.len() - line.trim_start().len();
        at += line.len();
        let line = line.trim();
        if let Some((mut fence, mark)) = open.take() {
            let is_end = line.starts_with(mark) && line.trim_start_matches(&mark[..1]).is_empty();
            if is_end {
                fences.push(fence);
            } else {
                fence.to = at;
                open = Some((fence, mark));
            }
        } else {
            let mark = ["```", "~~~"]
                .into_iter()
                .find(|mark| line.starts_with(mark));
            open = mark.map(|mark| {
                (
                    Fence {
                        at: begins,
                        from: at,
                        to: at,
                    },
                    mark,
                )
            });
        }
    }
    // The last fence may have been left behind.
    fences.extend(open.map(|(fence, _)| fence));
    fences
}

/// What stands from this byte on.
pub(super) fn written(text: &str, from: usize) -> Option<Written> {
    let mut reader = Reader::new(text, Dialect::Json);
    reader.at = from;
    // A comment without an end hides everything.
    if reader.skip().is_ok() {
        let rest = reader.rest();
        let inside = rest
            .trim_start_matches(['\'', '"', '\u{201c}', '\u{201d}'])
            .trim_start();
        let is_quoted = inside.len() < rest.len() && inside.starts_with(['{', '[']);
        // An object as it is printed, behind its class.
        let class = reader.names().rsplit('.').next().unwrap_or_default();
        let behind = reader.rest().trim_start_matches(' ');
        let is_printed = class.starts_with(|c: char| c.is_uppercase())
            && reader.rest().starts_with(' ')
            && ["{\n", "{\r\n", "{ "]
                .iter()
                .any(|begin| behind.starts_with(begin));
        if rest.starts_with(['{', '[']) || is_quoted || is_printed {
            return Some(Written::Data);
        }
    }
    text[from..].lines().find_map(told)
}

/// What a line tells of the language that it is written in.
fn told(line: &str) -> Option<Written> {
    use Dialect::{Go, Hcl, Java, Python, TypeScript};
    let line = line.trim();
    let begins = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
    let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
    let program = |dialect| Some(Written::Program(dialect));
    if line.starts_with("#!") {
        return match line {
            _ if line.contains("python") => program(Python),
            _ if line.contains("node") => program(TypeScript),
            _ => Some(Written::Script),
        };
    }
    if line.is_empty() || begins(&["#", "//", "/*", "*"]) {
        return None;
    }
    let ends_statement = line.ends_with(';');
    let is_typescript = begins(&[
        "const ",
        "fetch(",
        "await fetch(",
        "let ",
        "var ",
        "export ",
        "async ",
        "function ",
        "import {",
        "import *",
        "import '",
    ]) || begins(&["import "]) && has(&[" from '", " from \""])
        || has(&["new $dsw."]);
    let is_go = begins(&["package ", "import (", "import \"", "func "]) && !ends_statement
        || has(&[":= ", "&dsw.", "CreateInstanceRequest{"]);
    let is_java = begins(&["public ", "class ", "package ", "import "])
        && (ends_statement || line.ends_with('{'))
        || begins(&["String "]) && has(&["= "])
        || has(&["CreateInstanceRequest.builder("])
        || begins(&["CreateInstanceRequest "]) && has(&["= new "]);
    let is_hcl = begins(&[
        "variable \"",
        "resource \"",
        "locals {",
        "terraform {",
        "provider \"",
        "module \"",
        "data \"",
    ]);
    let is_python = begins(&["import ", "from ", "def ", "print(", "async def "])
        || has(&["CreateInstanceRequest(", "requests."]);
    let assigned = line
        .split_once('=')
        .filter(|(name, _)| is_word(name.trim()));
    match assigned {
        _ if is_typescript => program(TypeScript),
        _ if is_java => program(Java),
        _ if is_go => program(Go),
        _ if is_hcl => program(Hcl),
        _ if line.starts_with("new CreateInstanceRequest") => program(Java),
        _ if is_python => program(Python),
        _ if is_command(line) => Some(Written::Script),
        Some((name, value)) if !name.ends_with(' ') && !value.starts_with(' ') => {
            Some(Written::Script)
        }
        Some((_, value))
            if value.trim_start().starts_with(['{', '['])
                || value.trim_start().starts_with("dict(") =>
        {
            program(Python)
        }
        _ => None,
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a line calls one of the programs that are known.
fn is_command(line: &str) -> bool {
    let mut words = line.split([' ', '\t', '(', '|', ';', '&', '`', '=', '"', '>']);
    words.any(|word| matches!(program(word), "curl" | "aliyun")) || line.starts_with("set -")
}

/// The byte from this one on where the first line begins that begins as data does.
pub(super) fn first_data(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        let written = line.trim();
        if written.starts_with('{') || written.starts_with("[{") || written == "[" {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// The byte from this one on where the first line begins that is a command without doubt.
pub(super) fn first_command(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        let begins = at;
        at += line.len();
        let line = line.trim_start().trim_start_matches("$ ");
        let line = &line[prompt(line)..];
        let first = line.split([' ', '\n']).next().unwrap_or_default();
        let is_assigned = first.split_once('=').is_some_and(|(name, _)| is_word(name));
        if is_assigned
            || matches!(
                program(first),
                "curl" | "aliyun" | "cat" | "export" | "read"
            )
        {
            return Some(begins);
        }
    }
    None
}

/// How long the prompt of Windows is that a text begins with: `C:\>`, `PS C:\>`.
pub(super) fn prompt(text: &str) -> usize {
    let folder = text.strip_prefix("PS ").unwrap_or(text);
    let is_folder = folder.starts_with(|c: char| c.is_ascii_alphabetic())
        && folder.get(1..).is_some_and(|rest| rest.starts_with(":\\"));
    let end = folder
        .bytes()
        .take(260)
        .position(|byte| b">\n\"';|&".contains(&byte))
        .filter(|end| is_folder && folder.as_bytes()[*end] == b'>');
    end.map_or(0, |end| text.len() - folder.len() + end + 1)
}

/// The name of a program without its folder.
pub(super) fn program(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    name.strip_suffix(".exe").unwrap_or(name)
}
