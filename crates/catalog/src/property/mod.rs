//! Properties of products: `catalog.productProperty.*` and, in the legacy spelling, `crm.product.property.*`. Each is a
//! column of the table of products.

mod choice;
mod columns;
mod feature;
mod kinds;
mod methods;
mod section;
mod several;

use wire::{Fault, Map, Value};

use super::{CRM, SCOPE, faults};
use engine::call::Call;
use engine::copy::Copying;
use engine::entity::{Kind, describe, schema};
use engine::error::Result;
use engine::noun::{
    Access, Draft, Events, Face, Faults, Field, Hooks, ID, LEGACY_FAULTS, Noun, Refusal, Row, Saved, Stamp,
    Verb, field, noun,
};
use engine::texts::Locale;

use crate::product::PRODUCT;

pub use choice::CHOICE;
pub use columns::{MADE, Property};
pub use feature::{FEATURE, names as feature_names};
pub use methods::methods;
pub use section::{SECTION, SEED as SECTION_SEED};
pub use several::{
    delete_all as delete_values, follow as follow_values, is_listed, sync, write as write_values,
};

/// Properties that products may have: each is a column, and tables have room for some thousands only.
const MAX_PROPERTIES: i64 = 500;

const FAULTS: Faults = Faults {
    missing: Refusal::Coded("", "productProperty does not exist."),
    ..faults(0, "productProperty does not exist.")
};

const LEGACY: Faults = Faults { missing: Refusal::Coded("", "The property is not found."), ..LEGACY_FAULTS };

/// Properties.
pub static PROPERTY: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("timestampX", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("iblockId", Kind::Noun("catalog.catalog"), "Catalogue")
            .default("1")
            .required()
            .immutable()
            .indexed()
            .sample("1"),
        field("name", Kind::String, "Name").required().sample("Material"),
        field("active", Kind::Char, "Active").default("Y"),
        field("sort", Kind::Integer, "Sort order").default("500").sample("100"),
        field("code", Kind::String, "Code").indexed().sample("MATERIAL"),
        field("defaultValue", Kind::Json, "Default value"),
        field(
            "propertyType",
            Kind::Choice(kinds::TYPES),
            "Type: S text, N number, L list, F file, E product, G section",
        )
        .required()
        .immutable()
        .described_as("char")
        .sample("S"),
        field("userType", Kind::String, "Type within the type: HTML, Date, DateTime, Money, ...").immutable(),
        number("rowCount", "Rows of the input").default("1"),
        number("colCount", "Columns of the input").default("30"),
        field("listType", Kind::Choice(&["L", "C"]), "Look of a list: L list, C checkboxes")
            .default("L")
            .described_as("char"),
        field("multiple", Kind::Char, "Has several values").immutable().default("N"),
        field("xmlId", Kind::String, "External ID").indexed(),
        field("fileType", Kind::String, "Extensions of files"),
        number("multipleCnt", "Inputs for several values"),
        field("linkIblockId", Kind::Noun("catalog.catalog"), "Catalogue that the value is of"),
        field("withDescription", Kind::Char, "Has descriptions of values"),
        field("searchable", Kind::Char, "Searchable").default("N"),
        field("filtrable", Kind::Char, "Shown in filters").default("N"),
        field("isRequired", Kind::Char, "Required").default("N"),
        field("hint", Kind::String, "Hint"),
        field("userTypeSettings", Kind::Json, "Type settings"),
        Field {
            read_only: false,
            multiple: true,
            ..field("values", Kind::Json, "List values").upper_only().computed()
        },
    ],
    faces: &[
        Face::controller("catalog.productProperty", "productProperty", "productProperties").faults(FAULTS),
        Face { scope: Some(CRM), asks: &["filter", "order"], ..Face::legacy("crm.product.property") }
            .faults(LEGACY),
    ],
    events: Some(Events::new("ONCRMPRODUCTPROPERTY").scoped(CRM)),
    shared: true,
    hooks: &Properties,
    ..noun(
        "catalog.productProperty",
        "catalog_property",
        SCOPE,
        ["property of products", "properties of products"],
    )
};

const fn number(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Integer, title)
}

struct Properties;

impl Hooks for Properties {
    fn admit(&self, call: &mut Call<'_, '_>, face: &Face, verb: Verb) -> Result<()> {
        let count = match verb {
            Verb::Add => call.tx.one("SELECT COUNT(*) FROM catalog_property", &[], |row| row.int(0))?,
            _ => None,
        };
        match count.is_some_and(|count| count >= MAX_PROPERTIES) {
            true => Err(refused(face, "Error adding property").into()),
            false => Ok(()),
        }
    }

    fn prepare(
        &self,
        _: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        let text = |name: &str| draft.text(name).unwrap_or_default();
        if text("code").starts_with(|first: char| first.is_ascii_digit()) {
            return Err(refused(face, "Property code cannot start with a digit").into());
        }
        if old.is_none() && draft.is_given("propertyType") && !kinds::TYPES.contains(&text("propertyType")) {
            return Err(refused(face, "Invalid property type specified").into());
        }
        if old.is_none() && !kinds::fits(text("propertyType"), text("userType")) {
            return Err(refused(face, "Invalid custom property type settings specified").into());
        }
        complete_settings(draft, old);
        Ok(())
    }

    /// A new property gets its column; the legacy spelling brings the values of a list along.
    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        if saved.old.is_none() {
            columns::add(call.tx, saved.row)?;
            section::add(call.tx, saved.row.number)?;
        }
        match saved.given.get("VALUES") {
            Some(values) if saved.row.text("propertyType") == "L" => {
                choice::merge(call, saved.row.number, values)
            }
            _ => Ok(()),
        }
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        columns::delete(call, row)?;
        choice::delete_all(call.tx, row.number)?;
        for table in ["catalog_property_feature", "catalog_property_section"] {
            call.tx.execute(&format!("DELETE FROM {table} WHERE property_id = ?"), &[row.number.into()])?;
        }
        Ok(())
    }

    /// Properties of another portal get their columns.
    fn copied(&self, copying: &mut Copying<'_, '_>, _: &Face, _: &[(i64, Map)]) -> Result<()> {
        let table = copying.shape(&PRODUCT).table;
        let made: Vec<_> =
            table.fields.iter().filter(|field| Property::of(field).is_some()).cloned().collect();
        schema::create(copying.tx, &schema::Table { name: table.table().to_owned(), fields: &made })
    }

    /// Lists have values, under their numbers.
    fn show(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        if !face.naming.is_legacy() {
            return Ok(());
        }
        for (row, map) in rows.iter().zip(shown) {
            match row.text("propertyType") {
                "L" => map.insert("VALUES", choice::show(call, row.number)),
                _ => map.insert("VALUES", Value::Null),
            }
        }
        Ok(())
    }

    /// As the real system describes the type of a value.
    fn describe(&self, face: &Face, fields: &mut Map, _: Locale) {
        if face.naming.is_legacy() {
            describe::correct(fields, "VALUES", "type", "product_property_enum_element");
        }
    }
}

/// Settings of its type that are left out have their usual values.
fn complete_settings(draft: &mut Draft<'_>, old: Option<&Row>) {
    let after = |name: &str| draft.text_after(old, name).to_owned();
    let (kind, user_type, given) = (after("propertyType"), after("userType"), after("userTypeSettings"));
    let mut settings = match serde_json::from_str(&given) {
        Ok(serde_json::Value::Object(settings)) => settings,
        _ => return,
    };
    kinds::complete(&kind, &user_type, &mut settings);
    draft.set("userTypeSettings", serde_json::Value::Object(settings).to_string());
}

fn refused(face: &Face, text: &'static str) -> Fault {
    if face.naming.is_legacy() { Fault::crm(text) } else { Fault::numbered(400, 0, text) }
}
