//! The values of properties that have several, beside the column that holds them as a list: by these rows products are
//! found.

use engine::call::Call;
use engine::entity::Field;
use engine::error::Result;
use engine::noun::Saved;
use engine::state;
use store::{Dialect, Param, Tx};

use super::columns::{Property, made};

/// The table.
pub const TABLE: &str = "catalog_property_value";

/// The name under which it is remembered that the values of a database of before were written.
const WRITTEN: &str = "catalog_property_values";

/// Has the values of a product follow a write.
pub fn follow(call: &mut Call<'_, '_>, saved: &Saved<'_>) -> Result<()> {
    let Some(table) = made(call) else { return Ok(()) };
    let fields = table.fields.iter().enumerate().filter(|(_, field)| is_listed(field));
    for (at, field) in fields {
        let is_same =
            saved.old.map_or_else(|| *saved.row.at(at) == Param::Null, |old| old.at(at) == saved.row.at(at));
        if !is_same {
            write(call.tx, field, Some(saved.row.number))?;
        }
    }
    Ok(())
}

/// Whether a field is a property that has several values.
pub fn is_listed(field: &Field) -> bool {
    field.multiple && Property::of(field).is_some()
}

/// Writes the values of a property, of one product or of all.
///
/// # Errors
/// Those of the store.
pub fn write(tx: &mut Tx<'_>, field: &Field, product: Option<i64>) -> Result<()> {
    let Some(property) = Property::of(field) else { return Ok(()) };
    let only = product.map_or_else(String::new, |product| format!(" AND row_id = {product}"));
    tx.execute(&format!("DELETE FROM {TABLE} WHERE field_id = ?{only}"), &[property.id.into()])?;
    let (column, of) = (field.column(), if product.is_some() { " AND t.id = ?" } else { "" });
    let (members, value) = match tx.dialect() {
        Dialect::Sqlite => (format!("json_each(t.{column}) AS e"), "CAST(e.value AS TEXT)"),
        Dialect::Postgres => (format!("jsonb_array_elements_text(t.{column}::jsonb) AS e(value)"), "e.value"),
    };
    let sql = format!(
        "INSERT INTO {TABLE} (field_id, value, row_id) \
         SELECT DISTINCT {}, SUBSTR({value}, 1, {}), t.id FROM catalog_product t CROSS JOIN {members} \
         WHERE t.{column} IS NOT NULL AND {value} IS NOT NULL{of}",
        property.id,
        engine::entity::filter::BEGINNING
    );
    let values: Vec<Param<'static>> = product.map(Param::from).into_iter().collect();
    tx.execute(&sql, &values)?;
    Ok(())
}

/// Deletes the values of a product.
///
/// # Errors
/// Those of the store.
pub fn delete_all(tx: &mut Tx<'_>, product: i64) -> Result<()> {
    tx.execute(&format!("DELETE FROM {TABLE} WHERE row_id = ?"), &[product.into()])?;
    Ok(())
}

/// Writes the values in a database that was made before they stood here; once.
///
/// # Errors
/// Those of the store.
pub fn sync(tx: &mut Tx<'_>) -> Result<()> {
    state::once(tx, WRITTEN, |tx| {
        for field in super::columns::load(tx)?.iter().filter(|field| is_listed(field)) {
            write(tx, field, None)?;
        }
        Ok(())
    })
}
