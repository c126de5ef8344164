//! Parameters of legacy lists (protocol 5.2).

use wire::filter::{self, Filter};
use wire::{Text, Value, order, select};

use super::strict;
use crate::call::Call;
use crate::entity::filter::Unknown;
use crate::entity::page::Query;
use crate::entity::{Entity, Naming, Place, multifield};
use crate::error::Result;

/// Reads `filter`, `order` and `select`. Names in the latter two count in any case, those in the filter do not.
pub fn legacy(call: &Call<'_, '_>, table: &Entity) -> Result<Query> {
    let nothing = Value::Null;
    let param = |name| call.param(name).unwrap_or(&nothing);
    let tests = param("filter").entries().filter(|(key, value)| is_condition(table, key, value));
    let select = select::parse(param("select"));
    let query = Query {
        filter: Filter::All(tests.map(|(key, value)| filter::test(&key, value)).collect()),
        order: order::parse_legacy(param("order")),
        select: select.into_iter().map(|name| Text::from(name.to_ascii_uppercase())).collect(),
        unknown: if call.settings.strict_filters { Unknown::Refused } else { Unknown::Ignored },
    };
    if call.settings.strict {
        strict::keys(table, param("filter"))?;
        strict::query(table, Naming::Legacy, &query)?;
    }
    Ok(query)
}

/// Phones, e-mail addresses and the like are tested under their bare names and for a text only; anything else is no
/// condition.
fn is_condition(table: &Entity, key: &str, value: &Value) -> bool {
    let field = table.named(filter::split(key).1, Naming::Legacy);
    match field.filter(|field| field.place == Place::Multifield) {
        Some(field) => *field.code == *key && !multifield::asked(value).is_empty(),
        None => true,
    }
}
