//! Links: a request to be handed on, and the way to a field. Both stand behind `#` in an address, which browsers send
//! to nobody.
//!
//! A link with a request is `request=1.` and bytes in the Base64 of addresses (RFC 4648, without padding); 1 is the
//! version of the format. The bytes are a [`Parcel`], as JSON or compressed (RFC 1950, which has a checksum). Which of
//! both tells their first byte: JSON begins with a brace, and nothing compressed does. Compressing is left to others: a
//! browser does it without any code of ours (`docs/decisions/0019-links.md`).
//!
//! A link to a field is `field=` and the field's name, such as `field=UserVpc.VpcId` or `field=Datasets[0].MountPath`.

use dsw_model::descriptor::Kind;
use dsw_model::grammar::{decode_base64, encode_base64};
use dsw_model::path::{Path, Step};
use dsw_model::request::CreateInstanceRequest as Request;
use dsw_model::secrecy::Secrecy;
use serde_json::{Map, Value};

use crate::draft::{Draft, ROOT};
use crate::import::{Import, MAX_BYTES, from_members};
use crate::{json, store};

/// What a link with a request begins with, behind `#`.
pub const REQUEST: &str = "request=";

/// What a link to a field begins with, behind `#`.
pub const FIELD: &str = "field=";

/// Whether what stands behind `#` in an address, with that sign, is a link.
pub fn asks(hash: &str) -> bool {
    let asked = hash.strip_prefix('#');
    asked.is_some_and(|asked| asked.starts_with(REQUEST) || asked.starts_with(FIELD))
}

/// The longest address that is offered, in characters: what is longer some programs cut on its way.
pub const MAX_ADDRESS: usize = 8 * 1024;

/// The version that is written.
const VERSION: &str = "1";

/// The members of a parcel.
const BODY: &str = "body";
const REGION: &str = "region";
const LEFT_OUT: &str = "leftOut";

/// Why a link cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It is of a version that is not known yet.
    #[error("the link is of a newer version")]
    Newer,
    /// Something of it is missing, or was changed on its way.
    #[error("the link is incomplete or was changed")]
    Damaged,
    /// What it holds is longer than [`MAX_BYTES`].
    #[error("the link holds more than {MAX_BYTES} bytes")]
    TooLong,
}

/// A request to be handed on. No secret is in one that [`Parcel::new`] has made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parcel {
    /// The body.
    pub body: Map<String, Value>,
    /// The region that it is for, such as `cn-hangzhou`; empty without one.
    pub region: String,
    /// Names of the places whose secrets were left out, such as `ImageAuth` or `EnvironmentVariables.HF_TOKEN`, in form
    /// order.
    pub left_out: Vec<String>,
}

impl Parcel {
    /// The request that a draft makes, without what is a secret by its kind, its looks or by what was said of it.
    pub fn new(draft: &Draft, secrecy: &Secrecy, region: &str) -> Self {
        let stored = store::write_with(draft, secrecy);
        // What is parked is no part of the request: neither are its secrets.
        let is_sent = |path: &&Path| draft.get(path).is_some_and(|value| !value.is_blank());
        let left_out = stored.left_out.iter().filter(is_sent);
        let left_out = left_out.map(|path| draft.name_of(path)).collect();
        Self {
            body: match store::read(stored.value).body() {
                Value::Object(body) => body,
                // A draft that came in the place of a request.
                _ => Map::new(),
            },
            region: region.to_owned(),
            left_out,
        }
    }

    /// What [`Parcel::read`] takes.
    pub fn write(&self) -> String {
        let mut all = Map::new();
        all.insert(BODY.to_owned(), Value::Object(self.body.clone()));
        if !self.region.is_empty() {
            all.insert(REGION.to_owned(), Value::from(&*self.region));
        }
        if !self.left_out.is_empty() {
            let names = self.left_out.iter().map(|name| Value::from(&**name));
            all.insert(LEFT_OUT.to_owned(), Value::Array(names.collect()));
        }
        Value::Object(all).to_string()
    }

    /// Reads what a link holds, once it is no longer compressed. Anybody may have written it.
    ///
    /// # Errors
    ///
    /// If it is too long or no parcel.
    pub fn read(bytes: &[u8]) -> Result<Self, LinkError> {
        if bytes.len() > MAX_BYTES {
            return Err(LinkError::TooLong);
        }
        Self::parse(bytes).ok_or(LinkError::Damaged)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let Ok(Value::Object(mut all)) = json::parse(text) else {
            return None;
        };
        let Some(Value::Object(body)) = all.remove(BODY) else {
            return None;
        };
        let region = match all.remove(REGION) {
            None => String::new(),
            Some(Value::String(region)) if is_region(&region) => region,
            Some(_) => return None,
        };
        let left_out = match all.remove(LEFT_OUT) {
            None => Vec::new(),
            Some(Value::Array(names)) => {
                let names = names.into_iter().map(|name| match name {
                    Value::String(name) => Some(name),
                    _ => None,
                });
                names.collect::<Option<_>>()?
            }
            Some(_) => return None,
        };
        Some(Self {
            body,
            region,
            left_out,
        })
    }

    /// The request as a draft, by the rules of any import.
    pub fn import(&self) -> Import {
        from_members(&self.body)
    }

    /// What the names that were left out say of variables: that they are secrets. That something is none nobody is told
    /// by a link.
    pub fn secrecy(&self) -> Secrecy {
        let mut secrecy = Secrecy::default();
        let variables = Path::of(&[Request::ENVIRONMENT_VARIABLES]).name(ROOT) + ".";
        for name in &self.left_out {
            if let Some(variable) = name.strip_prefix(&variables) {
                secrecy.say(variable, true);
            }
        }
        secrecy
    }
}

/// Whether a text is written like the id of a region.
fn is_region(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.len() <= 40 && text.bytes().all(is_part)
}

/// What stands behind `#` in a link that holds these bytes: a parcel as it is written, or compressed.
pub fn fragment(bytes: &[u8]) -> String {
    let digits = encode_base64(bytes);
    let digits = digits.trim_end_matches('=');
    let digits = digits.replace('+', "-").replace('/', "_");
    [REQUEST, VERSION, ".", &digits].concat()
}

/// The bytes of a link, from what stands behind `#` in it. White space, and signs behind it, come from the text that a
/// link stood in.
///
/// # Errors
///
/// If it is no link with a request, is too long, or is of a newer version.
pub fn bytes(fragment: &str) -> Result<Vec<u8>, LinkError> {
    let mut text = fragment.to_owned();
    text.retain(|sign| !sign.is_ascii_whitespace());
    let is_digit = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
    let text = text.trim_end_matches(|sign| !is_digit(sign));
    let rest = text.strip_prefix(REQUEST).ok_or(LinkError::Damaged)?;
    let (version, digits) = rest.split_once('.').ok_or(LinkError::Damaged)?;
    if version != VERSION {
        let number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
        let newer = number && !version.starts_with('0');
        return Err(if newer {
            LinkError::Newer
        } else {
            LinkError::Damaged
        });
    }
    // Bytes take a third more in digits; what is compressed is shorter than what it holds, or hardly longer.
    if digits.len() / 4 * 3 > MAX_BYTES {
        return Err(LinkError::TooLong);
    }
    if !digits.chars().all(is_digit) {
        return Err(LinkError::Damaged);
    }
    let digits = digits.replace('-', "+").replace('_', "/");
    decode_base64(&digits).ok_or(LinkError::Damaged)
}

/// Whether the bytes of a link are compressed.
pub fn is_compressed(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|first| *first != b'{')
}

/// Where the name of a field leads in a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// To this place.
    There(Path),
    /// To a row that the draft does not have: this is the list that it would be in.
    NoRow(Path),
    /// Nowhere: no field has this name.
    Nowhere,
}

/// Where a name leads: that of a field, with the numbers of rows, as `Datasets[0].MountPath`; or that of an entry, as
/// `EnvironmentVariables.PATH`. [`Draft::name_of`] writes such names.
pub fn place(draft: &Draft, name: &str) -> Place {
    let path = Path::leading(ROOT, name);
    let known = path.name(ROOT);
    let rows = path.steps().iter().enumerate();
    for (at, step) in rows {
        let list = path.prefix(at);
        let count = draft.get(&list).map_or(0, Draft::row_count);
        if matches!(step, Step::Row(row) if *row as usize >= count) {
            return Place::NoRow(list);
        }
    }
    if known == name {
        return if name.is_empty() {
            Place::Nowhere
        } else {
            Place::There(path)
        };
    }
    // What is not known is an entry of a map, or a member of the root that no reference has.
    let rest = name.strip_prefix(&*known).unwrap_or(name);
    let entry = rest.strip_prefix('.').unwrap_or(rest);
    match draft.get(&path) {
        Some(Draft::Map(rows)) => match rows.iter().position(|(name, _)| name == entry) {
            Some(row) => Place::There(path.join(row)),
            None => Place::NoRow(path),
        },
        _ if matches!(path.kind(ROOT), Some(Kind::Map(_))) => Place::NoRow(path),
        Some(Draft::Struct(object)) if object.unknown.iter().any(|(name, _)| **name == *entry) => {
            Place::There(path.join(entry))
        }
        _ => Place::Nowhere,
    }
}
