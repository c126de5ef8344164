//! The tables of nouns.

use store::Tx;

use super::Shape;
use crate::entity::schema::{Table, sync_tables};
use crate::error::Result;

/// Makes missing tables, columns and indexes of nouns.
pub fn sync(tx: &mut Tx<'_>, shapes: &[Shape]) -> Result<()> {
    let tables: Vec<Table<'_>> = shapes
        .iter()
        .map(|shape| Table { name: shape.noun.table.to_owned(), fields: &shape.table.fields })
        .collect();
    sync_tables(tx, "nouns", &tables)
}
