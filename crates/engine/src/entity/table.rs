//! Lists of what is no item: dictionary entries, pipelines, user fields, product rows. Their tables are
//! described with fields like an entity's, so that filters and orders mean the same everywhere.

use store::Param;
use wire::Map;

use super::derived::columns;
pub use super::page::Extent;
use super::page::{List, Query};
use super::{Derived, Entity, Field, Naming, Told, codec};
use crate::call::Call;
use crate::error::Result;

/// A table of rows with an `id`, of which nobody is responsible.
pub fn described(table: &'static str, title: &'static str, fields: Vec<Field>) -> Entity {
    Entity {
        type_id: 0,
        name: table.into(),
        table: table.into(),
        code: "".into(),
        prefix: "".into(),
        title: title.into(),
        plural: "".into(),
        beside: None,
        told: Told::ByCode(""),
        stage: None,
        has_categories: false,
        has_products: false,
        fields,
        user_fields: None,
        derived: Derived::default(),
    }
}

/// A condition on the table `t` that a request cannot lift, and the values of its placeholders.
pub type Within = (String, Vec<Param<'static>>);

/// The ids of the rows that a query finds, in its order; sets the call's `total` and `next`.
pub fn ids(
    call: &mut Call<'_, '_>,
    table: &Entity,
    naming: Naming,
    query: &Query,
    within: Option<Within>,
    extent: Extent,
) -> Result<Vec<i64>> {
    let mut found = Vec::new();
    List::new(call, table, naming, query, extent)?.within(|params| bind(within, params)).read(
        call,
        "",
        |row| {
            found.push(row.int(0)?);
            Ok(())
        },
    )?;
    Ok(found)
}

/// The columns of these fields in a page of the rows that a query finds; sets the call's `total` and `next`.
pub fn rows(
    call: &mut Call<'_, '_>,
    table: &Entity,
    naming: Naming,
    query: &Query,
    within: Option<Within>,
    fields: &[&Field],
) -> Result<Vec<Map>> {
    let (caller, mut rows) = (call.caller, Vec::new());
    List::new(call, table, naming, query, Extent::Page)?.within(|params| bind(within, params)).read(
        call,
        &columns(fields),
        |row| {
            let shown = (1..).zip(fields).filter_map(|(at, field)| Some((at, field, naming.name(field)?)));
            let value = |(at, field, name): (usize, &&Field, &str)| {
                Ok((name.into(), codec::show(field, row.cell(at)?, naming, &caller.zone)))
            };
            rows.push(shown.map(value).collect::<std::result::Result<Map, store::Error>>()?);
            Ok(())
        },
    )?;
    Ok(rows)
}

fn bind(within: Option<Within>, params: &mut Vec<Param<'static>>) -> Option<String> {
    let (condition, values) = within?;
    params.extend(values);
    Some(condition)
}
