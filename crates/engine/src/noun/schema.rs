//! The tables of nouns.

use store::Tx;

use super::Shape;
use crate::entity::count;
use crate::entity::schema::{Table, sync_tables};
use crate::error::Result;
use crate::state;

/// Makes missing tables, columns and indexes of nouns.
pub fn sync(tx: &mut Tx<'_>, shapes: &[Shape]) -> Result<()> {
    let tables: Vec<Table<'_>> = shapes
        .iter()
        .filter(|shape| shape.noun.tables.is_none())
        .map(|shape| Table { name: shape.noun.table.to_owned(), fields: &shape.table.fields })
        .collect();
    sync_tables(tx, "nouns", &tables)?;
    for Shape { noun, .. } in shapes {
        if let Some(counted) = noun.counted {
            let by = counted.by.map(|by| noun.column(by));
            count::sync_rows(tx, noun.name, noun.table, by.as_deref(), counted)?;
        }
    }
    Ok(())
}

/// Makes the indexes over several columns that a module declares. Cheap when nothing changed, as above.
pub fn sync_indexes(tx: &mut Tx<'_>, module: &str, indexes: &[&str]) -> Result<()> {
    if indexes.is_empty() {
        return Ok(());
    }
    let (name, made) = (format!("indexes of {module}"), indexes.join("; "));
    if state::get(tx, &name)?.as_deref() == Some(made.as_str()) {
        return Ok(());
    }
    for index in indexes {
        tx.execute(&tx.dialect().expand(&format!("CREATE {index}")), &[])?;
    }
    state::set(tx, &name, &made)
}
