//! Pages by `OFFSET` and `LIMIT`.

use engine::call::Call;
use engine::method::{Kind, Param, optional};
use wire::Value;

/// Where a page starts.
pub const OFFSET: Param = optional("OFFSET", Kind::Int, "Entries to skip");
/// How long it is.
pub const LIMIT: Param = optional("LIMIT", Kind::Int, "Entries, at most 50");

const USUAL: i64 = 10;
const MOST: i64 = 50;

/// Where the page that a call wants starts, and how long it is.
pub fn wanted(call: &Call<'_, '_>) -> (i64, i64) {
    let number = |name: &str| call.param(name).and_then(Value::as_int).filter(|number| *number > 0);
    (number("OFFSET").unwrap_or(0), number("LIMIT").unwrap_or(USUAL).min(MOST))
}

/// Says how many there are in all and where the next page starts.
pub fn tell(call: &mut Call<'_, '_>, total: i64) {
    let (offset, limit) = wanted(call);
    call.total = Some(total);
    call.next = (offset + limit < total).then_some(offset + limit);
}

/// The page of these that a call wants.
pub fn of<T: Clone>(call: &mut Call<'_, '_>, all: &[T]) -> Vec<T> {
    let (offset, limit) = wanted(call);
    tell(call, i64::try_from(all.len()).unwrap_or(i64::MAX));
    let (offset, limit) =
        (usize::try_from(offset).unwrap_or(usize::MAX), usize::try_from(limit).unwrap_or(0));
    all.iter().skip(offset).take(limit).cloned().collect()
}
