//! Making and changing integrations.

use store::Tx;
use wire::Fault;

use super::find::reachable;
use super::rules::{self, check, check_scenario, check_scopes};
use super::{EditContext, Fresh, Head, Input, Integration};
use crate::hooks::manage as inbound;
use crate::outbound::manage::{self as outbound, Actor};
use crate::outbound::overlap;
use engine::audit::{self, Action};
use engine::error::Result;
use engine::meta::Meta;
use engine::modules::Modules;
use engine::seen;

/// How an integration is saved.
#[derive(Clone, Copy, Debug, Default)]
pub struct SaveOptions {
    /// The inbound part gets a new secret; the old URL is dead at once.
    pub renew_secret: bool,
    /// The outbound part gets a new application token and a new signing secret; the old ones are not sent any more. So
    /// it does when it becomes another's, and when its secrets are hidden and its handler is to be another.
    pub renew_token: bool,
    /// For so many seconds the old token and signing secret hold beside the new ones; 0 for not at all. Not when it becomes
    /// another's.
    pub overlap: i64,
    /// Another's becomes one's own.
    pub take_over: bool,
}

/// Makes an integration of the actor's own and gives its number.
///
/// # Errors
/// `ERROR_ARGUMENT` with the field; `ACCESS_DENIED` for an employee and a scenario for administrators; and those of
/// the outbound part: without an active licence, for a URL that the guard refuses, for an unknown event or none.
pub fn create(tx: &mut Tx<'_>, context: EditContext<'_>, input: &Input, fresh: &Fresh) -> Result<i64> {
    check_scenario(context.core.modules, &input.scenario, context.actor)?;
    check_scopes(context.core.modules, input.inbound.as_ref().map_or(&[], |hook| &hook.scopes), None)?;
    check_events(context.core.modules, input, None)?;
    if input.outbound.is_some() {
        rules::check_count(tx, context)?;
    }
    make(tx, context, input, fresh)
}

/// Refuses events that are told to somebody in particular, as to a bot, beyond those that the webhook has: no list offers them.
fn check_events(modules: &Modules, input: &Input, found: Option<&Integration>) -> Result<()> {
    let known = found.and_then(|found| found.outbound.as_ref()).map(|outbound| outbound.input().events);
    let known = known.unwrap_or_default();
    let chosen =
        input.outbound.iter().flat_map(|told| &told.events).map(|name| name.trim().to_ascii_uppercase());
    let mut new = chosen.filter(|name| !known.contains(name));
    match new.find(|name| modules.event(name).is_some_and(|event| event.addressed)) {
        Some(name) => {
            Err(Fault::new(400, "ERROR_EVENT_NOT_FOUND", format!("Event not found: {name}")).into())
        }
        None => Ok(()),
    }
}

/// The same for the operator, to whom rules about scenarios and scopes do not apply: integrations are tested for
/// what applications' scopes answer, too.
pub fn make(tx: &mut Tx<'_>, context: EditContext<'_>, input: &Input, fresh: &Fresh) -> Result<i64> {
    check(input)?;
    let EditContext { core, actor, by, now } = context;
    let head = Head {
        scenario: &input.scenario,
        title: input.title.trim(),
        comment: &input.comment,
        query: rules::query(input)?,
    };
    let id = head.insert(tx, actor.user_id, now)?;
    if let Some(hook) = &input.inbound {
        inbound::insert(tx, &core.keys, id, actor.user_id, hook, &fresh.secret)?;
    }
    if let Some(told) = &input.outbound {
        outbound::insert(tx, core, id, actor.user_id, told, &fresh.secrets)?;
        Meta::outdate(tx)?;
    }
    audit::note(tx, &by, Action::IntegrationMade, Integration::object(id), head.title, now)?;
    Ok(id)
}

/// Nothing was saved since somebody saw that version.
///
/// # Errors
/// 409 `ERROR_CHANGED` when something was.
pub fn check_version(tx: &mut Tx<'_>, actor: Actor, id: i64, version: &str) -> Result<()> {
    let found = reachable(tx, id, actor)?;
    seen::check(tx, version, &found.decided(), &Integration::object(id), actor.user_id)
}

/// Changes an integration. An administrator who changes another's takes it over: the inbound part acts as the
/// administrator under a new secret, the old secret and its scopes are dead at once; the outbound part gets a new token and
/// a new signing secret, since its new owner may see them (protocol 8).
///
/// # Errors
/// As for [`create`]; `ACCESS_DENIED` for another's when the actor is no administrator; `ERROR_NOT_FOUND`; 409
/// `ERROR_TAKE_OVER` for another's when the options do not say so, and `ERROR_LISTENS` for a `portreeve listen`.
pub fn update(
    tx: &mut Tx<'_>,
    context: EditContext<'_>,
    id: i64,
    input: &Input,
    options: SaveOptions,
    fresh: &Fresh,
) -> Result<()> {
    let EditContext { actor, by, now, .. } = context;
    let found = reachable(tx, id, actor)?;
    if found.outbound.as_ref().is_some_and(|outbound| outbound.listens) {
        let text = "An integration of `portreeve listen` can only be changed on the command line.";
        return Err(Fault::new(409, "ERROR_LISTENS", text).into());
    }
    let foreign = found.user_id != actor.user_id;
    if foreign && !options.take_over {
        let text = "Saving another user's webhook makes you its owner and replaces its secret. Confirm the takeover.";
        return Err(Fault::new(409, "ERROR_TAKE_OVER", text).into());
    }
    check(input)?;
    if let Some(hook) = &input.inbound {
        check_scopes(context.core.modules, &hook.scopes, Some(&found))?;
    }
    check_events(context.core.modules, input, Some(&found))?;
    let sql = "UPDATE integration SET user_id = ?, title = ?, comment = ?, query = ? WHERE id = ?";
    let (title, query) = (input.title.trim(), rules::query(input)?);
    let params = [
        actor.user_id.into(),
        title.into(),
        input.comment.as_str().into(),
        query.as_deref().into(),
        id.into(),
    ];
    tx.execute(sql, &params)?;
    let new_secret = save_inbound(tx, context, &found, input, foreign || options.renew_secret, fresh)?;
    let options = if foreign { SaveOptions { renew_token: true, overlap: 0, ..options } } else { options };
    let new_token = save_outbound(tx, context, &found, input, options, fresh)?;
    let object = Integration::object(id);
    if foreign {
        let detail = format!("{title}, before of user {}", found.user_id);
        audit::note(tx, &by, Action::IntegrationTakenOver, object.as_str(), detail, now)?;
    } else {
        audit::note(tx, &by, Action::IntegrationChanged, object.as_str(), title, now)?;
    }
    if new_secret || new_token {
        audit::note(tx, &by, Action::SecretRenewed, object, title, now)?;
    }
    Ok(())
}

/// Brings the inbound part to what is wished; whether an existing one got a new secret.
fn save_inbound(
    tx: &mut Tx<'_>,
    context: EditContext<'_>,
    found: &Integration,
    input: &Input,
    renew: bool,
    fresh: &Fresh,
) -> Result<bool> {
    let (keys, owner) = (&context.core.keys, context.actor.user_id);
    match (&found.inbound, &input.inbound) {
        (None, None) => {}
        (None, Some(hook)) => _ = inbound::insert(tx, keys, found.id, owner, hook, &fresh.secret)?,
        (Some(before), None) => inbound::remove(tx, before.id)?,
        (Some(before), Some(hook)) => {
            inbound::change(tx, before.id, hook)?;
            if renew {
                inbound::renew(tx, keys, before.id, owner, &fresh.secret)?;
            }
            return Ok(renew);
        }
    }
    Ok(false)
}

/// Brings the outbound part to what is wished; whether an existing one got new secrets.
fn save_outbound(
    tx: &mut Tx<'_>,
    context: EditContext<'_>,
    found: &Integration,
    input: &Input,
    options: SaveOptions,
    fresh: &Fresh,
) -> Result<bool> {
    let (core, owner) = (context.core, context.actor.user_id);
    let mut renewed = false;
    match (&found.outbound, &input.outbound) {
        (None, None) => return Ok(false),
        (None, Some(told)) => {
            rules::check_count(tx, context)?;
            outbound::insert(tx, core, found.id, owner, told, &fresh.secrets)?;
        }
        (Some(before), None) => outbound::remove(tx, before.id)?,
        (Some(before), Some(told)) => {
            // Each delivery shows the token to its handler; so secrets that are not shown go to no other handler, either.
            let must = before.hidden_by.is_some() && before.handler_url != told.handler_url;
            renewed = must || options.renew_token;
            if renewed && !must && options.overlap > 0 {
                overlap::begin(tx, &core.keys, before, &fresh.secrets, options.overlap, context.now)?;
            } else if renewed {
                outbound::renew(tx, &core.keys, before.id, owner, &fresh.secrets)?;
            }
            // Whoever has new secrets instead of hidden ones must not come to see hidden values that way.
            let may_keep = found.user_id == owner && !(renewed && before.hidden_by.is_some());
            outbound::change(tx, core, before, told, owner, may_keep)?;
        }
    }
    Meta::outdate(tx)?;
    Ok(renewed)
}
