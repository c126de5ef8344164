//! Users as the structure shows them.

use std::collections::HashMap;

use engine::call::Call;
use engine::directory::{self, Person};
use engine::error::Result;
use engine::files;
use engine::noun::Row;
use wire::{Map, Value};

use super::{EMPLOYEE, HEAD};

/// The active users in a department: its head first.
///
/// # Errors
/// Those of the store.
pub fn members(call: &mut Call<'_, '_>, node: &Row) -> Result<Vec<(i64, &'static str)>> {
    let head = node.int("ufHead").filter(|head| *head > 0);
    let mut members: Vec<(i64, &str)> = head.map(|head| (head, HEAD)).into_iter().collect();
    let sql = "SELECT m.user_id FROM department_member m JOIN portal_user u ON u.id = m.user_id \
               WHERE m.department_id = ? AND u.active = 'Y' ORDER BY m.user_id";
    call.tx.query(sql, &[node.number.into()], |row| {
        let id = row.int(0)?;
        if head != Some(id) {
            members.push((id, EMPLOYEE));
        }
        Ok(())
    })?;
    Ok(members)
}

/// The number of active users in each department.
///
/// # Errors
/// Those of the store.
pub fn counts(call: &mut Call<'_, '_>) -> Result<HashMap<i64, i64>> {
    let sql = "SELECT d.id, COUNT(DISTINCT u.id) FROM department d \
               LEFT JOIN department_member m ON m.department_id = d.id \
               JOIN portal_user u ON (u.id = m.user_id OR u.id = d.uf_head) AND u.active = 'Y' GROUP BY d.id";
    let mut counts = HashMap::new();
    call.tx.query(sql, &[], |row| {
        counts.insert(row.int(0)?, row.int(1)?);
        Ok(())
    })?;
    Ok(counts)
}

/// Users by their numbers.
pub struct People(HashMap<i64, Person>);

impl People {
    /// Looks them up.
    ///
    /// # Errors
    /// Those of the store.
    pub fn find(call: &mut Call<'_, '_>, ids: &[i64]) -> Result<Self> {
        Ok(People(directory::people(call.tx, ids)?))
    }

    /// One of them; nothing for one who is not there.
    pub fn one(&self, call: &Call<'_, '_>, id: i64) -> Option<Map> {
        let person = self.0.get(&id)?;
        let mut map = Map::with_capacity(8);
        map.push("userId", id);
        map.push("name", person.name.as_str());
        map.push("workPosition", person.position.as_str());
        map.push("avatar", person.photo.map(|photo| files::link(call.core, photo, call.now)));
        map.push("url", format!("/company/personal/user/{id}/"));
        Some(map)
    }

    /// Members of a department.
    pub fn members(&self, call: &Call<'_, '_>, members: &[(i64, &'static str)]) -> Value {
        let one = |(id, role): &(i64, &'static str)| {
            let mut map = self.one(call, *id)?;
            map.push("role", *role);
            Some(Value::from(map))
        };
        members.iter().filter_map(one).collect::<Vec<_>>().into()
    }
}
