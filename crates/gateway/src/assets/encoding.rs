//! Which content codings a client takes (RFC 9110, section 12.5.3).

use http::{HeaderMap, header};

/// How welcome each coding is, from 0 (not at all) to 1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Accepted {
    brotli: u16,
    gzip: u16,
    plain: u16,
}

/// What the Accept-Encoding of a request says. Without it, nothing but the plain bytes is welcome.
pub(super) fn accepted(headers: &HeaderMap) -> Accepted {
    let (mut brotli, mut gzip, mut plain, mut rest) = (None, None, None, None);
    for value in headers.get_all(header::ACCEPT_ENCODING) {
        for coding in value.as_bytes().split(|byte| *byte == b',') {
            let mut parts = coding.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
            let name = parts.next().unwrap_or_default();
            let weight = parts.find_map(weight).unwrap_or(1000);
            let place = match name {
                _ if name.eq_ignore_ascii_case(b"br") => &mut brotli,
                _ if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") => {
                    &mut gzip
                }
                _ if name.eq_ignore_ascii_case(b"identity") => &mut plain,
                b"*" => &mut rest,
                _ => continue,
            };
            *place = Some(weight);
        }
    }
    Accepted {
        brotli: brotli.or(rest).unwrap_or(0),
        gzip: gzip.or(rest).unwrap_or(0),
        plain: plain.unwrap_or(1),
    }
}

/// Thousandths of a `q=0.5`; what is no weight is none. An odd one counts as refusal.
fn weight(parameter: &[u8]) -> Option<u16> {
    let (b'q' | b'Q', value) = parameter.split_first().map(|(q, rest)| (*q, rest))? else {
        return None;
    };
    let value = value
        .trim_ascii_start()
        .strip_prefix(b"=")?
        .trim_ascii_start();
    let thousandths = match value {
        [b'1', rest @ ..] if is_fraction(rest, |byte| byte == b'0') => 1000,
        [b'0', rest @ ..] if is_fraction(rest, |byte| byte.is_ascii_digit()) => {
            let digits = rest.iter().skip(1).chain(b"000").take(3);
            digits.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'))
        }
        _ => 0,
    };
    Some(thousandths)
}

/// Whether a text is empty, or a point and at most three of these digits.
fn is_fraction(text: &[u8], is_digit: impl Fn(u8) -> bool) -> bool {
    match text {
        [] => true,
        [b'.', digits @ ..] => digits.len() <= 3 && digits.iter().all(|digit| is_digit(*digit)),
        _ => false,
    }
}

impl Accepted {
    /// The most welcome of what there is; of equals the smallest. The plain bytes are sent rather than nothing.
    pub(super) fn choose<T>(self, plain: T, brotli: Option<T>, gzip: Option<T>) -> T {
        let (mut best, mut weight) = (plain, self.plain.saturating_sub(1));
        if let Some(gzip) = gzip
            && self.gzip > weight
        {
            (best, weight) = (gzip, self.gzip - 1);
        }
        if let Some(brotli) = brotli
            && self.brotli > weight
        {
            best = brotli;
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s14_the_most_welcome_coding_is_sent() {
        let chosen = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, value.parse().expect("a header"));
            accepted(&headers).choose("plain", Some("br"), Some("gzip"))
        };
        for (value, expected) in [
            ("gzip, deflate, br, zstd", "br"),
            ("br", "br"),
            ("BR", "br"),
            ("gzip", "gzip"),
            ("x-gzip", "gzip"),
            ("br;q=0, gzip", "gzip"),
            ("br;q=0.5, gzip;q=0.8", "gzip"),
            ("br; q=0.8 , gzip;q=0.5", "br"),
            ("gzip;q=1.000, br;q=0.999", "gzip"),
            ("br;q=0.001", "br"),
            ("*", "br"),
            ("*;q=0, gzip", "gzip"),
            ("br;q=0, *", "gzip"),
            ("identity, br;q=0.5", "plain"),
            ("identity;q=0.2, br;q=0.5", "br"),
            ("identity;q=0", "plain"),
            ("", "plain"),
            ("deflate, zstd", "plain"),
            ("brotli", "plain"),
            ("br;q=0", "plain"),
            ("br;q=0.000", "plain"),
            ("br;q=2", "plain"),
            ("br;q=0.0001", "plain"),
            ("br;q=-1", "plain"),
            ("br;q=", "plain"),
        ] {
            assert_eq!(chosen(value), expected, "{value}");
        }
        assert_eq!(
            accepted(&HeaderMap::new()).choose("plain", Some("br"), None),
            "plain"
        );
    }
}
