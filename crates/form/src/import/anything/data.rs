//! Data: JSON as people write it, one value or several.

use dsw_model::json::Problem;

use super::node::Node;
use super::reader::{Dialect, Reader, Wrong};
use super::{MAX_DOCUMENTS, RepairKind};

/// What was read of a text, and where it was mended.
pub(super) struct Data {
    pub(super) nodes: Vec<Node>,
    pub(super) repairs: Vec<(usize, RepairKind)>,
}

/// Reads the values from this byte on. There is at least one, and no more of them than documents may be
/// found, and one.
pub(super) fn read(text: &str, from: usize, has_lookups: bool) -> Result<Data, Wrong> {
    let mut reader = Reader::new(text, Dialect::Json);
    reader.at = from;
    reader.has_lookups = has_lookups;
    let mut nodes = vec![reader.value(0)?];
    loop {
        reader.skip()?;
        let here = reader.at;
        if reader.eat(",") || reader.eat(";") {
            reader.repair(here, RepairKind::Stray);
            reader.skip()?;
        }
        match reader.peek() {
            Some('{' | '[') if nodes.len() <= MAX_DOCUMENTS => nodes.push(reader.value(0)?),
            Some('{' | '[') | None => break,
            Some(_) => return Err((Problem::GoesOn, reader.at)),
        }
    }
    Ok(Data {
        nodes,
        repairs: reader.repairs,
    })
}

/// What a text holds that stands between quotes which were left behind: `{\"InstanceName\": \"a\"}`.
pub(super) fn escaped(text: &str) -> Option<Node> {
    let text = text.trim();
    if !is_escaped(text) {
        return None;
    }
    let quoted = ["\"", text, "\""].concat();
    let mut reader = Reader::new(&quoted, Dialect::Json);
    let node = reader.quoted("").ok()?;
    reader.rest().is_empty().then_some(node)
}

/// Whether all quotes in a text have backslashes before them: no brace is followed by one in JSON.
pub(super) fn is_escaped(text: &str) -> bool {
    let inside = text
        .trim_start()
        .trim_start_matches(['{', '[', ' ', '\n', '\r', '\t']);
    inside.len() < text.len() && inside.starts_with('\\')
}
