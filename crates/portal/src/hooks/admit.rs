//! Whether a call may come in: from user id and secret to the caller (protocol 3.2 and 7).

use std::net::IpAddr;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use store::Tx;
use subtle::ConstantTimeEq;
use wire::{Text, fault};

use super::Secret;
use crate::call::Caller;
use crate::error::Result;
use crate::keys::Keys;
use crate::moment::Moment;

/// A webhook that was recognised.
#[derive(Debug)]
pub struct Admitted {
    /// The webhook and its owner.
    pub caller: Caller,
    /// Whether the owner still works here.
    pub owner_active: bool,
    /// The version of the portal's [`Meta`](crate::meta::Meta) that this transaction sees.
    pub version: Text,
}

/// Where a call came to, besides its credentials.
#[derive(Clone, Copy, Debug)]
pub struct Door<'a> {
    /// Where it came from.
    pub address: IpAddr,
    /// The portal's zone, for users without one of their own.
    pub zone: &'a TimeZone,
    /// When it came.
    pub now: Moment,
}

// The hash is of the owner's number, too, so what is found by it is this user's.
const SQL: &str = "SELECT h.id, h.lookup, h.scopes, h.active, h.expires, u.active, u.is_admin, u.time_zone, s.value, \
     h.integration_id, h.read_only, h.networks \
     FROM hook h JOIN portal_user u ON u.id = ? JOIN portal_state s ON s.name = 'version' WHERE h.lookup = ?";

/// Recognises a webhook. A wrong secret, another user's secret, a disabled and an expired webhook, and one that
/// is called from where it may not be, all answer `INVALID_CREDENTIALS` (protocol 3.4).
pub fn admit(tx: &mut Tx<'_>, keys: &Keys, user: &str, secret: &Secret, door: Door<'_>) -> Result<Admitted> {
    // Only the usual spelling of a number is one; `01` and `+1` would be logins (protocol 1.1), which we have not.
    let number = user.parse().ok().filter(|_| !user.starts_with(['+', '0']));
    let user_id: i64 = number.ok_or(fault::INVALID_CREDENTIALS)?;
    let lookup = keys.lookup(user_id, secret.reveal());
    let found = tx.one(SQL, &[user_id.into(), lookup.as_slice().into()], |row| {
        // The index compared bytes already, but in no constant time.
        let same = bool::from(row.blob(1)?.ct_eq(&lookup));
        let alive = row.text(3)? == "Y" && row.opt_int(4)?.is_none_or(|expires| door.now.seconds() < expires);
        let alive = alive && is_from(row.text(11)?, door.address, row.int(0)?);
        let caller = Caller {
            hook_id: row.int(0)?,
            integration_id: row.int(9)?,
            read_only: row.text(10)? == "Y",
            scopes: Text::new(row.text(2)?),
            user_id,
            is_admin: row.int(6)? != 0,
            zone: zone_of(row.opt_text(7)?, door.zone),
        };
        let admitted =
            Admitted { caller, owner_active: row.text(5)? == "Y", version: Text::new(row.text(8)?) };
        Ok((same && alive).then_some(admitted))
    })?;
    found.flatten().ok_or_else(|| fault::INVALID_CREDENTIALS.into())
}

/// Whether an address lies in one of a webhook's networks. Whoever stole the secret is not told that it is right;
/// the log tells the operator.
fn is_from(networks: &str, address: IpAddr, hook: i64) -> bool {
    let address = address.to_canonical();
    let within = |network: &str| network.parse().is_ok_and(|network: IpNet| network.contains(&address));
    let welcome = networks.is_empty() || networks.split(',').any(within);
    if !welcome {
        tracing::warn!(hook, %address, "a webhook was called from outside of its networks");
    }
    welcome
}

/// A user's own zone, or the portal's.
fn zone_of(name: Option<&str>, portal: &TimeZone) -> TimeZone {
    name.filter(|name| !name.is_empty())
        .and_then(|name| TimeZone::get(name).ok())
        .unwrap_or_else(|| portal.clone())
}
