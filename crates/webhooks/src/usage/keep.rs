//! Writing counts, and forgetting them.

use std::collections::BTreeMap;

use store::{Param, Tx};

use super::{ALL, ANY_NAME, Counted, KEPT};
use engine::error::Result;
use engine::moment::Moment;

const HOURS: i64 = 24;
/// The spans by which integrations are ranked, in days.
pub(super) const SPANS: [i64; 3] = [1, 7, 28];
/// Rows in one statement: a round trip for each would take a server's time when thousands are busy.
const AT_ONCE: usize = 50;

/// A row and what to add to it: integration, day, kind, name, count; all of one hour of the day.
type Row<'a> = (i64, i64, i64, &'a str, i64);
/// A rank and what to add to it: span, start, kind, integration, count.
type Rank = (i64, i64, i64, i64, i64);

/// Adds counts to what is there. Rows come in one order, so that nodes do not wait for each other in a circle.
pub fn flush(tx: &mut Tx<'_>, gathered: &[Counted]) -> Result<()> {
    let (mut hours, mut ranks): (BTreeMap<i64, BTreeMap<_, i64>>, BTreeMap<_, i64>) = Default::default();
    for one in gathered {
        let (day, hour) = (one.hour.div_euclid(HOURS), one.hour.rem_euclid(HOURS));
        let all = [one.integration_id, ALL].into_iter().flat_map(|id| [(id, one.name), (id, ANY_NAME)]);
        for (integration, name) in all {
            let key = (integration, day, one.kind.code(), name);
            *hours.entry(hour).or_default().entry(key).or_default() += one.count;
        }
        for span in SPANS {
            let Some(kind) = one.kind.rank() else { continue };
            let start = day - day.rem_euclid(span);
            *ranks.entry((span, start, kind.code(), one.integration_id)).or_default() += one.count;
        }
    }
    for (hour, rows) in &hours {
        let rows: Vec<Row<'_>> =
            rows.iter().map(|(key, count)| (key.0, key.1, key.2, key.3, *count)).collect();
        rows.chunks(AT_ONCE).try_for_each(|rows| add(tx, *hour, rows))?;
    }
    let ranks: Vec<Rank> = ranks.iter().map(|(key, count)| (key.0, key.1, key.2, key.3, *count)).collect();
    ranks.chunks(AT_ONCE).try_for_each(|ranks| add_ranks(tx, ranks))
}

fn add(tx: &mut Tx<'_>, hour: i64, rows: &[Row<'_>]) -> Result<()> {
    let sql = format!(
        "INSERT INTO usage (integration_id, day, kind, name, total, h{hour}) VALUES {} \
         ON CONFLICT (integration_id, day, kind, name) DO UPDATE \
         SET total = usage.total + excluded.total, h{hour} = usage.h{hour} + excluded.h{hour}",
        store::rows("(?, ?, ?, ?, ?, ?)", rows.len())
    );
    let params: Vec<Param<'_>> = rows
        .iter()
        .flat_map(|(integration, day, kind, name, count)| {
            [
                (*integration).into(),
                (*day).into(),
                (*kind).into(),
                (*name).into(),
                (*count).into(),
                (*count).into(),
            ]
        })
        .collect();
    tx.execute(&sql, &params)?;
    Ok(())
}

fn add_ranks(tx: &mut Tx<'_>, ranks: &[Rank]) -> Result<()> {
    let sql = format!(
        "INSERT INTO usage_rank (span, start, kind, integration_id, total) VALUES {} \
         ON CONFLICT (span, start, kind, integration_id) DO UPDATE SET total = usage_rank.total + excluded.total",
        store::rows("(?, ?, ?, ?, ?)", ranks.len())
    );
    let params: Vec<Param<'_>> = ranks
        .iter()
        .flat_map(|(span, start, kind, integration, count)| {
            [(*span).into(), (*start).into(), (*kind).into(), (*integration).into(), (*count).into()]
        })
        .collect();
    tx.execute(&sql, &params)?;
    Ok(())
}

/// How far a sweep came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swept {
    /// Through the integrations up to this number.
    UpTo(i64),
    /// To the end.
    All,
}

/// Forgets counts of days long gone: looks at so many integrations after the one numbered `after`.
pub fn sweep(tx: &mut Tx<'_>, now: Moment, after: i64, integrations: usize) -> Result<Swept> {
    let first = now.seconds().div_euclid(86_400) - KEPT;
    if after < ALL {
        sweep_ranks(tx, first)?;
    }
    let mut last = after;
    for _ in 0..integrations {
        let next = "SELECT MIN(integration_id) FROM usage WHERE integration_id > ?";
        let Some(next) = tx.one(next, &[last.into()], |row| row.opt_int(0))?.flatten() else {
            return Ok(Swept::All);
        };
        tx.execute("DELETE FROM usage WHERE integration_id = ? AND day < ?", &[next.into(), first.into()])?;
        last = next;
    }
    Ok(Swept::UpTo(last))
}

/// One span at a time: in all, they are as many as the integrations.
fn sweep_ranks(tx: &mut Tx<'_>, first: i64) -> Result<()> {
    for span in SPANS {
        let oldest = "SELECT MIN(start) FROM usage_rank WHERE span = ?";
        let oldest = tx.one(oldest, &[span.into()], |row| row.opt_int(0))?.flatten();
        if let Some(oldest) = oldest.filter(|oldest| oldest + span <= first) {
            tx.execute("DELETE FROM usage_rank WHERE span = ? AND start = ?", &[span.into(), oldest.into()])?;
        }
    }
    Ok(())
}
