//! Versions of the protocol.

/// The version of the protocol that a call speaks: what its URL says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Version {
    /// `/rest/…`
    #[default]
    V2,
    /// `/rest/api/…`: REST 3.0
    V3,
}

impl Version {
    /// Both.
    pub const ALL: [Version; 2] = [Version::V2, Version::V3];

    /// `v2` or `v3`.
    pub const fn name(self) -> &'static str {
        match self {
            Version::V2 => "v2",
            Version::V3 => "v3",
        }
    }
}
