//! The Bitrix24 REST wire format: bytes to values and back.
//!
//! Pure: no clock, no IO, no runtime. Everything here may be fed hostile bytes, so each decoder is
//! bounded and fuzzed.

pub mod value;

pub use value::{Map, Text, Value};
