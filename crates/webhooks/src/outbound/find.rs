//! Outbound webhooks as they are read: all of them, one, and its secrets for its owner.

use std::collections::{BTreeSet, HashMap};

use store::{Row, Tx};
use wire::{Fault, fault};

use super::handler::Secrets;
use super::headers::{self, Extras};
use super::limits::Limits;
use super::manage::{Actor, Outbound};
use super::only::{self, Only};
use super::policy::Policy;
use engine::error::Result;
use engine::keys::Keys;

impl Outbound {
    fn listens_to(&mut self, subscriptions: Vec<Subscription>) {
        for (event, id, fields) in subscriptions {
            if !fields.is_empty() {
                self.only.insert(event.clone(), fields);
            }
            self.events.push((event, id));
        }
    }
}

const SELECT: &str = "SELECT o.id, o.integration_id, i.user_id, o.handler_url, o.retries, o.ordered, o.active, \
                      o.disabled_because, o.failing_since, o.heard, o.hidden_by, o.old_until, o.pickup, o.skip_own, \
                      o.tell_changed, o.rate_limit, o.concurrency_limit \
                      FROM outbound o JOIN integration i ON i.id = o.integration_id";

/// Every outbound webhook, oldest first.
pub(crate) fn all(tx: &mut Tx<'_>) -> Result<Vec<Outbound>> {
    let mut subscriptions: HashMap<i64, Vec<Subscription>> = HashMap::new();
    tx.query("SELECT event, id, fields, outbound_id FROM outbound_event ORDER BY event", &[], |row| {
        subscriptions.entry(row.int(3)?).or_default().push(subscription(row)?);
        Ok(())
    })?;
    let (mut found, extras) = (Vec::new(), headers::all(tx)?);
    tx.query(&format!("{SELECT} ORDER BY o.id"), &[], |row| {
        let mut outbound = outbound(row)?;
        outbound.extras = extras.get(&outbound.id).map(headers::Sealed::names).unwrap_or_default();
        outbound.listens_to(subscriptions.remove(&outbound.id).unwrap_or_default());
        found.push(outbound);
        Ok(())
    })?;
    Ok(found)
}

/// One outbound webhook.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<Outbound>> {
    find_by(tx, "o.id", id)
}

/// The outbound webhook of an integration.
pub(crate) fn of(tx: &mut Tx<'_>, integration: i64) -> Result<Option<Outbound>> {
    find_by(tx, "o.integration_id", integration)
}

fn find_by(tx: &mut Tx<'_>, column: &str, id: i64) -> Result<Option<Outbound>> {
    let sql = format!("{SELECT} WHERE {column} = ?");
    let Some(mut found) = tx.one(&sql, &[id.into()], outbound)? else { return Ok(None) };
    found.listens_to(subscriptions(tx, found.id)?);
    found.extras = headers::of(tx, found.id)?.names();
    Ok(Some(found))
}

/// One that the actor may see and change: one's own, or any for an administrator.
///
/// # Errors
/// `ACCESS_DENIED`, `ERROR_NOT_FOUND`.
pub fn reachable(tx: &mut Tx<'_>, id: i64, actor: Actor) -> Result<Outbound> {
    let found = find(tx, id)?.ok_or_else(|| Fault::not_found("The outbound webhook does not exist."))?;
    if found.user_id == actor.user_id || actor.is_admin {
        Ok(found)
    } else {
        Err(fault::ACCESS_DENIED.into())
    }
}

/// Its secrets, for its owner alone: `None` for anybody else and when they cannot be opened.
pub fn reveal(tx: &mut Tx<'_>, keys: &Keys, id: i64, owner: i64) -> Result<Option<Secrets>> {
    let sql = "SELECT token, signing FROM outbound WHERE id = ?";
    let sealed = tx.one(sql, &[id.into()], |row| Ok((row.blob(0)?.to_vec(), row.blob(1)?.to_vec())))?;
    Ok(sealed.and_then(|(token, signing)| Secrets::open(keys, owner, &token, &signing)))
}

/// What its handler wants beside the form, with values, for its owner alone: `None` for anybody else and when it cannot be
/// opened.
pub fn reveal_extras(tx: &mut Tx<'_>, keys: &Keys, id: i64, owner: i64) -> Result<Option<Extras>> {
    Ok(headers::of(tx, id)?.open(keys, owner))
}

/// How many a user has; those that a `portreeve listen` made are the operator's.
pub(crate) fn count(tx: &mut Tx<'_>, owner: i64) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM outbound o JOIN integration i ON i.id = o.integration_id \
               WHERE i.user_id = ? AND o.heard IS NULL";
    Ok(tx.one(sql, &[owner.into()], |row| row.int(0))?.unwrap_or(0))
}

/// An event that a webhook listens to, with its `event_handler_id` and the fields that were chosen.
type Subscription = (String, i64, BTreeSet<String>);

fn subscriptions(tx: &mut Tx<'_>, id: i64) -> Result<Vec<Subscription>> {
    let sql = "SELECT event, id, fields FROM outbound_event WHERE outbound_id = ? ORDER BY event";
    Ok(tx.all(sql, &[id.into()], subscription)?)
}

fn subscription(row: &Row<'_>) -> std::result::Result<Subscription, store::Error> {
    Ok((row.text(0)?.to_owned(), row.int(1)?, only::parse(row.text(2)?)))
}

fn outbound(row: &Row<'_>) -> std::result::Result<Outbound, store::Error> {
    Ok(Outbound {
        id: row.int(0)?,
        integration_id: row.int(1)?,
        user_id: row.int(2)?,
        handler_url: row.text(3)?.to_owned(),
        events: Vec::new(),
        extras: Extras::default(),
        retries: Policy::parse(row.text(4)?).unwrap_or_default(),
        ordered: row.text(5)? == "Y",
        active: row.text(6)? == "Y",
        disabled_because: row.opt_text(7)?.map(str::to_owned),
        failing_since: row.opt_int(8)?,
        listens: row.opt_int(9)?.is_some(),
        hidden_by: row.opt_int(10)?,
        old_until: row.opt_int(11)?,
        pickup: row.text(12)? == "Y",
        skip_own: row.text(13)? == "Y",
        only: Only::new(),
        tell_changed: row.text(14)? == "Y",
        limits: Limits::read(row, 15)?,
    })
}
