//! Small functions that accept or refuse one text.
//!
//! No regular expressions: the first one would more than double the page.

mod address;
mod cidr;
mod keys;
mod number;

pub use self::address::{
    Scheme, ancestors, is_mount_path, oss_host, oss_region, parent, scheme, without_slash,
};
pub use self::cidr::{Cidr, is_address_or_range};
pub use self::keys::{
    begins_access_key_id, has_secret, holds_private_key, is_role_arn, is_ssh_public_key,
    is_variable_name, looks_secret, may_name_secret, names_secret, sets_system_variable,
};
pub use self::number::{
    Decimal, Quantity, is_capacity, is_port, is_whole, to_capacity, to_quantity,
};

/// The text without white space around it, if it has some and is accepted without.
pub fn trimmed(text: &str, accepts: impl FnOnce(&str) -> bool) -> Option<&str> {
    let bare = text.trim();
    (bare.len() < text.len() && accepts(bare)).then_some(bare)
}

/// Whether the text is made of the characters of an instance name: A to Z, a to z, 0 to 9 and `_`.
///
/// It says nothing of the length; the empty text is accepted.
pub fn is_name(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The text with `_` for hyphens and spaces and none around it, if that makes a name of it.
pub fn to_name(text: &str) -> Option<String> {
    let name = text.trim().replace(['-', ' '], "_");
    (is_name(&name) && !name.is_empty()).then_some(name)
}

/// What a Base64 text stands for, in the standard alphabet.
///
/// Padding may be left out, as many decoders permit; where it is given it must be right. There is
/// no white space.
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let padded = padding <= 2 && text.len().is_multiple_of(4);
    if digits.len() % 4 == 1 || padding > 0 && !padded {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    // Bits that do not make a byte yet, and how many they are.
    let (mut bits, mut count) = (0_u32, 0);
    for digit in digits.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_le_bytes()[0]);
            bits &= (1 << count) - 1;
        }
    }
    Some(bytes)
}

/// Bytes in Base64, in the standard alphabet with padding.
pub fn encode_base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            // A group of n bytes has n + 1 digits.
            text.push(if digit <= group.len() {
                char::from(DIGITS[(bits >> (18 - 6 * digit) & 63) as usize])
            } else {
                '='
            });
        }
    }
    text
}

/// Whether the text can be the address of an image: no scheme, no white space.
pub fn is_image_url(text: &str) -> bool {
    !text.contains("://") && !text.contains(char::is_whitespace)
}

/// The text without scheme and without white space around it, if that makes an image address of it.
pub fn to_image_url(text: &str) -> Option<&str> {
    let text = text.trim();
    let address = text.split_once("://").map_or(text, |(_, rest)| rest);
    (is_image_url(address) && !address.is_empty()).then_some(address)
}

/// The region that the host of an image address names: `cn-shanghai` in
/// `registry-vpc.cn-shanghai.aliyuncs.com/…`.
///
/// Nothing for hosts that are not the vendor's, since any part of them may look like a region.
pub fn image_region(url: &str) -> Option<&str> {
    let host = url.split(['/', ':']).next()?;
    // The region stands behind the name of the registry, which is free: look from the end.
    host.strip_suffix(".aliyuncs.com")?
        .rsplit('.')
        .find(|label| is_region(label))
}

/// Whether the text looks like the id of a region: `cn-hangzhou`, `ap-southeast-1`.
pub(crate) fn is_region(text: &str) -> bool {
    text.split_once('-').is_some_and(|(area, place)| {
        matches!(area, "cn" | "ap" | "eu" | "me" | "na" | "us") && !place.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_written_as_it_is_read() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"u", "dQ=="),
            (b"us", "dXM="),
            (b"user:password", "dXNlcjpwYXNzd29yZA=="),
            ("\u{e4}:\u{6f22}".as_bytes(), "w6Q65ryi"),
            (&[255, 254, 253], "//79"),
        ] {
            assert_eq!(encode_base64(bytes), text);
            assert_eq!(decode_base64(text).as_deref(), Some(bytes), "{text}");
        }
    }

    #[test]
    fn names() {
        for accepted in ["", "a", "training_data", "A1_", "_", "9"] {
            assert!(is_name(accepted), "{accepted:?}");
        }
        for refused in ["train-1", "a b", "a.b", "é", "数据", "a\n", "a\u{200b}"] {
            assert!(!is_name(refused), "{refused:?}");
        }
        for (text, name) in [
            ("train-1 b", Some("train_1_b")),
            (" train_1\n", Some("train_1")),
            ("tráin-1", None),
            (" ", None),
        ] {
            assert_eq!(to_name(text).as_deref(), name, "{text:?}");
        }
    }

    #[test]
    fn base64() {
        // The vectors of RFC 4648, section 10, with and without padding.
        for (text, bytes) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zg", "f"),
            ("Zm8=", "fo"),
            ("Zm8", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9vYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"),
            ("dXNlcjpwYXNzd29yZA==", "user:password"),
        ] {
            assert_eq!(
                decode_base64(text).as_deref(),
                Some(bytes.as_bytes()),
                "{text:?}"
            );
        }
        assert_eq!(decode_base64("+/+/"), Some(vec![0xfb, 0xff, 0xbf]));
        for refused in [
            "=", "Z", "Z===", "Zg=", "Zm8==", "Zm9v=", "Zm9v====", "Zm9v\n", "Zm 9v", "Z=g=",
            "****", "Zm9_",
        ] {
            assert_eq!(decode_base64(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn image_urls() {
        for accepted in [
            "registry.cn-shanghai.aliyuncs.com/pai_product/tensorflow:py36_cpu_tf1.12_ubuntu",
            "localhost:5000/a/b",
            "registry.example.com/a/b@sha256:00",
        ] {
            assert!(is_image_url(accepted), "{accepted:?}");
        }
        for (refused, mended) in [
            (
                "https://registry.example.com/a/b",
                Some("registry.example.com/a/b"),
            ),
            (
                " registry.example.com/a/b\n",
                Some("registry.example.com/a/b"),
            ),
            ("registry.example.com/a b", None),
            ("https://", None),
            ("http://https://a/b", None),
        ] {
            assert!(!is_image_url(refused), "{refused:?}");
            assert_eq!(to_image_url(refused), mended, "{refused:?}");
        }
    }

    #[test]
    fn image_regions() {
        for (url, region) in [
            (
                "registry.cn-shanghai.aliyuncs.com/a/b:c",
                Some("cn-shanghai"),
            ),
            (
                "registry-vpc.ap-southeast-1.aliyuncs.com/a/b",
                Some("ap-southeast-1"),
            ),
            (
                "dsw-registry.cn-hangzhou.cr.aliyuncs.com:443/a/b",
                Some("cn-hangzhou"),
            ),
            (
                "crpi-1.cn-beijing.personal.cr.aliyuncs.com/a/b",
                Some("cn-beijing"),
            ),
            ("us-team.cn-beijing.cr.aliyuncs.com/a/b", Some("cn-beijing")),
            ("registry.aliyuncs.com/a/b", None),
            ("registry.cn-shanghai.example.com/a/b", None),
            ("docker.io/cn-shanghai.aliyuncs.com/b", None),
            ("", None),
        ] {
            assert_eq!(image_region(url), region, "{url:?}");
        }
    }
}
