//! Every method there is. To add one, write it in the file of its noun and list it in that file's
//! `methods()`; a new noun gets a line in [`all`]. Events likewise, in `events()` and [`all_events`].

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use crate::method::Method;
use crate::noun::{Noun, Shape};
use crate::outbound::Event;
use crate::{catalog, crm, department, system, user};

/// The methods of all nouns, in the order in which they are described.
fn all() -> Vec<Method> {
    let mut methods = Vec::new();
    methods.extend(system::methods());
    methods.extend(user::methods());
    methods.extend(department::methods());
    methods.extend(crm::methods());
    methods.extend(catalog::methods());
    methods.extend(nouns().iter().flat_map(|noun| noun.methods()));
    methods
}

/// The nouns that are nothing but data.
fn nouns() -> Vec<&'static Noun> {
    [crm::nouns(), catalog::nouns()].concat()
}

/// The events of all nouns.
fn all_events() -> Vec<Event> {
    let mut events = Vec::new();
    events.extend(user::events());
    events.extend(crm::events());
    events.extend(nouns().iter().flat_map(|noun| noun.events()));
    events
}

/// Methods and events by name.
#[derive(Debug)]
pub struct Registry {
    methods: Vec<Method>,
    by_name: HashMap<String, usize>,
    events: BTreeMap<String, Event>,
    nouns: Vec<Shape>,
}

/// The one registry; built on first use.
pub fn registry() -> &'static Registry {
    static REGISTRY: LazyLock<Registry> =
        LazyLock::new(|| Registry::new(all(), all_events(), nouns().into_iter().map(Shape::new).collect()));
    &REGISTRY
}

impl Registry {
    fn new(methods: Vec<Method>, declared: Vec<Event>, nouns: Vec<Shape>) -> Self {
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
        Registry { methods, by_name, events, nouns }
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

    /// The noun of that name.
    pub fn noun(&self, name: &str) -> Option<&Shape> {
        self.nouns.iter().find(|shape| shape.noun.name == name)
    }

    /// The shape of a noun.
    pub fn shape(&self, noun: &'static Noun) -> &Shape {
        self.noun(noun.name).unwrap_or_else(|| panic!("the noun {} is not listed", noun.name))
    }

    /// All nouns that are nothing but data.
    pub fn nouns(&self) -> &[Shape] {
        &self.nouns
    }

    /// All methods in declared order.
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }
}
