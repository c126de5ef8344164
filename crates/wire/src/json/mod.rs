//! JSON as the protocol reads and writes it (protocol 1.4, 2.3).

mod beyond;
mod decode;
mod encode;

pub use decode::decode;
pub(crate) use encode::write_object;
pub use encode::{encode, to_serde, write};
