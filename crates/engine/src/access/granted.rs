//! Permissions of roles, as the shared copy keeps them.

use std::collections::HashMap;

use store::Tx;
use wire::Text;

use super::{Act, Level};
use crate::error::Result;

/// A role: what its members may do.
#[derive(Debug, Default)]
struct Role {
    id: i64,
    levels: HashMap<(Text, Text), Level>,
    members: Vec<Text>,
}

/// All roles.
#[derive(Debug, Default)]
pub struct Granted(Vec<Role>);

impl Granted {
    /// Reads them as this transaction sees them.
    pub fn load(tx: &mut Tx<'_>) -> Result<Self> {
        load_roles(tx).map(Granted)
    }

    /// The levels that the roles of someone with these access codes give for an act; a role without an entry gives none.
    pub fn levels(&self, codes: &[String], entity: &str, act: Act) -> Vec<Level> {
        let has =
            |role: &&Role| role.members.iter().any(|member| codes.iter().any(|code| code == member.as_str()));
        let key = (Text::new(entity), Text::const_new(act.code()));
        self.0.iter().filter(has).filter_map(|role| role.levels.get(&key).copied()).collect()
    }
}

fn load_roles(tx: &mut Tx<'_>) -> Result<Vec<Role>> {
    let mut roles: Vec<Role> = tx.all("SELECT id FROM crm_role ORDER BY id", &[], |row| {
        Ok(Role { id: row.int(0)?, ..Role::default() })
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
