//! `crm.category.*`: the pipelines of an entity. Only deals have more than one.

use std::sync::{Arc, LazyLock};

use serde_json::json;
use wire::params::Start;
use wire::{Fault, Map, Value};

use super::{SCOPE, seeding};
use engine::access::Act;
use engine::call::Call;
use engine::entity::{Entity, Field, Kind, Naming, describe, read, table};
use engine::error::Result;
use engine::input::{flag, int, named, text, yes_no};
use engine::method::{self, Method, Param, read as reading, required, write};
use engine::pipeline::Category;

const NAME_LENGTH: usize = 255;

const TYPE: Param = required("entityTypeId", method::Kind::Int, "Type of the items: 2 deal");
const ID: Param = required("id", method::Kind::Int, "ID of the pipeline; 0 is the default deal pipeline");

/// The methods.
pub fn methods() -> Vec<Method> {
    let fields = || required("fields", method::Kind::Fields, "name, sort and isDefault (Y or N)");
    let show = json!({"category": {"name": "Repairs", "sort": 200, "entityTypeId": 2, "isDefault": "N"}});
    vec![
        write("crm.category.add", SCOPE, add)
            .controller()
            .about("Adds a pipeline with the default stages and returns it.")
            .param(TYPE)
            .param(fields())
            .example(json!({"entityTypeId": 2, "fields": {"name": "Repairs", "sort": 200}}), show),
        reading("crm.category.get", SCOPE, get)
            .controller()
            .about("Returns a pipeline.")
            .param(TYPE)
            .param(ID)
            .example(json!({"entityTypeId": 2, "id": 0}), json!({"category": {"id": 0, "isDefault": "Y"}})),
        reading("crm.category.list", SCOPE, list)
            .controller()
            .about("Lists the pipelines of a type of items, in order.")
            .param(TYPE)
            .example(
                json!({"entityTypeId": 2}),
                json!({"categories": [{"id": 0, "name": "General", "sort": 300}, {"id": 1, "sort": 500}]}),
            ),
        write("crm.category.update", SCOPE, update)
            .controller()
            .about("Updates the given fields of a pipeline and returns it.")
            .param(TYPE)
            .param(ID)
            .param(fields())
            .example(
                json!({"entityTypeId": 2, "id": 0, "fields": {"name": "Sales"}}),
                json!({"category": {"id": 0, "name": "Sales"}}),
            ),
        write("crm.category.delete", SCOPE, delete)
            .controller()
            .about("Deletes a pipeline with its stages. The pipeline must be empty and not the default one.")
            .param(TYPE)
            .param(ID)
            .example(json!({"entityTypeId": 2, "id": 1}), json!(null)),
        reading("crm.category.fields", SCOPE, fields_of)
            .controller()
            .about("Describes the fields of a pipeline.")
            .param(TYPE)
            .example(
                json!({"entityTypeId": 2}),
                json!({"fields": {"id": {"type": "integer", "isReadOnly": true}}}),
            ),
    ]
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let entity = target(call)?;
    require_admin(call)?;
    let draft = Draft::read(&named(call.fields("fields"), described()));
    let id = create(call, &entity, &draft)?;
    one(call, id)
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let entity = target(call)?;
    if read::reach(call, &entity, Act::Read).is_nothing() {
        return Err(denied());
    }
    let id = call.id("id");
    one(call, id)
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let entity = target(call)?;
    let categories = call.meta.categories_of(entity.type_id);
    let shown: Vec<Value> = categories.map(|category| show(call, category)).collect();
    call.total = (call.start != Start::Uncounted).then_some(shown.len() as i64);
    let mut map = Map::with_capacity(1);
    map.push("categories", shown);
    Ok(Value::Map(map))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    target(call)?;
    require_admin(call)?;
    let (id, draft) = (call.id("id"), Draft::read(&named(call.fields("fields"), described())));
    let category = find(call, id).ok_or_else(missing)?;
    change(call, &category, &draft)?;
    one(call, id)
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let entity = target(call)?;
    require_admin(call)?;
    let id = call.id("id");
    let category = find(call, id).ok_or_else(missing)?;
    remove(call, &entity, &category)?;
    Ok(Value::Null)
}

fn fields_of(call: &mut Call<'_, '_>) -> Result<Value> {
    target(call)?;
    let mut map = Map::with_capacity(1);
    map.push("fields", describe::of_table(described(), Naming::Item, call.language));
    Ok(Value::Map(map))
}

/// A pipeline's fields, as requests and `crm.category.fields` see them.
fn described() -> &'static Entity {
    static TABLE: LazyLock<Entity> = LazyLock::new(|| {
        let fields = vec![
            Field::new("ID", Kind::Integer, "ID").read_only(),
            Field::new("NAME", Kind::String, "Name").required(),
            Field::new("SORT", Kind::Integer, "Sort index"),
            Field::new("ENTITY_TYPE_ID", Kind::Integer, "Item type").read_only(),
            Field::new("IS_DEFAULT", Kind::Boolean, "Default pipeline"),
            Field::new("ORIGIN_ID", Kind::String, "External ID"),
            Field::new("ORIGINATOR_ID", Kind::String, "External source"),
            Field::new("IS_SYSTEM", Kind::Boolean, "System").read_only(),
            Field::new("CODE", Kind::String, "Code").read_only(),
        ];
        table::described("crm_category", "Pipeline", fields)
    });
    &TABLE
}

/// The entity that is meant, when it has pipelines.
fn target(call: &Call<'_, '_>) -> Result<Arc<Entity>> {
    let entity = read::entity_by_type(call, call.id("entityTypeId"))?;
    if entity.has_categories {
        return Ok(entity);
    }
    let text = format!("Entity type {} is not supported", entity.code);
    Err(Fault::new(400, "ENTITY_TYPE_NOT_SUPPORTED", text).into())
}

fn require_admin(call: &Call<'_, '_>) -> Result<()> {
    if call.caller.is_admin { Ok(()) } else { Err(denied()) }
}

fn denied() -> engine::error::Error {
    Fault::new(400, "ACCESS_DENIED", "Access denied").into()
}

fn missing() -> Fault {
    Fault::new(400, "NOT_FOUND", "Element not found")
}

/// `{"category": {..}}`
fn one(call: &Call<'_, '_>, id: i64) -> Result<Value> {
    let category = find(call, id).ok_or_else(missing)?;
    let mut map = Map::with_capacity(1);
    map.push("category", show(call, &category));
    Ok(Value::Map(map))
}

fn show(call: &Call<'_, '_>, category: &Category) -> Value {
    let mut map = Map::with_capacity(7);
    map.push("id", category.id);
    map.push("name", seeding::shown_name(call, &category.name));
    map.push("sort", category.sort);
    map.push("entityTypeId", category.entity_type_id);
    map.push("isDefault", yes_no(category.is_default));
    // The pipeline that is there from the start came from nowhere.
    if category.id != 0 {
        map.push("originId", category.origin_id.clone());
        map.push("originatorId", category.originator_id.clone());
    }
    Value::Map(map)
}

/// A pipeline of deals.
pub(super) fn find(call: &Call<'_, '_>, id: i64) -> Option<Category> {
    call.meta.categories.iter().find(|category| category.id == id).cloned()
}

/// The requested values of a pipeline; anything left out stays unchanged.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Its name, as given.
    pub name: Option<String>,
    /// Its place.
    pub sort: Option<i64>,
    /// Whether it shall be the default one.
    pub is_default: bool,
    /// Its id in the outside system that makes it.
    pub origin_id: Option<String>,
    /// That outside system.
    pub originator_id: Option<String>,
}

impl Draft {
    fn read(fields: &Map) -> Self {
        Draft {
            name: fields.get("name").map(|_| text(fields, "name").unwrap_or_default()),
            sort: int(fields, "sort"),
            is_default: flag(fields, "isDefault") == Some(true),
            origin_id: text(fields, "originId"),
            originator_id: text(fields, "originatorId"),
        }
    }

    /// The name, when it can be one.
    fn checked_name(&self) -> Result<Option<&str>> {
        match self.name.as_deref() {
            Some(name) if name.is_empty() || name.len() > NAME_LENGTH => Err(nameless().into()),
            name => Ok(name),
        }
    }
}

fn nameless() -> Fault {
    Fault::new(400, "0", "Field 'NAME' is required")
}

/// Adds a pipeline with its stages and gives its number.
pub(super) fn create(call: &mut Call<'_, '_>, entity: &Entity, draft: &Draft) -> Result<i64> {
    let name = draft.checked_name()?.ok_or_else(nameless)?;
    let sql = "INSERT INTO crm_category (entity_type_id, name, sort, is_default, created, origin_id, originator_id) \
               VALUES (?, ?, ?, 'N', ?, ?, ?)";
    let params = [
        entity.type_id.into(),
        name.into(),
        draft.sort.unwrap_or(500).into(),
        call.now.seconds().into(),
        draft.origin_id.as_deref().unwrap_or("").into(),
        draft.originator_id.as_deref().unwrap_or("").into(),
    ];
    let id = call.tx.insert(sql, &params)?;
    seeding::seed_stages(call.tx, id, call.core.locale(call.settings.language))?;
    if draft.is_default {
        make_default(call, entity.type_id, id)?;
    }
    call.meta_changed()?;
    Ok(id)
}

/// Changes a pipeline.
pub(super) fn change(call: &mut Call<'_, '_>, category: &Category, draft: &Draft) -> Result<()> {
    let name = draft.checked_name()?.unwrap_or(&category.name);
    let sql = "UPDATE crm_category SET name = ?, sort = ?, origin_id = ?, originator_id = ? WHERE id = ?";
    let params = [
        name.into(),
        draft.sort.unwrap_or(category.sort).into(),
        draft.origin_id.as_deref().unwrap_or(&category.origin_id).into(),
        draft.originator_id.as_deref().unwrap_or(&category.originator_id).into(),
        category.id.into(),
    ];
    call.tx.execute(sql, &params)?;
    if draft.is_default {
        make_default(call, category.entity_type_id, category.id)?;
    }
    call.meta_changed()
}

/// One pipeline is the default one, always.
fn make_default(call: &mut Call<'_, '_>, entity_type_id: i64, id: i64) -> Result<()> {
    let sql = "UPDATE crm_category SET is_default = CASE WHEN id = ? THEN 'Y' ELSE 'N' END WHERE entity_type_id = ?";
    call.tx.execute(sql, &[id.into(), entity_type_id.into()])?;
    Ok(())
}

/// Deletes a pipeline with its stages.
pub(super) fn remove(call: &mut Call<'_, '_>, entity: &Entity, category: &Category) -> Result<()> {
    if category.id == 0 {
        return Err(Fault::new(400, "0", "Default deal category cannot be deleted").into());
    }
    if category.is_default {
        return Err(Fault::new(400, "BX_ERROR", "This funnel is the default funnel").into());
    }
    let sql = format!("SELECT id FROM {} WHERE category_id = ? LIMIT 1", entity.table());
    if call.tx.one(&sql, &[category.id.into()], |row| row.int(0))?.is_some() {
        let text = format!("Deals related to the funnel {} found", category.name);
        return Err(Fault::new(400, "0", text).into());
    }
    call.tx.execute("DELETE FROM crm_status WHERE category_id = ?", &[category.id.into()])?;
    call.tx.execute("DELETE FROM crm_category WHERE id = ?", &[category.id.into()])?;
    call.meta_changed()
}
