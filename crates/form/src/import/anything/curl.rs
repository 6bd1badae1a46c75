//! Calls with curl: the body is what its options say is sent.

use super::gather::{Found, Origin};
use super::script::{body, file, region_of, whole_lookup};
use super::shell::Command;
use super::{ReadError, Source};

/// Options of one letter that take a value.
const WITH_VALUE: &str = "AbcCdDeEFHKmoPQrtTuUwxXyYz";

/// One option that says what is sent.
struct Piece {
    text: String,
    /// Whether it goes on where the one before it ends.
    is_joined: bool,
}

/// Takes in what a call of curl sends.
pub(super) fn read(command: &Command, found: &mut Found) -> Result<(), ReadError> {
    let mut origin = Origin::of(Source::Curl);
    let mut pieces = Vec::new();
    let mut words = command.words[1..].iter();
    while let Some(word) = words.next() {
        if origin.region.is_none() {
            origin.region = region_of(word);
        }
        if leads_inside(word) {
            return Err(ReadError::NoRequest(origin.source));
        }
        let (option, attached) = match word.strip_prefix("--") {
            Some(long) => match long.split_once('=') {
                Some((option, value)) => (option, Some(value)),
                None => (long, None),
            },
            None => short(word),
        };
        let takes_file = match option {
            "d" | "data" | "data-ascii" | "data-binary" | "json" => true,
            "data-raw" => false,
            _ if option.len() == 1 && attached.is_none() && WITH_VALUE.contains(option) => {
                words.next();
                continue;
            }
            _ => continue,
        };
        let Some(value) = attached.or_else(|| words.next().map(String::as_str)) else {
            break;
        };
        let text = match value.strip_prefix('@').filter(|_| takes_file) {
            Some("-") => command.input.clone().ok_or(ReadError::StandardInput)?,
            Some(name) => return Err(file(name)),
            None => value.to_owned(),
        };
        let is_joined = option == "json";
        pieces.push(Piece { text, is_joined });
    }
    send(pieces, &origin, found)
}

/// Whether an address is that of one instance, or of something in it.
fn leads_inside(word: &str) -> bool {
    let behind = word.split_once("/instances/");
    let is_address = !word.contains([' ', '{', '?']) || word.starts_with("http");
    is_address
        && behind.is_some_and(|(before, behind)| {
            !before.contains('?') && !behind.is_empty() && !behind.starts_with(['?', '#'])
        })
}

/// The option of one letter that a word ends with, and what is attached to it.
fn short(word: &str) -> (&str, Option<&str>) {
    let Some(letters) = word.strip_prefix('-') else {
        return ("", None);
    };
    let place = letters.find(|letter| WITH_VALUE.contains(letter));
    let Some(place) = place else {
        return ("", None);
    };
    let (option, value) = letters[place..].split_at(1);
    (option, (!value.is_empty()).then_some(value))
}

/// Takes in what is sent. curl joins what several options say; several whole requests are several requests.
fn send(pieces: Vec<Piece>, origin: &Origin, found: &mut Found) -> Result<(), ReadError> {
    let is_whole = |piece: &Piece| {
        let text = piece.text.trim();
        whole_lookup(text).is_none() && text.starts_with('{') && text.ends_with('}')
    };
    if pieces.is_empty() {
        return Err(ReadError::NoRequest(origin.source));
    }
    if pieces.iter().all(is_whole) {
        return pieces
            .iter()
            .try_for_each(|piece| body(&piece.text, origin, found));
    }
    let mut text = String::new();
    for piece in pieces {
        if !piece.is_joined && !text.is_empty() {
            text.push('&');
        }
        text.push_str(&piece.text);
    }
    body(&text, origin, found)
}
