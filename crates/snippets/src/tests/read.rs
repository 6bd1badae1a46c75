//! Reads literals of the languages, as their compilers do, as far as generated code uses them.

use dsw_model::descriptor::Describe as _;
use dsw_model::request::CreateInstanceRequest;
use serde_json::{Map, Value};

use crate::Language;
use crate::names::{camel, snake};

/// The text of the shell word that a text begins with; a look-up is a JSON text that begins with `secret:`.
pub(super) fn read_shell(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    loop {
        let first = rest
            .chars()
            .next()
            .expect("a script ends with a line break");
        match first {
            '\'' => {
                let end = rest[1..].find('\'').expect("the quote ends") + 1;
                out.push_str(&rest[1..end]);
                rest = &rest[end + 1..];
            }
            '\\' => {
                out.push_str(&rest[1..2]);
                rest = &rest[2..];
            }
            '"' => {
                let (variable, behind) = rest
                    .strip_prefix("\"$(json_text ")
                    .and_then(|rest| rest.split_once(")\""))
                    .expect("nothing else is looked up");
                out.push_str("\"secret:");
                out.push_str(variable);
                out.push('"');
                rest = behind;
            }
            '\n' | ' ' => return out,
            _ => {
                assert!(
                    first.is_ascii_alphanumeric() || "-_./:,@%+=".contains(first),
                    "{first} is bare"
                );
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
}

/// The value that a text begins with.
pub(super) fn read_value(language: Language, text: &str) -> Value {
    let mut reader = Reader {
        language,
        rest: text,
    };
    reader.value()
}

struct Reader<'a> {
    language: Language,
    rest: &'a str,
}

/// A wire name by what a language makes of it.
fn wire(made: impl Fn(&str) -> String, name: &str) -> String {
    let mut found = None;
    CreateInstanceRequest::DESCRIPTOR.walk(&mut |_, field| {
        if made(field.wire) == name {
            found = Some(field.wire);
        }
    });
    found
        .unwrap_or_else(|| panic!("no member is called {name}"))
        .to_owned()
}

impl Reader<'_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n']);
    }

    fn take(&mut self, token: &str) -> bool {
        self.space();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) {
        assert!(
            self.take(token),
            "{token} is missing before {:.60}",
            self.rest
        );
    }

    fn until(&mut self, stop: impl Fn(char) -> bool) -> &str {
        let (taken, rest) = self
            .rest
            .split_at(self.rest.find(stop).unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn word(&mut self) -> String {
        self.space();
        self.until(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.')))
            .to_owned()
    }

    /// Values until a bracket.
    fn list(&mut self, close: &str) -> Value {
        let mut items = Vec::new();
        while !self.take(close) {
            items.push(self.value());
            if !self.take(",") {
                self.expect(close);
                break;
            }
        }
        items.into()
    }

    /// Names and values until a bracket.
    fn map(&mut self, close: &str, colon: &str, name: impl Fn(&mut Self) -> String) -> Value {
        let mut members = Map::new();
        while !self.take(close) {
            let name = name(self);
            self.expect(colon);
            let value = self.value();
            assert!(members.insert(name, value).is_none(), "a name stands twice");
            if !self.take(",") {
                self.expect(close);
                break;
            }
        }
        members.into()
    }

    fn within(&mut self, close: &str) -> Value {
        let value = self.value();
        self.expect(close);
        value
    }

    fn text_value(&mut self) -> String {
        self.space();
        match self.value() {
            Value::String(text) => text,
            other => panic!("{other} is no text"),
        }
    }

    fn secret(&mut self, close: &str) -> Value {
        let variable = self.text_value();
        self.expect(close);
        ["secret:", &variable].concat().into()
    }

    fn exact(&mut self, close: &str) -> Value {
        let digits = self.text_value();
        self.expect(close);
        Value::Number(digits.parse().expect("a number"))
    }

    fn value(&mut self) -> Value {
        self.space();
        match (self.language, self.rest.chars().next().expect("a value")) {
            (Language::TypeScript, '\'') => self.text('\'').into(),
            (language, '"') if language != Language::TypeScript => self.text('"').into(),
            (_, '-' | '0'..='9') => {
                let digits = self
                    .until(|c| !(c.is_ascii_digit() || "+-.eE".contains(c)))
                    .to_owned();
                if self.language == Language::Java {
                    self.expect("L");
                }
                Value::Number(digits.parse().expect("a number"))
            }
            (Language::Python, _) => self.python(),
            (Language::TypeScript, _) => self.typescript(),
            (Language::Go, _) => self.go(),
            (Language::Java, _) => self.java(),
            (Language::Hcl, _) => self.hcl(),
            (language, first) => panic!("{language:?} does not begin a value with {first}"),
        }
    }

    fn atom(&mut self, [null, yes, no]: [&str; 3]) -> Value {
        if self.take(null) {
            Value::Null
        } else if self.take(yes) {
            true.into()
        } else {
            self.expect(no);
            false.into()
        }
    }

    fn python(&mut self) -> Value {
        if self.take("[") {
            self.list("]")
        } else if self.take("{") {
            self.map("}", ":", Self::text_value)
        } else if self.take("os.environ[") {
            self.secret("]")
        } else if self.take("dsw.") {
            self.word();
            self.expect("(");
            self.map(")", "=", |reader| wire(snake, &reader.word()))
        } else {
            self.atom(["None", "True", "False"])
        }
    }

    fn typescript(&mut self) -> Value {
        if self.take("[") {
            self.list("]")
        } else if self.take("{") {
            self.map("}", ":", |reader| {
                if reader.take("[") {
                    let name = reader.text_value();
                    reader.expect("]");
                    name
                } else if reader.rest.starts_with('\'') {
                    reader.text_value()
                } else {
                    let name = reader.word();
                    assert_ne!(name, "__proto__", "it would be the prototype");
                    name
                }
            })
        } else if self.take("secret(") {
            self.secret(")")
        } else if self.take("new $dsw.") {
            self.word();
            self.expect("({");
            self.map("})", ":", |reader| wire(camel, &reader.word()))
        } else {
            self.atom(["null", "true", "false"])
        }
    }

    fn go(&mut self) -> Value {
        for call in ["dara.String(", "dara.Int64(", "dara.Bool("] {
            if self.take(call) {
                return self.within(")");
            }
        }
        if self.take("json.Number(") {
            self.exact(")")
        } else if self.take("secret(") {
            self.secret(")")
        } else if self.take("[]interface{}{") || self.take("[]*string{") {
            self.list("}")
        } else if self.take("[]*dsw.") {
            self.word();
            self.expect("{");
            self.list("}")
        } else if self.take("map[string]interface{}{") || self.take("map[string]*string{") {
            self.map("}", ":", Self::text_value)
        } else if self.take("&dsw.") {
            self.word();
            self.expect("{");
            self.map("}", ":", |reader| wire(str::to_owned, &reader.word()))
        } else {
            self.atom(["nil", "true", "false"])
        }
    }

    fn java(&mut self) -> Value {
        if self.take("Arrays.asList(") {
            self.list(")")
        } else if self.take("map(") {
            self.map(")", ",", Self::text_value)
        } else if self.take("secret(") {
            self.secret(")")
        } else if self.take("new java.math.BigDecimal(") {
            self.exact(")")
        } else if self.take("new ") {
            self.word();
            self.expect("()");
            let mut members = Map::new();
            while self.take(".set") {
                let name = self.word();
                self.expect("(");
                let value = self.within(")");
                members.insert(name, value);
            }
            members.into()
        } else {
            self.atom(["(Object) null", "true", "false"])
        }
    }

    fn hcl(&mut self) -> Value {
        if self.take("[") {
            self.list("]")
        } else if self.take("{") {
            self.map("}", "=", Self::text_value)
        } else if self.take("var.") {
            ["secret:", &self.word()].concat().into()
        } else {
            self.atom(["null", "true", "false"])
        }
    }

    /// A text between quotes, by the language's own escapes.
    fn text(&mut self, quote: char) -> String {
        let mut units: Vec<u16> = Vec::new();
        let mut rest = self.rest[1..].chars();
        loop {
            let letter = rest.next().expect("the quote ends");
            match letter {
                _ if letter == quote => break,
                '\n' | '\r' => panic!("a line ends within a text"),
                '\u{feff}' => panic!("a byte order mark within a text"),
                '\\' => match rest.next().expect("something is escaped") {
                    'n' => push(&mut units, '\n'),
                    'r' => push(&mut units, '\r'),
                    't' => push(&mut units, '\t'),
                    escaped @ ('u' | 'U') => {
                        let digits = if escaped == 'u' { 4 } else { 8 };
                        let number: String = rest.by_ref().take(digits).collect();
                        let number = u32::from_str_radix(&number, 16).expect("hexadecimal digits");
                        match u16::try_from(number) {
                            // Surrogates are halves in Java and TypeScript alone.
                            Ok(unit) => {
                                let pairs =
                                    matches!(self.language, Language::Java | Language::TypeScript);
                                assert!(pairs || char::from_u32(number).is_some());
                                assert!(
                                    self.language != Language::Java
                                        || number != 10 && number != 13 && number != 34
                                );
                                units.push(unit);
                            }
                            Err(_) => {
                                push(&mut units, char::from_u32(number).expect("a character"));
                            }
                        }
                    }
                    escaped => {
                        assert!(
                            escaped == '\\' || escaped == quote,
                            "\\{escaped} means nothing"
                        );
                        push(&mut units, escaped);
                    }
                },
                '$' | '%'
                    if self.language == Language::Hcl
                        && rest.as_str().starts_with([letter])
                        && rest.as_str()[1..].starts_with('{') =>
                {
                    rest.next();
                    push(&mut units, letter);
                }
                '$' | '%' if self.language == Language::Hcl => {
                    assert!(!rest.as_str().starts_with('{'), "a template begins");
                    push(&mut units, letter);
                }
                _ => push(&mut units, letter),
            }
        }
        self.rest = rest.as_str();
        String::from_utf16(&units).expect("surrogates come in pairs")
    }
}

fn push(units: &mut Vec<u16>, letter: char) {
    units.extend_from_slice(letter.encode_utf16(&mut [0; 2]));
}
