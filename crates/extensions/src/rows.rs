//! Lists whose filters stand in parameters of their own.

use engine::call::Call;
use engine::entity::Naming;
use engine::entity::filter::{Conditions, Unknown};
use engine::error::Result;
use engine::noun::{self, Asked, Noun, Row, RowScope};
use wire::filter::Filter;
use wire::order::{self, Direction};
use wire::{Map, Value, filter};

/// The rows among these for which a filter holds, by names in capitals, in an order; by their numbers without one.
///
/// # Errors
/// Those of the filter.
pub fn list(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    scope: &RowScope,
    given: &Map,
    order: &Value,
) -> Result<Vec<Row>> {
    let table = std::sync::Arc::clone(&call.core.modules.shape(noun).table);
    let unknown = if call.settings.strict_filters { Unknown::Refused } else { Unknown::Ignored };
    let zone = call.caller.zone.clone();
    let clock = engine::moment::Clock { zone: &zone, now: call.now };
    let dialect = call.tx.dialect();
    let mut conditions = Conditions::new(&table, Naming::Legacy, unknown, clock, dialect);
    let tests = given.iter().map(|(key, value)| filter::test(key, value)).collect();
    let within = conditions.build(&Filter::All(tests))?.map(|condition| (condition, conditions.params));
    let column = |(name, direction): (wire::Text, Direction)| {
        let field = table.named(&name.to_ascii_uppercase(), Naming::Legacy)?;
        Some(format!("t.{} {}", field.column(), if direction == Direction::Desc { "DESC" } else { "ASC" }))
    };
    let columns: Vec<String> = order::parse_lenient(order).into_iter().filter_map(column).collect();
    let order = (!columns.is_empty()).then(|| (format!("{}, t.id", columns.join(", ")), Vec::new()));
    noun::asked(call, noun, scope, Asked { within, order, whole: true, ..Asked::default() })
}
