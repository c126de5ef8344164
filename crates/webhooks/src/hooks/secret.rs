//! A secret that does not show itself.

use std::fmt;

use engine::keys;
use zeroize::Zeroizing;

/// How many characters a webhook's secret has (protocol 7.1).
const LENGTH: usize = 16;

/// The secret part of a webhook's URL, which is wiped from memory when it is dropped. `Debug` prints asterisks.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// A new one from the operating system's random source.
    pub fn random() -> Self {
        keys::random_code(LENGTH).into()
    }

    /// The characters themselves, for the owner's eyes and for hashing only.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("******")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_does_not_show_itself() {
        let secret = Secret::random();
        assert_eq!(secret.reveal().len(), 16);
        assert_eq!(format!("{secret:?}"), "******");
    }
}
