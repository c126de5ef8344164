//! Users as the structure shows them.

use std::collections::HashMap;

use engine::call::Call;
use engine::directory::{self, Person};
use engine::error::Result;
use engine::files;
use engine::noun::Row;
use store::Param;
use wire::{Map, Value};

use super::{EMPLOYEE, HEAD};

/// Users with their roles.
pub type Members = Vec<(i64, &'static str)>;

/// The active users in each of these departments: its head first.
///
/// # Errors
/// Those of the store.
pub fn members(call: &mut Call<'_, '_>, nodes: &[Row]) -> Result<HashMap<i64, Members>> {
    let head = |node: &Row| node.int("ufHead").filter(|head| *head > 0).map(|head| (head, HEAD));
    let mut members: HashMap<i64, Members> =
        nodes.iter().map(|node| (node.number, head(node).into_iter().collect())).collect();
    if nodes.is_empty() {
        return Ok(members);
    }
    let sql = format!(
        "SELECT m.department_id, m.user_id FROM department_member m JOIN portal_user u ON u.id = m.user_id \
         WHERE m.department_id IN ({}) AND u.active = 'Y' ORDER BY m.department_id, m.user_id",
        store::placeholders(nodes.len())
    );
    let nodes: Vec<Param<'_>> = nodes.iter().map(|node| node.number.into()).collect();
    call.tx.query(&sql, &nodes, |row| {
        let (of, id) = (members.entry(row.int(0)?).or_default(), row.int(1)?);
        if of.first() != Some(&(id, HEAD)) {
            of.push((id, EMPLOYEE));
        }
        Ok(())
    })?;
    Ok(members)
}

/// The number of active users in each of these departments; nothing for one without.
///
/// # Errors
/// Those of the store.
pub fn counts(call: &mut Call<'_, '_>, nodes: &[i64]) -> Result<HashMap<i64, i64>> {
    let mut counts = HashMap::new();
    if nodes.is_empty() {
        return Ok(counts);
    }
    let sql = format!(
        "SELECT d.id, COUNT(DISTINCT u.id) FROM department d \
         LEFT JOIN department_member m ON m.department_id = d.id \
         JOIN portal_user u ON (u.id = m.user_id OR u.id = d.uf_head) AND u.active = 'Y' \
         WHERE d.id IN ({}) GROUP BY d.id",
        store::placeholders(nodes.len())
    );
    let nodes: Vec<Param<'_>> = nodes.iter().map(|node| (*node).into()).collect();
    call.tx.query(&sql, &nodes, |row| {
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
