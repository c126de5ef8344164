//! Methods that belong to no noun, and open to every webhook (protocol 7.4).

pub mod batch;
pub mod scopes;

use crate::method::Method;

/// All of them.
pub fn methods() -> Vec<Method> {
    vec![batch::method()]
}
