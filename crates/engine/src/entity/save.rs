//! Writes rows: the one place that makes an INSERT, UPDATE or DELETE of a table with fields, and keeps the number of items.

use store::Param;

use super::{Draft, Entity};
use crate::call::Call;
use crate::error::Result;

/// Adds a row and gives its number.
pub fn insert(call: &mut Call<'_, '_>, draft: &Draft<'_>) -> Result<i64> {
    let (table, (columns, values)) = (draft.table, draft.columns());
    // Every add makes the text anew, so it is put together in one go.
    let (names, placeholders) = (columns.join(", "), "?, ".repeat(columns.len()));
    let sql = match columns.len() {
        0 => format!("INSERT INTO {} DEFAULT VALUES", table.table()),
        _ => [
            "INSERT INTO ",
            table.table(),
            " (",
            &names,
            ") VALUES (",
            placeholders.trim_end_matches(", "),
            ")",
        ]
        .concat(),
    };
    let number = call.tx.insert(&sql, &values)?;
    count(call, table, number, 1);
    Ok(number)
}

/// Changes a row.
pub fn update(call: &mut Call<'_, '_>, draft: &Draft<'_>, number: i64) -> Result<()> {
    let (columns, mut values) = draft.columns();
    if columns.is_empty() {
        return Ok(());
    }
    let sets: Vec<String> = columns.iter().map(|column| format!("{column} = ?")).collect();
    let sql = format!("UPDATE {} SET {} WHERE id = ?", draft.table.table(), sets.join(", "));
    values.push(Param::from(number));
    call.tx.execute(&sql, &values)?;
    Ok(())
}

/// Deletes a row.
pub fn delete(call: &mut Call<'_, '_>, table: &Entity, number: i64) -> Result<()> {
    call.tx.execute(&format!("DELETE FROM {} WHERE id = ?", table.table()), &[number.into()])?;
    count(call, table, number, -1);
    Ok(())
}

fn count(call: &mut Call<'_, '_>, table: &Entity, number: i64, change: i64) {
    if table.is_item() {
        call.owed.counts.add(table.type_id, number, change);
    }
}
