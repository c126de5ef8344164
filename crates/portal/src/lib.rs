//! The domain of the portal: methods, entities, users and webhooks. It depends on `wire` and `store` only:
//! no runtime, no HTTP, and no clock but the one that each request brings.

pub mod access;
pub mod audit;
pub mod call;
pub mod catalog;
pub mod crm;
pub mod demo;
pub mod department;
pub mod describe;
pub mod entity;
pub mod error;
pub mod files;
pub mod hooks;
pub mod integration;
pub mod keys;
pub mod limits;
pub mod meta;
pub mod method;
pub mod moment;
pub mod noun;
pub mod outbound;
pub mod registry;
pub mod settings;
pub mod state;
pub mod system;
pub mod texts;
pub mod usage;
pub mod user;

mod asked;
mod check;
mod portal;

pub use error::{Error, Result};
pub use moment::Moment;
pub use portal::{Core, Done, OwnRequest, Portal, Request, Shared};
