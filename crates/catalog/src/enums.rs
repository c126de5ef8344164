//! Fixed lists: `catalog.enum.*`.

use serde_json::json;
use wire::{Map, Value};

use super::SCOPE;
use engine::call::Call;
use engine::method::{Method, read};
use engine::texts::Topic;

/// The ways to round, by [`roundType`](crate::price_type::ROUNDING).
const ROUND_TYPES: [(i64, &str); 3] =
    [(1, "Mathematical"), (2, "In favor of the store"), (4, "In favor of the customer")];

/// The types of stock documents.
pub const DOCUMENT_TYPES: [(&str, &str); 5] = [
    ("A", "Goods receipt"),
    ("S", "Stock adjustment"),
    ("M", "Transfer between stores"),
    ("R", "Return"),
    ("D", "Write-off"),
];

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("catalog.enum.getRoundTypes", SCOPE, |call| Ok(listed(call, &ROUND_TYPES)))
            .controller()
            .about("Lists the ways to round prices.")
            .example(json!({}), json!({"enum": "*"})),
        read("catalog.enum.getStoreDocumentTypes", SCOPE, |call| Ok(listed(call, &DOCUMENT_TYPES)))
            .controller()
            .about("Lists the types of stock documents.")
            .example(json!({}), json!({"enum": "*"})),
    ]
}

fn listed<I: Copy + Into<Value>>(call: &Call<'_, '_>, rows: &[(I, &'static str)]) -> Value {
    let show = |(id, name): &(I, &'static str)| {
        let mut map = Map::with_capacity(2);
        map.push("id", *id);
        map.push("name", call.language.text(Topic::Names, name));
        Value::Map(map)
    };
    Value::under("enum", rows.iter().map(show).collect::<Vec<_>>())
}

/// The names in these lists, which are translated.
pub fn names() -> impl Iterator<Item = &'static str> {
    let names = ROUND_TYPES.iter().map(|(_, name)| *name);
    names.chain(DOCUMENT_TYPES.iter().map(|(_, name)| *name))
}
