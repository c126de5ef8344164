//! Making, showing, changing and deleting outbound webhooks. Who may do which is protocol 8; nothing here is
//! reachable by a REST method.

use store::{Row, Tx};
use wire::{Fault, fault};

use super::guard::Refusal;
use super::handler::Secrets;
use super::policy::Policy;
use crate::error::Result;
use crate::keys::Keys;
use crate::meta::Meta;
use crate::moment::Moment;
use crate::portal::Core;
use crate::registry::registry;

/// How many characters a name has at most (protocol 8).
const LONGEST_TITLE: usize = 256;

/// An outbound webhook as its owner and administrators see it: without the secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbound {
    /// Its number.
    pub id: i64,
    /// The owner.
    pub user_id: i64,
    /// Its name.
    pub title: String,
    /// What it is for.
    pub comment: String,
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
    /// Since when its handler does nothing but fail, Unix seconds.
    pub failing_since: Option<i64>,
    /// When it was made, Unix seconds.
    pub created: i64,
    /// Whether it is a `portreeve listen`.
    pub listens: bool,
}

/// What a person decides about an outbound webhook.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Its name.
    pub title: String,
    /// What it is for.
    pub comment: String,
    /// Where it is posted to.
    pub handler_url: String,
    /// Names of events, in any case and order.
    pub events: Vec<String>,
    /// When it is tried again.
    pub retries: Policy,
    /// Whether events of one object come in their order.
    pub ordered: bool,
}

/// Who acts.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    /// The user.
    pub user_id: i64,
    /// Whether the user is an administrator.
    pub is_admin: bool,
}

const COLUMNS: &str = "id, user_id, title, comment, handler_url, retries, ordered, active, disabled_because, \
                       failing_since, created, heard";

/// Makes an outbound webhook of `owner`'s with these secrets, and gives its number.
///
/// # Errors
/// A [`Fault`] for a person to read: without an active licence, for a URL that the guard refuses, for an
/// unknown event or none.
pub fn create(
    tx: &mut Tx<'_>,
    core: &Core,
    owner: i64,
    wish: &Wish,
    secrets: &Secrets,
    now: Moment,
) -> Result<i64> {
    check_url(core, &wish.handler_url)?;
    insert(tx, core, owner, wish, secrets, None, now)
}

/// Makes one whose URL was checked, or one without, which fetches its deliveries itself and was `heard` just now;
/// see [`listen`](super::listen).
pub(super) fn insert(
    tx: &mut Tx<'_>,
    core: &Core,
    owner: i64,
    wish: &Wish,
    secrets: &Secrets,
    heard: Option<i64>,
    now: Moment,
) -> Result<i64> {
    require_licence(core)?;
    let events = checked(wish)?;
    let (token, signing) = secrets.seal(&core.keys, owner);
    let retries = wish.retries.to_string();
    let sql = "INSERT INTO outbound (user_id, title, comment, handler_url, token, signing, retries, ordered, active, \
               created, heard) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'Y', ?, ?)";
    let params = [
        owner.into(),
        wish.title.as_str().into(),
        wish.comment.as_str().into(),
        wish.handler_url.as_str().into(),
        token.as_slice().into(),
        signing.as_slice().into(),
        retries.as_str().into(),
        flag(wish.ordered).into(),
        now.seconds().into(),
        heard.into(),
    ];
    let id = tx.insert(sql, &params)?;
    subscribe(tx, id, &events)?;
    Meta::renew(tx)?;
    Ok(id)
}

/// Changes an outbound webhook. Token and signing secret stay; when an administrator changes another's, the
/// administrator becomes the owner (protocol 8). One that was disabled works again.
///
/// # Errors
/// As for [`create`]; `ACCESS_DENIED` for another's when `actor` is no administrator; `ERROR_NOT_FOUND`.
pub fn update(tx: &mut Tx<'_>, core: &Core, id: i64, wish: &Wish, actor: Actor) -> Result<()> {
    let found = reachable(tx, id, actor)?;
    require_licence(core)?;
    check_url(core, &wish.handler_url)?;
    let events = checked(wish)?;
    hand_over(tx, &core.keys, &found, actor.user_id)?;
    let retries = wish.retries.to_string();
    let sql = "UPDATE outbound SET title = ?, comment = ?, handler_url = ?, retries = ?, ordered = ?, active = 'Y', \
               disabled_because = NULL, failing_since = NULL WHERE id = ?";
    let params = [
        wish.title.as_str().into(),
        wish.comment.as_str().into(),
        wish.handler_url.as_str().into(),
        retries.as_str().into(),
        flag(wish.ordered).into(),
        id.into(),
    ];
    tx.execute(sql, &params)?;
    if found.ordered != wish.ordered {
        // What waits already keeps to the new rule, too.
        let sql = "UPDATE delivery SET ordered = ? WHERE state < 2 AND outbound_id = ?";
        tx.execute(sql, &[i64::from(wish.ordered).into(), id.into()])?;
    }
    for (event, subscription) in found.events.iter().filter(|(event, _)| !events.contains(event)) {
        tracing::debug!(outbound = id, event, "unsubscribed");
        tx.execute("DELETE FROM outbound_event WHERE id = ?", &[(*subscription).into()])?;
    }
    let known = |event: &String| found.events.iter().any(|(name, _)| name == event);
    let added: Vec<String> = events.into_iter().filter(|event| !known(event)).collect();
    subscribe(tx, id, &added)?;
    Meta::renew(tx)?;
    Ok(())
}

/// Pauses an outbound webhook, or lets it go on. What waits stays in the queue; what happens while it is
/// paused is not raised for it.
///
/// # Errors
/// As for [`update`].
pub fn set_active(tx: &mut Tx<'_>, core: &Core, id: i64, active: bool, actor: Actor) -> Result<()> {
    reachable(tx, id, actor)?;
    if active {
        require_licence(core)?;
    }
    let sql = "UPDATE outbound SET active = ?, disabled_because = NULL, failing_since = NULL WHERE id = ?";
    tx.execute(sql, &[flag(active).into(), id.into()])?;
    Meta::renew(tx)?;
    Ok(())
}

/// Deletes an outbound webhook. What waits for it is never sent; its log stays for as long as logs are kept.
///
/// # Errors
/// `ACCESS_DENIED` for another's when `actor` is no administrator; `ERROR_NOT_FOUND`.
pub fn delete(tx: &mut Tx<'_>, id: i64, actor: Actor) -> Result<()> {
    reachable(tx, id, actor)?;
    tx.execute("DELETE FROM outbound_event WHERE outbound_id = ?", &[id.into()])?;
    tx.execute("DELETE FROM outbound WHERE id = ?", &[id.into()])?;
    Meta::renew(tx)?;
    Ok(())
}

/// The outbound webhooks of a user, or of everybody, oldest first.
pub fn list(tx: &mut Tx<'_>, user_id: Option<i64>) -> Result<Vec<Outbound>> {
    let mut found = Vec::new();
    let sql =
        format!("SELECT {COLUMNS} FROM outbound WHERE CAST(? AS BIGINT) IS NULL OR user_id = ? ORDER BY id");
    tx.query(&sql, &[user_id.into(), user_id.into()], |row| {
        found.push(outbound(row)?);
        Ok(())
    })?;
    for outbound in &mut found {
        outbound.events = events_of(tx, outbound.id)?;
    }
    Ok(found)
}

/// One outbound webhook.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<Outbound>> {
    let sql = format!("SELECT {COLUMNS} FROM outbound WHERE id = ?");
    let Some(mut found) = tx.one(&sql, &[id.into()], outbound)? else { return Ok(None) };
    found.events = events_of(tx, id)?;
    Ok(Some(found))
}

/// One that the actor may see and change: one's own, or any for an administrator.
///
/// # Errors
/// `ACCESS_DENIED`, `ERROR_NOT_FOUND`.
pub fn reachable(tx: &mut Tx<'_>, id: i64, actor: Actor) -> Result<Outbound> {
    let found = find(tx, id)?.ok_or_else(|| Fault::not_found("There is no such outbound webhook."))?;
    if found.user_id == actor.user_id || actor.is_admin {
        Ok(found)
    } else {
        Err(fault::ACCESS_DENIED.into())
    }
}

/// Its secrets, for its owner alone: `None` for anybody else and when they cannot be opened.
pub fn reveal(tx: &mut Tx<'_>, keys: &Keys, id: i64, owner: i64) -> Result<Option<Secrets>> {
    let sql = "SELECT token, signing FROM outbound WHERE id = ? AND user_id = ?";
    let sealed =
        tx.one(sql, &[id.into(), owner.into()], |row| Ok((row.blob(0)?.to_vec(), row.blob(1)?.to_vec())))?;
    Ok(sealed.and_then(|(token, signing)| Secrets::open(keys, owner, &token, &signing)))
}

/// Outbound webhooks need an active licence on a self-hosted portal and do not work in demo mode.
pub(super) fn require_licence(core: &Core) -> Result<()> {
    if core.settings.outbound_available() {
        return Ok(());
    }
    let text = "Outbound webhooks need an active licence and do not work in demo mode; the operator sets it with --licence.";
    Err(Fault::new(403, "ACCESS_DENIED", text).into())
}

fn check_url(core: &Core, url: &str) -> Result<()> {
    core.settings.guard.check(url).map(drop).map_err(|refusal: Refusal| {
        let (code, _) = refusal.on_the_wire();
        Fault::new(400, code, refusal.to_string()).into()
    })
}

/// The wished events, in capitals, sorted, each once.
fn checked(wish: &Wish) -> Result<Vec<String>> {
    if wish.title.trim().is_empty() || wish.title.chars().count() > LONGEST_TITLE {
        let text = format!("A name has 1 to {LONGEST_TITLE} characters.");
        return Err(Fault::argument(text, "title").into());
    }
    let mut events: Vec<String> = wish.events.iter().map(|event| event.trim().to_ascii_uppercase()).collect();
    events.retain(|event| !event.is_empty());
    events.sort_unstable();
    events.dedup();
    if events.is_empty() {
        return Err(Fault::argument("Choose at least one event.", "events").into());
    }
    match events.iter().find(|event| registry().event(event).is_none()) {
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

/// Makes `owner` the owner; what is sealed for one can be opened by nobody else.
fn hand_over(tx: &mut Tx<'_>, keys: &Keys, outbound: &Outbound, owner: i64) -> Result<()> {
    if outbound.user_id == owner {
        return Ok(());
    }
    let secrets = reveal(tx, keys, outbound.id, outbound.user_id)?;
    let secrets =
        secrets.ok_or_else(|| Fault::core("The webhook's secrets cannot be opened: the key is another."))?;
    let (token, signing) = secrets.seal(keys, owner);
    let sql = "UPDATE outbound SET user_id = ?, token = ?, signing = ? WHERE id = ?";
    tx.execute(sql, &[owner.into(), token.as_slice().into(), signing.as_slice().into(), outbound.id.into()])?;
    Ok(())
}

fn events_of(tx: &mut Tx<'_>, id: i64) -> Result<Vec<(String, i64)>> {
    let mut events = Vec::new();
    tx.query(
        "SELECT event, id FROM outbound_event WHERE outbound_id = ? ORDER BY event",
        &[id.into()],
        |row| {
            events.push((row.text(0)?.to_owned(), row.int(1)?));
            Ok(())
        },
    )?;
    Ok(events)
}

fn flag(yes: bool) -> &'static str {
    if yes { "Y" } else { "N" }
}

fn outbound(row: &Row<'_>) -> std::result::Result<Outbound, store::Error> {
    Ok(Outbound {
        id: row.int(0)?,
        user_id: row.int(1)?,
        title: row.text(2)?.to_owned(),
        comment: row.text(3)?.to_owned(),
        handler_url: row.text(4)?.to_owned(),
        events: Vec::new(),
        retries: Policy::parse(row.text(5)?).unwrap_or_default(),
        ordered: row.text(6)? == "Y",
        active: row.text(7)? == "Y",
        disabled_because: row.opt_text(8)?.map(str::to_owned),
        failing_since: row.opt_int(9)?,
        created: row.int(10)?,
        listens: row.opt_int(11)?.is_some(),
    })
}
