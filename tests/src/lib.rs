//! What the whole-program tests and the benchmarks share: starting a portal, and calling it.
//!
//! The program runs as a process of its own, found beside the test binaries in Cargo's target folder (`cargo xtask test`
//! builds it first), or where `PORTREEVE_BIN` says.
#![allow(clippy::print_stdout, reason = "a skipped test says so")]

mod browser;
pub mod crowd;
mod disk;
mod events;
mod hook;
mod mailbox;
mod names;
mod operator;
mod outbound;
mod portal;
mod postgres;
mod proxy;
mod raw;
mod scripts;
pub mod sink;

pub use browser::{Browser, between};
pub use disk::Disk;
pub use events::Events;
pub use hook::{Hook, Reply};
pub use mailbox::{Mailbox, Message};
pub use names::Names;
pub use operator::Operator;
pub use portal::{OPERATOR_TOKEN, PASSWORD, Portal, Server, program};
pub use postgres::{Postgres, Stop};
pub use proxy::Proxy;
pub use raw::Connection;
pub use scripts::{Script, Serving, clients};

/// Lets so much time pass, in a long test that waits for a clock, a disk or another program.
#[expect(clippy::disallowed_methods, reason = "they wake nobody")]
pub fn pass(time: std::time::Duration) {
    std::thread::sleep(time);
}
