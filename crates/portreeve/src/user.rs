//! `portreeve user`, and the first administrator.

use anyhow::Result;
use portal::Portal;
use store::Tx;

/// Makes user 1 when there is nobody yet.
pub fn make_first_administrator(portal: &Portal) -> Result<()> {
    let job = |tx: &mut Tx<'_>| {
        let sql = "INSERT INTO portal_user (active, is_admin, email) SELECT 'Y', 1, 'admin@localhost' \
                   WHERE NOT EXISTS (SELECT 1 FROM portal_user)";
        tx.execute(sql, &[])?;
        Ok::<_, portal::Error>(())
    };
    Ok(portal.core().store.write(job).wait()?)
}
