//! Browsers in which a person signed in before: a random token in a long-lived cookie, of which only a keyed hash is
//! stored. It opens nothing; it lets its browser try passwords while somebody elsewhere guesses them.

use store::Tx;

use engine::error::Result;
use engine::keys::{Keys, Lookup};
use engine::moment::Moment;

/// How long a browser is known after a sign-in, in seconds: 400 days, the longest that browsers keep a cookie.
pub const LIFETIME: i64 = 400 * 24 * 3600;

/// A user's browsers that are remembered, the latest ones.
const MAX: usize = 20;

/// Tokens are hashed as this owner's, so that none can pass for a session or a webhook.
const DEVICES: i64 = -3;

/// Remembers that a user signed in with the browser that has this token from now on; `before` is the one it had.
pub fn remember(
    tx: &mut Tx<'_>,
    keys: &Keys,
    user_id: i64,
    before: Option<&str>,
    token: &str,
    now: Moment,
) -> Result<()> {
    if let Some(before) = before {
        let sql = "DELETE FROM portal_device WHERE lookup = ? AND user_id = ?";
        tx.execute(sql, &[keys.lookup(DEVICES, before).as_slice().into(), user_id.into()])?;
    }
    let lookup = keys.lookup(DEVICES, token);
    let sql = "INSERT INTO portal_device (lookup, user_id, created) VALUES (?, ?, ?)";
    tx.execute(sql, &[lookup.as_slice().into(), user_id.into(), now.seconds().into()])?;
    let sql = format!(
        "DELETE FROM portal_device WHERE user_id = ? AND (created <= ? OR id NOT IN \
         (SELECT id FROM portal_device WHERE user_id = ? ORDER BY id DESC LIMIT {MAX}))"
    );
    tx.execute(&sql, &[user_id.into(), (now.seconds() - LIFETIME).into(), user_id.into()])?;
    Ok(())
}

/// Whether the user with that address signed in with the browser of a token before: what stands for the browser then.
pub fn find(tx: &mut Tx<'_>, keys: &Keys, token: &str, email: &str, now: Moment) -> Result<Option<Lookup>> {
    let sql = "SELECT d.id FROM portal_device d JOIN portal_user u ON u.id = d.user_id \
               WHERE d.lookup = ? AND d.created > ? AND u.email = ? AND u.active = 'Y'";
    let lookup = keys.lookup(DEVICES, token);
    let since = now.seconds() - LIFETIME;
    let params = [lookup.as_slice().into(), since.into(), email.trim().to_lowercase().into()];
    Ok(tx.one(sql, &params, |row| row.int(0))?.map(|_| lookup))
}

/// Whether a user signed in with the browser of a token before: what stands for the browser then.
pub fn find_of(
    tx: &mut Tx<'_>,
    keys: &Keys,
    token: &str,
    user_id: i64,
    now: Moment,
) -> Result<Option<Lookup>> {
    let sql = "SELECT id FROM portal_device WHERE lookup = ? AND created > ? AND user_id = ?";
    let lookup = keys.lookup(DEVICES, token);
    let params = [lookup.as_slice().into(), (now.seconds() - LIFETIME).into(), user_id.into()];
    Ok(tx.one(sql, &params, |row| row.int(0))?.map(|_| lookup))
}

/// Forgets all browsers of a user.
pub fn forget_all(tx: &mut Tx<'_>, user_id: i64) -> Result<()> {
    tx.execute("DELETE FROM portal_device WHERE user_id = ?", &[user_id.into()])?;
    Ok(())
}
