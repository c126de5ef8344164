//! Properties as columns of the table of products.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::json;
use store::{Param, Tx};
use wire::{Map, Value};

use super::{kinds, several};
use engine::call::Call;
use engine::entity::userfield::{Choice, UserField};
use engine::entity::{Entity, Field, Kind, describe, file, schema};
use engine::error::Result;
use engine::noun::{Face, Made, Row};
use engine::texts::Locale;

/// The number of products among the tables with fields that are made at run time.
const NUMBER: i64 = -100;

const TABLE: &str = "catalog_product";

/// The fields that products get from their properties.
pub const MADE: Made = Made { number: NUMBER, load, describe };

/// What is known of the property behind a field of products.
pub struct Property<'f> {
    /// Its number.
    pub id: i64,
    /// The catalogue whose products have it.
    pub iblock: i64,
    /// Its code, which may be empty.
    pub code: &'f str,
    /// Whether its values are texts that may be HTML.
    pub is_html: bool,
    /// Its list of values.
    pub choices: &'f [Choice],
}

impl<'f> Property<'f> {
    /// That behind a field that was made at run time.
    pub fn of(field: &'f Field) -> Option<Self> {
        let user = field.user.as_deref()?;
        let iblock = user.settings.get("iblockId")?.as_i64()?;
        let code = user.settings.get("code").and_then(|code| code.as_str()).unwrap_or_default();
        Some(Property {
            id: user.id,
            iblock,
            code,
            is_html: user.user_type_id == "S:HTML",
            choices: &user.choices,
        })
    }
}

/// A property as it is kept.
struct Kept {
    id: i64,
    iblock: i64,
    name: String,
    code: String,
    property_type: String,
    user_type: String,
    multiple: bool,
    required: bool,
    default: serde_json::Value,
    sort: i64,
}

impl Kept {
    fn of(row: &Row) -> Self {
        Kept {
            id: row.number,
            iblock: row.int("iblockId").unwrap_or_default(),
            name: row.text("name").to_owned(),
            code: row.text("code").to_owned(),
            property_type: row.text("propertyType").to_owned(),
            user_type: row.text("userType").to_owned(),
            multiple: row.text("multiple") == "Y",
            required: row.text("isRequired") == "Y",
            default: serde_json::Value::Null,
            sort: 0,
        }
    }

    fn field(self, choices: Vec<Choice>) -> Field {
        let kind = kinds::of_values(&self.property_type, &self.user_type);
        let (code, column) = (format!("PROPERTY_{}", self.id), column(self.id));
        let mut field = Field::named(code, column, kind, "");
        field.item = Some(format!("property{}", self.id).into());
        field.title = Cow::Owned(self.name);
        field.multiple = self.multiple;
        field.required = self.required;
        field.members = self.multiple.then_some((several::TABLE, self.id));
        field.user = Some(Box::new(UserField {
            id: self.id,
            entity_type_id: NUMBER,
            user_type_id: format!("{}:{}", self.property_type, self.user_type),
            xml_id: None,
            sort: self.sort,
            show_filter: "N".to_owned(),
            show_in_list: true,
            edit_in_list: true,
            is_searchable: false,
            settings: json!({"iblockId": self.iblock, "code": self.code, "DEFAULT_VALUE": self.default}),
            labels: serde_json::Value::Null,
            choices,
        }));
        field
    }
}

fn column(id: i64) -> String {
    format!("property_{id}")
}

pub(super) fn load(tx: &mut Tx<'_>) -> Result<Vec<Field>> {
    let mut choices: HashMap<i64, Vec<Choice>> = HashMap::new();
    let sql = "SELECT property_id, id, value, def, sort, xml_id FROM catalog_property_enum ORDER BY sort, id";
    tx.query(sql, &[], |row| {
        choices.entry(row.int(0)?).or_default().push(Choice {
            id: row.int(1)?,
            value: row.opt_text(2)?.unwrap_or_default().to_owned(),
            is_default: row.opt_text(3)? == Some("Y"),
            sort: row.opt_int(4)?.unwrap_or_default(),
            xml_id: row.opt_text(5)?.unwrap_or_default().to_owned(),
        });
        Ok(())
    })?;
    let mut fields = Vec::new();
    let sql = "SELECT id, iblock_id, name, property_type, user_type, multiple, is_required, default_value, sort, code \
               FROM catalog_property ORDER BY sort, id";
    tx.query(sql, &[], |row| {
        let text = |column| Ok::<_, store::Error>(row.opt_text(column)?.unwrap_or_default().to_owned());
        let kept = Kept {
            id: row.int(0)?,
            iblock: row.opt_int(1)?.unwrap_or_default(),
            name: text(2)?,
            property_type: text(3)?,
            user_type: text(4)?,
            multiple: text(5)? == "Y",
            required: text(6)? == "Y",
            default: serde_json::from_str(&text(7)?).unwrap_or_default(),
            sort: row.opt_int(8)?.unwrap_or_default(),
            code: text(9)?,
        };
        let id = kept.id;
        fields.push(kept.field(choices.remove(&id).unwrap_or_default()));
        Ok(())
    })?;
    Ok(fields)
}

fn describe(field: &Field, face: &Face, language: Locale) -> Value {
    let (property_type, user_type) =
        field.user.as_ref().and_then(|user| user.user_type_id.split_once(':')).unwrap_or_default();
    let legacy = face.naming.is_legacy();
    let described = if legacy {
        describe::plain(field, "product_property", language)
    } else {
        describe::short(field, "productproperty")
    };
    let mut map = described.into_map().unwrap_or_default();
    map.insert("isDynamic", true);
    map.insert("isMultiple", field.multiple);
    map.push("propertyType", property_type);
    map.push("userType", user_type);
    let choices = field.user.as_ref().map_or(&[][..], |user| &user.choices);
    if field.kind == Kind::Enumeration {
        let (id, value) = if legacy { ("ID", "VALUE") } else { ("id", "value") };
        let show = |choice: &Choice| {
            let mut map = Map::with_capacity(2);
            map.push(id, choice.id);
            map.push(value, choice.value.as_str());
            Value::Map(map)
        };
        map.push("values", choices.iter().map(show).collect::<Vec<_>>());
    }
    Value::Map(map)
}

/// Makes the column of a property, and the index by which products are found by its value.
pub(super) fn add(tx: &mut Tx<'_>, row: &Row) -> Result<()> {
    let field = Kept::of(row).field(Vec::new());
    schema::add_column(tx, TABLE, &field)?;
    schema::index_values(tx, TABLE, &field, &index(row.number))
}

fn index(id: i64) -> String {
    format!("{TABLE}_property_value_{id}")
}

/// Drops the column of a property with its values, files among them.
pub(super) fn delete(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    if let (Some(products), Some(field)) = (call.meta.fielded(NUMBER), field_of(call, row.number)) {
        file::delete_of_field(call.tx, &products, &field)?;
    }
    call.tx.execute(&format!("DROP INDEX IF EXISTS {}", index(row.number)), &[])?;
    call.tx.execute(&format!("DELETE FROM {} WHERE field_id = ?", several::TABLE), &[row.number.into()])?;
    call.tx.execute(&format!("ALTER TABLE {TABLE} DROP COLUMN {}", column(row.number)), &[])?;
    Ok(())
}

/// Takes a choice that goes away from the products that have it as their only one.
pub(super) fn forget(tx: &mut Tx<'_>, property: i64, choice: i64) -> Result<()> {
    let (column, params) = (column(property), [Param::from(choice)]);
    let multiple =
        tx.one("SELECT multiple FROM catalog_property WHERE id = ?", &[property.into()], |row| {
            Ok(row.opt_text(0)? == Some("Y"))
        })?;
    if multiple == Some(false) {
        tx.execute(&format!("UPDATE {TABLE} SET {column} = NULL WHERE {column} = ?"), &params)?;
    }
    Ok(())
}

/// The table of products with its properties.
pub(super) fn made(call: &Call<'_, '_>) -> Option<Arc<Entity>> {
    call.meta.fielded(NUMBER)
}

/// The field of products that a property is.
fn field_of(call: &Call<'_, '_>, id: i64) -> Option<Field> {
    let mine = |field: &&Field| field.user.as_ref().is_some_and(|user| user.id == id);
    call.meta.fielded(NUMBER)?.fields.iter().find(mine).cloned()
}

/// The values of a property that is a list.
pub(super) fn choices(call: &Call<'_, '_>, id: i64) -> Vec<Choice> {
    field_of(call, id).and_then(|field| field.user).map_or_else(Vec::new, |user| user.choices)
}
