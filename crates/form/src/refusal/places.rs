//! The places of a request that an error reply speaks of.

use dsw_model::descriptor::{FieldDescriptor, Kind, field_step};
use dsw_model::json::pointer;
use dsw_model::path;
use dsw_model::path::{Field, Path, Step};
use dsw_model::request::{CreateInstanceRequest as Request, SpotSpec, UserVpc};

use crate::draft::{Draft, ROOT};

/// The place that a JSON Pointer leads to, as far as it is one of the request's.
pub(super) fn from_pointer(pointer: &str, draft: &Draft) -> Path {
    let parts: Vec<_> = pointer::parts(pointer).collect();
    lead(parts.iter().map(String::as_str), draft, |field, part| {
        field.wire == part
    })
}

/// The place that some names lead to, from the request on, as far as they do.
fn lead<'a>(
    parts: impl Iterator<Item = &'a str>,
    draft: &Draft,
    is_named: fn(&FieldDescriptor, &str) -> bool,
) -> Path {
    let (mut path, mut kind) = (Path::ROOT, Kind::Struct(ROOT));
    for part in parts {
        let step = match kind {
            Kind::Struct(object) => object
                .fields
                .iter()
                .position(|field| is_named(field, part))
                .map(|index| Step::Field(field_step(index))),
            Kind::List(_) => part.parse().ok().map(Step::Row),
            Kind::Map(_) => match draft.get(&path) {
                Some(Draft::Map(rows)) => rows
                    .iter()
                    .position(|(name, _)| name == part)
                    .map(Step::from),
                _ => None,
            },
            _ => None,
        };
        let Some((step, inner)) = step.and_then(|step| Some((step.clone(), kind.inside(&step)?)))
        else {
            break;
        };
        path = path.join(step);
        kind = inner;
    }
    path
}

/// The places that a message speaks of: those that it names, those whose values it repeats, and where it does
/// neither, those that the words in it are usually about.
pub(super) fn spoken_of(message: &str, draft: &Draft) -> Vec<Path> {
    let message = beginning(message);
    let mut paths = Vec::new();
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_-.[]/$".contains(letter);
    for word in message.split(|letter| !is_part(letter)) {
        paths.extend(named(word.trim_matches(['.', '-', '/', '$']), draft));
    }
    values(
        draft,
        &Path::ROOT,
        Kind::Struct(ROOT),
        &mut |path, value| {
            if holds(message, value) {
                paths.push(path.clone());
            }
        },
    );
    if paths.is_empty() {
        paths = by_phrase(message);
    }
    if paths.is_empty() {
        paths = by_word(message, draft);
    }
    // A place inside another says more than that other.
    let mut kept: Vec<Path> = Vec::new();
    for (n, path) in paths.iter().enumerate() {
        let inside = |other: &Path| other != path && other.is_within(path);
        if !kept.contains(path) && !paths.iter().any(inside) && !paths[..n].contains(path) {
            kept.push(path.clone());
        }
    }
    kept.truncate(8);
    kept
}

/// As much of a message as is looked at: what it is about is said there.
fn beginning(message: &str) -> &str {
    const MOST: usize = 4 * 1024;
    let mut end = message.len().min(MOST);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    &message[..end]
}

/// The place that a word names: a path, or the name of a field wherever it is.
fn named(word: &str, draft: &Draft) -> Option<Path> {
    let mut parts = word
        .split(['.', '[', ']', '/'])
        .filter(|part| !part.is_empty())
        .peekable();
    if parts
        .peek()
        .is_some_and(|part| matches!(*part, "body" | "request" | "Body"))
    {
        parts.next();
    }
    let last = parts.clone().next_back()?;
    let path = lead(parts, draft, is_named);
    if !path.steps().is_empty() {
        return Some(path);
    }
    // A name of one word, such as Key or Size, is said of much else.
    let mut found: Vec<Path> = Vec::new();
    ROOT.walk(&mut |path, field| {
        if path.steps().len() > 1 && has_words(field.wire) && is_named(field, last) {
            found.push(in_rows(path, draft));
        }
    });
    let is_set = |path: &&Path| draft.get(path).is_some_and(|value| !value.is_blank());
    found.iter().find(is_set).or(found.first()).cloned()
}

/// A path through row 0 of a list, if the list has one row; else the list.
fn in_rows(path: &Path, draft: &Draft) -> Path {
    for (at, step) in path.steps().iter().enumerate() {
        let list = path.prefix(at);
        if matches!(step, Step::Row(_)) && draft.get(&list).map_or(0, Draft::row_count) != 1 {
            return list;
        }
    }
    path.clone()
}

/// Whether a word is the name of a field, as any language writes it: `InstanceName`, `instance_name`.
fn is_named(field: &FieldDescriptor, word: &str) -> bool {
    if has_words(field.wire) {
        word.contains(|letter: char| letter.is_ascii_uppercase() || "_-".contains(letter))
            && plain(word).eq(plain(field.wire))
    } else {
        word == field.wire
    }
}

/// The letters and digits of a name, all small.
fn plain(name: &str) -> impl Iterator<Item = u8> {
    let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase())
}

/// Whether a wire name is of more than one word. Without any text of its own, since every word of a message is held
/// against every name.
fn has_words(wire: &str) -> bool {
    let mut pairs = wire.bytes().zip(wire.bytes().skip(1));
    pairs.any(|(before, letter)| letter.is_ascii_uppercase() && !before.is_ascii_uppercase())
}

/// A wire name as words in small letters: `instance name`.
fn words(wire: &str) -> String {
    let mut said = String::new();
    let mut before = 'A';
    for letter in wire.chars() {
        if letter.is_ascii_uppercase() && !before.is_ascii_uppercase() {
            said.push(' ');
        }
        said.push(letter.to_ascii_lowercase());
        before = letter;
    }
    said
}

/// Calls `visit` with every text of a draft that tells something of its own, secrets left out.
fn values(draft: &Draft, path: &Path, kind: Kind, visit: &mut dyn FnMut(&Path, &str)) {
    match (draft, kind) {
        (Draft::Text(text), Kind::Text) if text.len() > 3 => visit(path, text),
        (Draft::Struct(object), Kind::Struct(descriptor)) => {
            for (index, value) in object.fields.iter().enumerate() {
                let kind = descriptor.fields.get(index).map(|field| field.kind);
                if let Some(kind) = kind {
                    values(value, &path.join(field_step(index)), kind, visit);
                }
            }
        }
        (Draft::List(rows), Kind::List(item)) => {
            for (row, value) in rows.iter().enumerate() {
                values(value, &path.join(row), *item, visit);
            }
        }
        (Draft::Map(rows), Kind::Map(item)) => {
            for (row, (_, value)) in rows.iter().enumerate() {
                values(value, &path.join(row), *item, visit);
            }
        }
        _ => {}
    }
}

/// Whether a message has a text as a word of its own.
fn holds(message: &str, text: &str) -> bool {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    message.match_indices(text).any(|(at, _)| {
        let before = message[..at].chars().next_back();
        let after = message[at + text.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// The message in small letters, with a space in place of all that is no letter or digit.
fn spoken(message: &str) -> String {
    let letter = |letter: char| {
        if letter.is_alphanumeric() {
            letter.to_ascii_lowercase()
        } else {
            ' '
        }
    };
    let mut said = " ".to_owned();
    for letter in message.chars().map(letter) {
        if letter != ' ' || !said.ends_with(' ') {
            said.push(letter);
        }
    }
    said.push(' ');
    said
}

/// Whether words stand in such a message, also in the plural.
fn says(said: &str, phrase: &str) -> bool {
    if !phrase.is_ascii() {
        return said.contains(phrase);
    }
    [" ", "s "]
        .iter()
        .any(|end| said.contains(&[" ", phrase, end].concat()))
}

/// The places whose names or labels stand in a message as words.
fn by_phrase(message: &str) -> Vec<Path> {
    /// Letters of a phrase that is said of nothing else: `on start` is.
    const TELLING: usize = 10;
    let said = spoken(message);
    let mut found: Vec<(usize, Path)> = Vec::new();
    ROOT.walk(&mut |path, field| {
        let list = path
            .steps()
            .iter()
            .position(|step| matches!(step, Step::Row(_)));
        for phrase in [words(field.wire), field.label.to_ascii_lowercase()] {
            let tells = path.steps().len() == 1 || phrase.len() >= TELLING;
            if tells
                && phrase.contains(' ')
                && says(&said, &phrase)
                && let Some(at) = said.find(&phrase)
            {
                found.push((
                    at,
                    list.map_or_else(|| path.clone(), |row| path.prefix(row)),
                ));
            }
        }
    });
    // What is said first is what it is about.
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, path)| path).collect()
}

/// What words are about, the more telling first.
const ABOUT: &[(&str, &[Field])] = &[
    ("vswitch", &[Request::USER_VPC, UserVpc::VSWITCH_ID]),
    (
        "security group",
        &[Request::USER_VPC, UserVpc::SECURITY_GROUP_ID],
    ),
    ("vpc", &[Request::USER_VPC, UserVpc::VPC_ID]),
    (
        "spot price",
        &[Request::SPOT_SPEC, SpotSpec::SPOT_PRICE_LIMIT],
    ),
    ("spot", &[Request::SPOT_SPEC]),
    ("instance type", &[Request::ECS_SPEC]),
    ("spec", &[Request::ECS_SPEC]),
    ("stock", &[Request::ECS_SPEC]),
    ("inventory", &[Request::ECS_SPEC]),
    ("sold out", &[Request::ECS_SPEC]),
    ("registry", &[Request::IMAGE_AUTH]),
    ("image", &[Request::IMAGE_ID]),
    ("dataset", &[Request::DATASETS]),
    ("mount", &[Request::DATASETS]),
    ("disk", &[Request::CLOUD_DISKS]),
    ("quota", &[Request::RESOURCE_ID]),
    ("resource group", &[Request::RESOURCE_ID]),
    ("priority", &[Request::PRIORITY]),
    ("driver", &[Request::DRIVER]),
    ("affinity", &[Request::AFFINITY]),
    ("environment", &[Request::ENVIRONMENT_VARIABLES]),
    ("role", &[Request::CREDENTIAL_CONFIG]),
    ("label", &[Request::LABELS]),
    ("tag", &[Request::TAG]),
    ("workspace", &[Request::WORKSPACE_ID]),
    ("实例名", &[Request::INSTANCE_NAME]),
    ("交换机", &[Request::USER_VPC, UserVpc::VSWITCH_ID]),
    ("安全组", &[Request::USER_VPC, UserVpc::SECURITY_GROUP_ID]),
    ("专有网络", &[Request::USER_VPC, UserVpc::VPC_ID]),
    ("规格", &[Request::ECS_SPEC]),
    ("库存", &[Request::ECS_SPEC]),
    ("镜像", &[Request::IMAGE_ID]),
    ("数据集", &[Request::DATASETS]),
    ("挂载", &[Request::DATASETS]),
    ("云盘", &[Request::CLOUD_DISKS]),
    ("配额", &[Request::RESOURCE_ID]),
    ("标签", &[Request::LABELS]),
    ("工作空间", &[Request::WORKSPACE_ID]),
];

/// The place that the most telling word of a message is about.
fn by_word(message: &str, draft: &Draft) -> Vec<Path> {
    let said = spoken(message);
    let found = ABOUT.iter().find(|(word, _)| says(&said, word));
    let path = found.map(|(_, fields)| Path::of(fields));
    path.map(|path| {
        let by_address = path![Request::IMAGE_URL];
        let is_set = draft
            .get(&by_address)
            .is_some_and(|value| !value.is_blank());
        if path == path![Request::IMAGE_ID] && is_set {
            by_address
        } else {
            path
        }
    })
    .into_iter()
    .collect()
}

/// Whether a message says that something is there already.
pub(super) fn is_taken(message: &str) -> bool {
    const TAKEN: [&str; 8] = [
        "already",
        "exists",
        "in use",
        "duplicate",
        "duplicated",
        "已存在",
        "重复",
        "已被",
    ];
    const MISSING: [&str; 5] = ["not exist", "no such", "not found", "not exists", "不存在"];
    let said = spoken(message);
    let any = |phrases: &[&str]| phrases.iter().any(|phrase| says(&said, phrase));
    any(&TAKEN) && !any(&MISSING)
}
