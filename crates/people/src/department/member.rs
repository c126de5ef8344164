//! Members of departments: `UF_DEPARTMENT` of users.

use store::{Param, Tx};
use wire::Fault;

use engine::error::Result;

/// Makes these the departments of a user, and no others. [`Meta`](engine::meta::Meta) must be renewed after it.
///
/// # Errors
///
/// `ERROR_CORE` "Department not found" when one of them does not exist.
pub fn assign(tx: &mut Tx<'_>, user_id: i64, departments: &[i64]) -> Result<()> {
    tx.execute("DELETE FROM department_member WHERE user_id = ?", &[user_id.into()])?;
    for department in departments {
        let sql = "INSERT INTO department_member (user_id, department_id) SELECT ?, id FROM department WHERE id = ? \
                   ON CONFLICT (user_id, department_id) DO UPDATE SET user_id = excluded.user_id";
        let params: [Param<'_>; 2] = [user_id.into(), (*department).into()];
        if tx.execute(sql, &params)? == 0 {
            return Err(Fault::core("Department not found").into());
        }
    }
    Ok(())
}
