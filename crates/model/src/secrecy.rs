//! [`Secrecy`]: which environment variables are secrets, by their looks and by what the person says of them.

use std::collections::BTreeMap;

use crate::grammar::looks_secret;

/// What a person has said of environment variables, by name: whether each is a secret.
///
/// The others are judged by their looks. A secret is hidden where the request is shown, and not stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrecy(BTreeMap<String, bool>);

impl Secrecy {
    /// Whether a variable is a secret.
    pub fn hides(&self, name: &str, value: &str) -> bool {
        let said = self.0.get(name).copied();
        said.unwrap_or_else(|| looks_secret(name, value))
    }

    /// What the person has said of a variable, if anything.
    pub fn said(&self, name: &str) -> Option<bool> {
        self.0.get(name).copied()
    }

    /// Takes in that a variable is a secret, or none.
    pub fn say(&mut self, name: &str, is_secret: bool) {
        self.0.insert(name.to_owned(), is_secret);
    }

    /// All that was said, in the order of the names.
    pub fn all(&self) -> impl Iterator<Item = (&str, bool)> {
        self.0.iter().map(|(name, is_secret)| (&**name, *is_secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f62_what_a_person_says_goes_before_looks() {
        let mut secrecy = Secrecy::default();
        assert!(secrecy.hides("HF_TOKEN", "a") && !secrecy.hides("HF_HOME", "a"));
        secrecy.say("HF_TOKEN", false);
        secrecy.say("HF_HOME", true);
        assert!(!secrecy.hides("HF_TOKEN", "a") && secrecy.hides("HF_HOME", "a"));
        secrecy.say("HF_TOKEN", true);
        assert!(secrecy.hides("HF_TOKEN", "a"));
        assert_eq!(secrecy.said("OTHER"), None);
        assert_eq!(
            secrecy.all().collect::<Vec<_>>(),
            [("HF_HOME", true), ("HF_TOKEN", true)]
        );
    }
}
