//! Pausing, deleting, and showing secrets.

use store::Tx;
use wire::{Fault, fault};

use super::find::{find, reachable};
use super::{EditContext, Integration};
use crate::hooks::{Secret, manage as inbound};
use crate::outbound::headers::Extras;
use crate::outbound::overlap::{self, Old};
use crate::outbound::queue::held::Choice;
use crate::outbound::{Secrets, find as kept, manage as outbound};
use engine::audit::{self, Action};
use engine::directory;
use engine::error::Result;
use engine::keys::Keys;
use engine::meta::Meta;

/// The opened secrets of an integration's parts. `Debug` shows nothing of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The owner, who stands in the URL of the inbound part.
    pub user_id: i64,
    /// Of the inbound part.
    pub secret: Option<Secret>,
    /// Of the outbound part.
    pub secrets: Option<Secrets>,
    /// Those of the outbound part that these replace, while they hold.
    pub old: Option<Old>,
    /// What the outbound part's handler wants beside the form.
    pub extras: Extras,
}

/// Which secrets are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Those of all parts, as far as they may be shown
    All,
    /// Those of the inbound part
    Inbound,
    /// Those of the outbound part
    Outbound,
}

/// Opens secrets for their owner alone, and notes it under that action.
///
/// # Errors
/// `ACCESS_DENIED` for everybody else, administrators included; `ERROR_NOT_FOUND`; 409 `ERROR_SECRET_HIDDEN` when all
/// that are wanted are from before the owner's password was set with somebody else's link; `ERROR_CORE` when the portal's
/// key is another than the one they were sealed with.
pub fn reveal(
    tx: &mut Tx<'_>,
    context: EditContext<'_>,
    id: i64,
    wanted: Wanted,
    action: Action,
) -> Result<Shown> {
    let found = reachable(tx, id, context.actor)?;
    let owner = context.actor.user_id;
    if found.user_id != owner {
        return Err(fault::ACCESS_DENIED.into());
    }
    let lost = || Fault::core("The secrets cannot be decrypted: the portal's key has changed.");
    let keys = &context.core.keys;
    let inbound = found.inbound.as_ref().filter(|_| wanted != Wanted::Outbound);
    let told = found.outbound.as_ref().filter(|_| wanted != Wanted::Inbound);
    let hidden = [inbound.and_then(|hook| hook.hidden_by), told.and_then(|told| told.hidden_by)];
    let secret = match inbound.filter(|hook| hook.hidden_by.is_none()) {
        Some(_) => Some(secret(tx, keys, &found)?.ok_or_else(lost)?),
        None => None,
    };
    let (secrets, old, extras) = match told.filter(|told| told.hidden_by.is_none()) {
        Some(told) => (
            Some(kept::reveal(tx, keys, told.id, owner)?.ok_or_else(lost)?),
            overlap::reveal(tx, keys, told.id, owner, context.now)?,
            kept::reveal_extras(tx, keys, told.id, owner)?.ok_or_else(lost)?,
        ),
        None => (None, None, Extras::default()),
    };
    if secret.is_none()
        && secrets.is_none()
        && let Some(by) = hidden.into_iter().flatten().next()
    {
        return Err(hidden_by(tx, by)?.into());
    }
    audit::note(tx, &context.by, action, Integration::object(id), found.title, context.now)?;
    Ok(Shown { user_id: owner, secret, secrets, old, extras })
}

/// Why secrets of before are not shown, and what to do.
fn hidden_by(tx: &mut Tx<'_>, by: i64) -> Result<Fault> {
    let name = directory::name_of(tx, by)?.unwrap_or_else(|| format!("user {by}"));
    let text = format!(
        "This secret was created before your password was reset by {name} and is no longer shown. It still works; generate a new one to see it."
    );
    Ok(Fault::new(409, "ERROR_SECRET_HIDDEN", text))
}

/// The secret of the inbound part; `None` when there is none, or the portal's key is another. For the program
/// itself: people get secrets from [`reveal`].
pub fn secret(tx: &mut Tx<'_>, keys: &Keys, of: &Integration) -> Result<Option<Secret>> {
    match &of.inbound {
        Some(hook) => inbound::reveal(tx, keys, hook.id, of.user_id),
        None => Ok(None),
    }
}

/// Pauses all parts, or lets them work again.
///
/// # Errors
/// `ACCESS_DENIED` for another's when the actor is no administrator, and without an active licence for an outbound
/// part that is to work; `ERROR_NOT_FOUND`.
pub fn set_active(tx: &mut Tx<'_>, context: EditContext<'_>, id: i64, active: bool) -> Result<()> {
    let found = reachable(tx, id, context.actor)?;
    if let Some(hook) = &found.inbound {
        inbound::set_active(tx, hook.id, active)?;
    }
    if let Some(told) = &found.outbound {
        outbound::set_active(tx, context.core, told.id, active)?;
        Meta::outdate(tx)?;
    }
    let action = if active { Action::IntegrationResumed } else { Action::IntegrationPaused };
    audit::note(tx, &context.by, action, Integration::object(id), found.title, context.now)
}

/// Lets all parts work again, and decides what becomes of the events that were held meanwhile.
///
/// # Errors
/// As for [`set_active`].
pub fn resume(tx: &mut Tx<'_>, context: EditContext<'_>, id: i64, held: Choice) -> Result<()> {
    set_active(tx, context, id, true)?;
    match find(tx, id)?.and_then(|found| found.outbound) {
        Some(told) => outbound::decide(tx, told.id, held, context.now),
        None => Ok(()),
    }
}

/// Ends the time in which the outbound part's old secrets hold beside its new ones.
///
/// # Errors
/// `ACCESS_DENIED` for another's when the actor is no administrator; `ERROR_NOT_FOUND`.
pub fn end_overlap(tx: &mut Tx<'_>, context: EditContext<'_>, id: i64) -> Result<()> {
    let found = reachable(tx, id, context.actor)?;
    let told = found.outbound.ok_or_else(|| Fault::not_found("No secrets of before hold any more."))?;
    overlap::end(tx, told.id, context.now)?;
    Meta::outdate(tx)?;
    audit::note(tx, &context.by, Action::OverlapEnded, Integration::object(id), found.title, context.now)
}

/// Deletes an integration with its parts: the URL is dead at once, what waits to be told is never sent. The log of
/// deliveries stays for as long as logs are kept.
///
/// # Errors
/// `ACCESS_DENIED` for another's when the actor is no administrator; `ERROR_NOT_FOUND`.
pub fn delete(tx: &mut Tx<'_>, context: EditContext<'_>, id: i64) -> Result<()> {
    let found = reachable(tx, id, context.actor)?;
    if let Some(hook) = &found.inbound {
        inbound::remove(tx, hook.id)?;
    }
    if let Some(told) = &found.outbound {
        outbound::remove(tx, told.id)?;
        Meta::outdate(tx)?;
    }
    tx.execute("DELETE FROM integration WHERE id = ?", &[id.into()])?;
    audit::note(
        tx,
        &context.by,
        Action::IntegrationDeleted,
        Integration::object(id),
        found.title,
        context.now,
    )
}

/// A part of an integration, by its own number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// An inbound webhook
    Inbound(i64),
    /// An outbound webhook
    Outbound(i64),
}

/// Removes one part, and the integration with it when nothing is left of it. Gives the integration's number; `None`
/// when there is no such part.
pub fn remove_part(tx: &mut Tx<'_>, part: Part) -> Result<Option<i64>> {
    let (sql, part_id) = match part {
        Part::Inbound(id) => ("SELECT integration_id FROM hook WHERE id = ?", id),
        Part::Outbound(id) => ("SELECT integration_id FROM outbound WHERE id = ?", id),
    };
    let Some(id) = tx.one(sql, &[part_id.into()], |row| row.int(0))? else { return Ok(None) };
    match part {
        Part::Inbound(hook) => inbound::remove(tx, hook)?,
        Part::Outbound(told) => {
            outbound::remove(tx, told)?;
            Meta::outdate(tx)?;
        }
    }
    let sql = "DELETE FROM integration WHERE id = ? AND NOT EXISTS (SELECT 1 FROM hook WHERE integration_id = ?) \
               AND NOT EXISTS (SELECT 1 FROM outbound WHERE integration_id = ?)";
    tx.execute(sql, &[id.into(), id.into(), id.into()])?;
    Ok(Some(id))
}
