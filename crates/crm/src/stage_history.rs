//! `crm.stagehistory.list`: through which stages items went, and when. A row is written when an item is added and
//! whenever it goes to another stage, whoever moves it.

use engine::access::Act;
use engine::call::Call;
use engine::entity::change::Change;
use engine::entity::filter::Unknown;
use engine::entity::read::Query;
use engine::entity::table::{self, Extent};
use engine::entity::{Entity, Field, Kind, Naming};
use engine::error::Result;
use engine::method::{self, Method, optional, read};
use engine::moment;
use serde_json::json;
use wire::{Fault, Map, Value, filter, order, select};

use crate::{SCOPE, item, owner};

/// What a row is about, `TYPE_ID`.
const ADDED: i64 = 1;
const TO_INTERMEDIATE: i64 = 2;
const TO_FINAL: i64 = 3;
const TO_PIPELINE: i64 = 5;

/// Conditions in a filter may be nested as deep as in `crm.item.list`.
const FILTER_DEPTH: usize = 8;

/// The method.
pub fn method() -> Method {
    read("crm.stagehistory.list", SCOPE, list)
        .controller()
        .about("Lists through which stages items of a type went, 50 rows per page.")
        .param(optional("entityTypeId", method::Kind::Int, "Type of the items: 1 lead, 2 deal"))
        .param(optional("filter", method::Kind::Filter, "Conditions by field, with comparison prefixes"))
        .param(optional("order", method::Kind::Order, "ASC or DESC by field"))
        .param(optional("select", method::Kind::Select, "Fields to return"))
        .example(
            json!({"entityTypeId": 2, "filter": {"OWNER_ID": 1}, "order": {"ID": "ASC"}}),
            json!({"items": [{"OWNER_ID": 1, "TYPE_ID": 1}]}),
        )
}

/// Writes a row for an item that was added or went to another stage, and deletes the rows of one that is gone.
pub fn follow(call: &mut Call<'_, '_>, entity: &Entity, id: i64, change: Change) -> Result<()> {
    let Some(stage) = &entity.stage else { return Ok(()) };
    if change == Change::Deleted {
        let sql = "DELETE FROM crm_stage_history WHERE entity_type_id = ? AND owner_id = ?";
        call.tx.execute(sql, &[entity.type_id.into(), id.into()])?;
        return Ok(());
    }
    let category = if entity.has_categories { "category_id" } else { "0" };
    let sql = format!(
        "SELECT {}, {}, {category} FROM {} WHERE id = ?",
        stage.field.to_ascii_lowercase(),
        stage.semantic.to_ascii_lowercase(),
        entity.table()
    );
    let found = call.tx.one(&sql, &[id.into()], |row| {
        let text = |at| Ok::<_, store::Error>(row.opt_text(at)?.unwrap_or_default().to_owned());
        Ok((text(0)?, text(1)?, row.opt_int(2)?.unwrap_or(0)))
    })?;
    let Some((stage_id, semantic, category)) = found else { return Ok(()) };
    let type_id = match change {
        Change::Moved { from } if from != category => TO_PIPELINE,
        Change::Moved { .. } if semantic == "S" || semantic == "F" => TO_FINAL,
        Change::Moved { .. } => TO_INTERMEDIATE,
        Change::Added | Change::Deleted => ADDED,
    };
    let sql = "INSERT INTO crm_stage_history (entity_type_id, owner_id, type_id, created_time, category_id, stage_id, \
               stage_semantic_id) VALUES (?, ?, ?, ?, ?, ?, ?)";
    let params = [
        entity.type_id.into(),
        id.into(),
        type_id.into(),
        call.now.seconds().into(),
        category.into(),
        stage_id.as_str().into(),
        semantic.as_str().into(),
    ];
    call.tx.execute(sql, &params)?;
    Ok(())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let type_id = call.id("entityTypeId");
    let Some(entity) = call.entity(type_id).filter(|entity| entity.stage.is_some()) else {
        let text = format!("Entity type {type_id} is not supported");
        return Err(Fault::new(400, "ENTITY_TYPE_NOT_SUPPORTED", text).into());
    };
    let described = described(&entity);
    let nothing = Value::Null;
    let query = Query {
        filter: filter::parse_nested(call.param("filter").unwrap_or(&nothing), FILTER_DEPTH)?,
        order: order::parse(call.param("order").unwrap_or(&nothing)).map_err(item::bad_order)?,
        select: select::parse(call.param("select").unwrap_or(&nothing)),
        unknown: Unknown::Refused,
    };
    let mut params = vec![type_id.into()];
    let reachable = owner::within(call, Act::Read, ("t.entity_type_id", "t.owner_id"), &mut params);
    let condition = reachable.map_or(String::new(), |condition| format!(" AND {condition}"));
    let within = (format!("t.entity_type_id = ?{condition}"), params);
    let ids = table::ids(call, &described, Naming::Item, &query, Some(within), Extent::Page)?;
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        items.extend(row(call, &described, id, &query)?);
    }
    let mut answer = Map::with_capacity(1);
    answer.push("items", items);
    Ok(answer.into())
}

/// The fields as the stage of an entity is called: `STATUS_ID` for leads, `STAGE_ID` for all others.
fn described(entity: &Entity) -> Entity {
    let field = |code, kind| Field::new(code, kind, "").item(code);
    let (stage, semantic) = names(entity);
    let stage_field =
        |code, column: &str| Field::named(String::from(code), column.to_owned(), Kind::String, "").item(code);
    let mut fields = vec![
        field("ID", Kind::Integer),
        field("TYPE_ID", Kind::Integer),
        field("OWNER_ID", Kind::Integer),
        field("CREATED_TIME", Kind::DateTime),
    ];
    if entity.has_categories {
        fields.push(field("CATEGORY_ID", Kind::Integer));
    }
    fields.push(stage_field(semantic, "stage_semantic_id"));
    fields.push(stage_field(stage, "stage_id"));
    table::described("crm_stage_history", "Stage history", fields)
}

fn names(entity: &Entity) -> (&'static str, &'static str) {
    if entity.has_categories {
        ("STAGE_ID", "STAGE_SEMANTIC_ID")
    } else {
        ("STATUS_ID", "STATUS_SEMANTIC_ID")
    }
}

fn row(call: &mut Call<'_, '_>, described: &Entity, id: i64, query: &Query) -> Result<Option<Value>> {
    let columns: Vec<&str> = described.fields.iter().map(Field::column).collect();
    let sql = format!("SELECT {} FROM crm_stage_history WHERE id = ?", columns.join(", "));
    let zone = &call.caller.zone;
    let all = query.select.is_empty() || query.select.iter().any(|name| name == "*");
    Ok(call.tx.one(&sql, &[id.into()], |row| {
        let mut map = Map::with_capacity(columns.len());
        for (at, field) in described.fields.iter().enumerate() {
            if !all && !query.select.iter().any(|name| *name == *field.code) {
                continue;
            }
            let value = match field.kind {
                Kind::DateTime => moment::print(zone, row.int(at)?).into(),
                Kind::Integer => Value::Int(row.int(at)?),
                _ => row.text(at)?.into(),
            };
            map.push(&*field.code, value);
        }
        Ok(Value::Map(map))
    })?)
}
