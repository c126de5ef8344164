//! How much lies in each folder. That is kept in the row of the folder, which whoever changes what lies there has anyway: to
//! count a large folder for each of its pages takes longer than the page. `NULL` says that nobody has counted yet.

use engine::error::Result;
use engine::noun::Seed;
use store::{Param, Tx};

use super::tree::BELOW;

/// Counts what lies in the folders of a portal that is older than the totals.
pub const SEED: Seed = Seed {
    name: "disk.totals",
    names: Vec::new,
    seed: |tx, _, _| count(tx, "type = 'folder' AND items IS NULL", &[]),
};

/// What lies in a folder, as far as that is known.
///
/// # Errors
/// Those of the store.
pub fn of(tx: &mut Tx<'_>, folder: i64) -> Result<Option<i64>> {
    let sql = "SELECT items FROM disk_object WHERE id = ?";
    Ok(tx.one(sql, &[folder.into()], |row| row.opt_int(0))?.flatten())
}

/// Notes that so many more lie in a folder.
///
/// # Errors
/// Those of the store.
pub fn change(tx: &mut Tx<'_>, folder: Option<i64>, by: i64) -> Result<()> {
    let sql = "UPDATE disk_object SET items = items + ? WHERE id = ?";
    if let Some(folder) = folder {
        tx.execute(sql, &[by.into(), folder.into()])?;
    }
    Ok(())
}

/// Counts what lies in a folder and in those below it.
///
/// # Errors
/// Those of the store.
pub fn count_below(tx: &mut Tx<'_>, folder: i64) -> Result<()> {
    count(tx, &format!("id IN ({BELOW})"), &[folder.into()])
}

/// Counts what lies in these folders.
///
/// # Errors
/// Those of the store.
pub fn count(tx: &mut Tx<'_>, which: &str, values: &[Param<'_>]) -> Result<()> {
    let sql = format!(
        "UPDATE disk_object SET items = \
         (SELECT COUNT(*) FROM disk_object c WHERE c.parent_id = disk_object.id AND c.deleted_type = 0) WHERE {which}"
    );
    tx.execute(&sql, values)?;
    Ok(())
}
