//! OpenSSH public keys: `ssh-ed25519 AAAA… user@host`.

use dsw_model::grammar::decode_base64;

/// What a public key says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey<'a> {
    /// The algorithm, such as `ssh-ed25519`.
    pub kind: &'a str,
    /// Whose key it is, in the owner's words; often empty.
    pub comment: &'a str,
}

/// Reads the line of a public key, with or without white space around it: a known algorithm, then the key in
/// Base64, which names the same algorithm, then perhaps a comment.
pub fn read(text: &str) -> Option<PublicKey<'_>> {
    let line = text.trim();
    if line.contains(['\n', '\r']) {
        return None;
    }
    let (kind, rest) = line.split_once(' ')?;
    let (key, comment) = rest
        .trim_start()
        .split_once(' ')
        .unwrap_or((rest.trim_start(), ""));
    let bytes = decode_base64(key)?;
    let (length, named) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    (known(kind) && named.len() > length && named.get(..length)? == kind.as_bytes()).then_some(
        PublicKey {
            kind,
            comment: comment.trim_start(),
        },
    )
}

fn known(kind: &str) -> bool {
    let plain = kind
        .strip_prefix("sk-")
        .map_or(kind, |rest| rest.strip_suffix("@openssh.com").unwrap_or(""));
    matches!(plain, "ssh-ed25519" | "ssh-rsa" | "ssh-dss") || plain.starts_with("ecdsa-sha2-nistp")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn a_key_tells_kind_and_comment() {
        for (tail, comment) in [
            ("", ""),
            (" user@host", "user@host"),
            (" my key \n", "my key"),
            ("\r\n", ""),
        ] {
            let text = format!("{KEY}{tail}");
            let key = read(&text).expect("a key");
            assert_eq!(
                (key.kind, key.comment),
                ("ssh-ed25519", comment),
                "{text:?}"
            );
        }
    }

    #[test]
    fn other_texts_tell_nothing() {
        let other_kind = KEY.replace("ssh-ed25519", "ssh-rsa");
        let two = format!("{KEY}\n{KEY}");
        let unknown = KEY.replace("ssh-ed25519", "ssh-none");
        for text in [
            "",
            "ssh-ed25519",
            "ssh-ed25519 AAAA",
            "ssh-ed25519 ????",
            "-----BEGIN OPENSSH PRIVATE KEY-----",
            &other_kind,
            &two,
            &unknown,
            &KEY[..30],
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
