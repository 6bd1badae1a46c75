//! Where the keys come from (S10): a type that prints nothing, and the vendor's default chain of sources.
//!
//! [`Chain`] asks the sources in the vendor's order, stays with the first that has credentials, and renews
//! them. Which sources there are, and how each is asked, stands in the modules below. Nothing here reads the
//! process's environment: it comes as an [`Environment`].

mod chain;
mod environment;
mod file;
mod instance;
mod profile;
mod recipe;
mod sts;
mod uri;

use zeroize::Zeroizing;

pub use chain::{Chain, Held, Source};
pub use environment::Environment;
pub use recipe::{Error, Places};

/// An access key, with a security token where it is a temporary one. It can not be printed or serialised, and
/// is wiped from memory when it is dropped.
#[expect(
    missing_debug_implementations,
    reason = "a secret that can be printed will be"
)]
pub struct Credentials {
    key_id: Zeroizing<String>,
    secret: Zeroizing<String>,
    security_token: Option<Zeroizing<String>>,
}

/// What is given is no access key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The key's id is empty, or holds more than visible ASCII characters.
    #[error("the access key id is empty or holds characters that it can not have")]
    KeyId,
    /// The secret is empty.
    #[error("the access key secret is empty")]
    Secret,
    /// The token holds more than ASCII characters that can be seen, and spaces.
    #[error("the security token holds characters that it can not have")]
    SecurityToken,
}

impl Credentials {
    /// Takes texts for an access key, without the space around them. An empty token is none.
    ///
    /// # Errors
    ///
    /// When they can not be one.
    pub fn new(
        key_id: String,
        secret: String,
        security_token: Option<String>,
    ) -> Result<Self, Malformed> {
        let key_id = trimmed(key_id);
        let secret = trimmed(secret);
        let security_token = security_token
            .map(trimmed)
            .filter(|token| !token.is_empty());
        // A comma or a space would end the id in `Authorization`.
        let is_id = |byte: u8| byte.is_ascii_graphic() && byte != b',';
        if key_id.is_empty() || !key_id.bytes().all(is_id) {
            return Err(Malformed::KeyId);
        }
        if secret.is_empty() {
            return Err(Malformed::Secret);
        }
        if let Some(token) = &security_token
            && !token.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        {
            return Err(Malformed::SecurityToken);
        }
        Ok(Self {
            key_id,
            secret,
            security_token,
        })
    }

    /// Whether it is the same key with the same token.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.key_id == other.key_id
            && self.secret == other.secret
            && self.security_token == other.security_token
    }

    /// The key's id. It is sent with each request and is no secret, but is not shown either.
    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The secret, which is never sent.
    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// The token that is sent along with a temporary key.
    pub(crate) fn security_token(&self) -> Option<&str> {
        self.security_token.as_deref().map(String::as_str)
    }
}

/// The text without the space around it; the one that is left behind is wiped.
fn trimmed(text: String) -> Zeroizing<String> {
    let text = Zeroizing::new(text);
    Zeroizing::new(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::ZeroizeOnDrop;

    #[test]
    fn s10_secrets_are_wiped_from_memory() {
        fn is_wiped(_: &impl ZeroizeOnDrop) {}
        let token = Some("token".to_owned());
        let new = Credentials::new("id".to_owned(), "secret".to_owned(), token);
        let credentials = new.expect("an access key");
        is_wiped(&credentials.secret);
        is_wiped(credentials.security_token.as_ref().expect("a token"));
    }
}
