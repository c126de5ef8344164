//! stub
use crate::method::Method;
/// All of them.
pub fn methods() -> Vec<Method> {
    vec![]
}
