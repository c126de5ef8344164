//! The Bitrix24 REST wire format: bytes to values and back.
//!
//! Pure: no clock, no IO, no runtime. Everything here may be fed hostile bytes, so each decoder is
//! bounded and fuzzed. What came through a decoder has at most [`Limits::depth`] levels of arrays inside the
//! outermost one; that is what lets the writers, substitution and `Drop` recurse.

pub mod answer;
pub mod command;
pub mod date;
pub mod exception;
pub mod fault;
pub mod filter;
pub mod form;
pub mod json;
mod limits;
pub mod multipart;
pub mod order;
pub mod params;
pub mod path;
mod reference;
pub mod sections;
pub mod select;
pub mod steps;
pub mod time;
pub mod value;
mod version;
mod xml;

pub use answer::Answer;
pub use fault::Fault;
pub use limits::Limits;
pub use path::Format;
pub use sections::Sections;
pub use value::{Map, Text, Value};
pub use version::Version;
