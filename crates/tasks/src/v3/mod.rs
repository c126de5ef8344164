//! Tasks in REST 3.0: `tasks.task.*` and what belongs to it, over the same rows as the methods of before.

mod access;
mod dto;
mod people;
mod result;
mod show;
mod sub;
mod task;
mod write;

use engine::method::Method;

/// The scope of the methods, as REST 3.0 calls it.
const SCOPE: &str = "tasks";

/// The methods.
pub fn methods() -> Vec<Method> {
    [task::methods(), access::methods(), sub::methods(), result::methods()].into_iter().flatten().collect()
}
