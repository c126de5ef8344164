//! `humanresources.node.member.*`: who works in a department, and who heads it.

use engine::call::Call;
use engine::dto::{Dto, FACE, Type, described, property};
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, required, write};
use engine::noun;
use serde_json::json;
use wire::{Map, Value, exception};

use super::node::user_ids;
use super::{EMPLOYEE, HEAD, SCOPE, node, require_builder, users, without_users};
use crate::department::DEPARTMENT;

/// What members look like.
static DTO: Dto = Dto {
    name: "NodeMemberDto",
    properties: &[
        property("userId", Type::Int),
        property("name", Type::String),
        property("workPosition", Type::String),
        property("role", Type::String),
        property("avatar", Type::String),
        property("url", Type::String),
    ],
};

/// The parameter that names users by their roles.
pub fn by_role(needed: bool) -> Param {
    let make = if needed { required } else { optional };
    make("userIds", Kind::Fields, "IDs of users by role").with_members(vec![
        optional(HEAD, Kind::List, "The head"),
        optional(EMPLOYEE, Kind::List, "Employees"),
    ])
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let node = || required("nodeId", Kind::Int, "ID of the department");
    let role = |make: fn(&'static str, Kind, &'static str) -> Param| {
        make("role", Kind::Text, "MEMBER_HEAD or MEMBER_EMPLOYEE")
    };
    let mut methods = vec![
        write("humanresources.node.member.add", SCOPE, |call| place(call, false))
            .about("Adds users to a department.")
            .param(node())
            .param(user_ids())
            .param(role(required))
            .example(
                json!({"nodeId": 3, "userIds": [2], "role": "MEMBER_EMPLOYEE"}),
                json!({"success": true}),
            ),
        write("humanresources.node.member.move", SCOPE, |call| place(call, true))
            .about("Moves users to a department: they leave all others.")
            .param(node())
            .param(user_ids())
            .param(role(optional))
            .example(json!({"nodeId": 3, "userIds": [2]}), json!({"success": true})),
        write("humanresources.node.member.remove", SCOPE, remove)
            .about("Takes users out of a department.")
            .param(node())
            .param(user_ids())
            .example(
                json!({"nodeId": 2, "userIds": [3, 1]}),
                json!({"removed": [3], "failed": [{"userId": 1}]}),
            ),
        write("humanresources.node.member.set", SCOPE, set)
            .about("Makes these users the members of a department, and no others.")
            .param(node())
            .param(by_role(true))
            .example(
                json!({"nodeId": 2, "userIds": {"MEMBER_HEAD": [2], "MEMBER_EMPLOYEE": [3]}}),
                json!({"success": true}),
            ),
    ];
    methods = methods.into_iter().map(|method| method.v3(Some(&DTO))).collect();
    methods.extend(described("humanresources.node.member", SCOPE, &DTO));
    methods
}

/// A role that there is in departments.
fn role_of(field: &str, role: &str) -> Result<&'static str> {
    match role {
        HEAD => Ok(HEAD),
        EMPLOYEE => Ok(EMPLOYEE),
        _ => {
            Err(exception::of_field(field, format!("Invalid roles: {role}. Allowed: {HEAD}, {EMPLOYEE}."))
                .into())
        }
    }
}

/// Users with their roles.
pub fn roles(given: &Value) -> Result<Vec<(i64, &'static str)>> {
    let mut all = Vec::new();
    for (role, list) in given.entries() {
        let role = role_of("userIds", &role)?;
        if list.is_empty() {
            continue;
        }
        let users = users(list)?;
        if role == HEAD && users.len() > 1 {
            return Err(exception::of_field("userIds", "A department has one head").into());
        }
        all.extend(users.into_iter().map(|user| (user, role)));
    }
    Ok(all)
}

/// Makes somebody a member of a department, beside the others or instead of them.
pub fn put(call: &mut Call<'_, '_>, node: i64, user: i64, role: &str, instead: bool) -> Result<()> {
    let mut places = call.meta.directory.departments_of(user).to_vec();
    if instead {
        places.clear();
    }
    if !places.contains(&node) {
        places.push(node);
    }
    assign(call, user, &places)?;
    if role == HEAD { head(call, node, user.into()) } else { Ok(()) }
}

/// Makes these the departments of a user, as `user.update` does it.
fn assign(call: &mut Call<'_, '_>, user: i64, places: &[i64]) -> Result<()> {
    if !engine::directory::exists(call.tx, user)? {
        return Err(exception::of_field("userIds", format!("User {user} not found")).into());
    }
    call.ask("user.update", json!({"ID": user, "UF_DEPARTMENT": places}))?
        .ok_or_else(exception::access_denied)?;
    Ok(())
}

fn head(call: &mut Call<'_, '_>, node: i64, user: Value) -> Result<()> {
    let mut fields = Map::with_capacity(1);
    fields.push("ufHead", user);
    noun::update(call, &DEPARTMENT, &FACE, &[node.into()], &fields).map(drop)
}

fn done() -> Value {
    Value::under("success", true)
}

fn place(call: &mut Call<'_, '_>, instead: bool) -> Result<Value> {
    require_builder(call)?;
    let node = node(call, "nodeId")?.number;
    let users = users(call.param("userIds").unwrap_or(&Value::Null))?;
    let role = role_of("role", &call.text("role").unwrap_or_else(|| EMPLOYEE.to_owned()))?;
    if role == HEAD && users.len() > 1 {
        return Err(exception::of_field("userIds", "A department has one head").into());
    }
    for user in users {
        put(call, node, user, role, instead)?;
    }
    Ok(done())
}

fn remove(call: &mut Call<'_, '_>) -> Result<Value> {
    require_builder(call)?;
    let row = node(call, "nodeId")?;
    let users = users(call.param("userIds").unwrap_or(&Value::Null))?;
    let (mut removed, mut failed) = (Vec::new(), Vec::new());
    for user in users {
        if take_out(call, row.number, row.int("ufHead"), user)? {
            removed.push(Value::Int(user));
        } else {
            let mut map = Map::with_capacity(2);
            map.push("userId", user);
            map.push("reason", "Not found in this node");
            failed.push(Value::from(map));
        }
    }
    let mut answer = Map::with_capacity(2);
    answer.push("removed", removed);
    answer.push("failed", failed);
    Ok(answer.into())
}

/// Takes a user out of a department; false when the user is not there.
fn take_out(call: &mut Call<'_, '_>, node: i64, headed_by: Option<i64>, user: i64) -> Result<bool> {
    let places = call.meta.directory.departments_of(user).to_vec();
    let heads = headed_by == Some(user);
    if heads {
        head(call, node, Value::Null)?;
    }
    if !places.contains(&node) {
        return Ok(heads);
    }
    let left: Vec<i64> = places.into_iter().filter(|place| *place != node).collect();
    assign(call, user, &left)?;
    Ok(true)
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    require_builder(call)?;
    let row = node(call, "nodeId")?;
    let wanted = roles(&call.param("userIds").cloned().unwrap_or_default())?;
    if wanted.is_empty() {
        return Err(without_users());
    }
    let members = super::people::members(call, std::slice::from_ref(&row))?;
    for (user, _) in members.into_values().flatten() {
        if !wanted.iter().any(|(one, _)| *one == user) {
            take_out(call, row.number, row.int("ufHead"), user)?;
        }
    }
    for (user, role) in wanted {
        put(call, row.number, user, role, false)?;
    }
    Ok(done())
}
