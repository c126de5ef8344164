//! Making and changing roles.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use store::Tx;
use wire::Fault;

use super::{Act, Level};
use crate::audit::{self, Action, By};
use crate::entity::Entity;
use crate::error::Result;
use crate::meta::Meta;
use crate::modules::Modules;
use crate::moment::Moment;
use crate::seen;

/// The longest name, in characters.
const LONGEST: usize = 255;
/// The most members that a role may have.
const MAX_MEMBERS: usize = 1000;

/// The permissions of a role: a level for each entity (`LEAD`, ..) and act.
pub type Permissions = BTreeMap<String, Vec<(Act, Level)>>;

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The number.
    pub id: i64,
    /// Its display name.
    pub name: String,
    /// Access codes of those who have it, in order.
    pub members: Vec<String>,
    /// Its permissions; anything missing is denied.
    pub permissions: Permissions,
}

/// A role as it is wanted.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Its new display name.
    pub name: String,
    /// Access codes: `U7`, `D3`, `DR3`, `AU`.
    pub members: Vec<String>,
    /// Its new permissions.
    pub permissions: Permissions,
}

/// The entities that roles have levels for, by number.
pub fn entities(meta: &Meta) -> Vec<Arc<Entity>> {
    let mut entities: Vec<Arc<Entity>> = meta.items().cloned().collect();
    entities.sort_unstable_by_key(|entity| entity.type_id);
    entities
}

/// All roles by number.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Role>> {
    let mut roles = Vec::new();
    tx.query("SELECT id, name FROM crm_role ORDER BY id", &[], |row| {
        let (members, permissions) = (Vec::new(), Permissions::new());
        roles.push(Role { id: row.int(0)?, name: row.text(1)?.to_owned(), members, permissions });
        Ok(())
    })?;
    let places: HashMap<i64, usize> = roles.iter().enumerate().map(|(at, role)| (role.id, at)).collect();
    let sql = "SELECT role_id, access_code FROM crm_role_member ORDER BY access_code";
    tx.query(sql, &[], |row| {
        if let Some(at) = places.get(&row.int(0)?) {
            roles[*at].members.push(row.text(1)?.to_owned());
        }
        Ok(())
    })?;
    let sql = "SELECT role_id, entity, act, level FROM crm_role_permission ORDER BY entity, act";
    tx.query(sql, &[], |row| {
        let level = Level::parse(row.text(3)?);
        let act = Act::parse(row.text(2)?).filter(|_| level != Level::None);
        if let (Some(at), Some(act)) = (places.get(&row.int(0)?), act) {
            roles[*at].permissions.entry(row.text(1)?.to_owned()).or_default().push((act, level));
        }
        Ok(())
    })?;
    Ok(roles)
}

/// Makes a role, or with a number changes that one wholly; gives its number. Noted in the audit log.
///
/// # Errors
/// `ERROR_ARGUMENT` for a name that is empty or too long, and for entities and members that do not exist;
/// `ERROR_NOT_FOUND`.
pub fn save(
    tx: &mut Tx<'_>,
    modules: &Modules,
    by: &By,
    id: Option<i64>,
    input: &Input,
    now: Moment,
) -> Result<i64> {
    let name = input.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST {
        return Err(Fault::argument("A role needs a name of up to 255 characters.", "name").into());
    }
    let known = modules.meta(tx)?;
    if let Some(entity) = input.permissions.keys().find(|code| known.items().all(|own| own.code != **code)) {
        return Err(Fault::argument(format!("Unknown object: {entity}."), "permissions").into());
    }
    let members: BTreeSet<&str> = input.members.iter().map(String::as_str).collect();
    if members.len() > MAX_MEMBERS {
        return Err(
            Fault::argument(format!("A role can have at most {MAX_MEMBERS} members."), "members").into()
        );
    }
    for member in &members {
        check_member(tx, member)?;
    }
    let (role, action) = match id {
        None => (create(tx, name)?, Action::RoleAdded),
        Some(id) => {
            known_name(tx, id)?;
            tx.execute("UPDATE crm_role SET name = ? WHERE id = ?", &[name.into(), id.into()])?;
            clear(tx, id)?;
            (id, Action::RoleChanged)
        }
    };
    for (entity, acts) in &input.permissions {
        acts.iter().try_for_each(|(act, level)| allow(tx, role, entity, *act, *level))?;
    }
    members.iter().try_for_each(|member| give(tx, role, member))?;
    Meta::outdate(tx)?;
    audit::note(tx, by, action, object(role), name, now)?;
    Ok(role)
}

/// Nobody changed a role since somebody saw that version.
///
/// # Errors
/// `ERROR_NOT_FOUND`; 409 `ERROR_CHANGED`, see [`seen::check`].
pub fn check_version(tx: &mut Tx<'_>, id: i64, version: &str, asker: i64) -> Result<()> {
    let role = list(tx)?.into_iter().find(|role| role.id == id);
    let role = role.ok_or_else(|| Fault::not_found("The role does not exist."))?;
    seen::check(tx, version, &role, &object(id), asker)
}

/// Deletes a role; nobody has it any more. Noted in the audit log.
///
/// # Errors
/// `ERROR_NOT_FOUND`.
pub fn delete(tx: &mut Tx<'_>, by: &By, id: i64, now: Moment) -> Result<()> {
    let name = known_name(tx, id)?;
    clear(tx, id)?;
    tx.execute("DELETE FROM crm_role WHERE id = ?", &[id.into()])?;
    Meta::outdate(tx)?;
    audit::note(tx, by, Action::RoleDeleted, object(id), name, now)
}

/// Takes everything that a role gives, and from everybody.
fn clear(tx: &mut Tx<'_>, role: i64) -> Result<()> {
    tx.execute("DELETE FROM crm_role_permission WHERE role_id = ?", &[role.into()])?;
    tx.execute("DELETE FROM crm_role_member WHERE role_id = ?", &[role.into()])?;
    Ok(())
}

fn known_name(tx: &mut Tx<'_>, id: i64) -> Result<String> {
    let name =
        tx.one("SELECT name FROM crm_role WHERE id = ?", &[id.into()], |row| Ok(row.text(0)?.to_owned()))?;
    name.ok_or_else(|| Fault::not_found("The role does not exist.").into())
}

/// Access codes of somebody: everybody, a user, a department, or one with those below it.
fn check_member(tx: &mut Tx<'_>, code: &str) -> Result<()> {
    let number = |prefix: &str| code.strip_prefix(prefix).and_then(|id| id.parse::<i64>().ok());
    let found = match (number("U"), number("DR").or_else(|| number("D"))) {
        _ if code == "AU" => true,
        (Some(user), _) => exists(tx, "SELECT id FROM portal_user WHERE id = ?", user)?,
        (None, Some(department)) => exists(tx, "SELECT id FROM department WHERE id = ?", department)?,
        (None, None) => false,
    };
    if found {
        Ok(())
    } else {
        Err(Fault::argument(format!("Unknown access code: {code}."), "members").into())
    }
}

fn exists(tx: &mut Tx<'_>, sql: &str, id: i64) -> Result<bool> {
    Ok(tx.one(sql, &[id.into()], |row| row.int(0))?.is_some())
}

fn object(id: i64) -> String {
    format!("role:{id}")
}

/// Makes a role that allows nothing and has nobody in it, and gives its number. Whoever calls this, [`allow`],
/// [`give`] or [`take`] renews [`Meta`] afterwards.
pub fn create(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    Ok(tx.insert("INSERT INTO crm_role (name) VALUES (?)", &[name.into()])?)
}

/// The number of the role with that name.
pub fn find(tx: &mut Tx<'_>, name: &str) -> Result<Option<i64>> {
    Ok(tx.one("SELECT id FROM crm_role WHERE name = ? ORDER BY id", &[name.into()], |row| row.int(0))?)
}

/// Sets whose items of an entity (`LEAD`, ..) people with the role may do something to.
pub fn allow(tx: &mut Tx<'_>, role: i64, entity: &str, act: Act, level: Level) -> Result<()> {
    let sql = "INSERT INTO crm_role_permission (role_id, entity, act, level) VALUES (?, ?, ?, ?) \
               ON CONFLICT (role_id, entity, act) DO UPDATE SET level = excluded.level";
    tx.execute(sql, &[role.into(), entity.into(), act.code().into(), level.code().into()])?;
    Ok(())
}

/// Gives the role to everybody with an access code: `U7`, `D3`, `DR3`, `AU`.
pub fn give(tx: &mut Tx<'_>, role: i64, access_code: &str) -> Result<()> {
    let sql = "INSERT INTO crm_role_member (role_id, access_code) VALUES (?, ?) ON CONFLICT DO NOTHING";
    tx.execute(sql, &[role.into(), access_code.into()])?;
    Ok(())
}

/// Takes the role from everybody with an access code.
pub fn take(tx: &mut Tx<'_>, role: i64, access_code: &str) -> Result<()> {
    let sql = "DELETE FROM crm_role_member WHERE role_id = ? AND access_code = ?";
    tx.execute(sql, &[role.into(), access_code.into()])?;
    Ok(())
}
