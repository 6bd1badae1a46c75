//! [`Settings`]: what the operator decided, checked, as the service needs it. The command line makes it.

use crate::region::Region;

/// What the operator decided.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Authorities (`host:port`) that requests may be meant for (S03), in lower case.
    pub authorities: Vec<String>,
    /// Origins of pages hosted elsewhere that may call (S05), such as `https://composer.example`.
    pub origins: Vec<String>,
    /// The access token, where one is needed (S04).
    pub token: Option<Token>,
    /// The region that the page begins with.
    pub default_region: Region,
    /// The language that the page begins with, such as `en`; without one the browser's.
    pub language: Option<String>,
    /// Most connections at a time (S11).
    pub max_connections: usize,
}

/// An access token: 256 bits as text. It prints nothing of itself.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Takes a text for a token.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Whether it is this one, in a time that does not tell how much of it is right.
    pub fn is(&self, other: &str) -> bool {
        use subtle::ConstantTimeEq;
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }

    /// The token itself, for the one line that tells the operator where to go.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}
