//! Reading the query of a request, strictly: what an operation does not take is refused, not passed over (S06).

use percent_encoding::percent_decode;

use crate::error::{Code, Error};
use crate::operation::Member;
use crate::region::Region;

/// The member that names the region. It chooses the host and is not passed on.
const REGION: &str = "RegionId";

/// A query that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The region, if one is named.
    pub region: Option<Region>,
    /// The other members, decoded, in the order in which they came.
    pub members: Vec<(&'static str, String)>,
}

impl Query {
    /// Reads a query by a table of members.
    ///
    /// # Errors
    ///
    /// When a member is unknown, stands twice or has a value that it can not have.
    pub fn parse(
        query: Option<&str>,
        table: &'static [(&'static str, Member)],
    ) -> Result<Self, Error> {
        let mut read = Self {
            region: None,
            members: Vec::new(),
        };
        let query = query.unwrap_or_default();
        if query.is_empty() {
            return Ok(read);
        }
        for part in query.split('&') {
            let pair = part.split_once('=');
            let pair = pair.and_then(|(name, value)| Some((decoded(name)?, decoded(value)?)));
            let Some((name, value)) = pair else {
                let message = "The query has a part that is not written as `Name=value`.";
                return Err(Error::new(Code::BadQuery, message));
            };
            if name == REGION {
                if read.region.is_some() {
                    return Err(twice(REGION));
                }
                read.region = Some(Region::parse(&value).ok_or_else(unknown_region)?);
                continue;
            }
            let Some((name, member)) = table.iter().find(|(known, _)| *known == name) else {
                return Err(unknown(&name));
            };
            if read.members.iter().any(|(known, _)| known == name) {
                return Err(twice(name));
            }
            if !member.accepts(&value) {
                let message = format!("{name} in the query has to be {}.", wanted(*member));
                return Err(Error::new(Code::BadQuery, message));
            }
            read.members.push((name, value));
        }
        Ok(read)
    }

    /// The region.
    ///
    /// # Errors
    ///
    /// When none is named.
    pub fn region(&self) -> Result<Region, Error> {
        self.region.ok_or_else(unknown_region)
    }
}

/// A name or value with its escapes taken out, once. `+` is a space, as browsers write forms.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut hex = || bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit());
        if byte == b'%' && !(hex() && hex()) {
            return None;
        }
    }
    let text = text.replace('+', " ");
    percent_decode(text.as_bytes())
        .decode_utf8()
        .ok()
        .map(std::borrow::Cow::into_owned)
}

fn twice(name: &str) -> Error {
    let message = format!("{name} stands twice in the query.");
    Error::new(Code::BadQuery, message)
}

fn unknown(name: &str) -> Error {
    // A name that is no plain word is not repeated.
    let is_word = name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let message = if is_word && !name.is_empty() {
        format!("This operation does not take {name} in the query.")
    } else {
        "The query has a member that this operation does not take.".to_owned()
    };
    Error::new(Code::BadQuery, message)
}

fn unknown_region() -> Error {
    let ids: Vec<_> = Region::all().map(Region::id).collect();
    let message = format!("RegionId in the query has to be one of {}.", ids.join(", "));
    Error::new(Code::UnknownRegion, message)
}

/// What a member takes, in words.
fn wanted(member: Member) -> String {
    match member {
        Member::Text => "text of at most 1024 bytes without control characters".to_owned(),
        Member::Integer(least, most) => format!("a whole number from {least} to {most}"),
        Member::Boolean => "true or false".to_owned(),
        Member::OneOf(values) => format!("one of {}", values.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[(&str, Member)] = &[
        ("Name", Member::Text),
        ("PageNumber", Member::Integer(1, 100)),
        ("Order", Member::OneOf(&["ASC", "DESC"])),
    ];

    fn parse(query: &str) -> Result<Query, Error> {
        Query::parse(Some(query), TABLE)
    }

    #[test]
    fn members_are_decoded_once() {
        let read = parse("RegionId=cn-hangzhou&Name=a%2526b+c%20%E5%90%8D&PageNumber=7");
        let read = read.expect("a query");
        assert_eq!(read.region.map(Region::id), Some("cn-hangzhou"));
        let members = [
            ("Name", "a%26b c 名".to_owned()),
            ("PageNumber", "7".to_owned()),
        ];
        assert_eq!(read.members, members);
        let none = Query::parse(None, TABLE).expect("a query");
        assert!(
            none.region()
                .is_err_and(|error| error.code == Code::UnknownRegion)
        );
    }

    #[test]
    fn s06_what_is_not_in_the_table_is_refused_by_name() {
        for (query, code, named) in [
            ("Other=1", Code::BadQuery, "Other"),
            ("name=1", Code::BadQuery, "name"),
            ("Name=1&Name=1", Code::BadQuery, "Name stands twice"),
            ("Name=1&N%61me=1", Code::BadQuery, "Name stands twice"),
            ("Name=%00", Code::BadQuery, "Name"),
            ("Name=%ff", Code::BadQuery, "`Name=value`"),
            ("Name=%4", Code::BadQuery, "`Name=value`"),
            ("Name=%+1", Code::BadQuery, "`Name=value`"),
            ("Name", Code::BadQuery, "`Name=value`"),
            ("Name=1&", Code::BadQuery, "`Name=value`"),
            ("PageNumber=0", Code::BadQuery, "from 1 to 100"),
            ("PageNumber=", Code::BadQuery, "PageNumber"),
            ("Order=asc", Code::BadQuery, "ASC, DESC"),
            ("<script>=1", Code::BadQuery, "a member that"),
            ("RegionId=cn-heyuan", Code::UnknownRegion, "cn-hangzhou"),
            ("RegionId=", Code::UnknownRegion, "cn-hangzhou"),
            (
                "RegionId=cn-hangzhou&RegionId=cn-hangzhou",
                Code::BadQuery,
                "RegionId stands twice",
            ),
        ] {
            let error = parse(query).expect_err(query);
            assert_eq!(error.code, code, "{query}");
            assert!(error.message.contains(named), "{query}: {}", error.message);
        }
    }
}
