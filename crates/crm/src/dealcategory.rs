//! `crm.dealcategory.*`: pipelines of deals as older integrations know them, the default one apart.

use std::sync::{Arc, LazyLock};

use serde_json::json;
use wire::{Fault, Map, Value};

use super::category::{self, Draft};
use super::{SCOPE, deal, dictionary, seeding};
use engine::call::Call;
use engine::entity::table::{self, Extent};
use engine::entity::{Entity, Field, Kind, Naming, Place, describe, stage};
use engine::error::Result;
use engine::input::{int, pick, text};
use engine::method::{self, Method, optional, read, required, write};
use engine::moment;
use engine::pipeline::Category;
use engine::query;

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("id", method::Kind::Id, "ID of the pipeline");
    let any = || optional("id", method::Kind::Int, "ID of the pipeline; the default pipeline if omitted");
    let fields = || required("fields", method::Kind::Fields, "NAME and SORT");
    vec![
        write("crm.dealcategory.add", SCOPE, add)
            .about("Adds a deal pipeline with the default stages and returns its ID.")
            .param(fields())
            .example(json!({"fields": {"NAME": "Repairs", "SORT": 20}}), json!("*")),
        read("crm.dealcategory.get", SCOPE, get)
            .about("Returns a deal pipeline.")
            .param(id())
            .example(json!({"id": 1}), json!({"ID": "1", "IS_LOCKED": "N"})),
        read("crm.dealcategory.list", SCOPE, list)
            .about("Lists the deal pipelines except the default one.")
            .param(optional("order", method::Kind::Order, "ASC or DESC by field"))
            .param(optional("filter", method::Kind::Filter, "Conditions by field, with comparison prefixes"))
            .param(optional("select", method::Kind::Select, "Fields to return"))
            .example(json!({"select": ["ID", "SORT"]}), json!([{"ID": "1", "SORT": "500"}])),
        write("crm.dealcategory.update", SCOPE, update)
            .about("Updates the name and sort index of a deal pipeline.")
            .param(id())
            .param(fields())
            .example(json!({"id": 1, "fields": {"SORT": 100}}), json!(true)),
        write("crm.dealcategory.delete", SCOPE, delete)
            .about("Deletes an empty deal pipeline.")
            .param(id())
            .example(json!({"id": 1}), json!(true)),
        read("crm.dealcategory.fields", SCOPE, fields_of)
            .about("Describes the fields of a deal pipeline.")
            .example(json!({}), json!({"ID": {"type": "integer", "isReadOnly": true}})),
        read("crm.dealcategory.default.get", SCOPE, default_get)
            .about("Returns the default deal pipeline.")
            .example(json!({}), json!({"ID": "0", "NAME": "General"})),
        write("crm.dealcategory.default.set", SCOPE, default_set)
            .about("Renames the default deal pipeline.")
            .param(required("name", method::Kind::Text, "New name"))
            .example(json!({"name": "Sales"}), json!(true)),
        read("crm.dealcategory.status", SCOPE, status)
            .about("Returns the code of the dictionary that holds a pipeline's stages.")
            .param(any())
            .example(json!({"id": 1}), json!("DEAL_STAGE_1")),
        read("crm.dealcategory.stage.list", SCOPE, stages)
            .about("Lists the stages of a pipeline, in order.")
            .param(any())
            .example(json!({"id": 0}), json!("*")),
    ]
}

/// The pipelines' table, as filters and `crm.dealcategory.fields` see it.
fn described() -> &'static Entity {
    static TABLE: LazyLock<Entity> = LazyLock::new(|| {
        let fields = vec![
            Field::new("ID", Kind::Integer, "ID").read_only(),
            Field::new("CREATED_DATE", Kind::Date, "Created").read_only().at(Place::Nowhere),
            Field::new("NAME", Kind::String, "Name").required(),
            Field::new("IS_LOCKED", Kind::Char, "Locked by the plan").read_only().at(Place::Nowhere),
            Field::new("SORT", Kind::Integer, "Sort index"),
        ];
        table::described("crm_category", "Pipeline", fields)
    });
    &TABLE
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    call.require_admin()?;
    let (entity, draft) = (deals(call), draft(&call.fields("fields")));
    Ok(category::create(call, &entity, &draft)?.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = find(call)?;
    Ok(Value::Map(show(call, &found)))
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let query = query::legacy(call, described())?;
    let within = ("t.id <> 0 AND t.entity_type_id = ?".to_owned(), vec![deal::entity().type_id.into()]);
    let ids = table::ids(call, described(), Naming::Legacy, &query, Some(within), Extent::Page)?;
    let known = ids.iter().filter_map(|id| call.meta.categories.iter().find(|category| category.id == *id));
    let rows = known.map(|category| pick(show(call, category), &query.select));
    Ok(rows.collect::<Vec<_>>().into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    call.require_admin()?;
    let (category, draft) = (find(call)?, draft(&call.fields("fields")));
    category::change(call, &category, &draft)?;
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    call.require_admin()?;
    let (category, entity) = (find(call)?, deals(call));
    category::remove(call, &entity, &category)?;
    Ok(true.into())
}

fn fields_of(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(describe::of_table(described(), Naming::Legacy, call.language).into())
}

fn default_get(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = category::find(call, 0).ok_or_else(missing)?;
    Ok(Value::Map(show(call, &found)))
}

fn default_set(call: &mut Call<'_, '_>) -> Result<Value> {
    call.require_admin()?;
    let (found, name) = (category::find(call, 0).ok_or_else(missing)?, call.text("name"));
    category::change(call, &found, &Draft { name, ..Draft::default() })?;
    Ok(true.into())
}

fn status(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(dictionary_of(call).into())
}

fn stages(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(dictionary::items(call, &dictionary_of(call)))
}

/// The dictionary with the stages of the pipeline that is meant.
fn dictionary_of(call: &Call<'_, '_>) -> String {
    let id = call.id("id");
    deal::entity().stage.map(|stage| stage::dictionary(&stage, id)).unwrap_or_default()
}

fn deals(call: &Call<'_, '_>) -> Arc<Entity> {
    call.entity(deal::entity().type_id).expect("deals are always there")
}

fn draft(fields: &Map) -> Draft {
    let name = fields.get("NAME").map(|_| text(fields, "NAME").unwrap_or_default());
    Draft { name, sort: int(fields, "SORT"), ..Draft::default() }
}

fn find(call: &Call<'_, '_>) -> Result<Category> {
    Ok(category::find(call, call.id("id")).ok_or_else(missing)?)
}

fn missing() -> Fault {
    Fault::crm("Not found")
}

fn show(call: &Call<'_, '_>, category: &Category) -> Map {
    let mut map = Map::with_capacity(5);
    map.push("ID", category.id.to_string());
    map.push("CREATED_DATE", moment::print(&call.caller.zone, category.created));
    map.push("NAME", seeding::shown_name(call, &category.name));
    map.push("IS_LOCKED", "N");
    map.push("SORT", category.sort.to_string());
    map
}
