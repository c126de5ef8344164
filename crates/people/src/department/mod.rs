//! Departments: the tree in which users work. There is one root, which cannot be deleted.

mod member;
mod tree;

pub use member::assign;
pub use tree::DEPARTMENT;

use store::Tx;

use engine::error::Result;
use engine::texts::{Locale, Topic};

/// The scope of all methods here.
pub const SCOPE: &str = "department";

/// The place among its siblings that a department gets when nothing is said.
const SORT: &str = "500";

/// The initial name of the root department.
pub const ROOT: &str = "Company";

/// Makes the root of a new portal.
pub fn seed(tx: &mut Tx<'_>, locale: Locale) -> Result<()> {
    let name = locale.text(Topic::Names, ROOT);
    let sql = format!("INSERT INTO department (name, sort) VALUES (?, {SORT})");
    tx.execute(&sql, &[name.into()])?;
    Ok(())
}

/// The topmost department; `None` only before [`seed`].
pub fn root(tx: &mut Tx<'_>) -> Result<Option<i64>> {
    let sql = "SELECT id FROM department WHERE parent IS NULL ORDER BY id LIMIT 1";
    Ok(tx.one(sql, &[], |row| row.int(0))?)
}
