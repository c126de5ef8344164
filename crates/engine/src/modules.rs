//! What the portal is made of. A product crate declares a [`Module`]; the crate `portal` has the one list of them, and the
//! engine is given what follows from it as a value, [`Modules`].

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::sync::Arc;

use store::{Migration, Tx};

use crate::call::Call;
use crate::entity::change::Change;
use crate::entity::{Entity, Field, Kind};
use crate::error::Result;
use crate::event::Event;
use crate::meta::{Meta, Section};
use crate::method::{Method, Version};
use crate::moment::Moment;
use crate::noun;
use crate::noun::{Noun, Seed, Shape};
use crate::page;
use crate::scopes::Scope;
use crate::texts::{Locale, Texts};
use crate::timetable::Job;
use crate::userfield::base;
use crate::userfield::types::Type;

/// A handler to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewHandler<'a> {
    /// The user to whom it belongs, who sees it in the console.
    pub owner: i64,
    /// Its name there.
    pub title: &'a str,
    /// The address that events are posted to.
    pub url: &'a str,
    /// By which the handler knows us; sent as `auth[application_token]`.
    pub token: &'a str,
    /// The events that may be raised at it.
    pub events: &'a [&'a str],
}

/// What has events posted to handlers of modules' own, as a bot has its own. What is raised at one ([`Call::raise_at`]) is delivered
/// like everything else: signed, retried and listed in the console. The crate `webhooks` keeps them.
pub trait Handlers: Sync + Debug {
    /// Makes a handler, and gives its number.
    ///
    /// # Errors
    /// A refusal to be read by a person: of an address that the guard refuses, and without an active licence.
    fn open(&self, call: &mut Call<'_, '_>, new: &NewHandler<'_>) -> Result<i64>;

    /// Gives it another token. What waits is sent with it.
    ///
    /// # Errors
    /// Those of the store.
    fn renew(&self, call: &mut Call<'_, '_>, id: i64, token: &str) -> Result<()>;

    /// Removes it, as soon as everything that was raised at it is delivered or given up.
    ///
    /// # Errors
    /// Those of the store.
    fn close(&self, call: &mut Call<'_, '_>, id: i64) -> Result<()>;
}

/// The contribution of one crate.
pub struct Module {
    /// Its name, never changed: what it has in the database is remembered under it.
    pub name: &'static str,
    /// The scopes that webhooks may be granted for it.
    pub scopes: &'static [Scope],
    /// Its nouns that are nothing but data.
    pub nouns: fn() -> Vec<&'static Noun>,
    /// Its methods that do not follow from nouns, in the order in which they are described.
    pub methods: fn() -> Vec<Method>,
    /// Its events that do not follow from nouns.
    pub events: fn() -> Vec<Event>,
    /// Its tables that may have user fields.
    pub entities: fn() -> Vec<Entity>,
    /// Those that people made at run time.
    pub made: fn(&mut Tx<'_>) -> Result<Made>,
    /// Its sections of the [shared copy](crate::meta::Meta).
    pub sections: &'static [Section],
    /// Whether somebody listens to an event, as far as the module knows.
    pub hears: fn(&Meta, &str) -> bool,
    /// Whether somebody wants to know which fields the updates change that raise an event.
    pub compares: fn(&Meta, &str) -> bool,
    /// Follows a change of an item, in its transaction.
    pub follow: fn(&mut Call<'_, '_>, &Entity, i64, &Change) -> Result<()>,
    /// Its work that is due at a time.
    pub jobs: &'static [Job],
    /// Its public pages.
    pub pages: &'static [&'static page::Kind],
    /// Steps of its tables' history, numbered within the module from 1.
    pub migrations: &'static [Migration],
    /// Brings its tables that follow from declarations up to date.
    pub sync: fn(&mut Tx<'_>) -> Result<()>,
    /// Indexes of its nouns' tables over several columns, as they follow `CREATE`: `UNIQUE INDEX IF NOT EXISTS a ON b (c, d)`.
    pub indexes: &'static [&'static str],
    /// Fills an empty portal with what every portal starts with.
    pub seed: fn(&mut Tx<'_>, Locale, Moment) -> Result<()>,
    /// First contents that came later, each seeded once, also into a portal of before.
    pub seeds: &'static [Seed],
    /// Its Russian texts; see [`texts`](crate::texts).
    pub russian: &'static str,
    /// What it does when rows of others' nouns change.
    pub watches: &'static [noun::Watch],
    /// The types of user fields that it has beyond those of [every portal](base::TYPES).
    pub user_types: &'static [Type],
    /// Its tables whose user fields `userfieldconfig.*` manages.
    pub configured: Option<Configured>,
    /// How handlers of others' are told of events, if this is the module that does that.
    pub handlers: Option<&'static dyn Handlers>,
}

/// The tables of a module whose user fields `userfieldconfig.*` manages.
#[derive(Clone, Copy, Debug)]
pub struct Configured {
    /// What `moduleId` says; also the scope that is needed beside that of the methods.
    pub module: &'static str,
    /// How the codes of its tables begin.
    pub objects: &'static str,
    /// Whether one who is no administrator may know the fields of a table.
    pub may_read: fn(&mut Call<'_, '_>, &Entity) -> bool,
}

impl Module {
    /// A module that brings nothing; a declaration says what differs.
    pub const fn new(name: &'static str) -> Self {
        Module {
            name,
            scopes: &[],
            nouns: Vec::new,
            methods: Vec::new,
            events: Vec::new,
            entities: Vec::new,
            made: |_| Ok(Made::default()),
            sections: &[],
            hears: |_, _| false,
            compares: |_, _| false,
            follow: |_, _, _, _| Ok(()),
            jobs: &[],
            pages: &[],
            migrations: &[],
            sync: |_| Ok(()),
            indexes: &[],
            seed: |_, _, _| Ok(()),
            seeds: &[],
            russian: "",
            watches: &[],
            user_types: &[],
            configured: None,
            handlers: None,
        }
    }
}

/// What people made at run time: entities, and fields of entities that are there anyway.
#[derive(Debug, Default)]
pub struct Made {
    /// Entities.
    pub entities: Vec<Entity>,
    /// Fields of others, with the numbers of these.
    pub fields: Vec<(i64, Field)>,
}

impl Made {
    /// Joins it to the entities that there are.
    fn join(self, entities: &mut Vec<Entity>) {
        entities.extend(self.entities);
        for (type_id, field) in self.fields {
            let owner = entities.iter_mut().find(|entity| entity.type_id == type_id && entity.is_item());
            owner.into_iter().for_each(|entity| entity.fields.push(field.clone()));
        }
    }
}

/// All modules, and their methods, events and nouns by name.
#[derive(Debug)]
pub struct Modules {
    listed: Vec<&'static Module>,
    scopes: Vec<&'static Scope>,
    user_types: Vec<&'static Type>,
    methods: Vec<Method>,
    by_name: [HashMap<String, usize>; 2],
    events: BTreeMap<String, Event>,
    nouns: Vec<Shape>,
    noun_places: HashMap<&'static str, usize>,
    watches: HashMap<&'static str, Vec<noun::Watch>>,
    texts: Texts,
}

/// The scopes of modules by their codes.
fn scopes(listed: &[&'static Module]) -> Vec<&'static Scope> {
    let mut scopes: Vec<&Scope> = listed.iter().flat_map(|module| module.scopes).collect();
    scopes.sort_unstable_by_key(|scope| scope.code);
    let twice = scopes.windows(2).find(|two| two[0].code == two[1].code);
    assert!(twice.is_none(), "a scope is declared twice: {twice:?}");
    scopes
}

impl Modules {
    /// An index derived from a list of modules.
    ///
    /// # Panics
    /// When two of them declare a scope, a method, an event or a job of the same name.
    pub fn new(listed: &[&'static Module]) -> Self {
        let scopes = scopes(listed);
        let of = |module: &'static str, methods: Vec<Method>| {
            let scope_of = |code: &str| scopes.iter().copied().find(|scope| scope.code == code);
            let with = move |method: Method| Method { module, declared: scope_of(method.scope), ..method };
            methods.into_iter().map(with).collect::<Vec<_>>()
        };
        let nouns: Vec<&'static Noun> = listed.iter().flat_map(|module| (module.nouns)()).collect();
        let own = listed.iter().flat_map(|module| of(module.name, (module.methods)()));
        let of_nouns = |module: &&'static Module| {
            let methods = (module.nouns)().into_iter().flat_map(|noun| noun.methods());
            of(module.name, methods.collect())
        };
        let methods: Vec<Method> = own.chain(listed.iter().flat_map(of_nouns)).collect();
        let declared = listed.iter().flat_map(|module| (module.events)());
        let events = by_name(declared.chain(nouns.iter().flat_map(|noun| noun.events())));
        let mut places: [HashMap<String, usize>; 2] = Default::default();
        for (at, method) in methods.iter().enumerate() {
            let twice = places[method.version as usize].insert(method.name.to_ascii_lowercase(), at);
            assert!(twice.is_none(), "the method {} is declared twice", method.name);
        }
        let mut kinds: Vec<&str> = listed.iter().flat_map(|module| module.jobs).map(|job| job.kind).collect();
        kinds.sort_unstable();
        assert!(kinds.windows(2).all(|two| two[0] != two[1]), "a job is declared twice: {kinds:?}");
        let texts = Texts::read(&listed.iter().map(|module| module.russian).collect::<Vec<_>>());
        let nouns: Vec<Shape> = nouns.into_iter().map(Shape::new).collect();
        let noun_places = nouns.iter().enumerate().map(|(at, shape)| (shape.noun.name, at)).collect();
        let mut watches: HashMap<&'static str, Vec<noun::Watch>> = HashMap::new();
        for watch in listed.iter().flat_map(|module| module.watches) {
            watches.entry(watch.noun).or_default().push(*watch);
        }
        let declared = listed.iter().flat_map(|module| module.user_types);
        let user_types = base::TYPES.iter().chain(declared).collect();
        let listed = listed.to_vec();
        Modules {
            listed,
            scopes,
            user_types,
            methods,
            by_name: places,
            events,
            nouns,
            noun_places,
            watches,
            texts,
        }
    }

    /// The modules in their order.
    pub fn listed(&self) -> &[&'static Module] {
        &self.listed
    }

    /// All scopes, by their codes.
    pub fn scopes(&self) -> &[&'static Scope] {
        &self.scopes
    }

    /// All types of user fields, those of every portal first.
    pub fn user_types(&self) -> &[&'static Type] {
        &self.user_types
    }

    /// The type of user fields of that name.
    pub fn user_type(&self, id: &str) -> Option<&'static Type> {
        self.user_types.iter().find(|known| known.id == id).copied()
    }

    /// The method of that name under `/rest/`, in any case (protocol 1.2).
    pub fn find(&self, name: &str) -> Option<&Method> {
        self.find_in(Version::V2, name)
    }

    /// The method of that name in whichever version has it: where both have one, that under `/rest/`.
    pub fn find_in_any(&self, name: &str) -> Option<&Method> {
        self.find(name).or_else(|| self.find_in(Version::V3, name))
    }

    /// The method of that name in a version of the protocol.
    pub fn find_in(&self, version: Version, name: &str) -> Option<&Method> {
        let by_name = &self.by_name[version as usize];
        // Most clients send the registered spelling: spare them the copy.
        let found = by_name.get(name).or_else(|| by_name.get(&name.to_ascii_lowercase()));
        found.map(|at| &self.methods[*at])
    }

    /// All methods in declared order.
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// The event of that name, in capitals; also that of one kind of items, whose name has the number behind it.
    pub fn event(&self, name: &str) -> Option<&Event> {
        let of_kind = || {
            let (common, number) = name.rsplit_once('_')?;
            let is_number = number.parse().is_ok_and(|id: u32| id.to_string() == number);
            self.events.get(common).filter(|event| event.numbered && is_number)
        };
        self.events.get(name).or_else(of_kind)
    }

    /// All events by name.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.values()
    }

    /// The noun of that name.
    pub fn noun(&self, name: &str) -> Option<&Shape> {
        self.noun_places.get(name).map(|at| &self.nouns[*at])
    }

    /// The noun that a link leads to.
    ///
    /// # Panics
    /// When no module lists it.
    pub fn noun_named(&self, name: &str) -> &'static Noun {
        self.noun(name).unwrap_or_else(|| panic!("there is no noun {name}")).noun
    }

    /// The shape of a noun.
    ///
    /// # Panics
    /// When no module lists it.
    pub fn shape(&self, noun: &'static Noun) -> &Shape {
        self.noun(noun.name).unwrap_or_else(|| panic!("the noun {} is not listed", noun.name))
    }

    /// What modules do when rows of a noun change.
    pub fn watches(&self, noun: &str) -> &[noun::Watch] {
        self.watches.get(noun).map_or(&[], Vec::as_slice)
    }

    /// What tells handlers of modules' own of events, if a module does.
    pub fn handlers(&self) -> Option<&'static dyn Handlers> {
        self.listed.iter().find_map(|module| module.handlers)
    }

    /// All nouns that are nothing but data.
    pub fn nouns(&self) -> &[Shape] {
        &self.nouns
    }

    /// All tables that may have user fields, as they are declared.
    pub fn entities(&self) -> impl Iterator<Item = Entity> {
        let of_nouns = self.nouns.iter().filter(|shape| shape.noun.number().is_some());
        let declared = self.listed.iter().flat_map(|module| (module.entities)());
        declared.chain(of_nouns.map(|shape| (*shape.table).clone()))
    }

    /// Whether somebody listens to an event.
    pub fn hears(&self, meta: &Meta, event: &str) -> bool {
        self.listed.iter().any(|module| (module.hears)(meta, event))
    }

    /// Whether somebody wants to know which fields the updates change that raise an event.
    pub fn compares(&self, meta: &Meta, event: &str) -> bool {
        self.listed.iter().any(|module| (module.compares)(meta, event))
    }

    /// Has every module follow a change of an item.
    ///
    /// # Errors
    /// Those of the modules.
    pub fn follow(&self, call: &mut Call<'_, '_>, entity: &Entity, id: i64, change: &Change) -> Result<()> {
        self.listed.iter().try_for_each(|module| (module.follow)(call, entity, id, change))
    }

    /// Reads the shared copy as this transaction sees it.
    ///
    /// # Errors
    /// Those of the store.
    pub fn meta(&self, tx: &mut Tx<'_>) -> Result<Arc<Meta>> {
        let mut entities: Vec<Entity> = self.entities().collect();
        for module in &self.listed {
            (module.made)(tx)?.join(&mut entities);
        }
        for made in self.nouns.iter().filter_map(|shape| shape.noun.made) {
            let fields = (made.load)(tx)?;
            let own = entities.iter_mut().find(|entity| entity.type_id == made.number);
            own.into_iter().for_each(|entity| entity.fields.extend(fields.iter().cloned()));
        }
        let sections = self.listed.iter().flat_map(|module| module.sections.iter().copied());
        let user_type = |id: &str| -> Option<Kind> { Some(self.user_type(id)?.kind) };
        Meta::load(tx, entities.into_iter(), sections, user_type)
    }

    /// All kinds of work that is due at a time.
    pub fn jobs(&self) -> impl Iterator<Item = &'static Job> {
        self.listed.iter().flat_map(|module| module.jobs)
    }

    /// The kinds of public pages.
    pub fn pages(&self) -> impl Iterator<Item = &'static page::Kind> {
        self.listed.iter().flat_map(|module| module.pages).copied()
    }

    /// Texts in all languages.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Module({})", self.name)
    }
}

fn by_name(declared: impl Iterator<Item = Event>) -> BTreeMap<String, Event> {
    let mut events = BTreeMap::new();
    for event in declared {
        let twice = events.insert(event.name.clone(), event);
        assert!(twice.is_none(), "the event {twice:?} is declared twice");
    }
    events
}
