//! Methods of REST 3.0 that belong to no module.

mod batch;
mod documentation;

use engine::method::Method;

pub use batch::steps;

/// All of them.
pub fn methods() -> Vec<Method> {
    std::iter::once(batch::method()).chain(documentation::methods()).collect()
}
