//! The whole program, over a socket, as its users meet it. `cargo xtask test hostile::` runs one file of them.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "everything here is a test")]

mod attacks;
mod backup;
mod batch;
mod cli;
mod clients_js;
mod clients_php;
mod clients_python;
mod console;
mod console_browser;
mod console_deliveries;
mod console_examples;
mod console_integrations;
mod console_people;
mod console_secrets;
mod console_together;
mod door;
mod durability;
mod errors;
mod hostile;
mod layering;
mod limits;
mod listen;
mod lists;
mod logs;
mod outbound_cli;
mod outbound_clients;
mod outbound_courier;
mod outbound_guard;
mod outbound_nodes;
mod outbound_pace;
mod outbound_soak;
mod settings;
mod stop;
mod tls;
mod urls;
