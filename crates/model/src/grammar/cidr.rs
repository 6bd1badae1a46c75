//! Ranges of IPv4 addresses.

use std::fmt;
use std::net::Ipv4Addr;

/// A range of IPv4 addresses as it was written: an address and the length of the network's prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    /// The address before the slash.
    pub address: Ipv4Addr,
    /// The number behind the slash, 0 to 32.
    pub prefix: u8,
}

impl Cidr {
    /// Reads `192.168.0.0/24`: four decimal numbers and a prefix, without white space or leading
    /// zeros.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let decimal =
            prefix == "0" || prefix.bytes().all(|b| b.is_ascii_digit()) && !prefix.starts_with('0');
        let prefix = prefix
            .parse()
            .ok()
            .filter(|length| decimal && *length <= 32)?;
        Some(Self {
            address: address.parse().ok()?,
            prefix,
        })
    }

    /// The same range, written with its first address.
    #[must_use]
    pub fn to_network(self) -> Self {
        let hosts = u32::MAX.checked_shr(self.prefix.into()).unwrap_or(0);
        Self {
            address: Ipv4Addr::from_bits(self.address.to_bits() & !hosts),
            ..self
        }
    }

    /// The range of this prefix that has the address in it.
    #[must_use]
    pub fn widened(self, prefix: u8) -> Self {
        Self { prefix, ..self }.to_network()
    }

    /// Whether the address is another than the first of the range.
    pub fn has_host_bits(self) -> bool {
        self != self.to_network()
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// Whether the text is an address or a range of addresses.
///
/// IPv6 is recognised by its characters only: where it may stand is documented nowhere.
pub fn is_address_or_range(text: &str) -> bool {
    let is_ipv6 = || {
        let (address, prefix) = text.split_once('/').unwrap_or((text, "0"));
        address.contains(':')
            && address
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
            && prefix.parse::<u8>().is_ok_and(|length| length <= 128)
    };
    Cidr::parse(text).is_some() || text.parse::<Ipv4Addr>().is_ok() || is_ipv6()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cidrs() {
        for (text, network, host_bits) in [
            ("192.168.0.0/24", "192.168.0.0/24", false),
            ("192.168.0.1/24", "192.168.0.0/24", true),
            ("172.16.19.200/12", "172.16.0.0/12", true),
            ("10.1.2.3/32", "10.1.2.3/32", false),
            ("0.0.0.0/0", "0.0.0.0/0", false),
            ("1.2.3.4/0", "0.0.0.0/0", true),
        ] {
            let cidr = Cidr::parse(text).expect(text);
            assert_eq!(cidr.to_network().to_string(), network, "{text}");
            assert_eq!(cidr.has_host_bits(), host_bits, "{text}");
        }
        for refused in [
            "",
            "/",
            "192.168.0.0",
            "192.168.0.0/",
            "192.168.0.0/33",
            "192.168.0.0/024",
            "192.168.0.0/00",
            "192.168.0.0/+8",
            "192.168.0.0/-1",
            "192.168.0.0/8/8",
            "192.168.0/24",
            "192.168.0.256/24",
            "192.168.00.0/24",
            " 192.168.0.0/24",
            "192.168.0.0/24 ",
            "fe80::/10",
            r#""172.16.19.0/24","172.16.2.0/24""#,
        ] {
            assert_eq!(Cidr::parse(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn ranges_around() {
        let cidr = Cidr::parse("10.20.30.40/24").expect("a range");
        for (prefix, around) in [(24, "10.20.30.0/24"), (8, "10.0.0.0/8"), (0, "0.0.0.0/0")] {
            assert_eq!(cidr.widened(prefix).to_string(), around);
        }
    }

    #[test]
    fn addresses_and_ranges() {
        for accepted in [
            "10.0.0.1",
            "10.0.0.1/8",
            "fe80::1",
            "fe80::/10",
            "::ffff:1.2.3.4",
            "::",
        ] {
            assert!(is_address_or_range(accepted), "{accepted:?}");
        }
        for refused in [
            "",
            "10.0.0",
            "10.0.0.1/33",
            "a",
            "fe80::/129",
            "fe80::/",
            "example.com:80",
            "x::",
            " ::1",
        ] {
            assert!(!is_address_or_range(refused), "{refused:?}");
        }
    }
}
