//! Methods of REST 3.0 that belong to no module.

mod batch;
mod documentation;
pub mod eventlog;

use engine::method::Method;

pub use batch::steps;

/// All of them.
pub fn methods() -> Vec<Method> {
    [vec![batch::method()], documentation::methods(), eventlog::methods()].into_iter().flatten().collect()
}
