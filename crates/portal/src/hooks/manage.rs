//! Making, showing, renewing and revoking webhooks. Who may do which is protocol 8; nothing here is
//! reachable by a REST method.

use store::{Row, Tx};

use super::Secret;
use crate::error::Result;
use crate::keys::Keys;
use crate::moment::Moment;

/// A webhook as its owner and administrators see it: without the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Its number.
    pub id: i64,
    /// The user as whom it acts.
    pub user_id: i64,
    /// Its name.
    pub title: String,
    /// What it is for.
    pub comment: String,
    /// Its scopes, sorted.
    pub scopes: Vec<String>,
    /// Whether it may be used.
    pub active: bool,
    /// When it was made, Unix seconds.
    pub created: i64,
    /// When it stops working, Unix seconds; never when `None`.
    pub expires: Option<i64>,
    /// When it was last used, Unix seconds, as of the last time that stamps were written.
    pub last_used: Option<i64>,
    /// From which address.
    pub last_address: Option<String>,
}

/// A webhook to be made.
#[derive(Clone, Debug)]
pub struct NewHook {
    /// The user as whom it acts.
    pub user_id: i64,
    /// Its name.
    pub title: String,
    /// What it is for.
    pub comment: String,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// When it stops working, Unix seconds.
    pub expires: Option<i64>,
}

const COLUMNS: &str =
    "id, user_id, title, comment, scopes, active, created, expires, last_used, last_address";

/// Makes a webhook with this secret and gives its number.
pub fn create(tx: &mut Tx<'_>, keys: &Keys, new: &NewHook, secret: &Secret, now: Moment) -> Result<i64> {
    let lookup = keys.lookup(new.user_id, secret.reveal());
    let sealed = keys.seal(new.user_id, secret.reveal());
    let sql = "INSERT INTO hook (user_id, title, comment, lookup, sealed, scopes, active, created, expires) \
               VALUES (?, ?, ?, ?, ?, ?, 'Y', ?, ?)";
    let scopes = joined(&new.scopes);
    let params = [
        new.user_id.into(),
        new.title.as_str().into(),
        new.comment.as_str().into(),
        lookup.as_slice().into(),
        sealed.as_slice().into(),
        scopes.as_str().into(),
        now.seconds().into(),
        new.expires.into(),
    ];
    Ok(tx.insert(sql, &params)?)
}

/// The webhooks of a user, or of everybody, oldest first.
pub fn list(tx: &mut Tx<'_>, user_id: Option<i64>) -> Result<Vec<Hook>> {
    let mut hooks = Vec::new();
    let mut keep = |row: &Row<'_>| {
        hooks.push(hook(row)?);
        Ok(())
    };
    match user_id {
        Some(user) => {
            tx.query(
                &format!("SELECT {COLUMNS} FROM hook WHERE user_id = ? ORDER BY id"),
                &[user.into()],
                &mut keep,
            )?;
        }
        None => tx.query(&format!("SELECT {COLUMNS} FROM hook ORDER BY id"), &[], &mut keep)?,
    }
    Ok(hooks)
}

/// One webhook.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<Hook>> {
    Ok(tx.one(&format!("SELECT {COLUMNS} FROM hook WHERE id = ?"), &[id.into()], hook)?)
}

/// The secret of a webhook, for its owner alone: `None` for anybody else and when it cannot be opened.
pub fn reveal(tx: &mut Tx<'_>, keys: &Keys, id: i64, owner: i64) -> Result<Option<Secret>> {
    let sql = "SELECT sealed FROM hook WHERE id = ? AND user_id = ?";
    let sealed = tx.one(sql, &[id.into(), owner.into()], |row| Ok(row.blob(0)?.to_vec()))?;
    Ok(sealed.and_then(|sealed| keys.open(owner, &sealed)).map(Secret::from))
}

/// Replaces the secret and makes `owner` the owner; the old URL is dead at once. False when there is no such webhook.
pub fn regenerate(tx: &mut Tx<'_>, keys: &Keys, id: i64, owner: i64, secret: &Secret) -> Result<bool> {
    let lookup = keys.lookup(owner, secret.reveal());
    let sealed = keys.seal(owner, secret.reveal());
    let sql = "UPDATE hook SET user_id = ?, lookup = ?, sealed = ?, last_used = NULL, last_address = NULL WHERE id = ?";
    let params = [owner.into(), lookup.as_slice().into(), sealed.as_slice().into(), id.into()];
    Ok(tx.execute(sql, &params)? > 0)
}

/// Deletes a webhook; false when there is none.
pub fn revoke(tx: &mut Tx<'_>, id: i64) -> Result<bool> {
    Ok(tx.execute("DELETE FROM hook WHERE id = ?", &[id.into()])? > 0)
}

/// Scopes as they are stored: sorted, each once, separated by commas.
fn joined(scopes: &[String]) -> String {
    let mut scopes: Vec<&str> =
        scopes.iter().map(|scope| scope.trim()).filter(|scope| !scope.is_empty()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes.join(",")
}

fn hook(row: &Row<'_>) -> std::result::Result<Hook, store::Error> {
    Ok(Hook {
        id: row.int(0)?,
        user_id: row.int(1)?,
        title: row.text(2)?.to_owned(),
        comment: row.text(3)?.to_owned(),
        scopes: row.text(4)?.split(',').filter(|scope| !scope.is_empty()).map(str::to_owned).collect(),
        active: row.text(5)? == "Y",
        created: row.int(6)?,
        expires: row.opt_int(7)?,
        last_used: row.opt_int(8)?,
        last_address: row.opt_text(9)?.map(str::to_owned),
    })
}
