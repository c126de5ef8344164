//! Every method there is. To add one, write it in the file of its noun and list it in that file's
//! `methods()`; a new noun gets a line in [`all`]. Events likewise, in `events()` and [`all_events`].

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use crate::method::Method;
use crate::outbound::Event;
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

/// The events of all nouns.
fn all_events() -> Vec<Event> {
    let mut events = Vec::new();
    events.extend(user::events());
    events.extend(crm::events());
    events
}

/// Methods and events by name.
#[derive(Debug)]
pub struct Registry {
    methods: Vec<Method>,
    by_name: HashMap<String, usize>,
    events: BTreeMap<String, Event>,
}

/// The one registry; built on first use.
pub fn registry() -> &'static Registry {
    static REGISTRY: LazyLock<Registry> = LazyLock::new(|| Registry::new(all(), all_events()));
    &REGISTRY
}

impl Registry {
    fn new(methods: Vec<Method>, declared: Vec<Event>) -> Self {
        let mut by_name = HashMap::with_capacity(methods.len());
        for (i, method) in methods.iter().enumerate() {
            let twice = by_name.insert(method.name.to_ascii_lowercase(), i);
            assert!(twice.is_none(), "the method {} is declared twice", method.name);
        }
        let mut events = BTreeMap::new();
        for event in declared {
            let twice = events.insert(event.name.clone(), event);
            assert!(twice.is_none(), "the event {twice:?} is declared twice");
        }
        Registry { methods, by_name, events }
    }

    /// The method of that name, in any case (protocol 1.2).
    pub fn find(&self, name: &str) -> Option<&Method> {
        // Most clients send the registered spelling: spare them the copy.
        let found = self.by_name.get(name).or_else(|| self.by_name.get(&name.to_ascii_lowercase()));
        found.map(|i| &self.methods[*i])
    }

    /// The event of that name, in capitals.
    pub fn event(&self, name: &str) -> Option<&Event> {
        self.events.get(name)
    }

    /// All events by name.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.values()
    }

    /// All methods in declared order.
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }
}
