//! Every method there is. To add one, write it in the file of its noun and list it in that file's
//! `methods()`; a new noun gets a line in [`all`].

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::method::Method;
use crate::{crm, department, system, user};

/// The methods of all nouns, in the order in which they are described.
fn all() -> Vec<Method> {
    let mut methods = Vec::new();
    methods.extend(system::methods());
    methods.extend(user::methods());
    methods.extend(department::methods());
    methods.extend(crm::methods());
    methods
}

/// Methods by name.
#[derive(Debug)]
pub struct Registry {
    methods: Vec<Method>,
    by_name: HashMap<String, usize>,
}

/// The one registry; built on first use.
pub fn registry() -> &'static Registry {
    static REGISTRY: LazyLock<Registry> = LazyLock::new(|| Registry::new(all()));
    &REGISTRY
}

impl Registry {
    fn new(methods: Vec<Method>) -> Self {
        let mut by_name = HashMap::with_capacity(methods.len());
        for (i, method) in methods.iter().enumerate() {
            let twice = by_name.insert(method.name.to_ascii_lowercase(), i);
            assert!(twice.is_none(), "the method {} is declared twice", method.name);
        }
        Registry { methods, by_name }
    }

    /// The method of that name, in any case (protocol 1.2).
    pub fn find(&self, name: &str) -> Option<&Method> {
        // Most clients send the registered spelling: spare them the copy.
        let found = self.by_name.get(name).or_else(|| self.by_name.get(&name.to_ascii_lowercase()));
        found.map(|i| &self.methods[*i])
    }

    /// All methods in declared order.
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }
}
