//! Whether a call may come in: from user id and secret to the caller (protocol 3.2 and 7).

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

const SQL: &str = "SELECT h.id, h.lookup, h.scopes, h.active, h.expires, u.active, u.is_admin, u.time_zone, s.value \
     FROM hook h JOIN portal_user u ON u.id = h.user_id JOIN portal_state s ON s.name = 'version' \
     WHERE h.lookup = ?";

/// Recognises a webhook. A wrong secret, another user's secret, a disabled and an expired webhook all
/// answer `INVALID_CREDENTIALS` (protocol 3.4).
pub fn admit(
    tx: &mut Tx<'_>,
    keys: &Keys,
    user: &str,
    secret: &Secret,
    zone: &TimeZone,
    now: Moment,
) -> Result<Admitted> {
    // Only the usual spelling of a number is one; `01` and `+1` would be logins (protocol 1.1), which we have not.
    let number = user.parse().ok().filter(|_| !user.starts_with(['+', '0']));
    let user_id: i64 = number.ok_or(fault::INVALID_CREDENTIALS)?;
    let lookup = keys.lookup(user_id, secret.reveal());
    let found = tx.one(SQL, &[lookup.as_slice().into()], |row| {
        // The index compared bytes already, but in no constant time.
        let same = bool::from(row.blob(1)?.ct_eq(&lookup));
        let alive = row.text(3)? == "Y" && row.opt_int(4)?.is_none_or(|expires| now.seconds() < expires);
        let caller = Caller {
            hook_id: row.int(0)?,
            scopes: Text::new(row.text(2)?),
            user_id,
            is_admin: row.int(6)? != 0,
            zone: zone_of(row.opt_text(7)?, zone),
        };
        let admitted =
            Admitted { caller, owner_active: row.text(5)? == "Y", version: Text::new(row.text(8)?) };
        Ok((same && alive).then_some(admitted))
    })?;
    found.flatten().ok_or_else(|| fault::INVALID_CREDENTIALS.into())
}

/// A user's own zone, or the portal's.
fn zone_of(name: Option<&str>, portal: &TimeZone) -> TimeZone {
    name.filter(|name| !name.is_empty())
        .and_then(|name| TimeZone::get(name).ok())
        .unwrap_or_else(|| portal.clone())
}
