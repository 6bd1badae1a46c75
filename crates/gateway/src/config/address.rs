//! Hosts and origins as options give them.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A host as clients write it, with its port where that is not the usual one; in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority(pub(super) String);

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Authority {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "give a host with its port, such as composer.example:8080";
        let authority: http::uri::Authority = text.parse().map_err(|_| FORM)?;
        let port_is_right = match text.rsplit_once(':') {
            Some((_, port)) if !text.ends_with(']') => {
                port.parse::<u16>().is_ok_and(|port| port > 0)
            }
            _ => true,
        };
        let host_is_plain = !authority.host().is_empty() && !text.contains(['@', '*', '%']);
        if port_is_right && host_is_plain {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(FORM)
        }
    }
}

/// An origin as browsers write it: scheme, host, and the port where that is not the usual one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(pub(super) String);

impl FromStr for Origin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (scheme, host) = scheme_and_host(text)
            .ok_or("give scheme and host and nothing behind, such as https://composer.example")?;
        // A browser would write it without.
        let usual = if scheme == "https" { ":443" } else { ":80" };
        if host.0.ends_with(usual) {
            return Err("leave out the usual port, as browsers do");
        }
        Ok(Self(format!("{scheme}://{}", host.0)))
    }
}

/// Scheme and authority, if a text is nothing else; without encryption only hosts of this machine.
fn scheme_and_host(text: &str) -> Option<(&'static str, Authority)> {
    if let Some(host) = text.strip_prefix("https://") {
        return Some(("https", host.parse().ok()?));
    }
    let host: Authority = text.strip_prefix("http://")?.parse().ok()?;
    let authority: http::uri::Authority = host.0.parse().ok()?;
    let name = authority.host();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    let local = name == "localhost" || address.parse().is_ok_and(is_loopback);
    local.then_some(("http", host))
}

/// Whether only this machine reaches an address.
pub(super) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// An address as it stands in an authority.
pub(super) fn host_of(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}
