//! Writing the log of calls, and keeping it within its bounds.

use std::net::{IpAddr, Ipv4Addr};

use store::{Dialect, Param, Row, Tx};

use super::{Entry, Webhook};
use engine::error::Result;
use engine::moment::Moment;
use engine::settings::CallLog;

/// The columns of an entry, without its number.
pub(super) const COLUMNS: &str = "at, took, hook_id, integration_id, user_id, address, version, method, params, status, \
                                  error, message, failed, size, deliveries, rule";
/// How many they are.
const WIDTH: usize = 16;
/// Microseconds.
const DAY: i64 = 24 * 3600 * 1_000_000;

/// Writes calls, and removes as many of the oldest as are too many by now.
pub fn flush(tx: &mut Tx<'_>, entries: &[Entry], most: i64) -> Result<()> {
    let dialect = tx.dialect();
    let sql = format!("INSERT INTO call_log ({COLUMNS}) {}", values(dialect));
    for portion in dialect.portions(entries) {
        let params = dialect.params(portion.iter().map(row));
        tx.execute(&sql, &params)?;
    }
    let surplus = "DELETE FROM call_log WHERE id <= (SELECT MAX(id) FROM call_log) - CAST(? AS BIGINT)";
    tx.execute(surplus, &[most.into()])?;
    Ok(())
}

/// Removes all calls.
pub fn clear(tx: &mut Tx<'_>) -> Result<()> {
    tx.execute("DELETE FROM call_log", &[])?;
    Ok(())
}

fn values(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        Dialect::Postgres => {
            "SELECT * FROM unnest(CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), \
             CAST(? AS BIGINT[]), CAST(? AS TEXT[]), CAST(? AS BIGINT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), \
             CAST(? AS BIGINT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS BIGINT[]), \
             CAST(? AS TEXT[]), CAST(? AS BIGINT[]))"
        }
    }
}

fn row(entry: &Entry) -> [Param<'_>; WIDTH] {
    let of = |part: fn(&Webhook) -> i64| Param::from(entry.webhook.as_ref().map_or(0, part));
    let (error, message) = match &entry.refusal {
        Some((code, message)) => (Param::from(code), Param::from(message)),
        None => (Param::Null, Param::from("")),
    };
    let deliveries: Vec<String> = entry.deliveries.iter().map(ToString::to_string).collect();
    [
        entry.at.0.into(),
        entry.took.into(),
        of(|webhook| webhook.hook_id),
        of(|webhook| webhook.integration_id),
        of(|webhook| webhook.user_id),
        entry.address.to_string().into(),
        entry.version.into(),
        (&entry.method).into(),
        (&entry.params).into(),
        i64::from(entry.status).into(),
        error,
        message,
        (&entry.failed).into(),
        entry.size.into(),
        deliveries.join(",").into(),
        entry.rule.unwrap_or(0).into(),
    ]
}

/// An entry, its columns beginning at `first`.
pub(super) fn entry(row: &Row<'_>, first: usize) -> std::result::Result<Entry, store::Error> {
    let hook_id = row.int(first + 2)?;
    let webhook = Webhook { hook_id, integration_id: row.int(first + 3)?, user_id: row.int(first + 4)? };
    let code = row.opt_text(first + 10)?.map(str::to_owned);
    let message = row.text(first + 11)?.to_owned();
    Ok(Entry {
        at: Moment(row.int(first)?),
        took: row.int(first + 1)?,
        webhook: (hook_id != 0).then_some(webhook),
        address: row.text(first + 5)?.parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        version: row.int(first + 6)?,
        method: row.text(first + 7)?.to_owned(),
        params: row.text(first + 8)?.to_owned(),
        status: u16::try_from(row.int(first + 9)?).unwrap_or_default(),
        refusal: code.map(|code| (code, message)),
        failed: row.text(first + 12)?.to_owned(),
        size: row.int(first + 13)?,
        deliveries: row.text(first + 14)?.split(',').filter_map(|id| id.parse().ok()).collect(),
        rule: Some(row.int(first + 15)?).filter(|rule| *rule != 0),
    })
}

/// Removes up to `limit` of the oldest calls that are too old. Gives whether there may be more.
pub fn sweep(tx: &mut Tx<'_>, kept: CallLog, now: Moment, limit: i64) -> Result<bool> {
    let before = now.0.saturating_sub(kept.days.saturating_mul(DAY));
    // Numbers grow with time, but not strictly: what came late waits for the next round.
    let last = "SELECT MAX(id) FROM (SELECT id, at FROM call_log ORDER BY id LIMIT ?) old WHERE at < ?";
    let last = tx.one(last, &[limit.into(), before.into()], |row| row.opt_int(0))?.flatten();
    let Some(last) = last else { return Ok(false) };
    let removed = tx.execute("DELETE FROM call_log WHERE id <= ?", &[last.into()])?;
    Ok(i64::try_from(removed).unwrap_or(i64::MAX) >= limit)
}
