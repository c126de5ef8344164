//! The methods of documents beyond those of their faces.

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Entity;
use engine::entity::owner::standing;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, required, write};
use engine::noun::{self, Face, Row};
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use super::render::{About, Work, kept};
use super::{DOCUMENT, INNER, OF_CRM, REST, fields, public, upload};
use crate::family::Family;
use crate::template::Template;
use crate::{denied, numerator};

/// The methods.
pub fn methods() -> Vec<Method> {
    Family::ALL.into_iter().flat_map(of).chain([upload::method()]).collect()
}

const VALUES: Param = optional("values", Kind::Fields, "Values by field, which go before those of the item");
const STAMPS: Param = optional("stampsEnabled", Kind::Flag, "With stamps");
const TYPES: Param = optional("fields", Kind::Fields, "How values are read and written, by field");

fn of(family: Family) -> Vec<Method> {
    let (path, scope) = (family.path(), family.scope());
    let mut adding = write(format!("{path}.document.add"), scope, move |call| add(call, family))
        .controller()
        .about("Fills a document template and returns the document.")
        .param(required("templateId", Kind::Id, "The ID of the document template"));
    let example =
        match family {
            Family::Rest => {
                adding = adding
                    .param(optional("providerClassName", Kind::Text, "Source of data; only one there is"))
                    .param(required("value", Kind::Text, "What it is about, as the integration calls it"));
                json!({"templateId": 1, "value": "ORDER_1", "values": sample()})
            }
            Family::Crm => {
                adding = adding
                    .param(required("entityTypeId", Kind::Int, "Type of the item"))
                    .param(required("entityId", Kind::Id, "ID of the item"));
                json!({"templateId": 2, "entityTypeId": 2, "entityId": 2})
            }
        };
    let id = || required("id", Kind::Id, "ID");
    let known = if family == Family::Crm { 2 } else { 1 };
    vec![
        adding
            .param(VALUES)
            .param(STAMPS)
            .param(TYPES)
            .example(example, json!({"document": {"publicUrl": null}})),
        write(format!("{path}.document.update"), scope, move |call| update(call, family))
            .controller()
            .about("Fills the document template of a document anew, and returns the document.")
            .param(id())
            .param(VALUES)
            .param(STAMPS)
            .param(TYPES)
            .example(
                json!({"id": known, "values": {"DocumentNumber": "SC-2"}}),
                json!({"document": {"id": known.to_string()}}),
            ),
        fields::method(family, known),
        public::method(family, known),
    ]
}

/// The values of examples.
pub fn sample() -> Json {
    json!({
        "DocumentNumber": "SC-1", "CurrentDate": "2026-03-18T00:00:00+01:00", "ClientName": "Clara Ahlberg",
        "ClientPhone": "+4930111001", "Total": "125", "Comment": "Within 5 days", "UserName": "Ada Berg",
    })
}

/// The face of a family.
pub fn face(family: Family) -> &'static Face {
    match family {
        Family::Rest => &REST,
        Family::Crm => &OF_CRM,
    }
}

/// A parameter as JSON.
pub fn given(call: &Call<'_, '_>, name: &str) -> Json {
    call.param(name).filter(|value| value.is_array()).map(Json::from).unwrap_or_default()
}

/// Shows a document alone.
pub fn answer(call: &mut Call<'_, '_>, family: Family, row: &Row) -> Result<Value> {
    Ok(Value::under("document", noun::show(call, &DOCUMENT, face(family), row)?))
}

/// Refuses those who may make no documents.
pub fn require_maker(call: &mut Call<'_, '_>, family: Family) -> Result<()> {
    match DOCUMENT.grant(call, Act::Add)?.is_nothing() {
        true => Err(face(family).faults.unwritable.fault().into()),
        false => Ok(()),
    }
}

fn add(call: &mut Call<'_, '_>, family: Family) -> Result<Value> {
    require_maker(call, family)?;
    let template = Template::load(call, family, call.id("templateId"))?;
    if template.is_deleted {
        return Err(Fault::numbered(400, 0, "Cannot create document on deleted template").into());
    }
    template.require(call)?;
    let mut row = Map::new();
    let about = match family {
        Family::Rest => {
            let empty = || Fault::numbered(400, 0, "Empty required parameter \"value\"");
            let value = call.text("value").filter(|value| !value.trim().is_empty()).ok_or_else(empty)?;
            row.push("VALUE", value.as_str());
            row.push("PROVIDER", PROVIDER);
            About::Rest
        }
        Family::Crm => item(call, &mut row)?,
    };
    let (values, descriptors) = (given(call, "values"), given(call, "fields"));
    let number = match values["DocumentNumber"].as_str().filter(|number| !number.is_empty()) {
        Some(number) => number.to_owned(),
        None => numerator::next(call, template.numerator)?,
    };
    let stamps = call.param("stampsEnabled").and_then(Value::as_flag).unwrap_or(template.with_stamps);
    let created = call.now.seconds();
    let work = Work { about, number: number.clone(), created, values, descriptors, stamps };
    let (file, title) = work.render(call, &template, None)?;
    row.push("MODULE_ID", family.module());
    row.push("TEMPLATE_ID", template.id);
    row.push("NUMBER", number);
    row.push("TITLE", title.as_str());
    row.push("FILE_ID", file);
    row.push("STAMPS_ENABLED", stamps);
    row.push("VALUES", Value::from(kept(&work.values, stamps)));
    row.push("DESCRIPTORS", Value::from(work.descriptors.clone()));
    let row = noun::add(call, &DOCUMENT, &INNER, &row)?;
    if let About::Item(entity, id) = &work.about {
        note(call, entity.type_id, *id, &title)?;
    }
    answer(call, family, &row)
}

/// The source of data of the family without a CRM.
const PROVIDER: &str = "Bitrix\\DocumentGenerator\\DataProvider\\Rest";

/// The item that a request names, which the caller may read.
fn item(call: &mut Call<'_, '_>, row: &mut Map) -> Result<About> {
    let (type_id, id) = (call.id("entityTypeId"), call.id("entityId"));
    let entity = readable(call, type_id, id, "Cannot create document")?;
    row.push("ENTITY_TYPE_ID", type_id);
    row.push("ENTITY_ID", id);
    Ok(About::Item(entity, id))
}

/// What kind of item that is, which the caller may read; `missing` refuses one that is not there.
pub fn readable(
    call: &mut Call<'_, '_>,
    type_id: i64,
    id: i64,
    missing: &'static str,
) -> Result<Arc<Entity>> {
    let entity = call.entity(type_id).filter(|entity| entity.is_item());
    let entity = entity.ok_or_else(|| Fault::numbered(400, 0, "No provider for entityTypeId"))?;
    standing(call, &entity, id, Act::Read)?.require(denied(), Fault::numbered(400, 0, missing))?;
    Ok(entity)
}

/// Notes a new document in the timeline of its item, where the caller may write there.
pub fn note(call: &mut Call<'_, '_>, type_id: i64, id: i64, title: &str) -> Result<()> {
    let heading = call.language.text(engine::texts::Topic::Names, CREATED);
    let fields = json!({"fields": {
        "entityTypeId": type_id, "entityId": id, "title": heading, "text": title, "iconCode": "document",
    }});
    engine::error::refusal(call.ask("crm.timeline.logmessage.add", fields)).map(drop)
}

/// The title of the entry in a timeline.
pub const CREATED: &str = "Document created";

/// The document that a request names, when the caller may do this to it.
pub fn named(call: &mut Call<'_, '_>, family: Family, act: Act) -> Result<Row> {
    let id = call.param("id").cloned().unwrap_or_default();
    noun::find(call, &DOCUMENT, face(family), act, &[id])
}

/// What a document was made of.
pub fn work_of(call: &Call<'_, '_>, row: &Row) -> Work {
    let entity = call.entity(row.int("entityTypeId").unwrap_or(0));
    let about = match (entity, row.int("entityId")) {
        (Some(entity), Some(id)) => About::Item(entity, id),
        _ => About::Rest,
    };
    Work {
        about,
        values: row.json("values"),
        descriptors: row.json("descriptors"),
        number: row.text("number").to_owned(),
        created: row.int("createTime").unwrap_or(call.now.seconds()),
        stamps: row.text("stampsEnabled") == "Y",
    }
}

/// Puts what a request brings over what there was.
pub fn merge(into: &mut Json, given: Json) {
    match (into, given) {
        (Json::Object(into), Json::Object(given)) => into.extend(given),
        (into, given @ Json::Object(_)) => *into = given,
        _ => {}
    }
}

fn update(call: &mut Call<'_, '_>, family: Family) -> Result<Value> {
    let row = named(call, family, Act::Update)?;
    let file = row.int("fileId");
    let (Some(template), Some(file)) = (row.int("templateId"), file) else {
        return Err(Fault::numbered(400, 0, "DOCUMENT_FILE_NOT_PROCESSABLE_ERROR").into());
    };
    let template = Template::load(call, family, template)?;
    let mut work = work_of(call, &row);
    merge(&mut work.values, given(call, "values"));
    merge(&mut work.descriptors, given(call, "fields"));
    if let Some(number) = work.values["DocumentNumber"].as_str().filter(|number| !number.is_empty()) {
        work.number = number.to_owned();
    }
    let stamps = call.param("stampsEnabled").and_then(Value::as_flag).unwrap_or(true);
    work.stamps = stamps;
    let (_, title) = work.render(call, &template, Some(file))?;
    let mut changes = Map::new();
    changes.push("NUMBER", work.number.as_str());
    changes.push("TITLE", title);
    changes.push("STAMPS_ENABLED", stamps);
    changes.push("UPDATED_BY", call.caller.user_id);
    changes.push("VALUES", Value::from(kept(&work.values, stamps)));
    changes.push("DESCRIPTORS", Value::from(work.descriptors.clone()));
    let row = noun::update(call, &DOCUMENT, &INNER, &[row.number.into()], &changes)?;
    answer(call, family, &row)
}
