//! What nearly every call needs and few change: dictionaries, pipelines, fields, departments, roles, who
//! listens to events, settings, and the inbound webhooks that were called.
//!
//! One copy is kept in memory under the version it was read at. A change writes a new random version in
//! its own transaction, and every call reads the version first; so the copy is
//! right on every node and in every process without anybody telling anybody, and a version that was
//! rolled back can never come again with another content.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;
use store::{Row, Tx};
use wire::Text;

use crate::access::{Act, Level, Reach};
use crate::entity::{Entity, userfield};
use crate::error::Result;
use crate::hooks::Admissions;
use crate::outbound::Handlers;
use crate::settings::{Chosen, chosen};
use crate::{crm, keys, outbound, state, user};

/// The shared copy.
#[derive(Debug)]
pub struct Meta {
    /// When it was read: a random text, never used twice.
    pub version: Text,
    entities: HashMap<i64, Arc<Entity>>,
    /// The table of users, with their user fields.
    pub users: Arc<Entity>,
    /// Entries of all dictionaries, by `(SORT, ID)`.
    pub statuses: Vec<Status>,
    /// Pipelines by `(SORT, ID)`.
    pub categories: Vec<Category>,
    /// Codes of currencies, that of the base first.
    pub currencies: Vec<Text>,
    /// The department above each department.
    parents: HashMap<i64, i64>,
    /// The departments of each user.
    members: HashMap<i64, Vec<i64>>,
    roles: Vec<Role>,
    /// Active outbound webhooks, and who listens to what.
    pub handlers: Handlers,
    /// What owners of outbound webhooks may read, by user and entity, as far as it was asked for.
    readable: RwLock<HashMap<(i64, i64), Arc<Reach>>>,
    /// What the console decided.
    pub chosen: Chosen,
    /// Inbound webhooks that were recognised.
    pub admissions: Admissions,
    /// The portal's name among portals: 32 hexadecimal digits that stay the same for as long as it lives.
    pub member_id: String,
}

/// An entry of a dictionary.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// Its number.
    pub id: i64,
    /// The dictionary, `SOURCE` or `DEAL_STAGE_3`.
    pub entity_id: Text,
    /// Its code within the dictionary.
    pub status_id: Text,
    /// What a person calls it.
    pub name: Text,
    /// What it was called at first; empty for entries that people made.
    pub name_init: Text,
    /// Its place in the dictionary.
    pub sort: i64,
    /// Whether it may not be deleted.
    pub system: bool,
    /// The pipeline whose stage it is.
    pub category_id: Option<i64>,
    /// `#39A8EF`
    pub color: Option<Text>,
    /// `S` success, `F` failure, nothing in progress
    pub semantics: Option<Text>,
}

/// A pipeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// Its number; 0 is the default pipeline of deals.
    pub id: i64,
    /// The entity that it belongs to.
    pub entity_type_id: i64,
    /// What a person calls it.
    pub name: Text,
    /// Its place.
    pub sort: i64,
    /// Whether items go there that name none.
    pub is_default: bool,
    /// When it was made, Unix seconds.
    pub created: i64,
    /// Its id in the outside system that made it.
    pub origin_id: Text,
    /// That outside system.
    pub originator_id: Text,
}

#[derive(Debug, Default)]
struct Role {
    id: i64,
    levels: HashMap<(Text, Text), Level>,
    members: Vec<Text>,
}

/// The name under which the version is kept.
const VERSION: &str = "version";

impl Meta {
    /// The version that this transaction sees.
    pub fn current_version(tx: &mut Tx<'_>) -> Result<Text> {
        Ok(state::get(tx, VERSION)?.unwrap_or_default())
    }

    /// Writes a new version: whoever calls next reads everything anew.
    pub fn outdate(tx: &mut Tx<'_>) -> Result<()> {
        state::set(tx, VERSION, &keys::random_code(20))
    }

    /// Writes a new version and reads everything as this transaction sees it.
    pub fn renew(tx: &mut Tx<'_>) -> Result<Arc<Self>> {
        Self::outdate(tx)?;
        Self::load(tx)
    }

    /// Reads everything as this transaction sees it.
    pub fn load(tx: &mut Tx<'_>) -> Result<Arc<Self>> {
        let mut user_fields = userfield::load(tx)?;
        let mut with_user_fields = |mut entity: Entity| {
            entity.fields.extend(user_fields.remove(&entity.type_id).unwrap_or_default());
            (entity.type_id, Arc::new(entity))
        };
        let mut meta = Meta {
            version: Self::current_version(tx)?,
            entities: crm::entities().into_iter().map(&mut with_user_fields).collect(),
            users: with_user_fields(user::described()).1,
            statuses: load_statuses(tx)?,
            categories: load_categories(tx)?,
            currencies: load_currencies(tx)?,
            parents: HashMap::new(),
            members: HashMap::new(),
            roles: load_roles(tx)?,
            handlers: Handlers::load(tx)?,
            readable: RwLock::default(),
            chosen: chosen::load(tx)?,
            admissions: Admissions::default(),
            member_id: outbound::member_id(tx)?,
        };
        tx.query("SELECT id, parent FROM department", &[], |row| {
            meta.parents.insert(row.int(0)?, row.opt_int(1)?.unwrap_or(0));
            Ok(())
        })?;
        tx.query(
            "SELECT user_id, department_id FROM department_member ORDER BY user_id, department_id",
            &[],
            |row| {
                meta.members.entry(row.int(0)?).or_default().push(row.int(1)?);
                Ok(())
            },
        )?;
        Ok(Arc::new(meta))
    }

    /// The entity with this number, with its user fields.
    pub fn entity(&self, type_id: i64) -> Option<Arc<Entity>> {
        self.entities.get(&type_id).cloned()
    }

    /// What has user fields under this number: an entity, or users, whom methods of entities must not find.
    pub fn fielded(&self, type_id: i64) -> Option<Arc<Entity>> {
        if type_id == user::TYPE_ID { Some(Arc::clone(&self.users)) } else { self.entity(type_id) }
    }

    /// The entries of a dictionary in order.
    pub fn dictionary(&self, entity_id: &str) -> impl Iterator<Item = &Status> {
        self.statuses.iter().filter(move |status| status.entity_id == entity_id)
    }

    /// The pipelines of an entity in order.
    pub fn categories_of(&self, entity_type_id: i64) -> impl Iterator<Item = &Category> {
        self.categories.iter().filter(move |category| category.entity_type_id == entity_type_id)
    }

    /// The currency of sums that name none.
    pub fn base_currency(&self) -> &str {
        self.currencies.first().map_or("", Text::as_str)
    }

    /// The departments of a user.
    pub fn departments_of(&self, user_id: i64) -> &[i64] {
        self.members.get(&user_id).map_or(&[], Vec::as_slice)
    }

    /// The user with everybody in the user's departments, and in those below them when `deep`.
    pub fn colleagues(&self, user_id: i64, deep: bool) -> Vec<i64> {
        let own = self.departments_of(user_id);
        let shares = |department: &i64| own.contains(department) || (deep && self.is_below(*department, own));
        let mut users: Vec<i64> = self
            .members
            .iter()
            .filter(|(_, places)| places.iter().any(shares))
            .map(|(user, _)| *user)
            .collect();
        users.push(user_id);
        users
    }

    /// Whether a department lies below one of `above`.
    pub fn is_below(&self, department: i64, above: &[i64]) -> bool {
        let mut at = department;
        // A tree is no deeper than its nodes: a ring in the data cannot hold us.
        for _ in 0..=self.parents.len() {
            match self.parents.get(&at) {
                Some(parent) if above.contains(parent) => return true,
                Some(parent) if *parent != 0 => at = *parent,
                _ => return false,
            }
        }
        false
    }

    /// Every access code that a user has: `U7`, `D3`, `DR1`, `AU`, .. (protocol 7.4 `user.access`).
    pub fn access_codes(&self, user_id: i64) -> Vec<String> {
        let mut codes = vec![format!("U{user_id}"), "AU".to_owned(), "G2".to_owned()];
        for department in self.departments_of(user_id) {
            codes.push(format!("D{department}"));
            codes.push(format!("DR{department}"));
            let above = self.parents.keys().filter(|other| self.is_below(*department, &[**other]));
            codes.extend(above.map(|other| format!("DR{other}")));
        }
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// The items of an entity that a user who is no administrator may read; worked out once.
    pub fn readable(&self, user_id: i64, entity: &Entity) -> Arc<Reach> {
        let key = (user_id, entity.type_id);
        if let Some(known) = self.readable.read().get(&key) {
            return Arc::clone(known);
        }
        let reach = Arc::new(Reach::of(self, user_id, false, entity.code, Act::Read));
        self.readable.write().insert(key, Arc::clone(&reach));
        reach
    }

    /// The levels that a user's roles give for an act; a role without an entry gives none.
    pub fn levels(&self, user_id: i64, entity: &str, act: Act) -> Vec<Level> {
        let codes = self.access_codes(user_id);
        let has =
            |role: &&Role| role.members.iter().any(|member| codes.iter().any(|code| code == member.as_str()));
        let key = (Text::new(entity), Text::const_new(act.code()));
        self.roles.iter().filter(has).filter_map(|role| role.levels.get(&key).copied()).collect()
    }
}

fn load_statuses(tx: &mut Tx<'_>) -> Result<Vec<Status>> {
    let mut statuses = Vec::new();
    let sql = "SELECT id, entity_id, status_id, name, name_init, sort, system, category_id, color, semantics \
               FROM crm_status ORDER BY sort, id";
    tx.query(sql, &[], |row| {
        statuses.push(Status {
            id: row.int(0)?,
            entity_id: Text::new(row.text(1)?),
            status_id: Text::new(row.text(2)?),
            name: Text::new(row.text(3)?),
            name_init: Text::new(row.text(4)?),
            sort: row.int(5)?,
            system: row.text(6)? == "Y",
            category_id: row.opt_int(7)?,
            color: opt_text(row, 8)?,
            semantics: opt_text(row, 9)?,
        });
        Ok(())
    })?;
    Ok(statuses)
}

fn load_categories(tx: &mut Tx<'_>) -> Result<Vec<Category>> {
    let mut categories = Vec::new();
    let sql = "SELECT id, entity_type_id, name, sort, is_default, created, origin_id, originator_id \
               FROM crm_category ORDER BY sort, id";
    tx.query(sql, &[], |row| {
        categories.push(Category {
            id: row.int(0)?,
            entity_type_id: row.int(1)?,
            name: Text::new(row.text(2)?),
            sort: row.int(3)?,
            is_default: row.text(4)? == "Y",
            created: row.int(5)?,
            origin_id: Text::new(row.text(6)?),
            originator_id: Text::new(row.text(7)?),
        });
        Ok(())
    })?;
    Ok(categories)
}

fn load_currencies(tx: &mut Tx<'_>) -> Result<Vec<Text>> {
    let mut codes = Vec::new();
    let sql = "SELECT currency FROM crm_currency ORDER BY CASE base WHEN 'Y' THEN 0 ELSE 1 END, sort, id";
    tx.query(sql, &[], |row| {
        codes.push(Text::new(row.text(0)?));
        Ok(())
    })?;
    Ok(codes)
}

fn load_roles(tx: &mut Tx<'_>) -> Result<Vec<Role>> {
    let mut roles: Vec<Role> = Vec::new();
    tx.query("SELECT id FROM crm_role ORDER BY id", &[], |row| {
        roles.push(Role { id: row.int(0)?, ..Role::default() });
        Ok(())
    })?;
    let mut with = |id: i64, change: &mut dyn FnMut(&mut Role)| {
        roles.iter_mut().filter(|role| role.id == id).for_each(change);
    };
    tx.query("SELECT role_id, entity, act, level FROM crm_role_permission", &[], |row| {
        let (key, level) = ((Text::new(row.text(1)?), Text::new(row.text(2)?)), Level::parse(row.text(3)?));
        with(row.int(0)?, &mut |role| _ = role.levels.insert(key.clone(), level));
        Ok(())
    })?;
    tx.query("SELECT role_id, access_code FROM crm_role_member", &[], |row| {
        let code = Text::new(row.text(1)?);
        with(row.int(0)?, &mut |role| role.members.push(code.clone()));
        Ok(())
    })?;
    Ok(roles)
}

fn opt_text(row: &Row<'_>, column: usize) -> std::result::Result<Option<Text>, store::Error> {
    Ok(row.opt_text(column)?.map(Text::new))
}
