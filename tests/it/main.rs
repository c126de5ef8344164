//! The whole program, over a socket, as its users meet it. `cargo xtask test it::` runs just these.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "everything here is a test")]

mod batch;
mod clients_js;
mod clients_php;
mod clients_python;
mod errors;
mod hostile;
mod lists;
mod urls;
