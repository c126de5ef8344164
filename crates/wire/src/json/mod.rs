//! JSON as the protocol reads and writes it (protocol 1.4, 2.3).

mod beyond;
mod decode;
mod encode;

pub use decode::decode;
pub use encode::{encode, write};
pub(crate) use encode::{whole, write_object};
