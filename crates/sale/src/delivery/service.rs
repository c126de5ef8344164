//! Deliveries: `sale.delivery.*`. One that comes from a handler has a profile below it for each of the handler's.

use std::borrow::Cow;

use engine::call::Call;
use engine::entity::{Kind, Naming};
use engine::error::Result;
use engine::method::{self, Method, optional, required, write};
use engine::noun::{self, Access, Draft, Face, Hooks, ID, Noun, Row, Seed, Verb, field, noun};
use engine::texts::Topic;
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use super::config::{self, VALUE};
use super::extra::EXTRA;
use super::handler::HANDLER;
use crate::SCOPE;
use crate::kit::{self, number_of_file, words};

/// How deliveries are shown and written.
pub const FACE: Face = Face {
    verbs: &[(Verb::List, "getlist"), (Verb::Update, "update"), (Verb::Delete, "delete")],
    values: Naming::Item,
    faults: words("ERROR_DELIVERY_NOT_FOUND", "Delivery not found"),
    ..Face::flat("sale.delivery", "ID")
}
.whole();

/// Deliveries.
pub static DELIVERY: Noun = Noun {
    example: "6",
    access: Access::Administrators,
    fields: &[
        ID,
        field("parentId", Kind::Integer, "Belongs to").read_only().indexed(),
        field("name", Kind::String, "Name").required().sample("Courier"),
        field("currency", Kind::String, "Currency").required().sample("EUR"),
        field("description", Kind::Text, "Description"),
        field("sort", Kind::Integer, "Sort order").default("500").sample("100"),
        field("active", Kind::Char, "Active").default("Y"),
        field("logotype", Kind::File, "Logo"),
        field("restCode", Kind::String, "Code of the handler").indexed().hidden(),
        field("xmlId", Kind::String, "External ID").hidden(),
    ],
    faces: &[FACE],
    hooks: &Deliveries,
    ..noun("sale.delivery", "sale_delivery", SCOPE, ["delivery", "deliveries"])
};

struct Deliveries;

impl Hooks for Deliveries {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        kit::admit(call, verb)
    }

    /// Values may also stand under `FIELDS`.
    fn read(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        given: &mut Cow<'_, Map>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_some() {
            for (name, value) in call.fields("FIELDS") {
                given.to_mut().insert(name, value);
            }
        }
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        kit::require_currency(call, face, draft, "currency")?;
        if old.is_none() {
            draft.set("xmlId", kit::external_id());
        }
        Ok(())
    }

    /// A delivery that shipments name stays.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let sql = "SELECT 1 FROM sale_shipment s JOIN sale_delivery d ON d.id = s.delivery_id \
                   WHERE d.id = ? OR d.parent_id = ? LIMIT 1";
        let id = row.number;
        if call.tx.one(sql, &[id.into(), id.into()], |row| row.int(0))?.is_some() {
            let text = "There are shipments with this delivery";
            return Err(Fault::new(400, "ERROR_DELIVERY_DELETE", text).into());
        }
        noun::clear(call, &EXTRA, &[("deliveryId", id.into())])?;
        noun::clear(call, &VALUE, &[("deliveryId", id.into())])?;
        noun::clear(call, &DELIVERY, &[("parentId", id.into())])
    }

    fn show(&self, _: &mut Call<'_, '_>, _: &Face, _: &[Row], shown: &mut [Map], whole: bool) -> Result<()> {
        for map in shown {
            number_of_file(map, "LOGOTYPE");
            if !whole {
                map.remove("LOGOTYPE");
            }
        }
        Ok(())
    }
}

/// The method that adds one.
pub fn method() -> Method {
    write("sale.delivery.add", SCOPE, add)
        .own_words()
        .about("Adds a delivery of a handler with its profiles and returns them.")
        .param(required("REST_CODE", method::Kind::Text, "Code of the handler"))
        .param(required("NAME", method::Kind::Text, "Name"))
        .param(required("CURRENCY", method::Kind::Text, "Currency"))
        .param(optional("DESCRIPTION", method::Kind::Text, "Description"))
        .param(optional("SORT", method::Kind::Int, "Sort order"))
        .param(optional("ACTIVE", method::Kind::Flag, "Active"))
        .param(optional("CONFIG", method::Kind::List, "Values of the handler's settings"))
        .param(optional("LOGOTYPE", method::Kind::Any, "Logo"))
        .example(
            json!({"REST_CODE": "parcels", "NAME": "Parcels", "CURRENCY": "EUR"}),
            json!({"parent": {"NAME": "Parcels"}, "profiles": [{"PARENT_ID": "*"}]}),
        )
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    kit::require_admin(call)?;
    kit::require(call, &["REST_CODE", "NAME", "CURRENCY"])?;
    let code = call.text("REST_CODE").unwrap_or_default();
    let sql = format!("SELECT id FROM {} WHERE code = ?", HANDLER.table);
    let handler = call.tx.one(&sql, &[code.clone().into()], |row| row.int(0))?;
    let Some(handler) = noun::again(call, &HANDLER, handler.unwrap_or(0))? else {
        return Err(Fault::new(400, "ERROR_HANDLER_NOT_FOUND", "Handler not found").into());
    };
    let mut given = Map::new();
    for name in ["NAME", "CURRENCY", "DESCRIPTION", "SORT", "ACTIVE", "LOGOTYPE"] {
        if let Some(value) = call.param(name) {
            given.push(name, value.clone());
        }
    }
    let parent = noun::add(call, &DELIVERY, &FACE, &given)?;
    let note = "UPDATE sale_delivery SET rest_code = ?, parent_id = ? WHERE id = ?";
    call.tx.execute(note, &[code.clone().into(), store::Param::Null, parent.number.into()])?;
    if let Some(values) = call.param("CONFIG").cloned() {
        config::keep(call, parent.number, &handler, &values)?;
    }
    let mut profiles = Vec::new();
    for profile in handler.json("profiles").as_array().into_iter().flatten() {
        let text = |name: &str| profile[name].as_str().unwrap_or_default().to_owned();
        given.insert("NAME", text("NAME"));
        given.insert("DESCRIPTION", text("DESCRIPTION"));
        given.remove("LOGOTYPE");
        let row = noun::add(call, &DELIVERY, &FACE, &given)?;
        call.tx.execute(note, &[code.clone().into(), parent.number.into(), row.number.into()])?;
        let mut shown = noun::show(call, &DELIVERY, &FACE, &row)?;
        shown.insert("PARENT_ID", parent.number);
        profiles.push(Value::Map(shown));
    }
    let mut answer = Map::with_capacity(2);
    answer.push("parent", noun::show(call, &DELIVERY, &FACE, &parent)?);
    answer.push("profiles", profiles);
    Ok(answer.into_value())
}

/// The handler of a delivery that a parameter names; with nothing of a delivery that has none.
///
/// # Errors
/// The refusal of a delivery that is not there.
pub fn named(call: &mut Call<'_, '_>, parameter: &str) -> Result<(Row, Json)> {
    kit::require(call, &[parameter])?;
    let id = call.param(parameter).and_then(Value::as_int).unwrap_or(0);
    let found = noun::again(call, &DELIVERY, id)?;
    let row = found.ok_or_else(|| FACE.faults.missing.fault())?;
    let settings = kit::settings(call, &HANDLER, row.get("restCode"))?;
    Ok((row, settings))
}

/// The deliveries of a new portal.
pub const SEED: Seed = Seed {
    name: "sale.delivery",
    names: || NAMES.to_vec(),
    seed: |tx, language, _| {
        for (at, name) in (1_i64..).zip(NAMES) {
            let sql =
                "INSERT INTO sale_delivery (name, currency, sort, active, xml_id) VALUES (?, ?, ?, 'Y', ?)";
            let name = language.text(Topic::Names, name);
            let params =
                [name.into(), engine::entity::CURRENCY.into(), (at * 100).into(), kit::external_id().into()];
            tx.execute(sql, &params)?;
        }
        Ok(())
    },
};

const NAMES: [&str; 3] = ["Without delivery", "Courier", "Pickup"];
