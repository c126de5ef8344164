//! `crm.stagehistory.list`: through which stages items went, and when. A row is written when an item is added and
//! whenever it goes to another stage, whoever moves it.

use engine::call::Call;
use engine::copy::{At, Copying, Paging, Step, Target};
use engine::entity::change::Change;
use engine::entity::table;
use engine::entity::{Entity, Field, Kind, Naming};
use engine::error::Result;
use engine::method::{self, Method, optional, read};
use serde_json::json;
use wire::{Fault, Map, Value};

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
        .param(optional("entityTypeId", method::Kind::Int, "Type of the items: 1 lead, 2 deal, 31 invoice"))
        .param(optional("filter", method::Kind::Filter, "Conditions by field, with comparison prefixes"))
        .param(optional("order", method::Kind::Order, "ASC or DESC by field"))
        .param(optional("select", method::Kind::Select, "Fields to return"))
        .param(optional("start", method::Kind::Int, "Offset of the first row; -1 skips counting the total"))
        .example(
            json!({"entityTypeId": 2, "filter": {"OWNER_ID": 1}, "order": {"ID": "ASC"}}),
            json!({"items": [{"OWNER_ID": 1, "TYPE_ID": 1}]}),
        )
}

/// The list by which the history of an entity is copied.
pub fn copying(entity: &Entity) -> Step {
    Step::new("crm.stagehistory.list", Target::With(copied))
        .of(entity.type_id)
        .with(json!({"entityTypeId": entity.type_id}))
        .giving("ENTITY_TYPE_ID", entity.type_id)
        .paged(Paging::Behind("ID", "ID"))
        .at(At::Under("items"))
}

fn copied(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    for row in rows {
        let number = |name: &str| row.get(name).and_then(Value::as_int).unwrap_or(0);
        let text = |name: &str, other: &str| {
            let value = row.get(name).or_else(|| row.get(other)).and_then(Value::text).unwrap_or_default();
            value.into_owned()
        };
        let at = row.get("CREATED_TIME").and_then(|value| copying.clock.read(value)).unwrap_or(0);
        let params = [
            number("ID").into(),
            number("ENTITY_TYPE_ID").into(),
            number("OWNER_ID").into(),
            number("TYPE_ID").into(),
            at.into(),
            number("CATEGORY_ID").into(),
            text("STAGE_ID", "STATUS_ID").into(),
            text("STAGE_SEMANTIC_ID", "STATUS_SEMANTIC_ID").into(),
        ];
        let sql = "INSERT INTO crm_stage_history (id, entity_type_id, owner_id, type_id, created_time, category_id, \
                   stage_id, stage_semantic_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
        copying.tx.execute(sql, &params)?;
        copying.told.rows += 1;
    }
    Ok(copying.tx.number_behind("crm_stage_history")?)
}

/// Whether the history of items is shown.
pub fn is_shown(entity: &Entity) -> bool {
    is_kept(entity) && entity.shows_stages()
}

/// Whether the stages of items are kept: of quotes they are not.
fn is_kept(entity: &Entity) -> bool {
    const QUOTE: i64 = 7;
    entity.stage.is_some() && entity.type_id != QUOTE
}

/// Writes a row for an item that arrived on a stage, and deletes the rows of one that is gone.
pub fn follow(call: &mut Call<'_, '_>, entity: &Entity, id: i64, change: &Change) -> Result<()> {
    if !is_kept(entity) {
        return Ok(());
    }
    let Change::Arrived(arrival) = change else {
        let sql = "DELETE FROM crm_stage_history WHERE entity_type_id = ? AND owner_id = ?";
        call.tx.execute(sql, &[entity.type_id.into(), id.into()])?;
        return Ok(());
    };
    let type_id = match arrival.from {
        None => ADDED,
        Some(from) if from != arrival.category => TO_PIPELINE,
        Some(_) if arrival.semantics == "P" => TO_INTERMEDIATE,
        Some(_) => TO_FINAL,
    };
    let sql = "INSERT INTO crm_stage_history (entity_type_id, owner_id, type_id, created_time, category_id, stage_id, \
               stage_semantic_id) VALUES (?, ?, ?, ?, ?, ?, ?)";
    let params = [
        entity.type_id.into(),
        id.into(),
        type_id.into(),
        arrival.at.into(),
        arrival.category.into(),
        arrival.stage.as_str().into(),
        arrival.semantics.as_str().into(),
    ];
    call.tx.execute(sql, &params)?;
    Ok(())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let type_id = call.id("entityTypeId");
    let shown = call.entity(type_id).filter(|entity| is_shown(entity));
    let Some(entity) = shown else {
        let text = format!("Entity type {type_id} is not supported");
        return Err(Fault::new(400, "ENTITY_TYPE_NOT_SUPPORTED", text).into());
    };
    let described = described(&entity);
    let query = item::query(call, FILTER_DEPTH)?;
    let owned = owner::readable(call, [&*entity].into_iter(), ("t.entity_type_id", "t.owner_id"), |it| {
        it.type_id.into()
    });
    let within = owned.unwrap_or_else(|| ("t.entity_type_id = ?".to_owned(), vec![type_id.into()]));
    let all = query.select.is_empty() || query.select.iter().any(|name| name == "*");
    let wanted = |field: &&Field| all || query.select.iter().any(|name| *name == *field.code);
    let shown: Vec<&Field> = described.fields.iter().filter(wanted).collect();
    let rows = table::rows(call, &described, Naming::Item, &query, Some(within), &shown)?;
    Ok(Value::under("items", rows.into_iter().map(Value::Map).collect::<Vec<_>>()))
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
