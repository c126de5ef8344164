//! A Bitrix24 portal of one's own in every test.
//!
//! ```no_run
//! use portreeve_testing::Portal;
//! use serde_json::json;
//!
//! # fn main() -> Result<(), portreeve_testing::Error> {
//! let portal = Portal::start()?;
//! // What is tested would call `portal.webhook()`.
//! let id = portal.call("crm.lead.add", &json!({"fields": {"TITLE": "Quay"}}))?;
//! portal.assert_called("crm.lead.add", &json!({"fields": {"TITLE": "Quay"}}))?;
//! let events = portal.events().wait("ONCRMLEADADD", 1)?;
//! assert_eq!(events[0].data["FIELDS"]["ID"], id.to_string());
//! portal.reset()?;
//! # Ok(())
//! # }
//! ```

mod assert;
mod events;
mod operator;
mod portal;

pub use events::{Event, Events};
pub use operator::Operator;
pub use portal::{Builder, Portal};

/// Why something failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The portal did not start.
    #[error("the portal did not start: {0}")]
    Start(String),
    /// The protocol or the operator's API refused.
    #[error("{status} {code}: {description}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The error code.
        code: String,
        /// Its words.
        description: String,
    },
    /// What a test waited for did not happen, or what it asserts is not so.
    #[error("{0}")]
    Assertion(String),
    /// A request broke off.
    #[error("a request to the portal failed")]
    Request(#[from] ureq::Error),
    /// A file or a process failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// What comes of it.
pub type Result<T> = std::result::Result<T, Error>;
