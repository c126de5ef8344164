//! The order of elements: by their columns and, where they have one value at most, by own fields.

use engine::entity::{Entity, Naming, Order};
use engine::noun::Row;
use wire::order::Direction;

use crate::field;

/// Types whose values are in no order that means anything.
const UNORDERED: [&str; 5] = ["F", "S:Money", "S:HTML", "S:ECrm", "S:DiskFile"];

/// What elements are sorted by; `None` when no own field is among them. Others are ignored.
pub fn by_own(asked: &[(wire::Text, Direction)], table: &Entity, fields: &[Row]) -> Option<Order> {
    let (mut order, mut has_own, mut has_id) = (Order::default(), false, false);
    for (name, direction) in asked {
        let own = fields.iter().find(|field| field::key(field) == **name && name.starts_with("PROPERTY_"));
        let column = table.named(name, Naming::Legacy).map(|field| format!("t.{}", field.column()));
        has_id |= name == "ID";
        let Some(expression) = own.and_then(value).or(column) else { continue };
        has_own |= own.is_some();
        let words = if *direction == Direction::Desc { "DESC NULLS LAST" } else { "ASC NULLS FIRST" };
        order = order.by(expression, words);
    }
    if !has_id {
        order = order.by("t.id", "ASC");
    }
    has_own.then_some(order)
}

/// The value of a field that has one at most.
fn value(field: &Row) -> Option<String> {
    let kind = field.text("type");
    if field.text("multiple") == "Y" || UNORDERED.contains(&kind) {
        return None;
    }
    let from =
        format!("FROM lists_value v WHERE v.element_id = t.id AND v.field_id = {} LIMIT 1", field.number);
    Some(match kind {
        "L" => format!(
            "(SELECT c.sort FROM lists_value v JOIN lists_choice c ON c.id = v.number \
             WHERE v.element_id = t.id AND v.field_id = {} LIMIT 1)",
            field.number
        ),
        "S" => format!("(SELECT fold(v.value) {from})"),
        "S:Date" => format!("(SELECT v.value {from})"),
        _ => format!("(SELECT v.number {from})"),
    })
}
