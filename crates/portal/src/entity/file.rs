//! Files in fields (protocol 6.7): the bytes live in a table of their own, the field holds their number.

use store::Param;
use wire::Value;

use super::Field;
use crate::call::Call;
use crate::error::Result;

/// Keeps the file that a request brings and gives what the field's column holds.
pub fn take(_call: &mut Call<'_, '_>, _field: &Field, _value: &Value) -> Result<Param<'static>> {
    Ok(Param::Null)
}
