//! The catalog through the front door, on every engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod found;
mod images;
mod nouns;
mod stock;
mod values;
