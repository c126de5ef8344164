//! `im.department.*`.

use serde_json::json;
use wire::{Fault, Map, Value};

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param as Parameter, optional, read, required};

use crate::{SCOPE, page, person};

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("ID", Kind::List, "IDs of departments");
    vec![
        read("im.department.get", SCOPE, get)
            .own_words()
            .about("Returns departments with their heads.")
            .param(id())
            .param(USER_DATA)
            .example(json!({"ID": [2]}), json!([{"id": 2, "name": "Sales", "manager_user_id": 2}])),
        read("im.department.employees.get", SCOPE, |call| by_department(call, employees))
            .own_words()
            .about("Returns the employees of departments.")
            .param(id())
            .param(USER_DATA)
            .example(json!({"ID": [2]}), json!({"2": [2, 3]}))
            .example(json!({"ID": [2], "USER_DATA": "Y"}), json!({"2": [{"id": 2}, {"id": 3}]})),
        read("im.department.managers.get", SCOPE, |call| by_department(call, managers))
            .own_words()
            .about("Returns the heads of departments.")
            .param(id())
            .param(USER_DATA)
            .example(json!({"ID": [2]}), json!({"2": [2]}))
            .example(json!({"ID": [2], "USER_DATA": "Y"}), json!({"2": [{"id": 2, "name": "Ines Vogel"}]})),
        read("im.department.colleagues.list", SCOPE, colleagues)
            .own_words()
            .about("Lists those who work in the caller's departments and in those below them, and the heads above.")
            .param(USER_DATA)
            .param(page::OFFSET)
            .param(page::LIMIT)
            .example(json!({}), json!("*")),
    ]
}

/// Whether users come whole.
pub const USER_DATA: Parameter = optional("USER_DATA", Kind::Flag, "Whether users come with their data");

/// A department.
#[derive(Clone, Debug)]
pub struct Department {
    pub id: i64,
    pub name: String,
    pub parent: i64,
    pub head: i64,
}

/// All of them, by their order.
pub fn all(call: &mut Call<'_, '_>) -> Result<Vec<Department>> {
    Ok(call.tx.all("SELECT id, name, parent, uf_head FROM department ORDER BY sort, id", &[], |row| {
        Ok(Department {
            id: row.int(0)?,
            name: row.text(1)?.to_owned(),
            parent: row.opt_int(2)?.unwrap_or(0),
            head: row.opt_int(3)?.unwrap_or(0),
        })
    })?)
}

impl Department {
    /// Its name, and those of the departments above it.
    fn full_name(&self, all: &[Department]) -> String {
        let mut names = vec![self.name.as_str()];
        let mut above = self.parent;
        while let Some(department) =
            all.iter().find(|other| other.id == above).filter(|_| names.len() <= all.len())
        {
            names.push(&department.name);
            above = department.parent;
        }
        names.join(" / ")
    }

    /// As answers show it, with its head when that is wanted.
    pub fn show(&self, call: &mut Call<'_, '_>, all: &[Department]) -> Result<Map> {
        let mut map = Map::new();
        map.push("id", self.id);
        map.push("name", self.name.as_str());
        map.push("full_name", self.full_name(all));
        map.push("manager_user_id", self.head);
        if call.flag("USER_DATA") {
            map.push("manager_user_data", person::one(call, self.head)?);
        }
        Ok(map)
    }
}

/// Refuses people from outside, who are in no department.
pub fn require_employee(call: &Call<'_, '_>) -> Result<()> {
    let is_employee = !call.meta.directory.departments_of(call.caller.user_id).is_empty();
    if is_employee || call.caller.is_admin {
        return Ok(());
    }
    Err(Fault::new(403, "ACCESS_ERROR", "Only intranet users have access to this method").into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    require_employee(call)?;
    let ids = person::ids(call, "ID");
    if ids.is_empty() && call.param("ID").is_some_and(|given| !given.is_empty()) {
        return Err(Fault::new(400, "INVALID_FORMAT", "A wrong format for the ID field is passed").into());
    }
    let all = all(call)?;
    let mut shown = Vec::new();
    for department in all.iter().filter(|department| ids.is_empty() || ids.contains(&department.id)) {
        shown.push(Value::from(department.show(call, &all)?));
    }
    Ok(shown.into())
}

type People = fn(&mut Call<'_, '_>, &Department) -> Result<Vec<i64>>;

fn employees(call: &mut Call<'_, '_>, department: &Department) -> Result<Vec<i64>> {
    let sql = "SELECT m.user_id FROM department_member m JOIN portal_user u ON u.id = m.user_id \
               WHERE m.department_id = ? AND u.active = 'Y' ORDER BY m.user_id";
    Ok(call.tx.all(sql, &[department.id.into()], |row| row.int(0))?)
}

fn managers(_: &mut Call<'_, '_>, department: &Department) -> Result<Vec<i64>> {
    Ok(Some(department.head).filter(|head| *head > 0).into_iter().collect())
}

fn by_department(call: &mut Call<'_, '_>, people: People) -> Result<Value> {
    require_employee(call)?;
    let ids = person::ids(call, "ID");
    if ids.is_empty() {
        return Err(Fault::new(400, "ID_EMPTY", "Department ID can't be empty").into());
    }
    let all = all(call)?;
    let mut found = Map::new();
    for department in ids.iter().filter_map(|id| all.iter().find(|department| department.id == *id)) {
        let users = people(call, department)?;
        found.push(department.id.to_string(), show(call, &users)?);
    }
    Ok(if found.is_empty() { Vec::new().into() } else { Value::Map(found) })
}

/// Users by their numbers, or whole when that is wanted.
fn show(call: &mut Call<'_, '_>, users: &[i64]) -> Result<Value> {
    Ok(match call.flag("USER_DATA") {
        true => person::list(call, users)?.into(),
        false => users.iter().copied().map(Value::Int).collect::<Vec<_>>().into(),
    })
}

/// The heads of the caller's departments and of those above them.
fn heads_above(call: &mut Call<'_, '_>) -> Result<Vec<i64>> {
    let all = all(call)?;
    let mut heads = Vec::new();
    for own in call.meta.directory.departments_of(call.caller.user_id) {
        let (mut at, mut steps) = (*own, 0);
        while let Some(department) =
            all.iter().find(|department| department.id == at).filter(|_| steps <= all.len())
        {
            heads.push(department.head);
            (at, steps) = (department.parent, steps + 1);
        }
    }
    Ok(heads)
}

fn colleagues(call: &mut Call<'_, '_>) -> Result<Value> {
    require_employee(call)?;
    let me = call.caller.user_id;
    let mut users = call.meta.directory.colleagues(me, true);
    users.extend(heads_above(call)?);
    users.retain(|user| *user != me && *user > 0);
    users.sort_unstable();
    users.dedup();
    let active = active_among(call, &users)?;
    let shown = page::of(call, &active);
    show(call, &shown)
}

fn active_among(call: &mut Call<'_, '_>, users: &[i64]) -> Result<Vec<i64>> {
    let sql = "SELECT id FROM portal_user WHERE active = 'Y' AND bot = '' AND id IN (#)";
    let mut active = call.tx.all_among(sql, &[], users, |row| row.int(0))?;
    active.sort_unstable();
    Ok(active)
}
