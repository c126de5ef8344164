//! Which fields of a process are shown where: `rpa.fields.*`. They are kept for whoever draws the cards of items.

use std::collections::BTreeMap;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun::{self, Access, Face, ID, Noun, Row, field, noun};
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use crate::process::{self, TYPE};
use crate::{SCOPE, kept, stage, words};

/// Where fields are shown, and how.
const PLACES: [&str; 5] = ["kanban", "create", "visible", "editable", "mandatory"];

/// Settings, one row for a process, and one for each of its stages that has its own. `fields` has the names by place.
pub static SETTING: Noun = Noun {
    access: Access::Through("typeId"),
    fields: &[
        ID,
        field("typeId", Kind::Noun("rpa.type"), "Process").required().immutable(),
        field("stageId", Kind::Integer, "Stage; 0 for all").default("0").immutable().indexed(),
        field("fields", Kind::Json, "Fields by place"),
    ],
    faces: &[FACE],
    ..noun("rpa.fieldSetting", "rpa_field_setting", SCOPE, ["setting of fields", "settings of fields"])
};

/// What settings are written with. It has no methods.
const FACE: Face =
    Face { verbs: &[], faults: words::faults("Settings not found"), ..Face::legacy("rpa.fieldSetting") };

/// Names of fields by place.
type Places = BTreeMap<String, Vec<String>>;

/// The methods.
pub fn methods() -> Vec<Method> {
    let process = || required("typeId", method::Kind::Id, "Process");
    let stage = || optional("stageId", method::Kind::Int, "Stage; 0 for all");
    let shown = json!({"fields": {"kanban": {"createdBy": true, "UF_RPA_1_NAME": true}}});
    vec![
        read("rpa.fields.getSettings", SCOPE, get)
            .controller()
            .about("Returns which fields of a process are shown where.")
            .param(process())
            .param(stage())
            .example(json!({"typeId": 1}), json!({"fields": []})),
        write("rpa.fields.setSettings", SCOPE, set)
            .controller()
            .about("Sets which fields of a process are shown where, and returns it.")
            .param(process())
            .param(stage())
            .param(required("fields", method::Kind::List, "Fields by place; none to clear all"))
            .example(
                json!({"typeId": 1, "fields": {"kanban": ["createdBy", "UF_RPA_1_NAME"]}}),
                shown.clone(),
            ),
        write("rpa.fields.setVisibilitySettings", SCOPE, set_place)
            .controller()
            .about("Sets which fields of a process are shown in one place, and returns all.")
            .param(process())
            .param(required(
                "visibility",
                method::Kind::Text,
                "Place: kanban, create, visible, editable or mandatory",
            ))
            .param(stage())
            .param(required("fields", method::Kind::List, "Fields"))
            .example(
                json!({"typeId": 1, "visibility": "kanban", "fields": ["createdBy", "UF_RPA_1_NAME"]}),
                shown,
            ),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (process, stage) = target(call, Act::Read)?;
    let row = found(call, process, stage)?;
    Ok(shown(&row.map(|row| places(&row)).unwrap_or_default()))
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    let (process, stage) = target(call, Act::Update)?;
    let given = call.param("fields").cloned().unwrap_or_default();
    let mut places = Places::new();
    for (place, fields) in given.entries() {
        places.insert(place_named(&place)?.to_owned(), names(call, process, fields)?);
    }
    keep(call, process, stage, &places)
}

fn set_place(call: &mut Call<'_, '_>) -> Result<Value> {
    let (process, stage) = target(call, Act::Update)?;
    let place = call.text("visibility").unwrap_or_default();
    let place = place_named(&place)?.to_owned();
    let given = call.param("fields").cloned().unwrap_or_default();
    let names = names(call, process, &given)?;
    let mut places = found(call, process, stage)?.map(|row| places(&row)).unwrap_or_default();
    places.insert(place, names);
    keep(call, process, stage, &places)
}

/// The process and the stage that a request names; 0 for all stages.
fn target(call: &mut Call<'_, '_>, act: Act) -> Result<(i64, i64)> {
    let named = call.id("typeId").into();
    let process = noun::find(call, &TYPE, &process::FACE, act, &[named])?.number;
    let stage = call.id("stageId");
    if stage != 0 {
        stage::of_process(call, process, stage)?;
    }
    Ok((process, stage))
}

fn place_named(name: &str) -> Result<&str> {
    if PLACES.contains(&name) { Ok(name) } else { Err(invalid("visibility", name)) }
}

fn invalid(what: &str, name: &str) -> engine::Error {
    Fault::invalid_value(format!("Invalid {what}: '{name}'")).into()
}

/// The names of fields in a list of them, or in a map with those that are on.
fn names(call: &Call<'_, '_>, process: i64, given: &Value) -> Result<Vec<String>> {
    let table = kept::table(call, process);
    let items = call.core.modules.noun_named("rpa.item");
    let is_field = |name: &str| {
        let own =
            items.fields.iter().any(|field| field.name == name && !matches!(name, "typeId" | "detailUrl"));
        own || table.as_ref().is_some_and(|table| table.field(name).is_some_and(|field| field.user.is_some()))
    };
    let mut names = Vec::new();
    for (key, value) in given.entries() {
        let name = match (value.as_flag(), value.as_str()) {
            (Some(false), _) => continue,
            (None, Some(name)) => name.to_owned(),
            _ => key.into_owned(),
        };
        if !is_field(&name) {
            return Err(invalid("field", &name));
        }
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

fn found(call: &mut Call<'_, '_>, process: i64, stage: i64) -> Result<Option<Row>> {
    let of = "t.type_id = ? AND t.stage_id = ?";
    let values: Vec<Param<'static>> = vec![process.into(), stage.into()];
    Ok(noun::which(call, &SETTING, of, values, "")?.pop())
}

fn places(row: &Row) -> Places {
    serde_json::from_value(row.json("fields")).unwrap_or_default()
}

fn keep(call: &mut Call<'_, '_>, process: i64, stage: i64, places: &Places) -> Result<Value> {
    let fields = Value::from(json!(places));
    match found(call, process, stage)? {
        Some(row) => {
            noun::amend(call, &SETTING, &FACE, row.number, &Map::from([("FIELDS", fields)])).map(drop)?;
        }
        None => {
            let row = [("TYPE_ID", process.into()), ("STAGE_ID", stage.into()), ("FIELDS", fields)];
            noun::put(call, &SETTING, &Map::from(row)).map(drop)?;
        }
    }
    Ok(shown(places))
}

/// `{"fields": {"kanban": {"id": true}}}`
fn shown(places: &Places) -> Value {
    let on = |names: &Vec<String>| {
        let on: Map = names.iter().map(|name| (name.as_str().into(), true.into())).collect();
        on.into_value()
    };
    let places: Map = places.iter().map(|(place, names)| (place.as_str().into(), on(names))).collect();
    Value::under("fields", places)
}
