//! Lists whose filters stand in parameters of their own.

use engine::call::Call;
use engine::entity::Naming;
use engine::entity::filter::Unknown;
use engine::entity::page::Query;
use engine::error::Result;
use engine::noun::{self, Asked, Noun, Row, RowScope};
use wire::filter::{self, Filter};
use wire::{Map, Text, Value, order};

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
    let order = order::parse_lenient(order).into_iter();
    let query = Query {
        filter: Filter::All(given.iter().map(|(key, value)| filter::test(key, value)).collect()),
        order: order.map(|(name, direction)| (Text::from(name.to_ascii_uppercase()), direction)).collect(),
        select: Vec::new(),
        unknown: if call.settings.strict_filters { Unknown::Refused } else { Unknown::Ignored },
    };
    noun::asked(
        call,
        noun,
        scope,
        Asked { query: Some((Naming::Legacy, query)), whole: true, ..Asked::default() },
    )
}
