//! The regions that are offered: a closed list, from which every upstream host is made.

use std::fmt;

/// A region in which both services that the form needs can be reached.
///
/// There is no other way to one than [`Region::parse`], so a host name never holds what a browser sent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(&'static (&'static str, &'static str));

/// Id and name, as the vendor writes them. The pai-dsw SDKs take any text for a region; these are those that
/// the vendor's public sources give hosts of both services for.
static REGIONS: [(&str, &str); 17] = [
    ("cn-hangzhou", "China (Hangzhou)"),
    ("cn-shanghai", "China (Shanghai)"),
    ("cn-beijing", "China (Beijing)"),
    ("cn-shenzhen", "China (Shenzhen)"),
    ("cn-wulanchabu", "China (Ulanqab)"),
    ("cn-guangzhou", "China (Guangzhou)"),
    ("cn-hongkong", "China (Hong Kong)"),
    ("cn-shanghai-finance-1", "China East 2 Finance"),
    ("ap-southeast-1", "Singapore"),
    ("ap-southeast-3", "Malaysia (Kuala Lumpur)"),
    ("ap-southeast-5", "Indonesia (Jakarta)"),
    ("ap-northeast-1", "Japan (Tokyo)"),
    ("ap-northeast-2", "South Korea (Seoul)"),
    ("ap-south-1", "India (Mumbai)"),
    ("eu-central-1", "Germany (Frankfurt)"),
    ("us-east-1", "US (Virginia)"),
    ("us-west-1", "US (Silicon Valley)"),
];

impl Region {
    /// The region of this id, if it is offered.
    pub fn parse(id: &str) -> Option<Self> {
        Self::all().find(|region| region.id() == id)
    }

    /// All regions that are offered, the most common first.
    pub fn all() -> impl Iterator<Item = Self> {
        REGIONS.iter().map(Self)
    }

    /// Its id, such as `cn-hangzhou`.
    pub fn id(self) -> &'static str {
        self.0.0
    }

    /// Its name in English, such as `China (Hangzhou)`.
    pub fn name(self) -> &'static str {
        self.0.1
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_seventeen_are_known() {
        assert_eq!(Region::all().count(), 17);
        assert_eq!(
            Region::parse("cn-hangzhou").map(Region::name),
            Some("China (Hangzhou)")
        );
        for other in [
            "",
            "CN-HANGZHOU",
            "cn-hangzhou ",
            "cn-heyuan",
            "evil.example/",
            "cn-hangzhou.evil",
        ] {
            assert_eq!(Region::parse(other), None, "{other}");
        }
    }
}
