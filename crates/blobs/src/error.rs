//! What can go wrong.

/// Why a content was not stored, read or removed. Its text holds no credentials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no such content.
    #[error("the content {0} is missing")]
    Missing(String),
    /// The disk has no room left, or takes nothing.
    #[error("{0}")]
    Full(String),
    /// The disk or the server failed.
    #[error("{0}")]
    Failed(String),
}
