//! What nearly every call needs and few change: dictionaries, pipelines, fields, departments, roles, settings, and the
//! [sections](Section) of modules, such as who listens to events.
//!
//! One copy is kept in memory under the version it was read at. A change writes a new random version in
//! its own transaction, and every call reads the version first; so the copy is
//! right on every node and in every process without anybody telling anybody, and a version that was
//! rolled back can never come again with another content.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;
use store::Tx;
use wire::Text;

use crate::access::{Act, Granted, Level, RowScope};
use crate::clock::{self, Shift};
use crate::directory::Directory;
use crate::entity::{Entity, Kind, userfield};
use crate::error::Result;
use crate::pipeline::{Category, Status, load_categories, load_currencies, load_statuses};
use crate::settings::{Chosen, chosen};
use crate::{identity, keys, limits, state};

/// The shared copy.
#[derive(Debug)]
pub struct Meta {
    /// When it was read: a random text, never used twice.
    pub version: Text,
    /// Tables with user fields, by number; that of users among them.
    entities: HashMap<i64, Arc<Entity>>,
    /// Entries of all dictionaries, by `(SORT, ID)`.
    pub statuses: Vec<Status>,
    /// Pipelines by `(SORT, ID)`.
    pub categories: Vec<Category>,
    /// Codes of currencies, that of the base first.
    pub currencies: Vec<Text>,
    /// Departments and their members.
    pub directory: Directory,
    granted: Granted,
    /// The items that owners of outbound webhooks may read, by user and entity; computed on demand.
    readable: RwLock<HashMap<(i64, i64), Arc<RowScope>>>,
    /// Settings chosen in the console.
    pub chosen: Chosen,
    /// How far the portal's clock is from the machine's.
    pub clock: Shift,
    /// Which era it is of; see [`Meta::begin_era`].
    pub era: i64,
    /// The portal's name among portals; see [`identity`].
    pub member_id: String,
    /// Sections of the modules.
    sections: HashMap<TypeId, Anything>,
}

/// A value of any type.
type Anything = Arc<dyn Any + Send + Sync>;

/// A module's section of the shared copy: read when the version changes, found by its type.
#[derive(Clone, Copy)]
pub struct Section {
    load: fn(&mut Tx<'_>) -> Result<(TypeId, Anything)>,
}

/// A value that can be a [`Section`].
pub trait Kept: Any + Send + Sync + Sized {
    /// Reads it as this transaction sees it.
    ///
    /// # Errors
    /// Those of the store.
    fn load(tx: &mut Tx<'_>) -> Result<Self>;
}

impl Section {
    /// The section with this value.
    pub const fn of<T: Kept>() -> Self {
        Section { load: |tx| Ok((TypeId::of::<T>(), Arc::new(T::load(tx)?))) }
    }
}

/// The name under which the version is kept.
const VERSION: &str = "version";
/// The name under which the era is kept.
const ERA: &str = "era";

impl Meta {
    /// The version that this transaction sees.
    pub fn current_version(tx: &mut Tx<'_>) -> Result<Text> {
        Ok(state::get(tx, VERSION)?.unwrap_or_default())
    }

    /// Writes a new version: whoever calls next reads everything anew.
    pub fn outdate(tx: &mut Tx<'_>) -> Result<()> {
        state::set(tx, VERSION, &keys::random_code(20))
    }

    /// The era that this transaction is in.
    pub fn current_era(tx: &mut Tx<'_>) -> Result<i64> {
        Ok(state::get(tx, ERA)?.and_then(|number| number.parse().ok()).unwrap_or(0))
    }

    /// Begins an era, of a higher number than those before: the database was brought back to what it was at another time.
    /// What is in memory and not written yet, of whatever node, is about rows that are gone, or are others by now.
    pub fn begin_era(tx: &mut Tx<'_>, number: i64) -> Result<()> {
        state::set(tx, ERA, &number.to_string())?;
        limits::forget(tx)?;
        Self::outdate(tx)
    }

    /// Reads everything as this transaction sees it, with the entities, sections and types of user fields of all modules.
    pub fn load(
        tx: &mut Tx<'_>,
        entities: impl Iterator<Item = Entity>,
        sections: impl Iterator<Item = Section>,
        user_type: impl Fn(&str) -> Option<Kind>,
    ) -> Result<Arc<Self>> {
        let mut user_fields = userfield::load(tx, user_type)?;
        let with_user_fields = |mut entity: Entity| {
            let apart = entity.user_fields.as_ref().and_then(|fields| fields.apart);
            for mut field in user_fields.remove(&entity.type_id).unwrap_or_default() {
                field.item = Some(userfield::item_name(&field.code, apart).into());
                entity.fields.push(field);
            }
            (entity.type_id, Arc::new(entity))
        };
        let entities = entities.map(with_user_fields).collect();
        let sections = sections.map(|section| (section.load)(tx)).collect::<Result<_>>()?;
        Ok(Arc::new(Meta {
            version: Self::current_version(tx)?,
            entities,
            statuses: load_statuses(tx)?,
            categories: load_categories(tx)?,
            currencies: load_currencies(tx)?,
            directory: Directory::load(tx)?,
            granted: Granted::load(tx)?,
            readable: RwLock::default(),
            chosen: chosen::load(tx)?,
            clock: clock::load(tx)?,
            era: Self::current_era(tx)?,
            member_id: identity::member_id(tx)?,
            sections,
        }))
    }

    /// A module's section.
    ///
    /// # Panics
    /// When no listed module has such a section.
    pub fn section<T: Kept>(&self) -> &T {
        let found = self.sections.get(&TypeId::of::<T>()).and_then(|section| section.downcast_ref());
        found.unwrap_or_else(|| panic!("no module has the section {}", type_name::<T>()))
    }

    /// The entity with this number, with its user fields; never users, whom methods of entities must not find.
    pub fn entity(&self, type_id: i64) -> Option<Arc<Entity>> {
        self.fielded(type_id).filter(|entity| entity.is_item())
    }

    /// The entity with this name, `deal`.
    pub fn entity_named(&self, name: &str) -> Option<Arc<Entity>> {
        self.items().find(|entity| entity.name == name).cloned()
    }

    /// All entities, in no order.
    pub fn items(&self) -> impl Iterator<Item = &Arc<Entity>> {
        self.entities.values().filter(|entity| entity.is_item())
    }

    /// The owner of user fields with this number: an entity, or users.
    pub fn fielded(&self, type_id: i64) -> Option<Arc<Entity>> {
        self.entities.get(&type_id).cloned()
    }

    /// Every owner of user fields, in no order.
    pub fn all_fielded(&self) -> impl Iterator<Item = &Arc<Entity>> {
        self.entities.values()
    }

    /// The levels that a user's roles give for an act; a role without an entry gives none.
    pub fn levels(&self, user_id: i64, entity: &str, act: Act) -> Vec<Level> {
        self.granted.levels(&self.directory.access_codes(user_id), entity, act)
    }

    /// The items of an entity for which a user's roles allow an act.
    pub fn row_scope(&self, user_id: i64, is_admin: bool, entity: &str, act: Act) -> RowScope {
        if is_admin {
            return RowScope::everything();
        }
        let mut scope = RowScope { all: false, open: false, users: Vec::new() };
        for level in self.levels(user_id, entity, act) {
            match level {
                Level::None => {}
                Level::Own => scope.users.push(user_id),
                Level::Department => scope.users.extend(self.directory.colleagues(user_id, false)),
                Level::SubDepartments => scope.users.extend(self.directory.colleagues(user_id, true)),
                Level::Open => {
                    scope.open = true;
                    scope.users.push(user_id);
                }
                Level::All => scope.all = true,
            }
        }
        scope.users.sort_unstable();
        scope.users.dedup();
        scope
    }

    /// The entries of a dictionary in order.
    pub fn dictionary(&self, entity_id: &str) -> impl Iterator<Item = &Status> {
        self.statuses.iter().filter(move |status| status.entity_id == entity_id)
    }

    /// The pipelines of an entity in order.
    pub fn categories_of(&self, entity_type_id: i64) -> impl Iterator<Item = &Category> {
        self.categories.iter().filter(move |category| category.entity_type_id == entity_type_id)
    }

    /// Whether the portal has a currency with this code.
    pub fn has_currency(&self, code: &str) -> bool {
        self.currencies.iter().any(|known| known == code)
    }

    /// The currency of sums that name none.
    pub fn base_currency(&self) -> &str {
        self.currencies.first().map_or("", Text::as_str)
    }

    /// The items of an entity that a user who is no administrator may read; worked out once.
    pub fn readable(&self, user_id: i64, type_id: i64, code: &str) -> Arc<RowScope> {
        let key = (user_id, type_id);
        if let Some(known) = self.readable.read().get(&key) {
            return Arc::clone(known);
        }
        let reach = Arc::new(self.row_scope(user_id, false, code, Act::Read));
        self.readable.write().insert(key, Arc::clone(&reach));
        reach
    }
}
