//! Signed-in people: a random token in a cookie, of which only a keyed hash is stored.

use store::Tx;

use super::joined;
use crate::error::Result;
use crate::keys::{Keys, random_code};
use crate::moment::Moment;
use crate::portal::Core;

/// How many characters a token has: 165 bits.
const LENGTH: usize = 32;

/// How long a sign-in lasts, in seconds: two weeks from the sign-in, used or not.
pub const LIFETIME: i64 = 14 * 24 * 3600;

/// Tokens belong to nobody until they are looked up, so all are hashed as this owner's; webhooks have owners
/// from 1 on, and a secret of theirs can never be taken for a token.
const NOBODY: i64 = 0;

/// A new token. To be made before the transaction that stores it, since that may run twice.
pub fn token() -> String {
    random_code(LENGTH)
}

/// Signs a user in under a token of [`token`]. The first time raises `ONUSERADD`.
pub fn create(tx: &mut Tx<'_>, core: &Core, user_id: i64, token: &str, now: Moment) -> Result<()> {
    let sql = "INSERT INTO portal_session (lookup, user_id, created, expires) VALUES (?, ?, ?, ?)";
    let (lookup, seconds) = (core.keys.lookup(NOBODY, token), now.seconds());
    tx.execute(
        sql,
        &[lookup.as_slice().into(), user_id.into(), seconds.into(), (seconds + LIFETIME).into()],
    )?;
    let first = "UPDATE portal_user SET last_login = ? WHERE id = ? AND last_login IS NULL";
    let is_first = tx.execute(first, &[seconds.into(), user_id.into()])? > 0;
    let sql = "UPDATE portal_user SET last_login = ?, last_activity_date = ? WHERE id = ?";
    tx.execute(sql, &[seconds.into(), seconds.into(), user_id.into()])?;
    if is_first { joined::tell(tx, core, user_id, now) } else { Ok(()) }
}

/// The user signed in under that token; `None` when it is unknown or over, or the user was dismissed.
pub fn find(tx: &mut Tx<'_>, keys: &Keys, token: &str, now: Moment) -> Result<Option<i64>> {
    let sql = "SELECT s.user_id FROM portal_session s JOIN portal_user u ON u.id = s.user_id \
               WHERE s.lookup = ? AND s.expires > ? AND u.active = 'Y'";
    let lookup = keys.lookup(NOBODY, token);
    Ok(tx.one(sql, &[lookup.as_slice().into(), now.seconds().into()], |row| row.int(0))?)
}

/// Notes that a signed-in user was seen, which is what `IS_ONLINE` goes by.
pub fn seen(tx: &mut Tx<'_>, user_id: i64, now: Moment) -> Result<()> {
    let sql = "UPDATE portal_user SET last_activity_date = ? WHERE id = ?";
    tx.execute(sql, &[now.seconds().into(), user_id.into()])?;
    Ok(())
}

/// Signs out.
pub fn end(tx: &mut Tx<'_>, keys: &Keys, token: &str) -> Result<()> {
    let lookup = keys.lookup(NOBODY, token);
    tx.execute("DELETE FROM portal_session WHERE lookup = ?", &[lookup.as_slice().into()])?;
    Ok(())
}

/// Signs a user out everywhere.
pub fn end_all(tx: &mut Tx<'_>, user_id: i64) -> Result<()> {
    tx.execute("DELETE FROM portal_session WHERE user_id = ?", &[user_id.into()])?;
    Ok(())
}

/// Forgets sign-ins that are over.
pub fn expire(tx: &mut Tx<'_>, now: Moment) -> Result<()> {
    tx.execute("DELETE FROM portal_session WHERE expires <= ?", &[now.seconds().into()])?;
    Ok(())
}
