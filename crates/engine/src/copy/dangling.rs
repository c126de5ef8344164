//! Links of a copy that lead to nothing: what they name was not taken, or is not there on the other portal either.

use store::Tx;

use crate::entity::{Entity, Field, Kind, Place};
use crate::error::Result;
use crate::meta::Meta;
use crate::modules::Modules;

/// Links of one kind that lead to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dangling {
    /// What has them.
    pub table: String,
    /// The field.
    pub field: String,
    /// How many.
    pub count: i64,
}

/// All of them.
///
/// # Errors
/// Those of the store.
pub fn dangling(tx: &mut Tx<'_>, modules: &Modules, meta: &Meta) -> Result<Vec<Dangling>> {
    let mut found = Vec::new();
    let nouns = modules.nouns().iter().filter(|shape| shape.noun.tables.is_none());
    let nouns = nouns.map(|shape| &shape.table).filter(|table| !table.table().is_empty());
    for table in nouns.chain(meta.items()) {
        let links = table.fields.iter().filter(|field| field.place == Place::Column && !field.multiple);
        for field in links {
            let Some(target) = target(modules, meta, field) else { continue };
            let count = count(tx, table, field, &target)?;
            if count > 0 {
                let (table, field) = (table.title.clone().into_owned(), field.title.clone().into_owned());
                found.push(Dangling { table, field, count });
            }
        }
    }
    Ok(found)
}

/// The table that a field leads to.
fn target(modules: &Modules, meta: &Meta, field: &Field) -> Option<String> {
    match field.kind {
        Kind::Noun(name) => modules.noun(name).map(|shape| shape.noun.table.to_owned()),
        Kind::Link(number) | Kind::Parent(number) => Some(meta.entity(number)?.table().to_owned()),
        Kind::User | Kind::Employee => Some("portal_user".to_owned()),
        _ => None,
    }
    .filter(|table| !table.is_empty())
}

fn count(tx: &mut Tx<'_>, table: &Entity, field: &Field, target: &str) -> Result<i64> {
    let column = field.column();
    let sql = format!(
        "SELECT COUNT(*) FROM {} t WHERE t.{column} > 0 AND NOT EXISTS (SELECT 1 FROM {target} o WHERE o.id = t.{column})",
        table.table()
    );
    Ok(tx.one(&sql, &[], |row| row.int(0))?.unwrap_or(0))
}
