//! What people do to deliveries: who sent one again, cancelled it, or sent it to another address, and when.

use store::Tx;

use engine::directory;
use engine::error::Result;
use engine::moment::Moment;

/// Of one delivery so many are shown, the latest.
const SHOWN: i64 = 100;

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It was sent again.
    Replayed,
    /// It was cancelled.
    Cancelled,
    /// It was sent once to another address.
    Forwarded(Forwarded),
}

/// What came of a delivery at another address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forwarded {
    /// The host, with its port where that is not the usual one.
    pub host: String,
    /// Whether the webhook's own token, signature and headers went along.
    pub with_secrets: bool,
    /// The answer's status.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<String>,
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What.
    pub kind: Kind,
    /// When.
    pub at: Moment,
    /// Who: number and name; `None` for the command line.
    pub by: Option<(i64, String)>,
}

const REPLAYED: i64 = 0;
const CANCELLED: i64 = 1;
const FORWARDED: i64 = 2;

/// Remembers that these were sent again by a user, or by the operator where there is none.
pub(super) fn note_replayed(tx: &mut Tx<'_>, ids: &[i64], by: Option<i64>, now: Moment) -> Result<()> {
    note(tx, ids, REPLAYED, by, now)
}

/// The same of what was cancelled.
pub(super) fn note_cancelled(tx: &mut Tx<'_>, ids: &[i64], by: Option<i64>, now: Moment) -> Result<()> {
    note(tx, ids, CANCELLED, by, now)
}

fn note(tx: &mut Tx<'_>, ids: &[i64], action: i64, by: Option<i64>, now: Moment) -> Result<()> {
    let sql = "INSERT INTO delivery_action (delivery_id, at, action, user_id) \
               SELECT id, CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT) FROM delivery WHERE id IN (#) \
               ON CONFLICT DO NOTHING";
    tx.execute_among(sql, &[now.0.into(), action.into(), by.into()], ids)?;
    Ok(())
}

/// Remembers that one was sent to another address.
pub fn note_forwarded(
    tx: &mut Tx<'_>,
    id: i64,
    what: &Forwarded,
    by: Option<i64>,
    now: Moment,
) -> Result<()> {
    let sql = "INSERT INTO delivery_action (delivery_id, at, action, user_id, host, with_secrets, status, error) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    let params = [
        id.into(),
        now.0.into(),
        FORWARDED.into(),
        by.into(),
        what.host.as_str().into(),
        i64::from(what.with_secrets).into(),
        what.status.map(i64::from).into(),
        what.error.as_deref().into(),
    ];
    tx.execute(sql, &params)?;
    Ok(())
}

/// What was done to one, the oldest first.
pub fn actions(tx: &mut Tx<'_>, id: i64) -> Result<Vec<Action>> {
    let sql = "SELECT at, action, user_id, host, with_secrets, status, error FROM delivery_action \
               WHERE delivery_id = ? ORDER BY at DESC, action LIMIT ?";
    let mut found = Vec::new();
    tx.query(sql, &[id.into(), SHOWN.into()], |row| {
        let kind = match row.int(1)? {
            REPLAYED => Kind::Replayed,
            CANCELLED => Kind::Cancelled,
            _ => Kind::Forwarded(Forwarded {
                host: row.opt_text(3)?.unwrap_or_default().to_owned(),
                with_secrets: row.opt_int(4)? == Some(1),
                status: row.opt_int(5)?.and_then(|status| u16::try_from(status).ok()),
                error: row.opt_text(6)?.map(str::to_owned),
            }),
        };
        found.push((kind, Moment(row.int(0)?), row.opt_int(2)?));
        Ok(())
    })?;
    found.reverse();
    let mut actions = Vec::with_capacity(found.len());
    for (kind, at, by) in found {
        let by = match by {
            Some(id) => Some((id, directory::name_of(tx, id)?.unwrap_or_default())),
            None => None,
        };
        actions.push(Action { kind, at, by });
    }
    Ok(actions)
}
