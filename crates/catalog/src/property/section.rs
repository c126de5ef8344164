//! How properties stand in the filters of sections: `catalog.productPropertySection.*`. Every property has one such row, for
//! its whole catalogue.

use serde_json::json;
use store::Tx;
use wire::Value;

use crate::{SCOPE, faults};
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, required, write};
use engine::moment::Moment;
use engine::noun::{self, Access, Face, Id, Noun, Row, Seed, Verb, field, noun};
use engine::texts::Locale;

const FACE: Face = Face {
    id: Id::Param("propertyId"),
    ..Face::controller("catalog.productPropertySection", "productPropertySection", "productPropertySections")
}
.verbs(&[(Verb::Get, "get"), (Verb::List, "list")])
.faults(faults(0, "productPropertySection does not exist."));

/// Properties in filters.
pub static SECTION: Noun = Noun {
    access: Access::Shared,
    key: &["propertyId"],
    fields: &[
        field("propertyId", Kind::Noun("catalog.productProperty"), "Property").read_only().indexed(),
        field("smartFilter", Kind::Char, "Shown in the filter").default("N").sample("Y"),
        field("displayType", Kind::Choice(&["F", "K", "P"]), "Look: F checkboxes, K radio buttons, P list")
            .default("F")
            .described_as("char")
            .sample("F"),
        field("displayExpanded", Kind::Char, "Shown unfolded").default("N").sample("N"),
        field("filterHint", Kind::String, "Hint").sample("Filter hint"),
    ],
    faces: &[FACE],
    ..noun(
        "catalog.productPropertySection",
        "catalog_property_section",
        SCOPE,
        ["property in filters", "properties in filters"],
    )
};

/// Puts a new property into filters, where it is not shown yet.
pub(super) fn add(tx: &mut Tx<'_>, property: i64) -> Result<()> {
    let sql = "INSERT INTO catalog_property_section (property_id, smart_filter, display_type, display_expanded) \
               VALUES (?, 'N', 'F', 'N')";
    tx.execute(sql, &[property.into()])?;
    Ok(())
}

/// Those of properties that were there before.
pub const SEED: Seed = Seed { name: "catalog.productPropertySection", names: Vec::new, seed };

fn seed(tx: &mut Tx<'_>, _: Locale, _: Moment) -> Result<()> {
    let sql = "INSERT INTO catalog_property_section (property_id, smart_filter, display_type, display_expanded) \
               SELECT id, 'N', 'F', 'N' FROM catalog_property";
    tx.execute(sql, &[])?;
    Ok(())
}

/// The method beyond those of its face.
pub fn method() -> Method {
    write("catalog.productPropertySection.set", SCOPE, set)
        .controller()
        .about("Says how a property stands in filters.")
        .param(required("propertyId", method::Kind::Id, "Property"))
        .param(required("fields", method::Kind::Fields, "Values by field").with_members(vec![
            optional("smartFilter", method::Kind::Flag, "Shown in the filter"),
            optional("displayType", method::Kind::Text, "Look: F checkboxes, K radio buttons, P list"),
            optional("displayExpanded", method::Kind::Flag, "Shown unfolded"),
            optional("filterHint", method::Kind::Text, "Hint"),
        ]))
        .example(
            json!({"propertyId": 1, "fields": {"smartFilter": "Y", "displayType": "F"}}),
            json!({"productPropertySection": {"propertyId": "1", "smartFilter": "Y"}}),
        )
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, given) = (call.id("propertyId"), call.fields("fields"));
    let row = noun::update(call, &SECTION, &FACE, &[id.into()], &given)?;
    let mut shown = noun::show(call, &SECTION, &FACE, &row)?;
    // What was set comes with its place, in numbers that are text.
    shown.insert("iblockId", catalog(call, &row)?.to_string());
    shown.insert("propertyId", id.to_string());
    shown.insert("sectionId", "0");
    Ok(Value::under("productPropertySection", Value::Map(shown)))
}

fn catalog(call: &mut Call<'_, '_>, row: &Row) -> Result<i64> {
    let sql = "SELECT iblock_id FROM catalog_property WHERE id = ?";
    Ok(call.tx.one(sql, &[row.get("propertyId").clone()], |row| row.int(0))?.unwrap_or_default())
}
