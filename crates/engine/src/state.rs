//! Single values that the portal remembers, by name.

use store::Tx;
use wire::Text;

use crate::error::Result;

/// The value under that name.
pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<Text>> {
    let sql = "SELECT value FROM portal_state WHERE name = ?";
    Ok(tx.one(sql, &[name.into()], |row| Ok(Text::new(row.text(0)?)))?)
}

/// Forgets the value under that name.
pub fn forget(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    tx.execute("DELETE FROM portal_state WHERE name = ?", &[name.into()])?;
    Ok(())
}

/// Sets the value under that name.
pub fn set(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO portal_state (name, value) VALUES (?, ?) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, &[name.into(), value.into()])?;
    Ok(())
}

/// Does something once in the life of a database, which is remembered under that name.
///
/// # Errors
/// Those of the job and of the store.
pub fn once(tx: &mut Tx<'_>, name: &str, job: impl FnOnce(&mut Tx<'_>) -> Result<()>) -> Result<()> {
    if get(tx, name)?.is_some() {
        return Ok(());
    }
    job(tx)?;
    set(tx, name, "Y")
}
