//! Workgroups in the newer spelling: `socialnetwork.api.workgroup.*`, which only reads.

use serde_json::json;
use wire::{Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::entity::field;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required};
use engine::noun::{self, Face, Row, Verb};

use crate::group::GROUP;
use crate::member;

const SCOPE: &str = "socialnetwork";

/// `socialnetwork.api.workgroup.list`, whose rows are asked for by upper-case names and answered by others.
pub const LIST: Face = Face {
    verbs: &[(Verb::List, "list")],
    scope: Some(SCOPE),
    many: noun::Rows::Under("workgroups"),
    // `show` takes from the rows what is selected, since it names it otherwise.
    asks: &["filter", "order"],
    params: &[
        (&[Verb::List], optional("select", Kind::Select, "Fields to return, the ID alone unless given")),
        (&[Verb::List], optional("params", Kind::Fields, "IS_ADMIN, mode and what else is asked for")),
    ],
    samples: || json!({"select": ["ID", "NAME", "TYPE", "AVATAR"], "params": {"IS_ADMIN": "N"}}),
    ..Face::legacy(PATH)
};
/// The path of its methods.
pub const PATH: &str = "socialnetwork.api.workgroup";

/// The methods beyond that of the face.
pub fn methods() -> Vec<Method> {
    vec![
        read("socialnetwork.api.workgroup.get", SCOPE, get)
            .controller()
            .about("Returns a workgroup.")
            .param(required("params", Kind::Fields, "The workgroup, groupId, and what to show of it, select"))
            .example(
                json!({"params": {"groupId": 1, "select": ["OWNER_DATA"]}}),
                json!({"ID": "1", "NAME": "Trade fair"}),
            ),
    ]
}

/// What the list shows of workgroups: the fields that it selects, the id when it selects none, by camelCase names.
///
/// # Errors
/// Those of the store.
pub fn show(call: &mut Call<'_, '_>, rows: &[Row], shown: &mut [Map]) -> Result<()> {
    let select: Vec<String> = match call.param("select") {
        Some(given) => given.items().filter_map(|name| Some(name.text()?.to_ascii_uppercase())).collect(),
        None => Vec::new(),
    };
    let wants = |name: &str| select.iter().any(|selected| selected == name);
    let roles = member::own(call)?;
    for (row, map) in rows.iter().zip(shown) {
        let role = roles.get(&row.number).map_or("", String::as_str);
        let mut renamed = Map::new();
        renamed.push("id", row.number.to_string());
        for (name, value) in map.iter().filter(|(name, _)| *name != "ID" && wants(name)) {
            renamed.push(field::camel(name), value.clone());
        }
        if wants("TYPE") {
            renamed.push("type", kind(row));
        }
        if wants("AVATAR") || wants("IMAGE_ID") {
            renamed
                .push("imageId", row.int("image").map(|id| Value::from(id.to_string())).unwrap_or_default());
            renamed.push("avatarType", Value::Null);
            renamed.push(
                "avatar",
                map.get("IMAGE").filter(|link| !link.is_empty()).cloned().unwrap_or_else(|| "".into()),
            );
        }
        let mut more = Map::new();
        more.push("role", role);
        more.push("initiatedByType", "");
        renamed.push("additionalData", more);
        renamed.push("dialogId", "");
        *map = renamed;
    }
    Ok(())
}

fn kind(row: &Row) -> &'static str {
    match (row.int("scrumMasterId").unwrap_or(0), row.text("project")) {
        (master, _) if master > 0 => "scrum",
        (_, "Y") => "project",
        _ => "group",
    }
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let params = call.fields("params");
    let id = params.get_any_case("groupId").and_then(Value::as_int).unwrap_or(0);
    if id <= 0 {
        let text = "No value for the workgroup ID was provided.";
        return Err(wire::Fault::new(400, "SONET_CONTROLLER_WORKGROUP_EMPTY", text).into());
    }
    let scope = GROUP.grant(call, Act::Read)?;
    let Some(row) = noun::one(call, &GROUP, &scope, id)? else {
        return Err(
            wire::Fault::new(400, "SONET_CONTROLLER_WORKGROUP_NOT_FOUND", "Workgroup not found.").into()
        );
    };
    let mut map = noun::show(call, &GROUP, &GROUP.faces[0], &row)?;
    map.push("TYPE", kind(&row));
    let select = params.get("select").cloned().unwrap_or_default();
    let wants = |name: &str| select.items().any(|one| one.as_str() == Some(name));
    if wants("OWNER_DATA") {
        let owner = row.int("ownerId").unwrap_or(0);
        let mut data = Map::new();
        data.push("ID", owner.to_string());
        data.push("FORMATTED_NAME", engine::directory::name_of(call.tx, owner)?.unwrap_or_default());
        map.push("OWNER_DATA", data);
    }
    if wants("LIST_OF_MEMBERS") {
        let members = member::of(call, id)?;
        map.push(
            "LIST_OF_MEMBERS",
            members.into_iter().map(|user| Value::from(user.to_string())).collect::<Vec<_>>(),
        );
    }
    Ok(map.into_value())
}
