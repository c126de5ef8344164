//! The values of properties that are lists: `catalog.productPropertyEnum.*`, and `VALUES` in the legacy spelling.

use store::{Param, Tx};
use wire::{Fault, Map, Value};

use super::columns;
use crate::{SCOPE, faults};
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::input::{flag, int, text, yes_no};
use engine::keys;
use engine::noun::{self, Access, Draft, Face, Faults, Hooks, ID, Noun, Refusal, Row, field, noun};

const FAULTS: Faults = Faults {
    taken: Refusal::Numbered(0, "A value with this xmlId already exists."),
    ..faults(0, "productPropertyEnum does not exist.")
};

const FACE: Face =
    Face::controller("catalog.productPropertyEnum", "productPropertyEnum", "productPropertyEnums")
        .faults(FAULTS);

/// The values of properties that are lists.
pub static CHOICE: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("propertyId", Kind::Noun("catalog.productProperty"), "Property")
            .required()
            .immutable()
            .indexed()
            .sample("1"),
        field("value", Kind::String, "Value").required().sample("Birch"),
        field("xmlId", Kind::String, "External ID").required().indexed().sample("birch"),
        field("def", Kind::Char, "Chosen by default").default("N"),
        field("sort", Kind::Integer, "Sort order").default("500").sample("100"),
    ],
    faces: &[FACE],
    shared: true,
    hooks: &Choices,
    ..noun(
        "catalog.productPropertyEnum",
        "catalog_property_enum",
        SCOPE,
        ["value of a list property", "values of list properties"],
    )
};

struct Choices;

impl Hooks for Choices {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        let Param::Int(property) = *draft.after(old, "propertyId") else { return Ok(()) };
        let sql = "SELECT property_type FROM catalog_property WHERE id = ?";
        let kind = call.tx.one(sql, &[property.into()], |row| Ok(row.opt_text(0)? == Some("L")))?;
        if kind == Some(false) {
            return Err(Fault::numbered(400, 0, "Only list properties are supported").into());
        }
        let Some(code) = draft.text("xmlId") else { return Ok(()) };
        let sql = "SELECT id FROM catalog_property_enum WHERE property_id = ? AND xml_id = ? AND id <> ?";
        let own = old.map_or(0, |old| old.number);
        match call.tx.one(sql, &[property.into(), code.to_owned().into(), own.into()], |row| row.int(0))? {
            Some(_) => Err(FAULTS.taken.fault().into()),
            None => Ok(()),
        }
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        columns::forget(call.tx, row.int("propertyId").unwrap_or_default(), row.number)
    }
}

/// Makes `VALUES` of a request the values of a list: under a number that is there the value is changed, and deleted when it
/// is empty; others are added. What is not named stays.
pub(super) fn merge(call: &mut Call<'_, '_>, property: i64, values: &Value) -> Result<()> {
    let named: Vec<(String, Value)> =
        values.entries().map(|(key, value)| (key.into_owned(), value.clone())).collect();
    for (key, value) in named {
        let (given, id) = (fields(property, &value), key.parse::<i64>().ok());
        let held = "SELECT id FROM catalog_property_enum WHERE property_id = ? AND id = ?";
        let old = call.tx.one(held, &[property.into(), id.into()], |row| row.int(0))?;
        match (old, given.get("value").is_some()) {
            (Some(id), true) => drop(noun::update(call, &CHOICE, &FACE, &[id.into()], &given)?),
            (Some(id), false) => drop(noun::delete(call, &CHOICE, &FACE, &[id.into()])?),
            (None, true) => drop(noun::add(call, &CHOICE, &FACE, &with_code(given))?),
            (None, false) => {}
        }
    }
    Ok(())
}

/// A value of `VALUES` in the words of the other spelling; a bare text is the value itself.
fn fields(property: i64, value: &Value) -> Map {
    let mut fields = Map::with_capacity(5);
    fields.push("propertyId", property);
    let given = value.clone().into_map().unwrap_or_default();
    let bare = || value.text().map(|text| text.into_owned()).filter(|text| !text.is_empty());
    if let Some(value) = text(&given, "VALUE").or_else(bare) {
        fields.push("value", value);
    }
    if let Some(code) = text(&given, "XML_ID") {
        fields.push("xmlId", code);
    }
    if let Some(sort) = int(&given, "SORT") {
        fields.push("sort", sort);
    }
    if let Some(default) = flag(&given, "DEF") {
        fields.push("def", yes_no(default));
    }
    fields
}

/// The legacy spelling may leave the external ID out.
fn with_code(mut fields: Map) -> Map {
    if fields.get("xmlId").is_none() {
        fields.push("xmlId", keys::random_code(32));
    }
    fields
}

/// The values of a list under their numbers.
pub(super) fn show(call: &Call<'_, '_>, property: i64) -> Value {
    let mut map = Map::new();
    for choice in columns::choices(call, property) {
        let mut shown = Map::with_capacity(5);
        shown.push("ID", choice.id.to_string());
        shown.push("VALUE", choice.value.as_str());
        shown.push("XML_ID", choice.xml_id.as_str());
        shown.push("SORT", choice.sort.to_string());
        shown.push("DEF", yes_no(choice.is_default));
        map.push(choice.id.to_string(), Value::Map(shown));
    }
    map.into()
}

/// Deletes the values of a property that goes itself.
pub(super) fn delete_all(tx: &mut Tx<'_>, property: i64) -> Result<()> {
    tx.execute("DELETE FROM catalog_property_enum WHERE property_id = ?", &[property.into()])?;
    Ok(())
}
