//! The portal's name among portals: `member_id`, 32 hexadecimal digits that stay the same for as long as it lives.

use store::Tx;

use crate::error::Result;
use crate::{keys, state};

/// The name under which it is kept.
const MEMBER_ID: &str = "member_id";

/// The portal's `member_id`; empty before [`plant`].
pub fn member_id(tx: &mut Tx<'_>) -> Result<String> {
    Ok(state::get(tx, MEMBER_ID)?.map(String::from).unwrap_or_default())
}

/// Gives the portal its `member_id`, once for good.
pub fn seed(tx: &mut Tx<'_>) -> Result<()> {
    if state::get(tx, MEMBER_ID)?.is_none() {
        state::set(tx, MEMBER_ID, &keys::hex(&keys::random::<16>()))?;
    }
    Ok(())
}
