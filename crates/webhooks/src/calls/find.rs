//! Finding calls in the log, a page at a time, from the newest down.

use store::{Dialect, Param, Tx};

use super::Entry;
use super::keep::{COLUMNS, entry};
use engine::error::Result;
use engine::moment::Moment;

/// Which calls are meant; everything that is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// By webhooks that belong to this user.
    pub owner: Option<i64>,
    /// By the webhook of this integration.
    pub integration_id: Option<i64>,
    /// Of methods whose name has this in it.
    pub method: Option<String>,
    /// Only those that failed, or only those that did not. A batch with a command that failed is among both.
    pub failed: Option<bool>,
    /// Refused with this code.
    pub error: Option<String>,
    /// With this anywhere in the parameters.
    pub words: Option<String>,
    /// At this moment or later.
    pub since: Option<Moment>,
    /// Older than the call of this number: where the page before ended.
    pub before: Option<i64>,
    /// Younger than the call of this number.
    pub after: Option<i64>,
}

/// A call that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its number.
    pub id: i64,
    /// The name of its integration, unless that was deleted.
    pub title: Option<String>,
    /// The call.
    pub entry: Entry,
}

/// The result of a search.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Newest first.
    pub calls: Vec<Found>,
    /// From where to go on: [`Filter::before`] of the next page. `None` when there is nothing older.
    pub before: Option<i64>,
}

/// At most `limit` calls, newest first.
pub fn search(tx: &mut Tx<'_>, filter: &Filter, limit: usize) -> Result<Page> {
    let (condition, mut params) = condition(filter);
    params.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    let sql = format!("{SELECT} WHERE {condition} ORDER BY c.id DESC LIMIT ?", SELECT = select());
    let calls = tx.all(&sql, &params, found)?;
    let before = calls.last().filter(|_| calls.len() >= limit).map(|call| call.id);
    Ok(Page { calls, before })
}

/// The call of that number, if this owner may see it; `None` for whoever sees all.
pub fn one(tx: &mut Tx<'_>, id: i64, owner: Option<i64>) -> Result<Option<Found>> {
    let filter = Filter { owner, ..Filter::default() };
    let (condition, mut params) = condition(&filter);
    params.push(id.into());
    Ok(tx.one(&format!("{} WHERE {condition} AND c.id = ?", select()), &params, found)?)
}

fn select() -> String {
    let columns = COLUMNS.replace(", ", ", c.");
    format!(
        "SELECT c.id, i.title, c.{columns} FROM call_log c LEFT JOIN integration i ON i.id = c.integration_id"
    )
}

fn found(row: &store::Row<'_>) -> std::result::Result<Found, store::Error> {
    Ok(Found { id: row.int(0)?, title: row.opt_text(1)?.map(str::to_owned), entry: entry(row, 2)? })
}

fn condition(filter: &Filter) -> (String, Vec<Param<'_>>) {
    let mut parts = vec!["1 = 1".to_owned()];
    let mut params = Vec::new();
    let numbers = [
        ("i.user_id = ?", filter.owner),
        ("c.integration_id = ?", filter.integration_id),
        ("c.at >= ?", filter.since.map(|at| at.0)),
        ("c.id < ?", filter.before),
        ("c.id > ?", filter.after),
    ];
    for (sql, number) in numbers {
        if let Some(number) = number {
            parts.push(sql.to_owned());
            params.push(number.into());
        }
    }
    if let Some(error) = &filter.error {
        parts.push("c.error = ?".to_owned());
        params.push(error.into());
    }
    match filter.failed {
        Some(true) => parts.push("(c.error IS NOT NULL OR c.failed <> '')".to_owned()),
        Some(false) => parts.push("c.error IS NULL".to_owned()),
        None => {}
    }
    for (column, words) in [("c.method", &filter.method), ("c.params", &filter.words)] {
        if let Some(words) = words {
            parts.push(Dialect::like(column));
            params.push(format!("%{}%", Dialect::escape(words)).into());
        }
    }
    (parts.join(" AND "), params)
}
