//! The engine of the portal: how a call runs, what nouns and items are, who may touch them, and what all of it keeps.
//!
//! It names no product. A product crate brings its declarations as a [`Module`](modules::Module); the crate `portal` lists
//! the modules. The engine depends on `wire` and `store` only: no runtime, no HTTP, and no clock but the one that each
//! request brings.

pub mod access;
pub mod audit;
pub mod bbcode;
pub mod bot;
pub mod call;
pub mod clock;
pub mod copy;
pub mod core;
pub mod directory;
pub mod dto;
pub mod entity;
pub mod error;
pub mod event;
pub mod event_fields;
pub mod files;
pub mod guard;
pub mod identity;
pub mod input;
pub mod keys;
pub mod limits;
pub mod list_params;
pub mod meta;
pub mod method;
pub mod modules;
pub mod moment;
pub mod noun;
pub mod outbox;
pub mod page;
pub mod pipeline;
pub mod query;
pub mod scopes;
pub mod seen;
pub mod settings;
pub mod state;
pub mod strict;
pub mod texts;
pub mod timetable;
pub mod userfield;

mod check;
mod delays;
mod param;
mod raise;

pub use crate::core::{Core, Shared};
pub use error::{Error, Result};
pub use moment::Moment;
