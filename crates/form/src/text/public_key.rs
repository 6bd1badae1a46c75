//! OpenSSH public keys: `ssh-ed25519 AAAA… user@host`.

use dsw_model::grammar::is_ssh_public_key;

/// What a public key says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey<'a> {
    /// The algorithm, such as `ssh-ed25519`.
    pub kind: &'a str,
    /// Whose key it is, in the owner's words; often empty.
    pub comment: &'a str,
}

/// Reads the line of a public key, with or without white space around it.
pub fn read(text: &str) -> Option<PublicKey<'_>> {
    let line = text.trim();
    let mut parts = line.splitn(3, ' ');
    let (kind, _key, comment) = (parts.next()?, parts.next()?, parts.next());
    is_ssh_public_key(line).then_some(PublicKey {
        kind,
        comment: comment.unwrap_or_default(),
    })
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
        let two = format!("{KEY}\n{KEY}");
        for text in [
            "",
            "ssh-ed25519",
            "ssh-ed25519 ????",
            "-----BEGIN OPENSSH PRIVATE KEY-----",
            &two,
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
