//! Whether a call may come in: from user id and secret to the caller (protocol 3.2 and 7).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use parking_lot::RwLock;
use store::{Row, Tx};
use subtle::ConstantTimeEq;
use wire::{Text, fault};

use super::Secret;
use engine::Shared;
use engine::call::Caller;
use engine::error::Result;
use engine::keys::{Keys, Lookup};
use engine::meta::Kept;
use engine::moment::Moment;

/// A webhook that was recognised.
#[derive(Debug)]
pub struct Admitted {
    /// The webhook and its owner.
    pub caller: Caller,
    /// Whether the owner still works here.
    pub owner_active: bool,
    /// When it stops working, Unix seconds.
    expires: Option<i64>,
    /// From where it may be used; `None` for everywhere.
    networks: Option<Vec<IpNet>>,
}

/// The webhooks that were recognised under one version of [`Meta`](engine::meta::Meta), which is a part of it: whatever
/// changes what is in here must [outdate](engine::meta::Meta::outdate) it.
#[derive(Debug, Default)]
pub struct Admissions(RwLock<HashMap<Lookup, Arc<Admitted>>>);

/// Webhooks that are kept in memory; with more, some are looked up again.
const MAX: usize = 10_000;

impl Kept for Admissions {
    fn load(_: &mut Tx<'_>) -> Result<Self> {
        Ok(Admissions::default())
    }
}

impl Admissions {
    fn get(&self, lookup: &Lookup) -> Option<Arc<Admitted>> {
        self.0.read().get(lookup).cloned()
    }

    fn keep(&self, lookup: Lookup, admitted: &Arc<Admitted>) {
        let mut kept = self.0.write();
        if kept.len() >= MAX {
            kept.clear();
        }
        kept.insert(lookup, Arc::clone(admitted));
    }
}

/// Where a call came to, besides its credentials.
#[derive(Clone, Copy, Debug)]
pub struct CallOrigin {
    /// Where it came from.
    pub address: IpAddr,
    /// When it came.
    pub now: Moment,
}

/// Recognises a webhook. A wrong secret, another user's secret, a disabled and an expired webhook, and one that
/// is called from where it may not be, all answer `INVALID_CREDENTIALS` (protocol 3.4).
pub fn admit(
    tx: &mut Tx<'_>,
    keys: &Keys,
    shared: &Shared,
    (user, secret): (&str, &Secret),
    origin: CallOrigin,
) -> Result<Arc<Admitted>> {
    // Only the usual spelling of a number is one; `01` and `+1` would be logins (protocol 1.1), which we have not.
    let number = user.parse().ok().filter(|_| !user.starts_with(['+', '0']));
    let user_id: i64 = number.ok_or(fault::INVALID_CREDENTIALS)?;
    let lookup = keys.lookup(user_id, secret.reveal());
    let admitted = match shared.meta.section::<Admissions>().get(&lookup) {
        Some(known) => known,
        None => {
            let zone = &shared.settings.zone;
            let found = Arc::new(find(tx, user_id, &lookup, zone)?.ok_or(fault::INVALID_CREDENTIALS)?);
            shared.meta.section::<Admissions>().keep(lookup, &found);
            found
        }
    };
    admitted.at(origin).then_some(admitted).ok_or(fault::INVALID_CREDENTIALS.into())
}

/// Recognises a webhook by its number, for what it began itself. It answers as [`admit`] does when its secret would not
/// be let in any more, or it is another user's by now.
///
/// # Errors
/// `INVALID_CREDENTIALS`
pub fn admit_again(
    tx: &mut Tx<'_>,
    shared: &Shared,
    (user_id, hook): (i64, i64),
    origin: CallOrigin,
) -> Result<Arc<Admitted>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM hook h JOIN integration i ON i.id = h.integration_id JOIN portal_user u ON u.id = i.user_id \
         WHERE h.id = ? AND u.id = ?"
    );
    let zone = &shared.settings.zone;
    let found = tx.one(&sql, &[hook.into(), user_id.into()], |row| admitted(row, user_id, zone))?.flatten();
    let admitted = found.filter(|admitted| admitted.at(origin)).ok_or(fault::INVALID_CREDENTIALS)?;
    Ok(Arc::new(admitted))
}

const COLUMNS: &str = "h.id, h.lookup, h.scopes, h.active, h.expires, u.active, u.is_admin, u.time_zone, \
     h.integration_id, h.read_only, h.networks";

/// The webhook that is found under a hash; `None` when it is not to be used.
fn find(tx: &mut Tx<'_>, user_id: i64, lookup: &Lookup, portal: &TimeZone) -> Result<Option<Admitted>> {
    // The hash is of the owner's number, too, so what is found by it is this user's.
    let sql = format!("SELECT {COLUMNS} FROM hook h JOIN portal_user u ON u.id = ? WHERE h.lookup = ?");
    let found = tx.one(&sql, &[user_id.into(), lookup.as_slice().into()], |row| {
        // The index compared bytes already, but in no constant time.
        let same = bool::from(row.blob(1)?.ct_eq(lookup));
        Ok(admitted(row, user_id, portal)?.filter(|_| same))
    })?;
    Ok(found.flatten())
}

/// The webhook of a row with the [`COLUMNS`]; `None` when it is off.
fn admitted(
    row: &Row<'_>,
    user_id: i64,
    portal: &TimeZone,
) -> std::result::Result<Option<Admitted>, store::Error> {
    let caller = Caller {
        hook_id: row.int(0)?,
        integration_id: row.int(8)?,
        read_only: row.text(9)? == "Y",
        scopes: Text::new(row.text(2)?),
        user_id,
        is_admin: row.int(6)? != 0,
        zone: zone_of(row.opt_text(7)?, portal),
    };
    let admitted = Admitted {
        caller,
        owner_active: row.text(5)? == "Y",
        expires: row.opt_int(4)?,
        networks: networks(row.text(10)?),
    };
    Ok((row.text(3)? == "Y").then_some(admitted))
}

/// The networks of a text. What cannot be understood is none that anybody could be in.
fn networks(text: &str) -> Option<Vec<IpNet>> {
    let parsed = || text.split(',').filter_map(|network| network.parse().ok()).collect();
    (!text.is_empty()).then(parsed)
}

impl Admitted {
    /// Whether it may be used then and from there.
    fn at(&self, origin: CallOrigin) -> bool {
        let alive = self.expires.is_none_or(|expires| origin.now.seconds() < expires);
        alive && self.is_from(origin.address)
    }

    /// Whether an address lies in one of its networks. Whoever stole the secret is not told that it is right; the log
    /// tells the operator.
    fn is_from(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let welcome =
            self.networks.as_ref().is_none_or(|all| all.iter().any(|network| network.contains(&address)));
        if !welcome {
            let hook = self.caller.hook_id;
            tracing::warn!(hook, %address, "a webhook was called from outside of its networks");
        }
        welcome
    }
}

/// A user's own zone, or the portal's.
fn zone_of(name: Option<&str>, portal: &TimeZone) -> TimeZone {
    name.filter(|name| !name.is_empty())
        .and_then(|name| TimeZone::get(name).ok())
        .unwrap_or_else(|| portal.clone())
}
