//! What a shell makes of a script: the words of its commands, as far as that can be told without running it.
//!
//! Variables that the script sets are replaced. The value of any other variable, and what other programs print, is not
//! in the text: its name stands between two NUL, which a shell's words never hold, or behind an `@` that of a file.

use std::collections::BTreeMap;

use dsw_model::json::Problem;

use super::ReadError;
use super::looks::{program, prompt};
use crate::import::{ImportError, MAX_BYTES};

mod word;

/// How deep commands may stand in words of commands.
const DEPTH: usize = 32;

/// How much variables and commands may come to, together: a few lines could double a text again and again.
const MAX_EXPANDED: usize = 4 * MAX_BYTES;

/// What may stand before a command without changing its words.
const BEFORE: [&str; 16] = [
    "$", "{", "}", "!", "if", "then", "else", "elif", "while", "until", "do", "time", "sudo",
    "exec", "command", "env",
];

/// A command.
#[derive(Debug)]
pub(super) struct Command {
    /// Its words, with the name of the program first.
    pub(super) words: Vec<String>,
    /// What it is given to read.
    pub(super) input: Option<String>,
}

/// What a script does.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// The calls of programs that are known, in their order.
    pub(super) commands: Vec<Command>,
    /// The variables that it sets.
    pub(super) variables: BTreeMap<String, String>,
}

/// Reads a script from this byte on.
pub(super) fn read(text: &str, from: usize) -> Result<Script, ReadError> {
    let mut shell = Shell {
        text,
        at: from,
        script: Script::default(),
        expanded: 0,
        has_no_curly: false,
        files: BTreeMap::new(),
        written: None,
        line_end: 0,
        here: 0,
    };
    while shell.at < text.len() {
        shell.commands(0)?;
        // A parenthesis that closes nothing.
        shell.at += 1;
    }
    Ok(shell.script)
}

struct Shell<'a> {
    text: &'a str,
    at: usize,
    script: Script,
    expanded: usize,
    /// Whether what stands between curly quotes has no end.
    has_no_curly: bool,
    /// The files that it has written.
    files: BTreeMap<String, String>,
    /// The file that the command being read writes.
    written: Option<String>,
    /// The end of the line in which a here-document was met last.
    line_end: usize,
    /// Where the next here-document of that line begins.
    here: usize,
}

impl<'a> Shell<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    fn wrong(&self, problem: Problem, at: usize) -> ReadError {
        ReadError::at(self.text, (problem, at))
    }

    /// Reads commands up to a closing parenthesis, which is not passed over, or to the end. Returns what they
    /// print.
    fn commands(&mut self, depth: usize) -> Result<String, ReadError> {
        if depth > DEPTH {
            return Err(self.wrong(Problem::TooDeep, self.at));
        }
        let mut printed = String::new();
        let mut piped = None;
        loop {
            let (words, input) = self.command(depth)?;
            let written = self.written.take();
            let mut output = self.run(words, input.or(piped.take()))?;
            if let Some(file) = written {
                self.files.insert(file, std::mem::take(&mut output));
            }
            if self.eat("||") || self.eat("&&") {
                printed.push_str(&output);
            } else if self.eat("|") {
                self.eat("&");
                piped = Some(output);
            } else {
                printed.push_str(&output);
                match self.peek() {
                    None | Some(')') => return Ok(printed),
                    Some('\n') => self.line_break(),
                    Some(other) => self.at += other.len_utf8(),
                }
            }
        }
    }

    /// Passes over a line break, and the here-documents of its line.
    fn line_break(&mut self) {
        self.at += 1;
        if self.at == self.line_end + 1 {
            self.at = self.at.max(self.here);
        }
    }

    /// Passes over spaces, continued lines and comments.
    fn blanks(&mut self) {
        loop {
            if self.eat(" ")
                || self.eat("\t")
                || self.eat("\r")
                || self.eat("\\\n")
                || self.eat("\\\r\n")
            {
                continue;
            }
            // A line goes on, but there are blanks behind its backslash.
            if let Some(behind) = self.rest().strip_prefix("\\ ")
                && behind
                    .trim_start_matches([' ', '\t', '\r'])
                    .starts_with('\n')
            {
                self.at += 1;
                self.at += self.rest().find('\n').unwrap_or_default() + 1;
                continue;
            }
            if !self.rest().starts_with('#') {
                return;
            }
            let rest = self.rest();
            self.at += rest.find('\n').unwrap_or(rest.len());
        }
    }

    /// Reads one command: its words, and what it is given to read.
    fn command(&mut self, depth: usize) -> Result<(Vec<String>, Option<String>), ReadError> {
        let mut words: Vec<String> = Vec::new();
        let mut input = None;
        // Whether a redirection is not that of what is printed.
        let mut is_other = false;
        self.blanks();
        self.at += prompt(self.rest());
        loop {
            self.blanks();
            match self.peek() {
                None | Some('\n' | ';' | '|' | '&' | '(' | ')')
                    if !self.rest().starts_with("&>") =>
                {
                    return Ok((words, input));
                }
                Some('<' | '>' | '&') => {
                    let before = self.written.take();
                    let given = self.redirection(depth)?;
                    let written = self.written.take().filter(|_| !is_other);
                    self.written = written.or(before);
                    is_other = false;
                    input = given.or(input);
                }
                _ => {
                    let declares = words.first().is_none_or(|word| is_declaration(word));
                    if declares && let Some(name) = self.assigned() {
                        let value = self.word(depth)?;
                        self.script.variables.insert(name, value);
                        continue;
                    }
                    let word = self.word(depth)?;
                    let is_descriptor =
                        word.bytes().all(|byte| byte.is_ascii_digit()) && !word.is_empty();
                    let is_before = words.is_empty() && BEFORE.contains(&&*word);
                    if is_descriptor && self.rest().starts_with(['<', '>']) {
                        is_other = word != "1";
                    } else if !is_before {
                        words.push(word);
                    }
                }
            }
        }
    }

    /// The variable that is set here; its value begins then.
    fn assigned(&mut self) -> Option<String> {
        let rest = self.rest();
        let length = name_length(rest);
        let is_assigned = length > 0 && rest[length..].starts_with('=');
        is_assigned.then(|| {
            self.at += length + 1;
            rest[..length].to_owned()
        })
    }

    /// Reads a redirection. Returns what is read by it.
    fn redirection(&mut self, depth: usize) -> Result<Option<String>, ReadError> {
        if self.eat("<<<") {
            self.blanks();
            let mut word = self.word(depth)?;
            word.push('\n');
            return Ok(Some(word));
        }
        if self.eat("<<") {
            let strips = self.eat("-");
            self.blanks();
            return self.here_document(strips, depth).map(Some);
        }
        if self.rest().starts_with("<(") || self.rest().starts_with(">(") {
            self.at += 2;
            self.nested(depth)?;
            return Ok(None);
        }
        let reads = self.eat("<");
        // Not that of another channel.
        let is_file = self.rest().starts_with('>') && !self.rest().starts_with(">&");
        while self.eat("&") || self.eat(">") || self.eat("|") {}
        self.blanks();
        let word = self.word(depth)?;
        if !reads {
            self.written = Some(word).filter(|_| is_file);
            return Ok(None);
        }
        let content = self.content(&word);
        self.expand(content.len())?;
        Ok(Some(content))
    }

    /// Reads the here-document whose end word stands here.
    fn here_document(&mut self, strips: bool, depth: usize) -> Result<String, ReadError> {
        let is_literal = self.rest().starts_with(['\'', '"', '\\']);
        let end_word = self.word(depth)?;
        let behind = self.at;
        if self.line_end < behind {
            let rest = self.rest();
            self.line_end = behind + rest.find('\n').unwrap_or(rest.len());
            self.here = (self.line_end + 1).min(self.text.len());
        }
        let start = self.here;
        let mut end = start;
        let mut next = self.text.len();
        for line in self.text[start..].split_inclusive('\n') {
            let written = line.trim_end_matches(['\n', '\r']);
            let written = if strips {
                written.trim_start_matches('\t')
            } else {
                written
            };
            if written == end_word {
                next = end + line.len();
                break;
            }
            end += line.len();
        }
        self.here = next;
        let document = if is_literal {
            self.expand(end - start)?;
            self.text[start..end].to_owned()
        } else {
            self.at = start;
            let mut document = String::new();
            while self.at < end {
                self.inside_quotes(&mut document, true, depth)?;
            }
            document
        };
        self.at = behind;
        if !strips {
            return Ok(document);
        }
        let lines = document.split_inclusive('\n');
        Ok(lines.map(|line| line.trim_start_matches('\t')).collect())
    }

    /// What a file holds, if the script has written it; else what stands for it.
    fn content(&self, file: &str) -> String {
        let known = self.files.get(file);
        known
            .cloned()
            .unwrap_or_else(|| ["\0@", file, "\0"].concat())
    }

    /// Puts what the script has written to files into the words that name them.
    fn put_in_files(&mut self, words: &mut [String]) -> Result<(), ReadError> {
        let mut is_file = false;
        for word in words {
            let name = ["@", "file://"]
                .iter()
                .find_map(|begin| word.strip_prefix(begin));
            let name = name.or_else(|| is_file.then_some(&**word));
            is_file = word == "--body-file";
            if let Some(content) = name.and_then(|name| self.files.get(name)) {
                let content = content.clone();
                self.expand(content.len())?;
                *word = content;
            }
        }
        Ok(())
    }

    /// Notes that so many bytes were put in.
    fn expand(&mut self, bytes: usize) -> Result<(), ReadError> {
        self.expanded += bytes;
        if self.expanded > MAX_EXPANDED {
            return Err(ImportError::TooLong {
                bytes: self.expanded,
            }
            .into());
        }
        Ok(())
    }

    /// What a command prints. Calls of programs that are known are kept.
    fn run(&mut self, mut words: Vec<String>, input: Option<String>) -> Result<String, ReadError> {
        // The prompt, if it was copied too.
        if words.len() > 1 && words[0].ends_with(['$', '%', '#']) {
            words.remove(0);
        }
        let name = words.first().map_or("", |word| program(word));
        let arguments = words.get(1..).unwrap_or_default();
        let output = match (name, arguments) {
            ("", _) => match input {
                // `$(<file)`
                Some(input) if input.starts_with("\0@") => input,
                _ => String::new(),
            },
            ("curl" | "aliyun", _) => {
                self.put_in_files(&mut words)?;
                self.script.commands.push(Command { words, input });
                "\0$(…)\0".to_owned()
            }
            ("cat", []) => input.unwrap_or_default(),
            ("cat", [file]) if file == "-" => input.unwrap_or_default(),
            ("cat", [file, ..]) => self.content(file),
            ("tee", [.., file]) => {
                let content = input.unwrap_or_default();
                self.files.insert(file.clone(), content.clone());
                content
            }
            ("echo", _) => {
                let mut said = arguments
                    .iter()
                    .skip_while(|word| matches!(&***word, "-n" | "-e" | "-E"));
                let first = said.next().cloned().unwrap_or_default();
                let mut said = said.fold(first, |said, word| [&*said, " ", word].concat());
                said.push('\n');
                said
            }
            ("printf", [format, said @ ..]) if format.trim_end_matches("\\n") == "%s" => {
                said.concat()
            }
            ("printf", [said]) => said.clone(),
            // What the snippets write secrets with.
            ("json_text", [variable]) => ["\0", variable, "\0"].concat(),
            ("read", [options @ .., variable]) => {
                // What it is not given here is asked for.
                if let Some(read) = input {
                    let is_all = options
                        .iter()
                        .any(|word| word.starts_with('-') && word.contains('d'));
                    let line = read.lines().next().filter(|_| !is_all);
                    let read = line.unwrap_or(&read).trim().to_owned();
                    self.script.variables.insert(variable.clone(), read);
                }
                String::new()
            }
            (":" | "set" | "cd" | "export" | "local" | "declare" | "readonly", _) => String::new(),
            _ => "\0$(…)\0".to_owned(),
        };
        self.expand(output.len())?;
        Ok(output)
    }
}

fn is_declaration(word: &str) -> bool {
    matches!(
        word,
        "export" | "local" | "declare" | "readonly" | "typeset"
    )
}

/// How long the name is that a text begins with.
fn name_length(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    text.find(ends).unwrap_or(text.len())
}
