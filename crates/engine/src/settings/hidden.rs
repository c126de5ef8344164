//! Settings that are secrets: kept sealed in the database, and shown to nobody again.

use std::fmt;

use crate::keys::{self, Keys};

/// Secrets of settings are sealed as this owner's, so that none can pass for a webhook's.
const SETTINGS: i64 = -4;
/// How a sealed text begins as it is kept.
const SEALED: &str = "sealed:";

/// A secret, or none. `Debug` shows nothing of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Hidden(Option<Kept>);

#[derive(Clone, PartialEq, Eq)]
enum Kept {
    /// As the operator gave it.
    Plain(String),
    /// As the console had it kept.
    Sealed(String),
}

impl Hidden {
    /// From a text of the operator's, or of the console's before it is kept; an empty one is none.
    pub fn plain(text: &str) -> Self {
        Hidden((!text.is_empty()).then(|| Kept::Plain(text.to_owned())))
    }

    /// From what [`seal`](Hidden::seal) gave.
    pub(super) fn kept(text: &str) -> Option<Self> {
        text.starts_with(SEALED).then(|| Hidden(Some(Kept::Sealed(text.to_owned()))))
    }

    /// As it is kept in the database.
    pub(super) fn seal(keys: &Keys, text: &str) -> String {
        format!("{SEALED}{}", keys::hex(&keys.seal(SETTINGS, text)))
    }

    /// Whether there is one.
    pub fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// The secret; `None` without one, and when the portal's key does not open it.
    pub fn open(&self, keys: &Keys) -> Option<String> {
        match self.0.as_ref()? {
            Kept::Plain(text) => Some(text.clone()),
            Kept::Sealed(text) => keys.open(SETTINGS, &keys::unhex(text.strip_prefix(SEALED)?)?),
        }
    }

    /// What is shown of it: whether there is one.
    pub(super) fn shown(&self) -> String {
        if self.is_set() { "******".to_owned() } else { String::new() }
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_set() { "Hidden(..)" } else { "Hidden(none)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_secret_opens_with_its_key_only_and_shows_nothing() {
        let keys = Keys::derive(&[7; 32]);
        let text = Hidden::seal(&keys, "pa55");
        let kept = Hidden::kept(&text).unwrap();
        assert_eq!(kept.open(&keys).as_deref(), Some("pa55"));
        assert_eq!(kept.open(&Keys::derive(&[8; 32])), None);
        assert_eq!(Hidden::plain("pa55").open(&keys).as_deref(), Some("pa55"));
        assert!(!Hidden::plain("").is_set());
        assert!(!format!("{text} {kept:?} {:?}", Hidden::plain("pa55")).contains("pa55"));
        assert_eq!(Hidden::kept("sealed:zz").unwrap().open(&keys), None, "no digits");
    }
}
