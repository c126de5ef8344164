//! The scopes that a webhook may be granted (protocol appendix C). Modules declare them.
//!
//! What the reduced `user_basic` and `user_brief` show is written with the user's fields.

/// A scope: the methods it opens are those that name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Its code on the wire.
    pub code: &'static str,
    /// Its display name.
    pub title: &'static str,
    /// A one-line description of what it allows.
    pub about: &'static str,
    /// Whether the console lets people grant it to a webhook (protocol 7.3).
    pub offered: bool,
    /// Scopes that open the same methods.
    pub same: &'static [&'static str],
    /// Scopes that open those of its methods that only read.
    pub readers: &'static [&'static str],
}

/// Scopes as a webhook stores them, separated by commas, one by one.
pub fn split(scopes: &str) -> impl Iterator<Item = &str> {
    scopes.split(',').filter(|scope| !scope.is_empty())
}

/// A scope that can be granted.
pub const fn offered(code: &'static str, title: &'static str, about: &'static str) -> Scope {
    Scope { code, title, about, offered: true, same: &[], readers: &[] }
}

/// A scope made for applications; no webhook can be given it.
pub const fn withheld(code: &'static str, title: &'static str, about: &'static str) -> Scope {
    Scope { offered: false, ..offered(code, title, about) }
}

impl Scope {
    /// Says which scopes open the same methods.
    #[must_use]
    pub const fn also_with(self, same: &'static [&'static str]) -> Self {
        Scope { same, ..self }
    }

    /// Says which scopes open the methods that only read.
    #[must_use]
    pub const fn read_with(self, readers: &'static [&'static str]) -> Self {
        Scope { readers, ..self }
    }
}
