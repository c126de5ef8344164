//! The inbound part of an integration: making, showing, changing and removing a webhook. Whose it is and who may
//! do which (protocol 8) is the matter of [`integration`](crate::integration); nothing here is reachable by a
//! REST method.

use ipnet::IpNet;
use store::{Row, Tx};

use super::Secret;
use engine::error::Result;
use engine::input::yes_no;
use engine::keys::Keys;
use engine::meta::Meta;

/// A webhook as its owner and administrators see it: without the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Its number.
    pub id: i64,
    /// The integration whose part it is.
    pub integration_id: i64,
    /// Its settings.
    pub input: Input,
    /// When it was last used, Unix seconds, as of the last time that stamps were written.
    pub last_used: Option<i64>,
    /// From which address.
    pub last_address: Option<String>,
    /// The administrator with whose link the owner's password was set since: the secret is not shown any more.
    pub hidden_by: Option<i64>,
}

/// Settings of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its scopes.
    pub scopes: Vec<String>,
    /// Whether it may be used.
    pub active: bool,
    /// When it stops working, Unix seconds; never when `None`.
    pub expires: Option<i64>,
    /// From where it may be used; from everywhere when there are none.
    pub networks: Vec<IpNet>,
    /// Whether it may call only methods that change nothing.
    pub read_only: bool,
}

impl Default for Input {
    /// Works for ever and from everywhere, and opens nothing.
    fn default() -> Self {
        Input { scopes: Vec::new(), active: true, expires: None, networks: Vec::new(), read_only: false }
    }
}

const COLUMNS: &str =
    "id, integration_id, scopes, active, expires, networks, read_only, last_used, last_address, hidden_by";

/// Makes the webhook of an integration of `owner`'s and gives its number.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    keys: &Keys,
    integration: i64,
    owner: i64,
    input: &Input,
    secret: &Secret,
) -> Result<i64> {
    let lookup = keys.lookup(owner, secret.reveal());
    let sealed = keys.seal(owner, secret.reveal());
    let sql = "INSERT INTO hook (integration_id, lookup, sealed, scopes, active, expires, networks, read_only) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let (scopes, networks) = (joined(&input.scopes), listed(&input.networks));
    let params = [
        integration.into(),
        lookup.as_slice().into(),
        sealed.as_slice().into(),
        scopes.as_str().into(),
        yes_no(input.active).into(),
        input.expires.into(),
        networks.as_str().into(),
        yes_no(input.read_only).into(),
    ];
    Ok(tx.insert(sql, &params)?)
}

/// Changes a webhook; its secret stays.
pub(crate) fn change(tx: &mut Tx<'_>, id: i64, input: &Input) -> Result<()> {
    let sql = "UPDATE hook SET scopes = ?, active = ?, expires = ?, networks = ?, read_only = ? WHERE id = ?";
    let (scopes, networks) = (joined(&input.scopes), listed(&input.networks));
    let params = [
        scopes.as_str().into(),
        yes_no(input.active).into(),
        input.expires.into(),
        networks.as_str().into(),
        yes_no(input.read_only).into(),
        id.into(),
    ];
    tx.execute(sql, &params)?;
    Meta::outdate(tx)
}

/// Pauses a webhook, or lets it work again.
pub(crate) fn set_active(tx: &mut Tx<'_>, id: i64, active: bool) -> Result<()> {
    tx.execute("UPDATE hook SET active = ? WHERE id = ?", &[yes_no(active).into(), id.into()])?;
    Meta::outdate(tx)
}

/// Replaces the secret by one for `owner`; the old URL is dead at once.
pub(crate) fn renew(tx: &mut Tx<'_>, keys: &Keys, id: i64, owner: i64, secret: &Secret) -> Result<()> {
    let lookup = keys.lookup(owner, secret.reveal());
    let sealed = keys.seal(owner, secret.reveal());
    let sql = "UPDATE hook SET lookup = ?, sealed = ?, last_used = NULL, last_address = NULL, hidden_by = NULL \
               WHERE id = ?";
    tx.execute(sql, &[lookup.as_slice().into(), sealed.as_slice().into(), id.into()])?;
    Meta::outdate(tx)
}

/// From now on the secrets of a user's webhooks are not shown any more: the user's password was set with a link of
/// `by`'s.
pub fn hide(tx: &mut Tx<'_>, owner: i64, by: i64) -> Result<()> {
    let sql = "UPDATE hook SET hidden_by = ? \
               WHERE integration_id IN (SELECT id FROM integration WHERE user_id = ?)";
    tx.execute(sql, &[by.into(), owner.into()])?;
    Ok(())
}

/// Removes a webhook; its URL is dead at once.
pub(crate) fn remove(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.execute("DELETE FROM hook WHERE id = ?", &[id.into()])?;
    Meta::outdate(tx)
}

/// The webhook of an integration.
pub(crate) fn of(tx: &mut Tx<'_>, integration: i64) -> Result<Option<Hook>> {
    let sql = format!("SELECT {COLUMNS} FROM hook WHERE integration_id = ?");
    Ok(tx.one(&sql, &[integration.into()], hook)?)
}

/// Every webhook, oldest first.
pub(crate) fn all(tx: &mut Tx<'_>) -> Result<Vec<Hook>> {
    Ok(tx.all(&format!("SELECT {COLUMNS} FROM hook ORDER BY id"), &[], hook)?)
}

/// The secret of a webhook, for its owner alone: `None` for anybody else and when it cannot be opened.
pub(crate) fn reveal(tx: &mut Tx<'_>, keys: &Keys, id: i64, owner: i64) -> Result<Option<Secret>> {
    let sql = "SELECT sealed FROM hook WHERE id = ?";
    let sealed = tx.one(sql, &[id.into()], |row| Ok(row.blob(0)?.to_vec()))?;
    Ok(sealed.and_then(|sealed| keys.open(owner, &sealed)).map(Secret::from))
}

/// The number of the owner's webhook that has this secret.
pub fn known_by(tx: &mut Tx<'_>, keys: &Keys, owner: i64, secret: &Secret) -> Result<Option<i64>> {
    let lookup = keys.lookup(owner, secret.reveal());
    Ok(tx.one("SELECT id FROM hook WHERE lookup = ?", &[lookup.as_slice().into()], |row| row.int(0))?)
}

/// Scopes as they are stored: sorted, each once, separated by commas.
fn joined(scopes: &[String]) -> String {
    let mut scopes: Vec<&str> =
        scopes.iter().map(|scope| scope.trim()).filter(|scope| !scope.is_empty()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes.join(",")
}

/// Networks as they are stored.
fn listed(networks: &[IpNet]) -> String {
    networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn hook(row: &Row<'_>) -> std::result::Result<Hook, store::Error> {
    let parts =
        |text: &str| text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let input = Input {
        scopes: parts(row.text(2)?),
        active: row.text(3)? == "Y",
        expires: row.opt_int(4)?,
        networks: parts(row.text(5)?).iter().filter_map(|network| network.parse().ok()).collect(),
        read_only: row.text(6)? == "Y",
    };
    Ok(Hook {
        id: row.int(0)?,
        integration_id: row.int(1)?,
        input,
        last_used: row.opt_int(7)?,
        last_address: row.opt_text(8)?.map(str::to_owned),
        hidden_by: row.opt_int(9)?,
    })
}
