//! Counting: the numbers that numerators gave.

use engine::call::Call;
use engine::error::Result;

/// Begins anew.
///
/// # Errors
/// Those of the store.
pub fn clear(call: &mut Call<'_, '_>, numerator: i64) -> Result<()> {
    call.tx.execute("DELETE FROM documents_counter WHERE numerator_id = ?", &[numerator.into()])?;
    Ok(())
}
