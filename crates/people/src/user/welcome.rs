//! One-time links with which a person chooses a password: the first sign-in of whoever was invited, and the
//! way back in for who forgot it. Of the code in a link only a keyed hash is stored.

use store::Tx;
use wire::Fault;

use super::{Hashed, User, account, password};
use engine::audit::By;
use engine::error::Result;
use engine::keys::{Keys, random_code};
use engine::moment::Moment;
use webhooks::hooks::manage as inbound;
use webhooks::outbound::manage as outbound;

/// How many characters a code has: 165 bits.
const LENGTH: usize = 32;

/// How long a link can be used, in seconds: three days.
pub const LIFETIME: i64 = 3 * 24 * 3600;
const HOUR: i64 = 3600;

/// Codes are hashed as this owner's, so that none can pass for a session or a webhook.
const WELCOMES: i64 = -2;

/// The code of a new link. To be made before the transaction that stores it, since that may run twice.
pub fn code() -> String {
    random_code(LENGTH)
}

/// Where under the portal's address a person chooses a password. The code stands in the fragment, which browsers
/// send to nobody.
pub fn path(code: &str) -> String {
    format!("/sign-in#welcome={code}")
}

/// Makes a code the one with which a user can choose a password; earlier ones are worth nothing from now on. `by` is
/// who knows it beside the user.
pub fn invite(tx: &mut Tx<'_>, keys: &Keys, by: &By, user_id: i64, code: &str, now: Moment) -> Result<()> {
    store(tx, keys, by.user_id, user_id, (code, now.seconds() + LIFETIME))
}

/// The same for the user alone, who forgot the password: for an hour.
pub fn way_back(tx: &mut Tx<'_>, keys: &Keys, user_id: i64, code: &str, now: Moment) -> Result<()> {
    store(tx, keys, Some(user_id), user_id, (code, now.seconds() + HOUR))
}

fn store(
    tx: &mut Tx<'_>,
    keys: &Keys,
    made_by: Option<i64>,
    user_id: i64,
    (code, expires): (&str, i64),
) -> Result<()> {
    let lookup = keys.lookup(WELCOMES, code);
    let sql = "INSERT INTO portal_welcome (user_id, lookup, expires, made_by) VALUES (?, ?, ?, ?) \
               ON CONFLICT (user_id) DO UPDATE SET lookup = excluded.lookup, expires = excluded.expires, \
               made_by = excluded.made_by";
    let params = [user_id.into(), lookup.as_slice().into(), expires.into(), made_by.into()];
    tx.execute(sql, &params)?;
    Ok(())
}

/// The active user whom a code is for.
///
/// # Errors
/// `ERROR_NOT_FOUND` for a code that is unknown, used or too old.
pub fn look(tx: &mut Tx<'_>, keys: &Keys, code: &str, now: Moment) -> Result<User> {
    let lookup = keys.lookup(WELCOMES, code);
    let sql = "SELECT user_id FROM portal_welcome WHERE lookup = ? AND expires > ?";
    let user_id = tx.one(sql, &[lookup.as_slice().into(), now.seconds().into()], |row| row.int(0))?;
    let user = user_id.map(|id| account::find(tx, id)).transpose()?.flatten();
    let gone =
        || Fault::not_found("This link has already been used or has expired. Ask for a new one.").into();
    user.filter(|user| user.active).ok_or_else(gone)
}

/// Uses a code up: its user has this password from now on, and no sign-in of before. Whoever made the code may be the
/// one who uses it; so unless that was the user, or the operator, who has the key anyway, the secrets of the user's
/// webhooks are not shown any more.
///
/// # Errors
/// As for [`look`].
pub fn accept(tx: &mut Tx<'_>, keys: &Keys, code: &str, password: &Hashed, now: Moment) -> Result<User> {
    let user = look(tx, keys, code, now)?;
    let sql = "SELECT made_by FROM portal_welcome WHERE user_id = ?";
    let made_by = tx.one(sql, &[user.id.into()], |row| row.opt_int(0))?.flatten();
    password::set_password(tx, user.id, password)?;
    if let Some(by) = made_by.filter(|by| *by != user.id) {
        inbound::hide(tx, user.id, by)?;
        outbound::hide(tx, user.id, by)?;
    }
    Ok(user)
}

/// Ends a user's link, if there is one.
pub fn withdraw(tx: &mut Tx<'_>, user_id: i64) -> Result<()> {
    tx.execute("DELETE FROM portal_welcome WHERE user_id = ?", &[user_id.into()])?;
    Ok(())
}

/// Whether the portal still waits for its first person: nobody has a password yet.
pub fn is_setup(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.one("SELECT user_id FROM portal_account LIMIT 1", &[], |row| row.int(0))?.is_none())
}
