//! No text is read in more time than its length allows, and none ends in a panic, however it was made.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dsw_form::import::anything::{MAX_DOCUMENTS, read};

/// Texts that a careless reader would go through again and again: what begins, what is repeated, what ends. For `§`
/// stands another number each time.
const HOSTILE: &[(&str, &str, &str)] = &[
    ("", "{", ""),
    ("", "[", ""),
    ("", "{}", ""),
    ("", "{},", ""),
    ("", "[[],", ""),
    ("", "{a:", ""),
    ("{", "'a':1,", "}"),
    ("[", "'a'\n", "]"),
    ("[", "1 ", "]"),
    ("[", "/*", "]"),
    ("[", "/**/", "]"),
    ("[", "// a\n", "]"),
    ("[\"", "\\u0041", "\"]"),
    ("{a: “", "’ ", "”}"),
    ("{a: “", "“", "”}"),
    ("{a: '", "\n", "'}"),
    ("{a: ", "1", "}"),
    ("", "#", ""),
    ("", "# \n", ""),
    ("", "```\n", ""),
    ("", "```\n{}\n", ""),
    ("", "```\n```\n", ""),
    ("", "~~~\n'\n~~~\n", ""),
    ("\"", "\\\"", "\""),
    ("{\"body\":", "{\"body\":", ""),
    ("", "curl -d '{}'\n", ""),
    ("curl", " -d '{}'", ""),
    ("curl", " -d a", ""),
    ("curl ", "$(", ""),
    ("curl ", "$(a ", ""),
    ("curl ", "${", ""),
    ("curl ", "${a", ""),
    ("curl ", "$'\\x41'", ""),
    ("curl ", "`", ""),
    ("curl ", "\"", ""),
    ("curl ", "'", ""),
    ("curl ", "<<a ", ""),
    ("curl ", "<<a\n", ""),
    ("curl ", "<<-a\n\t", ""),
    ("curl ", "<(", ""),
    ("curl ", "| curl ", ""),
    ("", "a=$a$a;", " curl -d \"$a\""),
    ("a=b;", "a=$a$a;", " curl -d \"$a\""),
    ("curl ^\"a^\"", "^\"", ""),
    ("curl ^\"a^\"", "\\", ""),
    ("curl ^\n", "^\n", ""),
    ("aliyun pai-dsw CreateInstance", " --labels Key=a", ""),
    (
        "aliyun pai-dsw CreateInstance --labels",
        " Key=a Value=b",
        "",
    ),
    (
        "aliyun pai-dsw CreateInstance --environment-variables",
        " A=a",
        "",
    ),
    ("aliyun pai-dsw CreateInstance", " --instance-name a", ""),
    ("aliyun pai-dsw CreateInstance", " --a", ""),
    ("import os\n", "a = {", ""),
    ("import os\n", "body = {}\n", ""),
    ("import os\n", "a = (", ""),
    ("import os\n", "a = '{", ""),
    ("import os\n", "a = '{'\n", ""),
    ("import os\na = ", "'", ""),
    ("const a = 1\n", "a = `{", ""),
    ("import os\nbody = ", "(", ""),
    ("import os\nbody = {'a': ", "a(", ""),
    ("import os\nbody = {'a': ", "'a' ", ""),
    ("import os\nbody = {'a': a", ".a()", "}"),
    ("import os\nbody = {'a': ", "f'{", ""),
    ("import os\n", "'''", ""),
    ("import os\n", "\"\"\"a", ""),
    ("import os\n", "'", ""),
    ("import os\n", "region ", ""),
    ("import os\n", "region\n", ""),
    ("import os\n", "CreateInstanceRequest(", ""),
    ("import os\n", "CreateInstanceRequest ", ""),
    ("import os\n", "CreateInstanceRequest()\n", ""),
    ("import os\n", "a.", ""),
    ("a = CreateInstanceRequest()\n", "a.a = 1\n", ""),
    ("a = CreateInstanceRequest()\n", "a.b§ = 1\n", ""),
    ("import os\n", "a§ = CreateInstanceRequest()\n", ""),
    ("", "a§=1\n", "curl -d '{}'"),
    ("", "b=$a§\n", "curl -d '{}'"),
    (
        "aliyun pai-dsw CreateInstance --environment-variables",
        " A§=a",
        "",
    ),
    ("aliyun pai-dsw CreateInstance", " --a§", ""),
    ("{", "\"a§\":1,", "}"),
    ("{'instance_name': 1", ",'a§':1", "}"),
    ("a = CreateInstanceRequest()\n", "a.a = (", ""),
    ("import os\n", "a = CreateInstanceRequest()\n", ""),
    ("a = CreateInstanceRequest()\n", "a.a = f'{'\n", ""),
    ("import os\n", "body = {}\n", "body.a = 1"),
    ("{\"body\":{}", ",\"a§\":1", "}"),
    (
        "{\"Resources\": {\"a\": {\"Type\": \"ALIYUN::PaiDsw::Instance\", \"Properties\": {}}",
        ",\"a§\":{}",
        "}}",
    ),
    (
        "// Left out of the request: {\"/Labels\": 1",
        ", \"/EnvironmentVariables/a§\": \"${DSW_A}\"",
        "}\nx := &dsw.CreateInstanceRequest{EnvironmentVariables: map[string]string{}}",
    ),
    ("import os\n", "a§ = {}\n", ""),
    ("import os\nbody = {}\n", "body['a§'] = 1\n", ""),
    ("import os\nbody = {}\n", "body['a']['b§']['c'] = 1\n", ""),
    ("import os\nbody = {}\nbody", "['a']", " = 1"),
    ("import os\nbody = {}\n", "body['\n", ""),
    ("import os\nbody = {}\n", "body['''a", ""),
    ("import os\nbody = {}\n", "body.update({'a§': 1})\n", ""),
    ("import os\nbody = {}\n", "body.update(", ""),
    ("import os\nbody = {}\n", "body.a.append(1)\n", ""),
    ("import os\nbody = {'a': ''}\n", "body.a += 'x'\n", ""),
    ("import os\nbody = {'a': []}\n", "body.a += [1]\n", ""),
    (
        "import os\na = {}\nb = {}\n",
        "a['b'] = b\nb['a'] = a\n",
        "body = {'a': a}",
    ),
    ("import os\na = {}\n", "a = {'a': a}\n", "body = {'a': a}"),
    ("import os\na = {}\n", "b§ = {'a': a}\n", "body = {'a': a}"),
    ("import os\n", "a§ = []\n", ""),
    ("import os\na = []\n", "a.append({})\n", ""),
    ("import os\na = []\n", "a.append(a)\n", "body = {'a': a}"),
    ("import os\n", "a:", ""),
    ("import os\nbody = ", "1 + ", ""),
    ("import os\nbody = {'a': ", "'a' + 1 + ", "1}"),
    (
        "package main\nr := &dsw.CreateInstanceRequest{}\nr",
        ".SetA(1)",
        "",
    ),
    (
        "package main\nr := &dsw.CreateInstanceRequest{}\n",
        "r.SetA§(1)\n",
        "",
    ),
    ("{'instance_id': 'a', 'status': 1", ",'a§':1", "}"),
    ("const a = 1\n", "`${", ""),
    ("const a = 1\n", "= {`${", ""),
    ("const a = 1\nconst body = {a: ", "`${`", ""),
    ("const a = 1\nconst body = {a: ", "a ?? ", ""),
    ("const a = 1\nconst body = ", "{a: {", ""),
    ("package main\nbody := ", "&", ""),
    ("package main\nbody := ", "map[string]", ""),
    ("package main\nbody := ", "[]", ""),
    (
        "package main\nbody := ",
        "map[string]interface{}{\"a\": ",
        "",
    ),
    (
        "CreateInstanceRequest r = new ",
        "CreateInstanceRequest<",
        "",
    ),
    (
        "CreateInstanceRequest r = new CreateInstanceRequest()",
        ".setA(1)",
        "",
    ),
    ("CreateInstanceRequest r = ", "(Object) ", ""),
    ("CreateInstanceRequest r = ", "(Object", ""),
    ("locals {\nbody = ", "{a = ", ""),
    ("locals {\nbody = {a = \"", "${", ""),
    ("locals {\nbody = {a = \"", "$${", ""),
    ("{\"Resources\": {\"a\": ", "{\"Ref\":", ""),
    ("{", "\\\"a§\\\":1,", "}"),
    ("", "{\\", ""),
    ("a\n", "{}\n", ""),
    ("a\n", "{'a':1}\n", "b"),
    ("", "a\n", "{'a': 1}"),
    ("", "A {\n", ""),
    ("[", "Abcdef ", "]"),
    ("[", "Abcdef {},", "]"),
    ("{'body':", "{'body':", ""),
    ("curl ", "‘a ", ""),
    ("curl ", "‘", ""),
    ("curl ", "\\ ", ""),
    ("", "'\n", "curl -d '{}'"),
    ("", "C:\\", "curl"),
    ("", "C:\\;", "curl"),
    ("", "C:\\>curl -d {}\n", ""),
    ("curl\n", "cat > a <<X\n{}\nX\n", "curl -d @a"),
    ("cat > a <<X\n{\"a\":1}\nX\n", "curl -d @a\n", ""),
    ("cat > a <<X\n{\"a\":1}\nX\n", "cat a a > a\n", "curl -d @a"),
    ("", "read a <<X\n{}\nX\n", "curl -d $a"),
    ("curl -d '{\\\"a\\\":\\\"", "\\\\", "\\\"}'"),
    ("", "a", ""),
    ("", " ", ""),
    ("", "\u{3000}", ""),
    ("", "\u{feff}", ""),
    ("", "\0", ""),
    ("", "curl \0", ""),
];

fn text((begin, repeated, end): (&str, &str, &str), bytes: usize) -> String {
    let times = bytes / repeated.len();
    let repeated = (0..times).map(|n| repeated.replace('§', &n.to_string()));
    [begin, &repeated.collect::<String>(), end].concat()
}

/// How long this thread has been working, where the system tells that; else how late it is.
fn now() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let worked = told
        .split(' ')
        .next()
        .and_then(|nanoseconds| nanoseconds.parse().ok());
    let late = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
    };
    worked.map_or_else(late, Duration::from_nanos)
}

/// How long it takes, or the least of three where that is more than expected: other programs take their time too.
fn time(text: &str, most: Duration) -> Duration {
    let mut least = Duration::MAX;
    for _ in 0..3 {
        let start = now();
        let documents = read(text).map_or(0, |documents| documents.len());
        least = least.min(now().saturating_sub(start));
        assert!(documents <= MAX_DOCUMENTS);
        if least < most {
            break;
        }
    }
    least
}

#[test]
fn f38_hostile_texts_take_time_in_proportion_to_their_length() {
    for hostile in HOSTILE {
        let short = time(&text(*hostile, 90_000), Duration::ZERO);
        // Ten times as long; what is quadratic takes a hundred times.
        let most = short * 30 + Duration::from_millis(100);
        let long = time(&text(*hostile, 900_000), most);
        assert!(long < most, "{hostile:?}: {short:?}, then {long:?}");
    }
}

/// A text of each format, small enough to be changed everywhere.
fn corpus() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");
    let files = std::fs::read_dir(folder).expect("the corpus is here");
    let texts = files.map(|file| {
        let path = file.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("it is UTF-8");
        (path.display().to_string(), text)
    });
    texts.collect()
}

#[test]
fn every_text_of_the_corpus_is_read() {
    let corpus = corpus();
    assert!(corpus.len() >= 15);
    for (name, text) in corpus {
        let documents = read(&text).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert!(
            documents.iter().all(|it| it.import.report.kept > 0),
            "{name}"
        );
    }
}

/// What is put in anywhere: brackets, quotes, and what begins something in one of the formats.
const PUT_IN: [&str; 22] = [
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "'",
    "\"",
    "`",
    "\\",
    "$",
    "$(",
    "${",
    "#",
    "/*",
    "//",
    "<<a\n",
    "\0",
    "\n",
    "^",
    "“",
    "\u{1f600}",
];

#[test]
fn f38_no_malformed_text_ends_in_a_panic() {
    let mut refused = 0;
    let mut tried = 0;
    let mut attempt = |text: &str| {
        tried += 1;
        match read(text) {
            Ok(documents) => {
                assert!(!documents.is_empty(), "{text}");
                for document in documents {
                    // It can be sent, and read again.
                    let body = document.import.draft.body().to_string();
                    assert!(dsw_form::import::import(&body).is_ok(), "{text}: {body}");
                }
            }
            Err(_) => refused += 1,
        }
    };
    for (_, text) in corpus() {
        let letters: Vec<(usize, char)> = text.char_indices().collect();
        for (place, (at, letter)) in letters.iter().enumerate() {
            let (before, behind) = text.split_at(*at);
            let rest = &behind[letter.len_utf8()..];
            attempt(before);
            attempt(behind);
            attempt(&[before, rest].concat());
            attempt(&[before, behind, behind].concat());
            if let Some(next) = rest.chars().next() {
                let swapped = [next, *letter].iter().collect::<String>();
                attempt(&[before, &swapped, &rest[next.len_utf8()..]].concat());
            }
            attempt(&[before, PUT_IN[place % PUT_IN.len()], behind].concat());
            attempt(&[before, PUT_IN[place / 7 % PUT_IN.len()], rest].concat());
        }
    }
    assert!(
        refused > tried / 10,
        "most of what is cut is no request: {refused} of {tried}"
    );
}
