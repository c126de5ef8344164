//! Storages, folders and files through the front door.

#![allow(clippy::unwrap_used, reason = "what fails fails the test")]

mod attached;
mod changes;
mod doors;
mod files;
mod links;
mod rights;
mod totals;
mod trash;
mod versions;
