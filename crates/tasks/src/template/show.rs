//! Templates as answers show them: with lists in the serialized form that they have in the real system.

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Row};
use serde_json::Value as Json;
use wire::{Map, Value};

use super::{FACE, TEMPLATE, make, rhythm};
use crate::people::People;
use crate::php::serialized;

/// A template with the names of its people.
///
/// # Errors
/// Those of the store.
pub fn show(call: &mut Call<'_, '_>, row: &Row) -> Result<Map> {
    let mut stored = noun::show(call, &TEMPLATE, &FACE, row)?;
    let mut shown = Map::with_capacity(50);
    for field in TEMPLATE.fields {
        let code = field.upper_name();
        let value = stored.remove(&code).unwrap_or_default();
        let value = match field.name {
            "accomplices" | "auditors" | "responsibles" => {
                let ids = crate::task::rights::ids(row, field.name);
                serialized(&ids.into_iter().map(|id| id.to_string()).collect::<Vec<_>>().into()).into()
            }
            "tags" | "dependsOn" => match row.json(field.name) {
                Json::Null => Value::Null,
                list => serialized(&list).into(),
            },
            "replicateParams" => replicate(call, row),
            "ufCrmTask" => Value::from(list(row.json("ufCrmTask"))),
            "ufTaskWebdavFiles" => Value::from(list(row.json("ufTaskWebdavFiles"))),
            _ if value.as_str() == Some("") => Value::Null,
            _ => value,
        };
        shown.push(code, value);
        if field.name == "responsibles" {
            shown.push("FILES", Value::Null);
        }
        if field.name == "baseTemplateId" {
            shown.push("TEMPLATE_CHILDREN_COUNT", children(call, row.number)?.to_string());
            people(call, row, &mut shown)?;
            shown.push("SCENARIO", "default");
        }
    }
    Ok(shown)
}

fn list(json: Json) -> Json {
    if json.is_array() { json } else { Json::Array(Vec::new()) }
}

fn children(call: &mut Call<'_, '_>, template: i64) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM tasks_template WHERE base_template_id = ?";
    Ok(call.tx.one(sql, &[template.into()], |row| row.int(0))?.unwrap_or(0))
}

fn people(call: &mut Call<'_, '_>, row: &Row, shown: &mut Map) -> Result<()> {
    let ids = ["createdBy", "responsibleId"].map(|name| row.int(name).unwrap_or(0));
    let people = People::find(call, ids.into_iter())?;
    for (id, prefix) in ids.into_iter().zip(["CREATED_BY", "RESPONSIBLE"]) {
        let [name, last_name, second_name, login] = people.names(id);
        shown.push(format!("{prefix}_NAME"), name);
        shown.push(format!("{prefix}_LAST_NAME"), last_name);
        shown.push(format!("{prefix}_SECOND_NAME"), second_name);
        shown.push(format!("{prefix}_LOGIN"), login);
        shown.push(format!("{prefix}_WORK_POSITION"), people.position(id));
        shown.push(format!("{prefix}_PHOTO"), people.photo(id).map(|photo| photo.to_string()));
    }
    Ok(())
}

/// How it repeats, with when it is due next.
fn replicate(call: &Call<'_, '_>, row: &Row) -> Value {
    let mut params = row.json("replicateParams");
    let Some(members) = params.as_object_mut() else { return Value::Null };
    let zone = &call.settings.zone;
    let next = make::next(row, zone, call.now.seconds()).map(|next| rhythm::print(zone, next));
    members.insert("NEXT_EXECUTION_TIME".to_owned(), next.into());
    serialized(&params).into()
}
