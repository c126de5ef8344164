//! Lists that modules ask for in words of their own.

use wire::filter::Filter;

use super::read::{Rows, columns};
use super::{Noun, Row, RowScope, Shape};
use crate::call::Call;
use crate::entity::filter::Unknown;
use crate::entity::page::{Extent, List, Query};
use crate::entity::{Naming, Order, Ways, Within};
use crate::error::Result;

/// What a module asks a list for in words of its own.
#[derive(Debug, Default)]
pub struct Asked {
    /// A condition on the rows, called `t`, with the values of its placeholders.
    pub within: Option<Within>,
    /// Conditions likewise, each of which may be met in several ways.
    pub among: Vec<Ways>,
    /// What to sort by.
    pub order: Option<Order>,
    /// Whether it comes whole, without pages.
    pub whole: bool,
    /// The rows on a page, where these are fewer than usual.
    pub size: Option<i64>,
    /// Filter and order as a request gave them, with the spelling of the names of fields.
    pub query: Option<(Naming, Query)>,
    /// The rows to pass over and those to read, instead of a page; nobody counts them.
    pub window: Option<(i64, i64)>,
}

/// The rows among these that a module asks for; sets the call's `total` and `next`.
///
/// # Errors
/// Those of the store, and for an answer that would be too large.
pub fn asked(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    scope: &RowScope,
    asked: Asked,
) -> Result<Vec<Row>> {
    let shape = Shape::of(call, noun);
    let (naming, query) = asked.query.unwrap_or_else(|| {
        let all = Filter::All(Vec::new());
        (
            Naming::Item,
            Query { filter: all, order: Vec::new(), select: Vec::new(), unknown: Unknown::Ignored },
        )
    });
    let extent = match asked.window {
        Some((offset, limit)) => Extent::Window { offset, limit },
        None if asked.whole => Extent::Whole,
        None => Extent::Page,
    };
    let mut rows = Rows::new(call, &shape);
    let list = List::new(call, &shape.table, naming, &query, extent)?
        .known_by(noun.counted)
        .within(|params| {
            let (condition, values) = asked.within?;
            params.extend(values);
            Some(condition)
        })
        .sorted(asked.order);
    let list = scope.narrow(asked.among.into_iter().fold(list, List::among));
    let list = match asked.size {
        Some(size) => list.sized(size),
        None => list,
    };
    list.read(call, &columns(&shape), |row| rows.take(row))?;
    rows.complete()
}
