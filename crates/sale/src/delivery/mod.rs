//! Deliveries: `sale.delivery.*`. What handles them is described here and called nowhere.

pub mod config;
pub mod extra;
pub mod handler;
pub mod request;
pub mod service;

/// The scope of extra services and requests.
pub const DELIVERY_SCOPE: &str = "delivery";
