//! `crm.status.*`: the entries of dictionaries, stages among them.

use std::sync::LazyLock;

use serde_json::json;
use store::Param;
use wire::{Fault, Map, Text, Value};

use super::dictionary::{self, Dictionary};
use super::{SCOPE, seeding};
use engine::access::Act;
use engine::call::Call;
use engine::entity::read;
use engine::entity::table::{self, Extent};
use engine::entity::{Entity, Field, Kind, Naming, describe};
use engine::error::Result;
use engine::input::{flag, int, text};
use engine::meta::Meta;
use engine::method::{self, Method, optional, read as reading, required, write};
use engine::pipeline::Status;
use engine::query;

/// Characters that a code or a name may have.
const CODE_LENGTH: usize = 50;
const NAME_LENGTH: usize = 255;

/// The methods.
pub fn methods() -> Vec<Method> {
    let id =
        || required("id", method::Kind::Id, "ID of the dictionary entry").or_complain("Invalid identifier.");
    let fields = || required("fields", method::Kind::Fields, "Values by field; see crm.status.fields");
    vec![
        write("crm.status.add", SCOPE, add)
            .about("Adds an entry to a dictionary or a stage to a pipeline and returns its ID.")
            .param(fields())
            .example(
                json!({"fields": {"ENTITY_ID": "SOURCE", "STATUS_ID": "PODCAST", "NAME": "Podcast", "SORT": 130}}),
                json!("*"),
            ),
        reading("crm.status.get", SCOPE, get)
            .about("Returns a dictionary entry.")
            .param(id())
            .example(json!({"id": 1}), json!({"ID": "1", "ENTITY_ID": "STATUS", "STATUS_ID": "NEW", "SYSTEM": "Y"})),
        reading("crm.status.list", SCOPE, list)
            .about("Lists dictionary entries by filter, without paging.")
            .param(optional("order", method::Kind::Order, "ASC or DESC by field"))
            .param(optional("filter", method::Kind::Filter, "Conditions by field, with comparison prefixes"))
            .example(
                json!({"order": {"SORT": "ASC"}, "filter": {"ENTITY_ID": "DEAL_STAGE", "SEMANTICS": "S"}}),
                json!([{"STATUS_ID": "WON", "SORT": "60", "EXTRA": {"SEMANTICS": "success"}}]),
            ),
        write("crm.status.update", SCOPE, update)
            .about("Updates the name, sort index and colour of a dictionary entry.")
            .param(id())
            .param(fields())
            .example(json!({"id": 1, "fields": {"NAME": "Unworked", "COLOR": "#00A9F4"}}), json!(true)),
        write("crm.status.delete", SCOPE, delete)
            .about("Deletes a dictionary entry. A system entry needs FORCED = Y; a stage must be empty.")
            .param(id())
            .param(optional("params", method::Kind::Fields, "FORCED: Y deletes a system entry"))
            .example(json!({"id": 7}), json!(true)),
        reading("crm.status.fields", SCOPE, fields_of)
            .about("Describes the fields of a dictionary entry.")
            .example(json!({}), json!({"ID": {"type": "integer", "isReadOnly": true}})),
        reading("crm.status.entity.types", SCOPE, types)
            .about("Lists the dictionaries. Dictionaries of stages include the meaning of the stages.")
            .example(json!({}), json!("*")),
        reading("crm.status.entity.items", SCOPE, items)
            .about("Lists the codes and names of a dictionary's entries, in order.")
            .param(
                required("entityId", method::Kind::Text, "Code of the dictionary")
                    .or_complain("The parameter entityId is not defined or invalid."),
            )
            .example(
                json!({"entityId": "CONTACT_TYPE"}),
                json!([{"NAME": "Client", "SORT": 10, "STATUS_ID": "CLIENT"}, {"SORT": 20}, {"SORT": 30}, {"SORT": 40}]),
            ),
    ]
}

/// The entries' table, as filters and `crm.status.fields` see it.
fn table() -> &'static Entity {
    static TABLE: LazyLock<Entity> = LazyLock::new(|| {
        let fields = vec![
            Field::new("ID", Kind::Integer, "ID").read_only(),
            Field::new("ENTITY_ID", Kind::String, "Dictionary").required().immutable(),
            Field::new("STATUS_ID", Kind::String, "Code").required().immutable(),
            Field::new("SORT", Kind::Integer, "Sort index"),
            Field::new("NAME", Kind::String, "Name").required(),
            Field::new("NAME_INIT", Kind::String, "Initial name").read_only(),
            Field::new("SYSTEM", Kind::Char, "System").read_only(),
            Field::new("CATEGORY_ID", Kind::Integer, "Pipeline").immutable(),
            Field::new("COLOR", Kind::String, "Colour"),
            Field::new("SEMANTICS", Kind::String, "Semantics: S success, F failure").immutable(),
        ];
        table::described("crm_status", "Dictionary entry", fields)
    });
    &TABLE
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    call.require_admin()?;
    let fields = call.fields("fields");
    let given = |name: &str, shown: &str| {
        text(&fields, name).ok_or_else(|| Fault::crm(format!("The field {shown} is required.")))
    };
    let (entity_id, code) = (given("ENTITY_ID", "ENTITY_ID")?, given("STATUS_ID", "STATUS_ID")?);
    let name = given("NAME", "Title")?;
    let dictionary = dictionary::find(&call.meta, &entity_id)
        .ok_or_else(|| Fault::crm("Specified entity type is not supported."))?;
    let code = dictionary.code(&code);
    if code.len() > CODE_LENGTH || name.len() > NAME_LENGTH {
        return Err(Fault::crm("Error on creating status.").into());
    }
    if call.meta.dictionary(&entity_id).any(|other| other.status_id == code) {
        return Err(Fault::core("The specified status ID already exists.").into());
    }
    let sort = int(&fields, "SORT").filter(|sort| *sort > 0).unwrap_or(10);
    let semantics = text(&fields, "SEMANTICS").filter(|letter| letter == "S" || letter == "F");
    require_place(&call.meta, dictionary, sort, semantics.as_deref())?;
    let is_stage = dictionary.kind.stages.is_some();
    let color = color(&fields).or_else(|| Some(default_color(semantics.as_deref()).to_owned()));
    let params: [Param<'_>; 7] = [
        entity_id.into(),
        code.into(),
        name.into(),
        sort.into(),
        dictionary.pipeline.map(|category| category.id).into(),
        color.filter(|_| is_stage).into(),
        semantics.filter(|_| is_stage).into(),
    ];
    let sql = "INSERT INTO crm_status (entity_id, status_id, name, name_init, sort, system, category_id, color, semantics) \
               VALUES (?, ?, ?, '', ?, 'N', ?, ?, ?)";
    let id = call.tx.insert(sql, &params)?;
    call.meta_changed()?;
    Ok(id.into())
}

/// There is one successful stage, and those in progress stand before it.
fn require_place(meta: &Meta, dictionary: Dictionary<'_>, sort: i64, semantics: Option<&str>) -> Result<()> {
    let Some(stages) = dictionary.kind.stages else { return Ok(()) };
    let success = dictionary.code(stages.success);
    let last = meta.dictionary(&dictionary.id()).find(|stage| stage.status_id == success);
    let taken = match semantics {
        Some("S") => last.is_some(),
        Some(_) => false,
        None => last.is_some_and(|last| sort >= last.sort),
    };
    let text = "Cannot create more stages after the final stage because the final successful stage already exists. \
                Try using sort order values less than that of the final stage.";
    if taken { Err(Fault::crm(text).into()) } else { Ok(()) }
}

/// The colour of a stage that is given none.
fn default_color(semantics: Option<&str>) -> &'static str {
    match semantics {
        Some("S") => "#DBF199",
        Some(_) => "#FFBEBD",
        None => "#ACE9FB",
    }
}

/// `#RRGGBB`, given directly or in `EXTRA`; anything else is no colour.
fn color(fields: &Map) -> Option<String> {
    let extra = fields.get("EXTRA").and_then(|extra| extra.get("COLOR")).and_then(Value::text);
    let given = text(fields, "COLOR").or_else(|| Some(extra?.into_owned()))?;
    let digits = given.strip_prefix('#')?;
    (digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())).then_some(given)
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    require_reader(call)?;
    Ok(show(call, &find(call)?))
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    require_reader(call)?;
    let query = query::legacy(call, table())?;
    let ids = table::ids(call, table(), Naming::Legacy, &query, None, Extent::Whole)?;
    let known = ids.iter().filter_map(|id| call.meta.statuses.iter().find(|status| status.id == *id));
    Ok(known.map(|status| show(call, status)).collect::<Vec<_>>().into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    call.require_admin()?;
    let status = find(call)?;
    let fields = call.fields("fields");
    let name = match fields.get("NAME") {
        Some(_) => text(&fields, "NAME")
            .filter(|name| name.len() <= NAME_LENGTH)
            .ok_or_else(|| Fault::crm("Error on updating status."))?,
        None => status.name.to_string(),
    };
    let sort = int(&fields, "SORT").filter(|sort| *sort > 0).unwrap_or(status.sort);
    let kept = status.color.map(String::from);
    let color = if kept.is_some() { color(&fields).or(kept) } else { None };
    let sql = "UPDATE crm_status SET name = ?, sort = ?, color = ? WHERE id = ?";
    call.tx.execute(sql, &[name.into(), sort.into(), color.into(), status.id.into()])?;
    call.meta_changed()?;
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    call.require_admin()?;
    let status = find(call)?;
    if status.system && flag(&call.fields("params"), "FORCED") != Some(true) {
        let text =
            "CRM System Status can be deleted only if parameter FORCED is specified and equal to \"Y\".";
        return Err(Fault::crm(text).into());
    }
    if is_in_use(call, &status)? {
        return Err(Fault::crm("There are active items in this status.").into());
    }
    call.tx.execute("DELETE FROM crm_status WHERE id = ?", &[status.id.into()])?;
    call.meta_changed()?;
    Ok(true.into())
}

/// Whether an item stands on this stage.
fn is_in_use(call: &mut Call<'_, '_>, status: &Status) -> Result<bool> {
    let stages =
        dictionary::find(&call.meta, &status.entity_id).and_then(|dictionary| dictionary.kind.stages);
    let entity = stages.and_then(|stages| call.entity(stages.entity_type_id));
    let Some((entity, stage)) = entity.as_ref().and_then(|entity| Some((entity, entity.stage.as_ref()?)))
    else {
        return Ok(false);
    };
    let column = stage.field.to_ascii_lowercase();
    let sql = format!("SELECT id FROM {} WHERE {column} = ? LIMIT 1", entity.table());
    Ok(call.tx.one(&sql, &[status.status_id.as_str().into()], |row| row.int(0))?.is_some())
}

fn fields_of(call: &mut Call<'_, '_>) -> Result<Value> {
    let mut described = describe::of_table(table(), Naming::Legacy, call.language);
    if let Some(semantics) = table().by_code("SEMANTICS") {
        described.insert("SEMANTICS", describe::plain(semantics, "char", call.language));
    }
    let extra = Field::new("EXTRA", Kind::String, "Semantics and colour of the stage");
    described.push("EXTRA", describe::plain(&extra, "crm_status_extra", call.language));
    Ok(described.into())
}

fn types(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(dictionary::all(&call.meta)
        .map(|dictionary| dictionary.show(call.language))
        .collect::<Vec<_>>()
        .into())
}

fn items(call: &mut Call<'_, '_>) -> Result<Value> {
    require_reader(call)?;
    let id = call.text("entityId").unwrap_or_default();
    if dictionary::find(&call.meta, &id).is_none() {
        return Err(Fault::crm("The parameter entityId is not defined or invalid.").into());
    }
    Ok(dictionary::items(call, &id))
}

/// Dictionaries are there for everybody who may see anything of the CRM.
fn require_reader(call: &Call<'_, '_>) -> Result<()> {
    let sees = |entity: &Entity| !read::reach(call, entity, Act::Read).is_nothing();
    if super::entities().iter().any(sees) { Ok(()) } else { Err(Fault::crm("Access denied.").into()) }
}

fn find(call: &Call<'_, '_>) -> Result<Status> {
    let id = call.id("id");
    let found = call.meta.statuses.iter().find(|status| status.id == id);
    found.cloned().ok_or_else(|| Fault::crm("Status is not found.").into())
}

fn show(call: &Call<'_, '_>, status: &Status) -> Value {
    let mut map = Map::with_capacity(11);
    map.push("ID", status.id.to_string());
    map.push("ENTITY_ID", status.entity_id.clone());
    map.push("STATUS_ID", status.status_id.clone());
    map.push("NAME", seeding::shown_name(call, &status.name));
    map.push("NAME_INIT", status.name_init.clone());
    map.push("SORT", status.sort.to_string());
    map.push("SYSTEM", engine::input::yes_no(status.system));
    map.push("CATEGORY_ID", status.category_id.map(|id| id.to_string()));
    map.push("COLOR", status.color.clone());
    map.push("SEMANTICS", status.semantics.clone());
    let dictionary = dictionary::find(&call.meta, &status.entity_id);
    if let Some(semantics) = dictionary.and_then(|dictionary| dictionary.semantics(status)) {
        let mut extra = Map::with_capacity(2);
        extra.push("SEMANTICS", semantics);
        extra.push("COLOR", status.color.clone().unwrap_or_else(|| Text::const_new("")));
        map.push("EXTRA", Value::Map(extra));
    }
    Value::Map(map)
}
