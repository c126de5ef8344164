//! `humanresources.employee.*`: who works where.

use std::collections::HashMap;

use engine::call::Call;
use engine::dto::{Dto, Select, Type, described, items, property};
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required};
use serde_json::json;
use store::{Dialect, Param};
use wire::{Map, Value, exception};

use super::SCOPE;
use super::people::{People, counts};

/// Employees that a search finds at most.
const MOST: i64 = 100;

/// What employees look like.
static DTO: Dto = Dto {
    name: "EmployeeDto",
    properties: &[
        property("userId", Type::Int),
        property("name", Type::String),
        property("workPosition", Type::String),
        property("avatar", Type::String),
        property("url", Type::String),
        property("departments", Type::Array),
        property("teams", Type::Array),
    ],
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods = vec![
        read("humanresources.employee.count", SCOPE, count)
            .about("Counts employees.")
            .example(json!({}), json!({"total": 3})),
        read("humanresources.employee.multidepartment", SCOPE, multidepartment)
            .about("Lists employees who work in several departments.")
            .example(json!({}), json!({"employees": [], "total": 0})),
        read("humanresources.employee.search", SCOPE, search)
            .about("Finds employees by a part of the name.")
            .param(required("name", Kind::Text, "Part of the name"))
            .param(optional("nodeId", Kind::Int, "ID of the department in which they work"))
            .selects()
            .example(
                json!({"name": "ott"}),
                json!({"items": [{"userId": 3, "departments": [{"id": 2, "name": "Sales"}], "teams": []}]}),
            ),
        read("humanresources.employee.subordinates", SCOPE, subordinates)
            .about("Lists the departments that an employee heads, with the numbers of subordinates.")
            .param(required("id", Kind::Int, "ID of the user"))
            .example(
                json!({"id": 2}),
                json!({"userId": 2, "departments": [{"nodeId": 2, "subordinatesCount": 1}]}),
            ),
    ];
    methods = methods.into_iter().map(|method| method.v3(Some(&DTO))).collect();
    methods.extend(described("humanresources.employee", SCOPE, &DTO));
    methods
}

/// Active users who work in a department.
const EMPLOYED: &str = "u.active = 'Y' AND EXISTS (SELECT 1 FROM department_member m WHERE m.user_id = u.id)";

fn count(call: &mut Call<'_, '_>) -> Result<Value> {
    let sql = format!("SELECT COUNT(*) FROM portal_user u WHERE {EMPLOYED}");
    let total = call.tx.one(&sql, &[], |row| row.int(0))?;
    Ok(Value::under("total", total.unwrap_or(0)))
}

fn ids(call: &mut Call<'_, '_>, sql: &str, params: &[Param<'_>]) -> Result<Vec<i64>> {
    Ok(call.tx.all(sql, params, |row| row.int(0))?)
}

fn names(call: &mut Call<'_, '_>) -> Result<HashMap<i64, String>> {
    let mut names = HashMap::new();
    call.tx.query("SELECT id, name FROM department", &[], |row| {
        names.insert(row.int(0)?, row.text(1)?.to_owned());
        Ok(())
    })?;
    Ok(names)
}

/// The departments of a user.
fn places(call: &Call<'_, '_>, names: &HashMap<i64, String>, user: i64) -> Value {
    let one = |id: &i64| {
        let mut map = Map::with_capacity(2);
        map.push("id", *id);
        map.push("name", names.get(id).map(String::as_str));
        Value::from(map)
    };
    call.meta.directory.departments_of(user).iter().map(one).collect::<Vec<_>>().into()
}

fn multidepartment(call: &mut Call<'_, '_>) -> Result<Value> {
    let sql = "SELECT u.id FROM portal_user u JOIN department_member m ON m.user_id = u.id WHERE u.active = 'Y' \
               GROUP BY u.id HAVING COUNT(*) > 1 ORDER BY u.id LIMIT 1000";
    let users = ids(call, sql, &[])?;
    let (people, names) = (People::find(call, &users)?, names(call)?);
    let one = |id: &i64| {
        let mut map = people.one(call, *id)?;
        map.remove("avatar");
        map.remove("url");
        map.push("departments", places(call, &names, *id));
        Some(Value::from(map))
    };
    let employees: Vec<Value> = users.iter().filter_map(one).collect();
    let mut answer = Map::with_capacity(2);
    answer.push("total", employees.len() as i64);
    answer.push("employees", employees);
    Ok(answer.into())
}

fn search(call: &mut Call<'_, '_>) -> Result<Value> {
    let select = Select::read_strictly(call, &DTO)?;
    let name = call.text("name").unwrap_or_default();
    if name.trim().is_empty() {
        return Err(exception::of_field("name", "Parameter \"name\" is required.").into());
    }
    let whole = Dialect::like("COALESCE(u.name, '') || ' ' || COALESCE(u.last_name, '')");
    let mut params = vec![Param::from(format!("%{}%", Dialect::escape(name.trim())))];
    let mut within = String::new();
    if let Some(node) = call.param("nodeId").and_then(Value::as_int) {
        within =
            " AND EXISTS (SELECT 1 FROM department_member n WHERE n.user_id = u.id AND n.department_id = ?)"
                .to_owned();
        params.push(node.into());
    }
    let sql = format!(
        "SELECT u.id FROM portal_user u WHERE {EMPLOYED} AND {whole}{within} ORDER BY u.id LIMIT {MOST}"
    );
    let users = ids(call, &sql, &params)?;
    let (people, names) = (People::find(call, &users)?, names(call)?);
    let one = |id: &i64| {
        let mut map = people.one(call, *id)?;
        map.push("departments", places(call, &names, *id));
        map.push("teams", Value::List(Vec::new()));
        Some(select.show(&DTO, map))
    };
    Ok(items(users.iter().filter_map(one).collect()))
}

fn subordinates(call: &mut Call<'_, '_>) -> Result<Value> {
    let user = call.id("id");
    if !engine::directory::exists(call.tx, user)? {
        return Err(exception::not_found(format!("Object with identifier {user} not found")).into());
    }
    let headed = ids(call, "SELECT id FROM department WHERE uf_head = ? ORDER BY id", &[user.into()])?;
    let (counts, names) = (counts(call, &headed)?, names(call)?);
    let one = |node: &i64| {
        let mut map = Map::with_capacity(4);
        map.push("nodeId", *node);
        map.push("name", names.get(node).map(String::as_str));
        map.push("role", "HEAD");
        map.push("subordinatesCount", counts.get(node).map_or(0, |count| (count - 1).max(0)));
        Value::from(map)
    };
    let mut answer = Map::with_capacity(2);
    answer.push("userId", user);
    answer.push("departments", headed.iter().map(one).collect::<Vec<_>>());
    Ok(answer.into())
}
