//! A webhook for the time in which a developer looks on: `portreeve listen` fetches its deliveries itself, so
//! it has no URL, and it ends with its listener. It is an integration like any other, so that everybody who may
//! see what the portal tells others sees it, too.

use store::Tx;

use super::handler::Secrets;
use super::headers::Extras;
use super::limits::Limits;
use super::manage::{self, Input};
use super::only::Only;
use super::policy::Policy;
use crate::integration::scenario::OUT_HOOK;
use crate::integration::{self, Head, Part};
use engine::Core;
use engine::error::Result;
use engine::meta::Meta;
use engine::moment::Moment;

/// A listener that gave no sign of life for so many seconds is gone.
const PATIENCE: i64 = 30;

/// Begins to listen to events as `owner`; gives the webhook's number. Signs of life go by the machine's clock.
///
/// # Errors
/// Without an active licence, for an unknown event or none.
pub fn open(
    tx: &mut Tx<'_>,
    core: &Core,
    owner: i64,
    events: Vec<String>,
    secrets: &Secrets,
    now: Moment,
    machine: Moment,
) -> Result<i64> {
    let input = Input {
        handler_url: String::new(),
        events,
        retries: Policy::once(),
        ordered: false,
        active: true,
        extras: Extras::default(),
        pickup: false,
        skip_own: false,
        only: Only::new(),
        tell_changed: false,
        limits: Limits::default(),
    };
    let named = Head { scenario: OUT_HOOK, title: "portreeve listen", comment: "", query: None };
    let integration = named.insert(tx, owner, now)?;
    let id = manage::put(tx, core, integration, owner, &input, secrets, Some(machine.seconds()))?;
    Meta::outdate(tx)?;
    Ok(id)
}

/// Gives a sign of life; false when the listener was taken for gone.
pub fn heartbeat(tx: &mut Tx<'_>, id: i64, machine: Moment) -> Result<bool> {
    let sql = "UPDATE outbound SET heard = ? WHERE id = ? AND heard IS NOT NULL";
    Ok(tx.execute(sql, &[machine.seconds().into(), id.into()])? > 0)
}

/// Whether anything waits for a listener to fetch it.
pub fn is_due(tx: &mut Tx<'_>, id: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM delivery WHERE state < 2 AND state = 0 AND outbound_id = ? LIMIT 1";
    Ok(tx.one(sql, &[id.into()], |row| row.int(0))?.is_some())
}

/// Ends a listener; what was raised for it is forgotten.
pub fn close(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    let sql =
        "DELETE FROM delivery_attempt WHERE delivery_id IN (SELECT id FROM delivery WHERE outbound_id = ?)";
    for sql in [sql, "DELETE FROM delivery WHERE outbound_id = ?"] {
        tx.execute(sql, &[id.into()])?;
    }
    integration::remove_part(tx, Part::Outbound(id))?;
    Ok(())
}

/// Ends listeners that went without a word.
pub fn sweep(tx: &mut Tx<'_>, machine: Moment) -> Result<()> {
    let sql = "SELECT id FROM outbound WHERE heard < ?";
    let gone = tx.all(sql, &[(machine.seconds() - PATIENCE).into()], |row| row.int(0))?;
    gone.into_iter().try_for_each(|id| close(tx, id))
}
