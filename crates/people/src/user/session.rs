//! Signed-in people: a random token in a cookie, of which only a keyed hash is stored.

use store::Tx;

use super::joined;
use engine::Core;
use engine::error::Result;
use engine::keys::{Keys, random_code};
use engine::moment::Moment;
use engine::timetable::{Job, Next};

/// How many characters a token has: 165 bits.
const LENGTH: usize = 32;

/// How long a sign-in lasts that a browser is to remember, in seconds: two weeks from the sign-in, used or not.
pub const LIFETIME: i64 = 14 * 24 * 3600;

/// How long one lasts that the browser forgets when it is closed: a day, in case it never is.
pub const SHORT_LIFETIME: i64 = 24 * 3600;

/// Tokens belong to nobody until they are looked up, so all are hashed as this owner's; webhooks have owners
/// from 1 on, and a secret of theirs can never be taken for a token.
const NOBODY: i64 = 0;

/// The maximum length of a stored User-Agent.
const AGENT: usize = 300;

/// A sign-in to be made.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The user who signs in.
    pub user_id: i64,
    /// From where, as text.
    pub address: String,
    /// The User-Agent; may be empty.
    pub agent: String,
    /// Seconds that it lasts.
    pub lifetime: i64,
}

/// A sign-in as its user sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The number.
    pub id: i64,
    /// When it began, Unix seconds.
    pub created: i64,
    /// When it was last used, within a minute or so; Unix seconds.
    pub seen: i64,
    /// When it ends, Unix seconds.
    pub expires: i64,
    /// From where it began.
    pub address: String,
    /// The User-Agent.
    pub agent: String,
}

/// The sign-in that a token belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its number.
    pub id: i64,
    /// Its user.
    pub user_id: i64,
    /// When it was last seen, Unix seconds.
    pub seen: i64,
    /// When it ends, Unix seconds; `None` when the browser forgets it, at the latest a day after it began.
    pub expires: Option<i64>,
}

/// A new token. To be made before the transaction that stores it, since that may run twice.
pub fn token() -> String {
    random_code(LENGTH)
}

/// Signs a user in under a token of [`token`]. The first time raises `ONUSERADD`.
pub fn create(tx: &mut Tx<'_>, core: &Core, new: &NewSession, token: &str, now: Moment) -> Result<()> {
    let sql = "INSERT INTO portal_session (lookup, user_id, created, seen, expires, address, agent) \
               VALUES (?, ?, ?, ?, ?, ?, ?)";
    let (lookup, seconds, user_id) = (core.keys.lookup(NOBODY, token), now.seconds(), new.user_id);
    let agent: String = new.agent.chars().take(AGENT).collect();
    let params = [
        lookup.as_slice().into(),
        user_id.into(),
        seconds.into(),
        seconds.into(),
        (seconds + new.lifetime).into(),
        new.address.as_str().into(),
        agent.into(),
    ];
    tx.execute(sql, &params)?;
    let first = "UPDATE portal_user SET last_login = ? WHERE id = ? AND last_login IS NULL";
    let is_first = tx.execute(first, &[seconds.into(), user_id.into()])? > 0;
    let sql = "UPDATE portal_user SET last_login = ?, last_activity_date = ? WHERE id = ?";
    tx.execute(sql, &[seconds.into(), seconds.into(), user_id.into()])?;
    if is_first { joined::tell(tx, core, user_id, now) } else { Ok(()) }
}

/// The sign-in under that token; `None` when it is unknown or over, or the user was dismissed.
pub fn find(tx: &mut Tx<'_>, keys: &Keys, token: &str, now: Moment) -> Result<Option<Found>> {
    let sql = "SELECT s.id, s.user_id, s.seen, s.created, s.expires FROM portal_session s JOIN portal_user u ON u.id = s.user_id \
               WHERE s.lookup = ? AND s.expires > ? AND u.active = 'Y'";
    let lookup = keys.lookup(NOBODY, token);
    let params = [lookup.as_slice().into(), now.seconds().into()];
    Ok(tx.one(sql, &params, |row| {
        let (created, expires) = (row.int(3)?, row.int(4)?);
        let expires = (expires - created > SHORT_LIFETIME).then_some(expires);
        Ok(Found { id: row.int(0)?, user_id: row.int(1)?, seen: row.int(2)?, expires })
    })?)
}

/// A user's sign-ins that are not over, the newest first.
pub fn list(tx: &mut Tx<'_>, user_id: i64, now: Moment) -> Result<Vec<Session>> {
    let sql = "SELECT id, created, seen, expires, address, agent FROM portal_session \
               WHERE user_id = ? AND expires > ? ORDER BY id DESC";
    Ok(tx.all(sql, &[user_id.into(), now.seconds().into()], |row| {
        Ok(Session {
            id: row.int(0)?,
            created: row.int(1)?,
            seen: row.int(2)?,
            expires: row.int(3)?,
            address: row.text(4)?.to_owned(),
            agent: row.text(5)?.to_owned(),
        })
    })?)
}

/// Notes that a sign-in was used, and its user seen, which is what `IS_ONLINE` goes by.
pub fn seen(tx: &mut Tx<'_>, session: Found, now: Moment) -> Result<()> {
    let seconds = now.seconds();
    tx.execute("UPDATE portal_session SET seen = ? WHERE id = ?", &[seconds.into(), session.id.into()])?;
    let sql = "UPDATE portal_user SET last_activity_date = ? WHERE id = ?";
    tx.execute(sql, &[seconds.into(), session.user_id.into()])?;
    Ok(())
}

/// Gives a sign-in another token; the one of before is worth nothing from now on.
pub fn renew(tx: &mut Tx<'_>, keys: &Keys, id: i64, token: &str) -> Result<()> {
    let lookup = keys.lookup(NOBODY, token);
    tx.execute("UPDATE portal_session SET lookup = ? WHERE id = ?", &[lookup.as_slice().into(), id.into()])?;
    Ok(())
}

/// Ends one of a user's sign-ins; false when the user has none of that number.
pub fn end(tx: &mut Tx<'_>, user_id: i64, id: i64) -> Result<bool> {
    let sql = "DELETE FROM portal_session WHERE id = ? AND user_id = ?";
    Ok(tx.execute(sql, &[id.into(), user_id.into()])? > 0)
}

/// Signs a user out everywhere.
pub fn end_all(tx: &mut Tx<'_>, user_id: i64) -> Result<()> {
    tx.execute("DELETE FROM portal_session WHERE user_id = ?", &[user_id.into()])?;
    Ok(())
}

/// Signs a user out everywhere but here.
pub fn end_others(tx: &mut Tx<'_>, user_id: i64, id: i64) -> Result<()> {
    let sql = "DELETE FROM portal_session WHERE user_id = ? AND id <> ?";
    tx.execute(sql, &[user_id.into(), id.into()])?;
    Ok(())
}

/// Forgets sign-ins that are over.
pub const EXPIRE: Job = Job {
    kind: "user.sessions",
    run: |task| expire(task.tx, task.now).map(|()| Next::Done),
    every: Some(3_600),
};

/// Forgets sign-ins that are over.
pub fn expire(tx: &mut Tx<'_>, now: Moment) -> Result<()> {
    tx.execute("DELETE FROM portal_session WHERE expires <= ?", &[now.seconds().into()])?;
    Ok(())
}
