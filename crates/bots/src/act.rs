//! What a bot does in chats: the methods of chats by their names, called as the user that the bot is.

use engine::call::{Call, Caller};
use engine::error::Result;
use wire::{Fault, Map, Value};

/// Calls a method of chats as this bot.
///
/// # Errors
/// Those of the method.
pub fn act(call: &mut Call<'_, '_>, bot: i64, method: &str, params: Map) -> Result<Value> {
    let caller = Caller { user_id: bot, is_admin: false, read_only: false, ..call.caller.clone() };
    let found = call.core.modules.find(method).ok_or_else(absent)?;
    Ok(call.sub_as(&caller, found, params, None)?.result)
}

/// Calls one as the caller.
///
/// # Errors
/// Those of the method.
pub fn ask(call: &mut Call<'_, '_>, method: &str, params: Map) -> Result<Value> {
    let found = call.core.modules.find(method).ok_or_else(absent)?;
    Ok(call.sub(found, params, None)?.result)
}

fn absent() -> Fault {
    Fault::new(403, "ACCESS_DENIED", "This portal has no chats")
}

/// Parameters of these names and values.
pub fn params<const N: usize>(given: [(&str, Value); N]) -> Map {
    given.into_iter().map(|(name, value)| (name.into(), value)).collect()
}
