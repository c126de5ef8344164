//! Reading the members of a request's `fields`, and answering what its `select` names.

use wire::{Map, Text, Value};

use crate::entity::{Entity, Naming};

/// The text of a scalar member without blanks around it; `None` when it is missing or empty.
pub fn text(fields: &Map, name: &str) -> Option<String> {
    let text = fields.get(name)?.text()?.trim().to_owned();
    Some(text).filter(|text| !text.is_empty())
}

/// A member that is a whole number.
pub fn int(fields: &Map, name: &str) -> Option<i64> {
    fields.get(name).and_then(Value::as_int)
}

/// A member that is `Y` or `N` in any spelling (protocol 6.2).
pub fn flag(fields: &Map, name: &str) -> Option<bool> {
    fields.get(name).and_then(Value::as_flag)
}

/// The members of a `crm.item` request under their camelCase names, since they may have come under the names that
/// `fields` calls `upperName`.
pub fn named(fields: Map, table: &Entity) -> Map {
    let mut named = Map::with_capacity(fields.len());
    for (name, value) in fields {
        let known = table.named(&name, Naming::Item).and_then(|field| Naming::Item.name(field));
        named.insert(known.unwrap_or(&name), value);
    }
    named
}

/// A flag as the database and the wire write it.
pub fn yes_no(flag: bool) -> &'static str {
    if flag { "Y" } else { "N" }
}

/// The members that a `select` names, and the id; all when it names none.
pub fn pick(row: Map, select: &[Text]) -> Value {
    let all = select.is_empty() || select.iter().any(|name| name == "*");
    row.into_iter()
        .filter(|(name, _)| all || name == "ID" || select.contains(name))
        .collect::<Map>()
        .into_value()
}
