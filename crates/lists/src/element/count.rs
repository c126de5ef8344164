//! How many elements each list has: kept as the numbers of items are, under numbers that no kind of items has.

use engine::call::Call;
use engine::error::Result;
use engine::noun::Row;
use engine::state;
use store::Tx;

/// The name under which it is remembered that the elements of a database of before were counted.
const COUNTED: &str = "lists_elements";

/// Notes that an element was added (1) or deleted (-1).
pub fn change(call: &mut Call<'_, '_>, element: &Row, change: i64) {
    call.owed.counts.add(-element.int("listId").unwrap_or(0), element.number, change);
}

/// The number of elements of a list.
///
/// # Errors
/// Those of the store.
pub fn of(call: &mut Call<'_, '_>, list: i64) -> Result<i64> {
    call.owed.counts.total(call.tx, -list)
}

/// Counts the elements of a database that was made before they were kept count of; once.
///
/// # Errors
/// Those of the store.
pub fn sync(tx: &mut Tx<'_>) -> Result<()> {
    if state::get(tx, COUNTED)?.is_some() {
        return Ok(());
    }
    let lists = tx.all("SELECT list_id, COUNT(*) FROM lists_element GROUP BY list_id", &[], |row| {
        Ok((row.int(0)?, row.int(1)?))
    })?;
    let mut counts = engine::entity::count::Changes::default();
    for (list, elements) in lists {
        counts.add(-list, 0, elements);
    }
    counts.write(tx)?;
    state::set(tx, COUNTED, "Y")
}
