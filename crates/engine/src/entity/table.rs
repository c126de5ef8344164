//! Lists of what is no item: dictionary entries, pipelines, user fields, product rows. Their tables are
//! described with fields like an entity's, so that filters and orders mean the same everywhere.

use store::Param;
use wire::params::Start;

use super::filter::{Conditions, VALUES, too_large};
use super::read::{self, PAGE, Query};
use super::{Derived, Entity, Field, Naming};
use crate::call::Call;
use crate::error::Result;

/// A table of rows with an `id`, of which nobody is responsible.
pub fn described(table: &'static str, title: &'static str, fields: Vec<Field>) -> Entity {
    Entity {
        type_id: 0,
        name: table,
        table: table.into(),
        code: "",
        prefix: "",
        title,
        plural: "",
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

/// How much of a list one answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// A page from the row where the call starts (protocol 5.1).
    Page,
    /// Everything, as the lists that Bitrix24 keeps in memory.
    Whole,
}

/// The ids of the rows that a query finds, in its order; sets the call's `total` and `next`.
pub fn ids(
    call: &mut Call<'_, '_>,
    table: &Entity,
    naming: Naming,
    query: &Query,
    within: Option<Within>,
    extent: Extent,
) -> Result<Vec<i64>> {
    let order = read::order_by(table, naming, query)?;
    let mut conditions = Conditions::new(table, naming, query.unknown, call.clock(), call.tx.dialect());
    let asked = conditions.build(&query.filter)?;
    let mut params = conditions.params;
    let allowed = within.map(|(condition, values)| {
        params.extend(values);
        condition
    });
    if params.len() > VALUES {
        return Err(too_large().into());
    }
    let tests: Vec<String> = asked.into_iter().chain(allowed).collect();
    let condition = if tests.is_empty() { String::new() } else { format!(" WHERE {}", tests.join(" AND ")) };
    let from = format!("FROM {} t{condition}", table.table());

    let offset = match call.start {
        Start::At(row) if extent == Extent::Page => read::offset(row, naming),
        _ => 0,
    };
    let page = if extent == Extent::Page { format!(" LIMIT {PAGE} OFFSET ?") } else { String::new() };
    let counted = params.len();
    params.extend((extent == Extent::Page).then(|| Param::from(offset)));
    let mut found = Vec::new();
    call.tx.query(&format!("SELECT t.id {from} ORDER BY {order}{page}"), &params, |row| {
        found.push(row.int(0)?);
        Ok(())
    })?;
    params.truncate(counted);
    let shown = found.len() as i64;
    if call.start == Start::Uncounted {
        call.total = naming.is_legacy().then_some(0);
    } else if extent == Extent::Whole {
        call.total = Some(shown);
    } else {
        let total = call.tx.one(&format!("SELECT COUNT(*) {from}"), &params, |row| row.int(0))?.unwrap_or(0);
        call.total = Some(total);
        call.next = (shown > 0 && offset + shown < total).then_some(offset + shown);
    }
    Ok(found)
}
