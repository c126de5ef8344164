//! Finding integrations by their numbers.

use std::collections::HashMap;

use store::{Row, Tx};
use wire::{Fault, fault};

use super::Integration;
use crate::hooks::manage as inbound;
use crate::outbound::{self, manage::Actor};
use engine::error::Result;

const COLUMNS: &str = "id, user_id, scenario, title, comment, query, created";

/// One integration.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<Integration>> {
    let sql = format!("SELECT {COLUMNS} FROM integration WHERE id = ?");
    let Some(mut found) = tx.one(&sql, &[id.into()], integration)? else { return Ok(None) };
    found.inbound = inbound::of(tx, id)?;
    found.outbound = outbound::find::of(tx, id)?;
    Ok(Some(found))
}

/// The integration to which an outbound webhook belongs.
pub fn of_outbound(tx: &mut Tx<'_>, outbound: i64) -> Result<Option<Integration>> {
    let sql = "SELECT integration_id FROM outbound WHERE id = ?";
    match tx.one(sql, &[outbound.into()], |row| row.int(0))? {
        Some(id) => find(tx, id),
        None => Ok(None),
    }
}

/// One that the actor may see and change: one's own, or any for an administrator.
///
/// # Errors
/// `ACCESS_DENIED`, `ERROR_NOT_FOUND`.
pub fn reachable(tx: &mut Tx<'_>, id: i64, actor: Actor) -> Result<Integration> {
    let found = find(tx, id)?.ok_or_else(|| Fault::not_found("The integration does not exist."))?;
    if found.user_id == actor.user_id || actor.is_admin {
        Ok(found)
    } else {
        Err(fault::ACCESS_DENIED.into())
    }
}

/// Those of an owner that have this title, oldest first.
pub fn titled(tx: &mut Tx<'_>, owner: i64, title: &str) -> Result<Vec<Integration>> {
    let sql = "SELECT id FROM integration WHERE user_id = ? AND title = ? ORDER BY id";
    let ids = tx.all(sql, &[owner.into(), title.into()], |row| row.int(0))?;
    ids.into_iter().filter_map(|id| find(tx, id).transpose()).collect()
}

/// Every integration, oldest first.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Integration>> {
    let mut hooks: HashMap<i64, _> =
        inbound::all(tx)?.into_iter().map(|hook| (hook.integration_id, hook)).collect();
    let mut told: HashMap<i64, _> =
        outbound::find::all(tx)?.into_iter().map(|outbound| (outbound.integration_id, outbound)).collect();
    let mut found = Vec::new();
    tx.query(&format!("SELECT {COLUMNS} FROM integration ORDER BY id"), &[], |row| {
        let mut integration = integration(row)?;
        integration.inbound = hooks.remove(&integration.id);
        integration.outbound = told.remove(&integration.id);
        found.push(integration);
        Ok(())
    })?;
    Ok(found)
}

fn integration(row: &Row<'_>) -> std::result::Result<Integration, store::Error> {
    Ok(Integration {
        id: row.int(0)?,
        user_id: row.int(1)?,
        scenario: row.text(2)?.to_owned(),
        title: row.text(3)?.to_owned(),
        comment: row.text(4)?.to_owned(),
        query: row.opt_text(5)?.and_then(|text| serde_json::from_str(text).ok()),
        created: row.int(6)?,
        inbound: None,
        outbound: None,
    })
}
