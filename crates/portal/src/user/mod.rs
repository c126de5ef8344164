//! stub
use crate::method::Method;
/// All of them.
pub fn methods() -> Vec<Method> {
    vec![]
}
/// Makes what users need beyond the migrations.
pub fn sync(_tx: &mut store::Tx<'_>) -> crate::Result<()> {
    Ok(())
}
