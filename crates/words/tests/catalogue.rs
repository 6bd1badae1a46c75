//! The Chinese catalogue (`assets/zh.tsv`) has each text that is said, and no other, and says it as the page does.
//!
//! Texts are found in the sources: the literals in the calls that say them, the words of findings, and what fields
//! declare of themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use dsw_model::descriptor::{Choices, Describe as _, Kind, StructDescriptor};
use dsw_model::request::CreateInstanceRequest;

/// Calls that say the literals in them, or mark them as texts that are said elsewhere.
const CALLS: [&str; 6] = ["tr", "fill", "several", "put", "english", "Mend::Other"];

/// Texts that findings have among their parameters and that no call holds.
const PHRASES: [&str; 14] = [
    "null",
    "true or false",
    "a number",
    "a whole number",
    "text",
    "an array",
    "an object",
    "it is another value",
    "a key",
    "one role or a chain",
    "a role",
    "the ARN",
    "who takes it on",
    "the name \"{}\" stands in line {} already",
];

/// Texts that are the same in Chinese, or have more names in them than words.
const NAMES: [&str; 15] = [
    "true or false",
    "Write the ARN as acs:ram::1234567890123456:role/name.",
    "Clear OptionType",
    " ",
    "{} - DSW Composer",
    "{} {}",
    "Gi",
    "JupyterLab",
    "Web IDE",
    "null",
    "the ARN",
    "en",
    "{} vCPU, {} GiB",
    "{} vCPU, {} GiB, GPU {} × {}",
    "Write the endpoint too: oss://bucket.oss-cn-hangzhou-internal.aliyuncs.com/folder/.",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The lines of the catalogue.
fn catalogue() -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("assets/zh.tsv")).expect("the catalogue");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter(|line| !line.is_empty())
        .map(|line| {
            let parts = line.split_once('\t');
            let (english, chinese) = parts.unwrap_or_else(|| panic!("no tab: {line}"));
            (english.to_owned(), chinese.to_owned())
        })
        .collect()
}

/// The source files in a folder.
fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry of it").path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
}

/// A source without comments and unit tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source");
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or("");
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The literal that begins at a quotation mark, and what follows it.
fn literal(text: &str) -> (String, &str) {
    let mut said = String::new();
    let mut rest = text[1..].chars();
    while let Some(letter) = rest.next() {
        match letter {
            '"' => break,
            '\\' => match rest.next() {
                Some('\n') => {
                    let all = rest.as_str();
                    rest = all.trim_start().chars();
                }
                Some('u') => {
                    let (number, after) = rest.as_str().split_once('}').expect("an escape");
                    let number = u32::from_str_radix(&number[1..], 16).expect("a number");
                    said.push(char::from_u32(number).expect("a letter"));
                    rest = after.chars();
                }
                Some('n') => said.push('\n'),
                Some(other) => said.push(other),
                None => break,
            },
            other => said.push(other),
        }
    }
    (said, rest.as_str())
}

/// The literals up to the parenthesis that closes, or to the values that are filled in.
fn arguments(mut rest: &str, all: &mut BTreeSet<String>) {
    let mut depth = 1;
    while depth > 0 && !rest.is_empty() && !rest.starts_with("&[") {
        if rest.starts_with('"') {
            let (said, after) = literal(rest);
            all.insert(said);
            rest = after;
            continue;
        }
        let letter = rest.chars().next().expect("it is not empty");
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        rest = &rest[letter.len_utf8()..];
    }
}

/// The literals that are said in a source.
fn said_in(code: &str, all: &mut BTreeSet<String>) {
    for call in CALLS {
        for (at, _) in code.match_indices(&format!("{call}(")) {
            let before = code[..at].trim_end_matches("dsw_words::");
            let is_name = |letter: char| letter.is_alphanumeric() || "_.:".contains(letter);
            if !before.ends_with(is_name) && !before.ends_with("fn ") {
                arguments(&code[at + call.len() + 1..], all);
            }
        }
    }
    // The words of findings stand in a table, behind the ids of the rules.
    for (at, _) in code.match_indices("WORDS: &[(&str, &str)] = &[") {
        let table = &code[at..];
        let mut table = &table[..table.find("\n];").expect("the end of the table")];
        while let Some(at) = table.find('"') {
            let (said, rest) = literal(&table[at..]);
            let is_key = said
                .split(' ')
                .next()
                .is_some_and(|id| id.len() > 1 && id[1..].bytes().all(|it| it.is_ascii_digit()));
            if !is_key {
                all.insert(said);
            }
            table = rest;
        }
    }
}

/// What the fields of an object say of themselves: texts, and those of them that are hints.
fn declared(
    descriptor: &StructDescriptor,
    all: &mut BTreeSet<String>,
    hints: &mut BTreeSet<String>,
) {
    for field in descriptor.fields {
        let mut add = |text: &str| {
            if !text.is_empty() {
                all.insert(text.to_owned());
            }
        };
        add(field.label);
        add(field.help);
        add(field.unit);
        if let Choices::Closed(choices) | Choices::Open(choices) = field.choices {
            for choice in choices {
                add(choice.label);
            }
        }
        hints.insert(field.help.to_owned());
        let mut kind = field.kind;
        while let Kind::List(inner) | Kind::Map(inner) = kind {
            kind = *inner;
        }
        if let Kind::Struct(inner) = kind {
            declared(inner, all, hints);
        }
    }
}

/// All texts that are said.
fn texts() -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    sources(&root().join("crates/words/src"), &mut files);
    sources(&root().join("crates/snippets/src"), &mut files);
    let mut all = BTreeSet::new();
    for file in files {
        said_in(&code(&file), &mut all);
    }
    declared(
        CreateInstanceRequest::DESCRIPTOR,
        &mut all,
        &mut BTreeSet::new(),
    );
    all.extend(PHRASES.map(str::to_owned));
    let json = code(&root().join("crates/model/src/json.rs"));
    let problems = json.split("pub enum Problem").nth(1).expect("the problems");
    let problems = problems.split("\n}\n").next().unwrap_or_default();
    for (at, mark) in problems.match_indices("#[error(") {
        let (said, _) = literal(&problems[at + mark.len()..]);
        // The one with values is among the phrases, as it is told.
        if !said.contains("{name}") {
            all.insert(said);
        }
    }
    all.remove("");
    all
}

/// The places for values, by number, in order.
fn places(text: &str) -> Vec<usize> {
    let mut all = Vec::new();
    let mut next = 0;
    let bytes = text.as_bytes();
    for at in 0..bytes.len() {
        match bytes[at..] {
            [b'{', b'}', ..] => {
                all.push(next);
                next += 1;
            }
            [b'{', digit @ b'0'..=b'9', b'}', ..] => all.push(usize::from(digit - b'0')),
            _ => {}
        }
    }
    all.sort_unstable();
    all
}

fn is_chinese(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

/// Pairs of neighbours in a text.
fn neighbours(text: &str) -> impl Iterator<Item = (char, char)> {
    text.chars().zip(text.chars().skip(1))
}

/// The room that a text takes, in Chinese letters: Latin ones are half as wide.
fn width(text: &str) -> usize {
    let halves: usize = text
        .chars()
        .map(|it| if it.is_ascii() { 1 } else { 2 })
        .sum();
    halves.div_ceil(2)
}

/// What is wrong with a line, in the eyes of one who reads Chinese.
fn faults(english: &str, chinese: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if english.starts_with("China ") {
        // Names of regions are the vendor's.
        return faults;
    }
    if places(english) != places(chinese) {
        faults.push("has other places for values".to_owned());
    }
    for (one, other) in neighbours(chinese) {
        if is_chinese(one) && ",.!?;:()".contains(other)
            || ",!?;:()".contains(one) && is_chinese(other)
        {
            faults.push(format!("has {one}{other}: use full-width punctuation"));
        }
        if is_chinese(one) && other.is_ascii_alphanumeric()
            || one.is_ascii_alphanumeric() && is_chinese(other)
        {
            faults.push(format!("has {one}{other} without a space"));
        }
        if one == '请' && other != '求' {
            faults.push("says 请".to_owned());
        }
        if "，。：；、！？（）“”".contains(one) && other == ' ' && !chinese.ends_with(' ')
        {
            faults.push(format!("has a space behind {one}"));
        }
    }
    if chinese.contains('！') {
        faults.push("shouts".to_owned());
    }
    let latin = chinese.chars().filter(char::is_ascii_alphabetic).count();
    let han = chinese.chars().filter(|it| is_chinese(*it)).count();
    let says_nothing = english.chars().all(|it| !it.is_alphabetic());
    if latin > 4 * han && !NAMES.contains(&english) && !says_nothing {
        faults.push("is not in Chinese".to_owned());
    }
    // Names of the service stand in both; a word that is in the Chinese alone was left behind.
    let without_places = (0..10).fold(chinese.to_owned(), |text, at| {
        text.replace(&format!("{{{at}}}"), "{}")
    });
    for word in without_places.split(|it: char| !it.is_ascii_alphanumeric()) {
        const OTHERS: [&str; 13] = [
            "ID", "RAM", "DSW", "OSS", "NAS", "CPFS", "BMCPFS", "CPU", "GPU", "Shell", "Endpoint",
            "STS", "IP",
        ];
        let known = english.to_lowercase().contains(&word.to_lowercase());
        if !known && !OTHERS.contains(&word) && english != "en" {
            faults.push(format!("has the word {word}, and the English has not"));
        }
    }
    faults
}

#[test]
fn f65_the_catalogue_has_each_text_and_no_other() {
    let texts = texts();
    assert!(texts.len() > 800, "texts are not found any more");
    let lines = catalogue();
    let mut known = BTreeMap::new();
    for (english, chinese) in &lines {
        let before = known.insert(english.clone(), chinese);
        // Two areas may say the same, but no text has two translations.
        let same = before.is_none_or(|before| before == chinese);
        assert!(same, "has two translations: {english}");
    }
    let missing: Vec<_> = texts
        .iter()
        .filter(|text| !known.contains_key(*text))
        .collect();
    let stale: Vec<_> = known.keys().filter(|key| !texts.contains(*key)).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "no Chinese for {missing:#?}\nnot said any more: {stale:#?}"
    );
}

#[test]
fn f65_chinese_is_written_as_the_house_writes_it() {
    let mut all = Vec::new();
    for (english, chinese) in catalogue() {
        for fault in faults(&english, &chinese) {
            all.push(format!("{chinese} {fault}"));
        }
    }
    assert!(all.is_empty(), "{all:#?}");
}

/// What the vendor's console and the page call things: a word of the English, and what stands for it in Chinese.
const TERMS: [(&str, &str); 17] = [
    ("cloud disk", "云盘"),
    ("dataset", "数据集"),
    ("draft", "草稿"),
    ("gateway", "网关"),
    ("image", "镜像"),
    ("label", "标签"),
    ("machine type", "实例规格"),
    ("mount path", "挂载路径"),
    ("preset", "预设"),
    ("quota", "配额"),
    ("region", "地域"),
    ("sandbox", "沙箱"),
    ("secret", "敏感信息"),
    ("security group", "安全组"),
    ("vswitch", "交换机"),
    ("warning", "警告"),
    ("workspace", "工作空间"),
];

/// Whether a text has a word, or its plural, that is no part of a longer name or of a path.
fn has_word(text: &str, word: &str) -> bool {
    let text = text.to_lowercase();
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + word.len()..]
            .trim_start_matches('s')
            .chars()
            .next();
        let joins =
            |letter: Option<char>| letter.is_some_and(|it| it.is_alphanumeric() || it == '/');
        !joins(before) && before != Some('.') && !joins(behind)
    })
}

#[test]
fn f65_a_thing_has_one_name_in_chinese() {
    let mut all = Vec::new();
    for (english, chinese) in catalogue() {
        // There the secret is an access key.
        if english.starts_with("The signature does not fit") {
            continue;
        }
        for (word, term) in TERMS {
            if has_word(&english, word) && !chinese.contains(term) {
                all.push(format!("{chinese} has no {term} for {word}"));
            }
        }
    }
    assert!(all.is_empty(), "{all:#?}");
}

#[test]
fn f65_hints_and_findings_are_short_in_chinese() {
    let (mut short, mut hints) = (BTreeSet::new(), BTreeSet::new());
    declared(
        CreateInstanceRequest::DESCRIPTOR,
        &mut BTreeSet::new(),
        &mut hints,
    );
    let words = code(&root().join("crates/words/src/lib.rs"));
    let table = &words[words.find("const WORDS").expect("the words of findings")..];
    said_in(table, &mut short);
    short.extend(hints);
    let mut all = Vec::new();
    for (english, chinese) in catalogue() {
        if short.contains(&english) && width(&chinese) > 45 {
            all.push(format!(
                "{chinese}: {} wide, the limit is 45",
                width(&chinese)
            ));
        }
    }
    assert!(all.is_empty(), "{all:#?}");
}

/// Literals that are shown or read out as they are, without the catalogue.
fn unsaid(code: &str) -> Vec<String> {
    // Names, which are the same in all languages, and a state as the service calls it.
    const SAME: [&str; 5] = ["JSON", "DSW Composer", "SHA-256", "English", "Running"];
    const SHOW: [&str; 8] = [
        ".push((",
        ".text(",
        ".attr(\"aria-label\",",
        ".attr(\"title\",",
        ".attr(\"placeholder\",",
        ".attr(\"alt\",",
        "set_text_content(Some(",
        "say(state,",
    ];
    let mut all = Vec::new();
    let mut look = |rest: &str| {
        if rest.starts_with('"') {
            let (text, _) = literal(rest);
            let words = text.split(|letter: char| !letter.is_ascii_alphabetic());
            let has_word = words.into_iter().any(|word| word.len() > 2);
            if has_word && !SAME.contains(&&*text) {
                all.push(text);
            }
        }
    };
    for show in SHOW {
        for (at, _) in code.match_indices(show) {
            look(code[at + show.len()..].trim_start());
        }
    }
    // Behind the name of the element.
    for (at, call) in code.match_indices("el_text(") {
        let rest = code[at + call.len()..].trim_start();
        if rest.starts_with('"') {
            let (_, rest) = literal(rest);
            look(rest.trim_start_matches(',').trim_start());
        }
    }
    all
}

#[test]
fn f65_nothing_is_shown_past_the_catalogue() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    let mut all = Vec::new();
    for file in files {
        // Who wanted Chinese and is shown English is told so in both languages at once.
        if file.ends_with("language.rs") {
            continue;
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let unsaid = unsaid(&code(&file));
        all.extend(unsaid.iter().map(|text| format!("{name}: {text}")));
    }
    assert!(all.is_empty(), "not translated: {all:#?}");
    let source = r#"el_text("p", "A word").text(tr("said")).text("F8") .text("Two words")"#;
    assert_eq!(unsaid(source), ["Two words", "A word"]);
}

#[test]
fn the_reader_of_sources_finds_what_is_said() {
    let source = r#"
        tr("One") state.fill("not this") several(n, "{} a", "{} b")
        fill(if one { "{} \"x\"" } else { "two \
            lines" }, &["not this"]) english("Marked") dsw_words::tr("Path") texts::fill("nor this")
        fn tr("nor this") tr(variable)
    "#;
    let mut all = BTreeSet::new();
    said_in(source, &mut all);
    let all: Vec<_> = all.iter().map(String::as_str).collect();
    let wanted = [
        "Marked",
        "One",
        "Path",
        "two lines",
        "{} \"x\"",
        "{} a",
        "{} b",
    ];
    assert_eq!(all, wanted);
    assert_eq!(places("{} of {}, {1} {2}"), [0, 1, 1, 2]);
    for (chinese, fault) in [
        ("共 {} 个,完", "full-width"),
        ("共{}个 3项", "without a space"),
        ("请填写", "says 请"),
        ("done", "is not in Chinese"),
    ] {
        let faults = faults("{} in all", chinese);
        assert!(faults.iter().any(|it| it.contains(fault)), "{faults:?}");
    }
    assert_eq!(faults("{} in all", "共 {} 个，完成"), Vec::<String>::new());
}
