//! The fields whose changes an event tells of.

use crate::entity::{Field, compare};
use crate::meta::Meta;
use crate::modules::Modules;
use crate::noun;

/// The fields whose changes an event tells, by name with their titles; none unless it is the update of an item or a noun.
pub fn fields_of(modules: &Modules, meta: &Meta, event: &str) -> Vec<(String, String)> {
    let Some(entity) = meta.items().find(|entity| entity.event("UPDATE") == event) else {
        return noun::fields_of(modules, meta, event);
    };
    let named = |field: &Field| (field.code.to_string(), field.title.to_string());
    let rows = (compare::PRODUCT_ROWS.to_owned(), "Products".to_owned());
    compare::compared(entity).map(named).chain(entity.has_products.then_some(rows)).collect()
}
