//! Chats, messages and notifications through the front door, on every engine.

// What fails fails the test.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod at_once;
mod chats;
mod files;
mod messages;
mod notifications;
mod people;
mod recent;
