//! Making and changing roles. Whoever calls this renews [`Meta`](crate::meta::Meta) afterwards.

use store::Tx;

use super::{Act, Level};
use crate::error::Result;

/// Makes a role that allows nothing and has nobody in it, and gives its number.
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
