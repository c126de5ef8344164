//! The outbound part of an integration: making, changing and removing a webhook; [`find`](super::find) reads them. Whose it is and who may
//! do which (protocol 8) is the matter of [`integration`](crate::integration), which also renews
//! [`Meta`](engine::meta::Meta) after changes made here; nothing is reachable by a REST method.

use store::Tx;
use wire::Fault;

use super::alert;
use super::handler::Secrets;
use super::headers::{self, Extras};
use super::limits::Limits;
use super::only::{self, Only};
use super::pickup;
use super::policy::Policy;
use super::queue::held::Choice;
use super::queue::reorder;
use engine::Core;
use engine::error::Result;
use engine::guard::Refusal;
use engine::input::yes_no;
use engine::keys::Keys;
use engine::moment::Moment;

/// An outbound webhook as its owner and administrators see it: without the secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbound {
    /// Its number.
    pub id: i64,
    /// The integration whose part it is.
    pub integration_id: i64,
    /// The integration's owner.
    pub user_id: i64,
    /// Where it is posted to; empty for a listener.
    pub handler_url: String,
    /// The events, by name, with the `event_handler_id` of each.
    pub events: Vec<(String, i64)>,
    /// When it is tried again.
    pub retries: Policy,
    /// Whether events of one object come in their order.
    pub ordered: bool,
    /// Whether events are raised for it and sent to it.
    pub active: bool,
    /// Why the portal disabled it.
    pub disabled_because: Option<String>,
    /// What its handler wants beside the form, without values.
    pub extras: Extras,
    /// Whether its events are kept for pick-up instead of being sent.
    pub pickup: bool,
    /// Whether it is told nothing of changes by the inbound webhook of the same integration.
    pub skip_own: bool,
    /// The fields of which an update must change one to be told, by event.
    pub only: Only,
    /// Whether it is told the names of the fields that an update changed.
    pub tell_changed: bool,
    /// How much its handler gets at most.
    pub limits: Limits,
    /// Since when its handler does nothing but fail, Unix seconds.
    pub failing_since: Option<i64>,
    /// Whether it is a `portreeve listen`.
    pub listens: bool,
    /// The administrator with whose link the owner's password was set since: the secrets are not shown any more.
    pub hidden_by: Option<i64>,
    /// Until when the secrets hold that the present ones replace, Unix seconds; may be over.
    pub old_until: Option<i64>,
}

/// Settings of an outbound webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Where it is posted to.
    pub handler_url: String,
    /// Names of events, in any case and order.
    pub events: Vec<String>,
    /// When it is tried again.
    pub retries: Policy,
    /// Whether events of one object come in their order.
    pub ordered: bool,
    /// Whether events are raised for it and sent to it.
    pub active: bool,
    /// What the handler wants beside the form; what has no value keeps the stored one.
    pub extras: Extras,
    /// Whether its events are kept for pick-up instead of being sent; does not change later.
    pub pickup: bool,
    /// Whether it is told nothing of changes by the inbound webhook of the same integration.
    pub skip_own: bool,
    /// The fields of which an update must change one to be told, by event; none for every update.
    pub only: Only,
    /// Whether it is told the names of the fields that an update changed.
    pub tell_changed: bool,
    /// How much its handler gets at most.
    pub limits: Limits,
}

/// The user who acts.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    /// The user.
    pub user_id: i64,
    /// Whether the user is an administrator.
    pub is_admin: bool,
}

impl Outbound {
    /// Its settings.
    pub fn input(&self) -> Input {
        Input {
            handler_url: self.handler_url.clone(),
            events: self.events.iter().map(|(event, _)| event.clone()).collect(),
            retries: self.retries.clone(),
            ordered: self.ordered,
            active: self.active,
            extras: self.extras.clone(),
            pickup: self.pickup,
            skip_own: self.skip_own,
            only: self.only.clone(),
            tell_changed: self.tell_changed,
            limits: self.limits,
        }
    }
}

/// Makes the outbound webhook of an integration of `owner`'s with these secrets, and gives its number.
///
/// # Errors
/// A [`Fault`] for a person to read: without an active licence, for a URL that the guard refuses, for an
/// unknown event or none.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    core: &Core,
    integration: i64,
    owner: i64,
    input: &Input,
    secrets: &Secrets,
) -> Result<i64> {
    if !input.pickup {
        check_url(core, "handler_url", &input.handler_url)?;
    }
    put(tx, core, integration, owner, input, secrets, None)
}

/// Makes one whose URL was checked, or one without, which fetches its deliveries itself and was `heard` just now;
/// see [`listen`](super::listen).
pub(super) fn put(
    tx: &mut Tx<'_>,
    core: &Core,
    integration: i64,
    owner: i64,
    input: &Input,
    secrets: &Secrets,
    heard: Option<i64>,
) -> Result<i64> {
    require_licence(core)?;
    let events = checked(core, input)?;
    input.limits.check(Limits::default(), core.settings().handler_limits)?;
    let only = only::checked(tx, core, &input.only, &events, &Only::new())?;
    let (token, signing) = secrets.seal(&core.keys, owner);
    let retries = input.retries.to_string();
    let sql = "INSERT INTO outbound (integration_id, handler_url, token, signing, retries, ordered, active, heard, pickup, \
               skip_own, tell_changed, rate_limit, concurrency_limit) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let params = [
        integration.into(),
        input.handler_url.as_str().into(),
        token.as_slice().into(),
        signing.as_slice().into(),
        retries.as_str().into(),
        yes_no(input.ordered).into(),
        yes_no(input.active).into(),
        heard.into(),
        yes_no(input.pickup).into(),
        yes_no(input.skip_own).into(),
        yes_no(input.tell_changed).into(),
        input.limits.rate.map(i64::from).into(),
        input.limits.concurrency.map(i64::from).into(),
    ];
    let id = tx.insert(sql, &params)?;
    headers::save(tx, &core.keys, id, owner, &input.extras, false)?;
    subscribe(tx, id, &events)?;
    only::save(tx, id, &only, &Only::new())?;
    Ok(id)
}

/// Changes an outbound webhook of `owner`'s, unless it is wished to be as it is. Values of headers that are wished without one
/// stay if the owner `may_keep` them. Its secrets stay, and so do the numbers of
/// subscriptions that stay. One that was disabled works again when it is wished to be active.
///
/// # Errors
/// As for [`insert`].
pub(crate) fn change(
    tx: &mut Tx<'_>,
    core: &Core,
    found: &Outbound,
    input: &Input,
    owner: i64,
    may_keep: bool,
) -> Result<()> {
    let events = checked(core, input)?;
    input.limits.check(found.limits, core.settings().handler_limits)?;
    let only = only::checked(tx, core, &input.only, &events, &found.only)?;
    let input = Input { events, only, ..input.clone() };
    if found.extras != input.extras || !may_keep {
        headers::save(tx, &core.keys, found.id, owner, &input.extras, may_keep)?;
    }
    if found.input() == input {
        return Ok(());
    }
    // Whoever pauses one is asked neither for a licence nor whether its handler is still allowed.
    if input.active {
        require_licence(core)?;
    }
    if input.pickup != found.pickup {
        let text = "A webhook that sends events cannot keep them for pick-up later, or the other way round.";
        return Err(Fault::argument(text, "pickup").into());
    }
    if input.handler_url != found.handler_url && !input.pickup {
        check_url(core, "handler_url", &input.handler_url)?;
    }
    let retries = input.retries.to_string();
    let sql = "UPDATE outbound SET handler_url = ?, retries = ?, ordered = ?, skip_own = ?, tell_changed = ?, \
               rate_limit = ?, concurrency_limit = ? WHERE id = ?";
    let params = [
        input.handler_url.as_str().into(),
        retries.as_str().into(),
        yes_no(input.ordered).into(),
        yes_no(input.skip_own).into(),
        yes_no(input.tell_changed).into(),
        input.limits.rate.map(i64::from).into(),
        input.limits.concurrency.map(i64::from).into(),
        found.id.into(),
    ];
    tx.execute(sql, &params)?;
    if found.active != input.active {
        switch(tx, found.id, input.active)?;
    }
    if found.ordered != input.ordered {
        reorder::begin(tx, found.id)?;
    }
    for (event, subscription) in found.events.iter().filter(|(event, _)| !input.events.contains(event)) {
        tracing::debug!(outbound = found.id, event, "unsubscribed");
        tx.execute("DELETE FROM outbound_event WHERE id = ?", &[(*subscription).into()])?;
    }
    let known = |event: &String| found.events.iter().any(|(name, _)| name == event);
    let added: Vec<String> = input.events.into_iter().filter(|event| !known(event)).collect();
    subscribe(tx, found.id, &added)?;
    only::save(tx, found.id, &input.only, &found.only)
}

/// Pauses an outbound webhook, or lets it go on. What waits stays in the queue; what happens while it is paused is held, and
/// is sent when it goes on, unless [`decide`] says otherwise.
///
/// # Errors
/// Without an active licence, `ACCESS_DENIED`.
pub(crate) fn set_active(tx: &mut Tx<'_>, core: &Core, id: i64, active: bool) -> Result<()> {
    if active {
        require_licence(core)?;
    }
    switch(tx, id, active)
}

fn switch(tx: &mut Tx<'_>, id: i64, active: bool) -> Result<()> {
    let dropped = if active { "" } else { ", dropped = 0" };
    let sql = format!(
        "UPDATE outbound SET active = ?, disabled_because = NULL, failing_since = NULL, failing_times = 0, \
         failing_last = NULL, held_since = 0{dropped} WHERE id = ?"
    );
    tx.execute(&sql, &[yes_no(active).into(), id.into()])?;
    alert::forget(tx, id)
}

/// Decides what becomes of the events that are held of a webhook that was just switched on.
pub(crate) fn decide(tx: &mut Tx<'_>, id: i64, choice: Choice, now: Moment) -> Result<()> {
    let sql = "UPDATE outbound SET held_since = ? WHERE id = ?";
    tx.execute(sql, &[choice.since(now).0.into(), id.into()])?;
    Ok(())
}

/// Removes an outbound webhook. What waits for it is never sent; its log stays for as long as logs are kept.
pub(crate) fn remove(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.execute("DELETE FROM outbound_event WHERE outbound_id = ?", &[id.into()])?;
    headers::forget(tx, id)?;
    pickup::forget(tx, id)?;
    tx.execute("DELETE FROM outbound WHERE id = ?", &[id.into()])?;
    tx.execute("DELETE FROM outbound_pace WHERE outbound_id = ?", &[id.into()])?;
    alert::forget(tx, id)
}

/// Outbound webhooks need an active licence on a self-hosted portal and do not work in demo mode.
pub(super) fn require_licence(core: &Core) -> Result<()> {
    if core.settings().outbound_available() {
        return Ok(());
    }
    let text = "Outbound webhooks need an active licence and are not available in demo mode. The licence is set in the portal's settings or with --licence.";
    Err(Fault::new(403, "ACCESS_DENIED", text).into())
}

/// What the guard says of an address that somebody gave under a name.
pub(super) fn check_url(core: &Core, name: &str, url: &str) -> Result<()> {
    core.settings().guard.check(url).map(drop).map_err(|refusal: Refusal| {
        let (code, _) = refusal.on_the_wire();
        let fault = Fault::new(400, code, refusal.to_string()).with("argument", name);
        match refusal {
            // For a page that leads to where the network can be allowed.
            Refusal::Address { network, .. } => fault.with("network", network.to_string()).into(),
            _ => fault.into(),
        }
    })
}

/// The wished events, in capitals, sorted, each once.
fn checked(core: &Core, input: &Input) -> Result<Vec<String>> {
    let mut events: Vec<String> =
        input.events.iter().map(|event| event.trim().to_ascii_uppercase()).collect();
    events.retain(|event| !event.is_empty());
    events.sort_unstable();
    events.dedup();
    if events.is_empty() {
        return Err(Fault::argument("Choose at least one event.", "events").into());
    }
    match events.iter().find(|event| core.modules.event(event).is_none()) {
        Some(unknown) => {
            Err(Fault::new(400, "ERROR_EVENT_NOT_FOUND", format!("Event not found: {unknown}")).into())
        }
        None => Ok(events),
    }
}

fn subscribe(tx: &mut Tx<'_>, id: i64, events: &[String]) -> Result<()> {
    for event in events {
        let sql = "INSERT INTO outbound_event (outbound_id, event) VALUES (?, ?)";
        tx.execute(sql, &[id.into(), event.as_str().into()])?;
    }
    Ok(())
}

/// From now on the secrets of a user's outbound webhooks are not shown any more: the user's password was set with a
/// link of `by`'s.
pub fn hide(tx: &mut Tx<'_>, owner: i64, by: i64) -> Result<()> {
    let sql = "UPDATE outbound SET hidden_by = ? \
               WHERE integration_id IN (SELECT id FROM integration WHERE user_id = ?)";
    tx.execute(sql, &[by.into(), owner.into()])?;
    Ok(())
}

/// Gives it these secrets, sealed for `owner`, at once. What is sent from now on carries them, what waited included.
pub(crate) fn renew(tx: &mut Tx<'_>, keys: &Keys, id: i64, owner: i64, secrets: &Secrets) -> Result<()> {
    let (token, signing) = secrets.seal(keys, owner);
    let sql = "UPDATE outbound SET token = ?, signing = ?, hidden_by = NULL, old_token = NULL, old_signing = NULL, \
               old_until = NULL WHERE id = ?";
    tx.execute(sql, &[token.as_slice().into(), signing.as_slice().into(), id.into()])?;
    Ok(())
}
