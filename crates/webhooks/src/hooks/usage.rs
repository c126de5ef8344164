//! When each webhook was last used and from where. A write for each call would make every read a write,
//! so stamps gather in memory and are written every few seconds and at the stop; a crash may lose the
//! last few.

use std::collections::HashMap;
use std::net::IpAddr;

use parking_lot::Mutex;
use store::Tx;

use engine::error::Result;
use engine::moment::Moment;

/// Stamps that are not written yet.
#[derive(Debug, Default)]
pub struct Usage(Mutex<HashMap<i64, (Moment, IpAddr)>>);

impl Usage {
    /// Notes a call that passed admission.
    pub fn stamp(&self, hook: i64, now: Moment, address: IpAddr) {
        self.0.lock().insert(hook, (now, address));
    }

    /// Takes all stamps out, to be written.
    pub fn take(&self) -> Vec<(i64, Moment, IpAddr)> {
        self.0.lock().drain().map(|(hook, (at, address))| (hook, at, address)).collect()
    }
}

/// Writes stamps.
pub fn flush(tx: &mut Tx<'_>, stamps: &[(i64, Moment, IpAddr)]) -> Result<()> {
    for (hook, at, address) in stamps {
        let address = address.to_canonical().to_string();
        let params = [at.seconds().into(), address.as_str().into(), (*hook).into()];
        tx.execute("UPDATE hook SET last_used = ?, last_address = ? WHERE id = ?", &params)?;
    }
    Ok(())
}
