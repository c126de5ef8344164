//! Methods that belong to no noun, and open to every webhook (protocol 7.4).

pub mod access;
mod app;
pub mod batch;
mod catalogue;
mod profile;
pub mod refusals;
mod scope;
pub mod scopes;
mod time;

use crate::method::Method;

/// All of them, and the methods that need an application.
pub fn methods() -> Vec<Method> {
    let mut methods = vec![batch::method()];
    methods.extend(catalogue::methods());
    methods.extend([scope::method(), profile::method(), time::method()]);
    methods.extend(app::methods());
    methods.extend(access::methods());
    methods.extend(refusals::methods());
    methods
}
